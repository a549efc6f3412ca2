/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_BENCH_SEGMENTS_H
#define TW_BENCH_SEGMENTS_H

/*
 * The program of the benches of delimited syntaxes: bench_NAME [MEGABYTES] [FILE].
 * Without a file it makes an interchange with a fixed seed. Prints the best of five
 * runs in MB/s of CPU time, and the speed of tw_parser.find through as many bytes of
 * text in which nothing starts. A bench includes bench_parser.h, defines BENCH_HEAD,
 * BENCH_TAIL (a format for the number of messages) and bench_message(), and then
 * includes this, which has main().
 */

static struct feed generate(size_t bytes)
{
	struct feed feed = feed_new(bytes);

	put(&feed, BENCH_HEAD);
	unsigned count = 0;
	while (feed.capacity - feed.length > 8192)
		bench_message(&feed, ++count);
	put(&feed, BENCH_TAIL, count);
	return feed;
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

#endif
