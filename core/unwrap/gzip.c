/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "unwrap/inflate.h"

/*
 * gzip (RFC 1952) inside something else; core/source unwraps it around a whole
 * file. Members follow each other as one stream; zero bytes behind a member are
 * padding.
 */
#define WINDOW_BITS (15 + 16) /* zlib: gzip header and trailer only */

enum state { BEGIN, DATA, BETWEEN };

struct gzip {
	struct tw_layer layer;
	enum state state;
	struct tw_inflate inflate;
};

/* RFC 1952, 2.3.1: ID1, ID2, and CM, which has one value only. */
static int gzip_probe(struct tw_slice head, bool end)
{
	static const char magic[] = {0x1f, (char)0x8b, 8};
	size_t have = head.length < sizeof(magic) ? head.length : sizeof(magic);
	if (have > 0 && memcmp(head.data, magic, have) != 0)
		return 0;
	return have == sizeof(magic) ? 1 : end ? 0 : -1;
}

static int gzip_open(struct tw_layer **ret_layer)
{
	struct gzip *gzip = calloc(1, sizeof(*gzip));
	if (gzip == NULL)
		return TW_ERROR_MEMORY;
	*ret_layer = &gzip->layer;
	return TW_OK;
}

static void gzip_close(struct tw_layer *layer)
{
	struct gzip *gzip = (struct gzip *)layer;
	tw_inflate_end(&gzip->inflate);
	free(gzip);
}

static enum tw_layer_verdict data(struct gzip *gzip)
{
	struct tw_layer *layer = &gzip->layer;
	enum tw_layer_verdict verdict = tw_inflate_step(&gzip->inflate, layer, UINT64_MAX);
	if (verdict != TW_LAYER_ON)
		return verdict;
	if (gzip->inflate.corrupt || gzip->inflate.over) {
		gzip->state = BEGIN;
		return tw_inflate_problem(&gzip->inflate, layer);
	}
	if (gzip->inflate.ended)
		gzip->state = BETWEEN;
	return TW_LAYER_ON;
}

static enum tw_layer_verdict between(struct gzip *gzip)
{
	struct tw_layer *layer = &gzip->layer;
	while (tw_slice_at(layer->input, 0) == 0)
		tw_layer_take(layer, 1);
	if (layer->input.length == 0 && !layer->end)
		return TW_LAYER_NEED;
	int next = gzip_probe(layer->input, layer->end);
	if (next < 0)
		return TW_LAYER_NEED;
	if (next > 0) {
		gzip->state = DATA;
		return tw_inflate_begin(&gzip->inflate, WINDOW_BITS) < 0 ? TW_LAYER_FAIL : TW_LAYER_ON;
	}
	if (layer->in_member) /* another part may have followed */
		return tw_layer_member_end(layer, !layer->cut);
	return layer->input.length > 0 ? TW_LAYER_LOST : TW_LAYER_DONE;
}

static enum tw_layer_verdict gzip_step(struct tw_layer *layer)
{
	struct gzip *gzip = (struct gzip *)layer;
	switch (gzip->state) {
	case BEGIN:
		if (layer->in_member) /* it broke */
			return TW_LAYER_LOST;
		gzip->state = DATA;
		if (tw_inflate_begin(&gzip->inflate, WINDOW_BITS) < 0)
			return TW_LAYER_FAIL;
		return tw_layer_member(layer, tw_slice(NULL, 0));
	case DATA:
		return data(gzip);
	case BETWEEN:
		break;
	}
	return between(gzip);
}

const struct tw_layer_kind tw_layer_gzip = {
	.name = "gzip",
	.probe = gzip_probe,
	.open = gzip_open,
	.close = gzip_close,
	.step = gzip_step,
};
