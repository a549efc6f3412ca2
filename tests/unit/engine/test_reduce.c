/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/reduce.h"
#include "text/lists.h"

/*
 * Rounds made by hand, of two shards, for a reducer without detectors. What is told are anomalies; each line that is
 * written is one.
 */
struct bench {
	struct tw_lists *lists;
	struct tw_detectors detectors;
	const char *names[1];
	struct tw_emitter emitter;
	struct tw_reducer reducer;
	struct tw_round *round;
	char *text;
	size_t size;
};

static void begin(struct bench *bench)
{
	const struct tw_reducer_limits limits = {
		.store = {16, 65536},
		.ledger = {16, 65536, 65536},
		.sequences = {.memory = 4096, .holes = 1, .steps = 8, .later = 1},
	};
	const struct tw_out_limits out = {0};
	struct tw_buffer reason = {0};
	*bench = (struct bench){.names = {NULL}};
	bench->detectors.names = bench->names;
	assert_int_equal(tw_lists_create(NULL, 0, &bench->lists), TW_OK);
	assert_int_equal(tw_lists_seal(bench->lists, &reason), TW_OK);
	assert_int_equal(tw_reducer_create(&bench->reducer, &bench->detectors, bench->lists, &out, &limits), TW_OK);
	assert_int_equal(tw_emitter_create(&bench->emitter, &bench->detectors), TW_OK);
	bench->emitter.style.sensor = "test";
	bench->emitter.events = open_memstream(&bench->text, &bench->size);
	bench->reducer.emitter = &bench->emitter;
	bench->round = calloc(1, sizeof(*bench->round));
	assert_non_null(bench->round);
	tw_round_begin(bench->round, 2, 0);
}

static void end(struct bench *bench)
{
	tw_round_free(bench->round);
	free(bench->round);
	tw_reducer_free(&bench->reducer);
	fclose(bench->emitter.events);
	bench->emitter.events = NULL;
	tw_emitter_free(&bench->emitter);
	tw_lists_free(bench->lists);
	free(bench->text);
}

static struct tw_origin *make_origin(const char *path)
{
	static const char *const none[] = {NULL};
	struct tw_origin *origin = tw_origin_create(path, none);
	assert_non_null(origin);
	return origin;
}

static void add(struct bench *bench, unsigned shard, struct tw_item item)
{
	tw_batch_add(&bench->round->batches[shard], item,
		     (struct tw_slice[TW_ITEM_TEXTS]){TW_LITERAL("reason")});
}

/* An input of one anomaly, brought by a packet of this number. */
static void tell(struct bench *bench, unsigned shard, uint64_t order, const char *path)
{
	struct tw_origin *origin = make_origin(path);
	bench->round->batches[shard].order = order;
	add(bench, shard, (struct tw_item){.kind = TW_ITEM_INPUT, .origin = origin});
	add(bench, shard, (struct tw_item){.kind = TW_ITEM_ANOMALY, .origin = origin, .code = "tcp.gap"});
	add(bench, shard, (struct tw_item){.kind = TW_ITEM_INPUT_END, .origin = origin});
}

static int reduce(struct bench *bench)
{
	int status = tw_reduce_round(&bench->reducer, bench->round);
	tw_round_clear(bench->round);
	fflush(bench->emitter.events);
	return status;
}

/* Where a path stands in what was written; it must. */
static size_t place(const struct bench *bench, const char *path)
{
	const char *at = strstr(bench->text, path);
	assert_non_null(at);
	return (size_t)(at - bench->text);
}

/* Of several shards in the order of packets, whatever shard they are in. */
static void test_order(void **state)
{
	struct bench bench;
	(void)state;
	begin(&bench);
	tell(&bench, 0, 2, "second");
	tell(&bench, 1, 1, "first");
	tell(&bench, 1, 3, "third");
	assert_int_equal(reduce(&bench), TW_OK);
	assert_true(place(&bench, "\"first\"") < place(&bench, "\"second\""));
	assert_true(place(&bench, "\"second\"") < place(&bench, "\"third\""));
	assert_int_equal(bench.reducer.statistics.anomalies, 3);
	assert_int_equal(bench.reducer.statistics.inputs, 3);
	end(&bench);
}

/* Where an inspection failed nothing of its round is told, whoever else succeeded, and nothing of it stays in memory. */
static void test_failure(void **state)
{
	(void)state;
	for (unsigned failing = 0; failing < 3; failing++) {
		struct bench bench;
		begin(&bench);
		tell(&bench, 0, 1, "before");
		assert_int_equal(reduce(&bench), TW_OK);
		tell(&bench, 0, 2, "lost");
		tell(&bench, 1, 3, "lost as well");
		bench.round->batches[failing].status = TW_ERROR_MEMORY;
		assert_int_equal(reduce(&bench), TW_ERROR_MEMORY);
		assert_non_null(strstr(bench.text, "\"before\""));
		assert_null(strstr(bench.text, "lost"));
		assert_int_equal(bench.reducer.statistics.anomalies, 1);
		assert_int_equal(bench.reducer.statistics.inputs, 1);
		end(&bench);
	}
}

/* The rest of a stream that is open comes in a round that fails: what was kept of it goes with the reducer. */
static void test_open_stream(void **state)
{
	struct bench bench;
	(void)state;
	begin(&bench);
	struct tw_origin *origin = make_origin("open");
	add(&bench, 0, (struct tw_item){.kind = TW_ITEM_INPUT, .origin = origin});
	assert_int_equal(reduce(&bench), TW_OK);
	add(&bench, 0, (struct tw_item){.kind = TW_ITEM_ANOMALY, .origin = origin, .code = "tcp.gap"});
	add(&bench, 0, (struct tw_item){.kind = TW_ITEM_INPUT_END, .origin = origin});
	bench.round->batches[0].status = TW_ERROR_IO;
	assert_int_equal(reduce(&bench), TW_ERROR_IO);
	assert_ptr_equal(bench.reducer.open->origin, origin);
	assert_int_equal(bench.reducer.statistics.anomalies, 0);
	end(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_failure),
		cmocka_unit_test(test_open_stream),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
