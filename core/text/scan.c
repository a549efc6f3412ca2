/* SPDX-License-Identifier: Apache-2.0 */
#include "text/scan.h"

#include <stdlib.h>

#include "text/scan_private.h"

/* Where a list's matches stand in `found`, if it was asked for them in this scan. */
struct tw_scan_asked {
	uint64_t number; /* of the scan */
	uint32_t first, count;
};

int tw_scan_scratch_create(const struct tw_lists *lists, struct tw_scan_scratch **ret_scratch)
{
	if (lists->matcher == NULL)
		return TW_ERROR_INVALID; /* not sealed */
	struct tw_scan_scratch *scratch = calloc(1, sizeof(*scratch));
	if (scratch == NULL)
		return TW_ERROR_MEMORY;
	scratch->lists = lists;
	const struct tw_inside *inside = lists->matcher->inside;
	size_t size = lists->count * sizeof(struct tw_scan_asked);
	int status = tw_buffer_reserve(&scratch->asked, size + 1);
	if (status == TW_OK)
		memset(scratch->asked.data, 0, size);
	if (status == TW_OK && inside != NULL)
		status = tw_inside_scratch_create(inside, &scratch->inside);
	if (status < 0)
		tw_scan_scratch_free(scratch);
	else
		*ret_scratch = scratch;
	return status;
}

void tw_scan_scratch_free(struct tw_scan_scratch *scratch)
{
	if (scratch == NULL)
		return;
	tw_inside_scratch_free(scratch->inside);
	tw_buffer_free(&scratch->values);
	tw_buffer_free(&scratch->view);
	tw_buffer_free(&scratch->bits);
	tw_buffer_free(&scratch->narrow);
	tw_buffer_free(&scratch->edges);
	tw_buffer_free(&scratch->offsets);
	tw_buffer_free(&scratch->joined);
	tw_buffer_free(&scratch->hits);
	tw_buffer_free(&scratch->insides);
	tw_buffer_free(&scratch->found);
	tw_buffer_free(&scratch->cas);
	tw_buffer_free(&scratch->asked);
	free(scratch);
}

int tw_scan(struct tw_scan_scratch *scratch, struct tw_consignment *consignment)
{
	consignment->scan = NULL;
	scratch->number++;
	scratch->status = TW_OK;
	scratch->consignment = *consignment;
	scratch->result = (struct tw_scan_result){.scratch = scratch,
						  .unread = scratch->lists->matcher->party_lists};
	tw_buffer_clear(&scratch->found);
	tw_scan_gather_clear(scratch);
	int status = tw_scan_gather(scratch, TW_SECTIONS_GOODS);
	if (status == TW_OK)
		status = tw_scan_probe(scratch);
	if (status < 0)
		return status;
	consignment->scan = &scratch->result;
	return TW_OK;
}

void tw_scan_parties(struct tw_scan_scratch *scratch)
{
	scratch->result.unread = 0;
	int status = tw_scan_gather(scratch, TW_SECTIONS_PARTY);
	if (status == TW_OK)
		status = tw_scan_probe_parties(scratch);
	if (status < 0)
		scratch->status = status;
}

struct tw_scan_matches tw_scan_matches(struct tw_scan_scratch *scratch, unsigned list)
{
	if (list >= scratch->lists->count)
		return (struct tw_scan_matches){NULL, 0};
	struct tw_scan_asked *asked = (struct tw_scan_asked *)(void *)scratch->asked.data + list;
	if (asked->number != scratch->number) {
		size_t first = scratch->found.length;
		tw_scan_confirm(scratch, list);
		size_t length = scratch->found.length - first;
		asked->number = scratch->number;
		asked->first = (uint32_t)(first / sizeof(struct tw_found));
		asked->count = (uint32_t)(length / sizeof(struct tw_found));
	}
	if (asked->count == 0) /* there may be no block to point into */
		return (struct tw_scan_matches){NULL, 0};
	return (struct tw_scan_matches){
		(const struct tw_found *)(const void *)scratch->found.data + asked->first,
		asked->count};
}

int tw_scan_status(const struct tw_scan_scratch *scratch)
{
	return scratch->status;
}

uint64_t tw_scan_bytes(const struct tw_scan_scratch *scratch)
{
	return scratch->bytes;
}
