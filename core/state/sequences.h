/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_STATE_SEQUENCES_H
#define TW_STATE_SEQUENCES_H

#include "base/hash.h"

/*
 * Numbers that senders count by one (control numbers of interchanges), and what is
 * missing in them. They may come out of order, more than once, begin again, and wrap.
 * A number that was left out is a hole; it is told late, once the missing number had
 * time to come, and only where the numbers around show that this sender counts by one.
 * One that counts over all his recipients, or writes the time, is left alone. One
 * thread, in input order; what is told depends on that order and the times given alone.
 *
 * Memory is bounded: of each sequence the last TW_SEQUENCE_WINDOW numbers are known.
 *
 * Weakness: after a step further than that, or onto a new hundred (a counter behind a
 * date), the sequence begins anew and nothing is told. What a sender counts with
 * partners that are not seen here looks like a loss, until there is one such number to
 * every `steps` others.
 */
struct tw_sequences;

#define TW_SEQUENCE_WINDOW 1024u

/* Numbers from first to last did not come. */
struct tw_hole {
	uint64_t first, last;
	unsigned digits; /* with zeros in front to so many; 0: without. Letters are not told */
};

struct tw_sequences_events {
	void *context;
	/* Where the number at hand stands, kept until drop(); NULL: memory is short. */
	void *(*keep)(void *context);
	void (*tell)(void *context, const struct tw_hole *hole, void *place);
	void (*drop)(void *context, void *place);
};

struct tw_sequences_settings {
	uint64_t memory; /* bytes of all; beyond it the sequence used longest ago goes */
	size_t place_bytes; /* what keep() takes */
	unsigned holes;	 /* that wait, of one sequence; beyond it the oldest is decided about */
	unsigned steps;	 /* numbers that are there, for each hole among them */
	uint64_t later;	 /* numbers of the same sequence that a missing one is waited for */
	double seconds;	 /* and how long */
};

struct tw_sequence_number {
	struct tw_hash128 pair;	 /* whose sequence: who sends to whom */
	uint64_t sender;	 /* who sends, to whomever */
	struct tw_hash128 above; /* a hole is not told where this sequence runs by one; zeros: none */
	struct tw_slice text;	 /* digits, or letters and digits; other texts are passed over */
	double time;
};

struct tw_sequences_counts {
	uint64_t sequences, evicted;
	uint64_t holes, missing; /* told, and the numbers in them */
	uint64_t late;		 /* numbers that came after they were told */
};

int tw_sequences_create(const struct tw_sequences_settings *settings,
			const struct tw_sequences_events *events, struct tw_sequences **ret_sequences);
/* Drops what waits, and tells nothing. */
void tw_sequences_free(struct tw_sequences *sequences);
int tw_sequences_add(struct tw_sequences *sequences, const struct tw_sequence_number *number);
/* No number follows: every hole is decided about. */
void tw_sequences_finish(struct tw_sequences *sequences);
struct tw_sequences_counts tw_sequences_counts(const struct tw_sequences *sequences);

#endif
