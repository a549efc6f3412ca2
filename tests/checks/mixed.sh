#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Several syntaxes in one file, with and without rubbish between them, however the file is read.
exec python3 -B "$srcdir/tests/checks/mixed.py"
