/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_FUZZ_REPLAY_H
#define TW_FUZZ_REPLAY_H

/*
 * The main program of a fuzz target that is built without libFuzzer: each file, and
 * each file below each folder, that its arguments name goes to replay_bytes(), which
 * whoever includes this has defined. Fails where one cannot be read; what does not hold
 * aborts.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static int replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *bytes = NULL;
	size_t length = 0;

	if (file == NULL)
		return 1;
	for (size_t got = 1; got > 0; length += got) {
		char *grown = realloc(bytes, length + 65536);
		if (grown == NULL)
			abort();
		bytes = grown;
		got = fread(bytes + length, 1, 65536, file);
	}
	fclose(file);
	replay_bytes(path, tw_slice(bytes, length));
	free(bytes);
	return 0;
}

static int replay(const char *path, unsigned *count)
{
	struct stat status;
	DIR *folder;
	int failed = 0;

	if (stat(path, &status) != 0) {
		fprintf(stderr, "%s: cannot be read\n", path);
		return 1;
	}
	if (!S_ISDIR(status.st_mode)) {
		++*count;
		return replay_file(path);
	}
	folder = opendir(path);
	if (folder == NULL)
		return 1;
	for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
		char below[4096];
		int length = snprintf(below, sizeof(below), "%s/%s", path, entry->d_name);
		if (entry->d_name[0] != '.' && length > 0 && (size_t)length < sizeof(below))
			failed |= replay(below, count);
	}
	closedir(folder);
	return failed;
}

int main(int argc, char **argv)
{
	unsigned count = 0;
	int failed = 0;

	for (int i = 1; i < argc; i++)
		failed |= replay(argv[i], &count);
	printf("%u inputs replayed\n", count);
	return failed;
}

#endif
