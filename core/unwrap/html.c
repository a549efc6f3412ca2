/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "unwrap/layer.h"

/*
 * The text of a mail that is written in HTML, as a reader would copy it out: tags
 * away, character references as what they stand for, a line for each block. Scripts,
 * styles and comments are no text. Only a mail says that a body is one: HTML is not
 * looked for.
 */
#define NAME_MOST ((size_t)16)

enum state { TEXT, TAG, QUOTED, COMMENT, REFERENCE, CLOSED };

struct html {
	struct tw_layer layer;
	enum state state;
	char name[NAME_MOST]; /* of the tag or the reference at hand */
	size_t length;
	bool named;	/* the tag's name is complete */
	int quote;
	unsigned dashes;
	bool hidden;	/* within a script or a style, */
	bool verbatim;	/* or where line ends count */
	char out[TW_LAYER_BLOCK];
	size_t made;
};

static int html_probe(struct tw_slice head, bool end)
{
	(void)head;
	(void)end;
	return 0;
}

static int html_open(struct tw_layer **ret_layer)
{
	struct html *html = calloc(1, sizeof(*html));
	if (html == NULL)
		return TW_ERROR_MEMORY;
	*ret_layer = &html->layer;
	return TW_OK;
}

static void html_close(struct tw_layer *layer)
{
	free((struct html *)layer);
}

static void put(struct html *html, int byte)
{
	if (!html->hidden && html->made < sizeof(html->out))
		html->out[html->made++] = (char)byte;
}

static void put_text(struct html *html, struct tw_slice text)
{
	for (size_t i = 0; i < text.length; i++)
		put(html, tw_slice_at(text, i));
}

static struct tw_slice name_of(const struct html *html)
{
	return tw_slice(html->name, html->length);
}

/* ---- character references ------------------------------------------------------------- */

static const struct {
	const char *name;
	char byte;
} references[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}, {"nbsp", ' '},
		  {"plus", '+'}, {"colon", ':'}, {"num", '#'}, {"ast", '*'}, {"quest", '?'}, {"sol", '/'}};

/* The character that "#39" or "#x27" stands for, if it is one of ASCII, or -1. */
static int numbered(struct tw_slice name)
{
	bool hexadecimal = (tw_slice_at(name, 1) | 0x20) == 'x';
	int value = 0;
	size_t at = hexadecimal ? 2 : 1;
	if (tw_slice_at(name, 0) != '#' || at >= name.length)
		return -1;
	for (; at < name.length; at++) {
		int byte = tw_slice_at(name, at), low = byte | 0x20;
		int digit = byte >= '0' && byte <= '9' ? byte - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : 99;
		if (digit >= (hexadecimal ? 16 : 10))
			return -1;
		value = value * (hexadecimal ? 16 : 10) + digit;
		if (value > 0xa0)
			return -1;
	}
	return value == 0xa0 ? ' ' : value < 0x80 ? value : -1;
}

static void end_reference(struct html *html, bool closed)
{
	struct tw_slice name = name_of(html);
	int byte = numbered(name);
	for (unsigned i = 0; i < sizeof(references) / sizeof(references[0]); i++)
		if (tw_slice_is(name, references[i].name))
			byte = references[i].byte;
	html->state = TEXT;
	if (byte >= 0) {
		put(html, byte);
		return;
	}
	put(html, '&');
	put_text(html, name);
	if (closed)
		put(html, ';');
}

/* True: the byte was taken. */
static bool in_reference(struct html *html, int byte)
{
	int low = byte | 0x20;
	bool part = (low >= 'a' && low <= 'z') || (byte >= '0' && byte <= '9') || (byte == '#' && html->length == 0);
	if (part && html->length < NAME_MOST) {
		html->name[html->length++] = (char)byte;
		return true;
	}
	end_reference(html, byte == ';');
	return byte == ';';
}

/* ---- tags ------------------------------------------------------------------------------- */

static bool is_one_of(struct tw_slice name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (tw_slice_is(name, *names))
			return true;
	return false;
}

static void end_tag(struct html *html)
{
	static const char *const lines[] = {"br", "p", "/p", "div", "/div", "tr", "/tr", "li", "/li", "table",
					    "/table", "pre", "/pre", "h1", "/h1", "h2", "/h2", "h3", "/h3",
					    "blockquote", "/blockquote", "td", "hr", NULL};
	static const char *const hiding[] = {"script", "style", NULL};
	static const char *const showing[] = {"/script", "/style", NULL};
	struct tw_slice name = name_of(html);
	html->state = TEXT;
	html->hidden = (html->hidden || is_one_of(name, hiding)) && !is_one_of(name, showing);
	html->verbatim = (html->verbatim || tw_slice_is(name, "pre")) && !tw_slice_is(name, "/pre");
	if (is_one_of(name, lines))
		put(html, '\n');
}

static void in_tag(struct html *html, int byte)
{
	int low = byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte;
	if (byte == '>') {
		end_tag(html);
		return;
	}
	if ((byte == '"' || byte == '\'') && html->named) {
		html->quote = byte;
		html->state = QUOTED;
		return;
	}
	html->named |= byte == ' ' || (byte >= '\t' && byte <= '\r') || (byte == '/' && html->length > 0);
	if (!html->named && html->length < NAME_MOST)
		html->name[html->length++] = (char)low;
	if (tw_slice_is(name_of(html), "!--")) {
		html->state = COMMENT;
		html->dashes = 0;
	}
}

static void in_text(struct html *html, int byte)
{
	bool line = byte == '\n' || byte == '\r';
	html->length = 0;
	html->named = false;
	if (byte == '<')
		html->state = TAG;
	else if (byte == '&' && !html->hidden)
		html->state = REFERENCE;
	else
		put(html, line && !html->verbatim ? ' ' : byte);
}

static void in_comment(struct html *html, int byte)
{
	if (byte == '>' && html->dashes >= 2)
		html->state = TEXT;
	html->dashes = byte == '-' ? html->dashes + 1 : 0;
}

static void take_byte(struct html *html, int byte)
{
	if (html->state == REFERENCE && in_reference(html, byte))
		return;
	switch (html->state) {
	case TAG:
		in_tag(html, byte);
		break;
	case QUOTED:
		if (byte == html->quote)
			html->state = TAG;
		break;
	case COMMENT:
		in_comment(html, byte);
		break;
	default:
		in_text(html, byte);
	}
}

static enum tw_layer_verdict html_step(struct tw_layer *layer)
{
	struct html *html = (struct html *)layer;
	size_t taken = 0;
	if (html->state == CLOSED)
		return TW_LAYER_DONE;
	if (!layer->in_member) {
		enum tw_layer_verdict verdict = tw_layer_member(layer, tw_slice(NULL, 0));
		layer->given.beside = TW_UNWRAP_PROSE;
		return verdict;
	}
	html->made = 0;
	/* A byte makes a name and what stands around it at most. */
	while (taken < layer->input.length && html->made + NAME_MOST + 3 < sizeof(html->out))
		take_byte(html, tw_slice_at(layer->input, taken++));
	tw_layer_take(layer, taken);
	if (html->made > 0 || taken > 0)
		return tw_layer_bytes(layer, tw_slice(html->out, html->made));
	if (!layer->end)
		return TW_LAYER_NEED;
	html->state = CLOSED;
	return tw_layer_member_end(layer, !layer->cut);
}

const struct tw_layer_kind tw_layer_html = {
	.name = "html",
	.probe = html_probe,
	.open = html_open,
	.close = html_close,
	.step = html_step,
};
