/* SPDX-License-Identifier: Apache-2.0 */
#include "tidewaiter/consignment.h"

#include <math.h>

#include "model/record.h"

static const struct tw_entry *entry_at(const struct tw_consignment *consignment, int value)
{
	if (value < 0 || (uint32_t)value >= consignment->entry_count)
		return NULL;
	return &consignment->entries[value];
}

int tw_first(const struct tw_consignment *consignment, enum tw_field field)
{
	return (unsigned)field < TW_FIELD_LIMIT ? (int)consignment->record->first[field] - 1 : -1;
}

int tw_next(const struct tw_consignment *consignment, int value)
{
	const struct tw_entry *entry = entry_at(consignment, value);
	return entry == NULL ? -1 : (int)entry->next - 1;
}

int tw_find(const struct tw_consignment *consignment, enum tw_field field, unsigned item)
{
	int value = tw_first(consignment, field);
	while (value >= 0 && consignment->entries[value].item != item)
		value = tw_next(consignment, value);
	return value;
}

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

enum tw_field tw_field_of(const struct tw_consignment *consignment, int value)
{
	const struct tw_entry *entry = entry_at(consignment, value);
	return entry == NULL ? TW_FIELD_NONE : (enum tw_field)entry->field;
}

unsigned tw_item(const struct tw_consignment *consignment, int value)
{
	const struct tw_entry *entry = entry_at(consignment, value);
	return entry == NULL ? 0 : entry->item;
}

struct tw_slice tw_text(const struct tw_consignment *consignment, int value)
{
	const struct tw_entry *entry = entry_at(consignment, value);
	if (entry == NULL)
		return tw_slice(NULL, 0);
	return tw_slice(consignment->texts + entry->start, entry->length);
}

double tw_number(const struct tw_consignment *consignment, int value)
{
	const struct tw_entry *entry = entry_at(consignment, value);
	return entry == NULL ? (double)NAN : entry->number;
}

int tw_code(const struct tw_consignment *consignment, enum tw_field field)
{
	double number = tw_number(consignment, tw_first(consignment, field));
	return number > 0 ? (int)number : 0;
}

bool tw_derived(const struct tw_consignment *consignment, int value)
{
	const struct tw_entry *entry = entry_at(consignment, value);
	return entry != NULL && (entry->flags & TW_ENTRY_DERIVED) != 0;
}

double tw_feed_time(const struct tw_consignment *consignment)
{
	return consignment->record->feed_time;
}

struct tw_shipment tw_shipment(const struct tw_consignment *consignment)
{
	return consignment->record->shipment;
}
