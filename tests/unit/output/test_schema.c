/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "output/anomaly.h"
#include "output/schema.h"
#include "sample.h"

static void read_committed(struct tw_buffer *text)
{
	const char *root = getenv("srcdir");
	char path[4096];
	snprintf(path, sizeof(path), "%s/core/output/events.schema.json", root == NULL ? "." : root);
	FILE *file = fopen(path, "rb");
	if (file == NULL)
		print_error("%s cannot be read\n", path);
	assert_non_null(file);
	char block[4096];
	size_t length;
	while ((length = fread(block, 1, sizeof(block), file)) > 0)
		tw_buffer_append(text, block, length);
	fclose(file);
}

/* Leaves the schema as it should be in a folder of its own, for whoever changed a table. */
static void offer_generated(const struct tw_buffer *text)
{
	char folder[] = "/tmp/tidewaiter-schema-XXXXXX";
	char path[128];
	if (mkdtemp(folder) == NULL)
		return;
	snprintf(path, sizeof(path), "%s/events.schema.json", folder);
	FILE *file = fopen(path, "wb");
	if (file == NULL)
		return;
	fwrite(text->data, 1, text->length, file);
	fclose(file);
	print_error("the tables say otherwise: compare with %s and, if that is meant, copy it to "
		    "core/output/events.schema.json\n", path);
}

static void test_committed_schema(void **state)
{
	(void)state;
	struct tw_buffer committed = {0};
	struct tw_buffer generated = {0};
	read_committed(&committed);
	tw_event_schema(&generated);
	bool same = committed.length == generated.length &&
		    memcmp(committed.data, generated.data, generated.length) == 0;
	if (!same)
		offer_generated(&generated);
	tw_buffer_free(&committed);
	tw_buffer_free(&generated);
	assert_true(same);
}

static json_t *load_schema(void)
{
	struct tw_buffer generated = {0};
	json_error_t error;
	tw_event_schema(&generated);
	json_t *schema = json_loadb(generated.data, generated.length, JSON_REJECT_DUPLICATES,
				    &error);
	if (schema == NULL)
		print_error("%s, line %d\n", error.text, error.line);
	assert_non_null(schema);
	tw_buffer_free(&generated);
	return schema;
}

/* Every object is closed, and every key it asks for is one it knows. */
static void assert_closed(json_t *schema)
{
	json_t *properties = json_object_get(schema, "properties");
	const char *key;
	size_t index;
	json_t *part;
	json_t *type = json_object_get(schema, "type");
	if (properties != NULL && json_is_string(type) && json_object_get(schema, "allOf") == NULL) {
		assert_true(json_is_false(json_object_get(schema, "additionalProperties")));
		json_array_foreach(json_object_get(schema, "required"), index, part)
			assert_non_null(json_object_get(properties, json_string_value(part)));
	}
	if (json_is_object(schema))
		json_object_foreach(schema, key, part)
			assert_closed(part);
	if (json_is_array(schema))
		json_array_foreach(schema, index, part)
			assert_closed(part);
}

static void assert_references_known(json_t *schema, json_t *definitions)
{
	const char *key;
	size_t index;
	json_t *part;
	if (json_is_object(schema))
		json_object_foreach(schema, key, part) {
			if (strcmp(key, "$ref") == 0) {
				const char *name = json_string_value(part);
				assert_int_equal(strncmp(name, "#/$defs/", 8), 0);
				assert_non_null(json_object_get(definitions, name + 8));
			}
			assert_references_known(part, definitions);
		}
	if (json_is_array(schema))
		json_array_foreach(schema, index, part)
			assert_references_known(part, definitions);
}

static void test_schema_is_sound(void **state)
{
	(void)state;
	json_t *schema = load_schema();
	json_t *types = json_object_get(json_object_get(json_object_get(schema, "properties"),
							 "event_type"), "enum");
	assert_int_equal(json_array_size(types), 7);
	assert_closed(schema);
	assert_references_known(schema, json_object_get(schema, "$defs"));
	json_decref(schema);
}

/* Every row of the field table is described, by its keyword and under its key. */
static void test_schema_has_every_field(void **state)
{
	(void)state;
	json_t *schema = load_schema();
	json_t *evidence = json_object_get(json_object_get(schema, "$defs"), "evidence");
	json_t *fields = json_object_get(json_object_get(json_object_get(evidence, "properties"),
							  "field"), "enum");
	char *text = json_dumps(schema, JSON_COMPACT);
	size_t count = 0;
	for (unsigned id = 1; id < TW_FIELD_LIMIT; id++) {
		const struct tw_field_info *info = tw_field_info(id);
		char described[128];
		if (info == NULL)
			continue;
		assert_string_equal(json_string_value(json_array_get(fields, count++)),
				    info->keyword);
		if (id == TW_CONSIGNMENT_DESCRIPTION) /* joined with that of the goods */
			continue;
		snprintf(described, sizeof(described), "\"%s\":{\"description\":\"%s", info->json,
			 info->keyword);
		if (strstr(text, described) == NULL)
			print_error("%s is not in the schema\n", info->keyword);
		assert_non_null(strstr(text, described));
	}
	assert_int_equal(json_array_size(fields), count);
	free(text);
	json_decref(schema);
}

/* The keys of an object that is written stand in its definition, the required ones in the object. */
static void assert_fits(json_t *definitions, const char *name, json_t *object)
{
	json_t *definition = json_object_get(definitions, name);
	json_t *properties = json_object_get(definition, "properties");
	const char *key;
	size_t index;
	json_t *member;
	assert_non_null(definition);
	json_object_foreach(object, key, member) {
		if (json_object_get(properties, key) == NULL)
			print_error("%s has no key %s\n", name, key);
		assert_non_null(json_object_get(properties, key));
	}
	json_array_foreach(json_object_get(definition, "required"), index, member) {
		if (json_object_get(object, json_string_value(member)) == NULL)
			print_error("%s needs %s\n", name, json_string_value(member));
		assert_non_null(json_object_get(object, json_string_value(member)));
	}
}

static json_t *event_of(const struct tw_buffer *out)
{
	json_t *event = json_loadb(out->data, out->length, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(event);
	return event;
}

static void test_alert_fits(void **state)
{
	(void)state;
	struct sample sample;
	struct tw_buffer out = {0};
	json_t *schema = load_schema();
	json_t *definitions = json_object_get(schema, "$defs");
	assert_true(sample_open(&sample));
	struct tw_event_style style = {.sensor = "", .alerts = TW_PRIVACY_FULL};
	struct tw_feed feed = {.source = "file", .path = "-"};
	struct tw_evidence evidence = {.field = TW_GOODS_DESCRIPTION, .value = sample.description,
				       .match = TW_LITERAL("TABLET PRESS"), .weight = 1};
	struct tw_related related = {.time = (double)NAN};
	struct tw_alert alert = {.signature = "s", .category = "c", .detector = "d", .severity = 1,
				 .reason = TW_LITERAL("r"), .evidence = &evidence,
				 .evidence_count = 1, .deadline = true, .related = &related,
				 .related_count = 1, .related_more = 1};
	tw_event_alert(&style, &feed, &sample.consignment, &alert, &out);
	json_t *event = event_of(&out);
	assert_fits(definitions, "alert_event", event);
	assert_fits(definitions, "feed", json_object_get(event, "feed"));
	assert_fits(definitions, "message", json_object_get(event, "message"));
	json_t *shipment = json_object_get(event, "shipment");
	assert_fits(definitions, "shipment", shipment);
	assert_fits(definitions, "party", json_object_get(shipment, "consignee"));
	assert_fits(definitions, "alert", json_object_get(event, "alert"));
	assert_fits(definitions, "related", json_array_get(json_object_get(json_object_get(event,
							   "alert"), "related"), 0));
	assert_fits(definitions, "evidence", json_array_get(json_object_get(event, "evidence"), 0));
	json_decref(event);
	json_decref(schema);
	tw_buffer_free(&out);
	sample_free(&sample);
}

static void test_other_events_fit(void **state)
{
	(void)state;
	struct tw_buffer out = {0};
	json_t *schema = load_schema();
	json_t *definitions = json_object_get(schema, "$defs");
	struct tw_event_style style = {.sensor = "s"};
	struct tw_feed feed = {.source = "file", .path = "a"};
	tw_event_anomaly(&style, &feed, &(struct tw_anomaly){
		.code = "source.empty", .segment = TW_LITERAL("UNH"), .element = 2,
		.reason = TW_LITERAL("r")}, &out);
	json_t *event = event_of(&out);
	assert_fits(definitions, "anomaly_event", event);
	assert_fits(definitions, "anomaly", json_object_get(event, "anomaly"));
	json_decref(event);
	tw_buffer_clear(&out);
	tw_event_receipt(&style, &feed, &(struct tw_receipt){.sender = TW_LITERAL("s")}, &out);
	event = event_of(&out);
	assert_fits(definitions, "receipt_event", event);
	assert_fits(definitions, "message_name", json_object_get(event, "message"));
	assert_fits(definitions, "receipt", json_object_get(event, "receipt"));
	json_decref(event);
	tw_buffer_clear(&out);
	tw_event_stats(&style, &(struct tw_statistics){.stage_seconds = {1}}, &out);
	event = event_of(&out);
	assert_fits(definitions, "stats_event", event);
	assert_fits(definitions, "stats", json_object_get(event, "stats"));
	assert_fits(definitions, "stages",
		    json_object_get(json_object_get(event, "stats"), "stages"));
	json_decref(event);
	json_decref(schema);
	tw_buffer_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_committed_schema),
		cmocka_unit_test(test_schema_is_sound),
		cmocka_unit_test(test_schema_has_every_field),
		cmocka_unit_test(test_alert_fits),
		cmocka_unit_test(test_other_events_fit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
