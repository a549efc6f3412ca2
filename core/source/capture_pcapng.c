/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pcapng, as draft-ietf-opsawg-pcapng has it: blocks of type, total length, body, total
 * length again. Section headers begin anew: byte order and interfaces. Blocks that hold
 * no packet are passed over without being held, whatever their length: names, secrets
 * of TLS, remarks. libpcap is not asked, since it refuses interfaces of different link
 * types in one section.
 */
#include "source/capture_private.h"

#define SECTION 0x0a0d0d0au
#define INTERFACE 1u
#define OLD_PACKET 2u
#define SIMPLE_PACKET 3u
#define STATISTICS 5u
#define PACKET 6u
#define ORDER_MAGIC 0x1a2b3c4du

#define BLOCK_HEAD ((size_t)8)
#define BLOCK_LEAST ((size_t)12)
/* What options may add to a packet, or be of an interface. */
#define OPTIONS_MOST ((size_t)1 << 20)

#define OPTION_RESOLUTION 9u
#define OPTION_OFFSET 14u
#define OPTION_INTERFACE_DROP 5u
#define OPTION_SYSTEM_DROP 7u

bool tw_pcapng_starts(struct tw_slice head)
{
	return tw_be32(head, 0) == SECTION;
}

/* The value of an option, or an empty slice. Options are code, length, value filled to four bytes. */
static struct tw_slice find_option(const struct tw_capture *capture, struct tw_slice options,
				   unsigned wanted)
{
	while (options.length >= 4) {
		unsigned code = tw_capture_u16(capture, options, 0);
		size_t length = tw_capture_u16(capture, options, 2);
		if (code == 0)
			break;
		if (code == wanted)
			return tw_slice_part(options, 4, length);
		options = tw_slice_from(options, 4 + ((length + 3) & ~(size_t)3));
	}
	return tw_slice(NULL, 0);
}

static uint64_t capture_u64(const struct tw_capture *capture, struct tw_slice bytes)
{
	uint64_t first = tw_capture_u32(capture, bytes, 0), second = tw_capture_u32(capture, bytes, 4);
	return capture->big_endian ? first << 32 | second : second << 32 | first;
}

/* Units in a second: a negative power of 10, or of 2 where the first bit is set. 0: beyond 64 bits. */
static uint64_t resolution(struct tw_slice option)
{
	unsigned power = option.length == 0 ? 6 : tw_byte(option, 0);
	uint64_t units = 1;
	if ((power & 0x80) != 0)
		return (power & 0x7f) < 64 ? UINT64_C(1) << (power & 0x7f) : 0;
	if (power > 19)
		return 0;
	while (power-- > 0)
		units *= 10;
	return units;
}

static int begin_section(struct tw_capture *capture, struct tw_slice block)
{
	unsigned major = tw_capture_u16(capture, block, 12);
	if (major != 1)
		return tw_capture_fail(capture, TW_ERROR_INVALID, "pcapng version %u is not known",
				       major);
	tw_buffer_clear(&capture->interfaces);
	return 1;
}

static int add_interface(struct tw_capture *capture, struct tw_slice block)
{
	struct tw_slice options = tw_slice_from(tw_slice_part(block, 0, block.length - 4), 16);
	struct tw_slice offset = find_option(capture, options, OPTION_OFFSET);
	struct capture_interface interface = {
		.link_type = tw_capture_u16(capture, block, 8),
		.snap_length = tw_capture_u32(capture, block, 12),
		.units = resolution(find_option(capture, options, OPTION_RESOLUTION)),
		.offset = offset.length >= 8 ? (int64_t)capture_u64(capture, offset) : 0,
	};
	if (block.length < 20 || interface.units == 0)
		return tw_capture_fail(capture, TW_ERROR_INVALID, "an interface cannot be read");
	if (capture->interfaces.length / sizeof(interface) >= capture->settings.interfaces)
		return tw_capture_fail(capture, TW_ERROR_LIMIT,
				       "more interfaces than capture.interfaces (%u)",
				       capture->settings.interfaces);
	tw_buffer_append(&capture->interfaces, &interface, sizeof(interface));
	return capture->interfaces.failed
		       ? tw_capture_fail(capture, TW_ERROR_MEMORY, "out of memory")
		       : 1;
}

/* What the capturing host lost, told as totals so far. */
static int take_statistics(struct tw_capture *capture, struct tw_slice block)
{
	struct capture_interface *interface =
		tw_capture_interface(capture, tw_capture_u32(capture, block, 8));
	struct tw_slice options = tw_slice_from(tw_slice_part(block, 0, block.length - 4), 20);
	struct tw_slice device = find_option(capture, options, OPTION_INTERFACE_DROP);
	struct tw_slice kernel = find_option(capture, options, OPTION_SYSTEM_DROP);
	if (interface == NULL)
		return 1;
	uint64_t dropped = (device.length >= 8 ? capture_u64(capture, device) : 0) +
			   (kernel.length >= 8 ? capture_u64(capture, kernel) : 0);
	if (dropped > interface->dropped) {
		capture->counts.dropped += dropped - interface->dropped;
		interface->dropped = dropped;
	}
	return 1;
}

static double stamp_time(const struct capture_interface *interface, uint64_t stamp)
{
	return (double)(stamp / interface->units) +
	       (double)(stamp % interface->units) / (double)interface->units +
	       (double)interface->offset;
}

/* To the nanosecond; the remainder is below 2^64 units, so that it is divided first. */
static uint64_t stamp_nanoseconds(const struct capture_interface *interface, uint64_t stamp)
{
	uint64_t seconds = stamp / interface->units + (uint64_t)interface->offset;
	uint64_t parts = stamp % interface->units;
	uint64_t nanoseconds = interface->units > UINT64_C(1000000000)
				       ? (uint64_t)((double)parts / (double)interface->units * 1e9)
				       : parts * UINT64_C(1000000000) / interface->units;
	return seconds * UINT64_C(1000000000) + nanoseconds;
}

/* Where the parts of a packet block stand; the three kinds differ in that only. */
struct packet_at {
	uint32_t interface;
	size_t stamp; /* 0: none */
	size_t bytes;
	uint32_t captured, length;
};

static struct packet_at locate_packet(struct tw_capture *capture, struct tw_slice block)
{
	uint32_t type = tw_capture_u32(capture, block, 0);
	if (type == SIMPLE_PACKET) {
		const struct capture_interface *interface = tw_capture_interface(capture, 0);
		uint32_t length = tw_capture_u32(capture, block, 8), captured = length;
		if (interface != NULL && interface->snap_length > 0 &&
		    captured > interface->snap_length)
			captured = interface->snap_length;
		return (struct packet_at){.bytes = 12, .captured = captured, .length = length};
	}
	return (struct packet_at){
		.interface = type == PACKET ? tw_capture_u32(capture, block, 8)
					    : tw_capture_u16(capture, block, 8),
		.stamp = 12,
		.bytes = 28,
		.captured = tw_capture_u32(capture, block, 20),
		.length = tw_capture_u32(capture, block, 24),
	};
}

static int take_packet(struct tw_capture *capture, struct tw_slice block,
		       struct tw_packet *ret_packet)
{
	struct packet_at at = locate_packet(capture, block);
	const struct capture_interface *interface = tw_capture_interface(capture, at.interface);
	if (interface == NULL)
		return tw_capture_fail(capture, TW_ERROR_INVALID,
				       "a packet of interface %u, which is not described",
				       at.interface);
	if (block.length < at.bytes + 4 || at.captured > block.length - at.bytes - 4 ||
	    at.captured > capture->settings.packet_bytes)
		return tw_capture_fail(capture, TW_ERROR_INVALID,
				       "a packet of %u bytes does not fit its block", at.captured);
	uint64_t stamp = (uint64_t)tw_capture_u32(capture, block, at.stamp) << 32 |
			 tw_capture_u32(capture, block, at.stamp + 4);
	*ret_packet = (struct tw_packet){
		.bytes = tw_slice_part(block, at.bytes, at.captured),
		.length = at.length < at.captured ? at.captured : at.length,
		.link_type = interface->link_type,
		.time = at.stamp == 0 ? capture->time : stamp_time(interface, stamp),
		.stamp = at.stamp == 0 ? capture->stamp : stamp_nanoseconds(interface, stamp),
	};
	return 1;
}

static bool is_packet(uint32_t type)
{
	return type == PACKET || type == SIMPLE_PACKET || type == OLD_PACKET;
}

/* A block that is read has to be whole; its two lengths must agree. */
static int whole_block(struct tw_capture *capture, uint32_t length, struct tw_slice *ret_block)
{
	size_t most = capture->settings.packet_bytes + OPTIONS_MOST;
	if (length < BLOCK_LEAST || length % 4 != 0 || length > most)
		return tw_capture_fail(capture, TW_ERROR_INVALID,
				       "a block of %u bytes cannot be: the capture is damaged", length);
	int status = tw_capture_need(capture, length);
	if (status <= 0)
		return status;
	*ret_block = tw_slice_part(tw_capture_ahead(capture), 0, length);
	if (tw_capture_u32(capture, *ret_block, length - 4) != length)
		return tw_capture_fail(capture, TW_ERROR_INVALID,
				       "the two lengths of a block differ: the capture is damaged");
	return 1;
}

/* A section's byte order must be known before its length is. */
static int take_order(struct tw_capture *capture)
{
	int status = tw_capture_need(capture, BLOCK_LEAST);
	if (status <= 0)
		return status;
	struct tw_slice head = tw_capture_ahead(capture);
	capture->big_endian = tw_be32(head, 8) == ORDER_MAGIC;
	if (!capture->big_endian && tw_le32(head, 8) != ORDER_MAGIC)
		return tw_capture_fail(capture, TW_ERROR_INVALID,
				       "a section's byte order cannot be read");
	return 1;
}

/* Passes over a block that is not held, up to its second length, which must agree. */
static int pass_block(struct tw_capture *capture, uint32_t length)
{
	if (length < BLOCK_LEAST || length % 4 != 0)
		return tw_capture_fail(capture, TW_ERROR_INVALID,
				       "a block of %u bytes cannot be: the capture is damaged", length);
	int status = tw_capture_skip(capture, length - 4);
	if (status > 0)
		status = tw_capture_need(capture, 4);
	if (status == 0)
		return tw_capture_fail(capture, TW_ERROR_TRUNCATED, "the capture ends within a block");
	if (status < 0)
		return status;
	if (tw_capture_u32(capture, tw_capture_ahead(capture), 0) != length)
		return tw_capture_fail(capture, TW_ERROR_INVALID,
				       "the two lengths of a block differ: the capture is damaged");
	capture->at += 4;
	return 1;
}

/* Reads one block; *ret_packet is filled where it held one. */
static int take_block(struct tw_capture *capture, struct tw_packet *ret_packet, bool *ret_taken)
{
	int status = tw_capture_need(capture, BLOCK_HEAD);
	if (status <= 0)
		return status;
	bool section = tw_be32(tw_capture_ahead(capture), 0) == SECTION;
	status = section ? take_order(capture) : 1;
	if (status <= 0)
		return status;
	uint32_t type = tw_capture_u32(capture, tw_capture_ahead(capture), 0);
	uint32_t length = tw_capture_u32(capture, tw_capture_ahead(capture), 4);
	if (!section && type != INTERFACE && type != STATISTICS && !is_packet(type))
		return pass_block(capture, length);
	struct tw_slice block = {0};
	status = whole_block(capture, length, &block);
	if (status <= 0)
		return status;
	*ret_taken = is_packet(type);
	status = section ? begin_section(capture, block)
		 : type == INTERFACE ? add_interface(capture, block)
		 : type == STATISTICS ? take_statistics(capture, block)
				      : take_packet(capture, block, ret_packet);
	capture->at += length;
	return status;
}

int tw_pcapng_next(struct tw_capture *capture, struct tw_packet *ret_packet)
{
	bool taken = false;
	while (!taken) {
		int status = take_block(capture, ret_packet, &taken);
		if (status <= 0)
			return status;
	}
	return 1;
}
