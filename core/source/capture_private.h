/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_SOURCE_CAPTURE_PRIVATE_H
#define TW_SOURCE_CAPTURE_PRIVATE_H

#include "base/bytes.h"
#include "source/capture.h"

/*
 * What the reader of a capture's window (capture.c) and the two formats on it share.
 * For these files only; one thread at a time.
 */
enum capture_format { CAPTURE_UNKNOWN, CAPTURE_PCAP, CAPTURE_PCAPNG };

struct capture_interface {
	uint32_t link_type;
	uint32_t snap_length; /* 0: none */
	uint64_t units;	      /* of a time stamp, in a second */
	int64_t offset;	      /* seconds to add */
	uint64_t dropped;     /* as last told */
};

struct tw_capture {
	struct tw_capture_input input;
	struct tw_capture_settings settings;
	struct tw_source *source; /* or NULL: the input is somebody else's */
	char *path;
	struct tw_buffer window;
	size_t at;	 /* in the window: what was taken */
	uint64_t before; /* bytes of the capture in front of the window */
	bool input_ended;
	int input_status;
	enum capture_format format;
	bool big_endian;
	uint32_t version_minor;	 /* pcap */
	size_t record_header;	 /* pcap: 16, or 24 */
	struct tw_buffer interfaces; /* struct capture_interface; pcap has one */
	double time;		 /* of the last packet, for those that have none */
	uint64_t stamp;
	int status;		 /* of the end */
	bool ended;
	struct tw_capture_counts counts;
	struct tw_buffer problem; /* zero-terminated once ended */
};

/*
 * Brings `length` bytes into one piece. 1, 0 where the capture ends cleanly before the
 * first of them, or a negative status, which ends it.
 */
int tw_capture_need(struct tw_capture *capture, size_t length);
struct tw_slice tw_capture_ahead(const struct tw_capture *capture);
/* Passes over bytes, read or not yet. As tw_capture_need(). */
int tw_capture_skip(struct tw_capture *capture, uint64_t length);
/* Ends the capture with a sentence about this place. Returns the status. */
int tw_capture_fail(struct tw_capture *capture, int status, const char *format, ...)
	TW_PRINTF(3, 4);

static inline uint32_t tw_capture_u32(const struct tw_capture *capture, struct tw_slice bytes,
				      size_t at)
{
	return capture->big_endian ? tw_be32(bytes, at) : tw_le32(bytes, at);
}

static inline uint16_t tw_capture_u16(const struct tw_capture *capture, struct tw_slice bytes,
				      size_t at)
{
	uint16_t value = tw_be16(bytes, at);
	return capture->big_endian ? value : __builtin_bswap16(value);
}

static inline struct capture_interface *tw_capture_interface(struct tw_capture *capture,
							     uint32_t index)
{
	struct capture_interface *all = (void *)capture->interfaces.data;
	return index < capture->interfaces.length / sizeof(*all) ? all + index : NULL;
}

/* Whether a file of this format begins here, by its first four bytes. */
bool tw_pcap_starts(struct tw_slice head);
bool tw_pcapng_starts(struct tw_slice head);
/* Reads what stands in front of the first packet; pcapng has nothing of that kind. As tw_capture_need(). */
int tw_pcap_begin(struct tw_capture *capture);
/* Takes the next packet, whose bytes stand in the window and have been passed. As tw_capture_next(). */
int tw_pcap_next(struct tw_capture *capture, struct tw_packet *ret_packet);
int tw_pcapng_next(struct tw_capture *capture, struct tw_packet *ret_packet);

#endif
