/* SPDX-License-Identifier: Apache-2.0 */
#include "output/shipment.h"

#include <math.h>

static bool omitted(const struct tw_shipment_writer *writer, enum tw_field field)
{
	return writer->mask.privacy == TW_PRIVACY_OMITTED && tw_field_personal(field);
}

/* Whether there is anything to write of a value. */
static bool has_content(const struct tw_shipment_writer *writer, const struct tw_column *column,
			int value)
{
	const struct tw_consignment *consignment = writer->consignment;
	switch (column->type) {
	case TW_TYPE_text:
		return tw_text(consignment, value).length > 0 && !omitted(writer, column->field);
	case TW_TYPE_number:
		return isfinite(tw_number(consignment, value));
	case TW_TYPE_time:
		return isfinite(tw_number(consignment, value)) ||
		       tw_text(consignment, value).length > 0;
	case TW_TYPE_code:
	case TW_TYPE_flag:
		break;
	}
	return value >= 0;
}

static void write_text(const struct tw_shipment_writer *writer, enum tw_field field,
		       struct tw_slice text)
{
	if (writer->mask.privacy == TW_PRIVACY_FULL || !tw_field_personal(field)) {
		tw_json_string(writer->json, text);
		return;
	}
	tw_json_string_open(writer->json);
	tw_mask_append(&writer->mask, text, writer->json->out);
	tw_json_string_close(writer->json);
}

static void write_value(const struct tw_shipment_writer *writer, const struct tw_column *column,
			int value)
{
	struct tw_slice text = tw_text(writer->consignment, value);
	double number = tw_number(writer->consignment, value);
	switch (column->type) {
	case TW_TYPE_text:
		write_text(writer, column->field, text);
		break;
	case TW_TYPE_number:
		tw_json_number(writer->json, number);
		break;
	case TW_TYPE_time: /* what is no date stands as it was read */
		if (isfinite(number))
			tw_json_time(writer->json, number);
		else
			tw_json_string(writer->json, text);
		break;
	case TW_TYPE_code:
		tw_json_string(writer->json, tw_code_text(column->code_set, number));
		break;
	case TW_TYPE_flag:
		tw_json_bool(writer->json, number > 0);
		break;
	}
}

/* A field of the message or consignment itself, under the key of its row. */
static void write_field(const struct tw_shipment_writer *writer, enum tw_field field)
{
	const struct tw_column *column = tw_column_of(field);
	int value = tw_first(writer->consignment, field);
	if (column == NULL || value < 0 || (!column->many && !has_content(writer, column, value)))
		return;
	tw_json_key_slice(writer->json, column->json);
	if (!column->many) {
		write_value(writer, column, value);
		return;
	}
	tw_json_open(writer->json, '[');
	for (; value >= 0; value = tw_next(writer->consignment, value))
		if (has_content(writer, column, value))
			write_value(writer, column, value);
	tw_json_close(writer->json, ']');
}

/* A code field, "unknown" where the consignment does not have it. */
static void write_code(const struct tw_shipment_writer *writer, enum tw_field field, double code)
{
	const struct tw_column *column = tw_column_of(field);
	tw_json_key_slice(writer->json, column->json);
	tw_json_string(writer->json, tw_code_text(column->code_set, code));
}

const enum tw_field *tw_message_order(void)
{
	static const enum tw_field order[] = {
		TW_MESSAGE_FORMAT, TW_MESSAGE_TYPE, TW_MESSAGE_VERSION, TW_MESSAGE_REFERENCE,
		TW_INTERCHANGE_REFERENCE, TW_INTERCHANGE_SENDER, TW_INTERCHANGE_RECIPIENT,
		TW_MESSAGE_ROLE, TW_INTERCHANGE_TEST, TW_FIELD_NONE,
	};
	return order;
}

static bool in_order(enum tw_field field)
{
	for (const enum tw_field *named = tw_message_order(); *named != TW_FIELD_NONE; named++)
		if (*named == field)
			return true;
	return false;
}

void tw_shipment_message(const struct tw_shipment_writer *writer)
{
	const struct tw_consignment *consignment = writer->consignment;
	for (const enum tw_field *field = tw_message_order(); *field != TW_FIELD_NONE; field++) {
		if (*field == TW_MESSAGE_ROLE)
			write_code(writer, *field, tw_code(consignment, *field));
		else if (*field == TW_INTERCHANGE_TEST)
			tw_json_member_bool(writer->json, "test",
					    (consignment->record->flags & TW_RECORD_TEST) != 0 ||
					    tw_number(consignment, tw_first(consignment, *field)) > 0);
		else
			write_field(writer, *field);
	}
	for (const struct tw_column *row = tw_columns(); row->field != TW_FIELD_NONE; row++)
		if (row->group == TW_GROUP_message && !in_order(row->field))
			write_field(writer, row->field);
}

bool tw_shipment_has(enum tw_field field)
{
	static const enum tw_field shown[] = {
		TW_CONSIGNMENT_LEVEL, TW_CONSIGNMENT_ACTION, TW_CONSIGNMENT_CARRIER,
		TW_CONSIGNMENT_ORIGIN, TW_CONSIGNMENT_DESTINATION, TW_CONSIGNMENT_ROUTE,
		TW_CONSIGNMENT_DESCRIPTION, TW_CONSIGNMENT_PIECES, TW_CONSIGNMENT_WEIGHT,
		TW_CONSIGNMENT_VOLUME, TW_CONSIGNMENT_VALUE, TW_CONSIGNMENT_CURRENCY,
	};
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		if (shown[i] == field)
			return true;
	return false;
}

static void write_leg(const struct tw_shipment_writer *writer, int leg)
{
	const struct tw_consignment *consignment = writer->consignment;
	tw_json_member_text(writer->json, "carrier", tw_carrier(consignment, leg));
	tw_json_member_text(writer->json, "conveyance",
			    tw_item_text(consignment, TW_LEG_CONVEYANCE, leg));
	tw_json_member_text(writer->json, "voyage", tw_item_text(consignment, TW_LEG_VOYAGE, leg));
}

static void write_route(const struct tw_shipment_writer *writer, int leg)
{
	double arrival = tw_arrival(writer->consignment, leg);
	write_field(writer, TW_CONSIGNMENT_ORIGIN);
	write_field(writer, TW_CONSIGNMENT_DESTINATION);
	if (tw_first(writer->consignment, TW_CONSIGNMENT_ROUTE) >= 0) {
		write_field(writer, TW_CONSIGNMENT_ROUTE);
	} else {
		tw_json_key(writer->json, "route");
		tw_json_open(writer->json, '[');
		tw_json_close(writer->json, ']');
	}
	if (isfinite(arrival)) {
		tw_json_key(writer->json, "eta");
		tw_json_time(writer->json, arrival);
	}
}

/* Part of a string that is open, as privacy allows. */
static void write_part(const struct tw_shipment_writer *writer, enum tw_field field,
		       struct tw_slice text)
{
	if (writer->mask.privacy == TW_PRIVACY_FULL || !tw_field_personal(field))
		tw_json_string_part(writer->json, text);
	else
		tw_mask_append(&writer->mask, text, writer->json->out);
}

/* One field of a party: its values of this item, joined. */
static void write_party_field(const struct tw_shipment_writer *writer,
			      const struct tw_column *column, unsigned item)
{
	const struct tw_consignment *consignment = writer->consignment;
	int value = tw_find(consignment, column->field, item);
	bool any = false;
	for (; value >= 0; value = tw_next(consignment, value)) {
		if (tw_item(consignment, value) != item || !has_content(writer, column, value))
			continue;
		if (!any) {
			tw_json_key_slice(writer->json, column->json);
			tw_json_string_open(writer->json);
		} else {
			tw_json_string_part(writer->json, TW_LITERAL(TW_JOINT));
		}
		write_part(writer, column->field, tw_text(consignment, value));
		any = true;
	}
	if (any)
		tw_json_string_close(writer->json);
}

const int *tw_party_roles(void)
{
	static const int roles[] = {TW_PARTY_SHIPPER, TW_PARTY_CONSIGNEE, TW_PARTY_NOTIFY,
				    TW_PARTY_FORWARDER, TW_PARTY_UNKNOWN};
	return roles;
}

static void write_parties(const struct tw_shipment_writer *writer)
{
	unsigned code_set = tw_column_of(TW_PARTY_ROLE)->code_set;
	for (const int *role = tw_party_roles(); *role != TW_PARTY_UNKNOWN; role++) {
		int item = tw_party(writer->consignment, *role, 0);
		tw_json_key_slice(writer->json, tw_code_text(code_set, *role));
		tw_json_open(writer->json, '{');
		for (const struct tw_column *row = tw_columns();
		     item >= 0 && row->field != TW_FIELD_NONE; row++)
			if (row->group == TW_GROUP_party && row->field != TW_PARTY_ROLE)
				write_party_field(writer, row, (unsigned)item);
		tw_json_close(writer->json, '}');
	}
}

/* Joined texts of which at most so many characters are left to be written. */
struct joined {
	struct tw_json *json;
	size_t left;
	bool any;
};

static size_t characters(struct tw_slice text)
{
	size_t count = 0;
	for (size_t i = 0; i < text.length; i++)
		count += (tw_slice_at(text, i) & 0xc0) != 0x80;
	return count;
}

static void join_text(struct joined *joined, struct tw_slice text, bool whole)
{
	if (text.length == 0 || (!whole && joined->left <= 2))
		return;
	if (!joined->any) {
		tw_json_key(joined->json, "description");
		tw_json_string_open(joined->json);
	} else {
		tw_json_string_part(joined->json, TW_LITERAL("; "));
		joined->left -= joined->left < 2 ? joined->left : 2;
	}
	struct tw_slice part = whole ? text : tw_utf8_head(text, joined->left);
	size_t used = characters(part);
	tw_json_string_part(joined->json, part);
	joined->left -= used < joined->left ? used : joined->left;
	joined->any = true;
}

static void write_description(const struct tw_shipment_writer *writer)
{
	const struct tw_consignment *consignment = writer->consignment;
	struct joined joined = {writer->json, TW_TEXT_SHOWN, false};
	int value = tw_first(consignment, TW_CONSIGNMENT_DESCRIPTION);
	for (; value >= 0; value = tw_next(consignment, value))
		join_text(&joined, tw_text(consignment, value), writer->whole);
	value = tw_first(consignment, TW_GOODS_DESCRIPTION);
	for (; value >= 0 && joined.left > 2; value = tw_next(consignment, value))
		join_text(&joined, tw_text(consignment, value), false);
	if (joined.any)
		tw_json_string_close(writer->json);
}

static bool seen_before(const struct tw_slice *seen, unsigned count, struct tw_slice text)
{
	for (unsigned i = 0; i < count; i++)
		if (tw_slice_equal(seen[i], text))
			return true;
	return false;
}

static void write_distinct(const struct tw_shipment_writer *writer, const char *key,
			   enum tw_field field)
{
	struct tw_slice seen[TW_LIST_SHOWN];
	unsigned count = 0;
	int value = tw_first(writer->consignment, field);
	tw_json_key(writer->json, key);
	tw_json_open(writer->json, '[');
	for (; value >= 0 && count < TW_LIST_SHOWN; value = tw_next(writer->consignment, value)) {
		struct tw_slice text = tw_text(writer->consignment, value);
		if (text.length == 0 || seen_before(seen, count, text))
			continue;
		seen[count++] = text;
		tw_json_string(writer->json, text);
	}
	tw_json_close(writer->json, ']');
}

void tw_shipment_facts(const struct tw_shipment_writer *writer, struct tw_slice shipment_id)
{
	const struct tw_consignment *consignment = writer->consignment;
	int leg = tw_main_leg(consignment);
	int mode = leg < 0 ? -1 : tw_find(consignment, TW_LEG_MODE, (unsigned)leg);
	tw_json_member_text(writer->json, "id", shipment_id);
	write_code(writer, TW_CONSIGNMENT_LEVEL, tw_code(consignment, TW_CONSIGNMENT_LEVEL));
	write_code(writer, TW_CONSIGNMENT_ACTION, tw_code(consignment, TW_CONSIGNMENT_ACTION));
	write_code(writer, TW_LEG_MODE, tw_number(consignment, mode));
	tw_json_member_text(writer->json, "master", tw_document(consignment, TW_DOCUMENT_MASTER));
	tw_json_member_text(writer->json, "house", tw_document(consignment, TW_DOCUMENT_HOUSE));
	write_leg(writer, leg);
	write_route(writer, leg);
	write_parties(writer);
	write_description(writer);
	write_distinct(writer, "hs", TW_GOODS_HS);
	write_distinct(writer, "un", TW_GOODS_UN);
	write_field(writer, TW_CONSIGNMENT_PIECES);
	write_field(writer, TW_CONSIGNMENT_WEIGHT);
	write_field(writer, TW_CONSIGNMENT_VOLUME);
	write_field(writer, TW_CONSIGNMENT_VALUE);
	write_field(writer, TW_CONSIGNMENT_CURRENCY);
	write_distinct(writer, "containers", TW_EQUIPMENT_ID);
	write_distinct(writer, "seals", TW_EQUIPMENT_SEAL);
}

const struct tw_group_list *tw_group_lists(void)
{
	static const struct tw_group_list lists[] = {
		{TW_GROUP_party, "parties"},	   {TW_GROUP_document, "documents"},
		{TW_GROUP_goods, "goods"},	   {TW_GROUP_equipment, "equipment"},
		{TW_GROUP_leg, "legs"},		   {TW_GROUP_reference, "references"},
		{TW_GROUP_note, "notes"},	   {TW_GROUP_place, "places"},
		{TW_GROUP_date, "dates"},	   {TW_GROUP_COUNT, NULL},
	};
	/* Message and consignment are objects of their own, raw is a list of texts. */
	_Static_assert(sizeof(lists) / sizeof(lists[0]) - 1 + 3 == TW_GROUP_COUNT,
		       "every group of the table is written");
	return lists;
}

/* The values of a group, field by field, as far as they are written. */
struct walk {
	const struct tw_shipment_writer *writer;
	const uint16_t *next; /* sorted chains by index + 1, or NULL: as in the record */
	unsigned present_count;
	unsigned count;
	const struct tw_column *present[TW_FIELD_LIMIT]; /* fields that have a value */
	struct cursor {
		const struct tw_column *column;
		int value;
	} cursors[TW_FIELD_LIMIT]; /* those of the group that is written */
};

static int next_value(const struct walk *walk, int value)
{
	return walk->next == NULL ? tw_next(walk->writer->consignment, value)
				  : walk->next[value + 1] - 1;
}

static bool in_items_order(const struct tw_consignment *consignment, int value)
{
	unsigned item = 0;
	for (; value >= 0; value = tw_next(consignment, value)) {
		if (consignment->entries[value].item < item)
			return false;
		item = consignment->entries[value].item;
	}
	return true;
}

/* Merges two chains (index + 1, 0 at the end) by item; equal items keep their order. */
static uint16_t merge_chains(const struct tw_entry *entries, uint16_t *next, uint16_t a, uint16_t b)
{
	uint16_t head = 0;
	uint16_t *tail = &head;
	while (a != 0 && b != 0) {
		uint16_t *lesser = entries[b - 1].item < entries[a - 1].item ? &b : &a;
		*tail = *lesser;
		tail = &next[*lesser];
		*lesser = *tail;
	}
	*tail = a != 0 ? a : b;
	return head;
}

static uint16_t sort_chain(const struct tw_entry *entries, uint16_t *next, uint16_t head,
			   unsigned count)
{
	uint16_t middle = head;
	if (count < 2) {
		next[head] = 0;
		return head;
	}
	for (unsigned i = 0; i < count / 2; i++)
		middle = next[middle];
	uint16_t a = sort_chain(entries, next, head, count / 2);
	uint16_t b = sort_chain(entries, next, middle, count - count / 2);
	return merge_chains(entries, next, a, b);
}

static void write_cursor(const struct walk *walk, struct cursor *cursor, unsigned item)
{
	const struct tw_shipment_writer *writer = walk->writer;
	const struct tw_entry *entries = writer->consignment->entries;
	const struct tw_column *column = cursor->column;
	int value = cursor->value;
	bool any = false;
	for (; value >= 0 && entries[value].item == item; value = next_value(walk, value)) {
		if (!has_content(writer, column, value) || (any && !column->many))
			continue;
		if (!any) {
			tw_json_key_slice(writer->json, column->json);
			if (column->many)
				tw_json_open(writer->json, '[');
		}
		write_value(writer, column, value);
		any = true;
	}
	if (any && column->many)
		tw_json_close(writer->json, ']');
	cursor->value = value;
}

/* An object for each item, so that an item's number is its place in the list. */
static void write_items(struct walk *walk, unsigned items)
{
	struct tw_json *json = walk->writer->json;
	bool more = walk->count > 0;
	for (unsigned item = 0; item < items || more; item++) {
		more = false;
		tw_json_open(json, '{');
		for (unsigned i = 0; i < walk->count; i++) {
			write_cursor(walk, &walk->cursors[i], item);
			more = more || walk->cursors[i].value >= 0;
		}
		tw_json_close(json, '}');
	}
}

static void write_items_sorted(struct walk *walk, unsigned items)
{
	const struct tw_consignment *consignment = walk->writer->consignment;
	uint16_t next[TW_RECORD_ENTRY_LIMIT + 1];
	for (unsigned i = 0; i < walk->count; i++) {
		struct cursor *cursor = &walk->cursors[i];
		unsigned count = 0;
		for (int value = cursor->value; value >= 0; value = tw_next(consignment, value)) {
			next[value + 1] = consignment->entries[value].next;
			count++;
		}
		cursor->value = sort_chain(consignment->entries, next,
					   (uint16_t)(cursor->value + 1), count) - 1;
	}
	walk->next = next;
	write_items(walk, items);
	walk->next = NULL;
}

static void write_group(struct walk *walk, enum tw_group group)
{
	const struct tw_consignment *consignment = walk->writer->consignment;
	bool ordered = true;
	walk->count = 0;
	for (unsigned i = 0; i < walk->present_count; i++) {
		const struct tw_column *row = walk->present[i];
		if (row->group != group)
			continue;
		int value = tw_first(consignment, row->field);
		walk->cursors[walk->count++] = (struct cursor){row, value};
		ordered = ordered && in_items_order(consignment, value);
	}
	if (ordered)
		write_items(walk, consignment->record->items[group]);
	else
		write_items_sorted(walk, consignment->record->items[group]);
}

static void find_present(struct walk *walk)
{
	walk->present_count = 0;
	for (const struct tw_column *row = tw_columns(); row->field != TW_FIELD_NONE; row++)
		if (tw_first(walk->writer->consignment, row->field) >= 0)
			walk->present[walk->present_count++] = row;
}

static void write_flat(const struct walk *walk, enum tw_group group)
{
	for (unsigned i = 0; i < walk->present_count; i++)
		if (walk->present[i]->group == group && !tw_shipment_has(walk->present[i]->field))
			write_field(walk->writer, walk->present[i]->field);
}

void tw_shipment_groups(const struct tw_shipment_writer *writer)
{
	struct walk walk;
	walk.writer = writer;
	walk.next = NULL;
	find_present(&walk);
	write_flat(&walk, TW_GROUP_consignment);
	for (const struct tw_group_list *list = tw_group_lists(); list->key != NULL; list++) {
		tw_json_key(writer->json, list->key);
		tw_json_open(writer->json, '[');
		write_group(&walk, list->group);
		tw_json_close(writer->json, ']');
	}
	write_flat(&walk, TW_GROUP_raw);
}
