/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Interchanges, groups, messages and packages: headers, trailers, counts and
 * references (ISO 9735-1, -3 and -8), and what is missing or astray.
 * Links the parser alone (all C files of parsers/edifact), NOT the core library.
 */
#include "expect.h"

static void test_header(void **state)
{
	(void)state;
	/* UNB: qualifiers and routing are no part of the identification; 0035 is element 11. */
	EXPECT("UNB+UNOC:3+SE?+ND:14:X+RE:ZZ+20261120:0930+REF 1++APP+++AG+1'UNZ+0+REF 1'",
	       "interchange ISO-8859-1 sender=SE+ND recipient=RE reference=REF 1 time=202611200930 test\n"
	       "interchange_end complete\n");
	/* A date alone; no date at all; one that is none. */
	EXPECT("UNB+UNOA:1+S+R+261120+I'UNZ+0+I'",
	       "interchange ascii sender=S recipient=R reference=I time=2611200000\n"
	       "interchange_end complete\n");
	EXPECT("UNB+UNOA:1+S+R++I'UNZ+0+I'",
	       "interchange ascii sender=S recipient=R reference=I\ninterchange_end complete\n");
	EXPECT("UNB+UNOA:1+S+R+YESTERDAY:1000+I'UNZ+0+I'",
	       "interchange ascii sender=S recipient=R reference=I\n"
	       "anomaly edifact.interchange_time\ninterchange_end complete\n");
	EXPECT("UNB+'UNZ+0'", "interchange auto\nincomplete edifact.interchange_header\n"
			      "interchange_end complete\n");
}

static void test_message_header(void **state)
{
	(void)state;
	/* No type, as MSC sends CUSCAR: UNH+1+:D:95B:UN */
	EXPECT(UNB "UNH+1+:D:95B:UN'BGM+1'" UNT3 UNZ,
	       UNB_SAID "message version=D:95B:UN reference=1\nanomaly edifact.message_type\nBGM 1.1=1\n" ENDED);
	EXPECT(UNB "UNH+1'BGM+1'" UNT3 UNZ,
	       UNB_SAID "message reference=1\nanomaly edifact.message_type\nBGM 1.1=1\n" ENDED);
	/* CONTRL of syntax 4, and a release that begins with a digit. */
	EXPECT(UNB "UNH+1+CONTRL:4:1:UN'BGM+1'" UNT3 UNZ,
	       UNB_SAID "message type=CONTRL version=4:1:UN reference=1\nBGM 1.1=1\n" ENDED);
	EXPECT(UNB "UNH+1+DESADV:0:96A'BGM+1'" UNT3 UNZ,
	       UNB_SAID "message type=DESADV version=0:96A reference=1\nBGM 1.1=1\n" ENDED);
}

static void test_message_trailer(void **state)
{
	(void)state;
	EXPECT(UNB UNH "BGM+1'UNT+4+1'" UNZ,
	       UNB_SAID UNH_SAID "BGM 1.1=1\nanomaly edifact.segment_count\n" ENDED);
	EXPECT(UNB UNH "BGM+1'UNT+2+1'" UNZ,
	       UNB_SAID UNH_SAID "BGM 1.1=1\nanomaly edifact.segment_count\n" ENDED);
	EXPECT(UNB UNH "BGM+1'UNT+X+1'" UNZ,
	       UNB_SAID UNH_SAID "BGM 1.1=1\nanomaly edifact.segment_count\n" ENDED);
	EXPECT(UNB UNH "BGM+1'UNT+3+2'" UNZ,
	       UNB_SAID UNH_SAID "BGM 1.1=1\nanomaly edifact.message_reference\n" ENDED);
	EXPECT(UNB UNH "BGM+1'UNT+000003+1'" UNZ, AROUND_SAID("BGM 1.1=1\n"));
}

/* The next UNH, UNE, UNZ or UNB closes what lacks its trailer. */
static void test_missing_trailers(void **state)
{
	(void)state;
	EXPECT(UNB UNH "BGM+1'" UNH "BGM+2'" UNT3 "UNZ+2+I1'",
	       UNB_SAID UNH_SAID "BGM 1.1=1\nincomplete edifact.message_trailer\nmessage_end incomplete\n"
	       UNH_SAID "BGM 1.1=2\n" ENDED);
	EXPECT(UNB UNH "BGM+1'" UNZ,
	       UNB_SAID UNH_SAID "BGM 1.1=1\nincomplete edifact.message_trailer\n"
				 "message_end incomplete\ninterchange_end complete\n");
	EXPECT(UNB UNH "BGM+1'" UNT3 UNB UNH "BGM+2'" UNT3 UNZ,
	       UNB_SAID UNH_SAID "BGM 1.1=1\nmessage_end complete\n"
				 "incomplete edifact.interchange_trailer\ninterchange_end incomplete\n"
	       AROUND_SAID("BGM 1.1=2\n"));
	/* The next interchange has other delimiters. */
	EXPECT(UNB UNH "BGM+1'\nUNA=*.? ~UNB*UNOA=3*S*R*261120=1000*I1~UNZ*0*I1~",
	       UNB_SAID UNH_SAID "BGM 1.1=1\nincomplete edifact.message_trailer\nmessage_end incomplete\n"
				 "incomplete edifact.interchange_trailer\ninterchange_end incomplete\n"
	       UNB_SAID "interchange_end complete\n");
	EXPECT(UNB UNH "BGM+1'" UNT3 "UNB*UNOA=3*S*R*261120=1000*I1~UNZ*0*I1~",
	       UNB_SAID UNH_SAID "BGM 1.1=1\nmessage_end complete\n"
				 "incomplete edifact.interchange_trailer\ninterchange_end incomplete\n"
	       UNB_SAID "interchange_end complete\n");
	EXPECT(UNB UNH "BGM+1'" UNT3,
	       UNB_SAID UNH_SAID "BGM 1.1=1\nmessage_end complete\n"
				 "incomplete edifact.interchange_trailer\ninterchange_end incomplete\n");
}

static void test_interchange_trailer(void **state)
{
	(void)state;
	EXPECT(UNB UNH "BGM+1'" UNT3 "UNZ+2+I1'",
	       UNB_SAID UNH_SAID "BGM 1.1=1\nmessage_end complete\n"
				 "incomplete edifact.interchange_missing\ninterchange_end complete\n");
	EXPECT(UNB UNH "BGM+1'" UNT3 "UNZ+0+I1'",
	       UNB_SAID UNH_SAID "BGM 1.1=1\nmessage_end complete\n"
				 "anomaly edifact.interchange_count\ninterchange_end complete\n");
	EXPECT(UNB UNH "BGM+1'" UNT3 "UNZ+1+I2'",
	       UNB_SAID UNH_SAID "BGM 1.1=1\nmessage_end complete\n"
				 "anomaly edifact.interchange_reference\ninterchange_end complete\n");
	/* A second trailer closes nothing: it belongs to no interchange. */
	EXPECT(AROUND("BGM+1'") "UNZ+1+I1'", AROUND_SAID("BGM 1.1=1\n") "skip edifact.junk\n");
}

#define UNG "UNG+CUSCAR+S+R+261120:1000+G1+UN+D:95B'"

static void test_groups(void **state)
{
	(void)state;
	/* UNZ counts the groups, UNE their messages: both are 1 and 2 here. */
	EXPECT(UNB UNG UNH "BGM+1'" UNT3 UNH "BGM+2'" UNT3 "UNE+2+G1'" UNZ,
	       UNB_SAID UNH_SAID "BGM 1.1=1\nmessage_end complete\n" UNH_SAID "BGM 1.1=2\n" ENDED);
	/* UNZ counts the messages instead: odd, but none is missing. */
	EXPECT(UNB UNG UNH "BGM+1'" UNT3 UNH "BGM+2'" UNT3 "UNE+2+G1'UNZ+2+I1'",
	       UNB_SAID UNH_SAID "BGM 1.1=1\nmessage_end complete\n" UNH_SAID
	       "BGM 1.1=2\nmessage_end complete\nanomaly edifact.interchange_count\n"
	       "interchange_end complete\n");
	EXPECT(UNB UNG UNH "BGM+1'" UNT3 "UNE+3+G1'" UNZ,
	       UNB_SAID UNH_SAID "BGM 1.1=1\nmessage_end complete\nincomplete edifact.group_missing\n"
				 "interchange_end complete\n");
	EXPECT(UNB UNG UNH "BGM+1'" UNT3 "UNE+0+G1'" UNZ,
	       UNB_SAID UNH_SAID "BGM 1.1=1\nmessage_end complete\nanomaly edifact.group_count\n"
				 "interchange_end complete\n");
	EXPECT(UNB UNG UNH "BGM+1'" UNT3 "UNE+1+G2'" UNZ,
	       UNB_SAID UNH_SAID "BGM 1.1=1\nmessage_end complete\nanomaly edifact.group_reference\n"
				 "interchange_end complete\n");
	/* The next group, or the end, closes one without UNE. */
	EXPECT(UNB UNG UNH "BGM+1'" UNT3 UNG "UNE+0+G1'UNZ+2+I1'",
	       UNB_SAID UNH_SAID "BGM 1.1=1\nmessage_end complete\nincomplete edifact.group_trailer\n"
				 "interchange_end complete\n");
	EXPECT(UNB UNG UNH "BGM+1'" UNT3 UNZ,
	       UNB_SAID UNH_SAID "BGM 1.1=1\nmessage_end complete\nincomplete edifact.group_trailer\n"
				 "interchange_end complete\n");
	/* UNE closes a message that lacks UNT. */
	EXPECT(UNB UNG UNH "BGM+1'UNE+1+G1'" UNZ,
	       UNB_SAID UNH_SAID "BGM 1.1=1\nincomplete edifact.message_trailer\nmessage_end incomplete\n"
				 "interchange_end complete\n");
}

#define BARE_SAID "interchange auto\nanomaly edifact.no_interchange\n"

static void test_bare_messages(void **state)
{
	(void)state;
	EXPECT(UNH "BGM+1'" UNT3, BARE_SAID UNH_SAID "BGM 1.1=1\n" ENDED);
	EXPECT(UNH "BGM+1'" UNT3 "\n" UNH "BGM+2'" UNT3,
	       BARE_SAID UNH_SAID "BGM 1.1=1\nmessage_end complete\n" UNH_SAID "BGM 1.1=2\n" ENDED);
	EXPECT("UNA:+.? '" UNH "BGM+1'" UNT3, BARE_SAID UNH_SAID "BGM 1.1=1\n" ENDED);
	/* UNZ says what is missing even so. */
	EXPECT(UNH "BGM+1'" UNT3 "UNZ+2+I1'",
	       BARE_SAID UNH_SAID "BGM 1.1=1\nmessage_end complete\n"
				  "incomplete edifact.interchange_missing\ninterchange_end complete\n");
	/* An interchange, or junk, behind them ends it. */
	EXPECT(UNH "BGM+1'" UNT3 AROUND("BGM+2'"),
	       BARE_SAID UNH_SAID "BGM 1.1=1\n" ENDED AROUND_SAID("BGM 1.1=2\n"));
	EXPECT(UNH "BGM+1'" UNT3 "ISA*00*",
	       BARE_SAID UNH_SAID "BGM 1.1=1\n" ENDED "skip edifact.junk\n");
	EXPECT(UNH "BGM+1'", BARE_SAID UNH_SAID "BGM 1.1=1\nincomplete edifact.message_trailer\n"
						"message_end incomplete\ninterchange_end complete\n");
}

static void test_places(void **state)
{
	(void)state;
	/* Trailers that close nothing. */
	EXPECT(UNB "UNT+1+1'UNE+0+G'UNZ+0+I1'",
	       UNB_SAID "anomaly edifact.segment_place\nanomaly edifact.segment_place\n"
			"interchange_end complete\n");
	/* Segments outside any message: skipped, and said once. */
	EXPECT(UNB "BGM+1'FTX+2'UNZ+0+I1'",
	       UNB_SAID "skip edifact.junk\ninterchange_end complete\n");
	EXPECT(AROUND("BGM+1'") "junk\n" AROUND("BGM+2'"),
	       AROUND_SAID("BGM 1.1=1\n") "skip edifact.junk\n" AROUND_SAID("BGM 1.1=2\n"));
	EXPECT("junk and UNABLE junk " AROUND("BGM+2'") "X",
	       "skip edifact.junk\n" AROUND_SAID("BGM 1.1=2\n") "skip edifact.junk\n");
}

static void test_sections(void **state)
{
	(void)state;
	EXPECT(UNB UNH "UNS+D'UNS+S'UNT+4+1'" UNZ, AROUND_SAID("UNS 1.1=D\nUNS 1.1=S\n"));
	EXPECT(UNB UNH "UNS+S'UNS+S'UNT+4+1'" UNZ,
	       AROUND_SAID("UNS 1.1=S\nanomaly edifact.segment_place\nUNS 1.1=S\n"));
	EXPECT(UNB UNH "UNS+S'UNS+D'UNT+4+1'" UNZ,
	       AROUND_SAID("UNS 1.1=S\nanomaly edifact.segment_place\nUNS 1.1=D\n"));
}

static void test_tags(void **state)
{
	(void)state;
	EXPECT(AROUND("a@example.org:EM'"),
	       AROUND_SAID("anomaly edifact.segment_tag\na@example.org 0.2=EM\n"));
	EXPECT(AROUND("+X'"), AROUND_SAID("anomaly edifact.segment_tag\n 1.1=X\n"));
	EXPECT(AROUND("NADX+1'"), AROUND_SAID("anomaly edifact.segment_tag\nNADX 1.1=1\n"));
	EXPECT(AROUND("nad+1'"), AROUND_SAID("anomaly edifact.segment_tag\nnad 1.1=1\n"));
	/* Tags of later directories and of users may hold digits; UGH and USH are ordinary. */
	EXPECT(UNB UNH "Z01+1'UGH+1'USH+1'UNT+5+1'" UNZ,
	       AROUND_SAID("Z01 1.1=1\nUGH 1.1=1\nUSH 1.1=1\n"));
}

/* ISO 9735-3: dialogue and message references, and trailers that may leave out both. */
static void test_interactive(void **state)
{
	(void)state;
	EXPECT("UIB+UNOA:4+D1+++X+S:ZZ+R+20261120:1000+D+1'UIH+CUSREP:D:95B::UN+M1+D1'BGM+1'"
	       "UIT+M1+3'UIR+D'UIZ+D1+1'",
	       "interchange ascii sender=S recipient=R reference=D1 time=202611201000 test\n"
	       "message type=CUSREP version=D:95B:UN reference=M1\nBGM 1.1=1\n" ENDED);
	EXPECT("UIB+UNOA:4+D1'UIH+CUSREP:D:95B::UN'BGM+1'UIT'UIZ'",
	       "interchange ascii reference=D1\nmessage type=CUSREP version=D:95B:UN\nBGM 1.1=1\n" ENDED);
	EXPECT("UIB+UNOA:4+D1'UIH+CUSREP:D:95B::UN+M1'BGM+1'UIT+M2+4'UIZ+D2+2'",
	       "interchange ascii reference=D1\nmessage type=CUSREP version=D:95B:UN reference=M1\n"
	       "BGM 1.1=1\nanomaly edifact.segment_count\nanomaly edifact.message_reference\n"
	       "message_end complete\nincomplete edifact.interchange_missing\n"
	       "anomaly edifact.interchange_reference\ninterchange_end complete\n");
}

/* ISO 9735-8: S022 is the fourth element of UNO; the object begins behind its terminator. */
static void test_objects(void **state)
{
	(void)state;
	/* Ten octets with delimiters and a service segment within. */
	EXPECT(UNB "UNO+P1+X:1+48:PDF+10'UNZ+1+I1''UNP+10+P1'" UNZ,
	       UNB_SAID "skip edifact.binary\ninterchange_end complete\n");
	/* It counts like a message, and messages go on behind it. */
	EXPECT(UNB "UNO+P1+++3'\x01'\xff" "UNP+3+P1'" UNH "BGM+1'" UNT3 "UNZ+2+I1'",
	       UNB_SAID "skip edifact.binary\n" UNH_SAID "BGM 1.1=1\n" ENDED);
	/* Two security segments before the object (0814), one behind it. */
	EXPECT(UNB "UNO+P1+++3:2'USH+1'USA+2'a'bUST+1'UNP+3+P1'" UNZ,
	       UNB_SAID "skip edifact.binary\ninterchange_end complete\n");
	EXPECT(UNB "UNO+P1+++0'UNP+0+P1'" UNZ, UNB_SAID "interchange_end complete\n");
	/* Too short, too long, no number: said, and the next service segment is taken. */
	EXPECT(UNB "UNO+P1+++4'abcdefUNP+4+P1'" UNZ,
	       UNB_SAID "skip edifact.binary\nskip edifact.binary_length\ninterchange_end complete\n");
	EXPECT(UNB "UNO+P1+++9'abcUNP+9+P1'" UNZ,
	       UNB_SAID "skip edifact.binary\nskip edifact.binary_length\n"
			"incomplete edifact.binary_length\ninterchange_end complete\n");
	EXPECT(UNB "UNO+P1+++X'abcUNP+3+P1'" UNZ,
	       UNB_SAID "skip edifact.binary_length\nincomplete edifact.binary_length\n"
			"interchange_end complete\n");
	/* UNO and UNP differ; the reference too. */
	EXPECT(UNB "UNO+P1+++3'abcUNP+4+P2'" UNZ,
	       UNB_SAID "skip edifact.binary\nincomplete edifact.binary_length\n"
			"anomaly edifact.message_reference\ninterchange_end complete\n");
	/* A length beyond any file. */
	EXPECT(UNB "UNO+P1+++999999999999999999'abcUNP+3+P1'" UNZ,
	       UNB_SAID "skip edifact.binary_length\ninterchange_end incomplete\n");
	EXPECT(UNB "UNO+P1+++3'", UNB_SAID "incomplete edifact.binary_length\n"
					   "incomplete edifact.interchange_trailer\n"
					   "interchange_end incomplete\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_message_header),
		cmocka_unit_test(test_message_trailer),
		cmocka_unit_test(test_missing_trailers),
		cmocka_unit_test(test_interchange_trailer),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_bare_messages),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_sections),
		cmocka_unit_test(test_tags),
		cmocka_unit_test(test_interactive),
		cmocka_unit_test(test_objects),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
