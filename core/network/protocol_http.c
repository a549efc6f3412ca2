/* SPDX-License-Identifier: Apache-2.0 */
#include <htp/htp.h>
#include <stdlib.h>

#include "network/alternate.h"
#include "network/protocol_private.h"

/*
 * HTTP/1.x by libhtp: bodies of requests and responses as they arrive, chunks and
 * content codings taken off. Of the header fields only those are looked at that say
 * what a body is, and those of AS2 (RFC 4130); cookies and credentials are not. Of what may be
 * AS4 the body itself says whose it is (ebms.h).
 *
 * What libhtp cannot follow, such as a chunked body with bytes missing, is handed on
 * as a plain connection from there on, where an interchange can still be found.
 */
#define PENDING_BYTES ((size_t)1048576) /* of one direction that wait for the other */
#define DEFLATE_BYTES ((size_t)64)	/* of a body in deflate that are given at first */
#define FIELD_BYTES ((size_t)1024)	/* longest header field that is looked at */

struct exchange { /* a request and its response */
	struct exchange *next, *previous;
	struct tw_body *bodies[2];
};

struct http {
	htp_connp_t *parser;
	struct exchange *exchanges;
	struct tw_buffer pending[2];
	struct tw_buffer fields;
	const struct tw_packet_at *at; /* of the call at hand */
	int status;
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

static int begin_body(struct tw_talk *talk, htp_tx_t *tx, unsigned direction,
		      struct tw_body **ret_body)
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
	return tw_talk_begin(talk, &start, http->at, ret_body);
}

static int take_body(htp_tx_data_t *data, unsigned direction)
{
	struct tw_talk *talk = htp_connp_get_user_data(data->tx->connp);
	struct http *http = talk->state;
	struct exchange *exchange = exchange_of(data->tx);
	if (exchange == NULL)
		return HTP_ERROR;
	struct tw_body **body = &exchange->bodies[direction];
	if (data->len == 0)
		return HTP_OK;
	if (*body == NULL)
		http->status = begin_body(talk, data->tx, direction, body);
	if (http->status >= 0)
		http->status = data->data == NULL
				       ? tw_talk_gap(talk, *body, data->len, http->at)
				       : tw_talk_bytes(talk, *body,
						       tw_slice((const char *)data->data, data->len),
						       http->at);
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
	http->status = tw_talk_end(talk, &exchange->bodies[direction], whole, http->at);
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
	htp_config_set_response_decompression(config, 1);
	htp_config_set_request_decompression(config, 1);
	/* No clock decides what is read. Expansion is limited where bodies are unwrapped. */
	htp_config_set_compression_time_limit(config, UINT32_MAX);
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
		free(exchange);
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
			status = tw_talk_end(talk, &exchange->bodies[i], false, at);
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

/* What waited for the other direction, now that this one went on. False: cannot go on. */
static bool give_pending(struct http *http, unsigned direction, size_t *ret_taken)
{
	struct tw_buffer *pending = &http->pending[direction];
	bool lost = false;
	*ret_taken = 0;
	if (pending->length == 0)
		return true;
	*ret_taken = give(http, direction, tw_buffer_slice(pending), &lost);
	memmove(pending->data, pending->data + *ret_taken, pending->length - *ret_taken);
	pending->length -= *ret_taken;
	return !lost;
}

/*
 * libhtp tells the two things that are called deflate apart by the first bytes it is
 * given of a body: a few are waited for.
 */
static bool is_too_short(const struct http *http, unsigned direction, size_t length)
{
	const htp_tx_t *tx = htp_connp_get_out_tx(http->parser);
	return direction == TW_TO_CLIENT && tx != NULL && length < DEFLATE_BYTES &&
	       tx->response_progress == HTP_RESPONSE_BODY && tx->response_entity_len == 0 &&
	       tx->response_content_encoding_processing == HTP_COMPRESSION_DEFLATE;
}

static int data(struct tw_talk *talk, unsigned direction, struct tw_slice bytes,
		const struct tw_packet_at *at)
{
	struct http *http = talk->state;
	bool lost = false;
	size_t taken = 0;
	http->at = at;
	if (is_too_short(http, direction, http->pending[direction].length + bytes.length)) {
		tw_buffer_append_slice(&http->pending[direction], bytes);
		return http->pending[direction].failed ? TW_ERROR_MEMORY : TW_OK;
	}
	if (http->pending[direction].length == 0)
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

/* Whether libhtp can pass over missing bytes: in a body that is neither chunked nor packed. */
static bool can_pass(const struct http *http, unsigned direction)
{
	const htp_tx_t *tx = direction == TW_TO_SERVER ? htp_connp_get_in_tx(http->parser)
						       : htp_connp_get_out_tx(http->parser);
	if (tx == NULL || http->pending[0].length > 0 || http->pending[1].length > 0)
		return false;
	if (direction == TW_TO_SERVER)
		return tx->request_progress == HTP_REQUEST_BODY &&
		       tx->request_transfer_coding == HTP_CODING_IDENTITY &&
		       tx->request_content_encoding <= HTP_COMPRESSION_NONE;
	return tx->response_progress == HTP_RESPONSE_BODY &&
	       tx->response_transfer_coding == HTP_CODING_IDENTITY &&
	       tx->response_content_encoding_processing <= HTP_COMPRESSION_NONE;
}

static int gap_in_body(struct tw_talk *talk, unsigned direction, uint64_t length,
		       const struct tw_packet_at *at, bool *ret_told)
{
	const struct http *http = talk->state;
	int status = TW_OK;
	for (struct exchange *exchange = http->exchanges; exchange != NULL && status >= 0;
	     exchange = exchange->next) {
		*ret_told |= exchange->bodies[direction] != NULL;
		status = tw_talk_gap(talk, exchange->bodies[direction], length, at);
	}
	return status;
}

static int gap(struct tw_talk *talk, unsigned direction, uint64_t length,
	       const struct tw_packet_at *at)
{
	struct http *http = talk->state;
	bool lost = true;
	http->at = at;
	if (can_pass(http, direction) && length <= SIZE_MAX)
		give(http, direction, tw_slice(NULL, (size_t)length), &lost);
	if (http->status < 0 || !lost)
		return http->status;
	/* A body that is open has the bytes missing; else what follows begins behind them. */
	bool told = false;
	int status = gap_in_body(talk, direction, length, at, &told);
	if (status >= 0)
		status = give_up(talk, direction, tw_slice(NULL, 0), at);
	return status < 0 || told ? status : talk->protocol->gap(talk, direction, length, at);
}

static int end(struct tw_talk *talk, unsigned direction, bool whole, const struct tw_packet_at *at)
{
	struct http *http = talk->state;
	htp_time_t time = {.tv_sec = (long)at->time};
	size_t taken;
	http->at = at;
	(void)whole;
	give_pending(http, direction, &taken);
	/* A response without a length ends with its connection: RFC 9112, section 6.3. */
	if (direction == TW_TO_SERVER)
		htp_connp_req_close(http->parser, &time);
	if (talk->ended[TW_TO_SERVER] && talk->ended[TW_TO_CLIENT])
		htp_connp_close(http->parser, &time);
	int status = http->status;
	for (struct exchange *exchange = http->exchanges;
	     exchange != NULL && talk->ended[!direction]; exchange = exchange->next)
		for (unsigned i = 0; i < 2 && status >= 0; i++)
			status = tw_talk_end(talk, &exchange->bodies[i], false, at);
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
