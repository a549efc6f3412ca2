/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/leaf.h"

#include <stdio.h>

/*
 * Of what a network carries most is something else: a parser must be surer than that it
 * could be its syntax. An XML document of an unknown root is not enough.
 */
#define LEAST 50

void tw_leaf_drop(struct tw_leaf *leaf)
{
	tw_stream_drop(leaf->stream);
	leaf->stream = NULL;
	tw_buffer_free(&leaf->head);
	tw_buffer_free(&leaf->marks);
	tw_buffer_free(&leaf->layers);
}

/* Looks anew, from this offset on. */
static void look(struct tw_leaf *leaf, uint64_t offset)
{
	tw_buffer_clear(&leaf->head);
	tw_buffer_clear(&leaf->marks);
	leaf->finder = *tw_streams_finder(leaf->setup.all->streams);
	leaf->finder.least = LEAST;
	leaf->state = TW_LEAF_LOOKING;
	leaf->looked = 0;
	leaf->offset = offset;
	leaf->opaque = 0;
}

void tw_leaf_begin(struct tw_leaf *leaf, const struct tw_leaf_setup *setup)
{
	leaf->begun = true;
	leaf->setup = *setup;
	leaf->stream = NULL;
	tw_buffer_clear(&leaf->layers);
	for (unsigned i = 0; setup->layers != NULL && setup->layers[i] != NULL; i++)
		tw_buffer_append(&leaf->layers, setup->layers[i], strlen(setup->layers[i]) + 1);
	look(leaf, 0);
}

/* ---- a message -------------------------------------------------------------------------- */

static int open_stream(struct tw_leaf *leaf, uint64_t offset)
{
	const char *layers[TW_ORIGIN_LAYERS + 1];
	struct tw_slice rest = tw_buffer_slice(&leaf->layers);
	unsigned count = 0;
	while (rest.length > 0 && count < TW_ORIGIN_LAYERS) {
		layers[count++] = rest.data;
		rest = tw_slice_from(rest, strlen(rest.data) + 1);
	}
	layers[count] = NULL;
	struct tw_origin *origin = leaf->setup.origin(leaf->setup.context, layers);
	if (origin == NULL || leaf->layers.failed)
		return TW_ERROR_MEMORY;
	leaf->state = TW_LEAF_OPEN;
	leaf->setup.all->recognised++;
	int status = tw_stream_open(leaf->setup.all->streams, origin, offset, &leaf->stream);
	if (status < 0)
		return status;
	tw_stream_beside(leaf->stream, leaf->setup.beside);
	if (leaf->looked > 0)
		tw_stream_unknown(leaf->stream, &leaf->finder.run);
	return TW_OK;
}

/* Opens the stream, with the bytes that waited from where a message begins, each with its packet. */
static int open_with_head(struct tw_leaf *leaf)
{
	const struct tw_sink_mark *marks = (const void *)leaf->marks.data;
	size_t count = leaf->marks.length / sizeof(*marks);
	struct tw_slice head = tw_buffer_slice(&leaf->head);
	int status = open_stream(leaf, leaf->offset + leaf->looked);
	for (size_t i = 0; i < count && status >= 0; i++) {
		size_t from = (size_t)(marks[i].offset - leaf->offset);
		size_t to = i + 1 < count ? (size_t)(marks[i + 1].offset - leaf->offset)
					  : head.length;
		if (to <= leaf->looked)
			continue;
		if (from < leaf->looked)
			from = leaf->looked;
		if (marks[i].packet > 0)
			tw_stream_mark(leaf->stream, marks[i].packet, marks[i].time);
		status = tw_stream_push(leaf->stream, tw_slice_part(head, from, to - from));
	}
	tw_buffer_free(&leaf->head);
	tw_buffer_free(&leaf->marks);
	return status;
}

static int close_stream(struct tw_leaf *leaf)
{
	const struct tw_streams *streams = leaf->setup.all->streams;
	uint64_t foreign = tw_streams_counts(streams).foreign;
	struct tw_stream *stream = leaf->stream;
	leaf->stream = NULL;
	int status = tw_stream_close(stream);
	leaf->told += tw_streams_counts(streams).foreign == foreign;
	return status;
}

/* ---- looking ---------------------------------------------------------------------------- */

/* What it has shown is no message. */
static int pass(struct tw_leaf *leaf)
{
	bool cargo = leaf->setup.expected && leaf->setup.beside == TW_UNWRAP_CARGO;
	if (cargo && !leaf->setup.encrypted) {
		leaf->looked = 0;
		return open_with_head(leaf);
	}
	leaf->opaque = cargo ? leaf->head.length : 0;
	leaf->looked = 0;
	leaf->setup.all->unrecognised_bytes += leaf->head.length;
	leaf->offset += leaf->head.length;
	leaf->state = TW_LEAF_PASSED;
	tw_buffer_free(&leaf->head);
	tw_buffer_free(&leaf->marks);
	return TW_OK;
}

static int look_at_head(struct tw_leaf *leaf, bool last)
{
	struct tw_slice rest = tw_slice_from(tw_buffer_slice(&leaf->head), leaf->looked);
	struct tw_found found = tw_finder_look(&leaf->finder, rest, leaf->offset + leaf->looked, last);
	leaf->looked += found.passed;
	if (found.parser != NULL)
		return open_with_head(leaf);
	return last || leaf->head.length >= leaf->setup.all->look_bytes ? pass(leaf) : TW_OK;
}

int tw_leaf_push(struct tw_leaf *leaf, struct tw_slice bytes, const struct tw_packet_at *at)
{
	struct tw_sink_mark mark = {.offset = leaf->offset + leaf->head.length};
	if (at != NULL) {
		mark.packet = at->number;
		mark.time = at->time;
	}
	switch (leaf->state) {
	case TW_LEAF_OPEN:
		if (at != NULL)
			tw_stream_mark(leaf->stream, at->number, at->time);
		return tw_stream_push(leaf->stream, bytes);
	case TW_LEAF_PASSED:
		leaf->offset += bytes.length;
		leaf->opaque += leaf->opaque > 0 ? bytes.length : 0;
		leaf->setup.all->unrecognised_bytes += bytes.length;
		return TW_OK;
	case TW_LEAF_LOOKING:
		break;
	}
	tw_buffer_append(&leaf->marks, &mark, sizeof(mark));
	tw_buffer_append_slice(&leaf->head, bytes);
	if (leaf->head.failed || leaf->marks.failed)
		return TW_ERROR_MEMORY;
	return look_at_head(leaf, false);
}

bool tw_leaf_between(const struct tw_leaf *leaf)
{
	return leaf->state == TW_LEAF_OPEN && tw_stream_between(leaf->stream);
}

int tw_leaf_report(struct tw_leaf *leaf, const char *code, uint64_t skipped, const char *reason)
{
	if (leaf->state == TW_LEAF_LOOKING && leaf->setup.expected) {
		leaf->looked = 0;
		int status = open_with_head(leaf);
		if (status < 0)
			return status;
	}
	if (leaf->state == TW_LEAF_OPEN)
		tw_stream_report(leaf->stream, code, skipped, reason);
	return TW_OK;
}

/* What was encrypted is told, where it ends. */
static int end_opaque(struct tw_leaf *leaf)
{
	uint64_t opaque = leaf->opaque;
	if (opaque == 0)
		return TW_OK;
	int status = open_stream(leaf, leaf->offset);
	if (status < 0)
		return status;
	tw_stream_report(leaf->stream, "unwrap.opaque", opaque,
			 "an attachment of a SOAP message is encrypted: it was not read");
	return close_stream(leaf);
}

/* What was being read ends with the missing bytes. */
static int end_cut(struct tw_leaf *leaf, uint64_t length, bool lost)
{
	static const char *const reasons[] = {
		"missing bytes cut an interchange: messages possibly lost",
		"what follows missing bytes cannot be unpacked: messages possibly lost",
	};
	bool cut = tw_stream_in_interchange(leaf->stream);
	char reason[120];
	snprintf(reason, sizeof(reason), "%llu bytes of the flow are missing here",
		 (unsigned long long)length);
	tw_stream_report(leaf->stream, "tcp.gap", length, reason);
	if (cut || lost)
		tw_stream_report(leaf->stream, "tcp.messages_lost", 0, reasons[!cut]);
	return close_stream(leaf);
}

int tw_leaf_gap(struct tw_leaf *leaf, uint64_t length, bool lost)
{
	int status = leaf->state == TW_LEAF_LOOKING ? look_at_head(leaf, true) : TW_OK;
	uint64_t offset = leaf->offset;
	if (status >= 0 && leaf->state == TW_LEAF_PASSED)
		status = end_opaque(leaf);
	if (status >= 0 && leaf->state == TW_LEAF_OPEN) {
		offset = tw_stream_end(leaf->stream);
		status = end_cut(leaf, length, lost);
	}
	look(leaf, offset + length);
	return status;
}

int tw_leaf_end(struct tw_leaf *leaf)
{
	if (!leaf->begun)
		return TW_OK;
	leaf->begun = false;
	int status = leaf->state == TW_LEAF_LOOKING ? look_at_head(leaf, true) : TW_OK;
	if (status >= 0)
		status = leaf->state == TW_LEAF_OPEN ? close_stream(leaf) : end_opaque(leaf);
	leaf->state = TW_LEAF_PASSED;
	return status;
}
