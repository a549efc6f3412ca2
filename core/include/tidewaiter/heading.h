/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TIDEWAITER_HEADING_H
#define TIDEWAITER_HEADING_H

#include <string.h>

#include "tidewaiter/list.h"

/*
 * HS lines that stand in a text instead of an element of their own: HS CODE 847989,
 * NCM 8207.30, 2933.36.00. Lists of HS lines have them as terms ("8479 89", "hs847989"), so
 * that they are found with all else; this says whether what was found is one. All inline,
 * any thread, owns nothing.
 *
 * Weakness: national digits without a dot (8479899012) make another word of the line, which
 * needs a row of its own in the list.
 */

/* Words that announce an HS line. */
static inline bool tw_heading_label(struct tw_slice word)
{
	static const char *const LABELS[] = {"HS", "HTS", "HTSUS", "HSCODE", "CODE", "NCM", "TARIC",
					     "TARIFF", "HEADING", "FRACCION", "ARANCELARIA"};
	char upper[12] = "";
	for (size_t i = 0; i < word.length && i + 1 < sizeof(upper); i++)
		upper[i] = (char)(word.data[i] >= 'a' && word.data[i] <= 'z' ? word.data[i] - 32
									    : word.data[i]);
	for (size_t i = 0; i < sizeof(LABELS) / sizeof(LABELS[0]); i++)
		if (strcmp(upper, LABELS[i]) == 0)
			return true;
	return false;
}

static inline bool tw_heading_letter(int c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Whether a term found in a text is an HS line: HS in front, a dot behind four digits, or announced. */
static inline bool tw_heading_written(const struct tw_consignment *consignment,
				      const struct tw_match *match)
{
	struct tw_slice text = tw_text(consignment, match->value);
	size_t end = match->start;
	if (tw_heading_letter(tw_slice_at(text, end)) || tw_slice_at(text, end + 4) == '.')
		return true;
	while (end > 0 && match->start - end < 4 && !tw_heading_letter(tw_slice_at(text, end - 1)))
		end--;
	size_t start = end;
	while (start > 0 && tw_heading_letter(tw_slice_at(text, start - 1)))
		start--;
	return tw_heading_label(tw_slice_part(text, start, end - start));
}

#endif
