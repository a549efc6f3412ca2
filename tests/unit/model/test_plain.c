/* SPDX-License-Identifier: Apache-2.0 */
/* The short way into the builder writes what the long one would. */
#include "model_testing.h"

static const struct value {
	enum tw_field field;
	unsigned item;
	const char *text;
	uint64_t origin;
	double number;
	enum tw_unit_of_measure unit;
	uint8_t flags;
} VALUES[] = {
	{TW_PARTY_NAME, 0, "ALPHA", 120, 1, TW_MEASURE_NONE, 0},
	{TW_PARTY_NAME, 1, "BETA", 130, 2, TW_MEASURE_NONE, 0},
	{TW_GOODS_GROSS, 0, "12.5", 140, 12.5, TW_MEASURE_KG, 0},
	{TW_PARTY_ROLE, 0, "CZ", 100, TW_PARTY_SHIPPER, TW_MEASURE_NONE, TW_ENTRY_DERIVED},
	{TW_PARTY_NAME, 1, "", 150, 0, TW_MEASURE_NONE, 0},
	{TW_GOODS_GROSS, 3, "7", 5000000, 7, TW_MEASURE_LB, 0},
};

static void prepare(struct tw_builder *builder)
{
	tw_builder_message(builder, 10);
	(void)tw_builder_add(builder, &(struct tw_new_value){
		.field = TW_MESSAGE_TYPE, .text = TW_LITERAL("CUSCAR"), .origin = 12,
		.origin_length = 6});
	tw_builder_consignment(builder, 100);
	assert_int_equal(tw_buffer_reserve(&builder->texts, 4096), TW_OK);
}

static void test_same_record(void **state)
{
	(void)state;
	struct tw_builder by_builder = {0};
	struct tw_builder by_append = {0};
	struct tw_buffer wanted = {0};
	struct tw_buffer got = {0};
	prepare(&by_builder);
	prepare(&by_append);
	for (size_t i = 0; i < sizeof(VALUES) / sizeof(VALUES[0]); i++) {
		const struct value *value = &VALUES[i];
		struct tw_slice text = tw_slice_string(value->text);
		assert_true(tw_builder_add(&by_builder, &(struct tw_new_value){
			.field = value->field, .item = value->item, .text = text,
			.number = value->number, .unit = value->unit, .flags = value->flags,
			.origin = value->origin, .origin_length = text.length}) >= 0);
		assert_true(tw_builder_add_plain(&by_append, &(struct tw_plain_value){
			.field = (uint8_t)value->field, .item = (uint16_t)value->item, .text = text,
			.number = value->number, .unit = (uint8_t)value->unit,
			.flags = value->flags, .origin = value->origin,
			.origin_length = (uint32_t)text.length}));
	}
	assert_memory_equal(by_builder.last, by_append.last, sizeof(by_builder.last));
	assert_int_equal(tw_builder_write(&by_builder, 200, &wanted), TW_OK);
	assert_int_equal(tw_builder_write(&by_append, 200, &got), TW_OK);
	assert_int_equal(wanted.length, got.length);
	assert_memory_equal(wanted.data, got.data, got.length);
	tw_builder_free(&by_builder);
	tw_builder_free(&by_append);
	tw_buffer_free(&wanted);
	tw_buffer_free(&got);
}

/* Where it cannot, it has done nothing. */
static void test_refusals(void **state)
{
	(void)state;
	struct tw_builder builder = {0};
	struct tw_plain_value plain = {
		.field = TW_PARTY_NAME, .text = TW_LITERAL("A"), .origin = 99, .origin_length = 1};
	prepare(&builder);
	uint32_t count = builder.entry_count;
	size_t length = builder.texts.length;
	assert_false(tw_builder_add_plain(&builder, &plain)); /* before the consignment's start */
	plain.origin = UINT64_C(0x100000064);
	assert_false(tw_builder_add_plain(&builder, &plain)); /* more than 4 GiB behind it */
	plain.origin = 100;
	builder.texts.length = builder.texts.capacity;
	assert_false(tw_builder_add_plain(&builder, &plain)); /* no room */
	builder.texts.length = length;
	assert_int_equal(builder.entry_count, count);
	assert_int_equal(builder.last[TW_PARTY_NAME], 0);
	assert_true(tw_builder_add_plain(&builder, &plain));
	tw_builder_free(&builder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_record),
		cmocka_unit_test(test_refusals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
