/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "engine/reduce.h"
#include "model/derive.h"

/* ---- anchors ------------------------------------------------------------------ */

/*
 * An anchor is what a deadline needs to speak of its consignment later: the
 * record, then source, path and layers of its feed, zero-terminated, an empty
 * string at the end; for captures then the packet and where it came from.
 */
static void write_anchor(const struct tw_case *at, struct tw_buffer *out)
{
	tw_buffer_clear(out);
	tw_buffer_append_slice(out, at->record);
	tw_buffer_append(out, at->feed->source, strlen(at->feed->source) + 1);
	tw_buffer_append(out, at->feed->path, strlen(at->feed->path) + 1);
	for (const char *const *layer = at->feed->layers; *layer != NULL; layer++)
		tw_buffer_append(out, *layer, strlen(*layer) + 1);
	tw_buffer_append_byte(out, '\0');
	if (at->feed->network == NULL)
		return;
	tw_buffer_append(out, &at->feed->packet, sizeof(at->feed->packet));
	tw_buffer_append(out, at->feed->network, sizeof(*at->feed->network));
}

/* ---- answers ------------------------------------------------------------------ */

static void take_state(struct tw_reducer *reducer, const struct tw_keyed *key,
		       const struct tw_part *part)
{
	int64_t slot = tw_store_touch(reducer->store, key->table, key->key);
	if (slot >= 0)
		tw_store_write(reducer->store, slot, part->payload);
}

static void take_deadline(struct tw_reducer *reducer, const struct tw_case *at,
			  const struct tw_keyed *key, double time)
{
	int64_t slot = time > 0 ? tw_store_touch(reducer->store, key->table, key->key)
				: tw_store_find(reducer->store, key->table, key->key);
	if (slot < 0)
		return;
	write_anchor(at, &reducer->work);
	tw_store_deadline(reducer->store, slot, time, tw_buffer_slice(&reducer->work));
}

static void report_limits(struct tw_reducer *reducer, const struct tw_case *at,
			  const struct tw_block *block)
{
	static const struct { unsigned bit; const char *code, *what; } rows[] = {
		{TW_OUT_EVIDENCE, "limit.evidence", "more evidence than limits.evidence"},
		{TW_OUT_PAYLOAD, "limit.payload",
		 "an observation larger than limits.payload_bytes, or more than limits.observations"},
		{TW_OUT_STATE, "limit.state", "a state larger than limits.state_bytes"},
	};
	const char *name = reducer->detectors->entries[block->detector].detector->name;
	char reason[200];
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if ((block->met & rows[i].bit) == 0)
			continue;
		snprintf(reason, sizeof(reason), "%s: %s; what came after was left out", name,
			 rows[i].what);
		tw_report(reducer, at, rows[i].code, reason);
	}
}

/* What the process of an isolated detector came to, or nothing. */
static struct tw_slice fault_of(struct tw_slice parts)
{
	struct tw_part part;
	while (tw_part_next(&parts, &part) > 0)
		if (part.kind == TW_PART_FAULT)
			return part.payload;
	return tw_slice(NULL, 0);
}

/* A detector that is out for the rest of the run is told once for each interchange. */
static bool told_before(struct tw_reducer *reducer, unsigned detector)
{
	bool *told = &reducer->at->out_told[detector];
	bool before = *told;
	*told = true;
	return before;
}

static void report_failure(struct tw_reducer *reducer, const struct tw_case *at,
			   const struct tw_block *block, struct tw_slice parts)
{
	const char *name = reducer->detectors->entries[block->detector].detector->name;
	bool out = (block->met & TW_OUT_ENDED) != 0;
	struct tw_slice fault = fault_of(parts);
	char shipment[TW_SHIPMENT_KEY_SIZE];
	char alias[TW_SHIPMENT_KEY_SIZE];
	char reason[480];
	reducer->at->receipt.fault = true;
	if (out && told_before(reducer, block->detector))
		return;
	tw_shipment_key(&at->consignment, shipment, alias);
	if (fault.length > 0)
		snprintf(reason, sizeof(reason), "%s, on %s, %.*s%s", name, shipment,
			 (int)fault.length, fault.data,
			 out ? "; it is out for the rest of the run (plugins.isolate_restarts)" : "");
	else
		snprintf(reason, sizeof(reason), "%s failed on %s: %s", name, shipment,
			 tw_status_text(block->status));
	tw_report(reducer, at, "plugin.failed", reason);
}

static void report_block(struct tw_reducer *reducer, const struct tw_case *at,
			 const struct tw_block *block, struct tw_slice parts)
{
	if (block->met != 0)
		report_limits(reducer, at, block);
	if (block->status < 0)
		report_failure(reducer, at, block, parts);
}

static void take_part(struct tw_reducer *reducer, struct tw_case *at, unsigned detector,
		      const struct tw_keyed *key, const struct tw_part *part)
{
	switch (part->kind) {
	case TW_PART_EVIDENCE:
		tw_buffer_append_slice(&reducer->evidence[detector], part->bytes);
		break;
	case TW_PART_FINDING:
		tw_buffer_append_slice(&reducer->findings[detector], part->bytes);
		break;
	case TW_PART_RELATED:
		tw_buffer_append(&reducer->related[detector], &part->shipment,
				 sizeof(part->shipment));
		break;
	case TW_PART_STATE:
		if (key != NULL && at->counts)
			take_state(reducer, key, part);
		break;
	case TW_PART_DEADLINE:
		if (key != NULL && at->counts)
			take_deadline(reducer, at, key, part->time);
		break;
	case TW_PART_OBSERVATION:
	case TW_PART_CLAIM:
		break; /* only inspect's count, and those are read by decide.c */
	case TW_PART_FAULT:
		break; /* told already */
	}
}

int tw_take_answer(struct tw_reducer *reducer, struct tw_case *at, struct tw_slice answer,
		   const struct tw_keyed *keys, unsigned key_count)
{
	struct tw_block block;
	struct tw_slice parts;
	int status;
	while ((status = tw_block_next(&answer, &block, &parts)) > 0) {
		struct tw_part part;
		if (block.detector >= reducer->detectors->count)
			return TW_ERROR_INVALID;
		report_block(reducer, at, &block, parts);
		while ((status = tw_part_next(&parts, &part)) > 0)
			take_part(reducer, at, block.detector,
				  part.slot < key_count ? &keys[part.slot] : NULL, &part);
		if (status < 0)
			return status;
	}
	return status;
}

/* ---- the ledger ---------------------------------------------------------------- */

int64_t tw_enter_case(struct tw_reducer *reducer, struct tw_case *at)
{
	char key[TW_SHIPMENT_KEY_SIZE];
	char alias[TW_SHIPMENT_KEY_SIZE];
	bool own = at->shipment.low == at->consignment.record->shipment.low &&
		   at->shipment.high == at->consignment.record->shipment.high;
	if (at->entry >= 0) /* an earlier call of this case may have evicted it */
		at->entry = tw_ledger_find(reducer->ledger, at->shipment);
	if (at->entry >= 0 && !own)
		return at->entry;
	tw_shipment_key(&at->consignment, key, alias);
	struct tw_slice house = tw_document(&at->consignment, TW_DOCUMENT_HOUSE);
	if (house.length == 0)
		house = tw_document(&at->consignment, TW_DOCUMENT_BILL);
	at->entry = tw_ledger_enter(reducer->ledger, at->shipment, &(struct tw_ledger_names){
		.id = tw_slice_string(key),
		.master = tw_document(&at->consignment, TW_DOCUMENT_MASTER),
		.house = house,
		.time = at->consignment.record->feed_time});
	/* It matters from here on what else the shipment is known as. */
	struct tw_shipment booking = own ? at->consignment.record->alias
					 : at->consignment.record->shipment;
	if (at->entry >= 0 && (booking.high | booking.low) != 0) {
		tw_ledger_join(reducer->ledger, booking, at->shipment);
		at->entry = tw_ledger_find(reducer->ledger, at->shipment);
	}
	return at->entry;
}

static bool contribution_next(struct tw_slice *bytes, struct tw_contribution *ret_head,
			      struct tw_slice *ret_payload, struct tw_slice *ret_whole)
{
	if (bytes->length < sizeof(*ret_head))
		return false;
	memcpy(ret_head, bytes->data, sizeof(*ret_head));
	*ret_payload = tw_slice_part(*bytes, sizeof(*ret_head), ret_head->payload_length);
	*ret_whole = tw_slice_part(*bytes, 0, sizeof(*ret_head) + ret_payload->length);
	*bytes = tw_slice_from(*bytes, ret_whole->length);
	return true;
}

static bool find_contribution(struct tw_slice bytes, uint32_t table, const struct tw_key *key,
			      struct tw_slice *ret_payload)
{
	struct tw_contribution head;
	struct tw_slice whole;
	while (contribution_next(&bytes, &head, ret_payload, &whole))
		if (head.table == table && memcmp(&head.key, key, sizeof(*key)) == 0)
			return true;
	*ret_payload = tw_slice(NULL, 0);
	return false;
}

static void append_contribution(struct tw_buffer *out, const struct tw_keyed *key,
				struct tw_slice payload)
{
	struct tw_contribution head = {.table = key->table, .key = key->key,
				       .payload_length = (uint32_t)payload.length};
	tw_buffer_append(out, &head, sizeof(head));
	tw_buffer_append_slice(out, payload);
}

/* ---- operations ----------------------------------------------------------------- */

static int tell(struct tw_reducer *reducer, struct tw_case *at, const struct tw_keyed *key,
		struct tw_observation observation)
{
	int64_t slot = tw_store_find(reducer->store, key->table, key->key);
	bool answers = observation.operation == TW_ADD || observation.operation == TW_UPDATE;
	size_t evidence = reducer->evidence[key->detector].length;
	size_t related = reducer->related[key->detector].length;
	observation.table = key->table & 0xffffu;
	observation.key = key->key;
	observation.shipment = at->shipment;
	observation.time = at->consignment.record->feed_time;
	tw_buffer_clear(&reducer->answers);
	int status = tw_runner_correlate(reducer->runner, &reducer->call,
					 &(struct tw_correlate_request){
						 .detector = key->detector,
						 .observation = observation,
						 .state = slot < 0 ? tw_slice(NULL, 0)
								   : tw_store_bytes(reducer->store,
										    slot)},
					 &reducer->answers);
	if (status >= 0)
		status = tw_take_answer(reducer, at, tw_buffer_slice(&reducer->answers), key, 1);
	if (!answers) {
		reducer->evidence[key->detector].length = evidence;
		reducer->related[key->detector].length = related;
	}
	return status;
}

static const struct tw_keyed *observed_at(const struct tw_reducer *reducer, unsigned index)
{
	return (const struct tw_keyed *)(const void *)reducer->observed.data + index;
}

static unsigned observed_count(const struct tw_reducer *reducer)
{
	return (unsigned)(reducer->observed.length / sizeof(struct tw_keyed));
}

static struct tw_slice payload_of(const struct tw_reducer *reducer, const struct tw_keyed *key)
{
	return tw_slice_part(tw_buffer_slice(&reducer->payloads), key->payload_at,
			     key->payload_length);
}

static bool observes(const struct tw_reducer *reducer, uint32_t table, const struct tw_key *key)
{
	for (unsigned i = 0; i < observed_count(reducer); i++) {
		const struct tw_keyed *keyed = observed_at(reducer, i);
		if (!keyed->claim && keyed->table == table &&
		    memcmp(&keyed->key, key, sizeof(*key)) == 0)
			return true;
	}
	return false;
}

static bool observes_table(const struct tw_reducer *reducer, uint32_t table)
{
	for (unsigned i = 0; i < observed_count(reducer); i++)
		if (!observed_at(reducer, i)->claim && observed_at(reducer, i)->table == table)
			return true;
	return false;
}

/*
 * What the shipment contributed and does no more. A message that has nothing to say
 * in a table (a despatch advice without a shipper, behind the manifest) takes nothing
 * back there, unless it says that it amends or cancels what was said before.
 */
static int retract_old(struct tw_reducer *reducer, struct tw_case *at, struct tw_slice old,
		       int action)
{
	bool cancelled = action == TW_ACTION_CANCEL;
	bool amends = cancelled || action == TW_ACTION_CHANGE || action == TW_ACTION_REPLACE;
	struct tw_contribution head;
	struct tw_slice payload;
	struct tw_slice whole;
	int status = TW_OK;
	while (status >= 0 && contribution_next(&old, &head, &payload, &whole)) {
		struct tw_keyed key = {.detector = head.table >> 16, .table = head.table,
				       .key = head.key};
		if (!cancelled && observes(reducer, head.table, &head.key))
			continue;
		if (!amends && !observes_table(reducer, head.table)) {
			tw_buffer_append_slice(&reducer->contributions, whole);
			continue;
		}
		if (key.detector < reducer->detectors->count)
			status = tell(reducer, at, &key,
				      (struct tw_observation){.operation = TW_RETRACT,
							      .before = payload});
	}
	return status;
}

/* What it contributes now: new keys are added, changed ones updated, the same is no call at all. */
static int add_new(struct tw_reducer *reducer, struct tw_case *at, struct tw_slice old)
{
	int status = TW_OK;
	for (unsigned i = 0; i < observed_count(reducer) && status >= 0; i++) {
		const struct tw_keyed key = *observed_at(reducer, i);
		struct tw_slice before;
		struct tw_slice now = payload_of(reducer, &key);
		if (key.claim ||
		    find_contribution(tw_buffer_slice(&reducer->contributions), key.table, &key.key,
				      &before))
			continue;
		bool known = find_contribution(old, key.table, &key.key, &before);
		append_contribution(&reducer->contributions, &key, now);
		if (!known || !tw_slice_equal(before, now))
			status = tell(reducer, at, &key,
				      (struct tw_observation){
					      .operation = known ? TW_UPDATE : TW_ADD,
					      .before = before,
					      .now = now});
	}
	return status;
}

static int note_all(struct tw_reducer *reducer, struct tw_case *at, struct tw_slice old)
{
	int status = TW_OK;
	for (unsigned i = 0; i < observed_count(reducer) && status >= 0; i++) {
		const struct tw_keyed key = *observed_at(reducer, i);
		struct tw_slice before;
		if (key.claim)
			continue;
		find_contribution(old, key.table, &key.key, &before);
		status = tell(reducer, at, &key,
			      (struct tw_observation){.operation = TW_NOTE, .before = before,
						      .now = payload_of(reducer, &key)});
	}
	return status;
}

int tw_correlate_case(struct tw_reducer *reducer, struct tw_case *at)
{
	int role = tw_code(&at->consignment, TW_MESSAGE_ROLE);
	int action = tw_code(&at->consignment, TW_CONSIGNMENT_ACTION);
	struct tw_buffer old = {0};
	int status = TW_OK;
	if (at->entry >= 0)
		tw_buffer_append_slice(&old, tw_ledger_contributions(reducer->ledger, at->entry));
	if (observed_count(reducer) == 0 && old.length == 0)
		return TW_OK;
	tw_buffer_clear(&reducer->contributions);
	if (role == TW_ROLE_STATUS || role == TW_ROLE_RESPONSE) {
		status = note_all(reducer, at, tw_buffer_slice(&old));
	} else if (action == TW_ACTION_DUPLICATE && old.length > 0) {
		status = TW_OK; /* says itself that it says nothing new */
	} else {
		bool cancelled = action == TW_ACTION_CANCEL;
		status = retract_old(reducer, at, tw_buffer_slice(&old), action);
		if (status >= 0 && !cancelled)
			status = add_new(reducer, at, tw_buffer_slice(&old));
		bool changed = !tw_slice_equal(tw_buffer_slice(&old),
					       tw_buffer_slice(&reducer->contributions));
		if (status >= 0 && changed && tw_enter_case(reducer, at) >= 0)
			status = tw_ledger_contribute(reducer->ledger, at->entry,
						      tw_buffer_slice(&reducer->contributions));
	}
	tw_buffer_free(&old);
	return status;
}
