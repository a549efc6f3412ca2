/* SPDX-License-Identifier: Apache-2.0 */
#include "output/page.h"

#include <utf8proc.h>

#include "output/json.h"

/* A character as the terminal gets it. */
struct glyph {
	unsigned bytes; /* in the text */
	unsigned width;
	bool shown; /* as it is; else as '?' */
};

static bool steers(uint32_t point)
{
	switch (utf8proc_category((utf8proc_int32_t)point)) {
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CF:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_CO:
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return true;
	default:
		return false;
	}
}

static struct glyph glyph_at(struct tw_slice text, size_t at)
{
	uint32_t point = 0;
	unsigned bytes = tw_utf8_character(text, at, &point);
	if (bytes == 0)
		return (struct glyph){1, 1, false};
	if (point < 0x7f && point >= 0x20)
		return (struct glyph){1, 1, true};
	if (steers(point))
		return (struct glyph){bytes, 1, false};
	int width = utf8proc_charwidth((utf8proc_int32_t)point);
	return (struct glyph){bytes, width > 0 ? (unsigned)width : 0, true};
}

unsigned tw_page_width(struct tw_slice text)
{
	unsigned width = 0;
	for (size_t at = 0; at < text.length;) {
		struct glyph glyph = glyph_at(text, at);
		width += glyph.width;
		at += glyph.bytes;
	}
	return width;
}

static void new_line(struct tw_page *page)
{
	tw_buffer_append_byte(page->out, '\n');
	for (page->column = 0; page->column < page->indent; page->column++)
		tw_buffer_append_byte(page->out, ' ');
}

/* A word, broken where it is wider than a whole line. */
static void put_word(struct tw_page *page, struct tw_slice word)
{
	for (size_t at = 0; at < word.length;) {
		struct glyph glyph = glyph_at(word, at);
		if (page->column + glyph.width > page->columns && page->column > page->indent)
			new_line(page);
		if (glyph.shown)
			tw_buffer_append_slice(page->out, tw_slice_part(word, at, glyph.bytes));
		else
			tw_buffer_append_byte(page->out, '?');
		page->column += glyph.width;
		at += glyph.bytes;
	}
}

/* Room kept at the end of a line for the mark that may follow a word without a blank. */
#define MARK_WIDTH 2

static void place_word(struct tw_page *page, struct tw_slice word)
{
	bool blank = page->column > page->indent && !page->glue;
	unsigned width = tw_page_width(word);
	if (page->column + blank + width + MARK_WIDTH > page->columns &&
	    page->column > page->indent && !page->glue) {
		new_line(page);
	} else if (blank) {
		tw_buffer_append_byte(page->out, ' ');
		page->column++;
	}
	put_word(page, word);
	page->glue = false;
}

void tw_page_words(struct tw_page *page, struct tw_slice text)
{
	size_t at = 0;
	while (at < text.length) {
		size_t end = at;
		while (end < text.length && tw_slice_at(text, end) != ' ')
			end++;
		if (end > at)
			place_word(page, tw_slice_part(text, at, end - at));
		at = end + 1;
	}
}

void tw_page_string(struct tw_page *page, const char *text)
{
	tw_page_words(page, tw_slice_string(text));
}

void tw_page_glued(struct tw_page *page, const char *text)
{
	page->glue = true;
	tw_page_string(page, text);
}

void tw_page_number(struct tw_page *page, double number)
{
	char text[TW_NUMBER_TEXT_SIZE];
	tw_page_words(page, tw_slice(text, tw_number_text(number, text)));
}

void tw_page_line(struct tw_page *page)
{
	tw_buffer_append_byte(page->out, '\n');
	page->column = 0;
	page->glue = false;
}

void tw_page_label(struct tw_page *page, const char *label, unsigned indent)
{
	page->indent = 0;
	tw_page_string(page, label);
	while (page->column < indent) {
		tw_buffer_append_byte(page->out, ' ');
		page->column++;
	}
	page->indent = indent;
}

void tw_page_colour(struct tw_page *page, const char *attribute)
{
	if (!page->colour)
		return;
	tw_buffer_append_slice(page->out, TW_LITERAL("\033["));
	tw_buffer_append_slice(page->out, tw_slice_string(attribute));
	tw_buffer_append_byte(page->out, 'm');
}
