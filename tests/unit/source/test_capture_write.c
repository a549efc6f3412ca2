/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "source/capture.h"
#include "source/capture_write.h"

/* draft-ietf-opsawg-pcapng, sections 4.1 to 4.3, little-endian, by hand. */
static void test_bytes(void **state)
{
	static const unsigned char expected[] = {
		0x0a, 0x0d, 0x0d, 0x0a, 40, 0, 0, 0,	  0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 0, 2, 0, 'h', 'i', 0, 0,
		0, 0, 0, 0,		40, 0, 0, 0, /* section */
		1, 0, 0, 0, 32, 0, 0, 0, 113, 0, 0, 0, 0, 0, 0, 0,
		9, 0, 1, 0, 9, 0, 0, 0,	 0, 0, 0, 0, 32, 0, 0, 0, /* interface: cooked, nanoseconds */
		6, 0, 0, 0, 40, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0,
		5, 0, 0, 0, 9, 0, 0, 0,	 'p', 'a', 'c', 'k', 't', 0, 0, 0, 40, 0, 0, 0, /* packet */
	};
	struct tw_buffer out = {0};
	struct tw_packet packet = {.bytes = TW_LITERAL("packt"), .length = 9, .stamp = UINT64_C(0x100000002)};
	(void)state;
	tw_capture_write_head(&out, TW_LITERAL("hi"));
	tw_capture_write_interface(&out, 113);
	tw_capture_write_packet(&out, 0, &packet);
	assert_int_equal(out.length, sizeof(expected));
	assert_memory_equal(out.data, expected, sizeof(expected));
	tw_buffer_free(&out);
}

static int64_t read_bytes(void *context, char *block, size_t size)
{
	struct tw_slice *rest = context;
	struct tw_slice part = tw_slice_part(*rest, 0, size);
	if (part.length > 0)
		memcpy(block, part.data, part.length);
	*rest = tw_slice_from(*rest, part.length);
	return (int64_t)part.length;
}

/* What is written is read: two link types, packets of every length, cut ones, exact times. */
static void test_round(void **state)
{
	static const uint32_t link_types[] = {1, 101};
	struct tw_capture_settings settings = {.packet_bytes = 65536, .interfaces = 4};
	struct tw_buffer out = {0};
	struct tw_packet packet;
	struct tw_capture *capture;
	char bytes[64];
	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	tw_capture_write_head(&out, tw_slice(NULL, 0));
	for (unsigned i = 0; i < 2; i++)
		tw_capture_write_interface(&out, link_types[i]);
	for (uint32_t i = 0; i < sizeof(bytes); i++)
		tw_capture_write_packet(&out, i % 2, &(struct tw_packet){
			.bytes = tw_slice(bytes, i), .length = i + 3,
			.stamp = UINT64_C(1795168800123456789) + i});
	struct tw_slice rest = tw_buffer_slice(&out);
	struct tw_capture_input input = {.context = &rest, .read = read_bytes};
	assert_int_equal(tw_capture_create(&input, &settings, &capture), TW_OK);
	for (uint32_t i = 0; i < sizeof(bytes); i++) {
		assert_int_equal(tw_capture_next(capture, &packet), 1);
		assert_int_equal(packet.bytes.length, i);
		assert_int_equal(packet.length, i + 3);
		assert_int_equal(packet.link_type, link_types[i % 2]);
		assert_true(packet.stamp == UINT64_C(1795168800123456789) + i);
	}
	assert_int_equal(tw_capture_next(capture, &packet), 0);
	tw_capture_close(capture);
	tw_buffer_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_round),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
