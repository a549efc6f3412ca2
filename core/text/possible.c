/* SPDX-License-Identifier: Apache-2.0 */
#include "text/area.h"
#include "text/fold.h"
#include "text/scan_private.h"

static bool is_start(const struct tw_term_starts *starts, const char letters[TW_START_LETTERS])
{
	uint32_t first;
	memcpy(&first, letters, sizeof(first));
	unsigned start = tw_matcher_start(first);
	return (starts->words[start / 64] >> start % 64 & 1) != 0;
}

/* The first letters of a word and of what follows it, as terms are looked for: blanks do not count. */
static bool begins_term(const struct tw_term_starts *starts, struct tw_slice rest)
{
	char letters[TW_START_LETTERS];
	unsigned count = 0;
	for (size_t i = 0; i < rest.length && count < TW_START_LETTERS; i++) {
		letters[count] = tw_fold_ascii((unsigned char)rest.data[i]);
		count += letters[count] != ' ';
	}
	return count == TW_START_LETTERS && is_start(starts, letters);
}

_Static_assert(TW_START_LETTERS == 4, "possible_in_block() looks at so many");

/* A text by blocks; `after_letter`: what stands before this one ends with a letter or digit. */
struct words {
	const struct tw_term_starts *starts;
	struct tw_slice text;
	size_t at;
	bool after_letter;
};

/*
 * Whether a word of this block may begin a term; what is not ASCII may fold to anything.
 * Most words have all the letters that are asked for, side by side and in the block.
 */
static bool possible_in_block(struct words *words)
{
	char block[TW_AREA_BLOCK];
	struct tw_slice part = tw_slice_part(words->text, words->at, TW_AREA_BLOCK);
	uint64_t letters;
	memset(block, ' ', sizeof(block));
	memcpy(block, part.data, part.length);
	if (tw_area_fold(block, 1, &letters))
		return true;
	uint64_t whole = letters & letters >> 1 & letters >> 2 & letters >> 3;
	uint64_t left = letters & ~(letters << 1 | words->after_letter);
	for (; left != 0; left &= left - 1) {
		unsigned place = (unsigned)__builtin_ctzll(left);
		if ((whole >> place & 1) != 0
			    ? is_start(words->starts, block + place)
			    : begins_term(words->starts,
					  tw_slice_from(words->text, words->at + place)))
			return true;
	}
	words->after_letter = letters >> 63 != 0;
	return false;
}

bool tw_match_possible(const struct tw_consignment *consignment, const struct tw_list *list,
		       int value)
{
	if (consignment->scan == NULL)
		return false;
	const struct tw_lists *lists = consignment->scan->scratch->lists;
	if (list->number >= lists->count || lists->matcher->starts[list->number].any)
		return true;
	struct words words = {.starts = &lists->matcher->starts[list->number],
			      .text = tw_text(consignment, value)};
	for (; words.at < words.text.length; words.at += TW_AREA_BLOCK)
		if (possible_in_block(&words))
			return true;
	return false;
}
