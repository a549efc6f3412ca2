/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_OUTPUT_PRIVACY_H
#define TW_OUTPUT_PRIVACY_H

#include "output/event.h"

/*
 * Personal data in what leaves the program. Personal are all
 * fields of group `party` but role, region and country, a row added to the table
 * included; and raw texts, which may hold anything. What is done with them:
 *
 *   full     as they are
 *   masked   of each word the first letter is kept and the rest is '*'; each digit
 *            is '*'; blanks and . , - / @ & ( ) + ' are kept, so that the shape of a
 *            name, an address or an e-mail (its domain too) can be seen
 *   keyed    "k:" and the first 16 hex digits of HMAC-SHA256 under the operator's
 *            key: the same value gives the same token, so parties can be counted
 *   omitted  left out with their key
 *
 * Values are treated one by one: an address of two lines is two tokens. The result
 * is ASCII or whole UTF-8 characters and needs no escape in JSON.
 *
 * Sentences of detectors (why, reason, what a finding shows) are searched for the
 * consignment's own party values, case and punctuation apart, and these are
 * replaced. Stateless, any thread.
 *
 * Weakness: a sentence that names a party of another consignment, or only part of
 * a name, is not recognised; nor are names inside goods texts, marks and notes.
 * Masked is not anonymous: identities (alert_id, sha256) are made of plain values.
 */
struct tw_mask {
	enum tw_privacy privacy;
	struct tw_slice key;
};

bool tw_field_personal(enum tw_field field);
/* Appends what may be shown of a personal value: nothing where it is omitted. */
void tw_mask_append(const struct tw_mask *mask, struct tw_slice text, struct tw_buffer *out);

/* A party value of the consignment found in a sentence. */
struct tw_party_hit {
	size_t start, length; /* in the sentence */
	int value;	      /* of the consignment */
};
/* The first one at or behind `from`; the longest of those that start there. */
bool tw_party_find(const struct tw_consignment *consignment, struct tw_slice sentence, size_t from,
		   struct tw_party_hit *ret_hit);

#endif
