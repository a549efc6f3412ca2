/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/parts.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/reduce.h"

int tw_parts_create(struct tw_parts *parts, unsigned detector_count)
{
	size_t count = detector_count + 1;
	*parts = (struct tw_parts){.detector_count = detector_count};
	parts->evidence = calloc(count, sizeof(*parts->evidence));
	parts->findings = calloc(count, sizeof(*parts->findings));
	parts->evidence_count = calloc(count, sizeof(*parts->evidence_count));
	parts->observed_count = calloc(count, sizeof(*parts->observed_count));
	return parts->evidence == NULL || parts->findings == NULL ||
			       parts->evidence_count == NULL || parts->observed_count == NULL
		       ? TW_ERROR_MEMORY
		       : TW_OK;
}

void tw_parts_free(struct tw_parts *parts)
{
	if (parts == NULL)
		return;
	for (unsigned i = 0; i < parts->detector_count; i++) {
		if (parts->evidence != NULL)
			tw_buffer_free(&parts->evidence[i]);
		if (parts->findings != NULL)
			tw_buffer_free(&parts->findings[i]);
	}
	free(parts->evidence);
	free(parts->findings);
	free(parts->evidence_count);
	free(parts->observed_count);
	tw_builder_free(&parts->builder);
	tw_buffer_free(&parts->observed);
	tw_buffer_free(&parts->payloads);
	tw_buffer_free(&parts->record);
	free(parts);
}

bool tw_parts_continue(const struct tw_parts *parts, const struct tw_record *record)
{
	return parts != NULL && parts->open && (record->flags & TW_RECORD_PARTIAL) != 0 &&
	       record->base == parts->builder.head.base;
}

/* ---- facts ---------------------------------------------------------------------- */

/* Groups whose items a further part counts on; those of the others begin anew in each. */
static bool goes_on(enum tw_group group)
{
	switch (group) {
	case TW_GROUP_message:
	case TW_GROUP_leg:
	case TW_GROUP_consignment:
	case TW_GROUP_document:
	case TW_GROUP_party:
	case TW_GROUP_place:
		return true;
	default:
		return false;
	}
}

static enum tw_group group_of(const struct tw_entry *entry)
{
	const struct tw_field_info *info = tw_field_info(entry->field);
	return info == NULL ? TW_GROUP_raw : info->group;
}

static bool is_total(unsigned field)
{
	return field == TW_CONSIGNMENT_PIECES || field == TW_CONSIGNMENT_WEIGHT ||
	       field == TW_CONSIGNMENT_NET_WEIGHT || field == TW_CONSIGNMENT_VOLUME;
}

/* Copies a value of a part, its item numbered behind those of the parts before. */
static int copy_value(struct tw_parts *parts, const struct tw_consignment *view, uint32_t index)
{
	enum tw_group group = group_of(&view->entries[index]);
	return tw_builder_copy(&parts->builder, view, index,
			       goes_on(group) ? 0 : parts->items[group]);
}

/* Sums are added up; a total that a part declares stands for all of them. */
static void merge_total(struct tw_parts *parts, const struct tw_consignment *view, uint32_t index)
{
	struct tw_builder *builder = &parts->builder;
	const struct tw_entry *entry = &view->entries[index];
	unsigned field = entry->field;
	unsigned known = builder->head.first[field];
	bool derived = (entry->flags & TW_ENTRY_DERIVED) != 0;
	bool known_derived = known != 0 && (builder->entries[known - 1].flags & TW_ENTRY_DERIVED) != 0;
	if (known == 0 || (known_derived && !derived)) {
		builder->head.first[field] = builder->last[field] = 0;
		copy_value(parts, view, index);
	} else if (known_derived && derived) {
		builder->entries[known - 1].number += entry->number;
	}
}

/* Sums have their texts when all parts are there. */
static void write_totals(struct tw_parts *parts)
{
	struct tw_builder *builder = &parts->builder;
	for (unsigned field = 0; field < TW_FIELD_LIMIT; field++) {
		char text[32];
		unsigned known = is_total(field) ? builder->head.first[field] : 0;
		if (known == 0 || (builder->entries[known - 1].flags & TW_ENTRY_DERIVED) == 0)
			continue;
		struct tw_entry *entry = &builder->entries[known - 1];
		entry->length = (uint32_t)snprintf(text, sizeof(text), "%.12g", entry->number);
		entry->start = (uint32_t)builder->texts.length;
		tw_buffer_append(&builder->texts, text, entry->length);
	}
}

/* What a further part says of the consignment itself, beside what it only says again. */
static void merge_facts(struct tw_parts *parts, const struct tw_consignment *view)
{
	const struct tw_record *record = view->record;
	struct tw_record *head = &parts->builder.head;
	for (uint32_t i = 0; i < view->entry_count; i++) {
		const struct tw_entry *entry = &view->entries[i];
		bool again = (entry->flags & (TW_ENTRY_HEADER | TW_ENTRY_DERIVED)) != 0 ||
			     record->base + entry->origin < parts->end;
		if (is_total(entry->field) && (entry->flags & TW_ENTRY_HEADER) == 0)
			merge_total(parts, view, i);
		else if (!again && goes_on(group_of(entry)))
			copy_value(parts, view, i);
	}
	for (unsigned group = 0; group < TW_GROUP_COUNT; group++)
		if (goes_on((enum tw_group)group) && head->items[group] < record->items[group])
			head->items[group] = record->items[group];
	/* A part knows all that identifies it, so the last one knows it best. */
	head->shipment = record->shipment;
	head->alias = record->alias;
	head->flags = record->flags;
}

/* ---- evidence ------------------------------------------------------------------- */

/* The merged value that is this one: the same bytes of input, or the same derived text. */
static int find_twin(const struct tw_parts *parts, const struct tw_consignment *view, int value)
{
	const struct tw_entry *entry = &view->entries[value];
	struct tw_consignment merged = tw_builder_view(&parts->builder);
	for (int twin = tw_first(&merged, entry->field); twin >= 0; twin = tw_next(&merged, twin)) {
		const struct tw_entry *other = &merged.entries[twin];
		bool derived = (entry->flags & TW_ENTRY_DERIVED) != 0;
		if (((other->flags ^ entry->flags) & (TW_ENTRY_HEADER | TW_ENTRY_DERIVED)) != 0 ||
		    (!derived && other->origin != entry->origin))
			continue;
		if (tw_slice_equal(tw_text(&merged, twin), tw_text(view, value)))
			return twin;
	}
	return -1;
}

static bool same_evidence(const struct tw_evidence *a, const struct tw_evidence *b)
{
	return a->sid == b->sid && a->field == b->field && a->value == b->value &&
	       a->start == b->start && a->length == b->length &&
	       tw_slice_equal(a->shown, b->shown) && tw_slice_equal(a->match, b->match) &&
	       tw_slice_equal(a->list, b->list) && tw_slice_equal(a->status, b->status) &&
	       tw_slice_equal(a->family, b->family) && tw_slice_equal(a->why, b->why) &&
	       !(a->weight < b->weight || a->weight > b->weight);
}

static bool has_evidence(const struct tw_buffer *evidence, const struct tw_evidence *wanted)
{
	struct tw_slice rest = tw_buffer_slice(evidence);
	struct tw_part part;
	while (tw_part_next(&rest, &part) > 0)
		if (same_evidence(&part.evidence, wanted))
			return true;
	return false;
}

static void report_limit(struct tw_reducer *reducer, const struct tw_case *at, unsigned detector,
			 const char *code, const char *what)
{
	char reason[200];
	snprintf(reason, sizeof(reason), "%s: %s; what came after was left out",
		 reducer->detectors->entries[detector].detector->name, what);
	tw_report(reducer, at, code, reason);
}

/* What a part repeats, because it repeats who sends what to whom, counts once. */
static void merge_evidence(struct tw_reducer *reducer, const struct tw_case *at, unsigned detector)
{
	struct tw_parts *parts = reducer->at->parts;
	struct tw_slice rest = tw_buffer_slice(&reducer->evidence[detector]);
	struct tw_part part;
	while (tw_part_next(&rest, &part) > 0) {
		struct tw_evidence evidence = part.evidence;
		int value = evidence.value;
		if (value >= 0 && (uint32_t)value < at->consignment.entry_count)
			evidence.value = find_twin(parts, &at->consignment, value);
		bool fresh = value >= 0 && evidence.value < 0;
		if (!fresh && has_evidence(&parts->evidence[detector], &evidence))
			continue;
		if (parts->evidence_count[detector]++ >= reducer->call.limits.evidence) {
			if (parts->evidence_count[detector] == reducer->call.limits.evidence + 1)
				report_limit(reducer, at, detector, "limit.evidence",
					     "more evidence than limits.evidence");
			continue;
		}
		if (fresh)
			evidence.value = copy_value(parts, &at->consignment, (uint32_t)value);
		tw_part_evidence(&parts->evidence[detector], &evidence);
	}
}

/* ---- observations ----------------------------------------------------------------- */

static bool has_key(const struct tw_buffer *observed, const struct tw_keyed *wanted)
{
	const struct tw_keyed *keyed = (const void *)observed->data;
	for (unsigned i = 0; i < observed->length / sizeof(*keyed); i++)
		if (keyed[i].detector == wanted->detector && keyed[i].table == wanted->table &&
		    keyed[i].claim == wanted->claim &&
		    memcmp(&keyed[i].key, &wanted->key, sizeof(wanted->key)) == 0)
			return true;
	return false;
}

/* As within one record, what is observed first under a key counts. */
static void merge_keys(struct tw_reducer *reducer, const struct tw_case *at)
{
	struct tw_parts *parts = reducer->at->parts;
	const struct tw_keyed *keyed = (const void *)reducer->observed.data;
	for (unsigned i = 0; i < reducer->observed.length / sizeof(*keyed); i++) {
		struct tw_keyed key = keyed[i];
		unsigned *count = &parts->observed_count[key.detector];
		if (has_key(&parts->observed, &key))
			continue;
		if ((*count)++ >= reducer->call.limits.observations) {
			if (*count == reducer->call.limits.observations + 1)
				report_limit(reducer, at, key.detector, "limit.payload",
					     "more than limits.observations");
			continue;
		}
		struct tw_slice payload = tw_slice_part(tw_buffer_slice(&reducer->payloads),
							key.payload_at, key.payload_length);
		key.payload_at = parts->payloads.length;
		tw_buffer_append_slice(&parts->payloads, payload);
		tw_buffer_append(&parts->observed, &key, sizeof(key));
	}
}

/* ---- parts ------------------------------------------------------------------------ */

static void begin(struct tw_parts *parts, const struct tw_case *at)
{
	for (unsigned i = 0; i < parts->detector_count; i++) {
		tw_buffer_clear(&parts->evidence[i]);
		tw_buffer_clear(&parts->findings[i]);
		parts->evidence_count[i] = parts->observed_count[i] = 0;
	}
	tw_buffer_clear(&parts->observed);
	tw_buffer_clear(&parts->payloads);
	memset(parts->items, 0, sizeof(parts->items));
	tw_builder_load(&parts->builder, &at->consignment);
	parts->counts = at->counts;
	parts->packet = at->feed->packet;
	parts->open = true;
}

/* Few streams ever have such a consignment: what it needs is made with the first one. */
static int make_parts(struct tw_reception *reception, unsigned detector_count)
{
	if (reception->parts != NULL)
		return TW_OK;
	struct tw_parts *parts = calloc(1, sizeof(*parts));
	int status = parts == NULL ? TW_ERROR_MEMORY : tw_parts_create(parts, detector_count);
	if (status < 0) {
		tw_parts_free(parts);
		return status;
	}
	reception->parts = parts;
	return TW_OK;
}

int tw_parts_add(struct tw_reducer *reducer, struct tw_case *at, struct tw_slice blocks)
{
	int status = make_parts(reducer->at, reducer->detectors->count);
	if (status < 0)
		return status;
	struct tw_parts *parts = reducer->at->parts;
	const struct tw_record *record = at->consignment.record;
	if (tw_parts_continue(parts, record))
		merge_facts(parts, &at->consignment);
	else
		begin(parts, at);
	tw_clear_case(reducer);
	status = tw_take_answer(reducer, at, blocks, NULL, 0);
	if (status < 0)
		return status;
	tw_gather_keys(reducer, blocks);
	merge_keys(reducer, at);
	for (unsigned i = 0; i < parts->detector_count; i++) {
		merge_evidence(reducer, at, i);
		tw_buffer_append_slice(&parts->findings[i], tw_buffer_slice(&reducer->findings[i]));
	}
	for (unsigned group = 0; group < TW_GROUP_COUNT; group++) {
		unsigned sum = (unsigned)parts->items[group] + record->items[group];
		parts->items[group] = (uint16_t)(sum > UINT16_MAX ? UINT16_MAX : sum);
	}
	parts->end = record->end;
	return parts->builder.failed ? TW_ERROR_MEMORY : TW_OK;
}

/* What the case needs of its parts, in the place of what inspect would have given. */
static void restore_case(struct tw_reducer *reducer)
{
	struct tw_parts *parts = reducer->at->parts;
	tw_clear_case(reducer);
	for (unsigned i = 0; i < parts->detector_count; i++) {
		tw_buffer_append_slice(&reducer->evidence[i], tw_buffer_slice(&parts->evidence[i]));
		tw_buffer_append_slice(&reducer->findings[i], tw_buffer_slice(&parts->findings[i]));
	}
	tw_buffer_append_slice(&reducer->observed, tw_buffer_slice(&parts->observed));
	tw_buffer_append_slice(&reducer->payloads, tw_buffer_slice(&parts->payloads));
}

int tw_parts_conclude(struct tw_reducer *reducer)
{
	struct tw_parts *parts = reducer->at->parts;
	if (parts == NULL || !parts->open)
		return TW_OK;
	struct tw_feed feed = reducer->at->feed;
	struct tw_case at = {.feed = &feed, .entry = -1, .counts = parts->counts,
			     .alternate = reducer->at->origin->alternate};
	feed.packet = parts->packet;
	parts->open = false;
	for (unsigned group = 0; group < TW_GROUP_COUNT; group++)
		if (!goes_on((enum tw_group)group))
			parts->builder.head.items[group] = parts->items[group];
	/* The whole is no part: what is not in it, the shipment takes back. */
	parts->builder.head.flags &= ~TW_RECORD_PARTIAL;
	write_totals(parts);
	tw_buffer_clear(&parts->record);
	int status = tw_builder_write(&parts->builder, parts->end, &parts->record);
	if (status < 0)
		return status;
	at.record = tw_buffer_slice(&parts->record);
	at.consignment = tw_record_trusted(at.record);
	restore_case(reducer);
	return tw_decide_gathered(reducer, &at);
}
