/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/number.h"

static void accepts(const char *text, char decimal, double expected)
{
	double number = -12345;
	if (!tw_number_parse(tw_slice_string(text), decimal, &number))
		fail_msg("\"%s\" is refused", text);
	/* Decimal fractions are read as one correctly rounded division. */
	if (number < expected || number > expected)
		fail_msg("\"%s\" is read as %.17g, not %.17g", text, number, expected);
}

static void refuses(const char *text, char decimal)
{
	double number = -12345;
	if (tw_number_parse(tw_slice_string(text), decimal, &number))
		fail_msg("\"%s\" is read as %.17g", text, number);
	assert_true(number <= -12345 && number >= -12345);
}

static void test_plain(void **state)
{
	(void)state;
	accepts("0", '.', 0);
	accepts("79.4", '.', 79.4);
	accepts("-79.4", '.', -79.4);
	accepts("+5", '.', 5);
	accepts("  12\t\r\n", '.', 12);
	accepts(".5", '.', 0.5);
	accepts("0.001", '.', 0.001);
	accepts("000000000000000000000042", '.', 42);
	accepts("999999999999999999", '.', 1e18); /* 18 digits, nearest double */
}

/* ISO 9735 lets a sender write either mark; both mean the decimal mark. */
static void test_marks(void **state)
{
	(void)state;
	accepts("79,4", '.', 79.4);
	accepts("79.4", ',', 79.4);
	accepts("79,4", ',', 79.4);
	accepts("1,234.56", '.', 1234.56);
	accepts("1.234,56", ',', 1234.56);
	accepts("1.234.567,89", ',', 1234567.89);
	accepts("1,234,567.89", '.', 1234567.89);
	accepts("1,234,567", '.', 1234567);
	refuses("1,23.4", '.');   /* two digits group nothing */
	refuses("1,2345.6", '.'); /* nor do four */
	refuses("1.2.3", '.');
}

static void test_refused(void **state)
{
	static const char *const texts[] = {"",    " ",	  "-",	  "+",	 ".",	"1e5",	 "0x10",
					    "inf", "nan", "12KG", "1 2", "--1",	"1-",	 "- 1",
					    "1..2", "1,,2", "\xd9\xa1"};
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		refuses(texts[i], '.');
	refuses("1234567890123456789", '.'); /* 19 digits */
	double number = 0;
	assert_false(tw_number_parse(tw_slice("1\0002", 3), '.', &number));
	assert_false(tw_number_parse(tw_slice(NULL, 0), '.', &number));
}

static void test_count(void **state)
{
	uint64_t count = 7;
	(void)state;
	assert_false(tw_count_parse(TW_LITERAL(""), &count));
	assert_false(tw_count_parse(TW_LITERAL("-1"), &count));
	assert_false(tw_count_parse(TW_LITERAL("+1"), &count));
	assert_false(tw_count_parse(TW_LITERAL(" 1"), &count));
	assert_false(tw_count_parse(TW_LITERAL("1.0"), &count));
	assert_false(tw_count_parse(TW_LITERAL("1234567890123456789"), &count));
	assert_int_equal(count, 7);
	assert_true(tw_count_parse(TW_LITERAL("000"), &count));
	assert_int_equal(count, 0);
	assert_true(tw_count_parse(TW_LITERAL("999999999999999999"), &count));
	assert_true(count == 999999999999999999u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_count),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
