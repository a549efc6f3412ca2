/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_CONFIG_CONFIG_H
#define TW_CONFIG_CONFIG_H

#include "base/buffer.h"

/*
 * The configuration: a table of known settings (config/settings.def) with type,
 * default, range and help; values come from a YAML file, then from --set. The
 * sections `plugins.NAME.*` are checked later, by the loader, against what each
 * plugin declares. Read by one thread at the start, const afterwards.
 *
 * Every problem is collected, not only the first: `problems` gets one line each,
 * with file, line and column, and a suggestion for an unknown key.
 */
struct tw_config;

int tw_config_create(struct tw_config **ret_config);
void tw_config_free(struct tw_config *config);
/*
 * Reads a YAML file; what is right in it takes effect also where something else is
 * wrong. Returns the number of problems (a file that cannot be read is one), or
 * TW_ERROR_MEMORY.
 */
int tw_config_read(struct tw_config *config, const char *path, struct tw_buffer *problems);
/* Applies `a.b=c` as given on the command line. Returns as tw_config_read(). */
int tw_config_set(struct tw_config *config, const char *assignment, struct tw_buffer *problems);

/*
 * Values of known settings. Asking for one that is not in settings.def, or by
 * another type than it has there, is a programming error and aborts. A look-up is
 * a search through the table: for the start, not for hot paths.
 * Numbers are settings of type number or decimal, strings of type string or choice.
 */
double tw_config_number(const struct tw_config *config, const char *key);
bool tw_config_bool(const struct tw_config *config, const char *key);
const char *tw_config_string(const struct tw_config *config, const char *key);
/* Sizes such as 256MiB, as bytes. */
uint64_t tw_config_size(const struct tw_config *config, const char *key);

/* A value of plugins.NAME.KEY with where it was set ("file:line:column" or "--set"), or NULL. */
struct tw_config_extra {
	const char *key;   /* plugins.NAME.KEY */
	const char *value;
	const char *place;
	bool used;	   /* set by the loader */
};
unsigned tw_config_extra_count(const struct tw_config *config);
struct tw_config_extra *tw_config_extra_at(struct tw_config *config, unsigned index);

/* The whole effective configuration as YAML, with the help as comments. */
void tw_config_dump(const struct tw_config *config, struct tw_buffer *out);

#endif
