/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_NETWORK_COMMUNITY_ID_H
#define TW_NETWORK_COMMUNITY_ID_H

#include "network/stream.h"

/*
 * The Community ID, version 1 (github.com/corelight/community-id-spec): a name for a
 * flow that other tools give it too, the same for both directions. Stateless, any
 * thread.
 *
 * Weakness: VLANs and time are no part of it, so a port that is used again has it again.
 */
#define TW_COMMUNITY_ID_SIZE 31u /* "1:", 28 letters, zero */

/* TW_OK, or TW_ERROR_MEMORY where the hash cannot be had. For protocols with ports. */
int tw_community_id(const struct tw_flow *flow, uint16_t seed, char ret_text[TW_COMMUNITY_ID_SIZE]);

#endif
