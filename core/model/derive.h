/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_MODEL_DERIVE_H
#define TW_MODEL_DERIVE_H

#include "model/builder.h"

/*
 * Facts the engine derives, the same for every format: origin
 * and destination, route, pieces, weight and volume from the items where the
 * consignment declares none, level, action. Runs once, when a consignment is
 * complete and before it is written. Values added here carry TW_ENTRY_DERIVED.
 */
void tw_derive(struct tw_builder *builder);

/*
 * The shipment_key in words, such as `awb:020-12345675`,
 * `bill:MAEU:123456789`, `house:MAEU:123456789/H1`, `booking:...`, or
 * `reference:SENDER:REF`; of a message's record `message:SENDER:REF`. Writes it to `key` and the booking it joins, if both
 * are named, to `alias` (else empty). Returns false where nothing identifies it.
 */
#define TW_SHIPMENT_KEY_SIZE 160
bool tw_shipment_key(const struct tw_consignment *consignment, char key[TW_SHIPMENT_KEY_SIZE],
		     char alias[TW_SHIPMENT_KEY_SIZE]);
/* The identity of a key in words. */
struct tw_shipment tw_shipment_of(struct tw_slice key);

#endif
