/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_MAP_TESTING_H
#define TW_MAP_TESTING_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "map/map.h"
#include "tidewaiter/consignment.h"

/*
 * What the tests of the maps share: a splitter of EDIFACT text into units (none
 * of the parser's: these tests ask what a map makes of units), a walk that keeps
 * the records and anomalies, and questions about them.
 */
#define TESTING_PIECES 400u
#define TESTING_RECORDS 64u

struct testing {
	struct tw_maps *maps;
	struct tw_walk *walk;
	struct tw_walk_limits limits;
	struct tw_buffer input;
	char *records[TESTING_RECORDS];
	struct tw_consignment views[TESTING_RECORDS];
	uint64_t ends[TESTING_RECORDS];
	unsigned record_count;
	struct tw_buffer anomalies; /* "code offset length TAG element\n" */
	enum tw_map_choice choice;
	enum tw_charset charset;
	const char *charset_name;
	const char *type, *version;
	int status;
};

static inline const char *testing_root(void)
{
	const char *root = getenv("srcdir");
	return root == NULL ? "." : root;
}

static inline int testing_consignment(void *context, struct tw_builder *builder, uint64_t end)
{
	struct testing *testing = context;
	struct tw_buffer out = {0};
	assert_true(testing->record_count < TESTING_RECORDS);
	assert_int_equal(tw_builder_write(builder, end, &out), TW_OK);
	unsigned at = testing->record_count++;
	testing->records[at] = out.data;
	testing->ends[at] = end;
	assert_int_equal(tw_record_view(tw_buffer_slice(&out), &testing->views[at]), TW_OK);
	return TW_OK;
}

static inline void testing_anomaly(void *context, const struct tw_anomaly_at *at,
				   const char *reason)
{
	struct testing *testing = context;
	(void)reason;
	tw_buffer_printf(&testing->anomalies, "%s %llu %llu %.*s %u\n", at->code,
			 (unsigned long long)at->offset, (unsigned long long)at->length,
			 (int)at->segment.length, at->segment.data, at->element);
}

static inline void testing_forget(struct testing *testing)
{
	for (unsigned i = 0; i < testing->record_count; i++)
		free(testing->records[i]);
	testing->record_count = 0;
	tw_buffer_clear(&testing->anomalies);
	tw_walk_free(testing->walk);
	testing->walk = NULL;
}

static inline void testing_free(struct testing *testing)
{
	testing_forget(testing);
	tw_maps_free(testing->maps);
	tw_buffer_free(&testing->anomalies);
	tw_buffer_free(&testing->input);
	free(testing);
}

/* All maps of the project. */
static inline struct testing *testing_create(void)
{
	static const char *const folders[] = {"edifact", "x12", "cargo_imp", "xml"};
	struct testing *testing = calloc(1, sizeof(*testing));
	struct tw_buffer problems = {0};
	assert_non_null(testing);
	testing->limits = (struct tw_walk_limits){16u << 20, 1000, 65536};
	testing->type = "CUSCAR";
	testing->version = "D:95B:UN";
	assert_int_equal(tw_maps_create(&testing->maps), TW_OK);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		char path[1024];
		(void)snprintf(path, sizeof(path), "%s/parsers/%s/maps", testing_root(), folders[i]);
		int found = tw_maps_read_folder(testing->maps, path, &problems);
		if (found != 0)
			print_error("%.*s", (int)problems.length, problems.data);
		assert_int_equal(found, 0);
	}
	tw_buffer_free(&problems);
	return testing;
}

/* A map written by a test, in a folder of its own. */
static inline struct testing *testing_with_map(const char *text)
{
	struct testing *testing = calloc(1, sizeof(*testing));
	struct tw_buffer problems = {0};
	char folder[] = "/tmp/tw_map_XXXXXX";
	char path[64];
	assert_non_null(testing);
	assert_non_null(mkdtemp(folder));
	(void)snprintf(path, sizeof(path), "%s/test.map", folder);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	(void)fputs(text, file);
	(void)fclose(file);
	testing->limits = (struct tw_walk_limits){16u << 20, 1000, 65536};
	testing->type = "TEST";
	testing->version = "1";
	assert_int_equal(tw_maps_create(&testing->maps), TW_OK);
	int found = tw_maps_read_file(testing->maps, path, &problems);
	if (found != 0)
		print_error("%.*s", (int)problems.length, problems.data);
	assert_int_equal(found, 0);
	(void)unlink(path);
	(void)rmdir(folder);
	tw_buffer_free(&problems);
	return testing;
}

static inline void testing_begin(struct testing *testing, const char *format)
{
	struct tw_walk_events events = {.context = testing,
					.consignment = testing_consignment,
					.anomaly = testing_anomaly};
	struct tw_interchange interchange = {
		.format = tw_slice_string(format),
		.sender = TW_LITERAL("SENDER"),
		.recipient = TW_LITERAL("RECIPIENT"),
		.reference = TW_LITERAL("REF1"),
		.time = TW_LITERAL("2611201000"),
		.charset = testing->charset,
		.charset_name = tw_slice_string(testing->charset_name),
	};
	struct tw_map_request request = {
		.format = interchange.format,
		.type = tw_slice_string(testing->type),
		.version = tw_slice_string(testing->version),
		.sender = interchange.sender,
		.recipient = interchange.recipient,
	};
	struct tw_message_start message = {
		.type = request.type, .version = request.version, .reference = TW_LITERAL("1")};
	testing_forget(testing);
	assert_int_equal(tw_walk_create(&events, &testing->limits, &testing->walk), TW_OK);
	const struct tw_map *map = tw_maps_select(testing->maps, &request, &testing->choice);
	tw_walk_interchange(testing->walk, &interchange);
	assert_int_equal(tw_walk_message(testing->walk, map, testing->choice, &message, 0), TW_OK);
}

static inline void testing_end(struct testing *testing, uint64_t end)
{
	testing->status = tw_walk_end(testing->walk, end, true);
	assert_int_equal(testing->status, TW_OK);
}

/* ---- EDIFACT text ---------------------------------------------------------- */

/*
 * Splits one segment, text[start, end) without its terminator. Empty pieces are
 * left out when `sparse`, as a parser may do.
 */
static inline void testing_segment(struct testing *testing, const char *text, size_t start,
				   size_t end, bool sparse)
{
	struct tw_piece pieces[TESTING_PIECES];
	unsigned count = 0;
	size_t from = start;
	unsigned element = 0;
	unsigned component = 1;
	uint8_t flags = 0;
	struct tw_slice tag = {NULL, 0};
	for (size_t at = start; at <= end; at++) {
		if (at < end && text[at] == '?') {
			flags |= TW_PIECE_RELEASED;
			at++;
			continue;
		}
		if (at < end && ((unsigned char)text[at] & 0x80) != 0)
			flags |= TW_PIECE_HIGH;
		if (at < end && (text[at] == '\n' || text[at] == '\r'))
			flags |= TW_PIECE_FOLDED;
		if (at < end && text[at] != '+' && text[at] != ':')
			continue;
		if (element == 0) {
			tag = tw_slice(text + start, at - start);
		} else if (!sparse || at > from) {
			assert_true(count < TESTING_PIECES);
			pieces[count++] = (struct tw_piece){
				.start = (uint32_t)(from - start),
				.length = (uint32_t)(at - from),
				.element = (uint16_t)element,
				.component = (uint8_t)component,
				.repetition = 1,
				.flags = flags,
			};
		}
		flags = 0;
		component = at < end && text[at] == ':' ? component + 1 : 1;
		element += at < end && text[at] == '+';
		from = at + 1;
	}
	struct tw_unit unit = {
		.kind = TW_UNIT_SEGMENT,
		.tag = tag,
		.bytes = tw_slice(text + start, end - start),
		.offset = start,
		.pieces = pieces,
		.piece_count = count,
		.release = '?',
		.decimal = '.',
	};
	testing->status = tw_walk_unit(testing->walk, &unit);
	assert_int_equal(testing->status, TW_OK);
}

/* Walks the segments between UNH and UNT; line ends between segments are passed over. */
static inline void testing_edifact(struct testing *testing, const char *text, bool sparse)
{
	size_t length = strlen(text);
	size_t start = 0;
	tw_buffer_clear(&testing->input);
	tw_buffer_append(&testing->input, text, length);
	testing_begin(testing, "edifact");
	for (size_t at = 0; at < length; at++) {
		if (text[at] == '?') {
			at++;
			continue;
		}
		if (text[at] != '\'')
			continue;
		if (memcmp(text + start, "UN", 2) != 0)
			testing_segment(testing, text, start, at, sparse);
		for (start = at + 1; start < length && (text[start] == '\n' || text[start] == '\t' ||
							 text[start] == '\r');)
			start++;
		at = start - 1;
	}
	testing_end(testing, length);
}

/* ---- questions ------------------------------------------------------------- */

static inline void assert_text(const struct tw_consignment *view, int value, const char *wanted)
{
	struct tw_slice text = tw_text(view, value);
	if (!tw_slice_is(text, wanted))
		print_error("\"%.*s\" is not \"%s\"\n", (int)text.length,
			    text.data == NULL ? "" : text.data, wanted == NULL ? "" : wanted);
	assert_true(tw_slice_is(text, wanted));
}

/* The nth value of a field, from 0. */
static inline int testing_nth(const struct tw_consignment *view, enum tw_field field, unsigned nth)
{
	int value = tw_first(view, field);
	while (nth-- > 0)
		value = tw_next(view, value);
	return value;
}

static inline unsigned testing_count(const struct tw_consignment *view, enum tw_field field)
{
	unsigned count = 0;
	for (int value = tw_first(view, field); value >= 0; value = tw_next(view, value))
		count++;
	return count;
}

static inline void assert_item_text(const struct tw_consignment *view, enum tw_field field,
				    int item, const char *wanted)
{
	assert_true(item >= 0);
	assert_text(view, tw_find(view, field, (unsigned)item), wanted);
}

static inline void assert_number(const struct tw_consignment *view, int value, double wanted)
{
	double number = tw_number(view, value);
	if (!(fabs(number - wanted) < 1e-6))
		print_error("%f is not %f\n", number, wanted);
	assert_true(fabs(number - wanted) < 1e-6);
}

/* The input bytes behind a part of a value's text, put together. */
static inline void assert_spans(const struct testing *testing, const struct tw_consignment *view,
				int value, const char *part, const char *wanted)
{
	struct tw_span spans[64];
	struct tw_slice text = tw_text(view, value);
	struct tw_buffer bytes = {0};
	size_t at = 0;
	size_t length = strlen(part);
	while (at + length <= text.length && memcmp(text.data + at, part, length) != 0)
		at++;
	if (at + length > text.length)
		print_error("\"%s\" is not in \"%.*s\"\n", part, (int)text.length, text.data);
	assert_true(at + length <= text.length);
	unsigned count = tw_record_spans(view, value, (uint32_t)at, (uint32_t)length, spans, 64);
	for (unsigned i = 0; i < count; i++)
		tw_buffer_append_slice(&bytes,
				       tw_slice_part(tw_buffer_slice(&testing->input),
						     spans[i].offset, spans[i].length));
	if (!tw_slice_is(tw_buffer_slice(&bytes), wanted))
		print_error("spans of \"%s\": \"%.*s\" is not \"%s\"\n", part, (int)bytes.length,
			    bytes.data, wanted);
	assert_true(tw_slice_is(tw_buffer_slice(&bytes), wanted));
	tw_buffer_free(&bytes);
}

static inline bool testing_saw(const struct testing *testing, const char *line)
{
	struct tw_slice text = tw_buffer_slice(&testing->anomalies);
	struct tw_slice wanted = tw_slice_string(line);
	for (size_t at = 0; at + wanted.length <= text.length; at++)
		if (tw_slice_starts(tw_slice_from(text, at), wanted))
			return true;
	return false;
}

#endif
