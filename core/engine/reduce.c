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
	if (reducer->evidence == NULL || reducer->findings == NULL || reducer->related == NULL)
		return TW_ERROR_MEMORY;
	int status = tw_call_create(&reducer->call, detectors, lists, out_limits);
	if (status >= 0)
		status = tw_store_create(&limits->store, &reducer->store);
	if (status >= 0)
		status = tw_ledger_create(&limits->ledger, &reducer->ledger);
	if (status >= 0)
		status = tw_missing_create(&limits->sequences, reducer, &reducer->missing);
	if (status >= 0)
		status = tw_redeliveries_open(&reducer->redeliveries, limits->message_ids);
	return status;
}

/* ---- receptions ------------------------------------------------------------------------ */

static void put_in(struct tw_reception **list, struct tw_reception *reception)
{
	reception->previous = NULL;
	reception->next = *list;
	if (*list != NULL)
		(*list)->previous = reception;
	*list = reception;
}

/* From one list to another. */
static void take_off(struct tw_reception **list, struct tw_reception *reception,
		     struct tw_reception **ret_list)
{
	if (reception->previous != NULL)
		reception->previous->next = reception->next;
	else
		*list = reception->next;
	if (reception->next != NULL)
		reception->next->previous = reception->previous;
	put_in(ret_list, reception);
}

/* The first of a list. */
static void free_reception(struct tw_reception **list)
{
	struct tw_reception *reception = *list;
	*list = reception->next;
	if (*list != NULL)
		(*list)->previous = NULL;
	tw_parts_free(reception->parts);
	tw_gathering_free(&reception->gathering);
	tw_buffer_free(&reception->interchange_texts);
	free(reception->out_told);
	free(reception);
}

static int make_spare(struct tw_reducer *reducer)
{
	struct tw_reception *reception = calloc(1, sizeof(*reception));
	if (reception == NULL)
		return TW_ERROR_MEMORY;
	reception->out_told = calloc(reducer->detectors->count + 1, sizeof(*reception->out_told));
	put_in(&reducer->spare, reception);
	if (reception->out_told != NULL)
		return TW_OK;
	free_reception(&reducer->spare);
	return TW_ERROR_MEMORY;
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
	tw_call_free(&reducer->call);
	tw_store_free(reducer->store);
	tw_ledger_free(reducer->ledger);
	tw_missing_free(reducer->missing);
	tw_redeliveries_close(&reducer->redeliveries);
	struct tw_buffer *buffers[] = {
		&reducer->observed, &reducer->payloads, &reducer->answers, &reducer->states, &reducer->work,
		&reducer->contributions, &reducer->earlier,
	};
	for (unsigned i = 0; i < sizeof(buffers) / sizeof(buffers[0]); i++)
		tw_buffer_free(buffers[i]);
	while (reducer->open != NULL) {
		tw_origin_free(reducer->open->origin);
		take_off(&reducer->open, reducer->open, &reducer->spare);
	}
	while (reducer->spare != NULL)
		free_reception(&reducer->spare);
}

/* ---- anomalies and receipts --------------------------------------------------------- */

/* The other reading of a flow tells alerts, and nothing else: the flow itself has told the rest. */
static bool is_alternate(const struct tw_reducer *reducer)
{
	return reducer->at->origin->alternate;
}

static void emit_anomaly(struct tw_reducer *reducer, const struct tw_feed *feed,
			 struct tw_anomaly anomaly, bool complete)
{
	if (is_alternate(reducer))
		return;
	anomaly.interchange = reducer->at->receipt.reference;
	reducer->statistics.anomalies++;
	reducer->at->receipt.anomalies++;
	if (!complete && reducer->at->receipt.complete)
		reducer->at->receipt.complete = false;
	/* Outside an interchange nothing else will say that the run is incomplete. */
	if (!complete && !reducer->at->in_interchange)
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

/* Whether another told it before: what every shard may meet is told once. */
static bool was_told(struct tw_reducer *reducer, const char *code)
{
	unsigned i = 0;
	while (i < TW_TOLD_ONCE && reducer->told[i] != NULL)
		if (strcmp(reducer->told[i++], code) == 0)
			return true;
	if (i < TW_TOLD_ONCE)
		reducer->told[i] = code;
	return false;
}

static void take_anomaly(struct tw_reducer *reducer, const struct tw_item *item,
			 const struct tw_slice *texts)
{
	struct tw_anomaly anomaly = {
		.code = item->code,
		.time = reducer->at->receipt.time,
		.offset = item->offset,
		.length = item->length,
		.element = item->element,
		.reason = texts[0],
		.segment = texts[1],
		.message = texts[2],
	};
	if (item->once && was_told(reducer, item->code))
		return;
	reducer->at->receipt.bytes_not_inspected += item->skipped;
	reducer->statistics.bytes_not_inspected += is_alternate(reducer) ? 0 : item->skipped;
	emit_anomaly(reducer, &reducer->at->feed, anomaly, item->complete);
}

static void take_opaque(struct tw_reducer *reducer, const struct tw_item *item,
			const struct tw_slice *texts)
{
	struct tw_opaque opaque = {
		.time = item->time,
		.reason = texts[0],
		.server_name = texts[1],
		.to_server = item->offset,
		.to_client = item->length,
	};
	reducer->statistics.opaque++;
	reducer->statistics.opaque_bytes += item->offset + item->length;
	tw_emit_opaque(reducer->emitter, &reducer->at->feed, &opaque);
}

/* A message of AS2 or AS4 came whole: what its shard could not know of it is told. */
static int take_delivered(struct tw_reducer *reducer, const struct tw_item *item,
			  const struct tw_slice *texts)
{
	struct tw_delivery_told told;
	enum tw_delivery_verdict verdict;
	struct tw_buffer reason = {0};
	struct tw_item anomaly = *item;
	memcpy(&told, texts[1].data, sizeof(told));
	int status = tw_redelivery_take(&reducer->redeliveries, &told, &verdict);
	if (status < 0 || verdict == TW_DELIVERY_FIRST)
		return status;
	tw_delivery_describe(&reason, verdict, texts[0], true);
	anomaly.code = tw_delivery_code(verdict);
	anomaly.complete = tw_anomaly_complete(anomaly.code);
	take_anomaly(reducer, &anomaly, (struct tw_slice[TW_ITEM_TEXTS]){tw_buffer_slice(&reason)});
	status = reason.failed ? TW_ERROR_MEMORY : TW_OK;
	tw_buffer_free(&reason);
	return status;
}

static void begin_interchange(struct tw_reducer *reducer, const struct tw_item *item,
			      const struct tw_slice *texts)
{
	struct tw_buffer *kept = &reducer->at->interchange_texts;
	size_t at = 0;
	struct tw_slice copies[TW_ITEM_TEXTS];
	tw_buffer_clear(kept);
	for (unsigned i = 0; i < TW_ITEM_TEXTS; i++)
		tw_buffer_append_slice(kept, texts[i]);
	for (unsigned i = 0; i < TW_ITEM_TEXTS; i++) {
		copies[i] = tw_slice_part(tw_buffer_slice(kept), at, texts[i].length);
		at += texts[i].length;
	}
	reducer->at->in_interchange = true;
	memset(reducer->at->out_told, 0, reducer->detectors->count * sizeof(*reducer->at->out_told));
	reducer->statistics.interchanges += !is_alternate(reducer);
	reducer->at->receipt = (struct tw_receipt){
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
	if (is_alternate(reducer))
		return;
	if (item->exact)
		tw_clock_packet(&reducer->clock, item->time);
	else if (item->complete)
		tw_clock_interchange(&reducer->clock, item->time);
}

static void end_interchange(struct tw_reducer *reducer, const struct tw_item *item)
{
	reducer->at->receipt.length = item->length;
	if (!item->complete)
		reducer->at->receipt.complete = false;
	reducer->at->in_interchange = false;
	if (!is_alternate(reducer)) {
		reducer->statistics.incomplete += !reducer->at->receipt.complete;
		tw_emit_receipt(reducer->emitter, &reducer->at->feed, &reducer->at->receipt);
	}
	reducer->at->receipt = (struct tw_receipt){.time = reducer->at->receipt.time};
}

static int end_message(struct tw_reducer *reducer, const struct tw_item *item)
{
	int status = tw_parts_conclude(reducer);
	if (is_alternate(reducer))
		return status;
	reducer->at->receipt.messages++;
	reducer->at->receipt.excluded += item->excluded;
	reducer->statistics.messages++;
	tw_emit_message(reducer->emitter, &reducer->at->feed, item->offset, item->length);
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
	struct tw_case at = {.feed = &reducer->at->feed, .entry = -1};
	struct tw_slice bytes = tw_slice_from(tw_buffer_slice(&batch->records), item->record);
	at.consignment = tw_record_trusted(bytes);
	const struct tw_record *record = at.consignment.record;
	at.record = tw_slice_part(bytes, 0, record->size);
	fetch_next(reducer, bytes, record->size);
	bool known = (record->flags & TW_RECORD_TEST) == 0 || reducer->test_state;
	at.alternate = is_alternate(reducer);
	at.counts = known && !at.alternate;
	/* Of a test the ledger knows no alerts, so that another reading's cannot be told from them. */
	if (at.alternate && !known)
		return TW_OK;
	bool further = tw_parts_continue(reducer->at->parts, record);
	bool message = (record->flags & TW_RECORD_MESSAGE) != 0;
	int status = further ? TW_OK : tw_parts_conclude(reducer);
	reducer->at->receipt.consignments += !further && !message;
	reducer->statistics.consignments += !further && !message && !at.alternate;
	if (status >= 0)
		status = tw_decide_deadlines(reducer);
	if (status < 0)
		return status;
	if (!message && !at.alternate)
		tw_emit_shipment(reducer->emitter, at.feed, at.record, &at.consignment);
	status = (record->flags & TW_RECORD_PARTIAL) != 0 ? tw_parts_add(reducer, &at, blocks)
							  : tw_decide(reducer, &at, blocks);
	report_evictions(reducer, &at);
	return status;
}

static int take_input(struct tw_reducer *reducer, const struct tw_item *item)
{
	int status = reducer->spare == NULL ? make_spare(reducer) : TW_OK;
	if (status < 0)
		return status;
	struct tw_reception *reception = reducer->spare;
	take_off(&reducer->spare, reception, &reducer->open);
	reception->origin = item->origin;
	reception->origin->reception = reception;
	reception->feed = item->origin->feed;
	reception->receipt = (struct tw_receipt){.time = item->time};
	reception->in_interchange = false;
	reducer->statistics.inputs += item->origin->counted;
	return TW_OK;
}

static void end_input(struct tw_reducer *reducer)
{
	struct tw_reception *reception = reducer->at;
	tw_origin_free(reception->origin);
	reception->origin = NULL;
	take_off(&reducer->open, reception, &reducer->spare);
}

/* The reception is the one of the item's origin, whatever came before. */
static void turn_to(struct tw_reducer *reducer, const struct tw_item *item)
{
	reducer->at = item->origin->reception;
	if (reducer->at == NULL)
		return;
	reducer->at->feed.packet = item->packet;
	reducer->emitter->at = &reducer->at->gathering;
}

static int take_item(struct tw_reducer *reducer, const struct tw_item *item,
		     const struct tw_slice *texts)
{
	switch ((enum tw_item_kind)item->kind) {
	case TW_ITEM_INPUT:
		return take_input(reducer, item);
	case TW_ITEM_INTERCHANGE:
		begin_interchange(reducer, item, texts);
		return tw_missing_interchange(reducer->missing, item);
	case TW_ITEM_GROUP:
		return tw_missing_group(reducer->missing, item, texts);
	case TW_ITEM_ANOMALY:
		take_anomaly(reducer, item, texts);
		break;
	case TW_ITEM_MESSAGE_END:
		return end_message(reducer, item);
	case TW_ITEM_INTERCHANGE_END:
		end_interchange(reducer, item);
		break;
	case TW_ITEM_INPUT_END:
		end_input(reducer);
		break;
	case TW_ITEM_DELIVERED:
		return take_delivered(reducer, item, texts);
	case TW_ITEM_OPAQUE:
		take_opaque(reducer, item, texts);
		break;
	case TW_ITEM_RECORD:
		break;
	}
	return TW_OK;
}

/* ---- rounds ------------------------------------------------------------------------------ */

/* How far a batch of a round was taken. */
struct cursor {
	const struct tw_batch *batch;
	struct tw_slice results;
	size_t position;
	uint32_t record;
	struct tw_item item; /* the next */
	struct tw_slice texts[TW_ITEM_TEXTS];
};

static bool next_item(struct cursor *cursor)
{
	return tw_batch_item(cursor->batch, &cursor->position, &cursor->item, cursor->texts);
}

/* Cursors of the batches that have anything, in their order. */
static unsigned begin_cursors(const struct tw_round *round, struct cursor *cursors)
{
	unsigned count = 0;
	for (unsigned i = 0; i <= round->parts; i++) {
		const struct tw_batch *batch = &round->batches[i];
		if (batch->items.length == 0)
			continue;
		cursors[count].batch = batch;
		cursors[count].results = tw_buffer_slice(&batch->results);
		cursors[count].position = 0;
		cursors[count].record = 0;
		count += next_item(&cursors[count]);
	}
	return count;
}

/* What belongs to the first packet or file; of one packet the first batch. */
static unsigned find_first(const struct cursor *cursors, unsigned count)
{
	unsigned first = 0;
	for (unsigned i = 1; i < count; i++)
		if (cursors[i].item.order < cursors[first].item.order)
			first = i;
	return first;
}

static int take_next(struct tw_reducer *reducer, struct cursor *cursor)
{
	turn_to(reducer, &cursor->item);
	if (cursor->item.kind != TW_ITEM_RECORD)
		return take_item(reducer, &cursor->item, cursor->texts);
	struct tw_slice blocks = take_blocks(&cursor->results, cursor->record++);
	return take_record(reducer, cursor->batch, &cursor->item, blocks);
}

/* What nobody will take, where a run ends early. */
static void drop(const struct cursor *cursor)
{
	if (cursor->item.kind == TW_ITEM_INPUT)
		tw_origin_free(cursor->item.origin);
	tw_batch_drop_origins(cursor->batch, cursor->position);
}

static int take_round(struct tw_reducer *reducer, const struct tw_round *round)
{
	struct cursor cursors[TW_PARTS_MOST + 1];
	unsigned count = begin_cursors(round, cursors);
	int status = TW_OK;
	for (unsigned i = 0; i <= round->parts && status >= 0; i++)
		status = round->batches[i].status;
	while (status >= 0 && count > 0) {
		unsigned first = find_first(cursors, count);
		status = take_next(reducer, &cursors[first]);
		if (next_item(&cursors[first]))
			continue;
		count--;
		memmove(&cursors[first], &cursors[first + 1], (count - first) * sizeof(cursors[0]));
	}
	for (unsigned i = 0; i < count; i++)
		drop(&cursors[i]);
	return status;
}

int tw_reduce_round(struct tw_reducer *reducer, const struct tw_round *round)
{
	double start = reducer->emitter->timed ? tw_time_elapsed() : 0;
	int status = take_round(reducer, round);
	for (unsigned i = 0; i <= round->parts; i++)
		reducer->statistics.input_bytes += round->batches[i].input_bytes;
	int flushed = tw_emit_flush(reducer->emitter);
	if (reducer->emitter->timed)
		reducer->seconds += tw_time_elapsed() - start;
	return status < 0 ? status : flushed;
}

void tw_reducer_finish(struct tw_reducer *reducer)
{
	tw_missing_finish(reducer->missing);
}
