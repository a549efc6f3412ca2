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
 *   short   `word` terms below that, word by word, by their longest word. The
 *           filter of their index also lets single digits pass, and words that
 *           begin with CAS, for CAS numbers (in texts: see the tables).
 *   inside  anywhere in the separator-free view, by Hyperscan.
 *
 * Built once, const afterwards, any thread. Owned by struct tw_lists.
 *
 * Weakness: many terms of a list that share their first eleven letters with
 * ordinary phrases of the trade cost a binary search for each of those.
 */
#define TW_PREFIX_LETTERS 7u
#define TW_PREFIX_MORE 11u
#define TW_SHORT_WORDS 6u
/* "CAS", and words that may stand between it and its number, or be one word with it. */
#define TW_CAS_WORD "CAS"
#define TW_CAS_LABELS "NO", "NR", "NUMBER", "NUM", "RN", "REG", "REGISTRY", "N"
/* Bytes that may be read behind the letters of any term. */
#define TW_POOL_SPARE 8u

struct tw_term {
	uint64_t key;	  /* long: first seven letters; short: longest word, eight bytes at most */
	uint32_t list, row;
	uint32_t letters; /* in the pool: the term without its blanks */
	uint32_t length;  /* of that, in bytes */
	uint32_t words;
	uint32_t parent;  /* long: so far before it is the longest other of the list it starts with, or 0 */
	uint8_t scopes;
	uint8_t anchor;	  /* short: number of the word the key is of */
	uint8_t word_lengths[TW_SHORT_WORDS]; /* short: in bytes */
};

/*
 * The first letters of all terms of one list, whatever their scope, as a set of hashes:
 * what a text is asked before it is scanned.
 */
#define TW_START_LETTERS 4u
#define TW_START_BITS 12u
struct tw_term_starts {
	uint64_t words[1u << TW_START_BITS >> 6];
	bool any; /* a term is shorter, not ASCII, or found anywhere: every text is possible */
};

static inline unsigned tw_matcher_start(uint32_t letters)
{
	return letters * 0x9e3779b1u >> (32 - TW_START_BITS);
}

/* The terms that are looked for in texts of one scope. */
struct tw_term_table {
	struct tw_buffer longs, shorts; /* struct tw_term, sorted by key and list */
	struct tw_key_index long_index, short_index;
	/*
	 * Asked where the long index says "perhaps": the first eleven letters of each
	 * long term, or the first seven of those that are shorter. So "AUTOMATIC ..."
	 * in a list does not make every AUTOMATIC of the texts dear.
	 */
	struct tw_key_filter long_more;
};

/* The table of a scope. A term of scope `any` is in both. */
enum { TW_TABLE_TEXT, TW_TABLE_PARTY, TW_TABLE_COUNT };

struct tw_matcher {
	struct tw_buffer pool;
	struct tw_term_table tables[TW_TABLE_COUNT];
	struct tw_buffer insides;
	struct tw_inside *inside; /* NULL where no list has such terms */
	uint64_t party_lists;	  /* bit n % 64: list n has terms for texts of parties */
	struct tw_term_starts *starts; /* by list */
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

/* The hash of eleven letters, from the sixteen bytes at `bytes`. */
static inline uint64_t tw_matcher_hash_more(const char *bytes)
{
	uint64_t more = tw_matcher_key(bytes + 8, 8) & 0xffffff;
	return (tw_matcher_key(bytes, 8) ^ more * 0xc2b2ae3d27d4eb4fu) * TW_KEY_MULTIPLIER;
}

#endif
