/* SPDX-License-Identifier: Apache-2.0 */
#include "state/clock.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare_times(const void *a, const void *b)
{
	double left = *(const double *)a;
	double right = *(const double *)b;
	return (left > right) - (left < right);
}

void tw_clock_interchange(struct tw_clock *clock, double time)
{
	double sorted[TW_CLOCK_TIMES];
	if (isnan(time))
		return;
	clock->times[clock->next] = time;
	clock->next = (clock->next + 1) % TW_CLOCK_TIMES;
	if (clock->count < TW_CLOCK_TIMES)
		clock->count++;
	memcpy(sorted, clock->times, clock->count * sizeof(sorted[0]));
	qsort(sorted, clock->count, sizeof(sorted[0]), compare_times);
	double median = sorted[(clock->count - 1) / 2];
	if (median > clock->now)
		clock->now = median;
}
