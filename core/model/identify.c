/* SPDX-License-Identifier: Apache-2.0 */
#include "tidewaiter/consignment.h"

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool is_upper(int c)
{
	return c >= 'A' && c <= 'Z';
}

/* Digits of a text with blanks and the mark given dropped; 0 where other characters stand in it. */
static unsigned digits_of(struct tw_slice text, char dropped, char *digits, unsigned limit)
{
	unsigned count = 0;
	for (size_t i = 0; i < text.length; i++) {
		int c = tw_slice_at(text, i);
		if (c == ' ' || c == dropped)
			continue;
		if (!is_digit(c) || count == limit)
			return 0;
		digits[count++] = (char)c;
	}
	return count;
}

/* IATA Resolution 600a: three digits of the airline, a serial of seven and its remainder by 7. */
int tw_check_awb(struct tw_slice text)
{
	char digits[11];
	text = tw_slice_trim(text);
	if (digits_of(text, '-', digits, sizeof(digits)) != 11)
		return -1;
	unsigned serial = 0;
	for (unsigned i = 3; i < 10; i++)
		serial = serial * 10 + (unsigned)(digits[i] - '0');
	return serial % 7 == (unsigned)(digits[10] - '0');
}

/* ISO 6346: letters count from 10, leaving out multiples of 11; weights are powers of two. */
int tw_check_container(struct tw_slice text)
{
	unsigned sum = 0;
	unsigned at = 0;
	int last = -1;
	for (size_t i = 0; i < text.length; i++) {
		int c = tw_slice_at(text, i);
		if (c == ' ' || c == '-')
			continue;
		if (at >= 11 || (at < 4 ? !is_upper(c) : !is_digit(c)))
			return -1;
		unsigned letter = (unsigned)(c - 'A');
		unsigned value = at < 4 ? 10 + letter + (letter + 9) / 10 : (unsigned)(c - '0');
		if (at < 10)
			sum += value << at;
		last = c - '0';
		at++;
	}
	if (at != 11)
		return -1;
	return sum % 11 % 10 == (unsigned)last;
}

/* IMO resolution A.1117(30): six digits weighted 7 to 2, the sum's last digit is the seventh. */
int tw_check_imo(struct tw_slice text)
{
	char digits[7];
	text = tw_slice_trim(text);
	if (tw_slice_starts(text, TW_LITERAL("IMO")))
		text = tw_slice_from(text, 3);
	if (digits_of(text, ' ', digits, sizeof(digits)) != 7)
		return -1;
	unsigned sum = 0;
	for (unsigned i = 0; i < 6; i++)
		sum += (unsigned)(digits[i] - '0') * (7 - i);
	return sum % 10 == (unsigned)(digits[6] - '0');
}

/* UNECE Recommendation 16: a country of two letters, a place of three letters or digits 2 to 9. */
int tw_check_locode(struct tw_slice text)
{
	if (text.length != 5)
		return -1;
	for (size_t i = 0; i < 5; i++) {
		int c = tw_slice_at(text, i);
		if (!is_upper(c) && (i < 2 || c < '2' || c > '9'))
			return i < 2 ? -1 : 0;
	}
	return 1;
}

/* Harmonized System: chapters 01 to 97, of which 77 is reserved. */
int tw_check_hs(struct tw_slice text)
{
	char digits[12];
	unsigned count = digits_of(tw_slice_trim(text), '.', digits, sizeof(digits));
	if (count < 4)
		return -1;
	unsigned chapter = (unsigned)(digits[0] - '0') * 10 + (unsigned)(digits[1] - '0');
	return chapter >= 1 && chapter <= 97 && chapter != 77;
}

/* CAS registry number: digits counted from the right weigh 1, 2, 3 ...; the sum's last digit checks. */
int tw_check_cas(struct tw_slice text)
{
	text = tw_slice_trim(text);
	if (text.length < 7 || text.length > 12 || tw_slice_at(text, text.length - 2) != '-' ||
	    tw_slice_at(text, text.length - 5) != '-')
		return -1;
	unsigned sum = 0;
	unsigned weight = 0;
	for (size_t i = text.length; i-- > 0;) {
		int c = tw_slice_at(text, i);
		if (i == text.length - 2 || i == text.length - 5)
			continue;
		if (!is_digit(c))
			return -1;
		sum += weight++ * (unsigned)(c - '0');
	}
	return sum % 10 == (unsigned)(tw_slice_at(text, text.length - 1) - '0');
}
