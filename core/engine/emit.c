/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/emit.h"

#include <stdlib.h>

#include "base/time.h"
#include "model/derive.h"
#include "output/identity.h"

/* A message event holds at most so many shipments. */
#define SHIPMENTS_PER_EVENT 1000

int tw_emitter_create(struct tw_emitter *emitter, const struct tw_detectors *detectors)
{
	emitter->detectors = detectors;
	emitter->by_severity = calloc(detectors->count + 1, sizeof(*emitter->by_severity));
	return emitter->by_severity == NULL ? TW_ERROR_MEMORY : TW_OK;
}

void tw_emitter_free(struct tw_emitter *emitter)
{
	free(emitter->by_severity);
	tw_digest_algorithm_free(emitter->style.sha256);
	tw_buffer_free(&emitter->json);
	tw_buffer_free(&emitter->text);
}

void tw_gathering_free(struct tw_gathering *gathering)
{
	tw_buffer_free(&gathering->shipments);
	tw_buffer_free(&gathering->first_record);
	tw_buffer_free(&gathering->held);
}

static double start_timing(const struct tw_emitter *emitter)
{
	return emitter->timed ? tw_time_elapsed() : 0;
}

static void end_timing(struct tw_emitter *emitter, double start)
{
	if (emitter->timed)
		emitter->seconds += tw_time_elapsed() - start;
}

/* Events of a message whose own event is still being gathered wait behind it. */
static struct tw_buffer *target(struct tw_emitter *emitter)
{
	return emitter->at->shipment_count > 0 ? &emitter->at->held : &emitter->json;
}

void tw_emit_alert(struct tw_emitter *emitter, const struct tw_feed *feed,
		   const struct tw_consignment *consignment, const struct tw_alert *alert,
		   unsigned detector)
{
	int severity = alert->severity < 1 ? 1 : alert->severity > 4 ? 4 : alert->severity;
	emitter->alerts++;
	emitter->by_severity[detector][severity]++;
	double start = start_timing(emitter);
	if (emitter->events != NULL)
		tw_event_alert(&emitter->style, feed, consignment, alert, target(emitter));
	if (emitter->people != NULL)
		tw_terminal_alert(&emitter->terminal, feed, consignment, alert, &emitter->text);
	end_timing(emitter, start);
}

void tw_emit_anomaly(struct tw_emitter *emitter, const struct tw_feed *feed,
		     const struct tw_anomaly *anomaly)
{
	emitter->anomalies++;
	if (emitter->events != NULL)
		tw_event_anomaly(&emitter->style, feed, anomaly, target(emitter));
	if (emitter->people != NULL && !tw_anomaly_complete(anomaly->code))
		tw_terminal_anomaly(&emitter->terminal, feed, anomaly, &emitter->text);
}

void tw_emit_opaque(struct tw_emitter *emitter, const struct tw_feed *feed,
		    const struct tw_opaque *opaque)
{
	if (emitter->events != NULL)
		tw_event_opaque(&emitter->style, feed, opaque, target(emitter));
}

void tw_emit_receipt(struct tw_emitter *emitter, const struct tw_feed *feed,
		     const struct tw_receipt *receipt)
{
	if (emitter->events != NULL)
		tw_event_receipt(&emitter->style, feed, receipt, target(emitter));
}

static void write_message(struct tw_emitter *emitter, const struct tw_feed *feed,
			  struct tw_message_part part)
{
	struct tw_consignment first;
	if (emitter->at->shipment_count == 0 ||
	    tw_record_view(tw_buffer_slice(&emitter->at->first_record), &first) < 0)
		return;
	part.shipments = tw_buffer_slice(&emitter->at->shipments);
	part.part = ++emitter->at->part;
	tw_event_message(&emitter->style, feed, &first, &part, &emitter->json);
	tw_buffer_append_slice(&emitter->json, tw_buffer_slice(&emitter->at->held));
	tw_buffer_clear(&emitter->at->held);
	tw_buffer_clear(&emitter->at->shipments);
	emitter->at->shipment_count = 0;
}

void tw_emit_shipment(struct tw_emitter *emitter, const struct tw_feed *feed,
		      struct tw_slice record, const struct tw_consignment *consignment)
{
	char key[TW_SHIPMENT_KEY_SIZE];
	char alias[TW_SHIPMENT_KEY_SIZE];
	if (!emitter->messages || emitter->events == NULL)
		return;
	double start = start_timing(emitter);
	if (emitter->at->shipment_count == SHIPMENTS_PER_EVENT) {
		uint64_t base = consignment->record->message_base;
		write_message(emitter, feed,
			      (struct tw_message_part){.offset = base,
						       .length = consignment->record->base - base});
	}
	if (emitter->at->shipment_count++ == 0) {
		tw_buffer_clear(&emitter->at->first_record);
		tw_buffer_append_slice(&emitter->at->first_record, record);
	}
	tw_shipment_key(consignment, key, alias);
	tw_event_message_shipment(&emitter->style, consignment, tw_slice_string(key),
				  &emitter->at->shipments);
	end_timing(emitter, start);
}

void tw_emit_message(struct tw_emitter *emitter, const struct tw_feed *feed, uint64_t offset,
		     uint64_t length)
{
	write_message(emitter, feed,
		      (struct tw_message_part){.last = true, .offset = offset, .length = length});
	emitter->at->part = 0;
}

static int write_out(FILE *file, struct tw_buffer *bytes)
{
	if (bytes->failed)
		return TW_ERROR_MEMORY;
	if (file == NULL || bytes->length == 0)
		return TW_OK;
	size_t written = fwrite(bytes->data, 1, bytes->length, file);
	bool whole = written == bytes->length && fflush(file) == 0;
	tw_buffer_clear(bytes);
	return whole ? TW_OK : TW_ERROR_IO;
}

int tw_emit_flush(struct tw_emitter *emitter)
{
	double start = start_timing(emitter);
	int status = write_out(emitter->events, &emitter->json);
	int people = write_out(emitter->people, &emitter->text);
	end_timing(emitter, start);
	return status < 0 ? status : people;
}
