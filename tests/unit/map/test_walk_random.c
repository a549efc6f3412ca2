/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Units that no parser would make: any tag of the maps, pieces that lie about where
 * they are. Whatever comes, the records are sound and each span is inside the input;
 * and they are the same whether the walk may go its short ways or not.
 */
#include "map_testing.h"

#define ROUNDS 1200u
#define UNITS 120u
/* Bytes behind a unit in its window: enough for the short ways, or one too few. */
#define SLACK TW_BUILDER_SLACK

struct dice {
	uint64_t state;
};

static unsigned roll(struct dice *dice, unsigned sides)
{
	dice->state = dice->state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(dice->state >> 33) % sides;
}

static const char *const TAGS[] = {
	"BGM", "DTM", "LOC", "NAD", "CTA", "COM", "TDT", "EQD", "SEL", "CNI", "RFF", "DOC",
	"CST", "LIN", "UNS", "DMS", "TAX", "STS", "HYN", "CPS", "IMD", "TCC", "ERC", "ALI",
	"GID", "FTX", "PCI", "MEA", "PIA", "MOA", "SGP", "DGS", "CNT", "QTY", "PAC", "CUX",
	"M10", "P4",  "LX",  "M11", "N1",  "N3",  "N4",	 "VID", "N10", "H1",  "AWB", "RTG",
	"FLT", "SHP", "/SHP", "RTD", "/RTD", "OCI", "/OCI", "SPH", "ConsignorParty", "Name",
	"SpecifiedLogisticsTransportMovement", "IncludedMasterConsignmentItem", "", "XXXXXXXXXXXX",
};
static const char *const CODES[] = {
	"9", "20", "CZ", "CN", "BM", "MB", "HS", "AAA", "ZZZ", "102", "203", "KGM", "LBR", "G",
	"AAW", "137", "133", "11", "147", "NG", "J", "T10K79.0MC0.5", "020-12345675HKGLAX", "",
};

static uint32_t fill(struct dice *dice, char *bytes, uint32_t size)
{
	uint32_t length = 0;
	while (length + 24 < size && roll(dice, 14) != 0) {
		const char *code = CODES[roll(dice, sizeof(CODES) / sizeof(CODES[0]))];
		length += (uint32_t)snprintf(bytes + length, size - length, "%s", code);
		if (roll(dice, 3) == 0)
			bytes[length++] = (char)roll(dice, 256);
	}
	return length;
}

/* An honest piece stands behind the one before it, and seldom has anything odd about it. */
static void make_honest(struct dice *dice, struct tw_piece *piece, uint32_t *at, uint32_t length)
{
	uint32_t left = length - *at;
	uint32_t wanted = 1 + roll(dice, 12);
	piece->start = *at;
	piece->length = wanted < left ? wanted : left;
	*at += piece->length < left ? piece->length + 1 : left;
	if (roll(dice, 20) != 0)
		piece->repetition = 1;
	if (roll(dice, 4) != 0)
		piece->flags = 0;
}

/* The unit in slots instead, where a parser could have it so. */
static void use_slots(struct tw_unit *unit, struct tw_slot slots[TW_UNIT_SLOTS])
{
	unsigned count = 0;
	memset(slots, 0, TW_UNIT_SLOTS * sizeof(*slots));
	for (unsigned i = 0; i < unit->piece_count; i++) {
		const struct tw_piece *piece = &unit->pieces[i];
		unsigned place = piece->element * TW_UNIT_COMPONENTS + piece->component - 1u;
		if (piece->flags != 0 || piece->repetition != 1 ||
		    piece->element >= TW_UNIT_ELEMENTS || piece->component > TW_UNIT_COMPONENTS ||
		    piece->start + piece->length > unit->bytes.length)
			return;
		/* Where nothing stands before a component, an empty slot does. */
		for (; count < place; count++)
			if (count / TW_UNIT_COMPONENTS == piece->element)
				slots[count] = (struct tw_slot){(uint16_t)piece->start, (uint16_t)piece->start};
		slots[place] = (struct tw_slot){(uint16_t)piece->start,
						(uint16_t)(piece->start + piece->length)};
		count = place + 1;
	}
	unit->slots = slots;
	unit->pieces = NULL;
	unit->piece_count = count;
}

static void random_unit(struct testing *testing, struct dice *dice, bool windowed)
{
	struct tw_piece pieces[300];
	struct tw_slice names[300];
	struct tw_slot slots[TW_UNIT_SLOTS];
	char bytes[512 + SLACK] = {0};
	uint32_t length = fill(dice, bytes, 512);
	bool honest = roll(dice, 3) != 0;
	struct tw_slice tag = tw_slice_string(TAGS[roll(dice, sizeof(TAGS) / sizeof(TAGS[0]))]);
	size_t slack = roll(dice, 8) == 0 ? SLACK - 1 : SLACK;
	unsigned count = roll(dice, 40) == 0 ? roll(dice, 300) : roll(dice, 14);
	unsigned element = 1;
	unsigned component = 1;
	uint32_t at = 0;
	/* As nearly all have it, the tag is the unit's own front. */
	if (honest && length > tag.length && tag.length > 0) {
		memcpy(bytes, tag.data, tag.length);
		tag.data = bytes;
		at = (uint32_t)tag.length + 1;
	}
	for (unsigned i = 0; i < count; i++) {
		pieces[i] = (struct tw_piece){
			.start = roll(dice, length + 8),
			.length = roll(dice, 5) == 0 ? roll(dice, 4000) : roll(dice, 20),
			.element = (uint16_t)element,
			.component = (uint8_t)component,
			.repetition = (uint8_t)roll(dice, 6),
			.flags = roll(dice, 4) == 0 ? (uint8_t)roll(dice, 8) : 0,
		};
		if (honest)
			make_honest(dice, &pieces[i], &at, length);
		names[i] = roll(dice, 2) ? TW_LITERAL("unitCode") : tw_slice(NULL, 0);
		component = roll(dice, 2) ? component + 1 : 1;
		element += component == 1 ? 1 + roll(dice, 2) : 0;
	}
	struct tw_unit unit = {
		.kind = roll(dice, 6) == 0 ? (enum tw_unit_kind)roll(dice, 4) : TW_UNIT_SEGMENT,
		.tag = tag,
		.parent = roll(dice, 2) ? TW_LITERAL("ConsignorParty") : tw_slice(NULL, 0),
		.bytes = tw_slice(bytes, length),
		.offset = testing->input.length,
		.pieces = pieces,
		.piece_count = count,
		.names = roll(dice, 2) ? names : NULL,
		.release = roll(dice, 2) ? '?' : 0,
		.decimal = roll(dice, 2) ? ',' : '.',
	};
	if (windowed && unit.kind == TW_UNIT_SEGMENT && honest && unit.names == NULL)
		use_slots(&unit, slots);
	tw_buffer_append(&testing->input, bytes, length);
	tw_buffer_append(&testing->input, "'", 1);
	/* What stands behind the unit is nobody's business. */
	memset(bytes + length, windowed ? '7' : 0, slack);
	tw_walk_window(testing->walk, tw_slice(bytes, windowed ? length + slack : 0), true);
	assert_int_equal(tw_walk_unit(testing->walk, &unit), TW_OK);
}

static void check_record(const struct testing *testing, const struct tw_consignment *view)
{
	for (uint32_t i = 0; i < view->entry_count; i++) {
		struct tw_span spans[16];
		const struct tw_field_info *info = tw_field_info(view->entries[i].field);
		assert_non_null(info);
		unsigned count = tw_record_spans(view, (int)i, 0, 0, spans, 16);
		for (unsigned j = 0; j < count; j++)
			assert_true(spans[j].offset <= testing->input.length &&
				    spans[j].length <= testing->input.length - spans[j].offset);
		assert_true(view->entries[i].item < view->record->items[info->group] ||
			    info->group == TW_GROUP_message || info->group == TW_GROUP_consignment ||
			    info->group == TW_GROUP_raw);
	}
}

static void copy_name(char name[64], struct tw_slice text)
{
	(void)snprintf(name, 64, "%.*s", (int)text.length, text.data);
}

/* One message of any map, or of none, and what became of it. */
static void random_message(struct testing *testing, struct dice *dice, bool windowed,
			   struct tw_buffer *ret_records)
{
	const struct tw_map *map =
		tw_maps_at(testing->maps, roll(dice, tw_maps_count(testing->maps) + 1));
	char names[2][64] = {"edifact", "NONE"};
	testing->charset = (enum tw_charset)roll(dice, 4);
	testing->charset_name = "ISO-8859-1";
	if (map != NULL) {
		copy_name(names[0], tw_map_format(map));
		copy_name(names[1], tw_map_type(map, 0));
	}
	testing->type = names[1];
	testing->limits.consignment_bytes = roll(dice, 3) == 0 ? 8192 : 1u << 20;
	tw_buffer_clear(&testing->input);
	testing_begin(testing, names[0]);
	for (unsigned i = 0; i < UNITS && testing->record_count + 4 < TESTING_RECORDS; i++)
		random_unit(testing, dice, windowed);
	testing_end(testing, testing->input.length);
	assert_true(testing->record_count > 0);
	tw_buffer_clear(ret_records);
	for (unsigned i = 0; i < testing->record_count; i++) {
		check_record(testing, &testing->views[i]);
		tw_buffer_append(ret_records, testing->views[i].record,
				 testing->views[i].record->size);
	}
}

static void test_random_units(void **state)
{
	(void)state;
	struct testing *testing = testing_create();
	struct tw_buffer general = {0}, brief = {0};
	struct dice dice = {20261120};
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct dice again = dice;
		random_message(testing, &dice, false, &general);
		random_message(testing, &again, true, &brief);
		assert_int_equal(general.length, brief.length);
		assert_memory_equal(general.data, brief.data, general.length);
	}
	tw_buffer_free(&general);
	tw_buffer_free(&brief);
	testing_free(testing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_random_units)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
