/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_OUTPUT_NETWORK_H
#define TW_OUTPUT_NETWORK_H

#include "output/json.h"

/*
 * Where the bytes of a capture went from and to, as events tell it. Flat, without
 * pointers, so that it can be kept beside a record as it is. Stateless; any thread.
 */
#define TW_NETWORK_VLANS 3u
struct tw_network {
	uint64_t flow;
	uint8_t source[16], destination[16]; /* of who speaks, and who is spoken to */
	uint8_t address_length;		     /* 4 or 16 */
	uint8_t protocol;		     /* 6 TCP */
	uint8_t vlan_count;
	uint16_t source_port, destination_port;
	uint16_t vlan[TW_NETWORK_VLANS]; /* outermost first */
	char application[16];		 /* "http", "smtp" */
	char community_id[32];
	/* Of AS2 (RFC 4130, section 6) or AS4, zero-terminated; empty: none. Longer ones are cut. */
	char from[132], to[132], message_id[260];
};

/* Members of an event: src_ip to vlan, and as2 or as4 where there is one. */
void tw_network_write(struct tw_json *json, const struct tw_network *network);

#endif
