/* SPDX-License-Identifier: Apache-2.0 */
#include "tidewaiter/detector.h"

/* Whether an earlier piece of the same family already speaks with the same sign. */
static bool family_spoke(const struct tw_evidence *evidence, unsigned at)
{
	for (unsigned i = 0; i < at; i++)
		if (tw_slice_equal(evidence[i].family, evidence[at].family) &&
		    (evidence[i].weight < 0) == (evidence[at].weight < 0))
			return true;
	return false;
}

static double strongest(const struct tw_evidence *evidence, unsigned count, unsigned at)
{
	double best = 0;
	for (unsigned i = at; i < count; i++) {
		double weight = evidence[i].weight < 0 ? -evidence[i].weight : evidence[i].weight;
		if (tw_slice_equal(evidence[i].family, evidence[at].family) &&
		    (evidence[i].weight < 0) == (evidence[at].weight < 0) && weight > best)
			best = weight;
	}
	return best > 1 ? 1 : best;
}

/*
 * Noisy-or: independent families of signs make it ever less likely that all of
 * them are chance. Evidence against takes its share of what is left.
 */
double tw_combine(const struct tw_evidence *evidence, unsigned count)
{
	double doubt = 1;
	double discount = 1;
	for (unsigned i = 0; i < count; i++) {
		if (family_spoke(evidence, i))
			continue;
		if (evidence[i].weight < 0)
			discount *= 1 - strongest(evidence, count, i);
		else
			doubt *= 1 - strongest(evidence, count, i);
	}
	return 100 * (1 - doubt) * discount;
}
