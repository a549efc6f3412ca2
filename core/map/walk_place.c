/* SPDX-License-Identifier: Apache-2.0 */
#include "map/walk.h"

/*
 * Where values stand that are only judged once a consignment is whole. Their segments are
 * gone then, so the walk writes down which row took a segment where such a value may stand;
 * tag and element are the row's. Rows of the header are kept for all its consignments.
 */

void walk_place_note(struct tw_walk *walk, unsigned row)
{
	struct walk_place place = {
		.offset = walk->unit->offset,
		.length = (uint32_t)walk->unit->bytes.length,
		.row = (uint16_t)row,
	};
	tw_buffer_append(&walk->places, &place, sizeof(place));
}

void walk_place_clear(struct tw_walk *walk)
{
	if (!walk->builder.marked)
		walk->header_places = walk->places.length;
	walk->places.length = walk->header_places;
}

/* The last segment that begins at or before `offset`, where it reaches that far; or NULL. */
static const struct walk_place *find_place(const struct tw_walk *walk, uint64_t offset)
{
	const struct walk_place *places = (const void *)walk->places.data;
	size_t from = 0, to = walk->places.length / sizeof(*places);
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		if (places[middle].offset <= offset)
			from = middle + 1;
		else
			to = middle;
	}
	const struct walk_place *found = from == 0 ? NULL : &places[from - 1];
	return found != NULL && offset - found->offset < found->length ? found : NULL;
}

/* The element that an action reads, or 0 where it may be one of several. */
static unsigned element_of(const struct tw_walk *walk, const struct map_action *action)
{
	unsigned element = walk->sources[action->source_first].at.element;
	for (unsigned i = 0; i < action->source_count; i++) {
		const struct map_source *source = &walk->sources[action->source_first + i];
		if (source->kind != SOURCE_POSITION || source->at.element != element)
			return 0;
	}
	return element == UINT8_MAX ? 0 : element;
}

/* GID; of XML the name behind its parent's. The mark in front of a continued line belongs to it. */
static struct tw_slice tag_of(const struct tw_walk *walk, const struct map_row *row)
{
	struct tw_slice text =
		map_slice(walk->map, MAP_AT(struct map_tag, walk->map->tags, row->tag)->text);
	for (size_t i = 1; i + 1 < text.length; i++)
		if (text.data[i] == '/')
			return tw_slice_from(text, i + 1);
	return text;
}

void walk_place_find(const struct tw_walk *walk, unsigned field, struct tw_anomaly_at *at)
{
	const struct walk_place *place = find_place(walk, at->offset);
	if (place == NULL)
		return;
	const struct map_row *row = MAP_AT(struct map_row, walk->map->rows, place->row);
	for (unsigned i = 0; i < row->action_count; i++) {
		const struct map_action *action = &walk->actions[row->action_first + i];
		if (action->kind > ACTION_ADD || action->field != field)
			continue;
		at->segment = tag_of(walk, row);
		at->element = row->each ? 0 : element_of(walk, action);
		return;
	}
}
