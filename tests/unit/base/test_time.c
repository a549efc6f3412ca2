/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "base/time.h"

static void parsed(const char *digits, int format, double expected)
{
	double time = NAN;
	if (!tw_time_parse(tw_slice_string(digits), format, &time))
		fail_msg("%s by %d is refused", digits, format);
	if (!(fabs(time - expected) < 1e-9))
		fail_msg("%s by %d is %.3f, not %.3f", digits, format, time, expected);
}

static void refused(const char *digits, int format)
{
	double time = NAN;
	if (tw_time_parse(tw_slice_string(digits), format, &time))
		fail_msg("%s by %d is read as %.3f", digits, format, time);
	assert_true(isnan(time));
}

static void iso(const char *text, double expected)
{
	double time = NAN;
	if (!tw_time_parse_iso(tw_slice_string(text), &time))
		fail_msg("%s is refused", text);
	if (!(fabs(time - expected) < 1e-6))
		fail_msg("%s is %.6f, not %.6f", text, time, expected);
}

static void iso_refused(const char *text)
{
	double time = NAN;
	if (tw_time_parse_iso(tw_slice_string(text), &time))
		fail_msg("%s is read as %.6f", text, time);
	assert_true(isnan(time));
}

static void formatted(double time, const char *expected)
{
	char text[TW_TIME_TEXT_SIZE];
	assert_int_equal(tw_time_format(time, text), strlen(expected));
	assert_string_equal(text, expected);
}

/* Day numbers as any proleptic Gregorian calendar gives them. */
static void test_days(void **state)
{
	(void)state;
	assert_int_equal(tw_time_days(1970, 1, 1), 0);
	assert_int_equal(tw_time_days(1969, 12, 31), -1);
	assert_int_equal(tw_time_days(2000, 2, 29), 11016);
	assert_int_equal(tw_time_days(2000, 3, 1), 11017);
	assert_int_equal(tw_time_days(2026, 11, 20), 20777);
	assert_int_equal(tw_time_days(2100, 3, 1), 47541);
	assert_int_equal(tw_time_days(1900, 3, 1), -25508);
	assert_int_equal(tw_time_days(1600, 1, 1), -135140);
	assert_int_equal(tw_time_days(1, 1, 1), -719162);
}

/* UN/EDIFACT 2379. 2026-11-20 is day 20777. */
static void test_formats(void **state)
{
	const double day = 20777 * 86400.0;
	(void)state;
	parsed("261120", 101, day);
	parsed("20261120", 102, day);
	parsed("2611201005", 201, day + 10 * 3600 + 5 * 60);
	parsed("202611201005", 203, day + 10 * 3600 + 5 * 60);
	parsed("20261120100507", 204, day + 10 * 3600 + 5 * 60 + 7);
	parsed("261120", 0, day);
	parsed("20261120", 0, day);
	parsed("2611201005", 0, day + 36300);
	parsed("202611201005", 0, day + 36300);
	parsed("20261120100507", 0, day + 36307);
	refused("1005", 401);
	refused("20261120", 999);
	refused("1005", 0);
}

/* A value must have the length its qualifier promises. */
static void test_lengths(void **state)
{
	static const int formats[] = {101, 102, 201, 203, 204};
	static const size_t lengths[] = {6, 8, 10, 12, 14};
	const char *digits = "01010101010101";
	double time = NAN;
	(void)state;
	for (size_t i = 0; i < 5; i++)
		for (size_t length = 0; length <= 14; length++)
			assert_int_equal(tw_time_parse(tw_slice(digits, length), formats[i], &time),
					 length == lengths[i]);
}

static void test_leap_years(void **state)
{
	(void)state;
	parsed("20240229", 102, 19782 * 86400.0); /* 1709164800 */
	parsed("20000229", 102, 11016 * 86400.0);
	parsed("240229", 101, 19782 * 86400.0);
	refused("20230229", 102);
	refused("19000229", 102); /* a century is none, */
	refused("21000229", 102);
	refused("20240230", 102);
	refused("20260431", 102);
	refused("20261301", 102);
	refused("20260001", 102);
	refused("20260100", 102);
	refused("20260132", 102);
	refused("00000101", 102);
}

static void test_two_digit_years(void **state)
{
	(void)state;
	parsed("700101", 101, 0);
	parsed("991231", 101, 10956 * 86400.0);
	parsed("000101", 101, 10957 * 86400.0);
	parsed("691231", 101, 36524 * 86400.0); /* 2069-12-31 */
}

/* ISO 8601: 24:00 is the end of the day, and nothing lies behind it. */
static void test_hours(void **state)
{
	const double day = 20777 * 86400.0;
	(void)state;
	parsed("202611200000", 203, day);
	parsed("202611202359", 203, day + 86340);
	parsed("202611202400", 203, day + 86400);
	parsed("20261120240000", 204, day + 86400);
	refused("202611202500", 203);
	refused("202611201060", 203);
	refused("20261120100061", 204);
	parsed("20161231235960", 204, 1483228800); /* a leap second: the next day's first */
}

static void test_hour_24_is_the_end(void **state)
{
	(void)state;
	refused("202611202401", 203);
	refused("20261120240001", 204);
	refused("2611202430", 201);
	iso_refused("2026-11-20T24:30:00Z");
}

static void test_not_digits(void **state)
{
	(void)state;
	refused("2026112O", 102);
	refused("-0261120", 102);
	refused("2026-1-2", 102);
	refused("26 120", 101);
	refused("26112010 5", 201);
	refused("", 102);
	refused("", 0);
}

static void test_iso(void **state)
{
	const double ten = 1795168800; /* 2026-11-20T10:00:00Z */
	(void)state;
	iso("1970-01-01", 0);
	iso("2026-11-20", ten - 36000);
	iso("2026-11-20T10:00", ten);
	iso("2026-11-20T10:00:00", ten);
	iso("2026-11-20T10:00:00Z", ten);
	iso("2026-11-20T10:00:00.250Z", ten + 0.25);
	iso("2026-11-20T11:00:00+01:00", ten);
	iso("2026-11-20T05:00:00-05:00", ten);
	iso("2026-11-20T15:30:00+0530", ten);
	iso("1969-12-31T23:59:59Z", -1);
	iso("2024-02-29T23:59:59Z", 1709251199);
	iso_refused("2026-11-20T10");
	iso_refused("2026-11-20T10:00:00X");
	iso_refused("2026-11-20T10:0");
	iso_refused("2026-11-20T10:00:00+1");
	iso_refused("2026-02-29");
	iso_refused("2026/11/20");
	iso_refused("20261120");
	iso_refused("26-11-20");
	iso_refused("");
}

static void test_iso_trailing(void **state)
{
	(void)state;
	iso_refused("2026-11-20T10:00:00ZZ");
	iso_refused("2026-11-20T10:00:00+01:00x");
	iso_refused("2026-11-20T10:00:00+01:00+01:00");
	iso_refused("2026-11-20T10:00:00+01:60");
}

static void test_format(void **state)
{
	char text[TW_TIME_TEXT_SIZE];
	(void)state;
	formatted(0, "1970-01-01T00:00:00.000000Z");
	formatted(1795168800, "2026-11-20T10:00:00.000000Z");
	formatted(1795168800.25, "2026-11-20T10:00:00.250000Z");
	formatted(1709251199, "2024-02-29T23:59:59.000000Z");
	formatted(951782400, "2000-02-29T00:00:00.000000Z");
	formatted(-1, "1969-12-31T23:59:59.000000Z");
	formatted(-0.5, "1969-12-31T23:59:59.500000Z");
	formatted(-86400, "1969-12-31T00:00:00.000000Z");
	formatted(-86400.5, "1969-12-30T23:59:59.500000Z");
	formatted(0.9999999, "1970-01-01T00:00:01.000000Z"); /* rounds into the next second */
	assert_int_equal(tw_time_format(NAN, text), 0);
	assert_string_equal(text, "");
	assert_int_equal(tw_time_format(INFINITY, text), 0);
	assert_int_equal(tw_time_format(-INFINITY, text), 0);
	assert_int_equal(tw_time_format(1e300, text), 0);
}

/* What is written is read back as the same time, over two centuries. */
static void test_round_trip(void **state)
{
	(void)state;
	for (double time = -3e9; time < 6e9; time += 8640017.0) {
		char text[TW_TIME_TEXT_SIZE];
		size_t length = tw_time_format(time, text);
		double back = NAN;
		assert_true(tw_time_parse_iso(tw_slice(text, length), &back));
		assert_true(fabs(back - time) < 1e-6);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_leap_years),
		cmocka_unit_test(test_two_digit_years),
		cmocka_unit_test(test_hours),
		cmocka_unit_test(test_hour_24_is_the_end),
		cmocka_unit_test(test_not_digits),
		cmocka_unit_test(test_iso),
		cmocka_unit_test(test_iso_trailing),
		cmocka_unit_test(test_format),
		cmocka_unit_test(test_round_trip),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
