/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What opens and closes, what is counted, what is missing; limits; binary data.
 * Links the parser alone (all C files of parsers/x12), NOT the core library.
 */
#include "x12_testing.h"

static void test_whole(void **state)
{
	(void)state;
	EXPECT(AROUND("N1*SH~"), AROUND_SAID("N1 1.1=SH\n"));
	/* Two groups, two messages each. */
	EXPECT(ISA GS ST "SE*2*0001~ST*310*2~SE*2*2~GE*2*5~GS*IO*A*B*20261120*1000*6*X*005010~"
	       "ST*310*3~SE*2*3~ST*310*4~SE*2*4~GE*2*6~IEA*2*000000007~",
	       ISA_SAID ST_SAID "message_end complete\n"
	       "message type=310 version=004010 reference=2\nmessage_end complete\n"
	       "message type=310 version=005010 reference=3\nmessage_end complete\n"
	       "message type=310 version=005010 reference=4\n" ENDED);
	/* Receipts and requests of the interchange hold no cargo. */
	EXPECT(ISA "TA1*000000001*261120*1000*A*000~ISB*1~" GS ST "SE*2*0001~" GE "ISE*1~" IEA,
	       ISA_SAID ST_SAID ENDED);
	/* Within a message it is a segment as others are. */
	EXPECT(ISA GS ST "SVA*X~" SE3 GE IEA, AROUND_SAID("SVA 1.1=X\n"));
}

static void test_missing(void **state)
{
	(void)state;
#define CUT "message_end incomplete\n"
	EXPECT(ISA GS ST "N1*A~" GE IEA,
	       ISA_SAID ST_SAID "N1 1.1=A\nincomplete x12.message_trailer\n" CUT
	       "interchange_end complete\n");
	EXPECT(ISA GS ST "SE*2*0001~" IEA,
	       ISA_SAID ST_SAID "message_end complete\nincomplete x12.group_trailer\n"
	       "interchange_end complete\n");
	EXPECT(ISA GS ST "SE*2*0001~" GE,
	       ISA_SAID ST_SAID "message_end complete\nincomplete x12.interchange_trailer\n"
	       "interchange_end incomplete\n");
	EXPECT(ISA GS ST "N1*A~" IEA,
	       ISA_SAID ST_SAID "N1 1.1=A\nincomplete x12.message_trailer\n" CUT
	       "incomplete x12.group_trailer\ninterchange_end complete\n");
	/* Another interchange begins, with other delimiters. */
	EXPECT(ISA GS ST "N1*A~"
	       "ISA|00|          |00|          |ZZ|SENDER         |ZZ|RECEIVER       "
	       "|261120|1000|U|00401|000000007|0|P|:\nGS|SO|S|R|20261120|1000|5|X|004010\n"
	       "ST|309|0001\nN1|A*B\nSE|3|0001\nGE|1|5\nIEA|1|000000007\n",
	       ISA_SAID ST_SAID "N1 1.1=A\nincomplete x12.message_trailer\n" CUT
	       "incomplete x12.group_trailer\nincomplete x12.interchange_trailer\n"
	       "interchange_end incomplete\n" AROUND_SAID("N1 1.1=A*B\n"));
	EXPECT(ISA GS ST "N1*A",
	       ISA_SAID ST_SAID "skip x12.truncated\n" CUT "interchange_end incomplete\n");
#undef CUT
}

static void test_counts(void **state)
{
	(void)state;
	/* Too few and too many segments: every byte is read all the same. */
	EXPECT(ISA GS ST "N1*A~SE*2*0001~" GE IEA,
	       ISA_SAID ST_SAID "N1 1.1=A\nanomaly x12.segment_count\n" ENDED);
	EXPECT(ISA GS ST "N1*A~SE*X*0002~" GE IEA,
	       ISA_SAID ST_SAID "N1 1.1=A\nanomaly x12.segment_count\n"
	       "anomaly x12.message_reference\n" ENDED);
	/* More announced than found: something is missing. */
	EXPECT(ISA GS ST "SE*2*0001~GE*2*5~IEA*3*000000007~",
	       ISA_SAID ST_SAID "message_end complete\nincomplete x12.group_missing\n"
	       "incomplete x12.interchange_missing\ninterchange_end complete\n");
	EXPECT(ISA GS ST "SE*2*0001~GE*0*6~IEA*0*000000008~",
	       ISA_SAID ST_SAID "message_end complete\nanomaly x12.group_count\n"
	       "anomaly x12.group_reference\nanomaly x12.interchange_count\n"
	       "anomaly x12.interchange_reference\ninterchange_end complete\n");
}

static void test_misplaced(void **state)
{
	(void)state;
	EXPECT(ISA GS ST "SE*2*0001~SE*2*0001~" GE IEA,
	       ISA_SAID ST_SAID "message_end complete\nanomaly x12.segment_place\n"
	       "interchange_end complete\n");
	/* Segments outside a message are told in one. */
	EXPECT(ISA GS "N1*A~N3*B~" ST "SE*2*0001~" GE IEA,
	       ISA_SAID "skip x12.junk\n" ST_SAID ENDED);
	EXPECT(ISA GS ST "n1*A~" SE3 GE IEA,
	       ISA_SAID ST_SAID "anomaly x12.segment_tag\nn1 1.1=A\n" ENDED);
	EXPECT(ISA GS "ST~SE*2~" GE IEA,
	       ISA_SAID "message version=004010\nanomaly x12.message_type\n" ENDED);
}

/* Text between interchanges, and a message that has none. */
static void test_between(void **state)
{
	(void)state;
	EXPECT("\r\n" ISA GS ST "SE*2*0001~" GE IEA "\r\n\x1a junk ISA of words\n" ISA GS ST
	       "SE*2*0001~" GE IEA "\n\n",
	       ISA_SAID ST_SAID ENDED "skip x12.junk\n" ISA_SAID ST_SAID ENDED);
	EXPECT("ST*310*1~\nN1*A~\nSE*3*1~\n",
	       "interchange auto\nanomaly x12.no_interchange\n"
	       "message type=310 reference=1\nN1 1.1=A\n" ENDED);
	EXPECT("GS*IO*A*B*20261120*1000*6*X*005010\nST*310*1\nN1*A\nSE*3*1\nGE*1*6\nbye",
	       "interchange auto\nanomaly x12.no_interchange\n"
	       "message type=310 version=005010 reference=1\nN1 1.1=A\n" ENDED "skip x12.junk\n");
}

static void test_limits(void **state)
{
	const struct tw_parser_limits small = {.segment_bytes = 110, .segment_pieces = 4,
					       .empty_segments = 2};
	static char longer[4096];

	(void)state;
	memset(longer, 'x', 200);
	static char input[8192];
	int length = snprintf(input, sizeof(input), ISA GS ST "N1*%.200s~" SE3 GE IEA, longer);
	expect_bytes(tw_slice(input, (size_t)length),
		     (struct tw_parser_limits){110, 20, 2},
		     ISA_SAID ST_SAID "skip x12.segment_too_long\n" ENDED);
	expect_bytes(TW_LITERAL(ISA GS ST "N1*1*2*3*4*5~" SE3 GE IEA),
		     (struct tw_parser_limits){4096, 20, 2},
		     AROUND_SAID("N1 1.1=1 2.1=2 3.1=3 4.1=4 5.1=5\n"));
	expect_bytes(TW_LITERAL("ST*309*1~N1*1*2*3*4*5~SE*3*1~"), small,
		     "interchange auto\nanomaly x12.no_interchange\n"
		     "message type=309 reference=1\nN1 1.1=1 2.1=2 3.1=3\n"
		     "skip x12.segment_too_many_pieces\n" ENDED);
	/* Empty segments count or not; too many in a row are odd. */
	EXPECT(ISA GS ST "N1*A~~~" SE3 GE IEA, AROUND_SAID("N1 1.1=A\n"));
	EXPECT(ISA GS ST "N1*A~~SE*4*0001~" GE IEA, AROUND_SAID("N1 1.1=A\n"));
	expect_bytes(TW_LITERAL(ISA GS ST "N1*A~~~~~" SE3 GE IEA),
		     (struct tw_parser_limits){4096, 20, 2},
		     ISA_SAID ST_SAID "N1 1.1=A\nanomaly x12.empty_segments\n" ENDED);
}

/* More elements than the hot loop takes, and components beyond 255. */
static void test_many_pieces(void **state)
{
	static char input[65536];
	int length = snprintf(input, sizeof(input), "%s", ISA GS ST "N1");

	(void)state;
	for (int i = 0; i < 1000; i++)
		length += snprintf(input + length, sizeof(input) - (size_t)length, "*%d>a", i);
	length += snprintf(input + length, sizeof(input) - (size_t)length, "~" SE3 GE IEA);
	for (size_t chunk = 1; chunk < 6000; chunk += 997) {
		struct tw_sink sink = {.brief = true};
		struct recorder_feed feed = {.input = tw_slice(input, (size_t)length),
					     .limits = recorder_limits, .chunk = chunk};
		assert_int_equal(recorder_run(&feed, &sink, NULL), TW_OK);
		assert_non_null(strstr(sink.text, " 1000.1=999 1000.2=a\n" ENDED));
		recorder_free(&sink);
	}
}

/* X12.6: the length alone tells where octets end. */
static void test_binary(void **state)
{
	(void)state;
	EXPECT(ISA GS ST "BIN*9*a~SE*1*~b~" SE3 GE IEA,
	       ISA_SAID ST_SAID "skip x12.binary\n" ENDED);
	EXPECT(ISA GS ST "BDS*ASC*4*~~~~~" SE3 GE IEA,
	       ISA_SAID ST_SAID "skip x12.binary\n" ENDED);
	/* EFI describes what follows, and holds no octets. */
	EXPECT(ISA GS ST "EFI*09~BIN*2*ab~SE*4*0001~" GE IEA,
	       ISA_SAID ST_SAID "EFI 1.1=09\nskip x12.binary\n" ENDED);
	EXPECT(ISA GS ST "BIN*0*~" SE3 GE IEA, ISA_SAID ST_SAID "skip x12.binary\n" ENDED);
	/* Too short, too long, no number: passed over up to what can only be a segment. */
	EXPECT(ISA GS ST "BIN*3*ab*c~d~N1*A~\n" SE3 GE IEA,
	       ISA_SAID ST_SAID "skip x12.binary_length\n" ENDED);
	EXPECT(ISA GS ST "BIN*five*ab~" SE3 GE IEA,
	       ISA_SAID ST_SAID "skip x12.binary_length\n" ENDED);
	EXPECT(ISA GS ST "BIN*900*ab~" SE3 GE IEA,
	       ISA_SAID ST_SAID "skip x12.binary_length\nmessage_end incomplete\n"
	       "interchange_end incomplete\n");
	EXPECT(ISA GS ST "BIN*2*ab",
	       ISA_SAID ST_SAID "skip x12.binary_length\nmessage_end incomplete\n"
	       "interchange_end incomplete\n");
	/* Without octets it is a segment. */
	EXPECT(ISA GS ST "BIN*25~" SE3 GE IEA, AROUND_SAID("BIN 1.1=25\n"));
}

/* A sink that refuses stops the parser with its status. */
static void test_refusal(void **state)
{
	static const char input[] = AROUND("N1*SH~N1*CN~");

	(void)state;
	for (int calls = 1; calls < 10; calls++) {
		struct tw_sink sink = {.brief = true, .refuse_after = calls};
		struct recorder_feed feed = {.input = tw_slice(input, sizeof(input) - 1),
					     .limits = recorder_limits, .chunk = SIZE_MAX};
		assert_int_equal(recorder_run(&feed, &sink, NULL), calls < 9 ? TW_ERROR_LIMIT : TW_OK);
		recorder_free(&sink);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),	    cmocka_unit_test(test_missing),
		cmocka_unit_test(test_counts),	    cmocka_unit_test(test_misplaced),
		cmocka_unit_test(test_between),	    cmocka_unit_test(test_limits),
		cmocka_unit_test(test_many_pieces), cmocka_unit_test(test_binary),
		cmocka_unit_test(test_refusal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
