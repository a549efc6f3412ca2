/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_NETWORK_FRAMED_H
#define TW_NETWORK_FRAMED_H

#include "network/protocol_private.h"

/*
 * Protocols of frames: each direction is a row of headers with a length, and what they
 * announce. This follows them, from one header to the next, whatever the pieces are the
 * bytes come in. Where no header stands where one must, or bytes are missing that may have
 * held some, the next one that can be is looked for, and `protocol.desync` says how many
 * bytes were passed over; the first time in a direction at once, others at its end, so that
 * a flow of rubbish is no flood of events. Bytes of frames that a protocol does not hand on
 * are counted for each direction, and are one `opaque` event at the end.
 *
 * The state of such a protocol begins with a struct tw_framed; it belongs to the talk, and
 * all is called on the one thread that reads the capture.
 *
 * Weakness: a header is believed by itself. One that stands in the bytes that are passed
 * over, and is none, is followed until its frame ends where no other header begins.
 */
#define TW_FRAMED_HEADER 40u /* bytes of the longest header */

struct tw_framed_kind {
	/*
	 * The size in bytes of the header that begins here; 0: none does; negative: more bytes
	 * are needed. More bytes never change an answer. `searching`: nobody knows whether one
	 * begins here. *ret_length: of the frame, with its header; not less than that.
	 */
	int (*header)(struct tw_slice head, bool searching, uint64_t *ret_length);
	int (*begin)(struct tw_talk *talk, unsigned direction, struct tw_slice header,
		     const struct tw_packet_at *at);
	/* Of the frame, behind its header. */
	int (*bytes)(struct tw_talk *talk, unsigned direction, struct tw_slice bytes,
		     const struct tw_packet_at *at);
	int (*gap)(struct tw_talk *talk, unsigned direction, uint64_t length,
		   const struct tw_packet_at *at);
	/* `whole`: nothing is known to be missing at its end. */
	int (*end)(struct tw_talk *talk, unsigned direction, bool whole,
		   const struct tw_packet_at *at);
	/* Between two frames so many bytes are missing or were passed over. May be NULL. */
	int (*lost)(struct tw_talk *talk, unsigned direction, uint64_t bytes,
		    const struct tw_packet_at *at);
	/* Nothing more comes of this direction. May be NULL. */
	int (*over)(struct tw_talk *talk, unsigned direction, const struct tw_packet_at *at);
};

struct tw_framed_place {
	uint64_t times, missing, passed; /* bytes */
};

struct tw_framed_side {
	char held[TW_FRAMED_HEADER]; /* of a header */
	size_t held_length;
	bool open;     /* a frame is */
	uint64_t left; /* bytes of it */
	struct tw_framed_place here, untold;
	uint64_t desyncs, unread, unread_untold;
};

struct tw_framed {
	const struct tw_framed_kind *kind;
	struct tw_framed_side sides[2];
	uint64_t opaque[2]; /* bytes that are not handed on, by direction */
	unsigned ends;
	unsigned char ebcdic[256]; /* to Latin-1, of page 037 */
};

/* The protocol's probe, by what each direction began with: 1, 0, negative: more is needed. */
int tw_framed_probe(const struct tw_talk *talk, int (*probe)(struct tw_slice head));
/* Makes the talk's state, of so many bytes, zero but for the struct tw_framed it begins with. */
int tw_framed_open(struct tw_talk *talk, size_t size, const struct tw_framed_kind *kind);
/* The protocol's data, gap and end. */
int tw_framed_data(struct tw_talk *talk, unsigned direction, struct tw_slice bytes,
		   const struct tw_packet_at *at);
int tw_framed_gap(struct tw_talk *talk, unsigned direction, uint64_t length,
		  const struct tw_packet_at *at);
int tw_framed_end(struct tw_talk *talk, unsigned direction, bool whole,
		  const struct tw_packet_at *at);
/* A message is passed over: `protocol.unread`, the first time in a direction at once. */
int tw_framed_unread(struct tw_talk *talk, unsigned direction, const char *reason,
		     const struct tw_packet_at *at);
/* Hands on bytes of a body, which begins with the first; with a table from EBCDIC, or NULL. */
int tw_framed_text(struct tw_talk *talk, unsigned direction, struct tw_body **body,
		   const unsigned char *table, struct tw_slice bytes,
		   const struct tw_packet_at *at);

#endif
