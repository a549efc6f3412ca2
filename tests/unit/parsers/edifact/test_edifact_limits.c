/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Limits, truncation, and input that comes in any pieces: nothing is held, nothing
 * is looked at twice, and what is passed over is said.
 * Links the parser alone (all C files of parsers/edifact), NOT the core library.
 */
#include "expect.h"

#include <time.h>

static struct tw_parser_limits limits(size_t bytes, unsigned pieces, unsigned empties)
{
	return (struct tw_parser_limits){bytes, pieces, empties};
}

static void test_descriptor(void **state)
{
	const struct tw_parser *parser = edifact_LTX_tw_parser();
	void *instance = NULL;

	(void)state;
	assert_int_equal(parser->magic, TW_PARSER_MAGIC);
	assert_int_equal(parser->size, sizeof(struct tw_parser));
	assert_int_equal(parser->abi_major, TW_PARSER_ABI_MAJOR);
	assert_string_equal(parser->name, "edifact");
	assert_int_equal(parser->open(&recorder_limits, &instance), TW_OK);
	assert_true(parser->idle(instance));
	parser->close(instance);
	parser->close(NULL);
}

/* Idle before the first byte, within nothing, and behind UNZ; another syntax is left to the engine. */
static void test_idle(void **state)
{
	const struct tw_parser *parser = edifact_LTX_tw_parser();
	static const char input[] = AROUND("BGM+1'") "\nISA*00*";
	struct tw_sink sink = {.brief = true};
	void *instance;

	(void)state;
	assert_int_equal(parser->open(&recorder_limits, &instance), TW_OK);
	parser->feed(instance, tw_slice(input, strlen(UNB)), 0, false, &sink);
	assert_false(parser->idle(instance));
	struct tw_parser_progress progress =
		parser->feed(instance, tw_slice(input + strlen(UNB), strlen(input) - strlen(UNB)),
			     strlen(UNB), true, &sink);
	assert_int_equal(progress.consumed, strlen(AROUND("BGM+1'") "\n") - strlen(UNB));
	assert_int_equal(progress.needed, 0);
	assert_true(parser->idle(instance));
	assert_string_equal(sink.text, AROUND_SAID("BGM 1.1=1\n"));
	parser->close(instance);
	recorder_free(&sink);
}

static void test_nothing(void **state)
{
	(void)state;
	EXPECT("", "");
	EXPECT("\r\n \xef\xbb\xbf\t\r\n", "");
	EXPECT("U", "skip edifact.junk\n");
}

/* limits.segment_bytes counts from the tag to the terminator, which is not counted. */
static void test_segment_bytes(void **state)
{
	char input[300], said[300], text[64];

	(void)state;
	memset(text, 'x', sizeof(text));
	snprintf(input, sizeof(input), "%s%sFTX+%.60s'BGM+1'UNT+4+1'%s", UNB, UNH, text, UNZ);
	snprintf(said, sizeof(said), "%s%sFTX 1.1=%.60s\nBGM 1.1=1\n%s", UNB_SAID, UNH_SAID, text, ENDED);
	expect_bytes(tw_slice_string(input), limits(64, 4096, 16), said);
	snprintf(input, sizeof(input), "%s%sFTX+%.61s'BGM+1'UNT+4+1'%s", UNB, UNH, text, UNZ);
	expect_bytes(tw_slice_string(input), limits(64, 4096, 16),
		     AROUND_SAID("skip edifact.segment_too_long\nBGM 1.1=1\n"));
	/* The released terminator does not end it, here or where it is passed over. */
	snprintf(input, sizeof(input), "%s%sFTX+%.61s?'?'%.9s'BGM+1'UNT+4+1'%s", UNB, UNH, text,
		 text, UNZ);
	expect_bytes(tw_slice_string(input), limits(64, 4096, 16),
		     AROUND_SAID("skip edifact.segment_too_long\nBGM 1.1=1\n"));
}

/* A hundred megabytes without a terminator: one remark, no memory, and on with the next segment. */
static void test_hundred_megabytes(void **state)
{
	const struct tw_parser *parser = edifact_LTX_tw_parser();
	struct tw_sink sink = {.brief = true};
	static char block[1 << 20];
	uint64_t offset = strlen(UNB UNH "FTX+");
	void *instance;

	(void)state;
	memset(block, 'x', sizeof(block));
	assert_int_equal(parser->open(&recorder_limits, &instance), TW_OK);
	assert_int_equal(parser->feed(instance, TW_LITERAL(UNB UNH), 0, false, &sink).consumed,
			 strlen(UNB UNH));
	memcpy(block, "FTX+", 4);
	offset = strlen(UNB UNH);
	struct tw_parser_progress progress =
		parser->feed(instance, tw_slice(block, sizeof(block)), offset, false, &sink);
	/* Just at the limit it waits for one byte more, and with it lets go of all. */
	assert_int_equal(progress.consumed, 0);
	assert_int_equal(progress.needed, sizeof(block) + 1);
	char *larger = malloc(sizeof(block) + 1);
	assert_non_null(larger);
	memcpy(larger, block, sizeof(block));
	larger[sizeof(block)] = 'x';
	progress = parser->feed(instance, tw_slice(larger, sizeof(block) + 1), offset, false, &sink);
	assert_int_equal(progress.consumed, sizeof(block) + 1);
	free(larger);
	offset += progress.consumed;
	memset(block, 'x', 4);
	for (unsigned i = 0; i < 100; i++, offset += sizeof(block))
		assert_int_equal(parser->feed(instance, tw_slice(block, sizeof(block)), offset, false,
					      &sink).consumed,
				 sizeof(block));
	parser->feed(instance, TW_LITERAL("'BGM+1'UNT+4+1'" UNZ), offset, true, &sink);
	assert_string_equal(sink.text, AROUND_SAID("skip edifact.segment_too_long\nBGM 1.1=1\n"));
	parser->close(instance);
	recorder_free(&sink);
}

/* A long segment that comes byte by byte is looked at once: else this takes minutes. */
static void test_byte_by_byte(void **state)
{
	const struct tw_parser *parser = edifact_LTX_tw_parser();
	size_t length = 1000000, head = strlen(UNB UNH), at = 0;
	char *input = malloc(length + 1000);
	struct tw_sink sink = {.quiet = true};
	clock_t start = clock();
	void *instance;

	(void)state;
	assert_non_null(input);
	memcpy(input, UNB UNH "FTX+", head + 4);
	memset(input + head + 4, 'x', length);
	strcpy(input + head + 4 + length, "'" UNT3 UNZ);
	length = strlen(input);
	assert_int_equal(parser->open(&recorder_limits, &instance), TW_OK);
	for (size_t have = 1; have <= length; have++)
		at += parser->feed(instance, tw_slice(input + at, have - at), at, have == length, &sink)
			      .consumed;
	assert_int_equal(at, length);
	assert_int_equal(sink.units, 1);
	assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 20);
	parser->close(instance);
	free(input);
}

/* The 8 pieces of the limit are the tag, elements and components. */
static void test_segment_pieces(void **state)
{
	(void)state;
	expect_bytes(TW_LITERAL(UNB UNH "FTX+A:B:C+D+E+F+G'BGM+1'UNT+4+1'" UNZ), limits(1024, 8, 16),
		     AROUND_SAID("FTX 1.1=A 1.2=B 1.3=C 2.1=D 3.1=E 4.1=F 5.1=G\nBGM 1.1=1\n"));
	expect_bytes(TW_LITERAL(UNB UNH "FTX+A:B:C+D+E+F+G+H:I'BGM+1'UNT+4+1'" UNZ),
		     limits(1024, 8, 16),
		     AROUND_SAID("FTX 1.1=A 1.2=B 1.3=C 2.1=D 3.1=E 4.1=F 5.1=G\n"
				 "skip edifact.segment_too_many_pieces\nBGM 1.1=1\n"));
}

struct numbers {
	unsigned count, last_element, last_component, last_repetition;
};

/* One segment of `count` pieces with one kind of delimiter, and the last piece's numbers. */
static struct numbers numbers_of(unsigned count, char delimiter)
{
	struct tw_sink sink = {0};
	struct numbers numbers = {0};
	char *input = malloc(2 * (size_t)count + 200), *at = input;

	assert_non_null(input);
	at += sprintf(at, "UNA:+.?*'UNB+UNOA:4+S+R+20261120:1000+I1'" UNH "FTX+");
	for (unsigned i = 0; i < count; i++) {
		*at++ = 'x';
		*at++ = i + 1 < count ? delimiter : '\'';
	}
	at += sprintf(at, UNT3 UNZ);
	struct recorder_feed feed = {
		.input = tw_slice(input, (size_t)(at - input)),
		.limits = limits(1 << 20, 65000, 16),
		.chunk = SIZE_MAX,
	};
	assert_int_equal(recorder_run(&feed, &sink, NULL), TW_OK);
	assert_int_equal(sink.anomalies + sink.incompletes, 0);
	for (const char *next = strstr(sink.text, "FTX "); next != NULL && *next != '\n'; next++)
		if (*next == ' ') {
			numbers.count++;
			numbers.last_repetition = 1;
			sscanf(next, " %u.%u*%u", &numbers.last_element, &numbers.last_component,
			       &numbers.last_repetition);
		}
	numbers.count--; /* the place */
	free(input);
	recorder_free(&sink);
	return numbers;
}

/* Numbers that do not fit their field stop at its largest; none begins again at 0. */
static void test_many_pieces(void **state)
{
	static const unsigned counts[] = {2, 249, 250, 251, 254, 255, 256, 257, 300, 1000, 40000};

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		unsigned count = counts[i], held = count < 255 ? count : 255;
		struct numbers numbers = numbers_of(count, '+');
		assert_int_equal(numbers.count, count);
		assert_int_equal(numbers.last_element, count);
		assert_int_equal(numbers.last_component, 1);
		numbers = numbers_of(count, ':');
		assert_int_equal(numbers.count, count);
		assert_int_equal(numbers.last_element, 1);
		assert_int_equal(numbers.last_component, held);
		numbers = numbers_of(count, '*');
		assert_int_equal(numbers.count, count);
		assert_int_equal(numbers.last_component, 1);
		assert_int_equal(numbers.last_repetition, held);
	}
}

static void test_empty_segments(void **state)
{
	(void)state;
	expect_bytes(TW_LITERAL(AROUND("''BGM+1'''")), limits(1024, 64, 2), AROUND_SAID("BGM 1.1=1\n"));
	expect_bytes(TW_LITERAL(AROUND("BGM+1''\r\n' ''")), limits(1024, 64, 2),
		     AROUND_SAID("BGM 1.1=1\nanomaly edifact.empty_segments\n"));
	/* Said once a run. */
	expect_bytes(TW_LITERAL(UNB UNH "''''BGM+1'''''UNT+3+1'" UNZ), limits(1024, 64, 1),
		     AROUND_SAID("anomaly edifact.empty_segments\nBGM 1.1=1\n"
				 "anomaly edifact.empty_segments\n"));
	/* A sender that counts them is right, too. */
	EXPECT(UNB UNH "''BGM+1'UNT+5+1'" UNZ, AROUND_SAID("BGM 1.1=1\n"));
}

/* Cut anywhere, an interchange says that it is incomplete, and what was whole is taken. */
static void test_truncation(void **state)
{
	static const char input[] = AROUND("FTX+AAA+++A?'B:C'");

	(void)state;
	for (size_t length = 1; length < sizeof(input) - 1; length++) {
		struct tw_sink sink = {0};
		struct recorder_feed feed = {
			.input = tw_slice(input, length),
			.limits = recorder_limits,
			.chunk = 1 + length % 5,
		};
		assert_int_equal(recorder_run(&feed, &sink, NULL), TW_OK);
		bool whole = length == strlen(UNB) || length == strlen(UNB UNH) ||
			     length == strlen(UNB UNH "FTX+AAA+++A?'B:C'") ||
			     length == strlen(UNB UNH "FTX+AAA+++A?'B:C'" UNT3);
		/* Shorter than a tag and its separator it is nobody's. */
		const char *code = length < 4 ? "skip edifact.junk 0+" : "skip edifact.truncated ";
		assert_true(whole ? sink.incompletes > 0 && sink.skips == 0
				  : sink.skips == 1 && strstr(sink.text, code) != NULL);
		assert_int_equal(sink.units, length >= strlen(UNB UNH "FTX+AAA+++A?'B:C'"));
		assert_null(strstr(sink.text, "interchange_end 0+0 complete"));
		recorder_free(&sink);
	}
	EXPECT(UNB UNH "BGM+1'FTX+AA",
	       UNB_SAID UNH_SAID "BGM 1.1=1\nskip edifact.truncated\nmessage_end incomplete\n"
				 "interchange_end incomplete\n");
}

/* A sink that refuses stops the parser at once, with the sink's status. */
static void test_refusal(void **state)
{
	static const char input[] = UNB "X'" UNH "x'UNS+S'UNS+S'UNT+9+9'UNT'UNZ+9+9'"
				    "UNO'" UNH "UNG'BGM'";

	(void)state;
	for (int after = 1;; after++) {
		struct tw_sink sink = {.refuse_after = after};
		struct recorder_feed feed = {
			.input = tw_slice(input, sizeof(input) - 1),
			.limits = recorder_limits,
			.chunk = SIZE_MAX,
		};
		int status = recorder_run(&feed, &sink, NULL);
		bool refused = sink.calls >= after;
		assert_int_equal(status, refused ? TW_ERROR_LIMIT : TW_OK);
		assert_true(!refused || sink.calls == after);
		recorder_free(&sink);
		if (!refused)
			break;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_descriptor),
		cmocka_unit_test(test_idle),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_segment_bytes),
		cmocka_unit_test(test_hundred_megabytes),
		cmocka_unit_test(test_byte_by_byte),
		cmocka_unit_test(test_segment_pieces),
		cmocka_unit_test(test_many_pieces),
		cmocka_unit_test(test_empty_segments),
		cmocka_unit_test(test_truncation),
		cmocka_unit_test(test_refusal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
