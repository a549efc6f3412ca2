/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "network/protocol_private.h"

/*
 * Flows that cannot be looked into, TLS and SSH: bytes of either peer are counted, and
 * the name of the server is taken from the client's first message. One event when both
 * directions ended; nothing else of them is kept.
 */
#define HELLO_BYTES ((size_t)16384) /* a ClientHello is looked for in so many */

struct opaque {
	uint64_t bytes[2];
	struct tw_buffer hello; /* until the name is known, or cannot be */
	struct tw_buffer name;
	bool done;
	unsigned ends;
};

/* ---- TLS -------------------------------------------------------------------------------- */

/* A record, RFC 8446, section 5.1: type, version 3.x, length. */
static int is_record(struct tw_slice head)
{
	int type = tw_slice_at(head, 0);
	if (type >= 0 && (type < 20 || type > 24))
		return 0;
	if (head.length < 5)
		return head.length > 1 && tw_slice_at(head, 1) != 3 ? 0 : -1;
	int length = tw_slice_at(head, 3) << 8 | tw_slice_at(head, 4);
	return tw_slice_at(head, 1) == 3 && tw_slice_at(head, 2) <= 4 && length > 0 &&
	       length <= 16384 + 2048;
}

static int probe_tls(const struct tw_talk *talk)
{
	int client = is_record(tw_buffer_slice(&talk->head[TW_TO_SERVER]));
	int server = is_record(tw_buffer_slice(&talk->head[TW_TO_CLIENT]));
	if (talk->head[TW_TO_SERVER].length > 0 && client <= 0)
		return client;
	return client > 0 || (talk->head[TW_TO_CLIENT].length > 0 && server > 0) ? 1 : server;
}

/* A number of `size` bytes off the front; negative where there are fewer. */
static long take_number(struct tw_slice *rest, size_t size)
{
	long number = 0;
	if (rest->length < size)
		return -1;
	for (size_t i = 0; i < size; i++)
		number = number << 8 | tw_slice_at(*rest, i);
	*rest = tw_slice_from(*rest, size);
	return number;
}

/* As many bytes as the number of `size` bytes before them says. False where there are fewer. */
static bool take_vector(struct tw_slice *rest, size_t size, struct tw_slice *ret_vector)
{
	long length = take_number(rest, size);
	if (length < 0 || (size_t)length > rest->length)
		return false;
	*ret_vector = tw_slice_part(*rest, 0, (size_t)length);
	*rest = tw_slice_from(*rest, (size_t)length);
	return true;
}

/* RFC 6066, section 3: a list of names, of which there is one, a host's. */
static struct tw_slice host_name(struct tw_slice extension)
{
	struct tw_slice list;
	struct tw_slice name;
	if (!take_vector(&extension, 2, &list) || take_number(&list, 1) != 0 ||
	    !take_vector(&list, 2, &name) || name.length > 255)
		return tw_slice(NULL, 0);
	for (size_t i = 0; i < name.length; i++)
		if (tw_slice_at(name, i) <= ' ' || tw_slice_at(name, i) >= 0x7f)
			return tw_slice(NULL, 0);
	return name;
}

/* RFC 8446, section 4.1.2: the server's name of a ClientHello, or nothing. */
static struct tw_slice name_in_hello(struct tw_slice hello)
{
	struct tw_slice skipped;
	struct tw_slice extensions;
	hello = tw_slice_from(hello, 2 + 32); /* version, random */
	if (!take_vector(&hello, 1, &skipped) || !take_vector(&hello, 2, &skipped) ||
	    !take_vector(&hello, 1, &skipped) || !take_vector(&hello, 2, &extensions))
		return tw_slice(NULL, 0);
	for (;;) {
		struct tw_slice extension;
		long type = take_number(&extensions, 2);
		if (type < 0 || !take_vector(&extensions, 2, &extension))
			return tw_slice(NULL, 0);
		if (type == 0)
			return host_name(extension);
	}
}

/* Puts the handshake of several records together; the hello is whole, or never will be. */
static void read_hello(struct opaque *opaque)
{
	struct tw_slice rest = tw_buffer_slice(&opaque->hello);
	struct tw_buffer handshake = {0};
	struct tw_slice record;
	struct tw_slice message;
	while (tw_slice_at(rest, 0) == 22 && rest.length > 5) {
		rest = tw_slice_from(rest, 3);
		if (!take_vector(&rest, 2, &record))
			break;
		tw_buffer_append_slice(&handshake, record);
	}
	struct tw_slice bytes = tw_buffer_slice(&handshake);
	if (tw_slice_at(bytes, 0) != 1 && bytes.length > 0)
		opaque->done = true;
	if (take_number(&bytes, 1) == 1 && take_vector(&bytes, 3, &message)) {
		tw_buffer_append_slice(&opaque->name, name_in_hello(message));
		opaque->done = true;
	}
	opaque->done |= opaque->hello.length >= HELLO_BYTES;
	if (opaque->done)
		tw_buffer_free(&opaque->hello);
	tw_buffer_free(&handshake);
}

static int data_tls(struct tw_talk *talk, unsigned direction, struct tw_slice bytes,
		    const struct tw_packet_at *at)
{
	struct opaque *opaque = talk->state;
	(void)at;
	opaque->bytes[direction] += bytes.length;
	if (opaque->done || direction != TW_TO_SERVER)
		return TW_OK;
	tw_buffer_append_slice(&opaque->hello,
			       tw_slice_part(bytes, 0, HELLO_BYTES - opaque->hello.length));
	read_hello(opaque);
	return opaque->hello.failed || opaque->name.failed ? TW_ERROR_MEMORY : TW_OK;
}

/* ---- SSH -------------------------------------------------------------------------------- */

/* RFC 4253, section 4.2: either side begins with its version. */
static int probe_ssh(const struct tw_talk *talk)
{
	const struct tw_slice begin = TW_LITERAL("SSH-");
	bool open = false;
	for (unsigned i = 0; i < 2; i++) {
		struct tw_slice head = tw_buffer_slice(&talk->head[i]);
		if (tw_slice_starts(head, begin))
			return 1;
		open |= tw_slice_starts(begin, head);
	}
	return open ? -1 : 0;
}

static int data_ssh(struct tw_talk *talk, unsigned direction, struct tw_slice bytes,
		    const struct tw_packet_at *at)
{
	struct opaque *opaque = talk->state;
	(void)at;
	opaque->bytes[direction] += bytes.length;
	return TW_OK;
}

/* ---- both ------------------------------------------------------------------------------- */

static int open_opaque(struct tw_talk *talk)
{
	talk->state = calloc(1, sizeof(struct opaque));
	return talk->state == NULL ? TW_ERROR_MEMORY : TW_OK;
}

static int gap(struct tw_talk *talk, unsigned direction, uint64_t length,
	       const struct tw_packet_at *at)
{
	struct opaque *opaque = talk->state;
	(void)at;
	opaque->bytes[direction] += length;
	opaque->done = true;
	return TW_OK;
}

static int end(struct tw_talk *talk, unsigned direction, bool whole, const struct tw_packet_at *at)
{
	struct opaque *opaque = talk->state;
	(void)direction;
	(void)whole;
	if (!talk->ended[0] || !talk->ended[1] || opaque->ends++ > 0)
		return TW_OK;
	struct tw_opaque_flow flow = {
		.reason = talk->protocol->name,
		.server_name = tw_buffer_slice(&opaque->name),
		.bytes = {opaque->bytes[0], opaque->bytes[1]},
	};
	return tw_talk_opaque(talk, &flow, at);
}

static void close_opaque(struct tw_talk *talk)
{
	struct opaque *opaque = talk->state;
	if (opaque == NULL)
		return;
	tw_buffer_free(&opaque->hello);
	tw_buffer_free(&opaque->name);
	free(opaque);
}

const struct tw_protocol tw_protocol_tls = {
	.name = "tls",
	.probe = probe_tls,
	.open = open_opaque,
	.data = data_tls,
	.gap = gap,
	.end = end,
	.close = close_opaque,
};

const struct tw_protocol tw_protocol_ssh = {
	.name = "ssh",
	.probe = probe_ssh,
	.open = open_opaque,
	.data = data_ssh,
	.gap = gap,
	.end = end,
	.close = close_opaque,
};
