/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "network/ebms.h"

#define SOAP12 "http://www.w3.org/2003/05/soap-envelope"
#define EBMS3 "http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/"
#define WSSE "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
#define XENC "http://www.w3.org/2001/04/xmlenc#"
#define ENVELOPE "<S12:Envelope xmlns:S12=\"" SOAP12 "\" xmlns:eb=\"" EBMS3 "\">"
#define MIME "--=b\r\nContent-Type: application/soap+xml\r\nContent-ID: <it's@example.com>\r\n\r\n"
#define ID(text) "<eb:MessageInfo><eb:Timestamp>2026-11-20T10:00:00Z</eb:Timestamp><eb:MessageId>" text "</eb:MessageId></eb:MessageInfo>"
#define PARTY(name, text) "<eb:" name "><eb:PartyId>" text "</eb:PartyId><eb:Role>r</eb:Role></eb:" name ">"
#define USER "<eb:UserMessage>" ID("1@a") "<eb:PartyInfo>" PARTY("From", "A") PARTY("To", "B") "</eb:PartyInfo></eb:UserMessage>"
#define SIGNAL(what) "<eb:SignalMessage>" ID("2@b") what "</eb:SignalMessage>"
#define HEADED(header, body) ENVELOPE "<S12:Header>" header "</S12:Header><S12:Body>" body "</S12:Body></S12:Envelope>"
#define MESSAGING(text) "<eb:Messaging S12:mustUnderstand=\"true\">" text "</eb:Messaging>"
#define ATTACHED(uri) "<w:Security xmlns:w=\"" WSSE "\"><w:UsernameToken><w:Password>MessageId</w:Password></w:UsernameToken>" \
	"<x:EncryptedData xmlns:x=\"" XENC "\"><x:CipherData><x:CipherReference URI='" uri "'/></x:CipherData></x:EncryptedData></w:Security>"

/* `expected`: kind, from, to, id, and what is used (u), encrypted in the body (b) or attached (a). */
static const struct ebms_case {
	const char *name, *text;
	int known;
	const char *expected;
} CASES[] = {
	{"a message", HEADED(MESSAGING(USER), ""), 1, "message A B 1@a "},
	{"in an attachment", MIME HEADED(MESSAGING(USER), "") "\r\n--=b\r\n", 1, "message A B 1@a "},
	{"with a payload in the body", HEADED(MESSAGING(USER), "<p xmlns=''/>"), 1, "message A B 1@a u"},
	{"a receipt", HEADED(MESSAGING(SIGNAL("<eb:Receipt/>")), ""), 1, "signal    "},
	{"a receipt with a message", HEADED(MESSAGING(SIGNAL("<eb:Error/>") USER), ""), 1, "message A B 1@a "},
	{"two messages", HEADED(MESSAGING(USER "<eb:UserMessage>" ID("3@c") "</eb:UserMessage>"), ""), 1, "message A B 1@a "},
	{"a foreign call", HEADED("", "<p/>"), 1, "none    u"},
	{"another namespace", HEADED("<Messaging xmlns='urn:x'>" USER "</Messaging>", "<p/>"), 1, "none    u"},
	{"a prefix that means something else within", HEADED("<x xmlns:eb='urn:x'><eb:Messaging/></x>" MESSAGING(USER), ""), 1,
	 "message A B 1@a "},
	{"its namespace without a prefix",
	 HEADED("<Messaging xmlns='" EBMS3 "'><UserMessage><MessageInfo><MessageId>4</MessageId></MessageInfo></UserMessage></Messaging>", ""),
	 1, "message   4 "},
	{"references and sections", HEADED(MESSAGING("<eb:UserMessage>" ID(" a&amp;&lt;<!-- > --><![CDATA[<b>]]> ") "</eb:UserMessage>"), ""), 1,
	 "message   a&<<b> "},
	{"two names of one party",
	 HEADED(MESSAGING("<eb:UserMessage><eb:PartyInfo><eb:From><eb:PartyId>A</eb:PartyId><eb:PartyId>Z</eb:PartyId></eb:From>"
			  "</eb:PartyInfo></eb:UserMessage>"), ""), 1, "message A   "},
	{"an encrypted attachment", HEADED(ATTACHED("cid:p@a") MESSAGING(USER), ""), 1, "message A B 1@a a"},
	{"something else that is encrypted", HEADED(ATTACHED("#x") MESSAGING(USER), ""), 1, "message A B 1@a "},
	{"an encrypted body", HEADED(MESSAGING(USER), "<e:EncryptedData xmlns:e='" XENC "'>"), 1, "message A B 1@a ub"},
	{"no header", ENVELOPE "<S12:Body/></S12:Envelope>", 1, "none    "},
	{"a tag with > in a value", ENVELOPE "<S12:Header a='>' b=\"'>\">" MESSAGING(USER) "</S12:Header><S12:Body/>", 1,
	 "message A B 1@a "},
	{"a document type", ENVELOPE "<!DOCTYPE x>", -1, "none    "},
	{"a closing tag too many", ENVELOPE "</S12:Envelope></x>", 1, "none    "},
	{"an envelope of another namespace", "<Envelope xmlns='urn:x'>", -1, "none    "},
	{"none at all", "<?xml version='1.0'?><a><b>MessageId</b></a>", 0, "none    "},
	{"nothing", "", 0, "none    "},
};

static void write_found(const struct tw_ebms *ebms, char *out, size_t size)
{
	static const char *const kinds[] = {"none", "message", "signal"};
	snprintf(out, size, "%s %.*s %.*s %.*s %s%s%s", kinds[ebms->kind], (int)ebms->from.length, ebms->from.text,
		 (int)ebms->to.length, ebms->to.text, (int)ebms->message_id.length, ebms->message_id.text,
		 ebms->body_used ? "u" : "", ebms->body_encrypted ? "b" : "", ebms->attachments_encrypted ? "a" : "");
}

/* In memory of its exact size, which moves. */
static int read_front(struct tw_ebms *ebms, struct tw_slice text, size_t length)
{
	char *copy = malloc(length + (length == 0));
	assert_non_null(copy);
	memcpy(copy, text.data, length);
	int known = tw_ebms_read(ebms, tw_slice(copy, length));
	free(copy);
	return known < 0 ? -1 : known;
}

/* Read in two pieces, cut at every byte, and byte by byte, it says the same as in one. */
static void test_cases(void **state)
{
	(void)state;
	char found[900];
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct tw_slice text = tw_slice_string(CASES[i].text);
		struct tw_ebms slow = {0};
		int slowly = 0;
		for (size_t cut = 0; cut <= text.length; cut++) {
			struct tw_ebms ebms = {0};
			int known = read_front(&ebms, text, cut);
			if (known == 0)
				known = read_front(&ebms, text, text.length);
			write_found(&ebms, found, sizeof(found));
			if (known != CASES[i].known || strcmp(found, CASES[i].expected) != 0)
				fail_msg("%s, cut at %zu: %d \"%s\", expected %d \"%s\"", CASES[i].name, cut,
					 known, found, CASES[i].known, CASES[i].expected);
			if (slowly == 0)
				slowly = read_front(&slow, text, cut);
		}
		write_found(&slow, found, sizeof(found));
		assert_int_equal(slowly, CASES[i].known);
		assert_string_equal(found, CASES[i].expected);
	}
}

/* Depth, namespaces and tags have limits; a long text is cut. */
static void test_limits(void **state)
{
	(void)state;
	static char text[200000];
	struct tw_ebms ebms = {0};
	size_t at = (size_t)sprintf(text, "%s", ENVELOPE);
	for (unsigned i = 0; i < 100; i++)
		at += (size_t)sprintf(text + at, "<x>");
	assert_true(tw_ebms_read(&ebms, tw_slice(text, at)) < 0);
	ebms = (struct tw_ebms){0};
	at = (size_t)sprintf(text, "%s<x", ENVELOPE);
	for (unsigned i = 0; i < 40; i++)
		at += (size_t)sprintf(text + at, " xmlns:a%u='u'", i);
	at += (size_t)sprintf(text + at, ">");
	assert_true(tw_ebms_read(&ebms, tw_slice(text, at)) < 0);
	ebms = (struct tw_ebms){0};
	at = (size_t)sprintf(text, "%s<x a='", ENVELOPE);
	memset(text + at, 'y', 10000);
	assert_true(tw_ebms_read(&ebms, tw_slice(text, at + 10000)) < 0);
	ebms = (struct tw_ebms){0};
	at = (size_t)sprintf(text, "%s<S12:Header><eb:Messaging><eb:UserMessage><eb:MessageInfo><eb:MessageId>", ENVELOPE);
	memset(text + at, 'y', 10000);
	at += 10000;
	at += (size_t)sprintf(text + at, "</eb:MessageId></eb:MessageInfo></eb:UserMessage></eb:Messaging></S12:Header><S12:Body/>");
	assert_int_equal(tw_ebms_read(&ebms, tw_slice(text, at)), 1);
	assert_int_equal(ebms.message_id.length, TW_EBMS_TEXT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases), cmocka_unit_test(test_limits)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
