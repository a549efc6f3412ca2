/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "tidewaiter/parser.h"

/*
 * A syntax made up for tests, so that a file can hold two: lines, from
 * "TIDE SENDER REFERENCE" to "EBB". What stands between is one message of type
 * LOG: a tag, a blank, and a text, which is element 1. It does as little as a
 * parser may.
 */
struct tide {
	bool open;
	uint64_t end; /* behind the last line */
};

static const char FIRST[] = "TIDE ";

static int tide_probe(struct tw_slice bytes, bool end)
{
	struct tw_slice first = tw_slice_string(FIRST);
	size_t have = bytes.length < first.length ? bytes.length : first.length;
	if (!tw_slice_equal(tw_slice_part(bytes, 0, have), tw_slice_part(first, 0, have)))
		return 0;
	return have == first.length ? 90 : end ? 0 : -1;
}

static size_t tide_find(struct tw_slice bytes)
{
	for (size_t at = 0; at < bytes.length; at++)
		if (tide_probe(tw_slice_from(bytes, at), false) != 0)
			return at;
	return bytes.length;
}

static int tide_open(const struct tw_parser_limits *limits, void **ret_instance)
{
	(void)limits;
	*ret_instance = calloc(1, sizeof(struct tide));
	return *ret_instance == NULL ? TW_ERROR_MEMORY : TW_OK;
}

/* Up to the next blank, which is taken off too. */
static struct tw_slice take_word(struct tw_slice *rest)
{
	size_t length = 0;
	while (length < rest->length && rest->data[length] != ' ')
		length++;
	struct tw_slice word = tw_slice_part(*rest, 0, length);
	*rest = tw_slice_from(*rest, length + 1);
	return word;
}

static int begin(struct tide *tide, struct tw_slice rest, uint64_t offset, struct tw_sink *sink)
{
	struct tw_slice sender = take_word(&rest);
	tide->open = true;
	int status = tw_sink_interchange(sink, &(struct tw_interchange){
		.format = TW_LITERAL("tide"), .sender = sender, .reference = take_word(&rest),
		.offset = offset});
	return status < 0 ? status
			  : tw_sink_message(sink, &(struct tw_message_start){
				    .type = TW_LITERAL("LOG"), .offset = offset});
}

static int finish(struct tide *tide, uint64_t end, bool complete, struct tw_sink *sink)
{
	if (!tide->open)
		return TW_OK;
	tide->open = false;
	int status = tw_sink_message_end(sink, end, complete);
	return status < 0 ? status : tw_sink_interchange_end(sink, end, complete);
}

static int take_line(struct tide *tide, struct tw_slice line, uint64_t offset, struct tw_sink *sink)
{
	struct tw_slice rest = line;
	struct tw_slice tag = take_word(&rest);
	tide->end = offset + line.length + 1;
	if (tw_slice_is(tag, "TIDE"))
		return begin(tide, rest, offset, sink);
	if (tw_slice_is(tag, "EBB"))
		return finish(tide, tide->end, true, sink);
	struct tw_piece piece = {.start = (uint32_t)(line.length - rest.length),
				 .length = (uint32_t)rest.length, .element = 1, .component = 1,
				 .repetition = 1};
	return tw_sink_unit(sink, &(struct tw_unit){
		.kind = TW_UNIT_SEGMENT, .tag = tag, .bytes = line, .offset = offset,
		.pieces = &piece, .piece_count = rest.length > 0, .decimal = '.'});
}

static struct tw_parser_progress tide_feed(void *instance, struct tw_slice window, uint64_t offset,
					   bool end, struct tw_sink *sink)
{
	struct tide *tide = instance;
	size_t at = 0;
	int status = TW_OK;
	while (status >= 0 && at < window.length &&
	       (tide->open || tide_probe(tw_slice_from(window, at), end) > 0)) {
		struct tw_slice rest = tw_slice_from(window, at);
		const char *line_end = memchr(rest.data, '\n', rest.length);
		if (line_end == NULL)
			break;
		size_t length = (size_t)(line_end - rest.data);
		status = take_line(tide, tw_slice_part(rest, 0, length), offset + at, sink);
		at += length + 1;
	}
	if (end && status >= 0 && tide->open) {
		struct tw_anomaly_at cut = {.code = "source.truncated", .offset = offset + at,
					    .length = window.length - at};
		status = tw_sink_skip(sink, &cut, "no EBB");
		at = window.length;
		if (status >= 0)
			status = finish(tide, offset + at, false, sink);
	}
	return (struct tw_parser_progress){.status = status, .consumed = at};
}

static bool tide_idle(const void *instance)
{
	const struct tide *tide = instance;
	return !tide->open;
}

static const struct tw_parser tide = {
	.magic = TW_PARSER_MAGIC,
	.size = sizeof(struct tw_parser),
	.abi_major = TW_PARSER_ABI_MAJOR,
	.abi_minor = TW_PARSER_ABI_MINOR,
	.name = "tide",
	.summary = "a syntax made up for tests",
	.probe = tide_probe,
	.find = tide_find,
	.open = tide_open,
	.close = free,
	.feed = tide_feed,
	.idle = tide_idle,
};

TW_PARSER(tp_tide, tide)
