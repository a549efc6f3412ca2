/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TIDEWAITER_DELIMITERS_H
#define TIDEWAITER_DELIMITERS_H

#include "tidewaiter/parser.h"

/*
 * The delimiters of a syntax that splits its segments by single characters, as
 * EDIFACT (ISO 9735) and X12 (X12.6) do: which character means what, made into a
 * table that says it of every byte. Where the characters come from is the parser's
 * business. For parsers, which hold one per stream: fill in the characters, call
 * tw_delimiters_build(), and again after each change. All inline, nothing is
 * allocated, any thread.
 *
 * Weakness: only the terminator may be longer than a byte, and then its first byte
 * must not occur in text often, or each such place costs a comparison.
 */

/* What a byte means. The first three only move the numbers of the next piece. */
enum tw_byte_class {
	TW_BYTE_ELEMENT,
	TW_BYTE_COMPONENT,
	TW_BYTE_REPETITION,
	TW_BYTE_TERMINATOR, /* its first byte */
	TW_BYTE_RELEASE,
	TW_BYTE_FOLD,	/* CR or LF within a segment: no text */
	TW_BYTE_ESCAPE, /* ESC of ISO 2022: shifts to two-byte characters; the parser sets it */
	TW_BYTE_TEXT,
};

/* Element, component, terminator, release, repetition. */
#define TW_DELIMITERS_NEEDLES 5u
/* A UTF-8 character. */
#define TW_TERMINATOR_BYTES 4u

struct tw_delimiters {
	char element;
	char component;	 /* 0: none */
	char repetition; /* 0: none */
	char release;	 /* 0: none */
	char decimal;	 /* decimal mark as tw_unit has it; 0: the syntax names none */
	char terminator[TW_TERMINATOR_BYTES];
	unsigned terminator_length;
	unsigned char class[256];
	/* What the split needs: bits of a slot's place that fill its row, where an element ends. */
	unsigned char row_end[256];
	char needles[TW_DELIMITERS_NEEDLES]; /* what each byte is compared with */
};

/* Makes the tables from the characters. */
static inline void tw_delimiters_build(struct tw_delimiters *delimiters)
{
	unsigned char *class = delimiters->class;
	/* One that is not there is found where another is; NUL is odd in any case. */
	const char needles[TW_DELIMITERS_NEEDLES] = {
		delimiters->element,
		delimiters->component == 0 ? delimiters->element : delimiters->component,
		delimiters->terminator[0], delimiters->release, delimiters->repetition};

	memcpy(delimiters->needles, needles, sizeof(needles));
	memset(class, TW_BYTE_TEXT, sizeof(delimiters->class));
	/* Where lines end segments, a CR before the LF is part of the line end. */
	if (delimiters->terminator[0] != '\n')
		class['\r'] = TW_BYTE_FOLD;
	class['\n'] = TW_BYTE_FOLD;
	if (delimiters->repetition != 0)
		class[(unsigned char)delimiters->repetition] = TW_BYTE_REPETITION;
	if (delimiters->release != 0)
		class[(unsigned char)delimiters->release] = TW_BYTE_RELEASE;
	if (delimiters->component != 0)
		class[(unsigned char)delimiters->component] = TW_BYTE_COMPONENT;
	class[(unsigned char)delimiters->element] = TW_BYTE_ELEMENT;
	class[(unsigned char)delimiters->terminator[0]] = TW_BYTE_TERMINATOR;
	memset(delimiters->row_end, 0, sizeof(delimiters->row_end));
	delimiters->row_end[(unsigned char)delimiters->element] = TW_UNIT_COMPONENTS - 1;
}

/* Whether the terminator stands at bytes[at]: 1 yes, 0 no, -1: it is cut off there. */
static inline int tw_delimiters_ends(const struct tw_delimiters *delimiters, struct tw_slice bytes,
				     size_t at)
{
	struct tw_slice here = tw_slice_part(bytes, at, delimiters->terminator_length);

	if (here.length > 0 && memcmp(here.data, delimiters->terminator, here.length) != 0)
		return 0;
	return here.length == delimiters->terminator_length ? 1 : -1;
}

/*
 * The text of a piece as it is meant: unfolded, released, blanks at the ends
 * removed, cut to `size`; in `buffer`.
 */
static inline struct tw_slice tw_delimiters_plain(const struct tw_delimiters *delimiters,
						  struct tw_slice text, char *buffer, size_t size)
{
	bool released = false;
	size_t length = 0;

	for (size_t i = 0; i < text.length && length < size; i++) {
		unsigned class = delimiters->class[(unsigned char)text.data[i]];
		if (class == TW_BYTE_FOLD)
			continue;
		if (class == TW_BYTE_RELEASE && !released) {
			released = true;
			continue;
		}
		released = false;
		buffer[length++] = text.data[i];
	}
	return tw_slice_trim(tw_slice(buffer, length));
}

/* ---- bytes ------------------------------------------------------------------- */

static inline bool tw_byte_line_end(int byte)
{
	return byte == '\r' || byte == '\n';
}

/* Space, tab, CR or LF. */
static inline bool tw_byte_blank(int byte)
{
	return byte == ' ' || byte == '\t' || tw_byte_line_end(byte);
}

static inline bool tw_byte_digit(int byte)
{
	return (unsigned)byte - '0' < 10;
}

static inline bool tw_byte_upper(int byte)
{
	return (unsigned)byte - 'A' < 26;
}

static inline bool tw_byte_alphanumeric(int byte)
{
	return tw_byte_digit(byte) || tw_byte_upper(byte) || (byte >= 'a' && byte <= 'z');
}

/* The place of the first byte from `at` on that is no blank, or the length. */
static inline size_t tw_bytes_behind_blanks(struct tw_slice bytes, size_t at)
{
	while (at < bytes.length && (unsigned char)bytes.data[at] <= ' ' &&
	       tw_byte_blank(bytes.data[at]))
		at++;
	return at;
}

/*
 * Bytes at the front that may stand between interchanges without meaning: blanks,
 * line ends, NUL, SUB (0x1a) and the UTF-8 byte order mark. *ret_more: the
 * rest could be the first bytes of a mark.
 */
static inline size_t tw_bytes_quiet(struct tw_slice bytes, bool *ret_more)
{
	const struct tw_slice mark = TW_LITERAL("\xef\xbb\xbf");
	size_t at = 0;

	*ret_more = false;
	while (at < bytes.length) {
		int byte = tw_slice_at(bytes, at);
		struct tw_slice rest = tw_slice_from(bytes, at);
		if (tw_byte_blank(byte) || byte == 0 || byte == 0x1a) {
			at++;
		} else if (tw_slice_starts(rest, mark)) {
			at += mark.length;
		} else {
			*ret_more = tw_slice_starts(mark, rest);
			break;
		}
	}
	return at;
}

/* ---- numbers and times of service segments -------------------------------------- */

/* Only digits, 1 to 18 of them. */
static inline bool tw_digits_number(struct tw_slice text, uint64_t *ret_number)
{
	uint64_t number = 0;

	if (text.length == 0 || text.length > 18)
		return false;
	for (size_t i = 0; i < text.length; i++) {
		int byte = tw_slice_at(text, i);
		if (!tw_byte_digit(byte))
			return false;
		number = number * 10 + (uint64_t)(byte - '0');
	}
	*ret_number = number;
	return true;
}

/*
 * Date (6 or 8 digits) and time of an interchange as tw_interchange.time wants them,
 * in `buffer`. Of the time only hours and minutes count (syntax 4 of EDIFACT allows
 * seconds and a zone behind them); without one it is the day's first minute. Empty:
 * the date is none.
 */
static inline struct tw_slice tw_digits_time(struct tw_slice date, struct tw_slice time,
					     char buffer[16])
{
	uint64_t number;

	if ((date.length != 6 && date.length != 8) || !tw_digits_number(date, &number))
		return tw_slice(NULL, 0);
	time = tw_slice_part(time, 0, 4);
	if (time.length != 4 || !tw_digits_number(time, &number))
		time = TW_LITERAL("0000");
	memmove(buffer, date.data, date.length);
	memcpy(buffer + date.length, time.data, 4);
	return tw_slice(buffer, date.length + 4);
}

/* The two digits at `at`, of text that has only digits. */
static inline unsigned tw_digits_pair(struct tw_slice text, size_t at)
{
	return (unsigned)(tw_slice_at(text, at) - '0') * 10 +
	       (unsigned)(tw_slice_at(text, at + 1) - '0');
}

/* Whether YYMMDD (of this century) or YYYYMMDD is a day of the calendar. */
static inline bool tw_digits_day_valid(struct tw_slice date)
{
	static const unsigned char days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	uint64_t number;

	if ((date.length != 6 && date.length != 8) || !tw_digits_number(date, &number))
		return false;
	uint64_t year = number / 10000 + (date.length == 6 ? 2000 : 0);
	unsigned month = tw_digits_pair(date, date.length - 4);
	unsigned day = tw_digits_pair(date, date.length - 2);
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	if (month < 1 || month > 12 || day < 1 || day > days[month - 1])
		return false;
	return month != 2 || day < 29 || leap;
}

/* Whether it begins with HHMM, a time of day; 2400 is the end of it (ISO 8601). */
static inline bool tw_digits_clock_valid(struct tw_slice time)
{
	uint64_t number;

	time = tw_slice_part(time, 0, 4);
	return time.length == 4 && tw_digits_number(time, &number) &&
	       (number == 2400 || (number < 2400 && number % 100 < 60));
}

#endif
