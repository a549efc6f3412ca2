/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "unwrap/mime_head.h"

/*
 * mbox (RFC 4155, appendix A): mails behind each other, each behind a line "From "
 * with an address and a time, before which there is an empty line. A mail that was
 * taken out of one has that line as well.
 */
#define LINE_MOST ((size_t)1000)

enum state { FROM, MAIL, CLOSED };

struct mbox {
	struct tw_layer layer;
	enum state state;
	unsigned long long count;
	bool start; /* the input stands at the start of a line, */
	bool empty; /* and the one before was empty */
};

static bool is_digit(int byte)
{
	return byte >= '0' && byte <= '9';
}

/* A picture: 9 any digit, others themselves. */
static bool has_picture(struct tw_slice line, const char *picture)
{
	size_t length = strlen(picture);
	for (size_t start = 0; start + length <= line.length; start++) {
		size_t at = 0;
		while (at < length && (picture[at] == '9' ? is_digit(tw_slice_at(line, start + at))
							   : tw_slice_at(line, start + at) == picture[at]))
			at++;
		if (at == length)
			return true;
	}
	return false;
}

/* "Thu Nov 24 10:00:00 2026" at the end, and perhaps a zone, before the year or behind it. */
static bool has_time(struct tw_slice line)
{
	return has_picture(line, "99:99") && has_picture(line, " 9999");
}

/* The length of the line "From " that begins here, 0: none does, -1: more bytes are needed. */
static int from_line(struct tw_slice text, bool end)
{
	const struct tw_slice from = TW_LITERAL("From ");
	struct tw_slice head = tw_slice_part(text, 0, LINE_MOST);
	size_t have = head.length < from.length ? head.length : from.length;
	if (have > 0 && memcmp(head.data, from.data, have) != 0)
		return 0;
	const char *line_end = have < from.length ? NULL : memchr(head.data, '\n', head.length);
	if (line_end == NULL)
		return end || head.length == LINE_MOST ? 0 : -1;
	size_t length = (size_t)(line_end - head.data) + 1;
	return has_time(tw_slice_part(head, 0, length)) ? (int)length : 0;
}

static int mbox_probe(struct tw_slice head, bool end)
{
	int length = from_line(head, end);
	if (length <= 0)
		return length;
	struct tw_slice behind = tw_slice_from(head, (size_t)length);
	const char *line_end = behind.length == 0 ? NULL : memchr(behind.data, '\n', behind.length);
	if (line_end == NULL)
		return end || behind.length >= LINE_MOST ? 0 : -1;
	return tw_mime_is_field(behind, true);
}

static int mbox_open(struct tw_layer **ret_layer)
{
	struct mbox *mbox = calloc(1, sizeof(*mbox));
	if (mbox == NULL)
		return TW_ERROR_MEMORY;
	*ret_layer = &mbox->layer;
	return TW_OK;
}

static void mbox_close(struct tw_layer *layer)
{
	free((struct mbox *)layer);
}

static enum tw_layer_verdict begin_mail(struct mbox *mbox)
{
	struct tw_layer *layer = &mbox->layer;
	char number[24];
	int length = from_line(layer->input, layer->end);
	if (length < 0 || layer->input.length == 0)
		return TW_LAYER_NEED;
	tw_layer_take(layer, (size_t)length);
	mbox->state = MAIL;
	mbox->start = true;
	mbox->empty = false;
	snprintf(number, sizeof(number), "%llu", ++mbox->count);
	enum tw_layer_verdict verdict = tw_layer_member(layer, tw_slice_string(number));
	layer->given.kind = &tw_layer_mime;
	return verdict;
}

/* How many bytes are the mail's; *ret_next: the next one begins behind them. */
static size_t measure(struct mbox *mbox, struct tw_slice input, bool end, bool *ret_next)
{
	size_t at = 0;
	*ret_next = false;
	while (at < input.length) {
		struct tw_slice rest = tw_slice_from(input, at);
		int from = mbox->start && mbox->empty ? from_line(rest, end) : 0;
		/* A CR alone may be the first half of an empty line. */
		bool half = !end && mbox->start && rest.length == 1 && rest.data[0] == '\r';
		*ret_next = from > 0;
		if (from != 0 || half)
			return at;
		const char *line_end = memchr(rest.data, '\n', rest.length);
		size_t length = line_end == NULL ? rest.length : (size_t)(line_end - rest.data) + 1;
		mbox->empty = mbox->start && (length == 1 || (length == 2 && rest.data[0] == '\r')) &&
			      line_end != NULL;
		mbox->start = line_end != NULL;
		at += length;
	}
	return at;
}

static enum tw_layer_verdict read_mail(struct mbox *mbox)
{
	struct tw_layer *layer = &mbox->layer;
	struct tw_slice input = tw_slice_part(layer->input, 0, TW_LAYER_BLOCK);
	bool last = layer->end && input.length == layer->input.length, next;
	size_t length = measure(mbox, input, last, &next);
	if (length == 0 && !next && !last)
		return TW_LAYER_NEED;
	if (length == 0)
		mbox->state = next ? FROM : CLOSED;
	if (length == 0)
		return tw_layer_member_end(layer, next || !layer->cut);
	tw_layer_take(layer, length);
	return tw_layer_bytes(layer, tw_slice_part(input, 0, length));
}

static enum tw_layer_verdict mbox_step(struct tw_layer *layer)
{
	struct mbox *mbox = (struct mbox *)layer;
	switch (mbox->state) {
	case FROM:
		return begin_mail(mbox);
	case MAIL:
		return read_mail(mbox);
	case CLOSED:
		break;
	}
	return TW_LAYER_DONE;
}

/* The mail at hand goes on, or another one does whose first line is missing. */
static bool mbox_gap(struct tw_layer *layer)
{
	struct mbox *mbox = (struct mbox *)layer;
	mbox->start = mbox->empty = true;
	return layer->in_member;
}

const struct tw_layer_kind tw_layer_mbox = {
	.name = "mbox",
	.probe = mbox_probe,
	.open = mbox_open,
	.close = mbox_close,
	.step = mbox_step,
	.gap = mbox_gap,
};
