/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_TESTING_H
#define MODEL_TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "model/builder.h"

/*
 * What the model's tests share: short ways to put values into a builder and to
 * look at them. One thread; a step that fails fails the test.
 */
static inline int put_text(struct tw_builder *builder, enum tw_field field, unsigned item,
			   const char *text)
{
	int value = tw_builder_add(builder, &(struct tw_new_value){
		.field = field, .item = item, .text = tw_slice_string(text), .number = (double)NAN});
	assert_true(value >= 0);
	return value;
}

static inline int put_number(struct tw_builder *builder, enum tw_field field, unsigned item,
			     double number)
{
	int value = tw_builder_add(builder, &(struct tw_new_value){
		.field = field, .item = item, .text = TW_LITERAL("n"), .number = number});
	assert_true(value >= 0);
	return value;
}

/* A document, or a place, as an item of its own: a role and a text. */
static inline unsigned put_document(struct tw_builder *builder, int role, const char *number)
{
	unsigned item = tw_builder_item(builder, TW_GROUP_document);
	put_number(builder, TW_DOCUMENT_ROLE, item, role);
	put_text(builder, TW_DOCUMENT_NUMBER, item, number);
	return item;
}

static inline void put_place(struct tw_builder *builder, int role, const char *code)
{
	unsigned item = tw_builder_item(builder, TW_GROUP_place);
	put_number(builder, TW_PLACE_ROLE, item, role);
	put_text(builder, TW_PLACE_CODE, item, code);
}

static inline void put_leg(struct tw_builder *builder, const char *from, const char *to)
{
	unsigned item = tw_builder_item(builder, TW_GROUP_leg);
	if (from != NULL)
		put_text(builder, TW_LEG_FROM, item, from);
	if (to != NULL)
		put_text(builder, TW_LEG_TO, item, to);
}

static inline void begin(struct tw_builder *builder)
{
	tw_builder_message(builder, 1000);
	tw_builder_consignment(builder, 1100);
}

static inline void assert_slice(struct tw_slice slice, const char *expected)
{
	if (!tw_slice_is(slice, expected))
		fail_msg("\"%.*s\" is not \"%s\"", (int)slice.length,
			 slice.length > 0 ? slice.data : "", expected);
}

#endif
