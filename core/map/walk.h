/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_MAP_WALK_H
#define TW_MAP_WALK_H

#include "map/map_table.h"
#include "text/charset.h"

/*
 * The walk's own structures. A walk belongs to one stream and one thread; it owns
 * its builder and buffers, which are reused, so that nothing is allocated once
 * they have grown. Slices of a unit are never kept: what outlives the unit is
 * copied (registers, pool, continued text).
 */
#define WALK_DEPTH 24u
/* Room left in a record for what is derived, and for the equipment. */
#define WALK_ENTRY_RESERVE 8192u
/* What a row may give the short ways: MAP_BRIEF_ACTIONS of a unit so long, and its pieces. */
#define WALK_BRIEF_BYTES 1024u
/* A tag is kept so far, for anomalies: local names of XML can be long. */
#define WALK_OPENED 32u
#define WALK_FLOW_LIMIT ((size_t)32 << 10)

/* A text being put together, with the way back to the input. */
struct walk_text {
	struct tw_buffer text;
	struct tw_buffer runs; /* struct tw_run, origins from `origin` */
	uint64_t origin;
	uint64_t end; /* stream offset behind the last byte taken */
	bool started;
};

/* A value before it goes to the builder. */
struct walk_value {
	struct tw_slice text;
	uint64_t origin, origin_length;
	const struct tw_run *runs;
	unsigned run_count;
	bool constant;
};

struct walk_context {
	uint8_t context;
	uint8_t group;
	uint32_t depth; /* XML: of the element that opened it */
};

/* What `let` keeps. */
struct walk_register {
	uint32_t length; /* 0: not set */
	uint64_t origin, origin_length;
	struct tw_run run; /* where the text is not its origin byte for byte */
	char text[96];
};

/* A continued text: more of it may come with the next segment. */
struct walk_flow {
	bool active;
	bool full; /* its last piece was cut */
	uint16_t item;
	uint64_t qualifier;
	const struct map_action *action;
	struct walk_text text;
};

/* Equipment told in the message's header, looked up by its id. */
struct pool_item {
	uint64_t hash;
	uint32_t first, count; /* in the values */
	uint32_t stamp;	       /* the last consignment that has it */
};

/* Item + 1; a slot that another message wrote is free. */
struct pool_slot {
	uint32_t item, message;
};

struct pool_value {
	uint8_t field;
	uint32_t text, length; /* in the texts */
	uint64_t origin, origin_length;
	double number;
};

struct walk_pool {
	struct tw_buffer items, values, texts;
	struct pool_slot *slots;
	uint32_t slot_count;
	uint32_t message; /* counts */
	uint32_t stamp;
	bool open; /* the last item takes values */
	bool full; /* reported */
};

/* A segment with a value that is judged later, and the row that took it. */
struct walk_place {
	uint64_t offset;
	uint32_t length;
	uint16_t row;
};

/* What the consignments of a message add up to. */
struct walk_sums {
	double values[MAP_SUMS];
	bool known[MAP_SUMS]; /* each consignment had one */
	bool masters, others;	 /* what was counted; */
	bool partial;	      /* parts among it */
	bool divided;	      /* parts in the message, counted or not */
};

/* What the message says they do, with its place. */
struct walk_declared {
	double number;
	uint64_t offset, length; /* length 0: nothing was said */
	uint16_t element;
	uint8_t tag_length;
	char tag[WALK_OPENED];
};

struct tw_walk {
	const struct tw_map *map;
	const struct map_choice *choices;
	const struct map_link *links;
	const struct map_condition *conditions;
	const struct map_action *actions;
	const struct map_step *steps;
	const struct map_source *sources;
	struct tw_walk_events events;
	struct tw_walk_limits limits;
	struct tw_builder builder;
	/* the interchange */
	struct tw_buffer interchange_texts;
	struct map_text facts[4]; /* sender, recipient, reference, format: in these texts */
	char time_text[16];
	size_t time_length;
	double time;
	bool test;
	enum tw_charset charset;
	struct tw_charset_converter *converter; /* of the named character set */
	struct tw_charset_converter *fallback;	/* of what is neither that nor UTF-8 */
	const char *fallback_name;
	char charset_name[64];
	bool charset_reported;
	/* the message */
	bool excluded;
	bool cut; /* it ends early: what is missing need not be missing in the original */
	uint64_t message_offset;
	struct walk_context stack[WALK_DEPTH];
	unsigned depth; /* of the stack; stack[0] is the root */
	unsigned level; /* in the stack: where the row at hand was found */
	uint32_t element_depth;
	bool in_consignment;
	bool between; /* behind a consignment: header facts come too late */
	bool careful; /* between, or equipment goes to the pool: no short ways */
	uint64_t consignment_offset;
	char opened[WALK_OPENED]; /* the tag that opened the consignment at hand, cut; or nothing */
	uint8_t opened_length;
	unsigned consignments;
	int item[TW_GROUP_COUNT]; /* the current item of each group, or -1 */
	bool implied[TW_GROUP_COUNT]; /* made by a value, not by a row */
	struct walk_register registers[MAP_REGISTERS];
	struct tw_buffer places; /* struct walk_place, in the order of the message */
	size_t header_places;	 /* bytes of them that stand before the first consignment */
	struct walk_flow flow;
	struct walk_pool pool;
	struct tw_buffer held; /* hold message: records */
	unsigned held_count;
	bool holding;
	struct tw_buffer kept; /* a record: what a further part repeats, or the message's header */
	struct tw_builder late; /* of the message: values behind its consignments */
	struct walk_sums sums;
	struct walk_declared declared[MAP_SUMS];
	bool declared_inside;	/* the last consignment was open then */
	bool declared_doubtful; /* and was not the last after all */
	/* the unit */
	const struct tw_unit *unit;
	uint64_t distance; /* of the unit from the consignment's base */
	struct tw_slice window; /* what may be read beyond the unit */
	bool brief;    /* the short ways can take it: walk_has_slack() */
	bool beyond;   /* pieces stand where there are no slots */
	bool repeated; /* repetitions, of which the slots have the first */
	bool slotted;  /* by the parser, where it could */
	bool usual;    /* that, and there is a map, which is not excluded */
	const struct tw_slot *slots; /* see tw_unit.slots: the parser's, or our own */
	struct tw_slot own_slots[TW_UNIT_SLOTS];
	unsigned own_count; /* of them that may be used */
	struct tw_run named; /* of a value that was replaced by a name */
	struct walk_text scratch;
	int status;
};

/* walk_text.c */
void walk_text_clear(struct walk_text *text);
void walk_text_free(struct walk_text *text);
/* Makes room for so many plain pieces of so many bytes; false: there is no memory. */
bool walk_text_room(struct walk_text *text, unsigned pieces, size_t bytes);
/* Appends a plain piece that there is room for, behind a blank where one is asked for. */
void walk_text_plain(struct walk_text *text, struct tw_slice bytes, uint64_t origin, bool blank);
/* Appends a piece of the unit; returns its length in characters. */
size_t walk_text_piece(struct tw_walk *walk, struct walk_text *text, const struct tw_piece *piece);
/* A blank between two pieces; it stands for the separator behind the first. */
void walk_text_blank(struct walk_text *text);
struct walk_value walk_text_value(const struct walk_text *text);

/* walk_value.c */
struct tw_piece walk_far_piece(const struct tw_walk *walk, struct map_position at);
/* The part of a piece a position names, decoded where it must be. */
bool walk_read(struct tw_walk *walk, struct map_position at, struct walk_value *ret_value);
bool walk_read_piece(struct tw_walk *walk, const struct tw_piece *piece,
		     struct walk_value *ret_value);
/* Blanks at the ends belong to fixed widths, not to the value. */
void walk_trim(struct walk_value *value);
void walk_add(struct tw_walk *walk, const struct map_action *action);
/* Converts and checks a value, and puts it where its action says. */
void walk_add_value(struct tw_walk *walk, const struct map_action *action,
		    struct walk_value *value);
void walk_let(struct tw_walk *walk, const struct map_action *action);
int walk_put(struct tw_walk *walk, const struct walk_value *value, struct tw_new_value *out);
/* The same, sooner for what stands in the input as it is, or the value is left out. */
void walk_put_value(struct tw_walk *walk, const struct walk_value *value,
		    struct tw_new_value *out);
/* Whether a text passes what an action's `check` asks. */
bool walk_identifies(unsigned check, struct tw_slice text);
void walk_anomaly(struct tw_walk *walk, const char *code, const struct walk_value *value,
		  const char *reason);

/* walk_join.c */
/* Whether there is any piece of a range. */
bool walk_any_piece(const struct tw_walk *walk, const struct map_source *source);
/* Puts a range behind a text, whose last piece was `full`; returns whether its last is. */
bool walk_join(struct tw_walk *walk, const struct map_source *source, struct walk_text *text,
	       bool full);
bool walk_read_joined(struct tw_walk *walk, const struct map_source *source,
		      struct walk_value *ret_value);
/* A value for each piece; false: there is none. */
bool walk_add_lines(struct tw_walk *walk, const struct map_action *action,
		    const struct map_source *source);

/* walk_flow.c */
void walk_start_flow(struct tw_walk *walk, const struct map_action *action);
/* Goes on with the text under way; false: the unit is none of its row's, and ends it. */
bool walk_continue(struct tw_walk *walk, const struct map_link *row);
void walk_flush(struct tw_walk *walk);

/* walk_number.c */
/* The UN/EDIFACT 2379 format of an action's date; 0: its length decides. */
int walk_date_format(const struct tw_walk *walk, const struct map_action *action);
/* A date of that format; false also for a time of day without a day. */
bool walk_read_date(struct tw_slice text, int format, double *ret_time);
/* Text to number, code, time. False: leave the value out. */
bool walk_convert(struct tw_walk *walk, const struct map_action *action, struct walk_value *value,
		  struct tw_new_value *out);

/* walk_pool.c */
void walk_pool_clear(struct walk_pool *pool);
void walk_pool_free(struct walk_pool *pool);
void walk_pool_open(struct tw_walk *walk);
void walk_pool_add(struct tw_walk *walk, const struct tw_new_value *value);
/* Gives the consignment in the builder the equipment its goods name. */
void walk_pool_resolve(struct tw_walk *walk);

/* walk_part.c: records that grow too large, and records that wait. */
void walk_divide(struct tw_walk *walk, uint64_t end);
int walk_hold(struct tw_walk *walk, uint64_t end);
int walk_release(struct tw_walk *walk);

/* walk_message.c: the record of level `message`. */
void walk_message_begin(struct tw_walk *walk);
void walk_message_count(struct tw_walk *walk);
void walk_message_late(struct tw_walk *walk, const struct walk_value *value,
		       struct tw_new_value *out);
int walk_message_keep(struct tw_walk *walk, uint64_t end);
int walk_message_emit(struct tw_walk *walk, uint64_t end);

/* walk_sum.c: control totals of a message. */
void walk_sum_begin(struct tw_walk *walk);
void walk_sum_consignment(struct tw_walk *walk);
void walk_sum(struct tw_walk *walk, const struct map_action *action);
void walk_sum_check(struct tw_walk *walk);

/* walk_place.c: segments of values that are judged when their consignment is whole. */
void walk_place_note(struct tw_walk *walk, unsigned row);
/* A consignment begins, or a further part of one. */
void walk_place_clear(struct tw_walk *walk);
/* Adds segment and element to the place of a value of this field, where they are known. */
void walk_place_find(const struct tw_walk *walk, unsigned field, struct tw_anomaly_at *at);

/* walk_check.c: what is only seen once a consignment is whole. */
/* Whether a sum is what was declared, but for rounding; what is counted is not rounded. */
bool walk_sums_agree(double declared, double sum, bool counted);
void walk_check_record(struct tw_walk *walk, uint64_t end);

/* walk_raw.c: no map, or no row of an unverified one. */
void walk_raw_unit(struct tw_walk *walk);

/*
 * walk_row.c: any unit, any condition: the row of a tag in the innermost open context, not
 * below `lowest`, that has one, and its level; or NULL.
 */
const struct map_link *walk_find_row(struct tw_walk *walk, unsigned tag, unsigned lowest);

/* walk_short.c: all that a row does with the unit at hand; returns the walk's status. */
int walk_take_row(struct tw_walk *walk, const struct map_link *row);
/* Only what it says, of a row that is done for each element. */
int walk_run(struct tw_walk *walk, const struct map_link *row);

/* walk.c */
void walk_open(struct tw_walk *walk, const struct map_action *action);
/* Closes contexts until there are `depth`; `end`: stream offset behind what was in them. */
void walk_close_to(struct tw_walk *walk, unsigned depth, uint64_t end);
void walk_ensure_role(struct tw_walk *walk);
void walk_hand_on(struct tw_walk *walk, uint64_t end);
/* Flushes, resolves and derives, and gives the record to the owner. */
void walk_emit(struct tw_walk *walk, uint64_t end);

/* A new item of a group, made by a value. */
static inline uint16_t walk_item(struct tw_walk *walk, unsigned group)
{
	unsigned item = tw_builder_item(&walk->builder, (enum tw_group)group);
	walk->item[group] = (int)item;
	walk->implied[group] = true;
	return (uint16_t)item;
}

/* A context is open. A leaf has nothing inside it; beyond the depth rows go to the one outside. */
static inline void walk_enter(struct tw_walk *walk, unsigned context, unsigned group)
{
	if (walk->unit->kind == TW_UNIT_LEAF || walk->depth == WALK_DEPTH)
		return;
	walk->stack[walk->depth++] = (struct walk_context){
		.context = (uint8_t)context, .group = (uint8_t)group, .depth = walk->element_depth};
}

/*
 * Of our own slots: a piece that is not plain stands there, or may not stand within the
 * unit's bytes. No slot of a parser's is of this kind.
 */
static const struct tw_slot walk_odd_slot = {2, 1};

static inline bool walk_slot_odd(struct tw_slot slot)
{
	return slot.start > slot.end;
}

static inline bool walk_slot_used(struct tw_slot slot)
{
	return slot.start != slot.end;
}

/* The parser's slots of the unit at hand, or NULL: it has pieces. */
static inline const struct tw_slot *walk_unit_slots(const struct tw_walk *walk)
{
	return walk->slotted ? walk->unit->slots : NULL;
}

/* Goes along the unit's pieces: the next one from *at on, or false. */
static inline bool walk_next_piece(const struct tw_walk *walk, unsigned *at,
				   struct tw_piece *ret_piece)
{
	const struct tw_slot *slots = walk_unit_slots(walk);
	if (slots != NULL)
		return tw_slots_next(slots, walk->unit->piece_count, at, ret_piece);
	if (*at >= walk->unit->piece_count)
		return false;
	*ret_piece = walk->unit->pieces[(*at)++];
	return true;
}

/* The first piece at a position; its length is 0 where there is none. */
static inline struct tw_piece walk_piece(const struct tw_walk *walk, struct map_position at)
{
	if (at.slot == MAP_NO_SLOT || walk_slot_odd(walk->slots[at.slot]))
		return walk_far_piece(walk, at);
	struct tw_slot slot = walk->slots[at.slot];
	return (struct tw_piece){.start = slot.start, .length = (uint32_t)(slot.end - slot.start)};
}

static inline struct tw_slice walk_piece_bytes(const struct tw_walk *walk, struct tw_piece piece)
{
	return tw_slice_part(piece.flags & TW_PIECE_DECODED ? walk->unit->text : walk->unit->bytes,
			     piece.start, piece.length);
}

/* Those of a slot that is not odd. */
static inline struct tw_slice walk_slot_bytes(const struct tw_walk *walk, struct tw_slot slot)
{
	return tw_slice(walk->unit->bytes.data + slot.start, (size_t)(slot.end - slot.start));
}

/* Whether TW_BUILDER_SLACK bytes may be read behind the unit, and it is so short that all it can give has room. */
static inline bool walk_has_slack(const struct tw_walk *walk)
{
	uintptr_t start = (uintptr_t)walk->unit->bytes.data - (uintptr_t)walk->window.data;
	size_t length = walk->unit->bytes.length;
	/* Not in one expression, of which gcc makes bytes that it then joins. */
	if (start >= walk->window.length || length > WALK_BRIEF_BYTES)
		return false;
	return walk->window.length - start >= length + TW_BUILDER_SLACK;
}

/* The code that stands at a position, as the map's tables have it. */
static inline uint64_t walk_key(const struct tw_walk *walk, struct map_position at)
{
	if (at.slot != MAP_NO_SLOT && walk->brief && !walk_slot_odd(walk->slots[at.slot]))
		return map_pack_roomy(walk_slot_bytes(walk, walk->slots[at.slot]));
	return map_pack(walk_piece_bytes(walk, walk_piece(walk, at)));
}

/* 1.1, which tells a segment's texts apart. */
static inline uint64_t walk_qualifier(const struct tw_walk *walk)
{
	static const struct map_position first = {
		.element = 1, .component = 1, .slot = MAP_COMPONENTS};
	return walk_key(walk, first);
}

/* A piece cut at a limit, or one short of it, runs on into the next. A limit of 0 is none. */
static inline bool walk_is_full(const struct map_source *source, size_t length)
{
	bool full = source->full[0] == MAP_ALWAYS_FULL;
	for (unsigned i = 0; i < MAP_LIMITS; i++)
		full |= length > 0 && source->full[i] - length <= 1;
	return full;
}

/* Whether an item has this field already: the first one stands. */
static inline bool walk_taken(const struct tw_walk *walk, unsigned field, unsigned item)
{
	unsigned last = walk->builder.last[field];
	return last != 0 && walk->builder.entries[last - 1].item == item;
}

/*
 * Whether the consignment has opened an item of this group; one that only a value
 * implied does not count, for the row that opens it is still to come.
 */
static inline bool walk_own(const struct tw_walk *walk, unsigned group)
{
	const struct tw_builder *builder = &walk->builder;
	unsigned implied = walk->implied[group] ? 1 : 0;
	return builder->marked &&
	       builder->head.items[group] > builder->mark_head.items[group] + implied;
}

/* Cuts a record that grows too large. Once a unit, so no more than a few comparisons. */
static inline int walk_end_unit(struct tw_walk *walk)
{
	const struct tw_builder *builder = &walk->builder;
	size_t size = builder->texts.length + walk->flow.text.text.length +
		      builder->entry_count * sizeof(struct tw_entry);
	if (size > walk->limits.consignment_bytes || builder->overflow ||
	    builder->entry_count > TW_RECORD_ENTRY_LIMIT - WALK_ENTRY_RESERVE)
		walk_divide(walk, walk->unit->offset + walk->unit->bytes.length);
	return walk->status;
}

/* Before a row does what it says; false: the unit went on with the text under way. */
static inline bool walk_begin_row(struct tw_walk *walk, const struct map_link *row)
{
	if (walk->flow.active && walk_continue(walk, row))
		return false;
	if (walk->depth > walk->level + 1)
		walk_close_to(walk, walk->level + 1, walk->unit->offset);
	return true;
}

#endif
