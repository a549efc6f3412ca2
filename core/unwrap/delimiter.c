/* SPDX-License-Identifier: Apache-2.0 */
#include "unwrap/delimiter.h"

void tw_delimiters_push(struct tw_delimiters *delimiters, struct tw_slice boundary)
{
	unsigned level = delimiters->count++;
	memcpy(delimiters->boundaries[level].text, boundary.data, boundary.length);
	delimiters->boundaries[level].length = boundary.length;
}

void tw_delimiters_pop(struct tw_delimiters *delimiters)
{
	delimiters->count--;
}

/* Behind the boundary: blanks and the end of the line. Its length, 0: something else, -1: more bytes are needed. */
static int line_rest(struct tw_slice rest, bool end, size_t *ret_length)
{
	size_t at = 0;
	while ((tw_slice_at(rest, at) == ' ' || tw_slice_at(rest, at) == '\t') && at < TW_MIME_LINE)
		at++;
	if (tw_slice_at(rest, at) == '\r')
		at++;
	*ret_length = at;
	if (at == rest.length)
		return end ? 1 : -1;
	*ret_length = at + 1;
	return tw_slice_at(rest, at) == '\n';
}

static int match_level(const struct tw_delimiters *delimiters, struct tw_slice line, bool end,
		       struct tw_delimiter *delimiter)
{
	struct tw_slice boundary = tw_slice(delimiters->boundaries[delimiter->level].text,
					    delimiters->boundaries[delimiter->level].length);
	struct tw_slice text = tw_slice_from(line, 2);
	size_t have = text.length < boundary.length ? text.length : boundary.length, length;
	if (!tw_slice_equal(tw_slice_part(text, 0, have), tw_slice_part(boundary, 0, have)))
		return 0;
	if (have < boundary.length)
		return -1;
	struct tw_slice rest = tw_slice_from(text, boundary.length);
	if (rest.length == 1 && tw_slice_at(rest, 0) == '-')
		return -1;
	delimiter->closes = tw_slice_starts(rest, TW_LITERAL("--"));
	int found = line_rest(tw_slice_from(rest, delimiter->closes ? 2 : 0), end, &length);
	delimiter->length = 2 + boundary.length + (delimiter->closes ? 2 : 0) + length;
	return found;
}

int tw_delimiters_match(const struct tw_delimiters *delimiters, struct tw_slice line, bool end,
			struct tw_delimiter *ret_delimiter)
{
	static const char dashes[] = "--";
	size_t have = line.length < 2 ? line.length : 2;
	bool open = false;
	if (delimiters->count == 0 || (have > 0 && memcmp(line.data, dashes, have) != 0))
		return 0;
	if (have < 2)
		return -1;
	for (unsigned i = delimiters->count; i-- > 0;) {
		struct tw_delimiter found = {.level = i};
		int matched = match_level(delimiters, line, end, &found);
		if (matched > 0) {
			*ret_delimiter = found;
			return 1;
		}
		open |= matched < 0;
	}
	return open ? -1 : 0;
}

/* The line end before a line that starts at `at`, or what of it is in the input. */
static size_t before_line(struct tw_slice input, size_t at)
{
	if (at > 0 && tw_slice_at(input, at - 1) == '\n')
		at--;
	if (at > 0 && tw_slice_at(input, at) == '\n' && tw_slice_at(input, at - 1) == '\r')
		at--;
	return at;
}

/* Nothing in sight: all of it but a line end that may belong to a delimiter. */
static size_t all_but_end(struct tw_slice input)
{
	size_t length = input.length;
	return tw_slice_at(input, length - 1) == '\r' ? length - 1 : length;
}

size_t tw_delimiters_find(const struct tw_delimiters *delimiters, struct tw_slice input, bool end,
			  struct tw_delimiter *ret_delimiter)
{
	size_t at = 0;
	bool start = delimiters->start;
	*ret_delimiter = (struct tw_delimiter){0};
	if (delimiters->count == 0)
		return input.length;
	for (;;) {
		struct tw_slice rest = tw_slice_from(input, at);
		int found = start ? tw_delimiters_match(delimiters, rest, end, ret_delimiter) : 0;
		size_t body = start ? before_line(input, at) : at;
		if (found > 0)
			ret_delimiter->length += at - body;
		if (found != 0)
			return body;
		const char *line_end = rest.length == 0 ? NULL : memchr(rest.data, '\n', rest.length);
		if (line_end == NULL)
			return all_but_end(input);
		at += (size_t)(line_end - rest.data) + 1;
		start = true;
	}
}
