/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEXT_LISTS_PRIVATE_H
#define TW_TEXT_LISTS_PRIVATE_H

#include "text/list_rows.h"
#include "text/lists.h"
#include "text/matcher.h"

/*
 * What text/lists.h hides from the rest of the engine; for core/text only. Owner,
 * threads and weaknesses are said there.
 */
struct tw_lists {
	char **folders;
	unsigned folder_count;
	struct tw_list **lists;
	unsigned count;
	struct tw_matcher *matcher; /* NULL until sealed */
};

#endif
