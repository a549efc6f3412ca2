/* SPDX-License-Identifier: Apache-2.0 */
/* The attributes of a start tag, as pieces of its unit: where each value stands, found again. */
#include "xml.h"

#include <libxml/parserInternals.h>

/*
 * Where a value stands within its tag, between quotes behind "=". libxml2 copies a
 * value that is not ASCII. UINT64_MAX: not there as it is.
 */
static uint64_t find_value(const struct tw_xml *parser, uint64_t tag, uint64_t here,
			   struct tw_slice value)
{
	struct tw_slice bytes = tw_xml_text(parser, tag, here);
	for (size_t at = 2; at + value.length < bytes.length; at++) {
		int quote = tw_slice_at(bytes, at - 1);
		size_t before = at - 1;
		if ((quote != '"' && quote != '\'') || tw_slice_at(bytes, at + value.length) != quote ||
		    !tw_slice_equal(tw_slice_part(bytes, at, value.length), value))
			continue;
		while (before > 0 && tw_xml_blank(tw_slice_at(bytes, before - 1)))
			before--;
		if (before > 0 && tw_slice_at(bytes, before - 1) == '=')
			return tag + at;
	}
	return UINT64_MAX;
}

/* An attribute: where libxml2 points into its input, the value stands there as it is. */
static void add_attribute(struct tw_xml *parser, const struct tw_xml_element *top, uint64_t here,
			  const xmlChar **attribute, unsigned element)
{
	const xmlParserInput *input = parser->context->input;
	const xmlChar *start = attribute[3], *end = attribute[4];
	struct tw_slice value = tw_slice((const char *)start, (size_t)(end - start));
	struct tw_xml_piece piece = {.length = (uint32_t)value.length, .element = element,
				     .name = tw_xml_name(parser, attribute[0])};
	if (value.length == 0)
		return;
	uint64_t place = start >= input->base && end <= input->cur
				 ? here - (uint64_t)(input->cur - start)
				 : find_value(parser, top->tag, here, value);
	bool verbatim = place != UINT64_MAX;
	if (verbatim && parser->text.charset == TW_XML_UTF8) {
		piece.start = place;
		(void)tw_xml_add_piece(parser, &piece);
		return;
	}
	uint64_t from = tw_xml_text_offset(&parser->text, verbatim ? place : top->tag);
	uint64_t to = tw_xml_text_offset(&parser->text, verbatim ? place + value.length : here);
	struct tw_xml_run run = {.origin = from, .origin_length = (uint32_t)(to - from),
				 .length = (uint32_t)value.length};
	(void)tw_xml_add_decoded(parser, piece, value, &run, 1);
}

/* libxml2 leaves "&amp;" in a value as "&#38;", for a tree that would be read again. */
static struct tw_slice unescape(struct tw_xml *parser, struct tw_slice value)
{
	struct tw_xml_buffer *buffer = &parser->scratch_text;
	buffer->length = 0;
	if (!tw_xml_reserve(buffer, value.length))
		return value;
	for (size_t at = 0; at < value.length; at++) {
		buffer->data[buffer->length++] = value.data[at];
		if (tw_slice_starts(tw_slice_from(value, at), TW_LITERAL("&#38;")))
			at += 4;
	}
	return tw_slice(buffer->data, buffer->length);
}

void tw_xml_add_attributes(struct tw_xml *parser, uint64_t here, unsigned count,
			   const xmlChar **attributes)
{
	const struct tw_xml_element *top = tw_xml_top(parser);
	unsigned most = parser->limits.segment_pieces > 1 ? parser->limits.segment_pieces - 1 : 1;
	for (unsigned i = 0; i < count && i < most; i++) {
		const xmlChar **attribute = attributes + (size_t)5 * i;
		struct tw_slice value = tw_slice((const char *)attribute[3],
						 (size_t)(attribute[4] - attribute[3]));
		if (value.length > 4 && memchr(value.data, '&', value.length) != NULL) {
			struct tw_slice plain = unescape(parser, value);
			const xmlChar *changed[5] = {attribute[0], attribute[1], attribute[2],
						     (const xmlChar *)plain.data,
						     (const xmlChar *)plain.data + plain.length};
			add_attribute(parser, top, here, changed, i + 2);
			continue;
		}
		add_attribute(parser, top, here, attribute, i + 2);
	}
	if (count > most)
		tw_xml_incomplete(parser, "xml.attributes", top->offset,
				  tw_xml_text_offset(&parser->text, top->content) - top->offset,
				  "a start tag has more attributes than limits.segment_pieces");
}
