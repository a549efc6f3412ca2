/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes a capture of HTTP connections that carry what standard input has:
 *
 *   generate_capture [--body BYTES] [--flows N] [--together N] [--exchanges N] [--open] < feed > capture.pcap
 *
 * The input is cut into bodies of at least so many bytes (1 MB), each before an interchange
 * of EDIFACT where there is one behind them. By turns a body is posted, or is the answer to a
 * GET. The connections (16) are between as many pairs of addresses, up to 250. So many of them
 * (all) are open together, and their packets come by turns, two full segments and an
 * acknowledgement at a time; each has so many exchanges (all that there are). --open: none
 * ends. The same input gives the same bytes. It is held in memory.
 */
#include <stdio.h>
#include <stdlib.h>

#include "../unit/network/packets.h"

#define SEGMENT ((size_t)1460)
#define OUT_BYTES ((size_t)1 << 20)
#define CLIENTS 250u
#define MOST_FLOWS (CLIENTS * 60000u)
#define ACK 0x10u
#define PSH 0x08u
#define SYN 0x02u
#define FIN 0x01u

enum who { CLIENT, SERVER };

/* What one side says before the other does. */
struct text {
	enum who who;
	char head[200];
	size_t head_length;
	struct tw_slice body;
	size_t said;
};

struct flow {
	struct made_end ends[2];
	uint32_t sent[2]; /* the next sequence number of each side */
	struct text text;
	unsigned turn; /* texts so far */
};

struct maker {
	size_t body;
	unsigned flow_count, together, exchanges;
	bool open;
	struct tw_slice left; /* of the input */
	bool interchanges;    /* it has some, */
	size_t next;	      /* and so many bytes come before the one that was found last */
	struct flow *flows;
	struct made_capture how;
	struct made made;
	struct tw_buffer out;
	uint64_t packets;
};

static void flush(struct maker *maker)
{
	if (fwrite(maker->out.data, 1, maker->out.length, stdout) != maker->out.length)
		exit(1);
	tw_buffer_clear(&maker->out);
}

/* A packet each two microseconds. */
static void send_packet(struct maker *maker, struct flow *flow, enum who who, unsigned flags,
			struct tw_slice data)
{
	struct made_tcp tcp = {
		.from = flow->ends[who],
		.to = flow->ends[!who],
		.sequence = flow->sent[who],
		.acknowledgement = (flags & ACK) != 0 ? flow->sent[!who] : 0,
		.flags = flags,
		.window = 65000,
	};
	uint64_t microseconds = 2 * maker->packets++;
	flow->sent[who] += (uint32_t)data.length + ((flags & (SYN | FIN)) != 0);
	pcap_packet(&maker->out, &maker->how, (uint32_t)(1700000000 + microseconds / 1000000),
		    (uint32_t)(microseconds % 1000000), made_segment(&maker->made, &tcp, data));
	if (maker->out.length >= OUT_BYTES)
		flush(maker);
}

/* Bodies are cut off the input, before the next interchange where there is one. */
static struct tw_slice take_body(struct maker *maker)
{
	struct tw_slice left = maker->left;
	struct tw_slice rest = tw_slice_from(left, maker->body);
	if (maker->interchanges && maker->next < maker->body) {
		const char *next = rest.length == 0 ? NULL : memmem(rest.data, rest.length, "UNB+", 4);
		maker->next = next == NULL ? left.length : (size_t)(next - left.data);
	}
	struct tw_slice body = tw_slice_part(left, 0, maker->interchanges ? maker->next : maker->body);
	maker->left = tw_slice_from(left, body.length);
	maker->next -= maker->interchanges ? body.length : 0;
	return body;
}

/* Four texts are two exchanges: a body is posted, and one is the answer. False: nothing is left. */
static bool next_text(struct maker *maker, struct flow *flow)
{
	static const char *const starts[] = {
		"POST /inbox HTTP/1.1\r\nHost: example.com",
		"HTTP/1.1 200 OK",
		"GET /outbox/1 HTTP/1.1\r\nHost: example.com",
		"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream",
	};
	unsigned turn = flow->turn % 4;
	struct text *text = &flow->text;
	if (turn % 2 == 0 && (maker->left.length == 0 || flow->turn / 2 == maker->exchanges))
		return false;
	flow->turn++;
	*text = (struct text){.who = turn % 2 == 0 ? CLIENT : SERVER};
	if (turn == 0 || turn == 3)
		text->body = take_body(maker);
	text->head_length = (size_t)snprintf(text->head, sizeof(text->head), "%s\r\nContent-Length: %zu\r\n\r\n",
					     starts[turn], text->body.length);
	return true;
}

/* The next segment of the text; empty: it was said. */
static struct tw_slice next_segment(struct text *text, char segment[SEGMENT])
{
	struct tw_slice head = tw_slice_from(tw_slice(text->head, text->head_length), text->said);
	size_t of_body = text->said < text->head_length ? 0 : text->said - text->head_length;
	struct tw_slice body = tw_slice_part(text->body, of_body, SEGMENT - head.length);
	if (head.length > 0)
		memcpy(segment, head.data, head.length);
	if (body.length > 0)
		memcpy(segment + head.length, body.data, body.length);
	text->said += head.length + body.length;
	return tw_slice(segment, head.length + body.length);
}

/* Two segments and their acknowledgement. False: the connection has nothing more to say. */
static bool talk(struct maker *maker, struct flow *flow)
{
	struct text *text = &flow->text;
	char segment[SEGMENT];
	if (text->said == text->head_length + text->body.length && !next_text(maker, flow))
		return false;
	for (unsigned i = 0; i < 2; i++) {
		struct tw_slice data = next_segment(text, segment);
		if (data.length > 0)
			send_packet(maker, flow, text->who, ACK | PSH, data);
	}
	send_packet(maker, flow, !text->who, ACK, tw_slice(NULL, 0));
	return true;
}

static void begin(struct maker *maker, struct flow *flow, unsigned number)
{
	flow->ends[CLIENT] = (struct made_end){false, (unsigned char)(1 + number % CLIENTS), 1024 + number / CLIENTS};
	flow->ends[SERVER] = (struct made_end){false, 254, 80};
	send_packet(maker, flow, CLIENT, SYN, tw_slice(NULL, 0));
	send_packet(maker, flow, SERVER, SYN | ACK, tw_slice(NULL, 0));
	send_packet(maker, flow, CLIENT, ACK, tw_slice(NULL, 0));
}

static void end(struct maker *maker, struct flow *flow)
{
	send_packet(maker, flow, CLIENT, FIN | ACK, tw_slice(NULL, 0));
	send_packet(maker, flow, SERVER, FIN | ACK, tw_slice(NULL, 0));
	send_packet(maker, flow, CLIENT, ACK, tw_slice(NULL, 0));
}

/* The connections from `first` up to `last`, which are open at the same time. */
static void make_group(struct maker *maker, unsigned first, unsigned last)
{
	bool more = true;
	for (unsigned i = first; i < last; i++)
		begin(maker, &maker->flows[i], i);
	while (more) {
		more = false;
		for (unsigned i = first; i < last; i++)
			more |= talk(maker, &maker->flows[i]);
	}
	for (unsigned i = first; i < last && !maker->open; i++)
		end(maker, &maker->flows[i]);
}

static void make(struct maker *maker)
{
	pcap_begin(&maker->out, &maker->how);
	for (unsigned i = 0; i < maker->flow_count; i += maker->together) {
		unsigned left = maker->flow_count - i;
		make_group(maker, i, i + (left < maker->together ? left : maker->together));
	}
	flush(maker);
}

static void read_input(struct tw_buffer *input)
{
	size_t got = 0;
	do {
		if (tw_buffer_reserve(input, OUT_BYTES) < 0)
			exit(1);
		got = fread(input->data + input->length, 1, OUT_BYTES, stdin);
		input->length += got;
	} while (got > 0);
}

static void read_options(struct maker *maker, int argc, char **argv)
{
	unsigned long body = 1000000, flows = 16, together = 0, exchanges = 0;
	const struct {
		const char *name;
		unsigned long *value;
	} numbers[] = {{"--body", &body}, {"--flows", &flows}, {"--together", &together}, {"--exchanges", &exchanges}};
	for (int i = 1; i < argc; i++) {
		maker->open |= strcmp(argv[i], "--open") == 0;
		for (unsigned j = 0; j < 4 && i + 1 < argc; j++)
			if (strcmp(argv[i], numbers[j].name) == 0)
				*numbers[j].value = strtoul(argv[i + 1], NULL, 10);
	}
	if (body == 0 || flows == 0 || flows > MOST_FLOWS) {
		fputs("generate_capture: no body, or too many flows\n", stderr);
		exit(2);
	}
	maker->body = body;
	maker->flow_count = (unsigned)flows;
	maker->together = (unsigned)(together == 0 ? flows : together);
	maker->exchanges = exchanges == 0 ? UINT32_MAX : (unsigned)exchanges;
}

int main(int argc, char **argv)
{
	struct maker *maker = calloc(1, sizeof(*maker));
	struct tw_buffer input = {0};
	if (maker == NULL)
		return 1;
	maker->how.link_type = 1;
	read_options(maker, argc, argv);
	maker->flows = calloc(maker->flow_count, sizeof(*maker->flows));
	if (maker->flows == NULL)
		return 1;
	read_input(&input);
	maker->left = tw_buffer_slice(&input);
	maker->interchanges = input.length > 0 && memmem(input.data, input.length, "UNB+", 4) != NULL;
	make(maker);
	tw_buffer_free(&input);
	tw_buffer_free(&maker->out);
	free(maker->flows);
	free(maker);
	return 0;
}
