/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEXT_AREA_H
#define TW_TEXT_AREA_H

#include "tidewaiter/slice.h"

/*
 * Folds a run of ASCII bytes at once and in place: letters become capitals, and
 * a bit for each byte tells letters and digits from the rest. What is found in it
 * stands where it stood in the text, so that needs no map back. Stateless, any
 * thread; the memory is the caller's.
 *
 * Weakness: knows ASCII only. It tells that there are other bytes, not where;
 * texts that hold one are folded by core/text/wide.c instead.
 */
#define TW_AREA_BLOCK 64u

/* Blocks needed for so many bytes. */
static inline size_t tw_area_blocks(size_t length)
{
	return length / TW_AREA_BLOCK + (length % TW_AREA_BLOCK != 0);
}

/*
 * Folds whole blocks. Bit n of a block's word: its byte n is A-Z, a-z or 0-9.
 * True where any byte is above 0x7f; those are left as they are.
 */
bool tw_area_fold(char *bytes, size_t blocks, uint64_t *letters);
/*
 * The ways to do so that this machine has, NULL behind the last: the same results, the
 * fastest first, which is taken.
 */
typedef bool tw_area_way(char *bytes, size_t blocks, uint64_t *letters);
tw_area_way *tw_area_way_at(unsigned number);
/* Whether any byte is above 0x7f. */
bool tw_area_wide(struct tw_slice bytes);

#endif
