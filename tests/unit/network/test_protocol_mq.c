/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "talked.h"

/*
 * Segments as Wireshark's packet-mq.c has them; structures of an application as IBM's
 * reference has them: MQMD 324 and 364 bytes with Encoding at 24, CodedCharSetId at 28, Format at 32
 * and UserIdentifier at 196; MQOD 168, 200; MQPMO 128, 152; MQGMO 72; MQXQH 104 and an MQMD.
 */
#define USER "Sesame"

enum { MESSAGE = 0x04, USERID = 0x08, CONAUTH = 0x0a, ASYNC = 0x0d, MQCONN = 0x81, MQPUT = 0x86,
       MQPUT1 = 0x87, SPI = 0x8c, MQGET_REPLY = 0x95 };
enum { FIRST = 0x10, LAST = 0x20, ONLY = 0x30 };

/* Bytes under way: a conversation of one side, in one byte order. */
struct wire {
	struct tw_buffer bytes;
	bool little;
	int conversation; /* -1: TSH without one */
};

static void put_text(struct wire *wire, const char *text)
{
	tw_buffer_append_slice(&wire->bytes, tw_slice_string(text));
}

static void put_zeros(struct wire *wire, size_t count)
{
	while (count-- > 0)
		tw_buffer_append_byte(&wire->bytes, '\0');
}

static void put_number(struct wire *wire, uint32_t number)
{
	for (unsigned i = 0; i < 4; i++)
		tw_buffer_append_byte(&wire->bytes, (char)(number >> (wire->little ? i : 3 - i) * 8));
}

/* A structure of so many bytes: identifier, version, and zeros. */
static void put_structure(struct wire *wire, const char *identifier, uint32_t version, size_t size)
{
	put_text(wire, identifier);
	put_number(wire, version);
	put_zeros(wire, size - 8);
}

static void put_md(struct wire *wire, uint32_t version, uint32_t page, const char *format)
{
	struct wire encoding = {.little = wire->little};
	size_t start = wire->bytes.length;
	put_structure(wire, "MD  ", version, version == 1 ? 324 : 364);
	put_number(&encoding, wire->little ? 546 : 273);
	put_number(&encoding, page);
	memcpy(wire->bytes.data + start + 24, encoding.bytes.data, 8);
	memcpy(wire->bytes.data + start + 32, format, 8);
	memcpy(wire->bytes.data + start + 196, USER, strlen(USER));
	tw_buffer_free(&encoding.bytes);
}

static void put_pmo(struct wire *wire)
{
	put_structure(wire, "PMO ", 1, 128);
	put_number(wire, 0);
}

/* What a program's message has before its data. */
static void put_call(struct wire *wire, const char *format)
{
	put_zeros(wire, 16);
	put_md(wire, 2, 850, format);
	put_pmo(wire);
}

/* Puts the TSH before what was put since `start`. */
static void close_segment(struct wire *wire, size_t start, unsigned type, unsigned flags, unsigned more)
{
	struct tw_buffer data = {0};
	bool many = wire->conversation >= 0;
	tw_buffer_append(&data, wire->bytes.data + start, wire->bytes.length - start);
	size_t length = data.length + (many ? 36 : 28);
	wire->bytes.length = start;
	put_text(wire, many ? "TSHM" : "TSH ");
	for (unsigned i = 0; i < 4; i++)
		tw_buffer_append_byte(&wire->bytes, (char)(length >> (3 - i) * 8));
	put_zeros(wire, many ? 3 : 0);
	if (many)
		tw_buffer_append_byte(&wire->bytes, (char)wire->conversation);
	put_zeros(wire, many ? 4 : 0);
	const char fields[] = {wire->little ? 2 : 1, (char)type, (char)flags, (char)more};
	tw_buffer_append(&wire->bytes, fields, sizeof(fields));
	put_zeros(wire, 16);
	tw_buffer_append_slice(&wire->bytes, tw_buffer_slice(&data));
	tw_buffer_free(&data);
}

static void put_segment(struct wire *wire, unsigned type, unsigned flags, const char *text)
{
	size_t start = wire->bytes.length;
	put_text(wire, text);
	close_segment(wire, start, type, flags, 0);
}

static void put_put(struct wire *wire, unsigned flags, const char *text)
{
	size_t start = wire->bytes.length;
	put_call(wire, "MQSTR   ");
	put_text(wire, text);
	close_segment(wire, start, MQPUT, flags, 0);
}

static void expect(struct wire *wire, const char *expected)
{
	struct said said = {TW_TO_SERVER, tw_buffer_slice(&wire->bytes), 0};
	assert_talk("mq", &said, 1, expected);
	assert_cut(&said, 1, USER);
	tw_buffer_free(&wire->bytes);
}

static struct wire big(void)
{
	return (struct wire){.conversation = -1};
}

static struct wire little(void)
{
	return (struct wire){.little = true, .conversation = -1};
}

static void test_put(void **state)
{
	struct wire wire = big();
	(void)state;
	put_put(&wire, ONLY, "UNB+1");
	put_put(&wire, ONLY, "UNB+2");
	expect(&wire, ">UNB+1. >UNB+2.");
	wire = little();
	put_put(&wire, FIRST, "UNB");
	put_segment(&wire, MQPUT, 0, "+3+");
	put_segment(&wire, 0x89, ONLY, "MQINQ stands between");
	put_segment(&wire, MQPUT, LAST, "A'");
	expect(&wire, ">UNB+3+A'.");
}

/* Users and passwords stand where nothing is looked at. */
static void test_users(void **state)
{
	struct wire wire = little();
	(void)state;
	put_segment(&wire, USERID, ONLY, "UID " USER USER);
	put_segment(&wire, CONAUTH, ONLY, "CAUT" USER USER);
	put_segment(&wire, MQCONN, ONLY, USER USER USER);
	put_put(&wire, ONLY, "UNB+1");
	expect(&wire, ">UNB+1.");
}

/* A distribution list: two object records and response records, then put message records. */
static void test_put1(void **state)
{
	static const struct {
		uint32_t version;
		size_t size;
	} ods[] = {{1, 168}, {2, 200}, {3, 336}, {4, 400}};
	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct wire wire = big();
		put_zeros(&wire, 16);
		put_structure(&wire, "OD  ", ods[i].version, ods[i].size);
		put_md(&wire, 1, 850, "MQSTR   ");
		put_pmo(&wire);
		put_text(&wire, "UNB+1");
		close_segment(&wire, 0, MQPUT1, ONLY, 0);
		expect(&wire, ">UNB+1.");
	}
	struct wire wire = little();
	put_zeros(&wire, 16);
	put_structure(&wire, "OD  ", 2, 168);
	for (unsigned i = 0; i < 8; i++)
		put_number(&wire, (uint32_t[]){2, 0, 0, 0, 200, 392, 0, 0}[i]);
	put_zeros(&wire, 2 * (96 + 8));
	put_md(&wire, 2, 850, "MQSTR   ");
	put_structure(&wire, "PMO ", 2, 128);
	for (unsigned i = 0; i < 6; i++)
		put_number(&wire, (uint32_t[]){2, 1 | 8 | 16, 152, 200, 0, 0}[i]);
	put_zeros(&wire, 2 * (24 + 4 + 32 + 8));
	put_number(&wire, 5);
	put_text(&wire, "UNB+2");
	close_segment(&wire, 0, MQPUT1, ONLY, 0);
	expect(&wire, ">UNB+2.");
}

/* Format headers: MQRFH2 in the encoding of the MQMD or in the other, MQDLH, two in a row. */
static void test_headers(void **state)
{
	(void)state;
	for (unsigned other = 0; other < 2; other++) {
		struct wire wire = little();
		put_zeros(&wire, 16);
		put_md(&wire, 2, 850, "MQDEAD  ");
		put_structure(&wire, "GMO ", 1, 72);
		put_number(&wire, 0);
		put_structure(&wire, "DLH ", 1, 172);
		wire.little = other == 0;
		put_text(&wire, "RFH ");
		put_number(&wire, 2);
		put_number(&wire, 40);
		put_zeros(&wire, 28);
		put_structure(&wire, "XQH ", 1, 104);
		wire.little = true;
		put_md(&wire, 1, 850, "MQSTR   ");
		put_text(&wire, "UNB+1");
		close_segment(&wire, 0, MQGET_REPLY, ONLY, 0);
		expect(&wire, ">UNB+1.");
	}
}

/* Between queue managers each segment may have an MSH of its own; flags of theirs may be missing. */
static void test_channel(void **state)
{
	(void)state;
	for (unsigned way = 0; way < 3; way++) {
		struct wire wire = big();
		put_structure(&wire, "MSH ", 1, 20);
		put_structure(&wire, "XQH ", 1, 104);
		put_md(&wire, 1, 850, "MQSTR   ");
		put_text(&wire, "UNB+1");
		close_segment(&wire, 0, MESSAGE, way == 0 ? 0 : FIRST, 0);
		size_t start = wire.bytes.length;
		if (way == 2)
			put_structure(&wire, "MSH ", 1, 20);
		put_text(&wire, "+A'");
		close_segment(&wire, start, MESSAGE, LAST, 0);
		expect(&wire, way == 0 ? ">UNB+1. >+A'." : ">UNB+1+A'.");
	}
}

/* Messages sent ahead: 24 bytes in each segment, in the first a queue's name too, to four bytes. */
static void test_async(void **state)
{
	static const char *const names[] = {"", "Q", "QU", "QUE", "QUEUE"};
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct wire wire = {.little = true, .conversation = 1};
		size_t length = strlen(names[i]);
		put_zeros(&wire, 54);
		tw_buffer_append_byte(&wire.bytes, (char)length);
		put_text(&wire, names[i]);
		put_zeros(&wire, (4 - (3 + length) % 4) % 4);
		put_md(&wire, 2, 850, "MQSTR   ");
		put_text(&wire, "UNB");
		close_segment(&wire, 0, ASYNC, FIRST, 0);
		size_t start = wire.bytes.length;
		put_zeros(&wire, 24);
		put_text(&wire, "+1");
		close_segment(&wire, start, ASYNC, LAST, 0);
		expect(&wire, ">UNB+1.");
	}
}

/* SPI calls: those that put a message, and others. */
static void test_spi(void **state)
{
	struct wire wire = big();
	(void)state;
	put_zeros(&wire, 16 + 12);
	put_structure(&wire, "SPPU", 1, 12);
	put_md(&wire, 2, 850, "MQSTR   ");
	put_structure(&wire, "PMO ", 1, 128);
	put_structure(&wire, "SPPI", 1, 20);
	put_text(&wire, "UNB+1");
	close_segment(&wire, 0, SPI, ONLY, 0);
	size_t start = wire.bytes.length;
	put_zeros(&wire, 16 + 12);
	put_structure(&wire, "SPQU", 1, 12);
	put_text(&wire, "not a message");
	close_segment(&wire, start, SPI, ONLY, 0);
	expect(&wire, ">UNB+1.");
}

/* Text in EBCDIC is translated where the MQMD says that it is text; "UNB+" in page 500. */
static void test_ebcdic(void **state)
{
	(void)state;
	for (unsigned text = 0; text < 2; text++) {
		struct wire wire = big();
		put_zeros(&wire, 16);
		put_md(&wire, 2, 500, text ? "MQSTR   " : "        ");
		put_pmo(&wire);
		put_text(&wire, "\xe4\xd5\xc2\x4e");
		close_segment(&wire, 0, MQPUT, ONLY, 0);
		expect(&wire, text ? ">UNB+." : ">\xe4\xd5\xc2\x4e.");
	}
}

/* "TSH " and "MSH " in EBCDIC; there is no XQH. */
static void test_ebcdic_structures(void **state)
{
	static const char segment[] = "\xe3\xe2\xc8\x40\x00\x00\x00\x34\x01\x04\x30\x00\0\0\0\0\0\0\0\0"
				      "\0\0\0\0\x01\xf4\0\0\xd4\xe2\xc8\x40\0\0\0\1\0\0\0\4\0\0\0\0\0\0\0\4" "data";
	struct said said = {TW_TO_CLIENT, {segment, sizeof(segment) - 1}, 0};
	(void)state;
	assert_talk("mq", &said, 1, "<data.");
}

/* Two conversations, whose segments stand between each other; a third begins anew. */
static void test_conversations(void **state)
{
	struct wire wire = {.conversation = 1};
	(void)state;
	put_put(&wire, FIRST, "UNB+1");
	wire.conversation = 2;
	put_put(&wire, FIRST, "UNB+2");
	wire.conversation = 1;
	put_segment(&wire, MQPUT, LAST, "+A'");
	wire.conversation = 2;
	put_segment(&wire, MQPUT, LAST, "+B'");
	wire.conversation = 3;
	put_put(&wire, FIRST, "UNB+3");
	put_put(&wire, ONLY, "UNB+4");
	expect(&wire, ">UNB+1+A'. >UNB+2+B'. >UNB+3~ >UNB+4.");
}

/* More messages under way than there is room for: the oldest is given up, and told. */
static void test_limit(void **state)
{
	struct wire wire = big();
	(void)state;
	for (wire.conversation = 0; wire.conversation < 66; wire.conversation++)
		put_put(&wire, FIRST, "UNB+");
	struct said said = {TW_TO_SERVER, tw_buffer_slice(&wire.bytes), 0};
	struct talked talked = talk("mq", &said, 1, SIZE_MAX, 0);
	static const char begin[] = ">UNB+~ !protocol.unread >UNB+~ ";
	assert_memory_equal(talked.text.data, begin, sizeof(begin) - 1);
	tw_buffer_free(&talked.text);
	tw_buffer_free(&wire.bytes);
}

/* What cannot be read is passed over, and told or counted. */
static void test_unread(void **state)
{
	struct wire wire = big();
	(void)state;
	put_segment(&wire, MQPUT, LAST, "a segment without the first");
	put_put(&wire, FIRST, "UNB+0");
	put_segment(&wire, MQPUT1, LAST, "of another kind");
	put_put(&wire, ONLY, "UNB+1");
	expect(&wire, "!protocol.unread >UNB+0~ >UNB+1. !protocol.unread opaque=42/0");
	wire = big();
	put_zeros(&wire, 16);
	put_structure(&wire, "MD  ", 9, 324);
	close_segment(&wire, 0, MQPUT, ONLY, 0);
	put_put(&wire, ONLY, "UNB+1");
	expect(&wire, "!protocol.unread >UNB+1. opaque=284/0");
	wire = big();
	put_text(&wire, "packed");
	close_segment(&wire, 0, MQPUT, ONLY, 2);
	expect(&wire, "opaque=6/0");
	wire = big();
	put_segment(&wire, 0x7f, ONLY, "new");
	expect(&wire, "opaque=3/0");
	wire = big();
	put_call(&wire, "MQSTR   ");
	wire.bytes.length -= 10;
	close_segment(&wire, 0, MQPUT, ONLY, 0);
	expect(&wire, "!protocol.unread");
}

/* Lengths and orders that cannot be: the next header is looked for. */
static void test_desync(void **state)
{
	struct wire wire = big();
	(void)state;
	put_put(&wire, ONLY, "UNB+1");
	put_text(&wire, "TSH");
	size_t start = wire.bytes.length - 3;
	put_put(&wire, ONLY, "UNB+2");
	put_segment(&wire, MQCONN, ONLY, USER);
	wire.bytes.data[wire.bytes.length - strlen(USER) - 21] = 27; /* less than a header has */
	put_put(&wire, ONLY, "UNB+3");
	assert_memory_equal(wire.bytes.data + start, "TSHTSH ", 7);
	expect(&wire, ">UNB+1. !protocol.desync >UNB+2. >UNB+3. !protocol.desync");
}

/* The other side was met in the midst of something, which other protocols may begin with. */
static void test_other_side(void **state)
{
	struct wire wire = big();
	(void)state;
	put_put(&wire, ONLY, "UNB+1");
	struct said said[] = {{TW_TO_CLIENT, TW_LITERAL("220 r"), 0},
			      {TW_TO_SERVER, tw_buffer_slice(&wire.bytes), 0}};
	assert_talk("mq", said, 2, ">UNB+1. !protocol.desync");
	tw_buffer_free(&wire.bytes);
}

/* Missing bytes in the data, before them, and between segments. */
static void test_gaps(void **state)
{
	static const struct {
		size_t at, length; /* from the end of the first of two messages, whose text is "UNB+10000" */
		const char *expected;
	} gaps[] = {
		{4, 2, ">UNB+1{2}00. >UNB+2."},
		{2, 2, ">UNB+100{2}~ >UNB+2."},
		{8, 1, "!protocol.unread >UNB+2. opaque=7/0"},
		{2, 40, ">UNB+100{2}~ !protocol.desync"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(gaps) / sizeof(gaps[0]); i++) {
		struct wire wire = big();
		put_put(&wire, ONLY, "UNB+10000");
		size_t from = wire.bytes.length - gaps[i].at;
		put_put(&wire, ONLY, "UNB+2");
		struct tw_slice all = tw_buffer_slice(&wire.bytes);
		struct said said[] = {
			{TW_TO_SERVER, tw_slice_part(all, 0, from), 0},
			{TW_TO_SERVER, tw_slice_from(all, from + gaps[i].length), gaps[i].length},
		};
		assert_talk("mq", said, 2, gaps[i].expected);
		tw_buffer_free(&wire.bytes);
	}
	struct wire wire = big();
	put_put(&wire, FIRST, "UNB+1");
	size_t first = wire.bytes.length;
	put_segment(&wire, MQPUT, 0, "+middle");
	size_t second = wire.bytes.length;
	put_segment(&wire, MQPUT, LAST, "+A'");
	struct tw_slice all = tw_buffer_slice(&wire.bytes);
	struct said said[] = {{TW_TO_SERVER, tw_slice_part(all, 0, first), 0},
			      {TW_TO_SERVER, tw_slice_from(all, second), second - first}};
	assert_talk("mq", said, 2, "!protocol.desync >UNB+1{35}+A'.");
	tw_buffer_free(&wire.bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_put),	     cmocka_unit_test(test_users),
		cmocka_unit_test(test_put1),	     cmocka_unit_test(test_headers),
		cmocka_unit_test(test_channel),	     cmocka_unit_test(test_async),
		cmocka_unit_test(test_spi),	     cmocka_unit_test(test_ebcdic),
		cmocka_unit_test(test_ebcdic_structures),
		cmocka_unit_test(test_conversations), cmocka_unit_test(test_limit),
		cmocka_unit_test(test_unread),	     cmocka_unit_test(test_desync),
		cmocka_unit_test(test_other_side),   cmocka_unit_test(test_gaps),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
