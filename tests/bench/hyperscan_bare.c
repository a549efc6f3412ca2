/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The yardstick: Hyperscan alone over the same bytes, with
 * every term of the shipped lists as a literal, in blocks of 1 MiB. Nothing is
 * parsed, normalised or decided.
 *
 *   hyperscan_bare [--rounds N] FEED LIST.tsv...
 *
 * Prints one line a round: MB/s per CPU-second, terms, matches.
 */
#include <hs.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define BLOCK (1u << 20)

struct terms {
	char **texts;
	size_t *lengths;
	unsigned *flags, *ids;
	unsigned count, capacity;
};

static int grow(struct terms *terms)
{
	unsigned capacity = terms->capacity == 0 ? 1024 : 2 * terms->capacity;
	terms->texts = realloc(terms->texts, capacity * sizeof(*terms->texts));
	terms->lengths = realloc(terms->lengths, capacity * sizeof(*terms->lengths));
	terms->flags = realloc(terms->flags, capacity * sizeof(*terms->flags));
	terms->ids = realloc(terms->ids, capacity * sizeof(*terms->ids));
	terms->capacity = capacity;
	return terms->texts == NULL || terms->lengths == NULL || terms->flags == NULL ||
	       terms->ids == NULL ? -1 : 0;
}

static int add_term(struct terms *terms, const char *text, size_t length)
{
	if (length == 0)
		return 0;
	if (terms->count == terms->capacity && grow(terms) < 0)
		return -1;
	unsigned at = terms->count++;
	terms->texts[at] = strndup(text, length);
	terms->lengths[at] = length;
	terms->flags[at] = HS_FLAG_CASELESS;
	terms->ids[at] = at;
	return terms->texts[at] == NULL ? -1 : 0;
}

/* The number of the column `term` in a header line, or -1. */
static int term_column(const char *line)
{
	for (int column = 0;; column++) {
		size_t length = strcspn(line, "\t\r\n");
		if (length == 4 && strncmp(line, "term", 4) == 0)
			return column;
		if (line[length] != '\t')
			return -1;
		line += length + 1;
	}
}

/* The terms of one list: comments begin with '#', the first other line names the columns. */
static int read_list(const char *path, struct terms *terms)
{
	FILE *file = fopen(path, "r");
	if (file == NULL) {
		perror(path);
		return -1;
	}
	char *line = NULL;
	size_t room = 0;
	int column = -1, header = 0, status = 0;
	while (status == 0 && getline(&line, &room, file) > 0) {
		if (line[0] == '#')
			continue;
		if (!header) {
			column = term_column(line);
			header = 1;
			continue;
		}
		const char *cell = line;
		for (int i = 0; i < column && *cell != '\0'; i++) {
			cell += strcspn(cell, "\t");
			cell += *cell == '\t';
		}
		if (column >= 0)
			status = add_term(terms, cell, strcspn(cell, "\t\r\n"));
	}
	free(line);
	fclose(file);
	return status;
}

static char *read_file(const char *path, size_t *ret_length)
{
	FILE *file = fopen(path, "rb");
	if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
		perror(path);
		return NULL;
	}
	long size = ftell(file);
	rewind(file);
	char *bytes = size < 0 ? NULL : malloc((size_t)size + 1);
	if (bytes != NULL && fread(bytes, 1, (size_t)size, file) != (size_t)size) {
		free(bytes);
		bytes = NULL;
	}
	fclose(file);
	*ret_length = (size_t)size;
	return bytes;
}

static double cpu_seconds(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static int count_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
		       void *context)
{
	(void)id;
	(void)from;
	(void)to;
	(void)flags;
	++*(uint64_t *)context;
	return 0;
}

static int scan_once(const hs_database_t *database, hs_scratch_t *scratch, const char *bytes,
		     size_t length, unsigned terms)
{
	uint64_t matches = 0;
	double start = cpu_seconds();
	for (size_t at = 0; at < length; at += BLOCK) {
		size_t block = length - at < BLOCK ? length - at : BLOCK;
		if (hs_scan(database, bytes + at, (unsigned)block, 0, scratch, count_match,
			    &matches) != HS_SUCCESS)
			return -1;
	}
	double seconds = cpu_seconds() - start;
	printf("%.1f MB/s per CPU-second, %u terms, %llu matches\n",
	       (double)length / 1e6 / (seconds > 1e-6 ? seconds : 1e-6), terms,
	       (unsigned long long)matches);
	return 0;
}

static int scan(const struct terms *terms, const char *bytes, size_t length, int rounds)
{
	hs_database_t *database = NULL;
	hs_compile_error_t *error = NULL;
	hs_scratch_t *scratch = NULL;
	int status = -1;
	if (hs_compile_lit_multi((const char *const *)terms->texts, terms->flags, terms->ids,
				 terms->lengths, terms->count, HS_MODE_BLOCK, NULL, &database,
				 &error) != HS_SUCCESS) {
		fprintf(stderr, "hyperscan: %s\n", error->message);
		hs_free_compile_error(error);
	} else if (hs_alloc_scratch(database, &scratch) == HS_SUCCESS) {
		for (status = 0; status == 0 && rounds > 0; rounds--)
			status = scan_once(database, scratch, bytes, length, terms->count);
	}
	hs_free_scratch(scratch);
	hs_free_database(database);
	return status;
}

int main(int argc, char **argv)
{
	struct terms terms = {0};
	int at = 1, rounds = 1, status = 0;
	size_t length = 0;
	if (argc > 3 && strcmp(argv[1], "--rounds") == 0) {
		rounds = atoi(argv[2]);
		at = 3;
	}
	if (argc < at + 2) {
		fprintf(stderr, "usage: hyperscan_bare [--rounds N] FEED LIST.tsv...\n");
		return 2;
	}
	for (int i = at + 1; i < argc && status == 0; i++)
		status = read_list(argv[i], &terms);
	char *bytes = status == 0 ? read_file(argv[at], &length) : NULL;
	if (bytes == NULL || terms.count == 0)
		status = -1;
	else
		status = scan(&terms, bytes, length, rounds);
	for (unsigned i = 0; i < terms.count; i++)
		free(terms.texts[i]);
	free(terms.texts);
	free(terms.lengths);
	free(terms.flags);
	free(terms.ids);
	free(bytes);
	return status == 0 ? 0 : 1;
}
