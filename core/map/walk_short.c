/* SPDX-License-Identifier: Apache-2.0 */
#include "map/walk.h"

#include <math.h>

/*
 * The short ways: a row is a program of steps (map_step), of which each does the one thing
 * it is for and goes on to the next as its last act, so that no step saves a register for
 * another. They take plain pieces of a brief unit, for an item that is there, once there is
 * room for all that the row can give; walk_add() takes the rest, to the same end.
 */

/* Where a piece stands in the unit: a slot in words, of which gcc makes better code. */
struct place {
	size_t start, end;
};

static inline struct place place_of(const struct tw_walk *walk, size_t slot)
{
	return (struct place){walk->slots[slot].start, walk->slots[slot].end};
}

static inline struct tw_slice bytes_of(const struct tw_walk *walk, struct place at)
{
	return tw_slice(walk->unit->bytes.data + at.start, at.end - at.start);
}

/* What stands at a place. */
enum piece {
	PIECE_NONE,
	PIECE_PLAIN, /* and its item is there */
	PIECE_OTHER,
};

static inline bool is_plain(const struct tw_walk *walk, struct place at)
{
	const char *text = walk->unit->bytes.data;
	return at.start < at.end && (unsigned char)text[at.start] > ' ' &&
	       (unsigned char)text[at.end - 1] > ' ';
}

static inline enum piece look(const struct tw_walk *walk, const struct map_step *step,
			      struct place at)
{
	if (at.start == at.end)
		return PIECE_NONE;
	return is_plain(walk, at) && walk->item[step->group] >= 0 ? PIECE_PLAIN : PIECE_OTHER;
}

/* In place, or the call costs as much as what it does. */
__attribute__((always_inline)) static inline void put(struct tw_walk *walk,
						      const struct map_step *step,
						      struct place at, double number,
						      unsigned unit)
{
	const struct tw_near_value value = {
		.text = walk->unit->bytes.data + at.start,
		.length = at.end - at.start,
		.origin = walk->distance + at.start,
		.number = number,
		.unit = unit,
	};
	tw_builder_put(&walk->builder, step->field, (unsigned)walk->item[step->group], &step->many,
		       &value);
}

static inline const struct map_source *source_of(const struct tw_walk *walk,
						 const struct map_step *step)
{
	return &walk->sources[walk->actions[step->action].source_first];
}

/* ---- from step to step ------------------------------------------------------- */

/*
 * Each step ends with it: a jump, and no call, where the compiler optimises; else calls as
 * deep as a brief row is long.
 */
static inline int next(struct tw_walk *walk, const struct map_step *step)
{
	step++;
	return step->run(walk, step);
}

static void warn(struct tw_walk *walk, const struct map_action *action)
{
	struct walk_value value = {
		.origin = walk->unit->offset, .origin_length = walk->unit->bytes.length};
	walk_anomaly(walk, map_slice(walk->map, action->code).data, &value,
		     map_slice(walk->map, action->reason).data);
}

static inline void start_item(struct tw_walk *walk, unsigned group)
{
	(void)walk_item(walk, group);
	walk->implied[group] = false;
}

/* What needs the general way. */
static void do_action(struct tw_walk *walk, const struct map_action *action)
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

/* The room for all that a row can give: each action its unit once, or a piece of it each. */
#define ROW_ENTRIES (MAP_BRIEF_ACTIONS + UINT8_MAX)
#define ROW_BYTES ((MAP_BRIEF_ACTIONS + 1) * (size_t)(WALK_BRIEF_BYTES + TW_BUILDER_SLACK))

/* Whether the short ways can be gone, so that none of them has to ask. */
static inline bool is_short(struct tw_walk *walk)
{
	walk->distance = walk->unit->offset - walk->builder.head.base;
	return walk->brief && !walk->careful && (walk->distance + WALK_BRIEF_BYTES) >> 32 == 0;
}

/* From a step on, by the short ways as soon as they can be gone. */
__attribute__((noinline)) static int run_from(struct tw_walk *walk, const struct map_step *step)
{
	for (; !step->last; step++) {
		if (is_short(walk) && (tw_builder_has_room(&walk->builder, ROW_ENTRIES, ROW_BYTES) ||
				       tw_builder_grow(&walk->builder, ROW_ENTRIES, ROW_BYTES)))
			break;
		do_action(walk, &walk->actions[step->action]);
	}
	return step->run(walk, step);
}

/* A step that the short ways leave to the general one. */
__attribute__((noinline)) static int run_general(struct tw_walk *walk, const struct map_step *step)
{
	do_action(walk, &walk->actions[step->action]);
	return run_from(walk, step + 1);
}

/* ---- one piece ----------------------------------------------------------------- */

__attribute__((always_inline)) static inline int run_piece(struct tw_walk *walk,
							   const struct map_step *step,
							   struct place at)
{
	enum piece piece = look(walk, step, at);
	if (piece == PIECE_OTHER)
		return run_general(walk, step);
	if (piece == PIECE_PLAIN)
		put(walk, step, at, (double)NAN, 0);
	return next(walk, step);
}

static int run_text(struct tw_walk *walk, const struct map_step *step)
{
	return run_piece(walk, step, place_of(walk, step->slot));
}

static int run_code(struct tw_walk *walk, const struct map_step *step)
{
	struct place at = place_of(walk, step->slot);
	enum piece piece = look(walk, step, at);
	if (piece == PIECE_OTHER)
		return run_general(walk, step);
	if (piece == PIECE_PLAIN) {
		int code = map_find_slot(walk->map->slots + step->first, step->mask,
					 map_pack_roomy(bytes_of(walk, at)));
		put(walk, step, at, code < 0 ? 0 : code, 0);
	}
	return next(walk, step);
}

/* A text that is right by what its action asks. */
static int run_checked_at(struct tw_walk *walk, const struct map_step *step, struct place at)
{
	enum piece piece = look(walk, step, at);
	if (piece == PIECE_NONE)
		return next(walk, step);
	if (piece == PIECE_OTHER ||
	    !walk_identifies(walk->actions[step->action].check, bytes_of(walk, at)))
		return run_general(walk, step);
	put(walk, step, at, (double)NAN, 0);
	return next(walk, step);
}

static int run_checked(struct tw_walk *walk, const struct map_step *step)
{
	return run_checked_at(walk, step, place_of(walk, step->slot));
}

/* The first of two places, or what else there is. */
static int run_either(struct tw_walk *walk, const struct map_step *step)
{
	struct place at = place_of(walk, step->slot);
	if (at.start == at.end) {
		if (step->other == MAP_NO_SLOT)
			return run_general(walk, step);
		at = place_of(walk, step->other);
	}
	return step->checked ? run_checked_at(walk, step, at) : run_piece(walk, step, at);
}

/* ---- numbers and dates ----------------------------------------------------------- */

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

/* The unit of measure at the other place, or none; false: there is no such unit. */
static inline bool measure(const struct tw_walk *walk, const struct map_step *step, bool cubic,
			   struct map_measure *ret_measure)
{
	static const struct map_measure none = {.factor = 1};
	*ret_measure = none;
	if (step->other == MAP_NO_SLOT)
		return true;
	struct place at = place_of(walk, step->other);
	if (at.start == at.end)
		return true;
	if (at.end - at.start > MAP_MEASURE_LENGTH)
		return false;
	const struct map_measure *found =
		map_find_measure(map_pack_roomy(bytes_of(walk, at)), cubic);
	if (found != NULL)
		*ret_measure = *found;
	return found != NULL;
}

/* A number without anything odd about it. */
static int run_number(struct tw_walk *walk, const struct map_step *step)
{
	const struct map_action *action = &walk->actions[step->action];
	struct place at = place_of(walk, step->slot);
	char decimal = walk->unit->decimal == 0 ? '.' : walk->unit->decimal;
	enum piece piece = look(walk, step, at);
	struct map_measure unit;
	double number;
	if (piece == PIECE_NONE)
		return next(walk, step);
	if (piece == PIECE_OTHER ||
	    !parse_plain(bytes_of(walk, at), (unsigned char)decimal, &number) ||
	    !measure(walk, step, action->cubic, &unit) ||
	    number * unit.factor > action->most)
		return run_general(walk, step);
	put(walk, step, at, number * unit.factor, unit.unit);
	return next(walk, step);
}

static int run_time(struct tw_walk *walk, const struct map_step *step)
{
	struct place at = place_of(walk, step->slot);
	enum piece piece = look(walk, step, at);
	double time;
	if (piece == PIECE_NONE)
		return next(walk, step);
	if (piece == PIECE_OTHER ||
	    !walk_read_date(bytes_of(walk, at),
			    walk_date_format(walk, &walk->actions[step->action]), &time))
		return run_general(walk, step);
	put(walk, step, at, time, 0);
	return next(walk, step);
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
		struct place at = place_of(walk, slot);
		if (at.start == at.end)
			continue;
		if (!is_plain(walk, at))
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
	put(walk, step, whole, (double)NAN, 0);
	char *text = walk->builder.texts.data + end;
	for (unsigned i = 1; i < components->count && walk->builder.texts.length > end; i++)
		text[at[i].start - whole.start - 1] = ' ';
	return true;
}

static bool add_components(struct tw_walk *walk, const struct map_step *step)
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
		put(walk, step, components.at[i], (double)NAN, 0);
	return true;
}

__attribute__((noinline)) static int run_components(struct tw_walk *walk,
						    const struct map_step *step)
{
	return add_components(walk, step) ? next(walk, step) : run_general(walk, step);
}

/*
 * All components of an element. Where it has the one piece only, join, lines and each are
 * that. Separators stand before each but the tag, so that none ends at 0.
 */
static int run_range(struct tw_walk *walk, const struct map_step *step)
{
	if (walk->slots[step->slot + 1].end != 0 || walk->beyond || walk->repeated)
		return run_components(walk, step);
	return run_piece(walk, step, place_of(walk, step->slot));
}

/* ---- what is no piece ------------------------------------------------------------ */

static int run_constant(struct tw_walk *walk, const struct map_step *step)
{
	const struct map_action *action = &walk->actions[step->action];
	int item = walk->item[step->group];
	struct tw_plain_value plain = {
		.text = map_slice(walk->map, source_of(walk, step)->text),
		.origin = walk->unit->offset,
		.number = action->type == TW_TYPE_code ? action->constant : (double)NAN,
		.field = step->field,
		.flags = TW_ENTRY_DERIVED,
		.item = (uint16_t)item,
	};
	if (item >= 0 && ((!step->many && walk_taken(walk, step->field, (unsigned)item)) ||
			  tw_builder_add_plain(&walk->builder, &plain)))
		return next(walk, step);
	return run_general(walk, step);
}

/* What opens an item, and asks nothing. */
static int run_open(struct tw_walk *walk, const struct map_step *step)
{
	if (step->group < TW_GROUP_COUNT) {
		if (!walk->implied[step->group])
			(void)walk_item(walk, step->group);
		walk->implied[step->group] = false;
	}
	walk_enter(walk, step->context, step->group);
	return next(walk, step);
}

static int run_new(struct tw_walk *walk, const struct map_step *step)
{
	start_item(walk, step->group);
	return next(walk, step);
}

/* `let` of one piece. */
static int run_keep(struct tw_walk *walk, const struct map_step *step)
{
	struct walk_register *target =
		&walk->registers[walk->actions[step->action].register_number];
	struct place at = place_of(walk, step->slot);
	size_t length = at.end - at.start;
	if (length != 0 && (!is_plain(walk, at) || length > sizeof(target->text)))
		return run_general(walk, step);
	if (length != 0)
		memcpy(target->text, walk->unit->bytes.data + at.start, length);
	target->length = (uint32_t)length;
	target->origin = walk->unit->offset + at.start;
	target->origin_length = length;
	target->run = (struct tw_run){0, target->length, 0, target->length};
	return next(walk, step);
}

/* ---- a row --------------------------------------------------------------------------- */

static int run_end(struct tw_walk *walk, const struct map_step *step)
{
	(void)step;
	return walk_end_unit(walk);
}

static int run_placed_end(struct tw_walk *walk, const struct map_step *step)
{
	walk_place_note(walk, step->action);
	return walk_end_unit(walk);
}

/* Of a row that is done once for each element. */
static int run_stop(struct tw_walk *walk, const struct map_step *step)
{
	(void)step;
	return walk->status;
}

map_run *const map_runs[] = {
	[STEP_TEXT] = run_text,		[STEP_CHECKED] = run_checked,
	[STEP_CODE] = run_code,		[STEP_NUMBER] = run_number,
	[STEP_TIME] = run_time,		[STEP_RANGE] = run_range,
	[STEP_EITHER] = run_either,	[STEP_COMPONENTS] = run_components,
	[STEP_CONSTANT] = run_constant, [STEP_GENERAL] = run_general,
	[STEP_OPEN] = run_open,		[STEP_NEW] = run_new,
	[STEP_KEEP] = run_keep,		[STEP_END] = run_end,
	[STEP_PLACED_END] = run_placed_end, [STEP_STOP] = run_stop,
};

static inline int start(struct tw_walk *walk, const struct map_link *row)
{
	const struct map_step *step = &walk->steps[row->step_first];
	if (is_short(walk) && tw_builder_has_room(&walk->builder, ROW_ENTRIES, ROW_BYTES))
		return step->run(walk, step);
	return run_from(walk, step);
}

int walk_run(struct tw_walk *walk, const struct map_link *row)
{
	return start(walk, row);
}

/* A row that ends what is open. */
__attribute__((noinline)) static int take_outer(struct tw_walk *walk, const struct map_link *row)
{
	return walk_begin_row(walk, row) ? start(walk, row) : walk_end_unit(walk);
}

int walk_take_row(struct tw_walk *walk, const struct map_link *row)
{
	return walk->flow.active || walk->depth > walk->level + 1 ? take_outer(walk, row)
								   : start(walk, row);
}
