/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/finder.h"

#include <stdlib.h>

/* A probe is shown at most this much: whoever cannot tell by then does not know it. */
#define PROBE_BYTES ((size_t)65536)

/* A run with more control characters than one in so many is binary data. */
#define TEXT_SHARE 32u

void tw_finder_free(struct tw_finder *finder)
{
	free(finder->parsers);
	*finder = (struct tw_finder){.parsers = NULL};
}

int tw_finder_add(struct tw_finder *finder, const struct tw_parser *parser)
{
	const struct tw_parser **parsers =
		realloc(finder->parsers, (finder->count + 1) * sizeof(struct tw_parser *));
	if (parsers == NULL)
		return TW_ERROR_MEMORY;
	finder->parsers = parsers;
	finder->parsers[finder->count++] = parser;
	return TW_OK;
}

/* Line ends, blanks, the zeros of tapes and blocks, and the Ctrl-Z of CP/M. */
static bool is_quiet(int byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r') || byte == 0 || byte == 0x1a;
}

static bool is_control(int byte)
{
	return (byte < ' ' && !(byte >= '\t' && byte <= '\r') && byte != 0x1a) || byte == 0x7f;
}

/*
 * What is no anomaly before a start: quiet bytes and the UTF-8 byte order mark.
 * *ret_wait is set where a mark may be cut.
 */
static size_t quiet_length(struct tw_slice bytes, bool end, bool *ret_wait)
{
	const struct tw_slice mark = TW_LITERAL("\xef\xbb\xbf");
	size_t at = 0;
	for (;;) {
		struct tw_slice rest = tw_slice_from(bytes, at);
		size_t have = rest.length < mark.length ? rest.length : mark.length;
		bool marked = have > 0 && tw_slice_equal(tw_slice_part(rest, 0, have),
							 tw_slice_part(mark, 0, have));
		if (is_quiet(tw_slice_at(rest, 0)))
			at++;
		else if (marked && have == mark.length)
			at += have;
		else {
			*ret_wait = *ret_wait || (marked && !end);
			return at;
		}
	}
}

void tw_finder_pass(struct tw_finder *finder, struct tw_slice bytes, uint64_t offset)
{
	struct tw_unknown_run *run = &finder->run;
	size_t begin = 0, end = bytes.length;
	while (run->length == 0 && begin < end && is_quiet(tw_slice_at(bytes, begin)))
		begin++;
	if (begin == end)
		return;
	if (run->length == 0)
		run->offset = offset + begin;
	for (size_t i = begin; i < end; i++)
		run->controls += is_control((unsigned char)bytes.data[i]);
	while (end > begin && is_quiet(tw_slice_at(bytes, end - 1)))
		end--;
	if (end > begin)
		run->length = offset + end - run->offset;
}

struct tw_unknown_run tw_finder_take_run(struct tw_finder *finder)
{
	struct tw_unknown_run run = finder->run;
	finder->run = (struct tw_unknown_run){.length = 0};
	return run;
}

bool tw_unknown_is_text(const struct tw_unknown_run *run)
{
	return run->controls * TEXT_SHARE <= run->length;
}

/*
 * The parser that is surest of the first byte. *ret_wait: one needs more bytes to
 * tell, so that nobody is chosen yet: it could be surer.
 */
static const struct tw_parser *surest(const struct tw_finder *finder, struct tw_slice bytes,
				      bool end, bool *ret_wait)
{
	const struct tw_parser *best = NULL;
	int best_score = 0;
	bool last = end || bytes.length >= PROBE_BYTES;
	*ret_wait = false;
	for (unsigned i = 0; i < finder->count; i++) {
		int score = finder->parsers[i]->probe(tw_slice_part(bytes, 0, PROBE_BYTES), last);
		*ret_wait = *ret_wait || (score < 0 && !last);
		if (score > best_score && score >= finder->least) {
			best = finder->parsers[i];
			best_score = score;
		}
	}
	return *ret_wait ? NULL : best;
}

static size_t next_candidate(const struct tw_finder *finder, struct tw_slice bytes)
{
	size_t nearest = bytes.length;
	for (unsigned i = 0; i < finder->count; i++) {
		size_t at = finder->parsers[i]->find(tw_slice_part(bytes, 0, nearest));
		if (at < nearest)
			nearest = at;
	}
	return nearest;
}

/*
 * Behind an interchange any start counts. Within a run of unknown bytes only the
 * places that find() names are tried: a probe at the front of a window would make
 * the answer depend on where it was cut.
 */
struct tw_found tw_finder_look(struct tw_finder *finder, struct tw_slice window, uint64_t offset,
			       bool end)
{
	size_t at = 0;
	while (at < window.length) {
		struct tw_slice rest = tw_slice_from(window, at);
		bool lost = finder->run.length > 0;
		size_t passed = lost ? next_candidate(finder, rest) : 0;
		bool wait = false;
		tw_finder_pass(finder, tw_slice_part(rest, 0, passed), offset + at);
		at += passed;
		rest = tw_slice_from(window, at);
		if (rest.length == 0)
			break;
		const struct tw_parser *parser = surest(finder, rest, end, &wait);
		if (parser != NULL)
			return (struct tw_found){parser, at};
		size_t quiet = lost ? 0 : quiet_length(rest, end, &wait);
		at += quiet;
		if (quiet > 0)
			continue;
		if (wait)
			break;
		tw_finder_pass(finder, tw_slice_part(rest, 0, 1), offset + at);
		at++;
	}
	return (struct tw_found){NULL, at};
}
