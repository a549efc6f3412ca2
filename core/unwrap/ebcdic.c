/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/ebcdic.h"
#include "unwrap/layer.h"

/*
 * Interchanges in EBCDIC inside something else; core/source translates a whole file. A
 * byte becomes a byte, so offsets are those of the untranslated stream too.
 */
struct ebcdic {
	struct tw_layer layer;
	unsigned char table[256];
	bool closed;
	char out[TW_LAYER_BLOCK];
};

static int ebcdic_probe(struct tw_slice head, bool end)
{
	int starts = tw_ebcdic_starts(head);
	return starts < 0 && end ? 0 : starts;
}

static int ebcdic_open(struct tw_layer **ret_layer)
{
	struct ebcdic *ebcdic = calloc(1, sizeof(*ebcdic));
	if (ebcdic == NULL)
		return TW_ERROR_MEMORY;
	*ret_layer = &ebcdic->layer;
	return TW_OK;
}

static void ebcdic_close(struct tw_layer *layer)
{
	free((struct ebcdic *)layer);
}

static enum tw_layer_verdict ebcdic_step(struct tw_layer *layer)
{
	struct ebcdic *ebcdic = (struct ebcdic *)layer;
	struct tw_slice bytes = tw_slice_part(layer->input, 0, sizeof(ebcdic->out));
	if (ebcdic->closed)
		return TW_LAYER_DONE;
	if (!layer->in_member) {
		if (!tw_ebcdic_table(layer->settings->ebcdic, ebcdic->table))
			return TW_LAYER_LOST;
		return tw_layer_member(layer, tw_slice(NULL, 0));
	}
	if (bytes.length > 0) {
		memcpy(ebcdic->out, bytes.data, bytes.length);
		tw_ebcdic_translate(ebcdic->table, ebcdic->out, bytes.length);
		tw_layer_take(layer, bytes.length);
		return tw_layer_bytes(layer, tw_slice(ebcdic->out, bytes.length));
	}
	if (!layer->end)
		return TW_LAYER_NEED;
	ebcdic->closed = true;
	return tw_layer_member_end(layer, !layer->cut);
}

static bool ebcdic_gap(struct tw_layer *layer)
{
	return layer->in_member;
}

const struct tw_layer_kind tw_layer_ebcdic = {
	.name = "ebcdic",
	.probe = ebcdic_probe,
	.open = ebcdic_open,
	.close = ebcdic_close,
	.step = ebcdic_step,
	.gap = ebcdic_gap,
};
