/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_MAP_READER_H
#define TW_MAP_READER_H

#include "map/map_table.h"

/*
 * Reads the map language (parsers/MAPS.md): one line at a time, split into words,
 * into the arrays of a struct tw_map. Every mistake becomes a line in `problems`
 * with file, line and reason, and reading goes on behind it. Used by one thread
 * at the start; the words point into the file's text, which the reader owns.
 *
 * Weakness: a statement is one line; there is no quoting but for whole words.
 */
#define READER_WORDS 96u
#define READER_CONTEXTS 8u

struct reader {
	struct tw_map *map;
	const char *path;
	struct tw_buffer *problems;
	const struct tw_buffer *known; /* paths of the files read before, zero-terminated */
	unsigned problem_count;
	unsigned line;
	unsigned indent;
	struct map_text file; /* the path, in the map's texts */
	struct tw_slice text; /* the line, without indentation and comment */
	struct tw_slice words[READER_WORDS];
	unsigned word_count;
	unsigned at;
	/* where we are */
	enum { IN_NOTHING, IN_CODES, IN_CONTEXT } section;
	unsigned table;	  /* index of the section's table */
	unsigned contexts[READER_CONTEXTS]; /* of the section: its rows hold in each */
	unsigned context_count;
	unsigned row_indent; /* of the first row of the section; 0: none yet */
	bool row_open;	  /* actions on following lines belong to the last row */
	bool extended;	  /* inside the extended file: its header lines do not count */
	unsigned depth;
	unsigned extends_line;
	size_t extends_name; /* where its name begins in the path */
	char extends[512];
};

void reader_problem(struct reader *reader, const char *format, ...) TW_PRINTF(2, 3);
/* The next word, or an empty slice at the end of the line. */
struct tw_slice reader_next(struct reader *reader);
struct tw_slice reader_peek(const struct reader *reader);
struct map_text reader_keep(struct reader *reader, struct tw_slice text);
/* Adds a text to map->words; returns its index. */
/* Reports a table that is used both of codes and of names. */
void reader_table_kind(struct reader *reader, unsigned table, bool names);
unsigned reader_word(struct reader *reader, struct tw_slice text);
int reader_read(struct reader *reader);

/* The id of the field a name stands for, or 0: then the mistake is told. */
unsigned reader_field(struct reader *reader, struct tw_slice name);
/* reader_row.c: a line of a context section. */
void reader_row(struct reader *reader);
void reader_actions(struct reader *reader);
/* reader_value.c */
bool reader_position(struct reader *reader, struct tw_slice word, struct map_position *ret);
void reader_value(struct reader *reader, struct map_action *action);
unsigned reader_context(struct reader *reader, struct tw_slice name);

#endif
