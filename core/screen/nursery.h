/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_SCREEN_NURSERY_H
#define TW_SCREEN_NURSERY_H

#include <pthread.h>
#include <stdbool.h>

#include "tidewaiter/status.h"

/*
 * The nursery is a process that forks others: it is forked itself before threads
 * are started, so that a child can be replaced at any time without forking a
 * process that has threads (fork(2) in one leaves locks of theirs taken for good).
 * Each child is known by a number and has a socket to this process; whoever's end
 * closes is gone, and the nursery tells how.
 *
 * Any thread may ask; one at a time is answered. Children and the nursery ignore
 * the terminal's signals: they end when their sockets close.
 */
struct tw_nursery {
	int control;
	int process;
	pthread_mutex_t lock;
};

/* What a child does: serves its socket until it closes. */
struct tw_upbringing {
	void (*run)(void *context, unsigned number, int socket);
	void *context;
	unsigned children; /* numbers are below this */
};

int tw_nursery_start(struct tw_nursery *nursery, const struct tw_upbringing *upbringing);
/*
 * Ends the child of that number, if there is one, and, with `again`, starts it
 * anew. *ret_socket is -1 where none was started; *ret_end is the wait status of
 * the one that ended.
 */
int tw_nursery_replace(struct tw_nursery *nursery, unsigned number, bool again, int *ret_socket,
		       int *ret_end);
/* Ends all children. */
void tw_nursery_stop(struct tw_nursery *nursery);

#endif
