#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The test detectors, which know nothing but tidewaiter/*.h, give the alerts their feeds are made for,
# in this process and in a forked one that gets flat requests and gives back flat results.
set -eu
inspect() {
	python3 "$srcdir/tests/golden/run.py" --modules "$builddir/tests/detectors/.libs" \
		--sids 1900000-1999999 "$srcdir/tests/interface" -- --set plugins.isolate="$1"
}
inspect no
inspect yes
