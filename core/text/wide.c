/* SPDX-License-Identifier: Apache-2.0 */
#include "text/fold.h"
#include "text/scan_private.h"

/* A value that is not ASCII on its way into tokens. */
struct wide {
	struct tw_scan_scratch *scratch;
	struct tw_fold fold;
	bool open, running; /* a token is; it is one character of a script without blanks */
	uint32_t start;	    /* of the token in `folded` */
	uint32_t from, to;  /* of the token in the text */
};

static void close_token(struct wide *wide)
{
	struct tw_scan_scratch *scratch = wide->scratch;
	uint32_t edge[2] = {wide->start, (uint32_t)scratch->folded.length};
	uint32_t origin[2] = {wide->from, wide->to};
	if (wide->open) {
		tw_buffer_append(&scratch->edges, edge, sizeof(edge));
		tw_buffer_append(&scratch->origins, origin, sizeof(origin));
	}
	wide->open = false;
}

/* The character at [from, to) of the text goes on with the token, or begins one. */
static void extend_token(struct wide *wide, uint32_t from, uint32_t to, bool running)
{
	if (running || wide->running)
		close_token(wide);
	if (!wide->open) {
		wide->open = true;
		wide->start = (uint32_t)wide->scratch->folded.length;
		wide->from = from;
	}
	wide->running = running;
	wide->to = to;
}

/* There is room for it: see tw_scan_gather_wide(). */
static void take_ascii(struct wide *wide)
{
	struct tw_buffer *folded = &wide->scratch->folded;
	uint32_t at = (uint32_t)wide->fold.next++;
	char letter = tw_fold_ascii((unsigned char)wide->fold.text.data[at]);
	if (letter == ' ') {
		close_token(wide);
		return;
	}
	extend_token(wide, at, at + 1, false);
	folded->data[folded->length++] = letter;
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
		extend_token(wide, (uint32_t)fold->start, (uint32_t)fold->end, fold->running);
		tw_buffer_append(&wide->scratch->folded, fold->bytes, fold->length);
		vanished = false;
	}
	if (fold->pending)
		close_token(wide);
	else if (vanished && wide->open && tw_fold_mark(fold->text, at) > 0)
		wide->to = (uint32_t)fold->next; /* a mark belongs to its letter */
}

int tw_scan_gather_wide(struct tw_scan_scratch *scratch, struct tw_scan_value *value)
{
	struct tw_slice text = tw_slice(scratch->texts + value->text_start, value->text_length);
	struct wide wide = {.scratch = scratch, .fold = tw_fold_start(text)};
	value->wide = true;
	value->first_origin = (uint32_t)(scratch->origins.length / (2 * sizeof(uint32_t)));
	int status = tw_buffer_reserve(&scratch->folded, text.length);
	while (status == TW_OK && wide.fold.next < text.length) {
		if ((unsigned char)text.data[wide.fold.next] < 0x80) {
			take_ascii(&wide);
			continue;
		}
		take_other(&wide);
		status = tw_buffer_reserve(&scratch->folded, text.length - wide.fold.next);
	}
	close_token(&wide);
	if (status < 0 || scratch->folded.failed || scratch->edges.failed ||
	    scratch->origins.failed)
		return TW_ERROR_MEMORY;
	return scratch->folded.length > UINT32_MAX / 2 ? TW_ERROR_LIMIT : TW_OK;
}
