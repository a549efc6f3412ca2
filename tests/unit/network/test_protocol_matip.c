/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "talked.h"

/*
 * Packets as RFC 2351 draws them: section 7 the header (version 1; control bit and command;
 * length of all), 10.1.1 to 10.1.3 the session's, 10.2 the data.
 */
#define OPEN_B "\x01\xfe\x00\x06\x04\x20"	  /* ASCII, BATAP */
#define OPEN_B_HOSTS "\x01\xfe\x00\x0a\x04\x22" "ABCD" /* with the hosts' identifiers */
#define OPEN_B_EBCDIC "\x01\xfe\x00\x06\x06\x20"
#define OPEN_B_SIX "\x01\xfe\x00\x06\x02\x20"
#define OPEN_A "\x01\xfe\x00\x0e\x14\x20\x00\x00ZZ\x00\x00\x00\x00" /* 9.1.1, host-to-host */
#define CONFIRM "\x01\xfd\x00\x05\x00"
#define REFUSE "\x01\xfd\x00\x05\x41"
#define CLOSE "\x01\xfc\x00\x05\x00"
#define HELLO "\x01\x00\x00\x09hello"
#define BYE "\x01\x00\x00\x07" "bye"
#define TYPE_B "\x01\x00\x00\x0eQU FRAFMLH"
#define PASSENGER "\x01\x00\x00\x0dPASSENGER"

#define TO_SERVER(text) {TW_TO_SERVER, {(text), sizeof(text) - 1}, 0}
#define TO_CLIENT(text) {TW_TO_CLIENT, {(text), sizeof(text) - 1}, 0}
#define MISSING(bytes, text) {TW_TO_SERVER, {(text), sizeof(text) - 1}, (bytes)}

static const struct {
	const char *name;
	struct said said[4];
	const char *expected;
} cases[] = {
	{"both directions", {TO_SERVER(OPEN_B), TO_CLIENT(CONFIRM), TO_SERVER(HELLO), TO_CLIENT(BYE)},
	 ">hello. <bye."},
	{"packets in a row", {TO_SERVER(OPEN_B HELLO BYE HELLO CLOSE)}, ">hello. >bye. >hello."},
	{"the server opens", {TO_CLIENT(OPEN_B_HOSTS), TO_SERVER(CONFIRM HELLO)}, ">hello."},
	{"a packet without text", {TO_SERVER(OPEN_B "\x01\x00\x00\x04" HELLO)}, ">hello."},
	{"EBCDIC", {TO_SERVER(OPEN_B_EBCDIC "\x01\x00\x00\x07\xe4\xd5\xc2")}, ">UNB."},
	{"six bits", {TO_SERVER(OPEN_B_SIX HELLO HELLO)}, "!protocol.unread opaque=10/0"},
	{"Type A", {TO_SERVER(OPEN_A), TO_CLIENT(CONFIRM), TO_SERVER(PASSENGER HELLO), TO_CLIENT(PASSENGER)},
	 "opaque=14/9"},
	{"Type A that looks like Type B", {TO_SERVER(OPEN_A TYPE_B)}, "opaque=10/0"},
	{"a new session opens in the old", {TO_SERVER(OPEN_A PASSENGER OPEN_B HELLO)}, ">hello. opaque=9/0"},
	{"a session closes", {TO_SERVER(OPEN_B HELLO CLOSE PASSENGER TYPE_B)},
	 ">hello. >QU FRAFMLH. opaque=9/0"},
	{"a refused session", {TO_SERVER(OPEN_B), TO_CLIENT(REFUSE), TO_SERVER(OPEN_B HELLO)}, ">hello."},
	{"no session open: what looks like Type B", {TO_SERVER(TYPE_B PASSENGER TYPE_B)},
	 ">QU FRAFMLH. >QU FRAFMLH. opaque=9/0"},
	{"no session open: two packets of Type A", {TO_CLIENT(PASSENGER PASSENGER)}, "opaque=0/18"},
	{"no session open: one packet of Type A", {TO_CLIENT(PASSENGER)}, "opaque=0/9"},
	{"and missing bytes behind it", {TO_SERVER(PASSENGER), MISSING(3, "")},
	 "!protocol.desync opaque=9/0"},
	{"no session open: EBCDIC", {TO_SERVER("\x01\x00\x00\x08\xe4\xd5\xc2\x4e")}, ">UNB+."},
	{"a lead of control characters", {TO_SERVER("\x01\x00\x00\x0d\r\n\x01QD ABC")}, ">\r\n\x01QD ABC."},
	{"met in the midst of a packet", {TO_CLIENT(OPEN_B HELLO), TO_SERVER("lo" TYPE_B)},
	 "<hello. !protocol.desync >QU FRAFMLH."},
	{"rubbish", {TO_SERVER(OPEN_B HELLO "???" TYPE_B "??" TYPE_B)},
	 ">hello. !protocol.desync >QU FRAFMLH. >QU FRAFMLH. !protocol.desync"},
	{"a length shorter than the header", {TO_SERVER(OPEN_B "\x01\x00\x00\x03" TYPE_B)},
	 "!protocol.desync >QU FRAFMLH."},
	{"a length too long", {TO_SERVER(OPEN_B "\x01\x00\x00\x20hello\x02")}, ">hello\x02~"},
	{"missing bytes in a message", {TO_SERVER(OPEN_B "\x01\x00\x00\x09he"), MISSING(2, "o" BYE)},
	 ">he{2}o. >bye."},
	{"up to its end", {TO_SERVER(OPEN_B "\x01\x00\x00\x09he"), MISSING(3, BYE)}, ">he{3}~ >bye."},
	{"beyond it", {TO_SERVER(OPEN_B "\x01\x00\x00\x09he"), MISSING(5, "e" TYPE_B BYE)},
	 ">he{3}~ !protocol.desync >QU FRAFMLH. opaque=3/0"},
	{"between messages", {TO_SERVER(OPEN_B HELLO), MISSING(13, TYPE_B)},
	 ">hello. !protocol.desync >QU FRAFMLH."},
	{"in a header", {TO_SERVER(OPEN_B HELLO "\x01"), MISSING(1, "\x00\x07" "bye" TYPE_B)},
	 ">hello. !protocol.desync >QU FRAFMLH."},
	{"behind the last", {TO_SERVER(OPEN_B HELLO), MISSING(9, "")}, ">hello. !protocol.desync"},
	{"a header that is cut", {TO_SERVER(OPEN_B HELLO "\x01")}, ">hello. !protocol.desync"},
	{"a message that is cut", {TO_SERVER(OPEN_B "\x01\x00\x00\x09he")}, ">he~"},
};

static size_t turns(const struct said said[4])
{
	size_t count = 0;
	while (count < 4 && (said[count].bytes.length > 0 || said[count].gap > 0))
		count++;
	return count;
}

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("%s\n", cases[i].name);
		size_t count = turns(cases[i].said);
		assert_talk("matip", cases[i].said, count, cases[i].expected);
		assert_cut(cases[i].said, count, "PASSENGER");
	}
}

/* What is none stays a plain connection: other versions, other commands, text. */
static void test_others(void **state)
{
	static const struct said others[] = {
		TO_SERVER("\x02\xfe\x00\x06\x04\x20"), TO_SERVER("\x01\xff\x00\x06\x04\x20"),
		TO_SERVER("\x01\xfe\x00\x05\x04\x20"), TO_SERVER("\x01\xfe\x00\x06\x84\x20"),
		TO_SERVER("\x01\x00\x00\x09hello?\x00"), TO_SERVER("\x01\x00"),
	};
	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct talked talked = talk("tcp", &others[i], 1, 1, 0);
		assert_int_equal(talked.text.length, others[i].bytes.length + 3);
		assert_int_equal(talked.text.data[0], '>');
		tw_buffer_free(&talked.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_others),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
