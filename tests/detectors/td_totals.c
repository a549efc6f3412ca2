/* SPDX-License-Identifier: Apache-2.0 */
/* Proof of the interface: a message whose declared weight is not what its consignments weigh, and one that declares none. */
#include "tidewaiter/detector.h"

static int inspect(const void *instance, const struct tw_consignment *consignment, struct tw_out *out)
{
	(void)instance;
	int declared = tw_first(consignment, TW_CONSIGNMENT_WEIGHT);
	if (tw_code(consignment, TW_CONSIGNMENT_LEVEL) != TW_LEVEL_MESSAGE || declared < 0)
		return TW_OK;
	int sum = tw_next(consignment, declared);
	if (tw_derived(consignment, declared))
		return tw_add_evidence(out, &(struct tw_evidence){.sid = 1900010, .value = declared,
			.field = TW_CONSIGNMENT_WEIGHT, .weight = 0.1, .why = TW_LITERAL("no total")});
	double difference = tw_number(consignment, declared) - tw_number(consignment, sum);
	if (sum < 0 || (difference < 1 && difference > -1))
		return TW_OK;
	return tw_add_evidence(out, &(struct tw_evidence){.value = declared, .field = TW_CONSIGNMENT_WEIGHT,
		.match = tw_text(consignment, sum), .weight = 0.6,
		.why = TW_LITERAL("the message declares another weight than its consignments have")});
}

static const struct tw_detector detector = {TW_DETECTOR_MAGIC, sizeof(detector), TW_ABI_MAJOR, TW_ABI_MINOR,
	.name = "td_totals", .version = "1", .category = "routing-anomaly", .summary = "Test: totals of a message.",
	.findings = (const struct tw_finding_info[]){{1900009, 3, "A total that is none"}, {1900010, 4, "No total"}, {0}},
	.flags = TW_WANTS_MESSAGES, .inspect = inspect};
TW_DETECTOR(td_totals, detector)
