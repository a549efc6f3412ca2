#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Replays the corpus of every fuzz target, the samples of the unwrapper, and for the maps all feeds there are.
cd "$builddir/tests/fuzz" || exit 1
status=0
for program in fuzz_*; do
	[ -x "$program" ] && [ -f "$program" ] || continue
	name=${program#fuzz_}
	set -- "$srcdir/tests/fuzz/corpus/$name"
	[ "$name" = unwrap ] && set -- "$@" "$srcdir/tests/unit/unwrap/samples" "$srcdir/tests/unit/unwrap/mails" \
		"$srcdir/tests/unit/unwrap/cms"
	[ "$name" = map ] && set -- "$srcdir/tests/golden" "$srcdir/tests/corpus" "$srcdir/examples/syntaxes" "$srcdir/examples/feeds"
	echo "$name"
	"./$program" "$@" || status=1
done
exit $status
