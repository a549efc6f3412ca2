/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_REDELIVERY_H
#define TW_ENGINE_REDELIVERY_H

#include "engine/delivery.h"

/*
 * Messages of AS2 and AS4 that come again under their id over another pair of addresses, as from another host of
 * the sender's. Shards share nothing: each says of what came whole, in an item, under which name and with which digests
 * (struct tw_delivery_told), and here all are known, in the order of packets. Part of the reduce task.
 *
 * Weakness: by then it was inspected. It is told as a retry, but its messages and receipts are told again; its
 * shipments count once.
 */
struct tw_redeliveries {
	struct tw_delivered *delivered, *payloads;
	uint64_t retries; /* that no shard knew */
};

int tw_redeliveries_open(struct tw_redeliveries *all, uint32_t most);
void tw_redeliveries_close(struct tw_redeliveries *all);
/* It came whole. What it is, as far as its shard did not know: TW_DELIVERY_FIRST: nothing is to be told. */
int tw_redelivery_take(struct tw_redeliveries *all, const struct tw_delivery_told *told,
		       enum tw_delivery_verdict *ret_verdict);

#endif
