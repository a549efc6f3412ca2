/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_SOURCE_CAPTURE_H
#define TW_SOURCE_CAPTURE_H

#include "base/buffer.h"
#include "base/packet.h"
#include "config/config.h"
#include "source/filter.h"
#include "source/source.h"

/*
 * Packets out of a capture file: pcap (micro- and nanoseconds, either byte order, the
 * variant with longer record headers) and pcapng (several sections, interfaces of
 * different link types, enhanced, simple and obsolete packet blocks). The bytes come
 * from a file, standard input, gzip in either, or from whoever has them already. One
 * thread at a time; the capture owns its window, which holds one packet or block and
 * what was read ahead.
 *
 * All packets that could be read come before the problem that ended them.
 *
 * Weakness: a damaged record ends the capture; where the next one begins is not guessed.
 */
struct tw_capture;

#define TW_CAPTURE_MAGIC ((size_t)4) /* bytes that suffice to tell */

struct tw_capture_settings {
	uint64_t first;		  /* number of the first packet; 0: 1 */
	size_t packet_bytes;	  /* a longer one is taken for damage */
	unsigned interfaces;	  /* of one pcapng section */
	struct tw_filter *filter; /* or NULL */
};
/* What the configuration says, without a filter. */
struct tw_capture_settings tw_capture_settings(const struct tw_config *config);

/* Where a capture's bytes come from: as tw_source_read() returns them. */
struct tw_capture_input {
	void *context;
	int64_t (*read)(void *context, char *block, size_t size);
	struct tw_slice head; /* bytes of it that were read before; copied */
};

struct tw_capture_counts {
	uint64_t packets, bytes; /* read; those that the filter left out included */
	uint64_t filtered;	 /* left out by the filter */
	uint64_t dropped;	 /* which the capturing host says it lost (pcapng statistics) */
};

/* Whether a capture begins here, by its magic: 1 yes, 0 no. Gzip is not looked into. */
int tw_capture_probe(struct tw_slice head);
/*
 * Opens a file or "-". On failure `reason` names the file and the cause, in one line:
 * TW_ERROR_UNSUPPORTED where it is no capture.
 */
int tw_capture_open(const char *path, const struct tw_capture_settings *settings,
		    struct tw_capture **ret_capture, struct tw_buffer *reason);
/* The same over bytes that somebody else reads; a wrong magic is told by the first packet. */
int tw_capture_create(const struct tw_capture_input *input,
		      const struct tw_capture_settings *settings,
		      struct tw_capture **ret_capture);
void tw_capture_close(struct tw_capture *capture);
/*
 * 1: a packet, good until the next call; 0: the end; negative: what ended it, again and
 * again: TW_ERROR_TRUNCATED in the midst of a record, TW_ERROR_INVALID where it is
 * damaged, TW_ERROR_UNSUPPORTED where the filter does not fit the link type, or what
 * reading gave.
 */
int tw_capture_next(struct tw_capture *capture, struct tw_packet *ret_packet);
/* The sentence; without a file's name where the input is somebody else's, NULL where the error is. */
const char *tw_capture_problem(struct tw_capture *capture);
struct tw_capture_counts tw_capture_counts(const struct tw_capture *capture);
/* Time of the first packet of a file, to put files in order: 1, 0 where there is none, or as tw_capture_open(). */
int tw_capture_first_time(const char *path, const struct tw_capture_settings *settings,
			  double *ret_time, struct tw_buffer *reason);

#endif
