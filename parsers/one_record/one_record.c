/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way of a stream: idle, then a document, and idle again; where one was given up,
 * its rest is passed over up to the next.
 */
#include "one_record.h"

#include <stdlib.h>

void tw_one_record_fail(struct tw_one_record *parser, int status)
{
	if (status >= 0 || parser->status < 0)
		return;
	parser->status = status;
	parser->over = true;
}

void *tw_one_record_add(struct tw_one_record *parser, struct tw_one_record_buffer *buffer,
			size_t size)
{
	if (buffer->count == buffer->capacity) {
		size_t capacity = buffer->capacity * 2 + 64;
		void *data = realloc(buffer->data, capacity * size);
		if (data == NULL) {
			tw_one_record_fail(parser, TW_ERROR_MEMORY);
			return NULL;
		}
		buffer->data = data;
		buffer->capacity = capacity;
	}
	return (char *)buffer->data + size * buffer->count++;
}

static struct tw_slice rest_of(const struct tw_one_record_call *call)
{
	return tw_slice_from(call->window, call->at);
}

static uint64_t place_of(const struct tw_one_record_call *call)
{
	return call->offset + call->at;
}

static void pass_over(struct tw_one_record *parser, const char *code, uint64_t from, uint64_t to,
		      const char *reason)
{
	struct tw_anomaly_at at = {.code = code, .offset = from, .length = to - from};
	struct tw_sink *sink = parser->call->sink;
	if (parser->status >= 0)
		tw_one_record_fail(parser, to > from ? tw_sink_skip(sink, &at, "%s", reason)
						     : tw_sink_incomplete(sink, &at, "%s", reason));
}

/* Another syntax may know such bytes: they are passed over only at the front of a window. */
static void idle_junk(struct tw_one_record *parser, struct tw_one_record_call *call)
{
	if (call->at > 0) {
		call->stop = call->foreign = true;
		return;
	}
	uint64_t from = place_of(call);
	call->at = 1 + tw_one_record_find(tw_slice_from(call->window, 1));
	parser->junk_end = place_of(call);
	pass_over(parser, "one_record.junk", from, place_of(call), "bytes that belong to no document");
}

static void step_idle(struct tw_one_record *parser, struct tw_one_record_call *call)
{
	bool junk = parser->junk_end == place_of(call) && place_of(call) > 0;
	/* Once in junk, blanks are junk too, or it would depend on where windows are cut. */
	while (!junk && call->at < call->window.length &&
	       tw_one_record_blank(call->window.data[call->at]))
		call->at++;
	struct tw_slice rest = rest_of(call);
	if (rest.length == 0)
		return;
	/* The find that ends junk names the brace, not the byte order mark before it. */
	bool none = tw_one_record_blank(rest.data[0]) || (junk && rest.data[0] == '\xef');
	int score = none ? 0 : tw_one_record_probe(rest, call->end);
	if (score < 0) {
		call->stop = true;
		return;
	}
	if (score == 0) {
		idle_junk(parser, call);
		return;
	}
	/* A byte order mark may stand before it. */
	call->at += rest.data[0] != '{' && rest.data[0] != '[' ? 3 : 0;
	if (call->at < call->window.length && tw_one_record_blank(call->window.data[call->at]))
		return;
	tw_one_record_fail(parser, tw_one_record_document_begin(parser, place_of(call)));
	parser->phase = TW_ONE_RECORD_DOCUMENT;
}

static void end_interchange(struct tw_one_record *parser, uint64_t end, bool complete)
{
	if (parser->nodes.count > 0 && parser->status >= 0)
		tw_one_record_fail(parser,
				   tw_sink_interchange_end(parser->call->sink, end, complete));
	parser->nodes.count = 0;
	parser->phase = TW_ONE_RECORD_IDLE;
}

static void step_document(struct tw_one_record *parser, struct tw_one_record_call *call)
{
	parser->document = rest_of(call);
	tw_one_record_document_feed(parser, call->end);
	if (!parser->over) {
		call->stop = true;
		return;
	}
	if (parser->status < 0)
		return;
	tw_one_record_tell(parser, parser->broken == NULL);
	call->at += parser->last;
	if (parser->broken == NULL) {
		end_interchange(parser, place_of(call), !parser->exhausted);
		return;
	}
	parser->skip_at = place_of(call);
	parser->phase = TW_ONE_RECORD_SKIPPING;
	/* Where it broke at its very front, it must not be found again. */
	call->at += parser->last == 0;
}

static void step_skipping(struct tw_one_record *parser, struct tw_one_record_call *call)
{
	call->at += tw_one_record_find(rest_of(call));
	int score = call->at < call->window.length ? tw_one_record_probe(rest_of(call), call->end) : 0;
	call->stop = score < 0;
	if (score <= 0 && !(call->end && call->at == call->window.length)) {
		/* A candidate that is none. */
		call->at += score == 0 && call->at < call->window.length;
		return;
	}
	pass_over(parser, parser->broken, parser->skip_at, place_of(call), parser->reason);
	end_interchange(parser, place_of(call), false);
}

static void (*const steps[])(struct tw_one_record *parser, struct tw_one_record_call *call) = {
	[TW_ONE_RECORD_IDLE] = step_idle,
	[TW_ONE_RECORD_DOCUMENT] = step_document,
	[TW_ONE_RECORD_SKIPPING] = step_skipping,
};

static struct tw_parser_progress one_record_feed(void *instance, struct tw_slice window,
						 uint64_t offset, bool end, struct tw_sink *sink)
{
	struct tw_one_record *parser = instance;
	struct tw_one_record_call call = {
		.sink = sink, .window = window, .offset = offset, .end = end};
	parser->call = &call;
	/* At the end a document can be open with none of its bytes left. */
	while (parser->status >= 0 && !call.stop &&
	       (call.at < window.length || (end && parser->phase != TW_ONE_RECORD_IDLE)))
		steps[parser->phase](parser, &call);
	parser->call = NULL;
	parser->document = tw_slice(NULL, 0);
	size_t left = window.length - call.at;
	return (struct tw_parser_progress){
		.status = parser->status,
		.consumed = call.at,
		.needed = parser->status >= 0 && left > 0 && !call.foreign ? left + 1 : 0,
	};
}

static void one_record_close(void *instance)
{
	struct tw_one_record *parser = instance;
	if (parser == NULL)
		return;
	struct tw_one_record_buffer *const buffers[] = {&parser->nodes, &parser->names,
							&parser->text,	&parser->runs,
							&parser->pieces, &parser->piece_names};
	for (size_t i = 0; i < sizeof(buffers) / sizeof(buffers[0]); i++)
		free(buffers[i]->data);
	if (parser->yajl != NULL)
		yajl_free(parser->yajl);
	free(parser);
}

static int one_record_open(const struct tw_parser_limits *limits, void **ret_instance)
{
	struct tw_one_record *parser = calloc(1, sizeof(*parser));
	if (parser == NULL)
		return TW_ERROR_MEMORY;
	parser->limits = *limits;
	/* Places in a document have 32 bits. */
	if (parser->limits.segment_bytes > UINT32_MAX / 4 / TW_ONE_RECORD_SEGMENTS)
		parser->limits.segment_bytes = UINT32_MAX / 4 / TW_ONE_RECORD_SEGMENTS;
	*ret_instance = parser;
	return TW_OK;
}

static bool one_record_idle(const void *instance)
{
	const struct tw_one_record *parser = instance;
	return parser->phase == TW_ONE_RECORD_IDLE;
}

static const struct tw_parser one_record = {
	.magic = TW_PARSER_MAGIC,
	.size = sizeof(struct tw_parser),
	.abi_major = TW_PARSER_ABI_MAJOR,
	.abi_minor = TW_PARSER_ABI_MINOR,
	.name = "one_record",
	.summary = "IATA ONE Record: waybills, shipments and pieces as JSON-LD",
	.probe = tw_one_record_probe,
	.find = tw_one_record_find,
	.open = one_record_open,
	.close = one_record_close,
	.feed = one_record_feed,
	.idle = one_record_idle,
};

TW_PARSER(one_record, one_record)
