/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tidewaiter/consignment.h"

/* An identifier check of the public interface. */
typedef int check(struct tw_slice text);

static void all(check *function, int expected, const char *const *texts)
{
	for (; *texts != NULL; texts++)
		if (function(tw_slice_string(*texts)) != expected)
			fail_msg("\"%s\" gives %d, not %d", *texts,
				 function(tw_slice_string(*texts)), expected);
}

/* The serial's remainder by 7: 1234567 = 7 * 176366 + 5; 1111111 = 7 * 158730 + 1. */
static void test_awb(void **state)
{
	static const char *const good[] = {"020-12345675", "02012345675", "020 1234 5675",
					   " 020-12345675 ", "888-11111111", "000-00000000", NULL};
	static const char *const bad[] = {"020-12345670", "020-12345674", "020-12345676",
					  "020-12345677", "888-11111110", NULL};
	static const char *const none[] = {"", "020-1234567", "020-123456755", "O20-12345675",
					   "020/12345675", "AWB", NULL};
	(void)state;
	all(tw_check_awb, 1, good);
	all(tw_check_awb, 0, bad);
	all(tw_check_awb, -1, none);
}

/*
 * ISO 6346. CSQU3054383 is the worked example of the standard; TEXU100001 and
 * TEXU100016 have the sum 10 by 11, which is written as 0.
 */
static void test_container(void **state)
{
	static const char *const good[] = {"CSQU3054383", "CSQU 305438 3", "CSQU305438-3",
					   "MSKU1234565", "TEXU1000010", "TEXU1000160", NULL};
	static const char *const bad[] = {"CSQU3054384", "CSQU3054380", "CSQU3054373",
					  "CQSU3054383", "TEXU1000011", NULL};
	static const char *const none[] = {"", "CSQU", "CSQU305438", "CSQU30543833", "CSQ13054383",
					   "csqu3054383", "CSQU305438X", "3054383CSQU",
					   "CSQU305_4383", NULL};
	(void)state;
	all(tw_check_container, 1, good);
	all(tw_check_container, 0, bad);
	all(tw_check_container, -1, none);
}

/* 9*7 + 0*6 + 7*5 + 4*4 + 7*3 + 2*2 = 139: the check digit is 9. */
static void test_imo(void **state)
{
	static const char *const good[] = {"9074729", "IMO9074729", "IMO 9074729", " 9074729 ", NULL};
	static const char *const bad[] = {"9074728", "9074792", "IMO9704729", NULL};
	static const char *const none[] = {"", "IMO", "907472", "90747290", "907472X",
					   "MMSI9074729", NULL};
	(void)state;
	all(tw_check_imo, 1, good);
	all(tw_check_imo, 0, bad);
	all(tw_check_imo, -1, none);
}

/* UNECE Recommendation 16: 0 and 1 are not used in the place part. */
static void test_locode(void **state)
{
	static const char *const good[] = {"CNSHA", "USLAX", "NLRTM", "US2GT", "USA99", NULL};
	static const char *const bad[] = {"CN0HA", "CNSH1", "CNSHa", "CNSH-", NULL};
	static const char *const none[] = {"", "CN", "CNSH", "CNSHAX", "1NSHA", "cnSHA", "CN SHA",
					   NULL};
	(void)state;
	all(tw_check_locode, 1, good);
	all(tw_check_locode, 0, bad);
	all(tw_check_locode, -1, none);
}

/* Chapters 01 to 97; 77 is kept free for later use. */
static void test_hs(void **state)
{
	static const char *const good[] = {"8479", "847989", "8479.89", "8479 89 97", "0101.21",
					   "9706", "847989970000", NULL};
	static const char *const bad[] = {"0001", "9801", "9999.99", "7701", NULL};
	static const char *const none[] = {"", "84", "847", "8479890000000", "8479.8X", "HS8479",
					   "8479-89", NULL};
	(void)state;
	all(tw_check_hs, 1, good);
	all(tw_check_hs, 0, bad);
	all(tw_check_hs, -1, none);
}

/*
 * 108-24-7 (acetic anhydride): 4*1 + 2*2 + 8*3 + 0*4 + 1*5 = 37. 7732-18-5
 * (water): 8 + 2 + 6 + 12 + 35 + 42 = 105.
 */
static void test_cas(void **state)
{
	static const char *const good[] = {"108-24-7", "7732-18-5", "50-00-0", "64-17-5",
					   " 108-24-7 ", NULL};
	static const char *const bad[] = {"108-24-8", "108-42-7", "7732-18-4", "180-24-7", NULL};
	static const char *const none[] = {"", "108247", "1-24-7", "12345678-24-7", "108-2-47",
					   "108-24-X", "10A-24-7", "108--24-7", "108 24 7", NULL};
	(void)state;
	all(tw_check_cas, 1, good);
	all(tw_check_cas, 0, bad);
	all(tw_check_cas, -1, none);
}

/* A zero byte is neither blank nor mark. */
static void test_zero_byte(void **state)
{
	(void)state;
	assert_int_equal(tw_check_awb(tw_slice("020\00012345675", 12)), -1);
	assert_int_equal(tw_check_imo(tw_slice("9074\000729", 8)), -1);
	assert_int_equal(tw_check_hs(tw_slice("84\00079", 5)), -1);
	assert_int_equal(tw_check_container(tw_slice("CSQU\0003054383", 12)), -1);
	assert_int_equal(tw_check_cas(tw_slice("1\00008-24-7", 9)), -1);
	assert_int_equal(tw_check_awb(tw_slice(NULL, 0)), -1);
	assert_int_equal(tw_check_cas(tw_slice(NULL, 0)), -1);
}

/* Exactly one check digit fits each number. */
static void test_one_digit_fits(void **state)
{
	static const struct { check *function; const char *stem; } rows[] = {
		{tw_check_awb, "176-0000123"}, {tw_check_container, "HLXU200481"},
		{tw_check_imo, "931234"}, {tw_check_cas, "67-64-"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int fitting = 0;
		for (char digit = '0'; digit <= '9'; digit++) {
			char text[16];
			size_t length = strlen(rows[i].stem);
			memcpy(text, rows[i].stem, length);
			text[length] = digit;
			fitting += rows[i].function(tw_slice(text, length + 1)) == 1;
		}
		assert_int_equal(fitting, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_awb),    cmocka_unit_test(test_container),
		cmocka_unit_test(test_imo),    cmocka_unit_test(test_locode),
		cmocka_unit_test(test_hs),     cmocka_unit_test(test_cas),
		cmocka_unit_test(test_zero_byte), cmocka_unit_test(test_one_digit_fits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
