/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>

#include "output/anomaly.h"
#include "output/privacy.h"
#include "sample.h"

static const char *const LAYERS[] = {"gzip", NULL};
static const struct tw_feed FEED = {.source = "file", .path = "feeds/a.edi.gz", .layers = LAYERS};

static struct tw_event_style style_with(enum tw_privacy privacy)
{
	return (struct tw_event_style){
		.sensor = "quay-1", .generation = 3, .alerts = privacy, .messages = privacy,
		.others = privacy, .key = TW_LITERAL("secret"),
	};
}

/* The one line in the buffer, read back; duplicate keys are refused. */
static json_t *read_line(const struct tw_buffer *out)
{
	assert_false(out->failed);
	assert_true(out->length > 1);
	assert_int_equal(out->data[out->length - 1], '\n');
	assert_null(memchr(out->data, '\n', out->length - 1));
	json_error_t error;
	json_t *event = json_loadb(out->data, out->length, JSON_REJECT_DUPLICATES, &error);
	if (event == NULL)
		print_error("%s in %.*s\n", error.text, (int)out->length, out->data);
	assert_non_null(event);
	return event;
}

/* Follows a path of keys and list positions: "evidence.0.match". */
static json_t *at(json_t *json, const char *path)
{
	char key[64];
	while (*path != '\0') {
		size_t length = strcspn(path, ".");
		memcpy(key, path, length);
		key[length] = '\0';
		json = json_is_array(json) ? json_array_get(json, (size_t)atoi(key))
					   : json_object_get(json, key);
		path += length + (path[length] == '.');
	}
	return json;
}

static void assert_text(json_t *event, const char *path, const char *expected)
{
	const char *text = json_string_value(at(event, path));
	if (text == NULL)
		print_error("%s is no text\n", path);
	assert_non_null(text);
	assert_string_equal(text, expected);
}

static void assert_value(json_t *event, const char *path, double expected)
{
	json_t *number = at(event, path);
	if (!json_is_number(number))
		print_error("%s is no number\n", path);
	assert_true(json_is_number(number));
	assert_true(fabs(json_number_value(number) - expected) < 1e-9);
}

static json_t *alert_event(const struct sample *sample, enum tw_privacy privacy,
			   struct tw_buffer *out)
{
	struct tw_event_style style = style_with(privacy);
	struct tw_evidence evidence[3];
	sample_evidence(sample, evidence);
	struct tw_alert alert = sample_alert(evidence, 3);
	tw_buffer_clear(out);
	tw_event_alert(&style, &FEED, &sample->consignment, &alert, out);
	return read_line(out);
}

static int open_sample(void **state)
{
	struct sample *sample = malloc(sizeof(*sample));
	*state = sample;
	return sample == NULL || !sample_open(sample);
}

static int close_sample(void **state)
{
	sample_free(*state);
	free(*state);
	return 0;
}

static void test_alert_envelope(void **state)
{
	struct tw_buffer out = {0};
	json_t *event = alert_event(*state, TW_PRIVACY_FULL, &out);
	static const char *const keys[] = {
		"timestamp", "event_type", "schema", "generation", "sensor", "alert_id",
		"event_id", "feed", "message", "shipment", "alert", "evidence",
	};
	/* The order that readers see; jansson keeps that of the text. */
	size_t index = 0;
	const char *key;
	json_t *member;
	json_object_foreach(event, key, member)
		assert_string_equal(key, keys[index++]);
	assert_int_equal(index, sizeof(keys) / sizeof(keys[0]));
	assert_text(event, "timestamp", "2026-11-20T10:00:00.000000Z");
	assert_text(event, "event_type", "alert");
	assert_text(event, "schema", "1.0");
	assert_value(event, "generation", 3);
	assert_text(event, "sensor", "quay-1");
	assert_text(event, "feed.source", "file");
	assert_text(event, "feed.path", "feeds/a.edi.gz");
	assert_text(event, "feed.layers.0", "gzip");
	assert_value(event, "feed.offset", 1000);
	assert_value(event, "feed.length", 801);
	json_decref(event);
	tw_buffer_free(&out);
}

static void test_alert_message(void **state)
{
	struct tw_buffer out = {0};
	json_t *event = alert_event(*state, TW_PRIVACY_FULL, &out);
	assert_text(event, "message.format", "edifact");
	assert_text(event, "message.type", "CUSCAR");
	assert_text(event, "message.version", "D:95B:UN");
	assert_text(event, "message.reference", "1");
	assert_text(event, "message.interchange", "REF1");
	assert_text(event, "message.sender", "CARRIERX");
	assert_text(event, "message.recipient", "CUSTOMS");
	assert_text(event, "message.role", "manifest");
	assert_text(event, "message.prepared", "2026-11-20T10:00:00.000000Z");
	assert_text(event, "message.function", "original");
	assert_true(json_is_false(at(event, "message.test")));
	assert_int_equal(strlen(json_string_value(at(event, "message.sha256"))), 64);
	json_decref(event);
	tw_buffer_free(&out);
}

static void test_alert_shipment(void **state)
{
	struct tw_buffer out = {0};
	json_t *event = alert_event(*state, TW_PRIVACY_FULL, &out);
	assert_text(event, "shipment.id", "house:M55/H77");
	assert_text(event, "shipment.level", "house");
	assert_text(event, "shipment.action", "original");
	assert_text(event, "shipment.mode", "sea");
	assert_text(event, "shipment.master", "M55");
	assert_text(event, "shipment.house", "H77");
	assert_text(event, "shipment.carrier", "XXXX");
	assert_text(event, "shipment.conveyance", "EVER FICTION");
	assert_text(event, "shipment.voyage", "0123W");
	assert_text(event, "shipment.origin", "CNSHA");
	assert_text(event, "shipment.destination", "USLAX");
	assert_text(event, "shipment.route.0", "CNSHA");
	assert_text(event, "shipment.route.1", "USLAX");
	assert_text(event, "shipment.eta", "2026-12-01T00:00:00.000000Z");
	assert_text(event, "shipment.shipper.name", "Bright Path Trading");
	assert_text(event, "shipment.shipper.country", "CN");
	assert_text(event, "shipment.consignee.name", "Quentin \"Q\" Zyx");
	assert_text(event, "shipment.consignee.address", "742 Evergreen Terrace, Unit 9");
	assert_text(event, "shipment.consignee.phone", "+1 619 555 0100");
	assert_int_equal(json_object_size(at(event, "shipment.notify")), 0);
	assert_true(json_is_object(at(event, "shipment.forwarder")));
	assert_text(event, "shipment.description", "KEYBOARDS; SMALL TABLET PRESS");
	assert_int_equal(json_array_size(at(event, "shipment.hs")), 2);
	assert_text(event, "shipment.hs.1", "847989");
	assert_int_equal(json_array_size(at(event, "shipment.un")), 0);
	assert_value(event, "shipment.pieces", 1);
	assert_value(event, "shipment.weight_kg", 79.4);
	assert_value(event, "shipment.value", 120);
	assert_text(event, "shipment.currency", "USD");
	assert_text(event, "shipment.containers.0", "CSQU3054383");
	assert_text(event, "shipment.seals.1", "S2");
	json_decref(event);
	/* 79.1 and 0.3 add up to 79.39999999999999 in doubles */
	assert_non_null(memmem(out.data, out.length, "\"weight_kg\":79.4,", 17));
	tw_buffer_free(&out);
}

static void test_alert_evidence(void **state)
{
	struct tw_buffer out = {0};
	json_t *event = alert_event(*state, TW_PRIVACY_FULL, &out);
	assert_value(event, "alert.sid", 2100001);
	assert_value(event, "alert.severity", 2);
	assert_value(event, "alert.score", 87);
	assert_text(event, "alert.action", "alert");
	assert_null(at(event, "alert.trigger"));
	assert_int_equal(json_array_size(at(event, "alert.related")), 0);
	assert_text(event, "evidence.0.field", "goods.description");
	assert_value(event, "evidence.0.item", 2);
	assert_text(event, "evidence.0.value", "SMALL TABLET PRESS");
	assert_text(event, "evidence.0.match", "TABLET PRESS");
	/* The term is cut by the end of a free text piece: 5 bytes, then 7 of the next. */
	assert_int_equal(json_array_size(at(event, "evidence.0.spans")), 2);
	assert_value(event, "evidence.0.spans.0.0", 1506);
	assert_value(event, "evidence.0.spans.0.1", 5);
	assert_value(event, "evidence.0.spans.1.0", 1520);
	assert_value(event, "evidence.0.spans.1.1", 7);
	assert_text(event, "evidence.0.list", "tableting.tsv");
	assert_text(event, "evidence.0.status", "read");
	assert_value(event, "evidence.0.weight", 0.8);
	/* A derived value has a number, and no place in the input. */
	assert_text(event, "evidence.1.value", "79.4");
	assert_null(at(event, "evidence.1.item"));
	assert_int_equal(json_array_size(at(event, "evidence.1.spans")), 0);
	assert_text(event, "evidence.1.status", "computed");
	assert_null(at(event, "evidence.1.match"));
	json_decref(event);
	tw_buffer_free(&out);
}

static void test_alert_related(void **state)
{
	const struct sample *sample = *state;
	struct tw_event_style style = style_with(TW_PRIVACY_FULL);
	struct tw_related related[2] = {
		{TW_LITERAL("00ff"), TW_LITERAL("M1"), TW_LITERAL("H1"), 0},
		{{NULL, 0}, TW_LITERAL("M2"), {NULL, 0}, 86400},
	};
	struct tw_evidence correlated = {.field = TW_FIELD_NONE, .value = -1,
					 .shown = TW_LITERAL("4 shippers"),
					 .why = TW_LITERAL("Four shippers, one consignee")};
	struct tw_alert alert = sample_alert(&correlated, 1);
	alert.deadline = true;
	alert.related = related;
	alert.related_count = 2;
	alert.related_more = 7;
	struct tw_buffer out = {0};
	tw_event_alert(&style, &FEED, &sample->consignment, &alert, &out);
	json_t *event = read_line(&out);
	assert_text(event, "alert.trigger", "deadline");
	assert_text(event, "alert.related.0.alert_id", "00ff");
	assert_text(event, "alert.related.0.time", "1970-01-01T00:00:00.000000Z");
	assert_true(json_is_null(at(event, "alert.related.1.alert_id")));
	assert_null(at(event, "alert.related.1.house"));
	assert_value(event, "alert.related_more", 7);
	assert_null(at(event, "evidence.0.field"));
	assert_text(event, "evidence.0.value", "4 shippers");
	json_decref(event);
	tw_buffer_free(&out);
}

/*
 * Computed apart, with another SHA-256 over the sequence that identity.h describes:
 * the numbers are 8 bytes, the texts have their lengths in front, the three pieces
 * of evidence stand in the order consignment, goods, party.
 */
static void test_alert_id_as_documented(void **state)
{
	struct tw_buffer out = {0};
	json_t *event = alert_event(*state, TW_PRIVACY_FULL, &out);
	assert_text(event, "alert_id", "769cc17a725887890548ee485da86e6a");
	assert_text(event, "event_id", "2e59dc93aaec67ed6b02394a13781927");
	json_decref(event);
	tw_buffer_free(&out);
}

static bool contains(const struct tw_buffer *out, const char *word)
{
	for (size_t i = 0; i + strlen(word) <= out->length; i++)
		if (strncasecmp(out->data + i, word, strlen(word)) == 0)
			return true;
	return false;
}

/* No word of the consignee's data: neither in its fields nor in what a detector says. */
static void assert_not_named(const struct tw_buffer *out)
{
	static const char *const words[] = {"quentin", "zyx", "evergreen", "terrace", "742",
					    "ysidro", "92173", "619", "bright", "shanghai"};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (contains(out, words[i]))
			print_error("%s in %.*s\n", words[i], (int)out->length, out->data);
		assert_false(contains(out, words[i]));
	}
}

static void test_masked(void **state)
{
	struct tw_buffer out = {0};
	json_t *event = alert_event(*state, TW_PRIVACY_MASKED, &out);
	assert_not_named(&out);
	assert_text(event, "shipment.consignee.name", "Q****** *Q* Z**");
	assert_text(event, "shipment.consignee.address", "*** E******** T******, U*** *");
	assert_text(event, "shipment.consignee.phone", "+* *** *** ****");
	assert_text(event, "shipment.consignee.email", "q******@z**.e******");
	assert_text(event, "shipment.consignee.city", "S** Y*****");
	assert_text(event, "shipment.consignee.country", "US");
	assert_text(event, "alert.reason", "A tablet press goes to Q****** *Q* Z**");
	assert_text(event, "evidence.2.value", "Q****** *Q* Z**");
	assert_text(event, "evidence.2.match", "Q****** Q Z**");
	assert_text(event, "evidence.2.why",
		    "Q****** *Q* Z** has alerted before, in S** Y*****");
	assert_text(event, "evidence.0.value", "SMALL TABLET PRESS");
	json_decref(event);
	tw_buffer_free(&out);
}

static void test_keyed(void **state)
{
	struct tw_buffer out = {0};
	json_t *event = alert_event(*state, TW_PRIVACY_KEYED, &out);
	assert_not_named(&out);
	/* HMAC-SHA256 of "Shanghai" under "secret", computed apart */
	assert_text(event, "shipment.shipper.city", "k:5bca71ebbee555d0");
	const char *name = json_string_value(at(event, "shipment.consignee.name"));
	assert_int_equal(strlen(name), 18);
	assert_text(event, "evidence.2.value", name);
	json_decref(event);
	tw_buffer_free(&out);
}

static void test_omitted(void **state)
{
	struct tw_buffer out = {0};
	json_t *event = alert_event(*state, TW_PRIVACY_OMITTED, &out);
	assert_not_named(&out);
	assert_null(at(event, "shipment.consignee.name"));
	assert_text(event, "shipment.consignee.country", "US");
	assert_null(at(event, "evidence.2.value"));
	assert_null(at(event, "evidence.2.match"));
	assert_text(event, "evidence.2.field", "party.name");
	json_decref(event);
	tw_buffer_free(&out);
}

static json_t *message_event(const struct sample *sample, enum tw_privacy privacy,
			     struct tw_buffer *out)
{
	struct tw_event_style style = style_with(privacy);
	struct tw_buffer shipments = {0};
	tw_event_message_shipment(&style, &sample->consignment, TW_LITERAL("house:M55/H77"),
				  &shipments);
	tw_event_message_shipment(&style, &sample->consignment, TW_LITERAL("house:M55/H78"),
				  &shipments);
	struct tw_message_part part = {.shipments = tw_buffer_slice(&shipments), .part = 1,
				       .last = true, .offset = 100, .length = 1701};
	tw_buffer_clear(out);
	tw_event_message(&style, &FEED, &sample->consignment, &part, out);
	tw_buffer_free(&shipments);
	return read_line(out);
}

static void test_message(void **state)
{
	struct tw_buffer out = {0};
	json_t *event = message_event(*state, TW_PRIVACY_FULL, &out);
	assert_text(event, "event_type", "message");
	assert_value(event, "feed.offset", 100);
	assert_value(event, "part", 1);
	assert_true(json_is_true(at(event, "last")));
	assert_int_equal(json_array_size(at(event, "shipments")), 2);
	assert_text(event, "shipments.1.id", "house:M55/H78");
	assert_text(event, "shipments.0.house", "H77");
	assert_text(event, "shipments.0.parties.0.role", "shipper");
	assert_text(event, "shipments.0.parties.1.address.1", "Unit 9");
	assert_text(event, "shipments.0.goods.0.description.0", "KEYBOARDS");
	assert_value(event, "shipments.0.goods.0.packages", 1);
	assert_value(event, "shipments.0.goods.0.gross_kg", 79.1);
	assert_null(at(event, "shipments.0.goods.1.packages"));
	assert_text(event, "shipments.0.goods.1.hs.1", "847160");
	assert_text(event, "shipments.0.equipment.0.id", "CSQU3054383");
	assert_text(event, "shipments.0.equipment.0.fill", "full");
	assert_text(event, "shipments.0.equipment.0.seals.0", "S1");
	assert_text(event, "shipments.0.legs.0.stage", "main");
	assert_text(event, "shipments.0.legs.0.arrival", "2026-12-01T00:00:00.000000Z");
	assert_text(event, "shipments.0.places.1.role", "discharge");
	assert_text(event, "shipments.0.documents.0.number", "H77");
	assert_int_equal(json_array_size(at(event, "shipments.0.dates")), 0);
	assert_int_equal(json_array_size(at(event, "shipments.0.notes")), 0);
	assert_int_equal(json_array_size(at(event, "shipments.0.references")), 0);
	json_decref(event);
	event = message_event(*state, TW_PRIVACY_MASKED, &out);
	assert_not_named(&out);
	assert_text(event, "shipments.0.parties.1.address.1", "U*** *");
	json_decref(event);
	tw_buffer_free(&out);
}

/* A message event must hold each row of the table: one value of every field is put in. */
static void test_message_has_every_field(void **state)
{
	(void)state;
	struct sample sample = {.description = -1};
	struct tw_buffer out = {0};
	tw_builder_message(&sample.builder, 0);
	tw_builder_consignment(&sample.builder, 0);
	for (unsigned group = 0; group < TW_GROUP_COUNT; group++)
		tw_builder_item(&sample.builder, (enum tw_group)group);
	for (unsigned field = 1; field < TW_FIELD_LIMIT; field++) {
		const struct tw_field_info *info = tw_field_info(field);
		char text[16];
		snprintf(text, sizeof(text), "#%u", field);
		if (info == NULL)
			continue;
		if (info->type == TW_TYPE_text)
			sample_text(&sample, info->id, 0, text, 0);
		else
			sample_number(&sample, info->id, 0, text,
				      info->type == TW_TYPE_number ? field : 1);
	}
	assert_true(sample_finish(&sample));
	json_t *event = message_event(&sample, TW_PRIVACY_FULL, &out);
	for (unsigned field = 1; field < TW_FIELD_LIMIT; field++) {
		const struct tw_field_info *info = tw_field_info(field);
		char text[16];
		if (info == NULL || (info->type != TW_TYPE_text && info->type != TW_TYPE_number))
			continue;
		/* descriptions of consignment and goods are joined with "; " */
		snprintf(text, sizeof(text),
			 info->type == TW_TYPE_number	       ? ":%u"
			 : field == TW_CONSIGNMENT_DESCRIPTION ? "#%u;"
								: "#%u\"", field);
		if (!contains(&out, text))
			print_error("%s is not in the event\n", info->keyword);
		assert_true(contains(&out, text));
	}
	json_decref(event);
	tw_buffer_free(&out);
	sample_free(&sample);
}

/* Values of item 1 before those of item 0: each still stands in its own item. */
static void test_items_out_of_order(void **state)
{
	(void)state;
	struct sample sample = {.description = -1};
	struct tw_buffer out = {0};
	tw_builder_message(&sample.builder, 0);
	tw_builder_consignment(&sample.builder, 0);
	for (unsigned i = 0; i < 3; i++)
		tw_builder_item(&sample.builder, TW_GROUP_goods);
	static const char *const texts[] = {"c1", "a1", "b1", "a2", "c2", "b2"};
	static const unsigned items[] = {2, 0, 1, 0, 2, 1};
	for (unsigned i = 0; i < 6; i++)
		sample_text(&sample, TW_GOODS_DESCRIPTION, items[i], texts[i], 0);
	assert_true(sample_finish(&sample));
	json_t *event = message_event(&sample, TW_PRIVACY_FULL, &out);
	assert_int_equal(json_array_size(at(event, "shipments.0.goods")), 3);
	assert_text(event, "shipments.0.goods.0.description.0", "a1");
	assert_text(event, "shipments.0.goods.0.description.1", "a2");
	assert_text(event, "shipments.0.goods.1.description.0", "b1");
	assert_text(event, "shipments.0.goods.1.description.1", "b2");
	assert_text(event, "shipments.0.goods.2.description.0", "c1");
	assert_text(event, "shipments.0.goods.2.description.1", "c2");
	json_decref(event);
	tw_buffer_free(&out);
	sample_free(&sample);
}

static void test_long_texts_are_cut(void **state)
{
	(void)state;
	struct sample sample = {.description = -1};
	struct tw_buffer out = {0};
	char text[1801];
	for (unsigned i = 0; i < 600; i++) /* 600 characters of three bytes: U+4E0A */
		memcpy(text + 3 * i, "\xe4\xb8\x8a", 3);
	memcpy(text + 1500, "PRESS", 5);
	text[1505] = ' '; /* the rest of a character that PRESS stands on */
	text[1800] = '\0';
	tw_builder_message(&sample.builder, 0);
	tw_builder_consignment(&sample.builder, 0);
	tw_builder_item(&sample.builder, TW_GROUP_goods);
	sample.description = sample_text(&sample, TW_GOODS_DESCRIPTION, 0, text, 0);
	assert_true(sample_finish(&sample));
	struct tw_event_style style = style_with(TW_PRIVACY_FULL);
	struct tw_evidence evidence = {.field = TW_GOODS_DESCRIPTION, .value = sample.description,
				       .start = 1500, .length = 5};
	struct tw_alert alert = sample_alert(&evidence, 1);
	tw_event_alert(&style, &FEED, &sample.consignment, &alert, &out);
	json_t *event = read_line(&out);
	/* 500 characters, none cut: 1,500 bytes */
	assert_int_equal(json_string_length(at(event, "shipment.description")), 1500);
	const char *value = json_string_value(at(event, "evidence.0.value"));
	assert_non_null(strstr(value, "PRESS"));
	assert_true(strlen(value) <= 1500);
	json_decref(event);
	tw_buffer_free(&out);
	sample_free(&sample);
}

/* Any bytes in any text, under every privacy: always one line of JSON, and UTF-8. */
static void test_any_bytes(void **state)
{
	(void)state;
	srand(11);
	for (unsigned turn = 0; turn < 400; turn++) {
		struct sample sample = {.description = -1};
		struct tw_buffer out = {0};
		tw_builder_message(&sample.builder, 0);
		tw_builder_consignment(&sample.builder, 0);
		for (unsigned field = 1; field < TW_FIELD_LIMIT; field++) {
			char text[24];
			for (size_t i = 0; i + 1 < sizeof(text); i++)
				text[i] = (char)(rand() % 255 + 1);
			text[turn % sizeof(text)] = '\0';
			text[sizeof(text) - 1] = '\0';
			if (tw_field_info(field) != NULL)
				sample_number(&sample, (enum tw_field)field, turn % 3, text,
					      turn % 2 == 0 ? (double)NAN : rand() - 1e9);
		}
		sample.name = tw_builder_view(&sample.builder).record->first[TW_PARTY_NAME] - 1;
		sample.description = sample.name + 1;
		assert_true(sample_finish(&sample));
		json_decref(message_event(&sample, (enum tw_privacy)(turn % 4), &out));
		json_decref(alert_event(&sample, (enum tw_privacy)(turn % 4), &out));
		tw_buffer_free(&out);
		sample_free(&sample);
	}
}

static void test_anomaly(void **state)
{
	(void)state;
	struct tw_event_style style = style_with(TW_PRIVACY_FULL);
	struct tw_buffer out = {0};
	struct tw_anomaly anomaly = {
		.code = "edifact.segment_count", .time = (double)NAN, .offset = 7, .length = 12,
		.segment = TW_LITERAL("UNT"), .element = 1,
		.reason = TW_LITERAL("UNT says 9, there are 8"),
		.interchange = TW_LITERAL("REF1"), .message = TW_LITERAL("1"),
	};
	tw_event_anomaly(&style, &FEED, &anomaly, &out);
	json_t *event = read_line(&out);
	assert_true(json_is_null(at(event, "timestamp")));
	assert_text(event, "event_type", "anomaly");
	assert_text(event, "message.interchange", "REF1");
	assert_text(event, "anomaly.code", "edifact.segment_count");
	assert_text(event, "anomaly.inspection", "complete");
	assert_text(event, "anomaly.reason", "UNT says 9, there are 8");
	assert_text(event, "anomaly.segment", "UNT");
	assert_value(event, "anomaly.element", 1);
	json_decref(event);
	tw_buffer_clear(&out);
	anomaly = (struct tw_anomaly){.code = "edifact.truncated", .time = 0, .offset = 9};
	tw_event_anomaly(&style, &FEED, &anomaly, &out);
	event = read_line(&out);
	assert_text(event, "anomaly.inspection", "incomplete");
	assert_null(at(event, "anomaly.element"));
	json_decref(event);
	tw_buffer_free(&out);
}

static void test_anomaly_table(void **state)
{
	(void)state;
	struct tw_buffer out = {0};
	/* Wrong counts leave it complete, truncation does not. */
	assert_true(tw_anomaly_complete("edifact.segment_count"));
	assert_false(tw_anomaly_complete("edifact.truncated"));
	assert_false(tw_anomaly_complete("no.such_code"));
	assert_null(tw_anomaly_meaning("no.such_code"));
	assert_non_null(tw_anomaly_meaning("source.empty"));
	tw_anomaly_reference(&out);
	for (unsigned i = 0; tw_anomaly_code(i) != NULL; i++) {
		assert_true(contains(&out, tw_anomaly_code(i)));
		for (unsigned j = 0; j < i; j++)
			assert_string_not_equal(tw_anomaly_code(i), tw_anomaly_code(j));
	}
	assert_true(contains(&out, "| `source.empty` | complete | "));
	tw_buffer_free(&out);
}

static void test_receipt(void **state)
{
	(void)state;
	static const char *const detectors[] = {"pill_press", "routing_anomaly", NULL};
	struct tw_event_style style = style_with(TW_PRIVACY_FULL);
	struct tw_buffer out = {0};
	struct tw_receipt receipt = {
		.time = 1795168800.0, .offset = 0, .length = 5000, .format = TW_LITERAL("edifact"),
		.sender = TW_LITERAL("CARRIERX"), .reference = TW_LITERAL("REF1"), .test = true,
		.messages = 1, .consignments = 2, .alerts = 1, .bytes_not_inspected = 17,
		.detectors = detectors,
	};
	tw_event_receipt(&style, &FEED, &receipt, &out);
	json_t *event = read_line(&out);
	assert_text(event, "event_type", "receipt");
	assert_text(event, "message.interchange", "REF1");
	assert_null(at(event, "message.recipient"));
	assert_true(json_is_true(at(event, "message.test")));
	assert_text(event, "receipt.inspection", "incomplete");
	assert_value(event, "receipt.consignments", 2);
	assert_value(event, "receipt.bytes_not_inspected", 17);
	assert_text(event, "receipt.detectors.1", "routing_anomaly");
	json_decref(event);
	tw_buffer_free(&out);
}

static void test_stats(void **state)
{
	(void)state;
	const struct tw_worker_counts workers[] = {{40, 1000}, {41, 2000}};
	struct tw_event_style style = style_with(TW_PRIVACY_FULL);
	struct tw_buffer out = {0};
	struct tw_statistics statistics = {.consignments = 81, .seconds = 0.5,
					   .workers = workers, .worker_count = 2};
	tw_event_stats(&style, &statistics, &out);
	json_t *event = read_line(&out);
	assert_value(event, "stats.consignments", 81);
	assert_value(event, "stats.seconds", 0.5);
	assert_value(event, "stats.worker_consignments.1", 41);
	assert_value(event, "stats.worker_packet_bytes.1", 2000);
	assert_null(at(event, "stats.stages"));
	assert_null(at(event, "feed"));
	assert_int_equal(strlen(json_string_value(at(event, "timestamp"))), 27);
	json_decref(event);
	tw_buffer_clear(&out);
	statistics.stage_seconds[TW_STAGE_SCAN] = 0.25;
	tw_event_stats(&style, &statistics, &out);
	event = read_line(&out);
	assert_value(event, "stats.stages.scan", 0.25);
	json_decref(event);
	tw_buffer_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alert_envelope),
		cmocka_unit_test(test_alert_message),
		cmocka_unit_test(test_alert_shipment),
		cmocka_unit_test(test_alert_evidence),
		cmocka_unit_test(test_alert_related),
		cmocka_unit_test(test_alert_id_as_documented),
		cmocka_unit_test(test_masked),
		cmocka_unit_test(test_keyed),
		cmocka_unit_test(test_omitted),
		cmocka_unit_test(test_message),
		cmocka_unit_test(test_message_has_every_field),
		cmocka_unit_test(test_items_out_of_order),
		cmocka_unit_test(test_long_texts_are_cut),
		cmocka_unit_test(test_any_bytes),
		cmocka_unit_test(test_anomaly),
		cmocka_unit_test(test_anomaly_table),
		cmocka_unit_test(test_receipt),
		cmocka_unit_test(test_stats),
	};
	return cmocka_run_group_tests(tests, open_sample, close_sample);
}
