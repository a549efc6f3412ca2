/* SPDX-License-Identifier: Apache-2.0 */
#include "screen/call.h"

#include "base/time.h"

int tw_call_create(struct tw_call *call, const struct tw_detectors *detectors,
		   const struct tw_lists *lists, const struct tw_out_limits *limits)
{
	*call = (struct tw_call){.detectors = detectors, .limits = *limits};
	return tw_scan_scratch_create(lists, &call->scan);
}

void tw_call_free(struct tw_call *call)
{
	tw_scan_scratch_free(call->scan);
	tw_buffer_free(&call->evidence);
	tw_buffer_free(&call->findings);
	tw_buffer_free(&call->states);
	tw_buffer_free(&call->pointers);
	*call = (struct tw_call){0};
}

/* What tw_code() says, without a call: it is asked of every consignment. */
static inline int code_of(const struct tw_consignment *consignment, enum tw_field field)
{
	uint16_t first = consignment->record->first[field];
	double number = first == 0 ? 0 : consignment->entries[first - 1].number;
	return number > 0 ? (int)number : 0;
}

uint32_t tw_call_flags(const struct tw_consignment *consignment)
{
	uint32_t needed = 0;
	int role = code_of(consignment, TW_MESSAGE_ROLE);
	if (role == TW_ROLE_STATUS || role == TW_ROLE_RESPONSE)
		needed |= TW_WANTS_STATUS;
	if (code_of(consignment, TW_CONSIGNMENT_LEVEL) == TW_LEVEL_MESSAGE)
		needed |= TW_WANTS_MESSAGES;
	if (code_of(consignment, TW_CONSIGNMENT_ACTION) == TW_ACTION_CANCEL)
		needed |= TW_WANTS_CANCELS;
	return needed;
}

/* Whoever watches from outside shall see what is being called, also when it does not return. */
static void tell_progress(const struct tw_call *call, uint32_t record)
{
	if (call->progress == NULL)
		return;
	__atomic_store_n(&call->progress->record, record, __ATOMIC_RELAXED);
	__atomic_fetch_add(&call->progress->callbacks, 1, __ATOMIC_RELAXED);
}

static void inspect_one(struct tw_call *call, const struct tw_consignment *consignment,
			uint32_t number, struct tw_buffer *results)
{
	uint32_t needed = tw_call_flags(consignment);
	for (unsigned i = 0; i < call->detectors->count; i++) {
		const struct tw_detector_entry *entry = &call->detectors->entries[i];
		struct tw_out out = {.bytes = results, .limits = &call->limits,
				     .table_count = entry->table_count};
		if ((entry->detector->flags & needed) != needed ||
		    (call->chosen != NULL && !call->chosen[i]))
			continue;
		tell_progress(call, number);
		size_t at = tw_block_begin(results);
		int status = entry->detector->inspect(entry->instance, consignment, &out);
		if ((out.met & TW_OUT_TABLE) != 0)
			status = TW_ERROR_INVALID;
		if (status < 0 && !results->failed)
			results->length = at + sizeof(struct tw_block);
		tw_block_end(results, at, (struct tw_block){.detector = (uint16_t)i,
							    .met = (uint16_t)out.met,
							    .status = status < 0 ? status : 0,
							    .record = number});
	}
}

static int view_record(const struct tw_call *call, struct tw_slice record,
		       struct tw_consignment *ret_consignment)
{
	if (call->foreign)
		return tw_record_view(record, ret_consignment);
	*ret_consignment = tw_record_trusted(record);
	return TW_OK;
}

int tw_call_inspect(struct tw_call *call, struct tw_slice records, struct tw_buffer *results)
{
	for (uint32_t number = 0; records.length > 0; number++) {
		struct tw_consignment consignment;
		int status = view_record(call, records, &consignment);
		if (status < 0)
			return status;
		double start = call->timed ? tw_time_elapsed() : 0;
		/* What a message's record holds was scanned with each of its consignments. */
		if ((consignment.record->flags & TW_RECORD_MESSAGE) == 0)
			status = tw_scan(call->scan, &consignment);
		if (status < 0)
			return status;
		double scanned = call->timed ? tw_time_elapsed() : 0;
		inspect_one(call, &consignment, number, results);
		status = tw_scan_status(call->scan);
		if (status < 0)
			return status;
		if (call->timed) {
			call->scan_seconds += scanned - start;
			call->detector_seconds += tw_time_elapsed() - scanned;
		}
		records = tw_slice_from(records, consignment.record->size);
	}
	return results->failed ? TW_ERROR_MEMORY : TW_OK;
}

int tw_call_correlate(struct tw_call *call, const struct tw_correlate_request *request,
		      struct tw_buffer *results)
{
	const struct tw_detector_entry *entry = &call->detectors->entries[request->detector];
	const struct tw_detector *detector = entry->detector;
	struct tw_out out = {.bytes = results, .limits = &call->limits};
	struct tw_state state = {
		.table = request->observation.table,
		.key = request->observation.key,
		.bytes = request->state,
	};
	int (*callback)(const void *, const struct tw_observation *, const struct tw_state *,
			struct tw_out *) = request->expired ? detector->expired
							    : detector->correlate;
	if (callback == NULL)
		return TW_OK;
	tell_progress(call, 0);
	size_t at = tw_block_begin(results);
	int status = callback(entry->instance, &request->observation, &state, &out);
	if (status < 0 && !results->failed)
		results->length = at + sizeof(struct tw_block);
	tw_block_end(results, at, (struct tw_block){.detector = (uint16_t)request->detector,
						    .met = (uint16_t)out.met,
						    .status = status < 0 ? status : 0});
	return results->failed ? TW_ERROR_MEMORY : TW_OK;
}

/* Appends one element to an array kept in a buffer. */
#define ARRAY_ADD(buffer, element) tw_buffer_append((buffer), &(element), sizeof(element))
#define ARRAY_COUNT(buffer, type) ((unsigned)((buffer)->length / sizeof(type)))

/* Spreads the flat parts of a request into the arrays conclude is given. */
static int spread_request(struct tw_call *call, const struct tw_conclude_request *request)
{
	struct tw_slice sources[] = {request->evidence, request->findings, request->states};
	uint32_t slot = 0;
	tw_buffer_clear(&call->evidence);
	tw_buffer_clear(&call->findings);
	tw_buffer_clear(&call->states);
	tw_buffer_clear(&call->pointers);
	for (unsigned i = 0; i < 3; i++) {
		struct tw_part part;
		int status;
		while ((status = tw_part_next(&sources[i], &part)) > 0) {
			struct tw_state state = {slot, part.table, part.key, part.payload};
			if (part.kind == TW_PART_EVIDENCE)
				ARRAY_ADD(&call->evidence, part.evidence);
			else if (part.kind == TW_PART_FINDING)
				ARRAY_ADD(&call->findings, part.finding);
			else if (part.kind == TW_PART_STATE)
				ARRAY_ADD(&call->states, state);
			slot += part.kind == TW_PART_STATE;
		}
		if (status < 0)
			return status;
	}
	for (uint32_t i = 0; i < slot; i++) {
		const struct tw_state *state =
			(const struct tw_state *)(const void *)call->states.data + i;
		ARRAY_ADD(&call->pointers, state);
	}
	return call->evidence.failed || call->findings.failed || call->states.failed ||
			       call->pointers.failed
		       ? TW_ERROR_MEMORY
		       : TW_OK;
}

/* The conclusion of a detector without conclude(): all its evidence, for its strongest finding. */
static int conclude_by_default(const struct tw_detector_entry *entry,
			       const struct tw_conclusion *conclusion, struct tw_out *out)
{
	double best = 0;
	uint32_t sid = entry->detector->findings[0].sid;
	struct tw_slice reason = {NULL, 0};
	for (unsigned i = 0; i < conclusion->evidence_count; i++) {
		const struct tw_evidence *evidence = &conclusion->evidence[i];
		if (evidence->weight > best) {
			best = evidence->weight;
			sid = evidence->sid != 0 ? evidence->sid : sid;
			reason = evidence->why;
		}
	}
	if (!(best > 0))
		return TW_OK;
	return tw_raise(out, &(struct tw_finding){
		.sid = sid,
		.score = tw_combine(conclusion->evidence, conclusion->evidence_count),
		.reason = reason});
}

int tw_call_conclude(struct tw_call *call, const struct tw_conclude_request *request,
		     struct tw_buffer *results)
{
	const struct tw_detector_entry *entry = &call->detectors->entries[request->detector];
	struct tw_out out = {.bytes = results, .limits = &call->limits};
	struct tw_consignment consignment;
	int status = view_record(call, request->record, &consignment);
	if (status >= 0)
		status = spread_request(call, request);
	if (status < 0)
		return status;
	struct tw_conclusion conclusion = {
		.evidence = (const void *)call->evidence.data,
		.evidence_count = ARRAY_COUNT(&call->evidence, struct tw_evidence),
		.findings = (const void *)call->findings.data,
		.finding_count = ARRAY_COUNT(&call->findings, struct tw_finding),
		.states = (const void *)call->pointers.data,
		.state_count = ARRAY_COUNT(&call->pointers, const struct tw_state *),
		.deadline = request->deadline,
		.earlier = (const void *)request->earlier.data,
		.earlier_count = (unsigned)(request->earlier.length / sizeof(struct tw_hit)),
	};
	tell_progress(call, 0);
	size_t at = tw_block_begin(results);
	status = entry->detector->conclude == NULL
			 ? conclude_by_default(entry, &conclusion, &out)
			 : entry->detector->conclude(entry->instance, &consignment, &conclusion,
						     &out);
	if (status < 0 && !results->failed)
		results->length = at + sizeof(struct tw_block);
	tw_block_end(results, at, (struct tw_block){.detector = (uint16_t)request->detector,
						    .met = (uint16_t)out.met,
						    .status = status < 0 ? status : 0});
	return results->failed ? TW_ERROR_MEMORY : TW_OK;
}
