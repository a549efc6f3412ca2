/* SPDX-License-Identifier: Apache-2.0 */
/* What the sink is told, and the queue of what it is told later. */
#include "xml.h"

void tw_xml_fail(struct tw_xml *parser, int status)
{
	if (status >= 0 || parser->status < 0)
		return;
	parser->status = status;
	parser->over = true;
}

static bool room(struct tw_xml *parser, struct tw_xml_buffer *buffer, size_t size)
{
	buffer->length = 0;
	if (buffer->capacity >= size || tw_xml_reserve(buffer, size))
		return true;
	tw_xml_fail(parser, TW_ERROR_MEMORY);
	return false;
}

static struct tw_piece *piece_at(const struct tw_xml *parser, size_t index)
{
	return (struct tw_piece *)(void *)parser->pieces.data + index;
}

static struct tw_slice *name_at(const struct tw_xml *parser, size_t index)
{
	return (struct tw_slice *)(void *)parser->names.data + index;
}

static size_t piece_count(const struct tw_xml *parser)
{
	return parser->pieces.length / sizeof(struct tw_piece);
}

static size_t waiting_count(const struct tw_xml *parser)
{
	return parser->queue.length / sizeof(struct tw_xml_waiting);
}

static struct tw_slice parent_of_top(const struct tw_xml *parser)
{
	bool root = parser->depth <= parser->message_depth + 1;
	return root ? tw_slice(NULL, 0) : parser->top[-1].name;
}

/* ---- units ----------------------------------------------------------------------------- */

/* The runs of all decoded texts, for a unit that begins at `offset`. */
static bool put_runs(struct tw_xml *parser, uint64_t offset, struct tw_unit *unit)
{
	size_t count = parser->runs.length / sizeof(struct tw_xml_run);
	const struct tw_xml_run *runs = (const void *)parser->runs.data;
	if (count == 0)
		return true;
	if (!room(parser, &parser->scratch_runs, count * sizeof(struct tw_unit_run)))
		return false;
	struct tw_unit_run *out = (void *)parser->scratch_runs.data;
	for (size_t i = 0; i < count; i++) {
		/* Beyond 4 GiB, or of another unit that waits: it has no place in this one. */
		bool known = runs[i].origin >= offset && runs[i].origin - offset <= UINT32_MAX;
		out[i] = (struct tw_unit_run){
			.start = runs[i].start,
			.length = runs[i].length,
			.origin = known ? (uint32_t)(runs[i].origin - offset) : 0,
			.origin_length = known ? runs[i].origin_length : 0,
		};
	}
	unit->text = tw_slice(parser->decoded.data, parser->decoded.length);
	unit->runs = out;
	unit->run_count = (unsigned)count;
	return true;
}

static void give(struct tw_xml *parser, const struct tw_xml_waiting *waiting)
{
	struct tw_xml_call *call = parser->call;
	if (parser->status < 0)
		return;
	struct tw_unit unit = {
		.kind = waiting->kind,
		.tag = waiting->name,
		.parent = waiting->parent,
		.bytes = tw_slice_part(call->window, (size_t)(waiting->offset - call->offset),
				       (size_t)(waiting->end - waiting->offset)),
		.offset = waiting->offset,
		.pieces = piece_at(parser, waiting->piece),
		.piece_count = (unsigned)waiting->piece_count,
		.names = name_at(parser, waiting->piece),
		.decimal = '.',
	};
	if (put_runs(parser, waiting->offset, &unit))
		tw_xml_fail(parser, tw_sink_unit(call->sink, &unit));
}

/* Forgets what was told; the pieces of an open tag that was not stay. */
static void forget(struct tw_xml *parser)
{
	size_t told = parser->draft, left = piece_count(parser) - told;
	parser->queue.length = 0;
	parser->draft = 0;
	parser->pieces.length = left * sizeof(struct tw_piece);
	parser->names.length = left * sizeof(struct tw_slice);
	if (left > 0) {
		memmove(parser->pieces.data, piece_at(parser, told), parser->pieces.length);
		memmove(parser->names.data, name_at(parser, told), parser->names.length);
		return;
	}
	parser->decoded.length = 0;
	parser->runs.length = 0;
}

static bool append_piece(struct tw_xml *parser, const struct tw_piece *piece, struct tw_slice name)
{
	if (tw_xml_append(&parser->pieces, piece, sizeof(*piece)) &&
	    tw_xml_append(&parser->names, &name, sizeof(name)))
		return true;
	tw_xml_fail(parser, TW_ERROR_MEMORY);
	return false;
}

void tw_xml_tell(struct tw_xml *parser, enum tw_unit_kind kind, uint64_t offset, uint64_t end)
{
	const struct tw_xml_element *top = tw_xml_top(parser);
	bool textless = piece_count(parser) > parser->draft &&
			piece_at(parser, parser->draft)->length == 0;
	struct tw_xml_waiting waiting = {
		.kind = kind,
		.name = top->name,
		.parent = parent_of_top(parser),
		.offset = offset,
		.end = end,
		.piece = parser->draft + textless,
		.piece_count = piece_count(parser) - parser->draft - textless,
	};
	if (!parser->waiting)
		give(parser, &waiting);
	else if (!tw_xml_append(&parser->queue, &waiting, sizeof(waiting)))
		tw_xml_fail(parser, TW_ERROR_MEMORY);
	parser->draft = piece_count(parser);
	if (!parser->waiting)
		forget(parser);
	else if (waiting_count(parser) >= TW_XML_WAITING)
		tw_xml_settle(parser);
}

void tw_xml_drop(struct tw_xml *parser)
{
	parser->pieces.length = parser->draft * sizeof(struct tw_piece);
	parser->names.length = parser->draft * sizeof(struct tw_slice);
}

bool tw_xml_add_piece(struct tw_xml *parser, const struct tw_xml_piece *piece)
{
	static const struct tw_piece no_text = {.element = 1, .component = 1, .repetition = 1};
	/* A text that is the input's is told with the element's own bytes. */
	uint64_t from = piece->decoded ? 0 : tw_xml_top(parser)->offset;
	struct tw_piece told = {
		.start = (uint32_t)(piece->start - from),
		.length = piece->length,
		.element = (uint16_t)piece->element,
		.component = 1,
		.repetition = 1,
		.flags = piece->decoded ? TW_PIECE_DECODED : 0,
	};
	/* The pieces of a unit begin with room for its text. */
	if (piece_count(parser) == parser->draft && !append_piece(parser, &no_text, piece->name))
		return false;
	if (piece->element != 1)
		return append_piece(parser, &told, piece->name);
	*piece_at(parser, parser->draft) = told;
	*name_at(parser, parser->draft) = piece->name;
	return true;
}

__attribute__((noinline)) static void tell_added(struct tw_xml *parser, enum tw_unit_kind kind,
						 uint64_t offset, uint64_t end,
						 struct tw_xml_span text)
{
	struct tw_xml_piece piece = {
		.start = text.place, .length = (uint32_t)text.length, .element = 1,
	};
	if (text.length == 0 || tw_xml_add_piece(parser, &piece))
		tw_xml_tell(parser, kind, offset, end);
}

void tw_xml_tell_plain(struct tw_xml *parser, enum tw_unit_kind kind, uint64_t offset, uint64_t end,
		       struct tw_xml_span text)
{
	const struct tw_xml_call *call = parser->call;
	struct tw_unit *unit = &parser->plain_unit;
	if (parser->waiting || parser->pieces.length > 0 || parser->status < 0) {
		tell_added(parser, kind, offset, end, text);
		return;
	}
	parser->plain_piece.start = (uint32_t)(text.place - offset);
	parser->plain_piece.length = (uint32_t)text.length;
	unit->piece_count = text.length > 0;
	unit->kind = kind;
	unit->tag = parser->top->name;
	unit->parent = parent_of_top(parser);
	unit->bytes = tw_slice_part(call->window, (size_t)(offset - call->offset),
				    (size_t)(end - offset));
	unit->offset = offset;
	int status = tw_sink_unit(call->sink, unit);
	if (status < 0)
		tw_xml_fail(parser, status);
}

bool tw_xml_add_decoded(struct tw_xml *parser, struct tw_xml_piece piece, struct tw_slice text,
			const struct tw_xml_run *runs, size_t run_count)
{
	size_t start = parser->decoded.length;
	bool good = tw_xml_append(&parser->decoded, text.data, text.length);
	for (size_t i = 0; good && i < run_count; i++) {
		struct tw_xml_run run = runs[i];
		run.start += (uint32_t)start;
		good = tw_xml_append(&parser->runs, &run, sizeof(run));
	}
	piece.start = start;
	piece.length = (uint32_t)text.length;
	piece.decoded = true;
	if (!good)
		tw_xml_fail(parser, TW_ERROR_MEMORY);
	return good && tw_xml_add_piece(parser, &piece);
}

/* ---- interchange and message ------------------------------------------------------------- */

void tw_xml_tell_message(struct tw_xml *parser, uint64_t offset)
{
	parser->in_message = true;
	parser->waiting = true;
	parser->message_at = offset;
	parser->message_depth = parser->depth - 1;
	parser->waiting_place = tw_xml_top(parser)->tag;
}

static void tell_interchange(struct tw_xml *parser)
{
	char buffer[16];
	enum tw_xml_fact reference = tw_xml_fact(parser, TW_XML_INTERCHANGE).length > 0
					     ? TW_XML_INTERCHANGE
					     : TW_XML_REFERENCE;
	struct tw_slice test = tw_xml_fact(parser, TW_XML_TEST);
	struct tw_interchange interchange = {
		.format = TW_LITERAL("xml"),
		.sender = tw_xml_fact(parser, TW_XML_SENDER),
		.recipient = tw_xml_fact(parser, TW_XML_RECIPIENT),
		.reference = tw_xml_fact(parser, reference),
		.time = tw_xml_time(parser, buffer),
		.charset = TW_CHARSET_UTF8,
		.test = tw_slice_is(test, "1") || tw_slice_is(test, "true"),
		.offset = parser->begun_at,
	};
	parser->in_interchange = true;
	tw_xml_fail(parser, tw_sink_interchange(parser->call->sink, &interchange));
}

void tw_xml_settle(struct tw_xml *parser)
{
	if (!parser->waiting || parser->status < 0)
		return;
	parser->waiting = false;
	if (!parser->in_interchange)
		tell_interchange(parser);
	if (parser->status < 0)
		return;
	struct tw_message_start message = {
		.type = parser->type,
		.version = tw_xml_fact(parser, TW_XML_VERSION),
		.reference = tw_xml_fact(parser, TW_XML_REFERENCE),
		.offset = parser->message_at,
	};
	tw_xml_fail(parser, tw_sink_message(parser->call->sink, &message));
	parser->any_message = true;
	size_t count = waiting_count(parser);
	for (size_t i = 0; i < count && parser->status >= 0; i++)
		give(parser, (const struct tw_xml_waiting *)(const void *)parser->queue.data + i);
	forget(parser);
}

void tw_xml_tell_empty(struct tw_xml *parser)
{
	if (parser->in_interchange || parser->in_message || parser->status < 0)
		return;
	tell_interchange(parser);
	tw_xml_anomaly(parser, "xml.no_message", parser->begun_at, 0, "an envelope holds no message");
}

void tw_xml_tell_message_end(struct tw_xml *parser, uint64_t end, bool complete)
{
	if (!parser->in_message)
		return;
	tw_xml_settle(parser);
	parser->in_message = false;
	if (parser->status < 0)
		return;
	tw_xml_fail(parser, tw_sink_message_end(parser->call->sink, end, complete));
}

void tw_xml_tell_interchange_end(struct tw_xml *parser, uint64_t end, bool complete)
{
	if (!parser->in_interchange || parser->status < 0)
		return;
	parser->in_interchange = false;
	tw_xml_fail(parser, tw_sink_interchange_end(parser->call->sink, end, complete));
}

/* ---- remarks ----------------------------------------------------------------------------- */

/* Settles first, so that a remark stands behind the message it is about. */
static struct tw_anomaly_at place_of(struct tw_xml *parser, const char *code, uint64_t offset,
				     uint64_t length)
{
	const struct tw_xml_element *top = tw_xml_top(parser);
	tw_xml_settle(parser);
	return (struct tw_anomaly_at){
		.code = code,
		.offset = offset,
		.length = length,
		.segment = top == NULL ? tw_slice(NULL, 0) : top->name,
	};
}

void tw_xml_anomaly(struct tw_xml *parser, const char *code, uint64_t offset, uint64_t length,
		    const char *reason)
{
	struct tw_anomaly_at at = place_of(parser, code, offset, length);
	if (parser->status >= 0)
		tw_xml_fail(parser, tw_sink_anomaly(parser->call->sink, &at, "%s", reason));
}

void tw_xml_skip(struct tw_xml *parser, const char *code, uint64_t offset, uint64_t length,
		 const char *reason)
{
	struct tw_anomaly_at at = place_of(parser, code, offset, length);
	if (parser->status < 0)
		return;
	if (length > 0)
		tw_xml_fail(parser, tw_sink_skip(parser->call->sink, &at, "%s", reason));
	else
		tw_xml_fail(parser, tw_sink_incomplete(parser->call->sink, &at, "%s", reason));
}

void tw_xml_incomplete(struct tw_xml *parser, const char *code, uint64_t offset, uint64_t length,
		       const char *reason)
{
	struct tw_anomaly_at at = place_of(parser, code, offset, length);
	if (parser->status >= 0)
		tw_xml_fail(parser, tw_sink_incomplete(parser->call->sink, &at, "%s", reason));
}
