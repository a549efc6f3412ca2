/* SPDX-License-Identifier: Apache-2.0 */
#include "state/index.h"

#include <stdbool.h>
#include <stdlib.h>

#define CELLS_FIRST 1024u

void tw_index_free(struct tw_index *index)
{
	free(index->cells);
	free(index->links);
	*index = (struct tw_index){0};
}

/* At three quarters full, a slot's number + 1 always fits below the mask. */
static uint32_t slot_in(const struct tw_index *index, uint32_t cell)
{
	return (index->cells[cell] & index->mask) - 1;
}

static void put_cell(struct tw_index *index, uint32_t slot)
{
	uint32_t hash = index->links[slot].hash;
	uint32_t at = hash & index->mask;
	while (index->cells[at] != 0)
		at = (at + 1) & index->mask;
	index->cells[at] = (hash & ~index->mask) | (slot + 1);
}

static int grow_cells(struct tw_index *index, uint32_t size)
{
	uint32_t *old = index->cells;
	uint32_t old_mask = index->mask;
	uint32_t old_size = old == NULL ? 0 : old_mask + 1;
	index->cells = calloc(size, sizeof(*index->cells));
	if (index->cells == NULL) {
		index->cells = old;
		return TW_ERROR_MEMORY;
	}
	index->mask = size - 1;
	for (uint32_t i = 0; i < old_size; i++)
		if (old[i] != 0)
			put_cell(index, (old[i] & old_mask) - 1);
	free(old);
	return TW_OK;
}

/* Whether so many slots fill the cells less than three quarters. */
static bool has_cells(const struct tw_index *index, uint32_t slots)
{
	return index->cells != NULL && slots <= index->mask / 4 * 3;
}

int tw_index_reserve(struct tw_index *index, uint32_t slots)
{
	int status = TW_OK;
	while (status >= 0 && !has_cells(index, slots))
		status = grow_cells(index, index->cells == NULL ? CELLS_FIRST : (index->mask + 1) * 2);
	return status;
}

static int grow_links(struct tw_index *index)
{
	uint32_t capacity = index->capacity == 0 ? 512 : index->capacity * 2;
	struct tw_index_link *links = realloc(index->links, capacity * sizeof(*links));
	if (links == NULL)
		return TW_ERROR_MEMORY;
	index->links = links;
	index->capacity = capacity;
	return TW_OK;
}

void *tw_index_room(const struct tw_index *index, void *values, uint32_t *capacity, size_t size)
{
	if (index->capacity <= *capacity)
		return values;
	void *grown = realloc(values, index->capacity * size);
	if (grown != NULL)
		*capacity = index->capacity;
	return grown;
}

static void list_push(struct tw_index *index, uint32_t slot)
{
	struct tw_index_link *link = &index->links[slot];
	link->newer = 0;
	link->older = index->newest;
	if (index->newest != 0)
		index->links[index->newest - 1].newer = slot + 1;
	index->newest = slot + 1;
	if (index->oldest == 0)
		index->oldest = slot + 1;
}

static void list_take(struct tw_index *index, uint32_t slot)
{
	const struct tw_index_link *link = &index->links[slot];
	if (link->newer != 0)
		index->links[link->newer - 1].older = link->older;
	else
		index->newest = link->older;
	if (link->older != 0)
		index->links[link->older - 1].newer = link->newer;
	else
		index->oldest = link->newer;
}

int64_t tw_index_add(struct tw_index *index, uint64_t hash)
{
	uint32_t slot = 0;
	if (tw_index_reserve(index, index->count + 1) < 0)
		return TW_ERROR_MEMORY;
	if (index->free != 0) {
		slot = index->free - 1;
		index->free = index->links[slot].older;
	} else {
		if (index->used == index->capacity && grow_links(index) < 0)
			return TW_ERROR_MEMORY;
		slot = index->used++;
	}
	index->links[slot] = (struct tw_index_link){.hash = (uint32_t)hash};
	put_cell(index, slot);
	list_push(index, slot);
	index->count++;
	return slot;
}

/* Moves the cells behind a hole back, so that every probe still finds its slot. */
static void close_hole(struct tw_index *index, uint32_t hole)
{
	for (uint32_t at = (hole + 1) & index->mask; index->cells[at] != 0;
	     at = (at + 1) & index->mask) {
		uint32_t home = index->links[slot_in(index, at)].hash & index->mask;
		if (((at - home) & index->mask) < ((at - hole) & index->mask))
			continue;
		index->cells[hole] = index->cells[at];
		hole = at;
	}
	index->cells[hole] = 0;
}

void tw_index_remove(struct tw_index *index, uint32_t slot)
{
	uint32_t at = index->links[slot].hash & index->mask;
	while (slot_in(index, at) != slot)
		at = (at + 1) & index->mask;
	close_hole(index, at);
	list_take(index, slot);
	index->links[slot].older = index->free;
	index->free = slot + 1;
	index->count--;
}

void tw_index_use(struct tw_index *index, uint32_t slot)
{
	if (index->newest == slot + 1)
		return;
	list_take(index, slot);
	list_push(index, slot);
}

int64_t tw_index_oldest(const struct tw_index *index)
{
	return index->oldest == 0 ? -1 : (int64_t)index->oldest - 1;
}
