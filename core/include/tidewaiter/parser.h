/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TIDEWAITER_PARSER_H
#define TIDEWAITER_PARSER_H

#include "tidewaiter/slice.h"
#include "tidewaiter/status.h"

/*
 * A parser splits a syntax into units (segments, lines, elements) and knows
 * nothing of what they mean: that is a map's business. It is fed a growing
 * window of bytes, takes as many whole units as there are, and says how many
 * bytes it consumed; the rest comes again, with more behind it. Everything it
 * finds it tells the sink.
 *
 * A parser instance belongs to one stream and is used by one thread at a time.
 * It trusts no length, count or delimiter, keeps no pointer into the window
 * between calls, and returns an error only where it cannot go on at all:
 * malformed input is an anomaly (tw_sink_anomaly) or, where bytes are passed
 * over, tw_sink_skip, which makes the interchange incomplete.
 */

#define TW_PARSER_MAGIC 0x54575052u /* "TWPR" */
#define TW_PARSER_ABI_MAJOR 1u
#define TW_PARSER_ABI_MINOR 4u

struct tw_sink;

/* One element, component or repetition of a unit. Counted from 1, as the standards do. */
struct tw_piece {
	uint32_t start;	 /* in the unit's bytes */
	uint32_t length;
	uint16_t element;
	uint8_t component;
	uint8_t repetition;
	uint8_t flags;	 /* TW_PIECE_* */
};
#define TW_PIECE_RELEASED 1u /* holds release characters */
#define TW_PIECE_FOLDED 2u   /* holds line ends that are none of its text */
#define TW_PIECE_HIGH 4u     /* holds bytes above 0x7f */
#define TW_PIECE_DECODED 8u  /* stands in the unit's text, not in its bytes; no other flag then */

/* Where a piece without flags stands in a unit's bytes; start == end: there is none. */
struct tw_slot {
	uint16_t start, end;
};

/* `length` bytes of a unit's text stand for `origin_length` of its bytes. Equal: byte for byte. */
struct tw_unit_run {
	uint32_t start; /* in the text */
	uint32_t length;
	uint32_t origin; /* in the unit's bytes */
	uint32_t origin_length; /* 0: it has no place there */
};

enum tw_unit_kind {
	TW_UNIT_SEGMENT, /* segment or line: a tag and pieces */
	TW_UNIT_OPEN,	 /* an element opens (XML) */
	TW_UNIT_CLOSE,	 /* it closes */
	TW_UNIT_LEAF,	 /* an element with text: piece 1 is the text */
};

struct tw_unit {
	enum tw_unit_kind kind;
	struct tw_slice tag;	/* segment tag, line identifier, local element name */
	struct tw_slice parent; /* XML: local name of the parent */
	struct tw_slice bytes;	/* the raw bytes the pieces point into */
	uint64_t offset;	/* of bytes.data[0] in the decoded stream */
	const struct tw_piece *pieces; /* in input order */
	unsigned piece_count;
	const struct tw_slice *names; /* XML: attribute name of each piece, or NULL */
	char release;		/* release character of the syntax, 0 for none */
	char decimal;		/* decimal mark, '.' or ',' */
	/* Since ABI 1.1, and read only where a piece is TW_PIECE_DECODED: */
	struct tw_slice text; /* UTF-8 that is not the input's bytes as they stand */
	const struct tw_unit_run *runs; /* where it came from, in the order of the text */
	unsigned run_count;
	/*
	 * Since ABI 1.4. NULL, or TW_UNIT_SLOTS of them and no pieces: component c of element
	 * e stands at e * TW_UNIT_COMPONENTS + c - 1. Then nothing stands beyond, nothing is
	 * repeated, no piece would have a flag, and all end within the bytes. piece_count is
	 * the number of slots up to the last that is used.
	 */
	const struct tw_slot *slots;
};
#define TW_UNIT_ELEMENTS 16u /* with element 0 */
#define TW_UNIT_COMPONENTS 8u
#define TW_UNIT_SLOTS (TW_UNIT_ELEMENTS * TW_UNIT_COMPONENTS)

/* The piece in the first slot from *at on that is used; *at is moved behind it. False: none is. */
static inline bool tw_slots_next(const struct tw_slot *slots, unsigned count, unsigned *at,
				 struct tw_piece *ret_piece)
{
	for (; *at < count; (*at)++) {
		const struct tw_slot slot = slots[*at];
		if (slot.start >= slot.end)
			continue;
		*ret_piece = (struct tw_piece){
			.start = slot.start,
			.length = (uint32_t)(slot.end - slot.start),
			.element = (uint16_t)(*at / TW_UNIT_COMPONENTS),
			.component = (uint8_t)(*at % TW_UNIT_COMPONENTS + 1),
			.repetition = 1,
		};
		(*at)++;
		return true;
	}
	return false;
}

/* Character sets a text can be in; TW_CHARSET_AUTO: UTF-8 where valid, else Windows-1252. */
enum tw_charset {
	TW_CHARSET_AUTO,
	TW_CHARSET_ASCII, /* high bytes contradict: anomaly, then as AUTO */
	TW_CHARSET_UTF8,
	TW_CHARSET_NAMED, /* tw_interchange.charset_name, as iconv knows it */
};

struct tw_interchange {
	struct tw_slice format;	   /* "edifact" */
	struct tw_slice sender, recipient, reference;
	struct tw_slice time;	   /* digits: YYMMDDHHMM or YYYYMMDDHHMM */
	enum tw_charset charset;
	struct tw_slice charset_name;
	bool test;
	uint64_t offset;
};

/* A group of messages within an interchange. Since ABI 1.3. */
struct tw_message_group {
	struct tw_slice sender, recipient, reference;
	uint64_t offset;
};

struct tw_message_start {
	struct tw_slice type;	   /* CUSCAR */
	struct tw_slice version;   /* D:95B:UN */
	struct tw_slice reference;
	uint64_t offset;	   /* first byte of the message in the stream */
};

struct tw_parser_progress {
	int status;	 /* TW_OK, or negative: the stream is given up */
	size_t consumed; /* bytes of the window that need not come again */
	size_t needed;	 /* window size below which a further call is useless; 0: any more */
};

struct tw_parser_limits {
	size_t segment_bytes;	/* limits.segment_bytes */
	unsigned segment_pieces;/* limits.segment_pieces */
	unsigned empty_segments;/* limits.empty_segments */
};

struct tw_parser {
	uint32_t magic;
	uint32_t size;
	uint32_t abi_major;
	uint32_t abi_minor;
	const char *name;    /* "edifact" */
	const char *summary; /* one sentence for --list-formats */
	/*
	 * How sure it is that an interchange of its syntax starts at bytes[0]:
	 * 0 no, 1 to 100; negative: more bytes are needed to tell.
	 */
	int (*probe)(struct tw_slice bytes, bool end);
	/*
	 * Offset of the next place that could start one, or bytes.length. bytes[0]
	 * counts too, and may stand anywhere in the stream; a place whose bytes end
	 * too early to tell counts.
	 */
	size_t (*find)(struct tw_slice bytes);
	int (*open)(const struct tw_parser_limits *limits, void **ret_instance);
	void (*close)(void *instance);
	/* `offset` is that of window.data[0] in the stream; `end`: nothing follows. */
	struct tw_parser_progress (*feed)(void *instance, struct tw_slice window, uint64_t offset,
					  bool end, struct tw_sink *sink);
	/*
	 * True between interchanges. The engine then asks every parser's probe() what
	 * comes next, and feeds this instance again only where its own is the surest.
	 * A feed may go on with the next interchange of its own syntax at once; at
	 * anything else it stops, with those bytes not consumed, be they the first of the
	 * window, where it ended an interchange that has no trailer.
	 */
	bool (*idle)(const void *instance);
	/*
	 * Since ABI 1.3: its syntax carries anything (XML), so that on a network a document
	 * is a carrier message only where there is a map for it.
	 */
	bool general;
};

#define TW_PARSER(module, descriptor)                                          \
	TW_EXPORT const struct tw_parser *module##_LTX_tw_parser(void);        \
	const struct tw_parser *module##_LTX_tw_parser(void)                   \
	{                                                                      \
		return &(descriptor);                                          \
	}

TW_EXPORT int tw_sink_interchange(struct tw_sink *sink, const struct tw_interchange *interchange);
/* A group begins, within an interchange; where it ends need not be told. Since ABI 1.3. */
TW_EXPORT int tw_sink_group(struct tw_sink *sink, const struct tw_message_group *group);
TW_EXPORT int tw_sink_message(struct tw_sink *sink, const struct tw_message_start *message);
TW_EXPORT int tw_sink_unit(struct tw_sink *sink, const struct tw_unit *unit);
/* `end`: offset behind the last byte; complete: false where its trailer is missing. */
TW_EXPORT int tw_sink_message_end(struct tw_sink *sink, uint64_t end, bool complete);
TW_EXPORT int tw_sink_interchange_end(struct tw_sink *sink, uint64_t end, bool complete);

/* Where something is odd. Codes stand in core/output/anomalies.def. */
struct tw_anomaly_at {
	const char *code;	 /* "edifact.segment_count" */
	uint64_t offset;
	uint64_t length;
	struct tw_slice segment; /* tag, or empty */
	unsigned element;	 /* from 1; 0: none */
};
/* All bytes were parsed nevertheless. */
TW_EXPORT int tw_sink_anomaly(struct tw_sink *sink, const struct tw_anomaly_at *at,
			      const char *format, ...) TW_PRINTF(3, 4);
/* `length` bytes were not parsed: the inspection is incomplete. */
TW_EXPORT int tw_sink_skip(struct tw_sink *sink, const struct tw_anomaly_at *at,
			   const char *format, ...) TW_PRINTF(3, 4);
/*
 * The interchange announced more than was found, or otherwise cannot be whole,
 * though each byte that is there was parsed.
 */
TW_EXPORT int tw_sink_incomplete(struct tw_sink *sink, const struct tw_anomaly_at *at,
				 const char *format, ...) TW_PRINTF(3, 4);

/*
 * Since ABI 1.2: an object that a message carries as it is, such as that of an EDIFACT
 * package or an X12 BIN segment. It is inspected as a stream of its own where its bytes show
 * something that is known. Between begin and end nothing else is told of this stream;
 * `complete`: it has the length that was announced. tw_sink_object_end() returns 1 where it was
 * inspected and told its own; 0: its bytes were passed over, which is the parser's to tell.
 */
struct tw_object {
	struct tw_slice name; /* of its layer: "uno:REFERENCE" */
	uint64_t offset;
};
TW_EXPORT int tw_sink_object(struct tw_sink *sink, const struct tw_object *object);
TW_EXPORT int tw_sink_object_bytes(struct tw_sink *sink, struct tw_slice bytes);
TW_EXPORT int tw_sink_object_end(struct tw_sink *sink, bool complete);

#endif
