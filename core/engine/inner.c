/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/inner.h"

#include <stdlib.h>

#include "engine/leaf.h"

/* What shows no interchange by then is none. */
#define LOOK_BYTES ((size_t)65536)

struct tw_inner {
	struct tw_leaves leaves; /* of this object alone */
	const struct tw_origin *outer;
	struct tw_buffer name; /* its layer, zero-terminated */
	struct tw_unwrap *unwrap;
	struct tw_leaf leaf;
	uint64_t stored;
};

static unsigned count_layers(const char *const *layers)
{
	unsigned count = 0;
	while (layers[count] != NULL)
		count++;
	return count;
}

/* As deep as wrappings may be, with those around the message. */
static int begin_unwrap(struct tw_inner *inner, const struct tw_unwrap_settings *settings)
{
	struct tw_unwrap_settings left = *settings;
	unsigned taken = count_layers(inner->outer->layers) + 1;
	left.layers = taken < left.layers ? left.layers - taken : 0;
	return tw_unwrap_create(&left, &inner->unwrap);
}

int tw_inner_open(struct tw_streams *streams, const struct tw_unwrap_settings *settings,
		  const struct tw_origin *outer, const struct tw_object *object,
		  struct tw_inner **ret_inner)
{
	*ret_inner = NULL;
	if (count_layers(outer->layers) >= settings->layers)
		return TW_OK;
	struct tw_inner *inner = calloc(1, sizeof(*inner));
	if (inner == NULL)
		return TW_ERROR_MEMORY;
	inner->leaves = (struct tw_leaves){.streams = streams, .look_bytes = LOOK_BYTES};
	inner->outer = outer;
	tw_buffer_append_slice(&inner->name, object->name);
	tw_buffer_append_byte(&inner->name, '\0');
	int status = inner->name.failed ? TW_ERROR_MEMORY : begin_unwrap(inner, settings);
	if (status < 0)
		tw_inner_drop(inner);
	else
		*ret_inner = inner;
	return status;
}

/* ---- where it stands -------------------------------------------------------------------- */

/* What the leaf asks for: the outer stream's, with the object's layers behind its own. */
static struct tw_origin *make_origin(void *context, const char *const *layers)
{
	const struct tw_inner *inner = context;
	const char *all[TW_ORIGIN_LAYERS + 1];
	unsigned count = count_layers(inner->outer->layers), more = 0;
	memcpy(all, inner->outer->layers, count * sizeof(all[0]));
	all[count++] = inner->name.data;
	while (layers[more] != NULL && count < TW_ORIGIN_LAYERS)
		all[count++] = layers[more++];
	all[count] = NULL;
	struct tw_origin *origin = tw_origin_create(inner->outer->path, all);
	if (origin == NULL)
		return NULL;
	origin->arrival = inner->outer->arrival;
	origin->counted = false;
	origin->feed.source = inner->outer->feed.source;
	origin->network = inner->outer->network;
	if (inner->outer->feed.network != NULL)
		origin->feed.network = &origin->network;
	return origin;
}

/* In something that is wrapped, what is not recognised is told. */
static void begin_leaf(struct tw_inner *inner, const struct tw_unwrap_event *event)
{
	bool wrapped = event->layers != NULL && event->layers[0] != NULL;
	tw_leaf_begin(&inner->leaf, &(struct tw_leaf_setup){.all = &inner->leaves,
							    .context = inner,
							    .origin = make_origin,
							    .layers = event->layers,
							    .beside = event->beside,
							    .expected = wrapped});
}

/* ---- bytes ------------------------------------------------------------------------------- */

static int take_event(void *context, const struct tw_unwrap_event *event)
{
	struct tw_inner *inner = context;
	int status = TW_OK;
	switch (event->what) {
	case TW_UNWRAP_MEMBER:
		status = tw_leaf_end(&inner->leaf);
		begin_leaf(inner, event);
		return status;
	case TW_UNWRAP_BYTES:
		return tw_leaf_push(&inner->leaf, event->bytes, NULL);
	case TW_UNWRAP_PROBLEM:
		if (!inner->leaf.begun)
			begin_leaf(inner, event);
		return tw_leaf_report(&inner->leaf, event->code, event->skipped, event->bytes.data);
	case TW_UNWRAP_END:
		return tw_leaf_end(&inner->leaf);
	case TW_UNWRAP_GAP: /* never: what a message carries is cut where the message is */
	case TW_UNWRAP_MORE:
	case TW_UNWRAP_DONE:
		break;
	}
	return TW_OK;
}

int tw_inner_push(struct tw_inner *inner, struct tw_slice bytes)
{
	return tw_unwrap_push(inner->unwrap, bytes, &inner->stored,
			      (struct tw_unwrap_taker){take_event, inner});
}

int tw_inner_close(struct tw_inner *inner, bool complete)
{
	tw_unwrap_finish(inner->unwrap, !complete);
	int status = tw_unwrap_drain(inner->unwrap, (struct tw_unwrap_taker){take_event, inner});
	if (status >= 0)
		status = tw_leaf_end(&inner->leaf);
	bool recognised = inner->leaves.recognised > 0;
	tw_inner_drop(inner);
	return status < 0 ? status : recognised;
}

void tw_inner_drop(struct tw_inner *inner)
{
	if (inner == NULL)
		return;
	tw_leaf_drop(&inner->leaf);
	tw_unwrap_free(inner->unwrap);
	tw_buffer_free(&inner->name);
	free(inner);
}
