/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEXT_INSIDE_H
#define TW_TEXT_INSIDE_H

#include "base/buffer.h"

/*
 * Terms found anywhere in a run of bytes: Hyperscan literals. The only place
 * where Hyperscan is called. The database is const and shared; the scratch
 * belongs to one thread. Start of match is not asked for (it costs): a literal
 * starts its length before its end.
 *
 * Weakness: speed falls with the number of terms (200: 590 MB/s, 5,000: 190).
 */
struct tw_inside;
struct tw_inside_scratch;

/* A literal; `id` is told when it is found. */
struct tw_literal {
	struct tw_slice bytes;
	unsigned id;
};
int tw_inside_build(const struct tw_literal *literals, unsigned count, struct tw_inside **ret_inside,
		    struct tw_buffer *reason);
void tw_inside_free(struct tw_inside *inside);
int tw_inside_scratch_create(const struct tw_inside *inside, struct tw_inside_scratch **ret_scratch);
void tw_inside_scratch_free(struct tw_inside_scratch *scratch);
/* Calls `found` with the id of each literal and the offset behind it. Negative ends the scan. */
int tw_inside_scan(const struct tw_inside *inside, struct tw_inside_scratch *scratch,
		   struct tw_slice bytes, int (*found)(void *context, unsigned id, size_t end),
		   void *context);

#endif
