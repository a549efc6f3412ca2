/* SPDX-License-Identifier: Apache-2.0 */
#include "model_testing.h"

/* Steps along chains are counted: a cursor may take no more than there are values. */
static unsigned long steps;
#define tw_next(consignment, value) (steps++, (tw_next)(consignment, value))
#include "tidewaiter/cursor.h"
#undef tw_next

#define ITEMS 20000u

/* Of three items one has no text and one has two; every second one has a weight. */
static void make_items(struct tw_builder *builder)
{
	tw_builder_message(builder, 0);
	tw_builder_consignment(builder, 0);
	for (unsigned i = 0; i < ITEMS; i++) {
		unsigned item = tw_builder_item(builder, TW_GROUP_goods);
		for (unsigned text = 0; text < i % 3; text++)
			put_text(builder, TW_GOODS_DESCRIPTION, item, "T");
		if (i % 2 == 0)
			put_number(builder, TW_GOODS_GROSS, item, i);
	}
}

static void test_items_in_order(void **state)
{
	struct tw_builder builder = {0};
	(void)state;
	make_items(&builder);
	struct tw_consignment view = tw_builder_view(&builder);
	struct tw_cursor texts = {.field = TW_GOODS_DESCRIPTION};
	struct tw_cursor weights = {.field = TW_GOODS_GROSS};
	steps = 0;
	for (unsigned item = 0; item < ITEMS; item++) {
		int text = tw_cursor_find(&texts, &view, item);
		int weight = tw_cursor_find(&weights, &view, item);
		assert_int_equal(text >= 0, item % 3 > 0);
		assert_int_equal(tw_item(&view, text), text < 0 ? 0 : item);
		assert_int_equal(weight >= 0, item % 2 == 0);
		if (weight >= 0)
			assert_int_equal((unsigned)tw_number(&view, weight), item);
		/* Asked again: the first of the item's, as before. */
		assert_int_equal(tw_cursor_find(&texts, &view, item), text);
	}
	assert_in_range(steps, 1, ITEMS + ITEMS / 2);
	tw_builder_free(&builder);
}

static void test_other_orders_as_tw_find(void **state)
{
	struct tw_builder builder = {0};
	(void)state;
	make_items(&builder);
	struct tw_consignment view = tw_builder_view(&builder);
	struct tw_cursor texts = {.field = TW_GOODS_DESCRIPTION};
	struct tw_cursor none = {.field = TW_GOODS_VALUE};
	for (unsigned i = 0; i < 200; i++) {
		unsigned item = i * 7919u % (ITEMS + 100);
		assert_int_equal(tw_cursor_find(&texts, &view, item),
				 tw_find(&view, TW_GOODS_DESCRIPTION, item));
		assert_int_equal(tw_cursor_find(&none, &view, item), -1);
	}
	tw_builder_free(&builder);
}

static void test_goods_items(void **state)
{
	struct tw_builder builder = {0};
	(void)state;
	make_items(&builder);
	struct tw_consignment view = tw_builder_view(&builder);
	struct tw_goods_cursor cursor = tw_goods_cursor(&view);
	steps = 0;
	for (int value = tw_first(&view, TW_GOODS_GROSS); value >= 0; value = tw_next(&view, value)) {
		unsigned item = tw_item(&view, value);
		assert_int_equal(tw_goods_cursor_item(&cursor, &view, value),
				 item % 3 > 0 ? (int)item : -1);
	}
	assert_in_range(steps, 1, ITEMS);
	assert_int_equal(tw_goods_cursor_item(&cursor, &view, -1), -1);
	tw_builder_free(&builder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_items_in_order),
		cmocka_unit_test(test_other_orders_as_tw_find),
		cmocka_unit_test(test_goods_items),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
