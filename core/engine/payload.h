/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_PAYLOAD_H
#define TW_ENGINE_PAYLOAD_H

#include "state/delivered.h"
#include "unwrap/unwrap.h"

/*
 * A digest of what a body holds when nothing is wrapped round it any more: its parts one behind the
 * other, without their header fields, encodings and signatures. Who sends a message again
 * may sign, pack or encrypt it anew, and it is the same all the same. Whoever unwraps the body
 * says what comes out; nothing is kept. One thread at a time.
 *
 * Weakness: what cannot be read to the last byte has no digest, nor has what is encrypted by XML
 * Encryption one that does not change.
 */
struct tw_payload {
	void *digests[2]; /* EVP_MD_CTX: of the first part, and of the others */
	unsigned parts;
	uint64_t length; /* of the part at hand */
	bool failed;	 /* something of it cannot be read */
};

int tw_payload_begin(struct tw_payload *payload);
/* What comes out of the body, in its order; what is not wrapped is one part. */
int tw_payload_take(struct tw_payload *payload, const struct tw_unwrap_event *event);
/* The same for a body that is here whole; `fields`: its own MIME header fields; empty: it has none. */
int tw_payload_unwrap(struct tw_payload *payload, const struct tw_unwrap_settings *settings,
		      struct tw_slice fields, struct tw_slice body);
/*
 * The body is whole. `rest_only`: its first part is none of the payload. TW_ERROR_UNSUPPORTED: it
 * has no digest; TW_ERROR_MEMORY.
 */
int tw_payload_end(struct tw_payload *payload, bool rest_only, struct tw_sha256 *ret_digest);
/* Also where it never began. */
void tw_payload_free(struct tw_payload *payload);

#endif
