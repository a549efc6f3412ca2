/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_STREAM_H
#define TW_ENGINE_STREAM_H

#include "config/config.h"
#include "engine/finder.h"
#include "engine/sink.h"
#include "screen/loader.h"
#include "unwrap/unwrap.h"

/*
 * A stream is one run of decoded bytes on its way to records: a file, a member of an
 * archive, a body that a flow carries. Bytes are added as they come; the stream finds
 * the parser by what they are, keeps what it has not consumed, and tells its sink the
 * rest. Many may be open at a time, each with an origin of its own; all write into
 * the batch that is being filled. They come from a pool and go back to it, so that a
 * short one costs no allocation. One thread at a time has the pool and all of it.
 *
 * Weakness: a stream that waits in the midst of an interchange keeps its window, its
 * parser and the facts read so far.
 */
struct tw_streams;
struct tw_stream;

struct tw_streams_setup {
	const struct tw_config *config;
	const struct tw_maps *maps;
	const struct tw_loader *modules; /* parsers among them */
	const struct tw_partners *partners;
	const struct tw_unwrap_keys *keys; /* to decrypt objects with, or NULL */
	bool messages; /* a detector has TW_WANTS_MESSAGES */
};

int tw_streams_create(const struct tw_streams_setup *setup, struct tw_streams **ret_streams);
void tw_streams_free(struct tw_streams *streams); /* every stream was closed */
/* Where items go from now on. */
void tw_streams_batch(struct tw_streams *streams, struct tw_batch *batch);
/* Between streams: who is asked what bytes are. Run and parsers are the finder's own. */
const struct tw_finder *tw_streams_finder(const struct tw_streams *streams);

struct tw_streams_counts {
	double feed_seconds, map_seconds; /* only where stats.stages */
	uint64_t foreign, foreign_bytes;  /* streams of a quiet origin of which nothing was told */
};
struct tw_streams_counts tw_streams_counts(const struct tw_streams *streams);

/* Its first byte has this offset. The origin is the reduce task's from here on. */
int tw_stream_open(struct tw_streams *streams, struct tw_origin *origin, uint64_t offset,
		   struct tw_stream **ret_stream);
/* Bytes before it that nobody knew, and what was looked at to say so: they are told with what comes. */
void tw_stream_unknown(struct tw_stream *stream, const struct tw_unknown_run *run);
/* What of it is no message is none of a mail's cargo. */
void tw_stream_beside(struct tw_stream *stream, enum tw_unwrap_beside beside);
/* Room behind what waits, at least `wanted` bytes, and what the parser waits for. */
int tw_stream_room(struct tw_stream *stream, size_t wanted, char **ret_room, size_t *ret_size);
/* So many bytes now stand there; none may. They are worked on as far as that can be. */
int tw_stream_added(struct tw_stream *stream, size_t length);
/* What comes next came in this packet, at this time: feed time, where there are packets. */
void tw_stream_mark(struct tw_stream *stream, uint64_t packet, double time);
/* Whether an interchange is open. */
bool tw_stream_in_interchange(const struct tw_stream *stream);
/* Whether it stands between two interchanges, with no byte that waits. */
bool tw_stream_between(const struct tw_stream *stream);
/* Both at once, for bytes that stand elsewhere. */
int tw_stream_push(struct tw_stream *stream, struct tw_slice bytes);
/* The offset behind the last byte. */
uint64_t tw_stream_end(const struct tw_stream *stream);
/* An anomaly at the end of what came so far; `skipped` bytes of it were not handed on. */
void tw_stream_report(struct tw_stream *stream, const char *code, uint64_t skipped,
		      const char *reason);
/* What waits is not worked on any more. */
void tw_stream_forget(struct tw_stream *stream);
/* What happens where a run ends early: nothing is told any more. NULL: nothing. */
void tw_stream_drop(struct tw_stream *stream);
/*
 * What concerns no stream: an anomaly, or traffic that cannot be looked into. The origin
 * is the reduce task's from here on. `item`: kind, code (NULL: nothing but that the
 * origin was there), complete, offset, length, packet.
 */
void tw_streams_tell(struct tw_streams *streams, struct tw_origin *origin, struct tw_item item,
		     const struct tw_slice texts[TW_ITEM_TEXTS]);
/* Nothing follows: works on what waits, closes what is open, gives the stream back. NULL: nothing. */
int tw_stream_close(struct tw_stream *stream);

#endif
