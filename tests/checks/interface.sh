#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The test detectors, which know nothing but tidewaiter/*.h, give the alerts their feeds are made for.
exec python3 "$srcdir/tests/golden/run.py" --modules "$builddir/tests/detectors/.libs" \
	--sids 1900000-1999999 "$srcdir/tests/interface"
