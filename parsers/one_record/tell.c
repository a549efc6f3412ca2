/* SPDX-License-Identifier: Apache-2.0 */
/* A document that has ended, as messages and units. */
#include "one_record.h"

#define UNITS_MORE 4096u /* beyond four for each value */

static bool follow(struct tw_one_record *parser)
{
	return parser->status >= 0;
}

/* ---- texts ------------------------------------------------------------------------------- */

static void add_text(struct tw_one_record *parser, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length && follow(parser); i++) {
		char *out = tw_one_record_add(parser, &parser->text, 1);
		if (out != NULL)
			*out = bytes[i];
	}
}

/* `length` bytes of text for `origin_length` of the input at `origin`; verbatim ones run on. */
static void add_run(struct tw_one_record *parser, size_t length, size_t origin, size_t origin_length)
{
	struct tw_unit_run *run = NULL;
	if (parser->runs.count > 0 && length == origin_length) {
		run = (struct tw_unit_run *)parser->runs.data + parser->runs.count - 1;
		if (run->length == run->origin_length && run->origin + run->length == origin &&
		    run->start + run->length + length == parser->text.count) {
			run->length += (uint32_t)length;
			run->origin_length += (uint32_t)length;
			return;
		}
	}
	run = tw_one_record_add(parser, &parser->runs, sizeof(*run));
	if (run == NULL)
		return;
	*run = (struct tw_unit_run){
		.start = (uint32_t)(parser->text.count - length),
		.length = (uint32_t)length,
		.origin = (uint32_t)origin,
		.origin_length = (uint32_t)origin_length,
	};
}

/* Length of the well-formed character here (RFC 3629), 0: there is none. */
static size_t character(struct tw_slice bytes)
{
	int first = tw_slice_at(bytes, 0), second = tw_slice_at(bytes, 1);
	size_t length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	if (first < 0 || first > 0xf4 || (first == 0xe0 && second < 0xa0) ||
	    (first == 0xed && second > 0x9f) || (first == 0xf0 && second < 0x90) ||
	    (first == 0xf4 && second > 0x8f))
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((tw_slice_at(bytes, i) & 0xc0) != 0x80 || tw_slice_at(bytes, i) < 0)
			return 0;
	return length;
}

static size_t put_utf8(unsigned code, char out[4])
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	for (size_t i = length - 1; i > 0; i--, code >>= 6)
		out[i] = (char)(0x80 | (code & 0x3f));
	out[0] = (char)((length == 2 ? 0xc0 : length == 3 ? 0xe0 : 0xf0) | code);
	return length;
}

/* The four digits of \uXXXX, which libyajl has seen to be some; UINT_MAX: it is none. */
static unsigned escaped_unit(struct tw_slice bytes)
{
	unsigned code = 0;
	if (tw_slice_at(bytes, 0) != '\\' || tw_slice_at(bytes, 1) != 'u')
		return UINT32_MAX;
	for (size_t i = 2; i < 6; i++) {
		int c = tw_slice_at(bytes, i);
		int digit = c >= '0' && c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
		code = code * 16 + ((unsigned)digit & 15);
	}
	return code;
}

/* RFC 8259, section 7. Half a surrogate pair is no character: U+FFFD. */
static size_t escape(struct tw_slice bytes, char out[4], size_t *ret_length)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	int c = tw_slice_at(bytes, 1);
	unsigned code = escaped_unit(bytes);
	if (code == UINT32_MAX) {
		const char *known = c > 0 ? memchr(from, c, sizeof(from) - 1) : NULL;
		out[0] = known == NULL ? (char)c : to[known - from];
		*ret_length = 2;
		return 1;
	}
	unsigned low = escaped_unit(tw_slice_from(bytes, 6));
	bool pair = (code & 0xfc00) == 0xd800 && low != UINT32_MAX && (low & 0xfc00) == 0xdc00;
	*ret_length = pair ? 12 : 6;
	if (pair)
		code = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff);
	else if ((code & 0xf800) == 0xd800)
		code = 0xfffd;
	return put_utf8(code, out);
}

/* A string with escapes; `base`: where its bytes stand, counted from the unit's. */
static void decode(struct tw_one_record *parser, struct tw_slice bytes, size_t base)
{
	char out[4];
	for (size_t at = 0; at < bytes.length && follow(parser);) {
		struct tw_slice rest = tw_slice_from(bytes, at);
		size_t taken = character(rest), length = taken;
		const char *text = rest.data;
		if (tw_slice_at(rest, 0) == '\\') {
			length = escape(rest, out, &taken);
			text = out;
		} else if (taken == 0) {
			length = put_utf8(0xfffd, out);
			taken = 1;
			text = out;
		}
		add_text(parser, text, length);
		add_run(parser, length, base + at, taken);
		at += taken;
	}
}

/* ---- units ------------------------------------------------------------------------------- */

struct unit {
	enum tw_unit_kind kind;
	struct tw_slice tag, parent;
	uint32_t start, end; /* of its bytes, in the document */
};

/* The next element, with nothing in it; NULL and a failed parser where there is no memory. */
static struct tw_piece *add_empty(struct tw_one_record *parser, struct tw_slice name)
{
	struct tw_piece *piece = tw_one_record_add(parser, &parser->pieces, sizeof(*piece));
	struct tw_slice *slot = tw_one_record_add(parser, &parser->piece_names, sizeof(*slot));
	if (piece == NULL || slot == NULL)
		return NULL;
	*slot = name;
	*piece = (struct tw_piece){
		.element = (uint16_t)parser->pieces.count, .component = 1, .repetition = 1};
	return piece;
}

/* Bytes before the name of a type or a term: it is behind the "#", and the list's in code lists. */
static size_t name_front(const struct tw_one_record *parser, uint32_t scalar, struct tw_slice name)
{
	struct tw_slice bytes = tw_one_record_bytes(parser, scalar);
	bool term = !tw_slice_is(name, "id") && tw_slice_is(tw_one_record_key(parser, scalar), "@id");
	bool fragment = bytes.length > 0 && memchr(bytes.data, '#', bytes.length) != NULL;
	if (term ? !fragment : !tw_slice_is(name, "type"))
		return 0;
	size_t front = bytes.length - tw_one_record_local(bytes).length;
	/* IATA's: coreCodeLists#MeasurementUnitCode_KGM. */
	const char *list = memmem(bytes.data, front, "coreCodeLists", 13);
	const char *mark = list == NULL ? NULL : memrchr(bytes.data, '_', bytes.length);
	bool behind = mark != NULL && (size_t)(mark - bytes.data) >= front;
	return behind ? (size_t)(mark - bytes.data) + 1 : front;
}

/* A piece with the text of a scalar; element 1 is the unit's own text. */
static void add_piece(struct tw_one_record *parser, const struct unit *unit, uint32_t scalar,
		      struct tw_slice name)
{
	size_t front = name_front(parser, scalar, name);
	struct tw_slice bytes = tw_slice_from(tw_one_record_bytes(parser, scalar), front);
	size_t start = tw_one_record_node(parser, scalar)->start + front;
	bool escaped = bytes.length > 0 && memchr(bytes.data, '\\', bytes.length) != NULL;
	bool inside = start >= unit->start && start + bytes.length <= unit->end;
	size_t text_at = parser->text.count;
	struct tw_piece *piece = add_empty(parser, name);
	if (piece == NULL)
		return;
	piece->start = (uint32_t)(start - unit->start);
	piece->length = (uint32_t)bytes.length;
	if (!escaped && inside) {
		for (size_t i = 0; i < bytes.length; i++)
			piece->flags |= (unsigned char)bytes.data[i] > 0x7f ? TW_PIECE_HIGH : 0;
		return;
	}
	decode(parser, bytes, start - unit->start);
	piece->start = (uint32_t)text_at;
	piece->length = (uint32_t)(parser->text.count - text_at);
	piece->flags = TW_PIECE_DECODED;
}

/* Prefix and number are written with a hyphen between: it stands in the text and nowhere else. */
static void add_hyphen(struct tw_one_record *parser, const struct unit *unit, uint32_t prefix)
{
	if (!follow(parser) || parser->pieces.count == 0)
		return;
	struct tw_piece *piece = (struct tw_piece *)parser->pieces.data + parser->pieces.count - 1;
	const struct tw_one_record_node *node = tw_one_record_node(parser, prefix);
	if ((piece->flags & TW_PIECE_DECODED) == 0) {
		piece->start = (uint32_t)parser->text.count;
		decode(parser, tw_one_record_bytes(parser, prefix), node->start - unit->start);
		piece->flags = TW_PIECE_DECODED;
	}
	add_text(parser, "-", 1);
	add_run(parser, 1, node->end - unit->start, 0);
	piece->length = (uint32_t)(parser->text.count - piece->start);
}

static void begin_pieces(struct tw_one_record *parser)
{
	parser->text.count = parser->runs.count = 0;
	parser->pieces.count = parser->piece_names.count = 0;
}

/* Elements 2 and 3, as a waybill's number is one text; keywords without their "@" behind them. */
static void add_names(struct tw_one_record *parser, const struct unit *unit, uint32_t object)
{
	static const char *const members[] = {"waybillPrefix", "waybillNumber", "@type", "@id"};
	if (parser->pieces.count == 0)
		(void)add_empty(parser, tw_slice(NULL, 0));
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		uint32_t member = tw_one_record_member(parser, object, members[i]);
		uint32_t scalar = member == 0 ? 0 : tw_one_record_scalar(parser, member);
		if (scalar == 0)
			(void)add_empty(parser, tw_slice(NULL, 0));
		else
			add_piece(parser, unit, scalar, tw_slice_string(members[i] + (i > 1)));
		if (scalar != 0 && i == 0)
			add_hyphen(parser, unit, scalar);
	}
}

/* The members of an object that holds a value, such as its unit; "@none": JSON-LD's word for no name. */
static void add_attributes(struct tw_one_record *parser, const struct unit *unit, uint32_t object)
{
	uint32_t at = tw_one_record_node(parser, object)->child;
	for (; at != 0 && follow(parser); at = tw_one_record_node(parser, at)->next) {
		struct tw_slice name = tw_one_record_local(tw_one_record_key(parser, at));
		uint32_t scalar = tw_one_record_scalar(parser, at);
		if (scalar != 0 && tw_slice_at(name, 0) != '@')
			add_piece(parser, unit, scalar, name.length > 0 ? name : TW_LITERAL("@none"));
	}
}

static void give(struct tw_one_record *parser, const struct unit *from)
{
	struct tw_unit unit = {
		.kind = from->kind,
		.tag = from->tag,
		.parent = from->parent,
		.bytes = tw_slice_part(parser->document, from->start, from->end - from->start),
		.offset = parser->begun + from->start,
		.pieces = parser->pieces.data,
		.piece_count = (unsigned)parser->pieces.count,
		.names = parser->piece_names.data,
		.decimal = '.',
		.text = tw_slice(parser->text.data, parser->text.count),
		.runs = parser->runs.data,
		.run_count = (unsigned)parser->runs.count,
	};
	if (!follow(parser))
		return;
	if (parser->budget > 0)
		parser->budget--;
	tw_one_record_fail(parser, tw_sink_unit(parser->call->sink, &unit));
}

/* A scalar, or an object that holds a value. `scalar`: where its text is. */
static void tell_leaf(struct tw_one_record *parser, const struct unit *name, uint32_t node,
		      uint32_t scalar)
{
	const struct tw_one_record_node *at = tw_one_record_node(parser, node);
	struct unit unit = *name;
	unit.kind = TW_UNIT_LEAF;
	unit.start = at->start;
	unit.end = at->end;
	begin_pieces(parser);
	add_piece(parser, &unit, scalar, tw_slice(NULL, 0));
	if (at->kind == TW_ONE_RECORD_OBJECT) {
		add_names(parser, &unit, node);
		if (tw_one_record_is_value(parser, node))
			add_attributes(parser, &unit, node);
	}
	give(parser, &unit);
}

/* ---- nodes ------------------------------------------------------------------------------- */

/* What would be counted twice if it were told each time it is named. */
static bool told_once(struct tw_slice type)
{
	static const char *const types[] = {"Waybill", "Shipment", "Piece", "Item", "ULD", "PieceGroup"};
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (tw_slice_is(type, types[i]))
			return true;
	return false;
}

static void tell_node(struct tw_one_record *parser, const struct unit *name, uint32_t node,
		      unsigned depth);

/* Follows {"@id": ...} where it leads to something that is to be told here. */
static uint32_t target_of(struct tw_one_record *parser, uint32_t node)
{
	uint32_t target = tw_one_record_resolve(parser, node);
	if (target == 0)
		return 0;
	const struct tw_one_record_node *at = tw_one_record_node(parser, target);
	if (parser->budget == 0) {
		parser->exhausted = true;
		return 0;
	}
	if (at->active || (at->told == parser->message &&
			   told_once(tw_one_record_type(parser, target))))
		return 0;
	return target;
}

static void tell_members(struct tw_one_record *parser, struct tw_slice parent, uint32_t object,
			 unsigned depth)
{
	uint32_t at = tw_one_record_node(parser, object)->child;
	for (; at != 0 && follow(parser); at = tw_one_record_node(parser, at)->next) {
		struct tw_slice key = tw_one_record_key(parser, at);
		struct unit unit = {.tag = tw_one_record_local(key), .parent = parent};
		if (tw_slice_at(key, 0) == '@' && !tw_slice_is(key, "@list") &&
		    !tw_slice_is(key, "@set"))
			continue;
		tell_node(parser, &unit, at, depth);
	}
}

static void tell_object(struct tw_one_record *parser, const struct unit *name, uint32_t node,
			unsigned depth)
{
	struct tw_one_record_node *at = tw_one_record_node(parser, node);
	struct tw_slice type = tw_one_record_type(parser, node);
	struct unit unit = *name;
	unit.kind = TW_UNIT_OPEN;
	unit.start = at->start;
	unit.end = at->start + 1;
	at->active = true;
	at->told = parser->message;
	begin_pieces(parser);
	add_names(parser, &unit, node);
	give(parser, &unit);
	tell_members(parser, type.length > 0 ? type : name->tag, node, depth + 1);
	tw_one_record_node(parser, node)->active = false;
	unit.kind = TW_UNIT_CLOSE;
	unit.end = tw_one_record_node(parser, node)->end;
	unit.start = unit.end > unit.start ? unit.end - 1 : unit.start;
	begin_pieces(parser);
	give(parser, &unit);
}

static void tell_inner_object(struct tw_one_record *parser, const struct unit *name, uint32_t node,
			      unsigned depth)
{
	uint32_t target = target_of(parser, node);
	uint32_t object = target != 0 ? target : node;
	bool waybill = depth > 0 && tw_slice_is(tw_one_record_type(parser, object), "Waybill");
	uint32_t id = tw_one_record_member(parser, object, "@id");
	if (waybill && tw_one_record_has_content(parser, object))
		tw_one_record_node(parser, object)->deferred = true;
	bool reference = waybill || (target == 0 && !tw_one_record_has_content(parser, node));
	uint32_t scalar = tw_one_record_is_value(parser, object) && !waybill
				  ? tw_one_record_scalar(parser, object) : 0;
	if (scalar == 0 && reference)
		scalar = id;
	if (scalar != 0 && tw_one_record_node(parser, scalar)->kind != TW_ONE_RECORD_OBJECT)
		tell_leaf(parser, name, object, scalar);
	else if (!reference)
		tell_object(parser, name, object, depth);
}

static void tell_node(struct tw_one_record *parser, const struct unit *name, uint32_t node,
		      unsigned depth)
{
	uint8_t kind = tw_one_record_node(parser, node)->kind;
	uint32_t at = tw_one_record_node(parser, node)->child;
	if (depth > TW_ONE_RECORD_DEPTH) {
		parser->exhausted = true;
		return;
	}
	if (kind == TW_ONE_RECORD_STRING || kind == TW_ONE_RECORD_WORD)
		tell_leaf(parser, name, node, node);
	if (kind == TW_ONE_RECORD_OBJECT)
		tell_inner_object(parser, name, node, depth);
	if (kind != TW_ONE_RECORD_ARRAY)
		return;
	for (; at != 0 && follow(parser); at = tw_one_record_node(parser, at)->next)
		tell_node(parser, name, at, depth + 1);
}

/* ---- messages ---------------------------------------------------------------------------- */

static struct tw_slice identifier(const struct tw_one_record *parser, uint32_t node)
{
	uint32_t id = tw_one_record_member(parser, node, "@id");
	return id == 0 ? tw_slice(NULL, 0) : tw_slice_trim(tw_one_record_bytes(parser, id));
}

static void tell_message(struct tw_one_record *parser, uint32_t root, bool complete)
{
	struct tw_one_record_node *node = tw_one_record_node(parser, root);
	struct tw_message_start message = {
		.type = tw_one_record_type(parser, root),
		.reference = identifier(parser, root),
		.offset = parser->begun,
	};
	if (node->kind != TW_ONE_RECORD_OBJECT || node->told != 0 ||
	    !tw_one_record_has_content(parser, root) || !follow(parser))
		return;
	struct unit unit = {.tag = message.type};
	parser->message++;
	tw_one_record_fail(parser, tw_sink_message(parser->call->sink, &message));
	tell_object(parser, &unit, root, 0);
	if (follow(parser))
		tw_one_record_fail(parser, tw_sink_message_end(parser->call->sink,
							       parser->begun + parser->last, complete));
}

/* The nodes of a document that stand by themselves, of one type; NULL: of any. */
static void tell_roots(struct tw_one_record *parser, uint32_t holder, const char *type,
		       bool complete)
{
	uint32_t graph = tw_one_record_member(parser, holder, "@graph");
	uint32_t at = tw_one_record_node(parser, holder)->child;
	if (tw_one_record_node(parser, holder)->kind == TW_ONE_RECORD_OBJECT) {
		if (type == NULL || tw_slice_is(tw_one_record_type(parser, holder), type))
			tell_message(parser, holder, complete);
		at = graph == 0 ? 0 : tw_one_record_node(parser, graph)->child;
		/* "@graph" may hold one node without brackets. */
		if (graph != 0 && tw_one_record_node(parser, graph)->kind == TW_ONE_RECORD_OBJECT)
			at = graph;
	}
	for (; at != 0 && follow(parser); at = tw_one_record_node(parser, at)->next) {
		if (at != graph || tw_one_record_node(parser, at)->kind == TW_ONE_RECORD_OBJECT)
			if (type == NULL || tw_slice_is(tw_one_record_type(parser, at), type))
				tell_message(parser, at, complete);
		if (at == graph)
			break;
	}
}

static void remark(struct tw_one_record *parser, const char *code, const char *reason)
{
	struct tw_anomaly_at at = {.code = code, .offset = parser->begun, .length = parser->last};
	if (follow(parser))
		tw_one_record_fail(parser, tw_sink_incomplete(parser->call->sink, &at, "%s", reason));
}

void tw_one_record_tell(struct tw_one_record *parser, bool complete)
{
	/* What names the others first: a shipment is told with its waybill, not before it. */
	static const char *const order[] = {"Waybill", "Booking", "Shipment", "Piece", NULL};
	struct tw_interchange interchange = {
		.format = TW_LITERAL("one_record"),
		.charset = TW_CHARSET_UTF8,
		.offset = parser->begun,
	};
	if (parser->nodes.count == 0)
		return;
	interchange.reference = identifier(parser, 0);
	parser->budget = 4 * parser->nodes.count + UNITS_MORE;
	tw_one_record_index(parser);
	if (follow(parser))
		tw_one_record_fail(parser, tw_sink_interchange(parser->call->sink, &interchange));
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]) && follow(parser); i++)
		tell_roots(parser, 0, order[i], complete);
	/* A deferred node stands behind the one it was found in. */
	for (uint32_t i = 1; i < parser->nodes.count && follow(parser); i++)
		if (tw_one_record_node(parser, i)->deferred)
			tell_message(parser, i, complete);
	if (parser->exhausted)
		remark(parser, "one_record.reference",
		       "not all references were followed: they lead too far");
	if (parser->message == 0 && complete)
		remark(parser, "one_record.no_message", "a document holds no node of ONE Record");
}
