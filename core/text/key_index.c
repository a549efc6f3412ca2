/* SPDX-License-Identifier: Apache-2.0 */
#include "text/key_index.h"

#include <stdlib.h>

#include "tidewaiter/status.h"

/* Marks of the filter for each key: one in eight strangers passes at most. */
#define FILTER_SPREAD 8u

static unsigned bits_for(uint64_t size, unsigned least)
{
	unsigned bits = least;
	while (((uint64_t)1 << bits) < size)
		bits++;
	return bits;
}

int tw_key_filter_create(uint32_t count, struct tw_key_filter *ret_filter)
{
	unsigned bits = bits_for((uint64_t)count * FILTER_SPREAD, 12);
	struct tw_key_filter filter = {.shift = 64 - bits};
	filter.marks = calloc((size_t)1 << bits, sizeof(*filter.marks));
	if (filter.marks == NULL)
		return TW_ERROR_MEMORY;
	*ret_filter = filter;
	return TW_OK;
}

void tw_key_filter_add(struct tw_key_filter *filter, uint64_t hash)
{
	filter->marks[hash >> filter->shift] = 1;
}

void tw_key_filter_free(struct tw_key_filter *filter)
{
	free(filter->marks);
	*filter = (struct tw_key_filter){0};
}

static void put(struct tw_key_index *index, struct tw_key_slot slot)
{
	uint32_t at = (uint32_t)((slot.key * TW_KEY_MULTIPLIER) >> index->slot_shift);
	while (index->slots[at].count != 0)
		at = (at + 1) & index->slot_mask;
	index->slots[at] = slot;
}

static uint32_t count_keys(const struct tw_key_entry *entries, uint32_t count)
{
	uint32_t keys = 0;
	for (uint32_t i = 0; i < count; i++)
		keys += i == 0 || entries[i].key != entries[i - 1].key;
	return keys;
}

/* All groups, and their keys where they belong. */
static void put_all(struct tw_key_index *index, const struct tw_key_entry *entries, uint32_t count)
{
	uint32_t group = 0;
	for (uint32_t first = 0, end = 0; first < count; first = end) {
		struct tw_key_slot slot = {.key = entries[first].key, .first = group};
		for (; end < count && entries[end].key == slot.key; end++) {
			if (end == first || entries[end].list != entries[end - 1].list)
				index->groups[group++] =
					(struct tw_key_group){entries[end].list, end, 0};
			index->groups[group - 1].count++;
			slot.lists |= (uint64_t)1 << entries[end].list % 64;
		}
		slot.count = group - slot.first;
		put(index, slot);
	}
}

int tw_key_index_build(const struct tw_key_entry *entries, uint32_t count,
		       struct tw_key_index *ret_index)
{
	struct tw_key_index index = {0};
	unsigned slot_bits = bits_for((uint64_t)count * 2, 4);
	index.slot_shift = 64 - slot_bits;
	index.slot_mask = (uint32_t)((uint64_t)1 << slot_bits) - 1;
	index.slots = calloc((size_t)1 << slot_bits, sizeof(*index.slots));
	index.groups = calloc(count + (size_t)1, sizeof(*index.groups));
	if (index.slots == NULL || index.groups == NULL ||
	    tw_key_filter_create(count_keys(entries, count), &index.filter) < 0) {
		tw_key_index_free(&index);
		return TW_ERROR_MEMORY;
	}
	put_all(&index, entries, count);
	*ret_index = index;
	return TW_OK;
}

void tw_key_index_free(struct tw_key_index *index)
{
	tw_key_filter_free(&index->filter);
	free(index->slots);
	free(index->groups);
	*index = (struct tw_key_index){0};
}
