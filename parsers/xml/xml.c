/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way of a stream: idle, then a document, and idle again; where one was given up,
 * its rest is passed over up to the next.
 */
#include "xml.h"

#include <stdlib.h>

static struct tw_slice rest_of(const struct tw_xml_call *call)
{
	return tw_slice_from(call->window, call->at);
}

static uint64_t place_of(const struct tw_xml_call *call)
{
	return call->offset + call->at;
}

/* ---- idle -------------------------------------------------------------------------------- */

/* Between documents: blanks, and the zeros of blanks in 16 bits. */
static bool quiet(int c)
{
	return tw_xml_blank(c) || c == 0;
}

/*
 * Bytes that start nothing. Another syntax may know them, so they are passed over
 * only if the engine hands them to us again, at the front of a window.
 */
static void idle_junk(struct tw_xml *parser, struct tw_xml_call *call)
{
	if (call->at > 0) {
		call->stop = call->foreign = true;
		return;
	}
	size_t length = 1 + tw_xml_find(tw_slice_from(call->window, 1));
	uint64_t offset = place_of(call);
	call->at = length;
	parser->junk_end = place_of(call);
	tw_xml_skip(parser, "xml.junk", offset, length, "bytes that belong to no document");
}

static void idle_begin(struct tw_xml *parser, struct tw_xml_call *call)
{
	struct tw_xml_front front = tw_xml_front(rest_of(call), call->end);
	call->stop = front.more;
	if (front.more)
		return;
	uint64_t offset = place_of(call);
	call->at += front.mark;
	tw_xml_fail(parser, tw_xml_text_begin(&parser->text, &front, place_of(call)));
	tw_xml_fail(parser, tw_xml_document_begin(parser, place_of(call)));
	parser->phase = TW_XML_DOCUMENT;
	if (front.contradicted)
		tw_xml_anomaly(parser, "text.charset", offset, 0,
			       "the declared character set is not known, or cannot be");
}

static void step_idle(struct tw_xml *parser, struct tw_xml_call *call)
{
	bool junk = parser->junk_end == place_of(call) && place_of(call) > 0;
	/* Once in junk, blanks are junk too, or it would depend on where windows are cut. */
	while (!junk && call->at < call->window.length && quiet(call->window.data[call->at]) &&
	       tw_xml_known_start(rest_of(call), call->end) == TW_XML_NO_START)
		call->at++;
	struct tw_slice rest = rest_of(call);
	if (rest.length == 0)
		return;
	size_t mark = tw_slice_starts(rest, TW_LITERAL("\xef\xbb\xbf")) ? 3 : 0;
	struct tw_slice behind = tw_slice_from(rest, mark);
	enum tw_xml_start start = junk ? tw_xml_known_start(rest, call->end)
				       : tw_xml_any_start(behind, call->end);
	bool more = !call->end && !junk &&
		    (behind.length == 0 ||
		     (mark == 0 && rest.length < 3 &&
		      tw_slice_starts(TW_LITERAL("\xef\xbb\xbf"), rest)));
	if (start == TW_XML_START_MORE || more)
		call->stop = true;
	else if (start == TW_XML_NO_START)
		idle_junk(parser, call);
	else
		idle_begin(parser, call);
}

/* ---- a document ---------------------------------------------------------------------------- */

/* From what was not told on, the document is passed over. */
static void begin_skipping(struct tw_xml *parser, struct tw_xml_call *call)
{
	uint64_t untold = tw_xml_untold(parser);
	uint64_t broken = tw_xml_text_offset(&parser->text, parser->broken_at);
	tw_xml_document_abandon(parser);
	parser->skip_at = untold;
	/* Where it broke at its very front, it must not be found again. */
	parser->seek_at = broken > parser->begun_at ? broken : parser->begun_at + 1;
	parser->phase = TW_XML_SKIPPING;
	call->at = untold > call->offset ? (size_t)(untold - call->offset) : 0;
}

static void end_document(struct tw_xml *parser, struct tw_xml_call *call)
{
	uint64_t end = parser->last_offset;
	if (!parser->any_message)
		tw_xml_tell_empty(parser);
	tw_xml_tell_interchange_end(parser, end, parser->errors == 0);
	parser->phase = TW_XML_IDLE;
	call->at = (size_t)(end - call->offset);
}

static void step_document(struct tw_xml *parser, struct tw_xml_call *call)
{
	int changed = tw_xml_text_take(&parser->text, call->window, call->offset, call->end,
				       tw_xml_keep(parser));
	if (changed < 0) {
		tw_xml_fail(parser, changed);
		return;
	}
	parser->contradicted |= changed > 0;
	tw_xml_fail(parser, tw_xml_document_feed(parser));
	if (parser->status < 0)
		return;
	if (!parser->over) {
		uint64_t keep = tw_xml_keep(parser);
		if (keep > parser->floor)
			parser->floor = keep;
		call->at = (size_t)(tw_xml_text_offset(&parser->text, keep) - call->offset);
		tw_xml_text_forget(&parser->text, keep);
		call->stop = true;
		return;
	}
	/* Said at the end, of what was told: it must not depend on where windows are cut. */
	if (parser->contradicted && parser->text.odd < tw_xml_untold(parser))
		tw_xml_anomaly(parser, "text.charset", parser->text.odd, 0,
			       "not well-formed UTF-8: such bytes are read as Windows-1252");
	if (parser->broken != NULL)
		begin_skipping(parser, call);
	else
		end_document(parser, call);
	tw_xml_text_end(&parser->text);
}

static void step_skipping(struct tw_xml *parser, struct tw_xml_call *call)
{
	enum tw_xml_start start = TW_XML_NO_START;
	if (place_of(call) < parser->seek_at) {
		uint64_t more = parser->seek_at - place_of(call);
		size_t here = rest_of(call).length;
		call->at += more < here ? (size_t)more : here;
	}
	call->at += tw_xml_find(rest_of(call));
	if (call->at < call->window.length)
		start = tw_xml_known_start(rest_of(call), call->end);
	call->stop = start == TW_XML_START_MORE;
	bool over = start == TW_XML_START || (call->end && call->at == call->window.length);
	if (!over) {
		/* A candidate that is none. */
		call->at += start == TW_XML_NO_START && call->at < call->window.length;
		return;
	}
	uint64_t end = place_of(call);
	tw_xml_skip(parser, parser->broken, parser->skip_at, end - parser->skip_at, parser->reason);
	tw_xml_tell_message_end(parser, end, false);
	tw_xml_tell_interchange_end(parser, end, false);
	parser->depth = 0;
	parser->top = parser->open;
	parser->phase = TW_XML_IDLE;
}

/* ---- the parser ------------------------------------------------------------------------------ */

static void (*const steps[])(struct tw_xml *parser, struct tw_xml_call *call) = {
	[TW_XML_IDLE] = step_idle,
	[TW_XML_DOCUMENT] = step_document,
	[TW_XML_SKIPPING] = step_skipping,
};

static struct tw_parser_progress xml_feed(void *instance, struct tw_slice window, uint64_t offset,
					  bool end, struct tw_sink *sink)
{
	struct tw_xml *parser = instance;
	struct tw_xml_call call = {.sink = sink, .window = window, .offset = offset, .end = end};
	parser->call = &call;
	/* At the end a document can be open with none of its bytes left. */
	while (parser->status >= 0 && !call.stop &&
	       (call.at < window.length || (end && parser->phase != TW_XML_IDLE)))
		steps[parser->phase](parser, &call);
	parser->call = NULL;
	size_t left = window.length - call.at;
	return (struct tw_parser_progress){
		.status = parser->status,
		.consumed = call.at,
		.needed = parser->status >= 0 && left > 0 && !call.foreign ? left + 1 : 0,
	};
}

#define BUFFERS 9u

static void buffers_of(struct tw_xml *parser, struct tw_xml_buffer *buffers[BUFFERS])
{
	struct tw_xml_buffer *const all[BUFFERS] = {
		&parser->own,	  &parser->own_runs, &parser->queue,
		&parser->pieces,  &parser->names,    &parser->decoded,
		&parser->runs,	  &parser->scratch_runs, &parser->scratch_text,
	};
	memcpy(buffers, all, sizeof(all));
}

static void xml_close(void *instance)
{
	struct tw_xml *parser = instance;
	struct tw_xml_buffer *buffers[BUFFERS];
	if (parser == NULL)
		return;
	buffers_of(parser, buffers);
	for (unsigned i = 0; i < BUFFERS; i++)
		free(buffers[i]->data);
	if (parser->context != NULL)
		xmlFreeParserCtxt(parser->context);
	tw_xml_text_free(&parser->text);
	free(parser);
}

static int xml_open(const struct tw_parser_limits *limits, void **ret_instance)
{
	struct tw_xml *parser = calloc(1, sizeof(*parser));
	struct tw_xml_buffer *buffers[BUFFERS];
	if (parser == NULL)
		return TW_ERROR_MEMORY;
	buffers_of(parser, buffers);
	/* None is ever without memory, so that an empty part of one is no special case. */
	for (unsigned i = 0; i < BUFFERS; i++)
		if (!tw_xml_reserve(buffers[i], 1)) {
			xml_close(parser);
			return TW_ERROR_MEMORY;
		}
	parser->plain_piece = (struct tw_piece){.element = 1, .component = 1, .repetition = 1};
	parser->plain_unit = (struct tw_unit){
		.pieces = &parser->plain_piece, .names = &parser->plain_name, .decimal = '.',
	};
	parser->limits = *limits;
	/* Places in a unit have 32 bits, and an element's tags stand beside its text. */
	if (parser->limits.segment_bytes > UINT32_MAX / 4)
		parser->limits.segment_bytes = UINT32_MAX / 4;
	*ret_instance = parser;
	return TW_OK;
}

static bool xml_idle(const void *instance)
{
	const struct tw_xml *parser = instance;
	return parser->phase == TW_XML_IDLE;
}

static const struct tw_parser xml = {
	.magic = TW_PARSER_MAGIC,
	.size = sizeof(struct tw_parser),
	.abi_major = TW_PARSER_ABI_MAJOR,
	.abi_minor = TW_PARSER_ABI_MINOR,
	.name = "xml",
	.summary = "XML 1.0: IATA Cargo-XML, WCO, EU customs (ICS, ICS2) and UBL, also in SOAP and SBDH",
	.probe = tw_xml_probe,
	.find = tw_xml_find,
	.open = xml_open,
	.close = xml_close,
	.feed = xml_feed,
	.idle = xml_idle,
	.general = true,
};

TW_PARSER(xml, xml)
