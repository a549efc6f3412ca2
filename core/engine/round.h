/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_ROUND_H
#define TW_ENGINE_ROUND_H

#include "engine/batch.h"
#include "network/decode.h"

/*
 * A round is what is read at once: a batch of the reader's own, with what it tells itself, a
 * batch for each shard with the packets that it is to make items of, and one for each
 * lane with the bytes of files. These, the round's parts, are filled side by side; so each
 * packet and each file has its number in the order in which they are read, which items take
 * over, and the reduce task puts them together by that, and of one packet by the part, the
 * reader's own last. The pipeline owns the rounds and reuses them for the whole run; a
 * batch in it is owned as batch.h says.
 *
 * Weakness: segments and files are copied, since what they came in is gone with the next.
 */
#define TW_SHARDS_MOST 64u
#define TW_PARTS_MOST (TW_SHARDS_MOST + 16u)

/* Where items of a round belong that nothing in it brought: behind them all. */
#define TW_ROUND_END UINT64_MAX

struct tw_round {
	struct tw_batch batches[TW_PARTS_MOST + 1]; /* by shard, by lane, then the reader's own */
	unsigned shards, parts;	/* shards and lanes */
	uint64_t order; /* of what is read now: in the whole run so many packets and files came before */
	bool packets; /* the shards have something to do */
	bool full;    /* a part has as much as it is to get */
	bool finish;  /* no packet follows: what is open ends */
	double idle;  /* every shard's clock goes on to this time; NAN: it does not */
	unsigned unfilled, filled, uninspected; /* batches that wait for either; the pipeline's */
};

/* A segment on its way from the reader to its shard. */
struct tw_arrival {
	size_t size; /* with its bytes, a multiple of 8; set by tw_round_add() */
	struct tw_packet packet;   /* all of its bytes where packets are kept, else none */
	uint64_t order;		   /* as in struct tw_round */
	uint64_t datagram;	   /* as in struct tw_tap_seen */
	const char *source, *path; /* where the packet was read; good for the whole run */
	bool overheard; /* it is another shard's, and says what will be this one's */
	struct tw_layers layers;
};

/* One that is all zero, of which what is not used stays untouched. */
void tw_round_begin(struct tw_round *round, unsigned shards, unsigned lanes);
void tw_round_clear(struct tw_round *round);
/* Also of a round that was not reduced: what it would have told is dropped. */
void tw_round_free(struct tw_round *round);
static inline struct tw_batch *tw_round_own(struct tw_round *round)
{
	return &round->batches[round->parts];
}
/* Another packet or file is read. */
static inline void tw_round_turn(struct tw_round *round)
{
	tw_round_own(round)->order = ++round->order;
}
/* Whether a part has something to do. */
bool tw_round_wants(const struct tw_round *round, unsigned part);
/* The batch of a part that is to be written: with the buffers of one that has no use for them. */
struct tw_batch *tw_round_batch(struct tw_round *round, unsigned part);
/* Copies a segment; `most`: bytes of a shard's packets with which the round is full. */
int tw_round_add(struct tw_round *round, unsigned shard, const struct tw_arrival *arrival,
		 size_t most);
/* The next of a batch's segments, its slices in the batch. False at the end. */
bool tw_round_next(const struct tw_batch *batch, size_t *position, struct tw_arrival *ret_arrival);

#endif
