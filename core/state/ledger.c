/* SPDX-License-Identifier: Apache-2.0 */
#include "state/ledger.h"

#include <stdlib.h>

#include "state/index.h"

/* A run of bytes of exactly its size: a ledger holds a million of them. */
struct run {
	char *bytes;
	uint32_t length;
};

struct entry {
	struct tw_shipment shipment;
	struct run names; /* lengths of id, master, house (uint16_t each), then the texts */
	struct run contributions;
	struct run alerts;
	double time;
};

struct alias {
	struct tw_shipment booking, bill;
};

struct tw_ledger {
	struct tw_ledger_limits limits;
	struct tw_index index;
	struct entry *entries;
	uint32_t entry_capacity;
	struct tw_index alias_index;
	struct alias *aliases;
	uint32_t alias_capacity;
	uint64_t size;
	uint64_t evicted;
};

int tw_ledger_create(const struct tw_ledger_limits *limits, struct tw_ledger **ret_ledger)
{
	struct tw_ledger *ledger = calloc(1, sizeof(*ledger));
	if (ledger == NULL)
		return TW_ERROR_MEMORY;
	ledger->limits = *limits;
	*ret_ledger = ledger;
	return TW_OK;
}

static void entry_clear(struct entry *entry)
{
	free(entry->names.bytes);
	free(entry->contributions.bytes);
	free(entry->alerts.bytes);
	*entry = (struct entry){.time = 0};
}

void tw_ledger_free(struct tw_ledger *ledger)
{
	if (ledger == NULL)
		return;
	for (uint32_t i = 0; i < ledger->index.used; i++)
		entry_clear(&ledger->entries[i]);
	free(ledger->entries);
	free(ledger->aliases);
	tw_index_free(&ledger->index);
	tw_index_free(&ledger->alias_index);
	free(ledger);
}

static bool same(struct tw_shipment a, struct tw_shipment b)
{
	return a.high == b.high && a.low == b.low;
}

static int set_run(struct tw_ledger *ledger, struct run *run, struct tw_slice bytes)
{
	char *grown = realloc(run->bytes, bytes.length + 1);
	if (grown == NULL)
		return TW_ERROR_MEMORY;
	if (bytes.length > 0)
		memcpy(grown, bytes.data, bytes.length);
	ledger->size += bytes.length;
	ledger->size -= run->length;
	run->bytes = grown;
	run->length = (uint32_t)bytes.length;
	return TW_OK;
}

static uint64_t cost_of(const struct entry *entry)
{
	return sizeof(*entry) + sizeof(struct tw_index_link) + entry->names.length +
	       entry->contributions.length + entry->alerts.length;
}

static void forget(struct tw_ledger *ledger, uint32_t slot)
{
	ledger->size -= cost_of(&ledger->entries[slot]);
	entry_clear(&ledger->entries[slot]);
	tw_index_remove(&ledger->index, slot);
}

static void make_room(struct tw_ledger *ledger, int64_t keep)
{
	while (ledger->index.count > ledger->limits.shipments ||
	       ledger->size > ledger->limits.bytes) {
		int64_t oldest = tw_index_oldest(&ledger->index);
		if (oldest < 0 || oldest == keep)
			return;
		forget(ledger, (uint32_t)oldest);
		ledger->evicted++;
	}
}

static int64_t find_alias(struct tw_ledger *ledger, struct tw_shipment booking)
{
	uint32_t cell = UINT32_MAX;
	int64_t slot;
	while ((slot = tw_index_next(&ledger->alias_index, booking.low, &cell)) >= 0)
		if (same(ledger->aliases[slot].booking, booking))
			return slot;
	return -1;
}

struct tw_shipment tw_ledger_resolve(struct tw_ledger *ledger, struct tw_shipment shipment)
{
	int64_t slot = find_alias(ledger, shipment);
	if (slot < 0)
		return shipment;
	tw_index_use(&ledger->alias_index, (uint32_t)slot);
	return ledger->aliases[slot].bill;
}

int64_t tw_ledger_find(struct tw_ledger *ledger, struct tw_shipment shipment)
{
	uint32_t cell = UINT32_MAX;
	int64_t slot;
	while ((slot = tw_index_next(&ledger->index, shipment.low, &cell)) >= 0) {
		if (!same(ledger->entries[slot].shipment, shipment))
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
	if (ledger->index.capacity > ledger->entry_capacity) {
		struct entry *entries = realloc(ledger->entries,
						ledger->index.capacity * sizeof(*entries));
		if (entries == NULL) {
			tw_index_remove(&ledger->index, (uint32_t)slot);
			return TW_ERROR_MEMORY;
		}
		ledger->entries = entries;
		ledger->entry_capacity = ledger->index.capacity;
	}
	ledger->entries[slot] = (struct entry){.shipment = shipment};
	ledger->size += cost_of(&ledger->entries[slot]);
	return slot;
}

static int add_alias(struct tw_ledger *ledger, struct alias alias)
{
	if (ledger->alias_index.count >= ledger->limits.shipments) {
		int64_t oldest = tw_index_oldest(&ledger->alias_index);
		if (oldest >= 0)
			tw_index_remove(&ledger->alias_index, (uint32_t)oldest);
	}
	int64_t slot = tw_index_add(&ledger->alias_index, alias.booking.low);
	if (slot < 0)
		return (int)slot;
	if (ledger->alias_index.capacity > ledger->alias_capacity) {
		struct alias *aliases = realloc(ledger->aliases, ledger->alias_index.capacity *
									 sizeof(*aliases));
		if (aliases == NULL) {
			tw_index_remove(&ledger->alias_index, (uint32_t)slot);
			return TW_ERROR_MEMORY;
		}
		ledger->aliases = aliases;
		ledger->alias_capacity = ledger->alias_index.capacity;
	}
	ledger->aliases[slot] = alias;
	return TW_OK;
}

int tw_ledger_join(struct tw_ledger *ledger, struct tw_shipment booking, struct tw_shipment bill)
{
	if (same(booking, bill) || find_alias(ledger, booking) >= 0)
		return TW_OK;
	int status = add_alias(ledger, (struct alias){booking, bill});
	int64_t from = tw_ledger_find(ledger, booking);
	if (status < 0 || from < 0 || tw_ledger_find(ledger, bill) >= 0)
		return status;
	int64_t to = add_entry(ledger, bill);
	if (to < 0)
		return (int)to;
	struct entry *moved = &ledger->entries[from];
	ledger->size -= cost_of(&ledger->entries[to]);
	ledger->entries[to] = *moved;
	ledger->entries[to].shipment = bill;
	*moved = (struct entry){.shipment = booking};
	ledger->size += cost_of(moved);
	forget(ledger, (uint32_t)from);
	return TW_OK;
}

static int set_names(struct tw_ledger *ledger, struct entry *entry,
		     const struct tw_ledger_names *names)
{
	char bytes[1024];
	const struct tw_slice parts[3] = {names->id, names->master, names->house};
	size_t at = 3 * sizeof(uint16_t);
	for (unsigned i = 0; i < 3; i++) {
		uint16_t length = (uint16_t)tw_slice_part(parts[i], 0, 300).length;
		memcpy(bytes + i * sizeof(length), &length, sizeof(length));
		if (length > 0)
			memcpy(bytes + at, parts[i].data, length);
		at += length;
	}
	entry->time = names->time;
	return set_run(ledger, &entry->names, tw_slice(bytes, at));
}

int64_t tw_ledger_enter(struct tw_ledger *ledger, struct tw_shipment shipment,
			const struct tw_ledger_names *names)
{
	int64_t slot = tw_ledger_find(ledger, shipment);
	if (slot < 0)
		slot = add_entry(ledger, shipment);
	if (slot < 0)
		return slot;
	int status = set_names(ledger, &ledger->entries[slot], names);
	make_room(ledger, slot);
	return status < 0 ? status : slot;
}

struct tw_ledger_names tw_ledger_names_of(const struct tw_ledger *ledger, int64_t slot)
{
	const struct entry *entry = &ledger->entries[slot];
	struct tw_slice names = tw_slice(entry->names.bytes, entry->names.length);
	uint16_t lengths[3] = {0};
	if (names.length < sizeof(lengths))
		return (struct tw_ledger_names){.time = entry->time};
	memcpy(lengths, names.data, sizeof(lengths));
	size_t at = sizeof(lengths);
	return (struct tw_ledger_names){
		.id = tw_slice_part(names, at, lengths[0]),
		.master = tw_slice_part(names, at + lengths[0], lengths[1]),
		.house = tw_slice_part(names, at + lengths[0] + lengths[1], lengths[2]),
		.time = entry->time,
	};
}

struct tw_slice tw_ledger_contributions(const struct tw_ledger *ledger, int64_t slot)
{
	const struct run *run = &ledger->entries[slot].contributions;
	return tw_slice(run->bytes, run->length);
}

int tw_ledger_contribute(struct tw_ledger *ledger, int64_t slot, struct tw_slice contributions)
{
	int status = set_run(ledger, &ledger->entries[slot].contributions, contributions);
	make_room(ledger, slot);
	return status;
}

struct tw_slice tw_ledger_alerts(const struct tw_ledger *ledger, int64_t slot)
{
	const struct run *run = &ledger->entries[slot].alerts;
	return tw_slice(run->bytes, run->length);
}

int tw_ledger_alert(struct tw_ledger *ledger, int64_t slot, const struct tw_ledger_alert *alert,
		    const uint64_t *evidence_hashes)
{
	struct run *run = &ledger->entries[slot].alerts;
	size_t hashes_size = alert->evidence_count * sizeof(evidence_hashes[0]);
	size_t size = sizeof(*alert) + hashes_size;
	struct tw_ledger_alert head = *alert;
	char *grown = realloc(run->bytes, run->length + size);
	if (grown == NULL)
		return TW_ERROR_MEMORY;
	head.size = (uint32_t)size;
	memcpy(grown + run->length, &head, sizeof(head));
	if (hashes_size > 0)
		memcpy(grown + run->length + sizeof(head), evidence_hashes, hashes_size);
	run->bytes = grown;
	run->length += (uint32_t)size;
	ledger->size += size;
	make_room(ledger, slot);
	return TW_OK;
}

uint64_t tw_ledger_count(const struct tw_ledger *ledger)
{
	return ledger->index.count;
}

uint64_t tw_ledger_size(const struct tw_ledger *ledger)
{
	return ledger->size;
}

uint64_t tw_ledger_evicted(const struct tw_ledger *ledger)
{
	return ledger->evicted;
}
