/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzzes the reader of captures: the first byte chooses how many bytes come at once, the
 * rest is the capture. Read in one piece and in many, it must give the same packets and
 * the same end, and none that are larger than is allowed.
 *   clang -DTW_LIBFUZZER -fsanitize=fuzzer,address,undefined ...    to fuzz
 *   without TW_LIBFUZZER                                            to replay files and folders
 */
#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "fuzz_check.h"
#include "source/capture.h"

#define PACKET_MOST 4096u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct trickle {
	struct tw_slice bytes;
	size_t step;
};

static int64_t read_trickle(void *context, char *block, size_t size)
{
	struct trickle *trickle = context;
	struct tw_slice part =
		tw_slice_part(trickle->bytes, 0, size < trickle->step ? size : trickle->step);
	if (part.length > 0)
		memcpy(block, part.data, part.length);
	trickle->bytes = tw_slice_from(trickle->bytes, part.length);
	return (int64_t)part.length;
}

struct outcome {
	int status;
	uint64_t digest;
};

static struct outcome read_all(struct tw_slice bytes, size_t step)
{
	static const struct tw_capture_settings settings = {
		.packet_bytes = PACKET_MOST, .interfaces = 8, .first = 1};
	struct trickle trickle = {bytes, step};
	struct tw_capture_input input = {.context = &trickle, .read = read_trickle};
	struct outcome outcome = {0};
	struct tw_capture *capture;
	struct tw_packet packet;
	uint64_t number = 0;
	CHECK(tw_capture_create(&input, &settings, &capture) == TW_OK);
	while ((outcome.status = tw_capture_next(capture, &packet)) > 0) {
		CHECK(packet.bytes.length <= PACKET_MOST && packet.length >= packet.bytes.length);
		CHECK(packet.number == ++number && isfinite(packet.time));
		outcome.digest = tw_hash64(packet.bytes, outcome.digest + packet.link_type +
								 (uint64_t)packet.length);
	}
	CHECK((outcome.status < 0) == (tw_capture_problem(capture) != NULL));
	CHECK(tw_capture_counts(capture).packets == number);
	tw_capture_close(capture);
	return outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	struct tw_slice bytes = tw_slice((const char *)data + 1, size - 1);
	struct outcome whole = read_all(bytes, SIZE_MAX), parts = read_all(bytes, (size_t)data[0] + 1);
	CHECK(whole.status == parts.status && whole.digest == parts.digest);
	return 0;
}

#include "fuzz_inputs.h"
