/* SPDX-License-Identifier: Apache-2.0 */
#include "text/normalise.h"

#include "text/fold.h"
#include "tidewaiter/list.h"

/* Capitals, digits and blanks; 0 marks bytes that are not ASCII. */
static const char ASCII[256] = {
#define BLANKS(n) [n] = ' ', [n + 1] = ' ', [n + 2] = ' ', [n + 3] = ' ', [n + 4] = ' ', \
	[n + 5] = ' ', [n + 6] = ' ', [n + 7] = ' '
	BLANKS(0), BLANKS(8), BLANKS(16), BLANKS(24), BLANKS(32), BLANKS(40),
#undef BLANKS
	['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4', ['5'] = '5', ['6'] = '6',
	['7'] = '7', ['8'] = '8', ['9'] = '9', [':'] = ' ', [';'] = ' ', ['<'] = ' ', ['='] = ' ',
	['>'] = ' ', ['?'] = ' ', ['@'] = ' ', ['['] = ' ', ['\\'] = ' ', [']'] = ' ', ['^'] = ' ',
	['_'] = ' ', ['`'] = ' ', ['{'] = ' ', ['|'] = ' ', ['}'] = ' ', ['~'] = ' ', [127] = ' ',
#define LETTER(small, capital) [small] = capital, [capital] = capital
	LETTER('a', 'A'), LETTER('b', 'B'), LETTER('c', 'C'), LETTER('d', 'D'), LETTER('e', 'E'),
	LETTER('f', 'F'), LETTER('g', 'G'), LETTER('h', 'H'), LETTER('i', 'I'), LETTER('j', 'J'),
	LETTER('k', 'K'), LETTER('l', 'L'), LETTER('m', 'M'), LETTER('n', 'N'), LETTER('o', 'O'),
	LETTER('p', 'P'), LETTER('q', 'Q'), LETTER('r', 'R'), LETTER('s', 'S'), LETTER('t', 'T'),
	LETTER('u', 'U'), LETTER('v', 'V'), LETTER('w', 'W'), LETTER('x', 'X'), LETTER('y', 'Y'),
	LETTER('z', 'Z'),
#undef LETTER
};

/*
 * Writes the view of a text that is ASCII throughout to `out` (room for its
 * length) and its length to *ret_length. False where it is not ASCII. A blank is
 * written each time but kept only behind a letter, which spares a branch.
 */
static bool view_ascii(struct tw_slice text, char *out, size_t *ret_length)
{
	size_t length = 0;
	bool after_letter = false;
	for (size_t i = 0; i < text.length; i++) {
		char folded = ASCII[(unsigned char)text.data[i]];
		if (folded == 0)
			return false;
		out[length] = folded;
		bool letter = folded != ' ';
		length += letter | after_letter;
		after_letter = letter;
	}
	*ret_length = length > 0 && out[length - 1] == ' ' ? length - 1 : length;
	return true;
}

void tw_normalise_append(struct tw_slice text, struct tw_buffer *out)
{
	if (text.length == 0 || tw_buffer_reserve(out, text.length) < 0)
		return;
	size_t length = 0;
	if (view_ascii(text, out->data + out->length, &length)) {
		out->length += length;
		return;
	}
	struct tw_fold fold = tw_fold_start(text);
	while (tw_fold_next(&fold)) {
		if (fold.gap)
			tw_buffer_append_byte(out, ' ');
		tw_buffer_append(out, fold.bytes, fold.length);
	}
}

void tw_normalise_locate(struct tw_slice text, bool joined, size_t start, size_t length,
			 uint32_t *ret_start, uint32_t *ret_length)
{
	struct tw_fold fold = tw_fold_start(text);
	size_t at = 0; /* of the view */
	size_t from = text.length;
	size_t to = text.length;
	while (at < start + length && tw_fold_next(&fold)) {
		at += (fold.gap && !joined) + fold.length;
		if (at > start && from == text.length)
			from = fold.start;
		to = fold.end;
	}
	if (from == text.length)
		to = from;
	/* A mark behind its letter folds to nothing, but belongs to it. */
	for (size_t mark = 1; mark > 0 && to > from; to += mark)
		mark = tw_fold_mark(text, to);
	*ret_start = (uint32_t)from;
	*ret_length = (uint32_t)(to - from);
}

size_t tw_normalise(struct tw_slice text, char *buffer, size_t size)
{
	size_t length = 0;
	if (size == 0)
		return 0;
	struct tw_fold fold = tw_fold_start(text);
	while (tw_fold_next(&fold)) {
		if (length + fold.gap + fold.length >= size)
			break;
		if (fold.gap)
			buffer[length++] = ' ';
		memcpy(buffer + length, fold.bytes, fold.length);
		length += fold.length;
	}
	buffer[length] = '\0';
	return length;
}
