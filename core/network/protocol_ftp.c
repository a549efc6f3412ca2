/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <stdlib.h>

#include "network/ftp.h"
#include "network/protocol_private.h"

/*
 * FTP (RFC 959; EPRT and EPSV: RFC 2428): the control connection says where the next
 * data connection will be, so that its events name the protocol. The data connection
 * itself is plain: either direction is a file. AUTH TLS (RFC 4217) makes the rest opaque.
 *
 * USER and PASS are lines like any other here: read past and forgotten.
 */
struct ftp {
	struct tw_buffer lines[2];
	bool tls; /* AUTH was asked for */
};

static const char *const verbs[] = {"USER", "AUTH", "FEAT", "OPTS", "SYST", "PORT", "EPRT",
				    "PASV", "EPSV", "STOR", "RETR", "APPE", "STOU", "TYPE",
				    "CWD",  "PBSZ", "LIST", "NLST", NULL};

static int probe(const struct tw_talk *talk)
{
	struct tw_slice client = tw_buffer_slice(&talk->head[TW_TO_SERVER]);
	struct tw_slice server = tw_buffer_slice(&talk->head[TW_TO_CLIENT]);
	struct tw_slice ready = TW_LITERAL("220");
	if (client.length > 0)
		return tw_talk_begins(client, verbs);
	return tw_slice_starts(server, tw_slice_part(ready, 0, server.length)) ? -1 : 0;
}

static int open_ftp(struct tw_talk *talk)
{
	talk->state = calloc(1, sizeof(struct ftp));
	return talk->state == NULL ? TW_ERROR_MEMORY : TW_OK;
}

/* ---- addresses -------------------------------------------------------------------------- */

/* A decimal number off the front, or negative. */
static long take_number(struct tw_slice *rest)
{
	long number = -1;
	for (int byte; (byte = tw_slice_at(*rest, 0)) >= '0' && byte <= '9' && number <= 65535;
	     *rest = tw_slice_from(*rest, 1))
		number = (number < 0 ? 0 : number) * 10 + (byte - '0');
	return number;
}

/* Six numbers with commas between: RFC 959, section 4.1.2, PORT. */
static bool read_numbers(struct tw_slice text, struct tw_address *address, uint16_t *ret_port)
{
	long numbers[6];
	for (unsigned i = 0; i < 6; i++) {
		if (i > 0 && tw_slice_at(text, 0) != ',')
			return false;
		text = i > 0 ? tw_slice_from(text, 1) : text;
		numbers[i] = take_number(&text);
		if (numbers[i] < 0 || numbers[i] > 255)
			return false;
	}
	*address = (struct tw_address){.length = 4};
	for (unsigned i = 0; i < 4; i++)
		address->bytes[i] = (uint8_t)numbers[i];
	*ret_port = (uint16_t)(numbers[4] << 8 | numbers[5]);
	return true;
}

/* "|1|132.235.1.2|6275|" or "|||6446|", with any delimiter: RFC 2428, sections 2 and 3. */
static bool read_extended(struct tw_slice text, struct tw_address *address, uint16_t *ret_port)
{
	int delimiter = tw_slice_at(text, 0);
	char host[INET6_ADDRSTRLEN];
	size_t length = 0;
	text = tw_slice_from(text, 1);
	long family = take_number(&text);
	if (tw_slice_at(text, 0) != delimiter || delimiter < 33)
		return false;
	text = tw_slice_from(text, 1);
	while (length + 1 < sizeof(host) && length < text.length &&
	       tw_slice_at(text, length) != delimiter) {
		host[length] = text.data[length];
		length++;
	}
	host[length] = '\0';
	text = tw_slice_from(text, length);
	if (tw_slice_at(text, 0) != delimiter)
		return false;
	text = tw_slice_from(text, 1);
	long port = take_number(&text);
	if (port < 1 || port > 65535 || tw_slice_at(text, 0) != delimiter)
		return false;
	*ret_port = (uint16_t)port;
	if (length == 0)
		return true; /* the address of the control connection */
	address->length = family == 2 ? 16 : 4;
	return inet_pton(family == 2 ? AF_INET6 : AF_INET, host, address->bytes) == 1;
}

static int announce(struct tw_talk *talk, const struct tw_address *address, uint16_t port)
{
	return tw_talk_announce(talk, address, port, "ftp-data");
}

/* A server behind a translator announces an address that the capture does not have. */
static int announce_server(struct tw_talk *talk, const struct tw_address *address, uint16_t port)
{
	const struct tw_address *known = tw_talk_address(talk, true);
	int status = announce(talk, known, port);
	bool same = known->length == address->length &&
		    memcmp(known->bytes, address->bytes, known->length) == 0;
	return status < 0 || same ? status : announce(talk, address, port);
}

/* ---- lines ------------------------------------------------------------------------------ */

/* PORT and EPRT: where the client waits. `address` is kept where the command has none. */
static bool read_command(struct tw_slice line, struct tw_address *address, uint16_t *ret_port)
{
	struct tw_slice argument = tw_slice_trim(tw_slice_from(line, 5));
	return (tw_talk_word(line, "PORT") && read_numbers(argument, address, ret_port)) ||
	       (tw_talk_word(line, "EPRT") && read_extended(argument, address, ret_port));
}

/*
 * Where the server does: "227 Entering Passive Mode (h1,h2,h3,h4,p1,p2)", "229 Entering Extended Passive Mode (|||p|)".
 */
static bool read_answer(struct tw_slice line, struct tw_address *address, uint16_t *ret_port)
{
	bool passive = tw_talk_word(line, "227");
	bool extended = tw_talk_word(line, "229");
	for (size_t i = 4; i < line.length && (passive || extended); i++) {
		struct tw_slice rest = tw_slice_from(line, i);
		if (passive && read_numbers(rest, address, ret_port))
			return true;
		if (extended && tw_slice_at(line, i - 1) == '(' && read_extended(rest, address, ret_port))
			return true;
	}
	return false;
}

static int take_command(struct tw_talk *talk, struct tw_slice line)
{
	struct ftp *ftp = talk->state;
	struct tw_address address = *tw_talk_address(talk, false);
	uint16_t port;
	if (tw_talk_word(line, "AUTH"))
		ftp->tls = true;
	return read_command(line, &address, &port) ? announce(talk, &address, port) : TW_OK;
}

static int take_answer(struct tw_talk *talk, struct tw_slice line)
{
	struct tw_address address = *tw_talk_address(talk, true);
	uint16_t port;
	return read_answer(line, &address, &port) ? announce_server(talk, &address, port) : TW_OK;
}

/* PORT, EPRT and 227 in any case: most segments are none by their first byte. */
static bool may_announce(struct tw_slice segment)
{
	int first = tw_slice_at(segment, 0) & ~0x20;
	return segment.length > 5 && (first == 'P' || first == 'E' || first == ('2' & ~0x20));
}

bool tw_ftp_announces(struct tw_slice segment, struct tw_address *ret_address, uint16_t *ret_port)
{
	struct tw_address address = {.length = 0};
	uint16_t port;
	if (!may_announce(segment))
		return false;
	struct tw_slice line = tw_slice_part(segment, 0, TW_TALK_LINE);
	const char *end = memchr(line.data, '\n', line.length);
	if (end == NULL)
		return false;
	line.length = (size_t)(end - line.data);
	line = tw_slice_trim(line);
	bool read = read_command(line, &address, &port) || read_answer(line, &address, &port);
	if (!read || address.length == 0)
		return false;
	*ret_address = address;
	*ret_port = port;
	return true;
}

static int data(struct tw_talk *talk, unsigned direction, struct tw_slice bytes,
		const struct tw_packet_at *at)
{
	struct ftp *ftp = talk->state;
	int status = TW_OK;
	bool handshake = ftp->tls && direction == TW_TO_SERVER && tw_slice_at(bytes, 0) == 22;
	ftp->tls = ftp->tls && direction != TW_TO_SERVER;
	if (handshake) {
		status = tw_talk_become(talk, &tw_protocol_tls);
		return status < 0 ? status : talk->protocol->data(talk, direction, bytes, at);
	}
	struct tw_buffer *line = &ftp->lines[direction];
	while (bytes.length > 0 && status >= 0 && tw_talk_line(line, &bytes)) {
		status = direction == TW_TO_SERVER ? take_command(talk, tw_buffer_slice(line))
						   : take_answer(talk, tw_buffer_slice(line));
		tw_buffer_clear(line);
	}
	return line->failed ? TW_ERROR_MEMORY : status;
}

static int gap(struct tw_talk *talk, unsigned direction, uint64_t length,
	       const struct tw_packet_at *at)
{
	struct ftp *ftp = talk->state;
	(void)length;
	(void)at;
	tw_buffer_clear(&ftp->lines[direction]);
	return TW_OK;
}

static int end(struct tw_talk *talk, unsigned direction, bool whole, const struct tw_packet_at *at)
{
	(void)talk;
	(void)direction;
	(void)whole;
	(void)at;
	return TW_OK;
}

static void close_ftp(struct tw_talk *talk)
{
	struct ftp *ftp = talk->state;
	if (ftp == NULL)
		return;
	tw_buffer_free(&ftp->lines[0]);
	tw_buffer_free(&ftp->lines[1]);
	free(ftp);
}

const struct tw_protocol tw_protocol_ftp = {
	.name = "ftp",
	.server_first = true,
	.probe = probe,
	.open = open_ftp,
	.data = data,
	.gap = gap,
	.end = end,
	.close = close_ftp,
};
