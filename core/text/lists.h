/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEXT_LISTS_H
#define TW_TEXT_LISTS_H

#include "base/buffer.h"
#include "tidewaiter/list.h"

/*
 * All lists of the engine, and the one matcher made of all their terms.
 * Filled while plugins are opened (one thread), sealed once, then read by all
 * threads. Owns every list; tw_lists_free() ends them all.
 */
struct tw_lists;
struct tw_scan_scratch; /* one per thread */

/* `folders`: searched in order for NAME. */
int tw_lists_create(const char *const *folders, unsigned folder_count, struct tw_lists **ret_lists);
void tw_lists_free(struct tw_lists *lists);
/*
 * `name`: of the file, with or without ".tsv", never a path; tw_list_name() gives it
 * with the suffix, as events show it. The first folder that has the file counts.
 * Reads a list, or gives the one already read. On failure `reason` says file, line and cause.
 */
int tw_lists_open(struct tw_lists *lists, const char *name, const struct tw_list **ret_list,
		  struct tw_buffer *reason);
/* Compiles the matcher of all terms. No list may be opened afterwards. */
int tw_lists_seal(struct tw_lists *lists, struct tw_buffer *reason);

/* How many lists there are, and the one with this number. */
unsigned tw_lists_count(const struct tw_lists *lists);
const struct tw_list *tw_lists_at(const struct tw_lists *lists, unsigned index);

#endif
