/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEXT_FOLD_H
#define TW_TEXT_FOLD_H

#include "tidewaiter/slice.h"

/*
 * Folding, one character of the words view at a time, with the bytes of the text
 * it came from. Everything that normalises or locates is built on this iterator,
 * so the two cannot disagree. It owns nothing and allocates nothing; one thread
 * at a time for one iterator.
 *
 * Weakness: about 3 ns a byte. ASCII has its own loops (normalise.c, area.c)
 * which must give the same result.
 */

/* Longest folding of one character: U+FDFA gives 18 letters of two bytes. */
#define TW_FOLD_QUEUE 96

struct tw_fold {
	struct tw_slice text;
	size_t next;  /* of the text: what has not been read */
	size_t limit; /* no character is begun from here on */
	/* the character given last */
	char bytes[4];
	unsigned length;
	bool gap;	   /* a blank stands before it in the words view */
	size_t start, end; /* of the text: the character it came from */
	/* inside */
	bool any, pending, running;
	unsigned queue_at, queue_length;
	char queue[TW_FOLD_QUEUE];
};

static inline struct tw_fold tw_fold_start(struct tw_slice text)
{
	struct tw_fold fold;
	memset(&fold, 0, offsetof(struct tw_fold, queue));
	fold.text = text;
	fold.limit = text.length;
	return fold;
}

/* The next character of the view. False at the limit. */
bool tw_fold_next(struct tw_fold *fold);
/* The byte an ASCII character becomes: a capital, a digit, or a blank. */
static inline char tw_fold_ascii(unsigned char byte)
{
	if ((unsigned)(byte | 0x20) - 'a' <= 25u)
		return (char)(byte & ~0x20);
	return (unsigned)byte - '0' <= 9u ? (char)byte : ' ';
}
/*
 * The capitals that a letter of U+00C0 to U+017F at `at` becomes, one or two, or a blank;
 * its two bytes are such a letter's. NULL: it is another character.
 */
const char *tw_fold_latin(struct tw_slice text, size_t at);
/* Bytes of the combining mark at `at`, or 0 where there is none. */
size_t tw_fold_mark(struct tw_slice text, size_t at);

/*
 * Scripts written without blanks (Han, kana, Hangul, Thai, Lao): every character
 * is a word of its own. Told from the first two bytes of its UTF-8 form.
 */
static inline bool tw_fold_running(const char *bytes)
{
	unsigned char lead = (unsigned char)bytes[0];
	unsigned char second = lead < 0xc0 ? 0 : (unsigned char)bytes[1];
	return lead >= 0xe3 || (lead == 0xe2 && second >= 0xba) ||
	       (lead == 0xe0 && second >= 0xb8 && second <= 0xbb);
}

/* Length of a well-formed UTF-8 character by its first byte. */
static inline unsigned tw_fold_width(char first)
{
	unsigned char lead = (unsigned char)first;
	return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

#endif
