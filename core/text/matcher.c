/* SPDX-License-Identifier: Apache-2.0 */
#include "text/matcher.h"

#include <stdlib.h>

#include "text/fold.h"
#include "text/normalise.h"

/* A term on its way into one of the three tables. */
struct term_shape {
	unsigned letters, words;
	bool running; /* holds a character that is a word of its own */
	uint32_t longest; /* bytes of the longest word; which one, and where it starts */
	uint32_t longest_word, longest_at;
};

/* Appends the letters of a view to the pool and notes the words of the term. */
static struct term_shape shape_term(struct tw_slice view, struct tw_buffer *pool,
				    struct tw_term *term)
{
	struct term_shape shape = {0};
	uint32_t word_length = 0;
	bool open = false;
	for (size_t i = 0; i < view.length;) {
		unsigned width = tw_fold_width(view.data[i]);
		bool blank = view.data[i] == ' ';
		bool running = !blank && tw_fold_running(view.data + i);
		if (blank || running || !open) {
			shape.words += !blank;
			word_length = 0;
		}
		open = !blank && !running;
		if (!blank) {
			tw_buffer_append(pool, view.data + i, width);
			word_length += width;
			shape.letters++;
			shape.running |= running;
			if (shape.words <= TW_SHORT_WORDS)
				term->word_lengths[shape.words - 1] = (uint8_t)word_length;
			if (word_length > shape.longest) {
				shape.longest = word_length;
				shape.longest_word = shape.words - 1;
				shape.longest_at = (uint32_t)(pool->length - term->letters) -
						   word_length;
			}
		}
		i += width;
	}
	return shape;
}

static void add_term(struct tw_matcher *matcher, const struct tw_list *list, int row,
		     struct tw_slice view)
{
	struct tw_term term = {.list = list->number, .row = (uint32_t)row, .parent = -1,
			       .letters = (uint32_t)matcher->pool.length,
			       .scopes = (uint8_t)tw_list_scopes(list, row)};
	struct term_shape shape = shape_term(view, &matcher->pool, &term);
	term.length = (uint32_t)matcher->pool.length - term.letters;
	term.words = shape.words;
	if (matcher->pool.failed || shape.words == 0)
		return;
	const char *letters = matcher->pool.data + term.letters;
	struct tw_buffer *table = &matcher->insides;
	if (tw_list_match(list, row) == TW_TERM_WORD) {
		bool is_long = term.length >= TW_PREFIX_LETTERS &&
			       (shape.letters >= TW_PREFIX_LETTERS || shape.running);
		table = is_long ? &matcher->longs : &matcher->shorts;
		term.key = is_long ? tw_matcher_key(letters, TW_PREFIX_LETTERS)
				   : tw_matcher_key(letters + shape.longest_at, shape.longest);
		term.anchor = (uint8_t)shape.longest_word;
	}
	tw_buffer_append(table, &term, sizeof(term));
}

static int add_list(struct tw_matcher *matcher, const struct tw_list *list)
{
	struct tw_buffer view = {0};
	for (int row = 0; list->term >= 0 && (unsigned)row < list->row_count; row++) {
		tw_buffer_clear(&view);
		tw_normalise_append(tw_list_cell(list, row, list->term), &view);
		if (view.length > 0)
			add_term(matcher, list, row, tw_buffer_slice(&view));
	}
	bool failed = view.failed || matcher->pool.failed || matcher->longs.failed ||
		      matcher->shorts.failed || matcher->insides.failed;
	tw_buffer_free(&view);
	return failed ? TW_ERROR_MEMORY : TW_OK;
}

/* By letters, then list and row: a term stands right behind those it starts with. */
static int compare_letters(const void *left, const void *right, void *pool)
{
	const struct tw_term *a = left;
	const struct tw_term *b = right;
	const char *letters = pool;
	uint32_t shorter = a->length < b->length ? a->length : b->length;
	int order = memcmp(letters + a->letters, letters + b->letters, shorter);
	if (order != 0)
		return order;
	if (a->length != b->length)
		return a->length < b->length ? -1 : 1;
	if (a->list != b->list)
		return a->list < b->list ? -1 : 1;
	return a->row < b->row ? -1 : a->row > b->row;
}

static int compare_key(const void *left, const void *right, void *pool)
{
	const struct tw_term *a = left;
	const struct tw_term *b = right;
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return compare_letters(left, right, pool);
}

/*
 * Terms that stand at one place of a text are each a beginning of the next, so
 * the longest of them leads to the others by `parent`.
 */
static void link_parents(struct tw_matcher *matcher)
{
	struct tw_term *terms = (struct tw_term *)(void *)matcher->longs.data;
	uint32_t count = tw_matcher_count(&matcher->longs);
	const char *pool = matcher->pool.data;
	for (uint32_t i = 1; i < count; i++) {
		int32_t parent = (int32_t)i - 1;
		while (parent >= 0 && (terms[parent].length > terms[i].length ||
				       memcmp(pool + terms[parent].letters, pool + terms[i].letters,
					      terms[parent].length) != 0))
			parent = terms[parent].parent;
		terms[i].parent = parent;
	}
}

static int index_terms(struct tw_buffer *terms, char *pool,
		       int (*compare)(const void *, const void *, void *),
		       struct tw_key_index *ret_index)
{
	uint32_t count = tw_matcher_count(terms);
	if (count > 0)
		qsort_r(terms->data, count, sizeof(struct tw_term), compare, pool);
	uint64_t *keys = calloc(count + 1u, sizeof(*keys));
	if (keys == NULL)
		return TW_ERROR_MEMORY;
	for (uint32_t i = 0; i < count; i++)
		keys[i] = tw_matcher_terms(terms)[i].key;
	int status = tw_key_index_build(keys, count, ret_index);
	free(keys);
	return status;
}

static int filter_more(struct tw_matcher *matcher)
{
	uint32_t count = tw_matcher_count(&matcher->longs);
	int status = tw_key_filter_create(count, &matcher->long_more);
	for (uint32_t i = 0; status == TW_OK && i < count; i++) {
		const struct tw_term *term = &tw_matcher_terms(&matcher->longs)[i];
		char letters[16] = {0};
		memcpy(letters, matcher->pool.data + term->letters,
		       term->length < TW_PREFIX_MORE ? term->length : TW_PREFIX_MORE);
		tw_key_filter_add(&matcher->long_more, term->length < TW_PREFIX_MORE
							       ? term->key
							       : tw_matcher_key_more(letters));
	}
	return status;
}

static int compile_inside(struct tw_matcher *matcher, struct tw_buffer *reason)
{
	uint32_t count = tw_matcher_count(&matcher->insides);
	const struct tw_term *terms = tw_matcher_terms(&matcher->insides);
	if (count == 0)
		return TW_OK;
	struct tw_literal *literals = calloc(count, sizeof(*literals));
	if (literals == NULL)
		return TW_ERROR_MEMORY;
	for (uint32_t i = 0; i < count; i++)
		literals[i] = (struct tw_literal){
			tw_slice(matcher->pool.data + terms[i].letters, terms[i].length), i};
	int status = tw_inside_build(literals, count, &matcher->inside, reason);
	free(literals);
	return status;
}

static int build(struct tw_matcher *matcher, struct tw_buffer *reason)
{
	char *pool = matcher->pool.data;
	int status = index_terms(&matcher->longs, pool, compare_letters, &matcher->long_index);
	if (status == TW_OK)
		status = index_terms(&matcher->shorts, pool, compare_key, &matcher->short_index);
	if (status == TW_OK)
		status = filter_more(matcher);
	if (status == TW_OK)
		status = compile_inside(matcher, reason);
	if (status == TW_OK)
		link_parents(matcher);
	return status;
}

int tw_matcher_build(const struct tw_list *const *lists, unsigned count,
		     struct tw_matcher **ret_matcher, struct tw_buffer *reason)
{
	struct tw_matcher *matcher = calloc(1, sizeof(*matcher));
	if (matcher == NULL)
		return TW_ERROR_MEMORY;
	int status = TW_OK;
	for (unsigned i = 0; i < count && status == TW_OK; i++)
		status = add_list(matcher, lists[i]);
	if (status == TW_OK)
		status = build(matcher, reason);
	if (status == TW_OK)
		*ret_matcher = matcher;
	else
		tw_matcher_free(matcher);
	return status;
}

void tw_matcher_free(struct tw_matcher *matcher)
{
	if (matcher == NULL)
		return;
	tw_inside_free(matcher->inside);
	tw_key_index_free(&matcher->long_index);
	tw_key_index_free(&matcher->short_index);
	tw_key_filter_free(&matcher->long_more);
	tw_buffer_free(&matcher->longs);
	tw_buffer_free(&matcher->shorts);
	tw_buffer_free(&matcher->insides);
	tw_buffer_free(&matcher->pool);
	free(matcher);
}
