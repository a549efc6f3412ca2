/* SPDX-License-Identifier: Apache-2.0 */
#include "text/code_index.h"

#include <stdlib.h>

#include "base/hash.h"
#include "tidewaiter/status.h"

/* FNV-1a, because every prefix's hash falls out on the way. */
#define HASH_START 0xcbf29ce484222325u
#define HASH_PRIME 0x100000001b3u

static bool counts(char byte)
{
	return byte != ' ' && byte != '.' && byte != '\t';
}

static char capital(char byte)
{
	return byte >= 'a' && byte <= 'z' ? (char)(byte - 'a' + 'A') : byte;
}

/* Hash and length of what counts of a code. */
static uint64_t hash_code(struct tw_slice code, size_t *ret_length)
{
	uint64_t hash = HASH_START;
	*ret_length = 0;
	for (size_t i = 0; i < code.length; i++) {
		if (!counts(code.data[i]))
			continue;
		hash = (hash ^ (unsigned char)capital(code.data[i])) * HASH_PRIME;
		++*ret_length;
	}
	return hash;
}

/* Whether the first `length` letters that count of `code` are those of `cell`, all of them. */
static bool equal(struct tw_slice cell, struct tw_slice code, size_t length)
{
	size_t at = 0;
	/* Most are asked for as they are written. */
	if (cell.length == length && code.length == length &&
	    memcmp(cell.data, code.data, length) == 0)
		return true;
	for (size_t i = 0; i < cell.length; i++) {
		if (!counts(cell.data[i]))
			continue;
		while (at < code.length && !counts(code.data[at]))
			at++;
		if (length == 0 || at == code.length ||
		    capital(code.data[at]) != capital(cell.data[i]))
			return false;
		at++;
		length--;
	}
	return length == 0;
}

static int probe(const struct tw_code_index *index, struct tw_slice code, uint64_t hash,
		 size_t length)
{
	if (index->slots == NULL)
		return -1;
	for (uint32_t at = (uint32_t)tw_hash_mix(hash) & index->mask; index->slots[at] != 0;
	     at = (at + 1) & index->mask) {
		uint32_t row = index->slots[at] - 1;
		if (equal(index->cells[(size_t)row * index->stride], code, length))
			return (int)row;
	}
	return -1;
}

static void add(struct tw_code_index *index, uint32_t row)
{
	struct tw_slice cell = index->cells[(size_t)row * index->stride];
	size_t length = 0;
	uint64_t hash = hash_code(cell, &length);
	if (length == 0 || probe(index, cell, hash, length) >= 0)
		return;
	uint32_t at = (uint32_t)tw_hash_mix(hash) & index->mask;
	while (index->slots[at] != 0)
		at = (at + 1) & index->mask;
	index->slots[at] = row + 1;
	if (length <= TW_CODE_LIMIT)
		index->lengths |= (uint64_t)1 << (length - 1);
}

int tw_code_index_build(const struct tw_slice *cells, unsigned stride, unsigned row_count,
			struct tw_code_index *ret_index)
{
	uint32_t size = 4;
	while (size < row_count * 2u)
		size *= 2;
	struct tw_code_index index = {.cells = cells, .stride = stride, .row_count = row_count,
				      .mask = size - 1};
	index.slots = calloc(size, sizeof(uint32_t));
	if (index.slots == NULL)
		return TW_ERROR_MEMORY;
	for (uint32_t row = 0; row < row_count; row++)
		add(&index, row);
	*ret_index = index;
	return TW_OK;
}

void tw_code_index_free(struct tw_code_index *index)
{
	free(index->slots);
	*index = (struct tw_code_index){0};
}

int tw_code_index_find(const struct tw_code_index *index, struct tw_slice code)
{
	size_t length = 0;
	uint64_t hash = hash_code(code, &length);
	return length == 0 ? -1 : probe(index, code, hash, length);
}

int tw_code_index_prefix(const struct tw_code_index *index, struct tw_slice code)
{
	uint64_t hashes[TW_CODE_LIMIT];
	uint64_t hash = HASH_START;
	size_t length = 0;
	for (size_t i = 0; i < code.length && length < TW_CODE_LIMIT; i++) {
		if (!counts(code.data[i]))
			continue;
		hash = (hash ^ (unsigned char)capital(code.data[i])) * HASH_PRIME;
		hashes[length++] = hash;
	}
	for (; length > 0; length--) {
		if ((index->lengths >> (length - 1) & 1) == 0)
			continue;
		int row = probe(index, code, hashes[length - 1], length);
		if (row >= 0)
			return row;
	}
	return -1;
}
