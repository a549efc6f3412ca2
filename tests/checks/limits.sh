#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every setting limits.* at its least value: its anomaly, and a normal end.
exec python3 -B "$srcdir/tests/checks/limits.py"
