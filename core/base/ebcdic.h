/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_BASE_EBCDIC_H
#define TW_BASE_EBCDIC_H

#include "tidewaiter/slice.h"

/*
 * Interchanges that left a mainframe untranslated: EBCDIC, code pages 037, 500 and
 * 1047. Each of them is Latin-1 in another order, so a byte becomes a byte and no
 * offset moves. Pure functions, any thread.
 *
 * Weakness: the pages differ in a few special characters ([ ] ! ^ | and the like)
 * and a header does not tell which it is; the operator says so.
 */
#define TW_EBCDIC_HEAD 24u /* bytes that suffice to tell */

/* Whether UNA, UNB or ISA in EBCDIC begins here: 1 yes, 0 no, -1 with more bytes. */
int tw_ebcdic_starts(struct tw_slice head);
/* Fills the table from EBCDIC to Latin-1. False: no such page. NEL and LF both end lines. */
bool tw_ebcdic_table(const char *page, unsigned char ret_table[256]);
void tw_ebcdic_translate(const unsigned char table[256], char *bytes, size_t length);

#endif
