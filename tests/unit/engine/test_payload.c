/* SPDX-License-Identifier: Apache-2.0 */
/* What two bodies hold is the same, or not, however it is wrapped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/payload.h"

#define MIXED "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
#define SIGNED "Content-Type: multipart/signed; boundary=s\r\n\r\n"
#define BASE64 "Content-Transfer-Encoding: base64\r\n\r\n"
#define BYTES(literal) {literal, sizeof(literal) - 1}
struct held {
	const char *fields;
	struct tw_slice body;
};

static const struct held plain = {"", BYTES("UNB+")};
static const struct held two = {MIXED, BYTES("--b\r\n\r\nUNB+\r\n--b\r\n\r\nxy\r\n--b--\r\n")};

static const struct payload_case {
	const struct held *one;
	struct held other;
	int same; /* or negative: it has no digest */
} cases[] = {
	{&plain, {"", BYTES("UNB+")}, 1},
	{&plain, {"", BYTES("UNB-")}, 0},
	{&plain, {BASE64, BYTES("VU5CKw==")}, 1},
	{&plain, {SIGNED, BYTES("--s\r\n\r\nUNB+\r\n--s\r\nContent-Type: application/pkcs7-signature\r\n\r\nA\r\n--s--\r\n")}, 1},
	{&plain, {SIGNED, BYTES("--s\r\n\r\nUNB+\r\n--s\r\nContent-Type: application/pkcs7-signature\r\n\r\nB\r\n--s--\r\n")}, 1},
	{&plain, {MIXED, BYTES("--b\r\n\r\nUNB+\r\n--b\r\n\r\nxy\r\n--b--\r\n")}, 0},
	{&plain, {MIXED, BYTES("--b\r\n\r\nUNB+\r\n")}, -1},
	{&two, {MIXED, BYTES("--b\r\n" BASE64 "VU5CKw==\r\n--b\r\n\r\nxy\r\n--b--\r\n")}, 1},
	{&two, {MIXED, BYTES("--b\r\n\r\nUNB+x\r\n--b\r\n\r\ny\r\n--b--\r\n")}, 0},
	{&two, {MIXED, BYTES("--b\r\n\r\nUNB+\r\n--b\r\n\r\n\r\n--b\r\n\r\nxy\r\n--b--\r\n")}, 0},
	{&plain, {"Content-Type: multipart/encrypted; boundary=b\r\n\r\n", BYTES("--b\r\n\r\nUNB+\r\n--b--\r\n")}, -1},
};

static int digest(const struct held *held, bool rest_only, struct tw_sha256 *ret_digest)
{
	const struct tw_unwrap_settings settings = {.layers = 8};
	struct tw_payload payload;
	assert_int_equal(tw_payload_begin(&payload), TW_OK);
	assert_int_equal(tw_payload_unwrap(&payload, &settings, tw_slice_string(held->fields), held->body), TW_OK);
	int status = tw_payload_end(&payload, rest_only, ret_digest);
	tw_payload_free(&payload);
	return status;
}

static void test_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tw_sha256 one, other;
		int status = digest(&cases[i].other, false, &other);
		assert_int_equal(digest(cases[i].one, false, &one), TW_OK);
		assert_int_equal(status, cases[i].same < 0 ? TW_ERROR_UNSUPPORTED : TW_OK);
		if (status == TW_OK)
			assert_int_equal(memcmp(&one, &other, sizeof(one)) == 0, cases[i].same);
	}
}

/* The first part may be an envelope that differs each time. */
static void test_rest(void **state)
{
	const struct held other = {MIXED, BYTES("--b\r\n\r\nISA*\r\n--b\r\n\r\nxy\r\n--b--\r\n")};
	struct tw_sha256 one, another;
	(void)state;
	assert_int_equal(digest(&two, true, &one), TW_OK);
	assert_int_equal(digest(&other, true, &another), TW_OK);
	assert_memory_equal(&one, &another, sizeof(one));
	assert_int_equal(digest(&two, false, &another), TW_OK);
	assert_memory_not_equal(&one, &another, sizeof(one));
	assert_int_equal(digest(&plain, true, &one), TW_ERROR_UNSUPPORTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_same), cmocka_unit_test(test_rest)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
