/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_CARGO_IMP_LINE_H
#define TW_CARGO_IMP_LINE_H

#include "tidewaiter/parser.h"
#include "types.h"

/*
 * Lines, and what their shape says. A line ends at any control character but the
 * tabulator: files come with CR LF, LF, CR CR LF, and with the SOH, STX and ETX of
 * the teletype. Which of them it was is for the caller, who finds it behind the
 * line. Pure functions over slices, for any thread; nothing is kept.
 *
 * Weakness: a line that was folded on its way (a teletype prints 69 columns) is two.
 */

#define TW_IMP_SOH 0x01
#define TW_IMP_STX 0x02
#define TW_IMP_ETX 0x03
#define TW_IMP_EOT 0x04

/* Whether a byte ends a line; false for -1, the end of a slice. */
bool tw_imp_control(int byte);
/* The place of the first byte from `at` on that ends a line, or the length. */
size_t tw_imp_line_end(struct tw_slice bytes, size_t at);
/* Without blanks and tabulators at either end. */
struct tw_slice tw_imp_trim(struct tw_slice line);
/* What stands before the first slash, or all of it. */
struct tw_slice tw_imp_first(struct tw_slice line);

/* Only capital letters, so many at least and at most. */
bool tw_imp_letters(struct tw_slice text, size_t least, size_t most);
bool tw_imp_digits(struct tw_slice text, size_t least, size_t most);
/* Capital letters and digits. */
bool tw_imp_alphanumeric(struct tw_slice text, size_t least, size_t most);

/* FWB/16: three letters, a slash, one to three digits, and nothing else. */
bool tw_imp_is_versioned(struct tw_slice line);
/* 020-12345675HKGLAX/T10K79.0 */
bool tw_imp_is_waybill(struct tw_slice line);
/* LH797/20NOV/HKGFRA/NN, or with the day alone */
bool tw_imp_is_flight(struct tw_slice line);
/* 1/LH797/20NOV/HKG */
bool tw_imp_is_page(struct tw_slice line);
/* LAXLH: airport and carrier */
bool tw_imp_is_location(struct tw_slice line);
/* SHP, RTD/1/P1: an identifier of three letters */
bool tw_imp_is_identified(struct tw_slice line);

struct tw_imp_split {
	struct tw_piece *pieces;
	unsigned limit;
	bool amounts; /* a hyphen parts an element: what it is for */
	bool high;    /* the line has bytes above 0x7f */
	unsigned count;
	size_t left; /* where what is beyond the limit starts; 0: nothing is */
};

/*
 * Splits `line` from `at` on at slashes; pieces count from element 1, and empty
 * ones are left out. Each has the repetition `number`. With `amounts` what stands
 * behind the first hyphen of an element is its component 2.
 */
void tw_imp_split(struct tw_slice line, size_t at, unsigned number, struct tw_imp_split *split);
/* All of the line as one element. */
void tw_imp_whole(struct tw_slice line, unsigned number, struct tw_imp_split *split);

#endif
