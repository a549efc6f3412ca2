/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Segments that hold octets (X12.6, binary data segments): BIN has their number in
 * its first element and the octets in its second, BDS a filter, then the same. The
 * number alone tells where they end, since any delimiter may stand within. Where
 * no terminator stands there, or the number is none, what follows is passed over,
 * and said to be, up to a segment that can only be one. (EFI only describes the
 * octets of the BIN behind it, and is a segment like any other.)
 */
#include "x12.h"

/* Tag, filter and number with their separators: more is no binary segment. */
#define HEAD_BYTES 64u
/* Blanks and line ends between a terminator and the next segment. */
#define GAP_BYTES 64u

/* End of the element that begins at `at`, by its separator; 0: the segment ends before. */
static size_t element_end(const struct tw_delimiters *syntax, struct tw_slice head, size_t at)
{
	while (at < head.length) {
		unsigned class = syntax->class[(unsigned char)head.data[at]];
		if (class == TW_BYTE_ELEMENT)
			return at;
		if (class == TW_BYTE_TERMINATOR && tw_delimiters_ends(syntax, head, at) != 0)
			return 0;
		at++;
	}
	return at;
}

int tw_x12_binary(struct tw_x12_call *call)
{
	struct tw_x12 *parser = call->parser;
	struct tw_slice rest = tw_x12_rest(call);
	struct tw_slice head = tw_slice_part(rest, 0, HEAD_BYTES);
	bool filtered = tw_slice_starts(head, TW_LITERAL("BDS"));

	if (!parser->envelope.message_open || tw_slice_at(head, 0) != 'B')
		return 0;
	if (head.length < 4)
		return call->end ? 0 : -1;
	if ((!filtered && !tw_slice_starts(head, TW_LITERAL("BIN"))) ||
	    tw_slice_at(head, 3) != (unsigned char)parser->stream.syntax.element)
		return 0;
	size_t from = 4, to = element_end(&parser->stream.syntax, head, from);
	if (filtered && to > 0) {
		from = to + 1;
		to = element_end(&parser->stream.syntax, head, from);
	}
	if (to == head.length && rest.length < HEAD_BYTES && !call->end)
		return -1;
	/* Without octets it is a segment as others are. */
	if (to == 0 || to >= head.length)
		return 0;
	struct tw_slice length = tw_slice_trim(tw_slice_part(head, from, to - from));
	bool known = tw_digits_number(length, &parser->binary_left);
	parser->binary_at = tw_x12_place(call);
	parser->phase = known ? TW_X12_BINARY : TW_X12_BINARY_LOST;
	parser->envelope.segments++;
	parser->envelope.empty_run = 0;
	tw_segment_stream_forget(&parser->stream);
	call->at += to + 1;
	return 1;
}

/* Nothing is said of bytes that were inspected, but where they are not `whole`. */
static int binary_report(struct tw_x12_call *call, const char *code, bool whole, const char *why)
{
	struct tw_x12 *parser = call->parser;
	struct tw_anomaly_at at = {
		.code = code,
		.offset = parser->binary_at,
		.length = tw_x12_place(call) - parser->binary_at,
		.segment = TW_LITERAL("BIN"),
		.element = 1,
	};

	parser->phase = TW_X12_SEGMENTS;
	parser->envelope.last_end = tw_x12_place(call);
	int rc = parser->binary_begun ? tw_sink_object_end(call->sink, whole) : 0;
	parser->binary_begun = false;
	if (rc == 0)
		return tw_x12_skip(call, at, why);
	if (rc < 0 || whole)
		return rc < 0 ? rc : TW_OK;
	at.offset = tw_x12_place(call);
	at.length = 0;
	return tw_sink_incomplete(call->sink, &at, "%s", why);
}

static int binary_cut(struct tw_x12_call *call)
{
	call->parser->envelope.truncated = true;
	return binary_report(call, "x12.binary_length", false, "the input ends inside binary data");
}

int tw_x12_step_binary(struct tw_x12_call *call)
{
	struct tw_x12 *parser = call->parser;
	size_t here = tw_x12_rest(call).length;
	struct tw_object object = {.name = TW_LITERAL("bin"), .offset = tw_x12_place(call)};

	if (parser->binary_left < here)
		here = (size_t)parser->binary_left;
	int rc = parser->binary_begun ? TW_OK : tw_sink_object(call->sink, &object);
	parser->binary_begun = true;
	if (rc >= 0)
		rc = tw_sink_object_bytes(call->sink, tw_slice_part(tw_x12_rest(call), 0, here));
	if (rc < 0)
		return rc;
	call->at += here;
	parser->binary_left -= here;
	if (parser->binary_left == 0) {
		parser->phase = TW_X12_BINARY_END;
		return TW_OK;
	}
	call->stop = !call->end;
	return call->end ? binary_cut(call) : TW_OK;
}

int tw_x12_step_binary_end(struct tw_x12_call *call)
{
	struct tw_x12 *parser = call->parser;
	int ends = tw_delimiters_ends(&parser->stream.syntax, tw_x12_rest(call), 0);

	call->stop = ends < 0 && !call->end;
	if (call->stop)
		return TW_OK;
	if (ends < 0) {
		call->at = call->window.length;
		return binary_cut(call);
	}
	if (ends == 0) {
		parser->phase = TW_X12_BINARY_LOST;
		return TW_OK;
	}
	call->at += parser->stream.syntax.terminator_length;
	return binary_report(call, "x12.binary", true, "binary data were passed over");
}

/* A segment that can follow: a service segment, or more octets. -1: more bytes are needed. */
static int can_follow(const struct tw_x12_call *call, struct tw_slice rest)
{
	static const char *const tags[] = {"SE", "GE", "IEA", "ST", "GS", "ISA", "BIN", "BDS"};
	const struct tw_delimiters *syntax = &call->parser->stream.syntax;
	size_t at = 0;

	while (at < GAP_BYTES && tw_byte_blank(tw_slice_at(rest, at)))
		at++;
	rest = tw_slice_from(rest, at);
	if (rest.length < 4 && !call->end)
		return -1;
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		struct tw_slice tag = tw_slice_string(tags[i]);
		if (tw_slice_starts(rest, tag) &&
		    tw_slice_at(rest, tag.length) == (unsigned char)syntax->element)
			return 1;
	}
	return 0;
}

/* Whether the octets end at call->at; 1 yes, 0 no, -1: more bytes are needed. */
static int ends_here(struct tw_x12_call *call)
{
	const struct tw_delimiters *syntax = &call->parser->stream.syntax;
	int ends = tw_delimiters_ends(syntax, tw_x12_rest(call), 0);

	if (ends <= 0)
		return call->end && ends < 0 ? 0 : ends;
	return can_follow(call, tw_slice_from(tw_x12_rest(call), syntax->terminator_length));
}

int tw_x12_step_binary_lost(struct tw_x12_call *call)
{
	struct tw_x12 *parser = call->parser;
	int found = 0;

	while (found == 0 && call->at < call->window.length) {
		struct tw_slice rest = tw_x12_rest(call);
		const char *next = memchr(rest.data, parser->stream.syntax.terminator[0], rest.length);
		call->at += next == NULL ? rest.length : (size_t)(next - rest.data);
		if (next != NULL)
			found = ends_here(call);
		call->at += next != NULL && found == 0;
	}
	call->stop = found <= 0 && !call->end;
	if (call->stop)
		return TW_OK;
	if (found <= 0)
		return binary_cut(call);
	call->at += parser->stream.syntax.terminator_length;
	return binary_report(call, "x12.binary_length", false,
			     "binary data do not end where their length says");
}
