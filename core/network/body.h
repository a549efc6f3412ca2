/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_NETWORK_BODY_H
#define TW_NETWORK_BODY_H

#include "network/stream.h"

/*
 * What protocols hand on: bodies, each one run of bytes that may hold carrier messages
 * (an HTTP body, a mail, a file over FTP, one direction of a plain connection), as they
 * arrive. A body belongs to one flow; several may be open in it. Slices are good until
 * the callback returns. Whoever takes them is told everything on the one thread that
 * reads the capture; a negative status stops the tap.
 *
 * Weakness: a protocol's own header fields are handed on only where they are named here.
 */
struct tw_body;

struct tw_body_start {
	const char *application; /* "http" */
	unsigned direction;	 /* enum tw_direction: who is spoken to */
	/* MIME header fields of the body, an empty line behind them; empty: it has none. */
	struct tw_slice fields;
	/* Who sends what to whom, where the protocol says so (AS2). */
	struct tw_slice from, to, message_id;
	bool soap;     /* its header may say so (AS4): ebms.h reads it */
	bool expected; /* by what the protocol says it is a message: what is not one is told */
};

/* A flow that cannot be looked into. */
struct tw_opaque_flow {
	const char *reason; /* "tls" */
	struct tw_slice server_name;
	uint64_t bytes[2]; /* by direction */
};

struct tw_body_events {
	void *context;
	int (*begin)(void *context, struct tw_flow *flow, const struct tw_body_start *start,
		     const struct tw_packet_at *at, struct tw_body **ret_body);
	int (*bytes)(void *context, struct tw_body *body, struct tw_slice bytes,
		     const struct tw_packet_at *at);
	int (*gap)(void *context, struct tw_body *body, uint64_t length,
		   const struct tw_packet_at *at);
	/*
	 * What follows in the body cannot be read, since so many bytes are missing of what was packed;
	 * 0: since it is damaged. Nothing but its end comes behind it.
	 */
	int (*lost)(void *context, struct tw_body *body, uint64_t length,
		    const struct tw_packet_at *at);
	/* `whole`: nothing is known to be missing at its end. The body is gone. */
	int (*end)(void *context, struct tw_body *body, bool whole, const struct tw_packet_at *at);
	int (*opaque)(void *context, const struct tw_flow *flow, const struct tw_opaque_flow *opaque,
		      const struct tw_packet_at *at);
	int (*anomaly)(void *context, const struct tw_flow *flow, const char *code,
		       const struct tw_packet_at *at, const char *reason);
	/*
	 * Whether the body stands between two messages, with nothing of it kept: what follows can
	 * be read by itself. NULL: it never is.
	 */
	bool (*between)(void *context, const struct tw_body *body);
};

#endif
