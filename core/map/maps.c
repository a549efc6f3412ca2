/* SPDX-License-Identifier: Apache-2.0 */
#include "map/map.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/suggest.h"
#include "map/reader.h"

#define FOLDER_DEPTH 16u
#define PATH_LIMIT 4096u

struct tw_maps {
	struct tw_buffer all;	     /* struct tw_map *, in the order they were read */
	struct tw_buffer exclusions; /* the same: maps that only exclude */
	struct tw_buffer paths;	     /* of all files read, zero-terminated */
};

int tw_maps_create(struct tw_maps **ret_maps)
{
	struct tw_maps *maps = calloc(1, sizeof(*maps));
	if (maps == NULL)
		return TW_ERROR_MEMORY;
	*ret_maps = maps;
	return TW_OK;
}

static struct tw_map *map_at(const struct tw_buffer *buffer, unsigned index)
{
	return *MAP_AT(struct tw_map *, *buffer, index);
}

static void free_all(struct tw_buffer *buffer)
{
	for (unsigned i = 0; i < MAP_COUNT(struct tw_map *, *buffer); i++)
		map_free(map_at(buffer, i));
	tw_buffer_free(buffer);
}

void tw_maps_free(struct tw_maps *maps)
{
	if (maps == NULL)
		return;
	free_all(&maps->all);
	free_all(&maps->exclusions);
	tw_buffer_free(&maps->paths);
	free(maps);
}

unsigned tw_maps_count(const struct tw_maps *maps)
{
	return MAP_COUNT(struct tw_map *, maps->all);
}

const struct tw_map *tw_maps_at(const struct tw_maps *maps, unsigned index)
{
	return index < tw_maps_count(maps) ? map_at(&maps->all, index) : NULL;
}

const struct tw_map *map_exclusion(const struct tw_maps *maps, unsigned index)
{
	if (index < MAP_COUNT(struct tw_map *, maps->exclusions))
		return map_at(&maps->exclusions, index);
	return NULL;
}

const char *tw_map_name(const struct tw_map *map)
{
	return map->name;
}

struct tw_slice tw_map_format(const struct tw_map *map)
{
	return map_slice(map, map->format);
}

struct tw_slice tw_map_type(const struct tw_map *map, unsigned index)
{
	if (index >= MAP_COUNT(struct map_text, map->types))
		return tw_slice(NULL, 0);
	return map_slice(map, *MAP_AT(struct map_text, map->types, index));
}

bool tw_map_unverified(const struct tw_map *map)
{
	return map->unverified;
}

/* ---- reading -------------------------------------------------------------- */

/* What can only be seen when the whole file is there. */
static void check_contexts(struct reader *reader)
{
	struct tw_map *map = reader->map;
	for (unsigned i = 0; i < map->context_count; i++) {
		const struct map_context *context = &map->contexts[i];
		struct tw_slice name = map_slice(map, context->name);
		struct tw_suggestion suggestion = {.wanted = name};
		char other[64];
		if (context->defined || context->used_line == 0)
			continue;
		for (unsigned j = 0; j < map->context_count; j++) {
			struct tw_slice defined = map_slice(map, map->contexts[j].name);
			if (!map->contexts[j].defined || defined.length >= sizeof(other) ||
			    suggestion.best != NULL)
				continue;
			memcpy(other, defined.data, defined.length);
			other[defined.length] = '\0';
			tw_suggest_offer(&suggestion, other);
		}
		reader->line = context->used_line;
		if (suggestion.best != NULL)
			reader_problem(reader, "there is no \"in %.*s\"; did you mean \"%s\"?",
				       (int)name.length, name.data, other);
		else
			reader_problem(reader, "there is no \"in %.*s\"", (int)name.length,
				       name.data);
	}
}

static void check_tables(struct reader *reader)
{
	struct tw_map *map = reader->map;
	for (unsigned i = 0; i < MAP_COUNT(struct map_table, map->tables); i++) {
		struct tw_slice name =
			map_slice(map, MAP_AT(struct map_table, map->tables, i)->name);
		bool any = false;
		for (unsigned j = 0; j < MAP_COUNT(struct map_code, map->table_codes); j++)
			any |= MAP_AT(struct map_code, map->table_codes, j)->table == i;
		if (!any)
			reader_problem(reader, "the table \"%.*s\" is empty or missing",
				       (int)name.length, name.data);
	}
}

static void check_header(struct reader *reader)
{
	struct tw_map *map = reader->map;
	bool rules = map->rows.length > 0;
	if (map->fragment)
		return;
	check_contexts(reader);
	check_tables(reader);
	if (rules && map->types.length == 0)
		reader_problem(reader, "there is no line \"map FORMAT TYPE\"");
	if (!rules && map->excludes.length == 0)
		reader_problem(reader, "the map has no rows");
	if (rules && map->excludes.length > 0)
		reader_problem(reader, "\"exclude\" stands in a file without rows");
}

/* edifact/CUSCAR: the format and the file's name. */
static char *make_name(const struct tw_map *map, const char *path)
{
	struct tw_slice format = map_slice(map, map->format);
	const char *file = strrchr(path, '/');
	struct tw_slice base = tw_slice_string(file == NULL ? path : file + 1);
	if (base.length > 4)
		base.length -= 4; /* .map */
	size_t size = format.length + base.length + 2;
	char *name = malloc(size);
	if (name != NULL)
		(void)snprintf(name, size, "%.*s/%.*s", (int)format.length,
			       format.length > 0 ? format.data : "", (int)base.length, base.data);
	return name;
}

static struct tw_map *new_map(void)
{
	struct tw_map *map = calloc(1, sizeof(*map));
	if (map == NULL)
		return NULL;
	map->role = map->function = -1;
	map->root = 0;
	map->consignment = 1;
	map->context_count = 2;
	map->contexts[0] = (struct map_context){{0, 6}, TW_GROUP_COUNT, true, 0};
	map->contexts[1] = (struct map_context){{6, 11}, TW_GROUP_COUNT, true, 0};
	tw_buffer_append(&map->texts, "headerconsignment", 17);
	return map;
}

static int keep_map(struct tw_maps *maps, struct tw_map *map)
{
	struct tw_buffer *buffer = map->excludes.length == 0 ? &maps->all : &maps->exclusions;
	int status = map_compile(map);
	if (map->single)
		map->root = map->consignment;
	if (status == TW_OK && tw_buffer_reserve(buffer, sizeof(map)) < 0)
		status = TW_ERROR_MEMORY;
	if (status == TW_OK)
		tw_buffer_append(buffer, &map, sizeof(map));
	return status;
}

int tw_maps_read_file(struct tw_maps *maps, const char *path, struct tw_buffer *problems)
{
	struct tw_map *map = new_map();
	struct reader reader = {
		.map = map, .path = path, .problems = problems, .known = &maps->paths};
	if (map == NULL)
		return TW_ERROR_MEMORY;
	int status = reader_read(&reader);
	if (status < 0) {
		tw_buffer_printf(problems, "%s: %s\n", path,
				 status == TW_ERROR_IO ? strerror(errno) : tw_status_text(status));
		map_free(map);
		return 1;
	}
	tw_buffer_append(&maps->paths, path, strlen(path) + 1);
	check_header(&reader);
	map->name = make_name(map, path);
	status = map->name == NULL ? TW_ERROR_MEMORY : TW_OK;
	if (status == TW_OK && reader.problem_count == 0 && !map->fragment)
		status = keep_map(maps, map);
	if (status < 0 || reader.problem_count > 0 || map->fragment)
		map_free(map);
	return status < 0 ? status : (int)reader.problem_count;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static bool ends_map(struct tw_slice name)
{
	return name.length > 4 && tw_slice_is(tw_slice_from(name, name.length - 4), ".map");
}

static int read_below(struct tw_maps *maps, const char *folder, struct tw_buffer *problems,
		      unsigned depth);

static int read_entry(struct tw_maps *maps, const char *path, struct tw_buffer *problems,
		      unsigned depth)
{
	struct stat info;
	if (stat(path, &info) < 0)
		return 0;
	if (S_ISDIR(info.st_mode))
		return depth < FOLDER_DEPTH ? read_below(maps, path, problems, depth + 1) : 0;
	if (!ends_map(tw_slice_string(path)))
		return 0;
	return tw_maps_read_file(maps, path, problems);
}

static int read_below(struct tw_maps *maps, const char *folder, struct tw_buffer *problems,
		      unsigned depth)
{
	struct dirent **entries = NULL;
	int total = 0;
	int count = scandir(folder, &entries, visible, by_name);
	if (count < 0) {
		tw_buffer_printf(problems, "%s: %s\n", folder, strerror(errno));
		return 1;
	}
	for (int i = 0; i < count; i++) {
		char path[PATH_LIMIT];
		int length = snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		if (total >= 0 && length > 0 && (size_t)length < sizeof(path)) {
			int found = read_entry(maps, path, problems, depth);
			total = found < 0 ? found : total + found;
		}
		free(entries[i]);
	}
	free(entries);
	return total;
}

int tw_maps_read_folder(struct tw_maps *maps, const char *folder, struct tw_buffer *problems)
{
	return read_below(maps, folder, problems, 0);
}
