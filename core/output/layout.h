/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_OUTPUT_LAYOUT_H
#define TW_OUTPUT_LAYOUT_H

#include "base/buffer.h"

/*
 * Compact JSON laid out with a line for each member and tabs, so that a change can be
 * read: for the schema. Appends to a buffer of the caller's. Stateless, any thread.
 *
 * Weakness: strings must be plain ASCII without escaped quotation marks.
 */
void tw_json_lay_out(struct tw_slice compact, struct tw_buffer *out);

#endif
