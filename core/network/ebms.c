/* SPDX-License-Identifier: Apache-2.0 */
#include "network/ebms.h"

#include "tidewaiter/status.h"

/* ---- what is looked for -------------------------------------------------------------- */

enum space { NO_SPACE, SOAP, EBMS, WSSE, XENC };

static const struct {
	const char *name;
	enum space space;
} space_names[] = {
	{"http://www.w3.org/2003/05/soap-envelope", SOAP},
	{"http://schemas.xmlsoap.org/soap/envelope/", SOAP},
	{"http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/", EBMS},
	{"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd", WSSE},
	{"http://www.w3.org/2001/04/xmlenc#", XENC},
};

enum element {
	OUTSIDE,
	OTHER,
	ENVELOPE,
	HEADER,
	BODY,
	MESSAGING,
	USER,
	SIGNAL,
	INFO,
	MESSAGE_ID,
	PARTIES,
	FROM,
	TO,
	FROM_ID,
	TO_ID,
	SECURITY,
	ENCRYPTED,
	CIPHER,
	REFERENCE,
	BODY_ENCRYPTED,
};

static const struct row {
	enum element parent;
	enum space space;
	const char *name;
	enum element element;
} rows[] = {
	{OUTSIDE, SOAP, "Envelope", ENVELOPE},
	{ENVELOPE, SOAP, "Header", HEADER},
	{ENVELOPE, SOAP, "Body", BODY},
	{HEADER, EBMS, "Messaging", MESSAGING},
	{MESSAGING, EBMS, "UserMessage", USER},
	{MESSAGING, EBMS, "SignalMessage", SIGNAL},
	{USER, EBMS, "MessageInfo", INFO},
	{INFO, EBMS, "MessageId", MESSAGE_ID},
	{USER, EBMS, "PartyInfo", PARTIES},
	{PARTIES, EBMS, "From", FROM},
	{PARTIES, EBMS, "To", TO},
	{FROM, EBMS, "PartyId", FROM_ID},
	{TO, EBMS, "PartyId", TO_ID},
	{HEADER, WSSE, "Security", SECURITY},
	{SECURITY, XENC, "EncryptedData", ENCRYPTED},
	{ENCRYPTED, XENC, "CipherData", CIPHER},
	{CIPHER, XENC, "CipherReference", REFERENCE},
	{BODY, XENC, "EncryptedData", BODY_ENCRYPTED},
};

static enum element element_of(enum element parent, enum space space, struct tw_slice name)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].parent == parent && rows[i].space == space && tw_slice_is(name, rows[i].name))
			return rows[i].element;
	return OTHER;
}

static enum element top(const struct tw_ebms *ebms)
{
	return ebms->depth == 0 ? OUTSIDE : (enum element)ebms->open[ebms->depth - 1];
}

/* ---- texts ----------------------------------------------------------------------------- */

/* Where the text of the open element goes, or NULL. The first of each counts. */
static struct tw_ebms_text *target_of(struct tw_ebms *ebms)
{
	switch (top(ebms)) {
	case FROM_ID:
		return &ebms->from;
	case TO_ID:
		return &ebms->to;
	case MESSAGE_ID:
		return &ebms->message_id;
	default:
		return NULL;
	}
}

static bool is_blank(int byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* XML 1.0, 4.6: the references that need no declaration; others stand as they are. */
static char take_character(struct tw_slice *text)
{
	static const struct {
		const char *name;
		char character;
	} references[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
	for (size_t i = 0; i < sizeof(references) / sizeof(references[0]); i++) {
		struct tw_slice name = tw_slice_string(references[i].name);
		if (!tw_slice_starts(*text, name))
			continue;
		*text = tw_slice_from(*text, name.length);
		return references[i].character;
	}
	char character = (char)tw_slice_at(*text, 0);
	*text = tw_slice_from(*text, 1);
	return character;
}

static void take_text(struct tw_ebms *ebms, struct tw_slice text)
{
	struct tw_ebms_text *target = target_of(ebms);
	while (target != NULL && text.length > 0 && target->length < TW_EBMS_TEXT) {
		char character = take_character(&text);
		if (target->length > 0 || !is_blank(character))
			target->text[target->length++] = character;
	}
}

/* An element of that name is over: blanks behind its text are none of it, nor is another element's text. */
static void end_text(struct tw_ebms *ebms)
{
	struct tw_ebms_text *target = target_of(ebms);
	if (target == NULL)
		return;
	while (target->length > 0 && is_blank(target->text[target->length - 1]))
		target->length--;
}

/* ---- tags ------------------------------------------------------------------------------ */

/* Takes the name up to a blank, "=", "/" or the end; *ret_prefix: what stands before its colon. */
static struct tw_slice take_name(struct tw_slice *rest, struct tw_slice *ret_prefix)
{
	size_t length = 0, local = 0;
	for (int byte; length < rest->length; length++) {
		byte = tw_slice_at(*rest, length);
		if (is_blank(byte) || byte == '=' || byte == '/' || byte == '>')
			break;
		if (byte == ':' && local == 0)
			local = length + 1;
	}
	struct tw_slice name = tw_slice_part(*rest, local, length - local);
	*ret_prefix = tw_slice_part(*rest, 0, local == 0 ? 0 : local - 1);
	*rest = tw_slice_from(*rest, length);
	return name;
}

struct attribute {
	struct tw_slice prefix, name, value;
};

static void skip_blanks(struct tw_slice *rest)
{
	while (is_blank(tw_slice_at(*rest, 0)))
		*rest = tw_slice_from(*rest, 1);
}

/* The next attribute of a tag. False: there is none. */
static bool take_attribute(struct tw_slice *rest, struct attribute *ret_attribute)
{
	skip_blanks(rest);
	ret_attribute->name = take_name(rest, &ret_attribute->prefix);
	skip_blanks(rest);
	if (ret_attribute->name.length == 0 || tw_slice_at(*rest, 0) != '=')
		return false;
	*rest = tw_slice_from(*rest, 1);
	skip_blanks(rest);
	int quote = tw_slice_at(*rest, 0);
	*rest = tw_slice_from(*rest, 1);
	const char *end = rest->length == 0 ? NULL : memchr(rest->data, quote, rest->length);
	if ((quote != '"' && quote != '\'') || end == NULL)
		return false;
	ret_attribute->value = tw_slice_part(*rest, 0, (size_t)(end - rest->data));
	*rest = tw_slice_from(*rest, ret_attribute->value.length + 1);
	return true;
}

/* Keeps the namespaces that a tag declares. False: more than are kept. */
static bool declare_spaces(struct tw_ebms *ebms, struct tw_slice bytes, struct tw_slice attributes)
{
	struct attribute attribute;
	while (take_attribute(&attributes, &attribute)) {
		bool prefixed = tw_slice_is(attribute.prefix, "xmlns");
		bool plain = attribute.prefix.length == 0 && tw_slice_is(attribute.name, "xmlns");
		struct tw_ebms_space *space = &ebms->spaces[ebms->space_count];
		if (!prefixed && !plain)
			continue;
		if (ebms->space_count == TW_EBMS_SPACES)
			return false;
		*space = (struct tw_ebms_space){.depth = ebms->depth + 1};
		if (prefixed) {
			space->prefix = (size_t)(attribute.name.data - bytes.data);
			space->prefix_length = attribute.name.length;
		}
		for (size_t i = 0; i < sizeof(space_names) / sizeof(space_names[0]); i++)
			if (tw_slice_is(attribute.value, space_names[i].name))
				space->space = (uint8_t)space_names[i].space;
		ebms->space_count++;
	}
	return true;
}

static enum space space_of(const struct tw_ebms *ebms, struct tw_slice bytes, struct tw_slice prefix)
{
	for (unsigned i = ebms->space_count; i-- > 0;) {
		const struct tw_ebms_space *space = &ebms->spaces[i];
		if (tw_slice_equal(prefix, tw_slice_part(bytes, space->prefix, space->prefix_length)))
			return (enum space)space->space;
	}
	return NO_SPACE;
}

/* WS-Security SwA Profile, 5.5.2: the reference of what is encrypted to an attachment. */
static bool names_attachment(struct tw_slice attributes)
{
	struct attribute attribute;
	while (take_attribute(&attributes, &attribute))
		if (tw_slice_is(attribute.name, "URI"))
			return tw_slice_starts(attribute.value, TW_LITERAL("cid:"));
	return false;
}

static void note_element(struct tw_ebms *ebms, enum element element, struct tw_slice attributes)
{
	switch (element) {
	case USER:
		ebms->kind = TW_EBMS_MESSAGE;
		break;
	case SIGNAL:
		if (ebms->kind == TW_EBMS_NONE)
			ebms->kind = TW_EBMS_SIGNAL;
		break;
	case REFERENCE:
		ebms->attachments_encrypted |= names_attachment(attributes);
		break;
	case BODY_ENCRYPTED:
		ebms->body_encrypted = true;
		break;
	default:
		break;
	}
	ebms->body_used |= top(ebms) == BODY;
}

static int close_element(struct tw_ebms *ebms)
{
	enum element closed = top(ebms);
	if (ebms->depth == 0)
		return TW_ERROR_INVALID;
	end_text(ebms);
	while (ebms->space_count > 0 && ebms->spaces[ebms->space_count - 1].depth == ebms->depth)
		ebms->space_count--;
	ebms->depth--;
	return closed == BODY || closed == ENVELOPE;
}

/* A second text of its kind is not read. */
static enum element first_only(const struct tw_ebms *ebms, enum element element)
{
	bool again = (element == FROM_ID && ebms->from.length > 0) ||
		     (element == TO_ID && ebms->to.length > 0) ||
		     (element == MESSAGE_ID && ebms->message_id.length > 0);
	return again ? OTHER : element;
}

/* As tw_ebms_read(). `tag`: without its angle brackets. */
static int open_element(struct tw_ebms *ebms, struct tw_slice bytes, struct tw_slice tag)
{
	struct tw_slice prefix, attributes = tag;
	struct tw_slice name = take_name(&attributes, &prefix);
	bool empty = tag.length > 0 && tw_slice_at(tag, tag.length - 1) == '/';
	if (ebms->depth == TW_EBMS_DEPTH || !declare_spaces(ebms, bytes, attributes))
		return TW_ERROR_LIMIT;
	enum element element = element_of(top(ebms), space_of(ebms, bytes, prefix), name);
	if (ebms->depth == 0 && element != ENVELOPE)
		return TW_ERROR_INVALID;
	note_element(ebms, element, attributes);
	if (ebms->body_used)
		return 1;
	ebms->open[ebms->depth++] = (uint8_t)first_only(ebms, element);
	return empty ? close_element(ebms) : 0;
}

/* ---- tokens ---------------------------------------------------------------------------- */

/* Where `end` is found behind `at`, at or after `sought`; false: not yet. */
static bool seek(struct tw_ebms *ebms, struct tw_slice bytes, struct tw_slice end, size_t *ret_length)
{
	size_t from = ebms->sought > ebms->at ? ebms->sought : ebms->at;
	for (; from + end.length <= bytes.length; from++) {
		const char *next = memchr(bytes.data + from, end.data[0], bytes.length - from);
		if (next == NULL)
			break;
		from = (size_t)(next - bytes.data);
		if (!tw_slice_starts(tw_slice_from(bytes, from), end))
			continue;
		*ret_length = from - ebms->at;
		return true;
	}
	ebms->sought = bytes.length >= end.length ? bytes.length - end.length + 1 : 0;
	return false;
}

static void step_to(struct tw_ebms *ebms, size_t at)
{
	ebms->at = at;
	ebms->sought = 0;
}

/* Length of the tag that stands here with both brackets; 0: it is not whole. A ">" in a value does not end it. */
static size_t tag_length(struct tw_slice bytes)
{
	int quote = 0;
	for (size_t i = 1; i < bytes.length; i++) {
		int byte = tw_slice_at(bytes, i);
		if (quote != 0)
			quote = byte == quote ? 0 : quote;
		else if (byte == '"' || byte == '\'')
			quote = byte;
		else if (byte == '>')
			return i + 1;
	}
	return 0;
}

/* What is no element, and what ends it: a comment, a section, an instruction. */
static const struct {
	const char *begin, *end;
	bool text;
} others[] = {{"<!--", "-->", false}, {"<![CDATA[", "]]>", true}, {"<?", "?>", false}};
#define OTHERS (sizeof(others) / sizeof(others[0]))

/* 1: it was taken, 0: it is none, or not known yet (*ret_more). */
static int take_other(struct tw_ebms *ebms, struct tw_slice bytes, bool *ret_more)
{
	struct tw_slice rest = tw_slice_from(bytes, ebms->at);
	for (size_t i = 0; i < OTHERS; i++) {
		struct tw_slice begin = tw_slice_string(others[i].begin);
		struct tw_slice end = tw_slice_string(others[i].end);
		size_t length;
		if (rest.length < begin.length && tw_slice_starts(begin, rest)) {
			*ret_more = true;
			return 0;
		}
		if (!tw_slice_starts(rest, begin))
			continue;
		if (ebms->sought < ebms->at + begin.length)
			ebms->sought = ebms->at + begin.length;
		*ret_more = !seek(ebms, bytes, end, &length);
		if (*ret_more)
			return 0;
		if (others[i].text)
			take_text(ebms, tw_slice_part(rest, begin.length, length - begin.length));
		step_to(ebms, ebms->at + length + end.length);
		return 1;
	}
	return 0;
}

/* As tw_ebms_read(), but that 0 with `at` moved means: go on. */
static int take_tag(struct tw_ebms *ebms, struct tw_slice bytes)
{
	bool more = false;
	if (take_other(ebms, bytes, &more) > 0 || more)
		return 0;
	struct tw_slice rest = tw_slice_from(bytes, ebms->at);
	if (tw_slice_at(rest, 1) == '!')
		return TW_ERROR_INVALID; /* a document type: SOAP 1.2 Part 1, section 5 */
	size_t length = tag_length(tw_slice_part(rest, 0, TW_EBMS_TAG));
	if (length == 0)
		return rest.length < TW_EBMS_TAG ? 0 : TW_ERROR_LIMIT;
	step_to(ebms, ebms->at + length);
	return tw_slice_at(rest, 1) == '/'
		       ? close_element(ebms)
		       : open_element(ebms, bytes, tw_slice_part(rest, 1, length - 2));
}

/*
 * Before the envelope: whether it begins here, as tw_ebms_read(). Header fields of MIME have names in angle
 * brackets too (Content-ID: <a@b>), which are no tags.
 */
static int begins_envelope(struct tw_slice rest)
{
	struct tw_slice prefix, name, after = tw_slice_part(rest, 1, 128);
	name = take_name(&after, &prefix);
	if (after.length == 0)
		return rest.length < 129 ? 0 : TW_ERROR_INVALID;
	return tw_slice_is(name, "Envelope") ? 1 : TW_ERROR_INVALID;
}

static int step(struct tw_ebms *ebms, struct tw_slice bytes)
{
	size_t length = 0;
	if (tw_slice_at(bytes, ebms->at) != '<' && !seek(ebms, bytes, TW_LITERAL("<"), &length))
		return 0;
	take_text(ebms, tw_slice_part(bytes, ebms->at, length));
	if (length > 0)
		step_to(ebms, ebms->at + length);
	if (ebms->depth > 0)
		return take_tag(ebms, bytes);
	int begins = begins_envelope(tw_slice_from(bytes, ebms->at));
	if (begins < 0)
		step_to(ebms, ebms->at + 1);
	return begins > 0 ? take_tag(ebms, bytes) : 0;
}

int tw_ebms_read(struct tw_ebms *ebms, struct tw_slice bytes)
{
	int known;
	size_t before;
	do {
		before = ebms->at;
		known = step(ebms, bytes);
	} while (known == 0 && ebms->at != before);
	return known;
}
