/* SPDX-License-Identifier: Apache-2.0 */
#include "map/walk.h"

#include <math.h>

/* ---- pieces --------------------------------------------------------------- */

static const struct tw_piece no_piece;

static struct tw_piece named_piece(const struct tw_walk *walk, unsigned attribute)
{
	const struct tw_unit *unit = walk->unit;
	struct tw_slice name = map_slice(
		walk->map, *MAP_AT(struct map_text, walk->map->words, attribute - 1));
	for (unsigned i = 0; unit->names != NULL && i < unit->piece_count; i++)
		if (tw_slice_equal(unit->names[i], name))
			return unit->pieces[i];
	return no_piece;
}

/* Pieces that are in no slot, or odd: attributes, flagged and far out ones. */
struct tw_piece walk_far_piece(const struct tw_walk *walk, struct map_position at)
{
	struct tw_piece piece;
	if (at.attribute != 0)
		return named_piece(walk, at.attribute);
	for (unsigned i = 0; walk_next_piece(walk, &i, &piece) && piece.element <= at.element;)
		if (piece.element == at.element && piece.component == at.component &&
		    piece.length > 0)
			return piece;
	return no_piece;
}

/* Blanks at the ends belong to fixed widths, not to the value. */
void walk_trim(struct walk_value *value)
{
	struct tw_slice trimmed = tw_slice_trim(value->text);
	if (trimmed.length == 0) {
		value->text.length = 0;
		return;
	}
	size_t front = (size_t)(trimmed.data - value->text.data);
	if (value->runs != NULL) {
		/* Runs count from the front of the text, so only the end may go. */
		value->text.length = front + trimmed.length;
		return;
	}
	value->text = trimmed;
	value->origin += front;
	value->origin_length = trimmed.length;
}

bool walk_read_piece(struct tw_walk *walk, const struct tw_piece *piece,
		     struct walk_value *value)
{
	if (piece->flags == 0) {
		struct tw_slice text = walk_piece_bytes(walk, *piece);
		*value = (struct walk_value){
			.text = text,
			.origin = walk->unit->offset + piece->start,
			.origin_length = text.length,
		};
	} else {
		walk_text_clear(&walk->scratch);
		walk_text_piece(walk, &walk->scratch, piece);
		*value = walk_text_value(&walk->scratch);
	}
	if (value->text.length > 0 && ((unsigned char)value->text.data[0] <= ' ' ||
				       (unsigned char)value->text.data[value->text.length - 1] <= ' '))
		walk_trim(value);
	return value->text.length > 0;
}

bool walk_read(struct tw_walk *walk, struct map_position at, struct walk_value *ret_value)
{
	const struct tw_piece piece = walk_piece(walk, at);
	if (piece.length == 0)
		return false;
	if ((at.from | at.length) == 0)
		return walk_read_piece(walk, &piece, ret_value);
	if (piece.flags & (TW_PIECE_DECODED | TW_PIECE_HIGH)) {
		struct tw_piece cut = piece;
		cut.start += at.from < piece.length ? at.from : piece.length;
		cut.length = (uint32_t)tw_slice_part(walk_piece_bytes(walk, piece), at.from,
						     at.length == 0 ? SIZE_MAX : at.length).length;
		return walk_read_piece(walk, &cut, ret_value);
	}
	/* A slice of a code: codes are plain text. */
	struct tw_slice part = tw_slice_part(walk_piece_bytes(walk, piece), at.from,
					     at.length == 0 ? SIZE_MAX : at.length);
	*ret_value = (struct walk_value){
		.text = part,
		.origin = walk->unit->offset + piece.start + at.from,
		.origin_length = part.length,
	};
	walk_trim(ret_value);
	return ret_value->text.length > 0;
}

/* ---- adding --------------------------------------------------------------- */

/* Where a piece stands in the input; of a decoded one, where its first run does. */
static uint64_t place_of_piece(const struct tw_unit *unit, const struct tw_piece *piece)
{
	if ((piece->flags & TW_PIECE_DECODED) == 0)
		return unit->offset + piece->start;
	for (unsigned i = 0; i < unit->run_count; i++)
		if (piece->start - unit->runs[i].start < unit->runs[i].length)
			return unit->offset + unit->runs[i].origin;
	return UINT64_MAX;
}

/* The element that a value begins in: in trees attributes stand before the text, or anywhere. */
static unsigned element_at(const struct tw_walk *walk, uint64_t origin)
{
	uint64_t nearest = 0;
	unsigned element = 0;
	struct tw_piece piece;
	for (unsigned i = 0; walk_next_piece(walk, &i, &piece);) {
		uint64_t place = place_of_piece(walk->unit, &piece);
		bool nearer = element == 0 || place > nearest;
		if (place > origin || !nearer || piece.length == 0)
			continue;
		nearest = place;
		element = piece.element;
	}
	return element;
}

void walk_anomaly(struct tw_walk *walk, const char *code, const struct walk_value *value,
		  const char *reason)
{
	struct tw_anomaly_at at = {
		.code = code, .offset = value->origin, .length = value->origin_length};
	const struct tw_unit *unit = walk->unit;
	/* What `let` kept is of another unit, which is gone. */
	if (value->origin >= unit->offset) {
		at.segment = unit->tag;
		at.element = element_at(walk, value->origin);
	}
	if (walk->events.anomaly != NULL)
		walk->events.anomaly(walk->events.context, &at, reason);
}

/*
 * Hands a value to the builder. Origins before the consignment (registers, pooled
 * equipment) count from the message's start instead.
 */
int walk_put(struct tw_walk *walk, const struct walk_value *value, struct tw_new_value *out)
{
	struct tw_builder *builder = &walk->builder;
	bool early = builder->marked && value->origin < builder->head.base && !value->constant;
	out->text = value->text;
	out->origin = early ? builder->head.base + (value->origin - builder->head.message_base)
			    : value->origin;
	out->origin_length = value->origin_length;
	out->runs = value->runs;
	out->run_count = value->run_count;
	out->flags = value->constant ? TW_ENTRY_DERIVED : 0;
	int index = tw_builder_add(builder, out);
	if (early && index >= 0)
		builder->entries[index].flags |= TW_ENTRY_HEADER;
	return index;
}

/* The same, sooner for what stands in the input as it is, or the value is left out. */
void walk_put_value(struct tw_walk *walk, const struct walk_value *value,
		    struct tw_new_value *out)
{
	struct tw_plain_value plain = {
		.text = value->text,
		.origin = value->origin,
		.number = out->number,
		.field = (uint8_t)out->field,
		.unit = (uint8_t)out->unit,
		.item = (uint16_t)out->item,
		.origin_length = (uint32_t)value->origin_length,
	};
	if (value->runs != NULL || value->constant || value->origin < walk->builder.head.base ||
	    value->origin_length != value->text.length || !tw_builder_add_plain(&walk->builder, &plain))
		(void)walk_put(walk, value, out);
}

/* ISO 4217. */
static int check_currency(struct tw_slice text)
{
	for (size_t i = 0; i < text.length; i++)
		if (text.data[i] < 'A' || text.data[i] > 'Z')
			return 0;
	return text.length == 3;
}

static const struct {
	int (*check)(struct tw_slice text);
	const char *code, *reason;
} CHECKS[] = {
	[CHECK_CONTAINER] = {tw_check_container, "map.identifier",
			     "the check digit of the container number is wrong"},
	[CHECK_AWB] = {tw_check_awb, "map.identifier",
		       "the check digit of the air waybill number is wrong"},
	[CHECK_IMO] = {tw_check_imo, "map.identifier",
		       "the check digit of the ship's IMO number is wrong"},
	[CHECK_CURRENCY] = {check_currency, "map.currency",
			    "the currency is no code of three letters"},
};

bool walk_identifies(unsigned check, struct tw_slice text)
{
	return CHECKS[check].check(text) != 0;
}

void walk_add_value(struct tw_walk *walk, const struct map_action *action,
		    struct walk_value *value)
{
	struct tw_new_value out = {.field = action->field, .number = (double)NAN};
	bool pooled = action->group == TW_GROUP_equipment && walk->pool.open;
	bool late = walk->between && !pooled;
	if (late && (!walk->events.messages || (action->group != TW_GROUP_message &&
						action->group != TW_GROUP_consignment)))
		return;
	if ((action->type != TW_TYPE_text || action->strip_count > 0 || action->table != 0) &&
	    !walk_convert(walk, action, value, &out))
		return;
	if (action->check != CHECK_NONE && !walk_identifies(action->check, value->text))
		walk_anomaly(walk, CHECKS[action->check].code, value,
			     CHECKS[action->check].reason);
	if (late) {
		walk_message_late(walk, value, &out);
		return;
	}
	if (pooled) {
		out.text = value->text;
		out.origin = value->origin;
		out.origin_length = value->origin_length;
		walk_pool_add(walk, &out);
		return;
	}
	int item = walk->item[action->group];
	out.item = item >= 0 ? (unsigned)item : walk_item(walk, action->group);
	if (action->many || !walk_taken(walk, action->field, out.item))
		walk_put_value(walk, value, &out);
}

/* ---- sources -------------------------------------------------------------- */

static bool read_register(const struct tw_walk *walk, unsigned number, struct walk_value *value)
{
	const struct walk_register *found = &walk->registers[number];
	*value = (struct walk_value){
		.text = tw_slice(found->text, found->length),
		.origin = found->origin,
		.origin_length = found->origin_length,
		.runs = found->length == found->origin_length ? NULL : &found->run,
		.run_count = found->length == found->origin_length ? 0 : 1,
	};
	return found->length > 0;
}

static bool starts_after(struct tw_slice text, size_t at, struct tw_slice letters)
{
	int before = at == 0 ? -1 : tw_slice_at(text, at - 1);
	int behind = tw_slice_at(text, at + letters.length);
	return tw_slice_starts(tw_slice_from(text, at), letters) &&
	       !(before >= 'A' && before <= 'Z') && behind >= '0' && behind <= '9';
}

static size_t number_length(struct tw_slice text, size_t at)
{
	size_t end = at;
	for (int c = tw_slice_at(text, end); (c >= '0' && c <= '9') || c == '.';
	     c = tw_slice_at(text, end))
		end++;
	return end - at;
}

/* Cargo-IMP: T10K79.0MC0.5; the number behind letters, and the letters as its unit. */
static bool pick_after(const struct tw_walk *walk, const struct map_action *action,
		       struct walk_value *value)
{
	struct tw_slice text = value->text;
	for (unsigned i = 0; i < action->after_count; i++) {
		struct tw_slice letters =
			map_slice(walk->map, *MAP_AT(struct map_text, walk->map->words,
						     action->after_first + i));
		for (size_t at = 0; at < text.length; at++) {
			if (!starts_after(text, at, letters))
				continue;
			size_t start = at + letters.length;
			value->text = tw_slice_part(text, start, number_length(text, start));
			value->origin += start;
			value->origin_length = value->text.length;
			return true;
		}
	}
	return false;
}

/* A source that gives one value. */
static bool read_source(struct tw_walk *walk, const struct map_action *action,
			const struct map_source *source, struct walk_value *value)
{
	switch (source->kind) {
	case SOURCE_POSITION:
		return walk_read(walk, source->at, value) &&
		       (action->after_count == 0 || pick_after(walk, action, value));
	case SOURCE_JOIN:
		return walk_read_joined(walk, source, value);
	case SOURCE_CONSTANT:
		*value = (struct walk_value){
			.text = map_slice(walk->map, source->text),
			.origin = walk->unit->offset,
			.constant = true,
		};
		return true;
	default:
		return read_register(walk, source->number, value);
	}
}

/* ---- actions -------------------------------------------------------------- */

void walk_add(struct tw_walk *walk, const struct map_action *action)
{
	if (action->continued) {
		walk_start_flow(walk, action);
		return;
	}
	for (unsigned i = 0; i < action->source_count; i++) {
		const struct map_source *source = &walk->sources[action->source_first + i];
		struct walk_value value;
		if (source->kind == SOURCE_LINES || source->kind == SOURCE_EACH) {
			if (walk_add_lines(walk, action, source))
				return;
		} else if (read_source(walk, action, source, &value)) {
			walk_add_value(walk, action, &value);
			return;
		}
	}
}

void walk_let(struct tw_walk *walk, const struct map_action *action)
{
	struct walk_register *target = &walk->registers[action->register_number];
	for (unsigned i = 0; i < action->source_count; i++) {
		struct walk_value value;
		if (!read_source(walk, action, &walk->sources[action->source_first + i], &value))
			continue;
		if (value.text.length > sizeof(target->text))
			value.text.length = sizeof(target->text);
		if (value.text.length > 0)
			memcpy(target->text, value.text.data, value.text.length);
		target->length = (uint32_t)value.text.length;
		target->origin = value.origin;
		target->origin_length = value.origin_length;
		target->run = (struct tw_run){0, target->length, 0, (uint32_t)value.origin_length};
		return;
	}
	target->length = 0;
}
