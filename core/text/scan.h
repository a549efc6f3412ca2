/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEXT_SCAN_H
#define TW_TEXT_SCAN_H

#include "model/record.h"
#include "text/lists.h"

/*
 * The one pass over the texts of a consignment: all values whose field has a
 * scan column in fields.def are normalised into one buffer and matched against
 * all terms of all lists; CAS numbers are picked out on the way. The pass says
 * for each list whether it may have matches, and where; they are confirmed when
 * a detector asks for that list (so a part of the cost is the detectors'). The texts
 * of parties, a half of all, are read when the first list with terms for them is
 * asked for: of most consignments none is. What
 * was found stays in the scratch until the next scan with it, and is read through
 * tw_match_next() and its like. The record must stay where it is until then.
 *
 * One scratch per thread, reused; the lists are shared and sealed.
 *
 * Weakness: a term is never found across two values. Joining pieces of a text
 * is the map's business.
 */
int tw_scan_scratch_create(const struct tw_lists *lists, struct tw_scan_scratch **ret_scratch);
void tw_scan_scratch_free(struct tw_scan_scratch *scratch);
/* Scans a consignment and sets consignment->scan. */
int tw_scan(struct tw_scan_scratch *scratch, struct tw_consignment *consignment);
/*
 * TW_OK, or TW_ERROR_MEMORY where a list was asked for matches since the last scan
 * that there was no room for.
 */
int tw_scan_status(const struct tw_scan_scratch *scratch);
/* Bytes of text normalised so far, for the stage table. */
uint64_t tw_scan_bytes(const struct tw_scan_scratch *scratch);

#endif
