/* SPDX-License-Identifier: Apache-2.0 */
#include "x12.h"

#define SHOWN(slice) (int)(slice).length, (slice).data

struct tw_anomaly_at tw_x12_at(const struct tw_x12_call *call, const char *code, unsigned element)
{
	return tw_segment_at(&call->segment, code, element);
}

static uint64_t segment_behind(const struct tw_x12_call *call)
{
	struct tw_anomaly_at at = tw_x12_at(call, NULL, 0);
	return at.offset + at.length;
}

/* Keeps the value of an element of the segment at hand. */
static void reference_take(struct tw_x12_call *call, struct tw_envelope_reference *reference,
			   unsigned element)
{
	char buffer[TW_ENVELOPE_REFERENCE];

	tw_envelope_keep(reference, tw_x12_value(call, element, buffer, sizeof(buffer)));
}

/* ---- closing --------------------------------------------------------------- */

static int group_abandon(struct tw_x12_call *call)
{
	struct tw_envelope *envelope = &call->parser->envelope;
	int rc = tw_envelope_abandon_message(envelope, call->sink);

	return rc < 0 ? rc : tw_envelope_abandon_group(envelope, call->sink);
}

static void interchange_forget(struct tw_x12 *parser)
{
	parser->envelope.open = parser->envelope.truncated = parser->begun = false;
	parser->phase = TW_X12_IDLE;
}

int tw_x12_abandon(struct tw_x12_call *call)
{
	struct tw_envelope *envelope = &call->parser->envelope;
	int rc = tw_envelope_flush(envelope, call->sink);

	if (rc >= 0)
		rc = group_abandon(call);
	if (rc >= 0)
		rc = tw_envelope_abandon(envelope, call->sink);
	interchange_forget(call->parser);
	return rc;
}

/* A service segment that opens or closes nothing. */
static int misplaced(struct tw_x12_call *call)
{
	struct tw_anomaly_at at = tw_x12_at(call, "x12.segment_place", 0);

	if (!call->parser->envelope.open)
		interchange_forget(call->parser);
	return tw_sink_anomaly(call->sink, &at, "%.*s stands where it has no business",
			       SHOWN(call->segment.unit.tag));
}

/* ---- interchanges ----------------------------------------------------------- */

/*
 * ISA11 is the repetition separator from version 00402 on; before that it named
 * the standard (U). ISA16 is not looked at as a separator within ISA itself.
 */
static void delimiters_settle(struct tw_x12_call *call)
{
	struct tw_x12 *parser = call->parser;
	struct tw_delimiters *syntax = &parser->stream.syntax;
	char version[8], repetition[4];
	uint64_t number = 0;
	struct tw_slice mark = tw_x12_value(call, 11, repetition, sizeof(repetition));

	syntax->component = parser->header.component;
	if (tw_digits_number(tw_x12_value(call, 12, version, sizeof(version)), &number) &&
	    number >= 402 && mark.length == 1 && tw_x12_syntax_free(syntax, tw_slice_at(mark, 0)))
		syntax->repetition = mark.data[0];
	tw_delimiters_build(syntax);
	tw_segment_cursor_forget(&call->parser->stream.cursor);
}

static void interchange_open(struct tw_x12 *parser, bool bare)
{
	tw_envelope_open(&parser->envelope, bare);
	parser->begun = false;
	parser->version.length = 0;
	parser->group_name.length = 0;
}

/* A header that is not as X12.5 wants it: 16 elements, each padded to its length. */
static int header_report(struct tw_x12_call *call)
{
	const struct tw_x12_header *header = &call->parser->header;
	struct tw_anomaly_at at = tw_x12_at(call, "x12.interchange_header", 0);

	if (!header->whole)
		return tw_sink_anomaly(call->sink, &at,
				       "the header has not its 16 elements; the delimiters were guessed");
	at.code = "x12.header_length";
	if (header->length == TW_X12_HEADER_PADDED)
		return TW_OK;
	return tw_sink_anomaly(call->sink, &at, "the header has %u characters instead of %u",
			       header->length, TW_X12_HEADER_PADDED);
}

/* ISA09 and ISA10, where they are told. */
static int time_report(struct tw_x12_call *call)
{
	char day[16], clock[16];
	struct tw_slice date = tw_x12_value(call, 9, day, sizeof(day));
	struct tw_slice time = tw_x12_value(call, 10, clock, sizeof(clock));
	bool dated = date.length == 0 || tw_digits_day_valid(date);
	struct tw_anomaly_at at = tw_x12_at(call, "x12.interchange_time", dated ? 10 : 9);

	if (dated && (time.length == 0 || tw_digits_clock_valid(time)))
		return TW_OK;
	return tw_sink_anomaly(call->sink, &at, "the preparation time %.*s %.*s is none", SHOWN(date),
			       SHOWN(time));
}

#define PARTNER_BYTES 64u

/* ISA06 and ISA08 without what pads them, which may be no-break spaces in UTF-8. */
static struct tw_slice partner(const struct tw_x12_call *call, unsigned element,
			       char buffer[PARTNER_BYTES])
{
	struct tw_slice name = tw_x12_value(call, element, buffer, PARTNER_BYTES);

	while (name.length >= 2 && memcmp(name.data + name.length - 2, "\xc2\xa0", 2) == 0) {
		name.length -= 2;
		name = tw_slice_trim(name);
	}
	return name;
}

/* ISA: 05 to 08 sender and recipient, 09 and 10 date and time, 13 reference, 15 T for test. */
static int take_interchange(struct tw_x12_call *call)
{
	struct tw_x12 *parser = call->parser;
	char sender[PARTNER_BYTES], recipient[PARTNER_BYTES], time[16], test[4];

	/* Only where no interchange begins here: see restarts(). */
	if (!parser->begun)
		return misplaced(call);
	interchange_open(parser, false);
	reference_take(call, &parser->envelope.reference, 13);
	struct tw_interchange interchange = {
		.format = TW_LITERAL("x12"),
		.sender = partner(call, 6, sender),
		.recipient = partner(call, 8, recipient),
		.reference = tw_envelope_text(&parser->envelope.reference),
		.time = tw_x12_time(call, time),
		.charset = TW_CHARSET_AUTO,
		.test = tw_slice_is(tw_x12_value(call, 15, test, sizeof(test)), "T"),
		.offset = parser->begun_at,
	};
	int rc = tw_sink_interchange(call->sink, &interchange);
	if (rc >= 0)
		rc = header_report(call);
	if (rc >= 0 && parser->header.whole)
		rc = time_report(call);
	delimiters_settle(call);
	return rc;
}

/* ISX (X12.5, version 00704 and later): its first element is the release character. */
static int take_extension(struct tw_x12_call *call)
{
	struct tw_delimiters *syntax = &call->parser->stream.syntax;
	struct tw_anomaly_at at = tw_x12_at(call, "x12.extension", 1);
	char buffer[4];
	struct tw_slice release = tw_x12_value(call, 1, buffer, sizeof(buffer));

	if (release.length == 0)
		return TW_OK;
	if (release.length != 1 || !tw_x12_syntax_free(syntax, tw_slice_at(release, 0)))
		return tw_sink_anomaly(call->sink, &at,
				       "the release character is none that can be used");
	syntax->release = release.data[0];
	tw_delimiters_build(syntax);
	tw_segment_cursor_forget(&call->parser->stream.cursor);
	return TW_OK;
}

/* A group or transaction set without an interchange header: one is made for it. */
static int bare_interchange(struct tw_x12_call *call)
{
	struct tw_x12 *parser = call->parser;
	struct tw_anomaly_at at = tw_x12_at(call, "x12.no_interchange", 0);
	struct tw_interchange interchange = {
		.format = TW_LITERAL("x12"),
		.charset = TW_CHARSET_AUTO,
		.offset = at.offset,
	};

	if (parser->envelope.open)
		return TW_OK;
	interchange_open(parser, true);
	int rc = tw_sink_interchange(call->sink, &interchange);
	if (rc < 0)
		return rc;
	return tw_sink_anomaly(call->sink, &at, "%.*s stands without an interchange header",
			       SHOWN(call->segment.unit.tag));
}

/* ---- trailers ---------------------------------------------------------------- */

/* A trailer has its count first, and the reference second. */
static int check_reference(struct tw_x12_call *call, const char *code,
			   const struct tw_envelope_reference *opened)
{
	char buffer[TW_ENVELOPE_REFERENCE];
	struct tw_slice said = tw_x12_value(call, 2, buffer, sizeof(buffer));
	struct tw_anomaly_at at = tw_x12_at(call, code, 2);

	return tw_envelope_check_reference(call->sink, &at, said, opened,
					   tw_x12_same_reference(said, tw_envelope_text(opened)));
}

static int check_count(struct tw_x12_call *call, const struct tw_envelope_count *counted)
{
	char buffer[32];

	return tw_envelope_check_count(call->sink, tw_x12_at(call, NULL, 1),
				       tw_x12_value(call, 1, buffer, sizeof(buffer)), counted);
}

/* IEA01 counts the groups. */
static int take_interchange_end(struct tw_x12_call *call)
{
	struct tw_envelope *envelope = &call->parser->envelope;

	if (!envelope->open)
		return misplaced(call);
	int rc = group_abandon(call);
	struct tw_envelope_count counted = {"x12.interchange_count", "x12.interchange_missing",
					    "groups", envelope->groups};
	if (rc >= 0 && !envelope->bare)
		rc = check_count(call, &counted);
	if (rc >= 0 && !envelope->bare)
		rc = check_reference(call, "x12.interchange_reference", &envelope->reference);
	interchange_forget(call->parser);
	return rc < 0 ? rc : tw_sink_interchange_end(call->sink, segment_behind(call), true);
}

/* GS: 01 functional identifier, 02 and 03 sender and recipient, 06 reference, 08 version. */
static int take_group(struct tw_x12_call *call)
{
	struct tw_x12 *parser = call->parser;
	char sender[PARTNER_BYTES], recipient[PARTNER_BYTES];
	char buffer[TW_ENVELOPE_REFERENCE];
	int rc = group_abandon(call);

	if (rc >= 0)
		rc = bare_interchange(call);
	tw_envelope_open_group(&parser->envelope, tw_x12_value(call, 6, buffer, sizeof(buffer)));
	reference_take(call, &parser->group_name, 1);
	reference_take(call, &parser->version, 8);
	if (rc < 0)
		return rc;
	return tw_sink_group(call->sink, &(struct tw_message_group){
		.sender = partner(call, 2, sender), .recipient = partner(call, 3, recipient),
		.reference = tw_envelope_text(&parser->envelope.group_reference),
		.offset = tw_x12_at(call, NULL, 0).offset});
}

static int take_group_end(struct tw_x12_call *call)
{
	struct tw_x12 *parser = call->parser;
	struct tw_envelope *envelope = &parser->envelope;
	struct tw_envelope_count counted = {"x12.group_count", "x12.group_missing",
					    "transaction sets", envelope->group_messages};
	int rc = tw_envelope_abandon_message(envelope, call->sink);

	if (rc < 0)
		return rc;
	if (!envelope->group_open)
		return misplaced(call);
	envelope->group_open = false;
	parser->group_name.length = 0;
	parser->version.length = 0;
	rc = check_count(call, &counted);
	return rc < 0 ? rc : check_reference(call, "x12.group_reference", &envelope->group_reference);
}

/* ---- messages ------------------------------------------------------------------ */

/* ST01; in a group of Importer Security Filings, SF, it means something else. */
static struct tw_slice message_type(const struct tw_x12_call *call, char buffer[16])
{
	struct tw_slice type = tw_x12_value(call, 1, buffer, 8);
	size_t length = type.length;

	if (length == 0 || !tw_slice_is(tw_envelope_text(&call->parser->group_name), "SF"))
		return type;
	memmove(buffer, type.data, length);
	memcpy(buffer + length, "/SF", 3);
	return tw_slice(buffer, length + 3);
}

/* ST: 01 type, 02 reference, 03 implementation convention. */
static int take_message(struct tw_x12_call *call)
{
	struct tw_x12 *parser = call->parser;
	struct tw_envelope *envelope = &parser->envelope;
	char type[16], convention[TW_ENVELOPE_REFERENCE], reference[TW_ENVELOPE_REFERENCE];
	int rc = tw_envelope_abandon_message(envelope, call->sink);

	if (rc >= 0)
		rc = bare_interchange(call);
	if (rc < 0)
		return rc;
	struct tw_message_start start = {
		.type = message_type(call, type),
		.version = tw_envelope_text(&parser->version),
		.reference = tw_x12_value(call, 2, reference, sizeof(reference)),
		.offset = tw_x12_at(call, NULL, 0).offset,
	};
	if (start.version.length == 0)
		start.version = tw_x12_value(call, 3, convention, sizeof(convention));
	tw_envelope_open_message(envelope, start.reference);
	rc = tw_sink_message(call->sink, &start);
	if (rc < 0 || start.type.length > 0)
		return rc;
	struct tw_anomaly_at at = tw_x12_at(call, "x12.message_type", 1);
	return tw_sink_anomaly(call->sink, &at, "ST names no transaction set");
}

/* SE01 counts the segments, ST and SE among them. */
static int take_message_end(struct tw_x12_call *call)
{
	struct tw_envelope *envelope = &call->parser->envelope;
	struct tw_anomaly_at at = tw_x12_at(call, "x12.segment_count", 1);
	char buffer[32];

	envelope->segments++;
	if (!envelope->message_open)
		return misplaced(call);
	envelope->message_open = false;
	int rc = tw_envelope_check_segments(envelope, call->sink, &at,
					    tw_x12_value(call, 1, buffer, sizeof(buffer)));
	if (rc >= 0)
		rc = check_reference(call, "x12.message_reference", &envelope->message_reference);
	return rc < 0 ? rc : tw_sink_message_end(call->sink, segment_behind(call), true);
}

/* Of an interchange or group, and nothing of cargo: receipts, requests for service, security. */
static int take_nothing(struct tw_x12_call *call)
{
	return call->parser->envelope.open ? TW_OK : misplaced(call);
}

struct service {
	char tag[4];
	bool outside; /* within a message it is a segment as others are */
	int (*take)(struct tw_x12_call *call);
};

/* X12.5 and X12.58. */
static const struct service services[] = {
	{"ISA", false, take_interchange}, {"IEA", false, take_interchange_end},
	{"GS", false, take_group},	  {"GE", false, take_group_end},
	{"ST", false, take_message},	  {"SE", false, take_message_end},
	{"ISX", true, take_extension},	  {"TA1", true, take_nothing},
	{"TA3", true, take_nothing},	  {"ISB", true, take_nothing},
	{"ISE", true, take_nothing},	  {"S1S", true, take_nothing},
	{"S1A", true, take_nothing},	  {"S1E", true, take_nothing},
	{"SVA", true, take_nothing},
};

static const struct service *find_service(const struct tw_x12_call *call)
{
	struct tw_slice tag = call->segment.unit.tag;

	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		if (tw_slice_is(tag, services[i].tag))
			return services[i].outside && call->parser->envelope.message_open ? NULL
										 : &services[i];
	return NULL;
}

int tw_x12_service(struct tw_x12_call *call)
{
	const struct service *service = find_service(call);
	if (service == NULL)
		return 0;
	int rc = tw_envelope_flush(&call->parser->envelope, call->sink);
	if (rc >= 0)
		rc = service->take(call);
	return rc < 0 ? rc : 1;
}
