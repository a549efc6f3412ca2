/* SPDX-License-Identifier: Apache-2.0 */
#include "network/flow.h"

#include <stdlib.h>
#include <sys/random.h>

#include "base/hash.h"

#define BUCKETS_LEAST 1024u

int tw_flows_begin(struct tw_flows *flows, bool with_vlan)
{
	*flows = (struct tw_flows){.with_vlan = with_vlan, .mask = BUCKETS_LEAST - 1};
	if (getrandom(&flows->seed, sizeof(flows->seed), GRND_NONBLOCK) < 0)
		flows->seed = 0;
	flows->buckets = calloc(BUCKETS_LEAST, sizeof(struct tw_flow_entry *));
	return flows->buckets == NULL ? TW_ERROR_MEMORY : TW_OK;
}

void tw_flows_end(struct tw_flows *flows)
{
	for (unsigned list = 0; list < TW_FLOW_LISTS; list++)
		while (flows->oldest[list] != NULL)
			tw_flows_remove(flows, flows->oldest[list]);
	free(flows->buckets);
	*flows = (struct tw_flows){0};
}

uint64_t tw_flow_pair(const struct tw_layers *layers)
{
	uint64_t words[4]; /* what an IPv4 address does not fill is zero */
	_Static_assert(sizeof(layers->source.bytes) * 2 == sizeof(words), "two words an address");
	memcpy(&words[0], layers->source.bytes, sizeof(layers->source.bytes));
	memcpy(&words[2], layers->destination.bytes, sizeof(layers->destination.bytes));
	return tw_hash_mix(tw_hash_mix(words[0] ^ tw_hash_mix(words[1])) +
			   tw_hash_mix(words[2] ^ tw_hash_mix(words[3])));
}

/* The ends' hashes are added, so that both directions have the same. */
static uint64_t hash_end(const struct tw_flows *flows, const struct tw_address *address,
			 uint16_t port)
{
	return tw_hash64(tw_slice((const char *)address->bytes, address->length),
			 flows->seed ^ tw_hash_mix((uint64_t)port + 1));
}

static uint64_t hash_of(const struct tw_flows *flows, const struct tw_layers *layers)
{
	uint64_t hash = hash_end(flows, &layers->source, layers->segment.source_port) +
			hash_end(flows, &layers->destination, layers->segment.destination_port);
	if (flows->with_vlan)
		hash ^= (uint64_t)layers->vlan[0] << 32 | (uint64_t)layers->vlan[1] << 16 |
			layers->vlan[2];
	return tw_hash_mix(hash);
}

static bool same_end(const struct tw_address *a, uint16_t a_port, const struct tw_address *b,
		     uint16_t b_port)
{
	return a_port == b_port && a->length == b->length &&
	       memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

/* Which way a segment goes in a flow; -1: it is another's. */
static int direction_in(const struct tw_flows *flows, const struct tw_flow *flow,
			const struct tw_layers *layers)
{
	const struct tw_segment *segment = &layers->segment;
	if (flows->with_vlan && memcmp(flow->vlan, layers->vlan, sizeof(flow->vlan)) != 0)
		return -1;
	if (same_end(&flow->source, flow->source_port, &layers->source, segment->source_port) &&
	    same_end(&flow->destination, flow->destination_port, &layers->destination,
		     segment->destination_port))
		return TW_TO_SERVER;
	if (same_end(&flow->source, flow->source_port, &layers->destination,
		     segment->destination_port) &&
	    same_end(&flow->destination, flow->destination_port, &layers->source,
		     segment->source_port))
		return TW_TO_CLIENT;
	return -1;
}

struct tw_flow_entry *tw_flows_find(const struct tw_flows *flows, const struct tw_layers *layers,
				    unsigned *ret_direction)
{
	uint64_t hash = hash_of(flows, layers);
	struct tw_flow_entry *entry = flows->buckets[hash & flows->mask];
	for (; entry != NULL; entry = entry->chain) {
		int direction = entry->hash != hash ? -1
						    : direction_in(flows, &entry->flow, layers);
		if (direction < 0)
			continue;
		*ret_direction = (unsigned)direction;
		return entry;
	}
	return NULL;
}

/* Twice the buckets; where there is no memory for them, chains grow longer. */
static void grow(struct tw_flows *flows)
{
	uint64_t mask = flows->mask * 2 + 1;
	struct tw_flow_entry **buckets = calloc(mask + 1, sizeof(struct tw_flow_entry *));
	if (buckets == NULL)
		return;
	for (uint64_t i = 0; i <= flows->mask; i++)
		for (struct tw_flow_entry *entry = flows->buckets[i], *next; entry != NULL;
		     entry = next) {
			next = entry->chain;
			entry->chain = buckets[entry->hash & mask];
			buckets[entry->hash & mask] = entry;
		}
	free(flows->buckets);
	flows->buckets = buckets;
	flows->mask = mask;
}

static void fill_flow(struct tw_flow *flow, const struct tw_layers *layers, bool reverse)
{
	const struct tw_segment *segment = &layers->segment;
	flow->protocol = 6;
	flow->source = reverse ? layers->destination : layers->source;
	flow->destination = reverse ? layers->source : layers->destination;
	flow->source_port = reverse ? segment->destination_port : segment->source_port;
	flow->destination_port = reverse ? segment->source_port : segment->destination_port;
	flow->vlan_count = layers->vlan_count;
	memcpy(flow->vlan, layers->vlan, sizeof(flow->vlan));
}

/* Puts it at the new end of its list. */
static void link_entry(struct tw_flows *flows, struct tw_flow_entry *entry)
{
	unsigned list = entry->list;
	entry->newer = NULL;
	entry->older = flows->newest[list];
	*(entry->older != NULL ? &entry->older->newer : &flows->oldest[list]) = entry;
	flows->newest[list] = entry;
}

static void unlink_entry(struct tw_flows *flows, struct tw_flow_entry *entry)
{
	unsigned list = entry->list;
	*(entry->newer != NULL ? &entry->newer->older : &flows->newest[list]) = entry->older;
	*(entry->older != NULL ? &entry->older->newer : &flows->oldest[list]) = entry->newer;
}

struct tw_flow_entry *tw_flows_add(struct tw_flows *flows, const struct tw_layers *layers,
				   bool reverse)
{
	struct tw_flow_entry *entry = calloc(1, sizeof(*entry));
	if (entry == NULL)
		return NULL;
	if (flows->count > flows->mask)
		grow(flows);
	fill_flow(&entry->flow, layers, reverse);
	entry->halves[TW_TO_CLIENT].direction = TW_TO_CLIENT;
	entry->hash = hash_of(flows, layers);
	entry->chain = flows->buckets[entry->hash & flows->mask];
	flows->buckets[entry->hash & flows->mask] = entry;
	link_entry(flows, entry);
	if (++flows->count > flows->most)
		flows->most = flows->count;
	return entry;
}

void tw_flows_use(struct tw_flows *flows, struct tw_flow_entry *entry, enum tw_flow_list list,
		  double time)
{
	entry->last = time;
	if (entry->list == list && entry->newer == NULL)
		return;
	unlink_entry(flows, entry);
	entry->list = (uint8_t)list;
	link_entry(flows, entry);
}

void tw_flows_remove(struct tw_flows *flows, struct tw_flow_entry *entry)
{
	struct tw_flow_entry **link = &flows->buckets[entry->hash & flows->mask];
	while (*link != entry)
		link = &(*link)->chain;
	*link = entry->chain;
	unlink_entry(flows, entry);
	flows->count--;
	free(entry);
}
