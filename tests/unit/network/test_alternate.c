/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "network/alternate.h"
#include "recorded.h"
#include "script.h"

#define HELLO "> S 0 - -; < SA 0 1 -; > A 1 1 -; "

/* "." among the bytes of the primary reading is a boundary. */
struct alternate_case {
	const char *name, *segments;
	bool last;
	uint64_t bytes;
	const char *expected;
	unsigned cut;
};

static const struct alternate_case CASES[] = {
	{"no conflict, no other reading", HELLO "> A 1 1 abc; > A 1 1 abc; < A 1 4 -", false, 1000,
	 "open >abc >end <end close", 0},
	{"what was handed on", HELLO "> A 1 1 abcdef; > A 2 1 XXd; < A 1 7 xyz", false, 1000,
	 "open >abcdef !tcp.conflict <xyz >end <end other >aXXdef <xyz >fin <fin close close", 0},
	{"the same with last", HELLO "> A 1 1 abcdef; > A 2 1 XXd; < A 1 7 xyz", true, 1000,
	 "open !tcp.conflict >aXXdef >end <xyz <end other >abcdef <xyz >fin <fin close close", 0},
	{"what waits for other bytes", HELLO "> A 1 1 a; > A 4 1 def; > A 3 1 CDE; > A 2 1 b", false, 1000,
	 "open >a !tcp.conflict >bCdef >end <end other >abCDEf >fin <fin close close", 0},
	{"three times: new bytes win everywhere",
	 HELLO "> A 1 1 abcd; > A 1 1 aXcd; > A 1 1 aYZd; < A 1 5 -", false, 1000,
	 "open >abcd !tcp.conflict >end <end other >aYZd >fin <fin close close", 0},
	{"three times: old bytes win everywhere",
	 HELLO "> A 1 1 abcd; > A 1 1 aXcd; > A 1 1 aYZd; < A 1 5 -", true, 1000,
	 "open !tcp.conflict >aYZd >end <end other >abcd >fin <fin close close", 0},
	{"a gap is one in both", HELLO "> A 1 1 abc; > A 1 1 Xbc; > A 7 1 ghi; < A 1 10 -", false, 1000,
	 "open >abc !tcp.conflict >gap3 >ghi >end <end other >Xbc >gap3 >ghi >fin <fin close close", 0},
	{"from the last boundary on", HELLO "> A 1 1 abc.; < A 1 5 xyz; > A 5 4 def; > A 5 4 dXf; < A 4 8 -",
	 false, 1000, "open >abc. <xyz >def !tcp.conflict >end <end other <xyz >dXf >fin <fin close close", 0},
	{"up to the next boundary", HELLO "> A 1 1 abc; > A 1 1 Xbc; > A 4 1 d.; < A 1 6 -; > A 6 1 ef",
	 false, 1000, "open >abc !tcp.conflict >d. other >Xbcd. >fin <fin close >ef >end <end close", 0},
	{"more than is kept", HELLO "> A 1 1 x*100; > A 101 1 abc; > A 101 1 Xbc; > A 104 1 y*100; < A 1 204 -",
	 false, 200, "open >x*100abc !tcp.conflict >y*100 >end <end other >x*100Xbc >dropped <dropped close"
		     " !tcp.alternate close", 1},
	{"nothing is kept", HELLO "> A 1 1 abc; > A 1 1 aXc; < A 1 4 -", false, 0,
	 "open >abc !tcp.conflict >end <end !tcp.alternate close", 1},
};

static int data(void *context, struct tw_flow *flow, unsigned direction, struct tw_slice bytes,
		const struct tw_packet_at *at)
{
	if (memchr(bytes.data, '.', bytes.length) != NULL)
		tw_alternate_boundary(flow);
	return recorded_data(context, flow, direction, bytes, at);
}

static void run_case(const struct alternate_case *which, bool ipv6)
{
	struct recorded recorded;
	struct tw_buffer expected = {0};
	struct tw_stream_events consumer = recorded_events(&recorded);
	struct tw_tap_settings settings = recorded_settings();
	struct tw_alternate_settings keeping = {which->bytes, 100000, which->last};
	struct script *script = calloc(1, sizeof(*script));
	struct tw_alternate *alternate;
	consumer.data = data;
	settings.overlap_last = which->last;
	assert_int_equal(tw_alternate_create(&keeping, &consumer, &alternate), TW_OK);
	struct tw_stream_events events = tw_alternate_events(alternate);
	assert_int_equal(tw_tap_create(&settings, &events, &script->tap), TW_OK);
	script->begin[0] = script->begin[1] = 0xfffffffe;
	script->ipv6 = ipv6;
	script->time = 1700000000;
	play(script, which->segments);
	assert_int_equal(tw_tap_finish(script->tap), TW_OK);
	expand(which->expected, &expected);
	if (!tw_slice_equal(tw_buffer_slice(&expected), tw_buffer_slice(&recorded.text)))
		fail_msg("%s:\nexpected %.*s\n     got %.*s", which->name, (int)expected.length,
			 expected.data, (int)recorded.text.length, recorded.text.data);
	assert_int_equal(tw_alternate_counts(alternate).cut, which->cut);
	assert_int_equal(tw_alternate_counts(alternate).memory, 0);
	tw_tap_free(script->tap);
	tw_alternate_free(alternate);
	tw_buffer_free(&expected);
	tw_buffer_free(&recorded.text);
	free(script);
}

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
		run_case(&CASES[i], i % 2 == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
