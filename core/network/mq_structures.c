/* SPDX-License-Identifier: Apache-2.0 */
#include "network/mq_structures.h"

#include "base/bytes.h"

/* IBM MQ, MaxMsgLength of a queue manager: at most 104 857 600 bytes. */
#define MESSAGE_MOST UINT64_C(104857600)

/* ---- fields --------------------------------------------------------------------------------- */

static uint32_t number(const struct tw_mq_walk *walk, size_t at)
{
	struct tw_slice held = tw_slice(walk->held, walk->held_length);
	return walk->little ? tw_le32(held, at) : tw_be32(held, at);
}

/* Whether the bytes are this text, in ASCII or EBCDIC; "?" is any. */
static bool is_text(const struct tw_mq_walk *walk, size_t at, const char *text)
{
	struct tw_slice held = tw_slice(walk->held, walk->held_length);
	bool ascii = true;
	bool ebcdic = true;
	for (size_t i = 0; text[i] != '\0'; i++) {
		int byte = tw_slice_at(held, at + i);
		if (byte < 0)
			return false;
		ascii &= text[i] == '?' || byte == text[i];
		ebcdic &= text[i] == '?' || walk->ebcdic[byte] == (unsigned char)text[i];
	}
	return ascii || ebcdic;
}

/* MQENC_INTEGER_MASK: 1 is big-endian, 2 little-endian. */
static void take_encoding(struct tw_mq_walk *walk, uint32_t encoding)
{
	if ((encoding & 0xf) == 1 || (encoding & 0xf) == 2)
		walk->data_little = (encoding & 0xf) == 2;
}

/* MQCCSI_Q_MGR is 0; MQCCSI_INHERIT and the like are negative: as before. */
static void take_page(struct tw_mq_walk *walk, uint32_t page)
{
	if (page == 0)
		walk->page = walk->own_page;
	else if (page <= 65535)
		walk->page = page;
}

/* ---- structures and their lengths ----------------------------------------------------------- */

static uint64_t by_version(const struct tw_mq_walk *walk, const uint16_t *sizes, unsigned count)
{
	uint32_t version = number(walk, 4);
	return version >= 1 && version <= count ? sizes[version - 1] : 0;
}

static uint64_t size_md(struct tw_mq_walk *walk)
{
	static const uint16_t sizes[] = {324, 364};
	uint64_t size = by_version(walk, sizes, 2);
	if (size > 0) {
		take_encoding(walk, number(walk, 24));
		take_page(walk, number(walk, 28));
		walk->text = is_text(walk, 32, "MQSTR   ");
	}
	return size;
}

static uint64_t size_gmo(struct tw_mq_walk *walk)
{
	static const uint16_t sizes[] = {72, 80, 100, 112};
	return by_version(walk, sizes, 4);
}

#define MORE UINT64_MAX /* bytes are needed to tell: walk->needed */

static uint64_t need(struct tw_mq_walk *walk, size_t needed)
{
	walk->needed = needed;
	return MORE;
}

/* A distribution list has object records and response records behind the MQOD. */
static uint64_t size_od(struct tw_mq_walk *walk)
{
	static const uint16_t sizes[] = {168, 200, 336, 400};
	uint64_t size = by_version(walk, sizes, 4);
	if (size > 168 && walk->held_length < 192)
		return need(walk, 192);
	uint64_t records = size > 168 ? number(walk, 168) : 0;
	uint64_t each = (number(walk, 184) != 0 ? 96u : 0u) + (number(walk, 188) != 0 ? 8u : 0u);
	return records > MESSAGE_MOST ? 0 : size + records * each;
}

/* MQPMRF: which fields a put message record has. */
static uint64_t record_size(uint32_t fields)
{
	static const uint8_t sizes[] = {24, 24, 24, 4, 32};
	uint64_t size = 0;
	for (unsigned i = 0; i < sizeof(sizes); i++)
		size += (fields >> i & 1) != 0 ? sizes[i] : 0;
	return size;
}

/* The same with put message records. */
static uint64_t size_pmo(struct tw_mq_walk *walk)
{
	static const uint16_t sizes[] = {128, 152, 176};
	uint64_t size = by_version(walk, sizes, 3);
	if (size > 128 && walk->held_length < 144)
		return need(walk, 144);
	uint64_t records = size > 128 ? number(walk, 128) : 0;
	uint64_t each = (number(walk, 136) != 0 ? record_size(number(walk, 132)) : 0) +
			(number(walk, 140) != 0 ? 8u : 0u);
	return records > MESSAGE_MOST ? 0 : size + records * each;
}

static uint64_t size_held(struct tw_mq_walk *walk)
{
	return walk->held_length;
}

/* 24 bytes in each segment; in the first a resolved queue name too, filled up to four bytes. */
static uint64_t size_async(struct tw_mq_walk *walk)
{
	uint64_t name = (unsigned char)walk->held[54];
	return 55 + name + (4 - (3 + name) % 4) % 4;
}

static uint64_t size_xqh(struct tw_mq_walk *walk)
{
	(void)walk;
	return 104;
}

static uint64_t size_dlh(struct tw_mq_walk *walk)
{
	take_encoding(walk, number(walk, 108));
	take_page(walk, number(walk, 112));
	walk->text = is_text(walk, 116, "MQSTR   ");
	return 172;
}

/* MQRFH and all headers built like it: a length in the encoding announced, or in the other. */
static uint64_t size_header(struct tw_mq_walk *walk)
{
	uint64_t size = number(walk, 8);
	if (size < 32 || size > MESSAGE_MOST) {
		walk->little = !walk->little;
		size = number(walk, 8);
	}
	take_encoding(walk, number(walk, 12));
	take_page(walk, number(walk, 16));
	walk->text = is_text(walk, 20, "MQSTR   ");
	return size <= MESSAGE_MOST ? size : 0;
}

/* What is done where another identifier stands. */
enum otherwise { OTHERWISE_UNKNOWN, OTHERWISE_NEXT, OTHERWISE_NOTHING };

enum part {
	PART_DATA, PART_API, PART_MD, PART_OD, PART_ANY_OD, PART_PMO, PART_ANY_PMO, PART_GMO,
	PART_ANY_GMO, PART_LENGTH, PART_MSH, PART_ASYNC_FIRST, PART_ASYNC, PART_SPI, PART_SPI_PUT,
	PART_SPI_GET, PART_SPI_PUT_DATA, PART_SPI_GET_DATA, PARTS,
};

/* The identifier, or NULL: it has none. `needed`: bytes that tell its length, or what more does. */
static const struct structure {
	const char *identifier;
	enum otherwise otherwise;
	size_t needed;
	uint64_t (*size)(struct tw_mq_walk *walk);
} parts[PARTS] = {
	[PART_API] = {NULL, OTHERWISE_UNKNOWN, 16, size_held},
	[PART_MD] = {"MD  ", OTHERWISE_UNKNOWN, 40, size_md},
	[PART_OD] = {"OD  ", OTHERWISE_UNKNOWN, 8, size_od},
	[PART_ANY_OD] = {"OD  ", OTHERWISE_NEXT, 8, size_od},
	[PART_PMO] = {"PMO ", OTHERWISE_UNKNOWN, 8, size_pmo},
	[PART_ANY_PMO] = {"PMO ", OTHERWISE_NEXT, 8, size_pmo},
	[PART_GMO] = {"GMO ", OTHERWISE_UNKNOWN, 8, size_gmo},
	[PART_ANY_GMO] = {"GMO ", OTHERWISE_NEXT, 8, size_gmo},
	[PART_LENGTH] = {NULL, OTHERWISE_UNKNOWN, 4, size_held},
	[PART_MSH] = {"MSH ", OTHERWISE_NEXT, 20, size_held},
	[PART_ASYNC_FIRST] = {NULL, OTHERWISE_UNKNOWN, 55, size_async},
	[PART_ASYNC] = {NULL, OTHERWISE_UNKNOWN, 24, size_held},
	[PART_SPI] = {NULL, OTHERWISE_UNKNOWN, 12, size_held},
	[PART_SPI_PUT] = {"SPPU", OTHERWISE_NOTHING, 12, size_held},
	[PART_SPI_GET] = {"SPGU", OTHERWISE_NOTHING, 12, size_held},
	[PART_SPI_PUT_DATA] = {"SPPI", OTHERWISE_UNKNOWN, 20, size_held},
	[PART_SPI_GET_DATA] = {"SPGO", OTHERWISE_UNKNOWN, 20, size_held},
};

/* Format headers, which stand between the call's own structures and the data. */
static const struct structure headers[] = {
	{"XQH ", OTHERWISE_NEXT, 8, size_xqh},	   {"DLH ", OTHERWISE_NEXT, 124, size_dlh},
	{"RFH ", OTHERWISE_NEXT, 32, size_header}, {"MDE ", OTHERWISE_NEXT, 32, size_header},
	{"DH  ", OTHERWISE_NEXT, 32, size_header}, {"CIH ", OTHERWISE_NEXT, 32, size_header},
	{"IIH ", OTHERWISE_NEXT, 32, size_header}, {"RMH ", OTHERWISE_NEXT, 32, size_header},
	{"WIH ", OTHERWISE_NEXT, 32, size_header},
};

/* ---- segments ------------------------------------------------------------------------------- */

#define PARTS_MOST 8

static const struct segment {
	unsigned type;
	unsigned char first[2], later[2]; /* the prefix of the first segment, and of others */
	unsigned char parts[PARTS_MOST]; /* of the message, its data last */
} segments[] = {
	{0x04 /* MESSAGE_DATA */, {PART_MSH}, {PART_MSH}, {PART_DATA}},
	{0x0d /* ASYNC_MESSAGE */, {PART_ASYNC_FIRST}, {PART_ASYNC}, {PART_MD, PART_DATA}},
	{0x86 /* MQPUT */, {0}, {0}, {PART_API, PART_MD, PART_PMO, PART_LENGTH, PART_DATA}},
	{0x87 /* MQPUT1 */, {0}, {0}, {PART_API, PART_OD, PART_MD, PART_PMO, PART_LENGTH, PART_DATA}},
	{0x95 /* MQGET reply */, {0}, {0}, {PART_API, PART_MD, PART_GMO, PART_LENGTH, PART_DATA}},
	{0x8c /* SPI */, {0}, {0},
	 {PART_API, PART_SPI, PART_SPI_PUT, PART_MD, PART_ANY_PMO, PART_ANY_OD, PART_SPI_PUT_DATA,
	  PART_DATA}},
	{0x9c /* SPI reply */, {0}, {0},
	 {PART_API, PART_SPI, PART_SPI_GET, PART_MD, PART_ANY_GMO, PART_ANY_OD, PART_SPI_GET_DATA,
	  PART_DATA}},
};

static const struct segment *segment_of(unsigned type)
{
	for (size_t i = 0; i < sizeof(segments) / sizeof(segments[0]); i++)
		if (segments[i].type == type)
			return &segments[i];
	return NULL;
}

bool tw_mq_carries(unsigned type)
{
	return segment_of(type) != NULL;
}

void tw_mq_walk_message(struct tw_mq_walk *walk, const struct tw_mq_segment *segment,
			const unsigned char *ebcdic)
{
	*walk = (struct tw_mq_walk){
		.ebcdic = ebcdic,
		.part = segment_of(segment->type)->parts,
		.little = segment->little,
		.data_little = segment->little,
		.page = segment->page,
		.own_page = segment->page,
	};
}

bool tw_mq_walk_prefix(struct tw_mq_walk *walk, const struct tw_mq_segment *segment,
		       const unsigned char *ebcdic)
{
	const struct segment *of = segment_of(segment->type);
	*walk = (struct tw_mq_walk){
		.ebcdic = ebcdic,
		.part = segment->first ? of->first : of->later,
		.little = segment->little,
		.prefix = true,
	};
	return *walk->part != PART_DATA;
}

/* ---- the walk ------------------------------------------------------------------------------- */

/* Holds bytes until there are `needed`. False: there are not. */
static bool hold(struct tw_mq_walk *walk, struct tw_slice *bytes, size_t needed)
{
	size_t missing = walk->held_length < needed ? needed - walk->held_length : 0;
	struct tw_slice part = tw_slice_part(*bytes, 0, missing);
	if (part.length > 0)
		memcpy(walk->held + walk->held_length, part.data, part.length);
	walk->held_length += part.length;
	*bytes = tw_slice_from(*bytes, part.length);
	return walk->held_length >= needed;
}

static void skip(struct tw_mq_walk *walk, struct tw_slice *bytes)
{
	size_t part = walk->skip < bytes->length ? (size_t)walk->skip : bytes->length;
	*bytes = tw_slice_from(*bytes, part);
	walk->skip -= part;
}

/* Reads what there is to read of a structure; the rest of it is skipped. */
static enum tw_mq_walked take_structure(struct tw_mq_walk *walk, struct tw_slice *bytes,
					const struct structure *structure)
{
	uint64_t size = MORE;
	while (size == MORE) {
		if (!hold(walk, bytes, walk->needed > 0 ? walk->needed : structure->needed))
			return TW_MQ_MORE;
		size = structure->size(walk);
	}
	if (size < walk->held_length)
		return TW_MQ_UNKNOWN;
	walk->skip = size - walk->held_length;
	walk->held_length = walk->needed = 0;
	memset(walk->held, 0, sizeof(walk->held)); /* it may have held a user's name */
	return TW_MQ_NEXT;
}

static const struct structure *header_of(const struct tw_mq_walk *walk)
{
	if (walk->transmitted && is_text(walk, 0, parts[PART_MD].identifier))
		return &parts[PART_MD];
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		if (is_text(walk, 0, headers[i].identifier))
			return &headers[i];
	return NULL;
}

/* The data begin, or another format header does. */
static enum tw_mq_walked take_header(struct tw_mq_walk *walk, struct tw_slice *bytes)
{
	if (walk->prefix)
		return TW_MQ_DATA;
	if (!hold(walk, bytes, 4))
		return TW_MQ_MORE;
	const struct structure *header = header_of(walk);
	if (header == NULL)
		return TW_MQ_DATA;
	if (walk->held_length == 4)
		walk->little = walk->data_little;
	enum tw_mq_walked walked = take_structure(walk, bytes, header);
	if (walked == TW_MQ_NEXT)
		walk->transmitted = header->size == size_xqh;
	return walked;
}

static enum tw_mq_walked take_part(struct tw_mq_walk *walk, struct tw_slice *bytes)
{
	const struct structure *structure = &parts[*walk->part];
	if (structure->identifier != NULL) {
		if (!hold(walk, bytes, 4))
			return TW_MQ_MORE;
		if (!is_text(walk, 0, structure->identifier)) {
			walk->part += structure->otherwise == OTHERWISE_NEXT;
			return structure->otherwise == OTHERWISE_NEXT	   ? TW_MQ_NEXT
			       : structure->otherwise == OTHERWISE_NOTHING ? TW_MQ_NOTHING
									   : TW_MQ_UNKNOWN;
		}
	}
	enum tw_mq_walked walked = take_structure(walk, bytes, structure);
	walk->part += walked == TW_MQ_NEXT;
	return walked;
}

enum tw_mq_walked tw_mq_walk(struct tw_mq_walk *walk, struct tw_slice *bytes)
{
	enum tw_mq_walked walked = TW_MQ_NEXT;
	while (walked == TW_MQ_NEXT) {
		skip(walk, bytes);
		if (walk->skip > 0)
			return TW_MQ_MORE;
		walked = *walk->part == PART_DATA ? take_header(walk, bytes)
						  : take_part(walk, bytes);
	}
	return walked;
}

struct tw_slice tw_mq_walk_held(const struct tw_mq_walk *walk)
{
	return tw_slice(walk->held, walk->held_length);
}

struct tw_slice tw_mq_walk_rest(const struct tw_mq_walk *walk)
{
	bool data = *walk->part == PART_DATA || parts[*walk->part].otherwise == OTHERWISE_NEXT;
	return tw_slice(walk->held, data && walk->held_length < 4 ? walk->held_length : 0);
}

bool tw_mq_walk_between(const struct tw_mq_walk *walk)
{
	return walk->skip == 0 && tw_mq_walk_rest(walk).length == walk->held_length;
}
