/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/bytes.h"
#include "base/ebcdic.h"
#include "network/framed.h"
#include "network/mq_structures.h"

/*
 * IBM MQ, channels without TLS: clients of a queue manager (MQPUT, MQPUT1, MQGET, messages
 * sent ahead, SPI calls) and queue managers among themselves. The stream is segments, each
 * behind a transmission segment header (TSH): identifier, length, for several
 * conversations in one connection (TSHM) their numbers, byte order, type, flags, unit of
 * work, encoding and CCSID. A message may be in several segments; those of different
 * conversations stand between each other. The data of each message are a body, as they come.
 *
 * All other segments are passed over by their length alone, so that what they say of users
 * (MQCONN, USERID_DATA, CONAUTH_INFO, SECURITY_DATA) is seen by nobody; mq_structures.h has
 * what stands before a message's data. Segments whose header says that they are compressed
 * are counted and are one `opaque` event, as are those of unknown types.
 *
 * Source: IBM does not publish the protocol. All numbers here are Wireshark's
 * (epan/dissectors/packet-mq.c and .h). Not confirmed by any other source: that later segments
 * of a message between queue managers may have an MSH each, and that flags of theirs may
 * be missing; both are read either way.
 *
 * Weakness: a message whose first segment was not seen is passed over (told), since user
 * names cannot be told from data in it. A flow that is met in the midst of a segment in
 * both directions is not known for MQ. Text is translated from the EBCDIC pages 037, 500
 * and 1047 where the message descriptor says that it is text; EDIFACT and X12 in others, or
 * not called text, are known by their first bytes. Messages in groups or in logical
 * segments (MQMF_SEGMENT) are bodies of their own.
 */
#define OPEN_MOST 64u /* messages under way at once in a direction; beyond it the oldest is given up */

/* Of a TSH and a TSHM. A segment cannot be longer than the longest message with its structures. */
#define TSH ((size_t)28)
#define TSHM ((size_t)36)
#define SEGMENT_MOST UINT64_C(105000000)

enum { BIG_ENDIAN_ORDER = 1, LITTLE_ENDIAN_ORDER = 2 };
enum { FLAG_FIRST = 0x10, FLAG_LAST = 0x20 };
enum { HEADER_COMPRESSED = 1, MESSAGE_COMPRESSED = 2 };
enum { TYPE_MESSAGE = 0x04 };

enum message_state {
	MESSAGE_STRUCTURES,
	MESSAGE_DATA,
	MESSAGE_PASSED,
	MESSAGE_NOTHING, /* there is none */
};

struct message {
	struct message *next;
	uint32_t conversation;
	unsigned type; /* of its segments */
	enum message_state state;
	struct tw_mq_walk walk;
	struct tw_body *body;
	const unsigned char *table; /* of its text; NULL: as it is */
	unsigned char ebcdic[256];
};

struct mq_side {
	struct message *open; /* the newest first */
	unsigned count;
	struct message *current; /* whose segment is under way; NULL: nobody's */
	struct tw_mq_walk prefix;
	bool in_prefix, last, opaque; /* of that segment */
};

struct mq {
	struct tw_framed framed;
	struct mq_side sides[2];
};

/* ---- segments ------------------------------------------------------------------------------- */

/* "TSH ", "TSHC" and "TSHM" in ASCII and in EBCDIC: the size of the header; 0: none. */
static size_t header_size(struct tw_slice head)
{
	static const struct {
		const char *identifier;
		size_t size;
	} headers[] = {
		{"TSH ", TSH},		  {"TSHC", TSH},	      {"TSHM", TSHM},
		{"\xe3\xe2\xc8\x40", TSH}, {"\xe3\xe2\xc8\xc3", TSH}, {"\xe3\xe2\xc8\xd4", TSHM},
	};
	struct tw_slice begin = tw_slice_part(head, 0, 4);
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		if (tw_slice_starts(tw_slice(headers[i].identifier, 4), begin))
			return headers[i].size;
	return 0;
}

/* What follows the identifiers of conversations, which only a TSHM has. */
static struct tw_slice behind_conversation(struct tw_slice header, size_t size)
{
	return tw_slice_from(header, 8 + size - TSH);
}

static int read_header(struct tw_slice head, bool searching, uint64_t *ret_length)
{
	size_t size = header_size(head);
	(void)searching;
	if (size == 0)
		return 0;
	if (head.length < 8)
		return -1;
	*ret_length = tw_be32(head, 4);
	if (*ret_length < size || *ret_length > SEGMENT_MOST)
		return 0;
	int order = tw_slice_at(behind_conversation(head, size), 0);
	if (order >= 0 && order != BIG_ENDIAN_ORDER && order != LITTLE_ENDIAN_ORDER)
		return 0;
	return head.length < size ? -1 : (int)size;
}

static int probe_head(struct tw_slice head)
{
	uint64_t length;
	int size = read_header(head, true, &length);
	return size > 0 ? 1 : size;
}

static int probe(const struct tw_talk *talk)
{
	return tw_framed_probe(talk, probe_head);
}

/* ---- messages ------------------------------------------------------------------------------- */

static struct message *find_message(struct mq_side *side, uint32_t conversation, unsigned type)
{
	struct message *message = side->open;
	while (message != NULL && (message->conversation != conversation || message->type != type))
		message = message->next;
	return message;
}

static int end_message(struct tw_talk *talk, struct mq_side *side, struct message *message,
		       bool whole, const struct tw_packet_at *at)
{
	struct message **place = &side->open;
	while (*place != message)
		place = &(*place)->next;
	*place = message->next;
	side->count--;
	int status = tw_talk_end(talk, &message->body, whole, at);
	free(message);
	return status;
}

static int give_up_oldest(struct tw_talk *talk, unsigned direction, const struct tw_packet_at *at)
{
	struct mq *mq = talk->state;
	struct mq_side *side = &mq->sides[direction];
	struct message *oldest = side->open;
	while (oldest->next != NULL)
		oldest = oldest->next;
	int status = end_message(talk, side, oldest, false, at);
	return status < 0 ? status
			  : tw_framed_unread(talk, direction,
					     "too many messages are under way: the oldest was given up", at);
}

static int begin_message(struct tw_talk *talk, unsigned direction, uint32_t conversation,
			 const struct tw_mq_segment *segment, const struct tw_packet_at *at)
{
	struct mq *mq = talk->state;
	struct mq_side *side = &mq->sides[direction];
	int status = side->count < OPEN_MOST ? TW_OK : give_up_oldest(talk, direction, at);
	struct message *message = calloc(1, sizeof(*message));
	if (message == NULL || status < 0) {
		free(message);
		return status < 0 ? status : TW_ERROR_MEMORY;
	}
	message->conversation = conversation;
	message->type = segment->type;
	message->next = side->open;
	side->open = side->current = message;
	side->count++;
	tw_mq_walk_message(&message->walk, segment, mq->framed.ebcdic);
	return TW_OK;
}

/* Nothing of the message is handed on any more. */
static int pass_message(struct tw_talk *talk, unsigned direction, struct message *message,
			const char *reason, const struct tw_packet_at *at)
{
	message->state = MESSAGE_PASSED;
	return tw_framed_unread(talk, direction, reason, at);
}

static const unsigned char *choose_table(struct message *message)
{
	static const struct {
		uint32_t ccsid; /* those with a euro sign too */
		const char *page;
	} pages[] = {{37, "037"}, {1140, "037"}, {500, "500"}, {1148, "500"}, {1047, "1047"}, {924, "1047"}};
	for (size_t i = 0; message->walk.text && i < sizeof(pages) / sizeof(pages[0]); i++)
		if (message->walk.page == pages[i].ccsid &&
		    tw_ebcdic_table(pages[i].page, message->ebcdic))
			return message->ebcdic;
	return NULL;
}

static int take_data(struct tw_talk *talk, unsigned direction, struct message *message,
		     struct tw_slice bytes, const struct tw_packet_at *at)
{
	return tw_framed_text(talk, direction, &message->body, message->table, bytes, at);
}

static int take_structures(struct tw_talk *talk, unsigned direction, struct message *message,
			   struct tw_slice bytes, const struct tw_packet_at *at)
{
	struct mq *mq = talk->state;
	int status = TW_OK;
	switch (tw_mq_walk(&message->walk, &bytes)) {
	case TW_MQ_DATA:
		message->state = MESSAGE_DATA;
		message->table = choose_table(message);
		status = take_data(talk, direction, message, tw_mq_walk_held(&message->walk), at);
		return status < 0 ? status : take_data(talk, direction, message, bytes, at);
	case TW_MQ_UNKNOWN:
		mq->framed.opaque[direction] += bytes.length;
		return pass_message(talk, direction, message,
				    "a message has structures that are not known", at);
	case TW_MQ_NOTHING:
		message->state = MESSAGE_NOTHING;
		break;
	case TW_MQ_NEXT:
	case TW_MQ_MORE:
		break;
	}
	return status;
}

static int take_message(struct tw_talk *talk, unsigned direction, struct message *message,
			struct tw_slice bytes, const struct tw_packet_at *at)
{
	struct mq *mq = talk->state;
	if (message->state == MESSAGE_STRUCTURES)
		return take_structures(talk, direction, message, bytes, at);
	if (message->state == MESSAGE_DATA)
		return take_data(talk, direction, message, bytes, at);
	mq->framed.opaque[direction] += message->state == MESSAGE_PASSED ? bytes.length : 0;
	return TW_OK;
}

/* ---- what frames tell ----------------------------------------------------------------------- */

/* A message's segment: its first, or one of a message that is under way. */
static int begin_carrier(struct tw_talk *talk, unsigned direction, struct tw_mq_segment *segment,
			 uint32_t conversation, const struct tw_packet_at *at)
{
	struct mq *mq = talk->state;
	struct mq_side *side = &mq->sides[direction];
	struct message *message = find_message(side, conversation, segment->type);
	int status = TW_OK;
	side->in_prefix = tw_mq_walk_prefix(&side->prefix, segment, mq->framed.ebcdic);
	if (segment->first && message != NULL)
		status = end_message(talk, side, message, false, at);
	if (segment->first)
		return status < 0 ? status
				  : begin_message(talk, direction, conversation, segment, at);
	side->current = message;
	side->opaque = message == NULL;
	if (message != NULL)
		return TW_OK;
	return tw_framed_unread(talk, direction, "a segment stands without the first of its message", at);
}

static bool is_known(unsigned type)
{
	return (type >= 0x01 && type <= 0x0f) || (type >= 0x81 && type <= 0x8f) ||
	       (type >= 0x91 && type <= 0x9f) || (type >= 0xa1 && type <= 0xaa) ||
	       (type >= 0xb1 && type <= 0xba);
}

static struct tw_mq_segment read_fields(struct tw_slice fields)
{
	bool little = tw_byte(fields, 0) == LITTLE_ENDIAN_ORDER;
	uint32_t page = tw_be16(fields, 16);
	return (struct tw_mq_segment){
		.type = tw_byte(fields, 1),
		.first = (tw_byte(fields, 2) & FLAG_FIRST) != 0,
		.little = little,
		.page = little ? (page >> 8 | page << 8) & 0xffff : page,
	};
}

static int begin_segment(struct tw_talk *talk, unsigned direction, struct tw_slice header,
			 const struct tw_packet_at *at)
{
	struct mq *mq = talk->state;
	struct mq_side *side = &mq->sides[direction];
	struct tw_slice fields = behind_conversation(header, header.length);
	uint32_t conversation = header.length == TSHM ? tw_be32(header, 8) : 0;
	struct tw_mq_segment segment = read_fields(fields);
	bool compressed = (tw_byte(fields, 3) & (HEADER_COMPRESSED | MESSAGE_COMPRESSED)) != 0;
	side->current = NULL;
	side->last = (tw_byte(fields, 2) & FLAG_LAST) != 0;
	side->opaque = compressed || !is_known(segment.type);
	if (!tw_mq_carries(segment.type))
		return TW_OK;
	struct message *message = find_message(side, conversation, segment.type);
	if (compressed) /* what is under way is not followed into it */
		return message == NULL ? TW_OK : end_message(talk, side, message, false, at);
	if (segment.type == TYPE_MESSAGE && message == NULL) {
		side->last |= !segment.first;
		segment.first = true;
	}
	return begin_carrier(talk, direction, &segment, conversation, at);
}

/* What a segment has by itself, before what it has of the message. */
static int take_prefix(struct tw_talk *talk, unsigned direction, struct tw_slice *bytes,
		       const struct tw_packet_at *at)
{
	struct mq *mq = talk->state;
	struct mq_side *side = &mq->sides[direction];
	if (tw_mq_walk(&side->prefix, bytes) != TW_MQ_DATA)
		return TW_OK;
	side->in_prefix = false;
	return take_message(talk, direction, side->current, tw_mq_walk_held(&side->prefix), at);
}

static int take_segment(struct tw_talk *talk, unsigned direction, struct tw_slice bytes,
			const struct tw_packet_at *at)
{
	struct mq *mq = talk->state;
	struct mq_side *side = &mq->sides[direction];
	int status = TW_OK;
	if (side->current == NULL)
		mq->framed.opaque[direction] += side->opaque ? bytes.length : 0;
	else if (side->in_prefix)
		status = take_prefix(talk, direction, &bytes, at);
	return status < 0 || side->current == NULL
		       ? status
		       : take_message(talk, direction, side->current, bytes, at);
}

/* A message's data go on behind missing bytes, its structures cannot be followed. */
static int lose(struct tw_talk *talk, unsigned direction, struct message *message, uint64_t length,
		const struct tw_packet_at *at)
{
	if (message->state == MESSAGE_DATA)
		return tw_talk_gap(talk, message->body, length, at);
	return message->state != MESSAGE_STRUCTURES
		       ? TW_OK
		       : pass_message(talk, direction, message,
				      "bytes are missing before the data of a message", at);
}

static int take_gap(struct tw_talk *talk, unsigned direction, uint64_t length,
		    const struct tw_packet_at *at)
{
	struct mq *mq = talk->state;
	struct mq_side *side = &mq->sides[direction];
	struct message *message = side->current;
	if (message == NULL)
		mq->framed.opaque[direction] += side->opaque ? length : 0;
	if (message == NULL || !side->in_prefix)
		return message == NULL ? TW_OK : lose(talk, direction, message, length, at);
	side->current = NULL;
	side->opaque = true;
	int status = end_message(talk, side, message, false, at);
	return status < 0 ? status
			  : tw_framed_unread(talk, direction,
					     "bytes are missing before what a segment has", at);
}

/* Segments may have been among what is missing. */
static int take_lost(struct tw_talk *talk, unsigned direction, uint64_t bytes,
		     const struct tw_packet_at *at)
{
	struct mq *mq = talk->state;
	int status = TW_OK;
	for (struct message *message = mq->sides[direction].open; message != NULL && status >= 0;
	     message = message->next)
		status = lose(talk, direction, message, bytes, at);
	return status;
}

/* What was held until more would come is data after all. */
static int take_rest(struct tw_talk *talk, unsigned direction, struct message *message,
		     const struct tw_packet_at *at)
{
	struct mq *mq = talk->state;
	struct mq_side *side = &mq->sides[direction];
	int status = TW_OK;
	if (side->in_prefix)
		status = take_message(talk, direction, message, tw_mq_walk_rest(&side->prefix), at);
	if (status < 0 || !side->last || message->state != MESSAGE_STRUCTURES)
		return status;
	bool cut = (side->in_prefix && !tw_mq_walk_between(&side->prefix)) ||
		   !tw_mq_walk_between(&message->walk);
	if (cut)
		return pass_message(talk, direction, message, "a message ends before its data", at);
	return take_data(talk, direction, message, tw_mq_walk_rest(&message->walk), at);
}

static int end_segment(struct tw_talk *talk, unsigned direction, bool whole,
		       const struct tw_packet_at *at)
{
	struct mq *mq = talk->state;
	struct mq_side *side = &mq->sides[direction];
	struct message *message = side->current;
	side->current = NULL;
	if (message == NULL)
		return TW_OK;
	int status = take_rest(talk, direction, message, at);
	return status < 0 || !side->last ? status : end_message(talk, side, message, whole, at);
}

static int end_direction(struct tw_talk *talk, unsigned direction, const struct tw_packet_at *at)
{
	struct mq *mq = talk->state;
	struct mq_side *side = &mq->sides[direction];
	int status = TW_OK;
	while (side->open != NULL && status >= 0)
		status = end_message(talk, side, side->open, false, at);
	return status;
}

static const struct tw_framed_kind segments = {
	.header = read_header,
	.begin = begin_segment,
	.bytes = take_segment,
	.gap = take_gap,
	.end = end_segment,
	.lost = take_lost,
	.over = end_direction,
};

static int open_mq(struct tw_talk *talk)
{
	return tw_framed_open(talk, sizeof(struct mq), &segments);
}

/* A run may end early: bodies that are open are their taker's then. */
static void close_mq(struct tw_talk *talk)
{
	struct mq *mq = talk->state;
	for (unsigned i = 0; mq != NULL && i < 2; i++) {
		while (mq->sides[i].open != NULL) {
			struct message *message = mq->sides[i].open;
			mq->sides[i].open = message->next;
			free(message);
		}
	}
	free(mq);
}

const struct tw_protocol tw_protocol_mq = {
	.name = "mq",
	.probe = probe,
	.open = open_mq,
	.data = tw_framed_data,
	.gap = tw_framed_gap,
	.end = tw_framed_end,
	.close = close_mq,
};
