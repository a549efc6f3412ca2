/* SPDX-License-Identifier: Apache-2.0 */
#include "split.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define BLOCK 64u
/*
 * More delimiters than this in one segment are left to tw_x12_pieces: below
 * it no component number can pass 255, so the hot loop need not check. With the
 * 64 of a last block it stays within TW_X12_FAST_PIECES.
 */
#define FAST_DELIMITERS 250u

/*
 * The numbers of a piece in one word: element in bits 0-15, component 16-23,
 * repetition 24-31, flags 32-39, which is their place in struct tw_piece on a
 * little-endian machine. A delimiter keeps some of it and adds to it.
 */
#define ONE_ELEMENT UINT64_C(1)
#define ONE_COMPONENT (UINT64_C(1) << 16)
#define ONE_REPETITION (UINT64_C(1) << 24)
#define FLAG(flag) ((uint64_t)(flag) << 32)
#define TAG_NUMBERS (ONE_COMPONENT | ONE_REPETITION)

static const uint64_t numbers_kept[] = {
	[TW_X12_ELEMENT] = 0xffff,
	[TW_X12_COMPONENT] = 0xffffffff,
	[TW_X12_REPETITION] = 0xff00ffff,
};
static const uint64_t numbers_added[] = {
	[TW_X12_ELEMENT] = ONE_ELEMENT | ONE_COMPONENT | ONE_REPETITION,
	[TW_X12_COMPONENT] = ONE_COMPONENT,
	[TW_X12_REPETITION] = ONE_COMPONENT | ONE_REPETITION,
};

static void piece_set(struct tw_piece *piece, size_t start, size_t end, uint64_t numbers)
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
static __m128i sixteen(const char *data)
{
	return _mm_loadu_si128((const __m128i *)(const void *)data);
}

/*
 * Bits of the bytes that may mean something: the separators, and all control
 * characters (one comparison instead of two for CR and LF). Which it is,
 * the class table says.
 */
static void block_bits(const struct tw_x12_syntax *syntax, const char *data, uint64_t *events,
		       uint64_t *high)
{
	const __m128i element = sixteen(syntax->needles[0]);
	const __m128i component = sixteen(syntax->needles[1]);
	const __m128i terminator = sixteen(syntax->needles[2]);
	const __m128i release = sixteen(syntax->needles[3]);
	const __m128i repetition = sixteen(syntax->needles[4]);
	const __m128i control = _mm_set1_epi8(0x1f);
	uint64_t found = 0, above = 0;

	for (unsigned i = 0; i < BLOCK; i += 16) {
		__m128i v = sixteen(data + i);
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
static void block_bits(const struct tw_x12_syntax *syntax, const char *data, uint64_t *events,
		       uint64_t *high)
{
	uint64_t found = 0, above = 0;

	for (unsigned i = 0; i < BLOCK; i++) {
		unsigned char byte = (unsigned char)data[i];
		found |= (uint64_t)(syntax->class[byte] != TW_X12_TEXT || byte < 0x20) << i;
		above |= (uint64_t)(byte >> 7) << i;
	}
	*events = found;
	*high = above;
}
#endif

/* The last block of a window; apart, so that only it pays for its array on the stack. */
static void cursor_load_last(struct tw_x12_cursor *cursor,
			     const struct tw_x12_syntax *syntax, struct tw_slice bytes)
{
	char padded[BLOCK] = {0};

	if (bytes.length > 0)
		memcpy(padded, bytes.data, bytes.length);
	block_bits(syntax, padded, &cursor->events, &cursor->high);
	cursor->events &= (UINT64_C(1) << bytes.length) - 1;
}

/* Loads the block at `base`; bytes beyond the window count as nothing. */
static void cursor_load(struct tw_x12_cursor *cursor, const struct tw_x12_syntax *syntax,
			size_t base)
{
	struct tw_slice bytes = tw_slice_part(cursor->window, base, BLOCK);

	cursor->base = base;
	cursor->loaded = true;
	if (bytes.length == BLOCK)
		block_bits(syntax, bytes.data, &cursor->events, &cursor->high);
	else
		cursor_load_last(cursor, syntax, bytes);
}

/* Forgets the bits before `at`, loading another block if need be. */
static void cursor_seek(struct tw_x12_cursor *cursor, const struct tw_x12_syntax *syntax,
			size_t at)
{
	size_t over = at - cursor->base;

	if (!cursor->loaded || at < cursor->base || over >= BLOCK) {
		cursor_load(cursor, syntax, at);
		return;
	}
	cursor->events &= ~UINT64_C(0) << over;
	cursor->high &= ~UINT64_C(0) << over;
}

/* Behind a release character at `at`: the place behind what it releases, line ends not counted. */
static size_t released_end(struct tw_slice window, const struct tw_x12_syntax *syntax,
			   size_t at)
{
	int byte;

	do {
		byte = tw_slice_at(window, ++at);
	} while (byte >= 0 && syntax->class[byte] == TW_X12_FOLD);
	return at + 1;
}

/* Sets the flag of pieces that hold bytes above 0x7f, once it is known that some may. */
static void pieces_high(struct tw_slice window, const struct tw_x12_segment *segment,
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
static void trim_line_end(struct tw_slice window, const struct tw_x12_syntax *syntax,
			  struct tw_x12_segment *segment, struct tw_piece *pieces)
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

static void segment_close(struct tw_slice window, const struct tw_x12_syntax *syntax,
			  struct tw_x12_segment *segment, struct tw_piece *pieces, bool high)
{
	trim_line_end(window, syntax, segment, pieces);
	if (high)
		pieces_high(window, segment, pieces);
}

/*
 * The hot loop. Each delimiter writes its piece without asking whether it is
 * empty and moves on only if it is not: branches on what kind of delimiter comes
 * next cannot be predicted, and a wrong guess costs more than a store. It is
 * longer than a function should be because its variables have to stay in registers.
 */
enum tw_x12_outcome tw_x12_split(struct tw_x12_cursor *cursor, const struct tw_x12_syntax *syntax,
				 struct tw_x12_segment *segment, struct tw_piece *pieces)
{
	const struct tw_slice window = cursor->window;
	const size_t origin = segment->start;
	uint64_t numbers = TAG_NUMBERS;
	struct tw_piece *piece = pieces;
	unsigned delimiters = 0;
	size_t start = 0;

	cursor_seek(cursor, syntax, origin);
	uint64_t high = cursor->high, events = cursor->events;
	size_t base = cursor->base;
	for (;;) {
		while (events != 0) {
			size_t at = base + (unsigned)__builtin_ctzll(events);
			unsigned class = syntax->class[(unsigned char)window.data[at]];
			size_t end = at - origin;
			events &= events - 1;
			if (class <= TW_X12_REPETITION) {
				piece_set(piece, start, end, numbers);
				piece += end != start;
				numbers = (numbers & numbers_kept[class]) + numbers_added[class];
				start = end + 1;
				delimiters++;
			} else if (class == TW_X12_TERMINATOR) {
				if (syntax->terminator_length > 1) {
					int ends = tw_x12_syntax_ends(syntax, window, at);
					if (ends == 0)
						continue;
					if (ends < 0)
						return TW_X12_NO_END;
				}
				piece_set(piece, start, end, numbers);
				piece += end != start;
				cursor->events = events;
				segment->end = at;
				segment->count = (unsigned)(piece - pieces);
				if (delimiters > FAST_DELIMITERS)
					return TW_X12_UNUSUAL;
				if (high != 0 || syntax->terminator[0] == '\n')
					segment_close(window, syntax, segment, pieces, high != 0);
				return TW_X12_SPLIT;
			} else if (class == TW_X12_FOLD) {
				numbers |= FLAG(TW_PIECE_FOLDED);
			} else if (class == TW_X12_RELEASE) {
				size_t behind = released_end(window, syntax, at);
				if (behind > window.length)
					return TW_X12_NO_END;
				numbers |= FLAG(TW_PIECE_RELEASED);
				if (behind - at > 2)
					numbers |= FLAG(TW_PIECE_FOLDED);
				high |= (unsigned char)window.data[behind - 1] & 0x80;
				cursor->events = events;
				cursor_seek(cursor, syntax, behind);
				high |= cursor->high;
				events = cursor->events;
				base = cursor->base;
				if (delimiters > FAST_DELIMITERS)
					return TW_X12_UNUSUAL;
			}
		}
		if (window.length - base <= BLOCK)
			return TW_X12_NO_END;
		if (delimiters > FAST_DELIMITERS)
			return TW_X12_UNUSUAL;
		cursor_load(cursor, syntax, base + BLOCK);
		high |= cursor->high;
		events = cursor->events;
		base = cursor->base;
	}
}

/* ---- segments that are long, or not ordinary -------------------------------- */

/* The first byte at or behind `at` that may be a terminator or is a release character, or the length. */
static size_t next_turn(const struct tw_x12_syntax *syntax, struct tw_slice bytes, size_t at)
{
	struct tw_x12_cursor cursor = {.window = bytes};

	for (; at < bytes.length; at = cursor.base + BLOCK) {
		cursor_load(&cursor, syntax, at);
		for (; cursor.events != 0; cursor.events &= cursor.events - 1) {
			size_t place = cursor.base + (unsigned)__builtin_ctzll(cursor.events);
			unsigned class = syntax->class[(unsigned char)bytes.data[place]];
			if (class == TW_X12_TERMINATOR || class == TW_X12_RELEASE)
				return place;
		}
	}
	return bytes.length;
}

/* Passes over what a release character releases. False: it is not there yet. */
static bool look_released(const struct tw_x12_syntax *syntax, struct tw_slice bytes,
			  struct tw_x12_looked *looked)
{
	int byte;

	while ((byte = tw_slice_at(bytes, looked->at)) >= 0) {
		looked->at++;
		if (syntax->class[byte] != TW_X12_FOLD)
			break;
	}
	looked->released = byte < 0;
	return byte >= 0;
}

bool tw_x12_look(const struct tw_x12_syntax *syntax, struct tw_slice bytes,
		 struct tw_x12_looked *looked)
{
	for (;;) {
		if (looked->released && !look_released(syntax, bytes, looked))
			return false;
		looked->at = next_turn(syntax, bytes, looked->at);
		if (looked->at >= bytes.length)
			return false;
		unsigned class = syntax->class[(unsigned char)bytes.data[looked->at]];
		if (class == TW_X12_TERMINATOR) {
			int ends = tw_x12_syntax_ends(syntax, bytes, looked->at);
			if (ends != 0)
				return ends > 0;
		}
		looked->released = class == TW_X12_RELEASE;
		looked->at++;
	}
}

/* A piece being built by tw_x12_pieces, its numbers not yet held to the size of their fields. */
struct growing {
	size_t start;
	unsigned element, component, repetition;
	uint8_t flags;
};

static bool growing_add(const struct growing *piece, size_t end, struct tw_piece *pieces,
			unsigned *count, unsigned limit)
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

static void growing_next(struct growing *piece, unsigned class, size_t start)
{
	piece->start = start;
	piece->flags = 0;
	piece->component++;
	if (class != TW_X12_COMPONENT)
		piece->component = 1;
	piece->repetition += class == TW_X12_REPETITION;
	if (class != TW_X12_ELEMENT)
		return;
	piece->repetition = 1;
	piece->element++;
}

/* A byte of text: flags, and what it makes of the bytes behind it. Returns where to go on. */
static size_t growing_text(const struct tw_x12_syntax *syntax, struct tw_slice bytes, size_t at,
			   struct growing *piece)
{
	struct tw_x12_looked looked = {.at = at + 1};
	unsigned class = syntax->class[(unsigned char)bytes.data[at]];

	if (class == TW_X12_FOLD)
		piece->flags |= TW_PIECE_FOLDED;
	if (class == TW_X12_RELEASE) {
		looked.released = true;
		look_released(syntax, bytes, &looked);
		piece->flags |= TW_PIECE_RELEASED;
		if (looked.at - at > 2)
			piece->flags |= TW_PIECE_FOLDED;
	}
	return looked.at;
}

void tw_x12_pieces(const struct tw_x12_syntax *syntax, struct tw_slice window,
		   struct tw_x12_segment *segment, struct tw_piece *pieces, unsigned limit)
{
	struct tw_slice bytes =
		tw_slice_part(window, segment->start, segment->end - segment->start);
	struct growing piece = {.component = 1, .repetition = 1};
	size_t at = 0;
	bool fits = true;

	segment->count = 0;
	while (fits && at < bytes.length) {
		unsigned class = syntax->class[(unsigned char)bytes.data[at]];
		if (class > TW_X12_REPETITION) {
			at = growing_text(syntax, bytes, at, &piece);
			continue;
		}
		fits = growing_add(&piece, at, pieces, &segment->count, limit);
		if (fits)
			growing_next(&piece, class, ++at);
	}
	fits = fits && growing_add(&piece, bytes.length, pieces, &segment->count, limit);
	segment->left = fits ? 0 : piece.start;
	segment_close(window, syntax, segment, pieces, true);
}
