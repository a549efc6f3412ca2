/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ONE Record documents against JSON (RFC 8259) and JSON-LD 1.1: names, values, references,
 * and what is said of broken ones. Links the parser alone (all C files of
 * parsers/one_record), NOT the core library.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "recorder.h"
#include "../expect_bytes.h"

#define BEGUN(type) "interchange\nmessage type=" type "\n"
#define ENDED "message_end complete\ninterchange_end complete\n"
#define LOST "message_end incomplete\n"

static void test_members(void **state)
{
	(void)state;
	EXPECT("{\"slac\": 12, \"@type\":\"cargo:Piece\", \"cargo:goodsDescription\" : \"a b\",\"upid\":null}\n",
	       BEGUN("Piece") "open /Piece type=Piece\nleaf Piece/slac 1=12\n"
	       "leaf Piece/goodsDescription 1=a b\nclose /Piece\n" ENDED);
	/* An IRI instead of a prefix, a list of types, and the arrays of expanded JSON-LD. */
	EXPECT("[{\"@type\":[\"https://onerecord.iata.org/ns/cargo#Piece\",\"x#Thing\"],"
	       "\"https://onerecord.iata.org/ns/cargo#upid\":[{\"@value\":\"U\"},{\"@value\":\"V\"}]}]",
	       BEGUN("Piece") "open /Piece type=Piece\nleaf Piece/upid 1=U\nleaf Piece/upid 1=V\n"
	       "close /Piece\n" ENDED);
	/* The context is passed over, whatever it holds. */
	EXPECT("{\"@context\":{\"a\":{\"b\":[1]}},\"@type\":\"Piece\",\"upid\":\"U\"}",
	       BEGUN("Piece") "open /Piece type=Piece\nleaf Piece/upid 1=U\nclose /Piece\n" ENDED);
	/* A byte order mark may stand before it. */
	EXPECT("\xef\xbb\xbf{\"@type\":\"Piece\",\"upid\":\"U\"}",
	       BEGUN("Piece") "open /Piece type=Piece\nleaf Piece/upid 1=U\nclose /Piece\n" ENDED);
	/* An object within is named by its member, its own members by its type. */
	EXPECT("{\"@type\":\"Shipment\",\"pieces\":[{\"@type\":\"Piece\",\"upid\":\"U\"},{\"upid\":\"V\"}]}",
	       BEGUN("Shipment") "open /Shipment type=Shipment\n"
	       "open Shipment/pieces type=Piece\nleaf Piece/upid 1=U\nclose Shipment/pieces\n"
	       "open Shipment/pieces\nleaf pieces/upid 1=V\nclose Shipment/pieces\n"
	       "close /Shipment\n" ENDED);
}

static void test_values(void **state)
{
	(void)state;
	EXPECT("{\"@type\":\"Piece\",\"grossWeight\":{\"@type\":\"cargo:Value\",\"numericalValue\":"
	       "{\"@type\":\"xsd:double\",\"@value\":\"7.5\"},"
	       "\"unit\":{\"@id\":\"https://onerecord.iata.org/ns/coreCodeLists#MeasurementUnitCode_KGM\"}}}",
	       BEGUN("Piece") "open /Piece type=Piece\n"
	       "leaf Piece/grossWeight 1=7.5 type=Value numericalValue=7.5 unit=KGM\n"
	       "close /Piece\n" ENDED);
	/* A member may be without a name, by itself or behind a prefix. */
	EXPECT("{\"@type\":\"Piece\",\"grossWeight\":{\"numericalValue\":7,\"\":8,\"x:\":9}}",
	       BEGUN("Piece") "open /Piece type=Piece\n"
	       "leaf Piece/grossWeight 1=7 numericalValue=7 @none=8 @none=9\nclose /Piece\n" ENDED);
	EXPECT("{\"@type\":\"Product\",\"hsCode\":{\"@type\":\"CodeListElement\",\"code\":\"847989\"}}",
	       BEGUN("Product") "open /Product type=Product\n"
	       "leaf Product/hsCode 1=847989 type=CodeListElement code=847989\nclose /Product\n" ENDED);
	EXPECT("{\"@type\":\"Piece\",\"specialHandlingCodes\":[{\"@id\":"
	       "\"https://onerecord.iata.org/ns/code-lists/SpecialHandlingCode#VAL\"}],\"ofShipment\":{\"@id\":\"http://x/y_z\"}}",
	       BEGUN("Piece") "open /Piece type=Piece\n"
	       "leaf Piece/specialHandlingCodes 1=VAL id=https://onerecord.iata.org/ns/code-lists/SpecialHandlingCode#VAL\n"
	       "leaf Piece/ofShipment 1=http://x/y_z id=http://x/y_z\nclose /Piece\n" ENDED);
}

/* RFC 8259, section 7. U+1F600 is D83D DE00; half of a pair is U+FFFD. */
static void test_escapes(void **state)
{
	(void)state;
	EXPECT("{\"@type\":\"Piece\",\"upid\":\"A\\\"\\\\\\/\\tB\\u00e9\\ud83d\\uDE00\\ud83dC\"}",
	       BEGUN("Piece") "open /Piece type=Piece\nleaf Piece/upid 1=A\"{\\\"}\\{\\\\}/{\\/}\t{\\t}B"
	       "\xc3\xa9{\\u00e9}\xf0\x9f\x98\x80{\\ud83d\\uDE00}\xef\xbf\xbd{\\ud83d}C\nclose /Piece\n" ENDED);
}

static void test_references(void **state)
{
	(void)state;
	/* In a graph the waybill leads to the others, and what leads back is only named. */
	EXPECT("{\"@graph\":[{\"@id\":\"_:p\",\"@type\":\"Piece\",\"upid\":\"U\"},"
	       "{\"@id\":\"_:s\",\"@type\":\"Shipment\",\"pieces\":{\"@id\":\"_:p\"},\"waybill\":{\"@id\":\"_:w\"}},"
	       "{\"@id\":\"_:w\",\"@type\":\"Waybill\",\"waybillNumber\":\"1\",\"waybillPrefix\":\"020\",\"shipment\":{\"@id\":\"_:s\"}}]}",
	       "interchange\nmessage type=Waybill reference=_:w\n"
	       "open /Waybill waybillPrefix=020-{} waybillNumber=1 type=Waybill id=_:w\n"
	       "leaf Waybill/waybillNumber 1=1\nleaf Waybill/waybillPrefix 1=020\n"
	       "open Waybill/shipment type=Shipment id=_:s\n"
	       "open Shipment/pieces type=Piece id=_:p\nleaf Piece/upid 1=U\nclose Shipment/pieces\n"
	       "leaf Shipment/waybill 1=_:w id=_:w\nclose Waybill/shipment\nclose /Waybill\n" ENDED);
	/* A waybill within another is a message of its own. */
	EXPECT("{\"@type\":\"Waybill\",\"waybillNumber\":\"1\",\"houseWaybills\":[{\"@id\":\"h\","
	       "\"@type\":\"Waybill\",\"waybillNumber\":\"2\"}]}",
	       BEGUN("Waybill") "open /Waybill waybillNumber=1 type=Waybill\nleaf Waybill/waybillNumber 1=1\n"
	       "leaf Waybill/houseWaybills 1=h waybillNumber=2 type=Waybill id=h\nclose /Waybill\n"
	       "message_end complete\nmessage type=Waybill reference=h\n"
	       "open /Waybill waybillNumber=2 type=Waybill id=h\nleaf Waybill/waybillNumber 1=2\nclose /Waybill\n" ENDED);
}

#define NEXT "\n{\"@type\":\"Piece\",\"upid\":\"N\"}"
#define NEXT_SAID BEGUN("Piece") "open /Piece type=Piece\nleaf Piece/upid 1=N\nclose /Piece\n" ENDED

static void test_broken(void **state)
{
	(void)state;
	EXPECT("{\"@type\":\"Piece\",\"upid\":\"U\",\"x\":tru}" NEXT,
	       BEGUN("Piece") "open /Piece type=Piece\nleaf Piece/upid 1=U\nclose /Piece\n" LOST
	       "skip one_record.malformed\ninterchange_end incomplete\n" NEXT_SAID);
	EXPECT("{\"@type\":\"Piece\",\"upid\":\"U\"",
	       BEGUN("Piece") "open /Piece type=Piece\nleaf Piece/upid 1=U\nclose /Piece\n" LOST
	       "incomplete one_record.truncated\ninterchange_end incomplete\n");
	EXPECT("{\"@type\":1}", "interchange\nincomplete one_record.no_message\ninterchange_end complete\n");
	EXPECT("junk" NEXT, "skip one_record.junk\n" NEXT_SAID);
	struct tw_parser_limits limits = recorder_limits;
	limits.segment_bytes = 2;
	expect_bytes(TW_LITERAL("{\"@type\":\"Piece\",\"upid\":\"a text that is too long\"}"), limits,
		     "interchange\nskip one_record.too_long\ninterchange_end incomplete\n");
}

/* A document that is cut at any byte loses nothing silently. */
static void test_cut_everywhere(void **state)
{
	static const char whole[] =
		"{\"@context\":{\"cargo\":\"https://onerecord.iata.org/ns/cargo#\"},\"@type\":\"cargo:Waybill\","
		"\"cargo:shipment\":{\"@type\":\"cargo:Shipment\",\"cargo:goodsDescription\":\"A\\u00e9\","
		"\"cargo:totalGrossWeight\":{\"cargo:numericalValue\":1.5e2}}}";
	(void)state;
	for (size_t length = 1; length < sizeof(whole) - 1; length++) {
		struct tw_sink first = {0}, second = {0};
		struct recorder_feed feed = {.input = tw_slice(whole, length),
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

static void test_probe(void **state)
{
	const struct tw_parser *parser = one_record_LTX_tw_parser();
	(void)state;
	assert_true(parser->probe(TW_LITERAL(" {\"@context\":\"https://onerecord.iata.org/ns/cargo\"}"), true) > 90);
	assert_true(parser->probe(TW_LITERAL("[{\"@type\":\"Piece\"}]"), true) > 0);
	assert_true(parser->probe(TW_LITERAL("{"), false) < 0);
	assert_int_equal(parser->probe(TW_LITERAL("{\"timestamp\":\"2026-11-20\"}"), true), 0);
	assert_int_equal(parser->probe(TW_LITERAL("{1:ABC}"), true), 0);
	assert_int_equal(parser->probe(TW_LITERAL("UNA:+.? '"), true), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_members),	   cmocka_unit_test(test_values),
		cmocka_unit_test(test_escapes),	   cmocka_unit_test(test_references),
		cmocka_unit_test(test_broken),	   cmocka_unit_test(test_cut_everywhere),
		cmocka_unit_test(test_probe),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
