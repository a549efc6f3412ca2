/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TIDEWAITER_ENVELOPE_H
#define TIDEWAITER_ENVELOPE_H

#include <string.h>

#include "tidewaiter/delimiters.h"
#include "tidewaiter/parser.h"

/*
 * What is open of an interchange: the interchange, a group in it, a message in that; what
 * each was called and how many were counted, so that its trailer can be held against it.
 * UN/EDIFACT (ISO 9735) and X12 (X12.5) wrap messages alike, and differ in segments,
 * elements and codes of anomalies, which are the parser's: it embeds an envelope, opens what
 * its segments open, and asks for the checks. Owned by one parser instance, one thread at a
 * time; nothing points into a window.
 *
 * Weakness: references are cut at TW_ENVELOPE_REFERENCE bytes.
 */

#define TW_ENVELOPE_REFERENCE 128u

struct tw_envelope_reference {
	size_t length;
	char text[TW_ENVELOPE_REFERENCE];
};

/* What a syntax calls an end without its trailer, and what stands outside of messages. */
struct tw_envelope_words {
	const char *message_code, *message, *group_code, *group, *interchange_code, *interchange;
	const char *stray_code, *empty_code;
};

struct tw_envelope {
	const struct tw_envelope_words *words;
	uint64_t last_end; /* behind the last segment that was taken */

	bool open;
	bool bare;	/* without its header */
	bool truncated; /* reported: what stays open needs no remark of its own */
	struct tw_envelope_reference reference;
	uint64_t messages, groups;

	bool group_open;
	struct tw_envelope_reference group_reference;
	uint64_t group_messages;

	bool message_open;
	struct tw_envelope_reference message_reference;
	uint64_t segments;	 /* of the message, its header among them */
	uint64_t empty_segments; /* in the message */
	uint64_t empty_run;	 /* in a row */

	/* Segments outside any message, to be reported in one. */
	uint64_t stray_at, stray_length;
};

/* ---- opening ------------------------------------------------------------------- */

static inline void tw_envelope_keep(struct tw_envelope_reference *reference, struct tw_slice text)
{
	reference->length =
		text.length < TW_ENVELOPE_REFERENCE ? text.length : TW_ENVELOPE_REFERENCE;
	if (text.length > 0)
		memcpy(reference->text, text.data, reference->length);
}

static inline struct tw_slice tw_envelope_text(const struct tw_envelope_reference *reference)
{
	return tw_slice(reference->text, reference->length);
}

static inline void tw_envelope_open(struct tw_envelope *envelope, bool bare)
{
	envelope->open = true;
	envelope->bare = bare;
	envelope->messages = envelope->groups = 0;
	envelope->reference.length = 0;
}

static inline void tw_envelope_open_group(struct tw_envelope *envelope, struct tw_slice reference)
{
	envelope->group_open = true;
	envelope->group_messages = 0;
	envelope->groups++;
	tw_envelope_keep(&envelope->group_reference, reference);
}

static inline void tw_envelope_open_message(struct tw_envelope *envelope, struct tw_slice reference)
{
	envelope->message_open = true;
	envelope->segments = 1;
	envelope->empty_segments = 0;
	envelope->messages++;
	envelope->group_messages++;
	tw_envelope_keep(&envelope->message_reference, reference);
}

/* ---- what stands outside ------------------------------------------------------- */

static inline void tw_envelope_stray(struct tw_envelope *envelope, const struct tw_anomaly_at *at)
{
	if (envelope->stray_length == 0)
		envelope->stray_at = at->offset;
	envelope->stray_length = at->offset + at->length - envelope->stray_at;
}

/* Reports the segments outside any message, if there were any. */
static inline int tw_envelope_flush(struct tw_envelope *envelope, struct tw_sink *sink)
{
	struct tw_anomaly_at at = {
		.code = envelope->words->stray_code,
		.offset = envelope->stray_at,
		.length = envelope->stray_length,
	};

	if (envelope->stray_length == 0)
		return TW_OK;
	envelope->stray_length = 0;
	return tw_sink_skip(sink, &at, "segments outside any message were passed over");
}

/* One more empty segment; told once in a row, when there are more than `most`. */
static inline int tw_envelope_empty(struct tw_envelope *envelope, struct tw_sink *sink,
				    struct tw_anomaly_at at, unsigned most)
{
	at.code = envelope->words->empty_code;
	envelope->empty_segments++;
	if (++envelope->empty_run != (uint64_t)most + 1)
		return TW_OK;
	return tw_sink_anomaly(sink, &at, "more than %u empty segments in a row", most);
}

/* ---- closing without a trailer ----------------------------------------------------- */

/* A missing trailer makes it incomplete, right behind the last segment. */
static inline int tw_envelope_missing(const struct tw_envelope *envelope, struct tw_sink *sink,
				      const char *code, const char *what)
{
	struct tw_anomaly_at at = {.code = code, .offset = envelope->last_end};

	return envelope->truncated ? TW_OK : tw_sink_incomplete(sink, &at, "%s", what);
}

static inline int tw_envelope_abandon_message(struct tw_envelope *envelope, struct tw_sink *sink)
{
	if (!envelope->message_open)
		return TW_OK;
	envelope->message_open = false;
	int rc = tw_envelope_missing(envelope, sink, envelope->words->message_code,
				     envelope->words->message);
	return rc < 0 ? rc : tw_sink_message_end(sink, envelope->last_end, false);
}

/* No message is open in it any more. */
static inline int tw_envelope_abandon_group(struct tw_envelope *envelope, struct tw_sink *sink)
{
	if (!envelope->group_open)
		return TW_OK;
	envelope->group_open = false;
	return tw_envelope_missing(envelope, sink, envelope->words->group_code,
				   envelope->words->group);
}

/* No group is open in it any more; one that had no header needs no trailer. */
static inline int tw_envelope_abandon(struct tw_envelope *envelope, struct tw_sink *sink)
{
	bool open = envelope->open, whole = envelope->bare && !envelope->truncated;
	int rc = TW_OK;

	if (open && !envelope->bare)
		rc = tw_envelope_missing(envelope, sink, envelope->words->interchange_code,
					 envelope->words->interchange);
	envelope->open = envelope->truncated = false;
	return rc < 0 || !open ? rc : tw_sink_interchange_end(sink, envelope->last_end, whole);
}

/* ---- trailers ---------------------------------------------------------------------- */

/* `same`: as the syntax compares references. */
static inline int tw_envelope_check_reference(struct tw_sink *sink, const struct tw_anomaly_at *at,
					      struct tw_slice said,
					      const struct tw_envelope_reference *opened, bool same)
{
	struct tw_slice header = tw_envelope_text(opened);

	if (same)
		return TW_OK;
	return tw_sink_anomaly(sink, at, "the trailer's reference is %.*s, the header's %.*s",
			       (int)said.length, said.data, (int)header.length, header.data);
}

/* Units that a trailer counts, and the codes where it counts fewer or more than were found. */
struct tw_envelope_count {
	const char *fewer_code, *missing_code, *what;
	uint64_t found;
};

/* More announced than found: some are missing. `at`: all but its code. */
static inline int tw_envelope_check_count(struct tw_sink *sink, struct tw_anomaly_at at,
					  struct tw_slice said,
					  const struct tw_envelope_count *counted)
{
	uint64_t count = 0;

	at.code = counted->fewer_code;
	if (!tw_digits_number(said, &count))
		return tw_sink_anomaly(sink, &at, "the trailer's count is no number");
	if (count == counted->found)
		return TW_OK;
	if (count < counted->found)
		return tw_sink_anomaly(sink, &at, "%ju %s announced, %ju found", (uintmax_t)count,
				       counted->what, (uintmax_t)counted->found);
	at.code = counted->missing_code;
	return tw_sink_incomplete(sink, &at, "%ju %s announced, only %ju found", (uintmax_t)count,
				  counted->what, (uintmax_t)counted->found);
}

/*
 * The number of segments that a message's trailer counts, itself among them. Whether empty
 * segments count nobody knows; both are right.
 */
static inline int tw_envelope_check_segments(const struct tw_envelope *envelope,
					     struct tw_sink *sink, const struct tw_anomaly_at *at,
					     struct tw_slice said)
{
	uint64_t count = 0, found = envelope->segments;

	if (!tw_digits_number(said, &count))
		return tw_sink_anomaly(sink, at, "the trailer's count is no number");
	if (count == found || count == found + envelope->empty_segments)
		return TW_OK;
	return tw_sink_anomaly(sink, at, "%ju segments announced, %ju found", (uintmax_t)count,
			       (uintmax_t)found);
}

#endif
