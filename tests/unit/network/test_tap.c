/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "packets.h"
#include "recorded.h"
#include "tapped.h"

struct bench {
	struct recorded recorded;
	struct tw_tap_settings settings;
	struct tw_tap *tap;
	struct made made;
	double time;
	uint64_t number;
};

static struct bench *begin(void)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	assert_non_null(bench);
	bench->settings = recorded_settings();
	bench->time = 1700000000;
	return bench;
}

static void create(struct bench *bench)
{
	struct tw_stream_events events = recorded_events(&bench->recorded);
	assert_int_equal(tw_tap_create(&bench->settings, &events, &bench->tap), TW_OK);
}

static void finish(struct bench *bench, const char *expected)
{
	assert_int_equal(recorded_finish(&bench->recorded, bench->tap), TW_OK);
	if (expected != NULL && !tw_slice_is(tw_buffer_slice(&bench->recorded.text), expected))
		fail_msg("expected %s\ngot %.*s", expected, (int)bench->recorded.text.length,
			 bench->recorded.text.data);
	tw_tap_free(bench->tap);
	tw_buffer_free(&bench->recorded.text);
	free(bench);
}

static void hand_in(struct bench *bench, struct tw_slice bytes, uint32_t length, uint32_t link_type)
{
	struct tw_packet packet = {
		.bytes = bytes,
		.length = length,
		.link_type = link_type,
		.time = bench->time += 0.001,
		.number = ++bench->number,
	};
	assert_int_equal(tapped_packet(bench->tap, &packet), TW_OK);
}

static struct made_tcp segment(unsigned client, uint32_t sequence)
{
	return (struct made_tcp){
		.from = {false, 1, client},
		.to = {false, 2, 80},
		.sequence = sequence,
		.flags = 0x10,
		.window = 1000,
	};
}

static void send(struct bench *bench, const struct made_tcp *tcp, const char *text)
{
	struct tw_slice bytes = made_segment(&bench->made, tcp, tw_slice_string(text));
	hand_in(bench, bytes, (uint32_t)bytes.length, 1);
}

/* Every packet is counted once, by what became of it; anomalies come once, and with their number. */
static void test_counts(void **state)
{
	struct bench *bench = begin();
	struct made_tcp tcp = segment(40000, 1);
	(void)state;
	create(bench);
	send(bench, &tcp, "abc");
	hand_in(bench, TW_LITERAL("x"), 1, 147);       /* no such link type here */
	hand_in(bench, TW_LITERAL("short"), 5, 1);     /* no Ethernet */
	hand_in(bench, TW_LITERAL("cut"), 500, 1);     /* cut by the capture */
	hand_in(bench, TW_LITERAL("aaaaaabbbbbb\x08\x06"), 14, 1); /* ARP */
	struct tw_slice bytes = made_segment(&bench->made, &tcp, TW_LITERAL("abc"));
	bench->made.bytes[sizeof(bench->made.bytes) - 1] ^= 1;
	hand_in(bench, bytes, (uint32_t)bytes.length, 1); /* a wrong checksum */
	struct tw_tap_counts counts = tw_tap_counts(bench->tap);
	assert_int_equal(counts.packets, 6);
	assert_int_equal(counts.tcp, 1);
	assert_int_equal(counts.others, 1);
	assert_int_equal(counts.undecoded, 3);
	assert_int_equal(counts.unknown_link, 1);
	assert_int_equal(counts.malformed, 1);
	assert_int_equal(counts.truncated, 1);
	assert_int_equal(counts.checksums, 1);
	finish(bench, "!network.undecoded !network.checksum mid >abc >end <end close !network.undecoded");
}

/* What the snap length cut is a gap, and what is there is not lost. */
static void test_snap_length(void **state)
{
	struct bench *bench = begin();
	struct made_tcp tcp = segment(40000, 1);
	(void)state;
	create(bench);
	struct tw_slice bytes = made_segment(&bench->made, &tcp, TW_LITERAL("abcdef"));
	hand_in(bench, tw_slice_part(bytes, 0, bytes.length - 4), (uint32_t)bytes.length, 1);
	tcp.sequence += 6;
	send(bench, &tcp, "ghi");
	finish(bench, "!network.cut mid >ab >gap4 >ghi >end <end close");
}

/* The same addresses in another VLAN are another flow, unless the configuration says otherwise. */
static void test_vlans(void **state)
{
	(void)state;
	for (unsigned with = 0; with < 2; with++) {
		struct bench *bench = begin();
		bench->settings.vlan_flows = with;
		create(bench);
		for (unsigned i = 0; i < 2; i++) {
			struct made_tcp tcp = segment(40000, 1 + 3 * i);
			made_begin(&bench->made, i == 0 ? TW_LITERAL("abc") : TW_LITERAL("def"));
			made_tcp(&bench->made, &tcp);
			made_ip(&bench->made, &tcp.from, &tcp.to, 6);
			made_hex(&bench->made, i == 0 ? "8100 0001 0800" : "8100 0002 0800");
			made_hex(&bench->made, "020000000001 020000000002");
			struct tw_slice bytes = made_slice(&bench->made);
			hand_in(bench, bytes, (uint32_t)bytes.length, 1);
		}
		finish(bench, with ? "mid >abc >end <end close mid >def >end <end close"
				   : "mid >abcdef >end <end close");
	}
}

/* On a quiet link time alone closes a gap, and a flow. */
static void test_idle(void **state)
{
	struct bench *bench = begin();
	struct made_tcp tcp = segment(40000, 1), answer = segment(40000, 500);
	(void)state;
	create(bench);
	send(bench, &tcp, "abc");
	answer.from = tcp.to;
	answer.to = tcp.from;
	answer.acknowledgement = 10;
	send(bench, &answer, "");
	tcp.sequence = 10;
	send(bench, &tcp, "d");
	assert_int_equal(tw_tap_idle(bench->tap, bench->time + 0.5), TW_OK);
	assert_int_equal(tw_tap_counts(bench->tap).gaps, 0);
	assert_int_equal(tw_tap_idle(bench->tap, bench->time + 1.5), TW_OK);
	assert_int_equal(tw_tap_counts(bench->tap).gaps, 1);
	assert_int_equal(tw_tap_idle(bench->tap, bench->time + 4000), TW_OK);
	assert_int_equal(tw_tap_counts(bench->tap).memory, 0);
	finish(bench, "mid >abc >gap6 >d >timeout <timeout close");
}

/* A time that goes back, or is none, holds nothing up. */
static void test_odd_times(void **state)
{
	struct bench *bench = begin();
	struct made_tcp tcp = segment(40000, 1);
	(void)state;
	create(bench);
	send(bench, &tcp, "abc");
	bench->time = 5;
	tcp.sequence += 3;
	send(bench, &tcp, "def");
	bench->time = (double)NAN;
	tcp.sequence += 3;
	send(bench, &tcp, "ghi");
	finish(bench, "mid >abcdefghi >end <end close");
}

/* Behind a time that is far ahead, damaged or another capture's, a second is a second still. */
static void test_time_far_ahead(void **state)
{
	struct bench *bench = begin();
	struct made_tcp other = segment(50000, 0), tcp = segment(40000, 0), answer = segment(40000, 0);
	double now = bench->time;
	(void)state;
	create(bench);
	other.flags = 0x02;
	bench->time = 4000000000;
	send(bench, &other, "");
	bench->time = now;
	tcp.flags = 0x02;
	send(bench, &tcp, "");
	tcp.flags = 0x10;
	tcp.sequence = 4;
	send(bench, &tcp, "def");
	answer.from = tcp.to;
	answer.to = tcp.from;
	answer.acknowledgement = 7;
	send(bench, &answer, "");
	bench->time += 0.9;
	send(bench, &answer, "");
	assert_int_equal(tw_tap_counts(bench->tap).gaps, 0);
	bench->time += 0.2;
	send(bench, &answer, "");
	assert_int_equal(tw_tap_counts(bench->tap).gaps, 1);
	finish(bench, "open >gap3 >def >end <end close");
}

static int refuse(void *context, struct tw_flow *flow, unsigned direction, struct tw_slice bytes,
		  const struct tw_packet_at *at)
{
	(void)context;
	(void)flow;
	(void)direction;
	(void)bytes;
	(void)at;
	return TW_ERROR_LIMIT;
}

static void test_refusal(void **state)
{
	struct bench *bench = begin();
	struct made_tcp tcp = segment(40000, 1);
	struct tw_stream_events events = recorded_events(&bench->recorded);
	(void)state;
	events.data = refuse;
	assert_int_equal(tw_tap_create(&bench->settings, &events, &bench->tap), TW_OK);
	struct tw_slice bytes = made_segment(&bench->made, &tcp, TW_LITERAL("abc"));
	struct tw_packet packet = {.bytes = bytes, .length = (uint32_t)bytes.length, .link_type = 1, .number = 1};
	assert_int_equal(tapped_packet(bench->tap, &packet), TW_OK);
	assert_int_equal(tw_tap_idle(bench->tap, 10), TW_ERROR_LIMIT);
	tw_tap_free(bench->tap);
	tw_buffer_free(&bench->recorded.text);
	free(bench);
}

/* The whole memory is bounded, whoever holds it: flows with holes that never close. */
static void test_memory_of_all(void **state)
{
	struct bench *bench = begin();
	char text[1001];
	(void)state;
	memset(text, 'x', 1000);
	text[1000] = '\0';
	bench->settings.memory = 65536;
	create(bench);
	for (unsigned client = 1; client <= 1000; client++) {
		struct made_tcp tcp = segment(client, 0);
		tcp.flags = 0x02;
		send(bench, &tcp, "");
		tcp.flags = 0x10;
		tcp.sequence = 11;
		send(bench, &tcp, text);
		assert_true(tw_tap_counts(bench->tap).memory <= 65536);
	}
	struct tw_tap_counts counts = tw_tap_counts(bench->tap);
	assert_int_equal(counts.data_bytes + counts.memory / 1024 * 1000, 1000 * 1000);
	assert_true(counts.memory_limits > 900);
	finish(bench, NULL);
}

/* Seen from one side nothing is acknowledged: what is kept for comparison is bounded all the same. */
static void test_kept_bytes(void **state)
{
	struct bench *bench = begin();
	struct made_tcp tcp = segment(40000, 0);
	char text[1001];
	(void)state;
	memset(text, 'x', 1000);
	text[1000] = '\0';
	bench->settings.overlap_bytes = 50000;
	create(bench);
	tcp.flags = 0x02;
	send(bench, &tcp, "");
	tcp.flags = 0x10;
	tcp.sequence = 1;
	for (unsigned i = 0; i < 1000; i++) {
		send(bench, &tcp, text);
		tcp.sequence += 1000;
		/* A piece of 16 KiB that is kept in part, and another that is filled in part. */
		assert_true(tw_tap_counts(bench->tap).memory <= 50000 + 2 * 16384 + 1000);
	}
	assert_true(tw_tap_counts(bench->tap).forgotten >= 900000);
	assert_int_equal(tw_tap_counts(bench->tap).data_bytes, 1000000);
	finish(bench, NULL);
}

/* The capture has a few acknowledgements of a small window, and then none: nothing is lost. */
static void test_lost_acknowledgements(void **state)
{
	struct bench *bench = begin();
	struct made_tcp tcp = segment(40000, 0);
	struct made_tcp answer = {
		.from = tcp.to, .to = tcp.from, .acknowledgement = 1, .flags = 0x12, .window = 1000};
	char text[1001];
	(void)state;
	memset(text, 'x', 1000);
	text[1000] = '\0';
	create(bench);
	tcp.flags = 0x02;
	send(bench, &tcp, "");
	send(bench, &answer, "");
	tcp.flags = 0x10;
	tcp.acknowledgement = 1;
	tcp.sequence = 1;
	for (unsigned i = 0; i < 500; i++) {
		send(bench, &tcp, text);
		tcp.sequence += 1000;
	}
	assert_int_equal(tw_tap_counts(bench->tap).data_bytes, 500000);
	assert_int_equal(tw_tap_counts(bench->tap).out_of_window, 0);
	finish(bench, NULL);
}

/* A scan holds its flows for network.handshake_seconds, and tells nobody. */
static void test_handshakes(void **state)
{
	struct bench *bench = begin();
	(void)state;
	create(bench);
	for (unsigned client = 1; client <= 100; client++) {
		struct made_tcp tcp = segment(client, 0);
		tcp.flags = 0x02;
		send(bench, &tcp, "");
	}
	assert_int_equal(tw_tap_counts(bench->tap).flows_now, 100);
	assert_int_equal(tw_tap_idle(bench->tap, bench->time + 59), TW_OK);
	assert_int_equal(tw_tap_counts(bench->tap).flows_now, 100);
	assert_int_equal(tw_tap_idle(bench->tap, bench->time + 61), TW_OK);
	assert_int_equal(tw_tap_counts(bench->tap).flows_now, 0);
	assert_int_equal(tw_tap_counts(bench->tap).flows, 0);
	finish(bench, NULL);
}

/* 100,000 connections at once, each with data both ways: less than 600 bytes for each. */
static void test_many_flows(void **state)
{
	enum { FLOWS = 100000 };
	struct bench *bench = begin();
	(void)state;
	create(bench);
	struct mallinfo2 before = mallinfo2();
	for (unsigned flow = 0; flow < FLOWS; flow++) {
		struct made_tcp tcp = segment(1 + flow % 50000, 1);
		tcp.from.host = (unsigned char)(10 + flow / 50000);
		tcp.acknowledgement = 1;
		struct made_tcp answer = {.from = tcp.to, .to = tcp.from, .sequence = 1, .acknowledgement = 2, .flags = 0x10};
		send(bench, &tcp, "a");
		send(bench, &answer, "b");
		tcp.sequence = 2;
		tcp.acknowledgement = 2;
		send(bench, &tcp, "");
	}
	struct mallinfo2 after = mallinfo2();
	size_t each = (after.uordblks - before.uordblks + after.hblkhd - before.hblkhd -
		       bench->recorded.text.capacity) / FLOWS;
	if (after.uordblks > 0)
		print_message("%zu bytes a flow\n", each);
	assert_int_equal(tw_tap_counts(bench->tap).flows_now, FLOWS);
	assert_int_equal(tw_tap_counts(bench->tap).memory, 0);
	/* A sanitizer's memory is not counted there. */
	assert_true(after.uordblks == 0 || each < 600);
	finish(bench, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_snap_length),
		cmocka_unit_test(test_vlans),
		cmocka_unit_test(test_idle),
		cmocka_unit_test(test_odd_times),
		cmocka_unit_test(test_time_far_ahead),
		cmocka_unit_test(test_refusal),
		cmocka_unit_test(test_memory_of_all),
		cmocka_unit_test(test_kept_bytes),
		cmocka_unit_test(test_lost_acknowledgements),
		cmocka_unit_test(test_handshakes),
		cmocka_unit_test(test_many_flows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
