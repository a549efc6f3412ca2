/* SPDX-License-Identifier: Apache-2.0 */
#include "network/framed.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/ebcdic.h"

#define TEXT_BLOCK ((size_t)2048) /* bytes translated at a time */

/* One direction that begins so suffices: of the other the beginning may not have been seen. */
int tw_framed_probe(const struct tw_talk *talk, int (*probe)(struct tw_slice head))
{
	int spoken = 0;
	for (unsigned i = 0; i < 2; i++) {
		struct tw_slice head = tw_slice_part(tw_buffer_slice(&talk->head[i]), 0, TW_TALK_HEAD);
		int side = head.length == 0 ? 0 : probe(head);
		if (side > 0)
			return 1;
		spoken |= side;
	}
	return spoken;
}

int tw_framed_open(struct tw_talk *talk, size_t size, const struct tw_framed_kind *kind)
{
	struct tw_framed *framed = calloc(1, size);
	talk->state = framed;
	if (framed == NULL)
		return TW_ERROR_MEMORY;
	framed->kind = kind;
	tw_ebcdic_table("037", framed->ebcdic);
	return TW_OK;
}

/* ---- what is told ------------------------------------------------------------------------- */

static int tell_desync(struct tw_talk *talk, const struct tw_framed_place *place,
		       const struct tw_packet_at *at)
{
	char reason[160];
	char more[40] = "";
	if (place->times > 1)
		snprintf(more, sizeof(more), " in %llu more places", (unsigned long long)place->times);
	snprintf(reason, sizeof(reason), "%s: %llu bytes missing and %llu passed over before a header%s",
		 talk->protocol->name, (unsigned long long)place->missing,
		 (unsigned long long)place->passed, more);
	return tw_talk_anomaly(talk, "protocol.desync", at, reason);
}

/* A header, or the end, behind bytes that were lost. */
static int settle(struct tw_talk *talk, unsigned direction, const struct tw_packet_at *at)
{
	struct tw_framed *framed = talk->state;
	struct tw_framed_side *side = &framed->sides[direction];
	struct tw_framed_place here = side->here;
	uint64_t lost = here.missing + here.passed;
	if (lost == 0)
		return TW_OK;
	side->here = (struct tw_framed_place){0};
	int status = framed->kind->lost == NULL ? TW_OK
						: framed->kind->lost(talk, direction, lost, at);
	if (status < 0 || side->desyncs++ == 0)
		return status < 0 ? status : tell_desync(talk, &here, at);
	side->untold.times++;
	side->untold.missing += here.missing;
	side->untold.passed += here.passed;
	return TW_OK;
}

int tw_framed_unread(struct tw_talk *talk, unsigned direction, const char *reason,
		     const struct tw_packet_at *at)
{
	struct tw_framed *framed = talk->state;
	struct tw_framed_side *side = &framed->sides[direction];
	char text[160];
	snprintf(text, sizeof(text), "%s: %s", talk->protocol->name, reason);
	if (side->unread++ == 0)
		return tw_talk_anomaly(talk, "protocol.unread", at, text);
	side->unread_untold++;
	return TW_OK;
}

static int tell_rest(struct tw_talk *talk, struct tw_framed_side *side, const struct tw_packet_at *at)
{
	char reason[80];
	int status = side->untold.times > 0 ? tell_desync(talk, &side->untold, at) : TW_OK;
	if (status < 0 || side->unread_untold == 0)
		return status;
	snprintf(reason, sizeof(reason), "%s: %llu more messages were passed over",
		 talk->protocol->name, (unsigned long long)side->unread_untold);
	return tw_talk_anomaly(talk, "protocol.unread", at, reason);
}

int tw_framed_text(struct tw_talk *talk, unsigned direction, struct tw_body **body,
		   const unsigned char *table, struct tw_slice bytes,
		   const struct tw_packet_at *at)
{
	struct tw_body_start start = {.application = talk->protocol->name, .direction = direction};
	char block[TEXT_BLOCK];
	int status = TW_OK;
	if (bytes.length > 0 && *body == NULL)
		status = tw_talk_begin(talk, &start, at, body);
	while (bytes.length > 0 && status >= 0) {
		struct tw_slice part = table == NULL ? bytes : tw_slice_part(bytes, 0, sizeof(block));
		bytes = tw_slice_from(bytes, part.length);
		if (table != NULL) {
			memcpy(block, part.data, part.length);
			tw_ebcdic_translate(table, block, part.length);
			part.data = block;
		}
		status = tw_talk_bytes(talk, *body, part, at);
	}
	return status;
}

/* ---- frames ------------------------------------------------------------------------------- */

static int finish(struct tw_talk *talk, unsigned direction, bool whole, const struct tw_packet_at *at)
{
	struct tw_framed *framed = talk->state;
	framed->sides[direction].open = false;
	return framed->kind->end(talk, direction, whole, at);
}

static int begin(struct tw_talk *talk, unsigned direction, struct tw_slice header, uint64_t length,
		 const struct tw_packet_at *at)
{
	struct tw_framed *framed = talk->state;
	struct tw_framed_side *side = &framed->sides[direction];
	int status = settle(talk, direction, at);
	if (status < 0)
		return status;
	side->open = true;
	side->left = length - header.length;
	status = framed->kind->begin(talk, direction, header, at);
	return status < 0 || side->left > 0 ? status : finish(talk, direction, true, at);
}

/* Of the open frame. */
static int take_frame(struct tw_talk *talk, unsigned direction, struct tw_slice *bytes,
		      const struct tw_packet_at *at)
{
	struct tw_framed *framed = talk->state;
	struct tw_framed_side *side = &framed->sides[direction];
	struct tw_slice part = *bytes;
	if (side->left < part.length)
		part = tw_slice_part(*bytes, 0, (size_t)side->left);
	*bytes = tw_slice_from(*bytes, part.length);
	side->left -= part.length;
	int status = framed->kind->bytes(talk, direction, part, at);
	return status < 0 || side->left > 0 ? status : finish(talk, direction, true, at);
}

/* A header at the front of the bytes, or one byte that is none is passed over. */
static int take_header(struct tw_talk *talk, unsigned direction, struct tw_slice *bytes,
		       const struct tw_packet_at *at)
{
	struct tw_framed *framed = talk->state;
	struct tw_framed_side *side = &framed->sides[direction];
	uint64_t length;
	bool searching = side->here.passed + side->here.missing > 0;
	int size = framed->kind->header(*bytes, searching, &length);
	struct tw_slice header = tw_slice_part(*bytes, 0, size > 0 ? (size_t)size : 0);
	if (size > 0) {
		*bytes = tw_slice_from(*bytes, header.length);
		return begin(talk, direction, header, length, at);
	}
	if (size == 0 || bytes->length >= sizeof(side->held)) {
		side->here.passed++;
		*bytes = tw_slice_from(*bytes, 1);
		return TW_OK;
	}
	memcpy(side->held, bytes->data, bytes->length);
	side->held_length = bytes->length;
	*bytes = tw_slice_from(*bytes, bytes->length);
	return TW_OK;
}

/* One more byte of a header that began in an earlier piece; what it then shows is looked at. */
static int take_held(struct tw_talk *talk, unsigned direction, struct tw_slice *bytes,
		     const struct tw_packet_at *at)
{
	struct tw_framed *framed = talk->state;
	struct tw_framed_side *side = &framed->sides[direction];
	char held[TW_FRAMED_HEADER];
	size_t length = side->held_length;
	int status = TW_OK;
	memcpy(held, side->held, length);
	held[length++] = bytes->data[0];
	*bytes = tw_slice_from(*bytes, 1);
	side->held_length = 0;
	struct tw_slice rest = tw_slice(held, length);
	while (rest.length > 0 && status >= 0)
		status = side->open ? take_frame(talk, direction, &rest, at)
				    : take_header(talk, direction, &rest, at);
	return status;
}

int tw_framed_data(struct tw_talk *talk, unsigned direction, struct tw_slice bytes,
		   const struct tw_packet_at *at)
{
	struct tw_framed *framed = talk->state;
	struct tw_framed_side *side = &framed->sides[direction];
	int status = TW_OK;
	while (bytes.length > 0 && status >= 0) {
		if (side->open)
			status = take_frame(talk, direction, &bytes, at);
		else if (side->held_length > 0)
			status = take_held(talk, direction, &bytes, at);
		else
			status = take_header(talk, direction, &bytes, at);
	}
	return status;
}

/* What it began is no header. */
static void drop_held(struct tw_framed_side *side)
{
	side->here.passed += side->held_length;
	side->held_length = 0;
}

int tw_framed_gap(struct tw_talk *talk, unsigned direction, uint64_t length,
		  const struct tw_packet_at *at)
{
	struct tw_framed *framed = talk->state;
	struct tw_framed_side *side = &framed->sides[direction];
	drop_held(side);
	uint64_t inside = !side->open ? 0 : length < side->left ? length : side->left;
	side->here.missing += length - inside;
	if (inside == 0)
		return TW_OK;
	side->left -= inside;
	int status = framed->kind->gap(talk, direction, inside, at);
	return status < 0 || side->left > 0 ? status : finish(talk, direction, false, at);
}

int tw_framed_end(struct tw_talk *talk, unsigned direction, bool whole,
		  const struct tw_packet_at *at)
{
	struct tw_framed *framed = talk->state;
	struct tw_framed_side *side = &framed->sides[direction];
	(void)whole;
	drop_held(side);
	int status = side->open ? finish(talk, direction, false, at) : TW_OK;
	if (status >= 0)
		status = settle(talk, direction, at);
	if (status >= 0 && framed->kind->over != NULL)
		status = framed->kind->over(talk, direction, at);
	if (status >= 0)
		status = tell_rest(talk, side, at);
	if (status < 0 || ++framed->ends < 2 || framed->opaque[0] + framed->opaque[1] == 0)
		return status;
	struct tw_opaque_flow flow = {
		.reason = talk->protocol->name,
		.bytes = {framed->opaque[0], framed->opaque[1]},
	};
	return tw_talk_opaque(talk, &flow, at);
}
