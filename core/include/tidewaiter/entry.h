/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TIDEWAITER_ENTRY_H
#define TIDEWAITER_ENTRY_H

#include "tidewaiter/fields.h"

/*
 * How the values of a consignment lie in memory, for the accessors of
 * tidewaiter/consignment.h, which are asked some hundred times for each and are
 * therefore inlined into plugins. Whoever includes it owns nothing of it, and reads
 * it on any thread.
 *
 * Since ABI 1.1 these members are part of the binary interface: none moves or
 * changes within ABI 1. Plugins read them through the accessors, which check the
 * index, and never themselves.
 *
 * Weakness: an index is 16 bits wide, so that there are 65,534 values at most.
 */
struct tw_entry {
	uint16_t field;
	uint16_t item;
	uint16_t next;	/* index + 1 of the next entry of this field, 0: none */
	uint8_t flags;	/* TW_ENTRY_* */
	uint8_t unit;	/* the engine's own: the unit as declared */
	uint32_t start; /* in the texts */
	uint32_t length;
	uint32_t origin; /* bytes of the decoded stream, from the base its flags name */
	uint32_t origin_length;
	double number;	/* normalised, or NAN */
};

#define TW_ENTRY_RUNS 1u    /* runs stand behind the text */
#define TW_ENTRY_DERIVED 2u /* made by the engine */
#define TW_ENTRY_HEADER 4u  /* origin counts from the message's start, not the consignment's */

struct tw_record;
struct tw_scan_result;

/* A consignment as accessors see it: a record, or one still being built. */
struct tw_consignment {
	const uint16_t *first; /* by field: index + 1 of its first entry, 0: none */
	const struct tw_entry *entries;
	const char *texts;
	uint32_t entry_count;
	/* the engine's own */
	const struct tw_record *record; /* items, times, flags */
	const struct tw_scan_result *scan; /* what the matcher found; NULL before the scan */
};

#endif
