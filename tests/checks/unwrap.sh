#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The example feeds in every wrapping raise the alerts they raise as they are.
exec python3 -B "$srcdir/tests/checks/unwrap.py"
