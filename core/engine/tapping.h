/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_TAPPING_H
#define TW_ENGINE_TAPPING_H

#include "engine/bodies.h"
#include "engine/keeper.h"
#include "network/protocol.h"
#include "network/tap.h"
#include "source/capture.h"
#include "source/live.h"

/*
 * Captures on their way to streams: packets, flows, protocols, bodies, put together. One
 * for a run, made with its first capture, so that flows go on from one file to the next.
 * Belongs to the intake; one thread at a time.
 */
struct tw_tapping;

struct tw_tapping_counts {
	struct tw_tap_counts tap;
	struct tw_bodies_counts bodies;
	struct tw_protocol_counts protocols[TW_PROTOCOL_COUNT + 1];
	uint64_t filtered;
};

/* `keys`: to decrypt with, or NULL. */
int tw_tapping_create(struct tw_streams *streams, const struct tw_config *config,
		      const struct tw_unwrap_keys *keys, struct tw_tapping **ret_tapping);
/* From here on packets are given to a keeper as well; borrowed. */
void tw_tapping_keep(struct tw_tapping *tapping, struct tw_keeper *keeper);
void tw_tapping_free(struct tw_tapping *tapping);
/* A capture begins, over bytes that somebody reads. `path` is borrowed until its end. */
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
/* What kernel and interfaces lost, of each that lost anything. */
int tw_tapping_live_end(struct tw_tapping *tapping);
/* The operator stopped the run within a capture: it ends here. */
int tw_tapping_stop(struct tw_tapping *tapping, const char *reason);
/* No capture follows: every flow ends. */
int tw_tapping_finish(struct tw_tapping *tapping);
struct tw_tapping_counts tw_tapping_counts(const struct tw_tapping *tapping);

#endif
