/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every published XML sample: the facts that tests/corpus/index.tsv states of it. Each
 * is fed whole and in windows of several sizes, and cut at every byte: what is told of
 * a cut one is the beginning of what is told of the whole, and that it is cut is said.
 * Links the parser alone (all C files of parsers/xml), NOT the core library.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "recorder.h"
#include "../samples.h"

struct sample {
	const char *path;
	const char *interchange; /* sender, recipient, reference and time as recorded */
	const char *message;	 /* type, version and reference as recorded */
	const char *facts[14];	 /* ends of leaves */
};

#define RIEGE_ID "888-11111111_6c763819-1067-43fe-acf7-db4daf4f77cf"
#define RIEGE_SAID " sender=RIEGESOFTWARE recipient=CCSPROVIDERNAME reference=" RIEGE_ID \
		   " time=202103101000\n"
#define RIEGE_MESSAGE " type=XFWB version=3.00 reference=" RIEGE_ID "\n"
#define RIEGE_FACTS                                                                       \
	"BusinessHeaderDocument/ID 1=888-11111111", "MasterConsignment/ID 1=8112345678", \
		"MasterConsignment/TotalPieceQuantity 1=3",                             \
		"MasterConsignment/IncludedTareGrossWeightMeasure 1=1042.0 unitCode=KGM", \
		"MasterConsignment/GrossVolumeMeasure 1=2.602 unitCode=MTQ",            \
		"OriginLocation/ID 1=ORK", "FinalDestinationLocation/ID 1=PVG",         \
		"ConsignorParty/Name 1=FORWARDER COMPANY IRELAND LTD",                  \
		"PostalStructuredAddress/CityName 1=LITTLE CITY",                       \
		"IncludedMasterConsignmentItem/TypeCode 1=000111",                      \
		"HandlingSPHInstructions/DescriptionCode 1=NSC"

/* Times are those of Greenwich: 11:00 at +01:00 is 10:00. */
static const struct sample samples[] = {
	{"cargoxml/one-record-c_888-11111111_XFWB.xml", RIEGE_SAID, RIEGE_MESSAGE,
	 {RIEGE_FACTS, "MessageHeaderDocument/TypeCode 1=741"}},
	{"cargoxml/one-record-c_888-11111111_XFWB_multipleULD_multipleHTS.xml", RIEGE_SAID,
	 RIEGE_MESSAGE, {RIEGE_FACTS, "MessageHeaderDocument/TypeCode 1=741",
			 "IncludedMasterConsignmentItem/TypeCode 1=000222"}},
	{"cargoxml/one-record-c_xfwbExample.xml",
	 " sender=RIEGESOFTWARE recipient=CHAMP"
	 " reference=020-68548340_a5b6f9e7-6870-4d54-bc3d-f79ac1a9c789 time=202102191351\n",
	 " type=XFWB version=3.00 reference=020-68548340_a5b6f9e7-6870-4d54-bc3d-f79ac1a9c789\n",
	 {"BusinessHeaderDocument/ID 1=020-68548340", "MessageHeaderDocument/TypeCode 1=741",
	  "MasterConsignment/TotalPieceQuantity 1=4",
	  "MasterConsignment/IncludedTareGrossWeightMeasure 1=36.9 unitCode=KGM",
	  "MasterConsignment/GrossVolumeMeasure 1=0.199 unitCode=MTQ", "OriginLocation/ID 1=VCP",
	  "FinalDestinationLocation/ID 1=CDG", "ConsigneeParty/Name 1=SCHENKER FRANCE SAS",
	  "PostalStructuredAddress/CityName 1=Roissy CDG Cedex",
	  "HandlingSPHInstructions/DescriptionCode 1=EAP"}},
	/* What it lacks no parser misses: that there is no mode of transport the map finds. */
	{"invalid/one-record-c_888-11111111_XFWB_noModeCode.xml", RIEGE_SAID, RIEGE_MESSAGE,
	 {RIEGE_FACTS, "MessageHeaderDocument/TypeCode 1=740"}},
	{"xml/ICS_CC315A_valid_excerpt.xml",
	 " sender=GBCD1234/1234567890 recipient=GBC123 reference=ABC123 time=0302110123\n",
	 " type=CC315A version= reference=ABC123\n",
	 {"GOOITEGDS/UNDanGooCodGDI1 1=1234", "COMCODGODITM/ComNomCMD1 1=12345",
	  "PACGS2/NumOfPacGS24 1=42", "PACGS2/KinOfPacGS23 1=A1", "GOOITEGDS/GroMasGDS46 1=3.14",
	  "TRACONCO1/CouCO125 1=EN"}},
};
#define SAMPLES (sizeof(samples) / sizeof(samples[0]))

static void run_sample(struct tw_slice input, size_t chunk, struct tw_sink *sink)
{
	struct recorder_feed feed = {.input = input, .limits = recorder_limits, .chunk = chunk};
	assert_int_equal(recorder_run(&feed, sink, NULL), TW_OK);
}

/* "parent/name ... text" of a leaf, whatever stands between: offset and length. */
static bool has_leaf(const char *text, const char *fact)
{
	size_t name = strcspn(fact, " ");
	for (const char *line = strstr(text, "leaf "); line != NULL; line = strstr(line + 1, "leaf ")) {
		const char *values = strchr(line, '+');
		if (strncmp(line + 5, fact, name) != 0 || line[5 + name] != ' ' || values == NULL)
			continue;
		values += strcspn(values, " ");
		size_t length = strlen(fact + name);
		if (strncmp(values, fact + name, length) == 0 && values[length] == '\n')
			return true;
	}
	return false;
}

static void test_facts(void **state)
{
	static const size_t chunks[] = {SIZE_MAX, 1, 7, 100, 4096};
	char buffer[SAMPLE_BYTES];
	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		struct tw_slice input = read_sample(samples[i].path, buffer);
		struct tw_sink whole = {0};
		run_sample(input, SIZE_MAX, &whole);
		assert_int_equal(whole.anomalies + whole.skips + whole.incompletes, 0);
		assert_int_equal(whole.messages, 1);
		assert_non_null(strstr(whole.text, samples[i].interchange));
		assert_non_null(strstr(whole.text, samples[i].message));
		for (size_t j = 0; j < 14 && samples[i].facts[j] != NULL; j++)
			if (!has_leaf(whole.text, samples[i].facts[j]))
				fail_msg("%s: no %s", samples[i].path, samples[i].facts[j]);
		for (size_t j = 1; j < 5; j++) {
			struct tw_sink sink = {0};
			run_sample(input, chunks[j], &sink);
			assert_string_equal(sink.text, whole.text);
			recorder_free(&sink);
		}
		recorder_free(&whole);
	}
}

static void test_no_mode(void **state)
{
	char buffer[SAMPLE_BYTES];
	struct tw_sink sink = {0};
	(void)state;
	run_sample(read_sample("invalid/one-record-c_888-11111111_XFWB_noModeCode.xml", buffer),
		   SIZE_MAX, &sink);
	assert_null(strstr(sink.text, "/ModeCode "));
	recorder_free(&sink);
}

/* Only what is told of elements, in place. */
static void keep_units(struct tw_sink *sink)
{
	char *out = sink->text;
	if (out == NULL)
		return;
	for (char *line = sink->text; *line != '\0';) {
		char *end = line + strcspn(line, "\n");
		end += *end == '\n';
		if (strncmp(line, "open ", 5) == 0 || strncmp(line, "leaf ", 5) == 0 ||
		    strncmp(line, "close ", 6) == 0) {
			memmove(out, line, (size_t)(end - line));
			out += end - line;
		}
		line = end;
	}
	*out = '\0';
}

/* Texts with line ends have lines of their own in the record: they are taken out of the sample. */
static void join_lines(char *bytes, size_t length)
{
	bool text = false;
	for (size_t i = 0; i < length; i++) {
		if (bytes[i] == '>' || bytes[i] == '<')
			text = bytes[i] == '>';
		if (text && bytes[i] == '\n')
			bytes[i] = ' ';
	}
}

static void test_cut(void **state)
{
	char buffer[SAMPLE_BYTES];
	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		struct tw_slice input = read_sample(samples[i].path, buffer);
		struct tw_sink whole = {0};
		join_lines(buffer, input.length);
		struct tw_slice trimmed = tw_slice_trim(input);
		run_sample(input, SIZE_MAX, &whole);
		keep_units(&whole);
		for (size_t length = 1; length < trimmed.length; length++) {
			struct tw_sink sink = {0};
			run_sample(tw_slice_part(trimmed, 0, length), 97, &sink);
			assert_int_equal(sink.skips + sink.incompletes, 1);
			keep_units(&sink);
			size_t told = sink.text == NULL ? 0 : strlen(sink.text);
			assert_true(told == 0 || strncmp(whole.text, sink.text, told) == 0);
			recorder_free(&sink);
		}
		recorder_free(&whole);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_no_mode),
		cmocka_unit_test(test_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
