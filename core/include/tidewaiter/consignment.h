/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TIDEWAITER_CONSIGNMENT_H
#define TIDEWAITER_CONSIGNMENT_H

#include <math.h>

#include "tidewaiter/entry.h"

/*
 * Reading a consignment. A consignment is one flat record: values, each with a
 * field, an item number, a text and where it stood in the input. A value is
 * named by its index, an int; -1 means "none", and every accessor takes -1 and
 * answers with an empty slice, NAN or 0, so that calls can be nested.
 *
 * The record belongs to the engine and lives for the callback only; the slices
 * point into it. Safe on any thread, nothing is written. Values of one field
 * are chained in input order. The accessors that are asked most are inlined (and
 * exported as well): tidewaiter/entry.h has what they read, which is theirs alone.
 *
 * Weakness: finding one item of a field walks the chain of that field, so a
 * loop over thousands of goods items wants tw_next(), or tidewaiter/cursor.h, not
 * tw_find() for each.
 */
/* Whether there is such a value: false for -1. */
TW_EXPORT inline bool tw_has_value(const struct tw_consignment *consignment, int value)
{
	return (unsigned)value < consignment->entry_count;
}

/* The first value of a field, or -1. */
TW_EXPORT inline int tw_first(const struct tw_consignment *consignment, enum tw_field field)
{
	return (unsigned)field < TW_FIELD_LIMIT ? (int)consignment->first[field] - 1 : -1;
}

/* The next value of the same field after `value`, or -1. */
TW_EXPORT inline int tw_next(const struct tw_consignment *consignment, int value)
{
	return tw_has_value(consignment, value) ? (int)consignment->entries[value].next - 1 : -1;
}

/* The first value of a field in one item, or -1. */
TW_EXPORT inline int tw_find(const struct tw_consignment *consignment, enum tw_field field,
			     unsigned item)
{
	int value = tw_first(consignment, field);
	while (value >= 0 && consignment->entries[value].item != item)
		value = (int)consignment->entries[value].next - 1;
	return value;
}

/* The item number of the nth (from 0) party with this role, or -1. */
TW_EXPORT int tw_party(const struct tw_consignment *consignment, int role, unsigned nth);
/* The nth place with this role (its item number), or -1. */
TW_EXPORT int tw_place(const struct tw_consignment *consignment, int role, unsigned nth);
/* The number of the first document with this role, or an empty slice. */
TW_EXPORT struct tw_slice tw_document(const struct tw_consignment *consignment, int role);

/* Field, item and text (UTF-8, as read: joined and unescaped, not normalised). */
TW_EXPORT inline enum tw_field tw_field_of(const struct tw_consignment *consignment, int value)
{
	return tw_has_value(consignment, value) ? (enum tw_field)consignment->entries[value].field
						: TW_FIELD_NONE;
}

TW_EXPORT inline unsigned tw_item(const struct tw_consignment *consignment, int value)
{
	return tw_has_value(consignment, value) ? consignment->entries[value].item : 0;
}

TW_EXPORT inline struct tw_slice tw_text(const struct tw_consignment *consignment, int value)
{
	if (!tw_has_value(consignment, value))
		return (struct tw_slice){NULL, 0};
	const struct tw_entry *entry = &consignment->entries[value];
	return (struct tw_slice){consignment->texts + entry->start, entry->length};
}

/*
 * The number of a value in the unit of its field: kilograms, cubic metres, the
 * code of a code field, seconds since 1970 of a time. NAN where the text is
 * none, or value is -1.
 */
TW_EXPORT inline double tw_number(const struct tw_consignment *consignment, int value)
{
	return tw_has_value(consignment, value) ? consignment->entries[value].number : (double)NAN;
}

/* The code of a code field's first value, or 0 ("unknown"). */
TW_EXPORT inline int tw_code(const struct tw_consignment *consignment, enum tw_field field)
{
	double number = tw_number(consignment, tw_first(consignment, field));
	return number > 0 ? (int)number : 0;
}

/* Derived by the engine (sum, first known ...), not read from one place. */
TW_EXPORT inline bool tw_derived(const struct tw_consignment *consignment, int value)
{
	return tw_has_value(consignment, value) &&
	       (consignment->entries[value].flags & TW_ENTRY_DERIVED) != 0;
}

/* Feed time in seconds since 1970. */
TW_EXPORT double tw_feed_time(const struct tw_consignment *consignment);

/* A shipment's identity: the hash of its shipment_key. */
struct tw_shipment {
	uint64_t high, low;
};
TW_EXPORT struct tw_shipment tw_shipment(const struct tw_consignment *consignment);

/* Identifier checks: 1 valid, 0 invalid, -1 not of that shape at all. */
TW_EXPORT int tw_check_awb(struct tw_slice text);	/* 020-12345675: serial mod 7 */
TW_EXPORT int tw_check_container(struct tw_slice text); /* ISO 6346 */
TW_EXPORT int tw_check_imo(struct tw_slice text);	/* ship number, with or without "IMO" */
TW_EXPORT int tw_check_locode(struct tw_slice text);	/* UN/LOCODE shape: two letters, three of A-Z 2-9 */
TW_EXPORT int tw_check_hs(struct tw_slice text);	/* 4 to 12 digits, dots and blanks allowed, chapter 01-97 */
TW_EXPORT int tw_check_cas(struct tw_slice text);	/* 2-7 digits - 2 digits - check digit */

/*
 * Keys for correlation. A party's key is made from its normalised name, address
 * and phone; placeholders ("TO ORDER", "UNKNOWN", empty) have none, so that they
 * never join strangers. Returns 1 and the key, or 0 where there is none.
 */
#define TW_KEY_BYTES 16
struct tw_key {
	unsigned char bytes[TW_KEY_BYTES];
};
TW_EXPORT int tw_party_key(const struct tw_consignment *consignment, int party,
			   struct tw_key *ret_key);
TW_EXPORT int tw_address_key(const struct tw_consignment *consignment, int party,
			     struct tw_key *ret_key);
/* Whether a party has a key, for whom that is enough: at a third of the cost. */
TW_EXPORT bool tw_party_known(const struct tw_consignment *consignment, int party);
/* The key of two parties together, in this order. */
TW_EXPORT int tw_pair_key(const struct tw_consignment *consignment, int party_a, int party_b,
			  struct tw_key *ret_key);
/* A key from any bytes, such as a document number. */
TW_EXPORT struct tw_key tw_key_of(struct tw_slice bytes);

#endif
