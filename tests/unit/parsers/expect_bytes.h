/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEST_EXPECT_BYTES_H
#define TW_TEST_EXPECT_BYTES_H

/*
 * What a stream must make a parser say, written as the recorder writes it, the same
 * whatever windows it comes in. Include it behind cmocka and the parser's recorder.
 * Weakness: for streams that are written by hand.
 */

/* Feeds `input` whole and in windows of every number of bytes more, and compares. */
static inline void expect_bytes(struct tw_slice input, struct tw_parser_limits limits,
				const char *expected)
{
	for (size_t chunk = 0; chunk <= input.length; chunk++) {
		struct tw_sink sink = {.brief = true};
		struct recorder_feed feed = {
			.input = input,
			.limits = limits,
			.chunk = chunk == 0 ? SIZE_MAX : chunk,
		};
		assert_int_equal(recorder_run(&feed, &sink, NULL), TW_OK);
		assert_string_equal(sink.text == NULL ? "" : sink.text, expected);
		recorder_free(&sink);
	}
}

#define EXPECT(input, expected) expect_bytes(TW_LITERAL(input), recorder_limits, expected)

#endif
