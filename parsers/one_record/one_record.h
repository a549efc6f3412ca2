/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ONE_RECORD_ONE_RECORD_H
#define TW_ONE_RECORD_ONE_RECORD_H

#include "tidewaiter/parser.h"

#include <yajl/yajl_parse.h>

/*
 * One stream of IATA ONE Record JSON-LD: documents one after another (JSON lines too),
 * each an interchange. libyajl reads them; each value becomes a node of 32 bytes that
 * says where it stands in the input. JSON does not order the members of an object, and
 * an "@graph" lets a node be named anywhere, so a document is told when it has ended:
 * the window holds it until then, at most TW_ONE_RECORD_SEGMENTS times
 * limits.segment_bytes and TW_ONE_RECORD_NODES values. A longer one is told as far as
 * it was read, and the rest passed over.
 *
 * A root node is a message; its type is the local name of "@type". An object within is
 * an element: its tag is the local name of the member it stands in, its parent the
 * local type of the node around it, its scalar members are leaves. Elements 2 and 3 are
 * waybillPrefix and waybillNumber, "@type" and "@id" the attributes type and id. An object
 * that only holds a value ("@value", "numericalValue", "code" ...) is a leaf with that
 * text, and its scalar members are attributes. {"@id": ...} is replaced by the node of that
 * name, if the document has it; otherwise, where it names a term of a vocabulary, by the term.
 * A Waybill within another node is a message of its own. "@context" is not read: nothing
 * is ever fetched, and a prefix is cut off, not resolved.
 *
 * Owned by its stream; one thread at a time. Weaknesses: names with escapes in them are
 * not unescaped; an "@context" that renames terms is not followed; values of "@list" and
 * "@set" are found, but as elements of that name; one large document costs its size.
 */

#define TW_ONE_RECORD_DEPTH 64u
#define TW_ONE_RECORD_NODES ((size_t)1 << 18)
#define TW_ONE_RECORD_SEGMENTS 16u
#define TW_ONE_RECORD_FRONT 1024u /* where a mark of ONE Record must stand */

enum tw_one_record_kind {
	TW_ONE_RECORD_STRING,
	TW_ONE_RECORD_WORD, /* number, true, false */
	TW_ONE_RECORD_NULL,
	TW_ONE_RECORD_OBJECT,
	TW_ONE_RECORD_ARRAY,
};

/* Places count from the document's first byte; those of texts are within the quotes. */
struct tw_one_record_node {
	uint32_t key, start, end;
	uint32_t next; /* in the same object or array; 0: none, as node 0 is the root */
	uint32_t child;
	uint32_t told; /* number of the message it was told in */
	uint16_t key_length;
	uint8_t kind;
	bool active;   /* it is being told */
	bool deferred; /* a message of its own, to be told later */
};

/* A node with a name. */
struct tw_one_record_name {
	uint64_t hash;
	uint32_t node;
};

struct tw_one_record_buffer {
	void *data;
	size_t count, capacity; /* of items */
};

enum tw_one_record_phase { TW_ONE_RECORD_IDLE, TW_ONE_RECORD_DOCUMENT, TW_ONE_RECORD_SKIPPING };

/* One call of feed. */
struct tw_one_record_call {
	struct tw_sink *sink;
	struct tw_slice window;
	uint64_t offset;
	bool end, stop, foreign;
	size_t at;
};

struct tw_one_record {
	struct tw_parser_limits limits;
	enum tw_one_record_phase phase;
	int status; /* of the sink, or of memory */
	struct tw_one_record_call *call;
	uint64_t junk_end;

	/* the document being read */
	yajl_handle yajl;
	uint64_t begun;
	struct tw_slice document; /* as much of it as the window has; while feed runs */
	size_t fed, last;	  /* given to libyajl; behind the last value or bracket */
	bool over;
	const char *broken, *reason; /* why it was given up */
	struct tw_one_record_buffer nodes;
	uint32_t open[TW_ONE_RECORD_DEPTH], latest[TW_ONE_RECORD_DEPTH];
	unsigned depth;
	uint32_t key;
	uint16_t key_length;

	/* while it is told */
	struct tw_one_record_buffer names; /* sorted */
	uint32_t message;
	size_t budget; /* units; behind it references are not followed */
	bool exhausted;
	struct tw_one_record_buffer text, runs, pieces, piece_names; /* of a unit */

	uint64_t skip_at;
};

/* ---- one_record.c ---- */
void tw_one_record_fail(struct tw_one_record *parser, int status);
/* Room for one more item; NULL and a failed parser where there is no memory. */
void *tw_one_record_add(struct tw_one_record *parser, struct tw_one_record_buffer *buffer,
			size_t size);

/* ---- find.c ---- */
int tw_one_record_probe(struct tw_slice bytes, bool end);
size_t tw_one_record_find(struct tw_slice bytes);
static inline bool tw_one_record_blank(int c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* ---- document.c ---- */
int tw_one_record_document_begin(struct tw_one_record *parser, uint64_t offset);
/* Gives libyajl what is new in parser->document; sets `over` where it ends or is given up. */
void tw_one_record_document_feed(struct tw_one_record *parser, bool end);

/* ---- graph.c: what JSON-LD says of nodes ---- */
static inline struct tw_one_record_node *tw_one_record_node(const struct tw_one_record *parser,
							    uint32_t node)
{
	return (struct tw_one_record_node *)parser->nodes.data + node;
}
struct tw_slice tw_one_record_bytes(const struct tw_one_record *parser, uint32_t node);
struct tw_slice tw_one_record_key(const struct tw_one_record *parser, uint32_t node);
/* Behind a prefix or the path of an IRI. */
struct tw_slice tw_one_record_local(struct tw_slice name);
/* The member of that local name; 0: none. */
uint32_t tw_one_record_member(const struct tw_one_record *parser, uint32_t node, const char *name);
/* Local name of its "@type", or empty. */
struct tw_slice tw_one_record_type(const struct tw_one_record *parser, uint32_t node);
/* Whether it has members other than "@id" and "@type". */
bool tw_one_record_has_content(const struct tw_one_record *parser, uint32_t node);
/* Collects the nodes that have a name. */
void tw_one_record_index(struct tw_one_record *parser);
/* The node that {"@id": ...} stands for, 0: it is not in this document. */
uint32_t tw_one_record_resolve(const struct tw_one_record *parser, uint32_t reference);
/* The scalar that holds the value of a node; 0: it has none. */
uint32_t tw_one_record_scalar(const struct tw_one_record *parser, uint32_t node);
/* Whether an object holds a value and nothing that is an element. */
bool tw_one_record_is_value(const struct tw_one_record *parser, uint32_t node);

/* ---- tell.c ---- */
void tw_one_record_tell(struct tw_one_record *parser, bool complete);

#endif
