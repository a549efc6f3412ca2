/* SPDX-License-Identifier: Apache-2.0 */
/* What a walk finds odd in the content: facts that are missing, values against each other. */
#include "map_testing.h"

/* Line 1 on: what stands behind the header lines each test adds. */
#define ROWS                                                                                       \
	"in header\n"                                                                              \
	"  CNI: open consignment; new document; document.role = \"house\"; document.number = 2.1\n" \
	"      consignment.action = 3 by action\n"                                                 \
	"codes action\n  9 = original\n  1 = cancel\n"                                             \
	"codes fill\n  4 = empty\n  5 = full\n"                                                    \
	"in consignment\n"                                                                         \
	"  GID: open goods; goods.packages = 1\n"                                                  \
	"  EQD: new equipment; equipment.id = 2; equipment.fill = 6 by fill\n"                     \
	"  CUX: consignment.currency = 1 check currency\n"                                         \
	"  DTM: new date; date.time = 1.2 date 1.3\n"                                              \
	"  WGT: consignment.weight_kg = 1; consignment.net_weight_kg = 2\n"                        \
	"  PCS: consignment.pieces = 1; consignment.part_pieces = 2\n"                             \
	"  MOA: consignment.value = 1.2; consignment.currency = 1.3\n"                             \
	"in goods\n"                                                                               \
	"  FTX: goods.description = 4.1\n"                                                         \
	"  MEA 1=G: goods.gross_kg = 3.2 unit 3.1\n"                                               \
	"  MEA 1=N: goods.net_kg = 3.2 unit 3.1\n"                                                 \
	"  MEA 1=V: goods.volume_m3 = 3.2 unit 3.1\n"                                              \
	"  MOA: goods.value = 1.2; goods.currency = 1.3\n"

static void assert_seen(const char *map, const char *text, const char *anomalies)
{
	struct testing *testing = testing_with_map(map);
	testing_edifact(testing, text, false);
	if (!tw_slice_is(tw_buffer_slice(&testing->anomalies), anomalies))
		print_error("%s: \"%.*s\" is not \"%s\"\n", text, (int)testing->anomalies.length,
			    testing->anomalies.data, anomalies);
	assert_true(tw_slice_is(tw_buffer_slice(&testing->anomalies), anomalies));
	testing_free(testing);
}

/* The place of an anomaly is the consignment, from its CNI to the next or to the end; its segment is what opened it. */
static void test_missing(void **state)
{
	(void)state;
	static const char map[] = "map edifact TEST\nrequire document.number\n"
				  "require goods.gross_kg|goods.net_kg goods.description\n" ROWS;
	assert_seen(map, "CNI+1+A'GID'FTX++++X'MEA+G++KGM:1'", "");
	assert_seen(map, "CNI+1+A'GID'FTX++++X'MEA+N++KGM:1'", "");
	/* The bill's number is missing in the first, weight and text in the second. */
	assert_seen(map, "CNI+1'GID'FTX++++X'MEA+G++KGM:1'CNI+2+B'",
		    "map.missing 0 32 CNI 0\nmap.missing 32 8 CNI 0\nmap.missing 32 8 CNI 0\n");
}

/* A cancel carries its number only; an empty container no goods, a full one does. */
static void test_not_missing(void **state)
{
	(void)state;
	static const char map[] = "map edifact TEST\nrequire goods.description\n" ROWS;
	assert_seen(map, "CNI+1+A+1'", "");
	assert_seen(map, "CNI+1+A+9'", "map.missing 0 10 CNI 0\n");
	assert_seen(map, "CNI+1+A+9'EQD+CN+X++++4'EQD+CN+Y++++4'", "");
	assert_seen(map, "CNI+1+A+9'EQD+CN+X++++4'EQD+CN+Y++++5'", "map.missing 0 38 CNI 0\n");
	assert_seen(map, "CNI+1+A+9'EQD+CN+X'", "map.missing 0 19 CNI 0\n");
	/* What a map does not ask for is not missed. */
	assert_seen("map edifact TEST\n" ROWS, "CNI+1'", "");
}

/* The heavier value is pointed at. 1000 lb are 453.6 kg. */
static void test_net_weight(void **state)
{
	(void)state;
	static const char map[] = "map edifact TEST\n" ROWS;
	assert_seen(map, "CNI+1+A'GID'MEA+G++KGM:100'MEA+N++KGM:90'", "");
	assert_seen(map, "CNI+1+A'GID'MEA+G++KGM:100'MEA+N++KGM:100.05'", "");
	assert_seen(map, "CNI+1+A'GID'MEA+G++KGM:100'MEA+N++KGM:900'", "map.net_weight 38 3 MEA 3\n");
	assert_seen(map, "CNI+1+A'GID'MEA+G++LBR:1000'MEA+N++KGM:460'",
		    "map.net_weight 39 3 MEA 3\n");
	/* Each item for itself: only the third has both, the wrong way round. */
	assert_seen(map,
		    "CNI+1+A'GID'MEA+N++KGM:5'GID'MEA+G++KGM:1'GID'MEA+N++KGM:3'MEA+G++KGM:2'GID'",
		    "map.net_weight 57 1 MEA 3\n");
	assert_seen(map, "CNI+1+A'WGT+10+20'", "map.net_weight 15 2 WGT 2\n");
	assert_seen(map, "CNI+1+A'WGT+0+20'", "");
}

static void test_values(void **state)
{
	(void)state;
	static const char map[] = "map edifact TEST\n" ROWS;
	assert_seen(map, "CNI+1+A'CUX+USD'", "");
	assert_seen(map, "CNI+1+A'CUX+US'CUX+123'CUX+usd'",
		    "map.currency 12 2 CUX 1\nmap.currency 19 3 CUX 1\nmap.currency 27 3 CUX 1\n");
	/* 2026 is no leap year; 203 has the time of day in it; 25 is no hour. */
	assert_seen(map, "CNI+1+A'DTM+137:20260228:102'DTM+137:202602281200:203'", "");
	assert_seen(map, "CNI+1+A'DTM+137:20260229:102'", "map.date 16 8 DTM 1\n");
	assert_seen(map, "CNI+1+A'DTM+137:20260228:203'", "map.date 16 8 DTM 1\n");
	assert_seen(map, "CNI+1+A'DTM+137:202602282500:203'", "map.date 16 12 DTM 1\n");
	/* A weight in cubic metres, one in nothing known, and one that is no number. */
	assert_seen(map, "CNI+1+A'GID'MEA+G++MTQ:5'", "map.unit 23 1 MEA 3\n");
	assert_seen(map, "CNI+1+A'GID'MEA+G++XYZ:5'", "map.unit 23 1 MEA 3\n");
	assert_seen(map, "CNI+1+A'GID'MEA+G++KGM:ABOUT 5'", "map.number 23 7 MEA 3\n");
}

/* Less than nothing, and more than the largest ship carries; what is left out is in no sum. */
static void test_range(void **state)
{
	(void)state;
	static const char map[] = "map edifact TEST\n" ROWS;
	assert_seen(map, "CNI+1+A'GID+1'MEA+G++KGM:0'MEA+V++MTQ:0'", "");
	assert_seen(map, "CNI+1+A'GID+1'MEA+G++TNE:400000'MEA+V++MTQ:600000'", "");
	assert_seen(map, "CNI+1+A'GID+1'MEA+G++KGM:-5'", "map.range 25 2 MEA 3\n");
	assert_seen(map, "CNI+1+A'GID+1'MEA+G++TNE:600000'", "map.range 25 6 MEA 3\n");
	assert_seen(map, "CNI+1+A'GID+1'MEA+G++KGM:600000000'", "map.range 25 9 MEA 3\n");
	assert_seen(map, "CNI+1+A'GID+1'MEA+V++MTQ:1000001'", "map.range 25 7 MEA 3\n");
	assert_seen(map, "CNI+1+A'GID+-1'", "map.range 12 2 GID 1\n");
	assert_seen(map, "CNI+1+A'PCS+99999999999'", "map.range 12 11 PCS 1\n");
}

static void test_currency(void **state)
{
	(void)state;
	static const char map[] = "map edifact TEST\n" ROWS;
	assert_seen(map, "CNI+1+A'MOA+40:5:USD'GID+1'MOA+40:5:USD'", "");
	assert_seen(map, "CNI+1+A'MOA+40:0'", "");
	assert_seen(map, "CNI+1+A'MOA+40:500'", "map.no_currency 15 3 MOA 1\n");
	/* The second item's; and of several only the first. */
	assert_seen(map, "CNI+1+A'GID+1'MOA+40:5:USD'GID+1'MOA+40:6'GID+1'MOA+40:7'",
		    "map.no_currency 40 1 MOA 1\n");
	/* Trade within a country need not say it. */
	assert_seen("map edifact TEST\nrole commercial\n" ROWS, "CNI+1+A'MOA+40:500'", "");
}

static void test_part(void **state)
{
	(void)state;
	static const char map[] = "map edifact TEST\n" ROWS;
	assert_seen(map, "CNI+1+A'PCS+10+3'", "");
	assert_seen(map, "CNI+1+A'PCS+10+10'", "");
	assert_seen(map, "CNI+1+A'PCS+10+11'", "map.part 15 2 PCS 2\n");
}

static void test_total(void **state)
{
	(void)state;
	static const char map[] = "map edifact TEST\ntotal consignment.pieces goods.packages\n"
				  "total consignment.weight_kg goods.gross_kg\n" ROWS;
	assert_seen(map, "CNI+1+A'PCS+5'GID+2'GID+3'", "");
	assert_seen(map, "CNI+1+A'PCS+5'GID+2'GID+4'", "map.total 12 1 PCS 1\n");
	/* Items without a number, or no total: nothing to compare. */
	assert_seen(map, "CNI+1+A'PCS+5'GID+2'GID'", "");
	assert_seen(map, "CNI+1+A'GID+2'GID+4'", "");
	/* Half a percent, or a kilogram, is rounding. */
	assert_seen(map, "CNI+1+A'WGT+1000'GID+1'MEA+G++KGM:996'", "");
	assert_seen(map, "CNI+1+A'WGT+1000'GID+1'MEA+G++KGM:994'", "map.total 12 4 WGT 1\n");
	assert_seen(map, "CNI+1+A'WGT+10'GID+1'MEA+G++KGM:9.1'", "");
	assert_seen(map, "CNI+1+A'WGT+10'GID+1'MEA+G++KGM:8.9'", "map.total 12 2 WGT 1\n");
}

/* Of what is judged late the segment is told, and the element where the row leaves no doubt. */
static void test_places(void **state)
{
	(void)state;
	static const char map[] =
		"map edifact TEST\n"
		"in header\n"
		"  PRE: consignment.part_pieces = 1\n"
		"  LET: let part = 1\n"
		"  CNI: open consignment; consignment.pieces = 2; consignment.part_pieces = 3\n"
		"in consignment\n"
		"  TWO: consignment.pieces = 1; consignment.part_pieces = 2 or 3\n"
		"  ALL each: consignment.part_pieces = 1\n"
		"  REG: consignment.pieces = 1; consignment.part_pieces = $part\n";
	/* The header's segment holds for each consignment; what opens one is its own. */
	assert_seen(map, "PRE+6'CNI+1+5'CNI+2+5'", "map.part 4 1 PRE 1\nmap.part 4 1 PRE 1\n");
	assert_seen(map, "CNI+1+5+6'CNI+2+5+4'CNI+3+5+7'", "map.part 8 1 CNI 3\nmap.part 28 1 CNI 3\n");
	assert_seen(map, "CNI+1'TWO+5++6'", "map.part 13 1 TWO 0\n");
	assert_seen(map, "CNI+1+5'ALL+6'", "map.part 12 1 ALL 0\n");
	/* Kept from a segment that no row of the kind took. */
	assert_seen(map, "LET+6'CNI+1'REG+5'", "map.part 4 1  0\n");
}

/* What a message says of its consignments, before them or behind the last. */
#define SUMS                                                                                       \
	"codes action\n  9 = original\n  5 = replace\n  4 = change\n"                             \
	"in header\n"                                                                              \
	"  BGM: message.function = 1 by action\n"                                                  \
	"  HDR: sum consignments = 1; sum consignment.weight_kg = 2 unit 3\n"                      \
	"  CNI: open consignment; consignment.action = 2 by action\n"                             \
	"in consignment\n"                                                                         \
	"  WGT: consignment.weight_kg = 1\n"                                                       \
	"  PCS: consignment.pieces = 1\n"                                                          \
	"  TOT: sum consignment.pieces = 1; sum consignment.volume_m3 = 2\n"

static void test_message_total(void **state)
{
	(void)state;
	static const char map[] = "map edifact TEST\n" SUMS;
	assert_seen(map, "HDR+2'CNI+1'CNI+2'", "");
	assert_seen(map, "HDR+3'CNI+1'CNI+2'", "map.message_total 4 1 HDR 1\n");
	assert_seen(map, "BGM+9'HDR+3'CNI+1'CNI+2'", "map.message_total 10 1 HDR 1\n");
	/* 1000 lb are 453.6 kg; a kilogram is rounding. */
	assert_seen(map, "HDR++1000+LBR'CNI+1'WGT+400'CNI+2'WGT+53'", "");
	assert_seen(map, "HDR++1000+LBR'CNI+1'WGT+400'CNI+2'WGT+60'",
		    "map.message_total 5 4 HDR 2\n");
	/* One consignment does not say. */
	assert_seen(map, "HDR++500+KGM'CNI+1'WGT+400'CNI+2'", "");
	assert_seen(map, "CNI+1'PCS+2'CNI+2'PCS+3'TOT+5'", "");
	assert_seen(map, "CNI+1'PCS+2'CNI+2'PCS+3'TOT+6'", "map.message_total 28 1 TOT 1\n");
	/* Each of them has its own. */
	assert_seen(map, "CNI+1'PCS+2'TOT+2'CNI+2'PCS+3'TOT+3'", "");
	/* The next message begins anew. */
	assert_seen(map, "HDR'CNI+1'", "");
}

/* Who changes some, or answers, does not tell all. */
static void test_message_total_of_some(void **state)
{
	(void)state;
	assert_seen("map edifact TEST\n" SUMS, "BGM+4'HDR+3'CNI+1'", "");
	assert_seen("map edifact TEST\n" SUMS, "BGM+5'HDR+3'CNI+1'",
		    "map.message_total 10 1 HDR 1\n");
	assert_seen("map edifact TEST\nrole response\n" SUMS, "HDR+3'CNI+1'", "");
	assert_seen("map edifact TEST\nrole status\n" SUMS, "HDR+3'CNI+1'", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_not_missing),
		cmocka_unit_test(test_net_weight),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_range),
		cmocka_unit_test(test_currency),
		cmocka_unit_test(test_part),
		cmocka_unit_test(test_total),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_message_total),
		cmocka_unit_test(test_message_total_of_some),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
