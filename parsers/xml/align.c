/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the text that libxml2 told back to the bytes it read: both are walked side by
 * side. References, CDATA marks, comments and CR LF are where they differ; nothing
 * is decoded here, the characters are libxml2's. A text that is not found this way
 * stands for all of the bytes.
 */
#include "xml.h"

#define REFERENCE_LONGEST 64u

/* The bytes, the text, and how far both were walked. */
struct pair {
	struct tw_xml *parser;
	struct tw_slice bytes, text;
	uint64_t from; /* place of bytes[0] */
	size_t own;    /* of text[0] in `own`, from the element's */
	size_t at, done;
	size_t front; /* of the bytes: blanks, comments and the like, which may have been let go */
	bool cdata;
};

static struct tw_xml_run *last_run(struct tw_xml *parser)
{
	size_t first = tw_xml_top(parser)->runs;
	if (parser->own_runs.length <= first)
		return NULL;
	return (struct tw_xml_run *)(void *)(parser->own_runs.data + parser->own_runs.length) - 1;
}

static bool add_run(struct pair *pair, size_t length, uint64_t origin, size_t origin_length)
{
	struct tw_xml_run run = {
		.origin = origin,
		.start = (uint32_t)(pair->own + pair->done),
		.length = (uint32_t)length,
		.origin_length = (uint32_t)origin_length,
	};
	struct tw_xml_run *last = last_run(pair->parser);
	if (last != NULL && length == origin_length && last->length == last->origin_length &&
	    last->start + last->length == run.start && last->origin + last->length == origin) {
		last->length += run.length;
		last->origin_length += run.length;
		return true;
	}
	return tw_xml_append(&pair->parser->own_runs, &run, sizeof(run));
}

/* `length` bytes that are the same in both. Decoded ones: a run a character that changed. */
static bool take_same(struct pair *pair, size_t length)
{
	struct tw_xml_text *text = &pair->parser->text;
	uint64_t place = pair->from + pair->at;
	bool good = true;
	if (text->charset == TW_XML_UTF8) {
		good = add_run(pair, length, place, length);
		pair->at += length;
		pair->done += length;
		return good;
	}
	for (size_t end = pair->done + length; good && pair->done < end;) {
		struct tw_slice rest = tw_slice_part(pair->text, pair->done, end - pair->done);
		int found = tw_xml_utf8(rest);
		size_t bytes = found <= 0 ? 1 : (size_t)found;
		good = add_run(pair, bytes, tw_xml_text_offset(text, place),
			       tw_xml_text_width(text, place));
		place += bytes;
		pair->at += bytes;
		pair->done += bytes;
	}
	return good;
}

/* A character of the text for `length` bytes that name it. */
static bool take_reference(struct pair *pair, size_t length)
{
	struct tw_xml_text *text = &pair->parser->text;
	int found = tw_xml_utf8(tw_slice_from(pair->text, pair->done));
	size_t bytes = found <= 0 ? 1 : (size_t)found;
	uint64_t start = tw_xml_text_offset(text, pair->from + pair->at);
	uint64_t end = tw_xml_text_offset(text, pair->from + pair->at + length);
	bool good = add_run(pair, bytes, start, (size_t)(end - start));
	pair->at += length;
	pair->done += bytes;
	return good;
}

/* Behind `mark`, which is looked for from `at` on; 0 where it is not there. */
static size_t behind(struct tw_slice bytes, size_t at, struct tw_slice mark)
{
	for (; at < bytes.length; at++) {
		const char *next = memchr(bytes.data + at, mark.data[0], bytes.length - at);
		if (next == NULL)
			return 0;
		at = (size_t)(next - bytes.data);
		if (tw_slice_starts(tw_slice_from(bytes, at), mark))
			return at + mark.length;
	}
	return 0;
}

/* Bytes that are none of the text; false where there are none here. */
static bool pass_over(struct pair *pair)
{
	struct tw_slice rest = tw_slice_from(pair->bytes, pair->at);
	size_t to = 0;
	if (pair->cdata) {
		if (!tw_slice_starts(rest, TW_LITERAL("]]>")))
			return false;
		pair->cdata = false;
		pair->at += 3;
		return true;
	}
	if (tw_slice_starts(rest, TW_LITERAL("<![CDATA["))) {
		pair->cdata = true;
		pair->at += 9;
		return true;
	}
	if (tw_slice_starts(rest, TW_LITERAL("<!--")))
		to = behind(pair->bytes, pair->at + 4, TW_LITERAL("-->"));
	else if (tw_slice_starts(rest, TW_LITERAL("<?")))
		to = behind(pair->bytes, pair->at + 2, TW_LITERAL("?>"));
	pair->at = to > 0 ? to : pair->at;
	return to > 0;
}

/* XML 1.0, 2.2. */
static bool is_character(uint32_t c)
{
	return c == '\t' || c == '\r' || c == '\n' || (c >= ' ' && c < 0xd800) ||
	       (c >= 0xe000 && c < 0xfffe) || (c >= 0x10000 && c < 0x110000);
}

/* Value of "65" or "x41", or UINT32_MAX. */
static uint32_t number_of(struct tw_slice digits)
{
	uint32_t value = 0, base = tw_slice_at(digits, 0) == 'x' ? 16 : 10;
	size_t at = base == 16;
	for (; at < digits.length && value < 0x110000; at++) {
		uint32_t c = (unsigned char)digits.data[at], digit = c - '0';
		if (base == 16 && (c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			digit = (c | 0x20) - 'a' + 10;
		else if (digit > 9)
			return UINT32_MAX;
		value = value * base + digit;
	}
	return digits.length > (base == 16) ? value : UINT32_MAX;
}

static bool ends_name(char c)
{
	return c == ';' || c == '&' || c == '<' || c == '\0' || tw_xml_blank(c);
}

int tw_xml_reference(struct tw_slice bytes, bool end)
{
	static const struct tw_slice five[] = {{"amp", 3}, {"lt", 2}, {"gt", 2}, {"quot", 4}, {"apos", 4}};
	struct tw_slice rest = tw_slice_part(bytes, 1, REFERENCE_LONGEST);
	size_t length = 0;
	while (length < rest.length && !ends_name(rest.data[length]))
		length++;
	if (length == rest.length)
		return length == REFERENCE_LONGEST || end ? 0 : -1;
	if (rest.data[length] != ';')
		return 0;
	struct tw_slice name = tw_slice_part(rest, 0, length);
	bool known = tw_slice_at(name, 0) == '#' && is_character(number_of(tw_slice_from(name, 1)));
	for (unsigned i = 0; i < 5 && !known; i++)
		known = tw_slice_equal(name, five[i]);
	return known ? (int)length + 2 : 0;
}

/* A blank before the text, written as a reference: as other blanks there it is not kept. */
static bool is_blank_reference(const struct pair *pair, size_t length)
{
	struct tw_slice digits = tw_slice_part(pair->bytes, pair->at + 2, length - 3);
	if (pair->done > 0 || tw_slice_at(pair->bytes, pair->at + 1) != '#' ||
	    tw_xml_blank(tw_slice_at(pair->text, 0)))
		return false;
	uint32_t value = number_of(digits);
	return value == ' ' || value == '\t' || value == '\r' || value == '\n';
}

/* Up to the byte that may begin something else, which is behind the first one. */
static size_t up_to(struct tw_slice bytes, char mark)
{
	const char *next = bytes.length > 1 ? memchr(bytes.data + 1, mark, bytes.length - 1) : NULL;
	return next == NULL ? bytes.length : (size_t)(next - bytes.data);
}

static size_t same_length(const struct pair *pair)
{
	struct tw_slice bytes = tw_slice_from(pair->bytes, pair->at);
	struct tw_slice text = tw_slice_from(pair->text, pair->done);
	size_t length = 0;
	bytes = tw_slice_part(bytes, 0, text.length);
	bytes.length = up_to(bytes, pair->cdata ? ']' : '&');
	bytes.length = pair->cdata ? bytes.length : up_to(bytes, '<');
	if (memcmp(bytes.data, text.data, bytes.length) == 0)
		return bytes.length;
	while (bytes.data[length] == text.data[length])
		length++;
	return length;
}

/* One step; false where both do not go together. */
static bool step(struct pair *pair)
{
	int c = tw_slice_at(pair->bytes, pair->at);
	if (c < 0)
		return false;
	if (pass_over(pair))
		return true;
	int reference = c == '&' && !pair->cdata
				? tw_xml_reference(tw_slice_from(pair->bytes, pair->at), true)
				: 0;
	if (reference > 0 && is_blank_reference(pair, (size_t)reference)) {
		pair->at += (size_t)reference;
		return true;
	}
	if (reference > 0)
		return take_reference(pair, (size_t)reference);
	/* Blanks before a text are not kept. */
	if (pair->done == 0 && tw_xml_blank(c) && !tw_xml_blank(tw_slice_at(pair->text, 0))) {
		pair->at++;
		return true;
	}
	if (c == '\r') {
		/* XML 1.0, 2.11: CR LF, and CR alone, are LF. */
		if (tw_slice_at(pair->bytes, pair->at + 1) != '\n')
			return take_reference(pair, 1);
		pair->at++;
		return true;
	}
	size_t length = same_length(pair);
	return length > 0 && take_same(pair, length);
}

int tw_xml_align(struct tw_xml *parser, size_t start, uint64_t from, uint64_t to)
{
	size_t own = start - tw_xml_top(parser)->text;
	struct pair pair = {
		.parser = parser,
		.bytes = tw_xml_text(parser, from, to),
		.text = tw_slice(parser->own.data + start, parser->own.length - start),
		.from = from,
		.own = own,
	};
	size_t before = parser->own_runs.length;
	while (pair.done < pair.text.length && step(&pair))
		if (pair.done == 0)
			pair.front = pair.at;
	if (pair.done == pair.text.length)
		return TW_OK;
	parser->own_runs.length = before;
	struct tw_xml_run *last = last_run(parser);
	if (last != NULL && last->start + last->length > own)
		last->length = last->origin_length = (uint32_t)own - last->start;
	uint64_t offset = tw_xml_text_offset(&parser->text, from + pair.front);
	uint64_t length = tw_xml_text_offset(&parser->text, to) - offset;
	struct tw_xml_run run = {
		.origin = offset,
		.start = (uint32_t)own,
		.length = (uint32_t)pair.text.length,
		.origin_length = length > UINT32_MAX ? 0 : (uint32_t)length,
	};
	return tw_xml_append(&parser->own_runs, &run, sizeof(run)) ? TW_OK : TW_ERROR_MEMORY;
}
