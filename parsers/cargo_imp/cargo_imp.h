/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_CARGO_IMP_CARGO_IMP_H
#define TW_CARGO_IMP_CARGO_IMP_H

#include "header.h"
#include "tidewaiter/envelope.h"

/*
 * One stream of Cargo-IMP messages, and of CBP's air messages, which are built of
 * the same lines. An interchange is what one header carried; messages without a
 * header that follow one another are one interchange. Owned by its stream, one
 * thread at a time; nothing points into a window: what is needed later is copied.
 *
 * The syntax has no end mark of its own: a message ends at the next identifier
 * line, at the next header, at ETX or NNNN, or with the stream. So a message cut
 * behind the last line it cannot be without cannot be told from a whole one,
 * unless its header promised an end mark.
 *
 * An answer (FMA, FNA) quotes a message right behind its own lines. One that stands
 * behind an empty line is taken for a message of its own: better a quoted shipment
 * told twice, which counts once, than one that is taken for a quotation.
 *
 * Parts of a flight's list (FFM, FBL with CONT) are messages of their own: a
 * consignment never runs over from one to the next. Only their order is watched.
 */

enum tw_imp_phase {
	TW_IMP_IDLE, /* between interchanges */
	TW_IMP_TEXT, /* lines follow */
	TW_IMP_LONG, /* within a line that is passed over */
	TW_IMP_SERVICE, /* EDIFACT's segments around a message in its envelope */
};

#define TW_IMP_TAG 8u
#define TW_IMP_FLIGHT_BYTES 24u

/* The last part of a flight's list that said it would go on. */
struct tw_imp_part {
	bool open;
	uint64_t offset; /* of its CONT */
	unsigned number;
	size_t length;
	char flight[TW_IMP_FLIGHT_BYTES];
};

struct tw_imp {
	struct tw_parser_limits limits;
	enum tw_imp_phase phase;
	struct tw_piece *pieces;

	/* The interchange. */
	bool framed;	/* an end mark must come */
	bool enveloped; /* by EDIFACT */
	struct tw_envelope envelope; /* that one: what its trailers are held against */
	uint64_t last_end;

	/* The message. */
	bool message_open;
	const struct tw_imp_type *type;
	const struct tw_imp_type *shape; /* whose lines these are: the quoted one's */
	bool quoted;
	unsigned line_feeds; /* behind the last line: two make an empty line */
	bool listed;	/* CONT or LAST was met */
	bool broken;	/* the last line was none of the syntax */
	unsigned found; /* bits of tw_imp_type.needed */
	struct tw_imp_part page; /* of this message */
	struct tw_imp_part part; /* of one before it */

	/* The group of lines: its identifier with a slash before it, and the lines so far. */
	char tag[TW_IMP_TAG];
	size_t tag_length;
	unsigned line; /* 0: behind the identifier line */

	/* Lines behind the end of a list, to be reported in one. */
	uint64_t stray_at, stray_length;

	/* A line that is not yet whole, or is passed over; what was junk. */
	size_t looked;
	uint64_t long_at;
	uint64_t junk_end;
	bool within; /* junk ended within a line */
	uint64_t expected;
};

/* One call of feed: the window, and how far it was taken. */
struct tw_imp_call {
	struct tw_imp *parser;
	struct tw_sink *sink;
	struct tw_slice window;
	uint64_t offset;
	bool end;
	bool stop;
	bool foreign; /* what follows may be another syntax's */
	bool asked;   /* who begins at the window's front: this parser, the engine says */
	size_t at;
};

/* ---- message.c ---- */

/* Begins a message at `offset`; its lines follow. */
int tw_imp_message(struct tw_imp_call *call, struct tw_slice type, struct tw_slice version,
		   uint64_t offset);
/* An identifier line: a message, or the one that an answer quotes. */
int tw_imp_named(struct tw_imp_call *call, struct tw_slice line, uint64_t offset);
/* Any other line of a message. */
int tw_imp_line(struct tw_imp_call *call, struct tw_slice line, uint64_t offset);
/* Ends the message that is open, if there is one; `cut`: the stream ends within its last line. */
int tw_imp_message_end(struct tw_imp_call *call, uint64_t end, bool cut);
/* A message in an envelope begins where the call stands: 1, or 0 and stopped for more bytes. */
int tw_imp_enveloped(struct tw_imp_call *call, struct tw_slice type);
/* The list that was to go on did not. */
int tw_imp_part_missing(struct tw_imp_call *call);

#endif
