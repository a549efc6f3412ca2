/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/shard.h"

#include <math.h>
#include <stdlib.h>

#include "network/alternate.h"
#include "network/flow.h"
#include "network/ftp.h"

struct tw_shard {
	struct tw_streams *streams;
	struct tw_bodies *bodies;
	struct tw_protocols *protocols;
	struct tw_alternate *alternate;
	struct tw_tap *tap;
	struct tw_keeper *keeper; /* or NULL */
	struct tw_batch *batch;	  /* that is filled */
};

/* A share of what all may have; at least enough for one. */
static uint64_t share(uint64_t limit, unsigned shards)
{
	return limit / shards > 0 ? limit / shards : 1;
}

static int make_tap(struct tw_shard *shard, const struct tw_config *config, unsigned shards)
{
	struct tw_alternate_settings alternate = tw_alternate_settings(config);
	struct tw_tap_settings settings = tw_tap_settings(config);
	struct tw_stream_events events = tw_protocols_events(shard->protocols);
	alternate.memory /= shards;
	settings.memory = share(settings.memory, shards);
	settings.flows = share(settings.flows, shards);
	int status = tw_alternate_create(&alternate, &events, &shard->alternate);
	if (status < 0)
		return status;
	events = tw_alternate_events(shard->alternate);
	return tw_tap_create(&settings, &events, &shard->tap);
}

static int make_parts(struct tw_shard *shard, const struct tw_streams_setup *setup, unsigned shards)
{
	int status = tw_streams_create(setup, &shard->streams);
	if (status >= 0)
		status = tw_bodies_create(shard->streams, setup->config, setup->keys, shards,
					  &shard->bodies);
	if (status < 0)
		return status;
	struct tw_body_events bodies = tw_bodies_events(shard->bodies);
	status = tw_protocols_create(&bodies, &shard->protocols);
	if (status < 0)
		return status;
	tw_protocols_limit(shard->protocols, tw_config_number(setup->config, "limits.expansion_ratio"),
			   tw_config_size(setup->config, "limits.expanded_bytes"));
	return make_tap(shard, setup->config, shards);
}

int tw_shard_create(const struct tw_streams_setup *setup, unsigned shards,
		    struct tw_keeper *keeper, struct tw_shard **ret_shard)
{
	struct tw_shard *shard = calloc(1, sizeof(*shard));
	if (shard == NULL)
		return TW_ERROR_MEMORY;
	shard->keeper = keeper;
	int status = make_parts(shard, setup, shards);
	if (status < 0) {
		tw_shard_free(shard);
		return status;
	}
	*ret_shard = shard;
	return TW_OK;
}

void tw_shard_free(struct tw_shard *shard)
{
	if (shard == NULL)
		return;
	tw_tap_free(shard->tap);
	tw_alternate_free(shard->alternate);
	tw_protocols_free(shard->protocols);
	tw_bodies_free(shard->bodies);
	tw_streams_free(shard->streams);
	free(shard);
}

unsigned tw_shard_of(const struct tw_layers *layers, unsigned shards)
{
	return (unsigned)(tw_flow_pair(layers) % shards);
}

/* Who sent it says where somebody waits for who it was sent to: the server for PORT, the client for 227. */
unsigned tw_shard_announced(const struct tw_layers *layers, unsigned own, unsigned shards)
{
	struct tw_address address;
	uint16_t port;
	if (!tw_ftp_announces(layers->segment.payload, &address, &port))
		return own;
	return tw_shard_of(&(struct tw_layers){.source = address, .destination = layers->destination}, shards);
}

static void overhear(struct tw_shard *shard, const struct tw_layers *layers)
{
	struct tw_address address;
	uint16_t port;
	if (tw_ftp_announces(layers->segment.payload, &address, &port))
		tw_protocols_overhear(shard->protocols, &address, port);
}

void tw_shard_begin(struct tw_shard *shard, struct tw_batch *batch)
{
	shard->batch = batch;
	tw_streams_batch(shard->streams, batch);
}

int tw_shard_take(struct tw_shard *shard, struct tw_arrival *arrival)
{
	if (arrival->overheard) {
		overhear(shard, &arrival->layers);
		return TW_OK;
	}
	shard->batch->order = arrival->order;
	const struct tw_packet_at at = {arrival->packet.number, arrival->packet.time};
	tw_bodies_source(shard->bodies, arrival->source, arrival->path);
	int status = tw_tap_segment(shard->tap, &at, &arrival->layers);
	if (status < 0 || shard->keeper == NULL)
		return status;
	struct tw_tap_seen seen = tw_tap_seen(shard->tap);
	seen.datagram = arrival->datagram;
	return tw_keeper_packet(shard->keeper, &arrival->packet, seen);
}

static int take_packets(struct tw_shard *shard)
{
	struct tw_arrival arrival;
	size_t position = 0;
	int status = TW_OK;
	while (status >= 0 && tw_round_next(shard->batch, &position, &arrival))
		status = tw_shard_take(shard, &arrival);
	return status;
}

int tw_shard_fill(struct tw_shard *shard, const struct tw_round *round, struct tw_batch *batch)
{
	tw_shard_begin(shard, batch);
	int status = take_packets(shard);
	batch->order = TW_ROUND_END;
	if (status >= 0 && !isnan(round->idle))
		status = tw_tap_idle(shard->tap, round->idle);
	if (status >= 0 && round->finish)
		status = tw_tap_finish(shard->tap);
	if (status >= 0 && (batch->items.failed || batch->records.failed))
		status = TW_ERROR_MEMORY;
	return status;
}

void tw_shard_counts_add(const struct tw_shard *shard, struct tw_shard_counts *counts)
{
	struct tw_tap_counts tap = tw_tap_counts(shard->tap);
	struct tw_bodies_counts bodies = tw_bodies_counts(shard->bodies);
	struct tw_streams_counts streams = tw_streams_counts(shard->streams);
	struct tw_protocol_counts protocols[TW_PROTOCOL_COUNT + 1];
	tw_tap_counts_add(&counts->tap, &tap);
	counts->bodies.bodies += bodies.bodies;
	counts->bodies.recognised += bodies.recognised;
	counts->bodies.bytes += bodies.bytes;
	counts->bodies.unrecognised_bytes += bodies.unrecognised_bytes;
	counts->bodies.gap_bytes += bodies.gap_bytes;
	counts->bodies.unread += bodies.unread;
	counts->bodies.unread_gap_bytes += bodies.unread_gap_bytes;
	counts->bodies.retries += bodies.retries;
	counts->bodies.signals += bodies.signals;
	counts->streams.feed_seconds += streams.feed_seconds;
	counts->streams.map_seconds += streams.map_seconds;
	tw_protocols_counts(shard->protocols, protocols);
	for (unsigned i = 0; protocols[i].name != NULL; i++) {
		counts->protocols[i].name = protocols[i].name;
		counts->protocols[i].flows += protocols[i].flows;
		counts->protocols[i].bytes += protocols[i].bytes;
	}
}
