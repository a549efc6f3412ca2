/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_SOURCE_LIVE_H
#define TW_SOURCE_LIVE_H

#include "base/buffer.h"
#include "base/packet.h"
#include "config/config.h"

/*
 * Packets from the interfaces of this machine as they come, through libpcap, and
 * in its immediate mode, so that a quiet link does not wait for a buffer to fill. Several
 * interfaces are read as one: of the packets that are there the earliest comes first.
 * What kernel and card lost is counted. One thread at a time; the structure owns the
 * interfaces and their buffers.
 *
 * Weakness: in immediate mode Linux gives each packet in its buffer the room of the
 * longest (about a thousand fit 64 MiB), so a busy port is better without it. Packets of two interfaces that come at the same moment may change places;
 * nobody waits for a slower one.
 */
struct tw_live;

#define TW_LIVE_INTERFACES 64u /* at once */

struct tw_live_settings {
	size_t snap_bytes;
	size_t buffer_bytes; /* of the kernel, for each interface */
	bool promiscuous;
	bool immediate; /* else up to a tenth of a second later, with room for more packets */
	const char *filter; /* as pcap-filter(7); or NULL */
};
/* What the configuration says, without a filter. */
struct tw_live_settings tw_live_settings(const struct tw_config *config);

/* Of one interface since it was opened. */
struct tw_live_counts {
	const char *name;
	uint64_t packets;	    /* handed on */
	uint64_t kernel_dropped;    /* the buffer was full */
	uint64_t interface_dropped; /* by the card or its driver, where it tells */
	bool ended;		    /* it is gone */
};

int tw_live_create(const struct tw_live_settings *settings, struct tw_live **ret_live);
void tw_live_close(struct tw_live *live);
/* Opens one interface more. On failure `reason` names it and the cause, in one line. */
int tw_live_add(struct tw_live *live, const char *name, struct tw_buffer *reason);
/*
 * Waits at most so many milliseconds. 1: a packet, good until the next call; 0: none
 * came, or a signal did; TW_ERROR_IO: an interface is gone, and tw_live_problem() says
 * which; the others can be read on; TW_ERROR_NOT_FOUND: no interface is left.
 */
int tw_live_next(struct tw_live *live, int milliseconds, struct tw_packet *ret_packet);
/*
 * From now on only what came before is handed out: it waits in the kernel, for a tenth of a second at most where packets
 * are not taken at once. Then there is no interface left.
 */
void tw_live_stop(struct tw_live *live);
/* The interface of the packet that was handed out last. */
const char *tw_live_interface(const struct tw_live *live);
const char *tw_live_problem(struct tw_live *live);
/* The counts of the interfaces in the order in which they were added. False: there are no more. */
bool tw_live_counts(struct tw_live *live, unsigned index, struct tw_live_counts *ret_counts);

#endif
