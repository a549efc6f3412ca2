/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include <gmime/gmime.h>

#include "unwrap/layer.h"

/*
 * Cryptographic messages in base64 outside of mails: between the lines of PEM (RFC
 * 7468, 8 and 9), or bare. Certificates and keys, which PEM holds as well, are none.
 */
#define LINE_MOST ((size_t)998)
#define HEAD 64u /* characters that suffice to tell what is in it */

enum state { BEGIN, DATA, CLOSED };

struct pem {
	struct tw_layer layer;
	enum state state;
	bool armoured; /* a line is to end it */
	GMimeEncoding encoding;
	char out[TW_LAYER_BLOCK + 64];
};

static const char *const labels[] = {"-----BEGIN PKCS7-----", "-----BEGIN CMS-----",
				     "-----BEGIN PKCS #7 SIGNED DATA-----"};

/* Bytes of a whole armour line, 0: it is none, -1: more bytes are needed. */
static int armour(struct tw_slice head, bool end)
{
	bool open = false;
	for (unsigned i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		struct tw_slice label = tw_slice_string(labels[i]);
		size_t have = head.length < label.length ? head.length : label.length;
		if (!tw_slice_equal(tw_slice_part(head, 0, have), tw_slice_part(label, 0, have)))
			continue;
		const char *line_end = memchr(head.data, '\n', head.length < LINE_MOST ? head.length : LINE_MOST);
		if (have == label.length && line_end != NULL)
			return (int)(line_end - head.data) + 1;
		open = true;
	}
	return open && !end && head.length < LINE_MOST ? -1 : 0;
}

static bool is_base64(int byte)
{
	return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') ||
	       byte == '+' || byte == '/';
}

/* Base64 whose first bytes begin a message. */
static int bare(struct tw_slice head, bool end)
{
	char text[HEAD], bytes[HEAD + 8];
	size_t length = 0, at = 0;
	for (; at < head.length && length < HEAD; at++) {
		int byte = tw_slice_at(head, at);
		if (is_base64(byte))
			text[length++] = (char)byte;
		else if ((byte != '\r' && byte != '\n') || length == 0)
			break;
	}
	/* A SEQUENCE: 0x30 and a length. */
	if (length > 0 && text[0] != 'M')
		return 0;
	GMimeEncoding decoder;
	g_mime_encoding_init_decode(&decoder, GMIME_CONTENT_ENCODING_BASE64);
	size_t got = length == 0 ? 0 : g_mime_encoding_step(&decoder, text, length, bytes);
	return tw_layer_cms.probe(tw_slice(bytes, got), end || at < head.length || length == HEAD);
}

static int pem_probe(struct tw_slice head, bool end)
{
	if (head.length > 0 && tw_slice_at(head, 0) != '-')
		return bare(head, end);
	int length = head.length == 0 ? -1 : armour(head, end);
	return length > 0 ? 1 : end ? 0 : length;
}

static int pem_open(struct tw_layer **ret_layer)
{
	struct pem *pem = calloc(1, sizeof(*pem));
	if (pem == NULL)
		return TW_ERROR_MEMORY;
	g_mime_encoding_init_decode(&pem->encoding, GMIME_CONTENT_ENCODING_BASE64);
	*ret_layer = &pem->layer;
	return TW_OK;
}

static void pem_close(struct tw_layer *layer)
{
	free((struct pem *)layer);
}

static enum tw_layer_verdict begin(struct pem *pem)
{
	struct tw_layer *layer = &pem->layer;
	int length = layer->input.length == 0 ? -1 : armour(layer->input, layer->end);
	if (length < 0)
		return TW_LAYER_NEED;
	tw_layer_take(layer, (size_t)length);
	pem->armoured = length > 0;
	pem->state = DATA;
	return tw_layer_member(layer, tw_slice(NULL, 0));
}

/* To the line that ends it, or to the end: bare base64 has none. */
static enum tw_layer_verdict data(struct pem *pem)
{
	struct tw_layer *layer = &pem->layer;
	struct tw_slice input = tw_slice_part(layer->input, 0, TW_LAYER_BLOCK);
	const char *dash = input.length == 0 ? NULL : memchr(input.data, '-', input.length);
	if (dash != NULL)
		input.length = (size_t)(dash - input.data);
	if (input.length > 0) {
		size_t length = g_mime_encoding_step(&pem->encoding, input.data, input.length, pem->out);
		tw_layer_take(layer, input.length);
		return tw_layer_bytes(layer, tw_slice(pem->out, length));
	}
	if (dash == NULL && (!layer->end || pem->armoured))
		return TW_LAYER_NEED;
	pem->state = CLOSED;
	return tw_layer_member_end(layer, (dash != NULL || !layer->cut) && pem->encoding.state <= 0);
}

static enum tw_layer_verdict trailer(struct pem *pem)
{
	struct tw_layer *layer = &pem->layer;
	struct tw_slice input = layer->input;
	if (input.length == 0)
		return layer->end && !pem->armoured ? TW_LAYER_DONE : TW_LAYER_NEED;
	const char *line_end = memchr(input.data, '\n', input.length);
	size_t length = line_end == NULL ? input.length : (size_t)(line_end - input.data) + 1;
	if (line_end == NULL && !layer->end)
		return input.length < LINE_MOST ? TW_LAYER_NEED : TW_LAYER_LOST;
	struct tw_slice line = tw_slice_part(input, 0, length);
	struct tw_slice text = tw_slice_trim(line);
	bool closes = pem->armoured && tw_slice_starts(text, TW_LITERAL("-----END ")) &&
		      tw_slice_is(tw_slice_from(text, text.length - 5), "-----");
	if (pem->armoured && !closes && line_end == NULL)
		return TW_LAYER_NEED;
	if (!closes && (pem->armoured || text.length > 0))
		return TW_LAYER_LOST;
	pem->armoured = false;
	tw_layer_take(layer, length);
	return TW_LAYER_ON;
}

static enum tw_layer_verdict pem_step(struct tw_layer *layer)
{
	struct pem *pem = (struct pem *)layer;
	return pem->state == BEGIN ? begin(pem) : pem->state == DATA ? data(pem) : trailer(pem);
}

const struct tw_layer_kind tw_layer_pem = {
	.name = "pem",
	.probe = pem_probe,
	.open = pem_open,
	.close = pem_close,
	.step = pem_step,
};
