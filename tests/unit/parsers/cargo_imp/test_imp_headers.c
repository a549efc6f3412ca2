/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Headers of the networks, several messages in a stream, quoted ones, what is no
 * message, and input cut at every byte. Links the parser alone (all C files of
 * parsers/cargo_imp), NOT the core library.
 */
#include "expect.h"

#define ADDRESSED "interchange ascii sender=FRAFMLH recipient=HKGFMLH reference=191200\n"

static void test_teletype(void **state)
{
	(void)state;
	EXPECT("\x01QU HKGFMLH LAXFMLH\r\n.FRAFMLH 191200\r\n\x02" FSR "\x03", ADDRESSED FSR_SAID ENDED);
	/* Without priority behind SOH; addresses on two lines; a line before the text. */
	EXPECT("\x01HKGFMLH LAXFMLH\r\nLAXFMLH.\r\n.FRAFMLH 191200\r\n\x02NOTE\r\n" FSR "\x03",
	       ADDRESSED FSR_SAID ENDED);
	EXPECT("ZCZC ABC123\nQD HKGFMLH\n.FRAFMLH 191200\n" FSR "NNNN\n", ADDRESSED FSR_SAID ENDED);
	/* Lines only: no end mark was promised. All of it on one line, as some write it. */
	EXPECT("QK HKGFMLH\n.FRAFMLH 191200\n" FSR, ADDRESSED FSR_SAID ENDED);
	EXPECT("QK HKGFMLH .FRAFMLH 191200\n" FSR, ADDRESSED FSR_SAID ENDED);
	/* Some leave the origin out. */
	EXPECT("QU HKGFMLH LAXFMLH\n" FSR, "interchange ascii recipient=HKGFMLH\n" FSR_SAID ENDED);
	/* Two in a row, with what teletypes leave between. */
	EXPECT("\x01QU HKGFMLH\n.FRAFMLH 191200\n\x02" FSR "\x03\r\n\n\nNNNN\r\n"
	       "\x01QU HKGFMLH\n.FRAFMLH 191200\n\x02" FSR "\x03\n",
	       ADDRESSED FSR_SAID ENDED ADDRESSED FSR_SAID ENDED);
	/* One header carries two messages. */
	EXPECT("QU HKGFMLH\n.FRAFMLH 191200\n" FSR FSR, ADDRESSED FSR_SAID FSR_SAID ENDED);
	/* The next header ends one without end mark. */
	EXPECT("\x01QU HKGFMLH\n.FRAFMLH 191200\n\x02" FSR "QU HKGFMLH\n.FRAFMLH 191200\n" FSR,
	       ADDRESSED FSR_SAID "incomplete cargo_imp.end_mark\ninterchange_end incomplete\n"
	       ADDRESSED FSR_SAID ENDED);
	EXPECT("\x02" FSR, BARE FSR_SAID "incomplete cargo_imp.end_mark\ninterchange_end incomplete\n");
}

/* The files of gateways that receive Type B. */
static void test_sections(void **state)
{
	(void)state;
#define SECTIONS                                                                                   \
	"=HEADER\nRCV,2026/11/19 12:00\n=PRIORITY\nQU\n=DESTINATION TYPE B\nSTX,HKGFMLH\n"          \
	"STX,LAXFMLH\n=ORIGIN\nFRAFMLH\n=MSGID\n191200\n"
#define SECTIONS_SAID                                                                              \
	"interchange ascii sender=FRAFMLH recipient=HKGFMLH reference=191200 time=202611191200\n"
	EXPECT(SECTIONS "=TEXT\n" FSR, SECTIONS_SAID FSR_SAID ENDED);
	EXPECT(SECTIONS "=SMI\nFSR\n=TEXT\n" FSR, SECTIONS_SAID FSR_SAID ENDED);
	/* The identifier only in its section. */
	EXPECT(SECTIONS "=SMI\nFSR\n=TEXT\n020-12345675\n",
	       SECTIONS_SAID "message type=FSR\n" FSR_UNIT "message_end complete\n" ENDED);
	EXPECT(SECTIONS "=TEXT\n" FSR SECTIONS "=TEXT\n" FSR,
	       SECTIONS_SAID FSR_SAID ENDED SECTIONS_SAID FSR_SAID ENDED);
	EXPECT("=HEADER\n=SND,2026/1/9 1:00\n=PRIORITY\nQK\n=DESTINATION TYPE B\nSTX,HKGFMLH\n=ORIGIN\nFRAFMLH\n"
	       "=MSGID\n191200\n=TEXT\n" FSR,
	       ADDRESSED FSR_SAID ENDED);
}

/* Community systems put the message into an EDIFACT envelope, whose terminator follows it. */
static void test_enveloped(void **state)
{
	(void)state;
#define ENVELOPE_SAID "interchange ascii sender=AGT01HKG recipient=LH/FRA85 reference=51 time=2611191200\n"
#define UNB "UNA:+.? 'UNB+IATA:1+AGT01HKG:PIMA+LH/FRA85:PIMA+261119:1200+51+0'"
	EXPECT(UNB "UNH+1+CIMFSR:0+51'" FSR "'UNT+3+1'UNZ+1+51'\n", ENVELOPE_SAID FSR_SAID ENDED);
	/* Lines of its own, a group, two messages, an apostrophe in a name. */
	EXPECT(UNB "\nUNG+X'\nUNH+1+CIMFSR:1'\n" FSR "OSI/O'BRIEN'\nUNT+3+1'\n"
	       "UNH+2+CIMFMA:0'\nFMA\nACK/OK\nFWB/16\n020-12345675'\nUNT+3+2'\nUNE+2+1'\nUNZ+1+51'\n",
	       ENVELOPE_SAID "message type=FSR version=1\n" FSR_UNIT "OSI 1.1=O'BRIEN\n"
			     "message_end complete\nmessage type=FMA\nACK 1.1=OK\nSMI 1.1=FWB 2.1=16\n"
	       FSR_UNIT "message_end complete\n" ENDED);
	/* The identifier line only in UNH; two interchanges on one line. */
	EXPECT(UNB "UNH+1+CIMFSR:0+51'020-12345675\n'UNT+3+1'UNZ+1+51'" UNB "UNH+1+CIMFSR:0+51'" FSR
	       "'UNT+3+1'UNZ+1+51'",
	       ENVELOPE_SAID "message type=FSR\n" FSR_UNIT "message_end complete\n" ENDED ENVELOPE_SAID
	       FSR_SAID ENDED);
	/* Lines behind a list belong to nothing, and are told before what follows. */
	EXPECT(UNB "UNH+1+CIMFFM:0'FFM/8\n1/KZ134/15APR/HKG\nORD/NIL\nLAST\nTEXT\n'UNT+3+1'"
	       "UNH+2+CIMFSR:0'" FSR "'UNT+3+2'UNZ+2+51'",
	       ENVELOPE_SAID "message type=FFM version=8\nPAGE 1.1=1 2.1=KZ134 3.1=15APR 4.1=HKG\n"
			     "POINT 1.1=ORD 2.1=NIL\nmessage_end complete\nskip cargo_imp.stray\n"
	       FSR_SAID ENDED);
	/* Cut before, and within, its trailer. */
	EXPECT(UNB "UNH+1+CIMFSR:0+51'" FSR, ENVELOPE_SAID FSR_SAID
	       "incomplete cargo_imp.end_mark\ninterchange_end incomplete\n");
	EXPECT(UNB "UNH+1+CIMFSR:0+51'" FSR "'UNT+3+1'UNZ+1", ENVELOPE_SAID FSR_SAID
	       "incomplete cargo_imp.end_mark\ninterchange_end incomplete\nskip cargo_imp.junk\n");
	/* Another kind of message in the same envelope is not ours. */
	EXPECT(UNB "UNH+1+CIMFSR:0+51'" FSR "'UNT+3+1'UNH+2+CUSCAR:D:95B:UN'BGM+1'",
	       ENVELOPE_SAID FSR_SAID
	       "incomplete cargo_imp.end_mark\ninterchange_end incomplete\nskip cargo_imp.junk\n");
	assert_int_equal(cargo_imp_LTX_tw_parser()->probe(TW_LITERAL(UNB "UNH+1+CIMFSR:0'"), false), 100);
	assert_int_equal(cargo_imp_LTX_tw_parser()->probe(TW_LITERAL(UNB "UNH+1+CUSCAR:D:95B'"), false), 0);
	assert_int_equal(cargo_imp_LTX_tw_parser()->probe(TW_LITERAL("UNA=*.? ~UNB*UNOA~"), true), 0);
}

static void test_repeated(void **state)
{
	(void)state;
#define PDM_SAID "message type=FSR version=1\nPDM\n" FSR_UNIT "message_end complete\n"
	EXPECT("QU HKGFMLH\n.FRAFMLH 191200\nPDM\n" FSR, ADDRESSED PDM_SAID ENDED);
	EXPECT("QU HKGFMLH\n.FRAFMLH 191200 PDM\n" FSR,
	       "interchange ascii sender=FRAFMLH recipient=HKGFMLH reference=191200 PDM\n" PDM_SAID ENDED);
	EXPECT("PDM\n" FSR, BARE PDM_SAID ENDED);
	/* It is said of the message that follows, not of the one before. */
	EXPECT(FSR "PDM\n" FSR, BARE FSR_SAID ENDED BARE PDM_SAID ENDED);
	/* Behind the identifier line, as some networks put it. */
	EXPECT("FSR/1\nPDM\n020-12345675\n", BARE PDM_SAID ENDED);
}

static void test_quoted(void **state)
{
	(void)state;
	EXPECT("FNA/1\nACK/INVALID WEIGHT\nFFM/8\n1/KZ134/15APR/HKG\nORD/NIL\nLAST\n" FSR,
	       BARE "message type=FNA version=1\nACK 1.1=INVALID WEIGHT\nSMI 1.1=FFM 2.1=8\n"
		    "PAGE 1.1=1 2.1=KZ134 3.1=15APR 4.1=HKG\nPOINT 1.1=ORD 2.1=NIL\n"
		    "LAST\nmessage_end complete\n" FSR_SAID ENDED);
	/* Behind an empty line it is no quotation, whatever the line ends are. */
	EXPECT("FMA\nACK/RCVD\n \n" FSR, BARE "message type=FMA\nACK 1.1=RCVD\nmessage_end complete\n" FSR_SAID ENDED);
	EXPECT("FMA\r\nACK/RCVD\r\n\r\n" FSR, BARE "message type=FMA\nACK 1.1=RCVD\nmessage_end complete\n" FSR_SAID ENDED);
	EXPECT("FMA\r\r\nACK/RCVD\r\r\n" FSR,
	       BARE "message type=FMA\nACK 1.1=RCVD\nSMI 1.1=FSR 2.1=1\n" FSR_UNIT "message_end complete\n" ENDED);
	/* Without a version; the next answer is a message again. */
	EXPECT("FMA\nACK/RCVD\nFWB/17\n020-12345675\nFMA\nACK/RCVD\n",
	       BARE "message type=FMA\nACK 1.1=RCVD\nSMI 1.1=FWB 2.1=17\n" FSR_UNIT
		    "message_end complete\nmessage type=FMA\nACK 1.1=RCVD\nmessage_end complete\n" ENDED);
}

static void test_unknown(void **state)
{
	(void)state;
	/* A type nobody listed: behind a header, or where a waybill follows. */
	EXPECT("QU HKGFMLH\n.FRAFMLH 191200\nFXY/2\nABC/1\n",
	       ADDRESSED "message type=FXY version=2\nABC 1.1=1\nmessage_end complete\n" ENDED);
	EXPECT("FXY/2\n020-12345675\n",
	       BARE "message type=FXY version=2\n" FSR_UNIT "message_end complete\n" ENDED);
	/* Not at the start of a stream, what only looks like one. */
	EXPECT("FSR/1\n020-12345675\nFXY/2\nPER\nFRI\nHELLO\n",
	       BARE "message type=FSR version=1\n" FSR_UNIT "FXY 1.1=2\nPER\nFRI\n"
		    "anomaly cargo_imp.line\nLINE 1.1=HELLO\nmessage_end complete\n" ENDED);
	/* Perth and Praslin are airports, PER and PRI customs messages. */
	EXPECT("FFM/8\n1/KZ134/15APR/HKG\nPER\n020-12345675HKGPER/T1K1\nPRI\n020-12345675HKGPRI/T1K1\nLAST\n",
	       BARE "message type=FFM version=8\nPAGE 1.1=1 2.1=KZ134 3.1=15APR 4.1=HKG\nPOINT 1.1=PER\n"
		    "AWB 1.1=020-12345675HKGPER 2.1=T1K1\nPOINT 1.1=PRI\n"
		    "AWB 1.1=020-12345675HKGPRI 2.1=T1K1\nmessage_end complete\n" ENDED);
}

static void test_junk(void **state)
{
	(void)state;
	EXPECT("Dear colleague,\nsee FWB/16 below\n\n" FSR,
	       "skip cargo_imp.junk\n" BARE FSR_SAID ENDED);
	EXPECT("see " FSR, "skip cargo_imp.junk\n");
	EXPECT("\x01QU HKGFMLH\n.FRAFMLH 191200\n\x02" FSR "\x03LD\nMVT\nLH797/19.DABCD.FRA\n" FSR,
	       ADDRESSED FSR_SAID ENDED "skip cargo_imp.junk\n" BARE FSR_SAID ENDED);
	/* Another syntax ends the message. */
	EXPECT(FSR "UNB+UNOA:1+S+R+261119:1200+1'", BARE FSR_SAID ENDED "skip cargo_imp.junk\n");
	EXPECT(FSR "<?xml version='1.0'?>", BARE FSR_SAID ENDED "skip cargo_imp.junk\n");
	EXPECT("", "");
	EXPECT("\r\n \n", "");
}

static int probe(const char *text, bool end)
{
	return cargo_imp_LTX_tw_parser()->probe(tw_slice_string(text), end);
}

static void test_probe(void **state)
{
	static const char *const others[] = {
		"UNB+UNOA:1+S+R+261119:1200+1'",
		"ISA*00*          *00*",
		"<?xml version=\"1.0\"?>",
		"Dear colleague,\n",
		"FWB/16 is a message\n",
		"QUICK BROWN FOX\n.\nFWB/16\n",
		"QU\nFWB/16\n",
		"PER\nHELLO\nWORLD\n",
		"QU HKGFMLH\n.FRAFMLH 191200\nMVT\nLH797/19.DABCD.FRA\n",
		"FRI\n",
		"ABC/1\nDEF\n",
		"=HEADER\n=TEXT\nhello\n",
	};
	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(probe(others[i], true), 0);
	assert_int_equal(probe("FWB/1", false), -1);
	assert_int_equal(probe("QU HKGFMLH\n", false), -1);
	assert_int_equal(probe("", false), -1);
	assert_true(probe("FWB/16\n", false) > 90);
	assert_true(probe("\xef\xbb\xbf\r\nFWB/16", true) > 90);
	assert_true(probe("FRI\nLAXLH\n020-12345675\n", false) > 0);
	assert_true(probe("FER\nLH456/21NOV\n020-12345675\n", false) > 0);
	assert_int_equal(probe("FER\nLH456 21NOV\n020-12345675\n", false), 0);
	assert_true(probe("QU HKGFMLH\n.FRAFMLH 191200\nFFM/8\n", false) > 90);
	/* What it finds it also takes. */
	struct tw_slice mail = TW_LITERAL("Hello,\nsee below\nFHL/4\nMBI/1\n");
	assert_int_equal(cargo_imp_LTX_tw_parser()->find(mail), 16);
	assert_int_equal(cargo_imp_LTX_tw_parser()->find(TW_LITERAL("nothing\nhere")), 12);
}

/* ---- cut at every byte --------------------------------------------------------- */

static const char whole[] =
	"\x01QU HKGFMLH LAXFMLH\r\n.FRAFMLH 191200\r\n\x02"
	"FWB/16\r\n020-12345675HKGLAX/T1K79MC0.5\r\nRTG/LAXLH\r\n"
	"SHP\r\n/KOWLOON LTD\r\n/88 NATHAN ROAD\r\n/HONG KONG\r\n/HK\r\n"
	"CNE\r\n/LAREDO WAREHOUSE\r\n/100 BORDER AVE\r\n/LAREDO/TX\r\n/US/78040\r\n"
	"CVD/HKD/PP/PP/NVD/NCV/XXX\r\nRTD/1/P1/K79/CQ\r\n/NG/KEYBOARDS\r\nISU/19NOV26/HKG\r\n\x03";

static void run_cut(struct tw_slice input, size_t chunk, struct tw_sink *sink)
{
	struct recorder_feed feed = {.input = input, .limits = recorder_limits, .chunk = chunk};

	assert_int_equal(recorder_run(&feed, sink, NULL), TW_OK);
}

static void test_cut(void **state)
{
	struct tw_slice input = TW_LITERAL(whole);
	(void)state;
	for (size_t length = 1; length <= input.length; length++) {
		struct tw_sink at_once = {0}, by_three = {0};
		run_cut(tw_slice_part(input, 0, length), SIZE_MAX, &at_once);
		run_cut(tw_slice_part(input, 0, length), 3, &by_three);
		/* The same for any windows, and what is cut does not pass as whole. */
		assert_string_equal(at_once.text, by_three.text);
		unsigned told = at_once.anomalies + at_once.skips + at_once.incompletes;
		assert_int_equal(told == 0, length == input.length);
		recorder_free(&at_once);
		recorder_free(&by_three);
	}
}

/* The same in an envelope. */
static void test_cut_enveloped(void **state)
{
	static const char text[] = UNB "UNH+1+CIMFWB:0+51'FWB/16\r\n020-12345675HKGLAX/T1K79\r\nRTG/LAXLH\r\n"
		"SHP\r\n/KOWLOON LTD\r\nCNE\r\n/LAREDO\r\nCVD/HKD/PP\r\nRTD/1/P1/K79\r\n"
		"ISU/19NOV26/HKG\r\n'UNT+3+1'UNZ+1+51'";
	struct tw_slice input = TW_LITERAL(text);
	(void)state;
	for (size_t length = 1; length <= input.length; length++) {
		struct tw_sink at_once = {0}, by_one = {0};
		run_cut(tw_slice_part(input, 0, length), SIZE_MAX, &at_once);
		run_cut(tw_slice_part(input, 0, length), 1, &by_one);
		assert_string_equal(at_once.text, by_one.text);
		unsigned told = at_once.anomalies + at_once.skips + at_once.incompletes;
		assert_int_equal(told == 0, length == input.length);
		recorder_free(&at_once);
		recorder_free(&by_one);
	}
}

/* Without header: up to the last line that it cannot be without. */
static void test_cut_bare(void **state)
{
	struct tw_slice input = tw_slice_from(TW_LITERAL(whole), 39);
	size_t last = input.length - sizeof("ISU/19NOV26/HKG\r\n\x03") + 1;
	(void)state;
	assert_true(tw_slice_starts(input, TW_LITERAL("FWB/16")));
	for (size_t length = 1; length <= input.length; length++) {
		struct tw_sink at_once = {0}, by_one = {0};
		run_cut(tw_slice_part(input, 0, length), SIZE_MAX, &at_once);
		run_cut(tw_slice_part(input, 0, length), 1, &by_one);
		assert_string_equal(at_once.text, by_one.text);
		unsigned told = at_once.anomalies + at_once.skips + at_once.incompletes;
		assert_int_equal(told == 0, length >= last + 3);
		recorder_free(&at_once);
		recorder_free(&by_one);
	}
}

/* A sink that fails ends the stream with its status, wherever it does. */
static void test_refusal(void **state)
{
	(void)state;
	for (int calls = 1; calls < 40; calls++) {
		struct tw_sink sink = {.refuse_after = calls};
		struct recorder_feed feed = {
			.input = TW_LITERAL(whole), .limits = recorder_limits, .chunk = 7};
		int status = recorder_run(&feed, &sink, NULL);
		assert_int_equal(status, sink.calls >= calls ? TW_ERROR_LIMIT : TW_OK);
		recorder_free(&sink);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_teletype), cmocka_unit_test(test_sections),
		cmocka_unit_test(test_enveloped),
		cmocka_unit_test(test_repeated), cmocka_unit_test(test_quoted),
		cmocka_unit_test(test_unknown),	 cmocka_unit_test(test_junk),
		cmocka_unit_test(test_probe),	 cmocka_unit_test(test_cut),
		cmocka_unit_test(test_cut_bare), cmocka_unit_test(test_cut_enveloped),
		cmocka_unit_test(test_refusal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
