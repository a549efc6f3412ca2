/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "state/delivered.h"

static struct tw_hash128 name_of(unsigned number)
{
	return tw_hash128(tw_slice((const char *)&number, sizeof(number)), 0);
}

static struct tw_sha256 digest_of(unsigned number)
{
	struct tw_sha256 digest = {{0}};
	memcpy(digest.bytes, &number, sizeof(number));
	return digest;
}

static void put(struct tw_delivered *delivered, unsigned name, unsigned content)
{
	struct tw_sha256 digest = digest_of(content);
	assert_int_equal(tw_delivered_put(delivered, name_of(name), &digest), TW_OK);
}

static bool holds(const struct tw_delivered *delivered, unsigned name, unsigned content)
{
	struct tw_sha256 digest = digest_of(content);
	const struct tw_sha256 *found = tw_delivered_find(delivered, name_of(name));
	return found != NULL && memcmp(found, &digest, sizeof(digest)) == 0;
}

static void test_last_content_counts(void **state)
{
	struct tw_delivered *delivered;
	(void)state;
	assert_int_equal(tw_delivered_create(10, &delivered), TW_OK);
	assert_null(tw_delivered_find(delivered, name_of(1)));
	put(delivered, 1, 100);
	assert_true(holds(delivered, 1, 100));
	put(delivered, 1, 101);
	assert_true(holds(delivered, 1, 101));
	tw_delivered_free(delivered);
}

/* Those that came longest ago are forgotten; coming again counts as coming. */
static void test_limit(void **state)
{
	struct tw_delivered *delivered;
	(void)state;
	assert_int_equal(tw_delivered_create(3000, &delivered), TW_OK);
	for (unsigned i = 0; i < 3000; i++)
		put(delivered, i, i);
	put(delivered, 0, 7);
	for (unsigned i = 3000; i < 4000; i++)
		put(delivered, i, i);
	assert_true(holds(delivered, 0, 7));
	for (unsigned i = 1; i < 4000; i++)
		assert_int_equal(holds(delivered, i, i), i > 1000);
	tw_delivered_free(delivered);
}

static void test_none_kept(void **state)
{
	struct tw_delivered *delivered;
	(void)state;
	assert_int_equal(tw_delivered_create(0, &delivered), TW_OK);
	put(delivered, 1, 1);
	assert_null(tw_delivered_find(delivered, name_of(1)));
	tw_delivered_free(delivered);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_last_content_counts),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_none_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
