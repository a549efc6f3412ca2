/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_STATE_DELIVERED_H
#define TW_STATE_DELIVERED_H

#include "base/hash.h"
#include "tidewaiter/status.h"

/*
 * Messages that came whole, by what names them (sender, receiver, message id), with a digest of
 * what they held: so a message that is sent again is told from another one under its
 * name. At most so many are kept; beyond it those that came longest ago are forgotten.
 * Belongs to whoever takes bodies; one thread at a time.
 *
 * Weakness: names are kept as hashes that can be forged. Two that collide are one name,
 * which costs an anomaly and hides nothing, as the digest is cryptographic.
 */
struct tw_delivered;

struct tw_sha256 {
	unsigned char bytes[32];
};

/* `most`: 0 keeps none. */
int tw_delivered_create(uint32_t most, struct tw_delivered **ret_delivered);
void tw_delivered_free(struct tw_delivered *delivered);
/* What the last message under this name held, or NULL; good until the next put. */
const struct tw_sha256 *tw_delivered_find(const struct tw_delivered *delivered,
					  struct tw_hash128 name);
/* It came now. */
int tw_delivered_put(struct tw_delivered *delivered, struct tw_hash128 name,
		     const struct tw_sha256 *digest);

#endif
