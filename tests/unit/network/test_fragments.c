/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "network/fragments.h"
#include "packets.h"
#include "recorded.h"
#include "tapped.h"

/*
 * Each case is a list of fragments "OFFSET+ BYTES" (+: more follow; offsets in bytes),
 * and what comes out: the datagram, by hand, or nothing. Letters stand for eight of them,
 * a digit behind the last letter for so many: "ab3" is aaaaaaaabbb.
 */
struct fragment_case {
	const char *name;
	bool ipv6, last;
	const char *fragments;
	const char *expected;
	unsigned conflicts, refused;
};

static const struct fragment_case CASES[] = {
	{"in order", false, false, "0+ ab, 16+ c, 24 d5", "abcd5", 0, 0},
	{"backwards", false, false, "24 d5, 16+ c, 0+ ab", "abcd5", 0, 0},
	{"one twice", false, false, "0+ a, 0+ a, 8 b", "ab", 0, 0},
	{"a hole", false, false, "0+ a, 16 c", "", 0, 0},
	{"no end", false, false, "0+ a, 8+ b", "", 0, 0},
	{"overlap, first", false, false, "0+ ab, 8+ BC, 24 d", "abCd", 1, 0},
	{"overlap, last", false, true, "0+ ab, 8+ BC, 24 d", "aBCd", 1, 0},
	{"the end overlaps, first", false, false, "16 c3, 8+ BC, 0+ a", "", 0, 1},
	{"an overlap that agrees", false, false, "0+ ab, 8+ bc, 24 d", "abcd", 0, 0},
	{"beyond the end", false, false, "8 b, 16+ c, 0+ a", "ab", 0, 1},
	{"another end", false, false, "8 b, 8 b3, 0+ a", "ab", 0, 1},
	{"an end within", false, false, "0+ abc, 8 b", "", 0, 1},
	{"a length that is no multiple of 8 is cut", false, false, "0+ ab3, 8 c", "ac", 0, 0},
	{"IPv6", true, false, "8 b3, 0+ a", "ab3", 0, 0},
	{"IPv6, one twice", true, false, "0+ a, 0+ a, 8 b", "ab", 0, 0},
	{"IPv6, overlap: all is refused", true, false, "0+ ab, 8+ Bc, 24 d, 0+ ab, 16 c", "", 1, 3},
	{"IPv6, no multiple of 8", true, false, "0+ ab3, 8 c", "", 0, 1},
};

static size_t expand(const char *text, char *bytes)
{
	size_t length = 0;
	for (; *text != '\0' && *text != ','; text++) {
		size_t count = text[1] >= '1' && text[1] <= '7' ? (size_t)(text[1] - '0') : 8;
		memset(bytes + length, *text, count);
		length += count;
		text += count < 8;
	}
	return length;
}

static struct tw_layers fragment(bool ipv6, unsigned offset, bool more, struct tw_slice bytes)
{
	struct tw_layers layers = {
		.bytes = bytes,
		.wire = bytes.length,
		.protocol = 6,
		.source = {.bytes = {10, 0, 0, 1}, .length = ipv6 ? 16 : 4},
		.destination = {.bytes = {10, 0, 0, 2}, .length = ipv6 ? 16 : 4},
		.fragment = {.id = 77, .offset = offset, .more = more, .ipv6 = ipv6},
	};
	return layers;
}

static void run_case(const struct fragment_case *which)
{
	struct tw_fragment_settings settings = {.memory = 1 << 20, .seconds = 30, .last = which->last};
	struct tw_fragments *fragments;
	struct tw_buffer out = {0};
	char bytes[256], expected[256];
	assert_int_equal(tw_fragments_create(&settings, &fragments), TW_OK);
	for (const char *at = which->fragments; at != NULL; at = strchr(at, ',')) {
		char offset[8], letters[32];
		struct tw_slice whole;
		at += *at == ',';
		assert_int_equal(sscanf(at, " %7s %31[^,]", offset, letters), 2);
		struct tw_layers layers = fragment(which->ipv6, (unsigned)strtoul(offset, NULL, 10),
						   strchr(offset, '+') != NULL,
						   tw_slice(bytes, expand(letters, bytes)));
		int status = tw_fragments_add(fragments, &layers, 1000, &whole);
		assert_true(status >= 0);
		if (status == 1)
			tw_buffer_append_slice(&out, whole);
	}
	struct tw_slice wanted = tw_slice(expected, expand(which->expected, expected));
	if (!tw_slice_equal(tw_buffer_slice(&out), wanted))
		fail_msg("%s: %.*s", which->name, (int)out.length, out.data);
	struct tw_fragment_counts counts = tw_fragments_counts(fragments);
	if (counts.conflicts != which->conflicts || counts.refused != which->refused)
		fail_msg("%s: %u conflicts, %u refused", which->name, (unsigned)counts.conflicts,
			 (unsigned)counts.refused);
	tw_fragments_finish(fragments);
	assert_int_equal(tw_fragments_counts(fragments).memory, 0);
	tw_fragments_free(fragments);
	tw_buffer_free(&out);
}

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
		run_case(&CASES[i]);
}

static int add(struct tw_fragments *fragments, unsigned id, unsigned offset, bool more, double time)
{
	struct tw_layers layers = fragment(false, offset, more, TW_LITERAL("abcdefgh"));
	struct tw_slice whole;
	layers.fragment.id = id;
	return tw_fragments_add(fragments, &layers, time, &whole);
}

static void test_identity(void **state)
{
	struct tw_fragment_settings settings = {.memory = 1 << 20, .seconds = 30};
	struct tw_fragments *fragments;
	struct tw_slice whole;
	(void)state;
	assert_int_equal(tw_fragments_create(&settings, &fragments), TW_OK);
	assert_int_equal(add(fragments, 1, 0, true, 0), 0);
	assert_int_equal(add(fragments, 2, 8, false, 0), 0);
	struct tw_layers other = fragment(false, 8, false, TW_LITERAL("x"));
	other.fragment.id = 1;
	other.protocol = 17; /* RFC 791: the protocol is part of it */
	assert_int_equal(tw_fragments_add(fragments, &other, 0, &whole), 0);
	other.protocol = 6;
	other.vlan[0] = 5;
	assert_int_equal(tw_fragments_add(fragments, &other, 0, &whole), 0);
	assert_int_equal(add(fragments, 1, 8, false, 0), 1);
	tw_fragments_free(fragments);
}

static void test_time(void **state)
{
	struct tw_fragment_settings settings = {.memory = 1 << 20, .seconds = 30};
	struct tw_fragments *fragments;
	(void)state;
	assert_int_equal(tw_fragments_create(&settings, &fragments), TW_OK);
	assert_int_equal(add(fragments, 1, 0, true, 0), 0);
	assert_int_equal(add(fragments, 2, 0, true, 20), 0);
	tw_fragments_expire(fragments, 30);
	assert_int_equal(tw_fragments_counts(fragments).timeouts, 0);
	tw_fragments_expire(fragments, 30.5);
	assert_int_equal(tw_fragments_counts(fragments).timeouts, 1);
	assert_int_equal(add(fragments, 1, 8, false, 31), 0);
	assert_int_equal(add(fragments, 2, 8, false, 31), 1);
	tw_fragments_free(fragments);
}

/* The oldest go; memory stays within its limit, and what is younger can be put together. */
static void test_memory(void **state)
{
	struct tw_fragment_settings settings = {.memory = 100000, .seconds = 30};
	struct tw_fragments *fragments;
	(void)state;
	assert_int_equal(tw_fragments_create(&settings, &fragments), TW_OK);
	for (unsigned id = 0; id < 200; id++) {
		assert_int_equal(add(fragments, id, 0, true, 0), 0);
		assert_true(tw_fragments_counts(fragments).memory <= settings.memory);
	}
	assert_true(tw_fragments_counts(fragments).evicted > 100);
	assert_int_equal(add(fragments, 199, 8, false, 0), 1);
	assert_int_equal(add(fragments, 0, 8, false, 0), 0);
	tw_fragments_free(fragments);
}

/* A segment in fragments through the whole tap: IPv4, IPv6, and fragments in fragments. */
static void test_through_tap(void **state)
{
	struct recorded recorded;
	struct tw_stream_events events = recorded_events(&recorded);
	struct tw_tap_settings settings = recorded_settings();
	struct made *made = calloc(1, sizeof(*made)), *part = calloc(1, sizeof(*part));
	struct made_end ends[2] = {{false, 1, 4000}, {false, 2, 80}};
	struct made_tcp tcp = {.from = ends[0], .to = ends[1], .sequence = 1, .flags = 0x10};
	struct tw_tap *tap;
	(void)state;
	assert_int_equal(tw_tap_create(&settings, &events, &tap), TW_OK);
	made_begin(made, TW_LITERAL("the quick brown fox jumps over the lazy dog"));
	made_tcp(made, &tcp);
	struct tw_slice whole = made_slice(made);
	for (unsigned at = 0; at < whole.length; at += 16) {
		bool more = at + 16 < whole.length;
		made_begin(part, tw_slice_part(whole, at, 16));
		made_ipv4_part(part, &ends[0], &ends[1], 6, 99, at / 8 | (more ? 0x2000 : 0));
		struct tw_packet packet = {.bytes = made_slice(part), .link_type = 101, .time = 1, .number = 1 + at / 16};
		packet.length = (uint32_t)packet.bytes.length;
		assert_int_equal(tapped_packet(tap, &packet), TW_OK);
	}
	assert_int_equal(tw_tap_finish(tap), TW_OK);
	assert_true(tw_slice_is(tw_buffer_slice(&recorded.text),
				"mid >the quick brown fox jumps over the lazy dog >end <end close"));
	assert_int_equal(tw_tap_counts(tap).datagrams, 1);
	assert_int_equal(tw_tap_counts(tap).fragments, 4);
	tw_tap_free(tap);
	tw_buffer_free(&recorded.text);
	free(made);
	free(part);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_identity),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_through_tap),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
