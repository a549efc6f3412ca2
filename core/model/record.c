/* SPDX-License-Identifier: Apache-2.0 */
#include "model/record.h"

/* Records cross process borders, so nothing in one is believed unchecked. */
static bool entries_sound(const struct tw_record *record, const struct tw_entry *entries)
{
	for (uint32_t i = 0; i < record->entry_count; i++) {
		const struct tw_entry *entry = &entries[i];
		if (entry->start > record->text_length ||
		    entry->length > record->text_length - entry->start ||
		    entry->next > record->entry_count || entry->field >= TW_FIELD_LIMIT ||
		    (entry->next != 0 && (entry->next <= i + 1 ||
					  entries[entry->next - 1].field != entry->field)))
			return false;
	}
	for (unsigned field = 0; field < TW_FIELD_LIMIT; field++) {
		uint16_t first = record->first[field];
		if (first > record->entry_count ||
		    (first != 0 && entries[first - 1].field != field))
			return false;
	}
	return true;
}

int tw_record_view(struct tw_slice bytes, struct tw_consignment *ret_consignment)
{
	const struct tw_record *record = (const void *)bytes.data;
	if (bytes.length < sizeof(*record) || ((uintptr_t)bytes.data & 7) != 0 ||
	    record->magic != TW_RECORD_MAGIC || record->size > bytes.length ||
	    record->entry_count > TW_RECORD_ENTRY_LIMIT ||
	    record->text_start != sizeof(*record) + record->entry_count * sizeof(struct tw_entry) ||
	    record->text_start > record->size ||
	    record->text_length > record->size - record->text_start)
		return TW_ERROR_INVALID;
	const struct tw_entry *entries = (const void *)(bytes.data + sizeof(*record));
	if (!entries_sound(record, entries))
		return TW_ERROR_INVALID;
	*ret_consignment = (struct tw_consignment){
		.first = record->first,
		.record = record,
		.entries = entries,
		.texts = bytes.data + record->text_start,
		.entry_count = record->entry_count,
	};
	return TW_OK;
}

struct tw_consignment tw_record_trusted(struct tw_slice bytes)
{
	const struct tw_record *record = (const void *)bytes.data;
	return (struct tw_consignment){
		.first = record->first,
		.record = record,
		.entries = (const void *)(bytes.data + sizeof(*record)),
		.texts = bytes.data + record->text_start,
		.entry_count = record->entry_count,
	};
}

/* The runs of an entry: a count and the runs, aligned to 4, right behind its text. */
static unsigned runs_of(const struct tw_consignment *consignment, const struct tw_entry *entry,
			struct tw_slice *ret_runs)
{
	const struct tw_record *record = consignment->record;
	size_t at = ((size_t)entry->start + entry->length + 3) & ~(size_t)3;
	struct tw_slice texts = tw_slice(consignment->texts, record->text_length);
	struct tw_slice head = tw_slice_part(texts, at, 4);
	uint32_t count = 0;
	if (head.length != 4)
		return 0;
	memcpy(&count, head.data, 4);
	*ret_runs = tw_slice_part(texts, at + 4, (size_t)count * sizeof(struct tw_run));
	return ret_runs->length == (size_t)count * sizeof(struct tw_run) ? count : 0;
}

static unsigned add_span(struct tw_span *spans, unsigned count, unsigned limit, struct tw_span span)
{
	if (span.length == 0)
		return count;
	if (count > 0 && spans[count - 1].offset + spans[count - 1].length == span.offset) {
		spans[count - 1].length += span.length;
		return count;
	}
	if (count == limit)
		return count;
	spans[count] = span;
	return count + 1;
}

/* The part of the input that made the part [from, to) of the text, by one run. */
static struct tw_span span_of_run(const struct tw_run *run, uint64_t base, uint32_t from,
				  uint32_t to)
{
	uint32_t start = from > run->start ? from : run->start;
	uint32_t run_end = run->start + run->length;
	uint32_t end = to < run_end ? to : run_end;
	if (start >= end)
		return (struct tw_span){0, 0};
	if (run->length != run->origin_length)
		return (struct tw_span){base + run->origin, run->origin_length};
	return (struct tw_span){base + run->origin + (start - run->start), end - start};
}

unsigned tw_record_spans(const struct tw_consignment *consignment, int value, uint32_t start,
			 uint32_t length, struct tw_span *spans, unsigned limit)
{
	if (value < 0 || (uint32_t)value >= consignment->entry_count)
		return 0;
	const struct tw_entry *entry = &consignment->entries[value];
	if ((entry->flags & TW_ENTRY_DERIVED) != 0 || start > entry->length)
		return 0;
	uint32_t end = length == 0 || length > entry->length - start ? entry->length
								      : start + length;
	uint64_t base = (entry->flags & TW_ENTRY_HEADER) != 0 ? consignment->record->message_base
							       : consignment->record->base;
	if ((entry->flags & TW_ENTRY_RUNS) == 0)
		return add_span(spans, 0, limit,
				(struct tw_span){base + entry->origin + start, end - start});
	struct tw_slice bytes = {NULL, 0};
	unsigned run_count = runs_of(consignment, entry, &bytes);
	unsigned count = 0;
	for (unsigned i = 0; i < run_count; i++) {
		struct tw_run run;
		memcpy(&run, bytes.data + i * sizeof(run), sizeof(run));
		count = add_span(spans, count, limit, span_of_run(&run, base, start, end));
	}
	return count;
}
