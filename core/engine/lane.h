/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_LANE_H
#define TW_ENGINE_LANE_H

#include "engine/round.h"
#include "engine/stream.h"

/*
 * Lanes are for files, and members of archives, what shards are for packets: the reader
 * writes the bytes of each into the batch of one lane, and any thread, one at a time, makes
 * items of them. Which lane a member takes changes nothing of what is written, for no two
 * share anything; so their number follows that of the threads.
 *
 * The reader has one open member at a time. Its functions take the batch of the member's
 * lane in the round that is read; NULL: there is one thread, which does at once what is
 * said, into the batch that tw_lane_begin() named.
 *
 * Weakness: a member is one lane's from its first byte to its last, so that a file alone
 * is filled by one thread at a time.
 */
struct tw_lane;

#define TW_LANES_MOST 16u

int tw_lane_create(const struct tw_streams_setup *setup, struct tw_lane **ret_lane);
void tw_lane_free(struct tw_lane *lane);
/* What comes goes to this batch. */
void tw_lane_begin(struct tw_lane *lane, struct tw_batch *batch);
/* Makes items of what a round has for it; the batch is its own of that round. */
int tw_lane_fill(struct tw_lane *lane, struct tw_batch *batch);
/* Where a run ends early: nobody makes items of it. */
void tw_lane_drop(const struct tw_batch *batch);
/* Nobody has it. */
struct tw_streams_counts tw_lane_counts(const struct tw_lane *lane);

/* ---- the reader's --------------------------------------------------------------------- */

/* What the reader has to say of a member. */
struct tw_lane_word {
	enum { TW_LANE_OPEN, TW_LANE_BYTES, TW_LANE_REPORT, TW_LANE_FORGET, TW_LANE_CLOSE } what;
	uint64_t order;		     /* as in struct tw_round */
	struct tw_origin *origin;    /* OPEN: the reduce task's from here on, */
	uint64_t offset;	     /* and of the first byte */
	enum tw_unwrap_beside beside;
	const char *code;	     /* REPORT: as tw_stream_report() has it; the code is a literal */
	uint64_t skipped;
	struct tw_slice text;	     /* its reason, with a zero behind; BYTES: set here */
};
int tw_lane_say(struct tw_lane *lane, struct tw_batch *batch, struct tw_lane_word word);
/* Room for so many bytes of the open member, and then how many of them were read. */
int tw_lane_room(struct tw_lane *lane, struct tw_batch *batch, size_t wanted, char **ret_room);
int tw_lane_added(struct tw_lane *lane, struct tw_batch *batch, uint64_t order, size_t length);

#endif
