/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TIDEWAITER_SEGMENT_BITS_H
#define TIDEWAITER_SEGMENT_BITS_H

#if defined(__GNUC__) && defined(__x86_64__)
#include <immintrin.h>
#define TW_SEGMENT_X86 1
#endif

#include "tidewaiter/delimiters.h"

/*
 * What the bytes of a window mean to a delimited syntax, as bits, two kilobytes of it at
 * a time: 32 bytes with each comparison where the processor has AVX2, 16 on any other
 * x86-64, one elsewhere. The split (segment_split.h) walks along the bits. A cursor
 * belongs to one segment stream and one thread, and points into the window that it was
 * given last.
 *
 * Weakness: where segments are far apart (a binary object stands between two), bytes are
 * looked at that nobody asks about.
 */

#define TW_SEGMENT_BLOCK 64u
#define TW_SEGMENT_BLOCKS 32u
#define TW_SEGMENT_FIRST_BLOCKS 4u

/* Not inlined, or its variables would be laid in memory; in each file that includes it. */
#if defined(__GNUC__)
#define TW_SEGMENT_APART __attribute__((noinline, unused)) static
#else
#define TW_SEGMENT_APART static inline
#endif

/* A bit for each byte, the first byte's lowest. The word behind the last block is 0. */
struct tw_segment_bits {
	uint64_t delimiter[TW_SEGMENT_BLOCKS + 1]; /* a separator, or the terminator's first byte */
	uint64_t element[TW_SEGMENT_BLOCKS + 1];
	uint64_t terminator[TW_SEGMENT_BLOCKS + 1];
	/* What may mean something else: release, repetition, control characters, above 0x7f. */
	uint64_t odd[TW_SEGMENT_BLOCKS + 1];
};

/* Fills the first words of the bits, one for each block of TW_SEGMENT_BLOCK bytes. */
typedef void tw_segment_classify(const struct tw_delimiters *syntax, const char *data,
				 size_t blocks, struct tw_segment_bits *bits);

struct tw_segment_cursor {
	struct tw_slice window;
	tw_segment_classify *classify;
	size_t base;  /* place in the window of the first bit */
	size_t reach; /* from base: as far as a view is whole, or all there is of the window */
	size_t most;  /* blocks of the next load: few at first, since interchanges may be short */
	struct tw_segment_bits bits;
};

/* ---- the ways to make them ----------------------------------------------------- */

TW_SEGMENT_APART void tw_segment_classify_bytes(const struct tw_delimiters *syntax,
						const char *data, size_t blocks,
						struct tw_segment_bits *bits)
{
	for (size_t block = 0; block < blocks; block++, data += TW_SEGMENT_BLOCK) {
		uint64_t kinds[TW_BYTE_TEXT + 1] = {0}, odd = 0;

		for (unsigned i = 0; i < TW_SEGMENT_BLOCK; i++) {
			unsigned char byte = (unsigned char)data[i];
			kinds[syntax->class[byte]] |= UINT64_C(1) << i;
			odd |= (uint64_t)(byte < 0x20 || byte > 0x7f) << i;
		}
		uint64_t delimiter = kinds[TW_BYTE_ELEMENT] | kinds[TW_BYTE_COMPONENT] |
				     kinds[TW_BYTE_TERMINATOR];
		bits->delimiter[block] = delimiter;
		bits->element[block] = kinds[TW_BYTE_ELEMENT];
		bits->terminator[block] = kinds[TW_BYTE_TERMINATOR];
		bits->odd[block] = (odd | kinds[TW_BYTE_RELEASE] | kinds[TW_BYTE_REPETITION]) &
				   ~delimiter;
	}
}

#if defined(TW_SEGMENT_X86)
/*
 * A signed comparison with the blank finds control characters and bytes above 0x7f at
 * once. TW_SEGMENT_KINDS: of `v`, a vector of bytes, with the comparisons of its width.
 */
#define TW_SEGMENT_KINDS(equal, greater, or, andnot)                                               \
	element = equal(v, needle[0]);                                                             \
	terminator = equal(v, needle[2]);                                                          \
	delimiter = or(or(element, terminator), equal(v, needle[1]));                              \
	odd = or(or(equal(v, needle[3]), equal(v, needle[4])), greater(blank, v));                 \
	odd = andnot(delimiter, odd)

TW_SEGMENT_APART void tw_segment_classify_sse2(const struct tw_delimiters *syntax,
					       const char *data, size_t blocks,
					       struct tw_segment_bits *bits)
{
	const __m128i blank = _mm_set1_epi8(' ');
	__m128i needle[TW_DELIMITERS_NEEDLES];

	for (unsigned i = 0; i < TW_DELIMITERS_NEEDLES; i++)
		needle[i] = _mm_set1_epi8(syntax->needles[i]);
	for (size_t block = 0; block < blocks; block++) {
		uint64_t words[4] = {0};
		for (unsigned i = 0; i < TW_SEGMENT_BLOCK; i += 16, data += 16) {
			__m128i v = _mm_loadu_si128((const __m128i *)(const void *)data);
			__m128i element, terminator, delimiter, odd;
			TW_SEGMENT_KINDS(_mm_cmpeq_epi8, _mm_cmpgt_epi8, _mm_or_si128,
					 _mm_andnot_si128);
			words[0] |= (uint64_t)(unsigned)_mm_movemask_epi8(delimiter) << i;
			words[1] |= (uint64_t)(unsigned)_mm_movemask_epi8(element) << i;
			words[2] |= (uint64_t)(unsigned)_mm_movemask_epi8(terminator) << i;
			words[3] |= (uint64_t)(unsigned)_mm_movemask_epi8(odd) << i;
		}
		bits->delimiter[block] = words[0];
		bits->element[block] = words[1];
		bits->terminator[block] = words[2];
		bits->odd[block] = words[3];
	}
}

__attribute__((target("avx2"))) TW_SEGMENT_APART void
tw_segment_classify_avx2(const struct tw_delimiters *syntax, const char *data, size_t blocks,
			 struct tw_segment_bits *bits)
{
	const __m256i blank = _mm256_set1_epi8(' ');
	__m256i needle[TW_DELIMITERS_NEEDLES];

	for (unsigned i = 0; i < TW_DELIMITERS_NEEDLES; i++)
		needle[i] = _mm256_set1_epi8(syntax->needles[i]);
	/* Half a block is half a word, and the words lie in this machine's order. */
	for (size_t half = 0; half < blocks * 2; half++, data += 32) {
		__m256i v = _mm256_loadu_si256((const __m256i *)(const void *)data);
		__m256i element, terminator, delimiter, odd;
		TW_SEGMENT_KINDS(_mm256_cmpeq_epi8, _mm256_cmpgt_epi8, _mm256_or_si256,
				 _mm256_andnot_si256);
		const uint32_t words[4] = {(uint32_t)_mm256_movemask_epi8(delimiter),
					   (uint32_t)_mm256_movemask_epi8(element),
					   (uint32_t)_mm256_movemask_epi8(terminator),
					   (uint32_t)_mm256_movemask_epi8(odd)};
		memcpy((char *)bits->delimiter + half * 4, &words[0], 4);
		memcpy((char *)bits->element + half * 4, &words[1], 4);
		memcpy((char *)bits->terminator + half * 4, &words[2], 4);
		memcpy((char *)bits->odd + half * 4, &words[3], 4);
	}
}
#endif

/* ---- the cursor ------------------------------------------------------------------ */

/* Forgets the bits: the delimiters are others, or the window is. */
static inline void tw_segment_cursor_forget(struct tw_segment_cursor *cursor)
{
	/* Whatever place is asked for next, it is out of reach. */
	cursor->base = SIZE_MAX;
	cursor->reach = 0;
	cursor->most = TW_SEGMENT_FIRST_BLOCKS;
}

/* The last bytes of a window, fewer than a block. */
static inline void tw_segment_cursor_last(struct tw_segment_cursor *cursor,
					  const struct tw_delimiters *syntax,
					  struct tw_slice bytes, size_t block)
{
	char padded[TW_SEGMENT_BLOCK] = {0};
	uint64_t there = (UINT64_C(1) << bytes.length) - 1;
	struct tw_segment_bits *bits = &cursor->bits, last;

	memcpy(padded, bytes.data, bytes.length);
	cursor->classify(syntax, padded, 1, &last);
	bits->delimiter[block] = last.delimiter[0] & there;
	bits->element[block] = last.element[0] & there;
	bits->terminator[block] = last.terminator[0] & there;
	bits->odd[block] = last.odd[0] & there;
}

/* Makes the bits from `base` on. */
TW_SEGMENT_APART void tw_segment_cursor_load(struct tw_segment_cursor *cursor,
					     const struct tw_delimiters *syntax, size_t base)
{
	struct tw_slice rest = tw_slice_from(cursor->window, base);
	struct tw_segment_bits *bits = &cursor->bits;
	size_t blocks = rest.length / TW_SEGMENT_BLOCK;

	if (blocks > cursor->most)
		blocks = cursor->most;
	cursor->classify(syntax, rest.data, blocks, bits);
	struct tw_slice last = tw_slice_from(rest, blocks * TW_SEGMENT_BLOCK);
	if (blocks < cursor->most && last.length > 0) {
		tw_segment_cursor_last(cursor, syntax, last, blocks++);
		last.length = 0;
	}
	bits->delimiter[blocks] = bits->element[blocks] = 0;
	bits->terminator[blocks] = bits->odd[blocks] = 0;
	if (cursor->most < TW_SEGMENT_BLOCKS)
		cursor->most *= 2;
	cursor->base = base;
	cursor->reach = (blocks - (last.length > 0)) * TW_SEGMENT_BLOCK;
}

/*
 * The bits of a kind from a place on, counted from the base and not beyond reach: of
 * TW_SEGMENT_VIEW bytes at least, and in none of them is a bit set that has no byte.
 */
#define TW_SEGMENT_VIEW 57u

static inline uint64_t tw_segment_view(const uint64_t *bits, size_t at)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	uint64_t word;

	memcpy(&word, (const char *)bits + at / 8, sizeof(word));
	return word >> at % 8;
#else
	uint64_t word = bits[at / 64] >> at % 64;

	return at % 64 == 0 ? word : word | bits[at / 64 + 1] << (64 - at % 64);
#endif
}

#endif
