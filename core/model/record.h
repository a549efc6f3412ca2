/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_MODEL_RECORD_H
#define TW_MODEL_RECORD_H

#include "tidewaiter/consignment.h"
#include "tidewaiter/status.h"

/*
 * The flat consignment record: a header, entries, then texts, in one run of
 * bytes without pointers. It can be copied, queued, spilled or sent to another
 * process as it is. Whoever holds the bytes owns it; nothing here allocates.
 *
 * Entries of one field are chained by `next` in input order, so that a field is
 * found without a search. Text that was joined, unescaped or transcoded carries
 * runs (struct tw_run) right behind it that map it back to the input; all other
 * text stands in the input as it is.
 *
 * Weakness: at most 65,534 entries; a larger consignment is inspected in parts.
 */

#define TW_RECORD_MAGIC 0x31525754u /* "TWR1" */
#define TW_RECORD_ENTRY_LIMIT 65534u

enum tw_unit_of_measure { TW_MEASURE_NONE, TW_MEASURE_KG, TW_MEASURE_LB, TW_MEASURE_TON,
			  TW_MEASURE_GRAM, TW_MEASURE_M3, TW_MEASURE_FT3, TW_MEASURE_DM3,
			  TW_MEASURE_CM3, TW_MEASURE_IN3, TW_MEASURE_UNKNOWN };

_Static_assert(sizeof(struct tw_entry) == 32, "an entry is half a cache line");

/* `length` bytes of text came from `origin_length` bytes of input. Equal: byte for byte. */
struct tw_run {
	uint32_t start; /* in the entry's text */
	uint32_t length;
	uint32_t origin; /* same base as the entry's */
	uint32_t origin_length;
};

#define TW_RECORD_TEST 1u      /* test interchange: feeds no state */
#define TW_RECORD_PARTIAL 2u   /* part of a consignment too large for one record */
#define TW_RECORD_UNMAPPED 4u  /* no map: raw texts only */
#define TW_RECORD_NO_SHIPMENT 8u /* nothing identifies it */
#define TW_RECORD_MESSAGE 16u  /* no consignment: header facts and totals of its message */

struct tw_record {
	uint32_t magic;
	uint32_t size;	       /* of the whole, a multiple of 8 */
	uint32_t entry_count;
	uint32_t text_start;   /* from the start of the record */
	uint32_t text_length;
	uint32_t flags;	       /* TW_RECORD_* */
	uint64_t message_base; /* stream offset of the message */
	uint64_t base;	       /* stream offset of the consignment */
	uint64_t end;	       /* stream offset behind it */
	double feed_time;
	struct tw_shipment shipment; /* hash of the key; before aliases */
	struct tw_shipment alias;    /* of the booking it also names, or zero */
	uint16_t items[TW_GROUP_COUNT]; /* occurrences of each group */
	uint16_t first[TW_FIELD_LIMIT]; /* index + 1 of the first entry of a field */
};

/* A view of a finished record. TW_ERROR_INVALID where the bytes are no record. */
int tw_record_view(struct tw_slice bytes, struct tw_consignment *ret_consignment);

/*
 * The same for bytes that tw_builder_write() made and that never left this
 * process: nothing is checked but that a record stands there.
 */
struct tw_consignment tw_record_trusted(struct tw_slice bytes);

/* The part [start, start + length) of an entry's text as ranges of the stream. */
struct tw_span {
	uint64_t offset;
	uint64_t length;
};
/*
 * Fills at most `limit` spans (neighbours merged), returns how many there are;
 * 0 for derived values. Length 0: the whole text.
 */
unsigned tw_record_spans(const struct tw_consignment *consignment, int value, uint32_t start,
			 uint32_t length, struct tw_span *spans, unsigned limit);

#endif
