/* SPDX-License-Identifier: Apache-2.0 */
#include "tidewaiter/list.h"

#include "base/number.h"
#include "text/list_rows.h"

const char *tw_list_name(const struct tw_list *list)
{
	return list->name;
}

unsigned tw_list_rows(const struct tw_list *list)
{
	return list->row_count;
}

int tw_list_column(const struct tw_list *list, const char *name)
{
	for (unsigned i = 0; i < list->column_count; i++)
		if (tw_slice_is(list->columns[i], name))
			return (int)i;
	return -1;
}

static bool has_column(const struct tw_list *list, int column)
{
	return column >= 0 && (unsigned)column < list->column_count;
}

struct tw_slice tw_list_cell(const struct tw_list *list, int row, int column)
{
	if (row < 0 || (unsigned)row >= list->row_count || !has_column(list, column))
		return tw_slice(NULL, 0);
	const struct tw_slice *cells = (const struct tw_slice *)(const void *)list->cells.data;
	return cells[(size_t)row * list->column_count + (size_t)column];
}

double tw_list_number(const struct tw_list *list, int row, int column, double otherwise)
{
	double number = otherwise;
	return tw_number_parse(tw_list_cell(list, row, column), '.', &number) ? number : otherwise;
}

int tw_list_find(const struct tw_list *list, int column, struct tw_slice code)
{
	return has_column(list, column) ? tw_code_index_find(&list->codes[column], code) : -1;
}

int tw_list_prefix(const struct tw_list *list, int column, struct tw_slice code)
{
	return has_column(list, column) ? tw_code_index_prefix(&list->codes[column], code) : -1;
}

/* Words of the match and scope columns. */
struct word_value {
	const char *word;
	int value;
};

static int value_of(const struct word_value *words, struct tw_slice word)
{
	for (; words->word != NULL; words++)
		if (tw_slice_is(word, words->word))
			return words->value;
	return -1;
}

int tw_term_match_of(struct tw_slice word)
{
	static const struct word_value WORDS[] = {
		{"", TW_TERM_WORD}, {"word", TW_TERM_WORD}, {"inside", TW_TERM_INSIDE}, {NULL, 0}};
	return value_of(WORDS, word);
}

int tw_term_scopes_of(struct tw_slice word)
{
	static const struct word_value WORDS[] = {{"", TW_SCOPE_TEXT},
						  {"text", TW_SCOPE_TEXT},
						  {"party", TW_SCOPE_PARTY},
						  {"any", TW_SCOPE_TEXT | TW_SCOPE_PARTY},
						  {NULL, 0}};
	return value_of(WORDS, word);
}

enum tw_term_match tw_list_match(const struct tw_list *list, int row)
{
	return tw_term_match_of(tw_list_cell(list, row, list->match)) == TW_TERM_INSIDE
		       ? TW_TERM_INSIDE
		       : TW_TERM_WORD;
}

unsigned tw_list_scopes(const struct tw_list *list, int row)
{
	int scopes = tw_term_scopes_of(tw_list_cell(list, row, list->scope));
	return scopes < 0 ? TW_SCOPE_TEXT : (unsigned)scopes;
}
