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
	struct tw_scan_value *value = (struct tw_scan_value *)(void *)scratch->values.data;
	for (uint32_t i = 0; i < consignment->entry_count; i++) {
		const struct tw_entry *entry = &consignment->entries[i];
		uint8_t scopes = entry->field < TW_FIELD_LIMIT ? SCOPES[entry->field] : 0;
		if (scopes == 0 || entry->length == 0)
			continue;
		*value++ = (struct tw_scan_value){.value = i,
						  .text_start = entry->start,
						  .text_length = entry->length,
						  .scopes = scopes};
		uint32_t end = entry->start + entry->length;
		extent.start = entry->start < extent.start ? entry->start : extent.start;
		extent.end = end > extent.end ? end : extent.end;
		extent.scanned += entry->length;
	}
	scratch->value_count =
		(uint32_t)(value - (const struct tw_scan_value *)(const void *)scratch->values.data);
	scratch->bytes += extent.scanned;
	return extent;
}

static void fold_area(struct tw_scan_scratch *scratch, const char *texts, struct extent extent)
{
	size_t length = extent.end - extent.start;
	tw_area_fold(tw_slice(texts + extent.start, length), scratch->folded.data,
		     (struct tw_area_bits *)(void *)scratch->bits.data);
}

/* 64 bits of one kind from any bit on; a spare block stands behind the last. */
static inline uint64_t bits_from(uint64_t here, uint64_t next, unsigned shift)
{
	return here >> shift | (next << 1) << (63 - shift);
}

static inline uint32_t lowest(uint64_t word)
{
	return (uint32_t)__builtin_ctzll(word);
}

/* Where the next token goes. There is room for all that the values can give. */
struct token_writer {
	struct tw_scan_token *token;
	char *joined;
	uint32_t at; /* of `joined` */
	const char *folded; /* of the value's first byte */
};

static inline void write_token(struct token_writer *writer, uint32_t start, uint32_t end)
{
	uint32_t length = end - start;
	*writer->token++ = (struct tw_scan_token){start, end, writer->at, length};
	memcpy(writer->joined + writer->at, writer->folded + start, SCAN_SPARE);
	if (length > SCAN_SPARE)
		memcpy(writer->joined + writer->at, writer->folded + start, length);
	writer->at += length;
}

/*
 * Writes the tokens of an ASCII value. An edge is where letter and other meet, so
 * each bit of (word ^ word << 1) is one, and starts and ends take turns. False,
 * with nothing said of the writer, where a byte above 0x7f stands in the value.
 */
static inline bool write_value(struct token_writer *writer, const struct tw_area_bits *bits,
			       uint32_t base, uint32_t text_length)
{
	uint64_t carry = 0;
	uint32_t start = 0;
	for (uint32_t at = 0; at < text_length; at += 64) {
		uint32_t place = base + at;
		const struct tw_area_bits *block = bits + place / 64;
		unsigned shift = place % 64;
		uint32_t left = text_length - at;
		uint64_t mask = left >= 64 ? UINT64_MAX : ((uint64_t)1 << left) - 1;
		if ((bits_from(block[0].high, block[1].high, shift) & mask) != 0)
			return false;
		uint64_t letters = bits_from(block[0].letters, block[1].letters, shift) & mask;
		uint64_t edges = letters ^ (letters << 1 | carry);
		if (carry != 0 && edges != 0) {
			write_token(writer, start, at + lowest(edges));
			edges &= edges - 1;
		}
		while ((edges & (edges - 1)) != 0) {
			uint64_t second = edges & (edges - 1);
			write_token(writer, at + lowest(edges), at + lowest(second));
			edges = second & (second - 1);
		}
		if (edges != 0)
			start = at + lowest(edges);
		carry = letters >> 63;
	}
	/* It ends with the value and a block of 64. */
	if (carry != 0)
		write_token(writer, start, text_length);
	return true;
}

/* Room for what `bytes` of ASCII in some values can give, behind what is there. */
static int reserve(struct tw_scan_scratch *scratch, uint64_t bytes, uint32_t values)
{
	size_t letters = (size_t)bytes + values + 2 * SCAN_SPARE;
	size_t tokens = (size_t)bytes / 2 + values; /* one for two bytes, and for an odd one */
	if (scratch->joined.length + letters > UINT32_MAX / 2)
		return TW_ERROR_LIMIT;
	if (tw_buffer_reserve(&scratch->joined, letters) < 0 ||
	    tw_buffer_reserve(&scratch->tokens, tokens * sizeof(struct tw_scan_token)) < 0)
		return TW_ERROR_MEMORY;
	return TW_OK;
}

static struct token_writer begin_tokens(const struct tw_scan_scratch *scratch)
{
	return (struct token_writer){
		.token = (struct tw_scan_token *)(void *)(scratch->tokens.data +
							  scratch->tokens.length),
		.joined = scratch->joined.data,
		.at = (uint32_t)scratch->joined.length,
	};
}

static uint32_t count_tokens(const struct tw_scan_scratch *scratch, const struct token_writer *writer)
{
	return (uint32_t)(writer->token - tw_scan_tokens(scratch));
}

static void end_tokens(struct tw_scan_scratch *scratch, const struct token_writer *writer)
{
	scratch->joined.length = writer->at;
	scratch->tokens.length = count_tokens(scratch, writer) * sizeof(struct tw_scan_token);
}

/* Writes a wide value behind what is there, and makes room for the rest again. */
static int write_wide(struct tw_scan_scratch *scratch, struct tw_scan_value *value, uint64_t bytes,
		      struct token_writer *writer)
{
	value->wide = true;
	end_tokens(scratch, writer);
	int status = tw_scan_gather_wide(scratch, value);
	if (status == TW_OK)
		status = reserve(scratch, bytes, scratch->value_count);
	if (status == TW_OK)
		*writer = begin_tokens(scratch);
	return status;
}

static int write_values(struct tw_scan_scratch *scratch, struct extent extent)
{
	struct tw_scan_value *values = (struct tw_scan_value *)(void *)scratch->values.data;
	const struct tw_area_bits *bits = (const struct tw_area_bits *)(const void *)scratch->bits.data;
	struct token_writer writer = begin_tokens(scratch);
	for (uint32_t i = 0; i < scratch->value_count; i++) {
		struct tw_scan_value *value = &values[i];
		uint32_t base = value->text_start - extent.start;
		struct token_writer before = writer;
		value->first_token = count_tokens(scratch, &writer);
		writer.folded = scratch->folded.data + base;
		if (!write_value(&writer, bits, base, value->text_length)) {
			int status = write_wide(scratch, value, extent.scanned, &before);
			if (status < 0)
				return status;
			writer = before;
		}
		writer.joined[writer.at++] = '\n';
	}
	scratch->token_count = count_tokens(scratch, &writer);
	values[scratch->value_count].first_token = scratch->token_count;
	memset(writer.joined + writer.at, 0, SCAN_SPARE);
	end_tokens(scratch, &writer);
	return TW_OK;
}

int tw_scan_gather(struct tw_scan_scratch *scratch, const struct tw_consignment *consignment)
{
	size_t values = ((size_t)consignment->entry_count + 1) * sizeof(struct tw_scan_value);
	tw_buffer_clear(&scratch->values);
	tw_buffer_clear(&scratch->folded);
	tw_buffer_clear(&scratch->bits);
	tw_buffer_clear(&scratch->joined);
	tw_buffer_clear(&scratch->tokens);
	scratch->texts = consignment->texts;
	scratch->token_count = 0;
	if (tw_buffer_reserve(&scratch->values, values) < 0)
		return TW_ERROR_MEMORY;
	struct extent extent = collect_values(scratch, consignment);
	if (scratch->value_count == 0)
		return TW_OK;
	size_t blocks = tw_area_blocks(extent.end - extent.start) + 1;
	if (tw_buffer_reserve(&scratch->folded, blocks * TW_AREA_BLOCK + SCAN_SPARE) < 0 ||
	    tw_buffer_reserve(&scratch->bits, blocks * sizeof(struct tw_area_bits)) < 0)
		return TW_ERROR_MEMORY;
	fold_area(scratch, consignment->texts, extent);
	int status = reserve(scratch, extent.scanned, scratch->value_count);
	return status < 0 ? status : write_values(scratch, extent);
}
