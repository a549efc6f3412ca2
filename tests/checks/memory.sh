#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Peak memory does not grow with the size of the feed.
exec python3 "$srcdir/tests/checks/memory.py"
