/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pieces that a parser decoded (TW_PIECE_DECODED): values, conditions and slices read
 * the unit's text, and evidence leads through its runs to the input's bytes.
 */
#include "map_testing.h"

static const char MAP[] =
	"map xml TEST\n"
	"single\n"
	"in consignment\n"
	"  D text=A&B: goods.marks = \"seen\"\n"
	"  D: goods.description = text; goods.hs = 1[7:1]\n"
	"  J: goods.description = join 1..2\n";

/* Pieces of `text`, which stand for the bytes of the input as the runs say. */
static void feed(struct testing *testing, const char *tag, struct tw_unit *unit,
		 const struct tw_piece *pieces, unsigned count)
{
	static const struct tw_slice names[4];
	unit->kind = TW_UNIT_LEAF;
	unit->tag = tw_slice_string(tag);
	unit->bytes = tw_buffer_slice(&testing->input);
	unit->pieces = pieces;
	unit->piece_count = count;
	unit->names = names;
	assert_int_equal(tw_walk_unit(testing->walk, unit), TW_OK);
}

static struct testing *begin(const char *input)
{
	struct testing *testing = testing_with_map(MAP);
	tw_buffer_append(&testing->input, input, strlen(input));
	testing_begin(testing, "xml");
	return testing;
}

#define PIECE(number, from, count)                                                     \
	{.start = (from), .length = (count), .element = (number), .component = 1,       \
	 .repetition = 1, .flags = TW_PIECE_DECODED}

/* <D>TABLET&#32;PRESS &amp; DIE</D>: two characters stand for five bytes each. */
static void test_reference(void **state)
{
	(void)state;
	struct testing *testing = begin("<D>TABLET&#32;PRESS &amp; DIE</D>");
	static const struct tw_unit_run runs[] = {
		{0, 6, 3, 6}, {6, 1, 9, 5}, {7, 6, 14, 6}, {13, 1, 20, 5}, {14, 4, 25, 4}};
	static const struct tw_piece piece[] = {PIECE(1, 0, 18)};
	struct tw_unit unit = {.text = TW_LITERAL("TABLET PRESS & DIE"), .runs = runs, .run_count = 5};
	feed(testing, "D", &unit, piece, 1);
	testing_end(testing, testing->input.length);
	const struct tw_consignment *view = &testing->views[0];
	int goods = tw_first(view, TW_GOODS_DESCRIPTION);
	assert_text(view, goods, "TABLET PRESS & DIE");
	assert_spans(testing, view, goods, "TABLET PRESS", "TABLET&#32;PRESS");
	assert_spans(testing, view, goods, "& DIE", "&amp; DIE");
	assert_spans(testing, view, goods, "PRESS", "PRESS");
	/* A slice of it has the bytes of its own. */
	int hs = tw_first(view, TW_GOODS_HS);
	assert_text(view, hs, "P");
	assert_spans(testing, view, hs, "P", "P");
	testing_free(testing);
}

/* A condition asks the text, not the bytes: "A&amp;B" is A&B. */
static void test_condition(void **state)
{
	(void)state;
	struct testing *testing = begin("<D>A&amp;B</D>");
	static const struct tw_unit_run runs[] = {{0, 1, 3, 1}, {1, 1, 4, 5}, {2, 1, 9, 1}};
	static const struct tw_piece piece[] = {PIECE(1, 0, 3)};
	struct tw_unit unit = {.text = TW_LITERAL("A&B"), .runs = runs, .run_count = 3};
	feed(testing, "D", &unit, piece, 1);
	testing_end(testing, testing->input.length);
	assert_text(&testing->views[0], tw_first(&testing->views[0], TW_GOODS_MARKS), "seen");
	testing_free(testing);
}

/* Two decoded pieces in one text: runs of the first end where the second's begin. */
static void test_join(void **state)
{
	(void)state;
	struct testing *testing = begin("");
	tw_buffer_append(&testing->input, "T\0A\0B\0, P\0Q\0", 12);
	static const struct tw_unit_run runs[] = {{0, 1, 0, 2}, {1, 1, 2, 2}, {2, 1, 4, 2},
						  {3, 1, 8, 2}, {4, 1, 10, 2}};
	static const struct tw_piece pieces[] = {PIECE(1, 0, 3), PIECE(2, 3, 2)};
	struct tw_unit unit = {.text = TW_LITERAL("TABPQ"), .runs = runs, .run_count = 5};
	feed(testing, "J", &unit, pieces, 2);
	testing_end(testing, testing->input.length);
	const struct tw_consignment *view = &testing->views[0];
	int goods = tw_first(view, TW_GOODS_DESCRIPTION);
	struct tw_span spans[8];
	assert_text(view, goods, "TAB PQ");
	assert_int_equal(tw_record_spans(view, goods, 1, 2, spans, 8), 1);
	assert_int_equal(spans[0].offset, 2);
	assert_int_equal(spans[0].length, 4);
	assert_int_equal(tw_record_spans(view, goods, 4, 2, spans, 8), 1);
	assert_int_equal(spans[0].offset, 8);
	assert_int_equal(spans[0].length, 4);
	testing_free(testing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reference),
		cmocka_unit_test(test_condition),
		cmocka_unit_test(test_join),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
