/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_CONFIG_SETTING_H
#define TW_CONFIG_SETTING_H

#include "base/buffer.h"

/*
 * The table of settings (config/settings.def) and what a value must look like.
 * The loader checks plugin options by the same rules: it fills a struct
 * tw_setting for an option and calls tw_setting_check(). Stateless, const, any
 * thread.
 */
enum tw_setting_type {
	TW_SETTING_NUMBER,  /* whole */
	TW_SETTING_DECIMAL, /* with a fraction */
	TW_SETTING_SIZE,    /* bytes, with an optional unit */
	TW_SETTING_BOOL,
	TW_SETTING_STRING,
	TW_SETTING_CHOICE,  /* one of the words in the parentheses that end the help */
};

struct tw_setting {
	const char *key;    /* limits.segment_bytes */
	enum tw_setting_type type;
	const char *preset; /* the default, as text */
	double least, most; /* equal: any; most below least: no upper bound */
	const char *help;
};

/* What a text means; which member counts follows from the type. */
struct tw_setting_value {
	double number;
	uint64_t size;
	bool on;
};

unsigned tw_setting_count(void);
const struct tw_setting *tw_setting_at(unsigned index);
/* Index of a known setting, or -1. */
int tw_setting_find(struct tw_slice key);
/* The known setting that was probably meant, or NULL. */
const char *tw_setting_suggest(struct tw_slice key);
/* Whether settings begin with `name` and a dot, as in "output.privacy". */
bool tw_setting_is_section(struct tw_slice name);

/* Word for the type: "number", "size" ... */
const char *tw_setting_type_name(enum tw_setting_type type);
/* Appends "1 to 256", "at least 64KiB", the words of a choice, or nothing. */
void tw_setting_range(const struct tw_setting *setting, struct tw_buffer *out);
/* The help without the words of a choice. */
struct tw_slice tw_setting_help(const struct tw_setting *setting);
/*
 * Reads a value. TW_OK, or TW_ERROR_INVALID with what is wrong appended to
 * `reason`: `takes a number from 1 to 256, not "many"`.
 */
int tw_setting_check(const struct tw_setting *setting, struct tw_slice text,
		     struct tw_setting_value *ret_value, struct tw_buffer *reason);

#endif
