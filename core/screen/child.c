/* SPDX-License-Identifier: Apache-2.0 */
#include "screen/child.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/time.h"

/*
 * On the socket a request is a head, then its slices, each padded to 8 bytes, so
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

struct request {
	struct request_head head;
	struct tw_slice slices[REQUEST_SLICES];
};

struct answer_head {
	int64_t status;
	uint64_t length;
};

/* No lawful answer is nearly as long: a batch has few bytes and evidence has a limit. */
#define ANSWER_LIMIT (UINT64_C(256) << 20)
/* How often a child that does not answer is looked at. */
#define LOOK_MILLISECONDS 50

static size_t padded(size_t length)
{
	return (length + 7) & ~(size_t)7;
}

static int write_all(int socket, const void *bytes, size_t length)
{
	const char *at = bytes;
	while (length > 0) {
		ssize_t written = send(socket, at, length, MSG_NOSIGNAL);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return TW_ERROR_IO;
		at += written;
		length -= (size_t)written;
	}
	return TW_OK;
}

/* ---- the child's process -------------------------------------------------------- */

static int read_all(int socket, void *bytes, size_t length)
{
	char *at = bytes;
	while (length > 0) {
		ssize_t got = recv(socket, at, length, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return TW_ERROR_IO;
		at += got;
		length -= (size_t)got;
	}
	return TW_OK;
}

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

static int read_body(int socket, const struct request_head *head, struct tw_buffer *body)
{
	size_t length = 0;
	for (unsigned i = 0; i < REQUEST_SLICES; i++)
		length += padded(head->lengths[i]);
	tw_buffer_clear(body);
	if (tw_buffer_reserve(body, length) < 0)
		return TW_ERROR_MEMORY;
	body->length = length;
	return read_all(socket, body->data, length);
}

/* A crash is told by us: no core of a process this large. What it starts with is not counted. */
static void limit_process(size_t memory)
{
	unsigned long long pages = 0;
	FILE *file = fopen("/proc/self/statm", "r");
	if (file != NULL) {
		if (fscanf(file, "%llu", &pages) != 1)
			pages = 0;
		fclose(file);
	}
	struct rlimit none = {0, 0};
	rlim_t bytes = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + memory;
	struct rlimit space = {bytes, bytes};
	setrlimit(RLIMIT_CORE, &none);
	if (pages > 0)
		setrlimit(RLIMIT_AS, &space);
}

void tw_child_serve(struct tw_call *call, int socket, size_t memory)
{
	struct tw_buffer body = {0};
	struct tw_buffer results = {0};
	struct request_head head;
	int status = TW_OK;
	limit_process(memory);
	while (status == TW_OK && read_all(socket, &head, sizeof(head)) == TW_OK) {
		tw_buffer_clear(&results);
		status = read_body(socket, &head, &body);
		if (status < 0)
			break;
		struct answer_head answer = {
			.status = serve(call, &head, tw_buffer_slice(&body), &results)};
		answer.length = results.length;
		status = write_all(socket, &answer, sizeof(answer));
		if (status == TW_OK)
			status = write_all(socket, results.data, results.length);
	}
	tw_buffer_free(&body);
	tw_buffer_free(&results);
}

/* ---- this process ---------------------------------------------------------------- */

int tw_child_start(struct tw_child *child)
{
	int end = 0;
	return tw_nursery_replace(child->nursery, child->detector, true, &child->socket, &end);
}

void tw_child_stop(struct tw_child *child)
{
	if (child->socket >= 0)
		close(child->socket);
	child->socket = -1;
}

static uint64_t callbacks_of(const struct tw_child *child)
{
	return __atomic_load_n(&child->progress->callbacks, __ATOMIC_RELAXED);
}

/* Waits until the child has written. TW_ERROR_LIMIT: it is in one callback for too long. */
static int wait_readable(const struct tw_child *child)
{
	struct pollfd wait = {.fd = child->socket, .events = POLLIN};
	uint64_t callbacks = callbacks_of(child);
	double since = tw_time_elapsed();
	while (poll(&wait, 1, LOOK_MILLISECONDS) <= 0) {
		double now = tw_time_elapsed();
		if (callbacks_of(child) != callbacks) {
			callbacks = callbacks_of(child);
			since = now;
		} else if (now - since > child->isolation->callback_seconds) {
			return TW_ERROR_LIMIT;
		}
	}
	return TW_OK;
}

static int read_answer(const struct tw_child *child, void *bytes, size_t length)
{
	char *at = bytes;
	while (length > 0) {
		int status = wait_readable(child);
		if (status < 0)
			return status;
		ssize_t got = recv(child->socket, at, length, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return TW_ERROR_IO;
		at += got;
		length -= (size_t)got;
	}
	return TW_OK;
}

static int send_request(const struct tw_child *child, struct request *request)
{
	static const char zeros[8] = {0};
	for (unsigned i = 0; i < REQUEST_SLICES; i++)
		request->head.lengths[i] = request->slices[i].length;
	int status = write_all(child->socket, &request->head, sizeof(request->head));
	for (unsigned i = 0; i < REQUEST_SLICES && status == TW_OK; i++) {
		struct tw_slice slice = request->slices[i];
		status = write_all(child->socket, slice.data, slice.length);
		if (status == TW_OK)
			status = write_all(child->socket, zeros,
					   padded(slice.length) - slice.length);
	}
	return status;
}

/* Sends, waits, and appends the results. Whatever is wrong is the child's fault. */
static int exchange(struct tw_child *child, struct request *request, struct tw_buffer *results)
{
	struct answer_head answer = {0};
	int status = send_request(child, request);
	if (status == TW_OK)
		status = read_answer(child, &answer, sizeof(answer));
	if (status < 0)
		return status;
	if (answer.length > ANSWER_LIMIT || (answer.length & 7) != 0)
		return TW_ERROR_INVALID;
	tw_buffer_align(results, 8);
	if (tw_buffer_reserve(results, answer.length) < 0)
		return TW_ERROR_INVALID;
	size_t at = results->length;
	results->length += answer.length;
	status = read_answer(child, results->data + at, answer.length);
	if (status == TW_OK && answer.status < 0)
		status = TW_ERROR_INVALID;
	if (status < 0)
		results->length = at;
	return status;
}

static void describe_end(struct tw_child *child, int status, int end)
{
	if (status == TW_ERROR_LIMIT)
		snprintf(child->fault, sizeof(child->fault),
			 "was ended: it took longer than limits.callback_seconds");
	else if (status == TW_ERROR_INVALID)
		snprintf(child->fault, sizeof(child->fault),
			 "was ended: what it answered are no results");
	else if (WIFSIGNALED(end))
		snprintf(child->fault, sizeof(child->fault), "crashed: signal %d (%s)",
			 WTERMSIG(end), strsignal(WTERMSIG(end)));
	else
		snprintf(child->fault, sizeof(child->fault), "ended its process, with status %d",
			 WEXITSTATUS(end));
}

/* Ends what is left of the child and starts it anew, unless that was done too often. */
static void replace(struct tw_child *child, int status)
{
	int end = 0;
	int socket = -1;
	child->out = child->restarts >= child->isolation->restarts;
	close(child->socket);
	if (tw_nursery_replace(child->nursery, child->detector, !child->out, &socket, &end) < 0)
		child->out = true;
	child->socket = socket;
	child->restarts += !child->out;
	describe_end(child, status, end);
}

static void append_fault(const struct tw_child *child, uint32_t record, struct tw_buffer *results)
{
	size_t at = tw_block_begin(results);
	tw_part_fault(results, tw_slice_string(child->fault));
	tw_block_end(results, at, (struct tw_block){.detector = (uint16_t)child->detector,
						    .met = child->out ? TW_OUT_ENDED : 0,
						    .status = TW_ERROR_PLUGIN,
						    .record = record});
}

/* Offsets of the records that stand one behind the other, and of their end. */
static unsigned list_records(struct tw_slice records, struct tw_buffer *ret_places)
{
	unsigned count = 0;
	for (size_t at = 0; at < records.length; count++) {
		tw_buffer_append(ret_places, &at, sizeof(at));
		at += tw_record_trusted(tw_slice_from(records, at)).record->size;
	}
	tw_buffer_append(ret_places, &records.length, sizeof(records.length));
	return count;
}

/* Records [from, to). Returns where it failed, or `to`. */
static unsigned inspect_range(struct tw_child *child, struct tw_slice records,
			      const size_t places[2], struct tw_buffer *results,
			      const unsigned range[2])
{
	size_t at = results->length;
	uint64_t callbacks = callbacks_of(child);
	struct request request = {.head.kind = REQUEST_INSPECT,
				  .slices = {tw_slice_part(records, places[0],
							   places[1] - places[0])}};
	int status = exchange(child, &request, results);
	struct tw_results_check check = {.detector = child->detector, .first = range[0],
					 .count = range[1] - range[0]};
	if (status == TW_OK && tw_results_check(results, at, &check) < 0)
		status = TW_ERROR_INVALID;
	if (status == TW_OK)
		return range[1];
	unsigned failed = callbacks_of(child) == callbacks ? 0 : child->progress->record;
	results->length = at;
	replace(child, status);
	return failed < check.count ? range[0] + failed : range[0];
}

/*
 * A child that fails takes the results of its batch with it. inspect is pure, so
 * those before the failure are asked for again, then those behind it.
 */
int tw_child_inspect(struct tw_child *child, struct tw_slice records, struct tw_buffer *results)
{
	struct tw_buffer list = {0};
	unsigned count = list_records(records, &list);
	const size_t *places = (const void *)list.data;
	unsigned from = 0;
	unsigned to = count;
	pthread_mutex_lock(&child->lock);
	while (from < count && !list.failed) {
		if (child->out || from == to) {
			append_fault(child, from++, results);
			to = count;
			continue;
		}
		unsigned reached = inspect_range(child, records,
						 (size_t[2]){places[from], places[to]}, results,
						 (unsigned[2]){from, to});
		if (reached == to)
			from = to;
		else
			to = reached;
	}
	pthread_mutex_unlock(&child->lock);
	bool failed = list.failed || results->failed;
	tw_buffer_free(&list);
	return failed ? TW_ERROR_MEMORY : TW_OK;
}

/* A request that gives at most one block. */
static int ask(struct tw_child *child, struct request *request, struct tw_buffer *results)
{
	pthread_mutex_lock(&child->lock);
	size_t at = results->length;
	int status = child->out ? TW_ERROR_IO : exchange(child, request, results);
	struct tw_results_check check = {.detector = child->detector, .count = 1};
	if (status == TW_OK && tw_results_check(results, at, &check) < 0)
		status = TW_ERROR_INVALID;
	if (status < 0) {
		results->length = at;
		if (!child->out)
			replace(child, status);
		append_fault(child, 0, results);
	}
	pthread_mutex_unlock(&child->lock);
	return results->failed ? TW_ERROR_MEMORY : TW_OK;
}

int tw_child_correlate(struct tw_child *child, const struct tw_correlate_request *request,
		       struct tw_buffer *results)
{
	const struct tw_observation *observation = &request->observation;
	struct request sent = {
		.head = {.kind = REQUEST_CORRELATE,
			 .detector = request->detector,
			 .flag = request->expired,
			 .table = observation->table,
			 .operation = (uint32_t)observation->operation,
			 .key = observation->key,
			 .shipment = observation->shipment,
			 .time = observation->time},
		.slices = {observation->before, observation->now, request->state},
	};
	return ask(child, &sent, results);
}

int tw_child_conclude(struct tw_child *child, const struct tw_conclude_request *request,
		      struct tw_buffer *results)
{
	struct request sent = {
		.head = {.kind = REQUEST_CONCLUDE,
			 .detector = request->detector,
			 .flag = request->deadline},
		.slices = {request->record, request->evidence, request->findings, request->states,
			   request->earlier},
	};
	return ask(child, &sent, results);
}
