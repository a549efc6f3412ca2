/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_PIPELINE_H
#define TW_ENGINE_PIPELINE_H

#include "engine/intake.h"
#include "engine/reduce.h"

/*
 * The threads. All are alike: each takes in turn the most urgent task there is,
 * reducing the next batch in order, inspecting the oldest that waits, or filling
 * a free one. Reading and reducing are done by one thread at a time, inspecting
 * by as many as there are; so what is written does not depend on their number.
 * With one thread the calling thread does everything.
 */
struct tw_pipeline_setup {
	struct tw_intake *intake;
	struct tw_reducer *reducer;
	struct tw_runner *runner;
	struct tw_call *calls; /* one per thread */
	unsigned threads;
	unsigned delay_us; /* debug.batch_delay_us */
	void (*progress)(void *context); /* after each batch, under the reduce task */
	void *progress_context;
};

/* Runs until the input ends. `worker_consignments`: one counter per thread. */
int tw_pipeline_run(const struct tw_pipeline_setup *setup, uint64_t *worker_consignments);

#endif
