/* SPDX-License-Identifier: Apache-2.0 */
#include "model_testing.h"

#include <stdlib.h>

/* A value that stands at `origin` in the stream, as it is or made from runs. */
static int put_at(struct tw_builder *builder, enum tw_field field, const char *text,
		  uint64_t origin, uint64_t origin_length, const struct tw_run *runs,
		  unsigned run_count)
{
	return tw_builder_add(builder, &(struct tw_new_value){
		.field = field, .text = tw_slice_string(text), .number = (double)NAN,
		.origin = origin, .origin_length = origin_length, .runs = runs,
		.run_count = run_count});
}

/* A header of two values, and the mark. */
static void put_header(struct tw_builder *builder)
{
	tw_builder_message(builder, 1000);
	put_at(builder, TW_INTERCHANGE_SENDER, "SENDER", 1010, 6, NULL, 0);
	put_at(builder, TW_CONSIGNMENT_DESCRIPTION, "OF THE HEADER", 1020, 13, NULL, 0);
	tw_builder_item(builder, TW_GROUP_party);
}

static void test_mark_and_rewind(void **state)
{
	struct tw_builder builder = {0};
	(void)state;
	put_header(&builder);
	tw_builder_consignment(&builder, 1100);
	assert_int_equal(tw_builder_item(&builder, TW_GROUP_party), 1);
	int own = put_at(&builder, TW_CONSIGNMENT_DESCRIPTION, "FIRST", 1110, 5, NULL, 0);
	put_at(&builder, TW_GOODS_MARKS, "M", 1120, 1, NULL, 0);
	size_t first_size = tw_builder_size(&builder);
	struct tw_consignment view = tw_builder_view(&builder);
	int header = tw_first(&view, TW_CONSIGNMENT_DESCRIPTION);
	assert_slice(tw_text(&view, header), "OF THE HEADER");
	assert_int_equal(tw_next(&view, header), own);

	/* The next consignment has the header's facts and nothing of the first. */
	tw_builder_consignment(&builder, 1200);
	view = tw_builder_view(&builder);
	assert_true(tw_builder_size(&builder) < first_size);
	assert_int_equal(view.entry_count, 2);
	assert_slice(tw_text(&view, tw_first(&view, TW_INTERCHANGE_SENDER)), "SENDER");
	header = tw_first(&view, TW_CONSIGNMENT_DESCRIPTION);
	assert_slice(tw_text(&view, header), "OF THE HEADER");
	assert_int_equal(tw_next(&view, header), -1);
	assert_int_equal(tw_first(&view, TW_GOODS_MARKS), -1);
	assert_int_equal(tw_builder_item(&builder, TW_GROUP_party), 1);
	own = put_at(&builder, TW_CONSIGNMENT_DESCRIPTION, "SECOND", 1210, 6, NULL, 0);
	view = tw_builder_view(&builder);
	assert_int_equal(tw_next(&view, header), own);
	assert_slice(tw_text(&view, own), "SECOND");

	/* The next message has nothing of this one. */
	tw_builder_message(&builder, 2000);
	tw_builder_consignment(&builder, 2100);
	view = tw_builder_view(&builder);
	assert_int_equal(view.entry_count, 0);
	assert_int_equal(tw_first(&view, TW_INTERCHANGE_SENDER), -1);
	assert_int_equal(tw_builder_item(&builder, TW_GROUP_party), 0);
	tw_builder_free(&builder);
	tw_builder_free(NULL);
}

static void test_chains(void **state)
{
	static const enum tw_field fields[] = {TW_GOODS_HS, TW_GOODS_MARKS, TW_RAW_TEXT};
	struct tw_builder builder = {0};
	(void)state;
	begin(&builder);
	for (unsigned i = 0; i < 3000; i++)
		put_number(&builder, fields[i % 3], i / 3, i);
	struct tw_consignment view = tw_builder_view(&builder);
	for (unsigned field = 0; field < 3; field++) {
		unsigned count = 0;
		for (int value = tw_first(&view, fields[field]); value >= 0;
		     value = tw_next(&view, value), count++) {
			assert_int_equal(tw_item(&view, value), count);
			assert_int_equal((unsigned)tw_number(&view, value), count * 3 + field);
			assert_int_equal(tw_field_of(&view, value), fields[field]);
		}
		assert_int_equal(count, 1000);
		assert_int_equal((unsigned)tw_number(&view, tw_find(&view, fields[field], 999)),
				 2997 + field);
	}
	tw_builder_free(&builder);
}

static void test_roles(void **state)
{
	struct tw_builder builder = {0};
	(void)state;
	begin(&builder);
	put_number(&builder, TW_PARTY_ROLE, 4, TW_PARTY_NOTIFY);
	put_number(&builder, TW_PARTY_ROLE, 5, TW_PARTY_SHIPPER);
	put_number(&builder, TW_PARTY_ROLE, 6, TW_PARTY_NOTIFY);
	put_place(&builder, TW_PLACE_LOADING, "CNSHA");
	put_document(&builder, TW_DOCUMENT_HOUSE, "H1");
	put_document(&builder, TW_DOCUMENT_MASTER, "M1");
	struct tw_consignment view = tw_builder_view(&builder);
	assert_int_equal(tw_party(&view, TW_PARTY_NOTIFY, 0), 4);
	assert_int_equal(tw_party(&view, TW_PARTY_NOTIFY, 1), 6);
	assert_int_equal(tw_party(&view, TW_PARTY_NOTIFY, 2), -1);
	assert_int_equal(tw_party(&view, TW_PARTY_CARRIER, 0), -1);
	assert_int_equal(tw_place(&view, TW_PLACE_LOADING, 0), 0);
	assert_slice(tw_document(&view, TW_DOCUMENT_MASTER), "M1");
	assert_slice(tw_document(&view, TW_DOCUMENT_HOUSE), "H1");
	assert_slice(tw_document(&view, TW_DOCUMENT_BOOKING), "");
	tw_builder_free(&builder);
}

/* What is written is what was built, aligned, also behind other bytes. */
static void test_write(void **state)
{
	struct tw_builder builder = {0};
	struct tw_buffer out = {0};
	struct tw_consignment view;
	(void)state;
	put_header(&builder);
	for (unsigned i = 0; i < 3; i++) {
		tw_builder_consignment(&builder, 1100 + i * 100);
		put_at(&builder, TW_GOODS_DESCRIPTION, &"ODD"[i], 1110 + i * 100, 3 - i, NULL, 0);
		assert_int_equal(tw_builder_write(&builder, 1199 + i * 100, &out), TW_OK);
		assert_int_equal(out.length % 8, 0);
	}
	struct tw_slice rest = tw_buffer_slice(&out);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(tw_record_view(rest, &view), TW_OK);
		assert_int_equal(view.record->size % 8, 0);
		assert_int_equal(view.record->message_base, 1000);
		assert_int_equal(view.record->base, 1100 + i * 100);
		assert_int_equal(view.record->end, 1199 + i * 100);
		assert_int_equal(view.record->items[TW_GROUP_party], 1);
		assert_slice(tw_text(&view, tw_first(&view, TW_INTERCHANGE_SENDER)), "SENDER");
		assert_slice(tw_text(&view, tw_first(&view, TW_GOODS_DESCRIPTION)), &"ODD"[i]);
		rest = tw_slice_from(rest, view.record->size);
	}
	assert_int_equal(rest.length, 0);
	tw_buffer_free(&out);
	tw_builder_free(&builder);
}

static void assert_spans(const struct tw_builder *builder, int value, const uint32_t part[2],
			 const uint64_t (*expected)[2], unsigned count)
{
	struct tw_span spans[8];
	/* What accessors of a record being built need of its head is set on writing. */
	struct tw_builder copy = *builder;
	struct tw_buffer out = {0};
	struct tw_consignment view;
	assert_int_equal(tw_builder_write(&copy, 9999, &out), TW_OK);
	assert_int_equal(tw_record_view(tw_buffer_slice(&out), &view), TW_OK);
	assert_int_equal(tw_record_spans(&view, value, part[0], part[1], spans, 8), count);
	for (unsigned i = 0; i < count; i++) {
		assert_int_equal(spans[i].offset, expected[i][0]);
		assert_int_equal(spans[i].length, expected[i][1]);
	}
	tw_buffer_free(&out);
}

#define WHOLE ((const uint32_t[2]){0, 0})
#define PART(from, length) ((const uint32_t[2]){(from), (length)})
#define SPANS(...) ((const uint64_t[][2]){__VA_ARGS__}), \
		   sizeof((const uint64_t[][2]){__VA_ARGS__}) / sizeof(uint64_t[2])

static void test_spans_plain(void **state)
{
	struct tw_builder builder = {0};
	(void)state;
	put_header(&builder);
	tw_builder_consignment(&builder, 5000);
	int value = put_at(&builder, TW_GOODS_DESCRIPTION, "TABLET PRESS", 5040, 12, NULL, 0);
	assert_spans(&builder, value, WHOLE, SPANS({5040, 12}));
	assert_spans(&builder, value, PART(7, 5), SPANS({5047, 5}));
	assert_spans(&builder, value, PART(7, 100), SPANS({5047, 5})); /* clipped */
	assert_spans(&builder, value, PART(13, 1), NULL, 0);
	assert_spans(&builder, -1, WHOLE, NULL, 0);
	assert_spans(&builder, 99, WHOLE, NULL, 0);
	/* The header's values count from the message, whatever consignment it is. */
	assert_spans(&builder, 0, WHOLE, SPANS({1010, 6}));
	assert_spans(&builder, 1, PART(3, 3), SPANS({1023, 3}));
	tw_builder_free(&builder);
}

/* "PILL" and "PRESS" of two elements, joined by a blank that stands nowhere. */
static void test_spans_joined(void **state)
{
	static const struct tw_run runs[] = {{0, 4, 0, 4}, {5, 5, 10, 5}};
	struct tw_builder builder = {0};
	(void)state;
	begin(&builder);
	int value = put_at(&builder, TW_GOODS_DESCRIPTION, "PILL PRESS", 1140, 15, runs, 2);
	assert_spans(&builder, value, WHOLE, SPANS({1140, 4}, {1150, 5}));
	assert_spans(&builder, value, PART(0, 4), SPANS({1140, 4}));
	assert_spans(&builder, value, PART(5, 5), SPANS({1150, 5}));
	assert_spans(&builder, value, PART(2, 5), SPANS({1142, 2}, {1150, 2}));
	assert_spans(&builder, value, PART(4, 1), NULL, 0);
	tw_builder_free(&builder);
}

/* "A+B?C": the input is "A?+B??C", a release character before two of them. */
static void test_spans_unescaped(void **state)
{
	static const struct tw_run runs[] = {
		{0, 1, 0, 1}, {1, 1, 1, 2}, {2, 1, 3, 1}, {3, 1, 4, 2}, {4, 1, 6, 1}};
	struct tw_builder builder = {0};
	(void)state;
	begin(&builder);
	int value = put_at(&builder, TW_GOODS_DESCRIPTION, "A+B?C", 1200, 7, runs, 5);
	assert_spans(&builder, value, WHOLE, SPANS({1200, 7})); /* neighbours are merged */
	assert_spans(&builder, value, PART(1, 1), SPANS({1201, 2}));
	assert_spans(&builder, value, PART(2, 2), SPANS({1203, 3}));
	assert_spans(&builder, value, PART(4, 1), SPANS({1206, 1}));
	tw_builder_free(&builder);
}

/* Spans beyond the limit are left out; a derived value stands nowhere. */
static void test_spans_limits(void **state)
{
	static const struct tw_run runs[] = {{0, 1, 0, 1}, {1, 1, 10, 1}, {2, 1, 20, 1}};
	struct tw_builder builder = {0};
	struct tw_span spans[3] = {{0, 0}, {0, 0}, {7, 7}};
	struct tw_buffer out = {0};
	struct tw_consignment view;
	(void)state;
	begin(&builder);
	int value = put_at(&builder, TW_GOODS_DESCRIPTION, "ABC", 1200, 21, runs, 3);
	int derived = tw_builder_add(&builder, &(struct tw_new_value){
		.field = TW_CONSIGNMENT_ORIGIN, .text = TW_LITERAL("CNSHA"), .number = (double)NAN,
		.flags = TW_ENTRY_DERIVED});
	assert_int_equal(tw_builder_write(&builder, 1300, &out), TW_OK);
	assert_int_equal(tw_record_view(tw_buffer_slice(&out), &view), TW_OK);
	assert_true(tw_derived(&view, derived));
	assert_false(tw_derived(&view, value));
	assert_int_equal(tw_record_spans(&view, derived, 0, 0, spans, 3), 0);
	assert_int_equal(tw_record_spans(&view, value, 0, 0, spans, 2), 2);
	assert_int_equal(spans[1].offset, 1210);
	assert_int_equal(spans[2].offset, 7);
	tw_buffer_free(&out);
	tw_builder_free(&builder);
}

/* More entries than a record holds are left out, said so, and the rest is a record. */
static void test_overflow(void **state)
{
	struct tw_builder builder = {0};
	struct tw_buffer out = {0};
	struct tw_consignment view;
	(void)state;
	begin(&builder);
	for (unsigned i = 0; i < TW_RECORD_ENTRY_LIMIT; i++)
		put_number(&builder, TW_RAW_TEXT, 0, i);
	assert_false(builder.overflow);
	assert_int_equal(put_at(&builder, TW_RAW_TEXT, "x", 1200, 1, NULL, 0), -1);
	assert_true(builder.overflow);
	assert_int_equal(tw_builder_write(&builder, 9999, &out), TW_OK);
	assert_int_equal(tw_record_view(tw_buffer_slice(&out), &view), TW_OK);
	int last = -1;
	for (int value = tw_first(&view, TW_RAW_TEXT); value >= 0; value = tw_next(&view, value))
		last = value;
	assert_int_equal(last, TW_RECORD_ENTRY_LIMIT - 1);
	tw_builder_consignment(&builder, 1300);
	assert_false(builder.overflow);
	assert_int_equal(put_at(&builder, (enum tw_field)TW_FIELD_LIMIT, "x", 1300, 1, NULL, 0), -1);
	tw_buffer_free(&out);
	tw_builder_free(&builder);
}

/* A record of three entries, in memory of exactly its size. */
static char *make_record(size_t *ret_size)
{
	static const struct tw_run runs[] = {{0, 1, 0, 1}, {1, 1, 2, 1}};
	struct tw_builder builder = {0};
	struct tw_buffer out = {0};
	begin(&builder);
	put_at(&builder, TW_GOODS_DESCRIPTION, "ONE", 1110, 3, NULL, 0);
	put_at(&builder, TW_GOODS_HS, "TW", 1120, 3, runs, 2);
	put_at(&builder, TW_GOODS_DESCRIPTION, "THREE", 1130, 5, NULL, 0);
	assert_int_equal(tw_builder_write(&builder, 1200, &out), TW_OK);
	char *bytes = malloc(out.length);
	assert_non_null(bytes);
	memcpy(bytes, out.data, out.length);
	*ret_size = out.length;
	tw_buffer_free(&out);
	tw_builder_free(&builder);
	return bytes;
}

static void test_truncated(void **state)
{
	size_t size = 0;
	char *bytes = make_record(&size);
	struct tw_consignment view;
	(void)state;
	assert_int_equal(tw_record_view(tw_slice(bytes, size), &view), TW_OK);
	for (size_t length = 0; length < size; length++) {
		char *cut = malloc(length > 0 ? length : 1); /* so that reading behind is seen */
		assert_non_null(cut);
		memcpy(cut, bytes, length);
		assert_int_equal(tw_record_view(tw_slice(cut, length), &view), TW_ERROR_INVALID);
		free(cut);
	}
	assert_int_equal(tw_record_view(tw_slice(NULL, 0), &view), TW_ERROR_INVALID);
	free(bytes);
}

/* Refused with the number at an offset replaced, and taken with it put back. */
static void refused_with(char *bytes, size_t size, size_t at, const void *number, size_t width)
{
	char kept[8];
	struct tw_consignment view;
	memcpy(kept, bytes + at, width);
	memcpy(bytes + at, number, width);
	if (tw_record_view(tw_slice(bytes, size), &view) != TW_ERROR_INVALID)
		fail_msg("a record damaged at byte %zu is believed", at);
	memcpy(bytes + at, kept, width);
	assert_int_equal(tw_record_view(tw_slice(bytes, size), &view), TW_OK);
}

#define HEAD_AT(member) offsetof(struct tw_record, member)
#define ENTRY_AT(index, member) \
	(sizeof(struct tw_record) + (index) * sizeof(struct tw_entry) + \
	 offsetof(struct tw_entry, member))

static void refused32(char *bytes, size_t size, size_t at, uint32_t number)
{
	refused_with(bytes, size, at, &number, sizeof(number));
}

static void refused16(char *bytes, size_t size, size_t at, uint16_t number)
{
	refused_with(bytes, size, at, &number, sizeof(number));
}

static void test_damaged_head(void **state)
{
	size_t size = 0;
	char *bytes = make_record(&size);
	(void)state;
	refused32(bytes, size, HEAD_AT(magic), 0);
	refused32(bytes, size, HEAD_AT(size), (uint32_t)size + 8);
	refused32(bytes, size, HEAD_AT(size), UINT32_MAX);
	refused32(bytes, size, HEAD_AT(size), 0);
	refused32(bytes, size, HEAD_AT(size), (uint32_t)sizeof(struct tw_record));
	refused32(bytes, size, HEAD_AT(entry_count), 2);
	refused32(bytes, size, HEAD_AT(entry_count), 4);
	refused32(bytes, size, HEAD_AT(entry_count), UINT32_MAX);
	refused32(bytes, size, HEAD_AT(text_start), 0);
	refused32(bytes, size, HEAD_AT(text_start), UINT32_MAX);
	refused32(bytes, size, HEAD_AT(text_length), (uint32_t)size);
	refused32(bytes, size, HEAD_AT(text_length), UINT32_MAX);
	refused32(bytes, size, HEAD_AT(text_length), 1);
	refused16(bytes, size, HEAD_AT(first) + 2 * TW_GOODS_HS, 4);
	refused16(bytes, size, HEAD_AT(first) + 2 * TW_RAW_TEXT, UINT16_MAX);
	free(bytes);
}

static void test_damaged_entries(void **state)
{
	size_t size = 0;
	char *bytes = make_record(&size);
	(void)state;
	refused16(bytes, size, ENTRY_AT(0, field), TW_FIELD_LIMIT);
	refused16(bytes, size, ENTRY_AT(1, field), UINT16_MAX);
	refused16(bytes, size, ENTRY_AT(0, next), 4);
	refused16(bytes, size, ENTRY_AT(0, next), UINT16_MAX);
	refused16(bytes, size, ENTRY_AT(0, next), 1); /* itself: a chain without end */
	refused16(bytes, size, ENTRY_AT(2, next), 1); /* back */
	refused32(bytes, size, ENTRY_AT(2, start), UINT32_MAX);
	refused32(bytes, size, ENTRY_AT(0, length), (uint32_t)size);
	refused32(bytes, size, ENTRY_AT(0, length), UINT32_MAX);
	refused32(bytes, size, ENTRY_AT(1, start), UINT32_MAX - 1);
	free(bytes);
}

/* The chain of a field holds values of that field alone: the accessors promise it. */
static void test_damaged_chains(void **state)
{
	size_t size = 0;
	char *bytes = make_record(&size);
	(void)state;
	refused16(bytes, size, ENTRY_AT(0, next), 2);
	refused16(bytes, size, ENTRY_AT(1, next), 3);
	refused16(bytes, size, HEAD_AT(first) + 2 * TW_GOODS_HS, 1);
	refused16(bytes, size, HEAD_AT(first) + 2 * TW_GOODS_MARKS, 2);
	refused16(bytes, size, ENTRY_AT(1, field), TW_GOODS_MARKS);
	free(bytes);
}

static void test_damaged_alignment(void **state)
{
	size_t size = 0;
	char *bytes = make_record(&size);
	char *shifted = malloc(size + 8);
	struct tw_consignment view;
	(void)state;
	assert_non_null(shifted);
	for (size_t shift = 1; shift < 8; shift++) {
		memcpy(shifted + shift, bytes, size);
		assert_int_equal(tw_record_view(tw_slice(shifted + shift, size), &view),
				 TW_ERROR_INVALID);
	}
	free(shifted);
	free(bytes);
}

/* Runs that are cut short, or count more than there are, give no spans. */
static void test_damaged_runs(void **state)
{
	size_t size = 0;
	char *bytes = make_record(&size);
	struct tw_consignment view;
	struct tw_span spans[4];
	(void)state;
	assert_int_equal(tw_record_view(tw_slice(bytes, size), &view), TW_OK);
	assert_int_equal(tw_record_spans(&view, 1, 0, 0, spans, 4), 2);
	size_t at = view.record->text_start + ((view.entries[1].start + 2 + 3) & ~3u);
	uint32_t count = 0;
	memcpy(&count, bytes + at, sizeof(count));
	assert_int_equal(count, 2);
	for (uint32_t bits = 3; bits != 0; bits *= 2) {
		memcpy(bytes + at, &bits, sizeof(bits));
		assert_true(tw_record_spans(&view, 1, 0, 0, spans, 4) <= 4);
	}
	count = UINT32_MAX;
	memcpy(bytes + at, &count, sizeof(count));
	assert_int_equal(tw_record_spans(&view, 1, 0, 0, spans, 4), 0);
	free(bytes);
}

/* Any one bit turned: refused, or every accessor stays within the record. */
static void test_any_bit(void **state)
{
	size_t size = 0;
	char *bytes = make_record(&size);
	(void)state;
	for (size_t bit = 0; bit < size * 8; bit++) {
		struct tw_consignment view;
		struct tw_span spans[4];
		bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
		if (tw_record_view(tw_slice(bytes, size), &view) == TW_OK) {
			size_t sum = 0;
			for (unsigned field = 0; field < TW_FIELD_LIMIT; field++)
				for (int value = tw_first(&view, (enum tw_field)field); value >= 0;
				     value = tw_next(&view, value)) {
					struct tw_slice text = tw_text(&view, value);
					for (size_t i = 0; i < text.length; i++)
						sum += (unsigned char)text.data[i];
					sum += tw_record_spans(&view, value, 0, 0, spans, 4);
				}
			assert_true(sum < size * 256 * TW_FIELD_LIMIT);
		}
		bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
	}
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mark_and_rewind),
		cmocka_unit_test(test_chains),
		cmocka_unit_test(test_roles),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_spans_plain),
		cmocka_unit_test(test_spans_joined),
		cmocka_unit_test(test_spans_unescaped),
		cmocka_unit_test(test_spans_limits),
		cmocka_unit_test(test_overflow),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_damaged_head),
		cmocka_unit_test(test_damaged_entries),
		cmocka_unit_test(test_damaged_chains),
		cmocka_unit_test(test_damaged_alignment),
		cmocka_unit_test(test_damaged_runs),
		cmocka_unit_test(test_any_bit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
