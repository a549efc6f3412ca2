/* SPDX-License-Identifier: Apache-2.0 */
#include "map/walk.h"

#include <math.h>

/*
 * Without a map nobody knows what a piece means, and an unverified map may not
 * either; but a term can still be found in it: each piece of four characters with a letter is a raw text.
 */
#define RAW_SHORTEST 4u

static bool has_letter(struct tw_slice text)
{
	for (size_t i = 0; i < text.length; i++) {
		int c = (unsigned char)text.data[i];
		if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c >= 0x80)
			return true;
	}
	return false;
}

void walk_raw_unit(struct tw_walk *walk)
{
	struct tw_piece piece;
	for (unsigned at = 0; walk_next_piece(walk, &at, &piece);) {
		struct walk_value value;
		struct tw_new_value out = {.field = TW_RAW_TEXT, .number = (double)NAN};
		if (piece.length < RAW_SHORTEST || !walk_read_piece(walk, &piece, &value) ||
		    value.text.length < RAW_SHORTEST || !has_letter(value.text))
			continue;
		(void)walk_put(walk, &value, &out);
	}
}
