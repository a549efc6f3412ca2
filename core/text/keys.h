/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEXT_KEYS_H
#define TW_TEXT_KEYS_H

#include "tidewaiter/consignment.h"

/*
 * A cheap question before a dear one: tw_pair_key() normalises two names and two
 * addresses, and nearly every pair of parties has no hit to be found by it. The
 * trace of a party looks at its postcode and at the first letters of its name that
 * count. Parties with one key have one trace; parties with one trace may have
 * different keys. The postcode alone tells most apart already: parties with one trace
 * have one of these as well. Any thread; nothing is kept.
 */
uint32_t tw_postcode_trace(const struct tw_consignment *consignment, int party);
uint32_t tw_party_trace(const struct tw_consignment *consignment, int party);

#endif
