/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_UNWRAP_DELIMITER_H
#define TW_UNWRAP_DELIMITER_H

#include "unwrap/mime_head.h"

/*
 * The delimiter lines of multiparts (RFC 2046, 5.1.1), found in a stream that comes
 * in pieces: "--", the boundary, "--" where it closes, blanks, and the end of the line.
 * The line end before it (CRLF, or LF alone) belongs to it. Those of all open multiparts
 * count, as an inner one may lack its closing line. Owned by its layer; one thread at
 * a time.
 *
 * Weakness: a line that is a delimiter but for something behind it is part of the body,
 * as the RFC has it, though some mail programs take it for one.
 */
struct tw_delimiters {
	struct {
		char text[TW_MIME_BOUNDARY];
		size_t length;
	} boundaries[TW_UNWRAP_LAYERS];
	unsigned count; /* of the open multiparts, outermost first */
	bool start;	/* the input stands at the start of a line */
};

struct tw_delimiter {
	size_t length; /* of the line end before it and the line; 0: none was found */
	unsigned level;
	bool closes;
};

/* There is room for one more, and it is at most TW_MIME_BOUNDARY long. */
void tw_delimiters_push(struct tw_delimiters *delimiters, struct tw_slice boundary);
void tw_delimiters_pop(struct tw_delimiters *delimiters);
/*
 * Whether a line that begins here is one: 1, 0, or -1 with more bytes. With `end` there
 * are none, and the last line needs no end; one that is cut before is no body either.
 */
int tw_delimiters_match(const struct tw_delimiters *delimiters, struct tw_slice line, bool end,
			struct tw_delimiter *ret_delimiter);
/* How many bytes are known to stand before the next one; whether that follows is in `ret_delimiter`. */
size_t tw_delimiters_find(const struct tw_delimiters *delimiters, struct tw_slice input, bool end,
			  struct tw_delimiter *ret_delimiter);

#endif
