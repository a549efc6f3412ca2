#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Peak memory does not grow with the size of the feed.
grep -q -- -fsanitize= "$builddir/Makefile" && { echo "sanitizers have memory of their own"; exit 77; }
exec python3 -B "$srcdir/tests/checks/memory.py"
