/* SPDX-License-Identifier: Apache-2.0 */
#include "edifact.h"

#define SHOWN(slice) (int)(slice).length, (slice).data

struct tw_anomaly_at tw_edifact_at(const struct tw_edifact_call *call, const char *code,
				   unsigned element)
{
	return tw_segment_at(&call->segment, code, element);
}

static uint64_t segment_behind(const struct tw_edifact_call *call)
{
	struct tw_anomaly_at at = tw_edifact_at(call, NULL, 0);
	return at.offset + at.length;
}

/* ---- closing --------------------------------------------------------------- */

static int message_abandon(struct tw_edifact_call *call)
{
	struct tw_edifact *parser = call->parser;

	if (!parser->package_open)
		return tw_envelope_abandon_message(&parser->envelope, call->sink);
	parser->package_open = false;
	return tw_envelope_missing(&parser->envelope, call->sink, "edifact.binary_length",
				   "an object ends without its trailer UNP");
}

static int group_abandon(struct tw_edifact_call *call)
{
	int rc = message_abandon(call);

	return rc < 0 ? rc : tw_envelope_abandon_group(&call->parser->envelope, call->sink);
}

static void interchange_forget(struct tw_edifact *parser)
{
	parser->envelope.open = parser->envelope.truncated = parser->begun = false;
	parser->phase = TW_EDIFACT_IDLE;
}

int tw_edifact_abandon(struct tw_edifact_call *call)
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

/* ---- interchanges ----------------------------------------------------------- */

/* Where the service segments of batch (UN.) and interactive (UI.) EDI keep the same things. */
struct layout {
	unsigned sender, recipient, time, reference, test;	/* UNB, UIB */
	unsigned message_reference, message_type, agency;	/* UNH, UIH; agency: component */
	unsigned count, trailer_reference;			/* UNT and UNZ, UIT and UIZ */
	bool optional;						/* count and reference may be left out */
};

static const struct layout batch = {2, 3, 4, 5, 11, 1, 2, 4, 1, 2, false};
static const struct layout interactive = {6, 7, 8, 2, 10, 2, 1, 5, 2, 1, true};

static const struct layout *layout_of(const struct tw_edifact_call *call)
{
	return tw_slice_at(call->segment.unit.tag, 1) == 'I' ? &interactive : &batch;
}

/*
 * Syntax 4 has a repetition separator, '*' unless UNA says otherwise; before that
 * its place in UNA is reserved. IATA's use of syntax 1 (PADIS) has one all the same.
 */
static void repetition_settle(struct tw_edifact_call *call, struct tw_slice level,
			      struct tw_slice version)
{
	struct tw_edifact *parser = call->parser;
	struct tw_delimiters *syntax = &parser->stream.syntax;
	int digit = tw_slice_at(version, 0);
	bool four = digit >= '4' && digit <= '9';

	if (!parser->advised && four && syntax->class['*'] == TW_BYTE_TEXT)
		syntax->repetition = '*';
	if (syntax->repetition != 0 && !four && digit >= 0 &&
	    !tw_slice_starts(level, TW_LITERAL("IAT"))) {
		syntax->repetition = 0;
		parser->odd_advice = true;
	}
	tw_delimiters_build(syntax);
	if (tw_slice_is(level, "UNOX") && syntax->class[0x1b] == TW_BYTE_TEXT)
		syntax->class[0x1b] = TW_BYTE_ESCAPE;
	tw_segment_cursor_forget(&call->parser->stream.cursor);
}

static void interchange_open(struct tw_edifact *parser, bool bare)
{
	tw_envelope_open(&parser->envelope, bare);
	parser->begun = false;
}

static int advice_report(struct tw_edifact_call *call)
{
	struct tw_edifact *parser = call->parser;
	struct tw_anomaly_at at = {
		.code = "edifact.una",
		.offset = parser->begun_at,
		.length = TW_EDIFACT_UNA_BYTES,
		.segment = TW_LITERAL("UNA"),
	};

	if (!parser->odd_advice)
		return TW_OK;
	parser->odd_advice = false;
	return tw_sink_anomaly(call->sink, &at,
			       "the service string advice is odd; only what is sure of it was used");
}

/* What is there should be a day and a time of it. */
static int time_report(struct tw_edifact_call *call, unsigned element)
{
	char day[16], clock[16];
	struct tw_slice date = tw_edifact_value(call, element, 1, day, sizeof(day));
	struct tw_slice time = tw_edifact_value(call, element, 2, clock, sizeof(clock));
	struct tw_anomaly_at at = tw_edifact_at(call, "edifact.interchange_time", element);

	if ((date.length == 0 || tw_digits_day_valid(date)) &&
	    (time.length == 0 || tw_digits_clock_valid(time)))
		return TW_OK;
	return tw_sink_anomaly(call->sink, &at, "the preparation time %.*s %.*s is none", SHOWN(date),
			       SHOWN(time));
}

/* UNB: S001 level:version, S002 sender, S003 recipient, S004 date:time, 0020 reference, 0035 test. */
static int take_interchange(struct tw_edifact_call *call)
{
	const struct layout *layout = layout_of(call);
	struct tw_edifact *parser = call->parser;
	char level[8], version[8], sender[64], recipient[64], time[16], test[4];
	char reference[TW_ENVELOPE_REFERENCE];
	bool begun = parser->begun;
	uint64_t at = begun ? parser->begun_at : tw_edifact_at(call, NULL, 0).offset;

	if (!begun) {
		int rc = tw_edifact_abandon(call);
		if (rc < 0)
			return rc;
		parser->phase = TW_EDIFACT_SEGMENTS;
		parser->begun_at = at;
	}
	struct tw_slice name = tw_edifact_value(call, 1, 1, level, sizeof(level));
	struct tw_interchange interchange = {
		.format = TW_LITERAL("edifact"),
		.sender = tw_edifact_value(call, layout->sender, 1, sender, sizeof(sender)),
		.recipient = tw_edifact_value(call, layout->recipient, 1, recipient, sizeof(recipient)),
		.reference = tw_edifact_value(call, layout->reference, 1, reference, sizeof(reference)),
		.time = tw_edifact_time(call, layout->time, time),
		.test = tw_slice_is(tw_edifact_value(call, layout->test, 1, test, sizeof(test)), "1"),
		.offset = at,
	};
	interchange.charset = tw_edifact_charset(name, &interchange.charset_name);
	interchange_open(parser, false);
	tw_envelope_keep(&parser->envelope.reference, interchange.reference);
	int rc = tw_sink_interchange(call->sink, &interchange);
	if (rc < 0)
		return rc;
	repetition_settle(call, name, tw_edifact_value(call, 1, 2, version, sizeof(version)));
	if (name.length != 4) {
		struct tw_anomaly_at odd = tw_edifact_at(call, "edifact.interchange_header", 1);
		rc = tw_sink_incomplete(call->sink, &odd, "the header has no syntax identifier");
	}
	if (rc >= 0)
		rc = time_report(call, layout->time);
	return rc < 0 ? rc : advice_report(call);
}

/* A message or group without an interchange header: one is made for it. */
static int bare_interchange(struct tw_edifact_call *call)
{
	struct tw_edifact *parser = call->parser;
	struct tw_anomaly_at at = tw_edifact_at(call, "edifact.no_interchange", 0);
	struct tw_interchange interchange = {
		.format = TW_LITERAL("edifact"),
		.charset = TW_CHARSET_AUTO,
		.offset = parser->begun ? parser->begun_at : at.offset,
	};

	if (parser->envelope.open)
		return TW_OK;
	interchange_open(parser, true);
	int rc = tw_sink_interchange(call->sink, &interchange);
	if (rc >= 0)
		rc = tw_sink_anomaly(call->sink, &at, "%.*s stands without an interchange header",
				     SHOWN(call->segment.unit.tag));
	return rc < 0 ? rc : advice_report(call);
}

/* ---- trailers ---------------------------------------------------------------- */

static int check_reference(struct tw_edifact_call *call, const char *code,
			   const struct tw_envelope_reference *opened)
{
	const struct layout *layout = layout_of(call);
	char buffer[TW_ENVELOPE_REFERENCE];
	unsigned element = layout->trailer_reference;
	struct tw_slice said = tw_edifact_value(call, element, 1, buffer, sizeof(buffer));
	struct tw_anomaly_at at = tw_edifact_at(call, code, element);
	bool same = tw_slice_equal(said, tw_envelope_text(opened)) ||
		    (layout->optional && said.length == 0);

	return tw_envelope_check_reference(call->sink, &at, said, opened, same);
}

/* The count of a trailer; empty where it may be left out and is. */
static struct tw_slice announced(const struct tw_edifact_call *call, char buffer[32])
{
	return tw_edifact_value(call, layout_of(call)->count, 1, buffer, 32);
}

static int check_count(struct tw_edifact_call *call, const struct tw_envelope_count *counted)
{
	const struct layout *layout = layout_of(call);
	char buffer[32];
	struct tw_slice said = announced(call, buffer);

	if (said.length == 0 && layout->optional)
		return TW_OK;
	return tw_envelope_check_count(call->sink, tw_edifact_at(call, NULL, layout->count), said,
				       counted);
}

/* A trailer without its header. */
static int misplaced(struct tw_edifact_call *call)
{
	struct tw_anomaly_at at = tw_edifact_at(call, "edifact.segment_place", 0);
	int rc = tw_sink_anomaly(call->sink, &at, "%.*s closes nothing that is open",
				 SHOWN(call->segment.unit.tag));
	return rc;
}

/* Some senders count messages in UNZ even where there are groups: then none is missing. */
static bool counts_messages(const struct tw_edifact_call *call)
{
	const struct tw_envelope *envelope = &call->parser->envelope;
	char buffer[32];
	uint64_t count;

	return tw_digits_number(announced(call, buffer), &count) &&
	       count == envelope->messages && count != envelope->groups;
}

/* UNZ: 0036 counts the groups where there are any, else messages and packages. */
static int take_interchange_end(struct tw_edifact_call *call)
{
	struct tw_edifact *parser = call->parser;
	struct tw_envelope *envelope = &parser->envelope;
	struct tw_envelope_count counted = {"edifact.interchange_count", "edifact.interchange_missing",
					    "messages", envelope->messages};

	if (!envelope->open) {
		interchange_forget(parser);
		return misplaced(call);
	}
	int rc = group_abandon(call);
	if (rc >= 0 && envelope->groups > 0 && counts_messages(call)) {
		struct tw_anomaly_at at =
			tw_edifact_at(call, counted.fewer_code, layout_of(call)->count);
		rc = tw_sink_anomaly(call->sink, &at, "the trailer counts messages, not groups");
	} else if (envelope->groups > 0) {
		counted.what = "groups";
		counted.found = envelope->groups;
	}
	if (rc >= 0)
		rc = check_count(call, &counted);
	if (rc >= 0 && !envelope->bare)
		rc = check_reference(call, "edifact.interchange_reference", &envelope->reference);
	interchange_forget(parser);
	return rc < 0 ? rc : tw_sink_interchange_end(call->sink, segment_behind(call), true);
}

/* UNG: 0048 group reference is its fifth element. */
static int take_group(struct tw_edifact_call *call)
{
	char buffer[TW_ENVELOPE_REFERENCE];
	int rc = group_abandon(call);

	if (rc >= 0)
		rc = bare_interchange(call);
	tw_envelope_open_group(&call->parser->envelope,
			       tw_edifact_value(call, 5, 1, buffer, sizeof(buffer)));
	return rc;
}

static int take_group_end(struct tw_edifact_call *call)
{
	struct tw_envelope *envelope = &call->parser->envelope;
	int rc = message_abandon(call);

	if (rc < 0)
		return rc;
	if (!envelope->group_open)
		return misplaced(call);
	struct tw_envelope_count counted = {"edifact.group_count", "edifact.group_missing", "messages",
					    envelope->group_messages};
	envelope->group_open = false;
	rc = check_count(call, &counted);
	return rc < 0 ? rc : check_reference(call, "edifact.group_reference", &envelope->group_reference);
}

/* ---- messages ------------------------------------------------------------------ */

/* S009 version:release:agency as D:95B:UN, whatever the separators are. */
static struct tw_slice message_version(const struct tw_edifact_call *call, char *buffer)
{
	const struct layout *layout = layout_of(call);
	const unsigned components[] = {2, 3, layout->agency};
	size_t length = 0, used = 0;

	for (unsigned i = 0; i < 3; i++) {
		if (i > 0)
			buffer[length++] = ':';
		struct tw_slice part = tw_edifact_value(call, layout->message_type, components[i],
							buffer + length, 16);
		if (part.length > 0)
			memmove(buffer + length, part.data, part.length);
		length += part.length;
		used = part.length > 0 ? length : used;
	}
	return tw_slice(buffer, used);
}

static int take_message(struct tw_edifact_call *call)
{
	const struct layout *layout = layout_of(call);
	struct tw_edifact *parser = call->parser;
	char type[16], version[64], reference[TW_ENVELOPE_REFERENCE];
	int rc = message_abandon(call);

	if (rc >= 0)
		rc = bare_interchange(call);
	if (rc < 0)
		return rc;
	struct tw_message_start start = {
		.type = tw_edifact_value(call, layout->message_type, 1, type, sizeof(type)),
		.version = message_version(call, version),
		.reference = tw_edifact_value(call, layout->message_reference, 1, reference,
					      sizeof(reference)),
		.offset = tw_edifact_at(call, NULL, 0).offset,
	};
	parser->detail = parser->summary = false;
	tw_envelope_open_message(&parser->envelope, start.reference);
	rc = tw_sink_message(call->sink, &start);
	if (rc < 0 || start.type.length > 0)
		return rc;
	struct tw_anomaly_at at = tw_edifact_at(call, "edifact.message_type", layout->message_type);
	return tw_sink_anomaly(call->sink, &at, "%.*s names no message type", SHOWN(call->segment.unit.tag));
}

/* UNT: 0074 counts the segments, UNH and UNT among them. */
static int take_message_end(struct tw_edifact_call *call)
{
	const struct layout *layout = layout_of(call);
	struct tw_envelope *envelope = &call->parser->envelope;
	struct tw_anomaly_at at = tw_edifact_at(call, "edifact.segment_count", layout->count);
	char buffer[32];
	struct tw_slice said = announced(call, buffer);
	int rc = TW_OK;

	envelope->segments++;
	if (!envelope->message_open)
		return misplaced(call);
	envelope->message_open = false;
	if (said.length > 0 || !layout->optional)
		rc = tw_envelope_check_segments(envelope, call->sink, &at, said);
	if (rc >= 0)
		rc = check_reference(call, "edifact.message_reference", &envelope->message_reference);
	return rc < 0 ? rc : tw_sink_message_end(call->sink, segment_behind(call), true);
}

/* UNS: each section once, detail before summary. It is a segment of the message all the same. */
static int take_section(struct tw_edifact_call *call)
{
	struct tw_edifact *parser = call->parser;
	char buffer[4];
	struct tw_slice section = tw_edifact_value(call, 1, 1, buffer, sizeof(buffer));
	bool detail = tw_slice_is(section, "D"), summary = tw_slice_is(section, "S");
	struct tw_anomaly_at at = tw_edifact_at(call, "edifact.segment_place", 1);
	bool odd = parser->summary ? detail || summary : detail && parser->detail;

	if (!parser->envelope.message_open)
		return 0;
	parser->detail = parser->detail || detail;
	parser->summary = parser->summary || summary;
	if (!odd)
		return 0;
	return tw_sink_anomaly(call->sink, &at, "section %.*s begins again", SHOWN(section));
}

/* ---- packages --------------------------------------------------------------------- */

/*
 * UNO (ISO 9735-8): 0800 reference, S020, S021, S022 length:segments before the
 * object. A package stands and counts like a message.
 */
static int take_object(struct tw_edifact_call *call)
{
	struct tw_edifact *parser = call->parser;
	char reference[TW_ENVELOPE_REFERENCE], length[32], before[8];
	int rc = message_abandon(call);

	if (rc >= 0)
		rc = bare_interchange(call);
	if (rc < 0)
		return rc;
	parser->package_open = true;
	parser->envelope.messages++;
	parser->envelope.group_messages++;
	tw_envelope_keep(&parser->package_reference,
		      tw_edifact_value(call, 1, 1, reference, sizeof(reference)));
	parser->segments_before = 0;
	tw_digits_number(tw_edifact_value(call, 4, 2, before, sizeof(before)),
			  &parser->segments_before);
	parser->object_at = segment_behind(call);
	parser->object_left = 0;
	parser->object_announced = 0;
	bool known = tw_digits_number(tw_edifact_value(call, 4, 1, length, sizeof(length)),
				       &parser->object_left);
	parser->object_announced = parser->object_left;
	if (!known)
		parser->phase = TW_EDIFACT_OBJECT_LOST;
	else if (parser->segments_before == 0)
		parser->phase = TW_EDIFACT_OBJECT;
	return TW_OK;
}

static int take_object_end(struct tw_edifact_call *call)
{
	struct tw_edifact *parser = call->parser;
	struct tw_anomaly_at at = tw_edifact_at(call, "edifact.binary_length", 1);
	char buffer[32];
	uint64_t count = 0;
	int rc = TW_OK;

	if (!parser->package_open)
		return misplaced(call);
	parser->package_open = false;
	if (!tw_digits_number(announced(call, buffer), &count) || count != parser->object_announced)
		rc = tw_sink_incomplete(call->sink, &at,
					"UNP gives another length of the object than UNO");
	return rc < 0 ? rc : check_reference(call, "edifact.message_reference", &parser->package_reference);
}

/* UIR reports on the dialogue; UNA here is one that no header follows. */
static int take_nothing(struct tw_edifact_call *call)
{
	return tw_slice_is(call->segment.unit.tag, "UNA") ? misplaced(call) : TW_OK;
}

struct service {
	char tag[4];
	int (*take)(struct tw_edifact_call *call);
};

static const struct service services[] = {
	{"UNB", take_interchange}, {"UNZ", take_interchange_end}, {"UNG", take_group},
	{"UNE", take_group_end},   {"UNH", take_message},	  {"UNT", take_message_end},
	{"UNO", take_object},	   {"UNP", take_object_end},	  {"UIB", take_interchange},
	{"UIZ", take_interchange_end}, {"UIH", take_message},	  {"UIT", take_message_end},
	{"UNA", take_nothing},	   {"UIR", take_nothing},
};

int tw_edifact_service(struct tw_edifact_call *call)
{
	if (call->segment.unit.tag.length != 3)
		return 0;
	if (tw_slice_is(call->segment.unit.tag, "UNS"))
		return take_section(call);
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
		if (memcmp(services[i].tag, call->segment.unit.tag.data, 3) != 0)
			continue;
		int rc = tw_envelope_flush(&call->parser->envelope, call->sink);
		if (rc >= 0)
			rc = services[i].take(call);
		return rc < 0 ? rc : 1;
	}
	return 0;
}
