/* SPDX-License-Identifier: Apache-2.0 */
#include "unwrap/keys.h"

#include <limits.h>
#include <stdlib.h>

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>

struct tw_unwrap_keys {
	EVP_PKEY *key;
	X509 *certificate;
};

/* OpenSSL would ask on the terminal. */
static int no_passphrase(char *buffer, int size, int writing, void *context)
{
	(void)buffer;
	(void)size;
	(void)writing;
	(void)context;
	return -1;
}

static int read_files(struct tw_unwrap_keys *keys, const char *key_path, const char *certificate_path,
		      struct tw_buffer *reason)
{
	BIO *key = BIO_new_file(key_path, "r"), *certificate = BIO_new_file(certificate_path, "r");
	int status = TW_OK;
	if (key != NULL)
		keys->key = PEM_read_bio_PrivateKey(key, NULL, no_passphrase, NULL);
	if (certificate != NULL)
		keys->certificate = PEM_read_bio_X509(certificate, NULL, no_passphrase, NULL);
	BIO_free(key);
	BIO_free(certificate);
	ERR_clear_error();
	if (keys->key == NULL) {
		tw_buffer_printf(reason, "%s: not a private key in PEM without a passphrase", key_path);
		status = TW_ERROR_INVALID;
	} else if (keys->certificate == NULL) {
		tw_buffer_printf(reason, "%s: not a certificate in PEM", certificate_path);
		status = TW_ERROR_INVALID;
	} else if (X509_check_private_key(keys->certificate, keys->key) != 1) {
		tw_buffer_printf(reason, "%s: not the certificate of the key in %s", certificate_path, key_path);
		status = TW_ERROR_INVALID;
	}
	ERR_clear_error();
	return status;
}

int tw_unwrap_keys_load(const char *key_path, const char *certificate_path,
			struct tw_unwrap_keys **ret_keys, struct tw_buffer *reason)
{
	struct tw_unwrap_keys *keys = calloc(1, sizeof(*keys));
	if (keys == NULL)
		return TW_ERROR_MEMORY;
	int status = read_files(keys, key_path, certificate_path, reason);
	if (status < 0)
		tw_unwrap_keys_free(keys);
	else
		*ret_keys = keys;
	return status;
}

void tw_unwrap_keys_free(struct tw_unwrap_keys *keys)
{
	if (keys == NULL)
		return;
	EVP_PKEY_free(keys->key);
	X509_free(keys->certificate);
	free(keys);
}

/*
 * With the certificate, only the recipient it names is tried, so that a wrong key is told from a wrong text.
 * Where its key is damaged OpenSSL would go on with a random one, so that who sends cannot tell (RFC 3218, 2.3.2),
 * and once in a hundred times something would come out. Nobody is answered here: CMS_DEBUG_DECRYPT ends it.
 */
static int decrypt(const struct tw_unwrap_keys *keys, CMS_ContentInfo *message, struct tw_buffer *content)
{
	BIO *out = BIO_new(BIO_s_mem());
	char *bytes = NULL;
	int status = TW_ERROR_MEMORY;
	if (out == NULL)
		return status;
	const unsigned how = CMS_BINARY | CMS_DEBUG_DECRYPT;
	if (CMS_decrypt(message, keys->key, keys->certificate, NULL, out, how) == 1) {
		long length = BIO_get_mem_data(out, &bytes);
		tw_buffer_append(content, bytes, length > 0 ? (size_t)length : 0);
		status = content->failed ? TW_ERROR_MEMORY : TW_OK;
	} else {
		status = TW_ERROR_INVALID;
	}
	BIO_free(out);
	return status;
}

int tw_unwrap_keys_decrypt(const struct tw_unwrap_keys *keys, struct tw_slice message,
			   struct tw_buffer *ret_content)
{
	const unsigned char *bytes = (const unsigned char *)message.data;
	if (message.length > LONG_MAX)
		return TW_ERROR_INVALID;
	CMS_ContentInfo *parsed = d2i_CMS_ContentInfo(NULL, &bytes, (long)message.length);
	int status = parsed == NULL ? TW_ERROR_INVALID : decrypt(keys, parsed, ret_content);
	CMS_ContentInfo_free(parsed);
	ERR_clear_error();
	return status;
}
