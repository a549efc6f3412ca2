/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_SOURCE_SOURCE_H
#define TW_SOURCE_SOURCE_H

#include <signal.h>

#include "base/buffer.h"

/*
 * Where bytes come from: a file, standard input, or either of them compressed
 * with gzip (recognised by content; several members are one stream), and
 * interchanges in EBCDIC in any of them, which are translated. A source is
 * read into the caller's block; it never holds more than its own small window,
 * however large the input. One thread at a time.
 */
struct tw_source;

/*
 * `path` "-" (or /dev/stdin) is standard input, whatever it is connected to; by
 * name, regular files and FIFOs can be read. Waits for the first bytes, which tell
 * whether they are compressed. On failure `reason` names the file and the cause, in
 * one line without line end.
 */
int tw_source_open(const char *path, struct tw_source **ret_source, struct tw_buffer *reason);
void tw_source_close(struct tw_source *source);
/*
 * Reads up to `size` bytes of the decoded stream. Returns the number of bytes, 0
 * at the end, or a negative status: TW_ERROR_TRUNCATED where a compressed stream
 * or a file ended early (a file is shorter than it was when opened),
 * TW_ERROR_INVALID where it is corrupt, TW_ERROR_LIMIT where it expands too much,
 * TW_ERROR_IO. After an error nothing more can be read; `tw_source_problem` has
 * the sentence.
 */
int64_t tw_source_read(struct tw_source *source, char *block, size_t size);
const char *tw_source_problem(const struct tw_source *source);
/*
 * "gzip" and so on, outermost first; NULL beyond the last, and there are at most
 * TW_SOURCE_LAYERS and one. gzip in gzip is opened TW_SOURCE_LAYERS deep; deeper is
 * refused with TW_ERROR_LIMIT.
 */
#define TW_SOURCE_LAYERS 3
const char *tw_source_layer(const struct tw_source *source, unsigned index);
/* Modification time of the file in seconds since 1970, or NAN. */
double tw_source_time(const struct tw_source *source);
/* Size of the file in bytes (as stored, not decoded), 0 where unknown; and how much of it has been read. */
uint64_t tw_source_size(const struct tw_source *source);
uint64_t tw_source_position(const struct tw_source *source);
/*
 * The code page an interchange in EBCDIC is in: "037", "500", "1047"; anything else
 * leaves it as it is. Set before the first read and before layers are asked for.
 */
void tw_source_ebcdic(struct tw_source *source, const char *page);
/* While *stop is set, a read that a signal interrupts ends the input instead of going on. */
void tw_source_stop(struct tw_source *source, const volatile sig_atomic_t *stop);
/*
 * Refuse to decode more than `ratio` times the input plus 1 MiB, or more than
 * `bytes`; 0: no limit. The input is what was read of the file, for inner layers
 * too, so that ratios do not multiply. Uncompressed input is never refused. Set
 * before the first read; the two bytes that tell gzip were decoded before.
 */
void tw_source_limit(struct tw_source *source, double ratio, uint64_t bytes);

/*
 * The inputs of a run in order: each argument as given, folders recursively,
 * sorted by path (byte order). Anything that is neither a regular file, a folder
 * nor "-" (nor a FIFO given as the argument itself) is reported in `problems`, one
 * line each, and left out, as is what cannot be read.
 *
 * In folders, names that begin with a dot are passed over, symbolic links to files
 * are followed, and a folder reached by several ways (links, also in a loop) is
 * read once for each argument, under its own name where that is below the argument.
 */
struct tw_inputs {
	char **paths;
	unsigned count;
	unsigned capacity;
};
/* Returns the number of problems, or TW_ERROR_MEMORY. */
int tw_inputs_add(struct tw_inputs *inputs, const char *argument, struct tw_buffer *problems);
/* Adds a path as it is, whatever it is: opening it will tell. */
int tw_inputs_push(struct tw_inputs *inputs, const char *path);
void tw_inputs_free(struct tw_inputs *inputs);

#endif
