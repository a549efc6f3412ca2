/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_STATE_INDEX_H
#define TW_STATE_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "tidewaiter/status.h"

/*
 * What the store and the ledger share: numbered slots found by a hash, kept in
 * order of last use. It holds no values; its owner keeps an array of them beside
 * it, indexed by slot, and compares keys. One thread at a time.
 *
 * Open addressing with linear probing, at most three quarters full. A cell is a
 * slot number and, in the bits that no slot number needs, part of the hash: a hash
 * that is not there is told by the cells alone, mostly by one. Removal shifts back,
 * so that there are no tombstones.
 *
 * Weakness: of the hash the low 32 bits count, and slots of others come up too.
 */
struct tw_index_link {
	uint32_t hash;
	uint32_t newer, older; /* list of use; also the free list */
};

/* What a slot costs at most, beside the owner's value. */
#define TW_INDEX_SLOT_BYTES (sizeof(struct tw_index_link) + 2 * sizeof(uint32_t))

struct tw_index {
	uint32_t *cells; /* hash above the mask, slot + 1 below; 0: empty */
	uint32_t mask;
	struct tw_index_link *links;
	uint32_t capacity; /* of links */
	uint32_t used;	   /* slots ever handed out */
	uint32_t count;	   /* slots in use */
	uint32_t newest, oldest, free; /* slot + 1 */
};

void tw_index_free(struct tw_index *index);
/* Begins to fetch what tw_index_next() will look at first. */
static inline void tw_index_prefetch(const struct tw_index *index, uint64_t hash)
{
	if (index->cells != NULL)
		__builtin_prefetch(&index->cells[(uint32_t)hash & index->mask]);
}
/*
 * Walks the slots that may have this hash, all that have it among them: start with
 * *cell = UINT32_MAX. Slot, or -1 at the end. Here to be inlined: most calls of every
 * consignment find nothing.
 */
static inline int64_t tw_index_next(const struct tw_index *index, uint64_t hash, uint32_t *cell)
{
	uint32_t low = (uint32_t)hash;
	if (index->cells == NULL)
		return -1;
	uint32_t at = (*cell == UINT32_MAX ? low : *cell + 1) & index->mask;
	for (; index->cells[at] != 0; at = (at + 1) & index->mask) {
		if (((index->cells[at] ^ low) & ~index->mask) != 0)
			continue;
		*cell = at;
		return (int64_t)(index->cells[at] & index->mask) - 1;
	}
	return -1;
}
/*
 * Room for cells of as many slots as are usual, so that an index that is known to grow does
 * not begin a dozen times anew. TW_OK or TW_ERROR_MEMORY.
 */
int tw_index_reserve(struct tw_index *index, uint32_t slots);
/* A new slot under a hash, as the newest. Negative: status. */
int64_t tw_index_add(struct tw_index *index, uint64_t hash);
/*
 * The owner's array, of `*capacity` values of so many bytes, with room for every slot there
 * is; it may have moved. NULL: memory is short, array and capacity are as they were.
 */
void *tw_index_room(const struct tw_index *index, void *values, uint32_t *capacity, size_t size);
void tw_index_remove(struct tw_index *index, uint32_t slot);
/* Marks a slot as used now. */
void tw_index_use(struct tw_index *index, uint32_t slot);
/* The slot used longest ago, or -1. */
int64_t tw_index_oldest(const struct tw_index *index);

#endif
