/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_NETWORK_DECODE_H
#define TW_NETWORK_DECODE_H

#include "base/packet.h"
#include "network/tap.h"

/*
 * From a packet's link layer to its innermost TCP segment, header by header and without
 * recursion: tags, labels, tunnels, extension headers. Where a fragment is met the
 * decoder stops, and goes on with tw_decode_datagram() once it is whole. Pure but for
 * the structure it fills; any thread.
 *
 * Weakness: of nested IP headers only the innermost addresses are told. UDP is decoded
 * for tunnels alone, and those are known by their port.
 */
enum tw_decoded {
	TW_DECODED_TCP,
	TW_DECODED_FRAGMENT,
	TW_DECODED_OTHER,	/* well formed, and nothing for us */
	TW_DECODED_NO_LINK,	/* the link type is not known */
	TW_DECODED_TRUNCATED,	/* the capture has not the whole header */
	TW_DECODED_MALFORMED,	/* a header breaks its rules */
	TW_DECODED_TOO_DEEP,	/* more headers than network.layers, or more than three tags */
	TW_DECODED_UNSUPPORTED, /* a variant that is not read */
	TW_DECODED_CHECKSUM,	/* wrong, and refused */
};

struct tw_fragment {
	uint32_t id;
	uint32_t offset; /* in bytes */
	bool more;
	bool ipv6;
};

/* A TCP header; the payload is in the layers. */
struct tw_segment {
	uint32_t sequence, acknowledgement;
	uint16_t window, urgent;
	uint16_t source_port, destination_port;
	uint8_t flags;	  /* TW_TCP_ */
	uint8_t scale;	  /* of the window; 255: no such option */
	uint32_t length;  /* of the payload on the wire */
	struct tw_slice payload; /* shorter where the capture cut it */
	struct tw_slice bytes;	 /* the header and the payload */
};

#define TW_TCP_FIN 0x01u
#define TW_TCP_SYN 0x02u
#define TW_TCP_RST 0x04u
#define TW_TCP_ACK 0x10u
#define TW_TCP_URG 0x20u
#define TW_TCP_NO_SCALE 255u

struct tw_layers {
	struct tw_slice bytes; /* not decoded yet */
	size_t wire;	       /* how many they were on the wire; never fewer */
	unsigned next;	       /* the layer they begin with, private */
	unsigned depth;
	uint16_t vlan[3];
	uint8_t vlan_count;
	uint8_t protocol;      /* of the innermost IP header */
	bool unverified;       /* a routing header hides the address that the checksum is over */
	bool offloaded;	       /* a checksum was left to the card */
	struct tw_address source, destination;
	struct tw_fragment fragment;
	struct tw_segment segment;
};

struct tw_decode_settings {
	enum tw_tap_checksums checksums;
	unsigned layers;
	bool later; /* the checksum of TCP is left to tw_decode_verify() */
};

enum tw_decoded tw_decode_packet(const struct tw_decode_settings *settings,
				 const struct tw_packet *packet, struct tw_layers *ret_layers);
/* Goes on behind a fragment's IP header with all of the datagram. */
enum tw_decoded tw_decode_datagram(const struct tw_decode_settings *settings,
				   struct tw_slice datagram, struct tw_layers *layers);
/* Looks at the checksum of a segment that was decoded without: TW_DECODED_TCP, or TW_DECODED_CHECKSUM. */
enum tw_decoded tw_decode_verify(const struct tw_decode_settings *settings,
				 struct tw_layers *layers);
/* Why a packet was not decoded, in words. */
const char *tw_decoded_text(enum tw_decoded decoded);

#endif
