/* SPDX-License-Identifier: Apache-2.0 */
#include "network/tap.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "network/fragments.h"
#include "network/tcp.h"

/* How far times may go back within one capture. */
#define BACK_SECONDS 3600

static const char *const CODES[TW_TROUBLE_COUNT] = {
	[TW_TROUBLE_UNDECODED] = "network.undecoded",
	[TW_TROUBLE_CHECKSUM] = "network.checksum",
	[TW_TROUBLE_CUT] = "network.cut",
	[TW_TROUBLE_FRAGMENTS] = "network.fragments",
	[TW_TROUBLE_FRAGMENT_CONFLICT] = "network.fragment_conflict",
	[TW_TROUBLE_FLOWS] = "network.flows",
};

struct tw_tap {
	struct tw_tap_settings settings;
	struct tw_decode_settings decode;
	struct tw_stream_events events;
	struct tw_tap_counts counts;
	struct tw_fragments *fragments;
	struct tw_tcp *tcp;
	struct tw_packet_at at;
	struct tw_tap_seen seen;
	double clock;  /* time of packets, made to go forward only */
	double offset; /* of it from theirs */
};

static bool chosen(const struct tw_config *config, const char *key, const char *word)
{
	return strcmp(tw_config_string(config, key), word) == 0;
}

struct tw_tap_settings tw_tap_settings(const struct tw_config *config)
{
	return (struct tw_tap_settings){
		.checksums = chosen(config, "network.checksums", "no")	? TW_CHECKSUMS_NO
			     : chosen(config, "network.checksums", "yes") ? TW_CHECKSUMS_YES
									  : TW_CHECKSUMS_AUTO,
		.layers = (unsigned)tw_config_number(config, "network.layers"),
		.vlan_flows = tw_config_bool(config, "network.vlan_flows"),
		.fragment_memory = tw_config_size(config, "network.fragment_memory"),
		.fragment_seconds = tw_config_number(config, "network.fragment_seconds"),
		.fragment_last = chosen(config, "network.fragment_overlap", "last"),
		.flows = (uint64_t)tw_config_number(config, "network.flows"),
		.refuse_flows = chosen(config, "network.flows_policy", "newest"),
		.flow_seconds = tw_config_number(config, "network.flow_seconds"),
		.handshake_seconds = tw_config_number(config, "network.handshake_seconds"),
		.closed_seconds = tw_config_number(config, "network.closed_seconds"),
		.midstream = tw_config_bool(config, "network.midstream"),
		.overlap_last = chosen(config, "network.overlap", "last"),
		.overlap_bytes = tw_config_size(config, "network.overlap_bytes"),
		.urgent_inline = chosen(config, "network.urgent", "inline"),
		.gap_seconds = tw_config_number(config, "network.gap_seconds"),
		.reorder_bytes = tw_config_size(config, "network.reorder_bytes"),
		.reorder_segments = (uint64_t)tw_config_number(config, "network.reorder_segments"),
		.memory = tw_config_size(config, "network.memory"),
		.memory_drop = chosen(config, "network.memory_policy", "drop"),
		.full_flows = (uint64_t)tw_config_number(config, "debug.full_flows"),
		.full_memory = (uint64_t)tw_config_number(config, "debug.full_memory"),
		.full_fragments = (uint64_t)tw_config_number(config, "debug.full_fragments"),
	};
}

int tw_tap_create(const struct tw_tap_settings *settings, const struct tw_stream_events *events,
		  struct tw_tap **ret_tap)
{
	struct tw_fragment_settings fragments = {
		.memory = settings->fragment_memory,
		.seconds = settings->fragment_seconds,
		.last = settings->fragment_last,
	};
	struct tw_tap *tap = calloc(1, sizeof(*tap));
	if (tap == NULL)
		return TW_ERROR_MEMORY;
	tap->settings = *settings;
	tap->decode = (struct tw_decode_settings){settings->checksums, settings->layers, true};
	tap->events = *events;
	if (tw_fragments_create(&fragments, &tap->fragments) < 0 ||
	    tw_tcp_create(settings, events, &tap->counts, &tap->tcp) < 0) {
		tw_tap_free(tap);
		return TW_ERROR_MEMORY;
	}
	*ret_tap = tap;
	return TW_OK;
}

void tw_tap_free(struct tw_tap *tap)
{
	if (tap == NULL)
		return;
	tw_fragments_free(tap->fragments);
	tw_tcp_free(tap->tcp);
	free(tap);
}

static int tell(struct tw_tap *tap, enum tw_tap_trouble trouble, const char *reason)
{
	if (tap->counts.troubles[trouble]++ > 0)
		return TW_OK;
	return tap->events.anomaly(tap->events.context, NULL, CODES[trouble], &tap->at, reason);
}

/* What is known elsewhere as a figure that has grown. */
static int tell_grown(struct tw_tap *tap, enum tw_tap_trouble trouble, uint64_t figure,
		      const char *reason)
{
	int status = TW_OK;
	while (status == TW_OK && tap->counts.troubles[trouble] < figure) {
		status = tell(tap, trouble, reason);
		tap->counts.troubles[trouble] = figure;
	}
	return status;
}

static int tell_fragments(struct tw_tap *tap)
{
	struct tw_fragment_counts fragments = tw_fragments_counts(tap->fragments);
	struct tw_tap_counts *counts = &tap->counts;
	counts->fragments = fragments.fragments;
	counts->datagrams = fragments.datagrams;
	counts->fragments_lost = fragments.timeouts + fragments.evicted + fragments.refused;
	counts->fragment_conflicts = fragments.conflicts;
	int status = tell_grown(tap, TW_TROUBLE_FRAGMENTS, counts->fragments_lost,
				fragments.timeouts > 0	? "some did not come in time"
				: fragments.evicted > 0 ? "network.fragment_memory was met"
							: "they do not fit each other");
	if (status == TW_OK)
		status = tell_grown(tap, TW_TROUBLE_FRAGMENT_CONFLICT, counts->fragment_conflicts,
				    "bytes were sent twice and differ");
	return status;
}

static int tell_flows(struct tw_tap *tap)
{
	return tell_grown(tap, TW_TROUBLE_FLOWS, tap->counts.flows_dropped + tap->counts.flows_refused,
			  "network.flows was met");
}

/* The figure of a reason why a packet was not decoded. */
static uint64_t *reason_figure(struct tw_tap_counts *counts, enum tw_decoded decoded)
{
	switch (decoded) {
	case TW_DECODED_NO_LINK: return &counts->unknown_link;
	case TW_DECODED_TRUNCATED: return &counts->truncated;
	case TW_DECODED_TOO_DEEP: return &counts->too_deep;
	case TW_DECODED_UNSUPPORTED: return &counts->unsupported;
	default: return &counts->malformed;
	}
}

static int take_undecoded(struct tw_tap *tap, enum tw_decoded decoded)
{
	if (decoded == TW_DECODED_OTHER) {
		tap->counts.others++;
		return TW_OK;
	}
	if (decoded == TW_DECODED_CHECKSUM) {
		tap->counts.checksums++;
		return tell(tap, TW_TROUBLE_CHECKSUM,
			    "refused; network.checksums: no takes such packets");
	}
	tap->counts.undecoded++;
	++*reason_figure(&tap->counts, decoded);
	return tell(tap, TW_TROUBLE_UNDECODED, tw_decoded_text(decoded));
}

static int take_segment(struct tw_tap *tap, const struct tw_layers *layers)
{
	int status = TW_OK;
	tap->counts.tcp++;
	tap->counts.offloaded += layers->offloaded;
	if (layers->segment.payload.length < layers->segment.length) {
		tap->counts.cut++;
		status = tell(tap, TW_TROUBLE_CUT, "the snap length of the capture is too small");
	}
	return status < 0 ? status : tw_tcp_segment(tap->tcp, layers);
}

/*
 * A little back is what several interfaces, or cards, do to a capture: the clock stands
 * still. Far back is another capture, or follows a damaged time far ahead: from there it
 * goes on.
 */
static void set_clock(struct tw_tap *tap, double time)
{
	double clock = time + tap->offset;
	if (clock < tap->clock - BACK_SECONDS) {
		tap->offset += tap->clock - clock;
		clock = tap->clock;
	}
	if (clock > tap->clock)
		tap->clock = clock;
}

static void set_moment(struct tw_tap *tap, uint64_t number, double time)
{
	if (isfinite(time)) {
		tap->at.time = time;
		set_clock(tap, time);
	}
	tap->at.number = number;
}

/* The same for all fragments of a datagram; never 0. */
static uint64_t datagram_of(const struct tw_layers *layers)
{
	uint64_t words[5] = {(uint64_t)layers->fragment.id << 8 | layers->protocol};
	memcpy(&words[1], layers->source.bytes, sizeof(layers->source.bytes));
	memcpy(&words[3], layers->destination.bytes, sizeof(layers->destination.bytes));
	return tw_hash64(tw_slice((const char *)(const void *)words, sizeof(words)), 0) | 1;
}

struct tw_tap_seen tw_tap_seen(const struct tw_tap *tap)
{
	return tap->seen;
}

/* Decodes as far as can be; fragments wait for their datagram, TW_DECODED_FRAGMENT. */
static int decode(struct tw_tap *tap, const struct tw_packet *packet, struct tw_layers *layers,
		  enum tw_decoded *ret_decoded)
{
	enum tw_decoded decoded = tw_decode_packet(&tap->decode, packet, layers);
	while (decoded == TW_DECODED_FRAGMENT) {
		struct tw_slice datagram;
		if (tap->seen.datagram == 0)
			tap->seen.datagram = datagram_of(layers);
		if (tap->settings.full_fragments > 0 &&
		    packet->number >= tap->settings.full_fragments)
			tw_fragments_evict(tap->fragments);
		int status = tw_fragments_add(tap->fragments, layers, tap->clock, &datagram);
		if (status < 0)
			return status;
		if (status == 0)
			break;
		decoded = tw_decode_datagram(&tap->decode, datagram, layers);
	}
	*ret_decoded = decoded;
	return TW_OK;
}

int tw_tap_sort(struct tw_tap *tap, const struct tw_packet *packet, struct tw_layers *ret_layers)
{
	enum tw_decoded decoded;
	set_moment(tap, packet->number, packet->time);
	bool changed = tw_fragments_expire(tap->fragments, tap->clock);
	tap->seen = (struct tw_tap_seen){.flow = 0};
	tap->counts.packets++;
	tap->counts.bytes += packet->length;
	int status = decode(tap, packet, ret_layers, &decoded);
	if (status >= 0 && decoded != TW_DECODED_TCP && decoded != TW_DECODED_FRAGMENT)
		status = take_undecoded(tap, decoded);
	if (status >= 0 && (changed || tap->seen.datagram != 0))
		status = tell_fragments(tap);
	return status < 0 ? status : decoded == TW_DECODED_TCP;
}

int tw_tap_segment(struct tw_tap *tap, const struct tw_packet_at *at, struct tw_layers *layers)
{
	set_moment(tap, at->number, at->time);
	int status = tw_tcp_advance(tap->tcp, tap->clock, &tap->at);
	if (status < 0)
		return status;
	enum tw_decoded decoded = tw_decode_verify(&tap->decode, layers);
	status = decoded == TW_DECODED_TCP ? take_segment(tap, layers)
					   : take_undecoded(tap, decoded);
	tap->seen = decoded == TW_DECODED_TCP ? tw_tcp_seen(tap->tcp)
					      : (struct tw_tap_seen){.flow = 0};
	return status < 0 ? status : tell_flows(tap);
}

int tw_tap_idle(struct tw_tap *tap, double time)
{
	set_moment(tap, tap->at.number, time);
	(void)tw_fragments_expire(tap->fragments, tap->clock);
	int status = tw_tcp_advance(tap->tcp, tap->clock, &tap->at);
	if (status >= 0)
		status = tell_fragments(tap);
	return status < 0 ? status : tell_flows(tap);
}

int tw_tap_tell_numbers(const struct tw_tap_counts *counts, const struct tw_stream_events *events,
			const struct tw_packet_at *at)
{
	char text[96];
	int status = TW_OK;
	for (unsigned i = 0; i < TW_TROUBLE_COUNT && status == TW_OK; i++) {
		if (counts->troubles[i] < 2)
			continue;
		snprintf(text, sizeof(text), "%llu times in all",
			 (unsigned long long)counts->troubles[i]);
		status = events->anomaly(events->context, NULL, CODES[i], at, text);
	}
	return status;
}

int tw_tap_finish(struct tw_tap *tap)
{
	tw_fragments_finish(tap->fragments);
	int status = tw_tcp_finish(tap->tcp);
	if (status >= 0)
		status = tell_fragments(tap);
	return status < 0 ? status : tell_flows(tap);
}

struct tw_tap_counts tw_tap_counts(const struct tw_tap *tap)
{
	return tap->counts;
}

/* All of them are figures of one kind, so that they are added as they stand. */
void tw_tap_counts_add(struct tw_tap_counts *counts, const struct tw_tap_counts *more)
{
	uint64_t figures[sizeof(*counts) / sizeof(uint64_t)], others[sizeof(figures) / sizeof(uint64_t)];
	_Static_assert(sizeof(figures) == sizeof(*counts), "nothing but 64-bit figures");
	memcpy(figures, counts, sizeof(figures));
	memcpy(others, more, sizeof(others));
	for (unsigned i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		figures[i] += others[i];
	memcpy(counts, figures, sizeof(figures));
}
