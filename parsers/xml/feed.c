/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How libxml2 is given the bytes of a document: in slices that cut no start tag, no document
 * type declaration and no reference, and with an "&" that begins no reference in disguise.
 */
#include "xml.h"

#include <libxml/parserInternals.h>

/* Behind the first of two marks that stands in no quotes, or 0. */
static size_t behind_unquoted(struct tw_slice bytes, char mark, char other)
{
	int quote = 0;
	for (size_t at = 1; at < bytes.length; at++) {
		char c = bytes.data[at];
		if (quote != 0)
			quote = c == quote ? 0 : quote;
		else if (c == '"' || c == '\'')
			quote = c;
		else if (c == mark || c == other)
			return at + 1;
	}
	return 0;
}

/* Behind the ">" of a start tag; 0 where it is not there. */
static size_t tag_length(struct tw_slice bytes)
{
	return behind_unquoted(bytes, '>', '>');
}

/* What libxml2 was given and did not read: the front of something that is not whole. */
static struct tw_slice unread_text(const struct tw_xml *parser)
{
	return tw_xml_text(parser, tw_xml_read_to(parser), parser->fed);
}

/* Whether libxml2 is in the midst of a comment or the like, where "<" begins nothing. */
static bool in_the_midst(const struct tw_xml *parser)
{
	struct tw_slice unread = unread_text(parser);
	int second = tw_slice_at(unread, 1);
	return parser->context->instate == XML_PARSER_CDATA_SECTION ||
	       (tw_slice_at(unread, 0) == '<' && (second == '!' || second == '?'));
}

/* Text may be cut anywhere but within a character or "]]>", and not behind CR. */
static size_t text_length(struct tw_slice bytes)
{
	size_t length = bytes.length, front = length;
	while (front > 0 && ((unsigned char)bytes.data[front - 1] & 0xc0) == 0x80)
		front--;
	if (front > 0 && tw_xml_utf8(tw_slice_from(bytes, front - 1)) < 0)
		length = front - 1;
	for (unsigned i = 0; i < 2 && tw_slice_at(bytes, length - 1) == ']'; i++)
		length--;
	return length > 0 && bytes.data[length - 1] == '\r' ? length - 1 : length;
}

/* Whether byte `at` of a slice is within a start tag that begins in it. */
static bool within_tag(struct tw_slice slice, size_t at)
{
	const char *open = memrchr(slice.data, '<', at);
	if (open == NULL)
		return false;
	struct tw_slice tag = tw_slice_part(slice, (size_t)(open - slice.data),
					    at - (size_t)(open - slice.data));
	int second = tw_slice_at(tag, 1);
	return second != '!' && second != '?' && tag_length(tag) == 0;
}

/* Where "<!" or "<?" stands in the first bytes of a slice, or SIZE_MAX. */
static size_t other_markup(struct tw_slice slice, size_t length)
{
	for (size_t at = 0; at + 1 < length; at++) {
		const char *next = memchr(slice.data + at, '<', length - at - 1);
		if (next == NULL)
			break;
		at = (size_t)(next - slice.data);
		if (slice.data[at + 1] == '!' || slice.data[at + 1] == '?')
			return at;
	}
	return SIZE_MAX;
}

/* Behind the first ">" of so many bytes, or all of them. */
static size_t behind_mark(struct tw_slice slice, size_t length)
{
	const char *next = length > 0 ? memchr(slice.data, '>', length) : NULL;
	return next == NULL ? length : (size_t)(next - slice.data) + 1;
}

/*
 * A slice goes only up to an "&" that begins no reference, so that it stands at the
 * front of the next one, and up to one that is not whole yet. Where a comment or the
 * like stands before it, the slice ends there: what it is, libxml2 knows only then.
 */
static size_t up_to_ampersand(struct tw_slice slice, size_t length, struct tw_slice rest, bool all)
{
	size_t at = 0;
	while (at < length) {
		const char *next = memchr(slice.data + at, '&', length - at);
		if (next == NULL)
			break;
		at = (size_t)(next - slice.data);
		int reference = tw_xml_reference(tw_slice_from(rest, at), all);
		size_t markup = reference > 0 ? SIZE_MAX : other_markup(slice, at);
		if (markup < at)
			return markup > 0 ? markup : behind_mark(slice, at);
		if (reference <= 0 && !within_tag(slice, at))
			return at;
		at += reference > 0 ? (size_t)reference : 1;
	}
	return length;
}

/*
 * The "<" behind which none stands for the length that a tag may have: there may be a longer
 * one, which must stand at the front of a slice to be found out. A slice is no longer than
 * two such tags, so it is around the middle.
 */
static size_t long_gap(struct tw_slice slice)
{
	size_t half = slice.length < TW_XML_TAG_BYTES ? slice.length : TW_XML_TAG_BYTES;
	const char *before = half > 0 ? memrchr(slice.data, '<', half) : NULL;
	const char *behind = memchr(slice.data + half, '<', slice.length - half);
	const char *end = behind == NULL ? slice.data + slice.length : behind;
	bool found = before != NULL && (size_t)(end - before) >= TW_XML_TAG_BYTES;
	return found ? (size_t)(before - slice.data) : 0;
}

/* With its "<" libxml2 tells all of the text that stands before it, however that was cut. */
static void refuse_tag(struct tw_xml *parser)
{
	uint64_t place = parser->fed++;
	(void)xmlParseChunk(parser->context, "<", 1, 0);
	tw_xml_give_up(parser, "xml.too_long", place, "a start tag of more than 16 KiB");
}

/* Whether a slice begins with a tag, and not with a comment or the like, or within one. */
static bool begins_tag(const struct tw_xml *parser, struct tw_slice slice)
{
	int second = tw_slice_at(slice, 1);
	return tw_slice_at(slice, 0) == '<' && second != '!' && second != '?' &&
	       !in_the_midst(parser);
}

/* How much of a slice libxml2 is given next: no start tag is cut. 0: more is needed. */
static size_t whole_tags(struct tw_xml *parser, struct tw_slice slice, bool end)
{
	const char *last = memrchr(slice.data, '<', slice.length);
	size_t at = last == NULL ? 0 : (size_t)(last - slice.data), gap = long_gap(slice);
	bool tag = begins_tag(parser, slice);
	size_t length = tag ? tag_length(tw_slice_part(slice, 0, TW_XML_TAG_BYTES)) : 0;
	if (gap > 0)
		return gap;
	if (tag && length == 0 && slice.length >= TW_XML_TAG_BYTES) {
		refuse_tag(parser);
		return 0;
	}
	if (at > 0 || end)
		return end ? slice.length : at;
	if (length > 0)
		return length;
	if (!tag)
		return text_length(slice);
	if (slice.length == parser->slice)
		parser->slice *= 2;
	return 0;
}

/* Whether a document type declaration begins here, or may, where more bytes follow. */
static bool is_doctype(struct tw_slice bytes, bool all)
{
	struct tw_slice start = TW_LITERAL("<!DOCTYPE");
	bool cut = !all && bytes.length < start.length;
	return cut ? bytes.length > 1 && tw_slice_starts(start, bytes) : tw_slice_starts(bytes, start);
}

/*
 * Length of a document type declaration. libxml2 believes that it ends with the first ">",
 * also where that stands in a name, so it is given only whole. No URI has a "<" in it
 * (RFC 3986, appendix A): with one, another document or its root begins. 0: more bytes are
 * needed, or the document was given up.
 */
static size_t doctype_length(struct tw_xml *parser, struct tw_slice rest, bool all)
{
	struct tw_slice bytes = tw_slice_part(rest, 0, TW_XML_TAG_BYTES);
	const char *next = bytes.length > 1 ? memchr(bytes.data + 1, '<', bytes.length - 1) : NULL;
	size_t most = next == NULL ? bytes.length : (size_t)(next - bytes.data);
	size_t length = behind_unquoted(tw_slice_part(bytes, 0, most), '>', '[');
	if (length > 0 && bytes.data[length - 1] == '>')
		return length;
	if (length > 0)
		tw_xml_give_up(parser, "xml.entities", parser->fed + length - 1,
			"a document that defines entities of its own is refused");
	else if (next != NULL)
		tw_xml_give_up(parser, "xml.malformed", parser->fed + most, TW_XML_MALFORMED);
	else if (bytes.length == TW_XML_TAG_BYTES)
		tw_xml_give_up(parser, "xml.too_long", parser->fed + most,
			"a document type declaration of more than 16 KiB");
	else if (all)
		tw_xml_give_up(parser, "xml.truncated", parser->fed + most,
			"the input ends inside a document");
	return 0;
}

/* Before the root a slice ends where "<!" begins, so that a declaration stands at its front. */
static size_t within_prolog(struct tw_slice slice, size_t length)
{
	size_t at = 0;
	while (at < length) {
		const char *next = memchr(slice.data + at, '<', length - at);
		size_t mark = next == NULL ? length : (size_t)(next - slice.data);
		int second = tw_slice_at(slice, mark + 1);
		if (second == '!')
			return mark > 0 ? mark : behind_mark(slice, length);
		if (second != '?')
			break;
		at = mark + behind_mark(tw_slice_from(slice, mark), length - mark);
	}
	return length;
}

/* How much libxml2 is given next; 0: it needs more, or the document was given up. */
static size_t next_length(struct tw_xml *parser, struct tw_slice rest, bool all)
{
	struct tw_slice slice = tw_slice_part(rest, 0, parser->slice);
	bool end = all && slice.length == rest.length;
	bool prolog = parser->depth == 0 && unread_text(parser).length == 0;
	/* A comment or the like may end with the next ">". */
	if (in_the_midst(parser))
		return behind_mark(slice, whole_tags(parser, slice, end));
	if (prolog && is_doctype(rest, all))
		return doctype_length(parser, rest, all);
	size_t length = whole_tags(parser, slice, end);
	return up_to_ampersand(slice, prolog ? within_prolog(slice, length) : length, rest, all);
}

/* Gives libxml2 the next bytes. False: it needs more, or all of it was given. */
static bool give_slice(struct tw_xml *parser, struct tw_slice rest, bool all)
{
	static const char ampersand = TW_XML_AMPERSAND;
	const char *given = rest.data;
	bool mark = tw_slice_at(rest, 0) == '&' && !in_the_midst(parser);
	int reference = mark ? tw_xml_reference(rest, all) : 1;
	size_t length = reference > 0 ? next_length(parser, rest, all) : reference == 0;
	if (reference == 0) {
		given = &ampersand;
		parser->substituted = true;
	}
	if (length == 0 || parser->over)
		return false;
	parser->fed += length;
	(void)xmlParseChunk(parser->context, given, (int)length, 0);
	/* After some errors libxml2 does not go on, whatever it is told. */
	if (!parser->over && parser->context->instate == XML_PARSER_EOF)
		tw_xml_give_up(parser, "xml.malformed", parser->error_at, TW_XML_MALFORMED);
	if (parser->slice < TW_XML_SLICE)
		parser->slice *= 2;
	return true;
}

/* A comment or the like that does not end keeps all of its bytes. */
static void check_span(struct tw_xml *parser)
{
	size_t most = parser->limits.segment_bytes + TW_XML_SLICE;
	if (parser->over || parser->fed - tw_xml_keep(parser) <= most)
		return;
	tw_xml_settle(parser);
	/* Blanks without end: that it is no leaf is a guess then. */
	if (parser->depth > 0 && parser->plain_length == 0 &&
	    parser->own.length == tw_xml_top(parser)->text)
		tw_xml_open_top(parser);
	if (parser->fed - tw_xml_keep(parser) > most)
		tw_xml_give_up(parser, "xml.too_long", parser->fed,
			"an element, comment or instruction is longer than limits.segment_bytes");
}

static void end_input(struct tw_xml *parser)
{
	(void)xmlParseChunk(parser->context, NULL, 0, 1);
	/* It said nothing of an end that is missing: it had stopped before. */
	tw_xml_give_up(parser, "xml.malformed", parser->error_at, TW_XML_MALFORMED);
}

int tw_xml_document_feed(struct tw_xml *parser)
{
	bool all = parser->call->end;
	while (!parser->over && parser->status >= 0) {
		struct tw_slice rest = tw_xml_text(parser, parser->fed, UINT64_MAX);
		size_t slice = parser->slice;
		if (rest.length > 0 && give_slice(parser, rest, all)) {
			check_span(parser);
			continue;
		}
		/* A tag may be longer than what was looked at. */
		if (parser->slice > slice && rest.length > slice)
			continue;
		if (all && !parser->over)
			end_input(parser);
		break;
	}
	return parser->status;
}
