/* SPDX-License-Identifier: Apache-2.0 */
/* A template for a detector: few pieces that are as dense as metal or powder. */
#include <stdio.h>

#include "tidewaiter/detector.h"

struct options { double pieces, density; };

static int start(const struct tw_host *host, const void *options, void **ret_instance)
{
	(void)host;
	*ret_instance = (void *)(uintptr_t)options; /* they live as long as the instance */
	return TW_OK;
}

static int inspect(const void *instance, const struct tw_consignment *consignment, struct tw_out *out)
{
	const struct options *options = instance;
	int weight = tw_first(consignment, TW_CONSIGNMENT_WEIGHT);
	double volume = tw_number(consignment, tw_first(consignment, TW_CONSIGNMENT_VOLUME));
	double pieces = tw_number(consignment, tw_first(consignment, TW_CONSIGNMENT_PIECES));
	double density = tw_number(consignment, weight) / volume;
	char why[80];
	if (!(pieces <= options->pieces && volume > 0 && density >= options->density))
		return TW_OK; /* also where one of them is not known: NAN compares false */
	snprintf(why, sizeof(why), "%.0f kg a cubic metre; pieces: %.0f", density, pieces);
	return tw_add_evidence(out, &(struct tw_evidence){.field = TW_CONSIGNMENT_WEIGHT,
		.value = weight, .weight = 0.6, .why = tw_slice_string(why)});
}

static const struct tw_detector detector = {TW_DETECTOR_MAGIC, sizeof(detector), TW_ABI_MAJOR, TW_ABI_MINOR,
	.name = "example", .version = "1", .category = "routing-anomaly", .summary = "Small and dense.",
	.options = (const struct tw_option[]){
		{"pieces", TW_OPTION_NUMBER, "2", "At most so many pieces", offsetof(struct options, pieces), 1, 1000},
		{"density", TW_OPTION_NUMBER, "700", "At least so many kg a m3", offsetof(struct options, density), 1, 20000},
		{0}},
	.options_size = sizeof(struct options),
	.findings = (const struct tw_finding_info[]){{1000001, 3, "Small and dense"}, {0}},
	.open = start, .inspect = inspect};
TW_DETECTOR(example, detector)
