/* SPDX-License-Identifier: Apache-2.0 */
#include "network/tcp_private.h"

/* Windows that were not announced are taken to be at least so large (RFC 9293 without scaling). */
#define WINDOW_LEAST 65535u
/* So many acknowledgements in a row that cannot be mean that the capture has a hole there. */
#define STRANGE_MOST 3u
/* How far in front of the first segment that was met another may begin and still be taken. */
#define SETTLE_MOST (1 << 20)

#define ahead tw_sequence_ahead

void tw_half_start(struct tw_half *half, uint32_t sequence)
{
	half->started = true;
	half->begin = half->next = half->top = half->acked = half->edge = sequence;
}

static void stop_waiting(struct tw_tcp *tcp, struct tw_half *half)
{
	if (!half->waiting)
		return;
	half->waiting = false;
	*(half->wait_next != NULL ? &half->wait_next->wait_previous : &tcp->wait_last) =
		half->wait_previous;
	*(half->wait_previous != NULL ? &half->wait_previous->wait_next : &tcp->wait_first) =
		half->wait_next;
}

/* How far the stream must have come by what was acknowledged; a FIN counts one, and is no byte. */
static uint32_t owed(const struct tw_half *half)
{
	return half->fin_seen && ahead(half->acked, half->fin) > 0 ? half->fin : half->acked;
}

/*
 * Whether acknowledged bytes are missing. One alone behind all that was seen is a FIN
 * that was not.
 */
static bool owes(const struct tw_half *half)
{
	return half->ack_seen && ahead(owed(half), half->next) > 0 &&
	       (half->next != half->top || ahead(owed(half), half->next) > 1);
}

/*
 * Begins to wait for acknowledged bytes that were not seen, or ends it. A direction that
 * was met in its midst waits as well: its first segments may have changed places.
 */
static void wait_for_owed(struct tw_tcp *tcp, struct tw_half *half)
{
	if (half->waiting && !half->settling && ahead(half->wait_acked, half->next) <= 0)
		stop_waiting(tcp, half);
	if (half->waiting || half->ended || (!half->settling && !owes(half)))
		return;
	half->waiting = true;
	half->wait_acked = half->settling ? half->next : owed(half);
	half->deadline = tcp->clock + tcp->settings.gap_seconds;
	half->wait_next = NULL;
	half->wait_previous = tcp->wait_last;
	*(tcp->wait_last != NULL ? &tcp->wait_last->wait_next : &tcp->wait_first) = half;
	tcp->wait_last = half;
}

void tw_half_clear(struct tw_tcp *tcp, struct tw_half *half)
{
	stop_waiting(tcp, half);
	tw_chunks_clear(&half->chunks, &tcp->counts->memory);
}

static int announce(struct tw_tcp *tcp, struct tw_flow_entry *entry)
{
	if (entry->opened)
		return TW_OK;
	entry->opened = true;
	tcp->counts->flows++;
	int status = tcp->events.open(tcp->events.context, &entry->flow, &tcp->at);
	for (unsigned i = 0; i < 2 && status == TW_OK; i++)
		if (entry->halves[i].ended) /* before there was anything to tell */
			status = tcp->events.end(tcp->events.context, &entry->flow, i,
						 TW_STREAM_FIN, &tcp->at);
	return status;
}

static int give(struct tw_tcp *tcp, struct tw_half *half, struct tw_slice bytes)
{
	struct tw_flow_entry *entry = tw_half_entry(half);
	int status = announce(tcp, entry);
	half->next += (uint32_t)bytes.length;
	half->place += bytes.length;
	if (ahead(half->next, half->top) > 0)
		half->top = half->next;
	tcp->counts->data_bytes += bytes.length;
	if (status < 0 || bytes.length == 0)
		return status;
	return tcp->events.data(tcp->events.context, &entry->flow, half->direction, bytes,
				&tcp->at);
}

/* The next bytes of the stream; the urgent one among them is left out. */
static int hand_on(struct tw_tcp *tcp, struct tw_half *half, struct tw_slice bytes)
{
	int32_t at = ahead(half->urgent, half->next);
	if (!half->urgent_seen || at < 0 || (size_t)at >= bytes.length)
		return give(tcp, half, bytes);
	half->urgent_seen = false;
	tcp->counts->urgent_bytes++;
	int status = at == 0 ? TW_OK : give(tcp, half, tw_slice_part(bytes, 0, (size_t)at));
	half->next++;
	if (status == TW_OK && (size_t)at + 1 < bytes.length)
		status = give(tcp, half, tw_slice_from(bytes, (size_t)at + 1));
	return status;
}

static int leave_gap(struct tw_tcp *tcp, struct tw_half *half, uint32_t length)
{
	struct tw_flow_entry *entry = tw_half_entry(half);
	int status = announce(tcp, entry);
	half->gap_begin = half->next;
	half->next += length;
	half->gap_end = half->next;
	half->place += length;
	if (ahead(half->next, half->top) > 0)
		half->top = half->next;
	tcp->counts->gaps++;
	tcp->counts->gap_bytes += length;
	if (status < 0)
		return status;
	return tcp->events.gap(tcp->events.context, &entry->flow, half->direction, length,
			       &tcp->at);
}

/* What was handed on is kept until acknowledged, and no more than is allowed. */
static void trim(struct tw_tcp *tcp, struct tw_half *half)
{
	uint32_t floor = half->next - (uint32_t)tcp->settings.overlap_bytes;
	if (half->chunks.first == NULL)
		return;
	if (half->ack_seen)
		tw_chunks_trim(&half->chunks,
			       ahead(half->acked, half->next) < 0 ? half->acked : half->next,
			       &tcp->counts->memory);
	tcp->counts->forgotten += tw_chunks_trim(&half->chunks, floor, &tcp->counts->memory);
}

/* Hands on what has become next; with the policy "last", only what is acknowledged, or all if `force`. */
static int drain(struct tw_tcp *tcp, struct tw_half *half, bool force)
{
	int status = TW_OK;
	while (status == TW_OK && half->chunks.first != NULL && (force || !half->settling)) {
		struct tw_slice bytes = tw_chunks_at(&half->chunks, half->next);
		if (tcp->settings.overlap_last && !force) {
			int32_t acked = half->ack_seen ? ahead(half->acked, half->next) : 0;
			bytes = tw_slice_part(bytes, 0, acked > 0 ? (size_t)acked : 0);
		}
		if (bytes.length == 0)
			break;
		status = hand_on(tcp, half, bytes);
	}
	trim(tcp, half);
	return status;
}

/* Goes on up to a number: bytes where there are some, gaps where not. */
static int give_up_to(struct tw_tcp *tcp, struct tw_half *half, uint32_t upto)
{
	int status = TW_OK;
	while (status == TW_OK && ahead(upto, half->next) > 0) {
		uint32_t stop = upto, found;
		if (tw_chunks_next(&half->chunks, half->next, &found) && ahead(upto, found) > 0)
			stop = found;
		if (stop != half->next)
			status = leave_gap(tcp, half, stop - half->next);
		if (status == TW_OK)
			status = drain(tcp, half, true);
	}
	return status;
}

/* Ends the direction once its FIN was reached and acknowledged. */
static int end_by_fin(struct tw_tcp *tcp, struct tw_half *half)
{
	struct tw_flow_entry *entry = tw_half_entry(half);
	if (half->ended || !half->fin_seen || half->next != half->fin ||
	    ahead(half->acked, half->fin) <= 0)
		return TW_OK;
	half->ended = true;
	tw_half_clear(tcp, half);
	return entry->opened ? tcp->events.end(tcp->events.context, &entry->flow, half->direction,
					       TW_STREAM_FIN, &tcp->at)
			     : TW_OK;
}

static int go_on(struct tw_tcp *tcp, struct tw_half *half)
{
	int status = drain(tcp, half, false);
	wait_for_owed(tcp, half);
	return status < 0 ? status : end_by_fin(tcp, half);
}

/*
 * The time of a hole is over. It is closed only where something stands behind it: an
 * acknowledgement alone may be forged, and would blind us for what it names.
 */
static int wait_is_over(struct tw_tcp *tcp, struct tw_half *half)
{
	const struct tw_chunk *last = half->chunks.last;
	uint32_t upto = half->wait_acked;
	stop_waiting(tcp, half);
	if (half->settling) {
		half->settling = false;
		return go_on(tcp, half);
	}
	if (last == NULL || ahead(last->sequence, half->next) <= 0)
		return TW_OK;
	if (ahead(upto, last->sequence) > 0)
		upto = last->sequence;
	int status = give_up_to(tcp, half, upto);
	return status < 0 ? status : go_on(tcp, half);
}

int tw_half_waited(struct tw_tcp *tcp)
{
	int status = TW_OK;
	while (status == TW_OK && tcp->wait_first != NULL &&
	       tcp->wait_first->deadline <= tcp->clock)
		status = wait_is_over(tcp, tcp->wait_first);
	return status;
}

/* What the receiver takes at most, by all that it ever announced and once more. */
static uint32_t window_end(const struct tw_half *half)
{
	return half->edge + (half->window > WINDOW_LEAST ? half->window : WINDOW_LEAST);
}

/*
 * Whether a segment is far outside of that. It may be forged; or the capture has changed
 * the places of packets, or lost acknowledgements, and then it is next sooner or later.
 */
static bool out_of_window(const struct tw_half *half, uint32_t sequence)
{
	return half->ack_seen && ahead(sequence, half->next) > 0 &&
	       ahead(sequence, window_end(half)) > 0;
}

/* Lets go of what was out of the window, and still is; what is not any more counts as seen. */
static int purge(struct tw_tcp *tcp, struct tw_half *half)
{
	bool any = tw_chunks_purge(&half->chunks, window_end(half), &tcp->counts->memory);
	const struct tw_chunk *last = half->chunks.last;
	if (last != NULL && ahead(last->sequence + last->length, half->top) > 0)
		half->top = last->sequence + last->length;
	if (!any)
		return TW_OK;
	return tw_tcp_remark(tcp, tw_half_entry(half), TCP_WINDOW);
}

static bool over_limit(const struct tw_tcp *tcp, const struct tw_half *half)
{
	uint64_t from = tcp->settings.full_memory;
	if (from > 0 && tcp->at.number >= from)
		return half->chunks.first != NULL;
	return half->chunks.first != NULL &&
	       (half->chunks.held > tcp->settings.reorder_bytes ||
		half->chunks.pieces > tcp->settings.reorder_segments ||
		tcp->counts->memory > tcp->settings.memory);
}

/*
 * A limit is met: what is kept for comparison goes first, then missing bytes are given
 * up until it is held again, or the flow is.
 */
static int relieve(struct tw_tcp *tcp, struct tw_half *half)
{
	uint32_t found;
	int status = TW_OK;
	if (!over_limit(tcp, half))
		return TW_OK;
	tcp->counts->memory_limits++;
	status = purge(tcp, half);
	if (half->settling && status == TW_OK) {
		half->settling = false;
		status = drain(tcp, half, false);
	}
	tcp->counts->forgotten += tw_chunks_trim(&half->chunks, half->next, &tcp->counts->memory);
	while (status == TW_OK && over_limit(tcp, half) &&
	       tw_chunks_next(&half->chunks, half->next, &found)) {
		if (tcp->settings.memory_drop && found != half->next) {
			status = tw_tcp_remark(tcp, tw_half_entry(half), TCP_MEMORY);
			return status < 0 ? status
					  : tw_tcp_close(tcp, tw_half_entry(half), TW_STREAM_DROPPED);
		}
		bool missing = found != half->next;
		status = give_up_to(tcp, half, found + 1);
		if (status == TW_OK && missing)
			status = tw_tcp_remark(tcp, tw_half_entry(half), TCP_MEMORY);
		tw_chunks_trim(&half->chunks, half->next, &tcp->counts->memory);
	}
	return status;
}

static int note_conflict(struct tw_tcp *tcp, struct tw_half *half)
{
	tcp->counts->conflicts++;
	return tw_tcp_remark(tcp, tw_half_entry(half), TCP_CONFLICT);
}

struct watched {
	struct tw_tcp *tcp;
	struct tw_half *half;
};

/* Passes on what was not chosen, with its place in the stream. */
static int tell_other(void *context, uint32_t sequence, struct tw_slice bytes)
{
	const struct watched *watched = context;
	struct tw_tcp *tcp = watched->tcp;
	struct tw_half *half = watched->half;
	struct tw_flow_entry *entry = tw_half_entry(half);
	int64_t place = (int64_t)half->place + ahead(sequence, half->next);
	int status = announce(tcp, entry);
	if (status < 0 || tcp->events.other == NULL || place < 0)
		return status;
	return tcp->events.other(tcp->events.context, &entry->flow, half->direction,
				 (uint64_t)place, bytes, &tcp->at);
}

/* Whether bytes come that were given up; nobody can have them any more. */
static int note_late(struct tw_tcp *tcp, struct tw_half *half, uint32_t sequence, uint32_t length)
{
	uint32_t begin = ahead(sequence, half->gap_begin) > 0 ? sequence : half->gap_begin;
	uint32_t end = ahead(sequence + length, half->gap_end) < 0 ? sequence + length : half->gap_end;
	if (half->gap_begin == half->gap_end || ahead(end, begin) <= 0)
		return TW_OK;
	tcp->counts->late += end - begin;
	return tw_tcp_remark(tcp, tw_half_entry(half), TCP_LATE);
}

/* Bytes that were handed on before: only compared. Returns what is new of them. */
static int take_old(struct tw_tcp *tcp, struct tw_half *half, uint32_t *sequence,
		    struct tw_slice *bytes, uint32_t *length)
{
	int32_t old = ahead(half->next, *sequence);
	if (old <= 0)
		return TW_OK;
	uint32_t part = (uint32_t)old < *length ? (uint32_t)old : *length;
	tcp->counts->retransmitted += part;
	struct watched watched = {tcp, half};
	struct tw_chunks_watch watch = {.context = &watched, .other = tell_other};
	int differs = tw_chunks_differ(&half->chunks, *sequence, tw_slice_part(*bytes, 0, part), &watch);
	*bytes = tw_slice_from(*bytes, part);
	*length -= part;
	int status = note_late(tcp, half, *sequence, part);
	*sequence += part;
	if (differs != 0)
		return differs > 0 ? note_conflict(tcp, half) : differs;
	return status;
}

/* The usual case, without a copy before it is handed on: next in order, and nothing waits. */
static int take_next(struct tw_tcp *tcp, struct tw_half *half, struct tw_slice bytes)
{
	uint32_t sequence = half->next;
	int status = hand_on(tcp, half, bytes);
	if (status < 0)
		return status;
	if (tcp->settings.overlap_bytes > 0 &&
	    (!half->ack_seen || ahead(half->next, half->acked) > 0))
		status = tw_chunks_put(&half->chunks, sequence, bytes,
				       &(struct tw_chunks_put){.memory = &tcp->counts->memory});
	trim(tcp, half);
	return status;
}

static int take_early(struct tw_tcp *tcp, struct tw_half *half, uint32_t sequence,
		      struct tw_slice bytes)
{
	tcp->counts->reordered += sequence != half->next;
	struct watched watched = {tcp, half};
	struct tw_chunks_watch watch = {.context = &watched, .other = tell_other};
	struct tw_chunks_put how = {
		.replace = tcp->settings.overlap_last,
		.doubtful = out_of_window(half, sequence),
		.watch = &watch,
		.memory = &tcp->counts->memory,
	};
	tcp->counts->out_of_window += how.doubtful;
	int status = tw_chunks_put(&half->chunks, sequence, bytes, &how);
	return status > 0 ? note_conflict(tcp, half) : status;
}

static bool nothing_waits(const struct tw_half *half)
{
	const struct tw_chunk *last = half->chunks.last;
	return last == NULL || ahead(last->sequence + last->length, half->next) <= 0;
}

/* A FIN that more data follow, and that nobody acknowledged, was none. */
static int contradict_fin(struct tw_tcp *tcp, struct tw_half *half, uint32_t end)
{
	if (!half->fin_seen || ahead(end, half->fin) <= 0 || out_of_window(half, end) ||
	    (half->ack_seen && ahead(half->acked, half->fin) > 0))
		return TW_OK;
	half->fin_seen = false;
	tcp->counts->fins_ignored++;
	return tw_tcp_remark(tcp, tw_half_entry(half), TCP_FIN);
}

static int note_urgent(struct tw_tcp *tcp, struct tw_half *half, uint32_t sequence,
		       const struct tw_segment *segment)
{
	if ((segment->flags & TW_TCP_URG) == 0 || segment->urgent == 0)
		return TW_OK;
	if (!tcp->settings.urgent_inline) {
		half->urgent_seen = true;
		half->urgent = sequence + segment->urgent - 1;
	}
	return tw_tcp_remark(tcp, tw_half_entry(half), TCP_URGENT);
}

static int take_new(struct tw_tcp *tcp, struct tw_half *half, uint32_t sequence,
		    struct tw_slice bytes)
{
	int status;
	if (sequence == half->next && nothing_waits(half) && !tcp->settings.overlap_last &&
	    !half->settling)
		status = take_next(tcp, half, bytes);
	else
		status = take_early(tcp, half, sequence, bytes);
	if (status == TW_OK)
		status = go_on(tcp, half);
	return status == TW_OK ? relieve(tcp, half) : status;
}

/* Nothing behind a FIN that was acknowledged is part of the stream. */
static uint32_t up_to_fin(const struct tw_half *half, uint32_t sequence, uint32_t length)
{
	if (!half->fin_seen || ahead(sequence + length, half->fin) <= 0)
		return length;
	int32_t left = ahead(half->fin, sequence);
	return left > 0 ? (uint32_t)left : 0;
}

int tw_half_data(struct tw_tcp *tcp, struct tw_half *half, uint32_t sequence,
		 const struct tw_segment *segment)
{
	struct tw_slice bytes = segment->payload;
	uint32_t length = segment->length;
	if (half->ended) {
		tcp->counts->after_close++;
		return TW_OK;
	}
	if (length == 1 && sequence + 1 == half->next && half->ack_seen &&
	    ahead(half->acked, half->next) >= 0) {
		tcp->counts->keep_alives++;
		return TW_OK;
	}
	int32_t in_front = ahead(half->next, sequence);
	if (half->settling && in_front > 0 && in_front <= SETTLE_MOST)
		half->begin = half->next = sequence;
	int status = contradict_fin(tcp, half, sequence + length);
	length = up_to_fin(half, sequence, length);
	bytes = tw_slice_part(bytes, 0, length);
	if (status == TW_OK)
		status = note_urgent(tcp, half, sequence, segment);
	if (ahead(sequence + length, half->top) > 0 && !out_of_window(half, sequence))
		half->top = sequence + length;
	if (status == TW_OK)
		status = take_old(tcp, half, &sequence, &bytes, &length);
	return status == TW_OK && bytes.length > 0 ? take_new(tcp, half, sequence, bytes) : status;
}

/*
 * An acknowledgement of what nobody can have sent yet is forged, or the capture has a
 * hole: then it comes again and again.
 */
static bool believable(struct tw_tcp *tcp, struct tw_half *half, uint32_t acked)
{
	uint32_t most = half->window > WINDOW_LEAST ? half->window : WINDOW_LEAST;
	if (ahead(acked, half->top) <= (int64_t)most) {
		half->strange = 0;
		return true;
	}
	tcp->counts->bad_acknowledgements++;
	if (++half->strange < STRANGE_MOST)
		return false;
	half->strange = 0;
	return true;
}

int tw_half_acknowledge(struct tw_tcp *tcp, struct tw_half *half, uint32_t acked,
			uint32_t window)
{
	if (!half->started)
		tw_half_start(half, acked);
	if (half->ended || !believable(tcp, half, acked))
		return TW_OK;
	int32_t in_front = ahead(half->next, acked);
	if (half->settling && in_front > 0 && in_front <= SETTLE_MOST)
		half->begin = half->next = acked; /* what is between is on its way */
	if (!half->ack_seen || ahead(acked, half->acked) > 0)
		half->acked = acked;
	if (!half->ack_seen || ahead(acked + window, half->edge) > 0)
		half->edge = acked + window;
	if (window > half->window)
		half->window = window;
	half->ack_seen = true;
	half->settling = false;
	return go_on(tcp, half);
}

int tw_half_fin(struct tw_tcp *tcp, struct tw_half *half, uint32_t sequence)
{
	if (half->ended || out_of_window(half, sequence) || ahead(sequence, half->next) < 0)
		return TW_OK;
	if (!half->fin_seen || !half->ack_seen || ahead(half->acked, half->fin) <= 0)
		half->fin = sequence;
	half->fin_seen = true;
	if (ahead(sequence, half->top) > 0)
		half->top = sequence;
	return go_on(tcp, half);
}

/*
 * Where the last acknowledged bytes were not seen, they are a gap. One byte alone is
 * the FIN that the capture has not.
 */
static uint32_t last_owed(const struct tw_half *half)
{
	uint32_t most = half->window > WINDOW_LEAST ? half->window : WINDOW_LEAST;
	int32_t missing = half->ack_seen ? ahead(owed(half), half->top) : 0;
	if (half->fin_seen && ahead(half->fin, half->top) >= 0)
		return half->fin;
	if (missing <= 1 || missing > (int64_t)most)
		return half->top;
	return owed(half);
}

int tw_half_flush(struct tw_tcp *tcp, struct tw_half *half, enum tw_stream_end how)
{
	struct tw_flow_entry *entry = tw_half_entry(half);
	int status = TW_OK;
	if (half->ended)
		return TW_OK;
	stop_waiting(tcp, half);
	if (half->started)
		status = purge(tcp, half);
	if (half->started && status == TW_OK)
		status = give_up_to(tcp, half, last_owed(half));
	if (half->fin_seen && half->next == half->fin)
		how = TW_STREAM_FIN;
	half->ended = true;
	tw_half_clear(tcp, half);
	if (status < 0 || !entry->opened)
		return status;
	return tcp->events.end(tcp->events.context, &entry->flow, half->direction, how, &tcp->at);
}
