/* SPDX-License-Identifier: Apache-2.0 */
#include "map/walk.h"

#include <math.h>
#include <stdio.h>

/*
 * Control totals: what a message says its consignments add up to (`sum` in a map), held at
 * its end against what they did. Nothing is said where not all of them were there: of a
 * message that was cut or divided, of one that only adds to, changes or takes back some of
 * them, and of answers, which quote some.
 */

void walk_sum_begin(struct tw_walk *walk)
{
	for (unsigned i = 0; i < MAP_SUMS; i++)
		walk->declared[i].length = 0;
	walk->declared_inside = walk->declared_doubtful = false;
}

/*
 * Behind a consignment's goods stands the message's total only if no consignment follows;
 * if one does, the former total was that consignment's, and so will the others be.
 */
void walk_sum_consignment(struct tw_walk *walk)
{
	walk->declared_doubtful |= walk->declared_inside;
}

/* The first one stands, as with all fields. */
void walk_sum(struct tw_walk *walk, const struct map_action *action)
{
	const struct tw_unit *unit = walk->unit;
	struct walk_declared *declared = &walk->declared[action->register_number];
	struct tw_new_value out = {.field = action->field, .number = (double)NAN};
	struct walk_value value;
	if (declared->length > 0 ||
	    !walk_read(walk, walk->sources[action->source_first].at, &value) ||
	    !walk_convert(walk, action, &value, &out) || isnan(out.number))
		return;
	*declared = (struct walk_declared){
		.number = out.number,
		.offset = value.origin,
		.length = value.origin_length,
		.element = walk->sources[action->source_first].at.element,
		.tag_length = (uint8_t)(unit->tag.length < WALK_OPENED ? unit->tag.length
								       : WALK_OPENED),
	};
	memcpy(declared->tag, unit->tag.data, declared->tag_length);
	walk->declared_inside |= walk->in_consignment;
}

static void check_sum(struct tw_walk *walk, const struct walk_declared *declared, double sum,
		      bool counted)
{
	struct tw_anomaly_at at = {
		.code = "map.message_total",
		.offset = declared->offset,
		.length = declared->length,
		.segment = tw_slice(declared->tag, declared->tag_length),
		.element = declared->element,
	};
	char reason[96];
	if (declared->length == 0 || walk->events.anomaly == NULL ||
	    walk_sums_agree(declared->number, sum, counted))
		return;
	snprintf(reason, sizeof(reason), "%.12g declared, the consignments add up to %.12g",
		 declared->number, sum);
	walk->events.anomaly(walk->events.context, &at, reason);
}

/* The message tells all there is: it is no answer and no piece of something told before. */
static bool tells_all(const struct tw_walk *walk)
{
	struct tw_consignment view = tw_builder_view(&walk->builder);
	int function = tw_code(&view, TW_MESSAGE_FUNCTION);
	int role = tw_code(&view, TW_MESSAGE_ROLE);
	return role != TW_ROLE_RESPONSE && role != TW_ROLE_STATUS && function != TW_ACTION_ADD &&
	       function != TW_ACTION_CHANGE && function != TW_ACTION_CANCEL;
}

void walk_sum_check(struct tw_walk *walk)
{
	const struct walk_sums *sums = &walk->sums;
	if (walk->map == NULL || !walk->map->sums || walk->cut || sums->divided ||
	    walk->declared_doubtful || !tells_all(walk))
		return;
	for (unsigned i = 0; i < MAP_SUMS; i++)
		if (map_summed[i] == 0)
			check_sum(walk, &walk->declared[i], walk->consignments, true);
		else if (sums->known[i] && (sums->masters || sums->others))
			check_sum(walk, &walk->declared[i], sums->values[i],
				  map_summed[i] == TW_CONSIGNMENT_PIECES);
}
