/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEXT_SCAN_RESULT_H
#define TW_TEXT_SCAN_RESULT_H

#include "model/record.h"

/*
 * What a scan found, as tw_match_next() and its like read it; for core/text only.
 * It stands in the scratch, and is the scratch's until the next scan with it.
 */

struct tw_found {
	uint32_t list, row;
	uint32_t value;		/* index in the consignment */
	uint32_t start, length; /* in that value's text */
	uint64_t number;	/* CAS: its digits */
};

struct tw_scan_result {
	const struct tw_found *found; /* by list, value, start */
	const struct tw_found *cas;   /* by value, start */
	const uint32_t *list_first;   /* of `found`, one a list and the end */
	uint32_t found_count, cas_count, list_count;
};

#endif
