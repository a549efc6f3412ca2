/* SPDX-License-Identifier: Apache-2.0 */
#include "decode.h"

#include <errno.h>
#include <stdlib.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define DECLARATION_LONGEST 512u
#define NAMED_LONGEST 8u /* bytes of one character in any set that iconv knows */

bool tw_xml_reserve(struct tw_xml_buffer *buffer, size_t more)
{
	if (buffer->capacity - buffer->length >= more)
		return true;
	size_t capacity = buffer->capacity + buffer->capacity / 2 + more + 256;
	char *data = realloc(buffer->data, capacity);
	if (data == NULL)
		return false;
	buffer->data = data;
	buffer->capacity = capacity;
	return true;
}

/* ---- the front of a document --------------------------------------------------- */

/* The value of encoding="..." in a declaration <?xml ... ?>. */
static struct tw_slice declared(struct tw_slice declaration)
{
	static const char word[] = "encoding";
	for (size_t at = 5; at + sizeof(word) < declaration.length; at++) {
		struct tw_slice rest = tw_slice_from(declaration, at);
		if (!tw_xml_blank(tw_slice_at(declaration, at - 1)) ||
		    !tw_slice_starts(rest, TW_LITERAL("encoding")))
			continue;
		size_t i = sizeof(word) - 1;
		while (tw_xml_blank(tw_slice_at(rest, i)))
			i++;
		if (tw_slice_at(rest, i++) != '=')
			continue;
		while (tw_xml_blank(tw_slice_at(rest, i)))
			i++;
		int quote = tw_slice_at(rest, i);
		rest = tw_slice_from(rest, i + 1);
		bool quoted = rest.length > 0 && (quote == '"' || quote == '\'');
		const char *end = quoted ? memchr(rest.data, quote, rest.length) : NULL;
		if (end != NULL)
			return tw_slice_part(rest, 0, (size_t)(end - rest.data));
	}
	return tw_slice(NULL, 0);
}

/* Letters as capitals and digits only: utf-8, UTF8 and Utf_8 are one. */
static void plain_name(struct tw_slice name, char *plain, size_t size)
{
	size_t length = 0;
	for (size_t i = 0; i < name.length && length + 1 < size; i++) {
		int c = tw_slice_at(name, i);
		if (c >= 'a' && c <= 'z')
			c += 'A' - 'a';
		if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
			plain[length++] = (char)c;
	}
	plain[length] = '\0';
}

/* Whether a set that iconv knows has ASCII where ASCII is; else no declaration could be read. */
static bool reads_ascii(const char *name)
{
	iconv_t converter = iconv_open("UTF-8", name);
	char in[] = "<?xml", out[16];
	char *from = in, *to = out;
	size_t in_left = 5, out_left = sizeof(out);
	if (converter == (iconv_t)-1)
		return false;
	size_t result = iconv(converter, &from, &in_left, &to, &out_left);
	iconv_close(converter);
	return result != (size_t)-1 && out_left == sizeof(out) - 5 && memcmp(in, out, 5) == 0;
}

static void choose_named(struct tw_xml_front *front, struct tw_slice name)
{
	size_t length = 0;
	for (; length < name.length && length + 1 < sizeof(front->name); length++) {
		char c = name.data[length];
		bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9') || (c != '\0' && strchr("._:-", c) != NULL);
		if (!good)
			break;
		front->name[length] = c;
	}
	front->name[length] = '\0';
	front->contradicted = length < name.length || !reads_ascii(front->name);
	front->charset = front->contradicted ? TW_XML_UTF8 : TW_XML_NAMED;
}

static void choose_declared(struct tw_xml_front *front, struct tw_slice name)
{
	static const struct {
		const char *name;
		enum tw_xml_charset charset;
	} known[] = {
		{"", TW_XML_UTF8},	   {"UTF8", TW_XML_UTF8},	 {"ASCII", TW_XML_UTF8},
		{"USASCII", TW_XML_UTF8},  {"ISO88591", TW_XML_WINDOWS}, {"LATIN1", TW_XML_WINDOWS},
		{"L1", TW_XML_WINDOWS},	   {"WINDOWS1252", TW_XML_WINDOWS},
		{"CP1252", TW_XML_WINDOWS},
	};
	char plain[32];
	plain_name(name, plain, sizeof(plain));
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(plain, known[i].name) == 0) {
			front->charset = known[i].charset;
			return;
		}
	choose_named(front, name);
}

/* XML 1.0, appendix F: the mark, the shape of "<?" in 16 bits, or what is declared. */
struct tw_xml_front tw_xml_front(struct tw_slice bytes, bool end)
{
	struct tw_xml_front front = {.more = bytes.length < 4 && !end};
	int first = tw_slice_at(bytes, 0), second = tw_slice_at(bytes, 1);
	if (front.more)
		return front;
	if ((first == 0xff && second == 0xfe) || (first == 0xfe && second == 0xff)) {
		front.mark = 2;
		front.charset = first == 0xff ? TW_XML_UTF16_LE : TW_XML_UTF16_BE;
		return front;
	}
	if ((first == '<' && second == 0) || (first == 0 && second == '<')) {
		front.charset = first == '<' ? TW_XML_UTF16_LE : TW_XML_UTF16_BE;
		return front;
	}
	front.mark = tw_slice_starts(bytes, TW_LITERAL("\xef\xbb\xbf")) ? 3 : 0;
	struct tw_slice rest = tw_slice_part(bytes, front.mark, DECLARATION_LONGEST);
	if (rest.length < 5 && tw_slice_starts(TW_LITERAL("<?xml"), rest) && !end)
		front.more = true;
	if (!tw_slice_starts(rest, TW_LITERAL("<?xml")))
		return front;
	const char *close = memchr(rest.data, '>', rest.length);
	front.more = close == NULL && rest.length < DECLARATION_LONGEST && !end;
	if (close != NULL && front.mark == 0)
		choose_declared(&front, declared(tw_slice_part(rest, 0, (size_t)(close - rest.data))));
	return front;
}

/* ---- characters ------------------------------------------------------------------ */

int tw_xml_utf8(struct tw_slice bytes)
{
	int first = tw_slice_at(bytes, 0);
	if (first < 0x80)
		return first < 0 ? -1 : 1;
	int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
	if (first < 0xc2 || first > 0xf4)
		return 0;
	for (int i = 1; i < length; i++) {
		int c = tw_slice_at(bytes, (size_t)i);
		if (c < 0)
			return -1;
		int least = i > 1 ? 0x80 : first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
		int most = i > 1 ? 0xbf : first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
		if (c < least || c > most)
			return 0;
	}
	return length;
}

static size_t put_utf8(uint32_t c, char *out)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	size_t length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (size_t i = length; i-- > 1; c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)((0xf00u >> length & 0xf0u) | c);
	return length;
}

/* Windows-1252, as the WHATWG has it: the five bytes without a character stand for themselves. */
static uint32_t windows_character(int byte)
{
	static const uint16_t high[32] = {
		0x20ac, 0x81,	0x201a, 0x192,	0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160,
		0x2039, 0x152,	0x8d,	0x17d,	0x8f,	0x90,	0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
		0x2013, 0x2014, 0x2dc,	0x2122, 0x161,	0x203a, 0x153,	0x9d,	0x17e, 0x178,
	};
	return byte >= 0x80 && byte < 0xa0 ? high[byte - 0x80] : (uint32_t)byte;
}

static uint32_t unit_at(struct tw_slice bytes, size_t at, bool big)
{
	int first = tw_slice_at(bytes, at), second = tw_slice_at(bytes, at + 1);
	if (second < 0)
		return 0xfffd;
	return big ? (uint32_t)first * 256 + (uint32_t)second : (uint32_t)second * 256 + (uint32_t)first;
}

/*
 * One character: bytes of input it took (0: more are needed), and its UTF-8 in `out`.
 * Halves of a pair that stand alone, and half of a unit at the end, are U+FFFD.
 */
static size_t next_utf16(struct tw_slice bytes, bool big, bool end, char *out, size_t *ret_length)
{
	if (bytes.length < 2 && !end)
		return 0;
	uint32_t c = unit_at(bytes, 0, big);
	size_t width = bytes.length < 2 ? 1 : 2;
	if (c >= 0xd800 && c < 0xdc00) {
		if (bytes.length < 4 && !end)
			return 0;
		uint32_t next = unit_at(bytes, 2, big);
		bool pair = next >= 0xdc00 && next < 0xe000;
		c = pair ? 0x10000 + (c - 0xd800) * 0x400 + (next - 0xdc00) : 0xfffd;
		width = pair ? 4 : 2;
	} else if (c >= 0xdc00 && c < 0xe000) {
		c = 0xfffd;
	}
	*ret_length = put_utf8(c, out);
	return width;
}

/*
 * XML 1.0, 2.2: no control characters but tab, CR and LF, and not U+FFFE and U+FFFF.
 * DEL is taken for one too, which XML advises against: see TW_XML_AMPERSAND.
 */
static bool is_allowed(struct tw_slice character)
{
	int first = tw_slice_at(character, 0);
	if (character.length == 1)
		return (first >= ' ' && first != 0x7f) || first == '\t' || first == '\r' || first == '\n';
	return first != 0xef || tw_slice_at(character, 1) != 0xbf || tw_slice_at(character, 2) < 0xbe;
}

/* As tw_xml_utf8(), but 0 for what XML does not allow. */
static int allowed_length(struct tw_slice bytes)
{
	int length = tw_xml_utf8(bytes);
	return length > 0 && !is_allowed(tw_slice_part(bytes, 0, (size_t)length)) ? 0 : length;
}

static size_t next_lenient(struct tw_slice bytes, bool end, char *out, size_t *ret_length)
{
	int length = tw_xml_utf8(bytes);
	if (length < 0 && !end)
		return 0;
	if (length <= 0) {
		*ret_length = put_utf8(windows_character(tw_slice_at(bytes, 0)), out);
		return 1;
	}
	memcpy(out, bytes.data, (size_t)length);
	*ret_length = (size_t)length;
	return (size_t)length;
}

/*
 * iconv takes as many characters as fit, but we must know what each took: it is
 * given one byte more until a character comes out. Slow, and rare.
 */
static size_t next_named(iconv_t converter, struct tw_slice bytes, bool end, char *out,
			 size_t *ret_length)
{
	size_t width = 0;
	for (size_t length = 1; length <= NAMED_LONGEST && width + length <= bytes.length; length++) {
		char given[NAMED_LONGEST];
		char *from = given, *to = out;
		size_t in_left = length, out_left = 8;
		memcpy(given, bytes.data + width, length);
		size_t result = iconv(converter, &from, &in_left, &to, &out_left);
		if (result == (size_t)-1 && errno == EINVAL)
			continue;
		if (result == (size_t)-1)
			break;
		if (out_left < 8) {
			*ret_length = 8 - out_left;
			return width + length;
		}
		/* A shift sequence: no character, but what it does to the state stays. */
		width += length;
		length = 0;
	}
	if (width + NAMED_LONGEST > bytes.length && !end)
		return 0;
	*ret_length = put_utf8(0xfffd, out);
	return width + (width < bytes.length);
}

static size_t next_character(const struct tw_xml_text *text, struct tw_slice bytes, bool end,
			     char *out, size_t *ret_length)
{
	switch (text->charset) {
	case TW_XML_WINDOWS:
		*ret_length = put_utf8(windows_character(tw_slice_at(bytes, 0)), out);
		return 1;
	case TW_XML_UTF16_LE:
	case TW_XML_UTF16_BE:
		return next_utf16(bytes, text->charset == TW_XML_UTF16_BE, end, out, ret_length);
	case TW_XML_NAMED:
		return next_named(text->converter, bytes, end, out, ret_length);
	default:
		return next_lenient(bytes, end, out, ret_length);
	}
}

/* ---- the text ---------------------------------------------------------------------- */

int tw_xml_text_begin(struct tw_xml_text *text, const struct tw_xml_front *front, uint64_t offset)
{
	tw_xml_text_end(text);
	text->charset = front->charset;
	text->start = text->taken = text->place = text->offset = offset;
	/* The bytes of a window with many documents are looked at once. */
	if (front->charset == TW_XML_UTF8 && text->checked > offset)
		text->taken = text->checked;
	if (front->charset != TW_XML_NAMED)
		return TW_OK;
	text->converter = iconv_open("UTF-8", front->name);
	text->open = text->converter != (iconv_t)-1;
	if (!text->open)
		text->charset = TW_XML_UTF8;
	return TW_OK;
}

void tw_xml_text_end(struct tw_xml_text *text)
{
	if (text->open)
		iconv_close(text->converter);
	text->open = false;
	text->bytes.length = 0;
	text->widths.length = 0;
	text->charset = TW_XML_UTF8;
}

void tw_xml_text_free(struct tw_xml_text *text)
{
	tw_xml_text_end(text);
	free(text->bytes.data);
	free(text->widths.data);
}

/* What XML does not allow is U+FFFD. */
static bool put_character(struct tw_xml_text *text, const char *bytes, size_t length, size_t width)
{
	static const char none[8] = {0}, replacement[] = "\xef\xbf\xbd";
	if (!is_allowed(tw_slice(bytes, length))) {
		bytes = replacement;
		length = 3;
	}
	char first = (char)(width > 255 ? 255 : width);
	return tw_xml_append(&text->bytes, bytes, length) &&
	       tw_xml_append(&text->widths, &first, 1) &&
	       tw_xml_append(&text->widths, none, length - 1);
}

static int decode(struct tw_xml_text *text, struct tw_slice bytes, bool end)
{
	while (bytes.length > 0) {
		char out[8];
		size_t length = 0;
		size_t width = next_character(text, bytes, end, out, &length);
		if (width == 0)
			break;
		if (!put_character(text, out, length, width))
			return TW_ERROR_MEMORY;
		text->taken += width;
		bytes = tw_slice_from(bytes, width);
	}
	return TW_OK;
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Marks the bytes of a word that are this one; none of the word's is above 0x7f. */
static uint64_t same_bytes(uint64_t word, uint64_t byte)
{
	return ~((word ^ EACH(byte)) + EACH(0x7f)) & EACH(0x80);
}

/* Some byte of these eight is no ASCII, or a character that is not allowed. */
static bool is_odd(uint64_t word)
{
	/* DEL and one is 0x80. */
	if (((word | (word + EACH(1))) & EACH(0x80)) != 0)
		return true;
	uint64_t controls = ~(word + EACH(0x60)) & EACH(0x80);
	return controls != 0 && (controls & ~(same_bytes(word, '\n') | same_bytes(word, '\r') |
					      same_bytes(word, '\t'))) != 0;
}

#if defined(__SSE2__)
/* How many of the bytes, in steps of 16, are ASCII and allowed. */
static size_t plain_length(struct tw_slice bytes)
{
	const __m128i one = _mm_set1_epi8(1), first = _mm_set1_epi8(' ' + 1), lf = _mm_set1_epi8('\n'),
		      cr = _mm_set1_epi8('\r'), tab = _mm_set1_epi8('\t');
	size_t at = 0;
	for (; bytes.length - at >= sizeof(__m128i); at += sizeof(__m128i)) {
		__m128i all = _mm_loadu_si128((const __m128i *)(const void *)(bytes.data + at));
		/* With one more, DEL and the bytes above it are negative or zero: less than a blank. */
		__m128i odd = _mm_cmplt_epi8(_mm_add_epi8(all, one), first);
		if (_mm_movemask_epi8(odd) == 0)
			continue;
		__m128i end = _mm_or_si128(_mm_cmpeq_epi8(all, lf), _mm_cmpeq_epi8(all, cr));
		__m128i blank = _mm_or_si128(end, _mm_cmpeq_epi8(all, tab));
		if (_mm_movemask_epi8(_mm_andnot_si128(blank, odd)) != 0)
			break;
	}
	return at;
}
#else
static size_t plain_length(struct tw_slice bytes)
{
	(void)bytes;
	return 0;
}
#endif

/* How much of it is UTF-8 and allowed; mostly ASCII, many bytes at a time. */
static size_t utf8_length(struct tw_slice bytes)
{
	size_t at = 0;
	while (at < bytes.length) {
		uint64_t word;
		at += plain_length(tw_slice_from(bytes, at));
		while (bytes.length - at >= sizeof(word)) {
			memcpy(&word, bytes.data + at, sizeof(word));
			if (is_odd(word))
				break;
			at += sizeof(word);
		}
		int length = at < bytes.length ? allowed_length(tw_slice_from(bytes, at)) : 0;
		if (length <= 0)
			break;
		at += (size_t)length;
	}
	return at;
}

/* What was UTF-8 so far stands in the window: it is copied, and decoding goes on behind it. */
static int become_lenient(struct tw_xml_text *text, struct tw_slice window, uint64_t offset,
			  uint64_t keep)
{
	struct tw_slice known = tw_slice_part(window, (size_t)(keep - offset),
					      (size_t)(text->taken - keep));
	text->charset = TW_XML_LENIENT;
	text->start = text->place = text->offset = text->taken = keep;
	return decode(text, known, true);
}

int tw_xml_text_take(struct tw_xml_text *text, struct tw_slice window, uint64_t offset, bool end,
		     uint64_t keep)
{
	bool changed = false;
	if (text->charset == TW_XML_UTF8) {
		struct tw_slice fresh = tw_slice_from(window, (size_t)(text->taken - offset));
		size_t length = utf8_length(fresh);
		text->taken += length;
		text->checked = text->taken;
		changed = length < fresh.length &&
			  (end || allowed_length(tw_slice_from(fresh, length)) == 0);
		if (!changed)
			return TW_OK;
		text->odd = text->taken;
		int status = become_lenient(text, window, offset, keep);
		if (status < 0)
			return status;
	}
	int status = decode(text, tw_slice_from(window, (size_t)(text->taken - offset)), end);
	return status < 0 ? status : changed;
}

void tw_xml_text_forget(struct tw_xml_text *text, uint64_t place)
{
	if (text->charset == TW_XML_UTF8 || place <= text->start)
		return;
	(void)tw_xml_text_offset(text, place);
	size_t length = (size_t)(place - text->start);
	text->bytes.length -= length;
	text->widths.length -= length;
	memmove(text->bytes.data, text->bytes.data + length, text->bytes.length);
	memmove(text->widths.data, text->widths.data + length, text->widths.length);
	text->start = place;
}

uint64_t tw_xml_text_count(struct tw_xml_text *text, uint64_t place)
{
	for (; text->place > place && text->place > text->start; text->place--)
		text->offset -= (unsigned char)text->widths.data[text->place - 1 - text->start];
	for (; text->place < place && text->place - text->start < text->widths.length; text->place++)
		text->offset += (unsigned char)text->widths.data[text->place - text->start];
	return text->offset;
}

unsigned tw_xml_text_width(const struct tw_xml_text *text, uint64_t place)
{
	uint64_t at = place - text->start;
	return place >= text->start && at < text->widths.length
		       ? (unsigned char)text->widths.data[at]
		       : 0;
}
