/* SPDX-License-Identifier: Apache-2.0 */
#include "text/normalise.h"
#include "text/scan_private.h"

/* Pieces by which a broken term may exceed its own words: TAB LET PRE SS. */
#define PIECES_MORE 3u

/* Zeros all but the first n bytes of a key, n up to eight. */
static const uint64_t FIRST_BYTES[9] = {
	0, 0xff, 0xffff, 0xffffff, 0xffffffff, 0xffffffffff, 0xffffffffffff, 0xffffffffffffff,
	UINT64_MAX,
};

const struct tw_scan_value *tw_scan_value_of(const struct tw_scan_scratch *scratch, uint32_t token)
{
	const struct tw_scan_value *values = tw_scan_values(scratch);
	uint32_t low = 0;
	uint32_t high = scratch->value_count;
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;
		if (values[middle].first_token <= token)
			low = middle;
		else
			high = middle;
	}
	return &values[low];
}

uint32_t tw_scan_last_token(const struct tw_scan_scratch *scratch,
			    const struct tw_scan_value *value)
{
	const struct tw_scan_value *end = tw_scan_values(scratch) + scratch->value_count;
	return value + 1 < end ? value[1].first_token : scratch->token_count;
}

/* A term found from one place of the value's text to another. */
static void push(struct tw_scan_scratch *scratch, const struct tw_term *term,
		 const struct tw_scan_value *value, uint32_t start, uint32_t end)
{
	struct tw_found found = {.list = term->list, .row = term->row, .value = value->value,
				 .start = start, .length = end - start};
	if ((term->scopes & value->scopes) != 0)
		tw_buffer_append(&scratch->found, &found, sizeof(found));
}

static void push_tokens(struct tw_scan_scratch *scratch, const struct tw_term *term, uint32_t first,
			uint32_t last)
{
	const struct tw_scan_value *value = tw_scan_value_of(scratch, first);
	push(scratch, term, value, tw_scan_place(scratch, value, first, 0),
	     tw_scan_place(scratch, value, last, 1));
}

/* Whether a single letter stands behind a token: a word that is spelled goes on there. */
static bool letter_follows(const struct tw_scan_scratch *scratch, uint32_t token)
{
	return token + 1 < scratch->token_count && tw_scan_token_length(scratch, token + 1) == 1 &&
	       tw_scan_token(scratch, token)[tw_scan_token_length(scratch, token)] != '\n';
}

/* The letters stand at this token; the term is there if it ends with a token as well. */
static void confirm_long(struct tw_scan_scratch *scratch, const struct tw_term *term,
			 uint32_t token)
{
	const uint32_t *joined_at = tw_scan_joined_at(scratch);
	uint32_t end = joined_at[token] + term->length;
	uint32_t last = token;
	bool spelled = true; /* P I P E R I D I N E */
	while (joined_at[last] + tw_scan_token_length(scratch, last) < end) {
		spelled &= tw_scan_token_length(scratch, last) == 1;
		last++;
	}
	uint32_t length = tw_scan_token_length(scratch, last);
	if (joined_at[last] + length != end)
		return;
	spelled &= length == 1 && !letter_follows(scratch, last);
	if (last - token >= term->words + PIECES_MORE && !spelled)
		return;
	push_tokens(scratch, term, token, last);
}

/* -1, 0, 1: the term's letters stand before, at the start of, or behind the text in order. */
static int order_of(struct tw_slice letters, struct tw_slice text)
{
	size_t shorter = letters.length < text.length ? letters.length : text.length;
	int order = memcmp(letters.data, text.data, shorter);
	if (order != 0)
		return order;
	return letters.length > text.length;
}

/* All terms that start with the first seven letters of this token and what follows it. */
static void match_longs(struct tw_scan_scratch *scratch, const struct tw_matcher *matcher,
			uint64_t key, uint32_t token)
{
	struct tw_key_slot slot = tw_key_index_find(&matcher->long_index, key);
	const struct tw_term *terms = tw_matcher_terms(&matcher->longs);
	const char *pool = matcher->pool.data;
	struct tw_slice text = tw_slice_from(tw_buffer_slice(&scratch->joined),
					     tw_scan_joined_at(scratch)[token]);
	/* The last term that does not stand behind the text; the others hang on it. */
	uint32_t low = slot.first;
	uint32_t high = slot.first + slot.count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (order_of(tw_slice(pool + terms[middle].letters, terms[middle].length), text) > 0)
			high = middle;
		else
			low = middle + 1;
	}
	int32_t at = low == slot.first ? -1 : (int32_t)low - 1;
	for (; at >= 0; at = terms[at].parent)
		if (tw_slice_starts(text, tw_slice(pool + terms[at].letters, terms[at].length)))
			confirm_long(scratch, &terms[at], token);
}

/* The term's longest word is this token: its other words must be the neighbours. */
static void confirm_short(struct tw_scan_scratch *scratch, const struct tw_term *term,
			  const char *letters, uint32_t token)
{
	if (token < term->anchor || token - term->anchor + term->words > scratch->token_count)
		return;
	uint32_t first = token - term->anchor;
	const uint32_t *joined_at = tw_scan_joined_at(scratch);
	struct tw_slice text = tw_slice_from(tw_buffer_slice(&scratch->joined), joined_at[first]);
	if (!tw_slice_starts(text, tw_slice(letters, term->length)))
		return;
	for (uint32_t i = 0; i < term->words; i++)
		if (tw_scan_token_length(scratch, first + i) != term->word_lengths[i])
			return;
	push_tokens(scratch, term, first, first + term->words - 1);
}

static void match_shorts(struct tw_scan_scratch *scratch, const struct tw_matcher *matcher,
			 uint64_t key, uint32_t token)
{
	struct tw_key_slot slot = tw_key_index_find(&matcher->short_index, key);
	const struct tw_term *terms = tw_matcher_terms(&matcher->shorts);
	for (uint32_t i = slot.first; i < slot.first + slot.count; i++)
		confirm_short(scratch, &terms[i], matcher->pool.data + terms[i].letters, token);
}

/* The hot loop: two look-ups a token, which ordinary words do not pass. */
static void match_tokens(struct tw_scan_scratch *scratch, const struct tw_matcher *matcher)
{
	const uint32_t *edges = tw_scan_edges(scratch);
	const uint32_t *joined_at = tw_scan_joined_at(scratch);
	const char *joined = scratch->joined.data;
	uint32_t count = scratch->token_count;
	uint32_t before = 0;
	for (uint32_t token = 0; token < count; token++) {
		uint32_t length = edges[2 * (size_t)token + 1] - edges[2 * (size_t)token];
		uint64_t key = tw_matcher_key(joined + joined_at[token], 8);
		uint64_t prefix = key & FIRST_BYTES[TW_PREFIX_LETTERS];
		uint64_t word = key & FIRST_BYTES[length < 8 ? length : 8];
		if (tw_key_filter_maybe(&matcher->long_index.filter, prefix) &&
		    (tw_key_filter_maybe(&matcher->long_more, prefix) ||
		     tw_key_filter_maybe(&matcher->long_more,
					 tw_matcher_key_more(joined + joined_at[token]))))
			match_longs(scratch, matcher, prefix, token);
		if (tw_key_filter_maybe(&matcher->short_index.filter, word))
			match_shorts(scratch, matcher, word, token);
		/* 108-24-7 ends with tokens of two and one; "CAS" announces the others. */
		if (length == 1 && before == 2)
			tw_scan_cas(scratch, token);
		if ((key & FIRST_BYTES[3]) == ('C' | 'A' << 8 | 'S' << 16))
			tw_scan_cas_named(scratch, token);
		before = length;
	}
}

/* The token in which a byte of `joined` stands. */
static uint32_t token_at(const struct tw_scan_scratch *scratch, uint32_t place)
{
	const uint32_t *joined_at = tw_scan_joined_at(scratch);
	uint32_t low = 0;
	uint32_t high = scratch->token_count;
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;
		if (joined_at[middle] <= place)
			low = middle;
		else
			high = middle;
	}
	return low;
}

uint32_t tw_scan_place_inside(const struct tw_scan_scratch *scratch, uint32_t token, uint32_t byte,
			      unsigned end)
{
	const struct tw_scan_value *value = tw_scan_value_of(scratch, token);
	uint32_t start = tw_scan_place(scratch, value, token, 0);
	if (!value->wide)
		return start + byte + end;
	struct tw_slice text = tw_slice(scratch->texts + value->text_start, value->text_length);
	uint32_t at = 0;
	uint32_t length = 0;
	text = tw_slice_part(text, start, tw_scan_place(scratch, value, token, 1) - start);
	tw_normalise_locate(text, true, byte, 1, &at, &length);
	return start + at + (end != 0 ? length : 0);
}

static int found_inside(void *context, unsigned id, size_t end)
{
	struct tw_scan_scratch *scratch = context;
	const struct tw_term *term = &tw_matcher_terms(&scratch->lists->matcher->insides)[id];
	const uint32_t *joined_at = tw_scan_joined_at(scratch);
	uint32_t from = (uint32_t)end - term->length;
	uint32_t to = (uint32_t)end - 1;
	uint32_t first = token_at(scratch, from);
	uint32_t last = token_at(scratch, to);
	push(scratch, term, tw_scan_value_of(scratch, first),
	     tw_scan_place_inside(scratch, first, from - joined_at[first], 0),
	     tw_scan_place_inside(scratch, last, to - joined_at[last], 1));
	return scratch->found.failed ? TW_ERROR_MEMORY : TW_OK;
}

int tw_scan_probe(struct tw_scan_scratch *scratch)
{
	const struct tw_matcher *matcher = scratch->lists->matcher;
	tw_buffer_clear(&scratch->found);
	tw_buffer_clear(&scratch->cas);
	match_tokens(scratch, matcher);
	if (scratch->found.failed || scratch->cas.failed)
		return TW_ERROR_MEMORY;
	if (matcher->inside == NULL || scratch->token_count == 0)
		return TW_OK;
	return tw_inside_scan(matcher->inside, scratch->inside, tw_buffer_slice(&scratch->joined),
			      found_inside, scratch);
}
