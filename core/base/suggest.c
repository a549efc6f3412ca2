/* SPDX-License-Identifier: Apache-2.0 */
#include "base/suggest.h"

#define LONGEST_NAME 63

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned tw_edit_distance(struct tw_slice a, struct tw_slice b)
{
	unsigned rows[3][LONGEST_NAME + 1] = {{0}};
	if (a.length > LONGEST_NAME || b.length > LONGEST_NAME)
		return LONGEST_NAME + 1;
	for (unsigned j = 0; j <= b.length; j++)
		rows[0][j] = j;
	for (unsigned i = 1; i <= a.length; i++) {
		unsigned *row = rows[i % 3];
		const unsigned *above = rows[(i - 1) % 3];
		row[0] = i;
		for (unsigned j = 1; j <= b.length; j++) {
			bool same = a.data[i - 1] == b.data[j - 1];
			row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + !same);
			if (i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] &&
			    a.data[i - 2] == b.data[j - 1])
				row[j] = least(row[j], rows[(i - 2) % 3][j - 2] + 1);
		}
	}
	return rows[a.length % 3][b.length];
}

void tw_suggest_offer(struct tw_suggestion *suggestion, const char *name)
{
	unsigned distance = tw_edit_distance(suggestion->wanted, tw_slice_string(name));
	unsigned allowed = suggestion->wanted.length < 5 ? 1 : 3;
	if (distance > allowed || (suggestion->best != NULL && distance >= suggestion->distance))
		return;
	suggestion->best = name;
	suggestion->distance = distance;
}
