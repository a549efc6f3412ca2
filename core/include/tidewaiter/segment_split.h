/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TIDEWAITER_SEGMENT_SPLIT_H
#define TIDEWAITER_SEGMENT_SPLIT_H

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "tidewaiter/delimiters.h"
#include "tidewaiter/parser.h"

/*
 * Splits one segment of a delimited syntax into pieces. Three ways, by what is asked:
 *
 *   tw_segment_split   the hot path: a segment that lies whole in the window and is
 *                      ordinary. Compares 64 bytes at once and walks the bits of
 *                      what was found; a cursor carries the bits from one segment
 *                      to the next.
 *   tw_segment_look    only looks for the terminator; can be interrupted anywhere and
 *                      goes on where it stopped, so that a segment that comes in a
 *                      million reads is looked at once.
 *   tw_segment_pieces  a segment whose end is known: any number of pieces, ISO 2022.
 *
 * All three agree on where a segment ends. A parser calls them through
 * tidewaiter/segments.h. All inline, so that a parser needs nothing but its own file
 * to be tested; nothing is allocated; one thread for each cursor. Weakness: empty
 * elements and components give no piece; their numbers tell.
 */

struct tw_segment_cursor {
	struct tw_slice window;
	size_t base;	 /* of the 64 bytes the bits stand for */
	uint64_t events; /* bits of bytes that mean something, not yet seen */
	uint64_t high;	 /* bits of bytes above 0x7f */
	bool loaded;	 /* false: the bits are to be made again */
};

struct tw_segment {
	size_t start;  /* in the window: the first byte of the tag */
	size_t end;    /* the terminator's place, or the end of the window */
	size_t behind; /* the terminator, or the end of the window; tw_segment_take sets it */
	unsigned count;
	bool indexed;	     /* the split filled the index */
	size_t left;	     /* where pieces beyond the limit start, relative; 0: there are none */
	struct tw_slice tag; /* tw_segment_take sets it; empty: it has none */
};

/* How far a segment was looked through; all zero before its first byte. */
struct tw_segment_looked {
	size_t at;     /* relative to the segment */
	bool released; /* the next byte of text is released */
	bool two_byte; /* within two-byte characters (ISO 2022) */
};

enum tw_segment_outcome {
	TW_SEGMENT_SPLIT,
	TW_SEGMENT_NO_END,   /* no terminator in the window */
	TW_SEGMENT_UNUSUAL,  /* for tw_segment_look and tw_segment_pieces */
	TW_SEGMENT_TOO_LONG, /* longer than limits.segment_bytes; only tw_segment_take */
	TW_SEGMENT_CUT,	     /* the input ends inside it; only tw_segment_take */
};

/* Room the piece array must have for tw_segment_split, whatever the limit. */
#define TW_SEGMENT_FAST_PIECES 320u

/* Not inlined, or its variables would be laid in memory; in each file that includes it. */
#if defined(__GNUC__)
#define TW_SEGMENT_APART __attribute__((noinline, unused)) static
#else
#define TW_SEGMENT_APART static inline
#endif

/*
 * tw_segment_split also writes down where each piece stands, as tw_unit.index has
 * it. An element has TW_UNIT_COMPONENTS places; a repetition, of which the first
 * would count, sends all that follows to places beyond TW_SEGMENT_ASTRAY. So does a
 * component too many, to those of the next element. Either is seen at the end.
 */
#define TW_SEGMENT_ASTRAY 2048u
#define TW_SEGMENT_INDEX (2u * TW_SEGMENT_ASTRAY)

#define TW_SEGMENT_BLOCK 64u
#define TW_SEGMENT_ESC 0x1b
/*
 * More pieces than this in one segment are left to tw_segment_pieces, and more
 * delimiters where there are repetitions or many components: below it no number
 * of either can pass 255, so the hot loop need not check. With the 64 of a last
 * block it stays within TW_SEGMENT_FAST_PIECES.
 */
#define TW_SEGMENT_FAST_DELIMITERS 250u

/*
 * The numbers of a piece in one word: element in bits 0-15, component 16-23,
 * repetition 24-31, flags 32-39, which is their place in struct tw_piece on a
 * little-endian machine. A delimiter keeps some of it and adds to it.
 */
#define TW_SEGMENT_ONE_ELEMENT UINT64_C(1)
#define TW_SEGMENT_ONE_COMPONENT (UINT64_C(1) << 16)
#define TW_SEGMENT_ONE_REPETITION (UINT64_C(1) << 24)
#define TW_SEGMENT_FLAG(flag) ((uint64_t)(flag) << 32)
#define TW_SEGMENT_TAG_NUMBERS (TW_SEGMENT_ONE_COMPONENT | TW_SEGMENT_ONE_REPETITION)

static inline void tw_segment_piece_set(struct tw_piece *piece, size_t start, size_t end,
					uint64_t numbers)
{
	piece->start = (uint32_t)start;
	piece->length = (uint32_t)(end - start);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	_Static_assert(offsetof(struct tw_piece, component) ==
			       offsetof(struct tw_piece, element) + 2 &&
		       offsetof(struct tw_piece, repetition) ==
			       offsetof(struct tw_piece, element) + 3 &&
		       offsetof(struct tw_piece, flags) ==
			       offsetof(struct tw_piece, element) + 4 &&
		       sizeof(struct tw_piece) >= offsetof(struct tw_piece, element) + 8,
		       "numbers are stored as one word");
	memcpy((char *)(void *)piece + offsetof(struct tw_piece, element), &numbers, 8);
#else
	piece->element = (uint16_t)numbers;
	piece->component = (uint8_t)(numbers >> 16);
	piece->repetition = (uint8_t)(numbers >> 24);
	piece->flags = (uint8_t)(numbers >> 32);
#endif
}

/* ---- 64 bytes at once ------------------------------------------------------ */

#if defined(__SSE2__)
static inline __m128i tw_segment_sixteen(const char *data)
{
	return _mm_loadu_si128((const __m128i *)(const void *)data);
}

/*
 * Bits of the bytes that may mean something: the separators, and all control
 * characters (one comparison instead of three for CR, LF and ESC). Which it is,
 * the class table says.
 */
static inline void tw_segment_block_bits(const struct tw_delimiters *syntax, const char *data,
					 uint64_t *events, uint64_t *high)
{
	const __m128i element = tw_segment_sixteen(syntax->needles[0]);
	const __m128i component = tw_segment_sixteen(syntax->needles[1]);
	const __m128i terminator = tw_segment_sixteen(syntax->needles[2]);
	const __m128i release = tw_segment_sixteen(syntax->needles[3]);
	const __m128i repetition = tw_segment_sixteen(syntax->needles[4]);
	const __m128i control = _mm_set1_epi8(0x1f);
	uint64_t found = 0, above = 0;

	for (unsigned i = 0; i < TW_SEGMENT_BLOCK; i += 16) {
		__m128i v = tw_segment_sixteen(data + i);
		__m128i m = _mm_or_si128(_mm_cmpeq_epi8(v, element), _mm_cmpeq_epi8(v, component));
		m = _mm_or_si128(m, _mm_cmpeq_epi8(v, terminator));
		m = _mm_or_si128(m, _mm_or_si128(_mm_cmpeq_epi8(v, release),
						 _mm_cmpeq_epi8(v, repetition)));
		m = _mm_or_si128(m, _mm_cmpeq_epi8(_mm_min_epu8(v, control), v));
		found |= (uint64_t)(unsigned)_mm_movemask_epi8(m) << i;
		above |= (uint64_t)(unsigned)_mm_movemask_epi8(v) << i;
	}
	*events = found;
	*high = above;
}
#else
static inline void tw_segment_block_bits(const struct tw_delimiters *syntax, const char *data,
					 uint64_t *events, uint64_t *high)
{
	uint64_t found = 0, above = 0;

	for (unsigned i = 0; i < TW_SEGMENT_BLOCK; i++) {
		unsigned char byte = (unsigned char)data[i];
		found |= (uint64_t)(syntax->class[byte] != TW_BYTE_TEXT || byte < 0x20) << i;
		above |= (uint64_t)(byte >> 7) << i;
	}
	*events = found;
	*high = above;
}
#endif

/* The last block of a window; apart, so that only it pays for its array on the stack. */
TW_SEGMENT_APART void tw_segment_cursor_load_last(struct tw_segment_cursor *cursor,
					       const struct tw_delimiters *syntax,
					       struct tw_slice bytes)
{
	char padded[TW_SEGMENT_BLOCK] = {0};

	if (bytes.length > 0)
		memcpy(padded, bytes.data, bytes.length);
	tw_segment_block_bits(syntax, padded, &cursor->events, &cursor->high);
	cursor->events &= (UINT64_C(1) << bytes.length) - 1;
}

/* Loads the block at `base`; bytes beyond the window count as nothing. */
static inline void tw_segment_cursor_load(struct tw_segment_cursor *cursor,
					  const struct tw_delimiters *syntax, size_t base)
{
	cursor->base = base;
	cursor->loaded = true;
	if (base <= cursor->window.length && cursor->window.length - base >= TW_SEGMENT_BLOCK)
		tw_segment_block_bits(syntax, cursor->window.data + base, &cursor->events,
				      &cursor->high);
	else
		tw_segment_cursor_load_last(cursor, syntax,
					    tw_slice_from(cursor->window, base));
}

/* Forgets the bits before `at`, loading another block if need be. */
static inline void tw_segment_cursor_seek(struct tw_segment_cursor *cursor,
					  const struct tw_delimiters *syntax, size_t at)
{
	size_t over = at - cursor->base;

	if (!cursor->loaded || at < cursor->base || over >= TW_SEGMENT_BLOCK) {
		tw_segment_cursor_load(cursor, syntax, at);
		return;
	}
	cursor->events &= ~UINT64_C(0) << over;
	cursor->high &= ~UINT64_C(0) << over;
}

/* Behind a release character at `at`: the place behind what it releases, line ends not counted. */
static inline size_t tw_segment_released_end(struct tw_slice window,
					     const struct tw_delimiters *syntax, size_t at)
{
	int byte;

	do {
		byte = tw_slice_at(window, ++at);
	} while (byte >= 0 && syntax->class[byte] == TW_BYTE_FOLD);
	return at + 1;
}

/* Sets the flag of pieces that hold bytes above 0x7f, once it is known that some may. */
static inline void tw_segment_pieces_high(struct tw_slice window, const struct tw_segment *segment,
					  struct tw_piece *pieces)
{
	for (unsigned i = 0; i < segment->count; i++) {
		struct tw_slice text = tw_slice_part(window, segment->start + pieces[i].start,
						     pieces[i].length);
		unsigned char all = 0;
		for (size_t at = 0; at < text.length; at++)
			all |= (unsigned char)text.data[at];
		if (all & 0x80)
			pieces[i].flags |= TW_PIECE_HIGH;
	}
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
	segment->indexed = false;
	if (segment->start + last->start + last->length != segment->end)
		return;
	last->length--;
	segment->count -= last->length == 0;
}

static inline void tw_segment_close(struct tw_slice window, const struct tw_delimiters *syntax,
				    struct tw_segment *segment, struct tw_piece *pieces, bool high)
{
	tw_segment_trim_line_end(window, syntax, segment, pieces);
	if (high)
		tw_segment_pieces_high(window, segment, pieces);
}

/* Forgets the pieces of the last segment; further ones are never looked at. */
static inline void tw_segment_index_clear(unsigned char *index)
{
	/* One by one: gcc makes `rep stos` of a memset of this size, which costs more. */
	for (unsigned i = 0; i < TW_UNIT_INDEX; i += 32) {
		memset(index + i, 0, 16);
		memset(index + i + 16, 0, 16);
	}
}

/* What a delimiter of a class makes of the numbers and the place in the index. */
struct tw_segment_step {
	uint64_t kept, added;
	size_t filled; /* bits of the place to be set, before it goes on by one */
	size_t unused; /* a power of two is found by a shift */
};

/* Whether another block could bring more pieces or places than there is room for. */
static inline bool tw_segment_is_crowded(size_t piece, size_t place)
{
	return piece > TW_SEGMENT_FAST_DELIMITERS ||
	       place % TW_SEGMENT_ASTRAY >=
		       TW_SEGMENT_ASTRAY - TW_SEGMENT_BLOCK * TW_UNIT_COMPONENTS;
}

/*
 * Splits the segment at `segment->start`, filling its end and count, the pieces and
 * the index of TW_SEGMENT_INDEX bytes.
 *
 * The hot loop. Each delimiter writes its piece without asking whether it is
 * empty and moves on only if it is not: branches on what kind of delimiter comes
 * next cannot be predicted, and a wrong guess costs more than a store. It is
 * longer than a function should be because its variables have to stay in registers.
 */
TW_SEGMENT_APART enum tw_segment_outcome tw_segment_split(struct tw_segment_cursor *cursor,
							  const struct tw_delimiters *syntax,
							  struct tw_segment *segment,
							  struct tw_piece *pieces,
							  unsigned char *index)
{
	static const struct tw_segment_step steps[] = {
		[TW_BYTE_ELEMENT] = {0xffff,
				     TW_SEGMENT_ONE_ELEMENT | TW_SEGMENT_ONE_COMPONENT |
					     TW_SEGMENT_ONE_REPETITION,
				     TW_UNIT_COMPONENTS - 1, 0},
		[TW_BYTE_COMPONENT] = {0xffffffff, TW_SEGMENT_ONE_COMPONENT, 0, 0},
		[TW_BYTE_REPETITION] = {0xff00ffff,
					TW_SEGMENT_ONE_COMPONENT | TW_SEGMENT_ONE_REPETITION,
					TW_SEGMENT_ASTRAY, 0},
	};
	const struct tw_slice window = cursor->window;
	const char *text = window.data + segment->start;
	uint64_t numbers = TW_SEGMENT_TAG_NUMBERS, high = 0;
	size_t piece = 0, place = 0, start = 0;

	tw_segment_index_clear(index);
	tw_segment_cursor_seek(cursor, syntax, segment->start);
	for (;;) {
		uint64_t events = cursor->events;
		size_t from = cursor->base - segment->start;
		high |= cursor->high;
		while (events != 0) {
			size_t end = from + (size_t)__builtin_ctzll(events);
			size_t class = syntax->class[(unsigned char)text[end]];
			size_t full = end != start;
			events &= events - 1;
			if (class <= TW_BYTE_REPETITION) {
				tw_segment_piece_set(&pieces[piece], start, end, numbers);
				index[place] = (unsigned char)(piece & (0 - full));
				piece += full;
				numbers = (numbers & steps[class].kept) + steps[class].added;
				place = (place | steps[class].filled) + 1;
				start = end + 1;
			} else if (class == TW_BYTE_TERMINATOR) {
				size_t at = segment->start + end;
				if (syntax->terminator_length > 1) {
					int ends = tw_delimiters_ends(syntax, window, at);
					if (ends == 0)
						continue;
					if (ends < 0)
						return TW_SEGMENT_NO_END;
				}
				tw_segment_piece_set(&pieces[piece], start, end, numbers);
				index[place] = (unsigned char)(piece & (0 - full));
				cursor->events = events;
				segment->end = at;
				segment->count = (unsigned)(piece + full);
				/* Nothing went astray: the place is in the row of its element. */
				segment->indexed = place / TW_UNIT_COMPONENTS == (uint16_t)numbers;
				if (piece > TW_SEGMENT_FAST_DELIMITERS ||
				    (!segment->indexed &&
				     place % TW_SEGMENT_ASTRAY > TW_SEGMENT_FAST_DELIMITERS))
					return TW_SEGMENT_UNUSUAL;
				if (high != 0 || syntax->terminator[0] == '\n')
					tw_segment_close(window, syntax, segment, pieces, high != 0);
				return TW_SEGMENT_SPLIT;
			} else if (class == TW_BYTE_FOLD) {
				numbers |= TW_SEGMENT_FLAG(TW_PIECE_FOLDED);
			} else if (class == TW_BYTE_RELEASE) {
				size_t at = segment->start + end;
				size_t behind = tw_segment_released_end(window, syntax, at);
				if (behind > window.length)
					return TW_SEGMENT_NO_END;
				numbers |= TW_SEGMENT_FLAG(TW_PIECE_RELEASED);
				if (behind - at > 2)
					numbers |= TW_SEGMENT_FLAG(TW_PIECE_FOLDED);
				high |= (unsigned char)window.data[behind - 1] & 0x80;
				cursor->events = events;
				tw_segment_cursor_seek(cursor, syntax, behind);
				high |= cursor->high;
				events = cursor->events;
				from = cursor->base - segment->start;
				if (tw_segment_is_crowded(piece, place))
					return TW_SEGMENT_UNUSUAL;
			} else if (class == TW_BYTE_ESCAPE) {
				return TW_SEGMENT_UNUSUAL;
			}
		}
		if (window.length - cursor->base <= TW_SEGMENT_BLOCK)
			return TW_SEGMENT_NO_END;
		if (tw_segment_is_crowded(piece, place))
			return TW_SEGMENT_UNUSUAL;
		tw_segment_cursor_load(cursor, syntax, cursor->base + TW_SEGMENT_BLOCK);
	}
}

/* ---- segments that are long, or not ordinary -------------------------------- */

/* The first byte at or behind `at` that is a terminator, release or escape, or the length. */
static inline size_t tw_segment_next_turn(const struct tw_delimiters *syntax, struct tw_slice bytes,
					  size_t at)
{
	struct tw_segment_cursor cursor = {.window = bytes};

	for (; at < bytes.length; at = cursor.base + TW_SEGMENT_BLOCK) {
		tw_segment_cursor_load(&cursor, syntax, at);
		for (; cursor.events != 0; cursor.events &= cursor.events - 1) {
			size_t place = cursor.base + (unsigned)__builtin_ctzll(cursor.events);
			unsigned class = syntax->class[(unsigned char)bytes.data[place]];
			if (class == TW_BYTE_TERMINATOR || class == TW_BYTE_RELEASE ||
			    class == TW_BYTE_ESCAPE)
				return place;
		}
	}
	return bytes.length;
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
 * Looks for the terminator in `bytes`, which start with the segment. True: it
 * stands at looked->at. False: all of it, but for a byte or so, was looked through.
 */
static inline bool tw_segment_look(const struct tw_delimiters *syntax, struct tw_slice bytes,
				   struct tw_segment_looked *looked)
{
	for (;;) {
		if (looked->released && !tw_segment_look_released(syntax, bytes, looked))
			return false;
		if (looked->two_byte && !tw_segment_look_two_byte(bytes, looked))
			return false;
		looked->at = tw_segment_next_turn(syntax, bytes, looked->at);
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
	}
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

/* A byte of text: flags, and what it makes of the bytes behind it. Returns where to go on. */
static inline size_t tw_segment_growing_text(const struct tw_delimiters *syntax,
					     struct tw_slice bytes, size_t at,
					     struct tw_segment_growing *piece)
{
	struct tw_segment_looked looked = {.at = at + 1};
	unsigned class = syntax->class[(unsigned char)bytes.data[at]];

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
	return looked.at;
}

/* Splits a segment whose end is known into at most `limit` pieces. */
static inline void tw_segment_pieces(const struct tw_delimiters *syntax, struct tw_slice window,
				     struct tw_segment *segment, struct tw_piece *pieces,
				     unsigned limit)
{
	struct tw_slice bytes =
		tw_slice_part(window, segment->start, segment->end - segment->start);
	struct tw_segment_growing piece = {.component = 1, .repetition = 1};
	size_t at = 0;
	bool fits = true;

	segment->count = 0;
	segment->indexed = false;
	while (fits && at < bytes.length) {
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
	tw_segment_close(window, syntax, segment, pieces, true);
}

#endif
