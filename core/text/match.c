/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "text/list_rows.h"
#include "text/scan_result.h"
#include "tidewaiter/list.h"

static void fill_match(const struct tw_found *found, struct tw_match *match)
{
	match->value = (int)found->value;
	match->row = (int)found->row;
	match->start = found->start;
	match->length = found->length;
	match->cursor++;
}

/* Whether a list may have matches at all: most questions end here. */
static bool may_match(const struct tw_consignment *consignment, const struct tw_list *list)
{
	const struct tw_scan_result *scan = consignment->scan;
	if (scan == NULL)
		return false;
	if ((scan->unread >> list->number % 64 & 1) != 0)
		tw_scan_parties(scan->scratch);
	return (scan->lists >> list->number % 64 & 1) != 0;
}

unsigned tw_match_count(const struct tw_consignment *consignment, const struct tw_list *list)
{
	return may_match(consignment, list)
		       ? tw_scan_matches(consignment->scan->scratch, list->number).count
		       : 0;
}

int tw_match_next(const struct tw_consignment *consignment, const struct tw_list *list,
		  struct tw_match *match)
{
	if (!may_match(consignment, list))
		return 0;
	struct tw_scan_matches matches = tw_scan_matches(consignment->scan->scratch, list->number);
	if (match->cursor >= matches.count)
		return 0;
	fill_match(&matches.found[match->cursor], match);
	return 1;
}

int tw_cas_next(const struct tw_consignment *consignment, struct tw_match *match,
		char ret_cas[16])
{
	const struct tw_scan_result *scan = consignment->scan;
	if (scan == NULL || match->cursor >= scan->cas_count)
		return 0;
	const struct tw_found *found = &scan->cas[match->cursor];
	fill_match(found, match);
	match->row = -1;
	unsigned digits = (unsigned)(found->number % 10000000000u / 1000);
	snprintf(ret_cas, 16, "%u-%02u-%u", digits, (unsigned)(found->number / 10 % 100),
		 (unsigned)(found->number % 10));
	return 1;
}
