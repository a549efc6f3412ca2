/* SPDX-License-Identifier: Apache-2.0 */
#include "screen/loader.h"

#include <dirent.h>
#include <errno.h>
#include <ltdl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct tw_loader {
	lt_dladvise advise;
	struct tw_module *modules;
	unsigned count, capacity;
	bool abroad; /* own modules are loaded */
};

#define FOLDER_DEPTH 2

int tw_loader_create(struct tw_loader **ret_loader)
{
	struct tw_loader *loader = calloc(1, sizeof(*loader));
	if (loader == NULL)
		return TW_ERROR_MEMORY;
	if (lt_dlinit() != 0 || lt_dladvise_init(&loader->advise) != 0 ||
	    lt_dladvise_local(&loader->advise) != 0 || lt_dladvise_resident(&loader->advise) != 0) {
		free(loader);
		return TW_ERROR_PLUGIN;
	}
	*ret_loader = loader;
	return TW_OK;
}

void tw_loader_free(struct tw_loader *loader)
{
	if (loader == NULL)
		return;
	for (unsigned i = 0; i < loader->count; i++)
		free((void *)(uintptr_t)loader->modules[i].path);
	free(loader->modules);
	lt_dladvise_destroy(&loader->advise);
	lt_dlexit();
	free(loader);
}

static bool has_ending(const char *name, const char *ending)
{
	size_t length = strlen(name);
	size_t end = strlen(ending);
	return length > end && strcmp(name + length - end, ending) == 0;
}

/*
 * libtool's symbols have no type: a pointer to a function is copied out of one to
 * an object, as POSIX has it for dlsym.
 */
static bool find_symbol(lt_dlhandle handle, const char *name, void *ret_function, size_t size)
{
	void *symbol = lt_dlsym(handle, name);
	memcpy(ret_function, &symbol, size);
	return symbol != NULL;
}

/* The four words that come first are checked before anything behind them is read. */
static int check_head(const char *path, const uint32_t *head, const uint32_t *wanted,
		      struct tw_buffer *problems)
{
	if (head[0] != wanted[0])
		tw_buffer_printf(problems, "%s: wrong magic 0x%08x, expected 0x%08x: this is no "
				 "plugin of this program\n", path, head[0], wanted[0]);
	else if (head[1] < wanted[1])
		tw_buffer_printf(problems, "%s: its descriptor has %u bytes, %u are needed: build "
				 "it again with the installed headers\n", path, head[1], wanted[1]);
	else if (head[2] != wanted[2])
		tw_buffer_printf(problems, "%s: built for ABI %u.%u, this program has %u.%u: build "
				 "it again with the installed headers\n", path, head[2], head[3],
				 wanted[2], wanted[3]);
	else if (head[3] > wanted[3])
		tw_buffer_printf(problems, "%s: needs ABI %u.%u, this program has %u.%u: upgrade "
				 "the program, or build the plugin with its headers\n", path, head[2],
				 head[3], wanted[2], wanted[3]);
	else
		return TW_OK;
	return TW_ERROR_INVALID;
}

static int take_module(lt_dlhandle handle, struct tw_module *module, struct tw_buffer *problems)
{
	static const uint32_t detector_head[] = {TW_DETECTOR_MAGIC, sizeof(struct tw_detector),
						 TW_ABI_MAJOR, TW_ABI_MINOR};
	/* What ABI 1.3 added stands at the end, and is read only where it is there. */
	static const uint32_t parser_head[] = {TW_PARSER_MAGIC, offsetof(struct tw_parser, general),
					       TW_PARSER_ABI_MAJOR, TW_PARSER_ABI_MINOR};
	const struct tw_detector *(*detector)(void) = NULL;
	const struct tw_parser *(*parser)(void) = NULL;
	if (find_symbol(handle, "tw_detector", &detector, sizeof(detector))) {
		module->detector = detector();
		if (module->detector != NULL)
			return check_head(module->path, &module->detector->magic, detector_head,
					  problems);
	} else if (find_symbol(handle, "tw_parser", &parser, sizeof(parser))) {
		module->parser = parser();
		if (module->parser != NULL)
			return check_head(module->path, &module->parser->magic, parser_head,
					  problems);
	} else {
		tw_buffer_printf(problems, "%s: exports neither tw_detector nor tw_parser: end the "
				 "source with TW_DETECTOR(name of the file, descriptor)\n",
				 module->path);
		return TW_ERROR_INVALID;
	}
	tw_buffer_printf(problems, "%s: its descriptor is NULL\n", module->path);
	return TW_ERROR_INVALID;
}

static int load_file(struct tw_loader *loader, const char *path, struct tw_buffer *problems)
{
	struct tw_module module = {.path = path, .foreign = loader->abroad};
	lt_dlhandle handle = lt_dlopenadvise(path, loader->advise);
	if (handle == NULL) {
		/* Of a file that is there libltdl says the same as of one that is not. */
		bool there = access(path, R_OK) == 0;
		tw_buffer_printf(problems, "%s: cannot be loaded: %s\n", path,
				 there ? "it is no module for this machine, or a library that it "
					 "needs is missing (ldd shows which)"
				       : lt_dlerror());
		return 1;
	}
	if (take_module(handle, &module, problems) < 0)
		return 1;
	if (loader->count == loader->capacity) {
		unsigned capacity = loader->capacity == 0 ? 16 : loader->capacity * 2;
		struct tw_module *modules = realloc(loader->modules, capacity * sizeof(*modules));
		if (modules == NULL)
			return TW_ERROR_MEMORY;
		loader->modules = modules;
		loader->capacity = capacity;
	}
	module.path = strdup(path);
	loader->modules[loader->count++] = module;
	return module.path == NULL ? TW_ERROR_MEMORY : 0;
}

static int folder_filter(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* A shared object that stands beside its .la is that one's, not another module. */
static bool is_module(const char *folder, const char *name)
{
	char path[4096];
	if (has_ending(name, ".la"))
		return true;
	if (!has_ending(name, ".so"))
		return false;
	int length = snprintf(path, sizeof(path), "%s/%.*s.la", folder, (int)strlen(name) - 3, name);
	return length > 0 && (size_t)length < sizeof(path) && access(path, F_OK) != 0;
}

static int load_folder(struct tw_loader *loader, const char *folder, int depth,
		       struct tw_buffer *problems)
{
	struct dirent **entries = NULL;
	int problem_count = 0;
	int count = scandir(folder, &entries, folder_filter, alphasort);
	if (count < 0) {
		tw_buffer_printf(problems, "%s: %s\n", folder, strerror(errno));
		return TW_ERROR_IO;
	}
	for (int i = 0; i < count; i++) {
		char path[4096];
		struct stat status;
		int length = snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		int result = 0;
		if (length > 0 && (size_t)length < sizeof(path) && stat(path, &status) == 0) {
			if (S_ISDIR(status.st_mode) && depth < FOLDER_DEPTH)
				result = load_folder(loader, path, depth + 1, problems);
			else if (S_ISREG(status.st_mode) && is_module(folder, entries[i]->d_name))
				result = load_file(loader, path, problems);
		}
		problem_count += result < 0 ? 1 : result;
		free(entries[i]);
	}
	free(entries);
	return problem_count;
}

int tw_loader_folder(struct tw_loader *loader, const char *folder, struct tw_buffer *problems)
{
	return load_folder(loader, folder, 1, problems);
}

void tw_loader_go_abroad(struct tw_loader *loader)
{
	loader->abroad = true;
}

unsigned tw_loader_count(const struct tw_loader *loader)
{
	return loader->count;
}

const struct tw_module *tw_loader_at(const struct tw_loader *loader, unsigned index)
{
	return index < loader->count ? &loader->modules[index] : NULL;
}
