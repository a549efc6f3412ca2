/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "network/alternate.h"
#include "network/protocol_private.h"

/*
 * A connection that speaks no protocol known here: each direction is a body. So EDI
 * over a bare socket is read, with its beginning seen or not.
 */
struct plain {
	struct tw_body *bodies[2]; /* from the first byte on */
};

static int probe(const struct tw_talk *talk)
{
	(void)talk;
	return 1;
}

static int open_plain(struct tw_talk *talk)
{
	talk->state = calloc(1, sizeof(struct plain));
	return talk->state == NULL ? TW_ERROR_MEMORY : TW_OK;
}

static int begin(struct tw_talk *talk, unsigned direction, const struct tw_packet_at *at)
{
	struct plain *plain = talk->state;
	struct tw_body_start start = {
		.application = talk->application == NULL ? "tcp" : talk->application,
		.direction = direction,
	};
	if (plain->bodies[direction] != NULL)
		return TW_OK;
	return tw_talk_begin(talk, &start, at, &plain->bodies[direction]);
}

/* Whether a direction stands between two messages, or has said nothing. */
static bool is_between(const struct tw_talk *talk, unsigned direction)
{
	const struct plain *plain = talk->state;
	const struct tw_body_events *events = tw_talk_events(talk);
	const struct tw_body *body = plain->bodies[direction];
	return body == NULL || (events->between != NULL && events->between(events->context, body));
}

static int data(struct tw_talk *talk, unsigned direction, struct tw_slice bytes,
		const struct tw_packet_at *at)
{
	struct plain *plain = talk->state;
	int status = begin(talk, direction, at);
	if (status >= 0)
		status = tw_talk_bytes(talk, plain->bodies[direction], bytes, at);
	if (status >= 0 && is_between(talk, TW_TO_SERVER) && is_between(talk, TW_TO_CLIENT))
		tw_alternate_boundary(talk->flow);
	return status;
}

static int gap(struct tw_talk *talk, unsigned direction, uint64_t length,
	       const struct tw_packet_at *at)
{
	struct plain *plain = talk->state;
	int status = begin(talk, direction, at);
	return status < 0 ? status : tw_talk_gap(talk, plain->bodies[direction], length, at);
}

static int end(struct tw_talk *talk, unsigned direction, bool whole, const struct tw_packet_at *at)
{
	struct plain *plain = talk->state;
	return tw_talk_end(talk, &plain->bodies[direction], whole, at);
}

static void close_plain(struct tw_talk *talk)
{
	free(talk->state);
}

const struct tw_protocol tw_protocol_plain = {
	.name = "tcp",
	.probe = probe,
	.open = open_plain,
	.data = data,
	.gap = gap,
	.end = end,
	.close = close_plain,
};
