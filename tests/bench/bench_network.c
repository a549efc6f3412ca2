/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How fast captures become streams, and nothing else: bench_network [SECONDS]. A pcap
 * capture of about 64 MB is made in memory and read again and again, with all checksums
 * verified and a consumer that only counts. "bulk": 100 connections that send segments
 * of 1460 bytes, every second one acknowledged; "lossy": the same, one segment in 50
 * late; "short": connections of one question and one answer, from SYN to FIN.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../unit/network/packets.h"
#include "../unit/network/tapped.h"
#include "network/tap.h"
#include "source/capture.h"

#define CAPTURE_BYTES ((size_t)64 << 20)
#define CONNECTIONS 100u
#define SEGMENT 1460u

struct count {
	uint64_t bytes, flows;
};

static int count_open(void *context, struct tw_flow *flow, const struct tw_packet_at *at)
{
	(void)flow;
	(void)at;
	((struct count *)context)->flows++;
	return TW_OK;
}

static int count_data(void *context, struct tw_flow *flow, unsigned direction,
		      struct tw_slice bytes, const struct tw_packet_at *at)
{
	(void)flow;
	(void)direction;
	(void)at;
	((struct count *)context)->bytes += bytes.length;
	return TW_OK;
}

static int count_gap(void *context, struct tw_flow *flow, unsigned direction, uint64_t length,
		     const struct tw_packet_at *at)
{
	(void)context;
	(void)flow;
	(void)direction;
	(void)length;
	(void)at;
	return TW_OK;
}

static int count_end(void *context, struct tw_flow *flow, unsigned direction,
		     enum tw_stream_end how, const struct tw_packet_at *at)
{
	(void)how;
	return count_gap(context, flow, direction, 0, at);
}

static void count_close(void *context, struct tw_flow *flow, const struct tw_packet_at *at)
{
	(void)context;
	(void)flow;
	(void)at;
}

static int count_anomaly(void *context, const struct tw_flow *flow, const char *code,
			 const struct tw_packet_at *at, const char *reason)
{
	(void)context;
	(void)flow;
	(void)at;
	fprintf(stderr, "%s: %s\n", code, reason);
	return TW_OK;
}

struct maker {
	struct tw_buffer out;
	struct made_capture how;
	struct made made;
	uint64_t microseconds;
	uint64_t packets;
	char text[SEGMENT];
};

static void put(struct maker *maker, const struct made_tcp *tcp, size_t length)
{
	struct tw_slice bytes = made_segment(&maker->made, tcp, tw_slice(maker->text, length));
	maker->microseconds += 2;
	maker->packets++;
	pcap_packet(&maker->out, &maker->how, (uint32_t)(1700000000 + maker->microseconds / 1000000),
		    (uint32_t)(maker->microseconds % 1000000), bytes);
}

static struct made_tcp answer_to(const struct made_tcp *tcp, uint32_t acknowledgement)
{
	return (struct made_tcp){
		.from = tcp->to,
		.to = tcp->from,
		.sequence = tcp->acknowledgement,
		.acknowledgement = acknowledgement,
		.flags = 0x10,
		.window = 65000,
	};
}

/* Each connection sends two segments, in the wrong order now and then, and gets an acknowledgement. */
static void make_bulk(struct maker *maker, unsigned late)
{
	for (uint32_t round = 0; maker->out.length < CAPTURE_BYTES; round++)
		for (unsigned i = 0; i < CONNECTIONS; i++) {
			struct made_tcp tcp = {
				.from = {false, 1, 40000 + i},
				.to = {false, 2, 80},
				.acknowledgement = 1,
				.flags = 0x10,
				.window = 65000,
			};
			uint32_t begin = 1 + round * 2 * SEGMENT;
			bool swap = late > 0 && (round * CONNECTIONS + i) % (late / 2) == 0;
			tcp.sequence = begin + (swap ? SEGMENT : 0);
			put(maker, &tcp, SEGMENT);
			tcp.sequence = begin + (swap ? 0 : SEGMENT);
			put(maker, &tcp, SEGMENT);
			struct made_tcp answer = answer_to(&tcp, begin + 2 * SEGMENT);
			put(maker, &answer, 0);
		}
}

static void make_short(struct maker *maker)
{
	for (uint32_t flow = 0; maker->out.length < CAPTURE_BYTES; flow++) {
		struct made_tcp tcp = {
			.from = {false, (unsigned char)(1 + flow / 60000), 1024 + flow % 60000},
			.to = {false, 200, 80},
			.flags = 0x02,
			.window = 65000,
		};
		put(maker, &tcp, 0);
		struct made_tcp answer = answer_to(&tcp, 1);
		answer.flags = 0x12;
		put(maker, &answer, 0);
		tcp.flags = 0x10;
		tcp.sequence = tcp.acknowledgement = 1;
		put(maker, &tcp, 300);
		answer = answer_to(&tcp, 301);
		put(maker, &answer, 700);
		answer.sequence = 701;
		answer.flags = 0x11;
		put(maker, &answer, 0);
		tcp.flags = 0x11;
		tcp.sequence = 301;
		tcp.acknowledgement = 702;
		put(maker, &tcp, 0);
		answer.sequence = 702;
		answer.acknowledgement = 302;
		answer.flags = 0x10;
		put(maker, &answer, 0);
	}
}

static double cpu_seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int64_t read_made(void *context, char *block, size_t size)
{
	struct tw_slice *left = context;
	struct tw_slice part = tw_slice_part(*left, 0, size);
	if (part.length > 0)
		memcpy(block, part.data, part.length);
	*left = tw_slice_from(*left, part.length);
	return (int64_t)part.length;
}

static struct tw_tap_counts read_once(const struct maker *maker, const struct tw_config *config,
				      struct count *count)
{
	struct tw_stream_events events = {
		.context = count,
		.open = count_open,
		.data = count_data,
		.gap = count_gap,
		.end = count_end,
		.close = count_close,
		.anomaly = count_anomaly,
	};
	struct tw_tap_settings settings = tw_tap_settings(config);
	struct tw_capture_settings capturing = tw_capture_settings(config);
	struct tw_slice left = tw_buffer_slice(&maker->out);
	struct tw_capture_input input = {.context = &left, .read = read_made};
	struct tw_capture *capture;
	struct tw_packet packet;
	struct tw_tap *tap;
	if (tw_capture_create(&input, &capturing, &capture) < 0 ||
	    tw_tap_create(&settings, &events, &tap) < 0)
		exit(1);
	while (tw_capture_next(capture, &packet) > 0)
		if (tapped_packet(tap, &packet) < 0)
			exit(1);
	if (tw_tap_finish(tap) < 0)
		exit(1);
	struct tw_tap_counts counts = tw_tap_counts(tap);
	tw_tap_free(tap);
	tw_capture_close(capture);
	return counts;
}

static void measure(const char *name, const struct maker *maker, const struct tw_config *config,
		    double seconds)
{
	struct count count = {0};
	struct tw_tap_counts counts = {0};
	unsigned runs = 0;
	double start = cpu_seconds(), used;
	do {
		counts = read_once(maker, config, &count);
		runs++;
		used = cpu_seconds() - start;
	} while (used < seconds);
	printf("%-6s %9.0f packets/s  %6.2f Gbit/s  %8.0f flows/s  %llu bytes held at most\n", name,
	       (double)(counts.packets * runs) / used, (double)(counts.bytes * runs) * 8 / used / 1e9,
	       (double)count.flows / used, (unsigned long long)counts.memory_most);
}

int main(int argc, char **argv)
{
	static const char *const names[] = {"bulk", "lossy", "short"};
	double seconds = argc > 1 ? strtod(argv[1], NULL) : 1;
	struct maker *maker = calloc(1, sizeof(*maker));
	struct tw_config *config;
	if (maker == NULL || tw_config_create(&config) < 0)
		return 1;
	maker->how.link_type = 1;
	memset(maker->text, 'x', sizeof(maker->text));
	for (unsigned i = 0; i < 3; i++) {
		tw_buffer_clear(&maker->out);
		pcap_begin(&maker->out, &maker->how);
		if (i < 2)
			make_bulk(maker, i == 0 ? 0 : 50);
		else
			make_short(maker);
		measure(names[i], maker, config, seconds);
	}
	tw_config_free(config);
	tw_buffer_free(&maker->out);
	free(maker);
	return 0;
}
