/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way of a stream: idle, then segments, now and then one that is too long or
 * holds octets, until the interchange ends and it is idle again. Each phase takes
 * what it can from the window and stops where it needs more; no phase depends on
 * where a window was cut.
 */
#include "x12.h"

#include <stdlib.h>

int tw_x12_skip(struct tw_x12_call *call, struct tw_anomaly_at at, const char *why)
{
	/* What went astray stands before it, and is told before it. */
	int rc = tw_envelope_flush(&call->parser->envelope, call->sink);

	return rc < 0 || at.length == 0 ? rc : tw_sink_skip(call->sink, &at, "%s", why);
}

static int skip(struct tw_x12_call *call, const char *code, uint64_t offset, const char *why)
{
	struct tw_anomaly_at at = {
		.code = code, .offset = offset, .length = tw_x12_place(call) - offset};

	return tw_x12_skip(call, at, why);
}

/* ---- idle ------------------------------------------------------------------- */

/*
 * Bytes that start nothing. Another syntax may know them, so they are passed over
 * only if the engine hands them to us again, at the front of a window.
 */
static int idle_junk(struct tw_x12_call *call)
{
	if (call->at > 0 || !call->asked) {
		call->stop = call->foreign = true;
		return TW_OK;
	}
	/* Where junk goes on, the find that ended it may have stopped at its first byte. */
	uint64_t offset = tw_x12_place(call);
	call->at = 1 + tw_x12_find(tw_slice_from(call->window, 1));
	call->parser->junk_end = tw_x12_place(call);
	return skip(call, "x12.junk", offset, "bytes that belong to no interchange");
}

static int idle_begin(struct tw_x12_call *call, enum tw_x12_start start)
{
	struct tw_x12 *parser = call->parser;
	bool bare = start == TW_X12_START_BARE;
	struct tw_slice rest = tw_x12_rest(call);
	enum tw_x12_found found =
		bare ? tw_x12_syntax_bare(&parser->stream.syntax, rest, call->end)
		     : tw_x12_syntax_header(&parser->stream.syntax, rest, call->end, &parser->header);

	call->stop = found == TW_X12_FOUND_MORE;
	if (call->stop)
		return TW_OK;
	if (found == TW_X12_FOUND_NOTHING)
		return idle_junk(call);
	parser->begun_at = parser->envelope.last_end = tw_x12_place(call);
	parser->begun = true;
	parser->phase = TW_X12_SEGMENTS;
	parser->envelope.empty_run = 0;
	tw_segment_cursor_forget(&parser->stream.cursor);
	return TW_OK;
}

static int step_idle(struct tw_x12_call *call)
{
	bool junk = call->parser->junk_end == tw_x12_place(call) && tw_x12_place(call) > 0;
	bool more = false;

	/* Once in junk, blanks are junk too, or it would depend on where windows are cut. */
	if (!junk)
		call->at += tw_bytes_quiet(tw_x12_rest(call), &more);
	if (call->at == call->window.length)
		return TW_OK;
	enum tw_x12_start start = tw_x12_start(tw_x12_rest(call), call->end);
	if (start == TW_X12_START_MORE || (more && !call->end)) {
		call->stop = true;
		return TW_OK;
	}
	/* tw_x12_find, which ends junk, does not know groups without an interchange. */
	if (start == TW_X12_START_NONE || (junk && start == TW_X12_START_BARE))
		return idle_junk(call);
	return idle_begin(call, start);
}

/* ---- segments ---------------------------------------------------------------- */

/* A segment of no message. */
static int take_outside(struct tw_x12_call *call)
{
	struct tw_x12 *parser = call->parser;
	struct tw_anomaly_at at = tw_x12_at(call, NULL, 0);

	if (!parser->envelope.open) {
		parser->begun = false;
		parser->phase = TW_X12_IDLE;
	}
	tw_envelope_stray(&parser->envelope, &at);
	return parser->envelope.open ? TW_OK : tw_envelope_flush(&parser->envelope, call->sink);
}

/* Pieces beyond the limit are passed over, and said to be. */
static int take_left(struct tw_x12_call *call)
{
	struct tw_anomaly_at at =
		tw_segment_left(&call->segment, "x12.segment_too_many_pieces");

	if (at.length == 0)
		return TW_OK;
	return tw_sink_skip(call->sink, &at, "more than %u elements and components in a segment",
			    call->parser->stream.limits.segment_pieces);
}

TW_SEGMENT_APART int take_crowded(struct tw_x12_call *call)
{
	int rc = tw_sink_unit(call->sink, &call->segment.unit);

	return rc < 0 ? rc : take_left(call);
}

TW_SEGMENT_APART int report_tag(struct tw_x12_call *call)
{
	struct tw_anomaly_at at = tw_x12_at(call, "x12.segment_tag", 0);

	return tw_sink_anomaly(call->sink, &at, "a segment's tag is no tag");
}

/* A segment of the transaction set that is open. */
static inline int take_unit(struct tw_x12_call *call)
{
	const struct tw_unit *unit = &call->segment.unit;
	struct tw_envelope *envelope = &call->parser->envelope;

	envelope->segments++;
	envelope->last_end = unit->offset + unit->bytes.length;
	/* X12.6: two or three characters. */
	int rc = tw_segment_tag_valid(unit, 2) ? TW_OK : report_tag(call);
	if (rc < 0)
		return rc;
	return call->segment.left > 0 ? take_crowded(call) : tw_sink_unit(call->sink, unit);
}

/* A service segment, or one outside of transaction sets. */
TW_SEGMENT_APART int take_other(struct tw_x12_call *call)
{
	struct tw_x12 *parser = call->parser;
	int rc = tw_x12_service(call);

	if (rc == 0 && parser->envelope.message_open)
		return take_unit(call);
	bool taken = rc > 0;
	if (rc == 0)
		rc = take_outside(call);
	parser->envelope.last_end = tw_x12_place(call);
	return rc < 0 || !taken ? rc : take_left(call);
}

TW_SEGMENT_APART int take_empty(struct tw_x12_call *call)
{
	struct tw_x12 *parser = call->parser;
	int rc = tw_envelope_empty(&parser->envelope, call->sink, tw_x12_at(call, NULL, 0),
				   parser->stream.limits.empty_segments);

	parser->envelope.last_end = tw_x12_place(call);
	return rc;
}

/* Takes the segment that was split, and moves behind it. */
static int take_segment(struct tw_x12_call *call)
{
	struct tw_envelope *envelope = &call->parser->envelope;
	int first = tw_slice_at(call->segment.unit.tag, 0);

	call->at += call->segment.unit.bytes.length;
	if (call->segment.end == call->segment.start)
		return take_empty(call);
	envelope->empty_run = 0;
	/* Few segments begin with a letter that service segments begin with. */
	if (envelope->message_open && first != 'S' && first != 'G' && first != 'I' && first != 'T')
		return take_unit(call);
	return take_other(call);
}

/* The input ends inside a segment. */
TW_SEGMENT_APART int take_cut(struct tw_x12_call *call)
{
	uint64_t offset = tw_x12_place(call);

	call->at = call->window.length;
	call->parser->envelope.truncated = true;
	return skip(call, "x12.truncated", offset, "the input ends inside a segment");
}

/* Whether another interchange starts where a segment should. 1 yes, 0 no, -1: more bytes are needed. */
static int restarts(const struct tw_x12_call *call)
{
	struct tw_slice rest = tw_x12_rest(call);

	if (call->parser->begun || tw_slice_at(rest, 0) != 'I')
		return 0;
	enum tw_x12_start start = tw_x12_start(rest, call->end);
	return start == TW_X12_START_MORE ? -1 : start != TW_X12_START_NONE;
}

/* What had no interchange is over, and no service segment follows: nothing holds it to X12. */
static int bare_over(const struct tw_x12_call *call)
{
	static const char tags[][3] = {"GS", "GE", "ST", "SE", "IE", "IS", "TA"};
	const struct tw_x12 *parser = call->parser;
	struct tw_slice two = tw_slice_part(tw_x12_rest(call), 0, 2);

	if (!parser->envelope.bare || !parser->envelope.open || parser->envelope.message_open || parser->envelope.group_open)
		return 0;
	if (two.length < 2)
		return call->end ? 1 : -1;
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (memcmp(two.data, tags[i], 2) == 0)
			return 0;
	return 1;
}

/* 1: no segment to split stands here, 0: one does, -1: stopped for more bytes. */
TW_SEGMENT_APART int check_start(struct tw_x12_call *call, int *ret_status)
{
	int leave = bare_over(call);

	if (leave == 0)
		leave = restarts(call);
	if (leave > 0)
		*ret_status = tw_x12_abandon(call);
	if (leave == 0)
		leave = tw_x12_binary(call);
	call->stop = leave < 0;
	return leave;
}

static int take_next(struct tw_x12_call *call)
{
	struct tw_x12 *parser = call->parser;

	switch (tw_segment_take(&parser->stream, &call->segment, call->end)) {
	case TW_SEGMENT_SPLIT:
		return take_segment(call);
	case TW_SEGMENT_TOO_LONG:
		parser->phase = TW_X12_LONG;
		parser->long_at = tw_x12_place(call);
		return TW_OK;
	case TW_SEGMENT_CUT:
		return take_cut(call);
	default:
		call->stop = true;
		return TW_OK;
	}
}

static int step_segments(struct tw_x12_call *call)
{
	struct tw_x12 *parser = call->parser;
	const struct tw_slice window = call->window;
	int rc = TW_OK;

	while (rc >= 0 && !call->stop && parser->phase == TW_X12_SEGMENTS) {
		call->at = tw_bytes_behind_blanks(window, call->at);
		if (call->at == window.length)
			break;
		call->segment.start = call->at;
		char first = window.data[call->at];
		bool start = first == 'I' || first == 'B' || parser->envelope.bare;
		if (start && check_start(call, &rc) != 0)
			continue;
		rc = take_next(call);
	}
	return rc;
}

/* ---- passing over ------------------------------------------------------------ */

/* A segment too long is passed over in constant memory, with one remark. */
static int step_long(struct tw_x12_call *call)
{
	struct tw_x12 *parser = call->parser;
	size_t passed;
	bool found = tw_segment_pass(&parser->stream, tw_x12_rest(call), call->end, &passed);

	call->at += passed;
	call->stop = !found && !call->end;
	if (call->stop)
		return TW_OK;
	parser->envelope.segments++;
	parser->envelope.empty_run = 0;
	parser->envelope.last_end = tw_x12_place(call);
	parser->envelope.truncated = !found;
	/* A header that long opens nothing. */
	parser->phase = parser->begun ? TW_X12_IDLE : TW_X12_SEGMENTS;
	parser->begun = false;
	return skip(call, "x12.segment_too_long", parser->long_at,
		    "a segment is longer than limits.segment_bytes");
}

/* Of X12.5: what opens and what closes. */
static const struct tw_envelope_words words = {
	"x12.message_trailer", "a transaction set ends without its trailer SE",
	"x12.group_trailer", "a group ends without its trailer GE",
	"x12.interchange_trailer", "the interchange ends without its trailer IEA",
	"x12.junk", "x12.empty_segments",
};

/* ---- the parser ---------------------------------------------------------------- */

static int (*const steps[])(struct tw_x12_call *call) = {
	[TW_X12_IDLE] = step_idle,
	[TW_X12_SEGMENTS] = step_segments,
	[TW_X12_LONG] = step_long,
	[TW_X12_BINARY] = tw_x12_step_binary,
	[TW_X12_BINARY_END] = tw_x12_step_binary_end,
	[TW_X12_BINARY_LOST] = tw_x12_step_binary_lost,
};

/* At the end of the stream: what is open stays without its trailer. */
static int finish(struct tw_x12_call *call)
{
	struct tw_x12 *parser = call->parser;
	int rc = TW_OK;

	while (rc >= 0 && parser->phase >= TW_X12_LONG)
		rc = steps[parser->phase](call);
	return rc < 0 ? rc : tw_x12_abandon(call);
}

static struct tw_parser_progress x12_feed(void *instance, struct tw_slice window,
					      uint64_t offset, bool end, struct tw_sink *sink)
{
	struct tw_x12 *parser = instance;
	struct tw_x12_call call = {
		.parser = parser,
		.sink = sink,
		.window = window,
		.offset = offset,
		.end = end,
		.asked = parser->phase == TW_X12_IDLE,
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

static void x12_close(void *instance)
{
	struct tw_x12 *parser = instance;

	if (parser != NULL)
		tw_segment_stream_close(&parser->stream);
	free(parser);
}

static int x12_open(const struct tw_parser_limits *limits, void **ret_instance)
{
	struct tw_x12 *parser = calloc(1, sizeof(*parser));

	if (parser == NULL || tw_segment_stream_open(&parser->stream, limits) < 0) {
		free(parser);
		return TW_ERROR_MEMORY;
	}
	parser->envelope.words = &words;
	*ret_instance = parser;
	return TW_OK;
}

static bool x12_idle(const void *instance)
{
	const struct tw_x12 *parser = instance;

	return parser->phase == TW_X12_IDLE;
}

static const struct tw_parser x12 = {
	.magic = TW_PARSER_MAGIC,
	.size = sizeof(struct tw_parser),
	.abi_major = TW_PARSER_ABI_MAJOR,
	.abi_minor = TW_PARSER_ABI_MINOR,
	.name = "x12",
	.summary = "ANSI ASC X12 interchanges, versions 003 to 008",
	.probe = tw_x12_probe,
	.find = tw_x12_find,
	.open = x12_open,
	.close = x12_close,
	.feed = x12_feed,
	.idle = x12_idle,
};

TW_PARSER(x12, x12)
