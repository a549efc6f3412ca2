/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/delivery.h"

#include <openssl/evp.h>
#include <stdlib.h>

int tw_deliveries_open(struct tw_deliveries *all, const struct tw_config *config,
		       const struct tw_unwrap_settings *unwrap, unsigned shards)
{
	uint32_t ids = (uint32_t)tw_config_number(config, "network.message_ids");
	uint32_t most = ids / shards + (ids % shards > 0);
	*all = (struct tw_deliveries){
		.unwrap = unwrap,
		.look_bytes = (size_t)tw_config_size(config, "network.look_bytes"),
		.retry_bytes = tw_config_size(config, "network.retry_bytes"),
		.retry_memory = tw_config_size(config, "network.retry_memory") / shards,
	};
	int status = tw_delivered_create(most, &all->delivered);
	return status < 0 ? status : tw_delivered_create(most, &all->payloads);
}

void tw_deliveries_close(struct tw_deliveries *all)
{
	tw_delivered_free(all->delivered);
	tw_delivered_free(all->payloads);
	all->delivered = all->payloads = NULL;
}

/* ---- names ------------------------------------------------------------------------------ */

/* Who sends what to whom by which protocol; none of it has a zero byte that another could take for the end. */
static int name(struct tw_delivery *delivery)
{
	const struct tw_body_start *start = delivery->start;
	const struct tw_slice parts[] = {tw_slice_string(start->application), start->from, start->to,
					 start->message_id};
	struct tw_buffer text = {0};
	for (unsigned i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		uint64_t length = parts[i].length;
		tw_buffer_append(&text, &length, sizeof(length));
		tw_buffer_append_slice(&text, parts[i]);
	}
	int status = text.failed ? TW_ERROR_MEMORY : TW_OK;
	delivery->told.name = tw_hash128(tw_buffer_slice(&text), 0);
	delivery->named = true;
	tw_buffer_free(&text);
	return status;
}

/* Nobody will ask what is in it. */
static void stop_unwrapping(struct tw_delivery *delivery)
{
	tw_payload_free(&delivery->payload);
	delivery->unwrapping = false;
}

/* Whose it is is known: it waits on where that was seen before. */
static int decide(struct tw_delivery *delivery)
{
	const struct tw_body_start *start = delivery->start;
	delivery->state = TW_DELIVERY_PASSED;
	if (!delivery->counted || !start->expected || start->message_id.length == 0) {
		stop_unwrapping(delivery);
		return TW_OK;
	}
	int status = name(delivery);
	if (status >= 0 && tw_delivered_find(delivery->all->delivered, delivery->told.name) != NULL)
		delivery->state = TW_DELIVERY_HELD;
	return status;
}

bool tw_delivery_is_as4(const struct tw_delivery *delivery)
{
	return delivery->ebms != NULL && delivery->ebms->kind != TW_EBMS_NONE;
}

/* The header was read, as far as it can be. */
static int learn(struct tw_delivery *delivery)
{
	struct tw_body_start *start = delivery->start;
	const struct tw_ebms *ebms = delivery->ebms;
	tw_root_free(&delivery->root);
	if (tw_delivery_is_as4(delivery)) {
		start->application = "as4";
		start->from = tw_ebms_slice(&ebms->from);
		start->to = tw_ebms_slice(&ebms->to);
		start->message_id = tw_ebms_slice(&ebms->message_id);
		start->expected = ebms->kind == TW_EBMS_MESSAGE;
		delivery->all->signals += delivery->counted && !start->expected;
	}
	return decide(delivery);
}

/* ---- bytes that wait -------------------------------------------------------------------- */

static int hold(struct tw_delivery *delivery, struct tw_slice bytes, const struct tw_packet_at *at)
{
	struct tw_delivery_piece piece = {*at, bytes.length};
	tw_buffer_append_slice(&delivery->held, bytes);
	tw_buffer_append(&delivery->pieces, &piece, sizeof(piece));
	delivery->all->held += bytes.length + sizeof(piece);
	return delivery->held.failed || delivery->pieces.failed ? TW_ERROR_MEMORY : TW_OK;
}

static void let_go(struct tw_delivery *delivery)
{
	delivery->all->held -= delivery->held.length + delivery->pieces.length;
	tw_buffer_free(&delivery->held);
	tw_buffer_free(&delivery->pieces);
	delivery->taken = delivery->pieces_taken = 0;
}

bool tw_delivery_take(struct tw_delivery *delivery, struct tw_slice *ret_bytes,
		      struct tw_packet_at *ret_at)
{
	struct tw_delivery_piece piece;
	if (delivery->pieces_taken == delivery->pieces.length) {
		let_go(delivery);
		return false;
	}
	memcpy(&piece, delivery->pieces.data + delivery->pieces_taken, sizeof(piece));
	*ret_bytes = tw_slice_part(tw_buffer_slice(&delivery->held), delivery->taken, piece.length);
	*ret_at = piece.at;
	delivery->taken += piece.length;
	delivery->pieces_taken += sizeof(piece);
	return true;
}

static bool is_too_much(const struct tw_delivery *delivery)
{
	const struct tw_deliveries *all = delivery->all;
	return delivery->held.length > all->retry_bytes || all->held > all->retry_memory;
}

/* ---- a body ----------------------------------------------------------------------------- */

int tw_delivery_begin(struct tw_delivery *delivery, struct tw_deliveries *all,
		      struct tw_body_start *start, struct tw_slice fields, bool counted)
{
	bool named = start->expected && start->message_id.length > 0;
	int status = TW_OK;
	*delivery = (struct tw_delivery){.all = all, .start = start, .counted = counted};
	if (!named && !start->soap)
		return TW_OK;
	if (start->soap) {
		delivery->state = TW_DELIVERY_READING;
		delivery->ebms = calloc(1, sizeof(*delivery->ebms));
		status = tw_root_begin(&delivery->root, fields);
	}
	delivery->digest = counted ? EVP_MD_CTX_new() : NULL;
	if ((start->soap && delivery->ebms == NULL) || (counted && delivery->digest == NULL) ||
	    (counted && EVP_DigestInit_ex(delivery->digest, EVP_sha256(), NULL) != 1))
		return TW_ERROR_MEMORY;
	tw_buffer_append_slice(&delivery->fields, fields);
	if (delivery->fields.failed)
		return TW_ERROR_MEMORY;
	if (status >= 0 && counted)
		status = tw_payload_begin(&delivery->payload);
	delivery->unwrapping = counted;
	return status >= 0 && named ? decide(delivery) : status;
}

void tw_delivery_free(struct tw_delivery *delivery)
{
	if (delivery->all != NULL)
		let_go(delivery);
	EVP_MD_CTX_free(delivery->digest);
	tw_root_free(&delivery->root);
	tw_payload_free(&delivery->payload);
	tw_buffer_free(&delivery->fields);
	free(delivery->ebms);
	*delivery = (struct tw_delivery){0};
}

/* Whose it is can be told, or will not be. `end`: there are no more bytes. */
static int read_header(struct tw_delivery *delivery, struct tw_slice bytes, bool end)
{
	bool last = end || delivery->held.length >= delivery->all->look_bytes;
	int status = end ? tw_root_end(&delivery->root) : tw_root_push(&delivery->root, bytes);
	if (status < 0)
		return status;
	int known = tw_ebms_read(delivery->ebms, tw_buffer_slice(&delivery->root.text));
	return known != 0 || last ? learn(delivery) : TW_OK;
}

int tw_delivery_push(struct tw_delivery *delivery, struct tw_slice bytes,
		     const struct tw_packet_at *at)
{
	delivery->length += bytes.length;
	if (delivery->digest != NULL &&
	    EVP_DigestUpdate(delivery->digest, bytes.data, bytes.length) != 1)
		return TW_ERROR_MEMORY;
	if (delivery->state == TW_DELIVERY_PASSED)
		return TW_OK;
	int status = hold(delivery, bytes, at);
	if (status >= 0 && delivery->state == TW_DELIVERY_READING)
		status = read_header(delivery, bytes, false);
	if (delivery->state == TW_DELIVERY_HELD && is_too_much(delivery))
		delivery->state = TW_DELIVERY_PASSED;
	return status;
}

void tw_delivery_break(struct tw_delivery *delivery)
{
	if (delivery->state == TW_DELIVERY_READING)
		learn(delivery);
	delivery->state = TW_DELIVERY_PASSED;
	delivery->broken = true;
	stop_unwrapping(delivery);
}

int tw_delivery_unwrapped(struct tw_delivery *delivery, const struct tw_unwrap_event *event)
{
	return delivery->unwrapping ? tw_payload_take(&delivery->payload, event) : TW_OK;
}

/* Whether this is what came before under the message's name, if any did. It is what came from now on. */
static int compare(const struct tw_delivery *delivery, struct tw_delivered *delivered,
		   const struct tw_sha256 *digest, bool *ret_same)
{
	const struct tw_sha256 *before = tw_delivered_find(delivered, delivery->told.name);
	*ret_same = before != NULL && memcmp(before, digest, sizeof(*digest)) == 0;
	return tw_delivered_put(delivered, delivery->told.name, digest);
}

/*
 * The same for what is in it. The envelope of AS4 has time and signature, and counts only where its body is
 * used. What cannot be read is the same as nothing.
 */
static int compare_payload(struct tw_delivery *delivery, bool *ret_same)
{
	struct tw_sha256 *digest = &delivery->told.payload;
	bool rest_only = tw_delivery_is_as4(delivery) && !delivery->ebms->body_used;
	int known = TW_OK;
	if (delivery->state == TW_DELIVERY_HELD)
		known = tw_payload_unwrap(&delivery->payload, delivery->all->unwrap,
					  tw_buffer_slice(&delivery->fields),
					  tw_buffer_slice(&delivery->held));
	if (known >= 0)
		known = tw_payload_end(&delivery->payload, rest_only, digest);
	if (known < 0 && known != TW_ERROR_UNSUPPORTED)
		return known;
	int status = compare(delivery, delivery->all->payloads, digest, ret_same);
	delivery->told.readable = known >= 0;
	*ret_same &= known >= 0;
	return status;
}

static int judge_whole(struct tw_delivery *delivery, enum tw_delivery_verdict *ret_verdict)
{
	struct tw_deliveries *all = delivery->all;
	bool known = tw_delivered_find(all->delivered, delivery->told.name) != NULL;
	bool same, same_payload;
	struct tw_sha256 *digest = &delivery->told.digest;
	if (EVP_DigestFinal_ex(delivery->digest, digest->bytes, NULL) != 1)
		return TW_ERROR_MEMORY;
	int status = compare(delivery, all->delivered, digest, &same);
	if (status >= 0)
		status = compare_payload(delivery, &same_payload);
	delivery->told.known = known;
	delivery->judged = status >= 0;
	if (status < 0 || !known)
		return status;
	*ret_verdict = same ? TW_DELIVERY_RETRY : same_payload ? TW_DELIVERY_PACKED : TW_DELIVERY_CHANGED;
	all->retries += *ret_verdict != TW_DELIVERY_CHANGED;
	return TW_OK;
}

void tw_delivery_describe(struct tw_buffer *reason, enum tw_delivery_verdict verdict, struct tw_slice subject,
			  bool inspected)
{
	static const char *const words[][2] = {
		[TW_DELIVERY_FIRST] = {"", ""},
		[TW_DELIVERY_RETRY] = {"a retry of", "as before"},
		[TW_DELIVERY_PACKED] = {"a retry of", "that hold what those of before did"},
		[TW_DELIVERY_CHANGED] = {"another message with", "that are not those of before"},
	};
	tw_buffer_append_slice(reason, tw_slice_string(words[verdict][0]));
	tw_buffer_append_slice(reason, TW_LITERAL(" Message-ID "));
	tw_buffer_append_slice(reason, subject);
	tw_buffer_printf(reason, " %s: %s", words[verdict][1], inspected ? "inspected" : "not inspected again");
}

int tw_delivery_end(struct tw_delivery *delivery)
{
	return delivery->state == TW_DELIVERY_READING ? read_header(delivery, tw_slice(NULL, 0), true)
						      : TW_OK;
}

int tw_delivery_judge(struct tw_delivery *delivery, bool whole, enum tw_delivery_verdict *ret_verdict)
{
	int status = TW_OK;
	*ret_verdict = TW_DELIVERY_FIRST;
	if (whole && delivery->named && !delivery->broken)
		status = judge_whole(delivery, ret_verdict);
	if (*ret_verdict != TW_DELIVERY_RETRY && *ret_verdict != TW_DELIVERY_PACKED)
		delivery->state = TW_DELIVERY_PASSED;
	stop_unwrapping(delivery);
	return status;
}
