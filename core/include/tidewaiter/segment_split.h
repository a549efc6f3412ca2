/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TIDEWAITER_SEGMENT_SPLIT_H
#define TIDEWAITER_SEGMENT_SPLIT_H

#include "tidewaiter/parser.h"
#include "tidewaiter/segment_bits.h"

/*
 * The hot path: splits a segment that lies whole in the window and has nothing odd in it
 * into slots, as tw_unit.slots has them, along the bits of a cursor. What is odd, or has
 * more elements or components than there are slots, is left to segment_pieces.h, which
 * agrees on where a segment ends. A parser calls both through tidewaiter/segments.h. All
 * inline, so that a parser needs nothing but its own file to be tested; nothing is
 * allocated; one thread for each cursor.
 *
 * Weakness: one released character in a segment sends all of it the other way.
 */

struct tw_segment {
	size_t start;  /* in the window: the first byte of the tag */
	size_t end;    /* the terminator's place, or the end of the window */
	size_t behind; /* the terminator, or the end of the window; tw_segment_take sets it */
	unsigned count; /* of pieces, or of slots up to the last */
	bool slotted;	     /* it is in slots, not in pieces */
	size_t left;	     /* where pieces beyond the limit start, relative; 0: there are none */
	struct tw_slice tag; /* tw_segment_take sets it; empty: it has none */
};

enum tw_segment_outcome {
	TW_SEGMENT_SPLIT,
	TW_SEGMENT_NO_END,   /* no terminator in the window */
	TW_SEGMENT_UNUSUAL,  /* not for slots */
	TW_SEGMENT_TOO_LONG, /* longer than limits.segment_bytes; only tw_segment_take */
	TW_SEGMENT_CUT,	     /* the input ends inside it; only tw_segment_take */
};

/* The longest segment for slots: their places have 16 bits. */
#define TW_SEGMENT_SLOTTED_BYTES 65000u
/* A view may bring a row of slots for each of its bits before it is seen to be too much. */
#define TW_SEGMENT_SLOTS (TW_UNIT_SLOTS + 64u * TW_UNIT_COMPONENTS)

struct tw_segment_slots {
	unsigned used; /* of the slots of a unit; all others are empty */
	struct tw_slot at[TW_SEGMENT_SLOTS];
};

typedef enum tw_segment_outcome tw_segment_split(struct tw_segment_cursor *cursor,
						 const struct tw_delimiters *syntax,
						 struct tw_segment *segment,
						 struct tw_segment_slots *slots);

/* Four rows at once, and in pieces of 32 bytes: of a larger memset gcc makes `rep stos`. */
static inline void tw_segment_slots_clear(struct tw_segment_slots *slots)
{
	for (unsigned i = 0; i < slots->used; i += 4 * TW_UNIT_COMPONENTS) {
		memset(slots->at + i, 0, 32);
		memset(slots->at + i + 8, 0, 32);
		memset(slots->at + i + 16, 0, 32);
		memset(slots->at + i + 24, 0, 32);
	}
	slots->used = TW_UNIT_SLOTS;
}

/*
 * Each delimiter fills a slot without asking whether anything stands there: a branch on
 * what comes next cannot be predicted, and a wrong guess costs more than a store. An
 * element's separator sends what follows to the next row. One component too many stands
 * in a row that is not its element's, and so does all behind it: that is seen at the end.
 */
static inline __attribute__((always_inline)) enum tw_segment_outcome
tw_segment_split_any(struct tw_segment_cursor *cursor, const struct tw_delimiters *syntax,
		     struct tw_segment *segment, struct tw_segment_slots *slots)
{
	const char *text = cursor->window.data + segment->start;
	size_t seen = 0, start = 0, place = 0, elements = 0;
	uint64_t ends = 0;

	/* The first byte of a longer terminator is not enough. */
	if (syntax->terminator_length != 1)
		return TW_SEGMENT_UNUSUAL;
	tw_segment_slots_clear(slots);
	for (; ends == 0; seen += TW_SEGMENT_VIEW) {
		size_t at = segment->start + seen - cursor->base;
		if (at > cursor->reach) {
			if (segment->start + seen >= cursor->window.length)
				return TW_SEGMENT_NO_END;
			tw_segment_cursor_load(cursor, syntax, segment->start + seen);
			at = 0;
		}
		ends = tw_segment_view(cursor->bits.terminator, at);
		/* Up to the first terminator, or all that is sure to be in the view. */
		uint64_t within = ends == 0 ? UINT64_MAX >> (64 - TW_SEGMENT_VIEW)
					    : ends ^ (ends - 1);
		uint64_t rest = tw_segment_view(cursor->bits.delimiter, at) & within;
		if ((tw_segment_view(cursor->bits.odd, at) & within) != 0 ||
		    place > TW_UNIT_SLOTS || seen > TW_SEGMENT_SLOTTED_BYTES)
			return TW_SEGMENT_UNUSUAL;
		elements += (size_t)__builtin_popcountll(
			tw_segment_view(cursor->bits.element, at) & within);
		for (; rest != 0; rest &= rest - 1) {
			size_t end = seen + (size_t)__builtin_ctzll(rest);
			slots->at[place] = (struct tw_slot){(uint16_t)start, (uint16_t)end};
			place = (place | syntax->row_end[(unsigned char)text[end]]) + 1;
			start = end + 1;
		}
	}
	slots->used = (unsigned)place;
	segment->count = (unsigned)place;
	segment->end = segment->start + start - 1;
	return place <= TW_UNIT_SLOTS && (place - 1) / TW_UNIT_COMPONENTS == elements
		       ? TW_SEGMENT_SPLIT
		       : TW_SEGMENT_UNUSUAL;
}

TW_SEGMENT_APART enum tw_segment_outcome
tw_segment_split_plain(struct tw_segment_cursor *cursor, const struct tw_delimiters *syntax,
		       struct tw_segment *segment, struct tw_segment_slots *slots)
{
	return tw_segment_split_any(cursor, syntax, segment, slots);
}

#if defined(TW_SEGMENT_X86)
__attribute__((target("avx2,bmi,popcnt"))) TW_SEGMENT_APART enum tw_segment_outcome
tw_segment_split_avx2(struct tw_segment_cursor *cursor, const struct tw_delimiters *syntax,
		      struct tw_segment *segment, struct tw_segment_slots *slots)
{
	return tw_segment_split_any(cursor, syntax, segment, slots);
}
#endif

/* What this processor can do. */
struct tw_segment_ways {
	tw_segment_classify *classify;
	tw_segment_split *split;
};

static inline struct tw_segment_ways tw_segment_ways_of_processor(void)
{
#if defined(TW_SEGMENT_X86)
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
	    __builtin_cpu_supports("popcnt"))
		return (struct tw_segment_ways){tw_segment_classify_avx2, tw_segment_split_avx2};
	return (struct tw_segment_ways){tw_segment_classify_sse2, tw_segment_split_plain};
#else
	return (struct tw_segment_ways){tw_segment_classify_bytes, tw_segment_split_plain};
#endif
}

#endif
