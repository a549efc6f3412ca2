#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Writes fragments.mk, the list of what is there, and then the configure script.
# Run it again after adding a file: a module of the core, a plugin or parser (a
# folder with a local.mk), a map, a list, a test.
set -eu
cd "$(dirname "$0")"
LC_ALL=C
export LC_ALL

# Names of files, one a line, as the value of a make variable.
listed() { sed 's/$/ \\/' | sed '$ s/ \\$//'; }

# The libraries of a parser, as its own fragment names them: XML for $(XML_CFLAGS).
libraries() { sed -n 's/.*\$(\([A-Z]*\)_LIBS).*/\1/p' "parsers/$1/local.mk" | sort -u; }
# libraries_as SUFFIX PARSER: those as make variables.
libraries_as() { libraries "$2" | sed "s/.*/\$(&_$1)/" | tr '\n' ' '; }

# A file name as automake writes it in variable names.
canonical() { printf '%s' "$1" | tr -c 'A-Za-z0-9_' '_'; }

{
	echo '# Written by autogen.sh: do not edit.'
	echo 'core_libcore_la_SOURCES = \'
	find core -name '*.[ch]' ! -name main.c ! -path 'core/include/*' | sort | listed
	echo
	echo 'EXTRA_DIST += \'
	find core -name '*.def' ! -path 'core/include/*' -o -name '*.schema.json' | sort | listed
	echo
	echo 'twincludedir = $(includedir)/tidewaiter'
	echo 'twinclude_HEADERS = \'
	find core/include/tidewaiter -type f | sort | listed
	echo
	echo 'listsdir = $(pkgdatadir)/rules/lists'
	echo 'dist_lists_DATA = \'
	find rules/lists -type f | sort | listed
	echo
	for folder in parsers/*/; do
		name=$(basename "$folder")
		if ls "$folder"maps/*.map >/dev/null 2>&1; then
			echo "${name}mapsdir = \$(pkgdatadir)/parsers/$name/maps"
			echo "dist_${name}maps_DATA = \\"
			ls "$folder"maps/*.map | listed
		fi
	done
	echo
	for fragment in parsers/*/local.mk plugins/*/local.mk; do
		echo "include \$(top_srcdir)/$fragment"
	done
	echo
	echo 'if HAVE_TESTS'
	find tests/unit -name 'test_*.c' | sort | while read -r source; do
		program=${source%.c}
		name=$(canonical "$program")
		echo "check_PROGRAMS += $program"
		echo "TESTS += $program"
		echo "${name}_CPPFLAGS = \$(TEST_CPPFLAGS)"
		echo "${name}_CFLAGS = \$(TEST_CFLAGS)"
		case $source in
		tests/unit/parsers/*)
			# The test is the sink itself: it has the parser's sources and no core.
			parser=$(basename "$(dirname "$source")")
			sources=$(find "parsers/$parser" -name '*.[ch]' | sort | tr '\n' ' ')
			helpers=$(find tests/unit/parsers -maxdepth 1 -name '*.h' | sort | tr '\n' ' ')
			helpers="$helpers$(find "$(dirname "$source")" -name '*.[ch]' ! -name 'test_*.c' | sort | tr '\n' ' ')"
			echo "${name}_SOURCES = $source $helpers $sources"
			echo "${name}_CPPFLAGS += $(libraries_as CFLAGS "$parser")"
			echo "${name}_LDADD = \$(TEST_LIBS) $(libraries_as LIBS "$parser")"
			;;
		tests/unit/plugins/*)
			plugin=$(basename "$(dirname "$source")")
			sources=$(find "plugins/$plugin" -name '*.[ch]' | sort | tr '\n' ' ')
			echo "${name}_SOURCES = $source $sources"
			echo "${name}_LDADD = core/libcore.la \$(TEST_LIBS)"
			;;
		*)
			helpers=$(find "$(dirname "$source")" -name '*.[ch]' ! -name 'test_*.c' | sort | tr '\n' ' ')
			echo "${name}_SOURCES = $source $helpers"
			echo "${name}_LDADD = core/libcore.la \$(TEST_LIBS)"
			;;
		esac
	done
	for source in tests/detectors/*.c tests/parsers/*.c; do
		[ -e "$source" ] || continue
		module=${source%.c}.la
		name=$(canonical "$module")
		echo "check_LTLIBRARIES += $module"
		echo "${name}_SOURCES = $source"
		echo "${name}_LDFLAGS = \$(TEST_PLUGIN_LDFLAGS)"
	done
	for source in tests/fuzz/fuzz_*.c; do
		[ -e "$source" ] || continue
		program=${source%.c}
		name=$(canonical "$program")
		target=${program#tests/fuzz/fuzz_}
		core=core/libcore.la
		case $target in
		map) parsers=$(ls parsers/*/local.mk | cut -d / -f 2) ;; # all of them tell a walk something
		*) parsers=$(ls -d "parsers/$target" 2>/dev/null | cut -d / -f 2) ;;
		esac
		[ -d "parsers/$target" ] && core= # the target is the sink itself
		echo "check_PROGRAMS += $program"
		echo "fuzz_programs += $program"
		echo "${name}_SOURCES = $source $(find tests/fuzz -name '*.h' | sort | tr '\n' ' ')"
		echo "${name}_LDFLAGS = \$(AM_LDFLAGS) \$(LIBFUZZER)"
		echo "${name}_CPPFLAGS = \$(TEST_CPPFLAGS)"
		echo "${name}_LDADD = $core"
		for parser in $parsers; do
			echo "${name}_SOURCES += $(find "parsers/$parser" -name '*.[ch]' | sort | tr '\n' ' ')"
			echo "${name}_CPPFLAGS += $(libraries_as CFLAGS "$parser")"
			echo "${name}_LDADD += $(libraries_as LIBS "$parser")"
		done
	done
	for script in tests/checks/*.sh; do
		[ -e "$script" ] && echo "TESTS += $script"
	done
	echo 'endif'
	for source in tests/bench/*.c; do
		[ -e "$source" ] || continue
		program=${source%.c}
		name=$(canonical "$program")
		echo "EXTRA_PROGRAMS += $program"
		echo "${name}_CPPFLAGS = \$(TEST_CPPFLAGS)"
		echo "${name}_CFLAGS = \$(AM_CFLAGS) \$(DEPS_CFLAGS)"
		case $program in
		*/bench_edifact | */bench_x12 | */bench_xml)
			parser=${program##*/bench_}
			echo "${name}_SOURCES = $source tests/bench/bench_parser.h tests/bench/bench_segments.h \\"
			find "parsers/$parser" -name '*.[ch]' | sort | listed
			echo "${name}_CPPFLAGS += $(libraries_as CFLAGS "$parser")"
			echo "${name}_LDADD = $(libraries_as LIBS "$parser")"
			;;
		*/generate)
			echo "${name}_SOURCES = $source tests/bench/feed.h"
			;;
		*)
			echo "${name}_SOURCES = $source"
			echo "${name}_LDADD = core/libcore.la \$(CORE_LIBS)"
			;;
		esac
	done
	echo
	echo 'EXTRA_DIST += \'
	echo '	examples/plugin/example.c \'
	find tests examples rules parsers -type f ! -name '*.c' ! -name '*.h' ! -path 'parsers/*.map' ! -name local.mk \
		! -name '*.o' ! -name '*.lo' ! -name '*.la' ! -name '*.pyc' ! -path '*/.libs/*' ! -path 'rules/lists/*' \
		! -path '*/__pycache__/*' ! -name '*.log' ! -name '*.trs' ! -name '.dirstamp' | sort | listed
} > fragments.mk.new
mv fragments.mk.new fragments.mk
mkdir -p m4 build-aux
autoreconf --install --force
