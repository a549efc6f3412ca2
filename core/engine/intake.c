/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/intake.h"

#include <math.h>
#include <stdlib.h>

#include "base/time.h"
#include "engine/members.h"
#include "engine/stream.h"

/* A batch ends behind so many inputs, however small: an archive may have a million empty members. */
#define BATCH_INPUTS 64u

/* Milliseconds that a live link is waited for before the clock goes on without packets. */
#define LIVE_WAIT 100

#define STOPPED "stopped by the operator before the input ended"

struct tw_intake {
	struct tw_intake_setup setup;
	struct tw_streams_setup streams_setup;
	struct tw_streams *streams; /* of files, and of what is told of captures */
	unsigned shards;
	uint64_t batch_bytes;
	size_t block_bytes;
	unsigned next_input;
	/* the open input, and the member of it that is read */
	struct tw_source *source;
	struct tw_members *members;
	struct tw_stream *stream;
	struct tw_tapping *tapping; /* NULL: there was no capture yet */
	bool tapped;		    /* the open input is one */
	bool finished;		    /* none follows: its flows were told to end */
	struct tw_buffer reason;
	bool timed;
	struct tw_intake_counts counts;
};

int tw_intake_create(const struct tw_intake_setup *setup, struct tw_intake **ret_intake)
{
	const struct tw_config *config = setup->config;
	struct tw_intake *intake = calloc(1, sizeof(*intake));
	if (intake == NULL)
		return TW_ERROR_MEMORY;
	intake->setup = *setup;
	intake->batch_bytes = tw_config_size(config, "engine.batch_bytes");
	intake->block_bytes = (size_t)tw_config_size(config, "engine.block_bytes");
	/* A batch ends with a block: larger blocks would make larger batches. */
	if (intake->block_bytes > intake->batch_bytes)
		intake->block_bytes = (size_t)intake->batch_bytes;
	intake->timed = tw_config_bool(config, "stats.stages");
	intake->shards = (unsigned)tw_config_number(config, "network.shards");
	intake->streams_setup = (struct tw_streams_setup){.config = config,
							  .maps = setup->maps,
							  .modules = setup->modules,
							  .partners = setup->partners,
							  .keys = setup->keys,
							  .messages = setup->messages};
	int status = tw_streams_create(&intake->streams_setup, &intake->streams);
	if (status < 0) {
		tw_intake_free(intake);
		return status;
	}
	*ret_intake = intake;
	return TW_OK;
}

void tw_intake_free(struct tw_intake *intake)
{
	if (intake == NULL)
		return;
	tw_stream_drop(intake->stream);
	tw_tapping_free(intake->tapping);
	tw_members_close(intake->members);
	tw_source_close(intake->source);
	tw_streams_free(intake->streams);
	tw_buffer_free(&intake->reason);
	free(intake);
}

struct tw_intake_counts tw_intake_counts(const struct tw_intake *intake)
{
	struct tw_intake_counts counts = intake->counts;
	struct tw_streams_counts streams = tw_streams_counts(intake->streams);
	counts.feed_seconds = streams.feed_seconds;
	counts.map_seconds = streams.map_seconds;
	if (intake->tapping != NULL) {
		streams = tw_tapping_counts(intake->tapping).shards.streams;
		counts.feed_seconds += streams.feed_seconds;
		counts.map_seconds += streams.map_seconds;
	}
	return counts;
}

unsigned tw_intake_shards(const struct tw_intake *intake)
{
	return intake->shards;
}

struct tw_shard *tw_intake_shard(const struct tw_intake *intake, unsigned shard)
{
	return tw_tapping_shard(intake->tapping, shard);
}

bool tw_intake_tapped(const struct tw_intake *intake, struct tw_tapping_counts *ret_counts)
{
	if (intake->tapping == NULL)
		return false;
	*ret_counts = tw_tapping_counts(intake->tapping);
	return true;
}

/* ---- inputs ------------------------------------------------------------------ */

static bool stopping(const struct tw_intake *intake)
{
	return intake->setup.stop != NULL && *intake->setup.stop != 0;
}

/*
 * When the input arrived: as the operator says, when a file was written, or for a
 * stream when it was opened. Without it a date far ahead could not be told, and the
 * feed clock would follow it.
 */
static double arrival_of(const struct tw_intake *intake)
{
	double arrival = intake->setup.arrival;
	if (isnan(arrival) && intake->source != NULL)
		arrival = tw_source_time(intake->source);
	return isnan(arrival) && intake->source != NULL ? tw_time_now() : arrival;
}

/* A member of the open input begins, or the input itself where it has none. */
static int begin_origin(struct tw_intake *intake, const struct tw_member *member)
{
	struct tw_origin *origin = tw_origin_create(
		intake->setup.inputs->paths[intake->next_input - 1], member->layers);
	if (origin == NULL)
		return TW_ERROR_MEMORY;
	origin->arrival = arrival_of(intake);
	int status = tw_stream_open(intake->streams, origin, member->offset, &intake->stream);
	if (status < 0)
		return status;
	tw_stream_beside(intake->stream, member->beside);
	return 1;
}

static int close_member(struct tw_intake *intake)
{
	struct tw_stream *stream = intake->stream;
	intake->stream = NULL;
	return tw_stream_close(stream);
}

static void close_source(struct tw_intake *intake)
{
	tw_members_close(intake->members);
	tw_source_close(intake->source);
	intake->members = NULL;
	intake->source = NULL;
}

static int64_t read_capture(void *context, char *block, size_t size)
{
	return tw_source_read(context, block, size);
}

static const char *capture_problem(void *context)
{
	return tw_source_problem(context);
}

/* There is one from the first packet on. */
static int make_tapping(struct tw_intake *intake, struct tw_round *round)
{
	int status = TW_OK;
	if (intake->tapping == NULL)
		status = tw_tapping_create(intake->streams, &intake->streams_setup,
					   intake->setup.keeper, intake->setup.alone,
					   &intake->tapping);
	if (status >= 0)
		tw_tapping_round(intake->tapping, round, (size_t)intake->batch_bytes);
	return status;
}

/* Where the open input is a capture, its packets are read and not its members. 1: it is one. */
static int begin_capture(struct tw_intake *intake, struct tw_round *round)
{
	struct tw_capture_input input = {.context = intake->source, .read = read_capture,
					 .head = tw_members_head(intake->members)};
	if (!tw_capture_probe(input.head))
		return 0;
	int status = make_tapping(intake, round);
	if (status >= 0)
		status = tw_tapping_begin(intake->tapping, &input,
					  intake->setup.inputs->paths[intake->next_input - 1]);
	intake->tapped = status >= 0;
	return status < 0 ? status : 1;
}

static int open_source(struct tw_intake *intake, struct tw_round *round)
{
	const struct tw_config *config = intake->setup.config;
	const char *path = intake->setup.inputs->paths[intake->next_input++];
	intake->counts.inputs++;
	tw_buffer_clear(&intake->reason);
	int status = tw_source_open(path, &intake->source, &intake->reason);
	if (status < 0) {
		tw_buffer_append_byte(&intake->reason, '\0');
		intake->source = NULL;
		status = begin_origin(intake, &(struct tw_member){0});
		if (status < 0)
			return status;
		tw_stream_report(intake->stream, "source.unreadable", 0, intake->reason.data);
		status = close_member(intake);
		return status < 0 ? status : 1;
	}
	if (intake->setup.stop != NULL)
		tw_source_stop(intake->source, intake->setup.stop);
	tw_source_limit(intake->source, tw_config_number(config, "limits.expansion_ratio"),
			tw_config_size(config, "limits.expanded_bytes"));
	tw_source_ebcdic(intake->source, tw_config_string(config, "feed.ebcdic"));
	status = tw_members_open(intake->source, config, intake->setup.keys, intake->setup.stop,
				 &intake->members);
	return status < 0 ? status : begin_capture(intake, round);
}

/* Opens the next member, of this input or the next. 1: open (or reported as unreadable), 0: there is none. */
static int open_input(struct tw_intake *intake, struct tw_round *round)
{
	struct tw_member member;
	for (;;) {
		int status = TW_OK;
		if (intake->members == NULL && intake->next_input == intake->setup.inputs->count)
			return 0;
		if (intake->members == NULL)
			status = open_source(intake, round);
		if (status == TW_OK)
			status = tw_members_next(intake->members, &member);
		else if (status > 0)
			return status;
		if (status > 0)
			return begin_origin(intake, &member);
		if (status < 0)
			return status;
		close_source(intake);
		if (stopping(intake))
			return 0;
	}
}

static void report_problem(struct tw_intake *intake, const struct tw_members_given *given)
{
	if (stopping(intake))
		return; /* the stop is what is to blame, and is told */
	tw_stream_report(intake->stream, given->code, given->skipped, given->reason);
}

static int end_reading(struct tw_intake *intake, bool empty)
{
	if (stopping(intake))
		tw_stream_report(intake->stream, "source.stopped", 0, STOPPED);
	else if (empty)
		tw_stream_report(intake->stream, "source.empty", 0, "it has no bytes");
	return close_member(intake);
}

static int take_bytes(struct tw_intake *intake, struct tw_batch *batch, size_t length)
{
	intake->counts.bytes += length;
	batch->input_bytes += length;
	return tw_stream_added(intake->stream, length);
}

static int read_block(struct tw_intake *intake, struct tw_batch *batch)
{
	char *room;
	size_t size;
	int status = tw_stream_room(intake->stream, intake->block_bytes, &room, &size);
	if (status < 0)
		return status;
	double start = intake->timed ? tw_time_elapsed() : 0;
	struct tw_members_given given;
	status = tw_members_read(intake->members, room,
				 size < intake->block_bytes ? size : intake->block_bytes, &given);
	if (intake->timed)
		intake->counts.read_seconds += tw_time_elapsed() - start;
	if (status < 0)
		return status;
	switch (given.what) {
	case TW_MEMBERS_PROBLEM:
		report_problem(intake, &given);
		return TW_OK;
	case TW_MEMBERS_END:
		return end_reading(intake, given.empty);
	default:
		return take_bytes(intake, batch, given.length);
	}
}

static int read_packet(struct tw_intake *intake, struct tw_batch *batch)
{
	double start = intake->timed ? tw_time_elapsed() : 0;
	size_t length = 0;
	int status = tw_tapping_step(intake->tapping, &length, capture_problem);
	if (intake->timed)
		intake->counts.read_seconds += tw_time_elapsed() - start;
	intake->counts.bytes += length;
	batch->input_bytes += length;
	if (status == 0) {
		intake->tapped = false;
		close_source(intake);
	}
	return status;
}

/* No input follows. What is told of all captures at their end needs a round of its own. */
static int end_inputs(struct tw_intake *intake)
{
	if (intake->tapping == NULL)
		return TW_OK;
	intake->finished = true;
	int status = tw_tapping_finish(intake->tapping);
	return status < 0 ? status : 1;
}

/* Packets are spread, so that a round takes as much as a batch of each shard. */
static bool has_room(const struct tw_intake *intake, struct tw_round *round)
{
	uint64_t most = intake->batch_bytes * (round->packets ? intake->shards : 1);
	return !round->full && tw_round_own(round)->input_bytes < most;
}

/* The packets that are there; where there are none, what was found is handed on. */
static int read_live(struct tw_intake *intake, struct tw_round *round)
{
	struct tw_batch *batch = tw_round_own(round);
	int status = make_tapping(intake, round);
	if (status >= 0)
		tw_tapping_live(intake->tapping, intake->setup.live);
	while (status >= 0 && has_room(intake, round) && !stopping(intake)) {
		size_t length = 0;
		bool found = batch->input_bytes > 0 || batch->items.length > 0;
		status = tw_tapping_live_step(intake->tapping, found ? 0 : LIVE_WAIT, &length);
		intake->counts.bytes += length;
		batch->input_bytes += length;
		if (status == 0)
			break;
	}
	if (status == TW_ERROR_NOT_FOUND)
		return end_inputs(intake);
	if (status >= 0)
		tw_tapping_live_round(intake->tapping);
	return status < 0 ? status : 1;
}

/* The operator stopped the run: what was read so far is finished, and the rest is told as missing. */
static int stop_input(struct tw_intake *intake)
{
	int status = intake->tapped ? tw_tapping_stop(intake->tapping, STOPPED) : TW_OK;
	if (intake->stream != NULL && status >= 0) {
		tw_stream_report(intake->stream, "source.stopped", 0, STOPPED);
		tw_stream_forget(intake->stream);
		status = close_member(intake);
	}
	return status < 0 ? status : end_inputs(intake);
}

/* Opens what comes next. 1: it is to be read on; else the round is over, and as tw_intake_read(). */
static int begin_input(struct tw_intake *intake, struct tw_round *round, bool *ret_over)
{
	int status = open_input(intake, round);
	*ret_over = status <= 0;
	if (status == 0 && intake->setup.live != NULL)
		return read_live(intake, round);
	return status == 0 ? end_inputs(intake) : status;
}

static int read_on(struct tw_intake *intake, struct tw_batch *batch)
{
	if (intake->tapped)
		return read_packet(intake, batch);
	return intake->stream != NULL ? read_block(intake, batch) : TW_OK;
}

int tw_intake_read(struct tw_intake *intake, struct tw_round *round)
{
	struct tw_batch *batch = tw_round_own(round);
	unsigned opened_here = 0;
	tw_streams_batch(intake->streams, batch);
	if (intake->tapping != NULL)
		tw_tapping_round(intake->tapping, round, (size_t)intake->batch_bytes);
	if (intake->finished)
		return tw_tapping_end(intake->tapping);
	while (has_room(intake, round) && opened_here < BATCH_INPUTS) {
		/* Between members: what follows is opened, so that it can be told as missing. */
		bool finishing = intake->stream == NULL && intake->members != NULL &&
				 !intake->tapped;
		bool over = false;
		int status = TW_OK;
		if (!finishing && stopping(intake))
			return stop_input(intake);
		if (intake->stream == NULL && !intake->tapped) {
			status = begin_input(intake, round, &over);
			opened_here++;
		}
		if (over)
			return status;
		if (status >= 0)
			status = read_on(intake, batch);
		if (status < 0)
			return status;
	}
	return batch->items.failed || batch->records.failed ? TW_ERROR_MEMORY : 1;
}
