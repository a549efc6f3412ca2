/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "chemical_precursor.h"

/* What the evidence amounts to. */
struct summary {
	uint32_t sid;		   /* the lowest number speaks: named before HS before the rest */
	struct tw_slice why;
	struct tw_slice consignee; /* the sentence against the consignee */
	bool strong, read;	   /* a strong substance; one row at least is not merely recalled */
	bool fits;		   /* HS line, UN number and parties fit */
	bool against;		   /* a sign against the consignee or in the wording */
};

static void add(struct summary *summary, const struct tw_evidence *evidence)
{
	bool consignee = tw_slice_is(evidence->family, FAMILY_CONSIGNEE);
	if (evidence->sid != 0 && evidence->weight > 0 &&
	    (summary->sid == 0 || evidence->sid < summary->sid)) {
		summary->sid = evidence->sid;
		summary->why = evidence->why;
	}
	if (consignee)
		summary->consignee = evidence->why;
	summary->against |= consignee || (tw_slice_is(evidence->family, FAMILY_WORDING) &&
					  evidence->sid == PRECURSOR_SOLVENT);
	summary->fits |= tw_slice_is(evidence->family, FAMILY_FIT);
	summary->strong |= tw_slice_is(evidence->family, FAMILY_TEXT) ||
			   tw_slice_is(evidence->family, FAMILY_CAS) ||
			   tw_slice_is(evidence->family, FAMILY_HS);
	summary->read |= tw_slice_is(evidence->status, "read");
}

/* (1): strong 1, large lawful trade 2; a step lower where all fits or a row is merely recalled. */
static int severity_named(const struct summary *summary)
{
	if (summary->strong)
		return summary->fits || (!summary->read && !summary->against) ? 2 : 1;
	if (summary->fits)
		return 3;
	return summary->against && summary->read ? 1 : 2;
}

static int severity(const struct summary *summary)
{
	switch (summary->sid) {
	case PRECURSOR_NAMED:
		return severity_named(summary);
	case PRECURSOR_HS:
		return (summary->strong ? 2 : 3) - summary->against;
	case PRECURSOR_DENSITY:
		return 2;
	default:
		return 3 - summary->against;
	}
}

/* The last alert of this pair under (1) or (2) in an earlier consignment within the window. */
static bool find_hit(const struct precursor *instance, const struct tw_consignment *consignment,
		     const struct tw_state *state, struct tw_hit *ret_hit)
{
	struct tw_slice bytes = tw_state_bytes(state);
	struct tw_shipment self = tw_shipment(consignment);
	bool found = false;
	for (size_t at = 0; at + sizeof(struct tw_hit) <= bytes.length; at += sizeof(struct tw_hit)) {
		struct tw_hit hit;
		memcpy(&hit, bytes.data + at, sizeof(hit));
		double days = (tw_feed_time(consignment) - hit.time) / 86400;
		bool own = hit.shipment.high == self.high && hit.shipment.low == self.low;
		/* A day of grace: interchanges of one day do not arrive in order. */
		if (own || (hit.sid != PRECURSOR_NAMED && hit.sid != PRECURSOR_HS) || days < -1 ||
		    days > instance->options.pair_days)
			continue;
		*ret_hit = hit;
		found = true;
	}
	return found;
}

/* (6): adds the evidence for a pair that alerted before. Returns whether there is any. */
static bool add_pair(const struct precursor *instance, const struct tw_consignment *consignment,
		     const struct tw_conclusion *conclusion, struct tw_hit *ret_hit,
		     struct tw_out *out)
{
	bool found = false;
	if (!(instance->options.pair_days > 0))
		return false;
	for (unsigned i = 0; i < conclusion->state_count && !found; i++)
		if (tw_state_table(conclusion->states[i]) == TW_TABLE_HITS)
			found = find_hit(instance, consignment, conclusion->states[i], ret_hit);
	if (!found)
		return false;
	int consignee = tw_party(consignment, TW_PARTY_CONSIGNEE, 0);
	precursor_add_sign(consignment, PRECURSOR_PAIR,
			   consignee < 0 ? -1 : tw_find(consignment, TW_PARTY_NAME, (unsigned)consignee),
			   FAMILY_HISTORY, 0.5,
			   "shipper and consignee had an alert for a precursor before", out);
	tw_add_related(out, ret_hit->shipment);
	return true;
}

static int raise_finding(const struct summary *summary, int step, double score, struct tw_out *out)
{
	char reason[480];
	int length = snprintf(reason, sizeof(reason), "%.*s%s%.*s", (int)summary->why.length,
			      summary->why.data, summary->consignee.length > 0 ? "; " : "",
			      (int)summary->consignee.length,
			      summary->consignee.length > 0 ? summary->consignee.data : "");
	if (length < 0)
		return TW_ERROR_INVALID;
	return tw_raise(out, &(struct tw_finding){
		.sid = summary->sid, .score = score, .severity = step,
		.reason = tw_slice_part(tw_slice(reason, sizeof(reason) - 1), 0, (size_t)length)});
}

int precursor_conclude(const void *context, const struct tw_consignment *consignment,
		       const struct tw_conclusion *conclusion, struct tw_out *out)
{
	struct summary summary = {0};
	struct tw_hit hit;
	for (unsigned i = 0; i < conclusion->evidence_count; i++)
		add(&summary, &conclusion->evidence[i]);
	bool pair = add_pair(context, consignment, conclusion, &hit, out);
	double score = tw_combine(conclusion->evidence, conclusion->evidence_count);
	if (summary.sid != 0)
		return raise_finding(&summary, severity(&summary), score, out);
	if (!pair)
		return TW_OK;
	/* As sure as the alert it leans on was. */
	return tw_raise(out, &(struct tw_finding){
		.sid = PRECURSOR_PAIR, .score = (double)hit.score * 0.5,
		.severity = hit.score >= 50 ? 2 : 3,
		.reason = TW_LITERAL("shipper and consignee had an alert for a precursor before")});
}
