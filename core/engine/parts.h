/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_PARTS_H
#define TW_ENGINE_PARTS_H

#include "model/builder.h"

/*
 * A consignment larger than limits.consignment_bytes comes in parts, each a record
 * that is inspected by itself (core/map/walk_part.c cuts it). Here they become one
 * again for correlation and conclusion: the first part whole, what identifies the
 * consignment from all of them, and of the others the values that evidence stands
 * on. So memory does not grow with the consignment, and it has one alert for each
 * detector or sid. Belongs to the reduce task.
 *
 * Weakness: a conclusion does not see the goods of later parts that no evidence
 * stands on. What inspect weighed with the sums of its own part stays so.
 */
struct tw_reducer;
struct tw_case;

struct tw_parts {
	bool open;
	bool counts;
	struct tw_builder builder; /* the merged consignment */
	uint64_t end;		   /* of the last part, in the stream */
	uint64_t packet;	   /* in which the message began */
	uint16_t items[TW_GROUP_COUNT]; /* of the parts so far */
	unsigned detector_count;
	struct tw_buffer *evidence, *findings; /* per detector, as the reducer's */
	unsigned *evidence_count;
	unsigned *observed_count; /* observations and claims */
	struct tw_buffer observed, payloads; /* as the reducer's */
	struct tw_buffer record;
};

int tw_parts_create(struct tw_parts *parts, unsigned detector_count);
void tw_parts_free(struct tw_parts *parts); /* and the structure, from malloc() */
/* Whether a record is a further part of the consignment at hand. */
bool tw_parts_continue(const struct tw_parts *parts /* or NULL */, const struct tw_record *record);
/* Takes a part with what inspection made of it. */
int tw_parts_add(struct tw_reducer *reducer, struct tw_case *at, struct tw_slice blocks);
/* No further part comes: decides about the whole, if there is one. */
int tw_parts_conclude(struct tw_reducer *reducer);

#endif
