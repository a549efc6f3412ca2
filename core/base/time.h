/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_BASE_TIME_H
#define TW_BASE_TIME_H

#include "tidewaiter/slice.h"

/*
 * Feed time: seconds since 1970-01-01T00:00:00Z in a double (exact to the
 * microsecond for centuries). Stateless but for the two that read a clock, any
 * thread; no time zone database is asked: a feed's offset is a number of minutes
 * from the configuration.
 */

/* Days since 1970-01-01 of a date of the proleptic Gregorian calendar. */
int64_t tw_time_days(int year, unsigned month, unsigned day);

/*
 * Reads a date by its UN/EDIFACT 2379 format qualifier: 101 YYMMDD, 102 CCYYMMDD,
 * 201 YYMMDDHHMM, 203 CCYYMMDDHHMM, 204 CCYYMMDDHHMMSS, 401 HHMM is no date. With
 * format 0 the length decides: 6, 8, 10, 12 or 14 digits. A value whose length
 * contradicts its format, or that is no date, gives false.
 */
bool tw_time_parse(struct tw_slice digits, int format, double *ret_time);
/* Reads 2026-11-20, 2026-11-20T10:00[:00[.000]] with Z, +01:00 or nothing behind. */
bool tw_time_parse_iso(struct tw_slice text, double *ret_time);

/* The time of day as feed time, NAN where there is none: for streams that arrive now, and for stats. */
double tw_time_now(void);
/* Seconds on a clock that only goes forward, for durations; no feed time. */
double tw_time_elapsed(void);

#define TW_TIME_TEXT_SIZE 32
/* Writes 2026-11-20T10:00:00.000000Z and returns its length; NAN gives "". */
size_t tw_time_format(double time, char text[TW_TIME_TEXT_SIZE]);

#endif
