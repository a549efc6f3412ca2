/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_KEEPER_H
#define TW_ENGINE_KEEPER_H

#include "config/config.h"
#include "network/tap.h"
#include "output/network.h"

/*
 * The keeper of packets (--pcap-out): holds the packets of each flow until it is known
 * whether it alerts, and writes those of one that does to a file of its own, with the
 * flow that announced it (FTP's control connection); what comes later is written behind.
 * A file replays to the same alert. Packets are held in memory, for captures as for live
 * links: what is read once (standard input, gzip) cannot be read again, and one way
 * serves all. Of a flow at most capture.out_flow_memory is held, in all at most
 * capture.out_memory; the oldest packets of a flow, or the flow used longest ago, go
 * first, and a file that lacks its beginning says so.
 *
 * tw_keeper_packet() is called by who reads packets, tw_keeper_alert() by the reduce
 * task: both take the keeper's lock.
 *
 * Weakness: each further packet of a flow that alerted opens and closes its file: flows that
 * alert are taken to be few. Whether the beginning of a flow is still held may depend on how
 * far reading is ahead of alerts. Of fragments in fragments only the outer ones are put together.
 */
struct tw_keeper;

struct tw_keeper_counts {
	uint64_t files, packets;
	uint64_t incomplete; /* files that lack the beginning of a flow, and flows of which nothing was held */
	uint64_t failed;     /* files that could not be written */
	uint64_t let_go;     /* packets that met a limit */
};

/* TW_OK and NULL where capture.out names no folder. */
int tw_keeper_create(const struct tw_config *config, struct tw_keeper **ret_keeper);
void tw_keeper_free(struct tw_keeper *keeper);
/* A packet, and what the tap says that it belongs to. */
int tw_keeper_packet(struct tw_keeper *keeper, const struct tw_packet *packet,
		     struct tw_tap_seen seen);
/* A flow alerted. A file that cannot be written is a problem; the run goes on. */
int tw_keeper_alert(struct tw_keeper *keeper, const struct tw_network *network);
struct tw_keeper_counts tw_keeper_counts(const struct tw_keeper *keeper);
/* What could not be written, a line each, with file and reason; of many the first. */
struct tw_slice tw_keeper_problems(const struct tw_keeper *keeper);

#endif
