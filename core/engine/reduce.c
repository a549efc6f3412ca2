/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/reduce.h"

#include <math.h>
#include <stdlib.h>

#include "base/time.h"

int tw_reducer_create(struct tw_reducer *reducer, const struct tw_detectors *detectors,
		      const struct tw_lists *lists, const struct tw_out_limits *out_limits,
		      const struct tw_reducer_limits *limits)
{
	*reducer = (struct tw_reducer){.detectors = detectors};
	for (unsigned i = 0; i < detectors->count; i++)
		reducer->wants_pairs |= (detectors->entries[i].detector->flags &
					 TW_WANTS_PAIR_HITS) != 0;
	reducer->evidence = calloc(detectors->count + 1, sizeof(*reducer->evidence));
	reducer->findings = calloc(detectors->count + 1, sizeof(*reducer->findings));
	reducer->related = calloc(detectors->count + 1, sizeof(*reducer->related));
	reducer->out_told = calloc(detectors->count + 1, sizeof(*reducer->out_told));
	if (reducer->evidence == NULL || reducer->findings == NULL || reducer->related == NULL ||
	    reducer->out_told == NULL)
		return TW_ERROR_MEMORY;
	int status = tw_parts_create(&reducer->parts, detectors->count);
	if (status >= 0)
		status = tw_call_create(&reducer->call, detectors, lists, out_limits);
	if (status >= 0)
		status = tw_store_create(&limits->store, &reducer->store);
	if (status >= 0)
		status = tw_ledger_create(&limits->ledger, &reducer->ledger);
	return status;
}

static void free_all(struct tw_buffer *buffers, unsigned count)
{
	for (unsigned i = 0; buffers != NULL && i < count; i++)
		tw_buffer_free(&buffers[i]);
	free(buffers);
}

void tw_reducer_free(struct tw_reducer *reducer)
{
	if (reducer->detectors == NULL)
		return;
	free_all(reducer->evidence, reducer->detectors->count);
	free_all(reducer->findings, reducer->detectors->count);
	free_all(reducer->related, reducer->detectors->count);
	free(reducer->out_told);
	tw_parts_free(&reducer->parts);
	tw_call_free(&reducer->call);
	tw_store_free(reducer->store);
	tw_ledger_free(reducer->ledger);
	struct tw_buffer *buffers[] = {
		&reducer->interchange_texts, &reducer->message_reference, &reducer->observed,
		&reducer->payloads, &reducer->answers, &reducer->states, &reducer->work,
		&reducer->contributions, &reducer->earlier,
	};
	for (unsigned i = 0; i < sizeof(buffers) / sizeof(buffers[0]); i++)
		tw_buffer_free(buffers[i]);
	if (reducer->origin != NULL)
		tw_origin_drop(reducer->origin);
}

/* ---- anomalies and receipts --------------------------------------------------------- */

static void emit_anomaly(struct tw_reducer *reducer, const struct tw_feed *feed,
			 struct tw_anomaly anomaly, bool complete)
{
	anomaly.interchange = reducer->receipt.reference;
	reducer->statistics.anomalies++;
	reducer->receipt.anomalies++;
	if (!complete && reducer->receipt.complete)
		reducer->receipt.complete = false;
	/* Outside an interchange nothing else will say that the run is incomplete. */
	if (!complete && !reducer->in_interchange)
		reducer->statistics.incomplete++;
	tw_emit_anomaly(reducer->emitter, feed, &anomaly);
}

void tw_report(struct tw_reducer *reducer, const struct tw_case *at, const char *code,
	       const char *reason)
{
	const struct tw_record *record = at->consignment.record;
	struct tw_anomaly anomaly = {
		.code = code,
		.time = record->feed_time,
		.offset = record->base,
		.length = record->end - record->base,
		.reason = tw_slice_string(reason),
		.message = tw_text(&at->consignment,
				   tw_first(&at->consignment, TW_MESSAGE_REFERENCE)),
	};
	emit_anomaly(reducer, at->feed, anomaly, tw_anomaly_complete(code));
}

static void take_anomaly(struct tw_reducer *reducer, const struct tw_item *item,
			 const struct tw_slice *texts)
{
	struct tw_anomaly anomaly = {
		.code = item->code,
		.time = reducer->receipt.time,
		.offset = item->offset,
		.length = item->length,
		.element = item->element,
		.reason = texts[0],
		.segment = texts[1],
		.message = texts[2],
	};
	reducer->receipt.bytes_not_inspected += item->skipped;
	reducer->statistics.bytes_not_inspected += item->skipped;
	emit_anomaly(reducer, &item->origin->feed, anomaly, item->complete);
}

static void begin_interchange(struct tw_reducer *reducer, const struct tw_item *item,
			      const struct tw_slice *texts)
{
	struct tw_buffer *kept = &reducer->interchange_texts;
	size_t at = 0;
	struct tw_slice copies[TW_ITEM_TEXTS];
	tw_buffer_clear(kept);
	for (unsigned i = 0; i < TW_ITEM_TEXTS; i++)
		tw_buffer_append_slice(kept, texts[i]);
	for (unsigned i = 0; i < TW_ITEM_TEXTS; i++) {
		copies[i] = tw_slice_part(tw_buffer_slice(kept), at, texts[i].length);
		at += texts[i].length;
	}
	reducer->in_interchange = true;
	reducer->statistics.interchanges++;
	reducer->receipt = (struct tw_receipt){
		.time = item->time,
		.offset = item->offset,
		.format = copies[0],
		.sender = copies[1],
		.recipient = copies[2],
		.reference = copies[3],
		.test = item->test,
		.complete = true,
		.detectors = reducer->detectors->names,
	};
	/* One dated far ahead says nothing of the time: arrival dates it, and no clock moves. */
	if (item->complete)
		tw_clock_interchange(&reducer->clock, item->time);
}

static void end_interchange(struct tw_reducer *reducer, const struct tw_item *item)
{
	reducer->receipt.length = item->length;
	if (!item->complete)
		reducer->receipt.complete = false;
	reducer->statistics.incomplete += !reducer->receipt.complete;
	reducer->in_interchange = false;
	tw_emit_receipt(reducer->emitter, &reducer->origin->feed, &reducer->receipt);
	reducer->receipt = (struct tw_receipt){.time = reducer->receipt.time};
}

static int end_message(struct tw_reducer *reducer, const struct tw_item *item)
{
	int status = tw_parts_conclude(reducer);
	reducer->receipt.messages++;
	reducer->receipt.excluded += item->excluded;
	reducer->statistics.messages++;
	tw_emit_message(reducer->emitter, &reducer->origin->feed, item->offset, item->length);
	return status;
}

/* ---- consignments ---------------------------------------------------------------------- */

/* Takes the blocks of one record off the front of the results. */
static struct tw_slice take_blocks(struct tw_slice *results, uint32_t number)
{
	struct tw_slice rest = *results;
	struct tw_slice parts;
	struct tw_block block;
	while (true) {
		struct tw_slice before = rest;
		if (tw_block_next(&rest, &block, &parts) <= 0 || block.record != number) {
			rest = before;
			break;
		}
	}
	struct tw_slice taken = tw_slice_part(*results, 0, results->length - rest.length);
	*results = rest;
	return taken;
}

/* Evictions are told once for each batch, where they happened. */
static void report_evictions(struct tw_reducer *reducer, const struct tw_case *at)
{
	uint64_t keys = tw_store_evicted(reducer->store);
	uint64_t shipments = tw_ledger_evicted(reducer->ledger);
	if (keys > reducer->evictions_seen && reducer->evictions_seen == 0)
		tw_report(reducer, at, "limit.state_keys",
			  "limits.state_keys or limits.state_memory met: the oldest keys go from "
			  "here on; stats count them");
	if (shipments > reducer->ledger_evictions_seen && reducer->ledger_evictions_seen == 0)
		tw_report(reducer, at, "limit.shipments",
			  "limits.shipments or limits.ledger_memory met: the oldest shipments go "
			  "from here on; stats count them");
	reducer->evictions_seen = keys;
	reducer->ledger_evictions_seen = shipments;
}

/* While one consignment is decided about, what the next asks the ledger comes near. */
static void fetch_next(const struct tw_reducer *reducer, struct tw_slice records, size_t size)
{
	struct tw_slice next = tw_slice_from(records, size);
	if (next.length >= sizeof(struct tw_record))
		tw_ledger_prefetch(reducer->ledger, tw_record_trusted(next).record->shipment);
}

static int take_record(struct tw_reducer *reducer, const struct tw_batch *batch,
		       const struct tw_item *item, struct tw_slice blocks)
{
	struct tw_case at = {.feed = &reducer->origin->feed, .entry = -1};
	struct tw_slice bytes = tw_slice_from(tw_buffer_slice(&batch->records), item->record);
	at.consignment = tw_record_trusted(bytes);
	const struct tw_record *record = at.consignment.record;
	at.record = tw_slice_part(bytes, 0, record->size);
	fetch_next(reducer, bytes, record->size);
	at.counts = (record->flags & TW_RECORD_TEST) == 0 || reducer->test_state;
	bool further = tw_parts_continue(&reducer->parts, record);
	bool message = (record->flags & TW_RECORD_MESSAGE) != 0;
	int status = further ? TW_OK : tw_parts_conclude(reducer);
	reducer->receipt.consignments += !further && !message;
	reducer->statistics.consignments += !further && !message;
	if (status >= 0)
		status = tw_decide_deadlines(reducer);
	if (status < 0)
		return status;
	if (!message)
		tw_emit_shipment(reducer->emitter, at.feed, at.record, &at.consignment);
	status = (record->flags & TW_RECORD_PARTIAL) != 0 ? tw_parts_add(reducer, &at, blocks)
							  : tw_decide(reducer, &at, blocks);
	report_evictions(reducer, &at);
	return status;
}

static void take_input(struct tw_reducer *reducer, const struct tw_item *item)
{
	if (reducer->origin != NULL)
		tw_origin_drop(reducer->origin);
	reducer->origin = item->origin;
	tw_origin_use(reducer->origin);
	reducer->receipt = (struct tw_receipt){.time = item->time};
	reducer->statistics.inputs++;
}

static int take_item(struct tw_reducer *reducer, const struct tw_item *item,
		     const struct tw_slice *texts)
{
	switch ((enum tw_item_kind)item->kind) {
	case TW_ITEM_INPUT:
		take_input(reducer, item);
		break;
	case TW_ITEM_INTERCHANGE:
		begin_interchange(reducer, item, texts);
		break;
	case TW_ITEM_ANOMALY:
		take_anomaly(reducer, item, texts);
		break;
	case TW_ITEM_MESSAGE_END:
		return end_message(reducer, item);
	case TW_ITEM_INTERCHANGE_END:
		end_interchange(reducer, item);
		break;
	case TW_ITEM_RECORD:
	case TW_ITEM_INPUT_END:
		break;
	}
	return TW_OK;
}

int tw_reduce_batch(struct tw_reducer *reducer, const struct tw_batch *batch)
{
	struct tw_slice results = tw_buffer_slice(&batch->results);
	struct tw_item item;
	struct tw_slice texts[TW_ITEM_TEXTS];
	size_t position = 0;
	uint32_t record = 0;
	int status = batch->status;
	double start = reducer->emitter->timed ? tw_time_elapsed() : 0;
	while (status >= 0 && tw_batch_item(batch, &position, &item, texts)) {
		if (item.kind == TW_ITEM_RECORD)
			status = take_record(reducer, batch, &item,
					     take_blocks(&results, record++));
		else
			status = take_item(reducer, &item, texts);
	}
	reducer->statistics.input_bytes += batch->input_bytes;
	int flushed = tw_emit_flush(reducer->emitter);
	if (reducer->emitter->timed)
		reducer->seconds += tw_time_elapsed() - start;
	return status < 0 ? status : flushed;
}
