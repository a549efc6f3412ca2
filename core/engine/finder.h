/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_FINDER_H
#define TW_ENGINE_FINDER_H

#include "tidewaiter/parser.h"

/*
 * The finder looks between interchanges: which parser's syntax begins next, and
 * how many bytes that nobody knows stand before it. One file may hold several
 * syntaxes, line ends and padding between them, and things that are none. What it
 * answers depends on the bytes alone, not on where a window was cut. It owns its
 * list of parsers, not the parsers; one thread at a time.
 *
 * Weakness: it believes the surest parser. Where none of the bytes of an unknown
 * syntax look like a start, they are all passed over as one run.
 */

/* Bytes no parser knows, from the first to the last that is neither blank nor padding. */
struct tw_unknown_run {
	uint64_t offset, length; /* 0: none */
	uint64_t controls;	 /* control characters that text does not have */
};

struct tw_finder {
	const struct tw_parser **parsers;
	unsigned count;
	int least; /* a parser that is less sure than this is not believed; 0: all are */
	struct tw_unknown_run run; /* under way */
};

/* What begins behind `passed` bytes of the window. No parser: more bytes are needed, or it ends. */
struct tw_found {
	const struct tw_parser *parser;
	size_t passed;
};

void tw_finder_free(struct tw_finder *finder);
int tw_finder_add(struct tw_finder *finder, const struct tw_parser *parser);
/* `offset` is that of window.data[0]. Bytes passed over join the run. */
struct tw_found tw_finder_look(struct tw_finder *finder, struct tw_slice window, uint64_t offset,
			       bool end);
/* Takes bytes into the run without looking at what they may start. */
void tw_finder_pass(struct tw_finder *finder, struct tw_slice bytes, uint64_t offset);
/* The run that ended, and forgets it. */
struct tw_unknown_run tw_finder_take_run(struct tw_finder *finder);
bool tw_unknown_is_text(const struct tw_unknown_run *run);

#endif
