/* SPDX-License-Identifier: Apache-2.0 */
#include "screen/runner.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static bool is_isolated(const struct tw_runner_setup *setup, unsigned detector)
{
	return setup->isolate == TW_ISOLATE_ALL ||
	       (setup->isolate == TW_ISOLATE_AUTO && setup->detectors->entries[detector].foreign);
}

/* In a child: one detector, one thread, until the socket closes. */
static void run_child(void *context, unsigned number, int socket)
{
	const struct tw_runner *runner = context;
	struct tw_call call;
	bool *chosen = calloc(runner->setup.detectors->count + 1, sizeof(*chosen));
	if (chosen == NULL || tw_call_create(&call, runner->setup.detectors, runner->setup.lists,
					     &runner->setup.limits) < 0)
		_exit(1);
	chosen[number] = true;
	call.chosen = chosen;
	call.foreign = true;
	call.progress = &runner->progress[number];
	tw_child_serve(&call, socket, runner->setup.isolation.memory);
	tw_call_free(&call);
	free(chosen);
}

static int start_children(struct tw_runner *runner)
{
	unsigned count = runner->setup.detectors->count;
	size_t size = (count + 1) * sizeof(*runner->progress);
	void *shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return TW_ERROR_MEMORY;
	runner->progress = shared;
	runner->progress_size = size;
	int status = tw_nursery_start(&runner->nursery,
				      &(struct tw_upbringing){.run = run_child, .context = runner,
							      .children = count});
	for (unsigned i = 0; i < count && status == TW_OK; i++) {
		struct tw_child *child = &runner->children[runner->child_count];
		if (runner->local[i])
			continue;
		*child = (struct tw_child){.detector = i, .socket = -1,
					   .progress = &runner->progress[i],
					   .isolation = &runner->setup.isolation,
					   .nursery = &runner->nursery};
		pthread_mutex_init(&child->lock, NULL);
		runner->child_count++;
		status = tw_child_start(child);
	}
	return status;
}

int tw_runner_create(struct tw_runner *runner, const struct tw_runner_setup *setup)
{
	unsigned count = setup->detectors->count;
	*runner = (struct tw_runner){.setup = *setup, .nursery.control = -1};
	runner->local = calloc(count + 1, sizeof(*runner->local));
	runner->children = calloc(count + 1, sizeof(*runner->children));
	if (runner->local == NULL || runner->children == NULL)
		return TW_ERROR_MEMORY;
	for (unsigned i = 0; i < count; i++) {
		runner->local[i] = !is_isolated(setup, i);
		runner->local_count += runner->local[i];
	}
	return runner->local_count == count ? TW_OK : start_children(runner);
}

void tw_runner_free(struct tw_runner *runner)
{
	for (unsigned i = 0; i < runner->child_count; i++) {
		tw_child_stop(&runner->children[i]);
		pthread_mutex_destroy(&runner->children[i].lock);
	}
	if (runner->nursery.process > 0)
		tw_nursery_stop(&runner->nursery);
	if (runner->progress != NULL)
		munmap(runner->progress, runner->progress_size);
	free(runner->children);
	free(runner->local);
	*runner = (struct tw_runner){.nursery.control = -1};
}

uint64_t tw_runner_restarts(const struct tw_runner *runner)
{
	uint64_t restarts = 0;
	for (unsigned i = 0; i < runner->child_count; i++)
		restarts += runner->children[i].restarts;
	return restarts;
}

/* ---- inspect ---------------------------------------------------------------------- */

/* Results of one process, and the block at their front. */
struct lane {
	struct tw_buffer results;
	struct tw_slice rest;
	struct tw_block block;
	bool ended;
};

static void next_block(struct lane *lane)
{
	struct tw_slice rest = lane->rest;
	struct tw_slice parts;
	lane->ended = tw_block_next(&rest, &lane->block, &parts) <= 0;
}

static bool before(const struct tw_block *a, const struct tw_block *b)
{
	return a->record != b->record ? a->record < b->record : a->detector < b->detector;
}

/* By record, then by detector: as if one process had made them. */
static void merge_lanes(struct lane *lanes, unsigned count, struct tw_buffer *results)
{
	for (unsigned i = 0; i < count; i++) {
		lanes[i].rest = tw_buffer_slice(&lanes[i].results);
		next_block(&lanes[i]);
	}
	for (;;) {
		struct lane *first = NULL;
		for (unsigned i = 0; i < count; i++)
			if (!lanes[i].ended &&
			    (first == NULL || before(&lanes[i].block, &first->block)))
				first = &lanes[i];
		if (first == NULL)
			return;
		tw_buffer_align(results, 8);
		tw_buffer_append_slice(results, tw_slice_part(first->rest, 0, first->block.size));
		first->rest = tw_slice_from(first->rest, first->block.size);
		next_block(first);
	}
}

static int inspect_apart(struct tw_runner *runner, struct tw_call *call, struct tw_slice records,
			 struct tw_buffer *results)
{
	unsigned count = runner->child_count + 1;
	struct lane *lanes = calloc(count, sizeof(*lanes));
	int status = lanes == NULL ? TW_ERROR_MEMORY : TW_OK;
	call->chosen = runner->local;
	if (status == TW_OK && runner->local_count > 0)
		status = tw_call_inspect(call, records, &lanes[0].results);
	for (unsigned i = 1; i < count && status == TW_OK; i++)
		status = tw_child_inspect(&runner->children[i - 1], records, &lanes[i].results);
	if (status == TW_OK)
		merge_lanes(lanes, count, results);
	for (unsigned i = 0; lanes != NULL && i < count; i++)
		tw_buffer_free(&lanes[i].results);
	free(lanes);
	return results->failed ? TW_ERROR_MEMORY : status;
}

int tw_runner_inspect(struct tw_runner *runner, struct tw_call *call, struct tw_slice records,
		      struct tw_buffer *results)
{
	return runner->child_count == 0 ? tw_call_inspect(call, records, results)
					: inspect_apart(runner, call, records, results);
}

/* ---- correlate and conclude --------------------------------------------------------- */

static struct tw_child *child_of(const struct tw_runner *runner, unsigned detector)
{
	for (unsigned i = 0; i < runner->child_count; i++)
		if (runner->children[i].detector == detector)
			return &runner->children[i];
	return NULL;
}

int tw_runner_correlate(struct tw_runner *runner, struct tw_call *call,
			const struct tw_correlate_request *request, struct tw_buffer *results)
{
	struct tw_child *child = child_of(runner, request->detector);
	return child == NULL ? tw_call_correlate(call, request, results)
			     : tw_child_correlate(child, request, results);
}

int tw_runner_conclude(struct tw_runner *runner, struct tw_call *call,
		       const struct tw_conclude_request *request, struct tw_buffer *results)
{
	struct tw_child *child = child_of(runner, request->detector);
	return child == NULL ? tw_call_conclude(call, request, results)
			     : tw_child_conclude(child, request, results);
}
