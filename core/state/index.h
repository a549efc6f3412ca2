/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_STATE_INDEX_H
#define TW_STATE_INDEX_H

#include <stdint.h>

#include "tidewaiter/status.h"

/*
 * What the store and the ledger share: numbered slots found by a 64-bit hash,
 * kept in order of last use. It holds no values; its owner keeps an array of them
 * beside it, indexed by slot, and compares keys. One thread at a time.
 *
 * Open addressing with linear probing over 32-bit slot numbers; removal shifts
 * back, so that there are no tombstones.
 */
struct tw_index_link {
	uint64_t hash;
	uint32_t newer, older; /* list of use; also the free list */
};

struct tw_index {
	uint32_t *cells; /* slot + 1, 0: empty */
	uint32_t mask;
	struct tw_index_link *links;
	uint32_t capacity; /* of links */
	uint32_t used;	   /* slots ever handed out */
	uint32_t count;	   /* slots in use */
	uint32_t newest, oldest, free; /* slot + 1 */
};

void tw_index_free(struct tw_index *index);
/* Walks the slots with this hash: start with *cell = UINT32_MAX. Slot, or -1 at the end. */
int64_t tw_index_next(const struct tw_index *index, uint64_t hash, uint32_t *cell);
/* A new slot under a hash, as the newest. Negative: status. */
int64_t tw_index_add(struct tw_index *index, uint64_t hash);
void tw_index_remove(struct tw_index *index, uint32_t slot);
/* Marks a slot as used now. */
void tw_index_use(struct tw_index *index, uint32_t slot);
/* The slot used longest ago, or -1. */
int64_t tw_index_oldest(const struct tw_index *index);

#endif
