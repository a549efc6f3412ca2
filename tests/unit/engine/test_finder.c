/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/finder.h"

/*
 * Two made-up syntaxes: one begins with "<<", the other, weaker, with "<". What
 * the finder answers must not depend on where the windows are cut.
 */
static int probe_mark(struct tw_slice bytes, bool end, const char *mark, int score)
{
	size_t length = strlen(mark);
	size_t have = bytes.length < length ? bytes.length : length;
	if (!tw_slice_equal(tw_slice_part(bytes, 0, have), tw_slice(mark, have)))
		return 0;
	return have == length ? score : end ? 0 : -1;
}

static int probe_strong(struct tw_slice bytes, bool end)
{
	return probe_mark(bytes, end, "<<A", 90);
}

static int probe_weak(struct tw_slice bytes, bool end)
{
	return probe_mark(bytes, end, "<<", 50);
}

static size_t find_mark(struct tw_slice bytes)
{
	for (size_t at = 0; at < bytes.length; at++)
		if (bytes.data[at] == '<')
			return at;
	return bytes.length;
}

static const struct tw_parser strong = {.name = "strong", .probe = probe_strong, .find = find_mark};
static const struct tw_parser weak = {.name = "weak", .probe = probe_weak, .find = find_mark};

struct seen {
	const struct tw_parser *parser;
	uint64_t offset; /* where it begins */
	struct tw_unknown_run run;
};

/* Looks through windows that grow by `step` bytes, as the intake does. */
static struct seen look(struct tw_slice bytes, size_t step)
{
	struct tw_finder finder = {0};
	struct seen seen = {.parser = NULL};
	size_t from = 0;
	assert_int_equal(tw_finder_add(&finder, &weak), TW_OK);
	assert_int_equal(tw_finder_add(&finder, &strong), TW_OK);
	for (size_t to = step; seen.parser == NULL; to += step) {
		bool end = to >= bytes.length;
		struct tw_slice part = tw_slice_part(tw_slice_part(bytes, 0, to), from, SIZE_MAX);
		char *copy = malloc(part.length + 1);
		assert_non_null(copy);
		if (part.length > 0)
			memcpy(copy, part.data, part.length);
		struct tw_found found = tw_finder_look(&finder, tw_slice(copy, part.length), from,
						       end);
		free(copy);
		assert_true(found.passed <= part.length);
		from += found.passed;
		seen.parser = found.parser;
		if (end)
			break;
	}
	seen.offset = from;
	seen.run = tw_finder_take_run(&finder);
	tw_finder_free(&finder);
	return seen;
}

static void expect(const char *text, size_t length, const struct tw_parser *parser, uint64_t offset,
		   uint64_t run_offset, uint64_t run_length)
{
	for (size_t step = 1; step <= length + 1; step++) {
		struct seen seen = look(tw_slice(text, length), step);
		assert_ptr_equal(seen.parser, parser);
		assert_int_equal(seen.offset, offset);
		assert_int_equal(seen.run.offset, run_offset);
		assert_int_equal(seen.run.length, run_length);
	}
}

#define EXPECT(text, ...) expect(text, sizeof(text) - 1, __VA_ARGS__)

static void test_surest(void **state)
{
	(void)state;
	EXPECT("<<Axx", &strong, 0, 0, 0);
	EXPECT("<<Bxx", &weak, 0, 0, 0);
	EXPECT("<<", &weak, 0, 0, 0); /* the end decides */
	EXPECT("", NULL, 0, 0, 0);
}

static void test_quiet(void **state)
{
	(void)state;
	EXPECT("\r\n\t \0\0\x1a\n<<A", &strong, 8, 0, 0);
	EXPECT("\xef\xbb\xbf<<A", &strong, 3, 0, 0);
	EXPECT("\n\xef\xbb\xbf\n<<B", &weak, 5, 0, 0);
	EXPECT("\n\0\0 \n", NULL, 5, 0, 0);
}

static void test_unknown(void **state)
{
	(void)state;
	/* Blanks around a run are none of it; within it they are. */
	EXPECT("\njunk and more \n\n<<A", &strong, 17, 1, 13);
	EXPECT("junk < no start <<B", &weak, 16, 0, 15);
	EXPECT("junk\xef\xbb\xbf<<A", &strong, 7, 0, 7);
	EXPECT("junk", NULL, 4, 0, 4);
	EXPECT("<", NULL, 1, 0, 1);
	EXPECT("junk <<", &weak, 5, 0, 4);
}

static void test_kind(void **state)
{
	(void)state;
	struct tw_unknown_run text = look(TW_LITERAL("%PDF-1.4\n1 0 obj /Catalog\n"), 3).run;
	struct tw_unknown_run binary = look(TW_LITERAL("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\1\2\3\4"), 3).run;
	assert_true(tw_unknown_is_text(&text));
	assert_false(tw_unknown_is_text(&binary));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_surest),
		cmocka_unit_test(test_quiet),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_kind),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
