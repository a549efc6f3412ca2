/* SPDX-License-Identifier: Apache-2.0 */
#include "map/walk.h"

#include <math.h>

/*
 * The short ways: the most frequent actions, without the general way's questions.
 * They take plain pieces of a brief unit, for an item that is there, once there is
 * room for all that the row can give; walk_add() takes the rest, to the same end.
 */
/* Where a piece stands in the unit: a slot in words, of which gcc makes better code. */
struct place {
	size_t start, end;
};

static inline struct place place_of(const struct tw_slot *slots, size_t slot)
{
	return (struct place){slots[slot].start, slots[slot].end};
}

static inline struct tw_slice bytes_of(const struct tw_walk *walk, struct place at)
{
	return tw_slice(walk->unit->bytes.data + at.start, at.end - at.start);
}

static inline bool is_plain(const char *text, struct place at)
{
	return (unsigned char)text[at.start] > ' ' && (unsigned char)text[at.end - 1] > ' ';
}

/* In place, or the call costs as much as what it does. */
__attribute__((always_inline)) static inline void put(struct tw_walk *walk,
						      const struct map_step *step,
						      const char *text, struct place at,
						      double number, unsigned unit)
{
	const struct tw_near_value value = {
		.text = text + at.start,
		.length = at.end - at.start,
		.origin = walk->distance + at.start,
		.number = number,
		.unit = unit,
	};
	tw_builder_put(&walk->builder, step->field, (unsigned)walk->item[step->group], step->many,
		       &value);
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
	if (step->other == MAP_NO_SLOT)
		return 1;
	struct place at = place_of(walk->slots, step->other);
	if (at.start == at.end)
		return 1;
	if (at.end - at.start > MAP_MEASURE_LENGTH)
		return 0;
	return map_measure_key(map_pack_roomy(bytes_of(walk, at)), cubic, ret_unit);
}

/* A number without anything odd about it. */
static inline bool add_number(struct tw_walk *walk, const struct map_step *step, struct place at)
{
	const struct map_action *action = action_of(walk, step);
	char decimal = walk->unit->decimal == 0 ? '.' : walk->unit->decimal;
	enum tw_unit_of_measure unit = TW_MEASURE_NONE;
	double number;
	if (!parse_plain(bytes_of(walk, at), (unsigned char)decimal, &number))
		return false;
	double factor = unit_factor(walk, step, action->cubic, &unit);
	number *= factor;
	if (factor <= 0 || number > action->most)
		return false;
	put(walk, step, walk->unit->bytes.data, at, number, unit);
	return true;
}

/* ---- one piece ----------------------------------------------------------------- */

static inline double code_of(const struct tw_walk *walk, const struct map_step *step,
			     const char *text, struct place at)
{
	uint64_t key = map_pack_roomy(tw_slice(text + at.start, at.end - at.start));
	int code = map_find_slot(walk->map->slots + step->first, step->mask, key);
	return code < 0 ? 0 : code;
}

/* A text that is right by what its action asks. */
static inline bool add_checked(struct tw_walk *walk, const struct map_step *step, struct place at)
{
	if (!walk_identifies(action_of(walk, step)->check, bytes_of(walk, at)))
		return false;
	put(walk, step, walk->unit->bytes.data, at, (double)NAN, 0);
	return true;
}

static inline bool add_time(struct tw_walk *walk, const struct map_step *step, struct place at)
{
	int format = walk_date_format(walk, action_of(walk, step));
	double time;
	if (!walk_read_date(bytes_of(walk, at), format, &time))
		return false;
	put(walk, step, walk->unit->bytes.data, at, time, 0);
	return true;
}

/* A value that has to be looked at. Apart, for what walk_take_row() needs not save then. */
__attribute__((noinline)) static bool add_looked(struct tw_walk *walk, const struct map_step *step,
						 struct place at)
{
	switch (step->kind) {
	case ACTION_NUMBER:
		return add_number(walk, step, at);
	case ACTION_TIME:
		return add_time(walk, step, at);
	default:
		return add_checked(walk, step, at);
	}
}

/* ---- the components of one element ------------------------------------------- */

/* Where the pieces of a range within one element stand, in their order. */
struct components {
	struct place at[MAP_COMPONENTS];
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
		struct place at = place_of(walk->slots, slot);
		if (at.start == at.end)
			continue;
		if (at.start > at.end || !is_plain(walk->unit->bytes.data, at))
			return false;
		components->at[components->count++] = at;
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
	const struct place *at = components->at;
	struct place whole = at[0];
	for (unsigned i = 1; i < components->count; i++) {
		if (at[i].start != whole.end + 1 ||
		    walk_is_full(source, at[i - 1].end - at[i - 1].start))
			return false;
		whole.end = at[i].end;
	}
	size_t end = walk->builder.texts.length;
	put(walk, step, walk->unit->bytes.data, whole, (double)NAN, 0);
	char *text = walk->builder.texts.data + end;
	for (unsigned i = 1; i < components->count && walk->builder.texts.length > end; i++)
		text[at[i].start - whole.start - 1] = ' ';
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
		put(walk, step, walk->unit->bytes.data, components.at[i], (double)NAN, 0);
	return true;
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
static inline bool is_short(struct tw_walk *walk)
{
	const uint32_t entries = MAP_BRIEF_ACTIONS + UINT8_MAX;
	const size_t bytes = (MAP_BRIEF_ACTIONS + 1) * (WALK_BRIEF_BYTES + TW_BUILDER_SLACK);
	walk->distance = walk->unit->offset - walk->builder.head.base;
	if (!walk->brief || walk->careful || (walk->distance + WALK_BRIEF_BYTES) >> 32 != 0)
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
	struct place at = place_of(walk->slots, step->slot);
	if (at.start == at.end) {
		target->length = 0;
		return true;
	}
	struct tw_slice text = bytes_of(walk, at);
	if (at.start > at.end || !is_plain(walk->unit->bytes.data, at) || text.length > sizeof(target->text))
		return false;
	memcpy(target->text, text.data, text.length);
	target->length = (uint32_t)text.length;
	target->origin = walk->unit->offset + at.start;
	target->origin_length = text.length;
	target->run = (struct tw_run){0, target->length, 0, target->length};
	return true;
}

/* What is no value, or needs the general way. */
__attribute__((noinline)) static void run_general(struct tw_walk *walk,
						  const struct map_link *row,
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
		if (walk->flow.active)
			walk->flow.row = (uint16_t)(row->row + 1u);
		break;
	}
}

/* What opens an item, and asks nothing. */
static inline void open_item(struct tw_walk *walk, const struct map_step *step)
{
	if (step->group < TW_GROUP_COUNT) {
		if (!walk->implied[step->group])
			(void)walk_item(walk, step->group);
		walk->implied[step->group] = false;
	}
	walk_enter(walk, step->context, step->group);
}

__attribute__((noinline)) static bool run_other(struct tw_walk *walk, const struct map_step *step)
{
	switch (step->kind) {
	case ACTION_KEEP:
		return keep_piece(walk, step);
	case ACTION_COMPONENTS:
		return add_components(walk, step);
	case ACTION_CONSTANT:
		return add_constant(walk, step);
	default:
		return false;
	}
}

/*
 * Whether the element that a range begins at the front of has the one piece only: then join,
 * lines and each are that. Separators stand before each but the tag, so that none ends at 0.
 */
static inline bool is_single(const struct tw_walk *walk, const struct map_step *step)
{
	return walk->slots[step->slot + 1].end == 0 && !walk->beyond && !walk->repeated;
}

enum way {
	WAY_PLACE, /* the piece is found, or there is none */
	WAY_DONE,
	WAY_GENERAL,
};

/* Steps that ask for more than what stands in one slot. */
__attribute__((always_inline)) static inline enum way look_further(struct tw_walk *walk, const struct map_step *step,
				    struct place *at)
{
	switch (step->kind) {
	case ACTION_RANGE:
		if (is_single(walk, step))
			return WAY_PLACE;
		return add_components(walk, step) ? WAY_DONE : WAY_GENERAL;
	case ACTION_EITHER:
		if (at->start != at->end)
			return WAY_PLACE;
		if (step->other == MAP_NO_SLOT)
			return WAY_GENERAL;
		*at = place_of(walk->slots, step->other);
		return WAY_PLACE;
	case ACTION_OPEN:
		if (step->looked)
			return WAY_GENERAL;
		open_item(walk, step);
		return WAY_DONE;
	case ACTION_NEW:
		start_item(walk, step->group);
		return WAY_DONE;
	default:
		return run_other(walk, step) ? WAY_DONE : WAY_GENERAL;
	}
}

/* Does steps until one takes the general way; returns that, or the end. */
__attribute__((always_inline)) static inline const struct map_step *
run_short(struct tw_walk *walk, const struct map_step *step, const struct map_step *end)
{
	const char *text = walk->unit->bytes.data;
	const struct tw_slot *slots = walk->slots;
	for (; step != end; step++) {
		struct place at = place_of(slots, step->slot);
		if (step->kind > ACTION_TIME) {
			enum way way = look_further(walk, step, &at);
			if (way == WAY_DONE)
				continue;
			if (way == WAY_GENERAL)
				return step;
		}
		if (at.start >= at.end) {
			if (at.start == at.end)
				continue;
			return step; /* odd */
		}
		if (walk->item[step->group] < 0 || !is_plain(text, at))
			return step;
		if (!step->looked)
			put(walk, step, text, at, (double)NAN, 0);
		else if (step->kind == ACTION_CODE)
			put(walk, step, text, at, code_of(walk, step, text, at), 0);
		else if (!add_looked(walk, step, at))
			return step;
	}
	return end;
}

__attribute__((always_inline)) static inline void run_row(struct tw_walk *walk, const struct map_link *row)
{
	const struct map_step *step = &walk->steps[row->action_first];
	const struct map_step *end = step + row->action_count;
	while (step != end) {
		if (is_short(walk)) {
			step = run_short(walk, step, end);
			if (step == end)
				return;
		}
		run_general(walk, row, action_of(walk, step));
		step++;
	}
}

void walk_run(struct tw_walk *walk, const struct map_link *row)
{
	run_row(walk, row);
}

int walk_take_row(struct tw_walk *walk, const struct map_link *row)
{
	if (!walk_begin_row(walk, row))
		return walk_end_unit(walk);
	run_row(walk, row);
	return walk_end_row(walk, row);
}
