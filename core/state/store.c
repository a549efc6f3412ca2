/* SPDX-License-Identifier: Apache-2.0 */
#include "state/store.h"

#include <stdlib.h>

#include "base/hash.h"
#include "state/index.h"

struct slot {
	struct tw_key key;
	uint32_t table;
	uint32_t length, capacity; /* of bytes */
	char *bytes;
	double deadline;     /* 0: none */
	uint64_t set_number; /* of the deadline: tells stale heap entries from true ones */
	char *anchor;
	uint32_t anchor_length;
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
	for (uint32_t i = 0; i < store->index.used; i++) {
		free(store->slots[i].bytes);
		free(store->slots[i].anchor);
	}
	free(store->slots);
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

static size_t cost_of(const struct slot *slot)
{
	return sizeof(*slot) + sizeof(struct tw_index_link) + slot->capacity + slot->anchor_length;
}

static void forget(struct tw_store *store, uint32_t number)
{
	struct slot *slot = &store->slots[number];
	store->size -= cost_of(slot);
	free(slot->bytes);
	free(slot->anchor);
	*slot = (struct slot){.deadline = 0};
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
	if (store->index.capacity > store->slot_capacity) {
		struct slot *slots = realloc(store->slots,
					     store->index.capacity * sizeof(*slots));
		if (slots == NULL) {
			tw_index_remove(&store->index, (uint32_t)number);
			return TW_ERROR_MEMORY;
		}
		store->slots = slots;
		store->slot_capacity = store->index.capacity;
	}
	store->slots[number] = (struct slot){.key = key, .table = table};
	store->size += cost_of(&store->slots[number]);
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
	if (bytes.length > slot->capacity) {
		uint32_t capacity = slot->capacity == 0 ? 32 : slot->capacity;
		while (capacity < bytes.length)
			capacity *= 2;
		char *grown = realloc(slot->bytes, capacity);
		if (grown == NULL)
			return TW_ERROR_MEMORY;
		store->size += capacity - slot->capacity;
		slot->bytes = grown;
		slot->capacity = capacity;
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

/* A key that sets its deadline again leaves the old entry behind: these go before the heap grows. */
static void drop_stale(struct tw_store *store)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < store->heap_count; i++) {
		struct due due = store->heap[i];
		if (store->slots[due.slot].set_number != due.set_number)
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
	slot->deadline = time > 0 ? time : 0;
	slot->set_number = ++store->set_number;
	store->size -= slot->anchor_length;
	free(slot->anchor);
	slot->anchor = NULL;
	slot->anchor_length = 0;
	if (!(time > 0))
		return TW_OK;
	slot->anchor = malloc(anchor.length + 1);
	if (slot->anchor == NULL)
		return TW_ERROR_MEMORY;
	if (anchor.length > 0)
		memcpy(slot->anchor, anchor.data, anchor.length);
	slot->anchor_length = (uint32_t)anchor.length;
	store->size += slot->anchor_length;
	int status = heap_push(store, (struct due){time, slot->set_number, (uint32_t)number});
	make_room(store, number);
	return status;
}

int64_t tw_store_due(struct tw_store *store, double now, double *ret_time)
{
	while (store->heap_count > 0 && store->heap[0].time <= now) {
		struct due due = heap_pop(store);
		struct slot *slot = &store->slots[due.slot];
		if (slot->set_number != due.set_number || !(slot->deadline > 0))
			continue;
		slot->deadline = 0;
		*ret_time = due.time;
		return due.slot;
	}
	return -1;
}

struct tw_slice tw_store_anchor(const struct tw_store *store, int64_t slot)
{
	return tw_slice(store->slots[slot].anchor, store->slots[slot].anchor_length);
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
