/* SPDX-License-Identifier: Apache-2.0 */
#include "map/reader.h"

#include "base/suggest.h"

/* ---- positions ------------------------------------------------------------ */

/* A number at *at, which moves behind it; -1 where there is none up to 255. */
static int read_number(struct tw_slice word, size_t *at)
{
	int number = -1;
	while (tw_slice_at(word, *at) >= '0' && tw_slice_at(word, *at) <= '9' && number < 1000)
		number = (number < 0 ? 0 : number * 10) + (tw_slice_at(word, (*at)++) - '0');
	return number > 255 ? -1 : number;
}

static bool read_part(struct tw_slice word, size_t at, struct map_position *position)
{
	at++;
	int from = read_number(word, &at);
	int length = 0;
	if (tw_slice_at(word, at) == ':') {
		at++;
		length = read_number(word, &at);
	}
	if (from < 0 || length < 0 || tw_slice_at(word, at) != ']' || at + 1 != word.length)
		return false;
	position->from = (uint8_t)from;
	position->length = (uint8_t)length;
	return true;
}

static bool parse_position(struct tw_slice word, struct map_position *ret)
{
	struct map_position position = {.component = 1};
	size_t at = 0;
	int element = read_number(word, &at);
	int component = 1;
	if (element < 1)
		return false;
	if (tw_slice_at(word, at) == '.') {
		at++;
		component = read_number(word, &at);
	}
	if (component < 1)
		return false;
	position.element = (uint8_t)element;
	position.component = (uint8_t)component;
	position.slot = map_slot_of((unsigned)element, (unsigned)component);
	if (tw_slice_at(word, at) == '[' ? !read_part(word, at, &position) : at != word.length)
		return false;
	*ret = position;
	return true;
}

/* 3   4.1   1[0:3]   @unitCode   text */
bool reader_position(struct reader *reader, struct tw_slice word, struct map_position *ret)
{
	if (tw_slice_at(word, 0) == '@' && word.length > 1) {
		*ret = (struct map_position){
			.element = UINT8_MAX,
			.slot = MAP_NO_SLOT,
			.attribute = (uint16_t)(reader_word(reader, tw_slice_from(word, 1)) + 1),
		};
		return true;
	}
	if (tw_slice_is(word, "text")) {
		*ret = (struct map_position){
			.element = 1, .component = 1, .slot = map_slot_of(1, 1)};
		return true;
	}
	if (parse_position(word, ret))
		return true;
	reader_problem(reader, "\"%.*s\" is no position; it reads ELEMENT.COMPONENT, both from 1",
		       (int)word.length, word.data);
	return false;
}

/* 4.1..4.5 */
static void read_range(struct reader *reader, struct map_source *source)
{
	struct tw_slice word = reader_next(reader);
	size_t at = 0;
	while (at + 1 < word.length && !(word.data[at] == '.' && word.data[at + 1] == '.'))
		at++;
	if (!parse_position(tw_slice_part(word, 0, at), &source->at) ||
	    !parse_position(tw_slice_from(word, at + 2), &source->to))
		reader_problem(reader, "\"%.*s\" is no range; it reads 4.1..4.5", (int)word.length,
			       word.data);
	if (!tw_slice_is(reader_peek(reader), "full"))
		return;
	reader_next(reader);
	for (unsigned i = 0;; i++) {
		uint64_t limit = 0;
		struct tw_slice number = reader_peek(reader);
		for (size_t digit = 0; digit < number.length && limit < 100000; digit++) {
			int c = tw_slice_at(number, digit);
			limit = c >= '0' && c <= '9' ? limit * 10 + (uint64_t)(c - '0') : 100000;
		}
		if (number.length == 0 || limit >= 65535 || limit < 2) {
			if (i == 0)
				reader_problem(reader,
					       "\"full\" wants the lengths at which a piece is cut");
			return;
		}
		if (i < MAP_LIMITS)
			source->full[i] = (uint16_t)limit;
		else
			reader_problem(reader, "at most %u lengths behind \"full\"", MAP_LIMITS);
		reader_next(reader);
	}
}

/* ---- sources -------------------------------------------------------------- */

static void read_register(struct reader *reader, struct tw_slice name, struct map_source *source)
{
	struct tw_map *map = reader->map;
	source->kind = SOURCE_REGISTER;
	for (unsigned i = 0; i < map->register_count; i++) {
		source->number = (uint8_t)i;
		if (tw_slice_equal(map_slice(map, map->registers[i]), name))
			return;
	}
	/* A file may use what the file extending it, or a later line, sets. */
	if (map->register_count < MAP_REGISTERS) {
		source->number = (uint8_t)map->register_count;
		map->registers[map->register_count++] = reader_keep(reader, name);
		return;
	}
	reader_problem(reader, "at most %u names set by \"let\"", MAP_REGISTERS);
}

static void read_constant(struct reader *reader, struct tw_slice text, struct map_source *source,
			  struct map_action *action)
{
	const struct tw_field_info *info = tw_field_info(action->field);
	source->kind = SOURCE_CONSTANT;
	source->text = reader_keep(reader, text);
	if (action->kind != ACTION_ADD || info == NULL || info->type != TW_TYPE_code)
		return;
	int value = tw_code_by_name(info->unit, text);
	if (value < 0) {
		struct tw_suggestion suggestion = {.wanted = text};
		for (unsigned i = 0; i < 64; i++)
			if (tw_code_name(info->unit, i) != NULL)
				tw_suggest_offer(&suggestion, tw_code_name(info->unit, i));
		reader_problem(reader, "\"%.*s\" is no %s%s%s%s", (int)text.length, text.data,
			       info->unit, suggestion.best ? "; did you mean \"" : "",
			       suggestion.best ? suggestion.best : "", suggestion.best ? "\"?" : "");
	}
	action->constant = (int16_t)value;
}

static void read_source(struct reader *reader, struct map_action *action)
{
	struct map_source source = {.kind = SOURCE_POSITION};
	struct tw_slice word = reader_next(reader);
	if (word.length == 0 || tw_slice_is(word, ";")) {
		reader_problem(reader, "a value is missing behind '='");
	} else if (tw_slice_is(word, "join") || tw_slice_is(word, "lines") ||
		   tw_slice_is(word, "each") || tw_slice_is(word, "glue")) {
		source.kind = tw_slice_is(word, "lines")  ? SOURCE_LINES
			      : tw_slice_is(word, "each") ? SOURCE_EACH
							  : SOURCE_JOIN;
		if (tw_slice_is(word, "glue"))
			source.full[0] = MAP_ALWAYS_FULL;
		read_range(reader, &source);
		if (tw_slice_is(word, "glue") && parse_position(reader_peek(reader), &source.also))
			reader_next(reader);
	} else if (tw_slice_at(word, 0) == '"') {
		read_constant(reader, tw_slice_part(word, 1, word.length - 2), &source, action);
	} else if (tw_slice_at(word, 0) == '$') {
		read_register(reader, tw_slice_from(word, 1), &source);
	} else {
		reader_position(reader, word, &source.at);
	}
	tw_buffer_append(&reader->map->sources, &source, sizeof(source));
	action->source_count++;
}

/* ---- what is done with them ----------------------------------------------- */

static void modifier_by(struct reader *reader, struct map_action *action)
{
	struct tw_slice name = reader_next(reader);
	struct tw_buffer *tables = &reader->map->tables;
	const struct tw_field_info *info = tw_field_info(action->field);
	for (unsigned i = 0; i < MAP_COUNT(struct map_table, *tables); i++)
		if (tw_slice_equal(
			    map_slice(reader->map, MAP_AT(struct map_table, *tables, i)->name),
			    name)) {
			action->table = (uint16_t)(i + 1);
			reader_table_kind(reader, i, false);
			return;
		}
	/* The table may stand below, or in the extended file. */
	struct map_table table = {
		.name = reader_keep(reader, name),
		.set = info != NULL && info->type == TW_TYPE_code ? info->unit : NULL,
	};
	if (name.length == 0 || table.set == NULL) {
		reader_problem(reader, "\"by\" wants a table of codes and a field that has codes");
		return;
	}
	tw_buffer_append(tables, &table, sizeof(table));
	action->table = (uint16_t)MAP_COUNT(struct map_table, *tables);
}

/* A table of names: texts for texts. */
static void modifier_as(struct reader *reader, struct map_action *action)
{
	struct tw_slice name = reader_next(reader);
	struct tw_buffer *tables = &reader->map->tables;
	const struct tw_field_info *info = tw_field_info(action->field);
	if (name.length == 0 || info == NULL || info->type != TW_TYPE_text) {
		reader_problem(reader, "\"as\" wants a table of names and a field that is a text");
		return;
	}
	for (unsigned i = 0; i < MAP_COUNT(struct map_table, *tables); i++)
		if (tw_slice_equal(
			    map_slice(reader->map, MAP_AT(struct map_table, *tables, i)->name),
			    name)) {
			action->table = (uint16_t)(i + 1);
			reader_table_kind(reader, i, true);
			return;
		}
	struct map_table table = {.name = reader_keep(reader, name), .set = MAP_NAMES};
	tw_buffer_append(tables, &table, sizeof(table));
	action->table = (uint16_t)MAP_COUNT(struct map_table, *tables);
}

static void modifier_unit(struct reader *reader, struct map_action *action)
{
	struct tw_slice word = reader_next(reader);
	enum tw_unit_of_measure unit = TW_MEASURE_NONE;
	if (!action->measured)
		reader_problem(reader, "only weights and volumes have a unit");
	if (tw_slice_at(word, 0) != '"') {
		reader_position(reader, word, &action->aux);
		return;
	}
	word = tw_slice_part(word, 1, word.length - 2);
	action->unit = reader_keep(reader, word);
	if (map_measure(word, action->cubic, &unit) <= 0)
		reader_problem(reader, "\"%.*s\" is no unit of %s", (int)word.length, word.data,
			       action->cubic ? "volume" : "weight");
}

static void modifier_date(struct reader *reader, struct map_action *action)
{
	static const struct { const char *word; uint8_t kind; uint16_t format; } kinds[] = {
		{"any", DATE_ANY, 0},	  {"iso", DATE_ISO, 0},	   {"air", DATE_AIR, 0},
		{"yymmdd", DATE_FIXED, 101}, {"ccyymmdd", DATE_FIXED, 102},
	};
	struct tw_slice word = reader_next(reader);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!tw_slice_is(word, kinds[i].word))
			continue;
		action->date_kind = kinds[i].kind;
		action->date_format = kinds[i].format;
		return;
	}
	action->date_kind = DATE_BY_PIECE;
	reader_position(reader, word, &action->aux);
}

static void modifier_check(struct reader *reader, struct map_action *action)
{
	static const char *const kinds[] = {"", "container", "awb", "imo", "currency"};
	struct tw_slice word = reader_next(reader);
	for (size_t i = 1; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (tw_slice_is(word, kinds[i]))
			action->check = (uint8_t)i;
	if (action->check == CHECK_NONE)
		reader_problem(reader, "\"check\" knows container, awb, imo and currency");
}

/* Words up to the next modifier or ';'. */
static void read_words(struct reader *reader, uint16_t *first, uint16_t *count)
{
	*first = (uint16_t)MAP_COUNT(struct map_text, reader->map->words);
	while (reader_peek(reader).length > 0 && !tw_slice_is(reader_peek(reader), ";") &&
	       !tw_slice_is(reader_peek(reader), "by") &&
	       !tw_slice_is(reader_peek(reader), "as") &&
	       !tw_slice_is(reader_peek(reader), "check") &&
	       !tw_slice_is(reader_peek(reader), "continued")) {
		reader_word(reader, reader_next(reader));
		(*count)++;
	}
	if (*count == 0)
		reader_problem(reader, "\"strip\" and \"after\" want letters");
}

static bool read_modifier(struct reader *reader, struct map_action *action)
{
	struct tw_slice word = reader_peek(reader);
	if (word.length == 0 || tw_slice_is(word, ";"))
		return false;
	reader_next(reader);
	if (tw_slice_is(word, "by"))
		modifier_by(reader, action);
	else if (tw_slice_is(word, "as"))
		modifier_as(reader, action);
	else if (tw_slice_is(word, "unit"))
		modifier_unit(reader, action);
	else if (tw_slice_is(word, "date"))
		modifier_date(reader, action);
	else if (tw_slice_is(word, "strip"))
		read_words(reader, &action->strip_first, &action->strip_count);
	else if (tw_slice_is(word, "after"))
		read_words(reader, &action->after_first, &action->after_count);
	else if (tw_slice_is(word, "check"))
		modifier_check(reader, action);
	else if (tw_slice_is(word, "continued"))
		action->continued = true;
	else {
		reader_problem(reader,
			       "\"%.*s\" is none of or, by, as, unit, date, after, strip, check, continued",
			       (int)word.length, word.data);
		return false;
	}
	return true;
}

/* A code field needs a table or a constant; only a joined text can go on. */
static void check_value(struct reader *reader, const struct map_action *action)
{
	const struct tw_field_info *info = tw_field_info(action->field);
	const struct map_source *source =
		MAP_AT(struct map_source, reader->map->sources, action->source_first);
	if (action->kind == ACTION_ADD && action->type == TW_TYPE_code && action->table == 0 &&
	    source->kind != SOURCE_CONSTANT)
		reader_problem(reader, "%s is a code: it wants \"by TABLE\" or a constant",
			       info->keyword);
	if (action->continued && (source->kind != SOURCE_JOIN || action->source_count != 1))
		reader_problem(reader, "only one \"join\" can be continued");
}

/* SOURCE [or SOURCE]... [MODIFIER]... */
void reader_value(struct reader *reader, struct map_action *action)
{
	unsigned problems = reader->problem_count;
	action->source_first = (uint16_t)MAP_COUNT(struct map_source, reader->map->sources);
	read_source(reader, action);
	while (tw_slice_is(reader_peek(reader), "or")) {
		reader_next(reader);
		read_source(reader, action);
	}
	while (read_modifier(reader, action))
		;
	if (problems == reader->problem_count)
		check_value(reader, action);
}
