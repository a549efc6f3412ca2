/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_REDUCE_H
#define TW_ENGINE_REDUCE_H

#include "engine/emit.h"
#include "engine/keeper.h"
#include "engine/missing.h"
#include "engine/parts.h"
#include "engine/redelivery.h"
#include "engine/round.h"
#include "screen/runner.h"
#include "state/clock.h"
#include "state/ledger.h"
#include "state/store.h"

/* The traces (text/keys.h) of consignees, their postcodes, and pairs in the table of hits: false is certain. */
#define TW_PAIR_BITS 65536u
struct tw_pair_filter {
	bool any;
	uint64_t postcodes[TW_PAIR_BITS / 64];
	uint64_t consignees[TW_PAIR_BITS / 64];
	uint64_t pairs[TW_PAIR_BITS / 64];
};

static inline uint64_t *tw_pair_word(uint64_t *words, uint32_t trace)
{
	return &words[trace % TW_PAIR_BITS / 64];
}

static inline uint64_t tw_pair_bit(uint32_t trace)
{
	return (uint64_t)1 << trace % 64;
}

/* Who is shipper and who consignee counts. */
static inline uint32_t tw_pair_trace(uint32_t shipper, uint32_t consignee)
{
	return shipper * 0x9e3779b1u ^ consignee;
}

/*
 * The reduce task: takes inspected rounds in input order and does what has to
 * happen as if one thread did it: the feed clock and its deadlines, the ledger,
 * correlation, conclusions, and the events. One reducer per run; one thread at a
 * time has it.
 *
 * Files: reduce.c walks the items and keeps receipts, decide.c decides about one
 * consignment, correlate.c keeps ledger and keyed state in step with it, parts.c
 * puts a large consignment together again.
 */
/*
 * What is kept of a stream from its first item to its last: many may be open at a time,
 * and their items come in any order.
 */
struct tw_reception {
	struct tw_reception *next, *previous; /* of the open ones, or the spare */
	struct tw_origin *origin;
	struct tw_feed feed;	   /* the origin's, with the packet of the item at hand */
	struct tw_receipt receipt; /* of the interchange at hand */
	bool in_interchange;
	bool *out_told; /* per detector: that it is out was told in this interchange */
	struct tw_buffer interchange_texts;
	struct tw_gathering gathering;
	struct tw_parts *parts; /* of a consignment too large for one record; NULL: none was */
};

#define TW_TOLD_ONCE 16u
struct tw_reducer {
	const struct tw_detectors *detectors;
	struct tw_runner *runner;
	struct tw_call call; /* of the reduce task alone */
	struct tw_store *store;
	struct tw_ledger *ledger;
	struct tw_clock clock;
	struct tw_pair_filter pairs;
	bool wants_pairs; /* some detector has TW_WANTS_PAIR_HITS */
	struct tw_emitter *emitter;
	bool test_state; /* feed.test_state */
	double seconds;	 /* spent here, events among it; only where the emitter is timed */
	/* where we are */
	struct tw_reception *at; /* the stream of the item at hand */
	struct tw_reception *open, *spare;
	/* one consignment's work, reused */
	struct tw_buffer *evidence; /* per detector: evidence parts */
	struct tw_buffer *findings; /* per detector: finding parts */
	struct tw_buffer *related;  /* per detector: struct tw_shipment */
	struct tw_buffer observed;  /* struct tw_keyed: observations, then claims */
	struct tw_buffer payloads;
	struct tw_buffer answers, states, work, contributions, earlier;
	struct tw_keeper *keeper;   /* of the packets of flows that alert, or NULL; borrowed */
	struct tw_missing *missing; /* control numbers of what comes in packets */
	struct tw_redeliveries redeliveries; /* messages of AS2 and AS4, whatever addresses they came between */
	struct tw_statistics statistics;
	uint64_t evictions_seen, ledger_evictions_seen;
	const char *told[TW_TOLD_ONCE]; /* codes of anomalies that are told once in a run */
};

/* One observation or claim of the consignment at hand. */
struct tw_keyed {
	unsigned detector;
	uint32_t table; /* of the store */
	struct tw_key key;
	bool claim;
	size_t payload_at; /* in payloads */
	uint32_t payload_length;
};

struct tw_reducer_limits {
	struct tw_store_limits store;
	struct tw_ledger_limits ledger;
	struct tw_sequences_settings sequences;
	uint32_t message_ids;
};

int tw_reducer_create(struct tw_reducer *reducer, const struct tw_detectors *detectors,
		      const struct tw_lists *lists, const struct tw_out_limits *out_limits,
		      const struct tw_reducer_limits *limits);
void tw_reducer_free(struct tw_reducer *reducer);
int tw_reduce_round(struct tw_reducer *reducer, const struct tw_round *round);
/* No round follows: what waits for more is decided about. */
void tw_reducer_finish(struct tw_reducer *reducer);

/* ---- between the files of the reduce task -------------------------------------- */

/* A consignment on its way through the reduce task. */
struct tw_case {
	struct tw_consignment consignment;
	struct tw_slice record;
	const struct tw_feed *feed;
	struct tw_shipment shipment; /* after aliases */
	int64_t entry;		     /* in the ledger, or -1 */
	bool counts;		     /* may change state: not a test, not excluded */
	bool deadline;		     /* an anchor whose deadline passed */
	bool alternate;		     /* of the other reading of a flow */
};

/* decide.c: everything about one consignment; `results`: its blocks, taken off the front. */
int tw_decide(struct tw_reducer *reducer, struct tw_case *at, struct tw_slice blocks);
/* decide.c: the same where evidence, findings and keys stand in the reducer already. */
int tw_decide_gathered(struct tw_reducer *reducer, struct tw_case *at);
/* decide.c: empties what belongs to one case; takes the keys out of inspect's blocks. */
void tw_clear_case(struct tw_reducer *reducer);
void tw_gather_keys(struct tw_reducer *reducer, struct tw_slice blocks);
/* decide.c: the conclusion for an anchor after expired() gave evidence. */
int tw_decide_deadlines(struct tw_reducer *reducer);
int tw_conclude_detector(struct tw_reducer *reducer, struct tw_case *at, unsigned detector);
int tw_write_alerts(struct tw_reducer *reducer, struct tw_case *at);

/* correlate.c: brings ledger and state in step with what the consignment observed. */
int tw_correlate_case(struct tw_reducer *reducer, struct tw_case *at);
/* correlate.c: takes evidence, states, deadlines and related shipments out of an answer. */
int tw_take_answer(struct tw_reducer *reducer, struct tw_case *at, struct tw_slice answer,
		   const struct tw_keyed *keys, unsigned key_count);
/* correlate.c: the ledger's entry of the case, made where it has none. Negative: status. */
int64_t tw_enter_case(struct tw_reducer *reducer, struct tw_case *at);
/* reduce.c: an anomaly that concerns a consignment. */
void tw_report(struct tw_reducer *reducer, const struct tw_case *at, const char *code,
	       const char *reason);

#endif
