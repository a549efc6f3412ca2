/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way of a stream: idle, then segments, now and then an object or a segment
 * too long, until the interchange ends and it is idle again. Each phase takes
 * what it can from the window and stops where it needs more; no phase depends on
 * where a window was cut.
 */
#include "edifact.h"

#include <stdlib.h>

static struct tw_slice rest_of(const struct tw_edifact_call *call)
{
	return tw_slice_from(call->window, call->at);
}

static uint64_t place_of(const struct tw_edifact_call *call)
{
	return call->offset + call->at;
}

/* Reports the bytes from `offset` of the stream to here as passed over, if there are any. */
static int skip(struct tw_edifact_call *call, const char *code, uint64_t offset, const char *why)
{
	struct tw_anomaly_at at = {
		.code = code, .offset = offset, .length = place_of(call) - offset};
	/* What went astray stands before it, and is told before it. */
	int rc = tw_envelope_flush(&call->parser->envelope, call->sink);

	return rc < 0 || at.length == 0 ? rc : tw_sink_skip(call->sink, &at, "%s", why);
}

/* ---- idle ------------------------------------------------------------------- */

/*
 * Bytes that start nothing. Another syntax may know them, so they are passed over
 * only if the engine hands them to us again, at the front of a window.
 */
static int idle_junk(struct tw_edifact_call *call)
{
	if (call->at > 0 || !call->asked) {
		call->stop = call->foreign = true;
		return TW_OK;
	}
	/* Where junk goes on, the find that ended it may have stopped at its first byte. */
	uint64_t offset = place_of(call);
	call->at = 1 + tw_edifact_find(tw_slice_from(call->window, 1));
	call->parser->junk_end = place_of(call);
	return skip(call, "edifact.junk", offset, "bytes that belong to no interchange");
}

static int idle_begin(struct tw_edifact_call *call, enum tw_edifact_start start)
{
	struct tw_edifact *parser = call->parser;
	bool advised = start == TW_EDIFACT_START_UNA, known;
	size_t length = 0;

	parser->odd_advice = false;
	if (advised) {
		length = tw_edifact_syntax_advice(&parser->stream.syntax, rest_of(call), call->end,
						  &parser->odd_advice);
		known = length > 0;
	} else {
		known = tw_edifact_syntax_infer(&parser->stream.syntax, rest_of(call), call->end);
	}
	call->stop = !known;
	if (!known)
		return TW_OK;
	parser->advised = advised;
	parser->begun_at = parser->envelope.last_end = place_of(call);
	parser->begun = true;
	parser->phase = TW_EDIFACT_SEGMENTS;
	parser->envelope.empty_run = 0;
	tw_segment_cursor_forget(&parser->stream.cursor);
	call->at += length;
	return TW_OK;
}

static int step_idle(struct tw_edifact_call *call)
{
	bool junk = call->parser->junk_end == place_of(call) && place_of(call) > 0;
	bool more = false;

	/* Once in junk, blanks are junk too, or it would depend on where windows are cut. */
	if (!junk)
		call->at += tw_bytes_quiet(rest_of(call), &more);
	if (call->at == call->window.length)
		return TW_OK;
	enum tw_edifact_start start = tw_edifact_start(rest_of(call), call->end);
	if (start == TW_EDIFACT_START_MORE || (more && !call->end)) {
		call->stop = true;
		return TW_OK;
	}
	/* tw_edifact_find, which ends junk, does not know messages without an interchange. */
	if (start == TW_EDIFACT_START_NONE || (junk && start == TW_EDIFACT_START_BARE))
		return idle_junk(call);
	return idle_begin(call, start);
}

/* ---- segments ---------------------------------------------------------------- */

/* A segment of no message: security of a package, or astray. */
static int take_outside(struct tw_edifact_call *call)
{
	struct tw_edifact *parser = call->parser;
	struct tw_anomaly_at at = tw_edifact_at(call, NULL, 0);

	if (parser->package_open && tw_slice_starts(call->segment.unit.tag, TW_LITERAL("US"))) {
		if (parser->segments_before > 0 && --parser->segments_before == 0) {
			parser->object_at = at.offset + at.length;
			parser->phase = TW_EDIFACT_OBJECT;
		}
		return TW_OK;
	}
	if (!parser->envelope.open) {
		parser->begun = false;
		parser->phase = TW_EDIFACT_IDLE;
	}
	tw_envelope_stray(&parser->envelope, &at);
	return parser->envelope.open ? TW_OK : tw_envelope_flush(&parser->envelope, call->sink);
}

/* Pieces beyond the limit are passed over, and said to be. */
static int take_left(struct tw_edifact_call *call)
{
	struct tw_anomaly_at at =
		tw_segment_left(&call->segment, "edifact.segment_too_many_pieces");

	if (at.length == 0)
		return TW_OK;
	return tw_sink_skip(call->sink, &at, "more than %u elements and components in a segment",
			    call->parser->stream.limits.segment_pieces);
}

TW_SEGMENT_APART int take_crowded(struct tw_edifact_call *call)
{
	int rc = tw_sink_unit(call->sink, &call->segment.unit);

	return rc < 0 ? rc : take_left(call);
}

TW_SEGMENT_APART int report_tag(struct tw_edifact_call *call)
{
	struct tw_anomaly_at at = tw_edifact_at(call, "edifact.segment_tag", 0);

	return tw_sink_anomaly(call->sink, &at, "a segment's tag is no tag");
}

/* A segment of the message that is open. */
static inline int take_unit(struct tw_edifact_call *call)
{
	const struct tw_unit *unit = &call->segment.unit;
	struct tw_envelope *envelope = &call->parser->envelope;

	envelope->segments++;
	envelope->last_end = unit->offset + unit->bytes.length;
	/* ISO 9735: three characters. */
	int rc = tw_segment_tag_valid(unit, 3) ? TW_OK : report_tag(call);
	if (rc < 0)
		return rc;
	return call->segment.left > 0 ? take_crowded(call) : tw_sink_unit(call->sink, unit);
}

/* A service segment, or one outside of messages. */
TW_SEGMENT_APART int take_other(struct tw_edifact_call *call)
{
	struct tw_edifact *parser = call->parser;
	int rc = tw_edifact_service(call);

	if (rc == 0 && parser->envelope.message_open)
		return take_unit(call);
	bool taken = rc > 0;
	if (rc == 0)
		rc = take_outside(call);
	parser->envelope.last_end = place_of(call);
	return rc < 0 || !taken ? rc : take_left(call);
}

TW_SEGMENT_APART int take_empty(struct tw_edifact_call *call)
{
	struct tw_edifact *parser = call->parser;
	int rc = tw_envelope_empty(&parser->envelope, call->sink, tw_edifact_at(call, NULL, 0),
				   parser->stream.limits.empty_segments);

	parser->envelope.last_end = place_of(call);
	return rc;
}

/* Takes the segment that was split, and moves behind it. */
static int take_segment(struct tw_edifact_call *call)
{
	struct tw_envelope *envelope = &call->parser->envelope;

	call->at += call->segment.unit.bytes.length;
	if (call->segment.end == call->segment.start)
		return take_empty(call);
	envelope->empty_run = 0;
	if (envelope->message_open && tw_slice_at(call->segment.unit.tag, 0) != 'U')
		return take_unit(call);
	return take_other(call);
}

/* The input ends inside a segment. */
TW_SEGMENT_APART int take_cut(struct tw_edifact_call *call)
{
	uint64_t offset = place_of(call);

	call->at = call->window.length;
	call->parser->envelope.truncated = true;
	return skip(call, "edifact.truncated", offset, "the input ends inside a segment");
}

/*
 * Whether another interchange starts where a segment should: UNA, or a header, be
 * it with other delimiters than ours. 1 yes, 0 no, -1: more bytes are needed.
 */
static int restarts(const struct tw_edifact_call *call)
{
	struct tw_slice rest = rest_of(call);
	int second = tw_slice_at(rest, 1), third = tw_slice_at(rest, 2);

	if (call->parser->begun || (second >= 0 && second != 'N' && second != 'I'))
		return 0;
	if (second < 0 || third < 0)
		return call->end ? 0 : -1;
	if (third != 'B' && (third != 'A' || second != 'N'))
		return 0;
	enum tw_edifact_start start = tw_edifact_start(rest, call->end);
	return start == TW_EDIFACT_START_MORE ? -1 : start != TW_EDIFACT_START_NONE;
}

/* A bare message is over, and what follows is no service segment: nothing holds it to EDIFACT. */
static int bare_over(const struct tw_edifact_call *call)
{
	const struct tw_edifact *parser = call->parser;
	struct tw_slice rest = rest_of(call);
	int second = tw_slice_at(rest, 1);

	if (!parser->envelope.bare || !parser->envelope.open || parser->envelope.message_open || parser->envelope.group_open ||
	    parser->package_open)
		return 0;
	if (tw_slice_at(rest, 0) != 'U')
		return 1;
	if (second < 0)
		return call->end ? 1 : -1;
	return second != 'N' && second != 'I';
}

/* 1: the interchange was left for another, 0: a segment stands here, -1: stopped for more bytes. */
TW_SEGMENT_APART int check_start(struct tw_edifact_call *call, int *ret_status)
{
	int leave = bare_over(call);

	if (leave == 0 && call->window.data[call->at] == 'U')
		leave = restarts(call);
	call->stop = leave < 0;
	if (leave > 0)
		*ret_status = tw_edifact_abandon(call);
	return leave;
}

static int take_next(struct tw_edifact_call *call)
{
	struct tw_edifact *parser = call->parser;

	switch (tw_segment_take(&parser->stream, &call->segment, call->end)) {
	case TW_SEGMENT_SPLIT:
		return take_segment(call);
	case TW_SEGMENT_TOO_LONG:
		parser->phase = TW_EDIFACT_LONG;
		parser->long_at = place_of(call);
		return TW_OK;
	case TW_SEGMENT_CUT:
		return take_cut(call);
	default:
		call->stop = true;
		return TW_OK;
	}
}

static int step_segments(struct tw_edifact_call *call)
{
	struct tw_edifact *parser = call->parser;
	const struct tw_slice window = call->window;
	int rc = TW_OK;

	while (rc >= 0 && !call->stop && parser->phase == TW_EDIFACT_SEGMENTS) {
		call->at = tw_bytes_behind_blanks(window, call->at);
		if (call->at == window.length)
			break;
		call->segment.start = call->at;
		bool start = window.data[call->at] == 'U' || parser->envelope.bare;
		if (start && check_start(call, &rc) != 0)
			continue;
		rc = take_next(call);
	}
	return rc;
}

/* ---- passing over ------------------------------------------------------------ */

/* A segment too long is passed over in constant memory, with one remark. */
static int step_long(struct tw_edifact_call *call)
{
	struct tw_edifact *parser = call->parser;
	size_t passed;
	bool found = tw_segment_pass(&parser->stream, rest_of(call), call->end, &passed);

	call->at += passed;
	call->stop = !found && !call->end;
	if (call->stop)
		return TW_OK;
	parser->envelope.segments++;
	parser->envelope.empty_run = 0;
	parser->envelope.last_end = place_of(call);
	parser->envelope.truncated = !found;
	/* A header that long opens nothing. */
	parser->phase = parser->begun ? TW_EDIFACT_IDLE : TW_EDIFACT_SEGMENTS;
	parser->begun = false;
	return skip(call, "edifact.segment_too_long", parser->long_at,
		    "a segment is longer than limits.segment_bytes");
}

/* The layer of an object: "uno:" and its reference. */
static int begin_object(struct tw_edifact_call *call)
{
	struct tw_edifact *parser = call->parser;
	char name[TW_ENVELOPE_REFERENCE + 8];
	size_t length = parser->package_reference.length;

	parser->object_begun = true;
	memcpy(name, "uno:", 4);
	memcpy(name + 4, parser->package_reference.text, length);
	return tw_sink_object(call->sink, &(struct tw_object){.name = tw_slice(name, length + 4),
							       .offset = parser->object_at});
}

/* Nothing is said of bytes that were inspected; `code` and `why` are for others. */
static int end_object(struct tw_edifact_call *call, const char *code, const char *why)
{
	struct tw_edifact *parser = call->parser;
	bool complete = parser->object_left == 0;
	int rc = tw_sink_object_end(call->sink, complete);

	parser->object_begun = false;
	if (rc == 0)
		return skip(call, code, parser->object_at, why);
	if (rc < 0 || complete)
		return rc < 0 ? rc : TW_OK;
	struct tw_anomaly_at at = {.code = code, .offset = place_of(call)};
	return tw_sink_incomplete(call->sink, &at, "%s", why);
}

/* The octets of an object are handed on exactly as UNO counts them. */
static int step_object(struct tw_edifact_call *call)
{
	struct tw_edifact *parser = call->parser;
	size_t here = rest_of(call).length;

	if (parser->object_left < here)
		here = (size_t)parser->object_left;
	int rc = parser->object_begun ? TW_OK : begin_object(call);
	if (rc >= 0)
		rc = tw_sink_object_bytes(call->sink, tw_slice_part(rest_of(call), 0, here));
	if (rc < 0)
		return rc;
	call->at += here;
	parser->object_left -= here;
	if (parser->object_left == 0) {
		parser->phase = TW_EDIFACT_OBJECT_END;
		parser->envelope.last_end = place_of(call);
		return end_object(call, "edifact.binary", "a binary object was passed over");
	}
	call->stop = !call->end;
	if (!call->end)
		return TW_OK;
	parser->phase = TW_EDIFACT_SEGMENTS;
	parser->envelope.truncated = place_of(call) > parser->object_at;
	return end_object(call, "edifact.binary_length", "the input ends inside a binary object");
}

/* Behind the object "U" follows at once: UNP, or the UST and USR of its security. */
static int step_object_end(struct tw_edifact_call *call)
{
	struct tw_edifact *parser = call->parser;
	struct tw_slice rest;

	while (tw_byte_blank(tw_slice_at(rest_of(call), 0)))
		call->at++;
	rest = rest_of(call);
	if (rest.length < 4 && !call->end) {
		call->stop = true;
		return TW_OK;
	}
	bool trailer = tw_slice_starts(rest, TW_LITERAL("UNP")) ||
		       tw_slice_starts(rest, TW_LITERAL("USR")) ||
		       tw_slice_starts(rest, TW_LITERAL("UST"));
	if (trailer && tw_slice_at(rest, 3) == (unsigned char)parser->stream.syntax.element) {
		parser->phase = TW_EDIFACT_SEGMENTS;
		return TW_OK;
	}
	parser->phase = TW_EDIFACT_OBJECT_LOST;
	parser->object_at = place_of(call);
	return TW_OK;
}

/* A service segment that can follow an object whose length was wrong. -1: more bytes are needed. */
static int follows_object(const struct tw_edifact_call *call, struct tw_slice rest)
{
	int third = tw_slice_at(rest, 2);

	if (rest.length < 4 && !call->end)
		return -1;
	if (tw_slice_at(rest, 1) != 'N' || third <= 0 || strchr("PHZEGOB", third) == NULL)
		return 0;
	return tw_slice_at(rest, 3) == (unsigned char)call->parser->stream.syntax.element;
}

static int step_object_lost(struct tw_edifact_call *call)
{
	struct tw_edifact *parser = call->parser;
	int found = 0;

	while (found == 0 && call->at < call->window.length) {
		struct tw_slice rest = rest_of(call);
		const char *next = memchr(rest.data, 'U', rest.length);
		call->at += next == NULL ? rest.length : (size_t)(next - rest.data);
		if (next != NULL)
			found = follows_object(call, rest_of(call));
		call->at += next != NULL && found == 0;
	}
	call->stop = found <= 0 && !call->end;
	if (call->stop)
		return TW_OK;
	parser->envelope.truncated = found <= 0 && place_of(call) > parser->object_at;
	parser->phase = TW_EDIFACT_SEGMENTS;
	parser->envelope.last_end = place_of(call);
	return skip(call, "edifact.binary_length", parser->object_at,
		    "no trailer stands where the announced length of the object ends");
}

/* Of ISO 9735: what opens and what closes. */
static const struct tw_envelope_words words = {
	"edifact.message_trailer", "a message ends without its trailer",
	"edifact.group_trailer", "a group ends without its trailer UNE",
	"edifact.interchange_trailer", "the interchange ends without its trailer",
	"edifact.junk", "edifact.empty_segments",
};

/* ---- the parser ---------------------------------------------------------------- */

static int (*const steps[])(struct tw_edifact_call *call) = {
	[TW_EDIFACT_IDLE] = step_idle,
	[TW_EDIFACT_SEGMENTS] = step_segments,
	[TW_EDIFACT_LONG] = step_long,
	[TW_EDIFACT_OBJECT] = step_object,
	[TW_EDIFACT_OBJECT_END] = step_object_end,
	[TW_EDIFACT_OBJECT_LOST] = step_object_lost,
};

/* At the end of the stream: what is open stays without its trailer. */
static int finish(struct tw_edifact_call *call)
{
	struct tw_edifact *parser = call->parser;
	int rc = TW_OK;

	if (parser->phase >= TW_EDIFACT_LONG)
		rc = steps[parser->phase](call);
	if (rc >= 0 && parser->phase == TW_EDIFACT_OBJECT_LOST)
		rc = step_object_lost(call);
	return rc < 0 ? rc : tw_edifact_abandon(call);
}

static struct tw_parser_progress edifact_feed(void *instance, struct tw_slice window,
					      uint64_t offset, bool end, struct tw_sink *sink)
{
	struct tw_edifact *parser = instance;
	struct tw_edifact_call call = {
		.parser = parser,
		.sink = sink,
		.window = window,
		.offset = offset,
		.end = end,
		.asked = parser->phase == TW_EDIFACT_IDLE,
		.segment.unit.kind = TW_UNIT_SEGMENT,
	};
	int rc = TW_OK;

	tw_segment_stream_window(&parser->stream, window, offset);
	if (offset != parser->expected)
		tw_segment_stream_forget(&parser->stream);
	while (rc >= 0 && !call.stop && call.at < window.length)
		rc = steps[parser->phase](&call);
	if (rc >= 0 && end && call.at == window.length)
		rc = finish(&call);
	tw_segment_stream_window(&parser->stream, tw_slice(NULL, 0), 0);
	parser->expected = offset + call.at;
	size_t left = window.length - call.at;
	return (struct tw_parser_progress){
		.status = rc < 0 ? rc : TW_OK,
		.consumed = call.at,
		.needed = rc >= 0 && left > 0 && !call.foreign ? left + 1 : 0,
	};
}

static void edifact_close(void *instance)
{
	struct tw_edifact *parser = instance;

	if (parser != NULL)
		tw_segment_stream_close(&parser->stream);
	free(parser);
}

static int edifact_open(const struct tw_parser_limits *limits, void **ret_instance)
{
	struct tw_edifact *parser = calloc(1, sizeof(*parser));

	if (parser == NULL || tw_segment_stream_open(&parser->stream, limits) < 0) {
		free(parser);
		return TW_ERROR_MEMORY;
	}
	parser->envelope.words = &words;
	tw_edifact_syntax_default(&parser->stream.syntax);
	*ret_instance = parser;
	return TW_OK;
}

static bool edifact_idle(const void *instance)
{
	const struct tw_edifact *parser = instance;

	return parser->phase == TW_EDIFACT_IDLE;
}

static const struct tw_parser edifact = {
	.magic = TW_PARSER_MAGIC,
	.size = sizeof(struct tw_parser),
	.abi_major = TW_PARSER_ABI_MAJOR,
	.abi_minor = TW_PARSER_ABI_MINOR,
	.name = "edifact",
	.summary = "UN/EDIFACT interchanges, ISO 9735 syntax 1 to 4, batch and interactive",
	.probe = tw_edifact_probe,
	.find = tw_edifact_find,
	.open = edifact_open,
	.close = edifact_close,
	.feed = edifact_feed,
	.idle = edifact_idle,
};

TW_PARSER(edifact, edifact)
