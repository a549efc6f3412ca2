/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "pill_press.h"

static int add_match(const struct pill_press *instance, const struct tw_consignment *consignment,
		     const struct term_found *term, struct tw_out *out)
{
	char shown[128];
	bool machine = term->kind == KIND_MACHINE;
	return tw_add_evidence(out, &(struct tw_evidence){
		.sid = machine ? PILL_PRESS_MACHINE : PILL_PRESS_PART,
		.field = tw_field_of(consignment, term->match.value),
		.value = term->match.value, .start = term->match.start, .length = term->match.length,
		.match = pill_press_shown(consignment, &term->match, shown),
		.list = tw_slice_string(tw_list_name(instance->terms)),
		.status = tw_list_cell(instance->terms, term->match.row, instance->term_status),
		.family = TW_LITERAL(FAMILY_TEXT), .weight = term->weight,
		.why = machine ? TW_LITERAL("the text names a tableting or encapsulating machine")
			       : TW_LITERAL("the text names punches, dies, moulds or parts for making pills")});
}

/* Evidence that stands on a whole value, or on none (-1). */
static int add_sign(const struct tw_consignment *consignment, int value, const char *family,
		    double weight, const char *why, struct tw_out *out)
{
	return tw_add_evidence(out, &(struct tw_evidence){
		.field = value < 0 ? TW_FIELD_NONE : tw_field_of(consignment, value),
		.value = value, .family = tw_slice_string(family), .weight = weight,
		.why = tw_slice_string(why)});
}

/* US dollars of an amount, NAN where there is none. An unknown currency counts as dollars. */
static double usd(const struct pill_press *instance, struct tw_slice currency, double amount)
{
	int row = tw_list_find(instance->currencies, instance->currency, currency);
	return amount * tw_list_number(instance->currencies, row, instance->currency_usd, 1.0);
}

static double item_usd(const struct pill_press *instance, const struct tw_consignment *consignment,
		       struct tw_cursor *currencies, int value)
{
	int currency = tw_cursor_find(currencies, consignment, tw_item(consignment, value));
	return usd(instance, tw_text(consignment, currency), tw_number(consignment, value));
}

/* The declared value in US dollars and where it stands, or -1. */
static int value_usd(const struct pill_press *instance, const struct tw_consignment *consignment,
		     double *ret_usd)
{
	int value = tw_first(consignment, TW_CONSIGNMENT_VALUE);
	struct tw_slice currency =
		tw_text(consignment, tw_first(consignment, TW_CONSIGNMENT_CURRENCY));
	if (value >= 0 && tw_number(consignment, value) > 0) {
		*ret_usd = usd(instance, currency, tw_number(consignment, value));
		return value;
	}
	int first = -1;
	struct tw_cursor currencies = {.field = TW_GOODS_CURRENCY};
	*ret_usd = 0;
	for (value = tw_first(consignment, TW_GOODS_VALUE); value >= 0;
	     value = tw_next(consignment, value)) {
		if (!(tw_number(consignment, value) > 0))
			continue;
		*ret_usd += item_usd(instance, consignment, &currencies, value);
		first = first < 0 ? value : first;
	}
	return first;
}

static void add_consignee(const struct pill_press *instance,
			  const struct tw_consignment *consignment, const struct tw_profile *view,
			  struct tw_out *out)
{
	int name = tw_profile_name(consignment, view);
	char trade[128];
	if (tw_profile_home(consignment, view))
		add_sign(consignment, name, FAMILY_CONSIGNEE, 0.6,
			 "the consignee is a person at a private address", out);
	else if (tw_profile_mailbox(view))
		add_sign(consignment, name, FAMILY_CONSIGNEE, 0.6,
			 "the consignee is a mailbox or parcel shop", out);
	else if (tw_profile_forwards(view) && tw_profile_at_border(&instance->parties, consignment, view))
		add_sign(consignment, name, FAMILY_CONSIGNEE, 0.55,
			 "the consignee only passes goods on, at the border with Mexico", out);
	else if (tw_profile_forwards(view))
		add_sign(consignment, name, FAMILY_TRADE, 0.4,
			 "the consignee is a forwarder or warehouse, not a user", out);
	else if (tw_profile_uses(view))
		add_sign(consignment, name, FAMILY_IMPORTER, -0.2,
			 "the consignee is of a trade that makes tablets", out);
	else if (tw_profile_unfit(view))
		tw_add_evidence(out, &(struct tw_evidence){
			.field = TW_PARTY_NAME, .value = view->trade_value,
			.start = view->trade_start, .length = view->trade_length,
			.match = pill_press_shown(consignment, &(struct tw_match){
				.value = view->trade_value, .start = view->trade_start,
				.length = view->trade_length}, trade),
			.list = tw_slice_string(tw_list_name(instance->parties.trades)),
			.family = TW_LITERAL(FAMILY_TRADE), .weight = 0.5,
			.why = TW_LITERAL("the consignee's trade has no use for such goods")});
}

static void add_size(const struct pill_press *instance, const struct tw_consignment *consignment,
		     enum term_kind kind, struct tw_out *out)
{
	int weight = tw_first(consignment, TW_CONSIGNMENT_WEIGHT);
	double kg = tw_number(consignment, weight);
	if (kind == KIND_PART && kg > 0 && kg <= instance->options.small_dies_kg)
		add_sign(consignment, weight, FAMILY_SIZE, 0.3,
			 "so light, these are dies for a hand-fed press", out);
	else if (kind == KIND_MACHINE && kg > 0 && kg <= instance->options.desk_press_kg)
		add_sign(consignment, weight, FAMILY_SIZE, 0.15,
			 "so light, this is a press for a desk", out);
}

static void add_value(const struct pill_press *instance, const struct tw_consignment *consignment,
		      struct tw_out *out)
{
	double dollars = 0;
	int value = value_usd(instance, consignment, &dollars);
	if (value >= 0 && dollars < instance->options.low_value_usd)
		add_sign(consignment, value, FAMILY_VALUE, 0.3,
			 "the declared value is low for such goods", out);
}

static void add_reference(const struct pill_press *instance,
			  const struct tw_consignment *consignment, struct tw_out *out)
{
	struct tw_match match;
	char shown[128];
	if (!pill_press_reference(instance, consignment, &match))
		return;
	tw_add_evidence(out, &(struct tw_evidence){
		.field = tw_field_of(consignment, match.value), .value = match.value,
		.start = match.start, .length = match.length,
		.match = pill_press_shown(consignment, &match, shown),
		.list = tw_slice_string(tw_list_name(instance->context)),
		.family = TW_LITERAL(FAMILY_REFERENCE), .weight = -0.3,
		.why = TW_LITERAL("a labelled regulatory transaction reference comes with it")});
}

/* Whether tableting machines, their parts or their tools fall under an HS line. */
static bool is_heading(const struct pill_press *instance, struct tw_slice hs)
{
	int tens = tw_slice_at(hs, 0) - '0', ones = tw_slice_at(hs, 1) - '0';
	return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 &&
	       instance->chapters[tens * 10 + ones] &&
	       tw_list_prefix(instance->headings, instance->heading_hs, hs) >= 0;
}

/* Where the walks along the measures of items stand, and what all goods are worth. */
struct measures {
	struct tw_cursor gross, packages, value, currency;
	int whole; /* the value that says what all are worth, or -1 */
	double whole_usd;
};

static struct measures first_measures(const struct pill_press *instance,
				      const struct tw_consignment *consignment)
{
	struct measures measures = {.gross.field = TW_GOODS_GROSS,
				    .packages.field = TW_GOODS_PACKAGES,
				    .value.field = TW_GOODS_VALUE,
				    .currency.field = TW_GOODS_CURRENCY};
	measures.whole = value_usd(instance, consignment, &measures.whole_usd);
	return measures;
}

/* An item's own value, or where it has none or stands for all, that of the consignment. */
static int own_or_whole(const struct tw_consignment *consignment, struct tw_cursor *own,
			enum tw_field whole, int item)
{
	int value = item < 0 ? -1 : tw_cursor_find(own, consignment, (unsigned)item);
	return value < 0 ? tw_first(consignment, whole) : value;
}

/*
 * Weight says more than the text: a vague parcel that is a person's load of metal,
 * worth nothing. Where an item of several tells no weight, all of them are weighed.
 */
static bool heavy_and_cheap(const struct pill_press *instance,
			    const struct tw_consignment *consignment, struct measures *at, int item)
{
	if (item >= 0 && tw_cursor_find(&at->gross, consignment, (unsigned)item) < 0)
		item = -1;
	double kg = tw_number(consignment,
			      own_or_whole(consignment, &at->gross, TW_CONSIGNMENT_WEIGHT, item));
	double pieces = tw_number(consignment, own_or_whole(consignment, &at->packages,
							    TW_CONSIGNMENT_PIECES, item));
	int value = item < 0 ? -1 : tw_cursor_find(&at->value, consignment, (unsigned)item);
	bool own = tw_number(consignment, value) > 0;
	double dollars = own ? item_usd(instance, consignment, &at->currency, value)
			     : at->whole_usd;
	value = own ? value : at->whole;
	return kg / pieces >= 15 && kg <= 3 * instance->options.desk_press_kg && pieces <= 4 &&
	       value >= 0 && dollars / kg < instance->options.least_usd_per_kg;
}

/* A goods item with a vague text under such a heading. */
struct suspect {
	int value;		/* its HS line, or -1 */
	uint32_t start, length; /* of the line within a text; 0: the value is the line */
	int item;		/* -1: the only one */
	bool heavy;
};

/*
 * Each item is judged by itself: another line of goods, however concrete, says
 * nothing about this one. A heavy item is the strongest, else the first.
 */
static struct suspect find_suspect(const struct pill_press *instance,
				   const struct tw_consignment *consignment)
{
	struct suspect found = {.value = -1, .item = -1};
	bool several = tw_goods_several(consignment);
	int text = tw_first(consignment, TW_GOODS_DESCRIPTION);
	struct measures measures = {.whole = -1};
	for (int value = tw_first(consignment, TW_GOODS_HS); value >= 0;
	     value = tw_next(consignment, value)) {
		if (!is_heading(instance, tw_text(consignment, value)))
			continue;
		unsigned item = tw_item(consignment, value);
		while (several && text >= 0 && tw_item(consignment, text) < item)
			text = tw_next(consignment, text);
		bool own = several && text >= 0 && tw_item(consignment, text) == item;
		struct suspect suspect = {.value = value, .item = own ? (int)item : -1};
		if (!pill_press_vague(instance, consignment, suspect.item, text))
			continue;
		if (found.value < 0)
			measures = first_measures(instance, consignment);
		suspect.heavy = heavy_and_cheap(instance, consignment, &measures, suspect.item);
		if (found.value < 0 || suspect.heavy)
			found = suspect;
		if (found.heavy)
			break;
	}
	return found;
}

/* The same where the heading stands in the text itself. */
static struct suspect find_written(const struct pill_press *instance,
				   const struct tw_consignment *consignment)
{
	struct suspect found = {.value = -1, .item = -1};
	struct tw_match match = {0};
	while (found.value < 0 && tw_match_next(consignment, instance->headings, &match)) {
		int item = tw_goods_item(consignment, match.value);
		if (tw_field_of(consignment, match.value) != TW_GOODS_DESCRIPTION ||
		    !tw_heading_written(consignment, &match) ||
		    !pill_press_vague(instance, consignment, item, match.value))
			continue;
		struct measures measures = first_measures(instance, consignment);
		found = (struct suspect){match.value, match.start, match.length, item,
					 heavy_and_cheap(instance, consignment, &measures, item)};
	}
	return found;
}

static void add_suspect(const struct pill_press *instance, const struct tw_consignment *consignment,
			const struct suspect *suspect, struct tw_out *out)
{
	char why[128], shown[128] = "";
	char item[32] = "";
	struct tw_match written = {.value = suspect->value, .start = suspect->start,
				   .length = suspect->length};
	if (suspect->item >= 0)
		snprintf(item, sizeof(item), "goods item %d: ", suspect->item + 1);
	snprintf(why, sizeof(why),
		 "%sa vague text under a heading of tableting machines, their parts or tools", item);
	tw_add_evidence(out, &(struct tw_evidence){
		.sid = PILL_PRESS_VAGUE, .field = tw_field_of(consignment, suspect->value),
		.value = suspect->value, .start = suspect->start, .length = suspect->length,
		.match = suspect->length > 0 ? pill_press_shown(consignment, &written, shown)
					     : tw_slice(shown, 0),
		.list = tw_slice_string(tw_list_name(instance->headings)),
		.family = TW_LITERAL(FAMILY_CODE), .weight = 0.4, .why = tw_slice_string(why)});
	if (suspect->heavy)
		add_sign(consignment, tw_goods_own(consignment, TW_GOODS_GROSS, TW_CONSIGNMENT_WEIGHT,
						   suspect->item),
			 FAMILY_SIZE, 0.3, "a heavy piece that is worth less than its freight", out);
}

/* Vague text under such a heading counts only where somebody's name or the weight supports it. */
static int inspect_headings(const struct pill_press *instance,
			    const struct tw_consignment *consignment, struct tw_out *out)
{
	bool written = tw_match_count(consignment, instance->headings) > 0;
	if ((tw_first(consignment, TW_GOODS_HS) < 0 && !written) ||
	    tw_number(consignment, tw_first(consignment, TW_CONSIGNMENT_CONSOLIDATED)) > 0)
		return TW_OK;
	struct suspect suspect = find_suspect(instance, consignment);
	if (suspect.value < 0 && written)
		suspect = find_written(instance, consignment);
	if (suspect.value < 0)
		return TW_OK;
	struct tw_profile views[2] = {tw_profile_of(consignment, TW_PARTY_CONSIGNEE),
				      tw_profile_of(consignment, TW_PARTY_SHIPPER)};
	tw_profile_look(&instance->parties, consignment, TW_LITERAL("tableting"), views, 2);
	bool person = tw_profile_home(consignment, &views[0]) || tw_profile_unfit(&views[0]);
	bool maker = (views[1].name & TW_PROFILE_MAKES) != 0;
	if (!person && !maker && !suspect.heavy)
		return TW_OK;
	add_suspect(instance, consignment, &suspect, out);
	if (maker)
		add_sign(consignment, tw_profile_name(consignment, &views[1]), FAMILY_SHIPPER, 0.5,
			 "the shipper makes tableting machines or tools", out);
	add_consignee(instance, consignment, &views[0], out);
	add_reference(instance, consignment, out);
	return TW_OK;
}

/*
 * A status message names what it moves, but leaves out most of what a declaration
 * says: there only what is named counts, and nothing that is missing. An answer
 * repeats what was declared.
 */
static int inspect(const void *context, const struct tw_consignment *consignment, struct tw_out *out)
{
	const struct pill_press *instance = context;
	struct terms_found found = {0};
	int role = tw_code(consignment, TW_MESSAGE_ROLE);
	if (role == TW_ROLE_RESPONSE)
		return TW_OK;
	if (tw_match_count(consignment, instance->terms) > 0)
		pill_press_terms(instance, consignment, &found);
	if (found.count == 0 && role == TW_ROLE_STATUS)
		return TW_OK;
	if (found.count == 0)
		return inspect_headings(instance, consignment, out);
	for (unsigned i = 0; i < found.count; i++) {
		int rc = add_match(instance, consignment, &found.terms[i], out);
		if (rc < 0)
			return rc;
	}
	struct tw_profile consignee = tw_profile_of(consignment, TW_PARTY_CONSIGNEE);
	tw_profile_look(&instance->parties, consignment, TW_LITERAL("tableting"), &consignee, 1);
	add_consignee(instance, consignment, &consignee, out);
	/* A container's weight, with its tare, is not that of the goods. */
	if (role != TW_ROLE_STATUS)
		add_size(instance, consignment, found.kind, out);
	add_value(instance, consignment, out);
	add_reference(instance, consignment, out);
	return TW_OK;
}

#define MEMBER(member) offsetof(struct pill_press, member)
static const struct tw_list_place LISTS[] = {{"tableting", MEMBER(terms)},
					     {"tableting_context", MEMBER(context)},
					     {"tableting_headings", MEMBER(headings)},
					     {"vague_goods", MEMBER(vague.list)},
					     {"currencies", MEMBER(currencies)},
					     {"places", MEMBER(places)},
					     {0}};

static const struct tw_column_place COLUMNS[] = {
	{"kind", MEMBER(terms), MEMBER(term_kind)},
	{"weight", MEMBER(terms), MEMBER(term_weight)},
	{"status", MEMBER(terms), MEMBER(term_status)},
	{"kind", MEMBER(context), MEMBER(context_kind)},
	{"term", MEMBER(context), MEMBER(context_term)},
	{"word", MEMBER(vague.list), MEMBER(vague.word)},
	{"kind", MEMBER(vague.list), MEMBER(vague.kind)},
	{"hs", MEMBER(headings), MEMBER(heading_hs)},
	{"code", MEMBER(places), MEMBER(place_code)},
	{"country", MEMBER(places), MEMBER(place_country)},
	{"currency", MEMBER(currencies), MEMBER(currency)},
	{"usd", MEMBER(currencies), MEMBER(currency_usd)},
	{0}};

static void note_chapters(struct pill_press *instance)
{
	for (unsigned row = 0; row < tw_list_rows(instance->headings); row++) {
		struct tw_slice hs =
			tw_list_cell(instance->headings, (int)row, instance->heading_hs);
		int chapter = (tw_slice_at(hs, 0) - '0') * 10 + tw_slice_at(hs, 1) - '0';
		if (chapter > 0 && chapter < 100)
			instance->chapters[chapter] = true;
	}
}

static int open(const struct tw_host *host, const void *options, void **ret_instance)
{
	struct pill_press *instance = calloc(1, sizeof(*instance));
	if (instance == NULL)
		return TW_ERROR_MEMORY;
	instance->options = *(const struct pill_press_options *)options;
	int status = tw_list_tables_open(host, LISTS, COLUMNS, instance);
	if (status == TW_OK)
		status = tw_profile_lists_open(&instance->parties, host);
	if (status < 0) {
		free(instance);
		return status;
	}
	note_chapters(instance);
	*ret_instance = instance;
	return TW_OK;
}

#define OPTION(name, preset, help, least, most) \
	{#name, TW_OPTION_NUMBER, preset, help, offsetof(struct pill_press_options, name), least, most}
static const struct tw_option OPTIONS[] = {
	OPTION(small_dies_kg, "15", "Punches and dies up to this weight are a second sign", 0, 1000),
	OPTION(desk_press_kg, "80", "A machine up to this weight stands on a desk", 0, 10000),
	OPTION(low_value_usd, "800", "A declared value below this is a second sign", 0, 1000000),
	OPTION(least_usd_per_kg, "4", "Below this value for each kilogram goods do not bear their freight", 0, 1000),
	OPTION(share_vague, "0.75", "Share of a text's words that say nothing, from which the text is vague", 0.1, 1),
	{0}};

static const struct tw_finding_info FINDINGS[] = {
	{PILL_PRESS_MACHINE, 2, "Tableting or encapsulating machine without a regulatory transaction reference"},
	{PILL_PRESS_PART, 2, "Punches, dies, moulds or parts for pills without a regulatory transaction reference"},
	{PILL_PRESS_VAGUE, 3, "Vague goods under a heading of tableting machines"},
	{0}};

static const struct tw_detector DETECTOR = {
	.magic = TW_DETECTOR_MAGIC,
	.size = sizeof(DETECTOR),
	.abi_major = TW_ABI_MAJOR,
	.abi_minor = TW_ABI_MINOR,
	.name = "pill_press",
	.version = "1.0",
	.category = "pill-press",
	.flags = TW_WANTS_STATUS,
	.summary = "Tableting and encapsulating machines, their parts, and dies for pills.",
	.options = OPTIONS,
	.options_size = sizeof(struct pill_press_options),
	.findings = FINDINGS,
	.open = open,
	.close = free,
	.inspect = inspect,
	.conclude = pill_press_conclude,
};
TW_DETECTOR(pill_press, DETECTOR)
