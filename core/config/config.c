/* SPDX-License-Identifier: Apache-2.0 */
#include "config/config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/suggest.h"
#include "base/quote.h"
#include "config/store.h"

static void misuse(const char *key, const char *what)
{
	fprintf(stderr, "tidewaiter: setting \"%s\" %s\n", key, what);
	abort();
}

/* The defaults go the same way as an operator's values, so a bad one cannot hide. */
static void set_defaults(struct tw_config *config)
{
	struct tw_buffer reason = {0};
	for (unsigned i = 0; i < tw_setting_count(); i++) {
		const struct tw_setting *setting = tw_setting_at(i);
		if (tw_setting_check(setting, tw_slice_string(setting->preset),
				     &config->slots[i].value, &reason) < 0)
			misuse(setting->key, "has a default that it refuses");
	}
	tw_buffer_free(&reason);
}

int tw_config_create(struct tw_config **ret_config)
{
	struct tw_config *config = calloc(1, sizeof(*config));
	if (config == NULL)
		return TW_ERROR_MEMORY;
	config->slots = calloc(tw_setting_count(), sizeof(*config->slots));
	if (config->slots == NULL) {
		free(config);
		return TW_ERROR_MEMORY;
	}
	set_defaults(config);
	*ret_config = config;
	return TW_OK;
}

static void free_extra(struct tw_config_extra *extra)
{
	free((char *)(uintptr_t)extra->key);
	free((char *)(uintptr_t)extra->value);
	free((char *)(uintptr_t)extra->place);
}

void tw_config_free(struct tw_config *config)
{
	if (config == NULL)
		return;
	for (unsigned i = 0; i < tw_setting_count(); i++)
		free(config->slots[i].text);
	for (unsigned i = 0; i < config->extra_count; i++)
		free_extra(&config->extras[i].extra);
	free(config->slots);
	free(config->extras);
	free(config);
}

static bool is_name_byte(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-';
}

/* "plugins" and `dots` further names, none of them empty. */
static bool is_below_plugins(struct tw_slice key, unsigned dots)
{
	struct tw_slice rest = tw_slice_from(key, 7);
	if (!tw_slice_starts(key, TW_LITERAL("plugins")))
		return false;
	for (size_t i = 0; i < rest.length; i++) {
		int c = tw_slice_at(rest, i);
		if (c == '.' && dots > 0 && is_name_byte(tw_slice_at(rest, i + 1)))
			dots--;
		else if (i == 0 || !is_name_byte(c))
			return false;
	}
	return dots == 0;
}

bool tw_config_is_extra(struct tw_slice key)
{
	return is_below_plugins(key, 2);
}

bool tw_config_is_section(struct tw_slice name)
{
	return tw_setting_is_section(name) || is_below_plugins(name, 0) ||
	       is_below_plugins(name, 1);
}

/* plugin.NAME.KEY, plugns.NAME.KEY: the section is misspelt, the rest cannot be known here. */
static bool suggest_plugins(struct tw_slice key, struct tw_buffer *reason)
{
	const char *dot = key.length == 0 ? NULL : memchr(key.data, '.', key.length);
	if (dot == NULL)
		return false;
	size_t length = (size_t)(dot - key.data);
	struct tw_suggestion section = {.wanted = tw_slice_part(key, 0, length)};
	tw_suggest_offer(&section, "plugins");
	if (section.best == NULL || section.distance == 0)
		return false;
	tw_buffer_printf(reason, "; did you mean \"plugins");
	tw_quote_plain(reason, tw_slice_from(key, length));
	tw_buffer_append(reason, "\"?", 2);
	return true;
}

void tw_config_unknown(struct tw_slice key, struct tw_buffer *reason)
{
	const char *meant = tw_setting_suggest(key);
	tw_buffer_printf(reason, "unknown setting ");
	tw_quote_short(reason, key);
	if (meant != NULL)
		tw_buffer_printf(reason, "; did you mean \"%s\"?", meant);
	else if (!suggest_plugins(key, reason) && tw_slice_starts(key, TW_LITERAL("plugins.")))
		tw_buffer_printf(reason, "; a plugin's option is plugins.NAME.OPTION");
}

static int set_known(struct tw_config *config, unsigned index, const struct tw_assignment *new,
		     struct tw_buffer *reason)
{
	struct tw_config_slot *slot = &config->slots[index];
	const struct tw_setting *setting = tw_setting_at(index);
	struct tw_setting_value value = {0};
	if (slot->reading == config->reading) {
		tw_buffer_printf(reason, "\"%s\" is set twice; first in line %u", setting->key,
				 slot->line);
		return TW_ERROR_DUPLICATE;
	}
	/* Also where the value is refused: a second one is then still a second one. */
	slot->reading = config->reading;
	slot->line = new->line;
	size_t mark = reason->length;
	tw_buffer_printf(reason, "\"%s\" ", setting->key);
	int status = tw_setting_check(setting, new->value, &value, reason);
	if (status < 0)
		return status;
	reason->length = mark;
	struct tw_slice kept = setting->type == TW_SETTING_STRING ? new->value
								  : tw_slice_trim(new->value);
	char *text = strndup(kept.length == 0 ? "" : kept.data, kept.length);
	if (text == NULL)
		return TW_ERROR_MEMORY;
	free(slot->text);
	slot->text = text;
	slot->value = value;
	return TW_OK;
}

static struct tw_config_extra_slot *find_extra(struct tw_config *config, struct tw_slice key)
{
	for (unsigned i = 0; i < config->extra_count; i++)
		if (tw_slice_is(key, config->extras[i].extra.key))
			return &config->extras[i];
	return NULL;
}

/* A zeroed slot behind the others. It counts once it is filled. */
static struct tw_config_extra_slot *room_for_extra(struct tw_config *config)
{
	if (config->extra_count == config->extra_capacity) {
		unsigned capacity = config->extra_capacity == 0 ? 16 : config->extra_capacity * 2;
		struct tw_config_extra_slot *extras =
			realloc(config->extras, capacity * sizeof(*extras));
		if (extras == NULL)
			return NULL;
		config->extras = extras;
		config->extra_capacity = capacity;
	}
	config->extras[config->extra_count] = (struct tw_config_extra_slot){0};
	return &config->extras[config->extra_count];
}

static int fill_extra(struct tw_config_extra *extra, const struct tw_assignment *new)
{
	struct tw_config_extra filled = {
		.key = strndup(new->key.data, new->key.length),
		.value = strndup(new->value.length == 0 ? "" : new->value.data, new->value.length),
		.place = strdup(new->place),
	};
	if (filled.key == NULL || filled.value == NULL || filled.place == NULL) {
		free_extra(&filled);
		return TW_ERROR_MEMORY;
	}
	free_extra(extra);
	*extra = filled;
	return TW_OK;
}

static int set_extra(struct tw_config *config, const struct tw_assignment *new,
		     struct tw_buffer *reason)
{
	static const struct tw_setting any = {.type = TW_SETTING_STRING};
	struct tw_setting_value value = {0};
	struct tw_config_extra_slot *slot = find_extra(config, new->key);
	if (slot != NULL && slot->reading == config->reading) {
		tw_buffer_printf(reason, "\"%s\" is set twice; first in line %u", slot->extra.key,
				 slot->line);
		return TW_ERROR_DUPLICATE;
	}
	size_t mark = reason->length;
	tw_quote_short(reason, new->key);
	tw_buffer_append_byte(reason, ' ');
	int status = tw_setting_check(&any, new->value, &value, reason);
	if (status < 0)
		return status;
	reason->length = mark;
	bool added = slot == NULL;
	if (added)
		slot = room_for_extra(config);
	if (slot == NULL || fill_extra(&slot->extra, new) < 0)
		return TW_ERROR_MEMORY;
	slot->reading = config->reading;
	slot->line = new->line;
	config->extra_count += added;
	return TW_OK;
}

int tw_config_assign(struct tw_config *config, const struct tw_assignment *assignment,
		     struct tw_buffer *reason)
{
	int index = tw_setting_find(assignment->key);
	if (index >= 0)
		return set_known(config, (unsigned)index, assignment, reason);
	if (tw_config_is_extra(assignment->key))
		return set_extra(config, assignment, reason);
	if (tw_config_is_section(assignment->key)) {
		tw_quote_short(reason, assignment->key);
		tw_buffer_printf(reason, " is a section and takes no value itself");
		return TW_ERROR_INVALID;
	}
	tw_config_unknown(assignment->key, reason);
	return TW_ERROR_NOT_FOUND;
}

int tw_config_set(struct tw_config *config, const char *assignment, struct tw_buffer *problems)
{
	struct tw_slice whole = tw_slice_string(assignment);
	const char *equals = strchr(assignment, '=');
	size_t at = equals == NULL ? whole.length : (size_t)(equals - assignment);
	struct tw_assignment new = {
		.key = tw_slice_trim(tw_slice_part(whole, 0, at)),
		.value = tw_slice_from(whole, at + 1),
		.place = "--set",
	};
	config->reading++;
	size_t mark = problems->length;
	tw_buffer_append(problems, "--set ", 6);
	tw_quote_plain(problems, whole);
	tw_buffer_append(problems, ": ", 2);
	int status = TW_ERROR_INVALID;
	if (equals == NULL)
		tw_buffer_printf(problems, "expected KEY=VALUE, as in engine.threads=4");
	else
		status = tw_config_assign(config, &new, problems);
	if (status == TW_OK || status == TW_ERROR_MEMORY) {
		problems->length = mark;
		return status;
	}
	tw_buffer_append_byte(problems, '\n');
	return 1;
}

const char *tw_config_text(const struct tw_config *config, unsigned index)
{
	const char *text = config->slots[index].text;
	return text != NULL ? text : tw_setting_at(index)->preset;
}

/* Index of a setting that must be of one of two types. */
static unsigned wanted(const char *key, enum tw_setting_type type, enum tw_setting_type other)
{
	int index = tw_setting_find(tw_slice_string(key));
	if (index < 0)
		misuse(key, "is not in settings.def");
	const struct tw_setting *setting = tw_setting_at((unsigned)index);
	if (setting->type != type && setting->type != other)
		misuse(key, "is asked for by another type than it has");
	return (unsigned)index;
}

double tw_config_number(const struct tw_config *config, const char *key)
{
	return config->slots[wanted(key, TW_SETTING_NUMBER, TW_SETTING_DECIMAL)].value.number;
}

bool tw_config_bool(const struct tw_config *config, const char *key)
{
	return config->slots[wanted(key, TW_SETTING_BOOL, TW_SETTING_BOOL)].value.on;
}

const char *tw_config_string(const struct tw_config *config, const char *key)
{
	return tw_config_text(config, wanted(key, TW_SETTING_STRING, TW_SETTING_CHOICE));
}

uint64_t tw_config_size(const struct tw_config *config, const char *key)
{
	return config->slots[wanted(key, TW_SETTING_SIZE, TW_SETTING_SIZE)].value.size;
}

unsigned tw_config_extra_count(const struct tw_config *config)
{
	return config->extra_count;
}

struct tw_config_extra *tw_config_extra_at(struct tw_config *config, unsigned index)
{
	return index < config->extra_count ? &config->extras[index].extra : NULL;
}
