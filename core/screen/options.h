/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_SCREEN_OPTIONS_H
#define TW_SCREEN_OPTIONS_H

#include "config/config.h"
#include "tidewaiter/detector.h"

/*
 * Fills a plugin's options structure from its table of defaults and from the
 * configuration's plugins.NAME.KEY. The caller owns the structure; its strings
 * point into the configuration and the plugin, which both live longer.
 */

/* Returns the number of problems (a line each), or a negative status. */
int tw_options_read(const struct tw_detector *detector, struct tw_config *config, const char *path,
		    void **ret_options, struct tw_buffer *problems);
/* Settings of plugins that are not loaded: a line each, with a suggestion. Returns their number. */
int tw_options_unused(struct tw_config *config, struct tw_buffer *problems,
		      const char *const *names);

#endif
