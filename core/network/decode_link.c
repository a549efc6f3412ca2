/* SPDX-License-Identifier: Apache-2.0 */
/* Link layers, tags and labels: IEEE 802.1Q, RFC 3032, 2516, 1661, 1547, and the pseudo-headers of libpcap. */
#include "network/decode_private.h"

#define VLANS 3u

unsigned tw_layer_by_ethertype(unsigned type)
{
	switch (type) {
	case 0x0800: return LAYER_IPV4;
	case 0x86dd: return LAYER_IPV6;
	case 0x8100: case 0x88a8: case 0x9100: case 0x9200: return LAYER_VLAN;
	case 0x8847: case 0x8848: return LAYER_MPLS;
	case 0x8864: return LAYER_PPPOE;
	case 0x6558: return LAYER_ETHERNET; /* transparent Ethernet bridging */
	default: return END(OTHER);
	}
}

/* Below 0x600 it is the length of an IEEE 802.3 frame with LLC. */
static unsigned by_type_or_length(struct tw_layers *layers, unsigned type)
{
	if (type >= 0x600)
		return tw_layer_by_ethertype(type);
	if (type < layers->wire)
		limit(layers, type);
	return LAYER_LLC;
}

unsigned tw_layer_ethernet(const struct tw_decode_settings *settings, struct tw_layers *layers)
{
	unsigned type = tw_be16(layers->bytes, 12);
	(void)settings;
	if (!take(layers, 14))
		return too_short(layers);
	return by_type_or_length(layers, type);
}

unsigned tw_layer_vlan(const struct tw_decode_settings *settings, struct tw_layers *layers)
{
	unsigned tag = tw_be16(layers->bytes, 0), type = tw_be16(layers->bytes, 2);
	(void)settings;
	if (!take(layers, 4))
		return too_short(layers);
	if (layers->vlan_count == VLANS)
		return END(TOO_DEEP);
	layers->vlan[layers->vlan_count++] = tag & 0x0fff;
	return by_type_or_length(layers, type);
}

/* SNAP carries an EtherType; other LLC carries nothing for us. */
unsigned tw_layer_llc(const struct tw_decode_settings *settings, struct tw_layers *layers)
{
	static const char snap[] = {'\xaa', '\xaa', 3, 0, 0, 0};
	unsigned type = tw_be16(layers->bytes, 6);
	(void)settings;
	if (!tw_slice_starts(layers->bytes, tw_slice(snap, sizeof(snap))))
		return END(OTHER);
	if (!take(layers, 8))
		return too_short(layers);
	return tw_layer_by_ethertype(type);
}

/* Whether a frame begins there whose EtherType we know. */
static bool frame_at(struct tw_slice bytes, size_t at)
{
	return tw_layer_by_ethertype(tw_be16(bytes, at + 12)) != END(OTHER);
}

/*
 * One label. What is below the last one its first four bits tell (RFC 4928), unless it
 * is Ethernet: that has a control word in front (RFC 4448), or has not.
 */
unsigned tw_layer_mpls(const struct tw_decode_settings *settings, struct tw_layers *layers)
{
	bool bottom = (tw_byte(layers->bytes, 2) & 1) != 0;
	(void)settings;
	if (!take(layers, 4))
		return too_short(layers);
	if (!bottom)
		return LAYER_MPLS;
	switch (tw_byte(layers->bytes, 0) >> 4) {
	case 4: return LAYER_IPV4;
	case 6: return LAYER_IPV6;
	default: break;
	}
	if (tw_byte(layers->bytes, 0) >> 4 == 0 && frame_at(layers->bytes, 4)) {
		take(layers, 4);
		return LAYER_ETHERNET;
	}
	return frame_at(layers->bytes, 0) ? LAYER_ETHERNET : END(OTHER);
}

unsigned tw_layer_pppoe(const struct tw_decode_settings *settings, struct tw_layers *layers)
{
	struct tw_slice head = layers->bytes;
	(void)settings;
	if (!take(layers, 6))
		return too_short(layers);
	if (tw_byte(head, 0) != 0x11 || tw_be16(head, 4) > layers->wire)
		return END(MALFORMED);
	if (tw_byte(head, 1) != 0)
		return END(OTHER); /* discovery */
	limit(layers, tw_be16(head, 4));
	return LAYER_PPP;
}

/* Address and control may be left out, and the protocol be one odd byte (RFC 1661 6.5, 6.6). */
unsigned tw_layer_ppp(const struct tw_decode_settings *settings, struct tw_layers *layers)
{
	(void)settings;
	if (tw_be16(layers->bytes, 0) == 0xff03)
		take(layers, 2);
	bool odd = (tw_byte(layers->bytes, 0) & 1) != 0;
	unsigned protocol = odd ? tw_byte(layers->bytes, 0) : tw_be16(layers->bytes, 0);
	if (!take(layers, odd ? 1 : 2))
		return too_short(layers);
	switch (protocol) {
	case 0x0021: return LAYER_IPV4;
	case 0x0057: return LAYER_IPV6;
	case 0x0281: return LAYER_MPLS;
	default: return END(OTHER);
	}
}

/* Cisco's HDLC begins with 0f or 8f and has an EtherType. */
unsigned tw_layer_ppp_serial(const struct tw_decode_settings *settings, struct tw_layers *layers)
{
	(void)settings;
	unsigned first = tw_byte(layers->bytes, 0);
	return first == 0x0f || first == 0x8f ? LAYER_CISCO_HDLC : LAYER_PPP;
}

unsigned tw_layer_cisco_hdlc(const struct tw_decode_settings *settings, struct tw_layers *layers)
{
	unsigned type = tw_be16(layers->bytes, 2);
	(void)settings;
	if (!take(layers, 4))
		return too_short(layers);
	return tw_layer_by_ethertype(type);
}

/*
 * An address family in the byte order of the machine that captured. IPv4 is 2
 * everywhere, IPv6 is 10, 23, 24, 28 or 30: the IP header tells better.
 */
unsigned tw_layer_loopback(const struct tw_decode_settings *settings, struct tw_layers *layers)
{
	uint32_t family = tw_le32(layers->bytes, 0);
	(void)settings;
	if (family > 0xffff)
		family = tw_be32(layers->bytes, 0);
	if (!take(layers, 4))
		return too_short(layers);
	switch (family) {
	case 2: case 10: case 23: case 24: case 28: case 30: return LAYER_IP;
	default: return END(OTHER);
	}
}

unsigned tw_layer_cooked(const struct tw_decode_settings *settings, struct tw_layers *layers)
{
	unsigned type = tw_be16(layers->bytes, 14);
	(void)settings;
	if (!take(layers, 16))
		return too_short(layers);
	return type == 4 ? LAYER_LLC : tw_layer_by_ethertype(type);
}

unsigned tw_layer_cooked2(const struct tw_decode_settings *settings, struct tw_layers *layers)
{
	unsigned type = tw_be16(layers->bytes, 0);
	(void)settings;
	if (!take(layers, 20))
		return too_short(layers);
	return type == 4 ? LAYER_LLC : tw_layer_by_ethertype(type);
}

#define NFLOG_PAYLOAD 9u

static unsigned nflog_u16(struct tw_slice bytes, size_t at, bool big)
{
	unsigned value = tw_be16(bytes, at);
	return big ? value : (value >> 8 | (value & 0xff) << 8);
}

/* Where the payload begins, and its length; false: none in this byte order. */
static bool find_payload(struct tw_slice bytes, bool big, size_t *ret_at, size_t *ret_length)
{
	size_t at = 4;
	while (at < bytes.length && bytes.length - at >= 4) {
		size_t length = nflog_u16(bytes, at, big);
		if (length < 4)
			return false;
		if (nflog_u16(bytes, at + 2, big) == NFLOG_PAYLOAD) {
			*ret_at = at + 4;
			*ret_length = length - 4;
			return true;
		}
		at += (length + 3) & ~(size_t)3;
	}
	return false;
}

/* Attributes of length, type, value in the byte order of the machine that captured. */
unsigned tw_layer_nflog(const struct tw_decode_settings *settings, struct tw_layers *layers)
{
	size_t at, length;
	(void)settings;
	if (layers->bytes.length < 4)
		return too_short(layers);
	if (!find_payload(layers->bytes, false, &at, &length) &&
	    !find_payload(layers->bytes, true, &at, &length))
		return layers->bytes.length < layers->wire ? END(TRUNCATED) : END(OTHER);
	if (length > layers->wire - at)
		return END(MALFORMED);
	take(layers, at);
	limit(layers, length);
	return LAYER_IP;
}
