/* SPDX-License-Identifier: Apache-2.0 */
/* Bad on purpose: it crashes in inspect. */
#include "tidewaiter/detector.h"

static int inspect(const void *instance, const struct tw_consignment *consignment, struct tw_out *out)
{
	(void)consignment;
	(void)out;
	const volatile char *nowhere = instance;
	return *nowhere; /* no open(): the instance is NULL */
}

static const struct tw_detector detector = {
	.magic = TW_DETECTOR_MAGIC, .size = sizeof(detector), .abi_major = TW_ABI_MAJOR, .abi_minor = TW_ABI_MINOR,
	.name = "bad_crash", .version = "1", .category = "routing-anomaly", .summary = "Test: bad on purpose.",
	.findings = (const struct tw_finding_info[]){{1900109, 4, "Never seen"}, {0}},
	.inspect = inspect,
};
TW_DETECTOR(bad_crash, detector)
