/* SPDX-License-Identifier: Apache-2.0 */
#include "screen/options.h"

#include <stdlib.h>

#include "base/suggest.h"
#include "config/setting.h"

/* "plugins.NAME.KEY" -> KEY, where NAME is this one; else an empty slice. */
static struct tw_slice key_for(const char *setting, const char *name)
{
	struct tw_slice rest = tw_slice_string(setting);
	if (!tw_slice_starts(rest, TW_LITERAL("plugins.")))
		return tw_slice(NULL, 0);
	rest = tw_slice_from(rest, strlen("plugins."));
	if (!tw_slice_starts(rest, tw_slice_string(name)) ||
	    tw_slice_at(rest, strlen(name)) != '.')
		return tw_slice(NULL, 0);
	return tw_slice_from(rest, strlen(name) + 1);
}

/* An option looks like a setting of the configuration, and is checked by the same rules. */
static struct tw_setting as_setting(const struct tw_option *option)
{
	static const enum tw_setting_type types[] = {TW_SETTING_DECIMAL, TW_SETTING_BOOL,
						     TW_SETTING_STRING};
	return (struct tw_setting){
		.key = option->name,
		.type = types[option->type],
		.preset = option->preset,
		.least = option->least,
		.most = option->most,
		.help = option->help,
	};
}

/* Stores one value; TW_ERROR_INVALID with what is wrong in `reason`. */
static int store_option(const struct tw_option *option, const char *text, void *options,
			struct tw_buffer *reason)
{
	char *target = (char *)options + option->offset;
	struct tw_setting setting = as_setting(option);
	struct tw_setting_value value = {.number = 0};
	int status = tw_setting_check(&setting, tw_slice_string(text), &value, reason);
	if (status < 0)
		return status;
	if (option->type == TW_OPTION_NUMBER)
		memcpy(target, &value.number, sizeof(value.number));
	else if (option->type == TW_OPTION_BOOL)
		memcpy(target, &value.on, sizeof(value.on));
	else
		memcpy(target, &text, sizeof(text));
	return TW_OK;
}

static const struct tw_option *find_option(const struct tw_option *options, struct tw_slice key,
					   struct tw_suggestion *suggestion)
{
	for (const struct tw_option *option = options; option != NULL && option->name != NULL;
	     option++) {
		if (tw_slice_is(key, option->name))
			return option;
		tw_suggest_offer(suggestion, option->name);
	}
	return NULL;
}

static int apply_extra(const struct tw_detector *detector, struct tw_config_extra *extra,
		       void *options, struct tw_buffer *problems)
{
	struct tw_slice key = key_for(extra->key, detector->name);
	struct tw_suggestion suggestion = {.wanted = key};
	if (key.length == 0)
		return 0;
	extra->used = true;
	const struct tw_option *option = find_option(detector->options, key, &suggestion);
	if (option == NULL) {
		tw_buffer_printf(problems, "%s: the plugin \"%s\" has no option \"%.*s\"", extra->place,
				 detector->name, (int)key.length, key.data);
		if (suggestion.best != NULL)
			tw_buffer_printf(problems, "; did you mean \"%s\"?", suggestion.best);
		tw_buffer_append_byte(problems, '\n');
		return 1;
	}
	struct tw_buffer reason = {0};
	int status = store_option(option, extra->value, options, &reason);
	if (status < 0)
		tw_buffer_printf(problems, "%s: %s %.*s\n", extra->place, extra->key,
				 (int)reason.length, reason.data);
	tw_buffer_free(&reason);
	return status < 0;
}

int tw_options_read(const struct tw_detector *detector, struct tw_config *config, const char *path,
		    void **ret_options, struct tw_buffer *problems)
{
	int problem_count = 0;
	void *options = calloc(1, detector->options_size + 1);
	if (options == NULL)
		return TW_ERROR_MEMORY;
	for (const struct tw_option *option = detector->options;
	     option != NULL && option->name != NULL; option++) {
		struct tw_buffer reason = {0};
		int status = option->preset == NULL ||
					     (unsigned)option->type > TW_OPTION_STRING
				     ? TW_ERROR_INVALID
				     : store_option(option, option->preset, options, &reason);
		tw_buffer_free(&reason);
		if (status >= 0)
			continue;
		tw_buffer_printf(problems, "%s: the default of its option \"%s\" is not usable\n",
				 path, option->name);
		problem_count++;
	}
	for (unsigned i = 0; i < tw_config_extra_count(config); i++)
		problem_count += apply_extra(detector, tw_config_extra_at(config, i), options,
					     problems);
	*ret_options = options;
	return problem_count;
}

int tw_options_unused(struct tw_config *config, struct tw_buffer *problems,
		      const char *const *names)
{
	int problem_count = 0;
	for (unsigned i = 0; i < tw_config_extra_count(config); i++) {
		const struct tw_config_extra *extra = tw_config_extra_at(config, i);
		if (extra->used)
			continue;
		struct tw_slice wanted = tw_slice_from(tw_slice_string(extra->key), strlen("plugins."));
		size_t dot = 0;
		while (dot < wanted.length && tw_slice_at(wanted, dot) != '.')
			dot++;
		wanted = tw_slice_part(wanted, 0, dot);
		struct tw_suggestion suggestion = {.wanted = wanted};
		for (const char *const *name = names; *name != NULL; name++)
			tw_suggest_offer(&suggestion, *name);
		tw_buffer_printf(problems, "%s: no plugin \"%.*s\" is loaded", extra->place,
				 (int)wanted.length, wanted.data);
		if (suggestion.best != NULL)
			tw_buffer_printf(problems, "; did you mean \"%s\"?", suggestion.best);
		tw_buffer_append_byte(problems, '\n');
		problem_count++;
	}
	return problem_count;
}
