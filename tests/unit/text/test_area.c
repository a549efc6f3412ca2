/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>

#include "text/area.h"
#include "text_testing.h"

#define BLOCKS 4u
#define BYTES (BLOCKS * TW_AREA_BLOCK)

/* What the C library says of the bytes, in the locale "C": letters and digits, and their capitals. */
static void check(tw_area_way *fold, const char text[BYTES])
{
	char folded[BYTES];
	uint64_t letters[BLOCKS];
	bool high = false;
	memcpy(folded, text, BYTES);
	bool wide = fold(folded, BLOCKS, letters);
	for (unsigned i = 0; i < BYTES; i++) {
		unsigned char byte = (unsigned char)text[i];
		high |= byte > 0x7f;
		assert_int_equal((unsigned char)folded[i], byte < 0x80 ? toupper(byte) : byte);
		assert_int_equal(letters[i / TW_AREA_BLOCK] >> i % TW_AREA_BLOCK & 1,
				 byte < 0x80 && isalnum(byte) != 0);
	}
	assert_int_equal(wide, high);
}

/* Every byte at every place of a block, among letters. */
static void test_each_byte(void **state)
{
	(void)state;
	for (unsigned way = 0; tw_area_way_at(way) != NULL; way++)
		for (unsigned shift = 0; shift < 256; shift++) {
			char text[BYTES];
			memset(text, "aZ"[shift % 2], sizeof(text));
			for (unsigned i = 0; i < BYTES; i += 3)
				text[i] = (char)(i + shift);
			check(tw_area_way_at(way), text);
		}
}

static void test_ascii_is_not_wide(void **state)
{
	(void)state;
	for (unsigned way = 0; tw_area_way_at(way) != NULL; way++)
		for (unsigned place = 0; place < BYTES; place++) {
			char text[BYTES];
			memset(text, '~', sizeof(text));
			text[place] = (char)(place % 128);
			check(tw_area_way_at(way), text);
			text[place] = (char)(0x80 | place);
			check(tw_area_way_at(way), text);
		}
}

/* Of no block there is nothing to say. */
static void test_nothing(void **state)
{
	(void)state;
	assert_non_null(tw_area_way_at(0));
	for (unsigned way = 0; tw_area_way_at(way) != NULL; way++)
		assert_false(tw_area_way_at(way)(NULL, 0, NULL));
}

static void test_wide(void **state)
{
	(void)state;
	char text[40];
	memset(text, 'a', sizeof(text));
	for (size_t length = 0; length < sizeof(text); length++) {
		assert_false(tw_area_wide(tw_slice(text, length)));
		for (size_t place = 0; place < sizeof(text); place++) {
			text[place] = '\x80';
			assert_int_equal(tw_area_wide(tw_slice(text, length)), place < length);
			text[place] = 'a';
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_byte),
		cmocka_unit_test(test_ascii_is_not_wide),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_wide),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
