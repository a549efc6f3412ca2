/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/number.h"
#include "base/suggest.h"
#include "text/charset.h"
#include "text/fold.h"
#include "text/list_rows.h"
#include "text/normalise.h"

/* A list is written by people: one of a hundred megabytes is a mistake. */
#define FILE_LIMIT (64u << 20)
#define ROW_LIMIT 10000000u
/* Letters a term needs to be looked for inside other words. */
#define INSIDE_LEAST 6u
/* Longest term, in bytes of its words view. */
#define TERM_LIMIT 512u

struct reader {
	struct tw_list *list;
	const char *path;
	struct tw_buffer *reason;
	uint32_t line;
};

/* Writes "path:line: ..." to the reason and gives TW_ERROR_INVALID. */
#define REFUSE(reader, line, ...)                                                    \
	(tw_buffer_printf((reader)->reason, "%s:%u: ", (reader)->path, (unsigned)(line)), \
	 tw_buffer_printf((reader)->reason, __VA_ARGS__), TW_ERROR_INVALID)

static int load(const char *path, struct tw_buffer *text, struct tw_buffer *reason)
{
	FILE *file = fopen(path, "rbe");
	if (file == NULL) {
		tw_buffer_printf(reason, "%s: %s", path, strerror(errno));
		return errno == ENOENT ? TW_ERROR_NOT_FOUND : TW_ERROR_IO;
	}
	int status = TW_OK;
	while (status == TW_OK && tw_buffer_reserve(text, 65536) == TW_OK) {
		size_t got = fread(text->data + text->length, 1, 65536, file);
		text->length += got;
		if (text->length > FILE_LIMIT)
			status = TW_ERROR_LIMIT;
		else if (got == 0)
			break;
	}
	if (status == TW_OK && ferror(file))
		status = TW_ERROR_IO;
	if (status == TW_OK && text->failed)
		status = TW_ERROR_MEMORY;
	if (status < 0)
		tw_buffer_printf(reason, "%s: %s", path, tw_status_text(status));
	fclose(file);
	return status;
}

static struct tw_slice next_piece(struct tw_slice *rest, char separator)
{
	const char *found = rest->length == 0 ? NULL : memchr(rest->data, separator, rest->length);
	size_t length = found == NULL ? rest->length : (size_t)(found - rest->data);
	struct tw_slice piece = tw_slice_part(*rest, 0, length);
	*rest = tw_slice_from(*rest, length + 1);
	return piece;
}

/* Appends the cells of a line to `cells`; returns how many there are. */
static unsigned split_cells(struct tw_slice line, struct tw_buffer *cells)
{
	unsigned count = 1;
	for (size_t i = 0; i < line.length; i++)
		count += line.data[i] == '\t';
	for (unsigned i = 0; i < count; i++) {
		struct tw_slice cell = tw_slice_trim(next_piece(&line, '\t'));
		tw_buffer_append(cells, &cell, sizeof(cell));
	}
	return count;
}

static int read_header(struct reader *reader, struct tw_slice line)
{
	struct tw_list *list = reader->list;
	struct tw_buffer names = {0};
	list->column_count = split_cells(line, &names);
	list->columns = (struct tw_slice *)(void *)names.data;
	if (names.failed)
		return TW_ERROR_MEMORY;
	for (unsigned i = 0; i < list->column_count; i++) {
		struct tw_slice name = list->columns[i];
		if (name.length == 0)
			return REFUSE(reader, reader->line, "column %u has no name", i + 1);
		for (unsigned j = 0; j < i; j++)
			if (tw_slice_equal(name, list->columns[j]))
				return REFUSE(reader, reader->line, "column %.*s stands twice",
					      (int)name.length, name.data);
	}
	list->term = tw_list_column(list, "term");
	list->match = tw_list_column(list, "match");
	list->scope = tw_list_column(list, "scope");
	if (list->term < 0 && (list->match >= 0 || list->scope >= 0))
		return REFUSE(reader, reader->line, "column %s, but no column term",
			      list->match >= 0 ? "match" : "scope");
	return TW_OK;
}

static int read_row(struct reader *reader, struct tw_slice line)
{
	struct tw_list *list = reader->list;
	unsigned count = split_cells(line, &list->cells);
	if (count != list->column_count)
		return REFUSE(reader, reader->line, "%u cells, but %u columns", count,
			      list->column_count);
	if (list->row_count == ROW_LIMIT)
		return REFUSE(reader, reader->line, "more than %u rows", ROW_LIMIT);
	tw_buffer_append(&list->lines, &reader->line, sizeof(reader->line));
	list->row_count++;
	return TW_OK;
}

static int read_lines(struct reader *reader)
{
	struct tw_slice rest = tw_buffer_slice(&reader->list->text);
	if (tw_slice_starts(rest, TW_LITERAL("\xef\xbb\xbf")))
		rest = tw_slice_from(rest, 3);
	while (rest.length > 0) {
		struct tw_slice line = next_piece(&rest, '\n');
		reader->line++;
		if (line.length > 0 && line.data[line.length - 1] == '\r')
			line.length--;
		if (tw_slice_trim(line).length == 0 || line.data[0] == '#')
			continue;
		if (!tw_utf8_valid(line) || memchr(line.data, '\0', line.length) != NULL)
			return REFUSE(reader, reader->line, "not UTF-8 text");
		int status = reader->list->columns == NULL ? read_header(reader, line)
							   : read_row(reader, line);
		if (status < 0)
			return status;
	}
	if (reader->list->columns == NULL)
		return REFUSE(reader, reader->line, "no line with the names of the columns");
	return reader->list->cells.failed || reader->list->lines.failed ? TW_ERROR_MEMORY : TW_OK;
}

static uint32_t line_of(const struct tw_list *list, int row)
{
	uint32_t line = 0;
	memcpy(&line, list->lines.data + (size_t)row * sizeof(line), sizeof(line));
	return line;
}

/* A cell that must be one of some words. */
static int check_word(struct reader *reader, int row, int column, const char *const *words)
{
	struct tw_slice word = tw_list_cell(reader->list, row, column);
	struct tw_suggestion suggestion = {.wanted = word};
	if (word.length == 0)
		return TW_OK;
	for (unsigned i = 0; words[i] != NULL; i++)
		if (tw_slice_is(word, words[i]))
			return TW_OK;
	for (unsigned i = 0; words[i] != NULL; i++)
		tw_suggest_offer(&suggestion, words[i]);
	struct tw_slice name = reader->list->columns[column];
	return REFUSE(reader, line_of(reader->list, row), "unknown %.*s \"%.*s\"%s%s%s",
		      (int)name.length, name.data, (int)word.length, word.data,
		      suggestion.best == NULL ? "" : ", did you mean ",
		      suggestion.best == NULL ? "" : suggestion.best,
		      suggestion.best == NULL ? "" : "?");
}

static int check_words(struct reader *reader, int row)
{
	static const char *const MATCH[] = {"word", "inside", NULL};
	static const char *const SCOPE[] = {"text", "party", "any", NULL};
	static const char *const STATUS[] = {"read", "recalled", NULL};
	const struct tw_list *list = reader->list;
	int status = check_word(reader, row, list->match, MATCH);
	if (status == TW_OK)
		status = check_word(reader, row, list->scope, SCOPE);
	if (status == TW_OK)
		status = check_word(reader, row, tw_list_column(list, "status"), STATUS);
	return status;
}

static int check_weight(struct reader *reader, int row)
{
	struct tw_slice cell =
		tw_list_cell(reader->list, row, tw_list_column(reader->list, "weight"));
	double weight = 0;
	if (cell.length == 0)
		return TW_OK;
	if (!tw_number_parse(cell, '.', &weight) || weight < -1 || weight > 1)
		return REFUSE(reader, line_of(reader->list, row),
			      "weight \"%.*s\" is no number from -1 to 1", (int)cell.length,
			      cell.data);
	return TW_OK;
}

static size_t letters_of(struct tw_slice view)
{
	size_t letters = 0;
	for (size_t i = 0; i < view.length; i += tw_fold_width(view.data[i]))
		letters += view.data[i] != ' ';
	return letters;
}

/* Whether a row's term, of which `view` is the words view, can be looked for. */
static int check_term(struct reader *reader, int row, struct tw_slice view)
{
	struct tw_slice term = tw_list_cell(reader->list, row, reader->list->term);
	uint32_t line = line_of(reader->list, row);
	if (view.length < 2)
		return REFUSE(reader, line, "term \"%.*s\" has fewer than two letters or digits",
			      (int)term.length, term.data);
	if (view.length > TERM_LIMIT)
		return REFUSE(reader, line, "term is longer than %u bytes", TERM_LIMIT);
	if (tw_list_match(reader->list, row) == TW_TERM_INSIDE && letters_of(view) < INSIDE_LEAST)
		return REFUSE(reader, line,
			      "term \"%.*s\" is too short for match inside: %u letters at least",
			      (int)term.length, term.data, INSIDE_LEAST);
	return TW_OK;
}

struct seen_term {
	struct tw_slice view;
	int row; /* -1: free */
};

/*
 * Remembers a term. The same term again is a mistake, unless it is looked for in
 * other texts; its evidence would count twice.
 */
static int check_twice(struct reader *reader, struct seen_term *seen, size_t mask,
		       struct seen_term term)
{
	size_t at = (size_t)tw_hash64(term.view, 0) & mask;
	for (; seen[at].row >= 0; at = (at + 1) & mask) {
		if (!tw_slice_equal(seen[at].view, term.view) ||
		    (tw_list_scopes(reader->list, seen[at].row) &
		     tw_list_scopes(reader->list, term.row)) == 0)
			continue;
		return REFUSE(reader, line_of(reader->list, term.row),
			      "term \"%.*s\" stands in line %u already", (int)term.view.length,
			      term.view.data, line_of(reader->list, seen[at].row));
	}
	seen[at] = term;
	return TW_OK;
}

/* Normalises the term of each row; a start for each in `starts`, and the end. */
static int view_terms(const struct tw_list *list, struct tw_buffer *views,
		      struct tw_buffer *starts)
{
	for (unsigned row = 0; row <= list->row_count; row++) {
		size_t start = views->length;
		tw_buffer_append(starts, &start, sizeof(start));
		if (row < list->row_count)
			tw_normalise_append(tw_list_cell(list, (int)row, list->term), views);
	}
	return views->failed || starts->failed ? TW_ERROR_MEMORY : TW_OK;
}

static int check_views(struct reader *reader, struct tw_slice views, const size_t *starts)
{
	unsigned rows = reader->list->row_count;
	size_t size = 4;
	while (size < (size_t)rows * 2)
		size *= 2;
	struct seen_term *seen = malloc(size * sizeof(*seen));
	if (seen == NULL)
		return TW_ERROR_MEMORY;
	for (size_t i = 0; i < size; i++)
		seen[i].row = -1;
	int status = TW_OK;
	for (unsigned i = 0; i < rows && status == TW_OK; i++) {
		int row = (int)i;
		struct tw_slice view = tw_slice_part(views, starts[i], starts[i + 1] - starts[i]);
		if (tw_list_cell(reader->list, row, reader->list->term).length == 0)
			continue; /* codes only */
		status = check_term(reader, row, view);
		if (status == TW_OK)
			status = check_twice(reader, seen, size - 1,
					     (struct seen_term){view, row});
	}
	free(seen);
	return status;
}

static int check_terms(struct reader *reader)
{
	struct tw_buffer views = {0};
	struct tw_buffer starts = {0};
	if (reader->list->term < 0)
		return TW_OK;
	int status = view_terms(reader->list, &views, &starts);
	if (status == TW_OK)
		status = check_views(reader, tw_buffer_slice(&views),
				     (const size_t *)(const void *)starts.data);
	tw_buffer_free(&views);
	tw_buffer_free(&starts);
	return status;
}

static int check_rows(struct reader *reader)
{
	for (unsigned row = 0; row < reader->list->row_count; row++) {
		int status = check_words(reader, (int)row);
		if (status == TW_OK)
			status = check_weight(reader, (int)row);
		if (status < 0)
			return status;
	}
	return check_terms(reader);
}

static int index_codes(struct tw_list *list)
{
	list->codes = calloc(list->column_count, sizeof(*list->codes));
	if (list->codes == NULL)
		return TW_ERROR_MEMORY;
	const struct tw_slice *cells = (const struct tw_slice *)(const void *)list->cells.data;
	for (unsigned i = 0; i < list->column_count && list->row_count > 0; i++) {
		int status = tw_code_index_build(cells + i, list->column_count, list->row_count,
						 &list->codes[i]);
		if (status < 0)
			return status;
	}
	return TW_OK;
}

void tw_list_free(struct tw_list *list)
{
	if (list == NULL)
		return;
	for (unsigned i = 0; list->codes != NULL && i < list->column_count; i++)
		tw_code_index_free(&list->codes[i]);
	free(list->codes);
	free(list->columns);
	free(list->name);
	tw_buffer_free(&list->cells);
	tw_buffer_free(&list->lines);
	tw_buffer_free(&list->text);
	free(list);
}

int tw_list_read(const char *path, const char *name, struct tw_list **ret_list,
		 struct tw_buffer *reason)
{
	struct tw_list *list = calloc(1, sizeof(*list));
	if (list == NULL)
		return TW_ERROR_MEMORY;
	struct reader reader = {.list = list, .path = path, .reason = reason};
	list->name = strdup(name);
	int status = list->name == NULL ? TW_ERROR_MEMORY : load(path, &list->text, reason);
	if (status == TW_OK)
		status = read_lines(&reader);
	if (status == TW_OK)
		status = check_rows(&reader);
	if (status == TW_OK)
		status = index_codes(list);
	if (status == TW_OK)
		*ret_list = list;
	else
		tw_list_free(list);
	return status;
}
