/* SPDX-License-Identifier: Apache-2.0 */
#include "state/blocks.h"

#include <stdlib.h>

#define UNIT TW_BLOCKS_UNIT
#define UNITS TW_BLOCKS_UNITS
#define CHUNKS_MOST (UINT32_MAX / UNITS)
/* Of what is used at most one part in so many may be holes. */
#define HOLES 8u
/* A block of more than this part of a chunk has a chunk of its own. */
#define OWN 4u

#define DEAD UINT32_MAX

void tw_blocks_free(struct tw_blocks *blocks)
{
	for (uint32_t i = 0; i < blocks->chunk_count; i++)
		free(blocks->chunks[i].bytes);
	free(blocks->chunks);
	free(blocks->places);
	*blocks = (struct tw_blocks){0};
}

/* ---- places ------------------------------------------------------------------------- */

static uint32_t chunk_of(uint32_t place)
{
	return (place - 1) / UNITS;
}

static uint32_t offset_of(uint32_t place)
{
	return (place - 1) % UNITS * UNIT;
}

static struct tw_blocks_head head_at(const char *block)
{
	struct tw_blocks_head head;
	memcpy(&head, block, sizeof(head));
	return head;
}

/* Bytes of a block with a run of this length. */
static uint64_t block_size(uint64_t length)
{
	return (sizeof(struct tw_blocks_head) + length + UNIT - 1) & ~(uint64_t)(UNIT - 1);
}

static uint32_t place_of(const struct tw_blocks *blocks, uint32_t slot)
{
	return slot < blocks->place_count ? blocks->places[slot] : 0;
}

static int make_place(struct tw_blocks *blocks, uint32_t slot)
{
	if (slot < blocks->place_count)
		return TW_OK;
	uint32_t count = blocks->place_count == 0 ? 512 : blocks->place_count;
	while (count <= slot)
		count *= 2;
	uint32_t *places = realloc(blocks->places, count * sizeof(*places));
	if (places == NULL)
		return TW_ERROR_MEMORY;
	memset(places + blocks->place_count, 0, (count - blocks->place_count) * sizeof(*places));
	blocks->places = places;
	blocks->place_count = count;
	return TW_OK;
}

/* ---- chunks ------------------------------------------------------------------------- */

static int make_chunk_row(struct tw_blocks *blocks)
{
	if (blocks->free != 0)
		return TW_OK;
	if (blocks->chunk_count == CHUNKS_MOST)
		return TW_ERROR_MEMORY;
	if (blocks->chunk_count == blocks->chunk_capacity) {
		uint32_t capacity = blocks->chunk_capacity == 0 ? 16 : blocks->chunk_capacity * 2;
		struct tw_blocks_chunk *chunks = realloc(blocks->chunks, capacity * sizeof(*chunks));
		if (chunks == NULL)
			return TW_ERROR_MEMORY;
		blocks->chunks = chunks;
		blocks->chunk_capacity = capacity;
	}
	blocks->chunks[blocks->chunk_count] = (struct tw_blocks_chunk){.bytes = NULL};
	blocks->free = ++blocks->chunk_count;
	return TW_OK;
}

/* A chunk of so many bytes; its number + 1, or 0: memory is short. */
static uint32_t add_chunk(struct tw_blocks *blocks, uint64_t size)
{
	char *bytes = size <= UINT32_MAX && make_chunk_row(blocks) >= 0 ? malloc(size) : NULL;
	if (bytes == NULL)
		return 0;
	uint32_t number = blocks->free;
	struct tw_blocks_chunk *chunk = &blocks->chunks[number - 1];
	blocks->free = chunk->used;
	*chunk = (struct tw_blocks_chunk){.bytes = bytes, .size = (uint32_t)size};
	blocks->held += size;
	return number;
}

static void free_chunk(struct tw_blocks *blocks, uint32_t number)
{
	struct tw_blocks_chunk *chunk = &blocks->chunks[number];
	blocks->held -= chunk->size;
	blocks->used -= chunk->used;
	blocks->dead -= chunk->dead;
	free(chunk->bytes);
	*chunk = (struct tw_blocks_chunk){.used = blocks->free};
	blocks->free = number + 1;
	if (blocks->newest == number + 1)
		blocks->newest = 0;
}

/* The chunk that is to have a block of so many bytes, + 1: the newest, or a large one's own. */
static uint32_t choose_chunk(struct tw_blocks *blocks, uint64_t size)
{
	if (size > TW_BLOCKS_CHUNK / OWN)
		return add_chunk(blocks, size);
	const struct tw_blocks_chunk *newest =
		blocks->newest == 0 ? NULL : &blocks->chunks[blocks->newest - 1];
	if (newest != NULL && size <= newest->size - newest->used)
		return blocks->newest;
	uint32_t number = add_chunk(blocks, TW_BLOCKS_CHUNK);
	blocks->newest = number == 0 ? blocks->newest : number;
	return number;
}

/* The place of a new block; 0: memory is short. */
static uint32_t add_block(struct tw_blocks *blocks, uint32_t slot, size_t length)
{
	uint64_t size = block_size(length);
	uint32_t number = choose_chunk(blocks, size);
	if (number == 0)
		return 0;
	struct tw_blocks_chunk *chunk = &blocks->chunks[number - 1];
	uint32_t place = (number - 1) * UNITS + chunk->used / UNIT + 1;
	struct tw_blocks_head head = {slot, (uint32_t)length};
	memcpy(chunk->bytes + chunk->used, &head, sizeof(head));
	chunk->used += (uint32_t)size;
	blocks->used += size;
	return place;
}

/* ---- holes -------------------------------------------------------------------------- */

static void bury(struct tw_blocks *blocks, uint32_t place)
{
	struct tw_blocks_chunk *chunk = &blocks->chunks[chunk_of(place)];
	struct tw_blocks_head head = head_at(tw_blocks_at(blocks, place));
	uint32_t size = (uint32_t)block_size(head.length);
	head.slot = DEAD;
	memcpy(tw_blocks_at(blocks, place), &head, sizeof(head));
	chunk->dead += size;
	blocks->dead += size;
	if (chunk->dead == chunk->used)
		free_chunk(blocks, chunk_of(place));
}

/* Moves what is kept in a chunk to the newest, and frees it. */
static int empty_chunk(struct tw_blocks *blocks, uint32_t number)
{
	for (uint32_t offset = 0; offset < blocks->chunks[number].used;) {
		const char *old = blocks->chunks[number].bytes + offset;
		struct tw_blocks_head head = head_at(old);
		offset += (uint32_t)block_size(head.length);
		if (head.slot == DEAD)
			continue;
		uint32_t place = add_block(blocks, head.slot, head.length);
		if (place == 0)
			return TW_ERROR_MEMORY;
		memcpy(tw_blocks_at(blocks, place), old, sizeof(head) + head.length);
		bury(blocks, blocks->places[head.slot]);
		blocks->places[head.slot] = place;
		if (blocks->chunks[number].bytes == NULL)
			return TW_OK; /* that was the last */
	}
	return TW_OK;
}

static void close_holes(struct tw_blocks *blocks)
{
	while (blocks->dead > blocks->used / HOLES + TW_BLOCKS_CHUNK) {
		uint32_t worst = UINT32_MAX;
		for (uint32_t i = 0; i < blocks->chunk_count; i++)
			if (blocks->chunks[i].bytes != NULL && i + 1 != blocks->newest &&
			    (worst == UINT32_MAX ||
			     blocks->chunks[i].dead > blocks->chunks[worst].dead))
				worst = i;
		if (worst == UINT32_MAX || blocks->chunks[worst].dead == 0 ||
		    empty_chunk(blocks, worst) < 0)
			return;
	}
}

/* ---- runs --------------------------------------------------------------------------- */

/* A run that was the last one and is written again takes its own place: most grow at once. */
static uint32_t slide(struct tw_blocks *blocks, uint32_t old, uint32_t place)
{
	struct tw_blocks_chunk *chunk = &blocks->chunks[chunk_of(place)];
	uint32_t freed = (uint32_t)block_size(head_at(tw_blocks_at(blocks, old)).length);
	if (chunk_of(old) != chunk_of(place) || offset_of(old) + freed != offset_of(place)) {
		bury(blocks, old);
		return place;
	}
	memmove(tw_blocks_at(blocks, old), tw_blocks_at(blocks, place), chunk->used - offset_of(place));
	chunk->used -= freed;
	blocks->used -= freed;
	return old;
}

int tw_blocks_write(struct tw_blocks *blocks, uint32_t slot, const struct tw_slice *parts,
		    unsigned count)
{
	size_t length = 0;
	for (unsigned i = 0; i < count; i++)
		length += parts[i].length;
	uint32_t place = make_place(blocks, slot) < 0 ? 0 : add_block(blocks, slot, length);
	if (place == 0)
		return TW_ERROR_MEMORY;
	char *to = tw_blocks_at(blocks, place) + sizeof(struct tw_blocks_head);
	for (unsigned i = 0; i < count; i++) {
		if (parts[i].length > 0)
			memcpy(to, parts[i].data, parts[i].length);
		to += parts[i].length;
	}
	uint32_t old = blocks->places[slot];
	blocks->places[slot] = old == 0 ? place : slide(blocks, old, place);
	close_holes(blocks);
	return TW_OK;
}

void tw_blocks_patch(struct tw_blocks *blocks, uint32_t slot, size_t offset, struct tw_slice bytes)
{
	uint32_t place = place_of(blocks, slot);
	if (place != 0 && bytes.length <= tw_slice_from(tw_blocks_of(blocks, slot), offset).length &&
	    bytes.length > 0)
		memcpy(tw_blocks_at(blocks, place) + sizeof(struct tw_blocks_head) + offset, bytes.data, bytes.length);
}

void tw_blocks_drop(struct tw_blocks *blocks, uint32_t slot)
{
	uint32_t place = place_of(blocks, slot);
	if (place == 0)
		return;
	blocks->places[slot] = 0;
	bury(blocks, place);
	close_holes(blocks);
}
