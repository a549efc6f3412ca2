/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEXT_AREA_H
#define TW_TEXT_AREA_H

#include "tidewaiter/slice.h"

/*
 * Folds a whole run of ASCII bytes at once, position by position: letters become
 * capitals, and a bit for each byte tells letters and digits from the rest. Texts
 * stand in it at the places they have in the record, so what is found in it needs
 * no map back. Stateless, any thread; the memory is the caller's.
 *
 * Weakness: knows ASCII only. A second bit tells where a byte above 0x7f stands;
 * texts that hold one are folded by tw_normalise_append() instead.
 */
struct tw_area_bits {
	uint64_t letters; /* bit n: byte n of this block of 64 is A-Z, a-z or 0-9 */
	uint64_t high;	  /* bit n: it is above 0x7f */
};

#define TW_AREA_BLOCK 64u

/* Blocks needed for so many bytes. */
static inline size_t tw_area_blocks(size_t length)
{
	return length / TW_AREA_BLOCK + (length % TW_AREA_BLOCK != 0);
}

/* `out` has room for whole blocks, `bits` one structure for each. */
void tw_area_fold(struct tw_slice bytes, char *out, struct tw_area_bits *bits);

#endif
