/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_SOURCE_GZIP_H
#define TW_SOURCE_GZIP_H

#include "base/buffer.h"

/*
 * One layer of gzip (RFC 1952) as a pull stream: it draws compressed bytes from
 * whoever it was opened on and inflates straight into the reader's block. Members
 * follow each other as one stream; zero bytes behind a member are padding. It
 * holds one window of TW_GZIP_WINDOW bytes beside zlib's own. One thread at a time.
 *
 * All bytes that could be decoded come before the error that ended them.
 */
#define TW_GZIP_WINDOW ((size_t)65536)

/* Where compressed bytes come from: as tw_source_read() returns them. */
struct tw_gzip_input {
	void *context;
	int64_t (*read)(void *context, char *block, size_t size);
	/* How many bytes may stand decoded by now; UINT64_MAX where nothing limits it. */
	uint64_t (*allowance)(void *context);
	/* Fill blocks; else what is decoded is handed on before more input is waited for. */
	bool fill;
};

struct tw_gzip;

int tw_gzip_open(const struct tw_gzip_input *input, struct tw_gzip **ret_gzip);
void tw_gzip_close(struct tw_gzip *gzip);
/* Number of bytes, 0 at the end, or a negative status, then again and again. */
int64_t tw_gzip_read(struct tw_gzip *gzip, char *block, size_t size);
/*
 * What is wrong, without a file's name; NULL where the error is the input's own, or
 * there is none.
 */
const char *tw_gzip_problem(const struct tw_gzip *gzip);
/* Compressed bytes used so far, not counting what waits in the window. */
uint64_t tw_gzip_consumed(const struct tw_gzip *gzip);

#endif
