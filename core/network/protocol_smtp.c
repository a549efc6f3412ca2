/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "network/alternate.h"
#include "network/protocol_private.h"

/*
 * SMTP (RFC 5321; BDAT: RFC 3030): the mails a client sends, each a body, with the dots
 * taken out that transparency put in. Commands come in rows (pipelining, RFC 2920), so
 * that what follows DATA is a mail unless the server's last answer refused it.
 *
 * Only verbs and answer codes are looked at: what AUTH and its answers say is passed
 * over.
 */
#define HELD_BYTES ((size_t)65536) /* that wait for an answer */

#define CODES 64u /* of the last answers */

enum smtp_state { SMTP_COMMAND, SMTP_DATA_ASKED, SMTP_DATA, SMTP_CHUNK, SMTP_LOST };

struct smtp {
	enum smtp_state state;
	struct tw_buffer line, answer;
	struct tw_body *mail;
	/* Each command has an answer, in order, and the greeting is the first. */
	uint64_t commands, answers;
	uint64_t wanted; /* the answer to DATA */
	uint16_t codes[CODES];
	uint64_t chunk;	 /* bytes of a BDAT that are still to come */
	bool last_chunk;
	bool tls;	 /* STARTTLS was asked for */
	bool waits;	 /* the server's side is seen, so that it answers */
	struct tw_buffer held; /* behind DATA, until the server has answered it */
	/* of the mail's text: where a line begins, and how much of CR LF . CR LF stands before it */
	bool line_begin, dot, cr;
};

static const char *const verbs[] = {"EHLO", "HELO", "LHLO", "MAIL", "RCPT", "DATA", "BDAT",
				    "RSET", "STARTTLS", NULL};

static bool says(struct tw_slice text, const char *word)
{
	size_t length = strlen(word);
	for (size_t i = 0; i + length <= text.length; i++)
		if (tw_slice_equal(tw_slice_part(text, i, length), tw_slice(word, length)))
			return true;
	return false;
}

/* The client's first verb tells, or a greeting that names SMTP while the client is silent. */
static int probe(const struct tw_talk *talk)
{
	struct tw_slice client = tw_buffer_slice(&talk->head[TW_TO_SERVER]);
	struct tw_slice server = tw_buffer_slice(&talk->head[TW_TO_CLIENT]);
	struct tw_slice ready = TW_LITERAL("220");
	if (client.length > 0)
		return tw_talk_begins(client, verbs);
	if (server.length == 0 || !tw_slice_starts(server, tw_slice_part(ready, 0, server.length)))
		return server.length == 0 ? -1 : 0;
	return says(server, "SMTP") ? 1 : -1;
}

static int open_smtp(struct tw_talk *talk)
{
	struct smtp *smtp = calloc(1, sizeof(*smtp));
	talk->state = smtp;
	if (smtp == NULL)
		return TW_ERROR_MEMORY;
	smtp->commands = 1;
	return TW_OK;
}

/* The code of the answer to DATA, or 0: it was not seen. */
static unsigned answer_to_data(const struct smtp *smtp)
{
	bool seen = smtp->answers > smtp->wanted && smtp->answers - smtp->wanted <= CODES;
	return seen ? smtp->codes[smtp->wanted % CODES] : 0;
}

static int begin_mail(struct tw_talk *talk, const struct tw_packet_at *at)
{
	struct smtp *smtp = talk->state;
	struct tw_body_start start = {.application = "smtp", .direction = TW_TO_SERVER};
	smtp->line_begin = true;
	smtp->dot = smtp->cr = false;
	int status = tw_talk_end(talk, &smtp->mail, false, at); /* chunks without a last one */
	return status < 0 ? status : tw_talk_begin(talk, &start, at, &smtp->mail);
}

/* ---- DATA ------------------------------------------------------------------------------- */

/* What was held back because it could have been the end is text after all. */
static int give_held(struct tw_talk *talk, const struct tw_packet_at *at)
{
	struct smtp *smtp = talk->state;
	bool cr = smtp->cr;
	/* A dot at the front of a line is none of its text: RFC 5321, section 4.5.2. */
	smtp->dot = smtp->cr = false;
	return cr ? tw_talk_bytes(talk, smtp->mail, TW_LITERAL("\r"), at) : TW_OK;
}

/* The text up to where the front of a line is to be looked at. */
static size_t text_length(struct smtp *smtp, struct tw_slice bytes)
{
	const char *end = memchr(bytes.data, '\n', bytes.length);
	smtp->line_begin = end != NULL;
	return end == NULL ? bytes.length : (size_t)(end - bytes.data) + 1;
}

/*
 * One step: the front of a line is looked at byte by byte, the rest of it is text.
 * RFC 5321, section 4.1.1.4: a dot alone on a line ends the mail.
 */
static int take_data(struct tw_talk *talk, struct tw_slice *bytes, const struct tw_packet_at *at)
{
	struct smtp *smtp = talk->state;
	int byte = tw_slice_at(*bytes, 0);
	if (smtp->line_begin && !smtp->dot && byte == '.') {
		smtp->dot = true;
		*bytes = tw_slice_from(*bytes, 1);
		return TW_OK;
	}
	if (smtp->line_begin && smtp->dot && !smtp->cr && byte == '\r') {
		smtp->cr = true;
		*bytes = tw_slice_from(*bytes, 1);
		return TW_OK;
	}
	if (smtp->line_begin && smtp->dot && byte == '\n') {
		*bytes = tw_slice_from(*bytes, 1);
		smtp->state = SMTP_COMMAND;
		smtp->commands++;
		return tw_talk_end(talk, &smtp->mail, true, at);
	}
	int status = give_held(talk, at);
	size_t length = text_length(smtp, *bytes);
	struct tw_slice text = tw_slice_part(*bytes, 0, length);
	*bytes = tw_slice_from(*bytes, length);
	return status < 0 ? status : tw_talk_bytes(talk, smtp->mail, text, at);
}

/*
 * What follows DATA: a mail, or the next command where the server refused it. A mirror
 * may show what follows before the answer, which is waited for, but not for ever.
 */
static int decide_data(struct tw_talk *talk, const struct tw_packet_at *at)
{
	struct smtp *smtp = talk->state;
	bool refused = answer_to_data(smtp) >= 400;
	smtp->state = refused ? SMTP_COMMAND : SMTP_DATA;
	return refused ? TW_OK : begin_mail(talk, at);
}

/* ---- BDAT ------------------------------------------------------------------------------- */

/* "BDAT 1000 LAST": RFC 3030, section 2. */
static int begin_chunk(struct tw_talk *talk, struct tw_slice line, const struct tw_packet_at *at)
{
	struct smtp *smtp = talk->state;
	uint64_t size = 0;
	size_t i = 5;
	for (int byte; (byte = tw_slice_at(line, i)) >= '0' && byte <= '9' && size < UINT32_MAX; i++)
		size = size * 10 + (uint64_t)(byte - '0');
	smtp->chunk = size;
	smtp->last_chunk = tw_talk_word(tw_slice_trim(tw_slice_from(line, i)), "LAST");
	smtp->state = SMTP_CHUNK;
	return smtp->mail == NULL ? begin_mail(talk, at) : TW_OK;
}

static int take_chunk(struct tw_talk *talk, struct tw_slice *bytes, const struct tw_packet_at *at)
{
	struct smtp *smtp = talk->state;
	size_t length = smtp->chunk < bytes->length ? (size_t)smtp->chunk : bytes->length;
	int status = length == 0 ? TW_OK
				 : tw_talk_bytes(talk, smtp->mail, tw_slice_part(*bytes, 0, length), at);
	*bytes = tw_slice_from(*bytes, length);
	smtp->chunk -= length;
	if (smtp->chunk > 0 || status < 0)
		return status;
	smtp->state = SMTP_COMMAND;
	return smtp->last_chunk ? tw_talk_end(talk, &smtp->mail, true, at) : TW_OK;
}

/* ---- commands --------------------------------------------------------------------------- */

static int take_command(struct tw_talk *talk, struct tw_slice line, const struct tw_packet_at *at)
{
	struct smtp *smtp = talk->state;
	uint64_t number = smtp->commands++;
	smtp->tls = tw_talk_word(line, "STARTTLS");
	if (tw_talk_word(line, "DATA")) {
		smtp->wanted = number;
		smtp->state = SMTP_DATA_ASKED;
	} else if (tw_talk_word(line, "BDAT")) {
		return begin_chunk(talk, line, at);
	} else if (tw_talk_word(line, "RSET") || tw_talk_word(line, "MAIL")) {
		return tw_talk_end(talk, &smtp->mail, false, at);
	}
	return TW_OK;
}

static int take_line(struct tw_talk *talk, struct tw_slice *bytes, const struct tw_packet_at *at)
{
	struct smtp *smtp = talk->state;
	if (!tw_talk_line(&smtp->line, bytes))
		return smtp->line.failed ? TW_ERROR_MEMORY : TW_OK;
	int status = take_command(talk, tw_buffer_slice(&smtp->line), at);
	tw_buffer_clear(&smtp->line);
	/* A chunk of no bytes ends with its command. */
	if (status >= 0 && smtp->state == SMTP_CHUNK && smtp->chunk == 0)
		return take_chunk(talk, bytes, at);
	return status;
}

/* This is no SMTP any more; its state is gone when this returns. */
static int go_secret(struct tw_talk *talk, struct tw_slice bytes, const struct tw_packet_at *at)
{
	struct smtp *smtp = talk->state;
	int status = tw_talk_end(talk, &smtp->mail, false, at);
	if (status >= 0)
		status = tw_talk_become(talk, &tw_protocol_tls);
	return status < 0 ? status : talk->protocol->data(talk, TW_TO_SERVER, bytes, at);
}

static int work_client(struct tw_talk *talk, struct tw_slice bytes, const struct tw_packet_at *at)
{
	struct smtp *smtp = talk->state;
	int status = TW_OK;
	while (bytes.length > 0 && status >= 0) {
		/* Behind STARTTLS comes a handshake (RFC 3207), unless the server said no. */
		if (smtp->tls && tw_slice_at(bytes, 0) == 22)
			return go_secret(talk, bytes, at);
		smtp->tls = false;
		if (smtp->state == SMTP_DATA_ASKED && answer_to_data(smtp) == 0 && smtp->waits &&
		    smtp->held.length + bytes.length < HELD_BYTES) {
			tw_buffer_append_slice(&smtp->held, bytes);
			return smtp->held.failed ? TW_ERROR_MEMORY : TW_OK;
		}
		switch (smtp->state) {
		case SMTP_COMMAND:
			status = take_line(talk, &bytes, at);
			break;
		case SMTP_DATA_ASKED:
			status = decide_data(talk, at);
			break;
		case SMTP_DATA:
			status = take_data(talk, &bytes, at);
			break;
		case SMTP_CHUNK:
			status = take_chunk(talk, &bytes, at);
			break;
		case SMTP_LOST:
			return TW_OK;
		}
	}
	return status;
}

/* Bytes of the client, behind those that wait. */
static int take_client(struct tw_talk *talk, struct tw_slice bytes, const struct tw_packet_at *at)
{
	struct smtp *smtp = talk->state;
	struct tw_buffer held = smtp->held;
	smtp->held = (struct tw_buffer){0};
	if (held.length == 0) {
		tw_buffer_free(&held);
		return work_client(talk, bytes, at);
	}
	tw_buffer_append_slice(&held, bytes);
	int status = held.failed ? TW_ERROR_MEMORY : work_client(talk, tw_buffer_slice(&held), at);
	tw_buffer_free(&held);
	return status;
}

/* STARTTLS may stand among what waited: then all that comes is TLS's. */
static bool is_smtp(const struct tw_talk *talk)
{
	return talk->protocol == &tw_protocol_smtp;
}

/* No answer is waited for any more. */
static int give_held_bytes(struct tw_talk *talk, const struct tw_packet_at *at)
{
	struct smtp *smtp = talk->state;
	smtp->waits = false;
	return take_client(talk, tw_slice(NULL, 0), at);
}

/* "250-text" goes on, "250 text" is the last line of an answer. */
static int take_answers(struct smtp *smtp, struct tw_slice bytes)
{
	smtp->waits = true;
	while (bytes.length > 0) {
		if (!tw_talk_line(&smtp->answer, &bytes))
			break;
		struct tw_slice line = tw_buffer_slice(&smtp->answer);
		unsigned code = 0;
		for (size_t i = 0; i < 3; i++)
			code = code * 10 + (unsigned)(tw_slice_at(line, i) - '0');
		/* Where the greeting was not seen, the first command has the first answer. */
		smtp->answers += smtp->answers == 0 && code != 220;
		if (line.length >= 3 && code <= 599 && tw_slice_at(line, 3) != '-')
			smtp->codes[smtp->answers++ % CODES] = (uint16_t)code;
		tw_buffer_clear(&smtp->answer);
	}
	return smtp->answer.failed ? TW_ERROR_MEMORY : TW_OK;
}

/* No mail is open, and every command has its answer: what follows is read by itself. */
static bool is_idle(const struct smtp *smtp)
{
	return smtp->state == SMTP_COMMAND && smtp->mail == NULL && smtp->answers >= smtp->commands &&
	       smtp->line.length + smtp->answer.length + smtp->held.length == 0;
}

static int take_server(struct tw_talk *talk, struct tw_slice bytes, const struct tw_packet_at *at)
{
	struct smtp *smtp = talk->state;
	int status = take_answers(smtp, bytes);
	if (status >= 0 && smtp->held.length > 0)
		status = take_client(talk, tw_slice(NULL, 0), at);
	if (status >= 0 && is_smtp(talk) && is_idle(smtp))
		tw_alternate_boundary(talk->flow);
	return status;
}

static int data(struct tw_talk *talk, unsigned direction, struct tw_slice bytes,
		const struct tw_packet_at *at)
{
	return direction == TW_TO_CLIENT ? take_server(talk, bytes, at) : take_client(talk, bytes, at);
}

/* Between two mails a third may be missing, from its command on. */
static int tell_commands(struct tw_talk *talk, uint64_t length, const struct tw_packet_at *at)
{
	char reason[80];
	snprintf(reason, sizeof(reason), "%llu bytes of commands are missing: mails possibly lost",
		 (unsigned long long)length);
	return tw_talk_anomaly(talk, "protocol.desync", at, reason);
}

/* Missing bytes of a mail are its own; of commands, the next line is one again. */
static int gap(struct tw_talk *talk, unsigned direction, uint64_t length,
	       const struct tw_packet_at *at)
{
	struct smtp *smtp = talk->state;
	int held = give_held_bytes(talk, at);
	if (held >= 0 && !is_smtp(talk))
		return talk->protocol->gap(talk, direction, length, at);
	if (held < 0 || direction == TW_TO_CLIENT)
		return held;
	if (smtp->state == SMTP_DATA_ASKED) {
		int status = decide_data(talk, at);
		if (status < 0)
			return status;
	}
	smtp->line_begin = smtp->dot = smtp->cr = false;
	int status = smtp->mail == NULL ? tell_commands(talk, length, at)
					: tw_talk_gap(talk, smtp->mail, length, at);
	if (smtp->state == SMTP_CHUNK && smtp->chunk < length)
		smtp->state = SMTP_LOST;
	else if (smtp->state == SMTP_CHUNK)
		smtp->chunk -= length;
	return status;
}

static int end(struct tw_talk *talk, unsigned direction, bool whole, const struct tw_packet_at *at)
{
	struct smtp *smtp = talk->state;
	int status = give_held_bytes(talk, at);
	if (status >= 0 && !is_smtp(talk))
		return talk->protocol->end(talk, direction, whole, at);
	return direction == TW_TO_SERVER && status >= 0
		       ? tw_talk_end(talk, &smtp->mail, false, at)
		       : status;
}

static void close_smtp(struct tw_talk *talk)
{
	struct smtp *smtp = talk->state;
	if (smtp == NULL)
		return;
	tw_buffer_free(&smtp->line);
	tw_buffer_free(&smtp->answer);
	tw_buffer_free(&smtp->held);
	free(smtp);
}

const struct tw_protocol tw_protocol_smtp = {
	.name = "smtp",
	.server_first = true,
	.probe = probe,
	.open = open_smtp,
	.data = data,
	.gap = gap,
	.end = end,
	.close = close_smtp,
};
