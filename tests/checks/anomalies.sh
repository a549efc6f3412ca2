#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What is wrong with a message is told with its code, and where: offset, segment and element.
exec python3 -B "$srcdir/tests/checks/anomalies.py"
