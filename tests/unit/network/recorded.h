/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TESTS_RECORDED_H
#define TW_TESTS_RECORDED_H

/*
 * What a tap told, as text: "open >abc >gap3 <xyz >fin <fin close", with ">" to the
 * server and "!code" for an anomaly, "mid" for "open" where no handshake was seen, and
 * "other" for the other reading of a flow; data that follow each other are one word, so that
 * the text does not depend on how they were cut. For tests, one thread.
 */
#include <stdlib.h>

#include "base/buffer.h"
#include "network/tap.h"

struct recorded {
	struct tw_buffer text;
	int last; /* direction of the data written last, or -1 */
	unsigned flows;
};

static inline void recorded_word(struct recorded *recorded, const char *word)
{
	recorded->last = -1;
	if (recorded->text.length > 0)
		tw_buffer_append_byte(&recorded->text, ' ');
	tw_buffer_append_slice(&recorded->text, tw_slice_string(word));
}

static inline int recorded_open(void *context, struct tw_flow *flow, const struct tw_packet_at *at)
{
	struct recorded *recorded = context;
	(void)at;
	recorded->flows++;
	recorded_word(recorded, flow->primary != NULL ? "other"
				: flow->midstream     ? "mid"
						      : "open");
	return TW_OK;
}

static inline int recorded_data(void *context, struct tw_flow *flow, unsigned direction,
				struct tw_slice bytes, const struct tw_packet_at *at)
{
	struct recorded *recorded = context;
	(void)flow;
	(void)at;
	if (recorded->last != (int)direction)
		recorded_word(recorded, direction == TW_TO_SERVER ? ">" : "<");
	recorded->last = (int)direction;
	tw_buffer_append_slice(&recorded->text, bytes);
	return TW_OK;
}

static inline int recorded_gap(void *context, struct tw_flow *flow, unsigned direction,
			       uint64_t length, const struct tw_packet_at *at)
{
	struct recorded *recorded = context;
	(void)flow;
	(void)at;
	recorded_word(recorded, direction == TW_TO_SERVER ? ">gap" : "<gap");
	tw_buffer_printf(&recorded->text, "%llu", (unsigned long long)length);
	return TW_OK;
}

static inline int recorded_end(void *context, struct tw_flow *flow, unsigned direction,
			       enum tw_stream_end how, const struct tw_packet_at *at)
{
	static const char *const words[] = {"fin", "reset", "timeout", "end", "dropped"};
	struct recorded *recorded = context;
	(void)flow;
	(void)at;
	recorded_word(recorded, direction == TW_TO_SERVER ? ">" : "<");
	tw_buffer_append_slice(&recorded->text, tw_slice_string(words[how]));
	return TW_OK;
}

static inline void recorded_close(void *context, struct tw_flow *flow, const struct tw_packet_at *at)
{
	(void)flow;
	(void)at;
	recorded_word(context, "close");
}

static inline int recorded_anomaly(void *context, const struct tw_flow *flow, const char *code,
				   const struct tw_packet_at *at, const char *reason)
{
	(void)flow;
	(void)at;
	(void)reason;
	recorded_word(context, "!");
	tw_buffer_append_slice(&((struct recorded *)context)->text, tw_slice_string(code));
	return TW_OK;
}

static inline struct tw_stream_events recorded_events(struct recorded *recorded)
{
	*recorded = (struct recorded){.last = -1};
	return (struct tw_stream_events){
		.context = recorded,
		.open = recorded_open,
		.data = recorded_data,
		.gap = recorded_gap,
		.end = recorded_end,
		.close = recorded_close,
		.anomaly = recorded_anomaly,
	};
}

/* The end of a tap, with the numbers of what it told once. */
static inline int recorded_finish(struct recorded *recorded, struct tw_tap *tap)
{
	const struct tw_stream_events events = {.context = recorded, .anomaly = recorded_anomaly};
	const struct tw_packet_at at = {.number = 0};
	int status = tw_tap_finish(tap);
	struct tw_tap_counts counts = tw_tap_counts(tap);
	return status < 0 ? status : tw_tap_tell_numbers(&counts, &events, &at);
}

/* The shipped settings. */
static inline struct tw_tap_settings recorded_settings(void)
{
	struct tw_config *config;
	if (tw_config_create(&config) < 0)
		abort();
	struct tw_tap_settings settings = tw_tap_settings(config);
	tw_config_free(config);
	return settings;
}

#endif
