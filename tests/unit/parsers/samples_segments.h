/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEST_PARSERS_SAMPLES_SEGMENTS_H
#define TW_TEST_PARSERS_SAMPLES_SEGMENTS_H

/*
 * Runs of a published sample of a delimited syntax that account for every byte: it is
 * in a unit, or was passed over and said to be, or belongs to a service segment. A
 * test includes its recorder, defines SAMPLES_CODES (what its codes begin with) and
 * service_segment(), and then includes this. Weakness: which service segments stand in
 * a gap is not asked, only that nothing else does.
 */

#include "samples.h"

/* Behind the service segment at the front of a gap, or 0 where there stands none. */
static size_t service_segment(struct tw_slice gap, struct tw_slice terminator);

/* The codes of all remarks, in order. */
static void codes_of(const char *text, char *codes, size_t size)
{
	static const char *const kinds[] = {"anomaly " SAMPLES_CODES, "skip " SAMPLES_CODES,
					    "incomplete " SAMPLES_CODES};
	size_t length = 0;

	codes[0] = 0;
	for (const char *line = text; line != NULL && *line != 0;) {
		for (size_t i = 0; i < 3; i++)
			if (strncmp(line, kinds[i], strlen(kinds[i])) == 0) {
				const char *code = line + strlen(kinds[i]);
				length += (size_t)snprintf(codes + length, size - length, "%.*s ",
							   (int)strcspn(code, " \n"), code);
				assert_true(length < size);
			}
		line = strchr(line, '\n');
		line += line != NULL;
	}
}

/* What is in no unit and was not skipped is service segments and what may stand between them. */
static void check_gap(struct tw_slice gap, struct tw_slice terminator)
{
	while (gap.length > 0) {
		int byte = tw_slice_at(gap, 0);
		size_t length = byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
		if (tw_slice_starts(gap, TW_LITERAL("\xef\xbb\xbf")))
			length = 3;
		if (length == 0)
			length = service_segment(gap, terminator);
		assert_true(length > 0);
		gap = tw_slice_from(gap, length);
	}
}

static void check_accounts(struct tw_slice input, const unsigned char *map,
			   struct tw_slice terminator)
{
	for (size_t at = 0; at < input.length;) {
		size_t end = at;
		while (end < input.length && map[end] == map[at])
			end++;
		if (map[at] == 0)
			check_gap(tw_slice_part(input, at, end - at), terminator);
		at = end;
	}
}

/* `terminator` NULL: it is not known, and bytes are not accounted for. */
static void run_sample(struct tw_slice input, size_t chunk, const char *terminator,
		       struct tw_sink *sink)
{
	static unsigned char map[SAMPLE_BYTES];
	struct recorder_feed feed = {.input = input, .limits = recorder_limits, .chunk = chunk};

	memset(map, 0, sizeof(map));
	*sink = (struct tw_sink){.map = map};
	assert_int_equal(recorder_run(&feed, sink, NULL), TW_OK);
	if (terminator != NULL)
		check_accounts(input, map, tw_slice_string(terminator));
}

/* Fed in windows of 1 to 69 bytes, a sample says what it says as a whole. */
static void check_parts(struct tw_slice input, const char *terminator, const struct tw_sink *whole)
{
	for (size_t chunk = 1; chunk < 70; chunk++) {
		struct tw_sink parts;
		run_sample(input, chunk, terminator, &parts);
		assert_string_equal(parts.text, whole->text);
		recorder_free(&parts);
	}
}

/* Nothing of this syntax starts here: all of it is passed over, with one remark. */
static void check_foreign(const struct tw_parser *parser, const char *path)
{
	char buffer[SAMPLE_BYTES];
	struct tw_slice input = read_sample(path, buffer);

	assert_int_equal(parser->probe(input, true), 0);
	assert_int_equal(parser->find(input), input.length);
	for (size_t chunk = 0; chunk < 20; chunk++) {
		struct tw_sink sink;
		run_sample(input, chunk == 0 ? SIZE_MAX : chunk, NULL, &sink);
		assert_int_equal(sink.covered, input.length);
		assert_int_equal(sink.skips, 1);
		assert_int_equal(sink.interchanges, 0);
		recorder_free(&sink);
	}
}

#endif
