/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEXT_CODE_INDEX_H
#define TW_TEXT_CODE_INDEX_H

#include "tidewaiter/slice.h"

/*
 * The codes of one column, by exact value and by longest prefix. Case is folded,
 * blanks and dots do not count ("8471.60" is "847160"). Built once, const
 * afterwards, any thread. The cells stay the list's.
 *
 * Weakness: a prefix costs one probe for each length that stands in the column,
 * and nothing longer than TW_CODE_LIMIT is a prefix of anything.
 */
#define TW_CODE_LIMIT 64u

struct tw_code_index {
	const struct tw_slice *cells; /* the column's first */
	unsigned stride;	      /* cells from one row to the next */
	unsigned row_count;
	uint32_t *slots; /* row + 1, 0: free */
	uint32_t mask;
	uint64_t lengths; /* bit n - 1: a code of n letters stands there */
};

int tw_code_index_build(const struct tw_slice *cells, unsigned stride, unsigned row_count,
			struct tw_code_index *ret_index);
void tw_code_index_free(struct tw_code_index *index);
/* The first row, or -1. */
int tw_code_index_find(const struct tw_code_index *index, struct tw_slice code);
int tw_code_index_prefix(const struct tw_code_index *index, struct tw_slice code);

#endif
