/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/bytes.h"
#include "base/ebcdic.h"
#include "network/framed.h"

/*
 * MATIP, which carries airlines' Type A and Type B traffic over TCP (RFC 2351): packets of
 * a header of four bytes (section 7) and what it announces. A Session Open, from either
 * side, says what the session carries, and in which coding, until the next one or a
 * Session Close; all of it holds for both directions.
 *
 * Type B (section 10) is messages: each data packet has one, which is a body. The RFC has
 * no way to spread one over several packets. Type A (sections 8 and 9) is what terminals
 * and hosts say about passengers: its bytes are counted and are one `opaque` event; they
 * are never looked at, handed on or kept. Where no Session Open was seen a packet is
 * Type B if it begins as such a message does, and else is treated as Type A.
 *
 * Weakness: codings of five and six bits are not read (told). EBCDIC is taken for page 037.
 * The RFC names BATAP, which secures Type B, and does not describe it: its own bytes
 * are handed on with the message. Section 10.1.1 places the identifiers of the hosts
 * beyond the length it gives; the length is believed here, the identifiers are not needed.
 * A flow that is met in the midst of a packet in both directions is not known for MATIP.
 */
#define HEADER ((size_t)4)
#define JUDGED ((size_t)64) /* bytes of a packet that tell whether it is Type B */

enum { CONTROL = 0x80, SESSION_OPEN = 0xfe, OPEN_CONFIRM = 0xfd, SESSION_CLOSE = 0xfc };

enum traffic { TRAFFIC_UNKNOWN, TRAFFIC_A, TRAFFIC_B };

/* PACKET_OPEN: until it has said what the session carries; PACKET_JUDGED: until it has shown it. */
enum packet { PACKET_CONTROL, PACKET_OPEN, PACKET_MESSAGE, PACKET_JUDGED, PACKET_OPAQUE };

struct matip_side {
	enum packet packet; /* the one under way */
	struct tw_body *message;
	const unsigned char *table; /* of it; NULL: it is ASCII */
	char judged[JUDGED];
	size_t length; /* of it */
};

struct matip {
	struct tw_framed framed;
	struct matip_side sides[2];
	enum traffic traffic; /* of the session */
	unsigned coding;
	bool told; /* that it is not read */
};

/* ---- headers ------------------------------------------------------------------------------- */

/* Sections 8.1, 9.1 and 10.1: the least lengths of control packets. */
static uint64_t least_length(int command)
{
	if ((command & CONTROL) == 0)
		return HEADER;
	return command == SESSION_OPEN ? HEADER + 2 : HEADER + 1;
}

/* Section 7: five bits 0 and version 1, control bit and command, length with the header. */
static int read_header(struct tw_slice head, bool searching, uint64_t *ret_length)
{
	int command = tw_slice_at(head, 1);
	if (tw_slice_at(head, 0) != 1)
		return 0;
	if (command >= CONTROL && command < SESSION_CLOSE)
		return 0;
	if (command > SESSION_OPEN || (command > 0 && command < CONTROL && searching))
		return 0;
	if (head.length < HEADER)
		return -1;
	*ret_length = tw_be16(head, 2);
	return *ret_length < least_length(command) ? 0 : (int)HEADER;
}

/* ---- what Type B begins with ---------------------------------------------------------------- */

/* "a": a letter, "d": a digit, all else is itself. Whether the text begins so: 1, 0, -1: more. */
static int begins(struct tw_slice text, const char *pattern)
{
	for (size_t i = 0; pattern[i] != '\0'; i++) {
		int byte = tw_slice_at(text, i);
		if (byte < 0)
			return -1;
		bool fits = pattern[i] == 'a'	? byte >= 'A' && byte <= 'Z'
			    : pattern[i] == 'd' ? byte >= '0' && byte <= '9'
						: byte == pattern[i];
		if (!fits)
			return 0;
	}
	return 1;
}

/* A priority and an address, the start of a message, of EDIFACT, of Cargo-IMP, of a gateway's file. */
static const char *const beginnings[] = {"Qa aaa", "ZCZC", "UNA", "UNB", "Faa/d", "=HEADER",
					 "=PRIORITY", "=DESTINATION", "=ORIGIN"};

static bool is_lead(int byte)
{
	return byte == ' ' || byte == '\r' || byte == '\n' || byte == 1 || byte == 2;
}

static int begins_message(struct tw_slice text)
{
	bool open = false;
	while (text.length > 0 && is_lead(tw_slice_at(text, 0)))
		text = tw_slice_from(text, 1);
	for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++) {
		int so = begins(text, beginnings[i]);
		if (so > 0)
			return 1;
		open |= so < 0;
	}
	return open ? -1 : 0;
}

/* Whether a packet's text is Type B: 1, 0, -1: more tells. *ret_ebcdic: in which coding. */
static int judge(const unsigned char ebcdic[256], struct tw_slice text, bool *ret_ebcdic)
{
	char latin[JUDGED];
	struct tw_slice head = tw_slice_part(text, 0, sizeof(latin));
	int so = begins_message(head);
	*ret_ebcdic = false;
	if (so > 0 || head.length == 0)
		return so;
	memcpy(latin, head.data, head.length);
	tw_ebcdic_translate(ebcdic, latin, head.length);
	int other = begins_message(tw_slice(latin, head.length));
	*ret_ebcdic = other > 0;
	if (other > 0)
		return 1;
	return (so < 0 || other < 0) && head.length < sizeof(latin) ? -1 : 0;
}

/* ---- which protocol ------------------------------------------------------------------------- */

/* Sections 8.1.1, 9.1.1 and 10.1.1: the byte behind the header of a Session Open. */
static enum traffic traffic_of(int byte)
{
	return (byte & 0xf8) == 0x10 ? TRAFFIC_A : (byte & 0xf8) == 0 ? TRAFFIC_B : TRAFFIC_UNKNOWN;
}

/* A Session Open tells, or a data packet that has Type B in it or another packet behind it. */
static int probe_head(struct tw_slice head)
{
	unsigned char ebcdic[256];
	bool translated;
	uint64_t length;
	int size = read_header(head, true, &length);
	if (size <= 0)
		return size;
	if (tw_slice_at(head, 1) == SESSION_OPEN)
		return head.length == HEADER ? -1 : traffic_of(tw_slice_at(head, HEADER)) != TRAFFIC_UNKNOWN;
	struct tw_slice text = tw_slice_part(head, HEADER, (size_t)length - HEADER);
	struct tw_slice next = tw_slice_from(head, (size_t)length);
	tw_ebcdic_table("037", ebcdic);
	if ((tw_slice_at(head, 1) & CONTROL) == 0 && judge(ebcdic, text, &translated) > 0)
		return 1;
	size = next.length == 0 ? -1 : read_header(next, true, &length);
	return size > 0 ? 1 : size;
}

/* Whether packets may have begun in each direction that has begun, and one has a header. */
static int may_be(const struct tw_talk *talk)
{
	bool header = false;
	for (unsigned i = 0; i < 2; i++) {
		struct tw_slice head = tw_slice_part(tw_buffer_slice(&talk->head[i]), 0, TW_TALK_HEAD);
		if (head.length > 0 && probe_head(head) == 0)
			return 0;
		header |= head.length >= HEADER;
	}
	return header ? 1 : 0;
}

/*
 * Where nothing comes that could tell, what has the header of a packet is one: better that
 * something else is passed over than that Type A is looked into.
 */
static int probe(const struct tw_talk *talk)
{
	int spoken = tw_framed_probe(talk, probe_head);
	return spoken < 0 && talk->last ? may_be(talk) : spoken;
}

/* ---- packets -------------------------------------------------------------------------------- */

static void open_session(struct matip *matip, int byte)
{
	matip->traffic = traffic_of(byte);
	matip->coding = (unsigned)byte & 7;
	matip->told = false;
}

/* Section 8.1.1, CD. */
enum { CODING_ASCII = 4, CODING_EBCDIC = 6 };

static enum packet data_packet(struct matip *matip, struct matip_side *side)
{
	if (matip->traffic == TRAFFIC_UNKNOWN)
		return PACKET_JUDGED;
	side->table = matip->coding == CODING_EBCDIC ? matip->framed.ebcdic : NULL;
	bool read = matip->coding == CODING_ASCII || matip->coding == CODING_EBCDIC;
	return matip->traffic == TRAFFIC_B && read ? PACKET_MESSAGE : PACKET_OPAQUE;
}

static int begin_packet(struct tw_talk *talk, unsigned direction, struct tw_slice header,
			const struct tw_packet_at *at)
{
	struct matip *matip = talk->state;
	struct matip_side *side = &matip->sides[direction];
	int command = tw_slice_at(header, 1);
	side->length = 0;
	if (command == SESSION_CLOSE)
		matip->traffic = TRAFFIC_UNKNOWN;
	side->packet = command == SESSION_OPEN	      ? PACKET_OPEN
		       : (command & CONTROL) != 0 ? PACKET_CONTROL
						      : data_packet(matip, side);
	if (side->packet != PACKET_OPAQUE || matip->traffic == TRAFFIC_A || matip->told)
		return TW_OK;
	matip->told = true;
	return tw_framed_unread(talk, direction, "messages are in a coding that is not read", at);
}

/* The packet shows, or has to, whether it is Type B; `last`: no more of it comes. */
static int decide(struct tw_talk *talk, unsigned direction, bool last, const struct tw_packet_at *at)
{
	struct matip *matip = talk->state;
	struct matip_side *side = &matip->sides[direction];
	struct tw_slice head = tw_slice(side->judged, side->length);
	bool ebcdic;
	int typeb = judge(matip->framed.ebcdic, head, &ebcdic);
	if (typeb < 0 && !last)
		return TW_OK;
	side->packet = typeb > 0 ? PACKET_MESSAGE : PACKET_OPAQUE;
	side->table = ebcdic ? matip->framed.ebcdic : NULL;
	side->length = 0;
	if (typeb > 0)
		return tw_framed_text(talk, direction, &side->message, side->table, head, at);
	matip->framed.opaque[direction] += head.length;
	return TW_OK;
}

static int take_judged(struct tw_talk *talk, unsigned direction, struct tw_slice *bytes,
		       const struct tw_packet_at *at)
{
	struct matip *matip = talk->state;
	struct matip_side *side = &matip->sides[direction];
	struct tw_slice part = tw_slice_part(*bytes, 0, sizeof(side->judged) - side->length);
	memcpy(side->judged + side->length, part.data, part.length);
	side->length += part.length;
	*bytes = tw_slice_from(*bytes, part.length);
	return decide(talk, direction, false, at);
}

static int take_bytes(struct tw_talk *talk, unsigned direction, struct tw_slice bytes,
		      const struct tw_packet_at *at)
{
	struct matip *matip = talk->state;
	struct matip_side *side = &matip->sides[direction];
	int status = TW_OK;
	if (side->packet == PACKET_JUDGED)
		status = take_judged(talk, direction, &bytes, at);
	if (side->packet == PACKET_OPEN) {
		open_session(matip, tw_slice_at(bytes, 0));
		side->packet = PACKET_CONTROL;
	}
	if (status < 0 || side->packet == PACKET_MESSAGE)
		return status < 0 ? status
				  : tw_framed_text(talk, direction, &side->message, side->table,
						   bytes, at);
	if (side->packet == PACKET_OPAQUE)
		matip->framed.opaque[direction] += bytes.length;
	return TW_OK;
}

static int take_gap(struct tw_talk *talk, unsigned direction, uint64_t length,
		    const struct tw_packet_at *at)
{
	struct matip *matip = talk->state;
	struct matip_side *side = &matip->sides[direction];
	int status = side->packet == PACKET_JUDGED ? decide(talk, direction, true, at) : TW_OK;
	if (side->packet == PACKET_OPAQUE)
		matip->framed.opaque[direction] += length;
	if (side->packet == PACKET_OPEN) {
		matip->traffic = TRAFFIC_UNKNOWN;
		side->packet = PACKET_CONTROL;
	}
	return status < 0 ? status : tw_talk_gap(talk, side->message, length, at);
}

static int end_packet(struct tw_talk *talk, unsigned direction, bool whole,
		      const struct tw_packet_at *at)
{
	struct matip *matip = talk->state;
	struct matip_side *side = &matip->sides[direction];
	int status = side->packet == PACKET_JUDGED ? decide(talk, direction, true, at) : TW_OK;
	return status < 0 ? status : tw_talk_end(talk, &side->message, whole, at);
}

/* A Session Open may have been among what is missing. */
static int forget_session(struct tw_talk *talk, unsigned direction, uint64_t bytes,
			  const struct tw_packet_at *at)
{
	struct matip *matip = talk->state;
	(void)direction;
	(void)bytes;
	(void)at;
	matip->traffic = TRAFFIC_UNKNOWN;
	return TW_OK;
}

static const struct tw_framed_kind packets = {
	.header = read_header,
	.begin = begin_packet,
	.bytes = take_bytes,
	.gap = take_gap,
	.end = end_packet,
	.lost = forget_session,
};

static int open_matip(struct tw_talk *talk)
{
	return tw_framed_open(talk, sizeof(struct matip), &packets);
}

static void close_matip(struct tw_talk *talk)
{
	free(talk->state);
}

const struct tw_protocol tw_protocol_matip = {
	.name = "matip",
	.probe = probe,
	.open = open_matip,
	.data = tw_framed_data,
	.gap = tw_framed_gap,
	.end = tw_framed_end,
	.close = close_matip,
};
