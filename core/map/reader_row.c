/* SPDX-License-Identifier: Apache-2.0 */
#include "map/reader.h"

#include "base/suggest.h"

/* ---- conditions ----------------------------------------------------------- */

static uint64_t tag_key(struct tw_slice tag)
{
	for (size_t i = 1; i + 1 < tag.length; i++)
		if (tw_slice_at(tag, i) == '/')
			return map_pair_key(map_pack(tw_slice_part(tag, 0, i)),
					    map_pack(tw_slice_from(tag, i + 1)));
	return map_pack(tag);
}

static unsigned tag_number(struct reader *reader, struct tw_slice tag)
{
	struct tw_buffer *tags = &reader->map->tags;
	uint64_t key = tag_key(tag);
	for (unsigned i = 0; i < MAP_COUNT(struct map_tag, *tags); i++)
		if (MAP_AT(struct map_tag, *tags, i)->key == key)
			return i;
	struct map_tag added = {key, reader_keep(reader, tag)};
	tw_buffer_append(tags, &added, sizeof(added));
	return MAP_COUNT(struct map_tag, *tags) - 1;
}

/* Cuts `text` at the first `mark`; the rest goes to *ret_rest. */
static struct tw_slice cut(struct tw_slice text, char mark, struct tw_slice *ret_rest)
{
	for (size_t i = 0; i < text.length; i++) {
		if (text.data[i] != mark)
			continue;
		*ret_rest = tw_slice_from(text, i + 1);
		return tw_slice_part(text, 0, i);
	}
	*ret_rest = tw_slice(NULL, 0);
	return text;
}

static bool condition_codes(struct reader *reader, struct map_condition *condition,
			    struct tw_slice codes)
{
	condition->kind = CONDITION_CODES;
	condition->first = (uint16_t)MAP_COUNT(uint64_t, reader->map->codes);
	if (codes.length == 0)
		reader_problem(reader, "a code is missing behind '='");
	while (codes.length > 0) {
		uint64_t key = map_pack(cut(codes, '|', &codes));
		tw_buffer_append(&reader->map->codes, &key, sizeof(key));
		condition->count++;
	}
	return condition->count > 0;
}

static bool condition_present(struct reader *reader, struct map_condition *condition,
			      struct tw_slice positions)
{
	condition->kind = CONDITION_PRESENT;
	condition->first = (uint16_t)MAP_COUNT(struct map_position, reader->map->positions);
	while (positions.length > 0) {
		struct map_position position;
		if (!reader_position(reader, cut(positions, '|', &positions), &position))
			return false;
		tw_buffer_append(&reader->map->positions, &position, sizeof(position));
		condition->count++;
	}
	return true;
}

static bool condition_has(struct reader *reader, struct map_condition *condition,
			  struct tw_slice group)
{
	condition->kind = CONDITION_HAS;
	for (unsigned i = 0; i < TW_GROUP_COUNT; i++) {
		if (!tw_slice_is(group, tw_group_name(i)))
			continue;
		condition->first = (uint16_t)i;
		return true;
	}
	reader_problem(reader, "\"%.*s\" is no group of the model", (int)group.length, group.data);
	return false;
}

static size_t find_byte(struct tw_slice word, char byte)
{
	size_t at = 0;
	while (at < word.length && word.data[at] != byte)
		at++;
	return at;
}

/* [!]1.1=CZ|OS   [!]2.1|2.4   [!]2.1~####   [!]has:goods   [!]line=2 */
static bool read_condition(struct reader *reader, struct tw_slice word)
{
	struct map_condition condition = {.negate = tw_slice_at(word, 0) == '!'};
	bool good = false;
	if (condition.negate)
		word = tw_slice_from(word, 1);
	size_t equals = find_byte(word, '=');
	size_t tilde = find_byte(word, '~');
	if (tw_slice_starts(word, TW_LITERAL("has:"))) {
		good = condition_has(reader, &condition, tw_slice_from(word, 4));
	} else if (tw_slice_starts(word, TW_LITERAL("line="))) {
		condition.kind = CONDITION_LINE;
		for (size_t i = 5; i < word.length && i < 8; i++)
			condition.first = (uint16_t)(condition.first * 10 +
						     (tw_slice_at(word, i) - '0'));
		good = condition.first > 0;
		if (!good)
			reader_problem(reader, "\"line=\" wants a number from 1");
	} else if (tilde < word.length && tilde < equals) {
		condition.kind = CONDITION_SHAPE;
		good = reader_position(reader, tw_slice_part(word, 0, tilde), &condition.at);
		condition.first = (uint16_t)reader_word(reader, tw_slice_from(word, tilde + 1));
	} else if (equals < word.length) {
		good = reader_position(reader, tw_slice_part(word, 0, equals), &condition.at) &&
		       condition_codes(reader, &condition, tw_slice_from(word, equals + 1));
	} else {
		good = condition_present(reader, &condition, word);
	}
	if (good)
		tw_buffer_append(&reader->map->conditions, &condition, sizeof(condition));
	return good;
}

/* ---- actions -------------------------------------------------------------- */

/* The copies of the last row, one for each context of the section. */
static struct map_row *last_rows(struct reader *reader)
{
	struct map_row *rows = (void *)reader->map->rows.data;
	return &rows[MAP_COUNT(struct map_row, reader->map->rows) - reader->context_count];
}

static void add_action(struct reader *reader, const struct map_action *action)
{
	tw_buffer_append(&reader->map->actions, action, sizeof(*action));
	for (unsigned i = 0; i < reader->context_count; i++)
		last_rows(reader)[i].action_count++;
}

static void action_open(struct reader *reader)
{
	struct tw_slice name = reader_next(reader);
	if (name.length == 0) {
		reader_problem(reader, "\"open\" wants the name of a context");
		return;
	}
	unsigned context = reader_context(reader, name);
	add_action(reader, &(struct map_action){
		.kind = ACTION_OPEN,
		.context = (uint8_t)context,
		.group = reader->map->contexts[context].group,
	});
}

static void action_new(struct reader *reader)
{
	struct tw_slice name = reader_next(reader);
	for (unsigned group = 0; group < TW_GROUP_COUNT; group++) {
		if (!tw_slice_is(name, tw_group_name(group)))
			continue;
		add_action(reader, &(struct map_action){
			.kind = ACTION_NEW, .group = (uint8_t)group});
		return;
	}
	reader_problem(reader, "\"%.*s\" is no group of the model", (int)name.length, name.data);
}

static struct tw_slice unquoted(struct tw_slice word)
{
	if (word.length >= 2 && tw_slice_at(word, 0) == '"')
		return tw_slice_part(word, 1, word.length - 2);
	return word;
}

static void action_warn(struct reader *reader)
{
	struct map_action action = {.kind = ACTION_WARN};
	struct tw_slice code = reader_next(reader);
	struct tw_slice reason = unquoted(reader_next(reader));
	if (code.length == 0 || reason.length == 0) {
		reader_problem(reader, "\"warn\" wants an anomaly's code and a \"sentence\"");
		return;
	}
	/* Zero-terminated, because the anomaly's interface takes C strings. */
	action.code = reader_keep(reader, code);
	(void)reader_keep(reader, tw_slice("", 1));
	action.reason = reader_keep(reader, reason);
	(void)reader_keep(reader, tw_slice("", 1));
	add_action(reader, &action);
}

static void action_let(struct reader *reader)
{
	struct map_action action = {.kind = ACTION_LET, .type = TW_TYPE_text};
	struct tw_map *map = reader->map;
	struct tw_slice name = reader_next(reader);
	unsigned number = 0;
	while (number < map->register_count &&
	       !tw_slice_equal(map_slice(map, map->registers[number]), name))
		number++;
	if (number == MAP_REGISTERS || name.length == 0 || !tw_slice_is(reader_next(reader), "=")) {
		reader_problem(reader, "\"let NAME = VALUE\"; at most %u names", MAP_REGISTERS);
		return;
	}
	if (number == map->register_count)
		map->registers[map->register_count++] = reader_keep(reader, name);
	action.register_number = (uint8_t)number;
	reader_value(reader, &action);
	add_action(reader, &action);
}

static void unknown_field(struct reader *reader, struct tw_slice name)
{
	struct tw_suggestion suggestion = {.wanted = name};
	for (unsigned id = 1; id < TW_FIELD_LIMIT; id++)
		if (tw_field_info(id) != NULL)
			tw_suggest_offer(&suggestion, tw_field_info(id)->keyword);
	if (suggestion.best != NULL)
		reader_problem(reader, "\"%.*s\" is no field; did you mean \"%s\"?",
			       (int)name.length, name.data, suggestion.best);
	else
		reader_problem(reader, "\"%.*s\" is no field and no action", (int)name.length,
			       name.data);
}

unsigned reader_field(struct reader *reader, struct tw_slice name)
{
	unsigned field = (unsigned)tw_field_by_keyword(name);
	if (tw_field_info(field) != NULL)
		return field;
	unknown_field(reader, name);
	return 0;
}

static bool is_measured(const struct tw_field_info *info)
{
	return strcmp(info->unit, "kg") == 0 || strcmp(info->unit, "m3") == 0;
}

/* sum consignments = 8   sum consignment.weight_kg = 1.2 unit 1.3 */
static void action_sum(struct reader *reader)
{
	struct map_action action = {.kind = ACTION_SUM, .type = TW_TYPE_number};
	struct tw_slice name = reader_next(reader);
	bool count = tw_slice_is(name, "consignments");
	unsigned field = count ? 0 : (unsigned)tw_field_by_keyword(name);
	while (action.register_number < MAP_SUMS && map_summed[action.register_number] != field)
		action.register_number++;
	if (action.register_number == MAP_SUMS || (field == 0 && !count) ||
	    !tw_slice_is(reader_next(reader), "=")) {
		reader_problem(reader, "\"sum WHAT = POSITION\" knows consignments, and pieces, "
				       "weight_kg and volume_m3 of the consignment");
		return;
	}
	action.field = (uint8_t)field;
	action.measured = field != 0 && is_measured(tw_field_info(field));
	action.cubic = field == TW_CONSIGNMENT_VOLUME;
	reader_value(reader, &action);
	const struct map_source *source =
		MAP_AT(struct map_source, reader->map->sources, action.source_first);
	if (action.source_count != 1 || source->kind != SOURCE_POSITION)
		reader_problem(reader, "\"sum\" wants one position");
	reader->map->sums = true;
	add_action(reader, &action);
}

static void action_add(struct reader *reader, struct tw_slice name)
{
	unsigned field = reader_field(reader, name);
	const struct tw_field_info *info = tw_field_info(field);
	if (info == NULL)
		return;
	if (!tw_slice_is(reader_next(reader), "=")) {
		reader_problem(reader, "'=' is missing behind \"%s\"", info->keyword);
		return;
	}
	struct map_action action = {
		.kind = ACTION_ADD,
		.field = (uint8_t)field,
		.group = (uint8_t)info->group,
		.type = (uint8_t)info->type,
		.many = info->many,
		.measured = is_measured(info),
		.cubic = strcmp(info->unit, "m3") == 0,
	};
	reader_value(reader, &action);
	add_action(reader, &action);
}

static void read_action(struct reader *reader)
{
	struct tw_slice word = reader_next(reader);
	if (tw_slice_is(word, "open"))
		action_open(reader);
	else if (tw_slice_is(word, "new"))
		action_new(reader);
	else if (tw_slice_is(word, "let"))
		action_let(reader);
	else if (tw_slice_is(word, "warn"))
		action_warn(reader);
	else if (tw_slice_is(word, "sum"))
		action_sum(reader);
	else if (!tw_slice_is(word, "ignore"))
		action_add(reader, word);
}

/* ACTION; ACTION ... up to the end of the line. After a mistake up to the next ';'. */
void reader_actions(struct reader *reader)
{
	while (reader_peek(reader).length > 0) {
		unsigned problems = reader->problem_count;
		read_action(reader);
		struct tw_slice word = reader_peek(reader);
		if (word.length > 0 && !tw_slice_is(word, ";") &&
		    problems == reader->problem_count)
			reader_problem(reader,
				       "\"%.*s\" is too much here; actions are separated by ';'",
				       (int)word.length, word.data);
		while (reader_peek(reader).length > 0 && !tw_slice_is(reader_next(reader), ";"))
			;
	}
}

static bool has_colon(const struct reader *reader)
{
	for (unsigned i = 1; i < reader->word_count; i++)
		if (tw_slice_is(reader->words[i], ":"))
			return true;
	return false;
}

static void read_conditions(struct reader *reader, struct map_row *row)
{
	if (tw_slice_is(reader_peek(reader), "each")) {
		row->each = true;
		reader_next(reader);
	}
	while (!tw_slice_is(reader_peek(reader), ":"))
		row->condition_count += read_condition(reader, reader_next(reader));
	reader_next(reader);
}

/* TAG [each] [CONDITION]...: [ACTION; ...] */
static void start_row(struct reader *reader)
{
	struct tw_map *map = reader->map;
	bool whole = has_colon(reader);
	struct map_row row = {
		.tag = (uint16_t)tag_number(reader, reader_next(reader)),
		.condition_first = (uint16_t)MAP_COUNT(struct map_condition, map->conditions),
		.action_first = (uint16_t)MAP_COUNT(struct map_action, map->actions),
		.line = reader->line,
		.file = reader->file,
		.text = reader_keep(reader, reader->text),
	};
	if (whole)
		read_conditions(reader, &row);
	else
		reader_problem(reader, "':' is missing behind the conditions of this row");
	for (unsigned i = 0; i < reader->context_count; i++) {
		row.context = (uint8_t)reader->contexts[i];
		tw_buffer_append(&map->rows, &row, sizeof(row));
	}
	reader->row_open = true;
	if (whole)
		reader_actions(reader);
}

void reader_row(struct reader *reader)
{
	if (reader->row_indent == 0)
		reader->row_indent = reader->indent;
	if (reader->indent < reader->row_indent) {
		reader_problem(reader, "this line is indented less than the rows above it");
		return;
	}
	if (reader->indent == reader->row_indent) {
		start_row(reader);
		return;
	}
	if (!reader->row_open) {
		reader_problem(reader, "this line continues no row");
		return;
	}
	struct map_text text = last_rows(reader)->text;
	struct map_text more = reader_keep(reader, TW_LITERAL(" "));
	/* The row's text grows only while it stands last in the texts. */
	if (text.start + text.length == more.start) {
		(void)reader_keep(reader, reader->text);
		for (unsigned i = 0; i < reader->context_count; i++)
			last_rows(reader)[i].text.length += 1 + (uint32_t)reader->text.length;
	}
	reader_actions(reader);
}
