/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_OUTPUT_IDENTITY_H
#define TW_OUTPUT_IDENTITY_H

#include "output/event.h"

/*
 * Identities and digests in events, all SHA-256. What is hashed is a sequence of
 * parts, each of one meaning only: a number is 8 bytes, least significant first; a
 * text is its length as a number, then its bytes. Every sequence starts with a text
 * that names it. So no two different sequences are the same bytes, and a foreign
 * program can compute them again.
 *
 * A digest belongs to one thread; it holds a context of OpenSSL, which it reuses
 * from one sequence to the next.
 *
 * Weakness: creating one allocates (inside OpenSSL). Where that fails the digest is
 * all zeros and tw_digest_failed() says so.
 */
#define TW_DIGEST_SIZE 32
#define TW_DIGEST_BLOCK 1024

struct tw_digest {
	void *context;
	size_t used;
	bool failed;
	unsigned char block[TW_DIGEST_BLOCK];
};

/*
 * SHA-256 as OpenSSL has it, to be given to all digests: looking it up costs more than
 * an alert's digests. NULL where OpenSSL has no memory; each then looks for itself.
 */
const void *tw_digest_algorithm(void);
void tw_digest_algorithm_free(const void *algorithm);
/* Opens and starts the first sequence; tw_digest_next() starts another. `algorithm`: the above or NULL. */
void tw_digest_open(struct tw_digest *digest, const void *algorithm, const char *name);
void tw_digest_number(struct tw_digest *digest, uint64_t number);
void tw_digest_text(struct tw_digest *digest, struct tw_slice text);
void tw_digest_end(struct tw_digest *digest, unsigned char ret_bytes[TW_DIGEST_SIZE]);
void tw_digest_next(struct tw_digest *digest, const char *name);
void tw_digest_close(struct tw_digest *digest);

/* Writes two hex digits a byte, and a zero byte behind them. */
void tw_hex(const unsigned char *bytes, size_t byte_count, char *ret_hex);

#define TW_SHA256_TEXT_SIZE 65
/* The identities of one alert. */
struct tw_alert_identity {
	char alert_id[TW_ALERT_ID_SIZE];
	char event_id[TW_ALERT_ID_SIZE];
	char sha256[TW_SHA256_TEXT_SIZE];
	bool failed;
};
/*
 * alert_id  "tidewaiter alert 1", sid, sender, recipient, interchange reference,
 *           message reference, shipment_key, the number of distinct pieces of
 *           evidence, then of each: keyword of its field (or empty), value, match;
 *           sorted by these three, bytewise. First 16 bytes.
 * event_id  "tidewaiter event 1", alert_id, source, path, layers ("" behind the
 *           last), offset of the consignment. First 16 bytes.
 * sha256    see tw_message_sha256().
 */
void tw_alert_identify(const struct tw_event_style *style, const struct tw_feed *feed,
		       const struct tw_consignment *consignment, const struct tw_alert *alert,
		       struct tw_alert_identity *ret_identity);

/*
 * message.sha256: "tidewaiter message 1", then each value that was read (none of
 * the derived) in input order: field id * 2^48 + item * 2^32 + length of the text as
 * one number, then the text's bytes. It covers the facts of the
 * message's header and of this consignment: the same words by file and by tap give
 * the same digest; bytes that fill no field, and other consignments, do not count.
 * In a message event it is that of the part's first consignment. False: no memory.
 */
bool tw_message_sha256(const void *sha256, const struct tw_consignment *consignment,
		       char ret_hex[TW_SHA256_TEXT_SIZE]);

/* More pieces of evidence than this are hashed in their given order behind the sorted ones. */
#define TW_EVIDENCE_SORTED 4096

#endif
