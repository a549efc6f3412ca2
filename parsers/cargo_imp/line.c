/* SPDX-License-Identifier: Apache-2.0 */
#include "line.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

bool tw_imp_control(int byte)
{
	return byte >= 0 && byte < 0x20 && byte != '\t';
}

static bool upper(int byte)
{
	return (unsigned)byte - 'A' < 26;
}

static bool digit(int byte)
{
	return (unsigned)byte - '0' < 10;
}

size_t tw_imp_line_end(struct tw_slice bytes, size_t at)
{
#if defined(__SSE2__)
	const __m128i limit = _mm_set1_epi8(0x1f), tab = _mm_set1_epi8('\t');
	for (; at < bytes.length && bytes.length - at >= 16; at += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)(bytes.data + at));
		__m128i low = _mm_cmpeq_epi8(_mm_min_epu8(v, limit), v);
		int found = _mm_movemask_epi8(_mm_andnot_si128(_mm_cmpeq_epi8(v, tab), low));
		if (found != 0)
			return at + (unsigned)__builtin_ctz((unsigned)found);
	}
#endif
	while (at < bytes.length && !tw_imp_control(tw_slice_at(bytes, at)))
		at++;
	return at;
}

struct tw_slice tw_imp_trim(struct tw_slice line)
{
	while (tw_slice_at(line, 0) == ' ' || tw_slice_at(line, 0) == '\t')
		line = tw_slice_from(line, 1);
	while (line.length > 0 && (line.data[line.length - 1] == ' ' ||
				   line.data[line.length - 1] == '\t'))
		line.length--;
	return line;
}

struct tw_slice tw_imp_first(struct tw_slice line)
{
	const char *slash = line.length == 0 ? NULL : memchr(line.data, '/', line.length);

	return slash == NULL ? line : tw_slice_part(line, 0, (size_t)(slash - line.data));
}

static bool all_of(struct tw_slice text, size_t least, size_t most, unsigned kinds)
{
	if (text.length < least || text.length > most)
		return false;
	for (size_t i = 0; i < text.length; i++) {
		int byte = tw_slice_at(text, i);
		if (!((kinds & 1u) != 0 && upper(byte)) && !((kinds & 2u) != 0 && digit(byte)))
			return false;
	}
	return true;
}

bool tw_imp_letters(struct tw_slice text, size_t least, size_t most)
{
	return all_of(text, least, most, 1);
}

bool tw_imp_digits(struct tw_slice text, size_t least, size_t most)
{
	return all_of(text, least, most, 2);
}

bool tw_imp_alphanumeric(struct tw_slice text, size_t least, size_t most)
{
	return all_of(text, least, most, 3);
}

bool tw_imp_is_versioned(struct tw_slice line)
{
	return line.length <= 7 && tw_slice_at(line, 3) == '/' &&
	       tw_imp_letters(tw_slice_part(line, 0, 3), 3, 3) &&
	       tw_imp_digits(tw_slice_from(line, 4), 1, 3);
}

bool tw_imp_is_waybill(struct tw_slice line)
{
	return tw_slice_at(line, 3) == '-' && tw_imp_digits(tw_slice_part(line, 0, 3), 3, 3) &&
	       digit(tw_slice_at(line, 4));
}

/* Carrier (two characters, not both digits), one to four digits, perhaps a letter. */
static bool is_flight_number(struct tw_slice text)
{
	struct tw_slice number = tw_slice_from(text, 2);

	if (number.length > 1 && upper(tw_slice_at(number, number.length - 1)))
		number.length--;
	return tw_imp_alphanumeric(tw_slice_part(text, 0, 2), 2, 2) &&
	       !tw_imp_digits(tw_slice_part(text, 0, 2), 2, 2) && tw_imp_digits(number, 1, 4);
}

bool tw_imp_is_flight(struct tw_slice line)
{
	struct tw_slice flight = tw_imp_first(line);

	if (!is_flight_number(flight))
		return false;
	struct tw_slice day = tw_imp_first(tw_slice_from(line, flight.length + 1));
	return day.length >= 2 && day.length <= 9 &&
	       tw_imp_digits(tw_slice_part(day, 0, 2), 2, 2);
}

bool tw_imp_is_page(struct tw_slice line)
{
	struct tw_slice number = tw_imp_first(line);

	return tw_imp_digits(number, 1, 2) && tw_imp_is_flight(tw_slice_from(line, number.length + 1));
}

bool tw_imp_is_location(struct tw_slice line)
{
	return tw_imp_letters(tw_slice_part(line, 0, 3), 3, 3) &&
	       tw_imp_alphanumeric(tw_slice_from(line, 3), 2, 4);
}

bool tw_imp_is_identified(struct tw_slice line)
{
	return tw_imp_letters(tw_imp_first(line), 3, 3);
}

static bool has_high(struct tw_slice text)
{
	uint64_t all = 0;
	size_t at = 0;

	for (uint64_t word; text.length - at >= sizeof(word); at += sizeof(word)) {
		memcpy(&word, text.data + at, sizeof(word));
		all |= word;
	}
	for (; at < text.length; at++)
		all |= (unsigned char)text.data[at];
	return (all & 0x8080808080808080u) != 0;
}

/* False: there was no room. */
static bool add_piece(struct tw_imp_split *split, struct tw_slice line, struct tw_piece piece)
{
	if (piece.length == 0)
		return true;
	if (split->count >= split->limit)
		return false;
	if (split->high && has_high(tw_slice_part(line, piece.start, piece.length)))
		piece.flags = TW_PIECE_HIGH;
	split->pieces[split->count++] = piece;
	return true;
}

/* An amount and its currency, 120-USD, are two components. */
static bool add_element(struct tw_imp_split *split, struct tw_slice line, struct tw_piece piece)
{
	const char *hyphen = !split->amounts || piece.length == 0
				     ? NULL
				     : memchr(line.data + piece.start, '-', piece.length);
	struct tw_piece rest = piece;

	if (hyphen == NULL)
		return add_piece(split, line, piece);
	piece.length = (uint32_t)(hyphen - line.data) - piece.start;
	rest.start += piece.length + 1;
	rest.length -= piece.length + 1;
	rest.component = 2;
	return add_piece(split, line, piece) && add_piece(split, line, rest);
}

void tw_imp_split(struct tw_slice line, size_t at, unsigned number, struct tw_imp_split *split)
{
	unsigned element = 1;
	uint8_t repetition = (uint8_t)(number < UINT8_MAX ? number : UINT8_MAX);

	split->count = 0;
	split->left = 0;
	split->high = has_high(line);
	while (at < line.length) {
		size_t length = tw_imp_first(tw_slice_from(line, at)).length;
		struct tw_piece piece = {
			.start = (uint32_t)at,
			.length = (uint32_t)length,
			.element = (uint16_t)element,
			.component = 1,
			.repetition = repetition,
		};
		if (element > UINT16_MAX || !add_element(split, line, piece)) {
			split->left = at;
			return;
		}
		element++;
		at += length + 1;
	}
}

void tw_imp_whole(struct tw_slice line, unsigned number, struct tw_imp_split *split)
{
	split->count = 0;
	split->left = 0;
	split->high = has_high(line);
	(void)add_piece(split, line, (struct tw_piece){
		.length = (uint32_t)line.length,
		.element = 1,
		.component = 1,
		.repetition = (uint8_t)(number < UINT8_MAX ? number : UINT8_MAX),
	});
}
