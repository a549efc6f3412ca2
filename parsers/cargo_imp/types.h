/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_CARGO_IMP_TYPES_H
#define TW_CARGO_IMP_TYPES_H

#include "tidewaiter/slice.h"

/*
 * The messages whose lines need more than their identifier to be told apart, and
 * those that may begin a message where no header announces one: a table, const,
 * for any thread. A type that is not in it is read all the same behind a header,
 * or where the waybill's number follows; a map is all it needs.
 *
 * Weakness: identifiers that are also airports (ULD, DIM) are taken for
 * identifiers in a manifest.
 */

/* May stand without a version: the next line has to confirm it. */
#define TW_IMP_BARE 1u
/* Lists a flight's cargo: a numbered first line, airports, CONT or LAST at the end. */
#define TW_IMP_FLIGHT 2u
/* Quotes the message it answers, identifier line and all (FMA, FNA). */
#define TW_IMP_QUOTES 4u
/* Customs (CBP): the line behind the identifier may be airport and carrier alone. */
#define TW_IMP_CUSTOMS 8u

#define TW_IMP_NEEDED 7u

struct tw_imp_type {
	const char *name; /* three letters */
	unsigned flags;
	const char *needed[TW_IMP_NEEDED]; /* line identifiers it cannot be without */
};

/* The row of a type, or that of all others; never NULL. */
const struct tw_imp_type *tw_imp_type(struct tw_slice name);
/* Whether the row is that of a type by name. */
bool tw_imp_type_known(const struct tw_imp_type *type);
/* Identifiers of lines that stand below an airport of a flight's list. */
bool tw_imp_flight_line(struct tw_slice identifier);

#endif
