/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/payload.h"

#include <openssl/evp.h>

int tw_payload_begin(struct tw_payload *payload)
{
	*payload = (struct tw_payload){.parts = 0};
	for (unsigned i = 0; i < 2; i++) {
		payload->digests[i] = EVP_MD_CTX_new();
		if (payload->digests[i] == NULL ||
		    EVP_DigestInit_ex(payload->digests[i], EVP_sha256(), NULL) != 1)
			return TW_ERROR_MEMORY;
	}
	return TW_OK;
}

void tw_payload_free(struct tw_payload *payload)
{
	EVP_MD_CTX_free(payload->digests[0]);
	EVP_MD_CTX_free(payload->digests[1]);
	*payload = (struct tw_payload){.parts = 0};
}

static int add(const struct tw_payload *payload, struct tw_slice bytes)
{
	void *digest = payload->digests[payload->parts > 1];
	return EVP_DigestUpdate(digest, bytes.data, bytes.length) == 1 ? TW_OK : TW_ERROR_MEMORY;
}

/* Behind each part its length, so that none can give bytes to its neighbour. */
int tw_payload_take(struct tw_payload *payload, const struct tw_unwrap_event *event)
{
	switch (event->what) {
	case TW_UNWRAP_MEMBER:
		payload->parts++;
		payload->length = 0;
		break;
	case TW_UNWRAP_BYTES:
		payload->length += event->bytes.length;
		return add(payload, event->bytes);
	case TW_UNWRAP_END:
		payload->failed |= !event->whole;
		return add(payload, tw_slice((const char *)&payload->length, sizeof(payload->length)));
	case TW_UNWRAP_PROBLEM:
	case TW_UNWRAP_GAP:
		payload->failed = true;
		break;
	case TW_UNWRAP_MORE:
	case TW_UNWRAP_DONE:
		break;
	}
	return TW_OK;
}

static int take(void *context, const struct tw_unwrap_event *event)
{
	return tw_payload_take(context, event);
}

int tw_payload_unwrap(struct tw_payload *payload, const struct tw_unwrap_settings *settings,
		      struct tw_slice fields, struct tw_slice body)
{
	struct tw_unwrap_settings with_fields = *settings;
	struct tw_unwrap_taker taker = {take, payload};
	struct tw_unwrap *unwrap;
	uint64_t stored = 0;
	with_fields.mime = fields.length > 0;
	int status = tw_unwrap_create(&with_fields, &unwrap);
	if (status < 0)
		return status;
	status = tw_unwrap_push(unwrap, fields, &stored, taker);
	stored = 0;
	if (status >= 0)
		status = tw_unwrap_push(unwrap, body, &stored, taker);
	tw_unwrap_finish(unwrap, false);
	if (status >= 0)
		status = tw_unwrap_drain(unwrap, taker);
	tw_unwrap_free(unwrap);
	return status;
}

int tw_payload_end(struct tw_payload *payload, bool rest_only, struct tw_sha256 *ret_digest)
{
	struct tw_sha256 parts[2] = {{{0}}, {{0}}};
	int status = TW_OK;
	if (payload->failed || (rest_only && payload->parts < 2))
		return TW_ERROR_UNSUPPORTED;
	for (unsigned i = rest_only; i < 2 && status >= 0; i++)
		if (EVP_DigestFinal_ex(payload->digests[i], parts[i].bytes, NULL) != 1)
			status = TW_ERROR_MEMORY;
	if (status >= 0 &&
	    EVP_Digest(parts, sizeof(parts), ret_digest->bytes, NULL, EVP_sha256(), NULL) != 1)
		status = TW_ERROR_MEMORY;
	return status;
}
