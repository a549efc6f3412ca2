/* SPDX-License-Identifier: Apache-2.0 */
#include "screen/runner.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * On the pipe a request is a head, then its slices, each padded to 8 bytes, so
 * that records stand aligned in the child's memory. The answer is a head, then
 * the results.
 */
enum request_kind { REQUEST_INSPECT = 1, REQUEST_CORRELATE, REQUEST_CONCLUDE };

#define REQUEST_SLICES 5
struct request_head {
	uint32_t kind;
	uint32_t detector;
	uint32_t flag; /* expired, deadline */
	uint32_t table;
	uint32_t operation;
	uint32_t reserved;
	struct tw_key key;
	struct tw_shipment shipment;
	double time;
	uint64_t lengths[REQUEST_SLICES];
};

struct answer_head {
	int64_t status;
	uint64_t length;
};

static size_t padded(size_t length)
{
	return (length + 7) & ~(size_t)7;
}

static int write_all(int fd, const void *bytes, size_t length)
{
	const char *at = bytes;
	while (length > 0) {
		ssize_t written = write(fd, at, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return TW_ERROR_IO;
		at += written;
		length -= (size_t)written;
	}
	return TW_OK;
}

static int read_all(int fd, void *bytes, size_t length)
{
	char *at = bytes;
	while (length > 0) {
		ssize_t got = read(fd, at, length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return TW_ERROR_IO;
		at += got;
		length -= (size_t)got;
	}
	return TW_OK;
}

static int read_into(int fd, struct tw_buffer *buffer, size_t length)
{
	if (tw_buffer_reserve(buffer, length) < 0)
		return TW_ERROR_MEMORY;
	int status = read_all(fd, buffer->data + buffer->length, length);
	if (status == TW_OK)
		buffer->length += length;
	return status;
}

/* ---- the child ---------------------------------------------------------------- */

static int serve(struct tw_call *call, const struct request_head *head, struct tw_slice body,
		 struct tw_buffer *results)
{
	struct tw_slice slices[REQUEST_SLICES];
	size_t at = 0;
	for (unsigned i = 0; i < REQUEST_SLICES; i++) {
		slices[i] = tw_slice_part(body, at, head->lengths[i]);
		at += padded(head->lengths[i]);
	}
	switch (head->kind) {
	case REQUEST_INSPECT:
		return tw_call_inspect(call, slices[0], results);
	case REQUEST_CORRELATE:
		return tw_call_correlate(call, &(struct tw_correlate_request){
			.detector = head->detector,
			.expired = head->flag != 0,
			.observation = {.table = head->table,
					.operation = (enum tw_operation)head->operation,
					.key = head->key,
					.shipment = head->shipment,
					.before = slices[0],
					.now = slices[1],
					.time = head->time},
			.state = slices[2]}, results);
	case REQUEST_CONCLUDE:
		return tw_call_conclude(call, &(struct tw_conclude_request){
			.detector = head->detector,
			.deadline = head->flag != 0,
			.record = slices[0],
			.evidence = slices[1],
			.findings = slices[2],
			.states = slices[3],
			.earlier = slices[4]}, results);
	default:
		return TW_ERROR_INVALID;
	}
}

static int serve_loop(struct tw_call *call, int requests, int answers)
{
	struct tw_buffer body = {0};
	struct tw_buffer results = {0};
	struct request_head head;
	int status = TW_OK;
	while (status == TW_OK && read_all(requests, &head, sizeof(head)) == TW_OK) {
		size_t length = 0;
		for (unsigned i = 0; i < REQUEST_SLICES; i++)
			length += padded(head.lengths[i]);
		tw_buffer_clear(&body);
		tw_buffer_clear(&results);
		status = read_into(requests, &body, length);
		if (status < 0)
			break;
		struct answer_head answer = {
			.status = serve(call, &head, tw_buffer_slice(&body), &results)};
		answer.length = results.length;
		status = write_all(answers, &answer, sizeof(answer));
		if (status == TW_OK)
			status = write_all(answers, results.data, results.length);
	}
	tw_buffer_free(&body);
	tw_buffer_free(&results);
	return status;
}

/* ---- the parent --------------------------------------------------------------- */

void tw_runner_local(struct tw_runner *runner)
{
	*runner = (struct tw_runner){.to_child = -1, .from_child = -1};
	pthread_mutex_init(&runner->lock, NULL);
}

static void run_child(const int requests[2], const int answers[2],
		      const struct tw_detectors *detectors, const struct tw_lists *lists,
		      const struct tw_out_limits *limits)
{
	struct tw_call call;
	close(requests[1]);
	close(answers[0]);
	if (tw_call_create(&call, detectors, lists, limits) < 0)
		_exit(1);
	call.foreign = true;
	int status = serve_loop(&call, requests[0], answers[1]);
	tw_call_free(&call);
	_exit(status < 0 ? 1 : 0);
}

int tw_runner_fork(struct tw_runner *runner, const struct tw_detectors *detectors,
		   const struct tw_lists *lists, const struct tw_out_limits *limits)
{
	int requests[2];
	int answers[2];
	tw_runner_local(runner);
	if (pipe(requests) < 0)
		return TW_ERROR_IO;
	if (pipe(answers) < 0) {
		close(requests[0]);
		close(requests[1]);
		return TW_ERROR_IO;
	}
	runner->child = fork();
	if (runner->child == 0)
		run_child(requests, answers, detectors, lists, limits);
	close(requests[0]);
	close(answers[1]);
	runner->to_child = requests[1];
	runner->from_child = answers[0];
	runner->isolated = runner->child > 0;
	if (runner->child < 0)
		return TW_ERROR_IO;
	/* A child that died is a failed write, not the end of the engine. */
	signal(SIGPIPE, SIG_IGN);
	return TW_OK;
}

void tw_runner_stop(struct tw_runner *runner)
{
	if (runner->to_child >= 0)
		close(runner->to_child);
	if (runner->from_child >= 0)
		close(runner->from_child);
	if (runner->child > 0)
		waitpid(runner->child, NULL, 0);
	pthread_mutex_destroy(&runner->lock);
	runner->child = 0;
	runner->to_child = runner->from_child = -1;
}

static int send_slice(int fd, struct tw_slice slice)
{
	static const char zeros[8] = {0};
	int status = write_all(fd, slice.data, slice.length);
	if (status < 0)
		return status;
	return write_all(fd, zeros, padded(slice.length) - slice.length);
}

static int exchange(struct tw_runner *runner, struct request_head *head,
		    const struct tw_slice slices[REQUEST_SLICES], struct tw_buffer *results)
{
	struct answer_head answer = {0};
	for (unsigned i = 0; i < REQUEST_SLICES; i++)
		head->lengths[i] = slices[i].length;
	pthread_mutex_lock(&runner->lock);
	int status = write_all(runner->to_child, head, sizeof(*head));
	for (unsigned i = 0; i < REQUEST_SLICES && status == TW_OK; i++)
		status = send_slice(runner->to_child, slices[i]);
	if (status == TW_OK)
		status = read_all(runner->from_child, &answer, sizeof(answer));
	if (status == TW_OK)
		status = read_into(runner->from_child, results, answer.length);
	pthread_mutex_unlock(&runner->lock);
	return status < 0 ? TW_ERROR_PLUGIN : (int)answer.status;
}

int tw_runner_inspect(struct tw_runner *runner, struct tw_call *call, struct tw_slice records,
		      struct tw_buffer *results)
{
	if (!runner->isolated)
		return tw_call_inspect(call, records, results);
	struct request_head head = {.kind = REQUEST_INSPECT};
	return exchange(runner, &head, (struct tw_slice[REQUEST_SLICES]){records}, results);
}

int tw_runner_correlate(struct tw_runner *runner, struct tw_call *call,
			const struct tw_correlate_request *request, struct tw_buffer *results)
{
	if (!runner->isolated)
		return tw_call_correlate(call, request, results);
	const struct tw_observation *observation = &request->observation;
	struct request_head head = {
		.kind = REQUEST_CORRELATE,
		.detector = request->detector,
		.flag = request->expired,
		.table = observation->table,
		.operation = (uint32_t)observation->operation,
		.key = observation->key,
		.shipment = observation->shipment,
		.time = observation->time,
	};
	return exchange(runner, &head,
			(struct tw_slice[REQUEST_SLICES]){observation->before, observation->now,
							  request->state}, results);
}

int tw_runner_conclude(struct tw_runner *runner, struct tw_call *call,
		       const struct tw_conclude_request *request, struct tw_buffer *results)
{
	if (!runner->isolated)
		return tw_call_conclude(call, request, results);
	struct request_head head = {
		.kind = REQUEST_CONCLUDE,
		.detector = request->detector,
		.flag = request->deadline,
	};
	return exchange(runner, &head,
			(struct tw_slice[REQUEST_SLICES]){request->record, request->evidence,
							  request->findings, request->states,
							  request->earlier}, results);
}
