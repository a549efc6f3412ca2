/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_UNWRAP_BER_H
#define TW_UNWRAP_BER_H

#include "tidewaiter/slice.h"

/*
 * The heads of elements in BER (ITU-T X.690, clause 8): tag and length, of which none
 * is believed before it is held against what encloses it. Pure; any thread.
 *
 * Weakness: tags over 30 are read to 28 bits; CMS has none.
 */
#define TW_BER_HEAD 14u /* bytes of the longest head that is taken */

enum tw_ber_class { TW_BER_UNIVERSAL, TW_BER_APPLICATION, TW_BER_CONTEXT, TW_BER_PRIVATE };
enum { TW_BER_END = 0, TW_BER_OCTETS = 4, TW_BER_OID = 6, TW_BER_SEQUENCE = 16 };

struct tw_ber {
	enum tw_ber_class class;
	uint32_t number;
	bool constructed, indefinite;
	size_t head;	 /* bytes of tag and length */
	uint64_t length; /* of what follows; 0 where it is indefinite */
};

/* 1: read, 0: more bytes are needed, negative: it is none. */
int tw_ber_read(struct tw_slice bytes, struct tw_ber *ret_ber);
bool tw_ber_is(const struct tw_ber *ber, enum tw_ber_class class, uint32_t number);

#endif
