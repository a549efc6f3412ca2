/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_BASE_PACKET_H
#define TW_BASE_PACKET_H

#include "tidewaiter/slice.h"

/*
 * One packet as a capture or an interface gave it. The bytes belong to who handed
 * it out and are good until the next packet is asked for. A plain value, any thread.
 *
 * Weakness: a double keeps about a quarter of a microsecond of today's dates.
 */
struct tw_packet {
	struct tw_slice bytes;
	uint32_t length;    /* on the wire; more than there are bytes where a snap length cut it */
	uint32_t link_type; /* LINKTYPE_ of the pcap registry, not the DLT_ of a system */
	double time;	    /* seconds since 1970 */
	uint64_t stamp;	    /* the same in nanoseconds, exactly */
	uint64_t number;    /* from 1, over the whole run, those a filter left out included */
};

#endif
