#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The example feeds over every transport, however packets come, raise the alerts they raise as files.
exec python3 -B "$srcdir/tests/network/transports.py"
