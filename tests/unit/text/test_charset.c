/* SPDX-License-Identifier: Apache-2.0 */
#include "text_testing.h"

#include "text/charset.h"

/* Converts and checks that the runs cover text and input without holes, in order. */
static void assert_converted(const char *charset, struct tw_slice bytes, const char *expected,
			     size_t replaced)
{
	struct tw_charset_converter *converter = NULL;
	struct tw_buffer out = {0};
	struct tw_buffer runs = {0};
	assert_int_equal(tw_charset_open(charset, &converter), TW_OK);
	assert_int_equal(tw_charset_append(converter, bytes, 100, &out, &runs), replaced);
	assert_int_equal(out.length, strlen(expected));
	assert_memory_equal(out.data, expected, out.length);
	const struct tw_run *run = (const struct tw_run *)(const void *)runs.data;
	uint32_t start = 0;
	uint32_t origin = 100;
	for (size_t i = 0; i < runs.length / sizeof(*run); i++) {
		assert_int_equal(run[i].start, start);
		assert_int_equal(run[i].origin, origin);
		start += run[i].length;
		origin += run[i].origin_length;
	}
	assert_int_equal(start, out.length);
	assert_int_equal(origin, 100 + bytes.length);
	tw_charset_close(converter);
	tw_buffer_free(&out);
	tw_buffer_free(&runs);
}

static void test_code_pages(void **state)
{
	(void)state;
	assert_converted("ISO-8859-1", TW_LITERAL("plain"), "plain", 0);
	assert_converted("ISO-8859-1", TW_LITERAL("caf\xe9 \xfc"), "caf\xc3\xa9 \xc3\xbc", 0);
	assert_converted("WINDOWS-1252", TW_LITERAL("\x80 5\x96"), "\xe2\x82\xac 5\xe2\x80\x93", 0);
	assert_converted("ISO-8859-5", TW_LITERAL("\xb0"), "\xd0\x90", 0); /* Cyrillic A */
	assert_converted("GBK", TW_LITERAL("A\xd2\xd2\xcb\xe1" "B"), "A\xe4\xb9\x99\xe9\x85\xb8" "B", 0);
	assert_converted("SHIFT_JIS", TW_LITERAL("\x83\x5c"), "\xe3\x82\xbd", 0); /* trail is '\\' */
	assert_converted("ISO-2022-JP", TW_LITERAL("A\x1b$B$\"$$\x1b(BZ"),
			 "A\xe3\x81\x82\xe3\x81\x84Z", 0);
	assert_converted("UTF-8", TW_LITERAL("caf\xc3\xa9"), "caf\xc3\xa9", 0);
	/* A letter that could take a mark behind it is given at once. */
	assert_converted("WINDOWS-1258", TW_LITERAL("ab\xe9"), "ab\xc3\xa9", 0);
}

static void test_bytes_it_does_not_have(void **state)
{
	(void)state;
	/* 0x81 is the one of a few that Windows-1252 leaves free. */
	assert_converted("WINDOWS-1252", TW_LITERAL("a\x81z"), "a\xef\xbf\xbdz", 1);
	assert_converted("US-ASCII", TW_LITERAL("\xe9"), "\xef\xbf\xbd", 1);
	assert_converted("GBK", TW_LITERAL("a\xd2"), "a\xef\xbf\xbd", 1);
	assert_converted("UTF-8", TW_LITERAL("a\xff"), "a\xef\xbf\xbd", 1);
}

static void test_runs_are_exact_to_the_character(void **state)
{
	(void)state;
	struct tw_charset_converter *converter = NULL;
	struct tw_buffer out = {0};
	struct tw_buffer runs = {0};
	assert_int_equal(tw_charset_open("GBK", &converter), TW_OK);
	tw_buffer_append(&out, "xy", 2); /* a piece that was joined before */
	tw_charset_append(converter, TW_LITERAL("ab\xd2\xd2\xcb\xe1"), 7, &out, &runs);
	const struct tw_run *run = (const struct tw_run *)(const void *)runs.data;
	assert_int_equal(runs.length, 3 * sizeof(*run));
	const struct tw_run expected[] = {{2, 2, 7, 2}, {4, 3, 9, 2}, {7, 3, 11, 2}};
	assert_memory_equal(run, expected, sizeof(expected));
	tw_charset_close(converter);
	tw_buffer_free(&out);
	tw_buffer_free(&runs);
}

static void test_unknown_names(void **state)
{
	(void)state;
	struct tw_charset_converter *converter = NULL;
	assert_int_equal(tw_charset_open("NO-SUCH-PAGE", &converter), TW_ERROR_UNSUPPORTED);
	assert_int_equal(tw_charset_open("", &converter), TW_ERROR_UNSUPPORTED);
	assert_int_equal(tw_charset_open("ISO-8859-1//IGNORE", &converter), TW_ERROR_UNSUPPORTED);
	assert_null(converter);
	tw_charset_close(NULL);
}

/* Unicode 15, table 3-7. */
static void test_utf8(void **state)
{
	(void)state;
	assert_true(tw_utf8_valid(TW_LITERAL("")));
	assert_true(tw_utf8_valid(TW_LITERAL("plain text of more than eight bytes")));
	assert_true(tw_utf8_valid(TW_LITERAL("\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xef\xbf\xbf")));
	assert_true(tw_utf8_valid(TW_LITERAL("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf")));
	assert_false(tw_utf8_valid(TW_LITERAL("\x80")));
	assert_false(tw_utf8_valid(TW_LITERAL("\xc0\xaf")));	    /* overlong */
	assert_false(tw_utf8_valid(TW_LITERAL("\xe0\x9f\xbf")));    /* overlong */
	assert_false(tw_utf8_valid(TW_LITERAL("\xed\xa0\x80")));    /* surrogate */
	assert_false(tw_utf8_valid(TW_LITERAL("\xf4\x90\x80\x80"))); /* beyond U+10FFFF */
	assert_false(tw_utf8_valid(TW_LITERAL("12345678\xe5\x93"))); /* cut */
	assert_false(tw_utf8_valid(TW_LITERAL("caf\xe9")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_code_pages),
		cmocka_unit_test(test_bytes_it_does_not_have),
		cmocka_unit_test(test_runs_are_exact_to_the_character),
		cmocka_unit_test(test_unknown_names),
		cmocka_unit_test(test_utf8),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
