/* SPDX-License-Identifier: Apache-2.0 */
#include "output/identity.h"

#include <endian.h>
#include <openssl/evp.h>
#include <stdlib.h>

#include "output/facts.h"

static void flush(struct tw_digest *digest)
{
	if (digest->used > 0 && !digest->failed)
		digest->failed = EVP_DigestUpdate(digest->context, digest->block,
						  digest->used) != 1;
	digest->used = 0;
}

static void add_bytes(struct tw_digest *digest, struct tw_slice bytes)
{
	if (bytes.length > TW_DIGEST_BLOCK - digest->used)
		flush(digest);
	if (bytes.length > TW_DIGEST_BLOCK) {
		if (!digest->failed)
			digest->failed = EVP_DigestUpdate(digest->context, bytes.data,
							  bytes.length) != 1;
		return;
	}
	if (bytes.length > 0)
		memcpy(digest->block + digest->used, bytes.data, bytes.length);
	digest->used += bytes.length;
}

const void *tw_digest_algorithm(void)
{
	return EVP_MD_fetch(NULL, "SHA2-256", NULL);
}

void tw_digest_algorithm_free(const void *algorithm)
{
	EVP_MD_free((EVP_MD *)(uintptr_t)algorithm);
}

void tw_digest_open(struct tw_digest *digest, const void *algorithm, const char *name)
{
	const EVP_MD *sha256 = algorithm == NULL ? EVP_sha256() : algorithm;
	digest->context = EVP_MD_CTX_new();
	digest->failed = digest->context == NULL ||
			 EVP_DigestInit_ex(digest->context, sha256, NULL) != 1;
	digest->used = 0;
	tw_digest_text(digest, tw_slice_string(name));
}

void tw_digest_next(struct tw_digest *digest, const char *name)
{
	/* No type: the context keeps the algorithm it has, which spares a look-up. */
	if (!digest->failed)
		digest->failed = EVP_DigestInit_ex(digest->context, NULL, NULL) != 1;
	digest->used = 0;
	tw_digest_text(digest, tw_slice_string(name));
}

void tw_digest_number(struct tw_digest *digest, uint64_t number)
{
	uint64_t bytes = htole64(number);
	if (digest->used > TW_DIGEST_BLOCK - sizeof(bytes))
		flush(digest);
	memcpy(digest->block + digest->used, &bytes, sizeof(bytes));
	digest->used += sizeof(bytes);
}

void tw_digest_text(struct tw_digest *digest, struct tw_slice text)
{
	tw_digest_number(digest, text.length);
	add_bytes(digest, text);
}

void tw_digest_end(struct tw_digest *digest, unsigned char ret_bytes[TW_DIGEST_SIZE])
{
	flush(digest);
	if (!digest->failed)
		digest->failed = EVP_DigestFinal_ex(digest->context, ret_bytes, NULL) != 1;
	if (digest->failed)
		memset(ret_bytes, 0, TW_DIGEST_SIZE);
}

void tw_digest_close(struct tw_digest *digest)
{
	EVP_MD_CTX_free(digest->context);
	digest->context = NULL;
}

void tw_hex(const unsigned char *bytes, size_t byte_count, char *ret_hex)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < byte_count; i++) {
		ret_hex[2 * i] = digits[bytes[i] >> 4];
		ret_hex[2 * i + 1] = digits[bytes[i] & 15];
	}
	ret_hex[2 * byte_count] = '\0';
}

/* What identifies a piece of evidence, and the order they stand in. */
struct named_evidence {
	struct tw_slice parts[3]; /* field, value, match */
	char room[TW_SHOWN_SIZE];
};

static void name_evidence(const struct tw_consignment *consignment,
			  const struct tw_evidence *evidence, struct named_evidence *named)
{
	const struct tw_column *column = tw_column_of(tw_evidence_field(consignment, evidence));
	named->parts[0] = column == NULL ? tw_slice(NULL, 0) : column->keyword;
	named->parts[1] = tw_evidence_shown(consignment, evidence, named->room);
	named->parts[2] = evidence->match;
}

static int compare_slices(struct tw_slice a, struct tw_slice b)
{
	size_t length = a.length < b.length ? a.length : b.length;
	int order = length == 0 ? 0 : memcmp(a.data, b.data, length);
	return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

struct evidence_order {
	const struct tw_consignment *consignment;
	const struct tw_evidence *evidence;
};

static int compare_evidence(const struct evidence_order *order, unsigned left, unsigned right)
{
	struct named_evidence a;
	struct named_evidence b;
	int result = 0;
	name_evidence(order->consignment, &order->evidence[left], &a);
	name_evidence(order->consignment, &order->evidence[right], &b);
	for (unsigned i = 0; i < 3 && result == 0; i++)
		result = compare_slices(a.parts[i], b.parts[i]);
	return result;
}

static int compare_indices(const void *left, const void *right, void *context)
{
	return compare_evidence(context, *(const uint16_t *)left, *(const uint16_t *)right);
}

static void add_evidence(struct tw_digest *digest, const struct evidence_order *order,
			 unsigned index)
{
	struct named_evidence named;
	name_evidence(order->consignment, &order->evidence[index], &named);
	for (unsigned i = 0; i < 3; i++)
		tw_digest_text(digest, named.parts[i]);
}

static void add_all_evidence(struct tw_digest *digest, const struct evidence_order *order,
			     unsigned count)
{
	uint16_t sorted[TW_EVIDENCE_SORTED];
	unsigned sortable = count < TW_EVIDENCE_SORTED ? count : TW_EVIDENCE_SORTED;
	unsigned kept = 0;
	for (unsigned i = 0; i < sortable; i++)
		sorted[i] = (uint16_t)i;
	qsort_r(sorted, sortable, sizeof(sorted[0]), compare_indices, (void *)(uintptr_t)order);
	/* The same piece told twice says nothing more. */
	for (unsigned i = 0; i < sortable; i++)
		if (kept == 0 || compare_evidence(order, sorted[kept - 1], sorted[i]) != 0)
			sorted[kept++] = sorted[i];
	tw_digest_number(digest, kept + (count - sortable));
	for (unsigned i = 0; i < kept; i++)
		add_evidence(digest, order, sorted[i]);
	for (unsigned i = sortable; i < count; i++)
		add_evidence(digest, order, i);
}

static struct tw_slice first_text(const struct tw_consignment *consignment, enum tw_field field)
{
	return tw_text(consignment, tw_first(consignment, field));
}

#define ALERT_SEQUENCE "tidewaiter alert 1"

static void digest_alert(struct tw_digest *digest, const struct tw_consignment *consignment,
			 const struct tw_alert *alert, char ret_id[TW_ALERT_ID_SIZE])
{
	struct evidence_order order = {consignment, alert->evidence};
	unsigned char bytes[TW_DIGEST_SIZE];
	tw_digest_number(digest, alert->sid);
	tw_digest_text(digest, first_text(consignment, TW_INTERCHANGE_SENDER));
	tw_digest_text(digest, first_text(consignment, TW_INTERCHANGE_RECIPIENT));
	tw_digest_text(digest, first_text(consignment, TW_INTERCHANGE_REFERENCE));
	tw_digest_text(digest, first_text(consignment, TW_MESSAGE_REFERENCE));
	tw_digest_text(digest, alert->shipment_id);
	add_all_evidence(digest, &order, alert->evidence_count);
	tw_digest_end(digest, bytes);
	tw_hex(bytes, (TW_ALERT_ID_SIZE - 1) / 2, ret_id);
}

void tw_alert_id(const void *sha256, const struct tw_consignment *consignment,
		 const struct tw_alert *alert, char ret_id[TW_ALERT_ID_SIZE])
{
	struct tw_digest digest;
	tw_digest_open(&digest, sha256, ALERT_SEQUENCE);
	digest_alert(&digest, consignment, alert, ret_id);
	tw_digest_close(&digest);
}

static void digest_event(struct tw_digest *digest, const struct tw_feed *feed, uint64_t offset,
			 struct tw_alert_identity *identity)
{
	unsigned char bytes[TW_DIGEST_SIZE];
	tw_digest_next(digest, "tidewaiter event 1");
	tw_digest_text(digest, tw_slice_string(identity->alert_id));
	tw_digest_text(digest, tw_slice_string(feed->source));
	tw_digest_text(digest, tw_slice_string(feed->path));
	for (unsigned i = 0; feed->layers != NULL && feed->layers[i] != NULL; i++)
		tw_digest_text(digest, tw_slice_string(feed->layers[i]));
	tw_digest_text(digest, tw_slice(NULL, 0));
	tw_digest_number(digest, offset);
	if (feed->network != NULL) {
		tw_digest_number(digest, feed->network->flow);
		tw_digest_number(digest, feed->packet);
	}
	tw_digest_end(digest, bytes);
	tw_hex(bytes, (TW_ALERT_ID_SIZE - 1) / 2, identity->event_id);
}

#define MESSAGE_SEQUENCE "tidewaiter message 1"

static void digest_message(struct tw_digest *digest, const struct tw_consignment *consignment,
			   char ret_hex[TW_SHA256_TEXT_SIZE])
{
	unsigned char bytes[TW_DIGEST_SIZE];
	for (uint32_t i = 0; i < consignment->entry_count; i++) {
		const struct tw_entry *entry = &consignment->entries[i];
		if ((entry->flags & TW_ENTRY_DERIVED) != 0)
			continue;
		struct tw_slice text = tw_text(consignment, (int)i);
		tw_digest_number(digest, (uint64_t)entry->field << 48 |
					 (uint64_t)entry->item << 32 | text.length);
		add_bytes(digest, text);
	}
	tw_digest_end(digest, bytes);
	tw_hex(bytes, TW_DIGEST_SIZE, ret_hex);
}

bool tw_message_sha256(const void *sha256, const struct tw_consignment *consignment,
		       char ret_hex[TW_SHA256_TEXT_SIZE])
{
	struct tw_digest digest;
	tw_digest_open(&digest, sha256, MESSAGE_SEQUENCE);
	digest_message(&digest, consignment, ret_hex);
	tw_digest_close(&digest);
	return !digest.failed;
}

void tw_alert_identify(const struct tw_event_style *style, const struct tw_feed *feed,
		       const struct tw_consignment *consignment, const struct tw_alert *alert,
		       struct tw_alert_identity *ret_identity)
{
	struct tw_digest digest;
	tw_digest_open(&digest, style->sha256, ALERT_SEQUENCE);
	digest_alert(&digest, consignment, alert, ret_identity->alert_id);
	digest_event(&digest, feed, consignment->record->base, ret_identity);
	tw_digest_next(&digest, MESSAGE_SEQUENCE);
	digest_message(&digest, consignment, ret_identity->sha256);
	tw_digest_close(&digest);
	ret_identity->failed = digest.failed;
}
