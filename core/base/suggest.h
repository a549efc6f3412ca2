/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_BASE_SUGGEST_H
#define TW_BASE_SUGGEST_H

#include "tidewaiter/slice.h"

/* "Did you mean ...?": for messages to people. Any thread; slow, names only. */

/* Number of edits (insert, delete, replace, swap) between two names of at most 63 bytes. */
unsigned tw_edit_distance(struct tw_slice a, struct tw_slice b);
/*
 * Keeps the nearest of the names offered. Start with {.wanted = name}; `best` is
 * NULL at the end where none is near enough to be a slip of the fingers.
 */
struct tw_suggestion {
	struct tw_slice wanted;
	const char *best;
	unsigned distance;
};
void tw_suggest_offer(struct tw_suggestion *suggestion, const char *name);

#endif
