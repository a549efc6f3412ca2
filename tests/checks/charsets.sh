#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Code pages of partners.
exec python3 -B "$srcdir/tests/checks/charsets.py"
