/* SPDX-License-Identifier: Apache-2.0 */
#include "model/derive.h"

#include <math.h>

static int add_derived(struct tw_builder *builder, enum tw_field field, struct tw_slice text,
		       double number)
{
	/* The text may stand in the builder's own buffer, which moves when it grows. */
	if (tw_buffer_reserve(&builder->texts, text.length + 64) < 0)
		return -1;
	return tw_builder_add(builder, &(struct tw_new_value){
		.field = field, .text = text, .number = number, .flags = TW_ENTRY_DERIVED});
}

static void add_code(struct tw_builder *builder, enum tw_field field, int code)
{
	const char *name = tw_code_name(tw_field_info(field)->unit, (unsigned)code);
	add_derived(builder, field, tw_slice_string(name), code);
}

/* ---- places ---------------------------------------------------------------- */

#define ROLE_LIMIT 16
#define ROUTE_LIMIT 24

/*
 * The places of a consignment by role, looked up once: the ends and the route ask
 * for the same ones again and again. Values, or -1.
 */
struct places {
	int with_role[ROLE_LIMIT]; /* the consignment's own before that of the header */
	int transhipments[ROUTE_LIMIT];
	unsigned transhipment_count;
};

/* What a place is called: its code, else its name. */
static int place_value(const struct tw_consignment *view, unsigned item)
{
	int code = tw_find(view, TW_PLACE_CODE, item);
	if (code >= 0 && view->entries[code].length > 0)
		return code;
	int name = tw_find(view, TW_PLACE_NAME, item);
	return name >= 0 && view->entries[name].length > 0 ? name : -1;
}

static void read_places(const struct tw_consignment *view, struct places *places)
{
	for (unsigned role = 0; role < ROLE_LIMIT; role++)
		places->with_role[role] = -1;
	places->transhipment_count = 0;
	for (int value = tw_first(view, TW_PLACE_ROLE); value >= 0;
	     value = view->entries[value].next - 1) {
		const struct tw_entry *entry = &view->entries[value];
		if (!(entry->number >= 0 && entry->number < ROLE_LIMIT))
			continue;
		unsigned role = (unsigned)entry->number;
		bool own = (entry->flags & TW_ENTRY_HEADER) == 0;
		int text = place_value(view, entry->item);
		if (text < 0)
			continue;
		if (own || places->with_role[role] < 0)
			places->with_role[role] = text;
		if (role == TW_PLACE_TRANSHIPMENT && own &&
		    places->transhipment_count < ROUTE_LIMIT)
			places->transhipments[places->transhipment_count++] = text;
	}
}

static int first_known(const struct places *places, const int *roles, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (places->with_role[roles[i]] >= 0)
			return places->with_role[roles[i]];
	return -1;
}

static int last_value(const struct tw_consignment *view, enum tw_field field)
{
	int last = -1;
	for (int value = tw_first(view, field); value >= 0; value = view->entries[value].next - 1)
		last = value;
	return last;
}

static void derive_ends(struct tw_builder *builder, const struct places *places)
{
	static const int origins[] = {TW_PLACE_ORIGIN, TW_PLACE_RECEIPT, TW_PLACE_LOADING};
	static const int destinations[] = {TW_PLACE_FINAL, TW_PLACE_DELIVERY, TW_PLACE_DISCHARGE};
	struct tw_consignment view = tw_builder_view(builder);
	if (tw_first(&view, TW_CONSIGNMENT_ORIGIN) < 0) {
		int value = first_known(places, origins, 3);
		if (value < 0)
			value = tw_first(&view, TW_LEG_FROM);
		tw_builder_again(builder, TW_CONSIGNMENT_ORIGIN, value);
	}
	view = tw_builder_view(builder);
	if (tw_first(&view, TW_CONSIGNMENT_DESTINATION) < 0) {
		int value = first_known(places, destinations, 3);
		if (value < 0)
			value = last_value(&view, TW_LEG_TO);
		tw_builder_again(builder, TW_CONSIGNMENT_DESTINATION, value);
	}
}

struct route {
	const struct tw_consignment *view;
	int points[ROUTE_LIMIT];
	unsigned count;
};

static void route_add(struct route *route, int point)
{
	if (point < 0 || route->view->entries[point].length == 0 || route->count == ROUTE_LIMIT)
		return;
	for (unsigned i = 0; i < route->count; i++)
		if (tw_slice_equal(tw_text(route->view, route->points[i]),
				   tw_text(route->view, point)))
			return;
	route->points[route->count++] = point;
}

static bool from_header(const struct tw_consignment *view, int value)
{
	return value >= 0 && (view->entries[value].flags & TW_ENTRY_HEADER) != 0;
}

/*
 * The legs of a message's header are the conveyance's, not the consignment's: they
 * count only where the consignment names no places of its own between its ends.
 */
static void route_add_legs(struct route *route, const struct places *places)
{
	bool own_places = places->with_role[TW_PLACE_LOADING] >= 0 &&
			  places->with_role[TW_PLACE_DISCHARGE] >= 0;
	for (unsigned leg = 0; leg < route->view->record->items[TW_GROUP_leg]; leg++) {
		int from = tw_find(route->view, TW_LEG_FROM, leg);
		int to = tw_find(route->view, TW_LEG_TO, leg);
		if ((from_header(route->view, from) || from_header(route->view, to)) && own_places)
			continue;
		route_add(route, from);
		route_add(route, to);
	}
}

static void derive_route(struct tw_builder *builder, const struct places *places)
{
	struct tw_consignment view = tw_builder_view(builder);
	struct route route = {.view = &view, .count = 0};
	if (tw_first(&view, TW_CONSIGNMENT_ROUTE) >= 0)
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
		tw_builder_again(builder, TW_CONSIGNMENT_ROUTE, route.points[i]);
}

/* ---- sums, codes, the carrier ------------------------------------------------ */

/* Where the consignment declares nothing, the sum of what its items declare. */
static void derive_sum(struct tw_builder *builder, enum tw_field total, enum tw_field part)
{
	double sum = 0;
	bool any = false;
	if (builder->head.first[total] != 0)
		return;
	for (unsigned link = builder->head.first[part]; link != 0;
	     link = builder->entries[link - 1].next) {
		double number = builder->entries[link - 1].number;
		if (!isnan(number)) {
			sum += number;
			any = true;
		}
	}
	if (any)
		add_derived(builder, total, tw_slice(NULL, 0), sum);
}

static void derive_codes(struct tw_builder *builder)
{
	struct tw_consignment view = tw_builder_view(builder);
	int function = tw_code(&view, TW_MESSAGE_FUNCTION);
	bool house = tw_document(&view, TW_DOCUMENT_HOUSE).length > 0;
	bool master = tw_document(&view, TW_DOCUMENT_MASTER).length > 0;
	bool parent = tw_first(&view, TW_CONSIGNMENT_PARENT) >= 0;
	bool consolidated = tw_number(&view, tw_first(&view, TW_CONSIGNMENT_CONSOLIDATED)) > 0;
	if (tw_first(&view, TW_CONSIGNMENT_ACTION) < 0 && function != TW_ACTION_UNKNOWN)
		add_code(builder, TW_CONSIGNMENT_ACTION, function);
	view = tw_builder_view(builder);
	if (tw_first(&view, TW_CONSIGNMENT_LEVEL) < 0)
		add_code(builder, TW_CONSIGNMENT_LEVEL,
			 house && (master || parent) ? TW_LEVEL_HOUSE
			 : consolidated ? TW_LEVEL_MASTER
					: TW_LEVEL_SIMPLE);
}

static void derive_carrier(struct tw_builder *builder)
{
	struct tw_consignment view = tw_builder_view(builder);
	int party = tw_party(&view, TW_PARTY_CARRIER, 0);
	int id = -1;
	if (tw_first(&view, TW_CONSIGNMENT_CARRIER) >= 0)
		return;
	if (party >= 0)
		id = tw_find(&view, TW_PARTY_ID, (unsigned)party);
	if (tw_text(&view, id).length == 0)
		id = tw_first(&view, TW_LEG_CARRIER);
	tw_builder_again(builder, TW_CONSIGNMENT_CARRIER, id);
}

void tw_derive(struct tw_builder *builder)
{
	derive_codes(builder);
	derive_carrier(builder);
	struct places places;
	struct tw_consignment view = tw_builder_view(builder);
	read_places(&view, &places);
	derive_ends(builder, &places);
	derive_route(builder, &places);
	derive_sum(builder, TW_CONSIGNMENT_PIECES, TW_GOODS_PACKAGES);
	derive_sum(builder, TW_CONSIGNMENT_WEIGHT, TW_GOODS_GROSS);
	derive_sum(builder, TW_CONSIGNMENT_VOLUME, TW_GOODS_VOLUME);
}
