/* SPDX-License-Identifier: Apache-2.0 */
#include "map/reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/suggest.h"

#define FILE_LIMIT ((size_t)1 << 20)
#define EXTENDS_DEPTH 8u

void reader_problem(struct reader *reader, const char *format, ...)
{
	char reason[400];
	va_list arguments;
	va_start(arguments, format);
	(void)vsnprintf(reason, sizeof(reason), format, arguments);
	va_end(arguments);
	tw_buffer_printf(reader->problems, "%s:%u: %s\n", reader->path, reader->line, reason);
	reader->problem_count++;
}

struct tw_slice reader_peek(const struct reader *reader)
{
	return reader->at < reader->word_count ? reader->words[reader->at] : tw_slice(NULL, 0);
}

struct tw_slice reader_next(struct reader *reader)
{
	struct tw_slice word = reader_peek(reader);
	reader->at += reader->at < reader->word_count;
	return word;
}

struct map_text reader_keep(struct reader *reader, struct tw_slice text)
{
	struct tw_buffer *texts = &reader->map->texts;
	struct map_text kept = {(uint32_t)texts->length, (uint32_t)text.length};
	tw_buffer_append_slice(texts, text);
	return kept;
}

unsigned reader_word(struct reader *reader, struct tw_slice text)
{
	struct map_text kept = reader_keep(reader, text);
	tw_buffer_append(&reader->map->words, &kept, sizeof(kept));
	return MAP_COUNT(struct map_text, reader->map->words) - 1;
}

void reader_table_kind(struct reader *reader, unsigned table, bool names)
{
	const struct map_table *found = MAP_AT(struct map_table, reader->map->tables, table);
	struct tw_slice name = map_slice(reader->map, found->name);
	if ((strcmp(found->set, MAP_NAMES) == 0) != names)
		reader_problem(reader, "\"%.*s\" cannot be a table of codes and of names",
			       (int)name.length, name.data);
}

/* ---- lines into words ----------------------------------------------------- */

static void add_word(struct reader *reader, struct tw_slice word)
{
	if (word.length == 0)
		return;
	if (reader->word_count == READER_WORDS) {
		reader_problem(reader, "the line has more than %u words", READER_WORDS);
		reader->word_count = 0;
		return;
	}
	reader->words[reader->word_count++] = word;
}

/* A word, with a ';' or ':' behind it as a word of its own. */
static void add_marked(struct reader *reader, struct tw_slice word)
{
	int last = tw_slice_at(word, word.length - 1);
	if (word.length > 1 && (last == ';' || last == ':')) {
		add_word(reader, tw_slice_part(word, 0, word.length - 1));
		word = tw_slice_from(word, word.length - 1);
	}
	add_word(reader, word);
}

static size_t word_end(struct tw_slice text, size_t at)
{
	if (tw_slice_at(text, at) == '"') {
		for (at++; at < text.length && tw_slice_at(text, at) != '"'; at++)
			;
		return at < text.length ? at + 1 : at;
	}
	while (at < text.length && tw_slice_at(text, at) != ' ' && tw_slice_at(text, at) != '\t' &&
	       !(tw_slice_at(text, at) == ';'))
		at++;
	return at < text.length && tw_slice_at(text, at) == ';' ? at + 1 : at;
}

/* A '#' that opens a word starts a comment. */
static void split_line(struct reader *reader, struct tw_slice line)
{
	size_t at = 0;
	reader->word_count = 0;
	reader->at = 0;
	reader->indent = 0;
	for (; tw_slice_at(line, at) == ' ' || tw_slice_at(line, at) == '\t'; at++)
		reader->indent += tw_slice_at(line, at) == '\t' ? 8 - reader->indent % 8 : 1;
	size_t start = at;
	while (at < line.length && tw_slice_at(line, at) != '#') {
		size_t end = word_end(line, at);
		add_marked(reader, tw_slice_part(line, at, end - at));
		for (at = end; tw_slice_at(line, at) == ' ' || tw_slice_at(line, at) == '\t';)
			at++;
	}
	reader->text = tw_slice_trim(tw_slice_part(line, start, at - start));
}

/* ---- statements ----------------------------------------------------------- */

static void add_texts(struct reader *reader, struct tw_buffer *array)
{
	if (reader_peek(reader).length == 0)
		reader_problem(reader, "a name is missing behind \"%.*s\"",
			       (int)reader->words[0].length, reader->words[0].data);
	while (reader_peek(reader).length > 0) {
		struct map_text text = reader_keep(reader, reader_next(reader));
		if (!reader->extended)
			tw_buffer_append(array, &text, sizeof(text));
	}
}

static void statement_map(struct reader *reader)
{
	struct tw_slice format = reader_next(reader);
	if (format.length == 0) {
		reader_problem(reader, "\"map\" wants a format and message types");
		return;
	}
	if (!reader->extended)
		reader->map->format = reader_keep(reader, format);
	add_texts(reader, &reader->map->types);
}

static void statement_exclude(struct reader *reader)
{
	struct tw_slice format = reader_next(reader);
	struct map_text kept = reader_keep(reader, format);
	if (reader_peek(reader).length == 0)
		reader_problem(reader, "\"exclude\" wants a format and message types");
	while (reader_peek(reader).length > 0) {
		struct map_text pair[2] = {kept, reader_keep(reader, reader_next(reader))};
		tw_buffer_append(&reader->map->excludes, pair, sizeof(pair));
	}
}

static void suggest_code(struct reader *reader, const char *set, struct tw_slice name)
{
	struct tw_suggestion suggestion = {.wanted = name};
	for (unsigned value = 0; value < 64; value++)
		if (tw_code_name(set, value) != NULL)
			tw_suggest_offer(&suggestion, tw_code_name(set, value));
	if (suggestion.best != NULL)
		reader_problem(reader, "\"%.*s\" is no %s; did you mean \"%s\"?", (int)name.length,
			       name.data, set, suggestion.best);
	else
		reader_problem(reader, "\"%.*s\" is no %s", (int)name.length, name.data, set);
}

/* The rest of the line as one name ("transport document"). */
static struct tw_slice rest_of_line(struct reader *reader)
{
	struct tw_slice first = reader_peek(reader);
	if (first.length == 0)
		return first;
	struct tw_slice last = reader->words[reader->word_count - 1];
	reader->at = reader->word_count;
	return tw_slice(first.data, (size_t)(last.data - first.data) + last.length);
}

static void statement_role(struct reader *reader)
{
	struct tw_slice name = rest_of_line(reader);
	int role = tw_code_by_name("role", name);
	if (role < 0)
		suggest_code(reader, "role", name);
	else if (reader->map->role < 0)
		reader->map->role = role;
}

static void statement_function(struct reader *reader)
{
	struct tw_slice name = rest_of_line(reader);
	int function = tw_code_by_name("action", name);
	if (function < 0)
		suggest_code(reader, "action", name);
	else if (reader->map->function < 0)
		reader->map->function = function;
}

static void statement_codes(struct reader *reader)
{
	struct tw_slice name = reader_next(reader);
	struct tw_slice set = name;
	struct tw_buffer *tables = &reader->map->tables;
	if (tw_slice_is(reader_peek(reader), "of")) {
		reader_next(reader);
		set = reader_next(reader);
	}
	struct map_table table = {.set = NULL};
	for (unsigned id = 1; id < TW_FIELD_LIMIT; id++) {
		const struct tw_field_info *info = tw_field_info(id);
		if (info != NULL && info->type == TW_TYPE_code && tw_slice_is(set, info->unit))
			table.set = info->unit;
	}
	reader->section = IN_NOTHING;
	if (table.set == NULL) {
		reader_problem(reader, "\"%.*s\" is no set of codes of the model", (int)set.length,
			       set.data);
		return;
	}
	reader->section = IN_CODES;
	for (reader->table = 0; reader->table < MAP_COUNT(struct map_table, *tables);
	     reader->table++)
		if (tw_slice_equal(map_slice(reader->map,
					     MAP_AT(struct map_table, *tables, reader->table)->name),
				   name)) {
			reader_table_kind(reader, reader->table, false);
			return;
		}
	table.name = reader_keep(reader, name);
	tw_buffer_append(tables, &table, sizeof(table));
}

static void add_code(struct reader *reader, uint64_t key, int value)
{
	struct map_code code = {key, (uint16_t)reader->table, (int16_t)value};
	tw_buffer_append(&reader->map->table_codes, &code, sizeof(code));
}

/* names NAME */
static void statement_names(struct reader *reader)
{
	struct tw_slice name = reader_next(reader);
	struct tw_buffer *tables = &reader->map->tables;
	reader->section = name.length == 0 ? IN_NOTHING : IN_CODES;
	if (name.length == 0)
		reader_problem(reader, "\"names\" wants a name");
	for (reader->table = 0; reader->table < MAP_COUNT(struct map_table, *tables);
	     reader->table++)
		if (tw_slice_equal(map_slice(reader->map,
					     MAP_AT(struct map_table, *tables, reader->table)->name),
				   name)) {
			reader_table_kind(reader, reader->table, true);
			return;
		}
	struct map_table table = {.name = reader_keep(reader, name), .set = MAP_NAMES};
	tw_buffer_append(tables, &table, sizeof(table));
}

/* What a line of a table gives: a code of the model, or a word of the map; negative: neither. */
static int codes_value(struct reader *reader, struct tw_slice name)
{
	const char *set = MAP_AT(struct map_table, reader->map->tables, reader->table)->set;
	int value = -1;
	if (strcmp(set, MAP_NAMES) != 0) {
		value = tw_code_by_name(set, name);
		if (value < 0)
			suggest_code(reader, set, name);
	} else if (MAP_COUNT(struct map_text, reader->map->words) > INT16_MAX) {
		reader_problem(reader, "the map has too many names");
	} else {
		value = (int)reader_word(reader, name);
	}
	return value;
}

/* CZ OS SH = shipper */
static void codes_line(struct reader *reader)
{
	unsigned equals = 0;
	while (equals < reader->word_count && !tw_slice_is(reader->words[equals], "="))
		equals++;
	reader->at = equals + 1;
	if (equals == 0 || reader->at >= reader->word_count) {
		reader_problem(reader, "a line of codes reads CODE ... = NAME");
		return;
	}
	int value = codes_value(reader, rest_of_line(reader));
	if (value < 0)
		return;
	for (unsigned i = 0; i < equals; i++)
		add_code(reader, map_pack(reader->words[i]), value);
}

unsigned reader_context(struct reader *reader, struct tw_slice name)
{
	struct tw_map *map = reader->map;
	for (unsigned i = 0; i < map->context_count; i++)
		if (tw_slice_equal(map_slice(map, map->contexts[i].name), name))
			return i;
	if (map->context_count == MAP_CONTEXTS) {
		reader_problem(reader, "more than %u contexts", MAP_CONTEXTS);
		return 0;
	}
	struct map_context *context = &map->contexts[map->context_count];
	*context = (struct map_context){
		.name = reader_keep(reader, name),
		.group = TW_GROUP_COUNT,
		.used_line = reader->line,
	};
	for (unsigned group = 0; group < TW_GROUP_COUNT; group++)
		if (tw_slice_is(name, tw_group_name(group)) && group != TW_GROUP_consignment)
			context->group = (uint8_t)group;
	return map->context_count++;
}

static void context_group(struct reader *reader, struct tw_slice group)
{
	struct map_context *context = &reader->map->contexts[reader->contexts[0]];
	context->group = TW_GROUP_COUNT;
	for (unsigned i = 0; i < TW_GROUP_COUNT; i++)
		if (tw_slice_is(group, tw_group_name(i)))
			context->group = (uint8_t)i;
	if (context->group == TW_GROUP_COUNT)
		reader_problem(reader, "\"%.*s\" is no group of the model", (int)group.length,
			       group.data);
}

/* in CONTEXT...   or   in CONTEXT of GROUP */
static void statement_in(struct reader *reader)
{
	reader->section = IN_CONTEXT;
	reader->context_count = 0;
	reader->row_indent = 0;
	reader->row_open = false;
	while (reader_peek(reader).length > 0 && !tw_slice_is(reader_peek(reader), "of") &&
	       reader->context_count < READER_CONTEXTS) {
		unsigned context = reader_context(reader, reader_next(reader));
		reader->map->contexts[context].defined = true;
		reader->contexts[reader->context_count++] = context;
	}
	if (reader->context_count == 0) {
		reader->section = IN_NOTHING;
		reader_problem(reader, "\"in\" wants the name of a context");
	} else if (tw_slice_is(reader_peek(reader), "of")) {
		reader_next(reader);
		context_group(reader, reader_next(reader));
	}
}

static void statement_version(struct reader *reader)
{
	add_texts(reader, &reader->map->versions);
}

static void statement_partner(struct reader *reader)
{
	add_texts(reader, &reader->map->partners);
}

static void statement_sender(struct reader *reader)
{
	add_texts(reader, &reader->map->senders);
}

static void statement_recipient(struct reader *reader)
{
	add_texts(reader, &reader->map->recipients);
}

static void statement_extends(struct reader *reader)
{
	struct tw_slice name = reader_next(reader);
	struct tw_slice path = tw_slice_string(reader->path);
	size_t folder = path.length;
	while (folder > 0 && path.data[folder - 1] != '/')
		folder--;
	if (name.length == 0 || folder + name.length + 1 > sizeof(reader->extends)) {
		reader_problem(reader, "\"extends\" wants the name of a file");
		return;
	}
	if (reader->extends[0] != '\0') {
		reader_problem(reader, "a map extends one file");
		return;
	}
	memcpy(reader->extends, path.data, folder);
	memcpy(reader->extends + folder, name.data, name.length);
	reader->extends[folder + name.length] = '\0';
	reader->extends_line = reader->line;
	reader->extends_name = folder;
}

/* It says how the rows are to be read, so it goes with them. */
static void statement_single(struct reader *reader)
{
	reader->map->single = true;
}

static void statement_untyped(struct reader *reader)
{
	reader->map->untyped |= !reader->extended;
}

/* goods.gross_kg|goods.net_kg */
static void read_requirement(struct reader *reader, struct tw_slice word)
{
	struct map_require require = {.reason = {.length = 0}};
	struct tw_buffer reason = {0};
	unsigned count = 0;
	tw_buffer_printf(&reason, "nothing tells ");
	while (word.length > 0) {
		size_t end = 0;
		while (end < word.length && word.data[end] != '|')
			end++;
		struct tw_slice name = tw_slice_part(word, 0, end);
		unsigned field = reader_field(reader, name);
		if (count == MAP_ALTERNATIVES)
			reader_problem(reader, "at most %u fields between '|'", MAP_ALTERNATIVES);
		if (field == 0 || count == MAP_ALTERNATIVES)
			break;
		require.fields[count++] = (uint8_t)field;
		tw_buffer_printf(&reason, "%s%.*s", count > 1 ? " or " : "", (int)name.length,
				 name.data);
		word = tw_slice_from(word, end + 1);
	}
	tw_buffer_append_byte(&reason, '\0');
	require.reason = reader_keep(reader, tw_buffer_slice(&reason));
	tw_buffer_free(&reason);
	tw_buffer_append(&reader->map->requires, &require, sizeof(require));
}

/* What a map requires itself stands for what the file it extends does. */
static void statement_require(struct reader *reader)
{
	struct tw_map *map = reader->map;
	bool heard = map->require_depth == 0 || map->require_depth == reader->depth + 1;
	if (reader_peek(reader).length == 0)
		reader_problem(reader, "\"require\" wants fields of the model");
	if (heard)
		map->require_depth = reader->depth + 1;
	while (reader_peek(reader).length > 0) {
		struct tw_slice word = reader_next(reader);
		if (heard)
			read_requirement(reader, word);
	}
}

static bool adds_up(const struct tw_field_info *whole, const struct tw_field_info *piece)
{
	return whole->group == TW_GROUP_consignment && whole->type == TW_TYPE_number &&
	       piece->group == TW_GROUP_goods && piece->type == TW_TYPE_number &&
	       strcmp(whole->unit, piece->unit) == 0;
}

/* total consignment.pieces goods.packages */
static void statement_total(struct reader *reader)
{
	struct tw_slice whole = reader_next(reader), piece = reader_next(reader);
	struct map_total total = {0, 0};
	if (piece.length > 0) {
		total.declared = (uint8_t)reader_field(reader, whole);
		total.part = (uint8_t)reader_field(reader, piece);
		if (total.declared == 0 || total.part == 0)
			return;
	}
	if (piece.length == 0 ||
	    !adds_up(tw_field_info(total.declared), tw_field_info(total.part)))
		reader_problem(reader, "\"total\" wants a number of the consignment and one of "
				       "its goods, in one unit");
	else
		tw_buffer_append(&reader->map->totals, &total, sizeof(total));
}

/* Also where only an extended file is: its rows are used here. */
static void statement_unverified(struct reader *reader)
{
	reader->map->unverified = true;
}

static void statement_fragment(struct reader *reader)
{
	reader->map->fragment |= !reader->extended;
}

static void statement_hold(struct reader *reader)
{
	if (!tw_slice_is(reader_next(reader), "message"))
		reader_problem(reader, "only \"hold message\" is known");
	reader->map->hold = true;
}

static void statement_pool(struct reader *reader)
{
	if (!tw_slice_is(reader_next(reader), "equipment"))
		reader_problem(reader, "only \"pool equipment\" is known");
	reader->map->pool = true;
}

static const struct statement {
	const char *word;
	void (*read)(struct reader *reader);
} STATEMENTS[] = {
	{"map", statement_map},		{"version", statement_version},
	{"partner", statement_partner}, {"sender", statement_sender},
	{"recipient", statement_recipient}, {"extends", statement_extends},
	{"role", statement_role},	{"single", statement_single},
	{"untyped", statement_untyped}, {"fragment", statement_fragment},
	{"hold", statement_hold},	{"pool", statement_pool},
	{"exclude", statement_exclude}, {"codes", statement_codes},
	{"unverified", statement_unverified}, {"require", statement_require},
	{"total", statement_total},
	{"names", statement_names},	{"function", statement_function},
	{"in", statement_in},
};

static void read_statement(struct reader *reader)
{
	struct tw_slice word = reader_next(reader);
	struct tw_suggestion suggestion = {.wanted = word};
	reader->section = IN_NOTHING;
	for (size_t i = 0; i < sizeof(STATEMENTS) / sizeof(STATEMENTS[0]); i++) {
		if (tw_slice_is(word, STATEMENTS[i].word)) {
			STATEMENTS[i].read(reader);
			if (reader_peek(reader).length > 0)
				reader_problem(reader, "\"%.*s\" is too much in this line",
					       (int)reader_peek(reader).length,
					       reader_peek(reader).data);
			return;
		}
		tw_suggest_offer(&suggestion, STATEMENTS[i].word);
	}
	if (suggestion.best != NULL)
		reader_problem(reader, "\"%.*s\" is no statement; did you mean \"%s\"?",
			       (int)word.length, word.data, suggestion.best);
	else
		reader_problem(reader, "\"%.*s\" is no statement", (int)word.length, word.data);
}

static void read_line(struct reader *reader, struct tw_slice line)
{
	split_line(reader, line);
	if (reader->word_count == 0)
		return;
	if (reader->indent == 0)
		read_statement(reader);
	else if (reader->section == IN_CODES)
		codes_line(reader);
	else if (reader->section == IN_CONTEXT)
		reader_row(reader);
	else
		reader_problem(reader, "an indented line belongs to \"codes\" or \"in\"");
}

static int load_file(const char *path, struct tw_buffer *text)
{
	char block[4096];
	size_t got = 0;
	FILE *file = fopen(path, "rb");
	if (file == NULL)
		return TW_ERROR_IO;
	while ((got = fread(block, 1, sizeof(block), file)) > 0 && text->length <= FILE_LIMIT)
		tw_buffer_append(text, block, got);
	int status = ferror(file) ? TW_ERROR_IO : text->length > FILE_LIMIT ? TW_ERROR_LIMIT : TW_OK;
	(void)fclose(file);
	return status;
}

static bool ends_with(struct tw_slice path, const char *folder, struct tw_slice name)
{
	size_t length = strlen(folder);
	return path.length >= length + name.length &&
	       tw_slice_equal(tw_slice_from(path, path.length - name.length), name) &&
	       tw_slice_is(tw_slice_part(path, path.length - name.length - length, length), folder);
}

/*
 * An operator's map extends a shipped one by its name: where no such file stands
 * beside it, the first that was read from the maps of its format, then from anywhere.
 */
static const char *known_file(const struct reader *reader, struct tw_slice name)
{
	struct tw_slice format = map_slice(reader->map, reader->map->format);
	const char *found = NULL;
	char folder[64];
	(void)snprintf(folder, sizeof(folder), "/%.*s/maps/", (int)format.length,
		       format.length > 0 ? format.data : "");
	for (size_t at = 0; reader->known != NULL && at < reader->known->length;) {
		const char *path = reader->known->data + at;
		struct tw_slice text = tw_slice_string(path);
		if (ends_with(text, folder, name))
			return path;
		if (found == NULL && ends_with(text, "/", name))
			found = path;
		at += text.length + 1;
	}
	return found;
}

static void find_extended(struct reader *reader)
{
	struct tw_slice name = tw_slice_string(reader->extends + reader->extends_name);
	bool itself = strcmp(reader->extends, reader->path) == 0;
	const char *path = NULL;
	if (itself || access(reader->extends, R_OK) != 0)
		path = known_file(reader, name);
	if (path == NULL || strlen(path) >= sizeof(reader->extends))
		return;
	reader->extends_name = strlen(path) - name.length;
	memcpy(reader->extends, path, strlen(path) + 1);
}

static void read_extended(struct reader *reader)
{
	find_extended(reader);
	struct reader base = {
		.map = reader->map,
		.path = reader->extends,
		.problems = reader->problems,
		.known = reader->known,
		.extended = true,
		.depth = reader->depth + 1,
	};
	reader->line = reader->extends_line;
	if (base.depth > EXTENDS_DEPTH) {
		reader_problem(reader, "maps extend each other in a circle");
		return;
	}
	if (reader_read(&base) < 0)
		reader_problem(reader, "cannot read the extended file %s",
			       reader->extends + reader->extends_name);
	reader->problem_count += base.problem_count;
}

/* Reads one file and what it extends. Negative where the file itself cannot be read. */
int reader_read(struct reader *reader)
{
	struct tw_buffer text = {0};
	int status = load_file(reader->path, &text);
	struct tw_slice rest = tw_buffer_slice(&text);
	if (status == TW_OK)
		reader->file = reader_keep(reader, tw_slice_string(reader->path));
	while (status == TW_OK && rest.length > 0) {
		const char *end = memchr(rest.data, '\n', rest.length);
		size_t length = end == NULL ? rest.length : (size_t)(end - rest.data);
		reader->line++;
		bool carriage = length > 0 && tw_slice_at(rest, length - 1) == '\r';
		read_line(reader, tw_slice_part(rest, 0, length - carriage));
		rest = tw_slice_from(rest, length + 1);
	}
	tw_buffer_free(&text);
	if (status == TW_OK && reader->extends[0] != '\0')
		read_extended(reader);
	return status;
}
