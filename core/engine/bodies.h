/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_BODIES_H
#define TW_ENGINE_BODIES_H

#include "engine/stream.h"
#include "network/body.h"

/*
 * Bodies on their way from flows to streams. A body is looked at, up to
 * network.look_bytes, until it shows an interchange or a wrapping; only then does it take
 * a stream. What shows neither is counted and not told, since most of what a network
 * carries is no cargo message, unless its protocol says that it is one. Missing bytes end
 * an interchange; behind them the next one is looked for. In a wrapped body (unwrap/unwrap.h)
 * that is so within a part that is written as it is; else the next part of the mail or
 * multipart is. One thread at a time.
 *
 * Missing bytes are told by bodies with messages one by one, by others once in a run: nobody knows what
 * they were.
 *
 * Weakness: what is compressed, encrypted or in base64 is given up at the first missing
 * byte, up to the next delimiter of a multipart around it.
 */
struct tw_bodies;

struct tw_bodies_counts {
	uint64_t bodies, recognised;
	uint64_t bytes, unrecognised_bytes, gap_bytes;
	uint64_t unread, unread_gap_bytes; /* bodies with missing bytes that showed no message */
	uint64_t retries, signals; /* as tw_deliveries has them */
};

/* One of so many shards. `keys`: to decrypt with, or NULL. */
int tw_bodies_create(struct tw_streams *streams, const struct tw_config *config,
		     const struct tw_unwrap_keys *keys, unsigned shards,
		     struct tw_bodies **ret_bodies);
void tw_bodies_free(struct tw_bodies *bodies);
/* The capture that is read: file or interface, until the next call. */
void tw_bodies_source(struct tw_bodies *bodies, const char *source, const char *path);
struct tw_body_events tw_bodies_events(struct tw_bodies *bodies);
struct tw_bodies_counts tw_bodies_counts(const struct tw_bodies *bodies);

#endif
