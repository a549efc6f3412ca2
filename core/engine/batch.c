/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/batch.h"

#include <stdlib.h>

#include "model/derive.h"

void tw_batch_clear(struct tw_batch *batch)
{
	tw_buffer_clear(&batch->packets);
	tw_buffer_clear(&batch->items);
	tw_buffer_clear(&batch->records);
	tw_buffer_clear(&batch->results);
	batch->input_bytes = 0;
	batch->order = 0;
	batch->consignments = 0;
	batch->status = TW_OK;
}

void tw_batch_free(struct tw_batch *batch)
{
	tw_buffer_free(&batch->packets);
	tw_buffer_free(&batch->items);
	tw_buffer_free(&batch->records);
	tw_buffer_free(&batch->results);
}

void tw_batch_add(struct tw_batch *batch, struct tw_item item,
		  const struct tw_slice texts[TW_ITEM_TEXTS])
{
	size_t size = sizeof(item);
	for (unsigned i = 0; i < TW_ITEM_TEXTS; i++) {
		item.lengths[i] = texts == NULL ? 0 : (uint32_t)texts[i].length;
		size += item.lengths[i];
	}
	item.size = (uint32_t)((size + 7) & ~(size_t)7);
	item.order = batch->order;
	if (tw_buffer_reserve(&batch->items, item.size + 8) < 0)
		return;
	tw_buffer_append(&batch->items, &item, sizeof(item));
	for (unsigned i = 0; texts != NULL && i < TW_ITEM_TEXTS; i++)
		tw_buffer_append_slice(&batch->items, texts[i]);
	tw_buffer_align(&batch->items, 8);
}

bool tw_batch_item(const struct tw_batch *batch, size_t *position, struct tw_item *ret_item,
		   struct tw_slice ret_texts[TW_ITEM_TEXTS])
{
	struct tw_slice bytes = tw_slice_from(tw_buffer_slice(&batch->items), *position);
	if (bytes.length < sizeof(*ret_item))
		return false;
	memcpy(ret_item, bytes.data, sizeof(*ret_item));
	size_t at = sizeof(*ret_item);
	for (unsigned i = 0; i < TW_ITEM_TEXTS; i++) {
		ret_texts[i] = tw_slice_part(bytes, at, ret_item->lengths[i]);
		at += ret_item->lengths[i];
	}
	*position += ret_item->size;
	return true;
}

static void identify(struct tw_record *record, const struct tw_consignment *view)
{
	char key[TW_SHIPMENT_KEY_SIZE];
	char alias[TW_SHIPMENT_KEY_SIZE];
	if (!tw_shipment_key(view, key, alias))
		record->flags |= TW_RECORD_NO_SHIPMENT;
	record->shipment = tw_shipment_of(tw_slice_string(key));
	record->alias = alias[0] == '\0' ? (struct tw_shipment){0, 0}
					 : tw_shipment_of(tw_slice_string(alias));
}

void tw_batch_identify(struct tw_batch *batch)
{
	size_t at = 0;
	while (at < batch->records.length) {
		struct tw_slice rest = tw_slice_from(tw_buffer_slice(&batch->records), at);
		struct tw_consignment view = tw_record_trusted(rest);
		identify((struct tw_record *)(void *)(batch->records.data + at), &view);
		at += view.record->size;
	}
}

void tw_batch_drop_origins(const struct tw_batch *batch, size_t position)
{
	struct tw_item item;
	struct tw_slice texts[TW_ITEM_TEXTS];
	while (tw_batch_item(batch, &position, &item, texts))
		if (item.kind == TW_ITEM_INPUT)
			tw_origin_free(item.origin);
}

/* One block with the names one behind the other. */
static bool copy_layers(struct tw_origin *origin, const char *const *layers)
{
	size_t size = 1;
	unsigned count = 0;
	while (count < TW_ORIGIN_LAYERS && layers[count] != NULL)
		size += strlen(layers[count++]) + 1;
	origin->layer_names = malloc(size);
	if (origin->layer_names == NULL)
		return false;
	char *to = origin->layer_names;
	for (unsigned i = 0; i < count; i++) {
		size_t length = strlen(layers[i]) + 1;
		origin->layers[i] = memcpy(to, layers[i], length);
		to += length;
	}
	return true;
}

void tw_origin_free(struct tw_origin *origin)
{
	if (origin == NULL)
		return;
	free(origin->path);
	free(origin->layer_names);
	free(origin);
}

struct tw_origin *tw_origin_create(const char *path, const char *const *layers)
{
	struct tw_origin *origin = calloc(1, sizeof(*origin));
	if (origin == NULL)
		return NULL;
	origin->path = strdup(path);
	if (origin->path == NULL || !copy_layers(origin, layers)) {
		tw_origin_free(origin);
		return NULL;
	}
	origin->counted = true;
	origin->feed = (struct tw_feed){.source = "file", .path = origin->path,
					.layers = origin->layers};
	return origin;
}
