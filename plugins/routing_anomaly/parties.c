/* SPDX-License-Identifier: Apache-2.0 */
#include "routing_anomaly.h"

#include <string.h>

/* Words of a name, from its end, among which a firm's form or trade is looked for first. */
#define LAST_WORDS 3u

/* The first match of a list's terms in the name or address of one party. */
static bool party_match(const struct tw_routing_facts *facts, const struct tw_list *list, int party,
			struct tw_match *match)
{
	*match = (struct tw_match){0};
	while (tw_profile_next(facts->consignment, list, party, match))
		if (tw_field_of(facts->consignment, match->value) != TW_PARTY_CITY)
			return true;
	return false;
}

/* A company's form or trade in the name; `premises` (SUITE, DOCK) and placeholders make no firm. */
bool tw_routing_is_company(const struct tw_routing_facts *facts, int party)
{
	const struct tw_profile_lists *lists = &facts->routing->lists.parties;
	struct tw_match match = {0};
	while (tw_profile_next(facts->consignment, lists->company, party, &match)) {
		unsigned bit = tw_profile_kind_bit(
			tw_list_cell(lists->company, match.row, lists->company_kind));
		if (tw_field_of(facts->consignment, match.value) == TW_PARTY_NAME &&
		    (bit & (TW_PROFILE_FORM | TW_PROFILE_BUSINESS)) != 0)
			return true;
	}
	return false;
}

bool tw_routing_is_user(const struct tw_routing_facts *facts, int party, const char *kind)
{
	const struct tw_routing_lists *lists = &facts->routing->lists;
	struct tw_match match = {0};
	while (tw_profile_next(facts->consignment, lists->users, party, &match))
		if (tw_field_of(facts->consignment, match.value) == TW_PARTY_NAME &&
		    (kind == NULL ||
		     tw_slice_is(tw_list_cell(lists->users, match.row, lists->user_kind), kind)))
			return true;
	return false;
}

static bool is_letter_or_digit(unsigned char c)
{
	return (unsigned)(c | 0x20) - 'a' <= 25u || (unsigned)c - '0' <= 9u;
}

/* Bytes of the word that ends at `end`, letters and digits only; 0: none. */
static size_t word_before(struct tw_slice text, size_t end)
{
	size_t start = end;
	while (start > 0 && is_letter_or_digit((unsigned char)text.data[start - 1]))
		start--;
	/* Of a character that is not ASCII nothing is known here. */
	return start > 0 && (unsigned char)text.data[start - 1] >= 0x80 ? 0 : end - start;
}

/*
 * Whether one of the last words of a name is, as it stands, a word of company_words:
 * LTD, LLC, TRADING. The scan would find it; most firms need not be scanned for that.
 */
static bool ends_as_company(const struct tw_routing_lists *lists, struct tw_slice name)
{
	size_t end = name.length;
	for (unsigned i = 0; i < LAST_WORDS; i++) {
		while (end > 0 && (unsigned char)name.data[end - 1] < 0x80 &&
		       !is_letter_or_digit((unsigned char)name.data[end - 1]))
			end--;
		size_t length = word_before(name, end);
		struct tw_slice word = tw_slice_part(name, end - length, length);
		if (length == 0)
			return false;
		int row = tw_list_find(lists->parties.company, lists->company_term, word);
		/* "S.A." is found under SA, but is two words. */
		if (tw_list_cell(lists->parties.company, row, lists->company_term).length == length)
			return true;
		end -= length;
	}
	return false;
}

bool tw_routing_is_home(const struct tw_routing_facts *facts, int party)
{
	const struct tw_profile_lists *lists = &facts->routing->lists.parties;
	struct tw_profile view = {.item = party, .trade_value = -1};
	struct tw_match match;
	/* Most parties are firms, and most of these say so in their last word: that comes first. */
	if (party < 0 ||
	    ends_as_company(&facts->routing->lists,
			    tw_text(facts->consignment, tw_profile_name(facts->consignment, &view))) ||
	    !tw_profile_home(facts->consignment, &view) ||
	    party_match(facts, lists->company, party, &match) ||
	    party_match(facts, facts->routing->lists.users, party, &match))
		return false;
	tw_profile_look(lists, facts->consignment, tw_slice(NULL, 0), &view, 1);
	return tw_profile_home(facts->consignment, &view);
}

/*
 * Whom the goods go to. Who has a use for goods is that even where a forwarder's
 * or warehouse's words stand beside it (A MANUFACTURING C/O B LOGISTICS): goods
 * that do not fit speak for themselves.
 */
struct tw_routing_consignee tw_routing_judge_consignee(const struct tw_routing_facts *facts)
{
	const struct tw_routing_lists *lists = &facts->routing->lists;
	struct tw_routing_consignee consignee = {TW_ROUTING_NOBODY, -1, {0}};
	if (!tw_party_known(facts->consignment, facts->consignee))
		return consignee;
	if (tw_routing_is_user(facts, facts->consignee, "retailer")) {
		consignee.kind = TW_ROUTING_RETAILER;
	} else if (tw_routing_is_user(facts, facts->consignee, NULL)) {
		consignee.kind = TW_ROUTING_END_USER;
	} else if (party_match(facts, lists->parties.forwarders, facts->consignee, &consignee.match)) {
		struct tw_slice kind = tw_list_cell(lists->parties.forwarders, consignee.match.row,
						    lists->parties.forwarder_kind);
		bool named = tw_slice_is(kind, "forwarder") || tw_slice_is(kind, "broker");
		consignee.row = consignee.match.row;
		consignee.kind = named ? TW_ROUTING_FORWARDER : TW_ROUTING_PASSES_ON;
	} else {
		consignee.kind = tw_routing_is_company(facts, facts->consignee) ? TW_ROUTING_FIRM
										: TW_ROUTING_HOME;
	}
	return consignee;
}

/* An importer, buyer, ship-to or notify party that is somebody else than the consignee. */
bool tw_routing_ownerless(const struct tw_routing_facts *facts)
{
	static const int roles[] = {TW_PARTY_IMPORTER, TW_PARTY_BUYER, TW_PARTY_DELIVERY,
				    TW_PARTY_NOTIFY};
	struct tw_key consignee = {0};
	bool known = facts->consignee >= 0 &&
		     tw_party_key(facts->consignment, facts->consignee, &consignee) == 1;
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		int party = tw_party(facts->consignment, roles[i], 0);
		struct tw_key key;
		if (party < 0 || tw_party_key(facts->consignment, party, &key) != 1)
			continue;
		if (!known || memcmp(key.bytes, consignee.bytes, sizeof(key.bytes)) != 0)
			return false;
	}
	return true;
}

/* Shorter numbers are sizes and counts. */
#define ORDER_DIGITS 4u

/* The words before the digits of a text announce an order: PO, P/O NO, PEDIDO. */
static bool announces_order(struct tw_slice text, size_t digits)
{
	static const char *const LABELS[] = {" PO ", " P O ", " ORDER ", " PEDIDO ", " ORDEN DE COMPRA ",
					     " BESTELLUNG ", " COMMANDE "};
	char words[64] = " ";
	size_t from = digits > 20 ? digits - 20 : 0;
	tw_normalise(tw_slice_part(text, from, digits - from), words + 1, sizeof(words) - 2);
	strcat(words, " ");
	for (size_t i = 0; i < sizeof(LABELS) / sizeof(LABELS[0]); i++)
		if (strstr(words, LABELS[i]) != NULL)
			return true;
	return false;
}

struct tw_slice tw_routing_order_written(const struct tw_consignment *consignment)
{
	for (int value = tw_first(consignment, TW_GOODS_DESCRIPTION); value >= 0;
	     value = tw_next(consignment, value)) {
		struct tw_slice text = tw_text(consignment, value);
		for (size_t start = 0, end; start < text.length; start = end + 1) {
			end = start;
			while (tw_slice_at(text, end) >= '0' && tw_slice_at(text, end) <= '9')
				end++;
			if (end - start >= ORDER_DIGITS && announces_order(text, start))
				return tw_slice_part(text, start, end - start);
		}
	}
	return tw_slice(NULL, 0);
}

/* UN/EDIFACT 1153: ON order, CO buyer's order, PO as X12 has it (128: PO). */
struct tw_slice tw_routing_order(const struct tw_consignment *consignment)
{
	static const char *const qualifiers[] = {"ON", "CO", "PO", "VN", "PURCHASE ORDER"};
	struct tw_slice order = tw_document(consignment, TW_DOCUMENT_ORDER);
	struct tw_cursor references = {.field = TW_REFERENCE_VALUE};
	for (int value = tw_first(consignment, TW_REFERENCE_QUALIFIER);
	     value >= 0 && order.length == 0; value = tw_next(consignment, value))
		for (size_t i = 0; i < sizeof(qualifiers) / sizeof(qualifiers[0]); i++)
			if (tw_slice_is(tw_text(consignment, value), qualifiers[i]))
				order = tw_text(consignment,
						tw_cursor_find(&references, consignment,
							       tw_item(consignment, value)));
	return order;
}
