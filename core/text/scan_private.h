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
 * without blanks). `joined` has the folded letters of all tokens without anything
 * between them, a line feed behind each value, and SCAN_SPARE bytes behind all.
 */

/* Bytes that may be read and written behind the letters: most tokens then are one load. */
#define SCAN_SPARE 16u

struct tw_scan_token {
	uint32_t start, end; /* in the text of its value */
	uint32_t joined;     /* where its letters begin in `joined`, */
	uint32_t length;     /* and how many bytes they are */
};

/* A value that is scanned. */
struct tw_scan_value {
	uint32_t value;	      /* index in the consignment */
	uint32_t text_start;  /* in the consignment's texts */
	uint32_t text_length;
	uint32_t first_token; /* tokens up to the next value's first are its own */
	uint8_t scopes;
	bool wide; /* not ASCII */
};

struct tw_scan_scratch {
	const struct tw_lists *lists;
	struct tw_inside_scratch *inside; /* NULL where there are no such terms */
	struct tw_buffer values;	  /* struct tw_scan_value, and one behind the last */
	struct tw_buffer folded;
	struct tw_buffer bits;	 /* struct tw_area_bits */
	struct tw_buffer tokens; /* struct tw_scan_token */
	struct tw_buffer joined;
	struct tw_buffer found, cas, sorted; /* struct tw_found */
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

static inline const struct tw_scan_token *tw_scan_tokens(const struct tw_scan_scratch *scratch)
{
	return (const struct tw_scan_token *)(const void *)scratch->tokens.data;
}

static inline uint32_t tw_scan_token_length(const struct tw_scan_scratch *scratch, uint32_t token)
{
	return tw_scan_tokens(scratch)[token].length;
}

static inline const char *tw_scan_letters(const struct tw_scan_scratch *scratch, uint32_t token)
{
	return scratch->joined.data + tw_scan_tokens(scratch)[token].joined;
}

/* The token behind a value's last. */
static inline uint32_t tw_scan_last_token(const struct tw_scan_value *value)
{
	return value[1].first_token;
}

/*
 * Where a byte of a token stands in the text: `end` 0 its first byte, 1 behind it.
 * In a text that is not ASCII the token's part of it is folded again to see.
 */
uint32_t tw_scan_place_inside(const struct tw_scan_scratch *scratch,
			      const struct tw_scan_value *value, uint32_t token, uint32_t byte,
			      unsigned end);

/* gather.c: values, tokens and their letters. */
int tw_scan_gather(struct tw_scan_scratch *scratch, const struct tw_consignment *consignment);
/* wide.c: tokens and letters of a value that is not ASCII, behind those that are there. */
int tw_scan_gather_wide(struct tw_scan_scratch *scratch, const struct tw_scan_value *value);
/* probe.c: terms and CAS numbers. */
int tw_scan_probe(struct tw_scan_scratch *scratch);
/* cas.c: looks for a CAS number whose check digit is this token, or that "CAS" announces here. */
void tw_scan_cas(struct tw_scan_scratch *scratch, const struct tw_scan_value *value, uint32_t token);
void tw_scan_cas_named(struct tw_scan_scratch *scratch, const struct tw_scan_value *value,
		       uint32_t token);

#endif
