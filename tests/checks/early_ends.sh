#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs that end early say so, and leave nothing allocated.
exec python3 -B "$srcdir/tests/network/early_ends.py"
