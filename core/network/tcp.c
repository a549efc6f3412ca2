/* SPDX-License-Identifier: Apache-2.0 */
#include "network/tcp_private.h"

#include <stdlib.h>

#define ahead tw_sequence_ahead
/* The largest shift of a window (RFC 7323 2.3), taken where the SYN was not seen. */
#define SCALE_MOST 14u

static const struct {
	enum tcp_remark remark;
	const char *code, *reason;
} REMARKS[] = {
	{TCP_CONFLICT, "tcp.conflict", "bytes were sent twice and differ"},
	{TCP_URGENT, "tcp.urgent", "urgent data"},
	{TCP_RESET, "tcp.reset", "data follow a reset, which was therefore ignored"},
	{TCP_FIN, "tcp.fin", "data follow an unacknowledged FIN, which was therefore ignored"},
	{TCP_WINDOW, "tcp.window", "data outside of the receiver's window were ignored"},
	{TCP_MEMORY, "tcp.memory", "a limit of waiting bytes was met"},
	{TCP_LATE, "tcp.late", "bytes came after they were given up as missing"},
};

int tw_tcp_remark(struct tw_tcp *tcp, struct tw_flow_entry *entry, enum tcp_remark remark)
{
	unsigned row = 0;
	if (!entry->opened || (entry->told & remark) != 0)
		return TW_OK;
	entry->told |= (uint8_t)remark;
	while (REMARKS[row].remark != remark)
		row++;
	return tcp->events.anomaly(tcp->events.context, &entry->flow, REMARKS[row].code, &tcp->at,
				   REMARKS[row].reason);
}

int tw_tcp_create(const struct tw_tap_settings *settings, const struct tw_stream_events *events,
		  struct tw_tap_counts *counts, struct tw_tcp **ret_tcp)
{
	struct tw_tcp *tcp = calloc(1, sizeof(*tcp));
	if (tcp == NULL || tw_flows_begin(&tcp->flows, settings->vlan_flows) < 0) {
		free(tcp);
		return TW_ERROR_MEMORY;
	}
	tcp->settings = *settings;
	tcp->events = *events;
	tcp->counts = counts;
	*ret_tcp = tcp;
	return TW_OK;
}

void tw_tcp_free(struct tw_tcp *tcp)
{
	if (tcp == NULL)
		return;
	for (unsigned list = 0; list < TW_FLOW_LISTS; list++)
		for (struct tw_flow_entry *entry = tcp->flows.oldest[list]; entry != NULL;
		     entry = entry->newer) {
			for (unsigned i = 0; i < 2; i++)
				tw_half_clear(tcp, &entry->halves[i]);
			if (entry->opened && !entry->closed)
				tcp->events.close(tcp->events.context, &entry->flow, NULL);
		}
	tw_flows_end(&tcp->flows);
	free(tcp);
}

int tw_tcp_close(struct tw_tcp *tcp, struct tw_flow_entry *entry, enum tw_stream_end how)
{
	int status = TW_OK;
	if (entry->closed)
		return TW_OK;
	if (entry->reset && how != TW_STREAM_DROPPED)
		how = TW_STREAM_RESET;
	for (unsigned i = 0; i < 2 && status == TW_OK; i++)
		status = tw_half_flush(tcp, &entry->halves[i], how);
	entry->closed = true;
	if (entry->opened)
		tcp->events.close(tcp->events.context, &entry->flow, &tcp->at);
	return status;
}

static int remove_entry(struct tw_tcp *tcp, struct tw_flow_entry *entry, enum tw_stream_end how)
{
	int status = tw_tcp_close(tcp, entry, how);
	for (unsigned i = 0; i < 2; i++)
		tw_half_clear(tcp, &entry->halves[i]);
	tw_flows_remove(&tcp->flows, entry);
	return status;
}

static int expire(struct tw_tcp *tcp)
{
	const double seconds[TW_FLOW_LISTS] = {
		[TW_FLOWS_OPENING] = tcp->settings.handshake_seconds,
		[TW_FLOWS_OPEN] = tcp->settings.flow_seconds,
		[TW_FLOWS_CLOSED] = tcp->settings.closed_seconds,
	};
	for (unsigned list = 0; list < TW_FLOW_LISTS; list++) {
		struct tw_flow_entry **oldest = &tcp->flows.oldest[list];
		while (*oldest != NULL && tcp->clock - (*oldest)->last > seconds[list]) {
			int status = remove_entry(tcp, *oldest, TW_STREAM_TIMEOUT);
			if (status < 0)
				return status;
		}
	}
	return TW_OK;
}

int tw_tcp_advance(struct tw_tcp *tcp, double clock, const struct tw_packet_at *at)
{
	tcp->clock = clock;
	tcp->at = *at;
	int status = tw_half_waited(tcp);
	if (status == TW_OK)
		status = expire(tcp);
	tcp->counts->flows_now = tcp->flows.count;
	return status;
}

int tw_tcp_finish(struct tw_tcp *tcp)
{
	int status = TW_OK;
	for (unsigned list = 0; list < TW_FLOW_LISTS; list++)
		while (tcp->flows.oldest[list] != NULL && status == TW_OK)
			status = remove_entry(tcp, tcp->flows.oldest[list], TW_STREAM_CAPTURE_END);
	return status;
}

/* Whom a new flow replaces: an ended one if there is, else one without data. */
static struct tw_flow_entry *find_oldest(const struct tw_flows *flows)
{
	unsigned list = TW_FLOWS_CLOSED;
	if (flows->oldest[list] == NULL)
		list = TW_FLOWS_OPENING;
	if (flows->oldest[list] == NULL)
		list = TW_FLOWS_OPEN;
	return flows->oldest[list];
}

/* 1: there is room for one flow more, 0: none is wanted, or a negative status. */
static int make_room(struct tw_tcp *tcp)
{
	uint64_t from = tcp->settings.full_flows;
	uint64_t most = from > 0 && tcp->at.number >= from ? 1 : tcp->settings.flows;
	while (tcp->flows.count >= most) {
		struct tw_flow_entry *oldest = find_oldest(&tcp->flows);
		if (!oldest->closed && tcp->settings.refuse_flows) {
			tcp->counts->flows_refused++;
			return 0;
		}
		tcp->counts->flows_dropped += !oldest->closed && oldest->opened;
		int status = remove_entry(tcp, oldest, TW_STREAM_DROPPED);
		if (status < 0)
			return status;
	}
	return 1;
}

/* Whether a flow may begin with this segment: a SYN, or data of one that was there before. */
static bool can_begin(const struct tw_tcp *tcp, const struct tw_segment *segment)
{
	if ((segment->flags & TW_TCP_RST) != 0)
		return false;
	return (segment->flags & TW_TCP_SYN) != 0 ||
	       (tcp->settings.midstream && segment->length > 0);
}

/* 1: *ret_entry is new, 0: the segment is not followed, or a negative status. */
static int begin_flow(struct tw_tcp *tcp, const struct tw_layers *layers,
		      struct tw_flow_entry **ret_entry, unsigned *ret_direction)
{
	unsigned flags = layers->segment.flags;
	bool answer = (flags & TW_TCP_SYN) != 0 && (flags & TW_TCP_ACK) != 0;
	if (!can_begin(tcp, &layers->segment)) {
		tcp->counts->stray++;
		return 0;
	}
	int status = make_room(tcp);
	if (status <= 0)
		return status;
	struct tw_flow_entry *entry = tw_flows_add(&tcp->flows, layers, answer);
	if (entry == NULL)
		return TW_ERROR_MEMORY;
	entry->flow.id = tcp->at.number;
	entry->flow.midstream = (flags & TW_TCP_SYN) == 0;
	entry->halves[0].scale = entry->halves[1].scale = SCALE_UNKNOWN;
	*ret_entry = entry;
	*ret_direction = answer ? TW_TO_CLIENT : TW_TO_SERVER;
	return 1;
}

static bool both_fins(const struct tw_flow_entry *entry)
{
	return entry->halves[0].fin_seen && entry->halves[1].fin_seen;
}

/* Whether the first byte that a SYN announced is here, and is none of the flow's own. */
static bool follows_again(const struct tw_flow_entry *entry, const struct tw_segment *segment,
			  unsigned direction)
{
	const struct tw_half *half = &entry->halves[direction];
	if (!entry->again || direction != entry->again_direction || segment->length == 0 ||
	    segment->sequence != entry->again_sequence)
		return false;
	return entry->reset || ahead(segment->sequence, half->top) > 1 << 20 ||
	       ahead(segment->sequence, half->next) < -(1 << 20);
}

/*
 * Ports are used again. Behind the end of a flow a SYN begins another; before it may be
 * forged, as a reset or a FIN may, and is believed once it is answered, or followed by
 * its first byte far from where the flow is (RFC 5961 4.2 has a live receiver refuse it).
 */
static bool begins_anew(struct tw_flow_entry *entry, const struct tw_segment *segment,
			unsigned direction)
{
	struct tw_half *half = &entry->halves[direction];
	bool answers = entry->again && direction != entry->again_direction &&
		       (segment->flags & TW_TCP_ACK) != 0 &&
		       segment->acknowledgement == entry->again_sequence;
	if ((segment->flags & TW_TCP_SYN) == 0)
		return follows_again(entry, segment, direction);
	if (half->started && segment->sequence + 1 == half->begin)
		return false; /* the same again */
	if (entry->closed || answers)
		return true;
	if (half->started && (segment->flags & TW_TCP_ACK) == 0) {
		entry->again = true;
		entry->again_direction = (uint8_t)direction;
		entry->again_sequence = segment->sequence + 1;
	}
	return false;
}

/* The window of a segment in bytes; that of a SYN is never scaled. */
static uint32_t window_of(const struct tw_half *half, const struct tw_half *other,
			  const struct tw_segment *segment)
{
	if ((segment->flags & TW_TCP_SYN) != 0 || half->scale == SCALE_NONE ||
	    other->scale == SCALE_NONE)
		return segment->window;
	return (uint32_t)segment->window << (half->scale == SCALE_UNKNOWN ? SCALE_MOST : half->scale);
}

/* A reset within the window is believed for the time being: see contradict_reset(). */
static int take_reset(struct tw_tcp *tcp, struct tw_flow_entry *entry, unsigned direction,
		      const struct tw_segment *segment)
{
	const struct tw_half *half = &entry->halves[direction];
	uint32_t least = half->ack_seen && ahead(half->next, half->acked) > 0 ? half->acked
									      : half->next;
	uint32_t most = half->ack_seen && ahead(half->edge, half->top) > 0 ? half->edge
									   : half->top + 1;
	if (half->started && (ahead(segment->sequence, least) < 0 ||
			      ahead(segment->sequence, most) > 0)) {
		tcp->counts->resets_ignored++;
		return TW_OK;
	}
	entry->reset = true;
	entry->reset_direction = (uint8_t)direction;
	entry->reset_sequence = segment->sequence;
	return TW_OK;
}

/* Who has reset a connection sends nothing more: the reset was forged. */
static int contradict_reset(struct tw_tcp *tcp, struct tw_flow_entry *entry, unsigned direction,
			    const struct tw_segment *segment)
{
	if (!entry->reset || direction != entry->reset_direction || segment->length == 0 ||
	    ahead(segment->sequence + segment->length, entry->reset_sequence) <= 0)
		return TW_OK;
	entry->reset = false;
	tcp->counts->resets_ignored++;
	return tw_tcp_remark(tcp, entry, TCP_RESET);
}

/* The parts of a segment in the order in which they count. */
static int take_segment(struct tw_tcp *tcp, struct tw_flow_entry *entry, unsigned direction,
			const struct tw_segment *segment)
{
	struct tw_half *half = &entry->halves[direction], *other = &entry->halves[!direction];
	uint32_t sequence = segment->sequence + ((segment->flags & TW_TCP_SYN) != 0);
	int status = contradict_reset(tcp, entry, direction, segment);
	if (!half->started) {
		tw_half_start(half, sequence);
		half->settling = (segment->flags & TW_TCP_SYN) == 0;
	}
	if ((segment->flags & TW_TCP_SYN) != 0)
		half->scale = segment->scale == TW_TCP_NO_SCALE ? SCALE_NONE : segment->scale;
	if (status == TW_OK && (segment->flags & TW_TCP_ACK) != 0)
		status = tw_half_acknowledge(tcp, other, segment->acknowledgement,
					     window_of(half, other, segment));
	if (status == TW_OK && segment->length > 0)
		status = tw_half_data(tcp, half, sequence, segment);
	if (status == TW_OK && (segment->flags & TW_TCP_FIN) != 0)
		status = tw_half_fin(tcp, half, sequence + segment->length);
	if (status == TW_OK && half->ended && other->ended)
		status = tw_tcp_close(tcp, entry, TW_STREAM_FIN);
	return status;
}

static int follow(struct tw_tcp *tcp, struct tw_flow_entry *entry, unsigned direction,
		  const struct tw_segment *segment)
{
	const struct tw_half *half = &entry->halves[direction];
	if (entry->closed) {
		tcp->counts->after_close += segment->length > 0;
		return TW_OK;
	}
	if ((segment->flags & TW_TCP_SYN) != 0 && half->started &&
	    segment->sequence + 1 != half->begin)
		return TW_OK; /* not of this flow: see begins_anew() */
	if ((segment->flags & TW_TCP_RST) != 0)
		return take_reset(tcp, entry, direction, segment);
	return take_segment(tcp, entry, direction, segment);
}

static enum tw_flow_list list_of(const struct tw_flow_entry *entry)
{
	if (entry->closed || entry->reset || both_fins(entry))
		return TW_FLOWS_CLOSED;
	return entry->opened || entry->halves[0].chunks.first != NULL ||
			       entry->halves[1].chunks.first != NULL
		       ? TW_FLOWS_OPEN
		       : TW_FLOWS_OPENING;
}

/* What no receiver takes (RFC 9293 3.10.7): to read it would be to read what nobody else does. */
static bool has_odd_flags(const struct tw_segment *segment)
{
	if ((segment->flags & TW_TCP_SYN) != 0)
		return (segment->flags & TW_TCP_FIN) != 0;
	return (segment->flags & (TW_TCP_ACK | TW_TCP_RST)) == 0;
}

int tw_tcp_segment(struct tw_tcp *tcp, const struct tw_layers *layers)
{
	unsigned direction;
	tcp->seen = (struct tw_tap_seen){.flow = 0};
	if (has_odd_flags(&layers->segment)) {
		tcp->counts->odd_flags++;
		return TW_OK;
	}
	struct tw_flow_entry *entry = tw_flows_find(&tcp->flows, layers, &direction);
	int status;
	if (entry != NULL && begins_anew(entry, &layers->segment, direction)) {
		status = remove_entry(tcp, entry, TW_STREAM_TIMEOUT);
		if (status < 0)
			return status;
		entry = NULL;
	}
	if (entry == NULL) {
		status = begin_flow(tcp, layers, &entry, &direction);
		if (status <= 0)
			return status;
		tcp->seen.begins = true;
	}
	status = follow(tcp, entry, direction, &layers->segment);
	tw_flows_use(&tcp->flows, entry, list_of(entry), tcp->clock);
	tcp->seen.flow = entry->flow.id;
	tcp->seen.related = entry->flow.related;
	if (tcp->counts->memory > tcp->counts->memory_most)
		tcp->counts->memory_most = tcp->counts->memory;
	tcp->counts->flows_now = tcp->flows.count;
	tcp->counts->flows_most = tcp->flows.most;
	return status;
}

struct tw_tap_seen tw_tcp_seen(const struct tw_tcp *tcp)
{
	return tcp->seen;
}
