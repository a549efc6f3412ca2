/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <string.h>

#include "state/blocks.h"

#define SLOTS 3000u

static uint32_t next_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33);
}

/* What a slot should have: a run of one letter. */
struct model {
	uint32_t lengths[SLOTS];
	char letters[SLOTS];
	uint64_t kept;
};

static void write_run(struct tw_blocks *blocks, struct model *model, uint32_t slot, uint32_t length,
		      char letter)
{
	static char bytes[100000];
	memset(bytes, letter, length);
	struct tw_slice parts[] = {tw_slice(bytes, length / 3),
				   tw_slice(bytes, length - length / 3)};
	assert_int_equal(tw_blocks_write(blocks, slot, parts, 2), TW_OK);
	model->kept += length;
	model->kept -= model->lengths[slot];
	model->lengths[slot] = length;
	model->letters[slot] = letter;
}

static void drop_run(struct tw_blocks *blocks, struct model *model, uint32_t slot)
{
	tw_blocks_drop(blocks, slot);
	model->kept -= model->lengths[slot];
	model->lengths[slot] = 0;
}

static void assert_run(const struct tw_blocks *blocks, const struct model *model, uint32_t slot)
{
	struct tw_slice run = tw_blocks_of(blocks, slot);
	assert_int_equal(run.length, model->lengths[slot]);
	for (size_t i = 0; i < run.length; i++)
		if (run.data[i] != model->letters[slot])
			fail_msg("slot %u: not its own bytes", slot);
	assert_int_equal((uintptr_t)run.data % 8, 0);
}

/* Chunks hold what is kept, heads and padding (16 bytes a run at most), holes, a few begun chunks. */
static void assert_small(const struct tw_blocks *blocks, const struct model *model)
{
	uint64_t needed = model->kept + SLOTS * 16;
	assert_true(blocks->held <= needed + needed / 7 + 4 * TW_BLOCKS_CHUNK);
}

static void run_random(uint64_t seed, uint32_t longest)
{
	static struct model model;
	struct tw_blocks blocks = {.places = NULL};
	model = (struct model){.kept = 0};
	for (unsigned i = 0; i < 60000; i++) {
		/* Lengths come in waves, so that the holes of one do not fit the next. */
		uint32_t most = longest >> (i / 5000 % 6);
		uint32_t slot = next_random(&seed) % SLOTS;
		if (next_random(&seed) % 4 == 0)
			drop_run(&blocks, &model, slot);
		else
			write_run(&blocks, &model, slot, next_random(&seed) % (most + 1),
				  (char)('a' + i % 26));
		assert_run(&blocks, &model, slot);
		if (longest <= 1000)
			assert_small(&blocks, &model);
	}
	for (uint32_t slot = 0; slot < SLOTS; slot++)
		assert_run(&blocks, &model, slot);
	tw_blocks_free(&blocks);
}

static void test_against_model(void **state)
{
	(void)state;
	run_random(1, 40);
	run_random(2, 1000);
	run_random(3, 70000);
}

/* A run may be made of its own pieces in another order, whether it is the last one or not. */
static void test_own_pieces(void **state)
{
	struct tw_blocks blocks = {.places = NULL};
	(void)state;
	for (int last = 0; last < 2; last++) {
		struct tw_slice whole = TW_LITERAL("0123456789");
		assert_int_equal(tw_blocks_write(&blocks, 1, &whole, 1), TW_OK);
		if (!last)
			assert_int_equal(tw_blocks_write(&blocks, 2, &whole, 1), TW_OK);
		struct tw_slice own = tw_blocks_of(&blocks, 1);
		struct tw_slice parts[] = {tw_slice_from(own, 5), tw_slice_part(own, 0, 5), own};
		assert_int_equal(tw_blocks_write(&blocks, 1, parts, 3), TW_OK);
		assert_true(tw_slice_is(tw_blocks_of(&blocks, 1), "56789012340123456789"));
		tw_blocks_patch(&blocks, 1, 2, TW_LITERAL("xy"));
		tw_blocks_patch(&blocks, 1, 19, TW_LITERAL("xy")); /* has no room: nothing */
		assert_true(tw_slice_is(tw_blocks_of(&blocks, 1), "56xy9012340123456789"));
	}
	tw_blocks_free(&blocks);
}

static void test_empty(void **state)
{
	struct tw_blocks blocks = {.places = NULL};
	(void)state;
	assert_int_equal(tw_blocks_of(&blocks, 7).length, 0);
	tw_blocks_drop(&blocks, 7);
	assert_int_equal(tw_blocks_write(&blocks, 7, NULL, 0), TW_OK);
	assert_int_equal(tw_blocks_of(&blocks, 7).length, 0);
	tw_blocks_drop(&blocks, 7);
	assert_int_equal(blocks.held, 0); /* the last run took its chunk with it */
	tw_blocks_free(&blocks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_model),
		cmocka_unit_test(test_own_pieces),
		cmocka_unit_test(test_empty),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
