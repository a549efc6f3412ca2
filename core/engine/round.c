/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/round.h"

#include <math.h>

void tw_round_begin(struct tw_round *round, unsigned shards)
{
	*round = (struct tw_round){.shards = shards, .idle = (double)NAN};
}

void tw_round_clear(struct tw_round *round)
{
	for (unsigned i = 0; i <= round->shards; i++)
		tw_batch_clear(&round->batches[i]);
	round->packets = round->full = round->finish = false;
	round->idle = (double)NAN;
}

void tw_round_free(struct tw_round *round)
{
	for (unsigned i = 0; i <= round->shards; i++) {
		tw_batch_drop_origins(&round->batches[i], 0);
		tw_batch_free(&round->batches[i]);
	}
}

bool tw_round_wants(const struct tw_round *round, unsigned shard)
{
	const struct tw_batch *batch = &round->batches[shard];
	return round->finish || !isnan(round->idle) || batch->packets.length > 0 ||
	       batch->items.length > 0;
}

int tw_round_add(struct tw_round *round, unsigned shard, const struct tw_arrival *arrival,
		 size_t most)
{
	struct tw_buffer *packets = &round->batches[shard].packets;
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
