/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_FUZZ_PARSER_H
#define TW_FUZZ_PARSER_H

/*
 * What the fuzz targets of the parsers share. The first byte of an input chooses
 * the limits, the second and third where windows are cut, the rest is the stream.
 * It is fed whole and in chunks: both must tell the sink the same. The recorder
 * checks what must hold whatever the bytes are; each window is a copy of its exact
 * size. A target includes the recorder of its parser, then this, and links that
 * parser alone, not the core library.
 *   clang -DTW_LIBFUZZER -fsanitize=fuzzer,address,undefined ...    to fuzz
 *   without TW_LIBFUZZER                                            to replay files and folders
 * Files named *.edi, *.EDI, *.x12, *.xml, *.json, *.imp are streams as they are:
 * they are replayed with several limits and chunk sizes, so that the samples serve as seeds.
 */
#include <dirent.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct cuts {
	uint64_t state;
	unsigned most;
};

static size_t next_cut(void *context)
{
	struct cuts *cuts = context;

	cuts->state = cuts->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return 1 + (size_t)((cuts->state >> 33) % cuts->most);
}

static void check_stream(struct tw_slice input, unsigned limits, unsigned seed)
{
	static const size_t bytes[] = {1 << 20, 64, 100, 1000};
	static const unsigned pieces[] = {4096, 8, 300, 20}, empties[] = {16, 1, 2, 3};
	struct cuts cuts = {.state = seed, .most = 1 + seed % 97};
	struct recorder_feed feed = {
		.input = input,
		.limits = {bytes[limits & 3], pieces[limits >> 2 & 3], empties[limits >> 4 & 3]},
		.chunk = SIZE_MAX,
	};
	struct tw_sink whole = {0}, parts = {0};

	RECORDER_CHECK(recorder_run(&feed, &whole, NULL) == TW_OK);
	feed.next = next_cut;
	feed.context = &cuts;
	RECORDER_CHECK(recorder_run(&feed, &parts, NULL) == TW_OK);
	if (whole.length != parts.length ||
	    (whole.length > 0 && memcmp(whole.text, parts.text, whole.length) != 0)) {
		fprintf(stderr, "--- whole\n%s--- parts\n%s", whole.text, parts.text);
		abort();
	}
	recorder_free(&whole);
	recorder_free(&parts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 3)
		return 0;
	check_stream(tw_slice((const char *)data + 3, size - 3), data[0],
		     data[1] + (unsigned)data[2] * 256);
	return 0;
}

#ifndef TW_LIBFUZZER

static bool named(const char *path, const char *ending)
{
	size_t length = strlen(path), tail = strlen(ending);

	return length >= tail && strcmp(path + length - tail, ending) == 0;
}

static void replay_bytes(const char *path, struct tw_slice bytes)
{
	static const char *const endings[] = {".edi", ".EDI", ".x12", ".xml", ".json", ".imp"};
	bool stream = false;

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		stream |= named(path, endings[i]);
	if (!stream) {
		LLVMFuzzerTestOneInput((const uint8_t *)bytes.data, bytes.length);
		return;
	}
	for (unsigned limits = 0; limits < 64; limits++)
		for (unsigned seed = 0; seed < 8; seed++)
			check_stream(bytes, limits, seed);
}

static int replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *bytes = NULL;
	size_t length = 0;

	if (file == NULL)
		return 1;
	for (size_t got = 1; got > 0; length += got) {
		char *grown = realloc(bytes, length + 65536);
		RECORDER_CHECK(grown != NULL);
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

#endif
