/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a body's parts: transfer encodings and UTF-16 taken off, however the bytes are cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/root.h"

#define BYTES(literal) {literal, sizeof(literal) - 1}
#define MULTIPART "Content-Type: multipart/related; boundary=b\r\n\r\n"

static const struct root_case {
	const char *fields;
	struct tw_slice body;
	const char *text;
} cases[] = {
	{"", BYTES("<a>\xc3\xa9</a>"), "<a>\xc3\xa9</a>"},
	{"", BYTES("\xff\xfe<\0\xe9\0\xac\x20"), "\xef\xbb\xbf<\xc3\xa9\xe2\x82\xac"},
	{"", BYTES("\xfe\xff\0<\0\xe9\x20\xac"), "\xef\xbb\xbf<\xc3\xa9\xe2\x82\xac"},
	{"", BYTES("<\0a\0>\0"), "<a>"},
	{"", BYTES("\0<\0a\0>"), "<a>"},
	{"", BYTES("\0<\xd8\x3d\xde\0\0>"), "<\xef\xbf\xbd\xef\xbf\xbd>"},
	{"Content-Type: text/xml\r\nContent-Transfer-Encoding: base64\r\n\r\n", BYTES("PGE+"), "<a>"},
	{"Content-Type: text/xml\r\nContent-Transfer-Encoding: base64\r\n\r\n", BYTES("//48AGEAPgA="), "\xef\xbb\xbf<a>"},
	{MULTIPART, BYTES("--b\r\n\r\n<a>\r\n--b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=3Cb=3E\r\n--b\r\n\r\n<\0c\0>\0\r\n--b--"),
	 "<a><b><c>"},
	/* RFC 1952: what is packed is left out. */
	{MULTIPART, BYTES("--b\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0\r\n--b\r\n\r\n<b>\r\n--b--"), "<b>"},
};

static void test_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (size_t most = 1; most <= cases[i].body.length; most++) {
			struct tw_root root;
			assert_int_equal(tw_root_begin(&root, tw_slice_string(cases[i].fields)), TW_OK);
			for (size_t at = 0; at < cases[i].body.length; at += most)
				assert_int_equal(tw_root_push(&root, tw_slice_part(cases[i].body, at, most)), TW_OK);
			assert_int_equal(tw_root_end(&root), TW_OK);
			assert_true(tw_slice_is(tw_buffer_slice(&root.text), cases[i].text));
			tw_root_free(&root);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_text)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
