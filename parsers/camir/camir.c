/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way of a stream: idle, then the records of a transaction file, until ZCR, the
 * next ACR, or another syntax. No phase depends on where a window was cut.
 */
#include "camir.h"

#include <stdlib.h>

/* One call of feed: the window, and how far it was taken. */
struct call {
	struct tw_camir *parser;
	struct tw_sink *sink;
	struct tw_slice window;
	uint64_t offset;
	bool end;
	bool stop;
	bool foreign; /* what follows may be another syntax's */
	bool asked;   /* who begins at the window's front: this parser, the engine says */
	size_t at;
};

static struct tw_slice rest_of(const struct call *call)
{
	return tw_slice_from(call->window, call->at);
}

static uint64_t place_of(const struct call *call)
{
	return call->offset + call->at;
}

/* ---- idle ------------------------------------------------------------------- */

static bool is_quiet(int c)
{
	return c == ' ' || c == '\r' || c == '\n' || c == '\t' || c == 0 || c == 0x1a;
}

/* Another syntax may know such bytes: they are passed over only at the front of a window. */
static int idle_junk(struct call *call)
{
	struct tw_anomaly_at at = {.code = "camir.junk", .offset = place_of(call)};

	if (call->at > 0 || !call->asked) {
		call->stop = call->foreign = true;
		return TW_OK;
	}
	call->at = 1 + tw_camir_find(tw_slice_from(call->window, 1));
	call->parser->junk_end = place_of(call);
	at.length = place_of(call) - at.offset;
	return tw_sink_skip(call->sink, &at, "bytes that belong to no transaction file");
}

static int begin(struct call *call)
{
	struct tw_camir *parser = call->parser;
	struct tw_interchange interchange = {
		.format = TW_LITERAL("camir"),
		.sender = tw_slice_trim(tw_slice_part(rest_of(call), 3, 4)),
		.offset = place_of(call),
	};

	parser->phase = TW_CAMIR_RECORDS;
	parser->message_open = parser->odd = false;
	parser->looked = 0;
	parser->last_end = place_of(call);
	return tw_sink_interchange(call->sink, &interchange);
}

static int step_idle(struct call *call)
{
	struct tw_camir *parser = call->parser;
	bool junk = parser->junk_end == place_of(call) && place_of(call) > 0;

	/* Once in junk, blanks are junk too, or it would depend on where windows are cut. */
	while (!junk && call->at < call->window.length && is_quiet(call->window.data[call->at]))
		call->at++;
	if (call->at == call->window.length)
		return TW_OK;
	parser->framing = tw_camir_start(rest_of(call), call->end);
	call->stop = parser->framing == TW_CAMIR_MORE;
	if (call->stop)
		return TW_OK;
	return parser->framing == TW_CAMIR_NONE ? idle_junk(call) : begin(call);
}

/* ---- records ---------------------------------------------------------------- */

static int end_message(struct call *call, bool complete)
{
	struct tw_camir *parser = call->parser;

	if (!parser->message_open)
		return TW_OK;
	parser->message_open = false;
	return tw_sink_message_end(call->sink, parser->last_end, complete);
}

/* The transaction file ends: with its trailer, or, `why` says how, without. */
static int end_file(struct call *call, const char *why)
{
	struct tw_anomaly_at at = {.code = "camir.trailer", .offset = call->parser->last_end};
	int rc = why == NULL ? TW_OK : tw_sink_incomplete(call->sink, &at, "%s", why);

	if (rc >= 0)
		rc = end_message(call, why == NULL);
	call->parser->phase = TW_CAMIR_IDLE;
	if (rc >= 0)
		rc = tw_sink_interchange_end(call->sink, call->parser->last_end, why == NULL);
	return rc;
}

static int begin_message(struct call *call, struct tw_slice type, uint64_t offset)
{
	struct tw_message_start start = {.type = type, .offset = offset};

	call->parser->message_open = true;
	return tw_sink_message(call->sink, &start);
}

static int remark_odd(struct call *call, struct tw_slice record, uint64_t offset)
{
	struct tw_anomaly_at at = {
		.code = "camir.record", .offset = offset, .length = record.length,
		.segment = TW_LITERAL("RECORD")};

	if (call->parser->odd)
		return TW_OK;
	return tw_sink_anomaly(call->sink, &at, "a record does not begin with an identifier");
}

static int tell(struct call *call, struct tw_slice record, uint64_t offset)
{
	struct tw_camir *parser = call->parser;
	bool identified = tw_camir_identified(record);
	struct tw_slice tag = identified ? tw_slice_part(record, 0, 3) : TW_LITERAL("RECORD");
	int rc = TW_OK;

	if (tw_slice_is(tag, "M01"))
		rc = end_message(call, true);
	if (rc >= 0 && !identified)
		rc = remark_odd(call, record, offset);
	if (rc >= 0 && !parser->message_open)
		rc = begin_message(call, identified ? tag : tw_slice(NULL, 0), offset);
	if (rc < 0)
		return rc;
	parser->odd = !identified;
	struct tw_piece pieces[TW_CAMIR_PIECES];
	struct tw_unit unit = {
		.kind = TW_UNIT_SEGMENT,
		.tag = tag,
		.bytes = record,
		.offset = offset,
		.pieces = pieces,
		.piece_count = tw_camir_pieces(record, identified, pieces),
		.decimal = '.',
	};
	return tw_sink_unit(call->sink, &unit);
}

/* A whole record, blanks at its end left out. */
static int take(struct call *call, size_t length)
{
	struct tw_camir *parser = call->parser;
	struct tw_slice record = tw_slice_part(rest_of(call), 0, length);
	uint64_t offset = place_of(call);

	while (record.length > 0 && is_quiet(record.data[record.length - 1]))
		record.length--;
	call->at += length;
	parser->looked = 0;
	if (record.length == 0)
		return TW_OK;
	parser->last_end = offset + record.length;
	if (tw_slice_starts(record, TW_LITERAL("ACR")))
		return TW_OK;
	return tw_slice_starts(record, TW_LITERAL("ZCR")) ? end_file(call, NULL)
							   : tell(call, record, offset);
}

/* Where the record at hand ends, or the window does. */
static size_t record_end(struct call *call, struct tw_slice rest)
{
	struct tw_camir *parser = call->parser;
	size_t most = parser->framing == TW_CAMIR_BLOCKS && rest.length > TW_CAMIR_COLUMNS
			      ? TW_CAMIR_COLUMNS
			      : rest.length;
	size_t at = parser->looked;

	while (at < most && rest.data[at] != '\r' && rest.data[at] != '\n')
		at++;
	parser->looked = at;
	return at;
}

/*
 * Whether the next file, or another syntax, begins where a record should: 1 yes, 0 no, -1: more
 * bytes are needed. Told by its first bytes, so that it is left before the input is at its end.
 */
static int next_begins(const struct call *call)
{
	bool first = call->parser->last_end == place_of(call) && !call->parser->message_open;

	if (!first && tw_slice_starts(rest_of(call), TW_LITERAL("ACR")))
		return 1;
	return tw_camir_foreign(rest_of(call), call->end);
}

static int step_records(struct call *call)
{
	struct tw_camir *parser = call->parser;
	struct tw_slice rest = rest_of(call);

	/* Line ends, and those behind 80 columns too. */
	if (tw_slice_at(rest, 0) == '\r' || tw_slice_at(rest, 0) == '\n') {
		call->at++;
		return TW_OK;
	}
	if (rest.length == 0)
		return end_file(call, "the input ends without the trailer ZCR");
	int next = next_begins(call);
	call->stop = next < 0;
	if (next != 0)
		return next > 0 ? end_file(call, "the next begins before the trailer ZCR") : TW_OK;
	size_t length = record_end(call, rest);
	bool whole = length < rest.length || call->end ||
		     (parser->framing == TW_CAMIR_BLOCKS && length == TW_CAMIR_COLUMNS);
	if (length > parser->limits.segment_bytes && length > TW_CAMIR_COLUMNS) {
		parser->long_at = place_of(call);
		parser->phase = TW_CAMIR_LONG;
		return TW_OK;
	}
	call->stop = !whole;
	return whole ? take(call, length) : TW_OK;
}

static int step_long(struct call *call)
{
	struct tw_camir *parser = call->parser;
	struct tw_anomaly_at at = {.code = "camir.record_too_long", .offset = parser->long_at};

	while (call->at < call->window.length && call->window.data[call->at] != '\r' &&
	       call->window.data[call->at] != '\n')
		call->at++;
	if (call->at == call->window.length && !call->end)
		return TW_OK;
	parser->phase = TW_CAMIR_RECORDS;
	parser->looked = 0;
	parser->last_end = place_of(call);
	at.length = parser->last_end - at.offset;
	return tw_sink_skip(call->sink, &at, "longer than limits.segment_bytes");
}

/* ---- the interface ------------------------------------------------------------ */

static int (*const steps[])(struct call *call) = {
	[TW_CAMIR_IDLE] = step_idle,
	[TW_CAMIR_RECORDS] = step_records,
	[TW_CAMIR_LONG] = step_long,
};

static struct tw_parser_progress camir_feed(void *instance, struct tw_slice window,
					    uint64_t offset, bool end, struct tw_sink *sink)
{
	struct tw_camir *parser = instance;
	struct call call = {
		.parser = parser, .sink = sink, .window = window, .offset = offset, .end = end,
		.asked = parser->phase == TW_CAMIR_IDLE};
	int rc = TW_OK;

	/* At the end a file can be open with none of its bytes left. */
	while (rc >= 0 && !call.stop &&
	       (call.at < window.length || (end && parser->phase != TW_CAMIR_IDLE)))
		rc = steps[parser->phase](&call);
	size_t left = window.length - call.at;
	return (struct tw_parser_progress){
		.status = rc < 0 ? rc : TW_OK,
		.consumed = call.at,
		.needed = rc >= 0 && left > 0 && !call.foreign ? left + 1 : 0,
	};
}

static int camir_open(const struct tw_parser_limits *limits, void **ret_instance)
{
	struct tw_camir *parser = calloc(1, sizeof(*parser));

	if (parser == NULL)
		return TW_ERROR_MEMORY;
	parser->limits = *limits;
	/* Places in a record have 32 bits. */
	if (parser->limits.segment_bytes > UINT32_MAX / 2)
		parser->limits.segment_bytes = UINT32_MAX / 2;
	*ret_instance = parser;
	return TW_OK;
}

static void camir_close(void *instance)
{
	free(instance);
}

static bool camir_idle(const void *instance)
{
	const struct tw_camir *parser = instance;

	return parser->phase == TW_CAMIR_IDLE;
}

static const struct tw_parser camir = {
	.magic = TW_PARSER_MAGIC,
	.size = sizeof(struct tw_parser),
	.abi_major = TW_PARSER_ABI_MAJOR,
	.abi_minor = TW_PARSER_ABI_MINOR,
	.name = "camir",
	.summary = "CBP ocean records (CAMIR): manifests and answers in 80 columns",
	.probe = tw_camir_probe,
	.find = tw_camir_find,
	.open = camir_open,
	.close = camir_close,
	.feed = camir_feed,
	.idle = camir_idle,
};

TW_PARSER(camir, camir)
