/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_EDIFACT_SYNTAX_H
#define TW_EDIFACT_SYNTAX_H

#include "tidewaiter/slice.h"

/*
 * The service characters of one interchange (ISO 9735, 6 and 7), where they come
 * from, and how the start of an interchange is recognised. Nothing here keeps
 * memory or state; any thread. Weakness: without UNA the terminator has to be
 * guessed from what stands before the next service segment.
 */

/* What a byte means. The first three only move the numbers of the next piece. */
enum tw_edifact_class {
	TW_EDIFACT_ELEMENT,
	TW_EDIFACT_COMPONENT,
	TW_EDIFACT_REPETITION,
	TW_EDIFACT_TERMINATOR,
	TW_EDIFACT_RELEASE,
	TW_EDIFACT_FOLD,   /* CR or LF within a segment: no text */
	TW_EDIFACT_ESCAPE, /* ESC of ISO 2022 (UNOX): shifts to two-byte characters */
	TW_EDIFACT_TEXT,
};

/* Element, component, terminator, release, repetition. */
#define TW_EDIFACT_NEEDLES 5u

struct tw_edifact_syntax {
	char component, element, decimal, terminator;
	char release;	 /* 0: none */
	char repetition; /* 0: none */
	unsigned char class[256];
	char needles[TW_EDIFACT_NEEDLES][16]; /* each 16 times: what the hot loop compares with */
};

enum tw_edifact_start {
	TW_EDIFACT_START_NONE,
	TW_EDIFACT_START_MORE, /* so far it could be one */
	TW_EDIFACT_START_UNA,
	TW_EDIFACT_START_HEADER, /* UNB or UIB */
	TW_EDIFACT_START_BARE,	 /* UNG, UNH or UIH without an interchange header */
};

#define TW_EDIFACT_UNA_BYTES 9u
/* How far behind a header without UNA its terminator is looked for. */
#define TW_EDIFACT_LOOKAHEAD 1024u

/* Makes the table of classes from the characters. */
void tw_edifact_syntax_build(struct tw_edifact_syntax *syntax);
/* ':', '+', '.', '?', no repetition, '\''. */
void tw_edifact_syntax_default(struct tw_edifact_syntax *syntax);
/*
 * Reads a UNA (bytes[0] is its U) that tw_edifact_start() accepted. Returns its
 * length, 9, or 8 where it lacks the reserved blank, and whether it is odd: then
 * only those characters are used that can be told apart. 0: more bytes are needed
 * to tell (never once there is TW_EDIFACT_LOOKAHEAD behind it, or `end`).
 */
size_t tw_edifact_syntax_advice(struct tw_edifact_syntax *syntax, struct tw_slice bytes, bool end,
				bool *ret_odd);
/*
 * Infers the characters from a header without UNA. Returns false where more
 * bytes are needed to tell (never once there are TW_EDIFACT_LOOKAHEAD, or `end`).
 */
bool tw_edifact_syntax_infer(struct tw_edifact_syntax *syntax, struct tw_slice bytes, bool end);

/* What starts at bytes[0]. */
enum tw_edifact_start tw_edifact_start(struct tw_slice bytes, bool end);
/* The parser's probe and find (see tidewaiter/parser.h). */
int tw_edifact_probe(struct tw_slice bytes, bool end);
size_t tw_edifact_find(struct tw_slice bytes);
/*
 * Bytes at the front that may stand between interchanges without meaning: blanks,
 * line ends, NUL, SUB (0x1a) and the UTF-8 byte order mark. *ret_more: the
 * rest could be the first bytes of a mark.
 */
size_t tw_edifact_quiet(struct tw_slice bytes, bool *ret_more);

/* Space, tab, CR or LF. */
static inline bool tw_edifact_blank(int byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

#endif
