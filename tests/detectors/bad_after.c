/* SPDX-License-Identifier: Apache-2.0 */
/* Bad on purpose: it comes after itself: a cycle. */
#include "tidewaiter/detector.h"

static int inspect(const void *instance, const struct tw_consignment *consignment, struct tw_out *out)
{
	(void)instance;
	(void)consignment;
	(void)out;
	return TW_OK;
}

static const struct tw_detector detector = {
	.magic = TW_DETECTOR_MAGIC, .size = sizeof(detector), .abi_major = TW_ABI_MAJOR, .abi_minor = TW_ABI_MINOR,
	.name = "bad_after", .version = "1", .category = "routing-anomaly", .summary = "Test: bad on purpose.",
	.findings = (const struct tw_finding_info[]){{1900108, 4, "Never seen"}, {0}},
	.after = (const char *const[]){"bad_after", NULL}, .inspect = inspect,
};
TW_DETECTOR(bad_after, detector)
