/* SPDX-License-Identifier: Apache-2.0 */
#include "output/privacy.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "output/facts.h"
#include "output/json.h"

bool tw_field_personal(enum tw_field field)
{
	const struct tw_field_info *info = tw_field_info(field);
	if (info == NULL || (info->group != TW_GROUP_party && info->group != TW_GROUP_raw))
		return false;
	return field != TW_PARTY_ROLE && field != TW_PARTY_REGION && field != TW_PARTY_COUNTRY;
}

static bool is_letter(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0xa0;
}

static bool is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_kept_mark(uint32_t c)
{
	return c != 0 && c < 0x80 && strchr(" .,-/@&()+'", (int)c) != NULL;
}

static void append_masked(struct tw_slice text, struct tw_buffer *out)
{
	bool inside = false; /* a word */
	for (size_t at = 0; at < text.length;) {
		uint32_t point = 0;
		unsigned length = tw_utf8_character(text, at, &point);
		bool first = length > 0 && is_letter(point) && !inside;
		if (first || is_kept_mark(point))
			tw_buffer_append_slice(out, tw_slice_part(text, at, length));
		else
			tw_buffer_append_byte(out, '*');
		inside = length == 0 || is_letter(point) || is_digit(point);
		at += length == 0 ? 1 : length;
	}
}

static void append_keyed(struct tw_slice key, struct tw_slice text, struct tw_buffer *out)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned length = 0;
	char token[18] = "k:";
	const void *secret = key.length > 0 ? key.data : "";
	const void *bytes = text.length > 0 ? text.data : "";
	if (key.length > INT32_MAX || HMAC(EVP_sha256(), secret, (int)key.length, bytes,
					   text.length, digest, &length) == NULL) {
		out->failed = true;
		return;
	}
	for (unsigned i = 0; i < 8; i++) {
		token[2 + 2 * i] = hex[digest[i] >> 4];
		token[3 + 2 * i] = hex[digest[i] & 15];
	}
	tw_buffer_append(out, token, sizeof(token));
}

void tw_mask_append(const struct tw_mask *mask, struct tw_slice text, struct tw_buffer *out)
{
	if (mask->privacy == TW_PRIVACY_FULL)
		tw_buffer_append_slice(out, text);
	else if (mask->privacy == TW_PRIVACY_MASKED)
		append_masked(text, out);
	else if (mask->privacy == TW_PRIVACY_KEYED)
		append_keyed(mask->key, text, out);
}

static unsigned char folded(int byte)
{
	return (unsigned char)(byte >= 'A' && byte <= 'Z' ? byte + 32 : byte);
}

static bool is_word_byte(int byte)
{
	return byte >= 0x80 || is_digit((uint32_t)byte) || (byte >= 'a' && byte <= 'z') ||
	       (byte >= 'A' && byte <= 'Z');
}

static size_t word_bytes(struct tw_slice text)
{
	size_t count = 0;
	for (size_t i = 0; i < text.length; i++)
		count += is_word_byte(tw_slice_at(text, i));
	return count;
}

/* Length of the part of `sentence` at `from` that spells `name`, marks apart; 0: it does not. */
static size_t spelled_at(struct tw_slice sentence, size_t from, struct tw_slice name)
{
	size_t at = from;
	size_t behind = from; /* the last letter that matched */
	for (size_t i = 0; i < name.length; i++) {
		int wanted = tw_slice_at(name, i);
		if (!is_word_byte(wanted))
			continue;
		while (at < sentence.length && !is_word_byte(tw_slice_at(sentence, at)))
			at++;
		if (folded(tw_slice_at(sentence, at)) != folded(wanted) || at >= sentence.length)
			return 0;
		behind = ++at;
	}
	return is_word_byte(tw_slice_at(sentence, behind)) ? 0 : behind - from;
}

/* Shorter values would hit words that name nobody ("CO", "ST"). */
#define SHORTEST_NAME 3

/* The longest value of a field that the sentence spells at `at`, if longer than the hit so far. */
static void try_field(const struct tw_consignment *consignment, enum tw_field field,
		      struct tw_slice sentence, struct tw_party_hit *hit)
{
	for (int value = tw_first(consignment, field); value >= 0;
	     value = tw_next(consignment, value)) {
		struct tw_slice text = tw_text(consignment, value);
		size_t length = spelled_at(sentence, hit->start, text);
		if (length > hit->length && word_bytes(text) >= SHORTEST_NAME)
			*hit = (struct tw_party_hit){hit->start, length, value};
	}
}

static bool party_at(const struct tw_consignment *consignment, struct tw_slice sentence, size_t at,
		     struct tw_party_hit *hit)
{
	*hit = (struct tw_party_hit){at, 0, -1};
	for (const struct tw_column *row = tw_columns(); row->field != TW_FIELD_NONE; row++)
		if ((row->group == TW_GROUP_party || row->group == TW_GROUP_raw) &&
		    tw_field_personal(row->field))
			try_field(consignment, row->field, sentence, hit);
	return hit->length > 0;
}

bool tw_party_find(const struct tw_consignment *consignment, struct tw_slice sentence, size_t from,
		   struct tw_party_hit *ret_hit)
{
	struct tw_party_hit hit = {0, 0, -1};
	for (size_t at = from; at < sentence.length; at++) {
		bool start = is_word_byte(tw_slice_at(sentence, at)) &&
			     (at == 0 || !is_word_byte(tw_slice_at(sentence, at - 1)));
		if (start && party_at(consignment, sentence, at, &hit)) {
			*ret_hit = hit;
			return true;
		}
	}
	return false;
}
