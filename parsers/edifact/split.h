/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_EDIFACT_SPLIT_H
#define TW_EDIFACT_SPLIT_H

#include "syntax.h"
#include "tidewaiter/parser.h"

/*
 * Splits segments into pieces. Three ways, by what is asked:
 *
 *   tw_edifact_split   the hot path: a segment that lies whole in the window and is
 *                      ordinary. Compares 64 bytes at once and walks the bits of
 *                      what was found; a cursor carries the bits from one segment
 *                      to the next.
 *   tw_edifact_look    only looks for the terminator; can be interrupted anywhere and
 *                      goes on where it stopped, so that a segment that comes in a
 *                      million reads is looked at once.
 *   tw_edifact_pieces  a segment whose end is known: any number of pieces, ISO 2022.
 *
 * All three agree on where a segment ends. Nothing is allocated; one thread.
 * Weakness: empty elements and components give no piece; their numbers tell.
 */

struct tw_edifact_cursor {
	struct tw_slice window;
	size_t base;	 /* of the 64 bytes the bits stand for */
	uint64_t events; /* bits of bytes that mean something, not yet seen */
	uint64_t high;	 /* bits of bytes above 0x7f */
	bool loaded;
};

struct tw_edifact_segment {
	size_t start; /* in the window: the first byte of the tag */
	size_t end;   /* the terminator's place, or the end of the window */
	unsigned count;
	size_t left;  /* where pieces beyond the limit start, relative; 0: there are none */
};

/* Room the piece array must have for tw_edifact_split, whatever the limit. */
#define TW_EDIFACT_FAST_PIECES 320u

enum tw_edifact_outcome {
	TW_EDIFACT_SPLIT,
	TW_EDIFACT_NO_END, /* no terminator in the window */
	TW_EDIFACT_UNUSUAL, /* for tw_edifact_look and tw_edifact_pieces */
};

/* Splits the segment at `segment->start`, filling the rest of `segment`. */
enum tw_edifact_outcome tw_edifact_split(struct tw_edifact_cursor *cursor,
					 const struct tw_edifact_syntax *syntax,
					 struct tw_edifact_segment *segment,
					 struct tw_piece *pieces);

/* How far a segment was looked through; all zero before its first byte. */
struct tw_edifact_looked {
	size_t at;	 /* relative to the segment */
	bool released;	 /* the next byte of text is released */
	bool two_byte;	 /* within two-byte characters (ISO 2022) */
};

/*
 * Looks for the terminator in `bytes`, which start with the segment. True: it
 * stands at looked->at. False: all of it, but for a byte or so, was looked through.
 */
bool tw_edifact_look(const struct tw_edifact_syntax *syntax, struct tw_slice bytes,
		     struct tw_edifact_looked *looked);

/* Splits a segment whose end is known into at most `limit` pieces. */
void tw_edifact_pieces(const struct tw_edifact_syntax *syntax, struct tw_slice window,
		       struct tw_edifact_segment *segment, struct tw_piece *pieces,
		       unsigned limit);

#endif
