/* SPDX-License-Identifier: Apache-2.0 */
#include "text/key_index.h"

#include <stdlib.h>

#include "tidewaiter/status.h"

/* Bits of the filter for each key: one in 32 strangers passes at most. */
#define FILTER_SPREAD 32u

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
	filter.words = calloc((size_t)1 << (bits - 6), sizeof(uint64_t));
	if (filter.words == NULL)
		return TW_ERROR_MEMORY;
	*ret_filter = filter;
	return TW_OK;
}

void tw_key_filter_add(struct tw_key_filter *filter, uint64_t key)
{
	uint64_t bit = (key * TW_KEY_MULTIPLIER) >> filter->shift;
	filter->words[bit >> 6] |= (uint64_t)1 << (bit & 63);
}

void tw_key_filter_free(struct tw_key_filter *filter)
{
	free(filter->words);
	*filter = (struct tw_key_filter){0};
}

static void put(struct tw_key_index *index, struct tw_key_slot slot)
{
	uint32_t at = (uint32_t)((slot.key * TW_KEY_MULTIPLIER) >> index->slot_shift);
	tw_key_filter_add(&index->filter, slot.key);
	while (index->slots[at].count != 0)
		at = (at + 1) & index->slot_mask;
	index->slots[at] = slot;
}

int tw_key_index_build(const uint64_t *keys, uint32_t count, struct tw_key_index *ret_index)
{
	struct tw_key_index index = {0};
	unsigned slot_bits = bits_for((uint64_t)count * 2, 4);
	index.slot_shift = 64 - slot_bits;
	index.slot_mask = (uint32_t)((uint64_t)1 << slot_bits) - 1;
	index.slots = calloc((size_t)1 << slot_bits, sizeof(*index.slots));
	if (index.slots == NULL || tw_key_filter_create(count, &index.filter) < 0) {
		tw_key_index_free(&index);
		return TW_ERROR_MEMORY;
	}
	for (uint32_t first = 0, end = 0; first < count; first = end) {
		while (end < count && keys[end] == keys[first])
			end++;
		put(&index, (struct tw_key_slot){keys[first], first, end - first});
	}
	*ret_index = index;
	return TW_OK;
}

void tw_key_index_free(struct tw_key_index *index)
{
	tw_key_filter_free(&index->filter);
	free(index->slots);
	*index = (struct tw_key_index){0};
}
