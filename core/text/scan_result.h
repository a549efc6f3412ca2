/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEXT_SCAN_RESULT_H
#define TW_TEXT_SCAN_RESULT_H

#include "model/record.h"

/*
 * What a scan found, as tw_match_next() and its like read it; for core/text only.
 * It stands in the scratch, and is the scratch's until the next scan with it. The
 * matches of a list are made when it is asked for the first time: nearly all
 * lists of nearly all consignments are asked for nothing, or have nothing.
 *
 * Weakness: reading writes to the scratch, so one thread reads at a time.
 */

struct tw_found {
	uint32_t list, row;
	uint32_t value;		/* index in the consignment */
	uint32_t start, length; /* in that value's text */
	uint64_t number;	/* CAS: its digits */
};

struct tw_scan_result {
	struct tw_scan_scratch *scratch;
	uint64_t lists;		    /* bit n % 64: list n may have matches */
	uint64_t unread;	    /* the same: it may have terms in texts of parties, not looked for yet */
	const struct tw_found *cas; /* by value, start */
	uint32_t cas_count;
};

/* The matches of one list. */
struct tw_scan_matches {
	const struct tw_found *found; /* by value, start */
	uint32_t count;
};
/* scan.c: looks for terms in the texts of parties, where a list that is `unread` is asked for. */
void tw_scan_parties(struct tw_scan_scratch *scratch);
/* Of a list that may have some. */
struct tw_scan_matches tw_scan_matches(struct tw_scan_scratch *scratch, unsigned list);

#endif
