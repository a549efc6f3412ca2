/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/pipeline.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

/* Rounds on their way for each thread: one in hand, one before and one behind it. */
#define ROUNDS_PER_THREAD 2
#define ROUNDS_SPARE 2

struct pipeline {
	const struct tw_pipeline_setup *setup;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct tw_round *rounds;
	unsigned round_count, shards;
	uint64_t next_read, next_reduce;      /* round numbers, in input order */
	uint64_t next_fill[TW_SHARDS_MOST];   /* and for each shard the first that it may have to fill */
	bool filling[TW_SHARDS_MOST];
	bool reading, reducing, ended;
	unsigned idle; /* threads that wait and were not woken yet */
	int status; /* the first failure stops everything */
};

struct worker {
	struct pipeline *pipeline;
	struct tw_worker_counts *counts;
	pthread_t thread;
	unsigned number;
	unsigned seed;
	bool started;
};

static struct tw_round *round_at(const struct pipeline *pipeline, uint64_t number)
{
	return &pipeline->rounds[number % pipeline->round_count];
}

static void fail(struct pipeline *pipeline, int status)
{
	if (status < 0 && pipeline->status >= 0)
		pipeline->status = status;
}

/* Something has changed: whoever waits looks for a task again. */
static void wake(struct pipeline *pipeline)
{
	pipeline->idle = 0;
	pthread_cond_broadcast(&pipeline->changed);
}

static void delay(struct worker *worker)
{
	unsigned limit = worker->pipeline->setup->delay_us;
	if (limit > 0)
		usleep((unsigned)rand_r(&worker->seed) % limit);
}

/* ---- the tasks: each begins and ends with the lock, and does its work without ------------- */

static bool take_reduce(struct worker *worker)
{
	struct pipeline *pipeline = worker->pipeline;
	const struct tw_pipeline_setup *setup = pipeline->setup;
	struct tw_round *round = round_at(pipeline, pipeline->next_reduce);
	if (pipeline->reducing || pipeline->next_reduce == pipeline->next_read ||
	    round->uninspected > 0)
		return false;
	pipeline->reducing = true;
	pthread_mutex_unlock(&pipeline->lock);
	int status = tw_reduce_round(setup->reducer, round);
	if (setup->progress != NULL)
		setup->progress(setup->progress_context);
	tw_round_clear(round);
	pthread_mutex_lock(&pipeline->lock);
	fail(pipeline, status);
	pipeline->next_reduce++;
	pipeline->reducing = false;
	return true;
}

static void inspect(struct worker *worker, struct tw_round *round, struct tw_batch *batch)
{
	struct pipeline *pipeline = worker->pipeline;
	batch->state = TW_BATCH_INSPECTING;
	round->filled--;
	pthread_mutex_unlock(&pipeline->lock);
	delay(worker);
	tw_batch_identify(batch);
	batch->status = tw_runner_inspect(pipeline->setup->runner,
					  &pipeline->setup->calls[worker->number],
					  tw_buffer_slice(&batch->records), &batch->results);
	pthread_mutex_lock(&pipeline->lock);
	worker->counts->consignments += batch->consignments;
	batch->state = TW_BATCH_INSPECTED;
	round->uninspected--;
}

/* The first of a round's batches that wait for inspection; there is one. */
static struct tw_batch *find_filled(struct tw_round *round)
{
	struct tw_batch *batch = round->batches;
	while (batch->state != TW_BATCH_FILLED)
		batch++;
	return batch;
}

static bool take_inspect(struct worker *worker)
{
	struct pipeline *pipeline = worker->pipeline;
	for (uint64_t number = pipeline->next_reduce; number < pipeline->next_read; number++) {
		struct tw_round *round = round_at(pipeline, number);
		if (round->filled == 0)
			continue;
		inspect(worker, round, find_filled(round));
		return true;
	}
	return false;
}

/* The shard that nobody has whose next round to fill is the oldest; the number of shards: none. */
static unsigned find_shard(struct pipeline *pipeline)
{
	unsigned found = pipeline->shards;
	uint64_t oldest = pipeline->next_read;
	for (unsigned i = 0; i < pipeline->shards; i++) {
		uint64_t *next = &pipeline->next_fill[i];
		if (pipeline->filling[i])
			continue;
		if (*next < pipeline->next_reduce)
			*next = pipeline->next_reduce;
		while (*next < pipeline->next_read &&
		       round_at(pipeline, *next)->batches[i].state != TW_BATCH_READ)
			++*next;
		if (*next < oldest) {
			oldest = *next;
			found = i;
		}
	}
	return found;
}

/*
 * What was filled is inspected by the same thread, in whose cache it is. But where another
 * has nothing to do, as when all packets are of one flow, it is left to that one: a shard is
 * filled by one thread at a time, which then is what all others wait for.
 */
static bool take_fill(struct worker *worker)
{
	struct pipeline *pipeline = worker->pipeline;
	unsigned shard = find_shard(pipeline);
	if (shard == pipeline->shards)
		return false;
	struct tw_round *round = round_at(pipeline, pipeline->next_fill[shard]);
	struct tw_batch *batch = &round->batches[shard];
	pipeline->filling[shard] = true;
	pthread_mutex_unlock(&pipeline->lock);
	delay(worker);
	int status = tw_shard_fill(tw_intake_shard(pipeline->setup->intake, shard), round, batch);
	pthread_mutex_lock(&pipeline->lock);
	fail(pipeline, status);
	worker->counts->packet_bytes += batch->packets.length;
	pipeline->next_fill[shard]++;
	pipeline->filling[shard] = false;
	round->unfilled--;
	round->filled++;
	batch->state = TW_BATCH_FILLED;
	bool left = pipeline->idle > 0 && find_shard(pipeline) < pipeline->shards;
	wake(pipeline);
	if (!left)
		inspect(worker, round, batch);
	return true;
}

/* A round was read: who has something to do in it. */
static void publish(struct pipeline *pipeline, struct tw_round *round)
{
	round->unfilled = 0;
	round->filled = round->uninspected = 1;
	for (unsigned i = 0; i < pipeline->shards; i++) {
		bool wanted = tw_round_wants(round, i);
		round->batches[i].state = wanted ? TW_BATCH_READ : TW_BATCH_INSPECTED;
		round->unfilled += wanted;
		round->uninspected += wanted;
	}
	tw_round_own(round)->state = TW_BATCH_FILLED;
	pipeline->next_read++;
}

/* Whether what every shard was told to finish is not finished yet. */
static bool is_finishing(const struct pipeline *pipeline)
{
	const struct tw_round *last = round_at(pipeline, pipeline->next_read - 1);
	return pipeline->next_read > pipeline->next_reduce && last->finish && last->unfilled > 0;
}

static bool take_read(struct worker *worker)
{
	struct pipeline *pipeline = worker->pipeline;
	struct tw_round *round = round_at(pipeline, pipeline->next_read);
	if (pipeline->reading || pipeline->ended || is_finishing(pipeline) ||
	    pipeline->next_read - pipeline->next_reduce == pipeline->round_count)
		return false;
	pipeline->reading = true;
	pthread_mutex_unlock(&pipeline->lock);
	delay(worker);
	int status = tw_intake_read(pipeline->setup->intake, round);
	pthread_mutex_lock(&pipeline->lock);
	fail(pipeline, status);
	pipeline->ended = status <= 0;
	publish(pipeline, round);
	pipeline->reading = false;
	return true;
}

/*
 * Reduce comes first: it frees a round. Of files only one thread can fill batches, while
 * it reads, and what it does takes about half of all time, so with several threads
 * somebody always reads while there is room; one thread alone does better with what is
 * still in its cache. Packets are read when there are none to be filled from.
 */
static bool take_task(struct worker *worker)
{
	bool several = worker->pipeline->setup->threads > 1;
	return take_reduce(worker) || take_fill(worker) || (several && take_read(worker)) ||
	       take_inspect(worker) || take_read(worker);
}

static void *work(void *argument)
{
	struct worker *worker = argument;
	struct pipeline *pipeline = worker->pipeline;
	pthread_mutex_lock(&pipeline->lock);
	while (pipeline->status >= 0 &&
	       !(pipeline->ended && pipeline->next_reduce == pipeline->next_read)) {
		if (take_task(worker)) {
			wake(pipeline);
			continue;
		}
		pipeline->idle++;
		pthread_cond_wait(&pipeline->changed, &pipeline->lock);
	}
	wake(pipeline);
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
		workers[i] = (struct worker){.pipeline = pipeline,
					     .counts = &pipeline->setup->counts[i],
					     .number = i,
					     .seed = i + 1};
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

int tw_pipeline_run(const struct tw_pipeline_setup *setup)
{
	struct pipeline pipeline = {
		.setup = setup,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.changed = PTHREAD_COND_INITIALIZER,
		.round_count = setup->threads * ROUNDS_PER_THREAD + ROUNDS_SPARE,
		.shards = tw_intake_shards(setup->intake),
	};
	pipeline.rounds = calloc(pipeline.round_count, sizeof(*pipeline.rounds));
	if (pipeline.rounds == NULL)
		return TW_ERROR_MEMORY;
	for (unsigned i = 0; i < pipeline.round_count; i++)
		tw_round_begin(&pipeline.rounds[i], pipeline.shards);
	int status = run_workers(&pipeline);
	for (unsigned i = 0; i < pipeline.round_count; i++)
		tw_round_free(&pipeline.rounds[i]);
	free(pipeline.rounds);
	return status;
}
