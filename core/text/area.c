/* SPDX-License-Identifier: Apache-2.0 */
#include "text/area.h"

#if defined(__GNUC__) && defined(__x86_64__)
#include <immintrin.h>
#endif

#define HIGH_BITS 0x8080808080808080u

static bool fold_bytes(char *bytes, size_t blocks, uint64_t *letters)
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

#if defined(__GNUC__) && defined(__x86_64__)

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

static bool fold_sse2(char *bytes, size_t blocks, uint64_t *letters)
{
	__m128i any = _mm_setzero_si128();
	for (size_t i = 0; i < blocks; i++, bytes += TW_AREA_BLOCK)
		letters[i] = fold_part(bytes, &any) | fold_part(bytes + 16, &any) << 16 |
			     fold_part(bytes + 32, &any) << 32 | fold_part(bytes + 48, &any) << 48;
	return _mm_movemask_epi8(any) != 0;
}

/* As within() and fold_part(), of 32 bytes. */
#define WITH_AVX2 __attribute__((target("avx2")))
WITH_AVX2 static inline __m256i within_wide(__m256i bytes, char first, char span)
{
	__m256i from = _mm256_sub_epi8(bytes, _mm256_set1_epi8(first));
	return _mm256_cmpeq_epi8(_mm256_min_epu8(from, _mm256_set1_epi8(span)), from);
}

WITH_AVX2 static inline uint64_t fold_half(char *bytes, __m256i *any)
{
	const __m256i small = _mm256_set1_epi8(0x20);
	__m256i text = _mm256_loadu_si256((const __m256i *)(const void *)bytes);
	__m256i letter = within_wide(_mm256_or_si256(text, small), 'a', 25);
	__m256i digit = within_wide(text, '0', 9);
	__m256i folded = _mm256_andnot_si256(_mm256_and_si256(letter, small), text);
	_mm256_storeu_si256((__m256i *)(void *)bytes, folded);
	*any = _mm256_or_si256(*any, text);
	return (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(letter, digit));
}

WITH_AVX2 static bool fold_avx2(char *bytes, size_t blocks, uint64_t *letters)
{
	__m256i any = _mm256_setzero_si256();
	for (size_t i = 0; i < blocks; i++, bytes += TW_AREA_BLOCK)
		letters[i] = fold_half(bytes, &any) | fold_half(bytes + 32, &any) << 32;
	return _mm256_movemask_epi8(any) != 0;
}

bool tw_area_fold(char *bytes, size_t blocks, uint64_t *letters)
{
	return __builtin_cpu_supports("avx2") ? fold_avx2(bytes, blocks, letters)
					      : fold_sse2(bytes, blocks, letters);
}

tw_area_way *tw_area_way_at(unsigned number)
{
	static tw_area_way *const WAYS[] = {fold_avx2, fold_sse2, fold_bytes};
	number += !__builtin_cpu_supports("avx2");
	return number < sizeof(WAYS) / sizeof(WAYS[0]) ? WAYS[number] : NULL;
}

#else

bool tw_area_fold(char *bytes, size_t blocks, uint64_t *letters)
{
	return fold_bytes(bytes, blocks, letters);
}

tw_area_way *tw_area_way_at(unsigned number)
{
	return number == 0 ? fold_bytes : NULL;
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
