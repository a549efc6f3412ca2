/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_BASE_NUMBER_H
#define TW_BASE_NUMBER_H

#include "tidewaiter/slice.h"

/*
 * Numbers as carriers write them. Stateless, any thread. No locale, no exponent,
 * no hexadecimal: nothing that strtod would accept and a carrier never means.
 */

/*
 * A decimal number: optional sign, digits, at most one decimal mark, where both
 * '.' and ',' are taken as `decimal` when they stand last, and as a thousands
 * separator when three digits follow and the mark proper comes later. Blanks at
 * the ends are allowed. Returns true and the number, or false.
 */
bool tw_number_parse(struct tw_slice text, char decimal, double *ret_number);

/* Only digits, up to 18 of them. */
bool tw_count_parse(struct tw_slice text, uint64_t *ret_count);

#endif
