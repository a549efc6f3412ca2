/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_NETWORK_EBMS_H
#define TW_NETWORK_EBMS_H

#include "tidewaiter/slice.h"

/*
 * The SOAP header of ebMS 3.0 and AS4: who sends what to whom, whether it is a message
 * or a signal about one, and whether what it carries is encrypted. It is read off the
 * front of a text; what stands before the envelope, MIME header fields and delimiters too,
 * is passed over. No tree is made and nothing is kept but the few texts named here;
 * security tokens are passed over. The caller keeps the bytes, and bounds them. One thread at a time.
 *
 * OASIS ebXML Messaging Services 3.0, Part 1, section 5.2 (eb:Messaging); AS4 Profile of
 * ebMS 3.0; WS-Security SwA Profile 1.1, section 5.5 (encrypted attachments).
 *
 * Weakness: the text must be in a character set that has ASCII as it is and in no transfer
 * encoding, which is the caller's to see to, and the envelope stand before anything else that is
 * called an envelope; a document type declaration, which SOAP forbids, ends the reading.
 */
#define TW_EBMS_TEXT 256u   /* of a text; a longer one is cut */
#define TW_EBMS_DEPTH 64u   /* elements in each other */
#define TW_EBMS_SPACES 32u  /* namespaces in force at once */
#define TW_EBMS_TAG ((size_t)4096) /* longest tag */

enum tw_ebms_kind {
	TW_EBMS_NONE,	 /* no ebMS, as far as was seen */
	TW_EBMS_MESSAGE, /* eb:UserMessage */
	TW_EBMS_SIGNAL,	 /* eb:SignalMessage alone: a receipt, an error, a pull request */
};

struct tw_ebms_text {
	char text[TW_EBMS_TEXT];
	size_t length;
};

struct tw_ebms_space { /* a prefix in force; its text stands in the bytes */
	size_t prefix, prefix_length;
	unsigned depth;
	uint8_t space;
};

struct tw_ebms {
	/* What was found so far. */
	enum tw_ebms_kind kind;
	struct tw_ebms_text from, to, message_id; /* eb:PartyId, eb:MessageId of the first message */
	bool body_used;		  /* something stands in the SOAP body, */
	bool body_encrypted;	  /* and it is encrypted */
	bool attachments_encrypted;
	/* The reader's own. */
	size_t at;   /* what stands before it was read */
	size_t sought; /* and before this no end of what stands at `at` */
	unsigned depth;
	uint8_t open[TW_EBMS_DEPTH];
	struct tw_ebms_space spaces[TW_EBMS_SPACES];
	unsigned space_count;
};

/*
 * Reads on. `bytes`: the body from its first byte on, each time longer, in memory that
 * may have moved. 1: all that is looked for is known; 0: more bytes are needed; negative:
 * it is no such envelope, or none that can be read. Not to be called again after either.
 */
int tw_ebms_read(struct tw_ebms *ebms, struct tw_slice bytes);
static inline struct tw_slice tw_ebms_slice(const struct tw_ebms_text *text)
{
	return tw_slice(text->text, text->length);
}

#endif
