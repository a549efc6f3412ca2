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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_manifest_header, setup, teardown),
		cmocka_unit_test_setup_teardown(test_manifest_consignments, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
