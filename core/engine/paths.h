/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_PATHS_H
#define TW_ENGINE_PATHS_H

#include "engine/engine.h"

/*
 * Finds the parts of the program by itself: in the build folder when it runs from
 * there, beside the program when it was installed somewhere (or moved), else where
 * it was configured to be installed. Owns its strings.
 */
struct tw_found_paths {
	char parsers[4096], plugins[4096], lists[4096], maps[4096];
};

/* Always gives something; whether it is there, the loader says. */
void tw_paths_find(struct tw_found_paths *ret_paths);

#endif
