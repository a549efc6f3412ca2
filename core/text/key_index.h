/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEXT_KEY_INDEX_H
#define TW_TEXT_KEY_INDEX_H

#include "tidewaiter/slice.h"

/*
 * From a key of up to eight letters to the terms that have it, list by list. A filter
 * stands in front: it answers "no" for nearly every word of ordinary text from
 * one multiplication and one load of memory that stays in the nearest caches.
 * Built once, const afterwards, any thread.
 *
 * Weakness: a list made to collide with ordinary words is slow.
 */
#define TW_KEY_MULTIPLIER 0x9e3779b97f4a7c15u

/*
 * A set of hashes that may say "perhaps" to a stranger, one in eight at most. What
 * counts are the upper bits of a hash: those of the product of a key with an odd
 * number, shifted until its last letter stands at the top, depend on all its
 * letters and on none behind them. So one product of eight letters has the hashes
 * of all that begin with the first of them. A mark is a byte and not a bit, so that
 * no instruction is needed to find it in a word.
 */
struct tw_key_filter {
	uint8_t *marks; /* 0 or 1 */
	unsigned shift;
};

/* For so many different hashes. */
int tw_key_filter_create(uint32_t count, struct tw_key_filter *ret_filter);
void tw_key_filter_add(struct tw_key_filter *filter, uint64_t hash);
void tw_key_filter_free(struct tw_key_filter *filter);

/* The hash of the first `length` of eight letters, whose product this is. */
static inline uint64_t tw_key_hash(uint64_t product, uint32_t length)
{
	return product << (64 - length * 8);
}

/*
 * The hash of a whole word: of one of eight letters and more its first three, whatever
 * follows, so that a beginning can be looked for as well; beyond 255 of any. A bit more
 * is shifted out then, or words that begin with one of three would pass for it.
 */
static inline uint64_t tw_key_hash_word(uint64_t product, uint32_t length)
{
#define EIGHT(n) n, n, n, n, n, n, n, n
#define SIXTY_FOUR(n) EIGHT(n), EIGHT(n), EIGHT(n), EIGHT(n), EIGHT(n), EIGHT(n), EIGHT(n), EIGHT(n)
	static const uint8_t SHIFTS[256] = {
		0, 56, 48, 40, 32, 24, 16, 8, EIGHT(41), EIGHT(41), EIGHT(41), EIGHT(41), EIGHT(41),
		EIGHT(41), EIGHT(41), SIXTY_FOUR(41), SIXTY_FOUR(41), SIXTY_FOUR(41)};
#undef SIXTY_FOUR
#undef EIGHT
	return product << SHIFTS[(uint8_t)length];
}

/* Whether a hash may be there, 1 or 0: that is certain. */
static inline unsigned tw_key_filter_maybe(const struct tw_key_filter *filter, uint64_t hash)
{
	return filter->marks[hash >> filter->shift];
}

struct tw_key_slot {
	uint64_t key;
	uint64_t lists;	       /* of the groups: bit n % 64 */
	uint32_t first, count; /* of the groups; count 0: free */
};

/* The terms of one list that have one key. */
struct tw_key_group {
	uint32_t list;
	uint32_t first, count; /* of the terms */
};

struct tw_key_index {
	struct tw_key_filter filter; /* for whoever builds the index to fill */
	struct tw_key_group *groups;
	struct tw_key_slot *slots;
	unsigned slot_shift;
	uint32_t slot_mask;
};

/* A term: its key and its list. */
struct tw_key_entry {
	uint64_t key;
	uint32_t list;
};
/* `entries` sorted by key and list. The filter is left empty. */
int tw_key_index_build(const struct tw_key_entry *entries, uint32_t count,
		       struct tw_key_index *ret_index);
void tw_key_index_free(struct tw_key_index *index);

/* The groups of a key; count 0 where there are none. */
static inline const struct tw_key_slot *tw_key_index_find(const struct tw_key_index *index,
							  uint64_t key)
{
	uint32_t at = (uint32_t)((key * TW_KEY_MULTIPLIER) >> index->slot_shift);
	while (index->slots[at].count != 0 && index->slots[at].key != key)
		at = (at + 1) & index->slot_mask;
	return &index->slots[at];
}

#endif
