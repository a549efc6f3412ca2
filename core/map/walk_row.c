/* SPDX-License-Identifier: Apache-2.0 */
#include "map/walk.h"

/* Which row a unit takes: its qualifier by the decision table, then what conditions are left. */

static bool has_shape(struct tw_slice text, struct tw_slice shape)
{
	for (size_t i = 0; i < shape.length; i++) {
		int wanted = tw_slice_at(shape, i);
		int c = tw_slice_at(text, i);
		if (wanted == '*')
			return true;
		if (c < 0 || (wanted == '#' && !(c >= '0' && c <= '9')) ||
		    (wanted == '@' && !(c >= 'A' && c <= 'Z')) ||
		    (wanted != '#' && wanted != '@' && wanted != '?' && wanted != c))
			return false;
	}
	return text.length == shape.length;
}

static struct tw_slice condition_text(const struct tw_walk *walk, struct map_position at)
{
	struct tw_slice bytes = walk_piece_bytes(walk, walk_piece(walk, at));
	if ((at.from | at.length) == 0)
		return bytes;
	return tw_slice_part(bytes, at.from, at.length == 0 ? SIZE_MAX : at.length);
}

static bool is_whole(struct map_position at)
{
	return (at.from | at.length) == 0;
}

static bool is_one_of(const struct tw_walk *walk, const struct map_condition *condition)
{
	const uint64_t *codes = MAP_AT(uint64_t, walk->map->codes, condition->first);
	uint64_t key = is_whole(condition->at) ? walk_key(walk, condition->at)
					       : map_pack(condition_text(walk, condition->at));
	for (unsigned i = 0; i < condition->count; i++)
		if (codes[i] == key)
			return true;
	return false;
}

static bool is_present(const struct tw_walk *walk, const struct map_condition *condition)
{
	const struct map_position *positions =
		MAP_AT(struct map_position, walk->map->positions, condition->first);
	for (unsigned i = 0; i < condition->count; i++) {
		if (walk_piece(walk, positions[i]).length > 0 &&
		    (is_whole(positions[i]) || condition_text(walk, positions[i]).length > 0))
			return true;
	}
	return false;
}

static bool is_line(const struct tw_walk *walk, unsigned number)
{
	struct tw_piece first;
	unsigned at = 0;
	return walk_next_piece(walk, &at, &first) && first.repetition == number;
}

static bool holds(const struct tw_walk *walk, const struct map_condition *condition)
{
	bool result = false;
	switch (condition->kind) {
	case CONDITION_CODES:
		result = is_one_of(walk, condition);
		break;
	case CONDITION_PRESENT:
		result = is_present(walk, condition);
		break;
	case CONDITION_SHAPE:
		result = has_shape(condition_text(walk, condition->at),
				   map_slice(walk->map, *MAP_AT(struct map_text, walk->map->words,
								condition->first)));
		break;
	case CONDITION_HAS:
		result = walk_own(walk, condition->first);
		break;
	case CONDITION_LINE:
		result = is_line(walk, condition->first);
		break;
	default:
		break;
	}
	return result != condition->negate;
}

static bool all_hold(const struct tw_walk *walk, const struct map_link *link)
{
	const struct map_condition *condition = &walk->conditions[link->condition_first];
	for (unsigned i = 0; i < link->condition_count; i++)
		if (!holds(walk, &condition[i]))
			return false;
	return true;
}

/* The link in a context that holds, or NULL. */
static const struct map_link *choose(const struct tw_walk *walk, const struct map_choice *choice)
{
	unsigned at = choice->other;
	if (choice->key.element != 0)
		at = map_find_link(walk->map, choice, walk_key(walk, choice->key));
	while (at != 0) {
		const struct map_link *link = &walk->links[at - 1];
		if (all_hold(walk, link))
			return link;
		at = link->next;
	}
	return NULL;
}

const struct map_link *walk_find_row(struct tw_walk *walk, unsigned tag, unsigned lowest)
{
	const uint16_t *numbers = walk->map->dispatch + (size_t)tag * MAP_CONTEXTS;
	for (unsigned at = walk->depth; at-- > lowest;) {
		unsigned number = numbers[walk->stack[at].context];
		const struct map_link *link =
			number == 0 ? NULL : choose(walk, &walk->choices[number - 1]);
		if (link == NULL)
			continue;
		walk->level = at;
		return link;
	}
	return NULL;
}
