/* SPDX-License-Identifier: Apache-2.0 */
#include "text/fold.h"

#include <utf8proc.h>

/* U+00C0 to U+017F: the letters of Latin texts, without the cost of a library call. */
#define LATIN_FIRST 0xc0
#define LATIN_LAST 0x17f
static const char LATIN[LATIN_LAST - LATIN_FIRST + 1][3] = {
	"A", "A", "A", "A", "A", "A", "AE", "C", "E", "E", "E", "E", "I", "I", "I", "I",
	"D", "N", "O", "O", "O", "O", "O", " ", "O", "U", "U", "U", "U", "Y", "TH", "SS",
	"A", "A", "A", "A", "A", "A", "AE", "C", "E", "E", "E", "E", "I", "I", "I", "I",
	"D", "N", "O", "O", "O", "O", "O", " ", "O", "U", "U", "U", "U", "Y", "TH", "Y",
	"A", "A", "A", "A", "A", "A", "C", "C", "C", "C", "C", "C", "C", "C", "D", "D",
	"D", "D", "E", "E", "E", "E", "E", "E", "E", "E", "E", "E", "G", "G", "G", "G",
	"G", "G", "G", "G", "H", "H", "H", "H", "I", "I", "I", "I", "I", "I", "I", "I",
	"I", "I", "IJ", "IJ", "J", "J", "K", "K", "K", "L", "L", "L", "L", "L", "L", "L",
	"L", "L", "L", "N", "N", "N", "N", "N", "N", "N", "N", "N", "O", "O", "O", "O",
	"O", "O", "OE", "OE", "R", "R", "R", "R", "R", "R", "S", "S", "S", "S", "S", "S",
	"S", "S", "T", "T", "T", "T", "T", "T", "U", "U", "U", "U", "U", "U", "U", "U",
	"U", "U", "U", "U", "W", "W", "Y", "Y", "Y", "Z", "Z", "Z", "Z", "Z", "Z", "S",
};

const char *tw_fold_latin(struct tw_slice text, size_t at)
{
	int lead = tw_slice_at(text, at);
	int second = tw_slice_at(text, at + 1);
	if (lead < 0xc3 || lead > 0xc5 || (second & 0xc0) != 0x80)
		return NULL;
	return LATIN[((lead & 0x1f) << 6 | (second & 0x3f)) - LATIN_FIRST];
}

/* Letters of other scripts that are drawn like a Latin one (cf. Unicode UTS 39). */
struct look_alike {
	uint16_t letter;
	char latin;
};

/* Compared before case folding: small letters whose capital looks like another letter. */
static const struct look_alike SMALL[] = {
	{0x00b5, 'U'}, {0x0251, 'A'}, {0x0261, 'G'}, {0x0262, 'G'}, {0x026a, 'I'}, {0x0274, 'N'},
	{0x0280, 'R'}, {0x028f, 'Y'}, {0x0299, 'B'}, {0x029c, 'H'}, {0x029f, 'L'}, {0x03b3, 'Y'},
	{0x03b7, 'N'}, {0x03bc, 'U'}, {0x03bd, 'V'}, {0x03c5, 'U'}, {0x1d00, 'A'}, {0x1d04, 'C'},
	{0x1d05, 'D'}, {0x1d07, 'E'}, {0x1d0a, 'J'}, {0x1d0b, 'K'}, {0x1d0d, 'M'}, {0x1d0f, 'O'},
	{0x1d18, 'P'}, {0x1d1b, 'T'}, {0x1d1c, 'U'}, {0x1d20, 'V'}, {0x1d21, 'W'}, {0x1d22, 'Z'},
};

/* Compared after case folding: capitals. */
static const struct look_alike CAPITAL[] = {
	{0x037f, 'J'}, {0x0391, 'A'}, {0x0392, 'B'}, {0x0395, 'E'}, {0x0396, 'Z'}, {0x0397, 'H'},
	{0x0399, 'I'}, {0x039a, 'K'}, {0x039c, 'M'}, {0x039d, 'N'}, {0x039f, 'O'}, {0x03a1, 'P'},
	{0x03a4, 'T'}, {0x03a5, 'Y'}, {0x03a7, 'X'}, {0x03f9, 'C'}, {0x0405, 'S'}, {0x0406, 'I'},
	{0x0408, 'J'}, {0x0410, 'A'}, {0x0412, 'B'}, {0x0415, 'E'}, {0x041a, 'K'}, {0x041c, 'M'},
	{0x041d, 'H'}, {0x041e, 'O'}, {0x0420, 'P'}, {0x0421, 'C'}, {0x0422, 'T'}, {0x0423, 'Y'},
	{0x0425, 'X'}, {0x0474, 'V'}, {0x04ae, 'Y'}, {0x04ba, 'H'}, {0x04c0, 'I'}, {0x0500, 'D'},
	{0x051a, 'Q'}, {0x051c, 'W'}, {0x0555, 'O'},
};

/* 0: it is drawn like none. */
static char look_alike(const struct look_alike *table, size_t count, utf8proc_int32_t letter)
{
	size_t low = 0;
	while (low < count) {
		size_t middle = low + (count - low) / 2;
		if (table[middle].letter == letter)
			return table[middle].latin;
		if (table[middle].letter < letter)
			low = middle + 1;
		else
			count = middle;
	}
	return 0;
}

#define LOOK_ALIKE(table, letter) look_alike(table, sizeof(table) / sizeof(table[0]), letter)

static void queue_bytes(struct tw_fold *fold, const char *bytes, size_t length)
{
	if (length > sizeof(fold->queue) - fold->queue_length)
		return;
	memcpy(fold->queue + fold->queue_length, bytes, length);
	fold->queue_length += (unsigned)length;
}

static void queue_letter(struct tw_fold *fold, utf8proc_int32_t letter)
{
	utf8proc_uint8_t bytes[4];
	queue_bytes(fold, (const char *)bytes, (size_t)utf8proc_encode_char(letter, bytes));
}

/* One letter after compatibility decomposition and case folding. */
static void queue_folded(struct tw_fold *fold, utf8proc_int32_t letter)
{
	utf8proc_int32_t upper = utf8proc_toupper(letter);
	if (upper >= LATIN_FIRST && upper <= LATIN_LAST) {
		const char *latin = LATIN[upper - LATIN_FIRST];
		queue_bytes(fold, latin, strlen(latin));
		return;
	}
	char latin = upper < 0x80 ? tw_fold_ascii((unsigned char)upper) : LOOK_ALIKE(CAPITAL, upper);
	if (latin != 0) {
		queue_bytes(fold, &latin, 1);
		return;
	}
	utf8proc_category_t category = utf8proc_category(upper);
	bool kept = category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO &&
		    (category <= UTF8PROC_CATEGORY_LO || category >= UTF8PROC_CATEGORY_ND);
	if (kept)
		queue_letter(fold, upper);
	else
		queue_bytes(fold, " ", 1);
}

/* Anything without a short way of its own. */
static void queue_decomposed(struct tw_fold *fold, utf8proc_int32_t letter)
{
	utf8proc_int32_t parts[32];
	int boundary = 0;
	utf8proc_ssize_t count =
		utf8proc_decompose_char(letter, parts, 32,
					UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD |
						UTF8PROC_STRIPMARK | UTF8PROC_IGNORE,
					&boundary);
	for (utf8proc_ssize_t i = 0; i < count && i < 32; i++)
		queue_folded(fold, parts[i]);
}

/*
 * Conjoining jamo from `at` on (the first of them given) as one syllable, by the
 * arithmetic of the Unicode standard, section 3.12. Bytes taken behind the first.
 */
static size_t compose_hangul(struct tw_slice rest, utf8proc_int32_t lead, utf8proc_int32_t *ret)
{
	utf8proc_int32_t vowel = 0;
	utf8proc_int32_t tail = 0;
	const utf8proc_uint8_t *data = (const utf8proc_uint8_t *)rest.data;
	if (rest.length < 3 || utf8proc_iterate(data, 3, &vowel) != 3 || vowel < 0x1161 ||
	    vowel > 0x1175)
		return 0;
	*ret = 0xac00 + ((lead - 0x1100) * 21 + (vowel - 0x1161)) * 28;
	if (rest.length < 6 || utf8proc_iterate(data + 3, 3, &tail) != 3 || tail < 0x11a8 ||
	    tail > 0x11c2)
		return 3;
	*ret += tail - 0x11a7;
	return 6;
}

/* Arabic digits have no compatibility form, but are digits all the same. */
static bool queue_digit(struct tw_fold *fold, utf8proc_int32_t letter)
{
	utf8proc_int32_t zero = letter >= 0x6f0 ? 0x6f0 : 0x660;
	if (letter < zero || letter > zero + 9)
		return false;
	char digit = (char)('0' + letter - zero);
	queue_bytes(fold, &digit, 1);
	return true;
}

/* Queues the folding of the character at `next`, which is not ASCII; returns its bytes. */
static size_t queue_wide(struct tw_fold *fold)
{
	struct tw_slice rest = tw_slice_from(fold->text, fold->next);
	utf8proc_int32_t letter = 0;
	utf8proc_ssize_t taken = utf8proc_iterate((const utf8proc_uint8_t *)rest.data,
						  (utf8proc_ssize_t)rest.length, &letter);
	if (taken <= 0) {
		queue_bytes(fold, " ", 1);
		return 1;
	}
	size_t length = (size_t)taken;
	if (letter >= LATIN_FIRST && letter <= LATIN_LAST) {
		const char *latin = LATIN[letter - LATIN_FIRST];
		queue_bytes(fold, latin, strlen(latin));
		return length;
	}
	if (letter >= 0x1100 && letter <= 0x1112)
		length += compose_hangul(tw_slice_from(rest, length), letter, &letter);
	/* Han and Hangul are their own folding. */
	if ((letter >= 0x3400 && letter <= 0x9fff) || (letter >= 0xac00 && letter <= 0xd7a3)) {
		queue_letter(fold, letter);
		return length;
	}
	char latin = LOOK_ALIKE(SMALL, letter);
	if (latin != 0)
		queue_bytes(fold, &latin, 1);
	else if (!queue_digit(fold, letter))
		queue_decomposed(fold, letter);
	return length;
}

static void queue_next(struct tw_fold *fold)
{
	fold->queue_at = 0;
	fold->queue_length = 0;
	fold->start = fold->next;
	unsigned char byte = (unsigned char)fold->text.data[fold->next];
	if (byte < 0x80) {
		fold->queue[0] = tw_fold_ascii(byte);
		fold->queue_length = 1;
		fold->next++;
	} else {
		fold->next += queue_wide(fold);
	}
	fold->end = fold->next;
}

bool tw_fold_next(struct tw_fold *fold)
{
	for (;;) {
		while (fold->queue_at == fold->queue_length) {
			if (fold->next >= fold->limit)
				return false;
			queue_next(fold);
		}
		const char *bytes = fold->queue + fold->queue_at;
		fold->length = tw_fold_width(bytes[0]);
		fold->queue_at += fold->length;
		if (bytes[0] == ' ') {
			fold->pending = true;
			continue;
		}
		memcpy(fold->bytes, bytes, fold->length);
		bool running = tw_fold_running(bytes);
		fold->gap = fold->any && (fold->pending || running != fold->running);
		fold->any = true;
		fold->pending = false;
		fold->running = running;
		return true;
	}
}

size_t tw_fold_mark(struct tw_slice text, size_t at)
{
	struct tw_slice rest = tw_slice_from(text, at);
	utf8proc_int32_t letter = 0;
	if (rest.length == 0 || (unsigned char)rest.data[0] < 0x80)
		return 0;
	utf8proc_ssize_t taken = utf8proc_iterate((const utf8proc_uint8_t *)rest.data,
						  (utf8proc_ssize_t)rest.length, &letter);
	if (taken <= 0)
		return 0;
	utf8proc_category_t category = utf8proc_category(letter);
	bool mark = category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME;
	return mark ? (size_t)taken : 0;
}
