/* SPDX-License-Identifier: Apache-2.0 */
/* JSON-LD over the nodes of a document: types, names, references, and what is a value. */
#include "one_record.h"

#include <stdlib.h>

#define VALUE_MEMBERS 16u

struct tw_slice tw_one_record_bytes(const struct tw_one_record *parser, uint32_t node)
{
	const struct tw_one_record_node *at = tw_one_record_node(parser, node);
	return tw_slice_part(parser->document, at->start, at->end - at->start);
}

struct tw_slice tw_one_record_key(const struct tw_one_record *parser, uint32_t node)
{
	const struct tw_one_record_node *at = tw_one_record_node(parser, node);
	return tw_slice_part(parser->document, at->key, at->key_length);
}

struct tw_slice tw_one_record_local(struct tw_slice name)
{
	for (size_t i = name.length; i > 0; i--)
		if (name.data[i - 1] == '#' || name.data[i - 1] == '/' || name.data[i - 1] == ':')
			return tw_slice_from(name, i);
	return name;
}

uint32_t tw_one_record_member(const struct tw_one_record *parser, uint32_t node, const char *name)
{
	if (tw_one_record_node(parser, node)->kind != TW_ONE_RECORD_OBJECT)
		return 0;
	uint32_t at = tw_one_record_node(parser, node)->child;
	while (at != 0 && !tw_slice_is(tw_one_record_local(tw_one_record_key(parser, at)), name))
		at = tw_one_record_node(parser, at)->next;
	return at;
}

struct tw_slice tw_one_record_type(const struct tw_one_record *parser, uint32_t node)
{
	uint32_t type = tw_one_record_member(parser, node, "@type");
	/* Of several, the first says most: whoever serialises adds the classes above behind it. */
	if (type != 0 && tw_one_record_node(parser, type)->kind == TW_ONE_RECORD_ARRAY)
		type = tw_one_record_node(parser, type)->child;
	if (type == 0 || tw_one_record_node(parser, type)->kind != TW_ONE_RECORD_STRING)
		return tw_slice(NULL, 0);
	return tw_one_record_local(tw_one_record_bytes(parser, type));
}

bool tw_one_record_has_content(const struct tw_one_record *parser, uint32_t node)
{
	uint32_t at = tw_one_record_node(parser, node)->child;
	for (; at != 0; at = tw_one_record_node(parser, at)->next)
		if (tw_slice_at(tw_one_record_key(parser, at), 0) != '@')
			return true;
	return false;
}

/* ---- names ------------------------------------------------------------------------------- */

/* FNV-1a; equal hashes are compared byte by byte. */
static uint64_t hash_of(struct tw_slice text)
{
	uint64_t hash = UINT64_C(14695981039346656037);
	for (size_t i = 0; i < text.length; i++)
		hash = (hash ^ (unsigned char)text.data[i]) * UINT64_C(1099511628211);
	return hash;
}

static struct tw_slice name_of(const struct tw_one_record *parser, uint32_t node)
{
	uint32_t id = tw_one_record_member(parser, node, "@id");
	if (id == 0 || tw_one_record_node(parser, id)->kind != TW_ONE_RECORD_STRING)
		return tw_slice(NULL, 0);
	/* Blanks around an identifier have been seen in the standard's own examples. */
	return tw_slice_trim(tw_one_record_bytes(parser, id));
}

static int by_hash(const void *left, const void *right)
{
	const struct tw_one_record_name *a = left, *b = right;
	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return a->node < b->node ? -1 : a->node > b->node;
}

void tw_one_record_index(struct tw_one_record *parser)
{
	parser->names.count = 0;
	for (uint32_t i = 0; i < parser->nodes.count; i++) {
		if (tw_one_record_node(parser, i)->kind != TW_ONE_RECORD_OBJECT ||
		    !tw_one_record_has_content(parser, i))
			continue;
		struct tw_slice name = name_of(parser, i);
		if (name.length == 0)
			continue;
		struct tw_one_record_name *out =
			tw_one_record_add(parser, &parser->names, sizeof(*out));
		if (out == NULL)
			return;
		*out = (struct tw_one_record_name){hash_of(name), i};
	}
	if (parser->names.count > 0)
		qsort(parser->names.data, parser->names.count, sizeof(struct tw_one_record_name),
		      by_hash);
}

uint32_t tw_one_record_resolve(const struct tw_one_record *parser, uint32_t reference)
{
	const struct tw_one_record_name *names = parser->names.data;
	struct tw_slice name = name_of(parser, reference);
	uint64_t hash = hash_of(name);
	size_t low = 0, high = parser->names.count;
	if (name.length == 0 || tw_one_record_has_content(parser, reference))
		return 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (names[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < parser->names.count && names[low].hash == hash &&
	    tw_slice_equal(name_of(parser, names[low].node), name))
		return names[low].node;
	return 0;
}

/* ---- values ------------------------------------------------------------------------------ */

static bool scalar_kind(uint8_t kind)
{
	return kind == TW_ONE_RECORD_STRING || kind == TW_ONE_RECORD_WORD;
}

/* A term of a vocabulary: an IRI with a fragment and nothing else. */
static uint32_t term_of(const struct tw_one_record *parser, uint32_t node)
{
	uint32_t id = tw_one_record_member(parser, node, "@id");
	if (id == 0 || tw_one_record_node(parser, id)->kind != TW_ONE_RECORD_STRING ||
	    tw_one_record_has_content(parser, node))
		return 0;
	return id;
}

uint32_t tw_one_record_scalar(const struct tw_one_record *parser, uint32_t node)
{
	/* The cargo ontology's Value, CurrencyValue, CodeListElement, ContactDetail. */
	static const char *const members[] = {"@value", "numericalValue", "value", "code",
					      "textualValue"};
	for (unsigned depth = 0; depth < 4; depth++) {
		const struct tw_one_record_node *at = tw_one_record_node(parser, node);
		uint32_t found = 0;
		if (scalar_kind(at->kind))
			return node;
		if (at->kind == TW_ONE_RECORD_ARRAY)
			found = at->child;
		for (size_t i = 0; found == 0 && i < sizeof(members) / sizeof(members[0]); i++)
			found = tw_one_record_member(parser, node, members[i]);
		if (found == 0 && at->kind == TW_ONE_RECORD_OBJECT)
			return term_of(parser, node);
		if (found == 0)
			return 0;
		node = found;
	}
	return 0;
}

bool tw_one_record_is_value(const struct tw_one_record *parser, uint32_t node)
{
	unsigned count = 0;
	if (tw_one_record_scalar(parser, node) == 0)
		return false;
	for (uint32_t at = tw_one_record_node(parser, node)->child; at != 0;
	     at = tw_one_record_node(parser, at)->next) {
		bool keyword = tw_slice_at(tw_one_record_key(parser, at), 0) == '@';
		bool empty = tw_one_record_node(parser, at)->kind == TW_ONE_RECORD_NULL;
		if (++count > VALUE_MEMBERS ||
		    (!keyword && !empty && tw_one_record_scalar(parser, at) == 0))
			return false;
	}
	return true;
}
