/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "state/clock.h"

#define DAY 86400.0
#define NOVEMBER 1795168800.0 /* 2026-11-20T10:00:00Z */
#define YEAR_2099 4102444799.0 /* 2099-12-31T23:59:59Z */

static void now_is(const struct tw_clock *clock, double expected)
{
	if (!(fabs(clock->now - expected) < 1e-6))
		fail_msg("the clock shows %.0f, not %.0f", clock->now, expected);
}

/* Odd numbers of times have one median. */
static void test_median(void **state)
{
	struct tw_clock clock = {.now = 0};
	(void)state;
	now_is(&clock, 0);
	tw_clock_interchange(&clock, 50);
	now_is(&clock, 50);
	tw_clock_interchange(&clock, 70);
	tw_clock_interchange(&clock, 60);
	now_is(&clock, 60);
	tw_clock_interchange(&clock, 90);
	tw_clock_interchange(&clock, 80);
	now_is(&clock, 70);
	tw_clock_interchange(&clock, NAN);
	now_is(&clock, 70);
	assert_int_equal(clock.count, 5);
}

static void test_never_back(void **state)
{
	struct tw_clock clock = {.now = 0};
	double last = 0;
	(void)state;
	for (unsigned i = 0; i < 500; i++) {
		tw_clock_interchange(&clock, NOVEMBER + (i * 7919 % 1000) * DAY);
		assert_true(clock.now >= last);
		last = clock.now;
	}
	for (unsigned i = 0; i < 200; i++) {
		tw_clock_interchange(&clock, NOVEMBER - 1000 * DAY);
		now_is(&clock, last);
	}
}

/* Only the last 64 count: 33 of them are more than half. */
static void test_last_64(void **state)
{
	struct tw_clock clock = {.now = 0};
	(void)state;
	for (unsigned i = 0; i < 1000; i++)
		tw_clock_interchange(&clock, NOVEMBER);
	for (unsigned i = 0; i < 31; i++)
		tw_clock_interchange(&clock, NOVEMBER + DAY);
	now_is(&clock, NOVEMBER);
	for (unsigned i = 0; i < 2; i++)
		tw_clock_interchange(&clock, NOVEMBER + DAY);
	now_is(&clock, NOVEMBER + DAY);
}

/* One message dated 2099 moves nothing, however few came before it. */
static void test_one_from_2099(void **state)
{
	(void)state;
	for (unsigned before = 1; before <= 70; before++) {
		struct tw_clock clock = {.now = 0};
		for (unsigned i = 0; i < before; i++)
			tw_clock_interchange(&clock, NOVEMBER);
		tw_clock_interchange(&clock, YEAR_2099);
		now_is(&clock, NOVEMBER);
		tw_clock_interchange(&clock, NOVEMBER + 60);
		assert_true(clock.now <= NOVEMBER + 60);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_median),
		cmocka_unit_test(test_never_back),
		cmocka_unit_test(test_last_64),
		cmocka_unit_test(test_one_from_2099),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
