/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Elements, texts and character sets (XML 1.0, fifth edition; Namespaces in XML 1.0):
 * what is told, and that each text leads back to its own bytes.
 * Links the parser alone (all C files of parsers/xml), NOT the core library.
 */
#include "expect.h"

static void test_elements(void **state)
{
	(void)state;
	EXPECT("<?xml version=\"1.0\"?>\n<M>\n <A>\n  <B>text</B><C/>\n </A>\n</M>\n",
	       AROUND_SAID("open M/A\nleaf A/B 1=text\nleaf A/C\nclose M/A\n"));
	/* Prefixes are none of a name, whatever they stand for. */
	EXPECT("<p:M xmlns:p='urn:x' xmlns='urn:y'><A><p:B >t</p:B ></A></p:M>",
	       AROUND_SAID("open M/A\nleaf A/B 1=t\nclose M/A\n"));
	/* A root that holds nothing is a message of one leaf. */
	EXPECT("<M>t</M>", "interchange\nmessage type=M\nleaf /M 1=t\nmessage_end complete\n"
			   "interchange_end complete\n");
	EXPECT("<M/>", "interchange\nmessage type=M\nleaf /M\nmessage_end complete\n"
		       "interchange_end complete\n");
	/* Comments and instructions are nothing, also within a text. */
	EXPECT("<!-- a <M> --><?p <x?><M><!-- < --><A>a<!-- </A> -->b<?p </A> ?>c</A></M>",
	       AROUND_SAID("leaf M/A 1=abc\n"));
}

static void test_attributes(void **state)
{
	(void)state;
	EXPECT(AROUND("<A a='1' b=\"2>3\">t</A><B c='4'/><C d='5'><D/></C>"),
	       AROUND_SAID("leaf M/A 1=t a=1 b=2>3\nleaf M/B c=4\nopen M/C d=5\nleaf C/D\n"
			   "close M/C\n"));
	/* Namespaces are declared, and are no attributes; an empty value is none. */
	EXPECT(AROUND("<A xmlns:x='u' x:a='1' b=''>t</A>"), AROUND_SAID("leaf M/A 1=t a=1\n"));
	/* A value that holds a reference, or a line end (3.3.3), leads back to its whole tag. */
	EXPECT(AROUND("<A a='x&amp;y' b='z'>t</A>"),
	       AROUND_SAID("leaf M/A 1=t a=x&y{<A a='x&amp;y' b='z'} b=z\n"));
	EXPECT(AROUND("<A a='&lt;&#65;&#38;'/>"), AROUND_SAID("leaf M/A a=<A&{<A a='&lt;&#65;&#38;'}\n"));
}

static void test_texts(void **state)
{
	(void)state;
	EXPECT(AROUND("<A>  two words \n</A>"), AROUND_SAID("leaf M/A 1=two words\n"));
	EXPECT(AROUND("<A> \n </A>"), AROUND_SAID("leaf M/A\n"));
	/* The five entities of XML, and character references. */
	EXPECT(AROUND("<A>A&amp;B&lt;&gt;&quot;&apos;C</A>"),
	       AROUND_SAID("leaf M/A 1=A&{&amp;}B<{&lt;}>{&gt;}\"{&quot;}'{&apos;}C\n"));
	EXPECT(AROUND("<A>TABLET&#32;PR&#x45;SS</A>"),
	       AROUND_SAID("leaf M/A 1=TABLET {&#32;}PRE{&#x45;}SS\n"));
	EXPECT(AROUND("<A>&#xe9;&#x20ac;&#x1F48A;</A>"),
	       AROUND_SAID("leaf M/A 1=\xc3\xa9{&#xe9;}\xe2\x82\xac{&#x20ac;}\xf0\x9f\x92\x8a{&#x1F48A;}\n"));
	/* CDATA, also beside text, and what looks like markup in it. */
	EXPECT(AROUND("<A><![CDATA[a<b>&amp;]]></A>"), AROUND_SAID("leaf M/A 1=a<b>&amp;\n"));
	EXPECT(AROUND("<A>x<![CDATA[]]]]><![CDATA[>y]]>z</A>"), AROUND_SAID("leaf M/A 1=x]]>yz\n"));
	/* 2.11: CR LF and CR are LF. */
	EXPECT(AROUND("<A>a\r\nb\rc</A>"), AROUND_SAID("leaf M/A 1=a\nb\nc{\nb\rc}\n"));
	EXPECT("<M>\r\n <A>t</A>\r\n</M>\r\n", AROUND_SAID("leaf M/A 1=t\n"));
	EXPECT(AROUND("<A>caf\xc3\xa9 \xe6\xb5\xb7</A>"), AROUND_SAID("leaf M/A 1=caf\xc3\xa9 \xe6\xb5\xb7\n"));
}

/* Text beside elements is no data's way to stand, but it is told. */
#define CONTRADICTED                                                         \
	"close /M\nmessage_end complete\nanomaly text.charset\ninterchange_end complete\n"

static void test_mixed(void **state)
{
	(void)state;
	EXPECT(AROUND("<A>TABLET <b>PRE</b>SS</A>"),
	       AROUND_SAID("open M/A\nleaf A/b 1=PRE\nanomaly xml.mixed\nleaf M/A 1=TABLET SS\n"
			   "close M/A\n"));
	EXPECT(AROUND("<A>x&amp;<B/>y<C/> </A>"),
	       AROUND_SAID("open M/A\nleaf A/B\nleaf A/C\nanomaly xml.mixed\n"
			   "leaf M/A 1=x&{&amp;}y\nclose M/A\n"));
	EXPECT(AROUND("<A><B>in</B>out</A>"),
	       AROUND_SAID("open M/A\nleaf A/B 1=in\nanomaly xml.mixed\nleaf M/A 1=out\nclose M/A\n"));
	/* Blanks before it are none of it, however they are written: reference, CR, in CDATA. */
	EXPECT(AROUND("<A><B/>&#10; out\xff</A>"),
	       BEGUN "open M/A\nleaf A/B\nanomaly xml.mixed\n"
		     "leaf M/A 1=out\xc3\xbf{\xff}\nclose M/A\n" CONTRADICTED);
	EXPECT(AROUND("<A><B/>\r<!-- c -->out\xff</A>"),
	       BEGUN "open M/A\nleaf A/B\nanomaly xml.mixed\n"
		     "leaf M/A 1=out\xc3\xbf{\xff}\nclose M/A\n" CONTRADICTED);
	EXPECT(AROUND("<A><B/><![CDATA[ <out>\xff]]></A>"),
	       BEGUN "open M/A\nleaf A/B\nanomaly xml.mixed\n"
		     "leaf M/A 1=<out>\xc3\xbf{\xff}\nclose M/A\n" CONTRADICTED);
}

/* ---- character sets ---------------------------------------------------------------- */

#define WIDE_MOST 4096u

/* ASCII in 16 bits, with a mark if `mark`. */
static struct tw_slice wide(const char *text, bool big, bool mark, char *out)
{
	size_t length = 0;
	if (mark) {
		out[length++] = big ? '\xfe' : '\xff';
		out[length++] = big ? '\xff' : '\xfe';
	}
	for (; *text != '\0'; text++) {
		assert_true(length + 2 <= WIDE_MOST);
		out[length++] = big ? '\0' : *text;
		out[length++] = big ? *text : '\0';
	}
	return tw_slice(out, length);
}

static void test_utf16(void **state)
{
	static const char text[] = "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n<M><A a='1'>x&amp;y</A></M>\r\n";
	char bytes[WIDE_MOST];
	(void)state;
	for (unsigned kind = 0; kind < 4; kind++) {
		struct tw_slice input = wide(text, kind & 1, kind & 2, bytes);
		for (size_t chunk = 1; chunk < 12; chunk++) {
			struct tw_sink sink = {0};
			struct recorder_feed feed = {.input = input, .limits = recorder_limits,
						     .chunk = chunk == 11 ? SIZE_MAX : chunk};
			assert_int_equal(recorder_run(&feed, &sink, NULL), TW_OK);
			/* Each character stands for its two bytes, the reference for ten: 20 characters, 40 bytes. */
			assert_non_null(strstr(sink.text, "type=M version= reference=\n"));
			char expected[128];
			size_t at = (kind & 2 ? 2 : 0) + 2 * (size_t)(strstr(text, "<A") - text);
			snprintf(expected, sizeof(expected), "leaf M/A %zu+%u 1=x{", at, 40u);
			if (strstr(sink.text, expected) == NULL)
				fail_msg("%s is not in %s", expected, sink.text);
			assert_int_equal(sink.anomalies + sink.skips + sink.incompletes, 0);
			recorder_free(&sink);
		}
	}
}

static void test_declared(void **state)
{
	(void)state;
	EXPECT("<?xml version='1.0' encoding='ISO-8859-1'?><M><A>caf\xe9 x</A></M>",
	       AROUND_SAID("leaf M/A 1=caf\xc3\xa9{\xe9} x\n"));
	EXPECT("<?xml version='1.0' encoding='windows-1252'?><M><A>\x80 5</A></M>",
	       AROUND_SAID("leaf M/A 1=\xe2\x82\xac{\x80} 5\n"));
	/* ISO 8859-2 has L with stroke at 0xa3. */
	EXPECT("<?xml version='1.0' encoding='ISO-8859-2'?><M><A>\xa3" "odz</A></M>",
	       AROUND_SAID("leaf M/A 1=\xc5\x81{\xa3}odz\n"));
	/* GBK: U+538B U+7247 U+673A is D1 B9 C6 AC BB FA. */
	EXPECT("<?xml version='1.0' encoding='GBK'?><M><A>\xd1\xb9\xc6\xac\xbb\xfa</A></M>",
	       AROUND_SAID("leaf M/A 1=\xe5\x8e\x8b{\xd1\xb9}\xe7\x89\x87{\xc6\xac}\xe6\x9c\xba{\xbb\xfa}\n"));
	EXPECT("\xef\xbb\xbf<?xml version='1.0' encoding='utf-8'?><M><A>\xc3\xa9</A></M>",
	       AROUND_SAID("leaf M/A 1=\xc3\xa9\n"));
	/* Attributes in another set lead back to their own bytes. */
	EXPECT("<?xml version='1.0' encoding='latin1'?><M><A a='\xe9'>t</A></M>",
	       AROUND_SAID("leaf M/A 1=t a=\xc3\xa9{\xe9}\n"));
}

/* Bytes that contradict what is declared: nothing is lost, and it is said. */
static void test_contradicted(void **state)
{
	(void)state;
	EXPECT("<?xml version='1.0' encoding='UTF-8'?><M><A>caf\xe9 \xc3\xa9</A></M>",
	       BEGUN "leaf M/A 1=caf\xc3\xa9{\xe9} \xc3\xa9\nclose /M\nmessage_end complete\n"
		     "anomaly text.charset\ninterchange_end complete\n");
	EXPECT("<?xml version='1.0' encoding='UTF-16'?><M><A>t</A></M>",
	       "anomaly text.charset\n" AROUND_SAID("leaf M/A 1=t\n"));
	EXPECT("<?xml version='1.0' encoding='no-such-set'?><M><A>t</A></M>",
	       "anomaly text.charset\n" AROUND_SAID("leaf M/A 1=t\n"));
	EXPECT("<?xml version='1.0' encoding='UTF-8//IGNORE'?><M><A>t</A></M>",
	       "anomaly text.charset\nanomaly xml.declaration\n" AROUND_SAID("leaf M/A 1=t\n"));
	EXPECT("<?xml encoding='UTF-8'?><M><A>t</A></M>",
	       "anomaly xml.declaration\n" AROUND_SAID("leaf M/A 1=t\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_elements),
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_mixed),
		cmocka_unit_test(test_utf16),
		cmocka_unit_test(test_declared),
		cmocka_unit_test(test_contradicted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
