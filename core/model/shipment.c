/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"
#include "model/derive.h"

/* Identifiers are compared without blanks and in upper case. */
struct key_writer {
	char *key;
	size_t length;
};

/* Nonzero where one of eight bytes may be a small letter, a blank, a control or none of ASCII. */
static uint64_t to_change(uint64_t word)
{
	const uint64_t ones = 0x0101010101010101u;
	uint64_t small = (word & ones * 0x40) << 1 & (word & ones * 0x20) << 2;
	return ((word - ones * 0x21) | word | small) & ones * 0x80;
}

/* Bytes that stay as they are, eight at a time: nearly all of nearly all numbers. */
static size_t put_words(struct key_writer *writer, struct tw_slice text)
{
	size_t at = 0;
	uint64_t word;
	for (; text.length - at >= sizeof(word) &&
	       writer->length + sizeof(word) < TW_SHIPMENT_KEY_SIZE; at += sizeof(word)) {
		memcpy(&word, text.data + at, sizeof(word));
		if (to_change(word) != 0)
			break;
		memcpy(writer->key + writer->length, &word, sizeof(word));
		writer->length += sizeof(word);
	}
	return at;
}

static void put(struct key_writer *writer, struct tw_slice text)
{
	size_t first = put_words(writer, text);
	size_t length = writer->length;
	for (size_t i = first; i < text.length && length + 1 < TW_SHIPMENT_KEY_SIZE; i++) {
		unsigned char c = (unsigned char)text.data[i];
		writer->key[length] = (char)(c - (c >= 'a' && c <= 'z' ? 'a' - 'A' : 0));
		length += c > ' ';
	}
	writer->length = length;
	writer->key[writer->length] = '\0';
}

#define AWB_DIGITS 11u

/* The kind is written as it is: it is ours and in small letters. */
static void put_kind(struct key_writer *writer, const char *kind)
{
	size_t length = strlen(kind);
	memcpy(writer->key, kind, length + 1);
	writer->length = length;
}

/* Its digits, a dash behind the airline's three. */
static void put_awb(struct key_writer *writer, struct tw_slice awb)
{
	char text[AWB_DIGITS + 1];
	size_t length = 0;
	for (size_t i = 0; i < awb.length && length < sizeof(text); i++) {
		char c = awb.data[i];
		if (length == 3)
			text[length++] = '-';
		text[length] = c;
		length += c >= '0' && c <= '9';
	}
	put(writer, tw_slice(text, length));
}

static bool is_letter(int c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Whether a number starts with an issuer, whichever case either is written in. */
static bool starts_with_issuer(struct tw_slice number, struct tw_slice issuer)
{
	for (size_t i = 0; i < issuer.length; i++) {
		int a = tw_slice_at(number, i);
		int b = tw_slice_at(issuer, i);
		if (a != b && !(is_letter(a) && is_letter(b) && (a | 0x20) == (b | 0x20)))
			return false;
	}
	return true;
}

/* How many letters a number starts with, where digits follow them. */
static size_t letter_prefix(struct tw_slice number)
{
	size_t length = 0;
	while (is_letter(tw_slice_at(number, length)))
		length++;
	return length < number.length ? length : 0;
}

/*
 * A bill by issuer and number. Carriers write the SCAC (four letters) before the
 * number or leave it out; both have to give the same key. A number that starts
 * with four other letters names its own issuer.
 */
static void put_bill(struct key_writer *writer, struct tw_slice issuer, struct tw_slice number)
{
	if (issuer.length >= 2 && starts_with_issuer(number, issuer) &&
	    number.length > issuer.length) {
		number = tw_slice_from(number, issuer.length);
	} else if (letter_prefix(number) == 4) {
		issuer = tw_slice_part(number, 0, 4);
		number = tw_slice_from(number, 4);
	}
	put(writer, issuer);
	put(writer, TW_LITERAL(":"));
	put(writer, number);
}

/* The documents of a consignment by role: the item of the first of each, or -1. */
#define ROLE_LIMIT 16
struct documents {
	const struct tw_consignment *consignment;
	int items[ROLE_LIMIT];
};

static struct documents read_documents(const struct tw_consignment *consignment)
{
	struct documents documents = {.consignment = consignment};
	for (unsigned role = 0; role < ROLE_LIMIT; role++)
		documents.items[role] = -1;
	for (int value = tw_first(consignment, TW_DOCUMENT_ROLE); value >= 0;
	     value = consignment->entries[value].next - 1) {
		const struct tw_entry *entry = &consignment->entries[value];
		if (entry->number >= 0 && entry->number < ROLE_LIMIT &&
		    documents.items[(unsigned)entry->number] < 0)
			documents.items[(unsigned)entry->number] = entry->item;
	}
	return documents;
}

static struct tw_slice document_text(const struct documents *documents, int role,
				     enum tw_field field)
{
	int item = documents->items[role];
	if (item < 0)
		return tw_slice(NULL, 0);
	return tw_text(documents->consignment,
		       tw_find(documents->consignment, field, (unsigned)item));
}

static struct tw_slice document_number(const struct documents *documents, int role)
{
	return document_text(documents, role, TW_DOCUMENT_NUMBER);
}

static struct tw_slice document_issuer(const struct documents *documents, int role)
{
	return document_text(documents, role, TW_DOCUMENT_ISSUER);
}

static struct tw_slice issuer_or_carrier(const struct documents *documents, int role)
{
	struct tw_slice issuer = document_issuer(documents, role);
	if (issuer.length > 0)
		return issuer;
	return tw_text(documents->consignment,
		       tw_first(documents->consignment, TW_CONSIGNMENT_CARRIER));
}

static bool house_key(const struct documents *documents, struct key_writer *writer)
{
	const struct tw_consignment *consignment = documents->consignment;
	struct tw_slice house = document_number(documents, TW_DOCUMENT_HOUSE);
	if (house.length == 0)
		return false;
	struct tw_slice master = document_number(documents, TW_DOCUMENT_MASTER);
	struct tw_slice issuer = document_issuer(documents, TW_DOCUMENT_HOUSE);
	if (master.length == 0)
		master = tw_text(consignment, tw_first(consignment, TW_CONSIGNMENT_PARENT));
	if (issuer.length == 0 && master.length == 0)
		return false; /* the only bill there is: a bill, not a house */
	put_kind(writer, "house:");
	if (issuer.length > 0)
		put_bill(writer, issuer, house);
	else if (tw_check_awb(master) >= 0)
		put_awb(writer, master);
	else
		put_bill(writer, issuer_or_carrier(documents, TW_DOCUMENT_MASTER), master);
	if (issuer.length == 0) {
		put(writer, TW_LITERAL("/"));
		put(writer, house);
	}
	return true;
}

static bool bill_key(const struct documents *documents, struct key_writer *writer)
{
	static const int roles[] = {TW_DOCUMENT_MASTER, TW_DOCUMENT_BILL, TW_DOCUMENT_HOUSE};
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		struct tw_slice number = document_number(documents, roles[i]);
		if (number.length == 0)
			continue;
		if (tw_check_awb(number) >= 0) {
			put_kind(writer, "awb:");
			put_awb(writer, number);
		} else {
			put_kind(writer, "bill:");
			put_bill(writer, issuer_or_carrier(documents, roles[i]), number);
		}
		return true;
	}
	return false;
}

/* The message: who sent it, in which interchange, as what. */
static void message_key(const struct tw_consignment *consignment, const char *kind,
			struct key_writer *writer)
{
	static const enum tw_field parts[] = {TW_INTERCHANGE_SENDER, TW_INTERCHANGE_REFERENCE,
					      TW_MESSAGE_REFERENCE};
	put_kind(writer, kind);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		put(writer, TW_LITERAL(":"));
		put(writer, tw_text(consignment, tw_first(consignment, parts[i])));
	}
}

static void reference_key(const struct tw_consignment *consignment, struct key_writer *writer)
{
	char place[24];
	size_t length = 0;
	message_key(consignment, "reference", writer);
	/* Which consignment of its message: its distance from the message's start. */
	uint64_t distance = consignment->record->base - consignment->record->message_base;
	do {
		place[sizeof(place) - ++length] = (char)('0' + distance % 10);
		distance /= 10;
	} while (distance > 0 && length < sizeof(place));
	put(writer, TW_LITERAL("#"));
	put(writer, tw_slice(place + sizeof(place) - length, length));
}

bool tw_shipment_key(const struct tw_consignment *consignment, char key[TW_SHIPMENT_KEY_SIZE],
		     char alias[TW_SHIPMENT_KEY_SIZE])
{
	struct key_writer writer = {key, 0};
	struct key_writer booking_writer = {alias, 0};
	struct documents documents = read_documents(consignment);
	struct tw_slice booking = document_number(&documents, TW_DOCUMENT_BOOKING);
	key[0] = alias[0] = '\0';
	/* The bill that a header names is its consignments', not the message's. */
	if ((consignment->record->flags & TW_RECORD_MESSAGE) != 0) {
		message_key(consignment, "message", &writer);
		return true;
	}
	if (booking.length > 0) {
		put_kind(&booking_writer, "booking:");
		put(&booking_writer, booking);
	}
	if (house_key(&documents, &writer) || bill_key(&documents, &writer))
		return true;
	if (booking.length > 0) {
		memcpy(key, alias, booking_writer.length + 1);
		alias[0] = '\0';
		return true;
	}
	reference_key(consignment, &writer);
	return false;
}

struct tw_shipment tw_shipment_of(struct tw_slice key)
{
	struct tw_hash128 hash = tw_hash128(key, 0);
	return (struct tw_shipment){hash.high, hash.low};
}
