/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_SCREEN_CHILD_H
#define TW_SCREEN_CHILD_H

#include "screen/call.h"
#include "screen/nursery.h"

/*
 * A detector in a process of its own. The flat requests of screen/call.h go there
 * over a socket, and nothing but a results buffer comes back. Where the process
 * ends, hangs, or answers with bytes that are no results, the call gives a block
 * that says so in a part of kind TW_PART_FAULT, and the process is started anew,
 * a limited number of times: a fault costs the detector one consignment.
 *
 * Any thread; calls of one child wait for each other.
 *
 * Weakness: the child scans the records again, for itself. A fault that is seen
 * only later (memory written over) is told of the wrong consignment.
 */
struct tw_isolation {
	double callback_seconds; /* limits.callback_seconds */
	size_t memory;		 /* plugins.isolate_memory, beyond what it starts with */
	unsigned restarts;	 /* plugins.isolate_restarts */
};

struct tw_child {
	unsigned detector;
	int socket;
	bool out; /* ended too often */
	unsigned restarts;
	struct tw_progress *progress; /* in memory it shares with us */
	const struct tw_isolation *isolation;
	struct tw_nursery *nursery;
	pthread_mutex_t lock;
	char fault[160]; /* of the last failure */
};

/* In the child's process: serves requests until the socket closes. */
void tw_child_serve(struct tw_call *call, int socket, size_t memory);

/* Starts it; the number it has in the nursery is its detector's. */
int tw_child_start(struct tw_child *child);
void tw_child_stop(struct tw_child *child);
int tw_child_inspect(struct tw_child *child, struct tw_slice records, struct tw_buffer *results);
int tw_child_correlate(struct tw_child *child, const struct tw_correlate_request *request,
		       struct tw_buffer *results);
int tw_child_conclude(struct tw_child *child, const struct tw_conclude_request *request,
		      struct tw_buffer *results);

#endif
