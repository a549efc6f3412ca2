/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines and their groups: identifiers, continuations, lines known by their shape
 * alone, line ends of all kinds, limits, and what a message lacks. Links the parser
 * alone (all C files of parsers/cargo_imp), NOT the core library.
 */
#include "expect.h"

static void test_groups(void **state)
{
	(void)state;
	/* A line that begins with a slash is a further line of its group, and says which. */
	EXPECT("FHL/4\nMBI/020-12345675HKGLAX/T1K79\nHBS/H1/HKGLAX/1/K79//KEYBOARDS\n/EAW/ELI\nTXT/ONE\n/TWO\n"
	       "///ED/0115\n",
	       BARE "message type=FHL version=4\n"
		    "MBI 1.1=020-12345675HKGLAX 2.1=T1K79\n"
		    "HBS 1.1=H1 2.1=HKGLAX 3.1=1 4.1=K79 6.1=KEYBOARDS\n"
		    "/HBS 1.1*2=EAW 2.1*2=ELI\n"
		    "TXT 1.1=ONE\n/TXT 1.1*2=TWO\n"
		    "/TXT 3.1*3=ED 4.1*3=0115\n"
		    "message_end complete\n" ENDED);
	/* The identifier alone on its line; a line without anything still counts. */
	EXPECT("FWB/17\n020-12345675HKGLAX/T1K1\nRTG/LAXLH\nSHP\n/\n/X ROAD\nCNE\nCVD\nRTD\nISU\n",
	       BARE "message type=FWB version=17\n"
		    "AWB 1.1=020-12345675HKGLAX 2.1=T1K1\nRTG 1.1=LAXLH\n"
		    "SHP\n/SHP\n/SHP 1.1*3=X ROAD\nCNE\nCVD\nRTD\nISU\nmessage_end complete\n" ENDED);
	/* Nothing to continue; no identifier. */
	EXPECT("FSR/1\n/LOST\n020-12345675\nfree text/of somebody\n",
	       BARE "message type=FSR version=1\n"
		    "anomaly cargo_imp.line\nLINE 1.1=/LOST\n" FSR_UNIT
		    "anomaly cargo_imp.line\nLINE 1.1=free text/of somebody\n"
		    "message_end complete\n" ENDED);
	/* Several in a row are one remark. */
	EXPECT("FSR/1\n020-12345675\nfree text\nof somebody\nOSI/A\nand more\n",
	       BARE "message type=FSR version=1\n" FSR_UNIT
		    "anomaly cargo_imp.line\nLINE 1.1=free text\nLINE 1.1=of somebody\nOSI 1.1=A\n"
		    "anomaly cargo_imp.line\nLINE 1.1=and more\nmessage_end complete\n" ENDED);
	EXPECT("FSR/1\n020-12345675\nOSI/Z\xc3\xbcRICH\n",
	       BARE "message type=FSR version=1\n" FSR_UNIT
		    "OSI 1.1=<high>Z\xc3\xbcRICH\nmessage_end complete\n" ENDED);
}

static void test_shapes(void **state)
{
	(void)state;
	/* A flight's list: its numbered line, airports, waybills, and identifiers all the same. */
	EXPECT("FFM/8\n1/KZ134/15APR1200/HKG/JA13KZ\nANC/NIL/15APR0200\nORD\n020-12345675HKGORD/S10K206MC0.15T92/MIX\n"
	       "/EAW\n/ATLKZ136/16APR\nULD/PMC12345KZ\nDIM/K10/CMT1-1-1/1\nLAST\n",
	       BARE "message type=FFM version=8\n"
		    "PAGE 1.1=1 2.1=KZ134 3.1=15APR1200 4.1=HKG 5.1=JA13KZ\n"
		    "POINT 1.1=ANC 2.1=NIL 3.1=15APR0200\nPOINT 1.1=ORD\n"
		    "AWB 1.1=020-12345675HKGORD 2.1=S10K206MC0.15T92 3.1=MIX\n"
		    "/AWB 1.1*2=EAW\n/AWB 1.1*3=ATLKZ136 2.1*3=16APR\n"
		    "ULD 1.1=PMC12345KZ\nDIM 1.1=K10 2.1=CMT1-1-1 3.1=1\nmessage_end complete\n" ENDED);
	/* A booking's flight has no identifier either. */
	EXPECT("FFR/8\n020-12345675HKGLAX/T1K79/TOYS\nLH797/20NOV/HKGFRA/NN\nREF/HKGFMLH\n",
	       BARE "message type=FFR version=8\n"
		    "AWB 1.1=020-12345675HKGLAX 2.1=T1K79 3.1=TOYS\n"
		    "FLIGHT 1.1=LH797 2.1=20NOV 3.1=HKGFRA 4.1=NN\nREF 1.1=HKGFMLH\n"
		    "message_end complete\n" ENDED);
	/* Customs: airport and carrier behind the identifier line, and only there. */
	EXPECT("FRI\nLAXLH\n020-12345675-HOUSE1\nWBL/HKG/T1K79/KEYBOARDS\nLAXLH\n",
	       BARE "message type=FRI\nLOCATION 1.1=LAXLH\nAWB 1.1=020-12345675-HOUSE1\n"
		    "WBL 1.1=HKG 2.1=T1K79 3.1=KEYBOARDS\n"
		    "anomaly cargo_imp.line\nLINE 1.1=LAXLH\nmessage_end complete\n" ENDED);
	/* An amount and its currency, in the line of declared values, and only there. */
	EXPECT("FXI\n020-12345675\nWBL/HKG\nCSD/CN/120-USD/847160\nCSD/US/-USD/1-\nCED/1-2\n",
	       BARE "message type=FXI\nAWB 1.1=020-12345675\nWBL 1.1=HKG\n"
		    "CSD 1.1=CN 2.1=120 2.2=USD 3.1=847160\n"
		    "CSD 1.1=US 2.2=USD 3.1=1\n"
		    "CED 1.1=1-2\nmessage_end complete\n" ENDED);
}

static void test_line_ends(void **state)
{
	(void)state;
	EXPECT("FSR/1\r\n020-12345675\r\n", BARE FSR_SAID ENDED);
	EXPECT("FSR/1\r020-12345675\r", BARE FSR_SAID ENDED);
	EXPECT("FSR/1\r\r\n020-12345675\r\r\n\n\n", BARE FSR_SAID ENDED);
	EXPECT("\xef\xbb\xbf\n FSR/1  \n\t020-12345675  ", BARE FSR_SAID ENDED);
	EXPECT("FSR/1\n\n020-12345675\n\nOSI/A\n\n/B\n",
	       BARE "message type=FSR version=1\n" FSR_UNIT "OSI 1.1=A\n/OSI 1.1*2=B\n"
		    "message_end complete\n" ENDED);
}

static void test_limits(void **state)
{
	const struct tw_parser_limits limits = {.segment_bytes = 20, .segment_pieces = 3};
	(void)state;
	expect_bytes(TW_LITERAL("FSR/1\n020-12345675\nOSI/01234567890123456789\nOSI/1/2/3/4/5\nOSI/LAST\n"),
		     limits,
		     BARE "message type=FSR version=1\n" FSR_UNIT
			  "skip cargo_imp.line_too_long\n"
			  "OSI 1.1=1 2.1=2 3.1=3\nskip cargo_imp.line_too_many_pieces\n"
			  "OSI 1.1=LAST\nmessage_end complete\n" ENDED);
	/* The stream ends in a line that is passed over. */
	expect_bytes(TW_LITERAL("FSR/1\n020-12345675\nOSI/01234567890123456789"), limits,
		     BARE "message type=FSR version=1\n" FSR_UNIT "skip cargo_imp.line_too_long\n"
			  "message_end complete\n" ENDED);
}

static void test_missing(void **state)
{
	(void)state;
	/* FWB: the ISU line is mandatory, and stands near the end. */
	EXPECT("FWB/16\n020-12345675HKGLAX/T1K1\nRTG/LAXLH\nSHP\nCNE\nCVD\nRTD\n" FSR,
	       BARE "message type=FWB version=16\n"
		    "AWB 1.1=020-12345675HKGLAX 2.1=T1K1\nRTG 1.1=LAXLH\nSHP\nCNE\nCVD\nRTD\n"
		    "anomaly cargo_imp.line_missing\nmessage_end complete\n" FSR_SAID ENDED);
	/* Cut within a line. */
	EXPECT("FWB/16\n020-12345675HKGLAX/T1K1\nRTG/LAX",
	       BARE "message type=FWB version=16\n"
		    "AWB 1.1=020-12345675HKGLAX 2.1=T1K1\nRTG 1.1=LAX\n"
		    "incomplete cargo_imp.truncated\nmessage_end incomplete\n" ENDED);
	EXPECT("FFM/8\n1/KZ134/15APR/HKG\nORD/NIL\n",
	       BARE "message type=FFM version=8\nPAGE 1.1=1 2.1=KZ134 3.1=15APR 4.1=HKG\n"
		    "POINT 1.1=ORD 2.1=NIL\nincomplete cargo_imp.list_end\nmessage_end incomplete\n" ENDED);
}

#define PAGE(n) "FFM/8\n" n "/KZ134/15APR/HKG\nORD/NIL\n"
#define PAGE_SAID(n)                                                                               \
	"message type=FFM version=8\nPAGE 1.1=" n " 2.1=KZ134 3.1=15APR 4.1=HKG\nPOINT 1.1=ORD "   \
	"2.1=NIL\n"

static void test_parts(void **state)
{
	(void)state;
	EXPECT(PAGE("1") "CONT\n" PAGE("2") "LAST\n",
	       BARE PAGE_SAID("1") "message_end complete\n" PAGE_SAID("2") "message_end complete\n" ENDED);
	EXPECT(PAGE("1") "CONT\n",
	       BARE PAGE_SAID("1") "message_end complete\nanomaly cargo_imp.part\n" ENDED);
	/* Part 2 is missing: part 1 goes nowhere, part 3 comes from nowhere. */
	EXPECT(PAGE("1") "CONT\n" PAGE("3") "LAST\n",
	       BARE PAGE_SAID("1") "message_end complete\nmessage type=FFM version=8\n"
		    "anomaly cargo_imp.part\nanomaly cargo_imp.part\n"
		    "PAGE 1.1=3 2.1=KZ134 3.1=15APR 4.1=HKG\nPOINT 1.1=ORD 2.1=NIL\n"
		    "message_end complete\n" ENDED);
	/* Behind the end of a list nothing belongs to it. */
	EXPECT(PAGE("1") "LAST\nSOME TEXT\nIN LINES\n" FSR,
	       BARE PAGE_SAID("1") "message_end complete\nskip cargo_imp.stray\n" FSR_SAID ENDED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_groups),	  cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_line_ends), cmocka_unit_test(test_limits),
		cmocka_unit_test(test_missing),	  cmocka_unit_test(test_parts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
