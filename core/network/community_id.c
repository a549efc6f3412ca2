/* SPDX-License-Identifier: Apache-2.0 */
#include "network/community_id.h"

#include <openssl/evp.h>

static size_t put16(unsigned char *out, uint16_t value)
{
	out[0] = (unsigned char)(value >> 8);
	out[1] = (unsigned char)value;
	return 2;
}

static size_t put_address(unsigned char *out, const struct tw_address *address)
{
	memcpy(out, address->bytes, address->length);
	return address->length;
}

/* The lower address comes first, and with equal ones the lower port. */
static bool in_order(const struct tw_flow *flow)
{
	int order = memcmp(flow->source.bytes, flow->destination.bytes,
			   sizeof(flow->source.bytes));
	return order < 0 || (order == 0 && flow->source_port <= flow->destination_port);
}

int tw_community_id(const struct tw_flow *flow, uint16_t seed, char ret_text[TW_COMMUNITY_ID_SIZE])
{
	unsigned char bytes[2 + 16 + 16 + 2 + 4], digest[EVP_MAX_MD_SIZE];
	bool ordered = in_order(flow);
	unsigned length;
	size_t at = put16(bytes, seed);
	at += put_address(bytes + at, ordered ? &flow->source : &flow->destination);
	at += put_address(bytes + at, ordered ? &flow->destination : &flow->source);
	bytes[at++] = flow->protocol;
	bytes[at++] = 0;
	at += put16(bytes + at, ordered ? flow->source_port : flow->destination_port);
	at += put16(bytes + at, ordered ? flow->destination_port : flow->source_port);
	if (EVP_Digest(bytes, at, digest, &length, EVP_sha1(), NULL) != 1)
		return TW_ERROR_MEMORY;
	memcpy(ret_text, "1:", 2);
	EVP_EncodeBlock((unsigned char *)ret_text + 2, digest, (int)length);
	return TW_OK;
}
