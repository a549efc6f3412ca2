/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "recorded.h"
#include "script.h"

/*
 * Each case is a script of segments (script.h), and what a receiver that follows RFC 9293
 * would have read, by hand. Every case runs with several initial numbers, so that
 * sequences wrap everywhere.
 */
struct tcp_case {
	const char *name;
	const char *segments;
	const char *expected;
	const char *set; /* settings: see apply() */
};

#define HELLO "> S 0 - -; < SA 0 1 -; > A 1 1 -; "

static const struct tcp_case CASES[] = {
	{"a whole connection",
	 HELLO "> A 1 1 abc; < A 1 4 -; < A 1 4 xyz; > A 4 4 -; > FA 4 4 -; < FA 4 5 -; > A 5 5 -",
	 "open >abc <xyz >fin <fin close", NULL},
	{"data with the FIN", HELLO "> FA 1 1 abc; < A 1 5 -; < FA 1 5 xyz; > A 5 5 -",
	 "open >abc >fin <xyz <fin close", NULL},
	{"data with the SYN", "> S 0 - abc; < SA 0 4 -; > A 4 1 def", "open >abcdef >end <end close",
	 NULL},
	{"two segments change places", HELLO "> A 4 1 def; > A 1 1 abc; < A 1 7 -",
	 "open >abcdef >end <end close", NULL},
	{"one byte each, backwards", HELLO "> A 4 1 d; > A 3 1 c; > A 2 1 b; > A 1 1 a",
	 "open >abcd >end <end close", NULL},
	{"the FIN comes before its data", HELLO "> FA 4 1 -; > A 1 1 abc; < A 1 5 -",
	 "open >abc >fin <end close", NULL},
	{"a retransmission", HELLO "> A 1 1 abc; > A 1 1 abc; < A 1 4 -; > A 1 1 abc",
	 "open >abc >end <end close", NULL},
	{"a retransmission that goes on", HELLO "> A 1 1 abc; > A 1 1 abcdef",
	 "open >abcdef >end <end close", NULL},
	{"a retransmission over a hole", HELLO "> A 1 1 ab; > A 5 1 ef; > A 1 1 abcdefg",
	 "open >abcdefg >end <end close", NULL},
	{"overlaps that agree, out of order", HELLO "> A 3 1 cdef; > A 5 1 efgh; > A 1 1 abc",
	 "open >abcdefgh >end <end close", NULL},

	{"overlap in waiting bytes: first",
	 HELLO "> A 1 1 a; > A 4 1 defg; > A 3 1 CDEFGH; > A 2 1 b",
	 "open >a !tcp.conflict >bCdefgH >end <end close", NULL},
	{"overlap in waiting bytes: last",
	 HELLO "> A 1 1 a; < A 1 2 -; > A 4 1 defg; > A 3 1 CDEFGH; > A 2 1 b; < A 1 9 -",
	 "open >a !tcp.conflict >bCDEFGH >end <end close", "last"},
	{"other bytes than were handed on: first",
	 HELLO "> A 1 1 abc; > A 1 1 aXc; < A 1 4 -", "open >abc !tcp.conflict >end <end close",
	 NULL},
	{"other bytes than were handed on: last",
	 HELLO "> A 1 1 abc; > A 1 1 aXc; < A 1 4 -; > A 4 1 d; < A 1 5 -",
	 "open !tcp.conflict >aXcd >end <end close", "last"},
	{"other bytes once acknowledged are read by nobody",
	 HELLO "> A 1 1 abc; < A 1 4 -; > A 1 1 aXc", "open >abc >end <end close", NULL},
	{"last: what nobody acknowledged comes at the end",
	 HELLO "> A 1 1 abc", "open >abc >end <end close", "last"},

	{"a gap that was acknowledged, after the wait",
	 HELLO "> A 1 1 abc; > A 7 1 ghi; < A 1 10 -; < A 1 10 - +0.9; < A 1 10 xyz +0.2",
	 "open >abc >gap3 >ghi <xyz >end <end close", NULL},
	{"an acknowledgement before its data",
	 HELLO "< A 1 7 -; > A 1 1 abc +0.1; > A 4 1 def +0.5; < A 1 7 z +5",
	 "open >abcdef <z >end <end close", NULL},
	{"an acknowledgement whose data never come",
	 HELLO "> A 1 1 abc; < A 1 7 -; < A 1 7 z +2; > A 7 2 g", "open >abc <z >gap3 >g >end <end close",
	 NULL},
	{"a forged acknowledgement blinds nobody",
	 HELLO "> A 1 1 abc; < A 1 50000 -; < A 1 50000 - +2; > A 4 1 def; < A 1 7 -",
	 "open >abcdef >gap49993 >end <end close", NULL},
	{"a hole that nobody acknowledged stays open",
	 HELLO "> A 1 1 abc; > A 7 1 ghi; > A 10 1 j +100; > A 4 1 def +100",
	 "open >abcdefghij >end <end close", NULL},
	{"a hole at the end of the capture", HELLO "> A 1 1 abc; > A 7 1 ghi",
	 "open >abc >gap3 >ghi >end <end close", NULL},
	{"acknowledged bytes missing at the end", HELLO "> A 1 1 abc; < A 1 9 -",
	 "open >abc >gap5 >end <end close", NULL},
	{"a FIN that the capture has not", HELLO "> A 1 1 abc; < A 1 5 -; < A 1 5 z +9",
	 "open >abc <z >end <end close", NULL},
	{"a partly acknowledged hole",
	 HELLO "> A 1 1 abc; > A 7 1 ghi; < A 1 5 -; < A 1 5 z +2; > A 5 2 ef",
	 "open >abc >gap1 <z >efghi >end <end close", NULL},
	{"data behind a gap that was closed come too late",
	 HELLO "> A 7 1 ghi; < A 1 10 -; < A 1 10 - +2; > A 1 1 abcdef",
	 "open >gap6 >ghi !tcp.late >end <end close", NULL},

	{"no SYN", "> A 1 1 abc; < A 1 4 xyz; > A 4 4 def", "mid >abc <xyz >def >end <end close", NULL},
	{"no SYN, and the first two change places", "> A 4 1 def; > A 1 1 abc; < A 1 7 -",
	 "mid >abcdef >end <end close", NULL},
	{"no SYN, and the first is late", "> A 4 1 def; < A 1 1 -; > A 1 1 abc; < A 1 7 -",
	 "mid >abcdef >end <end close", NULL},
	{"no SYN, one direction only, three change places", "> A 7 1 ghi; > A 4 1 def; > A 1 1 abc",
	 "mid >abcdefghi >end <end close", NULL},
	{"no SYN, the one in front comes after the wait", "> A 4 1 def; > A 7 1 g +1.1; > A 1 1 abc",
	 "mid >defg >end <end close", NULL},
	{"no SYN, and a hole", "> A 7 1 ghi; > A 1 1 abc; < A 1 10 - +0.1; < A 1 10 z +1.1",
	 "mid >abc >gap3 >ghi <z >end <end close", NULL},
	{"no SYN, more than may wait", "> A 601 1 x*600; > A 1 1 y*600", "mid >y*600x*600 >end <end close",
	 "bytes=1024"},
	{"no SYN, not followed", "> A 1 1 abc; < A 1 4 xyz", "", "whole"},
	{"only the answer's SYN", "< SA 0 1 -; > A 1 1 abc; < A 1 4 z", "open >abc <z >end <end close",
	 NULL},
	{"only one direction", "> S 0 - -; > A 1 1 abc; > A 4 1 def; > FA 7 1 -",
	 "open >abcdef >fin <end close", NULL},
	{"the SYN again", "> S 0 - -; > S 0 - - +1; < SA 0 1 -; < SA 0 1 - +1; > A 1 1 abc",
	 "open >abc >end <end close", NULL},
	{"no data, no flow", HELLO "> FA 1 1 -; < FA 1 2 -; > A 2 2 -", "", NULL},
	{"half closed", HELLO "> FA 1 1 -; < A 1 2 -; < A 1 2 abc; > A 2 4 -; < FA 4 2 -; > A 2 5 -",
	 "open >fin <abc <fin close", NULL},

	{"a reset", HELLO "> A 1 1 abc; < A 1 4 -; < R 1 - -; > A 4 1 z +61",
	 "open >abc >reset <reset close mid >z >end <end close", NULL},
	{"a reset of what is long acknowledged", HELLO "> A 1 1 abc; < A 1 4 -; > R 2 - -",
	 "open >abc >end <end close", NULL},
	{"a reset outside of the window", HELLO "> A 1 1 abc; < A 1 4 -; > R 900000 - -; > A 4 1 def",
	 "open >abcdef >end <end close", NULL},
	{"a forged reset", HELLO "> A 1 1 abc; < A 1 4 -; > R 4 - -; > A 4 1 def; < A 1 7 -",
	 "open >abc !tcp.reset >def >end <end close", NULL},
	{"data on their way behind a reset", HELLO "> A 1 1 abc; < R 1 - -; > A 4 1 def",
	 "open >abcdef >reset <reset close", NULL},
	{"the data before a reset come behind it", HELLO "> R 4 - -; > A 1 1 abc",
	 "open >abc >reset <reset close", NULL},
	{"a refused connection", "> S 0 - -; < RA 0 1 -", "", NULL},
	{"data without an acknowledgement are taken by nobody",
	 HELLO "> A 1 1 abc; > P 4 - XXX; > F 4 - -; > A 4 1 def", "open >abcdef >end <end close", NULL},
	{"a SYN with a FIN is taken by nobody", "> SF 0 - abc; > S 0 - -; < SA 0 1 -; > A 1 1 def",
	 "open >def >end <end close", NULL},
	{"a forged FIN", HELLO "> A 1 1 abc; > FA 4 1 -; > A 4 1 def; < A 1 7 -",
	 "open >abc !tcp.fin >def >end <end close", NULL},
	{"data behind an acknowledged FIN", HELLO "> A 1 1 abc; > FA 4 1 -; < A 1 5 -; > A 5 1 def",
	 "open >abc >fin <end close", NULL},

	{"ports used again behind the end",
	 HELLO "> FA 1 1 abc; < FA 1 5 -; > A 5 2 -; > S 100000 - -; < SA 700 100001 -; > A 100001 701 def",
	 "open >abc >fin <fin close open >def >end <end close", NULL},
	{"ports used again behind a reset",
	 HELLO "> A 1 1 abc; > R 4 - -; > S 500 - -; < SA 700 501 -; > A 501 701 def",
	 "open >abc >reset <reset close open >def >end <end close", NULL},
	{"a forged reset and a forged SYN",
	 HELLO "> A 1 1 abc; < A 1 4 -; > R 4 - -; > S 9000 - -; > A 4 1 def; < A 1 7 -",
	 "open >abc !tcp.reset >def >end <end close", NULL},
	{"ports used again behind a reset, seen from one side only",
	 "> S 0 - -; > A 1 1 abc; > R 4 - -; > S 500 - -; > A 501 1 def",
	 "open >abc >reset <reset close mid >def >end <end close", NULL},
	{"ports used again, the end was not seen",
	 HELLO "> A 1 1 abc; < A 1 4 -; > S 5000000 - - +9; < SA 9000000 5000001 -; > A 5000001 9000001 def",
	 "open >abc >timeout <timeout close open >def >end <end close", NULL},
	{"ports used again, seen from one side only",
	 "> S 0 - -; > A 1 1 abc; > S 5000000 - -; > A 5000001 1 def",
	 "open >abc >timeout <timeout close mid >def >end <end close", NULL},
	{"a forged SYN within a connection", HELLO "> A 1 1 abc; > S 5000000 - -; < A 1 4 -; > A 4 1 def",
	 "open >abcdef >end <end close", NULL},

	{"keep-alives", HELLO "> A 1 1 abc; < A 1 4 -; > A 3 1 -; < A 1 4 -; > A 3 1 X; < A 1 4 -; > A 4 1 d",
	 "open >abcd >end <end close", NULL},
	{"a probe of a closed window", HELLO "> A 1 1 abc; < A 1 4 - w=0; > A 4 1 d; < A 1 4 - w=0; > A 4 1 d; < A 1 5 -",
	 "open >abcd >end <end close", NULL},
	{"data far outside of the window", HELLO "> A 1 1 abc; < A 1 4 - w=100; > A 200000 1 X; > A 4 1 def",
	 "open >abcdef !tcp.window >end <end close", NULL},
	{"a window that is scaled",
	 "> S 0 - - s=7; < SA 0 1 - s=7; > A 1 1 abc; < A 1 4 - w=1000; > A 150004 1 d",
	 "open >abc >gap150000 >d >end <end close", NULL},
	{"data in front of the acknowledgement that opens the window for them",
	 "> S 0 - - s=14; < SA 0 1 - s=14; > A 1 1 abc; < A 1 4 - w=1; > A 200000 1 xyz; < A 1 4 - w=60000",
	 "open >abc >gap199996 >xyz >end <end close", NULL},
	{"data outside of the window give way to those within",
	 "> S 0 - - s=14; < SA 0 1 - s=14; > A 1 1 abc; < A 1 4 - w=1; > A 200000 1 XYZ; < A 1 4 - w=60000; "
	 "> A 200001 1 yz",
	 "open >abc >gap199996 >Xyz >end <end close", NULL},
	{"data outside of the window change nothing within",
	 HELLO "> A 1 1 abc; < A 1 4 -; > A 125000 1 abcdef; > A 125600 1 XYZ; > A 1000 1 d",
	 "open >abc !tcp.window >gap996 >d >gap123999 >abcdef >end <end close", NULL},
	{"a scale that only one side has does not count",
	 "> S 0 - -; < SA 0 1 - s=7; > A 1 1 abc; < A 1 4 - w=1000; > A 150004 1 d",
	 "open >abc !tcp.window >end <end close", NULL},
	{"one other byte where a keep-alive would be, unacknowledged", HELLO "> A 1 1 abc; > A 3 1 X",
	 "open >abc !tcp.conflict >end <end close", NULL},
	{"an acknowledgement of what cannot have been sent hides no conflict",
	 HELLO "> A 1 1 abc; < A 1 3000000 -; > A 1 1 aXc", "open >abc !tcp.conflict >end <end close", NULL},
	{"a hole of the capture, larger than any window",
	 HELLO "> A 1 1 abc; < A 1 4 -; < A 1 3000000 -; < A 1 3000000 -; < A 1 3000000 -; > A 3000000 1 d; < A 1 3000001 - +2",
	 "open >abc >gap2999996 >d >end <end close", NULL},
	{"an urgent byte", HELLO "> A 1 1 abc; > AU 4 1 dXe u=2; < A 1 7 -",
	 "open >abc !tcp.urgent >de >end <end close", NULL},
	{"an urgent byte, inline", HELLO "> A 1 1 abc; > AU 4 1 dXe u=2; < A 1 7 -",
	 "open >abc !tcp.urgent >dXe >end <end close", "inline"},

	{"silence", HELLO "> A 1 1 abc; < A 1 4 xyz +3601", "open >abc >timeout <timeout close mid >xyz >end <end close",
	 NULL},
	{"the limit of waiting bytes gives up the hole",
	 HELLO "> A 1 1 abc; > A 10 1 x*600; > A 620 1 y*600; > A 4 1 z",
	 "open >abc >gap6 >x*600 !tcp.memory !tcp.late >gap10 >y*600 >end <end close", "bytes=1024"},
	{"the limit of waiting bytes gives up the flow",
	 HELLO "> A 1 1 abc; > A 10 1 x*600; > A 620 1 y*600; > A 4 1 z",
	 "open >abc !tcp.memory >gap6 >x*600 >gap10 >y*600 >dropped <dropped close", "bytes=1024 drop"},
	{"the limit of waiting pieces", HELLO "> A 1 1 a; > A 3 1 c; > A 5 1 e; > A 7 1 g; > A 2 1 b",
	 "open >a >gap1 >c !tcp.memory !tcp.late >gap1 >e >gap1 >g >end <end close", "pieces=2"},
	{"no memory from a packet on, forced", HELLO "> A 1 1 abc; < A 1 4 -; > A 5 1 e; > A 4 1 d; > A 6 1 f",
	 "open >abc >gap1 >e !tcp.memory !tcp.late >f >end <end close", "memory at 6"},
	{"no memory for flows from a packet on, forced", HELLO "> A 1 1 abc; >2 S 0 - -; >2 A 1 1 def",
	 "open >abc >dropped <dropped close !network.flows open >def >end <end close", "table at 5"},
	{"more flows than are held: the oldest goes",
	 HELLO "> A 1 1 abc; >2 S 0 - -; >2 A 1 1 def",
	 "open >abc >dropped <dropped close !network.flows open >def >end <end close", "flows=1"},
	{"more flows than are held: the newest is refused",
	 HELLO "> A 1 1 abc; >2 S 0 - -; >2 A 1 1 def; > A 4 1 g",
	 "open >abc !network.flows >g >end <end close !network.flows", "flows=1 newest"},
};

static void apply(struct tw_tap_settings *settings, const char *set)
{
	const char *at;
	if (set == NULL)
		return;
	settings->overlap_last = strstr(set, "last") != NULL;
	settings->midstream = strstr(set, "whole") == NULL;
	settings->urgent_inline = strstr(set, "inline") != NULL;
	settings->memory_drop = strstr(set, "drop") != NULL;
	settings->refuse_flows = strstr(set, "newest") != NULL;
	if ((at = strstr(set, "bytes=")) != NULL)
		settings->reorder_bytes = strtoul(at + 6, NULL, 10);
	if ((at = strstr(set, "pieces=")) != NULL)
		settings->reorder_segments = strtoul(at + 7, NULL, 10);
	if ((at = strstr(set, "memory at ")) != NULL)
		settings->full_memory = strtoul(at + 10, NULL, 10);
	if ((at = strstr(set, "table at ")) != NULL)
		settings->full_flows = strtoul(at + 9, NULL, 10);
	if ((at = strstr(set, "flows=")) != NULL)
		settings->flows = strtoul(at + 6, NULL, 10);
}

static void run_case(const struct tcp_case *which, const uint32_t begin[2], bool ipv6)
{
	struct recorded recorded;
	struct tw_buffer expected = {0};
	struct tw_stream_events events = recorded_events(&recorded);
	struct tw_tap_settings settings = recorded_settings();
	struct script *script = calloc(1, sizeof(*script));
	apply(&settings, which->set);
	memcpy(script->begin, begin, sizeof(script->begin));
	script->ipv6 = ipv6;
	script->time = 1700000000;
	assert_int_equal(tw_tap_create(&settings, &events, &script->tap), TW_OK);
	play(script, which->segments);
	assert_int_equal(recorded_finish(&recorded, script->tap), TW_OK);
	assert_int_equal(tw_tap_counts(script->tap).memory, 0);
	expand(which->expected, &expected);
	if (!tw_slice_equal(tw_buffer_slice(&expected), tw_buffer_slice(&recorded.text)))
		fail_msg("%s (from %u, %u):\nexpected %.*s\n     got %.*s", which->name, begin[0],
			 begin[1], (int)expected.length, expected.data, (int)recorded.text.length,
			 recorded.text.data == NULL ? "" : recorded.text.data);
	tw_tap_free(script->tap);
	tw_buffer_free(&expected);
	tw_buffer_free(&recorded.text);
	free(script);
}

static void test_cases(void **state)
{
	static const uint32_t begins[][2] = {
		{0, 0}, {1000, 77777}, {0xffffffff, 0xfffffffd}, {0xfffffffc, 0x7fffffff},
		{0x7ffffffe, 0xfffffffb},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
		for (size_t j = 0; j < sizeof(begins) / sizeof(begins[0]); j++)
			run_case(&CASES[i], begins[j], j % 2 != 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
