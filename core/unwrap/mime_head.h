/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_UNWRAP_MIME_HEAD_H
#define TW_UNWRAP_MIME_HEAD_H

#include "unwrap/layer.h"

/*
 * The header fields in front of a mail or of a part of one: whether some bytes are
 * header fields at all, and what they say of the body behind them. They are parsed
 * by GMime, which is seen in core/unwrap only. A head owns its strings; one thread at
 * a time.
 *
 * Weakness: RFC 822 lets any word be a field's name, so that many texts look like
 * header fields. A stream begins a mail only where its first field is one that mails
 * have, and the fields behind it confirm it.
 */
#define TW_MIME_LINE ((size_t)998) /* longest line, RFC 5322, 2.1.1 */
#define TW_MIME_BOUNDARY ((size_t)250) /* longest boundary; RFC 2046, 5.1.1 has 70 */

enum tw_mime_body {
	TW_MIME_LEAF,
	TW_MIME_MULTIPART,
	TW_MIME_MESSAGE,   /* a mail in a mail */
	TW_MIME_SIGNATURE, /* of the part before it */
};

struct tw_mime_head {
	enum tw_mime_body body;
	struct tw_buffer boundary; /* of a multipart */
	struct tw_buffer name;	   /* of an attachment */
	int encoding;		   /* as GMimeContentEncoding */
	enum tw_unwrap_beside beside;
	bool html, digest;
	const char *opaque; /* why its bytes cannot be had, or NULL */
	const char *odd;    /* what else is wrong, or NULL; its code: */
	const char *code;
};

/* Whether a mail, or a MIME entity, begins here: as a kind's probe. */
int tw_mime_probe(struct tw_slice head, bool end);
/* Whether a line is a header field or goes on with one (`first`: it cannot). */
bool tw_mime_is_field(struct tw_slice line, bool first);
/*
 * Reads the fields of an entity. `digest`: without a type it is a mail (RFC 2046,
 * 5.1.5). TW_OK or TW_ERROR_MEMORY; either way the head is to be freed.
 */
int tw_mime_head_read(struct tw_slice fields, bool digest, struct tw_mime_head *ret_head);
void tw_mime_head_free(struct tw_mime_head *head);

#endif
