/* SPDX-License-Identifier: Apache-2.0 */
#include "routing_anomaly.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define OPTION(member, preset, least, most, help) \
	{#member, TW_OPTION_NUMBER, preset, help, offsetof(struct tw_routing_options, member), least, \
	 most}

static const struct tw_option options[] = {
	OPTION(air_kg, "100", 0, 1e6, "Kilograms by air from Asia towards the border from which odd goods alert"),
	OPTION(sea_kg, "500", 0, 1e6, "The same through a seaport"),
	OPTION(air_usd_per_kg, "4", 0, 1e4, "US dollars a kilogram below which goods do not bear air freight"),
	OPTION(sea_usd_per_kg, "0.5", 0, 1e4, "The same by sea"),
	OPTION(transit_kg, "10", 0, 1e6, "Kilograms from which transit to Mexico below the freight alerts"),
	OPTION(detour_ratio, "1.6", 1, 100, "Length of a route by the direct way from which it is a detour"),
	OPTION(detour_points, "5", 3, 24, "Points of a route from which it is a detour"),
	OPTION(density_margin, "1.25", 1, 100, "Times the most plausible weight from which goods cannot have it"),
	OPTION(shippers, "4", 2, 100, "Unrelated shippers to one consignee from which they alert"),
	OPTION(shippers_days, "10", 0.01, 366, "Days within which they count"),
	OPTION(parcels, "3", 2, 100, "Like houses from which they alert"),
	OPTION(parcels_days, "3", 0.01, 366, "Days within which they count"),
	OPTION(parcel_kg, "0.5", 0, 1e6, "Kilograms from which a house counts"),
	OPTION(split_usd, "800", 0, 1e9, "Value in US dollars below which an entry is simple: split orders"),
	OPTION(container_kg, "2000", 0, 1e6, "Kilograms by sea from which a firm's named goods are ordinary trade"),
	{NULL, TW_OPTION_NUMBER, NULL, NULL, 0, 0, 0},
};

static const struct tw_finding_info findings[] = {
	{TW_ROUTING_LANE, 2, "Asia through a US gateway to the Mexican border"},
	{TW_ROUTING_TRANSIT, 2, "Air transit to Mexico worth less than its freight"},
	{TW_ROUTING_DETOUR, 3, "Senseless detour"},
	{TW_ROUTING_WEIGHT, 3, "Weight the declared goods cannot have"},
	{TW_ROUTING_SHIPPERS, 2, "Unrelated shippers to one consignee at the border"},
	{TW_ROUTING_PARCELS, 2, "Like houses within days"},
	{TW_ROUTING_AMENDED, 3, "Shipment with an alert was cancelled or amended"},
	{0, 0, NULL},
};

static const char *const tables[] = {"consignees", "parcels", NULL};
static const char *const after[] = {"pill_press", "chemical_precursor", NULL};

/* ---- evidence ----------------------------------------------------------------------- */

int tw_routing_add(const struct tw_routing_facts *facts, const struct tw_routing_note *note,
		   const char *format, ...)
{
	char why[240];
	char match[96];
	char shown[32] = "";
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(why, sizeof(why), format, arguments);
	va_end(arguments);
	struct tw_slice text = tw_text(facts->consignment, note->value);
	if (note->length > 0)
		text = tw_slice_part(text, note->start, note->length);
	size_t length = tw_normalise(text, match, sizeof(match));
	/* A sum the engine made stands nowhere in the message. */
	if (text.length == 0 && note->value >= 0)
		snprintf(shown, sizeof(shown), "%g", tw_number(facts->consignment, note->value));
	struct tw_evidence evidence = {
		.sid = note->sid,
		.field = note->value >= 0 ? tw_field_of(facts->consignment, note->value) : note->field,
		.value = text.length > 0 ? note->value : -1,
		.start = note->start,
		.length = note->length,
		.shown = note->shown != NULL ? tw_slice_string(note->shown) : tw_slice_string(shown),
		/* A number or name that no list knows speaks as it stands: 310.0. */
		.match = note->list == NULL ? tw_slice_part(text, 0, sizeof(match))
			 : tw_slice(match, length < sizeof(match) ? length : sizeof(match)),
		.list = note->list == NULL ? tw_slice(NULL, 0)
					   : tw_slice_string(tw_list_name(note->list)),
		.status = note->status,
		.family = tw_slice_string(note->family),
		.weight = note->weight,
		.why = tw_slice_string(why),
	};
	return tw_add_evidence(facts->out, &evidence);
}

/* ---- the lane ------------------------------------------------------------------------- */

static int add_zone(const struct tw_routing_facts *facts)
{
	const struct tw_routing_lists *lists = &facts->routing->lists;
	struct tw_routing_note note = {.sid = TW_ROUTING_LANE,
				       .value = facts->zone_value,
				       .family = "route",
				       .weight = 0.35};
	if (facts->zone_row < 0)
		return tw_routing_add(facts, &note, "the goods end up in Mexico");
	note.list = lists->parties.border;
	note.status = tw_list_cell(lists->parties.border, facts->zone_row, lists->border_status);
	struct tw_slice city = tw_list_cell(lists->parties.border, facts->zone_row, lists->parties.border_city);
	struct tw_slice region = tw_list_cell(lists->parties.border, facts->zone_row, lists->border_region);
	return tw_routing_add(facts, &note, "%.*s %.*s lies %.0f km from the line between the United "
			      "States and Mexico", TW_ROUTING_SLICE(city), TW_ROUTING_SLICE(region),
			      tw_list_number(lists->parties.border, facts->zone_row, lists->border_km, 0));
}

static int add_route(const struct tw_routing_facts *facts, int origin, int gateway)
{
	const struct tw_routing_lists *lists = &facts->routing->lists;
	struct tw_slice from = tw_text(facts->consignment, origin);
	struct tw_slice by = tw_text(facts->consignment, gateway);
	struct tw_slice city = tw_list_cell(lists->parties.border, facts->zone_row, lists->parties.border_city);
	struct tw_slice region = tw_list_cell(lists->parties.border, facts->zone_row, lists->border_region);
	int status = tw_routing_add(facts,
				    &(struct tw_routing_note){.sid = TW_ROUTING_LANE,
							      .value = origin,
							      .family = "route",
							      .list = lists->asia,
							      .weight = 0.3},
				    "comes from Asia (%.*s)%s%.*s to %.*s%s%.*s%s", TW_ROUTING_SLICE(from),
				    gateway < 0 ? "" : " through ", TW_ROUTING_SLICE(by),
				    TW_ROUTING_SLICE(city), facts->zone_row < 0 ? "" : " ",
				    TW_ROUTING_SLICE(region),
				    facts->zone_row < 0 ? "Mexico" : ", close to the Mexican border");
	return status < 0 ? status : add_zone(facts);
}

static int add_consignee(const struct tw_routing_facts *facts,
			 const struct tw_routing_consignee *consignee)
{
	const struct tw_routing_lists *lists = &facts->routing->lists;
	struct tw_slice kind = tw_list_cell(lists->parties.forwarders, consignee->row, lists->parties.forwarder_kind);
	if (consignee->row < 0)
		return TW_OK;
	return tw_routing_add(facts,
			      &(struct tw_routing_note){
				      .sid = TW_ROUTING_LANE,
				      .value = consignee->match.value,
				      .start = consignee->match.start,
				      .length = consignee->match.length,
				      .family = "consignee",
				      .list = lists->parties.forwarders,
				      .status = tw_list_cell(lists->parties.forwarders, consignee->row,
							     lists->forwarder_status),
				      .weight = tw_list_number(lists->parties.forwarders, consignee->row,
							       lists->forwarder_weight, 0.3)},
			      "the consignee is a %.*s, which passes goods on", TW_ROUTING_SLICE(kind));
}

static int add_vague(const struct tw_routing_facts *facts, const struct tw_match *match)
{
	const struct tw_routing_lists *lists = &facts->routing->lists;
	struct tw_routing_note note = {
		.sid = TW_ROUTING_LANE,
		.field = TW_GOODS_DESCRIPTION,
		.value = match->value,
		.start = match->start,
		.length = match->length,
		.family = "text",
		.list = match->value < 0 ? NULL : lists->vague,
		.status = tw_list_cell(lists->vague, match->row, lists->vague_status),
		.weight = match->value < 0 ? 0.3 : tw_list_number(lists->vague, match->row,
								  lists->vague_weight, 0.3),
	};
	return tw_routing_add(facts, &note, match->value < 0 ? "the goods are not described"
							     : "the description says nothing about the goods");
}

static int add_value(const struct tw_routing_facts *facts, uint32_t sid, const char *family)
{
	return tw_routing_add(facts,
			      &(struct tw_routing_note){.sid = sid,
							.field = TW_CONSIGNMENT_VALUE,
							.value = facts->usd_value,
							.family = family,
							.weight = 0.5},
			      "%.2f USD a kilogram do not bear the freight (%.0f USD for %.1f kg)",
			      facts->usd / facts->weight, facts->usd, facts->weight);
}

static int add_weight(const struct tw_routing_facts *facts)
{
	const struct tw_routing_options *limits = facts->routing->options;
	double least = facts->mode == TW_MODE_SEA ? limits->sea_kg : limits->air_kg;
	if (!(facts->weight >= least))
		return TW_OK;
	return tw_routing_add(facts,
			      &(struct tw_routing_note){.sid = TW_ROUTING_LANE,
							.field = TW_CONSIGNMENT_WEIGHT,
							.value = facts->weight_value,
							.family = "weight",
							.weight = 0.2},
			      "%.0f kg; such goods count here from %.0f kg on", facts->weight, least);
}

/* What inspect() found out about a consignment towards the border. */
struct border {
	struct tw_routing_consignee consignee;
	struct tw_match vague_match;
	bool vague, uneconomic, ownerless, transit;
	struct tw_slice order;
};

/* DOMAIN, routing-anomaly (2): bonded through the United States by air, worth less than the freight. */
static bool is_transit(const struct tw_routing_facts *facts, const struct border *border)
{
	bool lawful = border->consignee.kind == TW_ROUTING_END_USER && border->order.length > 0;
	return facts->zone == TW_ROUTING_MEXICO && facts->mode == TW_MODE_AIR && border->uneconomic &&
	       facts->weight >= facts->routing->options->transit_kg && !lawful &&
	       tw_routing_us_point(facts) >= 0;
}

/*
 * DOMAIN, section 8, "Not": a maker's agent near the border shows specific goods, an
 * order number, an HS line and a value that bears the freight. Then the order may
 * stand in the text.
 */
static bool ordered_in_text(const struct tw_routing_facts *facts, const struct border *border)
{
	return !border->vague && !border->uneconomic && facts->usd > 0 &&
	       tw_first(facts->consignment, TW_GOODS_HS) >= 0 &&
	       tw_routing_order_written(facts->consignment).length > 0;
}

static struct border judge_border(const struct tw_routing_facts *facts)
{
	struct border border = {.consignee = tw_routing_judge_consignee(facts),
				.order = tw_routing_order(facts->consignment)};
	border.vague = tw_routing_vague(facts, &border.vague_match);
	border.uneconomic = tw_routing_uneconomic(facts);
	border.ownerless = border.order.length == 0 && !ordered_in_text(facts, &border) &&
			   (border.consignee.kind == TW_ROUTING_NOBODY ||
			    border.consignee.kind == TW_ROUTING_PASSES_ON ||
			    border.consignee.kind == TW_ROUTING_FORWARDER) &&
			   tw_routing_ownerless(facts);
	border.transit = is_transit(facts, &border);
	return border;
}

static int add_ownerless(const struct tw_routing_facts *facts, const struct border *border)
{
	int name = facts->consignee < 0 ? -1 : tw_find(facts->consignment, TW_PARTY_NAME,
						       (unsigned)facts->consignee);
	if (!border->ownerless)
		return TW_OK;
	return tw_routing_add(facts,
			      &(struct tw_routing_note){.sid = TW_ROUTING_LANE,
							.field = TW_PARTY_NAME,
							.value = name,
							.family = "owner",
							.weight = 0.25},
			      "nobody is named who owns the goods");
}

/* DOMAIN, routing-anomaly (1): what conclude() decides on, as far as it is there. */
static int inspect_lane(const struct tw_routing_facts *facts, const struct border *border)
{
	int origin;
	int gateway = tw_routing_us_point(facts);
	bool user = border->consignee.kind == TW_ROUTING_END_USER && !border->vague && !border->uneconomic;
	/* "Not": whoever has a use for goods, and names them. What they are, other detectors say. */
	if (user || !tw_routing_from_asia(facts, &origin) ||
	    (gateway < 0 && facts->zone == TW_ROUTING_MEXICO))
		return TW_OK;
	int status = add_route(facts, origin, gateway);
	if (status >= 0)
		status = add_consignee(facts, &border->consignee);
	if (status >= 0)
		status = add_weight(facts);
	if (status >= 0 && border->vague)
		status = add_vague(facts, &border->vague_match);
	if (status >= 0 && border->uneconomic && !border->transit)
		status = add_value(facts, TW_ROUTING_LANE, "value");
	return status < 0 ? status : add_ownerless(facts, border);
}

/*
 * Whether a consignment is ordinary trade of the border: it does not count as one
 * of unrelated shippers' (DOMAIN, section 8, "Not").
 */
static bool is_ordinary(const struct tw_routing_facts *facts, const struct border *border)
{
	enum tw_routing_party kind = border->consignee.kind;
	bool odd = border->vague || border->uneconomic;
	bool coded = tw_first(facts->consignment, TW_GOODS_HS) >= 0;
	if (kind == TW_ROUTING_NOBODY || (kind == TW_ROUTING_END_USER && !odd))
		return true;
	if (kind != TW_ROUTING_FIRM || odd)
		return false;
	return (border->order.length > 0 && coded) ||
	       (facts->mode == TW_MODE_SEA && facts->weight >= facts->routing->options->container_kg);
}

static int inspect_border(const struct tw_routing_facts *facts)
{
	struct border border = judge_border(facts);
	int status = inspect_lane(facts, &border);
	if (status >= 0 && border.transit)
		status = add_value(facts, TW_ROUTING_TRANSIT, "transit");
	if (status < 0 || is_ordinary(facts, &border))
		return status;
	bool hub = border.consignee.kind == TW_ROUTING_FORWARDER ||
		   border.consignee.kind == TW_ROUTING_RETAILER;
	return tw_routing_observe_shipper(facts, hub, border.vague || border.uneconomic);
}

/* ---- inspect ---------------------------------------------------------------------------- */

/* The main leg's mode; else air where the document is an air waybill or the origin an airport's code. */
static int find_mode(const struct tw_consignment *consignment)
{
	int mode = TW_MODE_UNKNOWN;
	struct tw_cursor stages = {.field = TW_LEG_STAGE};
	for (int value = tw_first(consignment, TW_LEG_MODE); value >= 0;
	     value = tw_next(consignment, value)) {
		int stage = tw_cursor_find(&stages, consignment, tw_item(consignment, value));
		bool main = tw_number(consignment, stage) == TW_STAGE_MAIN;
		if (mode == TW_MODE_UNKNOWN || main)
			mode = (int)tw_number(consignment, value);
		if (main)
			break;
	}
	if (mode != TW_MODE_UNKNOWN)
		return mode;
	bool air = tw_check_awb(tw_document(consignment, TW_DOCUMENT_MASTER)) == 1 ||
		   tw_text(consignment, tw_first(consignment, TW_CONSIGNMENT_ORIGIN)).length == 3;
	return air ? TW_MODE_AIR : TW_MODE_UNKNOWN;
}

/* A consignment that is withdrawn or changed: conclude() knows whether it had alerted. */
static int note_change(const struct tw_routing_facts *facts, int action)
{
	if (action != TW_ACTION_CANCEL && action != TW_ACTION_CHANGE && action != TW_ACTION_REPLACE)
		return TW_OK;
	return tw_routing_add(facts,
			      &(struct tw_routing_note){.sid = TW_ROUTING_AMENDED,
							.field = TW_CONSIGNMENT_ACTION,
							.value = tw_first(facts->consignment,
									  TW_CONSIGNMENT_ACTION),
							.family = "history",
							.weight = 0.5},
			      action == TW_ACTION_CANCEL ? "the shipment is cancelled"
							 : "the shipment is amended");
}

static bool has_three_points(const struct tw_consignment *consignment)
{
	int value = tw_first(consignment, TW_CONSIGNMENT_ROUTE);
	return tw_next(consignment, tw_next(consignment, value)) >= 0;
}

/* The first party of each role, all in one walk. */
static void find_parties(struct tw_routing_facts *facts)
{
	const struct tw_consignment *consignment = facts->consignment;
	facts->shipper = facts->consignee = facts->delivery = facts->notify = -1;
	for (int value = tw_first(consignment, TW_PARTY_ROLE); value >= 0;
	     value = tw_next(consignment, value)) {
		int role = (int)tw_number(consignment, value);
		int *party = role == TW_PARTY_SHIPPER	  ? &facts->shipper
			     : role == TW_PARTY_CONSIGNEE ? &facts->consignee
			     : role == TW_PARTY_DELIVERY  ? &facts->delivery
			     : role == TW_PARTY_NOTIFY	  ? &facts->notify : NULL;
		if (party != NULL && *party < 0)
			*party = (int)tw_item(consignment, value);
	}
}

static int inspect(const void *instance, const struct tw_consignment *consignment,
		   struct tw_out *out)
{
	const struct tw_routing *routing = instance;
	struct tw_routing_facts facts = {.routing = routing, .consignment = consignment, .out = out};
	int action = tw_code(consignment, TW_CONSIGNMENT_ACTION);
	int status = note_change(&facts, action);
	if (status < 0 || action == TW_ACTION_CANCEL)
		return status;
	/* A consolidation is its houses; each of them comes by itself. */
	if (tw_code(consignment, TW_CONSIGNMENT_LEVEL) == TW_LEVEL_MASTER &&
	    tw_number(consignment, tw_first(consignment, TW_CONSIGNMENT_CONSOLIDATED)) > 0)
		return TW_OK;
	find_parties(&facts);
	facts.mode = find_mode(consignment);
	tw_routing_weigh(&facts);
	tw_routing_find_zone(&facts);
	if (tw_match_count(consignment, routing->lists.density) > 0)
		status = tw_routing_density(&facts);
	if (status >= 0 && has_three_points(consignment))
		status = tw_routing_detour(&facts);
	if (status >= 0 && facts.zone != TW_ROUTING_ELSEWHERE)
		status = inspect_border(&facts);
	return status < 0 ? status : tw_routing_observe_parcel(&facts);
}

/* ---- conclude ---------------------------------------------------------------------------- */

enum family { ROUTE, CONSIGNEE, WEIGHT, TEXT, VALUE, OWNER, DENSITY, DENSITY_SLIGHT, DETOUR, TRANSIT,
	      SHIPPERS, HUB, PARCELS, HISTORY, FAMILIES };

/* The first piece of evidence of each family, or NULL. */
struct view {
	const struct tw_evidence *of[FAMILIES];
	bool other_kind; /* the goods are of pill_press or chemical_precursor */
	bool earlier;
};

static struct view read_view(const struct tw_conclusion *conclusion)
{
	static const char *const names[FAMILIES] = {
		"route", "consignee", "weight", "text", "value", "owner", "density",
		"density-slight", "detour", "transit", "shippers", "hub", "parcels", "history"};
	struct view view = {.other_kind = conclusion->finding_count > 0,
			    .earlier = conclusion->earlier_count > 0};
	for (unsigned i = 0; i < conclusion->evidence_count; i++)
		for (unsigned family = 0; family < FAMILIES; family++)
			if (view.of[family] == NULL &&
			    tw_slice_is(conclusion->evidence[i].family, names[family]))
				view.of[family] = &conclusion->evidence[i];
	return view;
}

/*
 * The lane counts at any weight where the goods are of the two other kinds or
 * cannot weigh what they weigh; else from the limit on, with one sign against the
 * goods where the consignee passes goods on, and with two where it is a firm or
 * person of its own.
 */
static bool is_lane(const struct view *view)
{
	const struct tw_evidence *const *of = view->of;
	bool uneconomic = of[VALUE] != NULL || of[TRANSIT] != NULL;
	int signs = (of[TEXT] != NULL) + uneconomic + (of[OWNER] != NULL);
	if (of[ROUTE] == NULL)
		return false;
	if (view->other_kind || of[DENSITY] != NULL || of[DENSITY_SLIGHT] != NULL)
		return true;
	return of[WEIGHT] != NULL && signs >= (of[CONSIGNEE] != NULL ? 1 : 2);
}

/* The findings in the order in which they speak for a consignment; each with the evidence it needs. */
static uint32_t choose(const struct view *view, const struct tw_evidence **ret_lead)
{
	const struct tw_evidence *const *of = view->of;
	const struct {
		bool holds;
		uint32_t sid;
		const struct tw_evidence *lead;
	} order[] = {
		{of[HISTORY] != NULL && view->earlier, TW_ROUTING_AMENDED, of[HISTORY]},
		{is_lane(view), TW_ROUTING_LANE, of[ROUTE]},
		{of[TRANSIT] != NULL, TW_ROUTING_TRANSIT, of[TRANSIT]},
		{of[SHIPPERS] != NULL, TW_ROUTING_SHIPPERS, of[SHIPPERS]},
		{of[HUB] != NULL && view->other_kind, TW_ROUTING_SHIPPERS, of[HUB]},
		{of[PARCELS] != NULL, TW_ROUTING_PARCELS, of[PARCELS]},
		{of[DENSITY] != NULL, TW_ROUTING_WEIGHT, of[DENSITY]},
		{of[DENSITY_SLIGHT] != NULL, TW_ROUTING_WEIGHT, of[DENSITY_SLIGHT]},
		{of[DETOUR] != NULL, TW_ROUTING_DETOUR, of[DETOUR]},
	};
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		if (!order[i].holds)
			continue;
		*ret_lead = order[i].lead;
		return order[i].sid;
	}
	return 0;
}

static int choose_severity(const struct view *view, uint32_t sid)
{
	if (sid == TW_ROUTING_LANE && (view->of[DENSITY] != NULL || view->other_kind) &&
	    view->of[CONSIGNEE] != NULL)
		return 1;
	if (sid == TW_ROUTING_LANE && view->of[TEXT] == NULL && view->of[VALUE] == NULL &&
	    view->of[TRANSIT] == NULL && view->of[DENSITY] == NULL && !view->other_kind)
		return 3; /* only an owner is missing, or the weight is a little high */
	if (sid == TW_ROUTING_WEIGHT && view->of[DENSITY] != NULL)
		return 2;
	return 0; /* the finding's own */
}

/* The leading piece of evidence, and what is worst besides it. */
static void write_reason(const struct view *view, const struct tw_evidence *lead, char reason[400])
{
	static const enum family besides[] = {DENSITY, DENSITY_SLIGHT, SHIPPERS, PARCELS, TRANSIT,
					      VALUE, TEXT, OWNER, DETOUR};
	int length = snprintf(reason, 400, "%.*s", (int)(lead->why.length < 180 ? lead->why.length : 180),
			      lead->why.length > 0 ? lead->why.data : "");
	for (size_t i = 0; i < sizeof(besides) / sizeof(besides[0]); i++) {
		const struct tw_evidence *evidence = view->of[besides[i]];
		if (evidence == NULL || evidence->why.length == 0 ||
		    tw_slice_equal(evidence->why, lead->why))
			continue;
		snprintf(reason + length, 400 - (size_t)length, "; %.*s",
			 (int)(evidence->why.length < 180 ? evidence->why.length : 180),
			 evidence->why.data);
		return;
	}
}

static int conclude(const void *instance, const struct tw_consignment *consignment,
		    const struct tw_conclusion *conclusion, struct tw_out *out)
{
	(void)instance;
	(void)consignment;
	struct view view = read_view(conclusion);
	const struct tw_evidence *lead = NULL;
	char reason[400];
	uint32_t sid = choose(&view, &lead);
	if (sid == 0)
		return TW_OK;
	write_reason(&view, lead, reason);
	if (sid == TW_ROUTING_AMENDED) {
		snprintf(reason, sizeof(reason), "%.*s; it had alert %u (score %.0f) before",
			 TW_ROUTING_SLICE(lead->why), (unsigned)conclusion->earlier[0].sid,
			 (double)conclusion->earlier[0].score);
		tw_add_related(out, conclusion->earlier[0].shipment);
	}
	return tw_raise(out, &(struct tw_finding){
		.sid = sid,
		.score = tw_combine(conclusion->evidence, conclusion->evidence_count),
		.severity = choose_severity(&view, sid),
		.reason = tw_slice_string(reason)});
}

/* ---- open and close ------------------------------------------------------------------------ */

#define LIST(member) offsetof(struct tw_routing_lists, member)
#define COLUMN(list, member, name) {name, LIST(list), LIST(member)}

static const struct tw_list_place lists[] = {
	{"places", LIST(places)},	  {"asia", LIST(asia)},
	{"hubs", LIST(hubs)},		  {"end_users", LIST(users)},
	{"goods_density", LIST(density)}, {"vague_terms", LIST(vague)},
	{"packages", LIST(packages)},	  {"currencies", LIST(currencies)}, {0}};

static const struct tw_column_place columns[] = {
	COLUMN(places, place_code, "code"),
	COLUMN(places, place_country, "country"),
	COLUMN(places, place_lat, "lat"),
	COLUMN(places, place_lon, "lon"),
	COLUMN(places, place_schedule, "schedule_k"),
	COLUMN(parties.border, border_side, "side"),
	COLUMN(parties.border, border_code, "code"),
	COLUMN(parties.border, border_region, "region"),
	COLUMN(parties.border, border_town, "town"),
	COLUMN(parties.border, border_country, "country"),
	COLUMN(parties.border, border_km, "km"),
	COLUMN(parties.border, border_status, "status"),
	COLUMN(asia, asia_country, "country"),
	COLUMN(hubs, hub_code, "code"),
	COLUMN(parties.forwarders, forwarder_weight, "weight"),
	COLUMN(parties.forwarders, forwarder_status, "status"),
	COLUMN(users, user_kind, "kind"),
	COLUMN(density, density_kind, "kind"),
	COLUMN(density, density_piece, "kg_piece_most"),
	COLUMN(density, density_volume, "kg_m3_most"),
	COLUMN(density, density_weight, "weight"),
	COLUMN(density, density_status, "status"),
	COLUMN(vague, vague_strength, "strength"),
	COLUMN(vague, vague_filler, "filler"),
	COLUMN(vague, vague_weight, "weight"),
	COLUMN(vague, vague_status, "status"),
	COLUMN(packages, package_code, "code"),
	COLUMN(packages, package_kind, "kind"),
	COLUMN(currencies, currency_code, "currency"),
	COLUMN(currencies, currency_usd, "usd"),
	COLUMN(parties.company, company_term, "term"),
	{0}};

static int open_instance(const struct tw_host *host, const void *settings, void **ret_instance)
{
	struct tw_routing_lists opened;
	int status = tw_profile_lists_open(&opened.parties, host);
	if (status == TW_OK)
		status = tw_list_tables_open(host, lists, columns, &opened);
	if (status < 0)
		return status;
	unsigned rows = tw_list_rows(opened.density);
	struct tw_routing *routing = calloc(1, sizeof(*routing) + rows * sizeof(routing->most[0]));
	if (routing == NULL)
		return TW_ERROR_MEMORY;
	routing->options = settings;
	routing->lists = opened;
	for (unsigned row = 0; row < rows; row++)
		routing->most[row] = (struct tw_routing_most){
			tw_list_number(opened.density, (int)row, opened.density_piece, 0),
			tw_list_number(opened.density, (int)row, opened.density_volume, 0)};
	*ret_instance = routing;
	return TW_OK;
}

static const struct tw_detector descriptor = {
	.magic = TW_DETECTOR_MAGIC,
	.size = sizeof(struct tw_detector),
	.abi_major = TW_ABI_MAJOR,
	.abi_minor = TW_ABI_MINOR,
	.name = "routing_anomaly",
	.version = "1.0",
	.category = "routing-anomaly",
	.summary = "Lanes, detours, weights and patterns that lawful trade does not have",
	.options = options,
	.options_size = sizeof(struct tw_routing_options),
	.findings = findings,
	.tables = tables,
	.after = after,
	.flags = TW_WANTS_CANCELS | TW_WANTS_EARLIER,
	.open = open_instance,
	.close = free,
	.inspect = inspect,
	.correlate = tw_routing_correlate,
	.conclude = conclude,
};

TW_DETECTOR(routing_anomaly, descriptor)
