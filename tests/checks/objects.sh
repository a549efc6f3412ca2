#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Feeds that are carried as objects in EDIFACT packages and X12 BIN segments raise the alerts they raise as they are.
exec python3 -B "$srcdir/tests/checks/objects.py"
