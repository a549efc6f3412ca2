/* SPDX-License-Identifier: Apache-2.0 */
#include "screen/result.h"

struct part_head {
	uint32_t size;
	uint32_t kind;
};

/* One shape for all kinds but evidence and findings: a key, a number, bytes. */
struct keyed_part {
	struct part_head head;
	uint32_t table;
	uint32_t slot;
	struct tw_key key;
	double time;
	uint32_t length;
	uint32_t reserved;
};

#define EVIDENCE_TEXTS 6
struct evidence_part {
	struct part_head head;
	uint32_t sid;
	uint32_t field;
	int32_t value;
	uint32_t start;
	uint32_t length;
	uint32_t reserved;
	double weight;
	uint32_t lengths[EVIDENCE_TEXTS];
};

struct finding_part {
	struct part_head head;
	uint32_t sid;
	int32_t severity;
	double score;
	uint32_t length;
	uint32_t reserved;
};

/* Writes fixed fields and texts as one part. */
static void append_part(struct tw_buffer *bytes, struct part_head *head, size_t head_size,
			const struct tw_slice *texts, unsigned count)
{
	size_t size = head_size;
	for (unsigned i = 0; i < count; i++)
		size += texts[i].length;
	head->size = (uint32_t)((size + 7) & ~(size_t)7);
	if (tw_buffer_reserve(bytes, head->size + 8) < 0)
		return;
	tw_buffer_append(bytes, head, head_size);
	for (unsigned i = 0; i < count; i++)
		tw_buffer_append_slice(bytes, texts[i]);
	tw_buffer_align(bytes, 8);
}

#define TEXT_LIMIT 65536u

void tw_part_evidence(struct tw_buffer *bytes, const struct tw_evidence *evidence)
{
	struct tw_slice texts[EVIDENCE_TEXTS] = {evidence->shown, evidence->match, evidence->list,
						 evidence->status, evidence->family, evidence->why};
	struct evidence_part part = {
		.head.kind = TW_PART_EVIDENCE,
		.sid = evidence->sid,
		.field = (uint32_t)evidence->field,
		.value = evidence->value,
		.start = evidence->start,
		.length = evidence->length,
		.weight = evidence->weight,
	};
	for (unsigned i = 0; i < EVIDENCE_TEXTS; i++) {
		texts[i] = tw_slice_part(texts[i], 0, TEXT_LIMIT);
		part.lengths[i] = (uint32_t)texts[i].length;
	}
	append_part(bytes, &part.head, sizeof(part), texts, EVIDENCE_TEXTS);
}

void tw_part_finding(struct tw_buffer *bytes, const struct tw_finding *finding)
{
	struct tw_slice reason = tw_slice_part(finding->reason, 0, TEXT_LIMIT);
	struct finding_part part = {
		.head.kind = TW_PART_FINDING,
		.sid = finding->sid,
		.severity = finding->severity,
		.score = finding->score,
		.length = (uint32_t)reason.length,
	};
	append_part(bytes, &part.head, sizeof(part), &reason, 1);
}

static void append_keyed(struct tw_buffer *bytes, struct keyed_part part, struct tw_slice payload)
{
	part.length = (uint32_t)payload.length;
	append_part(bytes, &part.head, sizeof(part), &payload, 1);
}

void tw_part_keyed(struct tw_buffer *bytes, enum tw_part_kind kind, const struct tw_state *state)
{
	append_keyed(bytes, (struct keyed_part){.head.kind = kind, .table = state->table,
						.slot = state->slot, .key = state->key},
		     state->bytes);
}

void tw_part_fault(struct tw_buffer *bytes, struct tw_slice sentence)
{
	append_keyed(bytes, (struct keyed_part){.head.kind = TW_PART_FAULT},
		     tw_slice_part(sentence, 0, TEXT_LIMIT));
}

/* ---- what detectors call --------------------------------------------------- */

int tw_add_evidence(struct tw_out *out, const struct tw_evidence *evidence)
{
	if (out->evidence_count >= out->limits->evidence) {
		out->met |= TW_OUT_EVIDENCE;
		return TW_OK; /* counted and told; what was added before still stands */
	}
	out->evidence_count++;
	tw_part_evidence(out->bytes, evidence);
	return out->bytes->failed ? TW_ERROR_MEMORY : TW_OK;
}

static int add_keyed(struct tw_out *out, struct keyed_part part, struct tw_slice payload)
{
	if (part.table >= out->table_count && part.table != TW_TABLE_HITS) {
		out->met |= TW_OUT_TABLE;
		return TW_ERROR_INVALID;
	}
	if (out->observation_count >= out->limits->observations ||
	    payload.length > out->limits->payload_bytes) {
		out->met |= TW_OUT_PAYLOAD;
		return TW_ERROR_LIMIT;
	}
	out->observation_count++;
	append_keyed(out->bytes, part, payload);
	return out->bytes->failed ? TW_ERROR_MEMORY : TW_OK;
}

int tw_observe(struct tw_out *out, unsigned table, struct tw_key key, struct tw_slice payload)
{
	return add_keyed(out, (struct keyed_part){.head.kind = TW_PART_OBSERVATION,
						  .table = table, .key = key}, payload);
}

int tw_claim(struct tw_out *out, unsigned table, struct tw_key key)
{
	return add_keyed(out, (struct keyed_part){.head.kind = TW_PART_CLAIM, .table = table,
						  .key = key}, tw_slice(NULL, 0));
}

struct tw_slice tw_state_bytes(const struct tw_state *state)
{
	return state->bytes;
}

unsigned tw_state_table(const struct tw_state *state)
{
	return state->table & 0xffffu;
}

struct tw_key tw_state_key(const struct tw_state *state)
{
	return state->key;
}

int tw_state_write(struct tw_out *out, const struct tw_state *state, struct tw_slice bytes)
{
	if (bytes.length > out->limits->state_bytes) {
		out->met |= TW_OUT_STATE;
		return TW_ERROR_LIMIT;
	}
	append_keyed(out->bytes, (struct keyed_part){.head.kind = TW_PART_STATE,
						     .table = state->table, .slot = state->slot,
						     .key = state->key}, bytes);
	return out->bytes->failed ? TW_ERROR_MEMORY : TW_OK;
}

int tw_set_deadline(struct tw_out *out, const struct tw_state *state, double time)
{
	append_keyed(out->bytes, (struct keyed_part){.head.kind = TW_PART_DEADLINE,
						     .table = state->table, .slot = state->slot,
						     .key = state->key, .time = time},
		     tw_slice(NULL, 0));
	return out->bytes->failed ? TW_ERROR_MEMORY : TW_OK;
}

int tw_add_related(struct tw_out *out, struct tw_shipment shipment)
{
	struct keyed_part part = {.head.kind = TW_PART_RELATED};
	_Static_assert(sizeof(shipment) == sizeof(part.key), "a shipment travels as a key");
	memcpy(&part.key, &shipment, sizeof(shipment));
	append_keyed(out->bytes, part, tw_slice(NULL, 0));
	return out->bytes->failed ? TW_ERROR_MEMORY : TW_OK;
}

int tw_raise(struct tw_out *out, const struct tw_finding *finding)
{
	tw_part_finding(out->bytes, finding);
	return out->bytes->failed ? TW_ERROR_MEMORY : TW_OK;
}

/* ---- blocks ------------------------------------------------------------------ */

int tw_block_next(struct tw_slice *bytes, struct tw_block *ret_block, struct tw_slice *ret_parts)
{
	struct tw_block block;
	if (bytes->length == 0)
		return 0;
	if (bytes->length < sizeof(block))
		return TW_ERROR_INVALID;
	memcpy(&block, bytes->data, sizeof(block));
	if (block.size < sizeof(block) || block.size > bytes->length || (block.size & 7) != 0)
		return TW_ERROR_INVALID;
	*ret_block = block;
	*ret_parts = tw_slice_part(*bytes, sizeof(block), block.size - sizeof(block));
	*bytes = tw_slice_from(*bytes, block.size);
	return 1;
}

static int read_evidence(struct tw_slice bytes, struct tw_part *part)
{
	struct evidence_part flat;
	struct tw_slice texts[EVIDENCE_TEXTS];
	size_t at = sizeof(flat);
	if (bytes.length < sizeof(flat))
		return TW_ERROR_INVALID;
	memcpy(&flat, bytes.data, sizeof(flat));
	for (unsigned i = 0; i < EVIDENCE_TEXTS; i++) {
		texts[i] = tw_slice_part(bytes, at, flat.lengths[i]);
		if (texts[i].length != flat.lengths[i])
			return TW_ERROR_INVALID;
		at += flat.lengths[i];
	}
	part->evidence = (struct tw_evidence){
		.sid = flat.sid,
		.field = (enum tw_field)flat.field,
		.value = flat.value,
		.start = flat.start,
		.length = flat.length,
		.weight = flat.weight,
		.shown = texts[0],
		.match = texts[1],
		.list = texts[2],
		.status = texts[3],
		.family = texts[4],
		.why = texts[5],
	};
	return 1;
}

static int read_finding(struct tw_slice bytes, struct tw_part *part)
{
	struct finding_part flat;
	if (bytes.length < sizeof(flat))
		return TW_ERROR_INVALID;
	memcpy(&flat, bytes.data, sizeof(flat));
	part->finding = (struct tw_finding){
		.sid = flat.sid,
		.score = flat.score,
		.severity = flat.severity,
		.reason = tw_slice_part(bytes, sizeof(flat), flat.length),
	};
	return part->finding.reason.length == flat.length ? 1 : TW_ERROR_INVALID;
}

static int read_keyed(struct tw_slice bytes, struct tw_part *part)
{
	struct keyed_part flat;
	if (bytes.length < sizeof(flat))
		return TW_ERROR_INVALID;
	memcpy(&flat, bytes.data, sizeof(flat));
	part->table = flat.table;
	part->slot = flat.slot;
	part->key = flat.key;
	part->time = flat.time;
	memcpy(&part->shipment, &flat.key, sizeof(part->shipment));
	part->payload = tw_slice_part(bytes, sizeof(flat), flat.length);
	return part->payload.length == flat.length ? 1 : TW_ERROR_INVALID;
}

int tw_part_next(struct tw_slice *parts, struct tw_part *ret_part)
{
	struct part_head head;
	if (parts->length == 0)
		return 0;
	if (parts->length < sizeof(head))
		return TW_ERROR_INVALID;
	memcpy(&head, parts->data, sizeof(head));
	if (head.size < sizeof(head) || head.size > parts->length || head.kind < TW_PART_EVIDENCE ||
	    head.kind > TW_PART_FAULT)
		return TW_ERROR_INVALID;
	struct tw_slice bytes = tw_slice_part(*parts, 0, head.size);
	*parts = tw_slice_from(*parts, head.size);
	ret_part->kind = (enum tw_part_kind)head.kind;
	ret_part->bytes = bytes;
	if (ret_part->kind == TW_PART_EVIDENCE)
		return read_evidence(bytes, ret_part);
	if (ret_part->kind == TW_PART_FINDING)
		return read_finding(bytes, ret_part);
	return read_keyed(bytes, ret_part);
}

static int check_parts(struct tw_slice parts)
{
	struct tw_part part;
	int status;
	while ((status = tw_part_next(&parts, &part)) > 0)
		if ((part.bytes.length & 7) != 0 ||
		    (part.kind == TW_PART_EVIDENCE && (unsigned)part.evidence.field >= TW_FIELD_LIMIT))
			return TW_ERROR_INVALID;
	return status;
}

int tw_results_check(struct tw_buffer *bytes, size_t from, const struct tw_results_check *check)
{
	struct tw_slice rest = tw_slice_from(tw_buffer_slice(bytes), from);
	struct tw_block block;
	struct tw_slice parts;
	uint32_t last = 0;
	int status;
	while ((status = tw_block_next(&rest, &block, &parts)) > 0) {
		size_t at = bytes->length - rest.length - block.size;
		if (block.detector != check->detector || block.record >= check->count ||
		    block.record < last || check_parts(parts) < 0)
			return TW_ERROR_INVALID;
		last = block.record;
		block.record += check->first;
		memcpy(bytes->data + at, &block, sizeof(block));
	}
	return status;
}
