/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_LISTING_H
#define TW_ENGINE_LISTING_H

#include "engine/engine.h"

/* What --list-plugins and its like print. Each appends to `out`. One thread. */
void tw_list_plugins(const struct tw_engine *engine, struct tw_buffer *out);
void tw_list_formats(const struct tw_engine *engine, struct tw_buffer *out);
void tw_list_keywords(struct tw_buffer *out);
/* The map of a message type, or of "format type"; false where there is none. */
bool tw_explain_map(const struct tw_engine *engine, struct tw_slice type, struct tw_buffer *out);

#endif
