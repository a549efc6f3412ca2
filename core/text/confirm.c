/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "text/scan_private.h"

/* Pieces by which a broken term may exceed its own words: TAB LET PRE SS. */
#define PIECES_MORE 3u

/* The terms of the list that have the key of a hit. */
struct candidate {
	const struct tw_term *terms;
	uint32_t count, token;
	bool again; /* as in the hit */
};

/* The list that is asked for, and the value at hand. */
struct confirm {
	struct tw_scan_scratch *scratch;
	const struct tw_matcher *matcher;
	const struct tw_scan_value *value;
	unsigned list;
	size_t before;	/* bytes of `found` that are other lists' */
	bool unordered; /* what was found is not in order */
};

/* By value and start; of two at one place the longer one first. */
static inline bool in_order(const struct tw_found *a, const struct tw_found *b)
{
	uint64_t first = (uint64_t)a->value << 32 | a->start;
	uint64_t second = (uint64_t)b->value << 32 | b->start;
	return first < second || (first == second && a->length > b->length);
}

/*
 * Most stand in order, as texts are read from front to back; a term that is found
 * by a later word of it may have to go before one that begins with its first.
 */
static void put_back(struct confirm *confirm, struct tw_found *last, size_t count)
{
	struct tw_found moved = *last;
	*last = last[-1];
	last[-1] = moved;
	confirm->unordered |= !in_order(last - 1, last) ||
			      (count > 2 && !in_order(last - 2, last - 1));
}

/* A term found from one token to another. */
static inline void push(struct confirm *confirm, const struct tw_term *term, uint32_t first,
			uint32_t last)
{
	struct tw_buffer *found = &confirm->scratch->found;
	const uint32_t *edges = tw_scan_edges(confirm->scratch);
	uint32_t start = edges[2 * (size_t)first];
	if (tw_buffer_reserve(found, sizeof(struct tw_found)) < 0)
		return;
	/* Field by field: a whole one would be written in pieces and read back at once. */
	struct tw_found *new = (struct tw_found *)(void *)(found->data + found->length);
	new->list = term->list;
	new->row = term->row;
	new->value = confirm->value->value;
	new->start = start - confirm->value->start;
	new->length = edges[2 * (size_t)last + 1] - start;
	new->number = 0;
	found->length += sizeof(*new);
	size_t count = (found->length - confirm->before) / sizeof(*new);
	if (count > 1 && !in_order(new - 1, new))
		put_back(confirm, new, count);
}

/* The letters from a token on, zeros behind them. */
static const char *letters_from(const struct tw_scan_scratch *scratch, uint32_t token)
{
	return scratch->joined.data + tw_scan_offsets(scratch)[token];
}

/*
 * Whether a text starts with a term's letters. Eight at a time: zeros end the text,
 * which no term holds, and there are bytes to spare behind it and in the pool.
 */
static inline bool starts_with(const char *text, const char *letters, uint32_t length)
{
	uint32_t i = 0;
	for (; length - i >= 8; i += 8)
		if (tw_matcher_key(text + i, 8) != tw_matcher_key(letters + i, 8))
			return false;
	uint64_t differ = tw_matcher_key(text + i, 8) ^ tw_matcher_key(letters + i, 8);
	return length == i || differ << (64 - 8 * (length - i)) == 0;
}

/* Whether a single letter stands behind a token: a word that is spelled goes on there. */
static bool letter_follows(const struct confirm *confirm, uint32_t token)
{
	return tw_scan_within(confirm->scratch, confirm->value, token + 1) &&
	       tw_scan_letters(confirm->scratch, token + 1).length == 1;
}

/* The letters stand at this token; the term is there if it ends with a token of the value as well. */
static void confirm_long(struct confirm *confirm, const struct tw_term *term, uint32_t token)
{
	const uint32_t *offsets = tw_scan_offsets(confirm->scratch);
	uint32_t end = offsets[token] + term->length;
	uint32_t last = token;
	bool spelled = true; /* P I P E R I D I N E */
	for (; offsets[last + 1] < end; last++)
		spelled &= offsets[last + 1] - offsets[last] == 1;
	if (offsets[last + 1] != end || !tw_scan_within(confirm->scratch, confirm->value, last))
		return;
	spelled &= offsets[last + 1] - offsets[last] == 1 && !letter_follows(confirm, last);
	if (last - token >= term->words + PIECES_MORE && !spelled)
		return;
	push(confirm, term, token, last);
}

/* Whether the term's letters stand behind the text in order. */
static bool behind(struct tw_slice letters, struct tw_slice text)
{
	size_t shorter = letters.length < text.length ? letters.length : text.length;
	int order = memcmp(letters.data, text.data, shorter);
	return order != 0 ? order > 0 : letters.length > text.length;
}

/* How many of the hit's terms do not stand behind the text; those there are hang on the last of them. */
static uint32_t count_before(const struct confirm *confirm, const struct candidate *hit)
{
	const char *pool = confirm->matcher->pool.data;
	struct tw_slice text = tw_slice_from(tw_buffer_slice(&confirm->scratch->joined),
					     tw_scan_offsets(confirm->scratch)[hit->token]);
	uint32_t low = 0;
	uint32_t high = hit->count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct tw_term *term = &hit->terms[middle];
		if (behind(tw_slice(pool + term->letters, term->length), text))
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static inline bool looked_for(const struct candidate *hit, const struct tw_term *term)
{
	return hit->again && (term->scopes & TW_SCOPE_TEXT) != 0;
}

/* So few are all looked at. */
#define FEW_TERMS 8u

/*
 * All of the list's terms that start with the first seven letters of a token and
 * what follows it. From the last: a term stands behind those it starts with.
 */
static void confirm_longs(struct confirm *confirm, const struct candidate *hit)
{
	const char *pool = confirm->matcher->pool.data;
	const char *text = letters_from(confirm->scratch, hit->token);
	bool few = hit->count <= FEW_TERMS;
	uint32_t left = few ? hit->count : count_before(confirm, hit);
	while (left > 0) {
		const struct tw_term *term = &hit->terms[left - 1];
		if (starts_with(text, pool + term->letters, term->length) &&
		    !looked_for(hit, term))
			confirm_long(confirm, term, hit->token);
		if (!few && term->parent == 0)
			break;
		left -= few ? 1 : term->parent;
	}
}

/* The term's longest word is this token: its other words must be the neighbours. */
static void confirm_short(struct confirm *confirm, const struct tw_term *term, uint32_t token)
{
	const struct tw_scan_scratch *scratch = confirm->scratch;
	uint32_t first = token - term->anchor;
	uint32_t last = first + term->words - 1;
	if (!tw_scan_within(scratch, confirm->value, first) ||
	    !tw_scan_within(scratch, confirm->value, last))
		return;
	for (uint32_t i = 0; i < term->words; i++)
		if (tw_scan_letters(scratch, first + i).length != term->word_lengths[i])
			return;
	if (starts_with(letters_from(scratch, first), confirm->matcher->pool.data + term->letters,
			term->length))
		push(confirm, term, first, last);
}

static void confirm_shorts(struct confirm *confirm, const struct candidate *hit)
{
	const struct tw_term *term = hit->terms;
	for (uint32_t i = 0; i < hit->count; i++, term++) {
		if (looked_for(hit, term))
			continue;
		/* The key of a single short word is the word. */
		if (term->words == 1 && term->length <= sizeof(term->key))
			push(confirm, term, hit->token, hit->token);
		else
			confirm_short(confirm, term, hit->token);
	}
}

static void copy_insides(struct confirm *confirm)
{
	const struct tw_buffer *insides = &confirm->scratch->insides;
	const struct tw_found *found = (const struct tw_found *)(const void *)insides->data;
	for (size_t i = 0; i < insides->length / sizeof(*found); i++) {
		if (found[i].list != confirm->list)
			continue;
		tw_buffer_append(&confirm->scratch->found, &found[i], sizeof(found[i]));
		confirm->unordered = true;
	}
}

/* Of what a hit may be, the list's terms; count 0: other lists' only. */
static inline struct candidate candidate_of(const struct confirm *confirm,
					    const struct tw_scan_hit *hit)
{
	const struct tw_term_table *table = &confirm->matcher->tables[hit->table];
	const struct tw_key_index *index = hit->is_long ? &table->long_index : &table->short_index;
	const struct tw_term *terms = tw_matcher_terms(hit->is_long ? &table->longs : &table->shorts);
	const struct tw_key_group *group = &index->groups[hit->slot->first];
	for (uint32_t left = hit->slot->count; left > 0; left--, group++)
		if (group->list == confirm->list)
			return (struct candidate){terms + group->first, group->count, hit->token,
						  hit->again};
	return (struct candidate){.count = 0};
}

static void confirm_hits(struct confirm *confirm)
{
	const struct tw_buffer *hits = &confirm->scratch->hits;
	const struct tw_scan_hit *hit = (const struct tw_scan_hit *)(const void *)hits->data;
	const struct tw_scan_hit *end = hit + hits->length / sizeof(*hit);
	for (; hit < end; hit++) {
		if ((hit->slot->lists >> confirm->list % 64 & 1) == 0)
			continue;
		struct candidate candidate = candidate_of(confirm, hit);
		if (candidate.count == 0)
			continue;
		confirm->value = tw_scan_value_of(confirm->scratch, hit->token);
		if (hit->is_long)
			confirm_longs(confirm, &candidate);
		else
			confirm_shorts(confirm, &candidate);
	}
}

void tw_scan_confirm(struct tw_scan_scratch *scratch, unsigned list)
{
	struct confirm confirm = {.scratch = scratch, .matcher = scratch->lists->matcher,
				  .list = list, .before = scratch->found.length};
	confirm_hits(&confirm);
	copy_insides(&confirm);
	if (scratch->found.failed) {
		scratch->status = TW_ERROR_MEMORY;
		scratch->found.length = confirm.before;
	} else if (confirm.unordered) {
		tw_scan_sort((struct tw_found *)(void *)(scratch->found.data + confirm.before),
			     (scratch->found.length - confirm.before) / sizeof(struct tw_found));
	}
}

/* ---- order ------------------------------------------------------------------------- */

#define COMPARE(a, b) ((a) < (b) ? -1 : (a) > (b))

/* By value and start; of two at one place the longer one first. */
static int compare_found(const void *left, const void *right)
{
	const struct tw_found *a = left;
	const struct tw_found *b = right;
	int order = COMPARE(a->value, b->value);
	if (order == 0)
		order = COMPARE(a->start, b->start);
	if (order == 0)
		order = COMPARE(b->length, a->length);
	return order != 0 ? order : COMPARE(a->row, b->row);
}

/* More than so few are worth what qsort() sets up. */
#define FEW_FOUND 24

/* Nearly all stand in order already: texts are read from front to back. */
void tw_scan_sort(struct tw_found *found, size_t count)
{
	size_t sorted = 1;
	while (sorted < count && compare_found(&found[sorted - 1], &found[sorted]) <= 0)
		sorted++;
	if (sorted >= count)
		return;
	if (count > FEW_FOUND) {
		qsort(found, count, sizeof(*found), compare_found);
		return;
	}
	for (size_t i = sorted; i < count; i++) {
		struct tw_found moved = found[i];
		size_t at = i;
		for (; at > 0 && compare_found(&moved, &found[at - 1]) < 0; at--)
			found[at] = found[at - 1];
		found[at] = moved;
	}
}
