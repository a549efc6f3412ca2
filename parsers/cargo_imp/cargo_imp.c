/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way of a stream: idle, then the lines of an interchange, until its end mark,
 * the next header, or another syntax. No phase depends on where a window was cut.
 */
#include "cargo_imp.h"

#include <stdlib.h>

static struct tw_slice rest_of(const struct tw_imp_call *call)
{
	return tw_slice_from(call->window, call->at);
}

static uint64_t place_of(const struct tw_imp_call *call)
{
	return call->offset + call->at;
}

static int skip(struct tw_imp_call *call, const char *code, uint64_t offset, uint64_t length,
		const char *why)
{
	struct tw_anomaly_at at = {.code = code, .offset = offset, .length = length};

	return length == 0 ? TW_OK : tw_sink_skip(call->sink, &at, "%s", why);
}

/* ---- idle ------------------------------------------------------------------- */

/*
 * Bytes that start nothing. Another syntax may know them, so they are passed over
 * only if the engine hands them to us again, at the front of a window.
 */
static int idle_junk(struct tw_imp_call *call)
{
	struct tw_imp *parser = call->parser;

	if (call->at > 0 || !call->asked) {
		call->stop = call->foreign = true;
		return TW_OK;
	}
	bool fresh = tw_imp_control(tw_slice_at(call->window, 0));
	size_t length = 1 + tw_imp_find(tw_slice_from(call->window, 1), fresh);
	uint64_t offset = place_of(call);
	call->at = length;
	parser->junk_end = place_of(call);
	parser->within = !tw_imp_control(tw_slice_at(call->window, length - 1));
	return skip(call, "cargo_imp.junk", offset, length, "bytes that belong to no message");
}

/* 2026/11/19 and 12:00 as YYYYMMDDHHMM, 261119 and 1200 as they are; empty where they are not that. */
static struct tw_slice header_time(const struct tw_imp_header *header, char buffer[12])
{
	if (header->enveloped && tw_imp_digits(header->date, 6, 8) &&
	    tw_imp_digits(header->clock, 4, 4) && header->date.length != 7) {
		memcpy(buffer, header->date.data, header->date.length);
		memcpy(buffer + header->date.length, header->clock.data, 4);
		return tw_slice(buffer, header->date.length + 4);
	}
	const struct tw_slice parts[] = {
		tw_slice_part(header->date, 0, 4), tw_slice_part(header->date, 5, 2),
		tw_slice_part(header->date, 8, 2), tw_slice_part(header->clock, 0, 2),
		tw_slice_part(header->clock, 3, 2),
	};
	size_t length = 0;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!tw_imp_digits(parts[i], i == 0 ? 4 : 2, 4))
			return tw_slice(NULL, 0);
		memcpy(buffer + length, parts[i].data, parts[i].length);
		length += parts[i].length;
	}
	return tw_slice(buffer, length);
}

/* The line that says that the message is sent again stands before the message; it is told in it. */
static int tell_repeated(struct tw_imp_call *call, const struct tw_imp_header *header,
			 struct tw_slice bytes, uint64_t offset)
{
	size_t end = tw_imp_line_end(bytes, header->duplicate);
	struct tw_unit unit = {
		.kind = TW_UNIT_SEGMENT,
		.tag = TW_LITERAL("PDM"),
		.bytes = tw_slice_part(bytes, header->duplicate, end - header->duplicate),
		.offset = offset + header->duplicate,
		.decimal = '.',
	};

	return tw_sink_unit(call->sink, &unit);
}

/* The first message, whose identifier line, or the line that names it as repeated, is in the header. */
static int begin_first(struct tw_imp_call *call, const struct tw_imp_header *header)
{
	struct tw_slice bytes = rest_of(call);
	uint64_t offset = place_of(call);
	struct tw_slice type = header->type, version = {NULL, 0};
	size_t first = header->text;
	int rc;

	call->at += header->text;
	if (type.length == 0) {
		size_t end = tw_imp_line_end(bytes, header->text);
		struct tw_slice line =
			tw_imp_trim(tw_slice_part(bytes, header->text, end - header->text));
		type = tw_slice_part(line, 0, 3);
		version = tw_slice_from(line, 4);
		call->at += end - header->text;
	}
	if (header->repeated && header->duplicate < first)
		first = header->duplicate;
	rc = tw_imp_message(call, type, version, offset + first);
	if (rc >= 0 && first < header->text)
		rc = tell_repeated(call, header, bytes, offset);
	call->parser->last_end = place_of(call);
	return rc;
}

static int begin_interchange(struct tw_imp_call *call, const struct tw_imp_header *header)
{
	struct tw_imp *parser = call->parser;
	char time[12];
	struct tw_interchange interchange = {
		.format = TW_LITERAL("cargo_imp"),
		.sender = header->sender,
		.recipient = header->recipient,
		.reference = header->reference,
		.time = header_time(header, time),
		.charset = TW_CHARSET_ASCII,
		.offset = place_of(call) + header->start,
	};

	parser->phase = TW_IMP_TEXT;
	parser->framed = header->framed;
	parser->enveloped = header->enveloped;
	parser->looked = 0;
	tw_envelope_open(&parser->envelope, !header->enveloped);
	tw_envelope_keep(&parser->envelope.reference, header->reference);
	parser->envelope.groups = header->groups;
	int rc = tw_sink_interchange(call->sink, &interchange);
	if (!header->enveloped)
		return rc < 0 ? rc : begin_first(call, header);
	/* Its first message is begun by the UNH, as all of them. */
	call->at += header->text;
	parser->last_end = place_of(call);
	parser->phase = TW_IMP_SERVICE;
	return rc;
}

/* Reports the lines that belong to no message, if there were any. */
static int flush_stray(struct tw_imp_call *call)
{
	struct tw_imp *parser = call->parser;
	uint64_t length = parser->stray_length;

	parser->stray_length = 0;
	return skip(call, "cargo_imp.stray", parser->stray_at, length,
		    "lines behind the end of a list belong to no message");
}

/* Ends what is open. `marked`: by an end mark; `cut`: by the end of the stream, within a line. */
static int end_interchange(struct tw_imp_call *call, bool marked, bool cut)
{
	struct tw_imp *parser = call->parser;
	uint64_t end = marked ? place_of(call) : parser->last_end;
	bool whole = marked || !parser->framed;
	struct tw_anomaly_at at = {.code = "cargo_imp.end_mark", .offset = end};
	int rc = flush_stray(call);

	if (rc >= 0)
		rc = tw_imp_message_end(call, end, cut);
	parser->phase = TW_IMP_IDLE;
	if (rc >= 0 && !whole)
		rc = tw_sink_incomplete(call->sink, &at, "the message's end mark is missing");
	return rc < 0 ? rc : tw_sink_interchange_end(call->sink, end, whole);
}

/* Line ends, blanks and the NNNN of a teletype say nothing between interchanges. */
static size_t quiet(const struct tw_imp_call *call, bool *ret_more)
{
	struct tw_slice rest = rest_of(call);
	size_t length = 0;
	int byte;

	if (place_of(call) == 0 && tw_slice_at(rest, 0) == 0xef) {
		*ret_more = rest.length < 3 && !call->end;
		length = tw_slice_starts(rest, TW_LITERAL("\xef\xbb\xbf")) ? 3 : 0;
	}
	while ((byte = tw_slice_at(rest, length)) >= 0 && byte != TW_IMP_SOH && byte != TW_IMP_STX &&
	       (tw_imp_control(byte) || byte == ' ' || byte == '\t'))
		length++;
	struct tw_slice line = tw_slice_from(rest, length);
	if (tw_slice_at(line, 0) != 'N')
		return length;
	if (line.length < 5 && !call->end) {
		*ret_more = true;
		return length;
	}
	if (tw_slice_starts(line, TW_LITERAL("NNNN")) &&
	    (line.length == 4 || tw_imp_control(tw_slice_at(line, 4))))
		length += 4;
	return length;
}

static int step_idle(struct tw_imp_call *call)
{
	struct tw_imp *parser = call->parser;
	bool junk = parser->junk_end == place_of(call) && place_of(call) > 0;
	struct tw_imp_header header;
	bool more = false;

	/* Once in junk, blanks are junk too, or it would depend on where windows are cut. */
	if (!junk)
		call->at += quiet(call, &more);
	if (call->at == call->window.length)
		return TW_OK;
	bool within = junk && parser->within && !tw_imp_control(tw_slice_at(rest_of(call), 0));
	int sure = within ? 0 : tw_imp_start(rest_of(call), call->end, &header);
	if (sure < 0 || more) {
		call->stop = true;
		return TW_OK;
	}
	return sure == 0 ? idle_junk(call) : begin_interchange(call, &header);
}

/* ---- lines ------------------------------------------------------------------- */

/* Another syntax where a line should start: 1 yes, 0 no, -1: more bytes are needed. */
static int is_foreign(const struct tw_imp_call *call)
{
	static const char *const starts[] = {"UNB+", "UNA:", "ISA*", "<?xml"};
	struct tw_slice rest = rest_of(call);
	int first = tw_slice_at(rest, 0);

	if (first != 'U' && first != 'I' && first != '<')
		return 0;
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		struct tw_slice start = tw_slice_string(starts[i]);
		if (tw_slice_starts(rest, start))
			return 1;
		if (rest.length < start.length && !call->end &&
		    tw_slice_starts(start, rest))
			return -1;
	}
	return 0;
}

/* The header of another message, which can be told from a line only by what follows it. */
static int is_header(const struct tw_imp_call *call)
{
	struct tw_slice rest = rest_of(call);
	int first = tw_slice_at(rest, 0), second = tw_slice_at(rest, 1);
	struct tw_imp_header header;

	if (first != '=' && first != 'Q' && first != 'Z' && first != 'P')
		return 0;
	if (second < 0)
		return call->end ? 0 : -1;
	if (first == 'Z' ? second != 'C' : first == 'P' ? second != 'D'
					: first == 'Q' && (unsigned)second - 'A' >= 26)
		return 0;
	int sure = tw_imp_start(rest, call->end, &header);
	return sure > 0 ? header.addressed || header.repeated : sure;
}

/* Whether something else begins here: 1 and left for it, 0: a line stands here, -1: stopped. */
static int check_start(struct tw_imp_call *call, int *ret_status)
{
	int leave = is_foreign(call);

	if (leave == 0)
		leave = is_header(call);
	call->stop = leave < 0;
	if (leave > 0)
		*ret_status = end_interchange(call, false, false);
	return leave;
}

/*
 * Whether an identifier line stands here; it begins a message. Within a flight's
 * list three letters are an airport. 1 yes, 0 no, -1: more bytes are needed.
 */
static int is_identifier(const struct tw_imp_call *call, struct tw_slice line)
{
	const struct tw_imp *parser = call->parser;
	bool list = parser->message_open && (parser->shape->flags & TW_IMP_FLIGHT) != 0;

	if (line.length < 3 || line.length > 7 || (list && line.length == 3))
		return 0;
	if (tw_imp_is_versioned(line))
		return tw_imp_type_known(tw_imp_type(tw_slice_part(line, 0, 3)));
	if (line.length != 3 || (tw_imp_type(line)->flags & TW_IMP_BARE) == 0)
		return 0;
	int sure = tw_imp_identifier(rest_of(call), call->end);
	return sure > 0 ? 1 : sure;
}

/* Behind a list's CONT or LAST, before another message: nothing can stand there. */
static void stray_line(struct tw_imp *parser, struct tw_slice line, uint64_t offset)
{
	if (parser->stray_length == 0)
		parser->stray_at = offset;
	parser->stray_length = offset + line.length - parser->stray_at;
}

/* Takes the line that ends `length` bytes on. */
static int take_line(struct tw_imp_call *call, size_t length)
{
	struct tw_imp *parser = call->parser;
	struct tw_slice whole = tw_slice_part(call->window, call->at, length);
	struct tw_slice line = tw_imp_trim(whole);
	uint64_t offset = place_of(call) + (line.length == 0 ? 0 : (size_t)(line.data - whole.data));
	int rc = TW_OK;

	if (tw_slice_is(line, "NNNN")) {
		call->at += length;
		return end_interchange(call, true, false);
	}
	int identifier = is_identifier(call, line);
	call->stop = identifier < 0;
	if (call->stop)
		return TW_OK;
	call->at += length;
	parser->looked = 0;
	if (identifier > 0) {
		rc = flush_stray(call);
		if (rc >= 0)
			rc = tw_imp_named(call, line, offset);
	} else if (line.length > 0 && parser->message_open) {
		rc = tw_imp_line(call, line, offset);
	} else if (line.length > 0) {
		stray_line(parser, line, offset);
	}
	if (line.length > 0)
		parser->line_feeds = 0;
	parser->last_end = place_of(call);
	return rc;
}

/* A control character where a line may start. */
static int take_control(struct tw_imp_call *call)
{
	int byte = tw_slice_at(rest_of(call), 0);

	if (byte == TW_IMP_SOH)
		return end_interchange(call, false, false);
	call->at++;
	if (byte == TW_IMP_ETX || byte == TW_IMP_EOT)
		return end_interchange(call, true, false);
	call->parser->framed |= byte == TW_IMP_STX;
	call->parser->line_feeds += byte == '\n';
	return TW_OK;
}

/*
 * Whether EDIFACT's terminator, which a name may hold as well, ends the message at
 * `at`: a service segment follows. 1 yes, 0 no, -1: more bytes are needed.
 */
static int ends_enveloped(const struct tw_imp_call *call, size_t at)
{
	while (tw_imp_control(tw_slice_at(call->window, ++at)))
		;
	if (call->window.length < at + 2 && !call->end)
		return -1;
	return tw_slice_at(call->window, at) == 'U' && tw_slice_at(call->window, at + 1) == 'N';
}

/* Where the line that ends at `end` ends already because the envelope closes. */
static int cut_enveloped(struct tw_imp_call *call, size_t *end)
{
	for (size_t at = call->at; at < *end; at++) {
		const char *found = memchr(call->window.data + at, '\'', *end - at);
		if (found == NULL)
			return 0;
		at = (size_t)(found - call->window.data);
		int ends = ends_enveloped(call, at);
		if (ends < 0)
			return -1;
		if (ends > 0) {
			*end = at;
			return 1;
		}
	}
	return 0;
}

static int step_line(struct tw_imp_call *call)
{
	struct tw_imp *parser = call->parser;
	int rc = TW_OK;

	if (tw_imp_control(tw_slice_at(rest_of(call), 0)))
		return take_control(call);
	if (parser->looked == 0 && check_start(call, &rc) != 0)
		return rc;
	size_t end = tw_imp_line_end(call->window, call->at + parser->looked);
	size_t length = end - call->at;
	if (length > parser->limits.segment_bytes) {
		parser->phase = TW_IMP_LONG;
		parser->long_at = place_of(call);
		parser->looked = 0;
		return TW_OK;
	}
	if (end == call->window.length && !call->end) {
		parser->looked = length;
		call->stop = true;
		return TW_OK;
	}
	if (parser->enveloped) {
		int cut = cut_enveloped(call, &end);
		call->stop = cut < 0;
		if (call->stop)
			return TW_OK;
		if (cut > 0 && end == call->at) {
			call->at++;
			parser->looked = 0;
			parser->phase = TW_IMP_SERVICE;
			return TW_OK;
		}
	}
	return take_line(call, end - call->at);
}

static int step_text(struct tw_imp_call *call)
{
	int rc = TW_OK;

	while (rc >= 0 && !call->stop && call->parser->phase == TW_IMP_TEXT &&
	       call->at < call->window.length)
		rc = step_line(call);
	return rc;
}

/* A line too long is passed over in constant memory, with one remark. */
static int step_long(struct tw_imp_call *call)
{
	struct tw_imp *parser = call->parser;
	size_t end = tw_imp_line_end(call->window, call->at);

	call->at = end;
	if (end == call->window.length && !call->end) {
		call->stop = true;
		return TW_OK;
	}
	parser->phase = TW_IMP_TEXT;
	parser->last_end = place_of(call);
	int rc = flush_stray(call);
	return rc < 0 ? rc : skip(call, "cargo_imp.line_too_long", parser->long_at,
		    place_of(call) - parser->long_at, "a line is longer than limits.segment_bytes");
}

/* ---- EDIFACT's envelope ---------------------------------------------------------- */

/* Longest service segment. */
#define SERVICE_BYTES 1024u

/* Counts stand first and references second; UNT counts lines as it likes. */
static int check_trailer(struct tw_imp_call *call, struct tw_slice segment, uint64_t offset)
{
	const struct tw_envelope *envelope = &call->parser->envelope;
	bool last = tw_slice_starts(segment, TW_LITERAL("UNZ"));
	const struct tw_envelope_reference *opened =
		last ? &envelope->reference : &envelope->message_reference;
	struct tw_envelope_count counted = {"edifact.interchange_count", "edifact.interchange_missing",
					    "messages", envelope->messages};
	struct tw_slice said = tw_imp_element(segment, 2);
	struct tw_anomaly_at at = {.code = "edifact.message_reference", .offset = offset,
				   .length = segment.length, .element = 1,
				   .segment = tw_slice_part(segment, 0, 3)};
	int rc = TW_OK;

	if (envelope->groups > 0)
		counted = (struct tw_envelope_count){counted.fewer_code, counted.missing_code,
						     "groups", envelope->groups};
	if (last)
		rc = tw_envelope_check_count(call->sink, at, tw_imp_element(segment, 1), &counted);
	if (last)
		at.code = "edifact.interchange_reference";
	at.element = 2;
	return rc < 0 ? rc
		      : tw_envelope_check_reference(call->sink, &at, said, opened,
						    tw_slice_equal(said, tw_envelope_text(opened)));
}

static int take_service(struct tw_imp_call *call, struct tw_slice segment, size_t behind)
{
	struct tw_imp *parser = call->parser;
	struct tw_slice type = tw_imp_enveloped_type(segment);
	size_t before = call->at;
	int rc = flush_stray(call);

	if (rc < 0)
		return rc;
	call->at = behind;
	if (type.length > 0) {
		rc = tw_imp_message_end(call, parser->last_end, false);
		if (rc >= 0)
			rc = tw_imp_enveloped(call, type);
		if (rc == 0)
			call->at = before;
		if (rc > 0)
			tw_envelope_open_message(&parser->envelope, tw_imp_element(segment, 1));
		parser->phase = rc == 0 ? TW_IMP_SERVICE : TW_IMP_TEXT;
		return rc;
	}
	parser->last_end = place_of(call);
	parser->envelope.groups += tw_slice_starts(segment, TW_LITERAL("UNG+"));
	if (tw_slice_starts(segment, TW_LITERAL("UNT+"))) {
		rc = check_trailer(call, segment, call->offset + before);
		return rc < 0 ? rc : tw_imp_message_end(call, place_of(call), false);
	}
	if (tw_slice_starts(segment, TW_LITERAL("UNZ+"))) {
		rc = check_trailer(call, segment, call->offset + before);
		return rc < 0 ? rc : end_interchange(call, true, false);
	}
	if (tw_slice_starts(segment, TW_LITERAL("UNE+")) ||
	    tw_slice_starts(segment, TW_LITERAL("UNG+")))
		return TW_OK;
	/* An UNH of another kind of message, or nothing of EDIFACT at all. */
	call->at = before;
	parser->last_end = place_of(call);
	return end_interchange(call, false, false);
}

static int step_service(struct tw_imp_call *call)
{
	while (tw_imp_control(tw_slice_at(rest_of(call), 0)))
		call->at++;
	struct tw_slice rest = tw_slice_part(call->window, call->at, SERVICE_BYTES);
	const char *found = rest.length == 0 ? NULL : memchr(rest.data, '\'', rest.length);
	size_t length = found == NULL ? rest.length : (size_t)(found - rest.data);

	if (found == NULL && !call->end && rest.length < SERVICE_BYTES) {
		call->stop = true;
		return TW_OK;
	}
	/* Without its end no segment is told from junk. */
	return take_service(call, found == NULL ? tw_slice(NULL, 0) : tw_slice_part(rest, 0, length),
			    call->at + length + (found != NULL));
}

/* ---- the parser ---------------------------------------------------------------- */

static int (*const steps[])(struct tw_imp_call *call) = {
	[TW_IMP_IDLE] = step_idle,
	[TW_IMP_TEXT] = step_text,
	[TW_IMP_LONG] = step_long,
	[TW_IMP_SERVICE] = step_service,
};

/* At the end of the stream. `cut`: its last line has no end. */
static int finish(struct tw_imp_call *call, bool cut)
{
	struct tw_imp *parser = call->parser;
	int rc = TW_OK;

	if (parser->phase == TW_IMP_LONG)
		rc = step_long(call);
	if (rc >= 0)
		rc = tw_imp_part_missing(call);
	if (rc >= 0 && parser->phase != TW_IMP_IDLE)
		rc = end_interchange(call, false, cut);
	return rc;
}

static struct tw_parser_progress imp_feed(void *instance, struct tw_slice window, uint64_t offset,
					  bool end, struct tw_sink *sink)
{
	struct tw_imp *parser = instance;
	struct tw_imp_call call = {
		.parser = parser, .sink = sink, .window = window, .offset = offset, .end = end,
		.asked = parser->phase == TW_IMP_IDLE};
	int rc = TW_OK;

	if (offset != parser->expected)
		parser->looked = 0;
	while (rc >= 0 && !call.stop && call.at < window.length)
		rc = steps[parser->phase](&call);
	if (rc >= 0 && end && call.at == window.length)
		rc = finish(&call, window.length > 0 &&
					   !tw_imp_control(tw_slice_at(window, window.length - 1)));
	parser->expected = offset + call.at;
	size_t left = window.length - call.at;
	return (struct tw_parser_progress){
		.status = rc < 0 ? rc : TW_OK,
		.consumed = call.at,
		.needed = rc >= 0 && left > 0 && !call.foreign ? left + 1 : 0,
	};
}

static void imp_close(void *instance)
{
	struct tw_imp *parser = instance;

	if (parser == NULL)
		return;
	free(parser->pieces);
	free(parser);
}

static int imp_open(const struct tw_parser_limits *limits, void **ret_instance)
{
	struct tw_imp *parser = calloc(1, sizeof(*parser));

	if (parser == NULL)
		return TW_ERROR_MEMORY;
	parser->limits = *limits;
	/* Places in a unit have 32 bits. */
	if (parser->limits.segment_bytes > UINT32_MAX - 1)
		parser->limits.segment_bytes = UINT32_MAX - 1;
	parser->type = parser->shape = tw_imp_type(tw_slice(NULL, 0));
	parser->pieces = calloc(limits->segment_pieces + 1u, sizeof(*parser->pieces));
	if (parser->pieces == NULL) {
		imp_close(parser);
		return TW_ERROR_MEMORY;
	}
	*ret_instance = parser;
	return TW_OK;
}

static bool imp_idle(const void *instance)
{
	const struct tw_imp *parser = instance;

	return parser->phase == TW_IMP_IDLE;
}

/* A byte order mark before the first line is none of it. */
static int imp_probe(struct tw_slice bytes, bool end)
{
	struct tw_imp_header header;
	struct tw_slice mark = TW_LITERAL("\xef\xbb\xbf");

	if (tw_slice_starts(bytes, mark))
		bytes = tw_slice_from(bytes, mark.length);
	else if (!end && bytes.length > 0 && tw_slice_starts(mark, bytes))
		return -1;
	return tw_imp_start(bytes, end, &header);
}

static size_t imp_find(struct tw_slice bytes)
{
	return tw_imp_find(bytes, true);
}

static const struct tw_parser cargo_imp = {
	.magic = TW_PARSER_MAGIC,
	.size = sizeof(struct tw_parser),
	.abi_major = TW_PARSER_ABI_MAJOR,
	.abi_minor = TW_PARSER_ABI_MINOR,
	.name = "cargo_imp",
	.summary = "IATA Cargo-IMP and CBP air messages, with Type-B headers or without",
	.probe = imp_probe,
	.find = imp_find,
	.open = imp_open,
	.close = imp_close,
	.feed = imp_feed,
	.idle = imp_idle,
};

TW_PARSER(cargo_imp, cargo_imp)
