/* SPDX-License-Identifier: Apache-2.0 */
#include "state/store.h"

#include <stdlib.h>

#include "base/hash.h"
#include "state/index.h"

/* A store holds a million of them: what few keys have stands elsewhere. */
struct slot {
	struct tw_key key;
	uint32_t table;
	uint32_t length; /* of bytes; there is room for room_for(length) */
	char *bytes;
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
	struct slot *slots;
	uint32_t slot_capacity;
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
	*ret_store = store;
	return TW_OK;
}

void tw_store_free(struct tw_store *store)
{
	if (store == NULL)
		return;
	for (uint32_t i = 0; i < store->index.used; i++)
		free(store->slots[i].bytes);
	for (uint32_t i = 0; i < store->timer_count; i++)
		free(store->timers[i].anchor);
	free(store->slots);
	free(store->timers);
	free(store->heap);
	tw_index_free(&store->index);
	free(store);
}

static uint64_t hash_of(uint32_t table, struct tw_key key)
{
	uint64_t words[2];
	memcpy(words, key.bytes, sizeof(words));
	return tw_hash_mix(words[0] ^ tw_hash_mix(words[1] + table));
}

/* Steps in which allocators hand out memory, so that states grow without moving each time. */
static uint32_t room_for(size_t length)
{
	size_t step = length < 256 ? 16 : 256;
	return length == 0 ? 0 : (uint32_t)((length + step / 2 - 1) & ~(step - 1)) + (uint32_t)step / 2;
}

static struct timer *timer_of(const struct tw_store *store, const struct slot *slot)
{
	return slot->timer == 0 ? NULL : &store->timers[slot->timer - 1];
}

static size_t cost_of(const struct tw_store *store, const struct slot *slot)
{
	const struct timer *timer = timer_of(store, slot);
	return sizeof(*slot) + TW_INDEX_SLOT_BYTES + room_for(slot->length) +
	       (timer == NULL ? 0 : sizeof(*timer) + timer->anchor_length);
}

static void free_timer(struct tw_store *store, struct slot *slot)
{
	struct timer *timer = timer_of(store, slot);
	if (timer == NULL)
		return;
	free(timer->anchor);
	*timer = (struct timer){.free = store->timer_free};
	store->timer_free = slot->timer;
	slot->timer = 0;
}

static int take_timer(struct tw_store *store, struct slot *slot)
{
	if (store->timer_free == 0 && store->timer_count == store->timer_capacity) {
		uint32_t capacity = store->timer_capacity == 0 ? 64 : store->timer_capacity * 2;
		struct timer *timers = realloc(store->timers, capacity * sizeof(*timers));
		if (timers == NULL)
			return TW_ERROR_MEMORY;
		store->timers = timers;
		store->timer_capacity = capacity;
	}
	slot->timer = store->timer_free == 0 ? ++store->timer_count : store->timer_free;
	struct timer *timer = timer_of(store, slot);
	if (store->timer_free != 0)
		store->timer_free = timer->free;
	*timer = (struct timer){.deadline = 0};
	store->size += sizeof(*timer);
	return TW_OK;
}

static void forget(struct tw_store *store, uint32_t number)
{
	struct slot *slot = &store->slots[number];
	store->size -= cost_of(store, slot);
	free(slot->bytes);
	free_timer(store, slot);
	*slot = (struct slot){.length = 0};
	tw_index_remove(&store->index, number);
}

static void make_room(struct tw_store *store, int64_t keep)
{
	while (store->index.count > store->limits.keys || store->size > store->limits.bytes) {
		int64_t oldest = tw_index_oldest(&store->index);
		if (oldest < 0 || oldest == keep)
			return;
		forget(store, (uint32_t)oldest);
		store->evicted++;
	}
}

int64_t tw_store_find(struct tw_store *store, uint32_t table, struct tw_key key)
{
	uint64_t hash = hash_of(table, key);
	uint32_t cell = UINT32_MAX;
	int64_t number;
	while ((number = tw_index_next(&store->index, hash, &cell)) >= 0) {
		const struct slot *slot = &store->slots[number];
		if (slot->table != table || memcmp(&slot->key, &key, sizeof(key)) != 0)
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
	struct slot *slots = tw_index_room(&store->index, store->slots, &store->slot_capacity,
					   sizeof(*slots));
	if (slots == NULL) {
		tw_index_remove(&store->index, (uint32_t)number);
		return TW_ERROR_MEMORY;
	}
	store->slots = slots;
	store->slots[number] = (struct slot){.key = key, .table = table};
	store->size += cost_of(store, &store->slots[number]);
	make_room(store, number);
	return number;
}

struct tw_slice tw_store_bytes(const struct tw_store *store, int64_t slot)
{
	return tw_slice(store->slots[slot].bytes, store->slots[slot].length);
}

int tw_store_write(struct tw_store *store, int64_t number, struct tw_slice bytes)
{
	struct slot *slot = &store->slots[number];
	uint32_t room = room_for(bytes.length);
	if (room != room_for(slot->length)) {
		char *moved = room == 0 ? NULL : realloc(slot->bytes, room);
		if (room > 0 && moved == NULL)
			return TW_ERROR_MEMORY;
		if (room == 0)
			free(slot->bytes);
		slot->bytes = moved;
		store->size += room;
		store->size -= room_for(slot->length);
	}
	if (bytes.length > 0)
		memcpy(slot->bytes, bytes.data, bytes.length);
	slot->length = (uint32_t)bytes.length;
	make_room(store, number);
	return TW_OK;
}

uint32_t tw_store_table(const struct tw_store *store, int64_t slot)
{
	return store->slots[slot].table;
}

struct tw_key tw_store_key(const struct tw_store *store, int64_t slot)
{
	return store->slots[slot].key;
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
	struct timer *timer = timer_of(store, &store->slots[due->slot]);
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
	struct slot *slot = &store->slots[number];
	store->size -= cost_of(store, slot);
	free_timer(store, slot);
	store->size += cost_of(store, slot);
	if (!(time > 0))
		return TW_OK;
	int status = take_timer(store, slot);
	if (status < 0)
		return status;
	struct timer *timer = timer_of(store, slot);
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
	const struct timer *timer = timer_of(store, &store->slots[slot]);
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
