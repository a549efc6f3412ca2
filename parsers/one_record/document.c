/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What libyajl tells, as nodes. It says where a value ends; where it begins is behind
 * the one before it and the blanks, commas and colons that follow that.
 */
#include "one_record.h"

static void give_up(struct tw_one_record *parser, const char *code, const char *reason)
{
	if (parser->over)
		return;
	parser->over = true;
	parser->broken = code;
	parser->reason = reason;
}

/* The text that has just been read; `last` moves behind it. */
static struct tw_slice take_token(struct tw_one_record *parser)
{
	size_t end = parser->fed + yajl_get_bytes_consumed(parser->yajl);
	size_t start = parser->last;
	while (start < end) {
		int c = tw_slice_at(parser->document, start);
		if (!tw_one_record_blank(c) && c != ',' && c != ':')
			break;
		start++;
	}
	parser->last = end;
	return tw_slice_part(parser->document, start, end - start);
}

static uint32_t place_of(const struct tw_one_record *parser, struct tw_slice token)
{
	return token.length == 0 ? 0 : (uint32_t)(token.data - parser->document.data);
}

static struct tw_slice unquoted(struct tw_slice token)
{
	return token.length < 2 ? tw_slice_part(token, 0, 0) : tw_slice_part(token, 1, token.length - 2);
}

/* 0, which makes libyajl stop, where the node cannot be kept. */
static int add_node(struct tw_one_record *parser, enum tw_one_record_kind kind,
		    struct tw_slice text)
{
	uint32_t index = (uint32_t)parser->nodes.count;
	if (parser->nodes.count >= TW_ONE_RECORD_NODES) {
		give_up(parser, "one_record.too_long", "a document of too many values");
		return 0;
	}
	struct tw_one_record_node *node =
		tw_one_record_add(parser, &parser->nodes, sizeof(struct tw_one_record_node));
	if (node == NULL)
		return 0;
	*node = (struct tw_one_record_node){
		.key = parser->key,
		.key_length = parser->key_length,
		.start = place_of(parser, text),
		.end = place_of(parser, text) + (uint32_t)text.length,
		.kind = (uint8_t)kind,
	};
	parser->key_length = 0;
	if (parser->depth == 0)
		return 1;
	uint32_t *latest = &parser->latest[parser->depth - 1];
	if (*latest == 0)
		tw_one_record_node(parser, parser->open[parser->depth - 1])->child = index;
	else
		tw_one_record_node(parser, *latest)->next = index;
	*latest = index;
	return 1;
}

static int take_null(void *context)
{
	struct tw_one_record *parser = context;
	return add_node(parser, TW_ONE_RECORD_NULL, take_token(parser));
}

static int take_boolean(void *context, int value)
{
	struct tw_one_record *parser = context;
	(void)value;
	return add_node(parser, TW_ONE_RECORD_WORD, take_token(parser));
}

static int take_number(void *context, const char *text, size_t length)
{
	struct tw_one_record *parser = context;
	(void)text;
	(void)length;
	return add_node(parser, TW_ONE_RECORD_WORD, take_token(parser));
}

static int take_string(void *context, const unsigned char *text, size_t length)
{
	struct tw_one_record *parser = context;
	(void)text;
	(void)length;
	return add_node(parser, TW_ONE_RECORD_STRING, unquoted(take_token(parser)));
}

static int take_key(void *context, const unsigned char *text, size_t length)
{
	struct tw_one_record *parser = context;
	struct tw_slice key = unquoted(take_token(parser));
	(void)text;
	(void)length;
	parser->key = place_of(parser, key);
	parser->key_length = (uint16_t)(key.length < UINT16_MAX ? key.length : UINT16_MAX);
	return 1;
}

static int open_node(struct tw_one_record *parser, enum tw_one_record_kind kind)
{
	struct tw_slice token = take_token(parser);
	if (parser->depth == TW_ONE_RECORD_DEPTH) {
		give_up(parser, "one_record.depth", "objects stand too deep in each other");
		return 0;
	}
	uint32_t index = (uint32_t)parser->nodes.count;
	if (!add_node(parser, kind, token))
		return 0;
	parser->open[parser->depth] = index;
	parser->latest[parser->depth++] = 0;
	return 1;
}

static int close_node(struct tw_one_record *parser)
{
	(void)take_token(parser);
	if (parser->depth == 0)
		return 0;
	tw_one_record_node(parser, parser->open[--parser->depth])->end = (uint32_t)parser->last;
	parser->over = parser->depth == 0;
	return !parser->over;
}

static int take_object(void *context)
{
	return open_node(context, TW_ONE_RECORD_OBJECT);
}

static int take_array(void *context)
{
	return open_node(context, TW_ONE_RECORD_ARRAY);
}

static int take_end(void *context)
{
	return close_node(context);
}

static const yajl_callbacks callbacks = {
	.yajl_null = take_null,
	.yajl_boolean = take_boolean,
	.yajl_number = take_number,
	.yajl_string = take_string,
	.yajl_start_map = take_object,
	.yajl_map_key = take_key,
	.yajl_end_map = take_end,
	.yajl_start_array = take_array,
	.yajl_end_array = take_end,
};

int tw_one_record_document_begin(struct tw_one_record *parser, uint64_t offset)
{
	if (parser->yajl != NULL)
		yajl_free(parser->yajl);
	parser->yajl = yajl_alloc(&callbacks, NULL, parser);
	if (parser->yajl == NULL)
		return TW_ERROR_MEMORY;
	/* Bytes that are no UTF-8 are the engine's business: it has an anomaly for them. */
	(void)yajl_config(parser->yajl, yajl_dont_validate_strings, 1);
	parser->begun = offset;
	parser->fed = parser->last = 0;
	parser->over = parser->exhausted = false;
	parser->broken = NULL;
	parser->nodes.count = parser->names.count = 0;
	parser->depth = 0;
	parser->key_length = 0;
	parser->message = 0;
	return TW_OK;
}

void tw_one_record_document_feed(struct tw_one_record *parser, bool end)
{
	size_t most = parser->limits.segment_bytes * TW_ONE_RECORD_SEGMENTS;
	size_t to = parser->document.length < most ? parser->document.length : most;
	struct tw_slice news = tw_slice_part(parser->document, parser->fed, to - parser->fed);
	if (news.length > 0) {
		yajl_status status = yajl_parse(parser->yajl, (const unsigned char *)news.data,
						news.length);
		if (status != yajl_status_ok && !parser->over && parser->status >= 0)
			give_up(parser, "one_record.malformed",
				"a document is no JSON: the rest of it was passed over");
		parser->fed += news.length;
	}
	if (!parser->over && to == most)
		give_up(parser, "one_record.too_long",
			"a document is longer than 16 times limits.segment_bytes");
	if (!parser->over && end)
		give_up(parser, "one_record.truncated", "the input ends inside a document");
	/* What was open when it was given up ends where it was read to. */
	while (parser->over && parser->depth > 0)
		tw_one_record_node(parser, parser->open[--parser->depth])->end =
			(uint32_t)parser->last;
}
