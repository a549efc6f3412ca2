/* SPDX-License-Identifier: Apache-2.0 */
#include "network/chunks.h"

#include <stdlib.h>

/* A piece that continues another is made larger than it is, for what follows. */
#define CONTINUED 16384u

static uint32_t end_of(const struct tw_chunk *chunk)
{
	return chunk->sequence + chunk->length;
}

static struct tw_chunk *insert_behind(struct tw_chunks *chunks, struct tw_chunk *before,
				      uint32_t sequence, struct tw_slice bytes,
				      const struct tw_chunks_put *how)
{
	uint32_t capacity = (uint32_t)bytes.length;
	if (before != NULL && before->next == NULL && end_of(before) == sequence &&
	    capacity < CONTINUED)
		capacity = CONTINUED;
	struct tw_chunk *chunk = malloc(sizeof(*chunk) + capacity);
	if (chunk == NULL)
		return NULL;
	chunk->sequence = sequence;
	chunk->length = (uint32_t)bytes.length;
	chunk->capacity = capacity;
	chunk->doubtful = how->doubtful;
	memcpy(chunk->bytes, bytes.data, bytes.length);
	struct tw_chunk **link = before == NULL ? &chunks->first : &before->next;
	chunk->next = *link;
	*link = chunk;
	if (chunk->next == NULL)
		chunks->last = chunk;
	chunks->held += (uint32_t)sizeof(*chunk) + capacity;
	chunks->pieces++;
	*how->memory += sizeof(*chunk) + capacity;
	return chunk;
}

/* The usual case: behind all that is there. */
static int append(struct tw_chunks *chunks, uint32_t sequence, struct tw_slice bytes,
		  const struct tw_chunks_put *how)
{
	struct tw_chunk *last = chunks->last;
	if (last != NULL && end_of(last) == sequence && last->length < last->capacity &&
	    last->doubtful == how->doubtful) {
		size_t room = last->capacity - last->length;
		struct tw_slice part = tw_slice_part(bytes, 0, room);
		memcpy(last->bytes + last->length, part.data, part.length);
		last->length += (uint32_t)part.length;
		sequence += (uint32_t)part.length;
		bytes = tw_slice_from(bytes, part.length);
	}
	if (bytes.length == 0)
		return 0;
	return insert_behind(chunks, last, sequence, bytes, how) == NULL ? TW_ERROR_MEMORY : 0;
}

/* Tells of the part of two slices of one length that differs. */
static void tell(struct tw_chunks_watch *watch, uint32_t sequence, struct tw_slice other,
		 const char *chosen)
{
	size_t start = 0, end = other.length;
	if (watch == NULL || watch->status < 0)
		return;
	while (other.data[start] == chosen[start])
		start++;
	while (other.data[end - 1] == chosen[end - 1])
		end--;
	watch->status = watch->other(watch->context, sequence + (uint32_t)start,
				     tw_slice_part(other, start, end - start));
}

/* Compares the front of `bytes` with the piece it lies in. Returns its length. */
static uint32_t compare(struct tw_chunk *chunk, uint32_t sequence, struct tw_slice bytes,
			const struct tw_chunks_put *how, int *differs)
{
	uint32_t at = sequence - chunk->sequence;
	struct tw_slice part = tw_slice_part(bytes, 0, chunk->length - at);
	if (memcmp(chunk->bytes + at, part.data, part.length) == 0)
		return (uint32_t)part.length;
	if (chunk->doubtful != how->doubtful) {
		if (chunk->doubtful)
			memcpy(chunk->bytes + at, part.data, part.length);
		return (uint32_t)part.length;
	}
	*differs = 1;
	if (how->replace) {
		tell(how->watch, sequence, tw_slice(chunk->bytes + at, part.length), part.data);
		memcpy(chunk->bytes + at, part.data, part.length);
	} else {
		tell(how->watch, sequence, part, chunk->bytes + at);
	}
	return (uint32_t)part.length;
}

/* The result of a comparison. */
static int outcome(const struct tw_chunks_watch *watch, int differs)
{
	return watch != NULL && watch->status < 0 ? watch->status : differs;
}

int tw_chunks_put(struct tw_chunks *chunks, uint32_t sequence, struct tw_slice bytes,
		  const struct tw_chunks_put *how)
{
	struct tw_chunk *before = NULL, *at = chunks->first;
	int differs = 0;
	if (at == NULL || tw_sequence_ahead(sequence, end_of(chunks->last)) >= 0)
		return append(chunks, sequence, bytes, how);
	while (bytes.length > 0) {
		uint32_t step;
		if (at != NULL && tw_sequence_ahead(sequence, end_of(at)) >= 0) {
			before = at;
			at = at->next;
			continue;
		}
		if (at != NULL && tw_sequence_ahead(sequence, at->sequence) >= 0) {
			step = compare(at, sequence, bytes, how, &differs);
		} else {
			size_t room = at == NULL ? SIZE_MAX : at->sequence - sequence;
			struct tw_slice part = tw_slice_part(bytes, 0, room);
			before = insert_behind(chunks, before, sequence, part, how);
			if (before == NULL)
				return TW_ERROR_MEMORY;
			step = (uint32_t)part.length;
		}
		sequence += step;
		bytes = tw_slice_from(bytes, step);
	}
	return outcome(how->watch, differs);
}

int tw_chunks_differ(const struct tw_chunks *chunks, uint32_t sequence, struct tw_slice bytes,
		     struct tw_chunks_watch *watch)
{
	const struct tw_chunks_put how = {.watch = watch};
	int differs = 0;
	for (struct tw_chunk *at = chunks->first; at != NULL && bytes.length > 0; at = at->next) {
		int32_t in_front = tw_sequence_ahead(at->sequence, sequence);
		if (in_front > 0) {
			bytes = tw_slice_from(bytes, (size_t)in_front);
			sequence = at->sequence;
		}
		if (bytes.length == 0 || tw_sequence_ahead(sequence, end_of(at)) >= 0)
			continue;
		at->doubtful = false; /* it was handed on */
		uint32_t step = compare(at, sequence, bytes, &how, &differs);
		sequence += step;
		bytes = tw_slice_from(bytes, step);
	}
	return outcome(watch, differs);
}

/* The piece a number lies in or in front of; NULL: it is behind all. */
static const struct tw_chunk *find(const struct tw_chunks *chunks, uint32_t sequence)
{
	const struct tw_chunk *at = chunks->first;
	if (at == NULL || tw_sequence_ahead(sequence, end_of(chunks->last)) >= 0)
		return NULL;
	while (tw_sequence_ahead(sequence, end_of(at)) >= 0)
		at = at->next;
	return at;
}

struct tw_slice tw_chunks_at(const struct tw_chunks *chunks, uint32_t sequence)
{
	const struct tw_chunk *at = find(chunks, sequence);
	if (at == NULL || tw_sequence_ahead(at->sequence, sequence) > 0)
		return tw_slice(NULL, 0);
	return tw_slice_from(tw_slice(at->bytes, at->length), sequence - at->sequence);
}

bool tw_chunks_next(const struct tw_chunks *chunks, uint32_t sequence, uint32_t *ret_sequence)
{
	const struct tw_chunk *at = find(chunks, sequence);
	if (at == NULL)
		return false;
	*ret_sequence = tw_sequence_ahead(at->sequence, sequence) > 0 ? at->sequence : sequence;
	return true;
}

static void release(struct tw_chunks *chunks, struct tw_chunk *chunk, uint64_t *memory)
{
	chunks->held -= (uint32_t)sizeof(*chunk) + chunk->capacity;
	chunks->pieces--;
	*memory -= sizeof(*chunk) + chunk->capacity;
	free(chunk);
}

static void remove_first(struct tw_chunks *chunks, uint64_t *memory)
{
	struct tw_chunk *first = chunks->first;
	chunks->first = first->next;
	if (chunks->first == NULL)
		chunks->last = NULL;
	release(chunks, first, memory);
}

uint32_t tw_chunks_trim(struct tw_chunks *chunks, uint32_t sequence, uint64_t *memory)
{
	uint32_t bytes = 0;
	while (chunks->first != NULL && tw_sequence_ahead(sequence, end_of(chunks->first)) >= 0) {
		bytes += chunks->first->length;
		remove_first(chunks, memory);
	}
	return bytes;
}

bool tw_chunks_purge(struct tw_chunks *chunks, uint32_t sequence, uint64_t *memory)
{
	struct tw_chunk **link = &chunks->first, *before = NULL;
	uint32_t pieces = chunks->pieces;
	while (*link != NULL) {
		struct tw_chunk *at = *link;
		if (!at->doubtful || tw_sequence_ahead(at->sequence, sequence) <= 0) {
			before = at;
			link = &at->next;
			continue;
		}
		*link = at->next;
		if (at->next == NULL)
			chunks->last = before;
		release(chunks, at, memory);
	}
	return chunks->pieces != pieces;
}

void tw_chunks_clear(struct tw_chunks *chunks, uint64_t *memory)
{
	while (chunks->first != NULL)
		remove_first(chunks, memory);
}
