/* SPDX-License-Identifier: Apache-2.0 */
#include "map/walk.h"

#include <math.h>

/*
 * The short ways: the most frequent actions, without the general way's questions.
 * They take plain pieces of a brief unit, for an item that is there, once there is
 * room for all that the row can give; walk_add() takes the rest, to the same end.
 */
static inline bool is_plain(const struct tw_walk *walk, struct tw_slot slot)
{
	const char *text = walk->unit->bytes.data;
	return slot.start < slot.end && (unsigned char)text[slot.start] > ' ' &&
	       (unsigned char)text[slot.end - 1] > ' ';
}

/* In place, or the call costs as much as what it does. */
__attribute__((always_inline)) static inline void put(struct tw_walk *walk,
						      const struct map_step *step,
						      struct tw_slot slot, double number,
						      unsigned unit)
{
	unsigned item = (unsigned)walk->item[step->group];
	tw_builder_put(&walk->builder, tw_entry_word(step->field, item, unit), step->many,
		       walk->unit->bytes.data + slot.start, (size_t)(slot.end - slot.start),
		       walk->distance + slot.start, number);
}

static inline const struct map_action *action_of(const struct tw_walk *walk,
						 const struct map_step *step)
{
	return &walk->actions[step - walk->steps];
}

static inline const struct map_source *source_of(const struct tw_walk *walk,
						 const struct map_step *step)
{
	return &walk->sources[action_of(walk, step)->source_first];
}

/* ---- numbers ------------------------------------------------------------------- */

/* Digits and at most one decimal mark behind the first, few enough to be exact. */
static inline bool parse_plain(struct tw_slice text, unsigned char decimal, double *ret_number)
{
	static const double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7,
					1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14};
	uint64_t digits = 0;
	size_t at = 0;
	if (text.length > 15)
		return false;
	for (; at < text.length; at++) {
		unsigned digit = (unsigned)(unsigned char)text.data[at] - '0';
		if (digit > 9)
			break;
		digits = digits * 10 + digit;
	}
	if (at == text.length) {
		*ret_number = (double)digits;
		return true;
	}
	size_t first = at + 1;
	if (at == 0 || (unsigned char)text.data[at] != decimal)
		return false;
	for (at = first; at < text.length; at++) {
		unsigned digit = (unsigned)(unsigned char)text.data[at] - '0';
		if (digit > 9)
			return false;
		digits = digits * 10 + digit;
	}
	*ret_number = (double)digits / powers[at - first];
	return true;
}

/* What one of the unit at the other place is; 1 where there is none, 0 where it is not known. */
static inline double unit_factor(const struct tw_walk *walk, const struct map_step *step, bool cubic,
				 enum tw_unit_of_measure *ret_unit)
{
	if (step->other == MAP_NO_SLOT || !walk_slot_used(walk->slots[step->other]))
		return 1;
	if (walk_slot_odd(walk->slots[step->other]))
		return 0;
	return map_measure(walk_slot_bytes(walk, walk->slots[step->other]), cubic, ret_unit);
}

/* A number without anything odd about it. Apart, for what walk_run() needs not save then. */
__attribute__((noinline)) static bool add_number(struct tw_walk *walk, const struct map_step *step,
						 struct tw_slot slot)
{
	const struct map_action *action = action_of(walk, step);
	char decimal = walk->unit->decimal == 0 ? '.' : walk->unit->decimal;
	enum tw_unit_of_measure unit = TW_MEASURE_NONE;
	double number;
	if (!parse_plain(walk_slot_bytes(walk, slot), (unsigned char)decimal, &number))
		return false;
	double factor = unit_factor(walk, step, action->cubic, &unit);
	number *= factor;
	if (factor <= 0 || number > action->most)
		return false;
	put(walk, step, slot, number, unit);
	return true;
}

/* ---- one piece ----------------------------------------------------------------- */

static inline bool add_code(struct tw_walk *walk, const struct map_step *step, struct tw_slot slot)
{
	uint64_t key = map_pack_roomy(walk_slot_bytes(walk, slot));
	int code = map_find_slot(walk->map->slots + step->first, step->mask, key);
	put(walk, step, slot, code < 0 ? 0 : code, 0);
	return true;
}

__attribute__((noinline)) static bool add_checked(struct tw_walk *walk,
						  const struct map_step *step, struct tw_slot slot)
{
	if (!walk_identifies(action_of(walk, step)->check, walk_slot_bytes(walk, slot)))
		return false;
	put(walk, step, slot, (double)NAN, 0);
	return true;
}

/* ---- the components of one element ------------------------------------------- */

/* Where the pieces of a range within one element stand, in their order. */
struct components {
	struct tw_slot slots[MAP_COMPONENTS];
	unsigned count;
};

/* False where one of them is not plain. Beyond the slots there are none, or this way is not gone. */
static bool read_components(const struct tw_walk *walk, const struct map_source *source,
			    struct components *components)
{
	unsigned last = source->to.component < MAP_COMPONENTS ? source->to.component
							      : MAP_COMPONENTS;
	unsigned end = source->at.slot + last - source->at.component;
	components->count = 0;
	for (unsigned slot = source->at.slot; slot <= end; slot++) {
		if (!walk_slot_used(walk->slots[slot]))
			continue;
		if (!is_plain(walk, walk->slots[slot]))
			return false;
		components->slots[components->count++] = walk->slots[slot];
	}
	return true;
}

/*
 * Pieces of which none is full, one right behind the other: the joined text is the
 * input with a blank for each separator, and stands where that stands.
 */
static bool add_joined(struct tw_walk *walk, const struct map_step *step,
		       const struct components *components)
{
	const struct map_source *source = source_of(walk, step);
	const struct tw_slot *slots = components->slots;
	struct tw_slot whole = slots[0];
	for (unsigned i = 1; i < components->count; i++) {
		if (slots[i].start != whole.end + 1 ||
		    walk_is_full(source, (size_t)(slots[i - 1].end - slots[i - 1].start)))
			return false;
		whole.end = slots[i].end;
	}
	size_t end = walk->builder.texts.length;
	put(walk, step, whole, (double)NAN, 0);
	char *text = walk->builder.texts.data + end;
	for (unsigned i = 1; i < components->count && walk->builder.texts.length > end; i++)
		text[slots[i].start - whole.start - 1] = ' ';
	return true;
}

__attribute__((noinline)) static bool add_components(struct tw_walk *walk,
						     const struct map_step *step)
{
	const struct map_source *source = source_of(walk, step);
	struct components components;
	if (walk->beyond || walk->repeated || source->kind == SOURCE_LINES ||
	    source->also.element != 0 || !read_components(walk, source, &components))
		return false;
	if (components.count == 0)
		return true;
	if (walk->item[step->group] < 0)
		return false;
	if (source->kind == SOURCE_JOIN)
		return add_joined(walk, step, &components);
	for (unsigned i = 0; i < components.count; i++)
		put(walk, step, components.slots[i], (double)NAN, 0);
	return true;
}

/*
 * Where the piece stands; false where it takes more than a slot to have the value: join,
 * lines and each are one piece only where the element, which they begin at the front of,
 * has no second component. Separators stand before each but the tag, so that none ends at 0.
 */
static inline bool search(const struct tw_walk *walk, const struct map_step *step,
			  struct tw_slot *ret_slot)
{
	if (step->kind == ACTION_RANGE)
		return walk->slots[step->slot + 1].end == 0 && !walk->beyond && !walk->repeated;
	if (walk_slot_used(*ret_slot))
		return true;
	if (step->other == MAP_NO_SLOT)
		return false;
	*ret_slot = walk->slots[step->other];
	return true;
}

/* The short ways answer false where they did nothing, for the general one to do it. */
static inline bool run_piece(struct tw_walk *walk, const struct map_step *step)
{
	struct tw_slot slot = walk->slots[step->slot];
	if (step->searched && !search(walk, step, &slot))
		return step->kind == ACTION_RANGE && add_components(walk, step);
	if (!walk_slot_used(slot))
		return true;
	if (walk->item[step->group] < 0 || !is_plain(walk, slot))
		return false;
	if (!step->looked) {
		put(walk, step, slot, (double)NAN, 0);
		return true;
	}
	if (step->kind == ACTION_CODE)
		return add_code(walk, step, slot);
	if (step->kind == ACTION_NUMBER)
		return add_number(walk, step, slot);
	return add_checked(walk, step, slot);
}

/* ---- what a row says --------------------------------------------------------- */

__attribute__((noinline)) static bool add_constant(struct tw_walk *walk,
						   const struct map_step *step)
{
	const struct map_action *action = action_of(walk, step);
	int item = walk->item[step->group];
	if (item < 0)
		return false;
	struct tw_plain_value plain = {
		.text = map_slice(walk->map, source_of(walk, step)->text),
		.origin = walk->unit->offset,
		.number = action->type == TW_TYPE_code ? action->constant : (double)NAN,
		.field = step->field,
		.flags = TW_ENTRY_DERIVED,
		.item = (uint16_t)item,
	};
	return (!step->many && walk_taken(walk, step->field, (unsigned)item)) ||
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
static inline bool is_short(struct tw_walk *walk, const struct map_link *row)
{
	const uint32_t entries = WALK_BRIEF_ACTIONS + UINT8_MAX;
	const size_t bytes = (WALK_BRIEF_ACTIONS + 1) * (WALK_BRIEF_BYTES + TW_BUILDER_SLACK);
	walk->distance = walk->unit->offset - walk->builder.head.base;
	if (!walk->brief || walk->careful || row->action_count > WALK_BRIEF_ACTIONS)
		return false;
	if (walk->distance > UINT32_MAX - WALK_BRIEF_BYTES)
		return false;
	return tw_builder_has_room(&walk->builder, entries, bytes) ||
	       tw_builder_grow(&walk->builder, entries, bytes);
}

static inline void start_item(struct tw_walk *walk, unsigned group)
{
	(void)walk_item(walk, group);
	walk->implied[group] = false;
}

/* `let` of one piece. */
__attribute__((noinline)) static bool keep_piece(struct tw_walk *walk, const struct map_step *step)
{
	struct walk_register *target =
		&walk->registers[action_of(walk, step)->register_number];
	struct tw_slot slot = walk->slots[step->slot];
	if (!walk_slot_used(slot)) {
		target->length = 0;
		return true;
	}
	struct tw_slice text = walk_slot_bytes(walk, slot);
	if (!is_plain(walk, slot) || text.length > sizeof(target->text))
		return false;
	memcpy(target->text, text.data, text.length);
	target->length = (uint32_t)text.length;
	target->origin = walk->unit->offset + slot.start;
	target->origin_length = text.length;
	target->run = (struct tw_run){0, target->length, 0, target->length};
	return true;
}

/* What is no value, or needs the general way. */
__attribute__((noinline)) static void run_general(struct tw_walk *walk,
						  const struct map_action *action)
{
	switch (action->kind) {
	case ACTION_OPEN:
		walk_open(walk, action);
		break;
	case ACTION_NEW:
		start_item(walk, action->group);
		break;
	case ACTION_KEEP:
	case ACTION_LET:
		walk_let(walk, action);
		break;
	case ACTION_WARN:
		warn(walk, action);
		break;
	case ACTION_SUM:
		walk_sum(walk, action);
		break;
	default:
		walk_add(walk, action);
		break;
	}
}

static inline bool run_short(struct tw_walk *walk, const struct map_step *step)
{
	/* Nearly all; a comparison costs less than the jump. */
	if (step->kind >= ACTION_TEXT && step->kind <= ACTION_EITHER)
		return run_piece(walk, step);
	switch (step->kind) {
	case ACTION_OPEN:
		if (step->looked)
			return false;
		walk_open(walk, action_of(walk, step));
		return true;
	case ACTION_NEW:
		start_item(walk, step->group);
		return true;
	case ACTION_KEEP:
		return keep_piece(walk, step);
	case ACTION_LET:
		walk_let(walk, action_of(walk, step));
		return true;
	case ACTION_COMPONENTS:
		return add_components(walk, step);
	case ACTION_CONSTANT:
		return add_constant(walk, step);
	default:
		return false;
	}
}

void walk_run(struct tw_walk *walk, const struct map_link *row)
{
	const struct map_step *step = &walk->steps[row->action_first];
	const struct map_step *end = step + row->action_count;
	bool brief = is_short(walk, row);
	for (; step != end; step++) {
		if (brief && run_short(walk, step))
			continue;
		run_general(walk, action_of(walk, step));
		brief = is_short(walk, row);
	}
}
