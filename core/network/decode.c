/* SPDX-License-Identifier: Apache-2.0 */
#include "network/decode_private.h"

static layer_function *const LAYERS[LAYER_COUNT] = {
	[LAYER_ETHERNET] = tw_layer_ethernet,
	[LAYER_VLAN] = tw_layer_vlan,
	[LAYER_LLC] = tw_layer_llc,
	[LAYER_MPLS] = tw_layer_mpls,
	[LAYER_PPPOE] = tw_layer_pppoe,
	[LAYER_PPP] = tw_layer_ppp,
	[LAYER_PPP_SERIAL] = tw_layer_ppp_serial,
	[LAYER_CISCO_HDLC] = tw_layer_cisco_hdlc,
	[LAYER_LOOPBACK] = tw_layer_loopback,
	[LAYER_COOKED] = tw_layer_cooked,
	[LAYER_COOKED2] = tw_layer_cooked2,
	[LAYER_NFLOG] = tw_layer_nflog,
	[LAYER_IP] = tw_layer_ip,
	[LAYER_IPV4] = tw_layer_ipv4,
	[LAYER_IPV6] = tw_layer_ipv6,
	[LAYER_HOP] = tw_layer_hop,
	[LAYER_ROUTING] = tw_layer_routing,
	[LAYER_AUTHENTICATION] = tw_layer_authentication,
	[LAYER_FRAGMENT] = tw_layer_fragment,
	[LAYER_GRE] = tw_layer_gre,
	[LAYER_ERSPAN2] = tw_layer_erspan2,
	[LAYER_ERSPAN3] = tw_layer_erspan3,
	[LAYER_ETHERIP] = tw_layer_etherip,
	[LAYER_UDP] = tw_layer_udp,
	[LAYER_VXLAN] = tw_layer_vxlan,
	[LAYER_GENEVE] = tw_layer_geneve,
	[LAYER_TCP] = tw_layer_tcp,
};

static const char *const TEXTS[] = {
	[TW_DECODED_TCP] = "TCP",
	[TW_DECODED_FRAGMENT] = "a fragment",
	[TW_DECODED_OTHER] = "no TCP",
	[TW_DECODED_NO_LINK] = "its link type is not known",
	[TW_DECODED_TRUNCATED] = "the capture has not the whole header",
	[TW_DECODED_MALFORMED] = "a header breaks its rules",
	[TW_DECODED_TOO_DEEP] = "more headers than network.layers, or more than three VLAN tags",
	[TW_DECODED_UNSUPPORTED] = "a variant of a header that is not read",
	[TW_DECODED_CHECKSUM] = "its checksum is wrong",
};

const char *tw_decoded_text(enum tw_decoded decoded)
{
	return TEXTS[decoded];
}

/* The registry of link types: tcpdump.org/linktypes.html. 12 and 14 are raw IP of some systems. */
static unsigned link_layer(uint32_t link_type)
{
	switch (link_type) {
	case 0: case 108: return LAYER_LOOPBACK;
	case 1: return LAYER_ETHERNET;
	case 9: return LAYER_PPP;
	case 12: case 14: case 101: case 228: case 229: return LAYER_IP;
	case 50: return LAYER_PPP_SERIAL;
	case 51: return LAYER_PPPOE;
	case 104: return LAYER_CISCO_HDLC;
	case 113: return LAYER_COOKED;
	case 239: return LAYER_NFLOG;
	case 276: return LAYER_COOKED2;
	default: return END(NO_LINK);
	}
}

static enum tw_decoded run(const struct tw_decode_settings *settings, struct tw_layers *layers)
{
	unsigned next = layers->next;
	while (next < LAYER_END) {
		if (layers->depth++ >= settings->layers)
			return TW_DECODED_TOO_DEEP;
		next = LAYERS[next](settings, layers);
	}
	return (enum tw_decoded)(next - LAYER_END);
}

enum tw_decoded tw_decode_packet(const struct tw_decode_settings *settings,
				 const struct tw_packet *packet, struct tw_layers *ret_layers)
{
	struct tw_layers *layers = ret_layers;
	memset(layers, 0, sizeof(*layers));
	layers->bytes = packet->bytes;
	layers->wire = packet->length < packet->bytes.length ? packet->bytes.length
							     : packet->length;
	layers->next = link_layer(packet->link_type);
	return run(settings, layers);
}

enum tw_decoded tw_decode_datagram(const struct tw_decode_settings *settings,
				   struct tw_slice datagram, struct tw_layers *layers)
{
	layers->bytes = datagram;
	layers->wire = datagram.length;
	layers->next = tw_layer_by_protocol(layers->protocol);
	return run(settings, layers);
}
