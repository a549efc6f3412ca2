/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_BENCH_PARSER_H
#define TW_BENCH_PARSER_H

#include "tidewaiter/parser.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/*
 * What the parsers' benches share: a sink that only counts, a feed made with a fixed
 * seed or read from a file, and one run of a parser over it. A bench defines
 * BENCH_PARSER, includes this, and links that parser alone, not the core library,
 * whose tw_sink_* this replaces. One thread; a feed's bytes are freed by the caller.
 *
 * Weakness: a sink that does nothing leaves the caches to the parser.
 */

const struct tw_parser *BENCH_PARSER(void);

struct tw_sink {
	uint64_t messages, units, pieces, anomalies, bytes;
};

int tw_sink_interchange(struct tw_sink *sink, const struct tw_interchange *interchange)
{
	(void)sink;
	(void)interchange;
	return TW_OK;
}

int tw_sink_group(struct tw_sink *sink, const struct tw_message_group *group)
{
	(void)sink;
	(void)group;
	return TW_OK;
}

int tw_sink_message(struct tw_sink *sink, const struct tw_message_start *message)
{
	(void)message;
	sink->messages++;
	return TW_OK;
}

int tw_sink_unit(struct tw_sink *sink, const struct tw_unit *unit)
{
	sink->units++;
	sink->pieces += unit->piece_count;
	sink->bytes += unit->bytes.length;
	return TW_OK;
}

int tw_sink_message_end(struct tw_sink *sink, uint64_t end, bool complete)
{
	(void)end;
	sink->anomalies += !complete;
	return TW_OK;
}

int tw_sink_object(struct tw_sink *sink, const struct tw_object *object)
{
	(void)sink;
	(void)object;
	return TW_OK;
}

int tw_sink_object_bytes(struct tw_sink *sink, struct tw_slice bytes)
{
	(void)sink;
	(void)bytes;
	return TW_OK;
}

int tw_sink_object_end(struct tw_sink *sink, bool complete)
{
	(void)sink;
	(void)complete;
	return 0;
}

int tw_sink_interchange_end(struct tw_sink *sink, uint64_t end, bool complete)
{
	return tw_sink_message_end(sink, end, complete);
}

#define COUNTING(name)                                                                         \
	int name(struct tw_sink *sink, const struct tw_anomaly_at *at, const char *format, ...) \
	{                                                                                      \
		(void)at;                                                                      \
		(void)format;                                                                  \
		sink->anomalies++;                                                             \
		return TW_OK;                                                                  \
	}
COUNTING(tw_sink_anomaly)
COUNTING(tw_sink_skip)
COUNTING(tw_sink_incomplete)

/* ---- a feed ------------------------------------------------------------------ */

struct feed {
	char *data;
	size_t length, capacity;
	uint64_t seed;
};

static unsigned draw(struct feed *feed, unsigned below)
{
	feed->seed = feed->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(feed->seed >> 33) % below;
}

static void put(struct feed *feed, const char *format, ...) TW_PRINTF(2, 3);
static void put(struct feed *feed, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	int length = vsnprintf(feed->data + feed->length, feed->capacity - feed->length, format,
			       arguments);
	va_end(arguments);
	if (length > 0 && (size_t)length < feed->capacity - feed->length)
		feed->length += (size_t)length;
}

/* Words of goods until there are `limit` characters of them; BENCH_ESCAPED is some that the syntax must escape. */
static void put_text(struct feed *feed, unsigned limit)
{
	static const char *const words[] = {
		"COTTON",    "SHIRTS",	 "SAID TO CONTAIN", "PARTS",   "OF",	      "STEEL",
		"MACHINERY", "KEYBOARD", "CARTONS",	    "PALLETS", "FROZEN",      "FISH",
		"FURNITURE", "HOUSEHOLD", "GOODS",	    "GLASS",   BENCH_ESCAPED, "CERAMIC",
		"TILES",     "RUBBER",	 "MOULDED",
	};

	for (unsigned at = 0; at < limit;) {
		const char *word = words[draw(feed, sizeof(words) / sizeof(words[0]))];
		put(feed, at == 0 ? "%s" : " %s", word);
		at += (unsigned)strlen(word) + 1;
	}
}

static struct feed feed_new(size_t bytes)
{
	struct feed feed = {.data = malloc(bytes), .capacity = bytes, .seed = 20261120};

	if (feed.data == NULL)
		exit(1);
	return feed;
}

static struct feed load(const char *path)
{
	struct feed feed = {0};
	FILE *file = fopen(path, "rb");

	if (file == NULL || fseek(file, 0, SEEK_END) != 0)
		exit(1);
	feed.capacity = (size_t)ftell(file);
	feed.data = malloc(feed.capacity + 1);
	rewind(file);
	if (feed.data == NULL || fread(feed.data, 1, feed.capacity, file) != feed.capacity)
		exit(1);
	feed.length = feed.capacity;
	fclose(file);
	return feed;
}

/* ---- the measurement ---------------------------------------------------------- */

static double cpu_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/*
 * Feeds what was left over and 64 KiB behind it, as the engine does by default.
 * Returns seconds of CPU time.
 */
static double split_once(const struct feed *feed, struct tw_sink *sink)
{
	const struct tw_parser *parser = BENCH_PARSER();
	struct tw_parser_limits limits = {1 << 20, 4096, 16};
	void *instance;
	size_t at = 0, have = 0, block = 65536;

	if (parser->open(&limits, &instance) < 0)
		exit(1);
	double start = cpu_seconds();
	while (at < feed->length) {
		have = feed->length - have < block ? feed->length : have + block;
		struct tw_parser_progress progress =
			parser->feed(instance, tw_slice(feed->data + at, have - at), at,
				     have == feed->length, sink);
		at += progress.consumed;
		if (progress.status < 0 || (have == feed->length && progress.consumed == 0))
			break;
	}
	double seconds = cpu_seconds() - start;
	parser->close(instance);
	return seconds;
}

#endif
