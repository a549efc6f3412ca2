/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_OUTPUT_FACTS_H
#define TW_OUTPUT_FACTS_H

#include "output/event.h"

/*
 * What event writer, schema and terminal want to know of the field table and of a
 * consignment beyond its accessors. Slices point into the consignment. Stateless,
 * any thread.
 */

/* A row of fields.def as the event writer needs it. */
struct tw_column {
	enum tw_field field;
	enum tw_group group;
	enum tw_field_type type;
	bool many;
	unsigned code_set; /* for tw_code_text() */
	struct tw_slice json;
	struct tw_slice keyword;
};
/* All rows in the order of the table; NULL-terminated by field TW_FIELD_NONE. */
const struct tw_column *tw_columns(void);
const struct tw_column *tw_column_of(enum tw_field field);
/* The name of a code; "unknown" where it is none of its set (an array access, not a search). */
struct tw_slice tw_code_text(unsigned code_set, double code);

/* The item of the leg of stage main, else of the first leg, or -1. */
int tw_main_leg(const struct tw_consignment *consignment);
/* Arrival of that leg, else the date with role arrival; NAN where neither is known. */
double tw_arrival(const struct tw_consignment *consignment, int leg);
/* The consignment's carrier, else that of the leg. */
struct tw_slice tw_carrier(const struct tw_consignment *consignment, int leg);
/* The first value of a field in an item as text; empty for item -1. */
struct tw_slice tw_item_text(const struct tw_consignment *consignment, enum tw_field field,
			     int item);

/*
 * What a value is shown as: codes by name, times in ISO 8601, numbers in the
 * field's unit, all else as read. `room` holds what must be written for that.
 */
#define TW_SHOWN_SIZE 64
struct tw_slice tw_shown(const struct tw_consignment *consignment, int value,
			 char room[TW_SHOWN_SIZE]);
/* The same for a piece of evidence: its value, or what it shows. */
struct tw_slice tw_evidence_shown(const struct tw_consignment *consignment,
				  const struct tw_evidence *evidence, char room[TW_SHOWN_SIZE]);
/* The field a piece of evidence stands on: its own, else that of its value. */
enum tw_field tw_evidence_field(const struct tw_consignment *consignment,
				const struct tw_evidence *evidence);

/* At most so many characters of a long text stand in an alert. */
#define TW_TEXT_SHOWN 500
/* The part of a text of at most `limit` characters that holds [start, start + length), or begins there. */
struct tw_slice tw_window(struct tw_slice text, size_t start, size_t length, size_t limit);

#endif
