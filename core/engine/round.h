/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_ROUND_H
#define TW_ENGINE_ROUND_H

#include "engine/batch.h"
#include "network/decode.h"

/*
 * A round is what is read at once: a batch of the reader's own, filled with what files
 * hold, and a batch for each shard with the packets that it is to make items of. The
 * shards fill theirs side by side; so each item says behind which packet of the round it
 * belongs, and the reduce task puts them together by that, and within a packet by the
 * shard, the reader's own last. The pipeline owns the rounds and reuses them for the whole
 * run; a batch in it is owned as batch.h says.
 *
 * Weakness: segments are copied, since what they came in is gone with the next packet.
 */
#define TW_SHARDS_MOST 64u

/* Where items of a round belong that no packet of it brought: behind them all. */
#define TW_ROUND_END UINT64_MAX

struct tw_round {
	struct tw_batch batches[TW_SHARDS_MOST + 1]; /* by shard, then the reader's own */
	unsigned shards;
	bool packets; /* the shards have something to do */
	bool full;    /* one of them has as much as it is to get */
	bool finish;  /* no packet follows: what is open ends */
	double idle;  /* every shard's clock goes on to this time; NAN: it does not */
	unsigned unfilled, filled, uninspected; /* batches that wait for either; the pipeline's */
};

/* A segment on its way from the reader to its shard. */
struct tw_arrival {
	size_t size; /* with its bytes, a multiple of 8; set by tw_round_add() */
	struct tw_packet packet;   /* all of its bytes where packets are kept, else none */
	uint64_t datagram;	   /* as in struct tw_tap_seen */
	const char *source, *path; /* where the packet was read; good for the whole run */
	struct tw_layers layers;
};

void tw_round_begin(struct tw_round *round, unsigned shards);
void tw_round_clear(struct tw_round *round);
/* Also of a round that was not reduced: what it would have told is dropped. */
void tw_round_free(struct tw_round *round);
static inline struct tw_batch *tw_round_own(struct tw_round *round)
{
	return &round->batches[round->shards];
}
/* Whether a shard has something to do. */
bool tw_round_wants(const struct tw_round *round, unsigned shard);
/* Copies a segment; `most`: bytes of a shard's packets with which the round is full. */
int tw_round_add(struct tw_round *round, unsigned shard, const struct tw_arrival *arrival,
		 size_t most);
/* The next of a batch's segments, its slices in the batch. False at the end. */
bool tw_round_next(const struct tw_batch *batch, size_t *position, struct tw_arrival *ret_arrival);

#endif
