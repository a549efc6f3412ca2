/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEXT_NORMALISE_H
#define TW_TEXT_NORMALISE_H

#include "base/buffer.h"

/*
 * Normalisation: one text in, the words view out. Compatibility forms, look-alike
 * letters, diacritics and case are folded (NFKC, confusables, strip, upper case),
 * every run of other characters becomes one blank, none at the ends. The
 * separator-free view is the words view without its blanks. CJK characters are
 * words of their own length and are kept as they are.
 *
 * Normalising is deterministic and has no state: the map from the view back to
 * the text is made only for what matched, by normalising again and counting
 * (tw_normalise_locate). Any thread.
 *
 * ASCII is the fast path: a table look-up a byte.
 */

/* Appends the words view of `text` to `out`. */
void tw_normalise_append(struct tw_slice text, struct tw_buffer *out);
/*
 * The bytes of `text` that made bytes [start, start + length) of its words view
 * (or of its separator-free view where `joined`).
 */
void tw_normalise_locate(struct tw_slice text, bool joined, size_t start, size_t length,
			 uint32_t *ret_start, uint32_t *ret_length);

#endif
