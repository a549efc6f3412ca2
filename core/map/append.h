/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_MAP_APPEND_H
#define TW_MAP_APPEND_H

#include "map/walk.h"

/*
 * tw_builder_add() for the value that makes nine in ten: text that stands in the
 * input as it is, with room for it already there. It writes what that function
 * would write and answers false, having done nothing, where it cannot.
 *
 * Weakness: it knows the builder's insides. A change there has to be made here;
 * tests/unit/map/test_append.c compares the two.
 */
struct walk_plain {
	struct tw_slice text;
	uint64_t origin;
	double number;
	uint8_t field;
	uint8_t unit;
	uint8_t flags;
	uint16_t item;
	uint32_t origin_length;
};

static inline bool walk_append(struct tw_builder *builder, const struct walk_plain *plain)
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
	memcpy(texts->data + texts->length, plain->text.data, plain->text.length);
	texts->length += plain->text.length;
	builder->entry_count = index + 1;
	uint16_t *last = &builder->last[plain->field];
	uint16_t *link = *last == 0 ? &builder->head.first[plain->field]
				    : &builder->entries[*last - 1].next;
	*link = (uint16_t)(index + 1);
	*last = (uint16_t)(index + 1);
	return true;
}

#endif
