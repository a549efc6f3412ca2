/* SPDX-License-Identifier: Apache-2.0 */
#include "pill_press.h"

/* Phrases of tableting_context.tsv that stand in this consignment. */
#define CONTEXT_LIMIT 48u
struct context {
	struct tw_match traps[CONTEXT_LIMIT];
	unsigned trap_count;
	struct tw_match pills[CONTEXT_LIMIT]; /* words for pills */
	unsigned pill_count;
	struct tw_match trades[CONTEXT_LIMIT]; /* words of other trades */
	unsigned trade_count;
	struct tw_match imprints[CONTEXT_LIMIT]; /* what counterfeit pills bear; in pills too */
	unsigned imprint_count;
	struct tw_goods_cursor items; /* of the terms */
};

struct tw_slice pill_press_shown(const struct tw_consignment *consignment,
				 const struct tw_match *match, char buffer[128])
{
	struct tw_slice part =
		tw_slice_part(tw_text(consignment, match->value), match->start, match->length);
	return tw_slice(buffer, tw_normalise(part, buffer, 128));
}

static bool overlap(const struct tw_match *a, const struct tw_match *b)
{
	return a->value == b->value && a->start < b->start + b->length &&
	       b->start < a->start + a->length;
}

static bool overlaps_any(const struct tw_match *match, const struct tw_match *others, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (overlap(match, &others[i]))
			return true;
	return false;
}

static void read_context(const struct pill_press *instance,
			 const struct tw_consignment *consignment, struct context *context)
{
	struct tw_match match = {0};
	while (tw_match_next(consignment, instance->context, &match)) {
		struct tw_slice kind =
			tw_list_cell(instance->context, match.row, instance->context_kind);
		bool imprint = tw_slice_is(kind, "imprint");
		if (imprint && context->imprint_count < CONTEXT_LIMIT)
			context->imprints[context->imprint_count++] = match;
		if (tw_slice_is(kind, "trap") && context->trap_count < CONTEXT_LIMIT)
			context->traps[context->trap_count++] = match;
		else if ((imprint || tw_slice_is(kind, "context")) && context->pill_count < CONTEXT_LIMIT)
			context->pills[context->pill_count++] = match;
		else if (tw_slice_is(kind, "trade") && context->trade_count < CONTEXT_LIMIT)
			context->trades[context->trade_count++] = match;
	}
	/* TABLET in TABLET PC is no word for a pill. */
	unsigned kept = 0;
	for (unsigned i = 0; i < context->pill_count; i++)
		if (!overlaps_any(&context->pills[i], context->traps, context->trap_count))
			context->pills[kept++] = context->pills[i];
	context->pill_count = kept;
}

/* Bytes between a word for a press and one for pills that still belong together. */
#define NEAR_BYTES 24u

static bool any_near(const struct tw_match *pills, unsigned count, const struct tw_match *match)
{
	for (unsigned i = 0; i < count; i++) {
		const struct tw_match *pill = &pills[i];
		bool behind = pill->start >= match->start;
		uint32_t end = behind ? match->start + match->length : pill->start + pill->length;
		uint32_t next = behind ? pill->start : match->start;
		if (pill->value == match->value && next >= end && next - end <= NEAR_BYTES)
			return true;
	}
	return false;
}

/* A word of another trade explains the goods it stands with, not another item. */
static bool other_trade(const struct tw_consignment *consignment, struct context *context,
			const struct tw_match *match)
{
	int item = context->trade_count == 0
			   ? -1
			   : tw_goods_cursor_item(&context->items, consignment, match->value);
	for (unsigned i = 0; i < context->trade_count; i++)
		if (tw_goods_concerns(consignment, context->trades[i].value, item))
			return true;
	return false;
}

/* What a term says here, or KIND_NONE where it means something else. */
static enum term_kind judge(const struct pill_press *instance,
			    const struct tw_consignment *consignment, struct context *context,
			    const struct tw_match *match)
{
	static const struct {
		const char *kind;
		enum term_kind says;
		bool open; /* to other trades */
		enum { NO_PILLS, PILLS, PILLS_NEAR, IMPRINT_NEAR } beside;
	} KINDS[] = {{"machine", KIND_MACHINE, false, NO_PILLS},
		     {"part", KIND_PART, false, NO_PILLS},
		     {"open", KIND_MACHINE, true, NO_PILLS},
		     {"open_part", KIND_PART, true, NO_PILLS},
		     {"tool", KIND_PART, true, PILLS},
		     {"near", KIND_MACHINE, true, PILLS_NEAR},
		     {"near_part", KIND_PART, true, PILLS_NEAR},
		     {"imprinted", KIND_PART, true, IMPRINT_NEAR}};
	struct tw_slice kind = tw_list_cell(instance->terms, match->row, instance->term_kind);
	if (overlaps_any(match, context->traps, context->trap_count))
		return KIND_NONE;
	for (size_t i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++) {
		if (!tw_slice_is(kind, KINDS[i].kind))
			continue;
		bool not_here = (KINDS[i].open && other_trade(consignment, context, match)) ||
				(KINDS[i].beside == PILLS && context->pill_count == 0) ||
				(KINDS[i].beside == PILLS_NEAR &&
				 !any_near(context->pills, context->pill_count, match)) ||
				(KINDS[i].beside == IMPRINT_NEAR &&
				 !any_near(context->imprints, context->imprint_count, match));
		return not_here ? KIND_NONE : KINDS[i].says;
	}
	return KIND_NONE;
}

/* Keeps the longest of overlapping terms: TABLET PRESS DIES are dies, not a press. */
static void keep(struct terms_found *found, const struct term_found *term)
{
	for (unsigned i = 0; i < found->count; i++) {
		if (!overlap(&found->terms[i].match, &term->match))
			continue;
		if (term->match.length > found->terms[i].match.length)
			found->terms[i] = *term;
		return;
	}
	if (found->count < TERM_LIMIT)
		found->terms[found->count++] = *term;
}

/* The terms that name it, or those that only come near to that. */
static void read_terms(const struct pill_press *instance, const struct tw_consignment *consignment,
		       struct context *context, bool near, struct terms_found *found)
{
	struct tw_match match = {0};
	while (tw_match_next(consignment, instance->terms, &match)) {
		struct tw_slice kind = tw_list_cell(instance->terms, match.row, instance->term_kind);
		if (tw_slice_starts(kind, TW_LITERAL("near")) != near)
			continue;
		enum term_kind says = judge(instance, consignment, context, &match);
		if (says == KIND_NONE)
			continue;
		keep(found, &(struct term_found){match, says,
			tw_list_number(instance->terms, match.row, instance->term_weight, 0.5)});
	}
}

void pill_press_terms(const struct pill_press *instance, const struct tw_consignment *consignment,
		      struct terms_found *ret_found)
{
	struct context context = {.items = tw_goods_cursor(consignment)};
	*ret_found = (struct terms_found){0};
	if (tw_match_count(consignment, instance->terms) == 0)
		return;
	read_context(instance, consignment, &context);
	read_terms(instance, consignment, &context, false, ret_found);
	if (ret_found->count == 0)
		read_terms(instance, consignment, &context, true, ret_found);
	for (unsigned i = 0; i < ret_found->count; i++)
		if (ret_found->kind != KIND_MACHINE)
			ret_found->kind = ret_found->terms[i].kind;
}

static bool identifier_character(int c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c == '-' || c == '/' || c == '.';
}

/* Five digits at least, not all the same: no year, no date, no 000000, no TBA. */
static bool looks_like_number(struct tw_slice token)
{
	unsigned digits = 0, dashes = 0;
	bool varied = false;
	int first = -1;
	for (size_t i = 0; i < token.length; i++) {
		int c = tw_slice_at(token, i);
		dashes += c == '-' || c == '/' || c == '.';
		if (c < '0' || c > '9')
			continue;
		digits++;
		varied |= first >= 0 && c != first;
		first = first < 0 ? c : first;
	}
	bool date = token.length == 10 && digits == 8 && dashes == 2;
	return digits >= 5 && varied && !date;
}

/* A number among the next few words of a text. */
static bool number_follows(struct tw_slice text, size_t from)
{
	struct tw_slice rest = tw_slice_part(text, from, 48);
	for (size_t at = 0; at < rest.length; at++) {
		size_t start = at;
		while (identifier_character(tw_slice_at(rest, at)))
			at++;
		if (looks_like_number(tw_slice_part(rest, start, at - start)))
			return true;
	}
	return false;
}

/* RFF+DEA:... or a note whose subject says so: the label stands beside the text. */
static bool labelled_field(const struct tw_consignment *consignment, enum tw_field label,
			   enum tw_field content, struct tw_match *ret_match)
{
	struct tw_cursor contents = {.field = content};
	for (int value = tw_first(consignment, label); value >= 0;
	     value = tw_next(consignment, value)) {
		if (!tw_slice_starts(tw_text(consignment, value), TW_LITERAL("DEA")))
			continue;
		int text = tw_cursor_find(&contents, consignment, tw_item(consignment, value));
		if (!number_follows(tw_text(consignment, text), 0))
			continue;
		*ret_match = (struct tw_match){.value = text};
		return true;
	}
	return false;
}

/* Where a label of the list ends in a text, or 0 where none stands in it. */
static size_t after_label(const struct pill_press *instance, const char *words)
{
	for (unsigned row = 0; row < tw_list_rows(instance->context); row++) {
		char label[64];
		if (!tw_slice_is(tw_list_cell(instance->context, (int)row, instance->context_kind),
				 "reference"))
			continue;
		tw_normalise(tw_list_cell(instance->context, (int)row, instance->context_term), label,
			     sizeof(label));
		const char *found = strstr(words, label);
		if (found != NULL)
			return (size_t)(found - words) + strlen(label);
	}
	return 0;
}

/* A declaration's number is a document, whose numbers are not scanned for terms. */
static bool labelled_document(const struct pill_press *instance,
			      const struct tw_consignment *consignment, struct tw_match *ret_match)
{
	for (int value = tw_first(consignment, TW_DOCUMENT_NUMBER); value >= 0;
	     value = tw_next(consignment, value)) {
		char words[128];
		size_t length = tw_normalise(tw_text(consignment, value), words, sizeof(words));
		size_t end = after_label(instance, words);
		/* The words view has a blank where the text has 452-2026-008813: any long number does. */
		if (end == 0 || !number_follows(tw_slice(words, length), end))
			continue;
		*ret_match = (struct tw_match){.value = value};
		return true;
	}
	return false;
}

bool pill_press_reference(const struct pill_press *instance,
			  const struct tw_consignment *consignment, struct tw_match *ret_match)
{
	struct tw_match match = {0};
	while (tw_match_next(consignment, instance->context, &match)) {
		struct tw_slice kind =
			tw_list_cell(instance->context, match.row, instance->context_kind);
		if (!tw_slice_is(kind, "reference") ||
		    !number_follows(tw_text(consignment, match.value),
				    (size_t)match.start + match.length))
			continue;
		*ret_match = match;
		return true;
	}
	return labelled_document(instance, consignment, ret_match) ||
	       labelled_field(consignment, TW_REFERENCE_QUALIFIER, TW_REFERENCE_VALUE, ret_match) ||
	       labelled_field(consignment, TW_NOTE_SUBJECT, TW_NOTE_TEXT, ret_match);
}

bool pill_press_vague(const struct pill_press *instance, const struct tw_consignment *consignment,
		      int item, int from)
{
	struct tw_vague_count count = {0};
	for (int value = item < 0 ? tw_first(consignment, TW_GOODS_DESCRIPTION) : from;
	     value >= 0 && (item < 0 || tw_item(consignment, value) == (unsigned)item);
	     value = tw_next(consignment, value))
		tw_vague_add(&instance->vague, tw_text(consignment, value), "machinery", &count);
	for (int value = tw_first(consignment, TW_CONSIGNMENT_DESCRIPTION); value >= 0;
	     value = tw_next(consignment, value))
		tw_vague_add(&instance->vague, tw_text(consignment, value), "machinery", &count);
	return tw_vague_is(&count, instance->options.share_vague);
}
