/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_STATE_BLOCKS_H
#define TW_STATE_BLOCKS_H

#include <string.h>

#include "tidewaiter/slice.h"
#include "tidewaiter/status.h"

/*
 * A run of bytes for each slot of an index (state/index.h), side by side in chunks of 64 KiB.
 * Where a million small runs are kept, what an allocator needs for each would be a tenth of
 * all. What is replaced or dropped leaves a hole; when holes are more than an eighth, the
 * chunk with most of them is emptied into the newest, so that no order of sizes can make
 * memory grow beyond what is kept. One thread at a time.
 *
 * Weakness: runs move. A slice is good until the next call that writes or drops.
 */
#define TW_BLOCKS_CHUNK 65536u
/* Blocks begin at multiples of this, and so do their bytes. */
#define TW_BLOCKS_UNIT 8u
/* Places in a chunk. */
#define TW_BLOCKS_UNITS (TW_BLOCKS_CHUNK / TW_BLOCKS_UNIT)

/* What a run costs beside its bytes. */
#define TW_BLOCKS_SLOT_BYTES (3 * sizeof(uint32_t))

/* In front of the bytes. */
struct tw_blocks_head {
	uint32_t slot; /* UINT32_MAX: a hole */
	uint32_t length;
};

struct tw_blocks_chunk {
	char *bytes;
	uint32_t size, used, dead; /* of a chunk that is free, used: the next one that is, + 1 */
};

struct tw_blocks {
	uint32_t *places; /* by slot: where its head is, in units of all chunks, + 1; 0: none */
	uint32_t place_count;
	struct tw_blocks_chunk *chunks;
	uint32_t chunk_count, chunk_capacity;
	uint32_t free, newest; /* chunks, + 1 */
	uint64_t held;	       /* bytes of all chunks */
	uint64_t used, dead;   /* bytes in them, and how many of these are holes */
};

void tw_blocks_free(struct tw_blocks *blocks);

static inline char *tw_blocks_at(const struct tw_blocks *blocks, uint32_t place)
{
	return blocks->chunks[(place - 1) / TW_BLOCKS_UNITS].bytes +
	       (place - 1) % TW_BLOCKS_UNITS * TW_BLOCKS_UNIT;
}

/* The bytes of a slot; none where it was never written, or dropped. */
static inline struct tw_slice tw_blocks_of(const struct tw_blocks *blocks, uint32_t slot)
{
	struct tw_blocks_head head;
	uint32_t place = slot < blocks->place_count ? blocks->places[slot] : 0;
	if (place == 0)
		return tw_slice(NULL, 0);
	const char *block = tw_blocks_at(blocks, place);
	memcpy(&head, block, sizeof(head));
	return tw_slice(block + sizeof(head), head.length);
}

/*
 * Replaces the bytes of a slot by several parts, one behind the other, which may stand in
 * what is replaced. Where memory is short (negative: status) that stays as it is.
 */
int tw_blocks_write(struct tw_blocks *blocks, uint32_t slot, const struct tw_slice *parts,
		    unsigned count);
/* Writes over bytes that the slot has. */
void tw_blocks_patch(struct tw_blocks *blocks, uint32_t slot, size_t at, struct tw_slice bytes);
void tw_blocks_drop(struct tw_blocks *blocks, uint32_t slot);

#endif
