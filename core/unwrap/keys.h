/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_UNWRAP_KEYS_H
#define TW_UNWRAP_KEYS_H

#include "base/buffer.h"

/*
 * The operator's private key and its certificate, with which enveloped S/MIME is
 * decrypted. OpenSSL does it. Loaded once at the start, then read only: any thread may
 * decrypt. Nothing of them, and nothing of what OpenSSL says of them, reaches an event.
 *
 * Weakness: what is decrypted exists whole, encrypted and in clear; whoever calls
 * bounds it. A key that asks for a passphrase is refused. Signatures, and who sent it,
 * are not verified.
 */
struct tw_unwrap_keys;

/* Both are PEM files. TW_OK, or a negative status with the sentence in `reason`. */
int tw_unwrap_keys_load(const char *key_path, const char *certificate_path,
			struct tw_unwrap_keys **ret_keys, struct tw_buffer *reason);
void tw_unwrap_keys_free(struct tw_unwrap_keys *keys);
/*
 * Decrypts a ContentInfo (RFC 5652, 3) with EnvelopedData or AuthEnvelopedData, to the
 * end of `ret_content`. TW_ERROR_INVALID: it is not for this key, or damaged.
 */
int tw_unwrap_keys_decrypt(const struct tw_unwrap_keys *keys, struct tw_slice message,
			   struct tw_buffer *ret_content);

#endif
