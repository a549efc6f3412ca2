/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TIDEWAITER_GOODS_H
#define TIDEWAITER_GOODS_H

#include "tidewaiter/consignment.h"

/*
 * Which facts of a consignment speak of which of its goods, so that a second line
 * of goods cannot explain the first away. A fact of an item that has a text of its
 * own is that item's; what stands outside the goods speaks of each of them. Where only
 * one item has a text, all is one. An item without a text is judged with all others.
 * Items are named by their number; -1 stands for all goods together. All inline, any
 * thread, owns nothing.
 *
 * Weakness: where a message spreads one text over several items, each is judged by
 * its share of it.
 */

/* Whether more than one item has a text of its own. */
static inline bool tw_goods_several(const struct tw_consignment *consignment)
{
	int value = tw_first(consignment, TW_GOODS_DESCRIPTION);
	unsigned first = tw_item(consignment, value);
	while (value >= 0 && tw_item(consignment, value) == first)
		value = tw_next(consignment, value);
	return value >= 0;
}

/* The item of several that a value belongs to, or -1. */
static inline int tw_goods_item(const struct tw_consignment *consignment, int value)
{
	if (value < 0 || tw_field_info(tw_field_of(consignment, value))->group != TW_GROUP_goods ||
	    !tw_goods_several(consignment))
		return -1;
	unsigned item = tw_item(consignment, value);
	return tw_find(consignment, TW_GOODS_DESCRIPTION, item) < 0 ? -1 : (int)item;
}

/* Whether a value speaks of `item`: it stands with it, or with no goods at all. */
static inline bool tw_goods_concerns(const struct tw_consignment *consignment, int value, int item)
{
	return item < 0 || tw_item(consignment, value) == (unsigned)item ||
	       tw_field_info(tw_field_of(consignment, value))->group != TW_GROUP_goods;
}

/* An item's own value, or where it has none or stands for all, that of the consignment. */
static inline int tw_goods_own(const struct tw_consignment *consignment, enum tw_field own,
			       enum tw_field whole, int item)
{
	int value = item < 0 ? -1 : tw_find(consignment, own, (unsigned)item);
	return value < 0 ? tw_first(consignment, whole) : value;
}

#endif
