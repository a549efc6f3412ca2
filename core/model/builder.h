/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_MODEL_BUILDER_H
#define TW_MODEL_BUILDER_H

#include <math.h>

#include "base/buffer.h"
#include "model/record.h"

/*
 * Builds consignment records one after the other. The facts of the message
 * header are put in first and marked; each consignment is then built on top of
 * them, written out, and the builder goes back to the mark: no consignment
 * copies the header twice, and nothing is allocated once the buffers have grown.
 *
 * One builder belongs to one stream and is used by one thread at a time; it owns
 * its buffers. Memory failure is sticky and reported by tw_builder_write().
 */
struct tw_builder {
	struct tw_record head; /* what the record will begin with */
	struct tw_entry *entries;
	uint32_t entry_count, entry_capacity;
	struct tw_buffer texts;
	uint16_t last[TW_FIELD_LIMIT]; /* index + 1 of the last entry of a field */
	/* the mark: as it was when the header was complete */
	uint32_t mark_entries;
	size_t mark_texts;
	struct tw_record mark_head;
	uint16_t mark_last[TW_FIELD_LIMIT];
	uint16_t mark_ends[TW_FIELD_LIMIT]; /* entries that end a chain at the mark */
	unsigned mark_end_count;
	bool marked;
	bool overflow; /* entries were left out: TW_RECORD_ENTRY_LIMIT */
	bool failed;
};

/* A value to be added. Texts and runs are copied. */
struct tw_new_value {
	enum tw_field field;
	unsigned item;
	struct tw_slice text;
	double number;	       /* NAN: none */
	enum tw_unit_of_measure unit;
	uint8_t flags;	       /* TW_ENTRY_DERIVED; the others are set by the builder */
	uint64_t origin;       /* stream offset and length of the bytes it came from */
	uint64_t origin_length;
	const struct tw_run *runs; /* NULL where the text stands in the input as it is; */
	unsigned run_count;	   /* origins relative to `origin` */
};

void tw_builder_free(struct tw_builder *builder);
/* Starts a message at this stream offset; forgets the last one. */
void tw_builder_message(struct tw_builder *builder, uint64_t offset);
/* Starts a consignment at this stream offset: back to the header. Marks the header the first time. */
void tw_builder_consignment(struct tw_builder *builder, uint64_t offset);
/* A new item of a group; returns its number. */
static inline unsigned tw_builder_item(struct tw_builder *builder, enum tw_group group)
{
	uint16_t *count = &builder->head.items[group];
	if (*count == UINT16_MAX) {
		builder->overflow = true;
		return UINT16_MAX;
	}
	return (*count)++;
}
/* Adds a value; returns its index, or -1 where it was left out (overflow, memory). */
int tw_builder_add(struct tw_builder *builder, const struct tw_new_value *value);
/* Begins with a finished record instead, so that values can be added to it. */
void tw_builder_load(struct tw_builder *builder, const struct tw_consignment *view);
/*
 * Adds a value of another record of the same message and base, with its origin and
 * runs, its item number raised by `items`. Its index, or -1.
 */
int tw_builder_copy(struct tw_builder *builder, const struct tw_consignment *view, uint32_t index,
		    unsigned items);
/* The consignment as built so far. Valid until the next change. */
struct tw_consignment tw_builder_view(const struct tw_builder *builder);
/* Size of the record as it stands, in bytes. */
size_t tw_builder_size(const struct tw_builder *builder);
/* Appends the record, aligned to 8, to `out`. `end`: stream offset behind the consignment. */
int tw_builder_write(struct tw_builder *builder, uint64_t end, struct tw_buffer *out);

/*
 * The value that makes nine in ten: text that stands in the input as it is. It
 * writes what tw_builder_add() would and answers false, having done nothing,
 * where there is no room or the origin is out of reach.
 */
struct tw_plain_value {
	struct tw_slice text;
	uint64_t origin;
	double number;
	uint8_t field;
	uint8_t unit;
	uint8_t flags;
	uint16_t item;
	uint32_t origin_length;
};

/* Hangs an entry behind the last of its field. */
static inline void tw_builder_chain(struct tw_builder *builder, unsigned field, uint32_t index)
{
	uint16_t *last = &builder->last[field];
	uint16_t *link = *last == 0 ? &builder->head.first[field]
				    : &builder->entries[*last - 1].next;
	*link = (uint16_t)(index + 1);
	*last = (uint16_t)(index + 1);
}

/* Makes room for another entry where there is none; false: it is left out. */
bool tw_builder_more(struct tw_builder *builder);

static inline bool tw_builder_room(struct tw_builder *builder)
{
	return (builder->entry_count < builder->entry_capacity &&
		builder->entry_count < TW_RECORD_ENTRY_LIMIT) ||
	       tw_builder_more(builder);
}

/*
 * Adds a derived value whose text is that of another, which is not copied. Returns
 * its index, or -1: `of` has no text (or is -1), or the value was left out.
 */
static inline int tw_builder_again(struct tw_builder *builder, enum tw_field field, int of)
{
	if (of < 0 || (uint32_t)of >= builder->entry_count || builder->entries[of].length == 0 ||
	    !tw_builder_room(builder))
		return -1;
	uint32_t index = builder->entry_count++;
	struct tw_entry *entry = &builder->entries[index];
	*entry = (struct tw_entry){
		.field = (uint16_t)field,
		.flags = TW_ENTRY_DERIVED,
		.start = builder->entries[of].start,
		.length = builder->entries[of].length,
		.number = (double)NAN,
	};
	tw_builder_chain(builder, field, index);
	return (int)index;
}

static inline bool tw_builder_add_plain(struct tw_builder *builder, const struct tw_plain_value *plain)
{
	struct tw_buffer *texts = &builder->texts;
	uint64_t origin = plain->origin - builder->head.base;
	uint32_t index = builder->entry_count;
	if (index >= builder->entry_capacity || index >= TW_RECORD_ENTRY_LIMIT ||
	    origin > UINT32_MAX || texts->length > UINT32_MAX / 2 ||
	    plain->text.length > texts->capacity - texts->length)
		return false;
	builder->entries[index] = (struct tw_entry){
		.field = plain->field,
		.item = plain->item,
		.flags = plain->flags,
		.unit = plain->unit,
		.start = (uint32_t)texts->length,
		.length = (uint32_t)plain->text.length,
		.origin = (uint32_t)origin,
		.origin_length = plain->origin_length,
		.number = plain->number,
	};
	if (plain->text.length > 0)
		memcpy(texts->data + texts->length, plain->text.data, plain->text.length);
	texts->length += plain->text.length;
	builder->entry_count = index + 1;
	tw_builder_chain(builder, plain->field, index);
	return true;
}

/*
 * The same once more, for whoever adds many values and asks for the room of all
 * of them before: an entry in words instead of fields, and a text thirty-two bytes
 * at a time, for most are shorter and asking how short costs more than copying. So
 * TW_BUILDER_SLACK bytes behind the text are read, and written behind the texts.
 * Fields below 256, that is all.
 */
#define TW_BUILDER_SLACK 32u

/* Room for so many entries and so many bytes of their texts. */
bool tw_builder_grow(struct tw_builder *builder, uint32_t entries, size_t bytes);

static inline bool tw_builder_has_room(const struct tw_builder *builder, uint32_t entries,
				       size_t bytes)
{
	const struct tw_buffer *texts = &builder->texts;
	return entries <= builder->entry_capacity - builder->entry_count &&
	       bytes <= texts->capacity - texts->length;
}

static inline void tw_entry_set(struct tw_entry *entry, uint64_t word, uint64_t start_length,
				uint64_t origin_length)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	_Static_assert(offsetof(struct tw_entry, field) == 0 &&
		       offsetof(struct tw_entry, item) == 2 &&
		       offsetof(struct tw_entry, next) == 4 &&
		       offsetof(struct tw_entry, flags) == 6 &&
		       offsetof(struct tw_entry, unit) == 7 &&
		       offsetof(struct tw_entry, start) == 8 &&
		       offsetof(struct tw_entry, length) == 12 &&
		       offsetof(struct tw_entry, origin) == 16 &&
		       offsetof(struct tw_entry, origin_length) == 20,
		       "an entry is stored in words");
	memcpy(entry, &word, sizeof(word));
	memcpy(&entry->start, &start_length, sizeof(start_length));
	memcpy(&entry->origin, &origin_length, sizeof(origin_length));
#else
	*entry = (struct tw_entry){
		.field = (uint16_t)word,
		.item = (uint16_t)(word >> 16),
		.unit = (uint8_t)(word >> 56),
		.start = (uint32_t)start_length,
		.length = (uint32_t)(start_length >> 32),
		.origin = (uint32_t)origin_length,
		.origin_length = (uint32_t)(origin_length >> 32),
	};
#endif
}

/* A text of `length` bytes that stands as it is `origin` bytes behind the consignment's base. */
struct tw_near_value {
	const char *text;
	uint64_t length;
	uint64_t origin;
	double number;
	unsigned unit;
};

/*
 * Adds it; without *many nothing where the item has a value of the field. That is seldom so,
 * and asked last: the entry is written into the room behind the others, and counts or not.
 */
__attribute__((always_inline)) static inline void
tw_builder_put(struct tw_builder *builder, size_t field, uint64_t item, const bool *many,
	       const struct tw_near_value *value)
{
	struct tw_entry *entry = &builder->entries[builder->entry_count];
	size_t start = builder->texts.length;
	char *to = builder->texts.data + start;
	tw_entry_set(entry, field | item << 16 | (uint64_t)value->unit << 56,
		     start | value->length << 32, value->origin | value->length << 32);
	entry->number = value->number;
	memcpy(to, value->text, 16);
	memcpy(to + 16, value->text + 16, 16);
	for (size_t at = TW_BUILDER_SLACK; at < value->length; at += 16)
		memcpy(to + at, value->text + at, 16);
	uint16_t *link = &builder->head.first[field];
	size_t last = builder->last[field];
	if (last != 0) {
		struct tw_entry *before = &builder->entries[last - 1];
		if (before->item == (uint16_t)item && !*many)
			return;
		link = &before->next;
	}
	builder->texts.length += value->length;
	builder->entry_count++;
	*link = builder->last[field] = (uint16_t)builder->entry_count;
}

#endif
