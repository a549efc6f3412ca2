/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "screen/result.h"

static const struct tw_out_limits LIMITS = {.evidence = 2, .observations = 2, .payload_bytes = 16,
					    .state_bytes = 16};
static const struct tw_state STATE = {.slot = 3, .table = (5u << 16) | 2, .key = {"0123456789abcde"},
				      .bytes = {"state", 5}};

static const struct tw_evidence EVIDENCE = {
	.sid = 2100001, .field = TW_GOODS_DESCRIPTION, .value = 7, .start = 4, .length = 12,
	.shown = {"shown", 5}, .match = {"TABLET PRESS", 12}, .list = {"tableting.tsv", 13},
	.status = {"read", 4}, .family = {"text", 4}, .weight = -0.25, .why = {"It is one.", 10},
};

static void text_is(struct tw_slice slice, const char *expected)
{
	assert_true(tw_slice_is(slice, expected));
}

/* One block with a part of every kind. */
static void make_block(struct tw_buffer *bytes)
{
	struct tw_out out = {.bytes = bytes, .limits = &LIMITS, .table_count = 2};
	size_t at = tw_block_begin(bytes);
	assert_int_equal(tw_add_evidence(&out, &EVIDENCE), TW_OK);
	assert_int_equal(tw_observe(&out, 1, STATE.key, TW_LITERAL("payload")), TW_OK);
	assert_int_equal(tw_claim(&out, TW_TABLE_HITS, STATE.key), TW_OK);
	assert_int_equal(tw_state_write(&out, &STATE, TW_LITERAL("new")), TW_OK);
	assert_int_equal(tw_set_deadline(&out, &STATE, 1795168800.5), TW_OK);
	assert_int_equal(tw_add_related(&out, (struct tw_shipment){11, 22}), TW_OK);
	assert_int_equal(tw_raise(&out, &(struct tw_finding){2100001, 87.5, 2, {"Because.", 8}}),
			 TW_OK);
	assert_int_equal(out.met, 0);
	tw_block_end(bytes, at, (struct tw_block){.detector = 4, .status = TW_OK, .record = 9});
}

static struct tw_part next(struct tw_slice *parts, enum tw_part_kind kind)
{
	struct tw_part part;
	memset(&part, 0xee, sizeof(part)); /* nothing may rest on what was there */
	assert_int_equal(tw_part_next(parts, &part), 1);
	assert_int_equal(part.kind, kind);
	assert_int_equal(part.bytes.length % 8, 0);
	return part;
}

static void assert_evidence(const struct tw_evidence *evidence)
{
	assert_int_equal(evidence->sid, EVIDENCE.sid);
	assert_int_equal(evidence->field, EVIDENCE.field);
	assert_int_equal(evidence->value, 7);
	assert_int_equal(evidence->start, 4);
	assert_int_equal(evidence->length, 12);
	assert_true(evidence->weight >= -0.25 && evidence->weight <= -0.25);
	text_is(evidence->shown, "shown");
	text_is(evidence->match, "TABLET PRESS");
	text_is(evidence->list, "tableting.tsv");
	text_is(evidence->status, "read");
	text_is(evidence->family, "text");
	text_is(evidence->why, "It is one.");
}

static void test_round_trip(void **state)
{
	struct tw_buffer bytes = {0};
	struct tw_block block;
	struct tw_slice parts;
	(void)state;
	make_block(&bytes);
	struct tw_slice rest = tw_buffer_slice(&bytes);
	assert_int_equal(tw_block_next(&rest, &block, &parts), 1);
	assert_int_equal(block.detector, 4);
	assert_int_equal(block.record, 9);
	assert_int_equal(block.status, TW_OK);
	struct tw_part part = next(&parts, TW_PART_EVIDENCE);
	assert_evidence(&part.evidence);
	part = next(&parts, TW_PART_OBSERVATION);
	assert_int_equal(part.table, 1);
	assert_memory_equal(&part.key, &STATE.key, sizeof(part.key));
	text_is(part.payload, "payload");
	part = next(&parts, TW_PART_CLAIM);
	assert_int_equal(part.table, TW_TABLE_HITS);
	assert_int_equal(part.payload.length, 0);
	part = next(&parts, TW_PART_STATE);
	assert_int_equal(part.slot, 3);
	text_is(part.payload, "new");
	part = next(&parts, TW_PART_DEADLINE);
	assert_int_equal(part.slot, 3);
	assert_true(part.time >= 1795168800.5 && part.time <= 1795168800.5);
	part = next(&parts, TW_PART_RELATED);
	assert_int_equal(part.shipment.high, 11);
	assert_int_equal(part.shipment.low, 22);
	part = next(&parts, TW_PART_FINDING);
	assert_int_equal(part.finding.sid, 2100001);
	assert_int_equal(part.finding.severity, 2);
	assert_true(part.finding.score >= 87.5 && part.finding.score <= 87.5);
	text_is(part.finding.reason, "Because.");
	assert_int_equal(tw_part_next(&parts, &part), 0);
	assert_int_equal(tw_block_next(&rest, &block, &parts), 0);
	assert_int_equal(tw_state_table(&STATE), 2); /* the detector's own number */
	text_is(tw_state_bytes(&STATE), "state");
	tw_buffer_free(&bytes);
}

/* A call that produced nothing leaves nothing; a failed one, or one that met a limit, does. */
static void test_empty_blocks(void **state)
{
	struct tw_buffer bytes = {0};
	struct tw_block block;
	struct tw_slice parts;
	(void)state;
	tw_block_end(&bytes, tw_block_begin(&bytes), (struct tw_block){.detector = 1});
	assert_int_equal(bytes.length, 0);
	tw_block_end(&bytes, tw_block_begin(&bytes),
		     (struct tw_block){.detector = 1, .status = TW_ERROR_PLUGIN});
	tw_block_end(&bytes, tw_block_begin(&bytes),
		     (struct tw_block){.detector = 2, .met = TW_OUT_STATE});
	struct tw_slice rest = tw_buffer_slice(&bytes);
	assert_int_equal(tw_block_next(&rest, &block, &parts), 1);
	assert_int_equal(block.status, TW_ERROR_PLUGIN);
	assert_int_equal(parts.length, 0);
	assert_int_equal(tw_block_next(&rest, &block, &parts), 1);
	assert_int_equal(block.met, TW_OUT_STATE);
	assert_int_equal(tw_block_next(&rest, &block, &parts), 0);
	tw_buffer_free(&bytes);
}

/* What is over a limit is refused, remembered, and not written. */
static void test_limits(void **state)
{
	struct tw_buffer bytes = {0};
	struct tw_out out = {.bytes = &bytes, .limits = &LIMITS, .table_count = 2};
	struct tw_slice long_payload = TW_LITERAL("seventeen bytes..");
	(void)state;
	assert_int_equal(long_payload.length, 17);
	assert_int_equal(tw_observe(&out, 0, STATE.key, long_payload), TW_ERROR_LIMIT);
	assert_int_equal(out.met, TW_OUT_PAYLOAD);
	assert_int_equal(tw_state_write(&out, &STATE, long_payload), TW_ERROR_LIMIT);
	assert_int_equal(out.met, TW_OUT_PAYLOAD | TW_OUT_STATE);
	assert_int_equal(bytes.length, 0);
	assert_int_equal(tw_observe(&out, 0, STATE.key, tw_slice_part(long_payload, 0, 16)), TW_OK);
	assert_int_equal(tw_claim(&out, 0, STATE.key), TW_OK);
	assert_int_equal(tw_claim(&out, 0, STATE.key), TW_ERROR_LIMIT);
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(tw_add_evidence(&out, &EVIDENCE), TW_OK);
	size_t length = bytes.length;
	assert_int_equal(tw_add_evidence(&out, &EVIDENCE), TW_OK); /* left out, and told */
	assert_int_equal(bytes.length, length);
	assert_int_equal(out.met, TW_OUT_PAYLOAD | TW_OUT_STATE | TW_OUT_EVIDENCE);
	tw_buffer_free(&bytes);
}

/* A detector reaches its own tables and the public one, and no other's. */
static void test_tables(void **state)
{
	struct tw_buffer bytes = {0};
	struct tw_out out = {.bytes = &bytes, .limits = &LIMITS, .table_count = 2};
	(void)state;
	assert_int_equal(tw_observe(&out, 2, STATE.key, TW_LITERAL("x")), TW_ERROR_INVALID);
	assert_int_equal(tw_claim(&out, 0x10000, STATE.key), TW_ERROR_INVALID);
	assert_int_equal(out.met, TW_OUT_TABLE);
	assert_int_equal(bytes.length, 0);
	assert_int_equal(tw_observe(&out, 1, STATE.key, TW_LITERAL("x")), TW_OK);
	assert_int_equal(tw_claim(&out, TW_TABLE_HITS, STATE.key), TW_OK);
	tw_buffer_free(&bytes);
}

/* Reads all there is, every byte of every text; the status at the end. */
static int read_all(struct tw_slice rest, unsigned *ret_parts)
{
	struct tw_block block;
	struct tw_slice parts;
	unsigned sum = 0;
	int status = 0;
	*ret_parts = 0;
	while ((status = tw_block_next(&rest, &block, &parts)) > 0) {
		struct tw_part part = {.table = 0};
		while ((status = tw_part_next(&parts, &part)) > 0) {
			const struct tw_slice texts[] = {part.bytes, part.payload,
							 part.evidence.shown, part.evidence.why,
							 part.evidence.match, part.finding.reason};
			for (unsigned i = 0; i < 6; i++)
				for (size_t j = 0; j < texts[i].length; j++)
					sum += (unsigned char)texts[i].data[j];
			++*ret_parts;
			part = (struct tw_part){.table = 0};
		}
		if (status < 0)
			return status;
	}
	return sum == UINT32_MAX ? 1 : status;
}

static char *copy_of(const char *bytes, size_t length)
{
	char *copy = malloc(length > 0 ? length : 1);
	assert_non_null(copy);
	memcpy(copy, bytes, length);
	return copy;
}

static void test_truncated(void **state)
{
	struct tw_buffer bytes = {0};
	unsigned count = 0;
	(void)state;
	make_block(&bytes);
	assert_int_equal(read_all(tw_buffer_slice(&bytes), &count), 0);
	assert_int_equal(count, 7);
	for (size_t length = 1; length < bytes.length; length++) {
		char *cut = copy_of(bytes.data, length);
		assert_true(read_all(tw_slice(cut, length), &count) < 0);
		free(cut);
	}
	/* The parts of a whole block, cut: sound up to the cut, and never beyond it. */
	for (size_t length = 1; length < bytes.length - sizeof(struct tw_block); length++) {
		char *cut = copy_of(bytes.data + sizeof(struct tw_block), length);
		struct tw_slice parts = tw_slice(cut, length);
		struct tw_part part;
		int status;
		while ((status = tw_part_next(&parts, &part)) > 0)
			;
		assert_true(status < 0 || parts.length == 0);
		free(cut);
	}
	tw_buffer_free(&bytes);
}

static void refused_with(struct tw_buffer *bytes, size_t at, uint32_t number)
{
	uint32_t kept;
	unsigned count = 0;
	memcpy(&kept, bytes->data + at, sizeof(kept));
	memcpy(bytes->data + at, &number, sizeof(number));
	if (read_all(tw_buffer_slice(bytes), &count) >= 0)
		fail_msg("%u at byte %zu is believed", number, at);
	memcpy(bytes->data + at, &kept, sizeof(kept));
}

static void test_damaged(void **state)
{
	static const uint32_t sizes[] = {0, 1, 7, 100000, UINT32_MAX};
	struct tw_buffer bytes = {0};
	(void)state;
	make_block(&bytes);
	for (unsigned i = 0; i < 5; i++) {
		refused_with(&bytes, 0, sizes[i]); /* the block's size */
		refused_with(&bytes, sizeof(struct tw_block), sizes[i]); /* the first part's */
	}
	refused_with(&bytes, 0, (uint32_t)bytes.length - 4);
	refused_with(&bytes, sizeof(struct tw_block) + 4, 0); /* the first part's kind */
	refused_with(&bytes, sizeof(struct tw_block) + 4, TW_PART_FAULT + 1);
	refused_with(&bytes, sizeof(struct tw_block) + 4, UINT32_MAX);
	tw_buffer_free(&bytes);
}

/* Any one bit turned is refused, or read without leaving the bytes. */
static void test_any_bit(void **state)
{
	struct tw_buffer bytes = {0};
	(void)state;
	make_block(&bytes);
	char *copy = copy_of(bytes.data, bytes.length);
	for (size_t bit = 0; bit < bytes.length * 8; bit++) {
		unsigned count = 0;
		copy[bit / 8] = (char)(copy[bit / 8] ^ (1 << bit % 8));
		assert_true(read_all(tw_slice(copy, bytes.length), &count) <= 0);
		copy[bit / 8] = (char)(copy[bit / 8] ^ (1 << bit % 8));
	}
	free(copy);
	tw_buffer_free(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip), cmocka_unit_test(test_empty_blocks),
		cmocka_unit_test(test_limits),	   cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_damaged),	   cmocka_unit_test(test_any_bit),
		cmocka_unit_test(test_tables),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
