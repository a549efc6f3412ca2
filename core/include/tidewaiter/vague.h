/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TIDEWAITER_VAGUE_H
#define TIDEWAITER_VAGUE_H

#include "tidewaiter/list.h"

/*
 * How much of a text names no goods, by the list vague_goods: MACHINE PARTS, SAMPLES.
 * Its kinds are `filler` (counts as no word at all), `nothing`, and what a word is vague
 * about. All inline, any thread, owns nothing.
 *
 * Weakness: a text beyond 256 bytes of the normalised view is judged by its front.
 */
struct tw_vague_list {
	const struct tw_list *list;
	int word, kind; /* columns */
};

struct tw_vague_count {
	unsigned words; /* but fillers */
	unsigned vague; /* of these: they say nothing, or only the kind that was asked about */
};

/* Digits alone: a quantity or a code, which names no goods. */
static inline bool tw_vague_number(struct tw_slice word)
{
	for (size_t i = 0; i < word.length; i++)
		if (tw_slice_at(word, i) < '0' || tw_slice_at(word, i) > '9')
			return false;
	return true;
}

static inline void tw_vague_add(const struct tw_vague_list *vague, struct tw_slice text,
				const char *kind, struct tw_vague_count *count)
{
	char buffer[256];
	struct tw_slice view = tw_slice(buffer, tw_normalise(text, buffer, sizeof(buffer)));
	for (size_t at = 0; at < view.length; at++) {
		size_t start = at;
		while (at < view.length && tw_slice_at(view, at) != ' ')
			at++;
		struct tw_slice word = tw_slice_part(view, start, at - start);
		if (tw_vague_number(word))
			continue;
		int row = tw_list_find(vague->list, vague->word, word);
		struct tw_slice is = tw_list_cell(vague->list, row, vague->kind);
		count->words += !tw_slice_is(is, "filler");
		count->vague += tw_slice_is(is, kind) || tw_slice_is(is, "nothing");
	}
}

/* Some words are vague, and they are at least this share of all. */
static inline bool tw_vague_is(const struct tw_vague_count *count, double share)
{
	return count->vague > 0 && count->vague >= share * count->words;
}

#endif
