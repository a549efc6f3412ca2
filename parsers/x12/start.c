/* SPDX-License-Identifier: Apache-2.0 */
#include "syntax.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* ISA01 has two characters; one more or less is seen. ISA02 has ten, of two bytes each at worst. */
#define FIRST_ELEMENT 4u
#define SECOND_ELEMENT 24u

static enum tw_x12_start more_or_none(bool end)
{
	return end ? TW_X12_START_NONE : TW_X12_START_MORE;
}

/*
 * ISA, a separator, one to four characters and the separator, and again within
 * the length of ISA02. "ISA" also begins words and names.
 */
static enum tw_x12_start start_header(struct tw_slice bytes, bool end)
{
	int element = tw_slice_at(bytes, 3);
	size_t at = 4;

	if (bytes.length < 4)
		return more_or_none(end);
	if (!tw_x12_separator(element))
		return TW_X12_START_NONE;
	for (; at < bytes.length && tw_slice_at(bytes, at) != element; at++)
		if (at >= 4 + FIRST_ELEMENT || !tw_byte_alphanumeric(tw_slice_at(bytes, at)))
			return TW_X12_START_NONE;
	if (at == bytes.length)
		return more_or_none(end);
	if (at == 4)
		return TW_X12_START_NONE;
	for (size_t from = ++at; at < bytes.length; at++) {
		if (tw_slice_at(bytes, at) == element)
			return TW_X12_START_HEADER;
		if (at - from >= SECOND_ELEMENT)
			return TW_X12_START_NONE;
	}
	return more_or_none(end);
}

/* GS, a separator, two letters and the separator; ST, a separator, three digits and the separator. */
static enum tw_x12_start start_bare(struct tw_slice bytes, bool end)
{
	bool group = tw_slice_at(bytes, 0) == 'G';
	int element = tw_slice_at(bytes, 2);
	size_t length = group ? 2 : 3;

	if (bytes.length >= 2 && tw_slice_at(bytes, 1) != (group ? 'S' : 'T'))
		return TW_X12_START_NONE;
	if (bytes.length >= 3 && !tw_x12_separator(element))
		return TW_X12_START_NONE;
	for (size_t at = 3; at < 3 + length && at < bytes.length; at++) {
		int byte = tw_slice_at(bytes, at);
		if (group ? byte < 'A' || byte > 'Z' : byte < '0' || byte > '9')
			return TW_X12_START_NONE;
	}
	if (bytes.length <= 3 + length)
		return more_or_none(end);
	return tw_slice_at(bytes, 3 + length) == element ? TW_X12_START_BARE : TW_X12_START_NONE;
}

enum tw_x12_start tw_x12_start(struct tw_slice bytes, bool end)
{
	int first = tw_slice_at(bytes, 0);

	if (first == 'G' || first == 'S')
		return start_bare(bytes, end);
	struct tw_slice tag = tw_slice_part(TW_LITERAL("ISA"), 0, bytes.length);
	if (!tw_slice_starts(bytes, tag))
		return TW_X12_START_NONE;
	return start_header(bytes, end);
}

/* Whether delimiters can be had from what looks like a start; what they are does not matter here. */
static enum tw_x12_found delimited(enum tw_x12_start start, struct tw_slice bytes, bool end)
{
	struct tw_delimiters syntax;
	struct tw_x12_header header;

	if (start == TW_X12_START_BARE)
		return tw_x12_syntax_bare(&syntax, bytes, end);
	return tw_x12_syntax_header(&syntax, bytes, end, &header);
}

int tw_x12_probe(struct tw_slice bytes, bool end)
{
	bool more;
	struct tw_slice rest = tw_slice_from(bytes, tw_bytes_quiet(bytes, &more));

	if (rest.length == 0 || more)
		return end ? 0 : -1;
	enum tw_x12_start start = tw_x12_start(rest, end);
	if (start == TW_X12_START_NONE || start == TW_X12_START_MORE)
		return start == TW_X12_START_NONE ? 0 : -1;
	enum tw_x12_found found = delimited(start, rest, end);
	if (found != TW_X12_FOUND)
		return found == TW_X12_FOUND_NOTHING ? 0 : -1;
	return start == TW_X12_START_HEADER ? 95 : 70;
}

#if defined(__SSE2__)
/* Candidates in 16 places from `data`: I, then S. */
static unsigned candidates(const char *data)
{
	__m128i first = _mm_loadu_si128((const __m128i *)(const void *)data);
	__m128i second = _mm_loadu_si128((const __m128i *)(const void *)(data + 1));

	return (unsigned)_mm_movemask_epi8(
		_mm_and_si128(_mm_cmpeq_epi8(first, _mm_set1_epi8('I')),
			      _mm_cmpeq_epi8(second, _mm_set1_epi8('S'))));
}
#endif

static size_t next_candidate(struct tw_slice bytes, size_t at)
{
#if defined(__SSE2__)
	for (; bytes.length - at >= 17; at += 16) {
		unsigned mask = candidates(bytes.data + at);
		if (mask != 0)
			return at + (unsigned)__builtin_ctz(mask);
	}
#endif
	const char *found = memchr(bytes.data + at, 'I', bytes.length - at);
	return found == NULL ? bytes.length : (size_t)(found - bytes.data);
}

/* GS and ST begin an interchange only at the very start of a stream. */
size_t tw_x12_find(struct tw_slice bytes)
{
	for (size_t at = 0; at < bytes.length; at++) {
		at = next_candidate(bytes, at);
		if (at == bytes.length ||
		    tw_x12_start(tw_slice_from(bytes, at), false) != TW_X12_START_NONE)
			return at;
	}
	return bytes.length;
}
