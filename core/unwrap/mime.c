/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <stdlib.h>

#include <gmime/gmime.h>

#include "unwrap/delimiter.h"
#include "unwrap/mime_head.h"

/*
 * MIME (RFC 2045, 2046): a mail, or what is written as one (an AS2 body, the content
 * of S/MIME). Multiparts in each other are one layer; its members are the parts that
 * are none, numbered as RFC 3501, 6.4.5 does it: "2.1" is the first part of the
 * second part. A mail in a mail is a member that is a layer again. The signature of
 * multipart/signed (RFC 1847) is known for what it is, not verified, and no member.
 * What stands behind the last delimiter is a member too, as concatenated mails have
 * the next one there.
 */
enum state {
	HEAD,
	BODY,	  /* of a member, */
	OPAQUE,	  /* or of one that is not read, */
	PASS,	  /* or of a signature, or behind missing bytes */
	PREAMBLE,
	EPILOGUE,
	FLUSH,	  /* the member's end: what the decoder has left, */
	REPORT,	  /* what is to be said of it, */
	CLOSE,	  /* and then it ends; */
	BORDER,	  /* and the delimiter behind it is taken */
	ENDED,
};

struct mime {
	struct tw_layer layer;
	enum state state;
	struct tw_mime_head head;
	struct tw_delimiters delimiters;
	bool digest[TW_UNWRAP_LAYERS];
	bool opaque[TW_UNWRAP_LAYERS]; /* its parts cannot be read */
	unsigned parts[TW_UNWRAP_LAYERS];
	size_t scanned; /* bytes of the input that are known to be header fields */
	uint64_t passed;
	struct tw_delimiter border; /* behind the member at hand */
	bool whole;
	GMimeEncoding encoding;
	char out[TW_LAYER_BLOCK + 64];
};

/*
 * GMime begins once in a process, in whichever thread needs it first, and is never shut
 * down, as it cannot begin again: its own count of who began it is no thread's.
 */
static pthread_once_t begun = PTHREAD_ONCE_INIT;

static int mime_open(struct tw_layer **ret_layer)
{
	struct mime *mime = calloc(1, sizeof(*mime));
	if (mime == NULL)
		return TW_ERROR_MEMORY;
	pthread_once(&begun, g_mime_init);
	*ret_layer = &mime->layer;
	return TW_OK;
}

static void mime_close(struct tw_layer *layer)
{
	struct mime *mime = (struct mime *)layer;
	tw_mime_head_free(&mime->head);
	free(mime);
}

/* ---- parts ------------------------------------------------------------------------- */

/* A member's name: the numbers, and the attachment's own. */
static enum tw_layer_verdict begin_member(struct mime *mime, const char *what)
{
	struct tw_buffer name = {0};
	for (unsigned i = 0; i < mime->delimiters.count; i++)
		tw_buffer_printf(&name, i == 0 ? "%u" : ".%u", mime->parts[i]);
	if (what != NULL)
		tw_buffer_printf(&name, name.length == 0 ? "%s" : ".%s", what);
	if (name.length == 0)
		tw_buffer_append_byte(&name, '1');
	if (mime->head.name.length > 0)
		tw_buffer_append_byte(&name, ':');
	tw_buffer_append_slice(&name, tw_buffer_slice(&mime->head.name));
	enum tw_layer_verdict verdict =
		name.failed ? TW_LAYER_FAIL : tw_layer_member(&mime->layer, tw_buffer_slice(&name));
	tw_buffer_free(&name);
	mime->passed = 0;
	mime->whole = true;
	return verdict;
}

/* Opens the multipart that the head announces, or says that it is too deep. */
static bool push_multipart(struct mime *mime)
{
	unsigned depth = mime->delimiters.count;
	if (depth >= mime->layer.settings->layers || depth >= TW_UNWRAP_LAYERS)
		return false;
	tw_delimiters_push(&mime->delimiters, tw_buffer_slice(&mime->head.boundary));
	mime->parts[depth] = 0;
	mime->digest[depth] = mime->head.digest;
	mime->opaque[depth] = mime->head.opaque != NULL;
	mime->passed = 0;
	mime->state = PREAMBLE;
	return true;
}

/* What stands behind the header fields. */
static enum tw_layer_verdict begin_entity(struct mime *mime)
{
	struct tw_mime_head *head = &mime->head;
	unsigned depth = mime->delimiters.count;
	if (head->body == TW_MIME_MULTIPART && push_multipart(mime))
		return TW_LAYER_ON;
	if (head->body == TW_MIME_SIGNATURE && depth > 0) {
		mime->state = PASS;
		return TW_LAYER_ON;
	}
	if (head->body == TW_MIME_MULTIPART) {
		head->opaque = "multiparts in each other deeper than limits.layers allows: not opened";
		head->code = "unwrap.layers";
	}
	if (head->opaque == NULL && depth > 0 && mime->opaque[depth - 1])
		head->opaque = "a part of an encrypted mail is not read";
	mime->state = head->opaque == NULL ? BODY : OPAQUE;
	g_mime_encoding_init_decode(&mime->encoding, (GMimeContentEncoding)head->encoding);
	enum tw_layer_verdict verdict = begin_member(mime, NULL);
	mime->layer.given.opaque = head->opaque != NULL;
	mime->layer.given.beside = head->beside;
	if (head->body == TW_MIME_MESSAGE && head->opaque == NULL)
		mime->layer.given.kind = &tw_layer_mime;
	else if (head->html && head->beside == TW_UNWRAP_PROSE && head->opaque == NULL)
		mime->layer.given.kind = &tw_layer_html;
	return verdict;
}

static bool is_empty(struct tw_slice line)
{
	return tw_slice_is(line, "\n") || tw_slice_is(line, "\r\n");
}

/*
 * Where the header fields end: behind the empty line, or before a delimiter. *ret_body:
 * where the body begins. False: more bytes are needed. Fields that are none are a body
 * without fields; the line that mbox puts before a mail is none of either.
 */
static bool find_body(struct mime *mime, size_t *ret_body)
{
	struct tw_slice input = mime->layer.input;
	for (;;) {
		struct tw_slice rest = tw_slice_from(input, mime->scanned), line = rest;
		struct tw_delimiter border = {0};
		const char *line_end = rest.length == 0 ? NULL : memchr(rest.data, '\n', rest.length);
		if (line_end != NULL)
			line.length = (size_t)(line_end - rest.data) + 1;
		else if (!mime->layer.end)
			return false;
		*ret_body = mime->scanned;
		int found = tw_delimiters_match(&mime->delimiters, rest, mime->layer.end, &border);
		bool from = mime->scanned == 0 && (tw_slice_starts(line, TW_LITERAL("From ")) ||
						   tw_slice_starts(line, TW_LITERAL(">From ")));
		bool first = mime->scanned == 0 && !from;
		bool known = line_end != NULL || line.length > TW_MIME_LINE;
		if (found > 0 || (first && known && !is_empty(line) && !tw_mime_is_field(line, true)))
			return true;
		if (line_end == NULL)
			return false;
		mime->scanned += line.length;
		*ret_body = mime->scanned;
		if (is_empty(line))
			return true;
	}
}

static enum tw_layer_verdict read_head(struct mime *mime)
{
	struct tw_layer *layer = &mime->layer;
	unsigned depth = mime->delimiters.count;
	size_t body;
	if (!find_body(mime, &body))
		return TW_LAYER_NEED;
	tw_mime_head_free(&mime->head);
	int status = tw_mime_head_read(tw_slice_part(layer->input, 0, body),
				       depth > 0 && mime->digest[depth - 1], &mime->head);
	tw_layer_take(layer, body);
	mime->scanned = 0;
	mime->delimiters.start = true;
	return status < 0 ? TW_LAYER_FAIL : begin_entity(mime);
}

/* ---- bodies ------------------------------------------------------------------------ */

/* Padding ends base64 (RFC 2045, 6.8), and GMime reads no further: what stands behind it begins anew. */
static struct tw_slice behind_padding(struct mime *mime, struct tw_slice bytes)
{
	size_t at = 0;
	if (mime->encoding.state >= 0)
		return bytes;
	while (at < bytes.length && !g_ascii_isalnum(bytes.data[at]) && bytes.data[at] != '+' &&
	       bytes.data[at] != '/')
		at++;
	if (at < bytes.length)
		g_mime_encoding_init_decode(&mime->encoding, GMIME_CONTENT_ENCODING_BASE64);
	return tw_slice_from(bytes, at);
}

static enum tw_layer_verdict decode(struct mime *mime, struct tw_slice bytes)
{
	switch (mime->encoding.encoding) {
	case GMIME_CONTENT_ENCODING_BASE64:
		bytes = behind_padding(mime, bytes);
		break;
	case GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE:
		break;
	default:
		return tw_layer_bytes(&mime->layer, bytes);
	}
	if (bytes.length == 0)
		return TW_LAYER_ON;
	size_t length = g_mime_encoding_step(&mime->encoding, bytes.data, bytes.length, mime->out);
	return tw_layer_bytes(&mime->layer, tw_slice(mime->out, length));
}

/* The body before the next delimiter, as far as it is here; at most a block. */
static struct tw_slice take_body(struct mime *mime)
{
	struct tw_layer *layer = &mime->layer;
	size_t length = tw_delimiters_find(&mime->delimiters, layer->input, layer->end, &mime->border);
	struct tw_slice bytes = tw_slice_part(layer->input, 0, length < TW_LAYER_BLOCK ? length : TW_LAYER_BLOCK);
	const char *padding = NULL;
	if (mime->state == BODY && mime->encoding.encoding == GMIME_CONTENT_ENCODING_BASE64 && bytes.length > 0)
		padding = memchr(bytes.data, '=', bytes.length);
	if (padding != NULL)
		bytes.length = (size_t)(padding - bytes.data) + 1;
	tw_layer_take(layer, bytes.length);
	mime->delimiters.start &= bytes.length == 0;
	return bytes;
}

/* Whether nothing is left of the body: a delimiter stands here, or the mail ends. */
static bool body_ends(struct mime *mime)
{
	const struct tw_layer *layer = &mime->layer;
	return mime->border.length > 0 ||
	       (mime->delimiters.count == 0 && layer->end && layer->input.length == 0);
}

static enum tw_layer_verdict read_body(struct mime *mime)
{
	struct tw_slice bytes = take_body(mime);
	if (bytes.length > 0 && mime->state == BODY)
		return decode(mime, bytes);
	mime->passed += bytes.length;
	if (bytes.length > 0)
		return TW_LAYER_ON;
	if (!body_ends(mime))
		return TW_LAYER_NEED;
	mime->state = FLUSH;
	return TW_LAYER_ON;
}

/* What is no member, or no more: a signature, the note before the first part, what lacks its beginning. */
static enum tw_layer_verdict pass_over(struct mime *mime)
{
	struct tw_layer *layer = &mime->layer;
	struct tw_slice bytes = take_body(mime);
	mime->passed += bytes.length;
	if (bytes.length > 0)
		return TW_LAYER_ON;
	bool mine = mime->border.length > 0 && mime->border.level + 1 == mime->delimiters.count;
	bool missed = mime->state == PREAMBLE && !mine;
	if (mime->border.length == 0 && !layer->end)
		return TW_LAYER_NEED;
	if (missed && (mime->border.length > 0 || !layer->cut)) {
		uint64_t passed = mime->passed;
		mime->state = mime->border.length > 0 ? BORDER : ENDED;
		return tw_layer_problem(layer, "unwrap.corrupt", passed,
					"the boundary of a multipart never comes: %llu bytes were passed over",
					(unsigned long long)passed);
	}
	if (mime->border.length == 0)
		return TW_LAYER_NEED;
	mime->state = layer->in_member ? CLOSE : BORDER;
	return TW_LAYER_ON;
}

/* Line ends and blanks, and no more as a rule. */
static enum tw_layer_verdict read_epilogue(struct mime *mime)
{
	struct tw_layer *layer = &mime->layer;
	size_t length = tw_delimiters_find(&mime->delimiters, layer->input, layer->end, &mime->border);
	struct tw_slice text = tw_slice_part(layer->input, 0, length);
	size_t at = 0;
	while (tw_slice_at(text, at) == ' ' || (tw_slice_at(text, at) >= '\t' && tw_slice_at(text, at) <= '\r') ||
	       tw_slice_at(text, at) == 0)
		at++;
	tw_layer_take(layer, at);
	mime->delimiters.start &= at == 0;
	if (at < text.length) {
		tw_mime_head_free(&mime->head);
		mime->head = (struct tw_mime_head){.beside = TW_UNWRAP_PROSE};
		g_mime_encoding_init_decode(&mime->encoding, GMIME_CONTENT_ENCODING_BINARY);
		mime->state = BODY;
		enum tw_layer_verdict verdict = begin_member(mime, "epilogue");
		layer->given.beside = TW_UNWRAP_PROSE;
		return verdict;
	}
	if (mime->border.length > 0)
		mime->state = BORDER;
	else if (mime->delimiters.count == 0 && layer->end && layer->input.length == 0)
		return TW_LAYER_DONE;
	else
		return TW_LAYER_NEED;
	return TW_LAYER_ON;
}

/* ---- where bodies end ----------------------------------------------------------------- */

/* Base64 that does not come out even lost some of its characters. */
static enum tw_layer_verdict flush(struct mime *mime)
{
	struct tw_layer *layer = &mime->layer;
	mime->state = REPORT;
	if (mime->encoding.encoding == GMIME_CONTENT_ENCODING_BASE64 && mime->encoding.state > 0 &&
	    mime->head.opaque == NULL && mime->head.odd == NULL &&
	    (mime->border.length > 0 || !layer->cut)) {
		mime->head.code = "unwrap.truncated";
		mime->head.odd = "the base64 of a part ends within a group of four characters";
		mime->whole = false;
	}
	if (mime->encoding.encoding != GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE || mime->head.opaque != NULL)
		return TW_LAYER_ON;
	size_t length = g_mime_encoding_flush(&mime->encoding, "", 0, mime->out);
	return tw_layer_bytes(layer, tw_slice(mime->out, length));
}

static enum tw_layer_verdict report(struct mime *mime)
{
	struct tw_mime_head *head = &mime->head;
	mime->state = CLOSE;
	if (head->opaque != NULL)
		return tw_layer_problem(&mime->layer, head->code == NULL ? "unwrap.opaque" : head->code,
					mime->passed, "%s", head->opaque);
	if (head->odd != NULL)
		return tw_layer_problem(&mime->layer, head->code, 0, "%s", head->odd);
	return TW_LAYER_ON;
}

static enum tw_layer_verdict close_member(struct mime *mime)
{
	struct tw_layer *layer = &mime->layer;
	bool whole = mime->whole && mime->head.opaque == NULL &&
		     (mime->border.length > 0 || !layer->cut);
	mime->state = mime->border.length > 0 ? BORDER : ENDED;
	return tw_layer_member_end(layer, whole);
}

/* The delimiter behind a body: the next part begins, or its multipart ends. */
static enum tw_layer_verdict take_border(struct mime *mime)
{
	struct tw_layer *layer = &mime->layer;
	struct tw_delimiter border = mime->border;
	if (border.level + 1 < mime->delimiters.count) {
		tw_delimiters_pop(&mime->delimiters);
		return border.level + 1 < mime->delimiters.count
			       ? TW_LAYER_ON
			       : tw_layer_problem(layer, "unwrap.boundary", 0,
						  "a multipart in another ends without its closing delimiter");
	}
	tw_layer_take(layer, border.length);
	mime->border = (struct tw_delimiter){0};
	mime->delimiters.start = true;
	mime->parts[border.level] += !border.closes;
	if (border.closes)
		tw_delimiters_pop(&mime->delimiters);
	mime->state = border.closes ? EPILOGUE : HEAD;
	return TW_LAYER_ON;
}

static enum tw_layer_verdict mime_step(struct tw_layer *layer)
{
	static enum tw_layer_verdict (*const steps[])(struct mime *mime) = {
		[HEAD] = read_head,	 [BODY] = read_body,	[OPAQUE] = read_body,
		[PASS] = pass_over,	 [PREAMBLE] = pass_over, [EPILOGUE] = read_epilogue,
		[FLUSH] = flush,	 [REPORT] = report,	[CLOSE] = close_member,
		[BORDER] = take_border,
	};
	struct mime *mime = (struct mime *)layer;
	return mime->state == ENDED ? TW_LAYER_DONE : steps[mime->state](mime);
}

/*
 * What follows may be of the same body, or of a later part whose delimiter is among the missing
 * bytes. Where it is written as it is, it can be read all the same. Base64 cannot, since nobody knows which
 * of four characters comes first, nor header fields: both are passed over up to the next delimiter.
 */
static bool mime_gap(struct tw_layer *layer)
{
	struct mime *mime = (struct mime *)layer;
	GMimeContentEncoding encoding = mime->encoding.encoding;
	bool readable = mime->state == BODY && encoding != GMIME_CONTENT_ENCODING_BASE64;
	mime->whole = false;
	mime->scanned = 0;
	mime->delimiters.start = true;
	if (readable)
		g_mime_encoding_init_decode(&mime->encoding, encoding);
	else if (mime->state == BODY || mime->state == HEAD)
		mime->state = PASS;
	return readable;
}

const struct tw_layer_kind tw_layer_mime = {
	.name = "mime",
	.probe = tw_mime_probe,
	.open = mime_open,
	.close = mime_close,
	.step = mime_step,
	.gap = mime_gap,
};
