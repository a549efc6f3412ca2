/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_UNWRAP_UNWRAP_SAMPLES_H
#define TESTS_UNIT_UNWRAP_UNWRAP_SAMPLES_H

#include <zlib.h>

#include "unwrap_testing.h"

/*
 * Holds the unwrapper against a folder of samples of other people's tools, and the
 * table expect.tsv in it of what went in (make_samples.py says how it is written). To
 * be included behind cmocka.h, by tests only.
 */

static inline struct tw_buffer samples_read(const char *folder, const char *name)
{
	char path[4096];
	struct tw_buffer bytes = {0};
	const char *top = getenv("srcdir");
	snprintf(path, sizeof(path), "%s/tests/unit/unwrap/%s/%s", top == NULL ? "." : top, folder, name);
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	for (size_t got = 1; got > 0; bytes.length += got) {
		assert_int_equal(tw_buffer_reserve(&bytes, 65536), TW_OK);
		got = fread(bytes.data + bytes.length, 1, 65536, file);
	}
	fclose(file);
	return bytes;
}

static inline struct tw_slice samples_cell(struct tw_slice *rest, char until)
{
	const char *end = rest->length == 0 ? NULL : memchr(rest->data, until, rest->length);
	size_t length = end == NULL ? rest->length : (size_t)(end - rest->data);
	struct tw_slice cell = tw_slice_part(*rest, 0, length);
	*rest = tw_slice_from(*rest, length + 1);
	return cell;
}

static inline void samples_check_member(const struct unwrap_member *member, struct tw_slice row)
{
	char text[64];
	struct tw_slice layers = samples_cell(&row, '\t');
	struct tw_slice length = samples_cell(&row, '\t'), crc = samples_cell(&row, '\t');
	assert_true(tw_slice_is(layers, member->layers));
	assert_int_equal(member->beside, tw_slice_is(row, "prose")     ? TW_UNWRAP_PROSE
					 : tw_slice_is(row, "picture") ? TW_UNWRAP_PICTURE
								       : TW_UNWRAP_CARGO);
	assert_int_equal(member->whole, tw_slice_is(row, "whole") || tw_slice_is(row, "prose") ||
						tw_slice_is(row, "picture"));
	assert_int_equal(member->opaque, tw_slice_is(row, "opaque"));
	if (tw_slice_is(row, "part"))
		return;
	snprintf(text, sizeof(text), "%zu", member->bytes.length);
	assert_true(tw_slice_is(length, text));
	snprintf(text, sizeof(text), "%08lx",
		 crc32(0, (const Bytef *)member->bytes.data, (uInt)member->bytes.length));
	assert_true(tw_slice_is(crc, text));
}

/* What a sample gave is what the table's rows say of it, in their order. */
static inline void samples_check(const struct unwrap_record *record, struct tw_slice name, struct tw_slice table)
{
	struct tw_buffer problems = {0};
	size_t members = 0;
	while (table.length > 0) {
		struct tw_slice row = samples_cell(&table, '\n');
		if (!tw_slice_equal(samples_cell(&row, '\t'), name))
			continue;
		if (tw_slice_is(samples_cell(&row, '\t'), "problem")) {
			tw_buffer_append_slice(&problems, row);
			tw_buffer_append(&problems, " ", 1);
		} else {
			assert_true(members < record->count);
			samples_check_member(&record->members[members++], row);
		}
	}
	tw_buffer_append_byte(&problems, '\0');
	assert_string_equal(record->problems.data, problems.data);
	assert_int_equal(record->count, members);
	tw_buffer_free(&problems);
}

/* Calls `what` for each sample that the table names. */
static inline void samples_each(const char *folder,
				void (*what)(const char *name, struct tw_slice bytes, struct tw_slice table))
{
	struct tw_buffer table = samples_read(folder, "expect.tsv");
	struct tw_slice rest = tw_buffer_slice(&table), last = tw_slice(NULL, 0);
	unsigned count = 0;
	while (rest.length > 0) {
		struct tw_slice row = samples_cell(&rest, '\n'), name = samples_cell(&row, '\t');
		if (tw_slice_equal(name, last))
			continue;
		char path[64];
		snprintf(path, sizeof(path), "%.*s", (int)name.length, name.data);
		struct tw_buffer bytes = samples_read(folder, path);
		what(path, tw_buffer_slice(&bytes), tw_buffer_slice(&table));
		tw_buffer_free(&bytes);
		last = name;
		count++;
	}
	assert_true(count > 20);
	tw_buffer_free(&table);
}

static inline void samples_whole(const char *name, struct tw_slice bytes, struct tw_slice table)
{
	static const size_t chunks[] = {0, 1, 7, 100, 511, 4096};
	print_message("%s\n", name);
	assert_int_equal(tw_unwrap_probe(bytes, true), 1);
	for (unsigned i = 0; i < sizeof(chunks) / sizeof(chunks[0]); i++) {
		struct unwrap_record record = {0};
		unwrap_record_run(&(struct unwrap_run){.input = bytes, .chunk = chunks[i]}, &record);
		if (i == 0)
			print_message("%s%s", record.problems.data, record.reasons.data);
		samples_check(&record, tw_slice_string(name), table);
		unwrap_record_free(&record);
	}
}

/*
 * What the whole stream gave begins with what a shorter one gave. A wrapping cut
 * within what tells its kind is a member as it is. Returns the bytes given.
 */
static inline uint64_t samples_check_prefix(const struct unwrap_record *part, const struct unwrap_record *whole)
{
	uint64_t given = 0;
	assert_true(part->count <= whole->count);
	for (size_t i = 0; i < part->count; i++) {
		const struct unwrap_member *x = &part->members[i], *y = &whole->members[i];
		size_t depth = strlen(x->layers);
		bool unknown = i + 1 == part->count && !x->whole && strlen(y->layers) > depth;
		assert_int_equal(strncmp(x->layers, y->layers, unknown ? depth : depth + 1), 0);
		if (unknown)
			break;
		given += x->length;
		assert_true(x->bytes.length <= y->bytes.length);
		assert_true(x->bytes.length == 0 || memcmp(x->bytes.data, y->bytes.data, x->bytes.length) == 0);
		if (x->whole)
			assert_int_equal(x->bytes.length, y->bytes.length);
	}
	return given;
}

/*
 * No later cut gives fewer bytes; each is told, but for zeros that only pad. Before a
 * wrapping is known to be one, the bytes are a stream as they are. What a sample named
 * "open" begins may end anywhere: there only nothing must go wrong.
 */
static inline void samples_every_cut(const char *name, struct tw_slice bytes, struct tw_slice table)
{
	struct unwrap_record whole = {0};
	/* These are whole somewhere before their end. */
	bool open = strncmp(name, "open", 4) == 0;
	bool may_end = strncmp(name, "joined", 6) == 0 || strncmp(name, "trailing", 8) == 0;
	uint64_t most = 0;
	(void)table;
	print_message("%s\n", name);
	unwrap_record_run(&(struct unwrap_run){.input = bytes}, &whole);
	for (size_t length = 0; length < bytes.length; length++) {
		struct unwrap_record record = {0};
		struct tw_slice input = tw_slice_part(bytes, 0, length);
		unwrap_record_run(&(struct unwrap_run){.input = input}, &record);
		if (!open && tw_unwrap_probe(input, true) > 0 &&
		    !(record.count > 0 && record.members[0].layers[0] == '\0')) {
			bool padding = bytes.data[length] == '\0' || bytes.data[length] == '\n' ||
				       bytes.data[length] == '\r';
			uint64_t given = samples_check_prefix(&record, &whole);
			if (record.problems.length <= 1 && !padding && !may_end)
				fail_msg("%s cut at %zu: not told", name, length);
			assert_true(given >= most);
			most = given;
		}
		unwrap_record_free(&record);
	}
	unwrap_record_free(&whole);
}

#endif
