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

#include "unwrap_samples.h"

static void test_samples(void **state)
{
	(void)state;
	samples_each("samples", samples_whole);
}

static void test_truncation(void **state)
{
	(void)state;
	samples_each("samples", samples_every_cut);
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
