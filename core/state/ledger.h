/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_STATE_LEDGER_H
#define TW_STATE_LEDGER_H

#include "base/buffer.h"
#include "tidewaiter/detector.h"

/*
 * The ledger: what each shipment contributed to correlation, and what alerts it
 * had. It makes a shipment count once, however many messages name it: repeats
 * find their contributions already there, changes and cancellations know what to
 * take back. An alias joins a booking to the bill that names it. Where one of the
 * two has an entry, so that it matters already, the alias is kept in the ledger as
 * entries are; where none has, it may come to matter, and only the newest are kept.
 *
 * One thread at a time, in input order. What was used longest ago goes first when a
 * limit is met. A slot number is valid until the next call that makes an entry.
 *
 * Weakness: a shipment that went by eviction counts anew when it comes again, and
 * one whose alias went counts twice if booking and bill come to count afterwards.
 */
struct tw_ledger;

struct tw_ledger_limits {
	uint64_t shipments; /* limits.shipments */
	uint64_t bytes;	    /* limits.ledger_memory: of entries, and of aliases that have one */
	uint64_t alias_bytes; /* limits.aliases_memory: of the other aliases */
};

/* One thing a shipment contributed; the payload stands right behind it. */
struct tw_contribution {
	struct tw_key key;
	uint32_t table; /* TW_STORE_TABLE */
	uint32_t payload_length;
};

/* One alert a shipment had; the hashes of its evidence stand right behind it. */
struct tw_ledger_alert {
	uint32_t size;
	uint32_t sid;
	char alert_id[40]; /* zero-terminated */
	double time;
	float score;
	uint32_t evidence_count; /* of uint64_t hashes of (field, value, match) */
};

/* What `related` shows of a shipment. */
struct tw_ledger_names {
	struct tw_slice id; /* shipment_key in words */
	struct tw_slice master, house;
	double time;
};

int tw_ledger_create(const struct tw_ledger_limits *limits, struct tw_ledger **ret_ledger);
void tw_ledger_free(struct tw_ledger *ledger);

/* What a shipment is known as: follows the alias of a booking to its bill. */
struct tw_shipment tw_ledger_resolve(struct tw_ledger *ledger, struct tw_shipment shipment);
/* The same, and its entry, or -1. */
int64_t tw_ledger_seek(struct tw_ledger *ledger, struct tw_shipment *shipment);
/* Begins to fetch what tw_ledger_seek() will look at first. */
void tw_ledger_prefetch(const struct tw_ledger *ledger, struct tw_shipment shipment);
/*
 * Joins a booking to a bill. An entry the booking had becomes the bill's, unless
 * the bill has one of its own. The first bill of a booking stays the one. Whoever
 * makes an entry joins again, so that the alias stays as long as entries do.
 */
int tw_ledger_join(struct tw_ledger *ledger, struct tw_shipment booking, struct tw_shipment bill);

int64_t tw_ledger_find(struct tw_ledger *ledger, struct tw_shipment shipment);
/* Finds or makes an entry of a resolved shipment, which has these names from then on. */
int64_t tw_ledger_enter(struct tw_ledger *ledger, struct tw_shipment shipment,
			const struct tw_ledger_names *names);
struct tw_ledger_names tw_ledger_names_of(const struct tw_ledger *ledger, int64_t slot);
struct tw_slice tw_ledger_contributions(const struct tw_ledger *ledger, int64_t slot);
int tw_ledger_contribute(struct tw_ledger *ledger, int64_t slot, struct tw_slice contributions);
/* The alerts, one behind the other; the last is the newest. */
struct tw_slice tw_ledger_alerts(const struct tw_ledger *ledger, int64_t slot);
int tw_ledger_alert(struct tw_ledger *ledger, int64_t slot, const struct tw_ledger_alert *alert,
		    const uint64_t *evidence_hashes);

uint64_t tw_ledger_count(const struct tw_ledger *ledger);
uint64_t tw_ledger_size(const struct tw_ledger *ledger);
uint64_t tw_ledger_evicted(const struct tw_ledger *ledger);
uint64_t tw_ledger_aliases(const struct tw_ledger *ledger);
uint64_t tw_ledger_aliases_evicted(const struct tw_ledger *ledger);

#endif
