/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_SHARD_H
#define TW_ENGINE_SHARD_H

#include "engine/bodies.h"
#include "engine/keeper.h"
#include "engine/round.h"
#include "network/protocol.h"
#include "network/tap.h"

/*
 * A shard has the flows of some pairs of addresses, and all that becomes of them: tap,
 * protocols, bodies, streams. The reader says which packets are whose (tw_shard_of); both
 * directions of a flow, the connections of one FTP session and, since fragments are put
 * together and tunnels are looked into before, whatever way the packets took, all meet on
 * one shard. Shards share nothing that changes but the keeper, which has a lock; so any
 * thread may take any of them, one thread at a time. How many there are is a setting and not the number of threads: results
 * depend on it, if only where limits are met and where what waits in vain is told.
 *
 * Weakness: all flows of one pair of addresses are one shard's, and so one thread's at a
 * time. The hash is known to everybody, so that whoever chooses addresses can choose the shard.
 */
struct tw_shard;

struct tw_shard_counts {
	struct tw_tap_counts tap;
	struct tw_bodies_counts bodies;
	struct tw_protocol_counts protocols[TW_PROTOCOL_COUNT + 1];
	struct tw_streams_counts streams;
};

/* One of so many, which share the limits of memory and flows. `keeper`: of packets, or NULL. */
int tw_shard_create(const struct tw_streams_setup *setup, unsigned shards,
		    struct tw_keeper *keeper, struct tw_shard **ret_shard);
void tw_shard_free(struct tw_shard *shard);
/* Which one a segment belongs to. */
unsigned tw_shard_of(const struct tw_layers *layers, unsigned shards);
/*
 * Which one has the data connection that FTP announces in this segment; the segment's own, where there is none. It is to
 * overhear it.
 */
unsigned tw_shard_announced(const struct tw_layers *layers, unsigned own, unsigned shards);
/* The two halves of tw_shard_fill() where one thread does all: what comes goes to this batch, */
void tw_shard_begin(struct tw_shard *shard, struct tw_batch *batch);
/* and this segment is made items at once. */
int tw_shard_take(struct tw_shard *shard, struct tw_arrival *arrival);
/* Makes items of what a round has for it; the batch is its own of that round. */
int tw_shard_fill(struct tw_shard *shard, const struct tw_round *round, struct tw_batch *batch);
/* Adds its figures; nobody has it. */
void tw_shard_counts_add(const struct tw_shard *shard, struct tw_shard_counts *counts);

#endif
