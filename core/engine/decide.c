/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>

#include "engine/reduce.h"
#include "text/keys.h"

static unsigned detector_count(const struct tw_reducer *reducer)
{
	return reducer->detectors->count;
}

void tw_clear_case(struct tw_reducer *reducer)
{
	for (unsigned i = 0; i < detector_count(reducer); i++) {
		tw_buffer_clear(&reducer->evidence[i]);
		tw_buffer_clear(&reducer->findings[i]);
		tw_buffer_clear(&reducer->related[i]);
	}
	tw_buffer_clear(&reducer->observed);
	tw_buffer_clear(&reducer->payloads);
	tw_buffer_clear(&reducer->earlier);
}

/* ---- what inspect gave ------------------------------------------------------------ */

static uint32_t store_table(unsigned detector, uint32_t table)
{
	return table == TW_TABLE_HITS ? TW_STORE_TABLE(TW_TABLE_HITS, 0)
				      : TW_STORE_TABLE(detector, table);
}

/* Observations stand before claims, each in the order they were made. */
static void gather_keys(struct tw_reducer *reducer, struct tw_slice blocks, enum tw_part_kind kind)
{
	struct tw_block block;
	struct tw_slice parts;
	while (tw_block_next(&blocks, &block, &parts) > 0) {
		struct tw_part part;
		while (tw_part_next(&parts, &part) > 0) {
			if (part.kind != kind || block.detector >= detector_count(reducer))
				continue;
			struct tw_keyed keyed = {
				.detector = block.detector,
				.table = store_table(block.detector, part.table),
				.key = part.key,
				.claim = kind == TW_PART_CLAIM,
				.payload_at = reducer->payloads.length,
				.payload_length = (uint32_t)part.payload.length,
			};
			tw_buffer_append_slice(&reducer->payloads, part.payload);
			tw_buffer_append(&reducer->observed, &keyed, sizeof(keyed));
		}
	}
}

void tw_gather_keys(struct tw_reducer *reducer, struct tw_slice blocks)
{
	gather_keys(reducer, blocks, TW_PART_OBSERVATION);
	gather_keys(reducer, blocks, TW_PART_CLAIM);
}

/*
 * The key of shipper and consignee together, where they have hits. Every consignment
 * is asked, and nearly none has them: the consignee's postcode mostly says so.
 */
static bool find_pair(struct tw_reducer *reducer, const struct tw_case *at, struct tw_key *ret_key)
{
	if (!reducer->wants_pairs || !reducer->pairs.any)
		return false;
	int consignee = tw_party(&at->consignment, TW_PARTY_CONSIGNEE, 0);
	if (consignee < 0)
		return false;
	uint32_t trace = tw_postcode_trace(&at->consignment, consignee);
	if ((*tw_pair_word(reducer->pairs.postcodes, trace) & tw_pair_bit(trace)) == 0)
		return false;
	trace = tw_party_trace(&at->consignment, consignee);
	if ((*tw_pair_word(reducer->pairs.consignees, trace) & tw_pair_bit(trace)) == 0)
		return false;
	int shipper = tw_party(&at->consignment, TW_PARTY_SHIPPER, 0);
	if (shipper < 0)
		return false;
	uint32_t pair = tw_pair_trace(tw_party_trace(&at->consignment, shipper), trace);
	return (*tw_pair_word(reducer->pairs.pairs, pair) & tw_pair_bit(pair)) != 0 &&
	       tw_pair_key(&at->consignment, shipper, consignee, ret_key) > 0 &&
	       tw_store_find(reducer->store, store_table(0, TW_TABLE_HITS), *ret_key) >= 0;
}

/* Claims it for the detectors that want it and were shown the consignment. */
static void claim_pair(struct tw_reducer *reducer, const struct tw_case *at, struct tw_key key)
{
	uint32_t wanted = tw_call_flags(&at->consignment) | TW_WANTS_PAIR_HITS;
	for (unsigned i = 0; i < detector_count(reducer); i++) {
		struct tw_keyed keyed = {.detector = i, .table = store_table(i, TW_TABLE_HITS),
					 .key = key, .claim = true};
		if ((reducer->detectors->entries[i].detector->flags & wanted) == wanted)
			tw_buffer_append(&reducer->observed, &keyed, sizeof(keyed));
	}
}

/* Alerts the shipment already had, as conclude sees them. */
static void gather_earlier(struct tw_reducer *reducer, const struct tw_case *at)
{
	struct tw_ledger_alert alert;
	struct tw_slice alerts;
	if (at->entry < 0)
		return;
	alerts = tw_ledger_alerts(reducer->ledger, at->entry);
	while (alerts.length >= sizeof(alert)) {
		memcpy(&alert, alerts.data, sizeof(alert));
		struct tw_hit hit = {.sid = alert.sid, .score = alert.score, .time = alert.time,
				     .shipment = at->shipment};
		tw_buffer_append(&reducer->earlier, &hit, sizeof(hit));
		alerts = tw_slice_from(alerts, alert.size);
	}
}

/* ---- conclude ------------------------------------------------------------------------ */

/* The states a detector observed and claimed, as parts; their keys go to `keys`. */
static void gather_states(struct tw_reducer *reducer, unsigned detector, struct tw_buffer *keys)
{
	const struct tw_keyed *observed = (const void *)reducer->observed.data;
	unsigned count = (unsigned)(reducer->observed.length / sizeof(*observed));
	uint32_t slot = 0;
	tw_buffer_clear(&reducer->states);
	for (unsigned i = 0; i < count; i++) {
		if (observed[i].detector != detector)
			continue;
		int64_t found = tw_store_find(reducer->store, observed[i].table, observed[i].key);
		struct tw_state state = {
			.slot = slot++,
			.table = observed[i].table >> 16 == TW_TABLE_HITS
					 ? TW_TABLE_HITS
					 : observed[i].table & 0xffffu,
			.key = observed[i].key,
			.bytes = found < 0 ? tw_slice(NULL, 0)
					   : tw_store_bytes(reducer->store, found),
		};
		tw_part_keyed(&reducer->states, TW_PART_STATE, &state);
		tw_buffer_append(keys, &observed[i], sizeof(observed[i]));
	}
}

/* Findings of the detectors this one wants to come after. */
static void gather_findings(struct tw_reducer *reducer, unsigned detector)
{
	const struct tw_detector *self = reducer->detectors->entries[detector].detector;
	tw_buffer_clear(&reducer->work);
	for (const char *const *after = self->after; after != NULL && *after != NULL; after++)
		for (unsigned i = 0; i < detector; i++)
			if (strcmp(reducer->detectors->entries[i].detector->name, *after) == 0)
				tw_buffer_append_slice(&reducer->work,
						       tw_buffer_slice(&reducer->findings[i]));
}

static bool has_keys(const struct tw_reducer *reducer, unsigned detector)
{
	const struct tw_keyed *observed = (const void *)reducer->observed.data;
	for (unsigned i = 0; i < reducer->observed.length / sizeof(*observed); i++)
		if (observed[i].detector == detector)
			return true;
	return false;
}

/* The engine's table of hits is not a detector's to change. */
static void protect_hits(struct tw_buffer *keys)
{
	struct tw_keyed *keyed = (void *)keys->data;
	for (unsigned i = 0; i < keys->length / sizeof(*keyed); i++)
		if (keyed[i].table >> 16 == TW_TABLE_HITS)
			keyed[i].table = UINT32_MAX;
}

int tw_conclude_detector(struct tw_reducer *reducer, struct tw_case *at, unsigned detector)
{
	struct tw_buffer keys = {0};
	gather_states(reducer, detector, &keys);
	protect_hits(&keys);
	gather_findings(reducer, detector);
	tw_buffer_clear(&reducer->answers);
	int status = tw_runner_conclude(reducer->runner, &reducer->call,
					&(struct tw_conclude_request){
						.detector = detector,
						.deadline = at->deadline,
						.record = at->record,
						.evidence = tw_buffer_slice(
							&reducer->evidence[detector]),
						.findings = tw_buffer_slice(&reducer->work),
						.states = tw_buffer_slice(&reducer->states),
						.earlier = tw_buffer_slice(&reducer->earlier)},
					&reducer->answers);
	if (status >= 0)
		status = tw_take_answer(reducer, at, tw_buffer_slice(&reducer->answers),
					(const struct tw_keyed *)(const void *)keys.data,
					(unsigned)(keys.length / sizeof(struct tw_keyed)));
	tw_buffer_free(&keys);
	return status;
}

static int conclude_all(struct tw_reducer *reducer, struct tw_case *at)
{
	int status = TW_OK;
	for (unsigned i = 0; i < detector_count(reducer) && status >= 0; i++) {
		uint32_t flags = reducer->detectors->entries[i].detector->flags;
		bool earlier = (flags & TW_WANTS_EARLIER) != 0 && reducer->earlier.length > 0;
		if (reducer->evidence[i].length > 0 || earlier || has_keys(reducer, i))
			status = tw_conclude_detector(reducer, at, i);
	}
	return status;
}

/* Finds the shipment in the ledger, by way of its aliases. */
static void find_shipment(struct tw_reducer *reducer, struct tw_case *at)
{
	const struct tw_record *record = at->consignment.record;
	bool joins = at->counts && (record->alias.high | record->alias.low) != 0;
	if (joins)
		tw_ledger_join(reducer->ledger, record->alias, record->shipment);
	at->shipment = record->shipment;
	int64_t entry = tw_ledger_seek(reducer->ledger, &at->shipment);
	at->entry = at->counts ? entry : -1;
	/* A booking's entry that became the bill's shall be shown by the bill's numbers. */
	if (joins && at->entry >= 0)
		tw_enter_case(reducer, at);
}

static int correlate_and_conclude(struct tw_reducer *reducer, struct tw_case *at)
{
	int status = TW_OK;
	gather_earlier(reducer, at);
	if (at->counts)
		status = tw_correlate_case(reducer, at);
	if (status >= 0)
		status = conclude_all(reducer, at);
	return status < 0 ? status : tw_write_alerts(reducer, at);
}

int tw_decide(struct tw_reducer *reducer, struct tw_case *at, struct tw_slice blocks)
{
	struct tw_key pair;
	find_shipment(reducer, at);
	bool paired = find_pair(reducer, at, &pair);
	if (blocks.length == 0 && at->entry < 0 && !paired)
		return TW_OK;
	tw_clear_case(reducer);
	int status = tw_take_answer(reducer, at, blocks, NULL, 0);
	if (status < 0)
		return status;
	tw_gather_keys(reducer, blocks);
	if (paired)
		claim_pair(reducer, at, pair);
	return correlate_and_conclude(reducer, at);
}

int tw_decide_gathered(struct tw_reducer *reducer, struct tw_case *at)
{
	struct tw_key pair;
	find_shipment(reducer, at);
	if (find_pair(reducer, at, &pair))
		claim_pair(reducer, at, pair);
	return correlate_and_conclude(reducer, at);
}

/* ---- deadlines ------------------------------------------------------------------------- */

struct anchor {
	struct tw_buffer bytes;
	const char *layers[TW_ORIGIN_LAYERS + 1];
	struct tw_feed feed;
	struct tw_network network;
	struct tw_case at;
};

/* A zero-terminated string off the front; an empty one where there is none. */
static const char *take_string(struct tw_slice *rest)
{
	const char *end = rest->length == 0 ? NULL : memchr(rest->data, 0, rest->length);
	if (end == NULL)
		return "";
	const char *text = rest->data;
	*rest = tw_slice_from(*rest, strlen(text) + 1);
	return text;
}

/* What write_anchor() put behind the record. */
static void read_anchor_feed(struct anchor *anchor)
{
	struct tw_slice rest = tw_slice_from(tw_buffer_slice(&anchor->bytes),
					     anchor->at.consignment.record->size);
	anchor->feed = (struct tw_feed){.layers = anchor->layers};
	anchor->feed.source = take_string(&rest);
	anchor->feed.path = take_string(&rest);
	for (unsigned i = 0; i <= TW_ORIGIN_LAYERS; i++) {
		const char *layer = take_string(&rest);
		if (*layer == '\0')
			break;
		anchor->layers[i] = layer;
	}
	if (rest.length != sizeof(anchor->feed.packet) + sizeof(anchor->network))
		return;
	memcpy(&anchor->feed.packet, rest.data, sizeof(anchor->feed.packet));
	memcpy(&anchor->network, rest.data + sizeof(anchor->feed.packet), sizeof(anchor->network));
	anchor->feed.network = &anchor->network;
}

static int read_anchor(struct tw_reducer *reducer, int64_t slot, struct anchor *anchor)
{
	tw_buffer_append_slice(&anchor->bytes, tw_store_anchor(reducer->store, slot));
	int status = tw_record_view(tw_buffer_slice(&anchor->bytes), &anchor->at.consignment);
	if (status < 0)
		return status;
	const struct tw_record *record = anchor->at.consignment.record;
	read_anchor_feed(anchor);
	anchor->at.record = tw_slice_part(tw_buffer_slice(&anchor->bytes), 0, record->size);
	anchor->at.feed = &anchor->feed;
	anchor->at.counts = true;
	anchor->at.deadline = true;
	anchor->at.shipment = record->shipment;
	anchor->at.entry = tw_ledger_seek(reducer->ledger, &anchor->at.shipment);
	return TW_OK;
}

static int expire(struct tw_reducer *reducer, struct tw_case *at, int64_t slot, double time)
{
	struct tw_keyed key = {
		.table = tw_store_table(reducer->store, slot),
		.key = tw_store_key(reducer->store, slot),
	};
	key.detector = key.table >> 16;
	tw_clear_case(reducer);
	gather_earlier(reducer, at);
	tw_buffer_append(&reducer->observed, &key, sizeof(key));
	tw_buffer_clear(&reducer->answers);
	int status = tw_runner_correlate(reducer->runner, &reducer->call,
					 &(struct tw_correlate_request){
						 .detector = key.detector,
						 .expired = true,
						 .observation = {.table = key.table & 0xffffu,
								 .operation = TW_NOTE,
								 .key = key.key,
								 .shipment = at->shipment,
								 .time = time},
						 .state = tw_store_bytes(reducer->store, slot)},
					 &reducer->answers);
	if (status >= 0)
		status = tw_take_answer(reducer, at, tw_buffer_slice(&reducer->answers), &key, 1);
	if (status < 0 || reducer->evidence[key.detector].length == 0)
		return status;
	status = tw_conclude_detector(reducer, at, key.detector);
	return status < 0 ? status : tw_write_alerts(reducer, at);
}

int tw_decide_deadlines(struct tw_reducer *reducer)
{
	double time = 0;
	int64_t slot;
	int status = TW_OK;
	while (status >= 0 &&
	       (slot = tw_store_due(reducer->store, reducer->clock.now, &time)) >= 0) {
		struct anchor anchor = {.feed = {.source = NULL}};
		status = read_anchor(reducer, slot, &anchor);
		if (status >= 0)
			status = expire(reducer, &anchor.at, slot, time);
		tw_buffer_free(&anchor.bytes);
	}
	return status;
}
