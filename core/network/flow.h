/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_NETWORK_FLOW_H
#define TW_NETWORK_FLOW_H

#include "network/chunks.h"
#include "network/decode.h"

/*
 * The table of flows: found by addresses, ports and VLANs with a hash that is the same
 * for both directions, and kept in lists in order of last use, one for each kind of
 * time-out. It owns the entries, but knows nothing of TCP. One thread at a time.
 *
 * The table's hash is seeded anew in each run, so that nobody can make flows collide; no
 * order depends on it.
 */
enum tw_flow_list { TW_FLOWS_OPENING, TW_FLOWS_OPEN, TW_FLOWS_CLOSED, TW_FLOW_LISTS };

/* The bytes of one direction. Numbers are sequence numbers of the sender's. */
struct tw_half {
	uint32_t begin;	 /* of the first byte */
	uint32_t next;	 /* the first that was not handed on */
	uint32_t top;	 /* behind the highest that was seen */
	uint32_t acked;	 /* as the other side acknowledged */
	uint32_t edge;	 /* of the receiver's window, as far as it ever was */
	uint32_t window; /* the largest the receiver announced */
	uint32_t fin;
	uint32_t urgent;
	uint32_t wait_acked; /* what is waited for */
	uint32_t gap_begin, gap_end; /* the last gap */
	uint8_t scale;	     /* of the windows that this direction's sender announces */
	uint8_t direction;
	uint8_t strange;     /* acknowledgements in a row that cannot be */
	bool started, ack_seen, fin_seen, urgent_seen, ended, waiting;
	bool settling; /* begun without a SYN: what is in front of it may still come */
	uint64_t place; /* of `next`, in the stream */
	struct tw_chunks chunks;
	double deadline;
	struct tw_half *wait_next, *wait_previous;
};

struct tw_flow_entry {
	struct tw_flow flow;
	struct tw_half halves[2]; /* by direction */
	uint64_t hash;
	struct tw_flow_entry *chain, *newer, *older;
	double last;
	uint8_t list;	  /* enum tw_flow_list */
	uint8_t told;	  /* anomalies, a bit each */
	bool opened;	  /* its consumer knows it */
	bool closed;	  /* and no longer */
	bool reset;	  /* a reset was seen; ends soon unless more follows */
	uint8_t reset_direction;
	bool again;	  /* a SYN that does not belong to it was seen */
	uint8_t again_direction;
	uint32_t again_sequence;
	uint32_t reset_sequence;
};

struct tw_flows {
	struct tw_flow_entry **buckets;
	uint64_t mask, count, most, seed;
	struct tw_flow_entry *newest[TW_FLOW_LISTS], *oldest[TW_FLOW_LISTS];
	bool with_vlan;
};

/* A hash of the two addresses alone, the same for both directions and in every run. */
uint64_t tw_flow_pair(const struct tw_layers *layers);

int tw_flows_begin(struct tw_flows *flows, bool with_vlan);
void tw_flows_end(struct tw_flows *flows);
/* The flow of a segment, and which way it goes; or NULL. */
struct tw_flow_entry *tw_flows_find(const struct tw_flows *flows, const struct tw_layers *layers,
				    unsigned *ret_direction);
/* A new one. `reverse`: the segment's sender is the server. NULL: memory is short. */
struct tw_flow_entry *tw_flows_add(struct tw_flows *flows, const struct tw_layers *layers,
				   bool reverse);
/* It was used now; which time-out it has from now on. */
void tw_flows_use(struct tw_flows *flows, struct tw_flow_entry *entry, enum tw_flow_list list,
		  double time);
void tw_flows_remove(struct tw_flows *flows, struct tw_flow_entry *entry);

static inline struct tw_flow_entry *tw_half_entry(struct tw_half *half)
{
	char *first = (char *)(half - half->direction);
	return (void *)(first - offsetof(struct tw_flow_entry, halves));
}

#endif
