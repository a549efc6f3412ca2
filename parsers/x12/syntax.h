/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_X12_SYNTAX_H
#define TW_X12_SYNTAX_H

#include "tidewaiter/slice.h"

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

/* What a byte means. The first three only move the numbers of the next piece. */
enum tw_x12_class {
	TW_X12_ELEMENT,
	TW_X12_COMPONENT,
	TW_X12_REPETITION,
	TW_X12_TERMINATOR, /* its first byte */
	TW_X12_RELEASE,
	TW_X12_FOLD, /* CR or LF within a segment: no text */
	TW_X12_TEXT,
};

/* Element, component, terminator, release, repetition. */
#define TW_X12_NEEDLES 5u
#define TW_X12_TERMINATOR_BYTES 4u

struct tw_x12_syntax {
	char element;
	char component;	 /* 0: none */
	char repetition; /* 0: none */
	char release;	 /* 0: none */
	char terminator[TW_X12_TERMINATOR_BYTES];
	unsigned terminator_length;
	unsigned char class[256];
	char needles[TW_X12_NEEDLES][16]; /* each 16 times: what the hot loop compares with */
};

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

/* Makes the table of classes from the characters. */
void tw_x12_syntax_build(struct tw_x12_syntax *syntax);
/* Reads the header at bytes[0] into `syntax`: element separator and terminator only. */
enum tw_x12_found tw_x12_syntax_header(struct tw_x12_syntax *syntax, struct tw_slice bytes,
				       bool end, struct tw_x12_header *ret_header);
/* The same where GS or ST stands at bytes[0]; all is guessed. */
enum tw_x12_found tw_x12_syntax_bare(struct tw_x12_syntax *syntax, struct tw_slice bytes, bool end);
/*
 * Whether a character can be a further delimiter beside those that are set: no
 * letter, digit, blank or line end, and none of the others.
 */
bool tw_x12_syntax_free(const struct tw_x12_syntax *syntax, int byte);
/* Whether the terminator stands at bytes[at]: 1 yes, 0 no, -1: it is cut off there. */
int tw_x12_syntax_ends(const struct tw_x12_syntax *syntax, struct tw_slice bytes, size_t at);

/* ---- start.c ---- */

/* What starts at bytes[0]. */
enum tw_x12_start tw_x12_start(struct tw_slice bytes, bool end);
/* The parser's probe and find (see tidewaiter/parser.h). */
int tw_x12_probe(struct tw_slice bytes, bool end);
size_t tw_x12_find(struct tw_slice bytes);
/*
 * Bytes at the front that may stand between interchanges without meaning: blanks,
 * line ends, NUL, SUB (0x1a) and the UTF-8 byte order mark. *ret_more: the
 * rest could be the first bytes of a mark.
 */
size_t tw_x12_quiet(struct tw_slice bytes, bool *ret_more);

/* Space, tab, CR or LF. */
static inline bool tw_x12_blank(int byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static inline bool tw_x12_line_end(int byte)
{
	return byte == '\r' || byte == '\n';
}

static inline bool tw_x12_alphanumeric(int byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= 'a' && byte <= 'z');
}

/* Whether a byte can be a separator at all; blanks and line ends cannot. */
static inline bool tw_x12_separator(int byte)
{
	return byte > 0 && !tw_x12_alphanumeric(byte) && !tw_x12_line_end(byte) && byte != ' ';
}

#endif
