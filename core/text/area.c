/* SPDX-License-Identifier: Apache-2.0 */
#include "text/area.h"

#if defined(__SSE2__)
#include <emmintrin.h>

/* 16 bytes: unsigned "at most" is a minimum that changes nothing. */
static inline __m128i within(__m128i bytes, char first, char span)
{
	__m128i from = _mm_sub_epi8(bytes, _mm_set1_epi8(first));
	return _mm_cmpeq_epi8(_mm_min_epu8(from, _mm_set1_epi8(span)), from);
}

static void fold_block(const char *bytes, char *out, struct tw_area_bits *bits)
{
	struct tw_area_bits block = {0};
	const __m128i small = _mm_set1_epi8(0x20);
	for (unsigned i = 0; i < TW_AREA_BLOCK; i += 16) {
		__m128i text = _mm_loadu_si128((const __m128i *)(const void *)(bytes + i));
		__m128i letter = within(_mm_or_si128(text, small), 'a', 25);
		__m128i digit = within(text, '0', 9);
		__m128i folded = _mm_andnot_si128(_mm_and_si128(letter, small), text);
		_mm_storeu_si128((__m128i *)(void *)(out + i), folded);
		block.letters |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_or_si128(letter, digit))
				 << i;
		block.high |= (uint64_t)(uint32_t)_mm_movemask_epi8(text) << i;
	}
	*bits = block;
}

#else

static void fold_block(const char *bytes, char *out, struct tw_area_bits *bits)
{
	struct tw_area_bits block = {0};
	for (unsigned i = 0; i < TW_AREA_BLOCK; i++) {
		unsigned byte = (unsigned char)bytes[i];
		bool letter = (byte | 0x20u) - 'a' <= 25u;
		bool digit = byte - '0' <= 9u;
		out[i] = (char)(letter ? byte & ~0x20u : byte);
		block.letters |= (uint64_t)(letter || digit) << i;
		block.high |= (uint64_t)(byte >> 7) << i;
	}
	*bits = block;
}

#endif

void tw_area_fold(struct tw_slice bytes, char *out, struct tw_area_bits *bits)
{
	size_t at = 0;
	for (; bytes.length - at >= TW_AREA_BLOCK; at += TW_AREA_BLOCK)
		fold_block(bytes.data + at, out + at, bits++);
	if (at == bytes.length)
		return;
	char last[TW_AREA_BLOCK] = {0};
	memcpy(last, bytes.data + at, bytes.length - at);
	fold_block(last, out + at, bits);
}
