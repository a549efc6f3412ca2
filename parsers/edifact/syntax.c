/* SPDX-License-Identifier: Apache-2.0 */
#include "syntax.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* A header may stand this far behind its UNA: a few blanks and line ends. */
#define UNA_GAP 64u

/* Whether a byte can be a separator; blanks and line ends cannot. */
static bool separator(int byte)
{
	return byte > 0 && !tw_byte_alphanumeric(byte) && !tw_byte_blank(byte);
}

void tw_edifact_syntax_default(struct tw_delimiters *syntax)
{
	*syntax = (struct tw_delimiters){
		.component = ':',
		.element = '+',
		.decimal = '.',
		.terminator = {'\''},
		.terminator_length = 1,
		.release = '?',
	};
	tw_delimiters_build(syntax);
}

/* UNB, UNG, UNH, UIB or UIH, and whatever follows it; -1: too short to tell. */
static int header_tag(struct tw_slice bytes)
{
	int second = tw_slice_at(bytes, 1), third = tw_slice_at(bytes, 2);

	if (bytes.length > 0 && tw_slice_at(bytes, 0) != 'U')
		return 0;
	if (second >= 0 && second != 'N' && second != 'I')
		return 0;
	if (third >= 0 && third != 'B' && third != 'H' && (third != 'G' || second != 'N'))
		return 0;
	return third < 0 ? -1 : third;
}

/* The characters of UNA in their order: component, element, decimal, release, repetition, terminator. */
static size_t advice_read(struct tw_delimiters *syntax, struct tw_slice bytes)
{
	int fifth = tw_slice_at(bytes, 7), sixth = tw_slice_at(bytes, 8);
	/* Senders who strip blanks lose the reserved one: UNA:+.?'UNB */
	bool cut = separator(fifth) && (sixth == 'U' || tw_byte_blank(sixth) || sixth < 0);

	*syntax = (struct tw_delimiters){
		.component = (char)tw_slice_at(bytes, 3),
		.element = (char)tw_slice_at(bytes, 4),
		.decimal = tw_slice_at(bytes, 5) == ',' ? ',' : '.',
		.release = (char)tw_slice_at(bytes, 6),
		.repetition = cut ? ' ' : (char)fifth,
		.terminator = {cut ? (char)fifth : (char)sixth},
		.terminator_length = 1,
	};
	return cut ? TW_EDIFACT_UNA_BYTES - 1 : TW_EDIFACT_UNA_BYTES;
}

static bool usable(char byte)
{
	return separator((unsigned char)byte);
}

/* Takes optional characters away that are blank, odd or used twice. Returns whether any was odd. */
static bool advice_optional(struct tw_delimiters *syntax)
{
	const char taken[] = {syntax->component, syntax->element, syntax->terminator[0]};
	char *optional[] = {&syntax->release, &syntax->repetition};
	bool odd = false;

	for (unsigned i = 0; i < 2; i++) {
		char byte = *optional[i];
		bool twice = memchr(taken, byte, sizeof(taken)) != NULL ||
			     (i == 1 && byte == syntax->release);
		if (byte != ' ' && usable(byte) && !twice)
			continue;
		odd = odd || byte != ' ';
		*optional[i] = 0;
	}
	return odd;
}

size_t tw_edifact_syntax_advice(struct tw_delimiters *syntax, struct tw_slice bytes, bool end,
				bool *ret_odd)
{
	size_t length = advice_read(syntax, bytes);
	bool odd = length < TW_EDIFACT_UNA_BYTES;
	bool line = tw_byte_line_end(syntax->terminator[0]);
	struct tw_slice header = tw_slice_from(bytes, length);

	while (tw_byte_blank(tw_slice_at(header, 0)))
		header = tw_slice_from(header, 1);
	/* The header is the proof: what stands behind its tag is the element separator. */
	if (!usable(syntax->component) || !usable(syntax->element) ||
	    !(line || usable(syntax->terminator[0])) || syntax->component == syntax->element ||
	    syntax->component == syntax->terminator[0] || syntax->element == syntax->terminator[0] ||
	    tw_slice_at(header, 3) != (unsigned char)syntax->element) {
		*ret_odd = true;
		return tw_edifact_syntax_infer(syntax, header, end) ? length : 0;
	}
	odd = advice_optional(syntax) || odd;
	*ret_odd = odd;
	tw_delimiters_build(syntax);
	return length;
}

/* The last byte before `at` that is no blank and no line end; *ret_line: a line end was passed. */
static int byte_before(struct tw_slice bytes, size_t at, bool *ret_line)
{
	*ret_line = false;
	while (at > 0) {
		int byte = tw_slice_at(bytes, --at);
		if (!tw_byte_blank(byte))
			return byte;
		*ret_line = *ret_line || tw_byte_line_end(byte);
	}
	return -1;
}

/* Whether a segment that may follow the header starts at `at`: a service segment, or any behind a bare UNH. */
static bool next_segment(struct tw_slice bytes, size_t at, char element, bool bare)
{
	int first = tw_slice_at(bytes, at), second = tw_slice_at(bytes, at + 1);
	int third = tw_slice_at(bytes, at + 2);

	if (tw_slice_at(bytes, at + 3) != (unsigned char)element)
		return false;
	if (first == 'U' && (second == 'N' || second == 'I'))
		return third == 'H' || third == 'G' || third == 'Z' || third == 'O';
	return bare && first >= 'A' && first <= 'Z' && second >= 'A' && second <= 'Z' &&
	       third >= 'A' && third <= 'Z';
}

/*
 * The terminator by what stands before the next segment. With the usual '+' it is
 * an apostrophe or the line end; with another element separator it may be
 * anything that is none of the separators. 0: cannot be told from these bytes.
 */
static char terminator_of(const struct tw_delimiters *syntax, struct tw_slice bytes, bool bare)
{
	bool usual = syntax->element == '+';

	for (size_t at = 4; at < bytes.length; at++) {
		int byte = tw_slice_at(bytes, at);
		bool line = false;
		if (usual && byte == '?') {
			at++;
			continue;
		}
		if (usual && byte == '\'')
			return '\'';
		if (!next_segment(bytes, at, syntax->element, bare))
			continue;
		int before = byte_before(bytes, at, &line);
		if (!usual && separator(before) && before != (unsigned char)syntax->element &&
		    before != (unsigned char)syntax->component)
			return (char)before;
		if (line)
			return '\n';
	}
	return 0;
}

bool tw_edifact_syntax_infer(struct tw_delimiters *syntax, struct tw_slice bytes, bool end)
{
	int element = tw_slice_at(bytes, 3), component = tw_slice_at(bytes, 8);
	bool bare = tw_slice_at(bytes, 2) != 'B';

	tw_edifact_syntax_default(syntax);
	end = end || bytes.length >= TW_EDIFACT_LOOKAHEAD;
	bytes = tw_slice_part(bytes, 0, TW_EDIFACT_LOOKAHEAD);
	/* ISO 9735 level B: IS4, IS3 and IS1, and nothing to release. */
	if (element == 0x1d) {
		syntax->component = 0x1f;
		syntax->element = 0x1d;
		syntax->terminator[0] = 0x1c;
		syntax->release = 0;
		tw_delimiters_build(syntax);
		return true;
	}
	if (element >= 0 && element != '+') {
		syntax->element = (char)element;
		if (!bare && separator(component) && component != element)
			syntax->component = (char)component;
		if (element == syntax->release)
			syntax->release = 0;
	}
	char terminator = terminator_of(syntax, bytes, bare);
	if (terminator == 0 && !end)
		return false;
	if (terminator != 0)
		syntax->terminator[0] = terminator;
	if (syntax->release == syntax->terminator[0])
		syntax->release = 0;
	tw_delimiters_build(syntax);
	return true;
}

static enum tw_edifact_start more_or_none(bool end)
{
	return end ? TW_EDIFACT_START_NONE : TW_EDIFACT_START_MORE;
}

/*
 * UNA is believed where a header follows and not all of it are letters: "UNA" also
 * begins words and names.
 */
static enum tw_edifact_start start_advice(struct tw_slice bytes, bool end)
{
	struct tw_delimiters syntax;
	size_t at;

	if (bytes.length < TW_EDIFACT_UNA_BYTES)
		return more_or_none(end);
	at = advice_read(&syntax, bytes);
	if (!usable(syntax.component) && !usable(syntax.element) && !usable(syntax.terminator[0]))
		return TW_EDIFACT_START_NONE;
	for (size_t gap = 0; gap < UNA_GAP && tw_byte_blank(tw_slice_at(bytes, at)); gap++)
		at++;
	int third = header_tag(tw_slice_from(bytes, at));
	if (third < 0 || (third > 0 && bytes.length < at + 4))
		return more_or_none(end);
	return third > 0 && separator(tw_slice_at(bytes, at + 3)) ? TW_EDIFACT_START_UNA
								    : TW_EDIFACT_START_NONE;
}

/* UNB and UIB: the tag, a separator, and the four letters of the syntax identifier. */
static enum tw_edifact_start start_header(struct tw_slice bytes, bool end)
{
	int element = tw_slice_at(bytes, 3);

	if (!separator(element))
		return TW_EDIFACT_START_NONE;
	if (element == '+')
		return TW_EDIFACT_START_HEADER;
	for (size_t i = 4; i < 8; i++) {
		int byte = tw_slice_at(bytes, i);
		if (byte < 0)
			return more_or_none(end);
		if (byte < 'A' || byte > 'Z')
			return TW_EDIFACT_START_NONE;
	}
	return TW_EDIFACT_START_HEADER;
}

enum tw_edifact_start tw_edifact_start(struct tw_slice bytes, bool end)
{
	if (tw_slice_starts(bytes, TW_LITERAL("UNA")))
		return start_advice(bytes, end);
	int third = header_tag(bytes);
	if (third < 0 || (third > 0 && bytes.length < 4))
		return more_or_none(end);
	/* header_tag() does not know UNA, so "UN" alone was answered above. */
	if (third == 'B')
		return start_header(bytes, end);
	return third != 0 && tw_slice_at(bytes, 3) == '+' ? TW_EDIFACT_START_BARE
							   : TW_EDIFACT_START_NONE;
}

int tw_edifact_probe(struct tw_slice bytes, bool end)
{
	static const int sure[] = {
		[TW_EDIFACT_START_NONE] = 0,
		[TW_EDIFACT_START_MORE] = -1,
		[TW_EDIFACT_START_UNA] = 100,
		[TW_EDIFACT_START_HEADER] = 95,
		[TW_EDIFACT_START_BARE] = 70,
	};
	bool more;
	struct tw_slice rest = tw_slice_from(bytes, tw_bytes_quiet(bytes, &more));

	if (rest.length == 0 || more)
		return end ? 0 : -1;
	return sure[tw_edifact_start(rest, end)];
}

/* Whether a candidate holds; at the end of the bytes it holds as far as it goes. */
static bool candidate(struct tw_slice bytes)
{
	return tw_edifact_start(bytes, false) != TW_EDIFACT_START_NONE;
}

/* Candidates in 16 places from `at`: U, then N or I, then A or B. */
#if defined(__SSE2__)
static unsigned candidates(const char *data)
{
	__m128i first = _mm_loadu_si128((const __m128i *)(const void *)data);
	__m128i second = _mm_loadu_si128((const __m128i *)(const void *)(data + 1));
	__m128i third = _mm_loadu_si128((const __m128i *)(const void *)(data + 2));
	__m128i hit = _mm_cmpeq_epi8(first, _mm_set1_epi8('U'));

	hit = _mm_and_si128(hit, _mm_or_si128(_mm_cmpeq_epi8(second, _mm_set1_epi8('N')),
					      _mm_cmpeq_epi8(second, _mm_set1_epi8('I'))));
	hit = _mm_and_si128(hit, _mm_or_si128(_mm_cmpeq_epi8(third, _mm_set1_epi8('A')),
					      _mm_cmpeq_epi8(third, _mm_set1_epi8('B'))));
	return (unsigned)_mm_movemask_epi8(hit);
}

static size_t next_candidate(struct tw_slice bytes, size_t at)
{
	for (; bytes.length - at >= 18; at += 16) {
		unsigned mask = candidates(bytes.data + at);
		if (mask != 0)
			return at + (unsigned)__builtin_ctz(mask);
	}
	const char *found = memchr(bytes.data + at, 'U', bytes.length - at);
	return found == NULL ? bytes.length : (size_t)(found - bytes.data);
}
#else
static size_t next_candidate(struct tw_slice bytes, size_t at)
{
	const char *found = memchr(bytes.data + at, 'U', bytes.length - at);
	return found == NULL ? bytes.length : (size_t)(found - bytes.data);
}
#endif

/* UNG, UNH and UIH begin an interchange only at the very start of a stream. */
static bool header_or_advice(struct tw_slice bytes)
{
	int third = tw_slice_at(bytes, 2);
	return third < 0 || third == 'A' || third == 'B';
}

size_t tw_edifact_find(struct tw_slice bytes)
{
	for (size_t at = 0; at < bytes.length; at++) {
		at = next_candidate(bytes, at);
		struct tw_slice rest = tw_slice_from(bytes, at);
		if (rest.length == 0 || (header_or_advice(rest) && candidate(rest)))
			return at;
	}
	return bytes.length;
}
