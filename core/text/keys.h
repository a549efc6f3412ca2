/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEXT_KEYS_H
#define TW_TEXT_KEYS_H

#include "tidewaiter/consignment.h"

/*
 * A cheap question before a dear one: tw_pair_key() normalises two names and two
 * addresses, and nearly every pair of parties has no hit to be found by it. The
 * trace of a pair looks at the postcodes only. Pairs with one key have one trace;
 * pairs with one trace may have different keys. Any thread; nothing is kept.
 *
 * Weakness: all parties without a postcode look alike.
 */
uint32_t tw_pair_trace(const struct tw_consignment *consignment, int party_a, int party_b);

#endif
