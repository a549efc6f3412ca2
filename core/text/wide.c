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

/* There is room: see make_room(). */
static inline void close_token(struct wide *wide)
{
	if (!wide->open)
		return;
	struct tw_buffer *edges = &wide->scratch->edges;
	struct tw_buffer *offsets = &wide->scratch->offsets;
	memcpy(edges->data + edges->length, wide->edges, sizeof(wide->edges));
	memcpy(offsets->data + offsets->length, &wide->offset, sizeof(wide->offset));
	edges->length += sizeof(wide->edges);
	offsets->length += sizeof(wide->offset);
	wide->open = false;
}

/* The characters at [from, to) of the text go on with the token, or begin one. */
static inline void extend_token(struct wide *wide, size_t from, size_t to, bool running)
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

/* The ASCII up to the next other character, as the view has it. */
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

static void take_latin(struct wide *wide, const char *letters)
{
	struct tw_buffer *joined = &wide->scratch->joined;
	size_t at = wide->fold.next;
	wide->fold.next += 2;
	if (letters[0] == ' ') {
		close_token(wide);
		return;
	}
	extend_token(wide, at, at + 2, false);
	memcpy(joined->data + joined->length, letters, 2);
	joined->length += letters[1] == '\0' ? 1 : 2;
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

/*
 * For what one character becomes, whatever it is, and for the rest of the text as ASCII
 * and Latin letters, of which none becomes more bytes or tokens than it has bytes.
 */
static int make_room(const struct wide *wide)
{
	struct tw_scan_scratch *scratch = wide->scratch;
	size_t most = wide->fold.text.length - wide->fold.next + TW_FOLD_QUEUE;
	if (tw_buffer_reserve(&scratch->joined, most + SCAN_SPARE) < 0 ||
	    tw_buffer_reserve(&scratch->edges, most * sizeof(wide->edges)) < 0 ||
	    tw_buffer_reserve(&scratch->offsets, most * sizeof(wide->offset)) < 0)
		return TW_ERROR_MEMORY;
	return scratch->joined.length > UINT32_MAX / 2 ? TW_ERROR_LIMIT : TW_OK;
}

int tw_scan_gather_wide(struct tw_scan_scratch *scratch, const struct tw_scan_value *value)
{
	struct tw_slice text =
		tw_slice(scratch->consignment.texts + value->text_start, value->length);
	struct wide wide = {.scratch = scratch, .fold = tw_fold_start(text), .base = value->start};
	int status = make_room(&wide);
	while (status == TW_OK && wide.fold.next < text.length) {
		const char *latin = tw_fold_latin(text, wide.fold.next);
		if ((unsigned char)text.data[wide.fold.next] < 0x80) {
			take_ascii(&wide);
		} else if (latin != NULL) {
			take_latin(&wide, latin);
		} else {
			take_other(&wide);
			status = make_room(&wide);
		}
	}
	if (status == TW_OK)
		close_token(&wide);
	return status;
}
