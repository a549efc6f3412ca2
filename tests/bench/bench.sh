#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The bench as `make bench` runs it; all options of bench.py may follow.
set -eu
srcdir=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
builddir=${builddir:-.}
TIDEWAITER=${TIDEWAITER:-$builddir/tidewaiter}
export TIDEWAITER
exec python3 "$srcdir/tests/bench/bench.py" --programs "$builddir/tests/bench" \
	--lists "$srcdir/rules/lists" "$@"
