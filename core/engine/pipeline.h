/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_PIPELINE_H
#define TW_ENGINE_PIPELINE_H

#include "engine/intake.h"
#include "engine/reduce.h"

/*
 * The threads. All are alike: each takes in turn the most urgent task there is,
 * reducing the next round in order, filling a shard's oldest batch and inspecting it or
 * leaving that to a thread that waits, reading a round, or inspecting what was filled while it was read. Reading and reducing
 * are done by one thread at a time, each shard's filling too, inspecting by as many as
 * there are; so what is written does not depend on their number. With one thread the
 * calling thread does everything.
 *
 * Weakness: a round is reduced once all of its batches are inspected, so that one shard
 * with most of the packets is what the others wait for.
 */
struct tw_pipeline_setup {
	struct tw_intake *intake;
	struct tw_reducer *reducer;
	struct tw_runner *runner;
	struct tw_call *calls; /* one per thread */
	struct tw_worker_counts *counts; /* the same; from zero */
	unsigned threads;
	unsigned delay_us; /* debug.batch_delay_us */
	void (*progress)(void *context); /* after each round, under the reduce task */
	void *progress_context;
};

/* Runs until the input ends. */
int tw_pipeline_run(const struct tw_pipeline_setup *setup);

#endif
