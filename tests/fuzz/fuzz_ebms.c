/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzzes the reader of ebMS headers, and what takes encodings off the text that they stand in:
 * whatever the bytes are, what is found in them does not depend on how many came at a time, and
 * texts keep to their limit.
 *   clang -DTW_LIBFUZZER -fsanitize=fuzzer,address,undefined ...    to fuzz
 *   without TW_LIBFUZZER                                            to replay files and folders
 */
#include <stdlib.h>

#include "engine/root.h"
#include "fuzz_check.h"
#include "network/ebms.h"

#define MOST ((size_t)4096) /* it is read again for each piece */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The front of the bytes, `step` more each time, in memory of its exact size. */
static struct tw_ebms read_in_steps(struct tw_slice bytes, size_t step, int *ret_known)
{
	struct tw_ebms ebms = {0};
	int known = 0;
	for (size_t length = step; known == 0; length += step) {
		size_t have = length < bytes.length ? length : bytes.length;
		char *copy = malloc(have + 1);
		CHECK(copy != NULL);
		memcpy(copy, bytes.data, have);
		known = tw_ebms_read(&ebms, tw_slice(copy, have));
		free(copy);
		if (have == bytes.length)
			break;
	}
	*ret_known = known;
	return ebms;
}

static bool same(const struct tw_ebms_text *a, const struct tw_ebms_text *b)
{
	CHECK(a->length <= TW_EBMS_TEXT && b->length <= TW_EBMS_TEXT);
	return tw_slice_equal(tw_ebms_slice(a), tw_ebms_slice(b));
}

static struct tw_root root_in_steps(struct tw_slice fields, struct tw_slice bytes, size_t step)
{
	struct tw_root root;
	CHECK(tw_root_begin(&root, fields) == TW_OK);
	for (size_t at = 0; at < bytes.length; at += step)
		CHECK(tw_root_push(&root, tw_slice_part(bytes, at, step)) == TW_OK);
	CHECK(tw_root_end(&root) == TW_OK);
	return root;
}

static void check_root(struct tw_slice bytes)
{
	const struct tw_slice fields[] = {
		{NULL, 0}, TW_LITERAL("Content-Type: multipart/related; boundary=\"=b\"\r\n\r\n"),
		TW_LITERAL("Content-Transfer-Encoding: base64\r\n\r\n"),
	};
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		struct tw_root whole = root_in_steps(fields[i], bytes, bytes.length);
		struct tw_root pieces = root_in_steps(fields[i], bytes, 7);
		CHECK(tw_slice_equal(tw_buffer_slice(&whole.text), tw_buffer_slice(&pieces.text)));
		tw_root_free(&whole);
		tw_root_free(&pieces);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tw_slice bytes = tw_slice_part(tw_slice((const char *)data, size), 0, MOST);
	int whole, step;
	if (size == 0)
		return 0;
	check_root(bytes);
	struct tw_ebms a = read_in_steps(bytes, bytes.length, &whole);
	struct tw_ebms b = read_in_steps(bytes, 7, &step);
	CHECK(whole == step && a.kind == b.kind && a.at <= bytes.length);
	if (whole > 0)
		CHECK(same(&a.from, &b.from) && same(&a.to, &b.to) && same(&a.message_id, &b.message_id) &&
		      a.body_used == b.body_used && a.body_encrypted == b.body_encrypted &&
		      a.attachments_encrypted == b.attachments_encrypted);
	return 0;
}

#include "fuzz_inputs.h"
