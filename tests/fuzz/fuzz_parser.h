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

#include "fuzz_replay.h"

#endif

#endif
