/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/quote.h"
#include "base/time.h"
#include "source/capture_write.h"
#include "state/index.h"

#define LINK_TYPES 8u	     /* of one file */
#define PROBLEM_LINES 20u    /* more would be the same again */

struct kept_packet {
	struct kept_packet *next;
	struct tw_packet packet; /* its bytes stand behind */
};

/* The packets of a flow, or the fragments of a datagram that is not whole yet. */
struct kept_flow {
	uint64_t id;
	bool fragments;
	uint64_t related;
	bool missing; /* its beginning is not held */
	struct kept_file *file;	     /* its own, or NULL */
	struct kept_file *announced; /* the first file of those of flows that it announced */
	struct kept_packet *first, *last;
	uint64_t bytes;
};

/*
 * Of an alerted flow; further packets of it and of the flow that announced it go there,
 * while the flow is held.
 */
struct kept_file {
	struct kept_file *next; /* announced by the same flow */
	char *path;
	uint64_t related; /* the flow that announced it, or 0 */
	uint32_t link_types[LINK_TYPES];
	unsigned link_type_count;
	bool failed;
};

struct tw_keeper {
	pthread_mutex_t lock;
	const char *folder; /* the configuration's */
	uint64_t memory, flow_memory;
	uint64_t bytes;
	struct tw_index index;
	struct kept_flow *flows;
	uint32_t capacity;
	struct tw_buffer out; /* reused */
	struct tw_buffer problems;
	unsigned problem_count;
	struct tw_keeper_counts counts;
};

int tw_keeper_create(const struct tw_config *config, struct tw_keeper **ret_keeper)
{
	const char *folder = tw_config_string(config, "capture.out");
	*ret_keeper = NULL;
	if (folder[0] == '\0')
		return TW_OK;
	struct tw_keeper *keeper = calloc(1, sizeof(*keeper));
	if (keeper == NULL)
		return TW_ERROR_MEMORY;
	keeper->folder = folder;
	keeper->memory = tw_config_size(config, "capture.out_memory");
	keeper->flow_memory = tw_config_size(config, "capture.out_flow_memory");
	pthread_mutex_init(&keeper->lock, NULL);
	*ret_keeper = keeper;
	return TW_OK;
}

struct tw_keeper_counts tw_keeper_counts(const struct tw_keeper *keeper)
{
	return keeper->counts;
}

struct tw_slice tw_keeper_problems(const struct tw_keeper *keeper)
{
	return tw_buffer_slice(&keeper->problems);
}

/* ---- flows ------------------------------------------------------------------------------ */

static uint64_t cost_of(const struct kept_packet *packet)
{
	return sizeof(*packet) + packet->packet.bytes.length;
}

static uint64_t hash_of(uint64_t id, bool fragments)
{
	return tw_hash_mix(id * 2 + fragments);
}

static struct kept_flow *find_flow(const struct tw_keeper *keeper, uint64_t id, bool fragments)
{
	uint32_t cell = UINT32_MAX;
	for (int64_t slot; (slot = tw_index_next(&keeper->index, hash_of(id, fragments), &cell)) >= 0;)
		if (keeper->flows[slot].id == id && keeper->flows[slot].fragments == fragments)
			return &keeper->flows[slot];
	return NULL;
}

/* The flow, made where it is new. */
static int enter_flow(struct tw_keeper *keeper, uint64_t id, bool fragments,
		      struct kept_flow **ret_flow)
{
	struct kept_flow *flow = find_flow(keeper, id, fragments);
	if (flow != NULL) {
		tw_index_use(&keeper->index, (uint32_t)(flow - keeper->flows));
		*ret_flow = flow;
		return TW_OK;
	}
	int64_t slot = tw_index_add(&keeper->index, hash_of(id, fragments));
	if (slot < 0)
		return (int)slot;
	struct kept_flow *flows = tw_index_room(&keeper->index, keeper->flows, &keeper->capacity,
						sizeof(*flows));
	if (flows == NULL) {
		tw_index_remove(&keeper->index, (uint32_t)slot);
		return TW_ERROR_MEMORY;
	}
	keeper->flows = flows;
	keeper->flows[slot] = (struct kept_flow){.id = id, .fragments = fragments};
	keeper->bytes += sizeof(**ret_flow) + TW_INDEX_SLOT_BYTES;
	*ret_flow = &keeper->flows[slot];
	return TW_OK;
}

static void drop_first(struct tw_keeper *keeper, struct kept_flow *flow)
{
	struct kept_packet *packet = flow->first;
	flow->first = packet->next;
	if (flow->first == NULL)
		flow->last = NULL;
	flow->bytes -= cost_of(packet);
	keeper->bytes -= cost_of(packet);
	free(packet);
}

/* The flow that announced it writes to it no longer. */
static void leave_file(struct tw_keeper *keeper, struct kept_file *file)
{
	struct kept_flow *flow = file->related == 0 ? NULL : find_flow(keeper, file->related, false);
	struct kept_file **at = flow == NULL ? NULL : &flow->announced;
	while (at != NULL && *at != NULL && *at != file)
		at = &(*at)->next;
	if (at != NULL && *at == file)
		*at = file->next;
}

/* Nothing more is written to the file of this flow. */
static void forget_file(struct tw_keeper *keeper, struct kept_flow *flow)
{
	if (flow->file == NULL)
		return;
	leave_file(keeper, flow->file);
	free(flow->file->path);
	free(flow->file);
	flow->file = NULL;
}

static void remove_flow(struct tw_keeper *keeper, struct kept_flow *flow)
{
	forget_file(keeper, flow);
	while (flow->first != NULL)
		drop_first(keeper, flow);
	keeper->bytes -= sizeof(*flow) + TW_INDEX_SLOT_BYTES;
	tw_index_remove(&keeper->index, (uint32_t)(flow - keeper->flows));
}

/* The limits: of a flow its oldest packets go, of all flows the one used longest ago. */
static void let_go(struct tw_keeper *keeper, struct kept_flow *flow)
{
	while (flow->bytes > keeper->flow_memory && flow->first != flow->last) {
		drop_first(keeper, flow);
		flow->missing = true;
		keeper->counts.let_go++;
	}
	while (keeper->bytes > keeper->memory && keeper->index.count > 1) {
		struct kept_flow *oldest = &keeper->flows[tw_index_oldest(&keeper->index)];
		for (const struct kept_packet *at = oldest->first; at != NULL; at = at->next)
			keeper->counts.let_go++;
		remove_flow(keeper, oldest);
	}
}

/* ---- files ------------------------------------------------------------------------------ */

static void add_problem(struct tw_keeper *keeper, struct kept_file *file, const char *why)
{
	keeper->counts.failed += !file->failed;
	file->failed = true;
	if (keeper->problem_count++ >= PROBLEM_LINES)
		return;
	tw_quote_plain(&keeper->problems, tw_slice_string(file->path));
	tw_buffer_printf(&keeper->problems, ": %s\n", why);
}

static bool write_all(int file, struct tw_slice bytes)
{
	while (bytes.length > 0) {
		ssize_t written = write(file, bytes.data, bytes.length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		bytes = tw_slice_from(bytes, (size_t)written);
	}
	return true;
}

/*
 * What stands in `out` goes to the file, which is closed again: flows that alert are few,
 * and what was written is there whatever becomes of the run.
 */
static void write_out(struct tw_keeper *keeper, struct kept_file *file, int flags)
{
	int handle = open(file->path, O_WRONLY | O_CLOEXEC | flags, 0640);
	if (handle < 0) {
		add_problem(keeper, file, errno == EEXIST ? "is there already, and was not overwritten"
							  : strerror(errno));
		return;
	}
	errno = 0;
	if (!write_all(handle, tw_buffer_slice(&keeper->out)))
		add_problem(keeper, file, errno == 0 ? "cannot be written" : strerror(errno));
	if (close(handle) != 0 && !file->failed)
		add_problem(keeper, file, strerror(errno));
}

/* A link type that is new to the file needs an interface in it. */
static void append_packet(struct tw_keeper *keeper, struct kept_file *file,
			  const struct tw_packet *packet)
{
	unsigned at = 0;
	while (at < file->link_type_count && file->link_types[at] != packet->link_type)
		at++;
	if (at == LINK_TYPES) {
		add_problem(keeper, file, "has packets of too many link types");
		return;
	}
	if (at == file->link_type_count) {
		tw_capture_write_interface(&keeper->out, packet->link_type);
		file->link_types[file->link_type_count++] = packet->link_type;
	}
	tw_capture_write_packet(&keeper->out, at, packet);
	keeper->counts.packets++;
}

/* Packets of both flows in the order in which they came. */
static void append_flows(struct tw_keeper *keeper, struct kept_file *file,
			 const struct kept_flow *flow, const struct kept_flow *related)
{
	const struct kept_packet *first = flow->first;
	const struct kept_packet *second = related == NULL ? NULL : related->first;
	while (first != NULL || second != NULL) {
		bool take_second = first == NULL ||
				   (second != NULL && second->packet.number < first->packet.number);
		const struct kept_packet **from = take_second ? &second : &first;
		append_packet(keeper, file, &(*from)->packet);
		*from = (*from)->next;
	}
}

static char *name_file(const struct tw_keeper *keeper, const struct kept_flow *flow)
{
	struct tw_buffer path = {0};
	char time[TW_TIME_TEXT_SIZE];
	tw_time_format(flow->first->packet.time, time);
	tw_buffer_printf(&path, "%s/", keeper->folder);
	for (const char *at = time; *at != '\0'; at++)
		if (*at != ':')
			tw_buffer_append_byte(&path, *at);
	tw_buffer_printf(&path, "-flow-%llu.pcapng", (unsigned long long)flow->id);
	tw_buffer_append_byte(&path, '\0');
	char *copy = path.failed ? NULL : strdup(path.data);
	tw_buffer_free(&path);
	return copy;
}

static void write_comment(const struct tw_network *network, bool missing, struct tw_buffer *out)
{
	tw_buffer_printf(out, "tidewaiter: flow_id %llu, community_id %s",
			 (unsigned long long)network->flow, network->community_id);
	if (missing)
		tw_buffer_printf(out, "; its first packets are missing: they were held no longer "
				 "(capture.out_memory, capture.out_flow_memory)");
}

static int add_file(struct tw_keeper *keeper, struct kept_flow *flow, struct kept_flow *related)
{
	struct kept_file *file = calloc(1, sizeof(*file));
	if (file == NULL)
		return TW_ERROR_MEMORY;
	file->path = name_file(keeper, flow);
	if (file->path == NULL) {
		free(file);
		return TW_ERROR_MEMORY;
	}
	flow->file = file;
	if (related != NULL) {
		file->related = related->id;
		file->next = related->announced;
		related->announced = file;
	}
	return TW_OK;
}

static int begin_file(struct tw_keeper *keeper, struct kept_flow *flow,
		      const struct tw_network *network)
{
	struct tw_buffer comment = {0};
	struct kept_flow *related = flow->related == 0 ? NULL
						       : find_flow(keeper, flow->related, false);
	bool missing = flow->missing || (flow->related != 0 && (related == NULL || related->missing));
	int status = add_file(keeper, flow, related);
	if (status < 0)
		return status;
	struct kept_file *file = flow->file;
	write_comment(network, missing, &comment);
	tw_buffer_clear(&keeper->out);
	tw_capture_write_head(&keeper->out, tw_buffer_slice(&comment));
	tw_buffer_free(&comment);
	append_flows(keeper, file, flow, related);
	write_out(keeper, file, O_CREAT | O_EXCL);
	keeper->counts.files += !file->failed;
	keeper->counts.incomplete += missing;
	return keeper->out.failed ? TW_ERROR_MEMORY : TW_OK;
}

/* A packet more of a flow that alerted, or that announced one. */
static void append_to(struct tw_keeper *keeper, struct kept_file *file, const struct tw_packet *packet)
{
	if (file->failed)
		return;
	tw_buffer_clear(&keeper->out);
	append_packet(keeper, file, packet);
	write_out(keeper, file, O_APPEND);
}

static int go_on(struct tw_keeper *keeper, const struct kept_flow *flow, const struct tw_packet *packet)
{
	if (flow->file != NULL)
		append_to(keeper, flow->file, packet);
	for (struct kept_file *file = flow->announced; file != NULL; file = file->next)
		append_to(keeper, file, packet);
	return keeper->out.failed ? TW_ERROR_MEMORY : TW_OK;
}

/* ---- packets ---------------------------------------------------------------------------- */

static int hold(struct tw_keeper *keeper, struct kept_flow *flow, struct kept_packet *packet)
{
	if (flow->last != NULL)
		flow->last->next = packet;
	else
		flow->first = packet;
	flow->last = packet;
	packet->next = NULL;
	flow->bytes += cost_of(packet);
	return go_on(keeper, flow, &packet->packet);
}

static struct kept_packet *copy_packet(const struct tw_packet *packet)
{
	struct kept_packet *copy = malloc(sizeof(*copy) + packet->bytes.length);
	if (copy == NULL)
		return NULL;
	char *bytes = (char *)(copy + 1);
	if (packet->bytes.length > 0)
		memcpy(bytes, packet->bytes.data, packet->bytes.length);
	copy->packet = *packet;
	copy->packet.bytes.data = bytes;
	return copy;
}

/* The fragments in front of the one that made the datagram whole. */
static int take_fragments(struct tw_keeper *keeper, struct kept_flow *flow, uint64_t datagram)
{
	struct kept_flow *fragments = find_flow(keeper, datagram, true);
	int status = TW_OK;
	while (fragments != NULL && fragments->first != NULL && status >= 0) {
		struct kept_packet *packet = fragments->first;
		fragments->first = packet->next;
		fragments->bytes -= cost_of(packet);
		status = hold(keeper, flow, packet);
	}
	if (fragments != NULL)
		remove_flow(keeper, fragments);
	return status;
}

static int take_packet(struct tw_keeper *keeper, const struct tw_packet *packet,
		       struct tw_tap_seen seen)
{
	struct kept_flow *flow = NULL;
	bool known = seen.flow != 0;
	int status = enter_flow(keeper, known ? seen.flow : seen.datagram, !known, &flow);
	if (status < 0)
		return status;
	struct kept_packet *copy = copy_packet(packet);
	if (copy == NULL)
		return TW_ERROR_MEMORY;
	keeper->bytes += cost_of(copy);
	flow->related = seen.related;
	flow->missing |= known && flow->first == NULL && !seen.begins;
	if (known && seen.datagram != 0)
		status = take_fragments(keeper, flow, seen.datagram);
	int held = hold(keeper, flow, copy);
	let_go(keeper, flow);
	return status < 0 ? status : held;
}

int tw_keeper_packet(struct tw_keeper *keeper, const struct tw_packet *packet,
		     struct tw_tap_seen seen)
{
	if (seen.flow == 0 && seen.datagram == 0)
		return TW_OK;
	pthread_mutex_lock(&keeper->lock);
	int status = take_packet(keeper, packet, seen);
	pthread_mutex_unlock(&keeper->lock);
	return status;
}

int tw_keeper_alert(struct tw_keeper *keeper, const struct tw_network *network)
{
	int status = TW_OK;
	pthread_mutex_lock(&keeper->lock);
	struct kept_flow *flow = find_flow(keeper, network->flow, false);
	if (flow == NULL || flow->first == NULL)
		keeper->counts.incomplete += flow == NULL || flow->file == NULL;
	else if (flow->file == NULL)
		status = begin_file(keeper, flow, network);
	pthread_mutex_unlock(&keeper->lock);
	return status;
}

void tw_keeper_free(struct tw_keeper *keeper)
{
	if (keeper == NULL)
		return;
	while (keeper->index.count > 0)
		remove_flow(keeper, &keeper->flows[tw_index_oldest(&keeper->index)]);
	tw_index_free(&keeper->index);
	free(keeper->flows);
	tw_buffer_free(&keeper->out);
	tw_buffer_free(&keeper->problems);
	pthread_mutex_destroy(&keeper->lock);
	free(keeper);
}
