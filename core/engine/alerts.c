/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "engine/reduce.h"
#include "model/derive.h"
#include "text/keys.h"

/*
 * From findings to alerts: one for each consignment and detector (or sid), once
 * for each shipment and sid unless there is new evidence, in order of sid, and
 * remembered in the ledger and the table of hits.
 */

#define HITS_PER_KEY 32
#define RELATED_LIMIT 100

struct pending {
	unsigned detector;
	struct tw_finding finding;
	const struct tw_finding_info *info;
};

static unsigned pending_count(const struct tw_buffer *entries)
{
	return (unsigned)(entries->length / sizeof(struct pending));
}

static int by_sid(const void *a, const void *b)
{
	const struct pending *left = a;
	const struct pending *right = b;
	return (left->finding.sid > right->finding.sid) - (left->finding.sid < right->finding.sid);
}

/* All findings of a detector, or its best where it alerts once for a consignment. */
static void gather_pending(const struct tw_reducer *reducer, unsigned detector,
			   struct tw_buffer *entries)
{
	const struct tw_detector_entry *entry = &reducer->detectors->entries[detector];
	struct tw_slice parts = tw_buffer_slice(&reducer->findings[detector]);
	bool each = (entry->detector->flags & TW_ALERT_PER_SID) != 0;
	struct pending best = {.info = NULL};
	struct tw_part part;
	while (tw_part_next(&parts, &part) > 0) {
		struct pending pending = {detector, part.finding,
					  tw_detector_finding(entry, part.finding.sid)};
		if (pending.info == NULL)
			continue;
		pending.finding.sid = pending.info->sid;
		if (each)
			tw_buffer_append(entries, &pending, sizeof(pending));
		else if (best.info == NULL || pending.finding.score > best.finding.score)
			best = pending;
	}
	if (best.info != NULL)
		tw_buffer_append(entries, &best, sizeof(best));
}

/* ---- evidence --------------------------------------------------------------------- */

static void gather_evidence(const struct tw_reducer *reducer, const struct pending *pending,
			    struct tw_buffer *ret_evidence)
{
	const struct tw_detector_entry *entry = &reducer->detectors->entries[pending->detector];
	struct tw_slice parts = tw_buffer_slice(&reducer->evidence[pending->detector]);
	bool each = (entry->detector->flags & TW_ALERT_PER_SID) != 0;
	struct tw_part part;
	while (tw_part_next(&parts, &part) > 0) {
		uint32_t sid = part.evidence.sid != 0 ? part.evidence.sid
						      : entry->detector->findings[0].sid;
		if (each && sid != pending->info->sid)
			continue;
		tw_buffer_append(ret_evidence, &part.evidence, sizeof(part.evidence));
	}
}

/* What makes a piece of evidence the same when the shipment comes again: field, value, match. */
static uint64_t evidence_hash(const struct tw_case *at, const struct tw_evidence *evidence)
{
	struct tw_slice value = evidence->value >= 0 ? tw_text(&at->consignment, evidence->value)
						     : evidence->shown;
	return tw_hash64(evidence->match, tw_hash64(value, (uint64_t)evidence->field));
}

static bool known_hash(struct tw_slice alerts, uint32_t sid, uint64_t hash)
{
	struct tw_ledger_alert alert;
	while (alerts.length >= sizeof(alert)) {
		memcpy(&alert, alerts.data, sizeof(alert));
		for (uint32_t i = 0; alert.sid == sid && i < alert.evidence_count; i++) {
			uint64_t known;
			memcpy(&known, alerts.data + sizeof(alert) + i * sizeof(known),
			       sizeof(known));
			if (known == hash)
				return true;
		}
		alerts = tw_slice_from(alerts, alert.size);
	}
	return false;
}

static bool alerted_before(struct tw_slice alerts, uint32_t sid, struct tw_ledger_alert *ret_last)
{
	struct tw_ledger_alert alert;
	bool found = false;
	while (alerts.length >= sizeof(alert)) {
		memcpy(&alert, alerts.data, sizeof(alert));
		if (sid == 0 || alert.sid == sid) {
			*ret_last = alert;
			found = true;
		}
		alerts = tw_slice_from(alerts, alert.size);
	}
	return found;
}

/* ---- related ------------------------------------------------------------------------ */

struct related_list {
	struct tw_related rows[RELATED_LIMIT];
	struct tw_ledger_alert alerts[RELATED_LIMIT]; /* the rows point into these */
	unsigned count, more;
};

static void relate(struct tw_reducer *reducer, struct related_list *list,
		   struct tw_shipment shipment)
{
	int64_t entry = tw_ledger_seek(reducer->ledger, &shipment);
	if (list->count == RELATED_LIMIT) {
		list->more++;
		return;
	}
	struct tw_related *row = &list->rows[list->count];
	struct tw_ledger_alert *alert = &list->alerts[list->count];
	*row = (struct tw_related){.time = (double)NAN};
	if (entry >= 0) {
		struct tw_ledger_names names = tw_ledger_names_of(reducer->ledger, entry);
		row->master = names.master;
		row->house = names.house;
		row->time = names.time;
		if (alerted_before(tw_ledger_alerts(reducer->ledger, entry), 0, alert))
			row->alert_id = tw_slice_string(alert->alert_id);
	}
	list->count++;
}

/* The shipments a detector names; returns whether the consignment's own is among them. */
static bool gather_related(struct tw_reducer *reducer, const struct tw_case *at, unsigned detector,
			   struct related_list *list)
{
	const struct tw_shipment *shipments = (const void *)reducer->related[detector].data;
	unsigned count = (unsigned)(reducer->related[detector].length / sizeof(*shipments));
	bool own = false;
	for (unsigned i = 0; i < count; i++) {
		bool self = shipments[i].high == at->shipment.high &&
			    shipments[i].low == at->shipment.low;
		bool seen = self;
		for (unsigned j = 0; j < i && !seen; j++)
			seen = memcmp(&shipments[i], &shipments[j], sizeof(shipments[i])) == 0;
		if (!seen)
			relate(reducer, list, shipments[i]);
		own |= self;
	}
	return own;
}

/* ---- memory -------------------------------------------------------------------------- */

static void add_hit(struct tw_reducer *reducer, struct tw_key key, const struct tw_hit *hit)
{
	struct tw_hit hits[HITS_PER_KEY];
	int64_t slot = tw_store_touch(reducer->store, TW_STORE_TABLE(TW_TABLE_HITS, 0), key);
	if (slot < 0)
		return;
	struct tw_slice bytes = tw_store_bytes(reducer->store, slot);
	unsigned count = (unsigned)(bytes.length / sizeof(*hit));
	unsigned dropped = count == HITS_PER_KEY ? 1 : 0;
	if (count > 0)
		memcpy(hits, bytes.data + dropped * sizeof(*hit), (count - dropped) * sizeof(*hit));
	hits[count - dropped] = *hit;
	tw_store_write(reducer->store, slot,
		       tw_slice((const char *)(const void *)hits,
				(count - dropped + 1) * sizeof(*hit)));
}

static void remember_hit(struct tw_reducer *reducer, const struct tw_case *at,
			 const struct tw_alert *alert)
{
	struct tw_hit hit = {.sid = alert->sid, .score = (float)alert->score,
			     .time = at->consignment.record->feed_time, .shipment = at->shipment};
	int shipper = tw_party(&at->consignment, TW_PARTY_SHIPPER, 0);
	int consignee = tw_party(&at->consignment, TW_PARTY_CONSIGNEE, 0);
	const int parties[] = {shipper, consignee};
	struct tw_key key;
	for (unsigned i = 0; i < 2; i++) {
		if (parties[i] < 0)
			continue;
		if (tw_party_key(&at->consignment, parties[i], &key) > 0)
			add_hit(reducer, key, &hit);
		if (tw_address_key(&at->consignment, parties[i], &key) > 0)
			add_hit(reducer, key, &hit);
	}
	if (shipper >= 0 && consignee >= 0 &&
	    tw_pair_key(&at->consignment, shipper, consignee, &key) > 0) {
		uint32_t trace = tw_party_trace(&at->consignment, consignee);
		uint32_t pair = tw_pair_trace(tw_party_trace(&at->consignment, shipper), trace);
		uint32_t postcode = tw_postcode_trace(&at->consignment, consignee);
		*tw_pair_word(reducer->pairs.postcodes, postcode) |= tw_pair_bit(postcode);
		*tw_pair_word(reducer->pairs.consignees, trace) |= tw_pair_bit(trace);
		*tw_pair_word(reducer->pairs.pairs, pair) |= tw_pair_bit(pair);
		reducer->pairs.any = true;
		add_hit(reducer, key, &hit);
	}
}

static void remember_alert(struct tw_reducer *reducer, struct tw_case *at,
			   const struct tw_alert *alert, const uint64_t *hashes)
{
	struct tw_ledger_alert row = {.sid = alert->sid,
				      .time = at->consignment.record->feed_time,
				      .score = (float)alert->score,
				      .evidence_count = alert->evidence_count};
	tw_alert_id(reducer->emitter->style.sha256, &at->consignment, alert, row.alert_id);
	if (tw_enter_case(reducer, at) >= 0)
		tw_ledger_alert(reducer->ledger, at->entry, &row, hashes);
	remember_hit(reducer, at, alert);
}

/* ---- one alert ------------------------------------------------------------------------ */

/* `key` is room for the shipment's, which the alert names as long as it lives. */
static void write_alert(struct tw_reducer *reducer, struct tw_case *at,
			const struct pending *pending, struct tw_alert *alert,
			char key[TW_SHIPMENT_KEY_SIZE])
{
	struct related_list related = {.count = 0};
	struct tw_ledger_alert former;
	char alias[TW_SHIPMENT_KEY_SIZE];
	bool own = gather_related(reducer, at, pending->detector, &related);
	tw_shipment_key(&at->consignment, key, alias);
	alert->shipment_id = tw_slice_string(key);
	if (at->entry >= 0) {
		alert->shipment_id = tw_ledger_names_of(reducer->ledger, at->entry).id;
		/* A former alert of its own: of this sid, or of any that the detector speaks of. */
		if (alerted_before(tw_ledger_alerts(reducer->ledger, at->entry),
				   own ? 0 : alert->sid, &former))
			relate(reducer, &related, at->shipment);
	}
	alert->related = related.rows;
	alert->related_count = related.count;
	alert->related_more = related.more;
	tw_emit_alert(reducer->emitter, at->feed, &at->consignment, alert, pending->detector);
}

/* The packets of what alerted are kept. A deadline passes in nobody's flow. */
static int keep_packets(struct tw_reducer *reducer, const struct tw_case *at)
{
	if (reducer->keeper == NULL || at->deadline || at->feed->network == NULL)
		return TW_OK;
	return tw_keeper_alert(reducer->keeper, at->feed->network);
}

static int alert_once(struct tw_reducer *reducer, struct tw_case *at, const struct pending *pending)
{
	const struct tw_detector *detector =
		reducer->detectors->entries[pending->detector].detector;
	struct tw_buffer evidence = {0};
	struct tw_buffer hashes = {0};
	gather_evidence(reducer, pending, &evidence);
	struct tw_alert alert = {
		.gid = 1,
		.sid = pending->info->sid,
		.rev = 1,
		.signature = pending->info->title,
		.category = detector->category,
		.detector = detector->name,
		.severity = pending->finding.severity != 0 ? pending->finding.severity
							   : pending->info->severity,
		.score = floor(pending->finding.score + 0.5),
		.reason = pending->finding.reason,
		.deadline = at->deadline,
		.alternate = at->alternate,
		.evidence = (const void *)evidence.data,
		.evidence_count = (unsigned)(evidence.length / sizeof(struct tw_evidence)),
	};
	char key[TW_SHIPMENT_KEY_SIZE];
	bool fresh = false;
	int status = TW_OK;
	at->entry = at->counts || at->alternate ? tw_ledger_find(reducer->ledger, at->shipment) : -1;
	struct tw_slice alerts = at->entry < 0 ? tw_slice(NULL, 0)
					       : tw_ledger_alerts(reducer->ledger, at->entry);
	struct tw_ledger_alert former;
	bool before = alerted_before(alerts, alert.sid, &former);
	for (unsigned i = 0; i < alert.evidence_count; i++) {
		uint64_t hash = evidence_hash(at, &alert.evidence[i]);
		fresh = fresh || !known_hash(alerts, alert.sid, hash);
		tw_buffer_append(&hashes, &hash, sizeof(hash));
	}
	if (before && !fresh) {
		reducer->at->receipt.repeated++;
		reducer->statistics.repeated += !at->alternate;
	} else {
		reducer->at->receipt.alerts++;
		write_alert(reducer, at, pending, &alert, key);
		if (at->counts)
			remember_alert(reducer, at, &alert, (const void *)hashes.data);
		status = keep_packets(reducer, at);
	}
	tw_buffer_free(&evidence);
	tw_buffer_free(&hashes);
	return status;
}

int tw_write_alerts(struct tw_reducer *reducer, struct tw_case *at)
{
	struct tw_buffer entries = {0};
	for (unsigned i = 0; i < reducer->detectors->count; i++)
		if (reducer->findings[i].length > 0)
			gather_pending(reducer, i, &entries);
	unsigned count = pending_count(&entries);
	struct pending *pending = (void *)entries.data;
	if (count > 1)
		qsort(pending, count, sizeof(*pending), by_sid);
	int status = entries.failed ? TW_ERROR_MEMORY : TW_OK;
	for (unsigned i = 0; i < count && status >= 0; i++)
		status = alert_once(reducer, at, &pending[i]);
	tw_buffer_free(&entries);
	return status;
}
