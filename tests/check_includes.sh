#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Holds the tree against the rules that a compiler does not know: who may include
# whom (HACKING.md), which library is seen where, and the shape of files.
#
#   check_includes.sh [ROOT]       prints each violation; exit 1 if there is one
#   check_includes.sh --self-test  breaks every rule in a scratch copy, and fails
#                                  if one of them goes unnoticed
set -u

# Arrows within one rank that are allowed all the same: FROM TO, and why.
SIDEWAYS='
text model   the scan reads the values of a consignment record
'

check_sources() {
	find core parsers plugins tests examples -name '*.[ch]' 2>/dev/null | sort >"$list"
	[ -s "$list" ] || { echo "no sources below $(pwd)"; return 1; }
	# shellcheck disable=SC2046  # no source has a blank in its name
	SIDEWAYS="$SIDEWAYS" awk '
	function complain(line, sentence) { print FILENAME ":" line ": " sentence; bad = 1 }
	function end_of_file() {
		if (file == "") return
		if (lines > 800) { print file ": " lines " lines, 800 are the limit"; bad = 1 }
		if (file ~ /\.h$/ && words < 12) {
			print file ": the header does not open with a paragraph that says what it is for"; bad = 1
		}
	}
	# The module of a path: core/text/scan.c -> text; plugins/x/y.c -> plugins/x.
	function module_of(path,   part, n) {
		n = split(path, part, "/")
		if (path ~ /^core\/include\//) return "include"
		if (part[1] == "core") return n == 2 ? "main" : part[2]
		if (part[1] == "tests") return part[2] ~ /^(detectors|parsers)$/ ? "tests/" part[2] : "tests"
		return part[1] "/" (n > 2 ? part[2] : "")
	}
	function in_own_folder(name,   folder) {
		folder = FILENAME
		sub(/[^\/]*$/, "", folder)
		return name !~ /\// && (folder name) in exists
	}
	function outsider() { return module ~ /^(parsers|plugins|examples)\// || module ~ /^tests\// }
	function check_own(name,   target) {
		target = name
		sub(/\/.*/, "", target)
		if (target == "tidewaiter") return
		if (name !~ /\//) {
			if (!in_own_folder(name) && name !~ /\.def$/)
				complain(FNR, "\"" name "\" is not in this folder")
			else if (module in rank && name ~ /\.h$/)
				complain(FNR, "core headers are included by their module: \"" module "/" name "\"")
			return
		}
		if (module == "tests") return
		if (outsider()) { complain(FNR, "may include tidewaiter/*.h and its own folder, not \"" name "\""); return }
		if (!(target in rank)) { complain(FNR, "\"" name "\" is in no known module"); return }
		if (target == module || rank[target] < rank[module]) return
		if ((module " " target) in sideways) return
		complain(FNR, module " may not include " target " (\"" name "\")")
	}
	function check_library(name) {
		if (module == "tests") return
		if (name ~ /^(pcap\.h|pcap\/)/ && module != "source") complain(FNR, "libpcap is seen only in core/source")
		if (name ~ /^ltdl\.h/ && FILENAME != "core/screen/loader.c")
			complain(FNR, "libltdl is seen only in core/screen/loader.c")
		if (name ~ /^libxml\// && module != "parsers/xml") complain(FNR, "libxml2 is seen only in parsers/xml")
		if (name ~ /^yajl\// && module != "parsers/one_record") complain(FNR, "libyajl is seen only in parsers/one_record")
		if (name ~ /^gmime\// && module != "unwrap") complain(FNR, "GMime is seen only in core/unwrap")
		if (name ~ /^htp\// && module != "network") complain(FNR, "libhtp is seen only in core/network")
		if (name ~ /^(hs\.h|hs\/)/ && module != "text") complain(FNR, "Hyperscan is seen only in core/text")
	}
	BEGIN {
		n = split("include base|model text config|map source network unwrap state output|screen|engine|main", ranks, "|")
		number = 0
		for (i = 1; i <= n; i++) {
			count = split(ranks[i], names, " ")
			for (j = 1; j <= count; j++) rank[names[j]] = number + (names[j] == "base" ? 1 : 0)
			number += 2
		}
		n = split(ENVIRON["SIDEWAYS"], rows, "\n")
		for (i = 1; i <= n; i++)
			if (split(rows[i], cells, " ") >= 2) sideways[cells[1] " " cells[2]] = 1
		for (i = 1; i < ARGC; i++) exists[ARGV[i]] = 1
	}
	FNR == 1 {
		end_of_file()
		file = FILENAME; module = module_of(FILENAME); words = 0; seen = 0; inside = 0; start = 0
		if ($0 != "/* SPDX-License-Identifier: Apache-2.0 */") complain(1, "the first line is not the SPDX line")
	}
	{ lines = FNR }
	/^[ \t]*#[ \t]*include[ \t]*"/ { split($0, quoted, "\""); check_own(quoted[2]) }
	/^[ \t]*#[ \t]*include[ \t]*</ { name = $0; sub(/^[^<]*</, "", name); sub(/>.*/, "", name); check_library(name) }
	# The first comment behind the SPDX line, counted in words.
	FNR > 1 && !seen && /^\/\*/ { inside = 1 }
	inside { words += NF; if (/\*\//) { inside = 0; seen = 1 } }
	# Functions open and close in the first column.
	/^\{/ { start = FNR }
	/^\}/ && start > 0 {
		if (FNR - start + 1 > 100) complain(start, "a function of " FNR - start + 1 " lines, 100 are the limit")
		start = 0
	}
	END { end_of_file(); exit bad }
	' $(cat "$list")
}

check_licence_lines() {
	status=0
	find core parsers plugins tests examples rules \( -name '*.def' -o -name '*.sh' -o -name '*.py' \) 2>/dev/null |
		sort >"$list"
	while read -r path; do
		head -n 3 "$path" | grep -q 'SPDX-License-Identifier: Apache-2.0' && continue
		echo "$path:1: no SPDX line"
		status=1
	done <"$list"
	return $status
}

# What a build makes is no source: it would carry the paths of one machine to all others.
check_products() {
	[ -e .git ] && command -v git >/dev/null || return 0
	git ls-files | grep -E '\.(o|lo|la|so|a|Po|Plo|log)$|(^|/)(config\.status|libtool|Makefile)$' >"$list" || return 0
	sed 's/$/: a build made this, and it is committed/' "$list"
	return 1
}

check() {
	cd "$1" || return 1
	check_sources
	sources=$?
	check_licence_lines
	licences=$?
	check_products && [ $sources -eq 0 ] && [ $licences -eq 0 ]
}

# break_and_see WHAT FILE TEXT: appends TEXT to FILE of the copy and wants WHAT to be said.
break_and_see() {
	mkdir -p "$(dirname "$copy/$2")"
	if [ -e "$copy/$2" ]; then cp "$copy/$2" "$copy/saved"; else rm -f "$copy/saved"; fi
	if [ ! -e "$copy/$2" ]; then printf '/* SPDX-License-Identifier: Apache-2.0 */\n' >"$copy/$2"; fi
	if [ "$3" = unlicensed ]; then printf 'int nothing;\n' >"$copy/$2"; else printf '%b\n' "$3" >>"$copy/$2"; fi
	said=$(check "$copy")
	if printf '%s' "$said" | grep -q -- "$1"; then
		echo "ok noticed: $1"
	else
		echo "FAILED not noticed: $1 ($2)"
		failures=$((failures + 1))
	fi
	if [ -e "$copy/saved" ]; then mv "$copy/saved" "$copy/$2"; else rm -f "$copy/$2"; fi
}

self_test() {
	copy=$(mktemp -d) || exit 1
	failures=0
	for folder in core parsers plugins tests examples rules; do
		if [ -d "$root/$folder" ]; then cp -R "$root/$folder" "$copy"; fi
	done
	long=$(awk 'BEGIN { for (i = 0; i < 120; i++) printf "\\tx++;\\n" }')
	many=$(awk 'BEGIN { for (i = 0; i < 820; i++) printf "/* */\\n" }')
	break_and_see 'base may not include model' core/base/scratch.c '#include "model/record.h"'
	break_and_see 'model may not include text' core/model/scratch.c '#include "text/scan.h"'
	break_and_see 'config may not include model' core/config/scratch.c '#include "model/record.h"'
	break_and_see 'map may not include output' core/map/scratch.c '#include "output/event.h"'
	break_and_see 'state may not include screen' core/state/scratch.c '#include "screen/loader.h"'
	break_and_see 'screen may not include engine' core/screen/scratch.c '#include "engine/batch.h"'
	break_and_see 'include may not include base' core/include/tidewaiter/scratch.h '#include "base/buffer.h"'
	break_and_see 'in no known module' core/output/scratch.c '#include "parsers/edifact.h"'
	break_and_see 'and its own folder, not "model/record.h"' plugins/scratch/scratch.c '#include "model/record.h"'
	break_and_see 'and its own folder, not "base/buffer.h"' parsers/scratch/scratch.c '#include "base/buffer.h"'
	break_and_see 'and its own folder, not "text/lists.h"' tests/detectors/scratch.c '#include "text/lists.h"'
	break_and_see 'is not in this folder' plugins/scratch/scratch.c '#include "elsewhere.h"'
	break_and_see 'libpcap is seen only' core/engine/scratch.c '#include <pcap/pcap.h>'
	break_and_see 'libltdl is seen only' core/screen/scratch.c '#include <ltdl.h>'
	break_and_see 'libhtp is seen only' core/engine/scratch.c '#include <htp/htp.h>'
	break_and_see 'libxml2 is seen only' parsers/scratch/scratch.c '#include <libxml/parser.h>'
	break_and_see 'libyajl is seen only' parsers/scratch/scratch.c '#include <yajl/yajl_parse.h>'
	break_and_see 'GMime is seen only' core/engine/scratch.c '#include <gmime/gmime.h>'
	break_and_see 'Hyperscan is seen only' plugins/scratch/scratch.c '#include <hs.h>'
	break_and_see 'does not open with a paragraph' core/text/scratch.h '#ifndef X\n#endif'
	break_and_see '100 are the limit' core/text/scratch.c "void f(int x)\n{\n$long}"
	break_and_see '800 are the limit' core/text/scratch.c "$many"
	break_and_see 'not the SPDX line' core/text/scratch.c unlicensed
	break_and_see 'no SPDX line' tests/scratch.py unlicensed
	git init -q "$copy"
	mkdir "$copy/core/.libs"
	: >"$copy/core/.libs/scratch.lo"
	git -C "$copy" add -f core/.libs/scratch.lo
	break_and_see 'a build made this' core/text/scratch.c ''
	rm -rf "$copy"
	[ $failures -eq 0 ]
}

root=$(cd "$(dirname "$0")/.." && pwd)
list=$(mktemp) || exit 1
trap 'rm -f "$list"' EXIT
if [ "${1-}" = --self-test ]; then
	self_test
else
	(check "${1:-$root}")
fi
