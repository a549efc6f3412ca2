/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "config/config.h"
#include "config/setting.h"

/* A configuration, the file it is read from, and what was said about it. */
struct bench {
	char folder[64];
	char path[96];
	struct tw_config *config;
	struct tw_buffer problems;
};

static int set_up(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	snprintf(bench->folder, sizeof(bench->folder), "/tmp/tw_config_XXXXXX");
	assert_non_null(mkdtemp(bench->folder));
	snprintf(bench->path, sizeof(bench->path), "%s/t.yaml", bench->folder);
	assert_int_equal(tw_config_create(&bench->config), TW_OK);
	*state = bench;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *bench = *state;
	unlink(bench->path);
	rmdir(bench->folder);
	tw_config_free(bench->config);
	tw_buffer_free(&bench->problems);
	free(bench);
	return 0;
}

static void write_file(const struct bench *bench, const char *text, size_t length)
{
	FILE *file = fopen(bench->path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, length, file), length);
	fclose(file);
}

/* Reads YAML text; returns the number of problems. */
static int read_bytes(struct bench *bench, const char *text, size_t length)
{
	write_file(bench, text, length);
	tw_buffer_clear(&bench->problems);
	int count = tw_config_read(bench->config, bench->path, &bench->problems);
	int lines = 0;
	for (size_t i = 0; i < bench->problems.length; i++)
		lines += bench->problems.data[i] == '\n';
	assert_int_equal(lines, count);
	return count;
}

static int read_text(struct bench *bench, const char *text)
{
	return read_bytes(bench, text, strlen(text));
}

/* The problems are these lines, each with the path of the file before it. */
static void assert_problems(const struct bench *bench, const char *const *lines)
{
	struct tw_buffer expected = {0};
	for (; *lines != NULL; lines++)
		tw_buffer_printf(&expected, "%s%s\n", bench->path, *lines);
	tw_buffer_append_byte(&expected, '\0');
	struct tw_buffer found = {0};
	tw_buffer_append_slice(&found, tw_buffer_slice(&bench->problems));
	tw_buffer_append_byte(&found, '\0');
	assert_string_equal(found.data, expected.data);
	tw_buffer_free(&expected);
	tw_buffer_free(&found);
}

/* Reads a text that has one problem, and compares its line. */
static void assert_problem(struct bench *bench, const char *text, const char *line)
{
	const char *const lines[] = {line, NULL};
	assert_int_equal(read_text(bench, text), 1);
	assert_problems(bench, lines);
}

static void test_defaults(void **state)
{
	struct bench *bench = *state;
	assert_true(tw_config_number(bench->config, "limits.segment_pieces") == 4096);
	assert_int_equal(tw_config_size(bench->config, "limits.segment_bytes"), 1048576);
	assert_false(tw_config_bool(bench->config, "output.messages"));
	assert_string_equal(tw_config_string(bench->config, "output.sensor"), "");
	assert_string_equal(tw_config_string(bench->config, "output.privacy.others"), "masked");
	assert_true(tw_config_number(bench->config, "limits.expansion_ratio") == 200);
	assert_int_equal(tw_config_extra_count(bench->config), 0);
	assert_null(tw_config_extra_at(bench->config, 0));
}

static void test_values(void **state)
{
	struct bench *bench = *state;
	assert_int_equal(read_text(bench,
				   "# a comment\n"
				   "engine: {threads: 3}\n"
				   "limits:\n"
				   "  segment_bytes: 64KiB\n"
				   "  expansion_ratio: 2.5\n"
				   "limits.evidence: 8\n"
				   "feed:\n"
				   "  timezone: -60\n"
				   "output:\n"
				   "  sensor: \"gate \\u00e9 # 1\"\n"
				   "  messages: yes\n"
				   "  privacy:\n"
				   "    alerts: 'keyed'\n"
				   "paths:\n"
				   "  # lists: /srv\n"
				   "plugins:\n"
				   "  pill_press:\n"
				   "    share_vague: 0.5\n"),
			 0);
	assert_true(tw_config_number(bench->config, "engine.threads") == 3);
	assert_int_equal(tw_config_size(bench->config, "limits.segment_bytes"), 65536);
	assert_true(tw_config_number(bench->config, "limits.expansion_ratio") == 2.5);
	assert_true(tw_config_number(bench->config, "limits.evidence") == 8);
	assert_true(tw_config_number(bench->config, "feed.timezone") == -60);
	assert_string_equal(tw_config_string(bench->config, "output.sensor"), "gate \xc3\xa9 # 1");
	assert_true(tw_config_bool(bench->config, "output.messages"));
	assert_string_equal(tw_config_string(bench->config, "output.privacy.alerts"), "keyed");
	assert_int_equal(tw_config_extra_count(bench->config), 1);
	struct tw_config_extra *extra = tw_config_extra_at(bench->config, 0);
	char place[128];
	snprintf(place, sizeof(place), "%s:18:18", bench->path);
	assert_string_equal(extra->key, "plugins.pill_press.share_vague");
	assert_string_equal(extra->value, "0.5");
	assert_string_equal(extra->place, place);
	assert_false(extra->used);
}

static void test_nothing_at_all(void **state)
{
	struct bench *bench = *state;
	assert_int_equal(read_text(bench, ""), 0);
	assert_int_equal(read_text(bench, "# only a comment\n"), 0);
	assert_int_equal(read_text(bench, "---\n...\n"), 0);
	assert_int_equal(read_text(bench, "engine:\noutput:\n  privacy:\nplugins:\n  x:\n"), 0);
}

/* Units: IEC 80000-13 for binary prefixes, SI for decimal ones. */
static void test_sizes(void **state)
{
	struct bench *bench = *state;
	static const struct {
		const char *text;
		uint64_t bytes;
	} cases[] = {
		{"4096", 4096},
		{"4096B", 4096},
		{"64KiB", 65536},
		{"64 KiB", 65536},
		{"1MiB", 1048576},
		{"2GiB", UINT64_C(2147483648)},
		{"1TiB", UINT64_C(1099511627776)},
		{"10kB", 10000},
		{"10KB", 10000},
		{"3MB", 3000000},
		{"1GB", 1000000000},
		{"1TB", UINT64_C(1000000000000)},
	};
	static const char *const bad[] = {"",	 "KiB",	  "-4096", "64K",  "64kib", "1.5MiB",
					  "1e6", "4,096", "0x1000", "many", "99999999TiB"};
	char text[96];
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text), "limits.expanded_bytes: %s\n", cases[i].text);
		assert_int_equal(read_text(bench, text), 0);
		assert_true(tw_config_size(bench->config, "limits.expanded_bytes") ==
			    cases[i].bytes);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "limits.expanded_bytes: \"%s\"\n", bad[i]);
		assert_int_equal(read_text(bench, text), 1);
	}
	assert_true(tw_config_size(bench->config, "limits.expanded_bytes") ==
		    UINT64_C(1000000000000));
}

static void test_booleans(void **state)
{
	struct bench *bench = *state;
	static const char *const words[] = {"yes", "no", "true", "false", "on",	 "off",
					    "Yes", "No", "TRUE", "FALSE", "On", "OFF"};
	char text[64];
	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		snprintf(text, sizeof(text), "stats: {stages: %s}\n", words[i]);
		assert_int_equal(read_text(bench, text), 0);
		assert_int_equal(tw_config_bool(bench->config, "stats.stages"), i % 2 == 0);
	}
	assert_problem(bench, "stats:\n  stages: 1\n",
		       ":2:11: \"stats.stages\" takes yes or no, not \"1\"");
}

static void test_unknown_settings(void **state)
{
	struct bench *bench = *state;
	assert_problem(bench, "limits:\n  segmnt_bytes: 64KiB\n",
		       ":2:3: unknown setting \"limits.segmnt_bytes\"; did you mean "
		       "\"limits.segment_bytes\"?");
	/* a misspelt section, and a right name in the wrong section */
	assert_problem(bench, "limts.evidence: 8\n",
		       ":1:1: unknown setting \"limts.evidence\"; did you mean "
		       "\"limits.evidence\"?");
	assert_problem(bench, "engine:\n    segment_pieces: 64\n",
		       ":2:5: unknown setting \"engine.segment_pieces\"; did you mean "
		       "\"limits.segment_pieces\"?");
	assert_problem(bench, "segment_piece: 64\n",
		       ":1:1: unknown setting \"segment_piece\"; did you mean "
		       "\"limits.segment_pieces\"?");
	assert_problem(bench, "colour: blue\n", ":1:1: unknown setting \"colour\"");
	assert_problem(bench, "colours: {}\n", ":1:1: unknown setting \"colours\"");
	assert_problem(bench, "colours:\n", ":1:1: unknown setting \"colours\"");
	assert_problem(bench, "plugin:\n  pill_press:\n    share_vague: 1\n",
		       ":3:5: unknown setting \"plugin.pill_press.share_vague\"; did you mean "
		       "\"plugins.pill_press.share_vague\"?");
	assert_problem(bench, "plugins: {a: {b: {c: 1}}}\n",
		       ":1:18: \"plugins.a.b\" takes one value, not a mapping");
	assert_problem(bench, "plugins: {a: {\"b c\": 1}}\n",
		       ":1:15: unknown setting \"plugins.a.b c\"; a plugin's option is "
		       "plugins.NAME.OPTION");
}

static void test_wrong_values(void **state)
{
	struct bench *bench = *state;
	assert_problem(bench, "engine:\n  threads: many\n",
		       ":2:12: \"engine.threads\" takes a whole number, 0 to 256, not \"many\"");
	assert_problem(bench, "engine:\n  threads: 257\n",
		       ":2:12: \"engine.threads\" takes a whole number, 0 to 256, not \"257\"");
	assert_problem(bench, "engine:\n  threads: 1.5\n",
		       ":2:12: \"engine.threads\" takes a whole number, 0 to 256, not \"1.5\"");
	assert_problem(bench, "limits.expansion_ratio: 1,000\n",
		       ":1:25: \"limits.expansion_ratio\" takes a number, 2 to 100000, not "
		       "\"1,000\"");
	assert_problem(bench, "limits.segment_bytes: 63\n",
		       ":1:23: \"limits.segment_bytes\" takes a size (bytes, or with KiB, MiB, GiB, "
		       "kB, MB, GB), 64 to 256MiB, not \"63\"");
	assert_problem(bench, "limits.state_memory: 1KiB\n",
		       ":1:22: \"limits.state_memory\" takes a size (bytes, or with KiB, MiB, GiB, "
		       "kB, MB, GB), at least 64KiB, not \"1KiB\"");
	assert_problem(bench, "output.privacy: {others: mask}\n",
		       ":1:26: \"output.privacy.others\" takes one of full, masked, keyed, "
		       "omitted, not \"mask\"");
	assert_problem(bench, "output.sensor: \"a\\0b\"\n",
		       ":1:16: \"output.sensor\" takes text in UTF-8 without zero bytes, not "
		       "\"a\\x00b\"");
	assert_problem(bench, "engine.threads:\n",
		       ":1:16: \"engine.threads\" has no value; an empty text is written \"\"");
	assert_problem(bench, "output.sensor: ~\n",
		       ":1:16: \"output.sensor\" has no value; an empty text is written \"\"");
	assert_problem(bench, "engine: 4\n",
		       ":1:9: \"engine\" is a section and takes no value itself");
	/* None of it took effect. */
	assert_true(tw_config_number(bench->config, "engine.threads") == 0);
	assert_int_equal(tw_config_size(bench->config, "limits.segment_bytes"), 1048576);
}

static void test_wrong_shapes(void **state)
{
	struct bench *bench = *state;
	assert_problem(bench, "engine:\n  threads:\n    a: {b: [1, 2]}\n",
		       ":3:5: \"engine.threads\" takes one value, not a mapping");
	assert_problem(bench, "engine:\n  threads: [1, {a: 2}]\n",
		       ":2:12: \"engine.threads\" takes no list");
	assert_problem(bench, "engine: [4]\n", ":1:9: \"engine\" takes no list");
	assert_problem(bench, "[1, 2]\n",
		       ":1:1: expected a mapping of sections, as in \"limits:\"");
	assert_problem(bench, "words\n", ":1:1: expected a mapping of sections, as in \"limits:\"");
	assert_problem(bench, "engine.threads: 1\n---\nengine.threads: 2\n",
		       ":3:1: a configuration is one document");
	assert_problem(bench, "feed.test_state: &a yes\noutput.messages: *a\n",
		       ":2:18: \"output.messages\" is an alias; aliases are not supported");
	assert_problem(bench, "output.sensor: !include x.yaml\n",
		       ":1:16: \"output.sensor\" has a tag; tags are not supported");
	assert_problem(bench, "? [a, b]\n: {c: d}\n",
		       ":1:3: a key must be the name of a setting");
	assert_true(tw_config_number(bench->config, "engine.threads") == 1);
}

static void test_duplicates(void **state)
{
	struct bench *bench = *state;
	assert_problem(bench, "engine:\n  threads: 2\nengine.threads: 3\n",
		       ":3:17: \"engine.threads\" is set twice; first in line 2");
	assert_true(tw_config_number(bench->config, "engine.threads") == 2);
	assert_problem(bench, "plugins.a.b: 1\nplugins:\n  a: {b: 2}\n",
		       ":3:10: \"plugins.a.b\" is set twice; first in line 1");
	assert_string_equal(tw_config_extra_at(bench->config, 0)->value, "1");
	/* A later file overrides an earlier one. */
	assert_int_equal(read_text(bench, "engine.threads: 5\nplugins.a.b: 9\n"), 0);
	assert_true(tw_config_number(bench->config, "engine.threads") == 5);
	assert_int_equal(tw_config_extra_count(bench->config), 1);
	assert_string_equal(tw_config_extra_at(bench->config, 0)->value, "9");
}

static void test_all_problems_at_once(void **state)
{
	struct bench *bench = *state;
	static const char *const lines[] = {
		":2:12: \"engine.threads\" takes a whole number, 0 to 256, not \"-1\"",
		":4:3: unknown setting \"feed.time_zone\"; did you mean \"feed.timezone\"?",
		":5:8: \"stats\" takes no list",
		":6:1: unknown setting \"x\"",
		NULL,
	};
	assert_int_equal(read_text(bench, "engine:\n"
					  "  threads: -1\n"
					  "feed:\n"
					  "  time_zone: 60\n"
					  "stats: [1]\n"
					  "x: 1\n"
					  "output:\n"
					  "  messages: yes\n"
					  "  - broken\n"),
			 5);
	/* libyaml's own words differ between versions: the place is what counts. */
	struct tw_slice found = tw_buffer_slice(&bench->problems);
	char broken[128];
	snprintf(broken, sizeof(broken), "%s:9:3: ", bench->path);
	assert_non_null(memmem(found.data, found.length, broken, strlen(broken)));
	for (size_t i = 0; lines[i] != NULL; i++)
		assert_non_null(memmem(found.data, found.length, lines[i], strlen(lines[i])));
	/* What stood right before the break holds. */
	assert_true(tw_config_bool(bench->config, "output.messages"));
}

static void test_no_yaml(void **state)
{
	struct bench *bench = *state;
	char place[128];
	static const struct {
		const char *text;
		size_t length;
		const char *place;
	} cases[] = {
		{"engine:\n\tthreads: 1\n", 20, ":2:1: "}, /* tabs do not indent */
		{"engine: \"open\n", 14, ":2:1: "},
		{"engine: {threads: 1\n", 20, ":2:1: "},
		{"# caf\xe9\nengine: 1\n", 18, ":1:7: "}, /* Latin-1: the second byte of UTF-8 is missing */
		{"engine:\n  a\x01: 1\n", 16, ":2:4: "}, /* control byte */
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(read_bytes(bench, cases[i].text, cases[i].length), 1);
		int length = snprintf(place, sizeof(place), "%s%s", bench->path, cases[i].place);
		assert_true(bench->problems.length > (size_t)length);
		assert_memory_equal(bench->problems.data, place, (size_t)length);
	}
}

/* libyaml alone would take a minute for this. */
static void test_deep_nesting(void **state)
{
	struct bench *bench = *state;
	size_t length = 200000;
	char *text = malloc(length);
	memset(text, '[', length);
	assert_int_equal(read_bytes(bench, text, length), 2);
	for (size_t i = 0; i < length; i++)
		text[i] = "{a: "[i % 4];
	assert_int_equal(read_bytes(bench, text, length), 2);
	free(text);
}

static void assert_unreadable(struct bench *bench, const char *path, const char *line)
{
	tw_buffer_clear(&bench->problems);
	assert_int_equal(tw_config_read(bench->config, path, &bench->problems), 1);
	tw_buffer_append_byte(&bench->problems, '\0');
	assert_string_equal(bench->problems.data, line);
}

static void test_unreadable(void **state)
{
	struct bench *bench = *state;
	char line[160];
	snprintf(line, sizeof(line), "%s: cannot be read: No such file or directory\n",
		 bench->path);
	assert_unreadable(bench, bench->path, line);
	snprintf(line, sizeof(line), "%s: cannot be read: Is a directory\n", bench->folder);
	assert_unreadable(bench, bench->folder, line);
	/* One problem is one line, whatever the name holds. */
	assert_unreadable(bench, "/no\nsuch\x1b", "/no\\nsuch\\x1b: cannot be read: No such file or "
						  "directory\n");
}

static int set(struct bench *bench, const char *assignment)
{
	tw_buffer_clear(&bench->problems);
	int count = tw_config_set(bench->config, assignment, &bench->problems);
	tw_buffer_append_byte(&bench->problems, '\0');
	return count;
}

static void test_command_line(void **state)
{
	struct bench *bench = *state;
	assert_int_equal(read_text(bench, "engine.threads: 2\nplugins.a.b: 1\n"), 0);
	assert_int_equal(set(bench, "engine.threads=7"), 0);
	assert_string_equal(bench->problems.data, "");
	assert_int_equal(set(bench, "engine.threads=8"), 0);
	assert_true(tw_config_number(bench->config, "engine.threads") == 8);
	assert_int_equal(set(bench, "output.privacy.alerts= omitted "), 0);
	assert_string_equal(tw_config_string(bench->config, "output.privacy.alerts"), "omitted");
	assert_int_equal(set(bench, "output.sensor=a=b "), 0);
	assert_string_equal(tw_config_string(bench->config, "output.sensor"), "a=b ");
	assert_int_equal(set(bench, "output.sensor="), 0);
	assert_string_equal(tw_config_string(bench->config, "output.sensor"), "");
	assert_int_equal(set(bench, "plugins.a.b=2"), 0);
	assert_int_equal(set(bench, "plugins.a.c=3"), 0);
	assert_int_equal(tw_config_extra_count(bench->config), 2);
	assert_string_equal(tw_config_extra_at(bench->config, 0)->value, "2");
	assert_string_equal(tw_config_extra_at(bench->config, 0)->place, "--set");
}

static void test_command_line_problems(void **state)
{
	struct bench *bench = *state;
	assert_int_equal(set(bench, "limits.segmnt_bytes=1"), 1);
	assert_string_equal(bench->problems.data,
			    "--set limits.segmnt_bytes=1: unknown setting \"limits.segmnt_bytes\"; "
			    "did you mean \"limits.segment_bytes\"?\n");
	assert_int_equal(set(bench, "engine.threads"), 1);
	assert_string_equal(bench->problems.data,
			    "--set engine.threads: expected KEY=VALUE, as in engine.threads=4\n");
	assert_int_equal(set(bench, "engine.threads="), 1);
	assert_int_equal(set(bench, "=4"), 1);
	assert_int_equal(set(bench, ""), 1);
	assert_int_equal(set(bench, "output.sensor=\xff"), 1);
	assert_true(tw_config_number(bench->config, "engine.threads") == 0);
}

/* What is dumped reads back to what was dumped. */
static void assert_dump_reads_back(struct bench *bench)
{
	struct tw_buffer first = {0};
	struct tw_buffer second = {0};
	struct tw_config *config = bench->config;
	tw_config_dump(config, &first);
	assert_int_equal(tw_config_create(&bench->config), TW_OK);
	assert_int_equal(read_bytes(bench, first.data, first.length), 0);
	tw_config_dump(bench->config, &second);
	assert_int_equal(first.length, second.length);
	assert_memory_equal(first.data, second.data, first.length);
	tw_config_free(config);
	tw_buffer_free(&first);
	tw_buffer_free(&second);
}

static void test_dump(void **state)
{
	struct bench *bench = *state;
	static const char odd[] = "output.sensor=\"q\" \\ # : \n\t\x7f\xc2\x85\xe2\x80\xa8\xef\xbb\xbf"
				  "\xe6\xb5\xb7 \xf0\x9f\x9a\xa2 ";
	assert_dump_reads_back(bench);
	assert_int_equal(set(bench, odd), 0);
	assert_int_equal(set(bench, "limits.segment_bytes=64KiB"), 0);
	assert_int_equal(set(bench, "plugins.one.b=null"), 0);
	assert_int_equal(set(bench, "plugins.two.c= "), 0);
	assert_int_equal(set(bench, "plugins.one.a=- x"), 0);
	assert_dump_reads_back(bench);
	assert_string_equal(tw_config_string(bench->config, "output.sensor"),
			    odd + strlen("output.sensor="));
	assert_int_equal(tw_config_size(bench->config, "limits.segment_bytes"), 65536);
	assert_int_equal(tw_config_extra_count(bench->config), 3);
	struct tw_buffer out = {0};
	tw_config_dump(bench->config, &out);
	tw_buffer_append_byte(&out, '\0');
	assert_non_null(strstr(out.data, "limits:\n"
					 "  # Longest segment that is parsed\n"
					 "  # size, 64 to 256MiB; default 1MiB\n"
					 "  segment_bytes: 64KiB\n"));
	assert_non_null(strstr(out.data, "  isolate_restarts: 100\n"
					 "  one:\n"
					 "    b: \"null\"\n"
					 "    a: \"- x\"\n"
					 "  two:\n"
					 "    c: \" \"\n"));
	tw_buffer_free(&out);
}

/* Each default is within its own range; names are section.name; helps are there. */
static void test_table(void **state)
{
	(void)state;
	for (unsigned i = 0; i < tw_setting_count(); i++) {
		const struct tw_setting *setting = tw_setting_at(i);
		struct tw_setting_value value = {0};
		struct tw_buffer reason = {0};
		assert_int_equal(tw_setting_check(setting, tw_slice_string(setting->preset), &value,
						  &reason),
				 TW_OK);
		assert_int_equal(reason.length, 0);
		assert_int_equal(tw_setting_find(tw_slice_string(setting->key)), i);
		assert_non_null(strchr(setting->key, '.'));
		assert_true(tw_setting_help(setting).length > 0);
		tw_setting_range(setting, &reason);
		if (setting->type == TW_SETTING_CHOICE)
			assert_true(reason.length > 0);
		tw_buffer_free(&reason);
	}
}

/* The shipped example is right, and says nothing but defaults. */
static void test_example(void **state)
{
	struct bench *bench = *state;
	const char *root = getenv("srcdir");
	char path[4096];
	struct tw_buffer before = {0};
	struct tw_buffer after = {0};
	snprintf(path, sizeof(path), "%s/examples/tidewaiter.yaml", root == NULL ? "." : root);
	tw_config_dump(bench->config, &before);
	int count = tw_config_read(bench->config, path, &bench->problems);
	if (count != 0)
		fprintf(stderr, "%.*s", (int)bench->problems.length, bench->problems.data);
	assert_int_equal(count, 0);
	tw_config_dump(bench->config, &after);
	assert_int_equal(before.length, after.length);
	assert_memory_equal(before.data, after.data, before.length);
	tw_buffer_free(&before);
	tw_buffer_free(&after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_defaults, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_values, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_nothing_at_all, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_sizes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_booleans, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_unknown_settings, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_wrong_values, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_wrong_shapes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_duplicates, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_all_problems_at_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_yaml, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_deep_nesting, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_unreadable, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_command_line, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_command_line_problems, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_dump, set_up, tear_down),
		cmocka_unit_test(test_table),
		cmocka_unit_test_setup_teardown(test_example, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
