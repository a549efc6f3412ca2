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

static void put(struct tw_key_index *index, struct tw_key_slot slot)
{
	uint64_t hash = slot.key * TW_KEY_MULTIPLIER;
	uint64_t bit = hash >> index->filter_shift;
	index->filter[bit >> 6] |= (uint64_t)1 << (bit & 63);
	uint32_t at = (uint32_t)(hash >> index->slot_shift);
	while (index->slots[at].count != 0)
		at = (at + 1) & index->slot_mask;
	index->slots[at] = slot;
}

int tw_key_index_build(const uint64_t *keys, uint32_t count, struct tw_key_index *ret_index)
{
	struct tw_key_index index = {0};
	unsigned filter_bits = bits_for((uint64_t)count * FILTER_SPREAD, 12);
	unsigned slot_bits = bits_for((uint64_t)count * 2, 4);
	index.filter_shift = 64 - filter_bits;
	index.slot_shift = 64 - slot_bits;
	index.slot_mask = (uint32_t)((uint64_t)1 << slot_bits) - 1;
	index.filter = calloc((size_t)1 << (filter_bits - 6), sizeof(uint64_t));
	index.slots = calloc((size_t)1 << slot_bits, sizeof(*index.slots));
	if (index.filter == NULL || index.slots == NULL) {
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
	free(index->filter);
	free(index->slots);
	*index = (struct tw_key_index){0};
}
