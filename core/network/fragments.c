/* SPDX-License-Identifier: Apache-2.0 */
#include "network/fragments.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "base/hash.h"

#define UNIT 8u
#define DATAGRAM_MOST 65535u
#define BUCKETS 1024u

/* All of it is hashed and compared: no padding that is not zero. */
struct key {
	uint8_t source[16], destination[16];
	uint16_t vlan[3];
	uint8_t protocol; /* IPv4 only: RFC 791 has it in the key, RFC 8200 has not */
	uint8_t version;
	uint32_t id;
};

struct datagram {
	struct key key;
	struct datagram *chain;
	struct datagram *younger, *older;
	double begun;
	uint32_t total; /* 0: the last fragment was not seen */
	uint32_t end;	/* of the bytes that were */
	uint32_t units; /* seen */
	uint32_t capacity;
	bool dead;	/* what follows of it is refused as well */
	char *bytes;
	uint64_t seen[(DATAGRAM_MOST / UNIT + 64) / 64];
};

struct tw_fragments {
	struct tw_fragment_settings settings;
	struct tw_fragment_counts counts;
	struct datagram *buckets[BUCKETS];
	struct datagram *youngest, *oldest;
	struct tw_buffer whole;
};

int tw_fragments_create(const struct tw_fragment_settings *settings,
			struct tw_fragments **ret_fragments)
{
	struct tw_fragments *fragments = calloc(1, sizeof(*fragments));
	if (fragments == NULL)
		return TW_ERROR_MEMORY;
	fragments->settings = *settings;
	*ret_fragments = fragments;
	return TW_OK;
}

static struct key key_of(const struct tw_layers *layers)
{
	struct key key = {
		.id = layers->fragment.id,
		.protocol = layers->fragment.ipv6 ? 0 : layers->protocol,
		.version = layers->fragment.ipv6 ? 6 : 4,
	};
	memcpy(key.source, layers->source.bytes, sizeof(key.source));
	memcpy(key.destination, layers->destination.bytes, sizeof(key.destination));
	memcpy(key.vlan, layers->vlan, sizeof(key.vlan));
	return key;
}

static unsigned bucket_of(const struct key *key)
{
	return (unsigned)(tw_hash64(tw_slice((const char *)key, sizeof(*key)), 0) % BUCKETS);
}

static void remove_datagram(struct tw_fragments *fragments, struct datagram *datagram)
{
	struct datagram **link = &fragments->buckets[bucket_of(&datagram->key)];
	while (*link != datagram)
		link = &(*link)->chain;
	*link = datagram->chain;
	*(datagram->younger != NULL ? &datagram->younger->older : &fragments->youngest) =
		datagram->older;
	*(datagram->older != NULL ? &datagram->older->younger : &fragments->oldest) =
		datagram->younger;
	fragments->counts.memory -= sizeof(*datagram) + datagram->capacity;
	free(datagram->bytes);
	free(datagram);
}

void tw_fragments_free(struct tw_fragments *fragments)
{
	if (fragments == NULL)
		return;
	while (fragments->oldest != NULL)
		remove_datagram(fragments, fragments->oldest);
	tw_buffer_free(&fragments->whole);
	free(fragments);
}

/* Room for so many bytes more; what waits longest goes for it, but not `keep`. False: there is none. */
static bool make_room(struct tw_fragments *fragments, size_t extra, const struct datagram *keep)
{
	while (fragments->counts.memory + extra > fragments->settings.memory) {
		struct datagram *oldest = fragments->oldest;
		if (oldest == keep && oldest != NULL)
			oldest = oldest->younger;
		if (oldest == NULL)
			return false;
		fragments->counts.evicted += !oldest->dead;
		remove_datagram(fragments, oldest);
	}
	return true;
}

/* The datagram of a fragment, begun now if need be; NULL: there is no memory for it. */
static struct datagram *find_datagram(struct tw_fragments *fragments,
				      const struct tw_layers *layers, double time)
{
	struct key key = key_of(layers);
	struct datagram **bucket = &fragments->buckets[bucket_of(&key)];
	for (struct datagram *found = *bucket; found != NULL; found = found->chain)
		if (memcmp(&found->key, &key, sizeof(key)) == 0)
			return found;
	struct datagram *datagram = NULL;
	if (make_room(fragments, sizeof(*datagram), NULL))
		datagram = calloc(1, sizeof(*datagram));
	if (datagram == NULL)
		return NULL;
	datagram->key = key;
	datagram->begun = time;
	datagram->chain = *bucket;
	*bucket = datagram;
	datagram->older = fragments->youngest;
	*(fragments->youngest != NULL ? &fragments->youngest->younger : &fragments->oldest) =
		datagram;
	fragments->youngest = datagram;
	fragments->counts.memory += sizeof(*datagram);
	return datagram;
}

static bool grow(struct tw_fragments *fragments, struct datagram *datagram, uint32_t end)
{
	if (end <= datagram->capacity)
		return true;
	uint32_t capacity = datagram->capacity == 0 ? 2048 : datagram->capacity;
	while (capacity < end)
		capacity *= 2;
	if (!make_room(fragments, capacity - datagram->capacity, datagram))
		return false;
	char *bytes = realloc(datagram->bytes, capacity);
	if (bytes == NULL)
		return false;
	fragments->counts.memory += capacity - datagram->capacity;
	datagram->bytes = bytes;
	datagram->capacity = capacity;
	return true;
}

/* Puts one unit in its place. Returns whether it was there before with other bytes. */
static bool put_unit(struct datagram *datagram, uint32_t offset, struct tw_slice bytes,
		     bool replace)
{
	uint32_t unit = offset / UNIT;
	uint64_t bit = UINT64_C(1) << (unit % 64);
	bool known = (datagram->seen[unit / 64] & bit) != 0;
	bool differs = known && memcmp(datagram->bytes + offset, bytes.data, bytes.length) != 0;
	if (!known || (differs && replace))
		memcpy(datagram->bytes + offset, bytes.data, bytes.length);
	datagram->seen[unit / 64] |= bit;
	datagram->units += !known;
	return differs;
}

static void put_bytes(struct tw_fragments *fragments, struct datagram *datagram,
		      const struct tw_fragment *place, struct tw_slice bytes)
{
	bool conflict = false, replace = fragments->settings.last && !place->ipv6;
	for (uint32_t at = 0; at < bytes.length; at += UNIT)
		conflict |= put_unit(datagram, place->offset + at,
				     tw_slice_part(bytes, at, UNIT), replace);
	fragments->counts.conflicts += conflict;
	if (conflict && place->ipv6)
		datagram->dead = true;
}

/* Whether a fragment's end agrees with what is known of the datagram's. */
static bool end_fits(struct datagram *datagram, const struct tw_fragment *place, uint32_t end)
{
	if (datagram->total != 0 && (end > datagram->total || (!place->more && end != datagram->total)))
		return false;
	if (!place->more && end < datagram->end)
		return false;
	if (!place->more)
		datagram->total = end;
	if (end > datagram->end)
		datagram->end = end;
	return true;
}

/*
 * Bytes of a fragment that can be used: all but the last are whole units, which Linux
 * cuts them to in IPv4, and RFC 8200 4.5 demands in IPv6. Empty: none.
 */
static struct tw_slice usable(const struct tw_layers *layers)
{
	const struct tw_fragment *place = &layers->fragment;
	struct tw_slice bytes = layers->bytes;
	if (bytes.length < layers->wire || place->offset + bytes.length > DATAGRAM_MOST)
		return tw_slice(NULL, 0);
	if (place->more && bytes.length % UNIT != 0)
		return place->ipv6 ? tw_slice(NULL, 0)
				   : tw_slice_part(bytes, 0, bytes.length - bytes.length % UNIT);
	return bytes;
}

static bool is_whole(const struct datagram *datagram)
{
	return datagram->total != 0 && datagram->units == (datagram->total + UNIT - 1) / UNIT;
}

int tw_fragments_add(struct tw_fragments *fragments, const struct tw_layers *layers, double time,
		     struct tw_slice *ret_datagram)
{
	struct tw_slice bytes = usable(layers);
	uint32_t end = layers->fragment.offset + (uint32_t)bytes.length;
	fragments->counts.fragments++;
	struct datagram *datagram =
		bytes.length == 0 ? NULL : find_datagram(fragments, layers, time);
	if (datagram == NULL || datagram->dead || !end_fits(datagram, &layers->fragment, end) ||
	    !grow(fragments, datagram, end)) {
		fragments->counts.refused++;
		return 0;
	}
	put_bytes(fragments, datagram, &layers->fragment, bytes);
	if (datagram->dead || !is_whole(datagram))
		return 0;
	tw_buffer_clear(&fragments->whole);
	tw_buffer_append(&fragments->whole, datagram->bytes, datagram->total);
	remove_datagram(fragments, datagram);
	if (fragments->whole.failed)
		return TW_ERROR_MEMORY;
	fragments->counts.datagrams++;
	*ret_datagram = tw_buffer_slice(&fragments->whole);
	return 1;
}

bool tw_fragments_expire(struct tw_fragments *fragments, double time)
{
	uint64_t before = fragments->counts.timeouts;
	while (fragments->oldest != NULL &&
	       time - fragments->oldest->begun > fragments->settings.seconds) {
		fragments->counts.timeouts++;
		remove_datagram(fragments, fragments->oldest);
	}
	return fragments->counts.timeouts > before;
}

void tw_fragments_evict(struct tw_fragments *fragments)
{
	while (fragments->oldest != NULL) {
		fragments->counts.evicted++;
		remove_datagram(fragments, fragments->oldest);
	}
}

void tw_fragments_finish(struct tw_fragments *fragments)
{
	while (fragments->oldest != NULL) {
		fragments->counts.timeouts++;
		remove_datagram(fragments, fragments->oldest);
	}
}

struct tw_fragment_counts tw_fragments_counts(const struct tw_fragments *fragments)
{
	return fragments->counts;
}
