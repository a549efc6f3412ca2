/* SPDX-License-Identifier: Apache-2.0 */
#include "screen/options.h"

#include <stdlib.h>

#include "base/number.h"
#include "base/suggest.h"

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

static bool parse_bool(struct tw_slice text, bool *ret_value)
{
	static const char *const words[] = {"no", "yes", "false", "true", "off", "on"};
	for (unsigned i = 0; i < 6; i++)
		if (tw_slice_is(text, words[i])) {
			*ret_value = i % 2 == 1;
			return true;
		}
	return false;
}

/* Stores one value; NULL, or what a value should have been. */
static const char *store_option(const struct tw_option *option, const char *text, void *options)
{
	char *target = (char *)options + option->offset;
	double number = 0;
	bool flag = false;
	switch (option->type) {
	case TW_OPTION_NUMBER:
		if (!tw_number_parse(tw_slice_string(text), '.', &number))
			return "a number";
		if ((option->least < option->most) &&
		    (number < option->least || number > option->most))
			return "a number in its range";
		memcpy(target, &number, sizeof(number));
		return NULL;
	case TW_OPTION_BOOL:
		if (!parse_bool(tw_slice_string(text), &flag))
			return "yes or no";
		memcpy(target, &flag, sizeof(flag));
		return NULL;
	case TW_OPTION_STRING:
		memcpy(target, &text, sizeof(text));
		return NULL;
	}
	return "of a type this program knows";
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
	const char *expected = store_option(option, extra->value, options);
	if (expected == NULL)
		return 0;
	tw_buffer_printf(problems, "%s: %s is \"%s\" and should be %s", extra->place, extra->key,
			 extra->value, expected);
	if (option->least < option->most)
		tw_buffer_printf(problems, ", %g to %g", option->least, option->most);
	tw_buffer_append_byte(problems, '\n');
	return 1;
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
		if (option->preset != NULL && store_option(option, option->preset, options) == NULL)
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
