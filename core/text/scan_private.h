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
 * A token is a run of letters and digits (or one character of a script written
 * without blanks). `edges` has its start and end in `folded`; `joined` has all
 * tokens without anything between them, a line feed behind each value, and
 * `joined_at` where each token starts there. A value that is ASCII stands in
 * `folded` position by position, so a token's place in its text is known; tokens
 * of other values have their start and end in the text in `origins`.
 */

/* A value that is scanned. */
struct tw_scan_value {
	uint32_t value;	       /* index in the consignment */
	uint32_t text_start;   /* in the consignment's texts */
	uint32_t text_length;
	uint32_t base;	       /* ASCII: where its text begins in `folded` */
	uint32_t first_token;  /* tokens up to the next value's first are its own */
	uint32_t first_origin; /* not ASCII: number of its first token's pair in `origins` */
	uint8_t scopes;
	bool wide; /* not ASCII */
};

struct tw_scan_scratch {
	const struct tw_lists *lists;
	struct tw_inside_scratch *inside; /* NULL where there are no such terms */
	struct tw_buffer values;	  /* struct tw_scan_value */
	struct tw_buffer folded;
	struct tw_buffer bits; /* struct tw_area_bits */
	struct tw_buffer edges, origins, joined_at; /* uint32_t */
	struct tw_buffer joined;
	struct tw_buffer found, cas; /* struct tw_found */
	struct tw_buffer list_first; /* uint32_t */
	uint32_t value_count, token_count;
	const char *texts; /* of the consignment being scanned */
	uint64_t bytes;
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

static inline const uint32_t *tw_scan_joined_at(const struct tw_scan_scratch *scratch)
{
	return (const uint32_t *)(const void *)scratch->joined_at.data;
}

static inline uint32_t tw_scan_token_length(const struct tw_scan_scratch *scratch, uint32_t token)
{
	const uint32_t *edges = tw_scan_edges(scratch) + (size_t)token * 2;
	return edges[1] - edges[0];
}

static inline const char *tw_scan_token(const struct tw_scan_scratch *scratch, uint32_t token)
{
	return scratch->joined.data + tw_scan_joined_at(scratch)[token];
}

/* Start (0) or end (1) of a token in the text of its value. */
static inline uint32_t tw_scan_place(const struct tw_scan_scratch *scratch,
				     const struct tw_scan_value *value, uint32_t token, unsigned end)
{
	const uint32_t *origins = (const uint32_t *)(const void *)scratch->origins.data;
	if (!value->wide)
		return tw_scan_edges(scratch)[(size_t)token * 2 + end] - value->base;
	return origins[((size_t)value->first_origin + token - value->first_token) * 2 + end];
}

/* The scanned value a token stands in, and the token behind its last. */
const struct tw_scan_value *tw_scan_value_of(const struct tw_scan_scratch *scratch, uint32_t token);
uint32_t tw_scan_last_token(const struct tw_scan_scratch *scratch,
			    const struct tw_scan_value *value);

/*
 * Where a byte of a token stands in the text: `end` 0 its first byte, 1 behind it.
 * In a text that is not ASCII the token's part of it is folded again to see.
 */
uint32_t tw_scan_place_inside(const struct tw_scan_scratch *scratch, uint32_t token, uint32_t byte,
			      unsigned end);

/* gather.c: values, folded, tokens, joined. */
int tw_scan_gather(struct tw_scan_scratch *scratch, const struct tw_consignment *consignment);
/* wide.c: folded, tokens and origins of a value that is not ASCII. */
int tw_scan_gather_wide(struct tw_scan_scratch *scratch, struct tw_scan_value *value);
/* probe.c: terms and CAS numbers. */
int tw_scan_probe(struct tw_scan_scratch *scratch);
/* cas.c: looks for a CAS number whose check digit is this token, or that "CAS" announces here. */
void tw_scan_cas(struct tw_scan_scratch *scratch, uint32_t token);
void tw_scan_cas_named(struct tw_scan_scratch *scratch, uint32_t token);

#endif
