/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "base/buffer.h"
#include "base/hash.h"

static void test_append(void **state)
{
	struct tw_buffer buffer = {0};
	(void)state;
	for (unsigned i = 0; i < 1000; i++)
		tw_buffer_append(&buffer, "abc", 3);
	tw_buffer_append(&buffer, NULL, 0);
	tw_buffer_append_byte(&buffer, 'd');
	tw_buffer_append_slice(&buffer, TW_LITERAL("ef"));
	assert_int_equal(buffer.length, 3003);
	for (unsigned i = 0; i < 3000; i++)
		assert_int_equal(buffer.data[i], "abc"[i % 3]);
	assert_memory_equal(buffer.data + 3000, "def", 3);
	size_t capacity = buffer.capacity;
	tw_buffer_clear(&buffer);
	assert_int_equal(tw_buffer_slice(&buffer).length, 0);
	assert_int_equal(buffer.capacity, capacity); /* growth never shrinks back */
	tw_buffer_free(&buffer);
	assert_null(buffer.data);
	tw_buffer_free(&buffer);
	tw_buffer_free(NULL);
}

static void test_printf(void **state)
{
	struct tw_buffer buffer = {0};
	char *filler = malloc(1001);
	(void)state;
	assert_non_null(filler);
	for (size_t length = 0; length <= 1000; length++) {
		memset(filler, 'x', length);
		filler[length] = '\0';
		tw_buffer_clear(&buffer);
		tw_buffer_printf(&buffer, "<%s|%d>", filler, 42);
		assert_int_equal(buffer.length, length + 5);
		assert_int_equal(buffer.data[0], '<');
		assert_memory_equal(buffer.data + 1, filler, length);
		assert_memory_equal(buffer.data + 1 + length, "|42>", 4);
	}
	free(filler);
	tw_buffer_free(&buffer);
}

static void test_align(void **state)
{
	struct tw_buffer buffer = {0};
	(void)state;
	tw_buffer_align(&buffer, 8);
	assert_int_equal(buffer.length, 0);
	for (size_t unit = 1; unit <= 64; unit *= 2) {
		tw_buffer_append_byte(&buffer, '!');
		size_t before = buffer.length;
		tw_buffer_align(&buffer, unit);
		assert_int_equal(buffer.length % unit, 0);
		assert_true(buffer.length - before < unit);
		for (size_t i = before; i < buffer.length; i++)
			assert_int_equal(buffer.data[i], 0);
		before = buffer.length;
		tw_buffer_align(&buffer, unit);
		assert_int_equal(buffer.length, before);
	}
	tw_buffer_free(&buffer);
}

/* A size that no machine has fails, is remembered, and loses nothing that was there. */
static void test_failure(void **state)
{
	struct tw_buffer buffer = {0};
	(void)state;
	tw_buffer_append(&buffer, "kept", 4);
	assert_int_equal(tw_buffer_reserve(&buffer, SIZE_MAX), TW_ERROR_MEMORY);
	assert_true(buffer.failed);
	assert_int_equal(buffer.length, 4);
	assert_memory_equal(buffer.data, "kept", 4);
	tw_buffer_clear(&buffer);
	assert_false(buffer.failed);
	tw_buffer_free(&buffer);
}

/*
 * Identities in events rest on these values. They were computed by a second
 * program from the description in hash.c (128-bit products folded by exclusive or).
 */
static void test_hash_values(void **state)
{
	static const struct { const char *text; uint64_t low, high; } rows[] = {
		{"", 0x4e17cf67001b3979u, 0xcd322dce80615e34u},
		{"a", 0x5865e66acc4edba8u, 0x0667f02e8d4ffa3bu},
		{"020-12345675", 0x06b47bb0551a476bu, 0xf700ebb566b7a912u},
		{"bill:MAEU:123456789", 0x3b91b9c18b37d5c7u, 0x73373e6be4b7d5f6u},
		{"xxxxxxxxxxxxxxxx", 0xcd2e6978c2c776b6u, 0x28c530ba89ba3eb2u},
		{"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 0x3e3a4d07bb124c32u, 0xa6d8a429cd807180u},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct tw_hash128 hash = tw_hash128(tw_slice_string(rows[i].text), 0);
		assert_true(tw_hash64(tw_slice_string(rows[i].text), 0) == rows[i].low);
		assert_true(hash.low == rows[i].low);
		assert_true(hash.high == rows[i].high);
	}
	assert_true(tw_hash64(TW_LITERAL("a"), 1) == 0xa64c4b65a1fca9eau);
	assert_true(tw_hash64(tw_slice(NULL, 0), 0) == 0x4e17cf67001b3979u);
}

/* Where the bytes stand in memory does not matter; each bit and the length do. */
static void test_hash_bytes(void **state)
{
	char place[80];
	char zeros[80] = {0};
	(void)state;
	for (size_t length = 1; length <= 40; length++) {
		char bytes[40];
		for (size_t i = 0; i < length; i++)
			bytes[i] = (char)(i * 37 + length);
		uint64_t hash = tw_hash64(tw_slice(bytes, length), 9);
		for (size_t shift = 0; shift < 16; shift++) {
			memcpy(place + shift, bytes, length);
			assert_true(tw_hash64(tw_slice(place + shift, length), 9) == hash);
		}
		for (size_t bit = 0; bit < length * 8; bit++) {
			bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
			assert_true(tw_hash64(tw_slice(bytes, length), 9) != hash);
			bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
		}
		assert_true(tw_hash64(tw_slice(zeros, length), 9) !=
			    tw_hash64(tw_slice(zeros, length - 1), 9));
		assert_true(tw_hash64(tw_slice(bytes, length), 10) != hash);
	}
}

static int compare_words(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a;
	uint64_t right = *(const uint64_t *)b;
	return (left > right) - (left < right);
}

/* A bijection sends different words to different words. */
static void test_mix(void **state)
{
	enum { COUNT = 1 << 16 };
	uint64_t *words = calloc(COUNT, sizeof(*words));
	(void)state;
	assert_non_null(words);
	assert_true(tw_hash_mix(0) == 0);
	assert_true(tw_hash_mix(1) == 0x4179b061e0c0e0d0u);
	for (uint64_t i = 0; i < COUNT; i++)
		words[i] = tw_hash_mix(i % 2 == 0 ? i : i << 40);
	qsort(words, COUNT, sizeof(*words), compare_words);
	for (unsigned i = 1; i < COUNT; i++)
		assert_true(words[i] != words[i - 1]);
	free(words);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_append),	    cmocka_unit_test(test_printf),
		cmocka_unit_test(test_align),	    cmocka_unit_test(test_failure),
		cmocka_unit_test(test_hash_values), cmocka_unit_test(test_hash_bytes),
		cmocka_unit_test(test_mix),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
