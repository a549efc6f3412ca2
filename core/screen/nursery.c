/* SPDX-License-Identifier: Apache-2.0 */
#include "screen/nursery.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct order {
	uint32_t number;
	uint32_t again;
};

struct answer {
	int32_t end;	/* wait status of the former child */
	int32_t begun;	/* a socket comes with it */
};

/* ---- the nursery's own process ------------------------------------------------- */

static int end_child(pid_t *child)
{
	int end = 0;
	if (*child <= 0)
		return 0;
	/* It is gone already, or it is to be: whoever is not waited for yet has its number still. */
	kill(*child, SIGKILL);
	while (waitpid(*child, &end, 0) < 0 && errno == EINTR)
		;
	*child = 0;
	return end;
}

/* Returns this process's end of the socket, or -1. */
static int begin_child(const struct tw_upbringing *upbringing, unsigned number, int control,
		       pid_t *ret_child)
{
	int ends[2];
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		return -1;
	*ret_child = fork();
	if (*ret_child == 0) {
		close(control);
		close(ends[0]);
		upbringing->run(upbringing->context, number, ends[1]);
		_exit(0);
	}
	close(ends[1]);
	if (*ret_child > 0)
		return ends[0];
	*ret_child = 0;
	close(ends[0]);
	return -1;
}

/* The aligned room of one descriptor in a control message. */
union descriptor_room {
	struct cmsghdr head;
	char bytes[CMSG_SPACE(sizeof(int))];
};

static bool send_answer(int control, struct answer answer, int socket)
{
	union descriptor_room room = {.bytes = {0}};
	struct iovec bytes = {&answer, sizeof(answer)};
	struct msghdr message = {.msg_iov = &bytes, .msg_iovlen = 1};
	if (socket >= 0) {
		message.msg_control = room.bytes;
		message.msg_controllen = sizeof(room.bytes);
		struct cmsghdr *head = CMSG_FIRSTHDR(&message);
		head->cmsg_level = SOL_SOCKET;
		head->cmsg_type = SCM_RIGHTS;
		head->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(head), &socket, sizeof(socket));
	}
	return sendmsg(control, &message, MSG_NOSIGNAL) == sizeof(answer);
}

static void keep_nursery(const struct tw_upbringing *upbringing, int control)
{
	struct order order;
	pid_t *children = calloc(upbringing->children + 1, sizeof(*children));
	while (children != NULL && recv(control, &order, sizeof(order), MSG_WAITALL) == sizeof(order)) {
		int socket = -1;
		if (order.number >= upbringing->children)
			break;
		struct answer answer = {.end = end_child(&children[order.number])};
		if (order.again != 0)
			socket = begin_child(upbringing, order.number, control,
					     &children[order.number]);
		answer.begun = socket >= 0;
		bool sent = send_answer(control, answer, socket);
		if (socket >= 0)
			close(socket);
		if (!sent)
			break;
	}
	for (unsigned i = 0; children != NULL && i < upbringing->children; i++)
		end_child(&children[i]);
	free(children);
}

/* ---- this process ---------------------------------------------------------------- */

int tw_nursery_start(struct tw_nursery *nursery, const struct tw_upbringing *upbringing)
{
	int ends[2];
	*nursery = (struct tw_nursery){.control = -1};
	pthread_mutex_init(&nursery->lock, NULL);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		return TW_ERROR_IO;
	nursery->process = fork();
	if (nursery->process == 0) {
		signal(SIGINT, SIG_IGN);
		signal(SIGTERM, SIG_IGN);
		close(ends[0]);
		keep_nursery(upbringing, ends[1]);
		_exit(0);
	}
	close(ends[1]);
	nursery->control = ends[0];
	return nursery->process < 0 ? TW_ERROR_IO : TW_OK;
}

static bool receive_answer(int control, struct answer *ret_answer, int *ret_socket)
{
	union descriptor_room room;
	struct iovec bytes = {ret_answer, sizeof(*ret_answer)};
	struct msghdr message = {.msg_iov = &bytes, .msg_iovlen = 1, .msg_control = room.bytes,
				 .msg_controllen = sizeof(room.bytes)};
	ssize_t got;
	do
		got = recvmsg(control, &message, MSG_WAITALL | MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	const struct cmsghdr *head = got == sizeof(*ret_answer) ? CMSG_FIRSTHDR(&message) : NULL;
	if (head != NULL && head->cmsg_type == SCM_RIGHTS)
		memcpy(ret_socket, CMSG_DATA(head), sizeof(*ret_socket));
	return got == sizeof(*ret_answer);
}

int tw_nursery_replace(struct tw_nursery *nursery, unsigned number, bool again, int *ret_socket,
		       int *ret_end)
{
	struct order order = {.number = number, .again = again};
	struct answer answer = {.end = 0};
	*ret_socket = -1;
	*ret_end = 0;
	pthread_mutex_lock(&nursery->lock);
	bool good = send(nursery->control, &order, sizeof(order), MSG_NOSIGNAL) == sizeof(order) &&
		    receive_answer(nursery->control, &answer, ret_socket);
	pthread_mutex_unlock(&nursery->lock);
	*ret_end = answer.end;
	return good && (!again || *ret_socket >= 0) ? TW_OK : TW_ERROR_IO;
}

void tw_nursery_stop(struct tw_nursery *nursery)
{
	if (nursery->control >= 0)
		close(nursery->control);
	if (nursery->process > 0)
		while (waitpid(nursery->process, NULL, 0) < 0 && errno == EINTR)
			;
	pthread_mutex_destroy(&nursery->lock);
	*nursery = (struct tw_nursery){.control = -1};
}
