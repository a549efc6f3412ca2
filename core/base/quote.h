/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_BASE_QUOTE_H
#define TW_BASE_QUOTE_H

#include "base/buffer.h"

/*
 * Names and values that came from outside, made fit for a line that a person
 * reads: control bytes become \n, \t or \x1b, so that one problem stays one line
 * and no terminal obeys a file name. Stateless, any thread.
 *
 * Weakness: bytes above 0x7f pass as they are, valid UTF-8 or not.
 */

/* Appends `text` with its control bytes escaped; all of it. For paths. */
void tw_quote_plain(struct tw_buffer *out, struct tw_slice text);
/* The same between double quotes, cut after 80 bytes with "..." behind. */
void tw_quote_short(struct tw_buffer *out, struct tw_slice text);

#endif
