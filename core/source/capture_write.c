/* SPDX-License-Identifier: Apache-2.0 */
#include "source/capture_write.h"

#define SECTION 0x0a0d0d0au
#define INTERFACE 1u
#define PACKET 6u
#define ORDER_MAGIC 0x1a2b3c4du

#define OPTION_COMMENT 1u
#define OPTION_RESOLUTION 9u
#define NANOSECONDS 9 /* 10^-9 seconds */
#define COMMENT_MOST ((size_t)65535)

static void put_u16(struct tw_buffer *out, unsigned value)
{
	tw_buffer_append_byte(out, (char)(value & 0xff));
	tw_buffer_append_byte(out, (char)(value >> 8 & 0xff));
}

static void put_u32(struct tw_buffer *out, uint32_t value)
{
	put_u16(out, value & 0xffff);
	put_u16(out, value >> 16);
}

/* Filled up to four bytes. */
static void put_bytes(struct tw_buffer *out, struct tw_slice bytes)
{
	static const char zeros[4] = {0};
	tw_buffer_append_slice(out, bytes);
	tw_buffer_append(out, zeros, (4 - bytes.length % 4) % 4);
}

static void put_option(struct tw_buffer *out, unsigned code, struct tw_slice value)
{
	put_u16(out, code);
	put_u16(out, (unsigned)value.length);
	put_bytes(out, value);
}

static size_t filled(size_t length)
{
	return (length + 3) & ~(size_t)3;
}

/* Type and length; the length stands at the end again. */
static void open_block(struct tw_buffer *out, uint32_t type, size_t body)
{
	put_u32(out, type);
	put_u32(out, (uint32_t)(body + 12));
}

static void close_block(struct tw_buffer *out, size_t body)
{
	put_u32(out, (uint32_t)(body + 12));
}

void tw_capture_write_head(struct tw_buffer *out, struct tw_slice comment)
{
	comment = tw_slice_part(comment, 0, COMMENT_MOST);
	size_t body = 16 + (comment.length == 0 ? 0 : 8 + filled(comment.length));
	open_block(out, SECTION, body);
	put_u32(out, ORDER_MAGIC);
	put_u16(out, 1); /* version 1.0 */
	put_u16(out, 0);
	put_u32(out, UINT32_MAX); /* the section's length is not told */
	put_u32(out, UINT32_MAX);
	if (comment.length > 0) {
		put_option(out, OPTION_COMMENT, comment);
		put_u32(out, 0);
	}
	close_block(out, body);
}

void tw_capture_write_interface(struct tw_buffer *out, uint32_t link_type)
{
	static const char resolution = NANOSECONDS;
	size_t body = 8 + 8 + 4;
	open_block(out, INTERFACE, body);
	put_u16(out, link_type & 0xffff);
	put_u16(out, 0);
	put_u32(out, 0); /* no snap length: each packet says what is missing */
	put_option(out, OPTION_RESOLUTION, tw_slice(&resolution, 1));
	put_u32(out, 0);
	close_block(out, body);
}

void tw_capture_write_packet(struct tw_buffer *out, unsigned interface,
			     const struct tw_packet *packet)
{
	size_t body = 20 + filled(packet->bytes.length);
	open_block(out, PACKET, body);
	put_u32(out, interface);
	put_u32(out, (uint32_t)(packet->stamp >> 32));
	put_u32(out, (uint32_t)packet->stamp);
	put_u32(out, (uint32_t)packet->bytes.length);
	put_u32(out, packet->length);
	put_bytes(out, packet->bytes);
	close_block(out, body);
}
