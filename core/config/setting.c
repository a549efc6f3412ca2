/* SPDX-License-Identifier: Apache-2.0 */
#include "config/setting.h"

#include <utf8proc.h>

#include "base/number.h"
#include "base/suggest.h"
#include "base/quote.h"

/* The types as settings.def spells them; "bool" is a macro, so they are only ever pasted. */
enum {
	TYPE_number = TW_SETTING_NUMBER,
	TYPE_decimal = TW_SETTING_DECIMAL,
	TYPE_size = TW_SETTING_SIZE,
	TYPE_bool = TW_SETTING_BOOL,
	TYPE_string = TW_SETTING_STRING,
	TYPE_choice = TW_SETTING_CHOICE,
};

#define TW_SETTING(key, type, preset, least, most, help) \
	{key, (enum tw_setting_type)TYPE_##type, preset, least, most, help},
static const struct tw_setting SETTINGS[] = {
#include "config/settings.def"
};
#undef TW_SETTING

#define SETTING_COUNT (sizeof(SETTINGS) / sizeof(SETTINGS[0]))

static const struct {
	const char *name;  /* in settings.def, the reference and the dump */
	const char *takes; /* in a problem */
} TYPES[] = {
	[TW_SETTING_NUMBER] = {"number", "a whole number"},
	[TW_SETTING_DECIMAL] = {"decimal", "a number"},
	[TW_SETTING_SIZE] = {"size", "a size (bytes, or with KiB, MiB, GiB, kB, MB, GB)"},
	[TW_SETTING_BOOL] = {"bool", "yes or no"},
	[TW_SETTING_STRING] = {"string", "text in UTF-8 without zero bytes"},
	[TW_SETTING_CHOICE] = {"choice", "one of"},
};

static const struct {
	const char *name;
	uint64_t bytes;
} UNITS[] = {
	{"", 1},
	{"B", 1},
	{"kB", 1000},
	{"KB", 1000},
	{"MB", 1000000},
	{"GB", 1000000000},
	{"TB", 1000000000000},
	{"KiB", UINT64_C(1) << 10},
	{"MiB", UINT64_C(1) << 20},
	{"GiB", UINT64_C(1) << 30},
	{"TiB", UINT64_C(1) << 40},
};

unsigned tw_setting_count(void)
{
	return (unsigned)SETTING_COUNT;
}

const struct tw_setting *tw_setting_at(unsigned index)
{
	return &SETTINGS[index];
}

int tw_setting_find(struct tw_slice key)
{
	for (size_t i = 0; i < SETTING_COUNT; i++)
		if (tw_slice_is(key, SETTINGS[i].key))
			return (int)i;
	return -1;
}

bool tw_setting_is_section(struct tw_slice name)
{
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		struct tw_slice key = tw_slice_string(SETTINGS[i].key);
		if (tw_slice_starts(key, name) && tw_slice_at(key, name.length) == '.')
			return true;
	}
	return false;
}

static const char *last_component(const char *key)
{
	const char *dot = strrchr(key, '.');
	return dot == NULL ? key : dot + 1;
}

static struct tw_slice last_of(struct tw_slice key)
{
	size_t at = key.length;
	while (at > 0 && key.data[at - 1] != '.')
		at--;
	return tw_slice_from(key, at);
}

const char *tw_setting_suggest(struct tw_slice key)
{
	struct tw_suggestion whole = {.wanted = key};
	struct tw_suggestion last = {.wanted = last_of(key)};
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		tw_suggest_offer(&whole, SETTINGS[i].key);
		tw_suggest_offer(&last, last_component(SETTINGS[i].key));
	}
	if (last.best == NULL || (whole.best != NULL && whole.distance <= last.distance))
		return whole.best;
	/* `last.best` is the end of a key: find the key it stands in. */
	for (size_t i = 0; i < SETTING_COUNT; i++)
		if (last_component(SETTINGS[i].key) == last.best)
			return SETTINGS[i].key;
	return NULL;
}

const char *tw_setting_type_name(enum tw_setting_type type)
{
	return TYPES[type].name;
}

/* The words in the parentheses that end the help: "full, masked, keyed, omitted". */
static struct tw_slice choice_words(const struct tw_setting *setting)
{
	struct tw_slice help = tw_slice_string(setting->help);
	const char *open = strrchr(setting->help, '(');
	if (open == NULL || tw_slice_at(help, help.length - 1) != ')')
		return tw_slice(NULL, 0);
	size_t start = (size_t)(open - setting->help) + 1;
	return tw_slice_part(help, start, help.length - start - 1);
}

struct tw_slice tw_setting_help(const struct tw_setting *setting)
{
	struct tw_slice help = tw_slice_string(setting->help);
	if (setting->type == TW_SETTING_CHOICE)
		help.length -= choice_words(setting).length + 2;
	return tw_slice_trim(help);
}

static bool choice_has(struct tw_slice words, struct tw_slice wanted)
{
	while (words.length > 0) {
		const char *comma = memchr(words.data, ',', words.length);
		size_t length = comma == NULL ? words.length : (size_t)(comma - words.data);
		if (tw_slice_equal(tw_slice_trim(tw_slice_part(words, 0, length)), wanted))
			return true;
		words = tw_slice_from(words, length + 1);
	}
	return false;
}

/* A bound as a person writes it: sizes in the largest unit that divides them. */
static void append_bound(const struct tw_setting *setting, double bound, struct tw_buffer *out)
{
	static const char *const units[] = {"", "KiB", "MiB", "GiB", "TiB"};
	unsigned unit = 0;
	if (setting->type == TW_SETTING_SIZE) {
		uint64_t bytes = (uint64_t)bound;
		while (unit < 4 && bytes != 0 && bytes % 1024 == 0) {
			bytes /= 1024;
			unit++;
		}
		tw_buffer_printf(out, "%llu%s", (unsigned long long)bytes, units[unit]);
	} else {
		tw_buffer_printf(out, "%.15g", bound);
	}
}

static bool is_bounded(const struct tw_setting *setting)
{
	return setting->type <= TW_SETTING_SIZE && (setting->least < 0 || setting->least > 0 ||
						    setting->most < 0 || setting->most > 0);
}

void tw_setting_range(const struct tw_setting *setting, struct tw_buffer *out)
{
	if (setting->type == TW_SETTING_CHOICE) {
		tw_buffer_append_slice(out, choice_words(setting));
		return;
	}
	if (!is_bounded(setting))
		return;
	bool open = setting->most < setting->least;
	if (open)
		tw_buffer_append(out, "at least ", 9);
	append_bound(setting, setting->least, out);
	if (open)
		return;
	tw_buffer_append(out, " to ", 4);
	append_bound(setting, setting->most, out);
}

static bool in_range(const struct tw_setting *setting, double value)
{
	if (!is_bounded(setting))
		return true;
	return value >= setting->least &&
	       (setting->most < setting->least || value <= setting->most);
}

static bool read_number(const struct tw_setting *setting, struct tw_slice text, double *ret_number)
{
	int sign = tw_slice_at(text, 0);
	uint64_t count = 0;
	/* tw_number_parse() would take "10,000" for ten. */
	if (setting->type == TW_SETTING_DECIMAL)
		return text.length > 0 && memchr(text.data, ',', text.length) == NULL &&
		       tw_number_parse(text, '.', ret_number);
	if (sign == '-' || sign == '+')
		text = tw_slice_from(text, 1);
	if (!tw_count_parse(text, &count))
		return false;
	*ret_number = sign == '-' ? -(double)count : (double)count;
	return true;
}

static bool read_size(struct tw_slice text, uint64_t *ret_size)
{
	size_t digits = 0;
	uint64_t count = 0;
	while (tw_slice_at(text, digits) >= '0' && tw_slice_at(text, digits) <= '9')
		digits++;
	if (!tw_count_parse(tw_slice_part(text, 0, digits), &count))
		return false;
	struct tw_slice unit = tw_slice_trim(tw_slice_from(text, digits));
	for (size_t i = 0; i < sizeof(UNITS) / sizeof(UNITS[0]); i++) {
		if (!tw_slice_is(unit, UNITS[i].name))
			continue;
		if (count > UINT64_MAX / UNITS[i].bytes)
			return false;
		*ret_size = count * UNITS[i].bytes;
		return true;
	}
	return false;
}

/* YAML 1.1's words, which is what people type; in lower, upper or title case. */
static bool read_bool(struct tw_slice text, bool *ret_on)
{
	static const char *const words[][2] = {
		{"no", "yes"},	    {"false", "true"},	{"off", "on"},
		{"No", "Yes"},	    {"False", "True"},	{"Off", "On"},
		{"NO", "YES"},	    {"FALSE", "TRUE"},	{"OFF", "ON"},
	};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		bool on = tw_slice_is(text, words[i][1]);
		if (!on && !tw_slice_is(text, words[i][0]))
			continue;
		*ret_on = on;
		return true;
	}
	return false;
}

/* What a configuration can hold and the dump can write: UTF-8 without zero bytes. */
static bool is_text(struct tw_slice text)
{
	size_t at = 0;
	while (at < text.length) {
		utf8proc_int32_t point = 0;
		size_t left = text.length - at;
		utf8proc_ssize_t length =
			utf8proc_iterate((const utf8proc_uint8_t *)text.data + at,
					 (utf8proc_ssize_t)(left < 4 ? left : 4), &point);
		if (length <= 0 || point == 0)
			return false;
		at += (size_t)length;
	}
	return true;
}

static bool read_value(const struct tw_setting *setting, struct tw_slice text,
		       struct tw_setting_value *value)
{
	struct tw_slice word = tw_slice_trim(text);
	switch (setting->type) {
	case TW_SETTING_NUMBER:
	case TW_SETTING_DECIMAL:
		return read_number(setting, word, &value->number) &&
		       in_range(setting, value->number);
	case TW_SETTING_SIZE:
		return read_size(word, &value->size) && in_range(setting, (double)value->size);
	case TW_SETTING_BOOL:
		return read_bool(word, &value->on);
	case TW_SETTING_CHOICE:
		return choice_has(choice_words(setting), word);
	case TW_SETTING_STRING:
		return is_text(text);
	}
	return false;
}

int tw_setting_check(const struct tw_setting *setting, struct tw_slice text,
		     struct tw_setting_value *ret_value, struct tw_buffer *reason)
{
	struct tw_setting_value value = {0};
	if (read_value(setting, text, &value)) {
		*ret_value = value;
		return TW_OK;
	}
	bool ranged = is_bounded(setting);
	tw_buffer_printf(reason, "takes %s%s", TYPES[setting->type].takes,
			 setting->type == TW_SETTING_CHOICE ? " " : ranged ? ", " : "");
	tw_setting_range(setting, reason);
	tw_buffer_append(reason, ", not ", 6);
	tw_quote_short(reason, text);
	return TW_ERROR_INVALID;
}
