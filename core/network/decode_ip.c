/* SPDX-License-Identifier: Apache-2.0 */
/* IPv4 (RFC 791), IPv6 (RFC 8200) with its extension headers, TCP (RFC 9293). */
#include "network/checksum.h"
#include "network/decode_private.h"

unsigned tw_layer_by_protocol(unsigned protocol)
{
	switch (protocol) {
	case 0: case 60: case 135: case 139: case 140: return LAYER_HOP;
	case 4: return LAYER_IPV4;
	case 6: return LAYER_TCP;
	case 17: return LAYER_UDP;
	case 41: return LAYER_IPV6;
	case 43: return LAYER_ROUTING;
	case 44: return LAYER_FRAGMENT;
	case 47: return LAYER_GRE;
	case 51: return LAYER_AUTHENTICATION;
	case 97: return LAYER_ETHERIP;
	case 137: return LAYER_MPLS;
	default: return END(OTHER);
	}
}

/* IPv6's extension headers mean nothing in IPv4. */
static unsigned by_protocol_of_ipv4(unsigned protocol)
{
	unsigned next = tw_layer_by_protocol(protocol);
	return next == LAYER_HOP || next == LAYER_ROUTING || next == LAYER_FRAGMENT ? END(OTHER)
										    : next;
}

unsigned tw_layer_ip(const struct tw_decode_settings *settings, struct tw_layers *layers)
{
	(void)settings;
	if (layers->bytes.length == 0)
		return too_short(layers);
	unsigned version = tw_byte(layers->bytes, 0) >> 4;
	return version == 4 ? LAYER_IPV4 : version == 6 ? LAYER_IPV6 : END(MALFORMED);
}

static void set_addresses(struct tw_layers *layers, struct tw_slice source,
			  struct tw_slice destination)
{
	layers->unverified = false;
	layers->source = layers->destination = (struct tw_address){.length = 0};
	memcpy(layers->source.bytes, source.data, source.length);
	memcpy(layers->destination.bytes, destination.data, destination.length);
	layers->source.length = (uint8_t)source.length;
	layers->destination.length = (uint8_t)destination.length;
}

/* Whether a header's checksum is right, or was left to the card: 0 then. */
static bool header_is_right(const struct tw_decode_settings *settings, struct tw_layers *layers,
			    struct tw_slice header)
{
	if (settings->checksums == TW_CHECKSUMS_NO ||
	    tw_checksum_fold(tw_checksum_add(0, header)) == 0xffff)
		return true;
	if (settings->checksums != TW_CHECKSUMS_AUTO || tw_be16(header, 10) != 0)
		return false;
	layers->offloaded = true;
	return true;
}

/* A total length of 0 is what segmentation offloading leaves: all that is there. */
unsigned tw_layer_ipv4(const struct tw_decode_settings *settings, struct tw_layers *layers)
{
	struct tw_slice head = layers->bytes;
	size_t header = (size_t)(tw_byte(head, 0) & 15) * 4;
	size_t total = tw_be16(head, 2);
	if (head.length < 20)
		return too_short(layers);
	if (total == 0)
		total = layers->wire;
	if (tw_byte(head, 0) >> 4 != 4 || header < 20 || header > total)
		return END(MALFORMED);
	limit(layers, total);
	if (!take(layers, header))
		return too_short(layers);
	if (!header_is_right(settings, layers, tw_slice_part(head, 0, header)))
		return END(CHECKSUM);
	set_addresses(layers, tw_slice_part(head, 12, 4), tw_slice_part(head, 16, 4));
	layers->protocol = tw_byte(head, 9);
	unsigned fragment = tw_be16(head, 6);
	if ((fragment & 0x3fff) == 0)
		return by_protocol_of_ipv4(layers->protocol);
	layers->fragment = (struct tw_fragment){
		.id = tw_be16(head, 4),
		.offset = (fragment & 0x1fff) * 8,
		.more = (fragment & 0x2000) != 0,
	};
	return END(FRAGMENT);
}

unsigned tw_layer_ipv6(const struct tw_decode_settings *settings, struct tw_layers *layers)
{
	struct tw_slice head = layers->bytes;
	size_t length = tw_be16(head, 4);
	(void)settings;
	if (!take(layers, 40))
		return too_short(layers);
	if (tw_byte(head, 0) >> 4 != 6)
		return END(MALFORMED);
	if (length > 0) /* 0: a jumbogram, or segmentation offloading */
		limit(layers, length);
	set_addresses(layers, tw_slice_part(head, 8, 16), tw_slice_part(head, 24, 16));
	layers->protocol = tw_byte(head, 6);
	return tw_layer_by_protocol(layers->protocol);
}

static unsigned take_extension(struct tw_layers *layers, size_t length)
{
	unsigned protocol = tw_byte(layers->bytes, 0);
	if (layers->bytes.length < 2 || !take(layers, length))
		return too_short(layers);
	layers->protocol = (uint8_t)protocol;
	return tw_layer_by_protocol(protocol);
}

unsigned tw_layer_hop(const struct tw_decode_settings *settings, struct tw_layers *layers)
{
	(void)settings;
	return take_extension(layers, ((size_t)tw_byte(layers->bytes, 1) + 1) * 8);
}

/* While segments are left, the checksum is over the last address of the header. */
unsigned tw_layer_routing(const struct tw_decode_settings *settings, struct tw_layers *layers)
{
	(void)settings;
	if (tw_byte(layers->bytes, 3) != 0)
		layers->unverified = true;
	return take_extension(layers, ((size_t)tw_byte(layers->bytes, 1) + 1) * 8);
}

/* RFC 4302: its length is in words of four bytes, less two. */
unsigned tw_layer_authentication(const struct tw_decode_settings *settings,
				 struct tw_layers *layers)
{
	(void)settings;
	return take_extension(layers, ((size_t)tw_byte(layers->bytes, 1) + 2) * 4);
}

/* A fragment that is all of its datagram is none (RFC 6946). */
unsigned tw_layer_fragment(const struct tw_decode_settings *settings, struct tw_layers *layers)
{
	unsigned place = tw_be16(layers->bytes, 2);
	uint32_t id = tw_be32(layers->bytes, 4);
	(void)settings;
	unsigned next = take_extension(layers, 8);
	if ((place & 0xfff9) == 0 || next == END(TRUNCATED) || next == END(MALFORMED))
		return next;
	layers->fragment = (struct tw_fragment){
		.id = id,
		.offset = place & 0xfff8,
		.more = (place & 1) != 0,
		.ipv6 = true,
	};
	return END(FRAGMENT);
}

/*
 * A sender that leaves the checksum to its card writes the sum of the pseudo-header
 * in its place, not inverted; so do packets that the receiver's stack has merged.
 */
static bool transport_is_right(const struct tw_decode_settings *settings,
			       struct tw_layers *layers, struct tw_slice bytes, size_t wire,
			       size_t at)
{
	if (settings->checksums == TW_CHECKSUMS_NO || layers->unverified || bytes.length < wire)
		return true;
	uint64_t pseudo = tw_checksum_pseudo(&layers->source, &layers->destination,
					     layers->protocol, (uint32_t)wire);
	if (tw_checksum_fold(tw_checksum_add(pseudo, bytes)) == 0xffff)
		return true;
	uint16_t left = __builtin_bswap16(tw_be16(bytes, at));
	if (settings->checksums != TW_CHECKSUMS_AUTO || left != tw_checksum_fold(pseudo))
		return false;
	layers->offloaded = true;
	return true;
}

static uint8_t find_scale(struct tw_slice options)
{
	while (options.length > 0) {
		unsigned kind = tw_byte(options, 0), length = tw_byte(options, 1);
		if (kind == 0)
			break;
		if (kind == 3 && length == 3 && options.length >= 3) /* RFC 7323: at most 14 */
			return tw_byte(options, 2) > 14 ? 14 : tw_byte(options, 2);
		if (kind != 1 && length < 2)
			break;
		options = tw_slice_from(options, kind == 1 ? 1 : length);
	}
	return TW_TCP_NO_SCALE;
}

unsigned tw_layer_tcp(const struct tw_decode_settings *settings, struct tw_layers *layers)
{
	struct tw_slice head = layers->bytes;
	size_t header = (size_t)(tw_byte(head, 12) >> 4) * 4;
	if (head.length < 20)
		return too_short(layers);
	if (header < 20 || header > layers->wire)
		return END(MALFORMED);
	if (!settings->later && !transport_is_right(settings, layers, head, layers->wire, 16))
		return END(CHECKSUM);
	if (!take(layers, header))
		return too_short(layers);
	layers->segment = (struct tw_segment){
		.source_port = tw_be16(head, 0),
		.destination_port = tw_be16(head, 2),
		.sequence = tw_be32(head, 4),
		.acknowledgement = tw_be32(head, 8),
		.flags = tw_byte(head, 13),
		.window = tw_be16(head, 14),
		.urgent = tw_be16(head, 18),
		.scale = (tw_byte(head, 13) & TW_TCP_SYN) == 0
				 ? TW_TCP_NO_SCALE
				 : find_scale(tw_slice_part(head, 20, header - 20)),
		.length = (uint32_t)layers->wire,
		.payload = layers->bytes,
		.bytes = head,
	};
	return END(TCP);
}

enum tw_decoded tw_decode_verify(const struct tw_decode_settings *settings,
				 struct tw_layers *layers)
{
	const struct tw_segment *segment = &layers->segment;
	size_t header = segment->bytes.length - segment->payload.length;
	bool right = transport_is_right(settings, layers, segment->bytes,
					header + segment->length, 16);
	return right ? TW_DECODED_TCP : TW_DECODED_CHECKSUM;
}

/* UDP for the tunnels that go in it; the ports are IANA's, and the one Linux had before. */
unsigned tw_layer_udp(const struct tw_decode_settings *settings, struct tw_layers *layers)
{
	struct tw_slice head = layers->bytes;
	unsigned port = tw_be16(head, 2);
	size_t length = tw_be16(head, 4);
	if (head.length < 8)
		return too_short(layers);
	if (port != 4789 && port != 8472 && port != 6081)
		return END(OTHER);
	if (length != 0 && (length < 8 || length > layers->wire))
		return END(MALFORMED);
	if (length != 0)
		limit(layers, length);
	if (tw_be16(head, 6) != 0 &&
	    !transport_is_right(settings, layers, layers->bytes, layers->wire, 6))
		return END(CHECKSUM);
	take(layers, 8);
	return port == 6081 ? LAYER_GENEVE : LAYER_VXLAN;
}
