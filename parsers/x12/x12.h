/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_X12_X12_H
#define TW_X12_X12_H

#include "syntax.h"
#include "tidewaiter/envelope.h"
#include "tidewaiter/segments.h"

/*
 * One X12 stream: what is open (interchange, group, transaction set), what was
 * counted, and where in a segment the last window ended. Owned by its stream; one
 * thread at a time. Nothing points into a window: references are copied, cut at
 * TW_X12_REFERENCE bytes.
 *
 * A transaction set is a message; its type is ST01, or ST01 with "/SF" behind it in
 * a group of that name (GS01): there 309 is an Importer Security Filing, which means
 * something else than a manifest. Its version is GS08, or ST03 where GS08 is empty.
 *
 * Weakness: it believes the delimiters of an interchange until another ISA stands
 * where a segment may start; a lost terminator joins two segments.
 */

enum tw_x12_phase {
	TW_X12_IDLE,	    /* between interchanges */
	TW_X12_SEGMENTS,    /* delimiters are known, segments follow */
	TW_X12_LONG,	    /* within a segment that is passed over */
	TW_X12_BINARY,	    /* within the octets of BIN or BDS */
	TW_X12_BINARY_END,  /* behind them: the terminator should follow */
	TW_X12_BINARY_LOST, /* it did not: looking for a segment that can follow */
};

struct tw_x12 {
	struct tw_segment_stream stream;
	struct tw_x12_header header;
	enum tw_x12_phase phase;

	/* The interchange. */
	struct tw_envelope envelope;
	uint64_t begun_at; /* its header */
	bool begun;	   /* delimiters known, header not yet taken */
	struct tw_envelope_reference group_name, version; /* GS01, GS08 */

	/* A binary segment. */
	uint64_t binary_at, binary_left;
	bool binary_begun; /* the sink knows of it */

	uint64_t long_at;  /* a segment that is passed over */
	uint64_t junk_end; /* behind the last junk: more may follow it */
	uint64_t expected; /* offset the next window should start at */
};

/* One call of feed: the window, how far it was taken, the segment at hand. */
struct tw_x12_call {
	struct tw_x12 *parser;
	struct tw_sink *sink;
	struct tw_slice window;
	uint64_t offset;
	bool end;
	bool stop;    /* for more bytes, */
	bool foreign; /* or because what follows may be another syntax's */
	bool asked;   /* who begins at the window's front: this parser, the engine says */
	size_t at;
	struct tw_segment segment;
};

static inline struct tw_slice tw_x12_rest(const struct tw_x12_call *call)
{
	return tw_slice_from(call->window, call->at);
}

static inline uint64_t tw_x12_place(const struct tw_x12_call *call)
{
	return call->offset + call->at;
}

/* Reports `length` bytes that were passed over; 0: nothing to report. */
int tw_x12_skip(struct tw_x12_call *call, struct tw_anomaly_at at, const char *why);

/* ---- values.c ---- */

/*
 * The value of an element (its first component and repetition) of the segment at
 * hand: unfolded, released, blanks at the ends removed, cut to `size`; in `buffer`.
 */
struct tw_slice tw_x12_value(const struct tw_x12_call *call, unsigned element, char *buffer,
			     size_t size);
/* Equal, or the same number: control numbers are seen with and without leading zeros. */
bool tw_x12_same_reference(struct tw_slice one, struct tw_slice other);
/* ISA09 and ISA10 as digits, YYMMDDHHMM; a date without time is its first minute. */
struct tw_slice tw_x12_time(const struct tw_x12_call *call, char buffer[16]);

/* ---- binary.c ---- */

/* Whether a binary segment starts at call->at: 1 begun, 0 no, -1: more bytes are needed. */
int tw_x12_binary(struct tw_x12_call *call);
/* The steps of its phases. */
int tw_x12_step_binary(struct tw_x12_call *call);
int tw_x12_step_binary_end(struct tw_x12_call *call);
int tw_x12_step_binary_lost(struct tw_x12_call *call);

/* ---- service.c: 1 taken, 0 no service segment, or a negative status ---- */

int tw_x12_service(struct tw_x12_call *call);
/* Closes what is open without its trailer, innermost first, and forgets it. */
int tw_x12_abandon(struct tw_x12_call *call);
/* Place of the segment at hand, for an anomaly. */
struct tw_anomaly_at tw_x12_at(const struct tw_x12_call *call, const char *code, unsigned element);

#endif
