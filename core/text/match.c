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

unsigned tw_match_count(const struct tw_consignment *consignment, const struct tw_list *list)
{
	const struct tw_scan_result *scan = consignment->scan;
	if (scan == NULL || scan->found_count == 0 || list->number >= scan->list_count)
		return 0;
	return scan->list_first[list->number + 1] - scan->list_first[list->number];
}

int tw_match_next(const struct tw_consignment *consignment, const struct tw_list *list,
		  struct tw_match *match)
{
	if (match->cursor >= tw_match_count(consignment, list))
		return 0;
	const struct tw_scan_result *scan = consignment->scan;
	fill_match(&scan->found[scan->list_first[list->number] + match->cursor], match);
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
