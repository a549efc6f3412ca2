#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs the example feeds and the interface feeds with many threads, small batches
# and delays under the thread sanitizer, and compares what they write; then captures.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for threads in 1 2 8; do
	"$TIDEWAITER" -j $threads --set engine.batch_bytes=1KiB --set engine.block_bytes=4KiB \
		--set debug.batch_delay_us=500 --messages -o "$work/$threads.json" \
		"$srcdir/examples/feeds" "$srcdir/tests/golden" || [ $? -eq 3 ]
	cmp "$work/1.json" "$work/$threads.json"
done
[ -s "$work/1.json" ]
TSAN_OPTIONS="${TSAN_OPTIONS:-} suppressions=$srcdir/tests/threads.supp" python3 -B "$srcdir/tests/network/spread.py"
