/* SPDX-License-Identifier: Apache-2.0 */
#include "map/map_table.h"

#include <math.h>
#include <stdlib.h>

const uint8_t map_summed[MAP_SUMS] = {TW_CONSIGNMENT_PIECES, TW_CONSIGNMENT_WEIGHT,
				      TW_CONSIGNMENT_VOLUME, 0};

void map_free(struct tw_map *map)
{
	if (map == NULL)
		return;
	struct tw_buffer *buffers[] = {
		&map->types,	  &map->versions, &map->partners, &map->excludes,
		&map->senders,	  &map->recipients,
		&map->rows,	  &map->conditions, &map->actions, &map->sources,
		&map->codes,	  &map->positions,  &map->words,   &map->tables,
		&map->table_codes, &map->tags,	    &map->texts,   &map->choices,
		&map->links,	   &map->choice_slots, &map->requires, &map->steps,
		&map->totals,
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
	map->tag_mask = mask;
	for (unsigned i = 0; i < map->tag_count; i++) {
		uint64_t key = MAP_AT(struct map_tag, map->tags, i)->key;
		size_t at = (size_t)(map_spread(key) >> map->tag_shift);
		while (map->tag_slots[at].value >= 0)
			at = (at + 1) & mask;
		map->tag_slots[at] = (struct map_slot){key, (int32_t)i};
	}
	return TW_OK;
}

/* A code that the table has already stays: an extending map comes first. */
static void place_code(struct tw_map *map, struct map_code *code)
{
	const struct map_table *table = MAP_AT(struct map_table, map->tables, code->table);
	size_t at = (size_t)(map_spread(code->key) >> 40) & table->mask;
	struct map_slot *slots = map->slots + table->first;
	while (slots[at].value >= 0 && slots[at].key != code->key)
		at = (at + 1) & table->mask;
	if (slots[at].value >= 0)
		code->table = MAP_NO_TABLE;
	else
		slots[at] = (struct map_slot){code->key, code->value};
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
	struct map_code *codes = (void *)map->table_codes.data;
	for (unsigned j = 0; j < code_count; j++)
		place_code(map, &codes[j]);
	return TW_OK;
}

/* The short way of one piece, by what its field is. */
static enum map_action_kind piece_kind(const struct map_action *action)
{
	bool fixed = action->unit.length > 0;
	bool far = action->aux.element != 0 && !map_has_slot(action->aux);
	switch ((enum tw_field_type)action->type) {
	case TW_TYPE_text:
		return ACTION_TEXT;
	case TW_TYPE_code:
		return action->table == 0 ? ACTION_ADD : ACTION_CODE;
	case TW_TYPE_number:
		return fixed || far || action->aux.attribute != 0 ? ACTION_ADD : ACTION_NUMBER;
	case TW_TYPE_time:
		return far || action->date_kind == DATE_ISO || action->date_kind == DATE_AIR
			       ? ACTION_ADD
			       : ACTION_TIME;
	default:
		return ACTION_ADD;
	}
}

/* The short way of an add, or ACTION_ADD where it needs the general one. */
static enum map_action_kind short_kind(const struct map_action *action,
				       const struct map_source *source)
{
	bool named = action->type == TW_TYPE_text && action->table != 0;
	if (action->continued || action->strip_count != 0 || action->after_count != 0 ||
	    action->source_count == 0 || named)
		return ACTION_ADD;
	if (source->kind == SOURCE_CONSTANT && action->source_count == 1 &&
	    (action->type == TW_TYPE_text || action->type == TW_TYPE_code))
		return action->check == CHECK_NONE ? ACTION_CONSTANT : ACTION_ADD;
	if (!map_has_slot(source->at))
		return ACTION_ADD;
	if (source->kind == SOURCE_POSITION && action->source_count > 1)
		return action->type == TW_TYPE_text ? ACTION_EITHER : ACTION_ADD;
	if (source->kind == SOURCE_POSITION)
		return piece_kind(action);
	bool components = source->kind == SOURCE_JOIN || source->kind == SOURCE_LINES ||
			  source->kind == SOURCE_EACH;
	if (!components || action->type != TW_TYPE_text || action->source_count > 1 ||
	    action->check != CHECK_NONE || source->at.element != source->to.element ||
	    source->at.component > source->to.component)
		return ACTION_ADD;
	return source->at.component == 1 ? ACTION_RANGE : ACTION_COMPONENTS;
}

static bool is_kept_piece(const struct map_action *action, const struct map_source *source)
{
	return action->source_count == 1 && source->kind == SOURCE_POSITION &&
	       map_has_slot(source->at) && action->after_count == 0;
}

/*
 * What no consignment weighs, fills or counts: more than the largest ships carry
 * (about 440,000 t and 600,000 m3), or less than nothing. Amounts may be negative.
 */
#define MOST_KILOGRAMS 5e8
#define MOST_CUBIC_METRES 1e6
#define MOST_PIECES 1e9

static double most_of(const struct map_action *action)
{
	if (action->measured)
		return action->cubic ? MOST_CUBIC_METRES : MOST_KILOGRAMS;
	bool counted = action->field == TW_GOODS_PACKAGES ||
		       action->field == TW_CONSIGNMENT_PIECES ||
		       action->field == TW_CONSIGNMENT_PART_PIECES;
	return counted ? MOST_PIECES : (double)INFINITY;
}

static void mark_short_ways(struct tw_map *map)
{
	struct map_action *actions = (void *)map->actions.data;
	for (unsigned i = 0; i < MAP_COUNT(struct map_action, map->actions); i++) {
		const struct map_source *source =
			MAP_AT(struct map_source, map->sources, actions[i].source_first);
		actions[i].most = most_of(&actions[i]);
		if (actions[i].kind == ACTION_ADD)
			actions[i].kind = (uint8_t)short_kind(&actions[i], source);
		else if (actions[i].kind == ACTION_LET && is_kept_piece(&actions[i], source))
			actions[i].kind = ACTION_KEEP;
		else
			continue;
		actions[i].at = source->at;
	}
}

/* The group of a context may be told behind the rows that open it. */
static void mark_groups(struct tw_map *map)
{
	struct map_action *actions = (void *)map->actions.data;
	for (unsigned i = 0; i < MAP_COUNT(struct map_action, map->actions); i++)
		if (actions[i].kind == ACTION_OPEN)
			actions[i].group = map->contexts[actions[i].context].group;
}

/* Whether a value of the field is judged when its consignment is whole (walk_check.c). */
static bool is_judged(const struct tw_map *map, unsigned field)
{
	static const uint8_t judged[] = {TW_GOODS_NET, TW_CONSIGNMENT_NET_WEIGHT,
					 TW_CONSIGNMENT_PART_PIECES, TW_GOODS_VALUE,
					 TW_CONSIGNMENT_VALUE};
	for (size_t i = 0; i < sizeof(judged); i++)
		if (field == judged[i])
			return true;
	for (unsigned i = 0; i < MAP_COUNT(struct map_total, map->totals); i++)
		if (field == MAP_AT(struct map_total, map->totals, i)->declared)
			return true;
	return false;
}

static void mark_rows(struct tw_map *map)
{
	struct map_row *rows = (void *)map->rows.data;
	for (unsigned i = 0; i < MAP_COUNT(struct map_row, map->rows); i++) {
		if (rows[i].action_count == 0)
			continue;
		const struct map_action *actions =
			MAP_AT(struct map_action, map->actions, rows[i].action_first);
		rows[i].continues = actions->continued;
		for (unsigned j = 0; j < rows[i].action_count; j++)
			rows[i].placed |= actions[j].field != 0 && is_judged(map, actions[j].field);
	}
}

/* What stands at the second place an action looks at. */
static uint8_t other_slot(const struct tw_map *map, const struct map_action *action)
{
	if (action->kind == ACTION_EITHER && action->source_count == 2) {
		const struct map_source *second =
			MAP_AT(struct map_source, map->sources, action->source_first + 1u);
		return second->kind == SOURCE_POSITION && map_has_slot(second->at) ? second->at.slot
									       : MAP_NO_SLOT;
	}
	if (action->kind == ACTION_NUMBER && action->measured && action->aux.element != 0)
		return action->aux.slot;
	return MAP_NO_SLOT;
}

/* What opens a consignment, or equipment for the pool, may end the short ways. */
static bool is_plain_open(const struct tw_map *map, const struct map_action *action)
{
	return action->context != map->consignment && action->group != TW_GROUP_equipment;
}

static enum map_step_kind step_kind(const struct tw_map *map, const struct map_action *action)
{
	static const uint8_t kinds[] = {
		[ACTION_TEXT] = STEP_TEXT,	 [ACTION_CODE] = STEP_CODE,
		[ACTION_NUMBER] = STEP_NUMBER,	 [ACTION_TIME] = STEP_TIME,
		[ACTION_RANGE] = STEP_RANGE,	 [ACTION_EITHER] = STEP_EITHER,
		[ACTION_COMPONENTS] = STEP_COMPONENTS, [ACTION_CONSTANT] = STEP_CONSTANT,
		[ACTION_ADD] = STEP_GENERAL,	 [ACTION_OPEN] = STEP_OPEN,
		[ACTION_NEW] = STEP_NEW,	 [ACTION_KEEP] = STEP_KEEP,
		[ACTION_LET] = STEP_GENERAL,	 [ACTION_WARN] = STEP_GENERAL,
		[ACTION_SUM] = STEP_GENERAL,
	};
	if (action->kind == ACTION_TEXT && action->check != CHECK_NONE)
		return STEP_CHECKED;
	if (action->kind == ACTION_OPEN && !is_plain_open(map, action))
		return STEP_GENERAL;
	return kinds[action->kind];
}

static struct map_step make_step(const struct tw_map *map, unsigned number)
{
	const struct map_action *action = MAP_AT(struct map_action, map->actions, number);
	struct map_step step = {
		.run = map_runs[step_kind(map, action)],
		.action = (uint16_t)number,
		.slot = action->at.slot,
		.field = action->field,
		.group = action->group,
		.other = other_slot(map, action),
		.context = action->context,
		.many = action->many,
		.checked = action->check != CHECK_NONE,
	};
	if (action->table != 0) {
		const struct map_table *table =
			MAP_AT(struct map_table, map->tables, action->table - 1);
		step.first = table->first;
		step.mask = table->mask;
	}
	return step;
}

static struct map_step make_end(const struct map_row *row, unsigned number)
{
	enum map_step_kind kind = row->placed ? STEP_PLACED_END : STEP_END;
	return (struct map_step){
		.run = map_runs[row->each ? STEP_STOP : kind],
		.action = (uint16_t)number,
		.last = true,
	};
}

static int make_steps(struct tw_map *map)
{
	struct map_row *rows = (void *)map->rows.data;
	for (unsigned i = 0; i < MAP_COUNT(struct map_row, map->rows); i++) {
		rows[i].step_first = MAP_COUNT(struct map_step, map->steps);
		for (unsigned j = 0; j < rows[i].action_count; j++) {
			struct map_step step = make_step(map, rows[i].action_first + j);
			tw_buffer_append(&map->steps, &step, sizeof(step));
		}
		struct map_step end = make_end(&rows[i], i);
		tw_buffer_append(&map->steps, &end, sizeof(end));
	}
	return map->steps.failed ? TW_ERROR_MEMORY : TW_OK;
}

int map_compile(struct tw_map *map)
{
	mark_groups(map);
	mark_short_ways(map);
	mark_rows(map);
	int status = compile_tags(map);
	if (status == TW_OK)
		status = compile_codes(map);
	if (status == TW_OK)
		status = make_steps(map);
	if (status == TW_OK)
		status = map_compile_rows(map);
	if (MAP_COUNT(struct map_action, map->actions) >= UINT16_MAX ||
	    MAP_COUNT(struct map_source, map->sources) >= UINT16_MAX)
		status = TW_ERROR_LIMIT;
	return status;
}
