/* SPDX-License-Identifier: Apache-2.0 */
/* What the EDIFACT maps make of messages: each fact can be read off the text above it. */
#include "map_testing.h"

static int setup(void **state)
{
	*state = testing_create();
	return 0;
}

static int teardown(void **state)
{
	testing_free(*state);
	return 0;
}

/*
 * A carrier's manifest after UN/EDIFACT CUSCAR D.95B: two bills, three containers
 * told before them. Synthetic; the ship's IMO number and the container numbers
 * have right check digits (9074729; CSQU3054383 is the example of ISO 6346).
 */
static const char MANIFEST[] =
	"BGM+785+MANIFEST1+9'"
	"DTM+137:20261119:102'"
	"MOA+39::USD'"
	"NAD+CA+MAEU:172:20'"
	"TDT+20+123W+1++MAEU:172:20+++9074729:146:11:MAERSK?'S TEST'"
	"LOC+5+CNSHA:139:6'"
	"DTM+133:202611181200:203'"
	"LOC+60+USLAX:139:6'"
	"DTM+132:202612050600:203'"
	"EQD+CN+CSQU3054383+45G1:102:5+++5'"
	"SEL+SEAL1+CA'"
	"SEL+SEAL2+SH'"
	"EQD+CN+MSKU0000011+22G1:102:5+++4'"
	"CNI+1+MAEU111'"
	"RFF+MB:MASTER9'"
	"RFF+BN:BOOK7'"
	"CNT+7:2500.5:KGM'"
	"CNT+8:26'"
	"LOC+9+CNSHA:139:6:SHANGHAI'"
	"LOC+11+USLAX:139:6'"
	"LOC+13+KRPUS:139:6'"
	"LOC+147+0160382'"
	"LOC+8+'"
	"NAD+CZ+++SHENZHEN TRADING CO:LTD+12 INDUSTRY ROAD+SHENZHEN+GD+518000+CN'"
	"CTA+IC+:MR LI'"
	"COM+861234567:TE'"
	"COM+LI?+1@EXAMPLE.ORG:EM'"
	"NAD+CN++LAREDO WAREHOUSE:100 BORDER AVE:LAREDO TX'"
	"NAD+NI'"
	"GID+1+20:CT:::CARTONS'"
	"FTX+AAA+++KEYBOARDS'"
	"PCI+31+MARK A:MARK B'"
	"MEA+AAE+G+KGM:2000'"
	"MEA+AAE+AAW+MTQ:12.5'"
	"PIA+5+847160:HS'"
	"MOA+44:1200'"
	"SGP+CSQU3054383'"
	"GID+2+6:PK'"
	"FTX+AAA+++CHEMICALS'"
	"DGS+IMD+3+UN1090++2'"
	"MEA+WT++LBR:1000'"
	"SGP+OTHU1234560'"
	"CNI+2+MAEU222'"
	"NAD+OS++OTHER SHIPPER'"
	"GID+1+1:PK'"
	"FTX+AAA+++EMPTY PALLETS'"
	"CNT+16:2'";

static void check_header(const struct tw_consignment *view)
{
	assert_text(view, tw_first(view, TW_INTERCHANGE_SENDER), "SENDER");
	assert_text(view, tw_first(view, TW_MESSAGE_TYPE), "CUSCAR");
	assert_text(view, tw_first(view, TW_MESSAGE_MAP), "edifact/CUSCAR");
	assert_int_equal(tw_code(view, TW_MESSAGE_ROLE), TW_ROLE_MANIFEST);
	assert_int_equal(tw_code(view, TW_MESSAGE_FUNCTION), TW_ACTION_ORIGINAL);
	assert_int_equal(tw_code(view, TW_CONSIGNMENT_ACTION), TW_ACTION_ORIGINAL);
	assert_text(view, tw_first(view, TW_LEG_VOYAGE), "123W");
	assert_text(view, tw_first(view, TW_LEG_CONVEYANCE), "MAERSK'S TEST");
	assert_text(view, tw_first(view, TW_LEG_CONVEYANCE_ID), "9074729");
	assert_int_equal(tw_code(view, TW_LEG_MODE), TW_MODE_SEA);
	assert_int_equal(tw_code(view, TW_LEG_STAGE), TW_STAGE_MAIN);
	assert_text(view, tw_first(view, TW_LEG_FROM), "CNSHA");
	assert_text(view, tw_first(view, TW_LEG_TO), "USLAX");
	/* 2026-11-18T12:00Z and 2026-12-05T06:00Z, by date -u +%s. */
	assert_number(view, tw_first(view, TW_LEG_DEPARTURE), 1795003200);
	assert_number(view, tw_first(view, TW_LEG_ARRIVAL), 1796450400);
}

static void test_manifest_header(void **state)
{
	struct testing *testing = *state;
	testing_edifact(testing, MANIFEST, false);
	assert_int_equal(testing->record_count, 2);
	assert_int_equal(testing->anomalies.length, 0);
	for (unsigned i = 0; i < 2; i++)
		check_header(&testing->views[i]);
	const char *second = strstr(MANIFEST, "CNI+2");
	assert_int_equal(testing->ends[0], second - MANIFEST);
	assert_int_equal(testing->views[1].record->base, second - MANIFEST);
}

static void check_documents(const struct tw_consignment *view)
{
	assert_true(tw_slice_is(tw_document(view, TW_DOCUMENT_HOUSE), "MAEU111"));
	assert_true(tw_slice_is(tw_document(view, TW_DOCUMENT_MASTER), "MASTER9"));
	assert_true(tw_slice_is(tw_document(view, TW_DOCUMENT_BOOKING), "BOOK7"));
	assert_true(tw_slice_is(tw_document(view, TW_DOCUMENT_MANIFEST), "MANIFEST1"));
}

static void check_parties(const struct tw_consignment *view)
{
	int shipper = tw_party(view, TW_PARTY_SHIPPER, 0);
	int consignee = tw_party(view, TW_PARTY_CONSIGNEE, 0);
	assert_item_text(view, TW_PARTY_NAME, shipper, "SHENZHEN TRADING CO LTD");
	assert_item_text(view, TW_PARTY_ADDRESS, shipper, "12 INDUSTRY ROAD");
	assert_item_text(view, TW_PARTY_CITY, shipper, "SHENZHEN");
	assert_item_text(view, TW_PARTY_REGION, shipper, "GD");
	assert_item_text(view, TW_PARTY_POSTCODE, shipper, "518000");
	assert_item_text(view, TW_PARTY_COUNTRY, shipper, "CN");
	assert_item_text(view, TW_PARTY_CONTACT, shipper, "MR LI");
	assert_item_text(view, TW_PARTY_PHONE, shipper, "861234567");
	assert_item_text(view, TW_PARTY_EMAIL, shipper, "LI+1@EXAMPLE.ORG");
	/* No C080: the first line of C058 is the name, the others are the address. */
	assert_item_text(view, TW_PARTY_NAME, consignee, "LAREDO WAREHOUSE");
	assert_item_text(view, TW_PARTY_ADDRESS, consignee, "100 BORDER AVE");
	assert_text(view, tw_next(view, tw_find(view, TW_PARTY_ADDRESS, (unsigned)consignee)),
		    "LAREDO TX");
	assert_true(tw_party(view, TW_PARTY_NOTIFY, 0) >= 0);
	assert_true(tw_party(view, TW_PARTY_CARRIER, 0) >= 0);
}

static void check_places(const struct tw_consignment *view)
{
	assert_item_text(view, TW_PLACE_CODE, tw_place(view, TW_PLACE_LOADING, 0), "CNSHA");
	assert_item_text(view, TW_PLACE_NAME, tw_place(view, TW_PLACE_LOADING, 0), "SHANGHAI");
	assert_item_text(view, TW_PLACE_CODE, tw_place(view, TW_PLACE_DISCHARGE, 0), "USLAX");
	assert_item_text(view, TW_PLACE_CODE, tw_place(view, TW_PLACE_TRANSHIPMENT, 0), "KRPUS");
	/* LOC+147 is a cell of the ship, LOC+8 is empty. */
	assert_item_text(view, TW_PLACE_CODE, tw_place(view, TW_PLACE_STOWAGE, 0), "0160382");
	assert_int_equal(tw_place(view, TW_PLACE_FINAL, 0), -1);
	assert_text(view, tw_first(view, TW_CONSIGNMENT_ORIGIN), "CNSHA");
	assert_text(view, tw_first(view, TW_CONSIGNMENT_DESTINATION), "USLAX");
}

static void check_goods(const struct tw_consignment *view)
{
	assert_int_equal(view->record->items[TW_GROUP_goods], 2);
	assert_item_text(view, TW_GOODS_DESCRIPTION, 0, "KEYBOARDS");
	assert_number(view, tw_find(view, TW_GOODS_PACKAGES, 0), 20);
	assert_item_text(view, TW_GOODS_PACKAGE_TYPE, 0, "CARTONS");
	assert_item_text(view, TW_GOODS_MARKS, 0, "MARK A MARK B");
	assert_number(view, tw_find(view, TW_GOODS_GROSS, 0), 2000);
	assert_number(view, tw_find(view, TW_GOODS_VOLUME, 0), 12.5);
	assert_item_text(view, TW_GOODS_HS, 0, "847160");
	assert_number(view, tw_find(view, TW_GOODS_VALUE, 0), 1200);
	/* MOA+44 names no currency: that of the header's MOA+39. */
	assert_item_text(view, TW_GOODS_CURRENCY, 0, "USD");
	assert_item_text(view, TW_GOODS_DESCRIPTION, 1, "CHEMICALS");
	assert_item_text(view, TW_GOODS_UN, 1, "1090");
	assert_item_text(view, TW_GOODS_DANGER_CLASS, 1, "3");
	assert_item_text(view, TW_GOODS_PACKING_GROUP, 1, "2");
	/* 1000 lb = 453.59237 kg. */
	assert_number(view, tw_find(view, TW_GOODS_GROSS, 1), 453.59237);
	assert_item_text(view, TW_GOODS_GROSS, 1, "1000");
	assert_int_equal(view->entries[tw_find(view, TW_GOODS_GROSS, 1)].unit, TW_MEASURE_LB);
	assert_number(view, tw_first(view, TW_CONSIGNMENT_WEIGHT), 2500.5);
	assert_number(view, tw_first(view, TW_CONSIGNMENT_PIECES), 26);
}

static void check_equipment(const struct testing *testing, const struct tw_consignment *view)
{
	/* Its own two, of the header's two and one that only SGP names. */
	assert_int_equal(view->record->items[TW_GROUP_equipment], 2);
	assert_item_text(view, TW_EQUIPMENT_ID, 0, "CSQU3054383");
	assert_item_text(view, TW_EQUIPMENT_TYPE, 0, "45G1");
	assert_number(view, tw_find(view, TW_EQUIPMENT_FILL, 0), TW_FILL_FULL);
	assert_item_text(view, TW_EQUIPMENT_SEAL, 0, "SEAL1");
	assert_text(view, testing_nth(view, TW_EQUIPMENT_SEAL, 1), "SEAL2");
	assert_item_text(view, TW_EQUIPMENT_ID, 1, "OTHU1234560");
	assert_spans(testing, view, testing_nth(view, TW_EQUIPMENT_SEAL, 1), "SEAL2", "SEAL2");
	assert_spans(testing, view, tw_first(view, TW_EQUIPMENT_ID), "CSQU3054383", "CSQU3054383");
}

static void test_manifest_consignments(void **state)
{
	struct testing *testing = *state;
	for (unsigned sparse = 0; sparse < 2; sparse++) {
		testing_edifact(testing, MANIFEST, sparse == 1);
		const struct tw_consignment *first = &testing->views[0];
		check_documents(first);
		check_parties(first);
		check_places(first);
		check_goods(first);
		check_equipment(testing, first);
		const struct tw_consignment *second = &testing->views[1];
		assert_true(tw_slice_is(tw_document(second, TW_DOCUMENT_HOUSE), "MAEU222"));
		assert_int_equal(testing_count(second, TW_GOODS_DESCRIPTION), 1);
		assert_int_equal(second->record->items[TW_GROUP_equipment], 0);
		assert_item_text(second, TW_PARTY_NAME, tw_party(second, TW_PARTY_SHIPPER, 0),
				 "OTHER SHIPPER");
		/* CNT+16 behind the goods counts the message's equipment. */
		assert_int_equal(tw_first(second, TW_CONSIGNMENT_PIECES) < 0 ||
					 tw_number(second, tw_first(second, TW_CONSIGNMENT_PIECES)) == 1,
				 1);
	}
}

/* ---- text cut at its limit -------------------------------------------------- */

/*
 * FTX lines of 70 columns. The first is full and cuts TABLET inside the word, the
 * second is full by 69, the third ends a word; a second FTX goes on with it.
 */
#define LINE70 "SPARE PARTS FOR MACHINES AS PER PROFORMA INVOICE 4711 DATED MAY 5, TAB"
#define LINE69 "LET PRESS WITH DIES AND PUNCHES, PACKED IN WOODEN CASES, FUMIGATED, M"

static void test_joined_text(void **state)
{
	static const char text[] =
		"BGM+785+M1+9'CNI+1+B1'GID+1+1:CT'"
		"FTX+AAA+++" LINE70 ":" LINE69 ":ARKED:SHORT PIECE'"
		"FTX+AAA+++SECOND SEGMENT'"
		"FTX+AAI+++A NOTE'";
	struct testing *testing = *state;
	assert_int_equal(strlen(LINE70), 70);
	assert_int_equal(strlen(LINE69), 69);
	testing_edifact(testing, text, false);
	const struct tw_consignment *view = &testing->views[0];
	int value = tw_first(view, TW_GOODS_DESCRIPTION);
	assert_text(view, value,
		    "SPARE PARTS FOR MACHINES AS PER PROFORMA INVOICE 4711 DATED MAY 5, TABLET PRESS "
		    "WITH DIES AND PUNCHES, PACKED IN WOODEN CASES, FUMIGATED, MARKED SHORT PIECE "
		    "SECOND SEGMENT");
	assert_int_equal(testing_count(view, TW_GOODS_DESCRIPTION), 1);
	/* The separator inside the cut word is none of its bytes. */
	assert_spans(testing, view, value, "TABLET PRESS", "TABLET PRESS");
	assert_spans(testing, view, value, "MARKED", "MARKED");
	/* A blank stands for the separator it was made of. */
	assert_spans(testing, view, value, "MARKED SHORT", "MARKED:SHORT");
	assert_spans(testing, view, value, "SECOND SEGMENT", "SECOND SEGMENT");
	assert_text(view, tw_first(view, TW_NOTE_TEXT), "A NOTE");
	assert_text(view, tw_first(view, TW_NOTE_SUBJECT), "AAI");
}

/* Two spans of a cut word: 3 bytes at the end of one piece, 3 at the start of the next. */
static void test_span_offsets(void **state)
{
	static const char text[] = "CNI+1+B1'GID+1'FTX+AAA+++" LINE70 ":" LINE69 "'";
	struct testing *testing = *state;
	struct tw_span spans[4];
	testing_edifact(testing, text, false);
	const struct tw_consignment *view = &testing->views[0];
	/* TABLET begins 67 bytes into the text. */
	unsigned count = tw_record_spans(view, tw_first(view, TW_GOODS_DESCRIPTION), 67, 6, spans, 4);
	assert_int_equal(count, 2);
	assert_int_equal(spans[0].offset, (uint64_t)(strstr(text, "TAB:LET") - text));
	assert_int_equal(spans[0].length, 3);
	assert_int_equal(spans[1].offset, (uint64_t)(strstr(text, "LET PRESS") - text));
	assert_int_equal(spans[1].length, 3);
}

static void test_release_characters(void **state)
{
	/* ?+ ?: ?' ?? and a chain of three question marks before a terminator's quote. */
	static const char text[] =
		"CNI+1+B?+1'NAD+CZ+++O?'NEIL ?+ SONS?: IMPORT?" "?EXPORT'"
		"GID+1'FTX+AAA+++A?:B?+C?'D?" "?E?" "?" "?'F'"; /* cut, for C has trigraphs */
	struct testing *testing = *state;
	testing_edifact(testing, text, false);
	const struct tw_consignment *view = &testing->views[0];
	int name = tw_first(view, TW_PARTY_NAME);
	int goods = tw_first(view, TW_GOODS_DESCRIPTION);
	assert_true(tw_slice_is(tw_document(view, TW_DOCUMENT_HOUSE), "B+1"));
	assert_text(view, name, "O'NEIL + SONS: IMPORT?EXPORT");
	assert_spans(testing, view, name, "O'NEIL", "O'NEIL");
	assert_spans(testing, view, name, "SONS: IMPORT", "SONS: IMPORT");
	assert_text(view, goods, "A:B+C'D?E?'F");
	assert_spans(testing, view, goods, "A:B+C'D?E?'F", "A:B+C'D?E?'F");
}

/* Line ends inside a segment are none of its text, even inside a word. */
static void test_folded_lines(void **state)
{
	static const char text[] = "CNI+1+B1'GID+1'FTX+AAA+++TABL\r\nET PRESS'";
	struct testing *testing = *state;
	testing_edifact(testing, text, false);
	const struct tw_consignment *view = &testing->views[0];
	assert_text(view, tw_first(view, TW_GOODS_DESCRIPTION), "TABLET PRESS");
	assert_spans(testing, view, tw_first(view, TW_GOODS_DESCRIPTION), "TABLET PRESS",
		     "TABLET PRESS");
}

/* ---- character sets --------------------------------------------------------- */

static void test_charsets(void **state)
{
	/* 0xdc is U with diaeresis in ISO 8859-1 and Windows-1252: U+00DC, c3 9c in UTF-8. */
	static const char latin[] = "CNI+1+B1'NAD+CZ+++M\xdcLLER ?+ CO'NAD+CN+++K\xdcHN'FTX+AAA+++HATS'";
	static const char utf8[] = "CNI+1+B1'NAD+CZ+++M\xc3\x9cLLER ?+ CO'FTX+AAA+++HATS'";
	struct testing *testing = *state;
	testing->charset = TW_CHARSET_NAMED;
	testing->charset_name = "ISO-8859-1";
	testing_edifact(testing, latin, false);
	int name = tw_first(&testing->views[0], TW_PARTY_NAME);
	assert_text(&testing->views[0], name, "M\xc3\x9cLLER + CO");
	assert_spans(testing, &testing->views[0], name, "M\xc3\x9cLLER", "M\xdcLLER");
	assert_spans(testing, &testing->views[0], name, "LLER", "LLER");
	assert_int_equal(testing->anomalies.length, 0);
	/* UNOA announces no such bytes: said once, then read as Windows-1252 ... */
	testing->charset = TW_CHARSET_ASCII;
	testing_edifact(testing, latin, false);
	assert_text(&testing->views[0], tw_first(&testing->views[0], TW_PARTY_NAME),
		    "M\xc3\x9cLLER + CO");
	assert_true(testing_saw(testing, "text.charset 18 "));
	assert_int_equal(testing->anomalies.length,
			 (size_t)((char *)memchr(testing->anomalies.data, '\n',
						 testing->anomalies.length) -
				  testing->anomalies.data) + 1);
	/* ... and as UTF-8 where it is that. */
	testing_edifact(testing, utf8, false);
	assert_text(&testing->views[0], tw_first(&testing->views[0], TW_PARTY_NAME),
		    "M\xc3\x9cLLER + CO");
	assert_true(testing_saw(testing, "text.charset"));
	testing->charset = TW_CHARSET_UTF8;
	testing_edifact(testing, utf8, false);
	assert_int_equal(testing->anomalies.length, 0);
}

/* ---- odd content ------------------------------------------------------------ */

static void test_odd_values(void **state)
{
	static const char text[] =
		"BGM+785+M1+9'DTM+137:20261119:102'DTM+204:0700:401'DTM+178:20261124:203'"
		"DTM+132:20261399:102'"
		"CNI+1+B1'GID+1+X:CT'MEA+AAE+G+QQQ:5'MEA+AAE+AAW+DMQ:1500'"
		"DGS+IMD+1090+3'"
		"EQD+CN+CSQU3054384+45G1'";
	struct testing *testing = *state;
	testing_edifact(testing, text, false);
	const struct tw_consignment *view = &testing->views[0];
	/* 401 is a time of day and no date; it is left out without a word. */
	assert_int_equal(testing_count(view, TW_DATE_TIME), 3);
	/* 203 announces minutes that are not there: the day is kept. 2026-11-24T00:00Z. */
	assert_number(view, testing_nth(view, TW_DATE_TIME, 1), 1795478400);
	assert_true(testing_saw(testing, "map.date 59 8 DTM 1"));
	assert_true(isnan(tw_number(view, testing_nth(view, TW_DATE_TIME, 2))));
	assert_text(view, testing_nth(view, TW_DATE_TIME, 2), "20261399");
	assert_true(isnan(tw_number(view, tw_first(view, TW_GOODS_PACKAGES))));
	assert_text(view, tw_first(view, TW_GOODS_PACKAGES), "X");
	assert_true(testing_saw(testing, "map.number"));
	assert_true(testing_saw(testing, "map.unit"));
	assert_true(isnan(tw_number(view, tw_first(view, TW_GOODS_GROSS))));
	assert_number(view, tw_first(view, TW_GOODS_VOLUME), 1.5); /* 1,500 dm3 */
	/* The check digit of CSQU305438 is 3. */
	assert_true(testing_saw(testing, "map.identifier"));
	/* 1090 is a UN number, 3 a class: they stand in each other's place. */
	assert_text(view, tw_first(view, TW_GOODS_UN), "1090");
	assert_text(view, tw_first(view, TW_GOODS_DANGER_CLASS), "3");
	assert_true(testing_saw(testing, "map.order"));
}

/* CBP ACE use, D.03B: truck, DOC opens the bill, name in C080 with the street in C058. */
static void test_ace(void **state)
{
	static const char text[] =
		"BGM+85+ACEMANIFEST+9'TDT+11++03+31:BT+SCAC++ +PLATE1'"
		"DOC+714:::61+SCACBILL1'RFF+AAM:MASTERBILL'CNT+58:158'"
		"NAD+OS++12 CALLE UNO:COL CENTRO+FABRICA SA+ +TIJUANA+BCN+22000+MX'"
		"NAD+CN++1 MAIN ST+IMPORTS INC++SAN DIEGO+CA+92154+US'"
		"PAC+158++COL'FTX+AAA+++PLASTIC TOYS'MEA+AAI++K:1250'EQD+BI+123456'"
		"DOC+714:::61+SCACBILL2'PAC+3++BOX'FTX+AAA+++AUTO PARTS'";
	struct testing *testing = *state;
	testing->version = "D:03B:UN";
	testing_edifact(testing, text, false);
	assert_int_equal(testing->choice, TW_MAP_EXACT);
	assert_int_equal(testing->record_count, 2);
	const struct tw_consignment *view = &testing->views[0];
	int shipper = tw_party(view, TW_PARTY_SHIPPER, 0);
	assert_true(tw_slice_is(tw_document(view, TW_DOCUMENT_HOUSE), "SCACBILL1"));
	assert_true(tw_slice_is(tw_document(view, TW_DOCUMENT_MASTER), "MASTERBILL"));
	assert_int_equal(tw_code(view, TW_LEG_MODE), TW_MODE_ROAD);
	assert_text(view, tw_first(view, TW_LEG_CONVEYANCE_ID), "PLATE1");
	assert_item_text(view, TW_PARTY_NAME, shipper, "FABRICA SA");
	assert_item_text(view, TW_PARTY_ADDRESS, shipper, "12 CALLE UNO");
	assert_text(view, tw_next(view, tw_find(view, TW_PARTY_ADDRESS, (unsigned)shipper)),
		    "COL CENTRO");
	assert_item_text(view, TW_PARTY_CITY, shipper, "TIJUANA");
	assert_number(view, tw_first(view, TW_CONSIGNMENT_PIECES), 158);
	assert_text(view, tw_first(view, TW_GOODS_DESCRIPTION), "PLASTIC TOYS");
	assert_text(view, tw_first(view, TW_GOODS_PACKAGE_TYPE), "COL");
	assert_number(view, tw_first(view, TW_CONSIGNMENT_WEIGHT), 1250);
	assert_text(view, tw_first(view, TW_EQUIPMENT_ID), "123456");
	assert_true(tw_slice_is(tw_document(&testing->views[1], TW_DOCUMENT_HOUSE), "SCACBILL2"));
	assert_text(&testing->views[1], tw_first(&testing->views[1], TW_GOODS_DESCRIPTION),
		    "AUTO PARTS");
}

/* The order of D.99B in Australia: HS and text stand before GID and are still its goods'. */
static void test_goods_before_gid(void **state)
{
	static const char text[] =
		"BGM+101:::WARREL+200401270003:1+9'DTM+204:20040127:102'DTM+204:0700:401'"
		"LOC+4+ABC123::95'LOC+5+9034P::95'RFF+ED:AAAAAAMLN'CNI+1+:::I'RFF+HS:03026200'"
		"QTY+1:10:KG'FTX+AAA+++GOODS DESCRIPTION'GID+1'";
	struct testing *testing = *state;
	testing->version = "D:99B:UN";
	testing_edifact(testing, text, false);
	const struct tw_consignment *view = &testing->views[0];
	assert_int_equal(testing->record_count, 1);
	assert_int_equal(view->record->items[TW_GROUP_goods], 1);
	assert_item_text(view, TW_GOODS_HS, 0, "03026200");
	assert_item_text(view, TW_GOODS_DESCRIPTION, 0, "GOODS DESCRIPTION");
	assert_number(view, tw_find(view, TW_GOODS_NET, 0), 10);
	assert_int_equal(tw_code(view, TW_CONSIGNMENT_ACTION), TW_ACTION_ORIGINAL);
	assert_text(view, tw_first(view, TW_REFERENCE_VALUE), "AAAAAAMLN");
}

/* The action of a message is that of its bills. */
static void test_actions(void **state)
{
	static const struct { const char *text; int action; } cases[] = {
		{"BGM+785+M1+1'CNI+1+B1'", TW_ACTION_CANCEL},
		{"BGM+785+M1+4'CNI+1+B1'", TW_ACTION_CHANGE},
		{"BGM+785+M1+5'CNI+1+B1'", TW_ACTION_REPLACE},
		{"BGM+785+M1+9'CNI+1+B1'", TW_ACTION_ORIGINAL},
		{"BGM+785+M1+9'CNI+1+B1:::D'", TW_ACTION_CANCEL},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		testing_edifact(*state, cases[i].text, false);
		struct testing *testing = *state;
		assert_int_equal(tw_code(&testing->views[0], TW_CONSIGNMENT_ACTION), cases[i].action);
	}
}

/* A real manifest without a message type: three bills, two of them under one CNI. */
static const char SPLIT[] =
	"BGM+85+201701191AB652+9'"
	"TDT+20+AB652A+1++MSC:172:166:MSC SENA++::202487288+D5LQ7:146:14::EG'"
	"LOC+60+EGEDK:139::El Dekheila'"
	"DTM+132:1701290000:201'"
	"CNI+1+MSCUXP080935'"
	"\tRFF+AAA:MSCUDB592345'"
	"\tNAD+CZ++LAKELAND DAIRIES,:BAILIEBORO, CO. CAVAN, IRELAND:BAILIEBOROUGH::'"
	"\t\tGID+1+560:BG'"
	"\t\tFTX+AAA+++36 METRIC TONNES MILK SKIMMED POWDER LH HALAL 25KGS NO OF BAGS?:1440 "
	"X: 25KGS NETT WEIGHT ?:36000.00KGS GROSS WEIGHT?:36468.00KGS TOTAL VGM W:EIGHT?: "
	"42488.00KGS GROSS CARGO WEIGHT IS EQUAL TO GROSS WEIGHT FREIGH:T COLLECT 28 DAYS FREE "
	"DEMURRAGE'"
	"\t\tMEA+AAE+AAW+MTQ:.000'"
	"\t\tMEA+AAE+G+KGM:14182.000'"
	"\t\tSGP+FCIU5956299'"
	"\t\tGID+2+880:BG'"
	"\t\tMEA+AAE+G+TON:2.000'"
	"\t\tSGP+TCLU5546482'"
	"\tRFF+BM:MSCUDF421004'"
	"\tNAD+CZ++ROQUETTE FRERES LESTREM:SERVICE COMPTABILITE FOURNISSEUR:LESTREM::'"
	"\t\tGID+1+20:PE'"
	"\t\tSGP+TGCU0235724'"
	"CNI+2+MSCUEK569969'"
	"\tRFF+BM:MSCUEK569969'"
	"\tLOC+80+SG:139'"
	"\tNAD+CN++TO ORDER:-:::'";

static void test_bills_under_one_cni(void **state)
{
	struct testing *testing = *state;
	testing->type = "";
	testing_edifact(testing, SPLIT, false);
	assert_int_equal(testing->choice, TW_MAP_NEAREST);
	assert_int_equal(testing->record_count, 3);
	const struct tw_consignment *view = &testing->views[0];
	assert_true(tw_slice_is(tw_document(view, TW_DOCUMENT_HOUSE), "MSCUXP080935"));
	assert_text(view, tw_first(view, TW_REFERENCE_VALUE), "MSCUDB592345");
	/* This sender cuts at 70 bytes with the release characters counted. */
	int goods = tw_first(view, TW_GOODS_DESCRIPTION);
	assert_spans(testing, view, goods, "TOTAL VGM WEIGHT: 42488", "TOTAL VGM WEIGHT: 42488");
	assert_spans(testing, view, goods, "FREIGHT COLLECT", "FREIGHT COLLECT");
	assert_number(view, tw_find(view, TW_GOODS_GROSS, 0), 14182);
	assert_number(view, tw_find(view, TW_GOODS_GROSS, 1), 2000);
	assert_number(view, tw_first(view, TW_CONSIGNMENT_WEIGHT), 16182);
	assert_text(view, testing_nth(view, TW_EQUIPMENT_ID, 0), "FCIU5956299");
	assert_text(view, testing_nth(view, TW_EQUIPMENT_ID, 1), "TCLU5546482");
	view = &testing->views[1];
	assert_true(tw_slice_is(tw_document(view, TW_DOCUMENT_HOUSE), "MSCUDF421004"));
	assert_text(view, tw_first(view, TW_CONSIGNMENT_PARENT), "MSCUXP080935");
	assert_spans(testing, view, tw_first(view, TW_CONSIGNMENT_PARENT), "MSCUXP080935",
		     "MSCUXP080935");
	assert_item_text(view, TW_PARTY_NAME, tw_party(view, TW_PARTY_SHIPPER, 0),
			 "ROQUETTE FRERES LESTREM");
	assert_int_equal(testing_count(view, TW_EQUIPMENT_ID), 1);
	view = &testing->views[2];
	assert_true(tw_slice_is(tw_document(view, TW_DOCUMENT_HOUSE), "MSCUEK569969"));
	assert_item_text(view, TW_PARTY_NAME, tw_party(view, TW_PARTY_CONSIGNEE, 0), "TO ORDER");
	/* 2017-01-29T00:00Z */
	assert_number(view, tw_first(view, TW_LEG_ARRIVAL), 1485648000);
}

/* A message without any consignment still has its header looked at. */
static void test_header_alone(void **state)
{
	struct testing *testing = *state;
	testing_edifact(testing, "BGM+785+M1+9'NAD+CA+MAEU'FTX+AAI+++NO CARGO ON BOARD'", false);
	assert_int_equal(testing->record_count, 1);
	assert_text(&testing->views[0], tw_first(&testing->views[0], TW_NOTE_TEXT),
		    "NO CARGO ON BOARD");
	testing_edifact(testing, "", false);
	assert_int_equal(testing->record_count, 1);
}

/* ---- the other message types -------------------------------------------------- */

static void test_iftmin(void **state)
{
	static const char text[] =
		"BGM+335+BOOKING1+9'CUX+2:EUR'DTM+137:202611191530:203'MOA+44:45000'"
		"CNT+7:4500:KGM'CNT+11:20'RFF+SI:INSTR1'RFF+CT:CONTRACT5'"
		"TDT+20+021E+1++HLCU:172:20+++9074729:146:11:TOKYO EXPRESS'"
		"LOC+88+DEMUC:139:6'LOC+9+DEHAM:139:6'LOC+11+USLRD:139:6'LOC+7+MXNLD:139:6'"
		"NAD+CZ+++CHEMIE HANDEL GMBH'NAD+CN+++COMERCIAL DEL NORTE SA'NAD+ZZZ+++BOOKER'"
		"GID+1+20:DR:::DRUMS'FTX+AAA+++CLEANING AGENT'IMD+++:::METHYLAMINE SOLUTION'"
		"PIA+5+292111:HS'MEA+AAE+G+KGM:4500'DGS+ADR+3:I+UN1235++II'RFF+ABD:29211100'"
		"EQD+CN++22G1:102:5'EQN+1'";
	struct testing *testing = *state;
	testing->type = "IFTMIN";
	testing->version = "D:99B:UN";
	testing_edifact(testing, text, false);
	const struct tw_consignment *view = &testing->views[0];
	assert_int_equal(testing->record_count, 1);
	assert_int_equal(tw_code(view, TW_MESSAGE_ROLE), TW_ROLE_INSTRUCTION);
	assert_true(tw_slice_is(tw_document(view, TW_DOCUMENT_BOOKING), "BOOKING1"));
	assert_text(view, tw_first(view, TW_CONSIGNMENT_CURRENCY), "EUR");
	assert_number(view, tw_first(view, TW_CONSIGNMENT_VALUE), 45000);
	assert_int_equal(tw_code(view, TW_CONSIGNMENT_VALUE_SCOPE), TW_SCOPE_CUSTOMS);
	assert_number(view, tw_first(view, TW_CONSIGNMENT_WEIGHT), 4500);
	assert_number(view, tw_first(view, TW_CONSIGNMENT_PIECES), 20);
	assert_text(view, tw_first(view, TW_LEG_CONVEYANCE), "TOKYO EXPRESS");
	assert_text(view, tw_first(view, TW_CONSIGNMENT_ORIGIN), "DEMUC");
	assert_text(view, tw_first(view, TW_CONSIGNMENT_DESTINATION), "MXNLD");
	assert_item_text(view, TW_PLACE_CODE, tw_place(view, TW_PLACE_DISCHARGE, 0), "USLRD");
	assert_item_text(view, TW_PARTY_NAME, tw_party(view, TW_PARTY_UNKNOWN, 0), "BOOKER");
	assert_text(view, testing_nth(view, TW_GOODS_DESCRIPTION, 0), "CLEANING AGENT");
	assert_text(view, testing_nth(view, TW_GOODS_DESCRIPTION, 1), "METHYLAMINE SOLUTION");
	assert_text(view, testing_nth(view, TW_GOODS_HS, 0), "292111");
	assert_text(view, testing_nth(view, TW_GOODS_HS, 1), "29211100");
	assert_text(view, tw_first(view, TW_GOODS_UN), "1235");
	assert_text(view, tw_first(view, TW_GOODS_PACKING_GROUP), "II");
	assert_int_equal(tw_first(view, TW_EQUIPMENT_ID), -1);
	assert_text(view, tw_first(view, TW_EQUIPMENT_TYPE), "22G1");
}

static void test_iftmcs(void **state)
{
	static const char text[] =
		"BGM+705+HLCU123+9'RFF+BN:BOOK1'RFF+MB:HLCUMASTER'"
		"TDT+10++3'TDT+20+021E+1++HLCU'LOC+9+CNNGB'LOC+11+USLGB'TDT+30++2'"
		"NAD+SH++ALPHA CO LTD:ROOM 5, TOWER B:NINGBO'NAD+CN+++BETA INC'NAD+N1+++GAMMA'"
		"NAD+N2+++DELTA'"
		"GID+1+50:SDR:::Steel Coils'FTX+AAA+++PIPERIDONE'PCI+31+BETA:LOS ANGELES'"
		"MEA+VOL+AAW+MTQ:3'MEA+AAI++K:700'SGP+HLXU1234567+50'"
		"EQD+CN+HLXU1234567+22G1+++5'SEL+A1+CA'SEL+B2+SH'";
	struct testing *testing = *state;
	testing->type = "IFTMCS";
	testing->version = "D:96B:UN";
	testing_edifact(testing, text, false);
	const struct tw_consignment *view = &testing->views[0];
	assert_int_equal(testing->choice, TW_MAP_NEAREST);
	assert_int_equal(tw_code(view, TW_MESSAGE_ROLE), TW_ROLE_TRANSPORT_DOCUMENT);
	assert_true(tw_slice_is(tw_document(view, TW_DOCUMENT_HOUSE), "HLCU123"));
	assert_true(tw_slice_is(tw_document(view, TW_DOCUMENT_MASTER), "HLCUMASTER"));
	assert_int_equal(view->record->items[TW_GROUP_leg], 3);
	assert_number(view, testing_nth(view, TW_LEG_STAGE, 0), TW_STAGE_PRE_CARRIAGE);
	assert_number(view, testing_nth(view, TW_LEG_MODE, 0), TW_MODE_ROAD);
	assert_number(view, testing_nth(view, TW_LEG_STAGE, 2), TW_STAGE_ON_CARRIAGE);
	assert_number(view, testing_nth(view, TW_LEG_MODE, 2), TW_MODE_RAIL);
	assert_item_text(view, TW_LEG_FROM, 1, "CNNGB");
	assert_item_text(view, TW_PARTY_NAME, tw_party(view, TW_PARTY_SHIPPER, 0), "ALPHA CO LTD");
	assert_item_text(view, TW_PARTY_NAME, tw_party(view, TW_PARTY_NOTIFY, 0), "GAMMA");
	assert_item_text(view, TW_PARTY_NAME, tw_party(view, TW_PARTY_NOTIFY, 1), "DELTA");
	assert_text(view, tw_first(view, TW_GOODS_PACKAGE_TYPE), "Steel Coils");
	assert_text(view, tw_first(view, TW_GOODS_DESCRIPTION), "PIPERIDONE");
	assert_number(view, tw_first(view, TW_GOODS_GROSS), 700);
	assert_number(view, tw_first(view, TW_GOODS_VOLUME), 3);
	/* Told once by EQD and named once by SGP: one container. */
	assert_int_equal(testing_count(view, TW_EQUIPMENT_ID), 1);
	assert_text(view, tw_first(view, TW_GOODS_EQUIPMENT), "HLXU1234567");
	assert_text(view, testing_nth(view, TW_EQUIPMENT_SEAL, 1), "B2");
}

/* After the IFCSUM sample (EANCOM, D.01B) of EDI.Net. */
static void test_ifcsum(void **state)
{
	static const char text[] =
		"BGM+610+1000505549+9'\nDTM+137:20180525:102'\nDTM+11:20180525:102'\nCNT+10:5'\n"
		"CNT+7:25.784:KG'\nNAD+CZ+5011408000007.::9+UK2.'\nNAD+CA+5999999999950::9'\n"
		"TDT+20++10:SEA'\nCNI+1+311447177::I'\nDTM+2:201805290000:203'\nCNT+2:64:PA'\n"
		"CNT+11:1:PA'\nCNT+7:8.269:KG'\nTSR+3+++11'\nNAD+DP+PC+1919990312'\n"
		"RFF+DQ:5000706244'\nRFF+CR:TUESDAY 29TH MAY'\n"
		"GID+1+:350114081527920321:1:9+1:3600530124848:PK:9'\nPIA+1+B0918306:::91'\n"
		"FTX+AAA+++MAYB NAIL ForeverStrong 06 DeepRed 12'\nMEA+AAE+UCO:4+UN:3'\n"
		"GID+2+:350114081527920321:1:9+1:3600530521845:PK:9'\nPIA+1+B1297005:::91'\n"
		"FTX+AAA+++MAYB Found. Dream Satin Liquid Sand 30'\nMEA+AAE+UCO:4+UN:3'\n";
	struct testing *testing = *state;
	testing->type = "IFCSUM";
	testing->version = "D:01B:UN:EAN003";
	testing_edifact(testing, text, false);
	const struct tw_consignment *view = &testing->views[0];
	assert_int_equal(testing->choice, TW_MAP_EXACT);
	assert_int_equal(testing->record_count, 1);
	/* It was cut: one of five consignments is there, and its weight. */
	assert_true(tw_slice_is(tw_buffer_slice(&testing->anomalies),
				"map.message_total 81 6 CNT 1\nmap.message_total 72 1 CNT 1\n"));
	assert_true(tw_slice_is(tw_document(view, TW_DOCUMENT_HOUSE), "311447177"));
	/* The header's 25.784 kg are the message's, not the consignment's. */
	assert_number(view, tw_first(view, TW_CONSIGNMENT_WEIGHT), 8.269);
	assert_number(view, tw_first(view, TW_CONSIGNMENT_PIECES), 1);
	assert_int_equal(tw_code(view, TW_LEG_MODE), TW_MODE_SEA);
	assert_item_text(view, TW_PARTY_ID, tw_party(view, TW_PARTY_SHIPPER, 0), "5011408000007.");
	assert_item_text(view, TW_PARTY_NAME, tw_party(view, TW_PARTY_DELIVERY, 0), "1919990312");
	assert_int_equal(testing_count(view, TW_GOODS_DESCRIPTION), 2);
	assert_item_text(view, TW_GOODS_DESCRIPTION, 1, "MAYB Found. Dream Satin Liquid Sand 30");
	assert_int_equal(tw_first(view, TW_GOODS_GROSS), -1); /* UCO counts units */
	assert_text(view, testing_nth(view, TW_REFERENCE_VALUE, 1), "TUESDAY 29TH MAY");
}

/* ---- parts, and no map -------------------------------------------------------- */

static void test_parts(void **state)
{
	struct testing *testing = *state;
	struct tw_buffer text = {0};
	unsigned goods = 0;
	tw_buffer_printf(&text, "BGM+785+M1+9'CNI+1+BILL1'LOC+9+CNSHA'NAD+CZ+++THE SHIPPER'");
	for (unsigned i = 0; i < 400; i++)
		tw_buffer_printf(&text, "GID+%u+1:CT'FTX+AAA+++GOODS NUMBER %u'", i + 1, i + 1);
	tw_buffer_append(&text, "CNI+2+BILL2'", 13);
	testing->limits.consignment_bytes = 16384;
	testing_edifact(testing, text.data, false);
	assert_true(testing->record_count > 3);
	for (unsigned i = 0; i + 1 < testing->record_count; i++) {
		const struct tw_consignment *view = &testing->views[i];
		assert_true((view->record->flags & TW_RECORD_PARTIAL) != 0);
		assert_true(tw_slice_is(tw_document(view, TW_DOCUMENT_HOUSE), "BILL1"));
		assert_int_equal(view->record->base, 13);
		int shipper = tw_party(view, TW_PARTY_SHIPPER, 0);
		assert_item_text(view, TW_PARTY_NAME, shipper, "THE SHIPPER");
		assert_spans(testing, view, tw_find(view, TW_PARTY_NAME, (unsigned)shipper),
			     "THE SHIPPER", "THE SHIPPER");
		goods += testing_count(view, TW_GOODS_DESCRIPTION);
	}
	assert_int_equal(goods, 400); /* none lost, none twice */
	const struct tw_consignment *last = &testing->views[testing->record_count - 1];
	assert_int_equal(last->record->flags & TW_RECORD_PARTIAL, 0);
	assert_true(tw_slice_is(tw_document(last, TW_DOCUMENT_HOUSE), "BILL2"));
	assert_true(testing_saw(testing, "limit.consignment_bytes 13 "));
	tw_buffer_free(&text);
}

static void test_no_map(void **state)
{
	static const char text[] = "BGM+85+12345+9'FTX+AAA+++TABLET?+PRESS:ABC'NAD+CZ+++LONG NAME'";
	struct testing *testing = *state;
	testing->type = "NOSUCH";
	testing_edifact(testing, text, false);
	const struct tw_consignment *view = &testing->views[0];
	assert_int_equal(testing->record_count, 1);
	assert_true((view->record->flags & TW_RECORD_UNMAPPED) != 0);
	/* Four characters and a letter: not 12345, not ABC. */
	assert_int_equal(testing_count(view, TW_RAW_TEXT), 2);
	assert_text(view, tw_first(view, TW_RAW_TEXT), "TABLET+PRESS");
	assert_spans(testing, view, tw_first(view, TW_RAW_TEXT), "TABLET+PRESS", "TABLET+PRESS");
	assert_text(view, testing_nth(view, TW_RAW_TEXT, 1), "LONG NAME");
	assert_text(view, tw_first(view, TW_MESSAGE_TYPE), "NOSUCH");
}

static void test_excluded(void **state)
{
	struct testing *testing = *state;
	testing->type = "PAXLST";
	testing_edifact(testing, "NAD+FL+++DOE:JANE'", false);
	assert_int_equal(testing->choice, TW_MAP_EXCLUDED);
	assert_int_equal(testing->record_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_manifest_header, setup, teardown),
		cmocka_unit_test_setup_teardown(test_manifest_consignments, setup, teardown),
		cmocka_unit_test_setup_teardown(test_joined_text, setup, teardown),
		cmocka_unit_test_setup_teardown(test_span_offsets, setup, teardown),
		cmocka_unit_test_setup_teardown(test_release_characters, setup, teardown),
		cmocka_unit_test_setup_teardown(test_folded_lines, setup, teardown),
		cmocka_unit_test_setup_teardown(test_charsets, setup, teardown),
		cmocka_unit_test_setup_teardown(test_odd_values, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ace, setup, teardown),
		cmocka_unit_test_setup_teardown(test_goods_before_gid, setup, teardown),
		cmocka_unit_test_setup_teardown(test_actions, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bills_under_one_cni, setup, teardown),
		cmocka_unit_test_setup_teardown(test_header_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(test_iftmin, setup, teardown),
		cmocka_unit_test_setup_teardown(test_iftmcs, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ifcsum, setup, teardown),
		cmocka_unit_test_setup_teardown(test_parts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_map, setup, teardown),
		cmocka_unit_test_setup_teardown(test_excluded, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
