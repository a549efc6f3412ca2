#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# From a clean clone to the first alerts: installs what is missing (Debian 12), builds
# in build/, inspects the example feeds. As root or with sudo; the second time it only
# inspects. Says little unless something fails: then it shows the end of the log.
set -u
cd "$(dirname "$0")/.." || exit 1
log=build/quickstart/build.log
mkdir -p build/quickstart || exit 1
: >"$log"

PACKAGES="build-essential autoconf automake libtool libltdl-dev pkg-config libhyperscan-dev
libyaml-dev zlib1g-dev libutf8proc-dev libssl-dev libgmime-3.0-dev libpcap-dev libhtp-dev libxml2-dev libyajl-dev"

# quietly WHAT COMMAND...: its output goes to the log, whose end is shown where it fails.
quietly() {
	what=$1
	shift
	echo "quickstart: $what" >&2
	"$@" >>"$log" 2>&1 && return 0
	tail -n 30 "$log" >&2
	echo "quickstart: that failed: $what (all of it: $log)" >&2
	exit 1
}

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

install_missing() {
	missing=
	for package in $PACKAGES; do
		dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
			missing="$missing $package"
	done
	[ -n "$missing" ] || return 0
	quietly "looking for packages" as_root apt-get update -q
	# shellcheck disable=SC2086  # one word a package
	quietly "installing$missing" as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -q --no-install-recommends $missing
}

# The configure script is stale where a file came or went (its folder is newer) or the build changed.
configure_is_stale() {
	[ -x configure ] && [ -f fragments.mk ] || return 0
	find configure.ac Makefile.am autogen.sh parsers/*/local.mk plugins/*/local.mk -newer configure |
		grep -q . && return 0
	find core parsers plugins rules tests examples -type d ! -name __pycache__ -newer configure |
		grep -q .
}

configure_here() {
	cd build && ../configure && cd ..
}

install_missing
if configure_is_stale; then quietly "writing the configure script" ./autogen.sh; fi
if [ ! -f build/Makefile ] || [ configure -nt build/config.status ]; then
	quietly "configuring" configure_here
fi
quietly "building" make -C build -j"$(nproc 2>/dev/null || echo 2)"

build/tidewaiter --people -l build/quickstart examples/feeds
status=$?
echo
echo "The same as JSON lines: build/quickstart/events.json"
exit $status
