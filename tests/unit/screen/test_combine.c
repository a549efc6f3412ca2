/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tidewaiter/detector.h"

static struct tw_evidence piece(const char *family, double weight)
{
	return (struct tw_evidence){.family = tw_slice_string(family), .weight = weight,
				    .value = -1};
}

static void combines(double expected, unsigned count, const struct tw_evidence *evidence)
{
	double score = tw_combine(evidence, count);
	if (score < expected - 1e-9 || score > expected + 1e-9)
		fail_msg("%.12f, not %.12f", score, expected);
}

/* 1 - (1 - a)(1 - b): two independent signs of one half leave a quarter of doubt. */
static void test_families(void **state)
{
	(void)state;
	combines(0, 0, NULL);
	combines(50, 1, (const struct tw_evidence[]){piece("text", 0.5)});
	combines(75, 2, (const struct tw_evidence[]){piece("text", 0.5), piece("hs", 0.5)});
	combines(88, 2, (const struct tw_evidence[]){piece("text", 0.8), piece("hs", 0.4)});
	combines(87.5, 3, (const struct tw_evidence[]){piece("text", 0.5), piece("hs", 0.5),
						       piece("party", 0.5)});
	combines(0, 1, (const struct tw_evidence[]){piece("text", 0)});
	combines(100, 2, (const struct tw_evidence[]){piece("text", 1), piece("hs", 0.1)});
}

/* The strongest of a family counts, wherever it stands. */
static void test_one_family(void **state)
{
	(void)state;
	combines(80, 3, (const struct tw_evidence[]){piece("text", 0.5), piece("text", 0.8),
						     piece("text", 0.3)});
	combines(80, 2, (const struct tw_evidence[]){piece("text", 0.8), piece("text", 0.8)});
	combines(90, 3, (const struct tw_evidence[]){piece("text", 0.5), piece("hs", 0.5),
						     piece("text", 0.8)});
}

/* Evidence against takes its share of what is left. */
static void test_negative(void **state)
{
	(void)state;
	combines(0, 1, (const struct tw_evidence[]){piece("lawful", -0.5)});
	combines(40, 2, (const struct tw_evidence[]){piece("text", 0.8), piece("lawful", -0.5)});
	combines(40, 2, (const struct tw_evidence[]){piece("text", 0.8), piece("text", -0.5)});
	combines(20, 3, (const struct tw_evidence[]){piece("text", 0.8), piece("a", -0.5),
						     piece("b", -0.5)});
	combines(40, 3, (const struct tw_evidence[]){piece("a", -0.5), piece("text", 0.8),
						     piece("a", -0.25)});
	combines(0, 2, (const struct tw_evidence[]){piece("text", 0.8), piece("lawful", -1)});
}

/* Weights beyond 1 are 1: a score stays between 0 and 100. */
static void test_bounds(void **state)
{
	(void)state;
	combines(100, 1, (const struct tw_evidence[]){piece("text", 7)});
	combines(0, 2, (const struct tw_evidence[]){piece("text", 0.9), piece("lawful", -7)});
}

/* The order of evidence means nothing. */
static void test_order(void **state)
{
	struct tw_evidence evidence[] = {piece("text", 0.3), piece("hs", 0.6), piece("text", 0.7),
					 piece("lawful", -0.2), piece("lawful", -0.4)};
	(void)state;
	/* (1 - 0.3 * 0.4) * 0.6 */
	for (unsigned turn = 0; turn < 5; turn++) {
		combines(52.8, 5, evidence);
		struct tw_evidence first = evidence[0];
		memmove(evidence, evidence + 1, 4 * sizeof(evidence[0]));
		evidence[4] = first;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_families), cmocka_unit_test(test_one_family),
		cmocka_unit_test(test_negative), cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
