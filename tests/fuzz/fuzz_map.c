/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzzes the walk of the maps: an input is a stream as a file holds it, in any syntax and with
 * whatever messages it names; it goes through all parsers and the project's maps into records.
 * It is read three times, which must come to the same: whole; in pieces, whose length comes
 * from that of the input; and whole again with the walk knowing no window, so that it takes no
 * short way. Every record must be one, and its values stand in the input. Every window is a copy of its
 * exact size. The maps are those of $srcdir.
 *   clang -DTW_LIBFUZZER -fsanitize=fuzzer,address,undefined ...    to fuzz
 *   without TW_LIBFUZZER                                            to replay files and folders
 */
#include <math.h>
#include <stdlib.h>

#include "engine/finder.h"
#include "engine/sink.h"
#include "fuzz_check.h"

#define MOST ((size_t)1 << 18) /* it is read three times, once in small pieces */
#define SPANS 64u

const struct tw_parser *camir_LTX_tw_parser(void);
const struct tw_parser *cargo_imp_LTX_tw_parser(void);
const struct tw_parser *edifact_LTX_tw_parser(void);
const struct tw_parser *one_record_LTX_tw_parser(void);
const struct tw_parser *x12_LTX_tw_parser(void);
const struct tw_parser *xml_LTX_tw_parser(void);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reading {
	size_t step;   /* so many bytes come at a time */
	bool windowed; /* the walk knows the parsers' windows */
};

struct reader {
	struct tw_finder finder;
	struct tw_sink sink;
	const struct tw_parser *parser;
	void *instance;
	size_t at; /* of the input: all before it was consumed */
};

/* Read once: the process has them until its end. */
static const struct tw_maps *all_maps(void)
{
	static struct tw_maps *maps;
	struct tw_buffer problems = {0};
	char path[4096];
	const char *root = getenv("srcdir");
	if (maps != NULL)
		return maps;
	(void)snprintf(path, sizeof(path), "%s/parsers", root == NULL ? "." : root);
	CHECK(tw_maps_create(&maps) == TW_OK);
	CHECK(tw_maps_read_folder(maps, path, &problems) == 0);
	CHECK(tw_maps_count(maps) > 0);
	tw_buffer_free(&problems);
	return maps;
}

/* ---- reading -------------------------------------------------------------------- */

static void close_parser(struct reader *reader)
{
	if (reader->parser != NULL)
		reader->parser->close(reader->instance);
	reader->parser = NULL;
	reader->instance = NULL;
}

/* Between interchanges: whose syntax begins. False: nobody's in these bytes. */
static bool find_parser(struct reader *reader, struct tw_slice *window, bool end)
{
	static const struct tw_parser_limits limits = {1 << 16, 4096, 16};
	struct tw_found found = tw_finder_look(&reader->finder, *window, reader->at, end);
	reader->at += found.passed;
	*window = tw_slice_from(*window, found.passed);
	if (found.parser == NULL || found.parser == reader->parser)
		return found.parser != NULL;
	close_parser(reader);
	CHECK(found.parser->open(&limits, &reader->instance) == TW_OK);
	reader->parser = found.parser;
	return true;
}

/* As a stream of the engine does it. */
static void feed_window(struct reader *reader, struct tw_slice window, bool end, bool windowed)
{
	bool between = reader->parser == NULL || reader->parser->idle(reader->instance);
	if (between && !find_parser(reader, &window, end) && (reader->parser == NULL || !end))
		return;
	tw_sink_window(&reader->sink, windowed ? window : tw_slice(NULL, 0), true);
	struct tw_parser_progress progress =
		reader->parser->feed(reader->instance, window, reader->at, end, &reader->sink);
	tw_sink_window(&reader->sink, tw_slice(NULL, 0), false);
	CHECK(progress.consumed <= window.length && reader->sink.status == TW_OK);
	reader->at += progress.consumed;
	if (progress.status < 0 || (end && progress.consumed == 0)) {
		close_parser(reader);
		reader->at += window.length > progress.consumed;
	}
}

static void feed_all(struct reader *reader, struct tw_slice input, const struct reading *reading)
{
	for (size_t to = 0; to < input.length || reader->at < input.length;) {
		size_t before = reader->at;
		to = to + reading->step < input.length ? to + reading->step : input.length;
		do {
			before = reader->at;
			struct tw_slice part = tw_slice_part(input, before, to - before);
			char *copy = malloc(part.length + 1);
			CHECK(copy != NULL);
			memcpy(copy, part.data, part.length);
			feed_window(reader, tw_slice(copy, part.length), to == input.length,
				    reading->windowed);
			free(copy);
		} while (reader->at > before && reader->at < to);
	}
}

static void read_input(struct tw_slice input, const struct reading *reading, struct tw_batch *batch)
{
	const struct tw_parser *const parsers[] = {
		camir_LTX_tw_parser(), cargo_imp_LTX_tw_parser(), edifact_LTX_tw_parser(),
		one_record_LTX_tw_parser(), x12_LTX_tw_parser(), xml_LTX_tw_parser(),
	};
	/* Limits that a small input can meet. */
	struct tw_walk_limits limits = {input.length % 2 == 0 ? 4096 : 1 << 22, 4, 8};
	struct tw_partners partners = {.count = 0};
	struct tw_sink_common common = {
		.batch = batch, .maps = all_maps(), .partners = &partners, .messages = true};
	struct tw_origin origin = {.arrival = (double)NAN};
	struct reader reader = {.at = 0};

	for (size_t i = 0; i < sizeof(parsers) / sizeof(parsers[0]); i++)
		CHECK(tw_finder_add(&reader.finder, parsers[i]) == TW_OK);
	CHECK(tw_sink_create(&reader.sink, &common, &limits) == TW_OK);
	tw_sink_begin(&reader.sink, &origin);
	feed_all(&reader, input, reading);
	tw_sink_end(&reader.sink, input.length);
	close_parser(&reader);
	tw_sink_free(&reader.sink);
	tw_finder_free(&reader.finder);
}

/* ---- what must hold ---------------------------------------------------------------- */

static void check_value(const struct tw_consignment *view, int value, uint64_t length)
{
	struct tw_span spans[SPANS];
	unsigned count = tw_record_spans(view, value, 0, 0, spans, SPANS);
	CHECK(!isinf(view->entries[value].number));
	for (unsigned i = 0; i < count && i < SPANS; i++)
		CHECK(spans[i].offset <= length && spans[i].length <= length - spans[i].offset);
}

static void check_records(const struct tw_batch *batch, uint64_t length)
{
	struct tw_slice texts[TW_ITEM_TEXTS], records = tw_buffer_slice(&batch->records);
	struct tw_item item;
	for (size_t at = 0; tw_batch_item(batch, &at, &item, texts);) {
		struct tw_consignment view;
		if (item.kind != TW_ITEM_RECORD)
			continue;
		const struct tw_record *head = (const void *)(records.data + item.record);
		struct tw_slice bytes = tw_slice_part(records, item.record, head->size);
		CHECK(bytes.length == head->size && tw_record_view(bytes, &view) == TW_OK);
		CHECK(head->base <= head->end && head->end <= length);
		for (uint32_t i = 0; i < view.entry_count; i++)
			check_value(&view, (int)i, length);
	}
}

static bool same_item(const struct tw_item *a, const struct tw_item *b)
{
	bool coded = a->code != NULL && b->code != NULL;
	return a->kind == b->kind && a->complete == b->complete && a->offset == b->offset &&
	       a->length == b->length && a->skipped == b->skipped && a->record == b->record &&
	       a->element == b->element && (coded ? strcmp(a->code, b->code) == 0 : a->code == b->code);
}

static void check_same(const struct tw_batch *one, const struct tw_batch *other)
{
	struct tw_slice a_texts[TW_ITEM_TEXTS], b_texts[TW_ITEM_TEXTS];
	struct tw_item a, b;
	bool more = true;
	for (size_t at = 0, there = 0; more;) {
		more = tw_batch_item(one, &at, &a, a_texts);
		CHECK(tw_batch_item(other, &there, &b, b_texts) == more);
		CHECK(!more || same_item(&a, &b));
		for (unsigned i = 0; more && i < TW_ITEM_TEXTS; i++)
			CHECK(tw_slice_equal(a_texts[i], b_texts[i]));
	}
	CHECK(tw_slice_equal(tw_buffer_slice(&one->records), tw_buffer_slice(&other->records)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tw_slice input = tw_slice_part(tw_slice((const char *)data, size), 0, MOST);
	const struct reading whole = {MOST, true}, others[] = {{1 + size * 31 % 97, true}, {MOST, false}};
	struct tw_batch batch = {.order = 0}, other = {.order = 0};

	read_input(input, &whole, &batch);
	check_records(&batch, input.length);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		tw_batch_clear(&other);
		read_input(input, &others[i], &other);
		check_same(&batch, &other);
	}
	tw_batch_identify(&batch);
	tw_batch_free(&batch);
	tw_batch_free(&other);
	return 0;
}

#include "fuzz_inputs.h"
