/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_SOURCE_FILTER_H
#define TW_SOURCE_FILTER_H

#include "base/buffer.h"
#include "base/packet.h"

/*
 * A filter in the language of pcap-filter(7), compiled by libpcap once for each link
 * type that is met. Captures read one after the other share it. One thread at a time.
 *
 * Weakness: libpcap refuses some expressions for some link types (host names of ports
 * in NFLOG, MAC addresses in raw IP); that is known only when such a packet comes.
 */
struct tw_filter;

/* Compiles for Ethernet at once, so that a mistake is told at the start. `reason` gets one line. */
int tw_filter_create(const char *text, struct tw_filter **ret_filter, struct tw_buffer *reason);
void tw_filter_free(struct tw_filter *filter);
/* 1: the packet is wanted, 0: not, TW_ERROR_UNSUPPORTED with a reason: no such filter for its link type. */
int tw_filter_test(struct tw_filter *filter, const struct tw_packet *packet,
		   struct tw_buffer *reason);
/* The DLT_ of this system that a LINKTYPE_ of the registry is. */
int tw_filter_dlt(uint32_t link_type);
/* The other way: what libpcap calls a device's link type, as the registry does. */
uint32_t tw_filter_link_type(int dlt);

#endif
