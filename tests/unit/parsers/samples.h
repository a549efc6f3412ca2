/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEST_PARSERS_SAMPLES_H
#define TW_TEST_PARSERS_SAMPLES_H

/*
 * Reads the published samples of tests/corpus for the tests of the parsers. The caller
 * owns the buffer of SAMPLE_BYTES. Include it behind the recorder. Weakness: a sample
 * must be smaller than that.
 */

#include <stdio.h>
#include <stdlib.h>

#define SAMPLE_BYTES 16384u

/* `path` below tests/corpus; fails the test where it cannot be read. */
static struct tw_slice read_sample(const char *path, char *buffer)
{
	const char *root = getenv("srcdir");
	char full[4096];

	snprintf(full, sizeof(full), "%s/tests/corpus/%s", root == NULL ? "." : root, path);
	FILE *file = fopen(full, "rb");
	if (file == NULL)
		fail_msg("%s cannot be read", full);
	size_t length = fread(buffer, 1, SAMPLE_BYTES, file);
	fclose(file);
	assert_true(length < SAMPLE_BYTES);
	return tw_slice(buffer, length);
}

#endif
