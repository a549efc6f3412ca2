/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_NETWORK_CHECKSUM_H
#define TW_NETWORK_CHECKSUM_H

#include "network/stream.h"

/*
 * The Internet checksum (RFC 1071). Pure functions, any thread.
 *
 * Weakness: sums of words in the order of a little-endian machine; only compare them
 * with each other.
 */

/* Adds bytes to a sum; an odd last byte is filled with zero, so only the last part may be odd. */
uint64_t tw_checksum_add(uint64_t sum, struct tw_slice bytes);
/* To 16 bits, not inverted: 0xffff where a checksum over itself is right. */
uint16_t tw_checksum_fold(uint64_t sum);
/* The sum of the pseudo-header of TCP and UDP (RFC 9293 3.1, RFC 8200 8.1). */
uint64_t tw_checksum_pseudo(const struct tw_address *source, const struct tw_address *destination,
			    uint8_t protocol, uint32_t length);

#endif
