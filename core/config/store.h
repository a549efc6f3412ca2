/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_CONFIG_STORE_H
#define TW_CONFIG_STORE_H

#include "config/config.h"
#include "config/setting.h"

/*
 * What stands behind struct tw_config, shared by the files of this folder and
 * seen by nobody else: config.c holds values, yaml.c reads them, dump.c writes
 * them. A reading (one file, or one --set) has a number, so that a key that
 * comes twice in one file is told from one that --set overrides.
 */
struct tw_config_slot {
	char *text; /* owned; NULL: the default */
	struct tw_setting_value value;
	unsigned reading; /* that set it last, from 1 */
	unsigned line;
};

struct tw_config_extra_slot {
	struct tw_config_extra extra; /* its texts are owned */
	unsigned reading;
	unsigned line;
};

struct tw_config {
	struct tw_config_slot *slots; /* one for each setting, in the table's order */
	struct tw_config_extra_slot *extras;
	unsigned extra_count;
	unsigned extra_capacity;
	unsigned reading;
};

struct tw_assignment {
	struct tw_slice key;
	struct tw_slice value;
	const char *place; /* "file:line:column" or "--set" */
	unsigned line;
};

/* plugins.NAME.KEY, all three of letters, digits, '_' and '-'. */
bool tw_config_is_extra(struct tw_slice key);
/* Whether settings can stand below this name: a section of the table, "plugins" or "plugins.NAME". */
bool tw_config_is_section(struct tw_slice name);
/* Appends what is wrong with a key that is neither a setting nor an extra. */
void tw_config_unknown(struct tw_slice key, struct tw_buffer *reason);
/*
 * Sets one value. TW_OK, TW_ERROR_MEMORY, or what is wrong with it: another
 * negative status and a sentence without full stop appended to `reason`.
 */
int tw_config_assign(struct tw_config *config, const struct tw_assignment *assignment,
		     struct tw_buffer *reason);
/* The text of a setting, the default where none was set. */
const char *tw_config_text(const struct tw_config *config, unsigned index);

#endif
