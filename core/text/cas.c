/* SPDX-License-Identifier: Apache-2.0 */
#include "text/scan_private.h"

/*
 * CAS registry numbers: two to seven digits, two digits, a check digit. The last
 * digit is the sum of the others, each times its place from the right, modulo 10.
 * One number in ten passes, so whatever else is written in that shape (dates,
 * phones, HS codes, measures) is told apart by its surroundings, unless "CAS"
 * stands before it.
 */
#define MIDDLE_DIGITS 2u
#define FIRST_LEAST 2u
#define FIRST_MOST 7u
/* The first number given out is 50-00-0. */
#define CAS_LEAST 50000u

enum separator { SEPARATOR_NONE, SEPARATOR_DASH, SEPARATOR_DOT, SEPARATOR_BLANK };

static const struct {
	const char *bytes;
	enum separator kind;
} SEPARATORS[] = {
	{"-", SEPARATOR_DASH},
	{"\xe2\x80\x90", SEPARATOR_DASH}, /* U+2010 hyphen */
	{"\xe2\x80\x91", SEPARATOR_DASH}, /* U+2011 non-breaking hyphen */
	{"\xe2\x80\x92", SEPARATOR_DASH}, /* U+2012 figure dash */
	{"\xe2\x80\x93", SEPARATOR_DASH}, /* U+2013 en dash */
	{"\xe2\x80\x94", SEPARATOR_DASH}, /* U+2014 em dash */
	{"\xe2\x80\x95", SEPARATOR_DASH}, /* U+2015 horizontal bar */
	{"\xe2\x88\x92", SEPARATOR_DASH}, /* U+2212 minus */
	{"\xef\xb9\x98", SEPARATOR_DASH}, /* U+FE58 small em dash */
	{"\xef\xb9\xa3", SEPARATOR_DASH}, /* U+FE63 small hyphen-minus */
	{"\xef\xbc\x8d", SEPARATOR_DASH}, /* U+FF0D fullwidth hyphen-minus */
	{".", SEPARATOR_DOT},
	{"\xc2\xb7", SEPARATOR_DOT}, /* U+00B7 middle dot */
	{"\xef\xbc\x8e", SEPARATOR_DOT}, /* U+FF0E fullwidth full stop */
	{" ", SEPARATOR_BLANK},
	{"\xc2\xa0", SEPARATOR_BLANK}, /* U+00A0 no-break space */
	{"\xe3\x80\x80", SEPARATOR_BLANK}, /* U+3000 ideographic space */
};

/* Words between "CAS" and its number. */
static const char *const LABELS[] = {TW_CAS_LABELS, NULL};
/* Words before a phone number. */
static const char *const PHONES[] = {"TEL",    "TELEPHONE", "PHONE", "FAX", "TELEFAX",
				     "MOBILE", "MOB",	    "CELL",  NULL};

/* Three tokens that may be a number, in their value. */
struct candidate {
	const struct tw_scan_scratch *scratch;
	const struct tw_scan_value *value;
	uint32_t token;		  /* holds the first digits */
	uint32_t digits;	  /* how many of those there are, at its end */
	uint64_t number;
	enum separator separator; /* between all of it; NONE: they differ */
	bool named;		  /* "CAS" stands before it */
};

static bool is_one_of(struct tw_slice word, const char *const *words)
{
	for (; *words != NULL; words++)
		if (tw_slice_is(word, *words))
			return true;
	return false;
}

static bool digit_at(struct tw_slice word, size_t index)
{
	int byte = tw_slice_at(word, index);
	return byte >= '0' && byte <= '9';
}

static uint32_t digits_at_end(struct tw_slice word)
{
	size_t count = 0;
	while (count < word.length && digit_at(word, word.length - 1 - count))
		count++;
	return (uint32_t)count;
}

static uint64_t append_digits(uint64_t number, struct tw_slice digits)
{
	for (size_t i = 0; i < digits.length; i++)
		number = number * 10 + (uint64_t)(digits.data[i] - '0');
	return number;
}

static bool check_digit_right(uint64_t number)
{
	uint64_t sum = 0;
	uint64_t check = number % 10;
	uint64_t left = number / 10;
	for (unsigned place = 1; left != 0; place++, left /= 10)
		sum += left % 10 * place;
	return number >= CAS_LEAST && sum % 10 == check;
}

/* "CAS", "CASNO": the word that announces a number; the rest of it is a label or nothing. */
static bool announces(struct tw_slice word)
{
	struct tw_slice rest = tw_slice_from(word, sizeof(TW_CAS_WORD) - 1);
	return tw_slice_starts(word, TW_LITERAL(TW_CAS_WORD)) &&
	       (rest.length == 0 || is_one_of(rest, LABELS));
}

/* Whether a token of the value stands so many before, or behind, the first digits. */
static bool has_before(const struct candidate *candidate, uint32_t back)
{
	return tw_scan_within(candidate->scratch, candidate->value, candidate->token - back);
}

static bool has_behind(const struct candidate *candidate, uint32_t more)
{
	return tw_scan_within(candidate->scratch, candidate->value, candidate->token + more);
}

static bool named_before(const struct candidate *candidate)
{
	for (uint32_t back = 1; back <= 3 && has_before(candidate, back); back++) {
		struct tw_slice word =
			tw_scan_letters(candidate->scratch, candidate->token - back);
		if (announces(word))
			return true;
		if (!is_one_of(word, LABELS))
			return false;
	}
	return false;
}

static struct tw_slice text_of(const struct candidate *candidate)
{
	return tw_slice(candidate->scratch->consignment.texts + candidate->value->text_start,
			candidate->value->length);
}

/* The bytes of the text between a token and the next. */
static struct tw_slice gap_behind(const struct candidate *candidate, uint32_t token)
{
	const uint32_t *edges = tw_scan_edges(candidate->scratch) + 2 * (size_t)token;
	uint32_t start = edges[1] - candidate->value->start;
	uint32_t end = edges[2] - candidate->value->start;
	return tw_slice_part(text_of(candidate), start, end > start ? end - start : 0);
}

static enum separator separator_of(struct tw_slice gap)
{
	struct tw_slice trimmed = tw_slice_trim(gap);
	if (trimmed.length > 0)
		gap = trimmed; /* 108 - 24 - 7 */
	for (size_t i = 0; i < sizeof(SEPARATORS) / sizeof(SEPARATORS[0]); i++)
		if (tw_slice_is(gap, SEPARATORS[i].bytes))
			return SEPARATORS[i].kind;
	return SEPARATOR_NONE;
}

static bool is_tight(enum separator separator)
{
	return separator == SEPARATOR_DASH || separator == SEPARATOR_DOT;
}

/* 2024-11-2 */
static bool like_date(const struct candidate *candidate)
{
	uint64_t year = candidate->number / 1000;
	uint64_t month = candidate->number / 10 % 100;
	return candidate->digits == 4 && year >= 1900 && year < 2100 && month >= 1 && month <= 12;
}

static bool like_phone(const struct candidate *candidate)
{
	uint32_t start = tw_scan_token(candidate->scratch, candidate->token).start -
			 candidate->value->start;
	if (start > 0 && text_of(candidate).data[start - 1] == '+')
		return true;
	for (uint32_t back = 1; back <= 2; back++) {
		if (!has_before(candidate, back))
			break;
		if (is_one_of(tw_scan_letters(candidate->scratch, candidate->token - back), PHONES))
			return true;
	}
	return false;
}

/* Whether digits go on behind a separator of the same kind, before or after it. */
static bool goes_on(const struct candidate *candidate)
{
	const struct tw_scan_scratch *scratch = candidate->scratch;
	uint32_t last = candidate->token + 2;
	if (has_before(candidate, 1)) {
		struct tw_slice word = tw_scan_letters(scratch, candidate->token - 1);
		struct tw_slice gap = gap_behind(candidate, candidate->token - 1);
		if (digits_at_end(word) > 0 && separator_of(gap) == candidate->separator)
			return true;
	}
	if (has_behind(candidate, 3) && digit_at(tw_scan_letters(scratch, last + 1), 0))
		return separator_of(gap_behind(candidate, last)) == candidate->separator;
	return false;
}

static bool plausible(const struct candidate *candidate)
{
	if (candidate->named)
		return true;
	if (candidate->separator == SEPARATOR_NONE)
		return false;
	uint64_t least = 1;
	for (uint32_t i = 1; i < candidate->digits; i++)
		least *= 10;
	if (candidate->number / 1000 < least)
		return false; /* leading zeros */
	if (candidate->separator == SEPARATOR_DASH && like_date(candidate))
		return false;
	/* HS codes: 8471.60.5 */
	if (candidate->separator == SEPARATOR_DOT && candidate->digits == 4)
		return false;
	return !like_phone(candidate) && !goes_on(candidate);
}

static void push(struct tw_scan_scratch *scratch, const struct candidate *candidate, uint32_t last)
{
	const struct tw_scan_value *value = candidate->value;
	size_t letters = tw_scan_letters(scratch, candidate->token).length - candidate->digits;
	struct tw_found found = {
		.value = value->value,
		.start = tw_scan_place_inside(scratch, value, candidate->token, (uint32_t)letters, 0),
		.number = candidate->number,
	};
	found.length = tw_scan_token(scratch, last).end - value->start - found.start;
	tw_buffer_append(&scratch->cas, &found, sizeof(found));
}

/* The value, where CAS numbers are looked for: not in names and addresses. */
static bool enter_value(const struct tw_scan_scratch *scratch, const struct tw_scan_value *value,
			struct candidate *candidate)
{
	candidate->scratch = scratch;
	candidate->value = value;
	return (value->scopes & TW_SCOPE_TEXT) != 0;
}

/* Reads the digits of three tokens; false where their shape or check digit is wrong. */
static bool read_number(struct candidate *candidate, uint32_t token)
{
	const struct tw_scan_scratch *scratch = candidate->scratch;
	struct tw_slice first = tw_scan_letters(scratch, token - 2);
	struct tw_slice middle = tw_scan_letters(scratch, token - 1);
	struct tw_slice check = tw_scan_letters(scratch, token);
	candidate->token = token - 2;
	candidate->digits = digits_at_end(first);
	if (candidate->digits < FIRST_LEAST || candidate->digits > FIRST_MOST ||
	    digits_at_end(middle) != MIDDLE_DIGITS || digits_at_end(check) != 1)
		return false;
	struct tw_slice digits = tw_slice_from(first, first.length - candidate->digits);
	candidate->number =
		append_digits(append_digits(append_digits(0, digits), middle), check);
	struct tw_slice label = tw_slice_part(first, 0, first.length - candidate->digits);
	candidate->named = label.length > 0 ? announces(label)
					    : named_before(candidate);
	return (label.length == 0 || candidate->named) && check_digit_right(candidate->number);
}

void tw_scan_cas(struct tw_scan_scratch *scratch, const struct tw_scan_value *value, uint32_t token)
{
	struct candidate candidate = {0};
	if (!digit_at(tw_scan_letters(scratch, token), 0) ||
	    !enter_value(scratch, value, &candidate) || !tw_scan_within(scratch, value, token - 2) ||
	    !read_number(&candidate, token))
		return;
	enum separator one = separator_of(gap_behind(&candidate, token - 2));
	enum separator two = separator_of(gap_behind(&candidate, token - 1));
	if (one == SEPARATOR_NONE || two == SEPARATOR_NONE)
		return;
	candidate.separator = one == two ? one : SEPARATOR_NONE;
	if (plausible(&candidate))
		push(scratch, &candidate, token);
}

void tw_scan_cas_named(struct tw_scan_scratch *scratch, const struct tw_scan_value *value,
		       uint32_t token)
{
	struct tw_slice word = tw_scan_letters(scratch, token);
	uint32_t digits = digits_at_end(word);
	struct tw_slice label = tw_slice_part(word, 0, word.length - digits);
	struct candidate candidate = {0};
	if (!announces(label) || !enter_value(scratch, value, &candidate))
		return;
	candidate.token = token;
	for (unsigned more = 0; digits == 0 && more < 3; more++) {
		if (!has_behind(&candidate, 1))
			return;
		candidate.token++;
		word = tw_scan_letters(scratch, candidate.token);
		digits = digits_at_end(word);
		if (digits == 0 && !is_one_of(word, LABELS))
			return;
		if (digits != 0 && digits != word.length)
			return;
	}
	if (digits < FIRST_LEAST + MIDDLE_DIGITS + 1 || digits > FIRST_MOST + MIDDLE_DIGITS + 1)
		return;
	/* The first digits of a longer number: CAS 12345-67-8. */
	if (has_behind(&candidate, 1) &&
	    digit_at(tw_scan_letters(scratch, candidate.token + 1), 0) &&
	    is_tight(separator_of(gap_behind(&candidate, candidate.token))))
		return;
	candidate.digits = digits;
	candidate.number = append_digits(0, tw_slice_from(word, word.length - digits));
	if (check_digit_right(candidate.number))
		push(scratch, &candidate, candidate.token);
}
