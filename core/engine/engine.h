/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_ENGINE_H
#define TW_ENGINE_ENGINE_H

#include <signal.h>
#include <stdio.h>

#include "config/config.h"
#include "engine/emit.h"
#include "engine/partners.h"
#include "map/map.h"
#include "screen/detectors.h"
#include "source/source.h"
#include "unwrap/keys.h"

/*
 * The engine put together: loads modules, maps and lists, opens detectors, and
 * runs inputs through them. Open it once, run it once, close it. One thread calls;
 * the engine has its own.
 */
struct tw_engine {
	struct tw_config *config;
	struct tw_loader *loader;
	struct tw_lists *lists;
	struct tw_maps *maps;
	struct tw_detectors detectors;
	struct tw_partners partners;
	struct tw_unwrap_keys *keys; /* NULL: none */
};

/* Where the parts of the program are found; folders, each may be NULL. */
struct tw_engine_paths {
	const char *parsers, *plugins, *lists;
	const char *maps;	  /* read below this folder */
	const char *const *more_plugins; /* -P, NULL at the end */
};

/* Opens everything. Returns the number of problems (a line each), or a negative status. */
int tw_engine_open(struct tw_engine *engine, struct tw_config *config,
		   const struct tw_engine_paths *paths, struct tw_buffer *problems);
void tw_engine_close(struct tw_engine *engine);

struct tw_engine_run {
	const struct tw_inputs *inputs;
	const char *const *interfaces; /* live, NULL at the end; or NULL */
	struct tw_buffer *problems;    /* a line each: why it could not begin, and what else went wrong */
	unsigned threads;
	double arrival; /* --time, or NAN */
	const volatile sig_atomic_t *stop;
	FILE *events, *people, *stats;
	bool messages, colour, progress;
	/* out */
	struct tw_statistics statistics;
	uint64_t alerts;
};
/* Inspects all inputs. TW_OK, or a negative status where the run could not go on. */
int tw_engine_run(struct tw_engine *engine, struct tw_engine_run *run);

#endif
