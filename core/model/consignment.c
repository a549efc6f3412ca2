/* SPDX-License-Identifier: Apache-2.0 */
#include "tidewaiter/consignment.h"

#include "model/record.h"

/* The accessors that plugins inline, for those that call them (built for ABI 1.0, or not in C). */
extern bool tw_has_value(const struct tw_consignment *consignment, int value);
extern int tw_first(const struct tw_consignment *consignment, enum tw_field field);
extern int tw_next(const struct tw_consignment *consignment, int value);
extern int tw_find(const struct tw_consignment *consignment, enum tw_field field, unsigned item);
extern enum tw_field tw_field_of(const struct tw_consignment *consignment, int value);
extern unsigned tw_item(const struct tw_consignment *consignment, int value);
extern struct tw_slice tw_text(const struct tw_consignment *consignment, int value);
extern double tw_number(const struct tw_consignment *consignment, int value);
extern int tw_code(const struct tw_consignment *consignment, enum tw_field field);
extern bool tw_derived(const struct tw_consignment *consignment, int value);

/* The nth item of a group whose code field has this code. */
static int item_with_code(const struct tw_consignment *consignment, enum tw_field field, int code,
			  unsigned nth)
{
	for (int value = tw_first(consignment, field); value >= 0;
	     value = tw_next(consignment, value))
		if (consignment->entries[value].number == code && nth-- == 0)
			return consignment->entries[value].item;
	return -1;
}

int tw_party(const struct tw_consignment *consignment, int role, unsigned nth)
{
	return item_with_code(consignment, TW_PARTY_ROLE, role, nth);
}

int tw_place(const struct tw_consignment *consignment, int role, unsigned nth)
{
	return item_with_code(consignment, TW_PLACE_ROLE, role, nth);
}

struct tw_slice tw_document(const struct tw_consignment *consignment, int role)
{
	int item = item_with_code(consignment, TW_DOCUMENT_ROLE, role, 0);
	if (item < 0)
		return tw_slice(NULL, 0);
	return tw_text(consignment, tw_find(consignment, TW_DOCUMENT_NUMBER, (unsigned)item));
}

double tw_feed_time(const struct tw_consignment *consignment)
{
	return consignment->record->feed_time;
}

struct tw_shipment tw_shipment(const struct tw_consignment *consignment)
{
	return consignment->record->shipment;
}
