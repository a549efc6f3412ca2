/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pcap, as draft-ietf-opsawg-pcap has it: a header of 24 bytes, then records. The
 * variant with magic a1b2cd34 (patched libpcaps of Linux 2.2 days) has 8 bytes more in
 * each record's header.
 */
#include "source/capture_private.h"

#define FILE_HEADER ((size_t)24)
#define MAGIC_MICRO 0xa1b2c3d4u
#define MAGIC_NANO 0xa1b23c4du
#define MAGIC_LONGER 0xa1b2cd34u

/* The link type is 16 bits; above it stand bits about a frame check sequence. */
#define LINK_TYPE 0xffffu

static bool is_magic(uint32_t value)
{
	return value == MAGIC_MICRO || value == MAGIC_NANO || value == MAGIC_LONGER;
}

bool tw_pcap_starts(struct tw_slice head)
{
	return is_magic(tw_be32(head, 0)) || is_magic(tw_le32(head, 0));
}

int tw_pcap_begin(struct tw_capture *capture)
{
	int status = tw_capture_need(capture, FILE_HEADER);
	if (status <= 0)
		return status;
	struct tw_slice head = tw_capture_ahead(capture);
	capture->big_endian = is_magic(tw_be32(head, 0));
	uint32_t magic = tw_capture_u32(capture, head, 0);
	unsigned major = tw_capture_u16(capture, head, 4);
	if (major != 2)
		return tw_capture_fail(capture, TW_ERROR_INVALID, "pcap version %u is not known",
				       major);
	capture->version_minor = tw_capture_u16(capture, head, 6);
	capture->record_header = magic == MAGIC_LONGER ? 24 : 16;
	struct capture_interface interface = {
		.link_type = tw_capture_u32(capture, head, 20) & LINK_TYPE,
		.units = magic == MAGIC_NANO ? 1000000000u : 1000000u,
	};
	tw_buffer_append(&capture->interfaces, &interface, sizeof(interface));
	if (capture->interfaces.failed)
		return tw_capture_fail(capture, TW_ERROR_MEMORY, "out of memory");
	capture->at += FILE_HEADER;
	return 1;
}

/* Before version 2.3 the two lengths stood the other way round, in 2.3 either way. */
static bool lengths_swapped(const struct tw_capture *capture, uint32_t captured, uint32_t length)
{
	return capture->version_minor < 3 ||
	       (capture->version_minor == 3 && captured > length);
}

int tw_pcap_next(struct tw_capture *capture, struct tw_packet *ret_packet)
{
	int status = tw_capture_need(capture, capture->record_header);
	if (status <= 0)
		return status;
	struct tw_slice head = tw_capture_ahead(capture);
	const struct capture_interface *interface = tw_capture_interface(capture, 0);
	uint32_t seconds = tw_capture_u32(capture, head, 0);
	uint32_t parts = tw_capture_u32(capture, head, 4);
	uint32_t captured = tw_capture_u32(capture, head, 8);
	uint32_t length = tw_capture_u32(capture, head, 12);
	if (lengths_swapped(capture, captured, length)) {
		uint32_t saved = captured;
		captured = length;
		length = saved;
	}
	if (captured > capture->settings.packet_bytes)
		return tw_capture_fail(capture, TW_ERROR_INVALID,
				       "a packet of %u bytes cannot be: the capture is damaged", captured);
	status = tw_capture_need(capture, capture->record_header + captured);
	if (status <= 0)
		return status;
	*ret_packet = (struct tw_packet){
		.bytes = tw_slice_part(tw_capture_ahead(capture), capture->record_header, captured),
		.length = length < captured ? captured : length,
		.link_type = interface->link_type,
		.time = (double)seconds + (double)parts / (double)interface->units,
		.stamp = seconds * UINT64_C(1000000000) + parts * (1000000000 / interface->units),
	};
	capture->at += capture->record_header + captured;
	return 1;
}
