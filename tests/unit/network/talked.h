/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TESTS_TALKED_H
#define TW_TESTS_TALKED_H

/*
 * Conversations given to the protocols, without packets, and what they handed on, as text:
 * each body when it ends, ">abc." to the server, "<" to the client, "~" at its end where it
 * is not whole, "{3}" for three missing bytes, "{3 lost}" where nothing can be read behind them; "!code" for an anomaly, "opaque=5/7" for bytes
 * to the server and to the client. Words have a blank between them. Include cmocka first.
 */
#include <stdlib.h>

#include "base/buffer.h"
#include "network/protocol.h"

/* What is said, missing (`gap`, of so many bytes), or both: said behind what is missing. */
struct said {
	unsigned direction;
	struct tw_slice bytes;
	uint64_t gap;
};

struct tw_body {
	struct tw_buffer text;
};

struct talked {
	struct tw_buffer text;
	const char *protocol; /* that must have been chosen; NULL: any */
	unsigned open;
};

static inline void talked_word(struct talked *talked, struct tw_slice word)
{
	if (talked->text.length > 0)
		tw_buffer_append_byte(&talked->text, ' ');
	tw_buffer_append_slice(&talked->text, word);
}

static inline int talked_begin(void *context, struct tw_flow *flow,
			       const struct tw_body_start *start, const struct tw_packet_at *at,
			       struct tw_body **ret_body)
{
	struct talked *talked = context;
	struct tw_body *body = calloc(1, sizeof(*body));
	(void)flow;
	(void)at;
	assert_non_null(body);
	assert_true(talked->protocol == NULL || strcmp(start->application, talked->protocol) == 0);
	tw_buffer_append_byte(&body->text, start->direction == TW_TO_SERVER ? '>' : '<');
	talked->open++;
	*ret_body = body;
	return TW_OK;
}

static inline int talked_bytes(void *context, struct tw_body *body, struct tw_slice bytes,
			       const struct tw_packet_at *at)
{
	(void)context;
	(void)at;
	assert_true(bytes.length > 0);
	tw_buffer_append_slice(&body->text, bytes);
	return TW_OK;
}

static inline int talked_gap(void *context, struct tw_body *body, uint64_t length,
			     const struct tw_packet_at *at)
{
	(void)context;
	(void)at;
	tw_buffer_printf(&body->text, "{%llu}", (unsigned long long)length);
	return TW_OK;
}

static inline int talked_lost(void *context, struct tw_body *body, uint64_t length,
			      const struct tw_packet_at *at)
{
	(void)context;
	(void)at;
	tw_buffer_printf(&body->text, "{%llu lost}", (unsigned long long)length);
	return TW_OK;
}

static inline int talked_end(void *context, struct tw_body *body, bool whole,
			     const struct tw_packet_at *at)
{
	struct talked *talked = context;
	(void)at;
	tw_buffer_append_byte(&body->text, whole ? '.' : '~');
	talked_word(talked, tw_buffer_slice(&body->text));
	talked->open--;
	tw_buffer_free(&body->text);
	free(body);
	return TW_OK;
}

static inline int talked_opaque(void *context, const struct tw_flow *flow,
				const struct tw_opaque_flow *opaque, const struct tw_packet_at *at)
{
	struct talked *talked = context;
	char word[64];
	(void)flow;
	(void)at;
	assert_true(talked->protocol == NULL || strcmp(opaque->reason, talked->protocol) == 0);
	snprintf(word, sizeof(word), "opaque=%llu/%llu", (unsigned long long)opaque->bytes[0],
		 (unsigned long long)opaque->bytes[1]);
	talked_word(talked, tw_slice_string(word));
	return TW_OK;
}

static inline int talked_anomaly(void *context, const struct tw_flow *flow, const char *code,
				 const struct tw_packet_at *at, const char *reason)
{
	struct talked *talked = context;
	(void)flow;
	(void)at;
	assert_true(strlen(reason) > 0);
	talked_word(talked, TW_LITERAL("!"));
	tw_buffer_append_slice(&talked->text, tw_slice_string(code));
	return TW_OK;
}

/* One piece, in memory of its exact size, so that a sanitizer sees whoever leaves it. */
static inline void talked_say(const struct tw_stream_events *events, struct tw_flow *flow,
			      unsigned direction, struct tw_slice bytes)
{
	struct tw_packet_at at = {1, 1000};
	char *copy = malloc(bytes.length);
	assert_non_null(copy);
	memcpy(copy, bytes.data, bytes.length);
	assert_int_equal(events->data(events->context, flow, direction, tw_slice(copy, bytes.length), &at),
			 TW_OK);
	free(copy);
}

/*
 * Plays `count` turns in pieces of at most `most` bytes, the last one without its last `cut`
 * bytes. `protocol`: that must be chosen, or NULL. The text is the caller's to free.
 */
static inline struct talked talk(const char *protocol, const struct said *said, size_t count,
				 size_t most, size_t cut)
{
	struct talked talked = {.protocol = protocol};
	struct tw_packet_at at = {1, 1000};
	struct tw_flow flow = {.id = 1, .source = {.length = 4}, .destination = {.length = 4}};
	struct tw_body_events bodies = {&talked,     talked_begin, talked_bytes,	talked_gap,
					talked_lost, talked_end,   talked_opaque, talked_anomaly, NULL};
	struct tw_protocols *protocols;
	assert_int_equal(tw_protocols_create(&bodies, &protocols), TW_OK);
	struct tw_stream_events events = tw_protocols_events(protocols);
	assert_int_equal(events.open(events.context, &flow, &at), TW_OK);
	for (size_t i = 0; i < count; i++) {
		struct tw_slice bytes = said[i].bytes;
		bytes.length -= i + 1 == count ? cut : 0;
		if (said[i].gap > 0)
			assert_int_equal(events.gap(events.context, &flow, said[i].direction,
						    said[i].gap, &at), TW_OK);
		for (; bytes.length > 0; bytes = tw_slice_from(bytes, most))
			talked_say(&events, &flow, said[i].direction, tw_slice_part(bytes, 0, most));
	}
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(events.end(events.context, &flow, i, TW_STREAM_FIN, &at), TW_OK);
	events.close(events.context, &flow, &at);
	tw_protocols_free(protocols);
	assert_int_equal(talked.open, 0);
	tw_buffer_append_byte(&talked.text, '\0');
	return talked;
}

/* Whatever the pieces are, the text is this. */
static inline void assert_talk(const char *protocol, const struct said *said, size_t count,
			       const char *expected)
{
	static const size_t sizes[] = {SIZE_MAX, 1, 2, 3, 7, 29};
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct talked talked = talk(protocol, said, count, sizes[i], 0);
		assert_string_equal(talked.text.data, expected);
		tw_buffer_free(&talked.text);
	}
}

/* Cut at every byte of its last turn, nothing leaves its memory, and `hidden` is handed on nowhere. */
static inline void assert_cut(const struct said *said, size_t count, const char *hidden)
{
	for (size_t cut = 0; cut <= said[count - 1].bytes.length; cut++) {
		struct talked talked = talk(NULL, said, count, 5, cut);
		assert_null(strstr(talked.text.data, hidden));
		tw_buffer_free(&talked.text);
	}
}

#endif
