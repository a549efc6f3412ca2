/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/stream.h"

#include <stdlib.h>

#include "base/time.h"
#include "engine/members.h"

/* So many closed streams are kept, with their buffers. */
#define POOL 64u

struct tw_streams {
	struct tw_parser_limits limits;
	struct tw_walk_limits walk_limits;
	struct tw_finder finder;
	struct tw_sink_common common;
	double feed_seconds;
	uint64_t foreign, foreign_bytes;
	struct tw_stream *pool;
	unsigned pooled;
};

struct tw_stream {
	struct tw_streams *streams;
	struct tw_stream *next; /* of the pool */
	struct tw_sink sink;
	char *window; /* bytes not consumed yet: from start on, offset of the stream */
	size_t start, length, capacity;
	size_t needed; /* the parser can do nothing with fewer */
	uint64_t begun, offset;
	bool ended;
	enum tw_unwrap_beside beside;
	struct tw_finder finder; /* its parsers are those of all */
	const struct tw_parser *parser; /* NULL: not found yet */
	void *instance;
};

/* ---- the pool ---------------------------------------------------------------------- */

static int add_parsers(struct tw_streams *streams, const struct tw_loader *modules)
{
	int status = TW_OK;
	for (unsigned i = 0; i < tw_loader_count(modules) && status >= 0; i++)
		if (tw_loader_at(modules, i)->parser != NULL)
			status = tw_finder_add(&streams->finder, tw_loader_at(modules, i)->parser);
	return status;
}

static void set_limits(struct tw_streams *streams, const struct tw_config *config)
{
	streams->limits = (struct tw_parser_limits){
		.segment_bytes = (size_t)tw_config_size(config, "limits.segment_bytes"),
		.segment_pieces = (unsigned)tw_config_number(config, "limits.segment_pieces"),
		.empty_segments = (unsigned)tw_config_number(config, "limits.empty_segments"),
	};
	streams->walk_limits = (struct tw_walk_limits){
		.consignment_bytes = (size_t)tw_config_size(config, "limits.consignment_bytes"),
		.held_consignments = (unsigned)tw_config_number(config,
								"limits.held_consignments"),
		.equipment = (unsigned)tw_config_number(config, "limits.equipment"),
	};
}

int tw_streams_create(const struct tw_streams_setup *setup, struct tw_streams **ret_streams)
{
	const struct tw_config *config = setup->config;
	struct tw_streams *streams = calloc(1, sizeof(*streams));
	if (streams == NULL)
		return TW_ERROR_MEMORY;
	set_limits(streams, config);
	streams->common = (struct tw_sink_common){
		.maps = setup->maps,
		.partners = setup->partners,
		.partner_maps = tw_maps_ask_partners(setup->maps),
		.messages = setup->messages,
		.timed = tw_config_bool(config, "stats.stages"),
		.timezone_seconds = tw_config_number(config, "feed.timezone") * 60,
	};
	streams->common.streams = streams;
	streams->common.unwrap = tw_members_unwrap(config, setup->keys);
	int status = add_parsers(streams, setup->modules);
	if (status < 0) {
		tw_streams_free(streams);
		return status;
	}
	*ret_streams = streams;
	return TW_OK;
}

static void close_parser(struct tw_stream *stream)
{
	if (stream->parser != NULL && stream->instance != NULL)
		stream->parser->close(stream->instance);
	stream->parser = NULL;
	stream->instance = NULL;
}

static void free_stream(struct tw_stream *stream)
{
	close_parser(stream);
	tw_sink_free(&stream->sink);
	free(stream->window);
	free(stream);
}

void tw_stream_drop(struct tw_stream *stream)
{
	if (stream != NULL)
		free_stream(stream);
}

void tw_streams_free(struct tw_streams *streams)
{
	if (streams == NULL)
		return;
	while (streams->pool != NULL) {
		struct tw_stream *stream = streams->pool;
		streams->pool = stream->next;
		free_stream(stream);
	}
	tw_finder_free(&streams->finder);
	free(streams);
}

void tw_streams_batch(struct tw_streams *streams, struct tw_batch *batch)
{
	streams->common.batch = batch;
}

const struct tw_finder *tw_streams_finder(const struct tw_streams *streams)
{
	return &streams->finder;
}

struct tw_streams_counts tw_streams_counts(const struct tw_streams *streams)
{
	return (struct tw_streams_counts){streams->feed_seconds, streams->common.map_seconds,
					  streams->foreign, streams->foreign_bytes};
}

static int make_stream(struct tw_streams *streams, struct tw_stream **ret_stream)
{
	struct tw_stream *stream = calloc(1, sizeof(*stream));
	if (stream == NULL)
		return TW_ERROR_MEMORY;
	stream->streams = streams;
	stream->finder = streams->finder;
	int status = tw_sink_create(&stream->sink, &streams->common, &streams->walk_limits);
	if (status < 0) {
		free_stream(stream);
		return status;
	}
	*ret_stream = stream;
	return TW_OK;
}

int tw_stream_open(struct tw_streams *streams, struct tw_origin *origin, uint64_t offset,
		   struct tw_stream **ret_stream)
{
	struct tw_stream *stream = streams->pool;
	int status = TW_OK;
	if (stream != NULL) {
		streams->pool = stream->next;
		streams->pooled--;
	} else {
		status = make_stream(streams, &stream);
	}
	if (status < 0)
		return status;
	stream->begun = stream->offset = offset;
	stream->beside = TW_UNWRAP_CARGO;
	tw_sink_begin(&stream->sink, origin);
	*ret_stream = stream;
	return TW_OK;
}

static void give_back(struct tw_stream *stream)
{
	struct tw_streams *streams = stream->streams;
	if (streams->pooled == POOL) {
		free_stream(stream);
		return;
	}
	stream->start = stream->length = stream->needed = 0;
	stream->ended = false;
	stream->next = streams->pool;
	streams->pool = stream;
	streams->pooled++;
}

void tw_stream_unknown(struct tw_stream *stream, const struct tw_unknown_run *run)
{
	stream->finder.run = *run;
}

void tw_stream_beside(struct tw_stream *stream, enum tw_unwrap_beside beside)
{
	stream->beside = beside;
}

/* ---- the window -------------------------------------------------------------------- */

int tw_stream_room(struct tw_stream *stream, size_t wanted, char **ret_room, size_t *ret_size)
{
	if (stream->start > 0 && stream->length > 0)
		memmove(stream->window, stream->window + stream->start, stream->length);
	stream->start = 0;
	size_t size = stream->length + wanted;
	if (size < stream->needed)
		size = stream->needed;
	if (size > stream->capacity) {
		char *window = realloc(stream->window, size);
		if (window == NULL)
			return TW_ERROR_MEMORY;
		stream->window = window;
		stream->capacity = size;
	}
	*ret_room = stream->window + stream->length;
	*ret_size = stream->capacity - stream->length;
	return TW_OK;
}

uint64_t tw_stream_end(const struct tw_stream *stream)
{
	return stream->offset + stream->length;
}

static void consume(struct tw_stream *stream, size_t length)
{
	stream->start += length;
	stream->length -= length;
	stream->offset += length;
}

static struct tw_slice window_slice(const struct tw_stream *stream)
{
	return tw_slice_part(tw_slice(stream->window, stream->start + stream->length),
			     stream->start, stream->length);
}

void tw_stream_mark(struct tw_stream *stream, uint64_t packet, double time)
{
	struct tw_sink_mark mark = {tw_stream_end(stream), packet, time};
	tw_sink_mark(&stream->sink, &mark, stream->offset);
}

bool tw_stream_in_interchange(const struct tw_stream *stream)
{
	return stream->sink.in_interchange;
}

bool tw_stream_between(const struct tw_stream *stream)
{
	return stream->length == 0 && !stream->sink.in_interchange && stream->parser != NULL &&
	       stream->parser->idle(stream->instance);
}

void tw_streams_tell(struct tw_streams *streams, struct tw_origin *origin, struct tw_item item,
		     const struct tw_slice texts[TW_ITEM_TEXTS])
{
	struct tw_batch *batch = streams->common.batch;
	item.origin = origin;
	tw_batch_add(batch, (struct tw_item){.kind = TW_ITEM_INPUT, .origin = origin,
					     .time = origin->arrival}, NULL);
	if (item.kind != TW_ITEM_ANOMALY || item.code != NULL)
		tw_batch_add(batch, item, texts);
	tw_batch_add(batch, (struct tw_item){.kind = TW_ITEM_INPUT_END, .origin = origin}, NULL);
}

/* ---- anomalies --------------------------------------------------------------------- */

void tw_stream_report(struct tw_stream *stream, const char *code, uint64_t skipped,
		      const char *reason)
{
	struct tw_anomaly_at at = {.code = code, .length = skipped,
				   .offset = tw_stream_end(stream)};
	if (skipped > 0)
		tw_sink_skip(&stream->sink, &at, "%s", reason);
	else if (tw_anomaly_complete(code))
		tw_sink_anomaly(&stream->sink, &at, "%s", reason);
	else
		tw_sink_incomplete(&stream->sink, &at, "%s", reason);
}

static void report_unknown(struct tw_stream *stream)
{
	struct tw_unknown_run run = tw_finder_take_run(&stream->finder);
	struct tw_anomaly_at at = {.code = "source.unknown", .offset = run.offset,
				   .length = run.length};
	bool beside = stream->beside == TW_UNWRAP_PICTURE ||
		      (stream->beside == TW_UNWRAP_PROSE && tw_unknown_is_text(&run));
	if (run.length > 0 && beside) {
		at.code = "unwrap.prose";
		tw_sink_anomaly(&stream->sink, &at,
				"%llu bytes of a mail, beside what it carries, hold no message",
				(unsigned long long)run.length);
	} else if (run.length > 0)
		tw_sink_skip(&stream->sink, &at,
			     "%llu bytes of %s that no parser recognises were passed over",
			     (unsigned long long)run.length,
			     tw_unknown_is_text(&run) ? "text" : "binary data");
}

/* ---- parsers ----------------------------------------------------------------------- */

/*
 * Finds the parser of what comes next, passing over what none knows; the one at
 * hand goes on where it is the surest again. False: more bytes are needed.
 */
static bool find_parser(struct tw_stream *stream)
{
	struct tw_found found = tw_finder_look(&stream->finder, window_slice(stream),
					       stream->offset, stream->ended);
	consume(stream, found.passed);
	if (found.parser == NULL)
		return false;
	report_unknown(stream);
	tw_sink_syntax(&stream->sink, found.parser->abi_minor >= 3 && found.parser->general);
	if (found.parser == stream->parser)
		return true;
	close_parser(stream);
	stream->sink.status = found.parser->open(&stream->streams->limits, &stream->instance);
	if (stream->sink.status >= 0)
		stream->parser = found.parser;
	return stream->sink.status >= 0;
}

/* The parser cannot go on: its first byte is none it knows, and what follows is looked at anew. */
static void give_up(struct tw_stream *stream)
{
	close_parser(stream);
	tw_finder_pass(&stream->finder, tw_slice_part(window_slice(stream), 0, 1), stream->offset);
	consume(stream, stream->length > 0);
}

static int feed_parser(struct tw_stream *stream)
{
	bool timed = stream->streams->common.timed;
	double start = timed ? tw_time_elapsed() : 0;
	tw_sink_window(&stream->sink, window_slice(stream), stream->parser->abi_minor >= 4);
	struct tw_parser_progress progress =
		stream->parser->feed(stream->instance, window_slice(stream), stream->offset,
				     stream->ended, &stream->sink);
	tw_sink_window(&stream->sink, tw_slice(NULL, 0), false);
	if (timed)
		stream->streams->feed_seconds += tw_time_elapsed() - start;
	stream->needed = progress.needed;
	consume(stream, progress.consumed < stream->length ? progress.consumed : stream->length);
	if (progress.status < 0 || (stream->ended && progress.consumed == 0))
		give_up(stream);
	return stream->sink.status;
}

/* Whether the next byte starts something: no parser is at work, or it is between interchanges. */
static bool is_between(const struct tw_stream *stream)
{
	return stream->parser == NULL ||
	       (stream->length > 0 && stream->parser->idle(stream->instance));
}

/* Works on the window until more bytes are needed. */
static int work(struct tw_stream *stream)
{
	do {
		if (is_between(stream)) {
			stream->needed = 0;
			if (!find_parser(stream) && (stream->parser == NULL || !stream->ended ||
						     stream->sink.status < 0))
				return stream->sink.status;
		}
		uint64_t before = stream->offset;
		int status = feed_parser(stream);
		if (status < 0)
			return status;
		if (stream->offset == before && stream->parser != NULL)
			break;
	} while (stream->length > 0 && stream->length >= stream->needed);
	return TW_OK;
}

int tw_stream_added(struct tw_stream *stream, size_t length)
{
	stream->length += length;
	return work(stream);
}

int tw_stream_push(struct tw_stream *stream, struct tw_slice bytes)
{
	char *room;
	size_t size;
	int status = tw_stream_room(stream, bytes.length, &room, &size);
	if (status < 0 || bytes.length == 0)
		return status;
	memcpy(room, bytes.data, bytes.length);
	return tw_stream_added(stream, bytes.length);
}

void tw_stream_forget(struct tw_stream *stream)
{
	close_parser(stream);
	stream->length = 0;
}

int tw_stream_close(struct tw_stream *stream)
{
	int status = TW_OK;
	if (stream == NULL)
		return TW_OK;
	stream->ended = true;
	do
		status = work(stream);
	while (status >= 0 && stream->length > 0);
	close_parser(stream);
	report_unknown(stream);
	if (stream->sink.telling != TW_SINK_TOLD && !stream->sink.origin->alternate) {
		stream->streams->foreign++;
		stream->streams->foreign_bytes += stream->offset - stream->begun;
	}
	tw_sink_end(&stream->sink, stream->offset);
	give_back(stream);
	return status;
}
