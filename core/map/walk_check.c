/* SPDX-License-Identifier: Apache-2.0 */
#include "map/walk.h"

#include <math.h>
#include <stdio.h>

/* A net weight may be above the gross one by what rounding does to both. */
#define WEIGHT_TOLERANCE 1.001
/* Of a sum and what it should be: rounding of each item, and of pounds to kilograms. */
#define SUM_TOLERANCE 0.005
#define SUM_SLACK 1.0

static void tell(struct tw_walk *walk, const struct tw_anomaly_at *at, const char *reason)
{
	if (walk->events.anomaly != NULL)
		walk->events.anomaly(walk->events.context, at, reason);
}

/* Of a value of the consignment. */
static void tell_value(struct tw_walk *walk, const char *code, unsigned index, const char *reason)
{
	const struct tw_builder *builder = &walk->builder;
	const struct tw_entry *entry = &builder->entries[index - 1];
	uint64_t base = entry->flags & TW_ENTRY_HEADER ? builder->head.message_base
						       : builder->head.base;
	struct tw_anomaly_at at = {
		.code = code, .offset = base + entry->origin, .length = entry->origin_length};
	walk_place_find(walk, entry->field, &at);
	tell(walk, &at, reason);
}

/* ---- what a map requires ---------------------------------------------------- */

static bool has_any(const struct tw_record *head, const struct map_require *require)
{
	for (unsigned i = 0; i < MAP_ALTERNATIVES && require->fields[i] != 0; i++)
		if (head->first[require->fields[i]] != 0)
			return true;
	return false;
}

/* Whether there is equipment, and all of it is empty. */
static bool is_empty(const struct tw_builder *builder)
{
	unsigned fill = builder->head.first[TW_EQUIPMENT_FILL];
	bool empty = fill != 0;
	for (; fill != 0; fill = builder->entries[fill - 1].next)
		empty &= builder->entries[fill - 1].number == TW_FILL_EMPTY;
	return empty;
}

/* Goods are not missed where all that is carried is empty equipment. */
static bool is_excused(const struct tw_builder *builder, const struct map_require *require)
{
	return tw_field_info(require->fields[0])->group == TW_GROUP_goods && is_empty(builder);
}

/*
 * Whether all of a consignment is here: not a part of one that is large, nor the last of a
 * message that was cut, nor what stands for a message without any consignment.
 */
static bool is_whole(const struct tw_walk *walk)
{
	bool opened = walk->opened_length > 0 || walk->map->single || walk->map->hold;
	return opened && !walk->cut && (walk->builder.head.flags & TW_RECORD_PARTIAL) == 0;
}

static void check_required(struct tw_walk *walk, uint64_t end)
{
	const struct tw_builder *builder = &walk->builder;
	const struct tw_record *head = &builder->head;
	struct tw_consignment view = tw_builder_view(&walk->builder);
	/* A cancel carries its number only. */
	if (tw_code(&view, TW_CONSIGNMENT_ACTION) == TW_ACTION_CANCEL)
		return;
	for (unsigned i = 0; i < MAP_COUNT(struct map_require, walk->map->requires); i++) {
		const struct map_require *require =
			MAP_AT(struct map_require, walk->map->requires, i);
		if (has_any(head, require) || is_excused(builder, require))
			continue;
		struct tw_anomaly_at at = {
			.code = "map.missing",
			.offset = head->base,
			.length = end - head->base,
			.segment = tw_slice(walk->opened, walk->opened_length),
		};
		tell(walk, &at, map_slice(walk->map, require->reason).data);
	}
}

/* ---- values against each other ------------------------------------------------ */

static void check_weight(struct tw_walk *walk, unsigned net, unsigned gross)
{
	const struct tw_builder *builder = &walk->builder;
	double limit = builder->entries[gross - 1].number * WEIGHT_TOLERANCE;
	if (builder->entries[net - 1].number > limit && limit > 0)
		tell_value(walk, "map.net_weight", net,
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

/* A part of a consignment cannot be more than the whole of it. */
static void check_part(struct tw_walk *walk)
{
	const struct tw_builder *builder = &walk->builder;
	unsigned part = builder->head.first[TW_CONSIGNMENT_PART_PIECES];
	unsigned whole = builder->head.first[TW_CONSIGNMENT_PIECES];
	if (part != 0 && whole != 0 &&
	    builder->entries[part - 1].number > builder->entries[whole - 1].number)
		tell_value(walk, "map.part", part, "the part has more pieces than the whole");
}

/* False where not each item of the group has one. */
static bool add_up(const struct tw_builder *builder, enum tw_field part, double *ret_sum)
{
	unsigned count = 0;
	double sum = 0;
	for (unsigned i = builder->head.first[part]; i != 0; i = builder->entries[i - 1].next) {
		sum += builder->entries[i - 1].number;
		count++;
	}
	*ret_sum = sum;
	return count > 0 && count == builder->head.items[tw_field_info(part)->group] && !isnan(sum);
}

bool walk_sums_agree(double declared, double sum, bool counted)
{
	double slack = counted ? 0 : fmax(SUM_SLACK, declared * SUM_TOLERANCE);
	return isnan(declared) || fabs(declared - sum) <= slack;
}

static void check_total(struct tw_walk *walk, const struct map_total *total)
{
	const struct tw_builder *builder = &walk->builder;
	unsigned declared = builder->head.first[total->declared];
	double sum;
	if (declared == 0 || (builder->entries[declared - 1].flags & TW_ENTRY_DERIVED) != 0 ||
	    !add_up(builder, total->part, &sum))
		return;
	double number = builder->entries[declared - 1].number;
	bool counted = strcmp(tw_field_info(total->declared)->unit, "none") == 0;
	if (walk_sums_agree(number, sum, counted))
		return;
	char reason[96];
	snprintf(reason, sizeof(reason), "%.12g declared, the items add up to %.12g", number, sum);
	tell_value(walk, "map.total", declared, reason);
}

static void check_totals(struct tw_walk *walk)
{
	for (unsigned i = 0; i < MAP_COUNT(struct map_total, walk->map->totals); i++)
		check_total(walk, MAP_AT(struct map_total, walk->map->totals, i));
}

/* ---- amounts ------------------------------------------------------------------- */

/* Whether an entry of the field belongs to the item; both chains are in order. */
static bool has_item(const struct tw_builder *builder, unsigned *at, unsigned item)
{
	while (*at != 0 && builder->entries[*at - 1].item < item)
		*at = builder->entries[*at - 1].next;
	return *at != 0 && builder->entries[*at - 1].item == item;
}

/*
 * An amount says little without its currency; nothing is worth 0 in any. Told once for
 * a consignment. Trade within a country may leave it out (UN/EDIFACT INVOIC, group CUX).
 */
static void check_currencies(struct tw_walk *walk, enum tw_field value, enum tw_field currency)
{
	const struct tw_builder *builder = &walk->builder;
	unsigned other = builder->head.first[currency];
	if (walk->map->role == TW_ROLE_COMMERCIAL)
		return;
	for (unsigned i = builder->head.first[value]; i != 0; i = builder->entries[i - 1].next) {
		const struct tw_entry *entry = &builder->entries[i - 1];
		if (entry->number > 0 && !has_item(builder, &other, entry->item)) {
			tell_value(walk, "map.no_currency", i, "the amount has no currency");
			return;
		}
	}
}

void walk_check_record(struct tw_walk *walk, uint64_t end)
{
	if (walk->map == NULL)
		return;
	if (walk->map->requires.length > 0 && is_whole(walk))
		check_required(walk, end);
	if (walk->map->totals.length > 0 && is_whole(walk))
		check_totals(walk);
	check_weights(walk, TW_GOODS_NET, TW_GOODS_GROSS);
	check_weights(walk, TW_CONSIGNMENT_NET_WEIGHT, TW_CONSIGNMENT_WEIGHT);
	check_part(walk);
	check_currencies(walk, TW_GOODS_VALUE, TW_GOODS_CURRENCY);
	check_currencies(walk, TW_CONSIGNMENT_VALUE, TW_CONSIGNMENT_CURRENCY);
}
