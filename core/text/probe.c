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

/* The value and the scratch it is scanned with. */
struct probe {
	struct tw_scan_scratch *scratch;
	const struct tw_matcher *matcher;
	const struct tw_scan_token *tokens;
	const struct tw_scan_value *value;
};

/* A term found from one place of the value's text to another. */
static void push(const struct probe *probe, const struct tw_term *term, uint32_t start, uint32_t end)
{
	struct tw_found found = {.list = term->list, .row = term->row,
				 .value = probe->value->value, .start = start,
				 .length = end - start};
	tw_buffer_append(&probe->scratch->found, &found, sizeof(found));
}

/* Whether a single letter stands behind a token: a word that is spelled goes on there. */
static bool letter_follows(const struct probe *probe, uint32_t token)
{
	return token + 1 < tw_scan_last_token(probe->value) && probe->tokens[token + 1].length == 1;
}

/* The letters stand at this token; the term is there if it ends with a token as well. */
static void confirm_long(const struct probe *probe, const struct tw_term *term, uint32_t token)
{
	const struct tw_scan_token *tokens = probe->tokens;
	uint32_t end = tokens[token].joined + term->length;
	uint32_t last = token;
	bool spelled = true; /* P I P E R I D I N E */
	while (tokens[last].joined + tokens[last].length < end) {
		spelled &= tokens[last].length == 1;
		last++;
	}
	if (tokens[last].joined + tokens[last].length != end)
		return;
	spelled &= tokens[last].length == 1 && !letter_follows(probe, last);
	if (last - token >= term->words + PIECES_MORE && !spelled)
		return;
	push(probe, term, tokens[token].start, tokens[last].end);
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

/* The letters from a token on, to the end of all. */
static struct tw_slice letters_from(const struct probe *probe, uint32_t token)
{
	return tw_slice_from(tw_buffer_slice(&probe->scratch->joined), probe->tokens[token].joined);
}

/* All terms that start with the first seven letters of this token and what follows it. */
static void match_longs(const struct probe *probe, uint64_t key, uint32_t token)
{
	const struct tw_matcher *matcher = probe->matcher;
	struct tw_key_slot slot = tw_key_index_find(&matcher->long_index, key);
	const struct tw_term *terms = tw_matcher_terms(&matcher->longs);
	const char *pool = matcher->pool.data;
	struct tw_slice text = letters_from(probe, token);
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
		if ((terms[at].scopes & probe->value->scopes) != 0 &&
		    tw_slice_starts(text, tw_slice(pool + terms[at].letters, terms[at].length)))
			confirm_long(probe, &terms[at], token);
}

/* The term's longest word is this token: its other words must be the neighbours. */
static void confirm_short(const struct probe *probe, const struct tw_term *term, uint32_t token)
{
	const struct tw_scan_token *tokens = probe->tokens;
	if (token - probe->value->first_token < term->anchor ||
	    token - term->anchor + term->words > tw_scan_last_token(probe->value))
		return;
	uint32_t first = token - term->anchor;
	struct tw_slice letters = tw_slice(probe->matcher->pool.data + term->letters, term->length);
	for (uint32_t i = 0; i < term->words; i++)
		if (tokens[first + i].length != term->word_lengths[i])
			return;
	/* The key of a single short word is the word. */
	if ((term->words > 1 || term->length > sizeof(term->key)) &&
	    !tw_slice_starts(letters_from(probe, first), letters))
		return;
	push(probe, term, tokens[first].start, tokens[first + term->words - 1].end);
}

static void match_shorts(const struct probe *probe, uint64_t key, uint32_t token)
{
	struct tw_key_slot slot = tw_key_index_find(&probe->matcher->short_index, key);
	const struct tw_term *terms = tw_matcher_terms(&probe->matcher->shorts);
	for (uint32_t i = slot.first; i < slot.first + slot.count; i++)
		if ((terms[i].scopes & probe->value->scopes) != 0)
			confirm_short(probe, &terms[i], token);
}

/* What a token may be the start or the end of. */
#define MAYBE_LONG 1u
#define MAYBE_SHORT 2u
#define MAYBE_CAS 4u
#define MAYBE_CAS_NAMED 8u

/* Tokens looked at in one go, and those of them that may be something. */
#define ROUND 256u
struct choice {
	uint32_t tokens[ROUND];
	uint8_t kinds[ROUND];
	unsigned count;
};

static inline uint64_t word_key(const char *letters, uint32_t length)
{
	return tw_matcher_key(letters, 8) & FIRST_BYTES[length < 8 ? length : 8];
}

/*
 * The hot loop: two look-ups a token, which ordinary words do not pass. Whether
 * the next one does cannot be foreseen, so nothing branches on it: each token is
 * noted, and the note overwritten where it is of no use.
 */
static void choose_tokens(const struct probe *probe, uint32_t first, uint32_t last,
			  struct choice *choice)
{
	const struct tw_key_filter *longs = &probe->matcher->long_index.filter;
	const struct tw_key_filter *shorts = &probe->matcher->short_index.filter;
	const struct tw_scan_token *tokens = probe->tokens;
	const char *joined = probe->scratch->joined.data;
	uint32_t before = first == 0 ? 0 : tokens[first - 1].length;
	unsigned count = 0;
	for (uint32_t token = first; token < last; token++) {
		const char *letters = joined + tokens[token].joined;
		uint32_t length = tokens[token].length;
		uint64_t key = tw_matcher_key(letters, 8);
		unsigned note = tw_key_filter_maybe(longs, key & FIRST_BYTES[TW_PREFIX_LETTERS]);
		note |= (unsigned)tw_key_filter_maybe(shorts, word_key(letters, length)) << 1;
		/* 108-24-7 ends with tokens of two and one; "CAS" announces the others. */
		note |= (unsigned)((length == 1) & (before == 2)) << 2;
		note |= (unsigned)((key & FIRST_BYTES[3]) == ('C' | 'A' << 8 | 'S' << 16)) << 3;
		choice->tokens[count] = token;
		choice->kinds[count] = (uint8_t)note;
		count += note != 0;
		before = length;
	}
	choice->count = count;
}

static void look_closer(const struct probe *probe, uint32_t token, unsigned kind)
{
	const struct tw_matcher *matcher = probe->matcher;
	const char *letters = probe->scratch->joined.data + probe->tokens[token].joined;
	uint64_t prefix = tw_matcher_key(letters, 8) & FIRST_BYTES[TW_PREFIX_LETTERS];
	if ((kind & MAYBE_LONG) != 0 &&
	    (tw_key_filter_maybe(&matcher->long_more, prefix) ||
	     tw_key_filter_maybe(&matcher->long_more, tw_matcher_key_more(letters))))
		match_longs(probe, prefix, token);
	if ((kind & MAYBE_SHORT) != 0)
		match_shorts(probe, word_key(letters, probe->tokens[token].length), token);
	if ((kind & MAYBE_CAS) != 0)
		tw_scan_cas(probe->scratch, probe->value, token);
	if ((kind & MAYBE_CAS_NAMED) != 0)
		tw_scan_cas_named(probe->scratch, probe->value, token);
}

static void match_tokens(struct probe *probe)
{
	uint32_t end = probe->scratch->token_count;
	probe->value = tw_scan_values(probe->scratch);
	for (uint32_t first = 0; first < end; first += ROUND) {
		struct choice choice;
		choose_tokens(probe, first, end - first > ROUND ? first + ROUND : end, &choice);
		for (unsigned i = 0; i < choice.count; i++) {
			while (choice.tokens[i] >= tw_scan_last_token(probe->value))
				probe->value++;
			look_closer(probe, choice.tokens[i], choice.kinds[i]);
		}
	}
}

uint32_t tw_scan_place_inside(const struct tw_scan_scratch *scratch,
			      const struct tw_scan_value *value, uint32_t token, uint32_t byte,
			      unsigned end)
{
	const struct tw_scan_token *at = &tw_scan_tokens(scratch)[token];
	if (!value->wide)
		return at->start + byte + end;
	struct tw_slice text = tw_slice(scratch->texts + value->text_start, value->text_length);
	uint32_t start = 0;
	uint32_t length = 0;
	tw_normalise_locate(tw_slice_part(text, at->start, at->end - at->start), true, byte, 1,
			    &start, &length);
	return at->start + start + (end != 0 ? length : 0);
}

/* The token in which a byte of `joined` stands. */
static uint32_t token_at(const struct tw_scan_scratch *scratch, uint32_t place)
{
	const struct tw_scan_token *tokens = tw_scan_tokens(scratch);
	uint32_t low = 0;
	uint32_t high = scratch->token_count;
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;
		if (tokens[middle].joined <= place)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static const struct tw_scan_value *value_of(const struct tw_scan_scratch *scratch, uint32_t token)
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

static int found_inside(void *context, unsigned id, size_t end)
{
	struct probe *probe = context;
	const struct tw_scan_token *tokens = probe->tokens;
	const struct tw_term *term = &tw_matcher_terms(&probe->matcher->insides)[id];
	uint32_t from = (uint32_t)end - term->length;
	uint32_t to = (uint32_t)end - 1;
	uint32_t first = token_at(probe->scratch, from);
	uint32_t last = token_at(probe->scratch, to);
	probe->value = value_of(probe->scratch, first);
	if ((term->scopes & probe->value->scopes) == 0)
		return TW_OK;
	push(probe, term,
	     tw_scan_place_inside(probe->scratch, probe->value, first, from - tokens[first].joined, 0),
	     tw_scan_place_inside(probe->scratch, probe->value, last, to - tokens[last].joined, 1));
	return probe->scratch->found.failed ? TW_ERROR_MEMORY : TW_OK;
}

int tw_scan_probe(struct tw_scan_scratch *scratch)
{
	struct probe probe = {.scratch = scratch, .matcher = scratch->lists->matcher,
			      .tokens = tw_scan_tokens(scratch)};
	tw_buffer_clear(&scratch->found);
	tw_buffer_clear(&scratch->cas);
	match_tokens(&probe);
	if (scratch->found.failed || scratch->cas.failed)
		return TW_ERROR_MEMORY;
	if (probe.matcher->inside == NULL || scratch->token_count == 0)
		return TW_OK;
	return tw_inside_scan(probe.matcher->inside, scratch->inside,
			      tw_buffer_slice(&scratch->joined), found_inside, &probe);
}
