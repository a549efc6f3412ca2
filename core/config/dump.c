/* SPDX-License-Identifier: Apache-2.0 */
#include <utf8proc.h>

#include "config/store.h"

/*
 * Writes a configuration as YAML. The table may name a section in several
 * places; in YAML it may stand only once, so each section is written where the
 * table first names it, with all that is in it.
 */
struct dump {
	const struct tw_config *config;
	struct tw_buffer *out;
	unsigned count; /* settings, then extras */
};

static struct tw_slice key_at(const struct dump *dump, unsigned index)
{
	unsigned settings = tw_setting_count();
	return tw_slice_string(index < settings
				       ? tw_setting_at(index)->key
				       : dump->config->extras[index - settings].extra.key);
}

/*
 * What may not stand in YAML as it is (YAML 1.2, 5.1 c-printable), or would be
 * folded as a line break (U+0085, U+2028, U+2029; YAML 1.1, 4.1.4), or is a mark of its own here.
 */
static bool needs_escape(utf8proc_int32_t point)
{
	return point < 0x20 || (point >= 0x7f && point <= 0x9f) || point == '"' || point == '\\' ||
	       point == 0x2028 || point == 0x2029 || point == 0xfeff || point == 0xfffe ||
	       point == 0xffff;
}

/* A double-quoted scalar. The text is UTF-8: nothing else was let into the configuration. */
static void write_quoted(struct dump *dump, struct tw_slice text)
{
	tw_buffer_append_byte(dump->out, '"');
	for (size_t at = 0; at < text.length;) {
		struct tw_slice next = tw_slice_part(text, at, 4);
		utf8proc_int32_t point = 0;
		utf8proc_ssize_t length = utf8proc_iterate((const utf8proc_uint8_t *)next.data,
							   (utf8proc_ssize_t)next.length, &point);
		if (length <= 0)
			break;
		if (needs_escape(point))
			tw_buffer_printf(dump->out, "\\u%04x", (unsigned)point);
		else
			tw_buffer_append_slice(dump->out, tw_slice_part(next, 0, (size_t)length));
		at += (size_t)length;
	}
	tw_buffer_append_byte(dump->out, '"');
}

/* The comment lines above a setting: its help, and `# size, 64 to 256MiB; default 1MiB`. */
static void write_facts(struct dump *dump, const struct tw_setting *setting, unsigned depth)
{
	struct tw_buffer *out = dump->out;
	struct tw_slice help = tw_setting_help(setting);
	const char *before_range = setting->type == TW_SETTING_CHOICE ? ": " : ", ";
	tw_buffer_printf(out, "%*s# %.*s\n%*s# %s", (int)(2 * depth), "", (int)help.length,
			 help.data, (int)(2 * depth), "", tw_setting_type_name(setting->type));
	size_t mark = out->length;
	tw_buffer_append(out, before_range, 2);
	tw_setting_range(setting, out);
	if (out->length == mark + 2)
		out->length = mark;
	tw_buffer_printf(out, "; default %s\n",
			 setting->preset[0] == '\0' ? "empty" : setting->preset);
}

static void write_leaf(struct dump *dump, unsigned index, struct tw_slice name, unsigned depth)
{
	unsigned settings = tw_setting_count();
	bool extra = index >= settings;
	if (!extra)
		write_facts(dump, tw_setting_at(index), depth);
	tw_buffer_printf(dump->out, "%*s%.*s: ", (int)(2 * depth), "", (int)name.length, name.data);
	const char *text = extra ? dump->config->extras[index - settings].extra.value
				 : tw_config_text(dump->config, index);
	if (extra || tw_setting_at(index)->type == TW_SETTING_STRING)
		write_quoted(dump, tw_slice_string(text));
	else
		tw_buffer_printf(dump->out, "%s", text);
	tw_buffer_append_byte(dump->out, '\n');
}

/* Whether an earlier key of the section begins with the same component: it was written then. */
static bool written_before(const struct dump *dump, unsigned index, struct tw_slice with_dot)
{
	for (unsigned i = 0; i < index; i++)
		if (tw_slice_starts(key_at(dump, i), with_dot))
			return true;
	return false;
}

/* All that begins with `prefix`, which is empty or ends with a dot. */
static void write_section(struct dump *dump, struct tw_slice prefix, unsigned depth)
{
	for (unsigned i = 0; i < dump->count; i++) {
		struct tw_slice key = key_at(dump, i);
		if (!tw_slice_starts(key, prefix))
			continue;
		struct tw_slice rest = tw_slice_from(key, prefix.length);
		const char *dot = memchr(rest.data, '.', rest.length);
		if (dot == NULL) {
			write_leaf(dump, i, rest, depth);
			continue;
		}
		struct tw_slice name = tw_slice_part(rest, 0, (size_t)(dot - rest.data));
		struct tw_slice section = tw_slice_part(key, 0, prefix.length + name.length + 1);
		if (written_before(dump, i, section))
			continue;
		tw_buffer_printf(dump->out, "%*s%.*s:\n", (int)(2 * depth), "", (int)name.length,
				 name.data);
		write_section(dump, section, depth + 1);
	}
}

void tw_config_dump(const struct tw_config *config, struct tw_buffer *out)
{
	struct dump dump = {
		.config = config,
		.out = out,
		.count = tw_setting_count() + config->extra_count,
	};
	write_section(&dump, tw_slice(NULL, 0), 0);
}
