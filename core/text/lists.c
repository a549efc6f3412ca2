/* SPDX-License-Identifier: Apache-2.0 */
#include "text/lists.h"

#include <stdlib.h>

#include "text/lists_private.h"

#define SUFFIX ".tsv"

int tw_lists_create(const char *const *folders, unsigned folder_count, struct tw_lists **ret_lists)
{
	struct tw_lists *lists = calloc(1, sizeof(*lists));
	if (lists == NULL)
		return TW_ERROR_MEMORY;
	lists->folders = calloc(folder_count + 1u, sizeof(*lists->folders));
	for (unsigned i = 0; lists->folders != NULL && i < folder_count; i++) {
		lists->folders[i] = strdup(folders[i]);
		if (lists->folders[i] == NULL)
			break;
		lists->folder_count++;
	}
	if (lists->folder_count < folder_count || lists->folders == NULL) {
		tw_lists_free(lists);
		return TW_ERROR_MEMORY;
	}
	*ret_lists = lists;
	return TW_OK;
}

void tw_lists_free(struct tw_lists *lists)
{
	if (lists == NULL)
		return;
	tw_matcher_free(lists->matcher);
	for (unsigned i = 0; i < lists->count; i++)
		tw_list_free(lists->lists[i]);
	for (unsigned i = 0; i < lists->folder_count; i++)
		free(lists->folders[i]);
	free(lists->lists);
	free(lists->folders);
	free(lists);
}

/* A name is a file name, with or without its suffix; never a path. */
static bool file_name(const char *name, struct tw_buffer *file)
{
	struct tw_slice text = tw_slice_string(name);
	if (text.length == 0 || text.data[0] == '.' || memchr(text.data, '/', text.length) != NULL)
		return false;
	struct tw_slice suffix = TW_LITERAL(SUFFIX);
	bool has_suffix = text.length > suffix.length &&
			  tw_slice_equal(tw_slice_from(text, text.length - suffix.length), suffix);
	tw_buffer_printf(file, "%s%s", name, has_suffix ? "" : SUFFIX);
	return !file->failed;
}

static const struct tw_list *opened(const struct tw_lists *lists, const char *file)
{
	for (unsigned i = 0; i < lists->count; i++)
		if (strcmp(lists->lists[i]->name, file) == 0)
			return lists->lists[i];
	return NULL;
}

/* From the first folder that has the file. */
static int read_from_folders(const struct tw_lists *lists, const char *file,
			     struct tw_list **ret_list, struct tw_buffer *reason)
{
	struct tw_buffer path = {0};
	size_t before = reason->length;
	int status = TW_ERROR_NOT_FOUND;
	for (unsigned i = 0; i < lists->folder_count && status == TW_ERROR_NOT_FOUND; i++) {
		tw_buffer_clear(&path);
		reason->length = before;
		tw_buffer_printf(&path, "%s/%s", lists->folders[i], file);
		status = path.failed ? TW_ERROR_MEMORY
				     : tw_list_read(path.data, file, ret_list, reason);
	}
	tw_buffer_free(&path);
	if (status == TW_ERROR_NOT_FOUND) {
		reason->length = before;
		tw_buffer_printf(reason, "no list %s in any of the list folders:", file);
		for (unsigned i = 0; i < lists->folder_count; i++)
			tw_buffer_printf(reason, " %s", lists->folders[i]);
	}
	return status;
}

static int add(struct tw_lists *lists, struct tw_list *list)
{
	struct tw_list **larger = realloc(lists->lists, (lists->count + 1u) * sizeof(*larger));
	if (larger == NULL)
		return TW_ERROR_MEMORY;
	list->number = lists->count;
	larger[lists->count++] = list;
	lists->lists = larger;
	return TW_OK;
}

static int open_file(struct tw_lists *lists, const char *file, const struct tw_list **ret_list,
		     struct tw_buffer *reason)
{
	const struct tw_list *known = opened(lists, file);
	if (known != NULL) {
		*ret_list = known;
		return TW_OK;
	}
	if (lists->matcher != NULL) {
		tw_buffer_printf(reason, "list %s: opened after the start", file);
		return TW_ERROR_INVALID;
	}
	struct tw_list *list = NULL;
	int status = read_from_folders(lists, file, &list, reason);
	if (status < 0)
		return status;
	status = add(lists, list);
	if (status == TW_OK)
		*ret_list = list;
	else
		tw_list_free(list);
	return status;
}

int tw_lists_open(struct tw_lists *lists, const char *name, const struct tw_list **ret_list,
		  struct tw_buffer *reason)
{
	struct tw_buffer file = {0};
	size_t before = reason->length;
	int status = TW_ERROR_INVALID;
	if (file_name(name, &file))
		status = open_file(lists, file.data, ret_list, reason);
	else
		tw_buffer_printf(reason, "\"%s\" is no name of a list", name);
	tw_buffer_free(&file);
	if (status < 0 && reason->length == before)
		tw_buffer_printf(reason, "list %s: %s", name, tw_status_text(status));
	return status;
}

int tw_lists_seal(struct tw_lists *lists, struct tw_buffer *reason)
{
	if (lists->matcher != NULL)
		return TW_OK;
	return tw_matcher_build((const struct tw_list *const *)lists->lists, lists->count,
				&lists->matcher, reason);
}

unsigned tw_lists_count(const struct tw_lists *lists)
{
	return lists->count;
}

const struct tw_list *tw_lists_at(const struct tw_lists *lists, unsigned index)
{
	return index < lists->count ? lists->lists[index] : NULL;
}
