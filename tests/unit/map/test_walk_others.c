/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The map language carries the other syntaxes too: X12 309, Cargo-IMP FWB and
 * Cargo-XML XFWB, driven from lists of units written by hand. And what the
 * shipped EDIFACT maps do not use: hold message.
 */
#include "map_testing.h"

/* ---- units from text: enough for these lists, and no parser ---------------------- */

static void feed_unit(struct testing *testing, struct tw_unit *unit, size_t start, size_t length)
{
	unit->bytes = tw_slice(testing->input.data + start, length);
	unit->offset = start;
	testing->status = tw_walk_unit(testing->walk, unit);
	assert_int_equal(testing->status, TW_OK);
}

/* One line; elements between `mark`; the tag before the first. */
static void feed_line(struct testing *testing, const char *line, char mark, const char *tag,
		      unsigned repetition)
{
	struct tw_piece pieces[64];
	unsigned count = 0;
	size_t start = testing->input.length;
	size_t length = strlen(line);
	bool tagged = tag == NULL;
	tw_buffer_append(&testing->input, line, length);
	tw_buffer_append(&testing->input, "\n", 1);
	size_t tag_length = 0;
	while (tagged && line[tag_length] != mark && line[tag_length] != '\0')
		tag_length++;
	unsigned element = tagged ? 0 : 1;
	/* A line whose first byte is the mark has no element before it. */
	size_t from = !tagged && line[0] == mark ? 1 : 0;
	for (size_t at = from; at <= length; at++) {
		if (at < length && line[at] != mark)
			continue;
		if (element > 0)
			pieces[count++] = (struct tw_piece){
				.start = (uint32_t)from,
				.length = (uint32_t)(at - from),
				.element = (uint16_t)element,
				.component = 1,
				.repetition = (uint8_t)repetition,
			};
		element++;
		from = at + 1;
	}
	struct tw_unit unit = {
		.kind = TW_UNIT_SEGMENT,
		.tag = tagged ? tw_slice(line, tag_length) : tw_slice_string(tag),
		.pieces = pieces,
		.piece_count = count,
		.decimal = '.',
	};
	feed_unit(testing, &unit, start, length);
}

/* Without this the input would move while units point into it. */
static void start_input(struct testing *testing, const char *format)
{
	tw_buffer_clear(&testing->input);
	assert_int_equal(tw_buffer_reserve(&testing->input, 65536), TW_OK);
	testing_begin(testing, format);
}

/* ---- X12 309 ---------------------------------------------------------------------- */

static const char *const X12_309[] = {
	"M10*MAEU*O*LR*9074729*MAERSK TEST*320N*MANIF1*2",
	"P4*2704*20261205*2",
	"LX*1",
	"M11*111222333*57035*26*CTN*1000*L*12.5*X*00*SHANGHAI*MAEUMASTER1*NVOC*MAEU",
	"N9*BN*BOOK77",
	"N1*SH*SHENZHEN TRADING CO",
	"N3*12 INDUSTRY ROAD*BAOAN",
	"N4*SHENZHEN*GD*518000*CN",
	"PER*IC*MR LI*TE*86755123456",
	"N1*CN*LAREDO WAREHOUSE",
	"N1*N1*NOTIFY ONE",
	"M12*61*ENTRY123**2704*1500",
	"VID*4B*HASU*5044950*MLBR3014246*SEAL2****45G1*L*PP",
	"N10*26*MACHINE PARTS AS PER INVOICE 4711 OF MAY, TAB*MARKS 1*J*847989*900*L*1000*****USD",
	"N10**LET PRESS",
	"H1*UN1235*3**METHYLAMINE*****II",
	"LX*2",
	"M11*444555666*57035*1*PCS*10*K",
	"P4*5301*20261207*1",
	"LX*1",
	"M11*777888999*57035*1*PCS*10*K",
};

static void check_309_bill(const struct testing *testing, const struct tw_consignment *view)
{
	assert_int_equal(tw_code(view, TW_MESSAGE_ROLE), TW_ROLE_MANIFEST);
	assert_true(tw_slice_is(tw_document(view, TW_DOCUMENT_HOUSE), "111222333"));
	assert_true(tw_slice_is(tw_document(view, TW_DOCUMENT_MASTER), "MAEUMASTER1"));
	assert_true(tw_slice_is(tw_document(view, TW_DOCUMENT_BOOKING), "BOOK77"));
	assert_text(view, testing_nth(view, TW_DOCUMENT_ISSUER, 0), "NVOC");
	assert_text(view, tw_first(view, TW_CONSIGNMENT_CARRIER), "MAEU");
	assert_text(view, tw_first(view, TW_LEG_CONVEYANCE), "MAERSK TEST");
	assert_int_equal(tw_code(view, TW_LEG_MODE), TW_MODE_SEA);
	assert_item_text(view, TW_PLACE_CODE, tw_place(view, TW_PLACE_DISCHARGE, 0), "USLAX");
	assert_item_text(view, TW_PLACE_CODE, tw_place(view, TW_PLACE_LOADING, 0), "CNSHA");
	assert_item_text(view, TW_PLACE_NAME, tw_place(view, TW_PLACE_RECEIPT, 0), "SHANGHAI");
	assert_number(view, tw_first(view, TW_CONSIGNMENT_WEIGHT), 453.59237); /* 1000 lb */
	assert_number(view, tw_first(view, TW_CONSIGNMENT_VOLUME), 12.5);
	assert_number(view, tw_first(view, TW_CONSIGNMENT_VALUE), 1500);
	int shipper = tw_party(view, TW_PARTY_SHIPPER, 0);
	assert_item_text(view, TW_PARTY_NAME, shipper, "SHENZHEN TRADING CO");
	assert_item_text(view, TW_PARTY_CITY, shipper, "SHENZHEN");
	assert_item_text(view, TW_PARTY_POSTCODE, shipper, "518000");
	assert_item_text(view, TW_PARTY_PHONE, shipper, "86755123456");
	assert_item_text(view, TW_PARTY_NAME, tw_party(view, TW_PARTY_NOTIFY, 0), "NOTIFY ONE");
	/* Initial and number are one identification, and its bytes are both. */
	assert_text(view, tw_first(view, TW_EQUIPMENT_ID), "HASU5044950");
	assert_spans(testing, view, tw_first(view, TW_EQUIPMENT_ID), "HASU5044950", "HASU5044950");
	assert_text(view, tw_first(view, TW_EQUIPMENT_TYPE), "45G1");
	assert_text(view, testing_nth(view, TW_EQUIPMENT_SEAL, 1), "SEAL2");
	assert_text(view, tw_first(view, TW_GOODS_EQUIPMENT), "HASU5044950");
	assert_int_equal(testing_count(view, TW_EQUIPMENT_ID), 1);
	/* A description of 45 characters was cut inside the word. */
	assert_text(view, tw_first(view, TW_GOODS_DESCRIPTION),
		    "MACHINE PARTS AS PER INVOICE 4711 OF MAY, TABLET PRESS");
	assert_spans(testing, view, tw_first(view, TW_GOODS_DESCRIPTION), "TABLET PRESS",
		     "TABLET PRESS");
	assert_text(view, testing_nth(view, TW_GOODS_DESCRIPTION, 1), "METHYLAMINE");
	assert_text(view, tw_first(view, TW_GOODS_HS), "847989");
	assert_text(view, tw_first(view, TW_GOODS_UN), "1235");
	assert_text(view, tw_first(view, TW_GOODS_PACKING_GROUP), "II");
	assert_text(view, tw_first(view, TW_GOODS_CURRENCY), "USD");
}

static void test_x12_309(void **state)
{
	struct testing *testing = *state;
	testing->type = "309";
	testing->version = "005010";
	start_input(testing, "x12");
	for (size_t i = 0; i < sizeof(X12_309) / sizeof(X12_309[0]); i++)
		feed_line(testing, X12_309[i], '*', NULL, 1);
	testing_end(testing, testing->input.length);
	assert_int_equal(testing->choice, TW_MAP_TYPE);
	assert_int_equal(testing->record_count, 3);
	check_309_bill(testing, &testing->views[0]);
	const struct tw_consignment *view = &testing->views[1];
	assert_true(tw_slice_is(tw_document(view, TW_DOCUMENT_HOUSE), "444555666"));
	assert_item_text(view, TW_PLACE_CODE, tw_place(view, TW_PLACE_DISCHARGE, 0), "USLAX");
	/* The second P4 is the port of the bills that follow it. */
	view = &testing->views[2];
	assert_true(tw_slice_is(tw_document(view, TW_DOCUMENT_HOUSE), "777888999"));
	assert_item_text(view, TW_PLACE_CODE, tw_place(view, TW_PLACE_DISCHARGE, 0), "USHOU");
	assert_int_equal(tw_place(view, TW_PLACE_DISCHARGE, 1), -1);
	/* 2026-12-07T00:00Z */
	assert_number(view, tw_first(view, TW_DATE_TIME), 1796601600);
}

/* ---- Cargo-IMP FWB ------------------------------------------------------------------ */

struct line {
	const char *tag; /* NULL: in the line */
	unsigned repetition;
	const char *text;
};

/* 020-12345675: 1234567 mod 7 = 5 (IATA Resolution 600a). */
static const struct line FWB_16[] = {
	{NULL, 1, "FWB/16"},
	{"AWB", 1, "020-12345675HKGLAX/T10K79.0MC0.5"},
	{NULL, 1, "FLT/LH797/20/LH456/21"},
	{NULL, 1, "RTG/FRALH/LAXLH"},
	{NULL, 1, "SHP/ACC1"},
	{"/SHP", 2, "/KOWLOON PHARMA LTD"},
	{"/SHP", 3, "/88 NATHAN ROAD"},
	{"/SHP", 4, "/HONG KONG/KLN"},
	{"/SHP", 5, "/HK/999077/TE/85212345678"},
	{NULL, 1, "CNE"},
	{"/CNE", 2, "/LAREDO WAREHOUSE"},
	{"/CNE", 3, "/100 BORDER AVE"},
	{"/CNE", 4, "/LAREDO/TX"},
	{"/CNE", 5, "/US/78040"},
	{NULL, 1, "AGT//1234567/0011"},
	{"/AGT", 2, "/FAST FORWARD"},
	{"/AGT", 3, "/HONG KONG"},
	{NULL, 1, "SSR/KEEP DRY"},
	{NULL, 1, "CVD/HKD/PP/PP/NVD/1500.00/XXX"},
	{NULL, 1, "RTD/1/P10/K79.0/CQ/W79.0/R4.5/T355.50"},
	{"/RTD", 2, "/NG/KEYBOARDS AND TABLET"},
	{"/RTD", 3, "/2/NG/PRESS PARTS"},
	{"/RTD", 4, "/3/NH/847160"},
	{"/RTD", 5, "/4/NV/MC0.5"},
	{"/RTD", 6, "/5/NO/CN"},
	{NULL, 1, "OCI/HK/SHP/T/12345"},
	{"/OCI", 2, "//CNE/CP/JOHN DOE"},
	{"/OCI", 3, "/US/DNR/D/UN3480"},
	{NULL, 1, "ISU/19NOV26/HKG"},
	{NULL, 1, "SPH/EAW/ELI"},
};

static void feed_lines(struct testing *testing, const struct line *lines, size_t count)
{
	testing->type = "FWB";
	testing->version = "16";
	start_input(testing, "cargo_imp");
	for (size_t i = 0; i < count; i++)
		feed_line(testing, lines[i].text, '/', lines[i].tag, lines[i].repetition);
	testing_end(testing, testing->input.length);
	assert_int_equal(testing->record_count, 1);
}

static void check_fwb_parties(const struct tw_consignment *view)
{
	int shipper = tw_party(view, TW_PARTY_SHIPPER, 0);
	int consignee = tw_party(view, TW_PARTY_CONSIGNEE, 0);
	assert_item_text(view, TW_PARTY_ID, shipper, "ACC1");
	assert_item_text(view, TW_PARTY_NAME, shipper, "KOWLOON PHARMA LTD");
	assert_item_text(view, TW_PARTY_ADDRESS, shipper, "88 NATHAN ROAD");
	assert_item_text(view, TW_PARTY_CITY, shipper, "HONG KONG");
	assert_item_text(view, TW_PARTY_COUNTRY, shipper, "HK");
	assert_item_text(view, TW_PARTY_PHONE, shipper, "85212345678");
	assert_item_text(view, TW_PARTY_NAME, consignee, "LAREDO WAREHOUSE");
	assert_item_text(view, TW_PARTY_REGION, consignee, "TX");
	assert_item_text(view, TW_PARTY_POSTCODE, consignee, "78040");
	assert_item_text(view, TW_PARTY_NAME, tw_party(view, TW_PARTY_FORWARDER, 0), "FAST FORWARD");
}

static void check_fwb_legs(const struct tw_consignment *view)
{
	assert_int_equal(view->record->items[TW_GROUP_leg], 2);
	assert_item_text(view, TW_LEG_FROM, 0, "HKG");
	assert_item_text(view, TW_LEG_TO, 0, "FRA");
	assert_item_text(view, TW_LEG_VOYAGE, 0, "LH797");
	assert_item_text(view, TW_LEG_FROM, 1, "FRA");
	assert_item_text(view, TW_LEG_TO, 1, "LAX");
	assert_item_text(view, TW_LEG_CARRIER, 1, "LH");
	assert_item_text(view, TW_LEG_VOYAGE, 1, "LH456");
	assert_int_equal(tw_code(view, TW_LEG_MODE), TW_MODE_AIR);
}

static void test_fwb(void **state)
{
	struct testing *testing = *state;
	feed_lines(testing, FWB_16, sizeof(FWB_16) / sizeof(FWB_16[0]));
	const struct tw_consignment *view = &testing->views[0];
	assert_int_equal(testing->anomalies.length, 0);
	assert_true(tw_slice_is(tw_document(view, TW_DOCUMENT_MASTER), "020-12345675"));
	assert_text(view, tw_first(view, TW_CONSIGNMENT_ORIGIN), "HKG");
	assert_text(view, tw_first(view, TW_CONSIGNMENT_DESTINATION), "LAX");
	assert_number(view, tw_first(view, TW_CONSIGNMENT_PIECES), 10);
	assert_number(view, tw_first(view, TW_CONSIGNMENT_WEIGHT), 79);
	assert_number(view, tw_first(view, TW_CONSIGNMENT_VOLUME), 0.5);
	assert_spans(testing, view, tw_first(view, TW_CONSIGNMENT_WEIGHT), "79.0", "79.0");
	check_fwb_parties(view);
	check_fwb_legs(view);
	assert_number(view, tw_first(view, TW_CONSIGNMENT_VALUE), 1500);
	assert_text(view, tw_first(view, TW_CONSIGNMENT_CURRENCY), "HKD");
	/* The first line of goods holds 20 characters, so it is cut there: no blank. */
	assert_int_equal(strlen("KEYBOARDS AND TABLET"), 20);
	assert_text(view, tw_first(view, TW_GOODS_DESCRIPTION), "KEYBOARDS AND TABLETPRESS PARTS");
	assert_text(view, tw_first(view, TW_GOODS_HS), "847160");
	assert_text(view, tw_first(view, TW_GOODS_ORIGIN), "CN");
	assert_number(view, tw_first(view, TW_GOODS_PACKAGES), 10);
	assert_number(view, tw_first(view, TW_GOODS_GROSS), 79);
	assert_text(view, tw_first(view, TW_GOODS_UN), "3480");
	/* 2026-11-19T00:00Z */
	assert_number(view, tw_first(view, TW_DATE_TIME), 1795046400);
}

static void test_fwb_notes(void **state)
{
	struct testing *testing = *state;
	feed_lines(testing, FWB_16, sizeof(FWB_16) / sizeof(FWB_16[0]));
	const struct tw_consignment *view = &testing->views[0];
	static const char *const texts[] = {"KEEP DRY", "12345", "JOHN DOE", "UN3480", "EAW", "ELI"};
	assert_int_equal(testing_count(view, TW_NOTE_TEXT), 6);
	for (unsigned i = 0; i < 6; i++)
		assert_text(view, testing_nth(view, TW_NOTE_TEXT, i), texts[i]);
	assert_item_text(view, TW_NOTE_SUBJECT, 1, "SHP T");
	/* An empty country is that of the line before. */
	assert_item_text(view, TW_NOTE_COUNTRY, 1, "HK");
	assert_item_text(view, TW_NOTE_COUNTRY, 2, "HK");
	assert_item_text(view, TW_NOTE_COUNTRY, 3, "US");
}

/* Version 17 names the lines of an address; the weight is in pounds; the number is wrong. */
static void test_fwb_17(void **state)
{
	static const struct line lines[] = {
		{NULL, 1, "FWB/17"},
		{"AWB", 1, "020-12345676HKGLAX/T1L100"},
		{NULL, 1, "SHP"},
		{NULL, 1, "NAM/ALPHA LTD"},
		{NULL, 1, "ADR/1 FIRST ROAD"},
		{NULL, 1, "LOC/SHANGHAI/SH"},
		{"/LOC", 2, "/CN/200000/TE/8621"},
		{NULL, 1, "CVD/USD/PP/PP/NVD/NCV/XXX"},
	};
	struct testing *testing = *state;
	feed_lines(testing, lines, sizeof(lines) / sizeof(lines[0]));
	const struct tw_consignment *view = &testing->views[0];
	int shipper = tw_party(view, TW_PARTY_SHIPPER, 0);
	assert_item_text(view, TW_PARTY_NAME, shipper, "ALPHA LTD");
	assert_item_text(view, TW_PARTY_ADDRESS, shipper, "1 FIRST ROAD");
	assert_item_text(view, TW_PARTY_CITY, shipper, "SHANGHAI");
	assert_item_text(view, TW_PARTY_COUNTRY, shipper, "CN");
	assert_item_text(view, TW_PARTY_PHONE, shipper, "8621");
	assert_number(view, tw_first(view, TW_CONSIGNMENT_WEIGHT), 45.359237);
	assert_int_equal(tw_first(view, TW_CONSIGNMENT_VALUE), -1); /* NCV: none declared */
	assert_true(testing_saw(testing, "map.identifier 7 12 AWB 1"));
}

/* ---- Cargo-XML XFWB ------------------------------------------------------------------- */

struct element {
	enum tw_unit_kind kind;
	const char *parent, *name, *text, *attribute, *value;
};
#define OPEN(parent, name) {TW_UNIT_OPEN, parent, name, NULL, NULL, NULL}
#define CLOSE(parent, name) {TW_UNIT_CLOSE, parent, name, NULL, NULL, NULL}
#define LEAF(parent, name, text) {TW_UNIT_LEAF, parent, name, text, NULL, NULL}

/* Elements and values after the XFWB sample of riege's ONE Record converter. */
static const struct element XFWB[] = {
	OPEN("", "Waybill"),
	OPEN("Waybill", "MessageHeaderDocument"),
	LEAF("MessageHeaderDocument", "ID", "888-11111111_6c763819"),
	LEAF("MessageHeaderDocument", "TypeCode", "741"),
	LEAF("MessageHeaderDocument", "IssueDateTime", "2021-03-10T11:00:00+01:00"),
	LEAF("MessageHeaderDocument", "PurposeCode", "Creation"),
	CLOSE("Waybill", "MessageHeaderDocument"),
	OPEN("Waybill", "BusinessHeaderDocument"),
	LEAF("BusinessHeaderDocument", "ID", "888-11111111"),
	OPEN("BusinessHeaderDocument", "IncludedHeaderNote"),
	LEAF("IncludedHeaderNote", "ContentCode", "C"),
	CLOSE("BusinessHeaderDocument", "IncludedHeaderNote"),
	CLOSE("Waybill", "BusinessHeaderDocument"),
	OPEN("Waybill", "MasterConsignment"),
	LEAF("MasterConsignment", "ID", "8112345678"),
	{TW_UNIT_LEAF, "MasterConsignment", "IncludedTareGrossWeightMeasure", "1042.0", "unitCode",
	 "KGM"},
	{TW_UNIT_LEAF, "MasterConsignment", "GrossVolumeMeasure", "2.602", "unitCode", "MTQ"},
	LEAF("MasterConsignment", "TotalPieceQuantity", "3"),
	{TW_UNIT_LEAF, "MasterConsignment", "DeclaredValueForCustomsAmount", "99.5", "currencyID",
	 "EUR"},
	OPEN("MasterConsignment", "ConsignorParty"),
	LEAF("ConsignorParty", "Name", "FORWARDER COMPANY IRELAND LTD"),
	LEAF("ConsignorParty", "AccountID", "SHP_ACCOUNT_NO_1234"),
	OPEN("ConsignorParty", "PostalStructuredAddress"),
	LEAF("PostalStructuredAddress", "PostcodeCode", "ABCD"),
	LEAF("PostalStructuredAddress", "StreetName", "HARBOUR POINT BUSINESS PARK"),
	LEAF("PostalStructuredAddress", "CityName", "LITTLE CITY"),
	LEAF("PostalStructuredAddress", "CountryID", "IE"),
	CLOSE("ConsignorParty", "PostalStructuredAddress"),
	OPEN("ConsignorParty", "DefinedTradeContact"),
	OPEN("DefinedTradeContact", "DirectTelephoneCommunication"),
	LEAF("DirectTelephoneCommunication", "CompleteNumber", "353123456789"),
	CLOSE("DefinedTradeContact", "DirectTelephoneCommunication"),
	CLOSE("ConsignorParty", "DefinedTradeContact"),
	CLOSE("MasterConsignment", "ConsignorParty"),
	OPEN("MasterConsignment", "ConsigneeParty"),
	LEAF("ConsigneeParty", "Name", "FORWARDER COMPANY SHANGHAI LTD\nROOM 123"),
	CLOSE("MasterConsignment", "ConsigneeParty"),
	OPEN("MasterConsignment", "OriginLocation"),
	LEAF("OriginLocation", "ID", "ORK"),
	CLOSE("MasterConsignment", "OriginLocation"),
	OPEN("MasterConsignment", "FinalDestinationLocation"),
	LEAF("FinalDestinationLocation", "ID", "PVG"),
	CLOSE("MasterConsignment", "FinalDestinationLocation"),
	OPEN("MasterConsignment", "SpecifiedLogisticsTransportMovement"),
	LEAF("SpecifiedLogisticsTransportMovement", "StageCode", "Main-Carriage"),
	LEAF("SpecifiedLogisticsTransportMovement", "ModeCode", "4"),
	LEAF("SpecifiedLogisticsTransportMovement", "ID", "XX8012"),
	LEAF("SpecifiedLogisticsTransportMovement", "SequenceNumeric", "1"),
	OPEN("SpecifiedLogisticsTransportMovement", "UsedLogisticsTransportMeans"),
	LEAF("UsedLogisticsTransportMeans", "Name", "XX"),
	CLOSE("SpecifiedLogisticsTransportMovement", "UsedLogisticsTransportMeans"),
	OPEN("SpecifiedLogisticsTransportMovement", "ArrivalEvent"),
	OPEN("ArrivalEvent", "OccurrenceArrivalLocation"),
	LEAF("OccurrenceArrivalLocation", "ID", "DUB"),
	CLOSE("ArrivalEvent", "OccurrenceArrivalLocation"),
	CLOSE("SpecifiedLogisticsTransportMovement", "ArrivalEvent"),
	OPEN("SpecifiedLogisticsTransportMovement", "DepartureEvent"),
	LEAF("DepartureEvent", "ScheduledOccurrenceDateTime", "2021-03-10T00:00:00"),
	OPEN("DepartureEvent", "OccurrenceDepartureLocation"),
	LEAF("OccurrenceDepartureLocation", "ID", "ORK"),
	CLOSE("DepartureEvent", "OccurrenceDepartureLocation"),
	CLOSE("SpecifiedLogisticsTransportMovement", "DepartureEvent"),
	CLOSE("MasterConsignment", "SpecifiedLogisticsTransportMovement"),
	OPEN("MasterConsignment", "HandlingOSIInstructions"),
	LEAF("HandlingOSIInstructions", "Description", "HANDLE WITH CARE"),
	CLOSE("MasterConsignment", "HandlingOSIInstructions"),
	OPEN("MasterConsignment", "IncludedCustomsNote"),
	LEAF("IncludedCustomsNote", "ContentCode", "T"),
	LEAF("IncludedCustomsNote", "Content", "IE1234567N"),
	LEAF("IncludedCustomsNote", "SubjectCode", "SHP"),
	LEAF("IncludedCustomsNote", "CountryID", "IE"),
	CLOSE("MasterConsignment", "IncludedCustomsNote"),
	OPEN("MasterConsignment", "ApplicableRating"),
	LEAF("ApplicableRating", "TypeCode", "F"),
	OPEN("ApplicableRating", "IncludedMasterConsignmentItem"),
	LEAF("IncludedMasterConsignmentItem", "TypeCode", "000111"),
	{TW_UNIT_LEAF, "IncludedMasterConsignmentItem", "GrossWeightMeasure", "1042.0", "unitCode",
	 "KGM"},
	{TW_UNIT_LEAF, "IncludedMasterConsignmentItem", "GrossVolumeMeasure", "2602000", "unitCode",
	 "CMQ"},
	LEAF("IncludedMasterConsignmentItem", "PieceQuantity", "3"),
	OPEN("IncludedMasterConsignmentItem", "NatureIdentificationTransportCargo"),
	LEAF("NatureIdentificationTransportCargo", "Identification", "CONSOLIDATION\nAS PER ATTACHED"),
	CLOSE("IncludedMasterConsignmentItem", "NatureIdentificationTransportCargo"),
	OPEN("IncludedMasterConsignmentItem", "AssociatedUnitLoadTransportEquipment"),
	LEAF("AssociatedUnitLoadTransportEquipment", "ID", "1337"),
	LEAF("AssociatedUnitLoadTransportEquipment", "CharacteristicCode", "PMC"),
	CLOSE("IncludedMasterConsignmentItem", "AssociatedUnitLoadTransportEquipment"),
	CLOSE("ApplicableRating", "IncludedMasterConsignmentItem"),
	OPEN("ApplicableRating", "IncludedMasterConsignmentItem"),
	LEAF("IncludedMasterConsignmentItem", "TypeCode", "000222"),
	CLOSE("ApplicableRating", "IncludedMasterConsignmentItem"),
	CLOSE("MasterConsignment", "ApplicableRating"),
	CLOSE("Waybill", "MasterConsignment"),
	CLOSE("", "Waybill"),
};

static void feed_element(struct testing *testing, const struct element *element)
{
	struct tw_piece pieces[2];
	struct tw_slice names[2] = {{NULL, 0}, {NULL, 0}};
	struct tw_unit unit = {
		.kind = element->kind,
		.tag = tw_slice_string(element->name),
		.parent = tw_slice_string(element->parent),
		.pieces = pieces,
		.names = names,
		.decimal = '.',
	};
	size_t start = testing->input.length;
	const char *const texts[2] = {element->text, element->value};
	for (unsigned i = 0; i < 2; i++) {
		struct tw_slice text = tw_slice_string(texts[i]);
		if (texts[i] == NULL)
			continue;
		pieces[unit.piece_count] = (struct tw_piece){
			.start = (uint32_t)(testing->input.length - start),
			.length = (uint32_t)text.length,
			.element = (uint16_t)(i + 1),
			.component = 1,
			.repetition = 1,
		};
		if (i == 1)
			names[unit.piece_count] = tw_slice_string(element->attribute);
		unit.piece_count++;
		tw_buffer_append_slice(&testing->input, text);
		tw_buffer_append(&testing->input, "\n", 1);
	}
	feed_unit(testing, &unit, start, testing->input.length - start);
}

static void check_xfwb_goods(const struct testing *testing, const struct tw_consignment *view)
{
	assert_int_equal(view->record->items[TW_GROUP_goods], 2);
	assert_item_text(view, TW_GOODS_HS, 0, "000111");
	assert_item_text(view, TW_GOODS_HS, 1, "000222");
	assert_number(view, tw_first(view, TW_GOODS_GROSS), 1042);
	assert_number(view, tw_first(view, TW_GOODS_VOLUME), 2.602); /* 2,602,000 cm3 */
	assert_number(view, tw_first(view, TW_GOODS_PACKAGES), 3);
	assert_text(view, tw_first(view, TW_GOODS_DESCRIPTION), "CONSOLIDATION\nAS PER ATTACHED");
	assert_spans(testing, view, tw_first(view, TW_GOODS_DESCRIPTION), "AS PER", "AS PER");
	assert_text(view, tw_first(view, TW_EQUIPMENT_ID), "1337");
	assert_text(view, tw_first(view, TW_EQUIPMENT_TYPE), "PMC");
	assert_int_equal(testing_count(view, TW_EQUIPMENT_ID), 1);
}

static void check_xfwb_legs(const struct tw_consignment *view)
{
	assert_text(view, tw_first(view, TW_LEG_VOYAGE), "XX8012");
	assert_text(view, tw_first(view, TW_LEG_CARRIER), "XX");
	assert_text(view, tw_first(view, TW_LEG_FROM), "ORK");
	assert_text(view, tw_first(view, TW_LEG_TO), "DUB");
	assert_int_equal(tw_code(view, TW_LEG_MODE), TW_MODE_AIR);
	assert_int_equal(tw_code(view, TW_LEG_STAGE), TW_STAGE_MAIN);
	assert_number(view, tw_first(view, TW_LEG_SEQUENCE), 1);
	/* 2021-03-10T00:00Z */
	assert_number(view, tw_first(view, TW_LEG_DEPARTURE), 1615334400);
}

static void test_xfwb(void **state)
{
	struct testing *testing = *state;
	testing->type = "Waybill";
	testing->version = "3.00";
	start_input(testing, "xml");
	for (size_t i = 0; i < sizeof(XFWB) / sizeof(XFWB[0]); i++)
		feed_element(testing, &XFWB[i]);
	testing_end(testing, testing->input.length);
	assert_int_equal(testing->record_count, 1);
	const struct tw_consignment *view = &testing->views[0];
	int shipper = tw_party(view, TW_PARTY_SHIPPER, 0);
	assert_true(tw_slice_is(tw_document(view, TW_DOCUMENT_MASTER), "888-11111111"));
	assert_int_equal(tw_code(view, TW_CONSIGNMENT_ACTION), TW_ACTION_ORIGINAL);
	assert_number(view, tw_first(view, TW_CONSIGNMENT_CONSOLIDATED), 1);
	assert_number(view, tw_first(view, TW_CONSIGNMENT_WEIGHT), 1042);
	assert_number(view, tw_first(view, TW_CONSIGNMENT_VOLUME), 2.602);
	assert_number(view, tw_first(view, TW_CONSIGNMENT_PIECES), 3);
	assert_number(view, tw_first(view, TW_CONSIGNMENT_VALUE), 99.5);
	assert_text(view, tw_first(view, TW_CONSIGNMENT_CURRENCY), "EUR");
	assert_text(view, tw_first(view, TW_CONSIGNMENT_ORIGIN), "ORK");
	assert_text(view, tw_first(view, TW_CONSIGNMENT_DESTINATION), "PVG");
	assert_item_text(view, TW_PARTY_NAME, shipper, "FORWARDER COMPANY IRELAND LTD");
	assert_item_text(view, TW_PARTY_ID, shipper, "SHP_ACCOUNT_NO_1234");
	assert_item_text(view, TW_PARTY_CITY, shipper, "LITTLE CITY");
	assert_item_text(view, TW_PARTY_COUNTRY, shipper, "IE");
	assert_item_text(view, TW_PARTY_PHONE, shipper, "353123456789");
	assert_text(view, testing_nth(view, TW_PARTY_NAME, 1),
		    "FORWARDER COMPANY SHANGHAI LTD\nROOM 123");
	/* 2021-03-10T10:00Z, an hour before the local time. */
	assert_number(view, tw_first(view, TW_DATE_TIME), 1615370400);
	assert_text(view, testing_nth(view, TW_NOTE_TEXT, 0), "HANDLE WITH CARE");
	assert_text(view, testing_nth(view, TW_NOTE_TEXT, 1), "IE1234567N");
	assert_item_text(view, TW_NOTE_SUBJECT, 1, "SHP");
	check_xfwb_legs(view);
	check_xfwb_goods(testing, view);
}

/* ---- an unverified map of XML ------------------------------------------------------ */

static const struct element GUESSED[] = {
	OPEN("", "Test"),
	LEAF("Test", "Known", "CARTONS"),
	LEAF("Test", "Said", "NOTHING OF CARGO"),
	OPEN("Test", "Strange"),
	LEAF("Strange", "Stranger", "TABLET PRESS"),
	LEAF("Strange", "Count", "12"),
	CLOSE("Test", "Strange"),
	CLOSE("", "Test"),
};

/* Elements that no row knows are raw text there, and nowhere else. */
static void test_unverified(void **state)
{
	(void)state;
	static const char *const maps[] = {
		"map xml TEST\nunverified\nsingle\nin consignment\n"
		"  Known: goods.description = text\n  Said: ignore\n",
		"map xml TEST\nsingle\nin consignment\n"
		"  Known: goods.description = text\n  Said: ignore\n",
	};
	for (unsigned which = 0; which < 2; which++) {
		struct testing *testing = testing_with_map(maps[which]);
		start_input(testing, "xml");
		for (size_t i = 0; i < sizeof(GUESSED) / sizeof(GUESSED[0]); i++)
			feed_element(testing, &GUESSED[i]);
		testing_end(testing, testing->input.length);
		const struct tw_consignment *view = &testing->views[0];
		assert_text(view, tw_first(view, TW_GOODS_DESCRIPTION), "CARTONS");
		assert_int_equal(testing_count(view, TW_RAW_TEXT), which == 0);
		if (which == 0)
			assert_text(view, tw_first(view, TW_RAW_TEXT), "TABLET PRESS");
		testing_free(testing);
	}
}

/* ---- hold message --------------------------------------------------------------------- */

static const char HOLD_MAP[] =
	"map edifact TEST\n"
	"hold message\n"
	"pool equipment\n"
	"in header\n"
	"  BGM: new reference; reference.value = 2.1\n"
	"  EQD: open equipment; equipment.id = 2.1; equipment.type = 3.1\n"
	"  MEA: consignment.weight_kg = 3.2\n"
	"  CNI: open consignment; new document; document.role = \"house\"; document.number = 2.1\n"
	"in equipment\n"
	"  SEL: equipment.seal = 1\n"
	"in consignment\n"
	"  FTX: goods.description = join 4.1..4.5 full 5 continued\n"
	"  SGP: goods.equipment = 1.1\n";

static const char HELD[] =
	"BGM+785+M1'MEA+WT+G+KGM:900'CNI+1+A'FTX+AAA+++TABL?+:ET'SGP+AAAA1111111'CNI+2+B'SGP+BBBB2222222'CNI+3+C'"
	"EQD+CN+AAAA1111111+22G1'SEL+S?'1'EQD+CN+BBBB2222222+45G1'";

static void check_held(const struct testing *testing, unsigned with_equipment)
{
	static const char *const numbers[] = {"A", "B", "C"};
	static const char *const types[] = {"22G1", "45G1"};
	assert_int_equal(testing->record_count, 3);
	for (unsigned i = 0; i < 3; i++) {
		const struct tw_consignment *view = &testing->views[i];
		assert_true(tw_slice_is(tw_document(view, TW_DOCUMENT_HOUSE), numbers[i]));
		assert_text(view, tw_first(view, TW_REFERENCE_VALUE), "M1");
		assert_spans(testing, view, tw_first(view, TW_REFERENCE_VALUE), "M1", "M1");
		/* Header totals never stand in for a consignment. */
		assert_int_equal(tw_first(view, TW_CONSIGNMENT_WEIGHT), -1);
		if (i < with_equipment)
			assert_text(view, tw_first(view, TW_EQUIPMENT_TYPE), types[i]);
		else
			assert_int_equal(tw_first(view, TW_EQUIPMENT_TYPE), -1);
	}
	int goods = tw_first(&testing->views[0], TW_GOODS_DESCRIPTION);
	assert_text(&testing->views[0], goods, "TABL+ET");
	assert_spans(testing, &testing->views[0], goods, "TABL+ET", "TABL+ET");
	const char *second = strstr(HELD, "CNI+2");
	assert_int_equal(testing->ends[0], second - HELD);
	assert_int_equal(testing->views[1].record->base, second - HELD);
}

/* The equipment stands behind the consignments, and still each gets its own. */
static void test_hold_message(void **state)
{
	(void)state;
	struct testing *testing = testing_with_map(HOLD_MAP);
	testing_edifact(testing, HELD, false);
	check_held(testing, 2);
	assert_int_equal(testing->anomalies.length, 0);
	int seal = tw_first(&testing->views[0], TW_EQUIPMENT_SEAL);
	assert_text(&testing->views[0], seal, "S'1");
	assert_spans(testing, &testing->views[0], seal, "S'1", "S?'1");
	testing_free(testing);
}

/* Beyond the limit nothing waits: an anomaly, and all is handed on in order. */
static void test_hold_limit(void **state)
{
	(void)state;
	struct testing *testing = testing_with_map(HOLD_MAP);
	testing->limits.held_consignments = 1;
	testing_edifact(testing, HELD, false);
	check_held(testing, 0);
	assert_true(testing_saw(testing, "limit.held_consignments"));
	assert_text(&testing->views[0], tw_first(&testing->views[0], TW_EQUIPMENT_ID),
		    "AAAA1111111");
	testing_free(testing);
}

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_x12_309, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fwb, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fwb_notes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fwb_17, setup, teardown),
		cmocka_unit_test_setup_teardown(test_xfwb, setup, teardown),
		cmocka_unit_test(test_unverified),
		cmocka_unit_test(test_hold_message),
		cmocka_unit_test(test_hold_limit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
