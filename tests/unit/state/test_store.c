/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <malloc.h>
#include <math.h>

#include "state/store.h"

/* There where the sanitizer is; malloc's own figures do not count its memory. */
size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

static size_t allocated(void)
{
	if (__sanitizer_get_current_allocated_bytes != NULL)
		return __sanitizer_get_current_allocated_bytes();
	struct mallinfo2 info = mallinfo2();
	return info.uordblks + info.hblkhd;
}

static struct tw_key key_of(uint32_t number)
{
	struct tw_key key = {{0}};
	memcpy(key.bytes, &number, sizeof(number));
	return key;
}

static struct tw_store *make(uint64_t keys, uint64_t bytes)
{
	struct tw_store *store = NULL;
	assert_int_equal(tw_store_create(&(struct tw_store_limits){keys, bytes}, &store), TW_OK);
	return store;
}

static void due_is(struct tw_store *store, double now, int64_t slot, double time)
{
	double there = NAN;
	assert_int_equal(tw_store_due(store, now, &there), slot);
	if (slot >= 0)
		assert_true(there >= time && there <= time);
}

static void test_keys(void **state)
{
	struct tw_store *store = make(1000, 1 << 20);
	uint32_t table = TW_STORE_TABLE(3, 1);
	(void)state;
	assert_int_equal(tw_store_find(store, table, key_of(1)), -1);
	int64_t slot = tw_store_touch(store, table, key_of(1));
	assert_true(slot >= 0);
	assert_int_equal(tw_store_touch(store, table, key_of(1)), slot);
	assert_int_equal(tw_store_find(store, table, key_of(1)), slot);
	assert_int_equal(tw_store_bytes(store, slot).length, 0);
	assert_int_equal(tw_store_find(store, TW_STORE_TABLE(3, 2), key_of(1)), -1);
	assert_int_equal(tw_store_find(store, TW_STORE_TABLE(4, 1), key_of(1)), -1);
	assert_int_not_equal(tw_store_touch(store, TW_STORE_TABLE(4, 1), key_of(1)), slot);
	assert_int_equal(tw_store_table(store, slot), (3u << 16) + 1);
	assert_memory_equal(tw_store_key(store, slot).bytes, key_of(1).bytes, TW_KEY_BYTES);
	assert_int_equal(tw_store_keys(store), 2);
	tw_store_free(store);
	tw_store_free(NULL);
}

static void test_write(void **state)
{
	struct tw_store *store = make(1000, 1 << 20);
	char bytes[5000];
	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	int64_t slot = tw_store_touch(store, 1, key_of(1));
	for (size_t length = 0; length <= sizeof(bytes); length += 500) {
		assert_int_equal(tw_store_write(store, slot, tw_slice(bytes, length)), TW_OK);
		assert_true(tw_slice_equal(tw_store_bytes(store, slot), tw_slice(bytes, length)));
	}
	assert_true(tw_store_size(store) >= sizeof(bytes));
	assert_int_equal(tw_store_write(store, slot, tw_slice(NULL, 0)), TW_OK);
	assert_int_equal(tw_store_bytes(store, slot).length, 0);
	tw_store_free(store);
}

/* The key touched longest ago goes first; a look-up is a touch. */
static void test_eviction_order(void **state)
{
	struct tw_store *store = make(3, 1 << 20);
	(void)state;
	for (uint32_t i = 1; i <= 3; i++)
		tw_store_touch(store, 1, key_of(i));
	assert_true(tw_store_find(store, 1, key_of(1)) >= 0);
	assert_int_equal(tw_store_evicted(store), 0);
	tw_store_touch(store, 1, key_of(4)); /* 2 goes */
	assert_int_equal(tw_store_find(store, 1, key_of(2)), -1);
	tw_store_touch(store, 1, key_of(5)); /* 3 goes */
	assert_int_equal(tw_store_find(store, 1, key_of(3)), -1);
	assert_true(tw_store_find(store, 1, key_of(1)) >= 0);
	assert_true(tw_store_find(store, 1, key_of(4)) >= 0);
	assert_int_equal(tw_store_keys(store), 3);
	assert_int_equal(tw_store_evicted(store), 2);
	/* A key that comes again is new. */
	assert_int_equal(tw_store_bytes(store, tw_store_touch(store, 1, key_of(2))).length, 0);
	tw_store_free(store);
}

static void test_byte_limit(void **state)
{
	enum { LIMIT = 64 * 1024 };
	struct tw_store *store = make(1000000, LIMIT);
	char bytes[1000] = {0};
	(void)state;
	for (uint32_t i = 0; i < 1000; i++) {
		int64_t slot = tw_store_touch(store, 1, key_of(i));
		assert_int_equal(tw_store_write(store, slot, tw_slice(bytes, sizeof(bytes))), TW_OK);
		assert_int_equal(tw_store_deadline(store, slot, 5, tw_slice(bytes, 200)), TW_OK);
		assert_true(tw_store_size(store) <= LIMIT);
		assert_int_equal(tw_store_keys(store) + tw_store_evicted(store), i + 1);
	}
	assert_true(tw_store_keys(store) >= 30);
	for (uint32_t i = 0; i < 1000; i++) /* what is left is the newest */
		assert_int_equal(tw_store_find(store, 1, key_of(i)) >= 0,
				 i >= tw_store_evicted(store));
	tw_store_free(store);
}

static void test_deadlines_in_order(void **state)
{
	static const double times[] = {50, 20, 90, 20, 70, 10, 20};
	static const uint32_t order[] = {5, 1, 3, 6, 0, 4, 2}; /* by time, then as they were set */
	struct tw_store *store = make(100, 1 << 20);
	int64_t slots[7];
	(void)state;
	for (uint32_t i = 0; i < 7; i++) {
		slots[i] = tw_store_touch(store, 1, key_of(i));
		assert_int_equal(tw_store_deadline(store, slots[i], times[i],
						   tw_slice((const char[]){'a', (char)('0' + i)}, 2)),
				 TW_OK);
	}
	due_is(store, 9.9, -1, 0);
	due_is(store, 10, slots[5], 10); /* not after now */
	due_is(store, 10, -1, 0);
	for (unsigned i = 1; i < 7; i++) {
		due_is(store, 1000, slots[order[i]], times[order[i]]);
		struct tw_slice anchor = tw_store_anchor(store, slots[order[i]]);
		assert_int_equal(anchor.length, 2);
		assert_int_equal(anchor.data[1], '0' + (char)order[i]);
	}
	due_is(store, 1000, -1, 0);
	tw_store_free(store);
}

/* Set again, cleared, or evicted: only what holds now comes due. */
static void test_stale_deadlines(void **state)
{
	struct tw_store *store = make(3, 1 << 20);
	(void)state;
	int64_t moved = tw_store_touch(store, 1, key_of(1));
	int64_t cleared = tw_store_touch(store, 1, key_of(2));
	tw_store_deadline(store, moved, 10, TW_LITERAL("old"));
	tw_store_deadline(store, cleared, 11, TW_LITERAL("gone"));
	tw_store_deadline(store, moved, 30, TW_LITERAL("new"));
	tw_store_deadline(store, cleared, 0, TW_LITERAL(""));
	due_is(store, 29, -1, 0);
	due_is(store, 30, moved, 30);
	assert_true(tw_slice_is(tw_store_anchor(store, moved), "new"));
	due_is(store, 1000, -1, 0);

	tw_store_deadline(store, moved, 40, TW_LITERAL("a"));
	tw_store_deadline(store, moved, 35, TW_LITERAL("b")); /* earlier than before */
	due_is(store, 36, moved, 35);
	due_is(store, 1000, -1, 0);

	tw_store_deadline(store, moved, 50, TW_LITERAL("evicted"));
	for (uint32_t i = 10; i < 13; i++)
		tw_store_touch(store, 1, key_of(i)); /* takes its slot over */
	assert_int_equal(tw_store_find(store, 1, key_of(1)), -1);
	due_is(store, 1000, -1, 0);
	tw_store_free(store);
}

/* Thousands of keys whose deadlines move: each comes due once, in order. */
static void test_many_deadlines(void **state)
{
	struct tw_store *store = make(10000, 64 << 20);
	double last = 0;
	unsigned count = 0;
	(void)state;
	for (uint32_t round = 0; round < 20; round++)
		for (uint32_t i = 0; i < 1000; i++) {
			int64_t slot = tw_store_touch(store, 1, key_of(i));
			double time = 1 + (i * 7919 + round * 104729) % 5000;
			assert_int_equal(tw_store_deadline(store, slot, time, TW_LITERAL("x")), TW_OK);
		}
	for (double time; tw_store_due(store, 1e9, &time) >= 0; count++) {
		assert_true(time >= last);
		last = time;
	}
	assert_int_equal(count, 1000);
	tw_store_free(store);
}

/* A key that moves its deadline with every message holds no more memory than one. */
static void test_moved_deadline_memory(void **state)
{
	struct tw_store *store = make(10, 1 << 20);
	int64_t slot = tw_store_touch(store, 1, key_of(1));
	(void)state;
	for (unsigned i = 0; i < 1000; i++)
		tw_store_deadline(store, slot, 1e9 + i, TW_LITERAL("anchor"));
	size_t before = allocated();
	for (unsigned i = 0; i < 500000; i++)
		tw_store_deadline(store, slot, 2e9 + i, TW_LITERAL("anchor"));
	assert_true(allocated() < before + (1 << 20));
	tw_store_free(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_eviction_order),
		cmocka_unit_test(test_byte_limit),
		cmocka_unit_test(test_deadlines_in_order),
		cmocka_unit_test(test_stale_deadlines),
		cmocka_unit_test(test_many_deadlines),
		cmocka_unit_test(test_moved_deadline_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
