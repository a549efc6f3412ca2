/* SPDX-License-Identifier: Apache-2.0 */
#include "network/alternate.h"

#include <stdlib.h>

#include "base/buffer.h"

struct tw_alternate {
	struct tw_alternate_settings settings;
	struct tw_stream_events consumer;
	struct tw_alternate_counts counts;
	struct tw_buffer patched; /* bytes of one entry, and for each whether it was patched */
};

/* One thing that a flow told (data of one direction that follow each other are one), or bytes that belong in another place; its bytes follow. */
struct entry {
	uint64_t place;
	uint32_t length;
	uint8_t direction;
	bool gap;
};

struct kept {
	struct tw_alternate *alternate;
	struct tw_buffer log;	  /* entries in the order in which they were told */
	struct tw_buffer patches; /* entries in the order in which they came */
	size_t last;		  /* where the last entry of the log begins */
	uint64_t places[2];
	size_t held; /* as counted */
	bool cut;    /* more was told than is kept */
	bool conflict; /* there is another reading */
	bool boundary;
};

struct tw_alternate_settings tw_alternate_settings(const struct tw_config *config)
{
	return (struct tw_alternate_settings){
		.bytes = tw_config_size(config, "network.alternate_bytes"),
		.memory = tw_config_size(config, "network.alternate_memory"),
		.last = strcmp(tw_config_string(config, "network.overlap"), "last") == 0,
	};
}

int tw_alternate_create(const struct tw_alternate_settings *settings,
			const struct tw_stream_events *consumer,
			struct tw_alternate **ret_alternate)
{
	struct tw_alternate *alternate = calloc(1, sizeof(*alternate));
	if (alternate == NULL)
		return TW_ERROR_MEMORY;
	alternate->settings = *settings;
	alternate->consumer = *consumer;
	*ret_alternate = alternate;
	return TW_OK;
}

void tw_alternate_free(struct tw_alternate *alternate)
{
	if (alternate == NULL)
		return;
	tw_buffer_free(&alternate->patched);
	free(alternate);
}

struct tw_alternate_counts tw_alternate_counts(const struct tw_alternate *alternate)
{
	return alternate->counts;
}

void tw_alternate_boundary(struct tw_flow *flow)
{
	struct kept *kept = flow->layer;
	if (kept != NULL && flow->primary == NULL)
		kept->boundary = true;
}

/* Keeps the figure of all memory in step with a flow's. */
static void count_memory(struct kept *kept)
{
	struct tw_alternate_counts *counts = &kept->alternate->counts;
	size_t held = kept->log.capacity + kept->patches.capacity;
	counts->memory += held - kept->held;
	kept->held = held;
	if (counts->memory > counts->memory_most)
		counts->memory_most = counts->memory;
}

static void forget(struct kept *kept)
{
	tw_buffer_free(&kept->log);
	tw_buffer_free(&kept->patches);
	kept->cut = kept->conflict = kept->boundary = false;
	count_memory(kept);
}

/* Appends an entry, unless that is more than may be kept. */
static void keep(struct kept *kept, struct tw_buffer *to, const struct entry *entry,
		 struct tw_slice bytes)
{
	const struct tw_alternate *alternate = kept->alternate;
	size_t size = sizeof(*entry) + bytes.length;
	if (kept->cut || kept->log.length + kept->patches.length + size > alternate->settings.bytes ||
	    alternate->counts.memory + size > alternate->settings.memory) {
		kept->cut = true;
		return;
	}
	tw_buffer_append(to, entry, sizeof(*entry));
	tw_buffer_append_slice(to, bytes);
	kept->cut = to->failed;
	count_memory(kept);
}

/* The same for what was told: bytes that follow the last ones join them. */
static void keep_told(struct kept *kept, const struct entry *entry, struct tw_slice bytes)
{
	struct entry last = {.gap = true};
	size_t at = kept->log.length;
	if (at > 0)
		memcpy(&last, kept->log.data + kept->last, sizeof(last));
	keep(kept, &kept->log, entry, bytes);
	if (kept->cut)
		return;
	if (entry->gap || last.gap || last.direction != entry->direction) {
		kept->last = at;
		return;
	}
	last.length += entry->length;
	memcpy(kept->log.data + kept->last, &last, sizeof(last));
	if (bytes.length > 0)
		memmove(kept->log.data + at, kept->log.data + at + sizeof(*entry), bytes.length);
	kept->log.length -= sizeof(*entry);
}

/* Takes the entry at the front of a list. */
static struct entry take(struct tw_slice *list, struct tw_slice *ret_bytes)
{
	struct entry entry;
	memcpy(&entry, list->data, sizeof(entry));
	*ret_bytes = tw_slice_part(*list, sizeof(entry), entry.gap ? 0 : entry.length);
	*list = tw_slice_from(*list, sizeof(entry) + ret_bytes->length);
	return entry;
}

/* Puts a patch over the part of an entry that it covers; `once`: not where another was put. */
static void put_patch(struct tw_buffer *out, const struct entry *over, const struct entry *patch,
		      struct tw_slice bytes, bool once)
{
	char *patched = out->data + over->length;
	uint64_t start = patch->place > over->place ? patch->place : over->place;
	uint64_t patch_end = patch->place + patch->length, over_end = over->place + over->length;
	uint64_t end = patch_end < over_end ? patch_end : over_end;
	if (patch->direction != over->direction || start >= end)
		return;
	for (uint64_t at = start; at < end; at++) {
		if (once && patched[at - over->place] != 0)
			continue;
		out->data[at - over->place] = bytes.data[at - patch->place];
		patched[at - over->place] = 1;
	}
}

/*
 * The bytes of an entry as the other reading has them. Of two that belong in one place
 * the newer counts where new bytes win, the older where old ones do.
 */
static struct tw_slice patch_entry(struct tw_alternate *alternate, const struct kept *kept,
				   const struct entry *entry, struct tw_slice bytes)
{
	struct tw_slice list = tw_buffer_slice(&kept->patches);
	struct tw_buffer *out = &alternate->patched;
	tw_buffer_clear(out);
	if (tw_buffer_reserve(out, bytes.length * 2) < 0)
		return tw_slice(NULL, 0);
	tw_buffer_append_slice(out, bytes);
	memset(out->data + bytes.length, 0, bytes.length);
	while (list.length > 0) {
		struct tw_slice other;
		struct entry patch = take(&list, &other);
		put_patch(out, entry, &patch, other, alternate->settings.last);
	}
	return tw_buffer_slice(out);
}

static int tell_entry(struct tw_alternate *alternate, const struct kept *kept,
		      struct tw_flow *shadow, struct tw_slice *list, const struct tw_packet_at *at)
{
	const struct tw_stream_events *consumer = &alternate->consumer;
	struct tw_slice bytes;
	struct entry entry = take(list, &bytes);
	if (entry.gap)
		return consumer->gap(consumer->context, shadow, entry.direction, entry.length, at);
	bytes = patch_entry(alternate, kept, &entry, bytes);
	if (bytes.length == 0)
		return TW_ERROR_MEMORY;
	return consumer->data(consumer->context, shadow, entry.direction, bytes, at);
}

/* The other reading, from its opening to its close. */
static int tell_reading(struct tw_alternate *alternate, const struct kept *kept,
			const struct tw_flow *flow, const struct tw_packet_at *at)
{
	const struct tw_stream_events *consumer = &alternate->consumer;
	struct tw_slice list = tw_buffer_slice(&kept->log);
	struct tw_flow shadow = *flow;
	shadow.primary = flow;
	shadow.user = shadow.layer = NULL;
	alternate->counts.readings++;
	int status = consumer->open(consumer->context, &shadow, at);
	while (list.length > 0 && status == TW_OK)
		status = tell_entry(alternate, kept, &shadow, &list, at);
	for (unsigned direction = 0; direction < 2 && status == TW_OK; direction++)
		status = consumer->end(consumer->context, &shadow, direction,
				       kept->cut ? TW_STREAM_DROPPED : TW_STREAM_FIN, at);
	consumer->close(consumer->context, &shadow, at);
	return status;
}

/* What was told since the last boundary is over. */
static int conclude(struct tw_alternate *alternate, struct kept *kept, const struct tw_flow *flow,
		    const struct tw_packet_at *at)
{
	const struct tw_stream_events *consumer = &alternate->consumer;
	int status = TW_OK;
	if (kept->patches.length > 0)
		status = tell_reading(alternate, kept, flow, at);
	if (kept->conflict && kept->cut && status == TW_OK) {
		alternate->counts.cut++;
		status = consumer->anomaly(consumer->context, flow, "tcp.alternate", at,
					   "the other reading of an overlap was not kept whole");
	}
	forget(kept);
	return status;
}

static int alternate_open(void *context, struct tw_flow *flow, const struct tw_packet_at *at)
{
	struct tw_alternate *alternate = context;
	struct kept *kept = calloc(1, sizeof(*kept));
	if (kept == NULL)
		return TW_ERROR_MEMORY;
	kept->alternate = alternate;
	flow->layer = kept;
	return alternate->consumer.open(alternate->consumer.context, flow, at);
}

static int after(struct tw_alternate *alternate, struct tw_flow *flow, int status,
		 const struct tw_packet_at *at)
{
	struct kept *kept = flow->layer;
	return status == TW_OK && kept->boundary ? conclude(alternate, kept, flow, at) : status;
}

static int alternate_data(void *context, struct tw_flow *flow, unsigned direction,
			  struct tw_slice bytes, const struct tw_packet_at *at)
{
	struct tw_alternate *alternate = context;
	struct kept *kept = flow->layer;
	struct entry entry = {
		.place = kept->places[direction],
		.length = (uint32_t)bytes.length,
		.direction = (uint8_t)direction,
	};
	keep_told(kept, &entry, bytes);
	kept->places[direction] += bytes.length;
	return after(alternate, flow,
		     alternate->consumer.data(alternate->consumer.context, flow, direction, bytes, at), at);
}

static int alternate_gap(void *context, struct tw_flow *flow, unsigned direction, uint64_t length,
			 const struct tw_packet_at *at)
{
	struct tw_alternate *alternate = context;
	struct kept *kept = flow->layer;
	struct entry entry = {
		.place = kept->places[direction],
		.length = (uint32_t)length,
		.direction = (uint8_t)direction,
		.gap = true,
	};
	keep_told(kept, &entry, tw_slice(NULL, 0));
	kept->places[direction] += length;
	return after(alternate, flow,
		     alternate->consumer.gap(alternate->consumer.context, flow, direction, length, at), at);
}

static int alternate_end(void *context, struct tw_flow *flow, unsigned direction,
			 enum tw_stream_end how, const struct tw_packet_at *at)
{
	struct tw_alternate *alternate = context;
	return after(alternate, flow,
		     alternate->consumer.end(alternate->consumer.context, flow, direction, how, at), at);
}

/* The consumer's own close comes last, so that what it knows of the primary is still there. */
static void alternate_close(void *context, struct tw_flow *flow, const struct tw_packet_at *at)
{
	struct tw_alternate *alternate = context;
	struct kept *kept = flow->layer;
	if (at != NULL)
		conclude(alternate, kept, flow, at);
	else
		forget(kept);
	alternate->consumer.close(alternate->consumer.context, flow, at);
	free(kept);
}

static int alternate_other(void *context, struct tw_flow *flow, unsigned direction, uint64_t place,
			   struct tw_slice bytes, const struct tw_packet_at *at)
{
	struct kept *kept = flow->layer;
	struct entry entry = {
		.place = place,
		.length = (uint32_t)bytes.length,
		.direction = (uint8_t)direction,
	};
	(void)context;
	(void)at;
	kept->conflict = true;
	keep(kept, &kept->patches, &entry, bytes);
	return TW_OK;
}

static int alternate_anomaly(void *context, const struct tw_flow *flow, const char *code,
			     const struct tw_packet_at *at, const char *reason)
{
	struct tw_alternate *alternate = context;
	return alternate->consumer.anomaly(alternate->consumer.context, flow, code, at, reason);
}

struct tw_stream_events tw_alternate_events(struct tw_alternate *alternate)
{
	return (struct tw_stream_events){
		.context = alternate,
		.open = alternate_open,
		.data = alternate_data,
		.gap = alternate_gap,
		.end = alternate_end,
		.close = alternate_close,
		.other = alternate_other,
		.anomaly = alternate_anomaly,
	};
}
