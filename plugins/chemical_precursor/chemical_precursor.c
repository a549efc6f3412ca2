/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "chemical_precursor.h"

int precursor_add_sign(const struct tw_consignment *consignment, uint32_t sid, int value,
		       const char *family, double weight, const char *why, struct tw_out *out)
{
	return tw_add_evidence(out, &(struct tw_evidence){
		.sid = sid, .field = value < 0 ? TW_FIELD_NONE : tw_field_of(consignment, value),
		.value = value, .family = tw_slice_string(family), .weight = weight,
		.why = tw_slice_string(why)});
}

/* Evidence of a name or number; it says which substance, and which list it is on. */
int precursor_add_mention(const struct tw_consignment *consignment, const struct mention *mention,
			  uint32_t sid, const char *family, struct tw_out *out)
{
	const struct precursor_names *names = mention->names;
	struct tw_slice substance = tw_list_cell(names->list, mention->row, names->substance);
	struct tw_slice control = tw_list_cell(names->list, mention->row, names->control);
	struct tw_slice part = tw_slice_part(tw_text(consignment, mention->match.value),
					     mention->match.start, mention->match.length);
	char words[160], why[320];
	size_t length = tw_normalise(part, words, sizeof(words));
	double weight = tw_list_number(names->list, mention->row, names->weight, 0.5);
	snprintf(why, sizeof(why), "%s %.*s (%.*s)",
		 mention->cas[0] != '\0' ? "the CAS number of"
		 : mention->spelling	 ? "a near spelling of" : "the text names",
		 (int)substance.length, substance.data, (int)control.length, control.data);
	return tw_add_evidence(out, &(struct tw_evidence){
		.sid = sid, .field = tw_field_of(consignment, mention->match.value),
		.value = mention->match.value, .start = mention->match.start,
		.length = mention->match.length, .match = tw_slice(words, length),
		.list = tw_slice_string(tw_list_name(names->list)),
		.status = mention->spelling ? TW_LITERAL("recalled")
					    : tw_list_cell(names->list, mention->row, names->status),
		.family = tw_slice_string(family),
		.weight = weight, .why = tw_slice_string(why)});
}

/* The sign that a consignee is (1), or speaks for the goods (-1), or nothing (0). */
int precursor_add_consignee(const struct precursor *instance,
			    const struct tw_consignment *consignment,
			    const struct tw_profile *view, struct tw_out *out)
{
	int name = tw_profile_name(consignment, view);
	const char *why = tw_profile_home(consignment, view) ? "the consignee is a person at a private address"
			  : tw_profile_mailbox(view) ? "the consignee is a mailbox or parcel shop"
			  : tw_profile_forwards(view) && tw_profile_at_border(&instance->parties, consignment, view)
				  ? "the consignee only passes goods on, at the border with Mexico"
			  : tw_profile_unfit(view) ? "the consignee's trade has no use for such goods"
					      : NULL;
	if (why != NULL) {
		precursor_add_sign(consignment, 0, name, FAMILY_CONSIGNEE, 0.5, why, out);
		return 1;
	}
	if (!tw_profile_uses(view))
		return 0;
	precursor_add_sign(consignment, 0, name, FAMILY_USER, -0.15,
			   "the consignee is of a trade that has a use for it", out);
	return -1;
}

/* (1): names and numbers of strong substances. Returns whether there were any. */
static bool add_strong(const struct precursor *instance, const struct tw_consignment *consignment,
		       const struct chemistry *chemistry, struct tw_out *out)
{
	const struct mention *first = NULL;
	bool bulk = true, fits = true;
	for (unsigned i = 0; i < chemistry->count; i++) {
		const struct mention *mention = &chemistry->mentions[i];
		if (mention->class == CLASS_SOLVENT)
			continue;
		first = first == NULL ? mention : first;
		struct precursor_fit fit = precursor_mention_fit(consignment, mention);
		fits &= fit.hs && fit.un;
		bulk &= mention->class == CLASS_BULK;
		precursor_add_mention(consignment, mention, PRECURSOR_NAMED,
				      mention->class == CLASS_BULK ? FAMILY_BULK
				      : mention->cas[0] != '\0'	   ? FAMILY_CAS
								   : FAMILY_TEXT, out);
	}
	if (first == NULL)
		return false;
	int sign = precursor_add_consignee(instance, consignment, &chemistry->consignee, out);
	bool firm = (chemistry->consignee.name & (TW_PROFILE_FORM | TW_PROFILE_USES)) != 0 && sign <= 0;
	if (fits && (bulk ? firm : sign < 0))
		precursor_add_sign(consignment, PRECURSOR_NAMED, tw_first(consignment, TW_GOODS_HS),
				   FAMILY_FIT, -0.3, "HS line, UN number and consignee fit", out);
	return true;
}

/* The substance an HS line belongs to is named (or its number) among the goods of this item. */
static bool substance_named(const struct precursor *instance,
			    const struct tw_consignment *consignment,
			    const struct chemistry *chemistry, int item, int row)
{
	struct tw_slice substance = tw_list_cell(instance->hs, row, instance->hs_substance);
	for (unsigned i = 0; i < chemistry->count; i++) {
		const struct mention *mention = &chemistry->mentions[i];
		if (!tw_goods_concerns(consignment, mention->match.value, item))
			continue;
		struct tw_slice name = tw_list_cell(mention->names->list, mention->row,
						    mention->names->substance);
		/* Salts and racemates have rows of their own: the same HS line is enough. */
		if (tw_slice_equal(name, substance) ||
		    precursor_hs_fits(tw_list_cell(mention->names->list, mention->row,
						   mention->names->hs),
				      tw_list_cell(instance->hs, row, instance->hs_code)))
			return true;
	}
	return false;
}

/* The first HS line of one substance among goods that do not name it, or -1. */
static int unnamed_hs(const struct precursor *instance, const struct tw_consignment *consignment,
		      const struct chemistry *chemistry, int *ret_row)
{
	int row = -1, value = tw_first(consignment, TW_GOODS_HS);
	struct tw_goods_cursor items = tw_goods_cursor(consignment);
	while ((value = precursor_listed_hs(instance, consignment, value, &row)) >= 0 &&
	       substance_named(instance, consignment, chemistry,
			       tw_goods_cursor_item(&items, consignment, value), row))
		value = tw_next(consignment, value);
	*ret_row = row;
	return value;
}

/* The same where the line stands in the text itself: the first such match, or one of value -1. */
static struct tw_match written_hs(const struct precursor *instance,
				  const struct tw_consignment *consignment,
				  const struct chemistry *chemistry)
{
	struct tw_match match = {0};
	while (tw_match_next(consignment, instance->hs, &match))
		if (tw_heading_written(consignment, &match) &&
		    !substance_named(instance, consignment, chemistry,
				     tw_goods_item(consignment, match.value), match.row))
			return match;
	return (struct tw_match){.value = -1};
}

/* (2): an HS line of one substance under a text that says something else. */
static void add_hs(const struct precursor *instance, const struct tw_consignment *consignment,
		   const struct tw_match *line, struct tw_out *out)
{
	int row = line->row;
	struct tw_slice substance = tw_list_cell(instance->hs, row, instance->hs_substance);
	struct tw_slice class = tw_list_cell(instance->hs, row, instance->hs_class);
	struct tw_slice part = tw_slice_part(tw_text(consignment, line->value), line->start, line->length);
	char why[200], words[32];
	size_t length = line->length > 0 ? tw_normalise(part, words, sizeof(words)) : 0;
	snprintf(why, sizeof(why), "the HS line belongs to %.*s, which the text does not name",
		 (int)substance.length, substance.data);
	tw_add_evidence(out, &(struct tw_evidence){
		.sid = PRECURSOR_HS, .field = tw_field_of(consignment, line->value),
		.value = line->value, .start = line->start, .length = line->length,
		.match = tw_slice(words, length),
		.list = tw_slice_string(tw_list_name(instance->hs)),
		.status = tw_list_cell(instance->hs, row, instance->hs_status),
		.family = tw_slice_is(class, "bulk") ? TW_LITERAL(FAMILY_BULK) : TW_LITERAL(FAMILY_HS),
		.weight = tw_list_number(instance->hs, row, instance->hs_weight, 0.5),
		.why = tw_slice_string(why)});
}

static bool has_text(const struct tw_consignment *consignment)
{
	return tw_first(consignment, TW_GOODS_DESCRIPTION) >= 0 ||
	       tw_first(consignment, TW_CONSIGNMENT_DESCRIPTION) >= 0;
}

/* Some HS line is of a chapter that listed substances fall under. */
static bool chemical_chapter(const struct precursor *instance,
			     const struct tw_consignment *consignment)
{
	for (int value = tw_first(consignment, TW_GOODS_HS); value >= 0;
	     value = tw_next(consignment, value)) {
		struct tw_slice hs = tw_text(consignment, value);
		int tens = tw_slice_at(hs, 0) - '0', ones = tw_slice_at(hs, 1) - '0';
		if (tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 &&
		    instance->chapters[tens * 10 + ones])
			return true;
	}
	return false;
}

/* Consumer goods, and heavy: the way into (4) and (5). */
static bool heavy_goods(const struct precursor *instance, const struct tw_consignment *consignment)
{
	struct tw_match match = {0};
	if (tw_match_count(consignment, instance->consumer) == 0)
		return false;
	struct measures at = precursor_measures(consignment);
	while (tw_match_next(consignment, instance->consumer, &match)) {
		int item = tw_goods_cursor_item(&at.items, consignment, match.value);
		struct heaviness heavy = precursor_heaviness(consignment, &at, item);
		if (heavy.density >= instance->options.powder_kg_m3 ||
		    heavy.piece >= instance->options.piece_kg)
			return true;
	}
	return false;
}

/* A few calls that let ordinary consignments go. */
static bool worth_a_look(const struct precursor *instance, const struct tw_consignment *consignment)
{
	struct tw_match match = {0};
	char number[16];
	return tw_match_count(consignment, instance->strong.list) > 0 ||
	       tw_match_count(consignment, instance->spelled.list) > 0 ||
	       tw_match_count(consignment, instance->solvents.list) > 0 ||
	       tw_match_count(consignment, instance->words) > 0 ||
	       tw_cas_next(consignment, &match, number) > 0 ||
	       tw_first(consignment, TW_GOODS_CAS) >= 0 ||
	       tw_match_count(consignment, instance->cas.list) > 0 ||
	       tw_match_count(consignment, instance->hs) > 0 ||
	       chemical_chapter(instance, consignment) || heavy_goods(instance, consignment) ||
	       /* Names are read last: it takes a word that may be a misspelling to do so. */
	       (precursor_any_spelling(instance, consignment) &&
		tw_match_count(consignment, instance->firms) > 0);
}

static void read_parties(const struct precursor *instance, const struct tw_consignment *consignment,
			 struct chemistry *chemistry)
{
	struct tw_profile views[2] = {tw_profile_of(consignment, TW_PARTY_CONSIGNEE),
				      tw_profile_of(consignment, TW_PARTY_SHIPPER)};
	int row;
	bool strong = tw_match_count(consignment, instance->strong.list) > 0 ||
		      tw_match_count(consignment, instance->spelled.list) > 0 ||
		      precursor_listed_hs(instance, consignment,
					  tw_first(consignment, TW_GOODS_HS), &row) >= 0;
	tw_profile_look(&instance->parties, consignment,
		   strong ? TW_LITERAL("chemical") : TW_LITERAL("solvent"), views, 2);
	chemistry->consignee = views[0];
	chemistry->shipper = views[1];
}

static int inspect(const void *context, const struct tw_consignment *consignment, struct tw_out *out)
{
	const struct precursor *instance = context;
	if (!worth_a_look(instance, consignment))
		return TW_OK;
	struct chemistry chemistry = {0};
	precursor_read_context(instance, consignment, &chemistry);
	read_parties(instance, consignment, &chemistry);
	precursor_read_names(instance, consignment, &chemistry);
	if (chemistry.count == 0)
		precursor_read_spellings(instance, consignment, &chemistry);
	if (add_strong(instance, consignment, &chemistry, out))
		return TW_OK;
	struct tw_match line = {.value = -1};
	if (has_text(consignment))
		line.value = unnamed_hs(instance, consignment, &chemistry, &line.row);
	if (line.value < 0)
		line = written_hs(instance, consignment, &chemistry);
	if (line.value >= 0) {
		add_hs(instance, consignment, &line, out);
		precursor_add_consignee(instance, consignment, &chemistry.consignee, out);
		return TW_OK;
	}
	if (chemistry.count > 0)
		return precursor_add_solvents(instance, consignment, &chemistry, out);
	return precursor_add_goods(instance, consignment, &chemistry, out);
}

#define MEMBER(member) offsetof(struct precursor, member)
static const struct tw_list_place LISTS[] = {{"precursors", MEMBER(strong.list)},
					     {"precursor_spellings", MEMBER(spelled.list)},
					     {"solvents", MEMBER(solvents.list)},
					     {"precursor_cas", MEMBER(cas.list)},
					     {"chemical_words", MEMBER(words)},
					     {"chemical_firms", MEMBER(firms)},
					     {"precursor_context", MEMBER(context)},
					     {"precursor_hs", MEMBER(hs)},
					     {"consumer_goods", MEMBER(consumer)},
					     {"vague_goods", MEMBER(vague.list)},
					     {"asia", MEMBER(asia)},
					     {"places", MEMBER(places)},
					     {0}};

#define SUBSTANCES(names)                                                 \
	{"substance", MEMBER(names.list), MEMBER(names.substance)},       \
	{"class", MEMBER(names.list), MEMBER(names.class)},               \
	{"weight", MEMBER(names.list), MEMBER(names.weight)},             \
	{"status", MEMBER(names.list), MEMBER(names.status)},             \
	{"medicine", MEMBER(names.list), MEMBER(names.medicine)},         \
	{"hs", MEMBER(names.list), MEMBER(names.hs)},                     \
	{"un", MEMBER(names.list), MEMBER(names.un)},                     \
	{"control", MEMBER(names.list), MEMBER(names.control)}
#define TERMS(names)                                                      \
	SUBSTANCES(names), {"term", MEMBER(names.list), MEMBER(names.term)}, \
	{"needs", MEMBER(names.list), MEMBER(names.needs)}

static const struct tw_column_place COLUMNS[] = {
	TERMS(strong),
	TERMS(spelled),
	TERMS(solvents),
	SUBSTANCES(cas),
	{"cas", MEMBER(cas.list), MEMBER(cas_number)},
	{"kind", MEMBER(words), MEMBER(words_kind)},
	{"kind", MEMBER(context), MEMBER(context_kind)},
	{"term", MEMBER(context), MEMBER(context_term)},
	{"hs", MEMBER(hs), MEMBER(hs_code)},
	{"substance", MEMBER(hs), MEMBER(hs_substance)},
	{"class", MEMBER(hs), MEMBER(hs_class)},
	{"weight", MEMBER(hs), MEMBER(hs_weight)},
	{"status", MEMBER(hs), MEMBER(hs_status)},
	{"kind", MEMBER(consumer), MEMBER(consumer_kind)},
	{"word", MEMBER(vague.list), MEMBER(vague.word)},
	{"kind", MEMBER(vague.list), MEMBER(vague.kind)},
	{"country", MEMBER(asia), MEMBER(asia_country)},
	{"code", MEMBER(places), MEMBER(place_code)},
	{"country", MEMBER(places), MEMBER(place_country)},
	{"code", MEMBER(parties.border), MEMBER(border_code)},
	{0}};

static int open(const struct tw_host *host, const void *options, void **ret_instance)
{
	struct precursor *instance = calloc(1, sizeof(*instance));
	if (instance == NULL)
		return TW_ERROR_MEMORY;
	instance->options = *(const struct precursor_options *)options;
	/* Numbers are looked up, not read: their list has no such columns. */
	instance->cas.term = instance->cas.needs = -1;
	int status = tw_profile_lists_open(&instance->parties, host);
	if (status == TW_OK)
		status = tw_list_tables_open(host, LISTS, COLUMNS, instance);
	if (status < 0) {
		free(instance);
		return status;
	}
	/* Inorganic and organic chemicals, and products that hide them. */
	instance->chapters[28] = instance->chapters[29] = instance->chapters[38] = true;
	precursor_spellings_open(instance);
	*ret_instance = instance;
	return TW_OK;
}

#define OPTION(name, preset, help, least, most) \
	{#name, TW_OPTION_NUMBER, preset, help, offsetof(struct precursor_options, name), least, most}
static const struct tw_option OPTIONS[] = {
	OPTION(powder_kg_m3, "600", "Density in kg a cubic metre from which light goods weigh as much as powder", 1, 10000),
	OPTION(piece_kg, "25", "Weight of a piece in kg from which consumer goods are too heavy", 1, 10000),
	OPTION(solvent_kg, "25", "Weight in kg from which a solvent without a UN number is a sign", 0, 1000000),
	OPTION(pair_days, "180", "Days for which a pair of parties stays suspect after an alert; 0: none", 0, 3650),
	OPTION(share_vague, "0.75", "Share of a text's words that say nothing, from which the text is vague", 0.1, 1),
	{0}};

static const struct tw_finding_info FINDINGS[] = {
	{PRECURSOR_NAMED, 1, "Drug precursor named"},
	{PRECURSOR_HS, 2, "HS line of a drug precursor under another text"},
	{PRECURSOR_SOLVENT, 3, "Controlled or watched solvent, acid or reagent with a second sign"},
	{PRECURSOR_FIRM, 3, "Chemical firm sends unnamed powder or too heavy goods"},
	{PRECURSOR_DENSITY, 2, "Light goods as heavy as powder, from Asia to the border with Mexico"},
	{PRECURSOR_PAIR, 2, "Later consignment of a pair that sent a drug precursor"},
	{0}};

static const struct tw_detector DETECTOR = {
	.magic = TW_DETECTOR_MAGIC,
	.size = sizeof(DETECTOR),
	.abi_major = TW_ABI_MAJOR,
	.abi_minor = TW_ABI_MINOR,
	.name = "chemical_precursor",
	.version = "1.0",
	.category = "chemical-precursor",
	.summary = "Drug precursors by name, number, HS line, density and trade, and pairs that sent one.",
	.flags = TW_WANTS_PAIR_HITS,
	.options = OPTIONS,
	.options_size = sizeof(struct precursor_options),
	.findings = FINDINGS,
	.open = open,
	.close = free,
	.inspect = inspect,
	.conclude = precursor_conclude,
};
TW_DETECTOR(chemical_precursor, DETECTOR)
