/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <yaml.h>

#include "base/quote.h"
#include "config/store.h"

/*
 * Reads YAML by libyaml's events, which carry the place of each key and value.
 * Keys are joined with dots on the way down, so `limits.evidence: 8` at the top
 * means the same as `evidence: 8` below `limits:`. Of YAML, what a configuration
 * needs is taken: mappings and scalars. Lists, aliases, tags and further
 * documents are problems, not silently something else.
 */

/* A configuration is written by a person; a larger file is another file. */
#define FILE_LIMIT ((size_t)16 << 20)
/* output.privacy.alerts and plugins.NAME.KEY are 3 deep. */
#define DEPTH_LIMIT 16
#define SKIP_DEPTH_LIMIT 64

struct reader {
	yaml_parser_t parser;
	struct tw_config *config;
	const char *path;
	struct tw_slice input;
	struct tw_buffer name;	/* of the mapping that is open: "output.privacy" */
	struct tw_buffer *problems;
	int problem_count;
	int status; /* negative: reading stopped */
};

/* "FILE:LINE:COLUMN: ", counted from 1; the caller appends the sentence and end_problem(). */
static void begin_problem_at(struct reader *reader, size_t line, size_t column)
{
	reader->problem_count++;
	tw_quote_plain(reader->problems, tw_slice_string(reader->path));
	tw_buffer_printf(reader->problems, ":%zu:%zu: ", line, column);
}

static void begin_problem(struct reader *reader, yaml_mark_t mark)
{
	begin_problem_at(reader, mark.line + 1, mark.column + 1);
}

static void end_problem(struct reader *reader)
{
	tw_buffer_append_byte(reader->problems, '\n');
}

/* A problem of the setting or section whose name is complete. */
static void name_problem(struct reader *reader, yaml_mark_t mark, const char *what)
{
	begin_problem(reader, mark);
	tw_quote_short(reader->problems, tw_buffer_slice(&reader->name));
	tw_buffer_printf(reader->problems, " %s", what);
	end_problem(reader);
}

static void plain_problem(struct reader *reader, yaml_mark_t mark, const char *what)
{
	begin_problem(reader, mark);
	tw_buffer_printf(reader->problems, "%s", what);
	end_problem(reader);
}

/* libyaml gives a byte offset for what is no text at all, and no line. */
static void encoding_problem(struct reader *reader)
{
	size_t line = 1;
	size_t column = 1;
	for (size_t i = 0; i < reader->parser.problem_offset; i++) {
		int c = tw_slice_at(reader->input, i);
		line += c == '\n';
		column = c == '\n' ? 1 : column + ((c & 0xc0) != 0x80);
	}
	begin_problem_at(reader, line, column);
	tw_buffer_printf(reader->problems, "%s", reader->parser.problem);
	if (reader->parser.problem_value >= 0)
		tw_buffer_printf(reader->problems, " (0x%02x)",
				 (unsigned)reader->parser.problem_value);
	end_problem(reader);
}

static void syntax_problem(struct reader *reader)
{
	const yaml_parser_t *parser = &reader->parser;
	reader->status = TW_ERROR_INVALID;
	if (parser->error == YAML_MEMORY_ERROR) {
		reader->status = TW_ERROR_MEMORY;
	} else if (parser->error == YAML_READER_ERROR) {
		encoding_problem(reader);
	} else {
		begin_problem(reader, parser->problem_mark);
		if (parser->context != NULL)
			tw_buffer_printf(reader->problems, "%s: ", parser->context);
		tw_buffer_printf(reader->problems, "%s",
				 parser->problem == NULL ? "not YAML" : parser->problem);
		end_problem(reader);
	}
}

/* True and an event, which the caller deletes; false where reading ends. */
static bool next_event(struct reader *reader, yaml_event_t *ret_event)
{
	if (reader->status < 0)
		return false;
	if (yaml_parser_parse(&reader->parser, ret_event) != 0)
		return true;
	syntax_problem(reader);
	return false;
}

static bool opens(const yaml_event_t *event)
{
	return event->type == YAML_MAPPING_START_EVENT || event->type == YAML_SEQUENCE_START_EVENT;
}

static bool closes(const yaml_event_t *event)
{
	return event->type == YAML_MAPPING_END_EVENT || event->type == YAML_SEQUENCE_END_EVENT;
}

/*
 * Passes over the rest of a node whose first event was this one. libyaml takes
 * quadratic time for deep nesting (a minute for 200,000 brackets): reading ends there.
 */
static void skip_node(struct reader *reader, const yaml_event_t *first)
{
	yaml_event_t event;
	for (size_t depth = opens(first); depth > 0;) {
		if (!next_event(reader, &event))
			return;
		depth += opens(&event);
		depth -= closes(&event);
		if (depth > SKIP_DEPTH_LIMIT) {
			plain_problem(reader, event.start_mark, "nested too deep to go on");
			reader->status = TW_ERROR_LIMIT;
		}
		yaml_event_delete(&event);
	}
}

static struct tw_slice scalar_text(const yaml_event_t *event)
{
	return tw_slice((const char *)event->data.scalar.value, event->data.scalar.length);
}

/* `key:` with nothing behind, `key: ~` and `key: null` are no value in YAML. */
static bool is_null(const yaml_event_t *event)
{
	struct tw_slice text = scalar_text(event);
	return event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	       (text.length == 0 || tw_slice_is(text, "~") || tw_slice_is(text, "null"));
}

/* Explicit tags (!include, !!binary) would give the value a meaning that is not heeded here. */
static bool has_tag(const yaml_event_t *event)
{
	const yaml_char_t *tag = event->type == YAML_SCALAR_EVENT	    ? event->data.scalar.tag
				 : event->type == YAML_MAPPING_START_EVENT  ? event->data.mapping_start.tag
				 : event->type == YAML_SEQUENCE_START_EVENT ? event->data.sequence_start.tag
									    : NULL;
	return tag != NULL;
}

static void assign_scalar(struct reader *reader, const yaml_event_t *event)
{
	struct tw_buffer *problems = reader->problems;
	struct tw_buffer place = {0};
	size_t line = event->start_mark.line + 1;
	tw_quote_plain(&place, tw_slice_string(reader->path));
	tw_buffer_printf(&place, ":%zu:%zu", line, event->start_mark.column + 1);
	tw_buffer_append_byte(&place, '\0');
	if (place.failed || reader->name.failed) {
		reader->status = TW_ERROR_MEMORY;
		tw_buffer_free(&place);
		return;
	}
	struct tw_assignment new = {
		.key = tw_buffer_slice(&reader->name),
		.value = scalar_text(event),
		.place = place.data,
		.line = (unsigned)line,
	};
	size_t mark = problems->length;
	begin_problem(reader, event->start_mark);
	int status = tw_config_assign(reader->config, &new, problems);
	if (status == TW_OK || status == TW_ERROR_MEMORY) {
		problems->length = mark;
		reader->problem_count--;
	} else {
		end_problem(reader);
	}
	if (status == TW_ERROR_MEMORY)
		reader->status = status;
	tw_buffer_free(&place);
}

static void unknown_problem(struct reader *reader, yaml_mark_t mark)
{
	begin_problem(reader, mark);
	tw_config_unknown(tw_buffer_slice(&reader->name), reader->problems);
	end_problem(reader);
}

static void take_scalar(struct reader *reader, yaml_mark_t key, const yaml_event_t *event)
{
	struct tw_slice name = tw_buffer_slice(&reader->name);
	bool known = tw_setting_find(name) >= 0 || tw_config_is_extra(name);
	bool section = tw_config_is_section(name);
	if (section && is_null(event))
		return; /* a section whose settings are all commented out */
	if (!known && !section)
		unknown_problem(reader, key);
	else if (known && is_null(event))
		name_problem(reader, event->start_mark, "has no value; an empty text is written \"\"");
	else
		assign_scalar(reader, event);
}

static void read_mapping(struct reader *reader, yaml_mark_t start, unsigned depth);

static void take_mapping(struct reader *reader, yaml_mark_t key, const yaml_event_t *event,
			 unsigned depth)
{
	struct tw_slice name = tw_buffer_slice(&reader->name);
	bool known = tw_setting_find(name) >= 0 || tw_config_is_extra(name);
	if (!known && depth < DEPTH_LIMIT) {
		read_mapping(reader, key, depth + 1);
		return;
	}
	name_problem(reader, known ? event->start_mark : key,
		     known ? "takes one value, not a mapping" : "is nested too deep");
	skip_node(reader, event);
}

/* The value of the key whose place is `key` and whose name is complete. */
static void take_value(struct reader *reader, yaml_mark_t key, const yaml_event_t *event,
		       unsigned depth)
{
	if (has_tag(event)) {
		name_problem(reader, event->start_mark, "has a tag; tags are not supported");
		skip_node(reader, event);
	} else if (event->type == YAML_SCALAR_EVENT) {
		take_scalar(reader, key, event);
	} else if (event->type == YAML_MAPPING_START_EVENT) {
		take_mapping(reader, key, event, depth);
	} else if (event->type == YAML_SEQUENCE_START_EVENT) {
		name_problem(reader, event->start_mark, "takes no list");
		skip_node(reader, event);
	} else {
		name_problem(reader, event->start_mark, "is an alias; aliases are not supported");
	}
}

/* One key, of which the event is given, and its value. */
static void read_pair(struct reader *reader, const yaml_event_t *key, unsigned depth)
{
	yaml_event_t value;
	size_t length = reader->name.length;
	bool usable = key->type == YAML_SCALAR_EVENT && key->data.scalar.length > 0;
	if (!usable) {
		plain_problem(reader, key->start_mark, "a key must be the name of a setting");
		skip_node(reader, key);
	} else {
		if (length > 0)
			tw_buffer_append_byte(&reader->name, '.');
		tw_buffer_append_slice(&reader->name, scalar_text(key));
	}
	if (!next_event(reader, &value))
		return;
	if (usable)
		take_value(reader, key->start_mark, &value, depth);
	else
		skip_node(reader, &value);
	yaml_event_delete(&value);
	reader->name.length = length;
}

/* From behind the start of a mapping to its end. `start`: where its name or itself stands. */
static void read_mapping(struct reader *reader, yaml_mark_t start, unsigned depth)
{
	yaml_event_t key;
	size_t pairs = 0;
	for (; next_event(reader, &key); pairs++) {
		bool end = key.type == YAML_MAPPING_END_EVENT;
		if (!end)
			read_pair(reader, &key, depth);
		yaml_event_delete(&key);
		if (end)
			break;
	}
	/* With members, each of them is named; without, nothing would say that the name is wrong. */
	if (reader->status == TW_OK && pairs == 0 && depth > 0 &&
	    !tw_config_is_section(tw_buffer_slice(&reader->name)))
		unknown_problem(reader, start);
}

static void read_root(struct reader *reader, const yaml_event_t *event)
{
	if (event->type == YAML_MAPPING_START_EVENT && !has_tag(event)) {
		read_mapping(reader, event->start_mark, 0);
		return;
	}
	if (event->type != YAML_SCALAR_EVENT || !is_null(event))
		plain_problem(reader, event->start_mark,
			      "expected a mapping of sections, as in \"limits:\"");
	skip_node(reader, event);
}

static void read_stream(struct reader *reader)
{
	yaml_event_t event;
	unsigned documents = 0;
	for (bool end = false; !end && next_event(reader, &event);) {
		end = event.type == YAML_STREAM_END_EVENT;
		if (event.type == YAML_DOCUMENT_START_EVENT)
			documents++;
		else if (event.type == YAML_SCALAR_EVENT || event.type == YAML_ALIAS_EVENT ||
			 opens(&event)) {
			if (documents == 1)
				read_root(reader, &event);
			else
				plain_problem(reader, event.start_mark,
					      "a configuration is one document");
			if (documents > 1)
				skip_node(reader, &event);
		}
		yaml_event_delete(&event);
	}
}

/* Reads a whole file. TW_OK, TW_ERROR_MEMORY, TW_ERROR_LIMIT or TW_ERROR_IO with errno. */
static int read_all(int fd, struct tw_buffer *out)
{
	for (;;) {
		if (tw_buffer_reserve(out, 65536) < 0)
			return TW_ERROR_MEMORY;
		ssize_t got = read(fd, out->data + out->length, 65536);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return TW_ERROR_IO;
		if (got == 0)
			return TW_OK;
		out->length += (size_t)got;
		if (out->length > FILE_LIMIT)
			return TW_ERROR_LIMIT;
	}
}

static int read_file(const char *path, struct tw_buffer *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return TW_ERROR_IO;
	int status = read_all(fd, out);
	int cause = errno;
	close(fd);
	errno = cause;
	return status;
}

static int parse(struct reader *reader)
{
	if (yaml_parser_initialize(&reader->parser) == 0)
		return TW_ERROR_MEMORY;
	yaml_parser_set_input_string(&reader->parser,
				     (const unsigned char *)(reader->input.length == 0
								     ? ""
								     : reader->input.data),
				     reader->input.length);
	read_stream(reader);
	yaml_parser_delete(&reader->parser);
	return reader->status;
}

int tw_config_read(struct tw_config *config, const char *path, struct tw_buffer *problems)
{
	struct tw_buffer input = {0};
	struct reader reader = {.config = config, .path = path, .problems = problems};
	int status = read_file(path, &input);
	config->reading++;
	if (status == TW_ERROR_IO || status == TW_ERROR_LIMIT) {
		tw_quote_plain(problems, tw_slice_string(path));
		tw_buffer_printf(problems, ": cannot be read: %s\n",
				 status == TW_ERROR_IO ? strerror(errno) : "larger than 16 MiB");
		reader.problem_count = 1;
	} else if (status == TW_OK) {
		reader.input = tw_buffer_slice(&input);
		status = parse(&reader);
	}
	tw_buffer_free(&input);
	tw_buffer_free(&reader.name);
	if (status == TW_ERROR_MEMORY || problems->failed)
		return TW_ERROR_MEMORY;
	return reader.problem_count;
}
