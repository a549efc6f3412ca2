/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mails against samples of Python's email package, and ones written by hand
 * (make_mails.py), and cryptographic messages against those of OpenSSL (make_cms.py):
 * what went in must come out, however the bytes are cut, and cut short at every byte. Then what is no mail, and a stream that is said to be one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "unwrap_samples.h"

static void test_samples(void **state)
{
	(void)state;
	samples_each("mails", samples_whole);
	samples_each("cms", samples_whole);
}

static void test_truncation(void **state)
{
	(void)state;
	samples_each("mails", samples_every_cut);
	samples_each("cms", samples_every_cut);
}

static void test_probe(void **state)
{
	static const char *const mails[] = {
		"From: a\nTo: b\n\nx", "received: x\n y\nDate: z\n\n", "Content-Type: text/plain\n",
		"X-Mailer: x\nSubject: a\nMIME-Version: 1.0\n", "Subject : a\r\nFrom : b\r\n\r\n",
	};
	static const char *const others[] = {
		"UNA:+.? 'UNB+UNOA:1+A+B'", "From: a\n\nx", "Dear all:\nFrom: x\nTo: y\n", "X-", "From: a\nwhatever\nTo: b\n",
		"From me at 10:00\nTo: b\nDate: c\n", "FWB/16\nFrom: a\nTo: b\n", "Fr", "{\"From\": 1,\n\"To\": 2}",
	};
	(void)state;
	for (unsigned i = 0; i < sizeof(mails) / sizeof(mails[0]); i++) {
		assert_int_equal(tw_unwrap_probe(tw_slice_string(mails[i]), true), 1);
		for (size_t length = 1; length < strlen(mails[i]); length++)
			assert_int_not_equal(tw_unwrap_probe(tw_slice(mails[i], length), false), 0);
	}
	for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(tw_unwrap_probe(tw_slice_string(others[i]), true), 0);
	/* Known at once: who reads a pipe must not wait for more. */
	assert_int_equal(tw_unwrap_probe(TW_LITERAL("UNA:+.? 'UNB+\n"), false), 0);
	assert_int_equal(tw_unwrap_probe(TW_LITERAL("ISA*00*\n"), false), 0);
	assert_int_equal(tw_unwrap_probe(TW_LITERAL("FHL/4\n"), false), 0);
	assert_int_equal(tw_unwrap_probe(TW_LITERAL("From"), false), -1);
}

/* A body behind its header fields, as HTTP has it: they are believed, whatever comes first. */
static void test_known(void **state)
{
	static const char *const heads[] = {
		"AS2-From: x\r\nContent-Type: application/edifact\r\nContent-Transfer-Encoding: base64\r\n\r\nVU5CKw==",
		"host: x\r\nAuthorization: Basic secret\r\ncontent-transfer-encoding: base64\r\n\r\nVU5CKw==",
		"x: y\r\n\r\nUNB+", "\r\nUNB+",
	};
	(void)state;
	for (unsigned i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		for (size_t chunk = 0; chunk < 4; chunk++) {
			struct unwrap_record record = {0};
			unwrap_record_run(&(struct unwrap_run){.input = tw_slice_string(heads[i]), .chunk = chunk,
							       .mime = true}, &record);
			assert_int_equal(record.count, 1);
			assert_string_equal(record.members[0].layers, "mime:1");
			assert_true(tw_slice_is(tw_buffer_slice(&record.members[0].bytes), "UNB+"));
			assert_string_equal(record.problems.data, "");
			unwrap_record_free(&record);
		}
}

/* Multiparts in each other, deeper than may be: what is too deep is told, and what comes behind it is read. */
static void test_depth(void **state)
{
	struct tw_buffer mail = {0};
	(void)state;
	for (unsigned i = 0; i < 40; i++)
		tw_buffer_printf(&mail, "Content-Type: multipart/mixed; boundary=\"b%u\"\r\n\r\n--b%u\r\n", i, i);
	tw_buffer_printf(&mail, "\r\nUNB+");
	for (unsigned i = 40; i-- > 0;)
		tw_buffer_printf(&mail, "\r\n--b%u--\r\n", i);
	struct unwrap_record record = {0};
	unwrap_record_run(&(struct unwrap_run){.input = tw_buffer_slice(&mail), .layers = 3}, &record);
	assert_int_equal(record.count, 1);
	assert_string_equal(record.members[0].layers, "mime:1.1.1");
	assert_true(record.members[0].opaque);
	assert_string_equal(record.problems.data, "unwrap.layers ");
	assert_true(record.skipped > 500);
	unwrap_record_free(&record);
	tw_buffer_free(&mail);
}

/* A limit that is met in the last block is met all the same. */
static void test_over(void **state)
{
	struct tw_buffer bytes = samples_read("cms", "compressed.p7z");
	struct unwrap_record record = {0};
	(void)state;
	unwrap_record_run(&(struct unwrap_run){.input = tw_buffer_slice(&bytes), .bytes = 100}, &record);
	assert_int_equal(record.count, 1);
	assert_int_equal(record.members[0].length, 100);
	assert_false(record.members[0].whole);
	assert_int_equal(strncmp(record.problems.data, "unwrap.expansion ", 17), 0);
	unwrap_record_free(&record);
	tw_buffer_free(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples), cmocka_unit_test(test_truncation), cmocka_unit_test(test_probe),
		cmocka_unit_test(test_known),	cmocka_unit_test(test_depth),	cmocka_unit_test(test_over),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
