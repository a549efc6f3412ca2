/* SPDX-License-Identifier: Apache-2.0 */
#include "map/walk.h"

#include <math.h>

/*
 * The short ways: the most frequent actions, without the general way's questions.
 * They take plain pieces of a brief unit, for an item that is there, once there is
 * room for all that the row can give; walk_add() takes the rest, to the same end.
 */
static inline const struct tw_piece *short_piece(const struct tw_walk *walk,
						 struct map_position at)
{
	unsigned index = walk->index[at.slot];
	return index == 0 ? NULL : &walk->unit->pieces[index - 1];
}

static inline bool is_plain(const struct tw_walk *walk, const struct tw_piece *piece)
{
	const char *text = walk->unit->bytes.data + piece->start;
	return piece->flags == 0 && piece->length > 0 && (unsigned char)text[0] > ' ' &&
	       (unsigned char)text[piece->length - 1] > ' ';
}

static inline void put(struct tw_walk *walk, const struct map_action *action,
		       const struct tw_piece *piece, double number, unsigned unit)
{
	unsigned item = (unsigned)walk->item[action->group];
	tw_builder_put(&walk->builder, tw_entry_word(action->field, item, unit), action->many,
		       walk->unit->bytes.data + piece->start, piece->length,
		       walk->distance + piece->start, number);
}

/* The short ways answer false where they did nothing, for the general one to do it. */
static inline bool add_piece(struct tw_walk *walk, const struct map_action *action,
			     const struct tw_piece *piece)
{
	if (walk->item[action->group] < 0 || !is_plain(walk, piece))
		return piece->length == 0;
	put(walk, action, piece, (double)NAN, 0);
	return true;
}

static inline bool add_text(struct tw_walk *walk, const struct map_action *action)
{
	const struct tw_piece *piece = short_piece(walk, action->at);
	return piece == NULL || add_piece(walk, action, piece);
}

static bool add_either(struct tw_walk *walk, const struct map_action *action)
{
	const struct map_source *source = &walk->sources[action->source_first];
	for (unsigned i = 0; i < action->source_count; i++) {
		const struct tw_piece *piece = walk_piece(walk, source[i].at);
		if (piece != NULL && piece->length > 0)
			return add_piece(walk, action, piece);
	}
	return true;
}

static bool add_code(struct tw_walk *walk, const struct map_action *action)
{
	const struct tw_piece *piece = short_piece(walk, action->at);
	if (piece == NULL)
		return true;
	if (walk->item[action->group] < 0 || !is_plain(walk, piece))
		return false;
	int code = map_find_code(walk->map, action->table, walk_key(walk, piece));
	put(walk, action, piece, code < 0 ? 0 : code, 0);
	return true;
}

static bool add_number(struct tw_walk *walk, const struct map_action *action)
{
	const struct tw_piece *piece = short_piece(walk, action->at);
	double number;
	unsigned unit;
	if (piece == NULL)
		return true;
	if (walk->item[action->group] < 0 || !is_plain(walk, piece) ||
	    !walk_plain_number(walk, action, piece, &number, &unit))
		return false;
	put(walk, action, piece, number, unit);
	return true;
}

/* ---- the components of one element ------------------------------------------- */

/* The pieces of a range within one element, in their order. */
struct components {
	const struct tw_piece *pieces[MAP_COMPONENTS];
	unsigned count;
};

/* False where one of them is not plain. */
static bool read_components(const struct tw_walk *walk, const struct map_source *source,
			    struct components *components)
{
	components->count = 0;
	for (unsigned slot = source->at.slot; slot <= source->to.slot; slot++) {
		unsigned index = walk->index[slot];
		if (index == 0)
			continue;
		const struct tw_piece *piece = &walk->unit->pieces[index - 1];
		if (!is_plain(walk, piece))
			return false;
		components->pieces[components->count++] = piece;
	}
	return true;
}

/*
 * Pieces of which none is full, one right behind the other: the joined text is the
 * input with a blank for each separator, and stands where that stands.
 */
static bool add_joined(struct tw_walk *walk, const struct map_action *action,
		       const struct components *components)
{
	const struct map_source *source = &walk->sources[action->source_first];
	const struct tw_piece *const *pieces = components->pieces;
	struct tw_piece whole = *pieces[0];
	for (unsigned i = 1; i < components->count; i++) {
		if (pieces[i]->start != whole.start + whole.length + 1 ||
		    walk_is_full(source, pieces[i - 1]->length))
			return false;
		whole.length += pieces[i]->length + 1;
	}
	size_t end = walk->builder.texts.length;
	put(walk, action, &whole, (double)NAN, 0);
	char *text = walk->builder.texts.data + end;
	for (unsigned i = 1; i < components->count && walk->builder.texts.length > end; i++)
		text[pieces[i]->start - whole.start - 1] = ' ';
	return true;
}

static bool add_components(struct tw_walk *walk, const struct map_action *action)
{
	const struct map_source *source = &walk->sources[action->source_first];
	struct components components;
	if (walk->item[action->group] < 0 || source->kind == SOURCE_LINES ||
	    source->also.element != 0 || source->to.slot == MAP_NO_SLOT ||
	    !read_components(walk, source, &components))
		return false;
	if (source->kind == SOURCE_JOIN)
		return components.count == 0 || add_joined(walk, action, &components);
	for (unsigned i = 0; i < components.count; i++)
		(void)add_piece(walk, action, components.pieces[i]);
	return true;
}

/* join, lines and each are one where the element has no second component. */
static inline bool add_range(struct tw_walk *walk, const struct map_action *action)
{
	uint64_t row = walk_element_row(walk, action->at.element);
	if (walk->beyond || walk->repeated)
		return false;
	if (row > UINT8_MAX)
		return add_components(walk, action);
	return row == 0 || add_text(walk, action);
}

/* ---- what a row says --------------------------------------------------------- */

static bool add_constant(struct tw_walk *walk, const struct map_action *action)
{
	int item = walk->item[action->group];
	if (item < 0)
		return false;
	struct tw_plain_value plain = {
		.text = map_slice(walk->map, walk->sources[action->source_first].text),
		.origin = walk->unit->offset,
		.number = action->type == TW_TYPE_code ? action->constant : (double)NAN,
		.field = action->field,
		.flags = TW_ENTRY_DERIVED,
		.item = (uint16_t)item,
	};
	return (!action->many && walk_taken(walk, action->field, (unsigned)item)) ||
	       tw_builder_add_plain(&walk->builder, &plain);
}

static void warn(struct tw_walk *walk, const struct map_action *action)
{
	struct walk_value value = {
		.origin = walk->unit->offset, .origin_length = walk->unit->bytes.length};
	walk_anomaly(walk, map_slice(walk->map, action->code).data, &value,
		     map_slice(walk->map, action->reason).data);
}

/*
 * Whether the short ways can be gone: there is room for all that a row can give,
 * each action its unit once, or a piece of it each. So none of them asks.
 */
static bool is_short(struct tw_walk *walk, const struct map_row *row)
{
	const uint32_t entries = WALK_BRIEF_ACTIONS + UINT8_MAX;
	const size_t bytes = (WALK_BRIEF_ACTIONS + 1) * (WALK_BRIEF_BYTES + TW_BUILDER_SLACK);
	walk->distance = walk->unit->offset - walk->builder.head.base;
	return walk->brief && !walk->careful && row->action_count <= WALK_BRIEF_ACTIONS &&
	       walk->distance <= UINT32_MAX - WALK_BRIEF_BYTES &&
	       (tw_builder_has_room(&walk->builder, entries, bytes) ||
		tw_builder_grow(&walk->builder, entries, bytes));
}

/* What is no value, or needs the general way. */
static void run_general(struct tw_walk *walk, const struct map_action *action)
{
	switch (action->kind) {
	case ACTION_OPEN:
		walk_open(walk, action);
		break;
	case ACTION_NEW:
		(void)walk_item(walk, action->group);
		walk->implied[action->group] = false;
		break;
	case ACTION_LET:
		walk_let(walk, action);
		break;
	case ACTION_WARN:
		warn(walk, action);
		break;
	default:
		walk_add(walk, action);
		break;
	}
}

static inline bool run_short(struct tw_walk *walk, const struct map_action *action)
{
	switch (action->kind) {
	case ACTION_TEXT:
		return add_text(walk, action);
	case ACTION_CODE:
		return add_code(walk, action);
	case ACTION_NUMBER:
		return add_number(walk, action);
	case ACTION_RANGE:
		return add_range(walk, action);
	case ACTION_EITHER:
		return add_either(walk, action);
	case ACTION_CONSTANT:
		return add_constant(walk, action);
	default:
		return false;
	}
}

void walk_run(struct tw_walk *walk, const struct map_row *row)
{
	const struct map_action *action = &walk->actions[row->action_first];
	const struct map_action *end = action + row->action_count;
	if (action == end)
		return;
	bool brief = is_short(walk, row);
	for (; action != end; action++) {
		if (brief && run_short(walk, action))
			continue;
		run_general(walk, action);
		brief = is_short(walk, row);
	}
}
