/* SPDX-License-Identifier: Apache-2.0 */
#include "chemical_precursor.h"

#include <endian.h>

/* Letters of a word that may come near to a spelling, of seven at least, at least. */
#define WORD_LETTERS 6u

/* A bit for each letter and for some digits that stand in a word. */
static uint32_t letters_of(struct tw_slice word)
{
	uint32_t letters = 0;
	for (size_t i = 0; i < word.length; i++)
		letters |= (uint32_t)1 << (word.data[i] & 31);
	return letters;
}

/* ---- corners ----------------------------------------------------------------- */

/* A spelling with two wrong letters has a middle that one of them at its start moves by one at most. */
#define TWO_WRONG 11u
#define MIDDLE 4u

/*
 * Of three letters five bits each, mixed to fifteen: the product's upper ones depend
 * on all of them. A byte behind the letters is read, but does not count.
 */
static inline unsigned three_letters(const char *letters)
{
	uint32_t bytes;
	memcpy(&bytes, letters, sizeof(bytes));
	return (le32toh(bytes) & 0x1f1f1fu) * 0x9e3779b1u >> 17;
}

static void add_corner(struct precursor_corners *corners, const char *letters, uint8_t kind)
{
	corners->kinds[three_letters(letters)] |= kind;
}

static inline bool has_corner(const struct precursor_corners *corners, const char *letters,
			      uint8_t kind)
{
	return (corners->kinds[three_letters(letters)] & kind) != 0;
}

static void add_corners(struct precursor_corners *corners, const struct precursor_spelling *spelling)
{
	add_corner(corners, spelling->word, CORNER_START);
	add_corner(corners, spelling->word + spelling->length - 3, CORNER_END);
	if (spelling->length >= TWO_WRONG)
		add_corner(corners, spelling->word + MIDDLE, CORNER_MIDDLE);
}

/*
 * Whether a word may come near to a spelling; six letters at least, of either case. One
 * wrong letter leaves the first three or the last three of seven and more as they
 * were, even where it is two neighbours that changed places; two leave those or the
 * three in the midst of eleven and more. Inline: it is asked of each word of all texts.
 */
static inline bool may_be_near(const struct precursor_corners *corners, struct tw_slice word)
{
	if (has_corner(corners, word.data, CORNER_START) ||
	    has_corner(corners, word.data + word.length - 3, CORNER_END))
		return true;
	if (word.length < TWO_WRONG - 2)
		return false;
	return has_corner(corners, word.data + MIDDLE - 1, CORNER_MIDDLE) ||
	       has_corner(corners, word.data + MIDDLE, CORNER_MIDDLE) ||
	       has_corner(corners, word.data + MIDDLE + 1, CORNER_MIDDLE);
}

/* ---- spellings --------------------------------------------------------------- */

/* By length, and those of one length as they stand in the list. */
static void sort_spellings(struct precursor *instance)
{
	struct precursor_spelling sorted[SPELLING_LIMIT];
	unsigned count = 0;
	for (unsigned length = 0; length < SPELLING_LETTERS + 2; length++) {
		instance->spellings_from[length] = count;
		for (unsigned i = 0; i < instance->spelling_count; i++)
			if (instance->spellings[i].length == length)
				sorted[count++] = instance->spellings[i];
	}
	memcpy(instance->spellings, sorted, count * sizeof(sorted[0]));
}

void precursor_spellings_open(struct precursor *instance)
{
	int fuzzy = tw_list_column(instance->strong.list, "fuzzy");
	for (unsigned row = 0; row < tw_list_rows(instance->strong.list); row++) {
		if (tw_list_cell(instance->strong.list, (int)row, fuzzy).length == 0 ||
		    instance->spelling_count == SPELLING_LIMIT)
			continue;
		struct precursor_spelling *spelling =
			&instance->spellings[instance->spelling_count];
		spelling->length = (unsigned)tw_normalise(
			tw_list_cell(instance->strong.list, (int)row, instance->strong.term), spelling->word,
			sizeof(spelling->word));
		spelling->row = (int)row;
		spelling->letters = letters_of(tw_slice(spelling->word, spelling->length));
		instance->spelling_count += spelling->length >= 7;
	}
	sort_spellings(instance);
	for (unsigned i = 0; i < instance->spelling_count; i++)
		add_corners(&instance->corners, &instance->spellings[i]);
}

/* Letters that may be wrong: one, or two in a word of eleven and more. */
static unsigned tolerance(unsigned length)
{
	return length >= 11 ? 2 : 1;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static bool more_letters(uint32_t letters, unsigned most)
{
	for (; letters != 0 && most > 0; most--)
		letters &= letters - 1;
	return letters != 0;
}

/*
 * Optimal string alignment distance (insertions, deletions, exchanges, neighbours
 * swapped), given up as soon as it must exceed `most`.
 */
static unsigned distance(struct tw_slice a, struct tw_slice b, unsigned most)
{
	unsigned rows[3][SPELLING_LETTERS + 4] = {{0}};
	unsigned *before = rows[0], *above = rows[1], *row = rows[2];
	for (unsigned j = 0; j <= b.length; j++)
		above[j] = j;
	for (unsigned i = 1; i <= a.length; i++) {
		unsigned best = row[0] = i;
		for (unsigned j = 1; j <= b.length; j++) {
			bool same = a.data[i - 1] == b.data[j - 1];
			row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + !same);
			if (i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] &&
			    a.data[i - 2] == b.data[j - 1])
				row[j] = least(row[j], before[j - 2] + 1);
			best = least(best, row[j]);
		}
		if (best > most)
			return most + 1;
		unsigned *free_row = before;
		before = above;
		above = row;
		row = free_row;
	}
	return above[b.length];
}

/* The name a word comes near to, or NULL. */
static const struct precursor_spelling *nearest(const struct precursor *instance,
						struct tw_slice word)
{
	const struct precursor_spelling *found = NULL;
	unsigned best = 3;
	uint32_t letters = letters_of(word);
	size_t longest = word.length + 2; /* no tolerance is larger */
	unsigned end = longest > SPELLING_LETTERS ? instance->spelling_count
						  : instance->spellings_from[longest + 1];
	for (unsigned i = instance->spellings_from[word.length - 2]; i < end; i++) {
		const struct precursor_spelling *spelling = &instance->spellings[i];
		unsigned most = tolerance(spelling->length);
		if (word.length > spelling->length + most || word.length + most < spelling->length)
			continue;
		/* Each letter that one word has and the other has not is one change at least. */
		if (more_letters(letters & ~spelling->letters, most) ||
		    more_letters(spelling->letters & ~letters, most))
			continue;
		unsigned d = distance(word, tw_slice(spelling->word, spelling->length), most);
		/* Of the nearest the first of the list. */
		if (d > most || d > best || (d == best && spelling->row > found->row))
			continue;
		best = d;
		found = spelling;
	}
	/* The name itself was looked at already, and found to mean something else. */
	return best == 0 ? NULL : found;
}

bool precursor_any_spelling(const struct precursor *instance,
			    const struct tw_consignment *consignment)
{
	struct tw_words words = tw_words(consignment);
	uint32_t end = words.count > 0 ? words.offsets[0] : 0;
	for (uint32_t i = 1; i <= words.count; i++) {
		uint32_t start = end;
		end = words.offsets[i];
		if (end - start - WORD_LETTERS > SPELLING_LETTERS + 2 - WORD_LETTERS)
			continue; /* too short, or too long */
		struct tw_slice word = tw_slice(words.letters + start, end - start);
		if (may_be_near(&instance->corners, word) && nearest(instance, word) != NULL)
			return true;
	}
	return false;
}

static bool word_byte(int c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c >= 0x80;
}

/* A word of its own, such as PIPERAZINE or the listed PIPERIDINE, is no misspelling of another. */
static bool known_word(const struct precursor *instance, struct tw_slice word)
{
	return tw_list_find(instance->context, instance->context_term, word) >= 0 ||
	       tw_list_find(instance->strong.list, instance->strong.term, word) >= 0 ||
	       tw_list_find(instance->solvents.list, instance->solvents.term, word) >= 0;
}

/* Where the walks along items and their facts stand. */
struct items_walk {
	struct tw_goods_cursor items;
	struct facts_walk facts;
};

/* What a text names by a near spelling is a finished medicine, as the goods of that text are. */
static bool finished(const struct precursor *instance, const struct tw_consignment *consignment,
		     int value, struct items_walk *items)
{
	int item = tw_goods_cursor_item(&items->items, consignment, value);
	struct goods_facts facts =
		precursor_facts_next(instance, consignment, item, &items->facts);
	return facts.medicine && !facts.hs_chemical;
}

static void read_text(const struct precursor *instance, const struct tw_consignment *consignment,
		      int value, struct items_walk *items, struct chemistry *chemistry)
{
	struct tw_slice text = tw_text(consignment, value);
	for (size_t at = 0; at < text.length && chemistry->count < MENTION_LIMIT; at++) {
		size_t start = at;
		char folded[SPELLING_LETTERS + 4];
		while (word_byte(tw_slice_at(text, at)))
			at++;
		if (at - start < WORD_LETTERS || at - start > 48)
			continue;
		struct tw_slice word = tw_slice(folded, tw_normalise(
			tw_slice_part(text, start, at - start), folded, sizeof(folded)));
		if (word.length < WORD_LETTERS || word.length > SPELLING_LETTERS + 2 ||
		    !may_be_near(&instance->corners, word))
			continue;
		const struct precursor_spelling *spelling = nearest(instance, word);
		if (spelling == NULL || known_word(instance, word) ||
		    finished(instance, consignment, value, items))
			continue;
		chemistry->mentions[chemistry->count++] = (struct mention){
			.match = {.row = spelling->row, .value = value, .start = (uint32_t)start,
				  .length = (uint32_t)(at - start)},
			.names = &instance->strong, .row = spelling->row,
			.class = CLASS_STRONG, .spelling = true};
	}
}

void precursor_read_spellings(const struct precursor *instance,
			      const struct tw_consignment *consignment,
			      struct chemistry *chemistry)
{
	static const enum tw_field FIELDS[] = {TW_GOODS_DESCRIPTION, TW_CONSIGNMENT_DESCRIPTION,
					       TW_GOODS_MARKS};
	struct items_walk items = {.items = tw_goods_cursor(consignment)};
	for (size_t i = 0; i < sizeof(FIELDS) / sizeof(FIELDS[0]); i++)
		for (int value = tw_first(consignment, FIELDS[i]); value >= 0;
		     value = tw_next(consignment, value))
			read_text(instance, consignment, value, &items, chemistry);
}
