/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/suggest.h"

static unsigned distance(const char *a, const char *b)
{
	unsigned there = tw_edit_distance(tw_slice_string(a), tw_slice_string(b));
	assert_int_equal(tw_edit_distance(tw_slice_string(b), tw_slice_string(a)), there);
	return there;
}

/* One for each insertion, deletion, replacement and swap of neighbours. */
static void test_distance(void **state)
{
	(void)state;
	assert_int_equal(distance("", ""), 0);
	assert_int_equal(distance("", "abc"), 3);
	assert_int_equal(distance("score", "score"), 0);
	assert_int_equal(distance("score", "scores"), 1);
	assert_int_equal(distance("score", "scare"), 1);
	assert_int_equal(distance("score", "socre"), 1);
	assert_int_equal(distance("kitten", "sitting"), 3);
	assert_int_equal(distance("saturday", "sunday"), 3);
	assert_int_equal(distance("abcd", "badc"), 2);
	assert_int_equal(distance("abc", "xyz"), 3);
}

/* Names of 63 bytes are measured; a longer one is far from everything. */
static void test_long_names(void **state)
{
	char a[64], b[64];
	(void)state;
	memset(a, 'a', sizeof(a));
	memset(b, 'a', sizeof(b));
	b[0] = 'b';
	assert_int_equal(tw_edit_distance(tw_slice(a, 63), tw_slice(b, 63)), 1);
	assert_int_equal(tw_edit_distance(tw_slice(a, 63), tw_slice(NULL, 0)), 63);
	assert_true(tw_edit_distance(tw_slice(a, 64), tw_slice(b, 63)) > 63);
	assert_true(tw_edit_distance(tw_slice(a, 63), tw_slice(b, 64)) > 63);
}

static const char *best_of(const char *wanted, const char *const *names)
{
	struct tw_suggestion suggestion = {.wanted = tw_slice_string(wanted)};
	for (; *names != NULL; names++)
		tw_suggest_offer(&suggestion, *names);
	return suggestion.best;
}

static void test_suggestion(void **state)
{
	static const char *const names[] = {"workers", "threads", "log", "limits", NULL};
	static const char *const near_and_nearer[] = {"threshed", "threads", "treads", NULL};
	(void)state;
	assert_string_equal(best_of("thread", names), "threads");
	assert_string_equal(best_of("wrokers", names), "workers");
	assert_string_equal(best_of("lob", names), "log");
	assert_null(best_of("zebra crossing", names));
	assert_null(best_of("xyz", names));
	assert_null(best_of("", names));
	assert_string_equal(best_of("threadss", near_and_nearer), "threads");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_distance),
		cmocka_unit_test(test_long_names),
		cmocka_unit_test(test_suggestion),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
