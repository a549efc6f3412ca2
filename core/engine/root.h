/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_ROOT_H
#define TW_ENGINE_ROOT_H

#include "unwrap/unwrap.h"

/*
 * The text of a body's parts, for who reads a header in it before anybody looks into the body: the
 * SOAP envelope of AS4 is the root part of a multipart (RFC 2387), or the body itself. Transfer
 * encodings are taken off and UTF-16 becomes UTF-8 (XML 1.0, appendix F); parts stand one behind
 * the other, those that are packed or encrypted are left out. It owns its text, which the caller bounds;
 * one thread at a time.
 *
 * Weakness: a character beyond the first 65,536 becomes U+FFFD twice. Other character sets stay as they are.
 */
enum tw_root_width {
	TW_ROOT_UNKNOWN, /* the part's first two bytes are not here yet */
	TW_ROOT_BYTES,
	TW_ROOT_LITTLE,
	TW_ROOT_BIG,
};

struct tw_root {
	struct tw_buffer text;
	struct tw_unwrap *unwrap; /* NULL: the body is the only part */
	uint64_t taken;
	enum tw_root_width width;
	unsigned char half[2]; /* bytes that wait for the next */
	unsigned halves;
};

/* `fields`: the body's own MIME header fields, an empty line behind them; empty: it has none. */
int tw_root_begin(struct tw_root *root, struct tw_slice fields);
/* More of the body, whose text joins `text`. */
int tw_root_push(struct tw_root *root, struct tw_slice bytes);
/* No more of it comes: what waited, to be told from something that is packed, joins the text. */
int tw_root_end(struct tw_root *root);
void tw_root_free(struct tw_root *root);

#endif
