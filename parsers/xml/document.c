/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What libxml2 tells of a document, and how it is given its bytes. Inside its calls
 * the parser's context is `context`; xmlByteConsumed() then says how far it has read:
 * at a start tag up to its ">" or "/>", at an end tag behind it.
 */
#include "xml.h"

#include <libxml/parserInternals.h>

#define SLICE_FIRST ((size_t)8 << 10)
#define DICTIONARY_MOST ((size_t)1 << 20)

static const struct tw_xml_span no_text = {0, 0};

uint64_t tw_xml_read_to(const struct tw_xml *parser)
{
	/* As xmlByteConsumed() does where there is no encoder; it is asked for with each tag. */
	const xmlParserInput *input = parser->context->input;
	return input == NULL ? parser->begun_place
			     : parser->begun_place + input->consumed +
				       (uint64_t)(input->cur - input->base);
}

static uint64_t offset_of(struct tw_xml *parser, uint64_t place)
{
	return tw_xml_text_offset(&parser->text, place);
}

/* Nothing more of this document is wanted. */
static void stop(struct tw_xml *parser)
{
	parser->over = true;
	xmlStopParser(parser->context);
}

/*
 * Errors are told of with the next tag: whether libxml2 tells a text before an error that
 * stands in it depends on how the text was cut.
 */
__attribute__((noinline)) static void tell_errors(struct tw_xml *parser)
{
	for (; parser->untold_errors > 0; parser->untold_errors--)
		tw_xml_incomplete(parser, "xml.reference", tw_xml_untold(parser), 0,
				  "a reference in an attribute that XML does not allow, or ]]> in a text");
}

void tw_xml_give_up(struct tw_xml *parser, const char *code, uint64_t place, const char *reason)
{
	if (parser->over)
		return;
	tell_errors(parser);
	parser->broken = code;
	parser->reason = reason;
	parser->broken_at = place;
	parser->in_section = parser->context->instate == XML_PARSER_CDATA_SECTION &&
			     parser->section_end == tw_xml_read_to(parser);
	stop(parser);
}

/* Where the text behind the last tag begins, as far as it is still there. */
static uint64_t segment_start(const struct tw_xml *parser)
{
	return parser->last > parser->floor ? parser->last : parser->floor;
}

/* The "<" before a place: no value and no end tag has one in it. */
static uint64_t tag_before(const struct tw_xml *parser, uint64_t place)
{
	uint64_t from = segment_start(parser);
	struct tw_slice bytes = tw_xml_text(parser, from, place);
	const char *open = bytes.length > 0 ? memrchr(bytes.data, '<', bytes.length) : NULL;
	return open == NULL ? from : from + (uint64_t)(open - bytes.data);
}

/*
 * The "<" of a tag that ends where libxml2 has read to, and mostly is so many bytes long. A
 * name has no "<" in it, so that the one before it is the last.
 */
static uint64_t tag_of(const struct tw_xml *parser, uint64_t here, size_t length)
{
	const xmlParserInput *input = parser->context->input;
	size_t read = (size_t)(input->cur - input->base);
	bool there = read >= length && input->base[read - length] == '<';
	return there ? here - length : tag_before(parser, here);
}

/*
 * In a document that is not well-formed libxml2 leaves out every "&amp;" from there on.
 * Where it went on after an error, that was a small one.
 */
static void forgive(struct tw_xml *parser)
{
	parser->context->wellFormed = 1;
}

/* ---- text ------------------------------------------------------------------------------ */

static struct tw_slice own_text(const struct tw_xml *parser, const struct tw_xml_element *element)
{
	return tw_slice(parser->own.data + element->text, parser->own.length - element->text);
}

/* Whether the text is nothing but spaces: eight at a time, and the last of them once more. */
static inline bool only_spaces(const char *text, size_t length)
{
	static const char spaces[8] = "        ";
	size_t at = 0;
	for (; at + 8 <= length; at += 8)
		if (memcmp(text + at, spaces, 8) != 0)
			return false;
	if (length >= 8)
		return memcmp(text + length - 8, spaces, 8) == 0;
	if (length >= 4)
		return memcmp(text, spaces, 4) == 0 && memcmp(text + length - 4, spaces, 4) == 0;
	while (at < length && text[at] == ' ')
		at++;
	return at == length;
}

/* How many blanks it begins with. */
static size_t blanks_before(struct tw_slice text)
{
	size_t at = 0;
	while (at < text.length && tw_xml_blank(text.data[at]))
		at++;
	return at;
}

/* A text over the limit is not kept; the element is told as open, and its bytes as passed over. */
static void lose_text(struct tw_xml *parser, struct tw_xml_element *top)
{
	if (!top->told) {
		tw_xml_tell(parser, TW_UNIT_OPEN, top->offset, top->content_offset);
		top->told = true;
	}
	tw_xml_settle(parser);
	parser->lost = true;
	parser->plain_length = 0;
	parser->own.length = top->text;
	parser->own_runs.length = top->runs;
	parser->segment = parser->own.length;
}

static void restore_ampersands(struct tw_xml *parser, size_t from)
{
	for (size_t at = from; at < parser->own.length; at++) {
		if (parser->own.data[at] != TW_XML_AMPERSAND)
			continue;
		parser->own.data[at] = '&';
		parser->ampersand = true;
	}
}

/* Puts the text that only stands in the input into `own`. */
static void fetch_plain(struct tw_xml *parser)
{
	if (parser->plain_length == 0)
		return;
	struct tw_slice text = tw_xml_text(parser, parser->plain_at,
					   parser->plain_at + parser->plain_length);
	if (!tw_xml_append(&parser->own, text.data, text.length))
		tw_xml_fail(parser, TW_ERROR_MEMORY);
	parser->plain_length = 0;
}

/*
 * Most texts stand in the input as they are: then only where is noted. False: this one
 * does not, or does not go on where the last part of it ended.
 */
static bool note_plain(struct tw_xml *parser, const struct tw_xml_element *top,
		       struct tw_slice text)
{
	const xmlParserInput *input = parser->context->input;
	const char *base = (const char *)input->base;
	if (parser->text.charset != TW_XML_UTF8 || parser->substituted ||
	    parser->own.length > top->text || text.data < base ||
	    text.data + text.length > (const char *)input->end)
		return false;
	uint64_t place = parser->begun_place + input->consumed + (uint64_t)(text.data - base);
	if (parser->plain_length > 0 && place != parser->plain_at + parser->plain_length)
		return false;
	if (parser->plain_length == 0)
		parser->plain_at = place;
	parser->plain_length += text.length;
	parser->plain_blank = tw_xml_blank(text.data[text.length - 1]);
	return true;
}

/* Apart, so that what is no more than indentation is passed over without a frame. */
__attribute__((noinline)) static void keep_text(struct tw_xml *parser, struct tw_slice text)
{
	struct tw_xml_element *top = parser->top;
	if (parser->over || parser->depth == 0 || parser->lost)
		return;
	/* Blanks before a text are none of it, whether they are told alone or with it. */
	size_t before = parser->own.length - top->text + parser->plain_length;
	if (before == 0 && tw_xml_blank(tw_slice_at(text, 0)))
		text = tw_slice_from(text, blanks_before(text));
	if (text.length == 0)
		return;
	if (before + text.length > parser->limits.segment_bytes) {
		if (top->wrapper == 0)
			lose_text(parser, top);
		return;
	}
	if (note_plain(parser, top, text))
		return;
	fetch_plain(parser);
	if (!tw_xml_append(&parser->own, text.data, text.length))
		tw_xml_fail(parser, TW_ERROR_MEMORY);
	else if (parser->substituted)
		restore_ampersands(parser, parser->own.length - text.length);
}

/* A line end and spaces before any text of the element: most texts are no more. */
static inline bool is_indentation(struct tw_xml *parser, struct tw_slice text)
{
	return text.length > 0 && text.data[0] == '\n' && parser->plain_length == 0 &&
	       parser->own.length == parser->top->text &&
	       only_spaces(text.data + 1, text.length - 1);
}

static void take_text(void *context, const xmlChar *bytes, int length)
{
	struct tw_xml *parser = context;
	struct tw_slice text = tw_slice((const char *)bytes, length < 0 ? 0 : (size_t)length);
	forgive(parser);
	if (!is_indentation(parser, text))
		keep_text(parser, text);
}

/* A section comes in parts, one behind the other; libxml2 has read up to the front of each. */
static void take_cdata(void *context, const xmlChar *bytes, int length)
{
	struct tw_xml *parser = context;
	uint64_t place = tw_xml_read_to(parser);
	if (place != parser->section_end) {
		fetch_plain(parser);
		parser->section = parser->own.length;
	}
	parser->section_end = place + (uint64_t)length;
	take_text(context, bytes, length);
}

static void report_ampersand(struct tw_xml *parser, const struct tw_xml_element *top)
{
	parser->ampersand = false;
	if (parser->ampersands++ < TW_XML_ERRORS)
		tw_xml_anomaly(parser, "xml.ampersand", top->offset, 0,
			       "an & that begins no reference stands for itself");
}

static void place_segment(struct tw_xml *parser, uint64_t to)
{
	struct tw_xml_element *top = tw_xml_top(parser);
	fetch_plain(parser);
	if (top == NULL || top->wrapper != 0)
		return;
	if (parser->ampersand)
		report_ampersand(parser, top);
	if (parser->lost) {
		uint64_t end = offset_of(parser, to);
		parser->lost = false;
		tw_xml_skip(parser, "xml.too_long", parser->last_offset, end - parser->last_offset,
			    "a text is longer than limits.segment_bytes");
	} else if (parser->own.length > parser->segment) {
		tw_xml_fail(parser, tw_xml_align(parser, parser->segment, segment_start(parser), to));
	}
}

/* The text behind the last tag ends at a place: where it stands is found out now or never. */
static inline void end_segment(struct tw_xml *parser, uint64_t to)
{
	/* Mostly there is none. */
	bool none = parser->plain_length == 0 && parser->own.length == parser->segment;
	if (!none || parser->ampersand || parser->lost)
		place_segment(parser, to);
}

/* ---- elements --------------------------------------------------------------------------- */

void tw_xml_open_top(struct tw_xml *parser)
{
	struct tw_xml_element *top = tw_xml_top(parser);
	if (top == NULL || top->told || !parser->in_message)
		return;
	bool below_root = parser->depth == parser->message_depth + 2;
	if (below_root && !tw_xml_header_element(top->name))
		tw_xml_settle(parser);
	tw_xml_tell_plain(parser, TW_UNIT_OPEN, top->offset, top->content_offset, no_text);
	top->told = true;
}

__attribute__((noinline)) static void learn_name(struct tw_xml *parser, const xmlChar *local,
						 const xmlChar *prefix)
{
	struct tw_xml_name *name = tw_xml_known(parser, local);
	name->prefix = prefix;
	name->qualified = name->local.length;
	if (prefix != NULL)
		name->qualified += strlen((const char *)prefix) + 1;
}

/* The name of an element; mostly it was met before, and with the same prefix. */
static inline const struct tw_xml_name *name_of(struct tw_xml *parser, const xmlChar *local,
						const xmlChar *prefix)
{
	const struct tw_xml_name *name = tw_xml_name_slot(parser, local);
	if (name->local.data != (const char *)local || name->prefix != prefix)
		learn_name(parser, local, prefix);
	return name;
}

/* What stands around a message, or the message itself. */
static void place_element(struct tw_xml *parser, struct tw_xml_element *element,
			  const xmlChar *space, uint8_t wrapper)
{
	element->wrapper = wrapper;
	element->told = wrapper != 0;
	if (wrapper != 0)
		return;
	tw_xml_name_message(parser, element->name, tw_xml_name(parser, space));
	tw_xml_tell_message(parser, element->offset);
}

static void take_start(void *context, const xmlChar *local, const xmlChar *prefix,
		       const xmlChar *space, int namespaces, const xmlChar **declared, int count,
		       int defaulted, const xmlChar **attributes)
{
	struct tw_xml *parser = context;
	(void)namespaces;
	(void)declared;
	(void)defaulted;
	forgive(parser);
	if (parser->over)
		return;
	const struct tw_xml_name *name = name_of(parser, local, prefix);
	uint64_t here = tw_xml_read_to(parser);
	uint64_t tag = tag_of(parser, here, name->qualified + 1);
	if (parser->untold_errors > 0)
		tell_errors(parser);
	end_segment(parser, tag);
	if (!parser->top->told)
		tw_xml_open_top(parser);
	if (parser->depth == TW_XML_DEPTH) {
		tw_xml_give_up(parser, "xml.depth", tag, "elements stand more than 256 deep in each other");
		return;
	}
	uint8_t wrapper = parser->in_message ? 0 : tw_xml_wrapper(parser, name->local);
	struct tw_xml_element *top = ++parser->top;
	parser->depth++;
	top->name = name->local;
	top->qualified = name->qualified;
	top->tag = tag;
	top->offset = offset_of(parser, tag);
	top->text = parser->own.length;
	top->runs = parser->own_runs.length;
	top->told = false;
	top->wrapper = 0;
	/* At "/>" or ">"; or at the end of the input, and an error follows. */
	int close = *parser->context->input->cur;
	top->content = close == '>' ? here + 1 : close == '/' ? here + 2 : here;
	if (!parser->in_message)
		place_element(parser, top, space, wrapper);
	/* The values stand before the end of the tag: places are asked for in order. */
	if (count > 0 && top->wrapper == 0)
		tw_xml_add_attributes(parser, here, (unsigned)count, attributes);
	top->content_offset = offset_of(parser, top->content);
	parser->last = top->content;
	parser->last_offset = top->content_offset;
	parser->segment = parser->own.length;
}

/* ---- ends --------------------------------------------------------------------------------- */

/* Without the blanks at its ends. `*ret_front`: how many stood before it. */
static struct tw_slice trimmed(struct tw_slice text, size_t *ret_front)
{
	size_t front = 0;
	while (front < text.length && tw_xml_blank(text.data[front]))
		front++;
	while (text.length > front && tw_xml_blank(text.data[text.length - 1]))
		text.length--;
	*ret_front = front;
	return tw_slice_from(text, front);
}

/* The runs of an element's text, from byte `front` of it on, `length` bytes. */
static size_t cut_runs(struct tw_xml *parser, const struct tw_xml_element *top, size_t front,
		       size_t length)
{
	struct tw_xml_run *runs = (struct tw_xml_run *)(void *)(parser->own_runs.data + top->runs);
	size_t count = (parser->own_runs.length - top->runs) / sizeof(*runs), kept = 0;
	for (size_t i = 0; i < count; i++) {
		struct tw_xml_run run = runs[i];
		size_t end = run.start + run.length;
		if (end <= front || run.start >= front + length)
			continue;
		bool same = run.length == run.origin_length;
		if (run.start < front) {
			size_t more = front - run.start;
			run.origin += same ? more : 0;
			run.origin_length -= same ? (uint32_t)more : 0;
			run.length -= (uint32_t)more;
			run.start += (uint32_t)more;
		}
		if (end > front + length) {
			size_t less = end - (front + length);
			run.origin_length -= same ? (uint32_t)less : 0;
			run.length -= (uint32_t)less;
		}
		run.start -= (uint32_t)front;
		runs[kept++] = run;
	}
	return kept;
}

/* Adds the text of the top element to the draft; false where there is none. */
static bool add_text(struct tw_xml *parser, const struct tw_xml_element *top, uint64_t to)
{
	size_t front = 0, raw_front = 0;
	struct tw_slice text = trimmed(own_text(parser, top), &front);
	if (text.length == 0)
		return false;
	struct tw_slice raw = trimmed(tw_xml_text(parser, top->content, to), &raw_front);
	struct tw_xml_piece piece = {.element = 1, .length = (uint32_t)text.length};
	if (!top->told && parser->text.charset == TW_XML_UTF8 && tw_slice_equal(raw, text)) {
		piece.start = top->content + raw_front;
		return tw_xml_add_piece(parser, &piece);
	}
	if (parser->segment < parser->own.length)
		end_segment(parser, to);
	size_t count = cut_runs(parser, top, front, text.length);
	const struct tw_xml_run *runs = (const void *)(parser->own_runs.data + top->runs);
	return tw_xml_add_decoded(parser, piece, text, runs, count);
}

static void take_leaf_fact(struct tw_xml *parser, const struct tw_xml_element *top,
			   struct tw_slice text)
{
	size_t front = 0;
	bool waits = parser->waiting || !parser->in_message;
	text = trimmed(text, &front);
	if (waits && !parser->in_interchange && text.length > 0 && parser->depth > 1)
		tw_xml_take_fact(parser, top[-1].name, top->name, text);
}

/* Whether the text that stands in the input is all that stands between the tags, but for blanks. */
static bool is_plain(const struct tw_xml *parser, const struct tw_xml_element *top, uint64_t to)
{
	if (parser->plain_length == 0 || parser->text.charset != TW_XML_UTF8 ||
	    parser->plain_at + parser->plain_length != to)
		return false;
	if (parser->plain_at == top->content)
		return true;
	struct tw_slice front = tw_xml_text(parser, top->content, parser->plain_at);
	return blanks_before(front) == front.length;
}

/* A leaf whose text stands in the input as it is; it begins with no blank. */
static struct tw_xml_span plain_text(struct tw_xml *parser, const struct tw_xml_element *top)
{
	struct tw_xml_span span = {parser->plain_at, parser->plain_length};
	parser->plain_length = 0;
	if (!parser->plain_blank && !parser->waiting)
		return span;
	struct tw_slice text = tw_xml_text(parser, span.place, span.place + span.length);
	while (tw_xml_blank(tw_slice_at(text, text.length - 1)))
		text.length--;
	if (parser->waiting)
		take_leaf_fact(parser, top, text);
	span.length = text.length;
	return span;
}

static void end_leaf(struct tw_xml *parser, struct tw_xml_element *top, uint64_t to, uint64_t here)
{
	bool plain = is_plain(parser, top, to);
	struct tw_xml_span text = plain ? plain_text(parser, top) : no_text;
	if (!plain) {
		fetch_plain(parser);
		if (parser->ampersand)
			report_ampersand(parser, top);
		take_leaf_fact(parser, top, own_text(parser, top));
		(void)add_text(parser, top, to);
	}
	tw_xml_tell_plain(parser, TW_UNIT_LEAF, top->offset, offset_of(parser, here), text);
}

/*
 * Text that stands beside elements is told as a leaf of its own. The unit has no
 * bytes, for those before its last stretch are gone; it begins where the text does.
 */
static void tell_mixed(struct tw_xml *parser, struct tw_xml_element *top, uint64_t to, uint64_t end)
{
	const struct tw_xml_run *first = (const void *)(parser->own_runs.data + top->runs);
	tw_xml_anomaly(parser, "xml.mixed", end, 0, "text stands beside elements");
	uint64_t offset = parser->own_runs.length > top->runs ? first->origin : top->content_offset;
	if (add_text(parser, top, to))
		tw_xml_tell(parser, TW_UNIT_LEAF, offset, offset);
}

static void end_open(struct tw_xml *parser, struct tw_xml_element *top, uint64_t to, uint64_t here)
{
	uint64_t offset = offset_of(parser, to);
	end_segment(parser, to);
	parser->segment = parser->own.length;
	if (parser->own.length > top->text)
		tell_mixed(parser, top, to, offset);
	tw_xml_tell_plain(parser, TW_UNIT_CLOSE, offset, offset_of(parser, here), no_text);
}

static void end_element(struct tw_xml *parser, struct tw_xml_element *top, uint64_t to,
			uint64_t here)
{
	if (top->wrapper != 0) {
		fetch_plain(parser);
		take_leaf_fact(parser, top, own_text(parser, top));
	} else if (top->told) {
		end_open(parser, top, to, here);
	} else {
		end_leaf(parser, top, to, here);
	}
}

static void take_end(void *context, const xmlChar *local, const xmlChar *prefix,
		     const xmlChar *space)
{
	struct tw_xml *parser = context;
	struct tw_xml_element *top = parser->top;
	(void)local;
	(void)prefix;
	(void)space;
	forgive(parser);
	if (parser->over || parser->depth == 0)
		return;
	uint64_t here = tw_xml_read_to(parser);
	/* <Name/>: the tag that was opened is the one that closes. */
	uint64_t to = here <= top->content ? top->content : tag_of(parser, here, top->qualified + 3);
	if (parser->untold_errors > 0)
		tell_errors(parser);
	end_element(parser, top, to, here);
	parser->own.length = top->text;
	parser->own_runs.length = top->runs;
	parser->segment = parser->own.length;
	parser->last = here;
	parser->last_offset = offset_of(parser, here);
	tw_xml_close_top(parser);
	if (parser->in_message && parser->depth == parser->message_depth)
		tw_xml_tell_message_end(parser, parser->last_offset, parser->errors == 0);
	if (parser->depth == 0)
		stop(parser);
}

/* ---- the document type, and errors ---------------------------------------------------------- */

static void take_doctype(void *context, const xmlChar *name, const xmlChar *external,
			 const xmlChar *system)
{
	struct tw_xml *parser = context;
	(void)name;
	(void)external;
	(void)system;
	if (parser->over)
		return;
	uint64_t here = tw_xml_read_to(parser);
	uint64_t tag = tag_before(parser, here);
	uint64_t offset = offset_of(parser, tag);
	tw_xml_anomaly(parser, "xml.doctype", offset, offset_of(parser, here) - offset,
		       "a document type declaration; nothing it names is read");
}

/* <?xml ...?> within a document: the next one begins, and this one never ended. */
static void take_instruction(void *context, const xmlChar *target, const xmlChar *data)
{
	struct tw_xml *parser = context;
	(void)data;
	if (parser->over || xmlStrcasecmp(target, (const xmlChar *)"xml") != 0)
		return;
	tw_xml_give_up(parser, "xml.truncated", tag_before(parser, tw_xml_read_to(parser)),
		"the document does not end");
}

/* Errors that leave the tags what they are: some characters are lost, and the document goes on. */
static bool is_small(const struct tw_xml *parser, int code)
{
	static const int small[] = {
		XML_ERR_ENTITYREF_SEMICOL_MISSING, XML_ERR_UNDECLARED_ENTITY,
		XML_WAR_UNDECLARED_ENTITY, XML_ERR_INVALID_CHAR, XML_ERR_INVALID_CHARREF,
		XML_ERR_INVALID_DEC_CHARREF, XML_ERR_INVALID_HEX_CHARREF, XML_ERR_MISPLACED_CDATA_END,
	};
	uint64_t here = tw_xml_read_to(parser);
	/* In a value, not in a tag. */
	if (code == XML_ERR_NAME_REQUIRED)
		return here > 0 && tw_slice_at(tw_xml_text(parser, here - 1, here), 0) == '&';
	for (size_t i = 0; i < sizeof(small) / sizeof(small[0]); i++)
		if (small[i] == code)
			return true;
	return false;
}

/* Where all of the input was read, it is not that something is wrong, but that there is no more. */
static void give_up_here(struct tw_xml *parser, int error)
{
	uint64_t here = error == XML_ERR_DOCUMENT_END ? parser->fed : tw_xml_read_to(parser);
	bool ended = parser->call->end && tw_xml_text(parser, here, UINT64_MAX).length == 0;
	tw_xml_give_up(parser, ended ? "xml.truncated" : "xml.malformed", here,
		ended ? "the input ends inside a document" : TW_XML_MALFORMED);
}

static void take_error(void *context, xmlErrorPtr error)
{
	struct tw_xml *parser = context;
	bool undeclared = error->code == XML_WAR_UNDECLARED_ENTITY;
	if (parser->over || (error->level != XML_ERR_FATAL && !undeclared))
		return;
	if (error->code == XML_ERR_NO_MEMORY) {
		tw_xml_fail(parser, TW_ERROR_MEMORY);
		stop(parser);
		return;
	}
	/* Nothing but the character set is of use in a declaration, and that was found before. */
	if (parser->context->instate == XML_PARSER_START) {
		if (!parser->sloppy)
			tw_xml_anomaly(parser, "xml.declaration", parser->begun_at, 0,
				       "the XML declaration is not as it should be");
		parser->sloppy = true;
		return;
	}
	bool within = parser->depth > 0 && is_small(parser, error->code);
	if (within && ++parser->errors <= TW_XML_ERRORS) {
		parser->error_at = tw_xml_read_to(parser);
		parser->untold_errors++;
	} else if (error->code != XML_ERR_RESERVED_XML_NAME) {
		/* Otherwise take_instruction() follows. */
		give_up_here(parser, error->code);
	}
}

/* ---- giving it bytes ------------------------------------------------------------------------ */

static const xmlSAXHandler handler = {
	.initialized = XML_SAX2_MAGIC,
	.internalSubset = take_doctype,
	.startElementNs = take_start,
	.endElementNs = take_end,
	.characters = take_text,
	.ignorableWhitespace = take_text,
	.cdataBlock = take_cdata,
	.processingInstruction = take_instruction,
	.serror = take_error,
};

/* XML_PARSE_RECOVER only lets libxml2 go on where take_error() does. */
static int renew_context(struct tw_xml *parser)
{
	xmlSAXHandler given = handler;
	if (parser->context != NULL &&
	    xmlDictGetUsage(parser->context->dict) > DICTIONARY_MOST) {
		xmlFreeParserCtxt(parser->context);
		parser->context = NULL;
		memset(parser->known, 0, sizeof(parser->known));
	}
	if (parser->context == NULL) {
		xmlInitParser();
		parser->context = xmlCreatePushParserCtxt(&given, parser, NULL, 0, NULL);
	} else if (xmlCtxtResetPush(parser->context, NULL, 0, NULL, NULL) != 0) {
		return TW_ERROR_MEMORY;
	}
	if (parser->context == NULL)
		return TW_ERROR_MEMORY;
	xmlCtxtUseOptions(parser->context,
			  XML_PARSE_NONET | XML_PARSE_IGNORE_ENC | XML_PARSE_RECOVER);
	return TW_OK;
}

int tw_xml_document_begin(struct tw_xml *parser, uint64_t offset)
{
	parser->begun_at = offset;
	parser->begun_place = parser->fed = parser->last = parser->last_offset = offset;
	parser->slice = SLICE_FIRST;
	parser->over = parser->contradicted = parser->sloppy = false;
	parser->error_at = offset;
	parser->broken = NULL;
	parser->errors = parser->untold_errors = parser->ampersands = 0;
	parser->ampersand = parser->substituted = parser->lost = false;
	parser->depth = parser->message_depth = 0;
	parser->top = parser->open;
	parser->top->told = true; /* so that no unit is told of it */
	parser->in_message = parser->any_message = parser->waiting = parser->in_interchange = false;
	parser->own.length = parser->own_runs.length = parser->segment = 0;
	parser->plain_length = 0;
	parser->section_end = offset;
	parser->floor = offset;
	parser->draft = 0;
	parser->queue.length = parser->pieces.length = 0;
	parser->decoded.length = parser->runs.length = 0;
	for (unsigned i = 0; i < TW_XML_FACTS; i++)
		parser->facts[i].length = 0;
	return renew_context(parser);
}

uint64_t tw_xml_untold(const struct tw_xml *parser)
{
	return !parser->top->told ? parser->top->offset : parser->last_offset;
}

/* Within CDATA that had only blanks so far its mark is needed: without it, it is no CDATA. */
static uint64_t before_cdata(const struct tw_xml *parser, uint64_t place)
{
	static const char mark[] = "<![CDATA[";
	uint64_t from = segment_start(parser);
	struct tw_slice bytes = tw_xml_text(parser, from, place);
	if (parser->context->instate != XML_PARSER_CDATA_SECTION)
		return place;
	while (bytes.length > 0 && tw_xml_blank(bytes.data[bytes.length - 1]))
		bytes.length--;
	size_t length = sizeof(mark) - 1;
	size_t at = bytes.length < length ? 0 : bytes.length - length;
	return tw_slice_is(tw_slice_from(bytes, at), mark) ? from + at : place;
}

uint64_t tw_xml_keep(const struct tw_xml *parser)
{
	if (parser->waiting)
		return parser->waiting_place;
	if (parser->depth == 0)
		return parser->last;
	if (!parser->top->told)
		return parser->top->tag;
	/* A reference that is none leaves nothing, and is part of the text that may follow. */
	bool begun = parser->own.length + parser->plain_length > parser->segment ||
		     parser->error_at > parser->last;
	if (!parser->lost && begun)
		return segment_start(parser);
	/* What libxml2 has read and told nothing of is blanks, comments and text that is too long. */
	uint64_t to = before_cdata(parser, tw_xml_read_to(parser));
	return to > parser->last ? to : parser->last;
}

/* How much was told of CDATA that does not end the windows decide: none of it counts. */
static void drop_section(struct tw_xml *parser)
{
	parser->plain_length = 0;
	if (parser->own.length > parser->section)
		parser->own.length = parser->section;
}

void tw_xml_document_abandon(struct tw_xml *parser)
{
	struct tw_xml_element *top = tw_xml_top(parser);
	if (parser->in_section)
		drop_section(parser);
	/* A text that was too long is part of what is passed over from here on. */
	if (top != NULL && top->told && !parser->lost && parser->in_message) {
		end_segment(parser, parser->broken_at);
		parser->segment = parser->own.length;
	}
	tw_xml_drop(parser);
	while (parser->in_message && parser->depth > parser->message_depth) {
		top = parser->top;
		if (top->told && parser->own.length > top->text)
			tell_mixed(parser, top, parser->last, parser->last_offset);
		parser->own.length = parser->segment = top->text;
		parser->own_runs.length = top->runs;
		tw_xml_close_top(parser);
	}
	tw_xml_settle(parser);
}
