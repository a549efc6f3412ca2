/* SPDX-License-Identifier: Apache-2.0 */
#include "output/event.h"

#include "output/envelope.h"
#include "output/identity.h"
#include "output/shipment.h"

void tw_event_message_shipment(const struct tw_event_style *style,
			       const struct tw_consignment *consignment, struct tw_slice shipment_id,
			       struct tw_buffer *shipments)
{
	struct tw_json json = {.out = shipments, .comma = shipments->length > 0};
	struct tw_shipment_writer writer = {&json, consignment,
					    {style->messages, style->key}, true};
	tw_json_open(&json, '{');
	tw_shipment_facts(&writer, shipment_id);
	tw_shipment_groups(&writer);
	tw_json_close(&json, '}');
}

static void write_message(struct tw_json *json, const struct tw_event_style *style,
			  const struct tw_consignment *first)
{
	struct tw_shipment_writer writer = {.json = json, .consignment = first};
	char sha256[TW_SHA256_TEXT_SIZE];
	tw_json_key(json, "message");
	tw_json_open(json, '{');
	tw_shipment_message(&writer);
	if (!tw_message_sha256(style->sha256, first, sha256))
		json->out->failed = true;
	tw_json_member_text(json, "sha256", tw_slice_string(sha256));
	tw_json_close(json, '}');
}

void tw_event_message(const struct tw_event_style *style, const struct tw_feed *feed,
		      const struct tw_consignment *first, const struct tw_message_part *part,
		      struct tw_buffer *out)
{
	struct tw_json json = {.out = out};
	tw_envelope_open(&json, style, "message", tw_feed_time(first));
	tw_envelope_feed(&json, feed, part->offset, part->length);
	write_message(&json, style, first);
	tw_json_member_count(&json, "part", part->part);
	tw_json_member_bool(&json, "last", part->last);
	tw_json_key(&json, "shipments");
	tw_json_open(&json, '[');
	tw_buffer_append_slice(out, part->shipments);
	tw_json_close(&json, ']');
	tw_envelope_close(&json);
}

/* A tag longer than this is no tag but text, and is not repeated. */
#define TAG_SHOWN 35

void tw_event_anomaly(const struct tw_event_style *style, const struct tw_feed *feed,
		      const struct tw_anomaly *anomaly, struct tw_buffer *out)
{
	struct tw_json json = {.out = out};
	tw_envelope_open(&json, style, "anomaly", anomaly->time);
	tw_envelope_feed(&json, feed, anomaly->offset, anomaly->length);
	tw_json_key(&json, "message");
	tw_json_open(&json, '{');
	tw_json_member_text(&json, "reference", anomaly->message);
	tw_json_member_text(&json, "interchange", anomaly->interchange);
	tw_json_close(&json, '}');
	tw_json_key(&json, "anomaly");
	tw_json_open(&json, '{');
	tw_json_member_text(&json, "code", tw_slice_string(anomaly->code));
	tw_json_key(&json, "inspection");
	tw_json_string(&json, tw_anomaly_complete(anomaly->code) ? TW_LITERAL("complete")
								  : TW_LITERAL("incomplete"));
	tw_json_member_text(&json, "meaning", tw_slice_string(tw_anomaly_meaning(anomaly->code)));
	tw_json_member_text(&json, "reason", anomaly->reason);
	tw_json_member_text(&json, "segment", tw_utf8_head(anomaly->segment, TAG_SHOWN));
	if (anomaly->element > 0)
		tw_json_member_count(&json, "element", anomaly->element);
	tw_json_close(&json, '}');
	tw_envelope_close(&json);
}

void tw_event_opaque(const struct tw_event_style *style, const struct tw_feed *feed,
		     const struct tw_opaque *opaque, struct tw_buffer *out)
{
	struct tw_json json = {.out = out};
	tw_envelope_open(&json, style, "opaque", opaque->time);
	tw_envelope_feed(&json, feed, 0, opaque->to_server + opaque->to_client);
	tw_json_key(&json, "opaque");
	tw_json_open(&json, '{');
	tw_json_member_text(&json, "reason", opaque->reason);
	tw_json_member_count(&json, "bytes", opaque->to_server + opaque->to_client);
	tw_json_member_count(&json, "to_server", opaque->to_server);
	tw_json_member_count(&json, "to_client", opaque->to_client);
	tw_json_member_text(&json, "server_name", opaque->server_name);
	tw_json_close(&json, '}');
	tw_envelope_close(&json);
}

static void write_receipt(struct tw_json *json, const struct tw_receipt *receipt)
{
	tw_json_key(json, "receipt");
	tw_json_open(json, '{');
	tw_json_key(json, "inspection");
	tw_json_word(json, receipt->complete ? TW_LITERAL("complete") : TW_LITERAL("incomplete"));
	tw_json_member_bool(json, "fault", receipt->fault);
	tw_json_member_count(json, "messages", receipt->messages);
	tw_json_member_count(json, "consignments", receipt->consignments);
	tw_json_member_count(json, "excluded", receipt->excluded);
	tw_json_member_count(json, "alerts", receipt->alerts);
	tw_json_member_count(json, "repeated", receipt->repeated);
	tw_json_member_count(json, "passed", receipt->passed);
	tw_json_member_count(json, "anomalies", receipt->anomalies);
	tw_json_member_count(json, "bytes_not_inspected", receipt->bytes_not_inspected);
	tw_json_key(json, "detectors");
	tw_json_open(json, '[');
	for (unsigned i = 0; receipt->detectors != NULL && receipt->detectors[i] != NULL; i++)
		tw_json_word(json, tw_slice_string(receipt->detectors[i]));
	tw_json_close(json, ']');
	tw_json_close(json, '}');
}

void tw_event_receipt(const struct tw_event_style *style, const struct tw_feed *feed,
		      const struct tw_receipt *receipt, struct tw_buffer *out)
{
	struct tw_json json = {.out = out};
	tw_envelope_open(&json, style, "receipt", receipt->time);
	tw_envelope_feed(&json, feed, receipt->offset, receipt->length);
	tw_json_key(&json, "message");
	tw_json_open(&json, '{');
	tw_json_member_text(&json, "format", receipt->format);
	tw_json_member_text(&json, "interchange", receipt->reference);
	tw_json_member_text(&json, "sender", receipt->sender);
	tw_json_member_text(&json, "recipient", receipt->recipient);
	tw_json_member_bool(&json, "test", receipt->test);
	tw_json_close(&json, '}');
	write_receipt(&json, receipt);
	tw_envelope_close(&json);
}
