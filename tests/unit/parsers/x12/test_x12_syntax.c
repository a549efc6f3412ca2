/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Delimiters: where X12.5 and X12.6 say they stand, and what real headers make of it.
 * Links the parser alone (all C files of parsers/x12), NOT the core library.
 */
#include "x12_testing.h"

/* The same message with other delimiters: '*' element, '>' component, '~' terminator are replaced. */
static void expect_replaced(const char *element, const char *component, const char *terminator)
{
	static const char input[] = AROUND("N1*SH*A>B*C D~");
	char buffer[2048];
	size_t length = 0;

	for (const char *at = input; *at != 0; at++) {
		char same[2] = {*at, 0};
		const char *put = *at == '*' ? element
				  : *at == '>' ? component
				  : *at == '~' ? terminator
					       : same;
		length += (size_t)snprintf(buffer + length, sizeof(buffer) - length, "%s", put);
	}
	expect_bytes(tw_slice(buffer, length), recorder_limits,
		     AROUND_SAID("N1 1.1=SH 2.1=A 2.2=B 3.1=C D\n"));
}

static void test_delimiters(void **state)
{
	(void)state;
	expect_replaced("*", ">", "~");
	expect_replaced("|", ":", "\n");
	expect_replaced("|", ":", "\r");
	expect_replaced("|", ":", "\r\n");
	expect_replaced("*", ">", "~\n");
	expect_replaced("*", ">", "~\r\n\r\n  ");
	/* As CBP wants it (hex 15), and DEL between elements. */
	expect_replaced("*", ">", "\x15");
	expect_replaced("\x7f", "\x1f", "\x1c");
	expect_replaced("\t", ":", "\n");
	/* A character of more than one byte: an ellipsis, a section sign, beyond the BMP. */
	expect_replaced("*", ">", "\xe2\x80\xa6");
	expect_replaced("*", ">", "\xe2\x80\xa6\n");
	expect_replaced("*", ">", "\xc2\xa7");
	expect_replaced("*", ">", "\xf0\x9f\x9a\xa2");
	/* The same in Latin-1 is one byte. */
	expect_replaced("*", ">", "\xa7");
	expect_replaced("*", "\\", "'");
}

/* Bytes that begin as the terminator does are text. */
static void test_wide_terminator(void **state)
{
	(void)state;
#define E "\xe2\x80\xa6"
	EXPECT("ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       "
	       "*261120*1000*U*00401*000000007*0*P*>" E "GS*SO*S*R*20261120*1000*5*X*004010" E
	       "ST*309*0001" E "N1*SH*DASH \xe2\x80\x94 IT" E "SE*3*0001" E "GE*1*5" E
	       "IEA*1*000000007" E,
	       AROUND_SAID("N1 1.1=SH 2.1=<high>DASH \xe2\x80\x94 IT\n"));
	/* The input ends inside the terminator. */
	EXPECT("ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       "
	       "*261120*1000*U*00401*000000007*0*P*>" E "GS*SO*S*R*20261120*1000*5*X*004010\xe2\x80",
	       ISA_SAID "skip x12.truncated\ninterchange_end incomplete\n");
#undef E
}

/* ISA11 repeats from 00402 on; before that it named the standard, whatever stands there. */
static void test_repetition(void **state)
{
	(void)state;
	EXPECT(ISA_WITH("^", "00501", "P*:~") GS ST "N1*A^B:C^D~" SE3 GE IEA,
	       AROUND_SAID("N1 1.1=A 1.1*2=B 1.2*2=C 1.1*3=D\n"));
	EXPECT(ISA_WITH("`", "00402", "P*:~") GS ST "N1*A`B~" SE3 GE IEA,
	       AROUND_SAID("N1 1.1=A 1.1*2=B\n"));
	EXPECT(ISA_WITH("^", "00401", "P*:~") GS ST "N1*A^B~" SE3 GE IEA,
	       AROUND_SAID("N1 1.1=A^B\n"));
	EXPECT(ISA_WITH("U", "00501", "P*:~") GS ST "N1*AUB~" SE3 GE IEA, AROUND_SAID("N1 1.1=AUB\n"));
	/* It cannot be another delimiter. */
	EXPECT(ISA_WITH(":", "00501", "P*:~") GS ST "N1*A:B~" SE3 GE IEA,
	       AROUND_SAID("N1 1.1=A 1.2=B\n"));
}

/* ISX01 (version 00704) names a release character. */
static void test_release(void **state)
{
	(void)state;
	EXPECT(ISA_WITH("^", "00704", "P*:~") "ISX*?~" GS ST "N1*A?*B?~?:??C*D~" SE3 GE IEA,
	       AROUND_SAID("N1 1.1=<released>A?*B?~?:??C 2.1=D\n"));
	EXPECT(ISA_WITH("^", "00704", "P*:~") "ISX*~" GS ST "N1*A?B~" SE3 GE IEA,
	       AROUND_SAID("N1 1.1=A?B\n"));
	EXPECT(ISA_WITH("^", "00704", "P*:~") "ISX*A~" GS ST "N1*A~" SE3 GE IEA,
	       ISA_SAID "anomaly x12.extension\n" ST_SAID "N1 1.1=A\n" ENDED);
}

/* Folded at 80 columns, within ISA, within tags and within values. */
static void test_folded(void **state)
{
	(void)state;
	EXPECT("ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *261120*1000\n"
	       "*U*00401*000000007*0*P*>~GS*SO*SENDER*RECEIVER*20261120*1000*5*X*004010~S\n"
	       "T*309*0001~N\n1*SH*TABLET PR\nESS~SE*3*00\r\n01~GE*1*5~IEA*1*0000000\n07~\n",
	       AROUND_SAID("N1 1.1=SH 2.1=<folded>TABLET PR\nESS\n"));
	/* The fold falls before and behind ISA16. */
	EXPECT("ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER \n"
	       "      *261120*1000*U*00401*000000007*0*P*\n>\n~" GS ST "N1*SH~" SE3 GE IEA,
	       AROUND_SAID("N1 1.1=SH\n"));
}

/* Elements are counted, not bytes. */
static void test_short_header(void **state)
{
	(void)state;
	EXPECT("ISA*00**00**ZZ*SENDER*ZZ*RECEIVER*261120*1000*U*00401*000000007*0*P*>~" GS ST
	       "N1*SH~" SE3 GE IEA,
	       ISA_SAID "anomaly x12.header_length\n" ST_SAID "N1 1.1=SH\n" ENDED);
	/* One byte short, and one too many. */
	EXPECT("ISA*00*          *00*          *ZZ*SENDER        *ZZ*RECEIVER       "
	       "*261120*1000*U*00401*000000007*0*P*>~" GS ST "N1*SH*A>B~" SE3 GE IEA,
	       ISA_SAID "anomaly x12.header_length\n" ST_SAID "N1 1.1=SH 2.1=A 2.2=B\n" ENDED);
	EXPECT("ISA*00*          *00*          *ZZ*SENDER          *ZZ*RECEIVER       "
	       "*261120*1000*U*00401*000000007*0*P*>~" GS ST "N1*SH*A>B~" SE3 GE IEA,
	       ISA_SAID "anomaly x12.header_length\n" ST_SAID "N1 1.1=SH 2.1=A 2.2=B\n" ENDED);
	/* Without ISA16. */
	EXPECT("ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       "
	       "*261120*1000*U*00401*000000007*0*P*~" GS ST "N1*SH*A>B~" SE3 GE IEA,
	       ISA_SAID "anomaly x12.interchange_header\n" ST_SAID "N1 1.1=SH 2.1=A>B\n" ENDED);
	/* One element too many: GS shows what the terminator is. */
	EXPECT("ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       "
	       "*261120*1000*U*00401*000000007*0*P*>*X|\nGS*SO*S*R*20261120*1000*5*X*004010|"
	       "ST*309*0001|N1*SH|SE*3*0001|GE*1*5|IEA*1*000000007|",
	       ISA_SAID "anomaly x12.interchange_header\n" ST_SAID "N1 1.1=SH\n" ENDED);
	/* No terminator can be told: nothing is made up. */
	EXPECT("ISA*00*          *00*          *ZZ*SENDER", "skip x12.junk\n");
}

static void test_service_elements(void **state)
{
	(void)state;
	/* ISA15 T is a test; a date that is none is no time. */
	EXPECT(ISA_WITH("U", "00401", "T*>~") IEA,
	       "interchange auto sender=SENDER recipient=RECEIVER reference=000000007 "
	       "time=2611201000 test\nincomplete x12.interchange_missing\n"
	       "interchange_end complete\n");
	EXPECT("ISA*00*          *00*          *ZZ*A              *ZZ*B              "
	       "*26112X*1000*U*00401*000000007*0*P*>~IEA*0*7~",
	       "interchange auto sender=A recipient=B reference=000000007\n"
	       "anomaly x12.interchange_time\ninterchange_end complete\n");
	/* Without GS08 the convention of ST03 is the version. */
	EXPECT(ISA "GS*SO*S*R*20261120*1000*5*X~ST*309*0001*005010X1~SE*2*0001~" GE IEA,
	       ISA_SAID "message type=309 version=005010X1 reference=0001\n" ENDED);
	/* Importer Security Filing: the group says so. */
	EXPECT(ISA "GS*SF*S*R*20261120*1000*5*X*006050~" ST "SE*2*0001~" GE IEA,
	       ISA_SAID "message type=309/SF version=006050 reference=0001\n" ENDED);
	/* Trailers may drop the zeros of a number: it is the same number. */
	EXPECT(ISA GS ST "SE*0000000002*1~GE*01*05~IEA*1*7~", ISA_SAID ST_SAID ENDED);
}

static void test_start(void **state)
{
	const struct tw_parser *parser = x12_LTX_tw_parser();

	(void)state;
	assert_int_equal(parser->probe(TW_LITERAL(ISA), false), 95);
	assert_int_equal(parser->probe(TW_LITERAL("\xef\xbb\xbf\r\n " ISA), true), 95);
	assert_int_equal(parser->probe(TW_LITERAL(GS ST), true), 70);
	assert_int_equal(parser->probe(TW_LITERAL(ST "SE*2*0001~"), true), 70);
	/* Without its delimiters nobody could split what follows. */
	assert_int_equal(parser->probe(TW_LITERAL("ISA*00*          *00*          *ZZ*"), true), 0);
	assert_int_equal(parser->probe(TW_LITERAL("GS*SO*"), true), 0);
	for (size_t length = 0; length < 18; length++) {
		struct tw_slice cut = tw_slice_part(TW_LITERAL(ISA), 0, length);
		assert_int_equal(parser->probe(cut, false), -1);
		assert_int_equal(parser->probe(cut, true), 0);
	}
	static const char *const others[] = {
		"ISABELLA * 1 *", "ISA-BELLA AND COMPANY-", "ISA*00000*0*", "ISA**x*", "GS1 US", "STOP",
		"ST*30A*", "GS*S0*", "UNB+UNOA:1+A+B'", "{\"ISA\": 1}", "<ISA/>", "ISA 00 000 ",
	};
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(parser->probe(tw_slice_string(others[i]), true), 0);
	struct tw_slice text = TW_LITERAL("THIS IS A LISBOA ISA TEXT, LONG ENOUGH FOR ALL, ISAXX*00*  "
					  ISA);
	assert_int_equal(parser->find(text), text.length - sizeof(ISA) + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_delimiters),	cmocka_unit_test(test_wide_terminator),
		cmocka_unit_test(test_repetition),	cmocka_unit_test(test_release),
		cmocka_unit_test(test_folded),		cmocka_unit_test(test_short_header),
		cmocka_unit_test(test_service_elements), cmocka_unit_test(test_start),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
