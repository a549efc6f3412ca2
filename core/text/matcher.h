/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEXT_MATCHER_H
#define TW_TEXT_MATCHER_H

#include "base/buffer.h"
#include "text/inside.h"
#include "text/key_index.h"
#include "text/list_rows.h"

/*
 * All terms of all lists, compiled. Three kinds:
 *
 *   long    `word` terms of seven letters and more. Found by their first seven
 *           letters in the separator-free view at each start of a word, so that
 *           one look-up covers the whole word, the word broken by blanks and
 *           hyphens, and the phrase written as one word.
 *   short   `word` terms below that, word by word, by their longest word.
 *   inside  anywhere in the separator-free view, by Hyperscan.
 *
 * Built once, const afterwards, any thread. Owned by struct tw_lists.
 *
 * Weakness: terms that share their first eleven letters with ordinary phrases of
 * the trade cost a binary search for each of those.
 */
#define TW_PREFIX_LETTERS 7u
#define TW_PREFIX_MORE 11u
#define TW_SHORT_WORDS 6u

struct tw_term {
	uint64_t key;	  /* long: first seven letters; short: longest word, eight bytes at most */
	uint32_t list, row;
	uint32_t letters; /* in the pool: the term without its blanks */
	uint32_t length;  /* of that, in bytes */
	uint32_t words;
	int32_t parent;	  /* long: the longest other term this one starts with, or -1 */
	uint8_t scopes;
	uint8_t anchor;	  /* short: number of the word the key is of */
	uint8_t word_lengths[TW_SHORT_WORDS]; /* short: in bytes */
};

struct tw_matcher {
	struct tw_buffer pool;
	struct tw_buffer longs, shorts, insides; /* struct tw_term, sorted by key */
	struct tw_key_index long_index, short_index;
	/*
	 * Asked where the long index says "perhaps": the first eleven letters of each
	 * long term, or the first seven of those that are shorter. So "AUTOMATIC ..."
	 * in a list does not make every AUTOMATIC of the texts dear.
	 */
	struct tw_key_filter long_more;
	struct tw_inside *inside; /* NULL where no list has such terms */
};

int tw_matcher_build(const struct tw_list *const *lists, unsigned count,
		     struct tw_matcher **ret_matcher, struct tw_buffer *reason);
void tw_matcher_free(struct tw_matcher *matcher);

static inline const struct tw_term *tw_matcher_terms(const struct tw_buffer *terms)
{
	return (const struct tw_term *)(const void *)terms->data;
}

static inline uint32_t tw_matcher_count(const struct tw_buffer *terms)
{
	return (uint32_t)(terms->length / sizeof(struct tw_term));
}

/* The first `length` bytes (eight at most) as one word, zeros behind them. */
static inline uint64_t tw_matcher_key(const char *bytes, size_t length)
{
	uint64_t key = 0;
	memcpy(&key, bytes, length < 8 ? length : 8);
	return key;
}

/* A key of eleven letters, from the sixteen bytes at `bytes`. */
static inline uint64_t tw_matcher_key_more(const char *bytes)
{
	uint64_t more = tw_matcher_key(bytes + 8, 8) & 0xffffff;
	return tw_matcher_key(bytes, 8) ^ more * 0xc2b2ae3d27d4eb4fu;
}

#endif
