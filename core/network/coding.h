/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_NETWORK_CODING_H
#define TW_NETWORK_CODING_H

#include "tidewaiter/slice.h"
#include "tidewaiter/status.h"

/*
 * The content coding of an HTTP body (RFC 9110, section 8.4.1), gzip or deflate, taken off as its
 * bytes arrive. All that can be inflated is given at once, so that where bytes are missing, those before
 * were read. Owned by one body; one thread at a time.
 *
 * What is called deflate is zlib's format (RFC 1950), or raw (RFC 1951), as some send it: the first
 * bytes tell. What is not packed, although its header field says so, is given as it is.
 *
 * Weakness: of several codings the last alone is taken off; a gzip below is unwrapped like any
 * other body. Others (br, zstd) are not known.
 */
enum tw_coding_kind { TW_CODING_NONE, TW_CODING_GZIP, TW_CODING_DEFLATE };

/* What may come out: so many bytes for each that went in, and in all. 0: any number. */
struct tw_coding_limits {
	double ratio;
	uint64_t bytes;
};

struct tw_coding;

/* Who is given what comes out. */
struct tw_coding_taker {
	int (*take)(void *context, struct tw_slice bytes);
	void *context;
};

/* What the field Content-Encoding says: its last word counts. */
enum tw_coding_kind tw_coding_of(struct tw_slice field);
int tw_coding_create(enum tw_coding_kind kind, struct tw_coding_limits limits,
		     struct tw_coding **ret_coding);
void tw_coding_free(struct tw_coding *coding);
/*
 * TW_ERROR_INVALID: what follows cannot be read, TW_ERROR_LIMIT: too much would come out; all before
 * was given. Others are the taker's.
 */
int tw_coding_push(struct tw_coding *coding, struct tw_slice bytes, struct tw_coding_taker taker);
/* No more follows, or bytes are missing: what waited is given. *ret_whole: what was packed came to its end. */
int tw_coding_end(struct tw_coding *coding, struct tw_coding_taker taker, bool *ret_whole);

#endif
