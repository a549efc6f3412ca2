/* SPDX-License-Identifier: Apache-2.0 */
#include "output/event.h"

#include <math.h>

#include "output/envelope.h"
#include "output/identity.h"
#include "output/shipment.h"

/* A piece of evidence names at most so many ranges of the input. */
#define SPAN_LIMIT 64

/* A sentence with the consignment's own party values replaced, where privacy asks for it. */
static void write_sentence(const struct tw_shipment_writer *writer, const char *key,
			   struct tw_slice sentence)
{
	struct tw_json *json = writer->json;
	struct tw_party_hit hit = {0, 0, -1};
	size_t at = 0;
	if (sentence.length == 0)
		return;
	tw_json_key(json, key);
	tw_json_string_open(json);
	while (writer->mask.privacy != TW_PRIVACY_FULL &&
	       tw_party_find(writer->consignment, sentence, at, &hit)) {
		tw_json_string_part(json, tw_slice_part(sentence, at, hit.start - at));
		if (writer->mask.privacy == TW_PRIVACY_OMITTED)
			tw_json_string_part(json, TW_LITERAL("..."));
		else
			tw_mask_append(&writer->mask, tw_text(writer->consignment, hit.value),
				       json->out);
		at = hit.start + hit.length;
	}
	tw_json_string_part(json, tw_slice_from(sentence, at));
	tw_json_string_close(json);
}

/* A text that is personal as a whole. */
static void write_personal(const struct tw_shipment_writer *writer, const char *key,
			   struct tw_slice text)
{
	if (text.length == 0 || writer->mask.privacy == TW_PRIVACY_OMITTED)
		return;
	tw_json_key(writer->json, key);
	tw_json_string_open(writer->json);
	tw_mask_append(&writer->mask, text, writer->json->out);
	tw_json_string_close(writer->json);
}

static void write_value(const struct tw_shipment_writer *writer, const struct tw_evidence *evidence)
{
	char room[TW_SHOWN_SIZE];
	enum tw_field field = tw_evidence_field(writer->consignment, evidence);
	struct tw_slice text = tw_evidence_shown(writer->consignment, evidence, room);
	struct tw_slice part = tw_window(text, evidence->start, evidence->length,
					 TW_TEXT_SHOWN);
	if (writer->mask.privacy != TW_PRIVACY_FULL && tw_field_personal(field)) {
		/* A key is made of the whole value, as everywhere else. */
		bool keyed = writer->mask.privacy == TW_PRIVACY_KEYED;
		write_personal(writer, "value", keyed ? text : part);
		write_personal(writer, "match", evidence->match);
		return;
	}
	write_sentence(writer, "value", part);
	write_sentence(writer, "match", evidence->match);
}

static void write_spans(const struct tw_shipment_writer *writer, const struct tw_evidence *evidence)
{
	struct tw_span spans[SPAN_LIMIT];
	struct tw_json *json = writer->json;
	unsigned count = tw_record_spans(writer->consignment, evidence->value, evidence->start,
					 evidence->length, spans, SPAN_LIMIT);
	tw_json_key(json, "spans");
	tw_json_open(json, '[');
	for (unsigned i = 0; i < count && i < SPAN_LIMIT; i++) {
		tw_json_open(json, '[');
		tw_json_count(json, spans[i].offset);
		tw_json_count(json, spans[i].length);
		tw_json_close(json, ']');
	}
	tw_json_close(json, ']');
}

static void write_evidence(const struct tw_shipment_writer *writer,
			   const struct tw_evidence *evidence)
{
	struct tw_json *json = writer->json;
	const struct tw_column *column =
		tw_column_of(tw_evidence_field(writer->consignment, evidence));
	tw_json_open(json, '{');
	if (column != NULL)
		tw_json_member_text(json, "field", column->keyword);
	if (column != NULL && evidence->value >= 0 && column->group != TW_GROUP_message &&
	    column->group != TW_GROUP_consignment)
		tw_json_member_count(json, "item",
				     (uint64_t)tw_item(writer->consignment, evidence->value) + 1);
	write_value(writer, evidence);
	write_spans(writer, evidence);
	tw_json_member_text(json, "list", evidence->list);
	tw_json_key(json, "status");
	tw_json_string(json, evidence->status.length > 0 ? evidence->status
							  : TW_LITERAL("computed"));
	tw_json_member_text(json, "family", evidence->family);
	tw_json_member_number(json, "weight", evidence->weight);
	write_sentence(writer, "why", evidence->why);
	tw_json_close(json, '}');
}

static void write_related(struct tw_json *json, const struct tw_alert *alert)
{
	tw_json_key(json, "related");
	tw_json_open(json, '[');
	for (unsigned i = 0; i < alert->related_count; i++) {
		const struct tw_related *related = &alert->related[i];
		tw_json_open(json, '{');
		tw_json_key(json, "alert_id");
		if (related->alert_id.length > 0)
			tw_json_string(json, related->alert_id);
		else
			tw_json_null(json);
		tw_json_member_text(json, "master", related->master);
		tw_json_member_text(json, "house", related->house);
		tw_json_key(json, "time");
		tw_json_time(json, related->time);
		tw_json_close(json, '}');
	}
	tw_json_close(json, ']');
	if (alert->related_more > 0)
		tw_json_member_count(json, "related_more", alert->related_more);
}

static void write_alert(const struct tw_shipment_writer *writer, const struct tw_alert *alert)
{
	struct tw_json *json = writer->json;
	tw_json_key(json, "alert");
	tw_json_open(json, '{');
	tw_json_member_count(json, "gid", alert->gid);
	tw_json_member_count(json, "sid", alert->sid);
	tw_json_member_count(json, "rev", alert->rev);
	tw_json_member_text(json, "signature", tw_slice_string(alert->signature));
	tw_json_member_text(json, "category", tw_slice_string(alert->category));
	tw_json_member_text(json, "detector", tw_slice_string(alert->detector));
	tw_json_member_number(json, "severity", alert->severity);
	/* A tenth is all a score can mean. */
	tw_json_member_number(json, "score", round(alert->score * 10) / 10);
	write_sentence(writer, "reason", alert->reason);
	tw_json_member_text(json, "action", TW_LITERAL("alert"));
	if (alert->deadline)
		tw_json_member_text(json, "trigger", TW_LITERAL("deadline"));
	if (alert->alternate)
		tw_json_member_text(json, "reading", TW_LITERAL("alternate"));
	tw_json_key(json, "metadata");
	tw_json_open(json, '{');
	tw_json_close(json, '}');
	write_related(json, alert);
	tw_json_close(json, '}');
}

static void write_message(const struct tw_shipment_writer *writer, const char *sha256)
{
	tw_json_key(writer->json, "message");
	tw_json_open(writer->json, '{');
	tw_shipment_message(writer);
	tw_json_member_text(writer->json, "sha256", tw_slice_string(sha256));
	tw_json_close(writer->json, '}');
}

void tw_event_alert(const struct tw_event_style *style, const struct tw_feed *feed,
		    const struct tw_consignment *consignment, const struct tw_alert *alert,
		    struct tw_buffer *out)
{
	struct tw_json json = {.out = out};
	struct tw_shipment_writer writer = {&json, consignment, {style->alerts, style->key}, false};
	const struct tw_record *record = consignment->record;
	struct tw_alert_identity identity;
	tw_alert_identify(style, feed, consignment, alert, &identity);
	out->failed = out->failed || identity.failed;
	tw_envelope_open(&json, style, "alert", tw_feed_time(consignment));
	tw_json_member_text(&json, "alert_id", tw_slice_string(identity.alert_id));
	tw_json_member_text(&json, "event_id", tw_slice_string(identity.event_id));
	tw_envelope_feed(&json, feed, record->base, record->end - record->base);
	write_message(&writer, identity.sha256);
	tw_json_key(&json, "shipment");
	tw_json_open(&json, '{');
	tw_shipment_facts(&writer, alert->shipment_id);
	tw_json_close(&json, '}');
	write_alert(&writer, alert);
	tw_json_key(&json, "evidence");
	tw_json_open(&json, '[');
	for (unsigned i = 0; i < alert->evidence_count; i++)
		write_evidence(&writer, &alert->evidence[i]);
	tw_json_close(&json, ']');
	tw_envelope_close(&json);
}
