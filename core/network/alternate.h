/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_NETWORK_ALTERNATE_H
#define TW_NETWORK_ALTERNATE_H

#include "config/config.h"
#include "network/stream.h"

/*
 * The other reading of a flow in which bytes were sent twice and differ. It stands between
 * the tap and its consumer: passes everything on, and keeps what a flow told since the
 * last boundary that the consumer named. Where there was a conflict in it, the consumer is
 * told all of that again at the next boundary, or at the end, as a flow of its own whose
 * `primary` is the flow: opened, data and gaps with the other bytes in their places,
 * ended, closed. With network.overlap "first" the other reading is the one in which new
 * bytes win everywhere, with "last" the one in which old ones do. One thread at a time.
 *
 * Weakness: two readings, not one for each combination of overlaps. A flow that tells
 * more between two boundaries than is kept has its other reading cut there, which is
 * counted and told as an anomaly of the primary flow.
 */
struct tw_alternate;

struct tw_alternate_settings {
	uint64_t bytes;	 /* kept of one flow since its last boundary; 0: nothing is */
	uint64_t memory; /* of all flows */
	bool last;	 /* network.overlap */
};

struct tw_alternate_counts {
	uint64_t readings; /* told */
	uint64_t cut;	   /* not whole, or not at all */
	uint64_t memory, memory_most;
};

/* What the configuration says. */
struct tw_alternate_settings tw_alternate_settings(const struct tw_config *config);
int tw_alternate_create(const struct tw_alternate_settings *settings,
			const struct tw_stream_events *consumer,
			struct tw_alternate **ret_alternate);
void tw_alternate_free(struct tw_alternate *alternate);
/* What the tap is to be created with. */
struct tw_stream_events tw_alternate_events(struct tw_alternate *alternate);
/*
 * From within a callback for a flow: what it told so far, this callback's bytes included,
 * is done with. The other reading is told, if there is one, once the callback has returned.
 */
void tw_alternate_boundary(struct tw_flow *flow);
struct tw_alternate_counts tw_alternate_counts(const struct tw_alternate *alternate);

#endif
