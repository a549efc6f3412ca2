/* SPDX-License-Identifier: Apache-2.0 */
#include "map/walk.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/time.h"
#include "model/derive.h"

int tw_walk_create(const struct tw_walk_events *events, const struct tw_walk_limits *limits,
		   struct tw_walk **ret_walk)
{
	struct tw_walk *walk = calloc(1, sizeof(*walk));
	if (walk == NULL)
		return TW_ERROR_MEMORY;
	walk->events = *events;
	walk->limits = *limits;
	walk->fallback_name = "WINDOWS-1252";
	walk->slots = walk->own_slots;
	*ret_walk = walk;
	return TW_OK;
}

void tw_walk_free(struct tw_walk *walk)
{
	if (walk == NULL)
		return;
	tw_builder_free(&walk->builder);
	tw_builder_free(&walk->late);
	tw_buffer_free(&walk->interchange_texts);
	tw_buffer_free(&walk->held);
	tw_buffer_free(&walk->kept);
	tw_buffer_free(&walk->places);
	walk_text_free(&walk->flow.text);
	walk_text_free(&walk->scratch);
	walk_pool_free(&walk->pool);
	tw_charset_close(walk->converter);
	tw_charset_close(walk->fallback);
	free(walk);
}

/* ---- interchange and message ---------------------------------------------- */

static void choose_charset(struct tw_walk *walk, const struct tw_interchange *interchange)
{
	struct tw_slice name = interchange->charset_name;
	walk->charset = interchange->charset;
	walk->charset_reported = false;
	if (walk->charset != TW_CHARSET_NAMED || name.length >= sizeof(walk->charset_name) ||
	    tw_slice_is(name, walk->charset_name))
		return;
	tw_charset_close(walk->converter);
	walk->converter = NULL;
	if (name.length > 0)
		memcpy(walk->charset_name, name.data, name.length);
	walk->charset_name[name.length] = '\0';
	if (tw_charset_open(walk->charset_name, &walk->converter) < 0)
		walk->converter = NULL;
}

void tw_walk_fallback(struct tw_walk *walk, const char *charset)
{
	if (strcmp(walk->fallback_name, charset) == 0)
		return;
	tw_charset_close(walk->fallback);
	walk->fallback = NULL;
	walk->fallback_name = charset;
}

static void know_usual(struct tw_walk *walk)
{
	walk->usual = walk->slotted && walk->map != NULL && !walk->excluded;
}

void tw_walk_window(struct tw_walk *walk, struct tw_slice window, bool slotted)
{
	walk->window = window;
	walk->slotted = slotted;
	know_usual(walk);
}

void tw_walk_interchange(struct tw_walk *walk, const struct tw_interchange *interchange)
{
	const struct tw_slice texts[4] = {interchange->sender, interchange->recipient,
					  interchange->reference, interchange->format};
	tw_buffer_clear(&walk->interchange_texts);
	for (unsigned i = 0; i < 4; i++) {
		walk->facts[i] = (struct map_text){(uint32_t)walk->interchange_texts.length,
						   (uint32_t)texts[i].length};
		tw_buffer_append_slice(&walk->interchange_texts, texts[i]);
	}
	walk->time_length = interchange->time.length < sizeof(walk->time_text)
				    ? interchange->time.length
				    : sizeof(walk->time_text);
	if (walk->time_length > 0)
		memcpy(walk->time_text, interchange->time.data, walk->time_length);
	walk->test = interchange->test;
	choose_charset(walk, interchange);
}

/* The engine knows these; they stand in no one place of the message. */
static void add_fact(struct tw_walk *walk, enum tw_field field, struct tw_slice text, double number)
{
	struct tw_plain_value plain = {
		.text = text,
		.origin = walk->message_offset,
		.number = number,
		.field = (uint8_t)field,
		.flags = TW_ENTRY_DERIVED,
	};
	if (text.length == 0 || tw_builder_add_plain(&walk->builder, &plain))
		return;
	(void)tw_builder_add(&walk->builder, &(struct tw_new_value){
		.field = field,
		.text = text,
		.number = number,
		.flags = TW_ENTRY_DERIVED,
		.origin = walk->message_offset,
	});
}

static void add_interchange_facts(struct tw_walk *walk)
{
	static const enum tw_field fields[] = {TW_INTERCHANGE_SENDER, TW_INTERCHANGE_RECIPIENT,
					       TW_INTERCHANGE_REFERENCE, TW_MESSAGE_FORMAT};
	struct tw_slice texts = tw_buffer_slice(&walk->interchange_texts);
	struct tw_slice digits = tw_slice(walk->time_text, walk->time_length);
	double time = (double)NAN;
	for (unsigned i = 0; i < 4; i++)
		add_fact(walk, fields[i],
			 tw_slice_part(texts, walk->facts[i].start, walk->facts[i].length),
			 (double)NAN);
	if (tw_time_parse(digits, 0, &time))
		add_fact(walk, TW_INTERCHANGE_TIME, digits, time);
	if (walk->test)
		add_fact(walk, TW_INTERCHANGE_TEST, TW_LITERAL("true"), 1);
}

static void add_message_facts(struct tw_walk *walk, const struct tw_message_start *message)
{
	add_fact(walk, TW_MESSAGE_TYPE, message->type, (double)NAN);
	add_fact(walk, TW_MESSAGE_VERSION, message->version, (double)NAN);
	add_fact(walk, TW_MESSAGE_REFERENCE, message->reference, (double)NAN);
	if (walk->map != NULL)
		add_fact(walk, TW_MESSAGE_MAP, tw_slice_string(walk->map->name), (double)NAN);
	if (walk->map != NULL && walk->map->unverified)
		add_fact(walk, TW_MESSAGE_UNVERIFIED, TW_LITERAL("true"), 1);
}

static void ensure_code(struct tw_walk *walk, enum tw_field field, int code)
{
	if (code < 0 || walk->builder.last[field] != 0)
		return;
	const char *name = tw_code_name(tw_field_info(field)->unit, (unsigned)code);
	add_fact(walk, field, tw_slice_string(name), code);
}

/* The map's role and function, where the message itself told none. */
void walk_ensure_role(struct tw_walk *walk)
{
	if (walk->map == NULL)
		return;
	ensure_code(walk, TW_MESSAGE_ROLE, walk->map->role);
	ensure_code(walk, TW_MESSAGE_FUNCTION, walk->map->function);
}

static void forget_items(struct tw_walk *walk)
{
	for (unsigned group = 0; group < TW_GROUP_COUNT; group++) {
		walk->item[group] = -1;
		walk->implied[group] = false;
	}
	walk->item[TW_GROUP_message] = 0;
	walk->item[TW_GROUP_consignment] = 0;
}

/* `opener`: the tag of the unit that opens it, or empty. */
static void begin_consignment(struct tw_walk *walk, uint64_t offset, struct tw_slice opener)
{
	if (walk->map != NULL && !walk->map->single && !walk->builder.marked)
		walk_ensure_role(walk);
	walk_place_clear(walk);
	walk_sum_consignment(walk);
	tw_builder_consignment(&walk->builder, offset);
	forget_items(walk);
	walk->in_consignment = true;
	walk->between = false;
	walk->careful = walk->pool.open;
	walk->consignment_offset = offset;
	walk->opened_length = (uint8_t)(opener.length < WALK_OPENED ? opener.length : WALK_OPENED);
	if (opener.length > 0)
		memcpy(walk->opened, opener.data, walk->opened_length);
}

static void use_map(struct tw_walk *walk, const struct tw_map *map)
{
	walk->map = map;
	if (map == NULL)
		return;
	walk->conditions = (const void *)map->conditions.data;
	walk->choices = (const void *)map->choices.data;
	walk->links = (const void *)map->links.data;
	walk->actions = (const void *)map->actions.data;
	walk->steps = (const void *)map->steps.data;
	walk->sources = (const void *)map->sources.data;
	walk->holding = map->hold;
}

int tw_walk_message(struct tw_walk *walk, const struct tw_map *map, enum tw_map_choice choice,
		    const struct tw_message_start *message, double feed_time)
{
	use_map(walk, map);
	walk->cut = false;
	walk->excluded = choice == TW_MAP_EXCLUDED;
	know_usual(walk);
	walk->message_offset = message->offset;
	walk->status = TW_OK;
	walk->consignments = 0;
	walk->element_depth = 0;
	walk->flow.active = false;
	walk->in_consignment = false;
	walk->between = false;
	walk->careful = false;
	walk->held_count = 0;
	walk_message_begin(walk);
	tw_buffer_clear(&walk->held);
	for (unsigned i = 0; i < MAP_REGISTERS; i++)
		walk->registers[i].length = 0;
	walk_pool_clear(&walk->pool);
	tw_buffer_clear(&walk->places);
	tw_builder_message(&walk->builder, message->offset);
	walk->builder.head.feed_time = feed_time;
	walk->builder.head.flags = (walk->test ? TW_RECORD_TEST : 0) |
				   (map == NULL ? TW_RECORD_UNMAPPED : 0);
	forget_items(walk);
	walk->depth = 1;
	walk->stack[0] = (struct walk_context){
		.context = map == NULL ? 0 : map->root, .group = TW_GROUP_COUNT};
	if (walk->excluded)
		return TW_OK;
	add_interchange_facts(walk);
	add_message_facts(walk, message);
	if (map == NULL || map->single)
		begin_consignment(walk, message->offset, tw_slice(NULL, 0));
	return TW_OK;
}

/* ---- consignments --------------------------------------------------------- */

void walk_emit(struct tw_walk *walk, uint64_t end)
{
	walk_ensure_role(walk);
	walk_pool_resolve(walk);
	tw_derive(&walk->builder);
	walk->builder.head.end = end;
	walk_message_count(walk);
	walk_check_record(walk, end);
	int status = walk->events.consignment(walk->events.context, &walk->builder, end);
	if (status < 0 && walk->status == TW_OK)
		walk->status = status;
}

void walk_hand_on(struct tw_walk *walk, uint64_t end)
{
	if (walk->flow.active)
		walk_flush(walk);
	walk->consignments++;
	if (!walk->holding)
		walk_emit(walk, end);
	else if (walk_hold(walk, end) < 0 && walk->status == TW_OK)
		walk->status = TW_ERROR_MEMORY;
}

void walk_close_to(struct tw_walk *walk, unsigned depth, uint64_t end)
{
	while (walk->depth > depth) {
		const struct walk_context *closed = &walk->stack[--walk->depth];
		if (walk->map != NULL && closed->context == walk->map->consignment) {
			walk_hand_on(walk, end);
			walk->in_consignment = false;
			walk->between = true;
			walk->careful = true;
		} else if (closed->group < TW_GROUP_COUNT) {
			walk->item[closed->group] = -1;
			walk->implied[closed->group] = false;
			if (closed->group != TW_GROUP_equipment)
				continue;
			walk->pool.open = false;
			walk->careful = walk->between;
		}
	}
}

/* ---- rows ----------------------------------------------------------------- */

void walk_open(struct tw_walk *walk, const struct map_action *action)
{
	uint64_t offset = walk->unit->offset;
	bool consignment = action->context == walk->map->consignment;
	unsigned group = action->group;
	if (consignment) {
		if (walk->in_consignment && walk->depth > 1)
			walk_close_to(walk, 1, offset);
		begin_consignment(walk, offset, walk->unit->tag);
	} else if (group < TW_GROUP_COUNT) {
		if (group == TW_GROUP_equipment && walk->map->pool && !walk->in_consignment)
			walk_pool_open(walk);
		else if (!walk->implied[group])
			(void)walk_item(walk, group);
		walk->implied[group] = false;
	}
	walk_enter(walk, action->context, group);
}

/* A message that opens no consignment has its header's facts looked at all the same. */
int tw_walk_end(struct tw_walk *walk, uint64_t end, bool complete)
{
	static const struct tw_unit nothing = {.kind = TW_UNIT_SEGMENT};
	if (walk->excluded)
		return TW_OK;
	walk->unit = &nothing;
	walk->brief = false;
	walk->cut = !complete;
	if (walk->flow.active)
		walk_flush(walk);
	walk_close_to(walk, 1, end);
	if (walk->map != NULL && !walk->map->single && walk->consignments == 0)
		begin_consignment(walk, walk->message_offset, tw_slice(NULL, 0));
	if (walk->in_consignment)
		walk_hand_on(walk, end);
	walk->in_consignment = false;
	int status = walk_message_keep(walk, end);
	if (status >= 0 && walk->held_count > 0)
		status = walk_release(walk);
	walk_sum_check(walk);
	if (status >= 0)
		status = walk_message_emit(walk, end);
	if (status < 0 && walk->status == TW_OK)
		walk->status = status;
	return walk->status;
}
