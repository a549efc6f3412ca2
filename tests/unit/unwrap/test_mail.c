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

/* The second of three parts, which has bytes missing; the others are the same. */
static const struct gap_case {
	const char *part;
	unsigned members;
	const char *last; /* layers of the third part */
} gap_cases[] = {
	{"Content-Type: application/edifact\r\n\r\nUNB+ two\r\n--b-\r\n", 3, "mime:3"},
	{"Content-Transfer-Encoding: base64\r\n\r\nVU5CKyB0d28gdHdvIHR3bw==", 3, "mime:3"},
	{"Content-Transfer-Encoding: quoted-printable\r\n\r\nUNB=2B=\r\n two=3D", 3, "mime:3"},
	{"Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\nUNB+ two\r\n--i--", 3, "mime:3"},
	{"Content-Type: message/rfc822\r\n\r\nSubject: s\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n"
	 "--i\r\n\r\nUNB+ two\r\n--i\r\n\r\nUNB+ more\r\n--i--", 4, "mime:3"},
	{"Content-Type: multipart/signed; boundary=s\r\n\r\n--s\r\n\r\nUNB+ two\r\n--s\r\nContent-Type: "
	 "application/pkcs7-signature\r\n\r\nAAAA\r\n--s--", 3, "mime:3"},
};

static bool is_member(const struct unwrap_member *member, const char *layers, const char *bytes)
{
	return strcmp(member->layers, layers) == 0 && member->whole && member->gaps == 0 &&
	       tw_slice_is(tw_buffer_slice(&member->bytes), bytes);
}

/* The bytes from `begin` on are in the second part, of which so many are missing at each place. */
static void check_gaps(const struct gap_case *one, struct tw_slice mail, size_t begin, size_t end)
{
	for (size_t at = begin; at < end; at++)
		for (size_t length = 1; at + length <= end; length += 1 + length / 3) {
			struct unwrap_run run = {.input = mail, .gap_at = at, .gap_length = length, .mime = true};
			struct unwrap_record record = {0}, pieces = {0};
			unwrap_record_run(&run, &record);
			run.chunk = 1 + at % 9;
			unwrap_record_run(&run, &pieces);
			unwrap_compare(&record, &pieces);
			assert_int_equal(record.gaps, 1);
			assert_in_range(record.count, 2, one->members);
			assert_true(is_member(&record.members[0], "mime:1", "UNB+ one"));
			assert_true(is_member(&record.members[record.count - 1], one->last, "UNB+ three"));
			unwrap_record_free(&record);
			unwrap_record_free(&pieces);
		}
}

/* Wherever bytes of one part are missing, the others are read; RFC 2046, 5.1.1. */
static void test_gaps(void **state)
{
	(void)state;
	for (unsigned i = 0; i < sizeof(gap_cases) / sizeof(gap_cases[0]); i++) {
		struct tw_buffer mail = {0};
		tw_buffer_printf(&mail, "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nUNB+ one\r\n--b\r\n");
		size_t begin = mail.length;
		tw_buffer_printf(&mail, "%s", gap_cases[i].part);
		size_t end = mail.length;
		tw_buffer_printf(&mail, "\r\n--b\r\n\r\nUNB+ three\r\n--b--\r\n");
		check_gaps(&gap_cases[i], tw_buffer_slice(&mail), begin, end);
		tw_buffer_free(&mail);
	}
}

/* What is written as it is goes on behind missing bytes, and may be another part; what is not does not. */
static void test_gap_goes_on(void **state)
{
	static const struct {
		const char *mail, *missing, *bytes;
		bool base64;
	} cases[] = {
		{"Content-Type: text/plain\r\n\r\nUNB+ one UNB+ two", " one ", "UNB+UNB+ two", false},
		{"Content-Transfer-Encoding: quoted-printable\r\n\r\nUNB=2B one=2B two", "2B one=", "UNB2B two", false},
		{"Content-Transfer-Encoding: base64\r\n\r\nVU5CKyBvbmUgdHdv", "BvbmUgd", "UNB+", true},
		{"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nUNB+ one\r\n--b\r\n\r\nUNB+ two\r\n--b--",
		 " one\r\n--b\r\n\r\n", "UNB+UNB+ two", false},
	};
	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct unwrap_record record = {0};
		unwrap_record_run(&(struct unwrap_run){.input = tw_slice_string(cases[i].mail), .mime = true,
						       .gap_at = (size_t)(strstr(cases[i].mail, cases[i].missing) - cases[i].mail),
						       .gap_length = strlen(cases[i].missing)}, &record);
		assert_int_equal(record.count, 1);
		assert_int_equal(record.members[0].gaps, 1);
		assert_false(record.members[0].whole);
		struct tw_slice bytes = tw_buffer_slice(&record.members[0].bytes);
		assert_true(cases[i].base64 ? tw_slice_starts(tw_slice_string(cases[i].bytes), bytes)
					    : tw_slice_is(bytes, cases[i].bytes));
		unwrap_record_free(&record);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples), cmocka_unit_test(test_truncation), cmocka_unit_test(test_probe),
		cmocka_unit_test(test_known),	cmocka_unit_test(test_depth),	cmocka_unit_test(test_over),
		cmocka_unit_test(test_gaps),	cmocka_unit_test(test_gap_goes_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
