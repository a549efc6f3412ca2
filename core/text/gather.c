/* SPDX-License-Identifier: Apache-2.0 */
#include "text/area.h"
#include "text/scan_private.h"

/* The scan column of the field table: the fields of each section. */
#define TEXT_text(id) id,
#define TEXT_raw(id)
#define TEXT_party(id)
#define TEXT_no(id)
#define RAW_text(id)
#define RAW_raw(id) id,
#define RAW_party(id)
#define RAW_no(id)
#define PARTY_text(id)
#define PARTY_raw(id)
#define PARTY_party(id) id,
#define PARTY_no(id)
static const uint8_t TEXT_FIELDS[] = {
#define TW_FIELD(id, NAME, group, type, unit, repeat, json, keyword, scan) TEXT_##scan(id)
#include "tidewaiter/fields.def"
#undef TW_FIELD
};
static const uint8_t RAW_FIELDS[] = {
#define TW_FIELD(id, NAME, group, type, unit, repeat, json, keyword, scan) RAW_##scan(id)
#include "tidewaiter/fields.def"
#undef TW_FIELD
};
static const uint8_t PARTY_FIELDS[] = {
#define TW_FIELD(id, NAME, group, type, unit, repeat, json, keyword, scan) PARTY_##scan(id)
#include "tidewaiter/fields.def"
#undef TW_FIELD
};
static const struct {
	const uint8_t *fields;
	unsigned count;
} SCANNED[TW_SECTION_COUNT] = {{TEXT_FIELDS, sizeof(TEXT_FIELDS)},
			       {RAW_FIELDS, sizeof(RAW_FIELDS)},
			       {PARTY_FIELDS, sizeof(PARTY_FIELDS)}};

static const uint8_t SCOPES[TW_SECTION_COUNT] = {TW_SCOPE_TEXT, TW_SCOPE_TEXT | TW_SCOPE_PARTY,
						 TW_SCOPE_PARTY};

/* Texts are copied so many bytes at a time: most are one. More than SCAN_SPARE. */
#define COPY_SPARE 32u

/* ---- values ------------------------------------------------------------------------ */

/* Where values are put. */
struct places {
	struct tw_scan_value *value;
	size_t at;  /* of the view */
	size_t end; /* of the last of the texts */
};

/* The values of one field, empty ones left out. */
static void place_values(const struct tw_consignment *consignment, unsigned field, uint8_t scopes,
			 struct places *places)
{
	for (uint32_t next = consignment->first[field]; next != 0;) {
		const struct tw_entry *entry = &consignment->entries[next - 1];
		size_t behind = (size_t)entry->start + entry->length;
		uint32_t value = next - 1;
		next = entry->next;
		if (entry->length == 0)
			continue;
		*places->value++ = (struct tw_scan_value){.value = value,
							  .text_start = entry->start,
							  .start = (uint32_t)places->at,
							  .length = entry->length,
							  .scopes = scopes};
		places->at += (size_t)entry->length + 1;
		places->end = behind > places->end ? behind : places->end;
	}
}

/* Of one section; it begins with a block, and so does what comes behind it. */
static void place_section(struct tw_scan_scratch *scratch, unsigned number, struct places *places)
{
	const struct tw_scan_value *value = places->value;
	size_t before = places->at;
	for (unsigned field = 0; field < SCANNED[number].count; field++)
		place_values(&scratch->consignment, SCANNED[number].fields[field], SCOPES[number],
			     places);
	size_t end = places->at;
	places->at = tw_area_blocks(end) * TW_AREA_BLOCK;
	scratch->bytes += end - before - (size_t)(places->value - value);
	scratch->sections[number] = (struct tw_scan_section){
		.first = (uint32_t)(before / TW_AREA_BLOCK),
		.last = (uint32_t)(places->at / TW_AREA_BLOCK),
		.end = (uint32_t)end};
}

/* Returns where the next value would stand, and the end of the last of the texts. */
static struct places place_sections(struct tw_scan_scratch *scratch,
				    struct tw_scan_sections sections)
{
	struct tw_scan_value *values = (struct tw_scan_value *)(void *)scratch->values.data;
	struct places places = {.value = values + scratch->value_count, .at = scratch->view.length};
	for (unsigned i = sections.first; i < sections.last; i++)
		place_section(scratch, i, &places);
	return places;
}

/* `readable`: so many bytes may be read, and what stands there behind the text is of no matter. */
static inline void copy_text(char *to, const char *from, size_t length, size_t readable)
{
	if (readable < length + COPY_SPARE) {
		memcpy(to, from, length);
		return;
	}
	for (size_t i = 0; i < length; i += COPY_SPARE)
		memcpy(to + i, from + i, COPY_SPARE);
}

/*
 * Puts the texts into the view, and blanks behind the last of each section to the
 * end of its block.
 */
static int copy_values(struct tw_scan_scratch *scratch, struct tw_scan_sections sections,
		       const struct places *places)
{
	const struct tw_scan_value *value = tw_scan_values(scratch) + scratch->value_count;
	if (tw_buffer_reserve(&scratch->view, places->at - scratch->view.length + TW_AREA_BLOCK +
						      COPY_SPARE) < 0)
		return TW_ERROR_MEMORY;
	char *view = scratch->view.data;
	for (; value < places->value; value++) {
		copy_text(view + value->start, scratch->consignment.texts + value->text_start,
			  value->length, places->end - value->text_start);
		view[value->start + value->length] = '\n';
	}
	for (unsigned i = sections.first; i < sections.last; i++) {
		const struct tw_scan_section *section = &scratch->sections[i];
		memset(view + section->end, ' ', section->last * (size_t)TW_AREA_BLOCK - section->end);
	}
	scratch->value_count = (uint32_t)(places->value - tw_scan_values(scratch));
	scratch->view.length = places->at;
	return TW_OK;
}

/* ---- tokens ------------------------------------------------------------------------ */

/* `bits` without a value. */
static void take_away(uint64_t *bits, const struct tw_scan_value *value)
{
	uint32_t end = value->start + value->length;
	uint32_t first = value->start / 64;
	uint32_t last = end / 64;
	for (uint32_t block = first; block <= last; block++) {
		uint64_t mask = block == first ? UINT64_MAX << value->start % 64 : UINT64_MAX;
		mask &= block == last ? ~(UINT64_MAX << end % 64) : UINT64_MAX;
		bits[block] &= ~mask;
	}
}

/*
 * The bits of the values that are ASCII, from `first` on: the others' tokens are
 * found otherwise. Behind `block` stand theirs. NULL: no memory.
 */
static const uint64_t *set_wide_apart(struct tw_scan_scratch *scratch, uint32_t first, size_t block)
{
	struct tw_scan_value *values = (struct tw_scan_value *)(void *)scratch->values.data;
	size_t blocks = scratch->view.length / TW_AREA_BLOCK;
	if (tw_buffer_reserve(&scratch->narrow, blocks * sizeof(uint64_t)) < 0)
		return NULL;
	uint64_t *narrow = (uint64_t *)(void *)scratch->narrow.data;
	memcpy(narrow + block, (const uint64_t *)(const void *)scratch->bits.data + block,
	       (blocks - block) * sizeof(*narrow));
	for (uint32_t i = first; i < scratch->value_count; i++) {
		struct tw_slice text = tw_slice(scratch->view.data + values[i].start, values[i].length);
		values[i].wide = tw_area_wide(text);
		if (values[i].wide)
			take_away(narrow, &values[i]);
	}
	return narrow;
}

/* Where tokens are written. There is room for all that ASCII can give. */
struct writer {
	const char *view;
	uint32_t *edge, *offset;
	char *joined;
	uint32_t at; /* of `joined` */
};

static inline void write_token(struct writer *writer, uint32_t start, uint32_t end)
{
	uint32_t length = end - start;
	*writer->offset++ = writer->at;
	writer->edge[0] = start;
	writer->edge[1] = end;
	writer->edge += 2;
	memcpy(writer->joined + writer->at, writer->view + start, SCAN_SPARE);
	if (length > SCAN_SPARE)
		memcpy(writer->joined + writer->at, writer->view + start, length);
	writer->at += length;
}

/*
 * An edge is where letter and other meet, so each bit of (word ^ word << 1) is
 * one, and starts and ends take turns. Something else stands behind each value,
 * so there is an end to every start.
 */
static void write_section(struct writer *to, const uint64_t *bits,
			  const struct tw_scan_section *section)
{
	struct writer writer = *to;
	uint64_t carry = 0;
	uint32_t start = 0;
	for (uint32_t block = section->first; block < section->last; block++) {
		uint32_t base = block * TW_AREA_BLOCK;
		uint64_t letters = bits[block];
		uint64_t left = letters ^ (letters << 1 | carry);
		if (carry != 0 && left != 0) {
			write_token(&writer, start, base + (uint32_t)__builtin_ctzll(left));
			left &= left - 1;
		}
		while ((left & (left - 1)) != 0) {
			uint64_t second = left & (left - 1);
			write_token(&writer, base + (uint32_t)__builtin_ctzll(left),
				    base + (uint32_t)__builtin_ctzll(second));
			left = second & (second - 1);
		}
		if (left != 0)
			start = base + (uint32_t)__builtin_ctzll(left);
		carry = letters >> 63;
	}
	*to = writer;
}

/* `length`: of the part of the view that is new. */
static int write_ascii(struct tw_scan_scratch *scratch, struct tw_scan_sections sections,
		       const uint64_t *bits, size_t length)
{
	/* A token takes two bytes of the view at least, with what stands behind it. */
	if (tw_buffer_reserve(&scratch->edges, (length + 2) * sizeof(uint32_t)) < 0 ||
	    tw_buffer_reserve(&scratch->offsets, (length / 2 + 2) * sizeof(uint32_t)) < 0 ||
	    tw_buffer_reserve(&scratch->joined, length + 2 * SCAN_SPARE) < 0)
		return TW_ERROR_MEMORY;
	uint32_t *offsets = (uint32_t *)(void *)scratch->offsets.data;
	struct writer writer = {.view = scratch->view.data,
				.edge = (uint32_t *)(void *)scratch->edges.data +
					2 * (size_t)scratch->token_count,
				.offset = offsets + scratch->token_count,
				.joined = scratch->joined.data,
				.at = (uint32_t)scratch->joined.length};
	for (unsigned i = sections.first; i < sections.last; i++) {
		struct tw_scan_section *section = &scratch->sections[i];
		section->ascii.first = (uint32_t)(writer.offset - offsets);
		write_section(&writer, bits, section);
		section->ascii.end = (uint32_t)(writer.offset - offsets);
	}
	scratch->token_count = (uint32_t)(writer.offset - offsets);
	scratch->edges.length = scratch->token_count * 2 * sizeof(uint32_t);
	scratch->offsets.length = scratch->token_count * sizeof(uint32_t);
	scratch->joined.length = writer.at;
	return TW_OK;
}

static uint32_t tokens_written(const struct tw_scan_scratch *scratch)
{
	return (uint32_t)(scratch->offsets.length / sizeof(uint32_t));
}

/* `value`: the first that is new. */
static int write_wide(struct tw_scan_scratch *scratch, struct tw_scan_sections sections,
		      const struct tw_scan_value *value)
{
	const struct tw_scan_value *end = tw_scan_values(scratch) + scratch->value_count;
	int status = TW_OK;
	for (unsigned i = sections.first; i < sections.last; i++) {
		struct tw_scan_section *section = &scratch->sections[i];
		section->wide.first = tokens_written(scratch);
		for (; value < end && value->start < section->end && status == TW_OK; value++)
			if (value->wide)
				status = tw_scan_gather_wide(scratch, value);
		section->wide.end = tokens_written(scratch);
	}
	scratch->token_count = tokens_written(scratch);
	return status;
}

/* Where the last token's letters end, and the spare behind them. */
static int close_tokens(struct tw_scan_scratch *scratch)
{
	uint32_t end = (uint32_t)scratch->joined.length;
	tw_buffer_append(&scratch->offsets, &end, sizeof(end));
	if (tw_buffer_reserve(&scratch->joined, SCAN_SPARE) < 0 || scratch->offsets.failed)
		return TW_ERROR_MEMORY;
	memset(scratch->joined.data + end, 0, SCAN_SPARE);
	return TW_OK;
}

void tw_scan_gather_clear(struct tw_scan_scratch *scratch)
{
	tw_buffer_clear(&scratch->values);
	tw_buffer_clear(&scratch->view);
	tw_buffer_clear(&scratch->bits);
	tw_buffer_clear(&scratch->narrow);
	tw_buffer_clear(&scratch->edges);
	tw_buffer_clear(&scratch->offsets);
	tw_buffer_clear(&scratch->joined);
	scratch->value_count = 0;
	scratch->token_count = 0;
}

/* All values of the sections in the view, not yet folded. */
static int gather_values(struct tw_scan_scratch *scratch, struct tw_scan_sections sections)
{
	size_t entries = scratch->consignment.entry_count;
	if (tw_buffer_reserve(&scratch->values, (entries + 1) * sizeof(struct tw_scan_value)) < 0)
		return TW_ERROR_MEMORY;
	struct places places = place_sections(scratch, sections);
	return places.at > UINT32_MAX / 2 ? TW_ERROR_LIMIT : copy_values(scratch, sections, &places);
}

/* The tokens of what was gathered from this value and this block on. */
static int gather_tokens(struct tw_scan_scratch *scratch, struct tw_scan_sections sections,
			 uint32_t value, size_t block)
{
	size_t blocks = scratch->view.length / TW_AREA_BLOCK;
	if (tw_buffer_reserve(&scratch->bits, (blocks + 1) * sizeof(uint64_t)) < 0)
		return TW_ERROR_MEMORY;
	const uint64_t *bits = (const uint64_t *)(const void *)scratch->bits.data;
	bool wide = tw_area_fold(scratch->view.data + block * TW_AREA_BLOCK, blocks - block,
				 (uint64_t *)(void *)scratch->bits.data + block);
	if (wide)
		bits = set_wide_apart(scratch, value, block);
	if (bits == NULL)
		return TW_ERROR_MEMORY;
	int status = write_ascii(scratch, sections, bits, (blocks - block) * TW_AREA_BLOCK);
	if (status == TW_OK && wide)
		status = write_wide(scratch, sections, tw_scan_values(scratch) + value);
	return status < 0 ? status : close_tokens(scratch);
}

int tw_scan_gather(struct tw_scan_scratch *scratch, struct tw_scan_sections sections)
{
	uint32_t value = scratch->value_count;
	size_t block = scratch->view.length / TW_AREA_BLOCK;
	int status = gather_values(scratch, sections);
	return status < 0 ? status : gather_tokens(scratch, sections, value, block);
}
