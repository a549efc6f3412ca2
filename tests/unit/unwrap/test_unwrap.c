/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The unwrapper against samples of other people's tools (make_samples.py): what
 * expect.tsv says went in must come out, however the bytes are cut; cut short at
 * every byte, what stood before the cut is given all the same, and the rest told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <malloc.h>
#include <zlib.h>

#include "unwrap_testing.h"

static struct tw_buffer read_file(const char *name)
{
	char path[4096];
	struct tw_buffer bytes = {0};
	const char *top = getenv("srcdir");
	snprintf(path, sizeof(path), "%s/tests/unit/unwrap/samples/%s", top == NULL ? "." : top, name);
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	for (size_t got = 1; got > 0; bytes.length += got) {
		assert_int_equal(tw_buffer_reserve(&bytes, 65536), TW_OK);
		got = fread(bytes.data + bytes.length, 1, 65536, file);
	}
	fclose(file);
	return bytes;
}

static struct tw_slice next_cell(struct tw_slice *rest, char until)
{
	const char *end = rest->length == 0 ? NULL : memchr(rest->data, until, rest->length);
	size_t length = end == NULL ? rest->length : (size_t)(end - rest->data);
	struct tw_slice cell = tw_slice_part(*rest, 0, length);
	*rest = tw_slice_from(*rest, length + 1);
	return cell;
}

static void check_member(const struct unwrap_member *member, struct tw_slice row)
{
	char text[64];
	struct tw_slice layers = next_cell(&row, '\t');
	struct tw_slice length = next_cell(&row, '\t'), crc = next_cell(&row, '\t');
	assert_true(tw_slice_is(layers, member->layers));
	assert_int_equal(member->whole, tw_slice_is(row, "whole"));
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
static void check_sample(const struct unwrap_record *record, struct tw_slice name, struct tw_slice table)
{
	struct tw_buffer problems = {0};
	size_t members = 0;
	while (table.length > 0) {
		struct tw_slice row = next_cell(&table, '\n');
		if (!tw_slice_equal(next_cell(&row, '\t'), name))
			continue;
		if (tw_slice_is(next_cell(&row, '\t'), "problem")) {
			tw_buffer_append_slice(&problems, row);
			tw_buffer_append(&problems, " ", 1);
		} else {
			assert_true(members < record->count);
			check_member(&record->members[members++], row);
		}
	}
	tw_buffer_append_byte(&problems, '\0');
	assert_string_equal(record->problems.data, problems.data);
	assert_int_equal(record->count, members);
	tw_buffer_free(&problems);
}

/* Calls `what` for each sample that the table names. */
static void each_sample(void (*what)(const char *name, struct tw_slice bytes, struct tw_slice table))
{
	struct tw_buffer table = read_file("expect.tsv");
	struct tw_slice rest = tw_buffer_slice(&table), last = tw_slice(NULL, 0);
	unsigned count = 0;
	while (rest.length > 0) {
		struct tw_slice row = next_cell(&rest, '\n'), name = next_cell(&row, '\t');
		if (tw_slice_equal(name, last))
			continue;
		char path[64];
		snprintf(path, sizeof(path), "%.*s", (int)name.length, name.data);
		struct tw_buffer bytes = read_file(path);
		what(path, tw_buffer_slice(&bytes), tw_buffer_slice(&table));
		tw_buffer_free(&bytes);
		last = name;
		count++;
	}
	assert_true(count > 30);
	tw_buffer_free(&table);
}

static void whole_and_cut(const char *name, struct tw_slice bytes, struct tw_slice table)
{
	static const size_t chunks[] = {0, 1, 7, 100, 511, 4096};
	print_message("%s\n", name);
	assert_int_equal(tw_unwrap_probe(bytes, true), 1);
	for (unsigned i = 0; i < sizeof(chunks) / sizeof(chunks[0]); i++) {
		struct unwrap_record record = {0};
		unwrap_record_run(&(struct unwrap_run){.input = bytes, .chunk = chunks[i]}, &record);
		if (i == 0)
			print_message("%s%s", record.problems.data, record.reasons.data);
		check_sample(&record, tw_slice_string(name), table);
		unwrap_record_free(&record);
	}
}

static void test_samples(void **state)
{
	(void)state;
	each_sample(whole_and_cut);
}

/*
 * What the whole stream gave begins with what a shorter one gave. A wrapping cut
 * within what tells its kind is a member as it is. Returns the bytes given.
 */
static uint64_t check_prefix(const struct unwrap_record *part, const struct unwrap_record *whole)
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
 * wrapping is known to be one, the bytes are a stream as they are.
 */
static void every_cut(const char *name, struct tw_slice bytes, struct tw_slice table)
{
	struct unwrap_record whole = {0};
	/* These are whole somewhere before their end. */
	bool may_end = strncmp(name, "joined", 6) == 0 || strncmp(name, "trailing", 8) == 0;
	uint64_t most = 0;
	(void)table;
	unwrap_record_run(&(struct unwrap_run){.input = bytes}, &whole);
	for (size_t length = 0; length < bytes.length; length++) {
		struct unwrap_record record = {0};
		struct tw_slice input = tw_slice_part(bytes, 0, length);
		unwrap_record_run(&(struct unwrap_run){.input = input}, &record);
		if (tw_unwrap_probe(input, true) > 0 &&
		    !(record.count > 0 && record.members[0].layers[0] == '\0')) {
			bool padding = bytes.data[length] == '\0' || bytes.data[length] == '\n';
			uint64_t given = check_prefix(&record, &whole);
			if (record.problems.length <= 1 && !padding && !may_end)
				fail_msg("%s cut at %zu: not told", name, length);
			assert_true(given >= most);
			most = given;
		}
		unwrap_record_free(&record);
	}
	unwrap_record_free(&whole);
}

static void test_truncation(void **state)
{
	(void)state;
	each_sample(every_cut);
}

/* ---- what is no wrapping -------------------------------------------------------------- */

static void test_plain(void **state)
{
	static const char *const plain[] = {
		"", "U", "UNB+UNOA:1+A+B+261120:1000+1'", "UNA:+.? 'UNB+UNOA:1+A+B'", "ISA*00*          *",
		"<?xml version=\"1.0\"?>\n<Waybill/>", "FWB/16\n123-12345675", "PK", "PK\1\2", "\x1f\x8b",
		"QD ABCDEFG\r\n.HDQXXYY 201000\r\nFHL/4\r\n", "-----BEGIN", "0",
	};
	(void)state;
	for (unsigned i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		struct unwrap_record record = {0};
		struct tw_slice input = tw_slice_string(plain[i]);
		assert_int_equal(tw_unwrap_probe(input, true), 0);
		unwrap_record_run(&(struct unwrap_run){.input = input, .chunk = 1}, &record);
		assert_int_equal(record.count, 1);
		assert_string_equal(record.members[0].layers, "");
		assert_true(tw_slice_equal(tw_buffer_slice(&record.members[0].bytes), input));
		assert_true(record.members[0].whole);
		assert_string_equal(record.problems.data, "");
		unwrap_record_free(&record);
	}
	/* Known at once: who reads a pipe must not wait for more. */
	assert_int_equal(tw_unwrap_probe(tw_slice_string("UNB+UNOA:1+A+B'\n"), false), 0);
	assert_int_equal(tw_unwrap_probe(tw_slice_string("<?xml version=\"1.0\"?>\n"), false), 0);
	assert_int_equal(tw_unwrap_probe(tw_slice_string("FWB/16\n"), false), 0);
}

/* ---- limits --------------------------------------------------------------------------- */

#define MIB ((size_t)1 << 20)

/* `zeros` bytes of zeros, deflated by zlib at its best: about 1 to 1000. */
static struct tw_buffer deflated_zeros(size_t zeros, int bits)
{
	static const unsigned char nothing[65536];
	struct tw_buffer out = {0};
	z_stream stream = {0};
	assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, bits, 9, Z_DEFAULT_STRATEGY), Z_OK);
	int result = Z_OK;
	while (result != Z_STREAM_END) {
		assert_int_equal(tw_buffer_reserve(&out, 65536), TW_OK);
		if (stream.avail_in == 0 && zeros > 0) {
			stream.next_in = (z_const Bytef *)nothing;
			stream.avail_in = (uInt)(zeros < sizeof(nothing) ? zeros : sizeof(nothing));
			zeros -= stream.avail_in;
		}
		stream.next_out = (Bytef *)out.data + out.length;
		stream.avail_out = 65536;
		result = deflate(&stream, zeros == 0 && stream.avail_in == 0 ? Z_FINISH : Z_NO_FLUSH);
		out.length += 65536 - stream.avail_out;
	}
	deflateEnd(&stream);
	return out;
}

static void put_number(struct tw_buffer *out, uint64_t number, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		tw_buffer_append_byte(out, (char)(number >> (8 * i)));
}

/* A local header as APPNOTE 4.3.7 draws it, and the data. */
static void put_member(struct tw_buffer *out, const char *name, struct tw_slice packed, unsigned method)
{
	put_number(out, 0x04034b50, 4);
	put_number(out, 20, 2);
	put_number(out, 0, 2);
	put_number(out, method, 2);
	put_number(out, 0, 4);
	put_number(out, method != 0 ? 0 : crc32(0, (const Bytef *)packed.data, (uInt)packed.length), 4);
	put_number(out, packed.length, 4);
	put_number(out, method != 0 ? 0 : packed.length, 4);
	put_number(out, strlen(name), 2);
	put_number(out, 0, 2);
	tw_buffer_append_slice(out, tw_slice_string(name));
	tw_buffer_append_slice(out, packed);
}

static void test_bomb_ratio(void **state)
{
	(void)state;
	struct tw_buffer packed = deflated_zeros(64 * MIB, -15), zip = {0};
	put_member(&zip, "bomb", tw_buffer_slice(&packed), 8);
	put_member(&zip, "behind", TW_LITERAL("UNB+"), 0);
	for (unsigned chunk = 0; chunk < 2; chunk++) {
		struct unwrap_record record = {.discard = true};
		struct mallinfo2 before = mallinfo2();
		unwrap_record_run(&(struct unwrap_run){.input = tw_buffer_slice(&zip),
						       .chunk = chunk * 4096, .ratio = 200},
				  &record);
		struct mallinfo2 after = mallinfo2();
		assert_int_equal(record.count, 1);
		assert_false(record.members[0].whole);
		assert_true(record.members[0].length <= 200 * zip.length + MIB);
		assert_true(record.members[0].length >= MIB);
		assert_true(strstr(record.problems.data, "unwrap.expansion") != NULL);
		assert_true(after.uordblks < before.uordblks + MIB);
		unwrap_record_free(&record);
	}
	tw_buffer_free(&packed);
	tw_buffer_free(&zip);
}

/* Compressed three times over: 4 GB in some kilobytes. Ratios do not multiply. */
static void test_bomb_nested(void **state)
{
	(void)state;
	struct tw_buffer inner = deflated_zeros(256 * MIB, 31), zip = {0};
	struct tw_buffer again = {0};
	for (unsigned i = 0; i < 16; i++)
		tw_buffer_append_slice(&again, tw_buffer_slice(&inner));
	z_stream stream = {0};
	struct tw_buffer outer = {0};
	assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(tw_buffer_reserve(&outer, again.length), TW_OK);
	stream.next_in = (z_const Bytef *)again.data;
	stream.avail_in = (uInt)again.length;
	stream.next_out = (Bytef *)outer.data;
	stream.avail_out = (uInt)again.length;
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	outer.length = again.length - stream.avail_out;
	deflateEnd(&stream);
	put_member(&zip, "bomb.gz", tw_buffer_slice(&outer), 8);
	struct unwrap_record record = {.discard = true};
	unwrap_record_run(&(struct unwrap_run){.input = tw_buffer_slice(&zip), .ratio = 200}, &record);
	assert_int_equal(record.count, 1);
	assert_string_equal(record.members[0].layers, "zip:bomb.gz > gzip");
	assert_true(record.members[0].length <= 200 * zip.length + MIB);
	assert_true(strstr(record.problems.data, "unwrap.expansion") != NULL);
	unwrap_record_free(&record);
	tw_buffer_free(&inner);
	tw_buffer_free(&again);
	tw_buffer_free(&outer);
	tw_buffer_free(&zip);
}

static void test_bomb_bytes(void **state)
{
	(void)state;
	struct tw_buffer packed = deflated_zeros(10 * MIB, -15), zip = {0};
	put_member(&zip, "large", tw_buffer_slice(&packed), 8);
	struct unwrap_record record = {.discard = true};
	unwrap_record_run(&(struct unwrap_run){.input = tw_buffer_slice(&zip), .bytes = 3 * MIB}, &record);
	assert_int_equal(record.members[0].length, 3 * MIB);
	assert_true(strstr(record.problems.data, "unwrap.expansion") != NULL);
	unwrap_record_free(&record);
	tw_buffer_free(&packed);
	tw_buffer_free(&zip);
}

/* Ten archives in each other where eight may be: the ninth is named, its bytes are counted. */
static void test_depth(void **state)
{
	(void)state;
	struct tw_buffer zip = {0};
	for (unsigned i = 0; i < 10; i++) {
		struct tw_buffer outer = {0};
		char name[16];
		snprintf(name, sizeof(name), "%u", i);
		put_member(&outer, name, tw_buffer_slice(&zip), 0);
		tw_buffer_free(&zip);
		zip = outer;
	}
	struct unwrap_record record = {0};
	unwrap_record_run(&(struct unwrap_run){.input = tw_buffer_slice(&zip), .layers = 8}, &record);
	assert_int_equal(record.count, 1);
	assert_string_equal(record.members[0].layers,
			    "zip:9 > zip:8 > zip:7 > zip:6 > zip:5 > zip:4 > zip:3 > zip:2");
	assert_true(record.members[0].opaque);
	assert_true(strncmp(record.problems.data, "unwrap.layers ", 14) == 0);
	/* zip:1 is 31 bytes around zip:0, which is 31 bytes around nothing. */
	assert_int_equal(record.skipped, 62);
	unwrap_record_free(&record);
	tw_buffer_free(&zip);
}

/* A name as long as the format allows is cut; one with control bytes stays one line. */
static void test_names(void **state)
{
	(void)state;
	struct tw_buffer zip = {0}, name = {0};
	for (unsigned i = 0; i < 30000; i++)
		tw_buffer_append(&name, "\xc3\xa4", 2);
	tw_buffer_append_byte(&name, '\0');
	put_member(&zip, name.data, TW_LITERAL("x"), 0);
	put_member(&zip, "a\nb\x1b[1m", TW_LITERAL("y"), 0);
	for (size_t chunk = 0; chunk < 2; chunk++) {
		struct unwrap_record record = {0};
		unwrap_record_run(&(struct unwrap_run){.input = tw_buffer_slice(&zip), .chunk = chunk}, &record);
		assert_int_equal(record.count, 2);
		assert_int_equal(strlen(record.members[0].layers), 4 + 2 * 124 + 3);
		assert_true(strncmp(record.members[0].layers, "zip:\xc3\xa4", 6) == 0);
		assert_string_equal(record.members[1].layers, "zip:a\\nb\\x1b[1m");
		unwrap_record_free(&record);
	}
	tw_buffer_free(&zip);
	tw_buffer_free(&name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples),	    cmocka_unit_test(test_truncation),
		cmocka_unit_test(test_plain),	    cmocka_unit_test(test_bomb_ratio),
		cmocka_unit_test(test_bomb_nested), cmocka_unit_test(test_bomb_bytes),
		cmocka_unit_test(test_depth),	    cmocka_unit_test(test_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
