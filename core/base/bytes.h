/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_BASE_BYTES_H
#define TW_BASE_BYTES_H

#include "tidewaiter/slice.h"

/*
 * Numbers in binary input, as network protocols (big-endian) and capture files
 * (either) have them. Checked: what stands beyond the slice reads as 0, so whoever
 * must tell the two apart looks at the length first. Stateless, any thread.
 *
 * Weakness: 0 for what is not there hides a forgotten check; it cannot make one
 * dangerous.
 */
static inline uint16_t tw_be16(struct tw_slice bytes, size_t at)
{
	uint16_t value = 0;
	if (at < bytes.length && bytes.length - at >= sizeof(value))
		memcpy(&value, bytes.data + at, sizeof(value));
	return __builtin_bswap16(value);
}

static inline uint32_t tw_le32(struct tw_slice bytes, size_t at)
{
	uint32_t value = 0;
	if (at < bytes.length && bytes.length - at >= sizeof(value))
		memcpy(&value, bytes.data + at, sizeof(value));
	return value;
}

static inline uint32_t tw_be32(struct tw_slice bytes, size_t at)
{
	return __builtin_bswap32(tw_le32(bytes, at));
}

static inline uint8_t tw_byte(struct tw_slice bytes, size_t at)
{
	return at < bytes.length ? (uint8_t)bytes.data[at] : 0;
}

#endif
