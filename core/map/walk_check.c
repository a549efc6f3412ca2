/* SPDX-License-Identifier: Apache-2.0 */
#include "map/walk.h"

#include <math.h>

/* A net weight may be above the gross one by what rounding does to both. */
#define WEIGHT_TOLERANCE 1.001

static void tell(struct tw_walk *walk, const char *code, uint64_t offset, uint64_t length,
		 const char *reason)
{
	struct tw_anomaly_at at = {.code = code, .offset = offset, .length = length};
	if (walk->events.anomaly != NULL)
		walk->events.anomaly(walk->events.context, &at, reason);
}

/* ---- what a map requires ---------------------------------------------------- */

static bool has_any(const struct tw_record *head, const struct map_require *require)
{
	for (unsigned i = 0; i < MAP_ALTERNATIVES && require->fields[i] != 0; i++)
		if (head->first[require->fields[i]] != 0)
			return true;
	return false;
}

/* Whether there is equipment, and all of it is empty: no goods are missed then. */
static bool is_empty(const struct tw_builder *builder)
{
	unsigned fill = builder->head.first[TW_EQUIPMENT_FILL];
	bool empty = fill != 0;
	for (; fill != 0; fill = builder->entries[fill - 1].next)
		empty &= builder->entries[fill - 1].number == TW_FILL_EMPTY;
	return empty;
}

static void check_required(struct tw_walk *walk, uint64_t end)
{
	const struct tw_builder *builder = &walk->builder;
	const struct tw_record *head = &builder->head;
	struct tw_consignment view = tw_builder_view(&walk->builder);
	/* A cancel carries its number only, a part what the others left. */
	if (tw_code(&view, TW_CONSIGNMENT_ACTION) == TW_ACTION_CANCEL ||
	    (head->flags & TW_RECORD_PARTIAL) != 0)
		return;
	bool empty = is_empty(builder);
	for (unsigned i = 0; i < MAP_COUNT(struct map_require, walk->map->requires); i++) {
		const struct map_require *require =
			MAP_AT(struct map_require, walk->map->requires, i);
		bool goods = tw_field_info(require->fields[0])->group == TW_GROUP_goods;
		if (has_any(head, require) || (goods && empty))
			continue;
		tell(walk, "map.missing", head->base, end - head->base,
		     map_slice(walk->map, require->reason).data);
	}
}

/* ---- values against each other ------------------------------------------------ */

static void check_weight(struct tw_walk *walk, unsigned net, unsigned gross)
{
	const struct tw_builder *builder = &walk->builder;
	const struct tw_entry *entry = &builder->entries[net - 1];
	double limit = builder->entries[gross - 1].number * WEIGHT_TOLERANCE;
	uint64_t base = entry->flags & TW_ENTRY_HEADER ? builder->head.message_base
						       : builder->head.base;
	if (entry->number > limit && limit > 0)
		tell(walk, "map.net_weight", base + entry->origin, entry->origin_length,
		     "the net weight is greater than the gross weight");
}

/* Both chains are in the order of the message, so each is gone through once. */
static void check_weights(struct tw_walk *walk, enum tw_field net_field, enum tw_field gross_field)
{
	const struct tw_builder *builder = &walk->builder;
	unsigned net = builder->head.first[net_field];
	unsigned gross = builder->head.first[gross_field];
	while (net != 0 && gross != 0) {
		unsigned net_item = builder->entries[net - 1].item;
		unsigned gross_item = builder->entries[gross - 1].item;
		if (net_item == gross_item)
			check_weight(walk, net, gross);
		if (net_item <= gross_item)
			net = builder->entries[net - 1].next;
		else
			gross = builder->entries[gross - 1].next;
	}
}

void walk_check_record(struct tw_walk *walk, uint64_t end)
{
	if (walk->map == NULL)
		return;
	if (walk->map->requires.length > 0)
		check_required(walk, end);
	check_weights(walk, TW_GOODS_NET, TW_GOODS_GROSS);
	check_weights(walk, TW_CONSIGNMENT_NET_WEIGHT, TW_CONSIGNMENT_WEIGHT);
}
