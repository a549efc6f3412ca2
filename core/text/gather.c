/* SPDX-License-Identifier: Apache-2.0 */
#include "text/area.h"
#include "text/scan_private.h"

#define KIND_no 0
#define KIND_text TW_SCOPE_TEXT
#define KIND_party TW_SCOPE_PARTY
#define KIND_raw (TW_SCOPE_TEXT | TW_SCOPE_PARTY)

/* The scan column of the field table: which scopes a field's values have. */
static const uint8_t SCOPES[TW_FIELD_LIMIT] = {
#define TW_FIELD(id, NAME, group, type, unit, repeat, json, keyword, scan) [id] = KIND_##scan,
#include "tidewaiter/fields.def"
#undef TW_FIELD
};

/* The part of the texts in which all scanned values stand. */
struct extent {
	uint32_t start, end;
	uint64_t scanned; /* bytes of all values */
};

static struct extent collect_values(struct tw_scan_scratch *scratch,
				    const struct tw_consignment *consignment)
{
	struct extent extent = {UINT32_MAX, 0, 0};
	struct tw_scan_value *values = (struct tw_scan_value *)(void *)scratch->values.data;
	uint32_t count = 0;
	for (uint32_t i = 0; i < consignment->entry_count; i++) {
		const struct tw_entry *entry = &consignment->entries[i];
		uint8_t scopes = entry->field < TW_FIELD_LIMIT ? SCOPES[entry->field] : 0;
		if (scopes == 0 || entry->length == 0)
			continue;
		values[count++] = (struct tw_scan_value){.value = i,
							 .text_start = entry->start,
							 .text_length = entry->length,
							 .scopes = scopes};
		uint32_t end = entry->start + entry->length;
		extent.start = entry->start < extent.start ? entry->start : extent.start;
		extent.end = end > extent.end ? end : extent.end;
		extent.scanned += entry->length;
	}
	scratch->value_count = count;
	scratch->bytes += extent.scanned;
	return extent;
}

static void fold_area(struct tw_scan_scratch *scratch, const char *texts, struct extent extent)
{
	size_t length = extent.end - extent.start;
	tw_area_fold(tw_slice(texts + extent.start, length), scratch->folded.data,
		     (struct tw_area_bits *)(void *)scratch->bits.data);
	scratch->folded.length = length;
}

/* 64 bits of one kind from any bit on; a spare block stands behind the last. */
static inline uint64_t bits_from(uint64_t here, uint64_t next, unsigned shift)
{
	return here >> shift | (next << 1) << (63 - shift);
}

/* Bits set in a word; the plain x86-64 has no instruction for it. */
static inline unsigned count_bits(uint64_t word)
{
	word -= word >> 1 & 0x5555555555555555u;
	word = (word & 0x3333333333333333u) + (word >> 2 & 0x3333333333333333u);
	word = (word + (word >> 4)) & 0x0f0f0f0f0f0f0f0fu;
	return (unsigned)((word * 0x0101010101010101u) >> 56);
}

/* Edges written at a time, whether there are so many or not: spares a branch for each. */
#define EDGES_AT_ONCE 4u

/* The lowest set bit; any place where there is none. */
static inline uint32_t lowest(uint64_t word)
{
	return (uint32_t)__builtin_ctzll(word | (uint64_t)1 << 63);
}

/* Writes the places of the set bits, and up to three of no meaning behind them. */
static inline unsigned write_edges(uint64_t changes, uint32_t place, uint32_t *edges)
{
	unsigned count = count_bits(changes);
	for (unsigned done = 0; done < count; done += EDGES_AT_ONCE) {
		uint64_t second = changes & (changes - 1);
		uint64_t third = second & (second - 1);
		uint64_t fourth = third & (third - 1);
		edges[done] = place + lowest(changes);
		edges[done + 1] = place + lowest(second);
		edges[done + 2] = place + lowest(third);
		edges[done + 3] = place + lowest(fourth);
		changes = fourth & (fourth - 1);
	}
	return count;
}

/*
 * Writes the edges of the tokens of an ASCII value; returns how many, or SIZE_MAX
 * where a byte above 0x7f stands in it. An edge is where letter and other meet,
 * so each bit of (word ^ word << 1) is one.
 */
static size_t edges_of(const struct tw_area_bits *bits, const struct tw_scan_value *value,
		       uint32_t *edges)
{
	size_t count = 0;
	uint64_t carry = 0;
	for (uint32_t at = 0; at < value->text_length; at += 64) {
		uint32_t place = value->base + at;
		const struct tw_area_bits *block = bits + place / 64;
		unsigned shift = place % 64;
		uint32_t left = value->text_length - at;
		uint64_t mask = left >= 64 ? UINT64_MAX : ((uint64_t)1 << left) - 1;
		if ((bits_from(block[0].high, block[1].high, shift) & mask) != 0)
			return SIZE_MAX;
		uint64_t letters = bits_from(block[0].letters, block[1].letters, shift) & mask;
		count += write_edges(letters ^ (letters << 1 | carry), place, edges + count);
		carry = letters >> 63;
	}
	/* A token that ends with the value and a block has no edge yet. */
	if (count % 2 != 0)
		edges[count++] = value->base + value->text_length;
	return count;
}

static int find_tokens(struct tw_scan_scratch *scratch, struct extent extent)
{
	struct tw_scan_value *values = (struct tw_scan_value *)(void *)scratch->values.data;
	const struct tw_area_bits *bits = (const struct tw_area_bits *)(const void *)scratch->bits.data;
	tw_buffer_clear(&scratch->edges);
	tw_buffer_clear(&scratch->origins);
	for (uint32_t i = 0; i < scratch->value_count; i++) {
		struct tw_scan_value *value = &values[i];
		value->base = value->text_start - extent.start;
		value->first_token = (uint32_t)(scratch->edges.length / (2 * sizeof(uint32_t)));
		/* At most one token for two bytes. */
		size_t room = ((size_t)value->text_length + 2 + EDGES_AT_ONCE) * sizeof(uint32_t);
		if (tw_buffer_reserve(&scratch->edges, room) < 0)
			return TW_ERROR_MEMORY;
		uint32_t *edges = (uint32_t *)(void *)(scratch->edges.data + scratch->edges.length);
		size_t count = edges_of(bits, value, edges);
		int status = TW_OK;
		if (count == SIZE_MAX)
			status = tw_scan_gather_wide(scratch, value);
		else
			scratch->edges.length += count * sizeof(uint32_t);
		if (status < 0)
			return status;
	}
	scratch->token_count = (uint32_t)(scratch->edges.length / (2 * sizeof(uint32_t)));
	return TW_OK;
}

/* Bytes copied beyond a token: most tokens then are one load and one store. */
#define COPY 16u

static int join_tokens(struct tw_scan_scratch *scratch, struct extent extent)
{
	uint32_t tokens = scratch->token_count;
	/* Values of a record that is not ours could overlap: count what each of them can give. */
	size_t room = scratch->folded.length + extent.scanned + scratch->value_count + 2 * COPY;
	if (room > UINT32_MAX)
		return TW_ERROR_LIMIT;
	tw_buffer_clear(&scratch->joined);
	tw_buffer_clear(&scratch->joined_at);
	if (tw_buffer_reserve(&scratch->joined, room) < 0 ||
	    tw_buffer_reserve(&scratch->folded, 2 * COPY) < 0 ||
	    tw_buffer_reserve(&scratch->joined_at, (tokens + (size_t)1) * sizeof(uint32_t)) < 0)
		return TW_ERROR_MEMORY;
	const struct tw_scan_value *values = tw_scan_values(scratch);
	const uint32_t *edges = tw_scan_edges(scratch);
	const char *folded = scratch->folded.data;
	char *joined = scratch->joined.data;
	uint32_t *joined_at = (uint32_t *)(void *)scratch->joined_at.data;
	uint32_t at = 0;
	uint32_t token = 0;
	for (uint32_t i = 0; i < scratch->value_count; i++) {
		uint32_t last = i + 1 < scratch->value_count ? values[i + 1].first_token : tokens;
		for (; token < last; token++) {
			uint32_t start = edges[2 * (size_t)token];
			uint32_t length = edges[2 * (size_t)token + 1] - start;
			joined_at[token] = at;
			memcpy(joined + at, folded + start, COPY);
			if (length > COPY)
				memcpy(joined + at, folded + start, length);
			at += length;
		}
		joined[at++] = '\n';
	}
	joined_at[tokens] = at;
	memset(joined + at, 0, COPY);
	scratch->joined.length = at;
	return TW_OK;
}

int tw_scan_gather(struct tw_scan_scratch *scratch, const struct tw_consignment *consignment)
{
	size_t values = (size_t)consignment->entry_count * sizeof(struct tw_scan_value);
	tw_buffer_clear(&scratch->values);
	tw_buffer_clear(&scratch->folded);
	tw_buffer_clear(&scratch->bits);
	scratch->texts = consignment->texts;
	scratch->token_count = 0;
	if (tw_buffer_reserve(&scratch->values, values) < 0)
		return TW_ERROR_MEMORY;
	struct extent extent = collect_values(scratch, consignment);
	if (scratch->value_count == 0)
		return TW_OK;
	size_t blocks = tw_area_blocks(extent.end - extent.start) + 1;
	if (tw_buffer_reserve(&scratch->folded, blocks * TW_AREA_BLOCK) < 0 ||
	    tw_buffer_reserve(&scratch->bits, blocks * sizeof(struct tw_area_bits)) < 0)
		return TW_ERROR_MEMORY;
	fold_area(scratch, consignment->texts, extent);
	int status = find_tokens(scratch, extent);
	return status < 0 ? status : join_tokens(scratch, extent);
}
