/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_INNER_H
#define TW_ENGINE_INNER_H

#include "engine/stream.h"
#include "tidewaiter/parser.h"

/*
 * An object that a message carries as it is (EDIFACT UNO, X12 BIN), on its way to
 * streams of its own: it may be an interchange, or wrapped as any input may be. What it is, its
 * bytes decide; what shows nothing that is known is left to the parser to tell. It
 * belongs to the sink of the stream it is in, and borrows that one's origin; one
 * thread at a time.
 *
 * Weakness: where an object is unwrapped, a member that is no message is told with the
 * object's layers, but where it is none at all, only the parser's remark says so.
 */
struct tw_inner;

/* *ret_inner is NULL where wrappings stand too deep in each other already. */
int tw_inner_open(struct tw_streams *streams, const struct tw_unwrap_settings *settings,
		  const struct tw_origin *outer, const struct tw_object *object,
		  struct tw_inner **ret_inner);
int tw_inner_push(struct tw_inner *inner, struct tw_slice bytes);
/* 1: something of it was inspected, and has told what there was to tell; 0: nothing. Frees it. */
int tw_inner_close(struct tw_inner *inner, bool complete);
/* Frees it, telling nothing. NULL: nothing. */
void tw_inner_drop(struct tw_inner *inner);

#endif
