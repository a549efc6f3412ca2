/* SPDX-License-Identifier: Apache-2.0 */
#include "syntax.h"

#define HEADER_ELEMENTS 16u

bool tw_x12_syntax_free(const struct tw_delimiters *syntax, int byte)
{
	return tw_x12_separator(byte) && byte < 0x80 && byte != (unsigned char)syntax->element &&
	       byte != (unsigned char)syntax->component &&
	       byte != (unsigned char)syntax->repetition &&
	       byte != (unsigned char)syntax->release &&
	       byte != (unsigned char)syntax->terminator[0];
}

/* ---- terminators ------------------------------------------------------------- */

/* Bytes of the UTF-8 character at `at`, 1 where it is none; 0: it is cut off there. */
static unsigned character_bytes(struct tw_slice bytes, size_t at, bool end)
{
	int lead = tw_slice_at(bytes, at);
	unsigned length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1;

	if (lead > 0xf4)
		return 1;
	for (unsigned i = 1; i < length; i++) {
		int byte = tw_slice_at(bytes, at + i);
		if (byte < 0)
			return end ? 1 : 0;
		if ((byte & 0xc0) != 0x80)
			return 1;
	}
	return length;
}

/*
 * The terminator that stands at `at`. CR LF counts as LF: a CR before the LF is
 * trimmed, and either may be lost on the way.
 */
static enum tw_x12_found terminator_at(struct tw_delimiters *syntax, struct tw_slice bytes,
				       size_t at, bool end)
{
	int byte = tw_slice_at(bytes, at), behind = tw_slice_at(bytes, at + 1);

	if (byte < 0)
		return end ? TW_X12_FOUND_NOTHING : TW_X12_FOUND_MORE;
	if (byte == '\r' && behind < 0 && !end)
		return TW_X12_FOUND_MORE;
	if (byte == '\r' && behind == '\n')
		at++;
	else if (!tw_byte_line_end(byte) && !tw_x12_separator(byte))
		return TW_X12_FOUND_NOTHING;
	if (byte == (unsigned char)syntax->element)
		return TW_X12_FOUND_NOTHING;
	unsigned length = character_bytes(bytes, at, end);
	if (length == 0)
		return TW_X12_FOUND_MORE;
	struct tw_slice character = tw_slice_part(bytes, at, length);
	memcpy(syntax->terminator, character.data, character.length);
	syntax->terminator_length = length;
	return TW_X12_FOUND;
}

/*
 * Whether a segment that may follow the header begins at `at`: GS, ST, TA1, IEA or
 * ISX. -1: it is cut off there.
 */
static int follows_header(const struct tw_delimiters *syntax, struct tw_slice bytes, size_t at)
{
	static const char *const tags[] = {"GS", "ST", "TA1", "IEA", "ISX"};
	struct tw_slice rest = tw_slice_from(bytes, at);

	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		struct tw_slice tag = tw_slice_string(tags[i]);
		if (tw_slice_starts(rest, tag) && rest.length == tag.length)
			return -1;
		if (tw_slice_starts(rest, tag) &&
		    tw_slice_at(rest, tag.length) == (unsigned char)syntax->element)
			return 1;
		if (rest.length < tag.length && tw_slice_starts(tag, rest))
			return -1;
	}
	return 0;
}

/* First byte of the character that ends in bytes[last]. */
static size_t character_start(struct tw_slice bytes, size_t last)
{
	size_t start = last;

	while (start > 0 && last - start < 3 && (tw_slice_at(bytes, start) & 0xc0) == 0x80)
		start--;
	return (tw_slice_at(bytes, start) & 0xc0) == 0xc0 ? start : last;
}

/*
 * The terminator by what stands before the next segment, which begins at `at`: the
 * last character before blanks and line ends, or else the line end itself.
 */
static bool terminator_before(struct tw_delimiters *syntax, struct tw_slice bytes, size_t at)
{
	bool line = false;

	while (at > 0 && tw_byte_blank(tw_slice_at(bytes, at - 1)))
		line = tw_byte_line_end(tw_slice_at(bytes, --at)) || line;
	if (at == 0)
		return false;
	int byte = tw_slice_at(bytes, at - 1);
	/* A component separator that ends a header stands behind an element separator. */
	bool separator = tw_x12_separator(byte) && byte != (unsigned char)syntax->element;
	if (separator)
		return terminator_at(syntax, bytes, character_start(bytes, at - 1), true) ==
		       TW_X12_FOUND;
	if (!line)
		return false;
	syntax->terminator[0] = '\n';
	syntax->terminator_length = 1;
	return true;
}

/* Looks for the segment behind a header whose end its elements do not show. */
static enum tw_x12_found guess_terminator(struct tw_delimiters *syntax, struct tw_slice bytes,
					  size_t from, bool end)
{
	bool all = end || bytes.length >= TW_X12_HEADER_BYTES;

	bytes = tw_slice_part(bytes, 0, TW_X12_HEADER_BYTES);
	for (size_t at = from; at < bytes.length; at++) {
		int follows = follows_header(syntax, bytes, at);
		if (follows < 0 && !all)
			return TW_X12_FOUND_MORE;
		if (follows > 0 && terminator_before(syntax, bytes, at))
			return TW_X12_FOUND;
	}
	return all ? TW_X12_FOUND_NOTHING : TW_X12_FOUND_MORE;
}

/* ---- the header ---------------------------------------------------------------- */

/* How far the elements of a header were counted. */
struct scan {
	size_t at;	   /* behind the 16th element separator, or where counting stopped */
	unsigned elements; /* separators */
	unsigned folds;	   /* line ends */
	unsigned wide;	   /* bytes of a character behind its first: blanks are seen as U+00A0 */
	bool cut;	   /* another segment begins before the 16th element */
};

static struct scan scan_elements(const struct tw_delimiters *syntax, struct tw_slice bytes)
{
	struct scan scan = {.at = 3};

	bytes = tw_slice_part(bytes, 0, TW_X12_HEADER_BYTES);
	for (; scan.at < bytes.length && scan.elements < HEADER_ELEMENTS; scan.at++) {
		int byte = tw_slice_at(bytes, scan.at), before = tw_slice_at(bytes, scan.at - 1);
		bool fresh = before != (unsigned char)syntax->element &&
			     (tw_x12_separator(before) || tw_byte_line_end(before));
		scan.elements += byte == (unsigned char)syntax->element;
		scan.folds += tw_byte_line_end(byte);
		scan.wide += (byte & 0xc0) == 0x80;
		if (fresh && byte == 'G' && follows_header(syntax, bytes, scan.at) > 0) {
			scan.cut = true;
			break;
		}
	}
	return scan;
}

/* Moves over the line ends of a header that is folded anyway. */
static size_t unfold(struct tw_slice bytes, size_t at, struct scan *scan)
{
	while (scan->folds > 0 && tw_byte_line_end(tw_slice_at(bytes, at))) {
		scan->folds++;
		at++;
	}
	return at;
}

/*
 * Behind the 16th separator stand ISA16 and the terminator, one character each.
 * ISA16 may be missing; then what is there is the terminator.
 */
static enum tw_x12_found read_end(struct tw_delimiters *syntax, struct tw_slice bytes, bool end,
				  struct scan *scan, struct tw_x12_header *header)
{
	size_t at = unfold(bytes, scan->at, scan);
	int byte = tw_slice_at(bytes, at), behind = tw_slice_at(bytes, at + 1);

	if (byte < 0 || (behind < 0 && !end))
		return end ? TW_X12_FOUND_NOTHING : TW_X12_FOUND_MORE;
	if (byte == (unsigned char)syntax->element)
		return TW_X12_FOUND_NOTHING;
	size_t ends = at;
	if (!tw_byte_line_end(byte) && !(tw_x12_separator(byte) && tw_byte_alphanumeric(behind)) &&
	    behind >= 0) {
		ends = unfold(bytes, at + 1, scan);
		if (tw_x12_separator(byte) && byte < 0x80)
			header->component = (char)byte;
	}
	enum tw_x12_found found = terminator_at(syntax, bytes, ends, end);
	header->whole = ends > at;
	header->length = (unsigned)(ends - scan->folds - scan->wide);
	return found;
}

enum tw_x12_found tw_x12_syntax_header(struct tw_delimiters *syntax, struct tw_slice bytes,
				       bool end, struct tw_x12_header *ret_header)
{
	struct tw_x12_header header = {.component = 0};
	enum tw_x12_found found = TW_X12_FOUND_NOTHING;

	*syntax = (struct tw_delimiters){.element = (char)tw_slice_at(bytes, 3)};
	struct scan scan = scan_elements(syntax, bytes);
	bool short_of = scan.elements < HEADER_ELEMENTS && !scan.cut;
	if (short_of && !end && bytes.length < TW_X12_HEADER_BYTES)
		return TW_X12_FOUND_MORE;
	if (scan.elements == HEADER_ELEMENTS)
		found = read_end(syntax, bytes, end, &scan, &header);
	if (found == TW_X12_FOUND_NOTHING) {
		header = (struct tw_x12_header){.component = 0};
		found = guess_terminator(syntax, bytes, 4, end);
	}
	if (found != TW_X12_FOUND)
		return found;
	if (header.component == syntax->terminator[0])
		header.component = 0;
	tw_delimiters_build(syntax);
	*ret_header = header;
	return TW_X12_FOUND;
}

/* Two letters and digits, or three, and the element separator: any segment may follow. */
static bool next_segment(const struct tw_delimiters *syntax, struct tw_slice bytes, size_t at)
{
	size_t length = 0;

	while (length < 4 && tw_byte_alphanumeric(tw_slice_at(bytes, at + length)))
		length++;
	int first = tw_slice_at(bytes, at);
	return (length == 2 || length == 3) && first >= 'A' && first <= 'Z' &&
	       tw_slice_at(bytes, at + length) == (unsigned char)syntax->element;
}

/* The first character that stands between two segments, line ends last of all. */
enum tw_x12_found tw_x12_syntax_bare(struct tw_delimiters *syntax, struct tw_slice bytes, bool end)
{
	bool all = end || bytes.length >= TW_X12_HEADER_BYTES;

	*syntax = (struct tw_delimiters){.element = (char)tw_slice_at(bytes, 2)};
	bytes = tw_slice_part(bytes, 0, TW_X12_HEADER_BYTES);
	for (size_t at = 3; at < bytes.length; at++) {
		int before = tw_slice_at(bytes, at - 1);
		bool fresh = tw_byte_line_end(before) || tw_byte_blank(before) ||
			     (tw_x12_separator(before) && before != (unsigned char)syntax->element);
		if (!fresh || !next_segment(syntax, bytes, at) ||
		    !terminator_before(syntax, bytes, at))
			continue;
		tw_delimiters_build(syntax);
		return TW_X12_FOUND;
	}
	return all ? TW_X12_FOUND_NOTHING : TW_X12_FOUND_MORE;
}
