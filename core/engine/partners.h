/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_PARTNERS_H
#define TW_ENGINE_PARTNERS_H

#include "base/buffer.h"

/*
 * What the operator says of partners: the code page of their texts, where those
 * are not UTF-8. Most syntaxes announce none, and some senders announce another;
 * the operator's word stands. Read once from the setting feed.charsets, const
 * afterwards, any thread.
 *
 * Weakness: a partner is known by the sender's identification alone, and the list
 * is searched from front to back.
 */
struct tw_partners {
	char *text; /* the setting, cut at its separators */
	struct tw_partner *rows;
	unsigned count;
};

/*
 * Reads "SENDER=CHARSET, SENDER=CHARSET"; `*` is any sender. On failure `problem`
 * says which part is wrong, and nothing is to be freed.
 */
int tw_partners_read(const char *setting, struct tw_partners *ret_partners,
		     struct tw_buffer *problem);
void tw_partners_free(struct tw_partners *partners);
/* The code page, as iconv knows it; NULL where nothing is said of this sender. */
const char *tw_partners_charset(const struct tw_partners *partners, struct tw_slice sender);

#endif
