/* SPDX-License-Identifier: Apache-2.0 */
/* Tunnels: GRE (RFC 2784, 2890, 2637), ERSPAN, EtherIP (RFC 3378), VXLAN (RFC 7348), GENEVE (RFC 8926). */
#include "network/decode_private.h"

#define GRE_CHECKSUM 0x8000u
#define GRE_ROUTING 0x4000u
#define GRE_KEY 0x2000u
#define GRE_SEQUENCE 0x1000u
#define GRE_ACKNOWLEDGEMENT 0x0080u
#define GRE_VERSION 0x0007u

static size_t gre_length(unsigned flags)
{
	size_t length = 4;
	length += (flags & GRE_CHECKSUM) != 0 ? 4 : 0;
	length += (flags & GRE_KEY) != 0 ? 4 : 0;
	length += (flags & GRE_SEQUENCE) != 0 ? 4 : 0;
	length += (flags & GRE_VERSION) == 1 && (flags & GRE_ACKNOWLEDGEMENT) != 0 ? 4 : 0;
	return length;
}

/* ERSPAN I has neither sequence number nor header of its own. */
static unsigned by_gre_type(unsigned type, unsigned flags)
{
	switch (type) {
	case 0x880b: return LAYER_PPP;
	case 0x88be: return (flags & GRE_SEQUENCE) != 0 ? LAYER_ERSPAN2 : LAYER_ETHERNET;
	case 0x22eb: return LAYER_ERSPAN3;
	default: return tw_layer_by_ethertype(type);
	}
}

unsigned tw_layer_gre(const struct tw_decode_settings *settings, struct tw_layers *layers)
{
	unsigned flags = tw_be16(layers->bytes, 0), type = tw_be16(layers->bytes, 2);
	(void)settings;
	if (layers->bytes.length < 4)
		return too_short(layers);
	if ((flags & GRE_ROUTING) != 0 || (flags & GRE_VERSION) > 1)
		return END(UNSUPPORTED);
	if (!take(layers, gre_length(flags)))
		return too_short(layers);
	if (layers->wire == 0) /* a keep-alive, or PPTP's bare acknowledgement */
		return END(OTHER);
	return by_gre_type(type, flags);
}

unsigned tw_layer_erspan2(const struct tw_decode_settings *settings, struct tw_layers *layers)
{
	(void)settings;
	return take(layers, 8) ? LAYER_ETHERNET : too_short(layers);
}

/* The last bit announces a platform header of eight bytes more. */
unsigned tw_layer_erspan3(const struct tw_decode_settings *settings, struct tw_layers *layers)
{
	bool more = (tw_byte(layers->bytes, 11) & 1) != 0;
	(void)settings;
	return take(layers, more ? 20 : 12) ? LAYER_ETHERNET : too_short(layers);
}

unsigned tw_layer_etherip(const struct tw_decode_settings *settings, struct tw_layers *layers)
{
	unsigned version = tw_byte(layers->bytes, 0) >> 4;
	(void)settings;
	if (!take(layers, 2))
		return too_short(layers);
	return version == 3 ? LAYER_ETHERNET : END(OTHER);
}

/* The port alone is no proof: without the flag it is somebody else's datagram. */
unsigned tw_layer_vxlan(const struct tw_decode_settings *settings, struct tw_layers *layers)
{
	unsigned flags = tw_byte(layers->bytes, 0);
	(void)settings;
	if (!take(layers, 8))
		return too_short(layers);
	return (flags & 0x08) != 0 ? LAYER_ETHERNET : END(OTHER);
}

unsigned tw_layer_geneve(const struct tw_decode_settings *settings, struct tw_layers *layers)
{
	struct tw_slice head = layers->bytes;
	(void)settings;
	if (!take(layers, 8 + (size_t)(tw_byte(head, 0) & 0x3f) * 4))
		return too_short(layers);
	return tw_byte(head, 0) >> 6 == 0 ? tw_layer_by_ethertype(tw_be16(head, 2)) : END(OTHER);
}
