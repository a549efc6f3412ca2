/* SPDX-License-Identifier: Apache-2.0 */
#include "model_testing.h"

#include <stdio.h>

#include "model/derive.h"

static void keys_are(const struct tw_builder *builder, const char *key, const char *alias)
{
	char own[TW_SHIPMENT_KEY_SIZE];
	char other[TW_SHIPMENT_KEY_SIZE];
	struct tw_consignment view = tw_builder_view(builder);
	assert_true(tw_shipment_key(&view, own, other));
	assert_string_equal(own, key);
	assert_string_equal(other, alias);
}

/* A consignment with one document, its issuer and a carrier; NULL: none. */
static void one_document(struct tw_builder *builder, int role, const char *number,
			 const char *issuer, const char *carrier)
{
	begin(builder);
	unsigned item = put_document(builder, role, number);
	if (issuer != NULL)
		put_text(builder, TW_DOCUMENT_ISSUER, item, issuer);
	if (carrier != NULL)
		put_text(builder, TW_CONSIGNMENT_CARRIER, 0, carrier);
}

static void test_awb(void **state)
{
	static const char *const writings[] = {"020-12345675", "02012345675", "020 12345675",
					       "020 1234 5675"};
	struct tw_builder builder = {0};
	(void)state;
	for (size_t i = 0; i < 4; i++) {
		one_document(&builder, TW_DOCUMENT_MASTER, writings[i], NULL, "LH");
		keys_are(&builder, "awb:020-12345675", "");
	}
	tw_builder_free(&builder);
}

/* One bill, whether its number carries the issuer's SCAC or not. */
static void test_bill(void **state)
{
	struct tw_builder builder = {0};
	(void)state;
	one_document(&builder, TW_DOCUMENT_MASTER, "123456789", "MAEU", NULL);
	keys_are(&builder, "bill:MAEU:123456789", "");
	one_document(&builder, TW_DOCUMENT_MASTER, "MAEU123456789", "MAEU", NULL);
	keys_are(&builder, "bill:MAEU:123456789", "");
	one_document(&builder, TW_DOCUMENT_MASTER, "MAEU123456789", NULL, NULL);
	keys_are(&builder, "bill:MAEU:123456789", "");
	one_document(&builder, TW_DOCUMENT_MASTER, "123456789", NULL, "MAEU");
	keys_are(&builder, "bill:MAEU:123456789", "");
	one_document(&builder, TW_DOCUMENT_BILL, "MAEU123456789", NULL, "MAEU");
	keys_are(&builder, "bill:MAEU:123456789", "");
	one_document(&builder, TW_DOCUMENT_MASTER, "123456789", "MAEU", "SGOV"); /* issuer first */
	keys_are(&builder, "bill:MAEU:123456789", "");
	one_document(&builder, TW_DOCUMENT_MASTER, " 123 456 789 ", "MAEU", NULL);
	keys_are(&builder, "bill:MAEU:123456789", "");
	tw_builder_free(&builder);
}

/* Identifiers are compared in upper case: small letters are no other bill. */
static void test_bill_case(void **state)
{
	struct tw_builder builder = {0};
	(void)state;
	one_document(&builder, TW_DOCUMENT_MASTER, "maeu123456789", "MAEU", NULL);
	keys_are(&builder, "bill:MAEU:123456789", "");
	one_document(&builder, TW_DOCUMENT_MASTER, "MAEU123456789", "maeu", NULL);
	keys_are(&builder, "bill:MAEU:123456789", "");
	one_document(&builder, TW_DOCUMENT_MASTER, "ab1", "maeu", NULL);
	keys_are(&builder, "bill:MAEU:AB1", "");
	tw_builder_free(&builder);
}

/* Two carriers may give out the same number: these are two bills. */
static void test_two_issuers(void **state)
{
	char first[TW_SHIPMENT_KEY_SIZE], second[TW_SHIPMENT_KEY_SIZE];
	char alias[TW_SHIPMENT_KEY_SIZE];
	struct tw_builder builder = {0};
	(void)state;
	one_document(&builder, TW_DOCUMENT_MASTER, "123456789", "MAEU", NULL);
	struct tw_consignment view = tw_builder_view(&builder);
	assert_true(tw_shipment_key(&view, first, alias));
	one_document(&builder, TW_DOCUMENT_MASTER, "123456789", "HLCU", NULL);
	view = tw_builder_view(&builder);
	assert_true(tw_shipment_key(&view, second, alias));
	assert_string_not_equal(first, second);
	struct tw_shipment a = tw_shipment_of(tw_slice_string(first));
	struct tw_shipment b = tw_shipment_of(tw_slice_string(second));
	assert_true(a.high != b.high || a.low != b.low);
	struct tw_shipment again = tw_shipment_of(tw_slice_string("bill:MAEU:123456789"));
	assert_true(a.high == again.high && a.low == again.low);
	tw_builder_free(&builder);
}

static void put_house(struct tw_builder *builder, const char *house, const char *issuer,
		      const char *master)
{
	one_document(builder, TW_DOCUMENT_HOUSE, house, issuer, NULL);
	if (master != NULL)
		put_document(builder, TW_DOCUMENT_MASTER, master);
}

static void key_starts(const struct tw_builder *builder, const char *with, const char *contains)
{
	char key[TW_SHIPMENT_KEY_SIZE], alias[TW_SHIPMENT_KEY_SIZE];
	struct tw_consignment view = tw_builder_view(builder);
	assert_true(tw_shipment_key(&view, key, alias));
	if (strncmp(key, with, strlen(with)) != 0 || strstr(key, contains) == NULL)
		fail_msg("%s does not begin with %s or lacks %s", key, with, contains);
}

/* A house by its issuer, else by its master, with the number. */
static void test_house(void **state)
{
	struct tw_builder builder = {0};
	(void)state;
	put_house(&builder, "H1", NULL, "020-12345675");
	keys_are(&builder, "house:020-12345675/H1", "");
	put_house(&builder, "H1", NULL, "02012345675");
	keys_are(&builder, "house:020-12345675/H1", "");
	put_house(&builder, "h 1", NULL, "020-12345675");
	keys_are(&builder, "house:020-12345675/H1", "");
	put_house(&builder, "H1", NULL, "MAEU123456789");
	key_starts(&builder, "house:MAEU", "123456789/H1");
	put_house(&builder, "H1", "NVOC", "020-12345675"); /* the master may change */
	key_starts(&builder, "house:NVOC", "H1");

	begin(&builder);
	put_document(&builder, TW_DOCUMENT_HOUSE, "H1");
	put_text(&builder, TW_CONSIGNMENT_PARENT, 0, "020-12345675");
	keys_are(&builder, "house:020-12345675/H1", "");
	tw_builder_free(&builder);
}

/* derive.h gives `house:MAEU123456789/H1`: the form that is documented is the form written. */
static void test_house_as_documented(void **state)
{
	struct tw_builder builder = {0};
	(void)state;
	put_house(&builder, "H1", NULL, "MAEU123456789");
	keys_are(&builder, "house:MAEU:123456789/H1", "");
	tw_builder_free(&builder);
}

static void test_booking(void **state)
{
	struct tw_builder builder = {0};
	(void)state;
	one_document(&builder, TW_DOCUMENT_BOOKING, "bkg 77", NULL, NULL);
	keys_are(&builder, "booking:BKG77", "");
	put_document(&builder, TW_DOCUMENT_MASTER, "MAEU123456789"); /* the bill wins */
	keys_are(&builder, "bill:MAEU:123456789", "booking:BKG77");
	one_document(&builder, TW_DOCUMENT_MASTER, "020-12345675", NULL, NULL);
	put_document(&builder, TW_DOCUMENT_BOOKING, "BKG77");
	keys_are(&builder, "awb:020-12345675", "booking:BKG77");
	put_house(&builder, "H1", NULL, "020-12345675");
	put_document(&builder, TW_DOCUMENT_BOOKING, "BKG77");
	keys_are(&builder, "house:020-12345675/H1", "booking:BKG77");
	tw_builder_free(&builder);
}

/* Nothing identifies it: sender and reference stand in, and two consignments differ. */
static void test_reference(void **state)
{
	char first[TW_SHIPMENT_KEY_SIZE], second[TW_SHIPMENT_KEY_SIZE];
	char alias[TW_SHIPMENT_KEY_SIZE];
	struct tw_builder builder = {0};
	(void)state;
	tw_builder_message(&builder, 1000);
	put_text(&builder, TW_INTERCHANGE_SENDER, 0, "Sender");
	put_text(&builder, TW_INTERCHANGE_REFERENCE, 0, "REF1");
	put_text(&builder, TW_MESSAGE_REFERENCE, 0, "7");
	tw_builder_consignment(&builder, 1100);
	put_document(&builder, TW_DOCUMENT_INVOICE, "INV1"); /* names no shipment */
	struct tw_consignment view = tw_builder_view(&builder);
	assert_false(tw_shipment_key(&view, first, alias));
	assert_int_equal(strncmp(first, "reference:SENDER:REF1", 21), 0);
	assert_string_equal(alias, "");
	tw_builder_consignment(&builder, 1200);
	view = tw_builder_view(&builder);
	assert_false(tw_shipment_key(&view, second, alias));
	assert_string_not_equal(first, second);
	tw_builder_free(&builder);
}

/* However long the identifiers are, the key ends within its size. */
static void test_long(void **state)
{
	char number[600];
	char key[TW_SHIPMENT_KEY_SIZE], alias[TW_SHIPMENT_KEY_SIZE];
	struct tw_builder builder = {0};
	(void)state;
	memset(number, 'X', sizeof(number) - 1);
	for (size_t length = 1; length < sizeof(number); length += 7) {
		char text[600];
		memcpy(text, number, length);
		text[length] = '\0';
		put_house(&builder, text, text, text);
		put_document(&builder, TW_DOCUMENT_BOOKING, text);
		put_text(&builder, TW_INTERCHANGE_SENDER, 0, text);
		struct tw_consignment view = tw_builder_view(&builder);
		assert_true(tw_shipment_key(&view, key, alias));
		assert_true(strlen(key) < TW_SHIPMENT_KEY_SIZE);
		assert_true(strlen(alias) < TW_SHIPMENT_KEY_SIZE);
		begin(&builder);
		put_text(&builder, TW_INTERCHANGE_SENDER, 0, text);
		view = tw_builder_view(&builder);
		assert_false(tw_shipment_key(&view, key, alias));
		assert_true(strlen(key) < TW_SHIPMENT_KEY_SIZE);
	}
	tw_builder_free(&builder);
}

/* A letter's case and blanks say nothing, wherever in a number they stand; other bytes do. */
static void test_writings(void **state)
{
	static const struct { char written; const char *kept; } bytes[] = {
		{'a', "A"}, {'z', "Z"}, {' ', ""}, {'\t', ""}, {'@', "@"}, {'Z', "Z"}, {'[', "["},
		{'`', "`"}, {'{', "{"}, {'!', "!"}, {'9', "9"}, {(char)0x7f, "\x7f"},
		{(char)0xc4, "\xc4"},
	};
	struct tw_builder builder = {0};
	(void)state;
	for (size_t i = 0; i < sizeof(bytes) / sizeof(bytes[0]); i++)
		for (size_t at = 0; at <= 20; at++) {
			char number[32] = "1234567890123456789012";
			char key[64];
			snprintf(key, sizeof(key), "bill:MAEU:%.*s%s%s", (int)at + 1, number,
				 bytes[i].kept, number + at + 2);
			number[at + 1] = bytes[i].written;
			one_document(&builder, TW_DOCUMENT_MASTER, number, "MAEU", NULL);
			keys_are(&builder, key, "");
		}
	tw_builder_free(&builder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_awb),	   cmocka_unit_test(test_bill),
		cmocka_unit_test(test_bill_case),  cmocka_unit_test(test_two_issuers),
		cmocka_unit_test(test_house),	   cmocka_unit_test(test_house_as_documented),
		cmocka_unit_test(test_booking),	   cmocka_unit_test(test_reference),
		cmocka_unit_test(test_long),	   cmocka_unit_test(test_writings),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
