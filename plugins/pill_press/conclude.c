/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "pill_press.h"

/* What the evidence amounts to. */
struct summary {
	uint32_t sid;		   /* what was seen: machine before part before vague */
	struct tw_slice why;	   /* the sentence of that evidence */
	struct tw_slice consignee; /* and of the sign against the consignee */
	bool elusive;		   /* a home, a mailbox, a forwarder at the border */
	bool unfit;		   /* a firm without a use for the goods */
	bool importer;		   /* of a trade that makes tablets */
	bool small, cheap, reference;
};

static void add(struct summary *summary, const struct tw_evidence *evidence)
{
	bool consignee = tw_slice_is(evidence->family, FAMILY_CONSIGNEE);
	bool trade = tw_slice_is(evidence->family, FAMILY_TRADE);
	if (evidence->sid != 0 && (summary->sid == 0 || evidence->sid < summary->sid)) {
		summary->sid = evidence->sid;
		summary->why = evidence->why;
	}
	if (consignee || trade)
		summary->consignee = evidence->why;
	summary->elusive |= consignee;
	summary->unfit |= trade;
	summary->importer |= tw_slice_is(evidence->family, FAMILY_IMPORTER);
	summary->reference |= tw_slice_is(evidence->family, FAMILY_REFERENCE);
	summary->small |= tw_slice_is(evidence->family, FAMILY_SIZE);
	summary->cheap |= tw_slice_is(evidence->family, FAMILY_VALUE);
}

/* Small dies and a low value speak against somebody, but not against a maker of tablets. */
static bool second_sign(const struct summary *summary)
{
	bool goods = summary->cheap || (summary->small && summary->sid != PILL_PRESS_MACHINE);
	return summary->elusive || summary->unfit || (goods && !summary->importer);
}

static bool us_party(const struct tw_consignment *consignment, const struct tw_profile *view)
{
	return view->item >= 0 &&
	       tw_slice_is(tw_text(consignment, tw_find(consignment, TW_PARTY_COUNTRY,
							(unsigned)view->item)), "US");
}

/* Goods for the United States: by their destination or by the consignee's country. */
static bool us_import(const struct pill_press *instance, const struct tw_consignment *consignment,
		      const struct tw_profile *consignee)
{
	struct tw_slice destination =
		tw_text(consignment, tw_first(consignment, TW_CONSIGNMENT_DESTINATION));
	/* Three letters are an airport; longer codes start with their country. */
	if (destination.length == 3)
		destination = tw_list_cell(instance->places,
					   tw_list_find(instance->places, instance->place_code,
							destination),
					   instance->place_country);
	return tw_slice_starts(destination, TW_LITERAL("US")) || us_party(consignment, consignee);
}

static int raise_finding(const struct summary *summary, int severity, double score, bool us,
			 struct tw_out *out)
{
	char reason[320];
	int length = snprintf(reason, sizeof(reason), "%.*s%s%s%.*s", (int)summary->why.length,
			      summary->why.data,
			      summary->reference ? ", with a reference that does not clear it"
			      : us ? ", and no DEA transaction reference comes with it" : "",
			      summary->consignee.length > 0 ? "; " : "",
			      (int)summary->consignee.length,
			      summary->consignee.length > 0 ? summary->consignee.data : "");
	if (length < 0)
		return TW_ERROR_INVALID;
	return tw_raise(out, &(struct tw_finding){
		.sid = summary->sid, .score = score, .severity = severity,
		.reason = tw_slice_part(tw_slice(reason, sizeof(reason) - 1), 0, (size_t)length)});
}

/*
 * Without a reference 2, or 3 outside US imports, where there is none to give; a
 * second sign raises by a step, so that words which are merely recalled never
 * make a high alert alone. A reference lowers by a step and clears a maker of
 * tablets, but has no effect with a home, a mailbox or a forwarder at the border.
 * 0: no alert.
 */
static int severity(const struct summary *summary, bool us)
{
	int step = us && summary->sid != PILL_PRESS_VAGUE ? 2 : 3;
	step -= second_sign(summary);
	if (!summary->reference || summary->elusive)
		return step;
	return summary->importer ? 0 : step + 1;
}

int pill_press_conclude(const void *context, const struct tw_consignment *consignment,
			const struct tw_conclusion *conclusion, struct tw_out *out)
{
	struct summary summary = {0};
	for (unsigned i = 0; i < conclusion->evidence_count; i++)
		add(&summary, &conclusion->evidence[i]);
	if (summary.sid == 0)
		return TW_OK;
	struct tw_profile consignee = tw_profile_of(consignment, TW_PARTY_CONSIGNEE);
	/* A status message has no place for the reference: that it is not there says nothing. */
	bool us = tw_code(consignment, TW_MESSAGE_ROLE) != TW_ROLE_STATUS &&
		  us_import(context, consignment, &consignee);
	int step = severity(&summary, us);
	if (step == 0)
		return TW_OK;
	return raise_finding(&summary, step,
			     tw_combine(conclusion->evidence, conclusion->evidence_count), us, out);
}
