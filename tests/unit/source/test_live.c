/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../network/packets.h"
#include "../network/recorded.h"
#include "../network/tapped.h"
#include "base/time.h"
#include "source/live.h"

/*
 * On the loopback interface, with real sockets, and on interfaces of their own. Where this user may not capture, the
 * tests that need it are skipped.
 */
struct pair {
	int listener, client, server;
	unsigned port;
};

static void connect_pair(struct pair *pair)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(address);
	pair->listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(pair->listener, (struct sockaddr *)&address, length), 0);
	assert_int_equal(listen(pair->listener, 1), 0);
	assert_int_equal(getsockname(pair->listener, (struct sockaddr *)&address, &length), 0);
	pair->port = ntohs(address.sin_port);
	pair->client = socket(AF_INET, SOCK_STREAM, 0);
	pair->server = -1;
}

static void exchange(struct pair *pair)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons((uint16_t)pair->port),
	};
	char answer[16];
	assert_int_equal(connect(pair->client, (struct sockaddr *)&address, sizeof(address)), 0);
	pair->server = accept(pair->listener, NULL, NULL);
	assert_int_equal(write(pair->client, "question", 8), 8);
	assert_int_equal(read(pair->server, answer, sizeof(answer)), 8);
	assert_int_equal(write(pair->server, "answer", 6), 6);
	assert_int_equal(read(pair->client, answer, sizeof(answer)), 6);
	close(pair->client);
	assert_int_equal(read(pair->server, answer, sizeof(answer)), 0);
	close(pair->server);
	close(pair->listener);
}

/* Skips where there is no right to it. */
static struct tw_live *open_loopback(const char *filter, bool immediate)
{
	struct tw_live_settings settings = {.snap_bytes = 65535,
					    .buffer_bytes = 16 << 20,
					    .filter = filter,
					    .immediate = immediate};
	struct tw_buffer reason = {0};
	struct tw_live *live;
	assert_int_equal(tw_live_create(&settings, &live), TW_OK);
	int status = tw_live_add(live, "lo", &reason);
	if (status == TW_ERROR_IO) {
		print_message("%.*s\n", (int)reason.length, reason.data);
		tw_live_close(live);
		tw_buffer_free(&reason);
		skip();
	}
	assert_int_equal(status, TW_OK);
	tw_buffer_free(&reason);
	return live;
}

/* All of a conversation is seen, at once: the buffer is far from full. */
static void run_conversation(bool immediate)
{
	struct recorded recorded;
	struct tw_stream_events events = recorded_events(&recorded);
	struct tw_tap_settings tapping = recorded_settings();
	struct tw_live_counts counts;
	struct pair pair;
	char filter[32];
	struct tw_tap *tap;
	struct tw_packet packet;
	connect_pair(&pair);
	snprintf(filter, sizeof(filter), "tcp port %u", pair.port);
	struct tw_live *live = open_loopback(filter, immediate);
	assert_int_equal(tw_tap_create(&tapping, &events, &tap), TW_OK);
	exchange(&pair);
	double begun = tw_time_elapsed();
	uint64_t packets = 0;
	while (tw_live_next(live, 300, &packet) > 0) {
		assert_int_equal(packet.number, ++packets);
		assert_int_equal(packet.link_type, 1);
		assert_string_equal(tw_live_interface(live), "lo");
		assert_int_equal(tapped_packet(tap, &packet), TW_OK);
	}
	assert_true(tw_time_elapsed() - begun < 5);
	assert_int_equal(tw_tap_finish(tap), TW_OK);
	assert_true(tw_slice_is(tw_buffer_slice(&recorded.text),
				"open >question <answer >fin <fin close"));
	assert_true(tw_live_counts(live, 0, &counts));
	assert_string_equal(counts.name, "lo");
	assert_int_equal(counts.packets, packets);
	assert_int_equal(counts.kernel_dropped, 0);
	assert_false(counts.ended);
	assert_false(tw_live_counts(live, 1, &counts));
	tw_tap_free(tap);
	tw_live_close(live);
	tw_buffer_free(&recorded.text);
}

static void test_conversation(void **state)
{
	(void)state;
	run_conversation(true);
	run_conversation(false);
}

static void test_mistakes(void **state)
{
	struct tw_live_settings settings = {.snap_bytes = 65535, .buffer_bytes = 1 << 20};
	struct tw_buffer reason = {0};
	struct tw_packet packet;
	struct tw_live *live;
	(void)state;
	assert_int_equal(tw_live_create(&settings, &live), TW_OK);
	assert_int_equal(tw_live_add(live, "no_such_if", &reason), TW_ERROR_IO);
	assert_true(tw_slice_starts(tw_buffer_slice(&reason), TW_LITERAL("no_such_if: ")));
	assert_int_equal(tw_live_next(live, 0, &packet), TW_ERROR_NOT_FOUND);
	tw_live_close(live);
	tw_buffer_free(&reason);
}

static void test_filter(void **state)
{
	struct tw_live_settings settings = {
		.snap_bytes = 65535, .buffer_bytes = 1 << 20, .filter = "tcp prot 80"};
	struct tw_buffer reason = {0};
	struct tw_live *live;
	(void)state;
	tw_live_close(open_loopback("tcp port 80", true));
	assert_int_equal(tw_live_create(&settings, &live), TW_OK);
	assert_int_equal(tw_live_add(live, "lo", &reason), TW_ERROR_INVALID);
	assert_true(reason.length > 0);
	tw_live_close(live);
	tw_buffer_free(&reason);
}

/* An interface of this test's own, in a network of its own; -1: there is no right to it. */
static int make_interface(const char *name)
{
	struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK), control = socket(AF_INET, SOCK_DGRAM, 0);
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	int failed = fd < 0 || ioctl(fd, TUNSETIFF, &request) < 0;
	request.ifr_flags = IFF_UP | IFF_RUNNING;
	failed = failed || ioctl(control, SIOCSIFFLAGS, &request) < 0;
	close(control);
	if (!failed)
		return fd;
	close(fd);
	return -1;
}

static void send_packet(struct made *made, int fd, const char *text)
{
	struct made_tcp tcp = {.from = {false, 1, 4000}, .to = {false, 2, 80}, .flags = 0x10};
	made_begin(made, tw_slice_string(text));
	made_tcp(made, &tcp);
	made_ip(made, &tcp.from, &tcp.to, 6);
	struct tw_slice bytes = made_slice(made);
	assert_int_equal(write(fd, bytes.data, bytes.length), bytes.length);
}

/* The next packet that is ours: the system sends some of its own accord. */
static int next_ours(struct tw_live *live, struct tw_packet *ret_packet)
{
	int status;
	do
		status = tw_live_next(live, 500, ret_packet);
	while (status > 0 && ret_packet->bytes.length != 43);
	return status;
}

/* Two interfaces are read as one; one goes, and the other is read on. */
static void test_gone(void **state)
{
	struct tw_live_settings settings = {
		.snap_bytes = 65535, .buffer_bytes = 16 << 20, .immediate = true};
	struct made *made = calloc(1, sizeof(*made));
	struct tw_live_counts counts;
	struct tw_buffer reason = {0};
	struct tw_packet packet;
	struct tw_live *live;
	int fds[2] = {-1, -1};
	(void)state;
	if (unshare(CLONE_NEWNET) == 0) {
		fds[0] = make_interface("tw0");
		fds[1] = make_interface("tw1");
	}
	if (fds[0] < 0 || fds[1] < 0) {
		free(made);
		skip();
	}
	assert_int_equal(tw_live_create(&settings, &live), TW_OK);
	assert_int_equal(tw_live_add(live, "tw0", &reason), TW_OK);
	assert_int_equal(tw_live_add(live, "tw1", &reason), TW_OK);
	send_packet(made, fds[1], "one");
	send_packet(made, fds[0], "two");
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(next_ours(live, &packet), 1);
		assert_int_equal(packet.link_type, 101);
		assert_string_equal(tw_live_interface(live), i == 0 ? "tw1" : "tw0");
	}
	close(fds[0]);
	assert_int_equal(next_ours(live, &packet), TW_ERROR_IO);
	assert_non_null(strstr(tw_live_problem(live), "tw0"));
	send_packet(made, fds[1], "six");
	assert_int_equal(next_ours(live, &packet), 1);
	assert_true(tw_slice_is(tw_slice_from(packet.bytes, 40), "six"));
	close(fds[1]);
	assert_int_equal(next_ours(live, &packet), TW_ERROR_IO);
	assert_int_equal(next_ours(live, &packet), TW_ERROR_NOT_FOUND);
	assert_true(tw_live_counts(live, 0, &counts));
	assert_true(counts.ended);
	tw_live_close(live);
	tw_buffer_free(&reason);
	free(made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_conversation),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_filter),
		cmocka_unit_test(test_gone), /* the last: it leaves the network */
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
