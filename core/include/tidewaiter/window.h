/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TIDEWAITER_WINDOW_H
#define TIDEWAITER_WINDOW_H

#include "tidewaiter/detector.h"

/*
 * A window kept in the state of a key: one entry per shipment, with the feed
 * time and a value (what is counted distinct, such as the hash of a shipper).
 * Everything is flat bytes, copied out of the state, changed, and written back;
 * no call keeps a pointer. Used from correlate and conclude.
 *
 * An entry counts where its time is within `days` before or after the time
 * asked about. The oldest entry is dropped when TW_WINDOW_LIMIT is met.
 *
 * Weakness: linear in the number of entries; TW_WINDOW_LIMIT keeps that small.
 */
#define TW_WINDOW_LIMIT 120u

struct tw_window_entry {
	struct tw_shipment shipment;
	uint64_t value;
	double time;
};

struct tw_window {
	uint32_t count;
	struct tw_window_entry entries[TW_WINDOW_LIMIT];
};

/* Reads a window from state bytes; anything that is none becomes an empty one. */
static inline void tw_window_read(struct tw_window *window, struct tw_slice bytes)
{
	window->count = 0;
	if (bytes.length % sizeof(struct tw_window_entry) != 0 ||
	    bytes.length > sizeof(window->entries) || bytes.length == 0)
		return;
	memcpy(window->entries, bytes.data, bytes.length);
	window->count = (uint32_t)(bytes.length / sizeof(struct tw_window_entry));
}

static inline struct tw_slice tw_window_bytes(const struct tw_window *window)
{
	return (struct tw_slice){(const char *)(const void *)window->entries,
				 window->count * sizeof(struct tw_window_entry)};
}

static inline bool tw_shipment_equal(struct tw_shipment a, struct tw_shipment b)
{
	return a.high == b.high && a.low == b.low;
}

static inline void tw_window_remove(struct tw_window *window, struct tw_shipment shipment)
{
	for (uint32_t i = 0; i < window->count; i++) {
		if (!tw_shipment_equal(window->entries[i].shipment, shipment))
			continue;
		memmove(&window->entries[i], &window->entries[i + 1],
			(window->count - i - 1) * sizeof(window->entries[0]));
		window->count--;
		return;
	}
}

/* Adds a shipment's entry, or replaces the one it has. */
static inline void tw_window_put(struct tw_window *window, struct tw_window_entry entry)
{
	tw_window_remove(window, entry.shipment);
	if (window->count == TW_WINDOW_LIMIT) {
		uint32_t oldest = 0;
		for (uint32_t i = 1; i < window->count; i++)
			if (window->entries[i].time < window->entries[oldest].time)
				oldest = i;
		tw_window_remove(window, window->entries[oldest].shipment);
	}
	window->entries[window->count++] = entry;
}

static inline bool tw_window_within(const struct tw_window_entry *entry, double time, double days)
{
	double distance = entry->time - time;
	return (distance < 0 ? -distance : distance) <= days * 86400.0;
}

/* How many different values stand within `days` of `time`. */
static inline unsigned tw_window_distinct(const struct tw_window *window, double time, double days)
{
	unsigned distinct = 0;
	for (uint32_t i = 0; i < window->count; i++) {
		bool seen = !tw_window_within(&window->entries[i], time, days);
		for (uint32_t j = 0; j < i && !seen; j++)
			seen = window->entries[j].value == window->entries[i].value &&
			       tw_window_within(&window->entries[j], time, days);
		distinct += !seen;
	}
	return distinct;
}

#endif
