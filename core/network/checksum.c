/* SPDX-License-Identifier: Apache-2.0 */
#include "network/checksum.h"

uint64_t tw_checksum_add(uint64_t sum, struct tw_slice bytes)
{
	const char *data = bytes.data;
	size_t left = bytes.length;
	while (left >= 16) {
		uint32_t words[4];
		memcpy(words, data, 16);
		sum += (uint64_t)words[0] + words[1] + words[2] + words[3];
		data += 16;
		left -= 16;
	}
	while (left >= 2) {
		uint16_t word;
		memcpy(&word, data, 2);
		sum += word;
		data += 2;
		left -= 2;
	}
	if (left == 1)
		sum += (uint8_t)*data;
	return sum;
}

uint16_t tw_checksum_fold(uint64_t sum)
{
	sum = (sum & 0xffffffffu) + (sum >> 32);
	sum = (sum & 0xffffffffu) + (sum >> 32);
	sum = (sum & 0xffffu) + (sum >> 16);
	sum = (sum & 0xffffu) + (sum >> 16);
	return (uint16_t)sum;
}

uint64_t tw_checksum_pseudo(const struct tw_address *source, const struct tw_address *destination,
			    uint8_t protocol, uint32_t length)
{
	char rest[8] = {
		(char)(length >> 24), (char)(length >> 16), (char)(length >> 8), (char)length,
		0, 0, 0, (char)protocol,
	};
	uint64_t sum = tw_checksum_add(0, tw_slice(rest, sizeof(rest)));
	sum = tw_checksum_add(sum, tw_slice((const char *)source->bytes, source->length));
	return tw_checksum_add(sum, tw_slice((const char *)destination->bytes,
					     destination->length));
}
