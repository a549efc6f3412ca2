/* SPDX-License-Identifier: Apache-2.0 */
#include "state/ledger.h"

#include <stddef.h>
#include <stdlib.h>

#include "state/blocks.h"
#include "state/index.h"

/* So many entries are usual. */
#define USUAL 20000u

/*
 * What an entry has stands in its slot's block, as a ledger holds a million of them: the
 * head, names, contributions, alerts. An alias' contributions are the bill's identity.
 */
struct head {
	struct tw_shipment shipment;
	double time;
	uint32_t contributions; /* bytes; the alerts have the rest */
	uint16_t names[3];	/* bytes of id, master, house; or NAME_IN_ID */
	uint16_t alias;		/* 1: a booking that is known as a bill */
};

/* Without the padding. */
#define HEAD_BYTES (offsetof(struct head, alias) + sizeof(uint16_t))

#define NAME_LIMIT 300u
/* The text is the end of the id, as numbers mostly are; the bits below are its length. */
#define NAME_IN_ID 0x8000u

/* A booking and its bill, neither with an entry. Of the booking its index has 32 more bits. */
struct loose {
	uint64_t booking;
	struct tw_shipment bill;
};

#define ENTRY_BYTES (TW_BLOCKS_SLOT_BYTES + TW_INDEX_SLOT_BYTES)
#define LOOSE_BYTES (sizeof(struct loose) + TW_INDEX_SLOT_BYTES)

struct tw_ledger {
	struct tw_ledger_limits limits;
	struct tw_index index;
	struct tw_blocks blocks;
	uint32_t alias_entries; /* among them */
	struct tw_index loose_index;
	struct loose *loose;
	uint32_t loose_capacity;
	uint64_t size;
	uint64_t evicted, aliases_evicted;
};

int tw_ledger_create(const struct tw_ledger_limits *limits, struct tw_ledger **ret_ledger)
{
	struct tw_ledger *ledger = calloc(1, sizeof(*ledger));
	if (ledger == NULL)
		return TW_ERROR_MEMORY;
	ledger->limits = *limits;
	if (tw_index_reserve(&ledger->index, USUAL) < 0) {
		tw_ledger_free(ledger);
		return TW_ERROR_MEMORY;
	}
	*ret_ledger = ledger;
	return TW_OK;
}

void tw_ledger_free(struct tw_ledger *ledger)
{
	if (ledger == NULL)
		return;
	free(ledger->loose);
	tw_blocks_free(&ledger->blocks);
	tw_index_free(&ledger->index);
	tw_index_free(&ledger->loose_index);
	free(ledger);
}

static bool same(struct tw_shipment a, struct tw_shipment b)
{
	return a.high == b.high && a.low == b.low;
}

/* ---- blocks -------------------------------------------------------------------- */

struct contents {
	struct head head;
	struct tw_slice names, contributions, alerts;
};

static size_t names_size(const struct head *head)
{
	size_t size = 0;
	for (unsigned i = 0; i < 3; i++)
		size += (head->names[i] & NAME_IN_ID) != 0 ? 0 : head->names[i];
	return size;
}

static struct contents contents_of(const struct tw_ledger *ledger, int64_t slot)
{
	struct contents contents = {.names = {NULL, 0}};
	struct tw_slice block = tw_blocks_of(&ledger->blocks, (uint32_t)slot);
	if (block.length < HEAD_BYTES)
		return contents;
	memcpy(&contents.head, block.data, HEAD_BYTES);
	block = tw_slice_from(block, HEAD_BYTES);
	contents.names = tw_slice_part(block, 0, names_size(&contents.head));
	block = tw_slice_from(block, contents.names.length);
	contents.contributions = tw_slice_part(block, 0, contents.head.contributions);
	contents.alerts = tw_slice_from(block, contents.contributions.length);
	return contents;
}

static uint64_t cost_of(const struct tw_ledger *ledger, int64_t slot)
{
	return ENTRY_BYTES + tw_blocks_of(&ledger->blocks, (uint32_t)slot).length;
}

static char *put(char *to, struct tw_slice bytes)
{
	if (bytes.length > 0)
		memcpy(to, bytes.data, bytes.length);
	return to + bytes.length;
}

/* Replaces an entry's block; what stays the same may stand in the old one. */
static int write_block(struct tw_ledger *ledger, int64_t slot, struct contents *contents)
{
	uint64_t before = cost_of(ledger, slot);
	contents->head.contributions = (uint32_t)contents->contributions.length;
	int status = tw_blocks_write(
		&ledger->blocks, (uint32_t)slot,
		(struct tw_slice[]){
			tw_slice((const char *)(const void *)&contents->head, HEAD_BYTES),
			contents->names, contents->contributions, contents->alerts},
		4);
	if (status >= 0)
		ledger->size += cost_of(ledger, slot) - before;
	return status;
}

/* ---- entries --------------------------------------------------------------------- */

static struct head head_of(const struct tw_ledger *ledger, int64_t slot)
{
	struct head head = {.alias = 0};
	struct tw_slice block = tw_blocks_of(&ledger->blocks, (uint32_t)slot);
	if (block.length >= HEAD_BYTES)
		memcpy(&head, block.data, HEAD_BYTES);
	return head;
}

static bool is_alias(const struct tw_ledger *ledger, int64_t slot)
{
	return head_of(ledger, slot).alias != 0;
}

static void forget(struct tw_ledger *ledger, int64_t slot)
{
	ledger->alias_entries -= is_alias(ledger, slot);
	ledger->size -= cost_of(ledger, slot);
	tw_blocks_drop(&ledger->blocks, (uint32_t)slot);
	tw_index_remove(&ledger->index, (uint32_t)slot);
}

static void make_room(struct tw_ledger *ledger, int64_t keep)
{
	while (tw_ledger_count(ledger) > ledger->limits.shipments ||
	       ledger->size > ledger->limits.bytes) {
		int64_t oldest = tw_index_oldest(&ledger->index);
		if (oldest < 0 || oldest == keep)
			return;
		if (is_alias(ledger, oldest))
			ledger->aliases_evicted++;
		else
			ledger->evicted++;
		forget(ledger, oldest);
	}
}

/* The slot of a shipment or of an alias, marked as used. */
static int64_t find_slot(struct tw_ledger *ledger, struct tw_shipment shipment)
{
	uint32_t cell = UINT32_MAX;
	int64_t slot;
	while ((slot = tw_index_next(&ledger->index, shipment.low, &cell)) >= 0) {
		if (!same(head_of(ledger, slot).shipment, shipment))
			continue;
		tw_index_use(&ledger->index, (uint32_t)slot);
		return slot;
	}
	return -1;
}

static int64_t add_entry(struct tw_ledger *ledger, struct tw_shipment shipment)
{
	int64_t slot = tw_index_add(&ledger->index, shipment.low);
	if (slot < 0)
		return slot;
	ledger->size += ENTRY_BYTES;
	int status = write_block(ledger, slot, &(struct contents){.head = {.shipment = shipment}});
	if (status < 0) {
		forget(ledger, slot);
		return status;
	}
	return slot;
}

/* ---- aliases ----------------------------------------------------------------------- */

static int64_t find_loose(struct tw_ledger *ledger, struct tw_shipment booking)
{
	uint32_t cell = UINT32_MAX;
	int64_t slot;
	while ((slot = tw_index_next(&ledger->loose_index, booking.low, &cell)) >= 0) {
		if (ledger->loose[slot].booking != booking.high)
			continue;
		tw_index_use(&ledger->loose_index, (uint32_t)slot);
		return slot;
	}
	return -1;
}

static int add_loose(struct tw_ledger *ledger, struct tw_shipment booking, struct tw_shipment bill)
{
	int64_t slot = tw_index_add(&ledger->loose_index, booking.low);
	if (slot < 0)
		return (int)slot;
	struct loose *loose = tw_index_room(&ledger->loose_index, ledger->loose,
					    &ledger->loose_capacity, sizeof(*loose));
	if (loose == NULL) {
		tw_index_remove(&ledger->loose_index, (uint32_t)slot);
		return TW_ERROR_MEMORY;
	}
	ledger->loose = loose;
	ledger->loose[slot] = (struct loose){booking.high, bill};
	while (ledger->loose_index.count * LOOSE_BYTES > ledger->limits.alias_bytes &&
	       ledger->loose_index.count > 1) {
		tw_index_remove(&ledger->loose_index,
				(uint32_t)tw_index_oldest(&ledger->loose_index));
		ledger->aliases_evicted++;
	}
	return TW_OK;
}

/* Makes an entry, which may have been the booking's own, say that it is known as a bill. */
static int write_alias(struct tw_ledger *ledger, int64_t slot, struct tw_shipment bill)
{
	struct contents contents = {
		.head = {.shipment = head_of(ledger, slot).shipment, .alias = 1},
		.contributions = tw_slice((const char *)(const void *)&bill, sizeof(bill)),
	};
	int status = write_block(ledger, slot, &contents);
	if (status >= 0)
		ledger->alias_entries++;
	return status;
}

/* Gives an entry all that another has but its identity. */
static int copy_entry(struct tw_ledger *ledger, int64_t to, int64_t from)
{
	struct contents contents = contents_of(ledger, from);
	contents.head.shipment = head_of(ledger, to).shipment;
	return write_block(ledger, to, &contents);
}

/* Joins them where one has an entry; the booking's becomes the bill's, unless that has its own. */
static int bind(struct tw_ledger *ledger, struct tw_shipment booking, struct tw_shipment bill)
{
	int64_t from = find_slot(ledger, booking);
	int64_t to = find_slot(ledger, bill);
	if (from < 0) {
		from = add_entry(ledger, booking);
	} else if (to < 0 && (to = add_entry(ledger, bill)) >= 0) {
		if (copy_entry(ledger, to, from) < 0)
			return TW_ERROR_MEMORY;
	}
	if (from < 0 || to < 0)
		return TW_ERROR_MEMORY;
	int status = write_alias(ledger, from, bill);
	if (status < 0)
		forget(ledger, from);
	make_room(ledger, to);
	return status;
}

struct tw_shipment tw_ledger_resolve(struct tw_ledger *ledger, struct tw_shipment shipment)
{
	tw_ledger_seek(ledger, &shipment);
	return shipment;
}

int64_t tw_ledger_seek(struct tw_ledger *ledger, struct tw_shipment *shipment)
{
	int64_t slot = find_slot(ledger, *shipment);
	if (slot >= 0 && !is_alias(ledger, slot))
		return slot;
	if (slot < 0) {
		slot = find_loose(ledger, *shipment);
		if (slot >= 0)
			*shipment = ledger->loose[slot].bill;
		return -1; /* neither of the two has an entry */
	}
	memcpy(shipment, contents_of(ledger, slot).contributions.data, sizeof(*shipment));
	return tw_ledger_find(ledger, *shipment);
}

int tw_ledger_join(struct tw_ledger *ledger, struct tw_shipment booking, struct tw_shipment bill)
{
	int64_t slot = find_slot(ledger, booking);
	if (same(booking, bill) || (slot >= 0 && is_alias(ledger, slot)))
		return TW_OK;
	int64_t loose = find_loose(ledger, booking);
	if (loose >= 0)
		bill = ledger->loose[loose].bill;
	if (slot < 0 && tw_ledger_find(ledger, bill) < 0)
		return loose >= 0 ? TW_OK : add_loose(ledger, booking, bill);
	if (loose >= 0)
		tw_index_remove(&ledger->loose_index, (uint32_t)loose);
	return bind(ledger, booking, bill);
}

void tw_ledger_prefetch(const struct tw_ledger *ledger, struct tw_shipment shipment)
{
	tw_index_prefetch(&ledger->index, shipment.low);
	tw_index_prefetch(&ledger->loose_index, shipment.low);
}

/* ---- what an entry has --------------------------------------------------------------- */

int64_t tw_ledger_find(struct tw_ledger *ledger, struct tw_shipment shipment)
{
	int64_t slot = find_slot(ledger, shipment);
	return slot < 0 || is_alias(ledger, slot) ? -1 : slot;
}

static int set_names(struct tw_ledger *ledger, int64_t slot, const struct tw_ledger_names *names)
{
	const struct tw_slice parts[3] = {names->id, names->master, names->house};
	char bytes[3 * NAME_LIMIT];
	char *at = bytes;
	struct contents contents = contents_of(ledger, slot);
	struct tw_slice id = tw_slice_part(names->id, 0, NAME_LIMIT);
	for (unsigned i = 0; i < 3; i++) {
		struct tw_slice part = tw_slice_part(parts[i], 0, NAME_LIMIT);
		bool in_id = i > 0 && part.length > 0 && part.length <= id.length &&
			     tw_slice_equal(tw_slice_from(id, id.length - part.length), part);
		contents.head.names[i] = (uint16_t)(part.length | (in_id ? NAME_IN_ID : 0));
		if (!in_id)
			at = put(at, part);
	}
	contents.names = tw_slice(bytes, (size_t)(at - bytes));
	contents.head.time = names->time;
	return write_block(ledger, slot, &contents);
}

int64_t tw_ledger_enter(struct tw_ledger *ledger, struct tw_shipment shipment,
			const struct tw_ledger_names *names)
{
	int64_t slot = find_slot(ledger, shipment);
	if (slot >= 0 && is_alias(ledger, slot)) {
		forget(ledger, slot);
		slot = -1;
	}
	if (slot < 0)
		slot = add_entry(ledger, shipment);
	if (slot < 0)
		return slot;
	int status = set_names(ledger, slot, names);
	make_room(ledger, slot);
	return status < 0 ? status : slot;
}

struct tw_ledger_names tw_ledger_names_of(const struct tw_ledger *ledger, int64_t slot)
{
	struct contents contents = contents_of(ledger, slot);
	struct tw_slice texts[3];
	size_t at = 0;
	for (unsigned i = 0; i < 3; i++) {
		size_t length = contents.head.names[i] & ~NAME_IN_ID;
		if ((contents.head.names[i] & NAME_IN_ID) != 0) {
			texts[i] = tw_slice_from(texts[0], texts[0].length - length);
			continue;
		}
		texts[i] = tw_slice_part(contents.names, at, length);
		at += length;
	}
	return (struct tw_ledger_names){texts[0], texts[1], texts[2], contents.head.time};
}

struct tw_slice tw_ledger_contributions(const struct tw_ledger *ledger, int64_t slot)
{
	return contents_of(ledger, slot).contributions;
}

int tw_ledger_contribute(struct tw_ledger *ledger, int64_t slot, struct tw_slice contributions)
{
	struct contents contents = contents_of(ledger, slot);
	contents.contributions = contributions;
	int status = write_block(ledger, slot, &contents);
	make_room(ledger, slot);
	return status;
}

struct tw_slice tw_ledger_alerts(const struct tw_ledger *ledger, int64_t slot)
{
	return contents_of(ledger, slot).alerts;
}

int tw_ledger_alert(struct tw_ledger *ledger, int64_t slot, const struct tw_ledger_alert *alert,
		    const uint64_t *evidence_hashes)
{
	struct contents contents = contents_of(ledger, slot);
	struct tw_ledger_alert head = *alert;
	struct tw_buffer alerts = {0};
	size_t hashes_size = alert->evidence_count * sizeof(evidence_hashes[0]);
	head.size = (uint32_t)(sizeof(head) + hashes_size);
	tw_buffer_append_slice(&alerts, contents.alerts);
	tw_buffer_append(&alerts, &head, sizeof(head));
	if (hashes_size > 0)
		tw_buffer_append(&alerts, evidence_hashes, hashes_size);
	contents.alerts = tw_buffer_slice(&alerts);
	int status = alerts.failed ? TW_ERROR_MEMORY : write_block(ledger, slot, &contents);
	tw_buffer_free(&alerts);
	make_room(ledger, slot);
	return status;
}

/* ---- figures ----------------------------------------------------------------------- */

uint64_t tw_ledger_count(const struct tw_ledger *ledger)
{
	return ledger->index.count - ledger->alias_entries;
}

uint64_t tw_ledger_size(const struct tw_ledger *ledger)
{
	return ledger->size;
}

uint64_t tw_ledger_evicted(const struct tw_ledger *ledger)
{
	return ledger->evicted;
}

uint64_t tw_ledger_aliases(const struct tw_ledger *ledger)
{
	return ledger->alias_entries + ledger->loose_index.count;
}

uint64_t tw_ledger_aliases_evicted(const struct tw_ledger *ledger)
{
	return ledger->aliases_evicted;
}
