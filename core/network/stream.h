/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_NETWORK_STREAM_H
#define TW_NETWORK_STREAM_H

#include "tidewaiter/slice.h"
#include "tidewaiter/status.h"

/*
 * Packets become streams: who is told what, synchronously, on the one thread that
 * has the tap. A flow is opened, gets data and gaps in strict TCP order in each
 * direction, an end for each direction, and is closed. Slices and flows are good until
 * the callback returns; a flow and its `user` until close.
 *
 * A gap stands for exactly the missing bytes. An end comes once for each direction: FIN
 * once the other side acknowledged it, RESET some time behind the reset, since a forged
 * one is followed by more data. A callback that returns a negative status stops the
 * tap, which returns it.
 *
 * Weakness: between the two directions order is that of the capture, and a mirror port
 * may give an answer before its question.
 */
struct tw_address {
	uint8_t bytes[16];
	uint8_t length; /* 4 or 16 */
};

struct tw_packet_at {
	uint64_t number; /* from 1, over the whole run */
	double time;	 /* of the capture */
};

struct tw_flow {
	uint64_t id;	  /* the number of its first packet, which no other flow has */
	uint8_t protocol; /* 6 TCP */
	uint8_t vlan_count;
	bool midstream;	  /* no handshake was seen */
	uint16_t vlan[3]; /* outermost first */
	/* Of the first packet, or of the SYN where one was seen: client and server. */
	uint16_t source_port, destination_port;
	struct tw_address source, destination;
	uint64_t related; /* the flow that announced this one (FTP's control connection); 0: none */
	void *user; /* the consumer's, NULL at first */
	/* Not NULL: this is the other reading of that flow, where bytes were sent twice; see alternate.h. */
	const struct tw_flow *primary;
	void *layer; /* of what stands between the tap and the consumer */
};

enum tw_direction { TW_TO_SERVER, TW_TO_CLIENT };

enum tw_stream_end {
	TW_STREAM_FIN,
	TW_STREAM_RESET,
	TW_STREAM_TIMEOUT,
	TW_STREAM_CAPTURE_END,
	TW_STREAM_DROPPED, /* a limit was met; an anomaly says which */
};

struct tw_stream_events {
	void *context;
	int (*open)(void *context, struct tw_flow *flow, const struct tw_packet_at *at);
	int (*data)(void *context, struct tw_flow *flow, unsigned direction,
		    struct tw_slice bytes, const struct tw_packet_at *at);
	int (*gap)(void *context, struct tw_flow *flow, unsigned direction, uint64_t length,
		   const struct tw_packet_at *at);
	int (*end)(void *context, struct tw_flow *flow, unsigned direction,
		   enum tw_stream_end how, const struct tw_packet_at *at);
	/* Nothing follows; free `user`. `at` is NULL where the run ends early: nothing is told any more. */
	void (*close)(void *context, struct tw_flow *flow, const struct tw_packet_at *at);
	/*
	 * Bytes that were sent twice, as network.overlap did not choose them: those that belong
	 * at a place of the stream, counted from its first byte, handed on already or not yet.
	 * May be NULL.
	 */
	int (*other)(void *context, struct tw_flow *flow, unsigned direction, uint64_t place,
		     struct tw_slice bytes, const struct tw_packet_at *at);
	/* `flow` is NULL where it concerns none; `code` is of anomalies.def. */
	int (*anomaly)(void *context, const struct tw_flow *flow, const char *code,
		       const struct tw_packet_at *at, const char *reason);
};

#endif
