/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <malloc.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include "source/source.h"

#define MIB ((size_t)1 << 20)

struct bench {
	char folder[64];
	char path[96];
};

static int set_up(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	snprintf(bench->folder, sizeof(bench->folder), "/tmp/tw_source_XXXXXX");
	assert_non_null(mkdtemp(bench->folder));
	snprintf(bench->path, sizeof(bench->path), "%s/feed.edi", bench->folder);
	*state = bench;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *bench = *state;
	unlink(bench->path);
	rmdir(bench->folder);
	free(bench);
	return 0;
}

static void write_file(const char *path, struct tw_slice bytes)
{
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes.data == NULL ? "" : bytes.data, 1, bytes.length, file),
			 bytes.length);
	assert_int_equal(fclose(file), 0);
}

/* Text that deflate shrinks about as a feed: words of a small vocabulary, from a seed. */
static void append_feed(struct tw_buffer *out, size_t length, uint32_t seed)
{
	size_t end = out->length + length;
	while (out->length < end) {
		seed = seed * 1664525u + 1013904223u;
		tw_buffer_printf(out, "GID+%u+%u:CT'FTX+AAA+++PARTS OF KIND %u'", seed >> 28,
				 seed >> 20 & 255, seed >> 12 & 4095);
	}
	out->length = end;
}

/* Appends one gzip member, as gzip(1) makes it. */
static void append_member(struct tw_buffer *out, struct tw_slice bytes, int level)
{
	z_stream stream = {0};
	assert_int_equal(deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
			 Z_OK);
	size_t bound = deflateBound(&stream, bytes.length) + 32;
	assert_int_equal(tw_buffer_reserve(out, bound), TW_OK);
	stream.next_in = (unsigned char *)(uintptr_t)bytes.data;
	stream.avail_in = (unsigned)bytes.length;
	stream.next_out = (unsigned char *)out->data + out->length;
	stream.avail_out = (unsigned)bound;
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	out->length += stream.total_out;
	deflateEnd(&stream);
}

/* Reads to the end or an error in blocks of `size`. Returns the last result: 0 or a status. */
static int64_t drain(struct tw_source *source, size_t size, struct tw_buffer *out)
{
	for (;;) {
		assert_int_equal(tw_buffer_reserve(out, size), TW_OK);
		int64_t got = tw_source_read(source, out->data + out->length, size);
		if (got <= 0)
			return got;
		assert_true((uint64_t)got <= size);
		out->length += (size_t)got;
	}
}

static struct tw_source *open_source(const char *path)
{
	struct tw_source *source = NULL;
	struct tw_buffer reason = {0};
	assert_int_equal(tw_source_open(path, &source, &reason), TW_OK);
	assert_int_equal(reason.length, 0);
	tw_buffer_free(&reason);
	return source;
}

/* The file gives exactly these bytes, for several sizes of block. */
static void assert_gives(const char *path, struct tw_slice expected, unsigned layers)
{
	static const size_t sizes[] = {1, 3, 4096, 65536, 100000, MIB};
	for (size_t i = expected.length > 100000 ? 2 : 0; i < sizeof(sizes) / sizeof(sizes[0]);
	     i++) {
		struct tw_buffer out = {0};
		struct tw_source *source = open_source(path);
		for (unsigned layer = 0; layer < layers; layer++)
			assert_string_equal(tw_source_layer(source, layer), "gzip");
		assert_null(tw_source_layer(source, layers));
		assert_int_equal(drain(source, sizes[i], &out), 0);
		assert_int_equal(drain(source, sizes[i], &out), 0); /* the end stays the end */
		assert_int_equal(out.length, expected.length);
		if (expected.length > 0)
			assert_memory_equal(out.data, expected.data, expected.length);
		assert_true(tw_source_position(source) == tw_source_size(source));
		assert_string_equal(tw_source_problem(source), "");
		tw_source_close(source);
		tw_buffer_free(&out);
	}
}

static void test_plain(void **state)
{
	struct bench *bench = *state;
	struct tw_buffer feed = {0};
	append_feed(&feed, 3 * MIB + 17, 1);
	static const size_t lengths[] = {0, 1, 2, 3, 4095, 4096, 65536, 3 * MIB + 17};
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		write_file(bench->path, tw_slice(feed.data, lengths[i]));
		assert_gives(bench->path, tw_slice(feed.data, lengths[i]), 0);
	}
	/* One byte of the magic is no gzip. */
	write_file(bench->path, TW_LITERAL("\x1f"));
	assert_gives(bench->path, TW_LITERAL("\x1f"), 0);
	write_file(bench->path, TW_LITERAL("\x1f\x8cgarbage"));
	assert_gives(bench->path, TW_LITERAL("\x1f\x8cgarbage"), 0);
	tw_buffer_free(&feed);
}

static void test_facts(void **state)
{
	struct bench *bench = *state;
	write_file(bench->path, TW_LITERAL("UNB+UNOA:1'"));
	const struct timespec times[2] = {{.tv_sec = 1, .tv_nsec = 0},
					  {.tv_sec = 1000000000, .tv_nsec = 500000000}};
	assert_int_equal(utimensat(AT_FDCWD, bench->path, times, 0), 0);
	struct tw_source *source = open_source(bench->path);
	char block[4];
	assert_true(tw_source_time(source) == 1000000000.5);
	assert_int_equal(tw_source_size(source), 11);
	assert_int_equal(tw_source_read(source, block, sizeof(block)), 4);
	assert_memory_equal(block, "UNB+", 4);
	assert_int_equal(tw_source_position(source), 4);
	tw_source_close(source);
	tw_source_close(NULL);
}

static void test_gzip(void **state)
{
	struct bench *bench = *state;
	struct tw_buffer feed = {0};
	append_feed(&feed, 700000, 2);
	static const int levels[] = {0, 1, 6, 9};
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		struct tw_buffer packed = {0};
		append_member(&packed, tw_buffer_slice(&feed), levels[i]);
		write_file(bench->path, tw_buffer_slice(&packed));
		assert_gives(bench->path, tw_buffer_slice(&feed), 1);
		tw_buffer_free(&packed);
	}
	struct tw_buffer empty = {0};
	append_member(&empty, TW_LITERAL(""), 6);
	write_file(bench->path, tw_buffer_slice(&empty));
	assert_gives(bench->path, TW_LITERAL(""), 1);
	tw_buffer_free(&empty);
	tw_buffer_free(&feed);
}

/* RFC 1952, 2.2: members follow each other with nothing between; tapes pad with zeros. */
static void test_members_and_padding(void **state)
{
	struct bench *bench = *state;
	struct tw_buffer feed = {0};
	struct tw_buffer packed = {0};
	static const char zeros[70000] = {0};
	append_feed(&feed, 90000, 3);
	append_member(&packed, tw_slice(feed.data, 1), 6);
	append_member(&packed, TW_LITERAL(""), 6);
	append_member(&packed, tw_slice(feed.data + 1, 69999), 1);
	append_member(&packed, tw_slice(feed.data + 70000, 20000), 9);
	write_file(bench->path, tw_buffer_slice(&packed));
	assert_gives(bench->path, tw_buffer_slice(&feed), 1);
	for (size_t padding = 1; padding <= sizeof(zeros); padding = padding * 8 + 1) {
		size_t length = packed.length;
		tw_buffer_append(&packed, zeros, padding);
		write_file(bench->path, tw_buffer_slice(&packed));
		assert_gives(bench->path, tw_buffer_slice(&feed), 1);
		packed.length = length;
	}
	/* padding, and a member behind it */
	tw_buffer_append(&packed, zeros, 512);
	append_member(&packed, TW_LITERAL("more"), 6);
	write_file(bench->path, tw_buffer_slice(&packed));
	tw_buffer_append(&feed, "more", 4);
	assert_gives(bench->path, tw_buffer_slice(&feed), 1);
	tw_buffer_free(&packed);
	tw_buffer_free(&feed);
}

static void test_nested(void **state)
{
	struct bench *bench = *state;
	struct tw_buffer stages[5] = {{0}};
	append_feed(&stages[0], 300000, 4);
	for (unsigned i = 1; i < 5; i++)
		append_member(&stages[i], tw_buffer_slice(&stages[i - 1]), 6);
	for (unsigned i = 1; i <= 3; i++) {
		write_file(bench->path, tw_buffer_slice(&stages[i]));
		assert_gives(bench->path, tw_buffer_slice(&stages[0]), i);
	}
	char block[16];
	write_file(bench->path, tw_buffer_slice(&stages[4]));
	struct tw_source *source = open_source(bench->path);
	assert_int_equal(tw_source_read(source, block, sizeof(block)), TW_ERROR_LIMIT);
	assert_int_equal(tw_source_read(source, block, sizeof(block)), TW_ERROR_LIMIT);
	assert_non_null(strstr(tw_source_problem(source), "more than 3 layers of gzip"));
	tw_source_close(source);
	for (unsigned i = 0; i < 5; i++)
		tw_buffer_free(&stages[i]);
}

/* The file gives a beginning of `whole`, then this error, again and again. Returns how much. */
static size_t assert_fails(const char *path, struct tw_slice whole, int status, const char *words)
{
	struct tw_buffer out = {0};
	char block[64];
	struct tw_source *source = open_source(path);
	assert_int_equal(drain(source, 5000, &out), status);
	assert_int_equal(tw_source_read(source, block, sizeof(block)), status);
	assert_true(out.length <= whole.length);
	if (out.length > 0)
		assert_memory_equal(out.data, whole.data, out.length);
	const char *problem = tw_source_problem(source);
	assert_memory_equal(problem, path, strlen(path));
	assert_non_null(strstr(problem, words));
	size_t length = out.length;
	tw_source_close(source);
	tw_buffer_free(&out);
	return length;
}

/* What zlib itself gets out of a beginning of one member: nothing of it may be kept back. */
static size_t decodable(struct tw_slice packed)
{
	static unsigned char out[200000];
	z_stream stream = {0};
	assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
	stream.next_in = (unsigned char *)(uintptr_t)packed.data;
	stream.avail_in = (unsigned)packed.length;
	stream.next_out = out;
	stream.avail_out = sizeof(out);
	inflate(&stream, Z_SYNC_FLUSH);
	size_t length = stream.total_out;
	inflateEnd(&stream);
	return length;
}

static void test_gzip_cut_anywhere(void **state)
{
	struct bench *bench = *state;
	struct tw_buffer feed = {0};
	struct tw_buffer packed = {0};
	append_feed(&feed, 9000, 5);
	append_member(&packed, tw_slice(feed.data, 6000), 6);
	size_t first = packed.length;
	append_member(&packed, tw_slice(feed.data + 6000, 3000), 6);
	for (size_t length = 2; length < packed.length; length++) {
		struct tw_slice cut = tw_slice(packed.data, length);
		write_file(bench->path, cut);
		if (length == first) {
			assert_gives(bench->path, tw_slice(feed.data, 6000), 1);
			continue;
		}
		size_t got = assert_fails(bench->path, tw_buffer_slice(&feed), TW_ERROR_TRUNCATED,
					  "ends early");
		size_t expected = length < first
					  ? decodable(cut)
					  : 6000 + decodable(tw_slice_from(cut, first));
		assert_int_equal(got, expected);
	}
	tw_buffer_free(&packed);
	tw_buffer_free(&feed);
}

static void test_gzip_corrupt(void **state)
{
	struct bench *bench = *state;
	struct tw_buffer feed = {0};
	struct tw_buffer packed = {0};
	append_feed(&feed, 90000, 6);
	append_member(&packed, tw_buffer_slice(&feed), 6);
	struct tw_slice whole = tw_buffer_slice(&feed);
	/* CRC-32 in the trailer: every byte is given, and then it is wrong. */
	packed.data[packed.length - 8] ^= 1;
	write_file(bench->path, tw_buffer_slice(&packed));
	assert_int_equal(assert_fails(bench->path, whole, TW_ERROR_INVALID, "corrupt"), 90000);
	packed.data[packed.length - 8] ^= 1;
	/* ISIZE */
	packed.data[packed.length - 1] ^= 1;
	write_file(bench->path, tw_buffer_slice(&packed));
	assert_int_equal(assert_fails(bench->path, whole, TW_ERROR_INVALID, "corrupt"), 90000);
	packed.data[packed.length - 1] ^= 1;
	/* compression method 9 does not exist (RFC 1952, 2.3.1) */
	packed.data[2] = 9;
	write_file(bench->path, tw_buffer_slice(&packed));
	assert_int_equal(assert_fails(bench->path, whole, TW_ERROR_INVALID, "corrupt"), 0);
	packed.data[2] = 8;
	/* what is no gzip behind it, at once and behind padding */
	tw_buffer_append(&packed, "UNA:+.? '", 9);
	write_file(bench->path, tw_buffer_slice(&packed));
	assert_int_equal(assert_fails(bench->path, whole, TW_ERROR_INVALID, "is not gzip"), 90000);
	packed.length -= 9;
	tw_buffer_append(&packed, "\0\0\0x", 4);
	write_file(bench->path, tw_buffer_slice(&packed));
	assert_int_equal(assert_fails(bench->path, whole, TW_ERROR_INVALID, "is not gzip"), 90000);
	tw_buffer_free(&packed);
	tw_buffer_free(&feed);
}

/* Any single byte overwritten: an error or not, nothing worse, and never bytes beyond the limit. */
static void test_gzip_damaged_anywhere(void **state)
{
	struct bench *bench = *state;
	struct tw_buffer feed = {0};
	struct tw_buffer packed = {0};
	append_feed(&feed, 2000, 7);
	append_member(&packed, tw_buffer_slice(&feed), 6);
	for (size_t at = 2; at < packed.length; at++) {
		struct tw_buffer out = {0};
		char kept = packed.data[at];
		packed.data[at] = (char)(kept ^ 0x55);
		write_file(bench->path, tw_buffer_slice(&packed));
		struct tw_source *source = open_source(bench->path);
		tw_source_limit(source, 0, 4000);
		int64_t end = drain(source, 300, &out);
		assert_true(end == 0 || end == TW_ERROR_INVALID || end == TW_ERROR_TRUNCATED ||
			    end == TW_ERROR_LIMIT);
		assert_true(out.length <= 4000);
		/* only the header's flags, time, system and such may differ unnoticed */
		if (end == 0)
			assert_true(at < 10);
		tw_source_close(source);
		tw_buffer_free(&out);
		packed.data[at] = kept;
	}
	tw_buffer_free(&packed);
	tw_buffer_free(&feed);
}

/* The inner member is cut, the outer one is whole; and the other way round. */
static void test_nested_damage(void **state)
{
	struct bench *bench = *state;
	struct tw_buffer feed = {0};
	struct tw_buffer inner = {0};
	struct tw_buffer outer = {0};
	append_feed(&feed, 50000, 8);
	append_member(&inner, tw_buffer_slice(&feed), 6);
	append_member(&outer, tw_slice(inner.data, inner.length / 2), 6);
	write_file(bench->path, tw_buffer_slice(&outer));
	size_t got = assert_fails(bench->path, tw_buffer_slice(&feed), TW_ERROR_TRUNCATED,
				  "inside gzip: the gzip data ends early");
	assert_int_equal(got, decodable(tw_slice(inner.data, inner.length / 2)));
	tw_buffer_clear(&outer);
	append_member(&outer, tw_buffer_slice(&inner), 0);
	write_file(bench->path, tw_slice(outer.data, outer.length / 2));
	got = assert_fails(bench->path, tw_buffer_slice(&feed), TW_ERROR_TRUNCATED,
			   ": the gzip data ends early");
	assert_true(got > 10000);
	tw_buffer_free(&outer);
	tw_buffer_free(&inner);
	tw_buffer_free(&feed);
}

/* `count` times a million zeros, which deflate shrinks about a thousandfold. */
static void append_zeros(struct tw_buffer *out, unsigned count)
{
	static const char zeros[1000000] = {0};
	z_stream stream = {0};
	assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
			 Z_OK);
	for (unsigned i = 0; i <= count; i++) {
		stream.next_in = (unsigned char *)(uintptr_t)zeros;
		stream.avail_in = i < count ? (unsigned)sizeof(zeros) : 0;
		do {
			assert_int_equal(tw_buffer_reserve(out, 65536), TW_OK);
			stream.next_out = (unsigned char *)out->data + out->length;
			stream.avail_out = 65536;
			deflate(&stream, i < count ? Z_NO_FLUSH : Z_FINISH);
			out->length += 65536 - stream.avail_out;
		} while (stream.avail_out == 0);
	}
	deflateEnd(&stream);
}

/* Reads it all in blocks of `size` and counts. */
static uint64_t count_bytes(struct tw_source *source, size_t size, int64_t *ret_end)
{
	char *block = malloc(size);
	uint64_t count = 0;
	int64_t got = 0;
	assert_non_null(block);
	while ((got = tw_source_read(source, block, size)) > 0)
		count += (uint64_t)got;
	*ret_end = got;
	free(block);
	return count;
}

static uint64_t count_limited(const char *path, double ratio, uint64_t bytes, int64_t *ret_end)
{
	struct tw_source *source = open_source(path);
	tw_source_limit(source, ratio, bytes);
	uint64_t count = count_bytes(source, 10007, ret_end);
	if (*ret_end < 0)
		assert_non_null(strstr(tw_source_problem(source), "expands beyond its limit"));
	tw_source_close(source);
	return count;
}

static void test_bomb(void **state)
{
	struct bench *bench = *state;
	struct tw_buffer packed = {0};
	int64_t end = 0;
	append_zeros(&packed, 100);
	write_file(bench->path, tw_buffer_slice(&packed));
	assert_true(packed.length * 500 < 100000000); /* it is a bomb by the ratios below */
	uint64_t count = count_limited(bench->path, 200, 0, &end);
	assert_int_equal(end, TW_ERROR_LIMIT);
	assert_true(count >= MIB && count <= packed.length * 200 + MIB);
	/* where it is cut does not depend on the size of the blocks */
	struct tw_source *source = open_source(bench->path);
	tw_source_limit(source, 200, 0);
	assert_true(count_bytes(source, 3 * MIB, &end) == count);
	tw_source_close(source);
	/* the absolute limit is met to the byte; the size itself is allowed */
	assert_true(count_limited(bench->path, 0, 99999999, &end) == 99999999);
	assert_int_equal(end, TW_ERROR_LIMIT);
	assert_true(count_limited(bench->path, 0, 100000000, &end) == 100000000);
	assert_int_equal(end, 0);
	assert_true(count_limited(bench->path, 0, 4096, &end) == 4096);
	assert_int_equal(end, TW_ERROR_LIMIT);
	/* deflate cannot do better than 1032 to 1 */
	assert_true(count_limited(bench->path, 1033, 0, &end) == 100000000);
	assert_int_equal(end, 0);
	/* a bomb within gzip: ratios do not multiply */
	struct tw_buffer outer = {0};
	append_member(&outer, tw_buffer_slice(&packed), 9);
	write_file(bench->path, tw_buffer_slice(&outer));
	count = count_limited(bench->path, 1033, 0, &end);
	assert_int_equal(end, TW_ERROR_LIMIT);
	assert_true(count <= outer.length * 1033 + MIB);
	/* and a small text may expand however it likes */
	tw_buffer_clear(&outer);
	append_zeros(&outer, 1);
	write_file(bench->path, tw_buffer_slice(&outer));
	assert_true(count_limited(bench->path, 2, 0, &end) == 1000000);
	assert_int_equal(end, 0);
	tw_buffer_free(&outer);
	tw_buffer_free(&packed);
}

static void test_plain_is_not_limited(void **state)
{
	struct bench *bench = *state;
	struct tw_buffer feed = {0};
	int64_t end = 0;
	append_feed(&feed, 3 * MIB, 9);
	write_file(bench->path, tw_buffer_slice(&feed));
	assert_true(count_limited(bench->path, 2, 10, &end) == 3 * MIB);
	assert_int_equal(end, 0);
	tw_buffer_free(&feed);
}

/* 200 MB through gzip: what malloc has handed out hardly changes on the way. */
static void test_flat_memory(void **state)
{
	struct bench *bench = *state;
	struct tw_buffer feed = {0};
	struct tw_buffer packed = {0};
	append_feed(&feed, 10 * MIB, 10);
	append_member(&packed, tw_buffer_slice(&feed), 1);
	FILE *file = fopen(bench->path, "wb");
	for (unsigned i = 0; i < 20; i++)
		assert_int_equal(fwrite(packed.data, 1, packed.length, file), packed.length);
	fclose(file);
	tw_buffer_free(&feed);
	tw_buffer_free(&packed);
	char *block = malloc(MIB);
	struct mallinfo2 before = mallinfo2();
	size_t highest = 0;
	uint64_t count = 0;
	struct tw_source *source = open_source(bench->path);
	for (int64_t got = 1; got > 0; count += (uint64_t)got) {
		got = tw_source_read(source, block, MIB);
		assert_true(got >= 0);
		struct mallinfo2 now = mallinfo2();
		size_t used = now.uordblks + now.hblkhd;
		highest = used > highest ? used : highest;
	}
	assert_true(count == 200 * MIB);
	assert_true(highest <= before.uordblks + before.hblkhd + MIB / 2);
	tw_source_close(source);
	free(block);
}

static void test_cut_while_read(void **state)
{
	struct bench *bench = *state;
	struct tw_buffer feed = {0};
	char block[10000];
	append_feed(&feed, 100000, 11);
	write_file(bench->path, tw_buffer_slice(&feed));
	struct tw_source *source = open_source(bench->path);
	assert_int_equal(tw_source_read(source, block, sizeof(block)), sizeof(block));
	assert_int_equal(truncate(bench->path, 15000), 0);
	assert_int_equal(tw_source_read(source, block, sizeof(block)), 5000);
	assert_memory_equal(block, feed.data + 10000, 5000);
	assert_int_equal(tw_source_read(source, block, sizeof(block)), TW_ERROR_TRUNCATED);
	assert_int_equal(tw_source_read(source, block, sizeof(block)), TW_ERROR_TRUNCATED);
	assert_non_null(strstr(tw_source_problem(source),
			       "cut short while it was read: 15000 of 100000 bytes"));
	tw_source_close(source);
	/* one that grows is read to its new end */
	write_file(bench->path, tw_slice(feed.data, 5000));
	source = open_source(bench->path);
	assert_int_equal(tw_source_read(source, block, 4000), 4000);
	write_file(bench->path, tw_slice(feed.data, 6000));
	assert_int_equal(tw_source_read(source, block, sizeof(block)), 2000);
	assert_int_equal(tw_source_read(source, block, sizeof(block)), 0);
	tw_source_close(source);
	tw_buffer_free(&feed);
}

/* The same within gzip: what the remaining bytes hold, then the file's own sentence. */
static void test_gzip_cut_while_read(void **state)
{
	struct bench *bench = *state;
	struct tw_buffer feed = {0};
	struct tw_buffer packed = {0};
	struct tw_buffer out = {0};
	append_feed(&feed, 190000, 12);
	append_member(&packed, tw_buffer_slice(&feed), 0); /* stored: larger than the window */
	write_file(bench->path, tw_buffer_slice(&packed));
	struct tw_source *source = open_source(bench->path);
	assert_int_equal(truncate(bench->path, 100000), 0);
	assert_int_equal(drain(source, 4096, &out), TW_ERROR_TRUNCATED);
	assert_int_equal(out.length, decodable(tw_slice(packed.data, 100000)));
	assert_memory_equal(out.data, feed.data, out.length);
	assert_non_null(strstr(tw_source_problem(source), "cut short while it was read"));
	tw_source_close(source);
	tw_buffer_free(&out);
	tw_buffer_free(&packed);
	tw_buffer_free(&feed);
}

static void assert_refused(const char *path, const char *sentence)
{
	struct tw_source *source = NULL;
	struct tw_buffer reason = {0};
	assert_int_equal(tw_source_open(path, &source, &reason), TW_ERROR_IO);
	assert_null(source);
	tw_buffer_append_byte(&reason, '\0');
	assert_string_equal(reason.data, sentence);
	tw_buffer_free(&reason);
}

static void test_refused(void **state)
{
	struct bench *bench = *state;
	char sentence[160];
	snprintf(sentence, sizeof(sentence), "%s: cannot be opened: No such file or directory",
		 bench->path);
	assert_refused(bench->path, sentence);
	snprintf(sentence, sizeof(sentence), "%s: cannot be opened: is a folder", bench->folder);
	assert_refused(bench->folder, sentence);
	assert_refused("/dev/null", "/dev/null: cannot be opened: is a device");
	assert_refused("/no\nsuch", "/no\\nsuch: cannot be opened: No such file or directory");
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", bench->path);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	snprintf(sentence, sizeof(sentence), "%s: cannot be opened: is a socket", bench->path);
	assert_refused(bench->path, sentence);
	close(fd);
	if (geteuid() == 0)
		return; /* root may read everything */
	unlink(bench->path);
	write_file(bench->path, TW_LITERAL("x"));
	chmod(bench->path, 0);
	snprintf(sentence, sizeof(sentence), "%s: cannot be opened: Permission denied",
		 bench->path);
	assert_refused(bench->path, sentence);
}

struct writer {
	int fd;
	struct tw_slice bytes;
	size_t step;
};

/* Writes in small pieces, so that the reader sees short reads. */
static void *write_pieces(void *context)
{
	const struct writer *writer = context;
	for (size_t at = 0; at < writer->bytes.length; at += writer->step) {
		struct tw_slice piece = tw_slice_part(writer->bytes, at, writer->step);
		if (write(writer->fd, piece.data, piece.length) != (ssize_t)piece.length)
			abort(); /* cmocka's asserts are for the main thread */
	}
	close(writer->fd);
	return NULL;
}

/* Puts a pipe in the place of standard input, fills it from a thread, and reads. */
static void assert_piped(struct tw_slice bytes, size_t step, struct tw_slice expected,
			 bool nonblocking)
{
	int ends[2];
	pthread_t thread;
	struct tw_buffer out = {0};
	int kept = dup(STDIN_FILENO);
	assert_int_equal(pipe(ends), 0);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	if (nonblocking)
		fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
	struct writer writer = {ends[1], bytes, step};
	assert_int_equal(pthread_create(&thread, NULL, write_pieces, &writer), 0);
	struct tw_source *source = open_source("-");
	assert_int_equal(drain(source, 65536, &out), 0);
	pthread_join(thread, NULL);
	assert_int_equal(out.length, expected.length);
	assert_memory_equal(out.data, expected.data, out.length);
	assert_true(isnan(tw_source_time(source)));
	assert_int_equal(tw_source_size(source), 0);
	assert_int_equal(tw_source_position(source), bytes.length);
	tw_source_close(source);
	tw_buffer_free(&out);
	dup2(kept, STDIN_FILENO);
	close(kept);
}

static void test_standard_input(void **state)
{
	(void)state;
	struct tw_buffer feed = {0};
	struct tw_buffer packed = {0};
	append_feed(&feed, 300000, 13);
	append_member(&packed, tw_slice(feed.data, 200000), 6);
	append_member(&packed, tw_slice(feed.data + 200000, 100000), 6);
	struct tw_slice plain = tw_buffer_slice(&feed);
	assert_piped(plain, 1000, plain, false);
	assert_piped(plain, 777, plain, true);
	assert_piped(tw_slice(feed.data, 50), 1, tw_slice(feed.data, 50), true);
	assert_piped(tw_buffer_slice(&packed), 100, plain, false);
	assert_piped(tw_buffer_slice(&packed), 100, plain, true);
	tw_buffer_free(&packed);
	tw_buffer_free(&feed);
}

/* Standard input that stands in the middle of a file: the rest of it, and whole. */
static void test_standard_input_from_file(void **state)
{
	struct bench *bench = *state;
	struct tw_buffer out = {0};
	write_file(bench->path, TW_LITERAL("0123456789"));
	int kept = dup(STDIN_FILENO);
	int fd = open(bench->path, O_RDONLY);
	dup2(fd, STDIN_FILENO);
	close(fd);
	lseek(STDIN_FILENO, 4, SEEK_SET);
	struct tw_source *source = open_source("/dev/stdin");
	assert_int_equal(tw_source_size(source), 6);
	assert_int_equal(drain(source, 100, &out), 0);
	assert_int_equal(out.length, 6);
	assert_memory_equal(out.data, "456789", 6);
	tw_source_close(source);
	/* it is left open */
	assert_true(fcntl(STDIN_FILENO, F_GETFD) >= 0);
	dup2(kept, STDIN_FILENO);
	close(kept);
	tw_buffer_free(&out);
}

static void on_alarm(int number)
{
	(void)number;
}

/* A FIFO by name; a timer interrupts the reads (EINTR, as SA_RESTART is not set). */
static void test_fifo_and_signals(void **state)
{
	struct bench *bench = *state;
	struct tw_buffer feed = {0};
	struct tw_buffer out = {0};
	append_feed(&feed, 20000, 14);
	assert_int_equal(mkfifo(bench->path, 0600), 0);
	pid_t child = fork();
	if (child == 0) {
		int fd = open(bench->path, O_WRONLY);
		for (size_t at = 0; at < feed.length; at += 1000) {
			usleep(3000);
			if (write(fd, feed.data + at, 1000) != 1000)
				_exit(1);
		}
		_exit(0);
	}
	struct tw_source *source = open_source(bench->path);
	struct sigaction action = {.sa_handler = on_alarm};
	struct sigaction former;
	struct itimerval every = {{0, 1000}, {0, 1000}};
	struct itimerval off = {0};
	sigaction(SIGALRM, &action, &former);
	setitimer(ITIMER_REAL, &every, NULL);
	int64_t end = drain(source, 4096, &out);
	setitimer(ITIMER_REAL, &off, NULL);
	sigaction(SIGALRM, &former, NULL);
	assert_int_equal(end, 0);
	assert_int_equal(out.length, feed.length);
	assert_memory_equal(out.data, feed.data, out.length);
	tw_source_close(source);
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	tw_buffer_free(&out);
	tw_buffer_free(&feed);
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FOLDER(test_plain),
		WITH_FOLDER(test_facts),
		WITH_FOLDER(test_gzip),
		WITH_FOLDER(test_members_and_padding),
		WITH_FOLDER(test_nested),
		WITH_FOLDER(test_gzip_cut_anywhere),
		WITH_FOLDER(test_gzip_corrupt),
		WITH_FOLDER(test_gzip_damaged_anywhere),
		WITH_FOLDER(test_nested_damage),
		WITH_FOLDER(test_bomb),
		WITH_FOLDER(test_plain_is_not_limited),
		WITH_FOLDER(test_flat_memory),
		WITH_FOLDER(test_cut_while_read),
		WITH_FOLDER(test_gzip_cut_while_read),
		WITH_FOLDER(test_refused),
		cmocka_unit_test(test_standard_input),
		WITH_FOLDER(test_standard_input_from_file),
		WITH_FOLDER(test_fifo_and_signals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
