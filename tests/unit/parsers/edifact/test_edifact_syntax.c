/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Delimiters and tokens: ISO 9735 syntax 1 to 4, and what senders make of it.
 * Links the parser alone (all C files of parsers/edifact), NOT the core library.
 */
#include "expect.h"

static int probe(const char *text, bool end)
{
	return edifact_LTX_tw_parser()->probe(tw_slice_string(text), end);
}

static size_t find(struct tw_slice bytes)
{
	return edifact_LTX_tw_parser()->find(bytes);
}

static void test_probe(void **state)
{
	(void)state;
	assert_true(probe("UNA:+.? 'UNB+", false) > 0);
	assert_true(probe("UNA:+.? '\r\nUNB+UNOA:1", false) > 0);
	assert_true(probe("UNB+UNOA:1", false) > 0);
	assert_true(probe("UNB*UNOA=3", false) > 0);
	assert_true(probe("UNB\x1dUNOB\x1f", false) > 0);
	assert_true(probe("UIB+UNOA:4", false) > 0);
	assert_true(probe("UNH+1+CUSCAR", false) > 0);
	assert_true(probe("\xef\xbb\xbf"
			  "UNB+UNOA:1",
			  false) > 0);
	assert_true(probe("\r\n UNB+UNOA:1", false) > 0);
	assert_true(probe("UNB", false) < 0);
	assert_true(probe("U", false) < 0);
	assert_true(probe("", false) < 0);
	assert_true(probe("UNA:+.? '", false) < 0);
	assert_true(probe("\xef\xbb", false) < 0);
	assert_int_equal(probe("UNA:+.? '", true), 0);
	assert_int_equal(probe("UNB", true), 0);
	assert_int_equal(probe("UNBEND", false), 0);
	assert_int_equal(probe("UNABLE TO LOAD", false), 0);
	assert_int_equal(probe("UNABLE TOUNB+UNOA:1+S", false), 0);
	assert_int_equal(probe("UNA:+.? 'HELLO", false), 0);
	assert_int_equal(probe("ISA*00*", false), 0);
	assert_int_equal(probe("<?xml version", false), 0);
	assert_int_equal(probe("UNIT+1", false), 0);
}

static void test_find(void **state)
{
	static char junk[1 << 20];

	(void)state;
	/* Near misses all over, and the one place that counts at every alignment. */
	for (size_t i = 0; i < sizeof(junk); i++)
		junk[i] = "UNUNITUNABLEUNBENDUIUA"[i % 22];
	assert_int_equal(find(tw_slice(junk, sizeof(junk) - sizeof(junk) % 22)),
			 sizeof(junk) - sizeof(junk) % 22);
	for (size_t at = 1000; at < 1064; at++) {
		char copy[2000];
		memcpy(copy, junk, sizeof(copy));
		memcpy(copy + at, "UNB+UNOA:1+S+R", 14);
		assert_int_equal(find(tw_slice(copy, sizeof(copy))), at);
	}
	/* What may be the beginning of one at the end is found too: more can follow. */
	assert_int_equal(find(TW_LITERAL("xxxxxxxxxxxxxxxxxxxxU")), 20);
	assert_int_equal(find(TW_LITERAL("xxxxxxxxxxxxxxxxxxxxUNA:+.? '\r\n")), 20);
	assert_int_equal(find(TW_LITERAL("UNA:+.? 'UNB+UNOA:1")), 0);
	assert_int_equal(find(TW_LITERAL("")), 0);
	/* A message alone is taken at the start of a stream, not looked for in junk. */
	assert_int_equal(find(TW_LITERAL("x UNH+1+CUSCAR:D:95B:UN'")), 24);
}

static void test_plain(void **state)
{
	(void)state;
	EXPECT(AROUND("NAD+CZ+++ACME:LTD++PARIS'"),
	       AROUND_SAID("NAD 1.1=CZ 4.1=ACME 4.2=LTD 6.1=PARIS\n"));
	EXPECT("UNA:+.? '" AROUND("BGM+85+X'"), AROUND_SAID("BGM 1.1=85 2.1=X\n"));
	EXPECT("\xef\xbb\xbf" AROUND("BGM+85'"), AROUND_SAID("BGM 1.1=85\n"));
	EXPECT("\xef\xbb\xbfUNA:+.? '\r\n" AROUND("BGM+85'\r\n"), AROUND_SAID("BGM 1.1=85\n"));
	/* Explicit nesting indication behind the tag (ISO 9735:1988, 9). */
	EXPECT(AROUND("GID:1:2+3'"), AROUND_SAID("GID 0.2=1 0.3=2 1.1=3\n"));
	/* A segment that is only a tag, and one that is all empty elements. */
	EXPECT(AROUND("SRC'"), AROUND_SAID("SRC\n"));
	EXPECT(AROUND("SRC+++::'"), AROUND_SAID("SRC\n"));
}

static void test_release(void **state)
{
	(void)state;
	EXPECT(AROUND("FTX+A?+B+C?:D'"), AROUND_SAID("FTX 1.1=<released>A?+B 2.1=<released>C?:D\n"));
	/* ?? is a question mark, ?' an apostrophe, and the fourth character ends it. */
	EXPECT(AROUND("FTX+A?\?\?''"), AROUND_SAID("FTX 1.1=<released>A?\?\?'\n"));
	/* Released question mark, then the terminator. */
	EXPECT(AROUND("FTX+A?\?'"), AROUND_SAID("FTX 1.1=<released>A?\?\n"));
	EXPECT(AROUND("FTX+A?\?\?\?'"), AROUND_SAID("FTX 1.1=<released>A?\?\?\?\n"));
	/* Right before a delimiter of each kind. */
	EXPECT(AROUND("FTX+A?++B??:C'"), AROUND_SAID("FTX 1.1=<released>A?+ 2.1=<released>B?? 2.2=C\n"));
	/* Before what needs none. */
	EXPECT(AROUND("FTX+?A'"), AROUND_SAID("FTX 1.1=<released>?A\n"));
	/* Before a line end that folds the file: what is released is behind it. */
	EXPECT(AROUND("FTX+A?\r\n'B'"), AROUND_SAID("FTX 1.1=<released><folded>A?\r\n'B\n"));
}

static void test_release_at_every_place(void **state)
{
	(void)state;
	/* 64 bytes are looked at together: a release character at each place of them. */
	for (size_t before = 0; before < 140; before++) {
		char input[600], said[800], text[200];
		memset(text, 'x', before);
		text[before] = 0;
		snprintf(input, sizeof(input), "%s%sFTX+%s?'?+%s+B'%s%s", UNB, UNH, text, text, UNT3,
			 UNZ);
		snprintf(said, sizeof(said), "%s%sFTX 1.1=<released>%s?'?+%s 2.1=B\n%s", UNB_SAID,
			 UNH_SAID, text, text, ENDED);
		expect_bytes(tw_slice_string(input), recorder_limits, said);
	}
}

static void test_una_in_text(void **state)
{
	(void)state;
	EXPECT(AROUND("FTX+AAA+++UNA?:?+.?\? ?'UNB?+UNOA'"),
	       AROUND_SAID("FTX 1.1=AAA 4.1=<released>UNA?:?+.?\? ?'UNB?+UNOA\n"));
	EXPECT(AROUND("FTX+AAA+++UNABLE:UNB AND UNA'"),
	       AROUND_SAID("FTX 1.1=AAA 4.1=UNABLE 4.2=UNB AND UNA\n"));
	/* A folded line that begins with it. */
	EXPECT(AROUND("FTX+AAA+++X\r\nUNB X'"),
	       AROUND_SAID("FTX 1.1=AAA 4.1=<folded>X\r\nUNB X\n"));
}

static void test_una_blank(void **state)
{
	(void)state;
	/* A blank for the release character: there is none, and ? is text. */
	EXPECT("UNA:+.  '" AROUND("FTX+WHAT?'"), AROUND_SAID("FTX 1.1=WHAT?\n"));
	/* Blank for the repetition separator: '*' is text. */
	EXPECT("UNA:+.? 'UNB+UNOA:4+S+R+20261120:1000+I1'" UNH "FTX+A*B'" UNT3 UNZ,
	       "interchange ascii sender=S recipient=R reference=I1 time=202611201000\n" UNH_SAID
	       "FTX 1.1=A*B\n" ENDED);
}

static void test_repetition(void **state)
{
	(void)state;
	EXPECT("UNA:+.?*'UNB+UNOA:4+S+R+20261120:1000+I1'" UNH "FTX+A*B:C*+D'" UNT3 UNZ,
	       "interchange ascii sender=S recipient=R reference=I1 time=202611201000\n" UNH_SAID
	       "FTX 1.1=A 1.1*2=B 1.2*2=C 2.1=D\n" ENDED);
	/* ISO 9735-1:2002, 7.1: without UNA, '*' in syntax 4. */
	EXPECT("UNB+UNOA:4+S+R+20261120:1000+I1'" UNH "FTX+A*B'" UNT3 UNZ,
	       "interchange ascii sender=S recipient=R reference=I1 time=202611201000\n" UNH_SAID
	       "FTX 1.1=A 1.1*2=B\n" ENDED);
	/* Before syntax 4 there is none, and its place is reserved for a blank. */
	EXPECT(AROUND("FTX+A*B'"), AROUND_SAID("FTX 1.1=A*B\n"));
	EXPECT("UNA:+.?*'" AROUND("FTX+A*B'"),
	       UNB_SAID "anomaly edifact.una\n" UNH_SAID "FTX 1.1=A*B\n" ENDED);
	/* IATA uses it in syntax 1. */
	EXPECT("UNA:+.?*'UNB+IATA:1+S+R+261120:1000+I1'" UNH "FTX+A*B'" UNT3 UNZ,
	       UNB_SAID UNH_SAID "FTX 1.1=A 1.1*2=B\n" ENDED);
}

static void test_other_delimiters(void **state)
{
	(void)state;
	EXPECT("UNA=*.? ~UNB*UNOA=3*S*R*261120=1000*I1~UNH*1*CUSCAR=D=95B=UN~FTX*A?*B=C+D~"
	       "UNT*3*1~UNZ*1*I1~",
	       AROUND_SAID("FTX 1.1=<released>A?*B 1.2=C+D\n"));
	/* The same without UNA: inferred from the header and what follows it. */
	EXPECT("UNB*UNOA=3*S*R*261120=1000*I1~UNH*1*CUSCAR=D=95B=UN~FTX*A=C~UNT*3*1~UNZ*1*I1~",
	       AROUND_SAID("FTX 1.1=A 1.2=C\n"));
	/* ISO 9735:1988 level B: IS4, IS3 and IS1. */
	EXPECT("UNB\x1dUNOB\x1f"
	       "1\x1dS\x1dR\x1d"
	       "261120\x1f"
	       "1000\x1dI1\x1cUNH\x1d"
	       "1\x1d"
	       "CUSCAR\x1f"
	       "D\x1f"
	       "95B\x1fUN\x1c"
	       "FTX\x1d"
	       "A+B:C?'\x1cUNT\x1d"
	       "3\x1d"
	       "1\x1cUNZ\x1d"
	       "1\x1dI1\x1c",
	       AROUND_SAID("FTX 1.1=A+B:C?'\n"));
	/* Two interchanges, each with its own, one after the other. */
	EXPECT(AROUND("BGM+1'") "\r\n"
				"UNA=*.? ~UNB*UNOA=3*S*R*261120=1000*I1~UNH*1*CUSCAR=D=95B=UN~BGM*2~"
				"UNT*3*1~UNZ*1*I1~" AROUND("BGM+3'"),
	       AROUND_SAID("BGM 1.1=1\n") AROUND_SAID("BGM 1.1=2\n") AROUND_SAID("BGM 1.1=3\n"));
}

static void test_line_ends(void **state)
{
	(void)state;
	EXPECT(UNB "\r\n" UNH "\r\nBGM+85'\r\n" UNT3 "\n" UNZ "\r\n", AROUND_SAID("BGM 1.1=85\n"));
	/* Tabs and blanks before tags. */
	EXPECT(UNB "\n  " UNH "\n\t\tBGM+85'\n \t " UNT3 UNZ " \n", AROUND_SAID("BGM 1.1=85\n"));
	/* Folded inside a tag, a number and a text. */
	EXPECT("UNB+UNOA:3+S+R+261120:10\r\n00+I\n1'UN\nH+1+CUSCAR:D:95B:UN'B\r\nGM+8\n5+AB\r\nCD'UNT+3+\n1'"
	       "UNZ+1+I1'",
	       AROUND_SAID("BGM 1.1=<folded>8\n5 2.1=<folded>AB\r\nCD\n"));
	/* NUL and SUB, as mainframes pad, between and behind interchanges. */
	expect_bytes(TW_LITERAL(AROUND("BGM+1'") "\x1a\0\0\r\n\0" AROUND("BGM+2'") "\x1a"),
		     recorder_limits, AROUND_SAID("BGM 1.1=1\n") AROUND_SAID("BGM 1.1=2\n"));
}

static void test_line_end_as_terminator(void **state)
{
	(void)state;
	EXPECT("UNB+UNOA:3+S+R+261120:1000+I1\nUNH+1+CUSCAR:D:95B:UN\nFTX+D'ACCORD\nUNT+3+1\nUNZ+1+I1\n",
	       AROUND_SAID("FTX 1.1=D'ACCORD\n"));
	EXPECT("UNB+UNOA:3+S+R+261120:1000+I1\r\nUNH+1+CUSCAR:D:95B:UN\r\n\r\nFTX+A\r\nUNT+3+1\r\nUNZ+1+I1",
	       AROUND_SAID("FTX 1.1=A\n"));
	/* By UNA, too. */
	EXPECT("UNA:+.? \nUNB+UNOA:3+S+R+261120:1000+I1\nUNH+1+CUSCAR:D:95B:UN\nFTX+A\nUNT+3+1\nUNZ+1+I1",
	       AROUND_SAID("FTX 1.1=A\n"));
	EXPECT("UNA:+.? \rUNB+UNOA:3+S+R+261120:1000+I1\r\nUNH+1+CUSCAR:D:95B:UN\r\nFTX+A\r\nUNT+3+1\r\nUNZ+1+I1\r\n",
	       AROUND_SAID("FTX 1.1=A\n"));
	/* A bare message. */
	EXPECT("UNH+1+CUSCAR:D:95B:UN\nBGM+1\nUNT+3+1\n",
	       "interchange auto\nanomaly edifact.no_interchange\n" UNH_SAID "BGM 1.1=1\n" ENDED);
}

static void test_odd_una(void **state)
{
	(void)state;
	/* The reserved blank was stripped. */
	EXPECT("UNA:+.?'" AROUND("FTX+A?+B'"),
	       UNB_SAID "anomaly edifact.una\n" UNH_SAID "FTX 1.1=<released>A?+B\n" ENDED);
	EXPECT("UNA:+.?'\r\n" AROUND("FTX+A'"),
	       UNB_SAID "anomaly edifact.una\n" UNH_SAID "FTX 1.1=A\n" ENDED);
	/* It repeats: the release character is also the component separator. */
	EXPECT("UNA:+.: '" AROUND("FTX+A:B'"),
	       UNB_SAID "anomaly edifact.una\n" UNH_SAID "FTX 1.1=A 1.2=B\n" ENDED);
	/* A letter. */
	EXPECT("UNA:+.X '" AROUND("FTX+XA'"),
	       UNB_SAID "anomaly edifact.una\n" UNH_SAID "FTX 1.1=XA\n" ENDED);
	/* It contradicts the header, which is the proof. */
	EXPECT("UNA=*.? ~" AROUND("FTX+A:B'"),
	       UNB_SAID "anomaly edifact.una\n" UNH_SAID "FTX 1.1=A 1.2=B\n" ENDED);
}

static void test_high_bytes(void **state)
{
	(void)state;
	EXPECT(AROUND("FTX+M\xc3\xbcLLER+X+\xff'"),
	       AROUND_SAID("FTX 1.1=<high>M\xc3\xbcLLER 2.1=X 3.1=<high>\xff\n"));
	EXPECT(AROUND("FTX+?\xff'"), AROUND_SAID("FTX 1.1=<released><high>?\xff\n"));
}

/* ISO 2022 in UNOX: between ESC $ and ESC ( all bytes are halves of characters. */
static void test_two_byte_characters(void **state)
{
	(void)state;
	EXPECT("UNB+UNOX:4+S+R+20261120:1000+I1'" UNH "FTX+A:\x1b$B'+:?*'\x1b(B:C'" UNT3 UNZ,
	       "interchange ISO-2022-JP sender=S recipient=R reference=I1 time=202611201000\n" UNH_SAID
	       "FTX 1.1=A 1.2=\x1b$B'+:?*'\x1b(B 1.3=C\n" ENDED);
	/* Elsewhere ESC is text like any other. */
	EXPECT(AROUND("FTX+A:\x1b$B:C'"), AROUND_SAID("FTX 1.1=A 1.2=\x1b$B 1.3=C\n"));
}

static void test_charsets(void **state)
{
	static const char *const levels[][2] = {
		{"UNOA", "ascii"},	{"UNOB", "ascii"},	{"UNOC", "ISO-8859-1"},
		{"UNOD", "ISO-8859-2"}, {"UNOE", "ISO-8859-5"}, {"UNOF", "ISO-8859-7"},
		{"UNOG", "ISO-8859-3"}, {"UNOH", "ISO-8859-4"}, {"UNOI", "ISO-8859-6"},
		{"UNOJ", "ISO-8859-8"}, {"UNOK", "ISO-8859-9"}, {"UNOW", "utf8"},
		{"UNOX", "ISO-2022-JP"}, {"UNOY", "utf8"},	{"IATA", "ascii"},
		{"IATB", "ascii"},	{"XXXX", "auto"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		char input[200], said[200];
		snprintf(input, sizeof(input), "UNB+%s:3+S+R+261120:1000+I1'UNZ+0+I1'", levels[i][0]);
		snprintf(said, sizeof(said),
			 "interchange %s sender=S recipient=R reference=I1 time=2611201000\n"
			 "interchange_end complete\n",
			 levels[i][1]);
		expect_bytes(tw_slice_string(input), recorder_limits, said);
	}
}

/* Offsets and lengths, counted by hand: the tag's first byte to the terminator. */
static void test_places(void **state)
{
	struct tw_sink sink = {0};
	struct recorder_feed feed = {
		.input = TW_LITERAL("UNB+UNOA:1+S+R+261120:1000+I'\nUNH+1+CUSCAR:D:95B:UN'\n BGM+85'\nUNT+3+1'\nUNZ+1+I'\n"),
		.limits = recorder_limits,
		.chunk = SIZE_MAX,
	};

	(void)state;
	assert_int_equal(recorder_run(&feed, &sink, NULL), TW_OK);
	assert_string_equal(sink.text,
			    "interchange 0+0 ascii sender=S recipient=R reference=I time=2611201000\n"
			    "message 30+0 type=CUSCAR version=D:95B:UN reference=1\n"
			    "BGM 54+7 1.1=85\n"
			    "message_end 70+0 complete\n"
			    "interchange_end 79+0 complete\n");
	recorder_free(&sink);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_probe),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_release),
		cmocka_unit_test(test_release_at_every_place),
		cmocka_unit_test(test_una_in_text),
		cmocka_unit_test(test_una_blank),
		cmocka_unit_test(test_repetition),
		cmocka_unit_test(test_other_delimiters),
		cmocka_unit_test(test_line_ends),
		cmocka_unit_test(test_line_end_as_terminator),
		cmocka_unit_test(test_odd_una),
		cmocka_unit_test(test_high_bytes),
		cmocka_unit_test(test_two_byte_characters),
		cmocka_unit_test(test_charsets),
		cmocka_unit_test(test_places),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
