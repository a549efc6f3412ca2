/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_OUTPUT_PAGE_H
#define TW_OUTPUT_PAGE_H

#include "base/buffer.h"

/*
 * Text for a terminal: words are wrapped at the width and hang under an indent.
 * Whatever could steer a terminal or reorder a line (controls, format characters,
 * bytes that are no UTF-8) becomes '?'. Wide characters count two columns, combining
 * ones none. Colours are written only where they are wanted and take no room.
 * A page belongs to one thread; it owns nothing.
 *
 * Weakness: a width is a guess by the Unicode table; terminals differ on emoji.
 */
struct tw_page {
	struct tw_buffer *out;
	unsigned columns;
	unsigned indent; /* of lines that follow in the same paragraph */
	unsigned column; /* where the next character goes */
	bool colour;
	bool glue; /* the next word follows the last one without a blank */
};

/* Adds words, after a blank where the line has text already. */
void tw_page_words(struct tw_page *page, struct tw_slice text);
void tw_page_string(struct tw_page *page, const char *text);
/* Words that follow what stands before without a blank, such as a comma. */
void tw_page_glued(struct tw_page *page, const char *text);
void tw_page_number(struct tw_page *page, double number);
/* Ends the line. */
void tw_page_line(struct tw_page *page);
/* Starts a line with a label; its text hangs at column `indent`. */
void tw_page_label(struct tw_page *page, const char *label, unsigned indent);
/* An ANSI attribute such as "1;31", or "0" for none. */
void tw_page_colour(struct tw_page *page, const char *attribute);
/* Columns a text takes. */
unsigned tw_page_width(struct tw_slice text);

#endif
