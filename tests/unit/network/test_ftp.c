/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "network/ftp.h"

/* Examples of RFC 959 (sections 4.1.2 and 4.2.2) and RFC 2428 (sections 2 and 3), and what differs from them. */
static const struct {
	const char *segment;
	const char *address; /* NULL: it announces nothing */
	uint16_t port;
} cases[] = {
	{"PORT 132,235,1,2,24,131\r\n", "132.235.1.2", 6275},
	{"port 132,235,1,2,24,131\n", "132.235.1.2", 6275},
	{"PORT 132,235,1,2,24,131\r\nSTOR a\r\n", "132.235.1.2", 6275},
	{"EPRT |1|132.235.1.2|6275|\r\n", "132.235.1.2", 6275},
	{"EPRT |2|1080::8:800:200C:417A|5282|\r\n", "1080::8:800:200c:417a", 5282},
	{"227 Entering Passive Mode (132,235,1,2,24,131).\r\n", "132.235.1.2", 6275},
	{"227 =132,235,1,2,24,131\r\n", "132.235.1.2", 6275},
	{"229 Entering Extended Passive Mode (|||6446|)\r\n", NULL, 0},
	{"PORT 132,235,1,2,24,131", NULL, 0},
	{"PORT 132,235,1,256,24,131\r\n", NULL, 0},
	{"PORT 132,235,1,2,24\r\n", NULL, 0},
	{"PORTS 132,235,1,2,24,131\r\n", NULL, 0},
	{"EPRT |1|132.235.1|6275|\r\n", NULL, 0},
	{"EPRT |1|132.235.1.2|0|\r\n", NULL, 0},
	{"\r\nPORT 132,235,1,2,24,131\r\n", NULL, 0},
	{"226 132,235,1,2,24,131\r\n", NULL, 0},
	{"2277 132,235,1,2,24,131\r\n", NULL, 0},
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tw_address address;
		char text[INET6_ADDRSTRLEN];
		uint16_t port;
		bool told = tw_ftp_announces(tw_slice_string(cases[i].segment), &address, &port);
		assert_int_equal(told, cases[i].address != NULL);
		if (!told)
			continue;
		assert_int_equal(port, cases[i].port);
		assert_non_null(inet_ntop(address.length == 4 ? AF_INET : AF_INET6, address.bytes, text, sizeof(text)));
		assert_string_equal(text, cases[i].address);
	}
}

/* Cut at every byte, in memory of its exact size: only the whole line announces. */
static void test_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tw_slice whole = tw_slice_string(cases[i].segment);
		for (size_t length = 1; length < whole.length; length++) {
			struct tw_address address;
			uint16_t port;
			char *copy = malloc(length);
			assert_non_null(copy);
			memcpy(copy, whole.data, length);
			bool line = memchr(copy, '\n', length) != NULL && cases[i].address != NULL;
			assert_int_equal(tw_ftp_announces(tw_slice(copy, length), &address, &port), line);
			free(copy);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
