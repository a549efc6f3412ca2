/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What writing an event costs: microseconds of CPU for an alert, its id alone, and a
 * shipment of a message event, over an invented consignment of two parties and two
 * goods items. Prints a table; with -e it prints the events themselves instead, one
 * of each kind, for tests/schema_check.py.
 */
#include <stdio.h>
#include <time.h>

#include "../unit/output/sample.h"

#define ROUNDS 200000u

struct bench {
	struct sample sample;
	struct tw_event_style style;
	struct tw_feed feed;
	struct tw_evidence evidence[3];
	struct tw_alert alert;
	struct tw_buffer out;
};

static void write_alert(struct bench *bench)
{
	tw_event_alert(&bench->style, &bench->feed, &bench->sample.consignment, &bench->alert,
		       &bench->out);
}

static void write_id(struct bench *bench)
{
	char id[TW_ALERT_ID_SIZE];
	tw_alert_id(bench->style.sha256, &bench->sample.consignment, &bench->alert, id);
	tw_buffer_append(&bench->out, id, sizeof(id));
}

static void write_shipment(struct bench *bench)
{
	tw_event_message_shipment(&bench->style, &bench->sample.consignment,
				  bench->alert.shipment_id, &bench->out);
}

static double cpu_seconds(void)
{
	struct timespec now = {0, 0};
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void measure(struct bench *bench, const char *name, void (*write)(struct bench *))
{
	double best = 1e9;
	for (unsigned turn = 0; turn < 5; turn++) {
		double start = cpu_seconds();
		for (unsigned i = 0; i < ROUNDS / 5; i++) {
			tw_buffer_clear(&bench->out);
			write(bench);
		}
		double each = (cpu_seconds() - start) / (ROUNDS / 5);
		best = each < best ? each : best;
	}
	printf("%-28s %6zu bytes %8.3f us %8.0f MB/s\n", name, bench->out.length, best * 1e6,
	       (double)bench->out.length / best / 1e6);
}

static void print_events(struct bench *bench)
{
	struct tw_consignment *consignment = &bench->sample.consignment;
	struct tw_buffer shipments = {0};
	tw_event_message_shipment(&bench->style, consignment, bench->alert.shipment_id, &shipments);
	write_alert(bench);
	tw_event_message(&bench->style, &bench->feed, consignment,
			 &(struct tw_message_part){.shipments = tw_buffer_slice(&shipments),
						   .part = 1, .last = true}, &bench->out);
	tw_event_anomaly(&bench->style, &bench->feed,
			 &(struct tw_anomaly){.code = "source.empty", .time = (double)NAN},
			 &bench->out);
	tw_event_receipt(&bench->style, &bench->feed, &(struct tw_receipt){.time = 0}, &bench->out);
	tw_event_stats(&bench->style, &(struct tw_statistics){.stage_seconds = {0.5}}, &bench->out);
	fwrite(bench->out.data, 1, bench->out.length, stdout);
	tw_buffer_free(&shipments);
}

static void fill(struct bench *bench)
{
	const struct sample *sample = &bench->sample;
	bench->style = (struct tw_event_style){.sensor = "bench"};
	bench->feed = (struct tw_feed){.source = "file", .path = "feeds/bench.edi"};
	bench->evidence[0] = (struct tw_evidence){
		.field = TW_GOODS_DESCRIPTION, .value = sample->description, .start = 6,
		.length = 12, .match = TW_LITERAL("TABLET PRESS"),
		.list = TW_LITERAL("tableting.tsv"), .status = TW_LITERAL("read"), .weight = 0.8,
		.why = TW_LITERAL("The goods text names a tablet press")};
	bench->evidence[1] = (struct tw_evidence){
		.field = TW_CONSIGNMENT_WEIGHT, .value = sample->weight, .weight = 0.2,
		.why = TW_LITERAL("The weight fits one")};
	bench->evidence[2] = (struct tw_evidence){
		.field = TW_PARTY_NAME, .value = sample->name, .match = TW_LITERAL("QUENTIN"),
		.weight = 0.1, .why = TW_LITERAL("The consignee has alerted before")};
	bench->alert = (struct tw_alert){
		.gid = 1, .sid = 2100001, .rev = 1, .signature = "Tablet press",
		.category = "pill-press", .detector = "pill_press", .severity = 2, .score = 87,
		.reason = TW_LITERAL("A tablet press is declared as keyboards"),
		.shipment_id = TW_LITERAL("house:M55/H77"), .evidence = bench->evidence,
		.evidence_count = 3};
}

int main(int argc, char **argv)
{
	struct bench bench = {.out = {0}};
	if (!sample_open(&bench.sample))
		return 1;
	fill(&bench);
	if (argc > 1 && strcmp(argv[1], "-e") == 0) {
		print_events(&bench);
	} else {
		measure(&bench, "alert", write_alert);
		measure(&bench, "alert id alone", write_id);
		measure(&bench, "shipment of a message", write_shipment);
		bench.style.alerts = TW_PRIVACY_MASKED;
		measure(&bench, "alert, masked", write_alert);
		bench.style.alerts = TW_PRIVACY_KEYED;
		measure(&bench, "alert, keyed", write_alert);
	}
	sample_free(&bench.sample);
	tw_buffer_free(&bench.out);
	return 0;
}
