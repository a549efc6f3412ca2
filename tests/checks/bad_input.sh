#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Odd, wrong and broken input: what is said of it, and that nothing crashes or hangs.
exec python3 -B "$srcdir/tests/checks/bad_input.py"
