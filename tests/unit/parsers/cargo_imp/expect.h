/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEST_IMP_EXPECT_H
#define TW_TEST_IMP_EXPECT_H

/*
 * What a stream must make the parser say, written as the recorder writes it, the
 * same whatever windows it comes in. Link the parser alone, NOT the core library
 * (see recorder.h). The messages of these tests are made up, after the public
 * descriptions of Cargo-IMP and of CBP's air messages.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define RECORDER_PARSER cargo_imp_LTX_tw_parser
#define RECORDER_FORMAT "cargo_imp"
#define RECORDER_LEFT "cargo_imp.line_too_many_pieces"
#include "../edifact/recorder.h"

/* Feeds `input` whole and in windows of 1 to 9 bytes more, and compares. */
static void expect_bytes(struct tw_slice input, struct tw_parser_limits limits,
			 const char *expected)
{
	for (size_t chunk = 0; chunk < 10; chunk++) {
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

/* An FSR asks for one waybill: the shortest message there is. */
#define FSR "FSR/1\n020-12345675\n"
#define FSR_UNIT "AWB 1.1=020-12345675\n"
#define FSR_SAID "message type=FSR version=1\n" FSR_UNIT "message_end complete\n"
#define BARE "interchange ascii\n"
#define ENDED "interchange_end complete\n"

#endif
