/* SPDX-License-Identifier: Apache-2.0 */
#include "config/reference.h"

#include "config/setting.h"

static const char INTRODUCTION[] =
	"# Configuration reference\n"
	"\n"
	"The configuration is a YAML file (`-c FILE`). `--set KEY=VALUE` on the command line\n"
	"overrides it, `--dump-config` prints what is in effect, `-T` lists every mistake.\n"
	"A key `a.b` is written `b:` below `a:`, or `a.b:` at the top.\n"
	"\n"
	"- **number**: a whole number. **decimal**: may have a fraction, with a point.\n"
	"- **size**: bytes, or with a unit: KiB, MiB, GiB, TiB (powers of 1024), kB, MB, GB, TB\n"
	"  (powers of 1000).\n"
	"- **bool**: yes, no, true, false, on, off.\n"
	"- **string**: text in UTF-8. **choice**: one of the words listed.\n"
	"\n"
	"Options of detectors are `plugins.NAME.OPTION`; `--list-plugins` names them.\n";

/* In a cell of a Markdown table a bar would end it. */
static void append_cell(struct tw_buffer *out, struct tw_slice text)
{
	for (size_t i = 0; i < text.length; i++) {
		if (tw_slice_at(text, i) == '|')
			tw_buffer_append_byte(out, '\\');
		tw_buffer_append_byte(out, text.data[i]);
	}
}

static void append_row(struct tw_buffer *out, const struct tw_setting *setting)
{
	struct tw_buffer range = {0};
	tw_setting_range(setting, &range);
	tw_buffer_printf(out, "| `%s` | %s | ", setting->key, tw_setting_type_name(setting->type));
	if (setting->preset[0] != '\0')
		tw_buffer_printf(out, "`%s`", setting->preset);
	else
		tw_buffer_printf(out, "empty");
	tw_buffer_append(out, " | ", 3);
	append_cell(out, tw_buffer_slice(&range));
	tw_buffer_append(out, " | ", 3);
	append_cell(out, tw_setting_help(setting));
	tw_buffer_append(out, " |\n", 3);
	tw_buffer_free(&range);
}

/* "limits." of "limits.evidence". */
static struct tw_slice section_of(const struct tw_setting *setting)
{
	const char *dot = strchr(setting->key, '.');
	size_t length = dot == NULL ? 0 : (size_t)(dot - setting->key) + 1;
	return tw_slice(setting->key, length);
}

static bool named_before(unsigned index, struct tw_slice section)
{
	for (unsigned i = 0; i < index; i++)
		if (tw_slice_equal(section_of(tw_setting_at(i)), section))
			return true;
	return false;
}

static void append_section(struct tw_buffer *out, struct tw_slice section)
{
	tw_buffer_printf(out, "\n## %.*s\n\n", (int)(section.length == 0 ? 0 : section.length - 1),
			 section.data);
	tw_buffer_printf(out, "| Key | Type | Default | Range | Meaning |\n"
			      "|---|---|---|---|---|\n");
	for (unsigned i = 0; i < tw_setting_count(); i++)
		if (tw_slice_equal(section_of(tw_setting_at(i)), section))
			append_row(out, tw_setting_at(i));
}

void tw_config_reference(struct tw_buffer *out)
{
	tw_buffer_append(out, INTRODUCTION, sizeof(INTRODUCTION) - 1);
	for (unsigned i = 0; i < tw_setting_count(); i++) {
		struct tw_slice section = section_of(tw_setting_at(i));
		if (!named_before(i, section))
			append_section(out, section);
	}
}
