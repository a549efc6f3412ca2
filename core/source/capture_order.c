/* SPDX-License-Identifier: Apache-2.0 */
#include "source/capture_order.h"

#include <math.h>
#include <stdlib.h>

#include "source/capture.h"

struct timed_path {
	char *path;
	double time;
	unsigned position; /* of paths with the same time */
};

static int compare_times(const void *a, const void *b)
{
	const struct timed_path *x = a;
	const struct timed_path *y = b;
	if (x->time < y->time || x->time > y->time)
		return x->time < y->time ? -1 : 1;
	return x->position < y->position ? -1 : x->position > y->position;
}

/* Standard input has no order, and could not be read again. */
static double first_time(const char *path, struct tw_buffer *reason)
{
	struct tw_capture_settings settings = {.packet_bytes = 16777216, .interfaces = 1000000};
	double time = (double)INFINITY;
	tw_buffer_clear(reason);
	if (strcmp(path, "-") != 0)
		tw_capture_first_time(path, &settings, &time, reason);
	return time;
}

int tw_captures_sort(struct tw_inputs *inputs, unsigned first, struct tw_buffer *reason)
{
	if (inputs->count < first + 2)
		return TW_OK;
	unsigned count = inputs->count - first;
	struct timed_path *rows = calloc(count, sizeof(*rows));
	if (rows == NULL)
		return TW_ERROR_MEMORY;
	for (unsigned i = 0; i < count; i++) {
		char *path = inputs->paths[first + i];
		rows[i] = (struct timed_path){path, first_time(path, reason), i};
	}
	qsort(rows, count, sizeof(*rows), compare_times);
	for (unsigned i = 0; i < count; i++)
		inputs->paths[first + i] = rows[i].path;
	free(rows);
	return TW_OK;
}
