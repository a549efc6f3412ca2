/* SPDX-License-Identifier: Apache-2.0 */
#include "text/normalise.h"
#include "text/scan_private.h"

/* The first bytes of a key, zeros behind them. */
static uint64_t word_key(uint64_t letters, size_t length)
{
	return length < 8 ? letters & (((uint64_t)1 << length * 8) - 1) : letters;
}

/* What a token may be the start or the end of. */
#define MAYBE_LONG 1u
#define MAYBE_SHORT 2u
#define MAYBE_BITS 2u

/* Tokens looked at in one go; of those that may be something number and kinds, in one word. */
#define ROUND 256u
struct choice {
	uint16_t notes[ROUND];
	unsigned count;
};

/* What is looked for in which texts. */
struct probe {
	struct tw_scan_scratch *scratch;
	const struct tw_term_table *table;
	uint8_t number; /* of the table */
	bool numbers; /* CAS numbers as well */
	bool again;   /* the texts were searched for terms of the scope `text` before */
};

/*
 * The hot loop: two look-ups a token, which ordinary words do not pass. Whether
 * the next one does cannot be foreseen, so nothing branches on it: each token is
 * noted, and the note overwritten where it is of no use.
 */
static void choose(const struct probe *probe, uint32_t first, uint32_t count,
		   struct choice *choice)
{
	const struct tw_key_filter longs = probe->table->long_index.filter;
	const struct tw_key_filter shorts = probe->table->short_index.filter;
	const uint32_t *offsets = tw_scan_offsets(probe->scratch) + first;
	const char *joined = probe->scratch->joined.data;
	uint32_t at = offsets[0];
	unsigned chosen = 0;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t next = offsets[i + 1];
		uint64_t product = tw_matcher_key(joined + at, 8) * TW_KEY_MULTIPLIER;
		uint64_t prefix = tw_key_hash(product, TW_PREFIX_LETTERS);
		uint64_t word = tw_key_hash_word(product, next - at);
		unsigned kinds = tw_key_filter_maybe(&longs, prefix) * MAYBE_LONG |
				 tw_key_filter_maybe(&shorts, word) * MAYBE_SHORT;
		choice->notes[chosen] = (uint16_t)(i << MAYBE_BITS | kinds);
		chosen += kinds != 0;
		at = next;
	}
	choice->count = chosen;
}

/* Keeps the token where some terms have the key. */
static inline void note_hit(const struct probe *probe, const struct tw_key_index *index,
			    uint64_t key, uint32_t token, bool is_long)
{
	struct tw_scan_scratch *scratch = probe->scratch;
	const struct tw_key_slot *slot = tw_key_index_find(index, key);
	if (tw_buffer_reserve(&scratch->hits, sizeof(struct tw_scan_hit)) < 0)
		return;
	struct tw_scan_hit *hit = (void *)(scratch->hits.data + scratch->hits.length);
	*hit = (struct tw_scan_hit){slot, token, probe->number, is_long, probe->again};
	scratch->hits.length += slot->count != 0 ? sizeof(*hit) : 0;
	scratch->result.lists |= slot->lists;
}

/*
 * The eleventh letter tells apart what the seventh does not, so that many terms
 * which begin with words of the trade do not make each of these dear.
 */
static void look_at_long(const struct probe *probe, const char *letters, uint32_t token)
{
	const struct tw_term_table *table = probe->table;
	uint64_t prefix = word_key(tw_matcher_key(letters, 8), TW_PREFIX_LETTERS);
	if (tw_key_filter_maybe(&table->long_more, prefix * TW_KEY_MULTIPLIER) ||
	    tw_key_filter_maybe(&table->long_more, tw_matcher_hash_more(letters)))
		note_hit(probe, &table->long_index, prefix, token, true);
}

/* 108-24-7 ends with tokens of two and one; CAS 108247 begins with that word. */
static void look_at_number(const struct probe *probe, struct tw_slice word, uint32_t token)
{
	struct tw_scan_scratch *scratch = probe->scratch;
	if (word.length == 1 && word.data[0] <= '9' && token > 0 &&
	    tw_scan_letters(scratch, token - 1).length == 2)
		tw_scan_cas(scratch, tw_scan_value_of(scratch, token), token);
	else if (tw_slice_starts(word, TW_LITERAL(TW_CAS_WORD)))
		tw_scan_cas_named(scratch, tw_scan_value_of(scratch, token), token);
}

static void look_at_short(const struct probe *probe, struct tw_slice word, uint32_t token)
{
	uint64_t key = word_key(tw_matcher_key(word.data, 8), word.length);
	note_hit(probe, &probe->table->short_index, key, token, false);
	if (probe->numbers)
		look_at_number(probe, word, token);
}

static void probe_range(const struct probe *probe, struct tw_scan_range range)
{
	struct tw_scan_scratch *scratch = probe->scratch;
	struct choice choice;
	for (uint32_t first = range.first; first < range.end; first += ROUND) {
		uint32_t left = range.end - first;
		choose(probe, first, left < ROUND ? left : ROUND, &choice);
		for (unsigned i = 0; i < choice.count; i++) {
			uint32_t token = first + (choice.notes[i] >> MAYBE_BITS);
			struct tw_slice word = tw_scan_letters(scratch, token);
			if ((choice.notes[i] & MAYBE_LONG) != 0)
				look_at_long(probe, word.data, token);
			if ((choice.notes[i] & MAYBE_SHORT) != 0)
				look_at_short(probe, word, token);
		}
	}
}

/* The terms of one scope; CAS numbers are looked for in texts only. */
static struct probe start_probe(struct tw_scan_scratch *scratch, unsigned table)
{
	return (struct probe){.scratch = scratch,
			      .table = &scratch->lists->matcher->tables[table],
			      .number = (uint8_t)table,
			      .numbers = table == TW_TABLE_TEXT};
}

static void probe_section(const struct probe *probe, unsigned section)
{
	probe_range(probe, probe->scratch->sections[section].ascii);
	probe_range(probe, probe->scratch->sections[section].wide);
}

uint32_t tw_scan_place_inside(const struct tw_scan_scratch *scratch,
			      const struct tw_scan_value *value, uint32_t token, uint32_t byte,
			      unsigned end)
{
	struct tw_scan_token at = tw_scan_token(scratch, token);
	uint32_t first = at.start - value->start;
	if (!value->wide)
		return first + byte + end;
	struct tw_slice text =
		tw_slice(scratch->consignment.texts + value->text_start, value->length);
	uint32_t start = 0;
	uint32_t length = 0;
	tw_normalise_locate(tw_slice_part(text, first, at.end - at.start), true, byte, 1, &start,
			    &length);
	return first + start + (end != 0 ? length : 0);
}

/* ---- terms anywhere in the letters ------------------------------------------------- */

/* The token in which a byte of `joined` stands. */
static uint32_t token_at(const struct tw_scan_scratch *scratch, uint32_t place)
{
	const uint32_t *offsets = tw_scan_offsets(scratch);
	uint32_t low = 0;
	uint32_t high = scratch->token_count;
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;
		if (offsets[middle] <= place)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static int found_inside(void *context, unsigned id, size_t end)
{
	struct tw_scan_scratch *scratch = context;
	const struct tw_term *term = &tw_matcher_terms(&scratch->lists->matcher->insides)[id];
	uint32_t from = scratch->inside_from + (uint32_t)end - term->length;
	uint32_t to = scratch->inside_from + (uint32_t)end - 1;
	uint32_t first = token_at(scratch, from);
	uint32_t last = token_at(scratch, to);
	const struct tw_scan_value *value = tw_scan_value_of(scratch, first);
	/* It may begin with the letters of one value and end with those of the next. */
	if ((term->scopes & value->scopes) == 0 || !tw_scan_within(scratch, value, last))
		return TW_OK;
	const uint32_t *offsets = tw_scan_offsets(scratch);
	struct tw_found found = {.list = term->list, .row = term->row, .value = value->value};
	found.start = tw_scan_place_inside(scratch, value, first, from - offsets[first], 0);
	found.length =
		tw_scan_place_inside(scratch, value, last, to - offsets[last], 1) - found.start;
	scratch->result.lists |= (uint64_t)1 << term->list % 64;
	tw_buffer_append(&scratch->insides, &found, sizeof(found));
	return scratch->insides.failed ? TW_ERROR_MEMORY : TW_OK;
}

/* The letters from `from` on. Those of both scopes: no term goes on from one value to the next. */
static int probe_inside(struct tw_scan_scratch *scratch, uint32_t from)
{
	const struct tw_inside *inside = scratch->lists->matcher->inside;
	if (inside == NULL || scratch->joined.length == from)
		return TW_OK;
	scratch->inside_from = from;
	return tw_inside_scan(inside, scratch->inside,
			      tw_slice_from(tw_buffer_slice(&scratch->joined), from), found_inside,
			      scratch);
}

int tw_scan_probe(struct tw_scan_scratch *scratch)
{
	tw_buffer_clear(&scratch->hits);
	tw_buffer_clear(&scratch->insides);
	tw_buffer_clear(&scratch->cas);
	struct probe probe = start_probe(scratch, TW_TABLE_TEXT);
	probe_range(&probe, (struct tw_scan_range){0, scratch->token_count});
	if (scratch->hits.failed || scratch->cas.failed)
		return TW_ERROR_MEMORY;
	scratch->result.cas = (const struct tw_found *)(const void *)scratch->cas.data;
	scratch->result.cas_count = (uint32_t)(scratch->cas.length / sizeof(struct tw_found));
	tw_scan_sort((struct tw_found *)(void *)scratch->cas.data, scratch->result.cas_count);
	return probe_inside(scratch, 0);
}

int tw_scan_probe_parties(struct tw_scan_scratch *scratch)
{
	uint32_t first = scratch->sections[TW_SECTION_PARTY].ascii.first;
	struct probe probe = start_probe(scratch, TW_TABLE_PARTY);
	probe.again = true;
	probe_section(&probe, TW_SECTION_RAW);
	probe.again = false;
	probe_section(&probe, TW_SECTION_PARTY);
	return scratch->hits.failed ? TW_ERROR_MEMORY
				    : probe_inside(scratch, tw_scan_offsets(scratch)[first]);
}
