/* SPDX-License-Identifier: Apache-2.0 */
#include "text/fold.h"
#include "text/scan_private.h"

/* A value that is not ASCII on its way into tokens. */
struct wide {
	struct tw_scan_scratch *scratch;
	struct tw_fold fold;
	uint32_t base;	   /* of the value in the view */
	uint32_t edges[2]; /* of the token, */
	uint32_t offset;   /* and where its letters begin */
	bool open, running; /* a token is; it is one character of a script without blanks */
};

static void close_token(struct wide *wide)
{
	if (!wide->open)
		return;
	tw_buffer_append(&wide->scratch->edges, wide->edges, sizeof(wide->edges));
	tw_buffer_append(&wide->scratch->offsets, &wide->offset, sizeof(wide->offset));
	wide->open = false;
}

/* The characters at [from, to) of the text go on with the token, or begin one. */
static void extend_token(struct wide *wide, size_t from, size_t to, bool running)
{
	if (running || wide->running)
		close_token(wide);
	if (!wide->open) {
		wide->open = true;
		wide->offset = (uint32_t)wide->scratch->joined.length;
		wide->edges[0] = wide->base + (uint32_t)from;
	}
	wide->running = running;
	wide->edges[1] = wide->base + (uint32_t)to;
}

/* Where the letters and digits that stand at a place of the view end. */
static uint32_t run_end(const struct tw_scan_scratch *scratch, uint32_t place)
{
	const uint64_t *bits = (const uint64_t *)(const void *)scratch->bits.data;
	uint64_t others = ~bits[place / 64] >> place % 64;
	while (others == 0) {
		place = (place / 64 + 1) * 64;
		others = ~bits[place / 64];
	}
	return place + (uint32_t)__builtin_ctzll(others);
}

/* The ASCII up to the next other character, as the view has it. There is room: see below. */
static void take_ascii(struct wide *wide)
{
	struct tw_buffer *joined = &wide->scratch->joined;
	struct tw_slice text = wide->fold.text;
	const char *view = wide->scratch->view.data + wide->base;
	size_t at = wide->fold.next;
	while (at < text.length && (unsigned char)text.data[at] < 0x80) {
		size_t end = run_end(wide->scratch, wide->base + (uint32_t)at) - wide->base;
		if (end == at) {
			close_token(wide);
			at++;
			continue;
		}
		extend_token(wide, at, end, false);
		memcpy(joined->data + joined->length, view + at, SCAN_SPARE);
		if (end - at > SCAN_SPARE)
			memcpy(joined->data + joined->length, view + at, end - at);
		joined->length += end - at;
		at = end;
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
		wide->edges[1] = wide->base + (uint32_t)fold->next; /* a mark belongs to its letter */
}

int tw_scan_gather_wide(struct tw_scan_scratch *scratch, const struct tw_scan_value *value)
{
	struct tw_slice text =
		tw_slice(scratch->consignment.texts + value->text_start, value->length);
	struct wide wide = {.scratch = scratch, .fold = tw_fold_start(text), .base = value->start};
	int status = tw_buffer_reserve(&scratch->joined, text.length + SCAN_SPARE);
	while (status == TW_OK && wide.fold.next < text.length) {
		if ((unsigned char)text.data[wide.fold.next] < 0x80) {
			take_ascii(&wide);
			continue;
		}
		take_other(&wide);
		status = tw_buffer_reserve(&scratch->joined, text.length - wide.fold.next + SCAN_SPARE);
	}
	close_token(&wide);
	if (status < 0 || scratch->joined.failed || scratch->edges.failed || scratch->offsets.failed)
		return TW_ERROR_MEMORY;
	return scratch->joined.length > UINT32_MAX / 2 ? TW_ERROR_LIMIT : TW_OK;
}
