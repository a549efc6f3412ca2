/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "talked.h"

/* Requests and chunks as RFC 9112 has them, sections 6 and 7.1; content codings: RFC 9110, section 8.4.1. */
#define POST "POST / HTTP/1.1\r\nHost: a\r\n"
#define CHUNKED "Transfer-Encoding: chunked\r\n\r\n"
#define LAST "0\r\n\r\n"
#define NEXT POST "Content-Length: 3\r\n\r\nbye"
#define GET "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
#define OK "HTTP/1.1 200 OK\r\n"

/*
 * "hello" in a block that is stored (RFC 1951, section 3.2.4): as gzip with CRC-32 and length (RFC 1952), as
 * zlib with Adler-32 (RFC 1950), and raw.
 */
#define GZIP_HEAD "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
#define STORED "\x01\x05\x00\xfa\xff"
#define GZIP_TAIL "\x86\xa6\x10\x36\x05\x00\x00\x00"
#define GZIP GZIP_HEAD STORED "hello" GZIP_TAIL		     /* 28 bytes */
#define ZLIB "\x78\x01" STORED "hello\x06\x2c\x02\x15"	     /* 16 bytes */
#define RAW STORED "hello"				     /* 10 bytes */
#define SIXTY "------------------------------------------------------------"

#define TO_SERVER(text) {TW_TO_SERVER, {(text), sizeof(text) - 1}, 0}
#define TO_CLIENT(text) {TW_TO_CLIENT, {(text), sizeof(text) - 1}, 0}
#define MISSING(bytes, text) {TW_TO_SERVER, {(text), sizeof(text) - 1}, (bytes)}
#define UNANSWERED(bytes, text) {TW_TO_CLIENT, {(text), sizeof(text) - 1}, (bytes)}

static const struct {
	const char *name;
	struct said said[4];
	const char *expected;
} cases[] = {
	{"a length", {TO_SERVER(POST "Content-Length: 5\r\n\r\nhello" NEXT)}, ">hello. >bye."},
	{"chunks", {TO_SERVER(POST CHUNKED "5\r\nhello\r\n6;a=b\r\n world\r\n" LAST NEXT)}, ">hello world. >bye."},
	{"an answer", {TO_SERVER(GET GET), TO_CLIENT(OK "Content-Length: 5\r\n\r\nhello" OK CHUNKED "3\r\nbye\r\n" LAST)},
	 "<hello. <bye."},
	/* Missing bytes. */
	{"in a body with a length", {TO_SERVER(POST "Content-Length: 10\r\n\r\nhe"), MISSING(3, "world" NEXT)},
	 ">he{3}world. >bye."},
	{"within a chunk", {TO_SERVER(POST CHUNKED "a\r\nhe"), MISSING(3, "world\r\n3\r\n go\r\n" LAST NEXT)},
	 ">he{3}world go. >bye."},
	{"within a long chunk",
	 {TO_SERVER(POST CHUNKED "3039\r\nhe"), MISSING(12338, "world\r\n3\r\n go\r\n" LAST NEXT)},
	 ">he{12338}world go. >bye."},
	{"all of a chunk's bytes", {TO_SERVER(POST CHUNKED "5\r\n"), MISSING(5, "\r\n3\r\n go\r\n" LAST NEXT)},
	 ">{5} go. >bye."},
	{"the end of a chunk", {TO_SERVER(POST CHUNKED "5\r\nhe"), MISSING(3, "\r\n3\r\n go\r\n" LAST NEXT)},
	 ">he{3} go. >bye."},
	{"the border of two chunks", /* "llo" CRLF "5" CRLF */
	 {TO_SERVER(POST CHUNKED "5\r\nhe"), MISSING(8, "world\r\n3\r\n go\r\n" LAST NEXT)}, ">he{8}world go. >bye."},
	{"what stands between two chunks",
	 {TO_SERVER(POST CHUNKED "5\r\nhello"), MISSING(5, "world\r\n" LAST NEXT)}, ">hello{5}world. >bye."},
	{"the size of a chunk", {TO_SERVER(POST CHUNKED "5\r\nhello\r\n"), MISSING(3, "world\r\n" LAST NEXT)},
	 ">hello{3}world. >bye."},
	{"the size of the first chunk", {TO_SERVER(POST CHUNKED), MISSING(5, "llo\r\n3\r\n go\r\n" LAST NEXT)},
	 ">{5}llo go. >bye."},
	{"a border, and what looks like its beginning", /* "llo" CRLF "c" CRLF */
	 {TO_SERVER(POST CHUNKED "5\r\nhe"), MISSING(8, "a\r\nb\r\r\nxyz\r\n\r\n" "3\r\n go\r\n" LAST NEXT)},
	 ">he{8}a\r\nb\r\r\nxyz\r\n go. >bye."},
	{"twice", /* "llo" CRLF "c" CRLF, and two of the second chunk */
	 {TO_SERVER(POST CHUNKED "5\r\nhe"), MISSING(8, "world\r"), MISSING(2, "world\r\n" LAST NEXT)},
	 ">he{8}world\r{2}world. >bye."},
	{"twice in a row", {TO_SERVER(POST CHUNKED "5\r\nhe"), MISSING(8, ""), MISSING(2, "rld\r\n" LAST NEXT)},
	 ">he{8}{2}rld. >bye."},
	{"a border, and no other comes", {TO_SERVER(POST CHUNKED "5\r\nhe"), MISSING(8, "wor\r\n4")},
	 ">he{8}wor\r\n4~"},
	{"the border of two chunks of an answer",
	 {TO_SERVER(GET GET), TO_CLIENT(OK CHUNKED "5\r\nhe"),
	  UNANSWERED(8, "world\r\n" LAST OK "Content-Length: 3\r\n\r\nbye")}, "<he{8}world. <bye."},
	{"in a header", {TO_SERVER(POST "Content-Le"), MISSING(9, "\r\n\r\nhello")}, ">{9}\r\n\r\nhello."},
	/* Content codings. */
	{"gzip", {TO_SERVER(POST "Content-Encoding: gzip\r\nContent-Length: 28\r\n\r\n" GZIP NEXT)}, ">hello. >bye."},
	{"gzip, two members", {TO_SERVER(POST "Content-Encoding: X-GZIP\r\nContent-Length: 56\r\n\r\n" GZIP GZIP NEXT)},
	 ">hellohello. >bye."},
	{"gzip, and something behind it",
	 {TO_SERVER(POST "Content-Encoding: gzip\r\nContent-Length: 88\r\n\r\n" GZIP SIXTY NEXT)}, ">hello. >bye."},
	{"of several codings the last", {TO_SERVER(POST "Content-Encoding: br , gzip\r\nContent-Length: 28\r\n\r\n" GZIP NEXT)},
	 ">hello. >bye."},
	{"deflate", {TO_SERVER(POST "Content-Encoding: Deflate\r\nContent-Length: 16\r\n\r\n" ZLIB NEXT)}, ">hello. >bye."},
	{"deflate without a head", {TO_SERVER(POST "Content-Encoding: deflate\r\nContent-Length: 10\r\n\r\n" RAW NEXT)},
	 ">hello. >bye."},
	{"gzip that is none", {TO_SERVER(POST "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello" NEXT)},
	 ">hello. >bye."},
	{"deflate that is none", {TO_SERVER(POST "Content-Encoding: deflate\r\nContent-Length: 65\r\n\r\nhello" SIXTY NEXT)},
	 ">hello" SIXTY ". >bye."},
	{"a coding nobody knows", {TO_SERVER(POST "Content-Encoding: br\r\nContent-Length: 5\r\n\r\nhello" NEXT)},
	 ">hello. >bye."},
	{"gzip that ends too early", {TO_SERVER(POST "Content-Encoding: gzip\r\nContent-Length: 18\r\n\r\n" GZIP_HEAD STORED "hel" NEXT)},
	 ">hel~ >bye."},
	{"gzip with another sum",
	 {TO_SERVER(POST "Content-Encoding: gzip\r\nContent-Length: 28\r\n\r\n" GZIP_HEAD STORED "hello????\x05\x00\x00\x00" NEXT)},
	 ">hello{0 lost}~ >bye."},
	{"gzip with missing bytes",
	 {TO_SERVER(POST "Content-Encoding: gzip\r\nContent-Length: 28\r\n\r\n" GZIP_HEAD STORED "hel"), MISSING(2, GZIP_TAIL NEXT)},
	 ">hel{2 lost}~ >bye."},
	{"gzip in chunks with missing bytes",
	 {TO_SERVER(POST "Content-Encoding: gzip\r\n" CHUNKED "1c\r\n" GZIP_HEAD STORED "hel"),
	  MISSING(2, GZIP_TAIL "\r\n" LAST NEXT)}, ">hel{2 lost}~ >bye."},
	{"gzip in chunks whose border is missing", /* "lo" CRLF "8" CRLF */
	 {TO_SERVER(POST "Content-Encoding: gzip\r\n" CHUNKED "14\r\n" GZIP_HEAD STORED "hel"),
	  MISSING(7, GZIP_TAIL "\r\n" LAST NEXT)}, ">hel{7 lost}~ >bye."},
};

static size_t turns(const struct said *said)
{
	size_t count = 0;
	while (count < sizeof(cases[0].said) / sizeof(cases[0].said[0]) && said[count].bytes.data != NULL)
		count++;
	return count;
}

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("%s\n", cases[i].name);
		size_t count = turns(cases[i].said);
		assert_talk(NULL, cases[i].said, count, cases[i].expected);
		assert_cut(cases[i].said, count, "Host");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
