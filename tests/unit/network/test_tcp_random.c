/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "packets.h"
#include "recorded.h"
#include "tapped.h"

/*
 * Fifty conversations at once over a bad network, from a seed: segments of odd sizes that
 * overlap, come twice, late, as fragments, with tags, or in IPv6, with or without their
 * handshake. What comes out must be what was said, and where segments were lost for good,
 * a gap in their place, byte for byte.
 */
#define FLOWS 50u
#define SAID 3000u
#define PACKETS 60000u

struct chance {
	uint64_t state;
};

static unsigned draw(struct chance *chance, unsigned below)
{
	chance->state = chance->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(chance->state >> 33) % below;
}

/* One segment to be sent at a time of its own. */
struct planned {
	double time;
	uint32_t order;
	unsigned flow, direction, start, length, flags, acknowledged;
};

struct heard {
	struct tw_buffer text[2]; /* a gap is as many '?' */
};

struct world {
	struct chance chance;
	struct planned *plan;
	unsigned count;
	char said[FLOWS][2][SAID];
	bool lost[FLOWS][2][SAID];
	uint32_t begin[FLOWS][2];
	struct heard heard[FLOWS];
	struct made made, part;
	unsigned flows;
	bool handshake, losses;
};

static int heard_open(void *context, struct tw_flow *flow, const struct tw_packet_at *at)
{
	struct world *world = context;
	(void)at;
	assert_int_equal(flow->midstream, !world->handshake);
	flow->user = &world->heard[(flow->source_port == 80 ? flow->destination_port : flow->source_port) - 1000];
	world->flows++;
	return TW_OK;
}

/* A midstream flow may have been met by the server's packet first. */
static unsigned side(const struct tw_flow *flow, unsigned direction)
{
	return flow->source_port == 80 ? !direction : direction;
}

static int heard_data(void *context, struct tw_flow *flow, unsigned direction,
		      struct tw_slice bytes, const struct tw_packet_at *at)
{
	struct heard *heard = flow->user;
	(void)context;
	(void)at;
	tw_buffer_append_slice(&heard->text[side(flow, direction)], bytes);
	return TW_OK;
}

static int heard_gap(void *context, struct tw_flow *flow, unsigned direction, uint64_t length,
		     const struct tw_packet_at *at)
{
	struct heard *heard = flow->user;
	(void)context;
	(void)at;
	while (length-- > 0)
		tw_buffer_append_byte(&heard->text[side(flow, direction)], '?');
	return TW_OK;
}

static int heard_end(void *context, struct tw_flow *flow, unsigned direction,
		     enum tw_stream_end how, const struct tw_packet_at *at)
{
	(void)context;
	(void)flow;
	(void)direction;
	(void)how;
	(void)at;
	return TW_OK;
}

static void heard_close(void *context, struct tw_flow *flow, const struct tw_packet_at *at)
{
	(void)context;
	(void)flow;
	(void)at;
}

static int heard_anomaly(void *context, const struct tw_flow *flow, const char *code,
			 const struct tw_packet_at *at, const char *reason)
{
	(void)context;
	(void)flow;
	(void)at;
	fail_msg("%s: %s", code, reason);
	return TW_OK;
}

static void plan(struct world *world, const struct planned *planned)
{
	assert_true(world->count < PACKETS);
	world->plan[world->count] = *planned;
	world->plan[world->count].order = world->count;
	world->count++;
}

/* The segments of one direction, in time; the other side acknowledges what went before. */
static void plan_direction(struct world *world, unsigned flow, unsigned direction)
{
	struct chance *chance = &world->chance;
	double time = 2 + draw(chance, 100) / 100.0;
	for (unsigned at = 0; at < SAID;) {
		unsigned length = draw(chance, 4) == 0 ? 1 + draw(chance, 3) : 1 + draw(chance, 400);
		unsigned back = draw(chance, 5) == 0 ? draw(chance, at < 50 ? at + 1 : 50) : 0;
		struct planned planned = {
			.time = time + (draw(chance, 4) == 0 ? draw(chance, 300) / 1000.0 : 0),
			.flow = flow,
			.direction = direction,
			.start = at - back,
			.length = length + back,
			.flags = 0x10,
		};
		if (planned.start + planned.length > SAID)
			planned.length = SAID - planned.start;
		bool first = at == 0, last = planned.start + planned.length == SAID;
		if (world->losses && !first && !last && back == 0 && draw(chance, 20) == 0) {
			memset(world->lost[flow][direction] + at, 1, planned.length);
		} else {
			plan(world, &planned);
			if (draw(chance, 10) == 0) {
				planned.time += 0.2;
				plan(world, &planned);
			}
			memset(world->lost[flow][direction] + planned.start, 0, planned.length);
		}
		at = planned.start + planned.length;
		time += draw(chance, 100) / 1000.0;
		struct planned answer = {
			.time = time + 0.6,
			.flow = flow,
			.direction = !direction,
			.flags = 0x10,
			.acknowledged = at,
		};
		if (draw(chance, 3) == 0)
			plan(world, &answer);
	}
}

static void plan_flow(struct world *world, unsigned flow)
{
	for (unsigned direction = 0; direction < 2; direction++) {
		world->begin[flow][direction] = draw(&world->chance, 2) == 0
							? 0u - draw(&world->chance, 4000)
							: draw(&world->chance, 1u << 31);
		for (unsigned i = 0; i < SAID; i++)
			world->said[flow][direction][i] =
				(char)('a' + draw(&world->chance, 26) - (direction == 0 ? 0 : 32));
		plan_direction(world, flow, direction);
	}
	if (!world->handshake)
		return;
	plan(world, &(struct planned){.time = 1, .flow = flow, .flags = 0x02});
	plan(world, &(struct planned){.time = 1.1, .flow = flow, .direction = 1, .flags = 0x12});
}

static int by_time(const void *a, const void *b)
{
	const struct planned *left = a, *right = b;
	if (left->time < right->time || left->time > right->time)
		return left->time < right->time ? -1 : 1;
	return left->order < right->order ? -1 : 1;
}

static void hand_in(struct tw_tap *tap, struct made *made, double time)
{
	struct tw_packet packet = {.bytes = made_slice(made), .link_type = 1, .time = time, .number = 1};
	packet.length = (uint32_t)packet.bytes.length;
	assert_int_equal(tapped_packet(tap, &packet), TW_OK);
}

/* The flow decides how it is wrapped: plain, tagged, IPv6, in fragments, in VXLAN. */
static void send(struct world *world, struct tw_tap *tap, const struct planned *planned)
{
	unsigned flow = planned->flow, direction = planned->direction, how = flow % 5;
	struct made_end ends[2] = {{how == 2, 1, 1000 + flow}, {how == 2, 2, 80}};
	struct made_end outer[2] = {{false, 8, 7}, {false, 9, 4789}};
	bool syn = (planned->flags & 0x02) != 0;
	struct made_tcp tcp = {
		.from = ends[direction],
		.to = ends[!direction],
		.sequence = world->begin[flow][direction] + planned->start + !syn,
		.acknowledgement = (planned->flags & 0x10) == 0 ? 0 : world->begin[flow][!direction] + 1 + planned->acknowledged,
		.flags = planned->flags,
		.window = 60000,
	};
	made_begin(&world->made, tw_slice(world->said[flow][direction] + planned->start, planned->length));
	made_tcp(&world->made, &tcp);
	if (how == 3 && made_slice(&world->made).length > 64) {
		struct tw_slice whole = made_slice(&world->made);
		for (unsigned at = 0; at < whole.length; at += 64) {
			bool more = at + 64 < whole.length;
			made_begin(&world->part, tw_slice_part(whole, at, 64));
			made_ipv4_part(&world->part, &tcp.from, &tcp.to, 6, planned->order & 0xffff,
				       at / 8 | (more ? 0x2000 : 0));
			made_ethernet(&world->part, 0x0800);
			hand_in(tap, &world->part, planned->time);
		}
		return;
	}
	made_ip(&world->made, &tcp.from, &tcp.to, 6);
	made_ethernet(&world->made, how == 2 ? 0x86dd : 0x0800);
	if (how == 1) {
		world->made.at += 14;
		made_hex(&world->made, "020000000001 020000000002 8100 0007 0800");
	}
	if (how == 4) {
		made_hex(&world->made, "0800 0000 0000 0500");
		made_udp(&world->made, &outer[0], &outer[1]);
		made_ip(&world->made, &outer[0], &outer[1], 17);
		made_ethernet(&world->made, 0x0800);
	}
	hand_in(tap, &world->made, planned->time);
}

static void compare(struct world *world, unsigned flow, unsigned direction, uint64_t seed)
{
	struct tw_slice heard = tw_buffer_slice(&world->heard[flow].text[direction]);
	if (heard.length != SAID)
		fail_msg("seed %u, flow %u, direction %u: %zu bytes", (unsigned)seed, flow, direction, heard.length);
	for (unsigned i = 0; i < SAID; i++) {
		char expected = world->lost[flow][direction][i] ? '?' : world->said[flow][direction][i];
		if (heard.data[i] != expected)
			fail_msg("seed %u, flow %u, direction %u, byte %u: %c, not %c", (unsigned)seed,
				 flow, direction, i, heard.data[i], expected);
	}
}

static void run(uint64_t seed, bool handshake, bool losses)
{
	struct world *world = calloc(1, sizeof(*world));
	struct tw_tap_settings settings = recorded_settings();
	struct tw_stream_events events = {
		.context = world,
		.open = heard_open,
		.data = heard_data,
		.gap = heard_gap,
		.end = heard_end,
		.close = heard_close,
		.anomaly = heard_anomaly,
	};
	struct tw_tap *tap;
	assert_non_null(world);
	world->chance.state = seed;
	world->handshake = handshake;
	world->losses = losses;
	world->plan = calloc(PACKETS, sizeof(*world->plan));
	assert_non_null(world->plan);
	for (unsigned flow = 0; flow < FLOWS; flow++)
		plan_flow(world, flow);
	qsort(world->plan, world->count, sizeof(*world->plan), by_time);
	settings.overlap_last = seed % 2 == 1;
	assert_int_equal(tw_tap_create(&settings, &events, &tap), TW_OK);
	for (unsigned i = 0; i < world->count; i++)
		send(world, tap, &world->plan[i]);
	assert_int_equal(tw_tap_finish(tap), TW_OK);
	assert_int_equal(world->flows, FLOWS);
	for (unsigned flow = 0; flow < FLOWS; flow++)
		for (unsigned direction = 0; direction < 2; direction++) {
			compare(world, flow, direction, seed);
			tw_buffer_free(&world->heard[flow].text[direction]);
		}
	tw_tap_free(tap);
	free(world->plan);
	free(world);
}

static void test_all(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 12; seed++)
		run(seed, seed % 3 != 0, seed % 4 >= 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_all)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
