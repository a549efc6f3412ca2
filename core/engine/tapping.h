/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_TAPPING_H
#define TW_ENGINE_TAPPING_H

#include "engine/shard.h"
#include "source/capture.h"
#include "source/live.h"

/*
 * Captures on their way to shards: packets are read, decoded as far as their segments,
 * their fragments put together, and each segment is written into the round for its shard.
 * One for a run, made with its first capture, so that flows go on from one file to the
 * next. It owns the shards, which other threads fill from the rounds; all else belongs to
 * the reader, one thread at a time.
 *
 * Weakness: fragments, and the checksum of what UDP carries, are the one reader's work.
 */
struct tw_tapping;

struct tw_tapping_counts {
	struct tw_shard_counts shards; /* of all, and what was sorted out before them */
	uint64_t filtered;
};

/*
 * `streams`: the reader's own, for what is told of captures. `keeper`: of packets, or NULL.
 * `direct`: there is one thread, which gives segments to the shards at once, uncopied.
 */
int tw_tapping_create(struct tw_streams *streams, const struct tw_streams_setup *setup,
		      struct tw_keeper *keeper, bool direct, struct tw_tapping **ret_tapping);
void tw_tapping_free(struct tw_tapping *tapping);
struct tw_shard *tw_tapping_shard(const struct tw_tapping *tapping, unsigned shard);
/* Where packets go from now on. `most`: bytes of a shard's segments that make it full. */
void tw_tapping_round(struct tw_tapping *tapping, struct tw_round *round, size_t most);
/* A capture begins, over bytes that somebody reads. `path` is borrowed for the whole run. */
int tw_tapping_begin(struct tw_tapping *tapping, const struct tw_capture_input *input,
		     const char *path);
/*
 * The next packet. 1: it was taken, *ret_bytes long; 0: the capture ended, and what ended it
 * was told; negative: the run cannot go on. `problem`: the reader's own, where it has one.
 */
int tw_tapping_step(struct tw_tapping *tapping, size_t *ret_bytes,
		    const char *(*problem)(void *context));
/* From here on packets come from these interfaces; borrowed. */
void tw_tapping_live(struct tw_tapping *tapping, struct tw_live *live);
/*
 * The next live packet, waiting at most so many milliseconds. 1: it was taken; 0: none came; negative:
 * the run cannot go on, TW_ERROR_NOT_FOUND: no interface is left. That one is gone is told.
 */
int tw_tapping_live_step(struct tw_tapping *tapping, int milliseconds, size_t *ret_bytes);
/* A round of live packets ends: the clocks of the shards go on, now and then. */
void tw_tapping_live_round(struct tw_tapping *tapping);
/* The operator stopped the run within a capture: it ends here. */
int tw_tapping_stop(struct tw_tapping *tapping, const char *reason);
/* No capture follows: in this round every flow ends. */
int tw_tapping_finish(struct tw_tapping *tapping);
/* Every shard is done with that round: what is told of them all, and of the interfaces. */
int tw_tapping_end(struct tw_tapping *tapping);
/* No thread has a shard. */
struct tw_tapping_counts tw_tapping_counts(const struct tw_tapping *tapping);

#endif
