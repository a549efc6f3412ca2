/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_OUTPUT_SHIPMENT_H
#define TW_OUTPUT_SHIPMENT_H

#include "output/facts.h"
#include "output/json.h"
#include "output/privacy.h"

/*
 * A consignment as JSON: the short form in alerts (members of `shipment`) and the
 * whole of it in message events, where each group of the field table becomes a list
 * of objects with the table's own keys. Stateless, any thread, one pass over the
 * values of a group.
 *
 * Weakness: a record whose values of one field do not stand in the order of their
 * items (no map writes one so) costs a sort and 128 KiB of stack.
 */

/* What is written, of whom, and how personal values are shown. */
struct tw_shipment_writer {
	struct tw_json *json;
	const struct tw_consignment *consignment;
	struct tw_mask mask;
	bool whole; /* a message event: nothing the consignment itself says is cut */
};

/* Members of the object `message`, but for the digest. */
void tw_shipment_message(const struct tw_shipment_writer *writer);
/* Members of `shipment` that alerts and message events share, in the schema's order. */
void tw_shipment_facts(const struct tw_shipment_writer *writer, struct tw_slice shipment_id);
/* The other members of a shipment in a message event: whatever fields.def has besides. */
void tw_shipment_groups(const struct tw_shipment_writer *writer);

/* Fields of group consignment that tw_shipment_facts() writes under their own key. */
bool tw_shipment_has(enum tw_field field);
/* Fields of group message in the order of the object `message`; ends with TW_FIELD_NONE. */
const enum tw_field *tw_message_order(void);
/* The groups that become lists, in the order of the event; ends with key NULL. */
struct tw_group_list {
	enum tw_group group;
	const char *key;
};
const struct tw_group_list *tw_group_lists(void);
/* Parties that alerts show, by role; ends with TW_PARTY_UNKNOWN. */
const int *tw_party_roles(void);

/* A list of an alert names at most so many distinct values (hs, un, containers, seals). */
#define TW_LIST_SHOWN 100
/* Between the lines of an address and the like. */
#define TW_JOINT ", "

#endif
