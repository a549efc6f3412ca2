/* SPDX-License-Identifier: Apache-2.0 */
#include "model/builder.h"

#include <math.h>
#include <stdlib.h>

void tw_builder_free(struct tw_builder *builder)
{
	if (builder == NULL)
		return;
	free(builder->entries);
	tw_buffer_free(&builder->texts);
	*builder = (struct tw_builder){0};
}

void tw_builder_message(struct tw_builder *builder, uint64_t offset)
{
	builder->head = (struct tw_record){
		.magic = TW_RECORD_MAGIC,
		.message_base = offset,
		.base = offset,
	};
	memset(builder->last, 0, sizeof(builder->last));
	builder->entry_count = 0;
	tw_buffer_clear(&builder->texts);
	builder->marked = false;
	builder->overflow = false;
}

static void set_mark(struct tw_builder *builder)
{
	for (uint32_t i = 0; i < builder->entry_count; i++)
		builder->entries[i].flags |= TW_ENTRY_HEADER;
	/* What the header sums up is no fact of a consignment. */
	static const enum tw_field totals[] = {TW_CONSIGNMENT_PIECES, TW_CONSIGNMENT_WEIGHT,
					       TW_CONSIGNMENT_NET_WEIGHT, TW_CONSIGNMENT_VOLUME};
	for (unsigned i = 0; i < sizeof(totals) / sizeof(totals[0]); i++)
		builder->head.first[totals[i]] = builder->last[totals[i]] = 0;
	builder->mark_entries = builder->entry_count;
	builder->mark_texts = builder->texts.length;
	builder->mark_head = builder->head;
	memcpy(builder->mark_last, builder->last, sizeof(builder->last));
	builder->mark_end_count = 0;
	for (uint32_t i = 0; i < builder->entry_count; i++)
		if (builder->last[builder->entries[i].field] == i + 1)
			builder->mark_ends[builder->mark_end_count++] = (uint16_t)i;
	builder->marked = true;
}

/* Apart, for the library to copy: gcc makes `rep movs` of a size it knows, which costs more. */
__attribute__((noinline)) static void copy(void *to, const void *from, size_t size)
{
	memcpy(to, from, size);
}

static void back_to_mark(struct tw_builder *builder)
{
	struct tw_entry *entries = builder->entries;
	const uint16_t *ends = builder->mark_ends;
	unsigned count = builder->mark_end_count;
	copy(&builder->head, &builder->mark_head, sizeof(builder->head));
	copy(builder->last, builder->mark_last, sizeof(builder->last));
	builder->entry_count = builder->mark_entries;
	builder->texts.length = builder->mark_texts;
	/* Chains that the last consignment extended end at the mark again. */
	for (unsigned i = 0; i < count; i++)
		entries[ends[i]].next = 0;
}

void tw_builder_consignment(struct tw_builder *builder, uint64_t offset)
{
	if (builder->marked)
		back_to_mark(builder);
	else
		set_mark(builder);
	builder->head.base = offset;
	builder->overflow = false;
}

static bool more_entries(struct tw_builder *builder)
{
	uint32_t capacity = builder->entry_capacity == 0 ? 1024 : builder->entry_capacity * 2;
	if (capacity > TW_RECORD_ENTRY_LIMIT)
		capacity = TW_RECORD_ENTRY_LIMIT;
	struct tw_entry *entries = realloc(builder->entries, capacity * sizeof(*entries));
	if (entries == NULL) {
		builder->failed = true;
		return false;
	}
	builder->entries = entries;
	builder->entry_capacity = capacity;
	return true;
}

bool tw_builder_more(struct tw_builder *builder)
{
	if (builder->entry_count == TW_RECORD_ENTRY_LIMIT) {
		builder->overflow = true;
		return false;
	}
	return more_entries(builder);
}

/* Offsets in a record are 32 bits from the message or consignment they stand in. */
static uint32_t relative(uint64_t origin, uint64_t base)
{
	uint64_t distance = origin >= base ? origin - base : 0;
	return distance > UINT32_MAX ? UINT32_MAX : (uint32_t)distance;
}

/* Puts text and runs at the end of the texts and points the entry at them. */
static void put_text(struct tw_builder *builder, struct tw_entry *entry,
		     const struct tw_new_value *value)
{
	struct tw_buffer *texts = &builder->texts;
	entry->start = (uint32_t)texts->length;
	entry->length = (uint32_t)value->text.length;
	tw_buffer_append_slice(texts, value->text);
	entry->flags &= (uint8_t)~TW_ENTRY_RUNS;
	if (value->runs == NULL)
		return;
	entry->flags |= TW_ENTRY_RUNS;
	tw_buffer_align(texts, 4);
	uint32_t count = value->run_count;
	tw_buffer_append(texts, &count, sizeof(count));
	if (tw_buffer_reserve(texts, count * sizeof(struct tw_run)) < 0)
		return;
	for (uint32_t i = 0; i < count; i++) {
		struct tw_run run = value->runs[i];
		run.origin += entry->origin;
		memcpy(texts->data + texts->length, &run, sizeof(run));
		texts->length += sizeof(run);
	}
}

static bool text_fits(struct tw_builder *builder, const struct tw_new_value *value)
{
	size_t extra = value->text.length + value->run_count * sizeof(struct tw_run) + 8;
	if (extra < UINT32_MAX / 2 && builder->texts.length < UINT32_MAX / 2)
		return true;
	builder->overflow = true;
	return false;
}

bool tw_builder_grow(struct tw_builder *builder, uint32_t entries, size_t bytes)
{
	uint32_t wanted = builder->entry_count + entries;
	if (wanted > TW_RECORD_ENTRY_LIMIT || builder->texts.length > UINT32_MAX / 2 ||
	    tw_buffer_reserve(&builder->texts, bytes) < 0)
		return false;
	while (builder->entry_capacity < wanted)
		if (!more_entries(builder))
			return false;
	return true;
}

int tw_builder_add(struct tw_builder *builder, const struct tw_new_value *value)
{
	if ((unsigned)value->field >= TW_FIELD_LIMIT || value->item > UINT16_MAX ||
	    !text_fits(builder, value) || !tw_builder_room(builder))
		return -1;
	uint32_t index = builder->entry_count++;
	struct tw_entry *entry = &builder->entries[index];
	*entry = (struct tw_entry){
		.field = (uint16_t)value->field,
		.item = (uint16_t)value->item,
		.flags = value->flags & TW_ENTRY_DERIVED,
		.unit = (uint8_t)value->unit,
		.origin = relative(value->origin, builder->head.base),
		.origin_length = relative(value->origin_length, 0),
		.number = value->number,
	};
	put_text(builder, entry, value);
	tw_builder_chain(builder, builder->entries[index].field, index);
	return (int)index;
}

void tw_builder_load(struct tw_builder *builder, const struct tw_consignment *view)
{
	tw_builder_message(builder, view->record->message_base);
	builder->head = *view->record;
	tw_buffer_append(&builder->texts, view->texts, view->record->text_length);
	for (uint32_t i = 0; i < view->entry_count && tw_builder_room(builder); i++)
		builder->entries[builder->entry_count++] = view->entries[i];
	for (unsigned field = 0; field < TW_FIELD_LIMIT; field++) {
		unsigned at = builder->head.first[field];
		while (at != 0 && at <= builder->entry_count) {
			builder->last[field] = (uint16_t)at;
			at = builder->entries[at - 1].next;
		}
	}
}

/* The bytes of an entry's text with the runs that stand behind it. */
static struct tw_slice text_and_runs(const struct tw_consignment *view,
				     const struct tw_entry *entry)
{
	struct tw_slice texts = tw_slice(view->texts, view->record->text_length);
	size_t runs = ((size_t)entry->start + entry->length + 3) & ~(size_t)3;
	uint32_t count = 0;
	if ((entry->flags & TW_ENTRY_RUNS) == 0 || tw_slice_part(texts, runs, 4).length != 4)
		return tw_slice_part(texts, entry->start, entry->length);
	memcpy(&count, texts.data + runs, sizeof(count));
	return tw_slice_part(texts, entry->start,
			     runs + 4 + (size_t)count * sizeof(struct tw_run) - entry->start);
}

int tw_builder_copy(struct tw_builder *builder, const struct tw_consignment *view, uint32_t index,
		    unsigned items)
{
	struct tw_entry entry = view->entries[index];
	struct tw_slice bytes = text_and_runs(view, &entry);
	struct tw_buffer *texts = &builder->texts;
	if (entry.item + items > UINT16_MAX ||
	    !text_fits(builder, &(struct tw_new_value){.text = bytes}) || !tw_builder_room(builder))
		return -1;
	/* Runs are found by rounding up from the text's end: it keeps its place within four bytes. */
	size_t shift = entry.start & 3u;
	tw_buffer_align(texts, 4);
	tw_buffer_append(texts, "\0\0\0", shift);
	entry.item = (uint16_t)(entry.item + items);
	entry.start = (uint32_t)texts->length;
	entry.next = 0;
	tw_buffer_append_slice(texts, bytes);
	builder->entries[builder->entry_count] = entry;
	tw_builder_chain(builder, entry.field, builder->entry_count);
	return (int)builder->entry_count++;
}

struct tw_consignment tw_builder_view(const struct tw_builder *builder)
{
	return (struct tw_consignment){
		.first = builder->head.first,
		.record = &builder->head,
		.entries = builder->entries,
		.texts = builder->texts.data,
		.entry_count = builder->entry_count,
	};
}

size_t tw_builder_size(const struct tw_builder *builder)
{
	return sizeof(struct tw_record) + builder->entry_count * sizeof(struct tw_entry) +
	       builder->texts.length;
}

int tw_builder_write(struct tw_builder *builder, uint64_t end, struct tw_buffer *out)
{
	if (builder->failed || builder->texts.failed)
		return TW_ERROR_MEMORY;
	struct tw_record *head = &builder->head;
	size_t entries_size = builder->entry_count * sizeof(struct tw_entry);
	size_t size = (tw_builder_size(builder) + 7) & ~(size_t)7;
	tw_buffer_align(out, 8);
	if (size > UINT32_MAX || tw_buffer_reserve(out, size + 8) < 0)
		return size > UINT32_MAX ? TW_ERROR_LIMIT : TW_ERROR_MEMORY;
	head->size = (uint32_t)size;
	head->entry_count = builder->entry_count;
	head->text_start = (uint32_t)(sizeof(*head) + entries_size);
	head->text_length = (uint32_t)builder->texts.length;
	head->end = end;
	tw_buffer_append(out, head, sizeof(*head));
	tw_buffer_append(out, builder->entries, entries_size);
	tw_buffer_append(out, builder->texts.data, builder->texts.length);
	tw_buffer_align(out, 8);
	return TW_OK;
}
