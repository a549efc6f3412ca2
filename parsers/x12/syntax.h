/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_X12_SYNTAX_H
#define TW_X12_SYNTAX_H

#include "tidewaiter/delimiters.h"

/*
 * The delimiters of one interchange (X12.5 and X12.6), where they come from, and
 * how the start of an interchange is recognised. The header ISA shows them all:
 * its fourth byte is the element separator, its sixteenth element the component
 * separator, and what follows that is the segment terminator, which can be more
 * than one byte (a UTF-8 character). Elements are counted, not bytes: a good part
 * of real headers is not padded to 106 bytes, or folded.
 *
 * Nothing here keeps memory or state; any thread. Weakness: of a header that has
 * not its 16 elements the terminator is guessed from what stands before GS.
 */

enum tw_x12_start {
	TW_X12_START_NONE,
	TW_X12_START_MORE,   /* so far it could be one */
	TW_X12_START_HEADER, /* ISA */
	TW_X12_START_BARE,   /* GS or ST without an interchange header */
};

/* A header and its terminator must be found within so many bytes. */
#define TW_X12_HEADER_BYTES 512u
/* The characters of a padded header, without its terminator (X12.5). */
#define TW_X12_HEADER_PADDED 105u

/* What a header shows. Component and repetition are not used before it has been taken. */
struct tw_x12_header {
	char component;	 /* ISA16; 0: none */
	unsigned length; /* characters from ISA to the terminator, without the line ends of a fold */
	bool whole;	 /* it has its 16 elements */
};

enum tw_x12_found {
	TW_X12_FOUND,
	TW_X12_FOUND_MORE,    /* more bytes are needed to tell */
	TW_X12_FOUND_NOTHING, /* no terminator can be told from these bytes */
};

/* Reads the header at bytes[0] into `syntax`: element separator and terminator only. */
enum tw_x12_found tw_x12_syntax_header(struct tw_delimiters *syntax, struct tw_slice bytes,
				       bool end, struct tw_x12_header *ret_header);
/* The same where GS or ST stands at bytes[0]; all is guessed. */
enum tw_x12_found tw_x12_syntax_bare(struct tw_delimiters *syntax, struct tw_slice bytes, bool end);
/*
 * Whether a character can be a further delimiter beside those that are set: no
 * letter, digit, blank or line end, and none of the others.
 */
bool tw_x12_syntax_free(const struct tw_delimiters *syntax, int byte);

/* ---- start.c ---- */

/* What starts at bytes[0]. */
enum tw_x12_start tw_x12_start(struct tw_slice bytes, bool end);
/* The parser's probe and find (see tidewaiter/parser.h). */
int tw_x12_probe(struct tw_slice bytes, bool end);
size_t tw_x12_find(struct tw_slice bytes);

/* Whether a byte can be a separator at all; blanks and line ends cannot. */
static inline bool tw_x12_separator(int byte)
{
	return byte > 0 && !tw_byte_alphanumeric(byte) && !tw_byte_line_end(byte) && byte != ' ';
}

#endif
