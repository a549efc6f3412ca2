/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_NETWORK_CHUNKS_H
#define TW_NETWORK_CHUNKS_H

#include "tidewaiter/slice.h"
#include "tidewaiter/status.h"

/*
 * Bytes of one direction of a TCP connection that cannot go yet, or are kept for
 * comparison: pieces in order of sequence number that do not overlap. All numbers lie
 * within half of the sequence space of each other; who puts bytes in sees to that. One
 * thread at a time; `memory` is the owner's figure and is kept up to date.
 *
 * Weakness: a piece that belongs far from the end is found by walking; the owner bounds
 * their number.
 */
struct tw_chunk {
	struct tw_chunk *next;
	uint32_t sequence;
	uint32_t length, capacity;
	bool doubtful;
	char bytes[];
};

struct tw_chunks {
	struct tw_chunk *first, *last;
	uint32_t held; /* bytes of memory */
	uint32_t pieces;
};

/* Who is told of bytes that differ: those that do not count. */
struct tw_chunks_watch {
	void *context;
	int (*other)(void *context, uint32_t sequence, struct tw_slice bytes);
	int status; /* the first that `other` returned and is no success */
};

/* How far `a` is ahead of `b` in sequence space; negative: behind. */
static inline int32_t tw_sequence_ahead(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b);
}

/*
 * How bytes are put in. `watch` may be NULL; `memory` is the owner's figure.
 */
struct tw_chunks_put {
	bool replace;  /* what was there before */
	bool doubtful; /* these bytes give way to any that are not, whatever the policy */
	struct tw_chunks_watch *watch;
	uint64_t *memory;
};

/*
 * Puts bytes in where there are none yet. Where there are, they are compared, and
 * replaced if so told. 1: some differed, 0, or a negative status.
 */
int tw_chunks_put(struct tw_chunks *chunks, uint32_t sequence, struct tw_slice bytes,
		  const struct tw_chunks_put *how);
/* Only compares with bytes that are there, and were handed on. 1: some differ, 0, or a negative status. */
int tw_chunks_differ(const struct tw_chunks *chunks, uint32_t sequence, struct tw_slice bytes,
		     struct tw_chunks_watch *watch);
/* The bytes from a number on that are in one piece; empty: it is not there. */
struct tw_slice tw_chunks_at(const struct tw_chunks *chunks, uint32_t sequence);
/* The first number from here on that is there. False: none. */
bool tw_chunks_next(const struct tw_chunks *chunks, uint32_t sequence, uint32_t *ret_sequence);
/* Lets go of doubtful pieces that begin beyond a number. Returns whether there were any. */
bool tw_chunks_purge(struct tw_chunks *chunks, uint32_t sequence, uint64_t *memory);
/* Lets go of pieces that end at or before a number. Returns how many bytes of input that were. */
uint32_t tw_chunks_trim(struct tw_chunks *chunks, uint32_t sequence, uint64_t *memory);
void tw_chunks_clear(struct tw_chunks *chunks, uint64_t *memory);

#endif
