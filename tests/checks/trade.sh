#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The shipped detectors find made-up suspicious shipments, and leave made-up lawful ones alone.
exec python3 -B "$srcdir/tests/checks/trade.py"
