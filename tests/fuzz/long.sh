#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fuzzes with libFuzzer, address and undefined-behaviour sanitizers: every target of
# this folder, one after the other. It builds in FOLDER, and keeps there what it finds.
#
# usage: long.sh FOLDER
#   TW_FUZZ_SECONDS  for each target, default 600
#   TW_FUZZ_TARGETS  the names of some targets, "x12 xml"; default all
#
# Prints a line for each target with the executions; exit status 1 where one failed: the
# input that made it is then FOLDER/crashes/NAME-*, and belongs into tests/fuzz/corpus/NAME.
set -eu
folder=${1:?usage: long.sh FOLDER}
source=$(cd "$(dirname "$0")/../.." && pwd)
seconds=${TW_FUZZ_SECONDS:-600}
mkdir -p "$folder/crashes"
cd "$folder"

# The first place of an empty table is NULL and 0, which clang's pointer-overflow takes for a mistake.
[ -f Makefile ] || "$source/configure" --disable-shared --enable-static CC=clang \
	--enable-sanitizers=address,undefined \
	CFLAGS='-O1 -g -fsanitize=fuzzer-no-link -fno-sanitize=pointer-overflow' \
	CPPFLAGS=-DTW_LIBFUZZER >configure.log 2>&1 || {
	tail -5 configure.log
	exit 1
}
echo "building the targets in $PWD"
make -j"$(nproc)" fuzz-targets LIBFUZZER=-fsanitize=fuzzer >build.log 2>&1 || {
	tail -20 build.log
	exit 1
}

failed=0
for program in tests/fuzz/fuzz_*; do
	[ -x "$program" ] || continue
	name=${program#tests/fuzz/fuzz_}
	case " ${TW_FUZZ_TARGETS:-$name} " in *" $name "*) ;; *) continue ;; esac
	seeds=$source/tests/fuzz/corpus/$name
	dictionary=$source/tests/fuzz/$name.dict
	mkdir -p "corpus/$name"
	if [ "$name" = map ]; then # whatever the parsers know, and a feed of every message type
		seeds="$source/tests/golden $source/tests/corpus $source/examples/syntaxes"
		dictionary=$PWD/map.dict
		cat "$source"/tests/fuzz/*.dict >"$dictionary"
	fi
	[ -d "${seeds%% *}" ] || seeds=
	[ -f "$dictionary" ] && dictionary=-dict=$dictionary || dictionary=
	echo "$name: $seconds seconds"
	# Modules of libltdl's and libraries' own tables stay until the end: no leaks of ours.
	if srcdir=$source ASAN_OPTIONS=detect_leaks=0 "./$program" -max_total_time="$seconds" -timeout=20 \
		-rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="crashes/$name-" \
		$dictionary "corpus/$name" $seeds >"$name.log" 2>&1; then
		word=ok
	else
		word=FAILED
		failed=1
		tail -30 "$name.log"
	fi
	echo "$word $name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$name.log") executions"
done
exit $failed
