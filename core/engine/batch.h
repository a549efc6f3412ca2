/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_BATCH_H
#define TW_ENGINE_BATCH_H

#include "base/buffer.h"
#include "output/event.h"

/*
 * A batch is what a thread takes at once: the items that were made from one stretch of
 * input, in input order, with the records of its consignments beside them; before that, in
 * `packets`, the segments (engine/round.h) or bytes of files (engine/lane.h) that they are made
 * of; and, after inspection, the results. A batch is owned by the task that has it (reading,
 * filling, inspecting, reducing), never by two at a time, and its buffers are reused.
 */

#define TW_ORIGIN_LAYERS 20u
/*
 * Where the bytes of one stream come from. Whoever opens the stream makes it; from the item
 * that begins it to the one that ends it, it is the reduce task's, which then frees it.
 */
struct tw_reception;
struct tw_origin {
	struct tw_reception *reception; /* what the reduce task keeps of it while it is open */
	char *path;
	const char *layers[TW_ORIGIN_LAYERS + 1]; /* NULL at the end */
	char *layer_names;
	struct tw_feed feed;
	struct tw_network network; /* of a capture; feed.network points here */
	double arrival;	/* feed time where the input itself has none */
	bool counted;	/* as an input; a body on the wire is none of its own */
	bool alternate; /* the other reading of a flow: inspected, and else not told */
	bool quiet;	/* a document in a general syntax is told only where it has a map */
};

enum tw_item_kind {
	TW_ITEM_INPUT,		 /* a stream begins */
	TW_ITEM_INTERCHANGE,	 /* texts: format, sender, recipient, reference */
	TW_ITEM_RECORD,		 /* `record`: where it stands in records */
	TW_ITEM_ANOMALY,	 /* texts: reason, segment, message reference */
	TW_ITEM_MESSAGE_END,
	TW_ITEM_INTERCHANGE_END,
	TW_ITEM_OPAQUE,		 /* texts: reason, server name; offset and length: bytes to server and client */
	TW_ITEM_GROUP,		 /* texts: sender, recipient, reference; only where there are packets */
	TW_ITEM_DELIVERED,	 /* texts: Message-ID and length, struct tw_delivery_told */
	TW_ITEM_INPUT_END,
};

#define TW_ITEM_TEXTS 4
struct tw_item {
	uint32_t size; /* with texts, a multiple of 8 */
	uint8_t kind;
	bool complete; /* anomaly: leaves the inspection complete; end: trailer was there; */
		       /* interchange: its time moves the feed clock */
	bool test;
	bool excluded; /* message: not looked at, by policy */
	bool once;     /* anomaly: of what was met in several places the first is told */
	bool exact;    /* interchange: its time is that of a packet, which the feed clock follows */
	uint64_t offset, length;
	uint64_t skipped; /* bytes not inspected */
	double time;	  /* interchange: feed time */
	uint64_t packet;  /* where it began; 0: in no capture */
	uint64_t order;	  /* of the packet or file that brought it; set by tw_batch_add() */
	size_t record;
	const char *code;
	struct tw_origin *origin; /* of every item */
	unsigned element;
	uint32_t lengths[TW_ITEM_TEXTS];
};

enum tw_batch_state {
	TW_BATCH_FREE,
	TW_BATCH_READ, /* it has packets or bytes of files to be filled from */
	TW_BATCH_FILLED,
	TW_BATCH_INSPECTING,
	TW_BATCH_INSPECTED,
};

struct tw_batch {
	enum tw_batch_state state;
	struct tw_buffer packets, items, records, results;
	uint64_t order; /* of what is added now */
	uint64_t input_bytes;
	uint64_t consignments;
	int status; /* of inspection */
};

void tw_batch_clear(struct tw_batch *batch);
void tw_batch_free(struct tw_batch *batch);
/* Appends an item; texts are copied, `size`, `order` and `lengths` are set here. */
void tw_batch_add(struct tw_batch *batch, struct tw_item item,
		  const struct tw_slice texts[TW_ITEM_TEXTS]);
/* The item at a position of `items`, its texts, and the position behind it. False at the end. */
bool tw_batch_item(const struct tw_batch *batch, size_t *position, struct tw_item *ret_item,
		   struct tw_slice ret_texts[TW_ITEM_TEXTS]);

/* Gives the records their shipments: late, since then many batches are at it at a time. */
void tw_batch_identify(struct tw_batch *batch);

/* Where a run ends early: frees the origins of inputs that begin in items from there on,
 * since nobody takes them. */
void tw_batch_drop_origins(const struct tw_batch *batch, size_t position);

/* Copies the path and the layers, NULL at their end. */
struct tw_origin *tw_origin_create(const char *path, const char *const *layers);
void tw_origin_free(struct tw_origin *origin);

#endif
