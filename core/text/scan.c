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
	tw_buffer_free(&scratch->tokens);
	tw_buffer_free(&scratch->joined);
	tw_buffer_free(&scratch->found);
	tw_buffer_free(&scratch->cas);
	tw_buffer_free(&scratch->sorted);
	tw_buffer_free(&scratch->list_first);
	free(scratch);
}

#define COMPARE(a, b) ((a) < (b) ? -1 : (a) > (b))

/* By value and start; of two at one place the longer one first. */
static int compare_found(const void *left, const void *right)
{
	const struct tw_found *a = left;
	const struct tw_found *b = right;
	int order = COMPARE(a->value, b->value);
	if (order == 0)
		order = COMPARE(a->start, b->start);
	if (order == 0)
		order = COMPARE(b->length, a->length);
	return order != 0 ? order : COMPARE(a->row, b->row);
}

/* Whether two neighbours stand in order. Nearly all do: texts are read from front to back. */
static bool in_order(const struct tw_found *found, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (found[i].value < found[i - 1].value ||
		    (found[i].value == found[i - 1].value && found[i].start <= found[i - 1].start))
			return false;
	return true;
}

/* More than so few are worth what qsort() sets up. */
#define FEW_FOUND 24

static void sort_found(struct tw_found *found, size_t count)
{
	if (in_order(found, count))
		return;
	if (count > FEW_FOUND) {
		qsort(found, count, sizeof(*found), compare_found);
		return;
	}
	for (size_t i = 1; i < count; i++) {
		struct tw_found moved = found[i];
		size_t at = i;
		for (; at > 0 && compare_found(&moved, &found[at - 1]) < 0; at--)
			found[at] = found[at - 1];
		found[at] = moved;
	}
}

/* Deals the matches out to their lists. `first`: one more than there are lists. */
static void part_by_list(const struct tw_found *found, uint32_t count, uint32_t *first,
			 uint32_t lists, struct tw_found *sorted)
{
	memset(first, 0, (lists + (size_t)1) * sizeof(*first));
	for (uint32_t i = 0; i < count; i++)
		first[found[i].list + 1]++;
	for (uint32_t list = 1; list <= lists; list++)
		first[list] += first[list - 1];
	for (uint32_t i = 0; i < count; i++)
		sorted[first[found[i].list]++] = found[i];
	/* Each now says where the next begins. */
	memmove(first + 1, first, lists * sizeof(*first));
	first[0] = 0;
	for (uint32_t list = 0; list < lists; list++)
		sort_found(sorted + first[list], first[list + 1] - first[list]);
}

static int finish(struct tw_scan_scratch *scratch)
{
	uint32_t count = (uint32_t)(scratch->found.length / sizeof(struct tw_found));
	uint32_t cas_count = (uint32_t)(scratch->cas.length / sizeof(struct tw_found));
	uint32_t *first = (uint32_t *)(void *)scratch->list_first.data;
	tw_buffer_clear(&scratch->sorted);
	if (tw_buffer_reserve(&scratch->sorted, scratch->found.length) < 0)
		return TW_ERROR_MEMORY;
	struct tw_found *sorted = (struct tw_found *)(void *)scratch->sorted.data;
	if (count > 0)
		part_by_list((const struct tw_found *)(const void *)scratch->found.data, count,
			     first, scratch->lists->count, sorted);
	sort_found((struct tw_found *)(void *)scratch->cas.data, cas_count);
	scratch->result = (struct tw_scan_result){
		.found = sorted,
		.found_count = count,
		.cas_count = cas_count,
		.cas = (const struct tw_found *)(const void *)scratch->cas.data,
		.list_first = first,
		.list_count = scratch->lists->count,
	};
	return TW_OK;
}

int tw_scan(struct tw_scan_scratch *scratch, struct tw_consignment *consignment)
{
	consignment->scan = NULL;
	int status = tw_scan_gather(scratch, consignment);
	if (status == TW_OK)
		status = tw_scan_probe(scratch);
	if (status == TW_OK)
		status = finish(scratch);
	if (status < 0)
		return status;
	consignment->scan = &scratch->result;
	return TW_OK;
}

uint64_t tw_scan_bytes(const struct tw_scan_scratch *scratch)
{
	return scratch->bytes;
}
