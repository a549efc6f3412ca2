/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEXT_SCAN_PRIVATE_H
#define TW_TEXT_SCAN_PRIVATE_H

#include "text/lists_private.h"
#include "text/scan.h"
#include "text/scan_result.h"

/*
 * The scratch of one thread, and the steps of a scan that stand in files of their
 * own; for core/text only. All arrays grow to the largest consignment met and
 * stay. Positions are 32 bits wide, as the record's are.
 *
 * `view` has the scanned texts one behind the other, folded, a line feed behind
 * each: a place in it is a value and a place in the value's text. Texts of goods
 * come first, then raw ones, then those of parties: `sections`. The last are put
 * there when a list with terms for them is asked for (scan.c), which most are not.
 * A token is a run
 * of letters and digits (or one character of a script written without blanks):
 * two places, its start and its end, in `edges`. `joined` has the folded letters
 * of all tokens without anything between them, and SCAN_SPARE bytes behind all;
 * `offsets` says where each token's letters begin, and where the last one's end.
 * Of what is gathered at a time, the tokens of values that are not ASCII stand
 * behind those of all others.
 */

/* Bytes that may be read and written behind the letters: most tokens then are one load. */
#define SCAN_SPARE 16u

struct tw_scan_token {
	uint32_t start, end; /* in the view */
	uint32_t joined;     /* where its letters begin in `joined`, */
	uint32_t length;     /* and how many bytes they are */
};

/* A value that is scanned. */
struct tw_scan_value {
	uint32_t value;	     /* index in the consignment */
	uint32_t text_start; /* in the consignment's texts */
	uint32_t start;	     /* in the view */
	uint32_t length;     /* in either */
	uint8_t scopes;
	bool wide; /* not ASCII */
};

/* A token whose letters are the key of some terms: looked at when one of their lists is asked for. */
struct tw_scan_hit {
	const struct tw_key_slot *slot;
	uint32_t token;
	uint8_t table; /* TW_TABLE_* */
	bool is_long;
	bool again; /* those of the scope `text` were looked for before */
};

/* Values of one kind stand together in the view, from a block of it on, and so do their tokens. */
struct tw_scan_range {
	uint32_t first, end;
};
struct tw_scan_section {
	uint32_t first, last;	    /* blocks; the last is not one of it */
	uint32_t end;		    /* of its values, in the view */
	struct tw_scan_range ascii; /* tokens */
	struct tw_scan_range wide;
};
enum { TW_SECTION_TEXT, TW_SECTION_RAW, TW_SECTION_PARTY, TW_SECTION_COUNT };
/* Sections that are gathered together: the last is not one of them. */
struct tw_scan_sections {
	unsigned first, last;
};
#define TW_SECTIONS_GOODS ((struct tw_scan_sections){TW_SECTION_TEXT, TW_SECTION_PARTY})
#define TW_SECTIONS_PARTY ((struct tw_scan_sections){TW_SECTION_PARTY, TW_SECTION_COUNT})

struct tw_scan_scratch {
	const struct tw_lists *lists;
	struct tw_inside_scratch *inside; /* NULL where there are no such terms */
	struct tw_buffer values;	  /* struct tw_scan_value */
	struct tw_buffer view;
	struct tw_buffer bits, narrow;	  /* uint64_t, one a block; `narrow` without wide values */
	struct tw_buffer edges, offsets;  /* uint32_t */
	struct tw_buffer joined;
	struct tw_buffer hits;		  /* struct tw_scan_hit */
	struct tw_buffer insides;	  /* struct tw_found, terms with match inside */
	struct tw_buffer found, cas;	  /* struct tw_found; `found` list by list, as asked for */
	struct tw_buffer asked;		  /* struct tw_scan_asked, one a list */
	struct tw_scan_section sections[TW_SECTION_COUNT];
	uint32_t value_count, token_count;
	uint32_t inside_from; /* of `joined`: what is searched for terms with match inside */
	struct tw_consignment consignment; /* the one being scanned */
	uint64_t bytes;
	uint64_t number; /* of the scan */
	int status;	 /* of what was done since for the lists that were asked for */
	struct tw_scan_result result;
};

static inline const struct tw_scan_value *tw_scan_values(const struct tw_scan_scratch *scratch)
{
	return (const struct tw_scan_value *)(const void *)scratch->values.data;
}

static inline const uint32_t *tw_scan_edges(const struct tw_scan_scratch *scratch)
{
	return (const uint32_t *)(const void *)scratch->edges.data;
}

static inline const uint32_t *tw_scan_offsets(const struct tw_scan_scratch *scratch)
{
	return (const uint32_t *)(const void *)scratch->offsets.data;
}

static inline struct tw_scan_token tw_scan_token(const struct tw_scan_scratch *scratch, uint32_t token)
{
	const uint32_t *edges = tw_scan_edges(scratch) + 2 * (size_t)token;
	const uint32_t *offsets = tw_scan_offsets(scratch) + token;
	return (struct tw_scan_token){edges[0], edges[1], offsets[0], offsets[1] - offsets[0]};
}

static inline struct tw_slice tw_scan_letters(const struct tw_scan_scratch *scratch, uint32_t token)
{
	const uint32_t *offsets = tw_scan_offsets(scratch) + token;
	return tw_slice(scratch->joined.data + offsets[0], offsets[1] - offsets[0]);
}

/* Whether there is such a token, and it stands in the value. Any number may be asked for. */
static inline bool tw_scan_within(const struct tw_scan_scratch *scratch,
				  const struct tw_scan_value *value, uint32_t token)
{
	return token < scratch->token_count &&
	       tw_scan_edges(scratch)[2 * (size_t)token] - value->start < value->length;
}

/* The value a token stands in. Few are asked about, and of few values. */
static inline const struct tw_scan_value *tw_scan_value_of(const struct tw_scan_scratch *scratch,
							   uint32_t token)
{
	const struct tw_scan_value *values = tw_scan_values(scratch);
	uint32_t start = tw_scan_edges(scratch)[2 * (size_t)token];
	uint32_t low = 0;
	for (uint32_t high = scratch->value_count; high - low > 1;) {
		uint32_t middle = low + (high - low) / 2;
		if (values[middle].start <= start)
			low = middle;
		else
			high = middle;
	}
	return &values[low];
}

/*
 * Where a byte of a token stands in the value's text: `end` 0 its first byte, 1
 * behind it. In a text that is not ASCII the token's part of it is folded again
 * to see.
 */
uint32_t tw_scan_place_inside(const struct tw_scan_scratch *scratch,
			      const struct tw_scan_value *value, uint32_t token, uint32_t byte,
			      unsigned end);

/* gather.c: values, tokens and their letters, behind those that are there. */
int tw_scan_gather(struct tw_scan_scratch *scratch, struct tw_scan_sections sections);
void tw_scan_gather_clear(struct tw_scan_scratch *scratch);
/* wide.c: tokens and letters of a value that is not ASCII, behind those that are there. */
int tw_scan_gather_wide(struct tw_scan_scratch *scratch, const struct tw_scan_value *value);
/* probe.c: which terms of the scope `text` may be there, and CAS numbers. */
int tw_scan_probe(struct tw_scan_scratch *scratch);
/* The same for the scope `party`, once those sections are gathered too. */
int tw_scan_probe_parties(struct tw_scan_scratch *scratch);
/* confirm.c: appends to `found` the terms of a list that are there, in order. */
void tw_scan_confirm(struct tw_scan_scratch *scratch, unsigned list);
void tw_scan_sort(struct tw_found *found, size_t count);
/* cas.c: looks for a CAS number whose check digit is this token, or that "CAS" announces here. */
void tw_scan_cas(struct tw_scan_scratch *scratch, const struct tw_scan_value *value, uint32_t token);
void tw_scan_cas_named(struct tw_scan_scratch *scratch, const struct tw_scan_value *value,
		       uint32_t token);

#endif
