/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

static const uint64_t MULTIPLIER_A = 0x9e3779b97f4a7c15u;
static const uint64_t MULTIPLIER_B = 0xc2b2ae3d27d4eb4fu;

/* Folds the 128-bit product of two words: one multiplication mixes all bits. */
static inline uint64_t fold(uint64_t a, uint64_t b)
{
	__extension__ typedef unsigned __int128 wide;
	wide product = (wide)a * b;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t word_at(const char *data, size_t length)
{
	uint64_t word = 0;
	memcpy(&word, data, length);
	return word;
}

uint64_t tw_hash64(struct tw_slice bytes, uint64_t seed)
{
	uint64_t state = seed ^ MULTIPLIER_A ^ (uint64_t)bytes.length * MULTIPLIER_B;
	const char *data = bytes.data;
	size_t left = bytes.length;
	while (left >= 16) {
		state = fold(word_at(data, 8) ^ state, word_at(data + 8, 8) ^ MULTIPLIER_B);
		data += 16;
		left -= 16;
	}
	uint64_t low = 0;
	uint64_t high = 0;
	if (left > 8) {
		low = word_at(data, 8);
		high = word_at(data + 8, left - 8);
	} else if (left > 0) {
		low = word_at(data, left);
	}
	return tw_hash_mix(fold(low ^ state ^ MULTIPLIER_A, high ^ MULTIPLIER_B) ^ state);
}

struct tw_hash128 tw_hash128(struct tw_slice bytes, uint64_t seed)
{
	uint64_t low = tw_hash64(bytes, seed);
	return (struct tw_hash128){tw_hash64(bytes, seed ^ 0x5851f42d4c957f2du), low};
}
