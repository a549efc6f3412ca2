#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs a build under another root, as packagers do, and runs it from there: it
# finds its plugins, parsers, maps and lists, and a plugin of an operator's own builds
# against what was installed.
set -eu
build=$1
top=$(cd "$(dirname "$0")/.." && pwd)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
make -C "$build" install DESTDIR="$root" >/dev/null
program=$(find "$root" -path '*/bin/tidewaiter' -type f)
"$program" -T
"$program" -o "$root/events.json" "$top"/examples/feeds/*.edi
grep -q '"sid":2300001' "$root/events.json"
include=$(dirname "$(find "$root" -path '*/include/tidewaiter' -type d)")
mkdir "$root/plugins"
cc -shared -fPIC -I"$include" "$top/examples/plugin/example.c" -o "$root/plugins/example.so"
"$program" -P "$root/plugins" --list-plugins | grep -q example
