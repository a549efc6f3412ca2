/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_MAP_MAP_TABLE_H
#define TW_MAP_MAP_TABLE_H

#include "base/buffer.h"
#include "base/hash.h"
#include "map/map.h"

/*
 * A map as the reader leaves it and the walk uses it: flat arrays that name each
 * other by index. Rows stand in the order of the
 * file, own rows before those of an extended file; of those of one (context, tag)
 * the first whose conditions hold is the one. Made by one thread at the start, const afterwards.
 *
 * Weakness: at most MAP_CONTEXTS contexts, 65,535 rows, actions and sources.
 */

#define MAP_CONTEXTS 32u
#define MAP_REGISTERS 8u
#define MAP_LIMITS 3u
#define MAP_ALWAYS_FULL 65535u /* glue: joined with nothing */

/* A text in map->texts. */
struct map_text {
	uint32_t start;
	uint32_t length;
};

/* Where a value stands in a unit: element.component[from:length], or @attribute. */
struct map_position {
	uint8_t element;   /* 0: nowhere */
	uint8_t component;
	uint8_t from;
	uint8_t length;	   /* 0: to the end */
	uint8_t slot;	   /* in the walk's table of pieces, or MAP_NO_SLOT */
	uint16_t attribute; /* index + 1 in map->words */
};

/* The pieces that a walk finds without a search: elements 1 to 15, components 1 to 8. */
#define MAP_ELEMENTS TW_UNIT_ELEMENTS
#define MAP_COMPONENTS TW_UNIT_COMPONENTS
#define MAP_NO_SLOT 255u

static inline uint8_t map_slot_of(unsigned element, unsigned component)
{
	if (element == 0 || element >= MAP_ELEMENTS || component - 1u >= MAP_COMPONENTS)
		return MAP_NO_SLOT;
	return (uint8_t)(element * MAP_COMPONENTS + component - 1u);
}

/* A whole component that has a slot. */
static inline bool map_has_slot(struct map_position at)
{
	return at.slot != MAP_NO_SLOT && at.attribute == 0 && (at.from | at.length) == 0;
}

enum map_condition_kind {
	CONDITION_CODES,   /* the piece is one of these codes */
	CONDITION_PRESENT, /* one of these pieces is not empty */
	CONDITION_SHAPE,   /* the piece looks like this: # digit, @ letter, ? any, * rest */
	CONDITION_HAS,	   /* the consignment has an item of this group of its own */
	CONDITION_LINE,	   /* the line's number in its group (Cargo-IMP) */
};

struct map_condition {
	uint8_t kind;
	bool negate;
	uint16_t first; /* in map->codes, map->positions, map->words; or group, line */
	uint16_t count;
	struct map_position at;
};

enum map_source_kind {
	SOURCE_POSITION,
	SOURCE_JOIN,	 /* pieces at..to as one text */
	SOURCE_LINES,	 /* pieces at..to, one value each, except where a cut is seen */
	SOURCE_EACH,	 /* pieces at..to, one value each */
	SOURCE_CONSTANT,
	SOURCE_REGISTER,
};

struct map_source {
	uint8_t kind;
	uint8_t number; /* of the register */
	uint16_t full[MAP_LIMITS]; /* lengths at which a piece is cut; 0: none */
	struct map_position at, to;
	struct map_position also; /* glue: one more piece behind the range */
	struct map_text text;
};

enum map_action_kind {
	/* Short ways of adding one piece, which stands at `at`: */
	ACTION_TEXT,   /* as it is */
	ACTION_CODE,   /* by a table */
	ACTION_NUMBER, /* a number, perhaps with a unit at `aux` */
	ACTION_TIME,   /* a date, perhaps with its format at `aux` */
	/* And of one that may stand elsewhere: */
	ACTION_RANGE,  /* all components of one element, of which there may be only the first */
	ACTION_EITHER, /* the first of several pieces, or what else there is, that is there */
	/* Other ways of adding: */
	ACTION_COMPONENTS, /* some components of one element */
	ACTION_CONSTANT,
	ACTION_ADD, /* the general one */
	/* What adds nothing: */
	ACTION_OPEN,
	ACTION_NEW,
	ACTION_KEEP, /* let, of one piece */
	ACTION_LET,
	ACTION_WARN,
	ACTION_SUM, /* what the message's consignments add up to */
};

/* What can be added up over a message: fields, and 0 for the number of its consignments. */
#define MAP_SUMS 4u
extern const uint8_t map_summed[MAP_SUMS];

enum map_check { CHECK_NONE, CHECK_CONTAINER, CHECK_AWB, CHECK_IMO, CHECK_CURRENCY };
enum map_date_kind { DATE_ANY, DATE_BY_PIECE, DATE_ISO, DATE_AIR, DATE_FIXED };

struct map_action {
	/* what each run looks at, in one cache line */
	uint8_t kind;
	uint8_t field; /* or the register of let */
	uint8_t group; /* of the field, of new, of the context opened */
	uint8_t type;  /* enum tw_field_type */
	bool many;
	bool continued; /* consecutive segments go on in the same value */
	bool measured;	/* a weight or a volume */
	bool cubic;	/* volume, not weight */
	struct map_position at;	 /* of a short action's piece */
	struct map_position aux; /* of the unit or date format */
	uint16_t table;		 /* index + 1 */
	uint16_t source_first, source_count;
	int16_t constant; /* code of a constant */
	double most;	  /* a number is from 0 to this, or any where this is infinite */
	/* and the rest */
	uint8_t context;
	uint8_t date_kind;
	uint8_t check; /* enum map_check */
	uint8_t register_number; /* of let; of sum the index in map_summed */
	uint16_t date_format;
	uint16_t strip_first, strip_count; /* in map->words */
	uint16_t after_first, after_count;
	struct map_text unit;	      /* fixed unit */
	struct map_text code, reason; /* of a warning */
};

struct map_row {
	uint8_t context;
	uint16_t tag;
	uint16_t condition_first, condition_count;
	uint16_t action_first, action_count;
	uint32_t step_first;
	bool each;	/* once for each element, which is then element 1 */
	bool continues; /* begins with a continued text */
	bool placed;	/* may give what walk_check.c judges: its place is written down */
	uint32_t line;
	struct map_text file;
	struct map_text text; /* as written, for --explain-map */
};

/*
 * The rows of one (context, tag) by a decision table: the piece at `key` chooses a
 * chain of links, in which the conditions on that piece are settled already.
 */
struct map_choice {
	struct map_position key; /* element 0: no piece chooses */
	uint16_t other;		 /* link + 1 for a code that no row names */
	uint32_t first, mask;	 /* in map->choice_slots; values are link + 1 */
};

/* What a row may give the short ways: so many actions. */
#define MAP_BRIEF_ACTIONS 64u

/* What conditions are left of a link, where a few instructions can answer. */
enum map_asks {
	ASKS_NOTHING,
	ASKS_PLACES, /* whether one of two slots is used */
	ASKS_CODE,   /* whether a slot has this code */
	ASKS_MORE,
};

struct map_link {
	uint64_t code;
	uint16_t row;
	uint16_t next; /* index + 1 */
	uint16_t condition_first, condition_count; /* that are left */
	uint8_t asks;	  /* enum map_asks */
	bool neither;	  /* of places: both are empty; of a code: it is another */
	uint8_t place[2]; /* slots */
	/* of its row */
	uint16_t action_first, action_count;
	uint32_t step_first;
	bool each, continues, placed;
	bool plain; /* done once, with no more actions than MAP_BRIEF_ACTIONS */
};

/*
 * A row as the walk does it: a step for each action, and one behind them. Of its action a
 * step has what its short way looks at, so that a row's stand in few cache lines.
 */
enum map_step_kind {
	STEP_TEXT, /* of actions of the same names: */
	STEP_CODE,
	STEP_NUMBER,
	STEP_TIME,
	STEP_RANGE,
	STEP_EITHER,
	STEP_COMPONENTS,
	STEP_CONSTANT,
	STEP_OPEN, /* that leaves the short ways open */
	STEP_NEW,
	STEP_KEEP,
	STEP_CHECKED, /* text that is checked */
	STEP_GENERAL, /* any other action */
	STEP_END,
	STEP_PLACED_END, /* of a row whose place is written down */
	STEP_STOP,	 /* of a row for each element */
};

struct tw_walk;
struct map_step;
/* Does a step and all behind it; returns the walk's status. */
typedef int map_run(struct tw_walk *walk, const struct map_step *step);
/* By their kinds (walk_short.c). */
extern map_run *const map_runs[];

struct map_step {
	map_run *run;
	uint16_t action; /* index; of the last its row's */
	uint8_t slot;
	uint8_t field;
	uint8_t group;
	uint8_t other;	 /* of a unit of measure, of what EITHER has second; or MAP_NO_SLOT */
	uint8_t context; /* to be opened */
	bool many;
	bool checked : 1;
	bool last : 1;
	uint32_t first, mask; /* of the table's slots */
};

/* Facts of which a consignment has to have one. */
#define MAP_ALTERNATIVES 4u

struct map_require {
	uint8_t fields[MAP_ALTERNATIVES]; /* 0: none */
	struct map_text reason;	 /* zero-terminated */
};

/* Two fields of the same unit: one of the consignment, one of its items, which add up to it. */
struct map_total {
	uint8_t declared, part;
};

struct map_context {
	struct map_text name;
	uint8_t group; /* TW_GROUP_COUNT: none */
	bool defined;
	uint32_t used_line;
};

struct map_table {
	struct map_text name;
	const char *set; /* of codes.def; MAP_NAMES: its values are words of the map */
	uint32_t first, mask; /* in map->slots */
};

#define MAP_NAMES "names"

#define MAP_NO_TABLE UINT16_MAX

struct map_code {
	uint64_t key;
	uint16_t table; /* MAP_NO_TABLE: the table had the code before */
	int16_t value;
};

struct map_tag {
	uint64_t key;
	struct map_text text;
};

struct map_slot {
	uint64_t key;
	int32_t value; /* -1: free; the key is 0 then */
};

struct tw_map {
	char *name; /* edifact/CUSCAR */
	struct map_text format;
	/* All hold arrays: struct map_text, map_row, ... */
	struct tw_buffer types, versions, partners, senders, recipients, excludes;
	struct tw_buffer rows, conditions, actions, sources, codes, positions, words;
	struct tw_buffer tables, table_codes, tags, texts, requires, totals;
	unsigned require_depth; /* of the file that has them, from 1 */
	struct map_context contexts[MAP_CONTEXTS];
	unsigned context_count;
	struct map_text registers[MAP_REGISTERS];
	unsigned register_count;
	int role, function; /* enum of codes.def, or -1 */
	bool single, hold, pool, untyped, fragment, unverified;
	bool sums; /* there is a `sum` */
	/* compiled */
	struct map_slot *tag_slots;
	unsigned tag_shift; /* 64 - bits */
	size_t tag_mask;
	struct map_slot *slots;
	uint16_t *dispatch; /* [tag][MAP_CONTEXTS]: choice + 1 */
	struct tw_buffer steps; /* of each row */
	struct tw_buffer choices, links, choice_slots;
	unsigned tag_count;
	uint8_t root, consignment; /* contexts */
};

/* The nth element of an array in a buffer. */
#define MAP_AT(type, buffer, index) (&((type const *)(const void *)(buffer).data)[index])
#define MAP_COUNT(type, buffer) ((unsigned)((buffer).length / sizeof(type)))

/* A code in one word: up to eight bytes as they are, the first lowest, longer ones by their hash. */
static inline uint64_t map_pack(struct tw_slice code)
{
	uint64_t key = 0;
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	/* Nearly all tags. */
	if (code.length == 3) {
		uint16_t two;
		memcpy(&two, code.data, sizeof(two));
		return (uint64_t)(unsigned char)code.data[2] << 16 | two;
	}
#endif
	if (code.length > 8)
		return tw_hash64(code, 0) | 1u << 31;
	for (size_t i = code.length; i > 0; i--)
		key = key << 8 | (unsigned char)code.data[i - 1];
	return key;
}

/* The same where eight bytes may be read, however short the code is. */
static inline uint64_t map_pack_roomy(struct tw_slice code)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	static const uint64_t masks[9] = {
		0, 0xff, 0xffff, 0xffffff, 0xffffffff, 0xffffffffff, 0xffffffffffff,
		0xffffffffffffff, UINT64_MAX,
	};
	uint64_t key;
	if (code.length > 8)
		return map_pack(code);
	memcpy(&key, code.data, sizeof(key));
	return key & masks[code.length];
#else
	return map_pack(code);
#endif
}

static inline uint64_t map_pair_key(uint64_t parent, uint64_t name)
{
	return tw_hash_mix(parent ^ 0x9e3779b97f4a7c15u) + name;
}

static inline uint64_t map_spread(uint64_t key)
{
	return key * 0x9e3779b97f4a7c15u;
}

static inline struct tw_slice map_slice(const struct tw_map *map, struct map_text text)
{
	return tw_slice_part(tw_buffer_slice(&map->texts), text.start, text.length);
}

/* The number of a tag, or -1. Where a slot is free its key is 0, which no tag has. */
static inline int map_find_tag(const struct tw_map *map, uint64_t key)
{
	const struct map_slot *slots = map->tag_slots;
	size_t at = (size_t)(map_spread(key) >> map->tag_shift);
	while (slots[at].key != key && slots[at].value >= 0)
		at = (at + 1) & map->tag_mask;
	return slots[at].value;
}

/* The value of a code among `mask` + 1 slots, or -1. */
static inline int map_find_slot(const struct map_slot *slots, uint32_t mask, uint64_t key)
{
	size_t at = (size_t)(map_spread(key) >> 40) & mask;
	while (slots[at].key != key && slots[at].value >= 0)
		at = (at + 1) & mask;
	return slots[at].value;
}

/* The value of a code in a table (from 1), or -1. */
static inline int map_find_code(const struct tw_map *map, unsigned table, uint64_t key)
{
	const struct map_table *found = MAP_AT(struct map_table, map->tables, table - 1);
	return map_find_slot(map->slots + found->first, found->mask, key);
}

/* The first link for a code, + 1, or 0. */
static inline unsigned map_find_link(const struct tw_map *map, const struct map_choice *choice,
				     uint64_t key)
{
	int found = map_find_slot(MAP_AT(struct map_slot, map->choice_slots, choice->first),
				  choice->mask, key);
	return found < 0 ? choice->other : (unsigned)found;
}

void map_free(struct tw_map *map);
/* Makes the look-up tables once all rows are there. */
int map_compile(struct tw_map *map);
/* choice.c: the decision tables. */
int map_compile_rows(struct tw_map *map);
/* The nth file that names types not to be looked at, or NULL behind the last. */
const struct tw_map *map_exclusion(const struct tw_maps *maps, unsigned index);

/* A unit of measure: what one of it is in kg or m3. */
struct map_measure {
	uint32_t key; /* as map_pack() makes it */
	bool cubic;
	enum tw_unit_of_measure unit;
	double factor;
};
/* The longest code, in letters. */
#define MAP_MEASURE_LENGTH 3u
/* NULL where it is not known. */
const struct map_measure *map_find_measure(uint64_t key, bool cubic);
/* The same as a factor; 0 where it is not known. */
double map_measure(struct tw_slice code, bool cubic, enum tw_unit_of_measure *ret_unit);

#endif
