/* SPDX-License-Identifier: Apache-2.0 */
/* What a record looks like, and the first one of a transaction file. */
#include "camir.h"

static bool is_upper(int c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool is_line_end(int c)
{
	return c == '\r' || c == '\n';
}

bool tw_camir_identified(struct tw_slice record)
{
	int first = tw_slice_at(record, 0), second = tw_slice_at(record, 1);

	if (tw_slice_starts(record, TW_LITERAL("ACR")) || tw_slice_starts(record, TW_LITERAL("ZCR")))
		return true;
	return is_upper(first) && (is_upper(second) || is_digit(second)) &&
	       is_digit(tw_slice_at(record, 2));
}

static uint8_t flags_of(struct tw_slice text)
{
	for (size_t i = 0; i < text.length; i++)
		if ((unsigned char)text.data[i] > 0x7f)
			return TW_PIECE_HIGH;
	return 0;
}

unsigned tw_camir_pieces(struct tw_slice record, bool identified,
			 struct tw_piece pieces[TW_CAMIR_PIECES])
{
	/* Where the text begins that a further record goes on with, and where it ends. */
	static const struct { const char *identifier; uint32_t ends[TW_CAMIR_PIECES - 1]; } texts[] = {
		{"D01", {13, 58}},
		{"D02", {3, 48}},
	};
	uint32_t start = identified ? 3 : 0, length = (uint32_t)record.length;
	uint32_t ends[TW_CAMIR_PIECES] = {length, length, length};
	unsigned count = 0;

	for (size_t i = 0; identified && i < sizeof(texts) / sizeof(texts[0]); i++)
		if (tw_slice_starts(record, tw_slice_string(texts[i].identifier)))
			memcpy(ends, texts[i].ends, sizeof(texts[i].ends));
	for (uint16_t i = 0; i < TW_CAMIR_PIECES; i++) {
		uint32_t end = ends[i] < length ? ends[i] : length;
		if (end <= start)
			continue;
		pieces[count++] = (struct tw_piece){
			.start = start, .length = end - start, .element = (uint16_t)(i + 1),
			.component = 1, .repetition = 1,
			.flags = flags_of(tw_slice_part(record, start, end - start))};
		start = end;
	}
	return count;
}

/* ACR and the participant, a SCAC or another code of up to four letters and digits. */
static bool is_header(struct tw_slice bytes)
{
	if (!tw_slice_starts(bytes, TW_LITERAL("ACR")) || bytes.length < 7)
		return false;
	for (size_t i = 3; i < 7; i++) {
		int c = tw_slice_at(bytes, i);
		if (!is_upper(c) && !is_digit(c) && !(c == ' ' && i > 4))
			return false;
	}
	return true;
}

/* What stands behind the header: the next record, or nothing more. */
static enum tw_camir_framing confirm(struct tw_slice next, bool end, enum tw_camir_framing framing)
{
	if (next.length < 3 && !end)
		return TW_CAMIR_MORE;
	return next.length == 0 || tw_camir_identified(next) ? framing : TW_CAMIR_NONE;
}

enum tw_camir_framing tw_camir_start(struct tw_slice bytes, bool end)
{
	struct tw_slice mark = tw_slice_part(TW_LITERAL("ACR"), 0, bytes.length);
	size_t at = 7;

	if (bytes.length < 7 && !end && tw_slice_starts(bytes, mark))
		return TW_CAMIR_MORE;
	if (!is_header(bytes))
		return TW_CAMIR_NONE;
	for (; at < bytes.length && at < TW_CAMIR_COLUMNS && !is_line_end(bytes.data[at]); at++)
		if ((unsigned char)bytes.data[at] < ' ' || (unsigned char)bytes.data[at] > '~')
			return TW_CAMIR_NONE;
	if (at == bytes.length)
		return end ? TW_CAMIR_LINES : TW_CAMIR_MORE;
	if (!is_line_end(bytes.data[at]))
		return confirm(tw_slice_from(bytes, at), end, TW_CAMIR_BLOCKS);
	while (is_line_end(tw_slice_at(bytes, at)))
		at++;
	return confirm(tw_slice_from(bytes, at), end, TW_CAMIR_LINES);
}

int tw_camir_foreign(struct tw_slice bytes, bool end)
{
	static const char *const starts[] = {"UNA", "UNB+", "ISA", "<?xml", "{", "\x01", "QU ", "QK "};

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		struct tw_slice start = tw_slice_string(starts[i]);
		if (tw_slice_starts(bytes, start))
			return 1;
		if (!end && bytes.length < start.length && tw_slice_starts(start, bytes))
			return -1;
	}
	return 0;
}

int tw_camir_probe(struct tw_slice bytes, bool end)
{
	enum tw_camir_framing framing = tw_camir_start(bytes, end);

	if (framing == TW_CAMIR_MORE)
		return -1;
	return framing == TW_CAMIR_NONE ? 0 : 90;
}

size_t tw_camir_find(struct tw_slice bytes)
{
	for (size_t at = 0; at < bytes.length; at++) {
		const char *found = memchr(bytes.data + at, 'A', bytes.length - at);
		if (found == NULL)
			return bytes.length;
		at = (size_t)(found - bytes.data);
		/* What stands before it must not matter: it may be in another window. */
		if (tw_camir_start(tw_slice_from(bytes, at), false) != TW_CAMIR_NONE)
			return at;
	}
	return bytes.length;
}
