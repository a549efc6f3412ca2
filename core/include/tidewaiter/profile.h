/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TIDEWAITER_PROFILE_H
#define TIDEWAITER_PROFILE_H

#include "tidewaiter/list_table.h"

/*
 * What the name and address of a party say about it: a private home, a mailbox,
 * a forwarder, a firm of some trade. All from the words of three lists
 * (company_words, trades, forwarders), as bits of name and address; nothing is
 * concluded from the language or origin a name suggests. Used on suspicious
 * consignments only, any thread, owns nothing.
 *
 * A help for detectors, all inline: the engine knows nothing of it, and a detector
 * that judges parties in its own way need not use it.
 *
 * Weakness: a firm whose name has no word of the lists, at an address without
 * one, passes for a person where its name is of two to five words.
 */
enum tw_profile_bits {
	TW_PROFILE_FORM = 1u,	/* LLC, GMBH, S DE RL DE CV */
	TW_PROFILE_BUSINESS = 2u,	/* TRADING, INDUSTRIES, STORE */
	TW_PROFILE_PREMISES = 4u,	/* SUITE, INDUSTRIAL PARK, DOCK */
	TW_PROFILE_PLACEHOLDER = 8u, /* TO ORDER, UNKNOWN */
	TW_PROFILE_FORWARDER = 16u,	/* passes goods on */
	TW_PROFILE_MAILBOX = 32u,
	TW_PROFILE_TRADE = 64u,	/* of a trade that is known */
	TW_PROFILE_USES = 128u,	/* of a trade that has a use for the goods asked about */
	TW_PROFILE_MAY_USE = 512u,	/* of a trade that may have one */
	TW_PROFILE_MAKES = 256u,	/* of a trade that makes them */
	TW_PROFILE_TRADER = 1024u,	/* deals in anything */
};

struct tw_profile_lists {
	const struct tw_list *company, *trades, *forwarders, *border;
	int company_kind, company_trader, trade_uses, trade_may_use, trade_makes, forwarder_kind;
	int border_postcode, border_city;
};

struct tw_profile {
	int item;	  /* of the party, or -1 */
	unsigned name;	  /* PARTY_* bits of its name */
	unsigned address; /* PARTY_* bits of address and city */
	int trade_value;  /* where the word of a trade stood, or -1 */
	uint32_t trade_start, trade_length;
};

static inline int tw_profile_lists_open(struct tw_profile_lists *lists, const struct tw_host *host)
{
#define TW_PROFILE_AT(member) offsetof(struct tw_profile_lists, member)
	static const struct tw_list_place names[] = {{"company_words", TW_PROFILE_AT(company)},
						     {"trades", TW_PROFILE_AT(trades)},
						     {"forwarders", TW_PROFILE_AT(forwarders)},
						     {"border_zone", TW_PROFILE_AT(border)},
						     {0}};
	static const struct tw_column_place columns[] = {
		{"kind", TW_PROFILE_AT(company), TW_PROFILE_AT(company_kind)},
		{"trader", TW_PROFILE_AT(company), TW_PROFILE_AT(company_trader)},
		{"may_use", TW_PROFILE_AT(trades), TW_PROFILE_AT(trade_may_use)},
		{"uses", TW_PROFILE_AT(trades), TW_PROFILE_AT(trade_uses)},
		{"makes", TW_PROFILE_AT(trades), TW_PROFILE_AT(trade_makes)},
		{"kind", TW_PROFILE_AT(forwarders), TW_PROFILE_AT(forwarder_kind)},
		{"postcode", TW_PROFILE_AT(border), TW_PROFILE_AT(border_postcode)},
		{"city", TW_PROFILE_AT(border), TW_PROFILE_AT(border_city)},
		{0}};
#undef TW_PROFILE_AT
	return tw_list_tables_open(host, names, columns, lists);
}

/* Whether a list of words with commas between names `word`. */
static inline bool tw_profile_names(struct tw_slice words, struct tw_slice word)
{
	for (size_t from = 0, at = 0; at <= words.length; at++) {
		if (at < words.length && tw_slice_at(words, at) != ',')
			continue;
		if (tw_slice_equal(tw_slice_trim(tw_slice_part(words, from, at - from)), word))
			return true;
		from = at + 1;
	}
	return false;
}

static inline unsigned tw_profile_kind_bit(struct tw_slice kind)
{
	static const struct {
		const char *kind;
		unsigned bit;
	} BITS[] = {{"form", TW_PROFILE_FORM},	      {"business", TW_PROFILE_BUSINESS},
		    {"premises", TW_PROFILE_PREMISES},     {"placeholder", TW_PROFILE_PLACEHOLDER},
		    {"forwarder", TW_PROFILE_FORWARDER},   {"warehouse", TW_PROFILE_FORWARDER},
		    {"broker", TW_PROFILE_FORWARDER},      {"parcel", TW_PROFILE_MAILBOX}};
	for (size_t i = 0; i < sizeof(BITS) / sizeof(BITS[0]); i++)
		if (tw_slice_is(kind, BITS[i].kind))
			return BITS[i].bit;
	return 0;
}

/* The next match of a list's terms in the name, address or city of a party, as tw_match_next(). */
static inline bool tw_profile_next(const struct tw_consignment *consignment,
				   const struct tw_list *list, int party, struct tw_match *match)
{
	while (tw_match_next(consignment, list, match) == 1) {
		/* First what tells most matches apart: they are the other parties'. */
		if (tw_item(consignment, match->value) != (unsigned)party)
			continue;
		enum tw_field field = tw_field_of(consignment, match->value);
		if (field == TW_PARTY_NAME || field == TW_PARTY_ADDRESS || field == TW_PARTY_CITY)
			return true;
	}
	return false;
}

/* Where the bits of a match belong. */
static inline unsigned *tw_profile_bits_at(const struct tw_consignment *consignment,
					   struct tw_profile *view, const struct tw_match *match)
{
	return tw_field_of(consignment, match->value) == TW_PARTY_NAME ? &view->name
								       : &view->address;
}

/* What the trade of a row means to somebody who asks about `goods`. */
static inline unsigned tw_profile_trade_bits(const struct tw_profile_lists *lists, int row,
					struct tw_slice goods)
{
	unsigned bits = TW_PROFILE_TRADE;
	if (tw_profile_names(tw_list_cell(lists->trades, row, lists->trade_uses), goods))
		bits |= TW_PROFILE_USES;
	if (tw_profile_names(tw_list_cell(lists->trades, row, lists->trade_may_use), goods))
		bits |= TW_PROFILE_MAY_USE;
	if (tw_profile_names(tw_list_cell(lists->trades, row, lists->trade_makes), goods))
		bits |= TW_PROFILE_MAKES;
	return bits;
}

static inline void tw_profile_look_at(const struct tw_profile_lists *lists,
				      const struct tw_consignment *consignment,
				      struct tw_slice goods, struct tw_profile *view)
{
	struct tw_match match = {0};
	while (tw_profile_next(consignment, lists->company, view->item, &match)) {
		unsigned *bits = tw_profile_bits_at(consignment, view, &match);
		*bits |= tw_profile_kind_bit(tw_list_cell(lists->company, match.row,
							  lists->company_kind));
		if (tw_list_cell(lists->company, match.row, lists->company_trader).length > 0)
			*bits |= TW_PROFILE_TRADER;
	}
	match = (struct tw_match){0};
	while (tw_profile_next(consignment, lists->forwarders, view->item, &match))
		*tw_profile_bits_at(consignment, view, &match) |= tw_profile_kind_bit(
			tw_list_cell(lists->forwarders, match.row, lists->forwarder_kind));
	match = (struct tw_match){0};
	while (tw_profile_next(consignment, lists->trades, view->item, &match)) {
		*tw_profile_bits_at(consignment, view, &match) |=
			tw_profile_trade_bits(lists, match.row, goods);
		if (view->trade_value >= 0)
			continue;
		view->trade_value = match.value;
		view->trade_start = match.start;
		view->trade_length = match.length;
	}
}

/* Views of `count` parties whose items are set; `goods`: tableting, chemical, solvent. */
static inline void tw_profile_look(const struct tw_profile_lists *lists,
				   const struct tw_consignment *consignment, struct tw_slice goods,
				   struct tw_profile *views, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (views[i].item >= 0)
			tw_profile_look_at(lists, consignment, goods, &views[i]);
}

static inline struct tw_profile tw_profile_of(const struct tw_consignment *consignment, int role)
{
	return (struct tw_profile){.item = tw_party(consignment, role, 0), .trade_value = -1};
}

/* The value of a party's name, or -1. */
static inline int tw_profile_name(const struct tw_consignment *consignment, const struct tw_profile *view)
{
	return view->item < 0 ? -1 : tw_find(consignment, TW_PARTY_NAME, (unsigned)view->item);
}

/* Two to five words without digits, as a person's name has. */
static inline bool tw_profile_personal(const struct tw_consignment *consignment, int name)
{
	char words[96];
	size_t length = tw_normalise(tw_text(consignment, name), words, sizeof(words));
	if (length < 4 || length > 60)
		return false;
	unsigned blanks = 0;
	bool running = false;
	for (size_t i = 0; i < length; i++) {
		if (words[i] >= '0' && words[i] <= '9')
			return false;
		blanks += words[i] == ' ';
		running |= (unsigned char)words[i] >= 0xe3;
	}
	return running ? length <= 15 : blanks >= 1 && blanks <= 4;
}

/* A person's name without a company word, at a street address without a trade word. */
static inline bool tw_profile_home(const struct tw_consignment *consignment, const struct tw_profile *view)
{
	int name = tw_profile_name(consignment, view);
	if (name < 0 || view->name != 0 ||
	    (view->address & ~(unsigned)TW_PROFILE_FORM) != 0)
		return false;
	if (tw_find(consignment, TW_PARTY_ADDRESS, (unsigned)view->item) < 0)
		return false;
	return tw_profile_personal(consignment, name);
}

static inline bool tw_profile_forwards(const struct tw_profile *view)
{
	return ((view->name | view->address) & TW_PROFILE_FORWARDER) != 0;
}

static inline bool tw_profile_mailbox(const struct tw_profile *view)
{
	return ((view->name | view->address) & TW_PROFILE_MAILBOX) != 0;
}

/* Its name says a trade, and that trade has no use for the goods. */
static inline bool tw_profile_unfit(const struct tw_profile *view)
{
	return (view->name & (TW_PROFILE_TRADE | TW_PROFILE_USES | TW_PROFILE_MAY_USE)) == TW_PROFILE_TRADE;
}

static inline bool tw_profile_uses(const struct tw_profile *view)
{
	return (view->name & TW_PROFILE_USES) != 0;
}

/* In the zone along the border between the United States and Mexico. */
static inline bool tw_profile_at_border(const struct tw_profile_lists *lists,
				   const struct tw_consignment *consignment,
				   const struct tw_profile *view)
{
	if (view->item < 0)
		return false;
	struct tw_slice country =
		tw_text(consignment, tw_find(consignment, TW_PARTY_COUNTRY, (unsigned)view->item));
	if (!tw_slice_empty(country) && !tw_slice_is(country, "US") && !tw_slice_is(country, "MX"))
		return false;
	struct tw_slice postcode =
		tw_text(consignment, tw_find(consignment, TW_PARTY_POSTCODE, (unsigned)view->item));
	if (!tw_slice_empty(postcode))
		return tw_list_prefix(lists->border, lists->border_postcode, postcode) >= 0;
	struct tw_slice city =
		tw_text(consignment, tw_find(consignment, TW_PARTY_CITY, (unsigned)view->item));
	return !tw_slice_empty(city) &&
	       tw_list_find(lists->border, lists->border_city, city) >= 0;
}

#endif
