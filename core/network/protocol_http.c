/* SPDX-License-Identifier: Apache-2.0 */
#include <htp/htp.h>
#include <stdlib.h>

#include "network/alternate.h"
#include "network/protocol_private.h"

/*
 * HTTP/1.x by libhtp: bodies of requests and responses as they arrive, chunks taken off by
 * libhtp, content codings here (coding.h). Of the header fields only those are looked at that say
 * what a body is, and those of AS2 (RFC 4130); cookies and credentials are not. Of what may be
 * AS4 the body itself says whose it is (ebms.h).
 *
 * Missing bytes libhtp passes over where a body has a length. Within a chunk it is given others in
 * their place, which nobody sees; where they hide the border of two chunks, what follows is the body's
 * up to the next line that can be the size of one. What cannot be followed is handed on as a
 * plain connection from there on, where an interchange can still be found.
 */
#define PENDING_BYTES ((size_t)1048576) /* of one direction that wait for the other */
#define FIELD_BYTES ((size_t)1024)	/* longest header field that is looked at */
#define LINE_END ((size_t)2)
#define SIZE_DIGITS ((size_t)8)		/* of a chunk, most that are looked for behind missing bytes */

struct half { /* a body, of a request or a response */
	struct tw_body *body;
	struct tw_coding *coding; /* or NULL */
	bool lost; /* nothing more of it can be read */
};

struct exchange { /* a request and its response */
	struct exchange *next, *previous;
	struct half halves[2];
};

struct http {
	htp_connp_t *parser;
	struct exchange *exchanges;
	struct tw_buffer pending[2];
	struct tw_buffer fields;
	const struct tw_packet_at *at; /* of the call at hand */
	int status;
	bool filling; /* what libhtp hands on stands for missing bytes */
	bool seeking[2]; /* behind missing bytes, the size of the next chunk; `pending` may have its beginning */
	bool sized[2];	 /* libhtp waits for it, and not for the end of a chunk in front of it */
	unsigned open; /* requests that were begun and whose response is not whole */
};

static const char *const methods[] = {"GET",   "POST",  "PUT",	 "HEAD",     "OPTIONS",
				      "PATCH", "DELETE", "TRACE", "CONNECT",  "PROPFIND",
				      "MKCOL", "COPY",	"MOVE",	 "LOCK",     "UNLOCK",
				      NULL};

static int probe(const struct tw_talk *talk)
{
	struct tw_slice client = tw_buffer_slice(&talk->head[TW_TO_SERVER]);
	struct tw_slice server = tw_buffer_slice(&talk->head[TW_TO_CLIENT]);
	struct tw_slice answer = TW_LITERAL("HTTP/1.");
	if (client.length > 0)
		return tw_talk_begins(client, methods);
	if (tw_slice_starts(server, answer))
		return 1;
	return tw_slice_starts(answer, server) ? -1 : 0;
}

/* ---- exchanges ---------------------------------------------------------------------------- */

static struct exchange *exchange_of(htp_tx_t *tx)
{
	struct tw_talk *talk = htp_connp_get_user_data(tx->connp);
	struct http *http = talk->state;
	struct exchange *exchange = htp_tx_get_user_data(tx);
	if (exchange != NULL)
		return exchange;
	exchange = calloc(1, sizeof(*exchange));
	if (exchange == NULL) {
		http->status = TW_ERROR_MEMORY;
		return NULL;
	}
	exchange->next = http->exchanges;
	if (exchange->next != NULL)
		exchange->next->previous = exchange;
	http->exchanges = exchange;
	htp_tx_set_user_data(tx, exchange);
	return exchange;
}

/* ---- header fields ------------------------------------------------------------------------ */

static struct tw_slice field(const htp_table_t *headers, const char *name)
{
	const htp_header_t *header = headers == NULL ? NULL : htp_table_get_c(headers, name);
	if (header == NULL || header->value == NULL || bstr_len(header->value) > FIELD_BYTES)
		return tw_slice(NULL, 0);
	return tw_slice((const char *)bstr_ptr(header->value), bstr_len(header->value));
}

/* RFC 4130, section 6.2: a name may stand in quotes. */
static struct tw_slice unquoted(struct tw_slice text)
{
	bool quoted = text.length >= 2 && tw_slice_at(text, 0) == '"' &&
		      tw_slice_at(text, text.length - 1) == '"';
	return quoted ? tw_slice_part(text, 1, text.length - 2) : text;
}

static bool begins_with(struct tw_slice text, const char *word)
{
	size_t i = 0;
	for (; word[i] != '\0'; i++) {
		int byte = tw_slice_at(text, i);
		if ((byte >= 'A' && byte <= 'Z' ? byte + 32 : byte) != word[i])
			return false;
	}
	return true;
}

/* Whether the body is a MIME entity with a structure of its own, and not just a file. */
static bool is_entity(struct tw_slice type, struct tw_slice encoding)
{
	return begins_with(type, "multipart/") || begins_with(type, "message/") ||
	       begins_with(type, "application/pkcs7-mime") ||
	       begins_with(type, "application/x-pkcs7-mime") || begins_with(encoding, "base64") ||
	       begins_with(encoding, "quoted-printable");
}

/* RFC 3902, SOAP 1.1 section 6, and SOAP Messages with Attachments. */
static bool may_be_soap(struct tw_slice type)
{
	return begins_with(type, "application/soap+xml") || begins_with(type, "text/xml") ||
	       begins_with(type, "multipart/related");
}

static void put_field(struct tw_buffer *fields, const char *name, struct tw_slice value)
{
	if (value.length == 0)
		return;
	tw_buffer_append_slice(fields, tw_slice_string(name));
	tw_buffer_append_slice(fields, TW_LITERAL(": "));
	tw_buffer_append_slice(fields, value);
	tw_buffer_append_slice(fields, TW_LITERAL("\r\n"));
}

static struct tw_slice entity_fields(struct http *http, const htp_table_t *headers)
{
	struct tw_slice type = field(headers, "content-type");
	struct tw_slice encoding = field(headers, "content-transfer-encoding");
	tw_buffer_clear(&http->fields);
	if (!is_entity(type, encoding))
		return tw_slice(NULL, 0);
	put_field(&http->fields, "Content-Type", type);
	put_field(&http->fields, "Content-Transfer-Encoding", encoding);
	put_field(&http->fields, "Content-Disposition", field(headers, "content-disposition"));
	tw_buffer_append_slice(&http->fields, TW_LITERAL("\r\n"));
	return tw_buffer_slice(&http->fields);
}

/* ---- bodies ------------------------------------------------------------------------------- */

static int begin_half(struct tw_talk *talk, htp_tx_t *tx, unsigned direction, struct half *half)
{
	struct http *http = talk->state;
	const htp_table_t *headers = direction == TW_TO_SERVER ? tx->request_headers
							       : tx->response_headers;
	struct tw_body_start start = {
		.application = "http",
		.direction = direction,
		.fields = entity_fields(http, headers),
		.from = unquoted(field(headers, "as2-from")),
		.to = unquoted(field(headers, "as2-to")),
	};
	bool as2 = start.from.length > 0 && start.to.length > 0;
	if (as2)
		start.message_id = field(headers, "message-id");
	start.soap = !as2 && may_be_soap(field(headers, "content-type"));
	/* A receipt is multipart/report, and no message: RFC 4130, section 7. */
	start.expected = as2 && direction == TW_TO_SERVER &&
			 !begins_with(field(headers, "content-type"), "multipart/report");
	enum tw_coding_kind coding = tw_coding_of(field(headers, "content-encoding"));
	int status = coding == TW_CODING_NONE ? TW_OK : tw_coding_create(coding, tw_talk_limits(talk), &half->coding);
	return status < 0 ? status : tw_talk_begin(talk, &start, http->at, &half->body);
}

/* Where what was inflated goes. */
struct inflated {
	struct tw_talk *talk;
	struct tw_body *body;
};

static int take_inflated(void *context, struct tw_slice bytes)
{
	const struct inflated *to = context;
	const struct http *http = to->talk->state;
	return tw_talk_bytes(to->talk, to->body, bytes, http->at);
}

static int lose(struct tw_talk *talk, struct half *half, uint64_t length)
{
	const struct http *http = talk->state;
	half->lost = true;
	return tw_talk_lost(talk, half->body, length, http->at);
}

/* What cannot be unpacked is lost. */
static int judge_coding(struct tw_talk *talk, struct half *half, int status)
{
	const struct http *http = talk->state;
	if (status != TW_ERROR_INVALID && status != TW_ERROR_LIMIT)
		return status;
	if (status == TW_ERROR_LIMIT)
		status = tw_talk_anomaly(talk, "unwrap.expansion", http->at,
					 "the body of an HTTP message expands beyond the limits");
	return status < 0 && status != TW_ERROR_INVALID ? status : lose(talk, half, 0);
}

static int take_bytes(struct tw_talk *talk, struct half *half, struct tw_slice bytes)
{
	const struct http *http = talk->state;
	struct inflated to = {talk, half->body};
	if (half->lost)
		return TW_OK;
	if (half->coding == NULL)
		return tw_talk_bytes(talk, half->body, bytes, http->at);
	int status = tw_coding_push(half->coding, bytes,
				    (struct tw_coding_taker){take_inflated, &to});
	return judge_coding(talk, half, status);
}

/* What was packed and waits is read yet; *whole: as far as what was packed is. */
static int end_coding(struct tw_talk *talk, struct half *half, bool *whole)
{
	struct inflated to = {talk, half->body};
	bool unpacked = true;
	int status = half->coding == NULL || half->lost
			     ? TW_OK
			     : tw_coding_end(half->coding, (struct tw_coding_taker){take_inflated, &to},
					     &unpacked);
	tw_coding_free(half->coding);
	half->coding = NULL;
	*whole &= unpacked;
	return judge_coding(talk, half, status);
}

static int take_gap(struct tw_talk *talk, struct half *half, uint64_t length)
{
	const struct http *http = talk->state;
	bool packed = half->coding != NULL, whole = false;
	if (half->lost || half->body == NULL)
		return TW_OK;
	int status = end_coding(talk, half, &whole);
	if (status < 0 || half->lost)
		return status;
	return packed ? lose(talk, half, length) : tw_talk_gap(talk, half->body, length, http->at);
}

static int end_half(struct tw_talk *talk, struct half *half, bool whole)
{
	const struct http *http = talk->state;
	int status = end_coding(talk, half, &whole);
	whole &= !half->lost;
	return status < 0 ? status : tw_talk_end(talk, &half->body, whole, http->at);
}

/* The body of an exchange, begun; NULL: memory is short, and so the status says. */
static struct half *half_of(struct tw_talk *talk, htp_tx_t *tx, unsigned direction)
{
	struct http *http = talk->state;
	struct exchange *exchange = exchange_of(tx);
	if (exchange == NULL)
		return NULL;
	struct half *half = &exchange->halves[direction];
	if (half->body == NULL)
		http->status = begin_half(talk, tx, direction, half);
	return http->status < 0 ? NULL : half;
}

static int take_body(htp_tx_data_t *data, unsigned direction)
{
	struct tw_talk *talk = htp_connp_get_user_data(data->tx->connp);
	struct http *http = talk->state;
	if (data->len == 0 || http->filling)
		return HTP_OK;
	struct half *half = half_of(talk, data->tx, direction);
	if (half == NULL)
		return HTP_ERROR;
	http->status = data->data == NULL
			       ? take_gap(talk, half, data->len)
			       : take_bytes(talk, half, tw_slice((const char *)data->data, data->len));
	return http->status < 0 ? HTP_ERROR : HTP_OK;
}

static int on_request_body(htp_tx_data_t *data)
{
	return take_body(data, TW_TO_SERVER);
}

static int on_response_body(htp_tx_data_t *data)
{
	return take_body(data, TW_TO_CLIENT);
}

static int end_body(htp_tx_t *tx, unsigned direction, bool whole)
{
	struct tw_talk *talk = htp_connp_get_user_data(tx->connp);
	struct http *http = talk->state;
	struct exchange *exchange = htp_tx_get_user_data(tx);
	if (exchange == NULL)
		return HTP_OK;
	http->status = end_half(talk, &exchange->halves[direction], whole);
	return http->status < 0 ? HTP_ERROR : HTP_OK;
}

static int on_request_complete(htp_tx_t *tx)
{
	return end_body(tx, TW_TO_SERVER,
			tx->request_transfer_coding != HTP_CODING_IDENTITY ||
				tx->request_message_len >= tx->request_content_length);
}

static int on_response_complete(htp_tx_t *tx)
{
	return end_body(tx, TW_TO_CLIENT,
			tx->response_transfer_coding != HTP_CODING_IDENTITY ||
				tx->response_message_len >= tx->response_content_length);
}

static int on_request_start(htp_tx_t *tx)
{
	struct tw_talk *talk = htp_connp_get_user_data(tx->connp);
	struct http *http = talk->state;
	http->open++;
	return HTP_OK;
}

static int on_transaction_complete(htp_tx_t *tx)
{
	struct tw_talk *talk = htp_connp_get_user_data(tx->connp);
	struct http *http = talk->state;
	struct exchange *exchange = htp_tx_get_user_data(tx);
	http->open -= http->open > 0;
	if (exchange == NULL)
		return HTP_OK;
	for (unsigned i = 0; i < 2; i++)
		if (end_body(tx, i, false) != HTP_OK)
			return HTP_ERROR;
	if (exchange->previous != NULL)
		exchange->previous->next = exchange->next;
	else
		http->exchanges = exchange->next;
	if (exchange->next != NULL)
		exchange->next->previous = exchange->previous;
	htp_tx_set_user_data(tx, NULL);
	free(exchange);
	return HTP_OK;
}

/* ---- the parser --------------------------------------------------------------------------- */

void *tw_http_config_create(void)
{
	htp_cfg_t *config = htp_config_create();
	if (config == NULL)
		return NULL;
	htp_config_set_server_personality(config, HTP_SERVER_GENERIC);
	htp_config_set_tx_auto_destroy(config, 1);
	htp_config_set_parse_request_cookies(config, 0);
	htp_config_set_parse_request_auth(config, 0);
	htp_config_set_response_decompression(config, 0);
	htp_config_set_request_decompression(config, 0);
	htp_config_register_request_body_data(config, on_request_body);
	htp_config_register_response_body_data(config, on_response_body);
	htp_config_register_request_start(config, on_request_start);
	htp_config_register_request_complete(config, on_request_complete);
	htp_config_register_response_complete(config, on_response_complete);
	htp_config_register_transaction_complete(config, on_transaction_complete);
	return config;
}

void tw_http_config_free(void *config)
{
	if (config != NULL)
		htp_config_destroy(config);
}

static void free_exchange(struct exchange *exchange)
{
	tw_coding_free(exchange->halves[0].coding);
	tw_coding_free(exchange->halves[1].coding);
	free(exchange);
}

static void close_http(struct tw_talk *talk)
{
	struct http *http = talk->state;
	if (http == NULL)
		return;
	if (http->parser != NULL)
		htp_connp_destroy_all(http->parser);
	while (http->exchanges != NULL) {
		struct exchange *exchange = http->exchanges;
		http->exchanges = exchange->next;
		free_exchange(exchange);
	}
	tw_buffer_free(&http->pending[0]);
	tw_buffer_free(&http->pending[1]);
	tw_buffer_free(&http->fields);
	free(http);
	talk->state = NULL;
}

static int open_http(struct tw_talk *talk)
{
	struct http *http = calloc(1, sizeof(*http));
	talk->state = http;
	if (http != NULL)
		http->parser = htp_connp_create(tw_talk_http_config(talk));
	if (http == NULL || http->parser == NULL)
		return TW_ERROR_MEMORY;
	htp_connp_set_user_data(http->parser, talk);
	htp_connp_open(http->parser, NULL, 0, NULL, 0, NULL);
	return TW_OK;
}

/* Ends what is open, and hands the rest on as it is. */
static int give_up(struct tw_talk *talk, unsigned direction, struct tw_slice bytes,
		   const struct tw_packet_at *at)
{
	struct http *http = talk->state;
	struct tw_buffer kept[2] = {http->pending[0], http->pending[1]};
	int status = http->status;
	http->pending[0] = http->pending[1] = (struct tw_buffer){0};
	for (struct exchange *exchange = http->exchanges; exchange != NULL; exchange = exchange->next)
		for (unsigned i = 0; i < 2 && status >= 0; i++)
			status = end_half(talk, &exchange->halves[i], false);
	if (status >= 0)
		status = tw_talk_become(talk, &tw_protocol_plain);
	for (unsigned i = 0; i < 2 && status >= 0; i++)
		if (kept[i].length > 0)
			status = talk->protocol->data(talk, i, tw_buffer_slice(&kept[i]), at);
	if (status >= 0 && bytes.length > 0)
		status = talk->protocol->data(talk, direction, bytes, at);
	for (unsigned i = 0; i < 2 && status >= 0; i++)
		if (talk->ended[i])
			status = talk->protocol->end(talk, i, false, at);
	tw_buffer_free(&kept[0]);
	tw_buffer_free(&kept[1]);
	return status;
}

/* Gives bytes to libhtp. How many it took; *ret_lost: it cannot go on. */
static size_t give(struct http *http, unsigned direction, struct tw_slice bytes, bool *ret_lost)
{
	htp_time_t time = {.tv_sec = (long)http->at->time};
	bool request = direction == TW_TO_SERVER;
	int result = request ? htp_connp_req_data(http->parser, &time, bytes.data, bytes.length)
			     : htp_connp_res_data(http->parser, &time, bytes.data, bytes.length);
	*ret_lost = result == HTP_STREAM_ERROR || result == HTP_STREAM_STOP ||
		    result == HTP_STREAM_CLOSED || result == HTP_STREAM_TUNNEL;
	if (*ret_lost)
		return 0;
	if (result != HTP_STREAM_DATA_OTHER)
		return bytes.length;
	size_t taken = request ? htp_connp_req_data_consumed(http->parser)
			       : htp_connp_res_data_consumed(http->parser);
	return taken < bytes.length ? taken : bytes.length;
}

static void drop_front(struct tw_buffer *buffer, size_t length)
{
	if (length == 0)
		return; /* it may have no memory at all */
	memmove(buffer->data, buffer->data + length, buffer->length - length);
	buffer->length -= length;
}

/* What waited for the other direction, now that this one went on. False: cannot go on. */
static bool give_pending(struct http *http, unsigned direction, size_t *ret_taken)
{
	struct tw_buffer *pending = &http->pending[direction];
	bool lost = false;
	*ret_taken = 0;
	if (pending->length == 0 || http->seeking[direction])
		return true;
	*ret_taken = give(http, direction, tw_buffer_slice(pending), &lost);
	drop_front(pending, *ret_taken);
	return !lost;
}

/* ---- missing bytes in chunks ----------------------------------------------------------------- */

static htp_tx_t *tx_at(const struct http *http, unsigned direction)
{
	return direction == TW_TO_SERVER ? htp_connp_get_in_tx(http->parser)
					 : htp_connp_get_out_tx(http->parser);
}

static bool is_hexadecimal(int byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

/*
 * Whether the end of a line and the size of a chunk begin here (RFC 9112, section 7.1, without extensions): how
 * long they are, 0: no, negative: more bytes could tell.
 */
static int chunk_begins(struct tw_slice bytes)
{
	size_t at = LINE_END;
	if (tw_slice_at(bytes, 0) != '\r' || (bytes.length > 1 && tw_slice_at(bytes, 1) != '\n'))
		return 0;
	while (at < LINE_END + SIZE_DIGITS && is_hexadecimal(tw_slice_at(bytes, at)))
		at++;
	if (bytes.length > at && (at == LINE_END || tw_slice_at(bytes, at) != '\r'))
		return 0;
	if (bytes.length <= at + 1)
		return -1;
	return tw_slice_at(bytes, at + 1) == '\n' ? (int)(at + LINE_END) : 0;
}

/*
 * Behind bytes that hid the border of two chunks: what comes is the body's, until another chunk may begin. What was
 * taken for one and is none, libhtp will not be able to follow.
 */
static int seek_chunk(struct tw_talk *talk, unsigned direction, struct tw_slice bytes, bool last)
{
	struct http *http = talk->state;
	struct tw_buffer *pending = &http->pending[direction];
	htp_tx_t *tx = tx_at(http, direction);
	size_t at = 0;
	int found = 0;
	tw_buffer_append_slice(pending, bytes);
	if (pending->failed)
		return TW_ERROR_MEMORY;
	struct tw_slice all = tw_buffer_slice(pending);
	while (at < all.length && (found = chunk_begins(tw_slice_from(all, at))) == 0)
		at++;
	if (last) {
		at = all.length;
		found = 0;
	}
	struct half *half = tx == NULL ? NULL : half_of(talk, tx, direction);
	int status = half == NULL || at == 0 ? http->status
					     : take_bytes(talk, half, tw_slice_part(all, 0, at));
	http->seeking[direction] = found <= 0 && !last;
	drop_front(pending, at + (found > 0 && http->sized[direction] ? LINE_END : 0));
	return status;
}

/* Of what was handed on, */
static int64_t body_length(const htp_tx_t *tx, unsigned direction)
{
	return direction == TW_TO_SERVER ? tx->request_entity_len : tx->response_entity_len;
}

/* and with the lines that end chunks. */
static int64_t stream_length(const htp_tx_t *tx, unsigned direction)
{
	return direction == TW_TO_SERVER ? tx->request_message_len : tx->response_message_len;
}

enum sought {
	SOUGHT_NOTHING,
	SOUGHT_END,  /* libhtp waits for the line that ends a chunk, */
	SOUGHT_SIZE, /* or for the size of one; it passes over blanks in front of either */
	SOUGHT_LOST, /* it cannot go on */
};

/*
 * libhtp knows no missing bytes in chunks: it gets blanks in their place, of which nothing is handed on. What is to be
 * looked for behind them, unless all are of one chunk.
 */
static enum sought fill_chunk(struct http *http, unsigned direction, uint64_t length)
{
	const htp_tx_t *tx = tx_at(http, direction);
	char blanks[4096];
	bool lost = false, within = true, moved = true;
	memset(blanks, ' ', sizeof(blanks));
	http->filling = true;
	while (length > 0 && within && !lost) {
		size_t part = length < sizeof(blanks) ? (size_t)length : sizeof(blanks);
		int64_t body = body_length(tx, direction), stream = stream_length(tx, direction);
		give(http, direction, tw_slice(blanks, part), &lost);
		within = !lost && body_length(tx, direction) == body + (int64_t)part;
		moved = !lost && stream_length(tx, direction) > stream;
		length -= part;
	}
	http->filling = false;
	return lost ? SOUGHT_LOST : within ? SOUGHT_NOTHING : moved ? SOUGHT_END : SOUGHT_SIZE;
}

static int gap_in_chunks(struct tw_talk *talk, unsigned direction, uint64_t length, bool *ret_lost)
{
	struct http *http = talk->state;
	enum sought sought = fill_chunk(http, direction, length);
	*ret_lost = sought == SOUGHT_LOST;
	if (http->status < 0 || *ret_lost)
		return http->status;
	struct half *half = half_of(talk, tx_at(http, direction), direction);
	http->seeking[direction] = sought != SOUGHT_NOTHING;
	http->sized[direction] = sought == SOUGHT_SIZE;
	return half == NULL ? http->status : take_gap(talk, half, length);
}

/* ---- what the flow tells ---------------------------------------------------------------------- */

static int data(struct tw_talk *talk, unsigned direction, struct tw_slice bytes,
		const struct tw_packet_at *at)
{
	struct http *http = talk->state;
	bool lost = false;
	size_t taken = 0;
	http->at = at;
	if (http->seeking[direction]) {
		int status = seek_chunk(talk, direction, bytes, false);
		if (status < 0 || http->seeking[direction])
			return status;
		bytes = tw_slice(NULL, 0);
	} else if (http->pending[direction].length == 0)
		taken = give(http, direction, bytes, &lost);
	if (http->status < 0)
		return http->status;
	if (lost)
		return give_up(talk, direction, bytes, at);
	tw_buffer_append_slice(&http->pending[direction], tw_slice_from(bytes, taken));
	if (http->pending[direction].failed)
		return TW_ERROR_MEMORY;
	/* In turns, as long as one of them goes on. */
	size_t forth = 0;
	size_t back = 0;
	do
		lost = !give_pending(http, !direction, &back) ||
		       !give_pending(http, direction, &forth);
	while (!lost && http->status >= 0 && back + forth > 0);
	if (http->status < 0)
		return http->status;
	if (lost || http->pending[direction].length > PENDING_BYTES)
		return give_up(talk, direction, tw_slice(NULL, 0), at);
	/* Every request has its response: what follows is read by itself. */
	if (http->open == 0 && http->pending[0].length + http->pending[1].length == 0)
		tw_alternate_boundary(talk->flow);
	return TW_OK;
}

/* Whether a body is at hand, and libhtp has all that came before. */
static bool is_in_body(const struct http *http, unsigned direction)
{
	const htp_tx_t *tx = tx_at(http, direction);
	if (tx == NULL || http->pending[0].length > 0 || http->pending[1].length > 0)
		return false;
	return direction == TW_TO_SERVER ? tx->request_progress == HTP_REQUEST_BODY
					 : tx->response_progress == HTP_RESPONSE_BODY;
}

static bool is_chunked(const htp_tx_t *tx, unsigned direction)
{
	return HTP_CODING_CHUNKED == (direction == TW_TO_SERVER ? tx->request_transfer_coding
								: tx->response_transfer_coding);
}

static int gap_in_bodies(struct tw_talk *talk, unsigned direction, uint64_t length, bool *ret_told)
{
	const struct http *http = talk->state;
	int status = TW_OK;
	for (struct exchange *exchange = http->exchanges; exchange != NULL && status >= 0;
	     exchange = exchange->next) {
		*ret_told |= exchange->halves[direction].body != NULL;
		status = take_gap(talk, &exchange->halves[direction], length);
	}
	return status;
}

/* Nobody knows where what follows belongs. A body that is open has the bytes missing; else it begins behind them. */
static int give_up_behind(struct tw_talk *talk, unsigned direction, uint64_t length,
			  const struct tw_packet_at *at)
{
	bool told = false;
	int status = gap_in_bodies(talk, direction, length, &told);
	if (status >= 0)
		status = give_up(talk, direction, tw_slice(NULL, 0), at);
	return status < 0 || told ? status : talk->protocol->gap(talk, direction, length, at);
}

static int gap(struct tw_talk *talk, unsigned direction, uint64_t length,
	       const struct tw_packet_at *at)
{
	struct http *http = talk->state;
	bool lost = true;
	int status = TW_OK;
	http->at = at;
	if (http->seeking[direction]) {
		status = seek_chunk(talk, direction, tw_slice(NULL, 0), true);
		http->seeking[direction] = true;
		return status < 0 ? status : gap_in_bodies(talk, direction, length, &lost);
	}
	if (is_in_body(http, direction) && is_chunked(tx_at(http, direction), direction))
		status = gap_in_chunks(talk, direction, length, &lost);
	else if (is_in_body(http, direction) && length <= SIZE_MAX)
		give(http, direction, tw_slice(NULL, (size_t)length), &lost);
	if (status < 0 || http->status < 0 || !lost)
		return status < 0 ? status : http->status;
	return give_up_behind(talk, direction, length, at);
}

static int end(struct tw_talk *talk, unsigned direction, bool whole, const struct tw_packet_at *at)
{
	struct http *http = talk->state;
	htp_time_t time = {.tv_sec = (long)at->time};
	size_t taken;
	http->at = at;
	(void)whole;
	int status = http->seeking[direction] ? seek_chunk(talk, direction, tw_slice(NULL, 0), true) : TW_OK;
	give_pending(http, direction, &taken);
	/* A response without a length ends with its connection: RFC 9112, section 6.3. */
	if (direction == TW_TO_SERVER)
		htp_connp_req_close(http->parser, &time);
	if (talk->ended[TW_TO_SERVER] && talk->ended[TW_TO_CLIENT])
		htp_connp_close(http->parser, &time);
	status = status < 0 ? status : http->status;
	for (struct exchange *exchange = http->exchanges;
	     exchange != NULL && talk->ended[!direction]; exchange = exchange->next)
		for (unsigned i = 0; i < 2 && status >= 0; i++)
			status = end_half(talk, &exchange->halves[i], false);
	return status;
}

const struct tw_protocol tw_protocol_http = {
	.name = "http",
	.probe = probe,
	.open = open_http,
	.data = data,
	.gap = gap,
	.end = end,
	.close = close_http,
};
