/* SPDX-License-Identifier: Apache-2.0 */
#include "output/event.h"

#include <math.h>

#include "base/time.h"
#include "output/envelope.h"

const char *const tw_stage_names[TW_STAGE_COUNT] = {
	[TW_STAGE_READ] = "read",	      [TW_STAGE_SPLIT] = "split",
	[TW_STAGE_MAP] = "map",		      [TW_STAGE_SCAN] = "scan",
	[TW_STAGE_DETECTORS] = "detectors",   [TW_STAGE_CORRELATE] = "correlate",
	[TW_STAGE_OUTPUT] = "output",
};

static void write_counts(struct tw_json *json, const struct tw_statistics *statistics)
{
	tw_json_member_count(json, "inputs", statistics->inputs);
	tw_json_member_count(json, "input_bytes", statistics->input_bytes);
	tw_json_member_count(json, "interchanges", statistics->interchanges);
	tw_json_member_count(json, "messages", statistics->messages);
	tw_json_member_count(json, "consignments", statistics->consignments);
	tw_json_member_count(json, "alerts", statistics->alerts);
	tw_json_member_count(json, "repeated", statistics->repeated);
	tw_json_member_count(json, "anomalies", statistics->anomalies);
	tw_json_member_count(json, "incomplete", statistics->incomplete);
	tw_json_member_count(json, "bytes_not_inspected", statistics->bytes_not_inspected);
	tw_json_member_count(json, "text_bytes", statistics->text_bytes);
	tw_json_member_count(json, "state_keys", statistics->state_keys);
	tw_json_member_count(json, "state_bytes", statistics->state_bytes);
	tw_json_member_count(json, "state_evicted", statistics->state_evicted);
	tw_json_member_count(json, "shipments", statistics->shipments);
	tw_json_member_count(json, "shipments_evicted", statistics->shipments_evicted);
	tw_json_member_count(json, "aliases", statistics->aliases);
	tw_json_member_count(json, "aliases_evicted", statistics->aliases_evicted);
	tw_json_member_count(json, "plugin_restarts", statistics->plugin_restarts);
}

/* Stages are measured only where stats.stages asks for it. */
static void write_stages(struct tw_json *json, const struct tw_statistics *statistics)
{
	double sum = 0;
	for (unsigned i = 0; i < TW_STAGE_COUNT; i++)
		sum += statistics->stage_seconds[i];
	if (!(sum > 0))
		return;
	tw_json_key(json, "stages");
	tw_json_open(json, '{');
	for (unsigned i = 0; i < TW_STAGE_COUNT; i++)
		tw_json_member_number(json, tw_stage_names[i], statistics->stage_seconds[i]);
	tw_json_close(json, '}');
}

static void write_coverage(struct tw_json *json, const struct tw_coverage *coverage)
{
	tw_json_key(json, "network");
	tw_json_open(json, '{');
	tw_json_member_count(json, "packets", coverage->packets);
	tw_json_member_count(json, "packet_bytes", coverage->packet_bytes);
	tw_json_member_count(json, "filtered", coverage->filtered);
	tw_json_member_count(json, "undecoded", coverage->undecoded);
	tw_json_member_count(json, "other_packets", coverage->other_packets);
	tw_json_member_count(json, "flows", coverage->flows);
	tw_json_member_count(json, "stream_bytes", coverage->stream_bytes);
	tw_json_member_count(json, "gap_bytes", coverage->gap_bytes);
	tw_json_member_count(json, "bodies", coverage->bodies);
	tw_json_member_count(json, "recognised", coverage->recognised);
	tw_json_member_count(json, "unrecognised_bytes", coverage->unrecognised_bytes);
	tw_json_member_count(json, "retries", coverage->retries);
	tw_json_member_count(json, "signals", coverage->signals);
	tw_json_key(json, "protocols");
	tw_json_open(json, '[');
	for (const struct tw_protocol_coverage *row = coverage->protocols; row->name != NULL; row++) {
		tw_json_open(json, '{');
		tw_json_member_text(json, "name", tw_slice_string(row->name));
		tw_json_member_count(json, "flows", row->flows);
		tw_json_member_count(json, "bytes", row->bytes);
		tw_json_close(json, '}');
	}
	tw_json_close(json, ']');
	tw_json_close(json, '}');
}

static void write_workers(struct tw_json *json, const struct tw_statistics *statistics)
{
	tw_json_key(json, "worker_consignments");
	tw_json_open(json, '[');
	for (unsigned i = 0; i < statistics->worker_count; i++)
		tw_json_count(json, statistics->workers[i].consignments);
	tw_json_close(json, ']');
	tw_json_key(json, "worker_packet_bytes");
	tw_json_open(json, '[');
	for (unsigned i = 0; i < statistics->worker_count; i++)
		tw_json_count(json, statistics->workers[i].packet_bytes);
	tw_json_close(json, ']');
}

void tw_event_stats(const struct tw_event_style *style, const struct tw_statistics *statistics,
		    struct tw_buffer *out)
{
	struct tw_json json = {.out = out};
	tw_envelope_open(&json, style, "stats", tw_time_now());
	tw_json_key(&json, "stats");
	tw_json_open(&json, '{');
	tw_json_member_number(&json, "seconds", statistics->seconds);
	tw_json_member_number(&json, "cpu_seconds", statistics->cpu_seconds);
	write_counts(&json, statistics);
	tw_json_member_count(&json, "opaque", statistics->opaque);
	tw_json_member_count(&json, "opaque_bytes", statistics->opaque_bytes);
	tw_json_member_count(&json, "number_holes", statistics->number_holes);
	tw_json_member_count(&json, "numbers_missing", statistics->numbers_missing);
	tw_json_member_count(&json, "numbers_late", statistics->numbers_late);
	tw_json_member_count(&json, "numbers_evicted", statistics->numbers_evicted);
	tw_json_member_count(&json, "pcap_out_files", statistics->pcap_out_files);
	tw_json_member_count(&json, "pcap_out_packets", statistics->pcap_out_packets);
	tw_json_member_count(&json, "pcap_out_incomplete", statistics->pcap_out_incomplete);
	tw_json_member_count(&json, "pcap_out_failed", statistics->pcap_out_failed);
	if (statistics->coverage != NULL)
		write_coverage(&json, statistics->coverage);
	write_stages(&json, statistics);
	write_workers(&json, statistics);
	tw_json_close(&json, '}');
	tw_envelope_close(&json);
}
