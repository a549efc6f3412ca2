/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_PAYLOAD_H
#define TW_ENGINE_PAYLOAD_H

#include "state/delivered.h"
#include "unwrap/unwrap.h"

/*
 * A digest of what a body holds when nothing is wrapped round it any more: its parts one behind the
 * other, without their header fields, encodings and signatures. Who sends a message again
 * may sign, pack or encrypt it anew, and it is the same all the same. Bytes are pushed
 * through an unwrapper of its own; nothing is kept. One thread at a time.
 *
 * Weakness: a body is unwrapped once more than for its inspection. What cannot be read to the
 * last byte has no digest, nor has what is encrypted by XML Encryption one that does not change.
 */
struct tw_payload {
	struct tw_unwrap *unwrap;
	void *digests[2]; /* EVP_MD_CTX: of the first part, and of the others */
	unsigned parts;
	uint64_t stored, length; /* of the body, and of the part at hand */
	bool failed; /* something of it cannot be read */
};

/* `fields`: the body's own MIME header fields; empty: it has none. */
int tw_payload_begin(struct tw_payload *payload, const struct tw_unwrap_settings *settings,
		     struct tw_slice fields);
int tw_payload_push(struct tw_payload *payload, struct tw_slice bytes);
/*
 * The body is whole. `rest_only`: its first part is none of the payload. TW_ERROR_UNSUPPORTED: it
 * has no digest; TW_ERROR_MEMORY.
 */
int tw_payload_end(struct tw_payload *payload, bool rest_only, struct tw_digest *ret_digest);
/* Also where it never began. */
void tw_payload_free(struct tw_payload *payload);

#endif
