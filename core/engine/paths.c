/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/paths.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

static bool join(char *path, size_t size, const char *folder, const char *name)
{
	int length = snprintf(path, size, "%s/%s", folder, name);
	return length > 0 && (size_t)length < size;
}

static bool exists(const char *folder, const char *name)
{
	char path[PATH_MAX];
	return join(path, sizeof(path), folder, name) && access(path, F_OK) == 0;
}

/* Cuts the last part of a path off. False where there is none. */
static bool cut(char *path)
{
	char *slash = strrchr(path, '/');
	if (slash == NULL || slash == path)
		return false;
	*slash = '\0';
	return true;
}

static void fill(struct tw_found_paths *paths, const char *modules, const char *data,
		 const char *lists)
{
	join(paths->parsers, sizeof(paths->parsers), modules, "parsers");
	join(paths->plugins, sizeof(paths->plugins), modules, "plugins");
	join(paths->lists, sizeof(paths->lists), data, lists);
	join(paths->maps, sizeof(paths->maps), data, "parsers");
}

/*
 * In a build folder (or its .libs) configure left the name of the source folder,
 * where maps and lists are.
 */
static bool find_built(struct tw_found_paths *paths, char *folder)
{
	char name[PATH_MAX] = "";
	char path[PATH_MAX];
	if (!exists(folder, "source-folder") && !cut(folder))
		return false;
	if (!join(path, sizeof(path), folder, "source-folder"))
		return false;
	FILE *file = fopen(path, "r");
	if (file == NULL)
		return false;
	if (fgets(name, sizeof(name), file) != NULL)
		name[strcspn(name, "\n")] = '\0';
	fclose(file);
	fill(paths, folder, name, "rules/lists");
	return name[0] != '\0';
}

/* Installed under a prefix that may have been moved: PREFIX/bin beside PREFIX/lib and PREFIX/share. */
static bool find_beside(struct tw_found_paths *paths, char *folder)
{
	char modules[PATH_MAX];
	char data[PATH_MAX];
	if (!cut(folder) || !exists(folder, "lib/tidewaiter/parsers") ||
	    !join(modules, sizeof(modules), folder, "lib/tidewaiter") ||
	    !join(data, sizeof(data), folder, "share/tidewaiter"))
		return false;
	fill(paths, modules, data, "rules/lists");
	return true;
}

void tw_paths_find(struct tw_found_paths *ret_paths)
{
	char program[PATH_MAX];
	char folder[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
	*ret_paths = (struct tw_found_paths){.parsers = ""};
	if (length > 0) {
		program[length] = '\0';
		cut(program);
		memcpy(folder, program, (size_t)length + 1);
		if (find_built(ret_paths, folder))
			return;
		if (find_beside(ret_paths, program))
			return;
	}
	fill(ret_paths, TW_MODULE_FOLDER, TW_DATA_FOLDER, "rules/lists");
}
