#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A consignment that is inspected in parts has one alert for each detector, with the evidence of all of them.
exec python3 -B "$srcdir/tests/checks/parts.py"
