/* SPDX-License-Identifier: Apache-2.0 */
#include "text_testing.h"

#include "text/fold.h"
#include "text/normalise.h"
#include "tidewaiter/list.h"

static void assert_view(const char *text, const char *expected)
{
	struct tw_buffer view = {0};
	tw_normalise_append(tw_slice_string(text), &view);
	tw_buffer_append_byte(&view, '\0');
	assert_string_equal(view.data, expected);
	tw_buffer_free(&view);
	char fixed[512];
	assert_int_equal(tw_normalise(tw_slice_string(text), fixed, sizeof(fixed)),
			 strlen(expected));
	assert_string_equal(fixed, expected);
}

static void test_ascii(void **state)
{
	(void)state;
	assert_view("", "");
	assert_view(" \t-- ", "");
	assert_view("  Tablet--press, 5 kg. ", "TABLET PRESS 5 KG");
	assert_view("a", "A");
	assert_view("CO.,LTD", "CO LTD");
}

/* The loop over ASCII and the iterator must agree on each byte and each pair of bytes. */
static void test_ascii_loop_is_the_iterator(void **state)
{
	(void)state;
	for (unsigned pair = 0; pair < 128 * 128; pair++) {
		char text[2] = {(char)(pair / 128), (char)(pair % 128)};
		struct tw_slice slice = tw_slice(text, 2);
		struct tw_buffer view = {0};
		char fixed[8];
		tw_normalise_append(slice, &view);
		size_t length = tw_normalise(slice, fixed, sizeof(fixed));
		assert_true(tw_slice_equal(tw_buffer_slice(&view), tw_slice(fixed, length)));
		tw_buffer_free(&view);
	}
}

/*
 * A text has one view, however it is made: by blocks where it is short and the room
 * large, byte by byte, or by the iterator (a combining mark behind all of it).
 */
static void test_ways_agree(void **state)
{
	(void)state;
	static const char LETTERS[] = "aZ09 -./\x7f\n";
	uint32_t random = 99;
	for (unsigned round = 0; round < 3000; round++) {
		char text[100], by_iterator[300];
		size_t length = round % 80;
		for (size_t i = 0; i < length; i++) {
			random = random * 1664525u + 1013904223u;
			text[i] = LETTERS[(random >> 16) % (sizeof(LETTERS) - 1)];
		}
		memcpy(text + length, "\xcc\x81", 2);
		size_t all = tw_normalise(tw_slice(text, length + 2), by_iterator, sizeof(by_iterator));
		for (size_t size = 1; size < 100; size += 1 + round % 7) {
			char view[100], cut[100];
			size_t made = tw_normalise(tw_slice(text, length), view, size);
			assert_int_equal(tw_normalise(tw_slice(text, length + 2), cut, size), made);
			assert_memory_equal(view, cut, made + 1);
			assert_true(made <= all && memcmp(view, by_iterator, made) == 0);
			assert_true(made + 2 >= size || made == all);
		}
	}
}

static void test_diacritics_and_compatibility(void **state)
{
	(void)state;
	assert_view("anh\xc3\xad" "drido ac\xc3\xa9tico", "ANHIDRIDO ACETICO");
	assert_view("e\xcc\x81pure", "EPURE");			  /* combining acute */
	assert_view("Stra\xc3\x9f" "e", "STRASSE");
	assert_view("\xc5\x81\xc3\xb3" "d\xc5\xba", "LODZ");	  /* Łódź */
	assert_view("\xc3\x86r\xc3\xb8", "AERO");		  /* Ærø */
	assert_view("\xc7\xbd", "AE");				  /* U+01FD ae with acute */
	assert_view("\xef\xbd\x90\xef\xbd\x89\xef\xbd\x8c\xef\xbd\x8c", "PILL"); /* full-width */
	assert_view("m\xc2\xb2", "M2");
	assert_view("\xe2\x85\xab", "XII");			  /* roman numeral twelve */
	assert_view("\xef\xac\x81ne", "FINE");			  /* ligature fi */
	assert_view("5\xc3\x97" "3", "5 3");			  /* multiplication sign */
	assert_view("\xd9\xa1\xd9\xa2", "12");			  /* Arabic digits */
}

static void test_look_alikes(void **state)
{
	(void)state;
	assert_view("\xd0\xa0\xd0\x9c\xd0\x9a", "PMK");		  /* Cyrillic РМК */
	assert_view("p\xd1\x96p\xd0\xb5ridin\xd0\xb5", "PIPERIDINE");
	assert_view("\xce\xa1\xce\x99LL", "PILL");		  /* Greek ΡΙLL */
	assert_view("\xce\xbditamin", "VITAMIN");		  /* small nu is drawn like v */
	assert_view("\xc2\xb5g", "UG");				  /* micro sign */
}

static void test_invisible_characters_vanish(void **state)
{
	(void)state;
	assert_view("PIPER\xe2\x80\x8bIDINE", "PIPERIDINE"); /* zero width space */
	assert_view("PIPER\xc2\xadIDINE", "PIPERIDINE");     /* soft hyphen */
	assert_view("\xef\xbb\xbfTABLET", "TABLET");	     /* byte order mark */
	assert_view("A\xc2\xa0" "B", "A B");		     /* no-break space is a blank */
}

static void test_scripts_without_blanks(void **state)
{
	(void)state;
	assert_view("4-\xe5\x93\x8c\xe5\x95\xb6\xe9\x85\xae", "4 \xe5\x93\x8c\xe5\x95\xb6\xe9\x85\xae");
	assert_view("N\xe5\x93\x8c", "N \xe5\x93\x8c");
	/* Conjoining jamo and the syllable are one: U+1112 U+1161 U+11AB is U+D55C. */
	assert_view("\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", "\xed\x95\x9c");
}

static void test_malformed_bytes_are_blanks(void **state)
{
	(void)state;
	assert_view("A\xff" "B", "A B");
	assert_view("A\xe5\x93", "A");
	assert_view("A\xc0\xaf" "B", "A B");
}

static void test_small_room(void **state)
{
	(void)state;
	char fixed[6];
	assert_int_equal(tw_normalise(TW_LITERAL("tablet press"), fixed, sizeof(fixed)), 5);
	assert_string_equal(fixed, "TABLE");
	assert_int_equal(tw_normalise(TW_LITERAL("ab cd ef"), fixed, sizeof(fixed)), 5);
	assert_string_equal(fixed, "AB CD");
	assert_int_equal(tw_normalise(TW_LITERAL("A"), fixed, 0), 0);
	/* Never half a character. */
	assert_int_equal(tw_normalise(TW_LITERAL("\xe5\x93\x8c\xe5\x95\xb6"), fixed, 6), 3);
}

static void assert_located(const char *text, const char *term, const char *expected)
{
	char view[256];
	size_t length = tw_normalise(tw_slice_string(text), view, sizeof(view));
	const char *found = strstr(view, term);
	assert_non_null(found);
	assert_true(length >= strlen(term));
	uint32_t start = 0;
	uint32_t size = 0;
	tw_normalise_locate(tw_slice_string(text), false, (size_t)(found - view), strlen(term),
			    &start, &size);
	assert_int_equal(size, strlen(expected));
	assert_memory_equal(text + start, expected, size);
}

static void test_locate(void **state)
{
	(void)state;
	assert_located("new  tablet -- press!", "TABLET PRESS", "tablet -- press");
	assert_located("une \xc3\xa9ph\xc3\xa9" "drine", "EPHEDRINE", "\xc3\xa9ph\xc3\xa9" "drine");
	assert_located("cafe\xcc\x81 x", "CAFE", "cafe\xcc\x81"); /* with its mark */
	assert_located("Stra\xc3\x9f" "e", "STRAS", "Stra\xc3\x9f");	/* half of a letter: all of it */
	assert_located("PIPER\xe2\x80\x8bIDINE", "PIPERIDINE", "PIPER\xe2\x80\x8bIDINE");
}

static void test_locate_joined(void **state)
{
	(void)state;
	uint32_t start = 0;
	uint32_t length = 0;
	tw_normalise_locate(TW_LITERAL("x piper-idone"), true, 1, 10, &start, &length);
	assert_int_equal(start, 2);
	assert_int_equal(length, 11);
	tw_normalise_locate(TW_LITERAL("abc"), true, 7, 2, &start, &length);
	assert_int_equal(length, 0);
}

/* What the view is made of stands where locate says, for any text at all. */
static void test_locate_gives_the_view_again(void **state)
{
	(void)state;
	static const char *const PIECES[] = {"a", "Z", "7", " ", "-", "\xc3\xa9", "\xc3\x9f",
					     "\xe5\x93\x8c", "\xcc\x81", "\xe2\x80\x8b", "\xff",
					     "\xef\xbd\x90", "\xd0\xa0"};
	uint32_t random = 12345;
	for (unsigned round = 0; round < 2000; round++) {
		char text[64] = "";
		for (unsigned i = 0; i < 10; i++) {
			random = random * 1664525u + 1013904223u;
			strcat(text, PIECES[(random >> 16) % 13]);
		}
		char view[128];
		size_t length = tw_normalise(tw_slice_string(text), view, sizeof(view));
		struct tw_buffer appended = {0};
		tw_normalise_append(tw_slice_string(text), &appended);
		assert_true(tw_slice_equal(tw_buffer_slice(&appended), tw_slice(view, length)));
		tw_buffer_free(&appended);
		uint32_t start = 0;
		uint32_t size = 0;
		tw_normalise_locate(tw_slice_string(text), false, 0, length, &start, &size);
		char again[128];
		size_t again_length =
			tw_normalise(tw_slice(text + start, size), again, sizeof(again));
		assert_true(tw_slice_equal(tw_slice(view, length), tw_slice(again, again_length)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ascii),
		cmocka_unit_test(test_ascii_loop_is_the_iterator),
		cmocka_unit_test(test_ways_agree),
		cmocka_unit_test(test_diacritics_and_compatibility),
		cmocka_unit_test(test_look_alikes),
		cmocka_unit_test(test_invisible_characters_vanish),
		cmocka_unit_test(test_scripts_without_blanks),
		cmocka_unit_test(test_malformed_bytes_are_blanks),
		cmocka_unit_test(test_small_room),
		cmocka_unit_test(test_locate),
		cmocka_unit_test(test_locate_joined),
		cmocka_unit_test(test_locate_gives_the_view_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
