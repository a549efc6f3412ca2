/* SPDX-License-Identifier: Apache-2.0 */
/* Bad on purpose: it observes a table it never declared. */
#include "tidewaiter/detector.h"

static int inspect(const void *instance, const struct tw_consignment *consignment, struct tw_out *out)
{
	(void)instance;
	(void)consignment;
	return tw_observe(out, 7, tw_key_of(TW_LITERAL("everything")), TW_LITERAL("x"));
}

static const struct tw_detector detector = {
	.magic = TW_DETECTOR_MAGIC, .size = sizeof(detector), .abi_major = TW_ABI_MAJOR, .abi_minor = TW_ABI_MINOR,
	.name = "bad_table", .version = "1", .category = "routing-anomaly", .summary = "Test: bad on purpose.",
	.findings = (const struct tw_finding_info[]){{1900114, 4, "Never seen"}, {0}},
	.inspect = inspect,
};
TW_DETECTOR(bad_table, detector)
