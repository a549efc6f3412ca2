/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_UNWRAP_INFLATE_H
#define TW_UNWRAP_INFLATE_H

#include <zlib.h>

#include "unwrap/layer.h"

/*
 * zlib for the layers that inflate: takes from the layer's input, gives blocks of
 * bytes, and holds the expansion against the layer's budget. Owned by its layer;
 * one thread at a time. All that could be decoded is given before the trouble.
 */
struct tw_inflate {
	z_stream stream;
	bool open;
	bool ended;	 /* the compressed data is complete */
	bool corrupt;	 /* or damaged: stream.msg says how */
	bool over;	 /* or beyond the budget */
	uint64_t consumed, produced; /* of this stream of the layer */
	uint32_t crc;	 /* CRC-32 of what was given */
	unsigned char out[TW_LAYER_BLOCK];
};

/* `bits` as zlib's windowBits: -15 raw, 15 zlib, 31 gzip. TW_OK or TW_ERROR_MEMORY. Also to begin anew. */
int tw_inflate_begin(struct tw_inflate *state, int bits);
void tw_inflate_end(struct tw_inflate *state);
/*
 * Inflates from the first `most` bytes of the input. GIVE: bytes; ON: see `ended`,
 * `corrupt` and `over`; NEED: all of them are used up.
 */
enum tw_layer_verdict tw_inflate_step(struct tw_inflate *state, struct tw_layer *layer,
				      uint64_t most);
/* The problem that ends it, for `corrupt` or `over`. */
enum tw_layer_verdict tw_inflate_problem(const struct tw_inflate *state, struct tw_layer *layer);

#endif
