/* SPDX-License-Identifier: Apache-2.0 */
#include "text/fold.h"
#include "text/scan_private.h"

/* A value that is not ASCII on its way into tokens. */
struct wide {
	struct tw_scan_scratch *scratch;
	struct tw_fold fold;
	struct tw_scan_token token; /* its length is known when it ends */
	bool open, running; /* a token is; it is one character of a script without blanks */
};

static void close_token(struct wide *wide)
{
	struct tw_scan_scratch *scratch = wide->scratch;
	if (!wide->open)
		return;
	wide->token.length = (uint32_t)scratch->joined.length - wide->token.joined;
	tw_buffer_append(&scratch->tokens, &wide->token, sizeof(wide->token));
	wide->open = false;
}

/* The characters at [from, to) of the text go on with the token, or begin one. */
static void extend_token(struct wide *wide, size_t from, size_t to, bool running)
{
	if (running || wide->running)
		close_token(wide);
	if (!wide->open) {
		wide->open = true;
		wide->token.joined = (uint32_t)wide->scratch->joined.length;
		wide->token.start = (uint32_t)from;
	}
	wide->running = running;
	wide->token.end = (uint32_t)to;
}

/* The ASCII up to the next other character. There is room: see tw_scan_gather_wide(). */
static void take_ascii(struct wide *wide)
{
	struct tw_buffer *joined = &wide->scratch->joined;
	struct tw_slice text = wide->fold.text;
	size_t at = wide->fold.next;
	while (at < text.length && (unsigned char)text.data[at] < 0x80) {
		size_t from = at;
		size_t length = joined->length;
		char letter = ' ';
		while (at < text.length && (unsigned char)text.data[at] < 0x80 &&
		       (letter = tw_fold_ascii((unsigned char)text.data[at])) != ' ') {
			joined->data[length++] = letter;
			at++;
		}
		if (at > from)
			extend_token(wide, from, at, false);
		joined->length = length;
		if (at == text.length || (unsigned char)text.data[at] >= 0x80)
			break;
		close_token(wide);
		at++;
	}
	wide->fold.next = at;
}

static void take_other(struct wide *wide)
{
	struct tw_fold *fold = &wide->fold;
	size_t at = fold->next;
	bool vanished = true;
	fold->limit = at + 1;
	fold->any = true;
	fold->pending = false;
	fold->running = wide->open && wide->running;
	while (tw_fold_next(fold)) {
		if (fold->gap)
			close_token(wide);
		extend_token(wide, fold->start, fold->end, fold->running);
		tw_buffer_append(&wide->scratch->joined, fold->bytes, fold->length);
		vanished = false;
	}
	if (fold->pending)
		close_token(wide);
	else if (vanished && wide->open && tw_fold_mark(fold->text, at) > 0)
		wide->token.end = (uint32_t)fold->next; /* a mark belongs to its letter */
}

int tw_scan_gather_wide(struct tw_scan_scratch *scratch, const struct tw_scan_value *value)
{
	struct tw_slice text = tw_slice(scratch->texts + value->text_start, value->text_length);
	struct wide wide = {.scratch = scratch, .fold = tw_fold_start(text)};
	int status = tw_buffer_reserve(&scratch->joined, text.length);
	while (status == TW_OK && wide.fold.next < text.length) {
		if ((unsigned char)text.data[wide.fold.next] < 0x80) {
			take_ascii(&wide);
			continue;
		}
		take_other(&wide);
		status = tw_buffer_reserve(&scratch->joined, text.length - wide.fold.next);
	}
	close_token(&wide);
	if (status < 0 || scratch->joined.failed || scratch->tokens.failed)
		return TW_ERROR_MEMORY;
	return scratch->joined.length > UINT32_MAX / 2 ? TW_ERROR_LIMIT : TW_OK;
}
