/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_SCREEN_LOADER_H
#define TW_SCREEN_LOADER_H

#include "base/buffer.h"
#include "tidewaiter/detector.h"
#include "tidewaiter/parser.h"

/*
 * Finds and loads modules (plugins and parsers) with libltdl, which is seen in
 * this file alone. Everything is loaded before threads start and stays loaded
 * until the end of the process: a module that is unloaded while a thread or a
 * sanitizer still knows it is a crash without an author.
 */
struct tw_loader;

struct tw_module {
	const char *path;
	const struct tw_detector *detector; /* one of the two is set */
	const struct tw_parser *parser;
	bool foreign; /* not of the program's own folders */
};

int tw_loader_create(struct tw_loader **ret_loader);
void tw_loader_free(struct tw_loader *loader);
/*
 * Loads all modules below a folder, in order of their names. Each that is refused
 * adds a line to `problems`, with file and reason. Returns the number of
 * problems, or a negative status where the folder cannot be read.
 */
int tw_loader_folder(struct tw_loader *loader, const char *folder, struct tw_buffer *problems);
/* What is loaded from now on is foreign. */
void tw_loader_go_abroad(struct tw_loader *loader);
unsigned tw_loader_count(const struct tw_loader *loader);
const struct tw_module *tw_loader_at(const struct tw_loader *loader, unsigned index);

#endif
