/* SPDX-License-Identifier: Apache-2.0 */
/* Proof of the interface: a bit set by one consignment (left gloves) and tested by the next to the same consignee (right gloves). */
#include "tidewaiter/detector.h"

#define BIT TW_LITERAL("\1")

static bool says(struct tw_slice text, const char *word)
{
	char words[256];
	words[tw_normalise(text, words, sizeof(words) - 1)] = '\0';
	return strstr(words, word) != NULL;
}

static int inspect(const void *instance, const struct tw_consignment *consignment, struct tw_out *out)
{
	(void)instance;
	struct tw_key consignee;
	int goods = tw_first(consignment, TW_GOODS_DESCRIPTION);
	bool left = says(tw_text(consignment, goods), "LEFT GLOVES");
	if ((!left && !says(tw_text(consignment, goods), "RIGHT GLOVES")) ||
	    !tw_party_key(consignment, tw_party(consignment, TW_PARTY_CONSIGNEE, 0), &consignee))
		return TW_OK;
	if (!left)
		tw_add_evidence(out, &(struct tw_evidence){.field = TW_GOODS_DESCRIPTION, .value = goods,
			.weight = 0.7, .why = TW_LITERAL("the right gloves to left ones sent earlier")});
	return tw_claim(out, 0, consignee);
}

/* The setter has no evidence: that tells it from the tester. */
static int conclude(const void *instance, const struct tw_consignment *consignment,
		    const struct tw_conclusion *conclusion, struct tw_out *out)
{
	(void)instance;
	(void)consignment;
	if (conclusion->state_count == 0)
		return TW_OK;
	if (conclusion->evidence_count == 0)
		return tw_state_write(out, conclusion->states[0], BIT);
	if (!tw_slice_equal(tw_state_bytes(conclusion->states[0]), BIT))
		return TW_OK;
	return tw_raise(out, &(struct tw_finding){.sid = 1900005,
		.score = tw_combine(conclusion->evidence, conclusion->evidence_count),
		.reason = TW_LITERAL("right gloves for the consignee of earlier left ones")});
}

static const struct tw_detector detector = {TW_DETECTOR_MAGIC, sizeof(detector), TW_ABI_MAJOR, TW_ABI_MINOR,
	.name = "td_bit", .version = "1", .category = "routing-anomaly", .summary = "Test: a bit, set and tested.",
	.findings = (const struct tw_finding_info[]){{1900005, 2, "Right gloves after left ones"}, {0}},
	.tables = (const char *const[]){"bits", NULL}, .inspect = inspect, .conclude = conclude};
TW_DETECTOR(td_bit, detector)
