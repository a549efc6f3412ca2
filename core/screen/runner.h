/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_SCREEN_RUNNER_H
#define TW_SCREEN_RUNNER_H

#include "screen/child.h"

/*
 * Where detectors run: in this process, or each of those that are isolated in one
 * of its own (screen/child.h). The same flat bytes go in and come out, so that
 * results do not depend on it.
 *
 * A runner is shared by all threads. In this process each thread brings its own
 * tw_call.
 */
/* Which detectors are isolated: those of foreign modules, none, or all. */
enum tw_isolate { TW_ISOLATE_AUTO, TW_ISOLATE_NONE, TW_ISOLATE_ALL };

struct tw_runner_setup {
	const struct tw_detectors *detectors;
	const struct tw_lists *lists;
	struct tw_out_limits limits;
	struct tw_isolation isolation;
	enum tw_isolate isolate;
};

struct tw_runner {
	struct tw_runner_setup setup;
	bool *local; /* per detector: it runs here */
	unsigned local_count;
	struct tw_child *children; /* of the others, in order */
	unsigned child_count;
	struct tw_progress *progress; /* per detector, shared with the children */
	size_t progress_size;
	struct tw_nursery nursery;
};

/* Forks where there is anything to isolate: call it before any thread is started. */
int tw_runner_create(struct tw_runner *runner, const struct tw_runner_setup *setup);
void tw_runner_free(struct tw_runner *runner);
/* Processes that were started again. */
uint64_t tw_runner_restarts(const struct tw_runner *runner);

int tw_runner_inspect(struct tw_runner *runner, struct tw_call *call, struct tw_slice records,
		      struct tw_buffer *results);
int tw_runner_correlate(struct tw_runner *runner, struct tw_call *call,
			const struct tw_correlate_request *request, struct tw_buffer *results);
int tw_runner_conclude(struct tw_runner *runner, struct tw_call *call,
		       const struct tw_conclude_request *request, struct tw_buffer *results);

#endif
