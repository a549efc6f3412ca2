/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/quote.h"
#include "source/source.h"

/*
 * A walk through the folders below one argument. Real folders come first, links
 * to folders when no real one is left, so that a folder is read under its own
 * name; `seen` (a tree of device and inode) keeps each from being read twice, which
 * also ends loops of links.
 */
struct walk {
	struct tw_inputs *inputs;
	struct tw_buffer *problems;
	struct tw_inputs folders; /* lists of paths, as the result is */
	struct tw_inputs links;
	void *seen;
	int problem_count;
	bool failed; /* out of memory */
};

struct identity {
	dev_t device;
	ino_t inode;
};

static int compare_identity(const void *a, const void *b)
{
	const struct identity *x = a;
	const struct identity *y = b;
	if (x->device != y->device)
		return x->device < y->device ? -1 : 1;
	return x->inode < y->inode ? -1 : x->inode > y->inode;
}

/* strcmp() compares as unsigned bytes, in every locale. */
static int compare_paths(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Takes the path over, also where it fails; NULL stands for an allocation that failed. */
static bool push_owned(struct tw_inputs *list, char *path)
{
	if (path != NULL && list->count == list->capacity) {
		unsigned capacity = list->capacity == 0 ? 16 : list->capacity * 2;
		char **paths = realloc(list->paths, capacity * sizeof(char *));
		if (paths == NULL) {
			free(path);
			return false;
		}
		list->paths = paths;
		list->capacity = capacity;
	}
	if (path == NULL)
		return false;
	list->paths[list->count++] = path;
	return true;
}

static void push(struct walk *walk, struct tw_inputs *list, char *path)
{
	walk->failed |= !push_owned(list, path);
}

static void sort_from(struct tw_inputs *list, unsigned first)
{
	if (list->count > first)
		qsort(list->paths + first, list->count - first, sizeof(char *), compare_paths);
}

static void problem(struct walk *walk, const char *path, const char *reason)
{
	walk->problem_count++;
	tw_quote_plain(walk->problems, tw_slice_string(path));
	tw_buffer_printf(walk->problems, ": %s\n", reason);
}

/* The first visit of a folder. Where memory is short the walk ends anyway. */
static bool first_visit(struct walk *walk, const struct stat *facts)
{
	struct identity *identity = malloc(sizeof(*identity));
	if (identity == NULL) {
		walk->failed = true;
		return false;
	}
	*identity = (struct identity){facts->st_dev, facts->st_ino};
	const void *node = tsearch(identity, &walk->seen, compare_identity);
	bool first = node != NULL && *(const struct identity *const *)node == identity;
	walk->failed |= node == NULL;
	if (!first)
		free(identity);
	return first;
}

static char *join(const char *folder, const char *name)
{
	size_t length = strlen(folder);
	bool slash = length > 0 && folder[length - 1] == '/';
	size_t size = length + strlen(name) + 2;
	char *path = malloc(size);
	if (path != NULL)
		snprintf(path, size, "%s%s%s", folder, slash ? "" : "/", name);
	return path;
}

/* What a folder holds is an input, a folder to come, or a problem. Takes the path over. */
static void add_member(struct walk *walk, char *path)
{
	struct stat facts;
	struct stat link;
	if (stat(path, &facts) < 0 || lstat(path, &link) < 0) {
		problem(walk, path, strerror(errno));
	} else if (S_ISDIR(facts.st_mode)) {
		push(walk, S_ISLNK(link.st_mode) ? &walk->links : &walk->folders, path);
		return;
	} else if (!S_ISREG(facts.st_mode)) {
		problem(walk, path, "neither a file nor a folder");
	} else if (access(path, R_OK) < 0) {
		problem(walk, path, strerror(errno));
	} else {
		push(walk, walk->inputs, path);
		return;
	}
	free(path);
}

/* The paths of what stands in an open folder, hidden files left out. */
static void list_folder(struct walk *walk, DIR *folder, const char *path, struct tw_inputs *list)
{
	for (;;) {
		errno = 0;
		const struct dirent *entry = readdir(folder);
		if (entry == NULL)
			break;
		if (entry->d_name[0] != '.')
			push(walk, list, join(path, entry->d_name));
	}
	if (errno != 0)
		problem(walk, path, strerror(errno));
	sort_from(list, 0);
}

static void read_folder(struct walk *walk, const char *path)
{
	struct stat facts;
	struct tw_inputs members = {0};
	DIR *folder = opendir(path);
	if (folder == NULL || fstat(dirfd(folder), &facts) < 0)
		problem(walk, path, strerror(errno));
	else if (first_visit(walk, &facts))
		list_folder(walk, folder, path, &members);
	if (folder != NULL)
		closedir(folder);
	for (unsigned i = 0; i < members.count; i++)
		add_member(walk, members.paths[i]);
	free(members.paths);
}

/* The links met so far become folders to read, in the order of their paths. */
static void follow_links(struct walk *walk)
{
	struct tw_inputs links = walk->links;
	walk->links = (struct tw_inputs){0};
	sort_from(&links, 0);
	for (unsigned i = 0; i < links.count; i++)
		push(walk, &walk->folders, links.paths[i]);
	free(links.paths);
}

static void walk_folder(struct walk *walk, char *path)
{
	unsigned first = walk->inputs->count;
	push(walk, &walk->folders, path);
	for (unsigned next = 0; !walk->failed;) {
		if (next == walk->folders.count)
			follow_links(walk);
		if (next == walk->folders.count)
			break;
		read_folder(walk, walk->folders.paths[next++]);
	}
	sort_from(walk->inputs, first);
	tw_inputs_free(&walk->folders);
	tw_inputs_free(&walk->links);
	tdestroy(walk->seen, free);
}

/* What is named on the command line may also be a FIFO, and standard input is not looked at. */
static void add_argument(struct walk *walk, const char *argument)
{
	struct stat facts;
	bool standard = strcmp(argument, "-") == 0 || strcmp(argument, "/dev/stdin") == 0;
	if (!standard && stat(argument, &facts) < 0)
		problem(walk, argument, strerror(errno));
	else if (!standard && S_ISDIR(facts.st_mode))
		walk_folder(walk, strdup(argument));
	else if (!standard && !S_ISREG(facts.st_mode) && !S_ISFIFO(facts.st_mode))
		problem(walk, argument, "neither a file nor a folder");
	else if (!standard && access(argument, R_OK) < 0)
		problem(walk, argument, strerror(errno));
	else
		push(walk, walk->inputs, strdup(argument));
}

int tw_inputs_add(struct tw_inputs *inputs, const char *argument, struct tw_buffer *problems)
{
	struct walk walk = {.inputs = inputs, .problems = problems};
	add_argument(&walk, argument);
	return walk.failed ? TW_ERROR_MEMORY : walk.problem_count;
}

int tw_inputs_push(struct tw_inputs *inputs, const char *path)
{
	return push_owned(inputs, strdup(path)) ? TW_OK : TW_ERROR_MEMORY;
}

void tw_inputs_free(struct tw_inputs *inputs)
{
	if (inputs == NULL)
		return;
	for (unsigned i = 0; i < inputs->count; i++)
		free(inputs->paths[i]);
	free(inputs->paths);
	*inputs = (struct tw_inputs){0};
}
