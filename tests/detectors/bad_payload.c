/* SPDX-License-Identifier: Apache-2.0 */
/* Bad on purpose: it hands on an observation larger than any limit allows. */
#include "tidewaiter/detector.h"

static int inspect(const void *instance, const struct tw_consignment *consignment, struct tw_out *out)
{
	(void)instance;
	(void)consignment;
	static const char large[128 * 1024];
	tw_observe(out, 0, tw_key_of(TW_LITERAL("everything")), tw_slice(large, sizeof(large)));
	return TW_OK;
}

static int correlate(const void *instance, const struct tw_observation *observation,
		     const struct tw_state *state, struct tw_out *out)
{
	(void)instance;
	(void)observation;
	return tw_state_write(out, state, TW_LITERAL("seen"));
}

static const struct tw_detector detector = {
	.magic = TW_DETECTOR_MAGIC, .size = sizeof(detector), .abi_major = TW_ABI_MAJOR, .abi_minor = TW_ABI_MINOR,
	.name = "bad_payload", .version = "1", .category = "routing-anomaly", .summary = "Test: bad on purpose.",
	.findings = (const struct tw_finding_info[]){{1900113, 4, "Never seen"}, {0}},
	.tables = (const char *const[]){"all", NULL}, .inspect = inspect, .correlate = correlate,
};
TW_DETECTOR(bad_payload, detector)
