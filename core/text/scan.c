/* SPDX-License-Identifier: Apache-2.0 */
#include "text/scan.h"

#include <stdlib.h>

#include "text/scan_private.h"

int tw_scan_scratch_create(const struct tw_lists *lists, struct tw_scan_scratch **ret_scratch)
{
	if (lists->matcher == NULL)
		return TW_ERROR_INVALID; /* not sealed */
	struct tw_scan_scratch *scratch = calloc(1, sizeof(*scratch));
	if (scratch == NULL)
		return TW_ERROR_MEMORY;
	scratch->lists = lists;
	const struct tw_inside *inside = lists->matcher->inside;
	size_t bounds = (lists->count + (size_t)1) * sizeof(uint32_t);
	int status = tw_buffer_reserve(&scratch->list_first, bounds);
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
	tw_buffer_free(&scratch->folded);
	tw_buffer_free(&scratch->bits);
	tw_buffer_free(&scratch->edges);
	tw_buffer_free(&scratch->origins);
	tw_buffer_free(&scratch->joined_at);
	tw_buffer_free(&scratch->joined);
	tw_buffer_free(&scratch->found);
	tw_buffer_free(&scratch->cas);
	tw_buffer_free(&scratch->list_first);
	free(scratch);
}

#define COMPARE(a, b) ((a) < (b) ? -1 : (a) > (b))

/* By list, value and start; of two at one place the longer one first. */
static int compare_found(const void *left, const void *right)
{
	const struct tw_found *a = left;
	const struct tw_found *b = right;
	int order = COMPARE(a->list, b->list);
	if (order == 0)
		order = COMPARE(a->value, b->value);
	if (order == 0)
		order = COMPARE(a->start, b->start);
	if (order == 0)
		order = COMPARE(b->length, a->length);
	return order != 0 ? order : COMPARE(a->row, b->row);
}

/* Most consignments match a handful of terms: too few to be worth what qsort() sets up. */
#define FEW_FOUND 24

static void insert_found(struct tw_found *found, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct tw_found moved = found[i];
		size_t at = i;
		for (; at > 0 && compare_found(&moved, &found[at - 1]) < 0; at--)
			found[at] = found[at - 1];
		found[at] = moved;
	}
}

static uint32_t sort_found(struct tw_buffer *buffer)
{
	size_t count = buffer->length / sizeof(struct tw_found);
	if (count <= FEW_FOUND)
		insert_found((struct tw_found *)(void *)buffer->data, count);
	else
		qsort(buffer->data, count, sizeof(struct tw_found), compare_found);
	return (uint32_t)count;
}

/* Where the matches of each list begin. */
static void part_by_list(struct tw_scan_scratch *scratch, uint32_t count)
{
	const struct tw_found *found = (const struct tw_found *)(const void *)scratch->found.data;
	uint32_t *first = (uint32_t *)(void *)scratch->list_first.data;
	uint32_t at = 0;
	for (uint32_t list = 0; list <= scratch->lists->count; list++) {
		while (at < count && found[at].list < list)
			at++;
		first[list] = at;
	}
}

static void finish(struct tw_scan_scratch *scratch)
{
	uint32_t count = sort_found(&scratch->found);
	if (count > 0)
		part_by_list(scratch, count);
	scratch->result = (struct tw_scan_result){
		.found = (const struct tw_found *)(const void *)scratch->found.data,
		.found_count = count,
		.cas_count = sort_found(&scratch->cas),
		.cas = (const struct tw_found *)(const void *)scratch->cas.data,
		.list_first = (const uint32_t *)(const void *)scratch->list_first.data,
		.list_count = scratch->lists->count,
	};
}

int tw_scan(struct tw_scan_scratch *scratch, struct tw_consignment *consignment)
{
	consignment->scan = NULL;
	int status = tw_scan_gather(scratch, consignment);
	if (status == TW_OK)
		status = tw_scan_probe(scratch);
	if (status < 0)
		return status;
	finish(scratch);
	consignment->scan = &scratch->result;
	return TW_OK;
}

uint64_t tw_scan_bytes(const struct tw_scan_scratch *scratch)
{
	return scratch->bytes;
}
