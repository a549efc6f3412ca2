/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/listing.h"

static void list_options(const struct tw_detector *detector, struct tw_buffer *out)
{
	for (const struct tw_option *option = detector->options;
	     option != NULL && option->name != NULL; option++)
		tw_buffer_printf(out, "    plugins.%s.%s (default %s): %s\n", detector->name,
				 option->name, option->preset, option->help);
}

void tw_list_plugins(const struct tw_engine *engine, struct tw_buffer *out)
{
	for (unsigned i = 0; i < engine->detectors.count; i++) {
		const struct tw_detector_entry *entry = &engine->detectors.entries[i];
		const struct tw_detector *detector = entry->detector;
		tw_buffer_printf(out, "%s %s (%s): %s\n  %s\n", detector->name,
				 detector->version != NULL ? detector->version : "",
				 detector->category,
				 detector->summary != NULL ? detector->summary : "", entry->path);
		for (unsigned j = 0; j < entry->finding_count; j++)
			tw_buffer_printf(out, "    sid %u, severity %d: %s\n",
					 detector->findings[j].sid, detector->findings[j].severity,
					 detector->findings[j].title);
		list_options(detector, out);
	}
}

void tw_list_formats(const struct tw_engine *engine, struct tw_buffer *out)
{
	for (unsigned i = 0; i < tw_loader_count(engine->loader); i++) {
		const struct tw_parser *parser = tw_loader_at(engine->loader, i)->parser;
		if (parser != NULL)
			tw_buffer_printf(out, "%s: %s\n", parser->name, parser->summary);
	}
	for (unsigned i = 0; i < tw_maps_count(engine->maps); i++) {
		const struct tw_map *map = tw_maps_at(engine->maps, i);
		struct tw_slice format = tw_map_format(map), type;
		tw_buffer_printf(out, "  map %s: %.*s", tw_map_name(map), (int)format.length,
				 format.data);
		for (unsigned j = 0; (type = tw_map_type(map, j)).length > 0; j++)
			tw_buffer_printf(out, " %.*s", (int)type.length, type.data);
		tw_buffer_printf(out, "%s\n", tw_map_unverified(map) ? " (unverified)" : "");
	}
}

static const char *type_name(enum tw_field_type type)
{
	static const char *const names[] = {"text", "code", "number", "time", "flag"};
	return names[type];
}

void tw_list_keywords(struct tw_buffer *out)
{
	for (unsigned id = 1; id < TW_FIELD_LIMIT; id++) {
		const struct tw_field_info *info = tw_field_info(id);
		if (info == NULL)
			continue;
		bool code = info->type == TW_TYPE_code;
		tw_buffer_printf(out, "%-28s %s%s%s, %s\n", info->keyword, type_name(info->type),
				 code || strcmp(info->unit, "none") != 0 ? " " : "",
				 code || strcmp(info->unit, "none") != 0 ? info->unit : "",
				 info->many ? "may repeat" : "once");
	}
}

static bool is_for(const struct tw_map *map, struct tw_slice type)
{
	struct tw_slice one;
	for (unsigned i = 0; (one = tw_map_type(map, i)).length > 0; i++)
		if (tw_slice_equal(one, type))
			return true;
	return tw_slice_is(type, tw_map_name(map));
}

bool tw_explain_map(const struct tw_engine *engine, struct tw_slice type, struct tw_buffer *out)
{
	bool found = false;
	for (unsigned i = 0; i < tw_maps_count(engine->maps); i++) {
		const struct tw_map *map = tw_maps_at(engine->maps, i);
		if (!is_for(map, type))
			continue;
		tw_map_explain(map, out);
		found = true;
	}
	return found;
}
