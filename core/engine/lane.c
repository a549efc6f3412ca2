/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/lane.h"

#include <stdlib.h>

struct tw_lane {
	struct tw_streams *streams;
	struct tw_stream *stream; /* the open member's, or NULL */
};

/* A word in a batch: this, then its text. */
struct written {
	size_t size; /* with the text, a multiple of 8 */
	struct tw_lane_word word;
};

int tw_lane_create(const struct tw_streams_setup *setup, struct tw_lane **ret_lane)
{
	struct tw_lane *lane = calloc(1, sizeof(*lane));
	if (lane == NULL)
		return TW_ERROR_MEMORY;
	int status = tw_streams_create(setup, &lane->streams);
	if (status < 0) {
		free(lane);
		return status;
	}
	*ret_lane = lane;
	return TW_OK;
}

void tw_lane_free(struct tw_lane *lane)
{
	if (lane == NULL)
		return;
	tw_stream_drop(lane->stream);
	tw_streams_free(lane->streams);
	free(lane);
}

struct tw_streams_counts tw_lane_counts(const struct tw_lane *lane)
{
	return tw_streams_counts(lane->streams);
}

void tw_lane_begin(struct tw_lane *lane, struct tw_batch *batch)
{
	tw_streams_batch(lane->streams, batch);
}

static int take_close(struct tw_lane *lane)
{
	struct tw_stream *stream = lane->stream;
	lane->stream = NULL;
	return tw_stream_close(stream);
}

static int take_open(struct tw_lane *lane, const struct tw_lane_word *word)
{
	int status = tw_stream_open(lane->streams, word->origin, word->offset, &lane->stream);
	if (status >= 0)
		tw_stream_beside(lane->stream, word->beside);
	return status;
}

static int take(struct tw_lane *lane, const struct tw_lane_word *word)
{
	switch (word->what) {
	case TW_LANE_OPEN:
		return take_open(lane, word);
	case TW_LANE_BYTES:
		return tw_stream_push(lane->stream, word->text);
	case TW_LANE_REPORT:
		tw_stream_report(lane->stream, word->code, word->skipped, word->text.data);
		return TW_OK;
	case TW_LANE_FORGET:
		tw_stream_forget(lane->stream);
		return TW_OK;
	case TW_LANE_CLOSE:
		return take_close(lane);
	}
	return TW_OK;
}

static bool next_word(const struct tw_batch *batch, size_t *position, struct tw_lane_word *ret_word)
{
	struct tw_slice rest = tw_slice_from(tw_buffer_slice(&batch->packets), *position);
	struct written written;
	if (rest.length < sizeof(written))
		return false;
	memcpy(&written, rest.data, sizeof(written));
	*ret_word = written.word;
	ret_word->text = tw_slice_part(rest, sizeof(written), written.word.text.length);
	*position += written.size;
	return true;
}

/* Nobody will take what it opens. */
static void drop(const struct tw_lane_word *word)
{
	if (word->what == TW_LANE_OPEN)
		tw_origin_free(word->origin);
}

void tw_lane_drop(const struct tw_batch *batch)
{
	struct tw_lane_word word;
	size_t position = 0;
	while (next_word(batch, &position, &word))
		drop(&word);
}

int tw_lane_fill(struct tw_lane *lane, struct tw_batch *batch)
{
	struct tw_lane_word word;
	size_t position = 0;
	int status = TW_OK;
	tw_lane_begin(lane, batch);
	while (next_word(batch, &position, &word)) {
		batch->order = word.order;
		if (status < 0)
			drop(&word);
		else
			status = take(lane, &word);
	}
	if (status >= 0 && (batch->items.failed || batch->records.failed))
		status = TW_ERROR_MEMORY;
	return status;
}

/* ---- the reader's --------------------------------------------------------------------- */

int tw_lane_say(struct tw_lane *lane, struct tw_batch *batch, struct tw_lane_word word)
{
	if (batch == NULL)
		return take(lane, &word);
	struct written written = {.word = word};
	written.size = (sizeof(written) + word.text.length + 7) & ~(size_t)7;
	if (tw_buffer_reserve(&batch->packets, written.size) < 0)
		return TW_ERROR_MEMORY;
	tw_buffer_append(&batch->packets, &written, sizeof(written));
	tw_buffer_append_slice(&batch->packets, word.text);
	tw_buffer_align(&batch->packets, 8);
	return TW_OK;
}

int tw_lane_room(struct tw_lane *lane, struct tw_batch *batch, size_t wanted, char **ret_room)
{
	size_t size;
	if (batch == NULL)
		return tw_stream_room(lane->stream, wanted, ret_room, &size);
	if (tw_buffer_reserve(&batch->packets, sizeof(struct written) + wanted + 8) < 0)
		return TW_ERROR_MEMORY;
	*ret_room = batch->packets.data + batch->packets.length + sizeof(struct written);
	return TW_OK;
}

int tw_lane_added(struct tw_lane *lane, struct tw_batch *batch, uint64_t order, size_t length)
{
	if (batch == NULL)
		return tw_stream_added(lane->stream, length);
	struct written written = {.word = {.what = TW_LANE_BYTES, .order = order}};
	written.word.text.length = length;
	written.size = (sizeof(written) + length + 7) & ~(size_t)7;
	tw_buffer_append(&batch->packets, &written, sizeof(written));
	batch->packets.length += length; /* they stand there already */
	tw_buffer_align(&batch->packets, 8);
	return TW_OK;
}
