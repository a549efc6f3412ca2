/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_BASE_HASH_H
#define TW_BASE_HASH_H

#include "tidewaiter/slice.h"

/*
 * Fast hashes for tables, keys and identities. The same bytes give the same value
 * on every run and every little-endian 64-bit machine: identities in events rest
 * on that. Stateless, any thread.
 *
 * Weakness: not a cryptographic hash. Whoever knows it can make collisions; what
 * an outsider must not be able to forge (masking, message digests) uses OpenSSL.
 */
struct tw_hash128 {
	uint64_t high, low;
};

uint64_t tw_hash64(struct tw_slice bytes, uint64_t seed);
struct tw_hash128 tw_hash128(struct tw_slice bytes, uint64_t seed);

/* Spreads the bits of one word; a bijection. */
static inline uint64_t tw_hash_mix(uint64_t word)
{
	word ^= word >> 32;
	word *= 0xd6e8feb86659fd93u;
	word ^= word >> 32;
	word *= 0xd6e8feb86659fd93u;
	word ^= word >> 32;
	return word;
}

#endif
