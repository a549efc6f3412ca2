/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TESTS_TAPPED_H
#define TW_TESTS_TAPPED_H

/*
 * Both halves of a tap in turn, for tests and benches that have one tap and one thread: the
 * engine spreads what the first half gives. Static inline, any thread.
 */
#include "network/decode.h"
#include "network/tap.h"

/* One packet. Negative where memory is short or a callback says so. */
static inline int tapped_packet(struct tw_tap *tap, const struct tw_packet *packet)
{
	const struct tw_packet_at at = {packet->number, packet->time};
	struct tw_layers layers;
	int status = tw_tap_sort(tap, packet, &layers);
	if (status > 0)
		return tw_tap_segment(tap, &at, &layers);
	/* No segment, and yet time goes on. */
	return status < 0 ? status : tw_tap_idle(tap, packet->time);
}

#endif
