/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/tapping.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/time.h"
#include "network/alternate.h"

struct tw_tapping {
	struct tw_streams *streams;
	struct tw_capture_settings settings;
	struct tw_filter *filter;
	struct tw_bodies *bodies;
	struct tw_protocols *protocols;
	struct tw_alternate *alternate;
	struct tw_tap *tap;
	struct tw_capture *capture; /* the open one */
	struct tw_capture_input input;
	struct tw_live *live; /* or NULL */
	struct tw_keeper *keeper; /* or NULL */
	const char *path;
	double time;	  /* of the last packet */
	uint64_t packets; /* of the captures before, */
	uint64_t filtered;
	uint64_t here; /* and of this one that were taken */
};

static int make_tap(struct tw_tapping *tapping, const struct tw_config *config)
{
	struct tw_body_events bodies = tw_bodies_events(tapping->bodies);
	int status = tw_protocols_create(&bodies, &tapping->protocols);
	if (status < 0)
		return status;
	struct tw_stream_events events = tw_protocols_events(tapping->protocols);
	struct tw_alternate_settings alternate = tw_alternate_settings(config);
	struct tw_tap_settings settings = tw_tap_settings(config);
	status = tw_alternate_create(&alternate, &events, &tapping->alternate);
	if (status < 0)
		return status;
	events = tw_alternate_events(tapping->alternate);
	return tw_tap_create(&settings, &events, &tapping->tap);
}

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

int tw_tapping_create(struct tw_streams *streams, const struct tw_config *config,
		      const struct tw_unwrap_keys *keys, struct tw_tapping **ret_tapping)
{
	struct tw_tapping *tapping = calloc(1, sizeof(*tapping));
	if (tapping == NULL)
		return TW_ERROR_MEMORY;
	tapping->streams = streams;
	int status = make_filter(tapping, config);
	tapping->settings = tw_capture_settings(config);
	tapping->settings.filter = tapping->filter;
	if (status >= 0)
		status = tw_bodies_create(streams, config, keys, &tapping->bodies);
	if (status >= 0)
		status = make_tap(tapping, config);
	if (status < 0) {
		tw_tapping_free(tapping);
		return status;
	}
	*ret_tapping = tapping;
	return TW_OK;
}

void tw_tapping_keep(struct tw_tapping *tapping, struct tw_keeper *keeper)
{
	tapping->keeper = keeper;
}

void tw_tapping_free(struct tw_tapping *tapping)
{
	if (tapping == NULL)
		return;
	tw_capture_close(tapping->capture);
	tw_tap_free(tapping->tap);
	tw_alternate_free(tapping->alternate);
	tw_protocols_free(tapping->protocols);
	tw_bodies_free(tapping->bodies);
	tw_filter_free(tapping->filter);
	free(tapping);
}

struct tw_tapping_counts tw_tapping_counts(const struct tw_tapping *tapping)
{
	struct tw_tapping_counts counts = {.filtered = tapping->filtered};
	counts.tap = tw_tap_counts(tapping->tap);
	counts.bodies = tw_bodies_counts(tapping->bodies);
	tw_protocols_counts(tapping->protocols, counts.protocols);
	return counts;
}

int tw_tapping_begin(struct tw_tapping *tapping, const struct tw_capture_input *input,
		     const char *path)
{
	struct tw_capture_settings settings = tapping->settings;
	settings.first = tapping->packets + 1;
	tapping->path = path;
	tapping->input = *input;
	tapping->here = 0;
	tw_bodies_source(tapping->bodies, "pcap", path);
	return tw_capture_create(input, &settings, &tapping->capture);
}

/* The capture is an input, with what there is to tell of it. */
static int end_capture(struct tw_tapping *tapping, const char *code, const char *reason)
{
	static const char *const none[] = {NULL};
	struct tw_capture_counts counts = tw_capture_counts(tapping->capture);
	struct tw_origin *origin = tw_origin_create(tapping->path, none);
	if (origin == NULL)
		return TW_ERROR_MEMORY;
	origin->arrival = tapping->time;
	origin->feed.source = "pcap";
	struct tw_item item = {.kind = TW_ITEM_ANOMALY, .code = code, .packet = 0};
	if (code != NULL) {
		item.complete = tw_anomaly_complete(code);
		item.packet = tapping->packets + counts.packets;
	}
	tw_streams_tell(tapping->streams, origin, item,
			(struct tw_slice[TW_ITEM_TEXTS]){tw_slice_string(reason)});
	tapping->packets += counts.packets;
	tapping->filtered += counts.filtered;
	tw_capture_close(tapping->capture);
	tapping->capture = NULL;
	return TW_OK;
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

static int take_packet(struct tw_tapping *tapping, const struct tw_packet *packet)
{
	int status = tw_tap_packet(tapping->tap, packet);
	if (status >= 0 && tapping->keeper != NULL)
		status = tw_keeper_packet(tapping->keeper, packet, tw_tap_seen(tapping->tap));
	return status;
}

int tw_tapping_step(struct tw_tapping *tapping, size_t *ret_bytes,
		    const char *(*problem)(void *context))
{
	struct tw_packet packet;
	int status = tw_capture_next(tapping->capture, &packet);
	if (status == TW_ERROR_MEMORY)
		return status;
	if (status < 0) {
		const char *reason = tw_capture_problem(tapping->capture);
		if (reason == NULL)
			reason = problem(tapping->input.context);
		return end_capture(tapping, code_of(status), reason);
	}
	if (status == 0)
		return end_capture(tapping, tapping->here == 0 ? "source.empty" : NULL,
				   tapping->here == 0 ? "it has no packets to look at" : "");
	tapping->here++;
	tapping->time = packet.time;
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

static int tell_live(struct tw_tapping *tapping, const char *interface, const char *code,
		     const char *reason)
{
	static const char *const none[] = {NULL};
	struct tw_origin *origin = tw_origin_create(interface, none);
	if (origin == NULL)
		return TW_ERROR_MEMORY;
	origin->arrival = tapping->time;
	origin->feed.source = "live";
	tw_streams_tell(tapping->streams, origin,
			(struct tw_item){.kind = TW_ITEM_ANOMALY, .code = code,
					 .complete = code != NULL && tw_anomaly_complete(code)},
			(struct tw_slice[TW_ITEM_TEXTS]){tw_slice_string(reason)});
	return TW_OK;
}

int tw_tapping_live_step(struct tw_tapping *tapping, int milliseconds, size_t *ret_bytes)
{
	struct tw_packet packet;
	int status = tw_live_next(tapping->live, milliseconds, &packet);
	if (status == TW_ERROR_IO)
		return tell_live(tapping, "", "source.unreadable", tw_live_problem(tapping->live));
	if (status == 0)
		return tw_tap_idle(tapping->tap, tw_time_now());
	if (status < 0)
		return status;
	tapping->time = packet.time;
	tw_bodies_source(tapping->bodies, "live", tw_live_interface(tapping->live));
	status = take_packet(tapping, &packet);
	*ret_bytes = packet.bytes.length;
	return status < 0 ? status : 1;
}

int tw_tapping_live_end(struct tw_tapping *tapping)
{
	struct tw_live_counts counts;
	int status = TW_OK;
	for (unsigned i = 0; status >= 0 && tw_live_counts(tapping->live, i, &counts); i++) {
		char reason[160];
		uint64_t lost = counts.kernel_dropped + counts.interface_dropped;
		snprintf(reason, sizeof(reason), "%llu packets taken, %llu dropped by the kernel, "
			 "%llu by the interface", (unsigned long long)counts.packets,
			 (unsigned long long)counts.kernel_dropped,
			 (unsigned long long)counts.interface_dropped);
		status = tell_live(tapping, counts.name, lost > 0 ? "capture.dropped" : NULL, reason);
	}
	return status;
}

int tw_tapping_finish(struct tw_tapping *tapping)
{
	return tw_tap_finish(tapping->tap);
}
