/* SPDX-License-Identifier: Apache-2.0 */
#include "unwrap/mime_head.h"

#include <gmime/gmime.h>

/* Fields that show nothing by then are no mail's. */
#define PROBE_BYTES ((size_t)65536)

/* ---- whether it is one ------------------------------------------------------------ */

/* What the first field of a mail may be (RFC 5322, 3.6; RFC 2045; RFC 4021), and what it shows. */
static const struct name {
	const char *name;
	unsigned weight; /* 2: it is MIME; of the others it takes two */
} names[] = {
	{"mime-version", 2},	  {"content-type", 2},	   {"content-transfer-encoding", 2},
	{"content-disposition", 2}, {"content-id", 1},	   {"content-description", 1},
	{"content-length", 1},	  {"content-language", 1}, {"received", 1},
	{"return-path", 1},	  {"delivered-to", 1},	   {"envelope-to", 1},
	{"from", 1},		  {"to", 1},		   {"cc", 1},
	{"bcc", 1},		  {"reply-to", 1},	   {"sender", 1},
	{"date", 1},		  {"subject", 1},	   {"message-id", 1},
	{"in-reply-to", 1},	  {"references", 1},	   {"dkim-signature", 1},
	{"authentication-results", 1}, {"arc-seal", 1},	   {"arc-message-signature", 1},
	{"arc-authentication-results", 1}, {"received-spf", 1}, {"user-agent", 1},
	{"importance", 1},	  {"priority", 1},	   {"thread-topic", 1},
	{"thread-index", 1},	  {"list-id", 1},	   {"list-unsubscribe", 1},
	{"auto-submitted", 1},	  {"resent-from", 1},	   {"resent-date", 1},
	{"errors-to", 1},	  {"organization", 1},	   {"status", 1},
	{"as2-version", 1},	  {"as2-from", 1},	   {"as2-to", 1},
	{"disposition-notification-to", 1},
};

static bool is_blank(int byte)
{
	return byte == ' ' || byte == '\t';
}

static int lower(int byte)
{
	return byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte;
}

/* How far `text` agrees with the name: to its end, or to the colon behind the name or blanks before that. */
static bool agrees(struct tw_slice text, const char *name, size_t *ret_length)
{
	size_t length = strlen(name), at = 0;
	while (at < length && at < text.length && lower(tw_slice_at(text, at)) == name[at])
		at++;
	*ret_length = at;
	return at == text.length || (at == length && (tw_slice_at(text, at) == ':' || is_blank(tw_slice_at(text, at))));
}

/* 1 and 2: what a known field shows, 0: none, -1: more bytes are needed. */
static int weigh_field(struct tw_slice text)
{
	int weight = 0;
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t length;
		if (!agrees(text, names[i].name, &length))
			continue;
		if (length < text.length)
			return (int)names[i].weight;
		weight = -1;
	}
	if (lower(tw_slice_at(text, 0)) == 'x' && (text.length < 2 || tw_slice_at(text, 1) == '-'))
		return text.length < 2 ? -1 : 0;
	return weight;
}

/* RFC 5322, 2.2: printable ASCII but the colon; then the colon, which old mails put behind a blank. */
bool tw_mime_is_field(struct tw_slice line, bool first)
{
	size_t at = 0;
	if (is_blank(tw_slice_at(line, 0)))
		return !first;
	while (tw_slice_at(line, at) > ' ' && tw_slice_at(line, at) < 0x7f && tw_slice_at(line, at) != ':')
		at++;
	size_t length = at;
	while (is_blank(tw_slice_at(line, at)))
		at++;
	return length > 0 && tw_slice_at(line, at) == ':';
}

/* Whether the first field can be a mail's: as weigh_field(), 0 for X- fields as well, and -2: no. */
static int weigh_first(struct tw_slice head)
{
	int weight = weigh_field(head);
	bool extension = lower(tw_slice_at(head, 0)) == 'x' && tw_slice_at(head, 1) == '-';
	return weight == 0 && !extension ? -2 : weight;
}

static struct tw_slice take_line(struct tw_slice *rest)
{
	const char *end = rest->length == 0 ? NULL : memchr(rest->data, '\n', rest->length);
	size_t length = end == NULL ? rest->length : (size_t)(end - rest->data) + 1;
	struct tw_slice line = tw_slice_part(*rest, 0, length);
	*rest = tw_slice_from(*rest, length);
	return line;
}

int tw_mime_probe(struct tw_slice head, bool end)
{
	struct tw_slice rest = tw_slice_part(head, 0, PROBE_BYTES);
	int shown = weigh_first(rest);
	if (shown == -2 || (end && shown < 0))
		return 0;
	shown = 0;
	for (bool first = true; rest.length > 0; first = false) {
		struct tw_slice line = take_line(&rest);
		bool whole = tw_slice_at(line, line.length - 1) == '\n';
		if (!whole && !end)
			break;
		if (!tw_mime_is_field(line, first))
			return 0;
		int weight = weigh_field(line);
		shown += weight > 0 ? weight : 0;
		if (shown >= 2)
			return 1;
	}
	return end || head.length >= PROBE_BYTES ? 0 : -1;
}

/* ---- what it says ------------------------------------------------------------------ */

/* For people: (type, subtype), "*" for any. Other text may be anything that a message is written in. */
static const char *const prose[][2] = {
	{"text", "plain"}, {"text", "html"}, {"text", "enriched"}, {"text", "richtext"},
	{"text", "calendar"}, {"text", "markdown"}, {"text", "rfc822-headers"},
	{"message", "disposition-notification"}, {"message", "delivery-status"},
	{"message", "global-delivery-status"}, {"message", "feedback-report"},
};

static bool is_type(GMimeContentType *type, const char *major, const char *minor)
{
	return g_mime_content_type_is_type(type, major, minor);
}

/* RFC 1847, 2.1 */
static bool is_signature(GMimeContentType *type)
{
	return is_type(type, "application", "pkcs7-signature") ||
	       is_type(type, "application", "x-pkcs7-signature") ||
	       is_type(type, "application", "pgp-signature");
}

static enum tw_unwrap_beside beside_of(GMimeContentType *type, bool attached)
{
	if (attached)
		return TW_UNWRAP_CARGO;
	if (is_type(type, "image", "*"))
		return TW_UNWRAP_PICTURE;
	for (unsigned i = 0; i < sizeof(prose) / sizeof(prose[0]); i++)
		if (is_type(type, prose[i][0], prose[i][1]))
			return TW_UNWRAP_PROSE;
	return TW_UNWRAP_CARGO;
}

static void set_odd(struct tw_mime_head *head, const char *code, const char *reason)
{
	head->code = code;
	head->odd = reason;
}

static void read_multipart(struct tw_mime_head *head, GMimeContentType *type)
{
	const char *boundary = g_mime_content_type_get_parameter(type, "boundary");
	struct tw_slice text = tw_slice_string(boundary);
	if (text.length == 0 || text.length > TW_MIME_BOUNDARY) {
		set_odd(head, "unwrap.boundary", "a multipart without a boundary that can be used: "
						 "its parts were not told apart");
		return;
	}
	head->body = TW_MIME_MULTIPART;
	head->digest = is_type(type, "multipart", "digest");
	tw_buffer_append_slice(&head->boundary, text);
	if (is_type(type, "multipart", "encrypted"))
		head->opaque = "an encrypted mail is not read";
}

static void read_type(struct tw_mime_head *head, GMimeContentType *type)
{
	if (is_type(type, "multipart", "*"))
		read_multipart(head, type);
	else if (is_type(type, "message", "rfc822") || is_type(type, "message", "global"))
		head->body = TW_MIME_MESSAGE;
	else if (is_signature(type))
		head->body = TW_MIME_SIGNATURE;
	else if (is_type(type, "message", "external-body"))
		head->opaque = "a part of the mail is kept elsewhere (message/external-body)";
	else if (is_type(type, "message", "partial"))
		set_odd(head, "unwrap.missing", "a mail that was sent in parts: the others are not in it");
	head->html = is_type(type, "text", "html");
}

/* RFC 2045, 6.1: what is not encoded is one of three words. */
static void read_encoding(struct tw_mime_head *head, GMimeObject *object)
{
	const char *named = g_mime_object_get_header(object, "Content-Transfer-Encoding");
	struct tw_slice name = tw_slice_trim(tw_slice_string(named));
	GMimeContentEncoding encoding = g_mime_content_encoding_from_string(named == NULL ? "" : named);
	bool known = encoding != GMIME_CONTENT_ENCODING_DEFAULT &&
		     encoding != GMIME_CONTENT_ENCODING_UUENCODE;
	head->encoding = (int)encoding;
	if (!known && name.length > 0 && head->body != TW_MIME_MULTIPART)
		head->opaque = "a part of the mail has a transfer encoding that is not read";
}

static void read_name(struct tw_mime_head *head, GMimeObject *object)
{
	const char *name = g_mime_object_get_content_disposition_parameter(object, "filename");
	if (name == NULL)
		name = g_mime_object_get_content_type_parameter(object, "name");
	tw_buffer_append_slice(&head->name, tw_slice_string(name));
}

static GMimeObject *parse(struct tw_slice fields)
{
	GMimeStream *stream = g_mime_stream_mem_new();
	g_mime_stream_write(stream, fields.data, fields.length);
	g_mime_stream_write(stream, "\n\n", 2);
	g_mime_stream_reset(stream);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeObject *object = g_mime_parser_construct_part(parser, NULL);
	g_object_unref(parser);
	g_object_unref(stream);
	return object;
}

int tw_mime_head_read(struct tw_slice fields, bool digest, struct tw_mime_head *ret_head)
{
	*ret_head = (struct tw_mime_head){.body = TW_MIME_LEAF, .beside = TW_UNWRAP_PROSE};
	GMimeObject *object = fields.length == 0 ? NULL : parse(fields);
	if (object == NULL) /* text, RFC 2045, 5.2 */
		return TW_OK;
	GMimeContentType *type = g_mime_object_get_content_type(object);
	const char *disposition = g_mime_object_get_disposition(object);
	bool attached = disposition != NULL && g_ascii_strcasecmp(disposition, "attachment") == 0;
	bool typed = g_mime_object_get_header(object, "Content-Type") != NULL;
	if (type != NULL && (typed || !digest))
		read_type(ret_head, type);
	else if (digest)
		ret_head->body = TW_MIME_MESSAGE;
	if (type != NULL)
		ret_head->beside = beside_of(type, attached);
	read_encoding(ret_head, object);
	read_name(ret_head, object);
	g_object_unref(object);
	return ret_head->boundary.failed || ret_head->name.failed ? TW_ERROR_MEMORY : TW_OK;
}

void tw_mime_head_free(struct tw_mime_head *head)
{
	tw_buffer_free(&head->boundary);
	tw_buffer_free(&head->name);
}
