/* SPDX-License-Identifier: Apache-2.0 */
#include "base/number.h"

#include <math.h>

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

/* A mark followed by exactly three digits and a later mark groups thousands. */
static bool groups_thousands(struct tw_slice text, size_t at)
{
	for (size_t i = at + 1; i < text.length; i++)
		if (!is_digit(tw_slice_at(text, i)))
			return i == at + 4;
	return false;
}

static const double POWERS[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9,
				1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};

bool tw_number_parse(struct tw_slice text, char decimal, double *ret_number)
{
	text = tw_slice_trim(text);
	bool negative = tw_slice_at(text, 0) == '-';
	if (negative || tw_slice_at(text, 0) == '+')
		text = tw_slice_from(text, 1);
	uint64_t digits = 0;
	unsigned count = 0;
	unsigned decimals = 0;
	bool fraction = false;
	int group = 0; /* the mark that grouped thousands so far */
	for (size_t i = 0; i < text.length; i++) {
		int c = tw_slice_at(text, i);
		if (is_digit(c)) {
			if (count == 18)
				return false;
			digits = digits * 10 + (uint64_t)(c - '0');
			count += digits > 0;
			decimals += fraction;
			if (decimals > 18)
				return false;
		} else if (c == '.' || c == ',') {
			if (fraction)
				return false;
			bool again = c == group && text.length - i == 4;
			fraction = !(c != decimal && (again || groups_thousands(text, i)));
			group = c;
		} else {
			return false;
		}
	}
	if (text.length == 0 || (text.length == 1 && !is_digit(tw_slice_at(text, 0))))
		return false;
	double number = (double)digits / POWERS[decimals];
	*ret_number = negative ? -number : number;
	return true;
}

bool tw_count_parse(struct tw_slice text, uint64_t *ret_count)
{
	uint64_t count = 0;
	if (text.length == 0 || text.length > 18)
		return false;
	for (size_t i = 0; i < text.length; i++) {
		int c = tw_slice_at(text, i);
		if (!is_digit(c))
			return false;
		count = count * 10 + (uint64_t)(c - '0');
	}
	*ret_count = count;
	return true;
}
