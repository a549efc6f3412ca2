/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/sink.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/time.h"
#include "engine/inner.h"

#define SENTENCE_SIZE 400
#define DAY_SECONDS 86400.0
/* One unit in so many is timed: asking the clock for each would cost more than the unit. */
#define TIMED_SHARE 32

static int keep_status(struct tw_sink *sink, int status)
{
	if (status < 0 && sink->status >= 0)
		sink->status = status;
	return status;
}

static void add_item(struct tw_sink *sink, struct tw_item item,
		     const struct tw_slice texts[TW_ITEM_TEXTS])
{
	item.origin = sink->origin;
	if (sink->telling != TW_SINK_FOREIGN)
		tw_batch_add(sink->telling == TW_SINK_TOLD ? sink->common->batch : &sink->waiting, item, texts);
}

/* ---- what is foreign ------------------------------------------------------------ */

static void begin_waiting(struct tw_sink *sink)
{
	sink->telling = TW_SINK_WAITING;
	tw_batch_clear(&sink->waiting);
	add_item(sink, (struct tw_item){.kind = TW_ITEM_INPUT, .time = sink->origin->arrival}, NULL);
}

/* It is a carrier message: what waited is told, and all that comes. */
static void tell_waiting(struct tw_sink *sink)
{
	if (sink->telling == TW_SINK_FOREIGN)
		begin_waiting(sink);
	tw_buffer_append_slice(&sink->common->batch->items, tw_buffer_slice(&sink->waiting.items));
	tw_batch_clear(&sink->waiting);
	sink->telling = TW_SINK_TOLD;
}

void tw_sink_syntax(struct tw_sink *sink, bool general)
{
	if (sink->telling != TW_SINK_TOLD && !general)
		tell_waiting(sink);
}

/* ---- packets ------------------------------------------------------------------ */

/* A mark takes the place of those before it once so many are behind. */
#define MARKS_KEPT 64u

void tw_sink_mark(struct tw_sink *sink, const struct tw_sink_mark *mark, uint64_t done)
{
	struct tw_sink_mark *marks = (void *)sink->marks.data;
	size_t count = sink->marks.length / sizeof(*marks);
	size_t behind = 0;
	while (behind + 1 < count && marks[behind + 1].offset <= done)
		behind++;
	if (behind >= MARKS_KEPT) {
		memmove(marks, marks + behind, (count - behind) * sizeof(*marks));
		sink->marks.length = (count - behind) * sizeof(*marks);
	}
	tw_buffer_append(&sink->marks, mark, sizeof(*mark));
}

/* The mark of a byte, or all zero where there are no packets. */
static struct tw_sink_mark mark_of(const struct tw_sink *sink, uint64_t offset)
{
	const struct tw_sink_mark *marks = (const void *)sink->marks.data;
	size_t low = 0;
	size_t high = sink->marks.length / sizeof(*marks);
	if (high == 0)
		return (struct tw_sink_mark){0};
	while (low + 1 < high) {
		size_t middle = low + (high - low) / 2;
		if (marks[middle].offset <= offset)
			low = middle;
		else
			high = middle;
	}
	return marks[low];
}

/* The walk has a whole consignment: writes its record, which gets its identity with the batch. */
static int take_consignment(void *context, struct tw_builder *builder, uint64_t end)
{
	struct tw_sink *sink = context;
	struct tw_record *head = &builder->head;
	/* Parts of one consignment have one number, and count once; a message counts as none. */
	bool message = (head->flags & TW_RECORD_MESSAGE) != 0;
	bool part = (head->flags & TW_RECORD_PARTIAL) != 0;
	bool counts = !message && !(part && head->base == sink->part_base);
	sink->part_base = part ? head->base : UINT64_MAX;
	head->feed_time = sink->feed_time;
	if (sink->test)
		head->flags |= TW_RECORD_TEST;
	tw_buffer_align(&sink->common->batch->records, 8);
	size_t at = sink->common->batch->records.length;
	int status = tw_builder_write(builder, end, &sink->common->batch->records);
	if (status < 0)
		return keep_status(sink, status);
	add_item(sink, (struct tw_item){.kind = TW_ITEM_RECORD, .record = at,
					.packet = sink->message_packet,
						   .offset = head->base,
						   .length = end - head->base}, NULL);
	sink->common->batch->consignments += counts;
	return TW_OK;
}

static void add_anomaly(struct tw_sink *sink, const struct tw_anomaly_at *at, const char *reason,
			struct tw_item item)
{
	item.kind = TW_ITEM_ANOMALY;
	item.code = at->code;
	item.offset = at->offset;
	item.length = at->length;
	item.element = at->element;
	item.packet = sink->in_message ? sink->message_packet : mark_of(sink, at->offset).packet;
	add_item(sink, item,
		     (struct tw_slice[TW_ITEM_TEXTS]){
			     tw_slice_string(reason), at->segment,
			     sink->in_message ? tw_buffer_slice(&sink->reference)
					      : tw_slice(NULL, 0)});
}

static void take_walk_anomaly(void *context, const struct tw_anomaly_at *at, const char *reason)
{
	add_anomaly(context, at, reason, (struct tw_item){.complete = tw_anomaly_complete(at->code)});
}

int tw_sink_create(struct tw_sink *sink, struct tw_sink_common *common,
		   const struct tw_walk_limits *limits)
{
	*sink = (struct tw_sink){.common = common, .feed_time = (double)NAN};
	return tw_walk_create(&(struct tw_walk_events){.context = sink,
						       .consignment = take_consignment,
						       .messages = common->messages,
						       .anomaly = take_walk_anomaly},
			      limits, &sink->walk);
}

void tw_sink_free(struct tw_sink *sink)
{
	tw_walk_free(sink->walk);
	tw_inner_drop(sink->object);
	if (sink->telling != TW_SINK_TOLD)
		tw_origin_free(sink->origin);
	tw_batch_free(&sink->waiting);
	tw_buffer_free(&sink->facts);
	tw_buffer_free(&sink->reference);
	tw_buffer_free(&sink->marks);
}

void tw_sink_window(struct tw_sink *sink, struct tw_slice window, bool slotted)
{
	tw_walk_window(sink->walk, window, slotted);
}

void tw_sink_begin(struct tw_sink *sink, struct tw_origin *origin)
{
	sink->origin = origin;
	sink->feed_time = origin->arrival;
	tw_buffer_clear(&sink->marks);
	begin_waiting(sink);
	if (!origin->quiet)
		tell_waiting(sink);
}

void tw_sink_end(struct tw_sink *sink, uint64_t end)
{
	if (sink->in_message)
		tw_sink_message_end(sink, end, false);
	if (sink->in_interchange)
		tw_sink_interchange_end(sink, end, false);
	add_item(sink, (struct tw_item){.kind = TW_ITEM_INPUT_END, .offset = end}, NULL);
	if (sink->telling != TW_SINK_TOLD)
		tw_origin_free(sink->origin);
	sink->telling = TW_SINK_TOLD;
	sink->origin = NULL;
}

/*
 * Feed time of an interchange: that of its first packet; of files its preparation time,
 * unless that is more than a day after arrival; without one, arrival. Returns by how many
 * seconds the preparation time was ahead, 0 where it counts.
 */
static double choose_time(struct tw_sink *sink, const struct tw_interchange *interchange)
{
	struct tw_sink_mark mark = mark_of(sink, interchange->offset);
	double arrival = mark.packet > 0 ? mark.time : sink->origin->arrival;
	double prepared = (double)NAN;
	sink->feed_time = arrival;
	if (!tw_time_parse(interchange->time, 0, &prepared))
		return 0;
	prepared -= sink->common->timezone_seconds;
	if (!isnan(arrival) && prepared > arrival + DAY_SECONDS)
		return prepared - arrival;
	if (mark.packet == 0)
		sink->feed_time = prepared;
	return 0;
}

/* Copies what the interchange says of itself: the parser's bytes are gone after the call. */
static void keep_facts(struct tw_sink *sink, const struct tw_interchange *interchange)
{
	struct tw_buffer *facts = &sink->facts;
	bool same = tw_slice_equal(sink->format, interchange->format) &&
		    (!sink->common->partner_maps ||
		     (tw_slice_equal(sink->sender, interchange->sender) &&
		      tw_slice_equal(sink->recipient, interchange->recipient)));
	if (!same)
		memset(sink->choices, 0, sizeof(sink->choices));
	tw_buffer_clear(facts);
	tw_buffer_append_slice(facts, interchange->sender);
	tw_buffer_append_slice(facts, interchange->recipient);
	tw_buffer_append_slice(facts, interchange->format);
	struct tw_slice all = tw_buffer_slice(facts);
	sink->sender = tw_slice_part(all, 0, interchange->sender.length);
	sink->recipient = tw_slice_part(all, interchange->sender.length,
					interchange->recipient.length);
	sink->format = tw_slice_from(all, interchange->sender.length +
						  interchange->recipient.length);
}

/* Where the operator says which code page a sender writes, that counts, whatever it announces. */
static void start_walk(struct tw_sink *sink, struct tw_interchange interchange)
{
	const char *charset = tw_partners_charset(sink->common->partners, interchange.sender);
	tw_walk_fallback(sink->walk, charset == NULL ? "WINDOWS-1252" : charset);
	if (charset != NULL)
		interchange.charset = TW_CHARSET_AUTO;
	tw_walk_interchange(sink->walk, &interchange);
}

int tw_sink_interchange(struct tw_sink *sink, const struct tw_interchange *interchange)
{
	if (sink->in_interchange)
		tw_sink_interchange_end(sink, interchange->offset, false);
	if (sink->telling == TW_SINK_FOREIGN)
		begin_waiting(sink);
	double ahead = choose_time(sink, interchange);
	sink->in_interchange = true;
	sink->test = interchange->test;
	sink->interchange_offset = interchange->offset;
	sink->interchange_packet = mark_of(sink, interchange->offset).packet;
	keep_facts(sink, interchange);
	start_walk(sink, *interchange);
	add_item(sink,
		     (struct tw_item){.kind = TW_ITEM_INTERCHANGE, .offset = interchange->offset,
				      .test = interchange->test, .time = sink->feed_time,
				      .packet = sink->interchange_packet,
				      .exact = sink->interchange_packet > 0,
				      .complete = !(ahead > 0)},
		     (struct tw_slice[TW_ITEM_TEXTS]){interchange->format, interchange->sender,
						      interchange->recipient,
						      interchange->reference});
	if (ahead > 0)
		tw_sink_anomaly(sink, &(struct tw_anomaly_at){.code = "message.time",
							      .offset = interchange->offset},
				"prepared %.0f hours after it arrived: arrival counts",
				ahead / 3600);
	return sink->status;
}

int tw_sink_group(struct tw_sink *sink, const struct tw_message_group *group)
{
	struct tw_sink_mark mark = mark_of(sink, group->offset);
	if (mark.packet > 0)
		add_item(sink,
			 (struct tw_item){.kind = TW_ITEM_GROUP, .offset = group->offset,
					  .packet = mark.packet, .time = sink->feed_time},
			 (struct tw_slice[TW_ITEM_TEXTS]){group->sender, group->recipient,
							  group->reference});
	return sink->status;
}

/*
 * Which map a message takes. Few types take turns, so the last choices are kept
 * as long as they hold: choosing looks at every map there is.
 */
static const struct tw_map *choose_map(struct tw_sink *sink, const struct tw_message_start *message,
				       enum tw_map_choice *ret_choice)
{
	struct tw_map_request request = {.format = sink->format, .type = message->type,
					 .version = message->version, .sender = sink->sender,
					 .recipient = sink->recipient};
	for (unsigned i = 0; i < TW_SINK_CHOICES; i++) {
		const struct tw_sink_choice *kept = &sink->choices[i];
		if (kept->known && tw_slice_equal(tw_slice(kept->type, kept->type_length), message->type) &&
		    tw_slice_equal(tw_slice(kept->version, kept->version_length), message->version)) {
			*ret_choice = kept->choice;
			return kept->map;
		}
	}
	const struct tw_map *map = tw_maps_select(sink->common->maps, &request, ret_choice);
	struct tw_sink_choice *next = &sink->choices[sink->next_choice];
	if (message->type.length > sizeof(next->type) || message->version.length > sizeof(next->version))
		return map;
	sink->next_choice = (sink->next_choice + 1) % TW_SINK_CHOICES;
	*next = (struct tw_sink_choice){.known = true, .map = map, .choice = *ret_choice,
					.type_length = (uint8_t)message->type.length,
					.version_length = (uint8_t)message->version.length};
	if (message->type.length > 0)
		memcpy(next->type, message->type.data, message->type.length);
	if (message->version.length > 0)
		memcpy(next->version, message->version.data, message->version.length);
	return map;
}

static void report_choice(struct tw_sink *sink, const struct tw_map *map,
			  enum tw_map_choice choice, const struct tw_message_start *message)
{
	struct tw_anomaly_at at = {.offset = message->offset};
	if (map == NULL) {
		at.code = "map.none";
		tw_sink_incomplete(sink, &at, "no map for %.*s %.*s: its texts were scanned, its "
				   "facts were not read; a map file adds the type",
				   (int)message->type.length, message->type.data,
				   (int)message->version.length, message->version.data);
	} else if (choice == TW_MAP_NEAREST) {
		at.code = "map.nearest";
		tw_sink_anomaly(sink, &at, "no map for version %.*s of %.*s; %s was used",
				(int)message->version.length, message->version.data,
				(int)message->type.length, message->type.data, tw_map_name(map));
	}
}

int tw_sink_message(struct tw_sink *sink, const struct tw_message_start *message)
{
	enum tw_map_choice choice = TW_MAP_TYPE;
	if (!sink->in_interchange)
		tw_sink_interchange(sink, &(struct tw_interchange){.offset = message->offset});
	if (sink->in_message)
		tw_sink_message_end(sink, message->offset, false);
	sink->in_message = true;
	sink->part_base = UINT64_MAX;
	sink->message_offset = message->offset;
	sink->message_packet = mark_of(sink, message->offset).packet;
	tw_buffer_clear(&sink->reference);
	tw_buffer_append_slice(&sink->reference, message->reference);
	const struct tw_map *map = choose_map(sink, message, &choice);
	sink->excluded = choice == TW_MAP_EXCLUDED;
	if (sink->telling != TW_SINK_TOLD && map == NULL && !sink->excluded) {
		sink->telling = TW_SINK_FOREIGN;
		sink->excluded = true;
		return TW_OK;
	}
	if (sink->telling != TW_SINK_TOLD)
		tell_waiting(sink);
	if (sink->excluded)
		return tw_sink_anomaly(sink, &(struct tw_anomaly_at){.code = "message.excluded",
								     .offset = message->offset},
				       "a %.*s message: counted, not looked at",
				       (int)message->type.length, message->type.data);
	report_choice(sink, map, choice, message);
	return keep_status(sink, tw_walk_message(sink->walk, map, choice, message,
						 sink->feed_time));
}

int tw_sink_unit(struct tw_sink *sink, const struct tw_unit *unit)
{
	if (!sink->in_message || sink->excluded)
		return TW_OK;
	if (!sink->common->timed || sink->common->timed_units++ % TIMED_SHARE != 0)
		return keep_status(sink, tw_walk_unit(sink->walk, unit));
	double start = tw_time_elapsed();
	int status = tw_walk_unit(sink->walk, unit);
	sink->common->map_seconds += (tw_time_elapsed() - start) * TIMED_SHARE;
	return keep_status(sink, status);
}

int tw_sink_message_end(struct tw_sink *sink, uint64_t end, bool complete)
{
	int status = TW_OK;
	if (!sink->in_message)
		return TW_OK;
	if (!sink->excluded)
		status = keep_status(sink, tw_walk_end(sink->walk, end, complete));
	add_item(sink, (struct tw_item){.kind = TW_ITEM_MESSAGE_END,
						   .offset = sink->message_offset,
						   .packet = sink->message_packet,
						   .length = end - sink->message_offset,
						   .complete = complete,
						   .excluded = sink->excluded}, NULL);
	sink->in_message = false;
	sink->excluded = false;
	return status;
}

int tw_sink_interchange_end(struct tw_sink *sink, uint64_t end, bool complete)
{
	if (sink->in_message)
		tw_sink_message_end(sink, end, false);
	if (!sink->in_interchange)
		return TW_OK;
	sink->in_interchange = false;
	add_item(sink, (struct tw_item){.kind = TW_ITEM_INTERCHANGE_END,
						   .offset = sink->interchange_offset,
						   .packet = sink->interchange_packet,
						   .length = end - sink->interchange_offset,
						   .complete = complete}, NULL);
	return sink->status;
}

int tw_sink_object(struct tw_sink *sink, const struct tw_object *object)
{
	struct tw_sink_common *common = sink->common;
	tw_inner_drop(sink->object);
	sink->object = NULL;
	if (common->streams == NULL || sink->excluded)
		return sink->status;
	return keep_status(sink, tw_inner_open(common->streams, &common->unwrap, sink->origin, object,
					       &sink->object));
}

int tw_sink_object_bytes(struct tw_sink *sink, struct tw_slice bytes)
{
	return sink->object == NULL ? sink->status : keep_status(sink, tw_inner_push(sink->object, bytes));
}

int tw_sink_object_end(struct tw_sink *sink, bool complete)
{
	struct tw_inner *object = sink->object;
	sink->object = NULL;
	return object == NULL ? 0 : keep_status(sink, tw_inner_close(object, complete));
}

#define FORMAT_SENTENCE(text)                                                                      \
	char text[SENTENCE_SIZE];                                                                  \
	va_list arguments;                                                                         \
	va_start(arguments, format);                                                               \
	vsnprintf(text, sizeof(text), format, arguments);                                          \
	va_end(arguments)

int tw_sink_anomaly(struct tw_sink *sink, const struct tw_anomaly_at *at, const char *format, ...)
{
	FORMAT_SENTENCE(reason);
	add_anomaly(sink, at, reason, (struct tw_item){.complete = true});
	return sink->status;
}

int tw_sink_skip(struct tw_sink *sink, const struct tw_anomaly_at *at, const char *format, ...)
{
	struct tw_item item = {.skipped = at->length};
	FORMAT_SENTENCE(reason);
	/* Of an excluded message no byte is looked at anyway; that it is cut off, its end says. */
	if (sink->excluded)
		item = (struct tw_item){.complete = true};
	add_anomaly(sink, at, reason, item);
	return sink->status;
}

int tw_sink_incomplete(struct tw_sink *sink, const struct tw_anomaly_at *at, const char *format,
		       ...)
{
	FORMAT_SENTENCE(reason);
	add_anomaly(sink, at, reason, (struct tw_item){.complete = false});
	return sink->status;
}
