/* SPDX-License-Identifier: Apache-2.0 */
/* Where a document starts. */
#include "xml.h"

#define NAME_LONGEST 128u
#define BLANKS_MOST 4096u
#define WIDE_FRONT 6u

static bool name_start(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

static bool name_end(int c)
{
	return tw_xml_blank(c) || c == '/' || c == '>';
}

/* The front of `bytes` is `text` and then a blank, if `blank`. */
static enum tw_xml_start begins(struct tw_slice bytes, struct tw_slice text, bool blank, bool end)
{
	if (bytes.length < text.length + blank)
		return !end && tw_slice_starts(text, tw_slice_part(bytes, 0, text.length))
			       ? TW_XML_START_MORE
			       : TW_XML_NO_START;
	return tw_slice_starts(bytes, text) &&
			       (!blank || tw_xml_blank(tw_slice_at(bytes, text.length)))
		       ? TW_XML_START
		       : TW_XML_NO_START;
}

/* "<?" in 16 bits, with or without a mark before it. */
static enum tw_xml_start wide_start(struct tw_slice bytes, bool end)
{
	static const char fronts[4][WIDE_FRONT] = {{'\xff', '\xfe', '<', 0, '?', 0},
					  {'\xfe', '\xff', 0, '<', 0, '?'},
					  {'<', 0, '?', 0, 'x', 0},
					  {0, '<', 0, '?', 0, 'x'}};
	for (unsigned i = 0; i < 4; i++) {
		enum tw_xml_start start = begins(bytes, tw_slice(fronts[i], WIDE_FRONT), false, end);
		if (start != TW_XML_NO_START)
			return start;
	}
	return TW_XML_NO_START;
}

/* A start tag; its local name comes out where it is whole. */
static enum tw_xml_start tag_start(struct tw_slice bytes, bool end, struct tw_slice *ret_local)
{
	size_t from = 1, at = 1;
	if (bytes.length == 1 && !end)
		return TW_XML_START_MORE;
	if (!name_start(tw_slice_at(bytes, 1)))
		return TW_XML_NO_START;
	for (; at < bytes.length && at < NAME_LONGEST && !name_end(tw_slice_at(bytes, at)); at++)
		if (tw_slice_at(bytes, at) == ':')
			from = at + 1;
	if (at == bytes.length && at < NAME_LONGEST)
		return end ? TW_XML_NO_START : TW_XML_START_MORE;
	*ret_local = tw_slice_part(bytes, from, at - from);
	return TW_XML_START;
}

enum tw_xml_start tw_xml_known_start(struct tw_slice bytes, bool end)
{
	struct tw_slice local = {NULL, 0};
	enum tw_xml_start start = wide_start(bytes, end);
	if (start == TW_XML_NO_START)
		start = begins(bytes, TW_LITERAL("<?xml"), true, end);
	if (start != TW_XML_NO_START || tw_slice_at(bytes, 0) != '<')
		return start;
	start = tag_start(bytes, end, &local);
	return start == TW_XML_START && !tw_xml_known_root(local) ? TW_XML_NO_START : start;
}

enum tw_xml_start tw_xml_any_start(struct tw_slice bytes, bool end)
{
	static const char *const fronts[] = {"<!--", "<!DOCTYPE"};
	struct tw_slice local = {NULL, 0};
	enum tw_xml_start start = wide_start(bytes, end);
	if (start == TW_XML_NO_START)
		start = begins(bytes, TW_LITERAL("<?xml"), true, end);
	if (start != TW_XML_NO_START || tw_slice_at(bytes, 0) != '<')
		return start;
	for (unsigned i = 0; i < 2 && start == TW_XML_NO_START; i++)
		start = begins(bytes, tw_slice_string(fronts[i]), false, end);
	return start != TW_XML_NO_START ? start : tag_start(bytes, end, &local);
}

/* A declaration leaves no doubt, a root of the table little; any other tag could be HTML. */
int tw_xml_probe(struct tw_slice bytes, bool end)
{
	size_t at = tw_slice_starts(bytes, TW_LITERAL("\xef\xbb\xbf")) ? 3 : 0;
	while (at < bytes.length && at < BLANKS_MOST && tw_xml_blank(tw_slice_at(bytes, at)))
		at++;
	struct tw_slice rest = tw_slice_from(bytes, at);
	if (rest.length == 0)
		return end || at >= BLANKS_MOST ? 0 : -1;
	enum tw_xml_start known = tw_xml_known_start(rest, end);
	enum tw_xml_start any = tw_xml_any_start(rest, end);
	if (known == TW_XML_START)
		return 95;
	if (known == TW_XML_START_MORE || any == TW_XML_START_MORE)
		return -1;
	return any == TW_XML_START ? 40 : 0;
}

size_t tw_xml_find(struct tw_slice bytes)
{
	size_t at = 0;
	while (at < bytes.length) {
		const char *next = memchr(bytes.data + at, '<', bytes.length - at);
		if (next == NULL)
			break;
		size_t found = (size_t)(next - bytes.data);
		/* A mark and a zero may stand before it. */
		for (size_t back = found - at < 3 ? found - at : 3; back > 0; back--)
			if (wide_start(tw_slice_from(bytes, found - back), false) != TW_XML_NO_START)
				return found - back;
		if (tw_xml_known_start(tw_slice_from(bytes, found), false) != TW_XML_NO_START)
			return found;
		at = found + 1;
	}
	/* A mark whose "<" has not come yet. */
	for (at = bytes.length < WIDE_FRONT ? 0 : bytes.length - WIDE_FRONT; at < bytes.length; at++)
		if (wide_start(tw_slice_from(bytes, at), false) != TW_XML_NO_START)
			break;
	return at;
}
