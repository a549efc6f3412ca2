/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/intake.h"

#include <math.h>
#include <stdlib.h>

#include "base/time.h"
#include "engine/finder.h"
#include "engine/members.h"
#include "engine/sink.h"

/* A batch ends behind so many inputs, however small: an archive may have a million empty members. */
#define BATCH_INPUTS 64u

struct tw_intake {
	struct tw_intake_setup setup;
	struct tw_parser_limits limits;
	struct tw_sink sink;
	uint64_t batch_bytes;
	size_t block_bytes;
	unsigned next_input;
	/* the open input, and the member of it that is read */
	struct tw_source *source;
	struct tw_members *members;
	struct tw_origin *origin;
	enum tw_unwrap_beside beside;
	bool ended;
	char *window; /* bytes not consumed yet: from window_start on, window_offset of the stream */
	size_t window_start, window_length, window_capacity;
	size_t needed; /* the parser can do nothing with fewer */
	uint64_t window_offset;
	struct tw_finder finder;
	const struct tw_parser *parser; /* NULL: not found yet */
	void *instance;
	struct tw_buffer reason;
	bool timed;
	struct tw_intake_counts counts;
};

static int add_parsers(struct tw_intake *intake, const struct tw_loader *modules)
{
	int status = TW_OK;
	for (unsigned i = 0; i < tw_loader_count(modules) && status >= 0; i++)
		if (tw_loader_at(modules, i)->parser != NULL)
			status = tw_finder_add(&intake->finder, tw_loader_at(modules, i)->parser);
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
	intake->limits = (struct tw_parser_limits){
		.segment_bytes = (size_t)tw_config_size(config, "limits.segment_bytes"),
		.segment_pieces = (unsigned)tw_config_number(config, "limits.segment_pieces"),
		.empty_segments = (unsigned)tw_config_number(config, "limits.empty_segments"),
	};
	struct tw_walk_limits walk_limits = {
		.consignment_bytes = (size_t)tw_config_size(config, "limits.consignment_bytes"),
		.held_consignments = (unsigned)tw_config_number(config,
								"limits.held_consignments"),
		.equipment = (unsigned)tw_config_number(config, "limits.equipment"),
	};
	intake->timed = tw_config_bool(config, "stats.stages");
	int status = tw_sink_create(&intake->sink, setup->maps, &walk_limits,
				    setup->messages);
	if (status >= 0)
		status = add_parsers(intake, setup->modules);
	intake->sink.partners = setup->partners;
	intake->sink.timed = intake->timed;
	intake->sink.timezone_seconds = tw_config_number(config, "feed.timezone") * 60;
	if (status < 0) {
		tw_intake_free(intake);
		return status;
	}
	*ret_intake = intake;
	return TW_OK;
}

static void close_parser(struct tw_intake *intake)
{
	if (intake->parser != NULL && intake->instance != NULL)
		intake->parser->close(intake->instance);
	intake->parser = NULL;
	intake->instance = NULL;
}

void tw_intake_free(struct tw_intake *intake)
{
	if (intake == NULL)
		return;
	close_parser(intake);
	tw_members_close(intake->members);
	tw_source_close(intake->source);
	tw_sink_free(&intake->sink);
	tw_finder_free(&intake->finder);
	tw_buffer_free(&intake->reason);
	free(intake->window);
	free(intake);
}

struct tw_intake_counts tw_intake_counts(const struct tw_intake *intake)
{
	struct tw_intake_counts counts = intake->counts;
	counts.map_seconds = intake->sink.map_seconds;
	return counts;
}

/* ---- inputs ------------------------------------------------------------------ */

static void report_source(struct tw_intake *intake, const char *code, const char *reason)
{
	uint64_t end = intake->window_offset + intake->window_length;
	struct tw_anomaly_at at = {.code = code, .offset = end};
	if (tw_anomaly_complete(code))
		tw_sink_anomaly(&intake->sink, &at, "%s", reason);
	else
		tw_sink_incomplete(&intake->sink, &at, "%s", reason);
}

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
	intake->origin = origin;
	intake->ended = false;
	intake->beside = member->beside;
	intake->window_offset = member->offset;
	intake->window_start = 0;
	intake->window_length = 0;
	intake->needed = 0;
	origin->arrival = arrival_of(intake);
	tw_sink_begin(&intake->sink, origin);
	return 1;
}

static void close_source(struct tw_intake *intake)
{
	tw_members_close(intake->members);
	tw_source_close(intake->source);
	intake->members = NULL;
	intake->source = NULL;
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
		intake->ended = true;
		if (status > 0)
			report_source(intake, "source.unreadable", intake->reason.data);
		return status;
	}
	if (intake->setup.stop != NULL)
		tw_source_stop(intake->source, intake->setup.stop);
	tw_source_limit(intake->source, tw_config_number(config, "limits.expansion_ratio"),
			tw_config_size(config, "limits.expanded_bytes"));
	tw_source_ebcdic(intake->source, tw_config_string(config, "feed.ebcdic"));
	return tw_members_open(intake->source, config, intake->setup.keys, intake->setup.stop,
			       &intake->members);
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

static void report_unknown(struct tw_intake *intake)
{
	struct tw_unknown_run run = tw_finder_take_run(&intake->finder);
	struct tw_anomaly_at at = {.code = "source.unknown", .offset = run.offset,
				   .length = run.length};
	bool beside = intake->beside == TW_UNWRAP_PICTURE ||
		      (intake->beside == TW_UNWRAP_PROSE && tw_unknown_is_text(&run));
	if (run.length > 0 && beside) {
		at.code = "unwrap.prose";
		tw_sink_anomaly(&intake->sink, &at,
				"%llu bytes of a mail, beside what it carries, hold no message",
				(unsigned long long)run.length);
	} else if (run.length > 0)
		tw_sink_skip(&intake->sink, &at,
			     "%llu bytes of %s that no parser recognises were passed over",
			     (unsigned long long)run.length,
			     tw_unknown_is_text(&run) ? "text" : "binary data");
}

static void close_input(struct tw_intake *intake)
{
	close_parser(intake);
	report_unknown(intake);
	tw_sink_end(&intake->sink, intake->window_offset);
	intake->origin = NULL;
}

/* The window must hold what is left over, at its front, what the parser needs, and a block. */
static int reserve_window(struct tw_intake *intake)
{
	if (intake->window_start > 0 && intake->window_length > 0)
		memmove(intake->window, intake->window + intake->window_start,
			intake->window_length);
	intake->window_start = 0;
	size_t wanted = intake->window_length + intake->block_bytes;
	if (wanted < intake->needed)
		wanted = intake->needed;
	if (wanted <= intake->window_capacity)
		return TW_OK;
	char *window = realloc(intake->window, wanted);
	if (window == NULL)
		return TW_ERROR_MEMORY;
	intake->window = window;
	intake->window_capacity = wanted;
	return TW_OK;
}

static void report_problem(struct tw_intake *intake, const struct tw_members_given *given)
{
	struct tw_anomaly_at at = {.code = given->code, .length = given->skipped,
				   .offset = intake->window_offset + intake->window_length};
	if (stopping(intake))
		return; /* the stop is what is to blame, and is told */
	if (given->skipped > 0)
		tw_sink_skip(&intake->sink, &at, "%s", given->reason);
	else
		report_source(intake, given->code, given->reason);
}

static void end_reading(struct tw_intake *intake, bool empty)
{
	intake->ended = true;
	if (stopping(intake))
		report_source(intake, "source.stopped", "stopped by the operator before the input ended");
	else if (empty)
		report_source(intake, "source.empty", "it has no bytes");
}

static int read_block(struct tw_intake *intake, struct tw_batch *batch)
{
	int status = reserve_window(intake);
	if (status < 0)
		return status;
	double start = intake->timed ? tw_time_elapsed() : 0;
	size_t room = intake->window_capacity - intake->window_length;
	struct tw_members_given given;
	status = tw_members_read(intake->members, intake->window + intake->window_length,
				 room < intake->block_bytes ? room : intake->block_bytes, &given);
	if (intake->timed)
		intake->counts.read_seconds += tw_time_elapsed() - start;
	if (status < 0)
		return status;
	if (given.what == TW_MEMBERS_PROBLEM)
		report_problem(intake, &given);
	else if (given.what == TW_MEMBERS_END)
		end_reading(intake, given.empty);
	intake->window_length += given.length;
	intake->counts.bytes += given.length;
	batch->input_bytes += given.length;
	return TW_OK;
}

/* ---- parsers ------------------------------------------------------------------- */

static void consume(struct tw_intake *intake, size_t length)
{
	intake->window_start += length;
	intake->window_length -= length;
	intake->window_offset += length;
}

static struct tw_slice window_slice(const struct tw_intake *intake)
{
	return tw_slice_part(tw_slice(intake->window, intake->window_start + intake->window_length),
			     intake->window_start, intake->window_length);
}

/*
 * Finds the parser of what comes next, passing over what none knows; the one at
 * hand goes on where it is the surest again. False: more bytes are needed.
 */
static bool find_parser(struct tw_intake *intake)
{
	struct tw_found found = tw_finder_look(&intake->finder, window_slice(intake),
					       intake->window_offset, intake->ended);
	consume(intake, found.passed);
	if (found.parser == NULL)
		return false;
	report_unknown(intake);
	if (found.parser == intake->parser)
		return true;
	close_parser(intake);
	intake->sink.status = found.parser->open(&intake->limits, &intake->instance);
	if (intake->sink.status >= 0)
		intake->parser = found.parser;
	return intake->sink.status >= 0;
}

/* The parser cannot go on: its first byte is none it knows, and what follows is looked at anew. */
static void give_up(struct tw_intake *intake)
{
	close_parser(intake);
	tw_finder_pass(&intake->finder, tw_slice_part(window_slice(intake), 0, 1),
		       intake->window_offset);
	consume(intake, intake->window_length > 0);
}

static int feed_parser(struct tw_intake *intake)
{
	double start = intake->timed ? tw_time_elapsed() : 0;
	tw_sink_window(&intake->sink, window_slice(intake), intake->parser->abi_minor >= 2);
	struct tw_parser_progress progress =
		intake->parser->feed(intake->instance, window_slice(intake), intake->window_offset,
				     intake->ended, &intake->sink);
	tw_sink_window(&intake->sink, tw_slice(NULL, 0), false);
	if (intake->timed)
		intake->counts.feed_seconds += tw_time_elapsed() - start;
	intake->needed = progress.needed;
	consume(intake, progress.consumed < intake->window_length ? progress.consumed
								    : intake->window_length);
	if (progress.status < 0 || (intake->ended && progress.consumed == 0))
		give_up(intake);
	return intake->sink.status;
}

/* Whether the next byte starts something: no parser is at work, or it is between interchanges. */
static bool is_between(const struct tw_intake *intake)
{
	return intake->parser == NULL ||
	       (intake->window_length > 0 && intake->parser->idle(intake->instance));
}

/* Works on the window until more bytes are needed. */
static int work_window(struct tw_intake *intake)
{
	do {
		if (is_between(intake)) {
			intake->needed = 0;
			if (!find_parser(intake) && (intake->parser == NULL || !intake->ended ||
						     intake->sink.status < 0))
				return intake->sink.status;
		}
		uint64_t before = intake->window_offset;
		int status = feed_parser(intake);
		if (status < 0)
			return status;
		if (intake->window_offset == before && intake->parser != NULL)
			break;
	} while (intake->window_length > 0 && intake->window_length >= intake->needed);
	return TW_OK;
}

/* The operator stopped the run: what was read so far is finished, and the rest is told as missing. */
static int stop_input(struct tw_intake *intake)
{
	if (intake->origin == NULL)
		return 0;
	report_source(intake, "source.stopped", "stopped by the operator before the input ended");
	intake->window_length = 0;
	close_input(intake);
	return 0;
}

int tw_intake_fill(struct tw_intake *intake, struct tw_batch *batch)
{
	unsigned opened_here = 0;
	intake->sink.batch = batch;
	while (batch->input_bytes < intake->batch_bytes && opened_here < BATCH_INPUTS) {
		/* Between members: what follows is opened, so that it can be told as missing. */
		bool finishing = intake->origin != NULL ? intake->ended : intake->members != NULL;
		if (!finishing && stopping(intake))
			return stop_input(intake);
		if (intake->origin == NULL) {
			int opened = open_input(intake);
			if (opened <= 0)
				return opened;
			opened_here++;
		}
		int status = intake->ended ? TW_OK : read_block(intake, batch);
		if (status == TW_OK)
			status = work_window(intake);
		if (status < 0)
			return status;
		if (intake->ended && intake->window_length == 0)
			close_input(intake);
	}
	return batch->items.failed || batch->records.failed ? TW_ERROR_MEMORY : 1;
}
