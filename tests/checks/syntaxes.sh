#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The same shipments in every syntax give the same model.
exec python3 -B "$srcdir/tests/checks/syntaxes.py"
