/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From lines to units: which line is what, and what a message lacks at its end.
 * Lines without an identifier get one by their shape: AWB, PAGE and POINT (of a
 * flight's list), FLIGHT, LOCATION; a line of no shape is LINE, so that its text
 * is not lost.
 */
#include "cargo_imp.h"

/* ---- parts of a flight's list -------------------------------------------------- */

int tw_imp_part_missing(struct tw_imp_call *call)
{
	struct tw_imp_part *part = &call->parser->part;
	struct tw_anomaly_at at = {.code = "cargo_imp.part", .offset = part->offset, .length = 4,
				   .segment = TW_LITERAL("CONT")};

	if (!part->open)
		return TW_OK;
	part->open = false;
	return tw_sink_anomaly(call->sink, &at, "part %u of %.*s says that it goes on, but does not here",
			       part->number, (int)part->length, part->flight);
}

static void read_page(struct tw_imp_part *page, struct tw_slice line)
{
	struct tw_slice number = tw_imp_first(line);
	struct tw_slice flight = tw_imp_first(tw_slice_from(line, number.length + 1));
	struct tw_slice day = tw_imp_first(tw_slice_from(line, number.length + flight.length + 2));

	*page = (struct tw_imp_part){.open = false};
	for (size_t i = 0; i < number.length; i++)
		page->number = page->number * 10 + (unsigned)(tw_slice_at(number, i) - '0');
	/* The day without its time, which need not be repeated. */
	page->length = flight.length + 1 + (day.length < 5 ? day.length : 5);
	if (page->length > sizeof(page->flight))
		page->length = sizeof(page->flight);
	memcpy(page->flight, flight.data, page->length);
}

/* Part 2 follows part 1 of the same flight; a part 1 may always begin. */
static int check_page(struct tw_imp_call *call, struct tw_slice line, uint64_t offset)
{
	struct tw_imp *parser = call->parser;
	struct tw_imp_part *page = &parser->page, *part = &parser->part;

	read_page(page, line);
	bool same = page->length == part->length &&
		    memcmp(page->flight, part->flight, page->length) == 0;
	if (part->open && same && page->number == part->number + 1) {
		part->open = false;
		return TW_OK;
	}
	int rc = tw_imp_part_missing(call);
	if (rc < 0 || page->number <= 1)
		return rc;
	struct tw_anomaly_at at = {.code = "cargo_imp.part", .offset = offset, .length = line.length,
				   .segment = TW_LITERAL("PAGE"), .element = 1};
	return tw_sink_anomaly(call->sink, &at, "part %u of %.*s stands here without the part before it",
			       page->number, (int)page->length, page->flight);
}

static void list_ends(struct tw_imp *parser, bool goes_on, uint64_t offset)
{
	parser->listed = true;
	if (!goes_on)
		return;
	parser->part = parser->page;
	parser->part.open = true;
	parser->part.offset = offset;
}

/* ---- lines -------------------------------------------------------------------- */

static const char *shape_of(const struct tw_imp *parser, struct tw_slice line)
{
	struct tw_slice first = tw_imp_first(line);

	if (tw_imp_is_waybill(line))
		return "AWB";
	if ((parser->shape->flags & TW_IMP_FLIGHT) != 0) {
		if (tw_imp_is_page(line))
			return "PAGE";
		if (tw_imp_letters(first, 3, 3) && !tw_imp_flight_line(first))
			return "POINT";
	}
	if ((parser->shape->flags & TW_IMP_CUSTOMS) != 0 && parser->line == 0 &&
	    tw_imp_is_location(line))
		return "LOCATION";
	return tw_imp_is_flight(line) ? "FLIGHT" : NULL;
}

static void begin_group(struct tw_imp *parser, struct tw_slice tag)
{
	size_t length = tag.length < sizeof(parser->tag) ? tag.length : sizeof(parser->tag) - 1;

	parser->tag[0] = '/';
	memcpy(parser->tag + 1, tag.data, length);
	parser->tag_length = length + 1;
	parser->line = 1;
	for (unsigned i = 0; i < TW_IMP_NEEDED && parser->type->needed[i] != NULL; i++)
		if ((parser->found & 1u << i) == 0 && tag.data[0] == parser->type->needed[i][0] &&
		    tw_slice_is(tag, parser->type->needed[i])) {
			parser->found |= 1u << i;
			break;
		}
}

/* The elements of a line beyond the limit. */
static int take_left(struct tw_imp_call *call, const struct tw_unit *unit, size_t left)
{
	struct tw_anomaly_at at = {
		.code = "cargo_imp.line_too_many_pieces",
		.offset = unit->offset + left,
		.length = unit->bytes.length - left,
		.segment = unit->tag,
	};

	if (left == 0)
		return TW_OK;
	return tw_sink_skip(call->sink, &at, "more than %u elements in a line",
			    call->parser->limits.segment_pieces);
}

static int tell(struct tw_imp_call *call, struct tw_slice tag, struct tw_slice line,
		uint64_t offset, const struct tw_imp_split *split)
{
	struct tw_unit unit = {
		.kind = TW_UNIT_SEGMENT,
		.tag = tag,
		.bytes = line,
		.offset = offset,
		.pieces = split->pieces,
		.piece_count = split->count,
		.decimal = '.',
	};
	int rc = tw_sink_unit(call->sink, &unit);

	return rc < 0 ? rc : take_left(call, &unit, split->left);
}

/* A line that is none of the syntax: its text is told all the same, with one remark for all in a row. */
static int broken_line(struct tw_imp_call *call, struct tw_slice line, uint64_t offset)
{
	struct tw_imp *parser = call->parser;
	struct tw_imp_split split = {.pieces = parser->pieces, .limit = parser->limits.segment_pieces};
	struct tw_anomaly_at at = {.code = "cargo_imp.line", .offset = offset,
				   .length = line.length, .segment = TW_LITERAL("LINE")};
	int rc = parser->broken ? TW_OK
				: tw_sink_anomaly(call->sink, &at,
						  "a line has no identifier and no shape");

	if (rc < 0)
		return rc;
	parser->broken = true;
	tw_imp_whole(line, 1, &split);
	return tell(call, TW_LITERAL("LINE"), line, offset, &split);
}

/* CONT or LAST of a flight's list: what follows is another message, unless it is only quoted. */
static bool is_list_end(const struct tw_imp *parser, struct tw_slice line)
{
	return (parser->shape->flags & TW_IMP_FLIGHT) != 0 &&
	       (tw_slice_is(line, "CONT") || tw_slice_is(line, "LAST"));
}

int tw_imp_line(struct tw_imp_call *call, struct tw_slice line, uint64_t offset)
{
	struct tw_imp *parser = call->parser;
	struct tw_imp_split split = {.pieces = parser->pieces, .limit = parser->limits.segment_pieces};
	bool continues = tw_slice_at(line, 0) == '/';
	bool list_end = is_list_end(parser, line);
	const char *shape = continues ? NULL : shape_of(parser, line);
	size_t from = continues; /* where the elements start */
	int rc = TW_OK;

	if (list_end && parser->shape == parser->type) {
		list_ends(parser, tw_slice_is(line, "CONT"), offset);
		return tw_imp_message_end(call, offset + line.length, false);
	}
	if (continues ? parser->tag_length == 0
		      : shape == NULL && !list_end && !tw_imp_is_identified(line))
		return broken_line(call, line, offset);
	parser->broken = false;
	struct tw_slice identifier = shape != NULL ? tw_slice_string(shape) : tw_imp_first(line);
	if (!continues) {
		begin_group(parser, identifier);
		from = shape != NULL ? 0 : identifier.length + 1;
		if (tw_slice_is(identifier, "PAGE") && parser->shape == parser->type)
			rc = check_page(call, line, offset);
	} else {
		parser->line++;
		identifier = tw_slice(parser->tag, parser->tag_length);
	}
	/* CBP's line of declared values is the only one where a hyphen parts what is not one number. */
	split.amounts = (parser->shape->flags & TW_IMP_CUSTOMS) != 0 &&
			tw_slice_is(identifier, "CSD");
	tw_imp_split(line, from, parser->line, &split);
	return rc < 0 ? rc : tell(call, identifier, line, offset, &split);
}

/* ---- messages ------------------------------------------------------------------ */

int tw_imp_message(struct tw_imp_call *call, struct tw_slice type, struct tw_slice version,
		   uint64_t offset)
{
	struct tw_imp *parser = call->parser;
	struct tw_message_start start = {.type = type, .version = version, .offset = offset};

	parser->message_open = true;
	parser->type = parser->shape = tw_imp_type(type);
	parser->quoted = parser->listed = parser->broken = false;
	parser->found = parser->line_feeds = 0;
	parser->tag_length = 0;
	parser->line = 0;
	parser->page = (struct tw_imp_part){.open = false};
	return tw_sink_message(call->sink, &start);
}

static int quote(struct tw_imp_call *call, struct tw_slice line, uint64_t offset)
{
	struct tw_imp *parser = call->parser;
	struct tw_imp_split split = {.pieces = parser->pieces, .limit = parser->limits.segment_pieces};

	parser->quoted = true;
	parser->shape = tw_imp_type(tw_slice_part(line, 0, 3));
	parser->tag_length = 0;
	parser->line = 0;
	tw_imp_split(line, 0, 1, &split);
	return tell(call, TW_LITERAL("SMI"), line, offset, &split);
}

int tw_imp_named(struct tw_imp_call *call, struct tw_slice line, uint64_t offset)
{
	struct tw_imp *parser = call->parser;
	int rc;

	if (parser->message_open && (parser->type->flags & TW_IMP_QUOTES) != 0 &&
	    !parser->quoted && parser->line_feeds < 2)
		return quote(call, line, offset);
	rc = tw_imp_message_end(call, parser->last_end, false);
	if (rc < 0)
		return rc;
	return tw_imp_message(call, tw_slice_part(line, 0, 3), tw_slice_from(line, 4), offset);
}

/* The first line that a message cannot be without and has not, or NULL. */
static const char *lacking(const struct tw_imp *parser)
{
	for (unsigned i = 0; i < TW_IMP_NEEDED && parser->type->needed[i] != NULL; i++)
		if ((parser->found & 1u << i) == 0)
			return parser->type->needed[i];
	return NULL;
}

int tw_imp_message_end(struct tw_imp_call *call, uint64_t end, bool cut)
{
	struct tw_imp *parser = call->parser;
	const char *missing = parser->message_open ? lacking(parser) : NULL;
	struct tw_anomaly_at at = {.code = "cargo_imp.line_missing", .offset = end,
				   .segment = tw_slice_string(missing)};
	bool unlisted = (parser->message_open && (parser->type->flags & TW_IMP_FLIGHT) != 0 &&
			 !parser->listed);
	int rc = TW_OK;

	if (!parser->message_open)
		return TW_OK;
	parser->message_open = false;
	if (unlisted) {
		at.code = "cargo_imp.list_end";
		at.segment = tw_slice(NULL, 0);
		rc = tw_sink_incomplete(call->sink, &at, "the list ends without CONT or LAST");
	} else if (missing != NULL && cut) {
		at.code = "cargo_imp.truncated";
		rc = tw_sink_incomplete(call->sink, &at, "the input ends within the message: no %s",
					missing);
	} else if (missing != NULL) {
		rc = tw_sink_anomaly(call->sink, &at, "the message has no %s line", missing);
	}
	bool whole = !unlisted && !(missing != NULL && cut);
	return rc < 0 ? rc : tw_sink_message_end(call->sink, end, whole);
}

/* Longest line that is looked at for an identifier, with the blanks around it. */
#define IDENTIFIER_BYTES 64u

/* Its identifier line says the type again, and the version if there is one. */
int tw_imp_enveloped(struct tw_imp_call *call, struct tw_slice type)
{
	struct tw_slice rest = tw_slice_from(call->window, call->at);
	size_t start = 0, end;

	while (tw_imp_control(tw_slice_at(rest, start)))
		start++;
	end = tw_imp_line_end(rest, start);
	call->stop = end == rest.length && !call->end && end - start <= IDENTIFIER_BYTES;
	if (call->stop)
		return 0;
	struct tw_slice line = tw_imp_trim(tw_slice_part(rest, start, end - start));
	bool same = end - start <= IDENTIFIER_BYTES && tw_slice_starts(line, type) &&
		    (line.length == type.length || tw_imp_is_versioned(line));
	int rc = tw_imp_message(call, type, same ? tw_slice_from(line, 4) : tw_slice(NULL, 0),
				call->offset + call->at + start);
	call->at += same ? end : start;
	call->parser->last_end = call->offset + call->at;
	return rc < 0 ? rc : 1;
}
