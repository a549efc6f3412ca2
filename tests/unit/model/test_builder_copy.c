/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "model/builder.h"

/* A consignment at 100 of a message at 40: a text of `length` blots, and one with runs behind it. */
static void write_record(struct tw_buffer *out, size_t length)
{
	static const char blots[] = "XXXXXXXX";
	/* "TABLET PRESS" of "TABLET?'\nPRESS" at 300: six bytes, a blank for three, five. */
	static const struct tw_run runs[] = {{0, 6, 0, 6}, {6, 1, 6, 3}, {7, 5, 9, 5}};
	struct tw_builder builder = {0};
	tw_builder_message(&builder, 40);
	tw_builder_consignment(&builder, 100);
	tw_builder_add(&builder, &(struct tw_new_value){
		.field = TW_GOODS_MARKS, .text = tw_slice(blots, length), .number = (double)NAN,
		.origin = 200, .origin_length = length});
	tw_builder_add(&builder, &(struct tw_new_value){
		.field = TW_GOODS_DESCRIPTION, .item = 2, .text = TW_LITERAL("TABLET PRESS"),
		.number = (double)NAN, .origin = 300, .origin_length = 14, .runs = runs,
		.run_count = 3});
	assert_int_equal(tw_builder_write(&builder, 400, out), TW_OK);
	tw_builder_free(&builder);
}

static void assert_description(const struct tw_consignment *view, int value, unsigned item)
{
	struct tw_span spans[4];
	assert_true(tw_slice_is(tw_text(view, value), "TABLET PRESS"));
	assert_int_equal(tw_item(view, value), item);
	assert_int_equal(tw_record_spans(view, value, 0, 6, spans, 4), 1);
	assert_int_equal(spans[0].offset, 300);
	assert_int_equal(spans[0].length, 6);
	assert_int_equal(tw_record_spans(view, value, 7, 5, spans, 4), 1);
	assert_int_equal(spans[0].offset, 309);
	assert_int_equal(spans[0].length, 5);
}

/* Whatever stands before it, a value goes over with its runs, behind those of its field. */
static void test_copy(void **state)
{
	(void)state;
	for (size_t first = 0; first < 5; first++)
		for (size_t second = 0; second < 5; second++) {
			struct tw_buffer one = {0}, two = {0}, merged = {0};
			struct tw_consignment view;
			struct tw_builder builder = {0};
			write_record(&one, first);
			write_record(&two, second);
			assert_int_equal(tw_record_view(tw_buffer_slice(&one), &view), TW_OK);
			tw_builder_load(&builder, &view);
			assert_int_equal(tw_record_view(tw_buffer_slice(&two), &view), TW_OK);
			assert_int_equal(tw_builder_copy(&builder, &view, 1, 3), 2);
			assert_int_equal(tw_builder_write(&builder, 500, &merged), TW_OK);
			assert_int_equal(tw_record_view(tw_buffer_slice(&merged), &view), TW_OK);
			int value = tw_first(&view, TW_GOODS_DESCRIPTION);
			assert_description(&view, value, 2);
			assert_description(&view, tw_next(&view, value), 5);
			assert_int_equal(view.record->base, 100);
			assert_int_equal(view.record->message_base, 40);
			tw_builder_free(&builder);
			tw_buffer_free(&one);
			tw_buffer_free(&two);
			tw_buffer_free(&merged);
		}
}

/* Beyond the item numbers there are, and beyond the entries a record holds, nothing is added. */
static void test_limits(void **state)
{
	(void)state;
	struct tw_buffer one = {0};
	struct tw_consignment view;
	struct tw_builder builder = {0};
	write_record(&one, 3);
	assert_int_equal(tw_record_view(tw_buffer_slice(&one), &view), TW_OK);
	tw_builder_load(&builder, &view);
	assert_int_equal(tw_builder_copy(&builder, &view, 1, 65534), -1);
	while (builder.entry_count < TW_RECORD_ENTRY_LIMIT)
		assert_true(tw_builder_copy(&builder, &view, 1, 0) >= 0);
	assert_int_equal(tw_builder_copy(&builder, &view, 1, 0), -1);
	tw_builder_free(&builder);
	tw_buffer_free(&one);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
