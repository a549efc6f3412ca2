/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_OUTPUT_SCHEMA_H
#define TW_OUTPUT_SCHEMA_H

#include "base/buffer.h"

/*
 * The JSON Schema (draft 2020-12) of all events, made from fields.def, codes.def and
 * anomalies.def and the tables of schema.c. output/events.schema.json is its committed
 * copy; a test compares the two. It is closed (no further keys) for our tests;
 * consumers should ignore keys they do not know. Start and tests only, any thread.
 */
void tw_event_schema(struct tw_buffer *out);

#endif
