/* SPDX-License-Identifier: Apache-2.0 */
#include "map/map_table.h"

#include <stdlib.h>

/*
 * Decision tables. Rows of one (context, tag) differ mostly by the code in one
 * piece, the qualifier. For each code that a row names, and for all others, the
 * rows that can still hold are linked once, here, so that the walk looks one
 * code up and seldom asks a condition.
 */
#define CODES_LIMIT 512u
#define ROWS_LIMIT 512u

/* The rows of one (context, tag). */
struct group {
	struct tw_map *map;
	uint16_t rows[ROWS_LIMIT];
	unsigned row_count;
	struct map_position key;
	uint64_t codes[CODES_LIMIT];
	unsigned code_count;
};

static const struct map_condition *condition_at(const struct tw_map *map, unsigned index)
{
	return MAP_AT(struct map_condition, map->conditions, index);
}

static bool is_key(const struct map_condition *condition, struct map_position key)
{
	return condition->kind == CONDITION_CODES && condition->at.attribute == 0 &&
	       condition->at.from == 0 && condition->at.length == 0 &&
	       condition->at.element == key.element && condition->at.component == key.component;
}

/* How many rows of the group ask for a code at this position. */
static unsigned count_askers(const struct group *group, struct map_position key)
{
	unsigned count = 0;
	for (unsigned i = 0; i < group->row_count; i++) {
		const struct map_row *row = MAP_AT(struct map_row, group->map->rows, group->rows[i]);
		bool asks = false;
		for (unsigned j = 0; j < row->condition_count; j++)
			asks |= is_key(condition_at(group->map, row->condition_first + j), key);
		count += asks;
	}
	return count;
}

static void choose_key(struct group *group)
{
	unsigned most = 0;
	group->key = (struct map_position){.element = 0};
	for (unsigned i = 0; i < group->row_count; i++) {
		const struct map_row *row = MAP_AT(struct map_row, group->map->rows, group->rows[i]);
		for (unsigned j = 0; j < row->condition_count; j++) {
			const struct map_condition *condition =
				condition_at(group->map, row->condition_first + j);
			if (!is_key(condition, condition->at))
				continue;
			unsigned askers = count_askers(group, condition->at);
			if (askers > most)
				group->key = condition->at;
			most = askers > most ? askers : most;
		}
	}
}

static int add_code(struct group *group, uint64_t code)
{
	for (unsigned i = 0; i < group->code_count; i++)
		if (group->codes[i] == code)
			return TW_OK;
	if (group->code_count == CODES_LIMIT)
		return TW_ERROR_LIMIT;
	group->codes[group->code_count++] = code;
	return TW_OK;
}

static int collect_codes(struct group *group)
{
	group->code_count = 0;
	for (unsigned i = 0; i < group->row_count; i++) {
		const struct map_row *row = MAP_AT(struct map_row, group->map->rows, group->rows[i]);
		for (unsigned j = 0; j < row->condition_count; j++) {
			const struct map_condition *condition =
				condition_at(group->map, row->condition_first + j);
			for (unsigned k = 0; k < condition->count && is_key(condition, group->key); k++)
				if (add_code(group, *MAP_AT(uint64_t, group->map->codes,
							    condition->first + k)) < 0)
					return TW_ERROR_LIMIT;
		}
	}
	return TW_OK;
}

/* Whether a condition on the key holds for a code; NULL: for one that no row names. */
static bool key_holds(const struct tw_map *map, const struct map_condition *condition,
		      const uint64_t *code)
{
	bool found = false;
	for (unsigned i = 0; code != NULL && i < condition->count; i++)
		found |= *MAP_AT(uint64_t, map->codes, condition->first + i) == *code;
	return found != condition->negate;
}

static bool can_hold(const struct group *group, const struct map_row *row, const uint64_t *code)
{
	for (unsigned j = 0; j < row->condition_count; j++) {
		const struct map_condition *condition =
			condition_at(group->map, row->condition_first + j);
		if (is_key(condition, group->key) && !key_holds(group->map, condition, code))
			return false;
	}
	return true;
}

/* Most conditions left ask for one or two pieces, or one code: the walk need not go through these. */
static enum map_asks classify(const struct tw_map *map, struct map_link *link)
{
	const struct map_condition *condition = condition_at(map, link->condition_first);
	if (link->condition_count != 1)
		return link->condition_count == 0 ? ASKS_NOTHING : ASKS_MORE;
	link->neither = condition->negate;
	if (condition->kind == CONDITION_CODES && condition->count == 1 &&
	    map_has_slot(condition->at)) {
		link->place[0] = condition->at.slot;
		link->code = *MAP_AT(uint64_t, map->codes, condition->first);
		return ASKS_CODE;
	}
	if (condition->kind != CONDITION_PRESENT || condition->count > 2)
		return ASKS_MORE;
	for (unsigned i = 0; i < 2; i++) {
		struct map_position at = *MAP_AT(struct map_position, map->positions,
						 condition->first + (i < condition->count ? i : 0));
		if (!map_has_slot(at))
			return ASKS_MORE;
		link->place[i] = at.slot;
	}
	return ASKS_PLACES;
}

/* Appends a link with the conditions of the row that are not on the key. */
static unsigned add_link(struct group *group, unsigned row_number)
{
	struct tw_map *map = group->map;
	const struct map_row row = *MAP_AT(struct map_row, map->rows, row_number);
	struct map_link link = {
		.row = (uint16_t)row_number,
		.action_first = row.action_first,
		.action_count = row.action_count,
		.step_first = row.step_first,
		.each = row.each,
		.continues = row.continues,
		.placed = row.placed,
		.plain = !row.each && row.action_count <= MAP_BRIEF_ACTIONS,
		.condition_first = (uint16_t)MAP_COUNT(struct map_condition, map->conditions),
	};
	for (unsigned j = 0; j < row.condition_count; j++) {
		struct map_condition condition = *condition_at(map, row.condition_first + j);
		if (is_key(&condition, group->key))
			continue;
		tw_buffer_append(&map->conditions, &condition, sizeof(condition));
		link.condition_count++;
	}
	if (!map->conditions.failed)
		link.asks = (uint8_t)classify(map, &link);
	tw_buffer_append(&map->links, &link, sizeof(link));
	return link.condition_count;
}

/* The chain for a code; returns its first link + 1, or 0 where no row can hold. */
static uint16_t make_chain(struct group *group, const uint64_t *code)
{
	struct tw_map *map = group->map;
	unsigned first = MAP_COUNT(struct map_link, map->links);
	bool settled = false;
	for (unsigned i = 0; i < group->row_count && !settled; i++)
		if (can_hold(group, MAP_AT(struct map_row, map->rows, group->rows[i]), code))
			settled = add_link(group, group->rows[i]) == 0;
	unsigned end = MAP_COUNT(struct map_link, map->links);
	struct map_link *links = (void *)map->links.data;
	for (unsigned i = first; i + 1 < end; i++)
		links[i].next = (uint16_t)(i + 2);
	return end == first ? 0 : (uint16_t)(first + 1);
}

static void put_slot(struct tw_map *map, const struct map_choice *choice, struct map_slot slot)
{
	struct map_slot *slots = (struct map_slot *)(void *)map->choice_slots.data + choice->first;
	size_t at = (size_t)(map_spread(slot.key) >> 40) & choice->mask;
	while (slots[at].value >= 0)
		at = (at + 1) & choice->mask;
	slots[at] = slot;
}

static int make_choice(struct group *group, struct map_choice *choice)
{
	static const struct map_slot empty = {.value = -1};
	struct tw_map *map = group->map;
	uint32_t size = 2;
	choose_key(group);
	if (collect_codes(group) < 0)
		return TW_ERROR_LIMIT;
	while (size < group->code_count * 2)
		size *= 2;
	*choice = (struct map_choice){
		.key = group->key,
		.other = make_chain(group, NULL),
		.first = MAP_COUNT(struct map_slot, map->choice_slots),
		.mask = size - 1,
	};
	for (uint32_t i = 0; i < size; i++)
		tw_buffer_append(&map->choice_slots, &empty, sizeof(empty));
	for (unsigned i = 0; i < group->code_count && !map->choice_slots.failed; i++)
		put_slot(map, choice,
			 (struct map_slot){group->codes[i], make_chain(group, &group->codes[i])});
	return map->choice_slots.failed || map->links.failed || map->conditions.failed
		       ? TW_ERROR_MEMORY
		       : TW_OK;
}

static int collect_rows(struct group *group, unsigned context, unsigned tag)
{
	group->row_count = 0;
	for (unsigned i = 0; i < MAP_COUNT(struct map_row, group->map->rows); i++) {
		const struct map_row *row = MAP_AT(struct map_row, group->map->rows, i);
		if (row->context != context || row->tag != tag)
			continue;
		if (group->row_count == ROWS_LIMIT)
			return TW_ERROR_LIMIT;
		group->rows[group->row_count++] = (uint16_t)i;
	}
	return TW_OK;
}

static int compile_group(struct group *group, unsigned context, unsigned tag)
{
	struct tw_map *map = group->map;
	struct map_choice choice;
	if (collect_rows(group, context, tag) < 0)
		return TW_ERROR_LIMIT;
	if (group->row_count == 0)
		return TW_OK;
	int status = make_choice(group, &choice);
	if (status < 0)
		return status;
	tw_buffer_append(&map->choices, &choice, sizeof(choice));
	map->dispatch[tag * MAP_CONTEXTS + context] =
		(uint16_t)MAP_COUNT(struct map_choice, map->choices);
	return map->choices.failed ? TW_ERROR_MEMORY : TW_OK;
}

int map_compile_rows(struct tw_map *map)
{
	struct group *group = calloc(1, sizeof(*group));
	int status = TW_OK;
	map->dispatch = calloc((size_t)MAP_CONTEXTS * (map->tag_count + 1), sizeof(uint16_t));
	if (map->dispatch == NULL || group == NULL)
		status = TW_ERROR_MEMORY;
	else if (MAP_COUNT(struct map_row, map->rows) >= UINT16_MAX)
		status = TW_ERROR_LIMIT;
	else
		group->map = map;
	for (unsigned context = 0; context < map->context_count; context++)
		for (unsigned tag = 0; tag < map->tag_count && status == TW_OK; tag++)
			status = compile_group(group, context, tag);
	free(group);
	if (status == TW_OK && (MAP_COUNT(struct map_link, map->links) >= UINT16_MAX ||
				MAP_COUNT(struct map_condition, map->conditions) >= UINT16_MAX))
		status = TW_ERROR_LIMIT;
	return status;
}
