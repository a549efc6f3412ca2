/* SPDX-License-Identifier: Apache-2.0 */
#include "text/inside.h"

#include <hs/hs.h>
#include <stdlib.h>

struct tw_inside {
	hs_database_t *database;
};

struct tw_inside_scratch {
	hs_scratch_t *scratch;
};

/* What hs_compile_lit_multi() wants: one array a property. */
struct columns {
	const char **bytes;
	unsigned *flags;
	unsigned *ids;
	size_t *lengths;
};

static int compile(const struct columns *columns, unsigned count, hs_database_t **ret_database,
		   struct tw_buffer *reason)
{
	hs_compile_error_t *error = NULL;
	hs_error_t result =
		hs_compile_lit_multi(columns->bytes, columns->flags, columns->ids, columns->lengths,
				     count, HS_MODE_BLOCK, NULL, ret_database, &error);
	if (result == HS_SUCCESS)
		return TW_OK;
	tw_buffer_printf(reason, "terms with match inside: %s",
			 error == NULL ? "cannot be compiled" : error->message);
	hs_free_compile_error(error);
	return TW_ERROR_INVALID;
}

static int compile_literals(const struct tw_literal *literals, unsigned count,
			    hs_database_t **ret_database, struct tw_buffer *reason)
{
	struct columns columns = {calloc(count, sizeof(*columns.bytes)),
				  calloc(count, sizeof(*columns.flags)),
				  calloc(count, sizeof(*columns.ids)),
				  calloc(count, sizeof(*columns.lengths))};
	int status = TW_ERROR_MEMORY;
	if (columns.bytes != NULL && columns.flags != NULL && columns.ids != NULL &&
	    columns.lengths != NULL) {
		for (unsigned i = 0; i < count; i++) {
			columns.bytes[i] = literals[i].bytes.data;
			columns.ids[i] = literals[i].id;
			columns.lengths[i] = literals[i].bytes.length;
		}
		status = compile(&columns, count, ret_database, reason);
	}
	free(columns.bytes);
	free(columns.flags);
	free(columns.ids);
	free(columns.lengths);
	return status;
}

int tw_inside_build(const struct tw_literal *literals, unsigned count, struct tw_inside **ret_inside,
		    struct tw_buffer *reason)
{
	struct tw_inside *inside = calloc(1, sizeof(*inside));
	if (inside == NULL)
		return TW_ERROR_MEMORY;
	int status = compile_literals(literals, count, &inside->database, reason);
	if (status < 0)
		free(inside);
	else
		*ret_inside = inside;
	return status;
}

void tw_inside_free(struct tw_inside *inside)
{
	if (inside == NULL)
		return;
	hs_free_database(inside->database);
	free(inside);
}

int tw_inside_scratch_create(const struct tw_inside *inside, struct tw_inside_scratch **ret_scratch)
{
	struct tw_inside_scratch *scratch = calloc(1, sizeof(*scratch));
	if (scratch == NULL)
		return TW_ERROR_MEMORY;
	if (hs_alloc_scratch(inside->database, &scratch->scratch) != HS_SUCCESS) {
		free(scratch);
		return TW_ERROR_MEMORY;
	}
	*ret_scratch = scratch;
	return TW_OK;
}

void tw_inside_scratch_free(struct tw_inside_scratch *scratch)
{
	if (scratch == NULL)
		return;
	hs_free_scratch(scratch->scratch);
	free(scratch);
}

struct listener {
	int (*found)(void *context, unsigned id, size_t end);
	void *context;
	int status;
};

static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
		    void *context)
{
	struct listener *listener = context;
	(void)from;
	(void)flags;
	listener->status = listener->found(listener->context, id, (size_t)to);
	return listener->status < 0;
}

int tw_inside_scan(const struct tw_inside *inside, struct tw_inside_scratch *scratch,
		   struct tw_slice bytes, int (*found)(void *context, unsigned id, size_t end),
		   void *context)
{
	struct listener listener = {found, context, TW_OK};
	if (bytes.length == 0)
		return TW_OK;
	if (bytes.length > UINT32_MAX)
		return TW_ERROR_LIMIT;
	hs_error_t result = hs_scan(inside->database, bytes.data, (unsigned)bytes.length, 0,
				    scratch->scratch, on_match, &listener);
	if (listener.status < 0)
		return listener.status;
	return result == HS_SUCCESS ? TW_OK : TW_ERROR_INVALID;
}
