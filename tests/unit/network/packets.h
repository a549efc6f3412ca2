/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TESTS_PACKETS_H
#define TW_TESTS_PACKETS_H

/*
 * Packets and captures for tests, made by hand from the standards and by no library:
 * headers are put in front of a payload, innermost first, with their lengths and
 * checksums. The buffer is the caller's. Everything is static inline, any thread.
 */
#include "base/buffer.h"
#include "base/packet.h"

/* A payload that grows to the front. */
struct made {
	unsigned char bytes[70000];
	size_t at; /* where it begins */
};

static inline void made_begin(struct made *made, struct tw_slice payload)
{
	made->at = sizeof(made->bytes) - payload.length;
	if (payload.length > 0)
		memcpy(made->bytes + made->at, payload.data, payload.length);
}

static inline struct tw_slice made_slice(const struct made *made)
{
	return tw_slice((const char *)made->bytes + made->at, sizeof(made->bytes) - made->at);
}

static inline unsigned char *made_front(struct made *made, size_t length)
{
	made->at -= length;
	memset(made->bytes + made->at, 0, length);
	return made->bytes + made->at;
}

static inline void made_16(unsigned char *at, unsigned value)
{
	at[0] = (unsigned char)(value >> 8);
	at[1] = (unsigned char)value;
}

static inline void made_32(unsigned char *at, uint32_t value)
{
	made_16(at, value >> 16);
	made_16(at + 2, value & 0xffff);
}

/* RFC 1071, word by word. */
static inline unsigned made_sum(unsigned sum, const unsigned char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		sum += i % 2 == 0 ? (unsigned)bytes[i] << 8 : bytes[i];
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* An end of a connection: 10.0.0.N, or 2001:db8::N, and a port. */
struct made_end {
	bool ipv6;
	unsigned char host;
	unsigned port;
};

static inline size_t made_address(const struct made_end *end, unsigned char bytes[16])
{
	static const unsigned char four[4] = {10, 0, 0, 0};
	static const unsigned char six[16] = {0x20, 0x01, 0x0d, 0xb8};
	size_t length = end->ipv6 ? 16 : 4;
	memcpy(bytes, end->ipv6 ? six : four, length);
	bytes[length - 1] = end->host;
	return length;
}

static inline unsigned made_transport_sum(const struct made *made, const struct made_end *from,
					  const struct made_end *to, unsigned protocol)
{
	unsigned char address[16], rest[8] = {0};
	struct tw_slice all = made_slice(made);
	size_t length = made_address(from, address);
	unsigned sum = made_sum(0, address, length);
	made_address(to, address);
	sum = made_sum(sum, address, length);
	made_32(rest, (uint32_t)all.length);
	rest[7] = (unsigned char)protocol;
	return made_sum(made_sum(sum, rest, 8), (const unsigned char *)all.data, all.length);
}

struct made_tcp {
	struct made_end from, to;
	uint32_t sequence, acknowledgement;
	unsigned flags, window, urgent;
	unsigned scale; /* of the window; 0: no option */
};

static inline void made_tcp(struct made *made, const struct made_tcp *tcp)
{
	unsigned header = tcp->scale > 0 ? 24 : 20;
	unsigned char *at = made_front(made, header);
	made_16(at, tcp->from.port);
	made_16(at + 2, tcp->to.port);
	made_32(at + 4, tcp->sequence);
	made_32(at + 8, tcp->acknowledgement);
	at[12] = (unsigned char)(header << 2);
	at[13] = (unsigned char)tcp->flags;
	made_16(at + 14, tcp->window);
	made_16(at + 18, tcp->urgent);
	if (tcp->scale > 0) {
		at[20] = 1;
		at[21] = 3;
		at[22] = 3;
		at[23] = (unsigned char)tcp->scale;
	}
	made_16(at + 16, ~made_transport_sum(made, &tcp->from, &tcp->to, 6) & 0xffff);
}

static inline void made_udp(struct made *made, const struct made_end *from,
			    const struct made_end *to)
{
	size_t length = made_slice(made).length + 8;
	unsigned char *at = made_front(made, 8);
	made_16(at, from->port);
	made_16(at + 2, to->port);
	made_16(at + 4, (unsigned)length);
	made_16(at + 6, ~made_transport_sum(made, from, to, 17) & 0xffff);
}

/* `place`: the field with flags and fragment offset. */
static inline void made_ipv4_part(struct made *made, const struct made_end *from,
				  const struct made_end *to, unsigned protocol, unsigned id,
				  unsigned place)
{
	size_t length = made_slice(made).length + 20;
	unsigned char *at = made_front(made, 20), address[16];
	at[0] = 0x45;
	made_16(at + 2, (unsigned)length);
	made_16(at + 4, id);
	made_16(at + 6, place);
	at[8] = 64;
	at[9] = (unsigned char)protocol;
	made_address(from, address);
	memcpy(at + 12, address, 4);
	made_address(to, address);
	memcpy(at + 16, address, 4);
	made_16(at + 10, ~made_sum(0, at, 20) & 0xffff);
}

static inline void made_ip(struct made *made, const struct made_end *from,
			   const struct made_end *to, unsigned protocol)
{
	size_t length = made_slice(made).length;
	unsigned char *at, address[16];
	if (!from->ipv6) {
		made_ipv4_part(made, from, to, protocol, 0, 0x4000);
		return;
	}
	at = made_front(made, 40);
	at[0] = 0x60;
	made_16(at + 4, (unsigned)length);
	at[6] = (unsigned char)protocol;
	at[7] = 64;
	made_address(from, address);
	memcpy(at + 8, address, 16);
	made_address(to, address);
	memcpy(at + 24, address, 16);
}

static inline void made_ethernet(struct made *made, unsigned type)
{
	unsigned char *at = made_front(made, 14);
	at[0] = at[6] = 2;
	at[5] = 1;
	at[11] = 2;
	made_16(at + 12, type);
}

static inline unsigned made_type(const struct made_end *end)
{
	return end->ipv6 ? 0x86dd : 0x0800;
}

/* A header that is said in hexadecimal: "8100 0005". Blanks mean nothing. */
static inline void made_hex(struct made *made, const char *hex)
{
	unsigned char bytes[256];
	size_t count = 0, digits = 0;
	for (; *hex != '\0'; hex++) {
		unsigned digit = *hex >= 'a' ? (unsigned)(*hex - 'a') + 10 : (unsigned)(*hex - '0');
		if (*hex == ' ')
			continue;
		bytes[count] = (unsigned char)(digits % 2 == 0 ? digit << 4 : bytes[count] | digit);
		count += digits++ % 2;
	}
	memcpy(made_front(made, count), bytes, count);
}

/* A whole TCP segment down to Ethernet. */
static inline struct tw_slice made_segment(struct made *made, const struct made_tcp *tcp,
					   struct tw_slice payload)
{
	made_begin(made, payload);
	made_tcp(made, tcp);
	made_ip(made, &tcp->from, &tcp->to, 6);
	made_ethernet(made, made_type(&tcp->from));
	return made_slice(made);
}

/* How a capture is written. */
struct made_capture {
	bool big_endian, nano;
	uint32_t link_type;
};

static inline void capture_32(struct tw_buffer *out, const struct made_capture *how, uint32_t value)
{
	unsigned char bytes[4];
	made_32(bytes, how->big_endian ? value : __builtin_bswap32(value));
	tw_buffer_append(out, bytes, 4);
}

static inline void capture_16(struct tw_buffer *out, const struct made_capture *how, unsigned value)
{
	unsigned char bytes[2];
	made_16(bytes, how->big_endian ? value : __builtin_bswap16((uint16_t)value));
	tw_buffer_append(out, bytes, 2);
}

static inline void pcap_begin(struct tw_buffer *out, const struct made_capture *how)
{
	capture_32(out, how, how->nano ? 0xa1b23c4d : 0xa1b2c3d4);
	capture_16(out, how, 2);
	capture_16(out, how, 4);
	capture_32(out, how, 0);
	capture_32(out, how, 0);
	capture_32(out, how, 262144);
	capture_32(out, how, how->link_type);
}

/* `parts`: micro- or nanoseconds. */
static inline void pcap_packet(struct tw_buffer *out, const struct made_capture *how,
			       uint32_t seconds, uint32_t parts, struct tw_slice bytes)
{
	capture_32(out, how, seconds);
	capture_32(out, how, parts);
	capture_32(out, how, (uint32_t)bytes.length);
	capture_32(out, how, (uint32_t)bytes.length);
	tw_buffer_append_slice(out, bytes);
}

/* A block around its body, which is filled to four bytes. */
static inline void pcapng_block(struct tw_buffer *out, const struct made_capture *how,
				uint32_t type, struct tw_slice body)
{
	uint32_t filled = ((uint32_t)body.length + 3) & ~3u;
	capture_32(out, how, type);
	capture_32(out, how, filled + 12);
	tw_buffer_append_slice(out, body);
	tw_buffer_append(out, "\0\0\0", filled - body.length);
	capture_32(out, how, filled + 12);
}

static inline void pcapng_begin(struct tw_buffer *out, const struct made_capture *how)
{
	struct tw_buffer body = {0};
	capture_32(&body, how, 0x1a2b3c4d);
	capture_16(&body, how, 1);
	capture_16(&body, how, 0);
	capture_32(&body, how, 0xffffffff);
	capture_32(&body, how, 0xffffffff);
	pcapng_block(out, how, 0x0a0d0d0a, tw_buffer_slice(&body));
	tw_buffer_free(&body);
}

/* `resolution`: the option's byte; 6 is the default, microseconds. */
static inline void pcapng_interface(struct tw_buffer *out, const struct made_capture *how,
				    unsigned resolution)
{
	struct tw_buffer body = {0};
	capture_16(&body, how, how->link_type);
	capture_16(&body, how, 0);
	capture_32(&body, how, 0);
	capture_16(&body, how, 9);
	capture_16(&body, how, 1);
	tw_buffer_append_byte(&body, (char)resolution);
	tw_buffer_append(&body, "\0\0\0\0\0\0\0", 7);
	pcapng_block(out, how, 1, tw_buffer_slice(&body));
	tw_buffer_free(&body);
}

static inline void pcapng_packet(struct tw_buffer *out, const struct made_capture *how,
				 uint32_t interface, uint64_t stamp, struct tw_slice bytes)
{
	struct tw_buffer body = {0};
	capture_32(&body, how, interface);
	capture_32(&body, how, (uint32_t)(stamp >> 32));
	capture_32(&body, how, (uint32_t)stamp);
	capture_32(&body, how, (uint32_t)bytes.length);
	capture_32(&body, how, (uint32_t)bytes.length);
	tw_buffer_append_slice(&body, bytes);
	pcapng_block(out, how, 6, tw_buffer_slice(&body));
	tw_buffer_free(&body);
}

#endif
