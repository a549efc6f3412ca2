/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_NETWORK_FRAGMENTS_H
#define TW_NETWORK_FRAGMENTS_H

#include "network/decode.h"

/*
 * Puts the fragments of IPv4 and IPv6 together. Each datagram that waits has its bytes
 * in place and a bit for each eight of them, so that the number and order of fragments
 * cost nothing. Overlaps of IPv4 follow the policy; in IPv6 one whose bytes differ ends
 * the datagram (RFC 5722). What waits too long, or longest when memory is short, is
 * given up. One thread at a time.
 *
 * Weakness: the place a fragment has in its datagram is paid for from the start, so few
 * late fragments use much of the memory that is allowed.
 */
struct tw_fragments;

struct tw_fragment_settings {
	uint64_t memory;
	double seconds;
	bool last; /* the last bytes count where IPv4 overlaps */
};

struct tw_fragment_counts {
	uint64_t fragments, datagrams;
	uint64_t timeouts, evicted, refused; /* datagrams given up; fragments that cannot be */
	uint64_t conflicts;
	uint64_t memory;
};

int tw_fragments_create(const struct tw_fragment_settings *settings,
			struct tw_fragments **ret_fragments);
void tw_fragments_free(struct tw_fragments *fragments);
/*
 * Takes a fragment. 1: its datagram is whole, good until the next call; 0: it waits, or
 * cannot be used, which the counts tell; negative: memory is short.
 */
int tw_fragments_add(struct tw_fragments *fragments, const struct tw_layers *layers, double time,
		     struct tw_slice *ret_datagram);
/* Gives up what has waited too long; whether there was any. */
bool tw_fragments_expire(struct tw_fragments *fragments, double time);
/* All that waits is given up as if memory were short. */
void tw_fragments_evict(struct tw_fragments *fragments);
/* The end: all that waits is given up. */
void tw_fragments_finish(struct tw_fragments *fragments);
struct tw_fragment_counts tw_fragments_counts(const struct tw_fragments *fragments);

#endif
