/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzzes decoding, fragments and TCP. The first byte chooses settings and how the rest
 * is read: as packets as they are (a link type, a length, bytes), or as a script of
 * segments and fragments of two connections, so that the state machine is reached. In a
 * script the byte at a sequence number is the number itself, so that every byte that
 * comes out can be checked against its place: delivered bytes and gaps must agree.
 *   clang -DTW_LIBFUZZER -fsanitize=fuzzer,address,undefined ...    to fuzz
 *   without TW_LIBFUZZER                                            to replay files and folders
 */
#include <stdlib.h>

#include "../unit/network/packets.h"
#include "../unit/network/recorded.h"
#include "../unit/network/tapped.h"
#include "base/bytes.h"
#include "fuzz_check.h"
#include "network/alternate.h"
#include "network/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold of a flow, whatever the packets are. */
struct watched {
	uint64_t place[2]; /* bytes and gaps so far */
	int first[2];	   /* the first byte's value, less its place; -1: none yet */
	bool ended[2];
};

struct watch {
	bool numbered; /* bytes are their sequence numbers */
	uint64_t opened, closed, data, gaps, readings;
	uint64_t digest;
};

static void mix(struct watch *watch, uint64_t value)
{
	watch->digest = (watch->digest ^ value) * UINT64_C(0x100000001b3);
}

static int watch_open(void *context, struct tw_flow *flow, const struct tw_packet_at *at)
{
	struct watch *watch = context;
	struct watched *watched = calloc(1, sizeof(*watched));
	(void)at;
	CHECK(watched != NULL && flow->user == NULL && flow->id > 0);
	watched->first[0] = watched->first[1] = -1;
	flow->user = watched;
	CHECK(flow->primary == NULL || (!watch->numbered && flow->primary->user != NULL));
	watch->opened += flow->primary == NULL;
	watch->readings += flow->primary != NULL;
	mix(watch, flow->id);
	return TW_OK;
}

static int watch_data(void *context, struct tw_flow *flow, unsigned direction,
		      struct tw_slice bytes, const struct tw_packet_at *at)
{
	struct watch *watch = context;
	struct watched *watched = flow->user;
	(void)at;
	CHECK(watched != NULL && direction < 2 && !watched->ended[direction] && bytes.length > 0);
	if (watched->first[direction] < 0)
		watched->first[direction] =
			(int)((tw_byte(bytes, 0) - watched->place[direction]) & 0xff);
	for (size_t i = 0; i < bytes.length; i++) {
		unsigned expected = ((unsigned)watched->first[direction] +
				     (unsigned)(watched->place[direction] + i)) & 0xff;
		CHECK(!watch->numbered || tw_byte(bytes, i) == expected);
		mix(watch, tw_byte(bytes, i));
	}
	watched->place[direction] += bytes.length;
	watch->data += flow->primary == NULL ? bytes.length : 0;
	if (tw_byte(bytes, 0) == '.')
		tw_alternate_boundary(flow);
	return TW_OK;
}

static int watch_gap(void *context, struct tw_flow *flow, unsigned direction, uint64_t length,
		     const struct tw_packet_at *at)
{
	struct watch *watch = context;
	struct watched *watched = flow->user;
	(void)at;
	CHECK(watched != NULL && direction < 2 && !watched->ended[direction] && length > 0);
	watched->place[direction] += length;
	watch->gaps += flow->primary == NULL ? length : 0;
	mix(watch, length);
	return TW_OK;
}

static int watch_end(void *context, struct tw_flow *flow, unsigned direction,
		     enum tw_stream_end how, const struct tw_packet_at *at)
{
	struct watched *watched = flow->user;
	(void)at;
	CHECK(watched != NULL && direction < 2 && !watched->ended[direction]);
	watched->ended[direction] = true;
	mix(context, (uint64_t)how + 1000);
	return TW_OK;
}

static void watch_close(void *context, struct tw_flow *flow, const struct tw_packet_at *at)
{
	struct watch *watch = context;
	struct watched *watched = flow->user;
	(void)at;
	CHECK(watched != NULL && watched->ended[0] && watched->ended[1]);
	free(watched);
	watch->closed += flow->primary == NULL;
}

static int watch_anomaly(void *context, const struct tw_flow *flow, const char *code,
			 const struct tw_packet_at *at, const char *reason)
{
	(void)at;
	CHECK(flow == NULL || flow->user != NULL);
	CHECK(reason != NULL);
	mix(context, (uint64_t)(unsigned char)code[5]);
	return TW_OK;
}

static void hand_in(struct tw_tap *tap, struct tw_slice bytes, uint32_t length, uint32_t link_type,
		    double time)
{
	struct tw_packet packet = {.link_type = link_type, .time = time, .number = 1, .length = length};
	char *copy = malloc(bytes.length + (bytes.length == 0)); /* of its exact size */
	CHECK(copy != NULL);
	if (bytes.length > 0)
		memcpy(copy, bytes.data, bytes.length);
	packet.bytes = tw_slice(copy, bytes.length);
	CHECK(tapped_packet(tap, &packet) == TW_OK);
	free(copy);
}

/* Packets as they are: link type, time step, two bytes of length, bytes. */
static void play_raw(struct tw_tap *tap, struct tw_slice script)
{
	static const uint32_t types[] = {1, 101, 113, 276, 0, 239, 9, 50, 51, 108, 104, 147};
	double time = 1000;
	while (script.length >= 4) {
		uint32_t type = types[tw_byte(script, 0) % (sizeof(types) / sizeof(types[0]))];
		size_t length = tw_be16(script, 2) & 0x7ff;
		struct tw_slice bytes = tw_slice_part(script, 4, length);
		time += (double)(tw_byte(script, 1) & 15);
		hand_in(tap, bytes, (uint32_t)length, type, time);
		script = tw_slice_from(script, 4 + length);
	}
}

/*
 * One step of eight bytes: connection, direction and way; flags; sequence and
 * acknowledgement counted from a base, both in bytes; length; time; urgent and window.
 */
static void play_step(struct tw_tap *tap, struct tw_slice step, struct made *made, double *time,
		      bool numbered)
{
	static const double delays[] = {0, 0.01, 0.4, 1.1, 40, 70, 4000};
	unsigned how = tw_byte(step, 0), direction = how & 1, length = tw_byte(step, 4);
	uint32_t base[2] = {(how & 2) != 0 ? 0xffffff80 : 5000, 0x7fffffc0};
	struct made_end ends[2] = {{(how & 4) != 0, 1, (how & 2) != 0 ? 40000 : 40001},
				   {(how & 4) != 0, 2, 80}};
	struct made_tcp tcp = {
		.from = ends[direction],
		.to = ends[!direction],
		.flags = tw_byte(step, 1) & 0x37,
		.sequence = base[direction] + tw_byte(step, 2) * ((how & 8) != 0 ? 1000u : 1),
		.acknowledgement = base[!direction] + tw_byte(step, 3) * ((how & 16) != 0 ? 1000u : 1),
		.window = tw_byte(step, 7) * 300u,
		.urgent = tw_byte(step, 7) & 15,
		.scale = tw_byte(step, 6) & 7,
	};
	char payload[256 * 8];
	unsigned count = (how & 32) != 0 ? length * 8 : length;
	for (unsigned i = 0; i < count; i++)
		payload[i] = (char)(tcp.sequence + ((tcp.flags & TW_TCP_SYN) != 0) + i);
	if (!numbered && count > 0)
		payload[count / 2] = (char)tw_byte(step, 6);
	*time += delays[tw_byte(step, 5) % 7];
	struct tw_slice bytes = made_segment(made, &tcp, tw_slice(payload, count));
	size_t kept = (how & 64) != 0 && bytes.length > 80 ? bytes.length - 10 : bytes.length;
	hand_in(tap, tw_slice_part(bytes, 0, kept), (uint32_t)bytes.length, 1, *time);
}

static void play(struct tw_tap *tap, struct tw_slice script, bool raw, bool numbered)
{
	struct made *made = malloc(sizeof(*made));
	double time = 1000;
	CHECK(made != NULL);
	if (raw)
		play_raw(tap, script);
	for (; !raw && script.length >= 8; script = tw_slice_from(script, 8))
		play_step(tap, tw_slice_part(script, 0, 8), made, &time, numbered);
	free(made);
}

static struct tw_tap_settings choose(unsigned how)
{
	struct tw_tap_settings settings = recorded_settings();
	settings.overlap_last = (how & 4) != 0;
	settings.fragment_last = (how & 4) != 0;
	settings.memory_drop = (how & 8) != 0;
	settings.urgent_inline = (how & 2) != 0; /* else the numbers would not agree */
	if ((how & 16) != 0)
		settings.checksums = TW_CHECKSUMS_NO;
	if ((how & 32) != 0) {
		settings.reorder_bytes = 1500;
		settings.reorder_segments = 6;
		settings.overlap_bytes = 100;
		settings.fragment_memory = 8192;
	}
	if ((how & 64) != 0) {
		settings.memory = 4000;
		settings.flows = 1;
		settings.refuse_flows = (how & 128) != 0;
	}
	return settings;
}

static struct watch run(struct tw_slice script, unsigned how)
{
	struct watch watch = {.numbered = (how & 3) == 2};
	struct tw_stream_events consumer = {
		.context = &watch,
		.open = watch_open,
		.data = watch_data,
		.gap = watch_gap,
		.end = watch_end,
		.close = watch_close,
		.anomaly = watch_anomaly,
	};
	struct tw_tap_settings settings = choose(how);
	struct tw_alternate_settings keeping = {2000, 5000, settings.overlap_last};
	struct tw_alternate *alternate;
	struct tw_tap *tap;
	CHECK(tw_alternate_create(&keeping, &consumer, &alternate) == TW_OK);
	struct tw_stream_events events = tw_alternate_events(alternate);
	CHECK(tw_tap_create(&settings, &events, &tap) == TW_OK);
	play(tap, script, (how & 1) != 0, watch.numbered);
	CHECK(tw_tap_finish(tap) == TW_OK);
	struct tw_tap_counts counts = tw_tap_counts(tap);
	CHECK(watch.opened == watch.closed && watch.opened == counts.flows);
	CHECK(watch.data == counts.data_bytes && watch.gaps == counts.gap_bytes);
	CHECK(counts.memory == 0);
	CHECK(counts.memory_most <= settings.memory + 70000);
	CHECK(tw_alternate_counts(alternate).readings == watch.readings);
	CHECK(tw_alternate_counts(alternate).memory == 0);
	tw_tap_free(tap);
	tw_alternate_free(alternate);
	return watch;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	struct tw_slice script = tw_slice((const char *)data + 1, size - 1);
	CHECK(run(script, data[0]).digest == run(script, data[0]).digest);
	return 0;
}

#include "fuzz_inputs.h"
