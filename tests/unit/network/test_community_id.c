/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>

#include "network/community_id.h"

/* From the baseline of github.com/corelight/community-id-spec, seed 0. */
static const struct {
	uint8_t protocol;
	const char *source;
	uint16_t source_port;
	const char *destination;
	uint16_t destination_port;
	const char *id;
} VECTORS[] = {
	{6, "128.232.110.120", 34855, "66.35.250.204", 80, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="},
	{17, "192.168.1.52", 54585, "8.8.8.8", 53, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="},
	{6, "2001:470:e5bf:dead:4957:2174:e82c:4887", 63943, "2607:f8b0:400c:c03::1a", 25,
	 "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4="},
};

static struct tw_address address_of(const char *text)
{
	struct tw_address address = {.length = 16};
	if (inet_pton(AF_INET6, text, address.bytes) != 1) {
		address.length = 4;
		assert_int_equal(inet_pton(AF_INET, text, address.bytes), 1);
	}
	return address;
}

static void test_vectors(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(VECTORS) / sizeof(VECTORS[0]); i++) {
		char text[TW_COMMUNITY_ID_SIZE], back[TW_COMMUNITY_ID_SIZE], other[TW_COMMUNITY_ID_SIZE];
		struct tw_flow flow = {
			.protocol = VECTORS[i].protocol,
			.source = address_of(VECTORS[i].source),
			.source_port = VECTORS[i].source_port,
			.destination = address_of(VECTORS[i].destination),
			.destination_port = VECTORS[i].destination_port,
		};
		struct tw_flow answer = {
			.protocol = flow.protocol,
			.source = flow.destination,
			.source_port = flow.destination_port,
			.destination = flow.source,
			.destination_port = flow.source_port,
		};
		assert_int_equal(tw_community_id(&flow, 0, text), TW_OK);
		assert_string_equal(text, VECTORS[i].id);
		assert_int_equal(tw_community_id(&answer, 0, back), TW_OK);
		assert_string_equal(back, VECTORS[i].id);
		assert_int_equal(tw_community_id(&flow, 1, other), TW_OK);
		assert_string_not_equal(other, VECTORS[i].id);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_vectors)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
