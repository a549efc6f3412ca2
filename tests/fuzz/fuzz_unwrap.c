/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzzes the unwrapper, every kind of layer. The first byte of an input chooses the
 * limits, whether header fields of MIME come first, whether there is a key to decrypt
 * with, and whether bytes are missing, the second where it is cut, the rest is the stream. It is fed whole and in chunks: both must give the same, and
 * unwrap_testing.h checks what must hold whatever the bytes are. Built and replayed as
 * fuzz_parser.h says; a file whose name has a dot in it is a stream as it is.
 */
#include "../unit/unwrap/unwrap_testing.h"

#include <unistd.h>

#include "unwrap/keys.h"

#include "unwrap_key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_file(char *path, const char *text)
{
	int file = mkstemp(path);
	UNWRAP_CHECK(file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text));
	close(file);
}

/* Loaded with the first input, and kept until the end. */
static const struct tw_unwrap_keys *keys(void)
{
	static struct tw_unwrap_keys *loaded;
	char key[] = "/tmp/fuzz_unwrap_XXXXXX", certificate[] = "/tmp/fuzz_unwrap_XXXXXX";
	struct tw_buffer reason = {0};
	if (loaded != NULL)
		return loaded;
	write_file(key, unwrap_key);
	write_file(certificate, unwrap_certificate);
	UNWRAP_CHECK(tw_unwrap_keys_load(key, certificate, &loaded, &reason) == TW_OK);
	unlink(key);
	unlink(certificate);
	tw_buffer_free(&reason);
	return loaded;
}

static void check_stream(struct tw_slice input, unsigned limits, unsigned cut)
{
	static const unsigned layers[] = {8, 1, 2, 4};
	static const uint64_t bytes[] = {1 << 22, 100};
	struct unwrap_run run = {.input = input, .layers = layers[limits & 3], .bytes = bytes[limits >> 2 & 1],
				 .mime = (limits & 8) != 0, .keys = (limits & 16) != 0 ? keys() : NULL,
				 .decrypted = (limits & 4) != 0 ? 1000 : 1 << 16};
	if ((limits & 32) != 0) {
		run.gap_at = input.length * cut / 256;
		run.gap_length = 1 + cut % 50;
	}
	struct unwrap_record whole = {0}, parts = {0}, less = {.discard = true};
	unwrap_record_run(&run, &whole);
	run.chunk = 1 + cut % 97;
	unwrap_record_run(&run, &parts);
	/* Where all is given up, it depends on the chunks which layer had the bytes that are passed over. */
	if (strstr(whole.problems.data, "unwrap.expansion") == NULL)
		unwrap_compare(&whole, &parts);
	/* How much may come out depends on what went in by then: only what must hold is checked. */
	run.ratio = 3;
	unwrap_record_run(&run, &less);
	unwrap_record_free(&whole);
	unwrap_record_free(&parts);
	unwrap_record_free(&less);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	check_stream(tw_slice((const char *)data + 2, size - 2), data[0], data[1]);
	return 0;
}

#ifndef TW_LIBFUZZER

static void replay_bytes(const char *path, struct tw_slice bytes)
{
	const char *name = strrchr(path, '/');
	if (strchr(name == NULL ? path : name, '.') == NULL) {
		LLVMFuzzerTestOneInput((const uint8_t *)bytes.data, bytes.length);
		return;
	}
	for (unsigned limits = 0; limits < 64; limits += limits < 32 ? 1 : 5)
		check_stream(bytes, limits, limits * 7 % 256);
}

#include "fuzz_replay.h"

#endif
