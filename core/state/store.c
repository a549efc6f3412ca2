/* SPDX-License-Identifier: Apache-2.0 */
#include "state/store.h"

#include <stdlib.h>

#include "base/hash.h"
#include "state/blocks.h"
#include "state/index.h"

/* So many keys are usual. */
#define USUAL 20000u

/*
 * A store holds a million of them, each in front of its bytes in the slot's block: what few
 * keys have stands elsewhere.
 */
struct slot {
	struct tw_key key;
	uint32_t table;
	uint32_t timer; /* + 1; 0: never had a deadline */
};

struct timer {
	double deadline;     /* 0: none */
	uint64_t set_number; /* tells stale heap entries from true ones */
	char *anchor;
	uint32_t anchor_length;
	uint32_t free; /* + 1: the next that is free */
};

struct due {
	double time;
	uint64_t set_number;
	uint32_t slot;
};

struct tw_store {
	struct tw_store_limits limits;
	struct tw_index index;
	struct tw_blocks blocks;
	struct timer *timers;
	uint32_t timer_count, timer_capacity;
	uint32_t timer_free; /* + 1 */
	struct due *heap;
	uint32_t heap_count, heap_capacity;
	uint64_t set_number;
	uint64_t size;
	uint64_t evicted;
};

int tw_store_create(const struct tw_store_limits *limits, struct tw_store **ret_store)
{
	struct tw_store *store = calloc(1, sizeof(*store));
	if (store == NULL)
		return TW_ERROR_MEMORY;
	store->limits = *limits;
	if (tw_index_reserve(&store->index, USUAL) < 0) {
		tw_store_free(store);
		return TW_ERROR_MEMORY;
	}
	*ret_store = store;
	return TW_OK;
}

void tw_store_free(struct tw_store *store)
{
	if (store == NULL)
		return;
	for (uint32_t i = 0; i < store->timer_count; i++)
		free(store->timers[i].anchor);
	free(store->timers);
	free(store->heap);
	tw_blocks_free(&store->blocks);
	tw_index_free(&store->index);
	free(store);
}

static uint64_t hash_of(uint32_t table, struct tw_key key)
{
	uint64_t words[2];
	memcpy(words, key.bytes, sizeof(words));
	return tw_hash_mix(words[0] ^ tw_hash_mix(words[1] + table));
}

static struct slot slot_of(const struct tw_store *store, int64_t number)
{
	struct slot slot = {.timer = 0};
	struct tw_slice block = tw_blocks_of(&store->blocks, (uint32_t)number);
	if (block.length >= sizeof(slot))
		memcpy(&slot, block.data, sizeof(slot));
	return slot;
}

static struct tw_slice slice_of(const struct slot *slot)
{
	return tw_slice((const char *)(const void *)slot, sizeof(*slot));
}

static int write_slot(struct tw_store *store, int64_t number, const struct slot *slot,
		      struct tw_slice bytes)
{
	return tw_blocks_write(&store->blocks, (uint32_t)number,
			       (struct tw_slice[]){slice_of(slot), bytes}, 2);
}

static struct timer *timer_of(const struct tw_store *store, int64_t number)
{
	struct slot slot = slot_of(store, number);
	return slot.timer == 0 ? NULL : &store->timers[slot.timer - 1];
}

static size_t cost_of(const struct tw_store *store, int64_t number)
{
	const struct timer *timer = timer_of(store, number);
	return TW_BLOCKS_SLOT_BYTES + TW_INDEX_SLOT_BYTES +
	       tw_blocks_of(&store->blocks, (uint32_t)number).length +
	       (timer == NULL ? 0 : sizeof(*timer) + timer->anchor_length);
}

static void set_timer(struct tw_store *store, int64_t number, uint32_t timer)
{
	struct slot slot = slot_of(store, number);
	slot.timer = timer;
	tw_blocks_patch(&store->blocks, (uint32_t)number, 0, slice_of(&slot));
}

static void free_timer(struct tw_store *store, int64_t number)
{
	struct slot slot = slot_of(store, number);
	if (slot.timer == 0)
		return;
	struct timer *timer = &store->timers[slot.timer - 1];
	free(timer->anchor);
	*timer = (struct timer){.free = store->timer_free};
	store->timer_free = slot.timer;
	set_timer(store, number, 0);
}

static int take_timer(struct tw_store *store, int64_t number)
{
	if (store->timer_free == 0 && store->timer_count == store->timer_capacity) {
		uint32_t capacity = store->timer_capacity == 0 ? 64 : store->timer_capacity * 2;
		struct timer *timers = realloc(store->timers, capacity * sizeof(*timers));
		if (timers == NULL)
			return TW_ERROR_MEMORY;
		store->timers = timers;
		store->timer_capacity = capacity;
	}
	uint32_t taken = store->timer_free == 0 ? ++store->timer_count : store->timer_free;
	struct timer *timer = &store->timers[taken - 1];
	if (store->timer_free != 0)
		store->timer_free = timer->free;
	*timer = (struct timer){.deadline = 0};
	set_timer(store, number, taken);
	store->size += sizeof(*timer);
	return TW_OK;
}

static void forget(struct tw_store *store, int64_t number)
{
	store->size -= cost_of(store, number);
	free_timer(store, number);
	tw_blocks_drop(&store->blocks, (uint32_t)number);
	tw_index_remove(&store->index, (uint32_t)number);
}

static void make_room(struct tw_store *store, int64_t keep)
{
	while (store->index.count > store->limits.keys || store->size > store->limits.bytes) {
		int64_t oldest = tw_index_oldest(&store->index);
		if (oldest < 0 || oldest == keep)
			return;
		forget(store, oldest);
		store->evicted++;
	}
}

int64_t tw_store_find(struct tw_store *store, uint32_t table, struct tw_key key)
{
	uint64_t hash = hash_of(table, key);
	uint32_t cell = UINT32_MAX;
	int64_t number;
	while ((number = tw_index_next(&store->index, hash, &cell)) >= 0) {
		struct slot slot = slot_of(store, number);
		if (slot.table != table || memcmp(&slot.key, &key, sizeof(key)) != 0)
			continue;
		tw_index_use(&store->index, (uint32_t)number);
		return number;
	}
	return -1;
}

int64_t tw_store_touch(struct tw_store *store, uint32_t table, struct tw_key key)
{
	int64_t number = tw_store_find(store, table, key);
	if (number >= 0)
		return number;
	number = tw_index_add(&store->index, hash_of(table, key));
	if (number < 0)
		return number;
	int status = write_slot(store, number, &(struct slot){.key = key, .table = table},
				tw_slice(NULL, 0));
	if (status < 0) {
		tw_index_remove(&store->index, (uint32_t)number);
		return status;
	}
	store->size += cost_of(store, number);
	make_room(store, number);
	return number;
}

struct tw_slice tw_store_bytes(const struct tw_store *store, int64_t slot)
{
	return tw_slice_from(tw_blocks_of(&store->blocks, (uint32_t)slot), sizeof(struct slot));
}

int tw_store_write(struct tw_store *store, int64_t number, struct tw_slice bytes)
{
	struct slot slot = slot_of(store, number);
	uint64_t before = cost_of(store, number);
	int status = write_slot(store, number, &slot, bytes);
	if (status < 0)
		return status;
	store->size += cost_of(store, number) - before;
	make_room(store, number);
	return TW_OK;
}

uint32_t tw_store_table(const struct tw_store *store, int64_t slot)
{
	return slot_of(store, slot).table;
}

struct tw_key tw_store_key(const struct tw_store *store, int64_t slot)
{
	return slot_of(store, slot).key;
}

static bool due_before(const struct due *a, const struct due *b)
{
	return a->time < b->time || (a->time <= b->time && a->set_number < b->set_number);
}

static void swap_due(struct due *a, struct due *b)
{
	struct due kept = *a;
	*a = *b;
	*b = kept;
}

static void sift_up(struct tw_store *store, uint32_t at)
{
	for (; at > 0 && due_before(&store->heap[at], &store->heap[(at - 1) / 2]); at = (at - 1) / 2)
		swap_due(&store->heap[at], &store->heap[(at - 1) / 2]);
}

/* The deadline that a heap entry stands for, where it was not set again since. */
static struct timer *timer_set_at(const struct tw_store *store, const struct due *due)
{
	struct timer *timer = timer_of(store, due->slot);
	return timer != NULL && timer->set_number == due->set_number ? timer : NULL;
}

/* A key that sets its deadline again leaves the old entry behind: these go before the heap grows. */
static void drop_stale(struct tw_store *store)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < store->heap_count; i++) {
		struct due due = store->heap[i];
		if (timer_set_at(store, &due) == NULL)
			continue;
		store->heap[kept] = due;
		sift_up(store, kept++);
	}
	store->heap_count = kept;
}

static int heap_push(struct tw_store *store, struct due due)
{
	if (store->heap_count * 2 >= store->heap_capacity)
		drop_stale(store);
	if (store->heap_count * 2 >= store->heap_capacity) {
		uint32_t capacity = store->heap_capacity == 0 ? 64 : store->heap_capacity * 2;
		struct due *heap = realloc(store->heap, capacity * sizeof(*heap));
		if (heap == NULL)
			return TW_ERROR_MEMORY;
		store->heap = heap;
		store->heap_capacity = capacity;
	}
	store->heap[store->heap_count] = due;
	sift_up(store, store->heap_count++);
	return TW_OK;
}

static struct due heap_pop(struct tw_store *store)
{
	struct due first = store->heap[0];
	store->heap[0] = store->heap[--store->heap_count];
	for (uint32_t at = 0;;) {
		uint32_t child = at * 2 + 1;
		if (child >= store->heap_count)
			break;
		if (child + 1 < store->heap_count &&
		    due_before(&store->heap[child + 1], &store->heap[child]))
			child++;
		if (!due_before(&store->heap[child], &store->heap[at]))
			break;
		swap_due(&store->heap[child], &store->heap[at]);
		at = child;
	}
	return first;
}

int tw_store_deadline(struct tw_store *store, int64_t number, double time, struct tw_slice anchor)
{
	store->size -= cost_of(store, number);
	free_timer(store, number);
	store->size += cost_of(store, number);
	if (!(time > 0))
		return TW_OK;
	int status = take_timer(store, number);
	if (status < 0)
		return status;
	struct timer *timer = timer_of(store, number);
	timer->anchor = malloc(anchor.length + 1);
	if (timer->anchor == NULL)
		return TW_ERROR_MEMORY;
	if (anchor.length > 0)
		memcpy(timer->anchor, anchor.data, anchor.length);
	timer->deadline = time;
	timer->set_number = ++store->set_number;
	timer->anchor_length = (uint32_t)anchor.length;
	store->size += timer->anchor_length;
	status = heap_push(store, (struct due){time, timer->set_number, (uint32_t)number});
	make_room(store, number);
	return status;
}

int64_t tw_store_due(struct tw_store *store, double now, double *ret_time)
{
	while (store->heap_count > 0 && store->heap[0].time <= now) {
		struct due due = heap_pop(store);
		struct timer *timer = timer_set_at(store, &due);
		if (timer == NULL || !(timer->deadline > 0))
			continue;
		timer->deadline = 0;
		*ret_time = due.time;
		return due.slot;
	}
	return -1;
}

struct tw_slice tw_store_anchor(const struct tw_store *store, int64_t slot)
{
	const struct timer *timer = timer_of(store, slot);
	return timer == NULL ? tw_slice(NULL, 0) : tw_slice(timer->anchor, timer->anchor_length);
}

uint64_t tw_store_keys(const struct tw_store *store)
{
	return store->index.count;
}

uint64_t tw_store_size(const struct tw_store *store)
{
	return store->size;
}

uint64_t tw_store_evicted(const struct tw_store *store)
{
	return store->evicted;
}
