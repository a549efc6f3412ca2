/* SPDX-License-Identifier: Apache-2.0 */
#include "map/walk.h"

/* Sources that are several pieces: joined to one text, or one value each. */

static const struct tw_piece no_piece;

/* Pieces from..to of a unit, those in between in the order they stand. */
struct range {
	const struct tw_walk *walk;
	unsigned at; /* for walk_next_piece() */
	unsigned from, to;
};

static unsigned place_of(unsigned element, unsigned component)
{
	return element * 256u + component;
}

static struct range make_range(const struct tw_walk *walk, const struct map_source *source)
{
	bool slotted = walk_unit_slots(walk) != NULL && source->at.slot != MAP_NO_SLOT;
	return (struct range){
		.walk = walk,
		.at = slotted ? source->at.slot : 0,
		.from = place_of(source->at.element, source->at.component),
		.to = place_of(source->to.element, source->to.component),
	};
}

/* The next piece of a range that is not empty, or false. */
static bool next_piece(struct range *range, struct tw_piece *ret_piece)
{
	while (walk_next_piece(range->walk, &range->at, ret_piece)) {
		unsigned place = place_of(ret_piece->element, ret_piece->component);
		if (place >= range->from && place <= range->to && ret_piece->length > 0)
			return true;
		if (ret_piece->element * 256u > range->to)
			return false;
	}
	return false;
}

/* ---- joining ---------------------------------------------------------------- */

/* Puts the pieces behind a text whose last was `full`; returns whether their last is. */
static bool join_range(struct tw_walk *walk, const struct map_source *source,
		       struct walk_text *text, bool full)
{
	struct range range = make_range(walk, source);
	struct tw_piece piece;
	while (next_piece(&range, &piece)) {
		if (text->text.length > 0 && !full)
			walk_text_blank(text);
		size_t length = walk_text_piece(walk, text, &piece);
		full = walk_is_full(source, length) || walk_is_full(source, piece.length);
	}
	piece = source->also.element == 0 ? no_piece : walk_piece(walk, source->also);
	if (piece.length > 0)
		(void)walk_text_piece(walk, text, &piece);
	return full;
}

/* A range within one element, in slots up to *ret_end; false: it is another, or has an odd one. */
static bool element_slots(const struct tw_walk *walk, const struct map_source *source,
		     unsigned *ret_end)
{
	const struct map_position to = source->to;
	unsigned last = to.component < MAP_COMPONENTS ? to.component : MAP_COMPONENTS;
	unsigned end = source->at.slot + last + 1u - source->at.component;
	if (source->at.slot == MAP_NO_SLOT || source->at.element != to.element ||
	    source->at.component > last || source->also.element != 0 || walk->beyond ||
	    walk->repeated)
		return false;
	for (unsigned i = source->at.slot; walk->slots == walk->own_slots && i < end; i++)
		if (walk_slot_odd(walk->slots[i]))
			return false;
	*ret_end = end;
	return true;
}

/* The same of plain pieces in slots. */
static bool join_slots(struct tw_walk *walk, const struct map_source *source, unsigned end,
		       struct walk_text *text, bool full)
{
	if (!walk_text_room(text, MAP_COMPONENTS, walk->unit->bytes.length))
		return full;
	for (unsigned i = source->at.slot; i < end; i++) {
		struct tw_slice bytes = walk_slot_bytes(walk, walk->slots[i]);
		if (bytes.length == 0)
			continue;
		walk_text_plain(text, bytes, walk->unit->offset + walk->slots[i].start,
				text->text.length > 0 && !full);
		full = walk_is_full(source, bytes.length);
	}
	return full;
}

/*
 * A piece filled to its limit, or one short of it, joins the
 * next with nothing, a shorter one with a blank. Some senders put the release
 * characters in before they cut, so the raw length counts as well. Returns
 * whether the last was full.
 */
bool walk_join(struct tw_walk *walk, const struct map_source *source, struct walk_text *text,
	       bool full)
{
	unsigned end;
	return element_slots(walk, source, &end) ? join_slots(walk, source, end, text, full)
					      : join_range(walk, source, text, full);
}

bool walk_any_piece(const struct tw_walk *walk, const struct map_source *source)
{
	const struct map_position at = source->at;
	struct range range;
	struct tw_piece piece;
	if (at.slot != MAP_NO_SLOT && walk_slot_used(walk->slots[at.slot]))
		return true;
	range = make_range(walk, source);
	return next_piece(&range, &piece);
}

/* A single piece needs no joining. */
bool walk_read_joined(struct tw_walk *walk, const struct map_source *source,
			struct walk_value *value)
{
	struct range range = make_range(walk, source);
	struct tw_piece first, second;
	if (!next_piece(&range, &first))
		return false;
	if (!next_piece(&range, &second) && source->also.element == 0)
		return walk_read_piece(walk, &first, value);
	walk_text_clear(&walk->scratch);
	(void)walk_join(walk, source, &walk->scratch, false);
	*value = walk_text_value(&walk->scratch);
	walk_trim(value);
	return value->text.length > 0;
}

/* ---- lines and each ---------------------------------------------------------- */

static void add_scratch(struct tw_walk *walk, const struct map_action *action)
{
	struct walk_value value = walk_text_value(&walk->scratch);
	walk_trim(&value);
	if (value.text.length > 0)
		walk_add_value(walk, action, &value);
	walk_text_clear(&walk->scratch);
}

/* One value per piece; `lines` lets a full piece run on into the next. */
bool walk_add_lines(struct tw_walk *walk, const struct map_action *action,
		    const struct map_source *source)
{
	struct range range = make_range(walk, source);
	struct tw_piece piece;
	bool any = false;
	walk_text_clear(&walk->scratch);
	for (; next_piece(&range, &piece); any = true) {
		if (piece.flags == 0 && walk->scratch.text.length == 0 &&
		    (source->kind == SOURCE_EACH || !walk_is_full(source, piece.length))) {
			struct walk_value value;
			if (walk_read_piece(walk, &piece, &value))
				walk_add_value(walk, action, &value);
			continue;
		}
		size_t length = walk_text_piece(walk, &walk->scratch, &piece);
		if (source->kind == SOURCE_EACH ||
		    !(walk_is_full(source, length) || walk_is_full(source, piece.length)))
			add_scratch(walk, action);
	}
	if (walk->scratch.text.length > 0)
		add_scratch(walk, action);
	return any;
}
