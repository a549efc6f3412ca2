/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "../network/packets.h"
#include "source/capture.h"

static const struct tw_capture_settings SETTINGS = {.packet_bytes = 262144, .interfaces = 16};

/* Bytes that come in pieces of a size. */
struct trickle {
	struct tw_slice bytes;
	size_t step;
};

static int64_t read_trickle(void *context, char *block, size_t size)
{
	struct trickle *trickle = context;
	struct tw_slice part = tw_slice_part(trickle->bytes, 0, size < trickle->step ? size : trickle->step);
	if (part.length > 0)
		memcpy(block, part.data, part.length);
	trickle->bytes = tw_slice_from(trickle->bytes, part.length);
	return (int64_t)part.length;
}

/* Reads a capture to its end; each packet becomes a line. Returns the last status. */
static int list(struct tw_capture *capture, struct tw_buffer *out)
{
	struct tw_packet packet;
	int status;
	while ((status = tw_capture_next(capture, &packet)) > 0)
		tw_buffer_printf(out, "%llu %.6f %u %u:%.*s\n", (unsigned long long)packet.number,
				 packet.time, packet.link_type, packet.length,
				 (int)packet.bytes.length, packet.bytes.data);
	assert_int_equal(tw_capture_next(capture, &packet), status);
	return status;
}

static int list_bytes(struct tw_slice bytes, size_t step, const struct tw_capture_settings *settings,
		      struct tw_buffer *out)
{
	struct trickle trickle = {bytes, step};
	struct tw_capture_input input = {.context = &trickle, .read = read_trickle};
	struct tw_capture *capture;
	assert_int_equal(tw_capture_create(&input, settings, &capture), TW_OK);
	int status = list(capture, out);
	assert_int_equal(status < 0, tw_capture_problem(capture) != NULL);
	tw_capture_close(capture);
	return status;
}

static void assert_text(const struct tw_buffer *text, const char *expected)
{
	if (!tw_slice_is(tw_buffer_slice(text), expected))
		fail_msg("expected\n%sgot\n%.*s", expected, (int)text->length,
			 text->data == NULL ? "" : text->data);
}

static void assert_lists(struct tw_slice bytes, const char *expected)
{
	static const size_t steps[] = {1, 7, 100000};
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct tw_buffer text = {0};
		assert_int_equal(list_bytes(bytes, steps[i], &SETTINGS, &text), 0);
		assert_text(&text, expected);
		tw_buffer_free(&text);
	}
}

static void make_pcap(struct tw_buffer *out, const struct made_capture *how)
{
	pcap_begin(out, how);
	pcap_packet(out, how, 1000, how->nano ? 250000000 : 250000, TW_LITERAL("one"));
	pcap_packet(out, how, 1001, how->nano ? 1000 : 1, TW_LITERAL(""));
	pcap_packet(out, how, 1002, 0, TW_LITERAL("three"));
}

static void test_pcap(void **state)
{
	(void)state;
	for (unsigned variant = 0; variant < 4; variant++) {
		struct made_capture how = {variant & 1, variant & 2, 101};
		struct tw_buffer bytes = {0};
		make_pcap(&bytes, &how);
		assert_int_equal(tw_capture_probe(tw_buffer_slice(&bytes)), 1);
		assert_lists(tw_buffer_slice(&bytes),
			     "1 1000.250000 101 3:one\n2 1001.000001 101 0:\n3 1002.000000 101 5:three\n");
		tw_buffer_free(&bytes);
	}
}

/* 24 bytes in front of each packet, of which the last 8 mean nothing to us. */
static void test_pcap_longer_records(void **state)
{
	struct made_capture how = {.link_type = 1};
	struct tw_buffer bytes = {0};
	(void)state;
	pcap_begin(&bytes, &how);
	memcpy(bytes.data, "\x34\xcd\xb2\xa1", 4);
	for (unsigned i = 0; i < 2; i++) {
		capture_32(&bytes, &how, 5);
		capture_32(&bytes, &how, 0);
		capture_32(&bytes, &how, 2);
		capture_32(&bytes, &how, 60);
		tw_buffer_append(&bytes, "\1\0\0\0\x08\0\0\0", 8);
		tw_buffer_append(&bytes, "ab", 2);
	}
	assert_lists(tw_buffer_slice(&bytes), "1 5.000000 1 60:ab\n2 5.000000 1 60:ab\n");
	tw_buffer_free(&bytes);
}

/* Before version 2.3 the length on the wire came first. */
static void test_pcap_old_version(void **state)
{
	struct made_capture how = {.link_type = 1};
	struct tw_buffer bytes = {0};
	(void)state;
	pcap_begin(&bytes, &how);
	bytes.data[6] = 2;
	capture_32(&bytes, &how, 5);
	capture_32(&bytes, &how, 0);
	capture_32(&bytes, &how, 60);
	capture_32(&bytes, &how, 2);
	tw_buffer_append(&bytes, "ab", 2);
	assert_lists(tw_buffer_slice(&bytes), "1 5.000000 1 60:ab\n");
	tw_buffer_free(&bytes);
}

/* Two interfaces of different link types and resolutions: what libpcap refuses. */
static void make_pcapng(struct tw_buffer *out, const struct made_capture *how)
{
	struct made_capture ethernet = *how, raw = *how;
	ethernet.link_type = 1;
	raw.link_type = 101;
	pcapng_begin(out, how);
	pcapng_interface(out, &ethernet, 6);
	pcapng_interface(out, &raw, 0x80 | 10); /* 1/1024 s */
	pcapng_packet(out, how, 0, 1000250000, TW_LITERAL("one"));
	pcapng_block(out, how, 0x0bad, TW_LITERAL("an unknown block"));
	pcapng_packet(out, how, 1, 1024 * 2000 + 512, TW_LITERAL("second"));
}

static void test_pcapng(void **state)
{
	(void)state;
	for (unsigned big = 0; big < 2; big++) {
		struct made_capture how = {.big_endian = big};
		struct made_capture other = {.big_endian = !big, .link_type = 113};
		struct tw_buffer bytes = {0};
		make_pcapng(&bytes, &how);
		assert_int_equal(tw_capture_probe(tw_buffer_slice(&bytes)), 1);
		/* A further section has its own byte order and interfaces. */
		pcapng_begin(&bytes, &other);
		pcapng_interface(&bytes, &other, 9);
		pcapng_packet(&bytes, &other, 0, UINT64_C(3000000001000), TW_LITERAL("x"));
		assert_lists(tw_buffer_slice(&bytes), "1 1000.250000 1 3:one\n2 2000.500000 101 6:second\n"
						      "3 3000.000001 113 1:x\n");
		tw_buffer_free(&bytes);
	}
}

/* The simple block has no time, the obsolete one has 16 bits for its interface. */
static void test_pcapng_other_packets(void **state)
{
	struct made_capture how = {.link_type = 1};
	struct tw_buffer bytes = {0}, simple = {0}, old = {0}, lost = {0};
	struct trickle trickle;
	struct tw_capture_input input = {.context = &trickle, .read = read_trickle};
	struct tw_capture *capture;
	(void)state;
	capture_32(&simple, &how, 3);
	tw_buffer_append(&simple, "two", 3);
	capture_16(&old, &how, 0);
	capture_16(&old, &how, 9);
	capture_32(&old, &how, 0);
	capture_32(&old, &how, 7000000);
	capture_32(&old, &how, 5);
	capture_32(&old, &how, 500);
	tw_buffer_append(&old, "three", 5);
	capture_32(&lost, &how, 0); /* interface, time, then options: 5 dropped by the card, 7 by the system */
	tw_buffer_append(&lost, "\0\0\0\0\0\0\0\0", 8);
	tw_buffer_append(&lost, "\5\0\10\0\3\0\0\0\0\0\0\0\7\0\10\0\4\0\0\0\0\0\0\0\0\0\0\0", 28);
	pcapng_begin(&bytes, &how);
	pcapng_interface(&bytes, &how, 6);
	pcapng_packet(&bytes, &how, 0, 5000000, TW_LITERAL("one"));
	pcapng_block(&bytes, &how, 3, tw_buffer_slice(&simple));
	pcapng_block(&bytes, &how, 2, tw_buffer_slice(&old));
	pcapng_block(&bytes, &how, 5, tw_buffer_slice(&lost));
	assert_lists(tw_buffer_slice(&bytes), "1 5.000000 1 3:one\n2 5.000000 1 3:two\n3 7.000000 1 500:three\n");
	trickle = (struct trickle){tw_buffer_slice(&bytes), 1000};
	assert_int_equal(tw_capture_create(&input, &SETTINGS, &capture), TW_OK);
	struct tw_packet packet;
	while (tw_capture_next(capture, &packet) > 0)
		;
	assert_int_equal(tw_capture_counts(capture).dropped, 7);
	assert_int_equal(tw_capture_counts(capture).bytes, 11);
	tw_capture_close(capture);
	tw_buffer_free(&bytes);
	tw_buffer_free(&simple);
	tw_buffer_free(&old);
	tw_buffer_free(&lost);
}

/* An interface whose clock is an hour behind, and which keeps four bytes of a packet. */
static void test_pcapng_options(void **state)
{
	struct made_capture how = {.link_type = 1};
	struct tw_buffer bytes = {0}, interface = {0}, simple = {0};
	(void)state;
	capture_16(&interface, &how, 1);
	capture_16(&interface, &how, 0);
	capture_32(&interface, &how, 4);
	tw_buffer_append(&interface, "\2\0\3\0eth\0", 8); /* its name */
	tw_buffer_append(&interface, "\16\0\10\0\20\16\0\0\0\0\0\0\0\0\0\0", 16); /* 3600 s */
	capture_32(&simple, &how, 9);
	tw_buffer_append(&simple, "four", 4);
	pcapng_begin(&bytes, &how);
	pcapng_block(&bytes, &how, 1, tw_buffer_slice(&interface));
	pcapng_packet(&bytes, &how, 0, 5000000, TW_LITERAL("one"));
	pcapng_block(&bytes, &how, 3, tw_buffer_slice(&simple));
	assert_lists(tw_buffer_slice(&bytes), "1 3605.000000 1 3:one\n2 3605.000000 1 9:four\n");
	tw_buffer_free(&bytes);
	tw_buffer_free(&interface);
	tw_buffer_free(&simple);
}

/* Wherever a file is cut, the packets in front come, and then it is told, but at a border. */
static void test_cut(void **state)
{
	(void)state;
	for (unsigned kind = 0; kind < 2; kind++) {
		struct made_capture how = {.link_type = 101};
		struct tw_buffer bytes = {0}, whole = {0};
		if (kind == 0)
			make_pcap(&bytes, &how);
		else
			make_pcapng(&bytes, &how);
		assert_int_equal(list_bytes(tw_buffer_slice(&bytes), 1000, &SETTINGS, &whole), 0);
		unsigned clean = 0;
		for (size_t length = 4; length < bytes.length; length++) {
			struct tw_buffer part = {0};
			struct tw_slice cut = tw_slice_part(tw_buffer_slice(&bytes), 0, length);
			int status = list_bytes(cut, 1000, &SETTINGS, &part);
			assert_true(status == 0 || status == TW_ERROR_TRUNCATED);
			clean += status == 0;
			assert_true(tw_slice_starts(tw_buffer_slice(&whole), tw_buffer_slice(&part)));
			tw_buffer_free(&part);
		}
		/* pcap: behind its header and two packets; pcapng: behind five of six blocks. */
		assert_int_equal(clean, kind == 0 ? 3 : 5);
		tw_buffer_free(&bytes);
		tw_buffer_free(&whole);
	}
}

static void assert_damaged(struct tw_buffer *bytes, size_t at, uint32_t value)
{
	struct made_capture how = {0};
	struct tw_buffer copy = {0}, text = {0}, word = {0};
	tw_buffer_append_slice(&copy, tw_buffer_slice(bytes));
	capture_32(&word, &how, value);
	memcpy(copy.data + at, word.data, 4);
	assert_int_equal(list_bytes(tw_buffer_slice(&copy), 1000, &SETTINGS, &text), TW_ERROR_INVALID);
	tw_buffer_free(&copy);
	tw_buffer_free(&text);
	tw_buffer_free(&word);
}

static void test_damaged(void **state)
{
	struct made_capture how = {.link_type = 1};
	struct tw_buffer pcap = {0}, pcapng = {0};
	(void)state;
	make_pcap(&pcap, &how);
	make_pcapng(&pcapng, &how);
	assert_damaged(&pcap, 0, 0x12345678);	 /* magic */
	assert_damaged(&pcap, 4, 3);		 /* version */
	assert_damaged(&pcap, 24 + 8, 262145);	 /* longer than capture.packet_bytes */
	assert_damaged(&pcapng, 4, 29);		 /* no multiple of 4 */
	assert_damaged(&pcapng, 4, 8);		 /* shorter than a block is */
	assert_damaged(&pcapng, 8, 0);		 /* byte order */
	assert_damaged(&pcapng, 24, 32);	 /* the two lengths differ */
	assert_damaged(&pcapng, 28 + 32 + 32 + 36 + 24, 32); /* of a block that is passed over */
	assert_damaged(&pcapng, 28 + 32 + 32 + 8, 2); /* interface of the first packet */
	assert_damaged(&pcapng, 28 + 32 + 32 + 20, 5); /* and its length */
	tw_buffer_free(&pcap);
	tw_buffer_free(&pcapng);
}

static void test_interface_limit(void **state)
{
	struct made_capture how = {.link_type = 1};
	struct tw_buffer bytes = {0}, text = {0};
	(void)state;
	pcapng_begin(&bytes, &how);
	for (unsigned i = 0; i < 17; i++)
		pcapng_interface(&bytes, &how, 6);
	assert_int_equal(list_bytes(tw_buffer_slice(&bytes), 1000, &SETTINGS, &text), TW_ERROR_LIMIT);
	tw_buffer_free(&bytes);
	tw_buffer_free(&text);
}

static void test_probe(void **state)
{
	(void)state;
	assert_int_equal(tw_capture_probe(TW_LITERAL("UNB+")), 0);
	assert_int_equal(tw_capture_probe(TW_LITERAL("\x0a\x0d\x0d")), 0);
	assert_int_equal(tw_capture_probe(tw_slice(NULL, 0)), 0);
	assert_int_equal(tw_capture_probe(TW_LITERAL("\x0a\x0d\x0d\x0a")), 1);
	assert_int_equal(tw_capture_probe(TW_LITERAL("\x4d\x3c\xb2\xa1")), 1);
}

/* Captures as files: plain and compressed, with a filter, and what is none. */
struct place {
	char folder[64], path[96];
};

static int set_up(void **state)
{
	struct place *place = calloc(1, sizeof(*place));
	snprintf(place->folder, sizeof(place->folder), "/tmp/tw_capture_XXXXXX");
	assert_non_null(mkdtemp(place->folder));
	snprintf(place->path, sizeof(place->path), "%s/tap.pcap", place->folder);
	*state = place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;
	unlink(place->path);
	rmdir(place->folder);
	free(place);
	return 0;
}

static void write_file(const char *path, struct tw_slice bytes, bool compress)
{
	gzFile file = gzopen(path, compress ? "wb" : "wbT");
	assert_non_null(file);
	assert_int_equal(gzwrite(file, bytes.data, (unsigned)bytes.length), bytes.length);
	assert_int_equal(gzclose(file), Z_OK);
}

static void list_file(const char *path, const struct tw_capture_settings *settings, int end,
		      const char *expected)
{
	struct tw_buffer text = {0}, reason = {0};
	struct tw_capture *capture;
	assert_int_equal(tw_capture_open(path, settings, &capture, &reason), TW_OK);
	assert_int_equal(list(capture, &text), end);
	assert_text(&text, expected);
	if (end < 0)
		assert_non_null(strstr(tw_capture_problem(capture), path));
	tw_capture_close(capture);
	tw_buffer_free(&text);
	tw_buffer_free(&reason);
}

static void test_files(void **state)
{
	const struct place *place = *state;
	struct made_capture how = {.link_type = 101};
	struct tw_buffer bytes = {0}, reason = {0};
	double time = 0;
	make_pcap(&bytes, &how);
	for (unsigned compress = 0; compress < 2; compress++) {
		write_file(place->path, tw_buffer_slice(&bytes), compress);
		list_file(place->path, &SETTINGS, 0,
			  "1 1000.250000 101 3:one\n2 1001.000001 101 0:\n3 1002.000000 101 5:three\n");
		assert_int_equal(tw_capture_first_time(place->path, &SETTINGS, &time, &reason), 1);
		assert_true(fabs(time - 1000.25) < 1e-6);
	}
	assert_int_equal(truncate(place->path, 30), 0);
	struct tw_capture *capture;
	int status = tw_capture_open(place->path, &SETTINGS, &capture, &reason);
	if (status == TW_OK) {
		struct tw_buffer text = {0};
		assert_int_equal(list(capture, &text), TW_ERROR_TRUNCATED);
		assert_non_null(strstr(tw_capture_problem(capture), place->path));
		tw_buffer_free(&text);
		tw_capture_close(capture);
	} else {
		assert_int_equal(status, TW_ERROR_TRUNCATED);
		assert_true(reason.length > 0);
	}
	tw_buffer_free(&bytes);
	tw_buffer_free(&reason);
}

static void test_no_capture(void **state)
{
	const struct place *place = *state;
	struct tw_buffer reason = {0};
	struct tw_capture *capture;
	write_file(place->path, TW_LITERAL("UNB+UNOA:1+A+B+261120:1000+1'"), false);
	assert_int_equal(tw_capture_open(place->path, &SETTINGS, &capture, &reason),
			 TW_ERROR_UNSUPPORTED);
	assert_true(reason.length > strlen(place->path));
	tw_buffer_clear(&reason);
	unlink(place->path);
	assert_int_equal(tw_capture_open(place->path, &SETTINGS, &capture, &reason), TW_ERROR_IO);
	assert_true(reason.length > strlen(place->path));
	tw_buffer_free(&reason);
}

/* A filter goes by link type: the same segment with and without Ethernet, and numbers stay. */
static void test_filter(void **state)
{
	const struct place *place = *state;
	struct made_capture how = {.link_type = 1}, raw = {.link_type = 101};
	struct tw_capture_settings settings = SETTINGS;
	struct tw_buffer bytes = {0}, reason = {0};
	struct made *made = calloc(1, sizeof(*made));
	pcapng_begin(&bytes, &how);
	pcapng_interface(&bytes, &how, 6);
	pcapng_interface(&bytes, &raw, 6);
	for (unsigned port = 79; port <= 81; port++) {
		struct made_tcp tcp = {
			.from = {false, 1, 4000}, .to = {false, 2, port}, .flags = 0x10};
		struct tw_slice whole = made_segment(made, &tcp, tw_slice(NULL, 0));
		pcapng_packet(&bytes, &how, 0, port, whole);
		pcapng_packet(&bytes, &how, 1, port, tw_slice_from(whole, 14));
	}
	write_file(place->path, tw_buffer_slice(&bytes), false);
	assert_int_equal(tw_filter_create("tcp port 80", &settings.filter, &reason), TW_OK);
	struct tw_capture *capture;
	struct tw_packet packet;
	assert_int_equal(tw_capture_open(place->path, &settings, &capture, &reason), TW_OK);
	assert_int_equal(tw_capture_next(capture, &packet), 1);
	assert_int_equal(packet.number, 3);
	assert_int_equal(packet.link_type, 1);
	assert_int_equal(tw_capture_next(capture, &packet), 1);
	assert_int_equal(packet.number, 4);
	assert_int_equal(packet.link_type, 101);
	assert_int_equal(tw_capture_next(capture, &packet), 0);
	assert_int_equal(tw_capture_counts(capture).packets, 6);
	assert_int_equal(tw_capture_counts(capture).filtered, 4);
	tw_capture_close(capture);
	tw_filter_free(settings.filter);

	assert_int_equal(tw_filter_create("tcp prot 80", &settings.filter, &reason), TW_ERROR_INVALID);
	assert_true(reason.length > 0);
	/* MAC addresses mean nothing in raw IP: the capture ends there, and says so. */
	assert_int_equal(tw_filter_create("ether host 02:00:00:00:01:00", &settings.filter, &reason), TW_OK);
	assert_int_equal(tw_capture_open(place->path, &settings, &capture, &reason), TW_OK);
	assert_int_equal(tw_capture_next(capture, &packet), TW_ERROR_UNSUPPORTED);
	assert_non_null(tw_capture_problem(capture));
	tw_capture_close(capture);
	tw_filter_free(settings.filter);
	tw_buffer_free(&bytes);
	tw_buffer_free(&reason);
	free(made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pcap),
		cmocka_unit_test(test_pcap_longer_records),
		cmocka_unit_test(test_pcap_old_version),
		cmocka_unit_test(test_pcapng),
		cmocka_unit_test(test_pcapng_other_packets),
		cmocka_unit_test(test_pcapng_options),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_interface_limit),
		cmocka_unit_test(test_probe),
		cmocka_unit_test_setup_teardown(test_files, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_capture, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_filter, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
