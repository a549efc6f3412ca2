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

/* Copies a text out of the builder before it is added to it again. */
static int add_derived_copy(struct tw_builder *builder, enum tw_field field, struct tw_slice text,
			    double number)
{
	char copy[128];
	size_t length = text.length < sizeof(copy) ? text.length : sizeof(copy);
	if (length > 0)
		memcpy(copy, text.data, length);
	return add_derived(builder, field, tw_slice(copy, length), number);
}

static void add_code(struct tw_builder *builder, enum tw_field field, int code)
{
	const char *name = tw_code_name(tw_field_info(field)->unit, (unsigned)code);
	add_derived(builder, field, tw_slice_string(name), code);
}

/* What a place is called: its code, else its name. */
static struct tw_slice place_text(const struct tw_consignment *view, unsigned item)
{
	struct tw_slice code = tw_text(view, tw_find(view, TW_PLACE_CODE, item));
	return code.length > 0 ? code : tw_text(view, tw_find(view, TW_PLACE_NAME, item));
}

/* The place with a role: the consignment's own before that of the header. */
static struct tw_slice place_with_role(const struct tw_consignment *view, int role)
{
	struct tw_slice found = {NULL, 0};
	for (int value = tw_first(view, TW_PLACE_ROLE); value >= 0; value = tw_next(view, value)) {
		const struct tw_entry *entry = &view->entries[value];
		struct tw_slice text = {NULL, 0};
		if (entry->number == role)
			text = place_text(view, entry->item);
		if (text.length > 0 && (found.length == 0 || (entry->flags & TW_ENTRY_HEADER) == 0))
			found = text;
	}
	return found;
}

static struct tw_slice first_known(const struct tw_consignment *view, const int *roles,
				   unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		struct tw_slice text = place_with_role(view, roles[i]);
		if (text.length > 0)
			return text;
	}
	return tw_slice(NULL, 0);
}

static struct tw_slice last_text(const struct tw_consignment *view, enum tw_field field)
{
	struct tw_slice text = {NULL, 0};
	for (int value = tw_first(view, field); value >= 0; value = tw_next(view, value))
		text = tw_text(view, value);
	return text;
}

static void derive_ends(struct tw_builder *builder)
{
	static const int origins[] = {TW_PLACE_ORIGIN, TW_PLACE_RECEIPT, TW_PLACE_LOADING};
	static const int destinations[] = {TW_PLACE_FINAL, TW_PLACE_DELIVERY, TW_PLACE_DISCHARGE};
	struct tw_consignment view = tw_builder_view(builder);
	if (tw_first(&view, TW_CONSIGNMENT_ORIGIN) < 0) {
		struct tw_slice text = first_known(&view, origins, 3);
		if (text.length == 0)
			text = tw_text(&view, tw_first(&view, TW_LEG_FROM));
		if (text.length > 0)
			add_derived_copy(builder, TW_CONSIGNMENT_ORIGIN, text, (double)NAN);
	}
	view = tw_builder_view(builder);
	if (tw_first(&view, TW_CONSIGNMENT_DESTINATION) < 0) {
		struct tw_slice text = first_known(&view, destinations, 3);
		if (text.length == 0)
			text = last_text(&view, TW_LEG_TO);
		if (text.length > 0)
			add_derived_copy(builder, TW_CONSIGNMENT_DESTINATION, text, (double)NAN);
	}
}

#define ROUTE_LIMIT 24

struct route {
	struct tw_slice points[ROUTE_LIMIT];
	unsigned count;
};

static void route_add(struct route *route, struct tw_slice point)
{
	if (point.length == 0 || route->count == ROUTE_LIMIT)
		return;
	for (unsigned i = 0; i < route->count; i++)
		if (tw_slice_equal(route->points[i], point))
			return;
	route->points[route->count++] = point;
}

static void route_add_role(struct route *route, const struct tw_consignment *view, int role)
{
	for (int value = tw_first(view, TW_PLACE_ROLE); value >= 0; value = tw_next(view, value))
		if (view->entries[value].number == role &&
		    (view->entries[value].flags & TW_ENTRY_HEADER) == 0)
			route_add(route, place_text(view, view->entries[value].item));
}

/*
 * The legs of a message's header are the conveyance's, not the consignment's: they
 * count only where the consignment names no places of its own between its ends.
 */
static void route_add_legs(struct route *route, const struct tw_consignment *view)
{
	bool own_places = place_with_role(view, TW_PLACE_LOADING).length > 0 &&
			  place_with_role(view, TW_PLACE_DISCHARGE).length > 0;
	for (unsigned leg = 0; leg < view->record->items[TW_GROUP_leg]; leg++) {
		int from = tw_find(view, TW_LEG_FROM, leg);
		int to = tw_find(view, TW_LEG_TO, leg);
		bool header = (from >= 0 && (view->entries[from].flags & TW_ENTRY_HEADER) != 0) ||
			      (to >= 0 && (view->entries[to].flags & TW_ENTRY_HEADER) != 0);
		if (header && own_places)
			continue;
		route_add(route, tw_text(view, from));
		route_add(route, tw_text(view, to));
	}
}

static void derive_route(struct tw_builder *builder)
{
	struct tw_consignment view = tw_builder_view(builder);
	struct route route = {.count = 0};
	if (tw_first(&view, TW_CONSIGNMENT_ROUTE) >= 0)
		return;
	route_add(&route, place_with_role(&view, TW_PLACE_ORIGIN));
	route_add(&route, place_with_role(&view, TW_PLACE_RECEIPT));
	route_add(&route, place_with_role(&view, TW_PLACE_LOADING));
	route_add_legs(&route, &view);
	route_add_role(&route, &view, TW_PLACE_TRANSHIPMENT);
	route_add(&route, place_with_role(&view, TW_PLACE_DISCHARGE));
	route_add(&route, place_with_role(&view, TW_PLACE_DELIVERY));
	route_add(&route, place_with_role(&view, TW_PLACE_FINAL));
	/* Points stay where they are in the texts; only their base may move. */
	const char *base = view.texts;
	for (unsigned i = 0; i < route.count; i++) {
		size_t at = (size_t)(route.points[i].data - base);
		struct tw_slice point = tw_slice(builder->texts.data + at, route.points[i].length);
		add_derived_copy(builder, TW_CONSIGNMENT_ROUTE, point, (double)NAN);
	}
}

/* Where the consignment declares nothing, the sum of what its items declare. */
static void derive_sum(struct tw_builder *builder, enum tw_field total, enum tw_field part)
{
	struct tw_consignment view = tw_builder_view(builder);
	double sum = 0;
	bool any = false;
	if (tw_first(&view, total) >= 0)
		return;
	for (int value = tw_first(&view, part); value >= 0; value = tw_next(&view, value)) {
		double number = tw_number(&view, value);
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
	struct tw_slice text = {NULL, 0};
	if (tw_first(&view, TW_CONSIGNMENT_CARRIER) >= 0)
		return;
	if (party >= 0)
		text = tw_text(&view, tw_find(&view, TW_PARTY_ID, (unsigned)party));
	if (text.length == 0)
		text = tw_text(&view, tw_first(&view, TW_LEG_CARRIER));
	if (text.length > 0)
		add_derived_copy(builder, TW_CONSIGNMENT_CARRIER, text, (double)NAN);
}

void tw_derive(struct tw_builder *builder)
{
	derive_codes(builder);
	derive_carrier(builder);
	derive_ends(builder);
	derive_route(builder);
	derive_sum(builder, TW_CONSIGNMENT_PIECES, TW_GOODS_PACKAGES);
	derive_sum(builder, TW_CONSIGNMENT_WEIGHT, TW_GOODS_GROSS);
	derive_sum(builder, TW_CONSIGNMENT_VOLUME, TW_GOODS_VOLUME);
}
