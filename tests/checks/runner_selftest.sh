#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The checker of evidence refuses evidence that is off by a byte.
exec python3 "$srcdir/tests/golden/run.py" --self-test
