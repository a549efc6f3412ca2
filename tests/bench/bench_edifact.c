/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How fast EDIFACT is split, and nothing else: a sink that only counts. Links
 * the parser alone, not the core library, whose tw_sink_* it replaces.
 *
 *   bench_edifact [MEGABYTES] [FILE]
 *
 * Without a file it makes a CUSCAR interchange with a fixed seed. Prints the
 * best of five runs in MB/s of CPU time, and the speed of tw_parser.find through
 * as many bytes of text in which nothing starts. Another parser's bench defines
 * BENCH_PARSER and bench_message(), and includes this.
 */
#include "tidewaiter/parser.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#ifndef BENCH_PARSER
#define BENCH_PARSER edifact_LTX_tw_parser
#define BENCH_EDIFACT
#define BENCH_HEAD "UNA:+.? 'UNB+UNOA:3+SENDER+RECIPIENT+261120:1000+REF1'"
#define BENCH_TAIL "UNZ+%u+REF1'"
#endif

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

static const char *const words[] = {
	"COTTON",   "SHIRTS",  "SAID TO CONTAIN", "PARTS",   "OF",	   "STEEL",    "MACHINERY",
	"KEYBOARD", "CARTONS", "PALLETS",	  "FROZEN",  "FISH",	   "FURNITURE", "HOUSEHOLD",
	"GOODS",    "GLASS",   "BOTTLES ?+ CAPS", "CERAMIC", "TILES ?: A", "RUBBER",	"MOULDED",
};

static void put_text(struct feed *feed, unsigned limit)
{
	unsigned at = 0;

	while (at < limit) {
		const char *word = words[draw(feed, sizeof(words) / sizeof(words[0]))];
		put(feed, at == 0 ? "%s" : " %s", word);
		at += (unsigned)strlen(word) + 1;
	}
}

#ifdef BENCH_EDIFACT
static void put_party(struct feed *feed, const char *role)
{
	put(feed, "NAD+%s+++", role);
	put_text(feed, 20);
	put(feed, " CO LTD %u+%u HARBOUR ROAD:BLOCK %u+SHANGHAI++%u+CN'", draw(feed, 50000),
	    draw(feed, 999), draw(feed, 99), 100000 + draw(feed, 899999));
}

#define CONSIGNMENT_SEGMENTS 14u

static void put_consignment(struct feed *feed, unsigned number)
{
	put(feed, "CNI+%u+SHA%08u'RFF+BM:SHA%08u'", number, draw(feed, 99999999), number);
	put(feed, "LOC+9+CNSHA:139:6'LOC+11+USLAX:139:6'LOC+7+USLAX:139:6'");
	put_party(feed, "CZ");
	put_party(feed, "CN");
	put_party(feed, "NI");
	put(feed, "GID+1+%u:CT'FTX+AAA+++", 1 + draw(feed, 900));
	for (unsigned line = 0; line < 3; line++) {
		put(feed, line == 0 ? "%s" : ":%s", "");
		put_text(feed, 60);
	}
	put(feed, "'MEA+AAE+G+KGM:%u.%u'MEA+AAE+AAW+MTQ:%u.%03u'", draw(feed, 20000),
	    draw(feed, 10), draw(feed, 60), draw(feed, 1000));
	put(feed, "SGP+MSCU%07u+%u'PCI+31+N/M'", draw(feed, 9999999), draw(feed, 900));
}

static void bench_message(struct feed *feed, unsigned number)
{
	put(feed, "UNH+%u+CUSCAR:D:95B:UN:SMDG20'BGM+85+MANIFEST%u+9'DTM+137:20261120:102'", number,
	    number);
	put(feed, "TDT+20+123W+1++MSK:172:20+++9313917:146::MAERSK EXAMPLE'LOC+60+USLAX:139:6'");
	unsigned count = 0;
	while (count < 1000 && feed->capacity - feed->length > 4096)
		put_consignment(feed, ++count);
	put(feed, "UNT+%u+%u'", 6 + CONSIGNMENT_SEGMENTS * count, number);
}
#else
static void bench_message(struct feed *feed, unsigned number);
#endif

static struct feed generate(size_t bytes)
{
	struct feed feed = {.data = malloc(bytes), .capacity = bytes, .seed = 20261120};

	if (feed.data == NULL)
		exit(1);
	put(&feed, BENCH_HEAD);
	unsigned count = 0;
	while (feed.capacity - feed.length > 8192)
		bench_message(&feed, ++count);
	put(&feed, BENCH_TAIL, count);
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

/* Feeds windows of a mebibyte, as the engine does. */
static double split_once(const struct feed *feed, struct tw_sink *sink)
{
	const struct tw_parser *parser = BENCH_PARSER();
	struct tw_parser_limits limits = {1 << 20, 4096, 16};
	void *instance;
	size_t at = 0, window = 1 << 20;

	if (parser->open(&limits, &instance) < 0)
		exit(1);
	double start = cpu_seconds();
	while (at < feed->length) {
		size_t left = feed->length - at, length = left < window ? left : window;
		struct tw_parser_progress progress = parser->feed(
			instance, tw_slice(feed->data + at, length), at, length == left, sink);
		at += progress.consumed;
		if (progress.status < 0 || progress.consumed == 0)
			break;
	}
	double seconds = cpu_seconds() - start;
	parser->close(instance);
	return seconds;
}

static double find_once(size_t bytes)
{
	char *junk = malloc(bytes);

	if (junk == NULL)
		exit(1);
	for (size_t i = 0; i < bytes; i++)
		junk[i] = "THE QUICK UNUSUAL BROWN FOX JUMPS OVER A RUN DOG, "[i % 50];
	double start = cpu_seconds();
	size_t found = BENCH_PARSER()->find(tw_slice(junk, bytes));
	double seconds = cpu_seconds() - start;
	free(junk);
	return found == bytes ? seconds : 1e9;
}

int main(int argc, char **argv)
{
	size_t megabytes = argc > 1 ? strtoul(argv[1], NULL, 10) : 64;
	struct feed feed = argc > 2 ? load(argv[2]) : generate(megabytes << 20);
	struct tw_sink sink = {0};
	double best = 1e9, found = find_once(megabytes << 20);

	for (unsigned run = 0; run < 5; run++) {
		sink = (struct tw_sink){0};
		double seconds = split_once(&feed, &sink);
		best = seconds < best ? seconds : best;
	}
	printf("%.0f MB, %ju messages, %ju segments (%.1f bytes), %ju pieces, %ju anomalies\n",
	       (double)feed.length / 1e6, (uintmax_t)sink.messages, (uintmax_t)sink.units,
	       (double)sink.bytes / (double)(sink.units == 0 ? 1 : sink.units),
	       (uintmax_t)sink.pieces, (uintmax_t)sink.anomalies);
	printf("split %.0f MB/s, %.1f ns a segment; find %.0f MB/s\n", (double)feed.length / best / 1e6,
	       best * 1e9 / (double)(sink.units == 0 ? 1 : sink.units),
	       (double)(megabytes << 20) / found / 1e6);
	free(feed.data);
	return 0;
}
