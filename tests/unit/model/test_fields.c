/* SPDX-License-Identifier: Apache-2.0 */
#include "model_testing.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * Ids are kept in records, state and other people's rules: append only. A row that
 * is deleted, renumbered or renamed differs from this list; a new row is added here.
 */
static const struct {
	unsigned id;
	const char *keyword;
} PROMISED[] = {
	{1, "interchange.sender"},
	{2, "interchange.recipient"},
	{3, "interchange.reference"},
	{4, "interchange.time"},
	{5, "interchange.test"},
	{6, "message.format"},
	{7, "message.type"},
	{8, "message.version"},
	{9, "message.reference"},
	{10, "message.role"},
	{11, "message.function"},
	{12, "message.map"},
	{13, "message.unverified"},
	{15, "leg.sequence"},
	{16, "leg.stage"},
	{17, "leg.mode"},
	{18, "leg.carrier"},
	{19, "leg.conveyance_id"},
	{20, "leg.conveyance"},
	{21, "leg.voyage"},
	{22, "leg.from"},
	{23, "leg.to"},
	{24, "leg.departure"},
	{25, "leg.arrival"},
	{30, "consignment.level"},
	{31, "consignment.consolidated"},
	{32, "consignment.action"},
	{33, "consignment.parent"},
	{34, "consignment.parent_issuer"},
	{35, "consignment.carrier"},
	{36, "consignment.pieces"},
	{37, "consignment.weight_kg"},
	{38, "consignment.net_weight_kg"},
	{39, "consignment.volume_m3"},
	{40, "consignment.value"},
	{41, "consignment.currency"},
	{42, "consignment.value_scope"},
	{43, "consignment.part"},
	{44, "consignment.part_pieces"},
	{45, "consignment.part_weight_kg"},
	{46, "consignment.origin"},
	{47, "consignment.destination"},
	{48, "consignment.route"},
	{49, "consignment.description"},
	{55, "document.role"},
	{56, "document.number"},
	{57, "document.issuer"},
	{60, "party.role"},
	{61, "party.id"},
	{62, "party.name"},
	{63, "party.address"},
	{64, "party.city"},
	{65, "party.region"},
	{66, "party.postcode"},
	{67, "party.country"},
	{68, "party.phone"},
	{69, "party.email"},
	{70, "party.contact"},
	{75, "place.role"},
	{76, "place.code"},
	{77, "place.name"},
	{78, "place.country"},
	{85, "goods.description"},
	{86, "goods.marks"},
	{87, "goods.hs"},
	{88, "goods.un"},
	{89, "goods.danger_class"},
	{90, "goods.packing_group"},
	{91, "goods.packages"},
	{92, "goods.package_type"},
	{93, "goods.gross_kg"},
	{94, "goods.net_kg"},
	{95, "goods.volume_m3"},
	{96, "goods.value"},
	{97, "goods.currency"},
	{98, "goods.origin"},
	{99, "goods.cas"},
	{100, "goods.equipment"},
	{105, "equipment.id"},
	{106, "equipment.type"},
	{107, "equipment.fill"},
	{108, "equipment.seal"},
	{110, "reference.qualifier"},
	{111, "reference.value"},
	{113, "note.subject"},
	{114, "note.country"},
	{115, "note.text"},
	{117, "date.role"},
	{118, "date.time"},
	{120, "raw.text"},
};
#define PROMISED_COUNT (sizeof(PROMISED) / sizeof(PROMISED[0]))

/* Every row of fields.def as it stands there, before any table is made of it. */
static const struct {
	unsigned id;
	const char *name;
} ROWS[] = {
#define TW_FIELD(id, NAME, group, type, unit, repeat, json, keyword, scan) {(id), #NAME},
#include "tidewaiter/fields.def"
#undef TW_FIELD
};
#define ROW_COUNT (sizeof(ROWS) / sizeof(ROWS[0]))

static void test_ids(void **state)
{
	bool seen[TW_FIELD_LIMIT] = {false};
	(void)state;
	for (size_t i = 0; i < ROW_COUNT; i++) {
		assert_in_range(ROWS[i].id, 1, TW_FIELD_LIMIT - 1);
		assert_false(seen[ROWS[i].id]);
		seen[ROWS[i].id] = true;
	}
	for (unsigned id = 0; id < TW_FIELD_LIMIT + 10; id++)
		assert_int_equal(tw_field_info(id) != NULL, id < TW_FIELD_LIMIT && seen[id]);
}

static void test_append_only(void **state)
{
	(void)state;
	assert_int_equal(ROW_COUNT, PROMISED_COUNT);
	for (size_t i = 0; i < PROMISED_COUNT; i++) {
		const struct tw_field_info *info = tw_field_info(PROMISED[i].id);
		if (info == NULL)
			fail_msg("field %u (%s) is gone", PROMISED[i].id, PROMISED[i].keyword);
		assert_string_equal(info->keyword, PROMISED[i].keyword);
	}
}

static void test_keywords(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROMISED_COUNT; i++)
		assert_int_equal(tw_field_by_keyword(tw_slice_string(PROMISED[i].keyword)),
				 PROMISED[i].id);
	assert_int_equal(tw_field_by_keyword(TW_LITERAL("goods.nothing")), TW_FIELD_NONE);
	assert_int_equal(tw_field_by_keyword(TW_LITERAL("goods")), TW_FIELD_NONE);
	assert_int_equal(tw_field_by_keyword(TW_LITERAL("Goods.description")), TW_FIELD_NONE);
	assert_int_equal(tw_field_by_keyword(TW_LITERAL("goods.description ")), TW_FIELD_NONE);
	assert_int_equal(tw_field_by_keyword(TW_LITERAL("")), TW_FIELD_NONE);
}

/* A keyword begins with its group, but for those of the interchange. */
static void test_groups(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROW_COUNT; i++) {
		const struct tw_field_info *info = tw_field_info(ROWS[i].id);
		const char *group = tw_group_name(info->group);
		assert_non_null(group);
		if (strncmp(info->keyword, "interchange.", 12) == 0) {
			assert_string_equal(group, "message");
			continue;
		}
		assert_int_equal(strncmp(info->keyword, group, strlen(group)), 0);
		assert_int_equal(info->keyword[strlen(group)], '.');
	}
	assert_null(tw_group_name(TW_GROUP_COUNT));
}

/* No two fields of a group share a key: one would hide the other in an event. */
static void test_json_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROW_COUNT; i++)
		for (size_t j = 0; j < i; j++) {
			const struct tw_field_info *a = tw_field_info(ROWS[i].id);
			const struct tw_field_info *b = tw_field_info(ROWS[j].id);
			assert_true(a->group != b->group || strcmp(a->json, b->json) != 0);
			assert_string_not_equal(a->keyword, b->keyword);
		}
}

static json_t *read_schema(void)
{
	char path[512];
	json_error_t error;
	const char *root = getenv("srcdir");
	snprintf(path, sizeof(path), "%s/core/output/events.schema.json", root ? root : ".");
	json_t *schema = json_load_file(path, 0, &error);
	if (schema == NULL)
		fail_msg("%s: %s", path, error.text);
	return schema;
}

/* Whether an object `properties` somewhere in the schema has this key. */
static bool has_property(json_t *node, const char *key)
{
	const char *name;
	json_t *child;
	size_t index;
	bool found = json_object_get(json_object_get(node, "properties"), key) != NULL;
	json_object_foreach(node, name, child)
		found = found || has_property(child, key);
	json_array_foreach(node, index, child)
		found = found || has_property(child, key);
	return found;
}

/* The list of words that holds this one, or NULL. */
static json_t *find_enum(json_t *node, const char *word)
{
	const char *name;
	json_t *child;
	size_t index;
	json_t *words = json_object_get(node, "enum");
	json_array_foreach(words, index, child)
		if (json_is_string(child) && strcmp(json_string_value(child), word) == 0)
			return words;
	json_object_foreach(node, name, child)
		if ((words = find_enum(child, word)) != NULL)
			return words;
	json_array_foreach(node, index, child)
		if ((words = find_enum(child, word)) != NULL)
			return words;
	return NULL;
}

static bool promised(const char *keyword)
{
	for (size_t i = 0; i < PROMISED_COUNT; i++)
		if (strcmp(PROMISED[i].keyword, keyword) == 0)
			return true;
	return false;
}

/* Evidence may name every field, and no other; every field has its key in some event. */
static void test_schema(void **state)
{
	json_t *schema = read_schema();
	json_t *keywords = find_enum(schema, "goods.description");
	json_t *word;
	size_t index;
	(void)state;
	assert_non_null(keywords);
	assert_int_equal(json_array_size(keywords), ROW_COUNT);
	json_array_foreach(keywords, index, word)
		assert_true(promised(json_string_value(word)));
	for (size_t i = 0; i < ROW_COUNT; i++) {
		const struct tw_field_info *info = tw_field_info(ROWS[i].id);
		bool listed = false;
		json_array_foreach(keywords, index, word)
			listed = listed || strcmp(json_string_value(word), info->keyword) == 0;
		if (!listed)
			fail_msg("%s is not in the schema's list of fields", info->keyword);
		if (!has_property(schema, info->json))
			fail_msg("%s is no key of any event", info->json);
	}
	json_decref(schema);
}

/* Whatever goes in under a field comes out under it, and under no other. */
static void test_accessors(void **state)
{
	struct tw_builder builder = {0};
	(void)state;
	for (size_t i = 0; i < PROMISED_COUNT; i++) {
		enum tw_field field = tw_field_by_keyword(tw_slice_string(PROMISED[i].keyword));
		begin(&builder);
		int value = put_text(&builder, field, 3, PROMISED[i].keyword);
		int second = put_text(&builder, field, 4, "second");
		struct tw_consignment view = tw_builder_view(&builder);
		assert_int_equal(tw_first(&view, field), value);
		assert_int_equal(tw_next(&view, value), second);
		assert_int_equal(tw_next(&view, second), -1);
		assert_int_equal(tw_find(&view, field, 4), second);
		assert_int_equal(tw_find(&view, field, 5), -1);
		assert_int_equal(tw_field_of(&view, value), PROMISED[i].id);
		assert_int_equal(tw_item(&view, value), 3);
		assert_slice(tw_text(&view, value), PROMISED[i].keyword);
		for (size_t j = 0; j < PROMISED_COUNT; j++)
			if (j != i)
				assert_int_equal(tw_first(&view, (enum tw_field)PROMISED[j].id), -1);
	}
	tw_builder_free(&builder);
}

static void test_no_value(void **state)
{
	struct tw_builder builder = {0};
	(void)state;
	begin(&builder);
	struct tw_consignment view = tw_builder_view(&builder);
	int none = tw_first(&view, TW_GOODS_DESCRIPTION);
	assert_int_equal(none, -1);
	assert_int_equal(tw_next(&view, none), -1);
	assert_int_equal(tw_field_of(&view, none), TW_FIELD_NONE);
	assert_int_equal(tw_item(&view, none), 0);
	assert_int_equal(tw_text(&view, none).length, 0);
	assert_true(isnan(tw_number(&view, none)));
	assert_int_equal(tw_code(&view, TW_MESSAGE_ROLE), 0);
	assert_false(tw_derived(&view, none));
	assert_int_equal(tw_first(&view, (enum tw_field)TW_FIELD_LIMIT), -1);
	assert_int_equal(tw_text(&view, 1000).length, 0);
	tw_builder_free(&builder);
}

/* Every code is found by its name and back, and each code field names a set there is. */
static void test_codes(void **state)
{
	static const struct { const char *set, *name; unsigned value; } rows[] = {
#define TW_CODE(set, NAME, value, name) {#set, name, value},
#include "tidewaiter/codes.def"
#undef TW_CODE
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_string_equal(tw_code_name(rows[i].set, rows[i].value), rows[i].name);
		assert_int_equal(tw_code_by_name(rows[i].set, tw_slice_string(rows[i].name)),
				 rows[i].value);
		assert_string_equal(tw_code_name(rows[i].set, 0), "unknown");
	}
	for (size_t i = 0; i < ROW_COUNT; i++) {
		const struct tw_field_info *info = tw_field_info(ROWS[i].id);
		if (info->type == TW_TYPE_code)
			assert_non_null(tw_code_name(info->unit, 0));
	}
	assert_string_equal(tw_code_name("role", 4), "manifest");
	assert_int_equal(tw_code_by_name("mode", TW_LITERAL("inland water")), 8);
	assert_null(tw_code_name("role", 99));
	assert_null(tw_code_name("nothing", 0));
	assert_int_equal(tw_code_by_name("role", TW_LITERAL("Manifest")), -1);
	assert_int_equal(tw_code_by_name("role", TW_LITERAL("air")), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ids),	  cmocka_unit_test(test_append_only),
		cmocka_unit_test(test_keywords),  cmocka_unit_test(test_groups),
		cmocka_unit_test(test_json_keys), cmocka_unit_test(test_schema),
		cmocka_unit_test(test_accessors), cmocka_unit_test(test_no_value),
		cmocka_unit_test(test_codes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
