/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/tapping.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/time.h"

/* How often the clocks of shards that get no packets go on, in seconds. */
#define IDLE_SECONDS 0.05

struct tw_tapping {
	struct tw_streams *streams;
	struct tw_capture_settings settings;
	struct tw_filter *filter;
	struct tw_tap *sorter; /* decodes, and has the fragments that wait */
	struct tw_shard *shards[TW_SHARDS_MOST];
	unsigned shard_count;
	bool direct; /* segments go to them, and not into the round */
	struct tw_round *round; /* that is read */
	size_t most;
	struct tw_capture *capture; /* the open one */
	struct tw_capture_input input;
	struct tw_live *live; /* or NULL */
	struct tw_keeper *keeper; /* or NULL */
	const char *path;
	struct tw_packet_at last; /* the packet read last */
	double idled;	  /* to when the clocks of all shards went on */
	uint64_t packets; /* of the captures before, */
	uint64_t filtered;
	uint64_t here; /* and of this one that were taken */
};

/* ---- what is told ----------------------------------------------------------------------- */

/* `counted`: as an input. */
static int tell(struct tw_tapping *tapping, const char *path, bool counted, struct tw_item item,
		const char *reason)
{
	static const char *const none[] = {NULL};
	struct tw_origin *origin = tw_origin_create(path, none);
	if (origin == NULL)
		return TW_ERROR_MEMORY;
	origin->arrival = tapping->last.time;
	origin->counted = counted;
	origin->feed.source = tapping->live != NULL ? "live" : "pcap";
	item.kind = TW_ITEM_ANOMALY;
	item.complete = item.code != NULL && tw_anomaly_complete(item.code);
	tw_streams_tell(tapping->streams, origin, item,
			(struct tw_slice[TW_ITEM_TEXTS]){tw_slice_string(reason)});
	return TW_OK;
}

/* Where packets come from. */
static const char *source_path(const struct tw_tapping *tapping)
{
	return tapping->live != NULL ? tw_live_interface(tapping->live) : tapping->path;
}

/* The shards may have met the same before. */
static int on_trouble(void *context, const struct tw_flow *flow, const char *code,
		      const struct tw_packet_at *at, const char *reason)
{
	struct tw_tapping *tapping = context;
	(void)flow;
	return tell(tapping, source_path(tapping), false,
		    (struct tw_item){.code = code, .packet = at->number, .time = at->time, .once = true},
		    reason);
}

static int on_number(void *context, const struct tw_flow *flow, const char *code,
		     const struct tw_packet_at *at, const char *reason)
{
	struct tw_tapping *tapping = context;
	(void)flow;
	return tell(tapping, source_path(tapping), false,
		    (struct tw_item){.code = code, .packet = at->number, .time = at->time}, reason);
}

/* ---- begin and end ---------------------------------------------------------------------- */

static int make_filter(struct tw_tapping *tapping, const struct tw_config *config)
{
	const char *text = tw_config_string(config, "capture.filter");
	struct tw_buffer reason = {0};
	if (text[0] == '\0')
		return TW_OK;
	int status = tw_filter_create(text, &tapping->filter, &reason);
	tw_buffer_free(&reason); /* the start has told it */
	return status;
}

static int make_shards(struct tw_tapping *tapping, const struct tw_streams_setup *setup)
{
	unsigned count = (unsigned)tw_config_number(setup->config, "network.shards");
	int status = TW_OK;
	while (status >= 0 && tapping->shard_count < count) {
		status = tw_shard_create(setup, count, tapping->keeper,
					 &tapping->shards[tapping->shard_count]);
		tapping->shard_count += status >= 0;
	}
	return status;
}

int tw_tapping_create(struct tw_streams *streams, const struct tw_streams_setup *setup,
		      struct tw_keeper *keeper, bool direct, struct tw_tapping **ret_tapping)
{
	struct tw_tap_settings settings = tw_tap_settings(setup->config);
	struct tw_tapping *tapping = calloc(1, sizeof(*tapping));
	if (tapping == NULL)
		return TW_ERROR_MEMORY;
	tapping->streams = streams;
	tapping->keeper = keeper;
	tapping->direct = direct;
	tapping->path = "";
	int status = make_filter(tapping, setup->config);
	tapping->settings = tw_capture_settings(setup->config);
	tapping->settings.filter = tapping->filter;
	if (status >= 0)
		status = tw_tap_create(&settings, &(struct tw_stream_events){.context = tapping,
									     .anomaly = on_trouble},
				       &tapping->sorter);
	if (status >= 0)
		status = make_shards(tapping, setup);
	if (status < 0) {
		tw_tapping_free(tapping);
		return status;
	}
	*ret_tapping = tapping;
	return TW_OK;
}

void tw_tapping_free(struct tw_tapping *tapping)
{
	if (tapping == NULL)
		return;
	tw_capture_close(tapping->capture);
	tw_tap_free(tapping->sorter);
	for (unsigned i = 0; i < tapping->shard_count; i++)
		tw_shard_free(tapping->shards[i]);
	tw_filter_free(tapping->filter);
	free(tapping);
}

struct tw_shard *tw_tapping_shard(const struct tw_tapping *tapping, unsigned shard)
{
	return tapping->shards[shard];
}

void tw_tapping_round(struct tw_tapping *tapping, struct tw_round *round, size_t most)
{
	tapping->round = round;
	tapping->most = most;
	for (unsigned i = 0; tapping->direct && i < tapping->shard_count; i++)
		tw_shard_begin(tapping->shards[i], &round->batches[i]);
}

struct tw_tapping_counts tw_tapping_counts(const struct tw_tapping *tapping)
{
	struct tw_tapping_counts counts = {.filtered = tapping->filtered};
	counts.shards.tap = tw_tap_counts(tapping->sorter);
	for (unsigned i = 0; i < tapping->shard_count; i++)
		tw_shard_counts_add(tapping->shards[i], &counts.shards);
	return counts;
}

int tw_tapping_finish(struct tw_tapping *tapping)
{
	tapping->round->finish = true;
	tw_round_own(tapping->round)->order = TW_ROUND_END;
	return tw_tap_finish(tapping->sorter);
}

/* What kernel and interfaces lost, of each that lost anything. */
static int tell_interfaces(struct tw_tapping *tapping)
{
	struct tw_live_counts counts;
	int status = TW_OK;
	for (unsigned i = 0; status >= 0 && tapping->live != NULL &&
			     tw_live_counts(tapping->live, i, &counts); i++) {
		char reason[160];
		uint64_t lost = counts.kernel_dropped + counts.interface_dropped;
		snprintf(reason, sizeof(reason), "%llu packets taken, %llu dropped by the kernel, "
			 "%llu by the interface", (unsigned long long)counts.packets,
			 (unsigned long long)counts.kernel_dropped,
			 (unsigned long long)counts.interface_dropped);
		status = tell(tapping, counts.name, true,
			      (struct tw_item){.code = lost > 0 ? "capture.dropped" : NULL}, reason);
	}
	return status;
}

/* Which were told once. */
static int tell_unread(struct tw_tapping *tapping, const struct tw_bodies_counts *counts)
{
	char reason[80];
	snprintf(reason, sizeof(reason), "%llu times in all, %llu bytes", (unsigned long long)counts->unread,
		 (unsigned long long)counts->unread_gap_bytes);
	return counts->unread < 2 ? TW_OK
				  : on_number(tapping, NULL, "tcp.gap_unread", &tapping->last, reason);
}

int tw_tapping_end(struct tw_tapping *tapping)
{
	struct tw_tapping_counts counts = tw_tapping_counts(tapping);
	struct tw_stream_events events = {.context = tapping, .anomaly = on_number};
	int status = tw_tap_tell_numbers(&counts.shards.tap, &events, &tapping->last);
	if (status >= 0)
		status = tell_unread(tapping, &counts.shards.bodies);
	return status < 0 ? status : tell_interfaces(tapping);
}

/* ---- packets ---------------------------------------------------------------------------- */

static int give_shard(struct tw_tapping *tapping, unsigned shard, struct tw_arrival *arrival)
{
	return tapping->direct ? tw_shard_take(tapping->shards[shard], arrival)
			       : tw_round_add(tapping->round, shard, arrival, tapping->most);
}

static int tell_shard(struct tw_tapping *tapping, unsigned shard, const struct tw_arrival *arrival)
{
	struct tw_arrival heard = *arrival;
	heard.overheard = true;
	heard.packet.bytes = tw_slice(NULL, 0);
	return give_shard(tapping, shard, &heard);
}

/* What FTP announces for another pair of addresses its shard is told, in the order of packets like all else. */
static int give_segment(struct tw_tapping *tapping, struct tw_arrival *arrival)
{
	unsigned own = tw_shard_of(&arrival->layers, tapping->shard_count);
	unsigned other = tw_shard_announced(&arrival->layers, own, tapping->shard_count);
	int status = other == own ? TW_OK : tell_shard(tapping, other, arrival);
	return status < 0 ? status : give_shard(tapping, own, arrival);
}

static int take_packet(struct tw_tapping *tapping, const struct tw_packet *packet)
{
	struct tw_arrival arrival;
	tapping->last = (struct tw_packet_at){packet->number, packet->time};
	tw_round_turn(tapping->round);
	int status = tw_tap_sort(tapping->sorter, packet, &arrival.layers);
	if (status < 0)
		return status;
	if (status == 0) /* a fragment is held until its datagram is whole */
		return tapping->keeper == NULL ? TW_OK
					       : tw_keeper_packet(tapping->keeper, packet,
								  tw_tap_seen(tapping->sorter));
	arrival.order = tapping->round->order;
	arrival.packet = *packet;
	if (tapping->keeper == NULL) /* nobody needs it whole */
		arrival.packet.bytes = tw_slice(NULL, 0);
	arrival.datagram = tw_tap_seen(tapping->sorter).datagram;
	arrival.source = tapping->live != NULL ? "live" : "pcap";
	arrival.path = source_path(tapping);
	arrival.overheard = false;
	return give_segment(tapping, &arrival);
}

int tw_tapping_begin(struct tw_tapping *tapping, const struct tw_capture_input *input,
		     const char *path)
{
	struct tw_capture_settings settings = tapping->settings;
	settings.first = tapping->packets + 1;
	tapping->path = path;
	tapping->input = *input;
	tapping->here = 0;
	return tw_capture_create(input, &settings, &tapping->capture);
}

/* What a capture (pcapng) says that its host lost. */
static int tell_dropped(struct tw_tapping *tapping, uint64_t dropped)
{
	char reason[80];
	snprintf(reason, sizeof(reason), "the host that captured dropped %llu packets",
		 (unsigned long long)dropped);
	return dropped == 0 ? TW_OK
			    : tell(tapping, tapping->path, false,
				   (struct tw_item){.code = "capture.dropped", .packet = tapping->packets}, reason);
}

/* The capture is an input, with what there is to tell of it. */
static int end_capture(struct tw_tapping *tapping, const char *code, const char *reason)
{
	struct tw_capture_counts counts = tw_capture_counts(tapping->capture);
	struct tw_item item = {.code = code};
	tapping->packets += counts.packets;
	tapping->filtered += counts.filtered;
	if (code != NULL)
		item.packet = tapping->packets;
	tw_capture_close(tapping->capture);
	tapping->capture = NULL;
	int status = tell_dropped(tapping, counts.dropped);
	return status < 0 ? status : tell(tapping, tapping->path, true, item, reason);
}

static const char *code_of(int status)
{
	switch (status) {
	case TW_ERROR_TRUNCATED:
		return "source.truncated";
	case TW_ERROR_INVALID:
		return "source.corrupt";
	case TW_ERROR_LIMIT:
		return "source.expansion";
	default:
		return "source.unreadable";
	}
}

/* What a capture has to say of its end is its own, so it is told before it is closed. */
static int end_badly(struct tw_tapping *tapping, int status, const char *(*problem)(void *context))
{
	struct tw_buffer sentence = {0};
	const char *reason = tw_capture_problem(tapping->capture);
	if (reason == NULL)
		reason = problem(tapping->input.context);
	tw_buffer_printf(&sentence, "%s", reason);
	tw_buffer_append_byte(&sentence, '\0');
	status = sentence.failed ? TW_ERROR_MEMORY
				 : end_capture(tapping, code_of(status), sentence.data);
	tw_buffer_free(&sentence);
	return status;
}

int tw_tapping_step(struct tw_tapping *tapping, size_t *ret_bytes,
		    const char *(*problem)(void *context))
{
	struct tw_packet packet;
	int status = tw_capture_next(tapping->capture, &packet);
	if (status == TW_ERROR_MEMORY)
		return status;
	if (status < 0)
		return end_badly(tapping, status, problem);
	if (status == 0)
		return end_capture(tapping, tapping->here == 0 ? "source.empty" : NULL,
				   tapping->here == 0 ? "it has no packets to look at" : "");
	tapping->here++;
	status = take_packet(tapping, &packet);
	*ret_bytes = packet.bytes.length;
	return status < 0 ? status : 1;
}

int tw_tapping_stop(struct tw_tapping *tapping, const char *reason)
{
	return tapping->capture == NULL ? TW_OK : end_capture(tapping, "source.stopped", reason);
}

/* ---- live ------------------------------------------------------------------------------- */

void tw_tapping_live(struct tw_tapping *tapping, struct tw_live *live)
{
	tapping->live = live;
}

int tw_tapping_live_step(struct tw_tapping *tapping, int milliseconds, size_t *ret_bytes)
{
	struct tw_packet packet;
	int status = tw_live_next(tapping->live, milliseconds, &packet);
	if (status == TW_ERROR_IO)
		return tell(tapping, "", true, (struct tw_item){.code = "source.unreadable"},
			    tw_live_problem(tapping->live));
	if (status == 0) {
		tapping->last.time = tw_time_now();
		return tw_tap_idle(tapping->sorter, tapping->last.time);
	}
	if (status < 0)
		return status;
	packet.number += tapping->packets;
	status = take_packet(tapping, &packet);
	*ret_bytes = packet.bytes.length;
	return status < 0 ? status : 1;
}

void tw_tapping_live_round(struct tw_tapping *tapping)
{
	double time = tapping->last.time;
	if (time < tapping->idled + IDLE_SECONDS && time >= tapping->idled)
		return;
	tapping->round->idle = tapping->idled = time;
}
