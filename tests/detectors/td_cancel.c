/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Proof of the interface: a cancel that carries only the bill's number retracts. Counts the shipments a consignee
 * holds; a finding at each one beyond the first. After a cancel the next is the first again.
 */
#include "tidewaiter/detector.h"

static int inspect(const void *instance, const struct tw_consignment *consignment, struct tw_out *out)
{
	(void)instance;
	struct tw_key consignee;
	if (!tw_party_key(consignment, tw_party(consignment, TW_PARTY_CONSIGNEE, 0), &consignee))
		return TW_OK;
	return tw_observe(out, 0, consignee, tw_slice(NULL, 0));
}

static int correlate(const void *instance, const struct tw_observation *observation,
		     const struct tw_state *state, struct tw_out *out)
{
	(void)instance;
	uint32_t held = 0;
	if (tw_state_bytes(state).length == sizeof(held))
		memcpy(&held, tw_state_bytes(state).data, sizeof(held));
	if (observation->operation == TW_ADD)
		held++;
	else if (observation->operation == TW_RETRACT && held > 0)
		held--;
	else
		return TW_OK;
	if (observation->operation == TW_ADD && held >= 2)
		tw_add_evidence(out, &(struct tw_evidence){.value = -1, .weight = 0.5,
			.match = TW_LITERAL("HELD"), .why = TW_LITERAL("the consignee holds another shipment")});
	return tw_state_write(out, state, tw_slice((const char *)&held, sizeof(held)));
}

static const struct tw_detector detector = {TW_DETECTOR_MAGIC, sizeof(detector), TW_ABI_MAJOR, TW_ABI_MINOR,
	.name = "td_cancel", .version = "1", .category = "routing-anomaly", .summary = "Test: a cancel retracts.",
	.findings = (const struct tw_finding_info[]){{1900006, 3, "Two shipments held at once"}, {0}},
	.tables = (const char *const[]){"consignees", NULL}, .inspect = inspect, .correlate = correlate};
TW_DETECTOR(td_cancel, detector)
