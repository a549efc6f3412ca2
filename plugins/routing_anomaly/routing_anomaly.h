/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ROUTING_ANOMALY_H
#define ROUTING_ANOMALY_H

#include "tidewaiter/cursor.h"
#include "tidewaiter/profile.h"

/*
 * What the parts of this detector share: its options, its lists with their
 * columns resolved, and the facts of the one consignment under inspection. The
 * instance is written in open() and const afterwards, shared by all threads; the
 * facts live on the stack of inspect() and are filled as far as somebody asks.
 *
 *   places.c    where a consignment goes: border zone, Mexico, Asia; its route
 *   parties.c   what kind of consignee that is
 *   goods.c     what its goods weigh, are worth, and whether the text says anything
 *   patterns.c  many shippers to one consignee, many like houses
 *
 * Weakness: it believes what the message declares; a shipper who writes a
 * plausible weight, value and text is not seen here.
 */

enum tw_routing_sid {
	TW_ROUTING_LANE = 2300001,
	TW_ROUTING_TRANSIT,
	TW_ROUTING_DETOUR,
	TW_ROUTING_WEIGHT,
	TW_ROUTING_SHIPPERS,
	TW_ROUTING_PARCELS,
	TW_ROUTING_AMENDED,
};

enum tw_routing_table { TW_ROUTING_TABLE_CONSIGNEES, TW_ROUTING_TABLE_PARCELS };

struct tw_routing_options {
	double air_kg, sea_kg;
	double air_usd_per_kg, sea_usd_per_kg;
	double transit_kg;
	double detour_ratio, detour_points;
	double density_margin;
	double shippers, shippers_days;
	double parcels, parcels_days, parcel_kg;
	double split_usd;
	double container_kg;
};

/* Columns by list; -1 where an edited list lacks one, which reads as empty. */
struct tw_routing_lists {
	struct tw_profile_lists parties;
	const struct tw_list *places, *asia, *hubs, *users, *density, *vague, *packages, *currencies;
	int place_code, place_country, place_lat, place_lon, place_schedule;
	int border_side, border_code, border_region, border_town, border_country, border_km,
		border_status;
	int asia_country, hub_code;
	int forwarder_weight, forwarder_status;
	int user_kind;
	int density_kind, density_piece, density_volume, density_weight, density_status;
	int vague_strength, vague_filler, vague_weight, vague_status;
	int package_code, package_kind;
	int currency_code, currency_usd;
	int company_term;
};

/* What a row of goods_density.tsv allows, read once. */
struct tw_routing_most {
	double piece, volume; /* kg a piece and a cubic metre; 0: says only that the goods are dense */
};

struct tw_routing {
	const struct tw_routing_options *options;
	struct tw_routing_lists lists;
	struct tw_routing_most most[]; /* by row */
};

enum tw_routing_zone { TW_ROUTING_ELSEWHERE, TW_ROUTING_BORDER, TW_ROUTING_MEXICO };

struct tw_routing_facts {
	const struct tw_routing *routing;
	const struct tw_consignment *consignment;
	struct tw_out *out;
	int mode;
	int shipper, consignee, delivery, notify; /* party items, -1: none */
	enum tw_routing_zone zone;
	int zone_value;		/* the value that says so */
	int zone_row;		/* of border_zone.tsv, or -1 */
	double weight, usd;	/* NAN: unknown */
	int weight_value, usd_value;
};

/* A person's name at a street, a firm, or one of the kinds that words tell. */
enum tw_routing_party {
	TW_ROUTING_NOBODY,     /* none, or a placeholder */
	TW_ROUTING_HOME,
	TW_ROUTING_FIRM,
	TW_ROUTING_PASSES_ON,  /* warehouse, parcel shop, mailbox */
	TW_ROUTING_FORWARDER,  /* named forwarder or broker */
	TW_ROUTING_RETAILER,
	TW_ROUTING_END_USER,   /* maker, hospital, school, builder, utility */
};

struct tw_routing_consignee {
	enum tw_routing_party kind;
	int row;	     /* of forwarders.tsv where it passes goods on, or -1 */
	struct tw_match match;
};

/* A piece of evidence on a value; start and length 0: the whole of it. */
struct tw_routing_note {
	uint32_t sid;
	enum tw_field field; /* where value is -1 */
	int value;
	uint32_t start, length;
	const char *shown; /* what to show where it stands on no single value, or NULL */
	const char *family;
	const struct tw_list *list;
	struct tw_slice status;
	double weight;
};

/* routing_anomaly.c */
int tw_routing_add(const struct tw_routing_facts *facts, const struct tw_routing_note *note,
		   const char *format, ...) TW_PRINTF(3, 4);
/* A slice for printf's %.*s, cut at 60 bytes: first its length, then its bytes. */
#define TW_ROUTING_SLICE(slice) \
	(int)((slice).length < 60 ? (slice).length : 60), (slice).length > 0 ? (slice).data : ""

/* places.c */
void tw_routing_find_zone(struct tw_routing_facts *facts);
bool tw_routing_from_asia(const struct tw_routing_facts *facts, int *ret_value);
/* The first point of the route in the United States (its value), or -1. */
int tw_routing_us_point(const struct tw_routing_facts *facts);
/* Adds evidence of a senseless detour and returns its size, or 0. */
int tw_routing_detour(const struct tw_routing_facts *facts);
/* The great circle in kilometres between two places in degrees. */
double tw_routing_distance(const double from[2], const double to[2]);

/* parties.c */
struct tw_routing_consignee tw_routing_judge_consignee(const struct tw_routing_facts *facts);
bool tw_routing_is_company(const struct tw_routing_facts *facts, int party);
/* Whether a word of end_users.tsv of this kind (or any, NULL) names the party. */
bool tw_routing_is_user(const struct tw_routing_facts *facts, int party, const char *kind);
/* Whether nobody but the one who passes the goods on is named. */
bool tw_routing_ownerless(const struct tw_routing_facts *facts);
/* The number of the order behind a consignment, or empty. */
struct tw_slice tw_routing_order(const struct tw_consignment *consignment);
/* The digits of an order's number in the texts of goods: PO 4500871220; empty: none. */
struct tw_slice tw_routing_order_written(const struct tw_consignment *consignment);
/* Whether a party's name, address and phone are those of a person at a street. */
bool tw_routing_is_home(const struct tw_routing_facts *facts, int party);

/* goods.c */
void tw_routing_weigh(struct tw_routing_facts *facts);
/* 1: its texts say nothing; *ret_value is the text, -1 where there is none. */
bool tw_routing_vague(const struct tw_routing_facts *facts, struct tw_match *ret_match);
bool tw_routing_uneconomic(const struct tw_routing_facts *facts);
/* Adds evidence of weights the declared goods cannot have. */
int tw_routing_density(const struct tw_routing_facts *facts);

/* patterns.c */
int tw_routing_observe_shipper(const struct tw_routing_facts *facts, bool hub, bool odd);
int tw_routing_observe_parcel(const struct tw_routing_facts *facts);
int tw_routing_correlate(const void *instance, const struct tw_observation *observation,
			 const struct tw_state *state, struct tw_out *out);

#endif
