/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/intake.h"

#include <math.h>
#include <stdlib.h>

#include "base/time.h"
#include "engine/lane.h"
#include "engine/members.h"

/* A round ends behind so many inputs, however small: an archive may have a million empty members. */
#define BATCH_INPUTS 64u

/* Milliseconds that a live link is waited for before the clock goes on without packets. */
#define LIVE_WAIT 100

#define STOPPED "stopped by the operator before the input ended"

struct tw_intake {
	struct tw_intake_setup setup;
	struct tw_streams_setup streams_setup;
	struct tw_streams *streams; /* of what is told of captures */
	struct tw_lane *lanes[TW_LANES_MOST];
	unsigned shards, lane_count;
	bool direct; /* there is one lane, which gets members at once, and none in a round */
	uint64_t batch_bytes;
	size_t block_bytes;
	unsigned next_input;
	struct tw_round *round; /* that is read */
	uint64_t order;		/* of what was read last */
	/* the open input, and whether a member of it is read, and into which lane */
	struct tw_source *source;
	struct tw_members *members;
	bool open;
	unsigned lane;
	struct tw_tapping *tapping; /* NULL: there was no capture yet */
	bool tapped;		    /* the open input is one */
	bool finished;		    /* none follows: its flows were told to end */
	struct tw_buffer reason;
	bool timed;
	struct tw_intake_counts counts;
};

/* As many as threads: each may have one. */
static int make_lanes(struct tw_intake *intake)
{
	unsigned threads = intake->setup.threads;
	unsigned count = threads < TW_LANES_MOST ? threads : TW_LANES_MOST;
	int status = TW_OK;
	_Static_assert(TW_SHARDS_MOST + TW_LANES_MOST <= TW_PARTS_MOST, "a round has all of them");
	intake->direct = threads == 1;
	while (status >= 0 && intake->lane_count < count) {
		status = tw_lane_create(&intake->streams_setup, &intake->lanes[intake->lane_count]);
		intake->lane_count += status >= 0;
	}
	return status;
}

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
	if (status >= 0)
		status = make_lanes(intake);
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
	for (unsigned i = 0; i < intake->lane_count; i++)
		tw_lane_free(intake->lanes[i]);
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
	for (unsigned i = 0; i < intake->lane_count; i++) {
		struct tw_streams_counts streams = tw_lane_counts(intake->lanes[i]);
		counts.feed_seconds += streams.feed_seconds;
		counts.map_seconds += streams.map_seconds;
	}
	if (intake->tapping != NULL) {
		struct tw_streams_counts streams = tw_tapping_counts(intake->tapping).shards.streams;
		counts.feed_seconds += streams.feed_seconds;
		counts.map_seconds += streams.map_seconds;
	}
	return counts;
}

unsigned tw_intake_shards(const struct tw_intake *intake)
{
	return intake->shards;
}

unsigned tw_intake_lanes(const struct tw_intake *intake)
{
	return intake->direct ? 0 : intake->lane_count;
}

int tw_intake_fill(const struct tw_intake *intake, struct tw_round *round, unsigned part)
{
	struct tw_batch *batch = &round->batches[part];
	if (part >= intake->shards)
		return tw_lane_fill(intake->lanes[part - intake->shards], batch);
	return tw_shard_fill(tw_tapping_shard(intake->tapping, part), round, batch);
}

bool tw_intake_tapped(const struct tw_intake *intake, struct tw_tapping_counts *ret_counts)
{
	if (intake->tapping == NULL)
		return false;
	*ret_counts = tw_tapping_counts(intake->tapping);
	return true;
}

/* ---- members on their way to lanes ------------------------------------------- */

/* The batch of the open member's lane, or NULL where there is one thread. */
static struct tw_batch *lane_batch(const struct tw_intake *intake)
{
	return intake->direct ? NULL : tw_round_batch(intake->round, intake->shards + intake->lane);
}

static int say(struct tw_intake *intake, struct tw_lane_word word)
{
	word.order = intake->round->order;
	return tw_lane_say(intake->lanes[intake->lane], lane_batch(intake), word);
}

static int report(struct tw_intake *intake, const char *code, uint64_t skipped, const char *reason)
{
	return say(intake, (struct tw_lane_word){.what = TW_LANE_REPORT,
						 .code = code,
						 .skipped = skipped,
						 .text = tw_slice(reason, strlen(reason) + 1)});
}

static int close_member(struct tw_intake *intake)
{
	intake->open = false;
	return say(intake, (struct tw_lane_word){.what = TW_LANE_CLOSE});
}

/* The one with the fewest bytes in this round; of several the next in turn. */
static void choose_lane(struct tw_intake *intake)
{
	size_t fewest = SIZE_MAX;
	unsigned last = intake->lane;
	for (unsigned i = 1; i <= intake->lane_count && !intake->direct; i++) {
		unsigned lane = (last + i) % intake->lane_count;
		size_t bytes = intake->round->batches[intake->shards + lane].packets.length;
		if (bytes < fewest) {
			fewest = bytes;
			intake->lane = lane;
		}
	}
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
	tw_round_turn(intake->round);
	choose_lane(intake);
	intake->open = true;
	int status = say(intake, (struct tw_lane_word){.what = TW_LANE_OPEN,
						       .origin = origin,
						       .offset = member->offset,
						       .beside = member->beside});
	return status < 0 ? status : 1;
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
static int make_tapping(struct tw_intake *intake)
{
	int status = TW_OK;
	if (intake->tapping == NULL)
		status = tw_tapping_create(intake->streams, &intake->streams_setup,
					   intake->setup.keeper, intake->direct,
					   &intake->tapping);
	if (status >= 0)
		tw_tapping_round(intake->tapping, intake->round, (size_t)intake->batch_bytes);
	return status;
}

/* Where the open input is a capture, its packets are read and not its members. 1: it is one. */
static int begin_capture(struct tw_intake *intake)
{
	struct tw_capture_input input = {.context = intake->source, .read = read_capture,
					 .head = tw_members_head(intake->members)};
	if (!tw_capture_probe(input.head))
		return 0;
	int status = make_tapping(intake);
	if (status >= 0)
		status = tw_tapping_begin(intake->tapping, &input,
					  intake->setup.inputs->paths[intake->next_input - 1]);
	intake->tapped = status >= 0;
	return status < 0 ? status : 1;
}

static int open_source(struct tw_intake *intake)
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
		status = report(intake, "source.unreadable", 0, intake->reason.data);
		if (status >= 0)
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
	return status < 0 ? status : begin_capture(intake);
}

/* Opens the next member, of this input or the next. 1: open (or reported as unreadable), 0: there is none. */
static int open_input(struct tw_intake *intake)
{
	struct tw_member member;
	for (;;) {
		int status = TW_OK;
		if (intake->members == NULL && intake->next_input == intake->setup.inputs->count)
			return 0;
		if (intake->members == NULL)
			status = open_source(intake);
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

static int report_problem(struct tw_intake *intake, const struct tw_members_given *given)
{
	if (stopping(intake))
		return TW_OK; /* the stop is what is to blame, and is told */
	return report(intake, given->code, given->skipped, given->reason);
}

static int end_reading(struct tw_intake *intake, bool empty)
{
	int status = TW_OK;
	if (stopping(intake))
		status = report(intake, "source.stopped", 0, STOPPED);
	else if (empty)
		status = report(intake, "source.empty", 0, "it has no bytes");
	return status < 0 ? status : close_member(intake);
}

static void count_bytes(struct tw_intake *intake, size_t length)
{
	intake->counts.bytes += length;
	tw_round_own(intake->round)->input_bytes += length;
}

static int take_bytes(struct tw_intake *intake, struct tw_batch *batch, size_t length)
{
	count_bytes(intake, length);
	int status = tw_lane_added(intake->lanes[intake->lane], batch, intake->round->order, length);
	intake->round->full |= batch != NULL && batch->packets.length >= intake->batch_bytes;
	return status;
}

static int read_block(struct tw_intake *intake)
{
	char *room;
	struct tw_batch *batch = lane_batch(intake);
	int status = tw_lane_room(intake->lanes[intake->lane], batch, intake->block_bytes, &room);
	if (status < 0)
		return status;
	double start = intake->timed ? tw_time_elapsed() : 0;
	struct tw_members_given given;
	status = tw_members_read(intake->members, room, intake->block_bytes, &given);
	if (intake->timed)
		intake->counts.read_seconds += tw_time_elapsed() - start;
	if (status < 0)
		return status;
	switch (given.what) {
	case TW_MEMBERS_PROBLEM:
		return report_problem(intake, &given);
	case TW_MEMBERS_END:
		return end_reading(intake, given.empty);
	default:
		return take_bytes(intake, batch, given.length);
	}
}

static int read_packet(struct tw_intake *intake)
{
	double start = intake->timed ? tw_time_elapsed() : 0;
	size_t length = 0;
	int status = tw_tapping_step(intake->tapping, &length, capture_problem);
	if (intake->timed)
		intake->counts.read_seconds += tw_time_elapsed() - start;
	count_bytes(intake, length);
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

/* What is read is spread, so that a round takes as much as a batch of each shard, or lane. */
static bool has_room(const struct tw_intake *intake)
{
	struct tw_round *round = intake->round;
	uint64_t most = intake->batch_bytes * (round->packets ? intake->shards : intake->lane_count);
	return !round->full && tw_round_own(round)->input_bytes < most;
}

/* The packets that are there; where there are none, what was found is handed on. */
static int read_live(struct tw_intake *intake)
{
	const struct tw_batch *batch = tw_round_own(intake->round);
	int status = make_tapping(intake);
	if (status >= 0)
		tw_tapping_live(intake->tapping, intake->setup.live);
	while (status >= 0 && has_room(intake)) {
		size_t length = 0;
		bool found = batch->input_bytes > 0 || batch->items.length > 0;
		status = tw_tapping_live_step(intake->tapping, found ? 0 : LIVE_WAIT, &length);
		count_bytes(intake, length);
		if (status == 0)
			break;
	}
	if (status == TW_ERROR_NOT_FOUND)
		return end_inputs(intake);
	if (status >= 0)
		tw_tapping_live_round(intake->tapping);
	return status < 0 ? status : 1;
}

/*
 * The operator stopped the run: what was read so far is finished, and the rest is told as missing. Of a live link what
 * came before is still to be taken.
 */
static int stop_input(struct tw_intake *intake)
{
	if (intake->setup.live != NULL && !intake->open && !intake->tapped) {
		tw_live_stop(intake->setup.live);
		return read_live(intake);
	}
	int status = intake->tapped ? tw_tapping_stop(intake->tapping, STOPPED) : TW_OK;
	if (!intake->open || status < 0)
		return status < 0 ? status : end_inputs(intake);
	status = report(intake, "source.stopped", 0, STOPPED);
	if (status >= 0)
		status = say(intake, (struct tw_lane_word){.what = TW_LANE_FORGET});
	if (status >= 0)
		status = close_member(intake);
	return status < 0 ? status : end_inputs(intake);
}

/* Opens what comes next. 1: it is to be read on; else the round is over, and as tw_intake_read(). */
static int begin_input(struct tw_intake *intake, bool *ret_over)
{
	int status = open_input(intake);
	*ret_over = status <= 0;
	if (status == 0 && intake->setup.live != NULL)
		return read_live(intake);
	return status == 0 ? end_inputs(intake) : status;
}

static int read_on(struct tw_intake *intake)
{
	if (intake->tapped)
		return read_packet(intake);
	return intake->open ? read_block(intake) : TW_OK;
}

/* Whether all there was could be written down. */
static int end_round(const struct tw_intake *intake)
{
	const struct tw_batch *own = tw_round_own(intake->round);
	return own->items.failed || own->records.failed ? TW_ERROR_MEMORY : 1;
}

static int read_round(struct tw_intake *intake)
{
	unsigned opened_here = 0;
	if (intake->tapping != NULL)
		tw_tapping_round(intake->tapping, intake->round, (size_t)intake->batch_bytes);
	if (intake->finished)
		return tw_tapping_end(intake->tapping);
	while (has_room(intake) && opened_here < BATCH_INPUTS * intake->lane_count) {
		/* Between members: what follows is opened, so that it can be told as missing. */
		bool finishing = !intake->open && intake->members != NULL &&
				 !intake->tapped;
		bool over = false;
		int status = TW_OK;
		if (!finishing && stopping(intake))
			return stop_input(intake);
		if (!intake->open && !intake->tapped) {
			status = begin_input(intake, &over);
			opened_here++;
		}
		if (over)
			return status;
		if (status >= 0)
			status = read_on(intake);
		if (status < 0)
			return status;
	}
	return end_round(intake);
}

/* What is told at once goes to the round's own batch. */
static void begin_round(struct tw_intake *intake, struct tw_round *round)
{
	intake->round = round;
	round->order = intake->order;
	tw_round_own(round)->order = round->order;
	tw_streams_batch(intake->streams, tw_round_own(round));
	if (intake->direct)
		tw_lane_begin(intake->lanes[0], tw_round_own(round));
}

int tw_intake_read(struct tw_intake *intake, struct tw_round *round)
{
	begin_round(intake, round);
	int status = read_round(intake);
	intake->order = round->order;
	return status;
}
