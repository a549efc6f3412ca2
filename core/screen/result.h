/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_SCREEN_RESULT_H
#define TW_SCREEN_RESULT_H

#include "base/buffer.h"
#include "tidewaiter/detector.h"

/*
 * What a detector's callbacks produce, as flat bytes: blocks, one for each call
 * that produced something, each with its parts behind it. No pointers, so that a
 * result made in another process is the same as one made here. A part is a
 * multiple of 8 bytes long; texts stand behind the fixed fields.
 *
 * A tw_out is made for one call by core/screen/call.c and appends to a buffer that
 * its caller owns. Reading takes the bytes as they come from another process: all
 * lengths are checked.
 */
enum tw_part_kind {
	TW_PART_EVIDENCE = 1,
	TW_PART_OBSERVATION,
	TW_PART_CLAIM,
	TW_PART_STATE,
	TW_PART_DEADLINE,
	TW_PART_RELATED,
	TW_PART_FINDING,
	TW_PART_FAULT, /* what became of the process it ran in: payload, a sentence without subject */
};

struct tw_out_limits {
	unsigned evidence;     /* limits.evidence */
	unsigned observations; /* limits.observations */
	size_t payload_bytes;  /* limits.payload_bytes */
	size_t state_bytes;    /* limits.state_bytes */
};

#define TW_OUT_EVIDENCE 1u /* more evidence than allowed */
#define TW_OUT_PAYLOAD 2u  /* an observation too large, or too many */
#define TW_OUT_STATE 4u	   /* a state too large */
#define TW_OUT_TABLE 8u	   /* a table the descriptor does not declare */
#define TW_OUT_ENDED 16u   /* its process ended too often: it is out for the rest of the run */

struct tw_out {
	struct tw_buffer *bytes;
	const struct tw_out_limits *limits;
	unsigned evidence_count;
	unsigned observation_count;
	unsigned met; /* TW_OUT_* */
	unsigned table_count; /* tables the detector declares */
};

/* A state as a callback sees it. */
struct tw_state {
	uint32_t slot; /* position among those handed to this call */
	uint32_t table;
	struct tw_key key;
	struct tw_slice bytes;
};

struct tw_block {
	uint32_t size;	 /* of the block with its parts */
	uint16_t detector;
	uint16_t met;	 /* TW_OUT_* */
	int32_t status;	 /* what the callback returned */
	uint32_t record; /* inspect: number of the record in its batch */
};

/* A part as read back. Slices point into the bytes. */
struct tw_part {
	enum tw_part_kind kind;
	struct tw_slice bytes; /* the whole part, for copying */
	struct tw_evidence evidence;
	uint32_t table;	     /* observation, claim */
	struct tw_key key;
	struct tw_slice payload; /* observation, state */
	uint32_t slot;	     /* state, deadline */
	double time;	     /* deadline */
	struct tw_shipment shipment;
	struct tw_finding finding;
};

/*
 * Begins and ends a block in a buffer; an empty successful block leaves nothing
 * behind. Inline: nearly all blocks are empty.
 */
static inline size_t tw_block_begin(struct tw_buffer *bytes)
{
	tw_buffer_align(bytes, 8);
	size_t at = bytes->length;
	if (tw_buffer_reserve(bytes, sizeof(struct tw_block)) == TW_OK)
		bytes->length += sizeof(struct tw_block);
	return at;
}

static inline void tw_block_end(struct tw_buffer *bytes, size_t at, struct tw_block head)
{
	if (bytes->failed || bytes->length < at + sizeof(head))
		return;
	if (bytes->length == at + sizeof(head) && head.status >= 0 && head.met == 0) {
		bytes->length = at;
		return;
	}
	head.size = (uint32_t)(bytes->length - at);
	memcpy(bytes->data + at, &head, sizeof(head));
}

/* Takes the next block, or part, from the front of the bytes. 1, 0 at the end, negative: damaged. */
int tw_block_next(struct tw_slice *bytes, struct tw_block *ret_block, struct tw_slice *ret_parts);
int tw_part_next(struct tw_slice *parts, struct tw_part *ret_part);

/*
 * Holds results that another process made against what was asked for, and numbers
 * their records from `first`. Negative: damaged.
 */
struct tw_results_check {
	unsigned detector;
	uint32_t first, count; /* of the records that were sent */
};
int tw_results_check(struct tw_buffer *bytes, size_t from, const struct tw_results_check *check);

/* Appends a part (also used by the engine to hand findings and states to conclude). */
void tw_part_evidence(struct tw_buffer *bytes, const struct tw_evidence *evidence);
void tw_part_finding(struct tw_buffer *bytes, const struct tw_finding *finding);
void tw_part_fault(struct tw_buffer *bytes, struct tw_slice sentence);
void tw_part_keyed(struct tw_buffer *bytes, enum tw_part_kind kind, const struct tw_state *state);

#endif
