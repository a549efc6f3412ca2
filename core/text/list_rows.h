/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEXT_LIST_ROWS_H
#define TW_TEXT_LIST_ROWS_H

#include "base/buffer.h"
#include "text/code_index.h"
#include "tidewaiter/list.h"

/*
 * One list in memory: the bytes of its file and a cell for each row and column,
 * which point into them. Owned by struct tw_lists, const once read, any thread.
 *
 * Weakness: the whole file stands in memory, and every column is indexed.
 */

/* Which texts a term is looked for in, and what kind a text is. */
#define TW_SCOPE_TEXT 1u
#define TW_SCOPE_PARTY 2u

enum tw_term_match { TW_TERM_WORD, TW_TERM_INSIDE };

struct tw_list {
	char *name;	 /* of the file: "tableting.tsv" */
	unsigned number; /* among the lists */
	struct tw_buffer text;
	struct tw_slice *columns;
	unsigned column_count;
	struct tw_buffer cells; /* struct tw_slice, row by row */
	struct tw_buffer lines; /* uint32_t: line of each row in the file */
	unsigned row_count;
	struct tw_code_index *codes; /* one a column */
	int term, match, scope;	     /* columns, or -1 */
};

/* Reads and checks one file. `name`: see above. On failure `reason` says file, line and cause. */
int tw_list_read(const char *path, const char *name, struct tw_list **ret_list,
		 struct tw_buffer *reason);
void tw_list_free(struct tw_list *list);
/* How and where the term of a row is looked for. Valid rows only. */
enum tw_term_match tw_list_match(const struct tw_list *list, int row);
unsigned tw_list_scopes(const struct tw_list *list, int row);

/* A match column's or a scope column's word, or -1. An empty one is the default. */
int tw_term_match_of(struct tw_slice word);
int tw_term_scopes_of(struct tw_slice word);

#endif
