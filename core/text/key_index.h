/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEXT_KEY_INDEX_H
#define TW_TEXT_KEY_INDEX_H

#include "tidewaiter/slice.h"

/*
 * From a key of up to eight letters to a range of terms sorted by key. A bitset
 * stands in front: it answers "no" for nearly every word of ordinary text from
 * one multiplication and one load of memory that stays in the first cache.
 * Built once, const afterwards, any thread.
 *
 * Weakness: a list made to collide with ordinary words is slow.
 */
#define TW_KEY_MULTIPLIER 0x9e3779b97f4a7c15u

/* A set of keys that may say "perhaps" to a stranger, one in 32 at most. */
struct tw_key_filter {
	uint64_t *words;
	unsigned shift;
};

int tw_key_filter_create(uint32_t count, struct tw_key_filter *ret_filter);
void tw_key_filter_add(struct tw_key_filter *filter, uint64_t key);
void tw_key_filter_free(struct tw_key_filter *filter);

/* Whether a key may be there: false is certain. */
static inline bool tw_key_filter_maybe(const struct tw_key_filter *filter, uint64_t key)
{
	uint64_t bit = (key * TW_KEY_MULTIPLIER) >> filter->shift;
	return filter->words[bit >> 6] >> (bit & 63) & 1;
}

struct tw_key_slot {
	uint64_t key;
	uint32_t first, count; /* count 0: free */
};

struct tw_key_index {
	struct tw_key_filter filter;
	struct tw_key_slot *slots;
	unsigned slot_shift;
	uint32_t slot_mask;
};

/* `keys` sorted, one for each term. */
int tw_key_index_build(const uint64_t *keys, uint32_t count, struct tw_key_index *ret_index);
void tw_key_index_free(struct tw_key_index *index);

/* The range of a key; count 0 where there is none. */
static inline struct tw_key_slot tw_key_index_find(const struct tw_key_index *index, uint64_t key)
{
	uint32_t at = (uint32_t)((key * TW_KEY_MULTIPLIER) >> index->slot_shift);
	while (index->slots[at].count != 0 && index->slots[at].key != key)
		at = (at + 1) & index->slot_mask;
	return index->slots[at];
}

#endif
