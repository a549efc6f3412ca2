/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_LEAF_H
#define TW_ENGINE_LEAF_H

#include "engine/stream.h"
#include "network/stream.h"

/*
 * A leaf is what a body on the wire comes down to when nothing is wrapped round it any
 * more: bytes that are an interchange, or are not. It keeps them until it knows, and
 * opens a stream then. It borrows what it is set up with; its owner tells it its end.
 *
 * Weakness: what shows no interchange in its first bytes is not looked at any more.
 */
struct tw_leaves { /* what all share */
	struct tw_streams *streams;
	size_t look_bytes;
	uint64_t recognised, unrecognised_bytes;
};

struct tw_leaf_setup {
	struct tw_leaves *all;
	void *context; /* of `origin` */
	struct tw_origin *(*origin)(void *context, const char *const *layers);
	const char *const *layers; /* copied; NULL: none */
	enum tw_unwrap_beside beside;
	bool expected; /* what is not recognised is told, */
	bool encrypted; /* and then is encrypted, as something else has said */
};

enum tw_leaf_state { TW_LEAF_LOOKING, TW_LEAF_OPEN, TW_LEAF_PASSED };

struct tw_leaf {
	struct tw_leaf_setup setup;
	bool begun;    /* and not ended */
	unsigned told; /* streams that told anything, however often it was begun */
	enum tw_leaf_state state;
	struct tw_buffer head;	/* while looking */
	struct tw_buffer marks; /* struct tw_sink_mark of its bytes */
	struct tw_buffer layers; /* their names, zero-terminated */
	struct tw_finder finder;
	size_t looked;	 /* bytes of the head */
	uint64_t offset; /* of the head, or of what is passed over */
	uint64_t opaque; /* bytes that were encrypted */
	struct tw_stream *stream;
};

void tw_leaf_begin(struct tw_leaf *leaf, const struct tw_leaf_setup *setup);
/* `at`: NULL where there are no packets. */
int tw_leaf_push(struct tw_leaf *leaf, struct tw_slice bytes, const struct tw_packet_at *at);
/* Bytes are missing: what was open is over, and what comes is looked at anew. `lost`: nothing will come. */
int tw_leaf_gap(struct tw_leaf *leaf, uint64_t length, bool lost);
/* Whether it has messages, and stands between two of them. */
bool tw_leaf_between(const struct tw_leaf *leaf);
/* A problem of its wrapping: told where it is a message, or should be. */
int tw_leaf_report(struct tw_leaf *leaf, const char *code, uint64_t skipped, const char *reason);
/* Of what was not begun, nothing. */
int tw_leaf_end(struct tw_leaf *leaf);
/* Frees what it has, telling nothing. */
void tw_leaf_drop(struct tw_leaf *leaf);

#endif
