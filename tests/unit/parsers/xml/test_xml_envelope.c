/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents and messages: what is announced before a message although it stands in
 * it, wrappers (SOAP 1.1 and 1.2, UN/CEFACT's Standard Business Document Header, WCO's
 * MetaData), documents one after another, and what comes of broken ones.
 * Links the parser alone (all C files of parsers/xml), NOT the core library.
 */
#include "expect.h"

#define DONE "message_end complete\ninterchange_end complete\n"

/* Where an interchange or message is announced with these facts, whatever else is said. */
static void expect_said(const char *input, const char *line)
{
	for (size_t chunk = 0; chunk < 10; chunk++) {
		struct tw_sink sink = {.brief = true};
		struct recorder_feed feed = {.input = tw_slice_string(input), .limits = recorder_limits,
					     .chunk = chunk == 0 ? SIZE_MAX : chunk};
		assert_int_equal(recorder_run(&feed, &sink, NULL), TW_OK);
		if (sink.text == NULL || strstr(sink.text, line) == NULL)
			fail_msg("%s is not said: %s", line, sink.text == NULL ? "" : sink.text);
		recorder_free(&sink);
	}
}

static void test_iata(void **state)
{
	(void)state;
	static const char waybill[] =
		"<r:Waybill xmlns:r='iata:waybill:1' xmlns='iata:datamodel:3'><r:MessageHeaderDocument>"
		"<ID>M1</ID><TypeCode>741</TypeCode><IssueDateTime>2021-03-10T11:00:00+01:00</IssueDateTime>"
		"<VersionID>3.00</VersionID><SenderParty><PrimaryID schemeID='C'>S1</PrimaryID></SenderParty>"
		"<SenderParty><PrimaryID schemeID='P'>S2</PrimaryID></SenderParty>"
		"<RecipientParty><PrimaryID schemeID='C'>R1</PrimaryID></RecipientParty>"
		"</r:MessageHeaderDocument><r:BusinessHeaderDocument><ID>888-11111111</ID>"
		"</r:BusinessHeaderDocument></r:Waybill>";
	expect_said(waybill, "interchange sender=S1 recipient=R1 reference=M1 time=202103101000\n"
			     "message type=XFWB version=3.00 reference=M1\nopen /Waybill\n");
	expect_said("<HouseWaybill xmlns='iata:housewaybill:1'/>", "message type=XFZB version=1\n");
	expect_said("<Response xmlns='iata:response:3'/>", "message type=XFNM version=3\n");
	/* Without IATA's namespace, or in UBL's, it is another type. */
	expect_said("<Waybill/>", "message type=Waybill\n");
	expect_said("<Waybill xmlns='urn:oasis:names:specification:ubl:schema:xsd:Waybill-2'/>",
		    "message type=UBL-Waybill version=2\n");
	expect_said("<Response xmlns='urn:other'/>", "message type=Response\n");
}

static void test_customs(void **state)
{
	(void)state;
	expect_said("<ie:CC315A xmlns:ie='http://ics.dgtaxud.ec/CC315A'><MesSenMES3>S</MesSenMES3>"
		    "<MesRecMES6>R</MesRecMES6><DatOfPreMES9>030211</DatOfPreMES9>"
		    "<TimOfPreMES10>0123</TimOfPreMES10><IntConRefMES11>I</IntConRefMES11>"
		    "<TesIndMES18>1</TesIndMES18><MesIdeMES19>M</MesIdeMES19>"
		    "<HEAHEA><RefNumHEA4>L</RefNumHEA4></HEAHEA></ie:CC315A>",
		    "interchange sender=S recipient=R reference=I time=0302110123 test\n"
		    "message type=CC315A reference=M\n");
	expect_said("<md:MetaData xmlns:md='urn:wco:datamodel:WCO:DocumentMetaData-DMS:2'>"
		    "<md:WCODataModelVersionCode>3.6</md:WCODataModelVersionCode>"
		    "<md:WCOTypeName>DEC</md:WCOTypeName><Declaration xmlns='urn:wco:datamodel:WCO:DEC-DMS:2'>"
		    "<FunctionalReferenceID>F1</FunctionalReferenceID><Agent><ID>A</ID></Agent>"
		    "</Declaration></md:MetaData>",
		    "message type=Declaration version=3.6 reference=F1\nopen /Declaration\n");
	expect_said("<IE3F26><LRN>L1</LRN><documentIssueDate>2026-11-20T23:30:00Z</documentIssueDate>"
		    "<declarant><name>D</name></declarant></IE3F26>",
		    "interchange reference=L1 time=202611202330\nmessage type=IE3F26 reference=L1\n");
}

static void test_ubl(void **state)
{
	(void)state;
	expect_said("<BillOfLading xmlns='urn:oasis:names:specification:ubl:schema:xsd:BillOfLading-2'>"
		    "<UBLVersionID>2.1</UBLVersionID><ID>B1</ID><IssueDate>2005-06-20</IssueDate>"
		    "<IssueTime>14:20:10.0Z</IssueTime><SenderParty><PartyIdentification><ID>S</ID>"
		    "</PartyIdentification></SenderParty><ReceiverParty><PartyIdentification><ID>R</ID>"
		    "</PartyIdentification></ReceiverParty><Shipment><ID>1</ID></Shipment></BillOfLading>",
		    "interchange sender=S recipient=R reference=B1 time=200506201420\n"
		    "message type=BillOfLading version=2.1 reference=B1\n");
}

static void test_wrappers(void **state)
{
	(void)state;
	EXPECT("<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Header><w>x</w>"
	       "</s:Header><s:Body><M><A>t</A></M></s:Body></s:Envelope>",
	       AROUND_SAID("leaf M/A 1=t\n"));
	/* Several messages in one body are one interchange. */
	EXPECT("<Envelope><Body><M>a</M> <N>b</N></Body></Envelope>",
	       "interchange\nmessage type=M\nleaf /M 1=a\nmessage_end complete\n"
	       "message type=N\nleaf /N 1=b\n" DONE);
	EXPECT("<StandardBusinessDocument><StandardBusinessDocumentHeader><Sender><Identifier>S"
	       "</Identifier></Sender><Receiver><Identifier>R</Identifier></Receiver>"
	       "<DocumentIdentification><InstanceIdentifier>I</InstanceIdentifier>"
	       "<CreationDateAndTime>2026-11-20T10:00:00Z</CreationDateAndTime>"
	       "</DocumentIdentification></StandardBusinessDocumentHeader><M><A>t</A></M>"
	       "</StandardBusinessDocument>",
	       "interchange sender=S recipient=R reference=I time=202611201000\n"
	       "message type=M\nopen /M\nleaf M/A 1=t\nclose /M\n" DONE);
	EXPECT("<Envelope><Header/><Body/></Envelope>",
	       "interchange\nanomaly xml.no_message\ninterchange_end complete\n");
	/* A body is a wrapper in an envelope only. */
	EXPECT("<Body><M>t</M></Body>", "interchange\nmessage type=Body\nopen /Body\nleaf Body/M 1=t\n"
					"close /Body\n" DONE);
}

#define ONE "interchange\nmessage type=M\nleaf /M 1=1\n" DONE
#define TWO "interchange\nmessage type=M\nleaf /M 1=2\n" DONE

static void test_sequence(void **state)
{
	(void)state;
	EXPECT("<?xml version='1.0'?><M>1</M>\n\n<?xml version='1.0'?><M>2</M>\n", ONE TWO);
	EXPECT("<M>1</M><M>2</M>", ONE TWO);
	EXPECT("\xef\xbb\xbf<M>1</M>\xef\xbb\xbf<M>2</M>", ONE TWO);
	/* Between documents of different character sets. */
	EXPECT("<?xml version='1.0' encoding='ISO-8859-1'?><M>1</M><?xml version='1.0'?><M>2</M>",
	       ONE TWO);
	EXPECT("<M>1</M> and more <?xml version='1.0'?><M>2</M> ...",
	       ONE "skip xml.junk\n" TWO "skip xml.junk\n");
	EXPECT("<!-- only --> ", "skip xml.truncated\n");
}

#define WAYBILL "<?xml version='1.0'?><Waybill>w</Waybill>"
#define WAYBILL_SAID "interchange\nmessage type=Waybill\nleaf /Waybill 1=w\n" DONE

/* What was whole before it broke is told, the next document is found, and the rest is counted. */
static void test_broken(void **state)
{
	(void)state;
	EXPECT("<M><A>t</A><B>u</C></M>" WAYBILL,
	       BEGUN "leaf M/A 1=t\nskip xml.malformed\nmessage_end incomplete\n"
		     "interchange_end incomplete\n" WAYBILL_SAID);
	EXPECT("<M><A>t</A>" WAYBILL,
	       BEGUN "leaf M/A 1=t\nincomplete xml.truncated\nmessage_end incomplete\n"
		     "interchange_end incomplete\n" WAYBILL_SAID);
	EXPECT("<M <A>" WAYBILL, "skip xml.malformed\n" WAYBILL_SAID);
	EXPECT("<M><A>t</A><B>u</B", BEGUN "leaf M/A 1=t\nskip xml.truncated\nmessage_end incomplete\n"
					  "interchange_end incomplete\n");
	/* Text beside elements that was read before it broke is not lost. */
	EXPECT("<M><A>x<B/>y</M>" WAYBILL,
	       BEGUN "open M/A\nleaf A/B\nanomaly xml.mixed\nleaf M/A 1=xy\nskip xml.malformed\n"
		     "message_end incomplete\ninterchange_end incomplete\n" WAYBILL_SAID);
	/* In the midst of another syntax there is no document. */
	EXPECT("<M>1</M>UNB+UNOA:3", ONE "skip xml.junk\n");
}

/* An "&" that begins no reference is the commonest of faults, and costs nothing. */
static void test_ampersand(void **state)
{
	(void)state;
	EXPECT(AROUND("<A>SMITH & CO</A>"), AROUND_SAID("anomaly xml.ampersand\nleaf M/A 1=SMITH & CO\n"));
	EXPECT(AROUND("<A>A&B;C &nbsp;D & E&amp;F</A><B>&</B>"),
	       AROUND_SAID("anomaly xml.ampersand\nleaf M/A 1=A&B;C &nbsp;D & E&{&amp;}F\n"
			   "anomaly xml.ampersand\nleaf M/B 1=&\n"));
	EXPECT(AROUND("<A>x&#0;y&#xd800;z&#1114112;</A>"),
	       AROUND_SAID("anomaly xml.ampersand\nleaf M/A 1=x&#0;y&#xd800;z&#1114112;\n"));
	/* Where it is right, nothing is said. */
	EXPECT(AROUND("<A><![CDATA[A & B]]></A><!-- & --><?p & ?>"), AROUND_SAID("leaf M/A 1=A & B\n"));
}

/* Control characters, which XML does not have, are U+FFFD. */
static void test_controls(void **state)
{
	(void)state;
	EXPECT(AROUND("<A>x\x01y\x7fz</A>"),
	       BEGUN "leaf M/A 1=x\xef\xbf\xbd{\x01}y\xef\xbf\xbd{\x7f}z\nclose /M\n"
		     "message_end complete\nanomaly text.charset\ninterchange_end complete\n");
}

static void test_probe(void **state)
{
	static const struct {
		const char *bytes;
		bool end;
		int sign;
	} cases[] = {
		{"<?xml version='1.0'?>", false, 1}, {"\xef\xbb\xbf <?xml ", false, 1},
		{"<?xml", false, -1},	{"<?xml", true, 0},	 {" \n", false, -1},
		{"<Waybill>", false, 1}, {"<p:Waybill ", false, 1}, {"<Way", false, -1},
		{"<other>", false, 1},	{"<", false, -1},	 {"UNB+UNOA", false, 0},
		{"ISA*00*", false, 0},	{"<1>", false, 0},	 {"", true, 0},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int sure = xml_LTX_tw_parser()->probe(tw_slice_string(cases[i].bytes), cases[i].end);
		int sign = sure > 0 ? 1 : sure < 0 ? -1 : 0;
		if (sign != cases[i].sign)
			fail_msg("%s: %d", cases[i].bytes, sure);
	}
	/* A declaration and a root of the table are surer than any other tag. */
	int known = xml_LTX_tw_parser()->probe(TW_LITERAL("<Waybill>"), false);
	assert_true(known > xml_LTX_tw_parser()->probe(TW_LITERAL("<other>"), false));
	assert_int_equal(xml_LTX_tw_parser()->find(TW_LITERAL("a<b><Waybill>")), 4);
	assert_int_equal(xml_LTX_tw_parser()->find(TW_LITERAL("a<b><?xml ")), 4);
	assert_int_equal(xml_LTX_tw_parser()->find(TW_LITERAL("a<b>")), 4);
	assert_int_equal(xml_LTX_tw_parser()->find(TW_LITERAL("ab\xff\xfe<\0?\0")), 2);
}

/* What the sink refuses ends the stream, wherever it does. */
static void test_refused(void **state)
{
	static const char input[] = "<M a='1'>x<A>t</A>&amp;</M><M><A>t</B></M>junk<M/>";
	struct tw_sink all = {0};
	struct recorder_feed feed = {.input = TW_LITERAL(input), .limits = recorder_limits,
				     .chunk = 3};
	(void)state;
	assert_int_equal(recorder_run(&feed, &all, NULL), TW_OK);
	for (int call = 1; call <= all.calls; call++) {
		struct tw_sink sink = {.refuse_after = call};
		assert_int_equal(recorder_run(&feed, &sink, NULL), TW_ERROR_LIMIT);
		recorder_free(&sink);
	}
	recorder_free(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_iata),	 cmocka_unit_test(test_customs),
		cmocka_unit_test(test_ubl),	 cmocka_unit_test(test_wrappers),
		cmocka_unit_test(test_sequence), cmocka_unit_test(test_broken),
		cmocka_unit_test(test_ampersand), cmocka_unit_test(test_controls),
		cmocka_unit_test(test_probe),	 cmocka_unit_test(test_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
