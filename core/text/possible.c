/* SPDX-License-Identifier: Apache-2.0 */
#include "text/fold.h"
#include "text/scan_private.h"

/* The first letters of a word and of what follows it, as terms are looked for: blanks do not count. */
static bool begins_term(const struct tw_term_starts *starts, struct tw_slice rest)
{
	char letters[TW_START_LETTERS];
	uint32_t first;
	unsigned count = 0;
	for (size_t i = 0; i < rest.length && count < TW_START_LETTERS; i++) {
		letters[count] = tw_fold_ascii((unsigned char)rest.data[i]);
		count += letters[count] != ' ';
	}
	if (count < TW_START_LETTERS)
		return false;
	memcpy(&first, letters, sizeof(first));
	unsigned start = tw_matcher_start(first);
	return (starts->words[start / 64] >> start % 64 & 1) != 0;
}

bool tw_match_possible(const struct tw_consignment *consignment, const struct tw_list *list,
		       int value)
{
	if (consignment->scan == NULL)
		return false;
	const struct tw_lists *lists = consignment->scan->scratch->lists;
	if (list->number >= lists->count || lists->matcher->starts[list->number].any)
		return true;
	const struct tw_term_starts *starts = &lists->matcher->starts[list->number];
	struct tw_slice text = tw_text(consignment, value);
	bool inside = false;
	for (size_t i = 0; i < text.length; i++) {
		unsigned char byte = (unsigned char)text.data[i];
		bool letter = tw_fold_ascii(byte) != ' ';
		/* What is not ASCII may fold to anything. */
		if (byte >= 0x80 ||
		    (letter && !inside && begins_term(starts, tw_slice_from(text, i))))
			return true;
		inside = letter;
	}
	return false;
}
