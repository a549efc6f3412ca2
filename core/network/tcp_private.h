/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_NETWORK_TCP_PRIVATE_H
#define TW_NETWORK_TCP_PRIVATE_H

#include "network/flow.h"
#include "network/tcp.h"

/*
 * What the connection (tcp.c) and the bytes of one direction (tcp_half.c) share. For
 * these files only; one thread at a time.
 */
struct tw_tcp {
	struct tw_tap_settings settings;
	struct tw_stream_events events;
	struct tw_tap_counts *counts;
	struct tw_flows flows;
	struct tw_half *wait_first, *wait_last; /* by deadline */
	double clock; /* for all that waits */
	struct tw_packet_at at;
	struct tw_tap_seen seen; /* of the last segment */
};

enum tcp_remark {
	TCP_CONFLICT = 1,
	TCP_URGENT = 2,
	TCP_RESET = 4,
	TCP_FIN = 8,
	TCP_WINDOW = 16,
	TCP_MEMORY = 32,
	TCP_LATE = 64,
};

#define SCALE_UNKNOWN 255u /* the SYN was not seen */
#define SCALE_NONE 254u	   /* it had no such option */

/* An anomaly of a flow, once for each kind. */
int tw_tcp_remark(struct tw_tcp *tcp, struct tw_flow_entry *entry, enum tcp_remark remark);
/* Both directions end so; the flow is closed, but its entry stays. */
int tw_tcp_close(struct tw_tcp *tcp, struct tw_flow_entry *entry, enum tw_stream_end how);

void tw_half_start(struct tw_half *half, uint32_t sequence);
/* Bytes of a segment that begins at a number. */
int tw_half_data(struct tw_tcp *tcp, struct tw_half *half, uint32_t sequence,
		 const struct tw_segment *segment);
/* The receiver acknowledges, and takes as many bytes more. */
int tw_half_acknowledge(struct tw_tcp *tcp, struct tw_half *half, uint32_t acked,
			uint32_t window);
int tw_half_fin(struct tw_tcp *tcp, struct tw_half *half, uint32_t sequence);
/* All that is there goes on, with gaps; then the end. */
int tw_half_flush(struct tw_tcp *tcp, struct tw_half *half, enum tw_stream_end how);
/* Closes the holes whose time is over. */
int tw_half_waited(struct tw_tcp *tcp);
/* Lets go of memory and of the place among those that wait. */
void tw_half_clear(struct tw_tcp *tcp, struct tw_half *half);

#endif
