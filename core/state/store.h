/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_STATE_STORE_H
#define TW_STATE_STORE_H

#include "base/buffer.h"
#include "tidewaiter/detector.h"

/*
 * The keyed state of all detectors: flat bytes under (table, key), each with an
 * optional deadline and the record of an anchor consignment. Used by one thread
 * at a time, in input order; what is evicted therefore depends on the input
 * alone. When a limit is met the key touched longest ago goes first, silently for
 * its detector, counted for the operator.
 *
 * A slot number stays valid until the next tw_store_touch() that creates a key.
 *
 * Weakness: one store in one piece; sharding it over threads is future work.
 */
struct tw_store;

struct tw_store_limits {
	uint64_t keys;	/* limits.state_keys */
	uint64_t bytes; /* limits.state_memory */
};

/* A table: detector and table number in one word. */
#define TW_STORE_TABLE(detector, table) (((uint32_t)(detector) << 16) | (uint16_t)(table))

int tw_store_create(const struct tw_store_limits *limits, struct tw_store **ret_store);
void tw_store_free(struct tw_store *store);
/* The slot of a key, or -1. Marks it as used now. */
int64_t tw_store_find(struct tw_store *store, uint32_t table, struct tw_key key);
/* The same, making the key where it is new. Negative: status. */
int64_t tw_store_touch(struct tw_store *store, uint32_t table, struct tw_key key);
/* Reads and replaces the bytes of a slot. */
struct tw_slice tw_store_bytes(const struct tw_store *store, int64_t slot);
int tw_store_write(struct tw_store *store, int64_t slot, struct tw_slice bytes);
uint32_t tw_store_table(const struct tw_store *store, int64_t slot);
struct tw_key tw_store_key(const struct tw_store *store, int64_t slot);

/*
 * Sets a slot's deadline (0 clears it) and its anchor, a copied run of bytes the
 * engine understands.
 */
int tw_store_deadline(struct tw_store *store, int64_t slot, double time, struct tw_slice anchor);
/*
 * The earliest deadline that is not after `now`, in order of time and then of
 * setting; its slot, or -1. The deadline is cleared; the anchor stays readable
 * until the slot's next deadline.
 */
int64_t tw_store_due(struct tw_store *store, double now, double *ret_time);
struct tw_slice tw_store_anchor(const struct tw_store *store, int64_t slot);

uint64_t tw_store_keys(const struct tw_store *store);
uint64_t tw_store_size(const struct tw_store *store);
uint64_t tw_store_evicted(const struct tw_store *store);

#endif
