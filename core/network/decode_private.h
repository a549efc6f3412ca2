/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_NETWORK_DECODE_PRIVATE_H
#define TW_NETWORK_DECODE_PRIVATE_H

#include "base/bytes.h"
#include "network/decode.h"

/*
 * The layers a packet is made of. Each has a function that takes its header off the
 * front and names the next; the last names are how it ends. For the decode files only.
 */
enum layer {
	LAYER_ETHERNET,
	LAYER_VLAN,
	LAYER_LLC,
	LAYER_MPLS,
	LAYER_PPPOE,
	LAYER_PPP,
	LAYER_PPP_SERIAL,
	LAYER_CISCO_HDLC,
	LAYER_LOOPBACK,
	LAYER_COOKED,
	LAYER_COOKED2,
	LAYER_NFLOG,
	LAYER_IP, /* either version */
	LAYER_IPV4,
	LAYER_IPV6,
	LAYER_HOP, /* IPv6 extension header of the common shape */
	LAYER_ROUTING,
	LAYER_AUTHENTICATION,
	LAYER_FRAGMENT, /* IPv6 */
	LAYER_GRE,
	LAYER_ERSPAN2,
	LAYER_ERSPAN3,
	LAYER_ETHERIP,
	LAYER_UDP,
	LAYER_VXLAN,
	LAYER_GENEVE,
	LAYER_TCP,
	LAYER_COUNT,
	/* LAYER_END + an enum tw_decoded */
	LAYER_END = 64,
};

#define END(how) (LAYER_END + (unsigned)TW_DECODED_##how)

typedef unsigned layer_function(const struct tw_decode_settings *settings,
				struct tw_layers *layers);

layer_function tw_layer_ethernet, tw_layer_vlan, tw_layer_llc, tw_layer_mpls, tw_layer_pppoe,
	tw_layer_ppp, tw_layer_ppp_serial, tw_layer_cisco_hdlc, tw_layer_loopback, tw_layer_cooked,
	tw_layer_cooked2, tw_layer_nflog, tw_layer_ip, tw_layer_ipv4, tw_layer_ipv6, tw_layer_hop,
	tw_layer_routing, tw_layer_authentication, tw_layer_fragment, tw_layer_gre,
	tw_layer_erspan2, tw_layer_erspan3, tw_layer_etherip, tw_layer_udp, tw_layer_vxlan,
	tw_layer_geneve, tw_layer_tcp;

/* The layer that an EtherType, or an IP protocol, announces. */
unsigned tw_layer_by_ethertype(unsigned type);
unsigned tw_layer_by_protocol(unsigned protocol);

/* Takes a header off; false where the capture has not all of it. */
static inline bool take(struct tw_layers *layers, size_t length)
{
	if (layers->bytes.length < length)
		return false;
	layers->bytes.data += length;
	layers->bytes.length -= length;
	layers->wire -= length;
	return true;
}

/* What is too short: cut by the capture, or sent so. */
static inline unsigned too_short(const struct tw_layers *layers)
{
	return layers->bytes.length < layers->wire ? END(TRUNCATED) : END(MALFORMED);
}

/* A length field ends the layer; what is behind is padding. */
static inline void limit(struct tw_layers *layers, size_t length)
{
	layers->wire = length;
	if (layers->bytes.length > length)
		layers->bytes.length = length;
}

#endif
