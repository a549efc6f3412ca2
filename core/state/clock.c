/* SPDX-License-Identifier: Apache-2.0 */
#include "state/clock.h"

#include <math.h>
#include <string.h>

/* The place of the first time that is not before this one. */
static unsigned place_of(const struct tw_clock *clock, double time)
{
	unsigned low = 0;
	unsigned high = clock->count;
	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		if (clock->sorted[middle] < time)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void take_out(struct tw_clock *clock, double time)
{
	unsigned at = place_of(clock, time);
	clock->count--;
	memmove(clock->sorted + at, clock->sorted + at + 1,
		(clock->count - at) * sizeof(clock->sorted[0]));
}

static void put_in(struct tw_clock *clock, double time)
{
	unsigned at = place_of(clock, time);
	memmove(clock->sorted + at + 1, clock->sorted + at,
		(clock->count - at) * sizeof(clock->sorted[0]));
	clock->sorted[at] = time;
	clock->count++;
}

void tw_clock_interchange(struct tw_clock *clock, double time)
{
	if (isnan(time))
		return;
	if (clock->count == TW_CLOCK_TIMES)
		take_out(clock, clock->times[clock->next]);
	clock->times[clock->next] = time;
	clock->next = (clock->next + 1) % TW_CLOCK_TIMES;
	put_in(clock, time);
	double median = clock->sorted[(clock->count - 1) / 2];
	if (median > clock->now)
		clock->now = median;
}

void tw_clock_packet(struct tw_clock *clock, double time)
{
	if (time > clock->now)
		clock->now = time;
}
