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
python3-jsonschema clang xz-utils iproute2 curl tcpdump nginx-light python3-pyftpdlib python3-aiosmtpd"

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
	shift
	if "$@" >"$logs/$name.log" 2>&1; then
		passed=$((passed + 1))
		echo "ok     $name"
	else
		failed=$((failed + 1))
		echo "FAILED $name (build/logs/$name.log)"
		grep -nE 'error|FAIL' "$logs/$name.log" | head -20
		tail -15 "$logs/$name.log"
	fi
}

# build FOLDER CONFIGURE-OPTIONS...: configures where needed and builds all, tests included.
build() {
	folder=$top/build/$1
	shift
	mkdir -p "$folder" && cd "$folder" || return 1
	[ -f Makefile ] || "$top/configure" --enable-werror "$@" || return 1
	make -j"$jobs" all && make -j"$jobs" check TESTS=
}

# check FOLDER: make check, counting each test.
check() {
	kind=$1
	cd "$top/build/$kind" || return
	make -j"$jobs" -k check >"$logs/check-$kind.log" 2>&1
	ok=$(sed -n 's/^# PASS: *//p' "$logs/check-$kind.log" | tail -1)
	bad=$(sed -n 's/^# \(FAIL\|ERROR\): *//p' "$logs/check-$kind.log" | awk '{s += $1} END {print s + 0}')
	[ -n "$ok" ] || { ok=0; bad=$((bad + 1)); tail -15 "$logs/check-$kind.log"; }
	passed=$((passed + ok))
	failed=$((failed + bad))
	echo "$kind: $ok test programs and checks passed, $bad failed"
	grep -E '^(FAIL|ERROR):' "$logs/check-$kind.log" | while read -r _ test; do
		echo "FAILED $kind $test"
		tail -25 "$test.log"
	done
	cd "$top" || return
}

install_missing || { echo "0 passed, 1 failed"; exit 1; }
step autogen sh autogen.sh
step build-plain build plain CFLAGS='-O2 -g'
check plain
cd "$top" || exit 1
if [ "${TW_QUICK:-no}" != yes ]; then
	# libltdl keeps what it loaded until the end, which is no leak of ours.
	ASAN_OPTIONS=detect_leaks=0
	export ASAN_OPTIONS
	step build-sanitized build sanitized --enable-sanitizers=address,undefined CFLAGS='-O1 -g'
	check sanitized
	unset ASAN_OPTIONS
	cd "$top" || exit 1
	step build-clang build clang CC=clang CFLAGS='-O2 -g'
	cd "$top" || exit 1
	step build-thread build thread --enable-sanitizers=thread CFLAGS='-O1 -g'
	cd "$top" || exit 1
	step thread-sanitizer env TIDEWAITER="$top/build/thread/tidewaiter" srcdir="$top" \
		sh tests/threads.sh
	step install sh tests/install.sh "$top/build/plain"
	step distcheck sh -c "cd build/plain && make -j$jobs distcheck DISTCHECK_CONFIGURE_FLAGS=--enable-werror"
fi
cd "$top" || exit 1
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
