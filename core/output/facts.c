/* SPDX-License-Identifier: Apache-2.0 */
#include "output/facts.h"

#include <math.h>

#include "base/time.h"
#include "output/json.h"

/* What may stand in the unit column: units, then the sets of codes.def. */
enum {
	UNIT_none, UNIT_kg, UNIT_m3,
	UNIT_role, UNIT_action, UNIT_level, UNIT_mode, UNIT_stage, UNIT_fill, UNIT_part,
	UNIT_document, UNIT_party, UNIT_place, UNIT_date, UNIT_scope,
	UNIT_COUNT
};
#define CODE_LIMIT 32

static const struct tw_slice CODES[UNIT_COUNT][CODE_LIMIT] = {
#define TW_CODE(set, NAME, value, name) [UNIT_##set][value] = {name, sizeof(name) - 1},
#include "tidewaiter/codes.def"
#undef TW_CODE
};

static const struct tw_column COLUMNS[] = {
#define one false
#define many true
#define TW_FIELD(id, NAME, group, type, unit, repeat, json, keyword, scan)                         \
	{TW_##NAME, TW_GROUP_##group, TW_TYPE_##type, repeat, UNIT_##unit,                         \
	 {json, sizeof(json) - 1}, {keyword, sizeof(keyword) - 1}},
#include "tidewaiter/fields.def"
#undef TW_FIELD
#undef one
#undef many
	{.field = TW_FIELD_NONE},
};

/* Position of a field's row, plus one. */
enum {
#define TW_FIELD(id, NAME, ...) ROW_##NAME,
#include "tidewaiter/fields.def"
#undef TW_FIELD
};
static const unsigned char ROWS[TW_FIELD_LIMIT] = {
#define TW_FIELD(id, NAME, ...) [id] = ROW_##NAME + 1,
#include "tidewaiter/fields.def"
#undef TW_FIELD
};

const struct tw_column *tw_columns(void)
{
	return COLUMNS;
}

const struct tw_column *tw_column_of(enum tw_field field)
{
	if ((unsigned)field >= TW_FIELD_LIMIT || ROWS[field] == 0)
		return NULL;
	return &COLUMNS[ROWS[field] - 1];
}

struct tw_slice tw_code_text(unsigned code_set, double code)
{
	if (code_set < UNIT_COUNT && code >= 0 && code < CODE_LIMIT) {
		struct tw_slice name = CODES[code_set][(unsigned)code];
		if (name.length > 0)
			return name;
	}
	return TW_LITERAL("unknown");
}

int tw_main_leg(const struct tw_consignment *consignment)
{
	for (int value = tw_first(consignment, TW_LEG_STAGE); value >= 0;
	     value = tw_next(consignment, value))
		if (tw_number(consignment, value) == TW_STAGE_MAIN)
			return (int)tw_item(consignment, value);
	return consignment->record->items[TW_GROUP_leg] > 0 ? 0 : -1;
}

struct tw_slice tw_item_text(const struct tw_consignment *consignment, enum tw_field field,
			     int item)
{
	if (item < 0)
		return tw_slice(NULL, 0);
	return tw_text(consignment, tw_find(consignment, field, (unsigned)item));
}

double tw_arrival(const struct tw_consignment *consignment, int leg)
{
	double time = (double)NAN;
	if (leg >= 0)
		time = tw_number(consignment, tw_find(consignment, TW_LEG_ARRIVAL, (unsigned)leg));
	int role = tw_first(consignment, TW_DATE_ROLE);
	for (; isnan(time) && role >= 0; role = tw_next(consignment, role))
		if (tw_number(consignment, role) == TW_DATE_ARRIVAL)
			time = tw_number(consignment, tw_find(consignment, TW_DATE_TIME,
							      tw_item(consignment, role)));
	return time;
}

struct tw_slice tw_carrier(const struct tw_consignment *consignment, int leg)
{
	struct tw_slice own = tw_text(consignment, tw_first(consignment, TW_CONSIGNMENT_CARRIER));
	return own.length > 0 ? own : tw_item_text(consignment, TW_LEG_CARRIER, leg);
}

/* A number as text in `room`; a longer one is cut, which no carrier's number is. */
static struct tw_slice number_text(double number, char room[TW_SHOWN_SIZE])
{
	char text[TW_NUMBER_TEXT_SIZE];
	size_t length = tw_number_text(number, text);
	length = length < TW_SHOWN_SIZE ? length : TW_SHOWN_SIZE;
	memcpy(room, text, length);
	return tw_slice(room, length);
}

struct tw_slice tw_shown(const struct tw_consignment *consignment, int value,
			 char room[TW_SHOWN_SIZE])
{
	const struct tw_column *column = tw_column_of(tw_field_of(consignment, value));
	double number = tw_number(consignment, value);
	if (column == NULL || column->type == TW_TYPE_text || isnan(number))
		return tw_text(consignment, value);
	if (column->type == TW_TYPE_code)
		return tw_code_text(column->code_set, number);
	if (column->type == TW_TYPE_flag)
		return number != 0 ? TW_LITERAL("true") : TW_LITERAL("false");
	if (column->type == TW_TYPE_time)
		return tw_slice(room, tw_time_format(number, room));
	return number_text(number, room);
}
_Static_assert(TW_TIME_TEXT_SIZE <= TW_SHOWN_SIZE, "a time fits the room");

struct tw_slice tw_evidence_shown(const struct tw_consignment *consignment,
				  const struct tw_evidence *evidence, char room[TW_SHOWN_SIZE])
{
	if (evidence->value < 0)
		return evidence->shown;
	return tw_shown(consignment, evidence->value, room);
}

enum tw_field tw_evidence_field(const struct tw_consignment *consignment,
				const struct tw_evidence *evidence)
{
	if (evidence->field != TW_FIELD_NONE || evidence->value < 0)
		return evidence->field;
	return tw_field_of(consignment, evidence->value);
}

/* Steps back to the first byte of the character that `at` stands in. */
static size_t character_start(struct tw_slice text, size_t at)
{
	for (unsigned i = 0; i < 3 && at > 0 && (tw_slice_at(text, at) & 0xc0) == 0x80; i++)
		at--;
	return at;
}

struct tw_slice tw_window(struct tw_slice text, size_t start, size_t length, size_t limit)
{
	if (text.length <= limit || start > text.length || start + length <= limit)
		return tw_utf8_head(text, limit);
	if (length >= limit)
		return tw_utf8_head(tw_slice_from(text, character_start(text, start)), limit);
	size_t room = limit - length;
	size_t before = room < limit / 4 ? room : limit / 4;
	size_t from = start > before ? start - before : 0;
	return tw_utf8_head(tw_slice_from(text, character_start(text, from)), limit);
}
