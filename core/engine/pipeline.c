/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/pipeline.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

/* Batches on their way for each thread: one in hand, one before and one behind it. */
#define BATCHES_PER_THREAD 2
#define BATCHES_SPARE 2

struct pipeline {
	const struct tw_pipeline_setup *setup;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct tw_batch *batches;
	unsigned batch_count;
	uint64_t next_fill, next_reduce; /* batch numbers, in input order */
	bool filling, reducing, ended;
	int status; /* the first failure stops everything */
	uint64_t *worker_consignments;
};

struct worker {
	struct pipeline *pipeline;
	pthread_t thread;
	unsigned number;
	unsigned seed;
	bool started;
};

static struct tw_batch *batch_at(const struct pipeline *pipeline, uint64_t number)
{
	return &pipeline->batches[number % pipeline->batch_count];
}

static void fail(struct pipeline *pipeline, int status)
{
	if (status < 0 && pipeline->status >= 0)
		pipeline->status = status;
}

static void delay(struct worker *worker)
{
	unsigned limit = worker->pipeline->setup->delay_us;
	if (limit > 0)
		usleep((unsigned)rand_r(&worker->seed) % limit);
}

static bool take_reduce(struct worker *worker)
{
	struct pipeline *pipeline = worker->pipeline;
	const struct tw_pipeline_setup *setup = pipeline->setup;
	struct tw_batch *batch = batch_at(pipeline, pipeline->next_reduce);
	if (pipeline->reducing || pipeline->next_reduce == pipeline->next_fill ||
	    batch->state != TW_BATCH_INSPECTED)
		return false;
	pipeline->reducing = true;
	pthread_mutex_unlock(&pipeline->lock);
	int status = tw_reduce_batch(setup->reducer, batch);
	if (setup->progress != NULL)
		setup->progress(setup->progress_context);
	tw_batch_clear(batch);
	pthread_mutex_lock(&pipeline->lock);
	fail(pipeline, status);
	batch->state = TW_BATCH_FREE;
	pipeline->next_reduce++;
	pipeline->reducing = false;
	return true;
}

static bool take_inspect(struct worker *worker)
{
	struct pipeline *pipeline = worker->pipeline;
	struct tw_batch *batch = NULL;
	for (uint64_t number = pipeline->next_reduce; number < pipeline->next_fill; number++)
		if (batch_at(pipeline, number)->state == TW_BATCH_FILLED) {
			batch = batch_at(pipeline, number);
			break;
		}
	if (batch == NULL)
		return false;
	batch->state = TW_BATCH_INSPECTING;
	pthread_mutex_unlock(&pipeline->lock);
	delay(worker);
	batch->status = tw_runner_inspect(pipeline->setup->runner,
					  &pipeline->setup->calls[worker->number],
					  tw_buffer_slice(&batch->records), &batch->results);
	pthread_mutex_lock(&pipeline->lock);
	pipeline->worker_consignments[worker->number] += batch->consignments;
	batch->state = TW_BATCH_INSPECTED;
	return true;
}

static bool take_fill(struct worker *worker)
{
	struct pipeline *pipeline = worker->pipeline;
	struct tw_batch *batch = batch_at(pipeline, pipeline->next_fill);
	if (pipeline->filling || pipeline->ended || batch->state != TW_BATCH_FREE ||
	    pipeline->next_fill - pipeline->next_reduce == pipeline->batch_count)
		return false;
	pipeline->filling = true;
	pthread_mutex_unlock(&pipeline->lock);
	delay(worker);
	int status = tw_intake_fill(pipeline->setup->intake, batch);
	pthread_mutex_lock(&pipeline->lock);
	fail(pipeline, status);
	pipeline->ended = status <= 0;
	batch->state = TW_BATCH_FILLED;
	pipeline->next_fill++;
	pipeline->filling = false;
	return true;
}

/*
 * Reduce comes first: it frees a batch. Only one thread can fill, and what it does
 * takes about half of all time, so with several threads somebody always fills while
 * there is room; one thread alone does better with what is still in its cache.
 */
static bool take_task(struct worker *worker)
{
	bool several = worker->pipeline->setup->threads > 1;
	return take_reduce(worker) || (several && take_fill(worker)) || take_inspect(worker) ||
	       take_fill(worker);
}

static void *work(void *argument)
{
	struct worker *worker = argument;
	struct pipeline *pipeline = worker->pipeline;
	pthread_mutex_lock(&pipeline->lock);
	while (pipeline->status >= 0 &&
	       !(pipeline->ended && pipeline->next_reduce == pipeline->next_fill)) {
		if (take_task(worker))
			pthread_cond_broadcast(&pipeline->changed);
		else
			pthread_cond_wait(&pipeline->changed, &pipeline->lock);
	}
	pthread_cond_broadcast(&pipeline->changed);
	pthread_mutex_unlock(&pipeline->lock);
	return NULL;
}

static int run_workers(struct pipeline *pipeline)
{
	unsigned count = pipeline->setup->threads;
	struct worker *workers = calloc(count, sizeof(*workers));
	if (workers == NULL)
		return TW_ERROR_MEMORY;
	for (unsigned i = 0; i < count; i++) {
		workers[i] = (struct worker){.pipeline = pipeline, .number = i, .seed = i + 1};
		if (i > 0)
			workers[i].started = pthread_create(&workers[i].thread, NULL, work,
							    &workers[i]) == 0;
	}
	work(&workers[0]);
	for (unsigned i = 1; i < count; i++)
		if (workers[i].started)
			pthread_join(workers[i].thread, NULL);
	free(workers);
	return pipeline->status;
}

int tw_pipeline_run(const struct tw_pipeline_setup *setup, uint64_t *worker_consignments)
{
	struct pipeline pipeline = {
		.setup = setup,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.changed = PTHREAD_COND_INITIALIZER,
		.batch_count = setup->threads * BATCHES_PER_THREAD + BATCHES_SPARE,
		.worker_consignments = worker_consignments,
	};
	pipeline.batches = calloc(pipeline.batch_count, sizeof(*pipeline.batches));
	if (pipeline.batches == NULL)
		return TW_ERROR_MEMORY;
	int status = run_workers(&pipeline);
	for (unsigned i = 0; i < pipeline.batch_count; i++)
		tw_batch_free(&pipeline.batches[i]);
	free(pipeline.batches);
	return status;
}
