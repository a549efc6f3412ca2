/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_SOURCE_CAPTURE_WRITE_H
#define TW_SOURCE_CAPTURE_WRITE_H

#include "base/buffer.h"
#include "base/packet.h"

/*
 * Writes captures: the blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian,
 * appended to a buffer. pcapng, since interfaces of different link types fit one file, and
 * times are kept to the nanosecond. Stateless, any thread.
 *
 * A file is a head, then interfaces, numbered from 0 in their order, each before its first
 * packet. It may be written piece by piece.
 */
/* `comment`: a sentence for who opens the file; may be empty. */
void tw_capture_write_head(struct tw_buffer *out, struct tw_slice comment);
void tw_capture_write_interface(struct tw_buffer *out, uint32_t link_type);
void tw_capture_write_packet(struct tw_buffer *out, unsigned interface,
			     const struct tw_packet *packet);

#endif
