/* SPDX-License-Identifier: Apache-2.0 */
#include "model/derive.h"

#include <math.h>

/* All that is derived of one consignment has room, but for a route of far more points. */
#define DERIVED_ENTRIES 48u
#define DERIVED_BYTES 256u

/* Links are indices + 1, 0: none. This runs for each consignment, so it looks into the builder. */
static inline const struct tw_entry *entry_at(const struct tw_builder *builder, unsigned link)
{
	return &builder->entries[link - 1];
}

static inline unsigned first_of(const struct tw_builder *builder, enum tw_field field)
{
	return builder->head.first[field];
}

static inline unsigned find(const struct tw_builder *builder, enum tw_field field, unsigned item)
{
	unsigned link = first_of(builder, field);
	while (link != 0 && entry_at(builder, link)->item != item)
		link = entry_at(builder, link)->next;
	return link;
}

static inline bool has_text(const struct tw_builder *builder, unsigned link)
{
	return link != 0 && entry_at(builder, link)->length > 0;
}

/* The code of a field, or 0. */
static inline int code_of(const struct tw_builder *builder, enum tw_field field)
{
	unsigned link = first_of(builder, field);
	double number = link == 0 ? 0 : entry_at(builder, link)->number;
	return number > 0 ? (int)number : 0;
}

/* The first item whose role field has this code, or -1. */
static int item_of(const struct tw_builder *builder, enum tw_field roles, int role)
{
	for (unsigned link = first_of(builder, roles); link != 0;
	     link = entry_at(builder, link)->next)
		if (entry_at(builder, link)->number == role)
			return entry_at(builder, link)->item;
	return -1;
}

static void add_derived(struct tw_builder *builder, enum tw_field field, struct tw_slice text,
			double number)
{
	struct tw_plain_value plain = {
		.text = text,
		.origin = builder->head.base,
		.number = number,
		.field = (uint8_t)field,
		.flags = TW_ENTRY_DERIVED,
	};
	if (tw_builder_add_plain(builder, &plain))
		return;
	(void)tw_builder_add(builder, &(struct tw_new_value){
		.field = field, .text = text, .number = number, .flags = TW_ENTRY_DERIVED});
}

/* The names of codes.def by their enumerators: each consignment has two, too often for a search. */
static const struct {
#define TW_CODE(set, NAME, value, name) char NAME[sizeof(name)];
#include "tidewaiter/codes.def"
#undef TW_CODE
} NAMES = {
#define TW_CODE(set, NAME, value, name) .NAME = name,
#include "tidewaiter/codes.def"
#undef TW_CODE
};

#define NAME_OF(NAME) [TW_##NAME] = {NAMES.NAME, sizeof(NAMES.NAME) - 1}

static const struct tw_slice ACTIONS[] = {
	NAME_OF(ACTION_ORIGINAL), NAME_OF(ACTION_ADD),	  NAME_OF(ACTION_CHANGE),
	NAME_OF(ACTION_REPLACE),  NAME_OF(ACTION_CANCEL), NAME_OF(ACTION_DUPLICATE),
};
static const struct tw_slice LEVELS[] = {
	NAME_OF(LEVEL_SIMPLE), NAME_OF(LEVEL_MASTER), NAME_OF(LEVEL_HOUSE),
};

/* The text of another value once more. */
static inline void add_again(struct tw_builder *builder, enum tw_field field, unsigned link)
{
	if (has_text(builder, link))
		(void)tw_builder_again(builder, field, (int)link - 1);
}

/* ---- places ---------------------------------------------------------------- */

#define ROLE_LIMIT 16
#define ROUTE_LIMIT 24

/*
 * The places of a consignment by role, looked up once: the ends and the route ask
 * for the same ones again and again. Links.
 */
struct places {
	unsigned with_role[ROLE_LIMIT]; /* the consignment's own before that of the header */
	unsigned transhipments[ROUTE_LIMIT];
	unsigned transhipment_count;
};

/* What a place is called: its code, else its name. */
static unsigned place_value(const struct tw_builder *builder, unsigned item)
{
	unsigned code = find(builder, TW_PLACE_CODE, item);
	if (has_text(builder, code))
		return code;
	unsigned name = find(builder, TW_PLACE_NAME, item);
	return has_text(builder, name) ? name : 0;
}

static void read_places(const struct tw_builder *builder, struct places *places)
{
	for (unsigned role = 0; role < ROLE_LIMIT; role++)
		places->with_role[role] = 0;
	places->transhipment_count = 0;
	for (unsigned link = first_of(builder, TW_PLACE_ROLE); link != 0;
	     link = entry_at(builder, link)->next) {
		const struct tw_entry *entry = entry_at(builder, link);
		if (!(entry->number >= 0 && entry->number < ROLE_LIMIT))
			continue;
		unsigned role = (unsigned)entry->number;
		bool own = (entry->flags & TW_ENTRY_HEADER) == 0;
		unsigned text = place_value(builder, entry->item);
		if (text == 0)
			continue;
		if (own || places->with_role[role] == 0)
			places->with_role[role] = text;
		if (role == TW_PLACE_TRANSHIPMENT && own &&
		    places->transhipment_count < ROUTE_LIMIT)
			places->transhipments[places->transhipment_count++] = text;
	}
}

static unsigned first_known(const struct places *places, const int *roles, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (places->with_role[roles[i]] != 0)
			return places->with_role[roles[i]];
	return 0;
}

static unsigned last_value(const struct tw_builder *builder, enum tw_field field)
{
	unsigned last = 0;
	for (unsigned link = first_of(builder, field); link != 0;
	     link = entry_at(builder, link)->next)
		last = link;
	return last;
}

static void derive_ends(struct tw_builder *builder, const struct places *places)
{
	static const int origins[] = {TW_PLACE_ORIGIN, TW_PLACE_RECEIPT, TW_PLACE_LOADING};
	static const int destinations[] = {TW_PLACE_FINAL, TW_PLACE_DELIVERY, TW_PLACE_DISCHARGE};
	if (first_of(builder, TW_CONSIGNMENT_ORIGIN) == 0) {
		unsigned link = first_known(places, origins, 3);
		if (link == 0)
			link = first_of(builder, TW_LEG_FROM);
		add_again(builder, TW_CONSIGNMENT_ORIGIN, link);
	}
	if (first_of(builder, TW_CONSIGNMENT_DESTINATION) == 0) {
		unsigned link = first_known(places, destinations, 3);
		if (link == 0)
			link = last_value(builder, TW_LEG_TO);
		add_again(builder, TW_CONSIGNMENT_DESTINATION, link);
	}
}

struct route {
	const struct tw_builder *builder;
	unsigned points[ROUTE_LIMIT];
	unsigned count;
};

/* Places are mostly codes of five letters: four of them tell most apart. */
static bool same_text(const struct tw_builder *builder, unsigned a, unsigned b)
{
	const char *left = builder->texts.data + entry_at(builder, a)->start;
	const char *right = builder->texts.data + entry_at(builder, b)->start;
	size_t length = entry_at(builder, a)->length;
	if (entry_at(builder, b)->length != length || (length >= 4 && memcmp(left, right, 4) != 0))
		return false;
	return memcmp(left, right, length) == 0;
}

static void route_add(struct route *route, unsigned point)
{
	if (!has_text(route->builder, point) || route->count == ROUTE_LIMIT)
		return;
	for (unsigned i = 0; i < route->count; i++)
		if (route->points[i] == point || same_text(route->builder, route->points[i], point))
			return;
	route->points[route->count++] = point;
}

static bool from_header(const struct tw_builder *builder, unsigned link)
{
	return link != 0 && (entry_at(builder, link)->flags & TW_ENTRY_HEADER) != 0;
}

/*
 * The legs of a message's header are the conveyance's, not the consignment's: they
 * count only where the consignment names no places of its own between its ends.
 */
static void route_add_legs(struct route *route, const struct places *places)
{
	const struct tw_builder *builder = route->builder;
	bool own_places = places->with_role[TW_PLACE_LOADING] != 0 &&
			  places->with_role[TW_PLACE_DISCHARGE] != 0;
	for (unsigned leg = 0; leg < builder->head.items[TW_GROUP_leg]; leg++) {
		unsigned from = find(builder, TW_LEG_FROM, leg);
		unsigned to = find(builder, TW_LEG_TO, leg);
		if ((from_header(builder, from) || from_header(builder, to)) && own_places)
			continue;
		route_add(route, from);
		route_add(route, to);
	}
}

static void derive_route(struct tw_builder *builder, const struct places *places)
{
	/* Not `= {...}`, which would clear the points for each consignment. */
	struct route route;
	route.builder = builder;
	route.count = 0;
	if (first_of(builder, TW_CONSIGNMENT_ROUTE) != 0)
		return;
	route_add(&route, places->with_role[TW_PLACE_ORIGIN]);
	route_add(&route, places->with_role[TW_PLACE_RECEIPT]);
	route_add(&route, places->with_role[TW_PLACE_LOADING]);
	route_add_legs(&route, places);
	for (unsigned i = 0; i < places->transhipment_count; i++)
		route_add(&route, places->transhipments[i]);
	route_add(&route, places->with_role[TW_PLACE_DISCHARGE]);
	route_add(&route, places->with_role[TW_PLACE_DELIVERY]);
	route_add(&route, places->with_role[TW_PLACE_FINAL]);
	for (unsigned i = 0; i < route.count; i++)
		add_again(builder, TW_CONSIGNMENT_ROUTE, route.points[i]);
}

/* ---- sums, codes, the carrier ------------------------------------------------ */

/* Where the consignment declares nothing, the sum of what its items declare. */
static void derive_sum(struct tw_builder *builder, enum tw_field total, enum tw_field part)
{
	double sum = 0;
	bool any = false;
	if (first_of(builder, total) != 0)
		return;
	for (unsigned link = first_of(builder, part); link != 0;
	     link = entry_at(builder, link)->next) {
		double number = entry_at(builder, link)->number;
		if (!isnan(number)) {
			sum += number;
			any = true;
		}
	}
	if (any)
		add_derived(builder, total, tw_slice(NULL, 0), sum);
}

static bool has_document(const struct tw_builder *builder, int role)
{
	int item = item_of(builder, TW_DOCUMENT_ROLE, role);
	return item >= 0 && has_text(builder, find(builder, TW_DOCUMENT_NUMBER, (unsigned)item));
}

static int level_of(const struct tw_builder *builder)
{
	unsigned consolidated = first_of(builder, TW_CONSIGNMENT_CONSOLIDATED);
	if (has_document(builder, TW_DOCUMENT_HOUSE) &&
	    (first_of(builder, TW_CONSIGNMENT_PARENT) != 0 ||
	     has_document(builder, TW_DOCUMENT_MASTER)))
		return TW_LEVEL_HOUSE;
	return consolidated != 0 && entry_at(builder, consolidated)->number > 0 ? TW_LEVEL_MASTER
									       : TW_LEVEL_SIMPLE;
}

static void derive_codes(struct tw_builder *builder)
{
	int function = code_of(builder, TW_MESSAGE_FUNCTION);
	int level = level_of(builder);
	if (first_of(builder, TW_CONSIGNMENT_ACTION) == 0 && function != TW_ACTION_UNKNOWN &&
	    (size_t)function < sizeof(ACTIONS) / sizeof(ACTIONS[0]))
		add_derived(builder, TW_CONSIGNMENT_ACTION, ACTIONS[function], function);
	if (first_of(builder, TW_CONSIGNMENT_LEVEL) == 0)
		add_derived(builder, TW_CONSIGNMENT_LEVEL, LEVELS[level], level);
}

static void derive_carrier(struct tw_builder *builder)
{
	unsigned id = 0;
	if (first_of(builder, TW_CONSIGNMENT_CARRIER) != 0)
		return;
	int party = item_of(builder, TW_PARTY_ROLE, TW_PARTY_CARRIER);
	if (party >= 0)
		id = find(builder, TW_PARTY_ID, (unsigned)party);
	if (!has_text(builder, id))
		id = first_of(builder, TW_LEG_CARRIER);
	add_again(builder, TW_CONSIGNMENT_CARRIER, id);
}

void tw_derive(struct tw_builder *builder)
{
	struct places places;
	/* Once here, so that none of what follows has to; where it fails, each asks for itself. */
	if (!tw_builder_has_room(builder, DERIVED_ENTRIES, DERIVED_BYTES))
		(void)tw_builder_grow(builder, DERIVED_ENTRIES, DERIVED_BYTES);
	derive_codes(builder);
	derive_carrier(builder);
	read_places(builder, &places);
	derive_ends(builder, &places);
	derive_route(builder, &places);
	derive_sum(builder, TW_CONSIGNMENT_PIECES, TW_GOODS_PACKAGES);
	derive_sum(builder, TW_CONSIGNMENT_WEIGHT, TW_GOODS_GROSS);
	derive_sum(builder, TW_CONSIGNMENT_VOLUME, TW_GOODS_VOLUME);
}
