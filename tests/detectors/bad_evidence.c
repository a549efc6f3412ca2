/* SPDX-License-Identifier: Apache-2.0 */
/* Bad on purpose: it adds more evidence than any limit allows. */
#include "tidewaiter/detector.h"

static int inspect(const void *instance, const struct tw_consignment *consignment, struct tw_out *out)
{
	(void)instance;
	(void)consignment;
	for (int i = 0; i < 100000; i++)
		tw_add_evidence(out, &(struct tw_evidence){.value = -1, .why = TW_LITERAL("once more")});
	return TW_OK;
}

static const struct tw_detector detector = {
	.magic = TW_DETECTOR_MAGIC, .size = sizeof(detector), .abi_major = TW_ABI_MAJOR, .abi_minor = TW_ABI_MINOR,
	.name = "bad_evidence", .version = "1", .category = "routing-anomaly", .summary = "Test: bad on purpose.",
	.findings = (const struct tw_finding_info[]){{1900111, 4, "Never seen"}, {0}},
	.inspect = inspect,
};
TW_DETECTOR(bad_evidence, detector)
