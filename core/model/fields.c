/* SPDX-License-Identifier: Apache-2.0 */
#include "tidewaiter/fields.h"

/* Indexed by id, so that a look-up is an array access. */
static const struct tw_field_info FIELDS[TW_FIELD_LIMIT] = {
#define one false
#define many true
#define TW_FIELD(id, NAME, group, type, unit, repeat, json, keyword, scan)                         \
	[id] = {TW_##NAME, TW_GROUP_##group, TW_TYPE_##type, TW_SCAN_##scan,                       \
		repeat, #unit, json, keyword},
#include "tidewaiter/fields.def"
#undef TW_FIELD
#undef one
#undef many
};

static const struct code_row {
	const char *set;
	unsigned value;
	const char *name;
} CODES[] = {
#define TW_CODE(set, NAME, value, name) {#set, value, name},
#include "tidewaiter/codes.def"
#undef TW_CODE
};

static const char *const GROUPS[TW_GROUP_COUNT] = {
	"message", "leg",	"consignment", "document", "party", "place",
	"goods",   "equipment", "reference",   "note",	   "date",  "raw",
};

const struct tw_field_info *tw_field_info(unsigned field)
{
	if (field >= TW_FIELD_LIMIT || FIELDS[field].id == TW_FIELD_NONE)
		return NULL;
	return &FIELDS[field];
}

enum tw_field tw_field_by_keyword(struct tw_slice keyword)
{
	for (unsigned id = 1; id < TW_FIELD_LIMIT && keyword.length > 0; id++)
		if (FIELDS[id].keyword != NULL && FIELDS[id].keyword[0] == keyword.data[0] &&
		    tw_slice_is(keyword, FIELDS[id].keyword))
			return FIELDS[id].id;
	return TW_FIELD_NONE;
}

const char *tw_group_name(unsigned group)
{
	return group < TW_GROUP_COUNT ? GROUPS[group] : NULL;
}

const char *tw_code_name(const char *set, unsigned value)
{
	for (size_t i = 0; i < sizeof(CODES) / sizeof(CODES[0]); i++)
		if (CODES[i].value == value && CODES[i].set[0] == set[0] &&
		    strcmp(CODES[i].set, set) == 0)
			return CODES[i].name;
	return NULL;
}

int tw_code_by_name(const char *set, struct tw_slice name)
{
	for (size_t i = 0; i < sizeof(CODES) / sizeof(CODES[0]); i++)
		if (strcmp(CODES[i].set, set) == 0 && tw_slice_is(name, CODES[i].name))
			return (int)CODES[i].value;
	return -1;
}
