/* SPDX-License-Identifier: Apache-2.0 */
#include "routing_anomaly.h"

#include <math.h>
#include <stdio.h>

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(int c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static struct tw_slice party_text(const struct tw_routing_facts *facts, enum tw_field field,
				  int party)
{
	if (party < 0)
		return tw_slice(NULL, 0);
	return tw_text(facts->consignment, tw_find(facts->consignment, field, (unsigned)party));
}

/* ---- codes of places ------------------------------------------------------- */

/*
 * The row of a place by UN/LOCODE, IATA code or Schedule K code. An airport's
 * LOCODE is its country and, mostly, its IATA code.
 */
static int place_row(const struct tw_routing_lists *lists, struct tw_slice code)
{
	if (code.length == 5 && is_digit(tw_slice_at(code, 0)))
		return tw_list_find(lists->places, lists->place_schedule, code);
	int row = code.length == 3 || code.length == 5
			  ? tw_list_find(lists->places, lists->place_code, code)
			  : -1;
	if (row >= 0 || code.length != 5)
		return row;
	row = tw_list_find(lists->places, lists->place_code, tw_slice_from(code, 2));
	struct tw_slice country = tw_list_cell(lists->places, row, lists->place_country);
	return tw_slice_equal(country, tw_slice_part(code, 0, 2)) ? row : -1;
}

/* The country of a place code: its own first letters, or those of its row. */
static struct tw_slice place_country(const struct tw_routing_lists *lists, struct tw_slice code)
{
	bool letters = is_letter(tw_slice_at(code, 0)) && is_letter(tw_slice_at(code, 1));
	if (letters && (code.length == 2 || code.length == 5))
		return tw_slice_part(code, 0, 2);
	return tw_list_cell(lists->places, place_row(lists, code), lists->place_country);
}

static bool is_asian(const struct tw_routing_lists *lists, struct tw_slice country)
{
	return country.length == 2 &&
	       tw_list_find(lists->asia, lists->asia_country, country) >= 0;
}

bool tw_routing_from_asia(const struct tw_routing_facts *facts, int *ret_value)
{
	const struct tw_routing_lists *lists = &facts->routing->lists;
	int value = tw_first(facts->consignment, TW_CONSIGNMENT_ORIGIN);
	struct tw_slice country = place_country(lists, tw_text(facts->consignment, value));
	if (country.length == 0 && facts->shipper >= 0) {
		value = tw_find(facts->consignment, TW_PARTY_COUNTRY, (unsigned)facts->shipper);
		country = tw_text(facts->consignment, value);
	}
	*ret_value = value;
	return is_asian(lists, country);
}

int tw_routing_us_point(const struct tw_routing_facts *facts)
{
	for (int value = tw_first(facts->consignment, TW_CONSIGNMENT_ROUTE); value >= 0;
	     value = tw_next(facts->consignment, value)) {
		struct tw_slice code = tw_text(facts->consignment, value);
		if (tw_slice_is(place_country(&facts->routing->lists, code), "US"))
			return value;
	}
	return -1;
}

/* ---- border zone ------------------------------------------------------------ */

static void set_zone(struct tw_routing_facts *facts, enum tw_routing_zone zone, int value, int row)
{
	facts->zone = zone;
	facts->zone_value = value;
	facts->zone_row = row;
}

static void set_border(struct tw_routing_facts *facts, int value, int row)
{
	const struct tw_routing_lists *lists = &facts->routing->lists;
	struct tw_slice side = tw_list_cell(lists->parties.border, row, lists->border_side);
	set_zone(facts, tw_slice_is(side, "mx") ? TW_ROUTING_MEXICO : TW_ROUTING_BORDER, value, row);
}

/* Border states, as their postal abbreviation stands before a postcode. */
static bool is_border_state(struct tw_slice text)
{
	static const char states[] = "TX NM AZ CA ";
	for (size_t i = 0; text.length == 2 && i + 2 < sizeof(states); i += 3)
		if (memcmp(text.data, states + i, 2) == 0)
			return true;
	return false;
}

/* Whether a border state stands before a place of a text. */
static bool behind_border_state(struct tw_slice text, size_t end)
{
	while (end > 0 &&
	       (tw_slice_at(text, end - 1) == ' ' || tw_slice_at(text, end - 1) == ',' ||
		tw_slice_at(text, end - 1) == '.'))
		end--;
	return end >= 2 && is_border_state(tw_slice_part(text, end - 2, 2)) &&
	       (end == 2 || !is_letter(tw_slice_at(text, end - 3)));
}

/*
 * Where five digits stand behind a border state ("LAREDO TX 78045-1234"), or an empty
 * slice. Five digits in a row cover every fifth place: only those are looked at.
 */
static struct tw_slice postcode_in(struct tw_slice text)
{
	for (size_t i = 4; i < text.length; i += 5) {
		if (!is_digit(tw_slice_at(text, i)))
			continue;
		size_t start = i, end = i + 1;
		while (start > 0 && is_digit(tw_slice_at(text, start - 1)))
			start--;
		while (is_digit(tw_slice_at(text, end)))
			end++;
		if (end - start == 5 && behind_border_state(text, start))
			return tw_slice_part(text, start, 5);
		i = end;
	}
	return tw_slice(NULL, 0);
}

/* Names and addresses stand in each other's elements in real traffic. */
static bool zone_by_lines(struct tw_routing_facts *facts, int party)
{
	static const enum tw_field fields[] = {TW_PARTY_CITY, TW_PARTY_ADDRESS, TW_PARTY_NAME};
	const struct tw_routing_lists *lists = &facts->routing->lists;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		for (int value = tw_first(facts->consignment, fields[i]); value >= 0;
		     value = tw_next(facts->consignment, value)) {
			if (tw_item(facts->consignment, value) != (unsigned)party)
				continue;
			struct tw_slice code = postcode_in(tw_text(facts->consignment, value));
			if (code.length == 0)
				continue;
			int row = tw_list_prefix(lists->parties.border, lists->parties.border_postcode, code);
			if (row >= 0)
				set_border(facts, value, row);
			return true; /* a postcode decides, either way */
		}
	}
	return false;
}

/* By city and region, where there is no postcode. */
static bool zone_by_city(struct tw_routing_facts *facts, int party)
{
	const struct tw_routing_lists *lists = &facts->routing->lists;
	int value = tw_find(facts->consignment, TW_PARTY_CITY, (unsigned)party);
	struct tw_slice city = tw_text(facts->consignment, value);
	struct tw_slice region = party_text(facts, TW_PARTY_REGION, party);
	char town[64];
	size_t length = city.length + 1 + region.length;
	if (city.length == 0 || region.length == 0 || length > sizeof(town))
		return false;
	memcpy(town, city.data, city.length);
	town[city.length] = ' ';
	memcpy(town + city.length + 1, region.data, region.length);
	int row = tw_list_find(lists->parties.border, lists->border_town, tw_slice(town, length));
	if (row >= 0)
		set_border(facts, value, row);
	return row >= 0;
}

/* Whether a town of the zone may stand there: of most addresses that is answered by their first letters. */
static bool may_name_town(const struct tw_routing_facts *facts, int party)
{
	static const enum tw_field fields[] = {TW_PARTY_CITY, TW_PARTY_ADDRESS};
	const struct tw_list *border = facts->routing->lists.parties.border;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		for (int value = tw_find(facts->consignment, fields[i], (unsigned)party); value >= 0;
		     value = tw_next(facts->consignment, value))
			if (tw_item(facts->consignment, value) == (unsigned)party &&
			    tw_match_possible(facts->consignment, border, value))
				return true;
	return false;
}

/* By a town whose name is unlike any other, in a city or address line. */
static bool zone_by_term(struct tw_routing_facts *facts, int party)
{
	const struct tw_routing_lists *lists = &facts->routing->lists;
	if (!may_name_town(facts, party))
		return false;
	struct tw_slice region = party_text(facts, TW_PARTY_REGION, party);
	struct tw_match match = {0};
	while (tw_match_next(facts->consignment, lists->parties.border, &match) == 1) {
		enum tw_field field = tw_field_of(facts->consignment, match.value);
		struct tw_slice state = tw_list_cell(lists->parties.border, match.row, lists->border_region);
		if ((field != TW_PARTY_CITY && field != TW_PARTY_ADDRESS) ||
		    tw_item(facts->consignment, match.value) != (unsigned)party ||
		    (region.length == 2 && !tw_slice_equal(region, state)))
			continue;
		set_border(facts, match.value, match.row);
		return true;
	}
	return false;
}

/* Returns whether the party's address settles where it is, in the zone or not. */
static bool zone_by_party(struct tw_routing_facts *facts, int party)
{
	const struct tw_routing_lists *lists = &facts->routing->lists;
	if (party < 0)
		return false;
	int country = tw_find(facts->consignment, TW_PARTY_COUNTRY, (unsigned)party);
	struct tw_slice code = tw_text(facts->consignment, country);
	if (tw_slice_is(code, "MX")) {
		set_zone(facts, TW_ROUTING_MEXICO, country, -1);
		return true;
	}
	if (code.length > 0 && !tw_slice_is(code, "US"))
		return true;
	int postcode = tw_find(facts->consignment, TW_PARTY_POSTCODE, (unsigned)party);
	struct tw_slice digits = tw_slice_part(tw_text(facts->consignment, postcode), 0, 5);
	int first = tw_slice_at(digits, 0);
	if (digits.length == 5 && is_digit(first)) {
		/* The prefixes of Texas, New Mexico, Arizona and California start with these. */
		int row = first >= '7' ? tw_list_prefix(lists->parties.border, lists->parties.border_postcode, digits)
				       : -1;
		if (row >= 0 && (code.length > 0 || party_text(facts, TW_PARTY_REGION, party).length > 0))
			set_border(facts, postcode, row);
		return row >= 0 || code.length > 0;
	}
	return zone_by_lines(facts, party) || zone_by_city(facts, party) ||
	       zone_by_term(facts, party);
}

/* The destination of the route: Mexico wins over a consignee in the United States. */
static void zone_by_destination(struct tw_routing_facts *facts, bool settled)
{
	const struct tw_routing_lists *lists = &facts->routing->lists;
	int value = tw_first(facts->consignment, TW_CONSIGNMENT_DESTINATION);
	struct tw_slice code = tw_text(facts->consignment, value);
	if (tw_slice_is(place_country(lists, code), "MX")) {
		set_zone(facts, TW_ROUTING_MEXICO, value, -1);
		return;
	}
	int row = settled || code.length < 3 ? -1 : tw_list_find(lists->parties.border, lists->border_code, code);
	if (row >= 0)
		set_border(facts, value, row);
}

void tw_routing_find_zone(struct tw_routing_facts *facts)
{
	const int parties[] = {facts->delivery, facts->notify};
	facts->zone = TW_ROUTING_ELSEWHERE;
	facts->zone_row = -1;
	bool settled = zone_by_party(facts, facts->consignee);
	if (facts->zone != TW_ROUTING_ELSEWHERE)
		return;
	/* A ship-to party counts always, a notify party where the consignee has no address. */
	for (size_t i = 0; i < 2 && facts->zone == TW_ROUTING_ELSEWHERE; i++)
		if (i == 0 || !settled)
			settled |= zone_by_party(facts, parties[i]);
	if (facts->zone == TW_ROUTING_ELSEWHERE)
		zone_by_destination(facts, settled);
}

/* ---- detours ------------------------------------------------------------------ */

#define POINT_LIMIT 24
#define SAME_PLACE_KM 80.0 /* an airport and the port of its city */
#define SHORT_KM 500.0	   /* below it ratios mean nothing */

struct point {
	double where[2];
	bool hub;
};

double tw_routing_distance(const double from[2], const double to[2])
{
	const double radian = acos(-1.0) / 180.0;
	const double radius = 6371.0; /* mean radius of the earth, km */
	double latitude = (to[0] - from[0]) * radian / 2;
	double longitude = (to[1] - from[1]) * radian / 2;
	double half = sin(latitude) * sin(latitude) +
		      cos(from[0] * radian) * cos(to[0] * radian) * sin(longitude) * sin(longitude);
	return 2 * radius * asin(sqrt(half < 1 ? half : 1));
}

/* The points of the route whose place is known, neighbours in one place merged. */
static unsigned read_route(const struct tw_routing_facts *facts, struct point points[POINT_LIMIT])
{
	const struct tw_routing_lists *lists = &facts->routing->lists;
	unsigned count = 0;
	for (int value = tw_first(facts->consignment, TW_CONSIGNMENT_ROUTE);
	     value >= 0 && count < POINT_LIMIT; value = tw_next(facts->consignment, value)) {
		struct tw_slice code = tw_text(facts->consignment, value);
		int row = place_row(lists, code);
		struct point point = {{tw_list_number(lists->places, row, lists->place_lat, (double)NAN),
				       tw_list_number(lists->places, row, lists->place_lon, (double)NAN)},
				      tw_list_find(lists->hubs, lists->hub_code, code) >= 0};
		if (isnan(point.where[0]) || isnan(point.where[1]))
			continue;
		if (count > 0 &&
		    tw_routing_distance(points[count - 1].where, point.where) < SAME_PLACE_KM)
			continue;
		points[count++] = point;
	}
	return count;
}

struct detour {
	double direct, all, without_hubs;
	unsigned points, strange;
};

static struct detour measure(const struct point *points, unsigned count)
{
	struct detour detour = {.points = count};
	const double *last = points[0].where;
	detour.direct = tw_routing_distance(points[0].where, points[count - 1].where);
	for (unsigned i = 1; i < count; i++) {
		detour.all += tw_routing_distance(points[i - 1].where, points[i].where);
		if (points[i].hub && i + 1 < count)
			continue;
		detour.without_hubs += tw_routing_distance(last, points[i].where);
		last = points[i].where;
		detour.strange += i + 1 < count;
	}
	return detour;
}

/* Hubs are no anomaly by themselves, five points of which most are hubs only where the way is long too. */
static bool is_senseless(const struct tw_routing_options *options, const struct detour *detour)
{
	if (detour->direct < SHORT_KM)
		return false;
	if (detour->strange > 0 && detour->without_hubs > options->detour_ratio * detour->direct)
		return true;
	return detour->points >= options->detour_points &&
	       (detour->strange >= 2 || detour->all > options->detour_ratio * detour->direct);
}

/* Whether goods can bear the cost of a long way: by value, else by what the text says. */
static bool bears_cost(const struct tw_routing_facts *facts)
{
	const struct tw_routing_options *options = facts->routing->options;
	struct tw_match match;
	double least = facts->mode == TW_MODE_AIR ? options->air_usd_per_kg : options->sea_usd_per_kg;
	if (!isnan(facts->usd) && facts->usd > 0 && facts->weight > 0)
		return facts->usd >= least * facts->weight;
	return !tw_routing_vague(facts, &match);
}

/* The whole route in one line, for people: no single value of it is what is odd. */
static void write_route(const struct tw_routing_facts *facts, char text[160])
{
	int length = 0;
	text[0] = '\0';
	for (int value = tw_first(facts->consignment, TW_CONSIGNMENT_ROUTE);
	     value >= 0 && length < 90; value = tw_next(facts->consignment, value))
		length += snprintf(text + length, 160 - (size_t)length, "%s%.*s",
				   length > 0 ? " > " : "",
				   TW_ROUTING_SLICE(tw_text(facts->consignment, value)));
}

int tw_routing_detour(const struct tw_routing_facts *facts)
{
	char route[160];
	struct point points[POINT_LIMIT];
	unsigned count = read_route(facts, points);
	if (count < 3)
		return 0;
	struct detour detour = measure(points, count);
	if (!is_senseless(facts->routing->options, &detour) || bears_cost(facts))
		return 0;
	write_route(facts, route);
	return tw_routing_add(facts,
			      &(struct tw_routing_note){.sid = TW_ROUTING_DETOUR,
							.field = TW_CONSIGNMENT_ROUTE,
							.value = -1,
							.shown = route,
							.family = "detour",
							.list = facts->routing->lists.places,
							.weight = 0.5},
			      "the route of %u points is %.0f km long, %.1f times the direct way, for goods "
			      "that do not bear the cost",
			      detour.points, detour.all, detour.all / detour.direct);
}
