/* SPDX-License-Identifier: Apache-2.0 */
#include "text/area.h"

#define HIGH_BITS 0x8080808080808080u

#if defined(__SSE2__)
#include <emmintrin.h>

/* 16 bytes: unsigned "at most" is a minimum that changes nothing. */
static inline __m128i within(__m128i bytes, char first, char span)
{
	__m128i from = _mm_sub_epi8(bytes, _mm_set1_epi8(first));
	return _mm_cmpeq_epi8(_mm_min_epu8(from, _mm_set1_epi8(span)), from);
}

/* Folds 16 bytes; their bits, and what they have in common with those before. */
static inline uint64_t fold_part(char *bytes, __m128i *any)
{
	const __m128i small = _mm_set1_epi8(0x20);
	__m128i text = _mm_loadu_si128((const __m128i *)(const void *)bytes);
	__m128i letter = within(_mm_or_si128(text, small), 'a', 25);
	__m128i digit = within(text, '0', 9);
	__m128i folded = _mm_andnot_si128(_mm_and_si128(letter, small), text);
	_mm_storeu_si128((__m128i *)(void *)bytes, folded);
	*any = _mm_or_si128(*any, text);
	return (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_or_si128(letter, digit));
}

bool tw_area_fold(char *bytes, size_t blocks, uint64_t *letters)
{
	__m128i any = _mm_setzero_si128();
	for (size_t i = 0; i < blocks; i++, bytes += TW_AREA_BLOCK)
		letters[i] = fold_part(bytes, &any) | fold_part(bytes + 16, &any) << 16 |
			     fold_part(bytes + 32, &any) << 32 | fold_part(bytes + 48, &any) << 48;
	return _mm_movemask_epi8(any) != 0;
}

#else

bool tw_area_fold(char *bytes, size_t blocks, uint64_t *letters)
{
	unsigned any = 0;
	for (size_t at = 0; at < blocks * TW_AREA_BLOCK; at++) {
		unsigned byte = (unsigned char)bytes[at];
		bool letter = (byte | 0x20u) - 'a' <= 25u;
		bool digit = byte - '0' <= 9u;
		if (at % TW_AREA_BLOCK == 0)
			letters[at / TW_AREA_BLOCK] = 0;
		bytes[at] = (char)(letter ? byte & ~0x20u : byte);
		letters[at / TW_AREA_BLOCK] |= (uint64_t)(letter || digit) << at % TW_AREA_BLOCK;
		any |= byte;
	}
	return any > 0x7f;
}

#endif

bool tw_area_wide(struct tw_slice bytes)
{
	uint64_t any = 0;
	size_t at = 0;
	for (; bytes.length - at >= sizeof(any); at += sizeof(any)) {
		uint64_t word;
		memcpy(&word, bytes.data + at, sizeof(word));
		any |= word;
	}
	for (; at < bytes.length; at++)
		any |= (unsigned char)bytes.data[at];
	return (any & HIGH_BITS) != 0;
}
