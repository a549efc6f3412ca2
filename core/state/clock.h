/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_STATE_CLOCK_H
#define TW_STATE_CLOCK_H

/*
 * The feed clock, by which deadlines run: for files the running median of the
 * last 64 interchange times, never going back. One message dated 2099 does not
 * move it. One thread, in input order.
 */
#define TW_CLOCK_TIMES 64

struct tw_clock {
	double times[TW_CLOCK_TIMES]; /* a ring */
	double sorted[TW_CLOCK_TIMES];
	unsigned count, next;
	double now; /* 0 before the first time */
};

/* The time of a packet: the clock follows it. */
void tw_clock_packet(struct tw_clock *clock, double time);
void tw_clock_interchange(struct tw_clock *clock, double time);

#endif
