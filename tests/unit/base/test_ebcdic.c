/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <iconv.h>
#include <unistd.h>

#include "base/ebcdic.h"
#include "source/source.h"

/* The C library has the tables too, from IBM's: all but NEL must be what it says. */
static void test_tables(void **state)
{
	static const char *const pages[][2] = {{"037", "IBM037"}, {"500", "IBM500"},
					       {"1047", "IBM1047"}};
	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		unsigned char table[256];
		iconv_t converter = iconv_open("ISO-8859-1", pages[i][1]);
		if (converter == (iconv_t)-1)
			skip();
		assert_true(tw_ebcdic_table(pages[i][0], table));
		for (unsigned byte = 0; byte < 256; byte++) {
			char in = (char)byte, out = 0;
			char *from = &in, *to = &out;
			size_t in_left = 1, out_left = 1;
			assert_int_equal(iconv(converter, &from, &in_left, &to, &out_left), 0);
			assert_int_equal(table[byte], byte == 0x15 ? '\n' : (unsigned char)out);
		}
		iconv_close(converter);
	}
	unsigned char table[256];
	assert_false(tw_ebcdic_table("no", table));
}

static void test_starts(void **state)
{
	(void)state;
	static const struct { const char *head; int starts; } rows[] = {
		{"\xe4\xd5\xc2\x4e", 1}, /* UNB+ */
		{"\xe4\xd5\xc1\x7a", 1}, /* UNA: */
		{"\xc9\xe2\xc1\x5c", 1}, /* ISA* */
		{"\x15\x25\x40\xe4\xd5\xc2\x4e", 1},
		{"\xe4\xd5\xc1\xe3", 0}, /* UNAT(TENDED) */
		{"\xe4\xd5\xc2", -1},
		{"\xe4", -1},
		{"", -1},
		{"UNB+UNOA", 0},
		{"ISA*00*", 0},
		{"@@@@@@@@@@@@@@@@@@@@@@@@@@@@", 0}, /* blanks in EBCDIC: too many */
	};
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(tw_ebcdic_starts(tw_slice_string(rows[i].head)), rows[i].starts);
}

/* UNB+UNOC:3[ LF in EBCDIC 500, read in one block and byte by byte: 12 bytes, the same places. */
static void test_source(void **state)
{
	static const char bytes[] = "\xe4\xd5\xc2\x4e\xe4\xd5\xd6\xc3\x7a\xf3\x4a\x15";
	static const char text[] = "UNB+UNOC:3[\n";
	char path[] = "/tmp/tw_ebcdic_XXXXXX";
	(void)state;
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, sizeof(bytes) - 1), sizeof(bytes) - 1);
	close(fd);
	for (size_t step = 1; step <= sizeof(bytes); step++) {
		struct tw_source *source = NULL;
		struct tw_buffer reason = {0};
		char got[sizeof(bytes)] = "";
		size_t have = 0;
		assert_int_equal(tw_source_open(path, &source, &reason), TW_OK);
		tw_source_ebcdic(source, "500");
		assert_string_equal(tw_source_layer(source, 0), "ebcdic");
		assert_null(tw_source_layer(source, 1));
		int64_t count;
		while ((count = tw_source_read(source, got + have,
					       step < sizeof(got) - have ? step
									 : sizeof(got) - have)) > 0)
			have += (size_t)count;
		assert_int_equal(count, 0);
		assert_string_equal(got, text);
		tw_source_close(source);
		tw_buffer_free(&reason);
	}
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_starts),
		cmocka_unit_test(test_source),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
