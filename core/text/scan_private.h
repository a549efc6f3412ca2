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
 * `joined_at` where each token starts there.
 */
struct tw_scan_scratch {
	const struct tw_lists *lists;
	struct tw_inside_scratch *inside; /* NULL where there are no such terms */
	struct tw_buffer values;	  /* struct tw_scan_value */
	struct tw_buffer folded;
	struct tw_buffer bits; /* struct tw_area_bits */
	struct tw_buffer edges, joined_at; /* uint32_t */
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

/* Number (among the scanned values) of the value a token stands in, and the token behind its last. */
uint32_t tw_scan_value_of(const struct tw_scan_scratch *scratch, uint32_t token);
uint32_t tw_scan_last_token(const struct tw_scan_scratch *scratch, uint32_t value);
/* The part of a scanned value's own text that [start, end) of `folded` came from. */
void tw_scan_locate(const struct tw_scan_value *value, const char *texts,
		    const struct tw_found *found, uint32_t *ret_start, uint32_t *ret_length);

/* gather.c: values, folded, tokens, joined. */
int tw_scan_gather(struct tw_scan_scratch *scratch, const struct tw_consignment *consignment);
/* probe.c: terms and CAS numbers. */
int tw_scan_probe(struct tw_scan_scratch *scratch);
/* cas.c: looks for a CAS number whose check digit is this token, or that "CAS" announces here. */
void tw_scan_cas(struct tw_scan_scratch *scratch, uint32_t token);
void tw_scan_cas_named(struct tw_scan_scratch *scratch, uint32_t token);

#endif
