/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records in lines and in 80 columns, messages, what has no identifier, no trailer, or
 * is too long, and input cut at every byte. Made up. Links the parser alone, NOT the
 * core library (see recorder.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "recorder.h"
#include "../expect_bytes.h"

#define BEGUN "interchange auto sender=ZZZZ\n"
#define BILL "message type=M01\nM01 1.1=ZZZZ11\nB01 1.1=BILL1\n"
#define WHOLE "message_end complete\ninterchange_end complete\n"
#define BLANKS_10 "          "
#define BLANKS_70 BLANKS_10 BLANKS_10 BLANKS_10 BLANKS_10 BLANKS_10 BLANKS_10 BLANKS_10
#define LOST "incomplete camir.trailer\nmessage_end incomplete\ninterchange_end incomplete\n"

static void test_lines(void **state)
{
	(void)state;
	EXPECT("ACRZZZZ\nM01ZZZZ11\nB01BILL1\nZCRZZZZ\n", BEGUN BILL WHOLE);
	EXPECT("ACRZZZZ\r\nM01ZZZZ11  \r\n\r\nB01BILL1\r\nZCR", BEGUN BILL WHOLE);
	EXPECT("  \nACRZZZZ" BLANKS_70 "   \nM01ZZZZ11\nB01BILL1\nZCRZZZZ\n\n\x1a", BEGUN BILL WHOLE);
	/* Each M01 begins a message, and so does what stands before one. */
	EXPECT("ACRZZ\x20\x20\nW01X\nM01ZZZZ11\nM01YYYY\nZCR\n",
	       "interchange auto sender=ZZ\nmessage type=W01\nW01 1.1=X\nmessage_end complete\n"
	       "message type=M01\nM01 1.1=ZZZZ11\nmessage_end complete\n"
	       "message type=M01\nM01 1.1=YYYY\n" WHOLE);
	EXPECT("ACRZZZZ\nZCRZZZZ\n", BEGUN "interchange_end complete\n");
}

/* 80 columns a record, and no line ends. */
static void test_blocks(void **state)
{
	(void)state;
	EXPECT("ACRZZZZMI " BLANKS_70 "M01ZZZZ11 " BLANKS_70 "B01BILL1  " BLANKS_70 "ZCRZZZZ   " BLANKS_70,
	       BEGUN BILL WHOLE);
	EXPECT("ACRZZZZMI " BLANKS_70 "M01ZZZZ11 " BLANKS_70 "B01BILL1\nZCRZZZZ", BEGUN BILL WHOLE);
	/* A blank too many shifts what follows: it is told as it stands. */
	EXPECT("ACRZZZZMI " BLANKS_70 "M01ZZZZ11 " BLANKS_70 " B01BILL1 " BLANKS_70 "B01BILL2  " BLANKS_70 "ZCR",
	       BEGUN "message type=M01\nM01 1.1=ZZZZ11\nanomaly camir.record\nRECORD 1.1= B01BILL1\n"
		     "B01 1.1=BILL2\n" WHOLE);
}

/* A text that further records go on with is an element of its own. */
static void test_texts(void **state)
{
	(void)state;
	EXPECT("ACRZZZZ\nM01\nD010000000012PLASTIC TOYS                                 XX\nD01  12\nD02MARKS\nZCR\n",
	       BEGUN "message type=M01\nM01\nD01 1.1=0000000012 2.1=PLASTIC TOYS                                  3.1=XX\n"
		     "D01 1.1=  12\nD02 2.1=MARKS\n" WHOLE);
	EXPECT("ACRZZZZ\nM01\nS01Z\xc3\xbcRICH\nZCR\n",
	       BEGUN "message type=M01\nM01\nS01 1.1=<high>Z\xc3\xbcRICH\n" WHOLE);
}

static void test_broken(void **state)
{
	(void)state;
	/* Several in a row are one remark. */
	EXPECT("ACRZZZZ\nM01ZZZZ11\nfree text\nmore\nB01BILL1\nmore\nZCR\n",
	       BEGUN "message type=M01\nM01 1.1=ZZZZ11\nanomaly camir.record\nRECORD 1.1=free text\n"
		     "RECORD 1.1=more\nB01 1.1=BILL1\nanomaly camir.record\nRECORD 1.1=more\n" WHOLE);
	EXPECT("ACRZZZZ\nM01ZZZZ11\nB01BILL1\n", BEGUN BILL LOST);
	EXPECT("ACRZZZZ\nM01ZZZZ11\nB01BILL1\nACRYYYY\nZCR\n",
	       BEGUN BILL LOST "interchange auto sender=YYYY\ninterchange_end complete\n");
	/* Another syntax begins: its bytes are left to it. Here nobody is asked. */
	EXPECT("ACRZZZZ\nM01ZZZZ11\nB01BILL1\nUNB+UNOA:2\n", BEGUN BILL LOST "skip camir.junk\n");
	EXPECT("junk ACRZZZZ\nZCR\n", "skip camir.junk\n" BEGUN "interchange_end complete\n");
	struct tw_parser_limits limits = recorder_limits;
	limits.segment_bytes = 100;
	expect_bytes(TW_LITERAL("ACRZZZZ\nM01ZZZZ11\nB01" BLANKS_70 BLANKS_70 "X\nB01BILL1\nZCR\n"), limits,
		     BEGUN "message type=M01\nM01 1.1=ZZZZ11\nskip camir.record_too_long\nB01 1.1=BILL1\n" WHOLE);
}

static void cut_everywhere(struct tw_slice whole)
{
	for (size_t length = 1; length < whole.length; length++) {
		struct tw_sink first = {0}, second = {0};
		struct recorder_feed feed = {.input = tw_slice_part(whole, 0, length),
					     .limits = recorder_limits, .chunk = SIZE_MAX};
		assert_int_equal(recorder_run(&feed, &first, NULL), TW_OK);
		assert_int_not_equal(first.skips + first.incompletes, 0);
		feed.chunk = 1;
		assert_int_equal(recorder_run(&feed, &second, NULL), TW_OK);
		assert_string_equal(first.text, second.text);
		recorder_free(&first);
		recorder_free(&second);
	}
}

/* A file that is cut anywhere does not pass as whole. */
static void test_cut_everywhere(void **state)
{
	(void)state;
	cut_everywhere(TW_LITERAL("ACRZZZZMI\nM01ZZZZ11\nB01BILL1\nD010000000012TOYS\nZCR"));
	cut_everywhere(TW_LITERAL("ACRZZZZMI " BLANKS_70 "M01ZZZZ11 " BLANKS_70 "B01BILL1  " BLANKS_70 "ZCR"));
}

static void test_probe(void **state)
{
	const struct tw_parser *parser = camir_LTX_tw_parser();

	(void)state;
	assert_true(parser->probe(TW_LITERAL("ACRZZZZ\nM01"), false) > 50);
	assert_true(parser->probe(TW_LITERAL("ACRZZZZ   " BLANKS_70 "M01"), false) > 50);
	assert_true(parser->probe(TW_LITERAL("ACRZZZZ\n"), true) > 50);
	assert_true(parser->probe(TW_LITERAL("AC"), false) < 0);
	assert_true(parser->probe(TW_LITERAL("ACRZZZZ\nM0"), false) < 0);
	assert_int_equal(parser->probe(TW_LITERAL("AC"), true), 0);
	assert_int_equal(parser->probe(TW_LITERAL("ACRES OF LAND\nARE"), false), 0);
	assert_int_equal(parser->probe(TW_LITERAL("ACRZZZZ\nfree text"), false), 0);
	assert_int_equal(parser->probe(TW_LITERAL("ACRZ+ZZ\nM01"), false), 0);
	assert_int_equal(parser->probe(TW_LITERAL("M01ZZZZ\n"), false), 0);
	assert_int_equal(parser->find(TW_LITERAL("ACRE ACRZZZZ\nM01")), 5);
	assert_int_equal(parser->find(TW_LITERAL("xyz AC")), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),  cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_texts),  cmocka_unit_test(test_broken),
		cmocka_unit_test(test_probe),  cmocka_unit_test(test_cut_everywhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
