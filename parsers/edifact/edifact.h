/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_EDIFACT_EDIFACT_H
#define TW_EDIFACT_EDIFACT_H

#include "syntax.h"
#include "tidewaiter/envelope.h"
#include "tidewaiter/segments.h"

/*
 * One EDIFACT stream: what is open (its envelope, a package), and where in a segment the
 * last window ended. Owned by its stream; one thread at a time. Nothing points into a
 * window.
 *
 * Weakness: it believes the delimiters of an interchange until a new UNA or UNB
 * stands where a segment may start; a lost terminator joins two segments.
 */

enum tw_edifact_phase {
	TW_EDIFACT_IDLE,	 /* between interchanges */
	TW_EDIFACT_SEGMENTS,	 /* delimiters are known, segments follow */
	TW_EDIFACT_LONG,	 /* within a segment that is passed over */
	TW_EDIFACT_OBJECT,	 /* within a binary object (ISO 9735-8) */
	TW_EDIFACT_OBJECT_END,	 /* behind it: UNP, or a security trailer, should follow */
	TW_EDIFACT_OBJECT_LOST,	 /* it did not: looking for a service segment */
};

struct tw_edifact {
	struct tw_segment_stream stream;
	enum tw_edifact_phase phase;

	/* The interchange; its messages are packages too. */
	struct tw_envelope envelope;
	uint64_t begun_at; /* its UNA or header */
	bool begun;	   /* delimiters known, header not yet taken */
	bool advised;	   /* by UNA */
	bool odd_advice;

	/* The message. */
	bool detail, summary; /* UNS+D, UNS+S were seen */

	/* The package (UNO to UNP). */
	bool package_open;
	struct tw_envelope_reference package_reference;
	uint64_t segments_before; /* the object: security headers still to come */
	uint64_t object_at, object_announced, object_left;
	bool object_begun; /* the sink knows of it */

	uint64_t long_at;  /* a segment that is passed over */
	uint64_t junk_end; /* behind the last junk: more may follow it */
	uint64_t expected; /* offset the next window should start at */
};

/* One call of feed: the window, how far it was taken, the segment at hand. */
struct tw_edifact_call {
	struct tw_edifact *parser;
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

/* ---- values.c ---- */

/*
 * The value of an element's component (first repetition) of the segment at hand:
 * unfolded, released, blanks at the end removed, cut to `size`; in `buffer`.
 */
struct tw_slice tw_edifact_value(const struct tw_edifact_call *call, unsigned element,
				 unsigned component, char *buffer, size_t size);
/* Character set of a syntax identifier such as UNOC (ISO 9735-1, annex; code list 0001). */
enum tw_charset tw_edifact_charset(struct tw_slice level, struct tw_slice *ret_name);
/* S004 or S300 as digits, YYMMDDHHMM or YYYYMMDDHHMM; a date without time is its first minute. */
struct tw_slice tw_edifact_time(const struct tw_edifact_call *call, unsigned element,
				char buffer[16]);

/* ---- service.c: 1 taken, 0 no service segment, or a negative status ---- */

int tw_edifact_service(struct tw_edifact_call *call);
/* Closes what is open without its trailer, innermost first, and forgets it. */
int tw_edifact_abandon(struct tw_edifact_call *call);
/* Place of the segment at hand, for an anomaly. */
struct tw_anomaly_at tw_edifact_at(const struct tw_edifact_call *call, const char *code,
				   unsigned element);

#endif
