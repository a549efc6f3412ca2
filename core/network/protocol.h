/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_NETWORK_PROTOCOL_H
#define TW_NETWORK_PROTOCOL_H

#include "network/body.h"

/*
 * Protocols: what a flow speaks is told by its bytes, not by its ports, and what it
 * carries is handed on as bodies. A flow that speaks nothing known is handed on as it
 * is, a body for each direction. One set of protocols a run; it sits between the tap and
 * whoever takes bodies, on the one thread that reads the capture. Who takes part in a
 * flow is kept in its `user`.
 *
 * Credentials are read past and kept nowhere.
 *
 * Weakness: a protocol is chosen once, by the first bytes of the flow, and left only for
 * TLS (STARTTLS) or where it cannot be followed.
 */
struct tw_protocols;

#define TW_PROTOCOL_COUNT 8u

struct tw_protocol_counts {
	const char *name; /* NULL at the end */
	uint64_t flows;
	uint64_t bytes;
};

int tw_protocols_create(const struct tw_body_events *events, struct tw_protocols **ret_protocols);
/* Every flow was closed, as the tap does at the latest where it is freed. */
void tw_protocols_free(struct tw_protocols *protocols);
/* Bytes that a packed body may become, for each of it and in all; 0: any number, as without this call. */
void tw_protocols_limit(struct tw_protocols *protocols, double ratio, uint64_t bytes);
/* What the tap is to call. */
struct tw_stream_events tw_protocols_events(struct tw_protocols *protocols);
/*
 * A data connection of FTP is to come to this address, as somebody else has read who follows the control
 * connection: its events name the protocol.
 */
void tw_protocols_overhear(struct tw_protocols *protocols, const struct tw_address *address, uint16_t port);
void tw_protocols_counts(const struct tw_protocols *protocols,
			 struct tw_protocol_counts ret_counts[TW_PROTOCOL_COUNT + 1]);

#endif
