/* SPDX-License-Identifier: Apache-2.0 */
#include "map/walk.h"

/*
 * Units: where the pieces of one stand, and which row takes it. What nearly all are, a
 * segment in slots whose row is soon found, goes through tw_walk_unit() alone, which
 * calls nothing before it knows the row, so that nothing has to be saved.
 */
#define TAG_PARTS 2u

/* ---- slots ------------------------------------------------------------------ */

static struct tw_slot slot_of(const struct tw_unit *unit, const struct tw_piece *piece)
{
	uint64_t end = (uint64_t)piece->start + piece->length;
	if (piece->flags != 0 || end > unit->bytes.length || end > UINT16_MAX)
		return walk_odd_slot;
	return (struct tw_slot){(uint16_t)piece->start, (uint16_t)end};
}

static void set_slot(struct tw_walk *walk, unsigned element, unsigned component,
		     struct tw_slot slot)
{
	struct tw_slot *row = &walk->own_slots[element * MAP_COMPONENTS];
	row[component] = slot;
	/* As a parser has it, the second is there, if empty, wherever there is any behind it. */
	if (component > 1 && row[1].end == 0)
		row[1] = (struct tw_slot){1, 1};
	if (walk->own_count < (element + 1) * MAP_COMPONENTS)
		walk->own_count = (element + 1) * MAP_COMPONENTS;
}

/*
 * Where each element.component stands, so that a value is found without a search.
 * Of repetitions the first counts.
 */
static void make_slots(struct tw_walk *walk)
{
	const struct tw_unit *unit = walk->unit;
	const struct tw_piece *pieces = unit->pieces;
	unsigned elements = 0, components = 0, repetitions = 0;
	memset(walk->own_slots, 0, walk->own_count * sizeof(*walk->own_slots));
	walk->own_count = 0;
	/* From the back: of repetitions the first is written last. */
	for (unsigned i = unit->piece_count; i > 0; i--) {
		unsigned element = pieces[i - 1].element;
		unsigned component = pieces[i - 1].component - 1u;
		elements |= element;
		components |= component;
		repetitions |= pieces[i - 1].repetition;
		/* An empty piece is as good as none. */
		if (element < MAP_ELEMENTS && component < MAP_COMPONENTS && pieces[i - 1].length > 0)
			set_slot(walk, element, component, slot_of(unit, &pieces[i - 1]));
	}
	walk->slots = walk->own_slots;
	/* Both limits are powers of two. */
	walk->beyond = elements >= MAP_ELEMENTS || components >= MAP_COMPONENTS;
	walk->repeated = repetitions > 1;
}

static inline void use_slots(struct tw_walk *walk, const struct tw_slot *slots)
{
	walk->slots = slots;
	walk->beyond = walk->repeated = false;
}

static void find_slots(struct tw_walk *walk)
{
	const struct tw_slot *slots = walk_unit_slots(walk);
	walk->brief = walk_has_slack(walk);
	if (slots == NULL)
		make_slots(walk);
	else
		use_slots(walk, slots);
}

/* ---- which row -------------------------------------------------------------- */

/* The code in a slot of a brief unit, where that is a matter of a few instructions. */
static inline bool brief_key(const struct tw_walk *walk, unsigned number, uint64_t *ret_key)
{
	const struct tw_slot slot = walk->slots[number];
	/* An odd slot's is more than any. */
	size_t length = (size_t)slot.end - slot.start;
	if (length > 8)
		return false;
	*ret_key = map_pack_roomy(tw_slice(walk->unit->bytes.data + slot.start, length));
	return true;
}

enum answer { NO, YES, UNKNOWN /* it has to be asked at length */ };

static inline enum answer brief_answer(const struct tw_walk *walk, const struct map_link *link)
{
	uint64_t key;
	switch (link->asks) {
	case ASKS_NOTHING:
		return YES;
	case ASKS_PLACES:
		return (walk_slot_used(walk->slots[link->place[0]]) ||
			walk_slot_used(walk->slots[link->place[1]])) != link->neither;
	case ASKS_CODE:
		return brief_key(walk, link->place[0], &key) ? (key == link->code) != link->neither
							     : UNKNOWN;
	default:
		return UNKNOWN;
	}
}

/*
 * What nearly all units ask, without a call: the innermost context that knows the tag,
 * its code, and a link that is soon answered. NULL: it has to be asked at length.
 */
__attribute__((always_inline)) static inline const struct map_link *
find_brief_row(struct tw_walk *walk, unsigned tag, unsigned lowest)
{
	const uint16_t *numbers = walk->map->dispatch + (size_t)tag * MAP_CONTEXTS;
	unsigned level = walk->depth - 1;
	while (level > lowest && numbers[walk->stack[level].context] == 0)
		level--;
	unsigned number = numbers[walk->stack[level].context];
	if (number == 0)
		return NULL;
	const struct map_choice *choice = &walk->choices[number - 1];
	unsigned at = choice->other;
	uint64_t key;
	walk->level = level;
	if (choice->key.element != 0) {
		if (choice->key.slot == MAP_NO_SLOT || !brief_key(walk, choice->key.slot, &key))
			return NULL;
		at = map_find_link(walk->map, choice, key);
	}
	while (at != 0) {
		const struct map_link *link = &walk->links[at - 1];
		enum answer answer = brief_answer(walk, link);
		if (answer != NO)
			return answer == YES ? link : NULL;
		at = link->next;
	}
	return NULL;
}

/*
 * The row of a tag in the innermost open context, not below `lowest`, that has one, and
 * its level; or NULL.
 */
static const struct map_link *find_row(struct tw_walk *walk, int tag, unsigned lowest)
{
	const struct map_link *row =
		walk->brief ? find_brief_row(walk, (unsigned)tag, lowest) : NULL;
	return row != NULL ? row : walk_find_row(walk, (unsigned)tag, lowest);
}

/* ---- units ---------------------------------------------------------------- */

/*
 * What no row of an unverified map takes is scanned all the same, for the map may
 * be wrong. Behind a consignment there is no record to put it in.
 */
static int take_unknown(struct tw_walk *walk)
{
	if (walk->map->unverified && !walk->between)
		walk_raw_unit(walk);
	return walk_end_unit(walk);
}

/* A row once for each element; in each run that element is element 1. */
static int take_each(struct tw_walk *walk, const struct map_link *row)
{
	const struct tw_unit *whole = walk->unit;
	struct tw_piece piece;
	if (!walk_begin_row(walk, row))
		return walk_end_unit(walk);
	for (unsigned at = 0; walk_next_piece(walk, &at, &piece);) {
		struct tw_unit part = *whole;
		if (piece.length == 0 || piece.component != 1)
			continue;
		piece.element = 1;
		part.pieces = &piece;
		part.slots = NULL;
		part.piece_count = 1;
		walk->unit = &part;
		make_slots(walk);
		(void)walk_run(walk, row);
		walk->unit = whole;
	}
	if (row->placed)
		walk_place_note(walk, row->row);
	return walk_end_unit(walk);
}

static int take_row(struct tw_walk *walk, const struct map_link *row)
{
	/* Of a longer row the short ways do not know whether there is room for all of it. */
	walk->brief &= row->action_count <= MAP_BRIEF_ACTIONS;
	return row->each ? take_each(walk, row) : walk_take_row(walk, row);
}

static int take_segment(struct tw_walk *walk)
{
	int tag = map_find_tag(walk->map, map_pack(walk->unit->tag));
	if (tag < 0)
		return take_unknown(walk);
	find_slots(walk);
	const struct map_link *row = find_row(walk, tag, 0);
	return row == NULL ? take_unknown(walk) : take_row(walk, row);
}

/* Elements nest strictly: only the innermost context is asked. */
static int take_element(struct tw_walk *walk)
{
	const struct tw_unit *unit = walk->unit;
	uint64_t name = map_pack(unit->tag);
	int tags[TAG_PARTS] = {
		map_find_tag(walk->map, map_pair_key(map_pack(unit->parent), name)),
		map_find_tag(walk->map, name),
	};
	walk->element_depth += unit->kind == TW_UNIT_OPEN;
	for (unsigned i = 0; i < TAG_PARTS; i++) {
		if (tags[i] < 0)
			continue;
		find_slots(walk);
		const struct map_link *row = find_row(walk, tags[i], walk->depth - 1);
		if (row != NULL)
			return take_row(walk, row);
	}
	return take_unknown(walk);
}

static int close_element(struct tw_walk *walk)
{
	unsigned depth = walk->depth;
	while (depth > 1 && walk->stack[depth - 1].depth >= walk->element_depth)
		depth--;
	if (depth < walk->depth) {
		if (walk->flow.active)
			walk_flush(walk);
		walk_close_to(walk, depth, walk->unit->offset + walk->unit->bytes.length);
	}
	walk->element_depth -= walk->element_depth > 0;
	return walk_end_unit(walk);
}

/* Any unit of any message. */
__attribute__((noinline)) static int take_unit(struct tw_walk *walk)
{
	if (walk->excluded)
		return TW_OK;
	if (walk->map == NULL) {
		walk_raw_unit(walk);
		return walk_end_unit(walk);
	}
	switch (walk->unit->kind) {
	case TW_UNIT_SEGMENT:
		return take_segment(walk);
	case TW_UNIT_CLOSE:
		return close_element(walk);
	default:
		return take_element(walk);
	}
}

/* The tag of a unit in slots where it stands in front of it, and is short; else 0. */
static inline uint64_t front_tag(const struct tw_unit *unit)
{
	if (unit->tag.data != unit->bytes.data || unit->tag.length > 8)
		return 0;
	return map_pack_roomy(unit->tag);
}

int tw_walk_unit(struct tw_walk *walk, const struct tw_unit *unit)
{
	walk->unit = unit;
	if (!walk->usual || unit->kind != TW_UNIT_SEGMENT || unit->slots == NULL ||
	    !walk_has_slack(walk))
		return take_unit(walk);
	int tag = map_find_tag(walk->map, front_tag(unit));
	if (tag < 0)
		return take_unit(walk);
	walk->brief = true;
	use_slots(walk, unit->slots);
	const struct map_link *row = find_brief_row(walk, (unsigned)tag, 0);
	if (row == NULL || !row->plain)
		return take_unit(walk);
	return walk_take_row(walk, row);
}
