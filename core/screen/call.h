/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_SCREEN_CALL_H
#define TW_SCREEN_CALL_H

#include "screen/detectors.h"
#include "screen/result.h"
#include "text/scan.h"

/*
 * The calls into detectors, over flat bytes: records and requests in, a results
 * buffer out, nothing else. The engine calls them directly, or through a runner
 * that carries the same bytes to another process and back (screen/runner.h): that
 * is why they take no pointer to anything of the engine's.
 *
 * One tw_call per thread; it owns its scratch memory.
 */
struct tw_progress {
	uint64_t callbacks; /* begun so far */
	uint32_t record;    /* its number in the request */
};

struct tw_call {
	const struct tw_detectors *detectors;
	const bool *chosen; /* the detectors that inspect here; NULL: all */
	struct tw_progress *progress; /* told before each callback, or NULL */
	struct tw_out_limits limits;
	struct tw_scan_scratch *scan;
	struct tw_buffer evidence, findings, states, pointers; /* arrays for conclude */
	bool foreign; /* requests come from another process: records are checked */
	bool timed;
	double scan_seconds, detector_seconds; /* only where timed */
};

int tw_call_create(struct tw_call *call, const struct tw_detectors *detectors,
		   const struct tw_lists *lists, const struct tw_out_limits *limits);
void tw_call_free(struct tw_call *call);

/* What kinds of record a detector must ask for to be shown this one, as flags of its descriptor. */
uint32_t tw_call_flags(const struct tw_consignment *consignment);

/*
 * Scans and inspects records that stand one behind the other. Appends a block for
 * each record and detector that produced something, in that order.
 */
int tw_call_inspect(struct tw_call *call, struct tw_slice records, struct tw_buffer *results);

struct tw_correlate_request {
	unsigned detector;
	bool expired;
	struct tw_observation observation;
	struct tw_slice state;
};
/* Appends at most one block. */
int tw_call_correlate(struct tw_call *call, const struct tw_correlate_request *request,
		      struct tw_buffer *results);

struct tw_conclude_request {
	unsigned detector;
	bool deadline;
	struct tw_slice record;
	struct tw_slice evidence; /* evidence parts: inspect's, then correlate's */
	struct tw_slice findings; /* finding parts of other detectors */
	struct tw_slice states;	  /* state parts, in order of observation and claim */
	struct tw_slice earlier;  /* struct tw_hit, one behind the other */
};
int tw_call_conclude(struct tw_call *call, const struct tw_conclude_request *request,
		     struct tw_buffer *results);

#endif
