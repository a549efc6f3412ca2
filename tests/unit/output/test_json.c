/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>

#include "output/json.h"

/* What a string is written as, without its quotes. */
static void assert_string(const char *text, size_t length, const char *expected)
{
	struct tw_buffer out = {0};
	struct tw_json json = {.out = &out};
	tw_json_string(&json, tw_slice(text, length));
	tw_buffer_append_byte(&out, '\0');
	assert_string_equal(out.data, expected);
	tw_buffer_free(&out);
}

static void test_plain_and_escapes(void **state)
{
	(void)state;
	assert_string("", 0, "\"\"");
	assert_string("KEYBOARDS 79 KG", 15, "\"KEYBOARDS 79 KG\"");
	/* RFC 8259, section 7: quotation mark, reverse solidus and controls are escaped. */
	assert_string("a\"b\\c/d", 7, "\"a\\\"b\\\\c/d\"");
	assert_string("\b\t\n\v\f\r", 6, "\"\\b\\t\\n\\u000b\\f\\r\"");
	assert_string("a\0b\x1b\x7f", 5, "\"a\\u0000b\\u001b\\u007f\"");
	/* U+009B starts a control sequence on some terminals */
	assert_string("\xc2\x9b[2J", 5, "\"\\u009b[2J\"");
}

static void test_utf8(void **state)
{
	(void)state;
	assert_string("M\xc3\xbcller \xe4\xb8\x8a\xe6\xb5\xb7 \xf0\x9f\x9a\xa2", 19,
		      "\"M\xc3\xbcller \xe4\xb8\x8a\xe6\xb5\xb7 \xf0\x9f\x9a\xa2\"");
	/* Latin-1, a lone continuation, an overlong '/', a surrogate, beyond U+10FFFF, cut off */
	assert_string("\xfc", 1, "\"\xef\xbf\xbd\"");
	assert_string("a\x80z", 3, "\"a\xef\xbf\xbdz\"");
	assert_string("\xc0\xaf", 2, "\"\xef\xbf\xbd\xef\xbf\xbd\"");
	assert_string("\xed\xa0\x80", 3, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
	assert_string("\xf4\x90\x80\x80", 4, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
	assert_string("\xe4\xb8", 2, "\"\xef\xbf\xbd\xef\xbf\xbd\"");
}

/* Every byte at every place of a long run survives the way through another JSON reader. */
static void test_every_byte(void **state)
{
	(void)state;
	struct tw_buffer out = {0};
	for (unsigned byte = 0; byte < 0x80; byte++) {
		for (size_t place = 0; place < 20; place++) {
			char text[21];
			memset(text, 'x', 20);
			text[place] = (char)byte;
			struct tw_json json = {.out = &out};
			tw_buffer_clear(&out);
			tw_json_string(&json, tw_slice(text, 20));
			json_t *back = json_loadb(out.data, out.length,
						  JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
			assert_non_null(back);
			assert_int_equal(json_string_length(back), 20);
			assert_memory_equal(json_string_value(back), text, 20);
			json_decref(back);
		}
	}
	tw_buffer_free(&out);
}

static void assert_number(double number, const char *expected)
{
	struct tw_buffer out = {0};
	struct tw_json json = {.out = &out};
	tw_json_number(&json, number);
	tw_buffer_append_byte(&out, '\0');
	assert_string_equal(out.data, expected);
	tw_buffer_free(&out);
}

static void test_numbers(void **state)
{
	(void)state;
	assert_number(79.4, "79.4");
	assert_number(79.0, "79");
	assert_number(0, "0");
	assert_number(-0.0, "0");
	assert_number(-12.5, "-12.5");
	assert_number(0.1 + 0.2, "0.3");
	assert_number(100, "100");
	assert_number(100.05, "100.05");
	assert_number(0.000001, "0.000001");
	assert_number(0.0000005, "0.0000005");
	assert_number(1e-20, "0");
	assert_number(999999.9999999, "1000000");
	assert_number(12345678901.25, "12345678901.25");
	assert_number(9007199254740991.0, "9007199254740991");
	assert_number(1e21, "1000000000000000000000");
	assert_number((double)NAN, "null");
	assert_number((double)INFINITY, "null");
	assert_number((double)-INFINITY, "null");
}

static void test_numbers_near(void **state)
{
	(void)state;
	srand(7);
	for (unsigned i = 0; i < 20000; i++) {
		char text[TW_NUMBER_TEXT_SIZE + 1];
		double number = (double)rand() / 1000 * (rand() % 2 == 0 ? 1 : -1);
		size_t length = tw_number_text(number, text);
		text[length] = '\0';
		assert_true(fabs(strtod(text, NULL) - number) <= 5.1e-7);
	}
}

static void test_structure(void **state)
{
	(void)state;
	struct tw_buffer out = {0};
	struct tw_json json = {.out = &out};
	tw_json_open(&json, '{');
	tw_json_member_text(&json, "empty", tw_slice(NULL, 0));
	tw_json_member_text(&json, "a", TW_LITERAL("x"));
	tw_json_member_number(&json, "none", (double)NAN);
	tw_json_key(&json, "list");
	tw_json_open(&json, '[');
	tw_json_open(&json, '[');
	tw_json_count(&json, UINT64_MAX);
	tw_json_count(&json, 0);
	tw_json_close(&json, ']');
	tw_json_open(&json, '{');
	tw_json_close(&json, '}');
	tw_json_null(&json);
	tw_json_close(&json, ']');
	tw_json_member_bool(&json, "b", true);
	tw_json_key(&json, "time");
	tw_json_time(&json, 1795168800.25);
	tw_json_key(&json, "never");
	tw_json_time(&json, (double)NAN);
	tw_json_close(&json, '}');
	tw_buffer_append_byte(&out, '\0');
	assert_string_equal(out.data,
			    "{\"a\":\"x\",\"list\":[[18446744073709551615,0],{},null],\"b\":true,"
			    "\"time\":\"2026-11-20T10:00:00.250000Z\",\"never\":null}");
	tw_buffer_free(&out);
}

static void test_head_cuts_no_character(void **state)
{
	(void)state;
	struct tw_slice text = TW_LITERAL("\xe4\xb8\x8a\xe6\xb5\xb7 port");
	assert_int_equal(tw_utf8_head(text, 0).length, 0);
	assert_int_equal(tw_utf8_head(text, 1).length, 3);
	assert_int_equal(tw_utf8_head(text, 2).length, 6);
	assert_int_equal(tw_utf8_head(text, 7).length, text.length);
	assert_int_equal(tw_utf8_head(text, 500).length, text.length);
	assert_int_equal(tw_utf8_head(TW_LITERAL("\xff\xff\xff"), 2).length, 2);
}

/* A program that sets a locale with a decimal comma still writes points. */
static void test_locale(void **state)
{
	(void)state;
	if (setlocale(LC_ALL, "de_DE.UTF-8") == NULL && setlocale(LC_ALL, "fr_FR.UTF-8") == NULL)
		skip();
	assert_number(79.4, "79.4");
	assert_number(1e21, "1000000000000000000000");
	setlocale(LC_ALL, "C");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_and_escapes), cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_every_byte),	  cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_numbers_near),	  cmocka_unit_test(test_structure),
		cmocka_unit_test(test_head_cuts_no_character), cmocka_unit_test(test_locale),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
