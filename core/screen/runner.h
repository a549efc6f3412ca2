/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_SCREEN_RUNNER_H
#define TW_SCREEN_RUNNER_H

#include <pthread.h>

#include "screen/call.h"

/*
 * Where detectors run: in this process, or in a forked one that gets the flat
 * requests over a pipe and gives back nothing but results buffers. Both take the
 * same bytes and give the same bytes.
 *
 * A runner is shared by all threads. In this process each thread brings its own
 * tw_call; the forked process has one, and requests wait for it in turn.
 *
 * Weakness: a forked process that dies is not started again; its detectors are
 * out for the rest of the run, and every interchange says so.
 */
struct tw_runner {
	bool isolated;
	int to_child, from_child;
	int child; /* process id */
	pthread_mutex_t lock;
};

/* In this process. */
void tw_runner_local(struct tw_runner *runner);
/* Forks; call before any thread is started. */
int tw_runner_fork(struct tw_runner *runner, const struct tw_detectors *detectors,
		   const struct tw_lists *lists, const struct tw_out_limits *limits);
void tw_runner_stop(struct tw_runner *runner);

int tw_runner_inspect(struct tw_runner *runner, struct tw_call *call, struct tw_slice records,
		      struct tw_buffer *results);
int tw_runner_correlate(struct tw_runner *runner, struct tw_call *call,
			const struct tw_correlate_request *request, struct tw_buffer *results);
int tw_runner_conclude(struct tw_runner *runner, struct tw_call *call,
		       const struct tw_conclude_request *request, struct tw_buffer *results);

#endif
