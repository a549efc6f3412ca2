/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_XML_XML_H
#define TW_XML_XML_H

#include "tidewaiter/parser.h"

#include <libxml/parser.h>

#include "decode.h"

/*
 * One XML stream: documents one after another, each an interchange. libxml2's push
 * parser reads them, and only the tags, texts and errors it tells are believed;
 * nothing is kept of a document but the elements that are open. What we do beside
 * it is to find again, in the bytes it has just read, where they stand.
 *
 * Bytes are given to libxml2 so that no start tag is cut: up to a "<", or behind a
 * ">" (libxml2 2.9 takes a ">" within an attribute's value for the end of a tag that
 * is not yet whole). The window is kept from the start tag of an element on until
 * it is told, so that a unit is the element's own bytes.
 *
 * An element is told when the next tag shows what it is: TW_UNIT_LEAF at its end
 * tag where nothing but text was in it, TW_UNIT_OPEN where another start tag
 * follows. Text beside elements is told as a leaf of the element it stands in,
 * before that one closes, with an anomaly.
 *
 * Where the text is the input byte for byte, a piece points at the input. Otherwise
 * (references, CDATA, CR LF, other character sets) it is TW_PIECE_DECODED, with runs
 * exact to the character. Two texts lead back to the whole of their tag only: an
 * attribute's value with a reference in it, and a text that could not be found again
 * because it is malformed.
 *
 * Sender, version and the like stand inside a message, but are announced before it:
 * its units wait in a queue until its header is over, at most TW_XML_WAITING of them.
 *
 * CDATA, comments and instructions libxml2 keeps until they end; where one is longer
 * than limits.segment_bytes the document is given up. A text as long is only not told.
 *
 * Security: no network, no file, no entity but the five of XML; a document with an
 * internal subset is refused. Depth, start tags, texts, attributes and errors have
 * limits, and libxml2's own are left on (XML_PARSE_HUGE is not given).
 *
 * Owned by its stream; one thread at a time. Weakness: a document must be well-formed
 * as far as its tags go: where they do not match, the rest of it is passed over.
 */

#define TW_XML_DEPTH 256u
#define TW_XML_TAG_BYTES ((size_t)16 << 10) /* libxml2 compares each attribute with all others */
#define TW_XML_SLICE (2 * TW_XML_TAG_BYTES) /* bytes given to libxml2 at a time */
#define TW_XML_WAITING 128u
#define TW_XML_ERRORS 16u /* in a document, before it is given up */
#define TW_XML_FACT 128u
/*
 * "&" in a company's name ends a document for libxml2, and until a ";" follows it
 * waits. So an "&" that begins no reference is given to it as DEL, which decode.c
 * lets through nowhere, and is an "&" again in the text.
 */
#define TW_XML_AMPERSAND '\x7f'

enum tw_xml_phase {
	TW_XML_IDLE,	 /* between documents */
	TW_XML_DOCUMENT,
	TW_XML_SKIPPING, /* the rest of one that was given up */
};

struct tw_xml_element {
	struct tw_slice name; /* in libxml2's dictionary, until the document ends */
	size_t qualified; /* length of its name as it is written, with prefix */
	uint64_t tag, content; /* places: its "<", and behind its start tag */
	uint64_t offset, content_offset; /* the same in the stream */
	size_t text, runs; /* where its own begin */
	bool told;	   /* as open */
	uint8_t wrapper;   /* row of the table of wrappers + 1, or TW_XML_OUTSIDE */
};
#define TW_XML_OUTSIDE UINT8_MAX

/* Part of a text and the bytes of the stream it stands for. */
struct tw_xml_run {
	uint64_t origin;
	uint32_t start, length, origin_length;
};

/* Bytes of the input: the text of a leaf, where it stands there as it is. */
struct tw_xml_span {
	uint64_t place;
	size_t length;
};

struct tw_xml_piece {
	uint64_t start; /* place, or in the decoded text */
	uint32_t length;
	uint32_t element;
	bool decoded;
	struct tw_slice name;
};

/* A unit that waits until the header of its message is over. */
struct tw_xml_waiting {
	enum tw_unit_kind kind;
	struct tw_slice name, parent;
	uint64_t offset, end;
	size_t piece, piece_count;
};

/* What is known of interchange and message. */
enum tw_xml_fact {
	TW_XML_SENDER,
	TW_XML_RECIPIENT,
	TW_XML_INTERCHANGE, /* reference */
	TW_XML_TIME,	    /* of preparation: digits */
	TW_XML_CLOCK,	    /* time of day, where it stands apart */
	TW_XML_REFERENCE,   /* of the message */
	TW_XML_VERSION,
	TW_XML_TEST,
	TW_XML_FACTS,
};

/* A name of libxml2's dictionary, where it has but one address. */
struct tw_xml_name {
	struct tw_slice local;
	const xmlChar *prefix; /* the one it had last as the name of an element, or NULL, */
	size_t qualified;      /* and the length of both as they are written */
};
#define TW_XML_NAMES 256u /* a power of two */

struct tw_xml_fact_text {
	uint32_t length;
	char text[TW_XML_FACT];
};

struct tw_xml_call;

struct tw_xml {
	struct tw_parser_limits limits;
	enum tw_xml_phase phase;
	xmlParserCtxtPtr context;
	struct tw_xml_text text;
	struct tw_xml_call *call; /* while feed runs */
	int status;		  /* of the sink, or of memory */

	/* the document */
	uint64_t begun_at;	/* offset */
	uint64_t begun_place;
	uint64_t fed;	   /* place up to which libxml2 has it */
	size_t slice;	   /* how much it is given next */
	bool sloppy;	   /* its declaration was reported */
	bool contradicted; /* by bytes that are no UTF-8 */
	bool over;	   /* its last tag was told, or it was given up; at `last` */
	const char *broken; /* code of the anomaly, where it was given up */
	const char *reason;
	uint64_t broken_at; /* place; the next document starts behind it */
	unsigned errors;
	unsigned untold_errors; /* those behind the last tag */
	uint64_t error_at; /* place of the last */
	uint64_t last; /* place behind the last tag, */
	uint64_t last_offset; /* and where that is in the stream */
	struct tw_xml_element open[TW_XML_DEPTH + 1]; /* the first stands for the document */
	struct tw_xml_element *top;		       /* the last of them, */
	unsigned depth;				       /* and how many stand before it */
	unsigned message_depth; /* elements outside the message; only while in one */
	bool in_message, any_message;
	struct tw_xml_buffer own;	/* texts of open elements, one behind the other */
	struct tw_xml_buffer own_runs;	/* their runs, where they were asked for */
	/* The text behind the last tag, where it is none of `own` but stands in the input as it is. */
	uint64_t plain_at; /* place */
	size_t plain_length;
	bool plain_blank; /* it ends with a blank */
	bool lost;	  /* the text behind the last tag is too long */
	bool substituted;		/* TW_XML_AMPERSAND was given */
	bool ampersand;			/* one that begins no reference is in the text behind the last tag */
	unsigned ampersands;		/* elements with such */
	size_t section;	      /* where in `own` the text of the last CDATA begins, */
	uint64_t section_end; /* place behind what was told of it, */
	bool in_section;      /* and whether the document was given up within */
	size_t segment;			/* where in `own` the text behind the last tag begins */
	uint64_t floor;			/* place: what stands before it was let go */

	/* what waits to be told */
	bool waiting;	     /* for the header of the message, which begins at */
	uint64_t waiting_place;
	bool in_interchange;
	struct tw_xml_fact_text facts[TW_XML_FACTS];
	struct tw_slice type; /* of the message: a literal, or libxml2's */
	char type_text[TW_XML_FACT];
	uint64_t message_at;
	struct tw_xml_buffer queue;   /* struct tw_xml_waiting */
	struct tw_xml_buffer pieces;  /* struct tw_piece: the queue's, and behind them */
	struct tw_xml_buffer names;   /* struct tw_slice: theirs */
	size_t draft;		      /* from this one on, those of the next unit; the first is its text */
	struct tw_xml_buffer decoded; /* texts that are not the input's bytes */
	struct tw_xml_buffer runs;    /* struct tw_xml_run of them */
	struct tw_unit plain_unit; /* without attributes, as most are: what they have in common stays */
	struct tw_piece plain_piece;
	struct tw_slice plain_name; /* none */
	struct tw_xml_buffer scratch_runs, scratch_text;
	struct tw_xml_name known[TW_XML_NAMES]; /* names that were met, by their address */

	/* passing over */
	uint64_t skip_at;  /* offset where it began, */
	uint64_t seek_at;  /* and up to which no document starts */
	uint64_t junk_end; /* behind the last junk: more may follow it */
};

/* One call of feed. */
struct tw_xml_call {
	struct tw_sink *sink;
	struct tw_slice window;
	uint64_t offset;
	bool end;
	bool stop;    /* for more bytes, */
	bool foreign; /* or because what follows may be another syntax's */
	size_t at;
};

/* The UTF-8 text from place `from` to place `to`, as far as it is there. */
static inline struct tw_slice tw_xml_text(const struct tw_xml *parser, uint64_t from, uint64_t to)
{
	const struct tw_xml_text *text = &parser->text;
	const struct tw_xml_call *call = parser->call;
	bool plain = text->charset == TW_XML_UTF8;
	uint64_t start = plain ? call->offset : text->start;
	struct tw_slice all = plain ? tw_slice_part(call->window, 0, (size_t)(text->taken - start))
				    : tw_slice(text->bytes.data, text->bytes.length);
	if (from < start || to < from)
		return tw_slice(NULL, 0);
	return tw_slice_part(all, (size_t)(from - start), (size_t)(to - from));
}

/* ---- find.c ---- */

enum tw_xml_start { TW_XML_NO_START, TW_XML_START, TW_XML_START_MORE };
int tw_xml_probe(struct tw_slice bytes, bool end);
size_t tw_xml_find(struct tw_slice bytes);
/* Whether a document we know starts here: with a declaration, or with a root of the table. */
enum tw_xml_start tw_xml_known_start(struct tw_slice bytes, bool end);
/* Whether any document starts here. */
enum tw_xml_start tw_xml_any_start(struct tw_slice bytes, bool end);

/* ---- document.c: what libxml2 tells ---- */

int tw_xml_document_begin(struct tw_xml *parser, uint64_t offset);
/* Place up to which libxml2 has read. */
uint64_t tw_xml_read_to(const struct tw_xml *parser);
/* Tells the top element as open, if it was not told: it holds others. */
void tw_xml_open_top(struct tw_xml *parser);
/* Ends the document. The next one may start from `place` on. */
void tw_xml_give_up(struct tw_xml *parser, const char *code, uint64_t place, const char *reason);
#define TW_XML_MALFORMED "a document is not well-formed: the rest of it was passed over"
/* Offset in the stream from which on nothing was told yet. */
uint64_t tw_xml_untold(const struct tw_xml *parser);
/* Place from which on the text is still needed; what stands before it may be let go. */
uint64_t tw_xml_keep(const struct tw_xml *parser);
/* A document that was given up: texts of its open elements are told, and those are closed. */
void tw_xml_document_abandon(struct tw_xml *parser);

/* ---- attribute.c ---- */

/* Adds the attributes of the top element, whose tag libxml2 has read up to place `here`. */
void tw_xml_add_attributes(struct tw_xml *parser, uint64_t here, unsigned count,
			   const xmlChar **attributes);

/* ---- feed.c ---- */

/* Gives libxml2 what there is of the text; ends the document where it ends. */
int tw_xml_document_feed(struct tw_xml *parser);

/* ---- align.c ---- */

/* Length of the reference to a character that begins with this "&"; 0: none, -1: not whole yet. */
int tw_xml_reference(struct tw_slice bytes, bool end);

/*
 * Finds the text behind the last tag (from `own` byte `start` on) again in the bytes
 * between two places, and appends runs to `own_runs`.
 */
int tw_xml_align(struct tw_xml *parser, size_t start, uint64_t from, uint64_t to);

/* ---- message.c: names, and what they mean to the envelope ---- */

bool tw_xml_known_root(struct tw_slice local);
/* Row + 1 of a wrapper whose contents may be a message; TW_XML_OUTSIDE: its header; 0: a message. */
uint8_t tw_xml_wrapper(const struct tw_xml *parser, struct tw_slice name);
void tw_xml_name_message(struct tw_xml *parser, struct tw_slice root, struct tw_slice name_space);
/* A leaf's text may be a fact of the envelope. */
void tw_xml_take_fact(struct tw_xml *parser, struct tw_slice parent, struct tw_slice name,
		      struct tw_slice text);
/* Whether an element below the root belongs to its header. */
bool tw_xml_header_element(struct tw_slice name);
struct tw_slice tw_xml_fact(const struct tw_xml *parser, enum tw_xml_fact fact);
/* Digits for tw_interchange.time, in `buffer`. */
struct tw_slice tw_xml_time(const struct tw_xml *parser, char buffer[16]);

/* ---- tell.c: to the sink ---- */

void tw_xml_fail(struct tw_xml *parser, int status);
/* The message begins with the element that is about to be opened. */
void tw_xml_tell_message(struct tw_xml *parser, uint64_t offset);
/* Announces interchange and message, and tells what waited. */
void tw_xml_settle(struct tw_xml *parser);
/* Tells the top element's unit, or queues it, with the pieces that were added since the last. */
void tw_xml_tell(struct tw_xml *parser, enum tw_unit_kind kind, uint64_t offset, uint64_t end);
/* An envelope without a message is an interchange all the same. */
void tw_xml_tell_empty(struct tw_xml *parser);
void tw_xml_tell_message_end(struct tw_xml *parser, uint64_t end, bool complete);
void tw_xml_tell_interchange_end(struct tw_xml *parser, uint64_t end, bool complete);
/* `at`: offset and length in the stream. */
void tw_xml_anomaly(struct tw_xml *parser, const char *code, uint64_t offset, uint64_t length,
		    const char *reason);
void tw_xml_skip(struct tw_xml *parser, const char *code, uint64_t offset, uint64_t length,
		 const char *reason);
void tw_xml_incomplete(struct tw_xml *parser, const char *code, uint64_t offset, uint64_t length,
		       const char *reason);
/* The same, with a text that stands in the input, if it has a length. Mostly there is no more. */
void tw_xml_tell_plain(struct tw_xml *parser, enum tw_unit_kind kind, uint64_t offset,
		       uint64_t end, struct tw_xml_span text);
/* Forgets the pieces of a tag that will not be told. */
void tw_xml_drop(struct tw_xml *parser);
/* Adds a piece of the top element to the next unit; element 1 is the text, which stands first. */
bool tw_xml_add_piece(struct tw_xml *parser, const struct tw_xml_piece *piece);
/* A piece of decoded text; its runs count from `text` on. */
bool tw_xml_add_decoded(struct tw_xml *parser, struct tw_xml_piece piece, struct tw_slice text,
			const struct tw_xml_run *runs, size_t run_count);

/* The innermost open element, or NULL. */
static inline struct tw_xml_element *tw_xml_top(struct tw_xml *parser)
{
	return parser->depth == 0 ? NULL : parser->top;
}

static inline void tw_xml_close_top(struct tw_xml *parser)
{
	parser->depth--;
	parser->top--;
}

/* Where what is known of a name of the dictionary stands, if it stands anywhere. */
static inline struct tw_xml_name *tw_xml_name_slot(struct tw_xml *parser, const xmlChar *name)
{
	return &parser->known[((uintptr_t)name >> 2) % TW_XML_NAMES];
}

static inline struct tw_xml_name *tw_xml_known(struct tw_xml *parser, const xmlChar *name)
{
	struct tw_xml_name *known = tw_xml_name_slot(parser, name);
	const char *text = (const char *)name;
	if (known->local.data != text) {
		size_t length = strlen(text);
		*known = (struct tw_xml_name){.local = {text, length}, .qualified = length};
	}
	return known;
}

/* A name of the dictionary, or none; its length is counted once. */
static inline struct tw_slice tw_xml_name(struct tw_xml *parser, const xmlChar *name)
{
	return name == NULL ? tw_slice(NULL, 0) : tw_xml_known(parser, name)->local;
}

#endif
