/* SPDX-License-Identifier: Apache-2.0 */
#include "text/keys.h"
#include "text_testing.h"

/* A party as its values: any may be NULL. */
struct party {
	const char *name, *address, *city, *postcode, *phone;
};

static int add_party(struct tw_builder *builder, const struct party *party)
{
	unsigned item = tw_builder_item(builder, TW_GROUP_party);
	if (party->name != NULL)
		add_text(builder, TW_PARTY_NAME, item, party->name);
	if (party->address != NULL)
		add_text(builder, TW_PARTY_ADDRESS, item, party->address);
	if (party->city != NULL)
		add_text(builder, TW_PARTY_CITY, item, party->city);
	if (party->postcode != NULL)
		add_text(builder, TW_PARTY_POSTCODE, item, party->postcode);
	if (party->phone != NULL)
		add_text(builder, TW_PARTY_PHONE, item, party->phone);
	return (int)item;
}

typedef int key_function(const struct tw_consignment *, int, struct tw_key *);

/* Parties with one key have one trace. */
static void check_trace(const struct tw_consignment *consignment, int one, int two)
{
	struct tw_key keys[2];
	if (tw_party_key(consignment, one, &keys[0]) && tw_party_key(consignment, two, &keys[1]) &&
	    memcmp(&keys[0], &keys[1], sizeof(keys[0])) == 0) {
		assert_int_equal(tw_party_trace(consignment, one),
				 tw_party_trace(consignment, two));
		assert_int_equal(tw_postcode_trace(consignment, one),
				 tw_postcode_trace(consignment, two));
	}
}

/* Whether two parties have one key: 1, 0, or -1 where one of them has none. */
static int same(key_function *key_of, struct party a, struct party b)
{
	struct tw_builder builder = {0};
	struct tw_key keys[2];
	start_consignment(&builder);
	int one = add_party(&builder, &a);
	int two = add_party(&builder, &b);
	struct tw_consignment consignment = tw_builder_view(&builder);
	int has = key_of(&consignment, one, &keys[0]) && key_of(&consignment, two, &keys[1]);
	bool equal = has && memcmp(&keys[0], &keys[1], sizeof(keys[0])) == 0;
	check_trace(&consignment, one, two);
	for (int party = one; party <= two; party++)
		assert_int_equal(tw_party_known(&consignment, party),
				 tw_party_key(&consignment, party, &keys[0]));
	assert_false(tw_party_known(&consignment, -1));
	tw_builder_free(&builder);
	return has ? equal : -1;
}

#define PARTY(...) ((struct party){__VA_ARGS__})

static void assert_one_party(const char *a, const char *b)
{
	assert_int_equal(same(tw_party_key, PARTY(.name = a, .postcode = "92154"),
			      PARTY(.name = b, .postcode = "92154")), 1);
}

static void test_variants_of_a_name(void **state)
{
	(void)state;
	assert_one_party("Acme Trading Co., Ltd.", "ACME TRADING COMPANY LIMITED");
	assert_one_party("Acme Trading", "ACME-TRADING INC");
	assert_one_party("Acme GmbH", "ACME, LLC");
	assert_one_party("Comercial Lopez S.A. de C.V.", "COMERCIAL L\xc3\xb3PEZ SA DE CV");
	assert_one_party("Smith & Sons", "SMITH AND SONS");
	assert_one_party("The Tech Nova Co", "TECHNOVA");
	assert_one_party("Rossi S.r.l.", "ROSSI SRL");
}

static void test_different_parties(void **state)
{
	(void)state;
	struct party acme = PARTY(.name = "ACME", "1 MAIN ST", "SAN DIEGO", "92154", NULL);
	assert_int_equal(same(tw_party_key, acme, PARTY(.name = "ACMA", .postcode = "92154")), 0);
	assert_int_equal(same(tw_party_key, acme, PARTY(.name = "ACME", .postcode = "92155")), 0);
	assert_int_equal(same(tw_party_key, PARTY(.name = "ACME", .city = "LAREDO"),
			      PARTY(.name = "ACME", .city = "EL PASO")), 0);
	/* Where forms are all there is, they tell. */
	assert_int_equal(same(tw_party_key, PARTY(.name = "CO LTD"), PARTY(.name = "PTE LTD")), 0);
}

static void test_whereabouts(void **state)
{
	(void)state;
	struct party with_zip = PARTY(.name = "ACME", "1 MAIN ST", "SAN DIEGO", "92154-1234", NULL);
	assert_int_equal(same(tw_party_key, with_zip, PARTY(.name = "ACME", .postcode = "92154")), 1);
	assert_int_equal(same(tw_party_key, PARTY(.name = "ACME", .address = "12 Main Street"),
			      PARTY(.name = "ACME", .address = "12, MAIN ST.")), 1);
	assert_int_equal(same(tw_party_key, PARTY(.name = "ACME", .phone = "+1 (619) 555-0100"),
			      PARTY(.name = "ACME", .phone = "619.555.0100")), 1);
	assert_int_equal(same(tw_party_key, PARTY(.name = "ACME", .postcode = "00000", .city = "X Y"),
			      PARTY(.name = "ACME", .city = "X-Y")), 1);
}

static void test_nobody_has_no_key(void **state)
{
	(void)state;
	static const char *const NOBODY[] = {
		"TO ORDER", "TO ORDER OF BANK OF CHINA", "To the order of shipper", "UNKNOWN", "N/A",
		"NA", "n.a.", "NONE", "SAME AS CONSIGNEE", "Same as above", "---", "", "XXX", "X",
		"TO BE ADVISED", "000", "ORDER",
	};
	struct party known = PARTY(.name = "ACME", .postcode = "92154");
	for (size_t i = 0; i < sizeof(NOBODY) / sizeof(NOBODY[0]); i++)
		assert_int_equal(same(tw_party_key, PARTY(.name = NOBODY[i], .postcode = "92154"), known),
				 -1);
	assert_int_equal(same(tw_party_key, PARTY(.name = NULL, .address = "1 MAIN ST"), known), -1);
	assert_int_equal(same(tw_party_key, PARTY(.name = "TO ORDERLY LTD", .postcode = "1234"), known), 0);
	assert_int_equal(same(tw_party_key, PARTY(.name = "NA TRADING", .postcode = "1234"), known), 0);
}

static void test_addresses(void **state)
{
	(void)state;
	struct party one = PARTY(.name = "A", "8400 Siempre Viva Road, Suite 5", "SAN DIEGO", "92154", NULL);
	struct party two = PARTY(.name = "B", "8400 SIEMPRE VIVA RD STE 5", "S. DIEGO", "92154-6789", NULL);
	struct party other = PARTY(.name = "A", "8402 Siempre Viva Road, Suite 5", "SAN DIEGO", "92154", NULL);
	assert_int_equal(same(tw_address_key, one, two), 1);
	assert_int_equal(same(tw_address_key, one, other), 0);
	assert_int_equal(same(tw_address_key, one, PARTY(.name = "A", .postcode = "92154")), -1);
	assert_int_equal(same(tw_address_key, one,
			      PARTY(.name = "A", .address = "N/A", .postcode = "92154")), -1);
	assert_int_equal(same(tw_address_key, one, PARTY(.name = "A", .address = "MAIN STREET")), -1);
	assert_int_equal(same(tw_address_key, PARTY(.name = "A", .address = "5 MAIN STREET"),
			      PARTY(.name = "A", .address = "5 main st")), 1);
}

static void test_pairs_and_bytes(void **state)
{
	(void)state;
	struct tw_builder builder = {0};
	struct tw_key ab, ba, again, party, bytes;
	start_consignment(&builder);
	int a = add_party(&builder, &PARTY(.name = "ACME", .postcode = "92154"));
	int b = add_party(&builder, &PARTY(.name = "NOVA", .postcode = "78040"));
	int none = add_party(&builder, &PARTY(.name = "TO ORDER"));
	struct tw_consignment consignment = tw_builder_view(&builder);
	assert_int_equal(tw_pair_key(&consignment, a, b, &ab), 1);
	assert_int_equal(tw_pair_key(&consignment, b, a, &ba), 1);
	assert_int_equal(tw_pair_key(&consignment, a, b, &again), 1);
	assert_memory_equal(&ab, &again, sizeof(ab));
	assert_memory_not_equal(&ab, &ba, sizeof(ab));
	assert_int_equal(tw_pair_key(&consignment, a, none, &ab), 0);
	assert_int_equal(tw_pair_key(&consignment, -1, b, &ab), 0);
	assert_int_equal(tw_party_key(&consignment, -1, &party), 0);
	assert_int_equal(tw_address_key(&consignment, -1, &party), 0);
	assert_memory_equal(&ab, &again, sizeof(ab)); /* written on success only */
	bytes = tw_key_of(TW_LITERAL("MAEU123"));
	again = tw_key_of(TW_LITERAL("MAEU123"));
	assert_memory_equal(&bytes, &again, sizeof(bytes));
	again = tw_key_of(TW_LITERAL("MAEU124"));
	assert_memory_not_equal(&bytes, &again, sizeof(bytes));
	tw_builder_free(&builder);
}

/* The trace tells most parties apart, and never parts what the key joins. */
static void test_traces(void **state)
{
	(void)state;
	struct tw_builder builder = {0};
	static const char *const POSTCODES[] = {"92154", "92154-1234", "92 154",
						"\xef\xbc\x99\xef\xbc\x92\xef\xbc\x91\xef\xbc\x95\xef\xbc\x94"};
	start_consignment(&builder);
	int other = add_party(&builder, &PARTY(.name = "ACME", .postcode = "78040"));
	int first = add_party(&builder, &PARTY(.name = "ACME", .postcode = POSTCODES[0]));
	struct tw_consignment consignment = tw_builder_view(&builder);
	uint32_t trace = tw_party_trace(&consignment, first);
	int name = add_party(&builder, &PARTY(.name = "ACTA", .postcode = POSTCODES[0]));
	consignment = tw_builder_view(&builder);
	assert_int_not_equal(trace, tw_party_trace(&consignment, other));
	assert_int_not_equal(trace, tw_party_trace(&consignment, name));
	assert_int_not_equal(tw_postcode_trace(&consignment, first),
			     tw_postcode_trace(&consignment, other));
	for (size_t i = 1; i < sizeof(POSTCODES) / sizeof(POSTCODES[0]); i++) {
		int same_place = add_party(&builder, &PARTY(.name = "ACME", .postcode = POSTCODES[i]));
		consignment = tw_builder_view(&builder);
		assert_int_equal(tw_party_trace(&consignment, same_place), trace);
	}
	tw_builder_free(&builder);
}

/* However a name is written, the letters that count are the same. */
static void test_trace_of_names(void **state)
{
	(void)state;
	static const char *const NAMES[][2] = {
		{"SUNRISE TRADING CO", "Sun Rise Trading Company"},
		{"THE ACME WORKS LTD", "Acme Works"},
		{"COMPANY ACME INC", "ACME"},
		{"COMPANY LIMITED", "Company, Limited."}, /* forms are all there is */
		{"A.C.M.E. S.A. de C.V.", "ACME"},
		{"ACME-WORKS", "AcmeWorks, S.L."},
		{"\xc3\x89TOILE SARL", "Etoile"},
		{"ETOILE\xcc\x81 SARL", "Etoile"},
		{"EXTRAORDINARILYLONGWORDS PLC", "Extraordinarily Long Words"},
	};
	for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
		assert_one_party(NAMES[i][0], NAMES[i][1]);
}

/* The same party as shipper here and consignee there: the role is no part of the key. */
static void test_roles_do_not_count(void **state)
{
	(void)state;
	struct tw_builder builder = {0};
	struct tw_key keys[2];
	for (int i = 0; i < 2; i++) {
		start_consignment(&builder);
		int item = add_party(&builder, &PARTY(.name = "ACME", .postcode = "92154"));
		struct tw_new_value role = {.field = TW_PARTY_ROLE, .item = (unsigned)item,
					    .number = i + 1};
		tw_builder_add(&builder, &role);
		struct tw_consignment consignment = tw_builder_view(&builder);
		assert_int_equal(tw_party_key(&consignment, item, &keys[i]), 1);
	}
	assert_memory_equal(&keys[0], &keys[1], sizeof(keys[0]));
	tw_builder_free(&builder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_variants_of_a_name),
		cmocka_unit_test(test_different_parties),
		cmocka_unit_test(test_whereabouts),
		cmocka_unit_test(test_nobody_has_no_key),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_pairs_and_bytes),
		cmocka_unit_test(test_traces),
		cmocka_unit_test(test_trace_of_names),
		cmocka_unit_test(test_roles_do_not_count),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
