#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The same input gives the same bytes, however many threads read it and however their batches are late.
exec python3 -B "$srcdir/tests/checks/determinism.py"
