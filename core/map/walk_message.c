/* SPDX-License-Identifier: Apache-2.0 */
#include "map/walk.h"

#include <math.h>
#include <stdio.h>

#include "model/derive.h"

/*
 * The record of level `message`, made at a message's end for detectors that ask
 * for it: the facts of its header, those that stand behind its consignments, and
 * totals. A total that the message declares comes first; what its consignments
 * add up to comes second and is derived, so that a detector can compare the two.
 */

void walk_message_begin(struct tw_walk *walk)
{
	walk->sums = (struct walk_sums){.known = {true, true, true}};
	walk_sum_begin(walk);
	tw_builder_message(&walk->late, walk->message_offset);
}

/* The number of the first value of a field, or NAN. */
static double number_of(const struct tw_builder *builder, unsigned field)
{
	unsigned first = builder->head.first[field];
	return first == 0 ? (double)NAN : builder->entries[first - 1].number;
}

/*
 * A consolidated master is the sum of its houses: where there are houses, masters
 * do not count. A part has no total of its own, so a message with one has no sums.
 */
void walk_message_count(struct tw_walk *walk)
{
	if (!walk->events.messages && (walk->map == NULL || !walk->map->sums))
		return;
	const struct tw_builder *builder = &walk->builder;
	struct walk_sums *sums = &walk->sums;
	bool master = number_of(builder, TW_CONSIGNMENT_LEVEL) == TW_LEVEL_MASTER;
	bool part = (builder->head.flags & TW_RECORD_PARTIAL) != 0;
	sums->divided |= part;
	if (!master && sums->masters)
		*sums = (struct walk_sums){.known = {true, true, true},
					   .partial = sums->partial, .divided = sums->divided};
	if (master && sums->others)
		return;
	sums->masters = master;
	sums->others = !master;
	sums->partial |= part;
	for (unsigned i = 0; i < MAP_SUMS; i++) {
		double number = map_summed[i] == 0 ? 1 : number_of(builder, map_summed[i]);
		sums->known[i] = sums->known[i] && number >= 0;
		sums->values[i] += number;
	}
}

/* A value that stands behind the consignments: kept where there is one of it in a message. */
void walk_message_late(struct tw_walk *walk, const struct walk_value *value,
		       struct tw_new_value *out)
{
	if (walk->late.last[out->field] != 0)
		return;
	out->text = value->text;
	out->origin = value->origin;
	out->origin_length = value->origin_length;
	out->runs = value->runs;
	out->run_count = value->run_count;
	out->flags = value->constant ? TW_ENTRY_DERIVED : 0;
	(void)tw_builder_add(&walk->late, out);
}

/* A single value of the message counts, whatever the header says of its consignments. */
static void unchain(struct tw_builder *builder, enum tw_field field)
{
	builder->head.first[field] = builder->last[field] = 0;
}

/* The totals of a header are taken out of its consignments' records: here they are in place. */
static void restore_total(struct tw_builder *builder, enum tw_field field)
{
	unchain(builder, field);
	for (uint32_t i = 0; i < builder->entry_count && builder->last[field] == 0; i++)
		if (builder->entries[i].field == field) {
			builder->entries[i].next = 0;
			builder->head.first[field] = builder->last[field] = (uint16_t)(i + 1);
		}
}

static void add_late(struct tw_walk *walk)
{
	struct tw_consignment view = tw_builder_view(&walk->late);
	for (uint32_t i = 0; i < view.entry_count; i++)
		if (walk->builder.last[view.entries[i].field] == 0)
			(void)tw_builder_copy(&walk->builder, &view, i, 0);
}

static void add_sums(struct tw_walk *walk)
{
	const struct walk_sums *sums = &walk->sums;
	bool any = (sums->masters || sums->others) && !sums->partial;
	for (unsigned i = 0; i < MAP_SUMS && any; i++) {
		char text[32];
		int length = snprintf(text, sizeof(text), "%.12g", sums->values[i]);
		if (sums->known[i] && map_summed[i] != 0)
			(void)tw_builder_add(&walk->builder, &(struct tw_new_value){
				.field = map_summed[i], .number = sums->values[i],
				.text = tw_slice(text, (size_t)length),
				.flags = TW_ENTRY_DERIVED, .origin = walk->message_offset});
	}
}

static void add_level(struct tw_builder *builder)
{
	const char *name = tw_code_name("level", TW_LEVEL_MESSAGE);
	unchain(builder, TW_CONSIGNMENT_LEVEL);
	(void)tw_builder_add(builder, &(struct tw_new_value){
		.field = TW_CONSIGNMENT_LEVEL, .text = tw_slice_string(name),
		.number = TW_LEVEL_MESSAGE, .flags = TW_ENTRY_DERIVED,
		.origin = builder->head.base});
}

/* Writes down the header: what is held is handed on with the same builder. */
int walk_message_keep(struct tw_walk *walk, uint64_t end)
{
	tw_buffer_clear(&walk->kept);
	if (!walk->events.messages || walk->map == NULL)
		return TW_OK;
	tw_builder_consignment(&walk->builder, walk->message_offset);
	return tw_builder_write(&walk->builder, end, &walk->kept);
}

int walk_message_emit(struct tw_walk *walk, uint64_t end)
{
	struct tw_builder *builder = &walk->builder;
	struct tw_consignment view;
	if (walk->kept.length == 0)
		return TW_OK;
	int status = tw_record_view(tw_buffer_slice(&walk->kept), &view);
	if (status < 0)
		return status;
	tw_builder_load(builder, &view);
	builder->head.flags |= TW_RECORD_MESSAGE;
	walk_ensure_role(walk);
	for (unsigned i = 0; i < MAP_SUMS; i++)
		if (map_summed[i] != 0)
			restore_total(builder, map_summed[i]);
	add_late(walk);
	add_sums(walk);
	add_level(builder);
	tw_derive(builder);
	builder->head.end = end;
	return walk->events.consignment(walk->events.context, builder, end);
}
