/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_EDIFACT_SYNTAX_H
#define TW_EDIFACT_SYNTAX_H

#include "tidewaiter/delimiters.h"

/*
 * The service characters of one interchange (ISO 9735, 6 and 7), where they come
 * from, and how the start of an interchange is recognised. Nothing here keeps
 * memory or state; any thread. Weakness: without UNA the terminator has to be
 * guessed from what stands before the next service segment.
 */

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

/* ':', '+', '.', '?', no repetition, '\''. */
void tw_edifact_syntax_default(struct tw_delimiters *syntax);
/*
 * Reads a UNA (bytes[0] is its U) that tw_edifact_start() accepted. Returns its
 * length, 9, or 8 where it lacks the reserved blank, and whether it is odd: then
 * only those characters are used that can be told apart. 0: more bytes are needed
 * to tell (never once there is TW_EDIFACT_LOOKAHEAD behind it, or `end`).
 */
size_t tw_edifact_syntax_advice(struct tw_delimiters *syntax, struct tw_slice bytes, bool end,
				bool *ret_odd);
/*
 * Infers the characters from a header without UNA. Returns false where more
 * bytes are needed to tell (never once there are TW_EDIFACT_LOOKAHEAD, or `end`).
 */
bool tw_edifact_syntax_infer(struct tw_delimiters *syntax, struct tw_slice bytes, bool end);

/* What starts at bytes[0]. */
enum tw_edifact_start tw_edifact_start(struct tw_slice bytes, bool end);
/* The parser's probe and find (see tidewaiter/parser.h). */
int tw_edifact_probe(struct tw_slice bytes, bool end);
size_t tw_edifact_find(struct tw_slice bytes);

#endif
