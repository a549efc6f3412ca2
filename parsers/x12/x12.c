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
	int rc = tw_x12_flush_stray(call);

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
	if (call->at > 0) {
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
		bare ? tw_x12_syntax_bare(&parser->syntax, rest, call->end)
		     : tw_x12_syntax_header(&parser->syntax, rest, call->end, &parser->header);

	call->stop = found == TW_X12_FOUND_MORE;
	if (call->stop)
		return TW_OK;
	if (found == TW_X12_FOUND_NOTHING)
		return idle_junk(call);
	parser->begun_at = parser->last_end = tw_x12_place(call);
	parser->begun = true;
	parser->phase = TW_X12_SEGMENTS;
	parser->empty_run = 0;
	call->cursor.loaded = false;
	return TW_OK;
}

static int step_idle(struct tw_x12_call *call)
{
	bool junk = call->parser->junk_end == tw_x12_place(call) && tw_x12_place(call) > 0;
	bool more = false;

	/* Once in junk, blanks are junk too, or it would depend on where windows are cut. */
	if (!junk)
		call->at += tw_x12_quiet(tw_x12_rest(call), &more);
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

static bool upper(int byte)
{
	return (unsigned)byte - 'A' < 26;
}

static bool digit(int byte)
{
	return (unsigned)byte - '0' < 10;
}

/* X12.6: two or three characters, the first a letter. */
static bool tag_valid(struct tw_slice tag)
{
	if (tag.length != 2 && tag.length != 3)
		return false;
	int second = tag.data[1], third = tag.data[tag.length - 1];
	return upper(tag.data[0]) && (upper(second) || digit(second)) &&
	       (upper(third) || digit(third));
}

/* The tag is the first piece, if it stands at the very front; a folded one is put together. */
static struct tw_slice tag_of(const struct tw_x12_call *call)
{
	struct tw_x12 *parser = call->parser;
	const struct tw_piece *piece = parser->pieces;

	if (call->segment.count == 0 || piece->start != 0 || piece->element != 0)
		return tw_slice(NULL, 0);
	if (piece->flags & (TW_PIECE_FOLDED | TW_PIECE_RELEASED)) {
		struct tw_slice tag = tw_x12_value(call, 0, parser->tag, sizeof(parser->tag));
		if (tag.length < sizeof(parser->tag))
			return tag;
	}
	return tw_slice_part(call->window, call->segment.start, piece->length);
}

static int take_empty(struct tw_x12_call *call)
{
	struct tw_x12 *parser = call->parser;
	struct tw_anomaly_at at = tw_x12_at(call, "x12.empty_segments", 0);

	parser->empty_segments++;
	if (++parser->empty_run != (uint64_t)parser->limits.empty_segments + 1)
		return TW_OK;
	return tw_sink_anomaly(call->sink, &at, "more than %u empty segments in a row",
			       parser->limits.empty_segments);
}

/* A segment of no message. */
static int take_outside(struct tw_x12_call *call)
{
	struct tw_x12 *parser = call->parser;
	struct tw_anomaly_at at = tw_x12_at(call, NULL, 0);

	if (!parser->open) {
		parser->begun = false;
		parser->phase = TW_X12_IDLE;
	}
	if (parser->stray_length == 0)
		parser->stray_at = at.offset;
	parser->stray_length = at.offset + at.length - parser->stray_at;
	return parser->open ? TW_OK : tw_x12_flush_stray(call);
}

/* Pieces beyond the limit are passed over, and said to be. */
static int take_left(struct tw_x12_call *call)
{
	if (call->segment.left == 0)
		return TW_OK;
	uint64_t offset = call->offset + call->segment.start + call->segment.left;
	struct tw_anomaly_at at = {
		.code = "x12.segment_too_many_pieces",
		.offset = offset,
		.length = call->offset + call->segment.end - offset,
		.segment = call->tag,
	};

	return tw_sink_skip(call->sink, &at, "more than %u elements and components in a segment",
			    call->parser->limits.segment_pieces);
}

static int take_unit(struct tw_x12_call *call)
{
	struct tw_x12 *parser = call->parser;
	struct tw_unit *unit = &call->unit;
	size_t start = call->segment.start;
	unsigned tagged = call->tag.length > 0;

	unit->tag.data = call->tag.data;
	unit->tag.length = call->tag.length;
	unit->bytes = tw_slice_part(call->window, start, call->at - start);
	unit->offset = call->offset + start;
	unit->pieces = parser->pieces + tagged;
	unit->piece_count = call->segment.count - tagged;
	unit->release = parser->syntax.release;
	parser->segments++;
	if (!tag_valid(call->tag)) {
		struct tw_anomaly_at at = tw_x12_at(call, "x12.segment_tag", 0);
		int rc = tw_sink_anomaly(call->sink, &at, "a segment's tag is no tag");
		if (rc < 0)
			return rc;
	}
	return tw_sink_unit(call->sink, unit);
}

/* Takes the segment that was split, and moves behind it. */
static int take_segment(struct tw_x12_call *call)
{
	struct tw_x12 *parser = call->parser;
	int taken, rc = TW_OK;

	call->at = call->segment.end;
	if (call->at < call->window.length)
		call->at += parser->syntax.terminator_length;
	call->tag = tag_of(call);
	if (call->segment.count == 0 && call->segment.end == call->segment.start) {
		rc = take_empty(call);
		parser->last_end = tw_x12_place(call);
		return rc;
	}
	parser->empty_run = 0;
	taken = tw_x12_service(call);
	bool outside = taken == 0 && !parser->message_open;
	if (taken == 0)
		rc = outside ? take_outside(call) : take_unit(call);
	parser->last_end = tw_x12_place(call);
	if (taken < 0 || rc < 0)
		return taken < 0 ? taken : rc;
	return outside ? TW_OK : take_left(call);
}

/* Splits a segment whose end is known, however long or many-pieced. */
static int take_known(struct tw_x12_call *call)
{
	struct tw_x12 *parser = call->parser;

	tw_x12_pieces(&parser->syntax, call->window, &call->segment, parser->pieces,
			  parser->limits.segment_pieces);
	return take_segment(call);
}

/* The input ends inside a segment; where a line end is the terminator, the end of the file is one. */
static int take_cut(struct tw_x12_call *call)
{
	struct tw_x12 *parser = call->parser;
	uint64_t offset = tw_x12_place(call);

	if (tw_x12_line_end(parser->syntax.terminator[0]) && !parser->looked.released) {
		parser->looked = (struct tw_x12_looked){0};
		call->segment.end = call->window.length;
		return take_known(call);
	}
	call->at = call->window.length;
	parser->looked = (struct tw_x12_looked){0};
	parser->truncated = true;
	return skip(call, "x12.truncated", offset, "the input ends inside a segment");
}

static void begin_long(struct tw_x12_call *call)
{
	struct tw_x12 *parser = call->parser;

	parser->phase = TW_X12_LONG;
	parser->long_at = tw_x12_place(call);
	parser->looked = (struct tw_x12_looked){0};
}

/* Looks for the end of the segment at call->at from where the last look ended. */
static int look_on(struct tw_x12_call *call)
{
	struct tw_x12 *parser = call->parser;
	struct tw_slice rest = tw_x12_rest(call);

	if (tw_x12_look(&parser->syntax, rest, &parser->looked)) {
		call->segment.end = call->at + parser->looked.at;
		if (parser->looked.at > parser->limits.segment_bytes) {
			begin_long(call);
			return TW_OK;
		}
		parser->looked = (struct tw_x12_looked){0};
		return take_known(call);
	}
	/* The first bytes of a terminator do not count. */
	if (parser->looked.at > parser->limits.segment_bytes) {
		begin_long(call);
		return TW_OK;
	}
	if (call->end)
		return take_cut(call);
	call->stop = true;
	return TW_OK;
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

	if (!parser->bare || !parser->open || parser->message_open || parser->group_open)
		return 0;
	if (two.length < 2)
		return call->end ? 1 : -1;
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (memcmp(two.data, tags[i], 2) == 0)
			return 0;
	return 1;
}

/* 1: no segment to split stands here, 0: one does, -1: stopped for more bytes. */
static int check_start(struct tw_x12_call *call, int *ret_status)
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

static int take_split(struct tw_x12_call *call)
{
	struct tw_x12 *parser = call->parser;
	enum tw_x12_outcome outcome = TW_X12_NO_END;

	if (parser->looked.at == 0)
		outcome = tw_x12_split(&call->cursor, &parser->syntax, &call->segment,
					   parser->pieces);
	if (outcome != TW_X12_SPLIT)
		return look_on(call);
	if (call->segment.end - call->segment.start > parser->limits.segment_bytes) {
		begin_long(call);
		return TW_OK;
	}
	if (call->segment.count > parser->limits.segment_pieces)
		return take_known(call);
	return take_segment(call);
}

static int step_segments(struct tw_x12_call *call)
{
	struct tw_x12 *parser = call->parser;
	const struct tw_slice window = call->window;
	int rc = TW_OK;

	while (rc >= 0 && !call->stop && parser->phase == TW_X12_SEGMENTS) {
		while (tw_x12_blank(tw_slice_at(window, call->at)))
			call->at++;
		if (call->at == window.length)
			break;
		call->segment.start = call->at;
		call->segment.left = 0;
		if (check_start(call, &rc) != 0)
			continue;
		rc = take_split(call);
	}
	return rc;
}

/* ---- passing over ------------------------------------------------------------ */

/* A segment too long is passed over in constant memory, with one remark. */
static int step_long(struct tw_x12_call *call)
{
	struct tw_x12 *parser = call->parser;
	bool found = tw_x12_look(&parser->syntax, tw_x12_rest(call), &parser->looked);

	call->at += parser->looked.at + (found ? parser->syntax.terminator_length : 0);
	parser->looked.at = 0;
	if (!found && !call->end) {
		call->stop = true;
		return TW_OK;
	}
	if (!found)
		call->at = call->window.length;
	parser->looked = (struct tw_x12_looked){0};
	parser->segments++;
	parser->empty_run = 0;
	parser->last_end = tw_x12_place(call);
	parser->truncated = !found;
	/* A header that long opens nothing. */
	parser->phase = parser->begun ? TW_X12_IDLE : TW_X12_SEGMENTS;
	parser->begun = false;
	return skip(call, "x12.segment_too_long", parser->long_at,
		    "a segment is longer than limits.segment_bytes");
}

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
		.cursor = {.window = window},
		.unit = {.kind = TW_UNIT_SEGMENT},
	};
	int rc = TW_OK;

	if (offset != parser->expected)
		parser->looked = (struct tw_x12_looked){0};
	while (rc >= 0 && !call.stop && call.at < window.length)
		rc = steps[parser->phase](&call);
	if (rc >= 0 && end && call.at == window.length)
		rc = finish(&call);
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

	if (parser == NULL)
		return;
	free(parser->pieces);
	free(parser);
}

static int x12_open(const struct tw_parser_limits *limits, void **ret_instance)
{
	struct tw_x12 *parser = calloc(1, sizeof(*parser));
	size_t room = limits->segment_pieces;

	if (parser == NULL)
		return TW_ERROR_MEMORY;
	if (room < TW_X12_FAST_PIECES)
		room = TW_X12_FAST_PIECES;
	parser->limits = *limits;
	/* Places in a unit have 32 bits. */
	if (parser->limits.segment_bytes > UINT32_MAX - 1)
		parser->limits.segment_bytes = UINT32_MAX - 1;
	parser->pieces = calloc(room, sizeof(*parser->pieces));
	if (parser->pieces == NULL) {
		x12_close(parser);
		return TW_ERROR_MEMORY;
	}
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
