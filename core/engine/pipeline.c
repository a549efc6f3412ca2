/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/pipeline.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/lane.h"

/* Rounds on their way for each thread: one in hand, one before and one behind it. */
#define ROUNDS_PER_THREAD 2
#define ROUNDS_SPARE 2
/*
 * Of files there may be more on their way, up to so many bytes for each thread: a round is
 * reduced only behind those before it, and a file of several rounds is filled by one thread
 * at a time, so that the others have something to do only if the files behind it are read.
 */
#define AHEAD_BYTES (1u << 19)
#define AHEAD_PER_THREAD 8
/* What is filled has buffers out of so many for each thread, those used last first, for the cache. */
#define SPARES_PER_THREAD 16

struct pipeline {
	const struct tw_pipeline_setup *setup;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct tw_round *rounds;
	struct tw_round **queue; /* those on their way, by their numbers */
	struct tw_round **free;	 /* a stack, so that memory follows how many are used at once */
	struct tw_batch *spares; /* their buffers, packets but those */
	unsigned round_count, free_count, parts, spare_count;
	unsigned filled; /* batches that wait for inspection */
	uint64_t next_read, next_reduce;   /* round numbers, in input order */
	uint64_t next_fill[TW_PARTS_MOST]; /* and for each part the first that it may have to fill */
	bool filling[TW_PARTS_MOST];
	uint64_t ahead; /* bytes of input in the rounds on their way */
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
	return pipeline->queue[number % pipeline->round_count];
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

/* ---- buffers ------------------------------------------------------------------------------ */

/* What waits to be filled takes little room; one thread alone fills while it reads. */
static void lend_buffers(struct pipeline *pipeline, struct tw_batch *batch)
{
	if (pipeline->spare_count == 0 || pipeline->setup->threads == 1)
		return;
	const struct tw_batch *spare = &pipeline->spares[--pipeline->spare_count];
	batch->items = spare->items;
	batch->records = spare->records;
	batch->results = spare->results;
}

static void take_back(struct pipeline *pipeline, struct tw_batch *batch)
{
	struct tw_batch spare = *batch;
	batch->items = batch->records = batch->results = spare.packets = (struct tw_buffer){0};
	if (pipeline->spare_count < pipeline->setup->threads * SPARES_PER_THREAD)
		pipeline->spares[pipeline->spare_count++] = spare;
	else
		tw_batch_free(&spare);
}

static void take_all_back(struct pipeline *pipeline, struct tw_round *round)
{
	for (unsigned i = 0; i < round->parts && pipeline->setup->threads > 1; i++)
		if (round->batches[i].items.capacity > 0)
			take_back(pipeline, &round->batches[i]);
}

/* ---- the tasks: each begins and ends with the lock, and does its work without ------------- */

static bool take_reduce(struct worker *worker)
{
	struct pipeline *pipeline = worker->pipeline;
	const struct tw_pipeline_setup *setup = pipeline->setup;
	if (pipeline->reducing || pipeline->next_reduce == pipeline->next_read)
		return false;
	struct tw_round *round = round_at(pipeline, pipeline->next_reduce);
	if (round->uninspected > 0)
		return false;
	pipeline->reducing = true;
	pipeline->ahead -= tw_round_own(round)->input_bytes;
	pthread_mutex_unlock(&pipeline->lock);
	int status = tw_reduce_round(setup->reducer, round);
	if (setup->progress != NULL)
		setup->progress(setup->progress_context);
	tw_round_clear(round);
	pthread_mutex_lock(&pipeline->lock);
	fail(pipeline, status);
	pipeline->next_reduce++;
	take_all_back(pipeline, round);
	pipeline->free[pipeline->free_count++] = round;
	pipeline->reducing = false;
	return true;
}

static void inspect(struct worker *worker, struct tw_round *round, struct tw_batch *batch)
{
	struct pipeline *pipeline = worker->pipeline;
	batch->state = TW_BATCH_INSPECTING;
	round->filled--;
	pipeline->filled--;
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

static void set_filled(struct pipeline *pipeline, struct tw_round *round, struct tw_batch *batch)
{
	batch->state = TW_BATCH_FILLED;
	round->filled++;
	pipeline->filled++;
}

/* The part that nobody has whose next round to fill is the oldest; the number of parts: none. */
static unsigned find_part(struct pipeline *pipeline)
{
	unsigned found = pipeline->parts;
	uint64_t oldest = pipeline->next_read;
	for (unsigned i = 0; i < pipeline->parts; i++) {
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
 * has nothing to do, as when all packets are of one flow, it is left to that one: a part is
 * filled by one thread at a time, which then is what all others wait for. Of what is left so
 * there is little, or it would have gone from all caches when its turn comes.
 */
static bool take_fill(struct worker *worker)
{
	struct pipeline *pipeline = worker->pipeline;
	unsigned part = find_part(pipeline);
	if (part == pipeline->parts ||
	    pipeline->filled >= pipeline->setup->threads * ROUNDS_PER_THREAD)
		return false;
	struct tw_round *round = round_at(pipeline, pipeline->next_fill[part]);
	struct tw_batch *batch = &round->batches[part];
	pipeline->filling[part] = true;
	lend_buffers(pipeline, batch);
	pthread_mutex_unlock(&pipeline->lock);
	delay(worker);
	int status = tw_intake_fill(pipeline->setup->intake, round, part);
	pthread_mutex_lock(&pipeline->lock);
	fail(pipeline, status);
	worker->counts->packet_bytes += part < round->shards ? batch->packets.length : 0;
	pipeline->next_fill[part]++;
	pipeline->filling[part] = false;
	round->unfilled--;
	set_filled(pipeline, round, batch);
	bool left = pipeline->idle > 0 && find_part(pipeline) < pipeline->parts;
	wake(pipeline);
	if (!left)
		inspect(worker, round, batch);
	return true;
}

/* A round was read: who has something to do in it. */
static void publish(struct pipeline *pipeline, struct tw_round *round)
{
	pipeline->queue[pipeline->next_read % pipeline->round_count] = round;
	pipeline->ahead += tw_round_own(round)->input_bytes;
	struct tw_batch *own = tw_round_own(round);
	round->unfilled = round->uninspected = 0;
	for (unsigned i = 0; i < pipeline->parts; i++) {
		bool wanted = tw_round_wants(round, i);
		round->batches[i].state = wanted ? TW_BATCH_READ : TW_BATCH_INSPECTED;
		round->unfilled += wanted;
		round->uninspected += wanted;
	}
	own->state = TW_BATCH_INSPECTED;
	if (own->records.length > 0) {
		round->uninspected++;
		set_filled(pipeline, round, own);
	}
	pipeline->next_read++;
}

/* Whether what every shard was told to finish is not finished yet. */
static bool is_finishing(const struct pipeline *pipeline)
{
	if (pipeline->next_read == pipeline->next_reduce)
		return false;
	const struct tw_round *last = round_at(pipeline, pipeline->next_read - 1);
	return last->unfilled > 0 && last->finish; /* one that is reduced has nothing unfilled */
}

/* Whether enough is on its way already. */
static bool is_ahead(const struct pipeline *pipeline)
{
	uint64_t rounds = pipeline->next_read - pipeline->next_reduce;
	if (rounds < pipeline->setup->threads * ROUNDS_PER_THREAD + ROUNDS_SPARE)
		return false;
	return rounds == pipeline->round_count ||
	       pipeline->ahead >= pipeline->setup->threads * (uint64_t)AHEAD_BYTES ||
	       round_at(pipeline, pipeline->next_read - 1)->packets;
}

static bool take_read(struct worker *worker)
{
	struct pipeline *pipeline = worker->pipeline;
	if (pipeline->reading || pipeline->ended || is_finishing(pipeline) || is_ahead(pipeline))
		return false;
	struct tw_round *round = pipeline->free[--pipeline->free_count];
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
 * Reduce comes first: it frees a round. Rounds are read when there is nothing to be filled
 * from; with several threads before anything is inspected that was left, so that somebody
 * can always fill. One thread alone fills while it reads, and does better with what is still
 * in its cache.
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

static bool make_rounds(struct pipeline *pipeline)
{
	const struct tw_pipeline_setup *setup = pipeline->setup;
	unsigned count = setup->threads * (ROUNDS_PER_THREAD + AHEAD_PER_THREAD) + ROUNDS_SPARE;
	pipeline->rounds = calloc(count, sizeof(*pipeline->rounds));
	pipeline->queue = calloc(count, sizeof(struct tw_round *));
	pipeline->free = calloc(count, sizeof(struct tw_round *));
	pipeline->spares = calloc(setup->threads * SPARES_PER_THREAD, sizeof(*pipeline->spares));
	if (pipeline->rounds == NULL || pipeline->queue == NULL || pipeline->free == NULL ||
	    pipeline->spares == NULL)
		return false;
	for (unsigned i = 0; i < count; i++) {
		tw_round_begin(&pipeline->rounds[i], tw_intake_shards(setup->intake),
			       tw_intake_lanes(setup->intake));
		pipeline->free[i] = &pipeline->rounds[i];
	}
	pipeline->round_count = pipeline->free_count = count;
	return true;
}

/* Where the run ends early: files that are dealt out, and that nobody has begun. */
static void drop_unfilled(const struct pipeline *pipeline)
{
	for (uint64_t number = pipeline->next_reduce; number < pipeline->next_read; number++) {
		const struct tw_round *round = round_at(pipeline, number);
		for (unsigned i = round->shards; i < round->parts; i++)
			if (round->batches[i].state == TW_BATCH_READ)
				tw_lane_drop(&round->batches[i]);
	}
}

static void free_rounds(struct pipeline *pipeline)
{
	drop_unfilled(pipeline);
	for (unsigned i = 0; i < pipeline->round_count; i++)
		tw_round_free(&pipeline->rounds[i]);
	for (unsigned i = 0; i < pipeline->spare_count; i++)
		tw_batch_free(&pipeline->spares[i]);
	free(pipeline->spares);
	free(pipeline->rounds);
	free((void *)pipeline->queue);
	free((void *)pipeline->free);
}

int tw_pipeline_run(const struct tw_pipeline_setup *setup)
{
	struct pipeline pipeline = {
		.setup = setup,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.changed = PTHREAD_COND_INITIALIZER,
		.parts = tw_intake_shards(setup->intake) + tw_intake_lanes(setup->intake),
	};
	int status = make_rounds(&pipeline) ? run_workers(&pipeline) : TW_ERROR_MEMORY;
	free_rounds(&pipeline);
	return status;
}
