/* SPDX-License-Identifier: Apache-2.0 */
#include "map/walk.h"

#include <math.h>

/* Continued texts: one is under way until a unit comes that does not go on with it. */

void walk_start_flow(struct tw_walk *walk, const struct map_action *action)
{
	const struct map_source *source = &walk->sources[action->source_first];
	struct walk_flow *flow = &walk->flow;
	if (walk->between || !walk_any_piece(walk, source))
		return;
	int item = walk->item[action->group];
	flow->item = item >= 0 ? (uint16_t)item : walk_item(walk, action->group);
	flow->action = action;
	flow->qualifier = walk_qualifier(walk);
	flow->active = true;
	walk_text_clear(&flow->text);
	flow->full = walk_join(walk, source, &flow->text, false);
}

/* The action that goes on with the text under way, or NULL. */
static const struct map_action *continuing(const struct tw_walk *walk, const struct map_link *row)
{
	const struct walk_flow *flow = &walk->flow;
	if (walk->level + 1 != walk->depth || flow->text.text.length >= WALK_FLOW_LIMIT)
		return NULL;
	if ((size_t)(flow->action - walk->actions) - row->action_first < row->action_count)
		return flow->qualifier == walk_qualifier(walk) ? flow->action : NULL;
	const struct map_action *first = &walk->actions[row->action_first];
	bool same = row->continues && first->field == flow->action->field &&
		    walk->item[first->group] == (int)flow->item;
	return same ? first : NULL;
}

bool walk_continue(struct tw_walk *walk, const struct map_link *row)
{
	struct walk_flow *flow = &walk->flow;
	const struct map_action *action = continuing(walk, row);
	if (action == NULL) {
		walk_flush(walk);
		return false;
	}
	flow->full = walk_join(walk, &walk->sources[action->source_first], &flow->text, flow->full);
	return true;
}

void walk_flush(struct tw_walk *walk)
{
	struct walk_flow *flow = &walk->flow;
	struct walk_value value = walk_text_value(&flow->text);
	struct tw_new_value out = {
		.field = flow->action->field, .item = flow->item, .number = (double)NAN};
	flow->active = false;
	walk_trim(&value);
	if (value.text.length > 0 && (flow->action->many || !walk_taken(walk, out.field, out.item)))
		walk_put_value(walk, &value, &out);
}
