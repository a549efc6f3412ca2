/* SPDX-License-Identifier: Apache-2.0 */
/* Bad on purpose: it refuses to open, and says why. */
#include "tidewaiter/detector.h"

static int inspect(const void *instance, const struct tw_consignment *consignment, struct tw_out *out)
{
	(void)instance;
	(void)consignment;
	(void)out;
	return TW_OK;
}

static int refuse(const struct tw_host *host, const void *options, void **ret_instance)
{
	(void)options;
	(void)ret_instance;
	tw_host_error(host, "the tide table %s is missing", "harbour.tsv");
	return TW_ERROR_NOT_FOUND;
}

static const struct tw_detector detector = {
	.magic = TW_DETECTOR_MAGIC, .size = sizeof(detector), .abi_major = TW_ABI_MAJOR, .abi_minor = TW_ABI_MINOR,
	.name = "bad_open", .version = "1", .category = "routing-anomaly", .summary = "Test: bad on purpose.",
	.findings = (const struct tw_finding_info[]){{1900107, 4, "Never seen"}, {0}},
	.open = refuse, .inspect = inspect,
};
TW_DETECTOR(bad_open, detector)
