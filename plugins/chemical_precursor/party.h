/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARTY_H
#define PARTY_H

#include "tidewaiter/detector.h"

/*
 * What the name and address of a party say about it: a private home, a mailbox,
 * a forwarder, a firm of some trade. All from the words of three lists
 * (company_words, trades, forwarders), as bits of name and address; nothing is
 * concluded from the language or origin a name suggests. Used on suspicious
 * consignments only, any thread, owns nothing.
 *
 * Each detector that judges parties has a copy of this file: a plugin includes
 * its own folder only.
 *
 * Weakness: a firm whose name has no word of the lists, at an address without
 * one, passes for a person where its name is of two to five words.
 */
enum party_bits {
	PARTY_FORM = 1u,	/* LLC, GMBH, S DE RL DE CV */
	PARTY_BUSINESS = 2u,	/* TRADING, INDUSTRIES, STORE */
	PARTY_PREMISES = 4u,	/* SUITE, INDUSTRIAL PARK, DOCK */
	PARTY_PLACEHOLDER = 8u, /* TO ORDER, UNKNOWN */
	PARTY_FORWARDER = 16u,	/* passes goods on */
	PARTY_MAILBOX = 32u,
	PARTY_TRADE = 64u,	/* of a trade that is known */
	PARTY_USES = 128u,	/* of a trade that has a use for the goods asked about */
	PARTY_MAY_USE = 512u,	/* of a trade that may have one */
	PARTY_MAKES = 256u,	/* of a trade that makes them */
	PARTY_TRADER = 1024u,	/* deals in anything */
};

struct party_lists {
	const struct tw_list *company, *trades, *forwarders, *border;
	int company_kind, company_trader, trade_uses, trade_may_use, trade_makes, forwarder_kind;
	int border_postcode, border_city;
};

struct party_view {
	int item;	  /* of the party, or -1 */
	unsigned name;	  /* PARTY_* bits of its name */
	unsigned address; /* PARTY_* bits of address and city */
	int trade_value;  /* where the word of a trade stood, or -1 */
	uint32_t trade_start, trade_length;
};

static inline int party_lists_open(struct party_lists *lists, const struct tw_host *host)
{
	lists->company = tw_list_open(host, "company_words");
	lists->trades = tw_list_open(host, "trades");
	lists->forwarders = tw_list_open(host, "forwarders");
	lists->border = tw_list_open(host, "border_zone");
	if (!lists->company || !lists->trades || !lists->forwarders || !lists->border)
		return TW_ERROR_NOT_FOUND;
	lists->company_kind = tw_list_column(lists->company, "kind");
	lists->company_trader = tw_list_column(lists->company, "trader");
	lists->trade_may_use = tw_list_column(lists->trades, "may_use");
	lists->trade_uses = tw_list_column(lists->trades, "uses");
	lists->trade_makes = tw_list_column(lists->trades, "makes");
	lists->forwarder_kind = tw_list_column(lists->forwarders, "kind");
	lists->border_postcode = tw_list_column(lists->border, "postcode");
	lists->border_city = tw_list_column(lists->border, "city");
	return TW_OK;
}

/* Whether a list of words with commas between names `word`. */
static inline bool party_names(struct tw_slice words, struct tw_slice word)
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

static inline unsigned party_kind_bit(struct tw_slice kind)
{
	static const struct {
		const char *kind;
		unsigned bit;
	} BITS[] = {{"form", PARTY_FORM},	      {"business", PARTY_BUSINESS},
		    {"premises", PARTY_PREMISES},     {"placeholder", PARTY_PLACEHOLDER},
		    {"forwarder", PARTY_FORWARDER},   {"warehouse", PARTY_FORWARDER},
		    {"broker", PARTY_FORWARDER},      {"parcel", PARTY_MAILBOX}};
	for (size_t i = 0; i < sizeof(BITS) / sizeof(BITS[0]); i++)
		if (tw_slice_is(kind, BITS[i].kind))
			return BITS[i].bit;
	return 0;
}

/* Notes a bit of a match for the views whose party it belongs to. */
static inline struct party_view *party_note(const struct tw_consignment *consignment,
					    struct party_view *view, const struct tw_match *match,
					    unsigned bits)
{
	if (view->item < 0 || tw_item(consignment, match->value) != (unsigned)view->item)
		return NULL;
	switch (tw_field_of(consignment, match->value)) {
	case TW_PARTY_NAME:
		view->name |= bits;
		return view;
	case TW_PARTY_ADDRESS:
	case TW_PARTY_CITY:
		view->address |= bits;
		return view;
	default:
		return NULL;
	}
}

/* What the trade of a row means to somebody who asks about `goods`. */
static inline unsigned party_trade_bits(const struct party_lists *lists, int row,
					struct tw_slice goods)
{
	unsigned bits = PARTY_TRADE;
	if (party_names(tw_list_cell(lists->trades, row, lists->trade_uses), goods))
		bits |= PARTY_USES;
	if (party_names(tw_list_cell(lists->trades, row, lists->trade_may_use), goods))
		bits |= PARTY_MAY_USE;
	if (party_names(tw_list_cell(lists->trades, row, lists->trade_makes), goods))
		bits |= PARTY_MAKES;
	return bits;
}

/* Views of `count` parties whose items are set; `goods`: tableting, chemical, solvent. */
static inline void party_look(const struct party_lists *lists,
			      const struct tw_consignment *consignment, struct tw_slice goods,
			      struct party_view *views, unsigned count)
{
	struct tw_match match = {0};
	while (tw_match_next(consignment, lists->company, &match)) {
		unsigned bits = party_kind_bit(tw_list_cell(lists->company, match.row,
							    lists->company_kind));
		if (tw_list_cell(lists->company, match.row, lists->company_trader).length > 0)
			bits |= PARTY_TRADER;
		for (unsigned i = 0; i < count; i++)
			party_note(consignment, &views[i], &match, bits);
	}
	match = (struct tw_match){0};
	while (tw_match_next(consignment, lists->forwarders, &match))
		for (unsigned i = 0; i < count; i++)
			party_note(consignment, &views[i], &match,
				   party_kind_bit(tw_list_cell(lists->forwarders, match.row,
							       lists->forwarder_kind)));
	match = (struct tw_match){0};
	while (tw_match_next(consignment, lists->trades, &match)) {
		unsigned bits = party_trade_bits(lists, match.row, goods);
		for (unsigned i = 0; i < count; i++) {
			if (!party_note(consignment, &views[i], &match, bits) ||
			    views[i].trade_value >= 0)
				continue;
			views[i].trade_value = match.value;
			views[i].trade_start = match.start;
			views[i].trade_length = match.length;
		}
	}
}

static inline struct party_view party_of(const struct tw_consignment *consignment, int role)
{
	return (struct party_view){.item = tw_party(consignment, role, 0), .trade_value = -1};
}

/* The value of a party's name, or -1. */
static inline int party_name(const struct tw_consignment *consignment, const struct party_view *view)
{
	return view->item < 0 ? -1 : tw_find(consignment, TW_PARTY_NAME, (unsigned)view->item);
}

/* Two to five words without digits, as a person's name has. */
static inline bool party_personal(const struct tw_consignment *consignment, int name)
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
static inline bool party_home(const struct tw_consignment *consignment, const struct party_view *view)
{
	int name = party_name(consignment, view);
	if (name < 0 || view->name != 0 ||
	    (view->address & ~(unsigned)PARTY_FORM) != 0)
		return false;
	if (tw_find(consignment, TW_PARTY_ADDRESS, (unsigned)view->item) < 0)
		return false;
	return party_personal(consignment, name);
}

static inline bool party_forwards(const struct party_view *view)
{
	return ((view->name | view->address) & PARTY_FORWARDER) != 0;
}

static inline bool party_mailbox(const struct party_view *view)
{
	return ((view->name | view->address) & PARTY_MAILBOX) != 0;
}

/* Its name says a trade, and that trade has no use for the goods. */
static inline bool party_unfit(const struct party_view *view)
{
	return (view->name & (PARTY_TRADE | PARTY_USES | PARTY_MAY_USE)) == PARTY_TRADE;
}

static inline bool party_uses(const struct party_view *view)
{
	return (view->name & PARTY_USES) != 0;
}

/* In the zone along the border between the United States and Mexico. */
static inline bool party_at_border(const struct party_lists *lists,
				   const struct tw_consignment *consignment,
				   const struct party_view *view)
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
