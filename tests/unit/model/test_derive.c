/* SPDX-License-Identifier: Apache-2.0 */
#include "model_testing.h"

#include "model/derive.h"

static void text_is(const struct tw_builder *builder, enum tw_field field, const char *expected)
{
	struct tw_consignment view = tw_builder_view(builder);
	int value = tw_first(&view, field);
	if (expected == NULL) {
		assert_int_equal(value, -1);
		return;
	}
	assert_true(value >= 0);
	assert_slice(tw_text(&view, value), expected);
	assert_int_equal(tw_next(&view, value), -1);
}

static void number_is(const struct tw_builder *builder, enum tw_field field, double expected,
		      bool derived)
{
	struct tw_consignment view = tw_builder_view(builder);
	int value = tw_first(&view, field);
	assert_true(value >= 0);
	if (!(fabs(tw_number(&view, value) - expected) < 1e-9))
		fail_msg("field %d is %g, not %g", (int)field, tw_number(&view, value), expected);
	assert_int_equal(tw_derived(&view, value), derived);
}

/* The route as "CNSHA KRPUS USLAX". */
static void route_is(const struct tw_builder *builder, const char *expected)
{
	struct tw_consignment view = tw_builder_view(builder);
	struct tw_buffer route = {0};
	for (int value = tw_first(&view, TW_CONSIGNMENT_ROUTE); value >= 0;
	     value = tw_next(&view, value)) {
		assert_true(tw_derived(&view, value));
		if (route.length > 0)
			tw_buffer_append_byte(&route, ' ');
		tw_buffer_append_slice(&route, tw_text(&view, value));
	}
	assert_slice(tw_buffer_slice(&route), expected);
	tw_buffer_free(&route);
}

static void ends_are(const struct tw_builder *builder, const char *origin, const char *destination)
{
	text_is(builder, TW_CONSIGNMENT_ORIGIN, origin);
	text_is(builder, TW_CONSIGNMENT_DESTINATION, destination);
}

/* First known of origin, receipt, loading; last known of discharge, delivery, final. */
static void test_ends(void **state)
{
	static const struct { int role; const char *code; } places[] = {
		{TW_PLACE_LOADING, "CNSHA"}, {TW_PLACE_DISCHARGE, "USLAX"},
		{TW_PLACE_RECEIPT, "CNSZX"}, {TW_PLACE_DELIVERY, "USPHX"},
		{TW_PLACE_ORIGIN, "CNWUH"}, {TW_PLACE_FINAL, "USDEN"},
	};
	static const char *const expected[][2] = {
		{"CNSHA", NULL}, {"CNSHA", "USLAX"}, {"CNSZX", "USLAX"},
		{"CNSZX", "USPHX"}, {"CNWUH", "USPHX"}, {"CNWUH", "USDEN"},
	};
	struct tw_builder builder = {0};
	(void)state;
	for (unsigned count = 1; count <= 6; count++) {
		begin(&builder);
		for (unsigned i = 0; i < count; i++)
			put_place(&builder, places[i].role, places[i].code);
		tw_derive(&builder);
		ends_are(&builder, expected[count - 1][0], expected[count - 1][1]);
	}
	route_is(&builder, "CNWUH CNSZX CNSHA USLAX USPHX USDEN");
	tw_builder_free(&builder);
}

static void test_transhipment_is_no_end(void **state)
{
	struct tw_builder builder = {0};
	(void)state;
	begin(&builder);
	put_place(&builder, TW_PLACE_TRANSHIPMENT, "KRPUS");
	tw_derive(&builder);
	ends_are(&builder, NULL, NULL);
	route_is(&builder, "KRPUS");

	begin(&builder);
	put_place(&builder, TW_PLACE_TRANSHIPMENT, "KRPUS");
	put_place(&builder, TW_PLACE_LOADING, "CNSHA");
	put_place(&builder, TW_PLACE_DISCHARGE, "USLAX");
	put_place(&builder, TW_PLACE_TRANSHIPMENT, "JPYOK");
	tw_derive(&builder);
	ends_are(&builder, "CNSHA", "USLAX");
	route_is(&builder, "CNSHA KRPUS JPYOK USLAX");
	tw_builder_free(&builder);
}

static void test_route_of_legs(void **state)
{
	struct tw_builder builder = {0};
	(void)state;
	begin(&builder);
	put_leg(&builder, "CNSHA", "KRPUS");
	put_leg(&builder, "KRPUS", "JPYOK");
	put_leg(&builder, "JPYOK", "USLAX");
	tw_derive(&builder);
	ends_are(&builder, "CNSHA", "USLAX");
	route_is(&builder, "CNSHA KRPUS JPYOK USLAX");

	begin(&builder);
	put_place(&builder, TW_PLACE_LOADING, "CNSHA");
	put_place(&builder, TW_PLACE_DISCHARGE, "USLAX");
	put_leg(&builder, "CNSHA", "KRPUS");
	put_leg(&builder, NULL, "USLAX");
	tw_derive(&builder);
	route_is(&builder, "CNSHA KRPUS USLAX");
	tw_builder_free(&builder);
}

/* What the consignment itself declares is left as it is. */
static void test_declared(void **state)
{
	struct tw_builder builder = {0};
	(void)state;
	begin(&builder);
	put_text(&builder, TW_CONSIGNMENT_ORIGIN, 0, "HKHKG");
	put_text(&builder, TW_CONSIGNMENT_DESTINATION, 0, "MXZLO");
	put_number(&builder, TW_CONSIGNMENT_WEIGHT, 0, 100);
	put_number(&builder, TW_CONSIGNMENT_PIECES, 0, 9);
	put_number(&builder, TW_GOODS_GROSS, 0, 7);
	put_number(&builder, TW_GOODS_PACKAGES, 0, 2);
	put_place(&builder, TW_PLACE_ORIGIN, "CNSHA");
	put_place(&builder, TW_PLACE_FINAL, "USLAX");
	tw_derive(&builder);
	ends_are(&builder, "HKHKG", "MXZLO");
	number_is(&builder, TW_CONSIGNMENT_WEIGHT, 100, false);
	number_is(&builder, TW_CONSIGNMENT_PIECES, 9, false);
	tw_builder_free(&builder);
}

/* A place without a code is called by its name. */
static void test_place_names(void **state)
{
	struct tw_builder builder = {0};
	(void)state;
	begin(&builder);
	put_number(&builder, TW_PLACE_ROLE, 0, TW_PLACE_LOADING);
	put_text(&builder, TW_PLACE_NAME, 0, "SHANGHAI");
	put_number(&builder, TW_PLACE_ROLE, 1, TW_PLACE_RECEIPT); /* known by nothing */
	put_number(&builder, TW_PLACE_ROLE, 2, TW_PLACE_DISCHARGE);
	put_text(&builder, TW_PLACE_NAME, 2, "LOS ANGELES");
	put_text(&builder, TW_PLACE_CODE, 2, "USLAX");
	tw_derive(&builder);
	ends_are(&builder, "SHANGHAI", "USLAX");
	tw_builder_free(&builder);
}

static void test_own_before_header(void **state)
{
	struct tw_builder builder = {0};
	(void)state;
	tw_builder_message(&builder, 1000);
	put_place(&builder, TW_PLACE_LOADING, "CNSHA");
	put_place(&builder, TW_PLACE_DISCHARGE, "USLAX");
	tw_builder_consignment(&builder, 1100);
	put_place(&builder, TW_PLACE_LOADING, "CNNGB");
	tw_derive(&builder);
	ends_are(&builder, "CNNGB", "USLAX");
	tw_builder_consignment(&builder, 1200); /* and the next has the header's again */
	tw_derive(&builder);
	ends_are(&builder, "CNSHA", "USLAX");
	tw_builder_free(&builder);
}

static void test_sums(void **state)
{
	struct tw_builder builder = {0};
	(void)state;
	begin(&builder);
	for (unsigned item = 0; item < 3; item++) {
		tw_builder_item(&builder, TW_GROUP_goods);
		put_number(&builder, TW_GOODS_PACKAGES, item, 10 + item);
		put_number(&builder, TW_GOODS_GROSS, item, item == 1 ? (double)NAN : 50.5);
	}
	put_number(&builder, TW_GOODS_VOLUME, 2, 0.25);
	tw_derive(&builder);
	number_is(&builder, TW_CONSIGNMENT_PIECES, 33, true);
	number_is(&builder, TW_CONSIGNMENT_WEIGHT, 101, true);
	number_is(&builder, TW_CONSIGNMENT_VOLUME, 0.25, true);

	begin(&builder); /* nothing known is not zero */
	put_number(&builder, TW_GOODS_GROSS, 0, (double)NAN);
	tw_derive(&builder);
	text_is(&builder, TW_CONSIGNMENT_PIECES, NULL);
	text_is(&builder, TW_CONSIGNMENT_WEIGHT, NULL);
	text_is(&builder, TW_CONSIGNMENT_VOLUME, NULL);
	tw_builder_free(&builder);
}

/* A part is never added to its total, nor taken for it. */
static void test_parts(void **state)
{
	struct tw_builder builder = {0};
	(void)state;
	begin(&builder);
	put_number(&builder, TW_CONSIGNMENT_PIECES, 0, 20);
	put_number(&builder, TW_CONSIGNMENT_PART_PIECES, 0, 5);
	put_number(&builder, TW_CONSIGNMENT_PART_WEIGHT, 0, 50);
	tw_derive(&builder);
	number_is(&builder, TW_CONSIGNMENT_PIECES, 20, false);
	text_is(&builder, TW_CONSIGNMENT_WEIGHT, NULL);
	tw_builder_free(&builder);
}

/* Totals of the message's header never stand in for a consignment. */
static void test_header_totals(void **state)
{
	struct tw_builder builder = {0};
	(void)state;
	tw_builder_message(&builder, 1000);
	put_number(&builder, TW_CONSIGNMENT_WEIGHT, 0, 10000);
	put_number(&builder, TW_CONSIGNMENT_PIECES, 0, 500);
	tw_builder_consignment(&builder, 1100);
	put_number(&builder, TW_GOODS_GROSS, 0, 5);
	put_number(&builder, TW_GOODS_GROSS, 1, 7);
	tw_derive(&builder);
	number_is(&builder, TW_CONSIGNMENT_WEIGHT, 12, true);
	text_is(&builder, TW_CONSIGNMENT_PIECES, NULL);
	tw_builder_free(&builder);
}

static void code_is(const struct tw_builder *builder, enum tw_field field, int expected)
{
	struct tw_consignment view = tw_builder_view(builder);
	int value = tw_first(&view, field);
	assert_int_equal(tw_code(&view, field), expected);
	if (value >= 0)
		assert_slice(tw_text(&view, value),
			     tw_code_name(tw_field_info(field)->unit, (unsigned)expected));
}

static void test_level(void **state)
{
	struct tw_builder builder = {0};
	(void)state;
	begin(&builder);
	put_document(&builder, TW_DOCUMENT_MASTER, "M1");
	tw_derive(&builder);
	code_is(&builder, TW_CONSIGNMENT_LEVEL, TW_LEVEL_SIMPLE);

	begin(&builder);
	put_document(&builder, TW_DOCUMENT_MASTER, "M1");
	put_document(&builder, TW_DOCUMENT_HOUSE, "H1");
	tw_derive(&builder);
	code_is(&builder, TW_CONSIGNMENT_LEVEL, TW_LEVEL_HOUSE);

	begin(&builder);
	put_document(&builder, TW_DOCUMENT_MASTER, "M1");
	put_number(&builder, TW_CONSIGNMENT_CONSOLIDATED, 0, 1);
	tw_derive(&builder);
	code_is(&builder, TW_CONSIGNMENT_LEVEL, TW_LEVEL_MASTER);

	begin(&builder);
	int value = tw_builder_add(&builder, &(struct tw_new_value){
		.field = TW_CONSIGNMENT_LEVEL, .text = TW_LITERAL("sub-house"),
		.number = TW_LEVEL_SUB_HOUSE});
	put_document(&builder, TW_DOCUMENT_MASTER, "M1");
	tw_derive(&builder);
	code_is(&builder, TW_CONSIGNMENT_LEVEL, TW_LEVEL_SUB_HOUSE);
	struct tw_consignment view = tw_builder_view(&builder);
	assert_false(tw_derived(&view, value));
	tw_builder_free(&builder);
}

/* A house that names its parent instead of a master is a house too. */
static void test_level_of_parent(void **state)
{
	struct tw_builder builder = {0};
	(void)state;
	begin(&builder);
	put_text(&builder, TW_CONSIGNMENT_PARENT, 0, "M1");
	put_document(&builder, TW_DOCUMENT_HOUSE, "H1");
	tw_derive(&builder);
	code_is(&builder, TW_CONSIGNMENT_LEVEL, TW_LEVEL_HOUSE);
	tw_builder_free(&builder);
}

/* The action of a bill, else the function of its message, else nothing. */
static void test_action(void **state)
{
	struct tw_builder builder = {0};
	(void)state;
	tw_builder_message(&builder, 1000);
	put_number(&builder, TW_MESSAGE_FUNCTION, 0, TW_ACTION_REPLACE);
	tw_builder_consignment(&builder, 1100);
	tw_derive(&builder);
	code_is(&builder, TW_CONSIGNMENT_ACTION, TW_ACTION_REPLACE);

	tw_builder_consignment(&builder, 1200);
	tw_builder_add(&builder, &(struct tw_new_value){
		.field = TW_CONSIGNMENT_ACTION, .text = TW_LITERAL("cancel"),
		.number = TW_ACTION_CANCEL});
	tw_derive(&builder);
	code_is(&builder, TW_CONSIGNMENT_ACTION, TW_ACTION_CANCEL);

	begin(&builder);
	tw_derive(&builder);
	text_is(&builder, TW_CONSIGNMENT_ACTION, NULL);
	tw_builder_free(&builder);
}

static void test_carrier(void **state)
{
	struct tw_builder builder = {0};
	(void)state;
	begin(&builder);
	unsigned leg = tw_builder_item(&builder, TW_GROUP_leg);
	put_text(&builder, TW_LEG_CARRIER, leg, "HLCU");
	tw_derive(&builder);
	text_is(&builder, TW_CONSIGNMENT_CARRIER, "HLCU");

	begin(&builder);
	put_text(&builder, TW_LEG_CARRIER, 0, "HLCU");
	unsigned party = tw_builder_item(&builder, TW_GROUP_party);
	put_number(&builder, TW_PARTY_ROLE, party, TW_PARTY_CARRIER);
	put_text(&builder, TW_PARTY_ID, party, "MAEU");
	tw_derive(&builder);
	text_is(&builder, TW_CONSIGNMENT_CARRIER, "MAEU");

	begin(&builder);
	put_text(&builder, TW_CONSIGNMENT_CARRIER, 0, "ONEY");
	put_text(&builder, TW_LEG_CARRIER, 0, "HLCU");
	tw_derive(&builder);
	text_is(&builder, TW_CONSIGNMENT_CARRIER, "ONEY");
	tw_builder_free(&builder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_transhipment_is_no_end),
		cmocka_unit_test(test_route_of_legs),
		cmocka_unit_test(test_declared),
		cmocka_unit_test(test_place_names),
		cmocka_unit_test(test_own_before_header),
		cmocka_unit_test(test_sums),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_header_totals),
		cmocka_unit_test(test_level),
		cmocka_unit_test(test_level_of_parent),
		cmocka_unit_test(test_action),
		cmocka_unit_test(test_carrier),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
