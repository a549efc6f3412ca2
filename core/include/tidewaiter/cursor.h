/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TIDEWAITER_CURSOR_H
#define TIDEWAITER_CURSOR_H

#include "tidewaiter/goods.h"

/*
 * Finding values item by item, where items are asked for in their order, as matches
 * and values come: one walk along a field's chain for all of them, while tw_find()
 * begins each time at its start, so that a consignment of ten thousand items would
 * take a hundred million steps. All inline, any thread, owns nothing.
 *
 * Weakness: relies on values of a field standing in the order of their items, as maps
 * make them; an item before the one asked for last begins the walk again.
 */
struct tw_cursor {
	enum tw_field field;
	int value;     /* the first of its field that is not of an item before `item` */
	unsigned item; /* asked for last */
	bool begun;
};

/* The same as tw_find(consignment, cursor->field, item). */
static inline int tw_cursor_find(struct tw_cursor *cursor, const struct tw_consignment *consignment,
				 unsigned item)
{
	if (!cursor->begun || item < cursor->item)
		cursor->value = tw_first(consignment, cursor->field);
	cursor->begun = true;
	cursor->item = item;
	while (cursor->value >= 0 && tw_item(consignment, cursor->value) < item)
		cursor->value = tw_next(consignment, cursor->value);
	return cursor->value >= 0 && tw_item(consignment, cursor->value) == item ? cursor->value : -1;
}

/* The items of several that values belong to, as tw_goods_item() says of one. */
struct tw_goods_cursor {
	struct tw_cursor text;
	bool several;
};

static inline struct tw_goods_cursor tw_goods_cursor(const struct tw_consignment *consignment)
{
	return (struct tw_goods_cursor){{.field = TW_GOODS_DESCRIPTION},
					tw_goods_several(consignment)};
}

static inline int tw_goods_cursor_item(struct tw_goods_cursor *cursor,
				       const struct tw_consignment *consignment, int value)
{
	if (value < 0 || !cursor->several ||
	    tw_field_info(tw_field_of(consignment, value))->group != TW_GROUP_goods)
		return -1;
	unsigned item = tw_item(consignment, value);
	return tw_cursor_find(&cursor->text, consignment, item) < 0 ? -1 : (int)item;
}

#endif
