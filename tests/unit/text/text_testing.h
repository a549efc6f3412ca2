/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEXT_TESTING_H
#define TEXT_TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "model/builder.h"
#include "text/lists.h"

/*
 * What the text tests share: a folder of their own for list files, and
 * consignments of a few values. One thread; a failing step fails the test.
 */
struct folder {
	char path[64];
};

static inline struct folder folder_create(void)
{
	struct folder folder = {"/tmp/tidewaiter_text_XXXXXX"};
	assert_non_null(mkdtemp(folder.path));
	return folder;
}

static inline void folder_write(const struct folder *folder, const char *name, const char *content)
{
	char path[160];
	snprintf(path, sizeof(path), "%s/%s", folder->path, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(content, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static inline void folder_remove(const struct folder *folder, const char *const *names)
{
	char path[160];
	for (; *names != NULL; names++) {
		snprintf(path, sizeof(path), "%s/%s", folder->path, *names);
		unlink(path);
	}
	assert_int_equal(rmdir(folder->path), 0);
}

static inline int add_text(struct tw_builder *builder, enum tw_field field, unsigned item,
			   const char *text)
{
	struct tw_new_value value = {.field = field, .item = item, .number = NAN,
				     .text = tw_slice_string(text)};
	int index = tw_builder_add(builder, &value);
	assert_true(index >= 0);
	return index;
}

static inline void start_consignment(struct tw_builder *builder)
{
	tw_builder_message(builder, 0);
	tw_builder_consignment(builder, 0);
}

#endif
