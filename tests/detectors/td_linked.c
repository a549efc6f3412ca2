/* SPDX-License-Identifier: Apache-2.0 */
/* Proof of the interface: a party linked to a hit of another detector within 180 days. */
#include "tidewaiter/window.h"

static int inspect(const void *instance, const struct tw_consignment *consignment, struct tw_out *out)
{
	(void)instance;
	static const int roles[] = {TW_PARTY_SHIPPER, TW_PARTY_CONSIGNEE};
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		struct tw_key key;
		int party = tw_party(consignment, roles[i], 0);
		if (!tw_party_key(consignment, party, &key))
			continue;
		tw_claim(out, TW_TABLE_HITS, key);
		/* Weight 0: says nothing by itself, but names the party once there is a link. */
		tw_add_evidence(out, &(struct tw_evidence){.field = TW_PARTY_NAME,
			.value = tw_find(consignment, TW_PARTY_NAME, (unsigned)party),
			.why = TW_LITERAL("party of this consignment")});
	}
	return TW_OK;
}

static bool linked(const struct tw_consignment *consignment, const struct tw_state *state, struct tw_hit *ret_hit)
{
	struct tw_slice bytes = tw_state_bytes(state);
	for (size_t at = 0; at + sizeof(*ret_hit) <= bytes.length; at += sizeof(*ret_hit)) {
		memcpy(ret_hit, bytes.data + at, sizeof(*ret_hit));
		double days = (tw_feed_time(consignment) - ret_hit->time) / 86400;
		if (ret_hit->sid != 1900003 && days <= 180 && days >= -180 &&
		    !tw_shipment_equal(ret_hit->shipment, tw_shipment(consignment)))
			return true;
	}
	return false;
}

static int conclude(const void *instance, const struct tw_consignment *consignment,
		    const struct tw_conclusion *conclusion, struct tw_out *out)
{
	(void)instance;
	struct tw_hit hit;
	for (unsigned i = 0; i < conclusion->state_count; i++) {
		if (!linked(consignment, conclusion->states[i], &hit))
			continue;
		tw_add_related(out, hit.shipment);
		return tw_raise(out, &(struct tw_finding){.sid = 1900003, .score = 50,
			.reason = TW_LITERAL("a party of this consignment had an alert within 180 days")});
	}
	return TW_OK;
}

static const struct tw_detector detector = {TW_DETECTOR_MAGIC, sizeof(detector), TW_ABI_MAJOR, TW_ABI_MINOR,
	.name = "td_linked", .version = "1", .category = "routing-anomaly", .summary = "Test: linked to a hit.",
	.findings = (const struct tw_finding_info[]){{1900003, 3, "Party linked to an earlier hit"}, {0}},
	.inspect = inspect, .conclude = conclude};
TW_DETECTOR(td_linked, detector)
