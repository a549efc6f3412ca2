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

static void add_start(struct tw_term_starts *starts, struct tw_slice letters, bool inside)
{
	uint32_t first = 0;
	memcpy(&first, letters.data, letters.length < sizeof(first) ? letters.length : sizeof(first));
	unsigned start = tw_matcher_start(first);
	starts->any |= inside || letters.length < TW_START_LETTERS || (first & 0x80808080u) != 0;
	starts->words[start / 64] |= (uint64_t)1 << start % 64;
}

static const uint8_t SCOPE_OF_TABLE[TW_TABLE_COUNT] = {TW_SCOPE_TEXT, TW_SCOPE_PARTY};

static void add_term(struct tw_matcher *matcher, const struct tw_list *list, int row,
		     struct tw_slice view)
{
	struct tw_term term = {.list = list->number, .row = (uint32_t)row,
			       .letters = (uint32_t)matcher->pool.length,
			       .scopes = (uint8_t)tw_list_scopes(list, row)};
	struct term_shape shape = shape_term(view, &matcher->pool, &term);
	term.length = (uint32_t)matcher->pool.length - term.letters;
	term.words = shape.words;
	if (matcher->pool.failed || shape.words == 0)
		return;
	const char *letters = matcher->pool.data + term.letters;
	bool inside = tw_list_match(list, row) == TW_TERM_INSIDE;
	add_start(&matcher->starts[list->number], tw_slice(letters, term.length), inside);
	if ((term.scopes & TW_SCOPE_PARTY) != 0)
		matcher->party_lists |= (uint64_t)1 << list->number % 64;
	if (inside) {
		tw_buffer_append(&matcher->insides, &term, sizeof(term));
		return;
	}
	bool is_long = term.length >= TW_PREFIX_LETTERS &&
		       (shape.letters >= TW_PREFIX_LETTERS || shape.running);
	term.key = is_long ? tw_matcher_key(letters, TW_PREFIX_LETTERS)
			   : tw_matcher_key(letters + shape.longest_at, shape.longest);
	term.anchor = (uint8_t)shape.longest_word;
	for (unsigned i = 0; i < TW_TABLE_COUNT; i++) {
		struct tw_term_table *table = &matcher->tables[i];
		if ((term.scopes & SCOPE_OF_TABLE[i]) != 0)
			tw_buffer_append(is_long ? &table->longs : &table->shorts, &term,
					 sizeof(term));
	}
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
	bool failed = view.failed || matcher->pool.failed || matcher->insides.failed;
	for (unsigned i = 0; i < TW_TABLE_COUNT; i++)
		failed |= matcher->tables[i].longs.failed || matcher->tables[i].shorts.failed;
	tw_buffer_free(&view);
	return failed ? TW_ERROR_MEMORY : TW_OK;
}

/* By key, list, letters and row: a term of a list stands right behind those of it that it starts with. */
static int compare_terms(const void *left, const void *right, void *pool)
{
	const struct tw_term *a = left;
	const struct tw_term *b = right;
	const char *letters = pool;
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	if (a->list != b->list)
		return a->list < b->list ? -1 : 1;
	uint32_t shorter = a->length < b->length ? a->length : b->length;
	int order = memcmp(letters + a->letters, letters + b->letters, shorter);
	if (order != 0)
		return order;
	if (a->length != b->length)
		return a->length < b->length ? -1 : 1;
	return a->row < b->row ? -1 : a->row > b->row;
}

/*
 * Terms of a list that stand at one place of a text are each a beginning of the
 * next, so the longest of them leads to the others by `parent`.
 */
static void link_parents(struct tw_term_table *table, const char *pool)
{
	struct tw_term *terms = (struct tw_term *)(void *)table->longs.data;
	uint32_t count = tw_matcher_count(&table->longs);
	for (uint32_t i = 1; i < count; i++) {
		struct tw_term *term = &terms[i];
		const struct tw_term *other = term - 1;
		bool linked = other->list == term->list;
		while (linked && (other->length > term->length ||
				  memcmp(pool + other->letters, pool + term->letters,
					 other->length) != 0)) {
			linked = other->parent != 0;
			other -= other->parent;
		}
		term->parent = linked ? (uint32_t)(term - other) : 0;
	}
}

static int index_terms(struct tw_buffer *terms, char *pool, struct tw_key_index *ret_index)
{
	uint32_t count = tw_matcher_count(terms);
	if (count > 0)
		qsort_r(terms->data, count, sizeof(struct tw_term), compare_terms, pool);
	struct tw_key_entry *entries = calloc(count + 1u, sizeof(*entries));
	if (entries == NULL)
		return TW_ERROR_MEMORY;
	for (uint32_t i = 0; i < count; i++) {
		const struct tw_term *term = &tw_matcher_terms(terms)[i];
		entries[i] = (struct tw_key_entry){term->key, term->list};
	}
	int status = tw_key_index_build(entries, count, ret_index);
	free(entries);
	return status;
}

static void fill_filters(struct tw_term_table *table)
{
	for (uint32_t i = 0; i < tw_matcher_count(&table->longs); i++) {
		const struct tw_term *term = &tw_matcher_terms(&table->longs)[i];
		tw_key_filter_add(&table->long_index.filter,
				  tw_key_hash(term->key * TW_KEY_MULTIPLIER, TW_PREFIX_LETTERS));
	}
	for (uint32_t i = 0; i < tw_matcher_count(&table->shorts); i++) {
		const struct tw_term *term = &tw_matcher_terms(&table->shorts)[i];
		tw_key_filter_add(&table->short_index.filter,
				  tw_key_hash_word(term->key * TW_KEY_MULTIPLIER,
						   term->word_lengths[term->anchor]));
	}
}

static int fill_more(struct tw_term_table *table, const char *pool)
{
	uint32_t count = tw_matcher_count(&table->longs);
	int status = tw_key_filter_create(count, &table->long_more);
	for (uint32_t i = 0; status == TW_OK && i < count; i++) {
		const struct tw_term *term = &tw_matcher_terms(&table->longs)[i];
		char letters[16] = {0};
		memcpy(letters, pool + term->letters,
		       term->length < TW_PREFIX_MORE ? term->length : TW_PREFIX_MORE);
		tw_key_filter_add(&table->long_more, term->length < TW_PREFIX_MORE
							     ? term->key * TW_KEY_MULTIPLIER
							     : tw_matcher_hash_more(letters));
	}
	return status;
}

static void add_word(struct tw_key_filter *words, const char *word)
{
	size_t length = strlen(word);
	tw_key_filter_add(words, tw_key_hash_word(tw_matcher_key(word, length) * TW_KEY_MULTIPLIER,
						  (uint32_t)length));
}

/*
 * Check digits of CAS numbers and what announces them pass as short words do: one
 * question less for every other word. CAS108247 has the beginning of CASREGISTRY.
 */
static void add_numbers(struct tw_key_filter *shorts)
{
	static const char *const WORDS[] = {"", TW_CAS_LABELS};
	for (char digit[] = "0"; digit[0] <= '9'; digit[0]++)
		add_word(shorts, digit);
	for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++) {
		char word[16] = TW_CAS_WORD;
		strcat(word, WORDS[i]);
		add_word(shorts, word);
	}
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

static int build_table(struct tw_term_table *table, char *pool)
{
	int status = index_terms(&table->longs, pool, &table->long_index);
	if (status == TW_OK)
		status = index_terms(&table->shorts, pool, &table->short_index);
	if (status == TW_OK)
		status = fill_more(table, pool);
	if (status == TW_OK)
		fill_filters(table);
	if (status == TW_OK)
		link_parents(table, pool);
	return status;
}

static int build(struct tw_matcher *matcher, struct tw_buffer *reason)
{
	if (tw_buffer_reserve(&matcher->pool, TW_POOL_SPARE) < 0)
		return TW_ERROR_MEMORY;
	memset(matcher->pool.data + matcher->pool.length, 0, TW_POOL_SPARE);
	int status = TW_OK;
	for (unsigned i = 0; i < TW_TABLE_COUNT && status == TW_OK; i++)
		status = build_table(&matcher->tables[i], matcher->pool.data);
	if (status == TW_OK)
		add_numbers(&matcher->tables[TW_TABLE_TEXT].short_index.filter);
	return status == TW_OK ? compile_inside(matcher, reason) : status;
}

int tw_matcher_build(const struct tw_list *const *lists, unsigned count,
		     struct tw_matcher **ret_matcher, struct tw_buffer *reason)
{
	struct tw_matcher *matcher = calloc(1, sizeof(*matcher));
	if (matcher == NULL)
		return TW_ERROR_MEMORY;
	matcher->starts = calloc(count + 1u, sizeof(*matcher->starts));
	int status = matcher->starts == NULL ? TW_ERROR_MEMORY : TW_OK;
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
	for (unsigned i = 0; i < TW_TABLE_COUNT; i++) {
		struct tw_term_table *table = &matcher->tables[i];
		tw_key_index_free(&table->long_index);
		tw_key_index_free(&table->short_index);
		tw_key_filter_free(&table->long_more);
		tw_buffer_free(&table->longs);
		tw_buffer_free(&table->shorts);
	}
	free(matcher->starts);
	tw_buffer_free(&matcher->insides);
	tw_buffer_free(&matcher->pool);
	free(matcher);
}
