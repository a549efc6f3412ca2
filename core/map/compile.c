/* SPDX-License-Identifier: Apache-2.0 */
#include "map/map_table.h"

#include <stdlib.h>

void map_free(struct tw_map *map)
{
	if (map == NULL)
		return;
	struct tw_buffer *buffers[] = {
		&map->types,	  &map->versions, &map->partners, &map->excludes,
		&map->rows,	  &map->conditions, &map->actions, &map->sources,
		&map->codes,	  &map->positions,  &map->words,   &map->tables,
		&map->table_codes, &map->tags,	    &map->texts,
	};
	for (size_t i = 0; i < sizeof(buffers) / sizeof(buffers[0]); i++)
		tw_buffer_free(buffers[i]);
	free(map->tag_slots);
	free(map->slots);
	free(map->dispatch);
	free(map->name);
	free(map);
}

static struct map_slot *make_slots(size_t count)
{
	struct map_slot *slots = calloc(count, sizeof(*slots));
	for (size_t i = 0; slots != NULL && i < count; i++)
		slots[i].value = -1;
	return slots;
}

static int compile_tags(struct tw_map *map)
{
	unsigned bits = 4;
	map->tag_count = MAP_COUNT(struct map_tag, map->tags);
	while ((1u << bits) < map->tag_count * 4)
		bits++;
	map->tag_shift = 64 - bits;
	map->tag_slots = make_slots((size_t)1 << bits);
	if (map->tag_slots == NULL)
		return TW_ERROR_MEMORY;
	size_t mask = ((size_t)1 << bits) - 1;
	for (unsigned i = 0; i < map->tag_count; i++) {
		uint64_t key = MAP_AT(struct map_tag, map->tags, i)->key;
		size_t at = (size_t)(map_spread(key) >> map->tag_shift);
		while (map->tag_slots[at].value >= 0)
			at = (at + 1) & mask;
		map->tag_slots[at] = (struct map_slot){key, (int32_t)i};
	}
	return TW_OK;
}

/* Each table gets its own power of two of the slots, at most half full. */
static int compile_codes(struct tw_map *map)
{
	struct map_table *tables = (void *)map->tables.data;
	unsigned table_count = MAP_COUNT(struct map_table, map->tables);
	unsigned code_count = MAP_COUNT(struct map_code, map->table_codes);
	uint32_t total = 0;
	for (unsigned i = 0; i < table_count; i++) {
		uint32_t size = 4;
		unsigned codes = 0;
		for (unsigned j = 0; j < code_count; j++)
			codes += MAP_AT(struct map_code, map->table_codes, j)->table == i;
		while (size < codes * 2)
			size *= 2;
		tables[i].first = total;
		tables[i].mask = size - 1;
		total += size;
	}
	map->slots = make_slots(total + 1);
	if (map->slots == NULL)
		return TW_ERROR_MEMORY;
	for (unsigned j = 0; j < code_count; j++) {
		const struct map_code *code = MAP_AT(struct map_code, map->table_codes, j);
		const struct map_table *table = &tables[code->table];
		size_t at = (size_t)(map_spread(code->key) >> 40) & table->mask;
		while (map->slots[table->first + at].value >= 0)
			at = (at + 1) & table->mask;
		map->slots[table->first + at] = (struct map_slot){code->key, code->value};
	}
	return TW_OK;
}

static int compile_rows(struct tw_map *map)
{
	struct map_row *rows = (void *)map->rows.data;
	unsigned row_count = MAP_COUNT(struct map_row, map->rows);
	map->dispatch = calloc((size_t)MAP_CONTEXTS * (map->tag_count + 1), sizeof(uint16_t));
	if (map->dispatch == NULL || row_count >= UINT16_MAX)
		return map->dispatch == NULL ? TW_ERROR_MEMORY : TW_ERROR_LIMIT;
	/* From the last to the first, so that each chain starts with its first row. */
	for (unsigned i = row_count; i-- > 0;) {
		uint16_t *head = &map->dispatch[rows[i].context * map->tag_count + rows[i].tag];
		const struct map_action *first =
			MAP_AT(struct map_action, map->actions, rows[i].action_first);
		rows[i].continues = rows[i].action_count > 0 && first->continued;
		rows[i].next = *head;
		*head = (uint16_t)(i + 1);
	}
	return TW_OK;
}

/* Adds that need nothing of the general way are marked for the short one. */
static void mark_texts(struct tw_map *map)
{
	struct map_action *actions = (void *)map->actions.data;
	for (unsigned i = 0; i < MAP_COUNT(struct map_action, map->actions); i++) {
		struct map_action *action = &actions[i];
		const struct map_source *source =
			MAP_AT(struct map_source, map->sources, action->source_first);
		if (action->kind != ACTION_ADD || action->type != TW_TYPE_text ||
		    action->source_count != 1 || source->kind != SOURCE_POSITION ||
		    source->at.attribute != 0 || source->at.from != 0 || source->at.length != 0 ||
		    action->strip_count != 0 || action->after_count != 0 ||
		    action->check != CHECK_NONE)
			continue;
		action->kind = ACTION_TEXT;
		action->aux = source->at;
	}
}

int map_compile(struct tw_map *map)
{
	mark_texts(map);
	int status = compile_tags(map);
	if (status == TW_OK)
		status = compile_codes(map);
	if (status == TW_OK)
		status = compile_rows(map);
	if (MAP_COUNT(struct map_action, map->actions) >= UINT16_MAX ||
	    MAP_COUNT(struct map_source, map->sources) >= UINT16_MAX)
		status = TW_ERROR_LIMIT;
	return status;
}
