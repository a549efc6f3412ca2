/* SPDX-License-Identifier: Apache-2.0 */
#include "chemical_precursor.h"

/* Heavier than this for its size is no cargo: the volume is a placeholder. */
#define DENSITY_LIMIT 8000.0

struct measures precursor_measures(const struct tw_consignment *consignment)
{
	return (struct measures){.items = tw_goods_cursor(consignment),
				 .gross.field = TW_GOODS_GROSS,
				 .volume.field = TW_GOODS_VOLUME,
				 .packages.field = TW_GOODS_PACKAGES};
}

struct heaviness precursor_heaviness(const struct tw_consignment *consignment,
				     struct measures *measures, int item)
{
	struct heaviness heaviness = {.value = -1};
	unsigned number = (unsigned)item;
	int gross = item < 0 ? -1 : tw_cursor_find(&measures->gross, consignment, number);
	/* An item's volume or pieces say nothing of another weight than its own. */
	bool own = gross >= 0;
	int weight = own ? gross : tw_first(consignment, TW_CONSIGNMENT_WEIGHT);
	double kg = tw_number(consignment, weight);
	double m3 = tw_number(consignment,
			      own ? tw_cursor_find(&measures->volume, consignment, number)
				  : tw_first(consignment, TW_CONSIGNMENT_VOLUME));
	double pieces = tw_number(consignment,
				  own ? tw_cursor_find(&measures->packages, consignment, number)
				      : tw_first(consignment, TW_CONSIGNMENT_PIECES));
	if (!(kg > 0))
		return heaviness;
	heaviness.value = weight;
	if (m3 > 0 && kg / m3 < DENSITY_LIMIT)
		heaviness.density = kg / m3;
	if (pieces > 0)
		heaviness.piece = kg / pieces;
	return heaviness;
}

/* The next term of consumer_goods.tsv of one of the kinds (commas between). */
static bool next_consumer(const struct precursor *instance, const struct tw_consignment *consignment,
			  const char *kinds, struct tw_match *match)
{
	while (tw_match_next(consignment, instance->consumer, match))
		if (tw_profile_names(tw_slice_string(kinds),
				     tw_list_cell(instance->consumer, match->row,
						  instance->consumer_kind)))
			return true;
	return false;
}

static int add_consumer(const struct precursor *instance, const struct tw_consignment *consignment,
			uint32_t sid, const struct tw_match *match, const char *why,
			struct tw_out *out)
{
	char words[128];
	struct tw_slice part =
		tw_slice_part(tw_text(consignment, match->value), match->start, match->length);
	return tw_add_evidence(out, &(struct tw_evidence){
		.sid = sid, .field = tw_field_of(consignment, match->value), .value = match->value,
		.start = match->start, .length = match->length,
		.match = tw_slice(words, tw_normalise(part, words, sizeof(words))),
		.list = tw_slice_string(tw_list_name(instance->consumer)),
		.family = TW_LITERAL(FAMILY_WORDING), .weight = 0.4, .why = tw_slice_string(why)});
}

/* ---- (3) solvents and acids ------------------------------------------------------ */

/* A firm that deals in anything, with nobody of the trade on either side. */
static bool odd_trader(const struct chemistry *chemistry)
{
	unsigned both = chemistry->consignee.name | chemistry->shipper.name;
	return (chemistry->consignee.name & TW_PROFILE_TRADER) != 0 &&
	       (both & (TW_PROFILE_USES | TW_PROFILE_MAKES)) == 0;
}

/* The second signs beside a solvent; adds evidence for each, returns how many. */
static unsigned add_second_signs(const struct precursor *instance,
				 const struct tw_consignment *consignment,
				 const struct chemistry *chemistry, const struct mention *mention,
				 struct tw_out *out)
{
	int item = tw_goods_item(consignment, mention->match.value);
	struct measures measures = precursor_measures(consignment);
	struct heaviness heavy = precursor_heaviness(consignment, &measures, item);
	struct goods_facts facts = precursor_facts(instance, consignment, item);
	struct precursor_fit fit = precursor_mention_fit(consignment, mention);
	double kg = tw_number(consignment, heavy.value);
	struct tw_match goods = {0};
	unsigned signs = precursor_add_consignee(instance, consignment, &chemistry->consignee, out) > 0;
	if ((facts.drum || heavy.piece >= instance->options.piece_kg) &&
	    next_consumer(instance, consignment, "electronics,textile,household,cosmetic,food",
			  &goods)) {
		add_consumer(instance, consignment, PRECURSOR_SOLVENT, &goods,
			     "drums and bulk weight under a consumer's words", out);
		signs++;
	}
	if (!fit.un && !fit.any_un && kg >= instance->options.solvent_kg) {
		precursor_add_sign(consignment, PRECURSOR_SOLVENT, heavy.value, FAMILY_DANGER, 0.3,
				   "dangerous goods of this weight without a UN number", out);
		signs++;
	}
	if (odd_trader(chemistry)) {
		precursor_add_sign(consignment, PRECURSOR_SOLVENT,
				   tw_profile_name(consignment, &chemistry->consignee), FAMILY_CONSIGNEE,
				   0.3, "a firm that deals in anything buys a solvent", out);
		signs++;
	}
	return signs;
}

int precursor_add_solvents(const struct precursor *instance,
			   const struct tw_consignment *consignment,
			   const struct chemistry *chemistry, struct tw_out *out)
{
	for (unsigned i = 0; i < chemistry->count; i++) {
		const struct mention *mention = &chemistry->mentions[i];
		if (mention->class != CLASS_SOLVENT)
			continue;
		struct goods_facts facts = precursor_facts(
			instance, consignment, tw_goods_item(consignment, mention->match.value));
		/* A preparation that holds it (paint, glue, cosmetics) is not the solvent. */
		if (facts.hs_other && !facts.hs_chemical && !facts.drum)
			continue;
		if (add_second_signs(instance, consignment, chemistry, mention, out) == 0)
			continue;
		return precursor_add_mention(consignment, mention, PRECURSOR_SOLVENT, FAMILY_TEXT, out);
	}
	return TW_OK;
}

/* ---- (4) a chemical firm that sends something else ------------------------------- */

/* Where the walks along the items of powders stand, and how vague the texts outside and all of them are. */
struct powders {
	struct tw_goods_cursor items;
	struct tw_cursor texts;
	struct facts_walk facts;
	struct tw_vague_count outside, all;
	int item; /* judged last, and found lawful, or -2 */
};

/* The texts from `value` on: those of one item, or (-1) all of the field. */
static void add_texts(const struct precursor *instance, const struct tw_consignment *consignment,
		      int value, int item, struct tw_vague_count *count)
{
	for (; value >= 0 && (item < 0 || tw_item(consignment, value) == (unsigned)item);
	     value = tw_next(consignment, value))
		tw_vague_add(&instance->vague, tw_text(consignment, value), "substance", count);
}

static struct powders first_powders(const struct precursor *instance,
				    const struct tw_consignment *consignment)
{
	struct powders powders = {.items = tw_goods_cursor(consignment),
				  .texts.field = TW_GOODS_DESCRIPTION, .item = -2};
	add_texts(instance, consignment, tw_first(consignment, TW_CONSIGNMENT_DESCRIPTION), -1,
		  &powders.outside);
	powders.all = powders.outside;
	add_texts(instance, consignment, tw_first(consignment, TW_GOODS_DESCRIPTION), -1,
		  &powders.all);
	return powders;
}

/* Whether the texts of an item say hardly more than WHITE POWDER or SAMPLES. */
static bool vague_substance(const struct precursor *instance,
			    const struct tw_consignment *consignment, struct powders *powders,
			    int item)
{
	if (item < 0)
		return tw_vague_is(&powders->all, instance->options.share_vague);
	struct tw_vague_count count = powders->outside;
	add_texts(instance, consignment,
		  tw_cursor_find(&powders->texts, consignment, (unsigned)item), item, &count);
	return tw_vague_is(&count, instance->options.share_vague);
}

/* A powder without a name, and no sample under an HS line of chemicals for somebody who has a use for it. */
static bool nameless_powder(const struct precursor *instance,
			    const struct tw_consignment *consignment,
			    const struct chemistry *chemistry, struct powders *powders, int value)
{
	int item = tw_goods_cursor_item(&powders->items, consignment, value);
	if (item == powders->item)
		return false;
	powders->item = item;
	if (!vague_substance(instance, consignment, powders, item))
		return false;
	struct goods_facts facts =
		precursor_facts_next(instance, consignment, item, &powders->facts);
	return !(tw_profile_uses(&chemistry->consignee) && facts.hs_chemical);
}

static int add_powder(const struct precursor *instance, const struct tw_consignment *consignment,
		      const struct chemistry *chemistry, struct tw_out *out)
{
	struct tw_match match = {0};
	if (tw_number(consignment, tw_first(consignment, TW_CONSIGNMENT_CONSOLIDATED)) > 0)
		return 0;
	if (tw_match_count(consignment, instance->words) == 0)
		return 0;
	struct powders powders = first_powders(instance, consignment);
	while (tw_match_next(consignment, instance->words, &match)) {
		if (!tw_slice_is(tw_list_cell(instance->words, match.row, instance->words_kind),
				 "powder") ||
		    !nameless_powder(instance, consignment, chemistry, &powders, match.value))
			continue;
		precursor_add_sign(consignment, PRECURSOR_FIRM, match.value, FAMILY_GOODS, 0.4,
				   "a chemical firm sends powder, crystals or samples without a name",
				   out);
		return 1;
	}
	return 0;
}

/* Cosmetics and food are as dense as powder; what is odd of them is a heavy piece for a private person. */
static int add_other_goods(const struct precursor *instance,
			   const struct tw_consignment *consignment,
			   const struct chemistry *chemistry, struct tw_out *out)
{
	static const char LIGHT[] = "electronics,textile,household";
	struct tw_match goods = {0};
	struct measures at = precursor_measures(consignment);
	const char *kinds = tw_profile_home(consignment, &chemistry->consignee)
				    ? "electronics,textile,household,cosmetic,food" : LIGHT;
	while (next_consumer(instance, consignment, kinds, &goods)) {
		int item = tw_goods_cursor_item(&at.items, consignment, goods.value);
		struct heaviness heavy = precursor_heaviness(consignment, &at, item);
		bool light = tw_profile_names(tw_slice_string(LIGHT),
			tw_list_cell(instance->consumer, goods.row, instance->consumer_kind));
		bool dense = light && heavy.density >= instance->options.powder_kg_m3;
		if (!dense && heavy.piece < instance->options.piece_kg)
			continue;
		add_consumer(instance, consignment, PRECURSOR_FIRM, &goods,
			     "a chemical firm sends consumer goods", out);
		precursor_add_sign(consignment, PRECURSOR_FIRM, heavy.value, FAMILY_GOODS, 0.6,
				   dense ? "for their volume the goods weigh as much as powder"
					 : "a piece weighs more than such goods do", out);
		return 1;
	}
	return 0;
}

/* ---- (5) light goods as heavy as powder, to the border ---------------------------- */

static struct tw_slice country_of(const struct precursor *instance, struct tw_slice place)
{
	if (place.length == 3)
		return tw_list_cell(instance->places,
				    tw_list_find(instance->places, instance->place_code, place),
				    instance->place_country);
	return tw_slice_part(place, 0, 2);
}

static bool from_asia(const struct precursor *instance, const struct tw_consignment *consignment,
		      const struct tw_profile *shipper)
{
	struct tw_slice origin = country_of(instance, tw_text(consignment,
		tw_first(consignment, TW_CONSIGNMENT_ORIGIN)));
	if (tw_slice_empty(origin) && shipper->item >= 0)
		origin = tw_text(consignment,
				 tw_find(consignment, TW_PARTY_COUNTRY, (unsigned)shipper->item));
	return tw_list_find(instance->asia, instance->asia_country, origin) >= 0;
}

static bool by_air(const struct tw_consignment *consignment)
{
	for (int value = tw_first(consignment, TW_LEG_MODE); value >= 0;
	     value = tw_next(consignment, value))
		if (tw_number(consignment, value) == TW_MODE_AIR)
			return true;
	return false;
}

static bool through_us(const struct precursor *instance, const struct tw_consignment *consignment)
{
	static const enum tw_field FIELDS[] = {TW_CONSIGNMENT_ROUTE, TW_CONSIGNMENT_DESTINATION,
					       TW_PLACE_CODE};
	for (size_t i = 0; i < sizeof(FIELDS) / sizeof(FIELDS[0]); i++)
		for (int value = tw_first(consignment, FIELDS[i]); value >= 0;
		     value = tw_next(consignment, value))
			if (tw_slice_is(country_of(instance, tw_text(consignment, value)), "US"))
				return true;
	return false;
}

static bool to_border(const struct precursor *instance, const struct tw_consignment *consignment,
		      const struct tw_profile *consignee)
{
	struct tw_profile delivery = tw_profile_of(consignment, TW_PARTY_DELIVERY);
	int destination = tw_first(consignment, TW_CONSIGNMENT_DESTINATION);
	return tw_profile_at_border(&instance->parties, consignment, consignee) ||
	       tw_profile_at_border(&instance->parties, consignment, &delivery) ||
	       (destination >= 0 &&
		tw_list_find(instance->parties.border, instance->border_code,
			     tw_text(consignment, destination)) >= 0);
}

/* Light goods that weigh as much as powder, with nothing dense among what was weighed. */
static bool find_powdery(const struct precursor *instance, const struct tw_consignment *consignment,
			 struct tw_match *goods, struct heaviness *ret_heavy)
{
	struct measures at = precursor_measures(consignment);
	struct facts_walk facts = {.begun = false};
	while (next_consumer(instance, consignment, "electronics,textile", goods)) {
		int item = tw_goods_cursor_item(&at.items, consignment, goods->value);
		struct heaviness heavy = precursor_heaviness(consignment, &at, item);
		bool powder = heavy.density > 0 ? heavy.density >= instance->options.powder_kg_m3
						: heavy.piece >= instance->options.piece_kg;
		if (!powder)
			continue;
		bool own = tw_field_of(consignment, heavy.value) == TW_GOODS_GROSS;
		if (precursor_facts_next(instance, consignment, own ? item : -1, &facts).dense)
			continue;
		*ret_heavy = heavy;
		return true;
	}
	return false;
}

static int add_density(const struct precursor *instance, const struct tw_consignment *consignment,
		       const struct chemistry *chemistry, struct tw_out *out)
{
	struct heaviness heavy;
	struct tw_match goods = {0};
	if (!find_powdery(instance, consignment, &goods, &heavy) || !by_air(consignment) ||
	    !from_asia(instance, consignment, &chemistry->shipper) ||
	    !through_us(instance, consignment) ||
	    !to_border(instance, consignment, &chemistry->consignee))
		return 0;
	add_consumer(instance, consignment, PRECURSOR_DENSITY, &goods,
		     "light goods, from Asia by a US airport to the border with Mexico", out);
	precursor_add_sign(consignment, PRECURSOR_DENSITY, heavy.value, FAMILY_GOODS, 0.6,
			   heavy.density > 0 ? "for their volume the goods weigh as much as powder"
					     : "a piece weighs as much as a sack of powder", out);
	return 1;
}

int precursor_add_goods(const struct precursor *instance, const struct tw_consignment *consignment,
			const struct chemistry *chemistry, struct tw_out *out)
{
	int added = 0;
	if ((chemistry->shipper.name & TW_PROFILE_MAKES) != 0) {
		added = add_powder(instance, consignment, chemistry, out);
		added |= add_other_goods(instance, consignment, chemistry, out);
		if (added > 0)
			precursor_add_sign(consignment, PRECURSOR_FIRM,
					   tw_profile_name(consignment, &chemistry->shipper), "shipper",
					   0.3, "the shipper is a chemical firm", out);
	}
	added |= add_density(instance, consignment, chemistry, out);
	if (added > 0)
		precursor_add_consignee(instance, consignment, &chemistry->consignee, out);
	return TW_OK;
}
