/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Type-B headers after the IATA Systems and Communications Reference: priority and
 * addresses of seven characters, then a line with a full stop, the origin and the
 * message identity. Gateways write the same as sections, each with a line of its
 * own that begins with an equals sign.
 */
#include "header.h"

#define CERTAIN 100
#define SURE 95
#define LIKELY 80
#define PERHAPS 60
/* Line ends, blanks and marks that may stand before a header. */
#define LEADING 8u
/* Lines a header may have that say nothing; lines it may have before the text. */
#define SILENT_LINES 4u
#define ADDRESS_LINES 8u
#define SECTION_LINES 64u

/* Reads lines one by one; a line that is not whole yet is none. */
struct lines {
	struct tw_slice bytes;
	size_t at;	   /* behind the last line and what ended it */
	size_t start;	   /* of the last line */
	bool end;
	bool more;	   /* stopped for more bytes */
	bool framed, over; /* SOH or STX was met; ETX was met */
};

static bool next_line(struct lines *lines, struct tw_slice *ret_line)
{
	struct tw_slice line = {NULL, 0};

	while (line.length == 0 && !lines->over) {
		size_t start = lines->at;
		size_t end = tw_imp_line_end(lines->bytes, start);
		int byte = tw_slice_at(lines->bytes, end);
		if (end > TW_IMP_HEADER_BYTES)
			return false;
		if (byte < 0 && (!lines->end || end == start)) {
			lines->more = !lines->end;
			return false;
		}
		line = tw_imp_trim(tw_slice_part(lines->bytes, start, end - start));
		lines->start = start;
		lines->at = byte < 0 ? end : end + 1;
		lines->framed |= byte == TW_IMP_STX || byte == TW_IMP_SOH;
		lines->over = byte == TW_IMP_ETX || byte == TW_IMP_EOT;
	}
	*ret_line = line;
	return line.length > 0;
}

/* ---- identifier lines -------------------------------------------------------- */

/*
 * What must follow an identifier that has no version, or is not known: the waybill,
 * or another line of that kind of message. 1 yes, 0 no, -1: more bytes are needed.
 */
static int confirm(struct lines *lines, const struct tw_imp_type *type)
{
	bool customs = (type->flags & TW_IMP_CUSTOMS) != 0;
	struct tw_slice line;

	if (!next_line(lines, &line) ||
	    (customs && tw_imp_is_location(line) && !next_line(lines, &line)))
		return lines->more ? -1 : 0;
	if ((type->flags & TW_IMP_QUOTES) != 0)
		return tw_slice_starts(line, TW_LITERAL("ACK/"));
	if (tw_imp_is_waybill(line))
		return 1;
	bool identified = tw_imp_is_identified(line) &&
			  tw_slice_at(line, tw_imp_first(line).length) == '/';
	/* An error report (FER) names the flight before the waybill. */
	return customs && (identified || tw_imp_is_flight(line));
}

/* `line` may be an identifier line; `lines` stands behind it. */
static int judge_identifier(struct lines lines, struct tw_slice line)
{
	bool versioned = tw_imp_is_versioned(line);
	if (!versioned && line.length != 3)
		return 0;
	struct tw_slice name = tw_slice_part(line, 0, 3);
	const struct tw_imp_type *type = tw_imp_type(name);

	if (versioned && tw_imp_type_known(type))
		return SURE;
	if (!versioned && (type->flags & TW_IMP_BARE) == 0)
		return 0;
	int confirmed = confirm(&lines, type);
	if (confirmed <= 0)
		return confirmed;
	return versioned ? PERHAPS : LIKELY;
}

int tw_imp_identifier(struct tw_slice bytes, bool end)
{
	struct lines lines = {.bytes = bytes, .end = end};
	struct tw_slice line;

	/* A line that is longer is none, whole or not. */
	if (tw_imp_trim(tw_slice_part(bytes, 0, tw_imp_line_end(bytes, 0))).length > 7)
		return 0;
	if (!next_line(&lines, &line))
		return lines.more ? -1 : 0;
	return judge_identifier(lines, line);
}

/* ---- headers of lines --------------------------------------------------------- */

static struct tw_slice next_word(struct tw_slice *rest)
{
	struct tw_slice text = tw_imp_trim(*rest);
	size_t length = 0;

	while (length < text.length && text.data[length] != ' ' && text.data[length] != '\t')
		length++;
	*rest = tw_slice_from(text, length);
	return tw_slice_part(text, 0, length);
}

/* QU, QK, QD ...: how urgent it is. */
static bool is_priority(struct tw_slice word)
{
	return word.length == 2 && tw_slice_at(word, 0) == 'Q' && tw_imp_letters(word, 2, 2);
}

/* HKGFMLH: place, office, company. */
static bool is_address(struct tw_slice word)
{
	if (word.length == 8 && tw_slice_at(word, 7) == '.')
		word.length--;
	return tw_imp_alphanumeric(word, 7, 7) && tw_imp_letters(tw_slice_part(word, 0, 3), 3, 3);
}

static bool says_repeated(struct tw_slice text)
{
	struct tw_slice word = next_word(&text);

	while (word.length > 0 && !tw_slice_is(word, "PDM"))
		word = next_word(&text);
	return word.length > 0;
}

/* .FRAFMLH 191200 and what else there is. */
static bool read_origin(struct tw_imp_header *header, struct tw_slice text, size_t at)
{
	struct tw_slice word = next_word(&text);

	if (tw_slice_at(word, 0) != '.' || !is_address(tw_slice_from(word, 1)))
		return false;
	header->sender = tw_slice_part(word, 1, 7);
	header->reference = tw_imp_trim(text);
	if (says_repeated(text)) {
		header->repeated = true;
		header->duplicate = at;
	}
	return true;
}

/* Priority, addresses, and perhaps the origin, on one line. */
static bool read_addresses(struct tw_imp_header *header, struct tw_slice line, size_t at,
			   bool first)
{
	struct tw_slice rest = line;
	struct tw_slice word = next_word(&rest);

	if (is_priority(word))
		word = next_word(&rest);
	else if (first)
		return false;
	while (word.length > 0) {
		struct tw_slice from_here = tw_slice(word.data, (size_t)(line.data + line.length -
									 word.data));
		if (tw_slice_at(word, 0) == '.')
			return read_origin(header, from_here, at);
		if (!is_address(word))
			return false;
		if (header->recipient.length == 0)
			header->recipient = tw_slice_part(word, 0, 7);
		word = next_word(&rest);
	}
	return header->recipient.length > 0;
}

/* Behind a header: the identifier line, and before it perhaps some `silent` lines. */
static int read_text(struct lines *lines, struct tw_imp_header *header, unsigned silent)
{
	struct tw_slice line;

	for (unsigned i = 0; i <= silent && next_line(lines, &line); i++) {
		bool pdm = tw_slice_is(line, "PDM");
		int sure = tw_imp_is_versioned(line) ? SURE : judge_identifier(*lines, line);
		header->text = lines->start;
		if (sure != 0)
			return sure;
		if (pdm && !header->repeated) {
			header->repeated = true;
			header->duplicate = lines->start;
		}
	}
	return lines->more ? -1 : 0;
}

/* Some leave the origin out: then the identifier line stands behind the addresses. */
static int read_after_addresses(const struct lines *lines, struct tw_imp_header *header,
				struct tw_slice line)
{
	header->text = lines->start;
	return header->recipient.length > 0 ? judge_identifier(*lines, line) : 0;
}

static int read_lines_header(struct lines *lines, struct tw_imp_header *header,
			     struct tw_slice line)
{
	bool first = !lines->framed;

	header->addressed = true;
	for (unsigned i = 0; i < ADDRESS_LINES; i++) {
		if (tw_slice_starts(line, TW_LITERAL("ZCZC")))
			lines->framed = true;
		else if (tw_slice_at(line, 0) == '.'
				 ? !read_origin(header, line, lines->start)
				 : !read_addresses(header, line, lines->start, first))
			return read_after_addresses(lines, header, line);
		first = false;
		if (header->sender.length > 0)
			return read_text(lines, header, SILENT_LINES);
		if (!next_line(lines, &line))
			return lines->more ? -1 : 0;
	}
	return 0;
}

/* ---- headers of sections ------------------------------------------------------ */

static void read_section(struct tw_imp_header *header, struct tw_slice section,
			 struct tw_slice line)
{
	struct tw_slice rest = tw_slice_from(line, 4);

	if (tw_slice_is(section, "=HEADER")) {
		header->date = next_word(&rest);
		header->clock = next_word(&rest);
	} else if (tw_slice_starts(section, TW_LITERAL("=DESTINATION"))) {
		if (header->recipient.length == 0)
			header->recipient = tw_slice_starts(line, TW_LITERAL("STX,")) ? rest : line;
	} else if (tw_slice_is(section, "=ORIGIN") && header->sender.length == 0) {
		header->sender = line;
	} else if (tw_slice_is(section, "=MSGID") && header->reference.length == 0) {
		header->reference = line;
	} else if (tw_slice_is(section, "=SMI") && header->type.length == 0) {
		header->type = line;
	}
}

/* The text of a gateway's file begins with the identifier line, or with what follows it. */
static int read_section_text(struct lines *lines, struct tw_imp_header *header)
{
	struct lines ahead = *lines;
	int sure = read_text(&ahead, header, SILENT_LINES);

	if (sure > 0)
		header->type = tw_slice(NULL, 0);
	if (sure != 0 || header->type.length != 3 || !tw_imp_type_known(tw_imp_type(header->type)))
		return sure;
	header->text = lines->at;
	return SURE;
}

static bool begins_sections(struct tw_slice line)
{
	static const char *const sections[] = {"=HEADER", "=PRIORITY", "=DESTINATION TYPE B", "=ORIGIN"};

	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
		if (tw_slice_is(line, sections[i]))
			return true;
	return false;
}

static int read_sections_header(struct lines *lines, struct tw_imp_header *header,
				struct tw_slice line)
{
	struct tw_slice section = {NULL, 0};

	header->addressed = true;
	if (!begins_sections(line))
		return 0;
	for (unsigned i = 0; i < SECTION_LINES; i++) {
		if (tw_slice_is(line, "=TEXT"))
			return read_section_text(lines, header);
		if (tw_slice_at(line, 0) == '=' && !tw_slice_starts(line, TW_LITERAL("=SND,")))
			section = line;
		else
			read_section(header, section, line);
		if (!next_line(lines, &line))
			return lines->more ? -1 : 0;
	}
	return 0;
}

/* ---- EDIFACT envelopes --------------------------------------------------------- */

/* The nth part (from 0) of a text, at one of its marks. */
static struct tw_slice part_of(struct tw_slice text, char mark, unsigned nth)
{
	for (;;) {
		const char *found = text.length == 0 ? NULL : memchr(text.data, mark, text.length);
		size_t length = found == NULL ? text.length : (size_t)(found - text.data);
		if (nth-- == 0)
			return tw_slice_part(text, 0, length);
		text = tw_slice_from(text, length + 1);
	}
}

struct tw_slice tw_imp_element(struct tw_slice segment, unsigned element)
{
	return part_of(segment, '+', element);
}

struct tw_slice tw_imp_enveloped_type(struct tw_slice segment)
{
	struct tw_slice type = part_of(part_of(segment, '+', 2), ':', 0);

	if (!tw_slice_starts(segment, TW_LITERAL("UNH+")) || type.length != 6 ||
	    !tw_slice_starts(type, TW_LITERAL("CIM")) || !tw_imp_letters(type, 6, 6))
		return tw_slice(NULL, 0);
	return tw_slice_from(type, 3);
}

static void read_unb(struct tw_imp_header *header, struct tw_slice segment)
{
	header->sender = part_of(part_of(segment, '+', 2), ':', 0);
	header->recipient = part_of(part_of(segment, '+', 3), ':', 0);
	header->date = part_of(part_of(segment, '+', 4), ':', 0);
	header->clock = part_of(part_of(segment, '+', 4), ':', 1);
	header->reference = part_of(segment, '+', 5);
}

/* UNA and UNB, perhaps a group, and an UNH that names one of our types; only with the usual delimiters. */
static int read_envelope(struct lines *lines, struct tw_imp_header *header)
{
	header->addressed = header->enveloped = header->framed = true;
	for (unsigned i = 0; i < 4; i++) {
		struct tw_slice rest = tw_slice_from(lines->bytes, lines->at);
		struct tw_slice segment = part_of(rest, '\'', 0);
		size_t length = segment.length;
		if (lines->at + length > TW_IMP_HEADER_BYTES)
			return 0;
		if (length == rest.length)
			return lines->end ? 0 : -1;
		segment = tw_slice_trim(segment);
		header->text = lines->at;
		lines->at += length + 1;
		if (tw_imp_enveloped_type(segment).length > 0)
			return CERTAIN;
		if (tw_slice_starts(segment, TW_LITERAL("UNB+")))
			read_unb(header, segment);
		else if (tw_slice_starts(segment, TW_LITERAL("UNG+")))
			header->groups++;
		else if (!tw_slice_is(segment, "UNA:+.?"))
			return 0;
	}
	return 0;
}

/* ---- starts ------------------------------------------------------------------- */

static bool is_leading(int byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n' ||
	       byte == TW_IMP_SOH || byte == TW_IMP_STX;
}

/* Blanks, line ends and marks before the first line; what comes behind blanks is the start. */
static bool pass_leading(struct lines *lines, struct tw_imp_header *header)
{
	bool framed = false;

	for (unsigned i = 0; i < LEADING; i++) {
		int byte = tw_slice_at(lines->bytes, lines->at);
		if (!is_leading(byte))
			break;
		framed |= byte == TW_IMP_SOH || byte == TW_IMP_STX;
		lines->at++;
		if (!framed)
			header->start = lines->at;
	}
	return framed;
}

/* A first byte that nothing of ours has. */
static bool is_hopeless(int byte)
{
	return byte >= 0 && byte != '.' && byte != '=' && (unsigned)byte - 'A' >= 26;
}

int tw_imp_start(struct tw_slice bytes, bool end, struct tw_imp_header *ret_header)
{
	struct lines lines = {.bytes = bytes, .end = end};
	struct tw_slice line;

	*ret_header = (struct tw_imp_header){.framed = false};
	lines.framed = pass_leading(&lines, ret_header);
	if (is_hopeless(tw_slice_at(bytes, lines.at)))
		return 0;
	line = tw_slice_part(bytes, lines.at, 3);
	if (tw_slice_is(line, "UNA") || tw_slice_is(line, "UNB"))
		return read_envelope(&lines, ret_header);
	if (!next_line(&lines, &line))
		return lines.more ? -1 : 0;
	int sure = 0;
	if (tw_slice_at(line, 0) == '=') {
		sure = read_sections_header(&lines, ret_header, line);
	} else if (tw_slice_is(line, "PDM")) {
		ret_header->repeated = true;
		ret_header->duplicate = lines.start;
		sure = read_text(&lines, ret_header, 0);
	} else {
		ret_header->text = lines.start;
		sure = judge_identifier(lines, line);
		if (sure == 0)
			sure = read_lines_header(&lines, ret_header, line);
	}
	ret_header->framed = lines.framed;
	return sure;
}

/* Whether something begins here. Of most places the first byte says that nothing does. */
static bool may_start(struct tw_slice bytes, size_t at)
{
	struct tw_imp_header header;
	int byte = tw_slice_at(bytes, at);

	return (is_leading(byte) || !is_hopeless(byte)) &&
	       tw_imp_start(tw_slice_from(bytes, at), false, &header) != 0;
}

size_t tw_imp_find(struct tw_slice bytes, bool fresh)
{
	size_t at = fresh ? 0 : tw_imp_line_end(bytes, 0);

	while (at < bytes.length) {
		if (may_start(bytes, at))
			return at;
		at += tw_imp_control(tw_slice_at(bytes, at));
		if (at < bytes.length && !tw_imp_control(tw_slice_at(bytes, at)) && may_start(bytes, at))
			return at;
		at = tw_imp_line_end(bytes, at);
	}
	return bytes.length;
}
