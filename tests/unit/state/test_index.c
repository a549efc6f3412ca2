/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "state/index.h"

#define MODEL_LIMIT 700

/* What an index should hold: slots with their hash, the one used last at the end. */
struct model {
	struct { uint32_t slot; uint64_t hash; } rows[MODEL_LIMIT];
	unsigned count;
};

static uint32_t next_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33);
}

static void model_move_to_end(struct model *model, unsigned at)
{
	uint32_t slot = model->rows[at].slot;
	uint64_t hash = model->rows[at].hash;
	memmove(&model->rows[at], &model->rows[at + 1],
		(model->count - at - 1) * sizeof(model->rows[0]));
	model->rows[model->count - 1].slot = slot;
	model->rows[model->count - 1].hash = hash;
}

/* Every slot is found under its hash, once; others may come up, which their owner tells apart. */
static void assert_agrees(const struct tw_index *index, const struct model *model)
{
	assert_int_equal(index->count, model->count);
	assert_int_equal(tw_index_oldest(index),
			 model->count == 0 ? -1 : (int64_t)model->rows[0].slot);
	for (unsigned i = 0; i < model->count; i++) {
		uint32_t cell = UINT32_MAX;
		unsigned itself = 0, there = 0, expected = 0;
		for (int64_t slot;
		     (slot = tw_index_next(index, model->rows[i].hash, &cell)) >= 0;) {
			there += index->links[slot].hash == model->rows[i].hash;
			itself += slot == model->rows[i].slot;
		}
		for (unsigned j = 0; j < model->count; j++)
			expected += model->rows[j].hash == model->rows[i].hash;
		assert_int_equal(itself, 1);
		assert_int_equal(there, expected);
	}
}

static void step(struct tw_index *index, struct model *model, uint64_t *seed, uint32_t hashes)
{
	uint32_t what = next_random(seed) % 8;
	if ((what < 4 && model->count < MODEL_LIMIT) || model->count == 0) {
		/* Few hashes, far apart: equal ones, and runs that wrap around the end. */
		uint64_t hash = (uint64_t)0x3f0 + next_random(seed) % hashes;
		int64_t slot = tw_index_add(index, hash);
		assert_true(slot >= 0);
		for (unsigned i = 0; i < model->count; i++)
			assert_true(model->rows[i].slot != slot);
		model->rows[model->count].slot = (uint32_t)slot;
		model->rows[model->count++].hash = hash;
		return;
	}
	unsigned at = next_random(seed) % model->count;
	uint32_t slot = model->rows[at].slot;
	model_move_to_end(model, at);
	if (what < 6) {
		tw_index_use(index, slot);
	} else {
		tw_index_remove(index, slot);
		model->count--;
	}
}

static void test_against_model(void **state)
{
	(void)state;
	for (uint64_t round = 1; round <= 6; round++) {
		struct tw_index index = {0};
		struct model *model = calloc(1, sizeof(*model));
		uint64_t seed = round;
		assert_non_null(model);
		for (unsigned i = 0; i < 4000; i++) {
			step(&index, model, &seed, round % 2 == 0 ? 100000 : 60);
			if (i % 97 == 0)
				assert_agrees(&index, model);
		}
		assert_agrees(&index, model);
		while (model->count > 0) { /* and out again, oldest first */
			assert_int_equal(tw_index_oldest(&index), model->rows[0].slot);
			tw_index_remove(&index, model->rows[0].slot);
			model_move_to_end(model, 0);
			model->count--;
		}
		assert_agrees(&index, model);
		free(model);
		tw_index_free(&index);
	}
}

static void test_empty(void **state)
{
	struct tw_index index = {0};
	uint32_t cell = UINT32_MAX;
	(void)state;
	assert_int_equal(tw_index_next(&index, 5, &cell), -1);
	assert_int_equal(tw_index_oldest(&index), -1);
	tw_index_free(&index);
	int64_t slot = tw_index_add(&index, 5);
	cell = UINT32_MAX;
	assert_int_equal(tw_index_next(&index, 5, &cell), slot);
	assert_int_equal(tw_index_next(&index, 5, &cell), -1);
	cell = UINT32_MAX;
	assert_int_equal(tw_index_next(&index, 5 + 1024, &cell), -1);
	tw_index_free(&index);
}

/* Slots that were given back are handed out again: the arrays beside it stay small. */
static void test_reuse(void **state)
{
	struct tw_index index = {0};
	(void)state;
	for (uint64_t i = 0; i < 100000; i++) {
		assert_true(tw_index_add(&index, i * 0x9e3779b97f4a7c15u) >= 0);
		if (index.count > 100)
			tw_index_remove(&index, (uint32_t)tw_index_oldest(&index));
	}
	assert_int_equal(index.count, 100);
	assert_true(index.used <= 101);
	tw_index_free(&index);
}

/* Of hashes that are not there few slots come up: the cells tell them apart. */
static void test_strangers(void **state)
{
	struct tw_index index = {0};
	unsigned strangers = 0;
	(void)state;
	for (uint64_t i = 0; i < 100000; i++)
		assert_true(tw_index_add(&index, i * 0x9e3779b97f4a7c15u >> 32) >= 0);
	for (uint64_t i = 100000; i < 200000; i++) {
		uint32_t cell = UINT32_MAX;
		tw_index_prefetch(&index, i);
		while (tw_index_next(&index, i * 0x9e3779b97f4a7c15u >> 32, &cell) >= 0)
			strangers++;
	}
	assert_true(strangers < 1000);
	tw_index_free(&index);
}

/* The owner's array has room for each slot, keeps what stands in it, and moves only to grow. */
static void test_room(void **state)
{
	(void)state;
	struct tw_index index = {.capacity = 0};
	uint32_t *values = NULL, capacity = 0;
	for (uint32_t i = 0; i < 2000; i++) {
		int64_t slot = tw_index_add(&index, i);
		uint32_t *before = values, had = capacity;
		values = tw_index_room(&index, values, &capacity, sizeof(*values));
		assert_non_null(values);
		assert_true(slot >= 0 && (uint64_t)slot < capacity);
		assert_true(had < capacity || values == before);
		values[slot] = i;
	}
	for (uint32_t i = 0; i < 2000; i++)
		assert_int_equal(values[i], i);
	free(values);
	tw_index_free(&index);
}

/* Reserved for so many, the cells stay where they are until there are more. */
static void test_reserve(void **state)
{
	(void)state;
	struct tw_index index = {.capacity = 0};
	assert_int_equal(tw_index_reserve(&index, 5000), TW_OK);
	const uint32_t *cells = index.cells;
	for (uint32_t i = 0; i < 5000; i++)
		assert_true(tw_index_add(&index, i) >= 0);
	assert_ptr_equal(index.cells, cells);
	assert_int_equal(tw_index_reserve(&index, 100), TW_OK); /* fewer than there are */
	assert_ptr_equal(index.cells, cells);
	assert_int_equal(index.count, 5000);
	tw_index_free(&index);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_model),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_reuse),
		cmocka_unit_test(test_strangers),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_reserve),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
