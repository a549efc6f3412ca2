/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "network/checksum.h"
#include "network/decode.h"
#include "packets.h"

static const struct tw_decode_settings SETTINGS = {.checksums = TW_CHECKSUMS_YES, .layers = 32};
static const struct made_end FOUR[2] = {{false, 1, 40000}, {false, 2, 80}};
static const struct made_end SIX[2] = {{true, 1, 40000}, {true, 2, 80}};
/* The ends of a tunnel. */
static const struct made_end OUTER[2] = {{false, 3, 5000}, {false, 4, 4789}};

/*
 * How a segment is wrapped, from the inside out, one letter each:
 *	4 6	TCP in IPv4, IPv6		e	Ethernet with the right type
 *	i	another IPv4 around it, as protocol 4 or 41
 *	u	UDP and IPv4 around it, port 4789; g: port 6081
 *	[HEX]	a header as it is; {HEX,P}: one, and IPv4 of protocol P around it
 */
struct layer_case {
	const char *name;
	uint32_t link_type;
	const char *wrapping;
	const char *vlans;
};

static const struct layer_case CASES[] = {
	{"Ethernet", 1, "4e", ""},
	{"Ethernet, IPv6", 1, "6e", ""},
	{"one tag", 1, "4[8100 0005 0800]m", "5"},
	{"two tags, QinQ", 1, "4[88a8 0007 8100 2005 0800]m", "7 5"},
	{"three tags", 1, "6[9100 0fff 88a8 0007 8100 0005 86dd]m", "4095 7 5"},
	{"802.3 with SNAP", 1, "4[0033 aaaa03 000000 0800]m", ""},
	{"MPLS, one label", 1, "4[8847 0001 0140]m", ""},
	{"MPLS, three labels", 1, "6[8847 0001 0040 0002 0040 0003 0140]m", ""},
	{"Ethernet in MPLS", 1, "4e[8847 0001 0140 00000000]m", ""},
	{"Ethernet in MPLS, no control word", 1, "4e[8847 0001 0140]m", ""},
	{"PPPoE", 1, "4[8864 1100 0001 002d 0021]m", ""},
	{"PPPoE, IPv6", 1, "6[8864 1100 0001 0041 0057]m", ""},
	{"raw IP", 101, "4", ""},
	{"raw IP, IPv6", 101, "6", ""},
	{"raw IP of OpenBSD", 14, "4", ""},
	{"raw IPv4", 228, "4", ""},
	{"raw IPv6", 229, "6", ""},
	{"null, little-endian", 0, "4[02000000]", ""},
	{"null, big-endian, IPv6 of macOS", 0, "6[0000001e]", ""},
	{"loop", 108, "4[00000002]", ""},
	{"cooked", 113, "4[0000 0001 0006 020000000001 0000 0800]", ""},
	{"cooked, with a tag", 113, "4[0000 0001 0006 020000000001 0000 8100 0005 0800]", "5"},
	{"cooked 2", 276, "6[86dd 0000 00000002 0001 00 06 020000000001 0000]", ""},
	{"NFLOG, little-endian", 239, "4[02 00 0001 0800 0100 00000301 0600 0a00 61620000 2f00 0900]", ""},
	{"NFLOG, big-endian", 239, "4[02 00 0001 0008 0001 00000301 0006 000a 61620000 002f 0009]", ""},
	{"PPP", 9, "4[ff03 0021]", ""},
	{"PPP, compressed", 9, "6[57]", ""},
	{"PPP, serial", 50, "4[ff03 0021]", ""},
	{"Cisco HDLC", 50, "4[0f00 0800]", ""},
	{"Cisco HDLC, its own link type", 104, "6[8f00 86dd]", ""},
	{"PPPoE without Ethernet", 51, "4[1100 0001 002d 0021]", ""},
	{"IP in IP", 1, "4ie", ""},
	{"IPv6 in IPv4", 1, "6ie", ""},
	{"IP in IP in IP", 1, "4iie", ""},
	{"GRE", 1, "4{0000 0800,47}e", ""},
	{"GRE with checksum, key and number", 1, "4{b000 0800 0000 0000 00000001 00000002,47}e", ""},
	{"Ethernet in GRE", 1, "4e{0000 6558,47}e", ""},
	{"MPLS in GRE", 1, "4{0000 8847 0001 0140,47}e", ""},
	{"PPTP", 1, "4{3081 880b 0031 0001 00000001 00000002 ff03 0021,47}e", ""},
	{"ERSPAN I", 1, "4e{0000 88be,47}e", ""},
	{"ERSPAN II", 1, "4e{1000 88be 00000001 1000 0000 0000 0000,47}e", ""},
	{"ERSPAN III", 1, "4e{1000 22eb 00000001 2000 0000 0000 0000 0000 0000,47}e", ""},
	{"EtherIP", 1, "4e{3000,97}e", ""},
	{"MPLS in IP", 1, "4{0001 0140,137}e", ""},
	{"AH", 1, "4{0404 0000 00000001 00000001 000000000000000000000000,51}e", ""},
	{"VXLAN", 1, "4e[0800 0000 0000 0500]ue", ""},
	{"VXLAN with a tag within", 1, "4[8100 0009 0800]m[0800 0000 0000 0500]ue", "9"},
	{"GENEVE", 1, "4e[0000 6558 0000 0500]ge", ""},
	{"GENEVE with options, IPv6", 1, "6[0100 86dd 0000 0500 00000000]ge", ""},
};

static void wrap_ip(struct made *made, unsigned protocol)
{
	made_ip(made, &OUTER[0], &OUTER[1], protocol);
}

static void wrap_udp(struct made *made, unsigned port)
{
	struct made_end to = OUTER[1];
	to.port = port;
	made_udp(made, &OUTER[0], &to);
	wrap_ip(made, 17);
}

/* A header in brackets or braces. Returns what is behind it. */
static const char *wrap_hex(struct made *made, const char *at)
{
	char hex[256];
	unsigned protocol = 0;
	size_t length = strcspn(at + 1, "],");
	memcpy(hex, at + 1, length);
	hex[length] = '\0';
	made_hex(made, hex);
	if (at[0] == '{') {
		assert_int_equal(sscanf(at + 1 + length, ",%u", &protocol), 1);
		wrap_ip(made, protocol);
	}
	return strchr(at, at[0] == '{' ? '}' : ']') + 1;
}

static void make_wrapped(struct made *made, const char *wrapping)
{
	bool ipv6 = wrapping[0] == '6', inner = true;
	const struct made_end *ends = ipv6 ? SIX : FOUR;
	struct made_tcp tcp = {.from = ends[0], .to = ends[1], .sequence = 7, .flags = 0x10};
	made_begin(made, TW_LITERAL("abc"));
	made_tcp(made, &tcp);
	made_ip(made, &ends[0], &ends[1], 6);
	for (const char *at = wrapping + 1; *at != '\0';) {
		switch (*at) {
		case 'e': made_ethernet(made, ipv6 && inner ? 0x86dd : 0x0800); break;
		case 'm': made_hex(made, "020000000001 020000000002"); break;
		case 'i': wrap_ip(made, ipv6 && inner ? 41 : 4); inner = false; break;
		case 'u': wrap_udp(made, 4789); inner = false; break;
		case 'g': wrap_udp(made, 6081); inner = false; break;
		default:
			inner &= *at != '{';
			at = wrap_hex(made, at);
			continue;
		}
		at++;
	}
}

/* At once, and with TCP's checksum left for later: that must come to the same. */
static enum tw_decoded decode(struct tw_slice bytes, size_t length, uint32_t link_type,
			      const struct tw_decode_settings *settings, struct tw_layers *layers)
{
	struct tw_packet packet = {
		.bytes = bytes, .length = (uint32_t)length, .link_type = link_type};
	struct tw_decode_settings halves = *settings;
	struct tw_layers parted;
	halves.later = true;
	enum tw_decoded decoded = tw_decode_packet(&halves, &packet, &parted);
	if (decoded == TW_DECODED_TCP)
		decoded = tw_decode_verify(&halves, &parted);
	assert_int_equal(tw_decode_packet(settings, &packet, layers), decoded);
	assert_int_equal(layers->offloaded, parted.offloaded);
	return decoded;
}

/* A copy of its exact size, so that a sanitizer sees what is read behind it. */
static enum tw_decoded decode_exact(struct tw_slice bytes, size_t length, uint32_t link_type,
				    struct tw_layers *layers)
{
	char *copy = malloc(bytes.length + (bytes.length == 0));
	assert_non_null(copy);
	if (bytes.length > 0)
		memcpy(copy, bytes.data, bytes.length);
	enum tw_decoded decoded = decode(tw_slice(copy, bytes.length), length, link_type, &SETTINGS, layers);
	free(copy);
	return decoded;
}

static void test_layers(void **state)
{
	struct made *made = calloc(1, sizeof(*made));
	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		const struct layer_case *which = &CASES[i];
		const struct made_end *ends = which->wrapping[0] == '6' ? SIX : FOUR;
		struct tw_layers layers;
		char vlans[32] = "";
		unsigned char address[16];
		make_wrapped(made, which->wrapping);
		struct tw_slice bytes = made_slice(made);
		enum tw_decoded decoded = decode(bytes, bytes.length, which->link_type, &SETTINGS, &layers);
		if (decoded != TW_DECODED_TCP)
			fail_msg("%s: %s", which->name, tw_decoded_text(decoded));
		assert_true(tw_slice_is(layers.segment.payload, "abc"));
		assert_int_equal(layers.segment.sequence, 7);
		assert_int_equal(layers.segment.source_port, 40000);
		assert_int_equal(layers.segment.destination_port, 80);
		assert_int_equal(layers.source.length, made_address(&ends[0], address));
		assert_memory_equal(layers.source.bytes, address, layers.source.length);
		made_address(&ends[1], address);
		assert_memory_equal(layers.destination.bytes, address, layers.source.length);
		for (unsigned vlan = 0; vlan < layers.vlan_count; vlan++)
			snprintf(vlans + strlen(vlans), sizeof(vlans) - strlen(vlans), "%s%u",
				 vlan > 0 ? " " : "", layers.vlan[vlan]);
		if (strcmp(vlans, which->vlans) != 0)
			fail_msg("%s: VLANs %s", which->name, vlans);
	}
	free(made);
}

/*
 * Cut by the capture anywhere: within the headers it is told, within the payload it is
 * TCP with its length. Sent so short, it is malformed. Nothing is read behind the end.
 */
static void test_cut(void **state)
{
	struct made *made = calloc(1, sizeof(*made));
	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct tw_layers layers;
		make_wrapped(made, CASES[i].wrapping);
		struct tw_slice bytes = made_slice(made);
		for (size_t length = 0; length < bytes.length; length++) {
			struct tw_slice part = tw_slice_part(bytes, 0, length);
			enum tw_decoded decoded =
				decode_exact(part, bytes.length, CASES[i].link_type, &layers);
			if (length >= bytes.length - 3) {
				assert_int_equal(decoded, TW_DECODED_TCP);
				assert_int_equal(layers.segment.length, 3);
				assert_int_equal(layers.segment.payload.length, 3 - (bytes.length - length));
			} else if (decoded != TW_DECODED_TRUNCATED && decoded != TW_DECODED_OTHER &&
				   decoded != TW_DECODED_MALFORMED) {
				fail_msg("%s, %zu bytes: %s", CASES[i].name, length,
					 tw_decoded_text(decoded));
			}
			assert_int_not_equal(decode_exact(part, length, CASES[i].link_type, &layers),
					     TW_DECODED_FRAGMENT);
		}
	}
	free(made);
}

/* Whatever one byte is changed to, nothing is read that is not there. */
static void test_changed(void **state)
{
	struct made *made = calloc(1, sizeof(*made));
	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		make_wrapped(made, CASES[i].wrapping);
		struct tw_slice bytes = made_slice(made);
		for (size_t at = made->at; at < sizeof(made->bytes); at++) {
			unsigned char saved = made->bytes[at];
			for (unsigned value = 0; value < 256; value += 5) {
				struct tw_layers layers;
				made->bytes[at] = (unsigned char)value;
				decode_exact(bytes, bytes.length, CASES[i].link_type, &layers);
				assert_true(layers.wire >= layers.bytes.length);
			}
			made->bytes[at] = saved;
		}
	}
	free(made);
}

struct refused_case {
	const char *name, *hex;
	uint32_t link_type;
	enum tw_decoded expected;
};

static const struct refused_case REFUSED[] = {
	{"an unknown link type", "00", 147, TW_DECODED_NO_LINK},
	{"four tags", "000000000000 000000000000 8100 0001 8100 0002 8100 0003 8100 0004 0800", 1,
	 TW_DECODED_TOO_DEEP},
	{"ARP", "ffffffffffff 020000000001 0806 0001 0800 0604 0001", 1, TW_DECODED_OTHER},
	{"ICMP", "4500 001c 0000 0000 4001 66df 0a000001 0a000002 0800 f7ff 0000 0000", 101,
	 TW_DECODED_OTHER},
	{"an IP header that is too short", "4400 0014 0000 0000 4006 66e0 0a000001 0a000002", 101,
	 TW_DECODED_MALFORMED},
	{"a total length that is too short", "4500 0013 0000 0000 4006 66e1 0a000001 0a000002", 101,
	 TW_DECODED_MALFORMED},
	{"another version of IP", "5500 0014 0000 0000 4006 66e0 0a000001 0a000002", 101,
	 TW_DECODED_MALFORMED},
	{"a wrong checksum of IP", "4500 0014 0000 0000 4006 1234 0a000001 0a000002", 101,
	 TW_DECODED_CHECKSUM},
	{"GRE with a route", "4500 0018 0000 0000 402f 66b5 0a000001 0a000002 4000 0800", 101,
	 TW_DECODED_UNSUPPORTED},
	{"no next header", "6000 0000 0000 3b40 00000000000000000000000000000001 00000000000000000000000000000002",
	 101, TW_DECODED_OTHER},
};

static void test_refused(void **state)
{
	struct made *made = calloc(1, sizeof(*made));
	(void)state;
	for (size_t i = 0; i < sizeof(REFUSED) / sizeof(REFUSED[0]); i++) {
		struct tw_layers layers;
		made_begin(made, tw_slice(NULL, 0));
		made_hex(made, REFUSED[i].hex);
		struct tw_slice bytes = made_slice(made);
		enum tw_decoded decoded = decode(bytes, bytes.length, REFUSED[i].link_type, &SETTINGS, &layers);
		if (decoded != REFUSED[i].expected)
			fail_msg("%s: %s", REFUSED[i].name, tw_decoded_text(decoded));
	}
	free(made);
}

static void test_depth(void **state)
{
	struct made *made = calloc(1, sizeof(*made));
	struct tw_decode_settings settings = SETTINGS;
	struct tw_layers layers;
	(void)state;
	make_wrapped(made, "4iiiiiie"); /* Ethernet, seven IP headers, TCP: nine */
	struct tw_slice bytes = made_slice(made);
	settings.layers = 9;
	assert_int_equal(decode(bytes, bytes.length, 1, &settings, &layers), TW_DECODED_TCP);
	settings.layers = 8;
	assert_int_equal(decode(bytes, bytes.length, 1, &settings, &layers), TW_DECODED_TOO_DEEP);
	free(made);
}

/* Hop-by-hop, destination and routing headers; the last, with segments left, hides the address. */
static void test_extensions(void **state)
{
	struct made *made = calloc(1, sizeof(*made));
	struct made_tcp tcp = {.from = SIX[0], .to = SIX[1], .flags = 0x10};
	struct tw_layers layers;
	(void)state;
	for (unsigned left = 0; left < 2; left++) {
		made_begin(made, TW_LITERAL("abc"));
		made_tcp(made, &tcp);
		if (left == 1)
			made->bytes[made->at + 16] ^= 1; /* its checksum is over another address */
		made_hex(made, "0600 0000 0000 0000");
		made_hex(made, left == 0 ? "3c02 0000 00000000 00000000000000000000000000000001"
					 : "3c02 0001 00000000 00000000000000000000000000000001");
		made_hex(made, "2b01 0000 0000 0000 0000 0000 0000 0000");
		made_ip(made, &SIX[0], &SIX[1], 0);
		struct tw_slice bytes = made_slice(made);
		assert_int_equal(decode(bytes, bytes.length, 101, &SETTINGS, &layers), TW_DECODED_TCP);
		assert_true(tw_slice_is(layers.segment.payload, "abc"));
		assert_int_equal(layers.unverified, left == 1);
	}
	free(made);
}

/* Ethernet pads short frames to 60 bytes. */
static void test_padding(void **state)
{
	static const char zeros[20];
	struct made *made = calloc(1, sizeof(*made));
	struct made_tcp tcp = {.from = FOUR[0], .to = FOUR[1], .flags = 0x10};
	struct tw_buffer padded = {0};
	struct tw_layers layers;
	(void)state;
	tw_buffer_append_slice(&padded, made_segment(made, &tcp, TW_LITERAL("a")));
	tw_buffer_append(&padded, zeros, 5);
	assert_int_equal(decode(tw_buffer_slice(&padded), padded.length, 1, &SETTINGS, &layers),
			 TW_DECODED_TCP);
	assert_int_equal(layers.segment.length, 1);
	tw_buffer_free(&padded);
	free(made);
}

/* What a sender's card was to compute: the sum of the pseudo-header, not inverted. */
static void test_checksums(void **state)
{
	struct made *made = calloc(1, sizeof(*made));
	struct made_tcp tcp = {.from = FOUR[0], .to = FOUR[1], .flags = 0x10};
	struct tw_layers layers;
	(void)state;
	struct tw_slice bytes = made_segment(made, &tcp, TW_LITERAL("abc"));
	unsigned char *field = made->bytes + made->at + 14 + 20 + 16;
	/* 10.0.0.1 + 10.0.0.2 + protocol 6 + length 23, by hand */
	made_16(field, 0x0a00 + 0x0001 + 0x0a00 + 0x0002 + 6 + 23);
	for (int mode = TW_CHECKSUMS_AUTO; mode <= TW_CHECKSUMS_NO; mode++) {
		struct tw_decode_settings settings = {
			.checksums = (enum tw_tap_checksums)mode, .layers = 32};
		assert_int_equal(decode(bytes, bytes.length, 1, &settings, &layers),
				 mode == TW_CHECKSUMS_YES ? TW_DECODED_CHECKSUM : TW_DECODED_TCP);
		assert_int_equal(layers.offloaded, mode == TW_CHECKSUMS_AUTO);
	}
	field[0] ^= 0x80; /* wrong for everybody */
	for (int mode = TW_CHECKSUMS_AUTO; mode <= TW_CHECKSUMS_NO; mode++) {
		struct tw_decode_settings settings = {
			.checksums = (enum tw_tap_checksums)mode, .layers = 32};
		assert_int_equal(decode(bytes, bytes.length, 1, &settings, &layers),
				 mode == TW_CHECKSUMS_NO ? TW_DECODED_TCP : TW_DECODED_CHECKSUM);
	}
	/* IPv4's own, left to the card as zero. */
	struct tw_decode_settings settings = {.checksums = TW_CHECKSUMS_AUTO, .layers = 32};
	bytes = made_segment(made, &tcp, TW_LITERAL("abc"));
	made_16(made->bytes + made->at + 14 + 10, 0);
	assert_int_equal(decode(bytes, bytes.length, 1, &settings, &layers), TW_DECODED_TCP);
	assert_true(layers.offloaded);
	free(made);
}

/* Segmentation offloading leaves a total length of 0: all that is there counts. */
static void test_no_total_length(void **state)
{
	struct made *made = calloc(1, sizeof(*made));
	struct made_tcp tcp = {.from = FOUR[0], .to = FOUR[1], .flags = 0x10};
	struct tw_decode_settings settings = {.checksums = TW_CHECKSUMS_NO, .layers = 32};
	struct tw_layers layers;
	(void)state;
	struct tw_slice bytes = made_segment(made, &tcp, TW_LITERAL("abcdef"));
	made_16(made->bytes + made->at + 14 + 2, 0);
	assert_int_equal(decode(bytes, bytes.length, 1, &settings, &layers), TW_DECODED_TCP);
	assert_int_equal(layers.segment.length, 6);
	free(made);
}

/* The example of RFC 1071, section 3: 00 01 f2 03 f4 f5 f6 f7 add up to ddf2. */
static void test_sum(void **state)
{
	(void)state;
	uint16_t sum = tw_checksum_fold(
		tw_checksum_add(0, TW_LITERAL("\x00\x01\xf2\x03\xf4\xf5\xf6\xf7")));
	assert_int_equal(__builtin_bswap16(sum), 0xddf2);
	assert_int_equal(tw_checksum_fold(tw_checksum_add(0, tw_slice(NULL, 0))), 0);
}

static void test_window_scale(void **state)
{
	struct made *made = calloc(1, sizeof(*made));
	struct made_tcp tcp = {.from = FOUR[0], .to = FOUR[1], .flags = 0x02, .scale = 7, .window = 99};
	struct tw_layers layers;
	(void)state;
	struct tw_slice bytes = made_segment(made, &tcp, tw_slice(NULL, 0));
	assert_int_equal(decode(bytes, bytes.length, 1, &SETTINGS, &layers), TW_DECODED_TCP);
	assert_int_equal(layers.segment.scale, 7);
	assert_int_equal(layers.segment.window, 99);
	tcp.scale = 0;
	bytes = made_segment(made, &tcp, tw_slice(NULL, 0));
	assert_int_equal(decode(bytes, bytes.length, 1, &SETTINGS, &layers), TW_DECODED_TCP);
	assert_int_equal(layers.segment.scale, TW_TCP_NO_SCALE);
	free(made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layers),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_changed),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_extensions),
		cmocka_unit_test(test_padding),
		cmocka_unit_test(test_checksums),
		cmocka_unit_test(test_no_total_length),
		cmocka_unit_test(test_sum),
		cmocka_unit_test(test_window_scale),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
