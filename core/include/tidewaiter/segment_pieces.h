/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TIDEWAITER_SEGMENT_PIECES_H
#define TIDEWAITER_SEGMENT_PIECES_H

#include "tidewaiter/segment_split.h"

/*
 * Segments that are long, or not ordinary, from one odd byte to the next:
 *
 *   tw_segment_look    only looks for the terminator; can be interrupted anywhere and
 *                      goes on where it stopped, so that a segment that comes in a
 *                      million reads is looked at once.
 *   tw_segment_pieces  a segment whose end is known: any number of pieces, ISO 2022.
 *
 * Nothing is allocated; one thread for each cursor. Weakness: empty elements and
 * components give no piece; their numbers tell.
 */

#define TW_SEGMENT_ESC 0x1b

/* ---- events ---------------------------------------------------------------------- */

/* The next place in the window, from `at` on, whose bit is set in either kind, or its end. */
static inline size_t tw_segment_next_event(struct tw_segment_cursor *cursor,
					   const struct tw_delimiters *syntax,
					   const uint64_t *kind, size_t at)
{
	for (; at < cursor->window.length; at += TW_SEGMENT_VIEW) {
		if (at - cursor->base > cursor->reach)
			tw_segment_cursor_load(cursor, syntax, at);
		uint64_t events = tw_segment_view(kind, at - cursor->base) |
				  tw_segment_view(cursor->bits.odd, at - cursor->base);
		if (events != 0)
			return at + (size_t)__builtin_ctzll(events);
	}
	return cursor->window.length;
}

/* Behind a run of bytes above 0x7f, which are text: they come in runs. */
static inline size_t tw_segment_high_end(const struct tw_delimiters *syntax, struct tw_slice bytes,
					 size_t at)
{
	while (at < bytes.length && ((unsigned char)bytes.data[at] & 0x80) != 0 &&
	       syntax->class[(unsigned char)bytes.data[at]] == TW_BYTE_TEXT)
		at++;
	return at;
}

/* Passes over what a release character releases. False: it is not there yet. */
static inline bool tw_segment_look_released(const struct tw_delimiters *syntax,
					    struct tw_slice bytes, struct tw_segment_looked *looked)
{
	int byte;

	while ((byte = tw_slice_at(bytes, looked->at)) >= 0) {
		looked->at++;
		if (syntax->class[byte] != TW_BYTE_FOLD)
			break;
	}
	looked->released = byte < 0;
	return byte >= 0;
}

/*
 * Passes over two-byte characters: ESC $ begins them, ESC ( ends them (ISO 2022,
 * as in UNOX). A separator's code within is half a character. False: the
 * byte behind an ESC is not there yet.
 */
static inline bool tw_segment_look_two_byte(struct tw_slice bytes, struct tw_segment_looked *looked)
{
	while (looked->two_byte && looked->at < bytes.length) {
		struct tw_slice rest = tw_slice_from(bytes, looked->at);
		const char *escape = memchr(rest.data, TW_SEGMENT_ESC, rest.length);
		looked->at = escape == NULL ? bytes.length
					    : looked->at + (size_t)(escape - rest.data);
		if (escape == NULL || looked->at + 1 >= bytes.length)
			return false;
		looked->two_byte = tw_slice_at(bytes, looked->at + 1) != '(';
		looked->at += 2;
	}
	return !looked->two_byte;
}

/*
 * Looks for the terminator of the segment that starts at `start` of the window. True: it
 * stands at looked->at. False: all of it, but for a byte or so, was looked through.
 */
static inline bool tw_segment_look(struct tw_segment_cursor *cursor,
				   const struct tw_delimiters *syntax, size_t start,
				   struct tw_segment_looked *looked)
{
	const struct tw_slice bytes = tw_slice_from(cursor->window, start);

	for (;;) {
		if (looked->released && !tw_segment_look_released(syntax, bytes, looked))
			return false;
		if (looked->two_byte && !tw_segment_look_two_byte(bytes, looked))
			return false;
		looked->at = tw_segment_next_event(cursor, syntax, cursor->bits.terminator,
						   start + looked->at) - start;
		if (looked->at >= bytes.length)
			return false;
		unsigned class = syntax->class[(unsigned char)bytes.data[looked->at]];
		if (class == TW_BYTE_TERMINATOR) {
			int ends = tw_delimiters_ends(syntax, bytes, looked->at);
			if (ends != 0)
				return ends > 0;
		}
		if (class == TW_BYTE_ESCAPE) {
			if (looked->at + 1 >= bytes.length)
				return false;
			looked->two_byte = tw_slice_at(bytes, looked->at + 1) == '$';
		}
		looked->released = class == TW_BYTE_RELEASE;
		looked->at++;
		if (class == TW_BYTE_TEXT)
			looked->at = tw_segment_high_end(syntax, bytes, looked->at);
	}
}

/* ---- pieces ---------------------------------------------------------------------- */

static inline bool tw_segment_is_high(struct tw_slice text)
{
	uint64_t all = 0, eight;
	size_t at = 0;

	for (; text.length - at >= sizeof(eight); at += sizeof(eight)) {
		memcpy(&eight, text.data + at, sizeof(eight));
		all |= eight;
	}
	for (; at < text.length; at++)
		all |= (unsigned char)text.data[at];
	return (all & UINT64_C(0x8080808080808080)) != 0;
}

/* A CR before a LF that ends the segment belongs to the line end. */
static inline void tw_segment_trim_line_end(struct tw_slice window,
					    const struct tw_delimiters *syntax,
					    struct tw_segment *segment, struct tw_piece *pieces)
{
	if (syntax->terminator[0] != '\n' || segment->count == 0 || segment->end == 0 ||
	    tw_slice_at(window, segment->end - 1) != '\r')
		return;
	struct tw_piece *last = &pieces[segment->count - 1];
	if (segment->start + last->start + last->length != segment->end)
		return;
	last->length--;
	segment->count -= last->length == 0;
}

/* A piece being built by tw_segment_pieces, its numbers not yet held to the size of their fields. */
struct tw_segment_growing {
	size_t start;
	unsigned element, component, repetition;
	uint8_t flags;
};

static inline bool tw_segment_growing_add(const struct tw_segment_growing *piece, size_t end,
					  struct tw_piece *pieces, unsigned *count, unsigned limit)
{
	if (end == piece->start)
		return true;
	if (*count >= limit || piece->element > UINT16_MAX)
		return false;
	pieces[(*count)++] = (struct tw_piece){
		.start = (uint32_t)piece->start,
		.length = (uint32_t)(end - piece->start),
		.element = (uint16_t)piece->element,
		.component = (uint8_t)(piece->component < UINT8_MAX ? piece->component : UINT8_MAX),
		.repetition =
			(uint8_t)(piece->repetition < UINT8_MAX ? piece->repetition : UINT8_MAX),
		.flags = piece->flags,
	};
	return true;
}

static inline void tw_segment_growing_next(struct tw_segment_growing *piece, unsigned class,
					   size_t start)
{
	piece->start = start;
	piece->flags = 0;
	piece->component++;
	if (class != TW_BYTE_COMPONENT)
		piece->component = 1;
	piece->repetition += class == TW_BYTE_REPETITION;
	if (class != TW_BYTE_ELEMENT)
		return;
	piece->repetition = 1;
	piece->element++;
}

/*
 * A byte that is no separator: flags, and what it makes of the bytes behind it. Returns
 * where to go on.
 */
static inline size_t tw_segment_growing_text(const struct tw_delimiters *syntax,
					     struct tw_slice bytes, size_t at,
					     struct tw_segment_growing *piece)
{
	struct tw_segment_looked looked = {.at = at + 1};
	unsigned class = syntax->class[(unsigned char)bytes.data[at]];

	if (class == TW_BYTE_TEXT)
		looked.at = tw_segment_high_end(syntax, bytes, looked.at);
	if (class == TW_BYTE_FOLD)
		piece->flags |= TW_PIECE_FOLDED;
	if (class == TW_BYTE_RELEASE) {
		looked.released = true;
		tw_segment_look_released(syntax, bytes, &looked);
		piece->flags |= TW_PIECE_RELEASED;
		if (looked.at - at > 2)
			piece->flags |= TW_PIECE_FOLDED;
	}
	if (class == TW_BYTE_ESCAPE && tw_slice_at(bytes, at + 1) == '$') {
		looked.two_byte = true;
		tw_segment_look_two_byte(bytes, &looked);
	}
	if (tw_segment_is_high(tw_slice_part(bytes, at, looked.at - at)))
		piece->flags |= TW_PIECE_HIGH;
	return looked.at;
}

/* Splits a segment whose end is known into at most `limit` pieces. */
static inline void tw_segment_pieces(struct tw_segment_cursor *cursor,
				     const struct tw_delimiters *syntax,
				     struct tw_segment *segment, struct tw_piece *pieces,
				     unsigned limit)
{
	struct tw_slice bytes =
		tw_slice_part(cursor->window, segment->start, segment->end - segment->start);
	struct tw_segment_growing piece = {.component = 1, .repetition = 1};
	size_t at = 0;
	bool fits = true;

	segment->count = 0;
	while (fits && at < bytes.length) {
		at = tw_segment_next_event(cursor, syntax, cursor->bits.delimiter,
					   segment->start + at) - segment->start;
		if (at >= bytes.length)
			break;
		unsigned class = syntax->class[(unsigned char)bytes.data[at]];
		if (class > TW_BYTE_REPETITION) {
			at = tw_segment_growing_text(syntax, bytes, at, &piece);
			continue;
		}
		fits = tw_segment_growing_add(&piece, at, pieces, &segment->count, limit);
		if (fits)
			tw_segment_growing_next(&piece, class, ++at);
	}
	fits = fits && tw_segment_growing_add(&piece, bytes.length, pieces, &segment->count, limit);
	segment->left = fits ? 0 : piece.start;
	tw_segment_trim_line_end(cursor->window, syntax, segment, pieces);
}

#endif
