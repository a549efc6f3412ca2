/* SPDX-License-Identifier: Apache-2.0 */
/* Where a document of ONE Record starts: a bracket, and a mark of JSON-LD within the first KB. */
#include "one_record.h"

static const struct mark {
	const char *text;
	int score;
} marks[] = {
	{"onerecord.iata.org", 95},
	{"\"@context\"", 70},
	{"\"@type\"", 70},
	{"\"@graph\"", 70},
};
#define MARKS (sizeof(marks) / sizeof(marks[0]))

static int score_of(struct tw_slice front)
{
	for (size_t i = 0; i < MARKS; i++)
		if (front.length > 0 && memmem(front.data, front.length, marks[i].text,
					       strlen(marks[i].text)) != NULL)
			return marks[i].score;
	return 0;
}

/* Whether the first thing within the bracket can be there; -1: it is not there yet. */
static int plausible(struct tw_slice bytes)
{
	bool object = tw_slice_at(bytes, 0) == '{';
	size_t at = 1;
	while (at < bytes.length && at < TW_ONE_RECORD_FRONT &&
	       tw_one_record_blank(tw_slice_at(bytes, at)))
		at++;
	int c = tw_slice_at(bytes, at);
	if (c < 0)
		return -1;
	return object ? c == '"' : c == '{' || c == '[';
}

static bool bracket(int c)
{
	return c == '{' || c == '[';
}

int tw_one_record_probe(struct tw_slice bytes, bool end)
{
	struct tw_slice mark = TW_LITERAL("\xef\xbb\xbf");
	if (!end && bytes.length < mark.length && tw_slice_starts(mark, bytes))
		return -1;
	size_t at = tw_slice_starts(bytes, mark) ? mark.length : 0;
	while (at < bytes.length && at < TW_ONE_RECORD_FRONT &&
	       tw_one_record_blank(tw_slice_at(bytes, at)))
		at++;
	struct tw_slice rest = tw_slice_from(bytes, at);
	if (rest.length == 0)
		return end || at >= TW_ONE_RECORD_FRONT ? 0 : -1;
	if (!bracket(tw_slice_at(rest, 0)))
		return 0;
	int sure = plausible(rest);
	int score = sure == 0 ? 0 : score_of(tw_slice_part(rest, 0, TW_ONE_RECORD_FRONT));
	if (score > 0 || sure == 0)
		return score;
	return end || rest.length >= TW_ONE_RECORD_FRONT ? 0 : -1;
}

/* Offset of the first mark's end from `at` on; SIZE_MAX: there is none. */
static size_t mark_end(struct tw_slice bytes, size_t at)
{
	size_t nearest = SIZE_MAX;
	for (size_t i = 0; i < MARKS; i++) {
		struct tw_slice rest = tw_slice_from(bytes, at);
		size_t length = strlen(marks[i].text);
		const char *found = rest.length == 0 ? NULL
				    : memmem(rest.data, rest.length, marks[i].text, length);
		size_t end = found == NULL ? SIZE_MAX : at + (size_t)(found - rest.data) + length;
		nearest = end < nearest ? end : nearest;
	}
	return nearest;
}

size_t tw_one_record_find(struct tw_slice bytes)
{
	size_t mark = 0;
	for (size_t at = 0; at < bytes.length; at++) {
		if (!bracket(tw_slice_at(bytes, at)) || plausible(tw_slice_from(bytes, at)) == 0)
			continue;
		/* A mark behind the last place is behind this one too, until it is passed. */
		if (mark != SIZE_MAX && mark <= at)
			mark = mark_end(bytes, at);
		if (mark != SIZE_MAX && mark <= at + TW_ONE_RECORD_FRONT)
			return at;
		if (bytes.length - at < TW_ONE_RECORD_FRONT)
			return at;
	}
	return bytes.length;
}
