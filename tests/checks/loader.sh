#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Bad plugins are refused by file and reason, or fail without taking the run with them.
exec python3 "$srcdir/tests/interface/loader.py" "$builddir/tests/detectors/.libs"
