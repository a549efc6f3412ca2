/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_XML_DECODE_H
#define TW_XML_DECODE_H

#include "tidewaiter/slice.h"
#include "tidewaiter/status.h"

#include <iconv.h>

/*
 * The characters of one document. libxml2 is always given UTF-8, and told to
 * ignore what the document declares: where the bytes are UTF-8 they go to it as
 * they are; where not, they are decoded here, with the number of bytes each
 * character took, so that a place in the text leads back to an offset in the
 * stream. A place is an offset in the UTF-8 text, counted from the offset of the
 * document's first byte; in a document that is UTF-8, place and offset are one.
 *
 * What a document declares is believed as far as its bytes allow: bytes that are
 * no UTF-8 where they should be are read as Windows-1252, character by character,
 * and characters that XML does not allow as U+FFFD.
 * ISO-8859-1 is read as Windows-1252 too: it has no printable characters at 0x80
 * to 0x9f, and what stands there is never meant as a control character.
 *
 * Owned by its stream; one thread. Weakness: places are turned into offsets by
 * counting from the last one asked for, which is only cheap where they are asked
 * in order; sets of several bytes a character are decoded one by one, which is
 * slow; EBCDIC is not recognised.
 */

struct tw_xml_buffer {
	char *data;
	size_t length, capacity;
};

/* Room for `more` bytes behind the length; false where there is no memory. */
bool tw_xml_reserve(struct tw_xml_buffer *buffer, size_t more);
static inline bool tw_xml_append(struct tw_xml_buffer *buffer, const void *bytes, size_t length)
{
	if (buffer->capacity - buffer->length < length && !tw_xml_reserve(buffer, length))
		return false;
	if (length > 0)
		memcpy(buffer->data + buffer->length, bytes, length);
	buffer->length += length;
	return true;
}

/* XML 1.0, production 3. */
static inline bool tw_xml_blank(int c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

enum tw_xml_charset {
	TW_XML_UTF8,	/* as it stands */
	TW_XML_LENIENT, /* UTF-8, and Windows-1252 where it is none */
	TW_XML_WINDOWS,
	TW_XML_UTF16_LE,
	TW_XML_UTF16_BE,
	TW_XML_NAMED,	/* as iconv knows it */
};

struct tw_xml_text {
	enum tw_xml_charset charset;
	iconv_t converter; /* TW_XML_NAMED, while `open` */
	bool open;
	struct tw_xml_buffer bytes;  /* decoded, from place `start` on */
	struct tw_xml_buffer widths; /* for each: bytes of input its character took; 0 within one */
	uint64_t start;
	uint64_t taken; /* stream offset behind the last byte that was looked at */
	uint64_t checked; /* stream offset up to which bytes were found to be UTF-8 */
	uint64_t odd;	/* stream offset of the first byte that is no UTF-8, where it should be */
	uint64_t place, offset; /* the last place that was asked for, and where it stands */
};

/* What the front of a document says of its character set. */
struct tw_xml_front {
	bool more;	   /* that cannot be told yet */
	bool contradicted; /* what it declares cannot be, or is not known */
	size_t mark;	   /* bytes of the byte order mark */
	enum tw_xml_charset charset;
	char name[48];	   /* TW_XML_NAMED */
};
struct tw_xml_front tw_xml_front(struct tw_slice bytes, bool end);

/* A document begins at stream offset `offset`, behind its mark. */
int tw_xml_text_begin(struct tw_xml_text *text, const struct tw_xml_front *front, uint64_t offset);
void tw_xml_text_end(struct tw_xml_text *text);
void tw_xml_text_free(struct tw_xml_text *text);
/*
 * Takes the bytes of the window that are new. Returns TW_OK, 1 where UTF-8 was found
 * to be none (from place `keep` on the text is now decoded), or a negative status.
 */
int tw_xml_text_take(struct tw_xml_text *text, struct tw_slice window, uint64_t offset, bool end,
		     uint64_t keep);
/* Forgets the text before a place. */
void tw_xml_text_forget(struct tw_xml_text *text, uint64_t place);
/* Where a place of decoded text stands in the stream. */
uint64_t tw_xml_text_count(struct tw_xml_text *text, uint64_t place);

/* Where a place stands in the stream. */
static inline uint64_t tw_xml_text_offset(struct tw_xml_text *text, uint64_t place)
{
	return text->charset == TW_XML_UTF8 ? place : tw_xml_text_count(text, place);
}

/* Input bytes of the character that begins at a place. */
unsigned tw_xml_text_width(const struct tw_xml_text *text, uint64_t place);

/* Length of the UTF-8 character at the front, 0: none, -1: more bytes are needed. */
int tw_xml_utf8(struct tw_slice bytes);

#endif
