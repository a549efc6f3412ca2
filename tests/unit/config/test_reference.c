/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "base/quote.h"
#include "config/reference.h"
#include "config/setting.h"

static unsigned occurrences(const char *text, const char *wanted)
{
	unsigned count = 0;
	for (const char *at = strstr(text, wanted); at != NULL; at = strstr(at + 1, wanted))
		count++;
	return count;
}

/* Every setting has one row, with five cells, and every section one heading. */
static void test_complete(void **state)
{
	(void)state;
	struct tw_buffer out = {0};
	tw_config_reference(&out);
	tw_buffer_append_byte(&out, '\0');
	for (unsigned i = 0; i < tw_setting_count(); i++) {
		char row[128];
		snprintf(row, sizeof(row), "\n| `%s` | ", tw_setting_at(i)->key);
		assert_int_equal(occurrences(out.data, row), 1);
		const char *line = strstr(out.data, row) + 1;
		size_t length = strcspn(line, "\n");
		unsigned bars = 0;
		for (size_t j = 0; j < length; j++)
			bars += line[j] == '|' && line[j - 1] != '\\';
		assert_int_equal(bars, 6);
	}
	assert_int_equal(occurrences(out.data, "\n## limits\n"), 1);
	assert_int_equal(occurrences(out.data, "\n## output\n"), 1);
	assert_non_null(strstr(out.data, "| `limits.segment_bytes` | size | `1MiB` | 64 to 256MiB | "
					 "Longest segment that is parsed |\n"));
	assert_non_null(strstr(out.data, "| `output.privacy.others` | choice | `masked` | full, "
					 "masked, keyed, omitted | Party fields everywhere else "
					 "|\n"));
	tw_buffer_free(&out);
}

static void assert_short(struct tw_slice text, const char *expected)
{
	struct tw_buffer out = {0};
	tw_quote_short(&out, text);
	tw_buffer_append_byte(&out, '\0');
	assert_string_equal(out.data, expected);
	tw_buffer_free(&out);
}

static void test_quote(void **state)
{
	(void)state;
	char text[128];
	char expected[128];
	assert_short(tw_slice(NULL, 0), "\"\"");
	assert_short(TW_LITERAL("a\nb\t\r\x1b[2J\x7f"), "\"a\\nb\\t\\x0d\\x1b[2J\\x7f\"");
	memset(text, 'x', 80);
	snprintf(expected, sizeof(expected), "\"%.80s\"", text);
	assert_short(tw_slice(text, 80), expected);
	/* Cut before the two-byte letter that would not fit whole. */
	memcpy(text + 79, "\xc3\xa9y", 3);
	snprintf(expected, sizeof(expected), "\"%.79s...\"", text);
	assert_short(tw_slice(text, 82), expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_complete),
		cmocka_unit_test(test_quote),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
