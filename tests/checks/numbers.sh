#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Holes in the control numbers of partners are told, and no others.
exec python3 -B "$srcdir/tests/network/numbers.py"
