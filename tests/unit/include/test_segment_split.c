/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ways of the split (tidewaiter/segment_split.h), whichever of them the processor at
 * hand would choose: each must find what a walk over the bytes, one by one, finds in random
 * segments, wherever they stand in the window.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tidewaiter/segments.h"

#define WINDOW 9000u
#define ROUNDS 200u

struct dice {
	uint64_t state;
};

static unsigned roll(struct dice *dice, unsigned sides)
{
	dice->state = dice->state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(dice->state >> 33) % sides;
}

/* Texts of any length, few of them with anything odd; now and then very many elements or components. */
static void fill(struct dice *dice, char window[WINDOW])
{
	static const char odd[] = "?*\n\t\x1b\x7f\x80\xc3\xff";
	static const char delimiters[] = "++++++:::'";
	unsigned most = 1 + roll(dice, 60), kinds = roll(dice, 3) == 0 ? 9 : 10;

	for (unsigned at = 0; at < WINDOW;) {
		for (unsigned left = roll(dice, most); left > 0 && at < WINDOW; left--)
			window[at++] = (char)('A' + roll(dice, 26));
		if (at < WINDOW)
			window[at++] = roll(dice, 100) == 0
					       ? odd[roll(dice, sizeof(odd) - 1)]
					       : delimiters[9 - roll(dice, 1 + roll(dice, kinds))];
	}
}

/* What stands where, by the definition of a segment (ISO 9735, 7) and of tw_unit.slots. */
struct wanted {
	bool whole, plain;
	size_t end;
	struct tw_slot slots[TW_UNIT_SLOTS];
};

static struct wanted look(struct tw_slice window, size_t start)
{
	struct wanted wanted = {.plain = true};
	unsigned element = 0, component = 1;
	size_t from = start;

	for (size_t at = start; at < window.length; at++) {
		unsigned char byte = (unsigned char)window.data[at];
		if (byte == '?' || byte == '*' || byte < ' ' || byte > 0x7f)
			wanted.plain = false;
		if (byte != '+' && byte != ':' && byte != '\'')
			continue;
		if (element >= TW_UNIT_ELEMENTS || component > TW_UNIT_COMPONENTS)
			wanted.plain = false;
		else
			wanted.slots[element * TW_UNIT_COMPONENTS + component - 1] =
				(struct tw_slot){(uint16_t)(from - start), (uint16_t)(at - start)};
		from = at + 1;
		component = byte == ':' ? component + 1 : 1;
		element += byte == '+';
		wanted.whole = byte == '\'';
		wanted.end = at;
		if (wanted.whole)
			break;
	}
	return wanted;
}

static void check_window(struct tw_segment_stream *stream, struct tw_slice window)
{
	struct tw_segment segment = {0};
	struct wanted wanted;

	tw_segment_stream_window(stream, window, 0);
	for (; segment.start < window.length; segment.start = wanted.end + 1) {
		wanted = look(window, segment.start);
		enum tw_segment_outcome outcome = stream->split(stream, &segment);
		if (!wanted.whole) {
			assert_int_not_equal(outcome, TW_SEGMENT_SPLIT);
			return;
		}
		assert_int_equal(outcome, wanted.plain ? TW_SEGMENT_SPLIT : TW_SEGMENT_UNUSUAL);
		if (!wanted.plain)
			continue;
		assert_int_equal(segment.end, wanted.end);
		assert_memory_equal(stream->slots.at, wanted.slots, sizeof(wanted.slots));
	}
}

static void check_way(struct tw_segment_ways way)
{
	const struct tw_parser_limits limits = {1u << 20, 1000, 10};
	struct tw_segment_stream stream = {0};
	struct dice dice = {1};
	char *window = malloc(WINDOW);

	assert_non_null(window);
	assert_int_equal(tw_segment_stream_open(&stream, &limits), TW_OK);
	stream.split = way.split;
	stream.cursor.classify = way.classify;
	stream.syntax = (struct tw_delimiters){
		.element = '+',
		.component = ':',
		.repetition = '*',
		.release = '?',
		.terminator = {'\''},
		.terminator_length = 1,
	};
	tw_delimiters_build(&stream.syntax);
	for (unsigned i = 0; i < ROUNDS; i++) {
		fill(&dice, window);
		/* From the end, so that what is read behind it is not there. */
		size_t length = i <= 2 * TW_SEGMENT_BLOCK ? i : 1 + roll(&dice, WINDOW - 1);
		check_window(&stream, tw_slice(window + WINDOW - length, length));
		check_window(&stream, tw_slice(window, WINDOW));
	}
	tw_segment_stream_close(&stream);
	free(window);
}

static void test_plain(void **state)
{
	(void)state;
	check_way((struct tw_segment_ways){tw_segment_classify_bytes, tw_segment_split_plain});
}

static void test_x86(void **state)
{
	(void)state;
#if defined(TW_SEGMENT_X86)
	check_way((struct tw_segment_ways){tw_segment_classify_sse2, tw_segment_split_plain});
#endif
	check_way(tw_segment_ways_of_processor());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_x86),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
