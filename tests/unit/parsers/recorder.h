/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEST_RECORDER_H
#define TW_TEST_RECORDER_H

/*
 * A sink that writes down, as text, what a parser tells it, one line each, and a
 * feeder that hands a parser exact-size copies of windows, so that the address
 * sanitizer sees any read beyond them. It defines the tw_sink_* functions itself:
 * a program that includes it must link the parser alone (all C files of its
 * folder), NOT the core library. Include it in one file of a program, behind
 *   RECORDER_PARSER   the function that gives the parser
 *   RECORDER_FORMAT   its format
 *   RECORDER_LEFT     segments: the code of pieces that did not fit
 *   RECORDER_TREE     a syntax of elements: 1 where units come in the order of the
 *                     input, 0 where they need not
 *
 * Everything that must hold whatever the input is checked here: consumed is
 * within the window, pieces lie within their unit, units and skipped bytes do not
 * overlap and come in order, opening and closing alternate. How a unit is written
 * and what holds of it is told in recorder_segments.h and recorder_tree.h.
 *
 * Weakness: keeps everything; for small inputs.
 */

#include "tidewaiter/parser.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

const struct tw_parser *RECORDER_PARSER(void);

#ifndef RECORDER_CHECK
#define RECORDER_CHECK(holds)                                                          \
	do {                                                                           \
		if (!(holds)) {                                                        \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #holds);    \
			abort();                                                       \
		}                                                                      \
	} while (0)
#endif

struct tw_sink {
	char *text;
	size_t length, capacity;
	uint64_t covered_to;   /* behind the last unit or skipped range */
	uint64_t covered;      /* bytes in units and skipped ranges */
	unsigned units, messages, interchanges, depth;
	struct tw_slice input;
	unsigned anomalies, skips, incompletes;
	bool in_interchange, in_message, in_object;
	bool quiet;	       /* write nothing down, only count and check */
	bool brief;	       /* no offsets, no empty facts: for tests that are written by hand */
	bool texts_only;       /* trees: only the texts of leaves, for tests of long inputs */
	uint64_t junk_at, junk_length; /* junk that may go on in the next window */
	unsigned char *map;    /* one byte an input byte, or NULL: set where it is in a unit or skipped */
	int refuse_after;      /* calls until one fails; 0: never */
	int calls;
};

static void recorder_put(struct tw_sink *sink, const void *bytes, size_t length)
{
	if (sink->quiet)
		return;
	if (sink->capacity - sink->length <= length) {
		sink->capacity = sink->capacity * 2 + length + 256;
		sink->text = realloc(sink->text, sink->capacity);
		RECORDER_CHECK(sink->text != NULL);
	}
	if (length > 0)
		memcpy(sink->text + sink->length, bytes, length);
	sink->length += length;
	sink->text[sink->length] = 0;
}

static void recorder_slice(struct tw_sink *sink, struct tw_slice slice)
{
	recorder_put(sink, slice.data, slice.length);
}

static void recorder_printf(struct tw_sink *sink, const char *format, ...) TW_PRINTF(2, 3);
static void recorder_printf(struct tw_sink *sink, const char *format, ...)
{
	char line[256];
	va_list arguments;

	va_start(arguments, format);
	int length = vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	RECORDER_CHECK(length >= 0 && (size_t)length < sizeof(line));
	recorder_put(sink, line, (size_t)length);
}

/* Offset and length, unless the record is brief. */
static void recorder_place(struct tw_sink *sink, uint64_t offset, uint64_t length)
{
	if (!sink->brief)
		recorder_printf(sink, " %ju+%ju", (uintmax_t)offset, (uintmax_t)length);
}

/* A fact, such as the sender; a brief record leaves out those there are not. */
static void recorder_fact(struct tw_sink *sink, const char *name, struct tw_slice value)
{
	if (sink->brief && value.length == 0)
		return;
	recorder_printf(sink, " %s=", name);
	recorder_slice(sink, value);
}

static void recorder_junk_flush(struct tw_sink *sink)
{
	if (sink->junk_length == 0)
		return;
	recorder_printf(sink, "skip " RECORDER_FORMAT ".junk");
	recorder_place(sink, sink->junk_at, sink->junk_length);
	recorder_printf(sink, "\n");
	sink->skips++;
	sink->junk_length = 0;
}

static int recorder_call(struct tw_sink *sink)
{
	recorder_junk_flush(sink);
	return ++sink->calls == sink->refuse_after ? TW_ERROR_LIMIT : TW_OK;
}

static void recorder_cover(struct tw_sink *sink, uint64_t offset, uint64_t length)
{
	RECORDER_CHECK(offset >= sink->covered_to);
	sink->covered_to = offset + length;
	sink->covered += length;
	if (sink->map != NULL)
		memset(sink->map + offset, 1, length);
}

#ifdef RECORDER_TREE
#include "recorder_tree.h"
#else
#include "recorder_segments.h"
#endif

int tw_sink_interchange(struct tw_sink *sink, const struct tw_interchange *interchange)
{
	RECORDER_CHECK(!sink->in_interchange);
	sink->in_interchange = true;
	int rc = recorder_call(sink);
	sink->interchanges++;
	recorder_printf(sink, "interchange");
	recorder_place(sink, interchange->offset, 0);
	recorder_charset(sink, interchange);
	recorder_fact(sink, "sender", interchange->sender);
	recorder_fact(sink, "recipient", interchange->recipient);
	recorder_fact(sink, "reference", interchange->reference);
	recorder_fact(sink, "time", interchange->time);
	recorder_printf(sink, interchange->test ? " test\n" : "\n");
	RECORDER_CHECK(tw_slice_is(interchange->format, RECORDER_FORMAT));
	return rc;
}

/* Groups are written nowhere, but must stand within an interchange. */
int tw_sink_group(struct tw_sink *sink, const struct tw_message_group *group)
{
	(void)group;
	RECORDER_CHECK(sink->in_interchange && !sink->in_message);
	return recorder_call(sink);
}

int tw_sink_message(struct tw_sink *sink, const struct tw_message_start *message)
{
	RECORDER_CHECK(sink->in_interchange && !sink->in_message);
	sink->in_message = true;
	sink->depth = 0;
	int rc = recorder_call(sink);
	sink->messages++;
	recorder_printf(sink, "message");
	recorder_place(sink, message->offset, 0);
	recorder_fact(sink, "type", message->type);
	recorder_fact(sink, "version", message->version);
	recorder_fact(sink, "reference", message->reference);
	recorder_printf(sink, "\n");
	return rc;
}

int tw_sink_message_end(struct tw_sink *sink, uint64_t end, bool complete)
{
	RECORDER_CHECK(sink->in_message);
	RECORDER_CHECK(!complete || sink->depth == 0);
	sink->in_message = false;
	int rc = recorder_call(sink);
	recorder_printf(sink, "message_end");
	recorder_place(sink, end, 0);
	recorder_printf(sink, complete ? " complete\n" : " incomplete\n");
	return rc;
}

/* Objects are left to the parser: it tells them, and their bytes are as if passed over. */
int tw_sink_object(struct tw_sink *sink, const struct tw_object *object)
{
	RECORDER_CHECK(!sink->in_object && object->name.length > 0);
	sink->in_object = true;
	return TW_OK;
}

int tw_sink_object_bytes(struct tw_sink *sink, struct tw_slice bytes)
{
	(void)bytes;
	RECORDER_CHECK(sink->in_object);
	return TW_OK;
}

int tw_sink_object_end(struct tw_sink *sink, bool complete)
{
	(void)complete;
	RECORDER_CHECK(sink->in_object);
	sink->in_object = false;
	return 0;
}

int tw_sink_interchange_end(struct tw_sink *sink, uint64_t end, bool complete)
{
	RECORDER_CHECK(sink->in_interchange && !sink->in_message);
	sink->in_interchange = false;
	int rc = recorder_call(sink);
	recorder_printf(sink, "interchange_end");
	recorder_place(sink, end, 0);
	recorder_printf(sink, complete ? " complete\n" : " incomplete\n");
	return rc;
}

static void recorder_at(struct tw_sink *sink, const char *kind, const struct tw_anomaly_at *at)
{
	recorder_printf(sink, "%s %s", kind, at->code);
	recorder_place(sink, at->offset, at->length);
	recorder_printf(sink, "\n");
}

int tw_sink_anomaly(struct tw_sink *sink, const struct tw_anomaly_at *at, const char *format, ...)
{
	int rc = recorder_call(sink);

	(void)format;
	sink->anomalies++;
	recorder_at(sink, "anomaly", at);
	return rc;
}

int tw_sink_incomplete(struct tw_sink *sink, const struct tw_anomaly_at *at, const char *format,
		       ...)
{
	int rc = recorder_call(sink);

	(void)format;
	sink->incompletes++;
	recorder_at(sink, "incomplete", at);
	return rc;
}

int tw_sink_skip(struct tw_sink *sink, const struct tw_anomaly_at *at, const char *format, ...)
{
	(void)format;
	RECORDER_CHECK(at->length > 0);
	/* Pieces that did not fit are part of a unit that was counted, or of a service segment. */
	if (!recorder_left(at))
		recorder_cover(sink, at->offset, at->length);
	/* Junk between interchanges is reported window by window: join what touches. */
	if (strcmp(at->code, RECORDER_FORMAT ".junk") == 0 &&
	    (sink->junk_length == 0 || sink->junk_at + sink->junk_length == at->offset)) {
		sink->junk_at = sink->junk_length == 0 ? at->offset : sink->junk_at;
		sink->junk_length += at->length;
		return TW_OK;
	}
	int rc = recorder_call(sink);
	sink->skips++;
	recorder_at(sink, "skip", at);
	return rc;
}

static void recorder_free(struct tw_sink *sink)
{
	free(sink->text);
	*sink = (struct tw_sink){0};
}

/* ---- feeding ------------------------------------------------------------------ */

static const struct tw_parser_limits recorder_limits = {1 << 20, 4096, 16};

/* Where windows are cut: every `chunk` bytes, or where `next` says so. */
struct recorder_feed {
	struct tw_slice input;
	struct tw_parser_limits limits;
	size_t chunk;
	size_t (*next)(void *context);
	void *context;
};

static struct tw_parser_progress recorder_window(void *instance, struct tw_slice window,
						 uint64_t offset, bool end, struct tw_sink *sink)
{
	char *copy = malloc(window.length == 0 ? 1 : window.length);

	RECORDER_CHECK(copy != NULL);
	if (window.length > 0)
		memcpy(copy, window.data, window.length);
	struct tw_parser_progress progress = RECORDER_PARSER()->feed(
		instance, tw_slice(copy, window.length), offset, end, sink);
	free(copy);
	RECORDER_CHECK(progress.consumed <= window.length);
	RECORDER_CHECK(progress.needed == 0 || progress.needed > window.length - progress.consumed);
	return progress;
}

/* Feeds all of it as the engine would. Returns the status, and the largest window that was needed. */
static int recorder_run(const struct recorder_feed *feed, struct tw_sink *sink, size_t *ret_largest)
{
	void *instance;
	size_t at = 0, have = 0, largest = 0, length = feed->input.length;
	int status = TW_OK;
	bool done = false;

	sink->input = feed->input;
	RECORDER_CHECK(RECORDER_PARSER()->open(&feed->limits, &instance) == TW_OK);
	while (!done && status >= 0) {
		size_t more = feed->next != NULL ? feed->next(feed->context) : feed->chunk;
		have = more < length - have ? have + more : length;
		bool busy = !RECORDER_PARSER()->idle(instance);
		struct tw_parser_progress progress =
			recorder_window(instance, tw_slice_part(feed->input, at, have - at), at,
					have == length, sink);
		largest = have - at > largest ? have - at : largest;
		status = progress.status;
		at += progress.consumed;
		done = at == length;
		/* It may end what is open in front of something else: then it is asked again. */
		bool left = busy && RECORDER_PARSER()->idle(instance);
		RECORDER_CHECK(status < 0 || have < length || progress.consumed > 0 || left || done);
	}
	RECORDER_PARSER()->close(instance);
	recorder_junk_flush(sink);
	RECORDER_CHECK(status < 0 || (!sink->in_interchange && !sink->in_message));
	RECORDER_CHECK(status < 0 || sink->covered_to <= length);
	if (ret_largest != NULL)
		*ret_largest = largest;
	return status;
}

#endif
