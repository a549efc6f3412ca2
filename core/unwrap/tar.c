/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "unwrap/tar_header.h"

/*
 * tar, read from its front: blocks of 512 bytes, a header before each member
 * (POSIX.1-2017 pax, "ustar Interchange Format"; GNU long names). Two blocks of
 * zeros end it; archives joined with cat go on behind them. A block that is no
 * header is passed over, and the next one looked at.
 */
#define BLOCK TW_TAR_BLOCK
/* Names and attributes come before the member in a member of their own: what one may hold. */
#define EXTENSION_MOST 65536u

enum state {
	HEADER,
	EXTENSION, /* the data of a header that describes the next one */
	OPENED,	   /* a member's name was given */
	DATA,
	SHUT,	   /* the data of a member that is not read */
	PADDING,
	CLOSED,	   /* and its end is to be given */
};

struct tar {
	struct tw_layer layer;
	enum state state;
	struct tw_tar_header header;
	struct tw_tar_names names;
	uint64_t left;	  /* of the data */
	uint64_t padding; /* behind it */
	unsigned zeros;	  /* blocks of zeros in a row */
	uint64_t junk;	  /* bytes of blocks that are no headers, in a row */
};

static int tar_probe(struct tw_slice head, bool end)
{
	struct tw_tar_header header;
	if (head.length < BLOCK)
		return end || !tw_tar_may_begin(head) ? 0 : -1;
	return tw_tar_header_read(tw_slice_part(head, 0, BLOCK), &header);
}

static int tar_open(struct tw_layer **ret_layer)
{
	struct tar *tar = calloc(1, sizeof(*tar));
	if (tar == NULL)
		return TW_ERROR_MEMORY;
	*ret_layer = &tar->layer;
	return TW_OK;
}

static void tar_close(struct tw_layer *layer)
{
	struct tar *tar = (struct tar *)layer;
	tw_tar_names_free(&tar->names);
	free(tar);
}

static enum tw_layer_verdict report_junk(struct tar *tar)
{
	uint64_t junk = tar->junk;
	tar->junk = 0;
	return tw_layer_problem(&tar->layer, "unwrap.corrupt", junk,
				"%llu bytes of the tar archive are no header and were passed over",
				(unsigned long long)junk);
}

static bool is_zero(struct tw_slice bytes)
{
	for (size_t i = 0; i < bytes.length; i++)
		if (bytes.data[i] != 0)
			return false;
	return true;
}

/* What a header begins. */
static enum tw_layer_verdict take_header(struct tar *tar)
{
	struct tw_tar_header *header = &tar->header;
	tw_layer_take(&tar->layer, BLOCK);
	tar->zeros = 0;
	if (header->kind == TW_TAR_FILE || header->kind == TW_TAR_SPARSE)
		tw_tar_names_apply(&tar->names, header);
	tar->left = header->size;
	tar->padding = (BLOCK - header->size % BLOCK) % BLOCK;
	switch (header->kind) {
	case TW_TAR_FILE:
	case TW_TAR_SPARSE:
		tar->state = OPENED;
		return TW_LAYER_ON;
	case TW_TAR_LONG_NAME:
	case TW_TAR_PAX:
		tar->state = EXTENSION;
		return TW_LAYER_ON;
	case TW_TAR_OTHER: /* folders and links have no data of their own, though some headers name a size */
		tw_tar_names_forget(&tar->names);
		tar->left = tar->padding = 0;
		return TW_LAYER_ON;
	case TW_TAR_SKIPPED:
		break;
	}
	tar->state = SHUT;
	return TW_LAYER_ON;
}

/* A block of zeros: two end the archive, and then zeros may fill a tape's record. */
static enum tw_layer_verdict take_zeros(struct tar *tar)
{
	if (tar->junk > 0)
		return report_junk(tar);
	tw_layer_take(&tar->layer, BLOCK);
	tar->zeros += tar->zeros < 2;
	return TW_LAYER_ON;
}

/* Fewer bytes than a block, and nothing behind them. */
static enum tw_layer_verdict take_rest(struct tar *tar)
{
	struct tw_layer *layer = &tar->layer;
	if (tar->junk > 0)
		return report_junk(tar);
	if (tar->zeros < 2)
		return TW_LAYER_NEED;
	return is_zero(layer->input) ? (tw_layer_take(layer, BLOCK), TW_LAYER_DONE) : TW_LAYER_LOST;
}

static enum tw_layer_verdict read_header(struct tar *tar)
{
	struct tw_layer *layer = &tar->layer;
	struct tw_slice block = tw_slice_part(layer->input, 0, BLOCK);
	if (block.length < BLOCK)
		return layer->end ? take_rest(tar) : TW_LAYER_NEED;
	if (is_zero(block))
		return take_zeros(tar);
	if (!tw_tar_header_read(block, &tar->header)) {
		tar->junk += BLOCK;
		tw_layer_take(layer, BLOCK);
		return TW_LAYER_ON;
	}
	return tar->junk > 0 ? report_junk(tar) : take_header(tar);
}

static enum tw_layer_verdict read_extension(struct tar *tar)
{
	struct tw_layer *layer = &tar->layer;
	if (tar->left > EXTENSION_MOST) {
		tar->state = SHUT;
		return tw_layer_problem(layer, "unwrap.corrupt", 0,
					"a name or attributes of %llu bytes in the tar archive",
					(unsigned long long)tar->left);
	}
	if (layer->input.length < tar->left)
		return TW_LAYER_NEED;
	bool good = tw_tar_names_take(&tar->names, &tar->header,
				      tw_slice_part(layer->input, 0, (size_t)tar->left));
	tw_layer_take(layer, (size_t)tar->left);
	tar->left = 0;
	tar->state = PADDING;
	if (tar->names.failed)
		return TW_LAYER_FAIL;
	return good ? TW_LAYER_ON
		    : tw_layer_problem(layer, "unwrap.corrupt", 0,
				       "attributes of a member of the tar archive cannot be read");
}

static enum tw_layer_verdict open_member(struct tar *tar)
{
	bool sparse = tar->header.kind == TW_TAR_SPARSE;
	tar->state = sparse ? SHUT : DATA;
	enum tw_layer_verdict verdict =
		tw_layer_member(&tar->layer, tw_tar_names_path(&tar->names, &tar->header));
	tar->layer.given.opaque = sparse;
	tw_tar_names_forget(&tar->names);
	return verdict;
}

static enum tw_layer_verdict read_data(struct tar *tar)
{
	struct tw_layer *layer = &tar->layer;
	struct tw_slice bytes = tw_slice_part(layer->input, 0, TW_LAYER_BLOCK);
	if (tar->left == 0) {
		tar->state = CLOSED;
		return TW_LAYER_ON;
	}
	if (bytes.length == 0)
		return TW_LAYER_NEED;
	if (bytes.length > tar->left)
		bytes.length = (size_t)tar->left;
	tw_layer_take(layer, bytes.length);
	tar->left -= bytes.length;
	return tar->state == DATA ? tw_layer_bytes(layer, bytes) : TW_LAYER_ON;
}

static enum tw_layer_verdict close_member(struct tar *tar)
{
	struct tw_layer *layer = &tar->layer;
	if (tar->header.kind == TW_TAR_SPARSE) {
		tar->header.kind = TW_TAR_SKIPPED;
		return tw_layer_problem(layer, "unwrap.opaque", tar->header.size,
					"a file with holes in the tar archive is not read");
	}
	tar->state = PADDING;
	return layer->in_member ? tw_layer_member_end(layer, tar->header.kind == TW_TAR_FILE)
				: TW_LAYER_ON;
}

static enum tw_layer_verdict skip_padding(struct tar *tar)
{
	struct tw_layer *layer = &tar->layer;
	size_t length = layer->input.length;
	if (length > tar->padding)
		length = (size_t)tar->padding;
	tw_layer_take(layer, length);
	tar->padding -= length;
	if (tar->padding > 0)
		return TW_LAYER_NEED;
	tar->state = HEADER;
	return TW_LAYER_ON;
}

static enum tw_layer_verdict tar_step(struct tw_layer *layer)
{
	static enum tw_layer_verdict (*const steps[])(struct tar *tar) = {
		[HEADER] = read_header,	 [EXTENSION] = read_extension, [OPENED] = open_member,
		[DATA] = read_data,	 [SHUT] = read_data,	       [PADDING] = skip_padding,
		[CLOSED] = close_member,
	};
	struct tar *tar = (struct tar *)layer;
	return steps[tar->state](tar);
}

const struct tw_layer_kind tw_layer_tar = {
	.name = "tar",
	.probe = tar_probe,
	.open = tar_open,
	.close = tar_close,
	.step = tar_step,
};
