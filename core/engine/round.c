/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/round.h"

#include <math.h>

void tw_round_begin(struct tw_round *round, unsigned shards, unsigned lanes)
{
	round->shards = shards;
	round->parts = shards + lanes;
	round->idle = (double)NAN;
}

void tw_round_clear(struct tw_round *round)
{
	for (unsigned i = 0; i <= round->parts; i++)
		tw_batch_clear(&round->batches[i]);
	round->packets = round->full = round->finish = false;
	round->idle = (double)NAN;
}

void tw_round_free(struct tw_round *round)
{
	for (unsigned i = 0; i <= round->parts; i++) {
		tw_batch_drop_origins(&round->batches[i], 0);
		tw_batch_free(&round->batches[i]);
	}
}

static bool is_used(const struct tw_batch *batch)
{
	return batch->packets.length > 0 || batch->items.length > 0;
}

bool tw_round_wants(const struct tw_round *round, unsigned part)
{
	bool shard = part < round->shards;
	return (shard && (round->finish || !isnan(round->idle))) || is_used(&round->batches[part]);
}

/* So a round has the memory of the parts used at once, and not of all that ever were. */
struct tw_batch *tw_round_batch(struct tw_round *round, unsigned part)
{
	struct tw_batch *batch = &round->batches[part];
	for (unsigned i = 0; i < round->parts && batch->packets.capacity == 0; i++) {
		struct tw_batch other = round->batches[i];
		if (other.packets.capacity == 0 || is_used(&other))
			continue;
		round->batches[i] = *batch;
		*batch = other;
	}
	return batch;
}

int tw_round_add(struct tw_round *round, unsigned shard, const struct tw_arrival *arrival,
		 size_t most)
{
	struct tw_buffer *packets = &tw_round_batch(round, shard)->packets;
	struct tw_slice bytes = arrival->layers.segment.bytes;
	struct tw_arrival head = *arrival;
	head.size = (sizeof(head) + bytes.length + arrival->packet.bytes.length + 7) & ~(size_t)7;
	if (tw_buffer_reserve(packets, head.size) < 0)
		return TW_ERROR_MEMORY;
	tw_buffer_append(packets, &head, sizeof(head));
	tw_buffer_append_slice(packets, bytes);
	tw_buffer_append_slice(packets, arrival->packet.bytes);
	tw_buffer_align(packets, 8);
	round->packets = true;
	round->full |= packets->length >= most;
	return TW_OK;
}

bool tw_round_next(const struct tw_batch *batch, size_t *position, struct tw_arrival *ret_arrival)
{
	struct tw_slice rest = tw_slice_from(tw_buffer_slice(&batch->packets), *position);
	if (rest.length < sizeof(*ret_arrival))
		return false;
	memcpy(ret_arrival, rest.data, sizeof(*ret_arrival));
	struct tw_segment *segment = &ret_arrival->layers.segment;
	struct tw_slice *whole = &ret_arrival->packet.bytes;
	size_t header = segment->bytes.length - segment->payload.length;
	segment->bytes = tw_slice_part(rest, sizeof(*ret_arrival), segment->bytes.length);
	segment->payload = ret_arrival->layers.bytes = tw_slice_from(segment->bytes, header);
	*whole = tw_slice_part(rest, sizeof(*ret_arrival) + segment->bytes.length, whole->length);
	*position += ret_arrival->size;
	return true;
}
