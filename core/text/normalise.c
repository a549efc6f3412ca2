/* SPDX-License-Identifier: Apache-2.0 */
#include "text/normalise.h"

#include "text/area.h"
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

/* A view being appended: blanks are written as soon as a word ends, the last one is taken back. */
struct view {
	struct tw_fold fold;
	struct tw_buffer *out;
	size_t start; /* of the view in `out` */
};

static void put_blank(struct view *view)
{
	struct tw_buffer *out = view->out;
	if (out->length > view->start && out->data[out->length - 1] != ' ')
		tw_buffer_append_byte(out, ' ');
}

/*
 * The ASCII characters up to the next other one. A blank is written each time but
 * kept only behind a letter, which spares a branch.
 */
static void append_ascii(struct view *view)
{
	struct tw_fold *fold = &view->fold;
	struct tw_slice rest = tw_slice_from(fold->text, fold->next);
	if (tw_buffer_reserve(view->out, rest.length + 1) < 0) {
		fold->next = fold->text.length;
		return;
	}
	/* A letter right behind a character that is a word of its own. */
	if (fold->running && ASCII[(unsigned char)rest.data[0]] != ' ')
		put_blank(view);
	char *out = view->out->data + view->out->length;
	bool after_letter =
		view->out->length > view->start && view->out->data[view->out->length - 1] != ' ';
	size_t length = 0;
	size_t at = 0;
	for (; at < rest.length; at++) {
		char folded = ASCII[(unsigned char)rest.data[at]];
		if (folded == 0)
			break;
		out[length] = folded;
		bool letter = folded != ' ';
		length += letter | after_letter;
		after_letter = letter;
	}
	view->out->length += length;
	fold->next += at;
	fold->any = view->out->length > view->start;
	fold->pending = !after_letter;
	fold->running = fold->running && length == 0;
}

/* One character that is not ASCII: none, one or more of the view. */
static void append_wide(struct view *view)
{
	struct tw_fold *fold = &view->fold;
	fold->limit = fold->next + 1;
	while (tw_fold_next(fold)) {
		if (fold->gap)
			put_blank(view);
		tw_buffer_append(view->out, fold->bytes, fold->length);
	}
	if (fold->pending)
		put_blank(view);
}

void tw_normalise_append(struct tw_slice text, struct tw_buffer *out)
{
	struct view view = {.fold = tw_fold_start(text), .out = out, .start = out->length};
	while (view.fold.next < text.length) {
		if ((unsigned char)text.data[view.fold.next] < 0x80)
			append_ascii(&view);
		else
			append_wide(&view);
	}
	if (out->length > view.start && out->data[out->length - 1] == ' ')
		out->length--;
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

/*
 * A text that is ASCII as far as it has room. False, and nothing said of `buffer`, where
 * it is not.
 */
static bool normalise_ascii(struct tw_slice text, char *buffer, size_t size, size_t *ret_length)
{
	size_t length = 0;
	bool after_letter = false;
	for (size_t i = 0; i < text.length && length + 1 < size; i++) {
		char folded = ASCII[(unsigned char)text.data[i]];
		if (folded == 0)
			return false;
		bool letter = folded != ' ';
		buffer[length] = folded;
		length += letter | after_letter;
		after_letter = letter;
	}
	if (length > 0 && buffer[length - 1] == ' ')
		length--;
	buffer[length] = '\0';
	*ret_length = length;
	return true;
}

/* Of texts shorter than a block, as names and addresses are, each word is one copy, or a few. */
#define WORD_SPARE 16u
#define SHORT_LEAST (TW_AREA_BLOCK + WORD_SPARE) /* bytes the view may be written to */

/* As normalise_ascii(). A blank stands behind the last word at least. */
static bool normalise_short(struct tw_slice text, char *buffer, size_t *ret_length)
{
	char block[TW_AREA_BLOCK + WORD_SPARE];
	size_t length = 0;
	uint64_t left;
	memset(block, ' ', sizeof(block));
	memcpy(block, text.data, text.length);
	if (tw_area_fold(block, 1, &left))
		return false;
	while (left != 0) {
		unsigned start = (unsigned)__builtin_ctzll(left);
		unsigned count = (unsigned)__builtin_ctzll(~(left >> start));
		buffer[length] = ' ';
		length += length > 0;
		for (unsigned i = 0; i < count; i += WORD_SPARE)
			memcpy(buffer + length + i, block + start + i, WORD_SPARE);
		length += count;
		left &= UINT64_MAX << start << count;
	}
	buffer[length] = '\0';
	*ret_length = length;
	return true;
}

size_t tw_normalise(struct tw_slice text, char *buffer, size_t size)
{
	size_t length = 0;
	if (size == 0)
		return 0;
	if (text.length > 0 && text.length < TW_AREA_BLOCK && size >= SHORT_LEAST
		    ? normalise_short(text, buffer, &length)
		    : normalise_ascii(text, buffer, size, &length))
		return length;
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
