/* SPDX-License-Identifier: Apache-2.0 */
#include "map/walk.h"

#include <math.h>
#include <stdlib.h>

/*
 * A manifest tells its equipment once, before (or behind) its consignments, and
 * the goods name it by id (SGP). The pool keeps what was told, so that each
 * consignment's record gets its own equipment and no other.
 */
#define POOL_BYTES ((size_t)16 << 20)

void walk_pool_clear(struct walk_pool *pool)
{
	/* Slots of an older message are empty; those of one 2^32 messages ago must not come back. */
	if (++pool->message == 0 && pool->slots != NULL)
		memset(pool->slots, 0, pool->slot_count * sizeof(*pool->slots));
	tw_buffer_clear(&pool->items);
	tw_buffer_clear(&pool->values);
	tw_buffer_clear(&pool->texts);
	pool->stamp = 0;
	pool->open = false;
	pool->full = false;
}

void walk_pool_free(struct walk_pool *pool)
{
	tw_buffer_free(&pool->items);
	tw_buffer_free(&pool->values);
	tw_buffer_free(&pool->texts);
	free(pool->slots);
}

static struct pool_item *item_at(struct walk_pool *pool, uint32_t index)
{
	return (struct pool_item *)(void *)pool->items.data + index;
}

static bool is_used(const struct walk_pool *pool, const struct pool_slot *slot)
{
	return slot->item != 0 && slot->message == pool->message;
}

static struct pool_slot *find_slot(struct walk_pool *pool, uint64_t hash)
{
	uint32_t at = (uint32_t)(hash >> 32) & (pool->slot_count - 1);
	while (is_used(pool, &pool->slots[at]) &&
	       item_at(pool, pool->slots[at].item - 1)->hash != hash)
		at = (at + 1) & (pool->slot_count - 1);
	return &pool->slots[at];
}

/* Keeps the slots at most half full. */
static bool grow_slots(struct walk_pool *pool)
{
	uint32_t count = MAP_COUNT(struct pool_item, pool->items);
	if (count * 2 + 2 <= pool->slot_count)
		return true;
	uint32_t slot_count = pool->slot_count == 0 ? 64 : pool->slot_count * 2;
	struct pool_slot *slots = calloc(slot_count, sizeof(*slots));
	if (slots == NULL)
		return false;
	free(pool->slots);
	pool->slots = slots;
	pool->slot_count = slot_count;
	for (uint32_t i = 0; i < count; i++)
		if (item_at(pool, i)->hash != 0)
			*find_slot(pool, item_at(pool, i)->hash) =
				(struct pool_slot){i + 1, pool->message};
	return true;
}

static bool has_room(struct tw_walk *walk)
{
	struct walk_pool *pool = &walk->pool;
	struct walk_value value = {
		.origin = walk->unit->offset, .origin_length = walk->unit->bytes.length};
	if (MAP_COUNT(struct pool_item, pool->items) < walk->limits.equipment &&
	    pool->texts.length + pool->values.length < POOL_BYTES)
		return true;
	if (!pool->full)
		walk_anomaly(walk, "limit.equipment", &value,
			     "more equipment in a message than limits.equipment, or 16 MiB of it");
	pool->full = true;
	return false;
}

void walk_pool_open(struct tw_walk *walk)
{
	struct walk_pool *pool = &walk->pool;
	struct pool_item item = {.first = MAP_COUNT(struct pool_value, pool->values)};
	pool->open = true;
	walk->careful = true;
	if (has_room(walk))
		tw_buffer_append(&pool->items, &item, sizeof(item));
}

/* Id hashes are never 0: that marks equipment without an id. */
static uint64_t id_hash(struct tw_slice id)
{
	return tw_hash64(id, 0) | 1;
}

void walk_pool_add(struct tw_walk *walk, const struct tw_new_value *value)
{
	struct walk_pool *pool = &walk->pool;
	struct pool_value kept = {
		.field = (uint8_t)value->field,
		.text = (uint32_t)pool->texts.length,
		.length = (uint32_t)value->text.length,
		.origin = value->origin,
		.origin_length = value->origin_length,
		.number = value->number,
	};
	uint32_t count = MAP_COUNT(struct pool_item, pool->items);
	if (count == 0 || pool->full)
		return;
	tw_buffer_append(&pool->values, &kept, sizeof(kept));
	tw_buffer_append_slice(&pool->texts, value->text);
	item_at(pool, count - 1)->count++;
	if (value->field != TW_EQUIPMENT_ID || !grow_slots(pool))
		return;
	item_at(pool, count - 1)->hash = id_hash(value->text);
	*find_slot(pool, id_hash(value->text)) = (struct pool_slot){count, pool->message};
}

/* The item with this id, made where there is none; NULL where there is no room. */
static struct pool_item *intern(struct tw_walk *walk, struct tw_slice id)
{
	struct walk_pool *pool = &walk->pool;
	if (!grow_slots(pool))
		return NULL;
	uint64_t hash = id_hash(id);
	struct pool_slot *slot = find_slot(pool, hash);
	if (is_used(pool, slot))
		return item_at(pool, slot->item - 1);
	struct pool_item item = {.hash = hash};
	if (!has_room(walk))
		return NULL;
	tw_buffer_append(&pool->items, &item, sizeof(item));
	*slot = (struct pool_slot){MAP_COUNT(struct pool_item, pool->items), pool->message};
	return item_at(pool, slot->item - 1);
}

static void add_pooled(struct tw_walk *walk, const struct pool_item *item, unsigned number)
{
	struct walk_pool *pool = &walk->pool;
	for (uint32_t i = item->first; i < item->first + item->count; i++) {
		const struct pool_value *kept = MAP_AT(struct pool_value, pool->values, i);
		struct tw_run run = {0, kept->length, 0, (uint32_t)kept->origin_length};
		bool same = kept->length == kept->origin_length;
		struct walk_value value = {
			.text = tw_slice_part(tw_buffer_slice(&pool->texts), kept->text,
					      kept->length),
			.origin = kept->origin,
			.origin_length = kept->origin_length,
			.runs = same ? NULL : &run,
			.run_count = same ? 0 : 1,
		};
		struct tw_new_value out = {
			.field = kept->field, .item = number, .number = kept->number};
		(void)walk_put(walk, &value, &out);
	}
}

/* Equipment of which only the id is known: it stands where the goods name it. */
static void add_named(struct tw_walk *walk, struct tw_slice id, const struct tw_entry *entry,
		      unsigned number)
{
	const struct tw_record *head = &walk->builder.head;
	uint64_t base = entry->flags & TW_ENTRY_HEADER ? head->message_base : head->base;
	struct tw_run run = {0, (uint32_t)id.length, 0, entry->origin_length};
	bool same = id.length == entry->origin_length;
	struct walk_value value = {
		.text = id,
		.origin = base + entry->origin,
		.origin_length = entry->origin_length,
		.runs = same ? NULL : &run,
		.run_count = same ? 0 : 1,
	};
	struct tw_new_value out = {
		.field = TW_EQUIPMENT_ID, .item = number, .number = (double)NAN};
	walk_put_value(walk, &value, &out);
}

static struct tw_slice entry_text(const struct tw_builder *builder, const struct tw_entry *entry)
{
	return tw_slice_part(tw_buffer_slice(&builder->texts), entry->start, entry->length);
}

static void resolve_one(struct tw_walk *walk, unsigned index)
{
	struct tw_builder *builder = &walk->builder;
	const struct tw_entry entry = builder->entries[index];
	struct tw_slice text = entry_text(builder, &entry);
	char copy[64];
	if (text.length == 0 || text.length > sizeof(copy))
		return;
	memcpy(copy, text.data, text.length);
	struct tw_slice id = tw_slice(copy, text.length);
	struct pool_item *item = intern(walk, id);
	if (item != NULL && item->stamp == walk->pool.stamp)
		return;
	if (item != NULL)
		item->stamp = walk->pool.stamp;
	unsigned number = tw_builder_item(builder, TW_GROUP_equipment);
	if (item != NULL && item->count > 0)
		add_pooled(walk, item, number);
	else
		add_named(walk, id, &entry, number);
}

void walk_pool_resolve(struct tw_walk *walk)
{
	struct tw_builder *builder = &walk->builder;
	unsigned link = builder->head.first[TW_GOODS_EQUIPMENT];
	walk->pool.stamp++;
	if (link == 0)
		return;
	/* What the consignment tells of its own equipment stands. */
	for (unsigned own = builder->head.first[TW_EQUIPMENT_ID]; own != 0;
	     own = builder->entries[own - 1].next) {
		struct pool_item *item =
			intern(walk, entry_text(builder, &builder->entries[own - 1]));
		if (item != NULL)
			item->stamp = walk->pool.stamp;
	}
	for (; link != 0; link = builder->entries[link - 1].next)
		resolve_one(walk, link - 1);
}
