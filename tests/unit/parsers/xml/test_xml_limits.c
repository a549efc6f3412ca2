/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a hostile or broken stream may cost: entities are refused, no file is read, and
 * depth, tags, texts, attributes and errors have limits, each with an anomaly.
 * Links the parser alone (all C files of parsers/xml), NOT the core library.
 */
#include "expect.h"

#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define NEXT "<?xml version='1.0'?><Waybill>w</Waybill>"
#define NEXT_SAID                                                                         \
	"interchange\nmessage type=Waybill\nleaf /Waybill 1=w\nmessage_end complete\n"    \
	"interchange_end complete\n"
#define LOST "message_end incomplete\ninterchange_end incomplete\n"

/* A billion laughs, and its quadratic cousin: not one entity is ever defined. */
static void test_entities(void **state)
{
	(void)state;
	EXPECT("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY a 'lol'><!ENTITY b '&a;&a;&a;'>"
	       "<!ENTITY c '&b;&b;&b;'>]><a>&c;</a>" NEXT, "skip xml.entities\n" NEXT_SAID);
	EXPECT("<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/x'>%p;]><a/>" NEXT,
	       "skip xml.entities\n" NEXT_SAID);
	EXPECT("<!DOCTYPE a [<!ATTLIST a b CDATA 'c'>]><a/>", "skip xml.entities\n");
}

/*
 * A document type without definitions is only named. libxml2 takes its first ">" for its
 * end: what is said of one that is wrong, or breaks off, must not depend on windows.
 */
static void test_doctype(void **state)
{
	(void)state;
	EXPECT("<!DOCTYPE Waybill><Waybill>w</Waybill>", "anomaly xml.doctype\n" NEXT_SAID);
	EXPECT("<!DOCTYPE Waybill SYSTEM 'x.dtd'><Waybill>w</Waybill>",
	       "anomaly xml.doctype\n" NEXT_SAID);
	EXPECT("<!-- <x> --> <!DOCTYPE Waybill PUBLIC '-//X' \"a>'b>\"><Waybill>w</Waybill>",
	       "anomaly xml.doctype\n" NEXT_SAID);
	EXPECT("<!-- <!DOCTYPE ' --><?p <!DOCTYPE '?><Waybill>w</Waybill>", NEXT_SAID);
	/* Broken off, at the end and by another document. */
	EXPECT("<!DOCTYPE", "skip xml.truncated\n");
	EXPECT("<!DOCTYPE a SYSTEM 'x>", "skip xml.truncated\n");
	EXPECT("<!DOCTYPE a SYSTEM 'x'" NEXT, "skip xml.malformed\n" NEXT_SAID);
	EXPECT("<!DOCTYPE a SYSTEM 'x>" NEXT, "skip xml.malformed\n" NEXT_SAID);
	EXPECT("\0\0<!DOCTYPE a SYSTEM '\0\0\0B><S=B/u'", "skip xml.malformed\n");
	/* Definitions that a name with a ">" stands before are refused like others. */
	EXPECT("<!DOCTYPE a SYSTEM 'x>y' [<!ENTITY b 'c'>]><a>&b;</a>", "skip xml.entities\n");
	EXPECT("<!DOCTYPE a SYSTEM 'x' [", "skip xml.entities\n");
	EXPECT("<a<!DOCTYPE a []><b>", "skip xml.malformed\n");
	EXPECT("<!DOCTYPE a SYSTEM x>" NEXT, "skip xml.malformed\n" NEXT_SAID);
}

/*
 * A file that an entity or a document type names is not opened. It is a FIFO: whoever
 * opened it to read would wait for a writer, and the alarm would end the test.
 */
static void test_no_file_is_read(void **state)
{
	char path[] = "/tmp/tw_xml_XXXXXX", input[512];
	int file = mkstemp(path);
	(void)state;
	assert_true(file >= 0);
	close(file);
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	static const struct {
		const char *before, *behind;
	} documents[] = {
		{"<!DOCTYPE a SYSTEM '", "'><a>&x;t</a>"},
		{"<!DOCTYPE a [<!ENTITY x SYSTEM '", "'>]><a>&x;</a>"},
		{"<!DOCTYPE a [<!ENTITY % p SYSTEM '", "'>%p;]><a>&x;</a>"},
		{"<a xmlns:i='http://www.w3.org/2001/XInclude'><i:include href='", "'/></a>"},
		{"<?xml-stylesheet href='", "'?><a/>"},
	};
	alarm(30);
	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
		int length = snprintf(input, sizeof(input), "%s%s%s", documents[i].before, path,
				      documents[i].behind);
		struct tw_sink sink = {0};
		struct recorder_feed feed = {.input = tw_slice(input, (size_t)length),
					     .limits = recorder_limits, .chunk = SIZE_MAX};
		assert_int_equal(recorder_run(&feed, &sink, NULL), TW_OK);
		recorder_free(&sink);
	}
	alarm(0);
	unlink(path);
}

/* ---- large things ------------------------------------------------------------------- */

struct text {
	char *data;
	size_t length, capacity;
};

static void put(struct text *text, const char *piece, size_t times)
{
	size_t length = strlen(piece);
	if (text->capacity - text->length < length * times + 1) {
		text->capacity = text->capacity * 2 + length * times + 1;
		text->data = realloc(text->data, text->capacity);
		assert_non_null(text->data);
	}
	for (; times > 0; times--, text->length += length)
		memcpy(text->data + text->length, piece, length);
}

/* Runs it in blocks, and says what was said; the largest window must stay below `most`. */
static char *run(struct text *text, struct tw_parser_limits limits, size_t chunk, size_t most)
{
	struct tw_sink sink = {.brief = true, .texts_only = true};
	struct recorder_feed feed = {.input = tw_slice(text->data, text->length), .limits = limits,
				     .chunk = chunk};
	size_t largest = 0;
	assert_int_equal(recorder_run(&feed, &sink, &largest), TW_OK);
	assert_true(largest <= most);
	free(text->data);
	*text = (struct text){0};
	return sink.text;
}

static void test_depth(void **state)
{
	struct text text = {0};
	(void)state;
	put(&text, "<d>", 100000);
	put(&text, "<?xml version='1.0'?><Waybill>w</Waybill>", 1);
	char *said = run(&text, recorder_limits, 4096, 1 << 20);
	assert_string_equal(said, "interchange\nmessage type=d\nskip xml.depth\n" LOST
				  "interchange\nmessage type=Waybill\nleaf /Waybill 1=w\n"
				  "message_end complete\ninterchange_end complete\n");
	free(said);
	/* 256 are allowed. */
	put(&text, "<d>", 256);
	put(&text, "</d>", 256);
	said = run(&text, recorder_limits, 4096, 1 << 20);
	assert_null(strstr(said, "xml.depth"));
	free(said);
}

/* A text over the limit is passed over, and the document goes on, in bounded memory. */
static void test_long_text(void **state)
{
	struct tw_parser_limits limits = {1000, 100, 16};
	struct text text = {0};
	(void)state;
	put(&text, "<M><A>", 1);
	put(&text, "0123456789", 500000);
	put(&text, "</A><B>b</B></M>", 1);
	char *said = run(&text, limits, 4096, 200000);
	assert_string_equal(said, "interchange\nmessage type=M\nskip xml.too_long\nleaf M/B 1=b\n"
				  "message_end complete\ninterchange_end complete\n");
	free(said);
}

/* CDATA libxml2 keeps until it ends: there the document is given up. */
static void test_long_cdata(void **state)
{
	struct tw_parser_limits limits = {1000, 100, 16};
	struct text text = {0};
	(void)state;
	put(&text, "<M><A>a</A><B><![CDATA[", 1);
	put(&text, "<0123456789&", 100000);
	put(&text, "]]></B></M>" NEXT, 1);
	char *said = run(&text, limits, 4096, 200000);
	assert_string_equal(said, "interchange\nmessage type=M\nleaf M/A 1=a\nskip xml.too_long\n" LOST
				  NEXT_SAID);
	free(said);
}

/* Of CDATA that does not end nothing is told, however much of it libxml2 had told before. */
static void test_broken_cdata(void **state)
{
	struct text text = {0};
	(void)state;
	for (size_t chunk = 1; chunk < 4000; chunk = chunk * 3 + 1) {
		put(&text, "<M><A/>text<![CDATA[whole]]><![CDATA[", 1);
		put(&text, "0123456789", 200);
		char *said = run(&text, recorder_limits, chunk, 4096);
		assert_string_equal(said, "interchange\nmessage type=M\nleaf M/A\nanomaly xml.mixed\n"
					  "leaf /M 1=textwhole\nskip xml.truncated\n" LOST);
		free(said);
	}
}

/* So are comments and blanks, of which nothing is kept. */
static void test_long_nothing(void **state)
{
	struct tw_parser_limits limits = {1000, 100, 16};
	struct text text = {0};
	(void)state;
	put(&text, "<M>", 1);
	put(&text, " \n", 1000000);
	put(&text, "<A>a</A></M>", 1);
	char *said = run(&text, limits, 4096, 200000);
	assert_string_equal(said, "interchange\nmessage type=M\nleaf M/A 1=a\nmessage_end complete\n"
				  "interchange_end complete\n");
	free(said);
	put(&text, "<M><!--", 1);
	put(&text, "comment ", 1000000);
	put(&text, "--><A>a</A></M>" NEXT, 1);
	said = run(&text, limits, 4096, 200000);
	assert_string_equal(said, "interchange\nmessage type=M\nskip xml.too_long\n" LOST NEXT_SAID);
	free(said);
}

static void test_long_tag(void **state)
{
	struct text text = {0};
	(void)state;
	put(&text, "<M ><A a='", 1);
	put(&text, "0123456789", 1000000);
	put(&text, "'>t</A></M>" NEXT, 1);
	char *said = run(&text, recorder_limits, 4096, 200000);
	assert_string_equal(said, "interchange\nmessage type=M\nskip xml.too_long\n" LOST NEXT_SAID);
	free(said);
}

/* Whether a tag is too long must not depend on what stands around it in a window. */
static void test_tag_limit(void **state)
{
	static const size_t lengths[] = {(16 << 10) - 6, (16 << 10) - 5, 20000, 30000, 40000};
	struct text text = {0};
	(void)state;
	for (size_t i = 0; i < 5; i++)
		for (size_t chunk = 1000; chunk <= 64000; chunk *= 2) {
			put(&text, "<M><B>b</B>text", 1);
			put(&text, "<A a='", 1);
			put(&text, "z", lengths[i] - 2);
			put(&text, "'>t</A></M>" NEXT, 1);
			char *said = run(&text, recorder_limits, chunk, 100000);
			assert_string_equal(said,
				i == 0 ? "interchange\nmessage type=M\nleaf M/B 1=b\nleaf M/A 1=t\n"
					 "anomaly xml.mixed\nleaf /M 1=text\nmessage_end complete\n"
					 "interchange_end complete\n" NEXT_SAID
				       : "interchange\nmessage type=M\nleaf M/B 1=b\n"
					 "anomaly xml.mixed\nleaf /M 1=text\nskip xml.too_long\n"
					 LOST NEXT_SAID);
			free(said);
		}
}

static void test_long_doctype(void **state)
{
	struct text text = {0};
	(void)state;
	for (size_t chunk = 1000; chunk <= 64000; chunk *= 4) {
		put(&text, "<!DOCTYPE M SYSTEM 'x", 1);
		put(&text, "0123456789", 1700);
		put(&text, "'>" NEXT, 1);
		char *said = run(&text, recorder_limits, chunk, 100000);
		assert_string_equal(said, "skip xml.too_long\n" NEXT_SAID);
		free(said);
	}
}

static void test_attributes(void **state)
{
	(void)state;
	static const struct tw_parser_limits limits = {1 << 20, 4, 16};
	expect_bytes(TW_LITERAL("<M><A a='1' b='2' c='3' d='4' e='5'>t</A><B>u</B></M>"), limits,
		     BEGUN "incomplete xml.attributes\nleaf M/A 1=t a=1 b=2 c=3\nleaf M/B 1=u\n" ENDED);
}

/* Each of libxml2's errors we live with is said, but not without end. */
static void test_errors(void **state)
{
	struct text text = {0};
	(void)state;
	put(&text, "<M>", 1);
	put(&text, "<A>]]></A>", 100);
	put(&text, "</M>" NEXT, 1);
	char *said = run(&text, recorder_limits, 4096, 1 << 20);
	unsigned count = 0;
	for (const char *at = strstr(said, "xml.reference"); at != NULL;
	     at = strstr(at + 1, "xml.reference"))
		count++;
	assert_int_equal(count, 16);
	assert_non_null(strstr(said, "skip xml.malformed\n" LOST NEXT_SAID));
	free(said);
	/* Wherever a window ends, the mark is seen: libxml2 reads long texts as they come. */
	for (size_t chunk = 1; chunk < 600; chunk++) {
		put(&text, "<M><A>", 1);
		put(&text, "x", 400);
		put(&text, "]]>]]]>", 1);
		put(&text, "x", 400);
		put(&text, "</A></M>", 1);
		said = run(&text, recorder_limits, chunk, 4096);
		assert_non_null(strstr(said, "incomplete xml.reference\nincomplete xml.reference\n"));
		free(said);
	}
}

/* Many attributes, tags and documents must not take time that grows with their square. */
static void test_time(void **state)
{
	struct text text = {0};
	clock_t start = clock();
	(void)state;
	put(&text, "<M>", 1);
	put(&text, "<A a='1' b='2' c='3'/>", 100000);
	put(&text, "</M>", 1);
	put(&text, "<Waybill><A>a</A></Waybill>", 20000);
	put(&text, "<M", 1);
	put(&text, " a='1'", 1000000);
	char *said = run(&text, recorder_limits, 65536, 4 << 20);
	free(said);
	/* A second is enough for ten times as much; a sanitizer takes its share. */
	assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 60);
}

/* Whatever the window, the parser asks for no more than its limits allow. */
static void test_window(void **state)
{
	struct text text = {0};
	struct tw_parser_limits limits = {4096, 100, 16};
	(void)state;
	put(&text, "<M>", 1);
	put(&text, "<A><B>text of some length</B><C>&amp;</C></A>\n", 20000);
	put(&text, "</M>", 1);
	char *said = run(&text, limits, 1000, 20000);
	assert_non_null(strstr(said, "message_end complete"));
	free(said);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entities),   cmocka_unit_test(test_no_file_is_read),
		cmocka_unit_test(test_doctype),
		cmocka_unit_test(test_depth),	   cmocka_unit_test(test_long_text),
		cmocka_unit_test(test_long_cdata), cmocka_unit_test(test_long_doctype),
		cmocka_unit_test(test_tag_limit),  cmocka_unit_test(test_broken_cdata),
		cmocka_unit_test(test_long_nothing), cmocka_unit_test(test_long_tag),
		cmocka_unit_test(test_attributes), cmocka_unit_test(test_errors),
		cmocka_unit_test(test_time),	   cmocka_unit_test(test_window),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
