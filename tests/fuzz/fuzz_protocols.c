/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzzes the protocols. The input is a script of one flow: a byte says who speaks and
 * how (bytes, a gap, an end), the next how much. Whatever is said, each body begins and
 * ends once, and nothing comes outside of it. What comes out must not depend on how the
 * bytes were cut, but where libhtp is at work, which looks at pieces.
 *   clang -DTW_LIBFUZZER -fsanitize=fuzzer,address,undefined ...    to fuzz
 *   without TW_LIBFUZZER                                            to replay files and folders
 */
#include <stdlib.h>

#include "fuzz_check.h"
#include "network/protocol.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct tw_body {
	unsigned number;
	uint64_t digest;
	bool lost; /* nothing but its end may come */
};

struct watch {
	unsigned begun, ended;
	bool http;
	uint64_t digest; /* of all bodies, in any order */
};

static uint64_t mixed(uint64_t digest, uint64_t value)
{
	return (digest ^ value) * UINT64_C(0x100000001b3);
}

static int on_begin(void *context, struct tw_flow *flow, const struct tw_body_start *start,
		    const struct tw_packet_at *at, struct tw_body **ret_body)
{
	struct watch *watch = context;
	struct tw_body *body = calloc(1, sizeof(*body));
	(void)at;
	CHECK(body != NULL && flow->id == 1 && start->direction < 2);
	body->number = watch->begun++;
	body->digest = mixed(start->direction, body->number);
	*ret_body = body;
	return TW_OK;
}

static int on_bytes(void *context, struct tw_body *body, struct tw_slice bytes,
		    const struct tw_packet_at *at)
{
	(void)context;
	(void)at;
	CHECK(body != NULL && bytes.length > 0 && !body->lost);
	for (size_t i = 0; i < bytes.length; i++)
		body->digest = mixed(body->digest, (uint64_t)tw_slice_at(bytes, i));
	return TW_OK;
}

static bool on_between(void *context, const struct tw_body *body)
{
	(void)context;
	return body->digest % 2 == 0;
}

static int on_gap(void *context, struct tw_body *body, uint64_t length, const struct tw_packet_at *at)
{
	(void)context;
	(void)at;
	CHECK(body != NULL && length > 0 && !body->lost);
	body->digest = mixed(body->digest, length + 1000);
	return TW_OK;
}

static int on_lost(void *context, struct tw_body *body, uint64_t length, const struct tw_packet_at *at)
{
	(void)context;
	(void)at;
	CHECK(body != NULL && !body->lost);
	body->lost = true;
	body->digest = mixed(body->digest, length + 2000);
	return TW_OK;
}

static int on_end(void *context, struct tw_body *body, bool whole, const struct tw_packet_at *at)
{
	struct watch *watch = context;
	(void)whole;
	(void)at;
	watch->ended++;
	watch->digest += body->digest;
	free(body);
	return TW_OK;
}

static int on_opaque(void *context, const struct tw_flow *flow, const struct tw_opaque_flow *opaque,
		     const struct tw_packet_at *at)
{
	struct watch *watch = context;
	(void)flow;
	(void)at;
	CHECK(opaque->server_name.length <= 255);
	watch->digest = mixed(watch->digest, opaque->bytes[0] + 3 * opaque->bytes[1]);
	return TW_OK;
}

static int on_anomaly(void *context, const struct tw_flow *flow, const char *code,
		      const struct tw_packet_at *at, const char *reason)
{
	(void)context;
	(void)flow;
	(void)at;
	CHECK(code != NULL && reason != NULL);
	return TW_OK;
}

/* In pieces of at most `most` bytes, each copied to memory of its exact size. */
static void say(const struct tw_stream_events *events, struct tw_flow *flow, unsigned direction,
		struct tw_slice bytes, size_t most)
{
	struct tw_packet_at at = {1, 1000};
	while (bytes.length > 0) {
		struct tw_slice part = tw_slice_part(bytes, 0, most);
		char *copy = malloc(part.length);
		CHECK(copy != NULL);
		memcpy(copy, part.data, part.length);
		CHECK(events->data(events->context, flow, direction,
				   tw_slice(copy, part.length), &at) == TW_OK);
		free(copy);
		bytes = tw_slice_from(bytes, part.length);
	}
}

enum { OP_DIRECTION = 1, OP_GAP = 2, OP_END = 4, OP_LONG = 8 };

static void play(const struct tw_stream_events *events, struct tw_flow *flow, struct tw_slice script,
		 size_t most)
{
	struct tw_packet_at at = {1, 1000};
	bool ended[2] = {false, false};
	while (script.length >= 2) {
		unsigned op = (unsigned)tw_slice_at(script, 0);
		size_t length = (size_t)tw_slice_at(script, 1) * ((op & OP_LONG) != 0 ? 64 : 1);
		unsigned direction = op & OP_DIRECTION;
		bool gap = (op & OP_GAP) != 0;
		struct tw_slice bytes = tw_slice_part(script, 2, gap ? 0 : length);
		script = tw_slice_from(script, 2 + bytes.length);
		if (ended[direction])
			continue;
		if (gap && length > 0)
			CHECK(events->gap(events->context, flow, direction, length, &at) == TW_OK);
		say(events, flow, direction, bytes, most);
		if ((op & OP_END) == 0)
			continue;
		ended[direction] = true;
		CHECK(events->end(events->context, flow, direction, TW_STREAM_FIN, &at) == TW_OK);
	}
	for (unsigned i = 0; i < 2; i++)
		if (!ended[i])
			CHECK(events->end(events->context, flow, i, TW_STREAM_RESET, &at) == TW_OK);
	events->close(events->context, flow, &at);
}

static struct watch run(struct tw_slice script, bool midstream, size_t most)
{
	struct watch watch = {0};
	struct tw_packet_at at = {1, 1000};
	struct tw_protocols *protocols;
	struct tw_flow flow = {.id = 1, .protocol = 6, .midstream = midstream,
			       .source = {.length = 4}, .destination = {.length = 4}};
	struct tw_body_events bodies = {&watch, on_begin, on_bytes,	  on_gap, on_lost,
					on_end, on_opaque, on_anomaly, on_between};
	CHECK(tw_protocols_create(&bodies, &protocols) == TW_OK);
	struct tw_stream_events events = tw_protocols_events(protocols);
	CHECK(events.open(events.context, &flow, &at) == TW_OK);
	play(&events, &flow, script, most);
	CHECK(flow.user == NULL && watch.begun == watch.ended);
	struct tw_protocol_counts counts[TW_PROTOCOL_COUNT + 1];
	tw_protocols_counts(protocols, counts);
	for (unsigned i = 0; counts[i].name != NULL; i++)
		watch.http |= counts[i].flows > 0 && counts[i].name[0] == 'h';
	tw_protocols_free(protocols);
	return watch;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tw_slice script = tw_slice((const char *)data, size);
	if (size < 1)
		return 0;
	bool midstream = (tw_slice_at(script, 0) & 1) != 0;
	script = tw_slice_from(script, 1);
	struct watch whole = run(script, midstream, SIZE_MAX);
	struct watch pieces = run(script, midstream, 1);
	CHECK(whole.http || pieces.http ||
	      (whole.begun == pieces.begun && whole.digest == pieces.digest));
	return 0;
}

#include "fuzz_inputs.h"
