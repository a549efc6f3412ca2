/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TIDEWAITER_FIELDS_H
#define TIDEWAITER_FIELDS_H

#include "tidewaiter/export.h"
#include "tidewaiter/slice.h"

/*
 * The vocabulary of the cargo model: fields, groups and codes, all made from
 * fields.def and codes.def. Read-only, any thread. It knows names and types and
 * nothing of where a value came from.
 */

#define TW_FIELD_LIMIT 128

enum tw_field {
	TW_FIELD_NONE = 0,
#define TW_FIELD(id, NAME, group, type, unit, repeat, json, keyword, scan) TW_##NAME = (id),
#include "tidewaiter/fields.def"
#undef TW_FIELD
};

enum tw_group {
	TW_GROUP_message,
	TW_GROUP_leg,
	TW_GROUP_consignment,
	TW_GROUP_document,
	TW_GROUP_party,
	TW_GROUP_place,
	TW_GROUP_goods,
	TW_GROUP_equipment,
	TW_GROUP_reference,
	TW_GROUP_note,
	TW_GROUP_date,
	TW_GROUP_raw,
	TW_GROUP_COUNT,
};

enum tw_field_type { TW_TYPE_text, TW_TYPE_code, TW_TYPE_number, TW_TYPE_time, TW_TYPE_flag };
enum tw_scan { TW_SCAN_no, TW_SCAN_text, TW_SCAN_party, TW_SCAN_raw };

enum {
#define TW_CODE(set, NAME, value, name) TW_##NAME = (value),
#include "tidewaiter/codes.def"
#undef TW_CODE
};

/* One row of the table. */
struct tw_field_info {
	enum tw_field id;
	enum tw_group group;
	enum tw_field_type type;
	enum tw_scan scan;
	bool many;	     /* may stand more than once in one item */
	const char *unit;    /* "kg", "m3", "none", or the code set */
	const char *json;    /* key in events */
	const char *keyword; /* name in maps and rules */
};

/* The row of a field, or NULL where the id is not in the table. */
TW_EXPORT const struct tw_field_info *tw_field_info(unsigned field);
/* The field with this keyword, or TW_FIELD_NONE. */
TW_EXPORT enum tw_field tw_field_by_keyword(struct tw_slice keyword);
/* The name of a group ("goods"), or NULL. */
TW_EXPORT const char *tw_group_name(unsigned group);
/* The name of a code, such as ("role", 4) -> "manifest"; NULL where there is none. */
TW_EXPORT const char *tw_code_name(const char *set, unsigned value);
/* The code with this name in a set, or -1. */
TW_EXPORT int tw_code_by_name(const char *set, struct tw_slice name);

#endif
