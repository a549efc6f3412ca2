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
	size_t left;   /* where pieces beyond the limit start, relative; 0: there are none */
	unsigned count; /* of pieces with the tag, where it is in pieces */
	/*
	 * For the sink, all but its kind, which the parser sets once; tw_segment_take does
	 * the rest. Its bytes end behind the terminator, or at the end of the window; its tag
	 * is empty where the segment has none.
	 */
	struct tw_unit unit;
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
/* A view may fill a row for each of its bits before it is seen to be too much. */
#define TW_SEGMENT_SLOTS (TW_UNIT_SLOTS + 64u * TW_UNIT_COMPONENTS)

struct tw_segment_slots {
	unsigned used; /* the last one that was filled; all behind its row are empty */
	struct tw_slot at[TW_SEGMENT_SLOTS];
};

/* How far a segment was looked through; all zero before its first byte. */
struct tw_segment_looked {
	size_t at;     /* relative to the segment */
	bool released; /* the next byte of text is released */
	bool two_byte; /* within two-byte characters (ISO 2022) */
};

struct tw_segment_stream;
typedef enum tw_segment_outcome tw_segment_split(struct tw_segment_stream *stream,
						 struct tw_segment *segment);

/* See tidewaiter/segments.h. */
struct tw_segment_stream {
	struct tw_parser_limits limits;
	struct tw_delimiters syntax;
	uint64_t offset;		 /* of the window in the stream */
	struct tw_segment_looked looked; /* a segment that is not yet whole, or passed over */
	char tag[8];			 /* one that was folded */
	tw_segment_split *split;
	struct tw_segment_cursor cursor;
	struct tw_segment_slots slots; /* the segment at hand is in these, */
	struct tw_piece *pieces;       /* or in these, with room for the limit */
};

/* A row of slots, for it to be emptied at once. */
typedef char tw_segment_row
	__attribute__((vector_size(4 * TW_UNIT_COMPONENTS), aligned(2), may_alias));

/* Four rows at a time: most segments have no more elements. */
static inline void tw_segment_slots_clear(struct tw_segment_slots *slots)
{
	const unsigned four = 4 * TW_UNIT_COMPONENTS;
	unsigned at = 0;

	do {
		tw_segment_row *row = (tw_segment_row *)(slots->at + at);
		row[0] = row[1] = row[2] = row[3] = (tw_segment_row){0};
		at += four;
		/* Nothing, but a loop of nothing but stores becomes a call of memset. */
		__asm__("" : "+r"(at));
	} while (at <= slots->used);
	slots->used = TW_UNIT_SLOTS - 1;
}

/*
 * Each delimiter fills a slot without asking whether anything stands there: a branch on
 * what comes next cannot be predicted, and a wrong guess costs more than a store. An
 * element's separator sends what follows to the next row. One component too many stands
 * in a row that is not its element's, and so does all behind it: that is seen at the end.
 */
static inline __attribute__((always_inline)) enum tw_segment_outcome
tw_segment_split_any(struct tw_segment_stream *stream, struct tw_segment *segment)
{
	struct tw_segment_cursor *cursor = &stream->cursor;
	const char *text = cursor->window.data + segment->start;
	size_t seen = 0, start = 0, place = 0, elements = 0;

	/* The first byte of a longer terminator is not enough. */
	if (stream->syntax.terminator_length != 1)
		return TW_SEGMENT_UNUSUAL;
	tw_segment_slots_clear(&stream->slots);
	for (;;) {
		size_t at = segment->start + seen - cursor->base;
		if (at > cursor->reach) {
			if (segment->start + seen >= cursor->window.length)
				return TW_SEGMENT_NO_END;
			tw_segment_cursor_load(cursor, &stream->syntax, segment->start + seen);
			at = 0;
		}
		uint64_t ends = tw_segment_view(cursor->bits.terminator, at);
		/* Up to the first terminator, or all that is sure to be in the view. */
		uint64_t within = ends == 0 ? UINT64_MAX >> (64 - TW_SEGMENT_VIEW)
					    : ends ^ (ends - 1);
		uint64_t rest = tw_segment_view(cursor->bits.delimiter, at) & within;
		if ((tw_segment_view(cursor->bits.odd, at) & within) != 0)
			return TW_SEGMENT_UNUSUAL;
		elements += (size_t)__builtin_popcountll(
			tw_segment_view(cursor->bits.element, at) & within);
		for (; rest != 0; rest &= rest - 1) {
			size_t end = seen + (size_t)__builtin_ctzll(rest);
			stream->slots.at[place] = (struct tw_slot){(uint16_t)start, (uint16_t)end};
			place = (place | stream->syntax.row_end[(unsigned char)text[end]]) + 1;
			start = end + 1;
		}
		if (ends != 0)
			break;
		seen += TW_SEGMENT_VIEW;
		if (place >= TW_UNIT_SLOTS || seen > TW_SEGMENT_SLOTTED_BYTES)
			return TW_SEGMENT_UNUSUAL;
	}
	segment->unit.piece_count = (unsigned)place;
	segment->end = segment->start + start - 1;
	if (place-- > TW_UNIT_SLOTS || place / TW_UNIT_COMPONENTS != elements)
		return TW_SEGMENT_UNUSUAL;
	stream->slots.used = (unsigned)place;
	return TW_SEGMENT_SPLIT;
}

TW_SEGMENT_APART enum tw_segment_outcome tw_segment_split_plain(struct tw_segment_stream *stream,
								struct tw_segment *segment)
{
	return tw_segment_split_any(stream, segment);
}

#if defined(TW_SEGMENT_X86)
__attribute__((target("avx2,bmi,popcnt"))) TW_SEGMENT_APART enum tw_segment_outcome
tw_segment_split_avx2(struct tw_segment_stream *stream, struct tw_segment *segment)
{
	return tw_segment_split_any(stream, segment);
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
