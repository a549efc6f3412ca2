/* SPDX-License-Identifier: Apache-2.0 */
#include "chemical_precursor.h"

/* Heavier than this for its size is no cargo: the volume is a placeholder. */
#define DENSITY_LIMIT 8000.0

struct heaviness precursor_heaviness(const struct tw_consignment *consignment)
{
	int weight = tw_first(consignment, TW_CONSIGNMENT_WEIGHT);
	double kg = tw_number(consignment, weight);
	double m3 = tw_number(consignment, tw_first(consignment, TW_CONSIGNMENT_VOLUME));
	double pieces = tw_number(consignment, tw_first(consignment, TW_CONSIGNMENT_PIECES));
	struct heaviness heaviness = {.value = -1};
	if (!(kg > 0))
		return heaviness;
	heaviness.value = weight;
	if (m3 > 0 && kg / m3 < DENSITY_LIMIT)
		heaviness.density = kg / m3;
	if (pieces > 0)
		heaviness.piece = kg / pieces;
	return heaviness;
}

/* A term of consumer_goods.tsv of one of the kinds (commas between). */
static bool find_consumer(const struct precursor *instance, const struct tw_consignment *consignment,
			  const char *kinds, struct tw_match *ret_match)
{
	struct tw_match match = {0};
	while (tw_match_next(consignment, instance->consumer, &match)) {
		struct tw_slice kind =
			tw_list_cell(instance->consumer, match.row, instance->consumer_kind);
		if (!tw_profile_names(tw_slice_string(kinds), kind))
			continue;
		*ret_match = match;
		return true;
	}
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
	struct heaviness heavy = precursor_heaviness(consignment);
	double kg = tw_number(consignment, heavy.value);
	struct tw_match goods;
	bool un, hs;
	precursor_names_fit(mention->names, mention->row, consignment, &un, &hs);
	unsigned signs = precursor_add_consignee(instance, consignment, &chemistry->consignee, out) > 0;
	if ((chemistry->drum || heavy.piece >= instance->options.piece_kg) &&
	    find_consumer(instance, consignment, "electronics,textile,household,cosmetic,food",
			  &goods)) {
		add_consumer(instance, consignment, PRECURSOR_SOLVENT, &goods,
			     "drums and bulk weight under a consumer's words", out);
		signs++;
	}
	if (!un && tw_first(consignment, TW_GOODS_UN) < 0 && kg >= instance->options.solvent_kg) {
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
		/* A preparation that holds it (paint, glue, cosmetics) is not the solvent. */
		if (chemistry->hs_other && !chemistry->hs_chemical && !chemistry->drum)
			continue;
		if (add_second_signs(instance, consignment, chemistry, mention, out) == 0)
			return TW_OK;
		return precursor_add_mention(consignment, mention, PRECURSOR_SOLVENT, FAMILY_TEXT, out);
	}
	return TW_OK;
}

/* ---- (4) a chemical firm that sends something else ------------------------------- */

/* Whether the goods' texts say hardly more than WHITE POWDER or SAMPLES. */
static bool vague_substance(const struct precursor *instance,
			    const struct tw_consignment *consignment)
{
	static const enum tw_field FIELDS[] = {TW_GOODS_DESCRIPTION, TW_CONSIGNMENT_DESCRIPTION};
	unsigned words = 0, vague = 0;
	for (size_t i = 0; i < sizeof(FIELDS) / sizeof(FIELDS[0]); i++)
		for (int value = tw_first(consignment, FIELDS[i]); value >= 0;
		     value = tw_next(consignment, value)) {
			char buffer[256];
			struct tw_slice text = tw_slice(buffer,
				tw_normalise(tw_text(consignment, value), buffer, sizeof(buffer)));
			for (size_t at = 0; at < text.length; at++) {
				size_t start = at;
				while (at < text.length && tw_slice_at(text, at) != ' ')
					at++;
				int row = tw_list_find(instance->vague, instance->vague_word,
						       tw_slice_part(text, start, at - start));
				struct tw_slice kind =
					tw_list_cell(instance->vague, row, instance->vague_kind);
				words += !tw_slice_is(kind, "filler");
				vague += tw_slice_is(kind, "substance") || tw_slice_is(kind, "nothing");
			}
		}
	return vague > 0 && vague >= instance->options.share_vague * words;
}

static int add_powder(const struct precursor *instance, const struct tw_consignment *consignment,
		      const struct chemistry *chemistry, struct tw_out *out)
{
	if (!chemistry->powder || !vague_substance(instance, consignment) ||
	    tw_number(consignment, tw_first(consignment, TW_CONSIGNMENT_CONSOLIDATED)) > 0)
		return TW_OK;
	/* A sample under an HS line of chemicals for somebody who has a use for it. */
	if (tw_profile_uses(&chemistry->consignee) && chemistry->hs_chemical)
		return TW_OK;
	int value = tw_first(consignment, TW_GOODS_DESCRIPTION);
	if (value < 0)
		value = tw_first(consignment, TW_CONSIGNMENT_DESCRIPTION);
	precursor_add_sign(consignment, PRECURSOR_FIRM, value, FAMILY_GOODS, 0.4,
			   "a chemical firm sends powder, crystals or samples without a name", out);
	return 1;
}

static int add_other_goods(const struct precursor *instance,
			   const struct tw_consignment *consignment, struct tw_out *out)
{
	struct heaviness heavy = precursor_heaviness(consignment);
	struct tw_match goods;
	bool dense = heavy.density >= instance->options.powder_kg_m3;
	if ((!dense && heavy.piece < instance->options.piece_kg) ||
	    !find_consumer(instance, consignment, "electronics,textile,household", &goods))
		return TW_OK;
	add_consumer(instance, consignment, PRECURSOR_FIRM, &goods,
		     "a chemical firm sends consumer goods", out);
	precursor_add_sign(consignment, PRECURSOR_FIRM, heavy.value, FAMILY_GOODS, 0.6,
			   dense ? "for their volume the goods weigh as much as powder"
				 : "a piece weighs more than such goods do", out);
	return 1;
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

static int add_density(const struct precursor *instance, const struct tw_consignment *consignment,
		       const struct chemistry *chemistry, struct tw_out *out)
{
	struct heaviness heavy = precursor_heaviness(consignment);
	struct tw_match goods;
	bool powder = heavy.density > 0 ? heavy.density >= instance->options.powder_kg_m3
					: heavy.piece >= instance->options.piece_kg;
	if (!powder || chemistry->dense ||
	    !find_consumer(instance, consignment, "electronics,textile", &goods) ||
	    !by_air(consignment) || !from_asia(instance, consignment, &chemistry->shipper) ||
	    !through_us(instance, consignment) ||
	    !to_border(instance, consignment, &chemistry->consignee))
		return TW_OK;
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
		added |= add_other_goods(instance, consignment, out);
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
