/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_SCREEN_HOST_H
#define TW_SCREEN_HOST_H

#include "base/buffer.h"
#include "text/lists.h"

/*
 * What a plugin knows of its host: the lists, a place for the sentence with which
 * it refuses to open, and the log. One per plugin, owned by the detector set; it
 * lives as long as the instance. `error` is only set while open() runs.
 */
struct tw_host {
	const char *name;
	struct tw_lists *lists;
	struct tw_buffer *error;
	void (*log)(void *context, const char *plugin, const char *text);
	void *log_context;
};

#endif
