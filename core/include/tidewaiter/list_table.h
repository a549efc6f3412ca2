/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TIDEWAITER_LIST_TABLE_H
#define TIDEWAITER_LIST_TABLE_H

#include "tidewaiter/detector.h"

/*
 * The lists and columns a detector uses, as tables: which member of its structure
 * holds which list, and which the number of which column. tw_list_tables_open()
 * fills the structure while the plugin is opened. Members are reached by their
 * offsets, as those of options are; lists are `const struct tw_list *`, columns `int`.
 * All inline, owns nothing.
 *
 * Weakness: the compiler does not see whether a member has the right type.
 */
struct tw_list_place {
	const char *name; /* "tableting"; NULL ends the table */
	size_t list;	  /* offset of the member */
};

struct tw_column_place {
	const char *name; /* "kind"; NULL ends the table */
	size_t list;	  /* offset of the list that has it */
	size_t number;	  /* offset of the member for its number */
};

/*
 * Opens all lists and finds all columns. TW_OK, or a negative status with the
 * reason at the host: a list that cannot be read, or one without that column.
 */
static inline int tw_list_tables_open(const struct tw_host *host, const struct tw_list_place *lists,
				      const struct tw_column_place *columns, void *structure)
{
	char *base = structure;
	for (; lists->name != NULL; lists++) {
		const struct tw_list *list = tw_list_open(host, lists->name);
		if (list == NULL)
			return TW_ERROR_NOT_FOUND;
		memcpy(base + lists->list, &list, sizeof(list));
	}
	for (; columns->name != NULL; columns++) {
		const struct tw_list *list;
		memcpy(&list, base + columns->list, sizeof(list));
		int number = tw_list_column(list, columns->name);
		if (number < 0) {
			tw_host_error(host, "the list %s has no column '%s'", tw_list_name(list),
				      columns->name);
			return TW_ERROR_INVALID;
		}
		memcpy(base + columns->number, &number, sizeof(number));
	}
	return TW_OK;
}

#endif
