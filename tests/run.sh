#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds, runs every test. Ends with "N passed, N failed";
# exit status 1 where anything failed. Works from a clean clone, as root or with
# sudo, twice in a row. TW_QUICK=yes leaves out sanitizers, clang, install and dist.
set -u
cd "$(dirname "$0")/.." || exit 1
top=$PWD
logs=$top/build/logs
jobs=$(nproc 2>/dev/null || echo 2)
passed=0
failed=0
mkdir -p "$logs"

PACKAGES="build-essential autoconf automake libtool libltdl-dev pkg-config libhyperscan-dev
libyaml-dev zlib1g-dev libutf8proc-dev libssl-dev openssl libgmime-3.0-dev libpcap-dev libhtp-dev libxml2-dev libyajl-dev libcmocka-dev libjansson-dev python3
python3-jsonschema clang xz-utils iproute2 curl tcpdump nginx-light vsftpd python3-aiosmtpd"

install_missing() {
	missing=
	for package in $PACKAGES; do
		dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
			missing="$missing $package"
	done
	[ -z "$missing" ] && return 0
	echo "installing:$missing"
	sudo=
	[ "$(id -u)" = 0 ] || sudo=sudo
	$sudo apt-get update -q >"$logs/apt.log" 2>&1
	# shellcheck disable=SC2086
	DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -q $missing >>"$logs/apt.log" 2>&1 || {
		tail -20 "$logs/apt.log"
		return 1
	}
}

# step NAME COMMAND...: one test; its output is shown where it fails.
step() {
	name=$1
	began=$(date +%s)
	shift
	if "$@" >"$logs/$name.log" 2>&1; then
		passed=$((passed + 1))
		echo "ok     $name ($(($(date +%s) - began)) s)"
	else
		failed=$((failed + 1))
		echo "FAILED $name (build/logs/$name.log)"
		grep -nE 'error|FAIL' "$logs/$name.log" | head -20
		tail -15 "$logs/$name.log"
	fi
}

# build FOLDER program|tests CONFIGURE-OPTIONS...: configures where needed and builds the
# program, or the tests too.
build() (
	folder=$top/build/$1
	what=$2
	shift 2
	mkdir -p "$folder" && cd "$folder" || exit 1
	[ -f Makefile ] || "$top/configure" --enable-werror "$@" || exit 1
	make -j"$jobs" all || exit 1
	[ "$what" = program ] || make -j"$jobs" check TESTS=
)

# count KIND FOLDER: counts what $logs/check-KIND.log says of a make check in the folder.
count() {
	kind=$1
	folder=$2
	log=$logs/check-$kind.log
	ok=$(sed -n 's/^# PASS: *//p' "$log" | tail -1)
	bad=$(sed -n 's/^# \(FAIL\|ERROR\): *//p' "$log" | awk '{s += $1} END {print s + 0}')
	[ -n "$ok" ] || { ok=0; bad=$((bad + 1)); tail -15 "$log"; }
	passed=$((passed + ok))
	failed=$((failed + bad))
	echo "$kind: $ok test programs and checks passed, $bad failed"
	grep -E '^(FAIL|ERROR):' "$log" | while read -r _ test; do
		echo "FAILED $kind $test"
		tail -25 "$folder/$test.log"
	done
}

# check KIND: make check in its build folder.
check() {
	make -C "$top/build/$1" -j"$jobs" -k check >"$logs/check-$1.log" 2>&1
	count "$1" "$top/build/$1"
}

# The tests of the plain build run from the distribution, as packagers run them: unpacked, read
# only, built out of tree, then installed and taken away. What fails keeps its folder.
distribution() {
	make -C "$top/build/plain" -j"$jobs" distcheck DISTCHECK_CONFIGURE_FLAGS=--enable-werror \
		>"$logs/check-distribution.log" 2>&1
	distcheck=$?
	count distribution "$top"/build/plain/tidewaiter-*/_build/sub
	step distcheck sh -c "tail -15 '$logs/check-distribution.log'; exit $distcheck"
}

install_missing || { echo "0 passed, 1 failed"; exit 1; }
step autogen sh autogen.sh
step build-plain build plain program CFLAGS='-O2 -g'
if [ "${TW_QUICK:-no}" = yes ]; then
	check plain
else
	# libltdl keeps what it loaded until the end, which is no leak of ours.
	ASAN_OPTIONS=detect_leaks=0
	export ASAN_OPTIONS
	step build-sanitized build sanitized tests --enable-sanitizers=address,undefined CFLAGS='-O1 -g'
	check sanitized
	unset ASAN_OPTIONS
	step build-clang build clang tests CC=clang CFLAGS='-O2 -g'
	step build-thread build thread program --enable-sanitizers=thread CFLAGS='-O1 -g'
	step thread-sanitizer env TIDEWAITER="$top/build/thread/tidewaiter" srcdir="$top" \
		sh tests/threads.sh
	step install sh tests/install.sh "$top/build/plain"
	distribution
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
