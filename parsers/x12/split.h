/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_X12_SPLIT_H
#define TW_X12_SPLIT_H

#include "syntax.h"
#include "tidewaiter/parser.h"

/*
 * Splits segments into pieces. Three ways, by what is asked:
 *
 *   tw_x12_split   the hot path: a segment that lies whole in the window and is
 *                  ordinary. Compares 64 bytes at once and walks the bits of
 *                      what was found; a cursor carries the bits from one segment
 *                  to the next.
 *   tw_x12_look    only looks for the terminator; can be interrupted anywhere and
 *                  goes on where it stopped, so that a segment that comes in a
 *                  million reads is looked at once.
 *   tw_x12_pieces  a segment whose end is known: any number of pieces.
 *
 * All three agree on where a segment ends. Nothing is allocated; one thread.
 * Weakness: empty elements and components give no piece; their numbers tell.
 */

struct tw_x12_cursor {
	struct tw_slice window;
	size_t base;	 /* of the 64 bytes the bits stand for */
	uint64_t events; /* bits of bytes that mean something, not yet seen */
	uint64_t high;	 /* bits of bytes above 0x7f */
	bool loaded;
};

struct tw_x12_segment {
	size_t start; /* in the window: the first byte of the tag */
	size_t end;   /* the terminator's place, or the end of the window */
	unsigned count;
	size_t left;  /* where pieces beyond the limit start, relative; 0: there are none */
};

/* Room the piece array must have for tw_x12_split, whatever the limit. */
#define TW_X12_FAST_PIECES 320u

enum tw_x12_outcome {
	TW_X12_SPLIT,
	TW_X12_NO_END, /* no terminator in the window */
	TW_X12_UNUSUAL, /* for tw_x12_look and tw_x12_pieces */
};

/* Splits the segment at `segment->start`, filling the rest of `segment`. */
enum tw_x12_outcome tw_x12_split(struct tw_x12_cursor *cursor, const struct tw_x12_syntax *syntax,
				 struct tw_x12_segment *segment, struct tw_piece *pieces);

/* How far a segment was looked through; all zero before its first byte. */
struct tw_x12_looked {
	size_t at;	 /* relative to the segment */
	bool released;	 /* the next byte of text is released */
};

/*
 * Looks for the terminator in `bytes`, which start with the segment. True: it
 * stands at looked->at. False: all of it, but for a byte or so, was looked through.
 */
bool tw_x12_look(const struct tw_x12_syntax *syntax, struct tw_slice bytes,
		     struct tw_x12_looked *looked);

/* Splits a segment whose end is known into at most `limit` pieces. */
void tw_x12_pieces(const struct tw_x12_syntax *syntax, struct tw_slice window,
		   struct tw_x12_segment *segment, struct tw_piece *pieces, unsigned limit);

#endif
