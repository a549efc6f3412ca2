/* SPDX-License-Identifier: Apache-2.0 */
#include "map/walk.h"

/* ---- putting entries of a finished record back ----------------------------- */

static unsigned copy_runs(const struct tw_consignment *view, const struct tw_entry *entry,
			  struct tw_buffer *out)
{
	struct tw_slice texts = tw_slice(view->texts, view->record->text_length);
	size_t at = ((size_t)entry->start + entry->length + 3) & ~(size_t)3;
	struct tw_slice head = tw_slice_part(texts, at, 4);
	uint32_t count = 0;
	tw_buffer_clear(out);
	if ((entry->flags & TW_ENTRY_RUNS) == 0 || head.length != 4)
		return 0;
	memcpy(&count, head.data, 4);
	for (uint32_t i = 0; i < count; i++) {
		struct tw_run run;
		struct tw_slice bytes =
			tw_slice_part(texts, at + 4 + i * sizeof(run), sizeof(run));
		if (bytes.length != sizeof(run))
			return i;
		memcpy(&run, bytes.data, sizeof(run));
		run.origin -= entry->origin;
		tw_buffer_append(out, &run, sizeof(run));
	}
	return count;
}

/* The new record has the base of the old one, so origins stay as they are. */
static void put_back(struct tw_walk *walk, const struct tw_consignment *view, uint32_t index)
{
	const struct tw_entry *entry = &view->entries[index];
	struct tw_builder *builder = &walk->builder;
	unsigned run_count = copy_runs(view, entry, &walk->scratch.runs);
	int added = tw_builder_add(builder, &(struct tw_new_value){
		.field = (enum tw_field)entry->field,
		.item = entry->item,
		.text = tw_slice(view->texts + entry->start, entry->length),
		.number = entry->number,
		.unit = (enum tw_unit_of_measure)entry->unit,
		.flags = entry->flags & TW_ENTRY_DERIVED,
		.origin = builder->head.base + entry->origin,
		.origin_length = entry->origin_length,
		.runs = run_count == 0 ? NULL : (const void *)walk->scratch.runs.data,
		.run_count = run_count,
	});
	if (added >= 0)
		builder->entries[added].flags |= entry->flags & TW_ENTRY_HEADER;
}

/* ---- parts ---------------------------------------------------------------- */

/* What identifies a consignment goes into each of its parts. */
static bool identifies(const struct tw_entry *entry)
{
	const struct tw_field_info *info = tw_field_info(entry->field);
	if (info == NULL)
		return false;
	switch (info->group) {
	case TW_GROUP_message:
	case TW_GROUP_document:
	case TW_GROUP_party:
	case TW_GROUP_place:
	case TW_GROUP_leg:
		return true;
	case TW_GROUP_consignment:
		return info->id == TW_CONSIGNMENT_LEVEL || info->id == TW_CONSIGNMENT_ACTION ||
		       info->id == TW_CONSIGNMENT_PARENT || info->id == TW_CONSIGNMENT_CARRIER ||
		       info->id == TW_CONSIGNMENT_PARENT_ISSUER;
	default:
		return false;
	}
}

static void restore_identity(struct tw_walk *walk, const struct tw_consignment *view,
			     uint32_t from)
{
	struct tw_builder *builder = &walk->builder;
	static const enum tw_group groups[] = {TW_GROUP_leg, TW_GROUP_document, TW_GROUP_party,
					       TW_GROUP_place};
	size_t room = walk->limits.consignment_bytes / 4;
	size_t start = tw_builder_size(builder);
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		builder->head.items[groups[i]] = view->record->items[groups[i]];
	for (uint32_t i = from; i < view->entry_count; i++)
		if (identifies(&view->entries[i]) && tw_builder_size(builder) - start < room)
			put_back(walk, view, i);
	/* Goods and the like go on in a new item, parties in the one they were in. */
	for (unsigned group = TW_GROUP_goods; group < TW_GROUP_COUNT; group++)
		walk->item[group] = -1;
}

static void report_part(struct tw_walk *walk, const char *code, const char *reason, uint64_t end)
{
	struct walk_value value = {
		.origin = walk->builder.head.base,
		.origin_length = end - walk->builder.head.base,
	};
	if ((walk->builder.head.flags & TW_RECORD_PARTIAL) == 0)
		walk_anomaly(walk, code, &value, reason);
}

/* Hands on what there is and starts the next part of the same consignment. */
static void next_part(struct tw_walk *walk, uint64_t end)
{
	struct tw_builder *builder = &walk->builder;
	struct tw_consignment view;
	uint64_t base = builder->head.base;
	uint32_t from = builder->mark_entries;
	if (walk->flow.active)
		walk_flush(walk);
	builder->head.flags |= TW_RECORD_PARTIAL;
	tw_buffer_clear(&walk->kept);
	int status = tw_builder_write(builder, end, &walk->kept);
	walk_hand_on(walk, end);
	walk_place_clear(walk);
	tw_builder_consignment(builder, base);
	builder->head.flags |= TW_RECORD_PARTIAL;
	if (status == TW_OK)
		status = tw_record_view(tw_buffer_slice(&walk->kept), &view);
	if (status == TW_OK)
		restore_identity(walk, &view, from);
	else if (walk->status == TW_OK)
		walk->status = status;
}

void walk_divide(struct tw_walk *walk, uint64_t end)
{
	const struct tw_builder *builder = &walk->builder;
	bool many = builder->entry_count > TW_RECORD_ENTRY_LIMIT - WALK_ENTRY_RESERVE ||
		    builder->overflow;
	/* A header that is larger than the limit cannot be cut. */
	if (!walk->in_consignment || builder->entry_count == builder->mark_entries)
		return;
	if (many)
		report_part(walk, "limit.consignment_entries",
			    "the consignment has more values than a record holds", end);
	else
		report_part(walk, "limit.consignment_bytes",
			    "the consignment is larger than limits.consignment_bytes", end);
	next_part(walk, end);
}

/* ---- hold message ---------------------------------------------------------- */

static void load_record(struct tw_walk *walk, const struct tw_consignment *view)
{
	struct tw_builder *builder = &walk->builder;
	/* As it was, so that what the header sums up stays out of it. */
	tw_builder_load(builder, view);
	/* Pooled facts may stand before this consignment: see walk_put(). */
	builder->marked = true;
	builder->mark_head = builder->head;
	builder->mark_entries = 0;
	builder->mark_texts = 0;
	builder->mark_end_count = 0;
	memset(builder->mark_last, 0, sizeof(builder->mark_last));
}

/* Hands on all that waits. The builder is used for it, and is empty afterwards. */
int walk_release(struct tw_walk *walk)
{
	struct tw_slice rest = tw_buffer_slice(&walk->held);
	walk->opened_length = 0; /* no longer known of those that waited, as are their segments */
	walk_place_clear(walk);
	while (rest.length > 0) {
		struct tw_consignment view;
		int status = tw_record_view(rest, &view);
		if (status < 0)
			return status;
		load_record(walk, &view);
		walk_emit(walk, view.record->end);
		rest = tw_slice_from(rest, view.record->size);
	}
	tw_buffer_clear(&walk->held);
	walk->held_count = 0;
	return TW_OK;
}

/*
 * Beyond the limit nothing waits any more: this one is written down as the last,
 * and all are handed on. The header is rebuilt from the record for what follows.
 */
static int give_up_holding(struct tw_walk *walk, uint32_t header_entries)
{
	struct walk_value value = {.origin = walk->message_offset};
	struct tw_buffer last = {0};
	struct tw_consignment view;
	struct tw_builder *builder = &walk->builder;
	struct tw_record mark = builder->mark_head;
	int status = tw_builder_write(builder, builder->head.end, &last);
	walk_anomaly(walk, "limit.held_consignments", &value,
		     "more consignments wait for their message than limits.held_consignments");
	walk->holding = false;
	if (status == TW_OK)
		status = walk_release(walk);
	if (status == TW_OK)
		status = tw_record_view(tw_buffer_slice(&last), &view);
	if (status == TW_OK) {
		tw_builder_message(builder, mark.message_base);
		memset(mark.first, 0, sizeof(mark.first));
		builder->head = mark;
		for (uint32_t i = 0; i < header_entries; i++)
			put_back(walk, &view, i);
	}
	tw_buffer_free(&last);
	return status;
}

int walk_hold(struct tw_walk *walk, uint64_t end)
{
	uint32_t header_entries = walk->builder.mark_entries;
	int status = tw_builder_write(&walk->builder, end, &walk->held);
	if (status < 0)
		return status;
	if (++walk->held_count <= walk->limits.held_consignments)
		return TW_OK;
	return give_up_holding(walk, header_entries);
}
