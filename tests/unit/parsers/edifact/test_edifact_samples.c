/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every published sample: the facts that tests/corpus/index.tsv states of it, and
 * the anomalies that follow from them. Each is fed whole, byte by byte and in odd
 * windows, and cut at every byte; every byte must be accounted for.
 * Links the parser alone (all C files of parsers/edifact), NOT the core library.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "recorder.h"
#define SAMPLES_CODES "edifact."
#include "../samples_segments.h"

struct sample {
	const char *path;
	unsigned segments; /* UNA not counted */
	const char *sender, *recipient, *reference;
	unsigned messages;
	const char *message;   /* the first: type, version and reference as recorded */
	const char *anomalies; /* codes in order, without "edifact." */
	const char *terminator;
	bool bare;
	unsigned groups;
};

#define COUNT "segment_count "
#define REFERENCE "message_reference "

/* Counted from the files; UNT and UNZ mismatches as the index marks them. */
static const struct sample samples[] = {
	{"edifact/CUSCAR_d99b_au_warrel.edi", 15, "AAA676Y", "AAA336C", "200401270003", 1,
	 "type=CUSCAR version=D:99B:UN reference=1", "", "'", false, 0},
	{"edifact/CUSREP_d99b_au_depart.edi", 10, "AAA676Y", "AAA336C", "200401270013", 1,
	 "type=CUSREP version=D:99B:UN reference=1", "", "'", false, 0},
	{"edifact/edifact-type_d00b_iftsta.edi", 33, "SENDER", "RECEIVER", "2803570", 1,
	 "type=IFTSTA version=D:00B:UN reference=2805567", "interchange_reference ", "'", false, 0},
	{"edifact/edifact-type_d95b_coprar.edi", 29, "", "", "", 1,
	 "type=COPRAR version=D:95B:UN reference=638", "no_interchange " COUNT, "'", true, 0},
	{"edifact/edinet_edifact.01.multi-message.edi", 64, "1234567891123", "7080005059275",
	 "HBQ001", 2, "type=QUOTES version=D:96A:UN reference=1",
	 COUNT COUNT "interchange_reference ", "'", false, 0},
	{"edifact/edinet_edifact.D01B.IFCSUM.NewLines.EDI", 29, "5011408000007", "5999999999952",
	 "2216", 1, "type=IFCSUM version=D:01B:UN reference=1", COUNT, "\n", false, 0},
	/* UNB names no parties and no reference, UNH no type, UNT no reference. */
	{"edifact/edinet_edifact.Issue121.ElementList.edi", 7, "", "", "", 1,
	 "type= version= reference=000001", "message_type " COUNT REFERENCE, "'", false, 0},
	{"edifact/edinet_edifact.Issue152.Wikipedia.edi", 15, "6XPPC", "LHPPC", "1", 1,
	 "type=PAORES version=93:1:IA reference=1", "", "'", false, 0},
	{"edifact/edinet_edifact.Issue170.ElementList.edi", 7, "", "", "", 1,
	 "type= version= reference=000001", "message_type " COUNT REFERENCE, "'", false, 0},
	/* UNZ announces one message of four. */
	{"edifact/edinet_edifact.Issue188.edi", 14, "5790000010790", "5790000110247", "581575491", 4,
	 "type=IFTMIN version=D:96A:UN reference=42",
	 COUNT COUNT REFERENCE COUNT COUNT REFERENCE "interchange_count ", "'", false, 0},
	{"edifact/edinet_edifact.Issue203.edi", 104, "6XPPC", "LHPPC", "1", 1,
	 "type=INVOIC version=D:01B:UN reference=12", COUNT REFERENCE, "'", false, 0},
	/* A continuation line of COM that is no segment. */
	{"edifact/edinet_edifact.ORDRSP-formatted.edi", 32, "9900080000007", "990000000000X",
	 "DAREFNR0000001", 1, "type=ORDRSP version=D:10A:UN reference=9IMX20YSP0009",
	 "segment_tag " COUNT REFERENCE "interchange_reference ", "'", false, 0},
	{"edifact/edinet_edifact.Paiement.Issue139.EDI", 14, "35044551600023", "7501751",
	 "20191007120559", 1, "type=INFENT version=D:00B:UN reference=00001", COUNT, "'", false, 1},
	/* Release '\', repetition '*' (IATA). */
	{"edifact/staedi_empty-segment-example.edi", 7, "1A", "KRC", "0003", 1,
	 "type=PNRGOV version=11:1:IA reference=1", "", "'", false, 0},
	{"edifact/staedi_invoic_d93a_una.edi", 30, "FHPEDAL", "HUBERGMBH", "9908021557", 1,
	 "type=INVOIC version=D:93A:UN reference=INVOIC0001", "", "'", false, 0},
	{"edifact/staedi_invoic_d97b_una.edi", 26, "005435656", "006415160", "00000000000778", 1,
	 "type=INVOIC version=D:97B:UN reference=00000000000117", "", "~", false, 0},
	{"edifact/staedi_other_dialect_term_segments.edi", 6, "005435656", "006415160",
	 "00000000000001", 1, "type=CUSTOM version=D:97B:UN reference=00000000000001", "", "'", false, 0},
	/*
	 * Folded at 50 columns within UNB's and UNZ's reference. The index reads the line
	 * ends as blanks and finds a mismatch; they are no data, and then there is none.
	 */
	{"edifact/staedi_wrapped_invoic_d97b.edi", 26, "005435656", "006415160", "00000000000778", 1,
	 "type=INVOIC version=D:97B:UN reference=00000000000117", "", "'", false, 0},
	{"invalid/edinet_edifact.D01B.IFCSUM.EDI", 29, "5011408000007", "5999999999952", "2216", 1,
	 "type=IFCSUM version=D:01B:UN reference=1", COUNT, "'", false, 0},
	{"invalid/edinet_edifact.D95B.Issue137.EDI", 52, "", "", "", 1,
	 "type= version=D:95B:UN reference=201701191AB652", "no_interchange message_type " COUNT, "'",
	 true, 0},
	/* UNS+S twice. Its other errors are values, which no parser judges. */
	{"invalid/staedi_invoic_d97b_bad.edi", 27, "005435656", "006415160", "00000000000778", 1,
	 "type=INVOIC version=D:97B:UN reference=00000000000117", "segment_place ", "'", false, 0},
	/* Its syntax is right; that it is a passenger message the engine says. */
	{"invalid/staedi_null-pointer-example.edi", 11, "1A", "ONIP", "0001", 1,
	 "type=PNRGOV version=11:1:IA reference=1", "", "'", false, 0},
};

/* X12 and XML: nothing starts here, and all of it is passed over. */
static const char *const foreign[] = {
	"invalid/309_v006050_short_isa.x12",	"invalid/staedi_extraDelimiter997.edi",
	"invalid/staedi_invalid997_min.edi",	"invalid/x12-types_004010_310.edi",
	"invalid/one-record-c_888-11111111_XFWB_noModeCode.xml",
};

static size_t service_segment(struct tw_slice gap, struct tw_slice terminator)
{
	char byte = terminator.data[0];

	if (tw_slice_starts(gap, TW_LITERAL("UNA")))
		return gap.length >= 9 ? 9 : 0;
	if (!tw_slice_starts(gap, TW_LITERAL("UN")) && !tw_slice_starts(gap, TW_LITERAL("UI")))
		return 0;
	const char *end = memchr(gap.data, byte, gap.length);
	if (end == NULL)
		return byte == '\n' ? gap.length : 0;
	return (size_t)(end - gap.data) + 1;
}

static void check_facts(const struct sample *sample, const struct tw_sink *sink)
{
	char expected[512], codes[512];

	snprintf(expected, sizeof(expected), " sender=%s recipient=%s reference=%s time=",
		 sample->sender, sample->recipient, sample->reference);
	assert_non_null(strstr(sink->text, expected));
	snprintf(expected, sizeof(expected), " %s\n", sample->message);
	const char *message = strstr(sink->text, "message ");
	assert_non_null(message);
	message = strstr(message, " type=");
	assert_non_null(message);
	assert_memory_equal(message, expected, strlen(expected));
	assert_int_equal(sink->messages, sample->messages);
	assert_int_equal(sink->units + 2 * sample->messages + (sample->bare ? 0 : 2) +
				 2 * sample->groups,
			 sample->segments);
	codes_of(sink->text, codes, sizeof(codes));
	assert_string_equal(codes, sample->anomalies);
	assert_int_equal(sink->skips + sink->incompletes, 0);
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

/* Cut at every byte: incomplete, or at the end of the last trailer; nothing unaccounted. */
static void test_cut(void **state)
{
	char buffer[SAMPLE_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		struct tw_slice input = read_sample(samples[i].path, buffer);
		unsigned units = 0;
		for (size_t length = 0; length <= input.length; length++) {
			struct tw_slice cut = tw_slice_part(input, 0, length);
			struct tw_sink whole, parts;
			run_sample(cut, SIZE_MAX, samples[i].terminator, &whole);
			run_sample(cut, 7, samples[i].terminator, &parts);
			assert_int_equal(whole.length, parts.length);
			assert_true(whole.length == 0 || strcmp(whole.text, parts.text) == 0);
			/* Where lines end segments, the end of the file is a line's end: a cut tag may be one. */
			assert_true(whole.units >= units || samples[i].terminator[0] == '\n');
			units = whole.units;
			recorder_free(&whole);
			recorder_free(&parts);
		}
	}
}

static void test_foreign(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		check_foreign(edifact_LTX_tw_parser(), foreign[i]);
}

/* The samples one behind the other in one stream say the same, one after the other. */
static void test_together(void **state)
{
	static char together[64 * 1024];
	struct tw_sink sink = {.brief = true}, each = {.brief = true};
	size_t length = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		char buffer[SAMPLE_BYTES];
		struct tw_slice input = read_sample(samples[i].path, buffer);
		struct recorder_feed feed = {.input = input, .limits = recorder_limits, .chunk = SIZE_MAX};
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
