/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every published sample: the facts that tests/corpus/index.tsv states of it, and
 * the anomalies that follow from them. Each is fed whole, byte by byte and in odd
 * windows, and cut at every byte; every byte must be accounted for.
 * Links the parser alone (all C files of parsers/x12), NOT the core library.
 */
#include "x12_testing.h"
#define SAMPLES_CODES "x12."
#include "../samples_segments.h"

struct sample {
	const char *path;
	unsigned segments; /* as the index counts them */
	const char *sender, *recipient, *reference;
	unsigned messages;
	const char *message;   /* the first: type, version and reference as recorded */
	const char *anomalies; /* codes in order, without "x12." */
	const char *terminator;
	unsigned binaries; /* BIN segments */
	bool bare;	   /* without an interchange header */
	bool header_only;  /* nothing else that could be taken */
};

#define HEADER "interchange_header "
#define LENGTH "header_length "
#define COUNT "segment_count "
#define TRAILER "interchange_trailer "
#define REFERENCE "interchange_reference "
#define REFERENCES "message_reference group_reference " REFERENCE

/*
 * Counts and references as the index marks them. Where the component separator is
 * '~' and each line ends in it (940_3, 25, 34), the index reads "4332~" for what is
 * 4332 with an empty component behind it, and notes mismatches that are none.
 */
static const struct sample samples[] = {
	{"invalid/309_v006050_short_isa.x12", 9, "AA", "BB", "000000010", 1,
	 "type=309 version=006050 reference=0001", LENGTH, "~", 0, false, false},
	{"invalid/staedi_extraDelimiter997.edi", 12, "ReceiverID", "Sender", "508121953", 1,
	 "type=997 version=005010X230 reference=0001", "", "~", 0, false, false},
	{"invalid/staedi_invalid997_min.edi", 8, "ReceiverID", "Sender", "508121953", 1,
	 "type=997 version=005010X230 reference=0001", "group_reference ", "~", 0, false, false},
	{"invalid/x12-types_004010_310.edi", 50, "SOURCE", "TARGET", "000011566", 1,
	 "type=310 version=004010 reference=35353", COUNT REFERENCES, "~", 0, false, false},
	{"x12-robustness/x12types_940_v004010_10.x12", 1, "925119TEST", "TESTTPLEDI", "000000009", 0,
	 "", HEADER TRAILER, "~", 0, false, true},
	{"x12-robustness/x12types_940_v004010_12.x12", 1, "925119TEST", "TESTTPLEDI", "000000009", 0,
	 "", HEADER TRAILER, "~", 0, false, true},
	{"x12-robustness/x12types_940_v004010_14.x12", 1, "925119TEST1", "TESTTPLEDI", "000000009", 0,
	 "", HEADER TRAILER, "~", 0, false, true},
	{"x12-robustness/x12types_940_v004010_16.x12", 1, "925119TEST", "TESTTPLEDI", "000000009", 0,
	 "", HEADER TRAILER, "~", 0, false, true},
	{"x12-robustness/x12types_940_v004010_18.x12", 1, "925119TEST", "TESTTPLEDI", "000000009", 0,
	 "", HEADER TRAILER, "~", 0, false, true},
	{"x12-robustness/x12types_940_v004010_20.x12", 1, "925119TEST", "TESTTPLEDI", "000000009", 0,
	 "", HEADER TRAILER, "~", 0, false, true},
	{"x12-robustness/x12types_940_v004010_22.x12", 1, "925119TEST", "TESTTPLEDI", "0000000099", 0,
	 "", HEADER TRAILER, "~", 0, false, true},
	{"x12-robustness/x12types_940_v004010_25.x12", 7, "925119TEST", "TESTTPLEDI", "000000009", 1,
	 "type=940 version=004010UCS reference=43130001", COUNT, "\n", 0, false, false},
	{"x12-robustness/x12types_940_v004010_27.x12", 1, "925119TEST", "TESTTPLEDI", "000000009", 0,
	 "", HEADER TRAILER, "~", 0, false, true},
	{"x12-robustness/x12types_940_v004010_29.x12", 7, "925119TEST", "TESTTPLEDI", "000000009", 1,
	 "type=940 version=004010UCS reference=43130001", HEADER COUNT, "~", 0, false, false},
	/* Terminator '}', which does not stand anywhere else. */
	{"x12-robustness/x12types_940_v004010_31.x12", 1, "SENDER", "RECEIVER", "000000001", 0,
	 "", "truncated ", "}", 0, false, true},
	{"x12-robustness/x12types_940_v004010_34.x12", 7, "ABCDEFGHIJKLMNO", "ABCDEFGHIJKLMNO", "999999999", 1,
	 "type=940 version=999999 reference=9999", "interchange_time " COUNT, "\n", 0, false, false},
	{"x12-robustness/x12types_940_v004010_36.x12", 7, "SENDER", "RECEIVER", "000000001", 1,
	 "type=940 version=004010UCS reference=0001", COUNT, "~", 0, false, false},
	{"x12-robustness/x12types_940_v004010_39.x12", 7, "SENDER", "RECEIVER", "000000001", 1,
	 "type=940 version=004010UCS~ reference=0001~", COUNT "group_reference " REFERENCE, "\n", 0, false, false},
	{"x12-robustness/x12types_940_v004010_5.x12", 7, "925119TEST", "TESTTPLEDI", "", 1,
	 "type=940 version=004010UCS reference=43130001", HEADER COUNT REFERENCE, "~", 0, false, false},
	{"x12-robustness/x12types_940_v004010_7.x12", 7, "ZZ", "111201", "0", 1,
	 "type=940 version=004010UCS reference=43130001", HEADER COUNT REFERENCE, "~", 0, false, false},
	{"x12/309_v005010_typestest.x12", 25, "TEST", "DEST", "000000001", 1,
	 "type=309 version=005010 reference=0001", COUNT, "~", 0, false, false},
	{"x12/350_v005010_ba1_export.x12", 9, "TEST", "DEST", "000000003", 1,
	 "type=350 version=005010 reference=0001", "", "~", 0, false, false},
	{"x12/353_events.x12", 12, "TEST", "DEST", "000000005", 1,
	 "type=353 version=005010 reference=0001", COUNT, "~", 0, false, false},
	{"x12/358_consist.x12", 16, "TEST", "DEST", "000000007", 1,
	 "type=358 version=004060 reference=0001", "", "~", 0, false, false},
	{"x12/edinet_210-MGCTLYST-SAMPLE.EDI", 35, "SCAC", "MGCTLYST", "000001838", 1,
	 "type=210 version=004010 reference=18380001", "", "~", 0, false, false},
	{"x12/edinet_990-MGCTLYST-SAMPLE.EDI", 7, "SCAC", "MGCTLYST", "000002356", 1,
	 "type=990 version=004010 reference=000000448", "", "\n", 0, false, false},
	{"x12/edinet_x12.810a.edi", 68, "ABCMUSICSUPPLY", "ARIBAEDI", "000000001", 1,
	 "type=810 version=004010 reference=0001", LENGTH, "~", 0, false, false},
	{"x12/edinet_x12.810c.edi", 49, "ABCMUSICSUPPLY", "ARIBAEDI", "000000001", 1,
	 "type=810 version=004010 reference=0001", LENGTH, "~", 0, false, false},
	{"x12/edinet_x12.820.issue140.edi", 72, "TPTESTUS00", "TESTCOMP", "820101047", 1,
	 "type=820 version=005010 reference=101053", "", "\n", 0, false, false},
	{"x12/edinet_x12.850.edi", 15, "000123456", "PARTNERID", "000000055", 1,
	 "type=850 version=004010 reference=0003", REFERENCE, "~", 0, false, false},
	{"x12/edinet_x12.850a.edi", 54, "000123456", "TEST2", "000000055", 1,
	 "type=850 version=004010 reference=0001", LENGTH REFERENCE, "~", 0, false, false},
	{"x12/edinet_x12.Issue172.edi", 14, "000123456", "TEST2", "000000055", 1,
	 "type=850 version=004010 reference=0001", LENGTH COUNT REFERENCE, "~", 0, false, false},
	{"x12/edinet_x12.Issue91.edi", 11, "000123456", "TEST2", "000000055", 1,
	 "type=850 version=004010 reference=0001", LENGTH COUNT REFERENCE, "~", 0, false, false},
	{"x12/staedi_empty997.edi", 6, "ReceiverID", "Sender", "000000001", 1,
	 "type=997 version=005010 reference=0001", "", "~", 0, false, false},
	{"x12/staedi_multi-tx-transaction-type.edi", 10, "ALEXANDRE0JACOB", "ALEXANDRE0JACOB", "000001337", 2,
	 "type=855 version=004010 reference=0001", "", "~", 0, false, false},
	{"x12/staedi_sample275_with_HL7_valid_BIN01.edi", 20, "ReceiverID", "Sender", "508121953", 1,
	 "type=275 version=005010X211 reference=1001", "binary ", "~", 1, false, false},
	{"x12/staedi_sample837-original.edi", 43, "ABCDEFGHIJKLMNO", "123456789012345", "000003438", 1,
	 "type=837 version=005010X222 reference=0001", "", "\n", 0, false, false},
	{"x12/staedi_simple810.edi", 58, "SENDERISA", "RECEIVERISA", "000000020", 2,
	 "type=810 version=004010 reference=000000001", "", "~", 0, false, false},
	{"x12/staedi_simple997.edi", 12, "ReceiverID", "Sender", "508121953", 1,
	 "type=997 version=005010X230 reference=0001", "", "~", 0, false, false},
	{"x12/staedi_simple_with_binary_segment.edi", 9, "ReceiverID", "Sender", "508121953", 1,
	 "type=000 version=005010 reference=0001", "binary " "binary " "binary ", "~", 3, false, false},
	{"x12/staedi_ts214_ellipses_segterm.edi", 24, "XXXX", "DDDDDD", "000075776", 1,
	 "type=214 version=004010 reference=757760001", "", "\xe2\x80\xa6", 0, false, false},
	{"x12/x12-types_004010_850.edi", 39, "SENDERISA", "0073268795005", "000000001", 1,
	 "type=850 version=004010 reference=000000001", "", "~", 0, false, false},
	{"x12/x12-types_005010_824.edi", 11, "9254110060", "123456789", "000095071", 1,
	 "type=824 version=005010 reference=021390001", "", "~", 0, false, false},
	{"x12/x12types_204_v004010_1.x12", 62, "XXXXXXXXX", "XXXXXX", "000022310", 1,
	 "type=204 version=004010 reference=22310", "", "~", 0, false, false},
	{"x12/x12types_214_v004010_0.x12", 31, "ABCDEFGHIJKLMNO", "123456789012345", "000003438", 1,
	 "type=214 version=004010 reference=0001", REFERENCE, "~", 0, false, false},
	{"x12/x12types_301_v004010_0.x12", 17, "", "", "", 1,
	 "type=301 version= reference=33233", "no_interchange ", "~", 0, true, false},
	{"x12/x12types_301_v004010_2.x12", 35, "XXXX", "XXXXXXXXX", "000107033", 1,
	 "type=301 version=004010 reference=105115", "", "~", 0, false, false},
	{"x12/x12types_301_v004010_4.x12", 25, "XXX", "XXXX", "000999999", 1,
	 "type=301 version=004010 reference=116513", "", "~", 0, false, false},
	{"x12/x12types_310_v004010_0.x12", 50, "SOURCE", "TARGET", "000011566", 1,
	 "type=310 version=004010 reference=35353", COUNT REFERENCES, "~", 0, false, false},
	{"x12/x12types_310_v004010_2.x12", 43, "XXXXXX999", "XXXX135600", "000000015", 1,
	 "type=310 version=004010 reference=0015", "", "~", 0, false, false},
	{"x12/x12types_315_v004010_0.x12", 13, "SOURCE", "TARGET", "000000001", 1,
	 "type=315 version=004010 reference=00001", "", "~", 0, false, false},
	{"x12/x12types_315_v004010_3.x12", 23, "HAMSUD", "GSCL", "000720857", 1,
	 "type=315 version=004010 reference=1883403", "", "~", 0, false, false},
	{"x12/x12types_322_v004010_1.x12", 16, "HAMSUD", "PARTNERID", "053849086", 1,
	 "type=322 version=004010 reference=0001", LENGTH, "~", 0, false, false},
	{"x12/x12types_322_v004010_3.x12", 18, "HAMSUD", "PARTNERID", "053849086", 1,
	 "type=322 version=004010 reference=0001", LENGTH COUNT, "~", 0, false, false},
	{"x12/x12types_404_v004010_0.x12", 50, "XXXXXX004", "XX", "000015113", 1,
	 "type=404 version=004010 reference=15113", "", "~", 0, false, false},
	{"x12/x12types_404_v005030_0.x12", 76, "XXXXXXX", "XXXXXX", "000099667", 1,
	 "type=404 version=005030 reference=99163", "", "~", 0, false, false},
	{"x12/x12types_856_v004010_0.x12", 7, "SENDER", "RECEIVER", "000000001", 1,
	 "type=856 version=004010 reference=0001", COUNT, "~", 0, false, false},
	{"x12/x12types_856_v004010_2.x12", 48, "SENDER1", "RECEIVER1", "000000263", 1,
	 "type=856 version=004010 reference=0001", "group_missing ", "~", 0, false, false},
	{"x12/x12types_856_v004010_4.x12", 22, "SENDER", "RECEIVER", "000000001", 1,
	 "type=856 version=004010 reference=0001", COUNT, "~", 0, false, false},
	{"x12/x12types_856_v004010_7.x12", 17, "7777777777", "004321519IBMP", "000012152", 1,
	 "type=856 version=004010 reference=12159", LENGTH, "~", 0, false, false},
	{"x12/x12types_940_v004010_1.x12", 38, "BIGETP", "035230000", "000575103", 1,
	 "type=940 version=004010 reference=0001", "", "~", 0, false, false},
	{"x12/x12types_940_v004010_3.x12", 23, "925119TEST", "TESTTPLEDI", "000000028", 1,
	 "type=940 version=004010UCS reference=43320001", "", "\n", 0, false, false},
	{"x12/x12types_998_v004010_0.x12", 7, "XXXXXXX", "XXXXXX", "000097614", 1,
	 "type=998 version=004010 reference=2577", "", "~", 0, false, false},
};

static size_t service_segment(struct tw_slice gap, struct tw_slice terminator)
{
	static const char *const tags[] = {"ISA", "GS", "ST", "SE", "GE", "IEA"};
	bool service = false;

	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		service = service || tw_slice_starts(gap, tw_slice_string(tags[i]));
	for (size_t at = 0; service && at < gap.length; at++)
		if (tw_slice_starts(tw_slice_from(gap, at), terminator))
			return at + terminator.length;
	return service && terminator.data[0] == '\n' ? gap.length : 0;
}

static unsigned service_segments(const struct sample *sample)
{
	if (sample->header_only)
		return 1;
	return 2 * sample->messages + (sample->bare ? 0 : 4);
}

static void check_facts(const struct sample *sample, const struct tw_sink *sink)
{
	char expected[512], codes[512];

	snprintf(expected, sizeof(expected), " sender=%s recipient=%s reference=%s time=",
		 sample->sender, sample->recipient, sample->reference);
	assert_non_null(strstr(sink->text, expected));
	assert_int_equal(sink->messages, sample->messages);
	if (sample->messages > 0) {
		snprintf(expected, sizeof(expected), " %s\n", sample->message);
		const char *message = strstr(sink->text, "message ");
		assert_non_null(message);
		message = strstr(message, " type=");
		assert_non_null(message);
		assert_memory_equal(message, expected, strlen(expected));
	}
	assert_int_equal(sink->units + service_segments(sample) + sample->binaries,
			 sample->segments);
	codes_of(sink->text, codes, sizeof(codes));
	assert_string_equal(codes, sample->anomalies);
}

static void test_facts(void **state)
{
	char buffer[SAMPLE_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		struct tw_slice input = read_sample(samples[i].path, buffer);
		struct tw_sink whole;
		run_sample(input, SIZE_MAX, samples[i].terminator, &whole);
		check_facts(&samples[i], &whole);
		check_parts(input, samples[i].terminator, &whole);
		recorder_free(&whole);
	}
}

/* Cut at every byte: the same however it comes, and what is lost is told. */
static void test_cut(void **state)
{
	char buffer[SAMPLE_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		struct tw_slice input = read_sample(samples[i].path, buffer);
		bool line = samples[i].terminator[0] == '\n';
		unsigned units = 0;
		for (size_t length = 0; length <= input.length; length++) {
			struct tw_slice cut = tw_slice_part(input, 0, length);
			struct tw_sink whole, parts;
			/* Where the end of a header is cut off, its terminator can only be guessed. */
			const char *terminator = length > 130 ? samples[i].terminator : NULL;
			run_sample(cut, SIZE_MAX, terminator, &whole);
			run_sample(cut, 7, terminator, &parts);
			assert_int_equal(whole.length, parts.length);
			assert_true(whole.length == 0 || strcmp(whole.text, parts.text) == 0);
			/* Where lines end segments, the end of the file is a line's end: a cut tag may be one. */
			assert_true(whole.units >= units || line);
			/* Nothing is cut off silently: what is open is told, or nothing is. */
			bool whole_ones = strstr(whole.text == NULL ? "" : whole.text, "_end") == NULL ||
					  strstr(whole.text, " incomplete\n") == NULL;
			assert_true(whole_ones || whole.skips + whole.incompletes > 0);
			units = whole.units;
			recorder_free(&whole);
			recorder_free(&parts);
		}
	}
}

/* EDIFACT and XML: nothing starts here, and all of it is passed over. */
static void test_foreign(void **state)
{
	static const char *const foreign[] = {
		"edifact/staedi_invoic_d93a_una.edi",
		"edifact/edifact-type_d00b_iftsta.edi",
		"invalid/one-record-c_888-11111111_XFWB_noModeCode.xml",
	};
	(void)state;
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		check_foreign(x12_LTX_tw_parser(), foreign[i]);
}

/* The samples that are whole, one behind the other in one stream, say what each says alone. */
static void test_together(void **state)
{
	static char together[128 * 1024];
	struct tw_sink sink = {.brief = true}, each = {.brief = true};
	size_t length = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		char buffer[SAMPLE_BYTES];
		struct tw_slice input = read_sample(samples[i].path, buffer);
		struct recorder_feed feed = {
			.input = input, .limits = recorder_limits, .chunk = SIZE_MAX};
		if (samples[i].bare || samples[i].header_only)
			continue;
		assert_int_equal(recorder_run(&feed, &each, NULL), TW_OK);
		each.covered_to = 0;
		assert_true(length + input.length < sizeof(together));
		memcpy(together + length, input.data, input.length);
		length += input.length;
		together[length++] = '\n';
	}
	struct recorder_feed feed = {
		.input = tw_slice(together, length), .limits = recorder_limits, .chunk = 1000};
	assert_int_equal(recorder_run(&feed, &sink, NULL), TW_OK);
	assert_string_equal(sink.text, each.text);
	recorder_free(&sink);
	recorder_free(&each);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_together),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
