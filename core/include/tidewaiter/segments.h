/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TIDEWAITER_SEGMENTS_H
#define TIDEWAITER_SEGMENTS_H

#include <stdlib.h>

#include "tidewaiter/segment_pieces.h"

/*
 * The segments of one stream of a delimited syntax (see delimiters.h), whatever
 * windows they come in: the next one taken whole, or what is the matter with it.
 * What a segment means, and where interchanges begin and end, is the parser's
 * business, which embeds the stream and decides what to report. The stream belongs
 * to one parser instance and is used by one thread at a time; it owns its slots and
 * pieces, which hold for the segment at hand and no longer. It points into the window
 * that it has, which the parser takes away from it at the end of a call.
 *
 * Weakness: the delimiters are believed; a lost terminator joins two segments.
 */

/* Returns TW_OK or TW_ERROR_MEMORY. The delimiters are still to be set. */
static inline int tw_segment_stream_open(struct tw_segment_stream *stream,
					 const struct tw_parser_limits *limits)
{
	struct tw_segment_ways ways = tw_segment_ways_of_processor();

	stream->split = ways.split;
	stream->cursor.classify = ways.classify;
	stream->limits = *limits;
	/* Places in a unit have 32 bits. */
	if (stream->limits.segment_bytes > UINT32_MAX - 1)
		stream->limits.segment_bytes = UINT32_MAX - 1;
	stream->pieces = calloc(limits->segment_pieces + 1u, sizeof(*stream->pieces));
	return stream->pieces == NULL ? TW_ERROR_MEMORY : TW_OK;
}

static inline void tw_segment_stream_close(struct tw_segment_stream *stream)
{
	free(stream->pieces);
}

/* The window that segments are taken from next, until there is another; none at the end of a call. */
static inline void tw_segment_stream_window(struct tw_segment_stream *stream,
					    struct tw_slice window, uint64_t offset)
{
	stream->offset = offset;
	stream->cursor.window = window;
	tw_segment_cursor_forget(&stream->cursor);
}

/* Forgets how far a segment was seen: what comes next is another one, or another window. */
static inline void tw_segment_stream_forget(struct tw_segment_stream *stream)
{
	stream->looked = (struct tw_segment_looked){0};
}

/* A folded tag is put together. */
static inline struct tw_slice tw_segment_tag_folded(struct tw_segment_stream *stream,
						    struct tw_slice text)
{
	struct tw_slice tag =
		tw_delimiters_plain(&stream->syntax, text, stream->tag, sizeof(stream->tag));

	return tag.length < sizeof(stream->tag) ? tag : text;
}

/* The tag is the first piece, if it stands at the very front. */
static inline struct tw_slice tw_segment_tag(struct tw_segment_stream *stream,
					     const struct tw_segment *segment)
{
	const struct tw_piece *piece = stream->pieces;

	if (segment->count == 0 || piece->start != 0 || piece->element != 0)
		return tw_slice(NULL, 0);
	struct tw_slice text =
		tw_slice(stream->cursor.window.data + segment->start, piece->length);
	return piece->flags & (TW_PIECE_FOLDED | TW_PIECE_RELEASED)
		       ? tw_segment_tag_folded(stream, text)
		       : text;
}

/*
 * Looks for the end of a segment from where the last look ended. Where a line end is
 * the terminator, the end of the input is one.
 */
static inline enum tw_segment_outcome tw_segment_find_end(struct tw_segment_stream *stream,
							  struct tw_segment *segment, bool end)
{
	const struct tw_slice window = stream->cursor.window;
	struct tw_segment_looked *looked = &stream->looked;
	bool found = tw_segment_look(&stream->cursor, &stream->syntax, segment->start, looked);

	/* The first bytes of a terminator do not count. */
	if (looked->at > stream->limits.segment_bytes)
		return TW_SEGMENT_TOO_LONG;
	segment->end = found ? segment->start + looked->at : window.length;
	if (found || (end && tw_byte_line_end(stream->syntax.terminator[0]) && !looked->released))
		return TW_SEGMENT_SPLIT;
	return end ? TW_SEGMENT_CUT : TW_SEGMENT_NO_END;
}

/* What a segment's unit has whatever it was split into. */
static inline void tw_segment_fill(const struct tw_segment_stream *stream,
				   struct tw_segment *segment, size_t length)
{
	struct tw_unit *unit = &segment->unit;

	unit->bytes = tw_slice(stream->cursor.window.data + segment->start, length);
	unit->offset = stream->offset + segment->start;
	unit->release = stream->syntax.release;
	unit->decimal = stream->syntax.decimal;
}

/* A segment that is not for slots, or not whole yet: into pieces. */
TW_SEGMENT_APART enum tw_segment_outcome tw_segment_take_pieces(struct tw_segment_stream *stream,
								struct tw_segment *segment,
								bool end)
{
	const struct tw_slice window = stream->cursor.window;
	enum tw_segment_outcome outcome = tw_segment_find_end(stream, segment, end);

	if (outcome == TW_SEGMENT_NO_END)
		return outcome;
	tw_segment_stream_forget(stream);
	if (outcome != TW_SEGMENT_SPLIT)
		return outcome;
	if (segment->end - segment->start > stream->limits.segment_bytes)
		return TW_SEGMENT_TOO_LONG;
	tw_segment_pieces(&stream->cursor, &stream->syntax, segment, stream->pieces,
			  stream->limits.segment_pieces);
	size_t length = segment->end - segment->start;
	if (segment->end < window.length)
		length += stream->syntax.terminator_length;
	tw_segment_fill(stream, segment, length);
	segment->unit.tag = tw_segment_tag(stream, segment);
	/* The tag is none of the unit's pieces. */
	unsigned tagged = segment->unit.tag.length > 0;
	segment->unit.slots = NULL;
	segment->unit.pieces = stream->pieces + tagged;
	segment->unit.piece_count = segment->count - tagged;
	return TW_SEGMENT_SPLIT;
}

/*
 * Takes the segment at segment->start of the window: fills `segment`, and the stream's
 * slots or pieces. `end`: nothing follows the window. TW_SEGMENT_NO_END: call again with
 * more behind the same bytes.
 */
static inline enum tw_segment_outcome tw_segment_take(struct tw_segment_stream *stream,
						      struct tw_segment *segment, bool end)
{
	struct tw_slot *slots = stream->slots.at;
	struct tw_unit *unit = &segment->unit;

	if (stream->looked.at != 0 ||
	    stream->split(stream, segment) != TW_SEGMENT_SPLIT ||
	    unit->piece_count > stream->limits.segment_pieces ||
	    segment->end - segment->start > stream->limits.segment_bytes)
		return tw_segment_take_pieces(stream, segment, end);
	segment->left = 0;
	tw_segment_fill(stream, segment, segment->end + 1 - segment->start);
	unit->tag = tw_slice(unit->bytes.data, slots[0].end);
	unit->slots = slots;
	unit->pieces = NULL;
	slots[0].end = 0;
	return TW_SEGMENT_SPLIT;
}

/*
 * Passes over a segment that is too long, in constant memory: over the bytes of
 * `rest` that belong to it, *ret_passed of them. True: it ends there; false: more of it
 * follows.
 */
static inline bool tw_segment_pass(struct tw_segment_stream *stream, struct tw_slice rest, bool end,
				   size_t *ret_passed)
{
	bool found = tw_segment_look(&stream->cursor, &stream->syntax,
				     stream->cursor.window.length - rest.length, &stream->looked);

	*ret_passed = stream->looked.at + (found ? stream->syntax.terminator_length : 0);
	stream->looked.at = 0;
	if (found || end)
		tw_segment_stream_forget(stream);
	if (end && !found)
		*ret_passed = rest.length;
	return found;
}

/* Whether the first three of four bytes are letters from A to Z. */
static inline bool tw_segment_three_letters(const char *bytes)
{
	static const unsigned char high[4] = {0x80, 0x80, 0x80, 0};
	uint32_t word, three;

	memcpy(&word, bytes, sizeof(word));
	memcpy(&three, high, sizeof(three));
	/* The lowest byte that is none borrows from none below, so that it is always seen. */
	return ((((word - 0x41414141u) | (0x5a5a5a5au - word)) | word) & three) == 0;
}

/* Letters, and digits behind the first: three characters, or `least`. */
static inline bool tw_segment_tag_valid(const struct tw_unit *unit, size_t least)
{
	const struct tw_slice tag = unit->tag;

	/* A folded tag does not stand in the bytes. */
	if (tag.length == 3 && unit->bytes.length > 3 && tag.data == unit->bytes.data &&
	    tw_segment_three_letters(tag.data))
		return true;
	if (tag.length > 3 || tag.length < least || tw_byte_digit(tag.data[0]))
		return false;
	for (size_t i = 0; i < tag.length; i++)
		if (!tw_byte_upper(tag.data[i]) && !tw_byte_digit(tag.data[i]))
			return false;
	return true;
}

/* The bytes of an element's component (first repetition), not of the tag; empty: there is none. */
static inline struct tw_slice tw_segment_piece(const struct tw_segment_stream *stream,
					       const struct tw_segment *segment, unsigned element,
					       unsigned component)
{
	const struct tw_slice window = stream->cursor.window;
	const struct tw_piece *piece = stream->pieces;
	unsigned place = element * TW_UNIT_COMPONENTS + component - 1;

	if (segment->unit.slots != NULL) {
		if (place >= TW_UNIT_SLOTS || component > TW_UNIT_COMPONENTS)
			return tw_slice(NULL, 0);
		struct tw_slot slot = stream->slots.at[place];
		return tw_slice_part(window, segment->start + slot.start,
				     (size_t)(slot.end - slot.start));
	}
	for (unsigned i = 0; i < segment->count; i++, piece++)
		if (piece->element == element && piece->component == component &&
		    piece->repetition == 1)
			return tw_slice_part(window, segment->start + piece->start, piece->length);
	return tw_slice(NULL, 0);
}

/* Place of the segment, for an anomaly of it; `element` from 1, 0: none. */
static inline struct tw_anomaly_at tw_segment_at(const struct tw_segment *segment,
						 const char *code, unsigned element)
{
	return (struct tw_anomaly_at){
		.code = code,
		.offset = segment->unit.offset,
		.length = segment->unit.bytes.length,
		.segment = segment->unit.tag,
		.element = element,
	};
}

/* Place of the pieces beyond the limit; its length is 0 where there are none. */
static inline struct tw_anomaly_at tw_segment_left(const struct tw_segment *segment,
						   const char *code)
{
	return (struct tw_anomaly_at){
		.code = code,
		.offset = segment->unit.offset + segment->left,
		.length = segment->left == 0 ? 0 : segment->end - segment->start - segment->left,
		.segment = segment->unit.tag,
	};
}

#endif
